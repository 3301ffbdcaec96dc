"""A server's desk played by hand: its records in memory, what lives elsewhere in a dictionary, time a number.

office = Office({b"88.1/item": (URL, ADMIN)}, elsewhere={b"0.NA/88.1": (KEY, ...)})
reply = office.ask(request(Opcode.DELETE_HANDLE, HandleRequest(b"88.1/item")))         # a challenge
reply = office.ask(answer(reply, OWNER))                                               # done
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import replace
from hashlib import sha256
from itertools import count
from typing import Any

import recorded

from nodes.authority import AuthorityNode
from nodes.node import Identity
from resolver.model.identifier import fold, normal_form
from resolver.model.now import NS_PER_S, Now
from resolver.model.question import Answer
from resolver.model.route import Endpoint, Route, Series
from resolver.model.site import PRIMARY, HashOption, Interface, Protocol, Server, Site, address_octets
from resolver.model.value import Reference, Value
from resolver.rules import keys, proof
from resolver.rules.administration import Ruling, administer
from resolver.rules.authority import Standing
from resolver.rules.desk import Desk
from resolver.rules.effects import Commit, Find, Home, Kept, Verify
from resolver.rules.proof import Credentials
from resolver.rules.replies import Speaker
from resolver.rules.resolution import RootService
from resolver.stores.memory import MemoryStore
from resolver.wire.bodies.base import Body
from resolver.wire.codes import Code, Opcode, OpFlag
from resolver.wire.message import Envelope, Header, Message, decode, encode
from resolver.wire.record import pack_record, unpack_record
from resolver.wire.types import hs_admin, hs_vlist
from resolver.wire.types.hs_admin import HsAdmin

WALL_S = 1_795_442_275
SECRET = b"correct horse"
RSA = keys.private_key(bytes.fromhex(recorded.document()["keys"]["clientRsaPrivatePkcs8DerHex"]))
PREFIX = b"0.NA/88.1"
OWNER = Credentials(Reference(PREFIX, 300), RSA)
SECRET_OWNER = Credentials(Reference(PREFIX, 301), SECRET)
# What the level above says about the prefix: its group, its keys, and that the group may do everything.
PREFIX_RECORD = (
    Value(100, b"HS_ADMIN", hs_admin.encode(HsAdmin(0xFFF, PREFIX, 200))),
    Value(200, b"HS_VLIST", hs_vlist.encode((Reference(PREFIX, 300), Reference(PREFIX, 301)))),
    Value(300, b"HS_PUBKEY", keys.record_of(RSA)),
    Value(301, b"HS_SECKEY", SECRET, permissions=0x0C),
)
_request_ids = count(1)


def admin(rights: int, handle: bytes = PREFIX, index: int = 300, *, at: int = 100) -> Value:
    """An HS_ADMIN value at index `at`."""
    return Value(at, b"HS_ADMIN", hs_admin.encode(HsAdmin(rights, handle, index)))


def group(*members: Reference, at: int = 200) -> Value:
    """An HS_VLIST value at index `at`."""
    return Value(at, b"HS_VLIST", hs_vlist.encode(members))


def entropy() -> Any:
    """Octets that nobody would guess and every run repeats."""
    numbers = count()

    def draw(octets: int) -> bytes:
        drawn = b"".join(sha256(next(numbers).to_bytes(4, "big")).digest() for _ in range(-(-octets // 32)))
        return drawn[:octets]

    return draw


def site_of(servers: int, mask: int = PRIMARY) -> Site:
    return Site(
        tuple(Server(number, bytes(16), ()) for number in range(servers)), mask=mask, hash_option=HashOption.ALL
    )


class Office:
    """A desk, and somebody who carries out what its rules ask for."""

    def __init__(
        self,
        records: Mapping[bytes, Iterable[Value]] | None = None,
        *,
        elsewhere: Mapping[bytes, tuple[Value, ...]] | None = None,
        homed: Iterable[bytes] = (PREFIX,),
        site: Site | None = None,
        server_number: int = 0,
        **desk: Any,
    ) -> None:
        self.store = MemoryStore()
        for handle, values in (records or {}).items():
            self.put(handle, *values)
        self.elsewhere = {PREFIX: PREFIX_RECORD} if elsewhere is None else dict(elsewhere)
        self.silent: set[bytes] = set()  # handles elsewhere that nobody answers for
        self.wall_s, self.mono_ns = WALL_S, 1_000 * NS_PER_S
        self.effects: list[Find | Verify | Commit | Home] = []
        self.refusals: list[Kept] = []  # what becomes of the next Commits, instead of DONE
        self.before_commit: list[Any] = []  # called, one each, before a Commit is looked at
        self.ruling: Ruling | None = None
        site = site or site_of(1)
        standing = Standing(site, server_number, frozenset(fold(handle) for handle in homed))
        self.desk = Desk(
            standing,
            self.store.get,
            self.store.scan,
            Speaker(site.serial, site.primary),
            lambda: Now(self.mono_ns, self.wall_s * NS_PER_S),
            desk.pop("entropy", None) or entropy(),
            **desk,
        )

    def put(self, handle: bytes, *values: Value) -> None:
        self.store.commit([(fold(normal_form(handle)), pack_record(values))])

    def values(self, handle: bytes) -> tuple[Value, ...] | None:
        record = self.store.get(fold(normal_form(handle)))
        return None if record is None else unpack_record(record)

    def pass_s(self, seconds: float) -> None:
        self.mono_ns += int(seconds * NS_PER_S)
        self.wall_s += int(seconds)

    # -- asking -------------------------------------------------------------------------------------------------

    def ask(self, message: Message, connection: Hashable = None) -> Message:
        """The one message that answers."""
        (response,) = self.ask_all(message, connection)
        return response

    def ask_all(self, message: Message, connection: Hashable = None) -> list[Message]:
        ruling = self.decide(message, connection)
        return [decode(self.desk.packet_of(response)) for response in ruling.responses]

    def decide(self, message: Message, connection: Hashable = None) -> Ruling:
        """Drive the rule to its end. The message goes over the wire first, so that digests are of octets as sent."""
        received = message if message.octets else decode(encode(message))
        rule = administer(received, self.desk, connection)
        outcome: Answer | Kept | None = None
        while True:
            try:
                effect = rule.send(outcome)
            except StopIteration as stop:
                ruling: Ruling = stop.value
                self.ruling = ruling
                return ruling
            self.effects.append(effect)
            outcome = self._carry_out(effect)

    def prove(self, message: Message, who: Credentials, connection: Hashable = None) -> Message:
        """Ask, be challenged, answer; what that came to."""
        challenge = self.ask(message, connection)
        assert challenge.header.code == Code.AUTHENTICATION_NEEDED, challenge
        return self.ask(answer(challenge, who), connection)

    # -- carrying out -------------------------------------------------------------------------------------------

    def _carry_out(self, effect: Find | Verify | Commit | Home) -> Answer | Kept:
        if isinstance(effect, Find):
            return self._find(effect)
        if isinstance(effect, Verify):
            handle = effect.proof.user_handle
            if handle in self.silent:
                return Answer(Code.ERROR)
            right = proof.verify(effect.proof, self.elsewhere.get(handle, ()))
            return Answer(Code.SUCCESS if right else Code.AUTHENTICATION_FAILED)
        if self.refusals:
            return self.refusals.pop(0)
        if isinstance(effect, Home):
            standing = self.desk.standing
            homed = standing.homed | {effect.prefix_handle} if effect.homed else standing.homed - {effect.prefix_handle}
            self.desk.standing = replace(standing, homed=homed)
            return Kept.DONE
        if self.before_commit:
            self.before_commit.pop(0)()
        if self.store.get(effect.key) != effect.before:
            return Kept.CHANGED
        self.store.commit([(effect.key, effect.after)])
        return Kept.DONE

    def _find(self, find: Find) -> Answer:
        question = find.question
        assert question.certify, "what decides about rights is asked for with a signature"
        if question.handle in self.silent:
            return Answer(Code.ERROR)
        if question.handle not in self.elsewhere:
            return Answer(Code.HANDLE_NOT_FOUND)
        values = tuple(
            value for value in self.elsewhere[question.handle] if question.selects(value) and value.public_read
        )
        return Answer(Code.SUCCESS, values) if values else Answer(Code.VALUES_NOT_FOUND)

    @property
    def written(self) -> list[bytes]:
        """The keys of the Commits so far."""
        return [effect.key for effect in self.effects if isinstance(effect, Commit)]


class NodeOffice(Office):
    """The same over packets: a node, and a registry that it asks for what lives elsewhere."""

    def __init__(self, *records: Any, **desk: Any) -> None:
        super().__init__(*records, **desk)
        registry = Endpoint("127.0.0.9", 2641, "udp")
        interfaces = (Interface(3, Protocol.UDP, registry.port),)
        root = Site((Server(1, address_octets(registry.ip), interfaces),), mask=PRIMARY)
        far = MemoryStore()
        far.commit([(fold(normal_form(handle)), pack_record(values)) for handle, values in self.elsewhere.items()])
        standing, draw = self.desk.standing, self.desk.entropy
        self.registry = AuthorityNode(
            Identity("registry", "root", root),
            Standing(root, 0, frozenset({b"0.NA/0.NA"})),
            far,
            packet_octets_max=0,
            entropy=entropy(),
        )
        self.node = AuthorityNode(
            Identity("node", "enterprise", standing.site),
            standing,
            self.store,
            packet_octets_max=1 << 20,
            entropy=draw,
            roots=(RootService((root,)),),
        )

    def ask(self, message: Message, connection: Hashable = None) -> Message:
        now = Now(self.mono_ns, self.wall_s * NS_PER_S)
        route = Route("tcp", ("127.0.0.1", 40_000), "client", connection)
        reply = self.node.receive_stream(encode(message), route, now)
        while reply is None:
            outbox, self.node.outbox = self.node.outbox, []
            assert outbox, "the node neither answers nor asks"
            for target, packets in outbox:
                assert not isinstance(packets, Series)
                if isinstance(target, Route):
                    reply = bytes(packets[0])
                    continue
                for packet in packets:
                    for part in self.registry.receive_datagram(bytes(packet), Route("udp", ("127.0.0.1", 9)), now):
                        self.node.receive_upstream(bytes(part), target, now)
        return decode(reply)


def request(
    opcode: int,
    body: Body,
    *flags: OpFlag,
    version: tuple[int, int] = (2, 11),
    session_id: int = 0,
    public_only: bool = True,
) -> Message:
    """A request as the reference client sends it, if it knows a site of this version."""
    bits = OpFlag.RECURSIVE | OpFlag.CACHE_CERTIFY | (OpFlag.PUBLIC_ONLY if public_only else 0)
    for flag in flags:
        bits |= flag
    major, minor = version
    envelope = Envelope(major, minor, 0, major, minor, session_id=session_id, request_id=next(_request_ids))
    return Message(envelope, Header(opcode, flags=bits, serial=1, expiration=WALL_S + 43_200), body)


def answer(challenge: Message, who: Credentials) -> Message:
    """The answer to a challenge."""
    body = proof.answer(proof.demand_of(challenge), who, bytes(range(16)))
    envelope = replace(challenge.envelope, request_id=next(_request_ids))
    message = Message(envelope, Header(Opcode.CHALLENGE_ANSWER, flags=0x19000000, expiration=WALL_S + 43_200), body)
    return decode(encode(message))


def claim(
    challenge: Message, who: Reference, auth_type: bytes = b"HS_SECKEY", octets: bytes = b"\x02nonsense"
) -> Message:
    """An answer that proves nothing."""
    made = answer(challenge, Credentials(who, b"nothing"))
    body = proof.ChallengeAnswer(auth_type, who.handle, who.index, octets)
    return decode(encode(replace(made, body=body, octets=b"")))


def told(message: Message) -> tuple[int, bytes]:
    """Code and words of a response."""
    return message.header.code, getattr(message.body, "message", b"")
