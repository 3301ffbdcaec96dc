"""A value: one entry under a handle (RFC 3651 §3; protocol.md §6)."""

from __future__ import annotations

from resolver.model.frozen import frozen

ADMIN_READ, ADMIN_WRITE, PUBLIC_READ, PUBLIC_WRITE = 0x8, 0x4, 0x2, 0x1
DEFAULT_PERMISSIONS = ADMIN_READ | ADMIN_WRITE | PUBLIC_READ
DEFAULT_TTL_S = 86_400
TTL_RELATIVE, TTL_ABSOLUTE = 0, 1


@frozen
class Reference:
    """A pointer to a value of another handle: handle and index (0 = any)."""

    handle: bytes
    index: int


@frozen
class Value:
    """index, type and data, with TTL (seconds), timestamp (seconds since 1970) and permissions.

    `ttl_type` 0: `ttl` counts from retrieval; 1: `ttl` is a moment, seconds since 1970. Other numbers are kept.
    """

    index: int
    type: bytes
    data: bytes
    ttl: int = DEFAULT_TTL_S
    ttl_type: int = TTL_RELATIVE
    timestamp: int = 0
    permissions: int = DEFAULT_PERMISSIONS
    references: tuple[Reference, ...] = ()

    @property
    def public_read(self) -> bool:
        """Anybody may read it."""
        return bool(self.permissions & PUBLIC_READ)

    @property
    def admin_read(self) -> bool:
        """An administrator of the handle may read it."""
        return bool(self.permissions & ADMIN_READ)


def type_matches(asked: bytes, actual: bytes) -> bool:
    """Whether a value of type `actual` is selected by the question `asked` (protocol.md §4.2).

    ASCII case does not matter. `URL` selects `URL` only; `URL.` selects `URL` and all that begins `URL.`.
    """
    asked, actual = asked.upper(), actual.upper()
    if asked.endswith(b"."):
        return actual == asked[:-1] or actual.startswith(asked)
    return asked == actual


def is_a(value_type: bytes, wanted: bytes) -> bool:
    """Whether a value is *used* as a `wanted`: `URL.MIRROR` is a `URL` (protocol.md §6)."""
    value_type, wanted = value_type.upper(), wanted.upper()
    return value_type == wanted or value_type.startswith(wanted + b".")
