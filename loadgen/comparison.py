"""Whether an answer says the truth.

    handle        as it was asked, octet by octet
    values        the public ones, all of them and no others: index, type, data, permissions, references, TTL type
    TTL           relative: at most the truth's (a cache counts it down) and above 0, unless the truth's is 0;
                  absolute: equal
    timestamps    not compared: a store may have written its own
    expiration    of the answer: not before the run began

An answer that differs in any of this, or cannot be decoded, is WRONG. A code that says nothing about the identifier
(busy, server not responding, refused) is REFUSED; HANDLE_NOT_FOUND says something: it is right for an identifier that
does not exist, and wrong for one that does.

Three ways to the same verdict, because decoding every answer would make the generator late:

    picture   for identifiers that will be asked often, made before the run: the octets of the usual answer with holes
              where TTL, timestamp, flags and expiration stand; two compiled `struct` calls compare
    fresh     the octets of the usual answer just written, made when the answer is there: that is how an authority
              answers, and identifiers asked once are mostly answered by one
    decoder   whatever matches neither is decoded and compared field by field

Equal octets decode to equal values, so a match of the first two *proves* the answer right. They can therefore never
pass an answer that the decoder would not, and a test changes every octet of an answer to see it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from struct import Struct

from loadgen.results import Verdict
from loadgen.truth import Values
from loadgen.volley import Picture
from resolver.errors import PeerError
from resolver.model.value import TTL_RELATIVE, Value
from resolver.wire.bodies.resolution import ResolutionAnswer
from resolver.wire.codes import Code, Opcode
from resolver.wire.message import ABSENT, Envelope, Header, Message, OpaqueCredential, decode, encode
from resolver.wire.peek import HEADER_END
from resolver.wire.values import encode_value, encode_values

PICTURES_MAX = 50_000  # of some 2 KB each
# Flags that change how the rest is read, and that this generator never asks for: the picture is of a plain answer.
ENCRYPTED_OR_COMPRESSED = 0xC0  # in octet 2, of the envelope
REQUEST_DIGEST = 0x80  # in octet 29, of the header

_CODE = Struct(">I")
_CODE_AT = 24
_SAYS_SOMETHING = (Code.REQUEST, Code.SUCCESS, Code.HANDLE_NOT_FOUND, Code.VALUES_NOT_FOUND)
_EXPIRATION = slice(36, 40)
_BODY_LENGTH_AT = 40
_NO_CREDENTIAL = bytes(4)
NO_VALUES = bytes(4)
NUMBER_MAX = 2**32 - 1
_OPERATION_AND_CODE = Opcode.RESOLUTION.to_bytes(4, "big") + Code.SUCCESS.to_bytes(4, "big")


class Comparison:
    """Judges answers about identifiers. `truth` gives an identifier's public values, None if it does not exist, and
    `octets` the same as a message carries them.

    `began_wall_s`: seconds since 1970 at which the run begins; answers that expired before it are wrong.
    """

    def __init__(
        self,
        truth: Callable[[bytes], Values | None],
        began_wall_s: int,
        octets: Callable[[bytes], bytes | None] | None = None,
    ) -> None:
        self._truth = truth
        self._octets = octets or self._encoded
        self._began_wall_s = began_wall_s
        self._pictures: dict[bytes, _Picture] = {}

    def expect(self, identifier: bytes) -> None:
        """Make a picture of the usual answer about an identifier, if there is room for one more."""
        if len(self._pictures) < PICTURES_MAX and identifier not in self._pictures:
            values = self._truth(identifier)
            if values:
                self._pictures[identifier] = _Picture(identifier, values)

    def picture(self, identifier: bytes) -> Picture | None:
        """The usual answer about an identifier, for the compiled half; None if the decoder has to look at each."""
        values = self._truth(identifier)
        return _masked(identifier, values, self._began_wall_s) if values else None

    def judge(self, identifier: bytes, packet: bytearray | bytes, octets: int) -> tuple[int, int]:
        """(response code, Verdict) of the answer in the first `octets` octets of `packet`."""
        picture = self._pictures.get(identifier)
        if picture is not None:
            if picture.shows(packet, octets, self._began_wall_s):
                return Code.SUCCESS, Verdict.RIGHT
        else:
            values = self._octets(identifier)
            if values and _is_fresh(identifier, values, packet, octets, self._began_wall_s):
                return Code.SUCCESS, Verdict.RIGHT
        return self._examine(identifier, self._truth(identifier), bytes(packet[:octets]))

    def _encoded(self, identifier: bytes) -> bytes | None:
        values = self._truth(identifier)
        return None if values is None else encode_values(values)

    def _examine(self, identifier: bytes, values: Values | None, packet: bytes) -> tuple[int, int]:
        """The verdict by the decoder."""
        code: int = _CODE.unpack_from(packet, _CODE_AT)[0] if len(packet) >= HEADER_END else 0
        try:
            message = decode(packet)
        except PeerError:
            return code, Verdict.WRONG
        if code not in _SAYS_SOMETHING:
            return code, Verdict.REFUSED
        right = (
            code == (Code.HANDLE_NOT_FOUND if values is None else Code.SUCCESS if values else Code.VALUES_NOT_FOUND)
            and message.header.opcode == Opcode.RESOLUTION
            and message.header.expiration >= self._began_wall_s
            and not message.surplus
            and (message.credential is ABSENT or not isinstance(message.credential, OpaqueCredential))
            and (not values or _says(message.body, identifier, values))
        )
        return code, Verdict.RIGHT if right else Verdict.WRONG


def _says(body: object, identifier: bytes, truth: Values) -> bool:
    """Whether an answer's body says exactly the truth, in any order."""
    if not isinstance(body, ResolutionAnswer) or body.handle != identifier or body.tail:
        return False
    return len(body.values) == len(truth) and all(map(_agrees, _by_index(body.values), _by_index(truth)))


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


def _is_fresh(identifier: bytes, values: bytes, packet: bytearray | bytes, octets: int, began_wall_s: int) -> bool:
    """Whether the packet is the usual answer just written, timestamps and all. False proves nothing.

    No values at all are no usual answer: that is then another code.
    """
    if values == NO_VALUES:
        return False
    body = b"%b%b%b" % (len(identifier).to_bytes(4, "big"), identifier, values)
    end = HEADER_END + len(body)
    return (
        octets == end + len(_NO_CREDENTIAL)
        and packet[HEADER_END:end] == body
        and packet[end:octets] == _NO_CREDENTIAL
        and packet[20:28] == _OPERATION_AND_CODE
        and int.from_bytes(packet[16:20], "big") == octets - 20
        and int.from_bytes(packet[_BODY_LENGTH_AT:HEADER_END], "big") == len(body)
        and int.from_bytes(packet[_EXPIRATION], "big") >= began_wall_s
        and not packet[2] & ENCRYPTED_OR_COMPRESSED
        and not packet[29] & REQUEST_DIGEST
    )


def _usual(handle: bytes, values: Values) -> tuple[bytes, list[tuple[int, int]], list[tuple[int, int]]]:
    """The usual answer; where it may differ from octet 16 on (start, end); TTLs that count down (offset, at most)."""
    header = Header(Opcode.RESOLUTION, code=Code.SUCCESS)
    packet = encode(Message(Envelope(), header, ResolutionAnswer(handle, values)))
    holes, counting = [(28, 40)], []
    record = HEADER_END + 4 + len(handle) + 4
    for value in values:
        holes.append((record + 4, record + 8))
        if value.ttl_type == TTL_RELATIVE and value.ttl:
            holes.append((record + 9, record + 13))
            counting.append((record + 9, value.ttl))
        record += len(encode_value(value))
    return packet, holes, counting


def _masked(handle: bytes, values: Values, began_wall_s: int) -> Picture:
    """What `_Picture` compares, as octets, mask and limits."""
    packet, holes, counting = _usual(handle, values)
    mask = bytearray(16) + b"\xff" * (len(packet) - 16)
    for start, end in holes:
        mask[start:end] = bytes(end - start)
    mask[2], mask[29] = ENCRYPTED_OR_COMPRESSED, REQUEST_DIGEST
    limits = [(36, began_wall_s & NUMBER_MAX, NUMBER_MAX), *((at, 1, ttl) for at, ttl in counting)]
    octets = bytearray(packet)
    octets[2] = octets[29] = 0
    return Picture(bytes(octets), bytes(mask), tuple(limits))


class _Picture:
    """The octets of the usual answer, with holes.

    octet  16       20             28               36           40           …  record           …  end
           length   opcode, code   flags, serial …  expiration   body length     +4 timestamp
           compared compared       hole             ≥ began      compared        +9 TTL ≤ truth's    compared
    """

    __slots__ = ("_fixed", "_fixed_values", "_numbers", "_octets", "_ttls")

    def __init__(self, handle: bytes, values: Values) -> None:
        packet, holes, counting = _usual(handle, values)
        numbers, ttls = [36, *(at for at, _ in counting)], [ttl for _, ttl in counting]
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
