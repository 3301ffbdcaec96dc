"""Reading a packet's fixed places without decoding it: what caches and the rim need before the codec.

     0        4        8        12       16       20       24       28       32       36       40
     | version| session|request | sequen.| length | opcode | code   | flags  | serial…| expires| body length | body …
     '------------- envelope -----------------'------------------------ header ---------------------------'

A packet shorter than HEADER_END has a key too, which no whole one ever shares.
"""

from __future__ import annotations

from struct import Struct
from struct import error as StructError

ENVELOPE_OCTETS = 20
HEADER_OCTETS = 24
HEADER_END = ENVELOPE_OCTETS + HEADER_OCTETS
REQUEST_ID = slice(8, 12)
EXPIRATION = slice(36, 40)
RESPONSE_LIFE_S = 43_200  # an answer expires twelve hours after it was given (protocol.md §3)

_U32 = Struct(">I")
_VALUE = Struct(">8xBIxI")  # TTL type, TTL, length of the type

pack_u32 = _U32.pack


def request_id(packet: bytes | bytearray) -> int:
    """The number the client chose, octets 8 to 11."""
    return int.from_bytes(packet[REQUEST_ID], "big")


def repeat_key(packet: bytes) -> bytes:
    """What two requests must share to deserve the same answer: all but request id and expiration.

    Session and sequence stay in, so that only requests without either can ever meet a remembered answer.
    """
    return packet[:8] + packet[12:36] + packet[40:]


def expiration_octets(wall_s: int) -> bytes:
    """The header's expiration field for an answer given at `wall_s` (seconds since 1970)."""
    return pack_u32((wall_s + RESPONSE_LIFE_S) & 0xFFFFFFFF)


Places = tuple[tuple[int, int], ...]


def relative_ttls(packet: bytes | bytearray) -> Places:
    """(offset, seconds) of every relative TTL in a successful resolution response without digest.

    ValueError if the packet is not that: the offsets are about to be written to.
    """
    return value_ttls(packet, HEADER_END + 4 + _u32(packet, HEADER_END))[0]


def value_ttls(octets: bytes | bytearray, at: int) -> tuple[Places, tuple[int, ...], int]:
    """What a `list<value>` at offset `at` says of time: its relative TTLs as (offset, seconds), its absolute ones
    (seconds since 1970), and the offset behind it. ValueError if it runs past the end.
    """
    size, length, value = len(octets), _U32.unpack_from, _VALUE.unpack_from
    relative, absolute = [], []
    try:
        count = length(octets, at)[0]
        at += 4
        for _ in range(count):
            ttl_type, ttl, type_octets = value(octets, at)
            if ttl_type == 0:
                relative.append((at + 9, ttl))
            elif ttl_type == 1:
                absolute.append(ttl)
            at += _VALUE.size + type_octets
            at += 4 + length(octets, at)[0]  # data
            references = length(octets, at)[0]
            at += 4
            for _ in range(references):
                at += 8 + length(octets, at)[0]
            if at > size:
                raise ValueError("a value runs past the end of the packet")
    except StructError:
        raise ValueError("the values run past the end of the packet") from None
    return tuple(relative), tuple(absolute), at


def _u32(packet: bytes | bytearray, at: int) -> int:
    if at + 4 > len(packet):
        raise ValueError(f"no 32-bit number at offset {at}")
    value: int = _U32.unpack_from(packet, at)[0]
    return value
