"""Line 15: after a minute of five times too much, all is as before within two seconds, and nobody has made it worse.

The teaching network in virtual time, as for line 14: some seconds at half of what it can do, then the overload, then
half again. Looked at is the p99 of every half second after the overload, by when questions were due. The number is the
seconds until it is at most half as much again as before, and stays so.

No retry storm: during the overload the recursive node sends others no more for each answer than before, and a tenth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from biaoshi.proofs.cold import asked_cold, cold_network
from biaoshi.proofs.trial import Trial
from biaoshi.simulation import Simulated, read_times
from loadgen.arrays import Nanoseconds, Records
from loadgen.pacing import poisson
from loadgen.results import Verdict
from nodes.recursive import RecursiveNode

BEFORE_S, AFTER_S = 4.0, 6.0
OVERLOAD_QUICK_S, OVERLOAD_FULL_S = 6.0, 60.0
CALM, OVERLOAD = 0.5, 5.0
WINDOW_S = 0.5
BACK = 1.5
SENDS_MAX = 1.1


@dataclass(frozen=True, slots=True)
class Phases:
    """One rate after the other, random arrivals: (seconds, requests a second) each."""

    phases: tuple[tuple[float, float], ...]
    name: str = "overload"
    scale: float = 1.0

    def due_ns(self, duration_s: float, seed: int) -> Nanoseconds:
        """When requests are due."""
        began_s, parts = 0.0, []
        for number, (seconds, rate) in enumerate(self.phases):
            parts.append(poisson(rate).due_ns(seconds, seed + number) + int(began_s * 1e9))
            began_s += seconds
        return np.concatenate(parts)


def prove(trial: Trial) -> None:
    """Calm, storm, calm."""
    plan, times = cold_network(trial.folder), read_times(None)
    capacity = 1e6 / (times.recursive_begin_us + 2 * times.recursive_upstream_us)
    storm_s = OVERLOAD_FULL_S if trial.full else OVERLOAD_QUICK_S
    calm = CALM * capacity
    trial.tell(f"{storm_s:g} s at {OVERLOAD:g} times {capacity:,.0f}/s")
    phases = ((BEFORE_S, calm), (storm_s, OVERLOAD * capacity), (AFTER_S, calm))
    done = asked_cold(plan, Phases(phases), BEFORE_S + storm_s + AFTER_S, trial.seed)
    quiet = asked_cold(plan, Phases(((BEFORE_S, calm),)), BEFORE_S, trial.seed)
    p99_ms = windows(done.result.records, BEFORE_S + storm_s, AFTER_S)
    before_ms = windows(done.result.records, BEFORE_S / 2, BEFORE_S / 2)
    trial.value = back_after_s(p99_ms, max(before_ms))
    storm, calm_sends = sends_for_an_answer(done), sends_for_an_answer(quiet)
    trial.facts = {
        "before_p99_ms": round(max(before_ms), 2),
        "after_p99_ms": [round(each, 2) for each in p99_ms],
        "sends_for_an_answer": round(storm, 3),
        "when_calm": round(calm_sends, 3),
    }
    if storm > SENDS_MAX * calm_sends:
        trial.fail(f"{storm:.2f} requests to others for an answer, {calm_sends:.2f} when calm")
    lost = int((done.result.records["received"] < 0).sum())
    if not lost:
        trial.fail("nothing was lost, so it was no overload")


def windows(records: Records, from_s: float, seconds: float) -> list[float]:
    """The p99, in ms, of each WINDOW_S; a question without an answer counts as one that took for ever."""
    found = []
    for number in range(round(seconds / WINDOW_S)):
        began_ns = (from_s + number * WINDOW_S) * 1e9
        mine = records[(records["due"] >= began_ns) & (records["due"] < began_ns + WINDOW_S * 1e9)]
        right = (mine["received"] >= 0) & (mine["verdict"] == Verdict.RIGHT)
        latency_ms = np.where(right, (mine["received"] - mine["due"]) / 1e6, 1e9)
        found.append(float(np.percentile(latency_ms, 99)))
    return found


def back_after_s(p99_ms: Sequence[float], before_ms: float) -> float:
    """Seconds until every window is near enough what was before."""
    late = [number for number, each in enumerate(p99_ms) if each > BACK * before_ms]
    return (late[-1] + 1) * WINDOW_S if late else 0.0


def sends_for_an_answer(done: Simulated) -> float:
    """What the recursive node sent to others, by what its clients were rightly told."""
    node = next(node for node in done.made.nodes.values() if isinstance(node, RecursiveNode))
    sent = sum(node.counters.upstream.values()) + sum(node.counters.resent.values())
    return sent / max(1, int((done.result.records["verdict"] == Verdict.RIGHT).sum()))
