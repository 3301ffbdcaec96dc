"""What `biaoshi decode` says about a packet: every field with its meaning, and why the rest was not understood."""

from __future__ import annotations

import pytest
import recorded

from resolver.errors import PeerError
from resolver.model.site import Interface, Server, Site
from resolver.wire.bodies import OpaqueBody
from resolver.wire.document import from_document, to_document
from resolver.wire.explain import Row, explain, explain_data, explain_value
from resolver.wire.json_form import JsonFormError
from resolver.wire.message import Message, Unreadable, decode, encode
from resolver.wire.types import hs_pubkey, hs_site

PACKETS = recorded.packets()


def row(rows: tuple[Row, ...], name: str, *groups: str) -> Row:
    """The first row of that name, in these groups if any are given."""
    return next(each for each in rows if each.name == name and (not groups or each.groups == groups))


@pytest.mark.parametrize(
    ("vector", "name", "value", "meaning"),
    [
        ("resolution_all_2.11", "opcode", 1, "RESOLUTION"),
        ("resolution_all_2.11", "response code", 0, "REQUEST"),
        ("resolution_all_2.11", "op flags", 0x19000000, "RECURSIVE, CACHE_CERTIFY, PUBLIC_ONLY"),
        ("resolution_all_2.11", "expiration", 1_900_000_000, "2030-03-17T17:46:40Z"),
        ("resolution_all_2.11", "handle", b"86.1000/hello", ""),
        ("resolution_all_2.11", "flags and suggested major version", 2, "suggests major version 2"),
        ("resolution_serial_ffff", "site info serial", 0xFFFF, "unknown"),
        ("error_backup_2.3", "response code", 303, "SERVER_BACKUP"),
        ("success_with_digest_2.11", "digest algorithm", 3, "SHA-256"),
        ("success_with_digest_2.0", "digest algorithm", 0, "unannounced MD5 of version 2.0"),
        ("session_mac_2.11", "signer index", 5, "the session's counter"),
        ("session_setup_client", "mode", 1, "client key"),
        ("session_setup_client", "modulus", None, ""),
        ("chal_2.11_5_verify_response", "valid", 1, "the answer was right"),
        ("success_values", "permissions", 14, "admin read, admin write, public read"),
        ("success_values", "admin permissions", 0xFFF, "all"),
        ("get_siteinfo_response", "site mask", 0x80, "primary"),
        ("get_siteinfo_response", "address", bytes(12) + b"\x7f\0\0\1", "127.0.0.1"),
        ("get_siteinfo_response", "interface kind", 3, "admin and query"),
        ("session_encrypted_aes_2.11", "ciphertext", None, "encrypted with the session's key"),
    ],
)
def test_a_field_has_its_meaning(vector: str, name: str, value: int | bytes | None, meaning: str) -> None:
    found = row(explain(PACKETS[vector]).rows, name)
    assert found.meaning == meaning
    assert value is None or found.value == value


def test_a_ttl_means_what_its_type_says() -> None:
    rows = explain(PACKETS["success_values"]).rows
    assert row(rows, "TTL", "body", "value 1").meaning == "seconds after retrieval"
    assert row(rows, "TTL", "body", "value 2").meaning == "2030-03-17T17:46:40Z"


def test_typed_data_is_explained_within_its_value_and_keys_within_their_site() -> None:
    key = hs_pubkey.encode(hs_pubkey.rsa(65_537, 3 << 200))
    site = hs_site.encode(Site((Server(1, bytes(16), (Interface(2, 3, 443),), key),)))
    rows = explain_data(site, b"HS_SITE")
    assert row(rows, "exponent", "server 1", "HS_PUBKEY").octets == b"\1\0\1"
    assert row(rows, "key tail").meaning == "belongs to the record"
    assert row(rows, "interface protocol").meaning == "HTTPS"
    assert b"".join(each.octets for each in rows) == site


def test_data_that_is_not_what_its_type_promises_says_so() -> None:
    rows = explain_value(b"\0\0\0\1" + bytes(4) + b"\0\0\0\0\0\x0e" + b"\0\0\0\x07HS_SITE" + b"\0\0\0\3odd" + bytes(4))
    assert row(rows, "data").meaning == "not what its type promises"


def test_bits_and_numbers_without_a_name_are_shown_as_numbers() -> None:
    packet = bytearray(PACKETS["resolution_all_2.11"])
    packet[28:32] = b"\x80\0\0\1"
    packet[20:24] = b"\0\0\x1e\x61"
    rows = explain(bytes(packet)).rows
    assert row(rows, "op flags").meaning == "AUTHORITATIVE, 0x1"
    assert row(rows, "opcode").meaning == "7777"


def test_a_body_that_cannot_be_read_is_one_row_with_the_reason() -> None:
    packet = bytearray(PACKETS["success_values"])
    packet[61:65] = b"\xff\xff\xff\xff"
    explanation = explain(bytes(packet))
    assert isinstance(explanation.packet, Message)
    assert isinstance(explanation.packet.body, OpaqueBody)
    found = row(explanation.rows, "body", "body")
    assert found.meaning == explanation.packet.body.reason
    assert "4294967295 claimed" in found.meaning
    assert row(explanation.rows, "credential length", "credential").meaning == "no credential"


def test_a_damaged_value_leaves_no_trace_of_its_half_read_fields() -> None:
    packet = bytearray(PACKETS["success_values"])
    position = packet.index(b"URL") - 4
    packet[position : position + 4] = b"\x7f\xff\xff\xff"
    rows = explain(bytes(packet)).rows
    assert {each.groups for each in rows} == {("envelope",), ("header",), ("body",), ("credential",)}
    assert b"".join(each.octets for each in rows) == bytes(packet)


@pytest.mark.parametrize(
    ("octets", "reason"),
    [
        (b"", "Expecting 20 bytes, only received 0"),
        (b"odd", "Expecting 20 bytes, only received 3"),
        (PACKETS["resolution_all_2.11"][:-1], "Expecting 53 bytes, only received 52"),
        (PACKETS["resolution_all_2.11"][:20], "Expecting 53 bytes, only received 0"),
    ],
)
def test_what_is_no_packet_is_kept_with_the_reason(octets: bytes, reason: str) -> None:
    explanation = explain(octets)
    assert explanation.packet == Unreadable(octets, reason)
    assert not octets or explanation.rows[-1].meaning == reason
    assert encode(from_document(to_document(explanation.packet))) == octets


@pytest.mark.parametrize("name", recorded.data_records())
def test_a_bare_record_is_explained_as_what_one_says_it_is(name: str) -> None:
    octets = recorded.data_records()[name]
    if name.startswith("handle_value"):
        rows = explain_value(octets)
    else:
        rows = explain_data(octets, b"_".join(name.encode().split(b"_")[:2]))
    assert b"".join(each.octets for each in rows) == octets
    assert encode(explain(octets).packet) == octets


@pytest.mark.parametrize("value_type", [b"HS_SITE", b"UNKNOWN", b"\xff"])
def test_a_bare_record_of_another_or_an_unknown_type_is_refused(value_type: bytes) -> None:
    with pytest.raises(PeerError):
        explain_data(b"odd", value_type)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"kind": "letter"}, "kind"),
        ({"envelope": None}, "envelope"),
        ({"header": {"opcode": "1"}}, "header.opcode"),
        ({"header": {"opcode": -1}}, "header.opcode"),
        ({"header": {"opcode": 2**64}}, "header.opcode"),
        ({"header": {"opcode": True}}, "header.opcode"),
        ({"header": {}}, "header"),
        ({"header": {"opcode": 1, "colour": 1}}, "header.colour"),
        ({"body": None}, "body.layout"),
        ({"body": {"layout": ["x"]}}, "body.layout"),
        ({"body": {"layout": "ResolutionRequest"}}, "body"),
        ({"body": {"layout": "ResolutionRequest", "handle": 1}}, "body.handle"),
        ({"body": {"layout": "ResolutionRequest", "handle": "8", "indexes": 1}}, "body.indexes"),
        ({"body": {"layout": "ResolutionRequest", "handle": "8", "indexes": [1, "2"]}}, "body.indexes[1]"),
        ({"credential": {"layout": "None"}}, "credential.layout"),
        ({"surplus": {"hex": "f"}}, "surplus.hex"),
        ({"digest": {"algorithm": 1}}, "digest"),
    ],
)
def test_a_document_that_is_no_packet_is_refused_with_the_path_of_its_key(change: dict[str, object], key: str) -> None:
    document = to_document(decode(PACKETS["resolution_all_2.11"]))
    with pytest.raises(JsonFormError) as refused:
        from_document(document | change)
    assert refused.value.key == key


def test_a_changed_document_is_another_packet_with_lengths_put_right() -> None:
    document = to_document(decode(PACKETS["resolution_all_2.11"]))
    document["body"]["handle"] = "88.118.8/JXDY2106023"
    message = decode(encode(from_document(document)))
    assert message.envelope.length == 53 + 7
    assert message.header.body_length == 25 + 7
