"""Line 16: any one node dies, and clients hardly notice.

The nation in virtual time, with the latencies between its places. Recursive nodes know some names. Then a node dies,
one of every tier after the other and each of the national sites: its datagrams vanish, its connections are refused.
Clients go on asking for what is known, and for what nobody asked for yet. Questions that only the dead node could
answer (its own records, what it alone delegates) are left out: they have no replica.

    cached     answered with success within three seconds: at least 99.99 %
    uncached   the same: at least 99 %
    traffic    after three seconds the dead node gets next to nothing: of a hundred questions one may look after it

The number is the share of cached names that were not answered.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

from biaoshi.proofs.crowd import Crowd
from biaoshi.proofs.trial import Trial
from nodes.config import NetworkPlan, load_network
from nodes.country import Country, country
from nodes.files import find_file
from resolver.model.now import NS_PER_S
from resolver.net.virtual import Address, Delivery
from resolver.rules.resolution import root_sites

NATIONAL = Path("configs/national.toml")
RECURSIVES_QUICK, RECURSIVES_FULL = 2, 6
KNOWN = 200  # names that every recursive node has been asked for
RATE_PER_S = 20  # questions of each kind, at each recursive node
WATCHED_S = 8
MOVED_S = 3
PROBES_MAX = 0.01
UNCACHED_MIN = 0.99
DRAWS_MAX = 30  # for a name that has a replica; where the only root dies there is none


class Watch:
    """The plan's links, and a count of what is sent to one address after a moment."""

    def __init__(self, made: Country) -> None:
        assert made.plan.latency is not None
        self.made = made
        self.ip, self.from_ns, self.sent = "", 0, 0
        self._link = made.plan.latency.link({node.ip: node.place for node in made.plan.nodes})

    def __call__(self, source: Address, target: Address, packet: bytes) -> Sequence[Delivery]:
        if target[0] == self.ip and self.made.world.mono_ns >= self.from_ns:
            self.sent += 1
        return self._link(source, target, packet)


def prove(trial: Trial) -> None:
    """Let them die, one after the other."""
    plan = load_network(find_file(NATIONAL))
    made = country(plan, seed=trial.seed)
    chance = random.Random(trial.seed)
    watch = Watch(made)
    made.world.link = watch
    askers = [node.name for node in plan.nodes if node.tier == "recursive"]
    askers = chance.sample(askers, RECURSIVES_FULL if trial.full else RECURSIVES_QUICK)
    crowd = Crowd(made)
    known = [draw(plan, chance) for _ in range(KNOWN)]
    for handle in known:
        for name in askers:
            crowd.ask(name, handle, "warm")
        crowd.run(NS_PER_S // 50)
    crowd.run(10 * NS_PER_S)
    asked, answered = crowd.tell(["warm"])["warm"]
    if answered < asked:
        trial.fail(f"{asked - answered} of {asked} names could not be made known")
    total = {"cached": [0, 0], "uncached": [0, 0]}
    for victim in victims(plan, chance, full=trial.full):
        told, probes = _dies(crowd, watch, victim, askers, known, chance)
        for kind, (questions, successes) in told.items():
            total[kind][0] += questions
            total[kind][1] += successes
        trial.facts[victim] = {"cached": list(told["cached"]), "uncached": list(told["uncached"]), "sent_later": probes}
        for words in judge(told, probes):
            trial.fail(f"{victim}: {words}")
        trial.tell(f"{victim}: {told}")
        questions, successes = total["cached"]
        trial.value = 100 * (questions - successes) / max(1, questions)
        if trial.out_of_time:
            break


def judge(told: dict[str, tuple[int, int]], probes: int) -> list[str]:
    """What is wrong with what became of the questions while one node was dead."""
    wrong = []
    asked, answered = told["uncached"]
    if not told["cached"][0]:
        wrong.append("nothing was asked")
    elif answered < UNCACHED_MIN * asked:
        wrong.append(f"{asked - answered} of {asked} uncached names were not answered")
    if probes > PROBES_MAX * (asked + told["cached"][0]) + 2:
        wrong.append(f"{probes} packets were still sent to it after {MOVED_S} s")
    return wrong


def victims(plan: NetworkPlan, chance: random.Random, *, full: bool) -> list[str]:
    """Who dies: each national site, and some of the other tiers."""
    found = [node.name for node in plan.nodes if node.tier == "national"]
    for tier in ("root", "secondary", "enterprise"):
        of_tier = [node.name for node in plan.nodes if node.tier == tier]
        found += chance.sample(of_tier, min(len(of_tier), 10 if full else 1))
    return found


def draw(plan: NetworkPlan, chance: random.Random) -> bytes:
    """A name of the population, any."""
    population = plan.population
    assert population is not None
    return population.identifier(chance.randrange(population.size))


def _dies(
    crowd: Crowd, watch: Watch, victim: str, askers: Sequence[str], known: Sequence[bytes], chance: random.Random
) -> tuple[dict[str, tuple[int, int]], int]:
    made = crowd.made
    plan = made.plan
    watch.ip, watch.from_ns, watch.sent = made.ip(victim), made.world.mono_ns + MOVED_S * NS_PER_S, 0
    made.world.down.add(watch.ip)
    for _ in range(RATE_PER_S * WATCHED_S):
        for name in askers:
            crowd.ask(name, chance.choice(known), "cached")
            others = (draw(plan, chance) for _ in range(DRAWS_MAX))
            handle = next((each for each in others if not alone_answers(plan, victim, each)), None)
            if handle is not None:
                crowd.ask(name, handle, "uncached")
        crowd.run(NS_PER_S // RATE_PER_S)
    sent = watch.sent
    crowd.run(5 * NS_PER_S)
    made.world.down.clear()
    crowd.run(5 * NS_PER_S)
    return crowd.tell(["cached", "uncached"]), sent


def alone_answers(plan: NetworkPlan, victim: str, handle: bytes) -> bool:
    """Whether a name cannot be found without a node: it has the records, or it alone says where they are."""
    node = plan.node(victim)
    prefix = handle.partition(b"/")[0]
    if node.tier == "root":
        sites = root_sites(b"0.NA/" + prefix, plan.node(next(each.name for each in plan.nodes if each.roots)).roots)
        return len(sites) == 1 and sites[0].servers[0].ip == node.ip
    if node.tier == "national":
        return False
    return any(prefix == own or prefix.startswith(own + b".") for own in node.prefixes)
