"""Conversations recorded between the reference client and server, replayed against our nodes.

Our reply must equal the recorded one but for its expiration (the clock's) and, where the reference differs by version
or addresses, what the test names. Records are rebuilt from what the reference answered about them.
"""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from playbook import VECTORS

from nodes.authority import AuthorityNode
from nodes.node import Identity
from resolver.model.identifier import fold, normal_form
from resolver.model.now import NS_PER_S, Now
from resolver.model.route import Route
from resolver.model.site import Site
from resolver.model.value import Value
from resolver.rules import keys, signing
from resolver.rules.authority import Standing
from resolver.rules.signing import Verdict
from resolver.stores.memory import MemoryStore
from resolver.wire import peek
from resolver.wire.bodies.referral import Referral
from resolver.wire.bodies.resolution import ResolutionAnswer
from resolver.wire.bodies.siteinfo import SiteInfoAnswer
from resolver.wire.codes import Code, OpFlag
from resolver.wire.framing import Reassembler
from resolver.wire.message import Credential, Message, decode, encode
from resolver.wire.record import pack_record

RECORDED_WALL_S = 1_795_000_000
KEY = keys.generate("rsa")
SECRET = Value(2, b"DESC", b"hidden", permissions=0x0C)


def frames(name: str) -> list[tuple[str, list[bytes], list[bytes]]]:
    """(transport, requests, reply packets) of each connection of a recorded conversation."""
    conversations = json.loads((VECTORS / "conversations" / f"{name}.json").read_text())
    return [
        (
            conversation["transport"],
            [bytes.fromhex(octets) for side, octets in conversation["frames"] if side == ">" and octets != "<fin>"],
            [bytes.fromhex(octets) for side, octets in conversation["frames"] if side == "<" and octets != "<fin>"],
        )
        for conversation in conversations
    ]


def whole(packets: list[bytes]) -> bytes:
    if len(packets) == 1:
        return packets[0]
    reassembler = Reassembler()
    return next(packet for packet in (reassembler.add(0, part, 0) for part in packets) if packet is not None)


def message(packets: list[bytes]) -> Message:
    decoded = decode(whole(packets))
    assert isinstance(decoded, Message)
    return decoded


def recorded_site() -> Site:
    body = message(frames("siteinfo")[0][2]).body
    assert isinstance(body, SiteInfoAnswer)
    return body.site


def recorded_values(name: str) -> tuple[bytes, tuple[Value, ...]]:
    body = message(frames(name)[-1][2]).body
    assert isinstance(body, ResolutionAnswer)
    return body.handle, body.values


def reference_node() -> AuthorityNode:
    """A node that stands where the recorded server stood: prefix 86.1000, and prefix handles of a registry."""
    site = recorded_site()
    store = MemoryStore()
    records = dict(
        recorded_values(name) for name in ("resolve_udp", "resolve_big_udp", "resolve_refs_absttl", "prefix_site")
    )
    handle, values = recorded_values("resolve_secret_public")
    records[handle] = (values[0], SECRET, *values[1:])
    referral = message(frames("prefix_referral_303")[0][2]).body
    assert isinstance(referral, Referral)
    records[b"0.NA/86.3000"] = (Value(1, b"DESC", b"a prefix with delegations below it"), *referral.values)
    store.commit([(fold(normal_form(handle)), pack_record(values)) for handle, values in records.items()])
    homed = frozenset({b"0.NA/86.1000", b"0.NA/0.NA"})
    return AuthorityNode(
        Identity("reference", "enterprise", site),
        Standing(site, 0, homed),
        store,
        packet_octets_max=1 << 20,
        entropy=lambda octets: bytes(range(octets)),
    )


def signing_node() -> AuthorityNode:
    """The same with a key of its own."""
    node = reference_node()
    (server,) = node.identity.site.servers
    node.key = KEY
    server = replace(server, public_key=keys.record_of(KEY))
    node.identity = replace(node.identity, site=replace(node.identity.site, servers=(server,)))
    return node


def reply_to(node: AuthorityNode, transport: str, requests: list[bytes], now: Now) -> list[bytes]:
    if transport == "tcp":
        reply = node.receive_stream(whole(requests), Route("tcp", ("127.0.0.1", 40_000)), now)
        assert reply is not None
        return [reply]
    replies: list[bytes] = []
    for request in requests:
        replies += map(bytes, node.receive_datagram(request, Route("udp", ("127.0.0.1", 40_000)), now))
    return replies


def without_expiration(packets: list[bytes]) -> list[bytes]:
    first = bytearray(packets[0])
    first[peek.EXPIRATION] = bytes(4)
    return [bytes(first), *packets[1:]]


SAME_SERVER = (
    "resolve_udp",
    "resolve_tcp",
    "resolve_big_udp",
    "resolve_notfound",
    "resolve_refs_absttl",
    "resolve_secret_public",
    "resolve_wrongprefix",
    "siteinfo",
    "teleinfo_resolve",
)
REGISTRY = ("prefix_site", "prefix_referral_303")  # another recorded server, whose site serial is 1


@pytest.mark.parametrize("repeated", [1, 3], ids=["first", "from the packet cache"])
@pytest.mark.parametrize("name", [*SAME_SERVER, *REGISTRY])
def test_replies_equal_the_recorded_ones_octet_for_octet(name: str, repeated: int) -> None:
    node = reference_node()
    if name in REGISTRY:
        node.speaker = replace(node.speaker, serial=1)
    now = Now(0, RECORDED_WALL_S * NS_PER_S)
    for transport, requests, expected in frames(name):
        for _ in range(repeated):
            replies = reply_to(node, transport, requests, now)
        assert without_expiration(replies) == without_expiration(expected)


def test_replies_expire_twelve_hours_after_they_were_given() -> None:
    now = Now(0, RECORDED_WALL_S * NS_PER_S)
    transport, requests, _ = frames("resolve_udp")[0]
    node = reference_node()
    for later_s in (0, 0, 7):
        moment = Now(0, now.wall_ns + later_s * NS_PER_S)
        reply = message(reply_to(node, transport, requests, moment))
        assert reply.header.expiration == RECORDED_WALL_S + later_s + 43_200


def test_the_national_sdk_is_told_of_the_site_whatever_session_it_names() -> None:
    """Its login begins so; the reference refused it there (behaviour.md §5.3)."""
    transport, requests, expected = frames("teleinfo_login_on_cnri")[0]
    reply = message(reply_to(reference_node(), transport, requests, Now(0, RECORDED_WALL_S * NS_PER_S)))
    refused = message(expected)
    assert isinstance(reply.body, SiteInfoAnswer) and reply.header.code == Code.SUCCESS
    assert reply.envelope.session_id == refused.envelope.session_id == 10_001
    assert (reply.header.opcode, reply.header.flags) == (refused.header.opcode, refused.header.flags)


def test_a_secret_value_asked_for_openly_is_challenged_as_recorded() -> None:
    transport, requests, expected = frames("resolve_secret_challenged")[0]
    reply = message(reply_to(reference_node(), transport, requests, Now(0, RECORDED_WALL_S * NS_PER_S)))
    wanted = message(expected)
    assert (reply.header.code, reply.header.flags) == (wanted.header.code, wanted.header.flags)
    assert reply.digest == wanted.digest
    assert type(reply.body) is type(wanted.body)
    assert 0 < reply.envelope.session_id < 1 << 31


@pytest.mark.parametrize(("name", "connection"), [("resolve_certified", 1), ("pullp_resolve", 0)])
def test_certified_answers_are_the_recorded_ones_but_for_the_signature(name: str, connection: int) -> None:
    transport, requests, expected = frames(name)[connection]
    node, now = signing_node(), Now(0, RECORDED_WALL_S * NS_PER_S)
    for _ in range(3):
        reply, wanted = message(reply_to(node, transport, requests, now)), message(expected)
        assert signing.verify(reply, KEY.public_key()) is Verdict.GENUINE
        assert isinstance(reply.credential, Credential) and isinstance(wanted.credential, Credential)
        assert len(reply.octets) == len(wanted.octets)
        with_theirs = replace(reply, credential=replace(reply.credential, signature=wanted.credential.signature))
        assert without_expiration([encode(with_theirs)]) == without_expiration([wanted.octets])
    assert not node.packets.entries


def test_the_key_that_signs_is_the_one_in_the_site() -> None:
    node, now = signing_node(), Now(0, RECORDED_WALL_S * NS_PER_S)
    said = [message(reply_to(node, each[0], each[1], now)) for each in frames("resolve_certified")]
    assert isinstance(said[0].body, SiteInfoAnswer)
    key = keys.public_key(said[0].body.site.servers[0].public_key)
    assert signing.verify(said[1], key) is Verdict.GENUINE
    recorded = keys.public_key(recorded_site().servers[0].public_key)
    assert signing.verify(message(frames("resolve_certified")[1][2]), recorded) is Verdict.GENUINE


@pytest.mark.parametrize(
    "name", ["resolve_udp", "resolve_notfound", "resolve_wrongprefix", "resolve_secret_challenged"]
)
def test_only_what_is_to_be_certified_is_signed_and_then_refusals_are_too(name: str) -> None:
    node, now = signing_node(), Now(0, RECORDED_WALL_S * NS_PER_S)
    transport, requests, _ = frames(name)[-1]
    asked = message(requests)
    for flags, verdict in (
        (asked.header.flags, Verdict.UNSIGNED),
        (asked.header.flags | OpFlag.CERTIFY, Verdict.GENUINE),
        ((asked.header.flags | OpFlag.CERTIFY) & ~OpFlag.CACHE_CERTIFY, Verdict.GENUINE),
    ):
        request = encode(replace(asked, header=replace(asked.header, flags=flags)))
        reply = message(reply_to(node, transport, [request], now))
        assert signing.verify(reply, KEY.public_key()) is verdict
        unable = message(reply_to(reference_node(), transport, [request], now))
        assert unable.credential is None
        assert (unable.header, unable.body, unable.digest) == (reply.header, reply.body, reply.digest)
