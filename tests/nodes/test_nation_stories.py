"""Stories of a small nation in virtual time: two roots, seven national sites, procedural identifiers, distances."""

from __future__ import annotations

from collections import Counter

import pytest
from playbook import Country, answer, ask, country, request, small_nation

from nodes.config import NetworkPlan, load_network
from nodes.node import Hop, Node
from nodes.recursive import RecursiveNode
from resolver.model.identifier import fold
from resolver.model.now import NS_PER_S
from resolver.model.population import ORIGIN, Population
from resolver.model.question import Question
from resolver.model.value import Value
from resolver.wire.bodies.referral import Referral
from resolver.wire.codes import Code
from resolver.wire.message import Message, decode
from resolver.wire.record import pack_record

SECOND_SYSTEM = b"20.500.7/SEXTANT-0001"
SITES = [
    f"national-{city}" for city in ("beijing", "shanghai", "guangzhou", "wuhan", "chongqing", "nanjing", "chengdu")
]


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> NetworkPlan:
    return load_network(small_nation(tmp_path_factory.mktemp("nation")))


@pytest.fixture
def made(plan: NetworkPlan) -> Country:
    return country(plan)


@pytest.fixture
def distant(plan: NetworkPlan) -> Country:
    """The same with the latencies between its places."""
    far = country(plan)
    assert plan.latency is not None
    far.world.link = plan.latency.link({node.ip: node.place for node in plan.nodes})
    return far


def population(made: Country) -> Population:
    assert made.plan.population is not None
    return made.plan.population


def member(made: Country, prefix: bytes, number: int = 0) -> bytes:
    handle = population(made).member(prefix, number)
    assert handle is not None
    return handle


def prefixes(made: Country) -> list[bytes]:
    return [prefix for prefix, _ in population(made).shares]


def traced(made: Country, handle: bytes, name: str = "recursive-1") -> tuple[Code | int, list[Hop], list[str]]:
    """(code, hops, names of the nodes asked) of one resolution."""
    node: Node = made.nodes[name]
    node.arm_trace(77, made.world.now)
    code = answer(ask(made, name, handle)).code
    trace = node.take_trace(77)
    assert trace is not None
    names = {f"{each.ip}:{each.port}": each.name for each in made.plan.nodes}
    return code, trace.hops, [names[hop.address] for hop in trace.hops]


# ---- two roots -------------------------------------------------------------------------------------------------------


def test_one_recursive_node_resolves_under_86_88_and_the_second_root_each_from_its_own_root(made: Country) -> None:
    own = {
        b"88": member(made, b"88.101.1"),
        b"86": member(made, next(prefix for prefix in prefixes(made) if prefix.startswith(b"86."))),
        b"20": SECOND_SYSTEM,
    }
    roots = {}
    for family, handle in own.items():
        code, hops, asked = traced(made, handle)
        assert code == Code.SUCCESS
        assert [hop.code for hop in hops] == [303, 303, 1, 1]
        assert asked[2].startswith("secondary-" + family.decode())
        roots[family] = asked[:2]
    assert roots == {
        b"88": ["root-1", "national-beijing"],
        b"86": ["root-1", "national-shanghai"],  # the mirror that was never asked comes first
        b"20": ["root-2", "national-20"],
    }


@pytest.mark.parametrize(
    ("handle", "root"), [(b"10.1000/1", "root-2"), (b"21.1/x", "root-2"), (b"99.1/x", "root-1"), (b"7.1/x", "root-1")]
)
def test_a_family_is_asked_at_its_root_and_any_other_at_the_root_without_families(
    made: Country, handle: bytes, root: str
) -> None:
    code, _, asked = traced(made, handle)
    assert (code, asked) == (Code.HANDLE_NOT_FOUND, [root])


def test_a_dead_second_root_is_no_trouble_for_the_first(made: Country) -> None:
    made.world.down.add(made.ip("root-2"))
    assert answer(ask(made, "recursive-1", SECOND_SYSTEM)).code == Code.ERROR
    assert traced(made, member(made, b"88.101.1"))[0] == Code.SUCCESS


# ---- procedural identifiers ------------------------------------------------------------------------------------------


def test_identifiers_of_every_enterprise_resolve_to_what_the_population_says(made: Country) -> None:
    for number, prefix in enumerate(prefixes(made)):
        handle = member(made, prefix, number)
        got = answer(ask(made, f"recursive-{1 + number % 6}", handle))
        assert got.code == Code.SUCCESS
        assert got.values == population(made).values(handle)
        assert Value(2, b"ORIGIN", ORIGIN, timestamp=got.values[1].timestamp) in got.values


def test_a_hosted_enterprises_identifiers_are_answered_by_its_secondary_node(made: Country) -> None:
    secondary = made.plan.node("secondary-88.101")
    handle = member(made, secondary.prefixes[1])
    assert traced(made, handle)[2][-2:] == [secondary.name, secondary.name]


def test_letter_case_does_not_matter_and_neighbours_that_do_not_exist_are_not_found(made: Country) -> None:
    handle = member(made, b"88.101.1")
    assert answer(ask(made, "recursive-1", handle.lower())).values == population(made).values(handle)
    assert answer(ask(made, "recursive-1", handle[:-1] + b"X")).code == Code.HANDLE_NOT_FOUND


def test_what_was_registered_wins_over_what_is_procedural(made: Country) -> None:
    handle = member(made, b"88.101.1")
    store = made.nodes["enterprise-88.101.1"].store  # type: ignore[attr-defined]
    store.commit([(fold(handle), pack_record([Value(1, b"URL", b"https://a.example")]))])
    assert [value.data for value in answer(ask(made, "recursive-1", handle)).values] == [b"https://a.example"]
    assert answer(ask(made, "recursive-1", member(made, b"88.101.1", 1))).values[1].data == ORIGIN


# ---- seven sites -----------------------------------------------------------------------------------------------------


def test_a_referral_to_seven_sites_comes_in_fragments_and_is_understood(made: Country) -> None:
    _, hops, asked = traced(made, member(made, b"88.101.1"))
    assert asked[0] == "root-1"
    assert (hops[0].transport, hops[0].code) == ("udp", Code.PREFIX_REFERRAL)
    assert hops[0].octets_in > 1_000
    packet = request(Question(b"0.NA/88.101.1"), made)
    whole = made.world.ask(made.ip("root-1"), packet, tcp=True)
    assert whole is not None
    referral = decode(whole)
    assert isinstance(referral, Message) and isinstance(referral.body, Referral)
    assert len(referral.body.values) == 7


def test_a_dead_primary_site_costs_one_wait_and_then_nothing(made: Country) -> None:
    made.world.down.add(made.ip("national-beijing"))
    first, *others = prefixes(made)[:10]
    assert answer(ask(made, "recursive-1", member(made, first))).code == Code.SUCCESS
    assert made.world.mono_ns < 4 * NS_PER_S
    before = made.world.mono_ns
    for prefix in others:
        code, _, asked = traced(made, member(made, prefix))
        assert code == Code.SUCCESS and "national-beijing" not in asked
    assert made.world.mono_ns - before < NS_PER_S


def test_with_six_sites_dead_the_last_one_still_answers(made: Country) -> None:
    made.world.down.update(made.ip(name) for name in SITES[:-1])
    for prefix in prefixes(made)[:4]:  # within the time limit of a question it may take several, each tries further
        answer(ask(made, "recursive-1", member(made, prefix)))
    code, _, asked = traced(made, member(made, prefixes(made)[5]))
    assert code == Code.SUCCESS and SITES[-1] in asked


def test_every_recursive_node_ends_up_with_the_national_site_nearest_to_it(distant: Country) -> None:
    latency, nodes = distant.plan.latency, {node.name: node for node in distant.plan.nodes}
    assert latency is not None
    chosen = {}
    for name in (f"recursive-{number}" for number in range(1, 7)):
        assert isinstance(distant.nodes[name], RecursiveNode)
        asked: list[str] = []
        for prefix in prefixes(distant)[:20]:
            code, _, way = traced(distant, member(distant, prefix), name)
            assert code == Code.SUCCESS
            asked += [site for site in way if site in SITES]
        assert set(asked) == set(SITES)  # each was tried
        (chosen[name],) = set(asked[len(SITES) :])  # and then one is asked
        here = nodes[name].place
        assert chosen[name] == min(SITES, key=lambda site: latency.one_way_ns(here, nodes[site].place))
    assert len(Counter(chosen.values())) >= 4


# ---- remembered referrals --------------------------------------------------------------------------------------------


def two_of_one_secondary(made: Country) -> tuple[bytes, bytes]:
    first, second = made.plan.node("secondary-88.101").prefixes[1:3]
    return member(made, first), member(made, second)


def test_the_second_enterprise_of_a_secondary_node_is_asked_for_there(made: Country) -> None:
    first, second = two_of_one_secondary(made)
    assert traced(made, first)[2] == ["root-1", "national-beijing", "secondary-88.101", "secondary-88.101"]
    assert traced(made, second)[2] == ["secondary-88.101", "secondary-88.101"]


def test_another_secondary_node_is_found_from_the_national_site(made: Country) -> None:
    traced(made, b"0.NA/88.101")
    assert traced(made, member(made, b"88.102.1"))[2][0].startswith("national-")


def test_a_remembered_referral_is_traced(made: Country) -> None:
    first, second = two_of_one_secondary(made)
    traced(made, first)
    node = made.nodes["recursive-1"]
    node.arm_trace(77, made.world.now)
    ask(made, "recursive-1", second)
    trace = node.take_trace(77)
    assert trace is not None
    assert ("referral", "hit", "0.NA/88.101") in [(event.cache, event.outcome, event.key) for event in trace.cache]


def test_who_wants_it_fresh_is_taken_all_the_way_from_the_root(made: Country) -> None:
    first, second = two_of_one_secondary(made)
    traced(made, first)
    prefix = b"0.NA/" + second.partition(b"/")[0]
    before = made.requests()["root-1"]
    for question in (Question(prefix, authoritative=True), Question(prefix, public_only=False)):
        assert answer(ask(made, "recursive-1", question)).code == Code.SUCCESS
    assert made.requests()["root-1"] == before + 2


def test_a_referral_is_forgotten_when_its_ttl_has_passed(made: Country) -> None:
    first, second = two_of_one_secondary(made)
    traced(made, first)
    made.world.run(86_400 * NS_PER_S)
    assert traced(made, second)[2][0] == "root-1"


def test_after_silence_where_a_referral_led_whoever_is_above_is_asked_again(made: Country) -> None:
    first, second = two_of_one_secondary(made)
    traced(made, first)
    made.world.down.add(made.ip("secondary-88.101"))
    assert traced(made, second)[0] == Code.ERROR
    made.world.down.clear()
    made.world.run(NS_PER_S)  # so long it is known that nobody answered
    assert traced(made, second)[2][0].startswith("national-")


def test_an_enterprise_that_moved_to_another_secondary_is_found_by_way_of_the_root(made: Country) -> None:
    first, second = two_of_one_secondary(made)
    traced(made, first)
    prefix = fold(b"0.NA/" + second.partition(b"/")[0])
    record = made.nodes["secondary-88.101"].store.get(prefix)  # type: ignore[attr-defined]
    made.nodes["secondary-88.101"].store.commit([(prefix, None)])  # type: ignore[attr-defined]
    made.nodes["root-1"].store.commit([(prefix, record)])  # type: ignore[attr-defined]
    code, _, asked = traced(made, second)
    assert (code, asked) == (Code.SUCCESS, ["secondary-88.101", "root-1", "secondary-88.101"])
