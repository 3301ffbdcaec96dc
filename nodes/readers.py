"""The readers of a process, as their home sees them: started, handed sockets, answered, started again.

    client --> socket (SO_REUSEPORT) --> reader --line--> home --line--> reader --> client
                    held by the home, too: what waits in it outlives a reader

One reader process serves all nodes of the group that have so many workers: processes are for processors, and there are
fewer of these than nodes. A reader that ends is started again, at first at once, then ever more slowly; whoever asks
meanwhile waits in the socket.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import pickle
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from nodes.config import NodePlan
from nodes.measures import Figures
from nodes.node import Node
from nodes.reader import Order
from nodes.reading import learnt_of
from nodes.relay import Frame, Kind, Relay
from nodes.segment import CLOSED, PRESSED, Segment, SharedCounters
from nodes.supervisor import PYTHON, environment
from resolver.cache.generations import EPOCH
from resolver.errors import BiaoshiError, OperatorError, Unreachable
from resolver.model.now import Now
from resolver.model.route import Packets, Route, Series
from resolver.net.pump import SERIES_AT_ONCE, Caller, Pump, clock
from resolver.net.sockets import open_tcp, open_udp

if TYPE_CHECKING:
    from collections.abc import Coroutine

ORDER_LIMIT_S = 20.0  # for a reader to do what it is told; at the start it has to begin first
PATIENCE_S = 1.0  # for one to close what it has open
AGAIN_S, AGAIN_MAX_S = 0.05, 5.0  # before a reader is started again: so long, and twice as long each time
_ALL = -1  # of nodes: all
WELL_S = 10.0  # a reader that has lived so long begins anew with the shortest wait

log = structlog.get_logger()


class ByDatagram(Caller):
    """A client who asked a reader over UDP."""

    __slots__ = ("_door", "_packet", "_post", "_reader", "_source")

    def __init__(self, post: Post, reader: Reader, door: int, source: tuple[str, int], packet: bytes) -> None:
        self._post, self._reader, self._door, self._source, self._packet = post, reader, door, source, packet

    def answer(self, packet: bytes) -> None:
        """Have the reader send it."""
        self.answer_all((packet,))

    def answer_all(self, packets: Packets) -> None:
        """Have the reader send them, and remember what may be repeated."""
        learnt = learnt_of(self._post.node, self._packet, clock())
        self._say(packets, learnt)

    def answer_with(self, series: Series) -> None:
        """Some messages now, and the rest when others have had their turn."""
        for _ in range(SERIES_AT_ONCE):
            try:
                packets = next(series.messages, None)
            except BiaoshiError:  # the store failed: whoever reads it again says so
                return
            if packets is None or not self._reader.line.open:
                return
            self._say(packets, None)
        asyncio.get_running_loop().call_soon(self.answer_with, series)

    def _say(self, packets: Packets, learnt: Sequence[object] | None) -> None:
        said = [bytes(packet) for packet in packets]
        self._reader.line.say(Kind.ANSWER, self._post.number, self._door, *self._source, said, learnt)


class ByStream(Caller):
    """A client who waits at a reader for their turn on a stream. Who comes after that reader knows nothing of it, and
    counts turns anew: what is said goes over the line it came by, or nowhere.
    """

    __slots__ = ("_line", "_packet", "_post", "_reader", "_series", "_turn", "stream")

    def __init__(self, post: Post, reader: Reader, turn: int, stream: int, packet: bytes) -> None:
        self._post, self._reader, self._line = post, reader, reader.line
        self._turn, self.stream, self._packet = turn, stream, packet
        self._series: Series | None = None

    def answer(self, packet: bytes) -> None:
        """Have the reader write it when its turn has come."""
        learnt = learnt_of(self._post.node, self._packet, clock())
        self._line.say(Kind.TURN, self._post.number, self._turn, [packet], True, False, learnt)

    def answer_with(self, series: Series) -> None:
        """Some messages now, and more whenever the reader has written those."""
        if not self._line.open:
            return
        self._series = series
        self._reader.long[self._turn] = self
        self.go_on()

    def go_on(self) -> None:
        """Say some more."""
        assert self._series is not None
        messages: list[bytes] = []
        last = failed = False
        try:
            while len(messages) < SERIES_AT_ONCE and not last:
                packets = next(self._series.messages, None)
                last = packets is None
                messages += [b"".join(packets)] if packets else []
        except BiaoshiError:
            last = failed = True
        if last:
            self._reader.long.pop(self._turn, None)
        self._line.say(Kind.TURN, self._post.number, self._turn, messages, last, failed, None)


class Reader:
    """One reader process, and whichever takes its place. `long`: long answers under way, by turn."""

    def __init__(self, readers: Readers, number: int) -> None:
        self._readers, self.number = readers, number
        self.process: subprocess.Popen[bytes] | None = None
        self.line = Relay(self._take, self._lost)
        self.line.open = False
        self.long: dict[int, ByStream] = {}
        self.begun = asyncio.Event()
        self._doors: socket.socket | None = None
        self._streams: set[tuple[int, Hashable]] = set()  # (node, stream) of which the home has heard
        self._orders: dict[tuple[int, int], asyncio.Future[str]] = {}
        self._started_s, self._wait_s = 0.0, AGAIN_S
        self._again: asyncio.TimerHandle | None = None

    @property
    def pid(self) -> int | None:
        """Its process, while that lives and is spoken to."""
        return self.process.pid if self.process is not None and self.line.open else None

    async def start(self) -> None:
        """Start the process, and speak to it."""
        (ours, theirs), (doors, their_doors) = (socket.socketpair(), socket.socketpair(type=socket.SOCK_SEQPACKET))
        arguments = [*PYTHON, "nodes.reader", "--process", f"{self._readers.group} reader {self.number}"]
        arguments += ["--number", str(self.number), "--parent", str(os.getpid())]
        arguments += ["--line-fd", str(theirs.fileno()), "--doors-fd", str(their_doors.fileno())]
        processor = self._readers.processor_of(self.number)
        if processor is not None:
            arguments += ["--processor", str(processor)]
        handed = (theirs.fileno(), their_doors.fileno())
        self.process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, pass_fds=handed, env=environment())
        theirs.close()
        their_doors.close()
        self._doors, self._started_s = doors, time.monotonic()
        self.line = Relay(self._take, self._lost)
        self.begun.clear()
        await self.line.begin(ours)

    async def open(self, post: Post, order: bytes) -> None:
        """Have a node served. Unreachable as from `order`."""
        if self._doors is not None:
            socket.send_fds(self._doors, [b"."], post.descriptors(self.number))
        await self.order(Kind.OPEN, post.number, order)

    async def count(self) -> None:
        """Have all that was done counted."""
        if self.line.open and (_ALL, Kind.COUNT) not in self._orders:
            with contextlib.suppress(Unreachable):
                await self.order(Kind.COUNT, _ALL, limit_s=PATIENCE_S)

    async def order(self, kind: Kind, number: int, *rest: object, limit_s: float = ORDER_LIMIT_S) -> None:
        """Have something done of a node. Unreachable if that failed, or takes too long."""
        done: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._orders[number, kind] = done
        if not self.line.open:
            done.set_result("it has ended")
        self.line.say(kind, number, *rest)
        try:
            said = await asyncio.wait_for(done, limit_s)
        except TimeoutError:
            said = f"it has not done so within {limit_s:.0f} s"
        finally:
            self._orders.pop((number, kind), None)
        if said:
            raise Unreachable(f"reader {self.number} was told to {kind.name.lower()} a node: {said}")

    def hang_up(self) -> None:
        """End it, so that another takes its place."""
        self.line.close()

    def close(self) -> None:
        """End it for good."""
        if self._again is not None:
            self._again.cancel()
        self.line.close()
        self._end()

    def _end(self) -> None:
        if self._doors is not None:
            self._doors.close()
            self._doors = None
        if self.process is not None:
            self.process.kill()  # whoever hangs up has nothing left to say
            self.process.wait()
            self.process = None

    def _lost(self) -> None:
        """It is gone: forget what was tied to its streams, and start another."""
        pid = None if self.process is None else self.process.pid
        self.begun.clear()
        self._end()
        for done in self._orders.values():
            if not done.done():
                done.set_result("it has ended")
        for number, stream in self._streams:
            self._readers.hung_up(number, self.connection(stream))
        self._streams.clear()
        self.long.clear()
        if self._readers.closing:
            return
        self._readers.ended()
        if time.monotonic() - self._started_s > WELL_S:
            self._wait_s = AGAIN_S
        log.error("a reader ended", reader=self.number, pid=pid, again_in_s=self._wait_s)
        self._again = asyncio.get_running_loop().call_later(self._wait_s, self._readers.do, self._start_again)
        self._wait_s = min(2 * self._wait_s, AGAIN_MAX_S)

    def _start_again(self) -> Coroutine[None, None, None]:
        return self._readers.start_again(self)

    def _take(self, frames: list[Frame]) -> None:
        now = clock()
        touched: dict[int, None] = {}
        for kind, *rest in frames:
            if kind == Kind.HELLO:
                self.begun.set()
            elif kind == Kind.DONE:
                number, order, said = rest
                done = self._orders.get((number, order))
                if done is not None and not done.done():
                    done.set_result(said)
            elif kind == Kind.MEASURED:
                number, figures, seconds = rest
                if number in self._readers.posts:
                    measure = self._readers.posts[number].node.counters.resolutions
                    measure.take_in(Figures(*figures), seconds)
            elif kind == Kind.MORE:
                series = self.long.get(rest[0])
                if series is not None:
                    series.go_on()
            else:
                self._take_from_client(kind, rest, now)
                touched[rest[0]] = None
        for number in touched:
            self._readers.flush(number)

    def _take_from_client(self, kind: int, rest: Frame, now: Now) -> None:
        number = rest[0]
        post = self._readers.posts.get(number)
        if kind == Kind.HUNG_UP:
            self._streams.discard((number, rest[1]))
            self.long = {turn: each for turn, each in self.long.items() if each.stream != rest[1]}
            self._readers.hung_up(number, self.connection(rest[1]))
        elif post is None or post.pump is None:
            return
        elif kind == Kind.DATAGRAM:
            _, door, ip, port, packet = rest
            by = ByDatagram(post, self, door, (ip, port), packet)
            started_ns = time.monotonic_ns()
            packets = post.pump.node.receive_datagram(packet, Route("udp", (ip, port), by), now)
            if packets:
                by.answer_all(packets)
                post.pump.node.batch_answered(1, time.monotonic_ns() - started_ns, now.wall_ns)
        elif kind == Kind.STREAM:
            _, turn, stream, ip, port, packet = rest
            self._streams.add((number, stream))
            on = ByStream(post, self, turn, stream, packet)
            started_ns = time.monotonic_ns()
            route = Route("tcp", (ip, port), on, self.connection(stream))
            said = post.pump.node.receive_stream(packet, route, now)
            if said is not None:
                on.answer(said)
                post.pump.node.batch_answered(bool(said), time.monotonic_ns() - started_ns, now.wall_ns)

    def connection(self, stream: Hashable) -> Hashable:
        """What tells a stream of this reader apart from all others."""
        return (self.number, self._started_s, stream)


@dataclass(eq=False)
class Post:
    """A node with readers: its shared memory and sockets, and a stand-in for its doors (pump.Elsewhere)."""

    number: int
    plan: NodePlan
    readers: Readers
    segment: Segment
    node: Node
    pump: Pump | None = None
    ip: str = ""
    store: str = ""  # whose files its readers read; none: they have everything decided here
    sockets: list[list[socket.socket]] = field(default_factory=list)  # by reader: UDP of each port, TCP of each port
    pressed: bool = False

    def descriptors(self, reader: int) -> list[int]:
        """What a reader is handed: the memory, and its sockets."""
        return [self.segment.descriptor, *(sock.fileno() for sock in self.sockets[reader])]

    def __iter__(self) -> Iterator[SharedCounters]:
        """What each reader has counted, at this moment."""
        return self.segment.read()

    def dropped(self) -> Counter[str]:
        """What the node and its readers have dropped, by reason."""
        told = Counter(self.node.counters.dropped)
        for books in self:
            told.update(books.dropped)
        return told

    # -- as the pump sees it ------------------------------------------------------------------------------------

    def regulate(self) -> None:
        """Tell the readers whether the node has to see every packet, and whether it wants none."""
        assert self.pump is not None
        machine, words = self.pump.node, self.segment.words
        if machine.watched != bool(words[CLOSED]):
            words[CLOSED] = machine.watched
            words[EPOCH] = (words[EPOCH] + 1) & 0xFFFFFFFF  # so that what they remember is said no more
        if machine.pressed != self.pressed:
            self.pressed = bool(machine.pressed)
            words[PRESSED] = self.pressed
            if not self.pressed:
                for reader in self.readers.of(self.plan):
                    reader.line.say(Kind.TAKE, self.number)

    def last_call(self) -> None:
        """Readers have had theirs."""

    def close(self) -> None:
        """Let go of the sockets."""
        for sock in (sock for each in self.sockets for sock in each):
            sock.close()
        self.sockets.clear()


class Readers:
    """All readers of a process."""

    def __init__(self, plans: Sequence[NodePlan], group: str, data_dir: Path, keys: Path | None) -> None:
        """`group`: what the process is called."""
        self._plans, self.group, self._data_dir, self._keys = plans, group, data_dir, keys
        self.ended: Callable[[], None] = lambda: None  # called when one has ended
        self.posts: dict[int, Post] = {}
        self.readers: list[Reader] = []
        self.closing = False
        self._tasks: set[asyncio.Task[None]] = set()

    def of(self, plan: NodePlan) -> list[Reader]:
        """Those that serve a node."""
        return self.readers[: plan.workers]

    def pids(self, plan: NodePlan) -> list[int]:
        """The processes that serve a node at this moment."""
        return [reader.pid for reader in self.of(plan) if reader.pid is not None]

    def processor_of(self, number: int) -> int | None:
        """The processor a reader is to keep to, if the first node that has so many says so."""
        ours = sorted(os.sched_getaffinity(0))
        for plan in self._plans:
            if plan.workers > number and plan.pin:
                wanted = ours if isinstance(plan.pin, bool) else list(plan.pin)
                if not set(wanted) <= set(ours):
                    key, remedy = f"nodes.{plan.name}.pin", f"This process may use {ours}"
                    raise OperatorError("no such processor", key=key, value=wanted, remedy=remedy)
                return wanted[number % len(wanted)]
        return None

    async def start(self) -> None:
        """Start as many as the node with most of them wants."""
        most = max((plan.workers for plan in self._plans), default=0)
        self.readers = [Reader(self, number) for number in range(most)]
        for reader in self.readers:
            await reader.start()

    async def begun(self) -> None:
        """Wait until all have begun. Unreachable if one does not."""
        for reader in self.readers:
            try:
                await asyncio.wait_for(reader.begun.wait(), ORDER_LIMIT_S)
            except TimeoutError:
                raise Unreachable(f"reader {reader.number} did not begin; the log says why") from None

    def post_of(self, plan: NodePlan, node: Node) -> Post:
        """A node's memory, the same as long as the process lives; `node` goes by it from now on."""
        number = next(number for number, each in enumerate(self._plans) if each.name == plan.name)
        post = self.posts.get(number)
        if post is None:
            post = self.posts[number] = Post(number, plan, self, Segment(plan.workers), node)
        post.node = node
        node.packets.go_by(post.segment.generations)
        post.segment.generations.all_written()
        return post

    async def open(self, post: Post, plan: NodePlan, pump: Pump, ip: str, store: str) -> None:
        """Have clients met by the readers."""
        ports = (plan.port, *plan.extra_ports)
        post.plan, post.pump, post.ip, post.store = plan, pump, ip, store
        try:
            for _ in range(plan.workers):
                post.sockets.append([])
                for opening in (open_udp, open_tcp):
                    for port in ports:
                        post.sockets[-1].append(opening(ip, port, shared=True))
            pump.stand_in(post)
            order = self._order(post)
            await asyncio.gather(*(reader.open(post, order) for reader in self.of(plan)))
        except BaseException:
            post.close()
            raise

    def _order(self, post: Post) -> bytes:
        return pickle.dumps(
            Order(_for_reader(post.plan), post.plan.workers, post.ip, post.store, self._data_dir, self._keys)
        )

    async def tell(self, post: Post, kind: Kind, *rest: object) -> None:
        """Have all readers of a node do something; one that does not is started again, and begins as it should be."""
        told = [
            (reader, reader.order(kind, post.number, *rest, limit_s=PATIENCE_S))
            for reader in self.of(post.plan)
            if reader.begun.is_set()  # the others begin with what is so by then
        ]
        outcomes = await asyncio.gather(*(order for _, order in told), return_exceptions=True)
        for (reader, _), outcome in zip(told, outcomes, strict=True):
            if isinstance(outcome, Unreachable):
                log.error("a reader did not obey", error=str(outcome))
                reader.hang_up()
            elif isinstance(outcome, BaseException):
                raise outcome

    async def count(self) -> None:
        """Have the books up to date."""
        await asyncio.gather(*(reader.count() for reader in self.readers))

    async def bound(self, post: Post, plan: NodePlan) -> None:
        """Have a node's readers go on with other bounds."""
        post.plan = plan
        await self.tell(post, Kind.BOUNDS, pickle.dumps(_for_reader(plan)))

    async def shut(self, post: Post) -> None:
        """Meet nobody any more."""
        post.close()
        await self.tell(post, Kind.SHUT)
        post.pump = None

    async def start_again(self, reader: Reader) -> None:
        """Start a reader in place of one that ended, with its sockets."""
        try:
            await reader.start()
            await asyncio.wait_for(reader.begun.wait(), ORDER_LIMIT_S)
            for post in self.posts.values():
                if post.sockets and reader in self.of(post.plan):
                    await reader.open(post, self._order(post))
        except (OSError, TimeoutError, Unreachable) as error:
            log.error("a reader cannot be started again", reader=reader.number, error=str(error))
            reader.hang_up()
        else:
            log.info("a reader was started again", reader=reader.number, pid=reader.pid)

    def do(self, work: Callable[[], Coroutine[None, None, None]]) -> None:
        """Have something done meanwhile."""
        if not self.closing:
            task = asyncio.get_running_loop().create_task(work())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def hung_up(self, number: int, connection: Hashable) -> None:
        """A client's stream at a reader is closed."""
        post = self.posts.get(number)
        if post is not None and post.pump is not None:
            post.pump.node.hung_up(connection)

    def flush(self, number: int) -> None:
        """Send what a node has said outside the turns of its readers."""
        post = self.posts.get(number)
        if post is not None and post.pump is not None:
            post.pump.flush()

    def close(self) -> None:
        """End all of them."""
        self.closing = True
        for task in list(self._tasks):
            task.cancel()
        for reader in self.readers:
            reader.close()
        for post in self.posts.values():
            post.close()


def _for_reader(plan: NodePlan) -> NodePlan:
    """A plan without what a reader needs not know."""
    return replace(plan, delegations=(), catalogues=())
