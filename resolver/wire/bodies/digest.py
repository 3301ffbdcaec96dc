"""The digest of a request, as its answer repeats it: `u8 algorithm | digest` (protocol.md §4.1).

1 MD5, 16 octets    2 SHA-1, 20    3 SHA-256, 32
0 the old form: a u32 length, whose first octet is that 0, and the digest
"""

from __future__ import annotations

from typing import Self

from resolver.errors import PeerError
from resolver.model.frozen import frozen
from resolver.wire.buffer import Reader, Writer

COUNTED, MD5, SHA1, SHA256 = 0, 1, 2, 3
OCTETS = {MD5: 16, SHA1: 20, SHA256: 32}


@frozen
class Digest:
    """Algorithm (0: not said, counted form) and the digest's octets."""

    algorithm: int
    octets: bytes

    @classmethod
    def read(cls, r: Reader) -> Self:
        """Take a digest. PeerError for an algorithm whose length nobody knows."""
        start = r.position
        algorithm = r.u8("digest algorithm")
        if algorithm == COUNTED:
            r.rewind(start)
            return cls(COUNTED, r.counted("digest"))
        if algorithm not in OCTETS:
            raise PeerError(f"digest algorithm {algorithm} is unknown", offset=start)
        return cls(algorithm, r.raw("digest", OCTETS[algorithm]))

    def write(self, w: Writer) -> None:
        """Put it in the form it was read in."""
        if self.algorithm == COUNTED:
            w.counted(self.octets)
        else:
            w.u8(self.algorithm)
            w.raw(self.octets)
