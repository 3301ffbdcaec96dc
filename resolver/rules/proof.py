"""Proofs of identity: the answer to a challenge, made and checked (protocol.md §9).

    challenged request ──> Demand: nonce | digest of the request, and the challenge's version
    client   answer(demand, credentials, salt) -> body of opcode 200
    server   proves_secret(answer, secret, demand), proves_key(answer, key, demand, user)
    server   of the key's holder, asked by opcode 201: verify(body, values)

HS_SECKEY answers, K the secret and D = nonce | digest:
    below 2.1   MD5(K D K)                              no octet in front
    2.1 to 2.6  02  SHA1(K D K)
    from 2.7    22  bytes salt, u32 iterations, u32 bits, bytes HMAC-SHA1(PBKDF2-HMAC-SHA1(K, salt, ...), D)
    also taken  01 MD5(K D K)   03 SHA256(K D K)   12 HMAC-SHA1(K, D)   13 HMAC-SHA256(K, D)
HS_PUBKEY answers: `str` hash name, `bytes` signature over D.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, padding, rsa

from resolver.errors import CallerError, PeerError
from resolver.model.value import Reference, Value
from resolver.rules import gm
from resolver.rules.gm import Sm2PrivateKey, Sm2PublicKey
from resolver.rules.keys import SigningKey, VerifyingKey
from resolver.wire.bodies.authentication import Challenge, ChallengeAnswer, OldChallenge, VerifyRequest
from resolver.wire.bodies.digest import Digest
from resolver.wire.buffer import Reader, Writer
from resolver.wire.message import Message, as_order

SECRET_KEY, PUBLIC_KEY = b"HS_SECKEY", b"HS_PUBKEY"  # auth types, and types of the values that hold the keys
SALT_OCTETS = 16
ITERATIONS, KEY_BITS = 10_000, 160  # what the reference uses
# Whoever answers chooses the work of the server that checks: these are its bounds.
ITERATIONS_MAX, KEY_BITS_MAX, SALT_OCTETS_MAX = 50_000, 256, 64
SECRETS_MAX = 8  # secrets of one user that are tried for index 0
_MD5, _SHA1, _SHA256, _HMAC_SHA1, _HMAC_SHA256, _PBKDF2 = 0x01, 0x02, 0x03, 0x12, 0x13, 0x22
_OLD_OCTETS = 16  # MD5 without an octet in front; no other answer is that short
HASHES: dict[bytes, hashes.HashAlgorithm] = {
    b"SHA1": hashes.SHA1(),
    b"SHA-1": hashes.SHA1(),
    b"SHA-256": hashes.SHA256(),
    b"SHA256": hashes.SHA256(),
}
SM3_NAME, ED25519_NAME = b"SM3", b"Ed25519"  # the second is ours: nobody else has such keys


@dataclass(frozen=True, slots=True)
class Demand:
    """What is to be proven: knowledge of a key, shown on these octets.

    `version`: of the challenge; `secret_version`: the lower of that and its suggestion, which decides for HS_SECKEY.
    Both in comparable form (message.as_order).
    """

    nonce: bytes
    digest: Digest
    version: tuple[int, int] = (2, 11)
    secret_version: tuple[int, int] = (2, 11)

    @property
    def octets(self) -> bytes:
        """D: what is signed."""
        return self.nonce + self.digest.octets


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who somebody is, and the key that proves it: a secret's octets (HS_SECKEY), or a private key (HS_PUBKEY)."""

    user: Reference
    key: bytes | SigningKey = field(repr=False)

    @property
    def auth_type(self) -> bytes:
        """HS_SECKEY or HS_PUBKEY."""
        return SECRET_KEY if isinstance(self.key, bytes) else PUBLIC_KEY


def demand_of(challenge: Message) -> Demand:
    """What a challenge demands. PeerError if the message is none, or lacks the digest that it must have."""
    body = challenge.body
    envelope = challenge.envelope
    versions = envelope.version, min(envelope.version, as_order(*envelope.suggested))
    if isinstance(body, OldChallenge):
        return Demand(body.nonce, Digest(0, body.digest), *versions)
    if isinstance(body, Challenge) and challenge.digest is not None:
        return Demand(body.nonce, challenge.digest, *versions)
    raise PeerError("not a challenge")


def answer(demand: Demand, credentials: Credentials, salt: bytes) -> ChallengeAnswer:
    """The body of opcode 200. `salt`: SALT_OCTETS unguessable octets, for HS_SECKEY from version 2.7 on."""
    key, user = credentials.key, credentials.user
    if isinstance(key, bytes):
        proof = secret_answer(key, demand, salt)
    else:
        name, signature = sign(key, demand.octets, demand.version, user.handle)
        w = Writer()
        w.counted(name)
        w.counted(signature)
        proof = w.octets()
    return ChallengeAnswer(credentials.auth_type, user.handle, user.index, proof)


def secret_answer(secret: bytes, demand: Demand, salt: bytes) -> bytes:
    """The answer with HS_SECKEY, in the form of the demand's version."""
    if demand.secret_version >= (2, 7):
        if not 0 < len(salt) <= SALT_OCTETS_MAX:
            raise CallerError(f"a salt of {len(salt)} octets")
        w = Writer()
        w.u8(_PBKDF2)
        w.counted(salt)
        w.u32(ITERATIONS)
        w.u32(KEY_BITS)
        w.counted(_derived_mac(secret, demand.octets, salt, ITERATIONS, KEY_BITS))
        return w.octets()
    if demand.secret_version >= (2, 1):
        return bytes((_SHA1,)) + keyed_mac(_SHA1, secret, demand.octets)
    return keyed_mac(_MD5, secret, demand.octets)


def proves_secret(proof: bytes, secret: bytes, demand: Demand) -> bool:
    """Whether an answer was made by somebody who knows `secret`. False, never an error, for what is no answer."""
    if len(proof) == _OLD_OCTETS:
        return hmac.compare_digest(proof, keyed_mac(_MD5, secret, demand.octets))
    if not proof:
        return False
    if proof[0] == _PBKDF2:
        return _proves_derived(proof, secret, demand.octets)
    if proof[0] not in (_MD5, _SHA1, _SHA256, _HMAC_SHA1, _HMAC_SHA256):
        return False
    return hmac.compare_digest(proof[1:], keyed_mac(proof[0], secret, demand.octets))


def proves_key(proof: bytes, key: VerifyingKey, demand: Demand, user_handle: bytes) -> bool:
    """Whether an answer was signed by the owner of `key`. False for what is no answer.

    PeerError only if the key is SM2 and the extra `gm` is missing.
    """
    try:
        r = Reader(proof)
        name, signature = r.counted("hash name"), r.counted("signature")
    except PeerError:
        return False
    return verifies(key, name, signature, demand.octets, user_handle)


def verify_request(body: ChallengeAnswer, demand: Demand) -> VerifyRequest:
    """The body of opcode 201: asks the holder of a user's secret whether an answer is right."""
    return VerifyRequest(body.user_handle, body.user_index, demand.nonce, demand.digest, body.answer)


def verify(body: VerifyRequest, values: Iterable[Value]) -> bool:
    """What the holder of the user's record answers to opcode 201: index 0 stands for any of its HS_SECKEY values."""
    demand = Demand(body.nonce, body.digest)
    secrets = (
        value.data for value in values if value.type.upper() == SECRET_KEY and body.user_index in (0, value.index)
    )
    return any(proves_secret(body.answer, secret, demand) for secret in islice(secrets, SECRETS_MAX))


def keyed_mac(algorithm: int, key: bytes, octets: bytes) -> bytes:
    """A MAC by its number: 1, 2, 3 hash(K D K) by MD5, SHA-1, SHA-256; 0x12, 0x13 HMAC-SHA1 and HMAC-SHA256."""
    if algorithm in (_HMAC_SHA1, _HMAC_SHA256):
        return hmac.digest(key, octets, "sha1" if algorithm == _HMAC_SHA1 else "sha256")
    name = {_MD5: "md5", _SHA1: "sha1", _SHA256: "sha256"}[algorithm]
    return hashlib.new(name, key + octets + key, usedforsecurity=False).digest()


def sign(key: SigningKey, octets: bytes, version: tuple[int, int], signer: bytes = b"") -> tuple[bytes, bytes]:
    """(hash name, signature) over `octets` as `version` has it: SHA-256 from 2.7 on, with DSA from 2.11, else SHA-1.

    RSA is PKCS#1 v1.5, DSA and ECDSA are DER. EC keys sign with SHA-256 and Ed25519 with itself in every version.
    SM2 signs the SM3 digest of the octets; `signer` is its signer id.
    """
    if isinstance(key, rsa.RSAPrivateKey):
        name = b"SHA-256" if version >= (2, 7) else b"SHA1"
        return name, key.sign(octets, padding.PKCS1v15(), HASHES[name])
    if isinstance(key, dsa.DSAPrivateKey):
        name = b"SHA-256" if version >= (2, 11) else b"SHA1"
        return name, key.sign(octets, HASHES[name])
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return b"SHA-256", key.sign(octets, ec.ECDSA(hashes.SHA256()))
    if isinstance(key, Sm2PrivateKey):
        return SM3_NAME, key.sign(gm.sm3(octets), signer)
    return ED25519_NAME, key.sign(octets)


def verifies(key: VerifyingKey, name: bytes, signature: bytes, octets: bytes, signer: bytes = b"") -> bool:
    """Whether `signature`, made with the hash `name`, is of `octets` by the owner of `key`. False for unknown names.

    MD5 is unknown: nobody signs with it, and whoever did could not be believed.
    """
    if isinstance(key, Sm2PublicKey):
        return name == SM3_NAME and key.verify(signature, gm.sm3(octets), signer)
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, octets, padding.PKCS1v15(), HASHES[name])
        elif isinstance(key, dsa.DSAPublicKey):
            key.verify(signature, octets, HASHES[name])
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, octets, ec.ECDSA(HASHES[name]))
        elif name == ED25519_NAME:
            key.verify(signature, octets)
        else:
            return False
    except (InvalidSignature, KeyError):
        return False
    return True


def _derived_mac(secret: bytes, octets: bytes, salt: bytes, iterations: int, bits: int) -> bytes:
    # Java takes a password as text: each octet a character, and these as UTF-8.
    password = secret.decode("latin-1").encode()
    return hmac.digest(hashlib.pbkdf2_hmac("sha1", password, salt, iterations, bits // 8), octets, "sha1")


def _proves_derived(proof: bytes, secret: bytes, octets: bytes) -> bool:
    r = Reader(proof)
    try:
        r.u8("algorithm")
        salt, iterations, bits, mac = r.counted("salt"), r.u32("iterations"), r.u32("bits"), r.counted("MAC")
        r.finish("answer")
    except PeerError:
        return False
    if len(salt) > SALT_OCTETS_MAX or not 0 < iterations <= ITERATIONS_MAX or not 8 <= bits <= KEY_BITS_MAX or bits % 8:
        return False
    return hmac.compare_digest(mac, _derived_mac(secret, octets, salt, iterations, bits))
