"""The stored form of a handle's values: what a store keeps under the folded handle.

    u8 flags    bit 0  some value may not be read by everybody
                bit 1  some TTL is absolute
    list<value> exactly as a message carries them

The list is kept as finished wire octets, so an answer to "all values" is a copy; the flags say when it is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from struct import Struct
from struct import error as StructError

from resolver.errors import PeerError
from resolver.model.value import PUBLIC_READ, TTL_RELATIVE, Value
from resolver.wire.values import REFERENCE_OCTETS_MIN, VALUE_OCTETS_MIN, decode_values, encode_values

SOME_RESTRICTED, SOME_ABSOLUTE_TTL = 0x01, 0x02
_VALUE = Struct(">IIBIBI")  # index, timestamp, TTL type, TTL, permissions, length of the type
_U32 = Struct(">I")
_TIMESTAMP = slice(4, 8)  # within a value


def pack_record(values: Sequence[Value]) -> bytes:
    """Flags and `list<value>`."""
    flags = 0
    for value in values:
        if not value.public_read:
            flags |= SOME_RESTRICTED
        if value.ttl_type != TTL_RELATIVE:
            flags |= SOME_ABSOLUTE_TTL
    return bytes((flags,)) + encode_values(tuple(values))


def record_flags(octets: bytes) -> int:
    """SOME_RESTRICTED and SOME_ABSOLUTE_TTL."""
    return octets[0]


def record_body(octets: bytes) -> bytes:
    """The `list<value>` part, ready for a message."""
    return octets[1:]


def unpack_record(octets: bytes) -> tuple[Value, ...]:
    """The values. PeerError if the octets are damaged."""
    return decode_values(octets[1:])


def value_flags(ttl_type: int, permissions: int) -> int:
    """What one value adds to a record's flags."""
    restricted = 0 if permissions & PUBLIC_READ else SOME_RESTRICTED
    return restricted if ttl_type == TTL_RELATIVE else restricted | SOME_ABSOLUTE_TTL


def join_record(flags: int, values: Sequence[bytes]) -> bytes:
    """A record from the octets of its values; `flags` is the union of theirs."""
    return b"%c%b%b" % (flags, _U32.pack(len(values)), b"".join(values))


def split_record(octets: bytes) -> list[tuple[int, bytes]]:
    """(index, its octets) of every value: what `unpack_record` gives, for a tenth of the time.

    PeerError unless all lengths fit, nothing is left over and the flags are those of the values.
    """
    size = len(octets)
    found = []
    try:
        number, at, flags = _U32.unpack_from(octets, 1)[0], 5, 0
        if number * VALUE_OCTETS_MIN > size:
            raise PeerError(f"a record of {size} octets claims {number} values")
        for _ in range(number):
            start = at
            index, _, ttl_type, _, permissions, length = _VALUE.unpack_from(octets, at)
            if ttl_type or not permissions & PUBLIC_READ:
                flags |= value_flags(ttl_type, permissions)
            at += _VALUE.size + length
            at += 4 + _U32.unpack_from(octets, at)[0]
            references = _U32.unpack_from(octets, at)[0]
            at += 4
            if references * REFERENCE_OCTETS_MIN > size - at:
                raise PeerError(f"value {index} claims {references} references")
            for _ in range(references):
                at += REFERENCE_OCTETS_MIN + _U32.unpack_from(octets, at)[0]
            found.append((index, octets[start:at]))
    except StructError:
        raise PeerError(f"a record of {size} octets breaks off") from None
    if at != size:
        raise PeerError(f"a record of {size} octets ends at {at}")
    if flags != octets[0]:
        raise PeerError(f"a record's flags are {octets[0]}, its values say {flags}")
    return found


def settle(stamp: int) -> Callable[[bytes, bytes], bytes]:
    """How a record that comes is merged with the one that stands: values that are still the same keep their timestamp
    (behaviour.md §1.3). `stamp` is the timestamp given to values that brought none; others are taken at their word.
    """
    given = _U32.pack(stamp)

    def settled(old: bytes, new: bytes) -> bytes:
        values = split_record(new)
        if len(old) == len(new) and old[:5] == new[:5] and _same(old, values, given):
            return old
        known = dict(split_record(old))
        kept = []
        for index, octets in values:
            before = known.get(index)
            if (
                before is not None
                and octets[_TIMESTAMP] == given
                and before[8:] == octets[8:]
                and before[:4] == octets[:4]
            ):
                octets = before
            kept.append(octets)
        return join_record(new[0], kept)

    return settled


def _same(old: bytes, values: list[tuple[int, bytes]], given: bytes) -> bool:
    """Whether `old` has these values, each at its very place, timestamps that were not given aside."""
    at = 5
    for _, octets in values:
        end = at + len(octets)
        if old[at + 8 : end] != octets[8:] or old[at : at + 4] != octets[:4]:
            return False
        if octets[_TIMESTAMP] not in (given, old[at + 4 : at + 8]):
            return False
        at = end
    return True


def ascending(values: Iterable[tuple[int, bytes]]) -> bool:
    """Whether indexes count from 1 upwards and none comes twice."""
    last = 0
    for index, _ in values:
        if index <= last:
            return False
        last = index
    return True
