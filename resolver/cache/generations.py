"""What has been written, told to whoever remembers replies: a number for each of 65,536 slots of handles.

    remember   stamp = slot of the request's handle, and the number that stands there, read before the record is
    recall     another number stands there by now: the reply is none any more
    write      the record is on the medium; the number of its handle's slot goes up; the acknowledgement leaves

So a write takes back what was said about its handle (and about the few that share its slot), everywhere at once,
without anybody having to look for it: the slots may lie in memory that processes share. What concerns more than one
handle (a prefix, what is homed) raises the epoch, which takes back everything. One thread of one process writes here.
"""

from __future__ import annotations

import mmap
from typing import Any
from zlib import crc32

from resolver.wire import peek

SLOTS = 1 << 16
EPOCH = SLOTS  # raised when everything is taken back
VERSION = SLOTS + 1  # raised by every write, before its slot: whoever reads a store from afar reads it anew
WORDS = SLOTS + 16  # some are for whoever shares this memory
OCTETS = 4 * WORDS
_MASK = 0xFFFFFFFF

Stamp = tuple[int, int]
"""A slot, and the number that stood there."""


def slot_of(handle: bytes) -> int:
    """The slot of a handle in any letter case."""
    return crc32(handle.upper()) & (SLOTS - 1)


class Generations:
    """The numbers, in a buffer of OCTETS or memory of their own (which takes no room before something is written)."""

    def __init__(self, buffer: Any = None) -> None:
        self.buffer = mmap.mmap(-1, OCTETS, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) if buffer is None else buffer
        self.words = memoryview(self.buffer).cast("I")

    def stamp(self, request: bytes) -> Stamp:
        """Of the handle that a request asks for; of any octets that are no request, something."""
        start = peek.HEADER_END + 4
        slot = slot_of(request[start : start + int.from_bytes(request[peek.HEADER_END : start], "big")])
        return slot, self.words[slot]

    def written(self, handle: bytes) -> None:
        """The record of one handle is another."""
        self._raise(VERSION)
        self._raise(slot_of(handle))

    def all_written(self) -> None:
        """Anything may be another."""
        self._raise(VERSION)
        self._raise(EPOCH)

    def _raise(self, at: int) -> None:
        self.words[at] = (self.words[at] + 1) & _MASK
