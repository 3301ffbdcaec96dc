"""Errors: every code that is neither success, referral nor challenge (protocol.md §4.4)."""

from __future__ import annotations

from typing import Self

from resolver.errors import PeerError
from resolver.model.frozen import frozen
from resolver.wire.bodies.base import read_numbers, write_numbers
from resolver.wire.buffer import Reader, Writer


@frozen
class ErrorBody:
    """`str` message, often empty (four zero octets). RFC 3652 lets `list<u32>` of the offending indexes follow.

    `absent`: the body has no octets at all, which some peers send instead of an empty message.
    """

    message: bytes = b""
    indexes: tuple[int, ...] = ()
    absent: bool = False
    tail: bytes = b""

    @classmethod
    def read(cls, r: Reader) -> Self:
        if not r.remaining:
            return cls(absent=True)
        message, start = r.counted("message"), r.position
        try:
            indexes = read_numbers(r, "index") if r.remaining else ()
        except PeerError:
            indexes = ()
        if not indexes:
            r.rewind(start)
        return cls(message, indexes, tail=r.rest("left over"))

    def write(self, w: Writer) -> None:
        if self.absent:
            return
        w.counted(self.message)
        if self.indexes:
            write_numbers(w, self.indexes)
        w.raw(self.tail)
