"""Where packets come from and go to, as far as a node needs to know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from resolver.model.frozen import frozen

Packets = Sequence[bytes | bytearray]


class Origin(Protocol):
    """Whoever can say where a request came from, if asked: most requests are answered without asking."""

    @property
    def transport(self) -> str:
        """What it came over, "udp" or "tcp"."""
        ...

    def route(self) -> Route:
        """Where its answer goes."""
        ...


@frozen
class Route:
    """Where a request came from and its answer goes. `channel` means something to the driver only."""

    transport: str  # "udp" or "tcp"
    source: tuple[str, int]
    channel: object = None

    def route(self) -> Route:
        """Itself: a route is an origin."""
        return self


@frozen
class Endpoint:
    """A server to ask: address, port and "udp" or "tcp"."""

    ip: str
    port: int
    transport: str
