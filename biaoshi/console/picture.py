"""The network at a moment: who stands where, and what the metrics pages said since they were read last.

layout    once: name, tier, who delegates to whom
read      each time: counters of every node
figures   two readings -> rate, p99, cache hits of every node
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prometheus_client.parser import text_string_to_metric_families

from loadgen.tiers import FROM_CACHE, fetch_page
from nodes.state import State, status
from resolver.errors import Unreachable
from resolver.model.identifier import PREFIX_HANDLE_LEAD

if TYPE_CHECKING:
    from nodes.config import NetworkPlan

REQUESTS, CACHES = "biaoshi_requests_total", "biaoshi_cache_requests_total"
BUCKETS = "biaoshi_request_duration_seconds_bucket"
STRUCK = "biaoshi_injected_faults_total"
WANTED = (REQUESTS, CACHES, BUCKETS, STRUCK)
TIERS = ("recursive", "root", "national", "secondary", "enterprise")


@dataclass(slots=True)
class Counts:
    """What one node has counted since it started. `buckets`: answers that took at most so many seconds."""

    requests: float = 0.0
    unanswered: float = 0.0
    from_cache: float = 0.0
    struck: float = 0.0
    buckets: dict[float, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """Counters of every node by name, at a moment (monotonic seconds); `silent`: pages that did not answer."""

    at_s: float
    counts: Mapping[str, Counts]
    silent: int = 0


def counts_in(pages: Sequence[str]) -> dict[str, Counts]:
    """The counters of the nodes on metrics pages. Only the lines that are wanted are parsed: a nation's are many."""
    found: dict[str, Counts] = {}
    for page in pages:
        lines = "".join(line + "\n" for line in page.splitlines() if line.startswith(WANTED))
        for family in text_string_to_metric_families(lines):
            for sample in family.samples:
                counts = found.setdefault(sample.labels.get("node", ""), Counts())
                _add(counts, sample.name, sample.labels, float(sample.value))
    return found


def _add(counts: Counts, name: str, labels: Mapping[str, str], value: float) -> None:
    if name == REQUESTS:
        counts.requests += value
        if labels.get("code") == "none":
            counts.unanswered += value
    elif name == CACHES and (labels.get("cache"), labels.get("outcome")) in FROM_CACHE:
        counts.from_cache += value
    elif name == BUCKETS:
        counts.buckets[float(labels["le"])] = value
    elif name == STRUCK:
        counts.struck += value


def read(state: State) -> Reading:
    """The counters of a running network, now."""
    pages, silent = [], 0
    for url in dict.fromkeys(process["metrics"] for process in state["processes"] if process["metrics"]):
        try:
            pages.append(fetch_page(url))
        except Unreachable:
            silent += 1
    return Reading(time.monotonic(), counts_in(pages), silent)


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
        return unknown | {"requests": int(now.requests)}
    seconds = max(1e-6, after.at_s - before.at_s)
    asked = now.requests - then.requests
    return {
        "rate": round(asked / seconds, 1),
        "p99_ms": quantile_ms(then.buckets, now.buckets, 0.99),
        "hit": round((now.from_cache - then.from_cache) / asked, 4) if asked else None,
        "struck": round((now.struck - then.struck) / seconds, 1),
        "requests": int(now.requests),
    }


def quantile_ms(before: Mapping[float, float], after: Mapping[float, float], quantile: float) -> float | None:
    """A quantile of the answers between two cumulative histograms, as Prometheus' histogram_quantile estimates it."""
    bounds = sorted(after)
    counts = [after[bound] - before.get(bound, 0.0) for bound in bounds]
    if not counts or counts[-1] <= 0:
        return None
    wanted, lower, below = quantile * counts[-1], 0.0, 0.0
    for bound, count in zip(bounds, counts, strict=True):
        if count >= wanted:
            if bound == float("inf") or count == below:
                return round(lower * 1e3, 4)
            return round((lower + (bound - lower) * (wanted - below) / (count - below)) * 1e3, 4)
        lower, below = bound, count
    return None


class Watch:
    """Reads a network again and again."""

    def __init__(self, run_dir: Path) -> None:
        self.run_dir = run_dir
        self.last: Reading | None = None

    def look(self) -> dict[str, Any]:
        """The picture of this moment: health and figures of every node. Blocks while it reads."""
        try:
            state = status(self.run_dir)
        except Unreachable as error:
            self.last = None
            return {"running": False, "words": str(error), "nodes": {}, "tiers": {}}
        before, self.last = self.last, read(state)
        nodes = {
            node["name"]: {"ready": node["ready"], "records": node["records"]}
            | figures(before, self.last, node["name"])
            for node in state["nodes"]
        }
        return {
            "running": True,
            "ready": state["ready"],
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
            "prefixes": len(node["prefixes"]),
            "parents": parents_of(node, above),
            "sample": node["sample"],
        }
        for node in state["nodes"]
    ]
    return {
        "network": state["network"],
        "file": state["file"],
        "started": state["supervisor"]["started"],
        "time_scale": state.get("time_scale", 1.0),
        "nodes": nodes,
        "sample": next((node["sample"] for node in nodes if node["tier"] == "enterprise" and node["sample"]), None),
    }


def parents_of(node: State, above: Mapping[bytes, str]) -> list[str]:
    """The nodes that refer to a node; `above`: by prefix handle, who answers about it."""
    handles = ((PREFIX_HANDLE_LEAD + prefix.encode()).upper() for prefix in node["prefixes"])
    found = dict.fromkeys(above[handle] for handle in handles if handle in above)
    return [name for name in found if name != node["name"]]
