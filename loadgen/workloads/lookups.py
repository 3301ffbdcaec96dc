"""Look-ups: all public values of a known identifier, asked the way a client library asks a recursive node.

The check. An answer is RIGHT if it says exactly what the truth says:

    handle        as it was asked, octet by octet
    values        the public ones, all of them and no others: index, type, data, permissions, references, TTL type
    TTL           relative: at most the truth's (a cache counts it down) and above 0, unless the truth's is 0;
                  absolute: equal
    timestamps    not compared: a store may have written its own
    expiration    of the answer: not before the run began

An answer that differs in any of this, or cannot be decoded, is WRONG. A code that says nothing about the identifier
(busy, server not responding, refused) is REFUSED; HANDLE_NOT_FOUND for an identifier that exists says something, and it
is not true.

Two ways to the same verdict. Decoding every answer would make the generator late, so for the usual answer about each
identifier a picture is made before the run: its octets with holes where TTL, timestamp, flags and expiration stand. Two
compiled `struct` calls compare an answer with it. Equal octets decode to equal values, so a match *proves* the answer
right; whatever does not match is decoded and compared field by field. The picture can therefore never pass an answer
that the decoder would not, and a test changes every octet of an answer to see it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from struct import Struct

import numpy as np

from loadgen.arrays import Ranks
from loadgen.popularity import Zipf, rank_order
from loadgen.results import Verdict
from resolver.errors import OperatorError, PeerError
from resolver.model.value import TTL_RELATIVE, Value
from resolver.wire.bodies.resolution import ResolutionAnswer, ResolutionRequest
from resolver.wire.codes import Code, Opcode, OpFlag
from resolver.wire.message import ABSENT, Envelope, Header, Message, OpaqueCredential, decode, encode
from resolver.wire.peek import HEADER_END
from resolver.wire.values import encode_value

REQUEST_LIFE_S = 43_200  # what client libraries write; servers do not look (protocol.md §3)
REQUEST_FLAGS = OpFlag.RECURSIVE | OpFlag.CACHE_CERTIFY | OpFlag.PUBLIC_ONLY  # CNRI's default, 0x19000000
PICTURES_MAX = 200_000  # of some 2 KB each; answers about less popular identifiers are decoded
# Flags that change how the rest is read, and that this generator never asks for: the picture is of a plain answer.
ENCRYPTED_OR_COMPRESSED = 0xC0  # in octet 2, of the envelope
REQUEST_DIGEST = 0x80  # in octet 29, of the header

_CODE = Struct(">I")
_CODE_AT = 24
_SAYS_SOMETHING = (Code.REQUEST, Code.SUCCESS, Code.HANDLE_NOT_FOUND, Code.VALUES_NOT_FOUND)


class Lookups:
    """Zipf-popular look-ups over the identifiers of `truth`."""

    def __init__(self, truth: Sequence[tuple[bytes, tuple[Value, ...]]], exponent: float, seed: int) -> None:
        if not truth:
            raise OperatorError("no identifier to ask for: the network's catalogues are empty", key="catalogues")
        self._truth = truth
        self._seed = seed
        self._zipf = Zipf(len(truth), exponent)
        self._order = rank_order(len(truth), seed)
        self._pictures: dict[int, _Picture] = {}
        self._began_wall_s = 0

    def draw(self, count: int) -> Ranks:
        return self._zipf.draw(count, self._seed)

    def requests(self, ranks: Ranks, wall_s: int) -> dict[int, bytearray]:
        self._began_wall_s = wall_s
        asked = np.unique(ranks).tolist()
        for rank in asked[:PICTURES_MAX]:
            handle, values = self._of(rank)
            if values:
                self._pictures[rank] = _Picture(handle, values)
        return {rank: bytearray(request_octets(self._of(rank)[0], wall_s)) for rank in asked}

    def judge(self, rank: int, packet: bytearray | bytes, octets: int) -> tuple[int, int]:
        picture = self._pictures.get(rank)
        if picture is not None and picture.shows(packet, octets, self._began_wall_s):
            return Code.SUCCESS, Verdict.RIGHT
        return self._examine(rank, bytes(packet[:octets]))

    def _of(self, rank: int) -> tuple[bytes, tuple[Value, ...]]:
        """The handle of a rank and what everybody may read under it."""
        handle, values = self._truth[self._order[rank]]
        return handle, tuple(value for value in values if value.public_read)

    def _examine(self, rank: int, packet: bytes) -> tuple[int, int]:
        """The verdict by the decoder."""
        code: int = _CODE.unpack_from(packet, _CODE_AT)[0] if len(packet) >= HEADER_END else 0
        try:
            message = decode(packet)
        except PeerError:
            return code, Verdict.WRONG
        if code not in _SAYS_SOMETHING:
            return code, Verdict.REFUSED
        handle, truth = self._of(rank)
        right = (
            code == (Code.SUCCESS if truth else Code.VALUES_NOT_FOUND)
            and message.header.opcode == Opcode.RESOLUTION
            and message.header.expiration >= self._began_wall_s
            and not message.surplus
            and (message.credential is ABSENT or not isinstance(message.credential, OpaqueCredential))
            and (not truth or _says(message.body, handle, truth))
        )
        return code, Verdict.RIGHT if right else Verdict.WRONG


def request_octets(handle: bytes, wall_s: int) -> bytes:
    """A look-up as CNRI's client sends it to a server it knows nothing about, with request id 0."""
    header = Header(Opcode.RESOLUTION, flags=REQUEST_FLAGS, expiration=(wall_s + REQUEST_LIFE_S) & 0xFFFFFFFF)
    envelope = Envelope(major=2, minor=3, suggested_major=2, suggested_minor=11)
    return encode(Message(envelope, header, ResolutionRequest(handle)))


def _says(body: object, handle: bytes, truth: tuple[Value, ...]) -> bool:
    """Whether an answer's body says exactly the truth, in any order."""
    if not isinstance(body, ResolutionAnswer) or body.handle != handle or body.tail or len(body.values) != len(truth):
        return False
    return all(map(_agrees, _by_index(body.values), _by_index(truth)))


def _by_index(values: Iterable[Value]) -> list[Value]:
    return sorted(values, key=lambda value: value.index)


def _agrees(answer: Value, truth: Value) -> bool:
    """Whether a value is the truth's: all but the timestamp, and a TTL that a cache may have counted down."""
    if truth.ttl_type == TTL_RELATIVE and truth.ttl:
        ttl_agrees = 0 < answer.ttl <= truth.ttl
    else:
        ttl_agrees = answer.ttl == truth.ttl
    return ttl_agrees and (
        (answer.index, answer.type, answer.data, answer.ttl_type, answer.permissions, answer.references)
        == (truth.index, truth.type, truth.data, truth.ttl_type, truth.permissions, truth.references)
    )


class _Picture:
    """The octets of the usual answer, with holes.

    octet  16       20             28               36           40           …  record           …  end
           length   opcode, code   flags, serial …  expiration   body length     +4 timestamp
           compared compared       hole             ≥ began      compared        +9 TTL ≤ truth's    compared
    """

    __slots__ = ("_fixed", "_fixed_values", "_numbers", "_octets", "_ttls")

    def __init__(self, handle: bytes, values: tuple[Value, ...]) -> None:
        header = Header(Opcode.RESOLUTION, code=Code.SUCCESS)
        packet = encode(Message(Envelope(), header, ResolutionAnswer(handle, values)))
        holes, numbers, ttls = [(28, 40)], [36], []
        record = HEADER_END + 4 + len(handle) + 4
        for value in values:
            holes.append((record + 4, record + 8))
            if value.ttl_type == TTL_RELATIVE and value.ttl:
                holes.append((record + 9, record + 13))
                numbers.append(record + 9)
                ttls.append(value.ttl)
            record += len(encode_value(value))
        layout, compared, position = ">16x", [], 16
        for start, end in [*holes, (len(packet), len(packet))]:
            layout += f"{start - position}s{end - start}x"
            compared.append(packet[position:start])
            position = end
        self._octets = len(packet)
        self._fixed = Struct(layout)
        self._fixed_values = tuple(compared)
        self._numbers = _numbers_at(numbers)  # expiration, then every relative TTL
        self._ttls = tuple(ttls)

    def shows(self, packet: bytearray | bytes, octets: int, began_wall_s: int) -> bool:
        """Whether the first `octets` octets of `packet` are this answer. False proves nothing."""
        if octets != self._octets or packet[2] & ENCRYPTED_OR_COMPRESSED or packet[29] & REQUEST_DIGEST:
            return False
        if self._fixed.unpack_from(packet) != self._fixed_values:
            return False
        expiration, *ttls = self._numbers.unpack_from(packet)
        if expiration < began_wall_s:
            return False
        return tuple(ttls) == self._ttls or all(0 < ttl <= most for ttl, most in zip(ttls, self._ttls, strict=True))


def _numbers_at(offsets: list[int]) -> Struct:
    """A layout that reads one u32 at each of the ascending offsets."""
    layout, position = ">", 0
    for offset in offsets:
        layout += f"{offset - position}xI"
        position = offset + 4
    return Struct(layout)
