"""JSON web signatures in compact form, `header.payload.signature`, and their keys as JSON (RFC 7515, RFC 7517).

HS_CERT and HS_SIGNATURE values hold them (protocol.md §7; behaviour.md §5.4):
    RS256 RS384 RS512   RSA, PKCS#1 v1.5           {"kty": "RSA", "n", "e"}
    DS256               DSA with SHA-256, DER       {"kty": "DSA", "y", "p", "q", "g"}; the reference's own
    SM2256              SM2 with SM3, DER           {"kty": "SM2", "d": X.509 DER}; the national SDK's own
    ES256               P-256, r | s (RFC 7518)     {"kty": "EC", "crv": "P-256", "x", "y"}
    EdDSA               Ed25519 (RFC 8037)          {"kty": "OKP", "crv": "Ed25519", "x"}
The key decides, the header only agrees: `none`, another key's algorithm and SHA-1 (which the reference takes as DS160)
verify nothing. No JWS library knows DS256 and SM2256 or those keys; what one would save is this file's `read`.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from resolver.errors import CallerError, PeerError
from resolver.rules import gm, keys
from resolver.rules.gm import Sm2PrivateKey, Sm2PublicKey
from resolver.rules.keys import SigningKey, VerifyingKey
from resolver.wire.codes import Code
from resolver.wire.json_form import JsonFormError, data_from_json, data_to_json

TEXT_OCTETS_MAX = 65_536
NUMBER_TEXT_MAX = 4_096  # base64url digits of one number of a key
_RSA_HASHES: dict[str, hashes.HashAlgorithm] = {
    "RS256": hashes.SHA256(),
    "RS384": hashes.SHA384(),
    "RS512": hashes.SHA512(),
}
_P256_OCTETS = 32
_SM2_SIGNER = b"1234567812345678"  # GB/T 35276's id, which the SDK's library signs with
_RECORD_PARTS = {"RSA": ("n", "e"), "DSA": ("y", "p", "q", "g")}
_BASE64URL = re.compile(rb"[A-Za-z0-9_-]*")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Jws:
    """A signature that was read, not verified. `signed`: the octets it is over; `payload`: what they say."""

    algorithm: str
    payload: bytes
    signed: bytes
    signature: bytes


def read(text: bytes) -> Jws:
    """The parts of a compact JWS. PeerError if it is none."""
    if len(text) > TEXT_OCTETS_MAX:
        raise _bad(f"{len(text)} octets are too many for a signature")
    parts = text.strip().split(b".")
    if len(parts) != 3:
        raise _bad("not of the form header.payload.signature")
    header, payload, signature = (from_base64url(part) for part in parts)
    said = json_object(header, "header")
    algorithm = said.get("alg")
    if not isinstance(algorithm, str):
        raise _bad("a header without an algorithm")
    if "crit" in said:  # whoever does not know what is critical must refuse (RFC 7515 §4.1.11)
        raise _bad("a header with critical extensions")
    return Jws(algorithm, payload, parts[0] + b"." + parts[1], signature)


def sign(payload: Json, key: SigningKey) -> bytes:
    """The compact JWS of a payload, by the algorithm of the key."""
    header = base64url(json.dumps({"alg": algorithm_of(key.public_key())}, separators=(",", ":")).encode())
    body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    signed = header + b"." + base64url(body)
    return signed + b"." + base64url(_signature(signed, key))


def verifies(jws: Jws, key: VerifyingKey) -> bool:
    """Whether the owner of `key` made it. PeerError only for SM2 without the extra `gm`."""
    if isinstance(key, Sm2PublicKey):
        return jws.algorithm == "SM2256" and key.verify(jws.signature, jws.signed, _SM2_SIGNER)
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(jws.signature, jws.signed, padding.PKCS1v15(), _RSA_HASHES[jws.algorithm])
        elif jws.algorithm != algorithm_of(key):
            return False
        elif isinstance(key, dsa.DSAPublicKey):
            key.verify(jws.signature, jws.signed, hashes.SHA256())
        elif isinstance(key, ec.EllipticCurvePublicKey):
            if len(jws.signature) != 2 * _P256_OCTETS:
                return False
            r, s = jws.signature[:_P256_OCTETS], jws.signature[_P256_OCTETS:]
            der = encode_dss_signature(int.from_bytes(r, "big"), int.from_bytes(s, "big"))
            key.verify(der, jws.signed, ec.ECDSA(hashes.SHA256()))
        else:
            key.verify(jws.signature, jws.signed)
    except (InvalidSignature, KeyError, CallerError):
        return False
    return True


def algorithm_of(key: VerifyingKey) -> str:
    """What this kind of key signs with. CallerError for curves that JWS has no name for, or that we lack."""
    if isinstance(key, rsa.RSAPublicKey):
        return "RS256"
    if isinstance(key, dsa.DSAPublicKey):
        return "DS256"
    if isinstance(key, Sm2PublicKey):
        return "SM2256"
    if isinstance(key, ed25519.Ed25519PublicKey):
        return "EdDSA"
    if isinstance(key.curve, ec.SECP256R1):
        return "ES256"
    raise CallerError(f"no signatures with the curve {key.curve.name}; P-256 has them")


def key_to_json(key: SigningKey | VerifyingKey) -> Json:
    """The public half as a JSON web key."""
    public = key if isinstance(key, VerifyingKey) else key.public_key()
    if isinstance(public, Sm2PublicKey):
        return {"kty": "SM2", "d": base64url(gm.der_of(public.pem())).decode()}
    if isinstance(public, ed25519.Ed25519PublicKey):
        x = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
        return {"kty": "OKP", "crv": "Ed25519", "x": base64url(x).decode()}
    if isinstance(public, ec.EllipticCurvePublicKey):
        algorithm_of(public)
        point = public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        x, y = point[1 : 1 + _P256_OCTETS], point[1 + _P256_OCTETS :]
        return {"kty": "EC", "crv": "P-256", "x": base64url(x).decode(), "y": base64url(y).decode()}
    form: Json = data_to_json(b"HS_PUBKEY", keys.record_of(public))["value"]
    return form


def key_from_json(form: Any) -> VerifyingKey:
    """The key of a JSON web key. PeerError if it is none, or one that keys.public_key refuses."""
    if not isinstance(form, dict):
        raise _bad("a public key that is no JSON object")
    kind = form.get("kty")
    try:
        if (
            isinstance(kind, str) and kind in _RECORD_PARTS
        ):  # what else stands there (`kid`, `use`) is nobody's business
            parts = {name: _text(form, name) for name in _RECORD_PARTS[kind]}
            return keys.public_key(data_from_json({"format": "key", "value": {"kty": kind, **parts}}))
        if kind == "SM2":
            return gm.public_key(from_base64url(_text(form, "d").encode()))
        if kind == "OKP" and form.get("crv") == "Ed25519":
            return ed25519.Ed25519PublicKey.from_public_bytes(from_base64url(_text(form, "x").encode()))
        if kind == "EC" and form.get("crv") == "P-256":
            x, y = (int.from_bytes(from_base64url(_text(form, name).encode()), "big") for name in "xy")
            return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    except (JsonFormError, ValueError, UnsupportedAlgorithm) as problem:
        raise _bad(f"an unusable public key: {problem}") from problem
    raise _bad(f"a public key of unknown kind {str(kind)[:32]!r}")


def json_object(octets: bytes, what: str) -> Json:
    """The JSON object in octets. PeerError if it is none."""
    try:
        said = json.loads(octets)
    except (ValueError, RecursionError):
        raise _bad(f"a {what} that is not JSON") from None
    if not isinstance(said, dict):
        raise _bad(f"a {what} that is no JSON object")
    return said


def base64url(octets: bytes) -> bytes:
    """Base64 with `-_` and without padding (RFC 7515 §2)."""
    return base64.urlsafe_b64encode(octets).rstrip(b"=")


def from_base64url(text: bytes) -> bytes:
    """What `base64url` made. PeerError for anything else; padding is forgiven, as the reference forgives it."""
    digits = text.rstrip(b"=")
    if not _BASE64URL.fullmatch(digits):
        raise _bad("not base64url")
    try:
        octets = base64.urlsafe_b64decode(digits + b"=" * (-len(digits) % 4))
    except binascii.Error:
        raise _bad("not base64url") from None
    if base64url(octets) != digits:  # bits behind the last octet: another text for the same signature
        raise _bad("not base64url")
    return octets


def _signature(signed: bytes, key: SigningKey) -> bytes:
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(signed, padding.PKCS1v15(), hashes.SHA256())
    if isinstance(key, dsa.DSAPrivateKey):
        return key.sign(signed, hashes.SHA256())
    if isinstance(key, Sm2PrivateKey):
        return key.sign(signed, _SM2_SIGNER)
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key.sign(signed)
    r, s = decode_dss_signature(key.sign(signed, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(_P256_OCTETS, "big") + s.to_bytes(_P256_OCTETS, "big")


def _text(form: Json, name: str) -> str:
    text = form.get(name)
    if not isinstance(text, str) or len(text) > NUMBER_TEXT_MAX or not text.isascii():
        raise _bad(f"a public key without {name}")
    return text


def _bad(text: str) -> PeerError:
    return PeerError(text, code=Code.AUTHEN_ERROR)
