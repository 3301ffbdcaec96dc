"""The life of a packet inside a node. Pure: bytes and a moment go in, bytes come out; no socket, no clock, no chance.

    receive   1 recall   the packet cache knows the answer: patch, reply, done
              2 decode   unreadable: refuse, done
              3 judge    a response, an unknown operation, a dead session: refuse, done
              4 decide   operations[opcode] -> an Answer now, or later
              5 reply    encode once, remember if anybody may have it

What is answered at once is returned; what comes later, and what is asked of others, lies in `outbox` until the pump (or
the virtual-time driver) takes it. The driver calls `tick` when `next_deadline_ns` has passed.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nodes.counters import Counters, SlotsOf
from nodes.measures import Measure
from resolver.cache.packets import PacketCache, Table
from resolver.errors import PeerError
from resolver.model.frozen import frozen
from resolver.model.now import NS_PER_S, Now
from resolver.model.question import Answer
from resolver.model.route import Endpoint, Origin, Packets, Route, Series
from resolver.model.site import Site
from resolver.net.machine import Front
from resolver.rules import replies, shortcut, signing
from resolver.rules.keys import SigningKey
from resolver.rules.replies import Speaker
from resolver.rules.sessions import UNKNOWN_SESSION
from resolver.wire import peek
from resolver.wire.codes import Code, EnvelopeFlag, Opcode, OpFlag, code_name, opcode_name
from resolver.wire.framing import Reassembler, split
from resolver.wire.message import UNDECODABLE, Message, decode, encode
from resolver.wire.values import PackedValues

if TYPE_CHECKING:
    from nodes.config import CachePlan, LimitsPlan

REASSEMBLIES_MAX = 256  # fragmented requests in the making, per node
REASSEMBLY_OCTETS_MAX = 4 << 20
TRACES_MAX = 64  # traces armed or kept, per node
TRACE_LIFE_NS = 30 * NS_PER_S  # then nobody will fetch it any more
NO_CREDENTIAL_OCTETS = 4
SESSION_MAX = 0x7FFFFFFF  # session ids are positive 32-bit integers
LATER = b""  # of a shortcut: taken, and the answer comes later
UNDECODED = "undecoded"  # the opcode label of what could not be read
OPCODES, CODES = frozenset(Opcode), frozenset(Code)
# Requests whose answer nobody else may have: signed, digested, encrypted (architecture: never in the packet cache).
PERSONAL = OpFlag.CERTIFY | OpFlag.REQUEST_DIGEST | OpFlag.ENCRYPT | OpFlag.AUTHORITATIVE
REPEATABLE = frozenset({Code.SUCCESS, Code.HANDLE_NOT_FOUND, Code.VALUES_NOT_FOUND, Code.PREFIX_REFERRAL})


@dataclass(slots=True)
class CacheEvent:
    """What a cache did for a traced request."""

    at_mono_ns: int
    cache: str
    outcome: str
    key: str


@dataclass(slots=True)
class Hop:
    """One upstream request of a resolution. `code` None: nobody answered; `referral`: "ip:port" it points to.

    `took_ns`: until its answer came, or until nobody waited for one any more.
    `request` and `reply` are the packets themselves; an answer that came in fragments, put together.
    """

    at_mono_ns: int
    address: str
    transport: str
    question: str
    octets_out: int
    code: int | None = None
    referral: str | None = None
    octets_in: int = 0
    took_ns: int | None = None
    request: bytes = b""
    reply: bytes = b""


@dataclass(slots=True)
class Trace:
    """Everything a node did for one traced request."""

    armed_mono_ns: int
    source: str = "authority"  # authority, cache or stale
    cache: list[CacheEvent] = field(default_factory=list)
    hops: list[Hop] = field(default_factory=list)
    done: bool = False


@dataclass(slots=True, eq=False)
class Request:
    """One request being answered."""

    packet: bytes
    message: Message
    route: Route
    arrived_mono_ns: int
    trace: Trace | None = None


@frozen
class Outcome:
    """What an operation came to, and for how many seconds the same request may have the same reply (0: not).

    `said`: what is to be put into a response; or one; or its octets, finished and counted.
    """

    said: Answer | Message | bytes
    repeatable_s: int = 0


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a node is: its name, its tier, and the site it is a server of."""

    name: str
    tier: str
    site: Site


class Node:
    """What every kind of node does. Kinds add operations: opcode -> how to answer (None: it comes later)."""

    ages = False  # whether TTLs run down in remembered packets: on nodes that repeat what others told them
    # What is answered whatever session a request names: tools and the national SDK begin with it (behaviour.md §5.3).
    sessionless: frozenset[int] = frozenset({Opcode.GET_SITE_INFO})

    def __init__(
        self,
        identity: Identity,
        *,
        packet_octets_max: int,
        entropy: Callable[[int], bytes],
        key: SigningKey | None = None,
        counters: Counters | None = None,
    ) -> None:
        """`key`: the private one whose public half stands in the identity's site; without it nothing is signed.
        `counters`: to count on where an earlier node of this place left off.
        """
        self.identity = identity
        self.key = key
        self.counters = counters or Counters()
        self.packets = PacketCache(packet_octets_max)
        self._remembered = self.packets.table
        self._recalled = self.counters.recalled
        self._front: Front | None = None
        self.resolved_slots = SlotsOf(self.counters, Opcode.RESOLUTION.name, Code.SUCCESS.name)
        self.outbox: list[tuple[Route | Endpoint, Packets | Series]] = []
        self.next_deadline_ns: int | None = None
        self.speaker = Speaker(identity.site.serial, identity.site.primary)
        self.operations: dict[int, Callable[[Request, Now], Outcome | None]] = {
            Opcode.GET_SITE_INFO: self._site_info,
        }
        self.unserved = Answer(Code.OPERATION_NOT_SUPPORTED)
        self.entropy = entropy
        self._fragments = Reassembler(REASSEMBLIES_MAX, REASSEMBLY_OCTETS_MAX)
        self._traces: OrderedDict[bytes, Trace] = OrderedDict()  # by request id, as octets

    # -- what drivers call --------------------------------------------------------------------------------------

    def receive_datagram(self, packet: bytes, origin: Origin, now: Now) -> Packets:
        """Take one UDP packet; the packets to send back at once (none: silence, or the answer comes later)."""
        if not self._traces:
            # The quickest way, written out: PacketCache.get, peek.repeat_key, PacketEntry.datagrams_to in one place.
            entry = self._remembered and self._remembered.get(packet[:8] + packet[12:36] + packet[40:])
            if (
                entry
                and entry.generation == self.packets.numbers[entry.slot]
                and (now.wall_ns < entry.fresh_until_ns or self.packets.freshen(entry, now.wall_ns))
            ):
                entry.visited = True
                self._recalled[entry.datagram_slot] += 1
                request_id = packet[8:12]
                for part in entry.parts:
                    part[8:12] = request_id
                return entry.parts
            quick = self._shortcut(packet, origin, now)
            if quick is not None:
                return split(quick) if quick else ()
        if len(packet) < peek.ENVELOPE_OCTETS:
            self._silence("udp", "runt")
            return ()
        route = origin.route()
        if packet[2] & EnvelopeFlag.TRUNCATED:
            try:
                whole = self._fragments.add((route.source[0], packet[peek.REQUEST_ID]), packet, now.mono_ns)
            except PeerError as error:
                return split(self._refuse("udp", error, now))
            if whole is None:
                return ()
            packet = whole
        reply = self._receive(packet, route, now)
        return split(reply) if reply else ()

    def receive_stream(self, packet: bytes, route: Route, now: Now) -> bytes | None:
        """Take one whole packet from a TCP stream or a door; the packet to send back (b"": none), None if that comes
        later.
        """
        if not self._traces:
            found = self.packets.whole(packet, now.wall_ns)
            if found is not None:
                self.counters.recalled[self._slot_of(found[1], found[2], route.transport)] += 1
                return found[0]
            quick = self._shortcut(packet, route, now)
            if quick is not None:
                return quick or None
        return self._receive(packet, route, now)

    def refuse_stream(self, error: PeerError, now: Now, transport: str = "tcp") -> bytes:
        """The last words on a stream that cannot be framed any more."""
        return self._refuse(transport, error, now)

    def receive_upstream(self, packet: bytes, endpoint: Endpoint, now: Now) -> None:
        """Take a packet from a server that was asked. A node that never asks drops it."""
        self.counters.dropped["unasked"] += 1

    def upstream_failed(self, endpoint: Endpoint, request_id: int, now: Now) -> None:
        """Hear that the connection to `endpoint` on which `request_id` waits was refused or broke."""

    def hung_up(self, connection: Hashable) -> None:
        """Hear that a client's stream is closed."""

    def tick(self, now: Now) -> None:
        """Do what has become due."""

    def batch_answered(self, answers: int, took_ns: int, wall_ns: int) -> None:
        """Hear that `answers` requests, read together at a time, were answered at once within `took_ns`."""
        self.counters.at_once(answers, took_ns, wall_ns)

    def drop(self, reason: str) -> None:
        """Hear that a packet was dropped on its way."""
        self.counters.dropped[reason] += 1

    @property
    def pressed(self) -> bool:
        """Whether so much is under way that nothing should be begun."""
        return False

    @property
    def front(self) -> Front | None:
        """Who answers first; nobody while traces are armed or kept."""
        return None if self._traces else self._front

    @property
    def watched(self) -> bool:
        """Whether the node has to see every packet: while traces are armed or kept."""
        return bool(self._traces)

    def answer_first(self, table: Table) -> None:
        """Have a table answer what it can before this node is asked."""
        self.packets.stand_before(table)
        self._front = Front(table, self._recalled)

    @property
    def unread(self) -> int:
        """A node itself throws no packet away unread."""
        return 0

    @property
    def under_way(self) -> int:
        """Requests that will be answered later, and what else must not be cut off."""
        return 0

    def configure(self, cache: CachePlan, limits: LimitsPlan) -> None:
        """Go on with other bounds, from the next packet on."""
        self.packets.resize(cache.packet_octets)

    def arm_trace(self, request_id: int, now: Now) -> None:
        """Trace the next request with this id. While traces are armed or kept, the quick way is closed to all."""
        while len(self._traces) >= TRACES_MAX:
            self._traces.popitem(last=False)
        self._traces[peek.pack_u32(request_id)] = Trace(now.mono_ns)

    def take_trace(self, request_id: int) -> Trace | None:
        """The finished trace of a request id, once; None if there is none (yet)."""
        key = peek.pack_u32(request_id)
        trace = self._traces.get(key)
        if trace is None or not trace.done:
            return None
        return self._traces.pop(key)

    # -- the life of a packet -----------------------------------------------------------------------------------

    def _receive(self, packet: bytes, route: Route, now: Now) -> bytes | None:
        trace = None
        if self._traces:
            trace = self._trace_of(packet, now)
            recalled = self._recall(packet, route, trace, now)
            if recalled is not None:
                return recalled
        try:
            message = self._read(packet, now)
        except PeerError as error:
            self._unreadable(packet, route, error, now)
            return self._refuse(route.transport, error, now)
        if message is None:
            self._silence(route.transport, "refusal")
            return b""
        request = Request(packet, message, route, now.mono_ns, trace)
        outcome = self._decide(request, now)
        return None if outcome is None else self._reply(request, outcome, now)

    def _unreadable(self, packet: bytes, route: Route, error: PeerError, now: Now) -> None:
        """Hear of a packet that cannot be understood, before it is refused."""

    def _trace_of(self, packet: bytes, now: Now) -> Trace | None:
        oldest = next(iter(self._traces.values()))
        if now.mono_ns - oldest.armed_mono_ns > TRACE_LIFE_NS:
            self._traces.popitem(last=False)
        trace = self._traces.get(packet[peek.REQUEST_ID])
        return None if trace is None or trace.done else trace

    def _recall(self, packet: bytes, route: Route, trace: Trace | None, now: Now) -> bytes | None:
        """What the quick way does, while traces have closed it."""
        found = self.packets.whole(packet, now.wall_ns)
        if found is None:
            return None
        self.counters.recalled[self._slot_of(found[1], found[2], route.transport)] += 1
        if trace is not None:
            trace.source = "cache" if self.ages else "authority"
            trace.cache.append(CacheEvent(now.mono_ns, "packet", "hit", ""))
            trace.done = True
        return found[0]

    def _slot_of(self, datagram_slot: int, stream_slot: int, transport: str) -> int:
        if transport == "tcp":
            return stream_slot
        return datagram_slot if transport == "udp" else self.counters.over(stream_slot, transport)

    def _shortcut(self, packet: bytes, origin: Origin, now: Now) -> bytes | None:
        """A kind's way to answer its commonest request from octets alone (or LATER); None: take the long way."""
        return None

    def _read(self, packet: bytes, now: Now) -> Message | None:
        """Decode a request; None if it is a refusal of an undecoded one: two servers refusing each other never stop.

        PeerError with the reply it deserves (behaviour.md §1.1 rows 1 to 6).
        """
        encrypted = len(packet) >= peek.ENVELOPE_OCTETS and packet[2] & EnvelopeFlag.ENCRYPTED
        message = self._opened(packet, now) if encrypted else decode(packet)
        if message.header.code != Code.REQUEST:
            if message.envelope.request_id == replies.UNDECODED_REQUEST_ID:
                return None
            raise PeerError(UNDECODABLE)
        if message.header.opcode not in OPCODES:
            raise PeerError(UNDECODABLE)
        return message

    def _opened(self, packet: bytes, now: Now) -> Message:
        """The message in an encrypted packet. PeerError if it cannot be read: for nodes without sessions an id can only
        be unknown, and none cannot have encrypted anything.
        """
        named = 0 < int.from_bytes(packet[4:8], "big") <= SESSION_MAX
        raise PeerError("", code=Code.SESSION_TIMEOUT if named else Code.SESSION_FAILED)

    def _decide(self, request: Request, now: Now) -> Outcome | None:
        opcode = request.message.header.opcode
        if 0 < request.message.envelope.session_id <= SESSION_MAX and opcode not in self.sessionless:
            return Outcome(UNKNOWN_SESSION)
        operation = self.operations.get(opcode)
        return Outcome(self.unserved) if operation is None else operation(request, now)

    def _reply(self, request: Request, outcome: Outcome, now: Now) -> bytes:
        """Encode the answer, count it, and remember it if anybody may have it."""
        if isinstance(outcome.said, Answer) and isinstance(outcome.said.values, PackedValues):
            packet = shortcut.relay(request.packet, outcome.said.values.octets, self.speaker, now.wall_s)
            if packet is not None:
                lifetime_s = 0 if request.message.header.flags & PERSONAL else outcome.repeatable_s
                self.passed_on(request.packet, packet, request.route.transport, outcome.said.values, lifetime_s, now)
                if request.trace is not None:
                    request.trace.done = True
                return packet
        if isinstance(outcome.said, bytes):
            if request.trace is not None:
                request.trace.done = True
            return outcome.said
        if isinstance(outcome.said, Message):
            message = outcome.said
        else:
            message = replies.respond(request.message, outcome.said, self.speaker, now)
        packet = encode(signing.certify(message, self.key))
        transport = request.route.transport
        opcode, code = Opcode(message.header.opcode).name, code_label(message.header.code)
        self.counters.request(transport, opcode, code)
        if outcome.repeatable_s > 0 and self.packets.open and repeatable(request.message, message):
            slots = (self.counters.slot("udp", opcode, code), self.counters.slot("tcp", opcode, code))
            ttls = peek.relative_ttls(packet) if self.ages and message.header.code == Code.SUCCESS else ()
            self.packets.remember(request.packet, packet, slots, now.wall_ns, outcome.repeatable_s, ttls)
        if request.trace is not None:
            request.trace.done = True
        return packet

    def passed_on(
        self, request: bytes, reply: bytes, transport: str, values: PackedValues, repeatable_s: int, now: Now
    ) -> None:
        """What follows a reply that was never a Message: count it, and remember it if anybody may have it."""
        slots = self.resolved_slots
        self.counters.decided[slots[transport]] += 1
        if repeatable_s > 0 and self.packets.open:
            start = len(reply) - NO_CREDENTIAL_OCTETS - len(values.octets)
            ttls = tuple([(start + offset, ttl) for offset, ttl in values.relative]) if self.ages else ()
            self.packets.remember(request, reply, (slots["udp"], slots["tcp"]), now.wall_ns, repeatable_s, ttls)

    def reply_later(self, request: Request, outcome: Outcome, now: Now, measure: Measure | None = None) -> None:
        """Answer a request by what it came to, some time after it came. `measure`: what it was, if not what it says."""
        packet = self._reply(request, outcome, now)
        self.outbox.append((request.route, split(packet) if request.route.transport == "udp" else (packet,)))
        if measure is None and request.message.header.opcode == Opcode.RESOLUTION:
            measure = self.counters.resolutions
        self.counters.later(measure, now.mono_ns - request.arrived_mono_ns, now.wall_ns)

    def _refuse(self, transport: str, error: PeerError, now: Now) -> bytes:
        self.counters.request(transport, UNDECODED, code_label(error.code))
        return encode(replies.refuse_undecoded(error, now))

    def refuse(self, request: Message, answer: Answer, transport: str, now: Now) -> bytes:
        """The reply to a request that is refused before any work."""
        self.counters.request(transport, opcode_name(request.header.opcode), code_label(answer.code))
        return encode(replies.respond(request, answer, self.speaker, now))

    def _silence(self, transport: str, reason: str) -> None:
        self.counters.request(transport, UNDECODED, "none")
        self.counters.dropped[reason] += 1

    def note(self, request: Request, cache: str, outcome: str, now: Now, key: str = "") -> None:
        """Count what a cache did for a request, and trace it."""
        self.counters.cache[cache, outcome] += 1
        if request.trace is not None:
            request.trace.cache.append(CacheEvent(now.mono_ns, cache, outcome, key))

    # -- what every kind answers --------------------------------------------------------------------------------

    def _site_info(self, request: Request, now: Now) -> Outcome:
        return Outcome(replies.respond_site_info(request.message, self.identity.site, self.speaker, now))


def code_label(code: int) -> str:
    """How a response code is counted: by its name; all that have none together, or a server that lies grows metrics."""
    return code_name(code) if code in CODES else "other"


def repeatable(request: Message, response: Message) -> bool:
    """Whether the next to send the same request may have the same response (architecture: the packet cache)."""
    return (
        request.header.opcode == Opcode.RESOLUTION
        and request.envelope.session_id == 0
        and request.envelope.flags == 0
        and request.credential is None
        and not request.header.flags & PERSONAL
        and response.header.code in REPEATABLE
    )
