"""Where bad packets come from: real ones, damaged in ways that reach deep, and plain junk.

Packet n of a stream depends on nothing but (seed, stream, n), so any one of them can be made again without the others.
Half of what was damaged gets its lengths put right afterwards; otherwise most packets would fall at the first check.
"""

from __future__ import annotations

import json
import random
import struct
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

from resolver.wire.bodies.base import HandleRequest
from resolver.wire.bodies.resolution import ResolutionRequest
from resolver.wire.codes import Opcode, OpFlag
from resolver.wire.framing import split
from resolver.wire.message import Envelope, Header, Message, encode
from resolver.wire.types import TYPES

VECTORS = Path(__file__).resolve().parent.parent / "vectors"
HEX_DIGITS = set("0123456789abcdef")  # frames such as <fin> are no octets
ENVELOPE, BODY = 20, 44
DATAGRAM_MAX = 1_400  # what one packet may grow to by damage
# Offsets of the fixed fields of envelope and header, by width (protocol.md §2, §3).
OCTETS = (0, 1, 2, 3, 34, 35)
NUMBERS = (4, 8, 12, 16, 20, 24, 28, 36, 40)
TELLING = (0, 1, 2, 3, 4, 20, 24, 0x7F, 0x80, 0xFF, 492, 512, 2_048, 2_049, 0xFFFF, 262_144, 262_145, 1_048_576,
           0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)  # fmt: skip
ABOUT_A_HANDLE = (Opcode.GET_SITE_INFO, Opcode.DELETE_HANDLE, Opcode.LIST_HANDLES, Opcode.HOME_PREFIX)
OPCODES = tuple(int(opcode) for opcode in Opcode)
ODD_HANDLES: tuple[bytes, ...] = (
    b"", b"/", b"//", b"0.NA/", b"0.NA", b"0.NA/0.NA", b"0.na/0.na/88", b"0.SITE/status", b"0.0/0.0", b"88/", b"/88",
    b"88.118.8", b"88.118.8/", b"0.NA/88..118", b"0.NA/." + b"a." * 400, b"a" * 2_048, b"0.NA/88.118.8" + b".1" * 70,
    b"\xff\xfe/\x00", "88.118.8/标识".encode(), b"88.118.9/" + bytes(range(256)),
)  # fmt: skip


def recorded() -> list[bytes]:
    """Every packet of the vectors and of the recorded conversations, requests and answers."""
    found = []
    for vector in json.loads((VECTORS / "messages.json").read_text(encoding="utf-8"))["vectors"]:
        found += [bytes.fromhex(one) for one in vector.get("packets", [])]
        if "packet" in vector:
            found.append(bytes.fromhex(vector["packet"]))
    for file in sorted((VECTORS / "conversations").glob("*.json")):
        for exchange in json.loads(file.read_text(encoding="utf-8")):
            found += [
                bytes.fromhex(octets) for _, octets in exchange["frames"] if not set(octets) - set("0123456789abcdef")
            ]
    return [packet for packet in found if len(packet) > ENVELOPE]


def recorded_data() -> list[tuple[bytes, bytes]]:
    """(type, data) of every typed vector whose type has a layout."""
    found = []
    for vector in json.loads((VECTORS / "messages.json").read_text(encoding="utf-8"))["vectors"]:
        kinds = [kind for kind in TYPES if vector["name"].upper().startswith(kind.decode())]
        if "data" in vector and kinds:
            found.append((max(kinds, key=len), bytes.fromhex(vector["data"])))
    return found


def questions(handles: Sequence[bytes]) -> list[bytes]:
    """Well-formed requests about handles that exist, in every shape: what damage starts from at a running node."""
    plain = OpFlag.CACHE_CERTIFY | OpFlag.RECURSIVE | OpFlag.PUBLIC_ONLY
    unusual = 0, plain | OpFlag.AUTHORITATIVE, plain | OpFlag.CERTIFY | OpFlag.REQUEST_DIGEST
    found = []
    for handle in handles:
        found += [_request(Opcode.RESOLUTION, flags, ResolutionRequest(handle)) for flags in (plain, *unusual)]
        found.append(_request(Opcode.RESOLUTION, plain, ResolutionRequest(handle, (1, 2, 100), (b"URL", b"HS_SITE."))))
        found.append(_request(Opcode.RESOLUTION, plain, ResolutionRequest(handle, tail=bytes(4))))
        found += [_request(opcode, plain, HandleRequest(handle)) for opcode in ABOUT_A_HANDLE]
    return found


def _request(opcode: Opcode, flags: int, body: ResolutionRequest | HandleRequest) -> bytes:
    return encode(Message(Envelope(major=2, minor=3, request_id=1), Header(opcode, flags=flags), body))


class Damage:
    """An endless, repeatable stream of bad packets made from good ones."""

    def __init__(self, seed: int, stream: str, good: Sequence[bytes]) -> None:
        self.good = tuple(good)
        self._lead = (seed << 64) + (zlib.crc32(stream.encode()) << 32)
        self._ways: tuple[tuple[int, Callable[[random.Random], bytes]], ...] = (
            (8, self._junk),
            (8, self._junk_behind_an_envelope),
            (30, self._fields),
            (14, self._bits),
            (14, self._pieces),
            (16, self._odd_handle),
            (5, self._fragment),
            (5, self._untouched),
        )
        self._weights = [weight for weight, _ in self._ways]

    def packet(self, number: int) -> bytes:
        """Packet `number` of this stream."""
        chance = random.Random(self._lead + number)
        ((_, way),) = chance.choices(self._ways, self._weights)
        return way(chance)[:DATAGRAM_MAX]

    def _junk(self, chance: random.Random) -> bytes:
        return chance.randbytes(chance.choice((0, 1, 19, 20, 21, 43, 44, 45, chance.randrange(600))))

    def _junk_behind_an_envelope(self, chance: random.Random) -> bytes:
        junk = bytearray(chance.randbytes(chance.randrange(300)))
        if chance.random() < 0.5 and len(junk) >= 8:
            junk[:8] = struct.pack(">II", chance.choice(OPCODES), 0)
        return struct.pack(">BBBBIIII", 2, chance.randrange(12), 2, 11, 0, chance.getrandbits(32), 0, len(junk)) + junk

    def _fields(self, chance: random.Random) -> bytes:
        packet = bytearray(chance.choice(self.good))
        for _ in range(chance.randint(1, 3)):
            if chance.random() < 0.3:
                packet[chance.choice(OCTETS) % len(packet)] = chance.choice((0, 1, 2, 3, 5, 0x20, 0x40, 0x80, 0xFF))
                continue
            inside = chance.random() < 0.5 and len(packet) > BODY + 4
            at = chance.randrange(BODY, len(packet) - 3) if inside else chance.choice(NUMBERS)
            number = chance.choice(OPCODES) if at == ENVELOPE else chance.choice(TELLING)
            if at + 4 <= len(packet):
                struct.pack_into(">I", packet, at, number)
        return self._perhaps_mended(packet, chance)

    def _bits(self, chance: random.Random) -> bytes:
        packet = bytearray(chance.choice(self.good))
        for _ in range(chance.randint(1, 8)):
            packet[chance.randrange(len(packet))] ^= 1 << chance.randrange(8)
        return self._perhaps_mended(packet, chance)

    def _pieces(self, chance: random.Random) -> bytes:
        packet = bytearray(chance.choice(self.good))
        start, end = sorted((chance.randrange(len(packet) + 1), chance.randrange(len(packet) + 1)))
        what = chance.randrange(5)
        if what == 0:
            del packet[start:]
        elif what == 1:
            del packet[start:end]
        elif what == 2:
            packet[start:start] = packet[start:end]
        elif what == 3:
            packet[start:] = chance.choice(self.good)[start:]
        else:
            packet += chance.randbytes(chance.randrange(1, 64))
        return self._perhaps_mended(packet, chance)

    def _odd_handle(self, chance: random.Random) -> bytes:
        handle = chance.choice(ODD_HANDLES)
        if chance.random() < 0.3:
            handle = handle[: chance.randrange(len(handle) + 1)] + chance.randbytes(chance.randrange(20))
        opcode = Opcode.RESOLUTION if chance.random() < 0.8 else chance.choice(tuple(Opcode))
        return _request(opcode, chance.getrandbits(32), ResolutionRequest(handle))

    def _fragment(self, chance: random.Random) -> bytes:
        packet = bytearray(chance.choice(self.good))
        packet = bytearray(chance.choice(split(bytes(packet) + bytes(600))))
        packet[2] |= 0x20
        struct.pack_into(">I", packet, 8, chance.randrange(1, 9))  # few ids, so that parts meet
        struct.pack_into(">I", packet, 12, chance.choice((0, 1, 2, 532, 533, 0xFFFFFFFF)))
        if chance.random() < 0.7:
            struct.pack_into(">I", packet, 16, chance.choice((24, 492, 493, 984, 985, 262_144, 262_145, 0xFFFFFFFF)))
        return bytes(packet)

    def _untouched(self, chance: random.Random) -> bytes:
        return chance.choice(self.good)

    def _perhaps_mended(self, packet: bytearray, chance: random.Random) -> bytes:
        if chance.random() < 0.5 and len(packet) >= BODY:
            struct.pack_into(">I", packet, 16, len(packet) - ENVELOPE)
            if chance.random() < 0.8:
                struct.pack_into(">I", packet, 40, max(0, len(packet) - BODY - chance.choice((0, 4))))
        return bytes(packet)
