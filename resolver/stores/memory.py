"""The memory store: a dictionary. It forgets at the end; for the rest it is the twin of the durable ones."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path

from resolver.stores.base import SCAN_CHUNK, Batch, check_keys


class MemoryStore:
    """Records in a dictionary. `directory` is there because other stores need one."""

    durable = False

    def __init__(self, directory: Path | None = None) -> None:
        self._records: dict[bytes, bytes] = {}
        self._order: list[bytes] | None = []  # the keys sorted, or None until somebody scans

    def get(self, key: bytes) -> bytes | None:
        return self._records.get(key)

    def scan(self, start: bytes = b"", prefix: bytes = b"") -> Iterator[tuple[bytes, bytes]]:
        start = max(start, prefix)
        while True:
            if self._order is None:
                self._order = sorted(self._records)
            first = bisect_left(self._order, start)
            chunk = self._order[first : first + SCAN_CHUNK]
            for key in chunk:
                if not key.startswith(prefix):
                    return
                record = self._records.get(key)
                if record is not None:
                    yield key, record
            if len(chunk) < SCAN_CHUNK:
                return
            start = chunk[-1] + b"\0"  # the very next key there can be

    def commit(self, batch: Batch) -> None:
        check_keys(batch)
        for key, record in batch:
            if record is None:
                if self._records.pop(key, None) is not None:
                    self._order = None
            else:
                if key not in self._records:
                    self._order = None
                self._records[key] = record

    def count(self) -> int:
        return len(self._records)

    def close(self) -> None:
        """Nothing to let go of."""
