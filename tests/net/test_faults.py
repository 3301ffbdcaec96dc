"""Faults, and a node behind one: in virtual time, through the same loads as a healthy one."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from playbook import TEACHING, Country, ask, request, teaching_country

from nodes.config import NetworkPlan, load_network, records_of
from resolver.errors import CallerError
from resolver.model.question import Question
from resolver.net.faults import CLIENT, FAULTS, Fault, FaultRule, Kind, Path, corrupt_values
from resolver.net.faulty import Faulty
from resolver.wire.bodies.resolution import ResolutionAnswer
from resolver.wire.codes import Code
from resolver.wire.message import Message, decode

ITEM = b"88.118.8/JXDY2106023"
UDP = Path("udp", "recursive-1")


@pytest.fixture
def behind(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[Country, list[str]]]:
    """The teaching country, answers of its recursive node to clients behind a fault; and a list that grows whenever it
    struck.
    """

    def behind(fault: Fault, seed: int = 1) -> tuple[Country, list[str]]:
        monkeypatch.setitem(FAULTS, "tried", Kind(lambda: fault))
        rule = FaultRule("tried", frozenset({"recursive-1"}), frozenset({CLIENT}), seed=str(seed))
        made, struck = teaching_country(), []  # type: ignore[var-annotated]
        node, names = made.nodes["recursive-1"], {node.ip: node.name for node in made.plan.nodes}
        faulty = Faulty(node, [rule], name="recursive-1", names=names, struck=struck.append)
        made.world.attach(made.ip("recursive-1"), faulty, ports=(2641, 3641))
        return made, struck

    return behind


Behind = Callable[..., tuple[Country, list[str]]]


def values(message: Message | None) -> ResolutionAnswer:
    assert message is not None
    assert isinstance(message.body, ResolutionAnswer)
    return message.body


def differing_bits(one: ResolutionAnswer, other: ResolutionAnswer) -> int:
    """How many bits of data differ between two answers that are alike otherwise."""
    assert one.handle == other.handle
    count = 0
    for a, b in zip(one.values, other.values, strict=True):
        assert (a.index, a.type, a.ttl, a.permissions, len(a.data)) == (
            b.index,
            b.type,
            b.ttl,
            b.permissions,
            len(b.data),
        )
        count += sum((x ^ y).bit_count() for x, y in zip(a.data, b.data, strict=True))
    return count


@pytest.mark.parametrize("tcp", [False, True])
def test_a_corrupted_answer_differs_in_one_bit_of_one_value_and_nothing_else(behind: Behind, tcp: bool) -> None:
    healthy, (faulty, struck) = teaching_country(), behind(corrupt_values(1.0))
    for time in range(3):  # from upstream, then from caches: whichever way an answer leaves
        right, wrong = (values(ask(made, "recursive-1", ITEM, tcp=tcp)) for made in (healthy, faulty))
        assert differing_bits(right, wrong) == 1
        assert len(struck) == time + 1


def test_what_is_corrupted_on_its_way_out_stays_right_inside(behind: Behind) -> None:
    made, _ = behind(corrupt_values(1.0))
    first, second = (values(ask(made, "recursive-1", ITEM)) for _ in range(2))
    assert differing_bits(first, second) in (0, 2)


def test_an_answer_in_fragments_is_corrupted_as_a_whole(behind: Behind) -> None:
    healthy, (faulty, struck) = teaching_country(), behind(corrupt_values(1.0))
    plan = load_network(TEACHING)
    large = largest(plan)
    right, wrong = (values(ask(made, "recursive-1", large)) for made in (healthy, faulty))
    assert sum(len(value.data) for value in right.values) > 492
    assert differing_bits(right, wrong) == 1
    assert len(struck) == 1


def largest(plan: NetworkPlan) -> bytes:
    records = [record for node in plan.nodes if node.tier == "enterprise" for record in records_of(node)]
    public = {handle: sum(len(value.data) for value in found if value.public_read) for handle, found in records}
    return max(public, key=lambda handle: public[handle])


def test_a_share_of_answers_is_struck_and_the_same_seed_strikes_the_same_ones(behind: Behind) -> None:
    counts = []
    for seed in (1, 1, 2):
        made, struck = behind(corrupt_values(0.1), seed)
        hits = []
        for _ in range(300):
            before = len(struck)
            ask(made, "recursive-1", ITEM)
            hits.append(len(struck) > before)
        counts.append(hits)
    assert counts[0] == counts[1] != counts[2]
    assert 15 <= sum(counts[0]) <= 50


def test_only_answers_with_values_are_corrupted(behind: Behind) -> None:
    made, struck = behind(corrupt_values(1.0))
    missing = ask(made, "recursive-1", b"88.118.8/NO-SUCH-THING")
    assert missing is not None
    assert missing.header.code == Code.HANDLE_NOT_FOUND
    asked = request(Question(ITEM), made)
    assert corrupt_values(1.0)(asked, UDP, Random(1)) == ((0, asked),)
    assert corrupt_values(1.0)(b"\x00" * 60, UDP, Random(1)) == ((0, b"\x00" * 60),)
    assert struck == []


def test_questions_to_other_nodes_are_left_alone(behind: Behind) -> None:
    made, _ = behind(lambda packet, path, random: ())
    assert ask(made, "recursive-1", ITEM) is None
    assert ask(made, "recursive-1", ITEM) is None
    # The node did resolve it: with the fault gone, its cache knows.
    made.world.attach(made.ip("recursive-1"), made.nodes["recursive-1"], ports=(2641, 3641))
    assert values(ask(made, "recursive-1", ITEM)).handle == ITEM


def test_an_answer_may_come_twice(behind: Behind) -> None:
    made, struck = behind(lambda packet, path, random: ((0, packet), (0, packet)))
    reply = made.world.ask(made.ip("recursive-1"), request(Question(ITEM), made))
    assert reply is not None
    assert isinstance(decode(reply), Message)
    assert len(struck) == 1


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_a_share_is_between_0_and_1(share: float) -> None:
    with pytest.raises(CallerError):
        corrupt_values(share)
