"""A node as its drivers see it, and what stands between the two: the pump and the virtual world drive either alike."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Protocol

from resolver.cache.packets import Table
from resolver.errors import PeerError
from resolver.model.now import Now
from resolver.model.route import Endpoint, Origin, Packets, Route, Series


def charge_nobody(address: Hashable, requests: int, surplus_octets: int, now_ns: int) -> None:
    """Nothing is limited."""


@dataclass(frozen=True, slots=True)
class Front:
    """Who answers before a machine is asked: a table, where its answers are counted by slot, and who is charged: of
    every `weight`th datagram (0: of none) its source, with `weight` requests and as many times the octets that the
    answer has beyond twice its own.
    """

    table: Table
    recalled: list[int]
    weight: int = 0
    charge: Callable[[Hashable, int, int, int], None] = charge_nobody


class Machine(Protocol):
    """What the pump (and the virtual-time driver) expects of a node."""

    outbox: list[tuple[Route | Endpoint, Packets | Series]]
    next_deadline_ns: int | None

    @property
    def pressed(self) -> bool: ...
    @property
    def unread(self) -> int: ...
    @property
    def front(self) -> Front | None: ...
    @property
    def watched(self) -> bool: ...
    def receive_datagram(self, packet: bytes, origin: Origin, now: Now) -> Packets: ...
    def receive_stream(self, packet: bytes, route: Route, now: Now) -> bytes | None: ...
    def refuse_stream(self, error: PeerError, now: Now, transport: str = "tcp") -> bytes: ...
    def receive_upstream(self, packet: bytes, endpoint: Endpoint, now: Now) -> None: ...
    def upstream_failed(self, endpoint: Endpoint, request_id: int, now: Now) -> None: ...
    def hung_up(self, connection: Hashable) -> None: ...
    def tick(self, now: Now) -> None: ...
    def batch_answered(self, answers: int, took_ns: int, wall_ns: int) -> None: ...
    def drop(self, reason: str) -> None: ...


class Before:
    """What stands before a machine and is one itself: all goes through as it is, but for what a subclass says."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    @property
    def outbox(self) -> list[tuple[Route | Endpoint, Packets | Series]]:
        """The machine's."""
        return self._machine.outbox

    @outbox.setter
    def outbox(self, outbox: list[tuple[Route | Endpoint, Packets | Series]]) -> None:
        self._machine.outbox = outbox

    @property
    def next_deadline_ns(self) -> int | None:
        """The machine's."""
        return self._machine.next_deadline_ns

    @next_deadline_ns.setter
    def next_deadline_ns(self, deadline_ns: int | None) -> None:
        self._machine.next_deadline_ns = deadline_ns

    @property
    def pressed(self) -> bool:
        """As the machine."""
        return self._machine.pressed

    @property
    def unread(self) -> int:
        """How many packets were thrown away before anything was read of them."""
        return self._machine.unread

    @property
    def front(self) -> Front | None:
        """Nobody answers before what looks at every packet."""
        return None

    @property
    def watched(self) -> bool:
        """Whether every packet has to come by here: so it is with what looks at every packet."""
        return True

    def receive_datagram(self, packet: bytes, origin: Origin, now: Now) -> Packets:
        """As the machine."""
        return self._machine.receive_datagram(packet, origin, now)

    def receive_stream(self, packet: bytes, route: Route, now: Now) -> bytes | None:
        """As the machine."""
        return self._machine.receive_stream(packet, route, now)

    def refuse_stream(self, error: PeerError, now: Now, transport: str = "tcp") -> bytes:
        """As the machine."""
        return self._machine.refuse_stream(error, now, transport)

    def receive_upstream(self, packet: bytes, endpoint: Endpoint, now: Now) -> None:
        """As the machine."""
        self._machine.receive_upstream(packet, endpoint, now)

    def upstream_failed(self, endpoint: Endpoint, request_id: int, now: Now) -> None:
        """As the machine."""
        self._machine.upstream_failed(endpoint, request_id, now)

    def hung_up(self, connection: Hashable) -> None:
        """As the machine."""
        self._machine.hung_up(connection)

    def tick(self, now: Now) -> None:
        """As the machine."""
        self._machine.tick(now)

    def batch_answered(self, answers: int, took_ns: int, wall_ns: int) -> None:
        """As the machine."""
        self._machine.batch_answered(answers, took_ns, wall_ns)

    def drop(self, reason: str) -> None:
        """As the machine."""
        self._machine.drop(reason)
