"""A node on real sockets of loopback: datagrams, streams, order, idle ends, and the client library against it."""

from __future__ import annotations

import asyncio
import random
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Hashable, Iterator
from contextlib import asynccontextmanager

import pytest
from playbook import TEACHING, filled_store

from nodes.config import load_network
from nodes.kinds import KINDS
from nodes.node import Node
from nodes.parts import Parts
from resolver.errors import OperatorError, Unreachable
from resolver.model.now import Now
from resolver.model.question import Question
from resolver.model.route import Packets, Route, Series
from resolver.net import pump as pump_module
from resolver.net import rim
from resolver.net.client import ask
from resolver.net.pump import Pump, clock
from resolver.rules import replies
from resolver.wire.codes import Code
from resolver.wire.framing import TcpFramer
from resolver.wire.message import Message, decode, encode

PLAN = load_network(TEACHING)
ITEM = Question(b"88.118.8/JXDY2106023")
IP = "127.0.0.1"


@pytest.fixture(autouse=True, params=["python", "c"])
def either_rim(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every story is told with either rim."""
    if request.param == "c" and rim.chosen() != "c":
        pytest.skip("no compiled rim here")
    for each in (rim.chosen, rim.compiled):
        each.cache_clear()
    monkeypatch.setenv(rim.VARIABLE, request.param)
    yield
    for each in (rim.chosen, rim.compiled):
        each.cache_clear()


def enterprise() -> Node:
    plan = PLAN.node("enterprise-88.118.8")
    node = KINDS[plan.tier](Parts(plan, filled_store(plan), random.Random(1).randbytes, {}))
    table = rim.table(1 << 20)
    if table is not None:
        node.answer_first(table)
    return node


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((IP, 0))
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def served() -> AsyncIterator[tuple[Node, int]]:
    node, port = enterprise(), free_port()
    pump = Pump(node, IP)
    await pump.open((port,))
    try:
        yield node, port
    finally:
        await pump.close()


def run(story: Callable[[], Coroutine[None, None, None]]) -> None:
    with asyncio.Runner(loop_factory=rim.new_event_loop) as runner:
        runner.run(asyncio.wait_for(story(), 30))


def packet(question: Question, request_id: int) -> bytes:
    return encode(replies.request_message(question, request_id, clock()))


def code_of(octets: bytes) -> int:
    message = decode(octets)
    assert isinstance(message, Message)
    return message.header.code


@pytest.mark.parametrize("tcp", [False, True], ids=["udp", "tcp"])
def test_the_client_gets_small_and_large_records(tcp: bool) -> None:
    async def story() -> None:
        async with served() as (node, port):
            small = await ask((IP, port), ITEM, tcp=tcp)
            assert (small.code, small.authoritative, small.transport) == (1, True, "tcp" if tcp else "udp")
            assert max(len(record) for _, record in node.store.scan()) > 5_000  # type: ignore[attr-defined]
            for key, record in node.store.scan():  # type: ignore[attr-defined]
                exchange = await ask((IP, port), Question(key), tcp=tcp)
                assert exchange.code == Code.SUCCESS
                assert exchange.octets_in > len(record)

    run(story)


def test_pipelined_requests_are_answered_in_their_order_on_one_connection() -> None:
    async def story() -> None:
        async with served() as (_, port):
            reader, writer = await asyncio.open_connection(IP, port)
            questions = [ITEM, Question(b"88.118.8/nothing"), Question(b"99.1/x")] * 50
            writer.write(b"".join(packet(question, number + 1) for number, question in enumerate(questions)))
            framer, got = TcpFramer(), []
            while len(got) < len(questions):
                got += framer.feed(await reader.read(65_536))
            assert [int.from_bytes(octets[8:12], "big") for octets in got] == [*range(1, 151)]
            assert [code_of(octets) for octets in got] == [1, 100, 301] * 50
            writer.close()

    run(story)


def test_a_stream_cut_anywhere_is_framed_all_the_same() -> None:
    async def story() -> None:
        async with served() as (_, port):
            reader, writer = await asyncio.open_connection(IP, port)
            for octet in packet(ITEM, 7):
                writer.write(bytes([octet]))
                await writer.drain()
            framer, got = TcpFramer(), []
            while not got:
                got = framer.feed(await reader.read(65_536))
            assert code_of(got[0]) == 1
            writer.close()

    run(story)


@pytest.mark.parametrize(
    ("sent", "code"),
    [(packet(ITEM, 7)[:50], 4), (packet(ITEM, 7)[:16] + b"\xff\xff\xff\xff" + bytes(24), 2)],
    ids=["half a request, then the end", "a length beyond all bounds"],
)
def test_a_stream_that_cannot_be_framed_gets_last_words_and_is_closed(sent: bytes, code: int) -> None:
    async def story() -> None:
        async with served() as (_, port):
            reader, writer = await asyncio.open_connection(IP, port)
            writer.write(packet(ITEM, 6) + sent)
            writer.write_eof()
            octets = await reader.read(-1)
            first, last = TcpFramer().feed(octets)
            assert (code_of(first), code_of(last)) == (1, code)
            writer.close()

    run(story)


LONG, PIECE = 4_000, bytes(16_384)  # messages of a long answer: 64 MiB


def long_answers(node: Node, taken: list[int]) -> None:
    """Let a node answer a question for `long` with many messages, and note how many of them were asked for."""
    receive = node.receive_stream

    def answer(packet: bytes, route: Route, now: Now) -> bytes | None:
        if b"/long" not in packet:
            return receive(packet, route, now)

        def messages() -> Iterator[Packets]:
            for number in range(LONG):
                taken.append(number)
                yield [number.to_bytes(4, "big") + PIECE[4:]]

        node.outbox.append((route, Series(messages())))
        return None

    node.receive_stream = answer  # type: ignore[method-assign]


def test_a_long_answer_waits_for_its_reader_and_holds_up_nobody_else() -> None:
    async def story() -> None:
        async with served() as (node, port):
            taken: list[int] = []
            long_answers(node, taken)
            reader, writer = await asyncio.open_connection(IP, port, limit=1 << 16)
            writer.write(packet(Question(b"88.118.8/long"), 1) + packet(ITEM, 2))
            for _ in range(20):
                assert (await ask((IP, port), ITEM, tcp=True)).code == Code.SUCCESS
            await asyncio.sleep(0.05)
            assert 0 < len(taken) < LONG / 2  # what the sockets hold, and no more
            for number in range(LONG):
                piece = await reader.readexactly(len(PIECE))
                assert int.from_bytes(piece[:4], "big") == number
            (after,) = TcpFramer().feed(await reader.read(65_536))
            assert (int.from_bytes(after[8:12], "big"), code_of(after)) == (2, 1)
            writer.close()

    run(story)


def test_a_long_answer_ends_with_its_connection_and_the_node_hears_of_that() -> None:
    async def story() -> None:
        async with served() as (node, port):
            taken: list[int] = []
            gone: list[Hashable] = []
            long_answers(node, taken)
            node.hung_up = gone.append  # type: ignore[method-assign]
            _, writer = await asyncio.open_connection(IP, port, limit=1 << 16)
            writer.write(packet(Question(b"88.118.8/long"), 1))
            await asyncio.sleep(0.05)
            writer.transport.abort()
            await asyncio.sleep(0.05)
            stopped = len(taken)
            await asyncio.sleep(0.05)
            assert 0 < stopped == len(taken) < LONG and len(gone) == 1

    run(story)


def test_an_idle_stream_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pump_module, "IDLE_S", 0.05)

    async def story() -> None:
        async with served() as (_, port):
            reader, writer = await asyncio.open_connection(IP, port)
            with pytest.raises(ConnectionError):
                if not await reader.read(1):
                    raise ConnectionResetError
            writer.close()

    run(story)


def test_more_streams_than_allowed_are_turned_away_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pump_module, "CONNECTIONS_MAX", 3)

    async def story() -> None:
        async with served() as (node, port):
            kept = []
            for number in range(3):
                reader, writer = await asyncio.open_connection(IP, port)
                writer.write(packet(ITEM, number + 1))
                await reader.readexactly(20)
                kept.append(writer)
            with pytest.raises(Unreachable):
                await ask((IP, port), ITEM, tcp=True)
            assert node.counters.dropped["connections"] == 1
            for writer in kept:
                writer.close()

    run(story)


def test_datagrams_of_every_length_leave_the_node_alive() -> None:
    async def story() -> None:
        async with served() as (node, port):
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
                for length in (*range(80), 511, 512, 513, 2_048, 2_049, 9_000):
                    sock.sendto(random.Random(length).randbytes(length), (IP, port))
                    await asyncio.sleep(0)
            assert (await ask((IP, port), ITEM)).code == 1
            assert node.counters.dropped["runt"] >= 20

    run(story)


def test_nobody_at_the_address_is_unreachable() -> None:
    async def story() -> None:
        with pytest.raises(Unreachable, match=IP):
            await ask((IP, free_port()), ITEM, udp_waits_ns=(10_000_000,) * 2, tcp_wait_ns=500_000_000)

    run(story)


def test_an_address_in_use_names_itself_and_nothing_stays_open() -> None:
    async def story() -> None:
        async with served() as (_, port):
            spare = free_port()
            with pytest.raises(OperatorError, match=f"{IP}:{port}"):
                await Pump(enterprise(), IP).open((spare, port))
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((IP, spare))

    run(story)


def test_a_request_that_deserves_silence_holds_nothing_up_on_its_stream() -> None:
    async def story() -> None:
        async with served() as (_, port):
            good = packet(ITEM, 5)
            refusal = good[:8] + b"\xff\xff\xff\xff" + good[12:24] + b"\0\0\0\2" + good[28:]
            reader, writer = await asyncio.open_connection(IP, port)
            writer.write(refusal + good)
            writer.write_eof()
            replies_read = TcpFramer().feed(await reader.read())
            assert [(reply[8:12], code_of(reply)) for reply in replies_read] == [(b"\0\0\0\5", Code.SUCCESS)]
            writer.close()

    run(story)
