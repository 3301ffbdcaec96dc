"""`biaoshi tap`: everything passes as it is, and is said."""

from __future__ import annotations

import asyncio
import random
import socket
import threading
from collections.abc import Callable, Coroutine

import pytest
from playbook import TEACHING, filled_store

from biaoshi import cli
from biaoshi.tap import Heard, Tap
from nodes.config import load_network
from nodes.kinds import KINDS
from nodes.parts import Parts
from resolver.errors import OperatorError
from resolver.model.question import Question
from resolver.net.client import ask
from resolver.net.pump import Pump

PLAN = load_network(TEACHING)
ITEM, LONG = Question(b"88.118.8/JXDY2106023"), Question(b"88.300.35/BATCH-2025-04")
IP = "127.0.0.1"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((IP, 0))
        port: int = probe.getsockname()[1]
        return port


def run(
    story: Callable[[Tap, list[Heard], int], Coroutine[None, None, None]], name: str = "enterprise-88.118.8"
) -> None:
    async def whole() -> None:
        plan = PLAN.node(name)
        node = KINDS[plan.tier](Parts(plan, filled_store(plan), random.Random(1).randbytes, {}))
        pump, port, heard = Pump(node, IP), free_port(), []
        await pump.open((port,))
        tap = Tap((IP, free_port()), (IP, port), heard.append)
        await tap.open()
        try:
            await story(tap, heard, tap.listen[1])
        finally:
            await tap.close()
            await pump.close()

    asyncio.run(asyncio.wait_for(whole(), 30))


@pytest.mark.parametrize("tcp", [False, True])
def test_answers_come_through_and_both_ways_are_heard(tcp: bool) -> None:
    async def story(tap: Tap, heard: list[Heard], port: int) -> None:
        exchange = await ask((IP, port), ITEM, tcp=tcp)
        assert exchange.code == 1
        assert [(each.transport, each.to_server) for each in heard] == [
            ("tcp" if tcp else "udp", side) for side in (True, False)
        ]
        assert len(heard[1].packet) == exchange.octets_in
        assert tap.packets == 2

    run(story)


def test_parts_of_long_answers_and_many_clients_find_their_way() -> None:
    async def story(tap: Tap, heard: list[Heard], port: int) -> None:
        answers = await asyncio.gather(*(ask((IP, port), LONG) for _ in range(20)))
        assert {answer.code for answer in answers} == {1}
        assert sum(not each.to_server for each in heard) == 60

    run(story, "enterprise-88.300.35")


def test_what_cannot_be_understood_passes_too() -> None:
    async def story(tap: Tap, heard: list[Heard], port: int) -> None:
        reader, writer = await asyncio.open_connection(IP, port)
        writer.write(b"\xff" * 40)
        assert await reader.read(1_000)
        assert b"".join(each.packet for each in heard if each.to_server) == b"\xff" * 40
        writer.close()

    run(story)


def test_nobody_behind_it_is_no_end(capsys: pytest.CaptureFixture[str]) -> None:
    async def story() -> None:
        tap = Tap((IP, free_port()), (IP, free_port()), lambda heard: None)
        await tap.open()
        reader, _ = await asyncio.open_connection(*tap.listen)
        assert await reader.read() == b""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            for _ in range(3):
                client.sendto(b"anybody there?", tap.listen)
                await asyncio.sleep(0.02)
        assert tap.packets == 3
        await tap.close()

    asyncio.run(asyncio.wait_for(story(), 30))


def test_an_address_that_is_taken_or_none(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind((IP, 0))
        taken.listen()

        async def story() -> None:
            with pytest.raises(OperatorError, match="LISTEN"):
                await Tap(taken.getsockname(), (IP, 1), lambda heard: None).open()

        asyncio.run(story())
    with pytest.raises(SystemExit) as ended:
        cli.main(["tap", "nowhere:x", "127.0.0.1:2641"])
    assert ended.value.code == 2


def test_it_speaks_to_people(capsys: pytest.CaptureFixture[str]) -> None:
    port = free_port()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.bind((IP, 0))

        timer = threading.Timer(0.4, lambda: client.sendto(bytes.fromhex("0203"), (IP, port)))
        timer.start()
        with pytest.raises(SystemExit):
            cli.main(["tap", f"{IP}:{port}", f"{IP}:{free_port()}", "--seconds", "1", "--explain"])
    printed = capsys.readouterr().out
    assert "client -> server" in printed
    assert "unreadable" in printed
    assert "not understood" in printed
