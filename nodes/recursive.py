"""Recursive node (递归节点): everything, on behalf of clients, and it remembers.

A question is answered from the answer cache, joins an equal one in flight, or starts a resolution: a coroutine of
`resolver/rules/resolution.py`, whose effects this node carries out.

    client --question--> [answer cache] --miss--> [in flight?] --no--> Resolution --Ask--> upstream
       ^                      | hit                    | yes: join        |  ^  '--Find--> another Resolution
       '----------------------'------------------------'------ answer ----'  '---- reply, or silence (tick)

It answers slashless prefixes itself with the HS_SITE of the prefix: that is how the national SDK asks.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Coroutine, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from nodes.node import CacheEvent, Hop, Identity, Node, Outcome, Request
from nodes.parts import Parts
from resolver.cache.answers import NEGATIVE, AnswerCache, question_key
from resolver.errors import PeerError
from resolver.model.identifier import text
from resolver.model.now import NS_PER_S, Now
from resolver.model.question import Answer, Question
from resolver.model.route import Endpoint
from resolver.model.site import Protocol
from resolver.rules import replies
from resolver.rules.effects import Ask, Effect, Find
from resolver.rules.resolution import RECURSION_MAX, REFERRALS, RootService, forwarded, resolve
from resolver.rules.selection import ResponseTimes
from resolver.wire import peek
from resolver.wire.bodies.resolution import ResolutionAnswer, ResolutionRequest
from resolver.wire.codes import Code, Opcode
from resolver.wire.framing import Reassembler, split
from resolver.wire.message import FRAGMENT_OCTETS, Message, decode, encode
from resolver.wire.types import hs_site

TIMERS_SPARE = 256  # timers of what is over that may wait before they are cleared away
RESOLUTION_LIMIT_NS = 10 * NS_PER_S  # one question, all its asking included; clients have given up by then
REQUEST_ID_MAX = 0x7FFFFFFF
NOT_A_PRIMARY = Answer(Code.ERROR, message=b"Not a primary server")
TOO_DEEP = Outcome(Answer(Code.RECURSION_COUNT_TOO_HIGH))
TOO_BUSY = Outcome(Answer(Code.SERVER_TOO_BUSY))
TOO_SLOW = Answer(Code.ERROR, message=b"The resolution took too long")
CIRCLE = Answer(Code.ERROR, message=b"The service handles name each other in a circle")
SECRET = Outcome(
    Answer(Code.INSUFFICIENT_PERMISSIONS, message=b"Ask the responsible server itself for what is not public")
)
REASSEMBLIES_MAX = 1_024  # fragmented answers in the making
REASSEMBLY_OCTETS_MAX = 16 << 20


@dataclass(slots=True, eq=False)
class Resolution:
    """One question in flight, whoever waits for it, and what it has done so far."""

    question: Question
    key: Hashable | None  # None: personal, neither joined nor remembered
    rule: Coroutine[Effect, Any, Answer]
    started_mono_ns: int
    waiters: list[Request | Resolution] = field(default_factory=list)
    waiting_on: Resolution | None = None
    asking: Asking | None = None
    above: bytes = b""  # the prefix handle whose remembered referral it began from, if it did
    referral: Answer | None = None  # the last one it met
    hops: list[Hop] = field(default_factory=list)
    events: list[CacheEvent] = field(default_factory=list)
    over: bool = False


@dataclass(slots=True, eq=False)
class Asking:
    """One Ask being carried out: sent, and waiting."""

    resolution: Resolution
    ask: Ask
    endpoint: Endpoint
    request_id: int
    packets: Sequence[bytes | bytearray]
    started_mono_ns: int
    sends_left: list[int]  # the waits after the sends still to come
    hop: Hop


class RecursiveNode(Node):
    """A cache that asks the authorities on behalf of its clients."""

    ages = True

    def __init__(
        self,
        identity: Identity,
        roots: Sequence[RootService],
        *,
        answers: AnswerCache,
        packet_octets_max: int,
        in_flight_max: int,
        tiers: Mapping[str, str],
        entropy: Callable[[int], bytes],
    ) -> None:
        super().__init__(identity, packet_octets_max=packet_octets_max, entropy=entropy)
        self.roots = tuple(roots)
        self.answers = answers
        self.in_flight_max = in_flight_max
        self.tiers = tiers  # address -> tier: names for the upstream metrics, nothing else
        self.times = ResponseTimes()
        self.unserved = NOT_A_PRIMARY
        self.operations[Opcode.RESOLUTION] = self._resolve
        self.operations[Opcode.CHALLENGE_ANSWER] = lambda request, now: Outcome(Answer(Code.AUTHEN_TIMEOUT))
        self._in_flight: dict[Hashable, Resolution] = {}
        self._resolutions = 0  # personal ones included
        self._askings: dict[tuple[Endpoint, int], Asking] = {}
        self._timers: list[tuple[int, int, Asking | Resolution]] = []
        self._order = count()  # equal deadlines fire in the order they were set
        self._upstream_fragments = Reassembler(REASSEMBLIES_MAX, REASSEMBLY_OCTETS_MAX)

    # -- questions of clients -----------------------------------------------------------------------------------

    def _resolve(self, request: Request, now: Now) -> Outcome | None:
        assert isinstance(request.message.body, ResolutionRequest)
        question = replies.question_of(request.message, request.message.body)
        if question.recursion_count > RECURSION_MAX:
            return TOO_DEEP
        if self.packets.open:
            self.note(request, "packet", "miss", now)
        key: Hashable | None = None
        # Personal questions meet no cache: their answers are for this asker alone, or must be fresh.
        if not (question.authoritative or question.certify or not question.public_only):
            key = question_key(question)
            answer = self.answers.get(question, now)
            self.note(request, "answer", outcome_of(answer), now, text(question.handle))
            if answer is not None:
                if request.trace is not None:
                    request.trace.source = "cache"
                return Outcome(answer, self.answers.remaining_s(question, now))
            joined = self._in_flight.get(key)
            if joined is not None:
                self.note(request, "answer", "joined", now, text(question.handle))
                joined.waiters.append(request)
                return None
        if self._resolutions >= self.in_flight_max:
            self.counters.dropped["busy"] += 1
            return TOO_BUSY
        self._start(forwarded(question), key, request, now)
        return None

    def _start(self, question: Question, key: Hashable | None, waiter: Request | Resolution, now: Now) -> None:
        # Whoever wants it fresh, or from a server that must not refer, is taken all the way from the root.
        known = None if key is None or question.do_not_refer else self.answers.referral(question.handle, now)
        above, referral = known or (b"", None)
        rule = resolve(question, self.roots, self.times, referral)
        resolution = Resolution(question, key, rule, now.mono_ns, [waiter], above=above)
        if above:
            resolution.events.append(CacheEvent(now.mono_ns, "referral", "hit", text(above)))
        self._resolutions += 1
        if key is not None:
            self._in_flight[key] = resolution
        if isinstance(waiter, Resolution):
            waiter.waiting_on = resolution
        self._set_timer(now.mono_ns + RESOLUTION_LIMIT_NS, resolution)
        self._advance(resolution, None, now)

    # -- carrying out effects -----------------------------------------------------------------------------------

    def _advance(self, resolution: Resolution, outcome: Answer | None, now: Now) -> None:
        """Send an effect's outcome into a rule, and carry out what it asks for next, until it waits or ends."""
        while not resolution.over:
            try:
                effect = resolution.rule.send(outcome)
            except StopIteration as stop:
                self._finish(resolution, stop.value, now)
                return
            if isinstance(effect, Ask):
                self._ask(resolution, effect, now)
                return
            outcome = self._find(resolution, effect, now)
            if outcome is None:
                return

    def _find(self, resolution: Resolution, find: Find, now: Now) -> Answer | None:
        """The answer if it is known already; None if `resolution` will be advanced when it comes."""
        question = find.question
        answer = self.answers.get(question, now)
        self._note_prefix(resolution, outcome_of(answer), question, now)
        if answer is not None:
            return answer
        key = question_key(question)
        joined = self._in_flight.get(key)
        if joined is None:
            self._start(question, key, resolution, now)
            return None
        waiting: Resolution | None = joined
        while waiting is not None:
            if waiting is resolution:
                return CIRCLE
            waiting = waiting.waiting_on
        self._note_prefix(resolution, "joined", question, now)
        joined.waiters.append(resolution)
        resolution.waiting_on = joined
        return None

    def _finish(self, resolution: Resolution, answer: Answer, now: Now) -> None:
        resolution.over = True
        self._resolutions -= 1
        if resolution.key is not None:
            del self._in_flight[resolution.key]
            self.answers.put(resolution.question, answer, now)
            if resolution.referral is not None and answer.code == Code.SUCCESS:
                self.answers.put_referral(resolution.question.handle, resolution.referral, now)
            elif resolution.above and answer.code == Code.ERROR:
                self.answers.forget_referral(resolution.above)
        for waiter in resolution.waiters:
            if isinstance(waiter, Resolution):
                waiter.waiting_on = None
                waiter.hops.extend(resolution.hops)
                waiter.events.extend(resolution.events)
                self._advance(waiter, answer, now)
                continue
            if waiter.trace is not None:
                waiter.trace.hops.extend(resolution.hops)
                waiter.trace.cache.extend(resolution.events)
            self._reply_later(waiter, self._for_client(waiter, resolution, answer, now), now)

    def _for_client(self, request: Request, resolution: Resolution, answer: Answer, now: Now) -> Outcome:
        if answer.code == Code.AUTHENTICATION_NEEDED:
            # Whoever challenges wants proof from its own client, and this node is that client.
            return SECRET
        repeatable_s = 0 if resolution.key is None else self.answers.remaining_s(resolution.question, now)
        return Outcome(answer, repeatable_s)

    # -- asking upstream ----------------------------------------------------------------------------------------

    def _ask(self, resolution: Resolution, ask: Ask, now: Now) -> None:
        port = ask.server.port(ask.protocol)
        assert port is not None  # selection offers only servers that speak the protocol
        endpoint = Endpoint(ask.server.ip, port, "udp" if ask.protocol is Protocol.UDP else "tcp")
        request_id = 1 + int.from_bytes(self._entropy(4), "big") % REQUEST_ID_MAX
        while (endpoint, request_id) in self._askings:
            request_id = 1 + request_id % REQUEST_ID_MAX
        packet = encode(replies.request_message(ask.question, request_id, now, ask.site))
        packets = split(packet) if endpoint.transport == "udp" else [packet]
        hop = Hop(
            now.mono_ns, f"{endpoint.ip}:{port}", endpoint.transport, text(ask.question.handle), sum(map(len, packets))
        )
        resolution.hops.append(hop)
        waits = ask.waits_ns
        asking = Asking(resolution, ask, endpoint, request_id, packets, now.mono_ns, list(waits[1:]), hop)
        resolution.asking = asking
        self._askings[endpoint, request_id] = asking
        self.outbox.append((endpoint, packets))
        self._set_timer(now.mono_ns + waits[0], asking)

    def receive_upstream(self, packet: bytes, endpoint: Endpoint, now: Now) -> None:
        """Take a packet from a server: the answer to an asking, or of no interest (protocol.md §2, §4)."""
        if len(packet) < peek.HEADER_END - peek.HEADER_OCTETS:
            self.counters.dropped["runt"] += 1
            return
        asking = self._askings.get((endpoint, peek.request_id(packet)))
        if asking is None:
            self.counters.dropped["unasked"] += 1
            return
        octets = len(packet)
        partial = len(packet) - peek.ENVELOPE_OCTETS < int.from_bytes(packet[16:20], "big")
        try:
            if partial and endpoint.transport == "udp":
                key = (endpoint.ip, endpoint.port, asking.request_id)
                whole = self._upstream_fragments.add(key, packet, now.mono_ns)
                if whole is None:
                    return
                packet, octets = whole, len(whole) + peek.ENVELOPE_OCTETS * (-(-len(whole) // FRAGMENT_OCTETS) - 1)
            message = decode(packet)
            if not isinstance(message, Message) or not answers_question(message, asking.ask.question, now):
                raise PeerError("an answer to something else")
            answer = replies.answer_of(message)
        except PeerError:
            # Waiting on is safer than believing: a forger must not be able to end an asking.
            self.counters.dropped["unreadable answer"] += 1
            return
        asking.hop.code, asking.hop.octets_in = answer.code, octets
        if answer.code in REFERRALS:
            asking.hop.referral = referral_address(answer)
            asking.resolution.referral = answer
        self._end_asking(asking, answer, "answered" if answer.code != Code.ERROR else "error", now)

    def upstream_failed(self, endpoint: Endpoint, request_id: int, now: Now) -> None:
        """Hear that a connection was refused or broke: that counts as silence, at once."""
        asking = self._askings.get((endpoint, request_id))
        if asking is not None:
            self._end_asking(asking, None, "refused", now)

    def _end_asking(self, asking: Asking, answer: Answer | None, outcome: str, now: Now) -> None:
        del self._askings[asking.endpoint, asking.request_id]
        took_ns = now.mono_ns - asking.started_mono_ns
        ip = asking.endpoint.ip
        if answer is None:
            self.times.failed(ip)
        else:
            self.times.answered(ip, took_ns)
        self.counters.asked(self.tiers.get(ip, "unknown"), outcome, took_ns / NS_PER_S)
        asking.resolution.asking = None
        self._advance(asking.resolution, answer, now)

    # -- time ---------------------------------------------------------------------------------------------------

    def tick(self, now: Now) -> None:
        """Send again what is still unanswered, give up what has waited long enough."""
        while self._timers and self._timers[0][0] <= now.mono_ns:
            _, _, due = heapq.heappop(self._timers)
            if isinstance(due, Resolution):
                if not due.over:
                    self._give_up(due, now)
            elif self._askings.get((due.endpoint, due.request_id)) is due:
                if due.sends_left:
                    self.outbox.append((due.endpoint, due.packets))
                    self._set_timer(now.mono_ns + due.sends_left.pop(0), due)
                else:
                    self._end_asking(due, None, "timeout", now)
        # Timers of what is over are dropped here, so that an idle node sleeps.
        while self._timers and self._is_over(self._timers[0][2]):
            heapq.heappop(self._timers)
        self.next_deadline_ns = self._timers[0][0] if self._timers else None

    def _give_up(self, resolution: Resolution, now: Now) -> None:
        if resolution.asking is not None:
            asking = resolution.asking
            del self._askings[asking.endpoint, asking.request_id]
            self.counters.asked(self.tiers.get(asking.endpoint.ip, "unknown"), "abandoned", 0.0)
        if resolution.waiting_on is not None:
            resolution.waiting_on.waiters.remove(resolution)
        resolution.rule.close()
        self._finish(resolution, TOO_SLOW, now)

    def _is_over(self, due: Asking | Resolution) -> bool:
        if isinstance(due, Resolution):
            return due.over
        return self._askings.get((due.endpoint, due.request_id)) is not due

    def _set_timer(self, deadline_ns: int, due: Asking | Resolution) -> None:
        heapq.heappush(self._timers, (deadline_ns, next(self._order), due))
        if len(self._timers) > TIMERS_SPARE + 2 * (len(self._askings) + self._resolutions):
            # Most waits are answered long before they end; their timers would hold on to them until then.
            self._timers = [timer for timer in self._timers if not self._is_over(timer[2])]
            heapq.heapify(self._timers)
        self.next_deadline_ns = self._timers[0][0]

    def _note_prefix(self, resolution: Resolution, outcome: str, question: Question, now: Now) -> None:
        self.counters.cache["prefix", outcome] += 1
        resolution.events.append(CacheEvent(now.mono_ns, "prefix", outcome, text(question.handle)))


def outcome_of(answer: Answer | None) -> str:
    """How a look-up in the answer cache is counted."""
    if answer is None:
        return "miss"
    return "negative" if answer.code in NEGATIVE else "hit"


def answers_question(response: Message, question: Question, now: Now) -> bool:
    """Whether a response is about `question`: its opcode, its handle where it names one, and not expired."""
    if response.header.opcode != Opcode.RESOLUTION or response.header.code == Code.REQUEST:
        return False
    if 0 < response.header.expiration < now.wall_s:
        return False
    body = response.body
    return not isinstance(body, ResolutionAnswer) or body.handle.upper() == question.handle.upper()


def referral_address(answer: Answer) -> str | None:
    """The first address a referral points to, "ip:port", for people."""
    for value in answer.values:
        if value.type.upper() in (b"HS_SITE.PREFIX", b"HS_SITE", b"HS_NA_DELEGATE"):
            try:
                server = hs_site.decode(value.data).servers[0]
            except (PeerError, IndexError):
                continue
            return f"{server.ip}:{server.port(Protocol.UDP) or server.port(Protocol.TCP)}"
    return None


def build(parts: Parts) -> RecursiveNode:
    """A recursive node as its plan says."""
    cache = parts.plan.cache
    return RecursiveNode(
        parts.identity,
        parts.plan.roots,
        answers=AnswerCache(cache.answer_octets, ttl_max_s=cache.ttl_max_s, negative_ttl_s=cache.negative_ttl_s),
        packet_octets_max=cache.packet_octets,
        in_flight_max=parts.plan.limits.in_flight,
        tiers=parts.tiers,
        entropy=parts.entropy,
    )
