"""Which server of which site is asked, over what, in which order (behaviour.md §3.2).

    for protocol in UDP, TCP:  for site in order of response time:  the server the handle hashes to

UDP is tried at every site before TCP anywhere. Questions for a primary go to primary sites only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from resolver.model.now import NS_PER_MS
from resolver.model.question import Question
from resolver.model.site import QUERY, Protocol, Server, Site

PROTOCOLS = (Protocol.UDP, Protocol.TCP)
UDP_WAITS_NS = (500 * NS_PER_MS, 1_000 * NS_PER_MS, 1_500 * NS_PER_MS)  # three sends (behaviour.md §3.3)
TCP_WAITS_NS = (3_000 * NS_PER_MS,)  # the reference waits 60 s; whoever asked us over UDP is gone after three
FAILURE_NS = 60_000 * NS_PER_MS  # what a failure counts as, so that working sites come first
SMOOTHING = 8  # a new measurement weighs 1/8, as in TCP's round-trip estimate (RFC 6298)
SITES_MAX = 32  # mirrors of one service that are tried


class ResponseTimes:
    """How fast each address has answered, smoothed; addresses never asked come first, so that they get tried."""

    ADDRESSES_MAX = 10_000  # more than a nation's nodes; beyond it the longest known is forgotten

    def __init__(self) -> None:
        self._estimate_ns: dict[str, int] = {}

    def of(self, ip: str) -> int:
        """The estimate in nanoseconds; 0 if never asked."""
        return self._estimate_ns.get(ip, 0)

    def answered(self, ip: str, took_ns: int) -> None:
        """An answer came after `took_ns`; it ends a failure at once."""
        before = self._estimate_ns.get(ip, FAILURE_NS)
        self._keep(ip, took_ns if before >= FAILURE_NS else before + (took_ns - before) // SMOOTHING)

    def failed(self, ip: str) -> None:
        """Nobody answered there."""
        self._keep(ip, FAILURE_NS)

    def _keep(self, ip: str, estimate_ns: int) -> None:
        if ip not in self._estimate_ns and len(self._estimate_ns) >= self.ADDRESSES_MAX:
            del self._estimate_ns[next(iter(self._estimate_ns))]
        self._estimate_ns[ip] = max(1, estimate_ns)


def attempts(
    question: Question, sites: Sequence[Site], times: ResponseTimes
) -> Iterator[tuple[Protocol, Site, Server]]:
    """Every (protocol, site, server) worth trying for `question`, in order."""
    usable = [site for site in sites[:SITES_MAX] if site.servers and (site.primary or not question.authoritative)]
    chosen = [(site, site.server_for(question.handle)) for site in usable]
    chosen.sort(key=lambda pair: times.of(pair[1].ip))  # stable: equals stay in the order they were named
    for protocol in PROTOCOLS:
        for site, server in chosen:
            if server.port(protocol, QUERY) is not None:
                yield protocol, site, server


def waits_ns(protocol: Protocol) -> tuple[int, ...]:
    """How long to wait after each send over `protocol`."""
    return UDP_WAITS_NS if protocol is Protocol.UDP else TCP_WAITS_NS
