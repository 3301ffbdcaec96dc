"""Which server of which site is asked, over what, in which order (behaviour.md §3.2), and how often in vain.

    for protocol in UDP, TCP:  for site in order of response time:  the server the handle hashes to

UDP is tried at every site before TCP anywhere. Where there are several sites, each gets one send before any gets a
second: a dead mirror costs half a second, not three. Questions for a primary go to primary sites only.

    ResponseTimes   who answers fastest, who not at all; who is passed over gets another chance in time
    Retries         how much may be sent again: a share of what is sent
    Loads           how much waits at each server
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

from resolver.model.now import NS_PER_MS
from resolver.model.question import Question
from resolver.model.site import QUERY, Protocol, Server, Site

PROTOCOLS = (Protocol.UDP, Protocol.TCP)
UDP_WAITS_NS = (500 * NS_PER_MS, 1_000 * NS_PER_MS, 1_500 * NS_PER_MS)  # three sends (behaviour.md §3.3)
TCP_WAITS_NS = (3_000 * NS_PER_MS,)  # the reference waits 60 s; whoever asked us over UDP is gone after three
FAILURE_NS = 60_000 * NS_PER_MS  # what a failure may count as at most: longer than any server takes that works
SMOOTHING = 8  # a new measurement weighs 1/8, as in TCP's round-trip estimate (RFC 6298)
EXPLORING = 64  # who is passed over is thought 1/64 faster: a server 1 ms away against 30 ms is left once in 220 times
SITES_MAX = 32  # mirrors of one service that are tried
RETRIES_KEPT = 500  # sends: as many as are under way to one server when it dies, on a busy day


class ResponseTimes:
    """How fast each address has answered, smoothed; addresses never asked come first, so that they get tried."""

    ADDRESSES_MAX = 10_000  # more than a nation's nodes; beyond it the longest known is forgotten

    def __init__(self) -> None:
        self._estimate_ns: dict[str, int] = {}
        self._heard_ns: dict[str, int] = {}  # when it last answered anything
        self._suspects: dict[str, Hashable] = {}  # what was asked in vain since it last answered
        self._failing: set[str] = set()

    def of(self, ip: str) -> int:
        """The estimate in nanoseconds; 0 if never asked."""
        return self._estimate_ns.get(ip, 0)

    def answered(self, ip: str, took_ns: int, at_ns: int = 0) -> None:
        """An answer came after `took_ns`, at a moment; it ends a failure at once."""
        self._heard_ns[ip] = at_ns
        if self._suspects:
            self._suspects.pop(ip, None)
        before = self._estimate_ns.get(ip)
        if before is None or ip in self._failing:
            self._failing.discard(ip)
            self._keep(ip, took_ns)
        else:
            self._estimate_ns[ip] = max(1, before + (took_ns - before) // SMOOTHING)

    def failed(self, ip: str, waited_ns: int, since_ns: int, about: Hashable) -> None:
        """Nobody answered there for so long, since a moment, what it was asked about something.

        A server that answered others meanwhile is well. One that has ever answered and is silent about a single thing
        may be, or a packet was lost. Else silence counts: at least as long as it lasted, and twice as long as the time
        before.
        """
        heard_ns = self._heard_ns.get(ip)
        if heard_ns is not None and (heard_ns >= since_ns or self._suspects.setdefault(ip, about) == about):
            return
        self._keep(ip, min(FAILURE_NS, max(waited_ns, 2 * self.of(ip))))
        self._failing.add(ip)

    def refused(self, ip: str) -> None:
        """Nobody is there: a connection was refused."""
        self._keep(ip, FAILURE_NS)
        self._failing.add(ip)

    def passed_over(self, ip: str) -> None:
        """Another was preferred: whoever is not asked might have got better, and in the end has its turn."""
        estimate = self._estimate_ns.get(ip)
        if estimate is not None:
            self._estimate_ns[ip] = max(1, estimate - estimate // EXPLORING)

    def _keep(self, ip: str, estimate_ns: int) -> None:
        if ip not in self._estimate_ns and len(self._estimate_ns) >= self.ADDRESSES_MAX:
            longest_known = next(iter(self._estimate_ns))
            del self._estimate_ns[longest_known]
            self._heard_ns.pop(longest_known, None)
            self._suspects.pop(longest_known, None)
            self._failing.discard(longest_known)
        self._estimate_ns[ip] = max(1, estimate_ns)


class Retries:
    """What may be sent once more: a share of what is sent for the first time, and RETRIES_KEPT saved up.

    When everything fails, everybody who tries again makes it worse; so all their tries together are bounded.
    """

    def __init__(self, share: float) -> None:
        self.share = share
        self.left = float(RETRIES_KEPT)

    def earn(self) -> None:
        """Something was sent for the first time."""
        if self.left < RETRIES_KEPT:
            self.left += self.share

    def spend(self) -> bool:
        """Whether something may be sent again."""
        if self.left < 1:
            return False
        self.left -= 1
        return True


class Loads:
    """How many questions wait at each address, and that none has more than its share of this node."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._waiting: dict[str, int] = {}

    def of(self, ip: str) -> int:
        """How many wait there."""
        return self._waiting.get(ip, 0)

    def take(self, ip: str) -> bool:
        """Whether one more may wait there; it does from now on."""
        waiting = self._waiting.get(ip, 0)
        if waiting >= self.most:
            return False
        self._waiting[ip] = waiting + 1
        return True

    def leave(self, ip: str) -> None:
        """One waits no longer."""
        waiting = self._waiting[ip]
        if waiting > 1:
            self._waiting[ip] = waiting - 1
        else:
            del self._waiting[ip]


def attempts(
    question: Question, sites: Sequence[Site], times: ResponseTimes
) -> Iterator[tuple[Protocol, Site, Server, tuple[int, ...]]]:
    """Every (protocol, site, server, how long to wait after each send) worth trying for `question`, in order."""
    usable = [site for site in sites[:SITES_MAX] if site.servers and (site.primary or not question.authoritative)]
    chosen = [(site, site.server_for(question.handle)) for site in usable]
    chosen.sort(key=lambda pair: times.of(pair[1].ip))  # stable: equals stay in the order they were named
    for _, server in chosen[1:]:
        times.passed_over(server.ip)
    for protocol in PROTOCOLS:
        waits, able = waits_ns(protocol), [pair for pair in chosen if pair[1].port(protocol, QUERY) is not None]
        rounds = (waits,) if len(able) < 2 else tuple(turn for turn in (waits[:1], waits[1:]) if turn)
        for turn in rounds:
            for site, server in able:
                yield protocol, site, server, turn


def waits_ns(protocol: Protocol) -> tuple[int, ...]:
    """How long to wait after each send over `protocol`."""
    return UDP_WAITS_NS if protocol is Protocol.UDP else TCP_WAITS_NS
