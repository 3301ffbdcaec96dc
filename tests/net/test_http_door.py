"""What the HTTP server itself bounds: connections that never finish a request, and how many there are."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from resolver.net.http import door
from resolver.net.http.door import HttpDoor, Place

pytestmark = pytest.mark.network


async def answer(place: Place, request: web.BaseRequest) -> web.StreamResponse:
    return web.Response(text=place.name)


@contextlib.asynccontextmanager
async def serving() -> AsyncIterator[HttpDoor]:
    server = HttpDoor(answer, answer, lambda name: None)
    place = Place("here", "recursive", None, pages=answer)  # type: ignore[arg-type]
    await server.open(place, "127.0.0.1", 0)
    try:
        yield server
    finally:
        await server.close()


def port_of(server: HttpDoor) -> int:
    assert server._runner is not None
    ip, port = server._runner.addresses[0][:2]
    server._places[ip, port] = server._places["127.0.0.1", 0]
    return port


def test_a_request_that_never_becomes_whole_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "IDLE_S", 0.2)
    monkeypatch.setattr(door, "SWEEP_S", 0.05)

    async def dribble() -> None:
        async with serving() as server, asyncio.timeout(30):
            reader, writer = await asyncio.open_connection("127.0.0.1", port_of(server))
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n")
            with contextlib.suppress(ConnectionError):
                while not reader.at_eof():  # an octet every now and then does not help
                    writer.write(b"X")
                    await writer.drain()
                    await asyncio.sleep(0.01)
            writer.close()

    asyncio.run(dribble())


def test_a_mistake_of_ours_costs_one_request_and_the_operator_hears_of_it() -> None:
    async def stumble(place: Place, request: web.BaseRequest) -> web.StreamResponse:
        raise ZeroDivisionError

    async def ask() -> None:
        heard: list[dict[str, object]] = []
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: heard.append(context))
        async with serving() as server, asyncio.timeout(30):
            port = port_of(server)
            server.api = stumble
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            for path, status in ((b"/api/site", b"500"), (b"/", b"200")):
                writer.write(b"GET " + path + b" HTTP/1.1\r\nHost: x\r\n\r\n")
                assert (await reader.readline()).split()[1] == status
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length"))
                await reader.readexactly(int(length.split(b":")[1]))
            writer.close()
        assert [type(each["exception"]) for each in heard] == [ZeroDivisionError]

    asyncio.run(ask())


def test_beyond_the_bound_a_connection_is_closed_and_the_others_are_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "CONNECTIONS_MAX", 2)

    async def crowd() -> None:
        async with serving() as server, asyncio.timeout(30):
            port = port_of(server)
            first = [await asyncio.open_connection("127.0.0.1", port) for _ in range(2)]
            for reader, writer in first:
                writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                assert (await reader.readline()).startswith(b"HTTP/1.1 200")
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            with contextlib.suppress(ConnectionError):
                writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                assert await reader.read() == b""
            for _, each in first:
                each.close()

    asyncio.run(crowd())
