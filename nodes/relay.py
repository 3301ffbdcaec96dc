"""The line between a home and one of its readers: MessagePack arrays over a Unix socket, both ways.

    reader -> home   HELLO          it lives
                     DATAGRAM, STREAM    a packet to decide, with its client's address
                     HUNG_UP        a client's stream is closed
                     MEASURED       what it has measured since the last time
                     MORE           a long answer may go on
                     DONE           what was ordered last of a node is done
    home -> reader   ANSWER         packets to a client over UDP, and what may be remembered
                     TURN           the same for a place in the order of a stream's replies
                     TAKE           a node has room again
                     OPEN, BOUNDS, QUIET, LAST, SHUT    orders about a node; OPEN's descriptors come by another socket
                     COUNT          whoever reads the books wants all of it in them

Whoever writes faster than the other reads is told by asyncio (`choked`), and stops taking requests.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from enum import IntEnum
from typing import Any

import msgpack

FRAME_OCTETS_MAX = 1 << 30  # plans and records of our own; nobody else speaks here
BUFFER_OCTETS = 1 << 20
BACKLOG_OCTETS = 256 << 10  # that wait to be written: some two thousand requests, a tenth of a second of a home's work


class Kind(IntEnum):
    """What a frame is."""

    HELLO = 0
    DATAGRAM = 1
    STREAM = 2
    HUNG_UP = 3
    MORE = 4
    DONE = 5
    ANSWER = 6
    TURN = 7
    TAKE = 8
    OPEN = 9
    BOUNDS = 10
    QUIET = 11
    LAST = 12
    SHUT = 13
    COUNT = 14
    MEASURED = 15


Frame = list[Any]


class Relay(asyncio.Protocol):
    """One end of a line. Frames that are said within one turn of the event loop leave in one piece."""

    def __init__(
        self,
        take: Callable[[list[Frame]], None],
        lost: Callable[[], None],
        choked: Callable[[bool], None] = lambda choked: None,
    ) -> None:
        """`take` gets the frames that were read together; `choked` hears when too much waits to be written."""
        self._take, self._lost, self._choked = take, lost, choked
        self._unpacker = msgpack.Unpacker(raw=False, max_buffer_size=FRAME_OCTETS_MAX, strict_map_key=False)
        self._pack = msgpack.Packer(use_bin_type=True).pack
        self._transport: asyncio.Transport | None = None
        self._waiting: list[bytes] = []
        self.open = True

    async def begin(self, sock: socket.socket) -> None:
        """Speak over a connected socket."""
        for option in (socket.SO_SNDBUF, socket.SO_RCVBUF):
            sock.setsockopt(socket.SOL_SOCKET, option, BUFFER_OCTETS)
        await asyncio.get_running_loop().create_connection(lambda: self, sock=sock)

    def say(self, *frame: Any) -> None:
        """Send a frame, unless the other end is gone."""
        if not self.open:
            return
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self.flush)
        self._waiting.append(self._pack(frame))

    def flush(self) -> None:
        """Let go of what was said."""
        if self._waiting and self._transport is not None:
            self._transport.write(b"".join(self._waiting))
            self._waiting.clear()

    def close(self) -> None:
        """End it, now."""
        self.open = False
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio.Protocol."""
        assert isinstance(transport, asyncio.Transport)
        transport.set_write_buffer_limits(high=BACKLOG_OCTETS)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        self._unpacker.feed(data)
        self._take(list(self._unpacker))

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio.Protocol."""
        self.open = False
        self._lost()

    def pause_writing(self) -> None:
        """See asyncio.Protocol."""
        self._choked(True)

    def resume_writing(self) -> None:
        """See asyncio.Protocol."""
        self._choked(False)
