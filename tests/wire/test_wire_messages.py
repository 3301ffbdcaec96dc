"""Messages that no vector shows: old versions, unknown numbers, odd forms. Each is written as it was read."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from resolver.errors import PeerError
from resolver.model.site import Interface, Server, Site
from resolver.model.value import Reference, Value
from resolver.wire import bodies
from resolver.wire.bodies import Digest, ErrorBody, OpaqueBody, body_class
from resolver.wire.buffer import Reader
from resolver.wire.codes import Code, Opcode, OpFlag
from resolver.wire.document import from_document, to_document
from resolver.wire.message import (
    ABSENT,
    Credential,
    EncryptedMessage,
    Envelope,
    Fragment,
    Header,
    Message,
    OpaqueCredential,
    Unreadable,
    as_order,
    code_meant,
    code_on_wire,
    decode,
    encode,
    keep,
    read_packet,
)

RD = int(OpFlag.REQUEST_DIGEST)
HANDLE = b"\0\0\0\x01" + b"8"  # a counted string of one octet
URL = Value(1, b"URL", b"https://example.invalid/")
SITE = Site((Server(1, bytes(12) + b"\x7f\0\0\1", (Interface(3, 0, 2641),)),))


def packet(
    body: bytes,
    opcode: int = 1,
    code: int = 0,
    flags: int = 0,
    major: int = 2,
    minor: int = 11,
    credential: bytes = bytes(4),
) -> bytes:
    """A packet around a body, from scratch: none of the code under test."""
    message = (
        opcode.to_bytes(4, "big")
        + code.to_bytes(4, "big")
        + flags.to_bytes(4, "big")
        + b"\xff\xff\0\0\x71\x3f\xb3\0"
        + len(body).to_bytes(4, "big")
        + body
        + credential
    )
    return bytes((major, minor, 2, 11)) + bytes(7) + b"\7" + bytes(4) + len(message).to_bytes(4, "big") + message


def counted(octets: bytes) -> bytes:
    return len(octets).to_bytes(4, "big") + octets


# body, opcode, code, flags, (major, minor), what it is read as
BODIES = [
    (HANDLE, 101, 0, 0, (2, 11), bodies.HandleRequest(b"8")),
    (HANDLE, 106, 0, 0, (2, 11), bodies.HandleRequest(b"8")),
    (HANDLE, 302, 0, 0, (2, 11), bodies.HandleRequest(b"8")),
    (HANDLE, 1000, 0, 0, (2, 11), bodies.HandleRequest(b"8")),
    (HANDLE, 1003, 0, 0, (2, 11), bodies.HandleRequest(b"8")),
    (HANDLE + b"\0\0\0\7", 2001, 0, 0, (2, 11), bodies.LoginRequest(b"8", 7)),
    (HANDLE + bytes(12), 1, 0, 0, (2, 11), bodies.ResolutionRequest(b"8", tail=bytes(4))),
    (HANDLE + bytes(8), 1, 0, 0, (5, 0), bodies.ResolutionRequest(b"8")),
    (bytes(4), 106, 1, 0, (2, 11), bodies.HandleList(())),
    (b"", 100, 1, 0, (2, 11), bodies.CreateAnswer()),
    (bytes(4), 100, 1, 0, (2, 11), bodies.CreateAnswer(b"")),
    (b"", 402, 0, 0, (2, 11), bodies.KeyExchange()),
    (bytes(4), 402, 0, 0, (2, 11), bodies.KeyExchange(b"")),
    (b"", 2001, 1, 0, (2, 11), bodies.EmptyBody()),
    (b"\1", 201, 1, 0, (2, 11), bodies.VerifyAnswer(1)),
    (b"\7", 201, 1, 0, (2, 11), bodies.VerifyAnswer(7)),
    (bytes(7) + b"\x2a", 1000, 1, 0, (2, 11), bodies.NextTransactionAnswer(42)),
    (b"\1\0\0\0\0", 1001, 1, 0, (2, 11), bodies.TransactionsAnswer(1, bytes(4))),
    # Errors: with a message, without, without even its length, with the indexes of the RFC, with what nobody knows.
    (counted(b"no"), 1, 2, 0, (2, 11), ErrorBody(b"no")),
    (counted(b"?"), 0, 4, 0, (2, 3), ErrorBody(b"?")),
    (b"", 1, 100, 0, (2, 11), ErrorBody(absent=True)),
    (bytes(4), 1, 100, 0, (2, 11), ErrorBody()),
    (bytes(4) + b"\0\0\0\2\0\0\0\1\0\0\0\2", 103, 200, 0, (2, 11), ErrorBody(b"", (1, 2))),
    (bytes(4) + b"\0\0\0\1\0\0\0\1\xff", 103, 200, 0, (2, 11), ErrorBody(b"", (1,), tail=b"\xff")),
    (bytes(8), 103, 200, 0, (2, 11), ErrorBody(tail=bytes(4))),
    (bytes(4) + b"\xff\xff\xff\xff", 103, 200, 0, (2, 11), ErrorBody(tail=b"\xff\xff\xff\xff")),
    (counted(b"try"), 1, 900, 0, (2, 11), ErrorBody(b"try")),
    (counted(b"quota"), 1, 603, 0, (2, 11), ErrorBody(b"quota")),
    (counted(b"backup"), 1, 303, 0, (2, 4), ErrorBody(b"backup")),
    (counted(b"0.SERV/8"), 1, 303, 0, (2, 5), bodies.Referral(b"0.SERV/8")),
    (bytes(8), 1, 303, 0, (2, 11), bodies.Referral(tail=bytes(4))),
    # Challenges: a nonce, and in version 2.0 (and 5.0, its misspelling) a digest behind it.
    (counted(b"n" * 16), 101, 402, 0, (2, 11), bodies.Challenge(b"n" * 16)),
    (counted(b"n" * 16) + counted(b"d" * 16), 101, 402, 0, (2, 0), bodies.OldChallenge(b"n" * 16, b"d" * 16)),
    (counted(b"n" * 16) + counted(b"d" * 16), 101, 402, RD, (2, 0), bodies.OldChallenge(b"n" * 16, b"d" * 16)),
    (counted(b"n" * 16) + counted(b"d" * 16), 101, 402, RD, (5, 0), bodies.OldChallenge(b"n" * 16, b"d" * 16)),
    # Verification: the digest with its length in front, or with its algorithm.
    (
        HANDLE + bytes(4) + counted(b"n") + counted(b"d" * 20) + counted(b"a"),
        201,
        0,
        0,
        (2, 0),
        bodies.VerifyRequest(b"8", 0, b"n", Digest(0, b"d" * 20), b"a"),
    ),
    (
        HANDLE + bytes(4) + counted(b"n") + b"\3" + b"d" * 32 + counted(b"a"),
        201,
        0,
        0,
        (2, 11),
        bodies.VerifyRequest(b"8", 0, b"n", Digest(3, b"d" * 32), b"a"),
    ),
    # Session setup: with and without the two octets of padding, by mode, and in a mode nobody knows.
    (b"\0\2\0\0\0\7" + HANDLE + bytes(6), 400, 0, 0, (2, 11), bodies.SessionSetup(2, 7, Reference(b"8", 0))),
    (
        b"\0\2\0\0\0\7" + HANDLE + bytes(4),
        400,
        0,
        0,
        (2, 11),
        bodies.SessionSetup(2, 7, Reference(b"8", 0), tail=b""),
    ),
    (
        b"\0\1\0\0\0\7\0\0\0\0\xff\xff\xff\xff" + counted(b"k") + bytes(2),
        400,
        0,
        0,
        (2, 11),
        bodies.SessionSetup(1, 7, public_key=b"k"),
    ),
    (
        b"\0\3\0\0\0\7\0\0\0\0\xff\xff\xff\xff" + HANDLE + b"\0\0\1\x2c" + bytes(2),
        400,
        0,
        0,
        (2, 11),
        bodies.SessionSetup(3, 7, key_reference=Reference(b"8", 300)),
    ),
    (
        b"\0\x09\0\0\0\7\0\0\0\0\xff\xff\xff\xff" + b"odd",
        400,
        0,
        0,
        (2, 11),
        bodies.SessionSetup(9, 7, tail=b"odd"),
    ),
    (b"\0\4" + counted(b"data"), 400, 1, 0, (2, 11), bodies.SessionAnswer(4, b"data", tail=b"")),
    # Replication requests, before and since 2.9.
    (
        bytes(7) + b"\1" + bytes(7) + b"\2" + b"\2\0\0\0\3\0\0\0\1",
        1001,
        0,
        0,
        (2, 8),
        bodies.TransactionsRequest(1, 2, 2, 3, 1),
    ),
    (
        b"\0" + bytes(7) + b"\1" + bytes(7) + b"\2" + b"\2\0\0\0\3\0\0\0\1",
        1001,
        0,
        0,
        (2, 9),
        bodies.SelectedTransactionsRequest(2, 3, 1, 1, 2),
    ),
    (
        b"\1" + counted(b"{}") + b"\2\0\0\0\3\0\0\0\1",
        1001,
        0,
        0,
        (3, 0),
        bodies.SelectedTransactionsRequest(2, 3, 1, state=b"{}"),
    ),
    (b"\2\0\0\0\3\0\0\0\1", 1002, 0, 0, (2, 11), bodies.DumpRequest(2, 3, 1)),
    (b"\2\0\0\0\3\0\0\0\1" + HANDLE + bytes(4), 1002, 0, 0, (2, 11), bodies.DumpRequest(2, 3, 1, (b"8", 0))),
    # What nobody knows is kept as it is.
    (b"anything", 7777, 0, 0, (2, 11), OpaqueBody(b"anything")),
    (b"anything", 7777, 1, 0, (2, 11), OpaqueBody(b"anything")),
    (b"", 7777, 0, 0, (2, 11), OpaqueBody(b"")),
    (counted(b"no"), 7777, 2, 0, (2, 11), ErrorBody(b"no")),
]


@pytest.mark.parametrize(("body", "opcode", "code", "flags", "version", "expected"), BODIES)
def test_a_body_is_read_by_opcode_code_and_version_and_written_again(
    body: bytes, opcode: int, code: int, flags: int, version: tuple[int, int], expected: bodies.Body
) -> None:
    octets = packet(body, opcode, code, flags, *version)
    message = decode(octets)
    assert message.body == expected
    assert encode(message) == octets
    assert from_document(json.loads(json.dumps(to_document(message)))) == message


@pytest.mark.parametrize("body", [case[-1] for case in BODIES if isinstance(case[-1], OpaqueBody)], ids=str)
def test_a_body_kept_as_octets_has_no_reason_when_it_is_merely_unknown(body: OpaqueBody) -> None:
    assert body.reason == ""


def test_every_known_opcode_has_a_body_both_ways() -> None:
    for opcode in Opcode:
        assert body_class(opcode, Code.REQUEST, (2, 11)) is not OpaqueBody
        assert body_class(opcode, Code.SUCCESS, (2, 11)) is not OpaqueBody


@pytest.mark.parametrize("algorithm", [1, 2, 3])
@pytest.mark.parametrize(
    ("opcode", "code", "body"),
    [(1, 100, ErrorBody(b"no")), (101, 1, bodies.EmptyBody()), (101, 402, bodies.Challenge(b"n" * 16))],
)
def test_any_response_may_begin_with_the_digest_of_its_request(
    algorithm: int, opcode: int, code: int, body: bodies.Body
) -> None:
    digest = Digest(algorithm, b"d" * {1: 16, 2: 20, 3: 32}[algorithm])
    message = decode(encode(Message(Envelope(), Header(opcode, code, RD), body, digest)))
    assert (message.digest, message.body) == (digest, body)
    assert encode(message) == message.octets


def test_an_announced_digest_may_have_the_old_counted_form() -> None:
    octets = packet(counted(b"d" * 16) + counted(b"no"), 1, 2, RD)
    message = decode(octets)
    assert message.digest == Digest(0, b"d" * 16)
    assert encode(message) == octets


def test_an_announced_digest_in_an_empty_body_is_none() -> None:
    octets = packet(b"", 101, 1, RD)
    assert decode(octets).digest is None
    assert encode(decode(octets)) == octets


def test_a_digest_of_an_unknown_algorithm_makes_the_body_unreadable() -> None:
    octets = packet(b"\x09" + b"d" * 40, 1, 2, RD)
    with pytest.raises(PeerError):
        decode(octets)
    assert encode(keep(Reader(octets))) == octets


def test_a_digest_flag_in_a_request_announces_nothing() -> None:
    message = decode(packet(HANDLE + bytes(8), flags=RD))
    assert message.digest is None
    assert message.body == bodies.ResolutionRequest(b"8")


CREDENTIAL = Credential(b"HS_DSAPUBKEY", b"SHA-1", b"\x30\x00", b"0.NA/8", 300, 1, 2, 3)
CREDENTIAL_OCTETS = encode(Message(Envelope(), Header(1), OpaqueBody(b""), credential=CREDENTIAL))[44:]


@pytest.mark.parametrize(
    ("octets", "expected"),
    [
        (b"", ABSENT),
        (bytes(4), None),
        (CREDENTIAL_OCTETS, CREDENTIAL),
        (b"\0", OpaqueCredential(b"\0")),
        (b"\0\0\0", OpaqueCredential(b"\0\0\0")),
        (bytes(5), OpaqueCredential(bytes(5))),
        (b"\0\0\0\1x", OpaqueCredential(b"\0\0\0\1x")),
        (b"\xff\xff\xff\xff", OpaqueCredential(b"\xff\xff\xff\xff")),
        (CREDENTIAL_OCTETS + b"\0", OpaqueCredential(CREDENTIAL_OCTETS + b"\0")),
        (CREDENTIAL_OCTETS[:-1], OpaqueCredential(CREDENTIAL_OCTETS[:-1])),
    ],
)
def test_a_credential_is_understood_or_kept_with_its_length_field(
    octets: bytes, expected: Credential | OpaqueCredential | None
) -> None:
    whole = packet(HANDLE, 101, credential=octets)
    message = decode(whole)
    assert message.credential == expected
    assert encode(message) == whole
    assert encode(from_document(to_document(message))) == whole


def test_reserved_octets_flags_and_version_bits_survive() -> None:
    octets = bytearray(packet(HANDLE + bytes(8), flags=0xFFFFFFFF, major=9, minor=200))
    octets[2] = 0x80 | 0x1D  # compressed, and a suggested major version with bits that mean nothing
    octets[35] = 0xA5  # the header's reserved octet
    octets[34] = 0xFF  # a recursion count that Java reads as -1
    message = decode(bytes(octets))
    assert (message.header.reserved, message.header.recursion_count) == (0xA5, 0xFF)
    assert (message.envelope.flags, message.envelope.suggested_major) == (0x80, 0x1D)
    assert message.envelope.suggested == (1, 11)
    assert encode(message) == bytes(octets)


def test_no_suggested_version_means_the_messages_own() -> None:
    assert Envelope(2, 3, suggested_major=0, suggested_minor=0).suggested == (2, 3)
    assert Envelope(2, 3, suggested_major=2, suggested_minor=11).suggested == (2, 11)


def test_versions_compare_as_practice_does() -> None:
    assert as_order(3, 0) > as_order(2, 11) > as_order(2, 9) > as_order(2, 1) > as_order(5, 0)


def test_below_2_5_two_codes_travel_under_other_numbers() -> None:
    assert code_on_wire(Code.SERVER_BACKUP, (2, 4)) == Code.PREFIX_REFERRAL
    assert code_on_wire(Code.INVALID_VALUE, (2, 4)) == Code.VALUE_ALREADY_EXISTS
    assert code_on_wire(Code.SERVER_BACKUP, (2, 5)) == Code.SERVER_BACKUP
    assert code_meant(Code.PREFIX_REFERRAL, (2, 4)) == Code.SERVER_BACKUP
    assert code_meant(Code.PREFIX_REFERRAL, (2, 5)) == Code.PREFIX_REFERRAL


def test_odd_values_survive() -> None:
    odd = Value(0xFFFFFFFF, b"\xff", b"", 0xFFFFFFFF, 9, 0xFFFFFFFF, 0xFF, (Reference(b"\x80", 0xFFFFFFFF),))
    message = Message(Envelope(), Header(1, 1), bodies.ResolutionAnswer(b"\xff/\xfe", (odd, URL)))
    octets = encode(message)
    assert decode(octets).body == message.body
    assert encode(from_document(json.loads(json.dumps(to_document(decode(octets)))))) == octets


# ---- what a node refuses, and with which words -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("octets", "code", "text"),
    [
        (b"", 4, "Expecting 20 bytes, only received 0"),
        (packet(HANDLE)[:19], 4, "Expecting 20 bytes, only received 19"),
        (packet(HANDLE)[:-1], 4, "Expecting 33 bytes, only received 32"),
        (packet(HANDLE)[:16] + b"\0\0\0\x17" + bytes(23), 4, "Invalid message length"),
        (packet(HANDLE)[:16] + bytes(4), 4, "Invalid message length"),
        (packet(HANDLE, opcode=0), 4, "Invalid message length"),
        (packet(HANDLE)[:16] + b"\0\4\0\1" + bytes(262_145), 2, "Server error processing request, see server logs"),
        (packet(HANDLE)[:16] + b"\xff\xff\xff\xff", 2, "Server error processing request, see server logs"),
        (packet(b"\0\0\0\7888"), 2, "Server error processing request, see server logs"),
        (packet(HANDLE[:3]), 2, "Server error processing request, see server logs"),
        (encode(EncryptedMessage(Envelope(flags=0x40), bytes(32))), 501, "Message is encrypted"),
        (encode(Fragment(Envelope(length=500), bytes(492))), 4, "Expecting 500 bytes, only received 492"),
        (encode(Fragment(Envelope(length=500, sequence=1), bytes(8))), 4, "Expecting 500 bytes, only received 8"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_references_words(octets: bytes, code: int, text: str) -> None:
    with pytest.raises(PeerError) as refused:
        decode(octets)
    assert (refused.value.code, refused.value.text) == (code, text)
    assert encode(keep(Reader(octets))) == octets


@pytest.mark.parametrize(
    ("body", "opcode", "code"),
    [
        (HANDLE + b"\xff\xff\xff\xff", 1, 0),  # indexes
        (HANDLE + bytes(4) + b"\x40\0\0\0", 1, 0),  # types
        (HANDLE + b"\x7f\xff\xff\xff", 100, 0),  # values
        (HANDLE + b"\xff\xff\xff\xff", 103, 0),
        (b"\xff\xff\xff\xff", 105, 1),
        (b"\xff\xff\xff\xff8", 101, 0),  # a handle
        (HANDLE + b"\0\0\0\1" + bytes(22) + b"\xff\xff\xff\xff", 100, 0),  # references of a value
        (b"\0\1\2\x0b\0\1\x80\2" + bytes(8) + b"\xff\xff\xff\xff", 2, 1),  # servers of a site
    ],
)
def test_a_claimed_count_is_compared_with_what_is_left_before_it_is_used(body: bytes, opcode: int, code: int) -> None:
    with pytest.raises(PeerError) as refused:
        decode(packet(body, opcode, code))
    assert refused.value.code == 2
    assert "claimed" in str(refused.value.__cause__)


def test_a_header_that_claims_more_body_than_there_is_is_refused_and_kept() -> None:
    octets = bytearray(packet(HANDLE))
    octets[40:44] = b"\x7f\xff\xff\xff"
    with pytest.raises(PeerError):
        decode(bytes(octets))
    kept = keep(Reader(bytes(octets)))
    assert isinstance(kept, Unreadable)
    assert encode(kept) == bytes(octets)


@pytest.mark.parametrize(
    "body",
    [
        bodies.ResolutionAnswer(b"8" * 2049, ()),
        bodies.ResolutionAnswer(b"8", (Value(1, b"", b""),) * 2049),
    ],
    ids=["handle", "values"],
)
def test_answers_beyond_the_protocols_limits_are_refused(body: bodies.Body) -> None:
    octets = encode(Message(Envelope(), Header(1, 1), body))
    with pytest.raises(PeerError):
        decode(octets)
    assert encode(keep(Reader(octets))) == octets


def test_a_request_may_have_a_longer_handle() -> None:
    octets = encode(Message(Envelope(), Header(1), bodies.ResolutionRequest(b"8" * 5000)))
    assert decode(octets).body == bodies.ResolutionRequest(b"8" * 5000)


def test_site_info_with_a_surplus_octet_is_refused() -> None:
    exact = encode(Message(Envelope(), Header(2, 1), bodies.SiteInfoAnswer(SITE)))
    assert decode(exact).body == bodies.SiteInfoAnswer(SITE)
    longer = packet(exact[44:-4] + b"\0", 2, 1)
    with pytest.raises(PeerError):
        decode(longer)
    assert encode(keep(Reader(longer))) == longer


def test_a_whole_long_message_with_the_flag_of_a_fragment_is_a_message() -> None:
    message = Message(Envelope(flags=0x20), Header(1), bodies.ResolutionRequest(b"8" * 600))
    assert decode(encode(message)).body == message.body


def test_an_encrypted_message_may_be_fragmented() -> None:
    octets = encode(EncryptedMessage(Envelope(flags=0x40), bytes(600)))
    assert isinstance(read_packet(Reader(octets[:512])), Fragment)
    assert isinstance(read_packet(Reader(octets)), EncryptedMessage)


def test_encoding_computes_the_lengths() -> None:
    message = decode(packet(HANDLE + bytes(8)))
    changed = replace(message, body=bodies.ResolutionRequest(b"88.118.8/A", (1,)))
    assert decode(encode(changed)).header.body_length == 26
    assert decode(encode(changed)).envelope.length == 54


def test_what_a_message_built_by_us_signs_is_what_it_will_send() -> None:
    message = Message(Envelope(), Header(1), bodies.ResolutionRequest(b"8"))
    assert message.signed_octets == encode(message)[20:-4]
