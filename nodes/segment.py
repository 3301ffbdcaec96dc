"""Memory that a node shares with its readers: what was written, how they are to behave, what they have counted.

    generations (resolver/cache/generations.py), and in two of the words behind them: CLOSED, PRESSED
    books of reader 0 | books of reader 1 | …      names of rows, then their numbers

The home writes the words, each reader its own books, so nobody waits for anybody. Books outlive their reader: what one
that was killed had counted stays counted, and who comes after it counts on.
"""

from __future__ import annotations

import mmap
import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

from nodes.counters import DURATION_BOUNDS_S, Counters, Histogram
from resolver.cache.generations import OCTETS, VERSION, Generations
from resolver.model.now import NS_PER_S

CLOSED = VERSION + 1  # not 0: everything is passed to the home
PRESSED = VERSION + 2  # not 0: nothing is passed, so nothing is taken
ROWS, NAME_OCTETS = 128, 56  # a node without readers has some thirty kinds of requests and reasons to drop
BARS = len(DURATION_BOUNDS_S) + 1
_NAMES = ROWS * NAME_OCTETS
_NUMBERS = 2 * ROWS + BARS + 1  # decided (or how often), recalled, durations, seconds
BOOKS_OCTETS = 8 + _NAMES + 8 * _NUMBERS
_REST = ("udp", "other", "other")
_SEPARATOR = "\0"
REQUEST, CACHE, DROPPED, GAUGE = "r", "c", "d", "g"
PASSED, ENTRIES, KEPT_OCTETS = "passed", "entries", "octets"  # gauges: requests passed on, and what is remembered


class Segment:
    """A node's shared memory. `descriptor` may be handed to another process, which opens it by the same number of
    readers.
    """

    def __init__(self, readers: int, descriptor: int | None = None) -> None:
        size = OCTETS + readers * BOOKS_OCTETS
        if descriptor is None:
            descriptor = os.memfd_create("biaoshi", os.MFD_CLOEXEC)
            os.ftruncate(descriptor, size)
        self.descriptor = descriptor
        self._memory = mmap.mmap(descriptor, size)
        whole = memoryview(self._memory)
        self.generations = Generations(whole[:OCTETS])
        self.words = self.generations.words
        self._books = [whole[start : start + BOOKS_OCTETS] for start in range(OCTETS, size, BOOKS_OCTETS)]

    def counters(self, reader: int) -> SharedCounters:
        """A reader's books, to count in."""
        return SharedCounters(self._books[reader])

    def read(self) -> Iterator[SharedCounters]:
        """All books as they stand now."""
        return (SharedCounters(books) for books in self._books)


class _Rows:
    """Named numbers: a name is written before its row counts as one, and never changes."""

    def __init__(self, books: memoryview) -> None:
        self._count = books[:8].cast("Q")
        self._names = books[8 : 8 + _NAMES]
        numbers = books[8 + _NAMES :].cast("Q")
        self.first, self.second = numbers[:ROWS], numbers[ROWS : 2 * ROWS]
        self.bars = numbers[2 * ROWS : 2 * ROWS + BARS]
        self.seconds = books[8 + _NAMES + 8 * (2 * ROWS + BARS) :].cast("d")
        self.known = {self._name(row): row for row in range(min(self._count[0], ROWS))}

    def row(self, *words: str) -> int:
        """The row of a name, made if need be; when all are taken, the last."""
        name = _SEPARATOR.join(words)
        found = self.known.get(name)
        if found is None:
            octets = name.encode()[:NAME_OCTETS]
            found = len(self.known)
            if found >= ROWS:
                return ROWS - 1
            self._names[found * NAME_OCTETS : found * NAME_OCTETS + len(octets)] = octets
            self._count[0] = found + 1
            self.known[name] = found
        return found

    def _name(self, row: int) -> str:
        octets = self._names[row * NAME_OCTETS : (row + 1) * NAME_OCTETS].tobytes()
        return octets.rstrip(b"\0").decode("utf-8", "replace")


class _Tally(Counter[Any]):
    """A counter whose numbers stand in rows. Keys are words, or pairs of them."""

    def __init__(self, rows: _Rows, kind: str, *, pairs: bool) -> None:
        self._rows, self._kind, self._pairs = rows, kind, pairs
        super().__init__()
        for name, row in rows.known.items():
            lead, *words = name.split(_SEPARATOR)
            if lead == kind:
                super().__setitem__(tuple(words) if pairs else words[0], rows.first[row])

    def __setitem__(self, key: Any, times: int) -> None:
        super().__setitem__(key, times)
        self._rows.first[self._rows.row(self._kind, *(key if self._pairs else (key,)))] = times


class _Durations(Histogram):
    """A histogram in shared memory."""

    __slots__ = ("_seconds",)

    def __init__(self, rows: _Rows) -> None:
        self.counts = rows.bars  # type: ignore[assignment]
        self._seconds = rows.seconds

    @property
    def sum_s(self) -> float:
        """Seconds of all observations."""
        return float(self._seconds[0])

    @sum_s.setter
    def sum_s(self, seconds: float) -> None:
        self._seconds[0] = seconds


class SharedCounters(Counters):
    """What a reader counts, where its home can read it."""

    def __init__(self, books: memoryview) -> None:
        self._rows = rows = _Rows(books)
        super().__init__()
        self.decided, self.recalled = rows.first, rows.second  # type: ignore[assignment]
        self.cache = _Tally(rows, CACHE, pairs=True)
        self.dropped = _Tally(rows, DROPPED, pairs=False)
        self.gauges: Counter[str] = _Tally(rows, GAUGE, pairs=False)
        self.duration = _Durations(rows)
        for name, row in rows.known.items():
            lead, *words = name.split(_SEPARATOR)
            if lead == REQUEST:
                self.slots[words[0], words[1], words[2]] = row

    def slot(self, transport: str, opcode: str, code: str) -> int:
        """See Counters; when there are too many kinds, the rest are one."""
        key = (transport, opcode, code)
        slot = self.slots.get(key)
        if slot is None:
            if len(self._rows.known) >= ROWS - 1:
                key = _REST
            slot = self.slots[key] = self._rows.row(REQUEST, *key)
        return slot

    def at_once(self, answers: int, took_ns: int, wall_ns: int) -> None:
        """See Counters; what a reader answers is look-ups."""
        if answers:
            self.duration.observe(took_ns / answers / NS_PER_S, answers)
            self.resolutions.observe(took_ns / answers, answers, wall_ns)

    def over(self, slot: int, transport: str) -> int:
        """See Counters."""
        kind = next(kind for kind, known in self.slots.items() if known == slot)
        return self.slot(transport, *kind[1:])
