"""Sessions begun and ended: opcodes 400, 402, 401, and messages that come encrypted (protocol.md §9).

    1 client's key     we draw a key and wrap it for the public key in the request
    2 server's key     we say our public key; the client wraps a key for it (opcode 402)
    3 key by handle    as 1, for the public key under a handle, here or elsewhere
    4 Diffie-Hellman   both sides derive it; what the reference client does before its first write

Whatever fails is code 501 with the reason (behaviour.md §1.3). Nobody is authenticated by any of it.
"""

from __future__ import annotations

from resolver.errors import PeerError
from resolver.model.now import NS_PER_S
from resolver.model.question import Answer, Question
from resolver.model.value import Reference
from resolver.rules import replies, session_keys
from resolver.rules.desk import ID_MOST, Case, Desk, Done, Said
from resolver.rules.keys import public_key, record_of
from resolver.rules.proof import PUBLIC_KEY
from resolver.rules.session_keys import Algorithm, SessionKey
from resolver.rules.sessions import LIFE_S, UNKNOWN_SESSION, Session
from resolver.wire.bodies.session import (
    CLIENT_KEY,
    DIFFIE_HELLMAN,
    KEY_BY_HANDLE,
    SERVER_KEY,
    KeyExchange,
    SessionAnswer,
    SessionSetup,
)
from resolver.wire.codes import Code
from resolver.wire.message import EncryptedMessage, Message, as_order

ALGORITHM_NAMED_SINCE = (2, 4)  # in the answer to mode 4; before, DES was implied
KEY_NAMED_SINCE = (2, 2)  # the same in what is wrapped
NO_SESSION = Answer(Code.SESSION_TIMEOUT, message=b"Can not get session info.")
KEY_THERE = Answer(Code.SESSION_FAILED, message=b"The session has a key already")

Agreed = tuple[SessionKey | None, bytes]


async def set_up(case: Case) -> Said:
    """Opcode 400: a new session, its id in the answer's envelope."""
    body, desk = case.request.body, case.desk
    assert isinstance(body, SessionSetup)
    version = as_order(*replies.response_version(case.request.envelope))
    try:
        key, data = await _agree(body, desk, version)
    except PeerError as problem:
        return Answer(Code.SESSION_FAILED, message=problem.text.encode())
    asked_s = body.timeout_s if 0 < body.timeout_s <= LIFE_S else LIFE_S
    session = Session(desk.fresh_id(), key, desk.now().mono_ns, body.identity, asked_s * NS_PER_S)
    desk.sessions.add(session)
    return Done(SessionAnswer(body.mode, data), session_id=session.id)


async def _agree(body: SessionSetup, desk: Desk, version: tuple[int, int]) -> Agreed:
    """The session's key, if it is known now, and what the client needs to know. PeerError with the reason."""
    if body.mode == DIFFIE_HELLMAN:
        own = session_keys.dh_answer(body.public_key or b"", desk.entropy)
        secret = session_keys.shared_secret(own, body.public_key or b"")
        if version < ALGORITHM_NAMED_SINCE:
            return session_keys.derive(secret, Algorithm.DES), own.record
        return session_keys.derive(secret, Algorithm.AES), Algorithm.AES.to_bytes(4, "big") + own.record
    if body.mode == SERVER_KEY:
        if desk.key is None:
            raise PeerError("This server has no key of its own")
        return None, record_of(desk.key)
    if body.mode == CLIENT_KEY:
        record = body.public_key or b""
    elif body.mode == KEY_BY_HANDLE and body.key_reference is not None:
        record = await _key_under(body.key_reference, desk)
    else:
        raise PeerError(f"There is no session set-up of mode {body.mode}")
    algorithm = Algorithm.DES if version < KEY_NAMED_SINCE else Algorithm.AES
    key = session_keys.new_key(desk.entropy, algorithm)
    return key, session_keys.wrap(key, public_key(record), version)


async def _key_under(reference: Reference, desk: Desk) -> bytes:
    found = await desk.look_up(Question(reference.handle, indexes=(reference.index,), certify=True))
    for value in found.values if found.code == Code.SUCCESS else ():
        if value.index == reference.index and value.type.upper() == PUBLIC_KEY:
            return value.data
    raise PeerError("There is no public key under the handle named")


def exchange_key(case: Case) -> Said:
    """Opcode 402, the second step of mode 2: the session's key, wrapped for ours."""
    body, session, desk = case.request.body, case.session, case.desk
    assert isinstance(body, KeyExchange)
    if session is None:
        return UNKNOWN_SESSION
    if session.key is not None:
        return KEY_THERE
    assert desk.key is not None  # or no session would wait for one
    try:
        session.key = session_keys.unwrap(body.key or b"", desk.key, case.request.envelope.version)
    except PeerError as problem:
        return Answer(Code.SESSION_FAILED, message=problem.text.encode())
    return Done()


def terminate(case: Case) -> Said:
    """Opcode 401."""
    if case.session is None:
        return NO_SESSION
    case.desk.sessions.end(case.session)
    return Done()


def opened(packet: EncryptedMessage, desk: Desk) -> Message:
    """The message in an encrypted packet. PeerError with the code of behaviour.md §1.1 row 4 if there is none."""
    session_id = packet.envelope.session_id
    if not 0 < session_id <= ID_MOST:
        raise PeerError("", code=Code.SESSION_FAILED)
    session = desk.sessions.get(session_id, desk.now())
    if session is None:
        raise PeerError("", code=Code.SESSION_TIMEOUT)
    if session.key is None:
        raise PeerError("", code=Code.SESSION_FAILED)
    return session_keys.decrypt(packet, session.key)
