"""One measurement from order to result: schedule, questions, scrape, run, scrape, header.

Order --> due moments + identifiers + targets --> engine --> records
                  |  scrape before    scrape after  |
                  '------------- tiers -------------'
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np

from loadgen.chance import Purpose, uniform
from loadgen.comparison import Comparison
from loadgen.engine import LINKS_MAX, LINKS_PER_TARGET, SPIN_NS, Address, Plan, Questions, Run, Stop, run
from loadgen.machine import machine, versions
from loadgen.pacing import NS_PER_S, Timing, growing
from loadgen.popularity import Popularity
from loadgen.report import GOAL_PER_DAY_DEFAULT
from loadgen.results import Result
from loadgen.schedule import WHOLE, Share, schedule
from loadgen.slo import SLO_DEFAULT, parse_slo
from loadgen.tiers import Scrape, cache_hit_between, scrape, tiers_between, took_part_between
from loadgen.truth import Truth, Values, identifiers_of
from loadgen.workloads import WORKLOADS
from loadgen.workloads.direct import PrefixThenDirect
from loadgen.workloads.lookups import Lookups
from loadgen.workloads.registering import Registering, Registrar
from loadgen.workloads.replay import Log
from resolver.errors import OperatorError, Unreachable

TIMEOUT_S_DEFAULT = 2.0  # a client that asks over UDP would have asked again by then
LINKS_OF_ALL_TARGETS = 128  # each has a receive buffer; with many targets one is enough for each
WARM_UP_NUMBERS = 1 << 40  # requests of a warm-up are numbered from here: no run is so long


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be measured, and against what.

    `targets`: who is asked, all of them equally often. `tiers`: of the network's addresses; `sites`: HS_SITE values of
    its prefixes. `pages`: metrics pages of the whole network; none: per-tier counts stay unknown. `pacing` is the log
    itself when the workload is a replay. `connections`: sockets to each target, 0: as many as are useful. `ttl_scale`:
    seconds of TTLs that go by in one at its nodes; as `pacing.scale`, if a day is to be one for caches. `registrar`:
    who registers, if the workload does. `warm_up_s`: so long requests are sent beforehand that no figure counts.
    `mode`: how the generator waits, a name of engine.SPIN_NS.
    """

    network: str
    targets: tuple[Address, ...]
    truth: Truth
    pages: tuple[str, ...]
    pacing: Timing
    duration_s: float
    workload: str = "lookups"
    popularity: Popularity = field(default_factory=Popularity)
    seed: int = 1
    timeout_s: float = TIMEOUT_S_DEFAULT
    mode: str = "balanced"
    slo: str = SLO_DEFAULT
    goal_per_day: int = GOAL_PER_DAY_DEFAULT
    peak_factor: float = 1.0
    tiers: Mapping[Address, str] = field(default_factory=dict)
    sites: Mapping[bytes, Values] = field(default_factory=dict)
    transport: str = "udp"
    connections: int = 0
    warm_up_s: float = 0.0
    ttl_scale: float = 1.0
    registrar: Registrar | None = None


def measure(
    order: Order,
    *,
    stop: Stop | None = None,
    progress: Callable[[int, int, int], None] | None = None,
    share: Share = WHOLE,
    begin: Callable[[], int] | None = None,
) -> Result:
    """Carry out an order, or a share of it. `begin`: as for engine.run.

    Early wishes of `stop` are obeyed; the result then covers what was done.

    OperatorError if the order is impossible; Unreachable if no target answers anything or a metrics page is silent at
    the start.
    """
    parse_slo(order.slo)
    plan = plan_for(order, share)
    first, warm_up = scrape(order.pages) if order.warm_up_s else None, None
    if order.warm_up_s:
        warm_up = run(plan_for(order, share, before=True), stop=stop)
    before = scrape(order.pages)
    done = run(plan, stop=stop, progress=progress, begin=begin)
    refuse_silence(order, done)
    said = warm_up_of(order, warm_up, first, before)
    header = header_of(order, done) | {"generators": 1, "share": share.name, "warm_up": said}
    return Result(header | counted(order, before), done.records)


def refuse_silence(order: Order, done: Run) -> None:
    """Unreachable if nobody answered anything, and nobody wanted it to end."""
    if done.silent and not done.interrupted:
        asked = ", ".join(map(_address, order.targets))
        refused = " (port unreachable: nothing listens there)" if done.refused else ""
        raise Unreachable(f"no answer from {asked} to {len(done.records):,} requests{refused}")


def plan_for(order: Order, share: Share = WHOLE, *, before: bool = False, wall_s: int | None = None) -> Plan:
    """What a generator with this share of the order does. OperatorError if the order is impossible. `wall_s`: seconds
    since 1970 at which it begins, if that is not now.

    `before`: what it does to warm the network up, in the time before the run: other draws of the same popularity, so
    other requests, the same hot sets; at a rate that grows to that of the run, since caches that are empty bear less.
    """
    if before:
        pacing: Timing = growing(order.pacing, order.warm_up_s)
        seconds, numbers_from = order.warm_up_s, WARM_UP_NUMBERS
    else:
        pacing, seconds, numbers_from = order.pacing, order.duration_s, 0
    times = schedule(pacing, seconds, len(order.targets), order.seed, share, numbers_from)
    wall_s = int(time.time()) if wall_s is None else wall_s
    workload = WORKLOADS[order.workload]
    if isinstance(order.pacing, Log):
        ranks = order.pacing.ranks[times.numbers]
        identifiers: Sequence[bytes] = [order.pacing.identifiers[number] for number in times.numbers.tolist()]
    else:
        modelled_s = (times.due_ns / NS_PER_S - (order.warm_up_s if before else 0.0)) * order.pacing.scale
        ranks = _popularity(order).draw(order.truth.size, times.numbers, modelled_s, order.seed)
        identifiers = identifiers_of(order.truth, ranks)
    comparison = Comparison(order.truth.values, wall_s, order.truth.octets)
    questions: Questions = Lookups(identifiers, ranks, comparison, wall_s)
    if workload.direct:
        directly = uniform(order.seed, Purpose.KIND, times.numbers) < workload.direct
        questions = PrefixThenDirect(
            identifiers,
            ranks,
            comparison,
            wall_s,
            directly=directly,
            sites=order.sites,
            transport=order.transport,
        )
    choice, targets = times.choice, order.targets
    if workload.registering:
        if order.registrar is None:
            raise OperatorError(
                "needs the key of an administrator",
                key="workload",
                value=order.workload,
                remedy='Take a network that runs here with administrators = "prefix", or the workload mixed',
            )
        registering = uniform(order.seed, Purpose.REGISTERING, times.numbers) < workload.registering
        questions = Registering(questions, order.registrar, registering, wall_s)
        choice = np.where(registering, len(targets), choice)
        targets = (*targets, order.registrar.address)
    return Plan(
        due_ns=times.due_ns,
        numbers=times.numbers,
        ranks=ranks,
        choice=choice,
        questions=questions,
        targets=targets,
        timeout_ns=int(order.timeout_s * NS_PER_S),
        spin_ns=SPIN_NS[order.mode],
        transport=order.transport,
        links_per_target=connections_of(order),
        leads_on=workload.direct > 0 or workload.registering > 0,
        tiers=order.tiers,
    )


def _popularity(order: Order) -> Popularity:
    """The order's, with the misses that the workload brings unless it says some itself."""
    misses = WORKLOADS[order.workload].misses
    if misses is None or order.popularity.misses:
        return order.popularity
    return replace(order.popularity, misses=misses)


def warm_up_of(order: Order, done: Run | None, first: Scrape | None, before: Scrape) -> dict[str, Any]:
    """What a header says of the warm-up. Its `tiers` and those of the run are together what the nodes counted between
    `first` and the end.
    """
    if done is None or first is None:
        return {"seconds": 0.0, "sent": 0, "answered": 0, "tiers": {}}
    sent, answered = (int((done.records[column] >= 0).sum()) for column in ("sent", "received"))
    tiers = tiers_between(first, before)
    return {"seconds": order.warm_up_s, "sent": sent, "answered": answered, "tiers": tiers}


def connections_of(order: Order) -> int:
    """Sockets to each target. OperatorError if there are to be more than a process may have."""
    if order.connections * len(order.targets) > LINKS_MAX:
        raise OperatorError(
            f"{order.connections} for each of {len(order.targets)} targets are more than {LINKS_MAX}",
            key="--connections",
            value=order.connections,
            remedy=f"Take {LINKS_MAX // len(order.targets)}, or share the run: --executor local:4",
        )
    return order.connections or max(1, min(LINKS_PER_TARGET, LINKS_OF_ALL_TARGETS // len(order.targets)))


def header_of(order: Order, done: Run) -> dict[str, Any]:
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
        "ttl_scale": order.ttl_scale,
        "zipf": order.popularity.zipf,
        "popularity": None if isinstance(order.pacing, Log) else asdict(_popularity(order)),
        "population": order.truth.size,
        "procedural": order.truth.procedural,
        "seed": order.seed,
        "mode": order.mode,
        "transport": order.transport,
        "connections": connections_of(order),
        "targets": [_address(target) for target in done.targets],
        "slo": order.slo,
        "goal_per_day": order.goal_per_day,
        "peak_factor": order.peak_factor,
        "running_s": done.running_s,
        "cpu_s": done.cpu_s,
        "strays": done.strays,
        "duplicates": done.duplicates,
        "own_drops": done.own_drops,
        "compiled": done.compiled,
        "interrupted": done.interrupted,
        "machine": machine(),
        "versions": versions(),
    }


def counted(order: Order, before: Scrape) -> dict[str, Any]:
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
