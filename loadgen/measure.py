"""One measurement from order to result: schedule, questions, scrape, run, scrape, header.

Order --> due moments + identifiers + targets --> engine --> records
                  |  scrape before    scrape after  |
                  '------------- tiers -------------'
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from loadgen.comparison import Comparison
from loadgen.engine import LINKS_PER_TARGET, SPIN_NS, Address, Plan, Run, Stop, run
from loadgen.pacing import NS_PER_S, Pacing
from loadgen.popularity import Popularity
from loadgen.report import GOAL_PER_DAY_DEFAULT
from loadgen.results import Result
from loadgen.schedule import WHOLE, Share, schedule
from loadgen.slo import SLO_DEFAULT, parse_slo
from loadgen.tiers import Scrape, cache_hit_between, scrape, tiers_between, took_part_between
from loadgen.truth import Truth, identifiers_of
from loadgen.workloads import WORKLOADS
from resolver.errors import Unreachable

TIMEOUT_S_DEFAULT = 2.0  # a client that asks over UDP would have asked again by then
LINKS_OF_ALL_TARGETS = 128  # each has a receive buffer; with many targets one is enough for each


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be measured, and against what.

    `targets`: who is asked, all of them equally often. `tiers`: of the network's addresses. `pages`: metrics pages of
    the whole network; none: per-tier counts stay unknown. `mode`: how the generator waits, a name of engine.SPIN_NS.
    """

    network: str
    targets: tuple[Address, ...]
    truth: Truth
    pages: tuple[str, ...]
    pacing: Pacing
    duration_s: float
    workload: str = "lookups"
    popularity: Popularity = Popularity()
    seed: int = 1
    timeout_s: float = TIMEOUT_S_DEFAULT
    mode: str = "balanced"
    slo: str = SLO_DEFAULT
    goal_per_day: int = GOAL_PER_DAY_DEFAULT
    peak_factor: float = 1.0
    tiers: Mapping[Address, str] = field(default_factory=dict)


def measure(
    order: Order, *, stop: Stop | None = None, progress: Callable[[int, int, int], None] | None = None
) -> Result:
    """Carry out an order. Early wishes of `stop` are obeyed; the result then covers what was done.

    OperatorError if the order is impossible; Unreachable if no target answers anything or a metrics page is silent at
    the start.
    """
    parse_slo(order.slo)
    plan = plan_for(order)
    before = scrape(order.pages)
    done = run(plan, stop=stop, progress=progress)
    if done.silent and not done.interrupted:
        asked = ", ".join(map(_address, order.targets))
        refused = " (port unreachable: nothing listens there)" if done.refused else ""
        raise Unreachable(f"no answer from {asked} to {len(done.records):,} requests{refused}")
    return Result(_header(order, done) | _counted(order, before), done.records)


def plan_for(order: Order, share: Share = WHOLE) -> Plan:
    """What a generator with this share of the order does. OperatorError if the order is impossible."""
    times = schedule(order.pacing, order.duration_s, len(order.targets), order.seed, share)
    modelled_s = times.due_ns / NS_PER_S * order.pacing.scale
    ranks = order.popularity.draw(order.truth.size, times.numbers, modelled_s, order.seed)
    wall_s = int(time.time())
    identifiers = identifiers_of(order.truth, ranks)
    comparison = Comparison(order.truth.values, wall_s)
    return Plan(
        due_ns=times.due_ns,
        numbers=times.numbers,
        ranks=ranks,
        choice=times.choice,
        questions=WORKLOADS[order.workload](identifiers, ranks, comparison, wall_s),
        targets=order.targets,
        timeout_ns=int(order.timeout_s * NS_PER_S),
        spin_ns=SPIN_NS[order.mode],
        links_per_target=max(1, min(LINKS_PER_TARGET, LINKS_OF_ALL_TARGETS // len(order.targets))),
        tiers=order.tiers,
    )


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
        "time_scale": order.pacing.scale,
        "zipf": order.popularity.zipf,
        "popularity": asdict(order.popularity),
        "population": order.truth.size,
        "procedural": order.truth.procedural,
        "seed": order.seed,
        "mode": order.mode,
        "transport": "udp",
        "targets": [_address(target) for target in done.targets],
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
    nothing: dict[str, Any] = {"tiers": {}, "took_part": {}, "cache_hit": None}
    if not order.pages:
        return {**nothing, "notes": []}
    try:
        after = scrape(order.pages)
    except Unreachable as error:
        return {**nothing, "notes": [f"per-tier counts are missing: {error}"]}
    tiers = tiers_between(before, after)
    if any(count < 0 for counts in tiers.values() for count in counts.values()):
        return {**nothing, "notes": ["per-tier counts are missing: a node was restarted"]}
    return {
        "tiers": tiers,
        "took_part": took_part_between(before, after),
        "cache_hit": cache_hit_between(before, after),
        "notes": [],
    }


def _address(target: Address) -> str:
    host, port = target
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
