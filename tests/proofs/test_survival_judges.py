"""What judges lines 7, 11 and 13 to 18, shown what must not pass."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from biaoshi.proofs import (
    p07_caches,
    p11_traps,
    p13_coalescing,
    p14_overload,
    p15_after_overload,
    p16_one_dies,
    p17_all_out,
    p18_forgery,
    p19_one_greedy,
)
from biaoshi.proofs.cold import cold_network
from biaoshi.proofs.liars import Script
from nodes.country import Country
from nodes.limits import SourceLimits
from resolver.cache.answers import Recalled
from resolver.model.now import NS_PER_S
from resolver.model.question import Answer
from resolver.model.value import Value
from resolver.wire.codes import Code


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


def test_a_cache_that_says_what_it_may_not_is_noticed() -> None:
    walk = p07_caches.AnswerWalk(random.Random(1))
    name = b"88.118.8/1"
    told = Answer(Code.SUCCESS, (Value(1, b"URL", b"x", ttl=100),))
    wall_ns = walk.now.wall_ns
    walk.told[name] = p07_caches.Told(told, wall_ns, wall_ns + 100 * NS_PER_S, wall_ns + 200 * NS_PER_S)
    assert walk.judge(name, Recalled(told, "hit", 0)) == ""
    assert "nobody gave" in walk.judge(b"88.118.8/2", Recalled(told, "hit", 0))
    assert "after its time" in walk.judge(name, Recalled(told, "hit", 101))
    assert "may not be" in walk.judge(name, Recalled(told, "stale", 0))
    walk.now_ns = 10 * NS_PER_S
    assert "for" in walk.judge(name, Recalled(told, "hit", 0)), "its TTL has not run down"


def test_a_walk_into_a_trap_is_counted_and_ends() -> None:
    trap = next(trap for trap in p11_traps.TRAPS if trap.name == "in a circle")
    most, words = p11_traps.walked_into(trap, 2, 1)
    assert (most, words) == (40, [])


def test_a_lie_that_reaches_a_client_is_noticed() -> None:
    lie = Answer(Code.SUCCESS, (Value(1, b"URL", b"lie"),))

    def lying(made: Country, number: int) -> Script:
        honest = p11_traps._something_else(made, number)
        return lambda handle, now: honest(handle, now) if handle.upper().startswith(b"0.NA/") else lie

    assert p11_traps.walked_into(p11_traps.Trap("lying", lying), 1, 1)[1] == ["a client was told what nobody may say"]


def test_names_not_answered_and_traffic_that_stays_are_noticed() -> None:
    assert p16_one_dies.judge({"cached": (300, 300), "uncached": (300, 298)}, 2) == []
    assert p16_one_dies.judge({"cached": (0, 0), "uncached": (300, 300)}, 0) == ["nothing was asked"]
    assert "not answered" in p16_one_dies.judge({"cached": (300, 300), "uncached": (300, 290)}, 0)[0]
    assert "still sent" in p16_one_dies.judge({"cached": (300, 300), "uncached": (300, 300)}, 100)[0]


def test_an_outage_without_stale_answers_or_without_bounds_is_noticed() -> None:
    assert p17_all_out.judge(1_000, 1_000, 50, 100) == []
    assert "stale" in p17_all_out.judge(1_000, 10, 50, 100)[0]
    assert "bounded" in p17_all_out.judge(1_000, 1_000, 101, 100)[0]
    assert "nobody looked" in p17_all_out.judge(1_000, 1_000, 0, 100)[0]


def test_less_goodput_or_longer_waits_than_allowed_are_above_one() -> None:
    peak = p14_overload.Borne(4_000.0, 50.0, 0, 0)
    assert p14_overload.judge(peak, p14_overload.Borne(3_999.0, 60.0, 0, 0)) < 1
    assert p14_overload.judge(peak, p14_overload.Borne(3_500.0, 60.0, 0, 0)) > 1
    assert p14_overload.judge(peak, p14_overload.Borne(4_000.0, 101.0, 0, 0)) > 1


def test_how_long_it_takes_to_be_as_before() -> None:
    assert p15_after_overload.back_after_s([1.0, 1.1, 1.0], 1.0) == 0
    assert p15_after_overload.back_after_s([90.0, 9.0, 1.0, 1.0], 1.0) == 1.0
    assert p15_after_overload.back_after_s([90.0, 1.0, 1.0, 2.0], 1.0) == 2.0, "it has to stay so"


def test_who_does_not_notice_the_greedy_one_and_who_does() -> None:
    assert p19_one_greedy.change(2.0, 2.1) == pytest.approx(5.0)
    assert p19_one_greedy.change(2.0, 1.5) == pytest.approx(25.0)
    assert p19_one_greedy.change(2.0, 2.3) > 10


def test_the_limit_of_a_source_is_what_keeps_the_greedy_one_from_the_others(tmp_path: Path) -> None:
    plan = cold_network(tmp_path)
    alone, nothing = p19_one_greedy.others_p99_ms(p19_one_greedy.limited(plan, 30), 3.0, 5, greedy=False)
    beside, thrown_away = p19_one_greedy.others_p99_ms(p19_one_greedy.limited(plan, 30), 3.0, 5, greedy=True)
    freely, none = p19_one_greedy.others_p99_ms(plan, 3.0, 5, greedy=True)
    assert (nothing, none) == (0, 0)
    assert thrown_away > 1_000
    assert p19_one_greedy.change(alone, beside) < p19_one_greedy.change(alone, freely)
