"""Reading and writing octets: bounds are checked here, once, so that a body's code is nothing but its layout.

A Reader walks over a packet from `position` to `limit`. Every read names its field; the ExplainingReader, used by
`biaoshi decode`, writes these names down, so the explanation of a packet comes from the code that parses it.
All integers are big-endian; `counted` is what protocol.md §1 calls `bytes`: a u32 length and that many octets.
"""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct
from typing import Any

from resolver.errors import PeerError

_U16, _U32, _U64 = Struct(">H"), Struct(">I"), Struct(">Q")
_u16, _u32, _u64 = _U16.unpack_from, _U32.unpack_from, _U64.unpack_from


class Layout:
    """Fields of fixed size that stand back to back and are read in one go: pairs of struct code and name."""

    __slots__ = ("name", "names", "pack", "size", "sizes", "unpack_from")

    def __init__(self, name: str, *fields: tuple[str, str]) -> None:
        record = Struct(">" + "".join(code for code, _ in fields))
        self.name = name
        self.names = tuple(field for _, field in fields)
        self.sizes = tuple(Struct(">" + code).size for code, _ in fields)
        self.size = record.size
        self.pack = record.pack
        self.unpack_from = record.unpack_from


class Reader:
    """Takes octets from the front of what is left. Every method raises PeerError (code 2) when too few are left."""

    __slots__ = ("limit", "octets", "position")

    def __init__(self, octets: bytes) -> None:
        self.octets = octets
        self.position = 0
        self.limit = len(octets)

    @property
    def remaining(self) -> int:
        """Octets between here and the limit."""
        return self.limit - self.position

    def fixed(self, layout: Layout) -> tuple[Any, ...]:
        """The fields of a layout, as a tuple."""
        start = self.position
        if start + layout.size > self.limit:
            raise self.short(layout.name, layout.size)
        self.position = start + layout.size
        return layout.unpack_from(self.octets, start)

    def u8(self, name: str) -> int:
        """One octet."""
        start = self.position
        if start >= self.limit:
            raise self.short(name, 1)
        self.position = start + 1
        return self.octets[start]

    def u16(self, name: str) -> int:
        """Two octets."""
        start = self.position
        if start + 2 > self.limit:
            raise self.short(name, 2)
        self.position = start + 2
        number: int = _u16(self.octets, start)[0]
        return number

    def u32(self, name: str) -> int:
        """Four octets."""
        start = self.position
        if start + 4 > self.limit:
            raise self.short(name, 4)
        self.position = start + 4
        number: int = _u32(self.octets, start)[0]
        return number

    def u64(self, name: str) -> int:
        """Eight octets."""
        start = self.position
        if start + 8 > self.limit:
            raise self.short(name, 8)
        self.position = start + 8
        number: int = _u64(self.octets, start)[0]
        return number

    def raw(self, name: str, size: int) -> bytes:
        """Exactly `size` octets."""
        start = self.position
        if start + size > self.limit:
            raise self.short(name, size)
        self.position = start + size
        return self.octets[start : start + size]

    def counted(self, name: str) -> bytes:
        """A u32 length and that many octets; the claimed length is compared with what is left before it is used."""
        start = self.position + 4
        if start > self.limit:
            raise self.short(name + " length", 4)
        end = start + _u32(self.octets, start - 4)[0]
        if end > self.limit:
            raise PeerError(f"{name}: {end - start} octets claimed, {self.limit - start} left", offset=self.position)
        self.position = end
        return self.octets[start:end]

    def count(self, name: str, octets_min: int) -> int:
        """A u32 number of elements of at least `octets_min` octets each; refused if so many cannot be left."""
        number = self.u32(name + " count")
        if number * octets_min > self.limit - self.position:
            raise PeerError(f"{name}: {number} claimed, {self.remaining} octets left", offset=self.position - 4)
        return number

    def rest(self, name: str) -> bytes:
        """All that is left before the limit, often nothing."""
        start, self.position = self.position, self.limit
        return self.octets[start : self.limit]

    def finish(self, name: str) -> None:
        """For records that must be consumed to the last octet: PeerError if something is left."""
        if self.position != self.limit:
            raise PeerError(f"{name}: {self.remaining} surplus octets", offset=self.position)

    def rewind(self, position: int) -> None:
        """Go back to an earlier position, to read the same octets in another way."""
        self.position = position

    def open(self, group: str) -> None:
        """What follows, until `close`, belongs to `group`. Only an ExplainingReader cares."""

    def close(self) -> None:
        """The innermost group ends here."""

    def excess(self, name: str, claimed: int, allowed: int) -> PeerError:
        """The error for something larger than the protocol allows."""
        return PeerError(f"{name}: {claimed} claimed, {allowed} allowed", offset=self.position)

    def short(self, name: str, size: int) -> PeerError:
        """The error for a field that does not fit into what is left."""
        return PeerError(f"{name}: {size} octets wanted, {self.remaining} left", offset=self.position)


@dataclass(frozen=True, slots=True)
class Field:
    """One field as it was read: where it stands, in which groups (outermost first), what it says.

    `offset` and `length` are octets; `value` is an int, or the octets themselves.
    """

    offset: int
    length: int
    groups: tuple[str, ...]
    name: str
    value: int | bytes


class ExplainingReader(Reader):
    """A Reader that remembers every field. Fields without octets are not listed; the others tile what was read."""

    __slots__ = ("_opened", "fields", "groups")

    def __init__(self, octets: bytes) -> None:
        super().__init__(octets)
        self.fields: list[Field] = []
        self.groups: list[str] = []
        self._opened: list[int] = []  # where each of the groups began

    def _note(self, start: int, name: str, value: int | bytes) -> None:
        if self.position > start:
            self.fields.append(Field(start, self.position - start, tuple(self.groups), name, value))

    def fixed(self, layout: Layout) -> tuple[Any, ...]:
        start = self.position
        values = super().fixed(layout)
        for name, size, value in zip(layout.names, layout.sizes, values, strict=True):
            self.fields.append(Field(start, size, tuple(self.groups), name, value))
            start += size
        return values

    def u8(self, name: str) -> int:
        start = self.position
        number = super().u8(name)
        self._note(start, name, number)
        return number

    def u16(self, name: str) -> int:
        start = self.position
        number = super().u16(name)
        self._note(start, name, number)
        return number

    def u32(self, name: str) -> int:
        start = self.position
        number = super().u32(name)
        self._note(start, name, number)
        return number

    def u64(self, name: str) -> int:
        start = self.position
        number = super().u64(name)
        self._note(start, name, number)
        return number

    def raw(self, name: str, size: int) -> bytes:
        start = self.position
        octets = super().raw(name, size)
        self._note(start, name, octets)
        return octets

    def counted(self, name: str) -> bytes:
        start = self.position
        octets = super().counted(name)
        self.fields.append(Field(start, 4, tuple(self.groups), name + " length", len(octets)))
        self._note(start + 4, name, octets)
        return octets

    def rest(self, name: str) -> bytes:
        start = self.position
        octets = super().rest(name)
        self._note(start, name, octets)
        return octets

    def rewind(self, position: int) -> None:
        super().rewind(position)
        while self.fields and self.fields[-1].offset >= position:
            self.fields.pop()
        while self._opened and self._opened[-1] > position:
            self.close()

    def open(self, group: str) -> None:
        self.groups.append(group)
        self._opened.append(self.position)

    def close(self) -> None:
        self.groups.pop()
        self._opened.pop()


class Writer:
    """Puts octets one behind the other. Numbers that do not fit raise struct.error: the caller's fault."""

    __slots__ = ("_parts",)

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def fixed(self, layout: Layout, *values: int) -> None:
        """The fields of a layout."""
        self._parts.append(layout.pack(*values))

    def u8(self, number: int) -> None:
        """One octet."""
        self._parts.append(number.to_bytes(1, "big"))

    def u16(self, number: int) -> None:
        """Two octets."""
        self._parts.append(_U16.pack(number))

    def u32(self, number: int) -> None:
        """Four octets."""
        self._parts.append(_U32.pack(number))

    def u64(self, number: int) -> None:
        """Eight octets."""
        self._parts.append(_U64.pack(number))

    def raw(self, octets: bytes) -> None:
        """The octets as they are."""
        self._parts.append(octets)

    def counted(self, octets: bytes) -> None:
        """A u32 length and the octets."""
        self._parts.append(_U32.pack(len(octets)))
        self._parts.append(octets)

    def octets(self) -> bytes:
        """All that was written."""
        return b"".join(self._parts)
