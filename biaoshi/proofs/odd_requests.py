"""Requests that few programs send and that are legal all the same: old and future versions, every flag, every
operation, empty and long lists, letters of every kind, what the national SDK adds and leaves out.

Each is one packet, for a node of any kind: whatever it answers, it has to answer.
"""

from __future__ import annotations

from dataclasses import replace

from resolver.model.value import Reference, Value
from resolver.rules import session_keys
from resolver.wire.bodies.administration import RemoveValueRequest, ValuesRequest
from resolver.wire.bodies.authentication import ChallengeAnswer, LoginRequest, VerifyRequest
from resolver.wire.bodies.base import Body, HandleRequest
from resolver.wire.bodies.digest import SHA256, Digest
from resolver.wire.bodies.resolution import ResolutionRequest
from resolver.wire.bodies.session import (
    CLIENT_KEY,
    DIFFIE_HELLMAN,
    KEY_BY_HANDLE,
    SERVER_KEY,
    KeyExchange,
    SessionSetup,
)
from resolver.wire.codes import Opcode, OpFlag
from resolver.wire.message import ABSENT, Credential, Envelope, Header, Message, encode

USUAL = OpFlag.RECURSIVE | OpFlag.CACHE_CERTIFY | OpFlag.PUBLIC_ONLY
VERSIONS = (
    (2, 0), (2, 1), (2, 2), (2, 3), (2, 4), (2, 5), (2, 6), (2, 7), (2, 8), (2, 9), (2, 10), (2, 11), (2, 12), (3, 0),
)  # fmt: skip
SUGGESTED = ((0, 0), (2, 1), (2, 3), (2, 6), (3, 0))
HANDLES = (
    b"0", b"/", b"", b"88.118.8", b"0.NA/88.118.8", b"0.na/0.na", b"88.118.8/jxdy2106023", b"88.118.8/",
    "88.118.8/产品 一".encode(), b"88.118.8/\xff\xfe", b"88.118.8/a/b/c", b"88.118.8/" + b"x" * 246,
    b"88.118.8/" + b"y" * 2_039, b"99.1/elsewhere", b"0.SITE/status", b"0.0/0.0",
)  # fmt: skip


def odd_requests(item: bytes) -> dict[str, bytes]:
    """Packets by a name for each. `item`: an identifier that exists somewhere."""
    made: dict[str, bytes] = {}

    def add(name: str, message: Message) -> None:
        envelope = replace(message.envelope, request_id=1_000 + len(made))
        made[name] = encode(replace(message, envelope=envelope))

    plain = _request(Opcode.RESOLUTION, ResolutionRequest(item))
    for major, minor in VERSIONS:
        add(f"version {major}.{minor}", replace(plain, envelope=Envelope(major, minor, 0, major, minor)))
    for major, minor in SUGGESTED:
        add(f"version 2.3 suggesting {major}.{minor}", replace(plain, envelope=Envelope(2, 3, 0, major, minor)))
    for flag in OpFlag:
        add(f"flag {flag.name}", _request(Opcode.RESOLUTION, ResolutionRequest(item), flags=USUAL | flag))
    add("no flag at all", _request(Opcode.RESOLUTION, ResolutionRequest(item), flags=0))
    add("flags that nobody knows", _request(Opcode.RESOLUTION, ResolutionRequest(item), flags=USUAL | 0x000FFFF8))
    for handle in HANDLES:
        shown = repr(handle)[1:] if len(handle) < 60 else f"of {len(handle)} octets"
        add(f"handle {shown}", _request(Opcode.RESOLUTION, ResolutionRequest(handle)))
    many = tuple(range(1, 201))
    for name, question in {
        "200 indexes": ResolutionRequest(item, many),
        "an index of 32 bits": ResolutionRequest(item, (0xFFFFFFFF, 0)),
        "50 types": ResolutionRequest(item, (), tuple(b"TYPE-%d" % number for number in many[:50])),
        "an empty type, and one with a dot": ResolutionRequest(item, (), (b"", b"URL.")),
        "a type twice": ResolutionRequest(item, (1, 1), (b"URL", b"url")),
        "the SDK's empty identity": ResolutionRequest(item, tail=bytes(4)),
        "octets behind the lists": ResolutionRequest(item, tail=b"\x00\x00\x00\x05token"),
    }.items():
        add(name, _request(Opcode.RESOLUTION, question))
    for name, header in {
        "expired long ago": replace(plain.header, expiration=1),
        "without expiration": replace(plain.header, expiration=0),
        "a serial of another site": replace(plain.header, serial=4_711),
        "asked on nine times": replace(plain.header, recursion_count=9),
        "asked on eleven times": replace(plain.header, recursion_count=11),
        "something reserved": replace(plain.header, reserved=7),
    }.items():
        add(name, replace(plain, header=header))
    add("without the length of a credential", replace(plain, credential=ABSENT))
    add("signed by nobody we know", replace(plain, credential=Credential(b"HS_SIGNED", b"SHA-256", bytes(128))))
    for name, session_id in (("a session that is none", 4_711), ("a session below zero", 0xFFFFFFFE)):
        add(name, replace(plain, envelope=replace(plain.envelope, session_id=session_id)))
    for name, opcode, body in _operations(item):
        add(name, _request(opcode, body))
    login = replace(_request(Opcode.LOGIN, LoginRequest(b"0.NA/88.118.8", 300)), credential=ABSENT)
    add("a login", replace(login, envelope=replace(login.envelope, session_id=10_001)))
    info = _request(Opcode.GET_SITE_INFO, HandleRequest(b"/"))
    add("site info in a session of the client's", replace(info, envelope=replace(info.envelope, session_id=10_001)))
    return made


def _operations(item: bytes) -> list[tuple[str, int, Body]]:
    """Every operation, as somebody would send it who has no right to anything."""
    prefix, value = b"0.NA/88.118.8", Value(1, b"URL", b"https://id.example/")
    user = Reference(prefix, 300)
    digest = Digest(SHA256, bytes(32))
    dh = session_keys.dh_keys(lambda octets: bytes(range(7, 7 + octets))).record
    return [
        ("site info of /", Opcode.GET_SITE_INFO, HandleRequest(b"/")),
        ("site info of a handle", Opcode.GET_SITE_INFO, HandleRequest(item)),
        ("create", Opcode.CREATE_HANDLE, ValuesRequest(item + b"-new", (value,))),
        ("create without values", Opcode.CREATE_HANDLE, ValuesRequest(item + b"-new", ())),
        ("create a prefix", Opcode.CREATE_HANDLE, ValuesRequest(b"0.NA/88.118.77", (value,))),
        ("delete", Opcode.DELETE_HANDLE, HandleRequest(item)),
        ("add", Opcode.ADD_VALUE, ValuesRequest(item, (value,))),
        ("remove", Opcode.REMOVE_VALUE, RemoveValueRequest(item, (1, 2, 3))),
        ("modify", Opcode.MODIFY_VALUE, ValuesRequest(item, (value,))),
        ("list", Opcode.LIST_HANDLES, HandleRequest(prefix)),
        ("list derived", Opcode.LIST_DERIVED_PREFIXES, HandleRequest(prefix)),
        ("home", Opcode.HOME_PREFIX, HandleRequest(prefix)),
        ("un-home", Opcode.UNHOME_PREFIX, HandleRequest(b"88.118.8")),
        ("list homed", Opcode.LIST_HOMED_PREFIXES, HandleRequest(prefix)),
        ("answer to no challenge", Opcode.CHALLENGE_ANSWER, ChallengeAnswer(b"HS_SECKEY", prefix, 301, b"\x02no")),
        ("verify", Opcode.VERIFY, VerifyRequest(prefix, 301, bytes(16), digest, b"\x02no")),
        ("session by a client's key", Opcode.SESSION_SETUP, SessionSetup(CLIENT_KEY, 60, user, public_key=b"none")),
        ("session by the server's key", Opcode.SESSION_SETUP, SessionSetup(SERVER_KEY, 60, user)),
        ("session by a key's handle", Opcode.SESSION_SETUP, SessionSetup(KEY_BY_HANDLE, 60, user, key_reference=user)),
        ("session by Diffie-Hellman", Opcode.SESSION_SETUP, SessionSetup(DIFFIE_HELLMAN, 60, user, public_key=dh)),
        ("session of a mode to come", Opcode.SESSION_SETUP, SessionSetup(9, 60, user)),
        ("key of no session", Opcode.SESSION_EXCHANGE_KEY, KeyExchange(b"key")),
        ("end of no session", Opcode.SESSION_TERMINATE, HandleRequest(b"/")),
        ("backup", Opcode.BACKUP_SERVER, HandleRequest(b"/")),
        ("next transaction", Opcode.GET_NEXT_TXN_ID, HandleRequest(b"/")),
    ]


def _request(opcode: int, body: Body, *, flags: int = USUAL) -> Message:
    return Message(Envelope(), Header(opcode, flags=flags, expiration=0xFFFFFF00), body)
