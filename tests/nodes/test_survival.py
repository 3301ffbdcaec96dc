"""A recursive node when others fail, and nodes when somebody asks too much: whole networks in virtual time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from playbook import Country, answer, ask, request, teaching_country

from nodes.limits import AMPLIFICATION_MAX, SOURCES_MAX, Admission, SourceLimits
from nodes.recursive import RecursiveNode
from resolver.cache.answers import HOLD_OFF_NS, STALE_TTL_S
from resolver.model.now import NS_PER_MS, NS_PER_S
from resolver.model.question import Question
from resolver.model.route import Packets, Route
from resolver.model.value import Value
from resolver.net.virtual import CLIENT, DELAY_NS, Address, Delivery, always_delivered
from resolver.rules.selection import RETRIES_KEPT
from resolver.wire.codes import Code
from resolver.wire.message import decode
from resolver.wire.record import pack_record

HOME, ITEM = "enterprise-88.118.8", b"88.118.8/kept"
TTL_S = 100


def keep(made: Country, handle: bytes = ITEM, *values: Value) -> None:
    """Put a record into the enterprise's store."""
    values = values or (Value(1, b"URL", b"https://example.invalid/kept", ttl=TTL_S),)
    made.nodes[HOME].store.commit([(handle.upper(), pack_record(values))])  # type: ignore[attr-defined]
    made.nodes[HOME].packets.entries.clear()


def recursive(made: Country) -> RecursiveNode:
    node = made.nodes["recursive-1"]
    assert isinstance(node, RecursiveNode)
    return node


def outcomes(made: Country) -> Counter[tuple[str, str]]:
    return recursive(made).counters.cache


def asked(made: Country, name: str = HOME) -> int:
    return made.requests()[name]


def warm() -> Country:
    """A network whose recursive node knew the item, which has expired."""
    made = teaching_country()
    keep(made)
    assert answer(ask(made, "recursive-1", ITEM)).code == Code.SUCCESS
    made.world.run(TTL_S * NS_PER_S)
    return made


def test_what_has_expired_is_given_when_no_server_answers_before_the_client_asks_again() -> None:
    made = warm()
    made.world.down.add(made.ip(HOME))
    began = made.world.mono_ns
    got = answer(ask(made, "recursive-1", ITEM))
    assert (got.code, [value.ttl for value in got.values]) == (Code.SUCCESS, [STALE_TTL_S])
    assert made.world.mono_ns - began <= 510 * NS_PER_MS
    assert outcomes(made)["answer", "stale"] == 1


def test_while_a_name_is_held_nobody_is_asked_for_it() -> None:
    made = warm()
    made.world.down.add(made.ip(HOME))
    ask(made, "recursive-1", ITEM)
    for _ in range(50):
        began = made.world.mono_ns
        assert answer(ask(made, "recursive-1", ITEM)).code == Code.SUCCESS
        assert made.world.mono_ns - began < 10 * NS_PER_MS
    made.world.run(60 * NS_PER_S)
    upstream = recursive(made).counters.upstream
    assert sum(times for (tier, _), times in upstream.items() if tier == "enterprise") <= 3


def test_who_joins_a_question_that_has_taken_too_long_does_not_wait_for_its_end() -> None:
    made = warm()
    made.world.down.add(made.ip(HOME))
    ask(made, "recursive-1", ITEM)
    for _ in range(40):  # over the end of the hold-off, while the first question is still under way
        began = made.world.mono_ns
        assert answer(ask(made, "recursive-1", ITEM)).code == Code.SUCCESS
        assert made.world.mono_ns - began <= 510 * NS_PER_MS
        made.world.run(200 * NS_PER_MS)


def test_when_the_server_is_back_the_next_answer_is_fresh() -> None:
    made = warm()
    made.world.down.add(made.ip(HOME))
    ask(made, "recursive-1", ITEM)
    made.world.down.clear()
    made.world.run(HOLD_OFF_NS + 10 * NS_PER_S)
    assert answer(ask(made, "recursive-1", ITEM)).values[0].ttl > STALE_TTL_S, "whoever was asked went on asking"


def test_what_is_older_than_the_stale_window_is_not_given() -> None:
    made = warm()
    made.world.down.add(made.ip(HOME))
    made.world.run(made.plan.node("recursive-1").cache.stale_s * NS_PER_S)
    assert answer(ask(made, "recursive-1", ITEM)).code == Code.ERROR


def test_a_server_that_says_no_is_believed_whatever_was_known_before() -> None:
    made = warm()
    made.nodes[HOME].store.commit([(ITEM.upper(), None)])  # type: ignore[attr-defined]
    made.nodes[HOME].packets.entries.clear()
    assert answer(ask(made, "recursive-1", ITEM)).code == Code.HANDLE_NOT_FOUND


def test_a_prefix_that_has_expired_still_leads_to_who_answers() -> None:
    made = warm()
    life_s = 86_400
    made.world.run((life_s - TTL_S) * NS_PER_S)
    made.world.down.update(made.ip(name) for name in ("root-1", "national-88", "secondary-88.118"))
    keep(made, b"88.118.8/other")
    assert answer(ask(made, "recursive-1", b"88.118.8/other")).code == Code.SUCCESS
    assert outcomes(made)["prefix", "stale"] == 0, "it was given for want of a better one, not from the cache"


def test_a_name_that_is_asked_for_is_fetched_before_it_expires_and_once() -> None:
    made = teaching_country()
    keep(made)
    ask(made, "recursive-1", ITEM)
    made.world.run((TTL_S - 5) * NS_PER_S)
    ttls = [answer(ask(made, "recursive-1", ITEM)).values[0].ttl for _ in range(3)]
    assert ttls[0] == 5 and ttls[-1] == TTL_S
    assert asked(made) == 2 and outcomes(made)["answer", "prefetch"] == 1


def test_a_prefetch_that_fails_leaves_what_is_there() -> None:
    made = teaching_country()
    keep(made)
    ask(made, "recursive-1", ITEM)
    made.world.run((TTL_S - 9) * NS_PER_S)
    made.world.down.add(made.ip(HOME))
    ask(made, "recursive-1", ITEM)
    made.world.run(8 * NS_PER_S)
    assert answer(ask(made, "recursive-1", ITEM)).code == Code.SUCCESS


def test_that_it_is_being_fetched_is_no_reason_to_give_what_has_expired() -> None:
    made = teaching_country()
    keep(made)
    ask(made, "recursive-1", ITEM)
    made.world.run(TTL_S * NS_PER_S - 500 * NS_PER_MS)
    node = recursive(made)
    node.seeker.in_flight_max = 0  # a prefetch that never begins
    ask(made, "recursive-1", ITEM)
    made.world.run(NS_PER_S)
    node.seeker.in_flight_max = 10
    assert answer(ask(made, "recursive-1", ITEM)).values[0].ttl == TTL_S


def test_who_joins_a_prefetch_that_outlived_its_name_gets_the_expired_answer_at_once() -> None:
    made = teaching_country()
    keep(made)
    ask(made, "recursive-1", ITEM)
    made.world.down.add(made.ip(HOME))
    made.world.run((TTL_S - 1) * NS_PER_S)
    assert answer(ask(made, "recursive-1", ITEM)).code == Code.SUCCESS  # alive; its prefetch begins, in vain
    made.world.run(NS_PER_S)
    began = made.world.mono_ns
    assert answer(ask(made, "recursive-1", ITEM)).code == Code.SUCCESS
    assert made.world.mono_ns - began <= 2 * DELAY_NS
    assert outcomes(made)["answer", "stale"] == 1


def test_what_nobody_answers_for_is_asked_for_once_a_second() -> None:
    made = teaching_country()
    made.world.down.add(made.ip(HOME))
    assert answer(ask(made, "recursive-1", ITEM)).code == Code.ERROR
    before = sum(recursive(made).counters.upstream.values())
    for _ in range(20):
        assert answer(ask(made, "recursive-1", ITEM)).code == Code.ERROR
    assert sum(recursive(made).counters.upstream.values()) == before
    assert outcomes(made)["answer", "negative"] == 20


def test_when_everything_fails_what_is_sent_again_is_bounded() -> None:
    made = teaching_country()
    ask(made, "recursive-1", b"88.118.8/nothing")
    made.world.down.add(made.ip(HOME))
    sent = Counter[str]()

    def counting(source: Address, target: Address, packet: bytes) -> Sequence[Delivery]:
        sent[target[0]] += 1
        return always_delivered(source, target, packet)

    made.world.link = counting
    questions = 3_000
    for number in range(questions):
        packet = request(Question(b"88.118.8/lost-%d" % number), made, number + 1)
        made.world.send(made.ip("recursive-1"), packet)
        made.world.run(2 * NS_PER_MS)
    made.world.run(20 * NS_PER_S)
    share = made.plan.node("recursive-1").limits.retry_share
    assert sent[made.ip(HOME)] <= questions * (1 + share) + RETRIES_KEPT
    assert recursive(made).counters.dropped["retry budget"] > 0
    assert recursive(made).seeker.errands == 0


def test_a_silent_server_does_not_take_all_the_places() -> None:
    made = teaching_country()
    ask(made, "recursive-1", b"88.118.8/nothing")
    node = recursive(made)
    node.seeker.loads.most = 10
    made.world.down.add(made.ip(HOME))
    for number in range(50):
        made.world.send(made.ip("recursive-1"), request(Question(b"88.118.8/lost-%d" % number), made, number + 1))
    made.world.run(20 * NS_PER_MS)
    assert node.seeker.loads.of(made.ip(HOME)) == 10
    assert node.counters.dropped["server quota"] >= 40
    assert answer(ask(made, "recursive-1", b"88.300.21/nothing")).code == Code.HANDLE_NOT_FOUND


def at_the_door(made: Country, limits: SourceLimits) -> Admission:
    return Admission(made.nodes[HOME], made.nodes[HOME], limits)


def over_udp(made: Country, door: Admission, question: Question, ip: str = CLIENT[0]) -> Packets:
    packet = request(question, made)
    return door.receive_datagram(packet, Route("udp", (ip, CLIENT[1])), made.world.now)


def test_who_asks_too_much_over_udp_meets_silence_and_others_do_not() -> None:
    made = teaching_country()
    keep(made)
    door = at_the_door(made, SourceLimits(requests_per_s=10))
    heard = [bool(over_udp(made, door, Question(ITEM))) for _ in range(20)]
    assert heard.count(True) in (10, 11, 12) and not heard[-1], "a second's worth at once"
    assert over_udp(made, door, Question(ITEM), "127.86.9.2")
    made.world.run(NS_PER_S)
    assert over_udp(made, door, Question(ITEM))
    dropped = made.nodes[HOME].counters.dropped
    assert dropped["source requests"] == heard.count(False)
    assert made.requests()[HOME] == 22, "each is a request, answered by silence"


def test_over_tcp_who_asks_too_much_is_told() -> None:
    made = teaching_country()
    keep(made)
    door = at_the_door(made, SourceLimits(requests_per_s=1))
    route = Route("tcp", CLIENT)
    said = [door.receive_stream(request(Question(ITEM), made), route, made.world.now) for _ in range(5)]
    codes = [decode(packet).header.code for packet in said if packet]
    assert codes[0] == Code.SUCCESS and codes[-1] == Code.SERVER_TOO_BUSY


def test_a_dry_run_counts_and_answers() -> None:
    made = teaching_country()
    keep(made)
    door = at_the_door(made, SourceLimits(requests_per_s=1, dry_run=True))
    assert all(over_udp(made, door, Question(ITEM)) for _ in range(20))
    assert made.nodes[HOME].counters.dropped["source requests (dry run)"] >= 17


def test_beyond_an_allowance_nobody_is_shouted_at() -> None:
    made = teaching_country()
    keep(made, ITEM, Value(1, b"TEXT", bytes(5_000), ttl=TTL_S))
    door = at_the_door(made, SourceLimits(surplus_octets_per_s=20_000))
    packet = request(Question(ITEM), made)
    out = [sum(map(len, over_udp(made, door, Question(ITEM)))) for _ in range(30)]
    assert out[0] > 5_000, "who asks once in a while gets what there is"
    assert max(out[10:]) <= AMPLIFICATION_MAX * len(packet)
    assert made.nodes[HOME].counters.dropped["source octets"] >= 20


def test_sources_without_end_take_no_room_without_end() -> None:
    made = teaching_country()
    keep(made)
    door = at_the_door(made, SourceLimits(requests_per_s=1, surplus_octets_per_s=1))
    for number in range(25_000):
        over_udp(made, door, Question(ITEM), f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
    assert door.requests is not None and len(door.requests) <= SOURCES_MAX
    assert len(door.requests.over) <= SOURCES_MAX


def test_of_many_requests_some_are_weighed_for_all() -> None:
    made = teaching_country()
    keep(made)
    door = at_the_door(made, SourceLimits(requests_per_s=20_000))
    heard = [bool(over_udp(made, door, Question(ITEM))) for _ in range(30_000)]
    assert 20_000 <= heard.count(True) <= 20_032 and not any(heard[-5_000:])
    assert over_udp(made, door, Question(ITEM), "127.86.9.2")
    made.world.run(NS_PER_S)
    assert over_udp(made, door, Question(ITEM))
