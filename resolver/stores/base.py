"""What a node keeps: handles and their records, as octets on both sides.

A store knows nothing of handles or values. Keys are folded handles (`identifier.fold`), up to 2,048 octets; records are
what `wire/record.py` packs. One writer at a time; whoever opens a store for writing keeps others out until `close`.

Beside its records a store keeps a few notes about itself, small octets under a name: how far an import has come, which
catalogue was loaded. A note is written in the transaction whose records it speaks of, so the two never disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, Protocol

from resolver.errors import CallerError, StoreError

KEY_OCTETS_MAX = 2048  # a handle's limit on the wire (protocol.md §1)
NOTE_NAME_OCTETS_MAX = 256
NOTE_OCTETS_MAX = 1 << 16
SCAN_CHUNK = 256  # records a scan takes at once: what it holds, and how long it keeps a view of the store open

Batch = Sequence[tuple[bytes, bytes | None]]
Notes = Mapping[bytes, bytes | None]
NO_NOTES: Notes = MappingProxyType({})
Expectations = Mapping[bytes, Sequence[bytes | None]]
"""Under each key must stand one of these records (None: none)."""
NOTHING_EXPECTED: Expectations = MappingProxyType({})
Settle = Callable[[bytes, bytes], bytes]
"""(the record that stands, the one that comes) -> the one to keep; often the one that stands."""


class StoreFull(StoreError):
    """No room is reserved for more. Nothing of the batch was written; after `grow` it may be tried again."""


class StoreChanged(StoreError):
    """What a commit expected does not stand there (any more). Nothing of it was written."""


class Tally(NamedTuple):
    """What a commit did: records that were not there, records that are others now or gone, entries without effect."""

    new: int
    changed: int
    unchanged: int


class Work(NamedTuple):
    """What a commit is given."""

    batch: Batch
    notes: Notes = NO_NOTES
    settle: Settle | None = None
    expects: Expectations = NOTHING_EXPECTED


class Store(Protocol):
    """The contract, held by tests/contracts for every store.

    One thread calls everything but the commits, which may run on another, one at a time; `get`, `note` and `scan` do
    not wait for it and see a batch as soon as it has returned. StoreError when the medium fails, is full or is foreign;
    CallerError for a key that is empty or longer than KEY_OCTETS_MAX, or a note that is too large.
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

    def commit(self, batch: Batch, notes: Notes = NO_NOTES, settle: Settle | None = None) -> Tally:
        """Write records and notes (None deletes), all or nothing, on the medium when it returns.

        A later entry for a key wins. Where a record stands already, `settle` says which one to keep; without it, the
        one that comes. StoreFull if only reserved room is missing.
        """
        ...

    def commit_all(self, works: Sequence[Work]) -> list[Tally]:
        """Several commits as one: in this order, all or nothing, on the medium with one wait for it.

        StoreChanged if what one of them expects does not stand there when its turn comes.
        """
        ...

    def note(self, name: bytes) -> bytes | None:
        """What was noted under a name, or None."""
        ...

    def grow(self) -> None:
        """Reserve more room. On the thread that reads, while no commit runs."""
        ...

    def count(self) -> int:
        """How many records there are."""
        ...

    def close(self) -> None:
        """Let go of the medium. May be called twice; nothing else may be called afterwards."""
        ...


def check_batch(batch: Batch, notes: Notes) -> None:
    """Refuse a batch before any of it is written. CallerError for a key or note that no store takes."""
    for key, _ in batch:
        if not 0 < len(key) <= KEY_OCTETS_MAX:
            raise CallerError(f"a key has 1 to {KEY_OCTETS_MAX} octets, this one {len(key)}")
    for name, note in notes.items():
        if not 0 < len(name) <= NOTE_NAME_OCTETS_MAX or len(note or b"") > NOTE_OCTETS_MAX:
            raise CallerError(f"a note's name has 1 to {NOTE_NAME_OCTETS_MAX} octets, a note {NOTE_OCTETS_MAX}")
