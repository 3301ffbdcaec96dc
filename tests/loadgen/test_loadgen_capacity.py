"""The search for the highest rate, on servers whose limit is known."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pytest

from biaoshi.proofs.queueing import exponential, fixed, knee_exponential, knee_fixed, times_in_system
from loadgen.arrays import Floats
from loadgen.capacity import HIGHEST_PER_S, LOWEST_PER_S, Belief, Effort, Outcome, Trial, search
from resolver.errors import CallerError

LIMIT_S = 0.02
Service = Callable[[float, int, np.random.Generator], Floats]


def queue(service: Service, service_s: float, seed: int, hiccups: float = 0.0) -> Callable[[float, float], Outcome]:
    """Trials of a simulated server; in a share of them something else uses the machine."""
    stream = np.random.default_rng(seed)

    def trial(per_s: float, seconds: float) -> Outcome:
        served = service(service_s, int(per_s * seconds * 1.1) + 1000, stream)
        times = times_in_system(per_s, seconds, served, stream)
        kept = not len(times) or np.quantile(times, 0.99, method="inverted_cdf") < LIMIT_S
        return Outcome(bool(kept) and stream.random() >= hiccups)

    return trial


def wall(limit_per_s: float) -> Callable[[float, float], Outcome]:
    """A server that keeps everything below its limit and nothing above."""
    return lambda per_s, seconds: Outcome(per_s < limit_per_s)


def test_the_known_knees_are_those_of_long_simulations() -> None:
    stream = np.random.default_rng(1)
    for service, knee in ((fixed, knee_fixed), (exponential, knee_exponential)):
        rate = knee(0.001, LIMIT_S)
        times = times_in_system(rate, 2000.0, service(0.001, 2_100_000, stream), stream)
        assert np.mean(times < LIMIT_S) == pytest.approx(0.99, abs=0.0012)


def test_the_formula_for_fixed_service_is_right_where_it_is_known_otherwise() -> None:
    # Nobody waits with probability 1 - load; so a limit of just one service time is kept by 99 % at a load of 1 %.
    assert knee_fixed(0.001, 0.001) == pytest.approx(10, rel=1e-6)
    assert 880 < knee_fixed(0.001, 0.02) < 890
    assert 9_860 < knee_fixed(0.0001, 0.02) < 9_900


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("service", "knee"), [(fixed, knee_fixed), (exponential, knee_exponential)])
def test_a_queue_with_a_known_knee_is_found_within_3_percent(
    service: Service, knee: Callable[[float, float], float], seed: int
) -> None:
    known = knee(0.0002, LIMIT_S)
    found = search(queue(service, 0.0002, seed), Effort(budget_s=600.0))
    assert found.per_s == pytest.approx(known, rel=0.03)
    assert found.high_per_s is not None
    assert found.low_per_s < found.per_s < found.high_per_s
    assert found.confirmed_per_s is not None
    assert found.complete


@pytest.mark.parametrize("seed", range(3))
def test_hiccups_of_the_machine_do_not_lead_astray(seed: int) -> None:
    known = knee_fixed(0.0002, LIMIT_S)
    found = search(queue(fixed, 0.0002, seed, hiccups=0.1), Effort(budget_s=600.0))
    assert found.per_s == pytest.approx(known, rel=0.03)


@pytest.mark.parametrize("limit", [2.5, 40.0, 180.0, 251.0, 3_333.0, 1e6])
def test_a_sharp_limit_is_found_wherever_it_is(limit: float) -> None:
    found = search(wall(limit))
    assert found.per_s == pytest.approx(limit, rel=0.01)
    assert found.low_per_s <= limit * 1.01
    assert found.high_per_s is not None
    assert found.high_per_s >= limit * 0.99
    assert found.confirmed_per_s is not None
    assert found.confirmed_per_s < limit


def test_short_trials_climb_and_long_ones_decide() -> None:
    trials = search(wall(3_000.0)).trials
    assert [trial.per_s for trial in trials if trial.step == "climb"] == [250, 500, 1000, 2000, 4000, 4000, 4000]
    assert [step for step, _ in itertools.groupby(trial.step for trial in trials)] == ["climb", "close in", "confirm"]
    assert {(trial.step, trial.seconds) for trial in trials} == {("climb", 2), ("close in", 10), ("confirm", 20)}


def test_a_hiccup_while_climbing_is_tried_again() -> None:
    def trial(per_s: float, seconds: float) -> Outcome:
        tried.append(per_s)
        return Outcome(per_s < 5_000 and not (per_s == 1_000 and tried.count(1_000) <= hiccups))

    for hiccups in (1, 2, 3):  # after three the climb turns too early, and the search finds out
        tried: list[float] = []
        assert search(trial).per_s == pytest.approx(5_000, rel=0.02), hiccups


def test_what_keeps_nothing_sustains_nothing() -> None:
    found = search(wall(0.0))
    assert (found.per_s, found.low_per_s, found.high_per_s, found.confirmed_per_s) == (0, 0, 0, None)
    assert len(found.trials) < 40
    assert not found.complete


def test_what_keeps_everything_is_known_to_be_higher_than_what_was_tried() -> None:
    found = search(wall(float("inf")))
    assert HIGHEST_PER_S / 2 < found.per_s <= HIGHEST_PER_S
    assert (found.low_per_s, found.high_per_s) == (found.per_s, None)
    assert not found.complete


def test_no_trial_begins_that_could_end_after_the_time_given() -> None:
    for budget in (3.0, 20.0, 60.0, 150.0):
        found = search(queue(fixed, 0.0002, 1), Effort(budget_s=budget, overhead_s=1.0))
        assert sum(trial.seconds + 1.0 for trial in found.trials) <= budget
    assert found.per_s == pytest.approx(knee_fixed(0.0002, LIMIT_S), rel=0.05)


def test_a_search_that_is_ended_says_what_it_knows() -> None:
    told: list[Trial] = []
    found = search(wall(3_000.0), told=lambda trial, belief: told.append(trial), ended=lambda: len(told) >= 8)
    assert len(found.trials) <= 9
    assert found.trials == tuple(told)
    assert found.high_per_s is not None
    assert found.low_per_s < 3_000 < found.high_per_s
    assert not found.complete


def test_a_belief_sharpens_with_every_trial_and_no_single_one_decides() -> None:
    belief = Belief()
    widths = []
    for _ in range(4):
        belief.learn(1_000, True)
        belief.learn(1_100, False)
        low, _, high = belief.interval()
        widths.append(high / low)
    assert widths == sorted(widths, reverse=True)
    before = belief.interval()[1]
    belief.learn(500, False)  # a hiccup, far below
    assert belief.interval()[1] == pytest.approx(before, rel=0.02)


@pytest.mark.parametrize("effort", [Effort(first_per_s=LOWEST_PER_S / 2), Effort(short_s=0), Effort(short_s=20)])
def test_an_effort_that_cannot_be_made_is_refused(effort: Effort) -> None:
    with pytest.raises(CallerError):
        search(wall(10.0), effort)
