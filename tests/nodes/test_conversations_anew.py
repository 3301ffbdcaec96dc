"""Recorded conversations performed anew: our client against our nodes, with fresh keys, nonces and ids.

What the two of them say must be what the reference's client and server said, message by message: opcode, code, flags
and body, but for nonces, signatures, keys, times, addresses and names that a server chose.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest
from playbook import VECTORS

from nodes.authority import AuthorityNode
from nodes.node import Identity
from resolver.model.identifier import fold, normal_form
from resolver.model.site import Site
from resolver.model.value import Reference, Value
from resolver.net.virtual import World
from resolver.rules import keys, petition
from resolver.rules.authority import Standing
from resolver.rules.petition import Say, Terms
from resolver.rules.proof import Credentials
from resolver.rules.replies import DEFAULT_FLAGS
from resolver.stores.memory import MemoryStore
from resolver.wire.bodies.administration import CreateAnswer, ValuesRequest
from resolver.wire.bodies.authentication import Challenge, ChallengeAnswer
from resolver.wire.bodies.resolution import ResolutionAnswer
from resolver.wire.bodies.session import SessionAnswer, SessionSetup
from resolver.wire.bodies.siteinfo import SiteInfoAnswer
from resolver.wire.buffer import Reader
from resolver.wire.codes import Code, Opcode
from resolver.wire.framing import Reassembler
from resolver.wire.message import Message, decode, encode, read_packet
from resolver.wire.record import pack_record
from resolver.wire.types import hs_admin, hs_vlist
from resolver.wire.types.hs_admin import HsAdmin

IP = "127.0.0.1"
ADMIN_OF_ALL = Value(100, b"HS_ADMIN", hs_admin.encode(HsAdmin(0xFFF, b"0.NA/86.1000", 200)))
GROUP = Value(200, b"HS_VLIST", hs_vlist.encode((Reference(b"0.NA/86.1000", 300), Reference(b"0.NA/86.1000", 301))))
LIVE = b"86.1000/live1"
URL = Value(1, b"URL", b"https://example.invalid/old")
EMAIL = Value(3, b"EMAIL", b"a@example.invalid")


@dataclass
class Said:
    """A recorded message."""

    from_client: bool
    transport: str
    message: Message


def recorded(name: str) -> list[Said]:
    found = []
    for connection in json.loads((VECTORS / "conversations" / f"{name}.json").read_text()):
        parts = {">": Reassembler(), "<": Reassembler()}
        for side, octets in connection["frames"]:
            if octets.startswith("<"):
                continue
            whole = parts[side].add(0, bytes.fromhex(octets), 0)
            if whole is not None:
                message = read_packet(Reader(whole))
                assert isinstance(message, Message)
                found.append(Said(side == ">", connection["transport"], message))
    return found


def answered(name: str) -> tuple[Value, ...]:
    body = recorded(name)[-1].message.body
    assert isinstance(body, ResolutionAnswer)
    return tuple(body.values)


class Stage:
    """A server that stands where the recorded one stood, and the credentials of whoever may write there."""

    def __init__(self) -> None:
        self.key, self.secret = keys.generate("rsa", 1024), secrets.token_hex(16).encode()
        own = keys.generate("rsa", 1024)
        body = recorded("siteinfo")[1].message.body
        assert isinstance(body, SiteInfoAnswer)
        (server,) = body.site.servers
        self.site: Site = replace(body.site, servers=(replace(server, public_key=keys.record_of(own)),))
        self.store = MemoryStore()
        homed = frozenset({b"0.NA/86.1000", b"0.NA/86.3000.5", b"0.NA/0.NA"})
        self.node = AuthorityNode(
            Identity("reference", "enterprise", self.site),
            Standing(self.site, 0, homed),
            self.store,
            packet_octets_max=1 << 20,
            entropy=secrets.token_bytes,
            key=own,
        )
        self.world = World()
        self.world.attach(IP, self.node)
        prefix = (
            ADMIN_OF_ALL,
            GROUP,
            Value(300, b"HS_PUBKEY", keys.record_of(self.key)),
            Value(301, b"HS_SECKEY", self.secret, permissions=0x0C),
        )
        self.put(b"0.NA/86.1000", *prefix)
        self.put(b"0.NA/86.3000.5", ADMIN_OF_ALL)
        self.put(b"86.3000.5/X", URL)
        self.put(b"86.1000/hello", *answered("resolve_udp"))
        self.put(b"86.1000/big", *answered("resolve_big_udp"))
        self.put(b"86.1000/refs", *answered("resolve_refs_absttl"))
        public = answered("resolve_secret_public")
        self.put(b"86.1000/secret", *public, Value(2, b"DESC", b"hidden", permissions=0x0C))

    def put(self, handle: bytes, *values: Value) -> None:
        self.store.commit([(fold(normal_form(handle)), pack_record(values))])

    def credentials(self, answer: ChallengeAnswer, right: bool) -> Credentials:
        user = Reference(answer.user_handle, answer.user_index)
        if answer.auth_type == b"HS_PUBKEY":
            return Credentials(user, self.key)
        return Credentials(user, self.secret if right else b"another secret")


def perform(stage: Stage, rule: Coroutine[Say, Any, Any], transport: str, heard: list[Said]) -> Any:
    """Drive a rule of our client against the stage; what both say is added to `heard`."""
    answers: Sequence[Message] | None = None
    while True:
        try:
            say = rule.send(answers)
        except StopIteration as stop:
            return stop.value
        packet = say.packet()
        heard.append(Said(True, transport, decode(packet)))
        reply = stage.world.ask(IP, packet, tcp=transport == "tcp")
        assert reply is not None
        heard.append(Said(False, transport, decode(reply)))
        answers = (say.read(reply),)


def performed(name: str, stage: Stage) -> list[Said]:
    """The conversation as our client and our node have it."""
    script, heard = recorded(name), list[Said]()
    terms = Terms(lambda: stage.world.now, secrets.token_bytes)
    who = next((said.message.body for said in script if isinstance(said.message.body, ChallengeAnswer)), None)
    credentials = None
    if who is not None:
        credentials = stage.credentials(who, right=name != "modify_badkey")
    for said in script:
        opcode, flags = said.message.header.opcode, said.message.header.flags
        if not said.from_client or opcode == Opcode.CHALLENGE_ANSWER:
            continue
        certify = bool(flags & 0x40000000) and opcode != Opcode.SESSION_SETUP
        if opcode == Opcode.SESSION_SETUP:
            perform(stage, petition.begin_session(terms, credentials), said.transport, heard)
            continue
        if certify:
            terms.server_key = keys.public_key(stage.site.servers[0].public_key)
        own = replace(terms, certify=certify)
        rule = petition.petition(opcode, said.message.body, own, credentials, flags & ~0x40800000)
        (answer,) = perform(stage, rule, said.transport, heard)
        if isinstance(answer.body, SiteInfoAnswer):
            site = answer.body.site
            terms.version, terms.serial = (site.major, site.minor), site.serial
            terms.server_key = keys.public_key(site.servers[0].public_key)
    return heard


def essence(said: Said) -> tuple[Any, ...]:
    """What must be the same."""
    header, body = said.message.header, said.message.body
    shown: Any = body
    if isinstance(body, Challenge):
        shown = ("challenge", len(body.nonce), said.message.digest and said.message.digest.algorithm)
    elif isinstance(body, ChallengeAnswer):
        # The kind of proof: its algorithm octet, or the name of the hash.
        shown = (body.auth_type, body.user_handle, body.user_index, body.answer[:5])
    elif isinstance(body, SessionSetup):
        shown = (body.mode, body.timeout_s, body.identity, (body.public_key or b"")[:14], body.tail)
    elif isinstance(body, SessionAnswer):
        shown = (body.mode, body.data[:18], body.tail)
    elif isinstance(body, CreateAnswer):
        shown = ("created", (body.handle or b"").partition(b"/")[0])
    elif isinstance(body, SiteInfoAnswer):
        shown = (body.site.serial, body.site.major, body.site.minor, body.site.mask)
    elif isinstance(body, ResolutionAnswer | ValuesRequest):
        shown = (body.handle, tuple(replace(value, timestamp=0) for value in body.values))
    credential = said.message.credential
    kind = (getattr(credential, "type", None), getattr(credential, "algorithm", None))
    return (said.from_client, said.transport, header.opcode, header.code, f"{header.flags:08x}", shown, kind)


# What stood there before, where it is not what the others need.
LIVE_VALUES = {
    "add_seckey_udp": (URL, ADMIN_OF_ALL),
    "create_pubkey": None,
    "resolve_admin_read": "recorded",
}
CONVERSATIONS = [
    file.stem
    for file in sorted((VECTORS / "conversations").glob("*.json"))
    # Over HTTP; of another server; or said by clients that are not ours (they are replayed octet for octet elsewhere).
    if file.stem
    not in {"resolve_http", "prefix_site", "prefix_referral_303", "teleinfo_login_on_cnri", "pullp_resolve"}
]


def once(name: str) -> None:
    stage = Stage()
    live: Any = LIVE_VALUES.get(name, (URL, EMAIL, ADMIN_OF_ALL))
    if live == "recorded":
        live = answered(name)
    if live:
        stage.put(LIVE, *live)
    heard, script = performed(name, stage), recorded(name)
    assert [essence(said) for said in heard] == [essence(said) for said in script]
    if heard[-1].message.header.code == Code.SUCCESS and heard[-1].message.header.opcode == Opcode.DELETE_HANDLE:
        assert stage.store.get(fold(LIVE)) is None


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_our_client_and_our_node_say_what_was_recorded(name: str) -> None:
    once(name)


@pytest.mark.long
@pytest.mark.parametrize("name", CONVERSATIONS)
def test_they_say_it_a_hundred_times(name: str) -> None:
    for _ in range(100):
        once(name)


def test_a_challenge_about_another_request_is_not_answered() -> None:
    stage, heard = Stage(), list[Said]()
    stage.put(LIVE, URL, ADMIN_OF_ALL)
    terms = Terms(lambda: stage.world.now, secrets.token_bytes, version=(2, 11))
    who = Credentials(Reference(b"0.NA/86.1000", 300), stage.key)
    body = ValuesRequest(LIVE, (URL,))
    perform(stage, petition.petition(Opcode.MODIFY_VALUE, body, terms, None), "tcp", heard)
    challenge = heard[-1].message
    own = petition.made(Opcode.DELETE_HANDLE, body, terms, DEFAULT_FLAGS)
    with pytest.raises(Exception, match="about another request"):
        petition.answer_to(challenge, decode(encode(own)), terms, who)
