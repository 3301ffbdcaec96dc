"""Line 23: percentiles are within 1 % of exact sorting from p50 to p99.99, and merged workers equal one recorder.

Results are made at random, of shapes that are hard on percentiles: a long tail, two humps, nearly all alike, many
time-outs, few requests. Every way in which a percentile leaves this program is compared with sorting in Python
integers: the report's figures, the curve of the page, and the cells that `compare` draws from. Then the records are
dealt out to up to sixteen workers, and what their merged results say must be what the whole says, to the last digit.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from biaoshi.proofs.trial import Trial
from loadgen.arrays import AnyArray
from loadgen.compare import latency_by_cells
from loadgen.report import LATENCIES, document_of, figures_of, merge
from loadgen.results import RECORD, Result, Verdict
from loadgen.series import columns_of, inverse

SIZES_QUICK = (1, 7, 1_000, 100_000)
SIZES_FULL = (1, 2, 3, 7, 19, 100, 1_000, 9_999, 100_000, 1_000_000)
SEEDS_QUICK, SEEDS_FULL = 3, 40
WORKERS = (2, 3, 16)
WANTED = tuple(map(Fraction, ("0.5", "0.9", "0.95", "0.99", "0.999", "0.9999", "1")))
TIMEOUT_NS = 2_000_000_000
HEADER = {
    "network": "none", "started": "", "started_wall_ns": 0, "duration_s": 10.0, "timeout_ns": TIMEOUT_NS,
    "pacing": "constant:1", "workload": "lookups", "zipf": 0.0, "population": 1, "procedural": 0, "seed": 1,
    "mode": "balanced", "transport": "udp", "targets": ["127.0.0.1:1"], "slo": "p99<20ms,errors<0.1%",
    "goal_per_day": 1, "peak_factor": 1.0, "running_s": 10.0, "cpu_s": 1.0, "strays": 0, "duplicates": 0,
    "own_drops": 0, "interrupted": False, "tiers": {}, "took_part": {}, "cache_hit": None, "notes": [],
    "time_scale": 1.0, "popularity": None, "connections": 1, "warm_up": {"seconds": 0.0, "sent": 0, "answered": 0},
    "share": "0/1", "generators": 1,
}  # fmt: skip

Shape = Callable[[np.random.Generator, int], AnyArray]
SHAPES: dict[str, Shape] = {
    "long tail": lambda random, count: random.lognormal(13, 2, count),
    "two humps": lambda random, count: (
        np.where(random.random(count) < 0.97, 3e5, 4e7) * random.lognormal(0, 0.1, count)
    ),
    "nearly all alike": lambda random, count: 1e6 + random.integers(0, 3, count),
    "many time-outs": lambda random, count: random.exponential(1.5e9, count),
}


def prove(trial: Trial) -> None:
    """Compare every percentile of every result; the worst counts."""
    trial.value, compared, merged = 0.0, 0, 0
    for seed in range(trial.seed, trial.seed + (SEEDS_FULL if trial.full else SEEDS_QUICK)):
        for shape in SHAPES:
            for size in SIZES_FULL if trial.full else SIZES_QUICK:
                result = made(shape, size, seed)
                off, count = worst(result)
                trial.value, compared = max(trial.value, off), compared + count
                for workers in WORKERS:
                    merged += 1
                    if not merges_to_itself(result, workers, seed):
                        trial.fail(
                            f"{workers} merged workers differ from one ({shape}, {size:,} requests, seed {seed})"
                        )
                trial.facts = {"percentiles_compared": compared, "merges_compared": merged}
                trial.progress(f"{compared:,} percentiles")
                if trial.out_of_time:
                    return


def made(shape: str, size: int, seed: int) -> Result:
    """A result of so many requests whose latencies have this shape; some were never answered."""
    random = np.random.default_rng([seed, size, list(SHAPES).index(shape)])
    records = np.zeros(size, dtype=RECORD)
    records["due"] = records["ready"] = np.sort(random.integers(0, 10**10, size))
    records["sent"] = records["due"] + random.exponential(20_000, size).astype(np.int64)
    records["received"] = records["due"] + np.maximum(SHAPES[shape](random, size), 1).astype(np.int64)
    records["received"] = np.maximum(records["received"], records["sent"])
    records["number"], records["last"] = np.arange(size), 1
    records["code"], records["verdict"] = 1, Verdict.RIGHT
    lost = random.random(size) < 0.001
    records["received"][lost], records["code"][lost], records["verdict"][lost] = -1, 0, Verdict.NONE
    return Result(dict(HEADER), records)


def exact(result: Result) -> dict[Fraction, int]:
    """The nearest-rank percentiles of latency in ns, by sorting integers."""
    latencies = sorted(
        min(received - due, TIMEOUT_NS) if received >= 0 else TIMEOUT_NS
        for due, received in zip(result.records["due"].tolist(), result.records["received"].tolist(), strict=True)
    )
    return {share: latencies[max(0, math.ceil(share * len(latencies)) - 1)] for share in WANTED}


def worst(result: Result) -> tuple[float, int]:
    """(the largest error of any percentile in per cent, how many were compared)."""
    right = exact(result)
    reported = figures_of(result).latency_ms
    said: list[tuple[Fraction, float]] = [
        (Fraction(str(LATENCIES[name])), (value or 0.0) * 1e6) for name, value in reported.items()
    ]
    latencies = columns_of(result).latency_ns
    odds, found = inverse(latencies)
    curve = dict(zip((round(math.log10(each), 6) for each in odds[:-1].tolist()), found.tolist(), strict=False))
    said += [(share, curve[place]) for share in WANTED if share < 1 and (place := _place(share)) in curve]
    said.append((Fraction(1), float(found[-1])))
    said += [(share, latency_by_cells(latencies, float(share))) for share in WANTED if share < 1]
    return max(100 * abs(value / right[share] - 1) for share, value in said), len(said)


def _place(share: Fraction) -> float:
    """Where the page's curve shows a share: the logarithm of "all but one in so many"."""
    return round(math.log10(float(1 / (1 - share))), 6)


def merges_to_itself(result: Result, workers: int, seed: int) -> bool:
    """Whether the merged report of records dealt out at random is the report of all of them."""
    dealt = np.random.default_rng(seed).integers(0, workers, len(result.records))
    parts = [
        Result({**result.header, "share": f"{worker}/{workers}"}, result.records[dealt == worker])
        for worker in range(workers)
    ]
    return _figures(merge(parts)) == _figures(merge([result]))


def _figures(result: Result) -> dict[str, Any]:
    """What follows from records; what parts have each of their own, such as CPU, is left out."""
    document = document_of(figures_of(result))
    counted = ("sent", "answered", "timed_out", "late", "wrong", "errors", "not_sent", "per_day", "offered_per_s")
    return {
        key: document[key] for key in (*counted, "latency_ms", "service_ms", "lateness_us", "resolutions", "targets")
    }
