"""Referrals: code 302, and 303 from version 2.5 on. "Ask there instead" (protocol.md §4.4)."""

from __future__ import annotations

from typing import Self

from resolver.model.frozen import frozen
from resolver.model.value import Value
from resolver.wire.bodies.resolution import VALUES_MAX, read_answered_handle
from resolver.wire.buffer import Reader, Writer
from resolver.wire.values import read_values, write_values


@frozen
class Referral:
    """`str` handle of a service, or empty and then `list<value>` with its sites.

    Without values not even their count is written (trap 12); a count of zero that somebody sent stays in `tail`.
    """

    handle: bytes = b""
    values: tuple[Value, ...] = ()
    tail: bytes = b""

    @classmethod
    def read(cls, r: Reader) -> Self:
        handle, start = read_answered_handle(r), r.position
        values = read_values(r, VALUES_MAX) if r.remaining else ()
        if not values:
            r.rewind(start)
        return cls(handle, values, r.rest("left over"))

    def write(self, w: Writer) -> None:
        w.counted(self.handle)
        if self.values:
            write_values(w, self.values)
        w.raw(self.tail)
