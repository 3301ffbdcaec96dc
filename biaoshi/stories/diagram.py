"""A packet as a line of a sequence diagram: all that a reader, or a test, could want to hold it to.

What is always so is left out: version 2.11, the usual flags of a request, the usual life of a message. Octets that are
no words are told by their number and CRC-32.
"""

from __future__ import annotations

import dataclasses
import math
from typing import Any
from zlib import crc32

from nodes.config import CONFIGURED_AT
from resolver.errors import PeerError
from resolver.model.now import Now
from resolver.model.site import Site
from resolver.model.value import DEFAULT_PERMISSIONS, Reference, Value
from resolver.rules.replies import DEFAULT_FLAGS
from resolver.wire import peek
from resolver.wire.bodies.digest import Digest
from resolver.wire.buffer import Reader
from resolver.wire.codes import Code, EnvelopeFlag, Opcode, OpFlag
from resolver.wire.message import ABSENT, Credential, EncryptedMessage, Envelope, Message, read_packet
from resolver.wire.types import hs_site

WORDS_MAX = 48  # longer texts are told by their length, too
USUAL = (2, 11, 2, 11)


def line(at_ns: int, source: str, target: str, transport: str, packet: bytes, now: Now, gone: bool) -> str:
    """`   1.000 recursive-1 -> root-1  udp  RESOLUTION 0.NA/88 …`"""
    way = f"{source} {'-x' if gone else '->'} {target}"
    return f" {at_ns / 1e6:10.3f}  {way:44} {transport}  {said(packet, now)}"


def said(packet: bytes, now: Now) -> str:
    """What a packet says."""
    if len(packet) >= peek.ENVELOPE_OCTETS and packet[2] & EnvelopeFlag.TRUNCATED:
        sequence, whole = (int.from_bytes(packet[at : at + 4], "big") for at in (12, 16))
        return f"fragment {sequence} of {whole} octets, {_octets(packet[20:])}"
    try:
        message = read_packet(Reader(packet))
    except PeerError:
        return f"unreadable {_octets(packet)}{_opening(packet)}"
    if isinstance(message, EncryptedMessage):
        # Keys and nonces of a session come from the seed, so even these octets are always the same.
        return f"encrypted, session {message.envelope.session_id}, {_octets(packet[20:])}"
    if not isinstance(message, Message):
        return f"unreadable {_octets(packet)}"
    return words_of(message, now)


def _opening(packet: bytes) -> str:
    """Of what cannot be read: the operation and the code that it begins with, if it goes so far."""
    if len(packet) < peek.ENVELOPE_OCTETS + 8:
        return ""
    opcode, code = (int.from_bytes(packet[peek.ENVELOPE_OCTETS + at :][:4], "big") for at in (0, 4))
    return f" that begins as {_name(Opcode, opcode)}" + (f", code {_name(Code, code)}" if code else "")


def words_of(message: Message, now: Now) -> str:
    """What a message says."""
    return " ".join(filter(None, _message(message, now)))


def _message(message: Message, now: Now) -> list[str]:
    header, envelope = message.header, message.envelope
    request = header.code == Code.REQUEST
    what = _name(Opcode, header.opcode) if request else _name(Code, header.code)
    if not request and header.opcode != Opcode.RESOLUTION:
        what += f" to {_name(Opcode, header.opcode)}"
    parts = [what, _body(message.body)]
    if header.flags != DEFAULT_FLAGS:
        parts.append(f"[{_flags(header.flags)}]")
    parts.append(_envelope(envelope))
    if header.recursion_count:
        parts.append(f"recursion {header.recursion_count}")
    if header.serial != 0xFFFF:
        parts.append(f"serial {header.serial}")
    life_s = header.expiration - now.wall_s
    if not math.isclose(life_s, peek.RESPONSE_LIFE_S, abs_tol=1):
        parts.append(f"expires {life_s:+} s" if header.expiration else "never expires")
    if message.digest is not None:
        parts.append(f"digest {_digest(message.digest)}")
    credential = message.credential
    if isinstance(credential, Credential):
        who = f"{credential.signer_index}:{_octets(credential.signer_handle)}"
        kind = f"{_octets(credential.type)} {_octets(credential.algorithm)} {_octets(credential.signature)}"
        parts.append(f"signed {who} {kind}")
    elif credential is not None and credential != ABSENT and getattr(credential, "octets", b"") != bytes(4):
        parts.append(f"credential {credential}")
    if message.surplus:
        parts.append(f"surplus {_octets(message.surplus)}")
    return parts


def _envelope(envelope: Envelope) -> str:
    parts = []
    versions = envelope.major, envelope.minor, envelope.suggested_major, envelope.suggested_minor
    if versions != USUAL:
        parts.append(f"version {versions[0]}.{versions[1]} suggesting {versions[2]}.{versions[3]}")
    if envelope.session_id:
        parts.append(f"session {envelope.session_id}")
    if envelope.flags:
        parts.append(f"envelope flags {envelope.flags:#x}")
    return " ".join(parts)


def _body(body: Any) -> str:
    """Every field of a body but empty ones."""
    parts = []
    for each in dataclasses.fields(body):
        value = getattr(body, each.name)
        if value in (b"", (), None, 0, False) or each.name == "absent":
            continue
        shown = _shown(value)
        parts.append(shown if each.name in ("handle", "values", "handles") else f"{each.name} {shown}")
    return ", ".join(parts)


def _shown(value: Any) -> str:
    if isinstance(value, bytes):
        return _octets(value)
    if isinstance(value, Value):
        return _value(value)
    if isinstance(value, Reference):
        return f"{value.index}:{_octets(value.handle)}"
    if isinstance(value, Digest):
        return _digest(value)
    if isinstance(value, Site):
        return _octets(hs_site.encode(value))
    if isinstance(value, tuple):
        return " ".join(map(_shown, value))
    return str(value)


def _value(value: Value) -> str:
    parts = [str(value.index), _octets(value.type), _octets(value.data), f"ttl {value.ttl}"]
    if value.ttl_type:
        parts.append(f"ttl type {value.ttl_type}")
    if value.permissions != DEFAULT_PERMISSIONS:
        parts.append(f"{value.permissions:04b}")
    if value.timestamp != CONFIGURED_AT:
        parts.append(f"at {value.timestamp}")
    if value.references:
        parts.append(_shown(value.references))
    return f"({' '.join(parts)})"


def _digest(digest: Digest) -> str:
    return f"{digest.algorithm} {_octets(digest.octets)}"


def _octets(octets: bytes) -> str:
    """As words if they are, else as a number of octets and their CRC."""
    octets = bytes(octets)
    try:
        text = octets.decode()
    except UnicodeDecodeError:
        text = ""
    if text.isprintable() and text and len(text) <= WORDS_MAX:
        return text
    return f"<{len(octets)} {crc32(octets):08x}>"


def _flags(flags: int) -> str:
    """How they differ from the usual ones."""
    differ = flags ^ DEFAULT_FLAGS
    names = [f"{'+' if flags & flag else '-'}{flag.name}" for flag in OpFlag if differ & flag]
    rest = flags & ~sum(OpFlag)
    return " ".join([*names, *([f"{rest:#x}"] if rest else [])])


def _name(kind: Any, number: int) -> str:
    try:
        return str(kind(number).name)
    except ValueError:
        return str(number)


def mermaid_of(title: str, lines: list[str]) -> str:
    """Lines of a diagram as a Mermaid sequence diagram."""
    out = [f"---\ntitle: {title}\n---", "sequenceDiagram"]
    for each in lines:
        words = each.split(maxsplit=5)
        if len(words) == 6 and words[2] in ("->", "-x"):
            at_ms, source, arrow, target, transport, what = words
            safe = what.replace(";", ",").replace("#", "")
            out.append(
                f"    {_alias(source)}{'->>' if arrow == '->' else '-x'}{_alias(target)}: {at_ms} ms {transport} {safe}"
            )
    return "\n".join(out)


def _alias(name: str) -> str:
    """Mermaid takes no dots, colons or minus signs in names."""
    return "".join(letter if letter.isalnum() else "_" for letter in name)
