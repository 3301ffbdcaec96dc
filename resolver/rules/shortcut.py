"""The commonest exchanges from octets alone: a plain question about a whole record, and its answer.

Same octets as decoding, deciding and encoding would give (a test holds that over a whole catalogue and over altered
packets), for a fraction of the time. Everything the least out of the ordinary returns None and takes the long way.

    question   envelope 20 | header 24 | u32 length, handle | 4 zeros (no indexes) | 4 zeros (no types) | 4 zeros
    answer     envelope 20 | header 24 | u32 length, handle | u32 count, values                         | 4 zeros

    answer_plain    an authority answers one from its store
    answer_prefix   ... or says who answers for a prefix, or who knows that
    ask_plain       a recursive node asks one
    read_answer     ... reads the answer, its values still packed
    relay           ... and passes them on to its client

    read_item, write_question, read_values, write_answer: the same for couriers, who know what they carry
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from struct import Struct
from typing import NamedTuple

from resolver.errors import PeerError
from resolver.model.identifier import PREFIX_HANDLE_LEAD, ancestors
from resolver.model.question import Answer, Question
from resolver.model.site import Site
from resolver.model.value import PUBLIC_READ
from resolver.rules.authority import Standing, referral_values
from resolver.rules.replies import COPIED, DEFAULT_FLAGS, HIGHEST, Speaker
from resolver.rules.resolution import SITE_TYPES
from resolver.wire import peek
from resolver.wire.bodies.resolution import VALUES_MAX
from resolver.wire.codes import Code, EnvelopeFlag, OpFlag
from resolver.wire.message import FRAGMENT_OCTETS, as_order
from resolver.wire.record import SOME_RESTRICTED, split_record
from resolver.wire.values import PackedValues, encode_values

# Envelope, header and the handle's length, in as few fields as what is checked and copied allows.
_REQUEST = Struct(">4sI4sII8sI2xBB4xII")
_RESPONSE = Struct(">4s4x4s4xI8sIHBxIII")
_REQUEST_OUT = Struct(">4s4xI4xI8sIHBxIII")
_ANSWER = Struct(">4xI4xII8sI4xIII")
_NEWEST = bytes((*HIGHEST, *HIGHEST))
_HANDLE_AT = _REQUEST.size
_RESOLUTION_REQUEST = bytes.fromhex("00000001 00000000")  # opcode, code
_RESOLUTION_SUCCESS = bytes.fromhex("00000001 00000001")
_RESOLUTION_BUSY = bytes.fromhex("00000001 00000003")
_RESOLUTION_REFERRAL = bytes.fromhex("00000001 0000012f")
NO_LISTS = bytes(12)  # no indexes, no types, no credential
_NO_CREDENTIAL = bytes(4)
_NO_VALUES = bytes(4)
_UNUSUAL = OpFlag.CERTIFY | OpFlag.REQUEST_DIGEST | OpFlag.ENCRYPT
_UNUSUAL_ITEM = _UNUSUAL | OpFlag.AUTHORITATIVE | OpFlag.DO_NOT_REFER
_UNUSUAL_ANSWER = OpFlag.REQUEST_DIGEST | OpFlag.CONTINUED
_WHOLE = (HIGHEST[0], HIGHEST[0] | EnvelopeFlag.TRUNCATED)  # what was put together again keeps the flag
_SET = {True: OpFlag.RECURSIVE | OpFlag.AUTHORITATIVE, False: int(OpFlag.RECURSIVE)}
# A request's first four octets -> its response's. Others (flags in the envelope, ancient versions) go the long way.
_VERSIONS = {
    bytes((major, minor, 2, suggested)): bytes((2, min(suggested, HIGHEST[1]), *HIGHEST))
    for major in (2, 3)
    for minor in range(16)
    for suggested in range(16)
    if as_order(2, 1) <= as_order(major, minor) and suggested >= 1
}


def answer_plain(
    packet: bytes, standing: Standing, get: Callable[[bytes], bytes | None], speaker: Speaker, wall_s: int
) -> bytes | None:
    """An authority's whole reply packet, or None if the request or the record is not of the plain kind."""
    asked = _read_question(packet)
    if asked is None:
        return None
    handle = packet[_HANDLE_AT:-12]
    key = handle.upper()
    prefix, slash, _ = key.partition(b"/")
    if not slash or PREFIX_HANDLE_LEAD + prefix not in standing.homed or not standing.hashed_here(handle):
        return None
    record = get(key)
    if record is None or record[0] & SOME_RESTRICTED or record[1:5] == _NO_VALUES:
        return None
    return write_answer(asked, handle, record[1:], speaker, wall_s)


def answer_prefix(
    packet: bytes, standing: Standing, get: Callable[[bytes], bytes | None], speaker: Speaker, wall_s: int
) -> bytes | None:
    """An authority's whole reply packet to a resolver's question for the sites of a prefix: those, or a referral. None
    if the request, the record or the answer is not of the plain kind.
    """
    asked = _read_question(packet, SITE_LISTS)
    if asked is None or asked.flags & OpFlag.DO_NOT_REFER or not asked.flags & OpFlag.PUBLIC_ONLY:
        return None
    handle = packet[_HANDLE_AT : -len(SITE_LISTS)]
    key = handle.upper()
    if not key.startswith(PREFIX_HANDLE_LEAD) or not standing.hashed_here(handle) or not standing.homes(handle):
        return None
    record = get(key)
    if record is not None:
        values = _site_values(record)
        return None if values is None else write_answer(asked, handle, values, speaker, wall_s)
    for above in ancestors(key):
        record = get(above)
        if record is not None and (values := _referral_values(record)) is not None:
            return write_answer(asked, b"", values, speaker, wall_s, _RESOLUTION_REFERRAL)
    return None


def _site_values(record: bytes) -> bytes | None:
    """The `list<value>` of what everybody may know of a record's sites; None if that is nothing."""
    try:
        values = split_record(record)
    except PeerError:
        return None
    found = [octets for _, octets in values if octets[13] & PUBLIC_READ and _type_in(octets) in SITE_TYPES]
    return peek.pack_u32(len(found)) + b"".join(found) if found else None


def _type_in(value: bytes) -> bytes:
    return value[18 : 18 + int.from_bytes(value[14:18], "big")].upper()


@lru_cache(maxsize=1_024)  # as referral_values is: every question below a prefix meets the same record
def _referral_values(record: bytes) -> bytes | None:
    values = referral_values(record)
    return encode_values(values) if values else None


def is_referral(reply: bytes) -> bool:
    """Whether a reply of this file is a prefix referral."""
    return reply[20:28] == _RESOLUTION_REFERRAL


def relay(packet: bytes, values: bytes, speaker: Speaker, wall_s: int) -> bytes | None:
    """The reply that gives `values` (a `list<value>`) to a plain question; None if it is not one."""
    asked = _read_question(packet)
    return None if asked is None else write_answer(asked, packet[_HANDLE_AT:-12], values, speaker, wall_s)


def read_item(packet: bytes) -> tuple[Asked, bytes] | None:
    """What a plain question about an item asks, and the item's handle; None if it is not one that fits a datagram, or
    its answer would be for this asker alone.
    """
    asked = _read_question(packet)
    if asked is None or asked.flags & _UNUSUAL_ITEM or not asked.flags & OpFlag.PUBLIC_ONLY:
        return None
    handle = packet[_HANDLE_AT:-12]
    # Handles that begin `0.` or `0/` are the system's own, and slashless ones mean prefixes.
    if len(packet) > FRAGMENT_OCTETS or b"/" not in handle or handle.startswith((b"0.", b"0/")):
        return None
    return asked, handle


def busy(asked: Asked, speaker: Speaker, wall_s: int) -> bytes:
    """The reply that says there is too much to do already."""
    return write_answer(asked, b"", b"", speaker, wall_s, _RESOLUTION_BUSY)


def ask_plain(question: Question, request_id: int, site: Site, wall_s: int) -> bytes | None:
    """The request that asks a plain question (or one for types, of the plain kind else) of a server that speaks the
    newest version; None if either is not so.
    """
    if (
        question.indexes
        or not question.public_only
        or question.authoritative
        or question.certify
        or question.do_not_refer
        or question.identity
        or (site.major, site.minor) != HIGHEST
    ):
        return None
    lists = lists_of(question.types)
    return write_question(question.handle, request_id, site.serial, question.recursion_count, wall_s, lists)


def write_question(
    handle: bytes, request_id: int, serial: int, recursion: int, wall_s: int, lists: bytes = NO_LISTS
) -> bytes:
    """The request for a handle in the newest version. `lists`: index list, type list and credential, as octets."""
    body_octets = len(handle) + len(lists)  # the handle's length takes as many octets as the credential's
    fixed = _REQUEST_OUT.pack(
        _NEWEST,
        request_id,
        peek.HEADER_OCTETS + body_octets + 4,
        _RESOLUTION_REQUEST,
        DEFAULT_FLAGS,
        serial,
        recursion,
        (wall_s + peek.RESPONSE_LIFE_S) & 0xFFFFFFFF,
        body_octets,
        len(handle),
    )
    return b"".join((fixed, handle, lists))


@lru_cache(maxsize=64)
def lists_of(types: tuple[bytes, ...]) -> bytes:
    """What stands behind the handle in a question for types (none: for all), without credential."""
    counted = b"".join(peek.pack_u32(len(kind)) + kind for kind in types)
    return b"".join((_NO_VALUES, peek.pack_u32(len(types)), counted, _NO_CREDENTIAL))


SITE_LISTS = lists_of(SITE_TYPES)


def read_answer(packet: bytes, question: Question, wall_s: int) -> Answer | None:
    """A plain success about the very record that was asked for, its values packed; None: take the long way."""
    values = read_values(packet, question.handle.upper(), wall_s)
    return None if values is None else Answer(Code.SUCCESS, values)


def read_values(packet: bytes, folded: bytes, wall_s: int) -> PackedValues | None:
    """The values of a plain success about a handle (letters upper-cased), packed; None: take the long way."""
    found = _read_values(packet, _RESOLUTION_SUCCESS, wall_s)
    return found[1] if found is not None and found[0].upper() == folded else None


def read_referral(packet: bytes, wall_s: int) -> PackedValues | None:
    """The values of a plain prefix referral that names no service, packed; None: take the long way."""
    found = _read_values(packet, _RESOLUTION_REFERRAL, wall_s)
    return found[1] if found is not None and not found[0] else None


def _read_values(packet: bytes, kind: bytes, wall_s: int) -> tuple[bytes, PackedValues] | None:
    """The handle and the values of a plain answer of a kind (opcode and code)."""
    octets = len(packet)
    if octets < _HANDLE_AT + 8:
        return None
    (session, sequence, length, found, flags, expires, body_octets, handle_octets) = _ANSWER.unpack_from(packet)
    end = octets - 4
    if (
        found != kind
        or session
        or sequence
        or packet[2] not in _WHOLE
        or flags & _UNUSUAL_ANSWER
        or 0 < expires < wall_s
        or length != octets - peek.ENVELOPE_OCTETS
        or body_octets != end - peek.HEADER_END
        or packet[end:] != _NO_CREDENTIAL
    ):
        return None
    at = _HANDLE_AT + handle_octets
    if at > end or int.from_bytes(packet[at : at + 4], "big") > VALUES_MAX:
        return None
    values = packet[at:end]
    try:
        relative, absolute, behind = peek.value_ttls(values, 0)
    except ValueError:
        return None
    return (packet[_HANDLE_AT:at], PackedValues(values, relative, absolute)) if behind == len(values) else None


class Asked(NamedTuple):
    """What of a plain question its answer repeats."""

    version: bytes
    request_id: bytes
    flags: int
    recursion: int
    handle_octets: int


def _read_question(packet: bytes, lists: bytes = NO_LISTS) -> Asked | None:
    octets = len(packet)
    if octets < _HANDLE_AT + 12:
        return None
    (version, session, request_id, sequence, length, kind, flags, recursion, reserved, body_octets, handle_octets) = (
        _REQUEST.unpack_from(packet)
    )
    if (
        kind != _RESOLUTION_REQUEST
        or session
        or sequence
        or reserved
        or flags & _UNUSUAL
        or version not in _VERSIONS
        or length != octets - peek.ENVELOPE_OCTETS
        or body_octets != handle_octets + len(lists)
        or octets != _HANDLE_AT + body_octets
        or packet[-len(lists) :] != lists
    ):
        return None
    return Asked(version, request_id, flags, recursion, handle_octets)


def write_answer(
    asked: Asked, handle: bytes, values: bytes, speaker: Speaker, wall_s: int, kind: bytes = _RESOLUTION_SUCCESS
) -> bytes:
    """The reply that gives `values` (a `list<value>`) to a plain question about `handle`. `kind`: opcode and code."""
    version, request_id, flags, recursion, _ = asked
    body_octets = 4 + len(handle) + len(values)
    fixed = _RESPONSE.pack(
        _VERSIONS[version],
        request_id,
        peek.HEADER_OCTETS + body_octets + 4,
        kind,
        flags & COPIED | _SET[speaker.primary],
        speaker.serial,
        recursion,
        (wall_s + peek.RESPONSE_LIFE_S) & 0xFFFFFFFF,
        body_octets,
        len(handle),
    )
    return b"".join((fixed, handle, values, _NO_CREDENTIAL))
