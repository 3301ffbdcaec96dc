"""`python -m benchmarks.codons`: a published table predicted: CoDoNS (SIGCOMM 2004), table 4, the legacy hierarchy.

281,943 look-ups of 47,230 names in twelve hours, Zipf 0.91, through 75 resolvers; they saw a mean of 382 ms, a median
of 39 and a 90th percentile of 337. Only the table's row of round-trip times between hosts (121/82/202 ms) is fitted: a
log-normal distribution with the least squares of relative errors. The walk and the caches are ours: a resolver asks the
root, a top-level server (the fastest of several) and the zone's own server for what its AnswerCache does not know.

What the paper does not tell is free, and was chosen before the comparison, not fitted to it: `Free` has it all, and the
lower rows say how much each matters (halved and doubled). Takes a minute.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from loadgen.popularity import Zipf
from resolver.cache.answers import AnswerCache
from resolver.model.now import Now
from resolver.model.question import Answer
from resolver.model.value import Value
from resolver.wire.codes import Code

LOOK_UPS, NAMES, RESOLVERS, EXPONENT, HOURS = 281_943, 47_230, 75, 0.91, 12
LEGACY = 382.0, 39.0, 337.0  # ms: mean, median, 90th percentile
ROUND_TRIPS = 121.0, 82.0, 202.0
NORMAL_P90 = 1.2815515655446004
HIT_MS = 1.0
SEED = 1
ROW = "{:34} {:>8} {:>8} {:>8}"


@dataclass(frozen=True, slots=True)
class Free:
    """What the paper does not tell."""

    answer_ttl_s: float = 3_600.0  # of a name's record
    zone_ttl_s: float = 86_400.0  # of who answers for a zone
    top_servers: float = 13.0  # of the root, and of a top-level domain: the fastest is known
    lost: float = 0.01  # of the packets
    first_wait_ms: float = 2_000.0  # until a question is sent again; then twice that, and again


def fitted() -> tuple[float, float]:
    """(median, sigma) of the log-normal distribution nearest to the row of round-trip times."""

    def off(median: float, sigma: float) -> float:
        seen = median * math.exp(sigma**2 / 2), median, median * math.exp(NORMAL_P90 * sigma)
        return sum((mine / theirs - 1) ** 2 for mine, theirs in zip(seen, ROUND_TRIPS, strict=True))

    grid = ((median, sigma / 1_000) for median in range(60, 110) for sigma in range(400, 1_200, 5))
    return min(grid, key=lambda pair: off(*pair))


def predicted(free: Free, look_ups: int = LOOK_UPS, resolvers: int = RESOLVERS) -> tuple[float, float, float]:
    """Mean, median and 90th percentile, in ms, of the first so many look-ups, through so many resolvers."""
    median, sigma = fitted()
    chance = np.random.default_rng(SEED)
    ranks = Zipf(NAMES, EXPONENT).draw(np.arange(look_ups), SEED).tolist()
    step_ns = int(HOURS * 3_600e9 / LOOK_UPS)
    where = chance.integers(0, resolvers, look_ups).tolist()
    caches = [AnswerCache(1 << 40, ttl_max_s=10**6, negative_ttl_s=0) for _ in range(resolvers)]
    ttls = [("", int(free.answer_ttl_s)), ("zone", int(free.zone_ttl_s))]
    answers = {kind: Answer(Code.SUCCESS, (Value(1, b"URL", b"x", ttl=ttl_s),)) for kind, ttl_s in ttls}
    top_ms = median * np.exp(sigma * chance.standard_normal((resolvers, 2, max(1, round(free.top_servers))))).min(2)
    zone_ms = (median * np.exp(sigma * chance.standard_normal((resolvers, NAMES), np.float32))).astype(np.float32)

    def asked(round_trip_ms: float) -> float:
        waited, wait = 0.0, free.first_wait_ms
        while chance.random() < free.lost and wait < 10 * free.first_wait_ms:
            waited, wait = waited + wait, 2 * wait
        return waited + round_trip_ms

    latencies = np.empty(look_ups)
    for number, (rank, at) in enumerate(zip(ranks, where, strict=True)):
        now, cache = Now(number * step_ns, number * step_ns), caches[at]
        latency = HIT_MS
        if cache.alive((rank, ""), now) is None:
            if cache.alive((rank, "zone"), now) is None:
                if cache.alive((-1, "zone"), now) is None:
                    latency += asked(float(top_ms[at, 0]))
                    cache.put((-1, "zone"), answers["zone"], now)
                latency += asked(float(top_ms[at, 1]))
                cache.put((rank, "zone"), answers["zone"], now)
            latency += asked(float(zone_ms[at, rank]))
            cache.put((rank, ""), answers[""], now)
        latencies[number] = latency
    return float(latencies.mean()), float(np.median(latencies)), float(np.percentile(latencies, 90))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.codons", description=__doc__.partition("\n")[0] if __doc__ else ""
    )
    parser.parse_args(arguments)
    median, sigma = fitted()
    round_trips = median * math.exp(sigma**2 / 2), median, median * math.exp(NORMAL_P90 * sigma)
    print(ROW.format("ms", "mean", "median", "p90"))
    _row("round trips, theirs", ROUND_TRIPS)
    _row(f"round trips, fitted (σ {sigma:.3f})", round_trips)
    _row("legacy hierarchy, theirs", LEGACY)
    mine = predicted(Free())
    _row("legacy hierarchy, predicted", mine)
    print(ROW.format("error", *(f"{a / b - 1:+.0%}" for a, b in zip(mine, LEGACY, strict=True))))
    print("\nfree, not fitted; and what would be predicted if one were half, or twice as much")
    for each in fields(Free):
        value = float(getattr(Free(), each.name))
        _row(f"{each.name} = {value:g}, half", predicted(replace(Free(), **{each.name: value / 2})))
        _row(f"{each.name} = {value:g}, twice", predicted(replace(Free(), **{each.name: value * 2})))
    return 0


def _row(name: str, figures: Sequence[float]) -> None:
    print(ROW.format(name, *(f"{figure:.0f}" for figure in figures)), flush=True)


if __name__ == "__main__":
    sys.exit(main())
