"""Stories of whole networks in virtual time: what clients get, and what it cost upstream."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from playbook import TEACHING, Country, answer, ask, country, request, teaching_country

from nodes.config import load_network, truth_of
from nodes.node import Node
from nodes.recursive import RecursiveNode
from resolver.model.identifier import fold, prefix_of
from resolver.model.now import NS_PER_MS, NS_PER_S
from resolver.model.question import Question
from resolver.model.site import Interface, Protocol, Server, Site, address_octets
from resolver.model.value import Value
from resolver.net.virtual import UPSTREAM_PORT, Address, Delivery, always_delivered
from resolver.wire import peek
from resolver.wire.bodies.referral import Referral
from resolver.wire.bodies.resolution import ResolutionAnswer
from resolver.wire.codes import Code, OpFlag
from resolver.wire.message import Message, decode, encode
from resolver.wire.record import pack_record
from resolver.wire.types import hs_site

ITEM = b"88.118.8/JXDY2106023"
LARGE = b"88.118.8/"


def recursive(made: Country) -> RecursiveNode:
    node = made.nodes["recursive-1"]
    assert isinstance(node, RecursiveNode)
    return node


def put(node: Node, handle: bytes, *values: Value) -> None:
    node.store.commit([(fold(handle), pack_record(values))])  # type: ignore[attr-defined]
    node.packets.entries.clear()


def site_value(ip: str, kind: bytes = b"HS_SITE", **changes: int) -> Value:
    interfaces = (Interface(3, Protocol.UDP, 2641), Interface(3, Protocol.TCP, 2641))
    site = Site((Server(1, address_octets(ip), interfaces),), **changes)
    return Value(1, kind, hs_site.encode(site))


# -- the path -----------------------------------------------------------------------------------------------------


def test_a_cold_item_takes_one_request_at_each_tier_and_a_warm_one_none() -> None:
    made = teaching_country()
    path = ("recursive-1", "root-1", "national-88", "secondary-88.118", "enterprise-88.118.8")
    assert answer(ask(made, "recursive-1", ITEM)).code == Code.SUCCESS
    assert {name for name, times in made.requests().items() if times} == set(path)
    assert all(made.requests()[name] == 1 for name in path)
    assert answer(ask(made, "recursive-1", ITEM)).code == Code.SUCCESS
    assert made.requests() == {name: 2 if name == "recursive-1" else int(name in path) for name in made.nodes}


def test_a_second_item_of_the_same_enterprise_asks_only_the_enterprise() -> None:
    made = teaching_country()
    ask(made, "recursive-1", ITEM)
    ask(made, "recursive-1", b"88.118.8/nothing")
    assert (made.requests()["root-1"], made.requests()["enterprise-88.118.8"]) == (1, 2)


@pytest.mark.parametrize("tcp", [False, True], ids=["udp", "tcp"])
def test_every_item_of_the_catalogue_resolves_to_its_public_values(tcp: bool) -> None:
    made = teaching_country()
    for handle, values in truth_of(made.plan):
        got = answer(ask(made, "recursive-1", handle, tcp=tcp))
        public = tuple(value for value in values if value.public_read)
        assert [replace(value, ttl=0) for value in got.values] == [replace(value, ttl=0) for value in public]


def test_every_tier_answers_what_it_holds_and_refers_below() -> None:
    made = teaching_country()
    for name, code in (("root-1", 303), ("national-88", 303), ("secondary-88.118", 1), ("enterprise-88.118.8", 100)):
        reply = ask(made, name, b"0.NA/88.118.8")
        assert reply is not None and reply.header.code == code, name
        if code == 303:
            assert isinstance(reply.body, Referral) and reply.body.handle == b""


def test_the_national_sdk_gets_the_site_of_a_slashless_prefix_on_its_own_port() -> None:
    made = teaching_country()
    reply = ask(made, "recursive-1", Question(b"88.118.8", types=(b"HS_SITE",)), tcp=True, port=3641)
    assert reply is not None and isinstance(reply.body, ResolutionAnswer)
    assert reply.body.handle == b"88.118.8"
    (value,) = reply.body.values
    assert hs_site.decode(value.data).servers[0].ip == made.ip("enterprise-88.118.8")


def test_a_hosted_prefix_leads_to_its_secondary_node() -> None:
    made = teaching_country()
    hosted = next(handle for handle, _ in truth_of(made.plan) if prefix_of(handle) == b"88.118.9")
    assert answer(ask(made, "recursive-1", hosted)).code == Code.SUCCESS
    assert made.requests()["secondary-88.118"] == 2


def test_a_site_of_two_servers_is_asked_by_hash() -> None:
    made = teaching_country()
    handles = [handle for handle, _ in truth_of(made.plan) if prefix_of(handle) == b"88.300.21"]
    for handle in handles:
        assert answer(ask(made, "recursive-1", handle)).code == Code.SUCCESS
    first, second = (made.requests()[f"enterprise-88.300.21-{number}"] for number in (1, 2))
    assert first + second == len(handles) and min(first, second) > 0
    wrong = made.plan.node("enterprise-88.300.21-1")
    other = next(h for h in handles if made.nodes[wrong.name].store.get(fold(h)) is None)  # type: ignore[attr-defined]
    assert answer(ask(made, wrong.name, other)).message == b"Request was hashed incorrectly"


@pytest.mark.parametrize(
    ("handle", "code"),
    [
        (b"88.118.8/nothing", Code.HANDLE_NOT_FOUND),
        (b"88.999.1/x", Code.HANDLE_NOT_FOUND),
        (b"99.1/x", Code.HANDLE_NOT_FOUND),
        (b"0", Code.HANDLE_NOT_FOUND),
        (b"", Code.HANDLE_NOT_FOUND),
        (b"88.118.8/" + b"\xff\xfe", Code.HANDLE_NOT_FOUND),
        (b"." * 300 + b"/x", Code.HANDLE_NOT_FOUND),
    ],
)
def test_what_does_not_exist_is_not_found(handle: bytes, code: Code) -> None:
    assert answer(ask(teaching_country(), "recursive-1", handle)).code == code


def test_an_unhomed_prefix_is_refused_although_routing_points_there() -> None:
    made = teaching_country()
    put(made.nodes["secondary-88.118"], b"0.NA/88.118.7", site_value(made.ip("enterprise-88.118.8")))
    got = answer(ask(made, "recursive-1", b"88.118.7/item"))
    assert (got.code, got.message) == (Code.SERVER_NOT_RESP, b"That prefix doesn't live here")


# -- caches -------------------------------------------------------------------------------------------------------


def test_ttls_run_down_at_the_recursive_node_and_shortly_before_zero_it_asks_again() -> None:
    made = teaching_country()
    put(made.nodes["enterprise-88.118.8"], b"88.118.8/short", Value(1, b"URL", b"x:", ttl=10))
    ttls = []
    for _ in range(5):
        ttls.append(answer(ask(made, "recursive-1", b"88.118.8/short")).values[0].ttl)
        made.world.run(3 * NS_PER_S)
    assert ttls == [10, 7, 4, 1, 7]
    assert made.requests()["enterprise-88.118.8"] == 2


def test_a_value_of_ttl_0_is_never_remembered() -> None:
    made = teaching_country()
    put(made.nodes["enterprise-88.118.8"], b"88.118.8/fleeting", Value(1, b"URL", b"x:", ttl=0))
    for _ in range(3):
        ask(made, "recursive-1", b"88.118.8/fleeting")
    assert made.requests()["enterprise-88.118.8"] == 3


def test_not_found_is_remembered_briefly() -> None:
    made = teaching_country()
    for _ in range(3):
        ask(made, "recursive-1", b"88.118.8/nothing")
    assert made.requests()["enterprise-88.118.8"] == 1
    made.world.run(made.plan.node("recursive-1").cache.negative_ttl_s * NS_PER_S)
    ask(made, "recursive-1", b"88.118.8/nothing")
    assert made.requests()["enterprise-88.118.8"] == 2


def test_authoritative_and_open_questions_go_past_every_cache() -> None:
    made = teaching_country()
    for question in (Question(ITEM, authoritative=True), Question(ITEM, public_only=False)):
        before = made.requests()["enterprise-88.118.8"]
        for _ in range(2):
            assert answer(ask(made, "recursive-1", question)).code == Code.SUCCESS
        assert made.requests()["enterprise-88.118.8"] == before + 2


def test_letter_case_is_echoed_as_asked_from_every_cache() -> None:
    made = teaching_country()
    for handle in (ITEM, ITEM.lower(), ITEM, ITEM.lower()):
        reply = ask(made, "recursive-1", handle)
        assert reply is not None and isinstance(reply.body, ResolutionAnswer)
        assert reply.body.handle == handle
    assert made.requests()["enterprise-88.118.8"] == 1


def test_equal_questions_in_flight_are_asked_once() -> None:
    made = teaching_country()
    for number in range(500):
        packet = request(Question(ITEM if number % 2 else ITEM.lower()), made, request_id=1_000 + number)
        made.world._datagram(("127.86.9.9", 1), (made.ip("recursive-1"), 2641), packet)
    made.world.run(NS_PER_S)
    assert made.requests() == {
        name: {"recursive-1": 500, "secondary-88.300": 0}.get(name, int("21" not in name and "35" not in name))
        for name in made.nodes
    }
    assert recursive(made).counters.cache["answer", "joined"] == 499


def test_a_prefix_is_looked_for_once_however_many_of_its_items_are_cold() -> None:
    made = teaching_country()
    handles = [handle for handle, _ in truth_of(made.plan) if prefix_of(handle) == b"88.118.8"][:100]
    for number, handle in enumerate(handles):
        packet = request(Question(handle), made, request_id=1_000 + number)
        made.world._datagram(("127.86.9.9", 1), (made.ip("recursive-1"), 2641), packet)
    made.world.run(NS_PER_S)
    assert (made.requests()["root-1"], made.requests()["enterprise-88.118.8"]) == (1, 100)


# -- trouble ------------------------------------------------------------------------------------------------------


def upstream_loss(losses: int, target_ip: str):  # type: ignore[no-untyped-def]
    """Drop the first packets to one node."""
    lost = [0]

    def link(source: Address, target: Address, packet: bytes) -> Sequence[Delivery]:
        if target[0] == target_ip and source[1] == UPSTREAM_PORT and lost[0] < losses:
            lost[0] += 1
            return ()
        return always_delivered(source, target, packet)

    return link


@pytest.mark.parametrize(("losses", "waited_ms"), [(0, 0), (1, 500), (2, 1_500)])
def test_a_lost_question_is_sent_again(losses: int, waited_ms: int) -> None:
    made = teaching_country()
    made.world.link = upstream_loss(losses, made.ip("national-88"))
    assert answer(ask(made, "recursive-1", ITEM)).code == Code.SUCCESS
    assert made.world.mono_ns // NS_PER_MS == 10 + waited_ms
    assert recursive(made).counters.resent["national"] == losses


def test_where_udp_never_arrives_tcp_is_tried() -> None:
    made = teaching_country()
    made.world.link = upstream_loss(10_000, made.ip("national-88"))
    assert answer(ask(made, "recursive-1", ITEM)).code == Code.SUCCESS
    assert recursive(made).counters.upstream["national", "timeout"] == 1


def test_a_dead_enterprise_is_an_error_in_bounded_time_and_the_next_question_works() -> None:
    made = teaching_country()
    made.world.down.add(made.ip("enterprise-88.118.8"))
    got = answer(ask(made, "recursive-1", ITEM))
    assert got.code == Code.ERROR
    assert made.world.mono_ns < 10 * NS_PER_S
    made.world.down.clear()
    assert answer(ask(made, "recursive-1", ITEM)).code == Code.ERROR, "known for a second"
    made.world.run(NS_PER_S)
    assert answer(ask(made, "recursive-1", ITEM)).code == Code.SUCCESS
    assert recursive(made).seeker.errands == 0 and not recursive(made).seeker.askings


def test_a_dead_mirror_is_passed_by() -> None:
    made = teaching_country()
    alive, dead = made.ip("enterprise-88.118.8"), "127.86.4.99"
    put(made.nodes["secondary-88.118"], b"0.NA/88.118.8", site_value(dead), replace(site_value(alive), index=2))
    assert answer(ask(made, "recursive-1", ITEM)).code == Code.SUCCESS
    first = made.world.mono_ns
    assert answer(ask(made, "recursive-1", b"88.118.8/nothing")).code == Code.HANDLE_NOT_FOUND
    assert made.world.mono_ns - first < 100 * NS_PER_MS, "a failed site is tried last"


def test_an_answer_to_another_question_is_not_believed() -> None:
    made = teaching_country()

    def forging(source: Address, target: Address, packet: bytes) -> Sequence[Delivery]:
        delivery = always_delivered(source, target, packet)
        if target[1] != UPSTREAM_PORT or source[0] != made.ip("enterprise-88.118.8"):
            return delivery
        forged = decode(packet)
        assert isinstance(forged, Message)
        body = ResolutionAnswer(b"88.118.8/OTHER", (Value(1, b"URL", b"https://evil.invalid/"),))
        return ((1, encode(replace(forged, body=body))), *delivery)

    made.world.link = forging
    got = answer(ask(made, "recursive-1", ITEM))
    assert got.values[0].data != b"https://evil.invalid/"
    assert recursive(made).counters.dropped["unreadable answer"] == 1


def test_codes_nobody_knows_are_relayed_and_counted_together() -> None:
    made = teaching_country()

    def lying(source: Address, target: Address, packet: bytes) -> Sequence[Delivery]:
        if source[0] == made.ip("enterprise-88.118.8"):
            packet = packet[:24] + peek.pack_u32(7_000 + packet[11] % 3) + packet[28:]
        return always_delivered(source, target, packet)

    made.world.link = lying
    for number in range(20):
        reply = ask(made, "recursive-1", b"88.118.8/%d" % number)
        assert reply is not None and reply.header.code // 1_000 == 7
    assert {code for _, _, code in recursive(made).counters.slots} == {"SUCCESS", "other"}


def test_answers_nobody_waits_for_are_counted_and_dropped() -> None:
    made = teaching_country()
    packet = encode(decode(request(Question(ITEM), made)))
    made.world._datagram((made.ip("root-1"), 2641), (made.ip("recursive-1"), UPSTREAM_PORT), packet)
    made.world.run(NS_PER_S)
    assert recursive(made).counters.dropped["unasked"] == 1


def test_service_handles_in_a_circle_end() -> None:
    made = teaching_country()
    secondary = made.nodes["secondary-88.118"]
    put(secondary, b"0.NA/88.118.8", Value(1, b"HS_SERV", b"0.NA/88.118.6"))
    put(secondary, b"0.NA/88.118.6", Value(1, b"HS_SERV", b"0.NA/88.118.8"))
    assert answer(ask(made, "recursive-1", ITEM)).code == Code.HANDLE_NOT_FOUND
    assert made.requests()["root-1"] <= 3  # the prefix, its service handle, and that one's: each once
    assert recursive(made).seeker.errands == 0


def test_two_circles_met_at_once_end_too() -> None:
    made = teaching_country()
    secondary = made.nodes["secondary-88.118"]
    for number in range(4):
        put(
            secondary,
            b"0.NA/88.118.%d" % (60 + number),
            Value(1, b"HS_SERV", b"0.NA/88.118.%d" % (60 + (number + 1) % 4)),
        )
    for number in range(4):
        packet = request(Question(b"88.118.%d/x" % (60 + number)), made, request_id=5 + number)
        made.world._datagram(("127.86.9.9", 1), (made.ip("recursive-1"), 2641), packet)
    made.world.run(30 * NS_PER_S)
    assert recursive(made).seeker.errands == 0
    assert sum(recursive(made).counters.decided) == 4
    assert made.requests()["root-1"] <= 8


def test_referrals_in_a_circle_end() -> None:
    made = teaching_country()
    national = made.nodes["national-88"]
    put(national, b"0.NA/88.118", site_value(made.ip("root-1"), b"HS_SITE.PREFIX"))
    assert answer(ask(made, "recursive-1", ITEM)).code == Code.RECURSION_COUNT_TOO_HIGH
    assert made.requests()["root-1"] + made.requests()["national-88"] == 40


def test_a_request_that_was_passed_on_too_often_is_refused() -> None:
    made = teaching_country()
    assert answer(ask(made, "recursive-1", Question(ITEM, recursion_count=10))).code == Code.SUCCESS
    assert answer(ask(made, "recursive-1", Question(b"88.118.8/x", recursion_count=11))).code == 6


def test_more_questions_in_flight_than_allowed_are_told_so() -> None:
    plan = load_network(TEACHING)
    nodes = tuple(
        replace(node, limits=replace(node.limits, in_flight=3)) if node.tier == "recursive" else node
        for node in plan.nodes
    )
    made = country(replace(plan, nodes=nodes))
    for number in range(10):
        packet = request(Question(b"88.300.35/%d" % number), made, request_id=5 + number)
        made.world._datagram(("127.86.9.9", 1), (made.ip("recursive-1"), 2641), packet)
    made.world.run(NS_PER_S)
    counters = recursive(made).counters
    assert counters.dropped["busy"] >= 6
    assert counters.decided[counters.slots["udp", "RESOLUTION", "SERVER_TOO_BUSY"]] == counters.dropped["busy"]


# -- odd packets --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["root-1", "national-88", "secondary-88.118", "enterprise-88.118.8", "recursive-1"])
def test_what_cannot_be_understood_gets_the_protocols_error(name: str) -> None:
    made = teaching_country()
    good = request(Question(ITEM), made)

    def told(packet: bytes, *, tcp: bool = True) -> tuple[int, int, int]:
        reply = made.world.ask(made.ip(name), packet, tcp=tcp, limit_ns=NS_PER_S)
        assert reply is not None
        message = decode(reply)
        assert isinstance(message, Message)
        return message.header.opcode, message.header.code, message.envelope.request_id

    undecoded = 0xFFFFFFFF
    assert told(good[:24] + bytes(20)) == (0, 4, undecoded)  # opcode 0
    assert told(good[:20] + peek.pack_u32(77) + good[24:]) == (0, 2, undecoded)  # unknown opcode
    assert told(good[:24] + peek.pack_u32(1) + good[28:]) == (0, 2, undecoded)  # a response
    assert told(good[:44] + peek.pack_u32(0x7FFFFFFF) + good[48:]) == (0, 2, undecoded)  # a handle of 2 GiB
    assert told(good[:4] + peek.pack_u32(9) + good[8:]) == (1, 500, 77)  # a session nobody knows
    assert told(good[:2] + bytes([good[2] | 0x40]) + good[3:]) == (0, 501, undecoded)  # encrypted, no session
    assert told(good[:2] + bytes([good[2] | 0x40]) + good[3:7] + b"\x09" + good[8:]) == (0, 500, undecoded)
    assert told(good[:16] + peek.pack_u32(300_000) + good[20:], tcp=False) == (0, 2, undecoded)
    assert told(good)[:2] == (1, decode(made.world.ask(made.ip(name), good) or b"").header.code)  # type: ignore[union-attr]


def test_refusals_of_refusals_are_met_with_silence() -> None:
    made = teaching_country()
    refusal = made.world.ask(made.ip("root-1"), request(Question(ITEM), made)[:24] + bytes(20), tcp=True)
    assert refusal is not None
    assert made.world.ask(made.ip("root-1"), refusal, limit_ns=NS_PER_S) is None
    counters = made.nodes["root-1"].counters
    assert counters.decided[counters.slots["udp", "undecoded", "none"]] == 1


def test_a_request_in_fragments_is_put_together() -> None:
    made = teaching_country()
    handle = b"88.118.8/" + b"x" * 1_500
    packet = bytearray(request(Question(handle), made))
    parts = [
        bytes(packet[:2]) + bytes([packet[2] | 0x20]) + bytes(packet[3:12]) + peek.pack_u32(number)
        + bytes(packet[16:20]) + bytes(packet[20 + 492 * number : 512 + 492 * number])
        for number in range(4)
    ]  # fmt: skip
    for part in reversed(parts[1:]):
        assert made.world.ask(made.ip("enterprise-88.118.8"), part, limit_ns=NS_PER_MS * 10) is None
    got = made.world.ask(made.ip("enterprise-88.118.8"), parts[0])
    message = decode(got or b"")
    assert isinstance(message, Message) and message.header.code == Code.HANDLE_NOT_FOUND


def test_administration_is_challenged_where_records_live_and_refused_by_caches() -> None:
    made = teaching_country()
    create = request(Question(ITEM), made)
    delete = create[:20] + peek.pack_u32(101) + create[24:]
    for name, code in (("enterprise-88.118.8", 402), ("recursive-1", 2)):
        message = decode(made.world.ask(made.ip(name), delete) or b"")
        assert isinstance(message, Message) and (message.header.opcode, message.header.code) == (101, code)


def test_a_request_digest_is_given_on_demand_and_never_remembered() -> None:
    made = teaching_country()
    packet = bytearray(request(Question(ITEM), made))
    packet[29] |= OpFlag.REQUEST_DIGEST >> 16
    for _ in range(2):
        message = decode(made.world.ask(made.ip("enterprise-88.118.8"), bytes(packet)) or b"")
        assert isinstance(message, Message) and message.digest is not None and message.digest.algorithm == 3
    assert sum(made.nodes["enterprise-88.118.8"].counters.recalled) == 0


def test_a_trace_tells_every_hop_and_what_the_caches_did() -> None:
    made = teaching_country()
    node = recursive(made)
    node.arm_trace(77, made.world.now)
    assert node.take_trace(77) is None, "not before it happened"
    ask(made, "recursive-1", ITEM)
    trace = node.take_trace(77)
    assert trace is not None and trace.source == "authority"
    assert [(hop.address, hop.code) for hop in trace.hops] == [
        (f"{made.ip('root-1')}:2641", 303),
        (f"{made.ip('national-88')}:2641", 303),
        (f"{made.ip('secondary-88.118')}:2641", 1),
        (f"{made.ip('enterprise-88.118.8')}:2641", 1),
    ]
    assert all(hop.took_ns for hop in trace.hops), "who waits knows how long"
    assert [hop.referral for hop in trace.hops[:2]] == [
        f"{made.ip('national-88')}:2641",
        f"{made.ip('secondary-88.118')}:2641",
    ]
    assert [(event.cache, event.outcome) for event in trace.cache] == [
        ("packet", "miss"),
        ("answer", "miss"),
        ("prefix", "miss"),
    ]
    node.arm_trace(77, made.world.now)
    ask(made, "recursive-1", ITEM)
    again = node.take_trace(77)
    assert again is not None and again.source == "cache" and not again.hops
    assert [(event.cache, event.outcome) for event in again.cache] == [("packet", "hit")]


def test_a_trace_tells_a_hop_once_however_often_the_request_is_sent_again() -> None:
    made = teaching_country()
    node = recursive(made)
    node.arm_trace(77, made.world.now)
    for _ in range(3):
        packet = request(Question(ITEM), made)
        made.world._datagram(("127.86.9.9", 1), (made.ip("recursive-1"), 2641), packet)
    made.world.run(NS_PER_S)
    trace = node.take_trace(77)
    assert trace is not None and len(trace.hops) == 4
    assert [event.outcome for event in trace.cache].count("joined") == 2


def test_a_trace_nobody_fetches_does_not_keep_the_quick_way_closed() -> None:
    made = teaching_country()
    node = recursive(made)
    node.arm_trace(5, made.world.now)
    made.world.run(31 * NS_PER_S)
    ask(made, "recursive-1", ITEM)
    assert not node._traces


# -- many cold prefixes at once -----------------------------------------------------------------------------------


def crowd(made: Country, prefixes: int) -> None:
    """Ask for one item under each of many prefixes of one secondary node, all at the same moment."""
    for number in range(prefixes):
        packet = request(Question(b"88.118.%d/x" % (1_000 + number)), made, request_id=5 + number)
        made.world._datagram(("127.86.9.9", 1), (made.ip("recursive-1"), 2641), packet)
    made.world.run(30 * NS_PER_S)


def test_neighbours_follow_the_first_that_finds_the_way() -> None:
    made = teaching_country()
    for number in range(50):
        put(
            made.nodes["secondary-88.118"],
            b"0.NA/88.118.%d" % (1_000 + number),
            site_value(made.ip("secondary-88.118")),
        )
    crowd(made, 50)
    asked = made.requests()
    assert (asked["root-1"], asked["national-88"], asked["secondary-88.118"]) == (1, 1, 100)
    assert recursive(made).seeker.errands == 0 and not recursive(made).seeker._pathfinders


def test_if_the_first_finds_no_way_the_others_set_out_themselves() -> None:
    made = teaching_country()
    crowd(made, 5)
    assert made.requests()["root-1"] == 5
    counters = recursive(made).counters
    assert counters.decided[counters.slots["udp", "RESOLUTION", "HANDLE_NOT_FOUND"]] == 5
    assert recursive(made).seeker.errands == 0 and not recursive(made).seeker._pathfinders


def test_a_way_that_nobody_answers_ends_for_all_in_time() -> None:
    made = teaching_country()
    made.world.down.add(made.ip("national-88"))
    crowd(made, 5)
    counters = recursive(made).counters
    assert counters.decided[counters.slots["udp", "RESOLUTION", "ERROR"]] == 5
    assert recursive(made).seeker.errands == 0 and not recursive(made).seeker._pathfinders
