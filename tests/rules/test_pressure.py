"""How many questions may be under way: the bound follows the waits."""

from __future__ import annotations

from resolver.model.now import NS_PER_MS
from resolver.rules.pressure import LEAST, SLOW_NS, WINDOW, Pressure


def windows(pressure: Pressure, count: int, took_ms: float, under_way: int, *, slow_share: float = 1.0) -> None:
    for number in range(count * WINDOW):
        slow = (number % WINDOW) < slow_share * WINDOW
        pressure.took(int((took_ms if slow else 1) * NS_PER_MS), under_way)


def test_when_most_answers_are_slow_less_may_be_under_way() -> None:
    pressure = Pressure(4_096)
    windows(pressure, 1, 80, 1_000)
    assert LEAST < pressure.limit < 1_000, "what is not used up has not made it slow"
    windows(pressure, 60, 80, pressure.limit)
    assert pressure.limit == LEAST


def test_when_answers_are_quick_again_the_bound_rises_to_its_end() -> None:
    pressure = Pressure(500)
    windows(pressure, 60, 80, 400)
    windows(pressure, 100, 2, 64)
    assert pressure.limit == 500


def test_a_few_slow_servers_are_no_reason() -> None:
    pressure = Pressure(4_096)
    windows(pressure, 50, 900, 3_000, slow_share=0.4)
    assert pressure.limit == 4_096


def test_servers_that_are_all_far_away_are_no_reason() -> None:
    pressure = Pressure(4_096)
    windows(pressure, 500, 70, 3_000)
    windows(pressure, 300, 70, 300)
    assert pressure.limit == 4_096, f"twice the quickest is slow, not {SLOW_NS} ns"


def test_another_upper_end_holds_at_once() -> None:
    pressure = Pressure(4_096)
    pressure.configure(10)
    assert pressure.limit == 10
    windows(pressure, 5, 80, 10)
    assert pressure.limit == 10, "never below what little there is"
