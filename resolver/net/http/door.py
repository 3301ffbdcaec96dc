"""One HTTP server for all nodes of a process: which node is asked is told by the address that was connected to.

    connection -> admitted, or closed    -> head and body, bounded in size and time
               -> the node's address     -> OPTIONS | tunnel | /api/… | pages, or a redirect to /api/…
               -> asked of the node in the protocol's own messages, in this process (Asked)

So caches, limits, challenges, counters (transport `http`), traces and the audit are the node's: one decision path.
What is slow is closed: a connection on which no request has become whole for IDLE_S, however often an octet comes.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import secrets
import ssl
import time
from collections.abc import Awaitable, Callable, Coroutine, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from resolver.errors import OperatorError, PeerError
from resolver.model.route import Route, Series
from resolver.model.value import Reference
from resolver.net.pump import SERIES_AT_ONCE, Caller, Pump, clock
from resolver.rules.petition import MESSAGES_MAX, Say, Terms
from resolver.wire.codes import Code
from resolver.wire.framing import TcpFramer
from resolver.wire.message import MESSAGE_OCTETS_MAX, Message
from resolver.wire.peek import ENVELOPE_OCTETS

BODY_OCTETS_MAX = 1 << 20  # a message has at most 262,144 octets; base64 and JSON around them
BODY_LIMIT_S = 10.0
IDLE_S = 30.0
SWEEP_S = 5.0  # how often idle connections are looked for
CONNECTIONS_MAX = 1_000  # of the whole process
ANSWER_LIMIT_S = 35.0  # a node has given up long before

QUIET = logging.Logger("http", logging.CRITICAL)  # what is no HTTP is the client's matter

Result = TypeVar("Result")
Handler = Callable[["Place", web.BaseRequest], Awaitable[web.StreamResponse]]


@dataclass(slots=True, eq=False)
class Place:
    """A node at its door. `pages`: what is shown at other paths than the API's; none: a redirect to the API.

    `plain_proof`: whether Basic authorisation is heard from this machine without TLS. `prefix`: the first that is homed
    here; `scan`: (handle, packed record) of all that is stored, for searches. `arm` and `take`: trace the request of an
    id, and what was done for it (as nodes.home's /trace shows it). `names`: of nodes, by `IP:port`. `example`: an
    identifier to try. `expect`: have the node wait for a proof of a login on a connection: its number there, the
    request, nonce and the client's nonce. `admit`: somebody has proven elsewhere who they are. `sign`: with the site's
    key; (hash name, signature).
    """

    name: str
    tier: str
    pump: Pump
    pages: Handler | None = None
    plain_proof: bool = True
    prefix: bytes = b""
    scan: Callable[[], Iterator[tuple[bytes, bytes]]] | None = None
    arm: Callable[[int], None] | None = None
    take: Callable[[int], dict[str, Any] | None] | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    example: bytes = b""
    expect: Callable[[Hashable, int, bytes, bytes, bytes], None] | None = None
    admit: Callable[[Hashable, int, Reference], None] | None = None
    sign: Callable[[bytes], tuple[bytes, bytes]] | None = None


class Waiting(Caller):
    """Whoever waits at a door for one answer."""

    def __init__(self) -> None:
        self.said: asyncio.Future[bytes | Series] = asyncio.get_running_loop().create_future()

    def answer(self, packet: bytes) -> None:
        """It has come."""
        if not self.said.done():
            self.said.set_result(packet)

    def answer_with(self, series: Series) -> None:
        """It is a long one."""
        if not self.said.done():
            self.said.set_result(series)


class NoAnswerError(PeerError):
    """The node said nothing."""


@dataclass(slots=True, eq=False)
class Asked:
    """A client of a node within its process: packets in, packets out. It is one connection, until it is hung up.

    `most`: of the packets of a long answer, as many as are wanted.
    """

    pump: Pump
    source: tuple[str, int]
    transport: str
    most: int = MESSAGES_MAX

    async def say(self, packet: bytes) -> list[bytes]:
        """The packets that answer one. PeerError if there is none, or it is too long."""
        if len(packet) > MESSAGE_OCTETS_MAX + ENVELOPE_OCTETS:
            raise PeerError(f"the message has more than {MESSAGE_OCTETS_MAX} octets")
        waiting, now = Waiting(), clock()
        node = self.pump.node
        reply = node.receive_stream(packet, Route(self.transport, self.source, waiting, self), now)
        if reply is not None:
            node.batch_answered(1, time.monotonic_ns() - now.mono_ns, now.wall_ns)
        self.pump.flush()
        if reply is not None:
            if not reply:
                raise NoAnswerError("the node does not answer that")
            return [reply]
        try:
            async with asyncio.timeout(ANSWER_LIMIT_S):
                said = await waiting.said
        except TimeoutError:
            raise NoAnswerError(f"the node did not answer within {ANSWER_LIMIT_S:.0f} s") from None
        if isinstance(said, bytes):
            return [said]
        packets: list[bytes] = []
        for count, parts in enumerate(said.messages):
            packets.append(b"".join(parts))
            if len(packets) >= self.most:
                break
            if count % SERIES_AT_ONCE == 0:
                await asyncio.sleep(0)
        return packets

    async def drive(self, rule: Coroutine[Say, Any, Result]) -> Result:
        """Drive a petition to its end. PeerError as above, or if an answer cannot be understood."""
        answers: list[Message] | None = None
        try:
            while True:
                effect = rule.send(answers)
                packets, answers = await self.say(effect.packet()), []
                for count, packet in enumerate(packets):
                    answers.append(effect.read(packet))
                    if count % SERIES_AT_ONCE == SERIES_AT_ONCE - 1:
                        await asyncio.sleep(0)
        except StopIteration as stop:
            result: Result = stop.value
            return result
        finally:
            rule.close()

    def terms(self) -> Terms:
        """How it talks."""
        return Terms(clock, secrets.token_bytes)

    def hang_up(self) -> None:
        """The request is over."""
        self.pump.node.hung_up(self)


class _Server(web.Server):
    """aiohttp's, with a bound of connections, and of the time in which nothing becomes whole."""

    def __init__(self, handler: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]) -> None:
        super().__init__(
            handler, access_log=None, keepalive_timeout=IDLE_S, lingering_time=0.0, auto_decompress=False, logger=QUIET
        )
        self.heard: dict[RequestHandler, float] = {}  # monotonic s; inf while one is being answered

    def connection_made(self, handler: RequestHandler, transport: asyncio.Transport) -> None:
        super().connection_made(handler, transport)
        if len(self.heard) >= CONNECTIONS_MAX:
            transport.abort()
            return
        self.heard[handler] = time.monotonic()

    def connection_lost(self, handler: RequestHandler, exc: BaseException | None = None) -> None:
        super().connection_lost(handler, exc)
        self.heard.pop(handler, None)

    def sweep(self) -> None:
        """Close what has been idle too long."""
        oldest = time.monotonic() - IDLE_S
        for handler, since in list(self.heard.items()):
            if since < oldest and handler.transport is not None:
                handler.transport.abort()


@dataclass(slots=True, eq=False)
class HttpDoor:
    """The server. `open` lets a node in, `shut` takes one out, `close` shuts it for all."""

    api: Handler
    tunnel: Handler
    asset: Callable[[str], web.Response | None]
    _places: dict[tuple[str, int], Place] = field(default_factory=dict)
    _sites: dict[tuple[str, int], web.TCPSite] = field(default_factory=dict)
    _server: _Server | None = None
    _runner: web.ServerRunner | None = None
    _sweeping: asyncio.Task[None] | None = None

    async def open(self, place: Place, ip: str, port: int, tls: ssl.SSLContext | None = None) -> None:
        """Listen for a node. `tls`: for HTTPS. OperatorError if its address cannot be had."""
        if self._runner is None:
            self._server = _Server(self._handle)
            self._runner = web.ServerRunner(self._server, handle_signals=False)
            await self._runner.setup()
            self._sweeping = asyncio.create_task(self._sweep())
        self._places[ip, port] = place
        site = self._sites[ip, port] = web.TCPSite(self._runner, ip, port, reuse_address=True, ssl_context=tls)
        try:
            await site.start()
        except OSError as error:
            raise OperatorError(
                f"cannot use TCP {ip}:{port} for HTTP: {error.strerror}",
                remedy="End whoever holds it, or set doors.http to another port, or to 0",
            ) from error

    async def shut(self, ip: str, port: int) -> None:
        """Listen no longer at an address, and hang up on whoever came by it."""
        site = self._sites.pop((ip, port), None)
        if site is None:
            return
        await site.stop()
        assert self._server is not None
        for handler in list(self._server.heard):
            transport = handler.transport
            if transport is not None and transport.get_extra_info("sockname")[:2] == (ip, port):
                transport.abort()

    async def close(self) -> None:
        """Stop listening, hang up."""
        if self._sweeping is not None:
            self._sweeping.cancel()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _sweep(self) -> None:
        assert self._server is not None
        while True:
            await asyncio.sleep(SWEEP_S)
            self._server.sweep()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        assert self._server is not None
        connection = request.protocol
        self._server.heard[connection] = float("inf")
        try:
            response = await self._answer(request)
        except Exception as error:  # a bug of ours: this request is lost, and the operator hears of it
            asyncio.get_running_loop().call_exception_handler({"message": "HTTP door", "exception": error})
            response = web.json_response({"responseCode": Code.ERROR, "message": "internal error"}, status=500)
        finally:
            if connection in self._server.heard:
                self._server.heard[connection] = time.monotonic()
        for name, value in CORS.items():
            response.headers.setdefault(name, value)
        return response

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        transport = request.transport
        if transport is None:  # gone already
            return web.Response(status=400)
        place = self._places[transport.get_extra_info("sockname")[:2]]
        if request.method == "OPTIONS":
            return web.Response(headers=PREFLIGHT)
        if is_tunnel(request):
            return await self.tunnel(place, request)
        path, _ = target_of(request)
        if path == "/openapi.json":  # where programs look for it
            return web.Response(status=302, headers={"Location": "/api/openapi.json"})
        if path.startswith("/api/assets/"):
            return self.asset(path.removeprefix("/api/assets/")) or web.Response(status=404)
        if path == "/api" or path.startswith(("/api/", "/hrls/")):
            return await self.api(place, request)
        if place.pages is not None:
            return await place.pages(place, request)
        if request.method not in ("GET", "HEAD"):
            return web.Response(status=405, headers={"Allow": "GET, HEAD"})
        return web.Response(status=302, headers={"Location": "/api/handles" + path if path != "/" else "/api/site"})


CORS = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Content-Length, WWW-Authenticate"}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST, HEAD, PUT, DELETE",
    "Access-Control-Allow-Headers": "X-Requested-With, Authorization, Origin, Accept, Content-Type",
    "Access-Control-Max-Age": "86400",
}
MESSAGE_TYPE = "application/x-hdl-message"


def target_of(request: web.BaseRequest) -> tuple[str, str]:
    """Path and query of a request as they were sent, whether its target began with a slash or, as for a proxy, with
    `http://` and a host (RFC 9112 §3.2.2).
    """
    path, _, query = request.raw_path.partition("?")
    scheme, mark, rest = path.partition("://")
    if mark and scheme.lower() in ("http", "https"):
        path = "/" + rest.partition("/")[2]
    return path, query


def is_tunnel(request: web.BaseRequest) -> bool:
    """Whether a request carries a message of the protocol (behaviour.md §4.1)."""
    return request.method == "POST" and request.content_type == MESSAGE_TYPE


async def body_of(request: web.BaseRequest) -> bytes:
    """A request's body. HTTP errors: 413 if it is too long, 408 if it does not come."""
    if (request.content_length or 0) > BODY_OCTETS_MAX:
        raise web.HTTPRequestEntityTooLarge(BODY_OCTETS_MAX, request.content_length or 0)
    octets = bytearray()
    try:
        async with asyncio.timeout(BODY_LIMIT_S):
            async for chunk in request.content.iter_any():
                octets += chunk
                if len(octets) > BODY_OCTETS_MAX:
                    raise web.HTTPRequestEntityTooLarge(BODY_OCTETS_MAX, len(octets))
    except TimeoutError:
        raise web.HTTPRequestTimeout(text="the body did not come in time\n") from None
    return bytes(octets)


def source_of(request: web.BaseRequest) -> tuple[str, int]:
    """Who asks: address and port."""
    peer = request.transport.get_extra_info("peername") if request.transport is not None else None
    return (peer[0], peer[1]) if peer else ("", 0)


def is_secure(request: web.BaseRequest) -> bool:
    """Whether it came over TLS."""
    return request.transport is not None and request.transport.get_extra_info("ssl_object") is not None


def is_local(source: tuple[str, int]) -> bool:
    """Whether it came from this machine."""
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(source[0]).is_loopback
    return False


async def tunnel(place: Place, request: web.BaseRequest) -> web.StreamResponse:
    """POST of a message: it goes to the node as it is, and so does the answer come back (behaviour.md §4.1)."""
    octets = await body_of(request)
    asked = Asked(place.pump, source_of(request), "http")
    try:
        framer = TcpFramer()
        packets = framer.feed(octets)
        if len(packets) != 1:
            raise PeerError("one whole message is wanted")
        framer.close()
        answer = b"".join(await asked.say(packets[0]))
    except NoAnswerError:
        return web.Response(status=504)
    except PeerError as error:
        answer = place.pump.node.refuse_stream(error, clock(), asked.transport)
    finally:
        asked.hang_up()
    return web.Response(body=answer, content_type=MESSAGE_TYPE)
