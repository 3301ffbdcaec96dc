"""Keys of sessions: how two sides come to one, and what they encrypt with it (protocol.md §9).

    mode 4      DhKeys on both sides, `shared_secret`, `derive`
    modes 1, 3  the server draws a key and wraps it for the client's public key; mode 2 the other way round
    then        `encrypt`, `decrypt`; MACs are in signing.py; `ReplayWindow` for counters

A key is wrapped as `u32` algorithm and its octets by RSA PKCS#1 v1.5 (below 2.2 the octets alone, DES implied) or SM2.
From the secret Z of Diffie-Hellman, as many octets as p has:
    DES      Z[0:8], DESede Z[0:24], each octet given odd parity by its lowest bit
    AES      leading zeros stripped as long as more than 32 octets are left, then the first 32
An encrypted message is IV | CBC(header, body, credential); below 2.4 ECB without IV; SM4 takes its key as IV, unsent.
AES encrypts with the first 16 octets of its key; MACs take all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import IntEnum

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from resolver.errors import CallerError, PeerError
from resolver.rules.gm import Sm2PrivateKey, Sm2PublicKey
from resolver.rules.keys import SigningKey, VerifyingKey
from resolver.wire.codes import Code, EnvelopeFlag
from resolver.wire.message import ENVELOPE_OCTETS, EncryptedMessage, Message, decode, encode
from resolver.wire.types import hs_pubkey
from resolver.wire.types.hs_pubkey import PublicKey, integer_octets

# Clients bring the group they like, and raising to powers is the server's work. The reference's has 1,024 bits.
DH_BITS_MIN, DH_BITS_MAX = 1_024, 2_048
DH_RECORD_OCTETS_MAX = 1_024
PRIVATE_OCTETS = 32
# The second Oakley group (RFC 2409 §6.2), which the reference's clients use.
OAKLEY_2 = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE65381FFFFFFFFFFFFFFFF",
    16,
)
WINDOW = 200  # counters that may still come late


class Algorithm(IntEnum):
    """What a session encrypts with. Servers choose AES."""

    DES = 1
    DESEDE = 2
    AES = 3
    SM4 = 4


KEY_OCTETS = {Algorithm.DES: 8, Algorithm.DESEDE: 24, Algorithm.AES: 32, Algorithm.SM4: 16}
_BLOCK_OCTETS = {Algorithm.DES: 8, Algorithm.DESEDE: 8, Algorithm.AES: 16, Algorithm.SM4: 16}
_AES_OCTETS = 16
_AES_KEY_OCTETS_MAX = 64


@dataclass(frozen=True, slots=True)
class SessionKey:
    """An algorithm, and all octets of the key; MACs use all of them."""

    algorithm: Algorithm
    octets: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class DhKeys:
    """One side's keys for one session."""

    p: int
    g: int
    y: int
    x: int = field(repr=False)

    @property
    def record(self) -> bytes:
        """The public part as an HS_PUBKEY record."""
        return hs_pubkey.encode(PublicKey(hs_pubkey.DH, tuple(map(integer_octets, (self.y, self.p, self.g)))))


def session_key(algorithm: int, octets: bytes) -> SessionKey:
    """A key as it came. PeerError (code 501) for an unknown algorithm or a length it cannot use."""
    try:
        known = Algorithm(algorithm)
    except ValueError:
        raise _failed(f"session algorithm {algorithm} is unknown") from None
    least = _AES_OCTETS if known == Algorithm.AES else KEY_OCTETS[known]
    most = _AES_KEY_OCTETS_MAX if known == Algorithm.AES else KEY_OCTETS[known]
    if not least <= len(octets) <= most:
        raise _failed(f"{len(octets)} octets are no key for {known.name}")
    return SessionKey(known, octets)


def new_key(entropy: Callable[[int], bytes], algorithm: Algorithm = Algorithm.AES) -> SessionKey:
    """A key drawn from `entropy`, a function from a count to that many unguessable octets."""
    octets = entropy(KEY_OCTETS[algorithm])
    return SessionKey(algorithm, _odd_parity(octets) if algorithm in (Algorithm.DES, Algorithm.DESEDE) else octets)


def dh_keys(entropy: Callable[[int], bytes], p: int = OAKLEY_2, g: int = 2) -> DhKeys:
    """Keys for one session, in the reference client's group unless told otherwise."""
    x = int.from_bytes(entropy(PRIVATE_OCTETS), "big") | 1 << (8 * PRIVATE_OCTETS - 1)
    return DhKeys(p, g, pow(g, x, p), x)


def dh_answer(record: bytes, entropy: Callable[[int], bytes]) -> DhKeys:
    """Keys in the group of a client's DH record. PeerError (code 501) if the group is none that we calculate in."""
    _, p, g = _dh_numbers(record)
    return dh_keys(entropy, p, g)


def shared_secret(own: DhKeys, record: bytes) -> bytes:
    """Z: what both sides know, as many octets as p. PeerError (code 501) if the other's record does not fit."""
    y, p, g = _dh_numbers(record)
    if (p, g) != (own.p, own.g):
        raise _failed("the other side's key is of another group")
    return pow(y, own.x, p).to_bytes((p.bit_length() + 7) // 8, "big")


def derive(secret: bytes, algorithm: int) -> SessionKey:
    """The session key from Z. PeerError (code 501) for an algorithm that has no such rule."""
    if algorithm == Algorithm.AES:
        octets = KEY_OCTETS[Algorithm.AES]
        zeros = len(secret) - len(secret.lstrip(b"\0"))
        start = max(0, min(zeros, len(secret) - octets))
        return session_key(algorithm, secret[start : start + octets])
    if algorithm in (Algorithm.DES, Algorithm.DESEDE):
        return session_key(algorithm, _odd_parity(secret[: KEY_OCTETS[Algorithm(algorithm)]]))
    raise _failed(f"no key of algorithm {algorithm} comes from Diffie-Hellman")


def wrap(key: SessionKey, public: VerifyingKey, version: tuple[int, int]) -> bytes:
    """The key, encrypted for the owner of `public`. PeerError: code 503 unless that is RSA or SM2, 501 if its numbers
    are none to encrypt with (a client may bring any, and the library finds out only here).
    """
    plain = key.octets if version < (2, 2) else key.algorithm.to_bytes(4, "big") + key.octets
    try:
        if isinstance(public, rsa.RSAPublicKey):
            return public.encrypt(plain, padding.PKCS1v15())
        if isinstance(public, Sm2PublicKey):
            return public.encrypt(plain)
    except ValueError:
        raise _failed("the session key cannot be encrypted for this public key") from None
    raise PeerError("session keys need an RSA key", code=Code.NEED_RSAKEY_FOR_SESSIONEXCHANGE)


def unwrap(octets: bytes, private: SigningKey, version: tuple[int, int]) -> SessionKey:
    """The key that was encrypted for us. PeerError (code 501), always the same, if it cannot be had."""
    try:
        if isinstance(private, rsa.RSAPrivateKey):
            plain = private.decrypt(octets, padding.PKCS1v15())
        elif isinstance(private, Sm2PrivateKey):
            plain = private.decrypt(octets)
        else:
            raise _failed("session keys need an RSA key")
        if version < (2, 2):
            return session_key(Algorithm.DES, plain)
        return session_key(int.from_bytes(plain[:4], "big"), plain[4:])
    except (ValueError, PeerError):
        raise _failed("the session key cannot be decrypted") from None


def encrypt(message: Message, key: SessionKey, entropy: Callable[[int], bytes]) -> EncryptedMessage:
    """The message, its credential included, as it travels in a session. UDP splits it afterwards."""
    padder = PKCS7(8 * _BLOCK_OCTETS[key.algorithm]).padder()
    plain = padder.update(encode(message)[ENVELOPE_OCTETS:]) + padder.finalize()
    iv = b"" if _unsent_iv(key, message.envelope.version) else entropy(_BLOCK_OCTETS[key.algorithm])
    encryptor = _cipher(key, iv, message.envelope.version).encryptor()
    envelope = replace(message.envelope, flags=message.envelope.flags | EnvelopeFlag.ENCRYPTED)
    return EncryptedMessage(envelope, iv + encryptor.update(plain) + encryptor.finalize())


def decrypt(packet: EncryptedMessage, key: SessionKey) -> Message:
    """The message in it, its `octets` those of the clear packet.

    PeerError: code 501, always the same, if the key does not fit; that of `decode` for what was encrypted all the same.
    """
    envelope, version, block = packet.envelope, packet.envelope.version, _BLOCK_OCTETS[key.algorithm]
    iv_octets = 0 if _unsent_iv(key, version) else block
    iv, ciphertext = packet.ciphertext[:iv_octets], packet.ciphertext[iv_octets:]
    if len(iv) < iv_octets or not ciphertext or len(ciphertext) % block:
        raise _failed("the message cannot be decrypted")
    decryptor = _cipher(key, iv, version).decryptor()
    padded = decryptor.update(ciphertext) + decryptor.finalize()
    unpadder = PKCS7(8 * block).unpadder()
    try:
        plain = unpadder.update(padded) + unpadder.finalize()
    except ValueError:
        raise _failed("the message cannot be decrypted") from None
    clear = replace(envelope, flags=envelope.flags & ~EnvelopeFlag.ENCRYPTED)
    return decode(encode(EncryptedMessage(clear, plain)))


class ReplayWindow:
    """Which counters of the other side have been seen: each once, and none that lags more than WINDOW behind."""

    __slots__ = ("_highest", "_seen")

    def __init__(self) -> None:
        self._highest = 0
        self._seen = 0  # bit n: highest - n was seen

    def accept(self, counter: int) -> bool:
        """Whether a message with this counter may be acted upon; then it is seen. 0 is exempt (protocol.md §9).

        To be asked only after the MAC: otherwise a forger could move the window.
        """
        if counter == 0:
            return True
        ahead = counter - self._highest
        if ahead > 0:
            self._seen = (self._seen << min(ahead, WINDOW) | 1) & ((1 << WINDOW) - 1)
            self._highest = counter
            return True
        bit = 1 << -ahead if -ahead < WINDOW else 0
        if not bit or self._seen & bit:
            return False
        self._seen |= bit
        return True


def _failed(text: str) -> PeerError:
    return PeerError(text, code=Code.SESSION_FAILED)


def _dh_numbers(record: bytes) -> tuple[int, int, int]:
    """y, p and g of a DH record. PeerError (code 501) if they are too short, too long or of no use."""
    if len(record) > DH_RECORD_OCTETS_MAX:
        raise _failed("the Diffie-Hellman key is too long")
    try:
        key = hs_pubkey.decode(record)
        if not isinstance(key, PublicKey) or key.key_type != hs_pubkey.DH:
            raise _failed("not a Diffie-Hellman key")
        y, p, g = key.number("y"), key.number("p"), key.number("g")
    except (PeerError, CallerError):
        raise _failed("not a Diffie-Hellman key") from None
    if not DH_BITS_MIN <= p.bit_length() <= DH_BITS_MAX or not p & 1:
        raise _failed(f"Diffie-Hellman with {p.bit_length()} bits")
    if not 1 < g < p - 1 or not 1 < y < p - 1:
        raise _failed("a Diffie-Hellman key that gives the secret away")
    return y, p, g


def _odd_parity(octets: bytes) -> bytes:
    return bytes(octet & 0xFE | (octet >> 1).bit_count() % 2 ^ 1 for octet in octets)


def _unsent_iv(key: SessionKey, version: tuple[int, int]) -> bool:
    return version < (2, 4) or key.algorithm == Algorithm.SM4


def _cipher(key: SessionKey, iv: bytes, version: tuple[int, int]) -> Cipher[modes.CBC | modes.ECB]:
    octets = key.octets
    algorithm: algorithms.AES | algorithms.SM4 | TripleDES
    if key.algorithm == Algorithm.AES:
        algorithm = algorithms.AES(octets[:_AES_OCTETS])
    elif key.algorithm == Algorithm.SM4:
        algorithm, iv = algorithms.SM4(octets), octets
    else:
        algorithm = TripleDES(octets * 3 if key.algorithm == Algorithm.DES else octets)  # three times the same is DES
    return Cipher(algorithm, modes.ECB() if version < (2, 4) else modes.CBC(iv))
