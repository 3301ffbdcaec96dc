"""What goes wrong, on purpose. A fault is a function, so that it can be read, seeded, and used anywhere:

    fault(packet, path, random) -> [(delay in ns, packet), …]

    []                       the packet is lost
    [(0, packet)]            nothing happens to it
    [(0, a), (5_000, b)]     it arrives twice, or altered, or later

`Faulty` puts one between a node and its clients: everything that the node answers passes through. The node itself knows
nothing of it, counts its own answers as ever, and is told only how often the fault struck. Delays are for virtual time;
here what is delivered is delivered at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random
from typing import NamedTuple

from resolver.errors import CallerError, PeerError
from resolver.model.now import Now
from resolver.model.route import Endpoint, Origin, Packets, Route, Series
from resolver.net.machine import Before, Machine
from resolver.wire import peek
from resolver.wire.bodies.resolution import ResolutionAnswer
from resolver.wire.codes import Code, Opcode
from resolver.wire.framing import Reassembler, split
from resolver.wire.message import Message, decode, encode

Delivery = tuple[int, bytes]


class Path(NamedTuple):
    """Which way a packet goes: by which transport, and from which node (its name)."""

    transport: str
    source: str


Fault = Callable[[bytes, Path, Random], Sequence[Delivery]]

_ANSWERED = Opcode.RESOLUTION.to_bytes(4, "big") + Code.SUCCESS.to_bytes(4, "big")
_OPCODE_AND_CODE = slice(peek.ENVELOPE_OCTETS, peek.ENVELOPE_OCTETS + 8)


def corrupt_values(share: float) -> Fault:
    """In a share of all successful look-ups, one bit of one value's data is another. All else of the packet is right,
    so only a comparison with the truth can tell. CallerError for a share that is none."""
    if not 0 <= share <= 1:
        raise CallerError(f"a share of {share} does not exist")

    def fault(packet: bytes, path: Path, random: Random) -> Sequence[Delivery]:
        if packet[_OPCODE_AND_CODE] != _ANSWERED or random.random() >= share:
            return ((0, packet),)
        return ((0, _corrupted(packet, random)),)

    return fault


def _corrupted(packet: bytes, random: Random) -> bytes:
    """The packet with one bit of one value turned; as it is if no value has data, or it cannot be read."""
    try:
        message = decode(packet)
    except PeerError:
        return packet
    if not isinstance(message, Message) or not isinstance(message.body, ResolutionAnswer):
        return packet
    values = list(message.body.values)
    places = [(number, at) for number, value in enumerate(values) for at in range(len(value.data))]
    if not places:
        return packet
    number, at = random.choice(places)
    data = bytearray(values[number].data)
    data[at] ^= 1 << random.randrange(8)
    values[number] = replace(values[number], data=bytes(data))
    return encode(replace(message, body=replace(message.body, values=tuple(values))))


class Faulty(Before):
    """A node whose answers pass through a fault. It is a `Machine` like the node, so a pump or a world drives it.

    `struck` is called for every answer that came out other than it went in.
    """

    def __init__(
        self, machine: Machine, fault: Fault, *, name: str, random: Random, struck: Callable[[], None] = lambda: None
    ) -> None:
        super().__init__(machine)
        self._fault = fault
        self._name = name
        self._random = random
        self._struck = struck
        self._outbox: list[tuple[Route | Endpoint, Packets | Series]] = []

    @property
    def outbox(self) -> list[tuple[Route | Endpoint, Packets | Series]]:
        """The node's, later answers to clients altered; long ones and questions to other nodes are not."""
        if self._machine.outbox:
            taken, self._machine.outbox = self._machine.outbox, []
            for target, packets in taken:
                if isinstance(target, Route) and not isinstance(packets, Series):
                    packets = self._datagrams(packets) if target.transport == "udp" else self._whole(packets, "tcp")
                self._outbox.append((target, packets))
        return self._outbox

    @outbox.setter
    def outbox(self, outbox: list[tuple[Route | Endpoint, Packets | Series]]) -> None:
        self._outbox = outbox

    def receive_datagram(self, packet: bytes, origin: Origin, now: Now) -> Packets:
        """As the node, altered."""
        return self._datagrams(self._machine.receive_datagram(packet, origin, now))

    def receive_stream(self, packet: bytes, route: Route, now: Now) -> bytes | None:
        """As the node, altered. A stream's answer cannot be lost, so a lost one is an empty piece of it."""
        reply = self._machine.receive_stream(packet, route, now)
        return None if reply is None else b"".join(self._whole((reply,), "tcp"))

    def _datagrams(self, packets: Packets) -> Packets:
        """The fragments of an answer: joined, altered, and cut again."""
        if not packets:
            return packets
        whole: bytes | None = bytes(packets[0])
        if len(packets) > 1:
            fragments = Reassembler()
            for packet in packets:
                whole = fragments.add(self._name, bytes(packet), 0)
        if whole is None:
            return packets
        altered = self._whole((whole,), "udp")
        return packets if altered == [whole] else [part for packet in altered for part in split(packet)]

    def _whole(self, packets: Packets, transport: str) -> list[bytes]:
        out = []
        for packet in map(bytes, packets):
            delivered = [part for _, part in self._fault(packet, Path(transport, self._name), self._random)]
            if delivered != [packet]:
                self._struck()
            out += delivered
        return out
