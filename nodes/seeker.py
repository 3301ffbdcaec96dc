"""Seeking: drives the rules that must wait, and carries out what they ask of the world.

    rule --Ask--> a packet to a server, sent again, given up        (`receive_upstream`, `upstream_failed`, `tick`)
         --Find--> the answer cache, an equal errand in flight, or another errand

An errand is one rule being driven; whoever waits for what it comes to is called when it ends. Recursive nodes resolve
for clients with this; nothing in it knows who is waiting.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Coroutine, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Protocol

from nodes.node import CacheEvent, Hop, Node
from resolver.cache.answers import FAILURES, AnswerCache, outcome_of, question_key
from resolver.errors import PeerError
from resolver.model.identifier import ancestors, fold, normal_form, text
from resolver.model.now import NS_PER_S, Now
from resolver.model.question import Answer, Question
from resolver.model.route import Endpoint
from resolver.model.site import Protocol as Transport
from resolver.rules import keys, replies, shortcut, signing
from resolver.rules.effects import Ask, Effect, Find
from resolver.rules.pressure import Pressure
from resolver.rules.resolution import REFERRALS, RootService, resolve, site_of
from resolver.rules.selection import UDP_WAITS_NS, Loads, ResponseTimes, Retries
from resolver.wire import peek
from resolver.wire.bodies.authentication import VerifyRequest
from resolver.wire.bodies.resolution import ResolutionAnswer
from resolver.wire.codes import Code, Opcode
from resolver.wire.framing import Reassembler, split
from resolver.wire.message import FRAGMENT_OCTETS, Message, decode, encode

TIMERS_SPARE = 256  # timers of what is over that may wait before they are cleared away
ERRAND_LIMIT_NS = 10 * NS_PER_S  # one errand, all its asking included; clients have given up by then
REQUEST_ID_MAX = 0x7FFFFFFF
PATIENCE_NS = UDP_WAITS_NS[0]  # then a client asks again (behaviour.md §3.3); before that it gets what has expired
TOO_SLOW = Answer(Code.ERROR, message=b"The resolution took too long")
CIRCLE = Answer(Code.ERROR, message=b"The service handles name each other in a circle")
REASSEMBLIES_MAX = 1_024  # fragmented answers in the making
REASSEMBLY_OCTETS_MAX = 16 << 20


@dataclass(slots=True, eq=False)
class Errand:
    """One rule being driven, whoever waits for it, and what it has done so far."""

    question: Question
    key: Hashable | None  # None: personal, neither joined nor remembered
    waiters: list[Waiter]
    began_mono_ns: int
    rule: Coroutine[Effect, Any, Answer] | None = None  # once it has set out
    followers: list[Errand] = field(default_factory=list)  # neighbours that set out when this one has found the way
    followed: bool = False  # has waited for a neighbour once, and does not again
    waiting_on: Errand | None = None
    resume: Waiter | None = None  # how it is called when what it waits on has ended
    asking: Asking | None = None
    found: Answer | None = None  # what its first Find comes to, if that is known already
    sent: Sent | None = None  # its first Ask, if that is under way already
    parent: bytes | None = None  # the prefix handle above the one it looks for
    above: bytes = b""  # the prefix handle whose remembered referral it began from, if it did
    referral: Answer | None = None  # the last one it met
    earlier: Answer | None = None  # the one it met before that
    hint: Answer | None = None  # a referral from which to set out instead of from the root, if it leads somewhere
    proof: VerifyRequest | None = None  # asked about instead of the question, at the end of the way
    hops: list[Hop] = field(default_factory=list)
    events: list[CacheEvent] = field(default_factory=list)
    silence: bool = False  # its last Ask was in vain: the next is a retry
    stale: Answer | None = None  # what was given, expired, for want of a better one
    repeatable_s: int = 0  # for how many seconds what it came to may be repeated
    over: bool = False


Waiter = Callable[[Errand, Answer, Now], None]


@dataclass(frozen=True, slots=True)
class Sent:
    """A question that has been sent, once."""

    endpoint: Endpoint
    request_id: int
    started_mono_ns: int


@dataclass(slots=True, eq=False)
class Asking:
    """One Ask being carried out: sent, and waiting."""

    errand: Errand
    ask: Ask
    endpoint: Endpoint
    request_id: int
    packets: Sequence[bytes | bytearray]
    started_mono_ns: int
    sends_left: list[int]  # the waits after the sends still to come
    hop: Hop
    certified: Message | None = None  # the request, if its answer must be signed


@dataclass(frozen=True, slots=True, eq=False)
class Patience:
    """Whoever waits for an errand is told what has expired, if it takes too long."""

    errand: Errand
    lose: Callable[[Errand, Now], None]

    @property
    def over(self) -> bool:
        """Whether it has ended by itself."""
        return self.errand.over

    def overdue(self, now: Now) -> None:
        """It took too long."""
        self.lose(self.errand, now)


class Overdue(Protocol):
    """What is called when its time has come, unless it is over by then."""

    @property
    def over(self) -> bool: ...

    def overdue(self, now: Now) -> None: ...


class Seeker:
    """The errands of one node. It puts packets into the node's outbox, counts there, and sets its next deadline."""

    def __init__(
        self,
        node: Node,
        roots: Sequence[RootService],
        *,
        answers: AnswerCache,
        in_flight_max: int,
        tiers: Mapping[str, str],
        entropy: Callable[[int], bytes],
        retry_share: float,
        in_flight_per_server: int,
    ) -> None:
        self.node = node
        self.roots = tuple(roots)
        self.answers = answers
        self.in_flight_max = in_flight_max
        self.pressure = Pressure(in_flight_max)
        self.tiers = tiers  # address -> tier: names for the upstream metrics, nothing else
        self.times = ResponseTimes()
        self.retries = Retries(retry_share)
        self.loads = Loads(in_flight_per_server)
        self.errands = 0  # under way, personal ones included
        # Called before anything is sought: whoever has the same question under way elsewhere hands it over here.
        self.rival: Callable[[Hashable, Now], None] = lambda key, now: None
        self.askings: dict[tuple[Endpoint, int], Asking] = {}
        self._entropy = entropy
        self._in_flight: dict[Hashable, Errand] = {}
        self._pathfinders: dict[bytes, Errand] = {}  # by parent prefix handle: the first to look for one below it
        self._timers: list[tuple[int, int, Asking | Errand | Overdue]] = []
        self._order = count()  # equal deadlines fire in the order they were set
        self.fragments = Reassembler(REASSEMBLIES_MAX, REASSEMBLY_OCTETS_MAX)

    def configure(self, *, in_flight_max: int, retry_share: float, in_flight_per_server: int) -> None:
        """Go on with other bounds."""
        self.in_flight_max = in_flight_max
        self.pressure.configure(in_flight_max)
        self.retries.share = retry_share
        self.loads.most = in_flight_per_server

    @property
    def full(self) -> bool:
        """Whether as many errands are under way as may be."""
        return self.errands >= self.in_flight_max

    def join(self, key: Hashable, waiter: Waiter, now: Now) -> bool:
        """Wait for an equal question in flight; False if there is none."""
        self.rival(key, now)
        errand = self._in_flight.get(key)
        if errand is None:
            return False
        instead = self._at_once(errand, now)
        if instead is None:
            errand.waiters.append(waiter)
        else:
            waiter(errand, instead, now)
        return True

    def resolve(self, question: Question, key: Hashable | None, waiter: Waiter, now: Now) -> Errand:
        """Begin to resolve a question; `waiter` is called when it is answered, which may be before this returns."""
        errand = self._errand(question, key, [waiter], now.mono_ns)
        self._begin(errand, now)
        return errand

    def verify(self, proof: VerifyRequest, referral: Answer | None, waiter: Waiter, now: Now) -> None:
        """Have a proof checked by the server that holds the user's key (effects.Verify): an errand of its own.

        `referral`: where the way to a neighbour led a moment ago, if that was certified.
        """
        errand = self._errand(Question(proof.user_handle, certify=True), None, [waiter], now.mono_ns)
        errand.proof, errand.hint = proof, referral
        self._begin(errand, now)

    def seeks(self, key: Hashable) -> bool:
        """Whether an equal question is in flight."""
        return key in self._in_flight

    def finding(self, parent: bytes) -> bool:
        """Whether an errand is finding the way below a prefix handle."""
        return parent in self._pathfinders

    def find(self, question: Question, waiter: Waiter, now: Now) -> None:
        """Have a question resolved whose answer is not remembered: by joining an equal one, or afresh."""
        key = question_key(question)
        self.node.counters.cache["prefix", "miss"] += 1
        joined = self._in_flight.get(key)
        if joined is None:
            self._begin(self._errand(question, key, [waiter], now.mono_ns), now)
            return
        self.node.counters.cache["prefix", "joined"] += 1
        instead = self._at_once(joined, now)
        if instead is None:
            joined.waiters.append(waiter)
        else:
            waiter(joined, instead, now)

    def adopt(
        self,
        question: Question,
        key: Hashable,
        waiters: list[Waiter],
        began_mono_ns: int,
        now: Now,
        *,
        found: Answer | None = None,
        referral: Answer | None = None,
        earlier: Answer | None = None,
        sent: Sent | None = None,
    ) -> None:
        """Go on with what began elsewhere: `found` is what its prefix came to, `referral` the one it has followed on
        its way and `earlier` the one before that, `sent` the question under way.
        """
        errand = self._errand(question, key, waiters, began_mono_ns)
        errand.found, errand.referral, errand.earlier, errand.sent = found, referral, earlier, sent
        self._begin(errand, now)

    def fresh_id(self) -> int:
        """An unguessable request id."""
        return 1 + int.from_bytes(self._entropy(4), "big") % REQUEST_ID_MAX

    def call_at(self, deadline_ns: int, waiting: Overdue) -> None:
        """Call what waits at a time, unless it is over by then."""
        self._set_timer(deadline_ns, waiting)

    def _errand(self, question: Question, key: Hashable | None, waiters: list[Waiter], began_mono_ns: int) -> Errand:
        errand = Errand(question, key, waiters, began_mono_ns)
        self.errands += 1
        if key is not None:
            self._in_flight[key] = errand
        self._set_timer(began_mono_ns + ERRAND_LIMIT_NS, errand)
        if key is not None and key in self.answers.entries.table:
            self._set_timer(began_mono_ns + PATIENCE_NS, Patience(errand, self._lose_patience))
        return errand

    def _begin(self, errand: Errand, now: Now) -> None:
        """Set out: from a remembered referral, behind a neighbour that is finding the way, or from the root."""
        question = errand.question
        # Whoever wants it fresh, or from a server that must not refer, is taken all the way from the root.
        # So is whoever wants it certified: of a remembered referral nobody knows any more who signed it.
        if errand.key is not None and not question.do_not_refer and not question.certify:
            folded = fold(normal_form(question.handle))
            errand.parent = next(ancestors(folded), None)
            afresh = errand.parent is None or errand.referral is not None
            known = None if afresh else self.answers.referral(folded, now)
            if known is None and errand.parent is not None and not errand.followed:
                pathfinder = self._pathfinders.get(errand.parent)
                # One that waits itself might be waiting for us.
                if pathfinder is not None and pathfinder.waiting_on is None and errand.sent is None:
                    errand.waiting_on = pathfinder
                    pathfinder.followers.append(errand)
                    return
                self._pathfinders.setdefault(errand.parent, errand)
        else:
            known = None
        errand.above, referral = known or (b"", None)
        if errand.above:
            errand.events.append(CacheEvent(now.mono_ns, "referral", "hit", text(errand.above)))
        if errand.referral is not None:  # met on its way, before it was an errand
            errand.rule = resolve(question, self.roots, self.times, errand.referral, remembered=False)
        else:
            errand.rule = resolve(question, self.roots, self.times, errand.hint or referral, errand.proof)
        self._advance(errand, None, now)

    # -- carrying out effects -----------------------------------------------------------------------------------

    def _advance(self, errand: Errand, outcome: Answer | None, now: Now) -> None:
        """Send an effect's outcome into a rule, and carry out what it asks for next, until it waits or ends."""
        assert errand.rule is not None
        while not errand.over:
            try:
                effect = errand.rule.send(outcome)
            except StopIteration as stop:
                self._finish(errand, stop.value, now)
                return
            if isinstance(effect, Ask):
                if self._ask(errand, effect, now):
                    return
                outcome = None
                continue
            outcome = self._find(errand, effect, now)
            if outcome is None:
                return

    def _find(self, errand: Errand, find: Find, now: Now) -> Answer | None:
        """The answer if it is known already; None if `errand` is advanced when it comes."""
        question = find.question
        if errand.found is not None:
            found, errand.found = errand.found, None
            return found
        key = question_key(question)
        answer = self.answers.look(key, now)
        self._note(errand, outcome_of(answer), question, now)
        if answer is not None:
            return answer
        errand.resume = self._resumer(errand)
        self.rival(key, now)
        joined = self._in_flight.get(key)
        if joined is None:
            # Known before it sets out: it may end, and call back, at once.
            errand.waiting_on = begun = self._errand(question, key, [errand.resume], now.mono_ns)
            self._begin(begun, now)
            return None
        waiting: Errand | None = joined
        while waiting is not None:
            if waiting is errand:
                return CIRCLE
            waiting = waiting.waiting_on
        self._note(errand, "joined", question, now)
        instead = self._at_once(joined, now)
        if instead is not None:
            return instead
        joined.waiters.append(errand.resume)
        errand.waiting_on = joined
        return None

    def _resumer(self, errand: Errand) -> Waiter:
        def resume(ended: Errand, answer: Answer, now: Now) -> None:
            errand.waiting_on = None
            errand.hops.extend(ended.hops)
            errand.events.extend(ended.events)
            self._advance(errand, answer, now)

        return resume

    def _finish(self, errand: Errand, answer: Answer, now: Now) -> None:
        errand.over = True
        self.errands -= 1
        if errand.key is not None:
            del self._in_flight[errand.key]
            if errand.referral is not None and answer.code == Code.SUCCESS:
                self.answers.put_referrals(errand.question.handle, errand.referral, errand.earlier, now)
            elif errand.above and answer.code == Code.ERROR:
                self.answers.forget_referral(errand.above)
            if answer.code in FAILURES and (instead := self.answers.fails(errand.key, now)) is not None:
                answer = errand.stale = instead
            else:
                errand.repeatable_s = self.answers.put(errand.key, answer, now)
        for waiter in errand.waiters:
            waiter(errand, answer, now)
        self._lead(errand, now)
        # An errand and its way to be called hold each other: let go, so that both are freed here and now.
        errand.resume = None
        errand.waiters.clear()

    def _lose_patience(self, errand: Errand, now: Now) -> None:
        """Give those who wait what has expired; the errand goes on, for those who come after them."""
        if errand.key is None or not errand.waiters:
            return
        instead = self.answers.fails(errand.key, now)
        if instead is None:
            return
        errand.stale = instead
        waiters, errand.waiters = errand.waiters, []
        for waiter in waiters:
            waiter(errand, instead, now)

    def _at_once(self, errand: Errand, now: Now) -> Answer | None:
        """What those get who join an errand that has already taken too long; None: they wait.

        Its patience may have ended before the name expired; then nobody was given anything, and it waits on.
        """
        if errand.key is None or now.mono_ns < errand.began_mono_ns + PATIENCE_NS:
            return None
        instead = self.answers.fails(errand.key, now)
        if instead is not None:
            errand.stale = instead
        return instead

    def _lead(self, errand: Errand, now: Now) -> None:
        """Let those set out that waited for this one to find the way; if it found none, each on its own."""
        if errand.parent is None or self._pathfinders.get(errand.parent) is not errand:
            return
        del self._pathfinders[errand.parent]
        for follower in errand.followers:
            if not follower.over:
                follower.waiting_on, follower.followed = None, True
                self._begin(follower, now)
        errand.followers.clear()

    # -- asking upstream ----------------------------------------------------------------------------------------

    def _ask(self, errand: Errand, ask: Ask, now: Now) -> bool:
        """Ask a server; False if that would be too much: for it, or of what is sent again."""
        port = ask.server.port(ask.protocol)
        assert port is not None  # selection offers only servers that speak the protocol
        endpoint = Endpoint(ask.server.ip, port, "udp" if ask.protocol is Transport.UDP else "tcp")
        sent, errand.sent = errand.sent, None
        if errand.silence and not self._may_retry():
            return False
        if not self.loads.take(endpoint.ip):
            self.node.counters.dropped["server quota"] += 1
            return False
        if sent is not None and sent.endpoint == endpoint:
            request_id, started_mono_ns = sent.request_id, sent.started_mono_ns
        else:
            sent, request_id, started_mono_ns = None, self.fresh_id(), now.mono_ns
            while (endpoint, request_id) in self.askings:
                request_id = self.fresh_id()
        packet: bytes | None = None
        request: Message | None = None
        if ask.proof is None:
            packet = shortcut.ask_plain(ask.question, request_id, ask.site, now.wall_s)
        else:
            request = replies.verify_message(ask.proof, request_id, now, ask.site)
        if packet is None:
            request = request or replies.request_message(ask.question, request_id, now, ask.site)
            packet = encode(request)
        packets = split(packet) if endpoint.transport == "udp" else [packet]
        hop = Hop(
            started_mono_ns,
            f"{endpoint.ip}:{port}",
            endpoint.transport,
            text(ask.question.handle),
            sum(map(len, packets)),
            request=packet,
        )
        errand.hops.append(hop)
        waits = ask.waits_ns
        certified = request if ask.question.certify else None
        asking = Asking(errand, ask, endpoint, request_id, packets, started_mono_ns, list(waits[1:]), hop, certified)
        errand.asking = asking
        self.askings[endpoint, request_id] = asking
        if sent is None:
            self.node.outbox.append((endpoint, packets))
            if not errand.silence:
                self.retries.earn()
        self._set_timer(started_mono_ns + waits[0], asking)
        return True

    def _may_retry(self) -> bool:
        if self.retries.spend():
            return True
        self.node.counters.dropped["retry budget"] += 1
        return False

    def received(self, packet: bytes, endpoint: Endpoint, now: Now) -> None:
        """Take a packet from a server: the answer to an asking, or of no interest (protocol.md §2, §4)."""
        if len(packet) < peek.HEADER_END - peek.HEADER_OCTETS:
            self.node.counters.dropped["runt"] += 1
            return
        asking = self.askings.get((endpoint, peek.request_id(packet)))
        if asking is None:
            self.node.counters.dropped["unasked"] += 1
            return
        octets = len(packet)
        partial = len(packet) - peek.ENVELOPE_OCTETS < int.from_bytes(packet[16:20], "big")
        try:
            if partial and endpoint.transport == "udp":
                key = (endpoint.ip, endpoint.port, asking.request_id)
                whole = self.fragments.add(key, packet, now.mono_ns)
                if whole is None:
                    return
                packet, octets = whole, len(whole) + peek.ENVELOPE_OCTETS * (-(-len(whole) // FRAGMENT_OCTETS) - 1)
            answer = read(packet, asking.ask.question, now, asking.ask.proof)
            if asking.certified is not None:
                check_signature(packet, asking.certified, asking.ask.server.public_key)
        except PeerError:
            # Waiting on is safer than believing: a forger must not be able to end an asking.
            self.node.counters.dropped["unreadable answer"] += 1
            return
        asking.hop.code, asking.hop.octets_in, asking.hop.reply = answer.code, octets, packet
        if answer.code in REFERRALS:
            asking.hop.referral = referral_address(answer)
            asking.errand.earlier, asking.errand.referral = asking.errand.referral, answer
        self._end_asking(asking, answer, "answered" if answer.code != Code.ERROR else "error", now)

    def failed(self, endpoint: Endpoint, request_id: int, now: Now) -> None:
        """Hear that a connection was refused or broke: that counts as silence, at once."""
        asking = self.askings.get((endpoint, request_id))
        if asking is not None:
            self._end_asking(asking, None, "refused", now)

    def _end_asking(self, asking: Asking, answer: Answer | None, outcome: str, now: Now) -> None:
        del self.askings[asking.endpoint, asking.request_id]
        took_ns = asking.hop.took_ns = now.mono_ns - asking.started_mono_ns
        ip = asking.endpoint.ip
        self.loads.leave(ip)
        asking.errand.silence = answer is None
        if answer is None:
            if outcome == "refused":
                self.times.refused(ip)
            else:
                about = fold(normal_form(asking.ask.question.handle))
                self.times.failed(ip, took_ns, asking.started_mono_ns, about)
        else:
            self.times.answered(ip, took_ns, now.mono_ns)
            self.pressure.took(took_ns, self.errands)
        self.node.counters.asked(self.tiers.get(ip, "unknown"), outcome, took_ns / NS_PER_S)
        asking.errand.asking = None
        self._advance(asking.errand, answer, now)

    # -- time ---------------------------------------------------------------------------------------------------

    def tick(self, now: Now) -> None:
        """Send again what is still unanswered, give up what has waited long enough."""
        while self._timers and self._timers[0][0] <= now.mono_ns:
            _, _, due = heapq.heappop(self._timers)
            if not isinstance(due, Asking):
                if not due.over:
                    self._give_up(due, now) if isinstance(due, Errand) else due.overdue(now)
            elif self.askings.get((due.endpoint, due.request_id)) is due:
                if due.sends_left:
                    if self._may_retry():
                        self.node.counters.resent[self.tiers.get(due.endpoint.ip, "unknown")] += 1
                        self.node.outbox.append((due.endpoint, due.packets))
                    self._set_timer(now.mono_ns + due.sends_left.pop(0), due)
                else:
                    self._end_asking(due, None, "timeout", now)
        # Timers of what is over are dropped here, so that an idle node sleeps.
        while self._timers and self._is_over(self._timers[0][2]):
            heapq.heappop(self._timers)
        self.node.next_deadline_ns = self._timers[0][0] if self._timers else None

    def _give_up(self, errand: Errand, now: Now) -> None:
        if errand.asking is not None:
            asking = errand.asking
            del self.askings[asking.endpoint, asking.request_id]
            self.loads.leave(asking.endpoint.ip)
            self.node.counters.asked(self.tiers.get(asking.endpoint.ip, "unknown"), "abandoned", 0.0)
            asking.hop.took_ns = now.mono_ns - asking.started_mono_ns
        if errand.waiting_on is not None and errand.resume is not None:
            errand.waiting_on.waiters.remove(errand.resume)
        if errand.rule is not None:
            errand.rule.close()
        self._finish(errand, TOO_SLOW, now)

    def _is_over(self, due: Asking | Errand | Overdue) -> bool:
        if not isinstance(due, Asking):
            return due.over
        return self.askings.get((due.endpoint, due.request_id)) is not due

    def _set_timer(self, deadline_ns: int, due: Asking | Errand | Overdue) -> None:
        heapq.heappush(self._timers, (deadline_ns, next(self._order), due))
        if len(self._timers) > TIMERS_SPARE + 2 * (len(self.askings) + self.errands):
            # Most waits are answered long before they end; their timers would hold on to them until then.
            self._timers = [timer for timer in self._timers if not self._is_over(timer[2])]
            heapq.heapify(self._timers)
        self.node.next_deadline_ns = self._timers[0][0]

    def _note(self, errand: Errand, outcome: str, question: Question, now: Now) -> None:
        self.node.counters.cache["prefix", outcome] += 1
        errand.events.append(CacheEvent(now.mono_ns, "prefix", outcome, text(question.handle)))


def read(packet: bytes, question: Question, now: Now, proof: VerifyRequest | None = None) -> Answer:
    """What a server says to `question` (or of `proof`). PeerError if that cannot be understood, or is about something
    else.

    Records are mostly passed on and never looked at, or the same sites again: their values stay packed.
    """
    if not question.indexes and proof is None:
        answer = shortcut.read_answer(packet, question, now.wall_s)
        if answer is not None:
            return answer
    message = decode(packet)
    if not answers_question(message, question, now, Opcode.RESOLUTION if proof is None else Opcode.VERIFY):
        raise PeerError("an answer to something else")
    return replies.answer_of(message)


def check_signature(packet: bytes, request: Message, record: bytes) -> None:
    """PeerError unless the owner of the key in a server's HS_SITE signed this answer to this request.

    A site without a key is believed as it is: whoever named that site, signed, said that it has none.
    """
    if record:
        signing.check(request, decode(packet), keys.public_key(record))


def answers_question(response: Message, question: Question, now: Now, opcode: int = Opcode.RESOLUTION) -> bool:
    """Whether a response is about `question`: its opcode, its handle where it names one, and not expired."""
    if response.header.opcode != opcode or response.header.code == Code.REQUEST:
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
                server = site_of(value.data).servers[0]
            except (PeerError, IndexError):
                continue
            return f"{server.ip}:{server.port(Transport.UDP) or server.port(Transport.TCP)}"
    return None
