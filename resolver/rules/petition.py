"""Petitions: the client's side of a conversation with one server (behaviour.md §3.4; protocol.md §9).

    request ---Say---> 402 challenge --- is it about my request? ---Say (200)---> the answer to the request
            ---Say---> any other answer: that is it

A petition is an `async def` over one effect, `Say`; whoever drives it moves packets (resolver/net/line.py, or a test's
desk). Within a session messages carry MACs with a counter and may be encrypted; a packet is made anew each time it is
sent, so that no counter is used twice.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field, replace

from resolver.errors import CallerError, PeerError
from resolver.model.frozen import frozen
from resolver.model.now import Now
from resolver.model.site import SERIAL_UNKNOWN
from resolver.rules import proof, replies, session_keys, signing
from resolver.rules.keys import SigningKey, VerifyingKey, public_key, record_of
from resolver.rules.proof import SALT_OCTETS, Credentials
from resolver.rules.session_keys import Algorithm, SessionKey
from resolver.rules.signing import Verdict
from resolver.wire import peek
from resolver.wire.bodies.authentication import LoginRequest
from resolver.wire.bodies.base import Body, HandleRequest
from resolver.wire.bodies.session import (
    CLIENT_KEY,
    DIFFIE_HELLMAN,
    KEY_BY_HANDLE,
    NOBODY,
    SERVER_KEY,
    KeyExchange,
    SessionAnswer,
    SessionSetup,
)
from resolver.wire.buffer import Reader
from resolver.wire.codes import Code, Opcode, OpFlag, code_name
from resolver.wire.message import ABSENT, EncryptedMessage, Envelope, Header, Message, as_order, encode, read_packet

CHALLENGES_MAX = 2  # of one request
MESSAGES_MAX = 100_000  # of one answer: a list of five million handles
REQUEST_ID_MAX = 0x7FFFFFFF
SESSION_S = 86_400
SDK_SESSION_FIRST = 10_001  # the national SDK's own session ids begin there (behaviour.md §7 trap 22)
SDK_LOGIN_FLAGS = OpFlag.RECURSIVE | OpFlag.REQUEST_DIGEST
ALGORITHM_NAMED_SINCE = (2, 4)
STRANGER = (2, 3)  # the version spoken to a server of which nothing is known (behaviour.md §3.2)
LISTS = (Opcode.LIST_HANDLES, Opcode.LIST_HOMED_PREFIXES)  # never over UDP
WITHOUT_MAC = (Opcode.SESSION_SETUP, Opcode.SESSION_EXCHANGE_KEY, Opcode.CHALLENGE_ANSWER)
IN_THE_OPEN = (Opcode.SESSION_SETUP, Opcode.SESSION_EXCHANGE_KEY)
SESSION_CODES_FROM = 500  # codes from here on say that the session is no good (any more)


@dataclass(slots=True, eq=False)
class ClientSession:
    """A session as its client knows it. `key` None: the national SDK's, where the connection is the identity."""

    id: int
    key: SessionKey | None = field(default=None, repr=False)
    sent: int = 0


@dataclass(slots=True)
class Terms:
    """How a client talks to one server.

    `version` is spoken, `suggested` the highest that the client knows: the server answers in that, if it knows it too.
    `serial`: of the site as the client knows it. `server_key`: the one in the server's HS_SITE, with which certified
    answers must be signed. `certify` asks for that; `encrypt` wants answers (and, in a session, requests) that nobody
    else can read.
    """

    now: Callable[[], Now]
    entropy: Callable[[int], bytes]
    version: tuple[int, int] = replies.HIGHEST
    suggested: tuple[int, int] = replies.HIGHEST
    serial: int = SERIAL_UNKNOWN
    server_key: VerifyingKey | None = None
    certify: bool = False
    encrypt: bool = False
    session: ClientSession | None = None

    def fresh_id(self) -> int:
        """An unguessable request id."""
        return 1 + int.from_bytes(self.entropy(4), "big") % REQUEST_ID_MAX


@frozen
class Say:
    """Send a message and hear what comes back: the messages of the answer, all but the last with the flag CONTINUED.

    `packet` makes its octets, anew for each sending; `read` understands one packet of the answer, or raises PeerError:
    then that is as good as silence. `stream_only`: not over UDP.
    """

    request_id: int
    packet: Callable[[], bytes]
    read: Callable[[bytes], Message]
    stream_only: bool

    def __await__(self) -> Generator[Say, Sequence[Message], Sequence[Message]]:
        return (yield self)


def made(opcode: int, body: Body, terms: Terms, flags: int = replies.DEFAULT_FLAGS) -> Message:
    """A request as these terms have it."""
    if terms.certify:
        flags |= OpFlag.CERTIFY | OpFlag.REQUEST_DIGEST
    if terms.encrypt:
        flags |= OpFlag.ENCRYPT
    session = terms.session
    envelope = Envelope(
        *terms.version, 0, *terms.suggested, session_id=session.id if session else 0, request_id=terms.fresh_id()
    )
    expiration = (terms.now().wall_s + peek.RESPONSE_LIFE_S) & 0xFFFFFFFF
    header = Header(opcode, flags=flags, serial=terms.serial, expiration=expiration)
    # The national SDK's login ends behind its body, and is known by that too (behaviour.md §7 trap 21).
    return Message(envelope, header, body, credential=ABSENT if opcode == Opcode.LOGIN else None)


def say(request: Message, terms: Terms, about: Message | None = None) -> Say:
    """The effect that sends a request and reads its answer. `about`: the challenged request, if this answers that."""

    def packet() -> bytes:
        session, opcode, message = terms.session, request.header.opcode, request
        if session is None or session.key is None:
            return encode(request)
        if opcode not in WITHOUT_MAC:
            session.sent += 1
            message = signing.sign_in_session(request, session.key.octets, session.sent)
        if request.header.flags & OpFlag.ENCRYPT and opcode not in IN_THE_OPEN:
            return encode(session_keys.encrypt(message, session.key, terms.entropy))
        return encode(message)

    def read(octets: bytes) -> Message:
        return understood(octets, request, terms, about)

    return Say(request.envelope.request_id, packet, read, (about or request).header.opcode in LISTS)


def understood(octets: bytes, request: Message, terms: Terms, about: Message | None = None) -> Message:
    """A response to a request. PeerError if it cannot be read, or believed as far as the request demands that.

    What comes after a challenge may repeat the digest of its answer or of the request `about` which that was.
    """
    read = read_packet(Reader(octets))
    session = terms.session
    if isinstance(read, EncryptedMessage):
        if session is None or session.key is None:
            raise PeerError("an encrypted answer outside a session")
        read = session_keys.decrypt(read, session.key)
    if not isinstance(read, Message):
        raise PeerError("the answer is no whole message")
    if read.envelope.request_id == replies.UNDECODED_REQUEST_ID and read.header.code != Code.REQUEST:
        raise PeerError(f"the request was not read: {code_name(read.header.code)} {_words(read)}".strip())
    if read.header.code == Code.REQUEST or read.envelope.request_id != request.envelope.request_id:
        raise PeerError("not the answer to this request")
    if 0 < read.header.expiration < terms.now().wall_s:
        raise PeerError("the answer has expired")
    flags = request.header.flags
    certify = flags & OpFlag.CERTIFY and read.header.code < SESSION_CODES_FROM
    if flags & OpFlag.REQUEST_DIGEST and (read.digest is not None or certify):
        asked = (request,) if about is None else (request, about)
        if read.digest not in [replies.request_digest(each, read.envelope.version) for each in asked]:
            raise PeerError("the answer to another request")
    if certify:
        _certified(read, request, terms)
    return read


def _certified(response: Message, request: Message, terms: Terms) -> None:
    """In a session by its MAC, or as outside one by the key in the site: a challenge may be signed like that."""
    session, verdict = terms.session, Verdict.UNSIGNED
    inside = session is not None and session.key is not None and request.header.opcode not in IN_THE_OPEN
    if inside:
        assert session is not None and session.key is not None
        verdict = signing.verify_in_session(response, session.key.octets)
    elif terms.server_key is None:
        return
    if verdict is not Verdict.GENUINE and terms.server_key is not None:
        verdict = signing.verify(response, terms.server_key)
    if verdict is not Verdict.GENUINE:
        raise PeerError(f"not certified: {verdict.value}")


async def petition(
    opcode: int, body: Body, terms: Terms, who: Credentials | None = None, flags: int = replies.DEFAULT_FLAGS
) -> Sequence[Message]:
    """Ask a server, and prove who asks if it wants to know. The messages of the answer; a challenge that cannot be
    answered, for want of credentials, is the answer. PeerError for a challenge about something else.
    """
    return await _asked(made(opcode, body, terms, flags), terms, who)


async def _asked(request: Message, terms: Terms, who: Credentials | None) -> Sequence[Message]:
    responses = await say(request, terms)
    for _ in range(CHALLENGES_MAX):
        challenge = responses[0]
        if challenge.header.code != Code.AUTHENTICATION_NEEDED or who is None:
            break
        responses = await say(answer_to(challenge, request, terms, who), terms, request)
    return responses


def answer_to(challenge: Message, request: Message, terms: Terms, who: Credentials) -> Message:
    """Opcode 200. PeerError if the challenge is not about our request: who answers it signs what they never asked."""
    demand = proof.demand_of(challenge)
    if demand.digest.octets != replies.request_digest(request, challenge.envelope.version).octets:
        raise PeerError("the challenge is about another request")
    body = proof.answer(demand, who, terms.entropy(SALT_OCTETS))
    flags = replies.DEFAULT_FLAGS & ~OpFlag.PUBLIC_ONLY | request.header.flags & OpFlag.PUBLIC_ONLY
    answer = made(Opcode.CHALLENGE_ANSWER, body, replace(terms, serial=SERIAL_UNKNOWN), flags)
    own = challenge.envelope
    envelope = replace(
        answer.envelope,
        major=own.major,
        minor=own.minor,
        suggested_major=own.suggested_major,
        suggested_minor=own.suggested_minor,
        session_id=own.session_id,
    )
    return replace(answer, envelope=envelope)


# ---- sessions --------------------------------------------------------------------------------------------------------


async def begin_session(
    terms: Terms,
    who: Credentials | None = None,
    *,
    mode: int = DIFFIE_HELLMAN,
    key: SigningKey | None = None,
    timeout_s: int = SESSION_S,
) -> ClientSession:
    """Set one up (opcode 400), and use it from now on in these terms. PeerError if the server does not agree.

    `key`: our private RSA (or SM2) key for modes CLIENT_KEY and KEY_BY_HANDLE; the latter names `who` as its holder.
    """
    identity = who.user if who is not None else NOBODY
    own = session_keys.dh_keys(terms.entropy) if mode == DIFFIE_HELLMAN else None
    if own is not None:
        body = SessionSetup(mode, timeout_s, identity, public_key=own.record)
    elif mode == SERVER_KEY:
        body = SessionSetup(mode, timeout_s, identity)
    elif key is None:
        raise CallerError(f"a session of mode {mode} needs our private key")
    elif mode == CLIENT_KEY:
        body = SessionSetup(mode, timeout_s, identity, public_key=record_of(key))
    elif mode == KEY_BY_HANDLE and who is not None:
        body = SessionSetup(mode, timeout_s, identity, key_reference=who.user)
    else:
        raise CallerError(f"there is no session of mode {mode} for nobody")
    terms.session = None
    flags = replies.DEFAULT_FLAGS | OpFlag.CERTIFY | OpFlag.REQUEST_DIGEST
    request = made(Opcode.SESSION_SETUP, body, replace(terms, encrypt=False, serial=SERIAL_UNKNOWN), flags)
    (response,) = await say(request, terms)
    answer = response.body
    if response.header.code != Code.SUCCESS or not isinstance(answer, SessionAnswer):
        raise PeerError(f"no session: {code_name(response.header.code)} {_words(response)}".strip())
    version = response.envelope.version
    session = ClientSession(response.envelope.session_id)
    if own is not None:
        session.key = _agreed(own, answer.data, version)
    elif mode == SERVER_KEY:
        await _hand_in_key(session, public_key(answer.data), terms)
    else:
        assert key is not None
        session.key = session_keys.unwrap(answer.data, key, version)
    terms.session = session
    return session


def _agreed(own: session_keys.DhKeys, data: bytes, version: tuple[int, int]) -> SessionKey:
    algorithm: int = Algorithm.DES
    if version >= ALGORITHM_NAMED_SINCE:
        algorithm, data = int.from_bytes(data[:4], "big"), data[4:]
    return session_keys.derive(session_keys.shared_secret(own, data), algorithm)


async def _hand_in_key(session: ClientSession, server_key: VerifyingKey, terms: Terms) -> None:
    """The second step of mode SERVER_KEY (opcode 402)."""
    version = as_order(*terms.version)
    algorithm = Algorithm.AES if version >= (2, 2) else Algorithm.DES
    key = session_keys.new_key(terms.entropy, algorithm)
    inside = replace(terms, session=session, encrypt=False, certify=False)
    wrapped = KeyExchange(session_keys.wrap(key, server_key, version))
    (response,) = await say(made(Opcode.SESSION_EXCHANGE_KEY, wrapped, inside), inside)
    if response.header.code != Code.SUCCESS:
        raise PeerError(f"no session: {code_name(response.header.code)} {_words(response)}".strip())
    session.key = key


async def end_session(terms: Terms) -> Sequence[Message]:
    """Terminate the session of these terms (opcode 401)."""
    session = terms.session
    if session is None or session.key is None:
        raise CallerError("there is no session to end")
    responses = await petition(Opcode.SESSION_TERMINATE, HandleRequest(b""), terms)
    terms.session = None
    return responses


async def log_in(terms: Terms, who: Credentials, number: int = SDK_SESSION_FIRST) -> Sequence[Message]:
    """The national SDK's login (behaviour.md §5.3): ask who the site is under a session id of our own, say who we are
    (opcode 2001), prove it. From then on the connection is the identity, and requests carry the id without a MAC.
    """
    terms.session = ClientSession(number)
    await petition(Opcode.GET_SITE_INFO, HandleRequest(b"/"), terms)
    user = LoginRequest(who.user.handle, who.user.index)
    responses = await petition(Opcode.LOGIN, user, terms, who, SDK_LOGIN_FLAGS)
    if responses[0].header.code != Code.SUCCESS:
        terms.session = None
    return responses


def _words(response: Message) -> str:
    message = getattr(response.body, "message", b"")
    return message.decode("utf-8", "replace") if isinstance(message, bytes) else ""
