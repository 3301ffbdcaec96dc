"""Line 14: at two, five and ten times what a network can do, it does as much as ever, and as promptly.

The teaching network in virtual time, with measured service times, one process of authorities and one of the recursive
node; every name is cold, arrivals are random. What the network can do is what it does when it is offered three times as
much as its recursive process is reckoned to bear; the peak is looked for around that. Then come the multiples of it.
Looked at is what came after the first two seconds: a queue may stand half a second before it is more than a burst.

    goodput    right answers a second: at least 90 % of the peak's
    p99        of the accepted: at most twice that at the rate at which the peak was reached
    memory     when it is over, no resolution is under way any more
    sheds      every question that has no answer was thrown away where it was counted

The number is the worst of goodput and p99, as a share of what is allowed. Real sockets are not in it: on two cores the
generator takes what the nodes lack (`python -m benchmarks` and docs/resilience.md say what was seen there).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from biaoshi.proofs.cold import asked_cold, cold_network
from biaoshi.proofs.trial import Trial
from biaoshi.simulation import Simulated, read_times
from loadgen.pacing import poisson
from loadgen.results import Verdict
from nodes.recursive import RecursiveNode
from resolver.wire.codes import Code

LOOKED = (0.9, 1.0, 1.1)
MULTIPLES = (2.0, 5.0, 10.0)
SETTLE_S, QUICK_S, FULL_S = 2.0, 2.0, 30.0
GOODPUT_MIN, P99_MAX = 0.9, 2.0
SHED = ("overload", "receive buffer full", "busy", "source requests")


@dataclass(frozen=True, slots=True)
class Borne:
    """What a network made of a rate: right answers a second, p99 of the accepted in ms, questions unaccounted for, and
    resolutions still under way at the end.
    """

    goodput_per_s: float
    p99_ms: float
    unaccounted: int
    under_way: int


def prove(trial: Trial) -> None:
    """Find the peak, then overload."""
    plan, times = cold_network(trial.folder), read_times(None)
    seconds = FULL_S if trial.full else QUICK_S
    # A cold question at the recursive node: taken, and two answers of others.
    reckoned = 1e6 / (times.recursive_begin_us + 2 * times.recursive_upstream_us)
    capacity = _borne(trial, asked_cold(plan, poisson(3 * reckoned), SETTLE_S + seconds, trial.seed)).goodput_per_s
    peak = Borne(0.0, 0.0, 0, 0)
    for share in LOOKED:
        borne = _borne(trial, asked_cold(plan, poisson(share * capacity), SETTLE_S + seconds, trial.seed))
        if borne.goodput_per_s > peak.goodput_per_s:
            peak = borne
    trial.facts = {"peak_per_s": round(peak.goodput_per_s), "peak_p99_ms": round(peak.p99_ms, 1)}
    trial.value = 0.0
    for multiple in MULTIPLES:
        rate = multiple * peak.goodput_per_s
        borne = _borne(trial, asked_cold(plan, poisson(rate), SETTLE_S + seconds, trial.seed))
        trial.facts[f"{multiple:g} times"] = f"{borne.goodput_per_s:,.0f}/s, p99 {borne.p99_ms:.1f} ms"
        trial.value = max(trial.value, judge(peak, borne))
        if borne.unaccounted:
            trial.fail(
                f"{multiple:g} times: {borne.unaccounted:,} questions are neither answered nor counted as dropped"
            )
        trial.tell(trial.facts[f"{multiple:g} times"])


def judge(peak: Borne, borne: Borne) -> float:
    """The worse of goodput and p99, as a share of what is allowed."""
    goodput = GOODPUT_MIN * peak.goodput_per_s / max(1.0, borne.goodput_per_s)
    return max(goodput, borne.p99_ms / (P99_MAX * peak.p99_ms))


def _borne(trial: Trial, done: Simulated) -> Borne:
    records = done.result.records
    settled = records[records["due"] >= SETTLE_S * 1e9]
    good = settled[(settled["received"] >= 0) & (settled["verdict"] == Verdict.RIGHT)]
    seconds = done.result.header["duration_s"] - SETTLE_S
    latency_ms = (good["received"] - good["due"]) / 1e6
    node = next(node for node in done.made.nodes.values() if isinstance(node, RecursiveNode))
    lost = int((records["received"] < 0).sum())
    dropped = sum(node.counters.dropped[reason] for reason in SHED if reason != "busy")
    busy = int((records["code"] == Code.SERVER_TOO_BUSY).sum())
    if busy != node.counters.dropped["busy"]:
        trial.fail(f"{busy:,} clients were told that it is busy, {node.counters.dropped['busy']:,} were counted")
    return Borne(len(good) / seconds, float(np.percentile(latency_ms, 99)), abs(lost - dropped), node.seeker.errands)
