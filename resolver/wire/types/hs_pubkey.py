"""HS_PUBKEY: a public key (protocol.md §7). Also the key inside HS_SITE and in session setup. Fields only, no crypto.

str key type, u16 flags, then `bytes` each:
    RSA_PUB_KEY   exponent, modulus, and then four zero octets that belong to the record (trap 10)
    DSA_PUB_KEY   q, p, g, y
    DH_PUB_KEY    y, p, g
    SM2_PUB_KEY   an X.509 SubjectPublicKeyInfo as PEM text or DER, or the bare point 04 | X | Y
    SM9_PUB_KEY   the identity, as text
or, without any of this, the text of an X.509 PEM block (behaviour.md §5.4); EC and Ed25519 come only so.
"""

from __future__ import annotations

from resolver.errors import CallerError
from resolver.model.frozen import frozen
from resolver.wire.buffer import Reader, Writer
from resolver.wire.types.codec import Codec

RSA, DSA, DH, SM2, SM9 = b"RSA_PUB_KEY", b"DSA_PUB_KEY", b"DH_PUB_KEY", b"SM2_PUB_KEY", b"SM9_PUB_KEY"
PARTS = {
    RSA: ("exponent", "modulus"),
    DSA: ("q", "p", "g", "y"),
    DH: ("y", "p", "g"),
    SM2: ("public key",),
    SM9: ("identity",),
}
RSA_TAIL = bytes(4)
_PEM_LEAD = b"-----BEGIN "


@frozen
class PublicKey:
    """A key record. `parts` in the order of PARTS; an unknown key type has none, all of it is in `tail`."""

    key_type: bytes
    parts: tuple[bytes, ...]
    flags: int = 0
    tail: bytes = b""

    def part(self, name: str) -> bytes:
        """One part by its name in PARTS. CallerError if this key type has none of that name."""
        names = PARTS.get(self.key_type, ())
        if name not in names:
            raise CallerError(f"a {self.key_type!r} has no {name}")
        return self.parts[names.index(name)]

    def number(self, name: str) -> int:
        """A part read as an unsigned integer."""
        return int.from_bytes(self.part(name), "big")


@frozen
class PemKey:
    """The text of an X.509 PEM block instead of a record."""

    text: bytes


def integer_octets(number: int) -> bytes:
    """A number as key parts write it: two's complement, minimal, so with a leading 00 when the top bit is set."""
    return number.to_bytes(number.bit_length() // 8 + 1, "big")


def rsa(exponent: int, modulus: int) -> PublicKey:
    """An RSA key record."""
    return PublicKey(RSA, (integer_octets(exponent), integer_octets(modulus)), tail=RSA_TAIL)


def dsa(q: int, p: int, g: int, y: int) -> PublicKey:
    """A DSA key record."""
    return PublicKey(DSA, tuple(integer_octets(number) for number in (q, p, g, y)))


def read(r: Reader) -> PublicKey | PemKey:
    """The key. PeerError if the record is cut."""
    if r.octets.startswith(_PEM_LEAD, r.position, r.limit):
        return PemKey(r.rest("PEM text"))
    key_type, flags = r.counted("key type"), r.u16("key flags")
    parts = tuple([r.counted(name) for name in PARTS.get(key_type, ())])
    return PublicKey(key_type, parts, flags, r.rest("key tail"))


def write(w: Writer, key: PublicKey | PemKey) -> None:
    """The record, or the text."""
    if isinstance(key, PemKey):
        w.raw(key.text)
        return
    w.counted(key.key_type)
    w.u16(key.flags)
    for part in key.parts:
        w.counted(part)
    w.raw(key.tail)


CODEC = Codec("HS_PUBKEY", read, write)
decode, encode = CODEC.decode, CODEC.encode
