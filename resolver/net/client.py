"""Asking one server, as a client: UDP with retries, then TCP if wanted. The library's UDP rides on asyncio-dgram.

The decisions of a whole resolution are not here (resolver/rules/resolution.py): this asks whom it is told to ask.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import asyncio_dgram

from resolver.errors import PeerError, Unreachable
from resolver.model.now import NS_PER_S
from resolver.model.question import Answer, Question
from resolver.net.line import whole_response
from resolver.net.pump import clock
from resolver.rules import replies, signing
from resolver.rules.keys import VerifyingKey
from resolver.rules.selection import TCP_WAITS_NS, UDP_WAITS_NS
from resolver.wire import peek
from resolver.wire.codes import OpFlag
from resolver.wire.framing import Reassembler, TcpFramer, split
from resolver.wire.message import Message, decode, encode

READ_OCTETS = 65_536
REQUEST_ID_MAX = 0x7FFFFFFF


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question and its answer: both packets, over what, how many octets, when (monotonic nanoseconds)."""

    answer: Answer
    message: Message
    request: bytes
    response: bytes
    transport: str
    octets_out: int
    octets_in: int
    started_mono_ns: int
    ended_mono_ns: int

    @property
    def code(self) -> int:
        """The response code."""
        return self.message.header.code

    @property
    def authoritative(self) -> bool:
        """Whether the answer comes from a primary itself."""
        return bool(self.message.header.flags & OpFlag.AUTHORITATIVE)


def new_request_id() -> int:
    """An unguessable request id, as the reference client chooses them: 1 to 2**31 - 1."""
    return 1 + secrets.randbelow(REQUEST_ID_MAX)


async def ask(
    server: tuple[str, int],
    question: Question,
    *,
    key: VerifyingKey | None = None,
    tcp: bool = False,
    request_id: int | None = None,
    udp_waits_ns: tuple[int, ...] = UDP_WAITS_NS,
    tcp_wait_ns: int = TCP_WAITS_NS[0],
) -> Exchange:
    """Ask `server` (address, port) and wait for its answer.

    Over UDP the question is sent once for each wait, then once over TCP (large networks lose fragments); with `tcp`
    over TCP alone. `key`: the one in the server's HS_SITE; then the answer is to be certified, and one that this key
    did not sign, or that answers another request, is as good as none. Unreachable if nobody answers; PeerError if what
    answers over TCP cannot be understood or believed.
    """
    if request_id is None:
        request_id = new_request_id()
    if key is not None:
        question = replace(question, certify=True)
    request = replies.request_message(question, request_id, clock())
    packet = encode(request)

    def understand(response: bytes) -> Message:
        message = decode(response)
        if key is not None:
            signing.check(request, message, key)
        return message

    if not tcp:
        exchange = await _ask_udp(server, packet, understand, udp_waits_ns)
        if exchange is not None:
            return exchange
    return await _ask_tcp(server, packet, understand, tcp_wait_ns)


async def say(server: tuple[str, int], packet: bytes, *, tcp: bool, waits_ns: tuple[int, ...]) -> Exchange:
    """Send this very packet, over UDP once for each wait or over TCP, and wait for its answer.

    Unreachable if nobody answers; PeerError if what answers over TCP cannot be understood.
    """
    if tcp:
        return await _ask_tcp(server, packet, decode, waits_ns[0])
    exchange = await _ask_udp(server, packet, decode, waits_ns)
    if exchange is None:
        raise Unreachable(f"{server[0]}:{server[1]} did not answer")
    return exchange


async def _ask_udp(
    server: tuple[str, int], packet: bytes, understand: Callable[[bytes], Message], waits_ns: tuple[int, ...]
) -> Exchange | None:
    started_ns = time.monotonic_ns()
    parts = split(packet)
    fragments = Reassembler()
    octets_out = octets_in = 0
    try:
        stream = await asyncio_dgram.connect(server)
    except OSError as error:
        raise Unreachable(f"cannot send to {server[0]}:{server[1]}: {error.strerror}") from error
    try:
        for wait_ns in waits_ns:
            try:
                for part in parts:
                    await stream.send(part)  # raises what became of the send before it, too
                    octets_out += len(part)
                async with asyncio.timeout(wait_ns / NS_PER_S):
                    while True:
                        datagram, _ = await stream.recv()
                        octets_in += len(datagram)
                        whole = whole_response(datagram, peek.request_id(packet), fragments)
                        if whole is not None:
                            return _exchange(understand(whole), packet, whole, "udp", octets_out, octets_in, started_ns)
            except (TimeoutError, PeerError, OSError):
                continue  # lost, unreadable or refused: the next send may fare better
    finally:
        stream.close()
    return None


async def _ask_tcp(
    server: tuple[str, int], packet: bytes, understand: Callable[[bytes], Message], wait_ns: int
) -> Exchange:
    started_ns = time.monotonic_ns()
    name = f"{server[0]}:{server[1]}"
    try:
        async with asyncio.timeout(wait_ns / NS_PER_S):
            reader, writer = await asyncio.open_connection(*server)
            try:
                writer.write(packet)
                framer = TcpFramer()
                while octets := await reader.read(READ_OCTETS):
                    for whole in framer.feed(octets):
                        if whole[peek.REQUEST_ID] == packet[peek.REQUEST_ID]:
                            return _exchange(
                                understand(whole), packet, whole, "tcp", len(packet), len(whole), started_ns
                            )
                raise Unreachable(f"{name} closed the connection without an answer")
            finally:
                writer.close()
    except TimeoutError:
        raise Unreachable(f"{name} did not answer") from None
    except OSError as error:
        raise Unreachable(f"{name}: {error.strerror or error}") from error


def _exchange(
    message: Message,
    request: bytes,
    response: bytes,
    transport: str,
    octets_out: int,
    octets_in: int,
    started_ns: int,
) -> Exchange:
    answer = replies.answer_of(message)
    ended_ns = time.monotonic_ns()
    return Exchange(answer, message, request, response, transport, octets_out, octets_in, started_ns, ended_ns)
