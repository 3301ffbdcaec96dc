"""Key records and key files: what the reference wrote is read, what we write is the same again."""

from __future__ import annotations

import hashlib
import subprocess
import sys

import pytest
import recorded
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa, x25519
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from resolver.errors import CallerError, OperatorError, PeerError
from resolver.rules import gm, keys, proof
from resolver.wire.bodies.siteinfo import SiteInfoAnswer
from resolver.wire.message import decode
from resolver.wire.types import hs_pubkey
from resolver.wire.types.hs_pubkey import PublicKey

FILES = {name: bytes.fromhex(octets) for name, octets in recorded.document()["keys"].items() if name.endswith("Hex")}
RECORDS = {name: octets for name, octets in FILES.items() if "Public" in name} | {
    name: octets for name, octets in recorded.data_records().items() if name in ("HS_PUBKEY_RSA", "HS_PUBKEY_DSA")
}
PAIRS = [
    ("clientRsaPrivatePkcs8DerHex", "clientRsaPublicHsPubkeyHex"),
    ("clientRsaPrivateCnriHex", "clientRsaPublicHsPubkeyHex"),
    ("serverRsaPrivatePkcs8DerHex", "serverRsaPublicHsPubkeyHex"),
    ("clientDsaPrivatePkcs8DerHex", "clientDsaPublicHsPubkeyHex"),
    ("clientDsaPrivateCnriHex", "clientDsaPublicHsPubkeyHex"),
]
KINDS = {kind: keys.generate(kind) for kind in ("rsa", "ec", "ed25519", "sm2")}
KINDS["dsa"] = keys.private_key(FILES["clientDsaPrivateCnriHex"])
# Of OpenSSL 3: `genpkey -algorithm SM2`; `pkeyutl -sign -rawin -digest sm3 -pkeyopt distid:0.NA/88.1` of "hello".
SM2_FILE = bytes.fromhex(
    "308187020100301306072a8648ce3d020106082a811ccf5501822d046d306b0201010420f4ad84425c2504000c06d7363444"
    "fbe8ee51543b825e6f21973ab26d9302be40a144034200040075adb3113437f72549323c196148c5a7f9f0fb7fb1107efb4d"
    "930d774dcbe9a6a6b2f40aef38cad03a92a39c9756ba2e628631bfb039449ac1feb2dd79d97a"
)
SM2_SIGNATURE = bytes.fromhex(
    "3046022100f179944dadb1ffe1c56388e428c72480db552261ede2dffae6a1bcef20462100022100cfdcae1bca20513a8dda"
    "ac1d9d5fbd812ee7afe9955671a666f38d7a3013045a"
)


@pytest.mark.parametrize("name", RECORDS)
def test_a_record_of_the_reference_is_a_key_that_is_written_again_octet_for_octet(name: str) -> None:
    assert keys.record_of(keys.public_key(RECORDS[name])) == RECORDS[name]


@pytest.mark.parametrize(("private", "public"), PAIRS)
def test_a_private_key_file_of_the_reference_belongs_to_its_record(private: str, public: str) -> None:
    key = keys.private_key(FILES[private])
    assert keys.record_of(key) == FILES[public]
    assert keys.record_of(keys.private_key(keys.private_pem(key))) == FILES[public]


def test_a_private_key_file_says_in_front_whether_it_is_encrypted() -> None:
    record = FILES["clientRsaPrivateCnriHex"]
    assert keys.record_of(keys.private_key(b"\0\0\0\1" + record)) == FILES["clientRsaPublicHsPubkeyHex"]
    for old in (b"\0\0\0\0", b"\0\0\0\2", b"\0\0\0\3"):
        with pytest.raises(OperatorError, match="hdl-convert-key"):
            keys.private_key(old + record, passphrase=b"x")


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith("PrivateCnriHex")])
def test_a_private_key_file_is_written_as_the_reference_wrote_it(name: str) -> None:
    assert keys.private_bin(keys.private_key(FILES[name])) == b"\0\0\0\1" + FILES[name]


def test_private_key_files_of_the_reference_hold_rsa_and_dsa_only() -> None:
    for kind in ("ec", "ed25519", "sm2"):
        with pytest.raises(CallerError):
            keys.private_bin(KINDS[kind])


def encrypted_file(record: bytes, passphrase: bytes) -> bytes:
    """As the reference's hdl-keygen writes it with a passphrase."""
    salt, iv = bytes(range(16)), bytes(range(16, 32))
    key = hashlib.pbkdf2_hmac("sha1", passphrase, salt, 10_000, 16)
    padding = 16 - len(record) % 16
    encryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
    ciphertext = encryptor.update(record + bytes((padding,)) * padding) + encryptor.finalize()
    counted = [len(part).to_bytes(4, "big") + part for part in (salt, iv, ciphertext)]
    numbers = [number.to_bytes(4, "big") for number in (4, 10_000, 128)]
    return b"".join((numbers[0], counted[0], numbers[1], numbers[2], counted[1], counted[2]))


def test_an_encrypted_private_key_file_opens_with_its_passphrase_only() -> None:
    file = encrypted_file(FILES["clientDsaPrivateCnriHex"], b"open sesame")
    assert keys.record_of(keys.private_key(file, passphrase=b"open sesame")) == FILES["clientDsaPublicHsPubkeyHex"]
    for wrong in (b"open", None):
        with pytest.raises(OperatorError) as refused:
            keys.private_key(file, passphrase=wrong, file="admpriv.bin")
        assert refused.value.file == "admpriv.bin"
        assert refused.value.__cause__ is None


def test_an_rsa_key_without_its_primes_is_enough() -> None:
    key = KINDS["rsa"]
    assert isinstance(key, rsa.RSAPrivateKey)
    numbers = key.private_numbers()
    parts = (b"RSA_PRIV_KEY", *map(hs_pubkey.integer_octets, (numbers.public_numbers.n, numbers.d)))
    record = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    assert keys.record_of(keys.private_key(record)) == keys.record_of(key)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_survives_record_and_file(kind: str) -> None:
    key = KINDS[kind]
    again = keys.private_key(keys.private_pem(key))
    assert keys.record_of(again) == keys.record_of(key)
    assert keys.record_of(keys.public_key(keys.record_of(key))) == keys.record_of(key)
    if kind != "sm2":
        encrypted = keys.private_pem(key, b"open sesame")
        assert keys.record_of(keys.private_key(encrypted, passphrase=b"open sesame")) == keys.record_of(key)
        with pytest.raises(OperatorError):
            keys.private_key(encrypted)


def test_what_has_no_record_form_travels_as_x509_pem_text() -> None:
    for kind in ("ec", "ed25519"):
        assert keys.record_of(KINDS[kind]).startswith(b"-----BEGIN PUBLIC KEY-----")
    rsa_key = KINDS["rsa"].public_key()
    assert isinstance(rsa_key, rsa.RSAPublicKey)
    text = rsa_key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    assert keys.record_of(keys.public_key(text)) == keys.record_of(rsa_key)


def test_the_key_in_a_site_is_read() -> None:
    answer = decode(dict(recorded.frames())["siteinfo-0-1"]).body
    assert isinstance(answer, SiteInfoAnswer)
    record = answer.site.servers[0].public_key
    assert keys.record_of(keys.public_key(record)) == record


def unusable() -> dict[str, bytes]:
    good = hs_pubkey.decode(FILES["clientRsaPublicHsPubkeyHex"])
    assert isinstance(good, PublicKey)
    modulus = good.number("modulus")
    x25519_text = x25519.X25519PrivateKey.generate().public_key()
    return {
        "empty": b"",
        "cut": FILES["clientRsaPublicHsPubkeyHex"][:-200],
        "unknown type": hs_pubkey.encode(PublicKey(b"ROT13_PUB_KEY", (), tail=b"key")),
        "for agreement": hs_pubkey.encode(PublicKey(hs_pubkey.DH, (b"\4", b"\27", b"\2"))),
        "identity": hs_pubkey.encode(PublicKey(hs_pubkey.SM9, (b"0.NA/88.1",))),
        "weak": hs_pubkey.encode(hs_pubkey.rsa(65_537, modulus >> 1_400)),
        "huge": hs_pubkey.encode(hs_pubkey.rsa(65_537, 1 << 9_000 | 1)),
        "laborious": hs_pubkey.encode(hs_pubkey.rsa(modulus - 2, modulus)),
        "even exponent": hs_pubkey.encode(hs_pubkey.rsa(2, modulus)),
        "weak DSA": hs_pubkey.encode(hs_pubkey.dsa(7, 23, 2, 4)),
        "huge DSA": hs_pubkey.encode(hs_pubkey.dsa(7, 1 << 5_000 | 1, 2, 4)),
        "long": b"-----BEGIN PUBLIC KEY-----" + bytes(9_000),
        "no PEM": b"-----BEGIN PUBLIC KEY-----\nnonsense",
        "other PEM": x25519_text.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        ),
        "SM2 beside the curve": hs_pubkey.encode(PublicKey(hs_pubkey.SM2, (b"\x04" + bytes(64),))),
        "SM2 nonsense": hs_pubkey.encode(PublicKey(hs_pubkey.SM2, (b"nonsense",))),
    }


@pytest.mark.parametrize(("name", "record"), unusable().items(), ids=unusable())
def test_a_record_that_is_no_usable_key_is_refused(name: str, record: bytes) -> None:
    with pytest.raises(PeerError) as refused:
        keys.public_key(record)
    assert refused.value.code == 406


@given(st.data())
def test_whatever_stands_in_a_record_it_is_a_key_or_refused(data: st.DataObject) -> None:
    numbers = st.integers(min_value=0, max_value=1 << 2_100).map(hs_pubkey.integer_octets)
    key_type = data.draw(st.sampled_from(sorted(hs_pubkey.PARTS)))
    part = st.one_of(st.binary(max_size=80), numbers)
    parts = tuple(data.draw(part) for _ in hs_pubkey.PARTS[key_type])
    made = hs_pubkey.encode(PublicKey(key_type, parts))
    taken = data.draw(st.sampled_from([*RECORDS.values(), *map(keys.record_of, KINDS.values())]))
    at = data.draw(st.integers(min_value=0, max_value=len(taken) - 1))
    for record in (made, taken[:at], taken[:at] + data.draw(st.binary(min_size=1, max_size=3)) + taken[at + 1 :]):
        try:
            keys.record_of(keys.public_key(record))
        except PeerError as refused:
            assert refused.code == 406


@pytest.mark.parametrize("kind", KINDS)
def test_no_cut_or_changed_private_file_does_worse_than_be_refused(kind: str) -> None:
    file = keys.private_pem(KINDS[kind])
    files = [file[:length] for length in range(0, len(file), 7)]
    if kind == "dsa":
        own = FILES["clientDsaPrivateCnriHex"]
        files += [own[:length] for length in range(0, len(own), 5)]
    for wrong in files:
        with pytest.raises(OperatorError) as refused:
            keys.private_key(wrong)
        assert wrong[-20:].decode("latin-1") not in str(refused.value) or not wrong


def test_files_of_others_are_refused_by_size_first() -> None:
    with pytest.raises(OperatorError, match="too many"):
        keys.private_key(bytes(100_000))


def test_an_unknown_kind_is_the_callers_mistake() -> None:
    with pytest.raises(CallerError):
        keys.generate("rot13")


def test_a_key_of_openssl_signs_and_verifies_with_sm2() -> None:
    key = keys.private_key(SM2_FILE)
    assert isinstance(key, gm.Sm2PrivateKey)
    assert key.public_key().verify(SM2_SIGNATURE, b"hello", b"0.NA/88.1")
    assert not key.public_key().verify(SM2_SIGNATURE, b"hello", b"0.NA/88.2")
    assert not key.public_key().verify(SM2_SIGNATURE, b"hellp", b"0.NA/88.1")
    assert not key.public_key().verify(SM2_SIGNATURE[:-1], b"hello", b"0.NA/88.1")
    assert key.public_key().verify(key.sign(b"hello", b"u"), b"hello", b"u")
    for octets in (key.point, key.public_key().pem(), key.public_key().pem().replace(b"\n", b"\r\n")):
        assert keys.public_key(hs_pubkey.encode(PublicKey(hs_pubkey.SM2, (octets,)))) == key.public_key()
    assert keys.public_key(key.public_key().pem()) == key.public_key()  # without a record around it
    assert b"\r\n" in keys.record_of(key)
    assert key.number.hex() not in repr(key) and str(key.number) not in repr(key)


def test_sm3_is_the_standards() -> None:
    assert gm.sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


WITHOUT_EXTRA = """
import sys
sys.modules["gmalg"] = None
from resolver.errors import OperatorError, PeerError
from resolver.rules import keys
for use in (lambda: keys.public_key(sys.stdin.buffer.read()), lambda: keys.generate("sm2")):
    try:
        use()
    except (PeerError, OperatorError) as error:
        print(error)
"""


def test_without_the_extra_sm2_keys_are_refused_in_plain_words() -> None:
    text = keys.record_of(keys.private_key(SM2_FILE))
    told = subprocess.run([sys.executable, "-c", WITHOUT_EXTRA], input=text, capture_output=True, check=True)
    words = told.stdout.decode().splitlines()
    assert words[0] == "SM2 keys need the extra gm, which is not installed"
    assert "biaoshi[gm]" in words[1]


def test_an_ec_key_of_any_curve_proves_itself() -> None:
    for curve in (ec.SECP256R1(), ec.SECP384R1(), ec.SECP521R1()):
        key = ec.generate_private_key(curve)
        name, signature = proof.sign(key, b"octets", (2, 11))
        assert proof.verifies(keys.public_key(keys.record_of(key)), name, signature, b"octets")
