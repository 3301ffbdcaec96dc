"""Opening sockets: the options every door needs, and errors that say which address and what to do."""

from __future__ import annotations

import contextlib
import socket
import sys
from struct import unpack

from resolver.errors import OperatorError

RECEIVE_BUFFER_OCTETS = 4 << 20  # a burst of some ten thousand requests; the kernel may grant less
TCP_BACKLOG = 1_024


def family_of(ip: str) -> socket.AddressFamily:
    """IPv6 if the address has a colon."""
    return socket.AF_INET6 if ":" in ip else socket.AF_INET


def open_udp(ip: str, port: int, *, shared: bool = False) -> socket.socket:
    """A bound, non-blocking UDP socket with large buffers. OperatorError names the address.

    `shared`: with others at the same address, among which the kernel deals the clients.
    """
    return _bound(socket.SOCK_DGRAM, ip, port, shared)


_SO_MEMINFO = 55  # Linux, any architecture of ours: what a socket's buffers hold, as 32-bit numbers
_ALLOCATED, _DROPS, _FIELDS = 0, 8, 9


def buffer_state(sock: socket.socket) -> tuple[int, int]:
    """(octets that wait in a socket's receive buffer, with what the kernel adds to each; datagrams that found it full).

    Both 0 where the system does not tell.
    """
    if sys.platform != "linux":
        return 0, 0
    try:
        octets = sock.getsockopt(socket.SOL_SOCKET, _SO_MEMINFO, 4 * _FIELDS)
    except OSError:
        return 0, 0
    numbers = unpack(f"={len(octets) // 4}I", octets)
    return numbers[_ALLOCATED], numbers[_DROPS] if len(numbers) > _DROPS else 0


def open_tcp(ip: str, port: int, *, shared: bool = False) -> socket.socket:
    """A listening, non-blocking TCP socket, `shared` as above. OperatorError names the address."""
    listening = _bound(socket.SOCK_STREAM, ip, port, shared)
    listening.listen(TCP_BACKLOG)
    return listening


def _bound(kind: socket.SocketKind, ip: str, port: int, shared: bool) -> socket.socket:
    sock = socket.socket(family_of(ip), kind)
    try:
        sock.setblocking(False)
        if shared:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        if kind is socket.SOCK_STREAM:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        else:
            for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
                with contextlib.suppress(OSError):
                    sock.setsockopt(socket.SOL_SOCKET, option, RECEIVE_BUFFER_OCTETS)
        sock.bind((ip, port))
    except OSError as error:
        sock.close()
        protocol = "TCP" if kind is socket.SOCK_STREAM else "UDP"
        raise OperatorError(
            f"cannot use {protocol} {ip}:{port}: {error.strerror}",
            remedy="Stop what uses it, or choose another second octet",
        ) from error
    return sock
