"""What the reference server said to the reference client when it wrote, said again octet for octet.

Once by our rules, and once by a node that is sent the packets and looks keys up at another.

One server lives through the recorded conversations in the order they were held, its clock and its nonces the recorded
ones. What clients proved with a key we do not have is proven anew with ours; challenge ids are ours. The record that
`create_pubkey` makes is the one that `resolve_admin_read` finds, with all that was done to it in between.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

import pytest
from office import RSA, SECRET, NodeOffice, Office, admin, answer, group
from recorded import VECTORS

from resolver.model.site import Site
from resolver.model.value import Reference, Value
from resolver.rules import keys, proof, session_keys, signing
from resolver.rules.proof import Credentials
from resolver.rules.session_keys import Algorithm
from resolver.wire.bodies import (
    Challenge,
    ChallengeAnswer,
    CreateAnswer,
    LoginRequest,
    ResolutionAnswer,
    SessionAnswer,
    SessionSetup,
    SiteInfoAnswer,
)
from resolver.wire.codes import Code, Opcode, OpFlag
from resolver.wire.message import Message, decode, encode

PREFIX, ITEM = b"0.NA/86.1000", b"86.1000/live1"
USER = Credentials(Reference(PREFIX, 300), RSA)
RECORD = (
    admin(0xFFF, PREFIX, 200),
    group(USER.user, Reference(PREFIX, 301)),
    Value(300, b"HS_PUBKEY", keys.record_of(RSA)),
    Value(301, b"HS_SECKEY", SECRET, permissions=0x0C),
)
DAY = (
    "create_pubkey",
    "create_exists",
    "add_seckey_udp",
    "modify_badkey",
    "modify_notadmin",
    "session_dh_modify",
    "resolve_admin_read",
    "remove",
    "list",
    "create_mint",
    "delete",
)
RESPONSE_LIFE_S = 43_200
by_both = pytest.mark.parametrize("kind", [Office, NodeOffice], ids=["rules", "node"])


def exchanges(name: str) -> Iterator[tuple[Message, Message]]:
    """Request and response of each connection, without the site info that tools ask for first."""
    for connection in json.loads((VECTORS / "conversations" / f"{name}.json").read_text()):
        sides = {">": b"", "<": b""}
        for side, octets in connection["frames"]:
            sides[side] += b"" if octets == "<fin>" else bytes.fromhex(octets)
        asked, said = decode(sides[">"]), decode(sides["<"])
        if asked.header.opcode != Opcode.GET_SITE_INFO:
            yield asked, said


def recorded_site() -> Site:
    frames = json.loads((VECTORS / "conversations" / "siteinfo.json").read_text())[0]["frames"]
    body = decode(bytes.fromhex(next(octets for side, octets in frames if side == "<"))).body
    assert isinstance(body, SiteInfoAnswer)
    return body.site


@dataclass
class Chance:
    """Draws what was drawn at the time: nonces and minted suffixes first, then whatever there is."""

    coming: list[bytes]
    drawn: int = 0

    def __call__(self, octets: int) -> bytes:
        if self.coming and len(self.coming[0]) == octets:
            return self.coming.pop(0)
        self.drawn += 1
        return self.drawn.to_bytes(octets, "big")


def opening_day(kind: type[Office] = Office) -> tuple[Office, Chance]:
    chance = Chance([])
    office = kind(
        {
            b"86.3000.5/X": (Value(1, b"URL", b"https://example.invalid/x"),),
            b"0.NA/86.3000.5": (admin(0xFFF, PREFIX, 300),),
        },
        elsewhere={PREFIX: RECORD},
        homed=(PREFIX, b"0.NA/86.3000.5"),
        site=recorded_site(),
        entropy=chance,
    )
    return office, chance


def without(message: Message, recorded: Message) -> Message:
    """Our message with the session id of the recorded one, if both have one: they are the server's to choose."""
    assert bool(message.envelope.session_id) == bool(recorded.envelope.session_id)
    return replace(message, envelope=replace(message.envelope, session_id=recorded.envelope.session_id))


@cache
def minted_at_the_time() -> bytes:
    *_, (_, said) = exchanges("create_mint")
    assert isinstance(said.body, CreateAnswer) and said.body.handle is not None
    return bytes.fromhex(said.body.handle.removeprefix(b"86.1000/").replace(b"-", b"").decode())


def hold(office: Office, chance: Chance, name: str) -> list[tuple[Message, Message]]:
    """Hold a conversation again: (ours, recorded) of every response."""
    pairs: list[tuple[Message, Message]] = []
    challenge: Message | None = None
    chance.coming = [minted_at_the_time()] if name == "create_mint" else []
    for asked, said in exchanges(name):
        office.wall_s = said.header.expiration - RESPONSE_LIFE_S
        if isinstance(said.body, Challenge):
            chance.coming.append(said.body.nonce)
        if isinstance(asked.body, ChallengeAnswer):
            assert challenge is not None
            body = asked.body
            if body.auth_type == proof.PUBLIC_KEY:
                made = proof.answer(proof.demand_of(challenge), USER, b"")
                assert replace(made, answer=body.answer) == body
                body = made
            envelope = replace(asked.envelope, session_id=challenge.envelope.session_id)
            asked = decode(encode(replace(asked, body=body, envelope=envelope, octets=b"")))
        ours = office.ask(asked)
        if ours.header.code == Code.AUTHENTICATION_NEEDED:
            challenge = ours
        pairs.append((ours, said))
    return pairs


@cache
def the_day(kind: type[Office] = Office) -> dict[str, list[tuple[Message, Message]]]:
    office, chance = opening_day(kind)
    held = {}
    for name in DAY:
        if name == "session_dh_modify":
            held[name] = hold_session(office)
            continue
        if name == "resolve_admin_read":
            # Between the recorded conversations there was another modification, two seconds later.
            values = office.values(ITEM)
            assert values is not None
            last = replace(values[0], data=b"https://example.invalid/dh2", timestamp=values[0].timestamp + 2)
            office.put(ITEM, last, *values[1:])
        held[name] = hold(office, chance, name)
    return held


def hold_session(office: Office) -> list[tuple[Message, Message]]:
    """The Diffie-Hellman session with a key of ours in the client's place, and MACs of that session."""
    (setup, setup_said), (modify, modify_said), (proving, proving_said) = exchanges("session_dh_modify")
    office.wall_s = setup_said.header.expiration - RESPONSE_LIFE_S
    assert isinstance(setup.body, SessionSetup)
    own = session_keys.dh_keys(lambda octets: bytes(range(7, 7 + octets)))
    asked = decode(encode(replace(setup, body=replace(setup.body, public_key=own.record), octets=b"")))
    begun = office.ask(asked)
    assert isinstance(begun.body, SessionAnswer)
    key = session_keys.derive(session_keys.shared_secret(own, begun.body.data[4:]), Algorithm.AES)
    inside = replace(modify, envelope=replace(modify.envelope, session_id=begun.envelope.session_id), octets=b"")
    challenge = office.ask(decode(encode(signing.sign_in_session(inside, key.octets, 1))))
    done = office.ask(
        replace(answer(challenge, USER), envelope=replace(proving.envelope, session_id=begun.envelope.session_id))
    )
    return [(begun, setup_said), (challenge, modify_said), (done, proving_said)]


@by_both
@pytest.mark.parametrize("name", [name for name in DAY if name != "session_dh_modify"])
def test_responses_equal_the_recorded_ones_octet_for_octet(kind: type[Office], name: str) -> None:
    for ours, said in the_day(kind)[name]:
        assert encode(without(ours, said)) == said.octets


@by_both
def test_in_a_session_responses_equal_the_recorded_ones_but_for_keys_and_nonces(kind: type[Office]) -> None:
    (begun, setup_said), (challenge, modify_said), (done, proving_said) = the_day(kind)["session_dh_modify"]
    for ours, said in ((begun, setup_said), (challenge, modify_said), (done, proving_said)):
        assert without(ours, said).envelope == replace(said.envelope, length=ours.envelope.length)
        assert replace(ours.header, body_length=0) == replace(said.header, body_length=0)
        assert type(ours.body) is type(said.body)
    assert isinstance(begun.body, SessionAnswer) and isinstance(setup_said.body, SessionAnswer)
    assert begun.body.data[:20] == setup_said.body.data[:20]  # AES, a Diffie-Hellman key
    assert begun.body.data[-137:] == setup_said.body.data[-137:]  # p and g, as the client brought them
    assert begun.envelope.session_id == challenge.envelope.session_id == done.envelope.session_id != 0
    assert encode(without(done, proving_said)) == proving_said.octets


@by_both
def test_the_day_ends_as_it_began(kind: type[Office]) -> None:
    office, chance = opening_day(kind)
    before = office.store.count()
    for name in ("create_pubkey", "delete"):
        hold(office, chance, name)
    assert office.store.count() == before


@by_both
def test_the_national_sdk_logs_in_where_the_reference_refused_it(kind: type[Office]) -> None:
    """The recorded client gave up at the first step; here its second step leads on (behaviour.md §5.3)."""
    office, _ = opening_day(kind)
    (first,) = [
        decode(bytes.fromhex(octets))
        for side, octets in json.loads((VECTORS / "conversations" / "teleinfo_login_on_cnri.json").read_text())[0][
            "frames"
        ]
        if side == ">" and octets != "<fin>"
    ]
    envelope = replace(first.envelope, request_id=first.envelope.request_id + 1)
    header = replace(first.header, opcode=Opcode.LOGIN, flags=OpFlag.RECURSIVE | OpFlag.REQUEST_DIGEST)
    login = replace(first, envelope=envelope, header=header, body=LoginRequest(PREFIX, 300), octets=b"")
    reply = office.prove(login, USER, connection="stream")
    assert (reply.header.opcode, reply.header.code) == (Opcode.LOGIN, Code.SUCCESS)
    assert reply.envelope.session_id == first.envelope.session_id == 10_001


def test_what_an_administrator_reads_is_what_the_day_made_of_the_record() -> None:
    _, (ours, _) = the_day()["resolve_admin_read"]
    assert isinstance(ours.body, ResolutionAnswer)
    assert [value.index for value in ours.body.values] == [1, 2, 3, 100]
