"""What DNS says of an identifier: its public values as records (docs/dns.md).

TXT     every value that is text          "index=1 type=URL data=https://…"
URI     a URL value                       10 1 "https://…"                       RFC 7553
NAPTR   a URL value                       100 10 "u" "hdl+url" "!^.*$!https://…!" .  RFC 3403
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdataset
import dns.rdatatype
from dns.rdtypes.ANY.TXT import TXT
from dns.rdtypes.ANY.URI import URI
from dns.rdtypes.IN.NAPTR import NAPTR

from resolver.model.value import TTL_RELATIVE, Value
from resolver.rules.proxy import safe_url

IN: Final = dns.rdataclass.IN
STRING_OCTETS_MAX = 255  # of one character-string
TEXT_OCTETS_MAX = 4_000  # of a value; a longer one is had by the protocol itself
VALUES_MAX = 100  # of a record that are told
SERVICE = b"hdl+url"
KINDS = (dns.rdatatype.TXT, dns.rdatatype.URI, dns.rdatatype.NAPTR)


def rdataset(values: Sequence[Value], kind: int) -> dns.rdataset.Rdataset | None:
    """The records of a type that values make; None if they make none."""
    made = {dns.rdatatype.TXT: _txt, dns.rdatatype.URI: _uri, dns.rdatatype.NAPTR: _naptr}.get(kind)  # type: ignore[call-overload]
    if made is None:
        return None
    public = [value for value in values if value.public_read][:VALUES_MAX]
    records = dns.rdataset.Rdataset(IN, dns.rdatatype.RdataType(kind))
    for record in made(public):
        records.add(record)
    if not records:
        return None
    records.ttl = ttl_s(public)
    return records


def ttl_s(values: Iterable[Value]) -> int:
    """For how long they may be remembered."""
    return min((value.ttl for value in values if value.ttl_type == TTL_RELATIVE), default=0)


def _txt(values: Sequence[Value]) -> Iterator[TXT]:
    for value in values:
        try:
            data = "data=" + value.data.decode()
        except UnicodeDecodeError:
            data = "data64=" + base64.b64encode(value.data).decode()
        kind = value.type.decode("utf-8", "backslashreplace")
        text = f"index={value.index} type={kind} {data}".encode()
        if len(text) <= TEXT_OCTETS_MAX:
            strings = [text[at : at + STRING_OCTETS_MAX] for at in range(0, len(text), STRING_OCTETS_MAX)]
            yield TXT(IN, dns.rdatatype.TXT, strings)


def _urls(values: Sequence[Value]) -> Iterator[bytes]:
    for value in values:
        kind = value.type.upper()
        if kind == b"URL" or kind.startswith(b"URL."):
            url = safe_url(value.data.decode("utf-8", "replace"))
            if url is not None:
                yield url.encode()


def _uri(values: Sequence[Value]) -> Iterator[URI]:
    for number, url in enumerate(_urls(values)):
        yield URI(IN, dns.rdatatype.URI, 10 + number, 1, url)


def _naptr(values: Sequence[Value]) -> Iterator[NAPTR]:
    for number, url in enumerate(_urls(values)):
        pattern = b"!^.*$!" + url.replace(b"\\", b"\\\\").replace(b"!", b"%21") + b"!"
        if len(pattern) <= STRING_OCTETS_MAX:
            yield NAPTR(IN, dns.rdatatype.NAPTR, 100 + number, 10, b"u", SERVICE, pattern, dns.name.root)
