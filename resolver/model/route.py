"""Where packets come from and go to, as far as a node needs to know."""

from __future__ import annotations

from collections.abc import Sequence

from resolver.model.frozen import frozen

Packets = Sequence[bytes | bytearray]


@frozen
class Route:
    """Where a request came from and its answer goes. `channel` means something to the driver only."""

    transport: str  # "udp" or "tcp"
    source: tuple[str, int]
    channel: object = None


@frozen
class Endpoint:
    """A server to ask: address, port and "udp" or "tcp"."""

    ip: str
    port: int
    transport: str
