"""A line to one server: drives a petition, and moves its packets over UDP or TCP.

UDP   a socket for each message; sent again after each wait, made anew each time; what cannot be read or believed
      brings the next sending at once (behaviour.md §3.3)
TCP   one connection, kept while the server keeps it; answers of several messages are read to their end
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

import asyncio_dgram

from resolver.errors import PeerError, Unreachable
from resolver.model.now import NS_PER_S
from resolver.rules.petition import MESSAGES_MAX, Say
from resolver.rules.selection import UDP_WAITS_NS
from resolver.wire import peek
from resolver.wire.codes import OpFlag
from resolver.wire.framing import Reassembler, TcpFramer, split
from resolver.wire.message import Message

READ_OCTETS = 65_536
PATIENCE_S = 30.0  # for one message over TCP: the other side may have to ask others before it answers

UNDECODED = b"\xff\xff\xff\xff"  # the request id of an answer to what could not be read

Result = TypeVar("Result")


class Hangup(Unreachable):
    """A connection that had been used before was closed instead of an answer."""


class Line:
    """A way to one server. Close it when done; it may be used again after that."""

    def __init__(
        self,
        server: tuple[str, int],
        *,
        tcp: bool = False,
        patience_s: float = PATIENCE_S,
        udp_waits_ns: tuple[int, ...] = UDP_WAITS_NS,
    ) -> None:
        """`tcp`: over TCP alone; else UDP first, and TCP if nobody answers there."""
        self.server = server
        self.tcp = tcp
        self._patience_s = patience_s
        self._udp_waits_ns = udp_waits_ns
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._framer = TcpFramer()
        self._waiting: list[bytes] = []  # packets that have come and were not taken yet
        self._turn = asyncio.Lock()

    @property
    def name(self) -> str:
        """`IP:port`."""
        host, port = self.server
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    @property
    def connected(self) -> bool:
        """Whether there is a TCP connection that the server has not closed."""
        return self._reader is not None and not self._reader.at_eof()

    def close(self) -> None:
        """Hang up."""
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None
        self._framer = TcpFramer()
        self._waiting.clear()

    async def drive(self, rule: Coroutine[Say, Any, Result]) -> Result:
        """Drive a rule to its end; what it returns. Unreachable if nobody answers one of its messages; PeerError if
        what answers over TCP cannot be understood or believed.
        """
        async with self._turn:
            answers: Sequence[Message] | None = None
            try:
                while True:
                    effect = rule.send(answers)
                    answers = await self._say(effect)
            except StopIteration as stop:
                result: Result = stop.value
                return result
            finally:
                rule.close()

    async def _say(self, say: Say) -> Sequence[Message]:
        if not self.tcp and not say.stream_only:
            message = await self._by_datagram(say)
            if message is not None:
                return (message,)
        return await self._by_stream(say)

    async def _by_datagram(self, say: Say) -> Message | None:
        try:
            socket = await asyncio_dgram.connect(self.server)
        except OSError as error:
            raise Unreachable(f"cannot send to {self.name}: {error.strerror}") from error
        try:
            for wait_ns in self._udp_waits_ns:
                fragments = Reassembler()
                try:
                    for part in split(say.packet()):
                        await socket.send(part)
                    async with asyncio.timeout(wait_ns / NS_PER_S):
                        while True:
                            datagram, _ = await socket.recv()
                            whole = whole_response(datagram, say.request_id, fragments)
                            if whole is not None:
                                return say.read(whole)
                except (TimeoutError, PeerError, OSError):
                    continue
        finally:
            socket.close()
        return None

    async def _by_stream(self, say: Say) -> Sequence[Message]:
        if self.connected:
            try:
                return await self._over_connection(say)
            except Hangup:
                pass  # it had closed before it heard us: the reference closes after each answer
        return await self._over_connection(say)

    async def _over_connection(self, say: Say) -> Sequence[Message]:
        used = self.connected
        try:
            async with asyncio.timeout(self._patience_s):
                if not used:
                    self.close()
                    self._reader, self._writer = await asyncio.open_connection(*self.server)
                assert self._writer is not None
                self._writer.write(say.packet())
                await self._writer.drain()
                messages = [say.read(await self._packet(say.request_id))]
        except TimeoutError:
            self.close()
            raise Unreachable(f"{self.name} did not answer") from None
        except OSError as error:
            self.close()
            kind = Hangup if used else Unreachable
            raise kind(f"{self.name}: {error.strerror or error}") from error
        except PeerError:
            self.close()
            raise
        while messages[-1].header.flags & OpFlag.CONTINUED and len(messages) < MESSAGES_MAX:
            try:
                async with asyncio.timeout(self._patience_s):
                    messages.append(say.read(await self._packet(say.request_id)))
            except (TimeoutError, OSError, PeerError) as error:
                self.close()
                raise Unreachable(f"{self.name}: the answer broke off after {len(messages)} messages") from error
        return messages

    async def _packet(self, request_id: int) -> bytes:
        """The next whole packet that answers a request. Others are passed over: nobody waits for them any more."""
        assert self._reader is not None
        while True:
            while self._waiting:
                packet = self._waiting.pop(0)
                if peek.request_id(packet) == request_id or packet[peek.REQUEST_ID] == UNDECODED:
                    return packet
            octets = await self._reader.read(READ_OCTETS)
            if not octets:
                raise ConnectionError("closed the connection without an answer")
            self._waiting.extend(self._framer.feed(octets))


def whole_response(datagram: bytes, request_id: int, fragments: Reassembler) -> bytes | None:
    """The whole response once all of it has come; None for what belongs to something else or is not complete."""
    if len(datagram) < peek.ENVELOPE_OCTETS or peek.request_id(datagram) != request_id:
        return None
    if int.from_bytes(datagram[16:20], "big") <= len(datagram) - peek.ENVELOPE_OCTETS:
        return datagram
    return fragments.add(request_id, datagram, time.monotonic_ns())
