"""How long answers live, and what remains of their TTLs."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace

import pytest

from resolver.cache.answers import AnswerCache, aged, lifetime_s, question_key
from resolver.model.now import NS_PER_S, Now
from resolver.model.question import Answer, Question
from resolver.model.value import TTL_ABSOLUTE, Value
from resolver.wire.codes import Code

WALL_S = 1_800_000_000
CAP_S, NEGATIVE_S = 172_800, 30


def moment(later_s: float = 0.0) -> Now:
    return Now(0, int((WALL_S + later_s) * NS_PER_S))


def value(ttl: int, ttl_type: int = 0) -> Value:
    return Value(1, b"URL", b"https://example.invalid/", ttl=ttl, ttl_type=ttl_type)


def success(*values: Value) -> Answer:
    return Answer(Code.SUCCESS, values)


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (success(value(86_400)), 86_400),
        (success(value(500), value(60), value(300)), 60),
        (success(value(300), value(0)), 0),
        (success(value(10_000_000)), CAP_S),
        (success(value(WALL_S + 90, TTL_ABSOLUTE)), 90),
        (success(value(WALL_S - 1, TTL_ABSOLUTE)), 0),
        (success(value(120), value(WALL_S + 90, TTL_ABSOLUTE)), 90),
        (Answer(Code.HANDLE_NOT_FOUND), NEGATIVE_S),
        (Answer(Code.VALUES_NOT_FOUND), NEGATIVE_S),
        (Answer(Code.ERROR), 0),
        (Answer(Code.SERVER_NOT_RESP), 0),
        (Answer(Code.SERVER_TOO_BUSY), 0),
    ],
)
def test_an_answer_lives_as_long_as_its_shortest_ttl(answer: Answer, seconds: int) -> None:
    assert lifetime_s(answer, WALL_S, CAP_S, NEGATIVE_S) == seconds


def test_ttls_run_down_and_absolute_ones_do_not() -> None:
    absolute = value(WALL_S + 500, TTL_ABSOLUTE)
    assert aged(success(value(100), absolute), 40).values == (value(60), absolute)
    assert aged(success(value(100)), 400).values == (value(0),)
    assert aged(success(value(100)), 0) == success(value(100))


def given(remembered: AnswerCache, key: Hashable, now: Now) -> Answer | None:
    recalled = remembered.recall(key, now)
    return None if recalled is None else recalled.answer


def cache(octets: int = 1 << 20, time_scale: float = 1.0) -> AnswerCache:
    return AnswerCache(octets, ttl_max_s=CAP_S, negative_ttl_s=NEGATIVE_S, time_scale=time_scale)


QUESTION = Question(b"88.118.8/item")


def test_an_answer_is_given_until_it_expires_and_never_after() -> None:
    remembered = cache()
    remembered.put(question_key(QUESTION), success(value(100)), moment())
    assert given(remembered, question_key(QUESTION), moment(99.9)) == success(value(1))
    assert given(remembered, question_key(QUESTION), moment(100)) is None
    assert len(remembered.entries) == 0


def test_where_a_day_takes_ten_minutes_ttls_do_too() -> None:
    remembered, key, gone = cache(time_scale=144), question_key(QUESTION), question_key(Question(b"88.118.8/none"))
    assert remembered.put(key, success(value(86_400)), moment()) == 600
    assert remembered.put(gone, Answer(Code.HANDLE_NOT_FOUND), moment()) == 0  # less than a second, but remembered
    assert given(remembered, gone, moment(0.2)) == Answer(Code.HANDLE_NOT_FOUND)
    assert given(remembered, gone, moment(0.21)) is None
    assert given(remembered, key, moment(300)) == success(value(43_200))
    assert given(remembered, key, moment(599.999)) == success(value(1))
    assert given(remembered, key, moment(600)) is None


def test_what_is_given_has_some_time_left_whenever_it_was_fetched() -> None:
    remembered, key = cache(), question_key(QUESTION)
    remembered.put(key, success(value(100)), moment(0.9))
    assert given(remembered, key, moment(100.8)) == success(value(1))


def test_letter_case_and_a_missing_slash_make_no_difference_but_the_lists_do() -> None:
    remembered = cache()
    remembered.put(question_key(Question(b"0.NA/88.118", types=(b"HS_SITE",))), success(value(100)), moment())
    assert given(remembered, question_key(Question(b"88.118", types=(b"hs_site",))), moment()) is not None
    assert given(remembered, question_key(Question(b"88.118")), moment()) is None
    remembered.put(question_key(QUESTION), success(value(100)), moment())
    assert given(remembered, question_key(replace(QUESTION, handle=b"88.118.8/ITEM")), moment()) is not None
    assert given(remembered, question_key(replace(QUESTION, indexes=(1,))), moment()) is None


def test_it_is_bounded_in_octets() -> None:
    remembered = cache(octets=20_000)
    for number in range(1_000):
        remembered.put(question_key(Question(b"88.118.8/%d" % number)), success(value(100)), moment())
    assert remembered.entries.octets <= 20_000
    assert 0 < len(remembered.entries) < 100


REFERRAL = Answer(Code.PREFIX_REFERRAL, (Value(1, b"HS_SITE.PREFIX", b"site", ttl=100),))


@pytest.mark.parametrize(
    ("asked", "above"),
    [
        (b"0.NA/88.118.9", b"0.NA/88.118"),
        (b"0.na/88.118.abc", b"0.NA/88.118"),
        (b"88.118.9", b"0.NA/88.118"),
        (b"0.NA/88.118.9.4", b"0.NA/88.118"),
        (b"0.NA/88.118", None),
        (b"0.NA/88.119.1", None),
        (b"88.118.9/item", None),
        (b"0.NA/88", None),
    ],
)
def test_a_referral_serves_the_neighbours_of_the_prefix_it_was_about(asked: bytes, above: bytes | None) -> None:
    known = cache()
    known.put_referrals(b"0.NA/88.118.8", REFERRAL, None, moment())
    assert known.referral(asked, moment(1)) == (None if above is None else (above, REFERRAL))


def test_the_referral_met_before_serves_the_neighbours_one_level_higher() -> None:
    known, earlier = cache(), replace(REFERRAL, values=(value(200),))
    known.put_referrals(b"0.NA/88.118.8", REFERRAL, earlier, moment())
    assert known.referral(b"0.NA/88.118.9", moment(1)) == (b"0.NA/88.118", REFERRAL)
    assert known.referral(b"0.NA/88.119.1", moment(1)) == (b"0.NA/88", earlier)
    assert known.referral(b"0.NA/86.119.1", moment(1)) is None


def test_the_nearest_referral_wins_and_lives_as_long_as_its_ttl() -> None:
    known = cache()
    known.put_referrals(b"0.NA/88.118", replace(REFERRAL, values=(value(200),)), None, moment())
    known.put_referrals(b"0.NA/88.118.8", REFERRAL, None, moment())
    for later_s, above in ((99, b"0.NA/88.118"), (101, b"0.NA/88"), (201, None)):
        found = known.referral(b"0.NA/88.118.9", moment(later_s))
        assert (found and found[0]) == above


def test_a_forgotten_referral_is_gone_and_answers_are_never_taken_for_one() -> None:
    known = cache()
    known.put_referrals(b"0.NA/88.118.8", REFERRAL, None, moment())
    known.put(question_key(Question(b"0.NA/88")), success(value(100)), moment())
    known.put(question_key(Question(b"0.NA/88.118.9")), REFERRAL, moment())
    known.forget_referral(b"0.NA/88.118")
    known.forget_referral(b"0.NA/88.118")
    assert known.referral(b"0.NA/88.118.9", moment()) is None
    assert given(known, question_key(Question(b"0.NA/88.118.9")), moment()) is None
