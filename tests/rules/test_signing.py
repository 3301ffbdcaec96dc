"""Signatures and MACs: the reference's verify, ours are its octets, and no octet of them can be another."""

from __future__ import annotations

from dataclasses import replace

import pytest
import recorded

from resolver.errors import CallerError
from resolver.rules import keys, signing
from resolver.rules.keys import SigningKey, VerifyingKey
from resolver.rules.signing import Verdict
from resolver.wire.bodies.siteinfo import SiteInfoAnswer
from resolver.wire.buffer import Reader
from resolver.wire.message import ABSENT, Credential, Message, OpaqueCredential, decode, encode, keep

KEYS = {name: value for name, value in recorded.document()["keys"].items() if name.endswith("Hex")}
PACKETS = recorded.packets()
SIGNED = [name for name in PACKETS if name.startswith("success_signed")]
MACS = [name for name in PACKETS if name.startswith("session_mac")]
RECORDED = ("resolve_certified-1-1", "pullp_resolve-0-1", "session_dh_modify-1-1")
VERSIONS = [(2, minor) for minor in range(12)] + [(3, 0), (5, 1)]
SESSION = bytes(range(32))


def private(name: str) -> SigningKey:
    return keys.private_key(bytes.fromhex(KEYS[name]))


SERVER = private("serverRsaPrivatePkcs8DerHex")
DSA = private("clientDsaPrivateCnriHex")
KINDS = {"rsa": SERVER, "dsa": DSA, **{kind: keys.generate(kind) for kind in ("ec", "ed25519", "sm2")}}


def public(key: SigningKey) -> VerifyingKey:
    """The key as somebody else finds it."""
    return keys.public_key(keys.record_of(key))


def session_key(name: str) -> bytes:
    return bytes.fromhex(recorded.vectors()[name]["sessionKey"])


def recorded_message(name: str) -> tuple[Message, VerifyingKey]:
    """A signed message of a real server, and the key in that server's site."""
    found = dict(recorded.frames())
    message, site = keep(Reader(found[name])), keep(Reader(found["siteinfo-0-1"]))
    assert isinstance(message, Message) and isinstance(site, Message) and isinstance(site.body, SiteInfoAnswer)
    return message, keys.public_key(site.body.site.servers[0].public_key)


def flipped(packet: bytes, at: int) -> Message | None:
    """The packet with one octet changed; None if it is no whole message any more."""
    changed = keep(Reader(packet[:at] + bytes((packet[at] ^ 0x01,)) + packet[at + 1 :]))
    return changed if isinstance(changed, Message) else None


def genuine_flips(message: Message, key: VerifyingKey | bytes) -> set[int]:
    """Where behind the envelope an octet of a message can be changed and it still verifies."""
    found = set()
    for at in range(20, len(message.octets)):
        changed = flipped(message.octets, at)
        if changed is None:
            continue
        verdict = signing.verify_in_session(changed, key) if isinstance(key, bytes) else signing.verify(changed, key)
        if verdict is Verdict.GENUINE:
            found.add(at)
    return found


def small_print(message: Message, *, counted_from: tuple[int, int]) -> set[int]:
    """What no signature holds: the credential's version, reserved and options; in old versions the counter."""
    start = 44 + message.header.body_length + 4
    counter = range(start + 8, start + 12)
    return {*range(start, start + 4), *(counter if message.envelope.version < counted_from else ())}


@pytest.mark.parametrize("name", SIGNED)
def test_the_references_signature_verifies_and_ours_has_the_same_octets(name: str) -> None:
    message = decode(PACKETS[name])
    assert signing.verify(message, public(SERVER)) is Verdict.GENUINE
    assert signing.verify(message, public(private("clientRsaPrivatePkcs8DerHex"))) is Verdict.FORGED
    ours = signing.sign(replace(message, credential=None, octets=b""), SERVER)
    assert encode(ours) == PACKETS[name] == ours.octets


@pytest.mark.parametrize("name", RECORDED)
def test_a_real_servers_signature_verifies_with_the_key_in_its_site(name: str) -> None:
    message, key = recorded_message(name)
    assert signing.verify(message, key) is Verdict.GENUINE
    assert signing.verify(message, public(SERVER)) is Verdict.FORGED


@pytest.mark.parametrize("name", MACS)
def test_the_references_mac_verifies_and_ours_has_the_same_octets(name: str) -> None:
    message, key = decode(PACKETS[name]), session_key(name)
    assert signing.verify_in_session(message, key) is Verdict.GENUINE
    assert signing.verify_in_session(message, key[:-1]) is Verdict.FORGED
    ours = signing.sign_in_session(replace(message, credential=None, octets=b""), key, 5)
    assert encode(ours) == PACKETS[name]


@pytest.mark.parametrize("name", [*SIGNED, *RECORDED])
def test_no_octet_of_a_signed_message_can_be_changed(name: str) -> None:
    message, key = (decode(PACKETS[name]), public(SERVER)) if name in PACKETS else recorded_message(name)
    assert genuine_flips(message, key) == small_print(message, counted_from=(2, 6))


@pytest.mark.parametrize("name", MACS)
def test_no_octet_of_a_message_with_a_mac_can_be_changed(name: str) -> None:
    message = decode(PACKETS[name])
    assert genuine_flips(message, session_key(name)) == small_print(message, counted_from=(2, 7))


@pytest.mark.parametrize("version", VERSIONS, ids=str)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_key_signs_in_every_version(kind: str, version: tuple[int, int]) -> None:
    key, message = KINDS[kind], of_version(version)
    signed = decode(encode(signing.sign(message, key, 7)))
    assert signing.verify(signed, public(key)) is Verdict.GENUINE
    assert signing.verify(of_version(version), public(key)) is Verdict.UNSIGNED
    for other in KINDS.values():
        assert other is key or signing.verify(signed, public(other)) is Verdict.FORGED


@pytest.mark.parametrize("version", VERSIONS, ids=str)
def test_every_version_has_its_mac(version: tuple[int, int]) -> None:
    signed = decode(encode(signing.sign_in_session(of_version(version), SESSION, 7)))
    assert signing.verify_in_session(signed, SESSION) is Verdict.GENUINE
    assert signing.verify_in_session(signed, SESSION[::-1]) is Verdict.FORGED
    assert signing.verify(signed, public(SERVER)) is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("version", "names"),
    [
        ((2, 4), ("SHA1", b"\x02", "SHA1")),
        ((2, 5), ("SHA1", b"\x02", "SHA1")),
        ((2, 6), ("SHA1", "SHA1", "SHA1")),
        ((2, 7), ("SHA-256", "HMAC-SHA256", "SHA1")),
        ((2, 10), ("SHA-256", "HMAC-SHA256", "SHA1")),
        ((2, 11), ("SHA-256", "HMAC-SHA256", "SHA-256")),
    ],
    ids=str,
)
def test_algorithms_are_named_as_their_version_names_them(
    version: tuple[int, int], names: tuple[str | bytes, str | bytes, str | bytes]
) -> None:
    message = of_version(version)
    made = signing.sign(message, SERVER), signing.sign_in_session(message, SESSION, 1), signing.sign(message, DSA)
    for signed, name in zip(made, names, strict=True):
        assert isinstance(signed.credential, Credential)
        assert signed.credential.algorithm == (name if isinstance(name, bytes) else name.encode())


def test_from_2_8_on_a_signature_holds_request_id_session_and_suggestion() -> None:
    signed = signing.sign(of_version((2, 11)), SERVER)
    for change in ({"request_id": 1}, {"session_id": 9}, {"suggested_minor": 10}, {"minor": 10}):
        moved = decode(encode(replace(signed, envelope=replace(signed.envelope, **change))))
        assert signing.verify(moved, public(SERVER)) is Verdict.FORGED


def test_below_2_6_a_signature_holds_nothing_of_the_envelope() -> None:
    signed = signing.sign(of_version((2, 5)), SERVER)
    moved = decode(encode(replace(signed, envelope=replace(signed.envelope, request_id=1, session_id=9))))
    assert signing.verify(moved, public(SERVER)) is Verdict.GENUINE


def test_what_is_no_credential_is_told_apart_from_none() -> None:
    message = of_version((2, 11))
    odd = OpaqueCredential(b"\0\0\0\1\7")
    for credential, verdict in ((None, Verdict.UNSIGNED), (ABSENT, Verdict.UNSIGNED), (odd, Verdict.UNKNOWN)):
        received = decode(encode(replace(message, credential=credential)))
        assert signing.verify(received, public(SERVER)) is verdict
        assert signing.verify_in_session(received, SESSION) is verdict


def test_an_unknown_algorithm_is_not_believed() -> None:
    signed = signing.sign(of_version((2, 11)), SERVER)
    assert isinstance(signed.credential, Credential)
    for name in (b"MD5", b"NONE", b""):
        renamed = replace(signed, credential=replace(signed.credential, algorithm=name), octets=b"")
        assert signing.verify(decode(encode(renamed)), public(SERVER)) is Verdict.FORGED
        mac = replace(renamed, credential=replace(signed.credential, algorithm=b"ROT13", type=b"HS_MAC"))
        assert signing.verify_in_session(decode(encode(mac)), SESSION) is Verdict.UNKNOWN


def test_a_session_without_a_key_signs_nothing() -> None:
    with pytest.raises(CallerError):
        signing.sign_in_session(of_version((2, 11)), b"", 1)


def of_version(version: tuple[int, int]) -> Message:
    """An unsigned success of that version."""
    message = decode(PACKETS["success_values"])
    envelope = replace(message.envelope, major=version[0], minor=version[1], session_id=0x01020304)
    return replace(message, envelope=envelope, octets=b"")
