"""A packet as a JSON document, complete enough to give the identical octets back: `biaoshi decode --json`, `encode`.

    {"kind": "message", "envelope": {…}, "header": {…}, "digest": …, "body": {"layout": "ResolutionRequest", …},
     "credential": …, "surplus": ""}
    {"kind": "fragment", "envelope": {…}, "part": …}
    {"kind": "encrypted", "envelope": {…}, "ciphertext": …, "surplus": ""}
    {"kind": "unreadable", "reason": …, "octets": …}

The keys are the fields of the classes in message.py and bodies/: the classes' type hints are the schema. Octets are a
string where they are printable UTF-8, else `{"hex": …}`. Keys that only explain (`…_name`, `…_names`, `rest`) and
lengths of messages and bodies are not read back: lengths are computed, except a fragment's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from resolver.model.site import Site
from resolver.model.value import Value
from resolver.wire.bodies import BODIES, Body, Challenge, Digest, ErrorBody, OldChallenge, OpaqueBody, Referral
from resolver.wire.bodies.replication import TransactionsRequest
from resolver.wire.codes import EnvelopeFlag, OpFlag, code_name, opcode_name
from resolver.wire.explain import flag_names
from resolver.wire.json_form import Json, JsonFormError, name_from_json, site_to_json, value_to_json
from resolver.wire.message import (
    Credential,
    EncryptedMessage,
    Envelope,
    Fragment,
    Header,
    Message,
    OpaqueCredential,
    Packet,
    Unreadable,
    code_meant,
)

_NUMBER_MAX = 2**64 - 1  # the widest field; what does not fit a narrower one is refused when it is packed
_EXPLAINING = ("_name", "_names")
_LAYOUTS: dict[str, type[Body]] = {
    layout.__name__: layout
    for layout in (
        *(layout for pair in BODIES.values() for layout in pair),
        TransactionsRequest,
        Challenge,
        OldChallenge,
        Referral,
        ErrorBody,
        OpaqueBody,
    )
}
_REST_FORMS: dict[type, Callable[[Any], Json]] = {Value: value_to_json, Site: site_to_json}
_CREDENTIALS: dict[str, type[Credential] | type[OpaqueCredential]] = {
    layout.__name__: layout for layout in (Credential, OpaqueCredential)
}


def to_document(packet: Packet | Unreadable) -> Json:
    """The document of a packet."""
    if isinstance(packet, Unreadable):
        return {"kind": "unreadable", "reason": packet.reason, "octets": packet.octets.hex()}
    envelope = _to_json(packet.envelope) | {"flag_names": flag_names(packet.envelope.flags, EnvelopeFlag)}
    if isinstance(packet, Fragment):
        return {"kind": "fragment", "envelope": envelope, "part": packet.part.hex()}
    if isinstance(packet, EncryptedMessage):
        return {
            "kind": "encrypted",
            "envelope": envelope,
            "ciphertext": packet.ciphertext.hex(),
            "surplus": _to_json(packet.surplus),
        }
    header = packet.header
    names = {
        "opcode_name": opcode_name(header.opcode),
        "code_name": code_name(code_meant(header.code, packet.envelope.version)),
        "flag_names": flag_names(header.flags, OpFlag),
    }
    return {
        "kind": "message",
        "envelope": envelope,
        "header": _to_json(header) | names,
        "digest": _to_json(packet.digest),
        "body": _with_layout(packet.body),
        "credential": None if packet.credential is None else _with_layout(packet.credential),
        "surplus": _to_json(packet.surplus),
    }


def from_document(document: Any) -> Packet | Unreadable:
    """The packet of a document. Raises JsonFormError (a ValueError) that names the key."""
    kind = document.get("kind") if isinstance(document, dict) else None
    if kind == "unreadable":
        return Unreadable(_from_hex(document, "octets"), str(document.get("reason", "")))
    if kind not in ("message", "fragment", "encrypted"):
        raise JsonFormError("kind", "message, fragment, encrypted or unreadable is wanted")
    envelope = _from_json(Envelope, document.get("envelope"), "envelope")
    if kind == "fragment":
        return Fragment(envelope, _from_hex(document, "part"))
    surplus = _from_json(bytes, document.get("surplus", ""), "surplus")
    if kind == "encrypted":
        return EncryptedMessage(envelope, _from_hex(document, "ciphertext"), surplus)
    credential = document.get("credential")
    return Message(
        envelope=envelope,
        header=_from_json(Header, document.get("header"), "header"),
        body=_of_layout(_LAYOUTS, document.get("body"), "body"),
        digest=_from_json(Digest | None, document.get("digest"), "digest"),
        credential=None if credential is None else _of_layout(_CREDENTIALS, credential, "credential"),
        surplus=surplus,
    )


def _from_hex(document: Json, key: str) -> bytes:
    """Octets that are always written as bare hexadecimal digits."""
    return name_from_json({"hex": document.get(key)}, key)


def _with_layout(part: Any) -> Json:
    return {"layout": type(part).__name__, **_to_json(part)}


def _of_layout(layouts: dict[str, Any], form: Any, key: str) -> Any:
    name = form.get("layout") if isinstance(form, dict) else None
    if not isinstance(name, str) or name not in layouts:
        raise JsonFormError(f"{key}.layout", f"one of {', '.join(layouts)} is wanted")
    return _from_json(layouts[name], {part: value for part, value in form.items() if part != "layout"}, key)


# ---- any of our values as JSON, and back -----------------------------------------------------------------------------


def _to_json(thing: Any) -> Any:
    if isinstance(thing, bytes):
        return _octets_to_json(thing)
    if isinstance(thing, tuple):
        return [_to_json(each) for each in thing]
    if is_dataclass(thing):
        form = {field.name: _to_json(getattr(thing, field.name)) for field in fields(thing) if field.compare}
        rest = _REST_FORMS.get(type(thing))
        return form | {"rest": rest(thing)} if rest else form
    return int(thing) if isinstance(thing, int) and not isinstance(thing, bool) else thing


def _octets_to_json(octets: bytes) -> str | Json:
    try:
        text = octets.decode()
    except UnicodeDecodeError:
        text = "\0"
    return text if text.isprintable() else {"hex": octets.hex()}


def _from_json(hint: Any, form: Any, key: str) -> Any:
    """What `_to_json` made of a value of this type."""
    if hint is bytes:
        return name_from_json(form, key)
    if hint in (int, str, bool, NoneType):
        return _scalar(hint, form, key)
    if get_origin(hint) in (Union, UnionType):
        wanted = next(each for each in get_args(hint) if each is not NoneType)
        return None if form is None else _from_json(wanted, form, key)
    if get_origin(hint) is tuple:
        return _tuple(get_args(hint), form, key)
    return _object(hint, form, key)


def _scalar(hint: type, form: Any, key: str) -> Any:
    if type(form) is not hint:
        raise JsonFormError(key, f"{hint.__name__} is wanted")
    if isinstance(form, int) and not 0 <= form <= _NUMBER_MAX:
        raise JsonFormError(key, f"a number from 0 to {_NUMBER_MAX} is wanted")
    return form


def _tuple(hints: tuple[Any, ...], form: Any, key: str) -> tuple[Any, ...]:
    if not isinstance(form, list):
        raise JsonFormError(key, "a list is wanted")
    if hints[-1] is Ellipsis:
        hints = hints[:1] * len(form)
    if len(hints) != len(form):
        raise JsonFormError(key, f"a list of {len(hints)} is wanted")
    pairs = enumerate(zip(hints, form, strict=True))
    return tuple([_from_json(hint, each, f"{key}[{number}]") for number, (hint, each) in pairs])


def _object(layout: Any, form: Any, key: str) -> Any:
    if not isinstance(form, dict):
        raise JsonFormError(key, "an object is wanted")
    hints = get_type_hints(layout)
    given = {}
    for name, each in form.items():
        if name in hints:
            given[name] = _from_json(hints[name], each, f"{key}.{name}")
        elif not name.endswith(_EXPLAINING) and not (name == "rest" and layout in _REST_FORMS):
            raise JsonFormError(f"{key}.{name}", f"unknown key; known are {', '.join(hints)}")
    try:
        return layout(**given)
    except TypeError:
        missing = [name for name in hints if name not in given]
        raise JsonFormError(key, f"is incomplete: one of {', '.join(missing)} is missing") from None
