"""What a node refuses to exceed: requests of one source, requests a day, registrations, failed authentications.

    Admission a node as its clients meet it, behind what one address may ask and make it say
    Limited   ... behind its daily requests
    Quotas    what its clerk may still register today
    Failures  which sources have failed to prove who they are too often

Counted in memory, from the node's start; days are those of UTC. The national SDK knows codes 603 to 605, all others are
told that the server is busy: an unknown code breaks them (behaviour.md §7 trap 12).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, replace

from nodes.config import LimitsPlan
from nodes.node import UNDECODED, Node
from resolver.errors import PeerError
from resolver.model.identifier import is_prefix_handle
from resolver.model.now import NS_PER_S, Now
from resolver.model.question import Answer
from resolver.model.route import Origin, Packets, Route
from resolver.net.machine import Before, Front, Machine
from resolver.wire.bodies.resolution import ResolutionRequest
from resolver.wire.codes import Code
from resolver.wire.framing import split
from resolver.wire.message import decode

DAY_S, MINUTE_NS = 86_400, 60 * NS_PER_S
SOURCES_MAX = 10_000  # whose failures are remembered; the longest unheard of are forgotten first
BURST_NS = NS_PER_S  # a source may use a second's worth at once
WEIGHT, WEIGHED_FROM_PER_S, WEIGHED_OCTETS = 16, 10_000, 100  # sampling is exact enough where a second has thousands
AMPLIFICATION_MAX = 2  # octets out for an octet in that nobody minds: no use to whoever forges addresses
TOO_MANY = Answer(Code.SERVER_TOO_BUSY, message=b"Too many requests from this address")
TOO_MUCH = Answer(Code.SERVER_TOO_BUSY)
DAY_IS_OVER = Answer(Code.SERVER_TOO_BUSY, message=b"The daily requests of this server are used up")
# Codes after which somebody has failed to prove who they are, or to be somebody who matters.
FAILURES = frozenset(
    {
        Code.INVALID_ADMIN,
        Code.AUTHENTICATION_FAILED,
        Code.INVALID_CREDENTIAL,
        Code.AUTHEN_ERROR,
        Code.INVALID_SESSION_KEY,
        Code.SESSION_MESSAGE_REJECTED,
    }
)


class Quotas:
    """What may still be registered today; 0: as much as there is room for."""

    def __init__(self, registrations: int = 0, prefixes: int = 0) -> None:
        self._most = {False: registrations, True: prefixes}
        self._made = {False: 0, True: 0}
        self._day = 0

    def configure(self, registrations: int, prefixes: int) -> None:
        """Go on with other bounds for the rest of the day."""
        self._most = {False: registrations, True: prefixes}

    def take(self, key: bytes, now: Now) -> bool:
        """Count a registration under a folded handle; False if the day's are used up."""
        day, prefix = now.wall_s // DAY_S, is_prefix_handle(key)
        if day != self._day:
            self._day, self._made = day, {False: 0, True: 0}
        if 0 < self._most[prefix] <= self._made[prefix]:
            return False
        self._made[prefix] += 1
        return True

    def give_back(self, key: bytes) -> None:
        """A registration that was counted came to nothing."""
        prefix = is_prefix_handle(key)
        self._made[prefix] = max(0, self._made[prefix] - 1)


class Failures:
    """Failed authentications by source address; `per_minute` 0: they are not counted."""

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._sources: OrderedDict[str, tuple[int, int]] = OrderedDict()  # address -> (start of its minute, failures)

    def add(self, source: str, now: Now) -> None:
        """Somebody at an address failed."""
        if not self.per_minute:
            return
        start, times = self._sources.get(source, (now.mono_ns, 0))
        if now.mono_ns - start >= MINUTE_NS:
            start, times = now.mono_ns, 0
        self._sources[source] = start, times + 1
        self._sources.move_to_end(source)
        if len(self._sources) > SOURCES_MAX:
            self._sources.popitem(last=False)

    def too_many(self, source: str, now: Now) -> bool:
        """Whether an address has to wait for its minute to end."""
        start, times = self._sources.get(source, (0, 0))
        return 0 < self.per_minute <= times and now.mono_ns - start < MINUTE_NS


@dataclass(frozen=True, slots=True)
class SourceLimits:
    """What one address may use in a second, 0: any; `dry_run`: what exceeds it is counted, and answered all the same.

    `surplus_octets_per_s`: octets of answers over UDP beyond AMPLIFICATION_MAX times those of the requests.
    """

    requests_per_s: int = 0
    surplus_octets_per_s: int = 0
    dry_run: bool = False

    def __bool__(self) -> bool:
        return self.requests_per_s > 0 or self.surplus_octets_per_s > 0


class Buckets:
    """For each source, when what it used will have been paid back (GCRA): one number a source, one comparison a packet.

    Sources whose debt is paid are forgotten when there are too many; if all are in debt, the longest known goes.
    `over`: who has used up what it may.
    """

    def __init__(self, per_s: int) -> None:
        self._cost_ns = NS_PER_S / per_s
        self._due_ns: dict[Hashable, float] = {}
        self.over: set[Hashable] = set()

    def __len__(self) -> int:
        return len(self._due_ns)

    def full(self, source: Hashable, now_ns: int) -> bool:
        """Whether a source has used up what it may."""
        if source not in self.over:
            return False
        if self._due_ns.get(source, 0) > now_ns + BURST_NS:
            return True
        self.over.discard(source)
        return False

    def use(self, source: Hashable, amount: int, now_ns: int) -> None:
        """Charge a source."""
        due_ns = self._due_ns.get(source)
        if due_ns is None:
            self._make_room(now_ns)
            due_ns = now_ns
        due_ns = (due_ns if due_ns > now_ns else now_ns) + amount * self._cost_ns
        self._due_ns[source] = due_ns
        if due_ns > now_ns + BURST_NS:
            self.over.add(source)

    def _make_room(self, now_ns: int) -> None:
        if len(self._due_ns) < SOURCES_MAX:
            return
        self._due_ns = {source: due_ns for source, due_ns in self._due_ns.items() if due_ns > now_ns}
        if len(self._due_ns) >= SOURCES_MAX:
            del self._due_ns[next(iter(self._due_ns))]
        self.over &= self._due_ns.keys()


class Admission(Before):
    """A node behind what one address may ask, and make it say: a `Machine` like the node.

    Over UDP nobody knows who really asked, so what is too much is dropped; who means well asks again over TCP. Answers
    that are much larger than their requests are what an attacker wants sent to somebody else: beyond an allowance,
    there is one no larger than AMPLIFICATION_MAX times the request, or none.

    Of many requests a second every sixteenth is weighed, for all sixteen: looking at each would cost a tenth of what
    answering it does. Once a source is over a limit, every request is looked at.
    """

    def __init__(self, machine: Machine, node: Node, limits: SourceLimits) -> None:
        super().__init__(machine)
        self._node = node
        self._take = machine.receive_datagram
        self.limits = limits
        self.requests = Buckets(limits.requests_per_s) if limits.requests_per_s else None
        self.surplus = Buckets(limits.surplus_octets_per_s) if limits.surplus_octets_per_s else None
        self._weight = 1 if 0 < limits.requests_per_s < WEIGHED_FROM_PER_S else WEIGHT
        if 0 < limits.surplus_octets_per_s < WEIGHED_FROM_PER_S * WEIGHED_OCTETS:
            self._weight = 1
        self._turn = 1
        self._anybody_over = False
        self._unread = 0
        self._front: Front | None = None

    @property
    def unread(self) -> int:
        """How many packets were thrown away before anything was read of them."""
        return self._unread

    @property
    def front(self) -> Front | None:
        """The node's, with a bill for sources; none while anybody is over a limit: then every packet is looked at."""
        front = None if self._anybody_over else self._machine.front
        if front is None:
            return None
        if self._front is None or self._front.table is not front.table:
            self._front = replace(front, weight=self._weight, charge=self._charge)
        return self._front

    @property
    def watched(self) -> bool:
        """Whether somebody is over a limit, or as the machine."""
        return self._anybody_over or self._machine.watched

    def _charge(self, address: Hashable, requests: int, surplus_octets: int, now_ns: int) -> None:
        if self.requests is not None:
            self.requests.use(address, requests, now_ns)
        if self.surplus is not None and surplus_octets > 0:
            self.surplus.use(address, surplus_octets, now_ns)
        self._anybody_over = any(buckets is not None and buckets.over for buckets in (self.requests, self.surplus))

    def receive_datagram(self, packet: bytes, origin: Origin, now: Now) -> Packets:
        """As the node, unless its source asks too much."""
        if self._anybody_over:
            return self._checked(packet, origin, now, 1)
        self._turn -= 1
        if self._turn:
            return self._take(packet, origin, now)
        self._turn = self._weight
        return self._checked(packet, origin, now, self._weight)

    def _checked(self, packet: bytes, origin: Origin, now: Now, weight: int) -> Packets:
        """Answer a request of a source that is not over its limits; charge the source `weight` times for it."""
        source, now_ns = origin.address(), now.mono_ns
        requests, surplus = self.requests, self.surplus
        if requests is not None:
            if requests.full(source, now_ns) and not self._pardoned("source requests"):
                self._node.counters.request("udp", UNDECODED, "none")
                self._unread += 1
                return ()
            requests.use(source, weight, now_ns)
        reply = self._take(packet, origin, now)
        if surplus is not None and reply:
            more = sum(map(len, reply)) - AMPLIFICATION_MAX * len(packet)
            if more > 0:
                if surplus.full(source, now_ns) and not self._pardoned("source octets"):
                    reply = self._shorter(packet, now)
                else:
                    surplus.use(source, more * weight, now_ns)
        self._anybody_over = any(buckets is not None and buckets.over for buckets in (requests, surplus))
        return reply

    def receive_stream(self, packet: bytes, route: Route, now: Now) -> bytes | None:
        """As the node, unless its source asks too much: then it is told so."""
        requests = self.requests
        if requests is not None:
            if requests.full(route.address(), now.mono_ns) and not self._pardoned("source requests"):
                return refusal(self._node, packet, route.transport, TOO_MANY, now)
            requests.use(route.address(), 1, now.mono_ns)
        return self._machine.receive_stream(packet, route, now)

    def _pardoned(self, reason: str) -> bool:
        """Count what is too much; whether it is answered all the same."""
        if self.limits.dry_run:
            self._node.counters.dropped[f"{reason} (dry run)"] += 1
            return True
        self._node.counters.dropped[reason] += 1
        return False

    def _shorter(self, packet: bytes, now: Now) -> Packets:
        """A refusal that helps nobody to shout; none if there is none so short."""
        said = refusal(self._node, packet, "udp", TOO_MUCH, now)
        return (said,) if 0 < len(said) <= AMPLIFICATION_MAX * len(packet) else ()


class Reckoned(Admission):
    """A node whose readers have let in what comes over UDP and TCP: only other doors are looked at here."""

    @property
    def watched(self) -> bool:
        """As the machine."""
        return self._machine.watched

    def receive_datagram(self, packet: bytes, origin: Origin, now: Now) -> Packets:
        """As the machine."""
        return self._machine.receive_datagram(packet, origin, now)

    def receive_stream(self, packet: bytes, route: Route, now: Now) -> bytes | None:
        """As the machine, or as Admission says to other doors."""
        if route.transport == "tcp":
            return self._machine.receive_stream(packet, route, now)
        return super().receive_stream(packet, route, now)


class Limited(Before):
    """A node whose requests a day are counted. It is a `Machine` like the node, so a pump or a world drives it."""

    def __init__(self, machine: Machine, node: Node, requests_a_day: int) -> None:
        super().__init__(machine)
        self._node = node
        self.requests_a_day = requests_a_day
        self._day, self._taken = 0, 0

    def receive_datagram(self, packet: bytes, origin: Origin, now: Now) -> Packets:
        """As the node, while the day's requests last. Fragments of one request count one each."""
        if self._spent(now):
            said = self._refusal(packet, "udp", now)
            return split(said) if said else ()
        return self._machine.receive_datagram(packet, origin, now)

    def receive_stream(self, packet: bytes, route: Route, now: Now) -> bytes | None:
        """As the node, while the day's requests last."""
        if self._spent(now):
            return self._refusal(packet, route.transport, now)
        return self._machine.receive_stream(packet, route, now)

    def _spent(self, now: Now) -> bool:
        day = now.wall_s // DAY_S
        if day != self._day:
            self._day, self._taken = day, 0
        self._taken += 1
        return 0 < self.requests_a_day < self._taken

    def _refusal(self, packet: bytes, transport: str, now: Now) -> bytes:
        self._node.counters.dropped["daily requests"] += 1
        return refusal(self._node, packet, transport, DAY_IS_OVER, now, for_sdk=Code.REQUEST_LIMIT_DAILY)


def behind_limits(
    node: Node, limits: LimitsPlan, daily: Limited | None = None, *, admission: type[Admission] = Admission
) -> tuple[Machine, Limited | None]:
    """A node behind what its plan lets clients ask of it in a day and in a second; and who counts the day's requests,
    if they are bounded. `daily`: who has counted them so far.
    """
    machine: Machine = node
    if limits.requests_per_day or daily is not None:
        machine = daily = daily or Limited(node, node, limits.requests_per_day)
        daily.requests_a_day = limits.requests_per_day
    sources = SourceLimits(limits.source_requests_per_s, limits.source_surplus_octets_per_s, limits.source_dry_run)
    return (admission(machine, node, sources) if sources else machine), daily


def refusal(
    node: Node, packet: bytes, transport: str, answer: Answer, now: Now, *, for_sdk: int | None = None
) -> bytes:
    """What a node says to a request that it does not even look at; b"": nothing. `for_sdk`: a code that the national
    SDK knows, and others do not.
    """
    try:
        request = decode(packet)
    except PeerError as error:
        return node.refuse_stream(error, now, transport)
    if request.header.code != Code.REQUEST:  # two servers that refuse each other's responses never stop
        return b""
    if for_sdk is not None and isinstance(request.body, ResolutionRequest) and request.body.tail:
        answer = Answer(for_sdk, message=answer.message)
    return node.refuse(request, answer, transport, now)
