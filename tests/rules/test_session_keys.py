"""Session keys: the reference's are derived, its messages decrypted, ours are its octets; bad ones are refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import recorded
from hypothesis import given
from hypothesis import strategies as st

from resolver.errors import PeerError
from resolver.rules import keys, session_keys, signing
from resolver.rules.session_keys import Algorithm, DhKeys, ReplayWindow, SessionKey
from resolver.rules.signing import Verdict
from resolver.wire.bodies.session import SessionAnswer, SessionSetup
from resolver.wire.buffer import Reader
from resolver.wire.message import EncryptedMessage, Message, decode, encode, read_packet
from resolver.wire.types import hs_pubkey
from resolver.wire.types.hs_pubkey import PublicKey, integer_octets

PACKETS, VECTORS = recorded.packets(), recorded.vectors()
SERVER = keys.private_key(bytes.fromhex(recorded.document()["keys"]["serverRsaPrivatePkcs8DerHex"]))
SM2 = keys.generate("sm2")
PUBLIC = keys.public_key(keys.record_of(SERVER))
ENCRYPTED = "session_encrypted_aes_2.11"


def entropy(octets: int) -> bytes:
    return bytes(index * 7 % 251 + 1 for index in range(octets))


def client_record() -> bytes:
    setup = decode(PACKETS["session_setup_dh"]).body
    assert isinstance(setup, SessionSetup) and setup.public_key is not None
    return setup.public_key


def server_record() -> bytes:
    answer = decode(PACKETS["session_setup_dh_response"]).body
    assert isinstance(answer, SessionAnswer)
    return answer.data[4:]


def keys_of(record: bytes, x: str) -> DhKeys:
    """The vector's keys: what its record says, with the private number that stands beside it."""
    y, p, g = session_keys._dh_numbers(record)
    assert pow(g, int(x, 16), p) == y
    return DhKeys(p, g, y, int(x, 16))


CLIENT = keys_of(client_record(), VECTORS["session_setup_dh"]["clientDhPrivateX"])
OTHER = keys_of(server_record(), VECTORS["session_setup_dh_response"]["serverDhPrivateX"])


def encrypted() -> EncryptedMessage:
    packet = read_packet(Reader(PACKETS[ENCRYPTED]))
    assert isinstance(packet, EncryptedMessage)
    return packet


def vector_key() -> SessionKey:
    return session_keys.session_key(Algorithm.AES, bytes.fromhex(VECTORS[ENCRYPTED]["sessionKey"]))


def test_both_sides_derive_the_references_keys() -> None:
    answer = VECTORS["session_setup_dh_response"]
    wanted = {Algorithm.AES: "derivedSessionKey", Algorithm.DES: "derivedKeyAlg1", Algorithm.DESEDE: "derivedKeyAlg2"}
    secrets = session_keys.shared_secret(CLIENT, server_record()), session_keys.shared_secret(OTHER, client_record())
    assert secrets[0] == secrets[1]
    for algorithm, field in wanted.items():
        assert session_keys.derive(secrets[0], algorithm).octets.hex() == answer[field]


def test_records_of_a_group_are_written_as_the_reference_writes_them() -> None:
    assert (CLIENT.record, OTHER.record) == (client_record(), server_record())


def test_a_server_answers_in_the_group_that_the_client_brought() -> None:
    client = session_keys.dh_keys(entropy)
    assert (client.p, client.p.bit_length(), client.g) == (session_keys.OAKLEY_2, 1_024, 2)
    server = session_keys.dh_answer(client.record, lambda octets: entropy(octets)[::-1])
    assert (server.p, server.g) == (client.p, client.g)
    assert session_keys.shared_secret(client, server.record) == session_keys.shared_secret(server, client.record)
    assert str(client.x) not in repr(client)


def test_the_group_of_a_real_client_is_the_one_that_ours_brings() -> None:
    setup = decode(dict(recorded.frames())["session_dh_modify-1-0"]).body
    assert isinstance(setup, SessionSetup) and setup.public_key is not None
    assert session_keys.dh_answer(setup.public_key, entropy).p == session_keys.OAKLEY_2


def dh(y: int, p: int, g: int) -> bytes:
    return hs_pubkey.encode(PublicKey(hs_pubkey.DH, tuple(map(integer_octets, (y, p, g)))))


P = session_keys.OAKLEY_2
USELESS = {
    "no key": b"",
    "RSA": keys.record_of(SERVER),
    "PEM": b"-----BEGIN PUBLIC KEY-----",
    "short": dh(2, (1 << 512) + 75, 2),
    "long": dh(2, (1 << 4_096) + 1, 2),
    "very long": dh(2, (1 << 90_000) + 1, 2),
    "even": dh(2, P + 1, 2),
    "y of 0": dh(0, P, 2),
    "y of 1": dh(1, P, 2),
    "y of p - 1": dh(P - 1, P, 2),
    "y beyond p": dh(P + 5, P, 2),
    "g of 1": dh(5, P, 1),
    "cut": client_record()[:-2],
}


@pytest.mark.parametrize("name", USELESS)
def test_a_group_that_is_useless_or_laborious_is_refused(name: str) -> None:
    for use in (
        lambda: session_keys.dh_answer(USELESS[name], entropy),
        lambda: session_keys.shared_secret(CLIENT, USELESS[name]),
    ):
        with pytest.raises(PeerError) as refused:
            use()
        assert refused.value.code == 501


def test_an_answer_in_another_group_is_refused() -> None:
    with pytest.raises(PeerError) as refused:
        session_keys.shared_secret(session_keys.dh_keys(entropy), dh(5, P, 5))
    assert refused.value.code == 501


@pytest.mark.parametrize(
    ("secret", "key"),
    [
        (b"\0\0" + b"\7" * 126, b"\7" * 32),
        (bytes(120) + b"\7" * 8, bytes(24) + b"\7" * 8),
        (bytes(96) + b"\7" * 32, b"\7" * 32),
        (b"\7" * 128, b"\7" * 32),
    ],
)
def test_zeros_in_front_of_a_secret_are_stripped_but_never_below_a_key(secret: bytes, key: bytes) -> None:
    assert session_keys.derive(secret, Algorithm.AES).octets == key


@pytest.mark.parametrize("algorithm", [0, 4, 5, 1 << 31])
def test_no_other_algorithm_comes_from_diffie_hellman(algorithm: int) -> None:
    with pytest.raises(PeerError):
        session_keys.derive(bytes(128), algorithm)


def test_the_references_message_is_decrypted_and_its_mac_is_right() -> None:
    message = session_keys.decrypt(encrypted(), vector_key())
    assert message.octets[20:].hex() == VECTORS[ENCRYPTED]["clearMessage"]
    assert signing.verify_in_session(message, vector_key().octets) is Verdict.GENUINE


def test_encrypting_gives_the_references_octets_again() -> None:
    message, iv = session_keys.decrypt(encrypted(), vector_key()), encrypted().ciphertext[:16]
    clear = replace(message, credential=None, octets=b"")
    signed = signing.sign_in_session(clear, vector_key().octets, 6)
    assert encode(session_keys.encrypt(signed, vector_key(), lambda octets: iv[:octets])) == PACKETS[ENCRYPTED]


def test_no_octet_of_an_encrypted_message_can_be_changed() -> None:
    packet = encrypted()
    for at in range(len(packet.ciphertext)):
        text = packet.ciphertext
        changed = replace(packet, ciphertext=text[:at] + bytes((text[at] ^ 1,)) + text[at + 1 :])
        try:
            message = session_keys.decrypt(changed, vector_key())
        except PeerError as refused:
            assert refused.code in (2, 4, 501)
        else:
            assert signing.verify_in_session(message, vector_key().octets) is not Verdict.GENUINE


@pytest.mark.parametrize("minor", [0, 3, 4, 7, 11])
@pytest.mark.parametrize("algorithm", Algorithm)
def test_every_algorithm_decrypts_what_it_encrypted(algorithm: Algorithm, minor: int) -> None:
    key = session_keys.new_key(entropy, algorithm)
    plain = decode(PACKETS["delete"])
    plain = replace(plain, envelope=replace(plain.envelope, minor=minor, session_id=9), octets=b"")
    packet = session_keys.encrypt(plain, key, entropy)
    received = read_packet(Reader(encode(packet)))
    assert isinstance(received, EncryptedMessage)
    message = session_keys.decrypt(received, key)
    assert encode(message) == encode(plain)
    with_iv = minor >= 4 and algorithm is not Algorithm.SM4
    block = 8 if algorithm in (Algorithm.DES, Algorithm.DESEDE) else 16
    assert (packet.ciphertext[:block] == entropy(block)) == with_iv
    other = SessionKey(algorithm, key.octets[::-1])
    with pytest.raises(PeerError):
        session_keys.decrypt(received, other)


@pytest.mark.parametrize("length", [0, 1, 15, 16, 17, 31])
def test_a_ciphertext_of_no_length_that_can_be_is_refused(length: int) -> None:
    with pytest.raises(PeerError) as refused:
        session_keys.decrypt(EncryptedMessage(encrypted().envelope, bytes(length)), vector_key())
    assert refused.value.code == 501


@given(st.binary(max_size=200), st.sampled_from(Algorithm), st.integers(min_value=0, max_value=11))
def test_whatever_comes_encrypted_it_is_refused_or_a_message(octets: bytes, algorithm: Algorithm, minor: int) -> None:
    key = session_keys.new_key(entropy, algorithm)
    envelope = replace(encrypted().envelope, minor=minor)
    try:
        message = session_keys.decrypt(EncryptedMessage(envelope, octets), key)
    except PeerError as refused:
        assert refused.code in (2, 4, 501)
    else:
        assert signing.verify_in_session(message, key.octets) is not Verdict.GENUINE


@pytest.mark.parametrize("version", [(2, 1), (2, 2), (2, 11)], ids=str)
@pytest.mark.parametrize("private", [SERVER, SM2], ids=["rsa", "sm2"])
def test_a_wrapped_key_comes_out_as_it_went_in(private: keys.SigningKey, version: tuple[int, int]) -> None:
    public = keys.public_key(keys.record_of(private))
    for algorithm in Algorithm if version >= (2, 2) else [Algorithm.DES]:
        key = session_keys.new_key(entropy, algorithm)
        wrapped = session_keys.wrap(key, public, version)
        assert session_keys.unwrap(wrapped, private, version) == key


def test_keys_that_cannot_be_unwrapped_are_refused_alike() -> None:
    def refusal(use: Callable[[], object]) -> tuple[int, str]:
        with pytest.raises(PeerError) as refused:
            use()
        return refused.value.code, refused.value.text

    wrapped = session_keys.wrap(session_keys.new_key(entropy), PUBLIC, (2, 11))
    bare = session_keys.wrap(SessionKey(Algorithm.DES, bytes(8)), PUBLIC, (2, 1))
    attempts = [wrapped[:-1], wrapped + b"\0", b"", bytes(256), b"\xff" * 256, bare, wrapped[::-1]]
    told = {refusal(lambda octets=octets: session_keys.unwrap(octets, SERVER, (2, 11))) for octets in attempts}
    told |= {refusal(lambda octets=octets: session_keys.unwrap(octets, SM2, (2, 11))) for octets in attempts}
    told.add(refusal(lambda: session_keys.unwrap(wrapped, keys.generate("ec"), (2, 11))))
    assert told == {(501, "the session key cannot be decrypted")}
    ec_public = keys.public_key(keys.record_of(keys.generate("ec")))
    code, _ = refusal(lambda: session_keys.wrap(session_keys.new_key(entropy), ec_public, (2, 11)))
    assert code == 503


@pytest.mark.parametrize(("algorithm", "octets"), [(0, 32), (5, 32), (1, 7), (1, 9), (2, 8), (3, 15), (3, 65), (4, 32)])
def test_a_key_of_another_length_is_refused(algorithm: int, octets: int) -> None:
    with pytest.raises(PeerError) as refused:
        session_keys.session_key(algorithm, bytes(octets))
    assert refused.value.code == 501


def test_a_session_key_does_not_show_itself() -> None:
    key = session_keys.new_key(entropy)
    assert key.octets.hex() not in repr(key) and repr(key.octets) not in repr(key)


def test_a_counter_is_taken_once_and_two_hundred_late_at_most() -> None:
    window = ReplayWindow()
    assert [window.accept(counter) for counter in (1, 1, 2, 5, 3, 3, 4, 5)] == [
        True, False, True, True, True, False, True, False,
    ]  # fmt: skip
    assert window.accept(300)
    assert not window.accept(100)
    assert window.accept(101)
    assert not window.accept(101)
    assert window.accept(0) and window.accept(0)
    assert window.accept(0xFFFFFFFF)
    assert not window.accept(300)


@given(st.lists(st.integers(min_value=1, max_value=600), max_size=300))
def test_the_window_agrees_with_a_list_of_all_that_was_seen(counters: list[int]) -> None:
    window, seen = ReplayWindow(), set[int]()
    for counter in counters:
        fresh = counter not in seen and counter > max(seen, default=0) - session_keys.WINDOW
        assert window.accept(counter) == fresh
        if fresh:
            seen.add(counter)


def test_a_message_in_a_session_is_still_one_that_digests_can_be_taken_of() -> None:
    message = session_keys.decrypt(encrypted(), vector_key())
    assert isinstance(message, Message)
    assert message.signed_octets == message.octets[20 : 44 + message.header.body_length]
