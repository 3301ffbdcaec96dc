"""What recursive nodes say to the national SDK and to those who would write: identities passed on, nothing decided."""

from __future__ import annotations

from dataclasses import replace

import pytest
from office import request
from playbook import Country, teaching_country

from resolver.model.now import Now
from resolver.model.route import Origin
from resolver.wire.bodies.authentication import ChallengeAnswer, VerifyRequest
from resolver.wire.bodies.base import HandleRequest
from resolver.wire.bodies.digest import SHA256, Digest
from resolver.wire.bodies.resolution import ResolutionRequest
from resolver.wire.codes import Code, Opcode, OpFlag
from resolver.wire.message import Message, decode, encode

ITEM, PREFIX = b"88.118.8/JXDY2106023", b"0.NA/88.118.8"
TOKEN = b"eyJhbGciOiJSUzI1NiJ9.not.looked.into"
IDENTITY = len(TOKEN).to_bytes(4, "big") + TOKEN


def ask(made: Country, message: Message) -> Message:
    packet = made.world.ask(made.ip("recursive-1"), encode(message), tcp=True)
    assert packet is not None
    return decode(packet)


def heard_at(made: Country, name: str, monkeypatch: pytest.MonkeyPatch) -> list[Message]:
    """The questions a node hears from now on."""
    heard, node = [], made.nodes[name]
    receive = node.receive_datagram

    def listen(packet: bytes, origin: Origin, now: Now):  # type: ignore[no-untyped-def]
        heard.append(decode(packet))
        return receive(packet, origin, now)

    monkeypatch.setattr(node, "receive_datagram", listen)
    made.world.instead(made.ip(name), made.at_the_door(name))
    return heard


def test_an_identity_goes_to_the_authority_as_it_came_and_the_answer_to_nobody_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = teaching_country()
    item, prefix = (heard_at(made, name, monkeypatch) for name in ("enterprise-88.118.8", "secondary-88.118"))
    asked = request(Opcode.RESOLUTION, ResolutionRequest(ITEM, tail=IDENTITY), OpFlag.RECURSIVE_AUTH)
    for _ in range(2):
        assert ask(made, asked).header.code == Code.SUCCESS
    assert [message.body.tail for message in item] == [IDENTITY] * 2  # type: ignore[union-attr]
    assert all(message.header.flags & OpFlag.RECURSIVE_AUTH for message in item)
    assert [message.body.tail for message in prefix] == [b""]  # type: ignore[union-attr]
    plain = request(Opcode.RESOLUTION, ResolutionRequest(ITEM, tail=bytes(4)))
    assert ask(made, plain).header.code == Code.SUCCESS
    assert item[2].body.tail == b"" and not item[2].header.flags & OpFlag.RECURSIVE_AUTH  # type: ignore[union-attr]
    assert ask(made, plain).header.code == Code.SUCCESS and len(item) == 3


@pytest.mark.parametrize(
    ("opcode", "body", "session_id", "code"),
    [
        (Opcode.GET_SITE_INFO, HandleRequest(b"/"), 0, Code.SUCCESS),
        (Opcode.GET_SITE_INFO, HandleRequest(b"/"), 10_001, Code.SUCCESS),
        (Opcode.CHALLENGE_ANSWER, ChallengeAnswer(b"HS_SECKEY", PREFIX, 301, b"\2x"), 5, Code.AUTHEN_TIMEOUT),
        (Opcode.VERIFY, VerifyRequest(PREFIX, 301, bytes(16), Digest(SHA256, bytes(32)), b"\2x"), 0, Code.ERROR),
        (Opcode.DELETE_HANDLE, HandleRequest(ITEM), 0, Code.ERROR),
        (Opcode.LIST_HOMED_PREFIXES, HandleRequest(PREFIX), 0, Code.ERROR),
        (Opcode.RESOLUTION, ResolutionRequest(ITEM), 7, Code.SESSION_TIMEOUT),
    ],
)
def test_a_cache_answers_what_a_cache_can(opcode: Opcode, body, session_id: int, code: Code) -> None:  # type: ignore[no-untyped-def]
    made = teaching_country()
    message = request(opcode, body, session_id=session_id)
    reply = ask(made, replace(message, header=replace(message.header, expiration=made.world.now.wall_s + 60)))
    assert (reply.header.opcode, reply.header.code) == (opcode, code)
