"""One message: `envelope(20) | header(24) | body | credential` (protocol.md §2 to §5).

    decode(packet)                 what a node does: a Message, or PeerError with the reply the sender deserves
    keep(reader)                   whatever the octets are: also fragments, encrypted messages, garbage; never fails
    encode(packet)                 the octets again; encode(decode(x)) == x for all that can be decoded

Nothing that was received is dropped: unknown numbers stay numbers, surplus octets have a field for them, and the
packet itself stays in `Message.octets`, because digests are over octets as sent, not as we would write them.
"""

from __future__ import annotations

from dataclasses import field

from resolver.errors import PeerError
from resolver.model.frozen import frozen
from resolver.wire.bodies import Body, Digest, OldChallenge, OpaqueBody, body_class
from resolver.wire.buffer import Layout, Reader, Writer
from resolver.wire.codes import Code, EnvelopeFlag, OpFlag

ENVELOPE_OCTETS, HEADER_OCTETS = 20, 24
MESSAGE_OCTETS_MAX = 262_144  # all but the envelope; larger ones are refused before anything is allocated
FRAGMENT_OCTETS = 492  # message octets in one UDP packet of 512
SERIAL_UNKNOWN = 0xFFFF
UNDECODABLE = "Server error processing request, see server logs"  # the reference's words (behaviour.md §1.1)
INVALID_LENGTH = "Invalid message length"

_ENVELOPE = Layout(
    "envelope",
    ("B", "major version"),
    ("B", "minor version"),
    ("B", "flags and suggested major version"),
    ("B", "suggested minor version"),
    ("I", "session id"),
    ("I", "request id"),
    ("I", "sequence number"),
    ("I", "message length"),
)
_HEADER = Layout(
    "header",
    ("I", "opcode"),
    ("I", "response code"),
    ("I", "op flags"),
    ("H", "site info serial"),
    ("B", "recursion count"),
    ("B", "reserved"),
    ("I", "expiration"),
    ("I", "body length"),
)
_CREDENTIAL = Layout("credential", ("B", "version"), ("B", "reserved"), ("H", "options"))
_FLAGS_MASK = 0xE0
_ENCRYPTED, _DIGEST = int(EnvelopeFlag.ENCRYPTED), int(OpFlag.REQUEST_DIGEST)  # plain: IntFlag's `&` takes 1 us
NO_CREDENTIAL = bytes(4)
_OLD_CODES: dict[int, int] = {Code.SERVER_BACKUP: Code.PREFIX_REFERRAL, Code.INVALID_VALUE: Code.VALUE_ALREADY_EXISTS}


def as_order(major: int, minor: int) -> tuple[int, int]:
    """A version as something to compare: 3.0 is at least 2.11, and 5.x, an old mistake for 2.0, older than 2.1."""
    return (2, 0) if major == 5 else (major, minor)


@frozen
class Envelope:
    """What stands before every message, and before every fragment of one.

    `flags`: the three high bits of the third octet (EnvelopeFlag); its five low bits are `suggested_major`.
    `length`: octets of the whole message behind the envelope, also in a fragment; `encode` computes it.
    """

    major: int = 2
    minor: int = 11
    flags: int = 0
    suggested_major: int = 2
    suggested_minor: int = 11
    session_id: int = 0
    request_id: int = 0
    sequence: int = 0
    length: int = 0

    @property
    def version(self) -> tuple[int, int]:
        """The version these octets follow, comparable (`as_order`)."""
        return as_order(self.major, self.minor)

    @property
    def suggested(self) -> tuple[int, int]:
        """(major, minor) of the highest version the sender knows; its own if it suggests none (protocol.md §2)."""
        major = self.suggested_major & 0x03
        return (major, self.suggested_minor) if major else (self.major, self.minor)


@frozen
class Header:
    """What is asked, or what became of it. `expiration` is seconds since 1970; `encode` computes `body_length`."""

    opcode: int
    code: int = Code.REQUEST
    flags: int = 0
    serial: int = SERIAL_UNKNOWN
    recursion_count: int = 0
    reserved: int = 0
    expiration: int = 0
    body_length: int = 0


@frozen
class Credential:
    """A signature of the message, or a MAC in a session: then `signer_index` is the counter (protocol.md §5)."""

    type: bytes
    algorithm: bytes
    signature: bytes
    signer_handle: bytes = b""
    signer_index: int = 0
    version: int = 0
    reserved: int = 0
    options: int = 0


@frozen
class OpaqueCredential:
    """All octets behind the body, length field included, where they are not a credential as we know it."""

    octets: bytes


ABSENT = OpaqueCredential(b"")  # the message ended behind its body, without even a length of zero


@frozen
class Message:
    """A whole, readable message.

    `digest`: of the request, in front of an answer's body if the flag RD is set; in an answer below 2.1 without that
    flag it is the reference's unannounced `00 | MD5` (protocol.md §4.1). `credential`: None if its length is 0.
    `surplus`: octets behind the announced length, which nobody reads. `octets`: the packet as it was received.
    """

    envelope: Envelope
    header: Header
    body: Body
    digest: Digest | None = None
    credential: Credential | OpaqueCredential | None = None
    surplus: bytes = b""
    octets: bytes = field(default=b"", compare=False, repr=False)

    @property
    def signed_octets(self) -> bytes:
        """Header and body as sent: what digests and signatures are computed over."""
        packet = self.octets or encode(self)
        body_length = int.from_bytes(packet[ENVELOPE_OCTETS + 20 : ENVELOPE_OCTETS + 24], "big")
        return packet[ENVELOPE_OCTETS : ENVELOPE_OCTETS + HEADER_OCTETS + body_length]


@frozen
class EncryptedMessage:
    """A message whose header, body and credential are encrypted with a session's key."""

    envelope: Envelope
    ciphertext: bytes
    surplus: bytes = b""


@frozen
class Fragment:
    """One UDP part of a message that is longer than 492 octets. `envelope.length` is the whole message's."""

    envelope: Envelope
    part: bytes


@frozen
class Unreadable:
    """Octets that are no packet, kept as they are; `reason` says why."""

    octets: bytes
    reason: str


Packet = Message | EncryptedMessage | Fragment


def decode(packet: bytes) -> Message:
    """The message in a whole packet.

    PeerError as behaviour.md §1.1 wants it: fewer octets than announced, or too few for a header, or an opcode of 0 in
    a request: code 4; encrypted: 501; too long, or an unreadable body: code 2 with the reference's words, the reason as
    cause. An unknown opcode is no error; its body is an OpaqueBody.
    """
    try:
        message = read_packet(Reader(packet))
    except PeerError as problem:
        if problem.code != Code.ERROR:
            raise
        raise PeerError(UNDECODABLE, code=Code.ERROR, offset=problem.offset) from problem
    if isinstance(message, Message):
        return message
    if isinstance(message, EncryptedMessage):
        raise PeerError("Message is encrypted", code=Code.SESSION_FAILED)
    raise _short(message.envelope.length, len(message.part))


def keep(r: Reader) -> Packet | Unreadable:
    """Whatever the reader's octets are, with all of them kept. For explaining and for round trips; never fails."""
    try:
        return read_packet(r, tolerant=True)
    except PeerError as problem:
        return Unreadable(r.octets, problem.text)


def read_packet(r: Reader, *, tolerant: bool = False) -> Packet:
    """Whatever one packet holds. `tolerant`: keep a body that cannot be read as an OpaqueBody instead of PeerError."""
    envelope = read_envelope(r)
    length, received = envelope.length, r.remaining
    if length > MESSAGE_OCTETS_MAX:
        raise r.excess("message octets", length, MESSAGE_OCTETS_MAX)
    if received < length:
        if received and received == fragment_octets(length, envelope.sequence):
            return Fragment(envelope, r.rest("part of a message"))
        raise _short(length, received)
    r.limit = ENVELOPE_OCTETS + length
    if envelope.flags & _ENCRYPTED:
        ciphertext = r.rest("ciphertext")
        return EncryptedMessage(envelope, ciphertext, _read_surplus(r))
    if length < HEADER_OCTETS:
        raise PeerError(INVALID_LENGTH, code=Code.PROTOCOL_ERROR, offset=16)
    r.open("header")
    header = Header(*r.fixed(_HEADER))
    r.close()
    if not header.opcode and not header.code:
        raise PeerError(INVALID_LENGTH, code=Code.PROTOCOL_ERROR, offset=ENVELOPE_OCTETS)
    if header.body_length > r.remaining:
        raise PeerError(f"body: {header.body_length} octets claimed, {r.remaining} left", offset=40)
    r.limit = r.position + header.body_length
    r.open("body")
    digest, body = _read_body(r, envelope, header, tolerant)
    r.close()
    r.limit = ENVELOPE_OCTETS + length
    credential = _read_credential(r)
    return Message(envelope, header, body, digest, credential, _read_surplus(r), r.octets)


def read_envelope(r: Reader) -> Envelope:
    """The first 20 octets. PeerError (code 4) if there are fewer."""
    if r.remaining < ENVELOPE_OCTETS:
        raise _short(ENVELOPE_OCTETS, r.remaining)
    r.open("envelope")
    major, minor, flags, suggested_minor, session_id, request_id, sequence, length = r.fixed(_ENVELOPE)
    r.close()
    suggested_major = flags & 0x1F
    return Envelope(
        major, minor, flags & _FLAGS_MASK, suggested_major, suggested_minor, session_id, request_id, sequence, length
    )


def fragment_octets(length: int, sequence: int) -> int:
    """How many octets of a message of `length` its fragment number `sequence` holds; 0 if there is none."""
    return max(0, min(FRAGMENT_OCTETS, length - FRAGMENT_OCTETS * sequence))


def code_on_wire(code: int, version: tuple[int, int]) -> int:
    """The code a response of this version carries: below 2.5, 7 is written as 303 and 202 as 201 (protocol.md §2)."""
    return _OLD_CODES.get(code, code) if version < (2, 5) else code


def code_meant(code: int, version: tuple[int, int]) -> int:
    """What a received code means: below 2.5, 303 is "server in backup" (protocol.md §11 trap 20)."""
    return Code.SERVER_BACKUP if code == Code.PREFIX_REFERRAL and version < (2, 5) else code


def _short(expected: int, received: int) -> PeerError:
    return PeerError(f"Expecting {expected} bytes, only received {received}", code=Code.PROTOCOL_ERROR)


def _read_body(r: Reader, envelope: Envelope, header: Header, tolerant: bool) -> tuple[Digest | None, Body]:
    """The digest prefix, if one is announced, and the body."""
    start = r.position
    layout = body_class(header.opcode, header.code, envelope.version)
    announced = header.code and header.flags & _DIGEST and r.remaining and layout is not OldChallenge
    try:
        digest = Digest.read(r) if announced else None
        return digest, layout.read(r)
    except PeerError as problem:
        r.rewind(start)
        if header.code and not header.flags & _DIGEST and envelope.version < (2, 1):
            unannounced = _read_unannounced_digest(r, layout)
            if unannounced is not None:
                return unannounced
            r.rewind(start)
        if not tolerant:
            raise
        return None, OpaqueBody(r.rest("body"), problem.text)


def _read_unannounced_digest(r: Reader, layout: type[Body]) -> tuple[Digest, Body] | None:
    """The reference's 2.0 encoder writes `00 | MD5` in front of a body without saying so; None if that is not it."""
    try:
        if r.u8("digest algorithm"):
            return None
        return Digest(0, r.raw("digest", 16)), layout.read(r)
    except PeerError:
        return None


def _read_credential(r: Reader) -> Credential | OpaqueCredential | None:
    """What stands between the body and the message's end. Never fails: what is no credential is kept as octets."""
    start = r.position
    if start == r.limit:
        return ABSENT
    r.open("credential")
    credential: Credential | OpaqueCredential | None
    try:
        length = r.u32("credential length")
        credential = _read_signature(r, length) if length or r.remaining else None
    except PeerError:
        r.rewind(start)
        credential = OpaqueCredential(r.rest("credential"))
    r.close()
    return credential


def _read_signature(r: Reader, length: int) -> Credential:
    """A credential. PeerError unless its three lengths agree with each other and with the message's end."""
    if length != r.remaining:
        raise r.excess("credential octets", length, r.remaining)
    version, reserved, options = r.fixed(_CREDENTIAL)
    signer_handle, signer_index, credential_type = r.counted("signer handle"), r.u32("signer index"), r.counted("type")
    length = r.u32("signature part length")
    if length != r.remaining:
        raise r.excess("signature part octets", length, r.remaining)
    algorithm, signature = r.counted("algorithm"), r.counted("signature")
    r.finish("credential")
    return Credential(credential_type, algorithm, signature, signer_handle, signer_index, version, reserved, options)


def _read_surplus(r: Reader) -> bytes:
    r.limit = len(r.octets)
    return r.rest("surplus") if r.limit > r.position else b""


def encode(packet: Packet | Unreadable) -> bytes:
    """The packet as octets. Lengths are computed, but a fragment keeps the length of its whole message.

    A number that does not fit its field raises struct.error: that is our caller's mistake, not a peer's.
    """
    if isinstance(packet, Unreadable):
        return packet.octets
    if isinstance(packet, Fragment):
        return _envelope_octets(packet.envelope, packet.envelope.length) + packet.part
    if isinstance(packet, EncryptedMessage):
        return _envelope_octets(packet.envelope, len(packet.ciphertext)) + packet.ciphertext + packet.surplus
    w = Writer()
    _write_digest(w, packet)
    packet.body.write(w)
    body, credential, header = w.octets(), _credential_octets(packet.credential), packet.header
    return b"".join(
        (
            _envelope_octets(packet.envelope, HEADER_OCTETS + len(body) + len(credential)),
            _HEADER.pack(
                header.opcode,
                header.code,
                header.flags,
                header.serial,
                header.recursion_count,
                header.reserved,
                header.expiration,
                len(body),
            ),
            body,
            credential,
            packet.surplus,
        )
    )


def _envelope_octets(envelope: Envelope, length: int) -> bytes:
    return _ENVELOPE.pack(
        envelope.major,
        envelope.minor,
        envelope.flags | envelope.suggested_major,
        envelope.suggested_minor,
        envelope.session_id,
        envelope.request_id,
        envelope.sequence,
        length,
    )


def _write_digest(w: Writer, message: Message) -> None:
    if message.digest is None:
        return
    if message.header.flags & _DIGEST:
        message.digest.write(w)
    else:
        w.u8(0)
        w.raw(message.digest.octets)


def _credential_octets(credential: Credential | OpaqueCredential | None) -> bytes:
    if credential is None:
        return NO_CREDENTIAL
    if isinstance(credential, OpaqueCredential):
        return credential.octets
    signature = Writer()
    signature.counted(credential.algorithm)
    signature.counted(credential.signature)
    w = Writer()
    w.fixed(_CREDENTIAL, credential.version, credential.reserved, credential.options)
    w.counted(credential.signer_handle)
    w.u32(credential.signer_index)
    w.counted(credential.type)
    w.counted(signature.octets())
    counted = Writer()
    counted.counted(w.octets())
    return counted.octets()
