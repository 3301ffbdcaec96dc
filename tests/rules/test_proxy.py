"""Where a record redirects to: the table of behaviour.md §4.5, and what must never be followed."""

from __future__ import annotations

import pytest

from resolver.model.value import Value
from resolver.rules import proxy
from resolver.rules.proxy import Redirect

HOME = "https://home.example/a"


def url(text: str, kind: bytes = b"URL", ttl: int = 86_400) -> Value:
    return Value(1, kind, text.encode(), ttl=ttl)


@pytest.mark.parametrize(
    ("values", "query", "location"),
    [
        ([url(HOME)], [], HOME),
        ([url("https://other.example", b"URL.MIRROR"), url(HOME)], [], HOME),
        ([url(HOME, b"url.mirror")], [], HOME),
        ([url(HOME, b"URLS")], [], None),
        ([], [], None),
        ([url("not a url"), url(HOME)], [], HOME),
        ([url("ftp://files.example/x")], [], "ftp://files.example/x"),
        (
            [url("https://例子.example/路径?名=值")],
            [],
            "https://%E4%BE%8B%E5%AD%90.example/%E8%B7%AF%E5%BE%84?%E5%90%8D=%E5%80%BC",
        ),
        ([url(HOME)], [("urlappend", "/more?x=1")], HOME + "/more?x=1"),
        ([url("https://home.example")], [("urlappend", "/more")], "https://home.example/more"),
        ([url("https://home.example")], [("urlappend", ".evil.example/x")], "https://home.example"),
        ([url("https://home.example")], [("urlappend", "@evil.example/x")], "https://home.example"),
        ([url(HOME)], [("urlappend", "\r\nSet-Cookie: x")], HOME),
    ],
)
def test_the_first_address_is_where_it_goes(
    values: list[Value], query: list[tuple[str, str]], location: str | None
) -> None:
    found = proxy.destination(values, query, 0.0)
    assert (found and found.location) == location


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "about:blank",
        "//evil.example/x",
        "/local",
        "https:///x",
        "https://a.example/\r\nLocation: https://evil.example",
        "https://a.example\\@evil.example",
        "https://[::1",
        " \t\x01javascript:alert(1)",
        "https://a.example/" + "x" * 9_000,
        "",
    ],
)
def test_no_other_scheme_is_ever_followed_or_linked(text: str) -> None:
    assert proxy.destination([url(text)], [], 0.0) is None
    assert proxy.safe_url(text) is None


def test_the_status_says_whether_an_alias_was_followed_and_the_ttl_how_long_it_holds() -> None:
    assert proxy.destination([url(HOME, ttl=60)], [], 0.0) == Redirect(HOME, 302, 60)
    assert proxy.destination([url(HOME)], [], 0.0, aliased=True) == Redirect(HOME, 301, 86_400)


def locations(*inner: str, chooseby: str = "locatt,country,weighted") -> Value:
    return Value(5, b"10320/loc", f'<locations chooseby="{chooseby}">{"".join(inner)}</locations>'.encode())


A = '<location id="0" href="https://a.example/" weight="1" lang="zh"/>'
B = '<location id="1" href="https://b.example/" weight="3" http="303"/>'
BAD = '<location id="2" href="javascript:alert(1)" weight="100"/>'


@pytest.mark.parametrize(
    ("value", "query", "chance", "expected"),
    [
        (locations(A, B), [], 0.0, ("https://a.example/", 302)),
        (locations(A, B), [], 0.24, ("https://a.example/", 302)),
        (locations(A, B), [], 0.26, ("https://b.example/", 303)),
        (locations(A, B), [("locatt", "id:0")], 0.9, ("https://a.example/", 302)),
        (locations(A, B), [("locatt", "lang:zh")], 0.9, ("https://a.example/", 302)),
        (locations(A, B), [("locatt", "id:7")], 0.9, ("https://b.example/", 303)),
        (locations(BAD, B), [], 0.0, ("https://b.example/", 303)),
        (locations(BAD), [], 0.0, None),
        (locations(A.replace('"1"', '"0"'), B), [], 0.0, ("https://b.example/", 303)),
        (Value(5, b"10320/loc", b"<locations><location"), [], 0.0, None),
        (Value(5, b"10320/loc", b'<!DOCTYPE x [<!ENTITY a "b">]><locations/>'), [], 0.0, None),
        (Value(5, b"10320/loc", b"\xff" * 70_000), [], 0.0, None),
    ],
)
def test_of_several_locations_one_is_chosen(
    value: Value, query: list[tuple[str, str]], chance: float, expected: tuple[str, int] | None
) -> None:
    found = proxy.destination([value], query, chance)
    assert (found and (found.location, found.status)) == expected


def test_locations_come_before_addresses_and_an_address_is_left_if_none_is_good() -> None:
    both = [url(HOME), locations(A)]
    assert proxy.destination(both, [], 0.0).location == "https://a.example/"  # type: ignore[union-attr]
    assert proxy.destination([url(HOME), locations(BAD)], [], 0.0).location == HOME  # type: ignore[union-attr]


def test_an_alias_is_followed_unless_told_not_to() -> None:
    values = [Value(1, b"HS_ALIAS", b"88.118.8/OTHER"), url(HOME)]
    assert proxy.alias_of(values, []) == b"88.118.8/OTHER"
    assert proxy.alias_of(values, [("ignore_aliases", "")]) is None
    assert proxy.alias_of(values[1:], []) is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (b"hdl:88.118.8/X", b"88.118.8/X"),
        (b"HDL:88.118.8/X", b"88.118.8/X"),
        (b"info:hdl/88.118.8/X", b"88.118.8/X"),
        (b"urn:hdl:88.118.8/X", b"88.118.8/X"),
        (b"88.118.8/hdl:X", b"88.118.8/hdl:X"),
    ],
)
def test_what_people_write_before_a_handle_is_left_out(written: bytes, meant: bytes) -> None:
    assert proxy.normalised(written) == meant
