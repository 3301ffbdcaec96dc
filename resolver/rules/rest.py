"""What the REST interface of the reference server means: its requests as the protocol's, responses as JSON
(behaviour.md §4). No HTTP here: a status is a number, a query a list of pairs.

    GET    /api/handles/<h>             1     resolve
    PUT    /api/handles/<h>[?index=…]   100   create; with indexes 102 add values
    DELETE /api/handles/<h>[?index=…]   101   delete; with indexes 103 remove values
    GET    /api/handles?prefix=p        105   list
    GET, POST, DELETE /api/prefixes/<p> 302, 300, 301
    GET    /api/site                    2
    GET    /api/verifications/<i:h>     201
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote_to_bytes

from resolver.errors import BiaoshiError
from resolver.model.value import Reference, Value
from resolver.rules import replies
from resolver.wire.bodies.administration import HandleList, RemoveValueRequest, ValuesRequest
from resolver.wire.bodies.authentication import VerifyAnswer, VerifyRequest
from resolver.wire.bodies.base import Body, HandleRequest
from resolver.wire.bodies.digest import Digest
from resolver.wire.bodies.resolution import ResolutionAnswer, ResolutionRequest
from resolver.wire.bodies.siteinfo import SiteInfoAnswer
from resolver.wire.codes import Code, Opcode, OpFlag
from resolver.wire.json_form import JsonFormError, name_to_json, site_to_json, value_from_json, value_to_json
from resolver.wire.message import Message

Json = dict[str, Any]
Query = Sequence[tuple[str, str]]

VALUES_MAX = 2_048  # of one request, as of one answer on the wire
LISTED_AT_ONCE_MAX = 100_000  # names in one page; without a page everything is asked for, and this is where it ends
TRUE = ("", "true", "yes")
ANY_INDEXES = "various"
MISMATCHED = "java.lang.Exception: Mismatched indexes in PUT request"
_STATUS = {
    Code.SUCCESS: 200,
    Code.HANDLE_NOT_FOUND: 404,
    Code.SERVICE_REFERRAL: 300,
    Code.PREFIX_REFERRAL: 300,
    Code.HANDLE_ALREADY_EXISTS: 409,
    Code.VALUE_ALREADY_EXISTS: 409,
    Code.PROTOCOL_ERROR: 400,
    Code.INVALID_HANDLE: 400,
    Code.INVALID_VALUE: 400,
    Code.SERVER_NOT_RESP: 400,
    Code.OPERATION_NOT_SUPPORTED: 501,
    Code.SERVER_TOO_BUSY: 503,
    Code.SERVER_BACKUP: 503,
    Code.AUTHENTICATION_NEEDED: 401,
    Code.INVALID_ADMIN: 403,
    Code.INSUFFICIENT_PERMISSIONS: 403,
    Code.AUTHENTICATION_FAILED: 403,
    Code.INVALID_CREDENTIAL: 403,
}
# The reference names the mechanism of a proof by what Java calls it.
_ALGORITHMS = {
    "MD5": 0x01, "SHA1": 0x02, "SHA-1": 0x02, "SHA256": 0x03, "SHA-256": 0x03, "HMACSHA1": 0x12, "HMACSHA256": 0x13,
}  # fmt: skip


class Unacceptable(BiaoshiError):
    """A request that is refused before the node hears of it: status 400 and a code, the message says why."""

    def __init__(self, message: str, code: int = Code.PROTOCOL_ERROR) -> None:
        super().__init__(message)
        self.code = code


class Call:
    """A request as the protocol has it. `handle`: as the answer names it, if it names one."""

    __slots__ = ("body", "flags", "handle", "opcode")

    def __init__(self, opcode: int, body: Body, flags: int = 0, handle: bytes | None = None) -> None:
        self.opcode, self.body, self.flags, self.handle = opcode, body, flags, handle


def flag(query: Query, name: str, default: bool = False) -> bool:
    """A truth value: there and empty, `true` or `yes`; the last one counts."""
    given = [value for key, value in query if key == name]
    return given[-1].lower() in TRUE if given else default


def one(query: Query, name: str) -> str | None:
    """The last value of a parameter."""
    return next((value for key, value in reversed(query) if key == name), None)


def several(query: Query, name: str) -> list[str]:
    """Every value of a parameter, in order."""
    return [value for key, value in query if key == name]


def indexes(query: Query) -> tuple[int, ...]:
    """The `index` parameters. Unacceptable if one is no index."""
    return tuple(_index(text, "index") for text in several(query, "index"))


def _index(text: str, key: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text[:11]) > 0xFFFF_FFFF:
        raise Unacceptable(f"{key}: a number from 0 to {0xFFFF_FFFF} is wanted")
    return int(text)


def number(query: Query, name: str, default: int) -> int:
    """A parameter that is a number from 0. Unacceptable if it is none."""
    text = one(query, name)
    return default if text is None else _index(text, name)


def resolution(handle: bytes, query: Query, *, known: bool) -> Call:
    """GET of a handle. `known`: whether who asks can prove who they are; then secret values are asked for too."""
    flags = replies.DEFAULT_FLAGS & ~OpFlag.PUBLIC_ONLY
    for name, bit, default in (
        ("publicOnly", OpFlag.PUBLIC_ONLY, not known),
        ("auth", OpFlag.AUTHORITATIVE, False),
        ("cert", OpFlag.CERTIFY, False),
        ("doNotRefer", OpFlag.DO_NOT_REFER, False),
    ):
        if flag(query, name, default):
            flags |= bit
    body = ResolutionRequest(handle, indexes(query), tuple(text.encode() for text in several(query, "type")))
    return Call(Opcode.RESOLUTION, body, flags, handle)


def put(handle: bytes, query: Query, form: Any) -> Call:
    """PUT of a handle: create it, or add (or overwrite) the values that `index` names. Unacceptable; JsonFormError."""
    flags = replies.DEFAULT_FLAGS
    if flag(query, "overwrite", True):
        flags |= OpFlag.OVERWRITE
    if flag(query, "mintNewSuffix"):
        flags |= OpFlag.MINT_SUFFIX
    values = _values(form, handle)
    named = several(query, "index")
    if not named:
        return Call(Opcode.CREATE_HANDLE, ValuesRequest(handle, values), flags, handle)
    if named != [ANY_INDEXES] and {value.index for value in values} != set(indexes(query)):
        raise Unacceptable(MISMATCHED)
    return Call(Opcode.ADD_VALUE, ValuesRequest(handle, values), flags, handle)


def _values(form: Any, handle: bytes) -> tuple[Value, ...]:
    """The values of a body: `{"values": […]}` (an equal `handle` may stand beside), a bare array, or one value."""
    if isinstance(form, dict) and "values" in form:
        if "handle" in form and form["handle"] != name_to_json(handle):
            raise Unacceptable("handle: not the one of the path")
        if surplus := form.keys() - {"values", "handle", "responseCode"}:
            raise Unacceptable(f"{min(surplus)}: unknown key")
        form = form["values"]
    elif isinstance(form, dict):
        form = [form]
    if not isinstance(form, list):
        raise Unacceptable("values: a list is wanted")
    if len(form) > VALUES_MAX:
        raise Unacceptable(f"values: {len(form)} of at most {VALUES_MAX}")
    values = []
    for number, each in enumerate(form):
        try:
            values.append(value_from_json(each))
        except JsonFormError as error:
            raise Unacceptable(f"values[{number}]: {error}") from error
    return tuple(values)


def delete(handle: bytes, query: Query) -> Call:
    """DELETE of a handle, or of the values that `index` names."""
    named = indexes(query)
    if named:
        return Call(Opcode.REMOVE_VALUE, RemoveValueRequest(handle, named), replies.DEFAULT_FLAGS, handle)
    return Call(Opcode.DELETE_HANDLE, HandleRequest(handle), replies.DEFAULT_FLAGS, handle)


def listing(query: Query) -> Call:
    """GET of the handles of a prefix."""
    prefix = one(query, "prefix")
    if prefix is None:
        raise Unacceptable("Empty handle invalid", Code.INVALID_HANDLE)
    name = prefix.encode()
    return Call(Opcode.LIST_HANDLES, HandleRequest(name if name.upper().startswith(b"0.NA/") else b"0.NA/" + name))


def prefixes(method: str, prefix: bytes | None) -> Call | None:
    """What is done with /api/prefixes[/p]; None if that is no endpoint."""
    if prefix is None:
        return Call(Opcode.LIST_HOMED_PREFIXES, HandleRequest(b"0.NA/0.NA")) if method == "GET" else None
    opcode = {"POST": Opcode.HOME_PREFIX, "PUT": Opcode.HOME_PREFIX, "DELETE": Opcode.UNHOME_PREFIX}.get(method)
    name = prefix if prefix.upper().startswith(b"0.NA/") else b"0.NA/" + prefix
    return None if opcode is None else Call(opcode, HandleRequest(name), handle=prefix)


def site() -> Call:
    """GET of /api/site."""
    return Call(Opcode.GET_SITE_INFO, HandleRequest(b"/"))


def verification(user: bytes, query: Query) -> Call:
    """GET of /api/verifications/<index:handle>: is this the answer that the holder of the secret would give?"""
    who = reference(user)
    nonce, cnonce, signature = (_octets(query, name) for name in ("nonce", "cnonce", "signature"))
    answer = secret_answer(one(query, "alg") or "", signature, query)
    # The octets that are signed are nonce and cnonce one behind the other, as elsewhere nonce and digest.
    body = VerifyRequest(who.handle, who.index, nonce, Digest(0, cnonce), answer)
    return Call(Opcode.VERIFY, body, handle=user)


def secret_answer(algorithm: str, signature: bytes, query: Query) -> bytes:
    """A proof by secret key as the protocol writes it (rules/proof.py). `query` has what PBKDF2 needs beside."""
    if algorithm.upper().startswith("PBKDF2"):
        numbers = [_index(one(query, name) or "", name) for name in ("iterations", "length")]
        salt = _octets(query, "salt")
        answer = b"\x22" + len(salt).to_bytes(4, "big") + salt
        answer += b"".join(each.to_bytes(4, "big") for each in numbers)
        return answer + len(signature).to_bytes(4, "big") + signature
    if algorithm.upper() not in _ALGORITHMS:
        raise Unacceptable("alg: one of MD5, SHA1, SHA256, HmacSHA1, HmacSHA256, PBKDF2WithHmacSHA1 is wanted")
    return bytes([_ALGORITHMS[algorithm.upper()]]) + signature


def _octets(query: Query, name: str) -> bytes:
    text = one(query, name)
    try:
        return base64.b64decode(text or "", validate=True)
    except (binascii.Error, ValueError):
        raise Unacceptable(f"{name}: base64 is wanted") from None


def reference(text: bytes) -> Reference:
    """`index:handle`. Unacceptable if it is none."""
    index, colon, handle = text.partition(b":")
    if not colon or not handle:
        raise Unacceptable("index:handle is wanted")
    return Reference(handle, _index(index.decode("ascii", "replace"), "index"))


def basic(header: str) -> tuple[Reference, bytes] | None:
    """(who, secret) of an Authorization header of kind Basic; None if it is another, or cannot be read."""
    kind, _, told = header.partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        user, colon, secret = base64.b64decode(told.strip(), validate=True).partition(b":")
        # pyhandle and browsers percent-encode the colon and the slash of index:handle; others leave the first as it is.
        if colon and user.isdigit():
            rest, colon, secret = secret.partition(b":")
            user += b":" + rest
        return (reference(unquote_to_bytes(user)), secret) if colon else None
    except (binascii.Error, ValueError, Unacceptable):
        return None


# ---- responses -------------------------------------------------------------------------------------------------------


def status_of(opcode: int, code: int, flags: int = 0) -> int:
    """The HTTP status of a response (behaviour.md §4.2)."""
    if code == Code.VALUES_NOT_FOUND:
        return 200 if opcode == Opcode.RESOLUTION else 400
    if code == Code.SUCCESS and opcode in (Opcode.CREATE_HANDLE, Opcode.ADD_VALUE) and not flags & OpFlag.OVERWRITE:
        return 201
    return _STATUS.get(code, 500)  # type: ignore[call-overload, no-any-return]


def document(call: Call, messages: Sequence[Message], query: Query) -> Json:
    """The JSON of a response."""
    message = messages[0]
    code, body = message.header.code, message.body
    form: Json = {"responseCode": code}
    words = getattr(body, "message", b"")
    if isinstance(words, bytes) and words:
        form["message"] = words.decode("utf-8", "replace")
    if isinstance(body, HandleList):
        return form | _page(call, messages, query)
    if isinstance(body, SiteInfoAnswer):
        return form | {"site": site_to_json(body.site)}
    if isinstance(body, VerifyAnswer):
        return form | {"isValid": bool(body.valid)}
    minted = getattr(body, "handle", None) if call.opcode == Opcode.CREATE_HANDLE else None
    handle = minted or call.handle
    if handle is not None and code != Code.PROTOCOL_ERROR:
        form["handle"] = name_to_json(handle)
    if isinstance(body, ResolutionAnswer):
        form["values"] = [value_to_json(value) for value in body.values]
    elif code == Code.VALUES_NOT_FOUND and call.opcode == Opcode.RESOLUTION:
        form["values"] = []
    elif code in (Code.SERVICE_REFERRAL, Code.PREFIX_REFERRAL):
        form["values"] = [value_to_json(value) for value in getattr(body, "values", ())]
    return form


def _page(call: Call, messages: Sequence[Message], query: Query) -> Json:
    names = [name for message in messages if isinstance(message.body, HandleList) for name in message.body.handles]
    form: Json = {"totalCount": str(len(names))}  # a string, as the reference has it
    key = "prefixes" if call.opcode == Opcode.LIST_HOMED_PREFIXES else "handles"
    if key == "handles":
        form = {"prefix": one(query, "prefix") or ""} | form
    if one(query, "page") is not None or one(query, "pageSize") is not None:
        page, size = number(query, "page", 0), min(number(query, "pageSize", LISTED_AT_ONCE_MAX), LISTED_AT_ONCE_MAX)
        names = names[page * size : (page + 1) * size]
        form |= {"page": page, "pageSize": size}
    return form | {key: [name_to_json(name) for name in names[:LISTED_AT_ONCE_MAX]]}
