"""A reader: a process beside a home that takes requests at the same addresses (SO_REUSEPORT) and answers most of them.

    python -m nodes.reader --process NAME --number N --line-fd L --doors-fd D --parent PID

Started by its home (readers.py), which tells it over the line what to open and hands it the sockets; it serves all
nodes of the process that have so many readers. The sockets are the home's too, so what waits in them outlives a reader,
and the next one finds it there. It goes when its home goes: the line hangs up, and the kernel sends a death signal.
"""

from __future__ import annotations

import argparse
import asyncio
import ctypes
import os
import pickle
import signal
import socket
import sys
from collections import deque
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import astuple, dataclass, field, replace
from pathlib import Path

import structlog

from nodes.config import LimitsPlan, NodePlan
from nodes.keyring import tls_of
from nodes.limits import behind_limits
from nodes.logs import to_stderr
from nodes.node import Identity
from nodes.parts import standing_of, with_population
from nodes.processes import settle_memory
from nodes.reading import Learnt, ReaderNode
from nodes.relay import Frame, Kind, Relay
from nodes.segment import ENTRIES, KEPT_OCTETS, Segment, SharedCounters
from resolver.errors import StoreError
from resolver.model.route import Packets, Route, Series
from resolver.net import rim
from resolver.net.pump import Pump, Turn, UdpDoor
from resolver.stores.base import Store
from resolver.stores.lmdb_follower import LmdbFollower

PR_SET_PDEATHSIG = 1
LOOK_S = 0.25  # between looks at what was committed, so that pages given up are not held for longer

log = structlog.get_logger()


@dataclass(frozen=True)
class Order:
    """What an OPEN frame carries, pickled: from the home to its own child. `store`: whose LMDB files, "" for none."""

    plan: NodePlan
    readers: int
    ip: str
    store: str
    data_dir: Path
    keys: Path | None


class OnShelf:
    """A store that the home writes, as nodes of this process share it."""

    def __init__(self, follower: LmdbFollower, store: Store) -> None:
        self._follower, self.store = follower, store

    def version(self) -> int:
        """See Shelf."""
        return self._follower.version()


class Arriving:
    """A long answer whose messages come over the line, some at a time; empty: not yet."""

    def __init__(self, number: int, more: Relay) -> None:
        self._number, self._line = number, more
        self._come: deque[Packets] = deque()
        self._over = self._failed = False

    def come(self, packets: Sequence[bytes], last: bool, failed: bool) -> None:
        """Some more of it."""
        self._come.extend((packet,) for packet in packets)
        self._over, self._failed = last, failed

    def __iter__(self) -> Iterator[Packets]:
        return self

    def __next__(self) -> Packets:
        if self._come:
            packets = self._come.popleft()
            if not self._come and not self._over:
                self._line.say(Kind.MORE, self._number)
            return packets
        if self._failed:
            raise StoreError("the home could not go on with a long answer")
        if self._over:
            raise StopIteration
        return ()


@dataclass(slots=True)
class Place:
    """A node as this reader serves it."""

    node: ReaderNode
    pump: Pump
    counters: SharedCounters
    plan: NodePlan
    streams: dict[Hashable, int] = field(default_factory=dict)


class Reader:
    """All that this process serves."""

    def __init__(self, number: int, doors: socket.socket) -> None:
        self.number, self.doors = number, doors
        self.line = Relay(self.take, lambda: os._exit(0), self.choke)
        self.places: dict[int, Place] = {}
        self.turns: dict[int, tuple[Turn, Arriving | None]] = {}
        self.stores: dict[str, LmdbFollower] = {}
        self._last = 0  # number given to a turn or a stream
        self._orders: set[asyncio.Task[None]] = set()

    def take(self, frames: list[Frame]) -> None:
        """Do what the home says."""
        for kind, *rest in frames:
            if kind == Kind.ANSWER:
                self.answer(*rest)
            elif kind == Kind.TURN:
                self.answer_turn(*rest)
            elif kind == Kind.TAKE:
                place = self.places.get(rest[0])
                if place is not None:
                    place.pump.flush()
            elif kind == Kind.COUNT:  # what the rim did while Python slept was counted on waking up
                self.report()
                self.line.say(Kind.DONE, *rest, kind, "")
            else:
                task = asyncio.get_running_loop().create_task(self.obey(kind, *rest))
                self._orders.add(task)
                task.add_done_callback(self._orders.discard)

    def choke(self, choked: bool) -> None:
        """So much waits to be passed on that nothing more is taken, or no longer."""
        for place in self.places.values():
            place.node.choked = choked
            place.pump.flush()

    # -- passing on ---------------------------------------------------------------------------------------------

    def pass_on(self, number: int, packet: bytes, route: Route) -> None:
        """Have the home decide a packet."""
        ip, port = route.source[:2]
        if isinstance(route.channel, UdpDoor):
            self.line.say(Kind.DATAGRAM, number, route.channel.number, ip, port, packet)
            return
        assert isinstance(route.channel, Turn)
        self._last += 1
        turn = self._last
        self.turns[turn] = route.channel, None
        streams = self.places[number].streams
        stream = streams.get(route.connection)
        if stream is None:
            self._last += 1
            stream = streams[route.connection] = self._last
        self.line.say(Kind.STREAM, number, turn, stream, ip, port, packet)

    def hang_up(self, number: int, connection: Hashable) -> None:
        """A client's stream is closed: the home forgets what was tied to it."""
        place = self.places.get(number)
        stream = None if place is None else place.streams.pop(connection, None)
        if stream is not None:
            self.line.say(Kind.HUNG_UP, number, stream)
        if any(waits.stream is connection for waits, _ in self.turns.values()):
            self.turns = {turn: each for turn, each in self.turns.items() if each[0].stream is not connection}

    def answer(self, number: int, door: int, ip: str, port: int, packets: list[bytes], learnt: Learnt | None) -> None:
        """What the home says to a client over UDP."""
        place = self.places.get(number)
        if place is None:
            return
        if learnt is not None:
            place.node.learn(learnt)
        open_door = place.pump.door(door)
        if open_door is not None:
            open_door.send(packets, (ip, port))

    def answer_turn(
        self, number: int, turn: int, packets: list[bytes], last: bool, failed: bool, learnt: Learnt | None
    ) -> None:
        """The same on a stream, when its turn has come."""
        place = self.places.get(number)
        if place is not None and learnt is not None:
            place.node.learn(learnt)
        waits, arriving = self.turns.get(turn, (None, None))
        if waits is None:
            return
        if last and arriving is None and not failed:
            del self.turns[turn]
            waits.answer(packets[0] if packets else b"")
            return
        if arriving is None:
            arriving = Arriving(turn, self.line)
            self.turns[turn] = waits, arriving
            arriving.come(packets, last, failed)
            waits.answer_with(Series(arriving))
        else:
            arriving.come(packets, last, failed)
            waits.stream.send_due()
        if last:
            del self.turns[turn]

    # -- orders -------------------------------------------------------------------------------------------------

    async def obey(self, kind: int, number: int, *rest: bytes) -> None:
        """Do what is ordered of one node, and say so."""
        try:
            if kind == Kind.OPEN:
                await self.open(number, pickle.loads(rest[0]))
            elif kind == Kind.BOUNDS:
                self.bound(number, pickle.loads(rest[0]))
            elif number in self.places:
                place = self.places[number]
                place.pump.stop_listening()
                if kind == Kind.LAST:
                    place.pump.last_call()
                elif kind == Kind.SHUT:
                    del self.places[number]
                    await place.pump.close(at_once=True)
            self.line.say(Kind.DONE, number, kind, "")
        except Exception as error:
            log.error("a reader cannot do as it is told", reader=self.number, order=Kind(kind).name, error=str(error))
            self.line.say(Kind.DONE, number, kind, str(error) or repr(error))

    async def open(self, number: int, order: Order) -> None:
        """Serve a node from now on."""
        plan = order.plan
        ports = 1 + len(plan.extra_ports)
        _, descriptors, _, _ = socket.recv_fds(self.doors, 1, 1 + 2 * ports)
        sockets = [socket.socket(fileno=descriptor) for descriptor in descriptors[1:]]
        segment = Segment(order.readers, descriptors[0])
        os.close(descriptors[0])  # it stays mapped
        counters = segment.counters(self.number)
        shelf = None
        if order.store:
            follower = self.stores.get(order.store)
            if follower is None:
                follower = LmdbFollower(order.data_dir / order.store, looked_through=True)
                self.stores[order.store] = follower
            shelf = OnShelf(follower, with_population(plan, follower))
        node = ReaderNode(
            Identity(plan.name, plan.tier, plan.site),
            standing_of(plan),
            shelf,
            generations=segment.generations,
            counters=counters,
            packet_octets_max=plan.cache.packet_octets,
            entropy=os.urandom,
            pass_on=lambda packet, route: self.pass_on(number, packet, route),
            hang_up=lambda connection: self.hang_up(number, connection),
        )
        node.packets.time_scale = plan.cache.time_scale
        table = rim.table(plan.cache.packet_octets)
        if table is not None and plan.cache.packet_octets:
            node.answer_first(table)
            table.count_in(counters.recalled)  # while Python sleeps, too: whoever kills this process loses no count
        pump = Pump(
            behind_limits(node, by_the_second(plan))[0], order.ip, tls_of(order.keys, plan.name, plan.ip, plan.key_bits)
        )
        self.places[number] = Place(node, pump, counters, plan)
        for at in range(ports):
            await pump.listen(sockets[at], sockets[ports + at])

    def bound(self, number: int, plan: NodePlan) -> None:
        """Go on with other bounds."""
        place = self.places.get(number)
        if place is not None:
            place.plan = plan
            place.node.configure(plan.cache, plan.limits)
            place.pump.node = behind_limits(place.node, by_the_second(plan))[0]
            place.pump.flush()

    async def look(self) -> None:
        """Keep up with the stores, and tell what is remembered."""
        while True:
            await asyncio.sleep(LOOK_S)
            for store in self.stores.values():
                store.version()
            self.report()

    def report(self) -> None:
        """Tell what is remembered, and what was measured."""
        for number, place in self.places.items():
            kept = place.node.packets
            for name, value in ((ENTRIES, len(kept)), (KEPT_OCTETS, kept.octets)):
                if place.counters.gauges[name] != value:
                    place.counters.gauges[name] = value
            figures, seconds = place.counters.resolutions.give_out()
            if figures.count:
                self.line.say(Kind.MEASURED, number, astuple(figures), seconds)


def by_the_second(plan: NodePlan) -> LimitsPlan:
    """What a reader bounds by itself; a day's requests are counted at home."""
    return replace(plan.limits, requests_per_day=0)


async def live(options: argparse.Namespace) -> None:
    """Serve what the home says, for as long as it lives."""
    reader = Reader(options.number, socket.socket(fileno=options.doors_fd))
    await reader.line.begin(socket.socket(fileno=options.line_fd))
    reader.line.say(Kind.HELLO)
    settle_memory()
    await reader.look()


def go_with_parent(parent: int) -> None:
    """Have the kernel end this process with its home."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it was gone before
        os._exit(0)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a reader."""
    parser = argparse.ArgumentParser(prog="python -m nodes.reader", description="Answer beside a home.")
    for option in ("--number", "--line-fd", "--doors-fd", "--parent"):
        parser.add_argument(option, type=int, required=True)
    parser.add_argument("--process", required=True, help="what it is called in the log")
    parser.add_argument("--processor", type=int, help="the one to run on")
    options = parser.parse_args(arguments)
    go_with_parent(options.parent)
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # a terminal's Ctrl-C is for the home, which waits for our last answers
    if options.processor is not None:
        os.sched_setaffinity(0, {options.processor})
    to_stderr(options.process)
    with asyncio.Runner(loop_factory=rim.new_event_loop) as runner:
        runner.run(live(options))
    return 0


if __name__ == "__main__":
    sys.exit(main())
