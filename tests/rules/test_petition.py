"""Petitions against a desk: no sockets, and servers that lie."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import pytest
from office import OWNER, RSA, SECRET_OWNER, WALL_S, Office, admin, entropy

from resolver.errors import PeerError
from resolver.model.now import NS_PER_S, Now
from resolver.model.value import Value
from resolver.rules import keys, petition, signing
from resolver.rules.petition import Say, Terms
from resolver.wire.bodies.administration import ValuesRequest
from resolver.wire.bodies.authentication import Challenge
from resolver.wire.bodies.error import ErrorBody
from resolver.wire.bodies.resolution import ResolutionAnswer, ResolutionRequest
from resolver.wire.codes import Code, Opcode, OpFlag
from resolver.wire.message import Header, Message, decode, encode

ITEM = b"88.1/item"
URL = Value(1, b"URL", b"https://a.example")
HIDDEN = Value(2, b"EMAIL", b"hidden", permissions=0x0C)
CREATE = ValuesRequest(b"88.1/new", (URL, admin(0xFFF)))
SERVER = keys.generate("ec")
SECRET_READ = OpFlag.RECURSIVE | OpFlag.CACHE_CERTIFY

Result = TypeVar("Result")
Lie = Callable[[Message, int], Message]


def office() -> Office:
    return Office({ITEM: (URL, HIDDEN, admin(0xFFF))}, key=SERVER)


def terms(**other: Any) -> Terms:
    return Terms(lambda: Now(0, WALL_S * NS_PER_S), entropy(), server_key=SERVER.public_key(), **other)


def drive(
    rule: Coroutine[Say, Any, Result], desk: Office, lie: Lie = lambda message, _: message
) -> tuple[Result, list[int]]:
    """Drive a petition; what it came to, and the opcodes that were sent. `lie` changes the nth answer."""
    sent: list[int] = []
    heard: Sequence[Message] | None = None
    while True:
        try:
            say = rule.send(heard)
        except StopIteration as stop:
            return stop.value, sent
        asked = decode(say.packet())
        sent.append(asked.header.opcode)
        answers = [lie(answer, len(sent)) for answer in desk.ask_all(asked)]
        heard = [say.read(encode(replace(answer, octets=b""))) for answer in answers]


@pytest.mark.parametrize("version", [(2, 1), (2, 3), (2, 5), (2, 7), (2, 10), (2, 11)])
@pytest.mark.parametrize("who", [OWNER, SECRET_OWNER], ids=["key", "secret"])
@pytest.mark.parametrize("session", [False, True], ids=["bare", "session"])
def test_a_challenge_is_answered_in_every_version(version: tuple[int, int], who: Any, session: bool) -> None:
    desk, own = office(), terms(version=version, suggested=version)
    sent: list[int] = []
    if session:
        _, sent = drive(petition.begin_session(own, who), desk)
    (done,), more = drive(petition.petition(Opcode.CREATE_HANDLE, CREATE, own, who), desk)
    assert (done.header.opcode, done.header.code) == (Opcode.CREATE_HANDLE, Code.SUCCESS)
    assert sent + more == [Opcode.SESSION_SETUP] * session + [Opcode.CREATE_HANDLE, Opcode.CHALLENGE_ANSWER]
    again = ValuesRequest(b"88.1/another", (URL,))
    (done,), sent = drive(petition.petition(Opcode.CREATE_HANDLE, again, own, who), desk)
    assert done.header.code == Code.SUCCESS
    assert len(sent) == (1 if session else 2)  # a session proves once


def test_a_challenge_about_another_request_is_not_answered() -> None:
    def foreign(message: Message, number: int) -> Message:
        digest = message.digest
        assert digest is not None
        return replace(message, digest=replace(digest, octets=bytes(len(digest.octets))))

    desk = office()
    with pytest.raises(PeerError, match="about another request"):
        drive(petition.petition(Opcode.CREATE_HANDLE, CREATE, terms(), OWNER), desk, foreign)
    assert not desk.written


def test_nobody_is_challenged_for_ever() -> None:
    desk = office()
    first: list[Message] = []

    def insistent(message: Message, number: int) -> Message:
        if isinstance(message.body, Challenge):
            first.append(message)
        return replace(first[0], envelope=replace(first[0].envelope, request_id=message.envelope.request_id))

    (last,), sent = drive(petition.petition(Opcode.CREATE_HANDLE, CREATE, terms(), OWNER), desk, insistent)
    assert last.header.code == Code.AUTHENTICATION_NEEDED
    assert len(sent) == 1 + petition.CHALLENGES_MAX


def test_without_credentials_the_challenge_is_the_answer() -> None:
    (answer,), sent = drive(petition.petition(Opcode.CREATE_HANDLE, CREATE, terms()), office())
    assert (answer.header.code, sent) == (Code.AUTHENTICATION_NEEDED, [Opcode.CREATE_HANDLE])


def read_secretly(own: Terms) -> Coroutine[Say, Any, Sequence[Message]]:
    return petition.petition(Opcode.RESOLUTION, ResolutionRequest(ITEM), own, OWNER, SECRET_READ)


@pytest.mark.parametrize("session", [False, True], ids=["bare", "session"])
def test_a_certified_answer_behind_a_challenge_is_checked(session: bool) -> None:
    desk, own = office(), terms()
    if session:
        drive(petition.begin_session(own, OWNER), desk)
    own.certify = True
    (answer,), _ = drive(read_secretly(own), desk)
    assert isinstance(answer.body, ResolutionAnswer) and HIDDEN in answer.body.values

    def altered(message: Message, number: int) -> Message:
        if isinstance(message.body, ResolutionAnswer):
            values = [replace(value, data=b"https://b.example") for value in message.body.values]
            return replace(message, body=replace(message.body, values=tuple(values)))
        return message

    def unsigned(message: Message, number: int) -> Message:
        return replace(message, credential=None)

    def outside(message: Message, number: int) -> Message:
        """As if there were no session, signed by somebody."""
        envelope = replace(message.envelope, session_id=0)
        return signing.sign(replace(message, envelope=envelope, octets=b"", credential=None), RSA)

    for lie in (altered, unsigned, outside):
        with pytest.raises(PeerError, match="not certified"):
            drive(read_secretly(replace(own)), desk, lie)


def test_expired_foreign_and_unread_are_no_answers() -> None:
    def expired(message: Message, number: int) -> Message:
        return replace(message, header=replace(message.header, expiration=WALL_S - 1))

    def foreign(message: Message, number: int) -> Message:
        return replace(message, envelope=replace(message.envelope, request_id=message.envelope.request_id ^ 1))

    def unread(message: Message, number: int) -> Message:
        body, header = ErrorBody(b"Invalid message length"), Header(0, Code.PROTOCOL_ERROR)
        return replace(
            message, envelope=replace(message.envelope, request_id=0xFFFFFFFF), header=header, body=body, digest=None
        )

    for lie, words in ((expired, "expired"), (foreign, "not the answer"), (unread, "Invalid message length")):
        with pytest.raises(PeerError, match=words):
            drive(petition.petition(Opcode.RESOLUTION, ResolutionRequest(ITEM), terms()), office(), lie)


def test_a_session_that_a_stranger_signed_is_none() -> None:
    def by_another(message: Message, number: int) -> Message:
        return signing.sign(replace(message, octets=b"", credential=None), RSA)

    own = terms()
    with pytest.raises(PeerError, match="not certified"):
        drive(petition.begin_session(own, OWNER), office(), by_another)
    assert own.session is None


def test_counters_are_never_used_twice() -> None:
    desk, own = office(), terms()
    drive(petition.begin_session(own, OWNER), desk)
    rule = petition.petition(Opcode.CREATE_HANDLE, CREATE, own, OWNER)
    say = rule.send(None)
    first, second = decode(say.packet()), decode(say.packet())  # as it is sent again over UDP
    rule.close()
    counters = [getattr(message.credential, "signer_index", None) for message in (first, second)]
    assert counters == [1, 2]
    assert first.envelope.request_id == second.envelope.request_id
