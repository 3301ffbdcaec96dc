"""What the nodes themselves counted during a run: the difference of two scrapes of all their metrics pages.

The generator does not believe its own figures alone: what it sent must be what the recursive tier says it received, and
`tiers` is what anybody who scrapes before and after would compute.

    received   requests, from `biaoshi_requests_total`
    answered   those whose code is not "none" (silence)
    cache hit  of the recursive tier: answers given without asking anybody ÷ requests received, where the former are
               packet hits + answer hits, stale and negative ones, from `biaoshi_cache_requests_total`
    took part  how many nodes of a tier received anything, of how many

One resolution can count at four tiers; by the official rule each tier is reported by itself and tiers are never added
up (field.md, "Volume").
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from prometheus_client.parser import text_string_to_metric_families

from resolver.errors import Unreachable

SCRAPE_TIMEOUT_S = 5.0
PAGE_OCTETS_MAX = 64 << 20
FROM_CACHE = {("packet", "hit"), ("answer", "hit"), ("answer", "stale"), ("answer", "negative")}
CACHING_TIER = "recursive"
NOBODY: Counter[str] = Counter()


@dataclass(frozen=True, slots=True)
class Scrape:
    """Counters of a whole network at one moment, summed over the nodes of each tier; `by_node`: received, by name."""

    received: Counter[str]
    answered: Counter[str]
    from_cache: Counter[str]
    by_node: dict[str, Counter[str]]


def scrape(urls: Iterable[str]) -> Scrape:
    """Read every page once (nodes of one process share one). Unreachable names the page that does not answer."""
    taken = Scrape(Counter(), Counter(), Counter(), {})
    for url in dict.fromkeys(urls):
        read_page(fetch_page(url), taken)
    return taken


def read_page(page: str, into: Scrape) -> None:
    """Add the counters of one page."""
    for family in text_string_to_metric_families(page):
        for sample in family.samples:
            tier = sample.labels.get("tier")
            if tier is None:
                continue
            into.received[tier] += 0  # a tier that was never asked is there all the same
            received_by = into.by_node.setdefault(tier, Counter())
            received_by[sample.labels.get("node", "")] += 0
            if sample.name == "biaoshi_requests_total":
                into.received[tier] += int(sample.value)
                received_by[sample.labels.get("node", "")] += int(sample.value)
                if sample.labels.get("code") != "none":
                    into.answered[tier] += int(sample.value)
            elif sample.name == "biaoshi_cache_requests_total" and _is_from_cache(sample.labels):
                into.from_cache[tier] += int(sample.value)


def _is_from_cache(labels: Mapping[str, str]) -> bool:
    return (labels.get("cache"), labels.get("outcome")) in FROM_CACHE


def tiers_between(before: Scrape, after: Scrape) -> dict[str, dict[str, int]]:
    """What each tier received and answered between two scrapes."""
    return {
        tier: {
            "received": after.received[tier] - before.received[tier],
            "answered": after.answered[tier] - before.answered[tier],
        }
        for tier in after.received
    }


def took_part_between(before: Scrape, after: Scrape) -> dict[str, dict[str, int]]:
    """How many nodes of each tier received anything between two scrapes, and how many there are."""
    return {
        tier: {
            "nodes": sum(count > before.by_node.get(tier, NOBODY)[node] for node, count in nodes.items()),
            "of": len(nodes),
        }
        for tier, nodes in after.by_node.items()
    }


def cache_hit_between(before: Scrape, after: Scrape) -> float | None:
    """The share of requests that the recursive tier answered from memory, or None if it received none."""
    received = after.received[CACHING_TIER] - before.received[CACHING_TIER]
    hits = after.from_cache[CACHING_TIER] - before.from_cache[CACHING_TIER]
    return hits / received if received > 0 else None


def fetch_page(url: str) -> str:
    """A metrics page, asked directly: a proxy has no business between us and the nodes."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port or 80, timeout=SCRAPE_TIMEOUT_S)
    try:
        connection.request("GET", parts.path or "/metrics")
        response = connection.getresponse()
        if response.status != 200:
            raise Unreachable(f"metrics page {url} answers {response.status}")
        page = response.read(PAGE_OCTETS_MAX + 1)
    except (OSError, HTTPException) as error:
        raise Unreachable(f"metrics page {url} does not answer: {error}") from error
    finally:
        connection.close()
    if len(page) > PAGE_OCTETS_MAX:
        raise Unreachable(f"metrics page {url} is larger than {PAGE_OCTETS_MAX:,} octets")
    return page.decode("utf-8", "replace")
