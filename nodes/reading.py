"""A reader of a node: answers what it remembers and what plainly stands in the store, and passes everything else on.

    receive   recall    its own packet cache (or the compiled table) knows the answer: patch, reply, done
              shortcut  a plain question to an authority whose store it can read: answered from octets
              pass on   to the home, which answers through this reader, and says what may be remembered

Challenges, sessions, administration and whatever is the least unusual are thus decided in one place, whichever reader
they come to. What the home writes, the reader sees before the acknowledgement leaves: it reads the numbers of the
shared segment after a request has come, and before it looks into the store. Pure, as all nodes are.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from typing import Any, Protocol

from nodes.counters import SlotsOf
from nodes.homes import Homes
from nodes.node import LATER, Identity, Node, code_label
from nodes.segment import CLOSED, PASSED, PRESSED, SharedCounters
from resolver.cache.generations import EPOCH, VERSION, Generations
from resolver.errors import BiaoshiError
from resolver.model.now import Now
from resolver.model.route import Origin, Packets, Route
from resolver.rules import shortcut
from resolver.rules.authority import Standing
from resolver.stores.base import Store
from resolver.wire import peek
from resolver.wire.codes import Code, Opcode

REPEATABLE_S = 3_600  # as authorities say (nodes/authority.py): whoever writes takes it back
PassOn = Callable[[bytes, Route], None]
Learnt = Sequence[Any]
"""Request, whole reply, when it was born and expires (wall clock, ns), TTLs that run down, stamp, epoch."""


class Shelf(Protocol):
    """A store that the home writes, and where in it this reader stands."""

    @property
    def store(self) -> Store: ...
    def version(self) -> int:
        """Go on to what was committed last."""
        ...


class ReaderNode(Node):
    """One reader's part of a node."""

    def __init__(
        self,
        identity: Identity,
        standing: Standing,
        shelf: Shelf | None,
        *,
        generations: Generations,
        counters: SharedCounters,
        packet_octets_max: int,
        entropy: Callable[[int], bytes],
        pass_on: PassOn,
        hang_up: Callable[[Hashable], None],
    ) -> None:
        """`shelf`: the store, if this reader can read it. `pass_on` has a packet decided at home, `hang_up` tells it
        that a stream is closed.
        """
        super().__init__(identity, packet_octets_max=packet_octets_max, entropy=entropy, counters=counters)
        self.packets.go_by(generations)
        self._numbers, self._gauges = generations.words, counters.gauges
        self._epoch, self._version = self._numbers[EPOCH], -1
        self._shelf, self._pass_on, self._hang_up = shelf, pass_on, hang_up
        self._configured = standing
        self._standing: Standing | None = None  # to be read anew
        self._referred_slots = SlotsOf(self.counters, Opcode.RESOLUTION.name, Code.PREFIX_REFERRAL.name)
        self.choked = False  # whether the line to the home is full

    @property
    def pressed(self) -> bool:
        """Whether nothing more could be passed on."""
        return self.choked or bool(self._numbers[PRESSED])

    def receive_datagram(self, packet: bytes, origin: Origin, now: Now) -> Packets:
        """As any node, having heard what was taken back."""
        if self._numbers[EPOCH] != self._epoch:
            self._keep_up()
        return Node.receive_datagram(self, packet, origin, now)  # super() costs more

    def receive_stream(self, packet: bytes, route: Route, now: Now) -> bytes | None:
        """As any node, having heard what was taken back."""
        if self._numbers[EPOCH] != self._epoch:
            self._keep_up()
        return super().receive_stream(packet, route, now)

    def hung_up(self, connection: Hashable) -> None:
        """A client's stream is closed."""
        self._hang_up(connection)

    def learn(self, learnt: Learnt) -> None:
        """Remember what the home says may be repeated, unless that was taken back meanwhile."""
        request, reply, born_ns, expires_ns, ttls, stamp, epoch = learnt
        places, (slot, number) = tuple([(offset, seconds) for offset, seconds in ttls]), stamp
        if epoch != self._numbers[EPOCH] or self._numbers[CLOSED] or not self.packets.open:
            return
        code = code_label(int.from_bytes(reply[24:28], "big"))
        slots = (
            self.counters.slot("udp", Opcode.RESOLUTION.name, code),
            self.counters.slot("tcp", Opcode.RESOLUTION.name, code),
        )
        self.packets.keep(request, reply, slots, born_ns, expires_ns, places, (slot, number))

    def _keep_up(self) -> None:
        """Everything was taken back; perhaps other prefixes are homed."""
        self._epoch = self._numbers[EPOCH]
        self._standing = None
        self.packets.drop()

    def _shortcut(self, packet: bytes, origin: Origin, now: Now) -> bytes | None:
        if self._shelf is not None and not self._numbers[CLOSED]:
            try:
                reply = self._look_up(packet, origin, now, self._shelf)
            except BiaoshiError:  # the home reads the same store, and says what there is to be said
                reply = None
            if reply is not None:
                return reply
        self._gauges[PASSED] += 1
        self._pass_on(packet, origin.route())
        return LATER

    def _look_up(self, packet: bytes, origin: Origin, now: Now, shelf: Shelf) -> bytes | None:
        # In this order: whoever reads a number that was raised, finds the record that was written.
        packets, numbers = self.packets, self._numbers
        stamp = packets.generations.stamp(packet) if packets.open else None
        if numbers[VERSION] != self._version:
            self._version = numbers[VERSION]
            shelf.version()
        store, standing = shelf.store, self._standing
        if standing is None:
            homed = Homes(store, self._configured.homed).homed
            standing = self._standing = replace(self._configured, homed=homed)
        wall_s, slots = now.wall_s, self.resolved_slots
        reply = shortcut.answer_plain(packet, standing, store.get, self.speaker, wall_s)
        if reply is None:
            reply = shortcut.answer_prefix(packet, standing, store.get, self.speaker, wall_s)
            if reply is None:
                return None
            if shortcut.is_referral(reply):
                slots = self._referred_slots
        self.counters.decided[slots[origin.transport]] += 1
        if stamp is not None:
            self.counters.cache["packet", "miss"] += 1
            packets.remember(packet, reply, (slots["udp"], slots["tcp"]), now.wall_ns, REPEATABLE_S, (), stamp)
        return reply


def learnt_of(node: Node, packet: bytes, now: Now) -> Learnt | None:
    """What a home tells the reader that passed a packet on: what it remembers of it itself."""
    entry = node.packets.get(packet, now.wall_ns) if len(packet) >= peek.HEADER_END else None
    if entry is None:
        return None
    epoch = node.packets.numbers[EPOCH]
    stamp = (entry.slot, entry.generation)
    return packet, bytes(entry.packet), entry.born_wall_ns, entry.expires_wall_ns, entry.ttls, stamp, epoch
