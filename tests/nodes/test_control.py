"""Faults on links and nodes that come and go, in virtual time; and what is refused of what people write."""

from __future__ import annotations

import pytest
from playbook import TEACHING, Country, answer, ask, request, teaching_country

from nodes.config import load_network
from nodes.faults import FaultConfig, names_of, read_fault
from resolver.errors import OperatorError
from resolver.model.now import NS_PER_MS, NS_PER_S
from resolver.model.question import Question
from resolver.net.faults import FAULTS, FaultRule
from resolver.wire.codes import Code

ITEM = b"88.118.8/JXDY2106023"
PLAN = load_network(TEACHING)


def rule(kind: str, **written: object) -> FaultRule:
    return read_fault({"kind": kind, **written}, PLAN)


def with_faults(*faults: FaultRule) -> Country:
    made = teaching_country()
    made.go_wrong(faults)
    return made


def took_ms(made: Country, name: str = "recursive-1", handle: bytes = ITEM, *, tcp: bool = False) -> float:
    before = made.world.mono_ns
    assert answer(ask(made, name, handle, tcp=tcp)).code == Code.SUCCESS
    return (made.world.mono_ns - before) / NS_PER_MS


# -- what faults do -----------------------------------------------------------------------------------------------


def test_a_delay_is_added_each_way_on_its_link_and_on_no_other() -> None:
    healthy = took_ms(teaching_country())
    slow = with_faults(rule("delay", **{"from": "recursive-1", "to": "root", "ms": 30}))
    assert took_ms(slow) == healthy + 60
    one_way = with_faults(rule("delay", **{"from": "recursive-1", "to": "root", "ms": 30, "one_way": True}))
    assert took_ms(one_way) == healthy + 30
    elsewhere = with_faults(rule("delay", **{"from": "secondary-88.300", "ms": 30}))
    assert took_ms(elsewhere) == healthy


def test_a_delay_between_client_and_node_is_felt_by_the_client() -> None:
    made = with_faults(rule("delay", **{"from": "client", "to": "recursive", "ms": 10}))
    ask(made, "recursive-1", ITEM)
    assert took_ms(made) == 2 + 20  # the link's own millisecond each way
    assert took_ms(made, tcp=True) == 2 + 20


def test_jitter_is_drawn_from_the_seed() -> None:
    def times(seed: int) -> list[float]:
        made = with_faults(rule("delay", **{"from": "client", "ms": 10, "jitter_ms": 10, "seed": seed}))
        return [took_ms(made) for _ in range(5)]

    assert times(1) == times(1) != times(2)
    assert all(each >= 20 for each in times(1))


@pytest.mark.parametrize("tcp", [False, True])
def test_nothing_passes_a_partition_and_all_passes_when_it_is_gone(tcp: bool) -> None:
    made = with_faults(rule("partition", **{"from": "enterprise-88.118.8"}))
    assert made.world.ask(made.ip("enterprise-88.118.8"), request(Question(ITEM), made), tcp=tcp) is None
    assert answer(ask(made, "recursive-1", ITEM, tcp=tcp)).code == Code.ERROR
    assert answer(ask(made, "recursive-1", b"88.118.9/QH-21A-5034", tcp=tcp)).code == Code.SUCCESS
    made.go_wrong([])
    made.world.run(60 * NS_PER_S)  # failures are remembered, and servers kept waiting
    assert answer(ask(made, "recursive-1", ITEM, tcp=tcp)).code == Code.SUCCESS


def test_a_share_is_lost_over_udp_and_late_over_tcp() -> None:
    made = with_faults(rule("drop", **{"from": "client", "to": "recursive", "share": 0.3, "one_way": True}))
    heard = sum(made.world.ask(made.ip("recursive-1"), request(Question(ITEM), made)) is not None for _ in range(300))
    assert 170 < heard < 250
    times = [took_ms(made, tcp=True) for _ in range(100)]
    assert set(times) == {2, 202}
    assert 15 < times.count(202) < 45
    assert made.nodes["recursive-1"].counters.faults["drop"] == 300 - heard + times.count(202)


def test_a_duplicated_question_is_answered_twice() -> None:
    made = with_faults(rule("duplicate", **{"from": "client", "share": 1.0, "one_way": True}))
    replies = made.world.replies(made.ip("recursive-1"), request(Question(ITEM), made))
    assert len(list(replies)) == 2


def test_a_duplicated_answer_of_another_node_changes_nothing() -> None:
    made = with_faults(rule("duplicate", **{"from": "enterprise-88.118.8", "share": 1.0, "one_way": True}))
    assert took_ms(made) == took_ms(teaching_country())
    made.world.run(NS_PER_S)
    assert made.nodes["recursive-1"].counters.dropped["unasked"] == 1


def test_who_is_held_back_is_overtaken() -> None:
    made = with_faults(rule("reorder", **{"from": "client", "to": "root-1", "share": 0.5, "ms": 5, "one_way": True}))
    root, order = made.ip("root-1"), []
    for number in range(20):
        made.world.send(root, request(Question(b"0.NA/88"), made, number + 1))
    made.world.run(NS_PER_S)
    order = [int.from_bytes(packet[8:12], "big") for packet in made.world.heard()]
    assert sorted(order) == list(range(1, 21)) != order


def test_a_forged_answer_is_not_believed() -> None:
    made = with_faults(rule("forge", **{"from": "enterprise-88.118.8", "to": "recursive-1", "share": 1.0}))
    right = answer(ask(teaching_country(), "recursive-1", ITEM))
    got = answer(ask(made, "recursive-1", ITEM))
    assert [value.data for value in got.values] == [value.data for value in right.values]
    assert made.nodes["recursive-1"].counters.dropped["unasked"] == 1


def test_a_narrow_link_makes_packets_queue_and_loses_what_waits_too_long() -> None:
    made = with_faults(rule("bandwidth", **{"from": "client", "to": "root-1", "octets_per_s": 1_000, "one_way": True}))
    packet = request(Question(b"0.NA/88"), made)
    for _ in range(100):
        made.world.send(made.ip("root-1"), packet)
    made.world.run(10 * NS_PER_S)
    each_ns = len(packet) * NS_PER_S // 1_000
    assert made.nodes["root-1"].counters.faults["bandwidth"] == 100
    assert abs(len(made.world.heard()) - (NS_PER_S // 2) // each_ns) <= 2


def test_what_is_late_comes_when_the_fault_is_taken_away() -> None:
    made = with_faults(rule("delay", **{"from": "client", "to": "root-1", "ms": 60_000, "one_way": True}))
    made.world.send(made.ip("root-1"), request(Question(b"0.NA/88"), made))
    made.world.run(NS_PER_S)
    assert made.world.heard() == []
    made.go_wrong([])
    made.world.run(NS_PER_S)
    assert len(made.world.heard()) == 1


# -- nodes that come and go ---------------------------------------------------------------------------------------


def test_a_killed_node_is_silent_and_begins_anew_with_its_records() -> None:
    made = teaching_country()
    took_ms(made)
    made.kill("recursive-1")
    assert ask(made, "recursive-1", ITEM) is None
    made.start("recursive-1")
    assert took_ms(made) > 2  # what it had cached is gone
    made.kill("enterprise-88.118.8")
    made.start("enterprise-88.118.8")
    assert took_ms(made, "enterprise-88.118.8") == 2


def test_counters_go_on_over_a_restart() -> None:
    made = teaching_country()
    took_ms(made, "enterprise-88.118.8")
    made.kill("enterprise-88.118.8")
    made.start("enterprise-88.118.8")
    took_ms(made, "enterprise-88.118.8")
    assert made.requests()["enterprise-88.118.8"] == 2


def test_a_stopped_node_ends_what_it_has_begun_and_takes_nothing_new() -> None:
    made = with_faults(rule("delay", **{"from": "root-1", "ms": 500, "one_way": True}))
    recursive = made.ip("recursive-1")
    made.world.send(recursive, request(Question(ITEM), made, 1))
    made.world.run(100 * NS_PER_MS)
    made.stop("recursive-1")
    made.world.send(recursive, request(Question(ITEM), made, 2))
    made.world.run(NS_PER_S)
    assert [packet[8:12] for packet in made.world.heard()] == [b"\0\0\0\1"]
    made.world.run(2 * NS_PER_S)
    assert made.stopped("recursive-1")


def test_an_old_node_says_nothing_any_more() -> None:
    made = with_faults(rule("delay", **{"from": "root-1", "ms": 500, "one_way": True}))
    made.world.send(made.ip("recursive-1"), request(Question(ITEM), made, 1))
    made.world.run(100 * NS_PER_MS)
    made.kill("recursive-1")
    made.start("recursive-1")
    made.world.run(10 * NS_PER_S)
    assert made.world.heard() == []
    assert made.nodes["recursive-1"].counters.dropped["unasked"] == 1


# -- what people write --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "key", "remedy"),
    [
        ({"kind": "dlay"}, "fault.kind", "drop, delay"),
        ({}, "fault.kind", "drop, delay"),
        ("drop", "fault", "Its keys are kind, from, to"),
        ({"kind": "drop"}, "fault.share", "Say how much"),
        ({"kind": "drop", "share": 1.5}, "fault.share", "from 0 to 1"),
        ({"kind": "drop", "share": 0}, "fault.share", "from 0 to 1"),
        ({"kind": "delay", "ms": 1, "share": 0.5}, "fault.share", "It takes ms, jitter_ms"),
        ({"kind": "partition", "ms": 1}, "fault.ms", "none of them"),
        ({"kind": "drop", "share": 0.5, "fom": "root"}, "fault.fom", "Did you mean from?"),
        ({"kind": "partition", "from": "root-2"}, "fault.from", "Did you mean root-1?"),
        ({"kind": "partition", "to": "zzz"}, "fault.to", "network status"),
        ({"kind": "bandwidth", "octets_per_s": 0}, "fault.octets_per_s", "Octets a second"),
    ],
)
def test_a_fault_that_cannot_be_is_refused_with_key_and_remedy(written: object, key: str, remedy: str) -> None:
    with pytest.raises(OperatorError) as refused:
        read_fault(written, PLAN, file="scenario.toml")
    assert f"{key}: " in str(refused.value)
    assert remedy in str(refused.value)
    assert "scenario.toml" in str(refused.value)


def test_every_kind_of_fault_can_be_written() -> None:
    settings = {"share": 0.5, "ms": 1, "octets_per_s": 9}
    for kind, made in FAULTS.items():
        assert rule(kind, **{name: settings[name] for name in made.needs}).kind == kind
    assert set(FAULTS) == set(FaultConfig.model_json_schema()["properties"]["kind"]["enum"])


def test_a_word_stands_for_a_node_a_site_a_tier_or_clients() -> None:
    assert names_of("root-1", PLAN, key="from") == {"root-1"}
    assert names_of("enterprise-88.300.21", PLAN, key="from") == {"enterprise-88.300.21-1", "enterprise-88.300.21-2"}
    assert names_of("secondary", PLAN, key="from") == {"secondary-88.118", "secondary-88.300"}
    assert names_of("client", PLAN, key="from") == {"client"}
    assert names_of(None, PLAN, key="from") is names_of("*", PLAN, key="from") is None
