"""The shortcut must say octet for octet what the long way says, or step aside."""

from __future__ import annotations

import random

import pytest
from playbook import TEACHING, ask, country, filled_store, teaching_country

from nodes.config import load_network, truth_of
from nodes.parts import Parts
from resolver.errors import PeerError
from resolver.model.now import NS_PER_S, Now
from resolver.model.question import Question
from resolver.rules import authority, replies, shortcut
from resolver.rules.replies import Speaker
from resolver.wire.bodies.resolution import ResolutionRequest
from resolver.wire.codes import Code, Opcode
from resolver.wire.message import Message, decode, encode

NOW = Now(0, 1_800_000_000 * NS_PER_S)
SPEAKER = Speaker(7, True)
PLAN = load_network(TEACHING)


def long_way(packet: bytes, standing: authority.Standing, store) -> bytes:  # type: ignore[no-untyped-def]
    message = decode(packet)
    assert isinstance(message, Message) and isinstance(message.body, ResolutionRequest)
    answer = authority.decide(replies.question_of(message, message.body), standing, store.get)
    return encode(replies.respond(message, answer, SPEAKER, NOW))


@pytest.fixture(scope="module", params=["enterprise-88.118.8", "enterprise-88.300.21-1", "secondary-88.118", "root-1"])
def holder(request: pytest.FixtureRequest):  # type: ignore[no-untyped-def]
    plan = PLAN.node(request.param)
    store = filled_store(plan)
    return Parts(plan, store, random.Random(1).randbytes, {}).standing, store


def test_every_record_of_the_catalogue_is_answered_alike_or_left_alone(holder) -> None:  # type: ignore[no-untyped-def]
    standing, store = holder
    handles = [handle for handle, _ in truth_of(PLAN)] + [b"0.NA/88.118.8", b"88.118.8", b"88.118.8/nothing", b"0/0"]
    taken = 0
    for handle in handles:
        for public_only in (True, False):
            packet = encode(replies.request_message(Question(handle, public_only=public_only), 9, NOW))
            quick = shortcut.answer_plain(packet, standing, store.get, SPEAKER, NOW.wall_s)
            if quick is not None:
                taken += 1
                assert quick == long_way(packet, standing, store)
    assert taken > 0 or not any(standing.homes(handle) and standing.hashed_here(handle) for handle in handles[:-4])


def test_altered_requests_are_answered_alike_or_left_alone() -> None:
    plan = PLAN.node("enterprise-88.118.8")
    store = filled_store(plan)
    standing = Parts(plan, store, random.Random(1).randbytes, {}).standing
    original = encode(replies.request_message(Question(b"88.118.8/JXDY2106023"), 9, NOW))
    chance = random.Random(20261124)
    taken = 0
    for _ in range(20_000):
        packet = bytearray(original)
        for _ in range(chance.randrange(1, 3)):
            packet[chance.randrange(len(packet))] ^= 1 << chance.randrange(8)
        if chance.random() < 0.1:
            del packet[chance.randrange(len(packet)) :]
        quick = shortcut.answer_plain(bytes(packet), standing, store.get, SPEAKER, NOW.wall_s)
        if quick is None:
            continue
        taken += 1
        try:
            assert quick == long_way(bytes(packet), standing, store)
        except PeerError:
            pytest.fail(f"the shortcut answered what cannot be decoded: {packet.hex()}")
    assert taken > 500


def test_both_ways_are_counted_alike() -> None:
    made = country(PLAN)
    for question in (Question(b"88.118.8/JXDY2106023"), Question(b"88.118.8/JXDY2106023", types=(b"URL",))):
        reply = ask(made, "enterprise-88.118.8", question)
        assert reply is not None and reply.header.code == Code.SUCCESS
    counters = made.nodes["enterprise-88.118.8"].counters
    assert counters.decided[counters.slots["udp", Opcode.RESOLUTION.name, Code.SUCCESS.name]] == 2
    assert counters.cache["packet", "miss"] == 2


def test_a_repeated_question_to_an_authority_is_recalled() -> None:
    made = teaching_country()
    first = ask(made, "enterprise-88.118.8", b"88.118.8/JXDY2106023")
    again = ask(made, "enterprise-88.118.8", b"88.118.8/JXDY2106023")
    assert first is not None and again is not None
    assert first.body == again.body
    assert sum(made.nodes["enterprise-88.118.8"].counters.recalled) == 1
