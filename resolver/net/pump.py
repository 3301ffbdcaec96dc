"""The real-time pump: moves bytes between sockets and one node. It decides nothing.

    readable -> drain up to BATCH datagrams -> node.receive_datagram -> send what comes back at once
             -> flush the outbox (later answers, questions to others) -> set the timer to the node's next deadline

The clock is read once a batch. A stream's replies leave in the order of its requests, whichever was answered first.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import time
from abc import ABC, abstractmethod
from collections import deque
from functools import partial
from typing import Protocol

from resolver.errors import BiaoshiError, PeerError
from resolver.model.now import NS_PER_S, Now
from resolver.model.route import Endpoint, Packets, Route, Series
from resolver.net.batch import BATCH, Exchanger, exchanger
from resolver.net.machine import Front, Machine
from resolver.net.rim import Compiled, Done, Work, compiled, sleeper
from resolver.net.sockets import buffer_state, open_tcp, open_udp
from resolver.net.tls import HANDSHAKE, Contexts, Tls
from resolver.rules.selection import TCP_WAITS_NS
from resolver.rules.standing import Standing
from resolver.wire import peek
from resolver.wire.framing import TcpFramer

ANSWERS_MAX = 4_096  # answers of others taken in one go
IDLE_S = 300.0  # a stream on which nothing happens is closed (behaviour.md §1.1 row 2)
CONNECTIONS_MAX = 1_000  # streams per node
PIPELINED_MAX = 1_024  # unanswered requests per stream; then we stop reading
SERIES_AT_ONCE = 4  # messages of a long answer made before others have their turn
DATAGRAM_COST_OCTETS = 768  # of a receive buffer, for a request of up to some 400 octets
PORT_LIFE_S = 30.0  # then questions leave from another port, drawn by the system: who watches or guesses begins anew
PORT_KEPT_S = 10.0  # for answers to what left from the old one (nodes/seeker.py: ERRAND_LIMIT_NS)
ASK_LIFE_S = TCP_WAITS_NS[0] / NS_PER_S + 1.0  # the node has given up by then


def clock() -> Now:
    """This moment."""
    return Now(time.monotonic_ns(), time.time_ns())


class Pump:
    """One node on its sockets. `open` binds them all, or none."""

    def __init__(self, node: Machine, ip: str, tls: Contexts | None = None) -> None:
        """`tls`: the context for streams that begin with a handshake; none: they are refused as no packets."""
        self.node = node
        self.ip = ip
        self.tls = tls
        self.connections: set[Stream] = set()
        self._loop = asyncio.get_running_loop()
        self._doors: list[UdpDoor | Elsewhere] = []
        self._servers: list[asyncio.Server] = []
        self._upstream: UdpUpstream | None = None
        self._retired: set[UdpUpstream] = set()
        self._waiting: list[UdpDoor] = []  # doors at which nobody is taken for now
        self._asks: set[TcpAsk] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._timer_due_ns: int | None = None

    async def open(self, ports: tuple[int, ...]) -> None:
        """Listen on UDP and TCP at every port. OperatorError if an address cannot be had; nothing stays open then."""
        try:
            for port in ports:
                await self.listen(open_udp(self.ip, port), open_tcp(self.ip, port))
        except BaseException:
            await self.close()
            raise

    async def listen(self, udp: socket.socket, tcp: socket.socket) -> None:
        """Listen at open sockets, which are closed with the pump."""
        self._doors.append(UdpDoor(self, udp, len(self._doors)))
        self._servers.append(await self._loop.create_server(lambda: Stream(self), sock=tcp))

    def stand_in(self, elsewhere: Elsewhere) -> None:
        """Have clients met elsewhere, in the node's name."""
        self._doors.append(elsewhere)
        elsewhere.regulate()

    def last_call(self) -> None:
        """Answer the datagrams that have come by now."""
        for door in self._doors:
            door.last_call()

    def door(self, number: int) -> UdpDoor | None:
        """The door at the so manieth port, if it is there and open."""
        found = self._doors[number] if 0 <= number < len(self._doors) else None
        return found if isinstance(found, UdpDoor) and found.sock.fileno() >= 0 else None

    async def close(self, *, at_once: bool = False) -> None:
        """Close every socket; `at_once`: without a last answer to what has arrived."""
        for task in list(self._tasks):
            task.cancel()
        for door in self._doors:
            if not at_once:
                door.last_call()
            door.close()
        for server in self._servers:
            server.close()
        for stream in list(self.connections):
            stream.abort()
        for ask in list(self._asks):
            ask.abort()
        for upstream in (self._upstream, *self._retired):
            if upstream is not None:
                upstream.close()
        self._retired.clear()
        if self._timer is not None:
            self._timer.cancel()

    def stop_listening(self) -> None:
        """Take no new connections; what is open goes on."""
        for server in self._servers:
            server.close()

    @property
    def owes(self) -> bool:
        """Whether a client waits for an answer on a stream."""
        return any(stream.owes for stream in self.connections)

    def flush(self) -> None:
        """Send what lies in the outbox, and set the timer."""
        outbox = self.node.outbox
        if outbox:
            self.node.outbox = []
            for target, packets in outbox:
                if isinstance(packets, Series):
                    self._send_series(target, packets)
                elif isinstance(target, Endpoint):
                    self._ask(target, packets)
                elif isinstance(target.channel, UdpDoor):
                    target.channel.send(packets, target.source)
                elif isinstance(target.channel, Caller):
                    target.channel.answer_all(packets)
        due = self.node.next_deadline_ns
        if due != self._timer_due_ns:
            self._set_timer(due)
        if self._waiting and not self.node.pressed:
            waiting, self._waiting = self._waiting, []
            for waited in waiting:
                waited.go_on()
        for door in self._doors:
            door.regulate()

    def wait(self, door: UdpDoor) -> None:
        """Let a door go on when the node has done some of what it has to do."""
        self._waiting.append(door)

    def _set_timer(self, due_ns: int | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._timer_due_ns = due_ns
        if due_ns is not None:
            delay_s = max(0, due_ns - time.monotonic_ns()) / NS_PER_S
            self._timer = self._loop.call_later(delay_s, self._tick)

    def _send_series(self, target: Route | Endpoint, series: Series) -> None:
        assert isinstance(target, Route)  # nobody is asked a series
        if isinstance(target.channel, UdpDoor):
            target.channel.send_some(series, target.source)
        elif isinstance(target.channel, Caller):
            target.channel.answer_with(series)

    def hear_out(self) -> None:
        """Take the answers of others before anything new, and before giving up on them: under load they would lie in
        the socket while the node asks again for what it has, and falls ever further behind."""
        if self._upstream is not None:
            self._upstream.hear_out()
        for upstream in self._retired:
            upstream.hear_out()

    def _tick(self) -> None:
        self._timer = None
        self._timer_due_ns = None
        self.hear_out()
        self.node.tick(clock())
        self.flush()

    def _ask(self, endpoint: Endpoint, packets: Packets) -> None:
        if endpoint.transport == "udp":
            upstream = self._upstream
            if upstream is None or self._loop.time() > upstream.until_s:
                upstream = self._other_port(upstream)
            upstream.send(packets, endpoint)
        else:
            task = self._loop.create_task(self._connect(endpoint, bytes(packets[0])))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _other_port(self, old: UdpUpstream | None) -> UdpUpstream:
        """Ask from another port; whoever answers at the old one is heard for a while."""
        if old is not None:
            self._retired.add(old)
            self._loop.call_later(PORT_KEPT_S, self._retire, old)
        self._upstream = UdpUpstream(self)
        return self._upstream

    def _retire(self, old: UdpUpstream) -> None:
        if old in self._retired:
            self._retired.discard(old)
            old.close()

    async def _connect(self, endpoint: Endpoint, packet: bytes) -> None:
        try:
            async with asyncio.timeout(ASK_LIFE_S):
                await self._loop.create_connection(
                    lambda: TcpAsk(self, self._asks, endpoint, packet),
                    endpoint.ip,
                    endpoint.port,
                    local_addr=(self.ip, 0),
                )
        except OSError:
            self.node.upstream_failed(endpoint, peek.request_id(packet), clock())
            self.flush()


class Elsewhere(Protocol):
    """Where clients of a node are met that do not come to its own sockets."""

    def regulate(self) -> None:
        """Hear how the node is now: whether it has to see every packet, whether it is pressed."""
        ...

    def last_call(self) -> None:
        """There will be no later."""
        ...

    def close(self) -> None:
        """Take nothing more."""
        ...


class UdpDoor:
    """One listening UDP socket of a node, at the so manieth of its ports."""

    transport = "udp"

    def __init__(self, pump: Pump, sock: socket.socket, number: int) -> None:
        self.pump, self.number = pump, number
        self.sock = sock
        self.at = 0
        self._plain, self._compiled = exchanger(sock.family), compiled(sock.family)
        self._slots: Exchanger | Compiled = self._plain  # whose slot `at` is
        self._standing = Standing()
        self._sleeper = sleeper() if sock.family == socket.AF_INET else None
        self._attached: Front | None = None  # who answers first while the loop waits
        asyncio.get_running_loop().add_reader(sock, self._readable)
        self.regulate()

    def regulate(self) -> None:
        """Have a table answer while the loop waits, if the node has one that may, and is not under pressure."""
        if self._sleeper is None:
            return
        node = self.pump.node
        front = None if node.pressed or self.sock.fileno() < 0 else node.front
        if front is self._attached:
            return
        self._attached = front
        if front is None:
            self._sleeper.detach(self.sock.fileno())
        else:
            self._sleeper.attach(self.sock.fileno(), front, partial(self._served, front))

    def _served(self, front: Front, work: Work) -> None:
        """Go on with what a table did while the loop waited. It was this one, whoever may answer first by now."""
        assert self._compiled is not None
        node = self.pump.node
        self._slots = self._compiled
        self._compiled.count(work, front, time.monotonic_ns())
        if work[1]:
            node.batch_answered(work[1], work[7], work[8])
        if work[3]:  # overloaded: else the loop hands them over before it waits again
            self.pump.hear_out()
        now = clock()
        done = self._compiled.settle(work, self, node.receive_datagram, now)
        self._done(done._replace(answered=done.answered - work[1]), now)

    def close(self) -> None:
        """Stop listening."""
        asyncio.get_running_loop().remove_reader(self.sock)
        self._attached = None
        self.sock.close()

    def last_call(self) -> None:
        """Answer what has arrived by now, if there is no more of it than can be answered."""
        if self.sock.fileno() >= 0:
            self._readable()

    def send(self, packets: Packets, source: tuple[str, int]) -> None:
        """Send packets to a client; a full send buffer drops them, as UDP may."""
        try:
            for packet in packets:
                self.sock.sendto(packet, source)
        except OSError:
            self.pump.node.drop("send buffer full")

    def send_some(self, series: Series, source: tuple[str, int]) -> None:
        """Send a long answer, some messages of it now and the rest when others have had their turn."""
        with contextlib.suppress(BiaoshiError):  # the store failed: whoever reads it again says so
            for _ in range(SERIES_AT_ONCE):
                packets = next(series.messages, None)
                if packets is None or self.sock.fileno() < 0:
                    return
                self.send(packets, source)
            asyncio.get_running_loop().call_soon(self.send_some, series, source)

    def route(self) -> Route:
        """Where the datagram being answered came from."""
        return Route("udp", self._slots.source(self.at), self)

    def address(self) -> bytes | str:
        """Whose it is."""
        return self._slots.address(self.at)

    def go_on(self) -> None:
        """Take requests again."""
        if self.sock.fileno() >= 0:
            asyncio.get_running_loop().add_reader(self.sock, self._readable)
            self.regulate()

    def _readable(self) -> None:
        node = self.pump.node
        self.pump.hear_out()
        now = clock()
        if node.pressed:
            # They wait where it costs nothing; who waits too long is thrown away there.
            asyncio.get_running_loop().remove_reader(self.sock)
            self._attached = None
            self.pump.wait(self)
            self._shed(0, now)
            self.pump.flush()
            return
        front = None if self._compiled is None else node.front
        if front is None or self._compiled is None:
            self._slots = self._plain
            taken, answered, dropped = self._plain.exchange(self, node.receive_datagram, now)
            done = Done(taken, answered, dropped, taken == BATCH)
        else:
            self._slots = self._compiled
            done = self._compiled.exchange(self, front, node.receive_datagram, now)
        self._done(done, now)

    def _done(self, done: Done, now: Now) -> None:
        node = self.pump.node
        if done.taken:
            node.batch_answered(done.answered, time.monotonic_ns() - now.mono_ns, now.wall_ns)
        for _ in range(done.dropped):
            node.drop("send buffer full")
        self.pump.flush()
        if done.more:
            self._shed(done.taken, now)
        else:
            self._standing.emptied()

    def _shed(self, taken: int, now: Now) -> None:
        """Throw away what has waited too long, unread and by the batch (see standing.py)."""
        self._standing.took(taken, now.mono_ns)
        surplus = self._standing.surplus(buffer_state(self.sock)[0] // DATAGRAM_COST_OCTETS, now.mono_ns)
        if surplus >= BATCH:
            for _ in range(self._plain.discard(self.sock, surplus)):
                self.pump.node.drop("overload")


class UdpUpstream:
    """The socket from which a node asks others, at its own address."""

    def __init__(self, pump: Pump) -> None:
        loop = asyncio.get_running_loop()
        self.pump = pump
        self.until_s = loop.time() + PORT_LIFE_S
        self.sock = open_udp(pump.ip, 0)
        self._exchanger = exchanger(self.sock.family)
        loop.add_reader(self.sock, self._readable)

    def close(self) -> None:
        """Stop listening; what the kernel dropped here is told, or nobody would know any more."""
        asyncio.get_running_loop().remove_reader(self.sock)
        for _ in range(buffer_state(self.sock)[1]):
            self.pump.node.drop("receive buffer full")
        self.sock.close()

    def send(self, packets: Packets, endpoint: Endpoint) -> None:
        """Send a question; a failure to send is silence, which the node waits out."""
        try:
            for packet in packets:
                self.sock.sendto(packet, (endpoint.ip, endpoint.port))
        except OSError:
            self.pump.node.drop("send buffer full")

    def _readable(self) -> None:
        self.hear_out()
        self.pump.flush()

    def hear_out(self) -> None:
        """Hand every answer that has arrived to the node (bounded, in case they come faster than they are taken)."""
        now = clock()
        take = self.pump.node.receive_upstream
        for _ in range(ANSWERS_MAX // BATCH):
            arrived = self._exchanger.arrived(self.sock)
            for packet, endpoint in arrived:
                take(packet, endpoint, now)
            if len(arrived) < BATCH:
                break


class Caller(ABC):
    """Whoever waits for the answer to one request, on a stream or at a door (resolver/net/http, resolver/net/dns)."""

    __slots__ = ()

    @abstractmethod
    def answer(self, packet: bytes) -> None:
        """Take it."""

    def answer_all(self, packets: Packets) -> None:
        """Take it in its packets: one, but for those who speak for clients over UDP."""
        self.answer(bytes(packets[0]))

    @abstractmethod
    def answer_with(self, series: Series) -> None:
        """Take a long one."""


class Turn(Caller):
    """A place in the order of a stream's replies."""

    __slots__ = ("packet", "series", "stream")

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.packet: bytes | None = None
        self.series: Series | None = None

    def answer(self, packet: bytes) -> None:
        """Fill the place; everything that is due leaves."""
        self.packet = packet
        self.stream.send_due()

    def answer_with(self, series: Series) -> None:
        """Fill the place with a long answer."""
        self.series = series
        self.stream.send_due()


class Stream(asyncio.Protocol):
    """One TCP connection of a client: requests back to back, replies in their order, open until idle."""

    def __init__(self, pump: Pump) -> None:
        self.pump = pump
        self._framer = TcpFramer()
        self._turns: deque[Turn] = deque()
        self._transport: asyncio.Transport | None = None
        self._source = ("", 0)
        self._begun = False
        self._tls: Tls | None = None
        self._idle: asyncio.TimerHandle | None = None
        self._last_words = False
        self._writable = True
        self._in_batch = False
        self._going_on: asyncio.Handle | None = None

    @property
    def owes(self) -> bool:
        """Whether the client waits for a reply."""
        return bool(self._turns)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection, or close it at once if there are too many."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        if len(self.pump.connections) >= CONNECTIONS_MAX:
            self.pump.node.drop("connections")
            transport.abort()
            return
        self.pump.connections.add(self)
        self._source = transport.get_extra_info("peername")[:2]
        self._touch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection and whatever it waited for."""
        self.pump.connections.discard(self)
        self._turns.clear()
        self.pump.node.hung_up(self)
        if self._idle is not None:
            self._idle.cancel()

    def data_received(self, data: bytes) -> None:
        """Frame, ask the node, and write all that is answered at once in one piece."""
        if self._last_words:
            return
        self._touch()
        if not self._begun:
            self._begun = True
            if data[0] == HANDSHAKE and self.pump.tls is not None:
                self._tls = Tls(self.pump.tls())
        if self._tls is not None:
            try:
                data = self._tls.feed(data)
            except ssl.SSLError:
                self.pump.node.drop("tls")
                self.abort()
                return
            self._write(b"")
            if not data:
                return
        node = self.pump.node
        now = clock()
        answered = 0
        self._in_batch = True
        front = node.front
        if front is not None and not self._turns:
            data = self._answered_first(front, self._framer.take() + data if self._framer.waiting else data, now)
        try:
            while packets := self._framer.feed(data):
                data = b""
                for packet in packets:
                    answered += self._take(packet, now)
        except PeerError as error:
            self._refuse(error, now)
        node.batch_answered(answered, time.monotonic_ns() - now.mono_ns, now.wall_ns)
        self.pump.flush()
        self._in_batch = False
        self.send_due()

    def eof_received(self) -> bool:
        """The client has said all: answer what is owed (even half a request, by a refusal), then close."""
        if not self._last_words:
            try:
                self._framer.close()
            except PeerError as error:
                self._refuse(error, clock())
            self._last_words = True
            self.send_due()
        return True

    def pause_writing(self) -> None:
        """The client does not read its replies: stop reading its requests."""
        self._writable = False
        self._regulate()

    def resume_writing(self) -> None:
        """The client reads again."""
        self._writable = True
        self._regulate()
        self.send_due()

    def send_due(self) -> None:
        """Write the replies whose turn it is."""
        if self._in_batch or self._transport is None or self._transport.is_closing():
            return
        due = []
        while self._turns:
            turn = self._turns[0]
            if turn.packet is not None:
                due.append(turn.packet)
            elif turn.series is None:
                break
            else:
                self._write(b"".join(due))
                due = []
                if self._going_on is not None or not self._send_some(turn.series):
                    break
            self._turns.popleft()
        if due:
            self._write(b"".join(due))
        if self._last_words and not self._turns:
            self._transport.close()
        self._regulate()

    def abort(self) -> None:
        """Close now."""
        if self._transport is not None:
            self._transport.abort()

    def _write(self, octets: bytes) -> None:
        assert self._transport is not None
        sealed = octets if self._tls is None else self._tls.seal(octets)
        if sealed:
            self._transport.write(sealed)

    def _send_some(self, series: Series) -> bool:
        """Write some messages of a long answer, if the client reads; whether that was all. Else it is called again."""
        assert self._transport is not None
        try:
            for _ in range(SERIES_AT_ONCE):
                if not self._writable:
                    return False
                packets = next(series.messages, None)
                if packets is None:
                    return True
                if not packets:  # the rest is on its way: who brings it calls again
                    return False
                self._write(b"".join(packets))
        except BiaoshiError:
            self.abort()  # the store failed: half a list must not look whole
            return False
        self._going_on = asyncio.get_running_loop().call_soon(self._go_on)
        return False

    def _go_on(self) -> None:
        self._going_on = None
        self.send_due()

    def _refuse(self, error: PeerError, now: Now) -> None:
        self._last_words = True
        turn = Turn(self)
        turn.packet = self.pump.node.refuse_stream(error, now)
        self._turns.append(turn)

    def _answered_first(self, front: Front, data: bytes, now: Now) -> bytes:
        """Write what a table says to as many requests as it knows; the octets of the others."""
        replies, used, tally = front.table.stream(data, now.wall_ns, len(data))
        if not used:
            return data
        answered = 0
        for slot, times in tally:
            front.recalled[slot] += times
            answered += times
        if front.weight:
            front.charge(self._source[0], answered, 0, now.mono_ns)
        self.pump.node.batch_answered(answered, time.monotonic_ns() - now.mono_ns, now.wall_ns)
        self._write(replies)
        return data[used:]

    def _take(self, packet: bytes, now: Now) -> int:
        turn = Turn(self)
        turn.packet = self.pump.node.receive_stream(packet, Route("tcp", self._source, turn, self), now)
        self._turns.append(turn)
        return bool(turn.packet)

    def _regulate(self) -> None:
        assert self._transport is not None
        if self._writable and len(self._turns) < PIPELINED_MAX:
            self._transport.resume_reading()
        else:
            self._transport.pause_reading()

    def _touch(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
        self._idle = asyncio.get_running_loop().call_later(IDLE_S, self.abort)


class TcpAsk(asyncio.Protocol):
    """One question to a server over a connection of its own, as the reference client asks."""

    def __init__(self, pump: Pump, asks: set[TcpAsk], endpoint: Endpoint, packet: bytes) -> None:
        self._pump = pump
        self._asks = asks
        self._endpoint = endpoint
        self._packet = packet
        self._framer = TcpFramer()
        self._transport: asyncio.Transport | None = None
        self._limit: asyncio.TimerHandle | None = None
        self._answered = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask."""
        assert isinstance(transport, asyncio.Transport)
        self._asks.add(self)
        self._transport = transport
        self._limit = asyncio.get_running_loop().call_later(ASK_LIFE_S, self.abort)
        transport.write(self._packet)

    def data_received(self, data: bytes) -> None:
        """Hand the answer to the node and hang up."""
        with contextlib.suppress(PeerError):
            for packet in self._framer.feed(data)[:1]:
                self._answered = True
                self._pump.node.receive_upstream(packet, self._endpoint, clock())
                self._pump.flush()
                self.abort()
            return
        self.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell the node, if it still waits."""
        self._asks.discard(self)
        if self._limit is not None:
            self._limit.cancel()
        if not self._answered:
            self._pump.node.upstream_failed(self._endpoint, peek.request_id(self._packet), clock())
            self._pump.flush()

    def abort(self) -> None:
        """Close now."""
        if self._transport is not None:
            self._transport.abort()
