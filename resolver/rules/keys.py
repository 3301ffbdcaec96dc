"""Keys: HS_PUBKEY records and private key files <-> keys that can sign and verify (protocol.md §7).

    public_key(record) -> VerifyingKey     what an HS_PUBKEY value, or the key field of HS_SITE, holds
    record_of(key)     -> record           RSA and DSA as key records, everything else as X.509 PEM text
    private_key(file)  -> SigningKey       PEM, PKCS#8 DER, or the reference's own private forms
    private_pem(key)   -> file             PKCS#8 PEM, what `biaoshi keygen` writes
    private_bin(key)   -> file             the reference's own form, RSA and DSA

The reference's private key file: u32 encryption (1 none, 4 AES), then the record: `str` key type and `bytes` each
    RSA_PRIVCRT_KEY   n, e, d, p, q, dP, dQ, qInv
    RSA_PRIV_KEY      n, d
    DSA_PRIV_KEY      x, p, q, g
encrypted (4): bytes salt, u32 iterations, u32 key bits, bytes IV, bytes ciphertext (PBKDF2-HMAC-SHA1, AES-CBC).
The bare record without the leading number is taken too. Nothing here ever shows a private number in an error.
"""

from __future__ import annotations

import hashlib

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from resolver.errors import CallerError, OperatorError, PeerError
from resolver.rules import gm
from resolver.rules.gm import Sm2PrivateKey, Sm2PublicKey
from resolver.wire.buffer import Reader, Writer
from resolver.wire.codes import Code
from resolver.wire.types import hs_pubkey
from resolver.wire.types.hs_pubkey import PemKey, PublicKey

SigningKey = (
    rsa.RSAPrivateKey | dsa.DSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | Sm2PrivateKey
)
VerifyingKey = rsa.RSAPublicKey | dsa.DSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey | Sm2PublicKey

# Arithmetic on numbers that somebody else chose is bounded before it begins.
KEY_OCTETS_MAX = 8_192  # a whole record or PEM text; RSA with 8,192 bits takes a tenth of it
RSA_BITS_MIN, RSA_BITS_MAX = 1_024, 8_192
RSA_EXPONENT_BITS_MAX = 64
DSA_BITS_MAX = 4_096
FILE_OCTETS_MAX = 65_536
FILE_ITERATIONS_MAX = 1_000_000
NOT_ENCRYPTED, ENCRYPTED_AES = 1, 4
_ENCRYPTION_MAX = 9  # a smaller number at the front of a file is an encryption, a larger one the key type's length
KINDS = ("rsa", "dsa", "ec", "ed25519", "sm2")


def public_key(record: bytes) -> VerifyingKey:
    """The key in an HS_PUBKEY value.

    PeerError (code 406) if it is none, if it is too weak or too large, or if it needs the extra `gm` and that is not
    installed: whoever wrote the record is to blame, and the error says which of these it is.
    """
    if len(record) > KEY_OCTETS_MAX:
        raise _bad(f"{len(record)} octets are too many for a public key")
    try:
        key = hs_pubkey.decode(record)
    except PeerError as problem:
        raise _bad("not an HS_PUBKEY record") from problem
    if isinstance(key, PemKey):
        return _from_pem(key.text)
    try:
        if key.key_type == hs_pubkey.RSA:
            return _rsa_public(key)
        if key.key_type == hs_pubkey.DSA:
            return _dsa_public(key)
    except (ValueError, UnsupportedAlgorithm) as problem:
        raise _bad(f"unusable {key.key_type.decode('ascii')}: {problem}") from problem
    if key.key_type == hs_pubkey.SM2:
        return _sm2_public(key.part("public key"))
    raise _bad(f"key type {key.key_type[:32]!r} cannot verify")


def record_of(key: SigningKey | VerifyingKey) -> bytes:
    """The HS_PUBKEY data of a key, or of the public half of a private one."""
    public = key if isinstance(key, VerifyingKey) else key.public_key()
    if isinstance(public, rsa.RSAPublicKey):
        numbers = public.public_numbers()
        return hs_pubkey.encode(hs_pubkey.rsa(numbers.e, numbers.n))
    if isinstance(public, dsa.DSAPublicKey):
        y = public.public_numbers()
        group = y.parameter_numbers
        return hs_pubkey.encode(hs_pubkey.dsa(group.q, group.p, group.g, y.y))
    if isinstance(public, Sm2PublicKey):
        return hs_pubkey.encode(PublicKey(hs_pubkey.SM2, (public.pem().replace(b"\n", b"\r\n"),)))
    return public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def private_key(octets: bytes, *, passphrase: bytes | None = None, file: str = "", ours: bool = False) -> SigningKey:
    """The key in a private key file. OperatorError, naming `file`, if it is none or the passphrase does not fit.

    `ours`: this program made the file, so the numbers in it need no test, which takes as long as to find them.
    """
    if len(octets) > FILE_OCTETS_MAX:
        raise OperatorError(f"{len(octets)} octets are too many for a private key", file=file)
    try:
        if octets.lstrip().startswith(b"-----BEGIN "):
            return _signing(octets, passphrase, pem=True, ours=ours)
        if octets[:1] == b"\x30":
            return _signing(octets, passphrase, pem=False, ours=ours)
        return _own_form(_decrypted(octets, passphrase))
    except TypeError as problem:  # the library's words for "a passphrase is needed", or given in vain
        raise OperatorError(str(problem), file=file) from None
    except (ValueError, PeerError, UnsupportedAlgorithm):
        # Without its cause: that could quote what was decrypted.
        raise OperatorError(
            "not a private key that can be read" + (", or another passphrase" if passphrase else ""),
            file=file,
            remedy="PEM, PKCS#8 DER and the reference's privkey.bin are understood",
        ) from None


def private_pem(key: SigningKey, passphrase: bytes | None = None) -> bytes:
    """The key as PKCS#8 PEM, encrypted if there is a passphrase."""
    if isinstance(key, Sm2PrivateKey):
        return key.pem(passphrase)
    encryption: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase:
        encryption = serialization.BestAvailableEncryption(passphrase)
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)


def private_bin(key: SigningKey) -> bytes:
    """The key as the reference's private key file, not encrypted. CallerError for kinds that it does not know."""
    if isinstance(key, rsa.RSAPrivateKey):
        r = key.private_numbers()
        parts: tuple[bytes | int, ...] = (
            b"RSA_PRIVCRT_KEY",
            r.public_numbers.n,
            r.public_numbers.e,
            r.d,
            r.p,
            r.q,
            r.dmp1,
            r.dmq1,
            r.iqmp,
        )
    elif isinstance(key, dsa.DSAPrivateKey):
        d = key.private_numbers()
        group = d.public_numbers.parameter_numbers
        parts = (b"DSA_PRIV_KEY", d.x, group.p, group.q, group.g)
    else:
        raise CallerError("the reference has no private key files but of RSA and DSA")
    w = Writer()
    w.u32(NOT_ENCRYPTED)
    for part in parts:
        w.counted(part if isinstance(part, bytes) else hs_pubkey.integer_octets(part))
    return w.octets()


def generate(kind: str = "rsa", bits: int = 2_048) -> SigningKey:
    """A new key of one of KINDS, out of the operating system's randomness. `bits`: of an RSA modulus or a DSA prime.

    RSA of 2,048 bits, what the reference makes, takes a tenth of a second; DSA several seconds. CallerError for an
    unknown kind.
    """
    if kind == "rsa":
        return rsa.generate_private_key(65_537, bits)
    if kind == "dsa":
        return dsa.generate_private_key(bits)
    if kind == "ec":
        return ec.generate_private_key(ec.SECP256R1())
    if kind == "ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    if kind == "sm2":
        return gm.generate()
    raise CallerError(f"no key kind {kind!r}: {', '.join(KINDS)}")


def _bad(text: str) -> PeerError:
    return PeerError(text, code=Code.AUTHEN_ERROR)


def _rsa_public(key: PublicKey) -> rsa.RSAPublicKey:
    exponent, modulus = key.number("exponent"), key.number("modulus")
    if not RSA_BITS_MIN <= modulus.bit_length() <= RSA_BITS_MAX or exponent.bit_length() > RSA_EXPONENT_BITS_MAX:
        raise ValueError(f"modulus of {modulus.bit_length()} and exponent of {exponent.bit_length()} bits")
    return rsa.RSAPublicNumbers(exponent, modulus).public_key()


def _dsa_public(key: PublicKey) -> dsa.DSAPublicKey:
    q, p, g, y = (key.number(name) for name in hs_pubkey.PARTS[hs_pubkey.DSA])
    if max(p, q, g, y).bit_length() > DSA_BITS_MAX:
        raise ValueError(f"numbers of more than {DSA_BITS_MAX} bits")
    return dsa.DSAPublicNumbers(y, dsa.DSAParameterNumbers(p, q, g)).public_key()


def _from_pem(text: bytes) -> VerifyingKey:
    if gm.is_sm2(text):
        return gm.public_key(text)
    try:
        key = serialization.load_pem_public_key(text)
    except (ValueError, UnsupportedAlgorithm) as problem:
        raise _bad("PEM text without a usable public key") from problem
    if isinstance(key, rsa.RSAPublicKey):
        numbers = key.public_numbers()
        return public_key(hs_pubkey.encode(hs_pubkey.rsa(numbers.e, numbers.n)))  # for its bounds
    if not isinstance(key, VerifyingKey):
        raise _bad(f"a {type(key).__name__} cannot verify")
    return key


def _sm2_public(octets: bytes) -> Sm2PublicKey:
    return gm.public_key(octets)


def _signing(octets: bytes, passphrase: bytes | None, *, pem: bool, ours: bool) -> SigningKey:
    if gm.is_sm2(octets):
        return gm.private_key(octets, passphrase)
    load = serialization.load_pem_private_key if pem else serialization.load_der_private_key
    key = load(octets, passphrase, unsafe_skip_rsa_key_validation=ours)
    if not isinstance(key, SigningKey):
        raise ValueError
    return key


def _decrypted(octets: bytes, passphrase: bytes | None) -> bytes:
    """The record in a private key file of the reference."""
    r = Reader(octets)
    encryption = r.u32("encryption")
    if encryption > _ENCRYPTION_MAX:
        return octets
    if encryption == NOT_ENCRYPTED:
        return r.rest("record")
    if encryption != ENCRYPTED_AES:
        raise TypeError(
            f"File encryption {encryption} of old software is not supported; rewrite it with hdl-convert-key"
        )
    if passphrase is None:
        raise TypeError("Password was not given but private key is encrypted")
    salt, iterations, bits = r.counted("salt"), r.u32("iterations"), r.u32("key bits")
    iv, ciphertext = r.counted("IV"), r.counted("ciphertext")
    if not 0 < iterations <= FILE_ITERATIONS_MAX or bits not in (128, 192, 256):
        raise ValueError
    key = hashlib.pbkdf2_hmac("sha1", passphrase, salt, iterations, bits // 8)
    decryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
    unpadder = PKCS7(128).unpadder()
    return unpadder.update(decryptor.update(ciphertext) + decryptor.finalize()) + unpadder.finalize()


def _own_form(record: bytes) -> SigningKey:
    """A private key record. ValueError or PeerError if it is none."""
    r = Reader(record)
    kind = r.counted("key type")

    def number(name: str) -> int:
        return int.from_bytes(r.counted(name), "big")

    if kind == b"RSA_PRIVCRT_KEY":
        n, e, d, p, q, dp, dq, q_inverse = (number(name) for name in ("n", "e", "d", "p", "q", "dP", "dQ", "qInv"))
        return rsa.RSAPrivateNumbers(p, q, d, dp, dq, q_inverse, rsa.RSAPublicNumbers(e, n)).private_key()
    if kind == b"RSA_PRIV_KEY":
        n, d = number("n"), number("d")
        e = 65_537  # not in the record; the reference makes no other
        p, q = rsa.rsa_recover_prime_factors(n, e, d)
        crt = (rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q))
        return rsa.RSAPrivateNumbers(p, q, d, *crt, rsa.RSAPublicNumbers(e, n)).private_key()
    if kind == b"DSA_PRIV_KEY":
        x, p, q, g = (number(name) for name in ("x", "p", "q", "g"))
        if max(x, p, q, g).bit_length() > DSA_BITS_MAX or p < 2:
            raise ValueError
        public = dsa.DSAPublicNumbers(pow(g, x, p), dsa.DSAParameterNumbers(p, q, g))
        return dsa.DSAPrivateNumbers(x, public).private_key()
    raise ValueError
