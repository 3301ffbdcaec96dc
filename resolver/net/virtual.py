"""The virtual-time driver: the same nodes, no sockets, no waiting. One heap holds packets under way and timers.

Nothing happens but by an event's turn; equal moments happen in the order they were scheduled. A story of minutes runs
in milliseconds, and runs the same again.

    world = World()
    world.attach("127.86.1.1", root_node, ports=(2641,))
    reply = world.ask("127.86.5.1", request_packet)
"""

from __future__ import annotations

import heapq
from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from zlib import crc32

from resolver.model.now import NS_PER_MS, NS_PER_S, Now
from resolver.model.route import Endpoint, Packets, Route, Series
from resolver.net.machine import Machine
from resolver.rules.standing import Standing
from resolver.wire import peek
from resolver.wire.framing import Reassembler

Address = tuple[str, int]
Arrival = tuple["Berth", Address, Address, bytes]  # at a node, from, to, packet
Delivery = tuple[int, bytes]  # after so many nanoseconds, this packet

UPSTREAM_PORT = 50_000  # from which a node asks others
CLIENT: Address = ("127.86.9.1", 40_000)
START_WALL_NS = 1_800_000_000 * NS_PER_S
DELAY_NS = NS_PER_MS
EVENTS_MAX = 10_000_000  # a story that has not ended by then goes round in a circle
WAITING_MAX = 10_000  # datagrams that a receive buffer of eight megabytes holds


def always_delivered(source: Address, target: Address, packet: bytes) -> Sequence[Delivery]:
    """A perfect link of one millisecond. Others may drop (nothing), delay, alter or duplicate (two deliveries)."""
    return ((DELAY_NS, packet),)


@dataclass(frozen=True, slots=True)
class ServiceTimes:
    """How long a node works on a packet, in nanoseconds: one that repeats what it knows, one that it answers at once, a
    question with which work begins, what others say to it, and a packet that it throws away unread.
    """

    repeat_ns: int = 0
    answer_ns: int = 0
    begin_ns: int = 0
    upstream_ns: int = 0
    unread_ns: int = 0


@dataclass(slots=True, eq=False)
class Worker:
    """A process: it does one thing at a time, for all the nodes it hosts; what others answered first, then requests.
    Requests that arrive meanwhile wait; beyond `waiting_max` they are lost, as in a socket's buffer, and what has
    waited too long is thrown away. What finds it asleep takes `wake_ns` more.
    """

    wake_ns: int = 0
    waiting_max: int = WAITING_MAX
    busy: bool = False
    worked_ns: int = 0
    heard: deque[Arrival] = field(default_factory=deque)
    waiting: deque[Arrival] = field(default_factory=deque)
    standing: Standing = field(default_factory=Standing)


@dataclass(slots=True, eq=False)
class Berth:
    """A node's place in the world. Without a worker its work takes no time."""

    ip: str
    machine: Machine
    ports: tuple[int, ...]
    timer_ns: int | None = None
    worker: Worker | None = None
    times: ServiceTimes = ServiceTimes()


@dataclass(frozen=True, slots=True)
class StreamCall:
    """A request over TCP under way: who asked, whom, and which request. `connection`: the stream, if it stays open."""

    asker: Address
    endpoint: Endpoint
    request_id: int
    connection: Hashable = None


@dataclass(slots=True)
class World:
    """Nodes, links and one clock."""

    link: Callable[[Address, Address, bytes], Sequence[Delivery]] = always_delivered
    mono_ns: int = 0
    start_wall_ns: int = START_WALL_NS
    down: set[str] = field(default_factory=set)  # addresses where nobody is: datagrams vanish, connections are refused
    deaf: set[str] = field(default_factory=set)  # addresses that take nothing new, and end what they have begun
    events: int = 0
    arrived: Counter[str] = field(default_factory=Counter)  # requests that nodes were given, by address
    events_max: int = EVENTS_MAX
    log: Callable[[str], None] | None = None  # is told of every packet that arrives
    watch: Callable[[str, Address, Address, bytes], None] | None = None  # the same: transport, from, to, packet
    client: Callable[[bytes], None] | None = None  # who takes what comes to clients; none: `ask`, `replies`, `heard`
    clients: set[str] = field(default_factory=lambda: {CLIENT[0]})  # addresses that are no nodes'
    _berths: dict[str, Berth] = field(default_factory=dict)
    _heap: list[tuple[int, int, Callable[..., None], tuple[Any, ...]]] = field(default_factory=list)
    _order: count[int] = field(default_factory=count)
    _inbox: list[bytes] = field(default_factory=list)

    @property
    def now(self) -> Now:
        """This moment; both clocks run alike."""
        return Now(self.mono_ns, self.start_wall_ns + self.mono_ns)

    def attach(
        self,
        ip: str,
        machine: Machine,
        ports: tuple[int, ...] = (2641,),
        *,
        worker: Worker | None = None,
        times: ServiceTimes | None = None,
    ) -> None:
        """Put a node at an address. Whoever was there is gone, with what it had begun."""
        self._berths[ip] = Berth(ip, machine, ports, worker=worker, times=times or ServiceTimes())

    def instead(self, ip: str, machine: Machine) -> None:
        """Put another machine in the place of one; or the same, behind something else."""
        old = self._berths[ip]
        self.attach(ip, machine, old.ports, worker=old.worker, times=old.times)
        self._flush(self._berths[ip])

    def flush(self, ip: str) -> None:
        """Send what a node has said outside the world's turns."""
        self._flush(self._berths[ip])

    def at(self, delay_ns: int, action: Callable[..., None], *arguments: Any) -> None:
        """Do something `delay_ns` from now."""
        heapq.heappush(self._heap, (self.mono_ns + delay_ns, next(self._order), action, arguments))

    def ask(
        self,
        ip: str,
        packet: bytes,
        *,
        port: int = 2641,
        tcp: bool = False,
        connection: Hashable = None,
        limit_ns: int = 60 * NS_PER_S,
    ) -> bytes | None:
        """Send a request as a client; the whole reply, or None if none came within `limit_ns`.

        `connection`: the stream on which it is sent, anything hashable; it stays open until `hang_up`.
        """
        return next(self.replies(ip, packet, port=port, tcp=tcp, connection=connection, limit_ns=limit_ns), None)

    def replies(
        self,
        ip: str,
        packet: bytes,
        *,
        port: int = 2641,
        tcp: bool = False,
        connection: Hashable = None,
        limit_ns: int = 60 * NS_PER_S,
    ) -> Iterator[bytes]:
        """Send a request as a client; every whole message that answers it within `limit_ns`."""
        self._inbox.clear()
        if tcp:
            self._call(CLIENT, Endpoint(ip, port, "tcp"), packet, connection)
        else:
            self._datagram(CLIENT, (ip, port), packet)
        fragments = Reassembler()
        deadline = self.mono_ns + limit_ns
        while self._step(deadline):
            while self._inbox:
                part = self._inbox.pop(0)
                if part[peek.REQUEST_ID] not in (packet[peek.REQUEST_ID], b"\xff\xff\xff\xff"):
                    continue
                if int.from_bytes(part[16:20], "big") <= len(part) - peek.ENVELOPE_OCTETS:
                    yield part
                    continue
                whole = fragments.add(ip, part, self.mono_ns)
                if whole is not None:
                    yield whole

    def send(self, ip: str, packet: bytes, *, port: int = 2641, tcp: bool = False, source: Address = CLIENT) -> None:
        """Send a request as a client, of any address, who does not wait for what comes back."""
        self.clients.add(source[0])
        if tcp:
            self._call(source, Endpoint(ip, port, "tcp"), packet)
        else:
            self._datagram(source, (ip, port), packet)

    def heard(self) -> list[bytes]:
        """What came to the client since it was last asked for; fragments as they came."""
        heard, self._inbox = self._inbox, []
        return heard

    def hang_up(self, ip: str, connection: Hashable) -> None:
        """Close a client's stream."""
        self._berths[ip].machine.hung_up(connection)

    def run(self, duration_ns: int) -> None:
        """Let `duration_ns` pass."""
        deadline = self.mono_ns + duration_ns
        while self._step(deadline):
            pass

    def _step(self, deadline_ns: int) -> bool:
        """The next event, if it is due by then; else time alone passes."""
        if not self._heap or self._heap[0][0] > deadline_ns:
            self.mono_ns = deadline_ns
            return False
        self.events += 1
        if self.events > self.events_max:
            raise RuntimeError(f"more than {self.events_max} events: the story does not end")
        self.mono_ns, _, action, arguments = heapq.heappop(self._heap)
        action(*arguments)
        return True

    def _datagram(self, source: Address, target: Address, packet: bytes, after_ns: int = 0) -> None:
        for delay_ns, arriving in self.link(source, target, packet):
            self.at(after_ns + delay_ns, self._arrive, source, target, arriving)

    def _arrive(self, source: Address, target: Address, packet: bytes) -> None:
        self._tell("udp", source, target, packet)
        if target[0] in self.clients:
            self._hear(packet)
            return
        berth = self._berths.get(target[0])
        if berth is None or target[0] in self.down:
            return
        if target[0] in self.deaf and target[1] != UPSTREAM_PORT:
            return
        worker = berth.worker
        if worker is None:
            self._take(berth, source, target, packet)
            return
        answer = target[1] == UPSTREAM_PORT
        if not worker.busy and (answer or not berth.machine.pressed):
            self._work(worker, (berth, source, target, packet), worker.wake_ns)
        elif answer:
            worker.heard.append((berth, source, target, packet))
        elif len(worker.waiting) < worker.waiting_max:
            worker.waiting.append((berth, source, target, packet))
        else:
            berth.machine.drop("receive buffer full")

    def _tell(self, transport: str, source: Address, target: Address, packet: bytes) -> None:
        if self.watch is not None:
            self.watch(transport, source, target, packet)
        if self.log is not None:
            ways = f"{transport} {source[0]}:{source[1]} {target[0]}:{target[1]}"
            self.log(f"{self.mono_ns} {ways} {len(packet)} {crc32(packet):08x}")

    def _hear(self, packet: bytes) -> None:
        if self.client is None:
            self._inbox.append(packet)
        else:
            self.client(packet)

    def _work(self, worker: Worker, arrival: Arrival, wake_ns: int = 0) -> None:
        took_ns = self._take(*arrival, wake_ns)
        worker.busy = True
        worker.worked_ns += took_ns
        self.at(took_ns, self._next, worker)

    def _next(self, worker: Worker) -> None:
        """A worker has done one thing: on to the next."""
        worker.busy = False
        while worker.heard and not worker.busy:
            self._go_on(worker, worker.heard.popleft())
        while worker.waiting and not worker.busy:
            for _ in range(worker.standing.surplus(len(worker.waiting), self.mono_ns)):
                worker.waiting.popleft()[0].machine.drop("overload")
            if not worker.waiting or worker.waiting[0][0].machine.pressed:
                break
            worker.standing.took(1, self.mono_ns)
            self._go_on(worker, worker.waiting.popleft())
        if not worker.waiting:
            worker.standing.emptied()

    def _go_on(self, worker: Worker, arrival: Arrival) -> None:
        if self._lives(arrival[0]):
            self._work(worker, arrival)

    def _lives(self, berth: Berth) -> bool:
        """Whether a node is still where it was when something was begun for it."""
        return berth.ip not in self.down and self._berths.get(berth.ip) is berth

    def _take(self, berth: Berth, source: Address, target: Address, packet: bytes, wake_ns: int = 0) -> int:
        """Give a datagram to its node; how long that is busy with it. What it says leaves at the end of that."""
        times, took_ns = berth.times, wake_ns
        if target[1] in berth.ports:
            self.arrived[berth.ip] += 1
            machine = berth.machine
            unread = machine.unread
            parts = machine.receive_datagram(packet, Route("udp", source, target), self.now)
            if parts:
                # What is remembered comes as it lies in the packet cache, to be patched; what was made is octets.
                took_ns += times.repeat_ns if isinstance(parts[0], bytearray) else times.answer_ns
            else:
                took_ns += times.begin_ns if machine.unread == unread else times.unread_ns
            for part in parts:
                self._datagram(target, source, bytes(part), took_ns)
        elif target[1] == UPSTREAM_PORT:
            berth.machine.receive_upstream(packet, Endpoint(*source, "udp"), self.now)
            took_ns += times.upstream_ns
        self._flush(berth, took_ns)
        return took_ns

    def _call(self, asker: Address, endpoint: Endpoint, packet: bytes, connection: Hashable = None) -> None:
        call = StreamCall(asker, endpoint, peek.request_id(packet), connection)
        self.at(DELAY_NS, self._accept, call, packet)

    def _accept(self, call: StreamCall, packet: bytes) -> None:
        berth = self._berths.get(call.endpoint.ip)
        gone = self.down | self.deaf if self.deaf else self.down
        if berth is None or call.endpoint.ip in gone or call.endpoint.port not in berth.ports:
            self.at(DELAY_NS, self._hang_up, call)
            return
        self._tell("tcp", call.asker, (call.endpoint.ip, call.endpoint.port), packet)
        connection = call if call.connection is None else call.connection
        self.arrived[berth.ip] += 1
        reply = berth.machine.receive_stream(packet, Route("tcp", call.asker, call, connection), self.now)
        if reply:
            self._return(call, reply)
        self._flush(berth)

    def _return(self, call: StreamCall, packet: bytes) -> None:
        def arrive() -> None:
            self._tell("tcp", (call.endpoint.ip, call.endpoint.port), call.asker, packet)
            if call.asker[0] in self.clients:
                self._hear(packet)
            elif (berth := self._berths.get(call.asker[0])) is not None and berth.ip not in self.down:
                berth.machine.receive_upstream(packet, call.endpoint, self.now)
                self._flush(berth)

        self.at(DELAY_NS, arrive)

    def _hang_up(self, call: StreamCall) -> None:
        berth = self._berths.get(call.asker[0])
        if berth is not None:
            berth.machine.upstream_failed(call.endpoint, call.request_id, self.now)
            self._flush(berth)

    def _flush(self, berth: Berth, after_ns: int = 0) -> None:
        outbox: list[tuple[Route | Endpoint, Packets | Series]]
        outbox, berth.machine.outbox = berth.machine.outbox, []
        for target, answer in outbox:
            for packets in answer.messages if isinstance(answer, Series) else (answer,):
                self._send(berth, target, packets, after_ns)
        due_ns = berth.machine.next_deadline_ns
        if due_ns is not None and due_ns != berth.timer_ns:
            berth.timer_ns = due_ns
            self.at(max(0, due_ns - self.mono_ns), self._tick, berth, due_ns)

    def _send(self, berth: Berth, target: Route | Endpoint, packets: Packets, after_ns: int) -> None:
        if isinstance(target, Endpoint):
            if target.transport == "tcp":
                self._call((berth.ip, UPSTREAM_PORT), target, bytes(packets[0]))
                return
            for packet in packets:
                self._datagram((berth.ip, UPSTREAM_PORT), (target.ip, target.port), bytes(packet), after_ns)
        elif isinstance(target.channel, StreamCall):
            self._return(target.channel, bytes(packets[0]))
        else:
            for packet in packets:
                self._datagram((berth.ip, berth.ports[0]), target.source, bytes(packet), after_ns)

    def _tick(self, berth: Berth, due_ns: int) -> None:
        if berth.timer_ns == due_ns:
            berth.timer_ns = None
        if not self._lives(berth):
            return
        berth.machine.tick(self.now)
        self._flush(berth)
