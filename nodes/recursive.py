"""Recursive node (递归节点): everything, on behalf of clients, and it remembers.

A question is answered from the answer cache, joins an equal one in flight, or starts an errand of the seeker: a
coroutine of `resolver/rules/resolution.py` that walks down from the root.

    client --question--> [answer cache] --miss--> [in flight?] --no--> errand --Ask--> upstream
       ^                      | hit                    | yes: join       |  ^ '--Find--> another errand
       '----------------------'------------------------'----- answer ----'  '--- reply, or silence (tick)

It answers slashless prefixes itself with the HS_SITE of the prefix: that is how the national SDK asks.

It bends before it breaks. What has expired is given if no server answers (serve-stale) and fetched anew a little before
it expires (prefetch); every bound on what is asked, and how often, has a name in `[cache]` or `[limits]`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence

from nodes.config import CachePlan, LimitsPlan
from nodes.counters import Counters
from nodes.courier import Couriers
from nodes.node import Identity, Node, Outcome, Request
from nodes.parts import Parts
from nodes.seeker import Errand, Seeker, Waiter
from resolver.cache.answers import AnswerCache, question_key
from resolver.model.identifier import text
from resolver.model.now import Now
from resolver.model.question import Answer, Question
from resolver.model.route import Endpoint, Origin, Route
from resolver.rules import replies
from resolver.rules.keys import SigningKey
from resolver.rules.resolution import RECURSION_MAX, RootService, forwarded
from resolver.wire.bodies.resolution import ResolutionRequest
from resolver.wire.codes import Code, Opcode
from resolver.wire.message import decode

NOT_A_PRIMARY = Answer(Code.ERROR, message=b"Not a primary server")
TOO_DEEP = Outcome(Answer(Code.RECURSION_COUNT_TOO_HIGH))
TOO_BUSY = Outcome(Answer(Code.SERVER_TOO_BUSY))
SECRET = Outcome(
    Answer(Code.INSUFFICIENT_PERMISSIONS, message=b"Ask the responsible server itself for what is not public")
)


class RecursiveNode(Node):
    """A cache that asks the authorities on behalf of its clients."""

    ages = True
    sessionless = frozenset({Opcode.GET_SITE_INFO, Opcode.CHALLENGE_ANSWER})

    def __init__(
        self,
        identity: Identity,
        roots: Sequence[RootService],
        *,
        answers: AnswerCache,
        packet_octets_max: int,
        in_flight_max: int,
        in_flight_per_server: int,
        retry_share: float,
        tiers: Mapping[str, str],
        entropy: Callable[[int], bytes],
        key: SigningKey | None = None,
        counters: Counters | None = None,
    ) -> None:
        super().__init__(identity, packet_octets_max=packet_octets_max, entropy=entropy, key=key, counters=counters)
        self.answers = answers
        self.packets.time_scale = answers.time_scale  # TTLs run down alike in both
        self.seeker = Seeker(
            self,
            roots,
            answers=answers,
            in_flight_max=in_flight_max,
            in_flight_per_server=in_flight_per_server,
            retry_share=retry_share,
            tiers=tiers,
            entropy=entropy,
        )
        self.couriers = Couriers(self, self.seeker, answers)
        self.unserved = NOT_A_PRIMARY
        self.operations[Opcode.RESOLUTION] = self._resolve
        # It challenges nobody (behaviour.md §1.5).
        self.operations[Opcode.CHALLENGE_ANSWER] = lambda request, now: Outcome(Answer(Code.AUTHEN_TIMEOUT))

    @property
    def pressed(self) -> bool:
        """Whether more resolutions would only make each other slow."""
        return self.seeker.errands >= self.seeker.pressure.limit < self.seeker.in_flight_max

    @property
    def under_way(self) -> int:
        """Resolutions that clients wait for, or may."""
        return self.seeker.errands

    def configure(self, cache: CachePlan, limits: LimitsPlan) -> None:
        """Go on with other bounds."""
        super().configure(cache, limits)
        self.answers.configure(
            cache.answer_octets,
            ttl_max_s=cache.ttl_max_s,
            negative_ttl_s=cache.negative_ttl_s,
            stale_s=cache.stale_s,
            prefetch_share=cache.prefetch_share,
            failure_ttl_s=cache.failure_ttl_s,
        )
        self.seeker.configure(
            in_flight_max=limits.in_flight,
            retry_share=limits.retry_share,
            in_flight_per_server=limits.in_flight_per_server,
        )

    def receive_upstream(self, packet: bytes, endpoint: Endpoint, now: Now) -> None:
        """Take a packet from a server that was asked."""
        if not self.couriers.hear(packet, endpoint, now):
            self.seeker.received(packet, endpoint, now)

    def upstream_failed(self, endpoint: Endpoint, request_id: int, now: Now) -> None:
        """Hear that a connection was refused or broke."""
        self.seeker.failed(endpoint, request_id, now)

    def tick(self, now: Now) -> None:
        """Do what has become due."""
        self.seeker.tick(now)

    def _shortcut(self, packet: bytes, origin: Origin, now: Now) -> bytes | None:
        return self.couriers.take(packet, origin, now)

    def _resolve(self, request: Request, now: Now) -> Outcome | None:
        assert isinstance(request.message.body, ResolutionRequest)
        question = replies.question_of(request.message, request.message.body)
        if question.recursion_count > RECURSION_MAX:
            return TOO_DEEP
        if self.packets.open:
            self.note(request, "packet", "miss", now)
        key: Hashable | None = None
        # Personal questions meet no cache: their answers are for this asker alone, or must be fresh.
        if not (question.authoritative or question.certify or question.identity or not question.public_only):
            key = question_key(question)
            recalled = self.answers.recall(key, now)
            outcome = "miss" if recalled is None else recalled.outcome
            self.note(request, "answer", outcome, now, text(question.handle))
            if recalled is not None:
                if request.trace is not None:
                    request.trace.source = "stale" if outcome == "stale" else "cache"
                if recalled.refresh:
                    self.prefetch(question, key, now)
                return Outcome(recalled.answer, recalled.repeatable_s)
            if self.seeker.join(key, self._answerer(request), now):
                self.note(request, "answer", "joined", now, text(question.handle))
                return None
        if self.seeker.full:
            self.counters.dropped["busy"] += 1
            instead = None if key is None else self.answers.fails(key, now)
            if instead is None:
                return TOO_BUSY
            self.note(request, "answer", "stale", now, text(question.handle))
            return Outcome(instead)
        self.seeker.resolve(forwarded(question), key, self._answerer(request), now)
        return None

    def prefetch(self, question: Question, key: Hashable, now: Now) -> None:
        """Fetch anew what is asked for and about to expire, for nobody in particular."""
        if self.seeker.full or self.seeker.seeks(key):
            return
        self.counters.cache["answer", "prefetch"] += 1
        self.seeker.resolve(forwarded(question), key, unheard, now)

    def answerer(self, packet: bytes, route: Route, arrived_mono_ns: int) -> Waiter:
        """Who answers a plain question that goes the long way after all."""
        return self._answerer(Request(packet, decode(packet), route, arrived_mono_ns))

    def _answerer(self, request: Request) -> Waiter:
        def answer_client(errand: Errand, answer: Answer, now: Now) -> None:
            if answer is errand.stale:
                self.note(request, "answer", "stale", now, text(errand.question.handle))
            if request.trace is not None and not request.trace.done:  # of a request sent again, told once
                request.trace.hops.extend(errand.hops)
                request.trace.cache.extend(errand.events)
                if answer is errand.stale:
                    request.trace.source = "stale"
            self.reply_later(request, self._for_client(errand, answer, now), now)

        return answer_client

    def _for_client(self, errand: Errand, answer: Answer, now: Now) -> Outcome:
        if answer.code == Code.AUTHENTICATION_NEEDED:
            # Whoever challenges wants proof from its own client, and this node is that client.
            return SECRET
        return Outcome(answer, 0 if answer is errand.stale else errand.repeatable_s)


def unheard(errand: Errand, answer: Answer, now: Now) -> None:
    """Nobody waits for this."""


def build(parts: Parts) -> RecursiveNode:
    """A recursive node as its plan says."""
    cache, limits = parts.plan.cache, parts.plan.limits
    return RecursiveNode(
        parts.identity,
        parts.plan.roots,
        answers=AnswerCache(
            cache.answer_octets,
            ttl_max_s=cache.ttl_max_s,
            negative_ttl_s=cache.negative_ttl_s,
            time_scale=cache.time_scale,
            stale_s=cache.stale_s,
            prefetch_share=cache.prefetch_share,
            failure_ttl_s=cache.failure_ttl_s,
        ),
        packet_octets_max=cache.packet_octets,
        in_flight_max=limits.in_flight,
        in_flight_per_server=limits.in_flight_per_server,
        retry_share=limits.retry_share,
        tiers=parts.tiers,
        entropy=parts.entropy,
        key=parts.key,
        counters=parts.counters,
    )
