"""What every body can do: read itself from the octets of its field, and write itself again.

`read` starts behind the digest prefix and its reader ends where the body ends. Bodies are lenient: what is left over
behind the known fields is kept in `tail` and written again (protocol.md §11 traps 30, 36).
"""

from __future__ import annotations

from typing import Protocol, Self

from resolver.model.frozen import frozen
from resolver.wire.buffer import Reader, Writer


class Body(Protocol):
    """A request's or an answer's own part of a message."""

    @classmethod
    def read(cls, r: Reader) -> Self:
        """Take the body from `r`. PeerError if it is not one."""
        ...

    def write(self, w: Writer) -> None:
        """Put exactly the octets that were read, or that the values given at construction mean."""
        ...


@frozen
class OpaqueBody:
    """A body nobody here can read: unknown opcode, or a damaged body that is kept all the same (`reason` says why)."""

    octets: bytes
    reason: str = ""

    @classmethod
    def read(cls, r: Reader) -> Self:
        return cls(r.rest("body"))

    def write(self, w: Writer) -> None:
        w.raw(self.octets)


@frozen
class EmptyBody:
    """The body of answers that only say "done": no octets."""

    tail: bytes = b""

    @classmethod
    def read(cls, r: Reader) -> Self:
        return cls(r.rest("left over"))

    def write(self, w: Writer) -> None:
        w.raw(self.tail)


@frozen
class HandleRequest:
    """`str` handle and nothing else: delete, list, home, un-home, get site info, session terminate, backup …"""

    handle: bytes
    tail: bytes = b""

    @classmethod
    def read(cls, r: Reader) -> Self:
        return cls(r.counted("handle"), r.rest("left over"))

    def write(self, w: Writer) -> None:
        w.counted(self.handle)
        w.raw(self.tail)


def read_numbers(r: Reader, name: str) -> tuple[int, ...]:
    """`list<u32>`."""
    return tuple([r.u32(name) for _ in range(r.count(name, 4))])


def write_numbers(w: Writer, numbers: tuple[int, ...]) -> None:
    """`list<u32>`."""
    w.u32(len(numbers))
    for number in numbers:
        w.u32(number)


def read_strings(r: Reader, name: str) -> tuple[bytes, ...]:
    """`list<str>`."""
    return tuple([r.counted(name) for _ in range(r.count(name, 4))])


def write_strings(w: Writer, strings: tuple[bytes, ...]) -> None:
    """`list<str>`."""
    w.u32(len(strings))
    for string in strings:
        w.counted(string)
