"""Many seeds: each a small country in virtual time in which things go wrong at random, watched from outside.

    seed ──> links, faults, deaths, a load of questions and writes ──> 40 s of trouble, then repair
                                                                         └──> checkers, who see packets and the truth

What the checkers hold it to, whatever goes wrong:

    ends          nothing goes round in a circle, nothing is left under way, no request is answered twice
    conservation  a node that was never killed has counted every request that it was given
    invented      every value in an answer was registered
    stale         no answer is older than its TTL, the stale window and the time packets take
    durable       what was acknowledged is there, after every crash
    repaired      when the trouble is over, everybody is answered, rightly

A seed always tells the same; `biaoshi swarm --seed N` tells it again, with every datagram in a log.
"""

from __future__ import annotations

import random
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from biaoshi import teaching
from biaoshi.teaching import Stage
from nodes.config import truth_of
from nodes.country import Country, country
from nodes.faults import read_fault
from nodes.keyring import administrator_secret
from nodes.recursive import RecursiveNode
from resolver.errors import PeerError
from resolver.model.identifier import fold
from resolver.model.now import NS_PER_MS, NS_PER_S
from resolver.model.question import Question
from resolver.model.site import SERIAL_UNKNOWN
from resolver.model.value import Reference, Value
from resolver.net.faults import CLIENT as ANYBODY_ELSE
from resolver.net.faults import FaultRule, Faults
from resolver.net.faults import Path as Way
from resolver.net.virtual import Address, Delivery, World
from resolver.rules import keys, proof, replies
from resolver.rules.proof import Credentials
from resolver.wire import peek
from resolver.wire.bodies.administration import ValuesRequest
from resolver.wire.bodies.base import Body
from resolver.wire.bodies.resolution import ResolutionAnswer
from resolver.wire.codes import Code, Opcode, OpFlag
from resolver.wire.framing import Reassembler
from resolver.wire.message import Envelope, Header, Message, decode, encode
from resolver.wire.types import hs_admin

HOME, PREFIX = "enterprise-88.118.8", b"88.118.8"
RECURSIVE = "recursive-1"
TROUBLE_NS, REPAIR_NS = 40 * NS_PER_S, 40 * NS_PER_S
TTL_S, STALE_S, NEGATIVE_S = 6, 5, 3
WAY_NS = 15 * NS_PER_S  # how long a resolution and its packets take at most
WRITE_LIMIT_NS = 6 * NS_PER_S  # before the next version of a name
QUESTIONS, WRITTEN, VERSIONS = 300, 5, 4
EVENTS_MAX = 400_000
KINDS = ("drop", "delay", "duplicate", "reorder", "forge", "partition", "bandwidth")
PLACES = ("client", "root", "national", "secondary", "enterprise", "recursive", HOME, "secondary-88.118", None)
FLAGS = replies.DEFAULT_FLAGS | OpFlag.OVERWRITE

NETWORK = """
key_bits = 1024
[cache]
stale_s = {stale}
negative_ttl_s = {negative}
"""


@dataclass(slots=True)
class Version:
    """What somebody wrote under a name: its value, when it was sent, and when it was acknowledged, if it was."""

    number: int
    data: bytes
    sent_ns: int
    acknowledged_ns: int | None = None


@dataclass(slots=True)
class Asked:
    """A question of a client. `node`: who was asked; `final`: after the repair, so it must be answered rightly."""

    handle: bytes
    node: str
    sent_ns: int
    copies: int = 1
    answers: int = 0
    right: bool = False
    final: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a seed: what was seen to be wrong, and what identifies the story."""

    seed: int
    wrong: tuple[str, ...]
    events: int
    crc: int
    questions: int
    answered: int
    acknowledged: int


@cache
def stage() -> Stage:
    """The network of every seed, made once a process; its keys are always the same ones."""

    def key(name: str) -> bytes:
        made = Ed25519PrivateKey.from_private_bytes(sha256(f"swarm {name}".encode()).digest())
        public = made.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return keys.private_pem(made) + public

    def secret(name: str) -> bytes:
        return sha256(f"swarm {name}".encode()).hexdigest()[:32].encode()

    return teaching.stage("swarm", NETWORK.format(stale=STALE_S, negative=NEGATIVE_S), key, secret)


@cache
def _catalogue() -> dict[bytes, frozenset[tuple[int, bytes, bytes]]]:
    """What everybody may read of the records of the network file, by folded handle."""
    return {
        fold(handle): frozenset((value.index, value.type, value.data) for value in values if value.public_read)
        for handle, values in truth_of(stage().plan)
    }


class Story:
    """A seed being told."""

    def __init__(
        self,
        seed: int,
        *,
        log: Callable[[str], None] | None = None,
        meddle: Callable[[Country], None] = lambda made: None,
    ) -> None:
        """`log` is told of every datagram and of what is done. `meddle`: with the country, before it begins."""
        made = stage()
        plan = made.plan
        self.seed, self._log, self.crc = seed, log, 0
        self.chance = random.Random(f"swarm {seed}")
        self.made = country(plan, seed=seed, keys=made.keys, disks=True, records=made.records)
        secret = administrator_secret(made.keys, PREFIX)
        assert secret is not None
        self.who = Credentials(Reference(b"0.NA/" + PREFIX, 301), secret)
        self.world: World = self.made.world
        self.world.events_max = EVENTS_MAX
        self.world.log = self._hear_of
        self.world.client = self._heard
        self.at_the_link = (
            self.chance.random() < 0.5
        )  # faults on links, as a wire has them; else at doors, as live ones
        self.names = {node.ip: node.name for node in plan.nodes}
        self.delays_ns: dict[tuple[str, str], int] = {}
        self.slowest_ns = self.chance.choice((1, 5, 30)) * NS_PER_MS
        self.faults: list[FaultRule] = []
        self.on_links: Faults | None = None
        self.killed: set[str] = set()
        self.asked: dict[int, Asked] = {}
        self.writing: dict[int, tuple[bytes, Version, Message]] = {}
        self.versions: dict[bytes, list[Version]] = {}
        self.wrong: list[str] = []
        self._fragments = Reassembler(10_000, 64 << 20)
        self._next_id = 1
        self.world.link = self._link
        meddle(self.made)

    # what happens

    def tell(self) -> Verdict:
        """Tell it to the end."""
        self._plan_trouble()
        self._plan_questions()
        self._plan_writes()
        self.world.at(TROUBLE_NS, self._repair)
        self.world.at(TROUBLE_NS + REPAIR_NS, self._last_questions)
        try:
            self.world.run(TROUBLE_NS + REPAIR_NS + 3 * WAY_NS)
        except RuntimeError as error:
            self._fault(str(error))
        else:
            self._check_the_end()
        acknowledged = sum(
            version.acknowledged_ns is not None for versions in self.versions.values() for version in versions
        )
        return Verdict(
            self.seed,
            tuple(self.wrong),
            self.world.events,
            self.crc,
            len(self.asked),
            sum(asked.answers > 0 for asked in self.asked.values()),
            acknowledged,
        )

    def _plan_trouble(self) -> None:
        chance = self.chance
        for _ in range(chance.randrange(8)):
            kind = chance.choice(KINDS)
            written: dict[str, object] = {"kind": kind, "seed": self.seed}
            for word in ("from", "to"):
                if (place := chance.choice(PLACES)) is not None:
                    written[word] = place
            written["one_way"] = chance.random() < 0.3
            if kind in ("drop", "duplicate", "reorder", "forge"):
                written["share"] = chance.choice((0.05, 0.3, 0.9))
            if kind == "delay":
                written |= {"ms": chance.choice((1, 50, 900)), "jitter_ms": chance.choice((0, 100))}
            if kind == "bandwidth":
                written["octets_per_s"] = chance.choice((500, 5_000, 100_000))
            rule = read_fault(written, self.made.plan)
            begin, length = chance.randrange(TROUBLE_NS), chance.randrange(TROUBLE_NS // 2)
            self.world.at(begin, self._strike, rule)
            self.world.at(min(TROUBLE_NS, begin + length), self._relent, rule)
        for _ in range(chance.randrange(5)):
            name = chance.choice([node.name for node in self.made.plan.nodes] + [HOME] * 3 + [RECURSIVE])
            self.world.at(chance.randrange(TROUBLE_NS), self._end, name, chance.random() < 0.8)

    def _strike(self, rule: FaultRule) -> None:
        self._told(f"fault {rule.kind} {sorted(rule.source or ())} {sorted(rule.target or ())} {dict(rule.settings)}")
        self._have([*self.faults, rule])

    def _relent(self, rule: FaultRule) -> None:
        if rule in self.faults:
            self._told(f"no more {rule.kind}")
            self._have([each for each in self.faults if each is not rule])

    def _have(self, faults: list[FaultRule]) -> None:
        self.faults = faults
        if self.at_the_link:
            self.on_links = Faults(faults, "links") if faults else None
        else:
            self.made.go_wrong(tuple(faults))

    def _end(self, name: str, for_good: bool) -> None:
        if self.made.stopped(name):
            return
        self._told(f"{'kill' if for_good else 'stop'} {name}")
        self.killed.add(name)
        if for_good:
            self.made.kill(name)
        else:
            self.made.stop(name)
        self.world.at(self.chance.randrange(3 * NS_PER_S, 15 * NS_PER_S), self._begin_again, name)

    def _begin_again(self, name: str) -> None:
        if self.made.stopped(name):
            self._told(f"start {name}")
            self.made.start(name)

    def _repair(self) -> None:
        self._told("repair")
        self._have([])
        for name in self.made.nodes:
            self._begin_again(name)

    def _link(self, source: Address, target: Address, packet: bytes) -> Sequence[Delivery]:
        pair = source[0], target[0]
        delay_ns = self.delays_ns.get(pair)
        if delay_ns is None:
            delay_ns = self.delays_ns[pair] = self.chance.randrange(NS_PER_MS // 10, self.slowest_ns)
        if self.on_links is None:
            return ((delay_ns, packet),)
        names = self.names
        way = Way("udp", names.get(source[0], ANYBODY_ELSE), names.get(target[0], ANYBODY_ELSE), self.world.mono_ns)
        return [(delay_ns + more_ns, part) for more_ns, part in self.on_links(packet, way)]

    # what is asked

    def _plan_questions(self) -> None:
        chance, items = self.chance, sorted(_catalogue())
        for _ in range(QUESTIONS):
            kind = chance.random()
            if kind < 0.5:
                handle = items[int(len(items) * chance.random() ** 4)]
            elif kind < 0.85:
                handle = self._written_name(chance.randrange(WRITTEN))
            elif kind < 0.95:
                handle = b"88.118.8/NOTHING-%d" % chance.randrange(20)
            else:
                handle = chance.choice((b"99.1/X", b"88.999/X", b"0.NA/88.118.8", b"88", b"88.300.21/" + b"x" * 300))
            node = RECURSIVE if chance.random() < 0.85 else chance.choice(list(self.made.nodes))
            self.world.at(chance.randrange(TROUBLE_NS), self._ask, handle, node, chance.random() < 0.15)

    def _written_name(self, number: int) -> bytes:
        return b"88.118.8/SWARM-%d" % number

    def _ask(self, handle: bytes, node: str, tcp: bool, final: bool = False) -> None:
        number = self._number()
        self.asked[number] = Asked(handle, node, self.world.mono_ns, final=final)
        packet = encode(replies.request_message(Question(handle), number, self.world.now))
        self.world.send(self.made.ip(node), packet, tcp=tcp)

    def _number(self) -> int:
        self._next_id += 1
        return self._next_id

    def _last_questions(self) -> None:
        """Of everything that matters, when it must be answered: the authority, then the recursive node."""
        names = [self._written_name(number) for number in range(WRITTEN)]
        for handle in [*names, *sorted(_catalogue())[:5]]:
            self._ask(handle, HOME if handle.startswith(PREFIX + b"/") else RECURSIVE, tcp=False, final=True)
            self._ask(handle, RECURSIVE, tcp=False, final=True)

    # what is written

    def _plan_writes(self) -> None:
        for number in range(WRITTEN):
            at_ns = self.chance.randrange(3 * NS_PER_S)
            for version in range(VERSIONS):
                self.world.at(at_ns, self._write, self._written_name(number), version)
                at_ns += WRITE_LIMIT_NS + self.chance.randrange(3 * NS_PER_S)

    def _write(self, handle: bytes, number: int) -> None:
        version = Version(number, b"https://swarm.example/%d/%d" % (self.seed, number), self.world.mono_ns)
        self.versions.setdefault(fold(handle), []).append(version)
        url = Value(1, b"URL", version.data, ttl=TTL_S)
        owner = hs_admin.HsAdmin(hs_admin.ALL_PERMISSIONS, b"0.NA/" + PREFIX, 200)
        values = (url, Value(100, b"HS_ADMIN", hs_admin.encode(owner), ttl=TTL_S))
        self._say(handle, version, Opcode.CREATE_HANDLE, ValuesRequest(handle, values), 0)

    def _say(self, handle: bytes, version: Version, opcode: Opcode, body: Body, session_id: int) -> None:
        number = self._number()
        expiration = self.world.now.wall_s + peek.RESPONSE_LIFE_S
        header = Header(opcode, flags=FLAGS, serial=SERIAL_UNKNOWN, expiration=expiration)
        message = Message(Envelope(2, 11, 0, 2, 11, session_id=session_id, request_id=number), header, body)
        packet = encode(message)
        self.writing[number] = handle, version, decode(packet)
        self.world.send(self.made.ip(HOME), packet)

    def _written(self, number: int, message: Message) -> None:
        handle, version, request = self.writing[number]
        code = message.header.code
        if code == Code.AUTHENTICATION_NEEDED and request.header.opcode == Opcode.CREATE_HANDLE:
            demand = proof.demand_of(message)
            if demand.digest == replies.request_digest(request, message.envelope.version):
                del self.writing[number]
                body = proof.answer(demand, self.who, self.chance.randbytes(16))
                self._say(handle, version, Opcode.CHALLENGE_ANSWER, body, message.envelope.session_id)
        elif code == Code.SUCCESS and version.acknowledged_ns is None:
            version.acknowledged_ns = self.world.mono_ns

    # what is seen

    def _hear_of(self, line: str) -> None:
        self.crc = zlib.crc32(line.encode(), self.crc)
        if self._log is not None:
            self._log(line)

    def _told(self, words: str) -> None:
        self._hear_of(f"{self.world.mono_ns} -- {words}")

    def _fault(self, words: str) -> None:
        self._told(f"WRONG {words}")
        self.wrong.append(words)

    def _heard(self, packet: bytes) -> None:
        if int.from_bytes(packet[16:20], "big") > len(packet) - peek.ENVELOPE_OCTETS:
            try:
                whole = self._fragments.add(packet[peek.REQUEST_ID], packet, self.world.mono_ns)
            except PeerError:
                return
            if whole is None:
                return
            packet = whole
        try:
            message = decode(packet)
        except PeerError as error:
            self._fault(f"invented: an answer that cannot be read: {error}")
            return
        number = message.envelope.request_id
        if not isinstance(message, Message):
            self._fault("invented: an encrypted answer that nobody asked for")
        elif number in self.writing:
            self._written(number, message)
        elif number in self.asked:
            self._judge(self.asked[number], message)

    def _judge(self, asked: Asked, message: Message) -> None:
        asked.answers += 1
        code, folded = message.header.code, fold(asked.handle)
        if code == Code.SUCCESS and isinstance(message.body, ResolutionAnswer):
            said = frozenset((value.index, value.type, value.data) for value in message.body.values)
            versions = self.versions.get(folded)
            if versions is not None:
                self._judge_version(asked, versions, said)
            elif folded in _catalogue():
                asked.right = said == _catalogue()[folded]
                if not asked.right:
                    self._fault(f"invented: {asked.handle!r} at {asked.node} has other values than its record")
            elif folded.startswith(PREFIX + b"/"):
                self._fault(f"invented: {asked.handle!r} at {asked.node}, which nobody registered")
        elif code == Code.HANDLE_NOT_FOUND:
            self._judge_absence(asked, folded)

    def _judge_version(self, asked: Asked, versions: list[Version], said: frozenset[tuple[int, bytes, bytes]]) -> None:
        urls = {data for index, kind, data in said if kind == b"URL"}
        found = [version for version in versions if {version.data} == urls]
        if not found:
            self._fault(f"invented: {asked.handle!r} at {asked.node} is {urls}")
            return
        life_ns = 0 if asked.node == HOME else (TTL_S + STALE_S) * NS_PER_S
        for later in versions:
            if later.number > found[0].number and later.acknowledged_ns is not None:
                superseded_ns = later.acknowledged_ns + life_ns + WAY_NS
                if self.world.mono_ns > superseded_ns:
                    late_s = (self.world.mono_ns - later.acknowledged_ns) / NS_PER_S
                    self._fault(
                        f"stale: {asked.handle!r} at {asked.node} is version {found[0].number} although version "
                        f"{later.number} was acknowledged {late_s:.1f} s ago"
                    )
                    return
        acknowledged = [version.number for version in versions if version.acknowledged_ns is not None]
        asked.right = found[0].number >= max(acknowledged, default=0)

    def _judge_absence(self, asked: Asked, folded: bytes) -> None:
        if folded in _catalogue():
            # A server that does not have its share of a site's records says so, and so does one that has them all.
            node = self.made.plan.node(asked.node)
            if node.tier == "recursive" or (node.prefixes and len(node.site.servers) == 1):
                self._fault(f"invented: {asked.handle!r} is not found at {asked.node}")
            return
        acknowledged = [
            version.acknowledged_ns for version in self.versions.get(folded, ()) if version.acknowledged_ns is not None
        ]
        life_ns = 0 if asked.node == HOME else NEGATIVE_S * NS_PER_S
        if acknowledged and asked.node in (HOME, RECURSIVE):
            if self.world.mono_ns > min(acknowledged) + life_ns + WAY_NS:
                kind = "durable" if asked.node == HOME else "stale"
                self._fault(f"{kind}: {asked.handle!r} is not found at {asked.node}, and was acknowledged")
        elif asked.final:
            asked.right = True

    def _check_the_end(self) -> None:
        world = self.world
        for node in self.made.nodes.values():
            if node.under_way:
                self._fault(f"ends: {node.identity.name} still has {node.under_way} resolutions under way")
            if isinstance(node, RecursiveNode) and (node.seeker.askings or node.couriers.under_way):
                self._fault(f"ends: {node.identity.name} still waits for somebody")
        for number, asked in self.asked.items():
            if asked.answers > 1 and not self._may_come_twice:
                self._fault(f"ends: request {number} was answered {asked.answers} times")
            if asked.final and not asked.right:
                what = "was not answered" if not asked.answers else "got an answer that is not right"
                self._fault(f"repaired: {asked.handle!r} at {asked.node} {what}")
        if self.at_the_link:
            for name, counted in self.made.requests().items():
                arrived = world.arrived[self.made.ip(name)]
                if counted > arrived or (counted < arrived and name not in self.killed):
                    self._fault(f"conservation: {name} was given {arrived} requests and has counted {counted}")

    @property
    def _may_come_twice(self) -> bool:
        """Whether packets were duplicated: at doors that is counted, on links it may have been."""
        return any(node.counters.faults["duplicate"] for node in self.made.nodes.values()) or self.at_the_link


def tell(seed: int, log: Callable[[str], None] | None = None) -> Verdict:
    """Tell the story of a seed."""
    return Story(seed, log=log).tell()


def tell_all(seeds: Sequence[int]) -> list[Verdict]:
    """Several, one after the other: what a process of a crew does."""
    return [tell(seed) for seed in seeds]


@dataclass(slots=True)
class Tally:
    """What came of many seeds."""

    seeds: int = 0
    events: int = 0
    questions: int = 0
    answered: int = 0
    acknowledged: int = 0
    failed: list[Verdict] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)

    def add(self, verdicts: Iterable[Verdict]) -> None:
        """Count some."""
        for verdict in verdicts:
            self.seeds += 1
            self.events += verdict.events
            self.questions += verdict.questions
            self.answered += verdict.answered
            self.acknowledged += verdict.acknowledged
            if verdict.wrong:
                self.failed.append(verdict)
                self.kinds.update(words.partition(":")[0] for words in verdict.wrong)
