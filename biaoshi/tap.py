"""Between a client and a server of the Handle protocol: passes everything on as it is, and says what each packet is.

    client -> LISTEN (UDP and TCP) -> TARGET

Nothing is altered, held back or answered: what cannot be understood passes like all else. A client's datagrams leave
from a socket of its own, so that answers find their way back.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable
from typing import NamedTuple

from resolver.errors import OperatorError, PeerError
from resolver.net.sockets import family_of
from resolver.wire.framing import TcpFramer

CLIENTS_MAX = 1_000  # UDP clients whose answers find their way back; the longest silent is forgotten
STREAMS_MAX = 1_000
READ_OCTETS = 65_536

Address = tuple[str, int]


class Heard(NamedTuple):
    """A packet on its way: over `udp` or `tcp`, whose conversation (the client's address), which way, its octets."""

    transport: str
    client: Address
    to_server: bool
    packet: bytes


Tell = Callable[[Heard], None]


class Tap:
    """A tap at an address. `packets`: how many it has heard."""

    def __init__(self, listen: Address, target: Address, tell: Tell) -> None:
        self.listen, self.target = listen, target
        self.packets = 0
        self._tell = tell
        self._server: asyncio.Server | None = None
        self._door: asyncio.DatagramTransport | None = None
        self._streams: set[asyncio.Task[None]] = set()
        self._behind: dict[Address, socket.socket] = {}

    async def open(self) -> None:
        """Listen. OperatorError if the address cannot be had."""
        loop = asyncio.get_running_loop()
        try:
            self._server = await asyncio.start_server(self._stream, *self.listen)
            self._door, _ = await loop.create_datagram_endpoint(lambda: _Front(self), local_addr=self.listen)
        except OSError as error:
            await self.close()
            raise OperatorError(
                f"{error.strerror or error}",
                key="LISTEN",
                value=f"{self.listen[0]}:{self.listen[1]}",
                remedy="Take a free address",
            ) from None

    async def close(self) -> None:
        """Hang up everywhere."""
        if self._server is not None:
            self._server.close()
        if self._door is not None:
            self._door.close()
        for client in list(self._behind):
            self._forget(client)
        streams = list(self._streams)
        for stream in streams:
            stream.cancel()
        await asyncio.gather(*streams, return_exceptions=True)

    def hear(self, transport: str, client: Address, to_server: bool, packet: bytes) -> None:
        """Say that a packet passes."""
        self.packets += 1
        self._tell(Heard(transport, client, to_server, packet))

    # -- UDP ------------------------------------------------------------------------------------------------------

    def pass_on(self, client: Address, packet: bytes) -> None:
        """A datagram of a client, to the server."""
        behind = self._behind.pop(client, None) or self._socket_for(client)
        if behind is None:
            return
        self._behind[client] = behind  # the last one spoken to
        with contextlib.suppress(OSError):  # as a network loses it
            behind.send(packet)

    def _socket_for(self, client: Address) -> socket.socket | None:
        if len(self._behind) >= CLIENTS_MAX:
            self._forget(next(iter(self._behind)))
        behind = socket.socket(family_of(self.target[0]), socket.SOCK_DGRAM)
        try:
            behind.setblocking(False)
            behind.connect(self.target)
        except OSError:
            behind.close()
            return None
        asyncio.get_running_loop().add_reader(behind, self._answered, client, behind)
        return behind

    def _forget(self, client: Address) -> None:
        behind = self._behind.pop(client)
        asyncio.get_running_loop().remove_reader(behind)
        behind.close()

    def _answered(self, client: Address, behind: socket.socket) -> None:
        with contextlib.suppress(OSError):
            self.pass_back(client, behind.recv(READ_OCTETS))

    def pass_back(self, client: Address, packet: bytes) -> None:
        """A datagram of the server, to its client."""
        self.hear("udp", client, False, packet)
        if self._door is not None:
            self._door.sendto(packet, client)

    # -- TCP ------------------------------------------------------------------------------------------------------

    async def _stream(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        if len(self._streams) >= STREAMS_MAX:
            writer.close()
            return
        self._streams.add(task)
        client: Address = writer.get_extra_info("peername")[:2]
        try:
            there, thither = await asyncio.open_connection(*self.target)
        except OSError:
            writer.close()
            self._streams.discard(task)
            return
        try:
            await asyncio.gather(
                self._copy(reader, thither, client, to_server=True), self._copy(there, writer, client, to_server=False)
            )
        finally:
            self._streams.discard(task)
            for each in (writer, thither):
                each.close()

    async def _copy(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, client: Address, *, to_server: bool
    ) -> None:
        framer: TcpFramer | None = TcpFramer()
        with contextlib.suppress(OSError):
            while octets := await reader.read(READ_OCTETS):
                writer.write(octets)
                await writer.drain()
                if framer is not None:
                    framer = self._framed(framer, octets, client, to_server)
            writer.write_eof()

    def _framed(self, framer: TcpFramer, octets: bytes, client: Address, to_server: bool) -> TcpFramer | None:
        """Say which packets pass; None when nothing behind can be told apart any more."""
        try:
            while packets := framer.feed(octets):
                octets = b""
                for packet in packets:
                    self.hear("tcp", client, to_server, packet)
        except PeerError:
            self.hear("tcp", client, to_server, framer.take())
            return None
        return framer


class _Front(asyncio.DatagramProtocol):
    """Where clients send to."""

    def __init__(self, tap: Tap) -> None:
        self._tap = tap

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """A datagram of a client."""
        self._tap.hear("udp", addr[:2], True, data)
        self._tap.pass_on(addr[:2], data)
