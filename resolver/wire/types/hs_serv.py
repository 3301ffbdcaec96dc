"""Types whose data is a handle, without a length.

HS_SERV and HS_SERV.PREFIX name the handle of a service, HS_ALIAS another name of the same thing.
"""

from __future__ import annotations

from resolver.wire.buffer import Reader, Writer
from resolver.wire.types.codec import Codec


def read(r: Reader) -> bytes:
    """The handle: all that is there."""
    return r.rest("handle")


def write(w: Writer, handle: bytes) -> None:
    """The handle."""
    w.raw(handle)


CODEC = Codec("a handle", read, write)
decode, encode = CODEC.decode, CODEC.encode
