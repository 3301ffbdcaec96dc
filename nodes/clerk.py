"""The clerk: drives the rules of administration for one authority, and carries out what they ask of the world.

    request --> administer(...) --Find----> the answer cache, or an errand of the seeker
                                --Verify--> an errand of its own, neither joined nor remembered
                                --Commit--> the keeper: compared and written, on the medium before anybody is told
                                --Home----> the keeper, and another standing
            <-- Ruling: one message, or many that are made as they can be sent

A rule that ends at once is answered at once; the others when their last effect has come back. How many are under way is
bounded, and how long each may take: one whose time is over is told nothing more, but for what a keeper has in hand.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from nodes.homes import Homes
from nodes.limits import FAILURES, Failures, Quotas
from nodes.measures import Measure
from nodes.node import Node, Outcome, Request, code_label
from nodes.seeker import Errand, Seeker
from resolver.cache.answers import question_key
from resolver.errors import BiaoshiError, PeerError, StoreError
from resolver.model.identifier import ancestors, fold, is_prefix_handle, text
from resolver.model.now import NS_PER_S, Now
from resolver.model.question import Answer
from resolver.model.route import Packets, Route, Series
from resolver.rules.administration import STORE_FAILED, WRITES, Ruling, administer
from resolver.rules.desk import Desk
from resolver.rules.effects import Commit, DeskEffect, Find, Home, Kept, Verify
from resolver.rules.sessions import Session
from resolver.stores.base import Store, StoreChanged, Work
from resolver.wire import peek
from resolver.wire.codes import Code, EnvelopeFlag, Opcode, OpFlag
from resolver.wire.framing import split
from resolver.wire.message import Message

FAILED_BEFORE, USED_UP = "failed authentications", "registrations"  # reasons to drop
WAYS_MAX, WAY_LIFE_NS = 1_024, 60 * NS_PER_S  # referrals remembered, each as long as what was learnt of rights
RULES_MAX = 4_096  # under way at once; beyond it clients are told to come again
RULE_LIMIT_NS = 30 * NS_PER_S
BUSY = Answer(Code.SERVER_TOO_BUSY)


Audit = Callable[[dict[str, Any]], None]
# Requests that show or check a proof: they may be tried again and again to find one.
PROVING = frozenset({Opcode.CHALLENGE_ANSWER, Opcode.VERIFY})
AUDITED = WRITES | {Opcode.LOGIN, Opcode.CHALLENGE_ANSWER}  # the last only if there is no such challenge


def unheard(entry: dict[str, Any]) -> None:
    """An audit that nobody reads."""


class Keeper(Protocol):
    """Who writes into a node's store."""

    def keep(self, work: Work, now: Now, done: Callable[[Kept, Now], None], changed: Callable[[], None]) -> None:
        """Commit `work` if what it expects stands there; `done` hears what became of it, perhaps before this returns.

        `changed` is called before, when the store's readers see what was written.
        """
        ...


class AtOnce:
    """A keeper that writes while it is asked: for stores in memory, in virtual time."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def keep(self, work: Work, now: Now, done: Callable[[Kept, Now], None], changed: Callable[[], None]) -> None:
        """Write, and say so."""
        try:
            self._store.commit_all((work,))
        except StoreChanged:
            done(Kept.CHANGED, now)
        except StoreError:
            done(Kept.FAILED, now)
        else:
            changed()
            done(Kept.DONE, now)


@dataclass(slots=True, eq=False)
class Job:
    """One rule being driven. `writing`: a keeper has it in hand. `waiting`: the number of the effect it waits for."""

    clerk: Clerk
    request: Request
    rule: Coroutine[DeskEffect, Any, Ruling]
    deadline_ns: int
    at_once: bool = True
    writing: bool = False
    waiting: int = 0
    over: bool = False
    outcome: Outcome | None = None  # what it came to, while its request is still being read
    measure: Measure | None = None  # what it is measured as

    def overdue(self, now: Now) -> None:
        """Let it end, unless it is being written."""
        self.clerk.give_up(self, now)


class Clerk:
    """The rules under way at one node. It puts packets into the node's outbox and counts there."""

    def __init__(
        self,
        node: Node,
        desk: Desk,
        homes: Homes,
        seeker: Seeker,
        keeper: Keeper,
        *,
        quotas: Quotas,
        failures: Failures,
        audit: Audit,
    ) -> None:
        self.node, self.desk, self.homes, self.seeker, self.keeper = node, desk, homes, seeker, keeper
        self.quotas, self.failures, self.audit = quotas, failures, audit
        self.jobs = 0
        self._ways: dict[bytes, tuple[Answer, int]] = {}  # prefix handle -> the referral below it, and until when
        self.moment = Now(0, 0)  # for the desk: when what lies on it was decided

    def take(self, request: Request, now: Now) -> Outcome | None:
        """Decide a request: what it came to, or None if that comes later."""
        if self.jobs >= RULES_MAX:
            self.node.counters.dropped["busy"] += 1
            return Outcome(BUSY)
        source = request.route.source[0]
        if request.message.header.opcode in PROVING and self.failures.too_many(source, now):
            self.node.counters.dropped[FAILED_BEFORE] += 1
            return Outcome(self.node.refuse(request.message, BUSY, request.route.transport, now))
        self.desk.speaker, self.desk.key = self.node.speaker, self.node.key
        rule = administer(request.message, self.desk, request.route.connection)
        job = Job(self, request, rule, now.mono_ns + RULE_LIMIT_NS)
        self.jobs += 1
        self._advance(job, None, now)
        job.at_once = False
        if not job.over:
            self.seeker.call_at(job.deadline_ns, job)
        return job.outcome

    def give_up(self, job: Job, now: Now) -> None:
        """A job's time is over."""
        if job.writing:
            self.seeker.call_at(now.mono_ns + RULE_LIMIT_NS, job)
        else:
            self._advance(job, BUSY, now)  # from now on it learns nothing more, and ends

    # -- carrying out effects -----------------------------------------------------------------------------------

    def _advance(self, job: Job, outcome: Answer | Kept | None, now: Now) -> None:
        """Send an effect's outcome into a rule, and carry out what it asks for next, until it waits or ends."""
        self.moment = now
        while not job.over:
            try:
                effect = job.rule.send(outcome)
            except StopIteration as stop:
                self._answer(job, stop.value, now)
                return
            except BiaoshiError:  # a record is damaged, or the store cannot be read
                self._end(job, Outcome(STORE_FAILED), now)
                return
            outcome = self._begin(job, effect, now)
            if outcome is None:
                return

    def _begin(self, job: Job, effect: DeskEffect, now: Now) -> Answer | None:
        """What an effect comes to, if that is known; None if the job is advanced when it is."""

        job.waiting += 1
        this = job.waiting

        def found(errand: Errand, answer: Answer, later: Now) -> None:
            if job.waiting != this:
                return  # given up before
            self._note_way(errand, answer, later)
            if job.request.trace is not None:
                job.request.trace.hops.extend(errand.hops)
            self._advance(job, answer, later)

        if isinstance(effect, Commit | Home):
            self._write(job, effect, now)
            return None
        if isinstance(effect, Find):
            known = self.seeker.answers.look(question_key(effect.question), now)
            if known is not None:
                return known
        if self.seeker.full or now.mono_ns >= job.deadline_ns:
            return BUSY
        if isinstance(effect, Verify):
            self.seeker.verify(effect.proof, self._way_to(effect.proof.user_handle, now), found, now)
        else:
            self.seeker.find(effect.question, found, now)
        return None

    def _note_way(self, errand: Errand, answer: Answer, now: Now) -> None:
        """Remember where a certified walk led: the secret of a prefix's administrator lies where its group does."""
        above = next(ancestors(fold(errand.question.handle)), None)
        if answer.code == Code.SUCCESS and errand.referral is not None and errand.proof is None and above is not None:
            if len(self._ways) >= WAYS_MAX:
                self._ways.clear()
            self._ways[above] = errand.referral, now.mono_ns + WAY_LIFE_NS

    def _way_to(self, user_handle: bytes, now: Now) -> Answer | None:
        """Where the way to a user's record led a moment ago."""
        above = next(ancestors(fold(user_handle)), b"")
        referral, until_ns = self._ways.get(above, (None, 0))
        return referral if now.mono_ns < until_ns else None

    def _write(self, job: Job, effect: Commit | Home, now: Now) -> None:
        registers = isinstance(effect, Commit) and effect.before is None

        def done(kept: Kept, later: Now) -> None:
            job.writing = False
            if registers and isinstance(effect, Commit) and kept is not Kept.DONE:
                self.quotas.give_back(effect.key)
            if isinstance(effect, Home):
                if kept is Kept.DONE:
                    standing, handle = self.desk.standing, effect.prefix_handle
                    homed = standing.homed | {handle} if effect.homed else standing.homed - {handle}
                    self.desk.standing = replace(standing, homed=homed)
                    self.node.packets.clear()  # once more: it was another standing until now
                else:
                    self.homes.undo(effect.prefix_handle, effect.homed)
            self._advance(job, kept, later)

        def changed() -> None:
            packets = self.node.packets
            if isinstance(effect, Commit) and not is_prefix_handle(effect.key):
                packets.written(effect.key)
            else:  # of prefixes, others' replies tell too
                packets.clear()

        job.writing = True
        work: Work | None
        if isinstance(effect, Commit):
            if registers and not self.quotas.take(effect.key, now):
                job.writing = False
                self.node.counters.dropped[USED_UP] += 1
                self._advance(job, Kept.OVER_QUOTA, now)
                return
            work = Work(((effect.key, effect.after),), expects={effect.key: (effect.before,)})
        else:
            work = self.homes.change(effect.prefix_handle, effect.homed)
        if work is None:
            job.writing = False
            self._advance(job, Kept.FAILED, now)
        else:
            self.keeper.keep(work, now, done, changed)

    # -- answering ----------------------------------------------------------------------------------------------

    def _answer(self, job: Job, ruling: Ruling, now: Now) -> None:
        transport = job.request.route.transport
        counted = Opcode(ruling.opcode).name, code_label(ruling.code)
        self.node.counters.request(transport, *counted)
        job.measure = self.node.counters.measure_of(*counted)
        self._note(job.request, ruling, now)
        try:
            first = next(ruling.responses)
            packet = self.desk.packet_of(first, ruling.session)
        except BiaoshiError:
            self._end(job, Outcome(STORE_FAILED), now)
            return
        if first.header.flags & OpFlag.CONTINUED:
            job.over = True
            self.jobs -= 1
            rest = _packets_of(packet, ruling.responses, self.desk, ruling.session, transport)
            self.node.outbox.append((job.request.route, Series(rest)))
            return
        self._end(job, Outcome(packet), now)

    def _note(self, request: Request, ruling: Ruling, now: Now) -> None:
        """Audit a request that came in somebody's name, and count it if it was not theirs."""
        opcode, named = request.message.header.opcode, request.message.envelope.session_id
        failed = ruling.code in FAILURES and (opcode in PROVING or named)
        if failed or (ruling.opcode == Opcode.VERIFY and ruling.refuted):
            self.failures.add(request.route.source[0], now)
        if ruling.code == Code.AUTHENTICATION_NEEDED or not (
            failed or (ruling.opcode in AUDITED and (named or ruling.wrote))
        ):
            return
        user = ruling.user
        self.audit(
            {
                "node": self.node.identity.name,
                "transport": request.route.transport,
                "source": request.route.source[0],
                "opcode": Opcode(ruling.opcode).name,
                "handle": text(ruling.handle),
                "user": None if user is None else f"{user.index}:{text(user.handle)}",
                "code": code_label(ruling.code),
                "wrote": ruling.wrote,
            }
        )

    def note_unreadable(self, packet: bytes, route: Route, error: PeerError, now: Now) -> None:
        """Audit what was to write, or to prove something, and could not be read; a source's failures bound it.

        Of an encrypted message not even the opcode is known.
        """
        if len(packet) < peek.HEADER_END:
            return  # too short to say what it was to be
        encrypted = bool(packet[2] & EnvelopeFlag.ENCRYPTED)
        opcode = int.from_bytes(packet[20:24], "big")
        source = route.source[0]
        if (not encrypted and opcode not in AUDITED) or self.failures.too_many(source, now):
            return
        self.failures.add(source, now)
        self.audit(
            {
                "node": self.node.identity.name,
                "transport": route.transport,
                "source": source,
                "opcode": None if encrypted else Opcode(opcode).name,
                "handle": None,
                "user": None,
                "code": code_label(error.code),
                "wrote": False,
            }
        )

    def _end(self, job: Job, outcome: Outcome, now: Now) -> None:
        job.over = True
        self.jobs -= 1
        if job.at_once:
            job.outcome = outcome
        else:
            self.node.reply_later(job.request, outcome, now, job.measure)


def _packets_of(
    first: bytes, responses: Iterator[Message], desk: Desk, session: Session | None, transport: str
) -> Iterator[Packets]:
    """The packets of a long answer, message by message."""
    yield _packets(first, transport)
    for response in responses:
        yield _packets(desk.packet_of(response, session), transport)


def _packets(packet: bytes, transport: str) -> Sequence[bytes]:
    return split(packet) if transport == "udp" else (packet,)
