"""SIEVE eviction (Zhang et al., NSDI 2024): one queue, one hand, one bit an entry.

A hit only sets the entry's bit, so hits cost nothing but that; on eviction the hand walks from the oldest entry towards
the newest, clears set bits and takes the first entry whose bit is clear. Chosen over LRU because at Zipf 0.9 and room
for 1 % of the names it hits more often at the same cost.

    newest                                   oldest
      D(1) <-> C(0) <-> B(1) <-> A(1)
                  ^ taken    ^------ hand: clears A, clears B, takes C
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar


class Entry:
    """What a cache keeps about one key. Caches add their own fields by subclassing."""

    __slots__ = ("key", "newer", "octets", "older", "visited")

    def __init__(self, key: Hashable, octets: int) -> None:
        self.key = key
        self.octets = octets  # what this entry costs, bookkeeping included
        self.visited = False
        self.newer: Entry | None = None
        self.older: Entry | None = None


E = TypeVar("E", bound=Entry)


class Sieve(Generic[E]):
    """A table of entries, bounded in octets. `table` is open for look-ups: set `visited` on what you use."""

    def __init__(self, octets_max: int) -> None:
        self.octets_max = octets_max
        self.octets = 0
        self.evicted = 0
        self.table: dict[Hashable, E] = {}
        self._newest: E | None = None
        self._oldest: E | None = None
        self._hand: E | None = None

    def __len__(self) -> int:
        return len(self.table)

    def put(self, entry: E) -> bool:
        """Remember `entry` in place of any other of its key; False if it alone is larger than the whole room."""
        self.remove(entry.key)
        if entry.octets > self.octets_max:
            return False
        while self.octets + entry.octets > self.octets_max:
            self._evict()
        self.table[entry.key] = entry
        self.octets += entry.octets
        entry.older = self._newest
        if self._newest is not None:
            self._newest.newer = entry
        self._newest = entry
        if self._oldest is None:
            self._oldest = entry
        return True

    def resize(self, octets_max: int) -> None:
        """Go on with other room; what does not fit any more leaves as ever."""
        self.octets_max = octets_max
        while self.octets > octets_max:
            self._evict()

    def remove(self, key: Hashable) -> None:
        """Forget a key, if it is there."""
        entry = self.table.pop(key, None)
        if entry is not None:
            self._unlink(entry)

    def clear(self) -> None:
        """Forget everything."""
        self.table.clear()
        self.octets = 0
        self._newest = self._oldest = self._hand = None

    def _evict(self) -> None:
        # Ends: each step clears a bit or takes an entry, and there is an entry, or `octets` would be 0.
        entry = self._hand or self._oldest
        while entry is not None and entry.visited:
            entry.visited = False
            entry = entry.newer or self._oldest  # type: ignore[assignment]
        assert entry is not None
        self._hand = entry.newer  # type: ignore[assignment]
        del self.table[entry.key]
        self._unlink(entry)
        self.evicted += 1

    def _unlink(self, entry: E) -> None:
        if self._hand is entry:
            self._hand = entry.newer  # type: ignore[assignment]
        if entry.newer is None:
            self._newest = entry.older  # type: ignore[assignment]
        else:
            entry.newer.older = entry.older
        if entry.older is None:
            self._oldest = entry.newer  # type: ignore[assignment]
        else:
            entry.older.newer = entry.newer
        entry.newer = entry.older = None
        self.octets -= entry.octets
