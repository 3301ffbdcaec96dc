"""How request octets leave and whole answers come back: one link is one socket to one target.

A link neither waits nor retries; what cannot be done at once raises BlockingIOError, and the engine decides.
"""

from __future__ import annotations

import socket
import struct
import sys
from collections.abc import Callable, Sequence
from struct import Struct
from typing import Protocol

from resolver.errors import OperatorError, PeerError
from resolver.wire.framing import Reassembler
from resolver.wire.peek import ENVELOPE_OCTETS

RECEIVE_BUFFER_OCTETS = 4 << 20  # asked for; the kernel gives at most net.core.rmem_max
DATAGRAM_OCTETS_MAX = 65_536

_ENVELOPE = Struct(">8xI4xI")  # request id, message length
_SO_MEMINFO, _MEMINFO, _DROPS = 55, Struct("9I"), 8  # linux/sock_diag.h: SK_MEMINFO_DROPS

Packet = tuple[bytearray | bytes, int]  # a whole answer: the first so many octets of a buffer


class Link(Protocol):
    """One way to a target."""

    @property
    def descriptor(self) -> int:
        """Of the socket, to be watched for reading."""
        ...

    @property
    def send(self) -> Callable[[bytearray], object]:
        """Send one request, whole. OSError if it cannot leave; BlockingIOError if it cannot leave now."""
        ...

    def receive(self, now_ns: int) -> Sequence[Packet]:
        """What has come, good until the next call. BlockingIOError: nothing has; ConnectionError: nobody listens."""
        ...

    def drops(self) -> int:
        """Answers that found the receive buffer full. 0 where the kernel does not tell."""
        ...

    def close(self) -> None:
        """Give the socket back."""
        ...


class UdpLink:
    """A socket that talks to one address only: the kernel keeps everybody else's packets away."""

    def __init__(self, target: tuple[str, int], timeout_ns: int) -> None:
        self._socket = opened(target, socket.SOCK_DGRAM)
        self._buffer = bytearray(DATAGRAM_OCTETS_MAX)
        self._reassembler = Reassembler(wait_ns=timeout_ns)
        self.descriptor = self._socket.fileno()
        self.send = self._socket.send

    def receive(self, now_ns: int) -> Sequence[Packet]:
        octets = self._socket.recv_into(self._buffer)
        if octets < ENVELOPE_OCTETS:
            return ((self._buffer, octets),)
        request_id, length = _ENVELOPE.unpack_from(self._buffer)
        if octets == ENVELOPE_OCTETS + length:
            return ((self._buffer, octets),)
        part = bytes(self._buffer[:octets])
        try:
            whole = self._reassembler.add(request_id, part, now_ns)
        except PeerError:
            whole = part
        return () if whole is None else ((whole, len(whole)),)

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


def opened(target: tuple[str, int], kind: socket.SocketKind) -> socket.socket:
    """A non-blocking socket connected to a target, or on its way. OperatorError if that is no address to send to."""
    host, port = target
    link = None
    try:
        link = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, kind)
        link.setblocking(False)
        link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_OCTETS)
        link.connect((host, port))
    except BlockingIOError:
        pass
    except OSError as error:
        if link:
            link.close()
        raise OperatorError(
            f"cannot be sent to: {error}", key="--target", value=f"{host}:{port}", remedy="Give ADDRESS:PORT"
        ) from error
    assert link is not None
    return link


LINKS: dict[str, Callable[[tuple[str, int], int], Link]] = {"udp": UdpLink}
