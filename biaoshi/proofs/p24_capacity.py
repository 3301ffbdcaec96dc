"""Line 24: a queue with a known limit is found within 3 %, and repeated searches differ by less than 5 %.

The search of `biaoshi capacity` is let loose on simulated queues whose knee is known by formula (queueing.py): service
of a fixed time and of a random one, at several speeds, with and without hiccups of the machine that make one trial in
ten fail for no reason of the server's. Simulated trials are as long as real ones, so they scatter as real ones do; only
the waiting is left out. The number is the error of the worst search.

At full depth the teaching network is searched five times as well; its limit is not known, so there the spread counts.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from biaoshi.proofs.networks import teaching
from biaoshi.proofs.queueing import exponential, fixed, knee_exponential, knee_fixed, times_in_system
from biaoshi.proofs.trial import Trial
from loadgen.arrays import Floats
from loadgen.capacity import Effort, Outcome, search
from nodes.supervisor import PYTHON, environment
from resolver.errors import Unreachable

REPEATS = 5
SPREAD_MAX = 0.05  # (highest - lowest) / middle one
LIMIT_S, QUANTILE = 0.02, 0.99
BUDGET_S = 600.0  # of simulated time
ROUNDS_QUICK, ROUNDS_FULL = 1, 20
REAL_BUDGET, REAL_LIMIT_S = "3m", 900.0


class Queue(NamedTuple):
    """A server to search: its service times, and the rate at which its p99 is LIMIT_S."""

    name: str
    service: Callable[[float, int, np.random.Generator], Floats]
    knee: Callable[[float, float, float], float]
    service_s: float
    hiccups: float


QUEUES = (
    Queue("fixed 200 µs", fixed, knee_fixed, 0.0002, 0.0),
    Queue("fixed 200 µs, hiccups", fixed, knee_fixed, 0.0002, 0.1),
    Queue("random 200 µs", exponential, knee_exponential, 0.0002, 0.0),
    Queue("fixed 60 µs", fixed, knee_fixed, 0.00006, 0.0),
)


def prove(trial: Trial) -> None:
    """Search, and search again; the worst error counts."""
    trial.facts = {"searches": 0, "spreads": {}}
    for queue in QUEUES:
        knee = queue.knee(queue.service_s, LIMIT_S, QUANTILE)
        for number in range(ROUNDS_FULL if trial.full else ROUNDS_QUICK):
            found = []
            for repeat in range(REPEATS):
                trial.progress(f"{queue.name}: knee {knee:,.0f}/s, search {number * REPEATS + repeat + 1}")
                found.append(simulated(queue, [trial.seed, number, repeat]))
                trial.value = max(trial.value or 0.0, 100 * abs(found[-1] / knee - 1))
                trial.facts["searches"] += 1
            widest = max(spread(found), trial.facts["spreads"].get(queue.name, 0.0))
            trial.facts["spreads"][queue.name] = round(widest, 4)
            if trial.out_of_time and trial.full:
                trial.fail(f"only {trial.facts['searches']} searches in the time given")
                return
    if trial.full:
        trial.facts["teaching_network_per_s"] = _searched(trial)
        trial.facts["spreads"]["teaching network"] = round(spread(trial.facts["teaching_network_per_s"]), 4)
    for name, width in trial.facts["spreads"].items():
        if width >= SPREAD_MAX:
            trial.fail(f"{REPEATS} searches of {name} differ by {width:.1%}")


def simulated(queue: Queue, seed: Sequence[int]) -> float:
    """What a search says of a simulated queue."""
    stream = np.random.default_rng(seed)

    def trial(per_s: float, seconds: float) -> Outcome:
        arriving = int(per_s * seconds + 10 * (per_s * seconds) ** 0.5 + 100)
        times = times_in_system(per_s, seconds, queue.service(queue.service_s, arriving, stream), stream)
        kept = not len(times) or float(np.quantile(times, QUANTILE, method="inverted_cdf")) < LIMIT_S
        return Outcome(kept and float(stream.random()) >= queue.hiccups)

    return search(trial, Effort(budget_s=BUDGET_S)).per_s


def spread(found: Sequence[float]) -> float:
    """How far the highest and the lowest are apart, as a share of the middle one."""
    return (max(found) - min(found)) / max(float(np.median(found)), 1e-9)


def _searched(trial: Trial) -> list[float]:
    """What `biaoshi capacity` says of the teaching network, five times."""
    found = []
    with teaching(trial.folder):
        for number in range(REPEATS):
            trial.tell(f"teaching network, search {number + 1} of {REPEATS}")
            words = ["capacity", "--run-dir", str(trial.folder / "run"), "--budget", REAL_BUDGET, "--json"]
            done = subprocess.run(
                [*PYTHON, "biaoshi", *words, "--seed", str(trial.seed + 1_000 * number)],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                env=environment(),
                timeout=REAL_LIMIT_S,
            )
            if done.returncode:
                raise Unreachable(f"biaoshi capacity ended with {done.returncode}: {done.stderr.strip()[-500:]}")
            found.append(float(json.loads(done.stdout)["per_s"]))
    return found
