"""Resolution, opcode 1: which values of which handle, and what they are."""

from __future__ import annotations

from typing import Self

from resolver.model.frozen import frozen
from resolver.model.value import Value
from resolver.wire.bodies.base import read_numbers, read_strings, write_numbers, write_strings
from resolver.wire.buffer import Reader, Writer
from resolver.wire.values import read_values, write_values

HANDLE_OCTETS_MAX = 2_048  # checked where the reference checks it: answers and referrals, not requests (protocol.md §1)
VALUES_MAX = 2_048


def read_answered_handle(r: Reader) -> bytes:
    """`str` handle of at most HANDLE_OCTETS_MAX octets."""
    handle = r.counted("handle")
    if len(handle) > HANDLE_OCTETS_MAX:
        raise r.excess("handle octets", len(handle), HANDLE_OCTETS_MAX)
    return handle


@frozen
class ResolutionRequest:
    """`str` handle, `list<u32>` indexes, `list<str>` types. Both lists empty: all values; else their union.

    The national SDK appends one more `bytes`, usually empty: it stays in `tail` (protocol.md §4.2).
    """

    handle: bytes
    indexes: tuple[int, ...] = ()
    types: tuple[bytes, ...] = ()
    tail: bytes = b""

    @classmethod
    def read(cls, r: Reader) -> Self:
        return cls(r.counted("handle"), read_numbers(r, "index"), read_strings(r, "type"), r.rest("left over"))

    def write(self, w: Writer) -> None:
        w.counted(self.handle)
        write_numbers(w, self.indexes)
        write_strings(w, self.types)
        w.raw(self.tail)


@frozen
class ResolutionAnswer:
    """`str` handle as it was asked for, `list<value>`."""

    handle: bytes
    values: tuple[Value, ...]
    tail: bytes = b""

    @classmethod
    def read(cls, r: Reader) -> Self:
        return cls(read_answered_handle(r), read_values(r, VALUES_MAX), r.rest("left over"))

    def write(self, w: Writer) -> None:
        w.counted(self.handle)
        write_values(w, self.values)
        w.raw(self.tail)
