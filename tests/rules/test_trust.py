"""Chains of trust from a record up to the root's key: what holds, and everything that is refused, with its reason."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest
import recorded

from resolver.errors import CallerError
from resolver.model.question import Answer, Question
from resolver.model.value import Reference, Value
from resolver.rules import jws, keys, trust
from resolver.rules.effects import Find
from resolver.rules.trust import Anchor, Claims, Reason, Report, Right
from resolver.wire.codes import Code

NOW_S, DAY_S = 1_795_000_000, 86_400
ROOT = Reference(b"0.0/0.0", 300)
NATIONAL, SECONDARY, ENTERPRISE = (Reference(b"0.NA/" + prefix, 300) for prefix in (b"88", b"88.118", b"88.118.8"))
ITEM = b"88.118.8/item"
DOCUMENT = recorded.document()["keys"]
KEYS = {
    ROOT: keys.private_key(bytes.fromhex(DOCUMENT["serverRsaPrivatePkcs8DerHex"])),
    NATIONAL: keys.private_key(bytes.fromhex(DOCUMENT["clientDsaPrivateCnriHex"])),
    SECONDARY: keys.generate("ec"),
    ENTERPRISE: keys.private_key(bytes.fromhex(DOCUMENT["clientRsaPrivateCnriHex"])),
}
STRANGER = keys.generate("ed25519")
ANCHOR = Anchor(ROOT.handle, (KEYS[ROOT].public_key(),))
EVERYTHING = (Right(b"", "everything"),)
VALUES = (Value(1, b"URL", b"https://example.invalid/1"), Value(2, b"DESC", "标识".encode(), ttl=60))


def certificate(
    subject: Reference,
    issuer: Reference,
    rights: Sequence[Right] = EVERYTHING,
    *,
    at: int = 400,
    key: Any = None,
    **how: Any,
) -> Value:
    made = trust.certify(
        subject,
        KEYS[subject].public_key(),
        rights,
        issuer,
        key or KEYS[issuer],
        **{"now_s": NOW_S, "life_s": DAY_S, **how},
    )
    return Value(at, b"HS_CERT", made)


def signature(values: Sequence[Value] = VALUES, handle: bytes = ITEM, **how: Any) -> Value:
    arguments = {"now_s": NOW_S, "life_s": DAY_S, "signer": ENTERPRISE, **how}
    key = arguments.pop("key", None) or KEYS[arguments["signer"]]
    return Value(400, b"HS_SIGNATURE", trust.sign_values(handle, values, key=key, **arguments))


def jwt(payload: dict[str, Any], key: Any = KEYS[ENTERPRISE]) -> Value:
    return Value(400, b"HS_SIGNATURE", jws.sign(payload, key))


CHAIN = {
    "root": certificate(ROOT, ROOT),
    "national": certificate(NATIONAL, ROOT),
    "secondary": certificate(SECONDARY, NATIONAL, (Right(b"0.NA/88.118", "derivedPrefixes"),)),
    "enterprise": certificate(ENTERPRISE, SECONDARY, (Right(b"0.NA/88.118.8", "handlesUnderThisPrefix"),)),
}


def world(**changes: Value | None) -> dict[bytes, tuple[Value, ...]]:
    """Certificates of root, national, secondary, enterprise; `changes` stand in the place of some."""
    chain = CHAIN | changes
    handles = {"root": ROOT, "national": NATIONAL, "secondary": SECONDARY, "enterprise": ENTERPRISE}
    return {
        handles[name].handle: (Value(1, b"DESC", b"not a certificate"), value)
        for name, value in chain.items()
        if value is not None
    }


@dataclass
class Played:
    report: Report
    asked: list[Question]


def play(rule: Any, records: dict[bytes, tuple[Value, ...]]) -> Played:
    asked: list[Question] = []
    outcome: Answer | None = None
    while True:
        try:
            effect = rule.send(outcome)
        except StopIteration as stop:
            return Played(stop.value, asked)
        assert isinstance(effect, Find)
        asked.append(effect.question)
        found = tuple(value for value in records.get(effect.question.handle, ()) if effect.question.selects(value))
        known = effect.question.handle in records
        missing = Answer(Code.VALUES_NOT_FOUND if known else Code.HANDLE_NOT_FOUND)
        outcome = Answer(Code.SUCCESS, found) if found else missing


def judge(
    values: Sequence[Value], records: dict[bytes, tuple[Value, ...]] | None = None, anchor: Anchor = ANCHOR, **now: int
) -> Report:
    rule = trust.verify(ITEM, values, anchor, now.get("now_s", NOW_S))
    return play(rule, world() if records is None else records).report


def test_a_chain_of_all_kinds_of_keys_leads_to_the_root() -> None:
    played = play(trust.verify(ITEM, (*VALUES, signature()), ANCHOR, NOW_S), world())
    report = played.report
    assert (report.reason, report.signed, report.unsigned) == (Reason.TRUSTED, (1, 2), ())
    assert [link.claims.subject for link in report.links] == [
        ITEM,
        b"300:0.NA/88.118.8",
        b"300:0.NA/88.118",
        b"300:0.NA/88",
        b"300:0.0/0.0",
    ]
    assert [question.handle for question in played.asked] == [
        each.handle for each in (ENTERPRISE, SECONDARY, NATIONAL, ROOT)
    ]


def test_the_national_signatures_are_links_too() -> None:
    national = keys.generate("sm2")
    certified = trust.certify(
        ENTERPRISE, national.public_key(), EVERYTHING, SECONDARY, KEYS[SECONDARY], now_s=NOW_S, life_s=DAY_S
    )
    records = world(enterprise=Value(400, b"HS_CERT", certified))
    signed = signature(key=national)
    assert jws.read(signed.data).algorithm == "SM2256"
    assert judge((*VALUES, signed), records).trusted
    assert judge((*VALUES, signature()), records).reason is Reason.FORGED


def test_a_chain_that_is_spelled_out_is_followed_value_by_value() -> None:
    links = [Reference(each.handle, 400) for each in (ENTERPRISE, SECONDARY, NATIONAL, ROOT)]
    played = play(trust.verify(ITEM, (*VALUES, signature(chain=links)), ANCHOR, NOW_S), world())
    assert played.report.trusted
    assert [question.indexes for question in played.asked] == [(400,)] * 4


def test_more_values_may_stand_there_and_are_called_unsigned() -> None:
    report = judge((*VALUES, Value(3, b"EMAIL", b"later"), signature()))
    assert (report.reason, report.signed, report.unsigned) == (Reason.TRUSTED, (1, 2), (3,))


def test_index_and_timestamp_are_no_part_of_what_is_signed_but_everything_else_is() -> None:
    one = Value(1, b"URL", b"a", timestamp=1)
    assert trust.digest_of(one, "SHA-256") == trust.digest_of(replace(one, timestamp=2, index=9), "SHA-256")
    for changed in (
        replace(one, data=b"b"),
        replace(one, ttl=1),
        replace(one, type=b"URN"),
        replace(one, permissions=0xF),
        replace(one, references=(Reference(b"a/b", 1),)),
    ):
        assert trust.digest_of(changed, "SHA-256") != trust.digest_of(one, "SHA-256")


def test_the_newest_certificate_about_the_issuer_counts() -> None:
    records = world()
    old = certificate(ENTERPRISE, SECONDARY, at=401, now_s=NOW_S - 9 * DAY_S)  # expired long ago
    other = certificate(NATIONAL, ROOT, at=402, now_s=NOW_S + 5)
    broken = Value(403, b"HS_CERT", b"a.b.c")
    records[ENTERPRISE.handle] = (broken, old, *records[ENTERPRISE.handle], other)
    assert judge((*VALUES, signature()), records).trusted


def test_one_of_several_signatures_is_enough() -> None:
    stale = replace(signature(now_s=NOW_S - 9 * DAY_S), index=401)
    assert judge((*VALUES, stale, signature())).trusted
    assert judge((*VALUES, stale, stale)).reason is Reason.EXPIRED


def test_prefixes_are_compared_without_letter_case_and_suffixes_with_it() -> None:
    values = [Value(1, b"URL", b"a")]
    for signed, verified, reason in (
        (b"0.na/88.118.8", b"0.NA/88.118.8", Reason.TRUSTED),
        (b"88.118.8/Item", b"88.118.8/item", Reason.OTHER_HANDLE),
    ):
        records = world(enterprise=certificate(ENTERPRISE, SECONDARY, EVERYTHING))
        rule = trust.verify(verified, [*values, signature(values, signed)], ANCHOR, NOW_S)
        assert play(rule, records).report.reason is reason


# ---- refused ---------------------------------------------------------------------------------------------------------


def test_a_record_without_a_signature_is_not_trusted() -> None:
    report = judge(VALUES)
    assert (report.reason, report.links, report.unsigned) == (Reason.NO_SIGNATURE, (), (1, 2))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ((replace(VALUES[0], data=b"https://evil.invalid"), VALUES[1]), "1 changed"),
        ((VALUES[0], replace(VALUES[1], ttl=61)), "2 changed"),
        ((VALUES[1],), "1 missing"),
    ],
)
def test_altered_values(values: tuple[Value, ...], words: str) -> None:
    report = judge((*values, signature()))
    assert report.reason is Reason.ALTERED
    assert words in report.detail
    assert len(report.signed) == 1


@pytest.mark.parametrize(
    ("moment_s", "reason"),
    [
        (NOW_S - 601, Reason.NOT_YET_VALID),
        (NOW_S - 600, Reason.TRUSTED),
        (NOW_S + DAY_S, Reason.TRUSTED),
        (NOW_S + DAY_S + 1, Reason.EXPIRED),
    ],
)
def test_dates(moment_s: int, reason: Reason) -> None:
    assert judge((*VALUES, signature()), now_s=moment_s).reason is reason


@pytest.mark.parametrize(
    ("how", "reason"), [({"life_s": -1}, Reason.EXPIRED), ({"now_s": NOW_S + DAY_S}, Reason.NOT_YET_VALID)]
)
@pytest.mark.parametrize(
    ("name", "subject", "issuer"),
    [("root", ROOT, ROOT), ("national", NATIONAL, ROOT), ("enterprise", ENTERPRISE, SECONDARY)],
)
def test_dates_count_at_every_link(
    name: str, subject: Reference, issuer: Reference, how: dict[str, int], reason: Reason
) -> None:
    report = judge((*VALUES, signature()), world(**{name: certificate(subject, issuer, **how)}))
    assert report.reason is reason
    assert subject.handle.decode() in report.detail
    assert [link.reason for link in report.links].count(reason) == 1


@pytest.mark.parametrize(("name", "subject", "issuer"), [("secondary", SECONDARY, NATIONAL), ("root", ROOT, ROOT)])
def test_a_link_that_somebody_else_signed(name: str, subject: Reference, issuer: Reference) -> None:
    records = world(**{name: certificate(subject, issuer, key=STRANGER)})
    report = judge((*VALUES, signature()), records)
    assert report.reason is Reason.FORGED
    assert judge((*VALUES, signature(key=STRANGER))).reason is Reason.FORGED


def test_every_octet_of_signature_and_certificates_counts() -> None:
    good = signature()
    for place in range(0, len(good.data), 7):
        octet = good.data[place]
        bad = replace(good, data=good.data[:place] + bytes((octet ^ 1,)) + good.data[place + 1 :])
        assert not judge((*VALUES, bad)).trusted


def test_what_a_signature_says_does_not_count_before_it_is_verified() -> None:
    head, _, tail = signature().data.split(b".")
    payload = json.loads(jws.read(signature().data).payload)
    payload["sub"] = "88.118.8/other"
    payload["digests"]["digests"] = []
    forged = b".".join((head, jws.base64url(json.dumps(payload).encode()), tail))
    assert judge((*VALUES, Value(400, b"HS_SIGNATURE", forged))).reason is Reason.FORGED


def test_a_root_that_nobody_vouched_for() -> None:
    other_key = Anchor(ROOT.handle, (STRANGER.public_key(), KEYS[NATIONAL].public_key()))
    other_root = Anchor(b"88.111.1/0.0", ANCHOR.keys)
    for anchor in (other_key, other_root, Anchor(ROOT.handle, ())):
        assert judge((*VALUES, signature()), anchor=anchor).reason is Reason.UNKNOWN_ROOT


def test_whoever_certifies_themselves_is_no_root() -> None:
    records = world(enterprise=certificate(ENTERPRISE, ENTERPRISE))
    report = judge((*VALUES, signature()), records)
    assert report.reason is Reason.UNKNOWN_ROOT
    claimed = jwt({"sub": "300:0.0/0.0", "iss": "300:0.0/0.0", "digests": {"alg": "SHA-256", "digests": []}})
    assert judge((*VALUES, claimed)).reason is Reason.FORGED


@pytest.mark.parametrize("gone", ["enterprise", "secondary", "root"])
def test_a_missing_certificate_breaks_the_chain(gone: str) -> None:
    report = judge((*VALUES, signature()), world(**{gone: None}))
    assert report.reason is Reason.BROKEN_CHAIN
    assert "HANDLE_NOT_FOUND" in report.detail


def test_a_certificate_about_somebody_else_is_the_wrong_issuer() -> None:
    report = judge((*VALUES, signature()), world(enterprise=certificate(NATIONAL, ROOT)))
    assert report.reason is Reason.WRONG_ISSUER
    other_index = Reference(ENTERPRISE.handle, 301)
    KEYS[other_index] = KEYS[ENTERPRISE]
    assert judge((*VALUES, signature(signer=other_index))).reason is Reason.WRONG_ISSUER
    spelled_out = signature(chain=[Reference(SECONDARY.handle, 400)])
    assert judge((*VALUES, spelled_out)).reason is Reason.WRONG_ISSUER


def test_a_circle_ends() -> None:
    records = world(national=certificate(NATIONAL, SECONDARY))
    report = judge((*VALUES, signature()), records)
    assert report.reason is Reason.BROKEN_CHAIN
    assert "circle" in report.detail


def test_a_chain_that_does_not_end_is_left_after_fifty_links() -> None:
    key = KEYS[ENTERPRISE]
    records: dict[bytes, tuple[Value, ...]] = {}
    for number in range(60):
        subject, issuer = (Reference(b"0.NA/88.118.8.%d" % (number + step), 300) for step in (0, 1))
        KEYS[subject] = KEYS[issuer] = key
        records[subject.handle] = (certificate(subject, issuer),)
    report = judge((*VALUES, signature(signer=Reference(b"0.NA/88.118.8.0", 300))), records)
    assert report.reason is Reason.BROKEN_CHAIN
    assert len(report.links) == 51


@pytest.mark.parametrize(
    ("right", "covered"),
    [
        (Right(b"", "everything"), True),
        (Right(b"88.118.8/item", "thisHandle"), True),
        (Right(b"88.118.8/ITEM", "thisHandle"), False),
        (Right(b"0.na/88.118.8", "thisHandle"), True),
        (Right(b"0.NA/88.118", "thisHandle"), False),
        (Right(b"0.NA/88.118.8", "handlesUnderThisPrefix"), True),
        (Right(b"88.118.8", "handlesUnderThisPrefix"), False),
        (Right(b"0.NA/88.118", "handlesUnderThisPrefix"), False),
        (Right(b"0.NA/88.118.80", "handlesUnderThisPrefix"), False),
        (Right(b"0.NA/88.118", "derivedPrefixes"), True),
        (Right(b"0.NA/88", "derivedPrefixes"), True),
        (Right(b"0.NA/88.11", "derivedPrefixes"), False),
        (Right(b"0.NA/88.118.8", "derivedPrefixes"), False),
        (Right(b"0.NA/88.118", "Everything"), False),
        (Right(b"", ""), False),
    ],
)
@pytest.mark.parametrize(("name", "subject", "issuer"), [("enterprise", ENTERPRISE, SECONDARY), ("root", ROOT, ROOT)])
def test_rights_must_reach_the_handle_at_every_link(
    right: Right, covered: bool, name: str, subject: Reference, issuer: Reference
) -> None:
    assert right.covers(ITEM) is covered
    report = judge((*VALUES, signature()), world(**{name: certificate(subject, issuer, (right,))}))
    assert report.reason is (Reason.TRUSTED if covered else Reason.PERMISSIONS_EXCEEDED)


def test_a_derived_prefix_is_covered_itself() -> None:
    assert Right(b"0.NA/88.118", "derivedPrefixes").covers(b"0.na/88.118.8")
    assert not Right(b"0.NA/88.118", "derivedPrefixes").covers(b"0.NA/88.118")


def test_a_certificate_alone_is_followed_too() -> None:
    records = world(enterprise=certificate(ENTERPRISE, SECONDARY, EVERYTHING))
    data = records[ENTERPRISE.handle][1].data
    report = play(trust.verify_certificate(data, ANCHOR, NOW_S), records).report
    assert report.trusted
    assert len(report.links) == 4
    late = play(trust.verify_certificate(data, ANCHOR, NOW_S + 2 * DAY_S), records).report
    assert late.reason is Reason.EXPIRED
    assert play(trust.verify_certificate(b"x", ANCHOR, NOW_S), records).report.reason is Reason.MALFORMED


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"sub": "88.118.8/item"},
        {"sub": "88.118.8/item", "iss": 5},
        {"sub": "88.118.8/item", "iss": "\ud800"},
        {"sub": "a/b", "iss": "a/c", "exp": "tomorrow"},
        {"sub": "a/b", "iss": "a/c", "exp": True},
        {"sub": "a/b", "iss": "a/c", "exp": 1.5},
        {"sub": "a/b", "iss": "a/c", "chain": "a/b"},
        {"sub": "a/b", "iss": "a/c", "chain": ["a/b"] * 2_049},
        {"sub": "a/b", "iss": "a/c", "perms": [5]},
        {"sub": "a/b", "iss": "a/c", "perms": [{"perm": 5}]},
        {"sub": "a/b", "iss": "a/c", "publicKey": {"kty": "RSA"}},
        {"sub": "a/b", "iss": "a/c", "digests": []},
        {"sub": "a/b", "iss": "a/c", "digests": {"alg": "MD5", "digests": []}},
        {"sub": "a/b", "iss": "a/c", "digests": {"alg": ["SHA-256"], "digests": []}},
        {"sub": "a/b", "iss": "a/c", "digests": {"alg": "SHA-256", "digests": [{"index": 1}]}},
        {"sub": "a/b", "iss": "a/c", "digests": {"alg": "SHA-256", "digests": [{"index": 1, "digest": "é"}]}},
        {"sub": "a/b", "iss": "a/c"},  # says nothing about any value
    ],
)
def test_what_cannot_be_read_is_called_malformed(payload: dict[str, Any]) -> None:
    try:
        made = jwt(payload)
    except UnicodeEncodeError:  # half a surrogate pair, which JSON can escape
        header, octets = jws.base64url(b'{"alg":"RS256"}'), json.dumps(payload).encode()
        made = Value(400, b"HS_SIGNATURE", b".".join((header, jws.base64url(octets), b"AA")))
    assert judge((*VALUES, made)).reason is Reason.MALFORMED


def test_the_layout_is_the_one_that_the_reference_reads() -> None:
    payload = json.loads(jws.read(signature((VALUES[0],), chain=[Reference(b"0.NA/88", 400)]).data).payload)
    assert payload == {
        "digests": {
            "alg": "SHA-256",
            "digests": [{"index": 1, "digest": base64.b64encode(trust.digest_of(VALUES[0], "SHA-256")).decode()}],
        },
        "chain": ["400:0.NA/88"],
        "sub": "88.118.8/item",
        "iss": "300:0.NA/88.118.8",
        "iat": NOW_S,
        "nbf": NOW_S - 600,
        "exp": NOW_S + DAY_S,
    }
    certified = json.loads(
        jws.read(certificate(ENTERPRISE, SECONDARY, (Right(b"0.NA/88", "thisHandle"),)).data).payload
    )
    assert certified["perms"] == [{"handle": "0.NA/88", "perm": "thisHandle"}]
    assert set(certified["publicKey"]) == {"kty", "n", "e"}
    assert "chain" not in certified


def test_signatures_are_not_signed_and_nothing_is_no_signature() -> None:
    again = signature((*VALUES, signature()))
    assert trust.claims_of(jws.read(again.data)).digests == trust.claims_of(jws.read(signature().data)).digests
    with pytest.raises(CallerError):
        signature(())


def test_parties_are_an_index_and_a_handle() -> None:
    assert trust.reference_of(b"300:0.NA/88") == Reference(b"0.NA/88", 300)
    assert trust.reference_of(b"0.NA/88") == Reference(b"0.NA/88", 0)
    assert trust.reference_of(b"hdl:0.NA/88") == Reference(b"hdl:0.NA/88", 0)
    assert trust.reference_of(b"99999999999:a/b") == Reference(b"99999999999:a/b", 0)
    assert Claims(b"a", b"a").self_issued
