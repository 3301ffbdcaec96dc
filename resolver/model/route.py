"""Where packets come from and go to, as far as a node needs to know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Packets = Sequence[bytes | bytearray]


@dataclass(frozen=True, slots=True)
class Route:
    """Where a request came from and its answer goes. `channel` means something to the driver only."""

    transport: str  # "udp" or "tcp"
    source: tuple[str, int]
    channel: object = None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A server to ask: address, port and "udp" or "tcp"."""

    ip: str
    port: int
    transport: str
