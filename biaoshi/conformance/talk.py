"""Octets to a target and back, over UDP and TCP, one request at a time."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from resolver.errors import PeerError, Unreachable
from resolver.model.now import NS_PER_S
from resolver.wire import peek
from resolver.wire.codes import OpFlag
from resolver.wire.framing import Reassembler, TcpFramer, split

READ_OCTETS = 65_536
UDP_SENDS = 3
MESSAGES_MAX = 1_000
_FLAGS = slice(28, 32)


@dataclass(frozen=True, slots=True)
class Heard:
    """What came back: whole packets, and whether one of them came in fragments. No packet: silence."""

    packets: tuple[bytes, ...]
    fragmented: bool = False


class Talk(Protocol):
    """How a case reaches its target."""

    def exchange(self, transport: str, packet: bytes, *, patience_s: float) -> Heard:
        """Send one request; what came back within `patience_s` seconds. Unreachable if it cannot be sent."""
        ...


class Sockets:
    """A target on the network. Each request has a socket of its own, as the reference's clients do it."""

    def __init__(self, host: str, port: int) -> None:
        self.address = (host, port)
        self.family = socket.AF_INET6 if ":" in host else socket.AF_INET

    def exchange(self, transport: str, packet: bytes, *, patience_s: float) -> Heard:
        """See Talk."""
        return (self._datagrams if transport == "udp" else self._stream)(packet, patience_s)

    @contextmanager
    def link(self) -> Iterator[socket.socket]:
        """A UDP socket for one request and what comes back."""
        with socket.socket(self.family, socket.SOCK_DGRAM) as link:
            link.connect(self.address)
            yield link

    def _datagrams(self, packet: bytes, patience_s: float) -> Heard:
        parts, fragments = split(packet), Reassembler()
        with self.link() as link:
            until = time.monotonic() + patience_s
            for attempt in range(UDP_SENDS):
                try:
                    for part in parts:
                        link.send(part)
                    left = (until - time.monotonic()) / (UDP_SENDS - attempt)
                    if heard := self._listen(link, fragments, time.monotonic() + left):
                        return heard
                except ConnectionError as refused:
                    raise Unreachable(f"{self.address[0]}:{self.address[1]} refuses UDP") from refused
        return Heard(())

    def _listen(self, link: socket.socket, fragments: Reassembler, until: float) -> Heard | None:
        fragmented = False
        while (left := until - time.monotonic()) > 0:
            link.settimeout(left)
            try:
                datagram = link.recv(READ_OCTETS)
            except TimeoutError:
                return None
            if len(datagram) < peek.ENVELOPE_OCTETS:
                continue
            if int.from_bytes(datagram[16:20], "big") <= len(datagram) - peek.ENVELOPE_OCTETS:
                return Heard((datagram,), fragmented)
            fragmented = True
            whole = fragments.add(0, datagram, int(time.monotonic() * NS_PER_S))
            if whole is not None:
                return Heard((whole,), True)
        return None

    def _stream(self, packet: bytes, patience_s: float) -> Heard:
        name = f"{self.address[0]}:{self.address[1]}"
        packets: list[bytes] = []
        until = time.monotonic() + patience_s
        try:
            with socket.create_connection(self.address, timeout=patience_s) as link:
                link.sendall(packet)
                framer = TcpFramer()
                while len(packets) < MESSAGES_MAX:
                    link.settimeout(max(0.001, until - time.monotonic()))
                    octets = link.recv(READ_OCTETS)
                    if not octets:
                        break
                    packets += framer.feed(octets)
                    if packets and not _continued(packets[-1]):
                        break
        except ConnectionRefusedError as refused:
            raise Unreachable(f"{name} refuses TCP") from refused
        except PeerError:
            packets.append(octets)  # no frame: let the case say what it thinks of it
        except OSError:
            pass  # a time-out, or a connection torn down: what has come so far counts
        return Heard(tuple(packets))


def _continued(packet: bytes) -> bool:
    return bool(int.from_bytes(packet[_FLAGS], "big") & OpFlag.CONTINUED)
