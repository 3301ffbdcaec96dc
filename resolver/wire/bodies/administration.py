"""Administration: create, add, modify, remove, and lists of handles (opcodes 100 to 106 and 302).

Requests that are one handle (delete, list, home …) are a HandleRequest, answers that only say "done" an EmptyBody.
"""

from __future__ import annotations

from typing import Self

from resolver.model.frozen import frozen
from resolver.model.value import Value
from resolver.wire.bodies.base import read_numbers, read_strings, write_numbers, write_strings
from resolver.wire.bodies.resolution import read_answered_handle
from resolver.wire.buffer import Reader, Writer
from resolver.wire.values import read_values, write_values


@frozen
class ValuesRequest:
    """Create, add value, modify value: `str` handle, `list<value>`."""

    handle: bytes
    values: tuple[Value, ...]
    tail: bytes = b""

    @classmethod
    def read(cls, r: Reader) -> Self:
        return cls(r.counted("handle"), read_values(r), r.rest("left over"))

    def write(self, w: Writer) -> None:
        w.counted(self.handle)
        write_values(w, self.values)
        w.raw(self.tail)


@frozen
class RemoveValueRequest:
    """`str` handle, `list<u32>` indexes."""

    handle: bytes
    indexes: tuple[int, ...]
    tail: bytes = b""

    @classmethod
    def read(cls, r: Reader) -> Self:
        return cls(r.counted("handle"), read_numbers(r, "index"), r.rest("left over"))

    def write(self, w: Writer) -> None:
        w.counted(self.handle)
        write_numbers(w, self.indexes)
        w.raw(self.tail)


@frozen
class CreateAnswer:
    """`str` handle that was created; None: older servers send no octets at all (trap 13)."""

    handle: bytes | None = None
    tail: bytes = b""

    @classmethod
    def read(cls, r: Reader) -> Self:
        if not r.remaining:
            return cls()
        return cls(read_answered_handle(r), r.rest("left over"))

    def write(self, w: Writer) -> None:
        if self.handle is not None:
            w.counted(self.handle)
        w.raw(self.tail)


@frozen
class HandleList:
    """`list<str>` of handles; several messages may follow each other, all but the last with the flag CONTINUED."""

    handles: tuple[bytes, ...]
    tail: bytes = b""

    @classmethod
    def read(cls, r: Reader) -> Self:
        return cls(read_strings(r, "handle"), r.rest("left over"))

    def write(self, w: Writer) -> None:
        write_strings(w, self.handles)
        w.raw(self.tail)
