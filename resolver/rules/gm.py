"""SM2 (GB/T 32918), the national signature and encryption, for nodes and keys that want it: the extra `gm`.

    pip install 'biaoshi[gm]'

SM3 and SM4 come with `cryptography`; only SM2's curve does not, so that alone needs the library `gmalg`. Whatever is
asked here without it raises PeerError or OperatorError that say so, and a node without it refuses SM2 keys only.

Public keys are read as X.509 SubjectPublicKeyInfo (PEM text or DER) or as the bare point 04 | X | Y (protocol.md §7),
private ones as PKCS#8. Both structures are fixed octets around the numbers, so they are read and written as such.
"""

from __future__ import annotations

import base64
import binascii
import re
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from resolver.errors import OperatorError, PeerError
from resolver.wire.codes import Code

if TYPE_CHECKING:
    from gmalg import SM2

NUMBER_OCTETS = 32
POINT_OCTETS = 1 + 2 * NUMBER_OCTETS
_UNCOMPRESSED = 0x04
_ORDER = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
_CURVE = bytes.fromhex("06082a811ccf5501822d")  # OID 1.2.156.10197.1.301
_ALGORITHM = bytes.fromhex("301306072a8648ce3d0201") + _CURVE
_PUBLIC_LEAD = bytes.fromhex("3059") + _ALGORITHM + bytes.fromhex("034200")
_PRIVATE_LEAD = bytes.fromhex("308187020100") + _ALGORITHM + bytes.fromhex("046d306b0201010420")
_PRIVATE_POINT = bytes.fromhex("a144034200")
_PRIVATE_NUMBER = bytes.fromhex("0201010420")  # ECPrivateKey: version 1, then the number's octets
_PEM = re.compile(rb"-----BEGIN ([A-Z0-9 ]{1,40})-----(.*?)-----END \1-----", re.DOTALL)
_REMEDY = "Install the extra: pip install 'biaoshi[gm]'"


@dataclass(frozen=True, slots=True)
class Sm2PublicKey:
    """A point of the SM2 curve, as 04 | X | Y."""

    point: bytes

    def pem(self) -> bytes:
        """SubjectPublicKeyInfo as PEM text."""
        return _pem_text(b"PUBLIC KEY", _PUBLIC_LEAD + self.point)

    def verify(self, signature: bytes, message: bytes, signer: bytes) -> bool:
        """Whether `signature` (DER) is SM2-with-SM3 of `message` by `signer`, an id of at most 8,191 octets."""
        try:
            r, s = decode_dss_signature(signature)
            octets = r.to_bytes(NUMBER_OCTETS, "big"), s.to_bytes(NUMBER_OCTETS, "big")
        except (ValueError, OverflowError):
            return False
        return len(signer) < 8_192 and bool(_engine(pk=self.point, uid=signer).verify(message, *octets))

    def encrypt(self, plain: bytes) -> bytes:
        """C1 | C3 | C2 (GB/T 32918.4), the order that the national SDK decrypts."""
        return bytes(_engine(pk=self.point).encrypt(plain))


@dataclass(frozen=True, slots=True)
class Sm2PrivateKey:
    """A private number and its point."""

    number: bytes = field(repr=False)
    point: bytes

    def public_key(self) -> Sm2PublicKey:
        """Its public half."""
        return Sm2PublicKey(self.point)

    def pem(self, passphrase: bytes | None = None) -> bytes:
        """PKCS#8 as PEM text. OperatorError if it shall be encrypted."""
        if passphrase:
            raise OperatorError("SM2 keys cannot be written encrypted", remedy="Protect the file instead")
        return _pem_text(b"PRIVATE KEY", _PRIVATE_LEAD + self.number + _PRIVATE_POINT + self.point)

    def sign(self, message: bytes, signer: bytes) -> bytes:
        """SM2-with-SM3 of `message` by `signer`, as DER."""
        r, s = _engine(sk=self.number, uid=signer, pk=self.point).sign(message)
        return encode_dss_signature(int.from_bytes(r, "big"), int.from_bytes(s, "big"))

    def decrypt(self, cipher: bytes) -> bytes:
        """What was encrypted as C1 | C3 | C2. ValueError if it was not, or not for this key."""
        if len(cipher) <= POINT_OCTETS + NUMBER_OCTETS or cipher[0] != _UNCOMPRESSED:
            raise ValueError("not an SM2 ciphertext")
        _check_point(cipher[:POINT_OCTETS])
        import gmalg.errors

        try:
            return bytes(_engine(sk=self.number, pk=self.point).decrypt(cipher))
        except gmalg.errors.GMError as problem:
            raise ValueError("not an SM2 ciphertext for this key") from problem


def sm3(octets: bytes) -> bytes:
    """The SM3 digest (GB/T 32905), 32 octets."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(octets)
    return digest.finalize()


def is_sm2(octets: bytes) -> bool:
    """Whether PEM text or DER speaks of the SM2 curve."""
    return _CURVE in der_of(octets)


def public_key(octets: bytes) -> Sm2PublicKey:
    """The key in PEM text, in DER or as a bare point. PeerError (code 406) if it is none, or without the extra."""
    der = der_of(octets)
    if len(der) == POINT_OCTETS and der[0] == _UNCOMPRESSED:
        point = der
    elif len(der) == len(_PUBLIC_LEAD) + POINT_OCTETS and der.startswith(_PUBLIC_LEAD):
        point = der[-POINT_OCTETS:]
    else:
        raise PeerError("not an SM2 public key", code=Code.AUTHEN_ERROR)
    try:
        _check_point(point)
    except ValueError as problem:
        raise PeerError("not a point of the SM2 curve", code=Code.AUTHEN_ERROR) from problem
    return Sm2PublicKey(point)


def private_key(octets: bytes, passphrase: bytes | None = None) -> Sm2PrivateKey:
    """The key in a PKCS#8 file. ValueError if it cannot be read; OperatorError without the extra."""
    _, found, rest = der_of(octets).partition(_PRIVATE_NUMBER)
    if not found or passphrase or not 0 < int.from_bytes(rest[:NUMBER_OCTETS], "big") < _ORDER - 1:
        raise ValueError("not an SM2 private key")
    return _from_number(rest[:NUMBER_OCTETS])


def generate() -> Sm2PrivateKey:
    """A new key. OperatorError without the extra."""
    return _from_number((1 + secrets.randbelow(_ORDER - 2)).to_bytes(NUMBER_OCTETS, "big"))


def _from_number(number: bytes) -> Sm2PrivateKey:
    try:
        return Sm2PrivateKey(number, bytes(_engine().generate_pk(number)))
    except PeerError as problem:
        raise OperatorError(problem.text, remedy=_REMEDY) from None


def _engine(sk: bytes | None = None, uid: bytes | None = None, pk: bytes | None = None) -> SM2:
    try:
        from gmalg import SM2
    except ImportError:
        raise PeerError("SM2 keys need the extra gm, which is not installed", code=Code.AUTHEN_ERROR) from None
    return SM2(sk, uid, pk)


def _check_point(point: bytes) -> None:
    """ValueError if the point is not on the curve."""
    if not _engine().verify_pk(point):
        raise ValueError("not on the curve")


def der_of(octets: bytes) -> bytes:
    """What PEM text wraps; anything else as it is."""
    found = _PEM.search(octets)
    if found is None:
        return octets
    try:
        return base64.b64decode(b"".join(found[2].split()), validate=True)
    except binascii.Error:
        return b""


def _pem_text(label: bytes, der: bytes) -> bytes:
    text = base64.b64encode(der)
    lines = [text[start : start + 64] for start in range(0, len(text), 64)]
    return b"\n".join((b"-----BEGIN %s-----" % label, *lines, b"-----END %s-----" % label, b""))
