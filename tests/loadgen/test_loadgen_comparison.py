"""The check of answers: what is right, what is wrong, and that no fast way passes what the decoder would not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from scripted_responder import NEVER_EXPIRES, with_code

from loadgen import comparison
from loadgen.comparison import Comparison
from loadgen.results import Verdict
from loadgen.truth import Stored
from resolver.model.value import Reference, Value
from resolver.wire.bodies.resolution import ResolutionAnswer
from resolver.wire.message import ABSENT, Envelope, Header, Message, encode

BEGAN = 1_800_000_000
HANDLE = b"88.118.8/JXDY2106023"
URL = Value(1, b"URL", b"https://example.org/a", ttl=86_400, timestamp=1_767_225_600)
NAME = Value(2000, b"NAME", "轴承".encode(), ttl=0)
DATED = Value(2001, b"DATE", b"2026-01-01", ttl=1_900_000_000, ttl_type=1, references=(Reference(b"88.118.8/T", 1),))
SECRET = Value(301, b"HS_SECKEY", b"secret", permissions=0xC)
TRUTH = (URL, NAME, DATED, SECRET)
PUBLIC = (URL, NAME, DATED)


def judge_of(values: tuple[Value, ...] = TRUTH, way: str = "picture") -> Comparison:
    """One identifier, ready to judge answers about it by a picture, by a fresh answer, or (say it) by the decoder."""
    made = Comparison(Stored([(HANDLE, values)], seed=1).values, BEGAN)
    if way == "picture":
        made.expect(HANDLE)
    return made


def answer(
    values: tuple[Value, ...] = PUBLIC, handle: bytes = HANDLE, code: int = 1, expiration: int = NEVER_EXPIRES
) -> bytes:
    return encode(Message(Envelope(), Header(1, code=code, expiration=expiration), ResolutionAnswer(handle, values)))


def verdict(packet: bytes, values: tuple[Value, ...] = TRUTH, way: str = "picture") -> Verdict:
    return Verdict(judge_of(values, way).judge(HANDLE, packet, len(packet))[1])


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


@pytest.fixture(params=["picture", "fresh", "decoder"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How answers are judged."""
    if request.param == "decoder":
        monkeypatch.setattr(comparison, "_is_fresh", lambda *_: False)
    return str(request.param)


@pytest.mark.parametrize("case", RIGHT)
def test_an_answer_that_says_the_truth_is_right(case: str, way: str) -> None:
    assert verdict(RIGHT[case], way=way) is Verdict.RIGHT


@pytest.mark.parametrize("case", WRONG)
def test_an_answer_that_contradicts_the_truth_is_wrong(case: str, way: str) -> None:
    assert verdict(WRONG[case], way=way) is Verdict.WRONG


@pytest.mark.parametrize("code", REFUSED)
def test_a_code_that_says_nothing_about_the_identifier_is_a_refusal(code: int) -> None:
    packet = REFUSED[code]
    assert judge_of().judge(HANDLE, packet, len(packet)) == (code, Verdict.REFUSED)


@pytest.mark.parametrize("fast_way", ["picture", "fresh"])
def test_whatever_octet_is_changed_a_fast_way_says_what_the_decoder_says(
    fast_way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fast, right = judge_of(way=fast_way), answer()
    packets = []
    for position in range(len(right)):
        for change in (0x01, 0x10, 0x80, 0xFF):
            packet = bytearray(right)
            packet[position] ^= change
            packets.append(packet)
    by_fast_way = [fast.judge(HANDLE, packet, len(packet)) for packet in packets]
    monkeypatch.setattr(comparison, "_is_fresh", lambda *_: False)
    decoder = judge_of(way="decoder")
    by_decoder = [decoder.judge(HANDLE, bytes(packet), len(packet)) for packet in packets]
    assert by_fast_way == by_decoder
    assert sum(verdict != Verdict.RIGHT for _, verdict in by_decoder) > 4 * (len(right) - 44) / 2


@pytest.mark.parametrize(
    ("way", "packet"), [("picture", answer(changed(URL, ttl=17))), ("fresh", answer())], ids=["picture", "fresh"]
)
def test_the_usual_answer_is_recognised_without_decoding(
    way: str, packet: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    fast = judge_of(way=way)
    monkeypatch.setattr(comparison, "decode", None)
    assert fast.judge(HANDLE, bytearray(packet) + bytes(1000), len(packet)) == (1, Verdict.RIGHT)


def test_there_are_no_more_pictures_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparison, "PICTURES_MAX", 2)
    handles = [b"88.1/%d" % number for number in range(4)]
    made = Comparison(Stored([(handle, (URL,)) for handle in handles], seed=1).values, BEGAN)
    for handle in handles:
        made.expect(handle)
    assert len(made._pictures) == 2
    for handle in handles:
        packet = answer((replace(URL, ttl=17),), handle)
        assert made.judge(handle, packet, len(packet)) == (1, Verdict.RIGHT)


def test_an_identifier_without_public_values_is_rightly_answered_by_values_not_found() -> None:
    assert verdict(with_code(answer(), 200), (SECRET,)) is Verdict.RIGHT
    assert verdict(answer((SECRET,)), (SECRET,)) is Verdict.WRONG
    assert verdict(answer(()), (SECRET,)) is Verdict.WRONG


def test_an_identifier_that_does_not_exist_is_rightly_not_found_and_nothing_else(way: str) -> None:
    absent, made = b"88.1/ABSENT", judge_of(way=way)
    made.expect(absent)
    for packet, expected in (
        (with_code(answer(handle=absent), 100), (100, Verdict.RIGHT)),
        (with_code(answer(handle=absent), 200), (200, Verdict.WRONG)),
        (answer(handle=absent), (1, Verdict.WRONG)),
        (answer((), absent), (1, Verdict.WRONG)),
        (with_code(answer(handle=absent), 301), (301, Verdict.REFUSED)),
    ):
        assert made.judge(absent, packet, len(packet)) == expected


def test_a_code_is_told_even_of_an_answer_whose_body_cannot_be_read() -> None:
    packet = bytearray(answer())
    packet[44:48] = b"\xff\xff\xff\xff"
    assert judge_of().judge(HANDLE, packet, len(packet)) == (1, Verdict.WRONG)
