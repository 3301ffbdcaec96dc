"""The client with the key of a server's site, against a node on loopback: it believes what that key signed, no more."""

from __future__ import annotations

import asyncio
import random
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from playbook import TEACHING, filled_store

from nodes.config import load_network
from nodes.kinds import KINDS
from nodes.node import Node
from nodes.parts import Parts
from resolver.errors import PeerError, Unreachable
from resolver.model.now import NS_PER_MS
from resolver.model.question import Answer, Question
from resolver.net.client import Exchange, ask
from resolver.net.pump import Pump, clock
from resolver.rules import keys, replies, signing
from resolver.rules.keys import SigningKey, VerifyingKey
from resolver.rules.replies import Speaker
from resolver.rules.signing import Verdict
from resolver.wire.codes import Code, OpFlag
from resolver.wire.message import decode, encode

IP, ITEM = "127.0.0.1", Question(b"88.118.8/JXDY2106023")
KEYS: dict[str, SigningKey] = {"rsa": keys.generate("rsa", 1_024), "ec": keys.generate("ec")}
KEYS["ed25519"], OTHER = keys.generate("ed25519"), keys.generate("rsa", 1_024)
SHORT_NS = (20 * NS_PER_MS,)


def public(key: SigningKey) -> VerifyingKey:
    return keys.public_key(keys.record_of(key))


@asynccontextmanager
async def served(key: SigningKey | None) -> AsyncIterator[tuple[Node, tuple[str, int]]]:
    plan = load_network(TEACHING).node("enterprise-88.118.8")
    node = KINDS[plan.tier](Parts(plan, filled_store(plan), random.Random(1).randbytes, {}, key))
    with socket.socket() as probe:
        probe.bind((IP, 0))
        port: int = probe.getsockname()[1]
    pump = Pump(node, IP)
    await pump.open((port,))
    try:
        yield node, (IP, port)
    finally:
        await pump.close()


def asked(
    server_key: SigningKey | None, key: VerifyingKey | None, question: Question = ITEM, *, tcp: bool = False
) -> Exchange:
    async def story() -> Exchange:
        async with served(server_key) as (_, address):
            return await ask(address, question, key=key, tcp=tcp, udp_waits_ns=SHORT_NS)

    return asyncio.run(asyncio.wait_for(story(), 30))


@pytest.mark.parametrize("tcp", [False, True], ids=["udp", "tcp"])
@pytest.mark.parametrize("kind", KEYS)
def test_an_answer_signed_by_the_sites_key_is_believed(kind: str, tcp: bool) -> None:
    for handle, code in ((ITEM.handle, Code.SUCCESS), (b"88.118.8/nothing", Code.HANDLE_NOT_FOUND)):
        exchange = asked(KEYS[kind], public(KEYS[kind]), Question(handle), tcp=tcp)
        assert exchange.code == code
        assert exchange.message.digest is not None
        assert signing.verify(exchange.message, public(KEYS[kind])) is Verdict.GENUINE


@pytest.mark.parametrize("server_key", [OTHER, None], ids=["another key", "no key"])
def test_an_answer_that_the_sites_key_did_not_sign_is_as_good_as_none(server_key: SigningKey | None) -> None:
    with pytest.raises(PeerError, match="not certified"):
        asked(server_key, public(KEYS["rsa"]))


def test_without_a_key_nothing_is_asked_for_and_nothing_checked() -> None:
    exchange = asked(KEYS["rsa"], None)
    assert (exchange.code, exchange.message.credential, exchange.message.digest) == (Code.SUCCESS, None, None)


def test_a_signature_under_the_answer_to_another_request_proves_nothing() -> None:
    request = replies.request_message(replace(ITEM, certify=True), 7, clock())
    other = replace(request, header=replace(request.header, expiration=1))
    answer = Answer(Code.SUCCESS)
    for asked_for, believed in ((request, True), (other, False)):
        signed = signing.sign(replies.respond(asked_for, answer, Speaker(1, True), clock()), KEYS["rsa"])
        received = decode(encode(signed))
        if believed:
            signing.check(request, received, public(KEYS["rsa"]))
            continue
        with pytest.raises(PeerError, match="another request"):
            signing.check(request, received, public(KEYS["rsa"]))
    without = replace(request, header=replace(request.header, flags=request.header.flags & ~OpFlag.REQUEST_DIGEST))
    signed = signing.sign(replies.respond(without, answer, Speaker(1, True), clock()), KEYS["rsa"])
    with pytest.raises(PeerError, match="another request"):
        signing.check(without, decode(encode(signed)), public(KEYS["rsa"]))


def test_nobody_at_the_address_is_still_nobody() -> None:
    with pytest.raises(Unreachable):
        asyncio.run(ask((IP, 1), ITEM, key=public(KEYS["rsa"]), udp_waits_ns=SHORT_NS))
