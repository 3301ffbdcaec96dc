"""How request octets leave and whole answers come back: one link leads to one target over one socket at a time.

A link neither waits nor retries. UDP: what cannot leave at once raises, and the engine decides. TCP: requests queue
behind each other as on any stream, many of them at a time (pipelined); what the kernel does not take yet is kept, and
the link stands in `Watch.waiting` until it is taken. A connection that ends is opened again for the next request; what
was under way on it stays unanswered, and counts as that.
"""

from __future__ import annotations

import re
import socket
import struct
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from struct import Struct
from typing import Protocol

from resolver.errors import OperatorError, PeerError
from resolver.wire.framing import Reassembler, TcpFramer
from resolver.wire.peek import ENVELOPE_OCTETS

RECEIVE_BUFFER_OCTETS = 4 << 20  # asked for; the kernel gives at most net.core.rmem_max
DATAGRAM_OCTETS_MAX = 65_536
STREAM_READ_OCTETS = 65_536
UNSENT_OCTETS_MAX = 1 << 20  # kept for one connection; a generator that far ahead of the network is told so

HTTP_OCTETS_MAX = 1 << 20  # of a response that has begun; a message has at most 262,144
MESSAGE_TYPE = b"application/x-hdl-message"
_HEAD_END, _LENGTH = b"\r\n\r\n", re.compile(rb"\r\ncontent-length: *(\d{1,7})(?=\r|$)")
_ENVELOPE = Struct(">8xI4xI")  # request id, message length
_SO_MEMINFO, _MEMINFO, _DROPS = 55, Struct("9I"), 8  # linux/sock_diag.h: SK_MEMINFO_DROPS

Packet = tuple[bytearray | bytes, int]  # a whole answer: the first so many octets of a buffer


class Link(Protocol):
    """One way to a target."""

    @property
    def send(self) -> Callable[[bytearray], object]:
        """Send one request, whole; its octets may change afterwards.

        BlockingIOError if it cannot leave now; ConnectionRefusedError if nobody listens there (over UDP an earlier
        request has found out), and this one was not sent; any other OSError if it cannot leave at all.
        """
        ...

    def ready(self) -> bool:
        """Whether requests leave at once: the connection stands, or none is needed."""
        ...

    def flush(self) -> None:
        """Hand the kernel what waits."""
        ...

    def drops(self) -> int:
        """Answers that found the receive buffer full. 0 where the kernel does not tell, or keeps them."""
        ...

    def close(self) -> None:
        """Give the socket back."""
        ...


Receive = Callable[[int], Sequence[Packet]]


class Watch(Protocol):
    """Who looks after the sockets of links.

    It calls `receive(now_ns)` of a descriptor that has something to read, which gives what has come, good until the
    next call; BlockingIOError: nothing has; ConnectionError: nobody listens there, or no longer.
    """

    waiting: set[Link]

    def add(self, descriptor: int, receive: Receive) -> None:
        """Watch a socket."""
        ...

    def remove(self, descriptor: int) -> None:
        """Watch it no longer; it is about to be closed."""
        ...


class UdpLink:
    """A socket that talks to one address only: the kernel keeps everybody else's packets away."""

    def __init__(self, target: tuple[str, int], timeout_ns: int, watch: Watch) -> None:
        self._socket = _opened(target, socket.SOCK_DGRAM)
        self.descriptor = self._socket.fileno()
        self._buffer = bytearray(DATAGRAM_OCTETS_MAX)
        self._reassembler = Reassembler(wait_ns=timeout_ns)
        self.send = self._socket.send
        watch.add(self.descriptor, self._receive)

    def _receive(self, now_ns: int) -> Sequence[Packet]:
        return self.whole(self._buffer, self._socket.recv_into(self._buffer), now_ns)

    def whole(self, datagram: bytearray | bytes, octets: int, now_ns: int) -> Sequence[Packet]:
        """The answer that is whole with this datagram, in its first `octets` octets, if one is."""
        if octets < ENVELOPE_OCTETS:
            return ((datagram, octets),)
        request_id, length = _ENVELOPE.unpack_from(datagram)
        if octets == ENVELOPE_OCTETS + length:
            return ((datagram, octets),)
        part = bytes(datagram[:octets])
        try:
            whole = self._reassembler.add(request_id, part, now_ns)
        except PeerError:
            whole = part
        return () if whole is None else ((whole, len(whole)),)

    def ready(self) -> bool:
        return True

    def flush(self) -> None:
        """A datagram waits nowhere."""

    def drops(self) -> int:
        if sys.platform != "linux":
            return 0
        try:
            counters = _MEMINFO.unpack(self._socket.getsockopt(socket.SOL_SOCKET, _SO_MEMINFO, _MEMINFO.size))
        except (OSError, struct.error):
            return 0
        return int(counters[_DROPS])

    def close(self) -> None:
        self._socket.close()


class Framer(Protocol):
    """Cuts what comes on a connection into packets."""

    def feed(self, octets: bytes) -> list[bytes]:
        """The packets that are whole now. PeerError if there can be no more."""
        ...


class TcpLink:
    """A connection, and the next one when it has ended."""

    framer: Callable[[], Framer] = TcpFramer

    def __init__(self, target: tuple[str, int], timeout_ns: int, watch: Watch) -> None:
        self._target = target
        self._watch = watch
        self._socket: socket.socket | None = None
        self._framer = self.framer()
        self._unsent = bytearray()
        self.send = self._send
        with suppress(ConnectionRefusedError):  # the first request will say so
            self._open()

    def _open(self) -> socket.socket:
        self._socket = link = _opened(self._target, socket.SOCK_STREAM)
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._framer = self.framer()
        self._watch.add(link.fileno(), self._receive)
        return link

    def _send(self, request: bytearray) -> None:
        if len(self._unsent) > UNSENT_OCTETS_MAX:
            raise BlockingIOError
        link = self._socket or self._open()
        if not self._unsent:
            try:
                left = link.send(request)
            except BlockingIOError:
                left = 0
            except OSError:
                self._drop()
                link, left = self._open(), 0
            if left == len(request):
                return
            request = request[left:]
        self._unsent += request
        self._watch.waiting.add(self)

    def flush(self) -> None:
        try:
            if self._socket is not None and self._unsent:
                del self._unsent[: self._socket.send(self._unsent)]
        except BlockingIOError:
            return
        except OSError:
            self._drop()
        if not self._unsent:
            self._watch.waiting.discard(self)

    def _receive(self, now_ns: int) -> Sequence[Packet]:
        assert self._socket is not None
        try:
            octets = self._socket.recv(STREAM_READ_OCTETS)
            packets = self._framer.feed(octets)
        except BlockingIOError:
            raise
        except (OSError, PeerError) as error:
            self._drop()
            raise ConnectionResetError from error
        if not octets:
            self._drop()
            return ()
        return [(packet, len(packet)) for packet in packets]

    def _drop(self) -> None:
        if self._socket is not None:
            self._watch.remove(self._socket.fileno())
            self._socket.close()
            self._socket = None
            self._unsent.clear()
            self._watch.waiting.discard(self)

    def ready(self) -> bool:
        try:
            return self._socket is None or bool(self._socket.getpeername())
        except OSError:
            return False

    def drops(self) -> int:
        return 0

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()


class HttpFramer:
    """Takes messages of the protocol out of HTTP responses. What is none, an error page, answers nobody."""

    def __init__(self) -> None:
        self._octets = bytearray()

    def feed(self, octets: bytes) -> list[bytes]:
        """The packets in responses that are whole now. PeerError for what is no response, or has no length."""
        self._octets += octets
        packets = []
        while (end := self._octets.find(_HEAD_END)) >= 0:
            head = bytes(self._octets[:end]).lower()
            length = _LENGTH.search(head)
            if not head.startswith(b"http/1.1 ") or length is None:
                raise PeerError("an HTTP response without a length")
            start = end + len(_HEAD_END)
            stop = start + int(length[1])
            if len(self._octets) < stop:
                break
            if MESSAGE_TYPE in head:
                packets.append(bytes(self._octets[start:stop]))
            del self._octets[:stop]
        if len(self._octets) > HTTP_OCTETS_MAX:
            raise PeerError("an HTTP response that does not end")
        return packets


class HttpLink(TcpLink):
    """The protocol's messages in HTTP, one POST each, on connections that are kept (behaviour.md §4.1)."""

    framer = HttpFramer

    def __init__(self, target: tuple[str, int], timeout_ns: int, watch: Watch) -> None:
        host, port = target
        name = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        kind = MESSAGE_TYPE.decode()
        self._head = (
            f"POST / HTTP/1.1\r\nHost: {name}\r\nAccept: {kind}\r\nContent-Type: {kind}\r\nContent-Length: "
        ).encode()
        super().__init__(target, timeout_ns, watch)
        self.send = self._post

    def _post(self, request: bytearray) -> None:
        self._send(bytearray(b"%b%d\r\n\r\n" % (self._head, len(request))) + request)


def _opened(target: tuple[str, int], kind: socket.SocketKind) -> socket.socket:
    """A non-blocking socket connected to a target, or on its way.

    OperatorError if that is no address to send to; ConnectionRefusedError if nobody listens there.
    """
    host, port = target
    link = None
    try:
        link = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, kind)
        link.setblocking(False)
        if kind is socket.SOCK_DGRAM:
            link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_OCTETS)
        link.connect((host, port))
    except BlockingIOError:
        pass
    except OSError as error:
        if link:
            link.close()
        if isinstance(error, ConnectionRefusedError):
            raise
        raise OperatorError(
            f"cannot be sent to: {error}", key="--target", value=f"{host}:{port}", remedy="Give ADDRESS:PORT"
        ) from error
    assert link is not None
    return link


LINKS: dict[str, Callable[[tuple[str, int], int, Watch], Link]] = {"udp": UdpLink, "tcp": TcpLink, "http": HttpLink}
