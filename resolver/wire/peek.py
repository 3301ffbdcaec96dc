"""Reading a packet's fixed places without decoding it: what caches and the rim need before the codec.

     0        4        8        12       16       20       24       28       32       36       40
     | version| session|request | sequen.| length | opcode | code   | flags  | serial…| expires| body length | body …
     '------------- envelope -----------------'------------------------ header ---------------------------'

A packet shorter than HEADER_END has a key too, which no whole one ever shares.
"""

from __future__ import annotations

from struct import Struct

ENVELOPE_OCTETS = 20
HEADER_OCTETS = 24
HEADER_END = ENVELOPE_OCTETS + HEADER_OCTETS
REQUEST_ID = slice(8, 12)
EXPIRATION = slice(36, 40)
RESPONSE_LIFE_S = 43_200  # an answer expires twelve hours after it was given (protocol.md §3)

_U32 = Struct(">I")
_VALUE_TTL = Struct(">BI")

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


def relative_ttls(packet: bytes | bytearray) -> tuple[tuple[int, int], ...]:
    """(offset, seconds) of every relative TTL in a successful resolution response without digest.

    ValueError if the packet is not that: the offsets are about to be written to.
    """
    at = HEADER_END
    handle_octets = _u32(packet, at)
    at += 4 + handle_octets
    count = _u32(packet, at)
    at += 4
    places = []
    for _ in range(count):
        if at + 13 > len(packet):
            raise ValueError("a value runs past the end of the packet")
        ttl_type, ttl = _VALUE_TTL.unpack_from(packet, at + 8)
        if ttl_type == 0:
            places.append((at + 9, ttl))
        at += 14
        at += 4 + _u32(packet, at)  # type
        at += 4 + _u32(packet, at)  # data
        references = _u32(packet, at)
        at += 4
        for _ in range(references):
            at += 8 + _u32(packet, at)
        if at > len(packet):
            raise ValueError("a value runs past the end of the packet")
    return tuple(places)


def _u32(packet: bytes | bytearray, at: int) -> int:
    if at + 4 > len(packet):
        raise ValueError(f"no 32-bit number at offset {at}")
    value: int = _U32.unpack_from(packet, at)[0]
    return value
