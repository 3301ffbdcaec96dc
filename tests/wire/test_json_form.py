"""The JSON form of values: what it takes besides what it gives, and what it says about the rest."""

from __future__ import annotations

from typing import Any

import pytest

from resolver.model.site import Interface, Server, Site
from resolver.model.value import Reference, Value
from resolver.wire.json_form import JsonFormError, data_from_json, data_to_json, value_from_json, value_to_json
from resolver.wire.types import hs_admin, hs_pubkey, hs_site, hs_vlist

PLAIN = {"index": 1, "type": "URL", "data": "https://example.invalid/"}
SITE = Site((Server(1, bytes(12) + b"\x7f\0\0\1", (Interface(3, 0, 2641),)),))


def admin(**fields: Any) -> dict[str, Any]:
    return {"format": "admin", "value": {"handle": "0.NA/8", "index": 300, **fields}}


def test_index_type_and_data_are_enough() -> None:
    assert value_from_json(PLAIN) == Value(1, b"URL", b"https://example.invalid/")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"index": "7"}, {"index": 7}),
        ({"ttl": 60}, {"ttl": 60}),
        ({"ttl": "60"}, {"ttl": 60}),
        ({"ttl": "2030-03-17T17:46:40Z"}, {"ttl": 1_900_000_000, "ttl_type": 1}),
        ({"ttl": 5, "ttlType": 9}, {"ttl": 5, "ttl_type": 9}),
        ({"timestamp": "2023-11-14T22:13:20Z"}, {"timestamp": 1_700_000_000}),
        ({"timestamp": "2023-11-14T22:13:20"}, {"timestamp": 1_700_000_000}),
        ({"timestamp": "2023-11-15T06:13:20+08:00"}, {"timestamp": 1_700_000_000}),
        ({"timestamp": 1_700_000_000}, {"timestamp": 1_700_000_000}),
        ({"permissions": "1011"}, {"permissions": 0b1011}),
        ({"permissions": [1, 0, 1, 1]}, {"permissions": 0b1011}),
        ({"permissions": 11}, {"permissions": 0b1011}),
        ({"references": [{"handle": "8/A", "index": "1"}]}, {"references": (Reference(b"8/A", 1),)}),
        ({"data": {"format": "string", "value": "x"}}, {"data": b"x"}),
        ({"data": {"format": "base64", "value": "/w=="}}, {"data": b"\xff"}),
        ({"data": {"format": "hex", "value": "ff 00"}}, {"data": b"\xff\0"}),
        ({"type": {"hex": "ff"}}, {"type": b"\xff"}),
    ],
)
def test_lenient_forms_mean_what_they_look_like(fields: dict[str, Any], expected: dict[str, Any]) -> None:
    value = value_from_json(PLAIN | fields)
    for name, wanted in expected.items():
        assert getattr(value, name) == wanted
    assert value_from_json(value_to_json(value)) == value


@pytest.mark.parametrize(
    ("permissions", "expected"),
    [
        ("*", 0x0FFF),
        (True, 0x0FFF),
        ("000000000001", 0x0001),
        ("011111110011", 0x07F3),
        ([0, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1], 0x07F3),
        (0x07F3, 0x07F3),
        ("1000000000000", 0x1000),
    ],
)
def test_the_rights_of_an_administrator_have_many_forms(permissions: Any, expected: int) -> None:
    assert hs_admin.decode(data_from_json(admin(permissions=permissions))).permissions == expected


def test_an_administrators_index_may_be_digits_in_a_string() -> None:
    assert hs_admin.decode(data_from_json(admin(index="200"))).index == 200


@pytest.mark.parametrize(
    ("value_type", "data", "form"),
    [
        (b"URL", b"a\tb\n", "string"),
        (b"URL", b"\0", "base64"),
        (b"URL", b"\xff", "base64"),
        (b"X", "标识".encode(), "string"),
        (b"hs_admin", hs_admin.encode(hs_admin.HsAdmin(1, b"0.NA/8", 300)), "admin"),
        (b"HS_ADMIN", b"\0\1\0\0\0\7x", "base64"),
        (b"HS_ADMIN", b"text", "string"),
        (b"HS_VLIST", hs_vlist.encode((Reference(b"8/A", 1),)), "vlist"),
        (b"HS_SITE", hs_site.encode(SITE), "site"),
        (b"HS_SITE.PREFIX", hs_site.encode(SITE), "site"),
        (b"HS_NA_DELEGATE", hs_site.encode(SITE), "site"),
        (b"HS_SITE.6", hs_site.encode(SITE), "base64"),
        (b"HS_SITE", hs_site.encode(SITE) + b"\0", "base64"),
        (b"HS_PUBKEY", hs_pubkey.encode(hs_pubkey.rsa(65_537, 3 << 1024)), "key"),
        (b"HS_PUBKEY", hs_pubkey.encode(hs_pubkey.dsa(1, 2, 3, 4)), "key"),
        (b"HS_PUBKEY", hs_pubkey.encode(hs_pubkey.PublicKey(hs_pubkey.SM9, (b"8/A",))), "base64"),
        (b"HS_PUBKEY", b"-----BEGIN PUBLIC KEY-----\r\n", "string"),
    ],
)
def test_data_has_the_format_of_its_type_or_falls_back_to_text_or_base64(
    value_type: bytes, data: bytes, form: str
) -> None:
    assert data_to_json(value_type, data)["format"] == form
    assert data_from_json(data_to_json(value_type, data)) == data


def test_a_special_form_that_would_lose_something_is_not_used() -> None:
    odd = Site(SITE.servers, mask=0x80 | 0x01)  # a bit that the JSON has no key for
    assert data_to_json(b"HS_SITE", hs_site.encode(odd))["format"] == "base64"
    without_tail = hs_pubkey.PublicKey(hs_pubkey.RSA, (b"\1", b"\2"))
    assert data_to_json(b"HS_PUBKEY", hs_pubkey.encode(without_tail))["format"] == "base64"


def test_a_sites_key_is_shown_as_a_key_where_it_is_one() -> None:
    record = hs_pubkey.encode(hs_pubkey.rsa(65_537, 3 << 1024))
    site = Site((Server(1, bytes(16), (), record), Server(2, bytes(16), (), b"\1")))
    form = data_to_json(b"HS_SITE", hs_site.encode(site))
    assert [server["publicKey"]["format"] for server in form["value"]["servers"]] == ["key", "base64"]


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"index": -1}, "index"),
        ({"index": 2**32}, "index"),
        ({"index": "one"}, "index"),
        ({"index": "9" * 5_000}, "index"),
        ({"index": True}, "index"),
        ({"index": 1.0}, "index"),
        ({"type": 7}, "type"),
        ({"type": "\ud800"}, "type"),
        ({"data": None}, "data"),
        ({"data": {"format": "string"}}, "data.value"),
        ({"data": {"format": "string", "value": 7}}, "data.value"),
        ({"data": {"format": "string", "value": "\udfff"}}, "data.value"),
        ({"data": {"format": "odd", "value": ""}}, "data.format"),
        ({"data": {"format": ["string"], "value": ""}}, "data.format"),
        ({"data": {"format": "hex", "value": "f"}}, "data.value"),
        ({"data": {"format": "hex", "value": None}}, "data.value"),
        ({"data": {"format": "base64", "value": "!"}}, "data.value"),
        ({"data": {"format": "base64", "value": 5}}, "data.value"),
        ({"data": {"format": "string", "value": "", "more": 1}}, "data.more"),
        ({"data": admin(permissions="2")}, "data.value.permissions"),
        ({"data": admin(permissions="1" * 17)}, "data.value.permissions"),
        ({"data": admin(permissions=[])}, "data.value.permissions"),
        ({"data": admin(permissions={})}, "data.value.permissions"),
        ({"data": admin(legacyByteLength=1)}, "data.value.legacyByteLength"),
        ({"data": {"format": "vlist", "value": {}}}, "data.value"),
        ({"data": {"format": "vlist", "value": [{"handle": "8"}]}}, "data.value[0].index"),
        ({"data": {"format": "site", "value": {}}}, "data.value.servers"),
        ({"data": {"format": "site", "value": {"servers": [{}]}}}, "data.value.servers[0].serverId"),
        ({"data": {"format": "site", "value": {"servers": [], "protocolVersion": 2}}}, "data.value.protocolVersion"),
        ({"data": {"format": "key", "value": {"kty": "EC"}}}, "data.value.kty"),
        ({"data": {"format": "key", "value": {"kty": []}}}, "data.value.kty"),
        ({"data": {"format": "key", "value": {"kty": "RSA", "n": "!", "e": "AQAB"}}}, "data.value.n"),
        ({"data": {"format": "key", "value": {"kty": "RSA", "n": 5, "e": "AQAB"}}}, "data.value.n"),
        ({"permissions": "11111111 "}, "permissions"),
        ({"permissions": 256}, "permissions"),
        ({"ttl": -1}, "ttl"),
        ({"ttl": "tomorrow"}, "ttl"),
        ({"ttl": "1969-12-31T23:59:59Z"}, "ttl"),
        ({"ttl": "9999-12-31T23:59:59Z"}, "ttl"),
        ({"timestamp": {}}, "timestamp"),
        ({"references": {}}, "references"),
        ({"references": [[]]}, "references[0]"),
        ({"perms": "1110"}, "perms"),
    ],
)
def test_what_is_no_value_is_refused_with_the_path_of_its_key(fields: dict[str, Any], key: str) -> None:
    with pytest.raises(JsonFormError) as refused:
        value_from_json(PLAIN | fields)
    assert refused.value.key == key
    assert isinstance(refused.value, ValueError)


def server(**fields: Any) -> dict[str, Any]:
    whole = {"serverId": 1, "address": "127.0.0.1", "interfaces": []} | fields
    return {"format": "site", "value": {"servers": [whole]}}


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (server(address="127.0.0"), "address"),
        (server(address=None), "address"),
        (server(interfaces=[{"protocol": "SCTP", "port": 1}]), "interfaces[0].protocol"),
        (server(interfaces=[{"protocol": None, "port": 1}]), "interfaces[0].protocol"),
        (server(interfaces=[{"protocol": "UDP", "port": 1, "query": 1}]), "interfaces[0].query"),
        (server(publicKey={"format": "pem", "value": ""}), "publicKey.format"),
    ],
)
def test_what_is_no_server_is_refused_with_the_path_of_its_key(data: dict[str, Any], key: str) -> None:
    with pytest.raises(JsonFormError) as refused:
        data_from_json(data)
    assert refused.value.key == f"data.value.servers[0].{key}"


@pytest.mark.parametrize("form", [None, 7, "x", [], {}])
def test_what_is_no_object_or_an_empty_one_is_refused(form: Any) -> None:
    with pytest.raises(JsonFormError):
        value_from_json(form)
