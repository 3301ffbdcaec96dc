"""Couriers do what errands do: the same packets upstream, the same counts, the same answers, whatever goes wrong."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playbook import TEACHING, Country, country, small_nation

from nodes.config import NetworkPlan, load_network
from nodes.courier import Couriers
from nodes.keyring import make_keys
from nodes.node import LATER
from nodes.recursive import RecursiveNode
from resolver.model.now import NS_PER_MS, NS_PER_S
from resolver.model.question import Question
from resolver.net.virtual import UPSTREAM_PORT, Address, Delivery
from resolver.rules import replies
from resolver.wire.message import encode

CLIENT, CLIENTS = "127.86.9.1", 50_001  # the port from which the n-th question comes is this and n

# (after so many milliseconds, the handle); equal ones side by side are joined
Script = Sequence[tuple[int, bytes]]
ITEMS: Script = [
    (0, b"88.118.8/JXDY2106023"),
    (0, b"88.118.8/JXDY2106023"),
    (0, b"88.118.8/jxdy2106023"),
    (0, b"88.118.8/JXDY2106024"),
    (1, b"88.118.9/NOTHING"),
    (1, b"88.118.77/NO-SUCH-PREFIX"),
    (1, b"88.300.35/LEDGER"),
    (1, b"88.300.35/batch-0001"),
    (1, b"20.500.7/AAA"),
    (1, b"99.1/FAMILY-OF-NOBODY"),
    (1, b"88/ITEM-OF-THE-NATION"),
    (1, b"/EMPTY-PREFIX"),
    (40, b"88.118.8/JXDY2106023"),
    (0, b"88.118.8/JXDY2106025"),
    (5_000, b"88.118.8/JXDY2106026"),
    (0, b"88.300.21/X"),
]


@dataclass
class Played:
    """What was seen: packets to servers and to clients, with request ids and order of sending left out."""

    upstream: list[tuple[str, bytes]] = field(default_factory=list)
    replies: list[tuple[int, bytes]] = field(default_factory=list)
    counts: list[object] = field(default_factory=list)


Link = Callable[[Address, Address, bytes], Sequence[Delivery]]


def play(made: Country, script: Script, link: Link | None = None) -> Played:
    """Ask a country's first recursive node, and watch."""
    seen = Played()
    ip = made.ip("recursive-1")
    usual = link or made.world.link

    def watched(source: Address, target: Address, packet: bytes) -> Sequence[Delivery]:
        anonymous = packet[:8] + packet[12:]
        if source == (ip, UPSTREAM_PORT):
            seen.upstream.append((target[0], anonymous))
        elif target[0] == CLIENT:
            seen.replies.append((target[1], anonymous))
        return usual(source, target, packet)

    made.world.link = watched
    node = made.nodes["recursive-1"]
    assert isinstance(node, RecursiveNode)
    for number, (wait_ms, handle) in enumerate(script):
        made.world.run(wait_ms * NS_PER_MS)
        packet = encode(replies.request_message(Question(handle), 1_000 + number, made.world.now))
        made.world._datagram((CLIENT, CLIENTS + number), (ip, 2641), packet)
    made.world.run(60 * NS_PER_S)
    counters = node.counters
    requests = {kind: counters.decided[slot] + counters.recalled[slot] for kind, slot in counters.slots.items()}
    seen.counts = [requests, counters.cache, counters.upstream, counters.resent, counters.dropped, made.requests()]
    seen.counts += [node.seeker.errands, sum(counters.duration.counts), set(node.answers.entries.table)]
    seen.upstream.sort()
    seen.replies.sort()
    return seen


def both_ways(make: Callable[[], Country], monkeypatch: pytest.MonkeyPatch, script: Script, link: Callable[[], Link]):  # type: ignore[no-untyped-def]
    """The same story with couriers and without; how many questions couriers took."""
    taken = []
    take = Couriers.take

    def counted(self: Couriers, *arguments: object) -> bytes | None:
        said = take(self, *arguments)  # type: ignore[arg-type]
        taken.append(said == LATER)
        return said

    monkeypatch.setattr(Couriers, "take", counted)
    carried = play(make(), script, link())
    monkeypatch.setattr(Couriers, "take", lambda *arguments: None)
    driven = play(make(), script, link())
    return carried, driven, sum(taken)


def delivered() -> Link:
    return lambda source, target, packet: ((NS_PER_MS, packet),)


def lossy(seed: int) -> Callable[[], Link]:
    """Every tenth packet on a server's link is lost, doubled, late or altered: by what it says and how often it was
    said, so that both ways meet the same luck although they draw different ids.
    """

    def fresh() -> Link:
        said: dict[tuple[str, str, bytes], int] = {}

        def link(source: Address, target: Address, packet: bytes) -> Sequence[Delivery]:
            if CLIENT in (source[0], target[0]):
                return ((NS_PER_MS, packet),)
            key = (source[0], target[0], packet[:8] + packet[12:36] + packet[40:])
            said[key] = said.get(key, 0) + 1
            luck = random.Random(f"{seed} {key} {said[key]}").random()
            if luck < 0.04:
                return ()
            if luck < 0.06:
                return ((NS_PER_MS, packet), (2 * NS_PER_MS, packet))
            if luck < 0.08:
                return ((700 * NS_PER_MS, packet),)
            if luck < 0.1:
                return ((NS_PER_MS, packet[:-3] + bytes(3)),)
            return ((NS_PER_MS, packet),)

        return link

    return fresh


@pytest.fixture(scope="module", params=[False, True], ids=["no keys", "keys"])
def teaching(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Country]:
    """With keys of 2,048 bits every HS_SITE takes two datagrams."""
    plan, keys = load_network(TEACHING), None
    if request.param:
        keys = tmp_path_factory.mktemp("keys")
        make_keys(plan, keys)
        plan = load_network(TEACHING, keys=keys)
    return lambda: country(plan, keys=keys)


def test_the_same_is_sent_counted_and_answered(teaching: Callable[[], Country], monkeypatch) -> None:  # type: ignore[no-untyped-def]
    carried, driven, taken = both_ways(teaching, monkeypatch, ITEMS, delivered)
    assert taken > len(ITEMS) // 2 and len({port for port, _ in carried.replies}) == len(ITEMS)
    assert carried == driven


@pytest.mark.parametrize("seed", range(12))
def test_the_same_when_links_lose_double_delay_and_alter(seed: int, teaching, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    carried, driven, taken = both_ways(teaching, monkeypatch, ITEMS, lossy(seed))
    assert taken > len(ITEMS) // 2
    assert answers(carried) == answers(driven)
    assert carried.counts[0] == driven.counts[0]
    assert carried.counts[-3] == driven.counts[-3] == 0


def answers(played: Played) -> list[tuple[int, bytes]]:
    """What clients were told, but for expiry and TTLs, which depend on when."""
    return [(port, packet[:32]) for port, packet in played.replies]


def test_the_same_in_a_nation_with_mirrors_and_hosted_enterprises(tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    plan: NetworkPlan = load_network(small_nation(tmp_path))
    assert plan.population is not None
    chance = random.Random(7)
    ranks = [chance.randrange(plan.population.size) for _ in range(150)]
    script = [(chance.randrange(3), plan.population.identifier(rank)) for rank in ranks]
    carried, driven, taken = both_ways(lambda: country(plan), monkeypatch, script, delivered)
    assert taken == len(script)
    assert carried == driven
