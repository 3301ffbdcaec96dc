"""Credentials: signatures of messages, and MACs within a session, for every protocol version (protocol.md §5).

M is header and body as sent, before encryption; K the session key; E these fields of the envelope:
    2.6          major, minor, the session id's first two octets, u32 counter, six zeros
    2.7          major, minor, u32 session id, u32 request id, u32 counter
    from 2.8     major, minor, suggested major, suggested minor, u32 session id, u32 request id, u32 counter

    version      HS_SIGNED                          HS_MAC
    to 2.4       SHA1 over M                        02    SHA1(K M K)
    2.5          SHA1 over M                        02    SHA1(K[0:4] M K, then len K + 10 zeros)
    2.6          SHA1 over E M                      SHA1  as 2.5
    from 2.7     SHA-256 over E M (DSA to 2.10:     HMAC-SHA256(K, E M)
                 SHA1)
What 2.5 and 2.6 do is an old mistake of the reference, which everybody must share. MACs take their number from the
algorithm's name, so the others that readers know (`01`, `03`, `MD5`, `HMAC-SHA1`, ...) verify too.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from enum import Enum

from cryptography.exceptions import UnsupportedAlgorithm

from resolver.errors import BiaoshiError, CallerError, PeerError
from resolver.rules import proof, replies
from resolver.rules.keys import SigningKey, VerifyingKey
from resolver.wire.codes import OpFlag
from resolver.wire.message import ABSENT, Credential, Envelope, Message, encode

SIGNED, MAC = b"HS_SIGNED", b"HS_MAC"
SIGNED_TYPES = (SIGNED, b"HS_DSAPUBKEY")  # the second is an old name of the first
SM2_SIGNER = b"1234567812345678"  # GB/T 35276's id for whoever has no other; nobody else signs messages with SM2
MAC_NUMBERS = {
    b"\x01": 0x01,
    b"MD5": 0x01,
    b"\x02": 0x02,
    b"SHA1": 0x02,
    b"SHA-1": 0x02,
    b"\x03": 0x03,
    b"SHA256": 0x03,
    b"SHA-256": 0x03,
    b"HMAC-SHA1": 0x12,
    b"HMAC-SHA256": 0x13,
}
_HASHES = {0x01: "md5", 0x02: "sha1", 0x03: "sha256"}


class Verdict(Enum):
    """What became of a credential."""

    GENUINE = "genuine"
    UNSIGNED = "there is no signature"
    UNKNOWN = "a credential of another kind or algorithm"
    FORGED = "the signature is not of this message by this key"


def certify(response: Message, key: SigningKey | None) -> Message:
    """The response as it is sent outside a session: signed if that was asked for (flag CT, copied from the request).

    One that is signed already is signed anew only with CA. Without a key, or if signing fails, it goes as it is
    (behaviour.md §1.2).
    """
    flags = response.header.flags
    wanted = flags & OpFlag.CERTIFY and (response.credential is None or flags & OpFlag.CACHE_CERTIFY)
    if key is None or not wanted:
        return response
    try:
        return sign(response, key)
    except (UnsupportedAlgorithm, ValueError, BiaoshiError):
        return response


def check(request: Message, response: Message, key: VerifyingKey) -> None:
    """Believe a certified response: `key` signed it, and it repeats the digest of this very request.

    PeerError if not. A signature alone would not tell that somebody changed the request (protocol.md §11 trap 33).
    """
    verdict = verify(response, key)
    if verdict is not Verdict.GENUINE:
        raise PeerError(f"not certified: {verdict.value}")
    if response.digest != replies.request_digest(request, response.envelope.version):
        raise PeerError("not certified: the answer to another request")


def sign(message: Message, key: SigningKey, counter: int = 0) -> Message:
    """The message with a signature. `counter`: the sender's own count of messages in a session, 0 outside one."""
    signed = signed_part(message, counter)
    name, signature = proof.sign(key, signed, message.envelope.version, SM2_SIGNER)
    return _with(message, Credential(SIGNED, name, signature, signer_index=counter))


def sign_in_session(message: Message, key: bytes, counter: int) -> Message:
    """The message with a MAC. `key`: all octets of the session key; `counter`: how many this side has sent, from 1."""
    version = message.envelope.version
    name = b"\x02" if version < (2, 6) else b"SHA1" if version < (2, 7) else b"HMAC-SHA256"
    mac = _mac(message, key, MAC_NUMBERS[name], counter)
    if mac is None:
        raise CallerError("a session key of no octets")
    return _with(message, Credential(MAC, name, mac, signer_index=counter))


def verify(message: Message, key: VerifyingKey) -> Verdict:
    """Whether a received message is signed by the owner of `key`. PeerError only for SM2 without the extra `gm`."""
    credential = message.credential
    if not isinstance(credential, Credential):
        return _without(message)
    if credential.type not in SIGNED_TYPES:
        return Verdict.UNKNOWN
    signed = signed_part(message, credential.signer_index)
    if proof.verifies(key, credential.algorithm, credential.signature, signed, SM2_SIGNER):
        return Verdict.GENUINE
    return Verdict.FORGED


def verify_in_session(message: Message, key: bytes) -> Verdict:
    """Whether a received message carries the MAC of this session. Its counter is the credential's signer index."""
    credential = message.credential
    if not isinstance(credential, Credential):
        return _without(message)
    number = MAC_NUMBERS.get(credential.algorithm)
    if credential.type != MAC or number is None:
        return Verdict.UNKNOWN
    mac = _mac(message, key, number, credential.signer_index)
    if mac is None:
        return Verdict.UNKNOWN
    return Verdict.GENUINE if hmac.compare_digest(mac, credential.signature) else Verdict.FORGED


def signed_part(message: Message, counter: int) -> bytes:
    """What a signature is over: E, if the version has one, and M."""
    return _envelope_part(message.envelope, counter) + message.signed_octets


def _envelope_part(envelope: Envelope, counter: int) -> bytes:
    version = envelope.version
    if version < (2, 6):
        return b""
    own = bytes((envelope.major, envelope.minor))
    session, count = envelope.session_id.to_bytes(4, "big"), counter.to_bytes(4, "big")
    if version < (2, 7):
        return own + session[:2] + count + bytes(6)
    if version >= (2, 8):
        own += bytes(envelope.suggested)
    return own + session + envelope.request_id.to_bytes(4, "big") + count


def _mac(message: Message, key: bytes, number: int, counter: int) -> bytes | None:
    """The MAC with this number; None where that version has none."""
    version = message.envelope.version
    if not key:
        return None
    if (2, 5) <= version < (2, 7):
        if number not in _HASHES:
            return None
        octets = key[:4] + message.signed_octets + key + bytes(len(key) + 10)
        return hashlib.new(_HASHES[number], octets, usedforsecurity=False).digest()
    return proof.keyed_mac(number, key, signed_part(message, counter))


def _without(message: Message) -> Verdict:
    return Verdict.UNSIGNED if message.credential in (None, ABSENT) else Verdict.UNKNOWN


def _with(message: Message, credential: Credential) -> Message:
    """The message with another credential; its octets, if it had been received, are written anew."""
    signed = replace(message, credential=credential, octets=b"")
    return replace(signed, octets=encode(signed))
