"""Prometheus metrics of a process: one custom collector that reads the nodes' counters when asked.

prometheus-client's own increments cost more than a packet-cache hit, so nodes count in plain lists (counters.py). Never
an identifier or a client address as a label.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from nodes.authority import AuthorityNode
from nodes.counters import DURATION_BOUNDS_S, Counters, Histogram
from nodes.node import Node
from nodes.recursive import RecursiveNode
from nodes.segment import ENTRIES, KEPT_OCTETS, PASSED, SharedCounters
from resolver.cache.packets import PacketCache
from resolver.cache.sieve import Sieve

NODE = ("node", "tier")


@dataclass(frozen=True, slots=True)
class Watched:
    """A node and what only its home knows of it. `readers`: what each of its readers has counted, when asked."""

    node: Node
    records: Callable[[], int]
    procedural: int = 0
    readers: Iterable[SharedCounters] = ()


class Whole:
    """What a node and its readers have counted, as one."""

    def __init__(self, counters: Counters, readers: Iterable[SharedCounters]) -> None:
        self.received: Counter[tuple[str, str, str]] = Counter()  # by transport, opcode, code
        self.caches: Counter[tuple[str, str]] = Counter()
        self.dropped: Counter[str] = Counter()
        self.duration = Histogram()
        for books in (counters, *readers):
            for labels, slot in list(books.slots.items()):
                self.received[labels] += books.decided[slot] + books.recalled[slot]
            self.caches.update(books.cache)
            self.caches["packet", "hit"] += sum(books.recalled)
            self.dropped.update(books.dropped)
            self.duration.add(books.duration)


class NodeCollector(Collector):
    """Every metric of the contract, for the nodes of one process."""

    def __init__(self, watched: Sequence[Watched], *, version: str, rim: str) -> None:
        self.watched = watched
        self.version, self.rim = version, rim

    def collect(self) -> Iterable[Metric]:
        """Read the counters now."""
        requests = CounterMetricFamily(
            "biaoshi_requests", "Requests received and answered; code none: by silence.",
            labels=(*NODE, "transport", "opcode", "code"),
        )  # fmt: skip
        duration = HistogramMetricFamily(
            "biaoshi_request_duration_seconds", "From a request's arrival to its answer.", labels=NODE
        )
        caches = CounterMetricFamily(
            "biaoshi_cache_requests", "What caches did for requests.", labels=(*NODE, "cache", "outcome")
        )
        upstream = CounterMetricFamily(
            "biaoshi_upstream_requests",
            "Requests to other nodes, by how they ended.",
            labels=(*NODE, "to_tier", "outcome"),
        )
        resent = CounterMetricFamily(
            "biaoshi_upstream_resent", "Requests to other nodes sent once more.", labels=(*NODE, "to_tier")
        )
        upstream_duration = HistogramMetricFamily(
            "biaoshi_upstream_duration_seconds", "From the first send to the end.", labels=(*NODE, "to_tier")
        )
        dropped = CounterMetricFamily(
            "biaoshi_dropped", "Packets dropped or requests refused before work.", labels=(*NODE, "reason")
        )
        faults = CounterMetricFamily(
            "biaoshi_injected_faults", "Answers that went wrong on purpose.", labels=(*NODE, "fault")
        )
        records = GaugeMetricFamily("biaoshi_records", "Records held.", labels=NODE)
        procedural = GaugeMetricFamily(
            "biaoshi_procedural_identifiers", "Identifiers computed when asked for, not stored (程序生成).", labels=NODE
        )
        prefixes = GaugeMetricFamily("biaoshi_prefixes", "Prefixes homed.", labels=NODE)
        by_reader = CounterMetricFamily(
            "biaoshi_reader_requests",
            "Requests that each reader of a node answered itself, or passed on to the node's own process.",
            labels=(*NODE, "reader", "way"),
        )
        entries = GaugeMetricFamily("biaoshi_cache_entries", "Entries in caches.", labels=NODE)
        octets = GaugeMetricFamily("biaoshi_cache_bytes", "Octets used by caches.", labels=NODE)
        for each in self.watched:
            node, counters = each.node, each.node.counters
            names = (node.identity.name, node.identity.tier)
            readers = list(each.readers)
            whole = Whole(counters, readers)
            for number, books in enumerate(readers):
                mine = (*names, str(number))
                by_reader.add_metric((*mine, "answered"), sum(books.duration.counts))
                by_reader.add_metric((*mine, "passed"), books.gauges[PASSED])
            for labels, times in whole.received.items():
                requests.add_metric((*names, *labels), times)
            _add_histogram(duration, names, whole.duration)
            for pair, times in whole.caches.items():
                caches.add_metric((*names, *pair), times)
            for pair, times in list(counters.upstream.items()):
                upstream.add_metric((*names, *pair), times)
            for to_tier, times in list(counters.resent.items()):
                resent.add_metric((*names, to_tier), times)
            for to_tier, histogram in list(counters.upstream_duration.items()):
                _add_histogram(upstream_duration, (*names, to_tier), histogram)
            for reason, times in whole.dropped.items():
                dropped.add_metric((*names, reason), times)
            for fault, times in list(counters.faults.items()):
                faults.add_metric((*names, fault), times)
            records.add_metric(names, each.records())
            if each.procedural:
                procedural.add_metric(names, each.procedural)
            prefixes.add_metric(names, len(node.standing.homed) if isinstance(node, AuthorityNode) else 0)
            kept: list[PacketCache | Sieve[Any]] = [node.packets]
            if isinstance(node, RecursiveNode):
                kept.append(node.answers.entries)
            entries.add_metric(names, sum(map(len, kept)) + sum(books.gauges[ENTRIES] for books in readers))
            octets.add_metric(
                names, sum(each.octets for each in kept) + sum(books.gauges[KEPT_OCTETS] for books in readers)
            )
        build = GaugeMetricFamily("biaoshi_build_info", "What runs here.", labels=("version", "rim"))
        build.add_metric((self.version, self.rim), 1)
        return (
            requests, duration, caches, upstream, resent, upstream_duration, dropped, faults, records, procedural,
            prefixes, by_reader, entries, octets, build,
        )  # fmt: skip


def page(collector: NodeCollector) -> Callable[[], bytes]:
    """A function that renders the metrics page, process figures (CPU, memory, descriptors) included."""
    registry = CollectorRegistry()
    registry.register(collector)
    ProcessCollector(registry=registry)
    return lambda: generate_latest(registry)


def pulse(watched: Sequence[Watched]) -> dict[str, dict[str, Any]]:
    """What a live picture needs of each node, by name: requests, what caches did, faults that struck, answers by how
    long they took (between DURATION_BOUNDS_S). It costs a small part of the metrics page.
    """
    found = {}
    for each in watched:
        counters = each.node.counters
        whole = Whole(counters, each.readers)
        found[each.node.identity.name] = {
            "requests": whole.received.total(),
            "caches": {f"{cache} {outcome}": times for (cache, outcome), times in whole.caches.items()},
            "struck": sum(counters.faults.values()),
            "took": whole.duration.counts,
        }
    return found


def _add_histogram(family: HistogramMetricFamily, labels: Sequence[str], histogram: Histogram) -> None:
    """Its lines; none while it is empty, for two thirds of the page of a hundred idle nodes would be zeros."""
    if not any(histogram.counts):
        return
    running, buckets = 0, []
    for bound, times in zip((*map(str, DURATION_BOUNDS_S), "+Inf"), histogram.counts, strict=True):
        running += times
        buckets.append((bound, float(running)))
    family.add_metric(list(labels), buckets, histogram.sum_s)
