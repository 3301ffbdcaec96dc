"""What happens, told to every page that looks on: one line of server-sent events, written once for all of them.

    Hub      pages come and go; each has a short queue, and one that does not read loses the oldest of it
    Poller   reads the network once for all of them, and not at all while nobody looks

A picture is what holds at a moment, so a page that missed one misses nothing once it has the next.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

from aiohttp import web

PAGES_MAX = 256
QUEUE_MAX = 32
INTERVAL_S = 1.0
POLLING_SHARE = 0.1  # of a time, at most, goes into reading; a nation takes longer to read, and is read less often
INTERVAL_S_MAX = 15.0
QUIET_S = 15.0  # then a comment is written, so that a page that has gone is noticed
WRITING_S = 20.0  # a page that takes nothing for so long is gone


class TooMany(Exception):
    """More pages than are served at once."""


class Hub:
    """Everybody who looks on. Not for threads, but for `tell`."""

    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[bytes | None]] = set()
        self._somebody = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._last: dict[str, bytes] = {}  # by kind: what a page that comes gets at once

    @property
    def pages(self) -> int:
        """How many look on."""
        return len(self._queues)

    async def somebody(self) -> None:
        """Wait until somebody looks on."""
        await self._somebody.wait()

    def publish(self, kind: str, document: Any, *, keep: bool = False) -> None:
        """Tell everybody. `keep`: whoever comes later is told, too, until something newer of that kind is."""
        octets = f"event: {kind}\ndata: {json.dumps(document, ensure_ascii=False)}\n\n".encode()
        if keep:
            self._last[kind] = octets
        for queue in self._queues:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(octets)

    def tell(self, kind: str, document: Any, *, keep: bool = False) -> None:
        """The same, from another thread."""
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody is there to be told
            self._loop.call_soon_threadsafe(lambda: self.publish(kind, document, keep=keep))

    def forget(self, kind: str) -> None:
        """What was kept of a kind holds no more."""
        self._last.pop(kind, None)

    @contextlib.contextmanager
    def looking(self) -> Iterator[asyncio.Queue[bytes | None]]:
        """A queue of what is published, for as long as the block. TooMany beyond PAGES_MAX."""
        if len(self._queues) >= PAGES_MAX:
            raise TooMany
        queue: asyncio.Queue[bytes | None] = asyncio.Queue(QUEUE_MAX)
        for octets in self._last.values():
            queue.put_nowait(octets)
        self._queues.add(queue)
        self._somebody.set()
        try:
            yield queue
        finally:
            self._queues.discard(queue)
            if not self._queues:
                self._somebody.clear()
                self._last.pop("picture", None)  # old by the time that somebody comes

    def close(self) -> None:
        """Send everybody home."""
        for queue in self._queues:
            while queue.full():
                queue.get_nowait()
            queue.put_nowait(None)


async def stream(hub: Hub, request: web.Request) -> web.StreamResponse:
    """GET /api/events: what happens, until the page goes."""
    try:
        with hub.looking() as queue:
            response = web.StreamResponse(headers={"Content-Type": "text/event-stream; charset=utf-8"})
            await response.prepare(request)
            async for octets in _said(queue):
                async with asyncio.timeout(WRITING_S):
                    await response.write(octets)
    except TooMany:
        return web.json_response({"error": f"more than {PAGES_MAX} pages look on already"}, status=503)
    except (TimeoutError, ConnectionError):
        pass  # it has gone
    return response


async def _said(queue: asyncio.Queue[bytes | None]) -> AsyncIterator[bytes]:
    yield b"retry: 2000\n\n"
    while True:
        try:
            async with asyncio.timeout(QUIET_S):
                octets = await queue.get()
        except TimeoutError:
            octets = b": quiet\n\n"
        if octets is None:
            return
        yield octets


async def poll(hub: Hub, read: Callable[[], Awaitable[Any]], *, interval_s: float = INTERVAL_S) -> None:
    """Publish what `read` brings, as `picture`, for ever; while nobody looks, read nothing."""
    while True:
        await hub.somebody()
        began = time.monotonic()
        document = await read()
        took_s = time.monotonic() - began
        if hub.pages:
            hub.publish("picture", document, keep=True)
        await asyncio.sleep(max(interval_s - took_s, min(INTERVAL_S_MAX, took_s / POLLING_SHARE)))
