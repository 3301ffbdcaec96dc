"""Line 19: one client asks fifty times as much as each of the others, and they do not notice.

The teaching network in virtual time, with measured service times; every name is cold, arrivals are random, each client
has an address of its own, and a source may ask twice what an ordinary client asks. The others' 99th percentile is
taken with the greedy one and without it, from the same arrivals; both are of what came after the first two seconds,
for a source may use up a second's worth at once. A control lifts the limit: then they must notice.

The number is by how much their p99 grew, in percent; what they are not answered counts with its time-out.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from biaoshi.proofs.cold import asked_cold, cold_network
from biaoshi.proofs.trial import Trial
from loadgen.pacing import poisson
from nodes.config import NetworkPlan
from resolver.net.virtual import Address

OTHERS, EACH_PER_S, TIMES_AS_MUCH = 20, 15.0, 50
ALLOWED_PER_S = int(2 * EACH_PER_S)
SETTLE_S, QUICK_S, FULL_S = 2.0, 20.0, 300.0
REPEATS_QUICK, REPEATS_FULL = 1, 5
GREEDY: Address = ("127.86.9.200", 40_000)
ADDRESSES: tuple[Address, ...] = tuple((f"127.86.9.{10 + number}", 40_000) for number in range(OTHERS))
CONTROL_LEAST = 10.0  # percent


def prove(trial: Trial) -> None:
    """Compare; the worst repeat counts."""
    plan = cold_network(trial.folder)
    seconds = FULL_S if trial.full else QUICK_S
    trial.value, alone_ms, beside_ms = None, [], []
    for repeat in range(REPEATS_FULL if trial.full else REPEATS_QUICK):
        seed = trial.seed + repeat
        alone, _ = others_p99_ms(limited(plan, ALLOWED_PER_S), seconds, seed, greedy=False)
        beside, thrown_away = others_p99_ms(limited(plan, ALLOWED_PER_S), seconds, seed, greedy=True)
        grown = change(alone, beside)
        trial.value = grown if trial.value is None else max(trial.value, grown)
        alone_ms.append(round(alone, 2))
        beside_ms.append(round(beside, 2))
        if not thrown_away:
            trial.fail("nothing was thrown away, so nobody was greedy")
        trial.tell(f"p99 of the others {alone:.2f} ms alone, {beside:.2f} ms beside: {grown:+.1f} %")
    freely, _ = others_p99_ms(plan, min(seconds, QUICK_S), trial.seed, greedy=True)
    control = change(alone_ms[0], freely)
    trial.facts = {"p99 alone, ms": alone_ms, "p99 beside, ms": beside_ms, "without the limit, %": round(control, 1)}
    if control < CONTROL_LEAST:
        trial.fail(f"without the limit the others noticed nothing either ({control:+.1f} %)")


def change(alone_ms: float, beside_ms: float) -> float:
    """By how much it grew, in percent; shrinking is a change, too."""
    return abs(beside_ms / alone_ms - 1) * 100


def limited(plan: NetworkPlan, requests_per_s: int) -> NetworkPlan:
    """The network, its nodes behind what one source may ask."""
    nodes = (
        replace(node, limits=replace(node.limits, source_requests_per_s=requests_per_s))
        if node.tier == "recursive"
        else node
        for node in plan.nodes
    )
    return replace(plan, nodes=tuple(nodes))


def others_p99_ms(plan: NetworkPlan, seconds: float, seed: int, *, greedy: bool) -> tuple[float, int]:
    """The 99th percentile of the others, and how many requests were thrown away for their source's sake."""
    rate = (OTHERS + TIMES_AS_MUCH) * EACH_PER_S
    count = int(2 * rate * (SETTLE_S + seconds)) + 1_000
    of_whom = np.random.default_rng(seed).integers(0, OTHERS + TIMES_AS_MUCH, count)

    def asker(slot: int) -> Address | None:
        who = int(of_whom[slot])
        return ADDRESSES[who] if who < OTHERS else GREEDY if greedy else None

    done = asked_cold(plan, poisson(rate), SETTLE_S + seconds, seed, asker)
    records = done.result.records
    mine = of_whom[: len(records)] < OTHERS
    settled = records[mine & (records["due"] >= SETTLE_S * 1e9)]
    timeout_ns = done.result.header["timeout_ns"]
    latency_ns = np.where(settled["received"] >= 0, settled["received"] - settled["due"], timeout_ns)
    thrown_away = sum(node.counters.dropped["source requests"] for node in done.made.nodes.values())
    return float(np.percentile(latency_ns, 99)) / 1e6, thrown_away
