"""What judges lines 13 and 18, shown what must not pass."""

from __future__ import annotations

import random

from biaoshi.proofs import p13_coalescing, p18_forgery
from nodes.limits import SourceLimits


def test_questions_without_an_answer_or_with_another_are_noticed() -> None:
    assert p13_coalescing.judge([100] * 10, 10, 100) == []
    assert p13_coalescing.judge([100] * 9, 10, 100) == ["1 of 10 questions had no answer"]
    assert p13_coalescing.judge([100, 2], 2, 100) == ["answers with codes [2] where 100 was to be expected"]


def test_a_server_silent_about_one_name_is_not_marked_and_one_silent_about_all_is() -> None:
    assert p13_coalescing.marked_bad(200, silent_about=b"lost") == 0
    assert p13_coalescing.marked_bad(10, silent_about=b"") == 1


def test_what_is_right_in_all_is_believed_and_what_is_almost_right_is_not() -> None:
    made, chance = p18_forgery._teaching(1), random.Random(1)
    assert p18_forgery._believed(made, chance, b"one", 1, right=True) == 1
    assert p18_forgery._believed(made, chance, b"two", 200, right=False) == 0


def test_without_a_limit_the_octets_show_it() -> None:
    packet = p18_forgery._requests(1)["large record"]
    octets_in, octets_out = p18_forgery._counted(1, packet, SourceLimits())
    assert octets_out > 50 * octets_in
