"""Value records, as they stand in messages: back to back, without a length around them (protocol.md §6).

     0 u32 index      4 u32 timestamp      8 u8 TTL type      9 u32 TTL      13 u8 permissions
    14 str type, bytes data, list<ref> references

The order is that of practice, not of RFC 3651 (protocol.md §11 trap 1).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

from resolver.model.value import Reference, Value
from resolver.wire import peek
from resolver.wire.buffer import Layout, Reader, Writer

VALUE_OCTETS_MIN = 26  # 14 and three empty lists: the least a claimed value can take
REFERENCE_OCTETS_MIN = 8
_HEAD = Layout("value", ("I", "index"), ("I", "timestamp"), ("B", "TTL type"), ("I", "TTL"), ("B", "permissions"))


def read_reference(r: Reader) -> Reference:
    """`ref`: str handle, u32 index."""
    return Reference(r.counted("handle"), r.u32("index"))


def read_references(r: Reader, name: str = "references") -> tuple[Reference, ...]:
    """`list<ref>`."""
    found = []
    for number in range(1, r.count(name, REFERENCE_OCTETS_MIN) + 1):
        r.open(f"reference {number}")
        found.append(read_reference(r))
        r.close()
    return tuple(found)


def read_value(r: Reader) -> Value:
    """One record. PeerError if it does not fit into what is left."""
    index, timestamp, ttl_type, ttl, permissions = r.fixed(_HEAD)
    value_type, data = r.counted("type"), r.counted("data")
    return Value(index, value_type, data, ttl, ttl_type, timestamp, permissions, read_references(r))


def read_values(r: Reader, values_max: int | None = None) -> tuple[Value, ...]:
    """`list<value>`. `values_max`: refuse longer lists, where the protocol has a limit (protocol.md §1)."""
    count = r.count("values", VALUE_OCTETS_MIN)
    if values_max is not None and count > values_max:
        raise r.excess("values", count, values_max)
    found = []
    for number in range(1, count + 1):
        r.open(f"value {number}")
        found.append(read_value(r))
        r.close()
    return tuple(found)


def write_reference(w: Writer, reference: Reference) -> None:
    """`ref`."""
    w.counted(reference.handle)
    w.u32(reference.index)


def write_references(w: Writer, references: tuple[Reference, ...]) -> None:
    """`list<ref>`."""
    w.u32(len(references))
    for reference in references:
        write_reference(w, reference)


def write_value(w: Writer, value: Value) -> None:
    """One record."""
    w.fixed(_HEAD, value.index, value.timestamp, value.ttl_type, value.ttl, value.permissions)
    w.counted(value.type)
    w.counted(value.data)
    write_references(w, value.references)


def write_values(w: Writer, values: Sequence[Value]) -> None:
    """`list<value>`."""
    if isinstance(values, PackedValues):
        w.raw(values.octets)
        return
    w.u32(len(values))
    for value in values:
        write_value(w, value)


def encode_value(value: Value) -> bytes:
    """One record as octets."""
    w = Writer()
    write_value(w, value)
    return w.octets()


def encode_values(values: tuple[Value, ...]) -> bytes:
    """`list<value>`: u32 count and the records."""
    w = Writer()
    write_values(w, values)
    return w.octets()


def decode_value(octets: bytes) -> Value:
    """The one record these octets are. PeerError if they are not exactly that."""
    r = Reader(octets)
    value = read_value(r)
    r.finish("value")
    return value


def decode_values(octets: bytes) -> tuple[Value, ...]:
    """The `list<value>` these octets are. PeerError if they are not exactly that."""
    r = Reader(octets)
    values = read_values(r)
    r.finish("values")
    return values


class PackedValues(Sequence[Value]):
    """Values as they came, in octets: passed on without being read, and read by whoever looks at one.

    What passes through a recursive node is mostly never looked at; reading and writing it again would be most of the
    work. `octets` is a `list<value>`, `relative` (offset, seconds) of its relative TTLs, `absolute` its absolute ones.
    """

    __slots__ = ("_read", "absolute", "octets", "relative")

    def __init__(self, octets: bytes, relative: peek.Places, absolute: tuple[int, ...]) -> None:
        self.octets = octets
        self.relative = relative
        self.absolute = absolute
        self._read: tuple[Value, ...] | None = None

    def aged(self, elapsed_s: int) -> PackedValues:
        """The same with `elapsed_s` seconds taken off every relative TTL (never below 0)."""
        octets = bytearray(self.octets)
        left = tuple((offset, max(0, ttl - elapsed_s)) for offset, ttl in self.relative)
        for offset, ttl in left:
            octets[offset : offset + 4] = peek.pack_u32(ttl)
        return PackedValues(bytes(octets), left, self.absolute)

    @property
    def values(self) -> tuple[Value, ...]:
        """Read them. PeerError if they cannot be."""
        if self._read is None:
            self._read = decode_values(self.octets)
        return self._read

    def __iter__(self) -> Iterator[Value]:
        return iter(self.values)

    def __len__(self) -> int:
        return int.from_bytes(self.octets[:4], "big")

    @overload
    def __getitem__(self, index: int) -> Value: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Value]: ...
    def __getitem__(self, index: int | slice) -> Value | Sequence[Value]:
        return self.values[index]

    def __eq__(self, other: object) -> bool:
        return other == self.values if isinstance(other, tuple) else NotImplemented

    __hash__ = None  # type: ignore[assignment]
