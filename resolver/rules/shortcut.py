"""The commonest exchanges from octets alone: a plain question about a whole record, and its answer.

Same octets as decoding, deciding and encoding would give (a test holds that over a whole catalogue and over altered
packets), for a fraction of the time. Everything the least out of the ordinary returns None and takes the long way.

    question   envelope 20 | header 24 | u32 length, handle | 4 zeros (no indexes) | 4 zeros (no types) | 4 zeros
    answer     envelope 20 | header 24 | u32 length, handle | u32 count, values                         | 4 zeros

    answer_plain    an authority answers one from its store
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

from resolver.model.identifier import PREFIX_HANDLE_LEAD
from resolver.model.question import Answer, Question
from resolver.model.site import Site
from resolver.rules.authority import Standing
from resolver.rules.replies import COPIED, HIGHEST, LIBRARY_DEFAULT, Speaker
from resolver.wire import peek
from resolver.wire.bodies.resolution import VALUES_MAX
from resolver.wire.codes import Code, EnvelopeFlag, OpFlag
from resolver.wire.message import FRAGMENT_OCTETS, as_order
from resolver.wire.record import SOME_RESTRICTED
from resolver.wire.values import PackedValues

# Envelope, header and the handle's length, in as few fields as what is checked and copied allows.
_REQUEST = Struct(">4sI4sII8sI2xBB4xII")
_RESPONSE = Struct(">4s4x4s4xI8sIHBxIII")
_REQUEST_OUT = Struct(">4s4xI4xI8sIHBxIII")
_ANSWER = Struct(">4xI4xII8sI4xIII")
_NEWEST = bytes((*HIGHEST, *HIGHEST))
_HANDLE_AT = _REQUEST.size
_RESOLUTION_REQUEST = bytes.fromhex("00000001 00000000")  # opcode, code
_RESOLUTION_SUCCESS = bytes.fromhex("00000001 00000001")
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
        LIBRARY_DEFAULT,
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


def read_answer(packet: bytes, question: Question, wall_s: int) -> Answer | None:
    """A plain success about the very record that was asked for, its values packed; None: take the long way."""
    values = read_values(packet, question.handle.upper(), wall_s)
    return None if values is None else Answer(Code.SUCCESS, values)


def read_values(packet: bytes, folded: bytes, wall_s: int) -> PackedValues | None:
    """The values of a plain success about a handle (letters upper-cased), packed; None: take the long way."""
    octets = len(packet)
    if octets < _HANDLE_AT + 8:
        return None
    (session, sequence, length, kind, flags, expires, body_octets, handle_octets) = _ANSWER.unpack_from(packet)
    end = octets - 4
    if (
        kind != _RESOLUTION_SUCCESS
        or session
        or sequence
        or packet[2] not in _WHOLE
        or flags & _UNUSUAL_ANSWER
        or 0 < expires < wall_s
        or length != octets - peek.ENVELOPE_OCTETS
        or body_octets != end - peek.HEADER_END
        or packet[end:] != _NO_CREDENTIAL
        or packet[_HANDLE_AT : _HANDLE_AT + handle_octets].upper() != folded
    ):
        return None
    at = _HANDLE_AT + handle_octets
    if int.from_bytes(packet[at : at + 4], "big") > VALUES_MAX:
        return None
    values = packet[at:end]
    try:
        relative, absolute, behind = peek.value_ttls(values, 0)
    except ValueError:
        return None
    return PackedValues(values, relative, absolute) if behind == len(values) else None


class Asked(NamedTuple):
    """What of a plain question its answer repeats."""

    version: bytes
    request_id: bytes
    flags: int
    recursion: int
    handle_octets: int


def _read_question(packet: bytes) -> Asked | None:
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
        or body_octets != handle_octets + 12
        or octets != _HANDLE_AT + body_octets
        or packet[-12:] != NO_LISTS
    ):
        return None
    return Asked(version, request_id, flags, recursion, handle_octets)


def write_answer(asked: Asked, handle: bytes, values: bytes, speaker: Speaker, wall_s: int) -> bytes:
    """The reply that gives `values` (a `list<value>`) to a plain question about `handle`."""
    version, request_id, flags, recursion, handle_octets = asked
    body_octets = 4 + handle_octets + len(values)
    fixed = _RESPONSE.pack(
        _VERSIONS[version],
        request_id,
        peek.HEADER_OCTETS + body_octets + 4,
        _RESOLUTION_SUCCESS,
        flags & COPIED | _SET[speaker.primary],
        speaker.serial,
        recursion,
        (wall_s + peek.RESPONSE_LIFE_S) & 0xFFFFFFFF,
        body_octets,
        handle_octets,
    )
    return b"".join((fixed, handle, values, _NO_CREDENTIAL))
