"""The commonest request answered from octets alone: a plain resolution of a record that anybody may read.

Same answer as decoding, `authority.decide` and encoding (a test holds that over a whole catalogue), for a third of the
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
from resolver.wire.codes import Code, Opcode, OpFlag
from resolver.wire.message import as_order

_REQUEST = Struct(">BBBBIIIIIIIHBBIII")  # envelope, header, length of the handle
_HANDLE_AT = _REQUEST.size
_RESPONSE = Struct(">BBBBIIIIIIIHBBIII")
_NO_LISTS_NO_CREDENTIAL = bytes(12)
_UNUSUAL = OpFlag.CERTIFY | OpFlag.REQUEST_DIGEST | OpFlag.ENCRYPT
_SET = {True: OpFlag.RECURSIVE | OpFlag.AUTHORITATIVE, False: int(OpFlag.RECURSIVE)}
_RESOLUTION, _SUCCESS = int(Opcode.RESOLUTION), int(Code.SUCCESS)
_OLDEST = as_order(2, 1)
_MAJOR, _MINOR = HIGHEST
_SECRET_INSIDE = 0x01  # bit of a packed record (resolver/wire/record.py)


def answer_plain(
    packet: bytes, standing: Standing, get: Callable[[bytes], bytes | None], speaker: Speaker, wall_s: int
) -> bytes | None:
    """The whole reply packet, or None if the request or the record is not of the plain kind."""
    octets = len(packet)
    if octets < _HANDLE_AT + 12:
        return None
    (
        major, minor, suggested_major, suggested_minor, session, request_id, sequence, length,
        opcode, code, flags, _serial, recursion, reserved, _expires, body_octets, handle_octets,
    ) = _REQUEST.unpack_from(packet)  # fmt: skip
    end = _HANDLE_AT + handle_octets
    if (
        opcode != _RESOLUTION
        or code
        or session
        or sequence
        or reserved
        or flags & _UNUSUAL
        or suggested_major != _MAJOR  # also: no envelope flags
        or as_order(major, minor) < _OLDEST
        or length != octets - peek.ENVELOPE_OCTETS
        or body_octets != handle_octets + 12
        or packet[end:] != _NO_LISTS_NO_CREDENTIAL
    ):
        return None
    handle = packet[_HANDLE_AT:end]
    key = handle.upper()
    if PREFIX_HANDLE_LEAD + key.partition(b"/")[0] not in standing.homed or b"/" not in key:
        return None
    if not standing.hashed_here(handle):
        return None
    record = get(key)
    if record is None or record[0] & _SECRET_INSIDE or record[1:5] == b"\0\0\0\0":
        return None
    body_octets = 4 + handle_octets + len(record) - 1
    fixed = _RESPONSE.pack(
        _MAJOR, min(suggested_minor, _MINOR), _MAJOR, _MINOR, 0, request_id, 0,
        peek.HEADER_OCTETS + body_octets + 4,
        opcode, _SUCCESS, flags & COPIED | _SET[speaker.primary], speaker.serial, recursion, 0,
        (wall_s + peek.RESPONSE_LIFE_S) & 0xFFFFFFFF, body_octets, handle_octets,
    )  # fmt: skip
    return b"".join((fixed, handle, record[1:], b"\0\0\0\0"))
