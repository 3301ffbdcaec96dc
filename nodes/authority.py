"""What root, national, secondary and enterprise nodes share: they answer from records of their own.

The kinds differ in what they hold, not in how they answer (behaviour.md §1); so each kind is a few lines.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace

from nodes.clerk import AtOnce, Audit, Clerk, Keeper, unheard
from nodes.config import CachePlan, LimitsPlan
from nodes.counters import Counters, SlotsOf
from nodes.homes import Homes
from nodes.limits import Failures, Quotas
from nodes.node import SESSION_MAX, Identity, Node, Outcome, Request, code_label
from nodes.parts import Parts
from nodes.seeker import Errand, Seeker
from resolver.cache.answers import AnswerCache
from resolver.errors import PeerError
from resolver.model.identifier import is_prefix_handle, normal_form
from resolver.model.now import Now
from resolver.model.question import Answer, Question
from resolver.model.route import Endpoint, Origin, Route
from resolver.model.value import Reference
from resolver.rules import authority, replies, session_setup, shortcut
from resolver.rules.administration import SERVED
from resolver.rules.authority import Standing
from resolver.rules.challenges import Pending
from resolver.rules.desk import Desk
from resolver.rules.keys import SigningKey
from resolver.rules.proof import Demand
from resolver.rules.resolution import RECURSION_MAX, RootService, forwarded
from resolver.stores.base import Store
from resolver.wire.bodies.digest import COUNTED, Digest
from resolver.wire.bodies.resolution import ResolutionRequest
from resolver.wire.buffer import Reader
from resolver.wire.codes import Code, Opcode
from resolver.wire.message import EncryptedMessage, Message, read_packet

# Only to bound it: whoever changes the store makes the packet cache forget.
REPEATABLE_S = 3_600
# What an authority learns of other nodes decides about rights: keys, groups, administrators. It remembers that for so
# long, and nothing that is not there: who is let in, or shut out, waits no longer.
RIGHTS_OCTETS, RIGHTS_TTL_S, ERRANDS_MAX = 4 << 20, 60, 4_096
ERRANDS_PER_SERVER_MAX, RETRY_SHARE = 1_024, 0.2  # as recursive nodes by default
ELSEWHERE = frozenset({Code.SERVER_NOT_RESP, Code.HANDLE_NOT_FOUND, Code.PREFIX_REFERRAL})


class AuthorityNode(Node):
    """A server of an authoritative site, over a store of packed records."""

    def __init__(
        self,
        identity: Identity,
        standing: Standing,
        store: Store,
        *,
        packet_octets_max: int,
        entropy: Callable[[int], bytes],
        key: SigningKey | None = None,
        roots: Sequence[RootService] = (),
        tiers: Mapping[str, str] | None = None,
        keeper: Keeper | None = None,
        server_admins: Sequence[Reference] = (),
        quotas: Quotas | None = None,
        failures: Failures | None = None,
        audit: Audit = unheard,
        counters: Counters | None = None,
    ) -> None:
        """`roots`: where what lives elsewhere is looked up. `keeper`: who writes; none: this node, there and then."""
        super().__init__(identity, packet_octets_max=packet_octets_max, entropy=entropy, key=key, counters=counters)
        self.store = store
        self._configured = standing.homed
        homes = Homes(store, standing.homed)
        self.desk = Desk(
            replace(standing, homed=homes.homed),
            store.get,
            store.scan,
            self.speaker,
            lambda: self.clerk.moment,
            entropy,
            key,
            server_admins=tuple(server_admins),
        )
        self.seeker = Seeker(
            self,
            roots,
            answers=AnswerCache(RIGHTS_OCTETS, ttl_max_s=RIGHTS_TTL_S, negative_ttl_s=0),
            in_flight_max=ERRANDS_MAX,
            in_flight_per_server=ERRANDS_PER_SERVER_MAX,
            retry_share=RETRY_SHARE,
            tiers=tiers or {},
            entropy=entropy,
        )
        self.clerk = Clerk(
            self,
            self.desk,
            homes,
            self.seeker,
            keeper or AtOnce(store),
            quotas=quotas or Quotas(),
            failures=failures or Failures(0),
            audit=audit,
        )
        self._referred_slots = SlotsOf(self.counters, Opcode.RESOLUTION.name, Code.PREFIX_REFERRAL.name)
        self.operations[Opcode.RESOLUTION] = self._resolve

    @property
    def standing(self) -> Standing:
        """What it answers for."""
        return self.desk.standing

    @property
    def under_way(self) -> int:
        """What it decides and commits, or looks up for that."""
        return self.seeker.errands + self.clerk.jobs

    def configure(self, cache: CachePlan, limits: LimitsPlan) -> None:
        """Go on with other bounds; what was used up of a day stays used."""
        super().configure(cache, limits)
        self.clerk.quotas.configure(limits.registrations_per_day, limits.prefixes_per_day)
        self.clerk.failures.per_minute = limits.failed_authentications_per_minute

    def follow(self) -> None:
        """The store, which the primary writes, has changed: home what is homed there, remember no replies. StoreError
        if it cannot be read.
        """
        self.packets.clear()
        self.desk.standing = replace(self.desk.standing, homed=Homes(self.store, self._configured).homed)

    def expect_proof(
        self, connection: Hashable, number: int, login: bytes, nonce: bytes, digest: bytes, now: Now
    ) -> None:
        """Wait on a connection for the proof of a login (its packet) under this number, shown on these octets: the HTTP
        door's clients sign a nonce of their own where others sign a digest (behaviour.md §4.4).
        """
        pending = Pending(login, Demand(nonce, Digest(COUNTED, digest)), now.mono_ns)
        self.desk.challenges.add(number, pending, now, connection)

    def admit(self, connection: Hashable, number: int, user: Reference) -> None:
        """Somebody has proven by TLS who they are: on this connection the number stands for them."""
        self.desk.sessions.log_in(connection, number, user)

    def receive_upstream(self, packet: bytes, endpoint: Endpoint, now: Now) -> None:
        """Take a packet from a server that was asked about keys and rights."""
        self.seeker.received(packet, endpoint, now)

    def upstream_failed(self, endpoint: Endpoint, request_id: int, now: Now) -> None:
        """Hear that a connection was refused or broke."""
        self.seeker.failed(endpoint, request_id, now)

    def hung_up(self, connection: Hashable) -> None:
        """A client's stream is closed: its login is over."""
        self.desk.hung_up(connection)

    def tick(self, now: Now) -> None:
        """Do what has become due."""
        self.seeker.tick(now)

    def _opened(self, packet: bytes, now: Now) -> Message:
        self.clerk.moment = now
        read = read_packet(Reader(packet))
        if not isinstance(read, EncryptedMessage):
            raise PeerError("", code=Code.SESSION_FAILED)
        return session_setup.opened(read, self.desk)

    def _unreadable(self, packet: bytes, route: Route, error: PeerError, now: Now) -> None:
        self.clerk.note_unreadable(packet, route, error, now)

    def _decide(self, request: Request, now: Now) -> Outcome | None:
        opcode = request.message.header.opcode
        named = 0 < request.message.envelope.session_id <= SESSION_MAX
        if named and opcode in self.sessionless:
            return self._in_session(request, now)
        if opcode in self.sessionless or (opcode == Opcode.RESOLUTION and not named):
            return super()._decide(request, now)
        if named or opcode in SERVED:
            return self.clerk.take(request, now)
        return Outcome(self.unserved)

    def _in_session(self, request: Request, now: Now) -> Outcome | None:
        """What is answered whatever session it names, sealed if that is one of ours."""
        session = self.desk.sessions.get(request.message.envelope.session_id, now)
        outcome = super()._decide(request, now)
        if session is None or outcome is None or not isinstance(outcome.said, Message):
            return outcome
        header = outcome.said.header
        self.counters.request(request.route.transport, Opcode(header.opcode).name, code_label(header.code))
        return Outcome(self.desk.packet_of(outcome.said, session))

    def _shortcut(self, packet: bytes, origin: Origin, now: Now) -> bytes | None:
        answering = packet, self.desk.standing, self.store.get, self.speaker, now.wall_s
        reply = shortcut.answer_plain(*answering)
        slots = self.resolved_slots
        if reply is None:
            reply = shortcut.answer_prefix(*answering)
            if reply is None:
                return None
            if shortcut.is_referral(reply):
                slots = self._referred_slots
        self.counters.decided[slots[origin.transport]] += 1
        if self.packets.open:
            self.counters.cache["packet", "miss"] += 1
            both = (slots["udp"], slots["tcp"])
            self.packets.remember(packet, reply, both, now.wall_ns, REPEATABLE_S)
        return reply

    def _resolve(self, request: Request, now: Now) -> Outcome | None:
        assert isinstance(request.message.body, ResolutionRequest)
        if self.packets.open:
            self.note(request, "packet", "miss", now)
        question = replies.question_of(request.message, request.message.body)
        answer = authority.decide(question, self.desk.standing, self.store.get)
        if answer.code == Code.AUTHENTICATION_NEEDED:
            return self.clerk.take(request, now)
        if answer.code in ELSEWHERE and self._asks_on(request.route.transport, question):
            return self._ask_on(request, question, now)
        return Outcome(answer, REPEATABLE_S)

    @staticmethod
    def _asks_on(transport: str, question: Question) -> bool:
        """Whether to resolve what lives elsewhere (behaviour.md §1.5). Clients of the HTTP door look for their user's
        record, which is that of a prefix, at the node that they register at, and nowhere else; and the zone of the
        identifiers has one authority, whoever has the records.
        """
        return transport == "dns" or (transport == "http" and is_prefix_handle(normal_form(question.handle)))

    def _ask_on(self, request: Request, question: Question, now: Now) -> Outcome | None:
        if self.seeker.full or question.recursion_count > RECURSION_MAX:
            return Outcome(Answer(Code.SERVER_TOO_BUSY))

        def answer_client(errand: Errand, answer: Answer, later: Now) -> None:
            if request.trace is not None:
                request.trace.hops.extend(errand.hops)
            self.reply_later(request, Outcome(answer), later)

        public = replace(forwarded(question), public_only=True)
        self.seeker.resolve(public, None, answer_client, now)
        return None


def build(parts: Parts) -> AuthorityNode:
    """An authority as its plan says."""
    cache, limits = parts.plan.cache, parts.plan.limits
    return AuthorityNode(
        parts.identity,
        parts.standing,
        parts.store,
        packet_octets_max=cache.packet_octets,
        entropy=parts.entropy,
        key=parts.key,
        roots=parts.plan.roots,
        tiers=parts.tiers,
        keeper=parts.keeper,
        server_admins=parts.plan.server_admins,
        quotas=Quotas(limits.registrations_per_day, limits.prefixes_per_day),
        failures=Failures(limits.failed_authentications_per_minute),
        audit=parts.audit,
        counters=parts.counters,
    )
