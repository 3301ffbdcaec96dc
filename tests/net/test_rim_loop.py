"""An event loop that sleeps in the compiled rim: repeats never wake Python, and nothing else is different."""

from __future__ import annotations

import asyncio
import random
import selectors
import socket
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager

import pytest
from playbook import TEACHING, filled_store

from nodes.config import load_network
from nodes.kinds import KINDS
from nodes.limits import Admission, SourceLimits
from nodes.node import Node
from nodes.parts import Parts
from resolver.model.now import NS_PER_S
from resolver.model.question import Question
from resolver.model.route import Origin
from resolver.net import rim
from resolver.net.machine import Machine
from resolver.net.pump import Pump, clock
from resolver.rules import replies
from resolver.wire import peek
from resolver.wire.message import encode

pytestmark = pytest.mark.skipif(rim.chosen() != "c", reason="no compiled rim here")

PLAN = load_network(TEACHING)
HOT, COLD = b"88.118.8/JXDY2106023", b"88.118.8/JXDY2101056"
IP = "127.0.0.1"
TIMES = 500


class Watched:
    """A node on sockets, what wakes it, and a client."""

    def __init__(self, limits: SourceLimits | None) -> None:
        plan = PLAN.node("enterprise-88.118.8")
        self.node: Node = KINDS[plan.tier](Parts(plan, filled_store(plan), random.Random(1).randbytes, {}))
        table = rim.table(1 << 20)
        assert table is not None
        self.node.answer_first(table)
        self.table = table
        self.woken = 0
        receive = self.node.receive_datagram

        def listen(packet: bytes, origin: Origin, now: object):  # type: ignore[no-untyped-def]
            self.woken += 1
            return receive(packet, origin, now)  # type: ignore[arg-type]

        self.node.receive_datagram = listen  # type: ignore[method-assign, assignment]
        self.machine: Machine = self.node if limits is None else Admission(self.node, self.node, limits)
        self.pump = Pump(self.machine, IP)
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.setblocking(False)
        self.number = 0

    async def ask(self, handle: bytes, times: int = 1) -> list[bytes]:
        """Replies to so many questions, one after the other; b"" for one without."""
        loop, heard = asyncio.get_running_loop(), []
        for _ in range(times):
            self.number += 1
            self.sock.send(encode(replies.request_message(Question(handle), self.number, clock())))
            try:
                reply = await asyncio.wait_for(loop.sock_recv(self.sock, 2_048), 0.5)
                assert peek.request_id(reply) == self.number
            except TimeoutError:
                reply = b""
            heard.append(reply)
        return heard


@asynccontextmanager
async def watched(limits: SourceLimits | None = None) -> AsyncIterator[Watched]:
    made = Watched(limits)
    with socket.socket() as probe:
        probe.bind((IP, 0))
        port = probe.getsockname()[1]
    await made.pump.open((port,))
    made.sock.connect((IP, port))
    try:
        yield made
    finally:
        made.sock.close()
        await made.pump.close()


def run(story: Callable[[], Coroutine[None, None, None]]) -> None:
    with asyncio.Runner(loop_factory=rim.new_event_loop) as runner:
        runner.run(asyncio.wait_for(story(), 60))


def test_repeats_do_not_wake_the_node_and_are_counted_all_the_same() -> None:
    async def story() -> None:
        async with watched() as made:
            first = await made.ask(HOT)
            again = await made.ask(HOT, TIMES)
            assert made.woken == 1
            assert {reply[:8] + reply[12:36] + reply[40:] for reply in again} == {
                first[0][:8] + first[0][12:36] + first[0][40:]
            }
            assert sum(made.node.counters.recalled) == TIMES
            assert sum(made.node.counters.decided) == 1
            assert sum(made.node.counters.duration.counts) == TIMES + 1
            await made.ask(COLD, 2)
            assert made.woken == 2

    run(story)


def test_repeats_are_measured_in_the_second_in_which_they_came_though_nobody_woke() -> None:
    def ask_over_two_seconds(made: Watched) -> Counter[int]:
        """How many were asked in which second, as far as that can be told from here."""
        made.sock.setblocking(True)
        seconds: Counter[int] = Counter()
        first = time.time_ns() // NS_PER_S
        while time.time_ns() // NS_PER_S < first + 3:
            packet, before = encode(replies.request_message(Question(HOT), 1, clock())), time.time_ns()
            made.sock.send(packet)
            made.sock.recv(2_048)
            seconds[before // NS_PER_S] += 1
            time.sleep(0.002 if before // NS_PER_S == first + 1 else 0.01)  # one second is busier than the others
        return seconds

    async def story() -> None:
        async with watched() as made:
            await made.ask(HOT)
            seconds = await asyncio.to_thread(ask_over_two_seconds, made)
            assert made.woken == 1
            told = made.node.counters.resolutions.figures()
            busiest, times = seconds.most_common(1)[0]
            assert told.busiest_s == busiest
            assert abs(told.busiest - times) <= 1  # one may have come when the next second began
            assert told.count == seconds.total() + 1

    run(story)


def test_what_is_forgotten_is_decided_again() -> None:
    async def story() -> None:
        async with watched() as made:
            await made.ask(HOT, 3)
            made.node.packets.clear()
            await made.ask(HOT, 3)
            assert made.woken == 2

    run(story)


def test_while_a_trace_is_armed_the_node_sees_every_packet() -> None:
    async def story() -> None:
        async with watched() as made:
            await made.ask(HOT, 3)
            assert made.woken == 1
            made.node.arm_trace(made.number + 1, clock())
            made.pump.flush()
            await made.ask(HOT)
            trace = made.node.take_trace(made.number)
            assert trace is not None and trace.cache[0].outcome == "hit"
            made.pump.flush()
            woken = made.woken
            await made.ask(HOT, 5)
            assert made.woken == woken

    run(story)


def test_a_source_over_its_limit_is_silenced_and_later_served_again() -> None:
    async def story() -> None:
        async with watched(SourceLimits(requests_per_s=20)) as made:
            heard = await made.ask(HOT, 40)
            assert heard[0]
            assert heard.count(b"") >= 1
            assert made.node.counters.dropped["source requests"] == heard.count(b"")
            for _ in range(30):
                await asyncio.sleep(0.2)
                if (await made.ask(HOT))[0]:
                    return
            raise AssertionError("it was silenced for ever")

    run(story)


def test_others_have_their_turn_beside_a_flood_of_repeats() -> None:
    async def story() -> None:
        async with watched() as made:
            await made.ask(HOT, 2)
            flood = [encode(replies.request_message(Question(HOT), number, clock())) for number in range(64)]
            ticks, until = 0, asyncio.get_running_loop().time() + 1.0
            while asyncio.get_running_loop().time() < until:
                for packet in flood:
                    made.sock.send(packet)
                await asyncio.sleep(0.001)
                ticks += 1
            assert ticks > 50

    run(story)


def test_a_door_that_closed_leaves_its_descriptor_to_whoever_comes() -> None:
    async def story() -> None:
        for _ in range(20):
            async with watched() as made:
                assert all(await made.ask(HOT, 3))
                assert made.woken == 1

    run(story)


def test_what_a_door_raises_does_not_end_the_loop() -> None:
    async def story() -> None:
        raised: list[dict[str, object]] = []
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: raised.append(context))
        async with watched() as made:
            await made.ask(HOT, 2)
            made.node.receive_datagram = lambda *what: 1 / 0  # type: ignore[method-assign, assignment, return-value]
            assert await made.ask(COLD) == [b""]
            assert [type(context["exception"]) for context in raised] == [ZeroDivisionError]
            assert all(await made.ask(HOT, 2))

    run(story)


def test_what_one_door_changes_takes_nothing_from_what_another_has_answered() -> None:
    async def story() -> None:
        async with watched() as made:
            await made.ask(HOT, 2)
            with socket.socket() as probe:
                probe.bind((IP, 0))
                other = probe.getsockname()[1]
            await made.pump.open((other,))
            before = sum(made.node.counters.recalled)
            receive = made.node.receive_datagram

            def arm(packet: bytes, origin: Origin, now: object):  # type: ignore[no-untyped-def]
                made.node.arm_trace(0xFFFFFF, clock())
                made.pump.flush()  # every door of the node looks at every packet now
                return receive(packet, origin, now)  # type: ignore[arg-type]

            made.node.receive_datagram = arm  # type: ignore[method-assign, assignment]
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as hot:
                for number in range(5):
                    packet = encode(replies.request_message(Question(HOT), number, clock()))
                    hot.sendto(packet, (IP, other))
                assert all(await made.ask(COLD))
            assert sum(made.node.counters.recalled) == before + 5

    run(story)


def test_what_several_doors_are_asked_comes_in_one_go_and_each_client_has_its_own_answer() -> None:
    async def story() -> None:
        async with watched() as made:
            with socket.socket() as probe:
                probe.bind((IP, 0))
                other = probe.getsockname()[1]
            await made.pump.open((other,))
            await made.ask(HOT)
            sleeper = rim.sleeper()
            assert sleeper is not None
            waits, select, receive = 0, sleeper.select, made.node.receive_datagram
            woken: list[int] = []

            def wait(timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
                nonlocal waits
                waits += 1
                return select(timeout)

            def listen(packet: bytes, origin: Origin, now: object):  # type: ignore[no-untyped-def]
                woken.append(waits)
                return receive(packet, origin, now)  # type: ignore[arg-type]

            made.node.receive_datagram = listen  # type: ignore[method-assign, assignment]
            sleeper.select = wait  # type: ignore[method-assign]
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as second:
                second.setblocking(False)
                numbers = [10_000 + number for number in range(3)]
                second.sendto(encode(replies.request_message(Question(HOT), 9_999, clock())), (IP, other))
                for number in numbers:
                    second.sendto(encode(replies.request_message(Question(COLD.lower()), number, clock())), (IP, other))
                assert all(await made.ask(COLD))
                heard = [await asyncio.get_running_loop().sock_recv(second, 2_048) for _ in range(4)]
            assert [peek.request_id(reply) for reply in heard] == [9_999, *numbers]
            assert all(COLD.lower() in reply for reply in heard[1:])
            assert len(woken) == 4 and len(set(woken)) == 1

    run(story)


def test_a_selector_like_others() -> None:
    sleeper = rim.Sleeper()
    here, there = socket.socketpair()
    with here, there:
        key = sleeper.register(here, selectors.EVENT_READ, "data")
        with pytest.raises(KeyError):
            sleeper.register(here, selectors.EVENT_READ)
        assert sleeper.get_key(here) == key
        assert sleeper.select(0) == []
        there.send(b"x")
        assert sleeper.select(1) == [(key, selectors.EVENT_READ)]
        both = sleeper.modify(here, selectors.EVENT_READ | selectors.EVENT_WRITE, "other")
        assert sleeper.select(None) == [(both, selectors.EVENT_READ | selectors.EVENT_WRITE)]
        assert sleeper.unregister(here).data == "other"
        assert len(sleeper.get_map()) == 0
        with pytest.raises(KeyError):
            sleeper.unregister(here)
    sleeper.close()


def test_many_loops_leak_nothing() -> None:
    async def nothing() -> None:
        await asyncio.sleep(0)

    for _ in range(200):
        with asyncio.Runner(loop_factory=rim.new_event_loop) as runner:
            runner.run(nothing())
    here, there = socket.socketpair()
    with here, there:
        assert here.fileno() < 200
