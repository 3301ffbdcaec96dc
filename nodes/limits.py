"""What a node refuses to exceed in a day or a minute: requests, registrations, prefixes, failed authentications.

    Limited   a node as its clients meet it, behind its daily requests
    Quotas    what its clerk may still register today
    Failures  which sources have failed to prove who they are too often

Counted in memory, from the node's start; days are those of UTC. The national SDK knows codes 603 to 605, all others are
told that the server is busy: an unknown code breaks them (behaviour.md §7 trap 12).
"""

from __future__ import annotations

from collections import OrderedDict

from nodes.node import Node
from resolver.errors import PeerError
from resolver.model.identifier import is_prefix_handle
from resolver.model.now import NS_PER_S, Now
from resolver.model.question import Answer
from resolver.model.route import Origin, Packets, Route
from resolver.net.machine import Before
from resolver.wire.bodies.resolution import ResolutionRequest
from resolver.wire.codes import Code
from resolver.wire.framing import split
from resolver.wire.message import decode

DAY_S, MINUTE_NS = 86_400, 60 * NS_PER_S
SOURCES_MAX = 10_000  # whose failures are remembered; the longest unheard of are forgotten first
DAY_IS_OVER = b"The daily requests of this server are used up"
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
        self._per_minute = per_minute
        self._sources: OrderedDict[str, tuple[int, int]] = OrderedDict()  # address -> (start of its minute, failures)

    def add(self, source: str, now: Now) -> None:
        """Somebody at an address failed."""
        if not self._per_minute:
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
        return 0 < self._per_minute <= times and now.mono_ns - start < MINUTE_NS


class Limited(Before):
    """A node whose requests a day are counted. It is a `Machine` like the node, so a pump or a world drives it."""

    def __init__(self, node: Node, requests_a_day: int) -> None:
        super().__init__(node)
        self._node, self._most = node, requests_a_day
        self._day, self._taken = 0, 0

    def receive_datagram(self, packet: bytes, origin: Origin, now: Now) -> Packets:
        """As the node, while the day's requests last. Fragments of one request count one each."""
        if self._spent(now):
            refusal = self._refusal(packet, "udp", now)
            return split(refusal) if refusal else ()
        return self._node.receive_datagram(packet, origin, now)

    def receive_stream(self, packet: bytes, route: Route, now: Now) -> bytes | None:
        """As the node, while the day's requests last."""
        if self._spent(now):
            return self._refusal(packet, route.transport, now)
        return self._node.receive_stream(packet, route, now)

    def _spent(self, now: Now) -> bool:
        day = now.wall_s // DAY_S
        if day != self._day:
            self._day, self._taken = day, 0
        self._taken += 1
        return self._taken > self._most

    def _refusal(self, packet: bytes, transport: str, now: Now) -> bytes:
        try:
            request = decode(packet)
        except PeerError as error:
            return self._node.refuse_stream(error, now, transport)
        if request.header.code != Code.REQUEST:  # two servers that refuse each other's responses never stop
            return b""
        sdk = isinstance(request.body, ResolutionRequest) and request.body.tail
        answer = Answer(Code.REQUEST_LIMIT_DAILY if sdk else Code.SERVER_TOO_BUSY, message=DAY_IS_OVER)
        return self._node.refuse(request, answer, transport, "daily requests", now)
