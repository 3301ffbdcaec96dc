"""HS_ADMIN: who may administer a handle, and what (protocol.md §7).

u16 permissions, str admin handle, u32 admin index (0 = any)   [, 00 00 from old servers]
"""

from __future__ import annotations

from resolver.model.frozen import frozen
from resolver.wire.buffer import Reader, Writer
from resolver.wire.types.codec import Codec

ADD_HANDLE, DELETE_HANDLE, ADD_DERIVED_PREFIX, DELETE_DERIVED_PREFIX = 0x0001, 0x0002, 0x0004, 0x0008
MODIFY_VALUE, REMOVE_VALUE, ADD_VALUE = 0x0010, 0x0020, 0x0040
MODIFY_ADMIN, REMOVE_ADMIN, ADD_ADMIN = 0x0080, 0x0100, 0x0200
READ_VALUE, LIST_HANDLES = 0x0400, 0x0800
ALL_PERMISSIONS = 0x0FFF
PERMISSION_NAMES = {
    ADD_HANDLE: "add handle",
    DELETE_HANDLE: "delete handle",
    ADD_DERIVED_PREFIX: "add derived prefix",
    DELETE_DERIVED_PREFIX: "delete derived prefix",
    MODIFY_VALUE: "modify value",
    REMOVE_VALUE: "remove value",
    ADD_VALUE: "add value",
    MODIFY_ADMIN: "modify admin",
    REMOVE_ADMIN: "remove admin",
    ADD_ADMIN: "add admin",
    READ_VALUE: "read value",
    LIST_HANDLES: "list handles",
}
_LEGACY_TAIL = bytes(2)


@frozen
class HsAdmin:
    """Permissions (all 16 bits are kept), and the value that identifies the administrator.

    `legacy_tail`: two zero octets follow, as old servers write them (protocol.md §11 trap 11).
    """

    permissions: int
    handle: bytes
    index: int
    legacy_tail: bool = False


def read(r: Reader) -> HsAdmin:
    """The record. PeerError if it is cut."""
    permissions, handle, index = r.u16("admin permissions"), r.counted("admin handle"), r.u32("admin index")
    legacy_tail = r.octets[r.position : r.limit] == _LEGACY_TAIL
    if legacy_tail:
        r.raw("legacy tail", 2)
    return HsAdmin(permissions, handle, index, legacy_tail)


def write(w: Writer, admin: HsAdmin) -> None:
    """The record."""
    w.u16(admin.permissions)
    w.counted(admin.handle)
    w.u32(admin.index)
    if admin.legacy_tail:
        w.raw(_LEGACY_TAIL)


CODEC = Codec("HS_ADMIN", read, write)
decode, encode = CODEC.decode, CODEC.encode
