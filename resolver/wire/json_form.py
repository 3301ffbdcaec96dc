"""Values as JSON, in the form of the reference server's REST interface (behaviour.md §4.3).

    {"index": 1, "type": "URL", "data": {"format": F, "value": V}, ["permissions": "1100"], "ttl": 86400,
     ["timestamp": "2023-11-14T22:13:20Z"], ["references": [{"handle": …, "index": …}]]}

    format            for
    string, base64    any type: text, or octets that are none
    hex               input only
    admin vlist key   HS_ADMIN, HS_VLIST, HS_PUBKEY
    site              HS_SITE, HS_SITE.PREFIX, HS_NA_DELEGATE (not HS_SITE.6)

A special format is written only if it gives the same octets back; string and base64 always do. Nothing is lost:
what the reference has no key for (odd TTL types, names that are not UTF-8) gets one.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from resolver.errors import BiaoshiError
from resolver.model.site import ADMIN, MULTI_PRIMARY, PRIMARY, QUERY, Interface, Protocol, Server, Site, address_octets
from resolver.model.value import DEFAULT_PERMISSIONS, DEFAULT_TTL_S, TTL_ABSOLUTE, TTL_RELATIVE, Reference, Value
from resolver.wire.types import hs_admin, hs_pubkey, hs_site, hs_vlist
from resolver.wire.types.hs_admin import ALL_PERMISSIONS, HsAdmin

Json = dict[str, Any]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_U8, _U16, _U32 = 0xFF, 0xFFFF, 0xFFFF_FFFF
_TEXT_CONTROLS = "\t\n\r"
_HASH_BY_ALL = 2


class JsonFormError(BiaoshiError, ValueError):
    """JSON that is no value. `key` is the path of the offending key, such as `data.value.index`."""

    def __init__(self, key: str, problem: str) -> None:
        self.key = key
        super().__init__(f"{key}: {problem}" if key else problem)


def value_to_json(value: Value) -> Json:
    """A value for people and REST clients."""
    form: Json = {"index": value.index, "type": name_to_json(value.type), "data": data_to_json(value.type, value.data)}
    if value.permissions != DEFAULT_PERMISSIONS:
        form["permissions"] = f"{value.permissions:04b}"
    form["ttl"] = moment(value.ttl) if value.ttl_type == TTL_ABSOLUTE else value.ttl
    if value.ttl_type not in (TTL_RELATIVE, TTL_ABSOLUTE):
        form["ttlType"] = value.ttl_type
    if value.timestamp:
        form["timestamp"] = moment(value.timestamp)
    if value.references:
        form["references"] = _references_to_json(value.references)
    return form


def value_from_json(form: Any) -> Value:
    """The value. `index`, `type` and `data` are needed, the rest has the usual defaults; `data` may be a bare string.

    Raises JsonFormError (a ValueError) that names the key.
    """
    keys = ("index", "type", "data", "permissions", "ttl", "ttlType", "timestamp", "references")
    fields = _object(form, "", keys, needed=keys[:3])
    value_type = name_from_json(fields["type"], "type")
    ttl, ttl_type = _ttl_from_json(fields.get("ttl", DEFAULT_TTL_S))
    return Value(
        index=_number(fields["index"], "index", _U32),
        type=value_type,
        data=data_from_json(fields["data"]),
        ttl=ttl,
        ttl_type=_number(fields["ttlType"], "ttlType", _U8) if "ttlType" in fields else ttl_type,
        timestamp=_seconds(fields.get("timestamp", 0), "timestamp"),
        permissions=_bits(fields.get("permissions", DEFAULT_PERMISSIONS), "permissions", 8),
        references=_references_from_json(fields.get("references", []), "references"),
    )


def moment(seconds: int) -> str:
    """Seconds since 1970 as ISO 8601 in UTC."""
    return (_EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def name_to_json(octets: bytes) -> str | Json:
    """Octets meant to be text: a string, or `{"hex": …}` where they are not UTF-8."""
    try:
        return octets.decode()
    except UnicodeDecodeError:
        return {"hex": octets.hex()}


def name_from_json(form: Any, key: str) -> bytes:
    """The octets of `name_to_json`."""
    if isinstance(form, str):
        return _utf8(form, key)
    if isinstance(form, dict) and form.keys() == {"hex"}:
        return _from_hex(form["hex"], f"{key}.hex")
    raise JsonFormError(key, "text is wanted")


# ---- data ------------------------------------------------------------------------------------------------------------


class _Format(NamedTuple):
    """One of the special formats: data to JSON (None: not expressible), and back."""

    to_json: Callable[[bytes], Any]
    from_json: Callable[[Any, str], bytes]


def data_to_json(value_type: bytes, data: bytes) -> Json:
    """`{"format": …, "value": …}` of a value's data."""
    name = _FORMAT_OF_TYPE.get(value_type.upper())
    if name is not None:
        written = _special_to_json(name, data)
        if written is not None:
            return {"format": name, "value": written}
    return _plain_to_json(data)


def _special_to_json(name: str, data: bytes) -> Any:
    """The data in a special format, or None if that cannot be undone to the same octets."""
    special = _FORMATS[name]
    try:
        written = special.to_json(data)
        if written is not None and special.from_json(written, "") == data:
            return written
    except BiaoshiError:
        pass
    return None


def _plain_to_json(data: bytes) -> Json:
    """Data as `string` if it is text, else as `base64`."""
    try:
        words = data.decode()
    except UnicodeDecodeError:
        words = None
    if words is None or any(char < " " and char not in _TEXT_CONTROLS for char in words):
        return {"format": "base64", "value": base64.b64encode(data).decode()}
    return {"format": "string", "value": words}


def data_from_json(form: Any) -> bytes:
    """The octets. Also a bare string is understood. Raises JsonFormError that names the key."""
    if isinstance(form, str):
        return _utf8(form, "data")
    fields = _object(form, "data", ("format", "value"), needed=("format", "value"))
    special = _FORMATS.get(fields["format"]) if isinstance(fields["format"], str) else None
    if special is None:
        raise JsonFormError("data.format", f"one of {', '.join(_FORMATS)} is wanted")
    return special.from_json(fields["value"], "data.value")


def _utf8(words: Any, key: str) -> bytes:
    if not isinstance(words, str):
        raise JsonFormError(key, "text is wanted")
    try:
        return words.encode()
    except UnicodeEncodeError:
        raise JsonFormError(key, "text with half a surrogate pair") from None


def _from_hex(digits: Any, key: str) -> bytes:
    try:
        return bytes.fromhex(digits)
    except (TypeError, ValueError):
        raise JsonFormError(key, "hexadecimal digits are wanted") from None


def _from_base64(text: Any, key: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (TypeError, ValueError, binascii.Error):
        raise JsonFormError(key, "base64 is wanted") from None


# ---- HS_ADMIN, HS_VLIST ----------------------------------------------------------------------------------------------


def _admin_to_json(data: bytes) -> Json:
    admin = hs_admin.decode(data)
    form = {"handle": name_to_json(admin.handle), "index": admin.index, "permissions": f"{admin.permissions:012b}"}
    return form | ({"legacyByteLength": True} if admin.legacy_tail else {})


def _admin_from_json(form: Any, key: str) -> bytes:
    fields = _object(form, key, ("handle", "index", "permissions", "legacyByteLength"), needed=("handle", "index"))
    permissions = fields.get("permissions", ALL_PERMISSIONS)
    if permissions == "*" or permissions is True:
        permissions = ALL_PERMISSIONS
    admin = HsAdmin(
        _bits(permissions, _under(key, "permissions"), 16),
        name_from_json(fields["handle"], _under(key, "handle")),
        _number(fields["index"], _under(key, "index"), _U32),
        _truth(fields.get("legacyByteLength", False), _under(key, "legacyByteLength")),
    )
    return hs_admin.encode(admin)


def _references_to_json(references: tuple[Reference, ...]) -> list[Json]:
    return [{"handle": name_to_json(reference.handle), "index": reference.index} for reference in references]


def _references_from_json(form: Any, key: str) -> tuple[Reference, ...]:
    return tuple([_reference_from_json(each, f"{key}[{number}]") for number, each in enumerate(_list(form, key))])


def _reference_from_json(form: Any, key: str) -> Reference:
    fields = _object(form, key, ("handle", "index"), needed=("handle", "index"))
    return Reference(
        name_from_json(fields["handle"], _under(key, "handle")), _number(fields["index"], _under(key, "index"), _U32)
    )


# ---- HS_SITE ---------------------------------------------------------------------------------------------------------


def site_to_json(site: Site) -> Json:
    """A site, as the REST interface shows it; `hashOption` only where it is not the whole handle."""
    form: Json = {
        "version": site.format_version,
        "protocolVersion": f"{site.major}.{site.minor}",
        "serialNumber": site.serial,
        "primarySite": site.primary,
        "multiPrimary": bool(site.mask & MULTI_PRIMARY),
    }
    if site.hash_option != _HASH_BY_ALL:
        form["hashOption"] = site.hash_option
    form["attributes"] = [{"name": name_to_json(name), "value": name_to_json(value)} for name, value in site.attributes]
    form["servers"] = [_server_to_json(server) for server in site.servers]
    return form


def _server_to_json(server: Server) -> Json:
    return {
        "serverId": server.id,
        "address": server.ip,
        "publicKey": _key_data_to_json(server.public_key),
        "interfaces": [
            {
                "query": bool(interface.kind & QUERY),
                "admin": bool(interface.kind & ADMIN),
                "protocol": _protocol_name(interface.protocol),
                "port": interface.port,
            }
            for interface in server.interfaces
        ],
    }


def _protocol_name(number: int) -> str | int:
    try:
        return Protocol(number).name
    except ValueError:
        return number


def _key_data_to_json(record: bytes) -> Json:
    written = _special_to_json("key", record) if record else None
    if written is None:
        return {"format": "base64", "value": base64.b64encode(record).decode()}
    return {"format": "key", "value": written}


def site_from_json(form: Any, key: str = "") -> Site:
    """The site. Raises JsonFormError that names the key."""
    fields = _object(
        form,
        key,
        (
            "version",
            "protocolVersion",
            "serialNumber",
            "primarySite",
            "multiPrimary",
            "hashOption",
            "attributes",
            "servers",
        ),
        needed=("servers",),
    )
    major, minor = _version(fields.get("protocolVersion", "2.11"), _under(key, "protocolVersion"))
    mask = PRIMARY if _truth(fields.get("primarySite", True), _under(key, "primarySite")) else 0
    if _truth(fields.get("multiPrimary", False), _under(key, "multiPrimary")):
        mask |= MULTI_PRIMARY
    attributes_key, servers_key = _under(key, "attributes"), _under(key, "servers")
    return Site(
        servers=tuple(
            [
                _server_from_json(each, f"{servers_key}[{number}]")
                for number, each in enumerate(_list(fields["servers"], servers_key))
            ]
        ),
        serial=_number(fields.get("serialNumber", 1), _under(key, "serialNumber"), _U16),
        mask=mask,
        hash_option=_number(fields.get("hashOption", _HASH_BY_ALL), _under(key, "hashOption"), _U8),
        attributes=tuple(
            [
                _attribute_from_json(each, f"{attributes_key}[{number}]")
                for number, each in enumerate(_list(fields.get("attributes", []), attributes_key))
            ]
        ),
        major=major,
        minor=minor,
        format_version=_number(fields.get("version", 1), _under(key, "version"), _U16),
    )


def _attribute_from_json(form: Any, key: str) -> tuple[bytes, bytes]:
    fields = _object(form, key, ("name", "value"), needed=("name", "value"))
    return name_from_json(fields["name"], _under(key, "name")), name_from_json(fields["value"], _under(key, "value"))


def _server_from_json(form: Any, key: str) -> Server:
    fields = _object(
        form, key, ("serverId", "address", "publicKey", "interfaces"), needed=("serverId", "address", "interfaces")
    )
    try:
        address = address_octets(str(fields["address"]))
    except ValueError:
        raise JsonFormError(_under(key, "address"), "an IP address is wanted") from None
    interfaces_key = _under(key, "interfaces")
    return Server(
        id=_number(fields["serverId"], _under(key, "serverId"), _U32),
        address=address,
        interfaces=tuple(
            [
                _interface_from_json(each, f"{interfaces_key}[{number}]")
                for number, each in enumerate(_list(fields["interfaces"], interfaces_key))
            ]
        ),
        public_key=_key_data_from_json(fields.get("publicKey"), _under(key, "publicKey")),
    )


def _interface_from_json(form: Any, key: str) -> Interface:
    fields = _object(form, key, ("query", "admin", "protocol", "port"), needed=("protocol", "port"))
    query = _truth(fields.get("query", False), _under(key, "query"))
    admin = _truth(fields.get("admin", False), _under(key, "admin"))
    protocol = fields["protocol"]
    if isinstance(protocol, str):
        if protocol not in Protocol.__members__:
            raise JsonFormError(_under(key, "protocol"), f"one of {', '.join(Protocol.__members__)} is wanted")
        protocol = Protocol[protocol]
    return Interface(
        (QUERY if query else 0) | (ADMIN if admin else 0),
        _number(protocol, _under(key, "protocol"), _U8),
        _number(fields["port"], _under(key, "port"), _U32),
    )


def _key_data_from_json(form: Any, key: str) -> bytes:
    if form is None:
        return b""
    fields = _object(form, key, ("format", "value"), needed=("format", "value"))
    if fields["format"] == "key":
        return _key_from_json(fields["value"], _under(key, "value"))
    if fields["format"] == "base64":
        return _from_base64(fields["value"], _under(key, "value"))
    raise JsonFormError(_under(key, "format"), "key or base64 is wanted")


def _version(form: Any, key: str) -> tuple[int, int]:
    major, dot, minor = form.partition(".") if isinstance(form, str) else ("", "", "")
    if not dot:
        raise JsonFormError(key, 'a version such as "2.11" is wanted')
    return _number(major, key, _U8), _number(minor, key, _U8)


# ---- HS_PUBKEY -------------------------------------------------------------------------------------------------------

_JWK_PARTS = {
    "RSA": (hs_pubkey.RSA, {"n": "modulus", "e": "exponent"}),
    "DSA": (hs_pubkey.DSA, {"y": "y", "p": "p", "q": "q", "g": "g"}),
}


def _key_to_json(data: bytes) -> Json | None:
    key = hs_pubkey.decode(data)
    if isinstance(key, hs_pubkey.PublicKey):
        for kind, (key_type, parts) in _JWK_PARTS.items():
            if key.key_type == key_type:
                return {"kty": kind} | {name: _base64url(key.number(part)) for name, part in parts.items()}
    return None


def _key_from_json(form: Any, key: str) -> bytes:
    kind = form.get("kty") if isinstance(form, dict) else None
    if not isinstance(kind, str) or kind not in _JWK_PARTS:
        raise JsonFormError(_under(key, "kty"), f"one of {', '.join(_JWK_PARTS)} is wanted")
    names = tuple(_JWK_PARTS[kind][1])
    fields = _object(form, key, ("kty", *names), needed=names)
    numbers = {name: _from_base64url(fields[name], _under(key, name)) for name in names}
    if kind == "RSA":
        return hs_pubkey.encode(hs_pubkey.rsa(numbers["e"], numbers["n"]))
    return hs_pubkey.encode(hs_pubkey.dsa(numbers["q"], numbers["p"], numbers["g"], numbers["y"]))


def _base64url(number: int) -> str:
    octets = number.to_bytes(max(1, (number.bit_length() + 7) // 8), "big")
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def _from_base64url(text: Any, key: str) -> int:
    try:
        return int.from_bytes(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True), "big")
    except (TypeError, ValueError, binascii.Error):
        raise JsonFormError(key, "base64url is wanted") from None


# ---- the formats -----------------------------------------------------------------------------------------------------

_FORMATS: dict[str, _Format] = {
    "string": _Format(lambda data: data.decode(), _utf8),
    "base64": _Format(lambda data: base64.b64encode(data).decode(), _from_base64),
    "hex": _Format(lambda data: data.hex(), _from_hex),
    "admin": _Format(_admin_to_json, _admin_from_json),
    "vlist": _Format(
        lambda data: _references_to_json(hs_vlist.decode(data)),
        lambda form, key: hs_vlist.encode(_references_from_json(form, key)),
    ),
    "site": _Format(
        lambda data: site_to_json(hs_site.decode(data)), lambda form, key: hs_site.encode(site_from_json(form, key))
    ),
    "key": _Format(_key_to_json, _key_from_json),
}
_FORMAT_OF_TYPE = {
    b"HS_ADMIN": "admin",
    b"HS_VLIST": "vlist",
    b"HS_SITE": "site",
    b"HS_SITE.PREFIX": "site",
    b"HS_NA_DELEGATE": "site",
    b"HS_PUBKEY": "key",
}


# ---- what JSON may hold ----------------------------------------------------------------------------------------------


def _under(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name


def _object(form: Any, key: str, known: tuple[str, ...], *, needed: tuple[str, ...]) -> Json:
    if not isinstance(form, dict):
        raise JsonFormError(key, "an object is wanted")
    for name in form:
        if name not in known:
            raise JsonFormError(_under(key, name), f"unknown key; known are {', '.join(known)}")
    for name in needed:
        if name not in form:
            raise JsonFormError(_under(key, name), "is missing")
    return form


def _list(form: Any, key: str) -> list[Any]:
    if not isinstance(form, list):
        raise JsonFormError(key, "a list is wanted")
    return form


def _truth(form: Any, key: str) -> bool:
    if not isinstance(form, bool):
        raise JsonFormError(key, "true or false is wanted")
    return form


def _number(form: Any, key: str, greatest: int) -> int:
    """A number, also as decimal digits in a string: some clients send indexes so."""
    if isinstance(form, str) and form.isascii() and form.isdigit() and len(form) <= len(str(greatest)):
        form = int(form)
    if not isinstance(form, int) or isinstance(form, bool) or not 0 <= form <= greatest:
        raise JsonFormError(key, f"a whole number from 0 to {greatest} is wanted")
    return form


def _bits(form: Any, key: str, width: int) -> int:
    """Permissions: a string or a list of 0 and 1, the highest bit first, or the number itself."""
    if isinstance(form, list):
        form = "".join("1" if each in (1, "1") else "0" if each in (0, "0") else "?" for each in form)
    if isinstance(form, str):
        if not 0 < len(form) <= width or form.strip("01"):
            raise JsonFormError(key, f"at most {width} digits 0 and 1 are wanted")
        return int(form, 2)
    return _number(form, key, (1 << width) - 1)


def _ttl_from_json(form: Any) -> tuple[int, int]:
    """(TTL, TTL type): a number counts from retrieval, a moment is absolute."""
    if isinstance(form, str) and not form.isdigit():
        return _seconds(form, "ttl"), TTL_ABSOLUTE
    return _number(form, "ttl", _U32), TTL_RELATIVE


def _seconds(form: Any, key: str) -> int:
    """A moment: ISO 8601, UTC unless it says otherwise, or seconds since 1970."""
    if not isinstance(form, str) or form.isdigit():
        return _number(form, key, _U32)
    try:
        at = datetime.fromisoformat(form)
    except ValueError:
        raise JsonFormError(key, 'a moment such as "2023-11-14T22:13:20Z" is wanted') from None
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return _number((at - _EPOCH) // timedelta(seconds=1), key, _U32)
