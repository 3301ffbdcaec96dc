"""Datagrams by the batch: take up to 64, answer each, send what is answered. Two system calls, where Linux has them.

`Batched` calls recvmmsg and sendmmsg through ctypes, over buffers that are laid out once and used by every door of the
process; a reply goes into the slot its request came from, so the client's address is seldom even read. `OneByOne` does
the same with recvfrom and sendto, anywhere.

    slot 0            slot 1                     slot 63
    | request, 2048 | request, 2048 | … |        address of each, as the kernel wrote it
    | reply,    512 | reply,    512 | … |        runs of answered slots leave in one call
"""

from __future__ import annotations

import ctypes
import functools
import socket
import sys
from collections.abc import Callable
from ctypes import addressof, c_char, c_int, c_size_t, c_uint, c_void_p, sizeof
from typing import Protocol

from resolver.model.now import Now
from resolver.model.route import Endpoint, Origin, Packets

BATCH = 64  # datagrams taken before other sockets get their turn
DATAGRAM_OCTETS_MAX = 2_048  # standard packets have at most 512; longer ones are cut here and then refused
REPLY_OCTETS_MAX = 512  # what one UDP packet of the protocol holds
ENDPOINTS_MAX = 1_024  # servers that are known by the octets of their address

Address = tuple[str, int]


class Door(Origin, Protocol):
    """Whoever serves a socket; `at` is the slot of the datagram being answered, `route` where that came from."""

    sock: socket.socket
    at: int


Take = Callable[[bytes, Origin, Now], Packets]


def address_in(name: bytes | memoryview, family: int) -> Address:
    """The IP address and port that the kernel wrote as a sockaddr_in or sockaddr_in6."""
    octets = name[4:8] if family == socket.AF_INET else name[8:24]
    return socket.inet_ntop(family, octets), int.from_bytes(name[2:4], "big")


@functools.lru_cache(maxsize=ENDPOINTS_MAX)
def endpoint_in(name: bytes, family: int) -> Endpoint:
    """The same as a server that was asked over UDP: servers are few, and asked again and again."""
    return Endpoint(*address_in(name, family), "udp")


class Exchanger(Protocol):
    """Answers what has arrived at a door."""

    def exchange(self, door: Door, take: Take, now: Now) -> tuple[int, int, int]:
        """Give up to BATCH datagrams to `take` and send what it returns, at once and before the next is given to it
        (replies may be patched in place). How many were taken, and answered, and how many packets the kernel would not
        have."""
        ...

    def arrived(self, sock: socket.socket) -> list[tuple[bytes, Endpoint]]:
        """Up to BATCH datagrams that wait at a socket, and who sent them."""
        ...

    def discard(self, sock: socket.socket, most: int) -> int:
        """Throw away as many datagrams as wait, at most so many, unread; how many those were."""
        ...

    def source(self, at: int) -> Address:
        """The address from which the datagram in a slot came, while it is being answered."""
        ...

    def address(self, at: int) -> bytes | str:
        """The IP address alone, as octets or text; of IPv6 the first half, which is one subscriber's."""
        ...


class OneByOne:
    """recvfrom and sendto: the plain way."""

    def __init__(self) -> None:
        self._source: Address = ("", 0)

    def exchange(self, door: Door, take: Take, now: Now) -> tuple[int, int, int]:
        """See Exchanger."""
        receive, send = door.sock.recvfrom, door.sock.sendto
        taken = answered = dropped = 0
        for _ in range(BATCH):
            try:
                packet, self._source = receive(DATAGRAM_OCTETS_MAX)
            except OSError:  # nothing left; or an ICMP error about an earlier reply, which concerns nobody
                break
            taken += 1
            reply = take(packet, door, now)
            if reply:
                answered += 1
                try:
                    for part in reply:
                        send(part, self._source)
                except OSError:
                    dropped += 1
        return taken, answered, dropped

    def arrived(self, sock: socket.socket) -> list[tuple[bytes, Endpoint]]:
        """See Exchanger."""
        found = []
        for _ in range(BATCH):
            try:
                packet, source = sock.recvfrom(DATAGRAM_OCTETS_MAX)
            except OSError:
                break
            found.append((packet, Endpoint(source[0], source[1], "udp")))
        return found

    def discard(self, sock: socket.socket, most: int) -> int:
        """See Exchanger."""
        for discarded in range(most):
            try:
                sock.recv(1)
            except OSError:
                return discarded
        return most

    def source(self, at: int) -> Address:
        """See Exchanger."""
        return self._source

    def address(self, at: int) -> bytes | str:
        """See Exchanger."""
        return self._source[0]


class _Iovec(ctypes.Structure):
    _fields_ = (("base", c_void_p), ("octets", c_size_t))


class _Slot(ctypes.Structure):
    """struct mmsghdr as 64-bit Linux lays it out: struct msghdr (56 octets), msg_len, padding."""

    _fields_ = (
        ("name", c_void_p),
        ("name_octets", c_uint),
        ("iov", c_void_p),
        ("iov_count", c_size_t),
        ("control", c_void_p),
        ("control_octets", c_size_t),
        ("flags", c_int),
        ("_pad", c_uint),
        ("octets", c_uint),
        ("_pad2", c_uint),
    )


class Batched:
    """recvmmsg and sendmmsg over buffers of BATCH slots, for sockets of one address family."""

    def __init__(self, family: int) -> None:
        self._family = family
        self._name_octets = 16 if family == socket.AF_INET else 28  # sockaddr_in, sockaddr_in6
        self._ip_at, self._ip_octets = (4, 4) if family == socket.AF_INET else (8, 8)
        libc = ctypes.CDLL(None, use_errno=True)
        self._recvmmsg, self._sendmmsg = libc.recvmmsg, libc.sendmmsg
        self._recvmmsg.argtypes = (c_int, c_void_p, c_uint, c_int, c_void_p)
        self._sendmmsg.argtypes = (c_int, c_void_p, c_uint, c_int)
        requests, replies = bytearray(BATCH * DATAGRAM_OCTETS_MAX), bytearray(BATCH * REPLY_OCTETS_MAX)
        names = bytearray(BATCH * self._name_octets)
        self._requests, self._replies, self._names = memoryview(requests), memoryview(replies), memoryview(names)
        inward, self._received = self._slots(requests, DATAGRAM_OCTETS_MAX, names)
        outward, self._answers = self._slots(replies, REPLY_OCTETS_MAX, names)
        self._lengths = memoryview(self._received).cast("B").cast("I")  # msg_len of slot n at 16 n + 14
        self._reply_lengths = memoryview(outward).cast("B").cast("Q")  # iov_len of slot n at 2 n + 1
        self._keep = (inward, outward)  # the kernel is told their addresses
        self._first_request, self._first_answer = addressof(self._received), addressof(self._answers)

    def exchange(self, door: Door, take: Take, now: Now) -> tuple[int, int, int]:
        """See Exchanger."""
        fd = door.sock.fileno()
        count = self._recvmmsg(fd, self._first_request, BATCH, 0, None)
        requests, replies, lengths, reply_lengths = self._requests, self._replies, self._lengths, self._reply_lengths
        answered = dropped = first = 0  # slots from `first` on hold replies that have not left yet
        for at in range(count):
            door.at = at
            start = at * DATAGRAM_OCTETS_MAX
            reply = take(requests[start : start + lengths[at * 16 + 14]].tobytes(), door, now)
            if len(reply) == 1 and (octets := len(reply[0])) <= REPLY_OCTETS_MAX:
                start = at * REPLY_OCTETS_MAX
                replies[start : start + octets] = reply[0]
                reply_lengths[at * 2 + 1] = octets
                answered += 1
                continue
            dropped += self._send(fd, first, at)
            first = at + 1
            if reply:
                answered += 1
                dropped += self._send_parts(door.sock, reply, at)
        return max(0, count), answered, dropped + self._send(fd, first, count)

    def arrived(self, sock: socket.socket) -> list[tuple[bytes, Endpoint]]:
        """See Exchanger."""
        count = self._recvmmsg(sock.fileno(), self._first_request, BATCH, 0, None)
        requests, lengths, found = self._requests, self._lengths, []
        for at in range(count):
            start = at * DATAGRAM_OCTETS_MAX
            packet = requests[start : start + lengths[at * 16 + 14]].tobytes()
            name = self._names[at * self._name_octets : (at + 1) * self._name_octets].tobytes()
            found.append((packet, endpoint_in(name, self._family)))
        return found

    def discard(self, sock: socket.socket, most: int) -> int:
        """See Exchanger."""
        discarded, fd, slots = 0, sock.fileno(), addressof(self._received)
        while discarded < most:
            count = self._recvmmsg(fd, slots, min(BATCH, most - discarded), 0, None)
            if count <= 0:
                break
            discarded += count
        return discarded

    def source(self, at: int) -> Address:
        """See Exchanger."""
        return address_in(self._names[at * self._name_octets : (at + 1) * self._name_octets], self._family)

    def address(self, at: int) -> bytes | str:
        """See Exchanger."""
        start = at * self._name_octets + self._ip_at
        return self._names[start : start + self._ip_octets].tobytes()

    def _send(self, fd: int, first: int, end: int) -> int:
        """Send the replies in slots `first` to `end`; how many the kernel would not take."""
        if first >= end:
            return 0
        sent: int = self._sendmmsg(fd, self._first_answer + first * sizeof(_Slot), end - first, 0)
        return end - first - max(0, sent)

    def _send_parts(self, sock: socket.socket, parts: Packets, at: int) -> int:
        try:
            for part in parts:
                sock.sendto(part, self.source(at))
        except OSError:
            return 1
        return 0

    def _slots(
        self, buffer: bytearray, octets: int, names: bytearray
    ) -> tuple[ctypes.Array[_Iovec], ctypes.Array[_Slot]]:
        base = addressof((c_char * len(buffer)).from_buffer(buffer))
        name_base = addressof((c_char * len(names)).from_buffer(names))
        vectors, slots = (_Iovec * BATCH)(), (_Slot * BATCH)()
        for at in range(BATCH):
            vectors[at].base, vectors[at].octets = base + at * octets, octets
            slot = slots[at]
            slot.name, slot.name_octets = name_base + at * self._name_octets, self._name_octets
            slot.iov, slot.iov_count = addressof(vectors) + at * sizeof(_Iovec), 1
        return vectors, slots


def can_batch() -> bool:
    """Whether this machine has the calls, laid out as we lay them out."""
    return sys.platform == "linux" and sizeof(c_void_p) == 8 and hasattr(ctypes.CDLL(None), "recvmmsg")


@functools.cache
def exchanger(family: int) -> Exchanger:
    """The process's exchanger for an address family: doors take turns on one event loop, so they share its buffers."""
    return Batched(family) if can_batch() else OneByOne()
