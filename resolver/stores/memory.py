"""The memory store: a dictionary. It forgets at the end; for the rest it is the twin of the durable ones."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from pathlib import Path

from resolver.stores.base import NO_NOTES, SCAN_CHUNK, Batch, Notes, Settle, StoreChanged, Tally, Work, check_batch


class MemoryStore:
    """Records in a dictionary. `directory` is there because other stores need one."""

    durable = False

    def __init__(self, directory: Path | None = None) -> None:
        self._records: dict[bytes, bytes] = {}
        self._notes: dict[bytes, bytes] = {}
        self._order: list[bytes] | None = []  # the keys sorted, or None until somebody scans

    def get(self, key: bytes) -> bytes | None:
        return self._records.get(key)

    def scan(self, start: bytes = b"", prefix: bytes = b"") -> Iterator[tuple[bytes, bytes]]:
        start = max(start, prefix)
        while True:
            order = self._order
            if order is None:
                order = self._order = sorted(self._records)
            first = bisect_left(order, start)
            chunk = order[first : first + SCAN_CHUNK]
            for key in chunk:
                if not key.startswith(prefix):
                    return
                record = self._records.get(key)
                if record is not None:
                    yield key, record
            if len(chunk) < SCAN_CHUNK:
                return
            start = chunk[-1] + b"\0"  # the very next key there can be

    def commit(self, batch: Batch, notes: Notes = NO_NOTES, settle: Settle | None = None) -> Tally:
        return self.commit_all((Work(batch, notes, settle),))[0]

    def commit_all(self, works: Sequence[Work]) -> list[Tally]:
        fresh: dict[bytes, bytes | None] = {}  # applied at the end, should a batch be refused
        tallies = []
        for batch, notes, settle, expects in works:
            check_batch(batch, notes)
            for key, allowed in expects.items():
                if (fresh[key] if key in fresh else self._records.get(key)) not in allowed:
                    raise StoreChanged("another record stands there by now")
            tallies.append(self._gather(fresh, batch, settle))
        _apply(self._records, fresh)
        for work in works:
            _apply(self._notes, work.notes)
        self._order = None  # last: another thread may be sorting the keys meanwhile
        return tallies

    def _gather(self, fresh: dict[bytes, bytes | None], batch: Batch, settle: Settle | None) -> Tally:
        new = changed = unchanged = 0
        for key, record in batch:
            old = fresh[key] if key in fresh else self._records.get(key)
            if old is not None and record is not None and settle is not None:
                record = settle(old, record)
            fresh[key] = record
            if record == old:
                unchanged += 1
            elif old is None:
                new += 1
            else:
                changed += 1
        return Tally(new, changed, unchanged)

    def note(self, name: bytes) -> bytes | None:
        return self._notes.get(name)

    def grow(self) -> None:
        """There is as much room as there is memory."""

    def count(self) -> int:
        return len(self._records)

    def close(self) -> None:
        """Nothing to let go of."""


def _apply(known: dict[bytes, bytes], fresh: Notes) -> None:
    known.update({key: octets for key, octets in fresh.items() if octets is not None})  # one step to other threads
    for key, octets in fresh.items():
        if octets is None:
            known.pop(key, None)
