"""What a node keeps: handles and their records, as octets on both sides.

A store knows nothing of handles or values. Keys are folded handles (`identifier.fold`), up to 2,048 octets; records are
what `wire/record.py` packs. One writer at a time; whoever opens a store for writing keeps others out until `close`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from resolver.errors import CallerError

KEY_OCTETS_MAX = 2048  # a handle's limit on the wire (protocol.md §1)
SCAN_CHUNK = 256  # records a scan takes at once: what it holds, and how long it keeps a view of the store open

Batch = Sequence[tuple[bytes, bytes | None]]


class Store(Protocol):
    """The contract, held by tests/contracts for every store.

    One thread calls everything but `commit`, which may run on another, one call at a time; `get` and `scan` do not
    wait for it and see a batch as soon as it has returned. StoreError when the medium fails, is full or is foreign;
    CallerError for an empty key or one longer than KEY_OCTETS_MAX.
    """

    durable: bool
    """Whether records are still there after `close` and opening again."""

    def get(self, key: bytes) -> bytes | None:
        """The record under a key, or None. Any key may be asked for."""
        ...

    def scan(self, start: bytes = b"", prefix: bytes = b"") -> Iterator[tuple[bytes, bytes]]:
        """Keys from `start` on that begin with `prefix`, and their records, in the order of octets.

        Bounded memory whatever the store holds. What is committed during a scan may or may not be seen; no key comes
        twice and none that stays is left out.
        """
        ...

    def commit(self, batch: Batch) -> None:
        """Write records (None deletes), all or nothing, on the medium when it returns. A later entry for a key wins."""
        ...

    def count(self) -> int:
        """How many records there are."""
        ...

    def close(self) -> None:
        """Let go of the medium. May be called twice; nothing else may be called afterwards."""
        ...


def check_keys(batch: Batch) -> None:
    """Refuse a batch before any of it is written. CallerError for a key that no store takes."""
    for key, _ in batch:
        if not 0 < len(key) <= KEY_OCTETS_MAX:
            raise CallerError(f"a key has 1 to {KEY_OCTETS_MAX} octets, this one {len(key)}")
