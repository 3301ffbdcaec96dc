"""Types whose data is text, without a length: URL, EMAIL, DESC, HS_NAMESPACE, 10320/loc, HS_CERT, HS_SIGNATURE.

Nobody validates the text: octets stay octets.
"""

from __future__ import annotations

from resolver.wire.buffer import Reader, Writer
from resolver.wire.types.codec import Codec


def read(r: Reader) -> bytes:
    """The text: all that is there."""
    return r.rest("text")


def write(w: Writer, text: bytes) -> None:
    """The text."""
    w.raw(text)


CODEC = Codec("text", read, write)
decode, encode = CODEC.decode, CODEC.encode
