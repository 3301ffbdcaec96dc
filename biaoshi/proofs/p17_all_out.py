"""Line 17: all authorities are out, and what is popular is answered all the same.

The nation in virtual time. A recursive node knows some names, whose TTLs then run out. Every other node dies, and
clients go on asking for those names. What they get is expired, and counted as that; and the dead are asked now and then
only: for each name once in a hold-off, with the sends of one question.

The number is the share of questions that were not answered with success within three seconds.
"""

from __future__ import annotations

import random

from biaoshi.proofs.crowd import Crowd
from biaoshi.proofs.p16_one_dies import NATIONAL, Watch, draw
from biaoshi.proofs.trial import Trial
from nodes.config import load_network
from nodes.country import country
from nodes.files import find_file
from resolver.cache.answers import HOLD_OFF_NS
from resolver.model.now import NS_PER_S
from resolver.rules.selection import TCP_WAITS_NS, UDP_WAITS_NS

NAMES_QUICK, NAMES_FULL = 50, 500
RATE_PER_S, OUTAGE_QUICK_S, OUTAGE_FULL_S = 100, 60, 600
LIFE_S = 86_400
SENDS_A_TRY = len(UDP_WAITS_NS) + len(TCP_WAITS_NS)


def prove(trial: Trial) -> None:
    """Let all of them die."""
    plan = load_network(find_file(NATIONAL))
    made = country(plan, seed=trial.seed)
    chance = random.Random(trial.seed)
    made.world.link = Watch(made)
    asker = chance.choice([node.name for node in plan.nodes if node.tier == "recursive"])
    crowd = Crowd(made)
    names = list({draw(plan, chance) for _ in range(NAMES_FULL if trial.full else NAMES_QUICK)})
    for handle in names:
        crowd.ask(asker, handle, "warm")
        crowd.run(NS_PER_S // 20)
    crowd.run(5 * NS_PER_S)
    if crowd.tell(["warm"])["warm"] != (len(names), len(names)):
        trial.fail("not all names could be made known")
    made.world.run(LIFE_S * NS_PER_S)
    made.world.down.update(node.ip for node in plan.nodes if node.tier != "recursive")
    node = made.nodes[asker]
    before = sum(node.counters.upstream.values()) + sum(node.counters.resent.values())
    seconds = OUTAGE_FULL_S if trial.full else OUTAGE_QUICK_S
    for _ in range(seconds * RATE_PER_S):
        crowd.ask(asker, chance.choice(names), "popular")
        crowd.run(NS_PER_S // RATE_PER_S)
        trial.progress(f"{made.world.mono_ns // NS_PER_S - LIFE_S} s of the outage")
    crowd.run(15 * NS_PER_S)
    asked, answered = crowd.tell(["popular"])["popular"]
    probes = sum(node.counters.upstream.values()) + sum(node.counters.resent.values()) - before
    allowed = len(names) * SENDS_A_TRY * (1 + (seconds + 15) * NS_PER_S // HOLD_OFF_NS)
    stale = node.counters.cache["answer", "stale"]
    trial.value = 100 * (asked - answered) / asked
    trial.facts = {
        "asked": asked,
        "answered": answered,
        "stale": stale,
        "requests_to_the_dead": probes,
        "allowed": allowed,
    }
    for words in judge(asked, stale, probes, allowed):
        trial.fail(words)


def judge(asked: int, stale: int, probes: int, allowed: int) -> list[str]:
    """What is wrong with how that came about."""
    wrong = []
    if stale < 0.99 * asked:
        wrong.append(f"only {stale:,} of {asked:,} answers were counted as stale")
    if probes > allowed:
        wrong.append(f"{probes:,} requests were sent to the dead, where {allowed:,} are bounded")
    if not probes:
        wrong.append("nobody looked whether they are back")
    return wrong
