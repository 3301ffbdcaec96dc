"""Everything the reference wrote is read as it reads it, and written again octet for octet."""

from __future__ import annotations

import hashlib
import hmac
import json

import pytest
import recorded
from hdllib_form import value_form, whole_form

from resolver.errors import PeerError
from resolver.model.site import HashOption, handle_hash, server_number
from resolver.wire.bodies import ChallengeAnswer, OpaqueBody, ResolutionAnswer, SessionAnswer
from resolver.wire.buffer import ExplainingReader, Reader
from resolver.wire.document import from_document, to_document
from resolver.wire.explain import explain
from resolver.wire.framing import Reassembler, split
from resolver.wire.json_form import data_from_json, data_to_json, value_from_json, value_to_json
from resolver.wire.message import (
    Credential,
    EncryptedMessage,
    Fragment,
    Message,
    OpaqueCredential,
    Unreadable,
    decode,
    encode,
    keep,
    read_packet,
)
from resolver.wire.types import codec_of, hs_pubkey
from resolver.wire.values import decode_value, encode_value

PACKETS = recorded.packets()
FRAMES = dict(recorded.frames())
EVERYTHING = (
    PACKETS
    | FRAMES
    | {f"{name}-{n}": part for name, parts in recorded.fragment_sets().items() for n, part in enumerate(parts)}
)
DATA = recorded.data_records()
ENCRYPTED = "session_encrypted_aes_2.11"


def type_of(name: str) -> bytes:
    """The type of a data vector, which its name begins with."""
    return b"_".join(name.encode().split(b"_")[:2])


@pytest.mark.parametrize("name", EVERYTHING)
def test_a_packet_is_written_again_octet_for_octet(name: str) -> None:
    packet = EVERYTHING[name]
    assert encode(read_packet(Reader(packet))) == packet


@pytest.mark.parametrize("name", [name for name in PACKETS if name != ENCRYPTED])
def test_a_node_reads_it_with_every_body_and_credential_understood(name: str) -> None:
    message = decode(PACKETS[name])
    assert not isinstance(message.body, OpaqueBody)
    assert not isinstance(message.credential, OpaqueCredential)
    assert not message.surplus
    assert message.octets == PACKETS[name]


@pytest.mark.parametrize("name", [name for name, vector in recorded.vectors().items() if "packet" in vector])
def test_every_decoded_field_is_the_references(name: str) -> None:
    vector = recorded.vectors()[name]
    if "decoded" not in vector:
        assert name == ENCRYPTED
        return
    ours = whole_form(decode(PACKETS[name]))
    for part, expected in vector["decoded"].items():
        assert ours[part] == expected


def test_the_digest_that_version_2_0_does_not_announce_is_found_all_the_same() -> None:
    message = decode(PACKETS["success_with_digest_2.0"])
    request = PACKETS["resolution_all_2.1"]  # what was asked; version 2.0 does not send the flag RD
    assert isinstance(message.body, ResolutionAnswer)
    assert message.digest is not None
    assert message.digest.octets.hex() == "ea7d57e6c387df4667ccca7ca1375b19"
    assert hashlib.md5(decode(request).signed_octets).digest() == message.digest.octets


def test_digests_are_over_header_and_body_as_sent() -> None:
    request = decode(PACKETS["request_with_RD_2.11"])
    answer = decode(PACKETS["success_with_digest_2.11"])
    assert answer.digest is not None
    assert hashlib.sha256(request.signed_octets).digest() == answer.digest.octets


def test_the_secret_keys_answer_is_a_mac_over_nonce_and_digest() -> None:
    vector = recorded.vectors()["chal_2.3_4_verify_request"]
    form = vector["decoded"]["decodedByHdllib"]
    nonce, digest = bytes.fromhex(form["nonce"]["hex"]), bytes.fromhex(form["origRequestDigest"]["hex"])
    answer = decode(PACKETS["chal_2.3_3_answer_seckey"]).body
    assert isinstance(answer, ChallengeAnswer)
    key = recorded.document()["macAlgorithms"][0]["key"].encode()
    assert answer.answer == b"\x02" + hashlib.sha1(key + nonce + digest + key).digest()


def test_a_sessions_mac_is_over_envelope_fields_header_and_body() -> None:
    vector = recorded.vectors()["session_mac_2.11"]
    message = decode(PACKETS["session_mac_2.11"])
    credential = message.credential
    assert isinstance(credential, Credential)
    assert (credential.type, credential.algorithm, credential.signer_index) == (b"HS_MAC", b"HMAC-SHA256", 5)
    counter = credential.signer_index.to_bytes(4, "big")
    signed = PACKETS["session_mac_2.11"][:12] + counter + message.signed_octets
    assert credential.signature == hmac.digest(bytes.fromhex(vector["sessionKey"]), signed, "sha256")


def test_an_encrypted_message_keeps_its_ciphertext_and_its_clear_text_is_a_message() -> None:
    packet = read_packet(Reader(PACKETS[ENCRYPTED]))
    assert isinstance(packet, EncryptedMessage)
    clear = bytes.fromhex(recorded.vectors()[ENCRYPTED]["clearMessage"])
    head = PACKETS[ENCRYPTED][:16]
    message = decode(head[:2] + b"\x02" + head[3:] + len(clear).to_bytes(4, "big") + clear)
    assert isinstance(message.credential, Credential)
    assert message.credential.signer_index == 6
    with pytest.raises(PeerError) as refused:
        decode(PACKETS[ENCRYPTED])
    assert refused.value.code == 501


def test_the_data_of_a_session_answer_is_a_key_behind_its_algorithm() -> None:
    body = decode(PACKETS["session_setup_dh_response"]).body
    assert isinstance(body, SessionAnswer)
    assert body.data[:4] == bytes((0, 0, 0, 3))
    key = hs_pubkey.decode(body.data[4:])
    assert isinstance(key, hs_pubkey.PublicKey)
    assert key.key_type == hs_pubkey.DH
    assert key.number("g") == 2


@pytest.mark.parametrize("name", recorded.fragment_sets())
def test_fragments_join_to_a_message_that_splits_into_the_same_fragments(name: str) -> None:
    parts = recorded.fragment_sets()[name]
    assert all(isinstance(read_packet(Reader(part)), Fragment) for part in parts)
    reassembler = Reassembler()
    whole = [packet for part in parts if (packet := reassembler.add("key", part, 0))]
    assert len(whole) == 1
    message = decode(whole[0])
    assert isinstance(message.body, ResolutionAnswer)
    assert len(message.body.values) == 12
    if name == "udp_fragments_tc_set":
        assert split(whole[0]) == parts


@pytest.mark.parametrize("name", DATA)
def test_typed_data_is_written_again_octet_for_octet(name: str) -> None:
    octets = DATA[name]
    if name.startswith("handle_value"):
        assert encode_value(decode_value(octets)) == octets
        return
    codec = codec_of(type_of(name))
    assert codec is not None
    assert codec.encode(codec.decode(octets)) == octets


@pytest.mark.parametrize("name", DATA)
def test_typed_data_has_the_references_json(name: str) -> None:
    expected = recorded.vectors()[name]["decoded"]
    if name.startswith("handle_value"):
        value = decode_value(DATA[name])
        assert value_form(value) == expected
        assert list(value_to_json(value)) == list(expected["restJson"])
        assert value_from_json(expected["restJson"]) == value
        return
    form = data_to_json(type_of(name), DATA[name])
    assert data_from_json(form) == DATA[name]
    if expected is None:  # the reference has no JSON for Diffie-Hellman keys
        assert form["format"] == "base64"
    else:
        assert json.dumps(form["value"]) == json.dumps(expected)


@pytest.mark.parametrize("name", EVERYTHING)
def test_a_document_gives_the_same_octets_back(name: str) -> None:
    packet = keep(Reader(EVERYTHING[name]))
    document = json.loads(json.dumps(to_document(packet)))
    assert encode(from_document(document)) == EVERYTHING[name]


@pytest.mark.parametrize("name", EVERYTHING)
def test_an_explanation_accounts_for_every_octet_once_and_in_order(name: str) -> None:
    rows = explain(EVERYTHING[name]).rows
    assert b"".join(row.octets for row in rows) == EVERYTHING[name]
    assert [row.offset for row in rows] == [sum(len(row.octets) for row in rows[:n]) for n in range(len(rows))]


@pytest.mark.parametrize("name", EVERYTHING)
def test_explaining_reads_what_reading_reads(name: str) -> None:
    assert read_packet(ExplainingReader(EVERYTHING[name])) == read_packet(Reader(EVERYTHING[name]))


@pytest.mark.parametrize("name", PACKETS)
def test_a_packet_cut_anywhere_is_refused_as_too_short(name: str) -> None:
    packet = PACKETS[name]
    for length in range(len(packet)):
        with pytest.raises(PeerError) as refused:
            decode(packet[:length])
        assert refused.value.code == 4
        assert isinstance(keep(Reader(packet[:length])), Unreadable | Fragment)
        assert encode(keep(Reader(packet[:length]))) == packet[:length]


@pytest.mark.parametrize("name", PACKETS)
def test_a_message_cut_anywhere_with_its_length_put_right_is_read_or_refused(name: str) -> None:
    packet = PACKETS[name]
    for length in range(20, len(packet)):
        shorter = packet[:16] + (length - 20).to_bytes(4, "big") + packet[20:length]
        try:
            assert encode(decode(shorter)) == shorter
        except PeerError as refused:
            assert refused.code in (2, 4, 501)
        assert encode(keep(Reader(shorter))) == shorter


@pytest.mark.parametrize("name", [name for name in PACKETS if name != ENCRYPTED])
def test_a_body_cut_anywhere_with_its_lengths_put_right_is_read_or_refused(name: str) -> None:
    message = decode(PACKETS[name])
    body = PACKETS[name][44 : 44 + message.header.body_length]
    for length in range(len(body)):
        shorter = encode(Message(message.envelope, message.header, OpaqueBody(body[:length])))
        try:
            assert encode(decode(shorter)) == shorter
        except PeerError as refused:
            assert refused.code == 2
            assert refused.text == "Server error processing request, see server logs"
        kept = keep(Reader(shorter))
        assert encode(kept) == shorter
        assert encode(from_document(to_document(kept))) == shorter


@pytest.mark.parametrize("name", PACKETS)
@pytest.mark.parametrize("tail", [b"\0", b"\0\0\0\0", b"\xff" * 7])
def test_octets_behind_a_message_are_kept_and_change_nothing(name: str, tail: bytes) -> None:
    packet = keep(Reader(PACKETS[name] + tail))
    assert isinstance(packet, Message | EncryptedMessage)
    assert packet.surplus == tail
    assert encode(packet) == PACKETS[name] + tail


@pytest.mark.parametrize("name", [name for name in PACKETS if name != ENCRYPTED])
@pytest.mark.parametrize("tail", [b"\0", b"\0\0\0\0", b"\xff" * 7])
def test_octets_behind_a_body_are_kept_in_its_tail(name: str, tail: bytes) -> None:
    message = decode(PACKETS[name])
    body = PACKETS[name][44 : 44 + message.header.body_length] + tail
    longer = encode(Message(message.envelope, message.header, OpaqueBody(body)))
    try:
        known = decode(longer)
    except PeerError:
        # A bare record ends where its body ends; behind the handle of a referral stands a list of values or nothing.
        assert name in ("get_siteinfo_response", "referral_302_handle_only")
    else:
        assert type(known.body) is type(message.body)
        assert encode(known) == longer
    assert encode(keep(Reader(longer))) == longer


@pytest.mark.parametrize("case", recorded.document()["serverSelection"], ids=lambda case: case["handle"])
def test_a_handle_selects_the_references_server(case: dict[str, int | str]) -> None:
    handle = str(case["handle"]).encode()
    assert handle_hash(handle, HashOption.PREFIX) == case["byPrefix"]
    assert handle_hash(handle, HashOption.SUFFIX) == case["bySuffix"]
    assert handle_hash(handle, HashOption.ALL) == case["byAll"]
    if b"/" in handle:
        for count in (2, 3, 5):
            assert server_number(handle, count, HashOption.ALL) == case[f"serverOf{count}_byAll"]
