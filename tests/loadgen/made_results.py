"""Results made by hand: what a run left behind, without running one."""

from __future__ import annotations

import numpy as np

from loadgen.results import RECORD, Result

MS = 1_000_000
HEADER = {
    "network": "teaching",
    "started": "2026-01-01T00:00:00.000+00:00",
    "started_wall_ns": 1_767_225_600_000_000_000,
    "duration_s": 10.0,
    "timeout_ns": 2000 * MS,
    "pacing": "constant:100",
    "workload": "lookups",
    "time_scale": 1.0,
    "zipf": 0.91,
    "popularity": {"zipf": 0.91, "active": 0, "misses": 0.0, "one_hit": 0.0, "hot": None, "shots": None},
    "warm_up": {"seconds": 0.0, "sent": 0, "answered": 0, "tiers": {}},
    "population": 20,
    "seed": 1,
    "mode": "balanced",
    "transport": "udp",
    "connections": 4,
    "generators": 1,
    "share": "0/1",
    "targets": ["127.86.5.1:2641", "127.86.5.2:2641"],
    "slo": "p99<20ms,errors<0.1%",
    "goal_per_day": 1_000_000,
    "peak_factor": 1.0,
    "running_s": 10.5,
    "cpu_s": 4.2,
    "strays": 0,
    "duplicates": 0,
    "own_drops": 0,
    "interrupted": False,
    "procedural": 0,
    "took_part": {"recursive": {"nodes": 2, "of": 2}, "root": {"nodes": 1, "of": 1}},
    "tiers": {"recursive": {"received": 1000, "answered": 1000}, "root": {"received": 3, "answered": 3}},
    "cache_hit": 0.95,
    "notes": [],
}


def perfect(count: int = 1000, **header: object) -> Result:
    """`count` requests in ten seconds, each 10 µs late and rightly answered 1 ms after it was due."""
    records = np.zeros(count, dtype=RECORD)
    records["due"] = records["ready"] = np.arange(count) * 10_000 * MS // count
    records["number"], records["last"] = np.arange(count), 1
    records["sent"] = records["due"] + 10_000
    records["received"] = records["due"] + MS
    records["octets"], records["code"], records["verdict"] = 200, 1, 1
    records["target"], records["tier"] = np.arange(count) % 2, 5
    return Result({**HEADER, **header}, records)


def scattered(count: int = 20_000, seed: int = 3) -> Result:
    """Everything that can happen, at random."""
    random = np.random.default_rng(seed)
    result = perfect(count)
    records = result.records
    records["sent"] = records["due"] + random.exponential(20_000, count).astype(np.int64)
    records["received"] = records["sent"] + random.lognormal(13, 2.5, count).astype(np.int64)
    records["rank"] = random.integers(0, 20, count)
    fate = random.random(count)
    records["received"][fate < 0.02] = -1
    records["sent"][fate < 0.001] = -1
    answered = records["received"] >= 0
    records["verdict"][~answered] = records["code"][~answered] = records["octets"][~answered] = 0
    records["verdict"][answered & (fate > 0.99)] = 2
    refused = answered & (fate > 0.97) & (fate <= 0.99)
    records["verdict"][refused], records["code"][refused] = 3, 301
    return result
