"""A packet explained octet by octet: what `biaoshi decode` shows.

The rows come from the reader that parses: `message.keep` walks over the packet with an ExplainingReader, and here the
fields it noted get a meaning. Data of known types is read again by its own codec. The rows tile the packet: each octet
stands in exactly one of them, also in a packet that could not be understood.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import Any

from resolver.errors import PeerError
from resolver.model.site import HashOption, Protocol
from resolver.model.value import TTL_ABSOLUTE
from resolver.wire.bodies import OpaqueBody
from resolver.wire.buffer import ExplainingReader, Field
from resolver.wire.codes import EnvelopeFlag, OpFlag, code_name, opcode_name
from resolver.wire.json_form import moment
from resolver.wire.message import ENVELOPE_OCTETS, Message, Packet, Unreadable, as_order, code_meant, keep
from resolver.wire.types import codec_of
from resolver.wire.types.hs_admin import ALL_PERMISSIONS, PERMISSION_NAMES
from resolver.wire.values import read_value

_NESTING_MAX = 3  # a key in a site in a value; nothing known nests deeper


@dataclass(frozen=True, slots=True)
class Row:
    """One field: where it stands, its octets, the groups it belongs to (outermost first), value and meaning."""

    offset: int
    octets: bytes
    groups: tuple[str, ...]
    name: str
    value: int | bytes
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a packet is, and its rows."""

    packet: Packet | Unreadable
    rows: tuple[Row, ...]


def explain(octets: bytes) -> Explanation:
    """Explain one packet. Never fails: what cannot be understood is kept as octets, with the reason."""
    r = ExplainingReader(octets)
    packet = keep(r)
    rows = list(_rows(r.fields, octets))
    reason = ""
    if isinstance(packet, Unreadable):
        reason = packet.reason
        read = sum(len(row.octets) for row in rows)
        if read < len(octets):
            rest = octets[read:]
            rows.append(Row(read, rest, (), "not understood", rest))
    elif isinstance(packet, Message) and isinstance(packet.body, OpaqueBody):
        reason = packet.body.reason
    if reason:
        last = "body" if isinstance(packet, Message) else rows[-1].name if rows else ""
        rows = [_because(row, reason) if row.name == last else row for row in rows]
    return Explanation(packet, tuple(rows))


def explain_data(octets: bytes, value_type: bytes) -> tuple[Row, ...]:
    """Explain the data of a value of this type. PeerError if the octets are not of that type, or nobody knows it."""
    codec = codec_of(value_type)
    if codec is None:
        raise PeerError(f"the type {value_type.decode('utf-8', 'backslashreplace')} has no layout that is known here")
    r = ExplainingReader(octets)
    codec.read_all(r)
    return tuple(_rows(r.fields, octets))


def explain_value(octets: bytes) -> tuple[Row, ...]:
    """Explain one value record. PeerError if the octets are not exactly that."""
    r = ExplainingReader(octets)
    read_value(r)
    r.finish("value")
    return tuple(_rows(r.fields, octets))


def _because(row: Row, reason: str) -> Row:
    return Row(row.offset, row.octets, row.groups, row.name, row.value, reason)


def _rows(fields: list[Field], octets: bytes, base: int = 0, depth: int = 0) -> Iterator[Row]:
    """The fields as rows, those with a layout of their own replaced by the rows of that."""
    said: dict[tuple[tuple[str, ...], str], Any] = {}
    for field in fields:
        said[field.groups, field.name] = field.value
        inner = None
        if isinstance(field.value, bytes) and depth < _NESTING_MAX:
            inner = _inner_rows(field, said, base, depth)
        if inner is not None:
            yield from inner
            continue
        start, end = field.offset, field.offset + field.length
        yield Row(base + start, octets[start:end], field.groups, field.name, field.value, _meaning(field, said))


def _inner_rows(field: Field, said: dict[tuple[tuple[str, ...], str], Any], base: int, depth: int) -> list[Row] | None:
    """The rows inside a field that is typed data, or None if it is none, or none that can be read."""
    if field.name == "data":
        codec = codec_of(said.get((field.groups, "type"), b""))
    elif field.name == "public key":
        codec = codec_of(b"HS_PUBKEY")
    else:
        return None
    if codec is None or not isinstance(field.value, bytes):
        return None
    r = ExplainingReader(field.value)
    r.open(codec.name)
    try:
        codec.read_all(r)
    except PeerError:
        return None
    rows = _rows(r.fields, field.value, base + field.offset, depth + 1)
    return [Row(row.offset, row.octets, field.groups + row.groups, row.name, row.value, row.meaning) for row in rows]


# ---- what numbers mean -----------------------------------------------------------------------------------------------


def _meaning(field: Field, said: dict[tuple[tuple[str, ...], str], Any]) -> str:
    value: Any = field.value
    if field.name == "response code":
        envelope = ("envelope",)
        version = as_order(said[envelope, "major version"], said[envelope, "minor version"])
        return code_name(code_meant(value, version))
    if field.name == "TTL":
        return moment(value) if said[field.groups, "TTL type"] == TTL_ABSOLUTE else "seconds after retrieval"
    if field.name == "data":
        value_type = said.get((field.groups, "type"), b"")
        return "" if codec_of(value_type) is None else "not what its type promises"
    known = _MEANINGS.get(field.name)
    return known(value) if known is not None else ""


def _names(bits: dict[int, str]) -> Callable[[Any], str]:
    """A meaning for sets of bits; bits without a name are shown as a number."""

    def meaning(value: int) -> str:
        named = [name for bit, name in bits.items() if value & bit]
        rest = value & ~sum(bits)
        return ", ".join(named + ([f"and {rest:#x}"] if rest else [])) or "none"

    return meaning


def _choice(**names: str) -> Callable[[Any], str]:
    """A meaning for numbers of which each has a name: `_0="relative"`."""
    return lambda value: names.get(f"_{value}", "unknown")


def flag_names(flags: int, kind: type[OpFlag] | type[EnvelopeFlag]) -> list[str]:
    """The names of the bits that have one, in the order of their declaration, then what is left as a number."""
    names = [flag.name or "" for flag in kind if flags & flag]
    rest = flags & ~sum(flag.value for flag in kind)
    return names + ([f"{rest:#x}"] if rest else [])


def _envelope_flags(value: int) -> str:
    names, suggested = flag_names(value & 0xE0, EnvelopeFlag), value & 0x1F
    return "; ".join([*names, f"suggests major version {suggested}" if suggested else "suggests no version"])


def _address(octets: bytes) -> str:
    return str(IPv6Address(octets) if octets[:12] != bytes(12) else IPv4Address(octets[12:]))


def _admin_permissions(value: int) -> str:
    return "all" if value == ALL_PERMISSIONS else _names(PERMISSION_NAMES)(value)


def _enum_name(kind: type[Protocol] | type[HashOption]) -> Callable[[Any], str]:
    return lambda value: kind(value).name if value in list(kind) else "unknown"


_OCTETS_FOLLOW = "octets that follow"
_MEANINGS: dict[str, Callable[[Any], str]] = {
    "flags and suggested major version": _envelope_flags,
    "session id": lambda value: "no session" if not value else "of a session, or of a pending challenge",
    "request id": lambda value: "of a request that could not be read" if value == 0xFFFFFFFF else "",
    "sequence number": lambda value: f"fragment {value}" if value else "",
    "message length": lambda value: f"octets behind these first {ENVELOPE_OCTETS}",
    "opcode": lambda value: opcode_name(value) if value else "of a request that could not be read",
    "op flags": lambda value: ", ".join(flag_names(value, OpFlag)) or "none",
    "site info serial": lambda value: "unknown" if value == 0xFFFF else "",
    "expiration": moment,
    "body length": lambda value: _OCTETS_FOLLOW,
    "digest algorithm": _choice(_1="MD5", _2="SHA-1", _3="SHA-256", _0="unannounced MD5 of version 2.0"),
    "digest": lambda value: "of header and body of the request",
    "credential length": lambda value: _OCTETS_FOLLOW if value else "no credential",
    "signature part length": lambda value: _OCTETS_FOLLOW,
    "signer index": lambda value: "the session's counter" if value else "",
    "timestamp": moment,
    "TTL type": _choice(_0="relative", _1="absolute"),
    "permissions": _names({8: "admin read", 4: "admin write", 2: "public read", 1: "public write"}),
    "admin permissions": _admin_permissions,
    "admin index": lambda value: "any" if not value else "",
    "legacy tail": lambda value: "written by old servers",
    "protocol major": lambda value: "version the site speaks",
    "site mask": _names({0x80: "primary", 0x40: "multiple primaries"}),
    "hash option": _enum_name(HashOption),
    "address": _address,
    "interface kind": _choice(_0="out of service", _1="admin", _2="query", _3="admin and query"),
    "interface protocol": _enum_name(Protocol),
    "key tail": lambda value: "belongs to the record",
    "mode": _choice(_1="client key", _2="server key", _3="key by handle", _4="Diffie-Hellman"),
    "time-out": lambda value: "seconds",
    "valid": _choice(_0="the answer was wrong", _1="the answer was right"),
    "selector": _choice(_0="by transaction number", _1="by state"),
    "left over": lambda value: "kept, and read by nobody",
    "padding": lambda value: "the mode is counted as four octets",
    "surplus": lambda value: "behind the announced length",
    "ciphertext": lambda value: "encrypted with the session's key",
    "part of a message": lambda value: "a fragment: see sequence number",
}
