"""HS_VLIST: a group of administrators, `list<ref>` (protocol.md §7)."""

from __future__ import annotations

from resolver.model.value import Reference
from resolver.wire.buffer import Reader
from resolver.wire.types.codec import Codec
from resolver.wire.values import read_references, write_references


def read(r: Reader) -> tuple[Reference, ...]:
    """The references. PeerError if the list is cut."""
    return read_references(r, "members")


CODEC = Codec("HS_VLIST", read, write_references)
decode, encode = CODEC.decode, CODEC.encode
