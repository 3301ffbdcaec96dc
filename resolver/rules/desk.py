"""The desk of administration: what a node lends to its rules, and one request lying on it.

    Desk     the node's records, clock, chance, challenges, sessions and administrators; one per node
    Case     one request: who asks, whether they have shown it, what was found out about groups
    Said     what a rule answers: an Answer (codes, challenges, resolutions), Done (a success), Names (a list)

Rules see nothing else of a node, and nothing here waits for anything but effects.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from resolver.model.identifier import fold, is_prefix_handle, normal_form
from resolver.model.now import Now
from resolver.model.question import Answer, Question
from resolver.model.value import Reference, Value
from resolver.rules import session_keys, signing
from resolver.rules.authority import NOT_FOUND, Standing
from resolver.rules.challenges import Challenges, Pending
from resolver.rules.effects import Find
from resolver.rules.keys import SigningKey
from resolver.rules.policy import members_of
from resolver.rules.proof import Demand
from resolver.rules.replies import Speaker
from resolver.rules.sessions import Session, Sessions, must_encrypt
from resolver.wire.bodies.authentication import ChallengeAnswer
from resolver.wire.bodies.base import Body, EmptyBody
from resolver.wire.codes import Code, Opcode, OpFlag
from resolver.wire.message import Message, encode
from resolver.wire.record import unpack_record

# Ids we give out, positive 32-bit numbers; the national SDK's own begin at 10,001 in every process (trap 22).
ID_LEAST, ID_MOST = 1 << 28, 0x7FFFFFFF


class Scan(Protocol):
    """Store.scan: keys from `start` on that begin with `prefix`, and their records, in the order of octets."""

    def __call__(self, start: bytes = b"", prefix: bytes = b"") -> Iterator[tuple[bytes, bytes]]: ...


@dataclass(slots=True)
class Desk:
    """What a node lends to the rules of administration and authentication.

    `standing` is the node's own: whoever carries out a `Home` puts another in its place. `key` signs responses and
    opens the session keys of set-up mode 2. `server_admins` may home prefixes and list them, and, with
    `server_admins_everywhere`, do anything; `home_only_admins` the first two.
    """

    standing: Standing
    get: Callable[[bytes], bytes | None]
    scan: Scan
    speaker: Speaker
    now: Callable[[], Now]
    entropy: Callable[[int], bytes]
    key: SigningKey | None = field(default=None, repr=False)
    server_admins: tuple[Reference, ...] = ()
    home_only_admins: tuple[Reference, ...] = ()
    server_admins_everywhere: bool = False
    lists_handles: bool = True
    challenges: Challenges = field(default_factory=Challenges)
    sessions: Sessions = field(default_factory=Sessions)

    def fresh_id(self) -> int:
        """An unguessable number that is neither a session's nor a challenge's."""
        number = ID_LEAST + int.from_bytes(self.entropy(4), "big") % (ID_MOST - ID_LEAST + 1)
        while number in self.sessions or number in self.challenges:
            number = number + 1 if number < ID_MOST else ID_LEAST
        return number

    def hung_up(self, connection: Hashable) -> None:
        """A connection is gone: its login and the challenge of that are over."""
        self.sessions.hung_up(connection)
        self.challenges.hung_up(connection)

    def own_values(self, handle: bytes) -> tuple[Value, ...] | None:
        """The values of a handle that lives here, secret ones included; none if it does not exist, None if it lives
        elsewhere. The record of a prefix that is homed here may be here, but most often is the parent's.
        """
        name = normal_form(handle)
        if not self.standing.hashed_here(name) or not self.standing.homes(name):
            return None
        record = self.get(fold(name))
        if record is not None:
            return unpack_record(record)
        return None if is_prefix_handle(name) else ()

    async def look_up(self, question: Question) -> Answer:
        """What a question selects, here (secret values included) or elsewhere, where it is asked certified."""
        own = self.own_values(question.handle)
        if own is None:
            return await Find(question)
        values = tuple(value for value in own if question.selects(value))
        return Answer(Code.SUCCESS, values) if values else NOT_FOUND

    def packet_of(self, response: Message, session: Session | None = None) -> bytes:
        """The octets of a response: with a MAC or a signature if it is to be certified (and can be), and encrypted if
        the session demands it (behaviour.md §1.2). For every response of a node, not only those of administration.
        """
        begins = response.header.opcode in (Opcode.SESSION_SETUP, Opcode.SESSION_EXCHANGE_KEY)
        if session is not None and (session.key is None or begins):
            session = None
        if session is None:
            response = signing.certify(response, self.key)
        elif response.header.flags & OpFlag.CERTIFY:
            response = session.seal(response)
        if session is not None and session.key is not None and must_encrypt(response):
            return encode(session_keys.encrypt(response, session.key, self.entropy))
        return encode(response)


@dataclass(frozen=True, slots=True)
class Claim:
    """Who somebody says they are, and the proof: the answer to what was demanded."""

    body: ChallengeAnswer
    demand: Demand

    @property
    def user(self) -> Reference:
        """index:handle, as claimed."""
        return Reference(self.body.user_handle, self.body.user_index)


@dataclass(slots=True, eq=False)
class Case:
    """One request being decided. `user`: who asks, proven; else `claim`: who says so, not looked at yet; else nobody.

    `pending`: the challenge that was answered, if that is why it is decided again. `wrote`: something was changed.
    """

    desk: Desk
    request: Message
    session: Session | None = None
    connection: Hashable = None
    user: Reference | None = None
    claim: Claim | None = None
    pending: Pending | None = None
    minted: bytes | None = None
    wrote: bool = False
    groups: dict[Reference, tuple[Reference, ...]] = field(default_factory=dict)

    @property
    def nameless(self) -> bool:
        """Whether nobody has even claimed to be somebody: then a challenge is due."""
        return self.user is None and self.claim is None

    def flag(self, flag: OpFlag) -> bool:
        """Whether the request has an op flag."""
        return bool(self.request.header.flags & flag)

    async def members(self, group: Reference) -> tuple[Reference, ...]:
        """Who is in a group, looked up once a case; nobody if there is none or it cannot be read."""
        known = self.groups.get(group)
        if known is None:
            found = await self.desk.look_up(Question(group.handle, indexes=(group.index,), certify=True))
            known = self.groups[group] = members_of(found.values, group.index)
        return known


@dataclass(frozen=True, slots=True)
class Done:
    """Success. `flags` are added to the response's, `session_id` stands in the place of the request's."""

    body: Body = field(default_factory=EmptyBody)
    flags: int = 0
    session_id: int | None = None


@dataclass(frozen=True, slots=True)
class Names:
    """Success, with a list of handles of any length."""

    handles: Iterator[bytes]


Said = Answer | Done | Names
