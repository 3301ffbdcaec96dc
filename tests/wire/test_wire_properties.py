"""What holds for every message, value and heap of octets: both ways give the same, and nothing else is ever raised."""

from __future__ import annotations

import json

import recorded
from hypothesis import given, settings
from hypothesis import strategies as st

from resolver.errors import PeerError
from resolver.model.site import Interface, Server, Site
from resolver.model.value import Reference, Value
from resolver.wire import bodies
from resolver.wire.buffer import Reader
from resolver.wire.document import from_document, to_document
from resolver.wire.explain import explain
from resolver.wire.framing import Reassembler, TcpFramer, split
from resolver.wire.json_form import data_from_json, data_to_json, value_from_json, value_to_json
from resolver.wire.message import Credential, Envelope, Header, Message, decode, encode, keep
from resolver.wire.record import SOME_ABSOLUTE_TTL, SOME_RESTRICTED, pack_record, record_flags, unpack_record
from resolver.wire.types import TYPES, codec_of, hs_admin, hs_pubkey, hs_site, hs_vlist
from resolver.wire.values import decode_value, decode_values, encode_value, encode_values

settings.register_profile("unhurried", deadline=None)  # a slow machine is no fault of the codec
settings.load_profile("unhurried")

u8, u16, u32, u64 = (st.integers(0, 2**bits - 1) for bits in (8, 16, 32, 64))
octets = st.binary(max_size=60)
references = st.builds(Reference, octets, u32)
types = st.one_of(octets, st.sampled_from(sorted(TYPES)))
values = st.builds(Value, u32, types, octets, u32, u8, u32, u8, st.lists(references, max_size=3).map(tuple))
value_lists = st.lists(values, max_size=4).map(tuple)
numbers = st.lists(u32, max_size=5).map(tuple)
strings = st.lists(octets, max_size=5).map(tuple)
servers = st.builds(
    Server,
    u32,
    st.binary(min_size=16, max_size=16),
    st.lists(st.builds(Interface, u8, u8, u32), max_size=3).map(tuple),
    octets,
)
sites = st.builds(
    Site,
    st.lists(servers, max_size=3).map(tuple),
    u16,
    u8,
    u8,
    st.lists(st.tuples(octets, octets), max_size=3).map(tuple),
    u8,
    u8,
    u16,
    octets,
)
envelopes = st.builds(
    Envelope,
    st.just(2),
    st.integers(5, 11),
    st.sampled_from((0, 0x20, 0x80)),
    st.integers(0, 31),
    u8,
    u32,
    u32,
    u32,
)
credentials = st.one_of(st.none(), st.builds(Credential, octets, octets, octets, octets, u32, u8, u8, u16))

# opcode, code, body: what a sender that keeps to the protocol may send
SAID = st.one_of(
    st.tuples(st.just(1), st.just(0), st.builds(bodies.ResolutionRequest, octets, numbers, strings, octets)),
    st.tuples(st.just(1), st.just(1), st.builds(bodies.ResolutionAnswer, octets, value_lists, octets)),
    st.tuples(st.just(2), st.just(1), st.builds(bodies.SiteInfoAnswer, sites)),
    st.tuples(
        st.sampled_from((100, 102, 104)), st.just(0), st.builds(bodies.ValuesRequest, octets, value_lists, octets)
    ),
    st.tuples(
        st.sampled_from((2, 101, 105, 106, 300, 301, 302, 401, 1000, 1003)),
        st.just(0),
        st.builds(bodies.HandleRequest, octets, octets),
    ),
    st.tuples(st.just(103), st.just(0), st.builds(bodies.RemoveValueRequest, octets, numbers, octets)),
    st.tuples(st.sampled_from((105, 106, 302)), st.just(1), st.builds(bodies.HandleList, strings, octets)),
    st.tuples(st.just(200), st.just(0), st.builds(bodies.ChallengeAnswer, octets, octets, u32, octets, octets)),
    st.tuples(u32, st.just(402), st.builds(bodies.Challenge, octets, octets)),
    st.tuples(u32, st.sampled_from((302, 303)), st.builds(bodies.Referral, octets, value_lists.filter(bool), octets)),
    st.tuples(u32, st.sampled_from((2, 100, 603, 900, 77)), st.builds(bodies.ErrorBody, octets)),
)
SAMPLES = sorted(recorded.packets().values())


@given(values)
def test_a_value_is_its_record_and_its_record_the_value(value: Value) -> None:
    assert decode_value(encode_value(value)) == value


@given(values)
def test_a_value_survives_its_json(value: Value) -> None:
    assert value_from_json(json.loads(json.dumps(value_to_json(value)))) == value


@given(value_lists)
def test_a_list_of_values_is_stored_with_flags_that_say_what_is_in_it(found: tuple[Value, ...]) -> None:
    record = pack_record(found)
    assert unpack_record(record) == found
    assert decode_values(encode_values(found)) == found
    assert bool(record_flags(record) & SOME_RESTRICTED) == any(not value.public_read for value in found)
    assert bool(record_flags(record) & SOME_ABSOLUTE_TTL) == any(value.ttl_type != 0 for value in found)


@given(sites)
def test_a_site_is_its_record(site: Site) -> None:
    record = hs_site.encode(site)
    assert hs_site.decode(record) == site
    assert data_from_json(data_to_json(b"HS_SITE", record)) == record


@given(st.builds(hs_admin.HsAdmin, u16, octets, u32, st.booleans()))
def test_an_administrator_is_its_record(admin: hs_admin.HsAdmin) -> None:
    record = hs_admin.encode(admin)
    assert hs_admin.decode(record) == admin
    assert data_from_json(data_to_json(b"HS_ADMIN", record)) == record


@given(st.lists(references, max_size=5).map(tuple))
def test_a_group_is_its_record(members: tuple[Reference, ...]) -> None:
    assert hs_vlist.decode(hs_vlist.encode(members)) == members


@given(st.integers(0, 2**2100), st.integers(0, 2**2100))
def test_an_rsa_key_is_its_record_and_its_json(exponent: int, modulus: int) -> None:
    record = hs_pubkey.encode(hs_pubkey.rsa(exponent, modulus))
    key = hs_pubkey.decode(record)
    assert isinstance(key, hs_pubkey.PublicKey)
    assert (key.number("exponent"), key.number("modulus")) == (exponent, modulus)
    form = data_to_json(b"HS_PUBKEY", record)
    assert form["format"] == "key"
    assert data_from_json(form) == record


@given(st.sampled_from(sorted(TYPES)), st.binary(max_size=200))
def test_octets_of_any_type_are_read_whole_or_refused_and_their_json_gives_them_back(name: bytes, data: bytes) -> None:
    codec = codec_of(name.lower())
    assert codec is not None
    try:
        assert codec.encode(codec.decode(data)) == data
    except PeerError as refused:
        assert refused.code == 2
    assert data_from_json(json.loads(json.dumps(data_to_json(name, data)))) == data


@given(envelopes, SAID, u32, u16, u8, u8, u32, credentials, octets)
def test_a_message_is_its_octets(
    envelope: Envelope,
    said: tuple[int, int, bodies.Body],
    flags: int,
    serial: int,
    recursion_count: int,
    reserved: int,
    expiration: int,
    credential: Credential | None,
    surplus: bytes,
) -> None:
    opcode, code, body = said
    digest = bodies.Digest(3, b"d" * 32) if code and flags & 0x00800000 else None
    header = Header(opcode or 1, code, flags, serial, recursion_count, reserved, expiration)
    packet = encode(Message(envelope, header, body, digest, credential, surplus))
    message = decode(packet)
    assert encode(message) == packet
    assert (message.digest, message.credential, message.surplus) == (digest, credential, surplus)
    if not getattr(body, "tail", b""):  # a tail may be read as what it looks like
        assert message.body == body
    assert from_document(json.loads(json.dumps(to_document(message)))) == message


@given(st.binary(max_size=300))
def test_any_octets_are_kept_and_explained(heap: bytes) -> None:
    assert encode(keep(Reader(heap))) == heap
    assert b"".join(row.octets for row in explain(heap).rows) == heap


@settings(max_examples=400)
@given(st.sampled_from(SAMPLES), st.lists(st.tuples(st.floats(0, 1, exclude_max=True), u8), min_size=1, max_size=6))
def test_a_damaged_packet_is_read_or_refused_and_kept(packet: bytes, damage: list[tuple[float, int]]) -> None:
    damaged = bytearray(packet)
    for position, octet in damage:
        damaged[int(position * len(damaged))] = octet
    heap = bytes(damaged)
    try:
        assert encode(decode(heap)) == heap
    except PeerError as refused:
        assert refused.code in (2, 4, 501)
    kept = keep(Reader(heap))
    assert encode(kept) == heap
    assert encode(from_document(json.loads(json.dumps(to_document(kept))))) == heap
    assert b"".join(row.octets for row in explain(heap).rows) == heap


@given(st.integers(0, 6_000), st.randoms(use_true_random=False))
def test_what_is_split_joins_in_whatever_order_it_comes(size: int, order: object) -> None:
    packet = encode(Message(Envelope(flags=0x20), Header(1), bodies.ResolutionRequest(b"8" * size)))
    parts = split(packet)
    order.shuffle(parts)  # type: ignore[attr-defined]
    reassembler = Reassembler()
    results = [reassembler.add("key", part, 0) for part in parts]
    assert results[-1] == packet
    assert not any(results[:-1])


@given(st.lists(st.binary(max_size=80), max_size=6), st.lists(st.integers(1, 50), min_size=1, max_size=40))
def test_a_stream_gives_the_same_packets_however_it_is_cut(messages: list[bytes], cuts: list[int]) -> None:
    packets = [bytes(16) + len(message).to_bytes(4, "big") + message for message in messages]
    stream, framer, found, turn = b"".join(packets), TcpFramer(), [], 0
    while stream:
        size = cuts[turn % len(cuts)]
        found += framer.feed(stream[:size])
        stream, turn = stream[size:], turn + 1
    assert found == packets
