"""A node behind faults. It is a `Machine` like the node, so a pump or a world drives it: the same in real time and in
virtual time.

    client --> faults --> node --> faults --> client, or a node that it answers
                               --> faults --> a node that it asks

Each packet goes through the faults once: at the node that sends it, or, if a client sent it, at the node that takes it.
The node knows nothing of that, counts its own answers as ever, and is told how often a fault struck. What is late waits
here until its time has come.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping, Sequence
from itertools import count

from resolver.errors import PeerError
from resolver.model.now import Now
from resolver.model.route import Endpoint, Origin, Packets, Route, Series
from resolver.net.faults import CLIENT, FaultRule, Faults, Path
from resolver.net.machine import Before, Machine
from resolver.wire.framing import Reassembler, split

HELD_MAX = 100_000  # packets that wait here; more are lost, as in a link that holds no more

Said = tuple[Route | Endpoint, Packets | Series]


class Faulty(Before):
    """A node whose packets pass through faults."""

    def __init__(
        self,
        machine: Machine,
        rules: Sequence[FaultRule],
        *,
        name: str,
        names: Mapping[str, str],
        struck: Callable[[str], None] = lambda kind: None,
    ) -> None:
        """`names`: of nodes, by IP address; whoever is not there is a client. `struck` hears what a fault did."""
        super().__init__(machine)
        self.kinds = [rule.kind for rule in rules]
        self._faults = Faults(rules, name, struck)
        self._name, self._names = name, names
        self._saying: list[Said] = []
        self._now_ns = 0
        self._held: list[tuple[int, int, Callable[[Now], None]]] = []
        self._order = count()

    # what waits

    @property
    def next_deadline_ns(self) -> int | None:
        """The node's, or when the next packet that waits is due."""
        due_ns = self._machine.next_deadline_ns
        if self._held and (due_ns is None or self._held[0][0] < due_ns):
            return self._held[0][0]
        return due_ns

    @next_deadline_ns.setter
    def next_deadline_ns(self, deadline_ns: int | None) -> None:
        self._machine.next_deadline_ns = deadline_ns

    def tick(self, now: Now) -> None:
        """Deliver what is due; then as the node."""
        self._now_ns = now.mono_ns
        while self._held and self._held[0][0] <= now.mono_ns:
            heapq.heappop(self._held)[2](now)
        self._machine.tick(now)

    def release(self, now: Now) -> None:
        """Deliver all that waits, for there will be no later."""
        while self._held:
            heapq.heappop(self._held)[2](now)

    def _hold(self, delay_ns: int, action: Callable[[Now], None]) -> None:
        if len(self._held) < HELD_MAX:
            heapq.heappush(self._held, (self._now_ns + delay_ns, next(self._order), action))

    # what comes in

    def receive_datagram(self, packet: bytes, origin: Origin, now: Now) -> Packets:
        """As the node, if the packet gets through, and what gets through of the answer."""
        self._now_ns = now.mono_ns
        route = origin.route()
        replies: Packets = ()
        for delay_ns, part in self._from_client(packet, route):
            if delay_ns:
                self._hold(delay_ns, lambda then, part=part: self._take_late(part, route, then))  # type: ignore[misc]
            else:
                taken = self._datagrams(self._machine.receive_datagram(part, route, now), route)
                replies = [*map(bytes, replies), *taken] if replies else taken
        return replies

    def receive_stream(self, packet: bytes, route: Route, now: Now) -> bytes | None:
        """As the node, if the packet gets through; None while the answer does not."""
        self._now_ns = now.mono_ns
        for delay_ns, part in self._from_client(packet, route):
            if delay_ns:
                self._hold(delay_ns, lambda then, part=part: self._take_stream_late(part, route, then))  # type: ignore[misc]
                return None
            reply = self._machine.receive_stream(part, route, now)
            if not reply:
                return reply
            for late_ns, said in self._faults(reply, self._path_to(route)):
                if not late_ns:
                    return said
                self._hold(late_ns, self._later(route, said))
        return None

    def receive_upstream(self, packet: bytes, endpoint: Endpoint, now: Now) -> None:
        """As the node; what others answer went through the faults where they are."""
        self._now_ns = now.mono_ns
        self._machine.receive_upstream(packet, endpoint, now)

    def upstream_failed(self, endpoint: Endpoint, request_id: int, now: Now) -> None:
        """As the node."""
        self._now_ns = now.mono_ns
        self._machine.upstream_failed(endpoint, request_id, now)

    def _from_client(self, packet: bytes, route: Route) -> Sequence[tuple[int, bytes]]:
        if route.source[0] in self._names:
            return ((0, packet),)
        return self._faults(packet, Path(route.transport, CLIENT, self._name, self._now_ns))

    def _take_late(self, packet: bytes, route: Route, now: Now) -> None:
        for said in self._datagrams(self._machine.receive_datagram(packet, route, now), route):
            self._saying.append((route, (bytes(said),)))

    def _take_stream_late(self, packet: bytes, route: Route, now: Now) -> None:
        reply = self._machine.receive_stream(packet, route, now)
        if reply:
            self._send(route, (reply,))
        elif reply is not None:
            self._saying.append((route, (reply,)))

    # what goes out

    @property
    def outbox(self) -> list[Said]:
        """What the node has said, as far as it gets through."""
        if self._machine.outbox:
            taken, self._machine.outbox = self._machine.outbox, []
            for target, packets in taken:
                self._send(target, packets)
        return self._saying

    @outbox.setter
    def outbox(self, outbox: list[Said]) -> None:
        self._saying = outbox

    def _send(self, target: Route | Endpoint, packets: Packets | Series) -> None:
        path = self._path_to(target)
        if isinstance(packets, Series):  # too long to be altered: it comes, or does not
            if self._faults(b"", path):
                self._saying.append((target, packets))
        elif isinstance(target, Route) and target.transport == "udp":
            kept = self._datagrams(packets, target)
            if kept:
                self._saying.append((target, kept))
        else:
            for packet in packets:
                for delay_ns, part in self._faults(bytes(packet), path):
                    if delay_ns:
                        self._hold(delay_ns, self._later(target, part))
                    else:
                        self._saying.append((target, (part,)))

    def _datagrams(self, packets: Packets, route: Route) -> Packets:
        """What gets through at once of an answer: its fragments joined, altered, and cut again."""
        if not packets:
            return packets
        whole: bytes | None = bytes(packets[0])
        if len(packets) > 1:
            fragments = Reassembler()
            for packet in packets:
                try:
                    whole = fragments.add(self._name, bytes(packet), 0)
                except PeerError:  # several answers, to copies of one question
                    return packets
        if whole is None:
            return packets
        delivered = self._faults(whole, self._path_to(route))
        if len(delivered) == 1 and delivered[0] == (0, whole):
            return packets
        out: list[bytes] = []
        for delay_ns, part in delivered:
            if delay_ns:
                self._hold(delay_ns, self._later(route, *split(part)))
            else:
                out += split(part)
        return out

    def _later(self, target: Route | Endpoint, *packets: bytes) -> Callable[[Now], None]:
        return lambda now: self._saying.append((target, packets))

    def _path_to(self, target: Route | Endpoint) -> Path:
        ip = target.source[0] if isinstance(target, Route) else target.ip
        return Path(target.transport, self._name, self._names.get(ip, CLIENT), self._now_ns)
