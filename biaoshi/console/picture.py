"""The network at a moment: who stands where, and what its nodes have counted since they were asked last.

layout    once: name, tier, who delegates to whom
read      each time: /pulse of every process, which costs a node a small part of its metrics page
figures   two readings -> rate, p99, cache hits of every node
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from loadgen.tiers import FROM_CACHE, fetch_page
from nodes.counters import DURATION_BOUNDS_S
from nodes.state import State, read_state
from resolver.errors import Unreachable
from resolver.model.identifier import PREFIX_HANDLE_LEAD

if TYPE_CHECKING:
    from nodes.config import NetworkPlan

ANSWERED_BY_CACHES = [f"{cache} {outcome}" for cache, outcome in FROM_CACHE]
BOUNDS_MS = [0.0, *(bound * 1e3 for bound in DURATION_BOUNDS_S)]


@dataclass(slots=True)
class Counts:
    """What one node has counted since it started, and how it is. `took`: answers by how long they took, between
    DURATION_BOUNDS_S.
    """

    ready: bool = False
    records: int = 0
    requests: int = 0
    from_cache: int = 0
    struck: int = 0
    took: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reading:
    """Counters of every node by name, at a moment (monotonic seconds)."""

    at_s: float
    counts: Mapping[str, Counts]


def read(state: State) -> Reading:
    """The counters of a running network, now. A process that does not answer tells nothing of its nodes."""
    found: dict[str, Counts] = {}
    for url in dict.fromkeys(process["metrics"] for process in state["processes"] if process["metrics"]):
        try:
            told = json.loads(fetch_page(f"http://{urlsplit(url).netloc}/pulse"))
        except (Unreachable, ValueError):
            continue
        for name, node in told["nodes"].items():
            found[name] = counts_of(node, ready=told["ready"])
    return Reading(time.monotonic(), found)


def counts_of(node: Mapping[str, Any], *, ready: bool) -> Counts:
    """One node of a /pulse."""
    caches = node.get("caches", {})
    return Counts(
        ready=ready and node["ready"],
        records=node["records"],
        requests=node.get("requests", 0),
        from_cache=sum(caches.get(each, 0) for each in ANSWERED_BY_CACHES),
        struck=node.get("struck", 0),
        took=node.get("took", []),
    )


def figures(before: Reading | None, after: Reading, name: str) -> dict[str, Any]:
    """What a node did between two readings: requests a second, p99 in ms, share from its caches, faults that struck.

    None where nothing can be said: at the first reading, or of a node that was started again.
    """
    unknown: dict[str, Any] = {"rate": None, "p99_ms": None, "hit": None, "struck": None, "requests": None}
    now = after.counts.get(name)
    if now is None:
        return unknown
    then = None if before is None else before.counts.get(name)
    if before is None or then is None or then.requests > now.requests:
        return unknown | {"requests": now.requests}
    seconds = max(1e-6, after.at_s - before.at_s)
    asked = now.requests - then.requests
    return {
        "rate": round(asked / seconds, 1),
        "p99_ms": quantile_ms(then.took, now.took, 0.99),
        "hit": round((now.from_cache - then.from_cache) / asked, 4) if asked else None,
        "struck": round((now.struck - then.struck) / seconds, 1),
        "requests": now.requests,
    }


def quantile_ms(before: Sequence[int], after: Sequence[int], quantile: float) -> float | None:
    """A quantile of the answers between two histograms, as Prometheus' histogram_quantile estimates it: on a line
    through its bucket; of the last one, which has no end, its beginning.
    """
    counts = [now - then for now, then in zip(after, before or [0] * len(after), strict=True)]
    wanted, below = quantile * sum(counts), 0
    if wanted <= 0:
        return None
    for count, (lower, upper) in zip(counts, pairwise(BOUNDS_MS), strict=False):
        if count and below + count >= wanted:
            return round(lower + (upper - lower) * (wanted - below) / count, 4)
        below += count
    return BOUNDS_MS[-1]


class Watch:
    """Reads a network again and again."""

    def __init__(self, run_dir: Path) -> None:
        self.run_dir = run_dir
        self.last: Reading | None = None

    def look(self) -> dict[str, Any]:
        """The picture of this moment: health and figures of every node. Blocks while it reads."""
        try:
            state = read_state(self.run_dir)
        except Unreachable as error:
            self.last = None
            return {"running": False, "words": str(error), "nodes": {}, "tiers": {}}
        before, self.last = self.last, read(state)
        gone = Counts()
        nodes = {}
        for node in state["nodes"]:
            name = node["name"]
            now = self.last.counts.get(name, gone)
            ready = node["ready"] and now.ready
            nodes[name] = {"ready": ready, "records": now.records} | figures(before, self.last, name)
        return {
            "running": True,
            "ready": all(node["ready"] for node in nodes.values()),
            "started": state["supervisor"]["started"],
            "nodes": nodes,
            "tiers": tiers_of(state["nodes"], nodes),
        }


def tiers_of(nodes: Sequence[State], figures: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """What the nodes of each tier come to: the rates added up, the slowest p99, the hits by request.

    Rates of tiers are never added up among themselves: one resolution counts at several (field.md, "Volume").
    """
    found: dict[str, dict[str, Any]] = {}
    hits: Counter[str] = Counter()
    for node in nodes:
        said = figures[node["name"]]
        tier = found.setdefault(
            node["tier"], {"nodes": 0, "ready": 0, "rate": None, "p99_ms": None, "hit": None, "struck": 0}
        )
        tier["nodes"] += 1
        tier["ready"] += bool(said["ready"])
        if said["rate"] is not None:
            tier["rate"] = round((tier["rate"] or 0.0) + said["rate"], 1)
            tier["struck"] = round(tier["struck"] + said["struck"], 1)
            hits[node["tier"]] += int(said["rate"] * 10_000 * (said["hit"] or 0.0))
        if said["p99_ms"] is not None:
            tier["p99_ms"] = max(tier["p99_ms"] or 0.0, said["p99_ms"])
    for name, tier in found.items():
        if tier["rate"]:
            tier["hit"] = round(hits[name] / (tier["rate"] * 10_000), 4)
    return found


def layout(state: State, plan: NetworkPlan) -> dict[str, Any]:
    """Who there is, and who delegates to whom: what does not change while a network runs."""
    above: dict[bytes, str] = {}
    for node in plan.nodes:
        for handle, _ in node.delegations:
            above.setdefault(handle.upper(), node.name)
    nodes = [
        {
            "name": node["name"],
            "tier": node["tier"],
            "address": node["address"],
            "parents": parents_of(node, above),
        }
        for node in state["nodes"]
    ]
    samples = (node["sample"] for node in state["nodes"] if node["tier"] == "enterprise" and node["sample"])
    return {
        "network": state["network"],
        "started": state["supervisor"]["started"],
        "nodes": nodes,
        "sample": next(samples, None),
    }


def parents_of(node: State, above: Mapping[bytes, str]) -> list[str]:
    """The nodes that refer to a node; `above`: by prefix handle, who answers about it."""
    if node["tier"] == "root":  # they answer about each other
        return []
    handles = ((PREFIX_HANDLE_LEAD + prefix.encode()).upper() for prefix in node["prefixes"])
    found = dict.fromkeys(above[handle] for handle in handles if handle in above)
    return [name for name in found if name != node["name"]]
