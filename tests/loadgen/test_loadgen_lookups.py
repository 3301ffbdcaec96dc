"""The check of answers: what is right, what is wrong, and that the fast way never passes what the decoder would not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scripted_responder import NEVER_EXPIRES, answer_octets, with_code

from loadgen.results import Verdict
from loadgen.workloads import lookups
from loadgen.workloads.lookups import Lookups, request_octets
from resolver.errors import OperatorError
from resolver.model.value import Reference, Value
from resolver.wire.bodies.resolution import ResolutionAnswer
from resolver.wire.message import ABSENT, Envelope, Header, Message, decode, encode

BEGAN = 1_800_000_000
HANDLE = b"88.118.8/JXDY2106023"
URL = Value(1, b"URL", b"https://example.org/a", ttl=86_400, timestamp=1_767_225_600)
NAME = Value(2000, b"NAME", "轴承".encode(), ttl=0)
DATED = Value(2001, b"DATE", b"2026-01-01", ttl=1_900_000_000, ttl_type=1, references=(Reference(b"88.118.8/T", 1),))
SECRET = Value(301, b"HS_SECKEY", b"secret", permissions=0xC)
TRUTH = (URL, NAME, DATED, SECRET)
PUBLIC = (URL, NAME, DATED)


def workload(values: tuple[Value, ...] = TRUTH, *, pictures: bool = True) -> Lookups:
    """One identifier, ready to judge answers about it."""
    made = Lookups([(HANDLE, values)], 0.91, 1)
    ranks = made.draw(1) if pictures else np.empty(0, dtype=np.uint32)
    made.requests(ranks, BEGAN)
    made._began_wall_s = BEGAN
    return made


def answer(
    values: tuple[Value, ...] = PUBLIC, handle: bytes = HANDLE, code: int = 1, expiration: int = NEVER_EXPIRES
) -> bytes:
    return encode(Message(Envelope(), Header(1, code=code, expiration=expiration), ResolutionAnswer(handle, values)))


def verdict(packet: bytes, values: tuple[Value, ...] = TRUTH, *, pictures: bool = True) -> Verdict:
    return Verdict(workload(values, pictures=pictures).judge(0, packet, len(packet))[1])


def changed(value: Value, **fields: object) -> tuple[Value, ...]:
    """PUBLIC with one value changed."""
    return tuple(replace(each, **fields) if each is value else each for each in PUBLIC)  # type: ignore[arg-type]


RIGHT = {
    "as written": answer(),
    "a TTL counted down": answer(changed(URL, ttl=1)),
    "another timestamp": answer(changed(NAME, timestamp=5)),
    "values in another order": answer((DATED, NAME, URL)),
    "no credential field": encode(
        Message(Envelope(), Header(1, code=1, expiration=NEVER_EXPIRES), ResolutionAnswer(HANDLE, PUBLIC), None, ABSENT)
    ),
    "an older version": encode(
        Message(Envelope(minor=1), Header(1, code=1, expiration=NEVER_EXPIRES), ResolutionAnswer(HANDLE, PUBLIC))
    ),
    "an answer that expires as the run begins": answer(expiration=BEGAN),
}
WRONG = {
    "other data": answer(changed(URL, data=b"https://example.org/b")),
    "another type": answer(changed(URL, type=b"URI")),
    "another index": answer(changed(NAME, index=2002)),
    "other permissions": answer(changed(URL, permissions=0xF)),
    "another TTL type": answer(changed(URL, ttl_type=1)),
    "a TTL of zero": answer(changed(URL, ttl=0)),
    "a TTL above the truth's": answer(changed(URL, ttl=86_401)),
    "a TTL where the truth forbids caching": answer(changed(NAME, ttl=1)),
    "an absolute TTL that moved": answer(changed(DATED, ttl=1_899_999_999)),
    "another reference": answer(changed(DATED, references=(Reference(b"88.118.8/T", 2),))),
    "no reference": answer(changed(DATED, references=())),
    "a value missing": answer((URL, NAME)),
    "no value": answer(()),
    "a value twice": answer((*PUBLIC, URL)),
    "a value twice instead of another": answer((URL, URL, NAME)),
    "a secret value shown": answer(TRUTH),
    "the handle in other letters": answer(handle=HANDLE.lower()),
    "another handle": answer(handle=b"88.118.8/JXDY2106024"),
    "an answer that expired before the run": answer(expiration=BEGAN - 1),
    "not found": with_code(answer(), 100),
    "values not found": with_code(answer(), 200),
    "a request": with_code(answer(), 0),
    "cut short": answer()[:-30],
    "only an envelope": answer()[:20],
    "octets behind the message": answer() + b"x",
    "an encrypted message": bytes([2, 11, 0x42, 11]) + answer()[4:],
    "the answer to another operation": answer()[:20] + bytes([0, 0, 0, 2]) + answer()[24:],
}
REFUSED = {code: with_code(answer(), code) for code in (2, 3, 4, 6, 301, 402)}


@pytest.mark.parametrize("pictures", [True, False], ids=["fast", "decoded"])
@pytest.mark.parametrize("case", RIGHT)
def test_an_answer_that_says_the_truth_is_right(case: str, pictures: bool) -> None:
    assert verdict(RIGHT[case], pictures=pictures) is Verdict.RIGHT


@pytest.mark.parametrize("pictures", [True, False], ids=["fast", "decoded"])
@pytest.mark.parametrize("case", WRONG)
def test_an_answer_that_contradicts_the_truth_is_wrong(case: str, pictures: bool) -> None:
    assert verdict(WRONG[case], pictures=pictures) is Verdict.WRONG


@pytest.mark.parametrize("code", REFUSED)
def test_a_code_that_says_nothing_about_the_identifier_is_a_refusal(code: int) -> None:
    packet = REFUSED[code]
    assert workload().judge(0, packet, len(packet)) == (code, Verdict.REFUSED)


def test_whatever_octet_is_changed_the_fast_way_says_what_the_decoder_says() -> None:
    fast, decoded = workload(), workload(pictures=False)
    right = answer()
    found_wrong = 0
    for position in range(len(right)):
        for change in (0x01, 0x10, 0x80, 0xFF):
            packet = bytearray(right)
            packet[position] ^= change
            by_decoder = decoded.judge(0, bytes(packet), len(packet))
            assert fast.judge(0, packet, len(packet)) == by_decoder, (position, change)
            found_wrong += by_decoder[1] != Verdict.RIGHT
    assert found_wrong > 4 * (len(right) - 44) / 2


def test_the_usual_answer_is_recognised_without_decoding(monkeypatch: pytest.MonkeyPatch) -> None:
    fast = workload()
    monkeypatch.setattr(lookups, "decode", None)
    packet = answer(changed(URL, ttl=17))
    assert fast.judge(0, bytearray(packet) + bytes(1000), len(packet)) == (1, Verdict.RIGHT)


def test_an_identifier_without_public_values_is_rightly_answered_by_values_not_found() -> None:
    assert verdict(with_code(answer(), 200), (SECRET,)) is Verdict.RIGHT
    assert verdict(answer((SECRET,)), (SECRET,)) is Verdict.WRONG
    assert verdict(answer(()), (SECRET,)) is Verdict.WRONG


def test_a_code_is_told_even_of_an_answer_whose_body_cannot_be_read() -> None:
    packet = bytearray(answer())
    packet[44:48] = b"\xff\xff\xff\xff"
    assert workload().judge(0, packet, len(packet)) == (1, Verdict.WRONG)


def test_a_request_is_that_of_a_client_that_knows_nothing_about_the_server() -> None:
    assert request_octets(b"88.1/A", 1_800_000_000) == bytes.fromhex(
        "0203020b 00000000 00000000 00000000 0000002e"  # 2.3 suggesting 2.11; session, request id, sequence; 46 octets
        "00000001 00000000 19000000 ffff0000 6b4a7ac0 00000012"  # look-up; CA REC PO; serial unknown; in twelve hours
        "00000006 38382e312f41 00000000 00000000 00000000"  # handle; no indexes, no types, no credential
    )


def test_a_request_is_made_for_each_rank_that_occurs_and_asks_for_its_handle() -> None:
    truth = [(b"88.1/%d" % number, (URL,)) for number in range(50)]
    made = Lookups(truth, 0.91, seed=4)
    ranks = made.draw(40)
    requests = made.requests(ranks, BEGAN)
    assert set(requests) == set(ranks.tolist())
    for rank, octets in requests.items():
        right = answer_octets(decode(bytes(octets)), (URL,))
        assert made.judge(rank, right, len(right)) == (1, Verdict.RIGHT)
        other = next(each for each in requests if each != rank)
        assert made.judge(other, right, len(right))[1] == Verdict.WRONG


def test_a_network_without_identifiers_is_refused() -> None:
    with pytest.raises(OperatorError):
        Lookups([], 0.91, 1)
