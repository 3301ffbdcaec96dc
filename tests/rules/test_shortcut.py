"""The shortcut must say octet for octet what the long way says, or step aside."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from playbook import TEACHING, ask, country, filled_store, teaching_country

from nodes.config import load_network, truth_of
from nodes.parts import Parts
from nodes.seeker import answers_question
from resolver.cache.answers import aged, lifetime_s
from resolver.errors import PeerError
from resolver.model.now import NS_PER_S, Now
from resolver.model.question import Answer, Question
from resolver.model.value import Reference, Value
from resolver.rules import authority, replies, shortcut
from resolver.rules.replies import Speaker
from resolver.rules.resolution import SITE_TYPES
from resolver.wire.bodies.resolution import ResolutionRequest
from resolver.wire.codes import Code, Opcode
from resolver.wire.message import Message, decode, encode
from resolver.wire.record import pack_record
from resolver.wire.types import hs_site
from resolver.wire.values import PackedValues

NOW = Now(0, 1_800_000_000 * NS_PER_S)
SPEAKER = Speaker(7, True)
PLAN = load_network(TEACHING)
SITES = (
    Value(1, b"HS_SITE", hs_site.encode(PLAN.node("enterprise-88.118.8").site)),
    Value(2, b"hs_site.6", b"six", ttl=7, references=(Reference(b"0.NA/88", 300),)),
    Value(3, b"URL", b"not asked for"),
    Value(4, b"HS_SERV", b"88.118/secret", permissions=0),
)


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


@pytest.mark.parametrize("name", ["root-1", "national-88", "secondary-88.118"])
def test_the_sites_of_a_prefix_are_told_alike_or_left_alone(name: str) -> None:
    plan = PLAN.node(name)
    store = filled_store(plan)
    standing = Parts(plan, store, random.Random(1).randbytes, {}).standing
    secret = Value(300, b"HS_SECKEY", b"secret", permissions=0)
    store.commit([(b"0.NA/88.118.9", pack_record((*SITES, secret))), (b"0.NA/88.118.10", pack_record((secret,)))])
    chance = random.Random(20261125)
    handles = [
        b"0.NA/88",
        b"0.NA/88.118",
        b"0.NA/88.118.8",
        b"0.na/88.118.9",
        b"0.NA/88.118.10",
        b"0.NA/88.77.1",
        b"88.118",
    ]
    taken = 0
    for handle in handles:
        for change in ({}, {"public_only": False}, {"do_not_refer": True}, {"types": (b"HS_SITE",)}):
            question = replace(Question(handle, types=SITE_TYPES), **change)
            original = encode(replies.request_message(question, 9, NOW))
            for round in range(400):
                packet = bytearray(original)
                for _ in range(chance.randrange(3) if round else 0):
                    packet[chance.randrange(len(packet))] ^= 1 << chance.randrange(8)
                quick = shortcut.answer_prefix(bytes(packet), standing, store.get, SPEAKER, NOW.wall_s)
                if quick is not None:
                    taken += 1
                    assert quick == long_way(bytes(packet), standing, store)
                    assert shortcut.is_referral(quick) == (decode(quick).header.code == Code.PREFIX_REFERRAL)
    assert taken > 20


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


SITE = PLAN.node("enterprise-88.118.8").site


def plain_answers() -> list[tuple[Question, bytes]]:
    """(question, answer packet) for every public record of the catalogue, as an authority gives them."""
    found = []
    for handle, values in truth_of(PLAN):
        question = Question(handle, recursion_count=1)
        asked = decode(encode(replies.request_message(question, 9, NOW, SITE)))
        public = tuple(value for value in values if value.public_read)
        found.append((question, encode(replies.respond(asked, Answer(Code.SUCCESS, public), SPEAKER, NOW))))
    return found


def test_plain_questions_are_asked_alike_and_others_left_alone() -> None:
    for handle, _ in truth_of(PLAN):
        question = Question(handle, recursion_count=3)
        message = replies.request_message(question, 9, NOW, SITE)
        assert shortcut.ask_plain(question, 9, SITE, NOW.wall_s) == encode(message)
        typed = replace(question, types=(b"HS_SITE", b"URL"))
        assert shortcut.ask_plain(typed, 9, SITE, NOW.wall_s) == encode(replies.request_message(typed, 9, NOW, SITE))
    for changed in ({"indexes": (1,)}, {"public_only": False}, {"certify": True}):
        assert shortcut.ask_plain(replace(question, **changed), 9, SITE, NOW.wall_s) is None
    assert shortcut.ask_plain(question, 9, replace(SITE, minor=10), NOW.wall_s) is None


def test_plain_answers_are_read_and_passed_on_alike() -> None:
    client = Speaker(3, False)
    for question, packet in plain_answers():
        quick = shortcut.read_answer(packet, question, NOW.wall_s)
        assert quick is not None and isinstance(quick.values, PackedValues)
        assert quick.values == replies.answer_of(decode(packet)).values
        assert len(quick.values) == len(tuple(quick.values))
        asked = encode(replies.request_message(Question(question.handle.lower()), 77, NOW))
        for elapsed_s in (0, 5, 1_000_000):
            answer = aged(quick, elapsed_s)
            long = replies.respond(decode(asked), aged(replies.answer_of(decode(packet)), elapsed_s), client, NOW)
            assert isinstance(answer.values, PackedValues)
            assert shortcut.relay(asked, answer.values.octets, client, NOW.wall_s) == encode(long)
            assert lifetime_s(answer, NOW.wall_s, 900, 30) == lifetime_s(
                replace(answer, values=tuple(answer.values)), NOW.wall_s, 900, 30
            )


def test_altered_answers_are_read_alike_or_left_alone() -> None:
    chance = random.Random(20261125)
    answers = plain_answers()
    taken = 0
    for _ in range(20_000):
        question, original = chance.choice(answers)
        packet = bytearray(original)
        for _ in range(chance.randrange(1, 4)):
            packet[chance.randrange(len(packet))] = chance.choice((0, 1, 2, 0x7F, 0x80, 0xFF, chance.randrange(256)))
        if chance.random() < 0.1:
            del packet[chance.randrange(len(packet)) :]
        quick = shortcut.read_answer(bytes(packet), question, NOW.wall_s)
        if quick is None:
            continue
        taken += 1
        message = decode(bytes(packet))
        assert answers_question(message, question, NOW)
        assert quick.values == replies.answer_of(message).values
    assert taken > 5_000
