"""The stored form of a handle's values: what a store keeps under the folded handle.

    u8 flags    bit 0  some value may not be read by everybody
                bit 1  some TTL is absolute
    list<value> exactly as a message carries them

The list is kept as finished wire octets, so an answer to "all values" is a copy; the flags say when it is not.
"""

from __future__ import annotations

from collections.abc import Sequence

from resolver.model.value import TTL_RELATIVE, Value
from resolver.wire.values import decode_values, encode_values

SOME_RESTRICTED, SOME_ABSOLUTE_TTL = 0x01, 0x02


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
