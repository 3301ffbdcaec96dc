"""Proofs of identity: the reference's are right, ours have its octets, and nothing near them is right."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace

import pytest
import recorded
from hypothesis import given
from hypothesis import strategies as st

from resolver.errors import CallerError, PeerError
from resolver.model.value import Reference, Value
from resolver.rules import keys, proof, replies
from resolver.rules.proof import Credentials, Demand
from resolver.wire.bodies.authentication import ChallengeAnswer, VerifyAnswer, VerifyRequest
from resolver.wire.bodies.digest import Digest
from resolver.wire.buffer import Reader
from resolver.wire.message import Envelope, Message, decode, keep

PACKETS = recorded.packets()
FILES = {name: value for name, value in recorded.document()["keys"].items() if name.endswith("Hex")}
SECRET = recorded.document()["keys"]["secretKeyUtf8"].encode()
USER = b"0.NA/86.1000"
RSA = keys.private_key(bytes.fromhex(FILES["clientRsaPrivatePkcs8DerHex"]))
DSA = keys.private_key(bytes.fromhex(FILES["clientDsaPrivateCnriHex"]))
KINDS = {"rsa": RSA, "dsa": DSA, **{kind: keys.generate(kind) for kind in ("ec", "ed25519", "sm2")}}
PUBLIC = {kind: keys.public_key(keys.record_of(key)) for kind, key in KINDS.items()}
SALT = bytes(range(16))
NONCE = bytes.fromhex("01080f161d242b323940474e555c636a")


def request_digest(version: str) -> Digest:
    request = decode(PACKETS[f"chal_{version}_1_request"])
    return replies.request_digest(request, request.envelope.version)


def demand(version: str) -> Demand:
    """The challenge of the vectors: they all have the same nonce."""
    as_numbers = tuple(map(int, version.split(".")))
    return Demand(NONCE, request_digest(version), as_numbers, as_numbers)  # type: ignore[arg-type]


def body(name: str) -> ChallengeAnswer:
    found = decode(PACKETS[name]).body
    assert isinstance(found, ChallengeAnswer)
    return found


def flips(octets: bytes) -> list[bytes]:
    return [octets[:at] + bytes((octets[at] ^ 1,)) + octets[at + 1 :] for at in range(len(octets))]


def test_a_challenge_says_what_it_demands() -> None:
    challenge = decode(PACKETS["chal_2.11_2_challenge"])
    assert proof.demand_of(challenge) == demand("2.11")
    vector = recorded.vectors()["chal_2.11_2_challenge"]
    assert demand("2.11").octets.hex() == vector["nonce"] + vector["requestDigest"]


def test_what_is_no_challenge_demands_nothing() -> None:
    for message in (decode(PACKETS["error_100"]), replace(decode(PACKETS["chal_2.11_2_challenge"]), digest=None)):
        with pytest.raises(PeerError):
            proof.demand_of(message)


@pytest.mark.parametrize("version", ["2.0", "2.3", "2.11"])
def test_an_answer_with_a_secret_is_the_references_octet_for_octet(version: str) -> None:
    answer = body(f"chal_{version}_3_answer_seckey")
    assert proof.proves_secret(answer.answer, SECRET, demand(version))
    salt = answer.answer[5:21] if version == "2.11" else SALT
    ours = proof.answer(demand(version), Credentials(Reference(USER, 301), SECRET), salt)
    assert (ours.auth_type, ours.user_handle, ours.answer) == (b"HS_SECKEY", USER, answer.answer)


@pytest.mark.parametrize("version", ["2.0", "2.3", "2.11"])
def test_no_octet_of_an_answer_with_a_secret_can_be_changed(version: str) -> None:
    right, asked = body(f"chal_{version}_3_answer_seckey").answer, demand(version)
    assert not any(proof.proves_secret(wrong, SECRET, asked) for wrong in flips(right))
    assert not any(proof.proves_secret(right[:length], SECRET, asked) for length in range(len(right)))
    assert not any(proof.proves_secret(right, wrong, asked) for wrong in flips(SECRET))
    assert not any(proof.proves_secret(right, SECRET, replace(asked, nonce=wrong)) for wrong in flips(NONCE))


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("chal_2.3_3_answer_pubkey_rsa", RSA),
        ("chal_2.11_3_answer_pubkey_rsa", RSA),
        ("chal_2.11_3_answer_pubkey_dsa", DSA),
    ],
)
def test_the_references_answer_with_a_public_key_is_right_and_no_octet_of_it_can_be_changed(
    name: str, key: keys.SigningKey
) -> None:
    right, asked = body(name).answer, demand(name.split("_")[1])
    public = keys.public_key(keys.record_of(key))
    assert proof.proves_key(right, public, asked, USER)
    assert not any(proof.proves_key(wrong, public, asked, USER) for wrong in flips(right))
    assert not any(proof.proves_key(right[:length], public, asked, USER) for length in range(len(right)))
    if key is RSA:  # DSA signs with chance
        assert proof.answer(asked, Credentials(Reference(USER, 300), key), SALT).answer == right


def test_an_answer_that_a_real_client_gave_over_udp_is_right() -> None:
    found = dict(recorded.frames())
    challenge, answer = (keep(Reader(found[f"add_seckey_udp-{place}"])) for place in ("1-1", "2-0"))
    assert isinstance(challenge, Message) and isinstance(answer, Message)
    assert isinstance(answer.body, ChallengeAnswer)
    assert proof.proves_secret(answer.body.answer, SECRET, proof.demand_of(challenge))


def test_an_answer_that_a_real_server_refused_is_wrong() -> None:
    found = dict(recorded.frames())
    challenge, answer = (keep(Reader(found[f"modify_badkey-{place}"])) for place in ("1-1", "2-0"))
    assert isinstance(challenge, Message) and isinstance(answer, Message)
    assert isinstance(answer.body, ChallengeAnswer)
    assert not proof.proves_secret(answer.body.answer, SECRET, proof.demand_of(challenge))


@pytest.mark.parametrize("case", recorded.document()["macAlgorithms"], ids=lambda case: hex(case["algCode"]))
def test_macs_are_the_references(case: dict[str, str]) -> None:
    key, octets = case["key"].encode(), bytes.fromhex(case["input"])
    assert proof.keyed_mac(int(case["algCode"]), key, octets).hex() == case["mac"]


@pytest.mark.parametrize("algorithm", [0x01, 0x02, 0x03, 0x12, 0x13])
def test_every_form_that_verifiers_know_is_taken(algorithm: int) -> None:
    asked = demand("2.11")
    right = bytes((algorithm,)) + proof.keyed_mac(algorithm, SECRET, asked.octets)
    assert proof.proves_secret(right, SECRET, asked)
    assert not any(proof.proves_secret(wrong, SECRET, asked) for wrong in flips(right))


def test_a_sha256_mac_is_python_s_own() -> None:
    assert proof.keyed_mac(0x13, b"key", b"octets") == hmac.new(b"key", b"octets", "sha256").digest()


def test_a_secret_of_high_octets_derives_as_java_reads_it() -> None:
    """Each octet is a character to Java, and goes into PBKDF2 as UTF-8."""
    asked = demand("2.11")
    answer = proof.secret_answer(b"\xe9\x80", asked, SALT)
    key = hashlib.pbkdf2_hmac("sha1", "é\x80".encode(), SALT, 10_000, 20)
    assert answer[-20:] == hmac.digest(key, asked.octets, "sha1")
    assert proof.proves_secret(answer, b"\xe9\x80", asked)


@pytest.mark.parametrize("work", ["7fffffff", "0000c351", "00000000"])
def test_an_answer_cannot_choose_more_work_than_we_bear(work: str) -> None:
    asked = demand("2.11")
    right = proof.secret_answer(SECRET, asked, SALT)
    assert not proof.proves_secret(right[:21] + bytes.fromhex(work) + right[25:], SECRET, asked)
    assert not proof.proves_secret(right[:25] + bytes.fromhex(work) + right[29:], SECRET, asked)


def test_a_secret_answer_wants_a_salt() -> None:
    with pytest.raises(CallerError):
        proof.secret_answer(SECRET, demand("2.11"), b"")


def test_the_lower_of_version_and_suggestion_decides_for_secrets() -> None:
    challenge = decode(PACKETS["chal_2.11_2_challenge"])
    older = replace(challenge, envelope=replace(challenge.envelope, suggested_major=2, suggested_minor=3))
    assert proof.demand_of(older).secret_version == (2, 3)
    assert proof.demand_of(older).version == (2, 11)
    assert proof.secret_answer(SECRET, proof.demand_of(older), SALT)[0] == 0x02
    assert Envelope().version == proof.demand_of(challenge).secret_version


@pytest.mark.parametrize("version", ["2.3", "2.11"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_key_proves_itself_and_no_other(kind: str, version: str) -> None:
    asked, key = demand(version), KINDS[kind]
    answer = proof.answer(asked, Credentials(Reference(USER, 300), key), SALT)
    assert (answer.auth_type, answer.user_handle, answer.user_index) == (b"HS_PUBKEY", USER, 300)
    for other in KINDS.values():
        public = keys.public_key(keys.record_of(other))
        assert proof.proves_key(answer.answer, public, asked, USER) == (other is key)
    stale = replace(asked, nonce=bytes(16))
    assert not proof.proves_key(answer.answer, keys.public_key(keys.record_of(key)), stale, USER)


def test_an_sm2_answer_is_the_users_alone() -> None:
    asked, key = demand("2.11"), KINDS["sm2"]
    answer = proof.answer(asked, Credentials(Reference(USER, 300), key), SALT)
    assert not proof.proves_key(answer.answer, keys.public_key(keys.record_of(key)), asked, b"0.NA/86.2000")


@pytest.mark.parametrize("version", ["2.3", "2.11"])
def test_a_verification_is_asked_and_answered_as_the_reference_does(version: str) -> None:
    request = decode(PACKETS[f"chal_{version}_4_verify_request"]).body
    assert isinstance(request, VerifyRequest)
    ours = proof.verify_request(body(f"chal_{version}_3_answer_seckey"), demand(version))
    assert replace(ours, digest=request.digest) == request
    assert ours.digest.octets == request.digest.octets
    assert isinstance(decode(PACKETS[f"chal_{version}_5_verify_response"]).body, VerifyAnswer)
    right, other = Value(301, b"HS_SECKEY", SECRET), Value(302, b"HS_SECKEY", b"other")
    assert proof.verify(request, [other, right])
    assert not proof.verify(request, [other])
    assert not proof.verify(request, [])
    assert not proof.verify(replace(request, user_index=302), [other, right])
    assert proof.verify(replace(request, user_index=0), [other, right])
    assert not proof.verify(replace(request, user_index=0), [other])
    assert not proof.verify(replace(request, user_index=0), [*[other] * proof.SECRETS_MAX, right])
    assert not proof.verify(request, [replace(right, type=b"DESC")])


@given(
    st.binary(max_size=120),
    st.sampled_from([b"", b"\x22", b"\x02", b"\0\0\0\7SHA-256", b"\0\0\0\4SHA1", b"\0\0\0\3SM3"]),
)
def test_whatever_comes_as_an_answer_it_proves_nothing(octets: bytes, lead: bytes) -> None:
    asked = demand("2.11")
    assert not proof.proves_secret(lead + octets, SECRET, asked)
    signature = lead + len(octets).to_bytes(4, "big") + octets
    for key in PUBLIC.values():
        assert not proof.proves_key(signature, key, asked, USER)
        assert not proof.proves_key(lead + octets, key, asked, USER)


def test_credentials_do_not_show_their_key() -> None:
    for key in (SECRET, *KINDS.values()):
        shown = repr(Credentials(Reference(USER, 301), key))
        assert "correct" not in shown and "number" not in shown
