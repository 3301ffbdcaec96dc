"""Where packets come from and go to, as far as a node needs to know."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from typing import NamedTuple, Protocol

from resolver.model.frozen import frozen

Packets = Sequence[bytes | bytearray]


class Series:
    """An answer of many messages: each one's packets, made only when they can be sent. A list has no end worth naming.

    Making one may raise StoreError; then what was sent is all there is.
    """

    __slots__ = ("messages",)

    def __init__(self, messages: Iterator[Packets]) -> None:
        self.messages = messages


class Origin(Protocol):
    """Whoever can say where a request came from, if asked: most requests are answered without asking."""

    @property
    def transport(self) -> str:
        """What it came over: "udp", "tcp", or a door's, "http" or "dns"."""
        ...

    def route(self) -> Route:
        """Where its answer goes."""
        ...

    def address(self) -> Hashable:
        """Whose request it is, as cheaply as that can be told apart: an IP address, as text or octets."""
        ...


@frozen
class Route:
    """Where a request came from and its answer goes. `channel` means something to the driver only.

    `connection`: the stream it came on, the same as long as that is open; None over UDP.
    """

    transport: str  # "udp", "tcp", "http" or "dns"
    source: tuple[str, int]
    channel: object = None
    connection: Hashable = None

    def route(self) -> Route:
        """Itself: a route is an origin."""
        return self

    def address(self) -> Hashable:
        """The IP address."""
        return self.source[0]


class Endpoint(NamedTuple):
    """A server to ask: address, port and "udp" or "tcp"."""

    ip: str
    port: int
    transport: str
