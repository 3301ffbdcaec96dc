"""Typed data: a file per layout, and the list of types that have one. All other types pass through untouched."""

from __future__ import annotations

from typing import Any

from resolver.wire.types import hs_admin, hs_pubkey, hs_serv, hs_site, hs_vlist, text
from resolver.wire.types.codec import Codec

TYPES: dict[bytes, Codec[Any]] = {
    b"HS_SITE": hs_site.CODEC,
    b"HS_SITE.6": hs_site.CODEC,
    b"HS_SITE.PREFIX": hs_site.CODEC,
    b"HS_NA_DELEGATE": hs_site.CODEC,  # the old name of HS_SITE.PREFIX
    b"HS_ADMIN": hs_admin.CODEC,
    b"HS_VLIST": hs_vlist.CODEC,
    b"HS_PUBKEY": hs_pubkey.CODEC,
    b"HS_SERV": hs_serv.CODEC,
    b"HS_SERV.PREFIX": hs_serv.CODEC,
    b"HS_ALIAS": hs_serv.CODEC,
    b"URL": text.CODEC,
    b"EMAIL": text.CODEC,
    b"DESC": text.CODEC,
    b"HS_NAMESPACE": text.CODEC,
    b"10320/LOC": text.CODEC,
    b"HS_CERT": text.CODEC,
    b"HS_SIGNATURE": text.CODEC,
}


def codec_of(value_type: bytes) -> Codec[Any] | None:
    """The codec of a type's data, whatever its letters' case; None for types that pass through untouched."""
    return TYPES.get(value_type.upper())
