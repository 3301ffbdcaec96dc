"""The commonest request answered from octets alone: a plain resolution of a record that anybody may read.

Same answer as decoding, `authority.decide` and encoding (a test holds that over a whole catalogue), for a fifth of the
time: the reply is a new envelope and header, the handle as asked, and the stored values as they lie in the store.
Everything the least out of the ordinary returns None and takes the long way.

    envelope 20 | header 24 | u32 length, handle | 4 zeros (no indexes) | 4 zeros (no types) | 4 zeros (no credential)
"""

from __future__ import annotations

from collections.abc import Callable
from struct import Struct

from resolver.model.identifier import PREFIX_HANDLE_LEAD
from resolver.rules.authority import Standing
from resolver.rules.replies import COPIED, HIGHEST, Speaker
from resolver.wire import peek
from resolver.wire.codes import OpFlag
from resolver.wire.message import as_order
from resolver.wire.record import SOME_RESTRICTED

# Envelope, header and the handle's length, in as few fields as what is checked and copied allows.
_REQUEST = Struct(">4sI4sII8sI2xBB4xII")
_RESPONSE = Struct(">4s4x4s4xI8sIHBxIII")
_HANDLE_AT = _REQUEST.size
_RESOLUTION_REQUEST = bytes.fromhex("00000001 00000000")  # opcode, code
_RESOLUTION_SUCCESS = bytes.fromhex("00000001 00000001")
_NO_LISTS_NO_CREDENTIAL = bytes(12)
_NO_CREDENTIAL = bytes(4)
_NO_VALUES = bytes(4)
_UNUSUAL = OpFlag.CERTIFY | OpFlag.REQUEST_DIGEST | OpFlag.ENCRYPT
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
    """The whole reply packet, or None if the request or the record is not of the plain kind."""
    octets = len(packet)
    if octets < _HANDLE_AT + 12:
        return None
    (version, session, request_id, sequence, length, kind, flags, recursion, reserved, body_octets, handle_octets) = (
        _REQUEST.unpack_from(packet)
    )
    end = _HANDLE_AT + handle_octets
    if (
        kind != _RESOLUTION_REQUEST
        or session
        or sequence
        or reserved
        or flags & _UNUSUAL
        or version not in _VERSIONS
        or length != octets - peek.ENVELOPE_OCTETS
        or body_octets != handle_octets + 12
        or packet[end:] != _NO_LISTS_NO_CREDENTIAL
    ):
        return None
    handle = packet[_HANDLE_AT:end]
    key = handle.upper()
    prefix, slash, _ = key.partition(b"/")
    if not slash or PREFIX_HANDLE_LEAD + prefix not in standing.homed or not standing.hashed_here(handle):
        return None
    record = get(key)
    if record is None or record[0] & SOME_RESTRICTED or record[1:5] == _NO_VALUES:
        return None
    body_octets = 3 + handle_octets + len(record)
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
    return b"".join((fixed, handle, record[1:], _NO_CREDENTIAL))
