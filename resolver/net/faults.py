"""What goes wrong, on purpose. A fault is a function, so that it can be read, seeded, and used anywhere:

    fault(packet, path, random) -> [(delay in ns, packet), …]

    []                       the packet is lost
    [(0, packet)]            nothing happens to it
    [(0, a), (5_000, b)]     it arrives twice, or altered, or later

`FAULTS` has them all by name; a `FaultRule` says on which links one strikes; `faulty.py` puts them before a node. What
UDP loses is lost; TCP sends it again, so there a loss is a delay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import NamedTuple

from resolver.errors import CallerError, PeerError
from resolver.model.now import NS_PER_MS, NS_PER_S
from resolver.wire import peek
from resolver.wire.bodies.resolution import ResolutionAnswer
from resolver.wire.codes import Code, Opcode
from resolver.wire.message import Message, decode, encode

Delivery = tuple[int, bytes]

CLIENT = "client"  # the name of whoever is no node
RESENT_NS = 200 * NS_PER_MS  # after which TCP sends again what was lost (Linux: TCP_RTO_MIN)
TWIN_NS = NS_PER_MS  # by which a copy is late
QUEUE_NS = NS_PER_S // 2  # what a narrow link holds back at most; beyond, it loses


class Path(NamedTuple):
    """Which way a packet goes, and when: by which transport, from which node (its name) to which."""

    transport: str
    source: str
    target: str = CLIENT
    at_ns: int = 0


Fault = Callable[[bytes, Path, Random], Sequence[Delivery]]

_ANSWERED = Opcode.RESOLUTION.to_bytes(4, "big") + Code.SUCCESS.to_bytes(4, "big")
_OPCODE_AND_CODE = slice(peek.ENVELOPE_OCTETS, peek.ENVELOPE_OCTETS + 8)


def drop(share: float) -> Fault:
    """A share of all packets is lost; over TCP they come RESENT_NS later."""
    _check_share(share)

    def fault(packet: bytes, path: Path, random: Random) -> Sequence[Delivery]:
        if random.random() >= share:
            return ((0, packet),)
        return () if path.transport == "udp" else ((RESENT_NS, packet),)

    return fault


def delay(ms: float, jitter_ms: float = 0.0) -> Fault:
    """Every packet takes `ms` longer, and up to `jitter_ms` more."""
    if not 0 <= ms <= 60_000 or not 0 <= jitter_ms <= 60_000:
        raise CallerError("a delay is from 0 to 60,000 ms")

    def fault(packet: bytes, path: Path, random: Random) -> Sequence[Delivery]:
        return ((int((ms + jitter_ms * random.random()) * NS_PER_MS), packet),)

    return fault


def duplicate(share: float) -> Fault:
    """A share of all datagrams arrives twice. Streams do not."""
    _check_share(share)

    def fault(packet: bytes, path: Path, random: Random) -> Sequence[Delivery]:
        if path.transport != "udp" or random.random() >= share:
            return ((0, packet),)
        return ((0, packet), (TWIN_NS, packet))

    return fault


def reorder(share: float, ms: float = 5.0) -> Fault:
    """A share of all datagrams is held back by `ms`, so that later ones overtake them. Streams keep their order."""
    _check_share(share)
    later = delay(ms)

    def fault(packet: bytes, path: Path, random: Random) -> Sequence[Delivery]:
        if path.transport != "udp" or random.random() >= share:
            return ((0, packet),)
        return later(packet, path, random)

    return fault


def partition() -> Fault:
    """Nothing gets through, by whatever transport."""

    def fault(packet: bytes, path: Path, random: Random) -> Sequence[Delivery]:
        return ()

    return fault


def bandwidth(octets_per_s: float) -> Fault:
    """A link so narrow: packets queue, QUEUE_NS long at most; beyond, datagrams are lost and streams wait."""
    if not 1 <= octets_per_s <= 1e12:
        raise CallerError("a link carries from 1 to 10^12 octets a second")
    free_ns: dict[tuple[str, str], int] = {}  # when each link will have sent all it has

    def fault(packet: bytes, path: Path, random: Random) -> Sequence[Delivery]:
        link = path.source, path.target
        begins_ns = max(path.at_ns, free_ns.get(link, 0))
        if begins_ns - path.at_ns > QUEUE_NS and path.transport == "udp":
            return ()
        free_ns[link] = begins_ns + int(len(packet) * NS_PER_S / octets_per_s)
        return ((free_ns[link] - path.at_ns, packet),)

    return fault


def forge(share: float) -> Fault:
    """Before a share of all answers to look-ups comes one of somebody who did not see the question: it has other
    values, and a request id that was guessed.
    """
    _check_share(share)

    def fault(packet: bytes, path: Path, random: Random) -> Sequence[Delivery]:
        if packet[_OPCODE_AND_CODE] != _ANSWERED or random.random() >= share:
            return ((0, packet),)
        forged = bytearray(_corrupted(packet, random))
        forged[peek.REQUEST_ID] = random.randbytes(4)
        return ((0, bytes(forged)), (0, packet))

    return fault


def corrupt_values(share: float) -> Fault:
    """In a share of all successful look-ups, one bit of one value's data is another. All else of the packet is right,
    so only a comparison with the truth can tell. CallerError for a share that is none."""
    _check_share(share)

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


def _check_share(share: float) -> None:
    if not 0 <= share <= 1:
        raise CallerError(f"a share of {share} does not exist")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fault: how it is made, and which of `share`, `ms`, `jitter_ms`, `octets_per_s` it must and may have."""

    make: Callable[..., Fault]
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()


FAULTS: dict[str, Kind] = {
    "drop": Kind(drop, ("share",)),
    "delay": Kind(delay, ("ms",), ("jitter_ms",)),
    "duplicate": Kind(duplicate, ("share",)),
    "reorder": Kind(reorder, ("share",), ("ms",)),
    "corrupt_values": Kind(corrupt_values, ("share",)),
    "forge": Kind(forge, ("share",)),
    "partition": Kind(partition),
    "bandwidth": Kind(bandwidth, ("octets_per_s",)),
}


@dataclass(frozen=True, slots=True)
class FaultRule:
    """A fault, and the links on which it strikes: from any of `source` to any of `target` (names of nodes, or CLIENT;
    None: anybody), and back if `both`. `settings`: what its kind needs and takes.
    """

    kind: str
    source: frozenset[str] | None = None
    target: frozenset[str] | None = None
    both: bool = False
    settings: Mapping[str, float] = field(default_factory=dict)
    seed: str = "1"

    def concerns(self, path: Path) -> bool:
        """Whether a packet that goes this way may be struck."""
        return self._there(path.source, path.target) or (self.both and self._there(path.target, path.source))

    def _there(self, source: str, target: str) -> bool:
        return (self.source is None or source in self.source) and (self.target is None or target in self.target)

    def made(self) -> Fault:
        """The function. CallerError for settings that cannot be."""
        return FAULTS[self.kind].make(**self.settings)


class Faults:
    """Rules at work: one after the other, each with its own chance. `struck` hears the kind of every fault that did
    something.
    """

    def __init__(
        self, rules: Sequence[FaultRule], place: str, struck: Callable[[str], None] = lambda kind: None
    ) -> None:
        """`place`: where they work, so that the same rule goes its own way at each node."""
        self._rules = [(rule, rule.made(), Random(f"{rule.seed} {place}")) for rule in rules]
        self._struck = struck

    def __call__(self, packet: bytes, path: Path) -> Sequence[Delivery]:
        """What becomes of a packet."""
        delivered: Sequence[Delivery] = ((0, packet),)
        for rule, fault, random in self._rules:
            if rule.concerns(path):
                delivered = list(self._after(rule.kind, fault, random, delivered, path))
        return delivered

    def _after(
        self, kind: str, fault: Fault, random: Random, delivered: Sequence[Delivery], path: Path
    ) -> Iterator[Delivery]:
        for delay_ns, packet in delivered:
            told = fault(packet, path._replace(at_ns=path.at_ns + delay_ns), random)
            if len(told) != 1 or told[0] != (0, packet):
                self._struck(kind)
            for more_ns, each in told:
                yield delay_ns + more_ns, each
