"""Typed data in the forms that no vector shows."""

from __future__ import annotations

import pytest

from resolver.errors import CallerError, PeerError
from resolver.model.site import Interface, Server, Site
from resolver.wire.types import codec_of, hs_admin, hs_pubkey, hs_serv, hs_site
from resolver.wire.types.hs_pubkey import PemKey, PublicKey, integer_octets

PEM = b"-----BEGIN PUBLIC KEY-----\r\nMFkw\r\n-----END PUBLIC KEY-----\r\n"


def counted(octets: bytes) -> bytes:
    return len(octets).to_bytes(4, "big") + octets


@pytest.mark.parametrize(
    ("record", "key"),
    [
        (counted(b"SM2_PUB_KEY") + b"\0\0" + counted(PEM), PublicKey(b"SM2_PUB_KEY", (PEM,))),
        (counted(b"SM2_PUB_KEY") + b"\0\0" + counted(b"\x30\x59"), PublicKey(b"SM2_PUB_KEY", (b"\x30\x59",))),
        (
            counted(b"SM2_PUB_KEY") + b"\0\0" + counted(b"\4" + b"x" * 64),
            PublicKey(b"SM2_PUB_KEY", (b"\4" + b"x" * 64,)),
        ),
        (counted(b"SM9_PUB_KEY") + b"\0\0" + counted(b"88.118/U"), PublicKey(b"SM9_PUB_KEY", (b"88.118/U",))),
        (
            counted(b"RSA_PUB_KEY") + b"\0\1" + counted(b"\3") + counted(b"\7"),
            PublicKey(b"RSA_PUB_KEY", (b"\3", b"\7"), flags=1),
        ),
        (counted(b"NEW_PUB_KEY") + b"\0\0" + b"anything", PublicKey(b"NEW_PUB_KEY", (), tail=b"anything")),
        (PEM, PemKey(PEM)),
    ],
)
def test_a_public_key_is_read_in_every_form(record: bytes, key: PublicKey | PemKey) -> None:
    assert hs_pubkey.decode(record) == key
    assert hs_pubkey.encode(key) == record


def test_a_part_is_asked_for_by_name() -> None:
    key = hs_pubkey.dsa(q=11, p=23, g=2, y=8)
    assert [key.number(name) for name in ("q", "p", "g", "y")] == [11, 23, 2, 8]
    with pytest.raises(CallerError):
        key.part("modulus")


@pytest.mark.parametrize(
    ("number", "octets"), [(0, b"\0"), (127, b"\x7f"), (128, b"\0\x80"), (255, b"\0\xff"), (256, b"\1\0")]
)
def test_integers_are_minimal_and_never_look_negative(number: int, octets: bytes) -> None:
    assert integer_octets(number) == octets


@pytest.mark.parametrize("tail", [b"\0", b"\0\0\0", b"\0\1"])
def test_an_administrator_with_another_surplus_than_two_zeros_is_refused(tail: bytes) -> None:
    record = hs_admin.encode(hs_admin.HsAdmin(0xFFFF, b"0.NA/8", 0))
    assert hs_admin.decode(record).permissions == 0xFFFF
    assert hs_admin.decode(record + b"\0\0").legacy_tail
    with pytest.raises(PeerError):
        hs_admin.decode(record + tail)


def test_a_site_keeps_what_it_does_not_know() -> None:
    server = Server(0xFFFFFFFF, b"\xfe\x80" + bytes(14), (Interface(9, 200, 0xFFFFFFFF),), b"key")
    site = Site((server,), 0xFFFF, 0xFF, 9, ((b"\xff", b""),), 9, 99, 7, b"filter")
    assert hs_site.decode(hs_site.encode(site)) == site


def test_a_site_may_have_no_server() -> None:
    assert hs_site.decode(hs_site.encode(Site(()))) == Site(())


def test_a_site_must_end_where_it_ends() -> None:
    record = hs_site.encode(Site(()))
    for broken in (record + b"\0", record[:-1], b""):
        with pytest.raises(PeerError):
            hs_site.decode(broken)


@pytest.mark.parametrize(
    ("name", "known"),
    [(b"hs_site.prefix", True), (b"HS_NA_DELEGATE", True), (b"10320/loc", True), (b"HS_SECKEY", False), (b"X", False)],
)
def test_a_type_is_found_in_any_letter_case_and_unknown_ones_pass(name: bytes, known: bool) -> None:
    assert (codec_of(name) is not None) == known


def test_a_service_handle_is_all_of_its_data() -> None:
    assert hs_serv.decode(b"0.SERV/\xff") == b"0.SERV/\xff"
    assert hs_serv.encode(b"0.SERV/\xff") == b"0.SERV/\xff"
