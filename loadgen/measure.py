"""One measurement from order to result: schedule, questions, scrape, run, scrape, header.

Order --> due moments + ranks + request octets --> engine --> records
                  |  scrape before    scrape after  |
                  '------------- tiers -------------'
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from loadgen.engine import SPIN_NS, Plan, Run, Stop, run
from loadgen.pacing import NS_PER_S, Pacing
from loadgen.popularity import EXPONENT_DEFAULT
from loadgen.report import GOAL_PER_DAY_DEFAULT
from loadgen.results import Result
from loadgen.slo import SLO_DEFAULT, parse_slo
from loadgen.tiers import Scrape, cache_hit_between, scrape, tiers_between
from loadgen.workloads import WORKLOADS, Truth
from resolver.errors import Unreachable

TIMEOUT_S_DEFAULT = 2.0  # a client that asks over UDP would have asked again by then


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be measured, and against what.

    `targets`: who is asked, in turn. `truth`: every identifier with all its values. `pages`: metrics pages of the whole
    network; none: per-tier counts stay unknown. `mode`: how the generator waits, a name of engine.SPIN_NS.
    """

    network: str
    targets: tuple[tuple[str, int], ...]
    truth: Truth
    pages: tuple[str, ...]
    pacing: Pacing
    duration_s: float
    workload: str = "lookups"
    zipf: float = EXPONENT_DEFAULT
    seed: int = 1
    timeout_s: float = TIMEOUT_S_DEFAULT
    mode: str = "balanced"
    slo: str = SLO_DEFAULT
    goal_per_day: int = GOAL_PER_DAY_DEFAULT
    peak_factor: float = 1.0


def measure(
    order: Order, *, stop: Stop | None = None, progress: Callable[[int, int, int], None] | None = None
) -> Result:
    """Carry out an order. Early wishes of `stop` are obeyed; the result then covers what was done.

    OperatorError if the order is impossible; Unreachable if no target answers anything or a metrics page is silent at
    the start.
    """
    parse_slo(order.slo)
    due_ns = order.pacing.due_ns(order.duration_s, order.seed)
    workload = WORKLOADS[order.workload](order.truth, order.zipf, order.seed)
    ranks = workload.draw(len(due_ns))
    plan = Plan(
        due_ns=due_ns,
        ranks=ranks,
        requests=workload.requests(ranks, int(time.time())),
        judge=workload.judge,
        targets=order.targets,
        timeout_ns=int(order.timeout_s * NS_PER_S),
        spin_ns=SPIN_NS[order.mode],
    )
    before = scrape(order.pages)
    done = run(plan, stop=stop, progress=progress)
    if done.silent and not done.interrupted:
        asked = ", ".join(map(_address, order.targets))
        refused = " (port unreachable: nothing listens there)" if done.refused else ""
        raise Unreachable(f"no answer from {asked} to {len(done.records):,} requests{refused}")
    return Result(_header(order, done) | _counted(order, before), done.records)


def _header(order: Order, done: Run) -> dict[str, Any]:
    """All of the result that no record holds."""
    return {
        "network": order.network,
        "started": datetime.fromtimestamp(done.wall_ns / NS_PER_S, UTC).isoformat(timespec="milliseconds"),
        "started_wall_ns": done.wall_ns,
        "duration_s": done.elapsed_ns / NS_PER_S if done.interrupted else order.duration_s,
        "timeout_ns": int(order.timeout_s * NS_PER_S),
        "pacing": order.pacing.name,
        "workload": order.workload,
        "zipf": order.zipf,
        "population": len(order.truth),
        "seed": order.seed,
        "mode": order.mode,
        "transport": "udp",
        "targets": [_address(target) for target in order.targets],
        "slo": order.slo,
        "goal_per_day": order.goal_per_day,
        "peak_factor": order.peak_factor,
        "running_s": done.running_s,
        "cpu_s": done.cpu_s,
        "strays": done.strays,
        "duplicates": done.duplicates,
        "own_drops": done.own_drops,
        "interrupted": done.interrupted,
    }


def _counted(order: Order, before: Scrape) -> dict[str, Any]:
    """What the nodes counted meanwhile. A page that fell silent costs these figures, not the whole measurement."""
    if not order.pages:
        return {"tiers": {}, "cache_hit": None, "notes": []}
    try:
        after = scrape(order.pages)
    except Unreachable as error:
        return {"tiers": {}, "cache_hit": None, "notes": [f"per-tier counts are missing: {error}"]}
    tiers = tiers_between(before, after)
    if any(count < 0 for counts in tiers.values() for count in counts.values()):
        return {"tiers": {}, "cache_hit": None, "notes": ["per-tier counts are missing: a node was restarted"]}
    return {"tiers": tiers, "cache_hit": cache_hit_between(before, after), "notes": []}


def _address(target: tuple[str, int]) -> str:
    host, port = target
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
