"""`python -m benchmarks.calibration`: service times under which `simulate` tells what this machine does, and how near.

`service_times.py` measures CPU at rates at which packets share wakings. At a low rate every packet wakes a process that
sleeps, on a core that has forgotten everything, and that is more than the sum of its parts. Two figures stand for it:
what waking costs, and by how much work on what is not remembered takes longer. They are fitted to two figures of a real
load on the teaching network, the median (of what is remembered) and the 90th percentile (of what is not):

    fit      medians over some seeds, real; then the two, until simulated median and p90 are the real ones
    check    other seeds, real and simulated: by how much median and p90 differ, and whether tiers counted alike

Prints the service times as a file for `simulate --times`, and the check. Exit 1 if a figure is off by more than 5 %, or
a tier of at least a hundred requests counted otherwise by more than 1 %. (The root is asked once or twice in a run: two
cold questions that overlap on a real machine, just started, may not overlap in virtual time.)
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from benchmarks.service_times import printed
from biaoshi.cli.load import known_of_plan, order_for
from biaoshi.proofs.networks import teaching
from biaoshi.simulation import TimesConfig, read_times, recursive_nodes, simulate
from biaoshi.teaching import TEACHING
from loadgen.measure import measure
from loadgen.pacing import constant
from loadgen.profile import Profile
from loadgen.report import figures_of
from loadgen.results import Result
from nodes.config import NetworkPlan, load_network
from nodes.files import find_file

STEPS = 12
TRUTH_SEED = 1  # as running_network has it: both ask for the same names
WORK = ("authority_answer_us", "recursive_answer_us", "recursive_begin_us", "recursive_upstream_us")
OFF_MAX, COUNTS_OFF_MAX, COUNTED_FROM = 0.05, 0.01, 100
ROW = "{:28} {:>10} {:>10} {:>8}"


class Seen(NamedTuple):
    """Median and 90th percentile in ms, and requests by tier."""

    p50: float
    p90: float
    tiers: dict[str, int]


def real(rate: float, seconds: float, seeds: Sequence[int]) -> Seen:
    """Medians over seeds, each on a network that has just been started."""
    seen = []
    for seed in seeds:
        with tempfile.TemporaryDirectory() as folder, teaching(Path(folder)) as running:
            seen.append(_seen(measure(running.order(constant(rate), seconds, seed))))
    return _medians(seen)


def simulated(plan: NetworkPlan, times: TimesConfig, rate: float, seconds: float, seeds: Sequence[int]) -> Seen:
    """The same in virtual time."""
    seen = []
    for seed in seeds:
        known = known_of_plan(plan, recursive_nodes(plan), TRUTH_SEED)
        said = Profile(pacing=constant(rate), duration_s=seconds, seed=seed, mode="balanced")
        seen.append(_seen(simulate(plan, replace(order_for(known, said), pages=()), times).result))
    return _medians(seen)


def fitted(plan: NetworkPlan, times: TimesConfig, wanted: Seen, rate: float, seconds: float, seed: int) -> TimesConfig:
    """Service times whose simulation has the wanted median and 90th percentile."""
    for _ in range(STEPS):
        now = simulated(plan, times, rate, seconds, (seed,))
        # The median is of one waking and no work; p90 has three wakings, and four pieces of work.
        more_us = (wanted.p50 - now.p50) * 1e3
        behind_us = (wanted.p90 - now.p90) * 1e3 - 3 * more_us
        work_us = times.recursive_begin_us + times.recursive_upstream_us + times.authority_answer_us
        factor = max(0.1, 1 + behind_us / work_us)
        changed = {name: getattr(times, name) * factor for name in WORK}
        times = times.model_copy(update={"wake_us": max(0.0, times.wake_us + more_us), **changed})
        if abs(more_us) < 1 and abs(behind_us) < 1:
            break
    return times


def off(seen: Seen, simulated_: Seen) -> dict[str, float]:
    """By how much each figure is off, as a share of the real one."""
    return {
        "median": simulated_.p50 / seen.p50 - 1,
        "p90": simulated_.p90 / seen.p90 - 1,
        **{
            f"requests, {tier}": simulated_.tiers.get(tier, 0) / count - 1
            for tier, count in seen.tiers.items()
            if count
        },
    }


def _seen(result: Result) -> Seen:
    latency_ms = figures_of(result).latency_ms
    tiers = {tier: int(each["received"]) for tier, each in result.header["tiers"].items()}
    return Seen(latency_ms["p50"] or 0.0, latency_ms["p90"] or 0.0, tiers)


def _medians(seen: Sequence[Seen]) -> Seen:
    tiers = {tier: sum(each.tiers.get(tier, 0) for each in seen) for tier in seen[0].tiers}
    return Seen(statistics.median(each.p50 for each in seen), statistics.median(each.p90 for each in seen), tiers)


def main(arguments: Sequence[str] | None = None) -> int:
    """0: as near as is claimed; 1: not."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.calibration", description=__doc__.partition("\n")[0] if __doc__ else ""
    )
    parser.add_argument("--rate", type=float, default=300.0, help="look-ups a second")
    parser.add_argument("--seconds", type=float, default=15.0, help="of each load")
    parser.add_argument("--rounds", type=int, default=5, help="loads to fit to, and as many to check with")
    options = parser.parse_args(arguments)
    rate, seconds, rounds = options.rate, options.seconds, options.rounds
    plan = load_network(find_file(TEACHING))
    # Fit and check take turns: what changes on the machine meanwhile changes both.
    seeds = range(1, 2 * rounds + 1)
    by_seed = {seed: real(rate, seconds, (seed,)) for seed in seeds}
    odd, even = ([by_seed[seed] for seed in seeds if seed % 2 == rest] for rest in (1, 0))
    times = fitted(plan, read_times(None), _medians(odd), rate, seconds, 1)
    print(printed({name: value for name, value in times.model_dump().items() if isinstance(value, float)}))
    seen, told = _medians(even), simulated(plan, times, rate, seconds, [seed for seed in seeds if seed % 2 == 0])
    print()
    print(ROW.format("", "real", "simulated", "off"))
    shares = off(seen, told)
    for name, share in shares.items():
        tier = name.removeprefix("requests, ")
        pair = {"median": (seen.p50, told.p50), "p90": (seen.p90, told.p90)}.get(
            name, (seen.tiers.get(tier, 0), told.tiers.get(tier, 0))
        )
        print(
            ROW.format(
                name,
                f"{pair[0]:.3f}".rstrip("0").rstrip("."),
                f"{pair[1]:.3f}".rstrip("0").rstrip("."),
                f"{share:+.1%}",
            )
        )
    for what, each in (
        ("median", [one.p50 for one in by_seed.values()]),
        ("p90", [one.p90 for one in by_seed.values()]),
    ):
        print(f"real {what}s lay between {min(each):.3f} and {max(each):.3f} ms")
    return 1 if _wrong(shares, seen) else 0


def _wrong(shares: dict[str, float], seen: Seen) -> list[str]:
    """What is further off than is claimed."""
    few = {f"requests, {tier}" for tier, count in seen.tiers.items() if count < COUNTED_FROM}
    most = {name: COUNTS_OFF_MAX if name.startswith("requests") else OFF_MAX for name in shares}
    return [name for name, share in shares.items() if name not in few and abs(share) > most[name]]


if __name__ == "__main__":
    sys.exit(main())
