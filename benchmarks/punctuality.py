"""Table 3: how exactly the load generator (loadgen/engine.py) keeps to its plan, asking the C echo.

`rate_error` is what it sent in the time of sending against what was due; lateness is sending moment minus due moment.
The generator has its core to itself, as the echo has; answers are counted but not compared with a truth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from benchmarks.answers import LOOPBACK, free_port
from benchmarks.rounds import Bench, on_core
from benchmarks.traffic import ANSWER_OCTETS, HANDLES, SEED, ZIPF, request
from loadgen.engine import SPIN_NS, Plan, run
from loadgen.pacing import constant
from loadgen.popularity import Zipf
from loadgen.results import Verdict

RATES = (("balanced", 3_500), ("precise", 20_000), ("precise", 50_000))  # requests per second
TIMEOUT_NS = 1_000_000_000
GOAL_LATENESS_US = {("precise", 50_000): 50.0}  # p99


def table(bench: Bench, seconds: float, say: Callable[[str], None]) -> Iterator[dict[str, Any]]:
    """The rows; each is one open-loop run of `seconds`."""
    requests = {number: bytearray(request(number)) for number in range(HANDLES)}
    port = free_port()
    with bench.echo(LOOPBACK, port, ANSWER_OCTETS), on_core(bench.generator_core):
        for mode, rate in RATES:
            say(f"load generator at {rate:,}/s, {mode}")
            due_ns = constant(rate).due_ns(seconds, SEED)
            ranks = Zipf(HANDLES, ZIPF).draw(len(due_ns), SEED)
            done = run(Plan(due_ns, ranks, requests, _judge, ((LOOPBACK, port),), TIMEOUT_NS, SPIN_NS[mode]))
            sent = done.records[done.records["sent"] >= 0]
            p50, p99, highest = np.quantile((sent["sent"] - sent["due"]) / 1e3, [0.5, 0.99, 1], method="inverted_cdf")
            goal = GOAL_LATENESS_US.get((mode, rate))
            yield {
                "row": f"{rate:,}/s {mode}",
                "rate_error": len(sent) / (done.elapsed_ns / 1e9) / rate - 1,
                "late_us_p50": float(p50),
                "late_us_p99": float(p99),
                "late_us_max": float(highest),
                "sent": len(sent),
                "timeouts": int((sent["received"] < 0).sum()),
                "own_drops": done.own_drops,
                "cpu_share": done.cpu_s / done.running_s,
                "goal": goal,
                "pass": None if goal is None else bool(p99 <= goal),
            }


def _judge(_rank: int, packet: bytearray | bytes, octets: int) -> tuple[int, int]:
    return int.from_bytes(packet[24:28], "big") if octets >= 28 else 0, Verdict.RIGHT
