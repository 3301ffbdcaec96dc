"""Schedules: counts, integrals and distributions against their formulas."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from loadgen.arrays import Floats
from loadgen.pacing import Pacing, constant, even, parse_pacing, parse_rate, poisson, random
from resolver.errors import OperatorError

NS = 1_000_000_000


@dataclass(frozen=True)
class Ramp:
    """A rate that grows from 0 by `per_s2` each second: count(t) = per_s2 · t² / 2."""

    per_s2: float

    def count(self, seconds: float) -> float:
        return self.per_s2 * seconds**2 / 2

    def moments(self, counts: Floats) -> Floats:
        return np.sqrt(2 * counts / self.per_s2)


@pytest.mark.parametrize(
    ("rate", "duration_s", "count"), [(3500, 30, 105_000), (3000, 0.1, 300), (0.5, 10, 5), (1, 0.5, 1), (7, 3, 21)]
)
def test_a_constant_rate_asks_rate_times_duration_questions_at_equal_distances(
    rate: float, duration_s: float, count: int
) -> None:
    due = constant(rate).due_ns(duration_s, seed=1)
    assert len(due) == count
    assert due[0] == 0
    assert due[-1] < duration_s * NS
    assert np.abs(due - np.arange(count) * NS / rate).max() <= 1


def test_a_poisson_schedule_is_the_same_for_the_same_seed_and_another_for_another() -> None:
    first, again, other = (poisson(1000).due_ns(10, seed) for seed in (7, 7, 8))
    assert np.array_equal(first, again)
    assert not np.array_equal(first[:1000], other[:1000])


def test_a_longer_poisson_schedule_begins_with_the_shorter_one() -> None:
    short, long = poisson(1000).due_ns(2, 3), poisson(1000).due_ns(3, 3)
    assert np.array_equal(short, long[: len(short)])


def test_poisson_counts_scatter_as_much_as_their_mean() -> None:
    due = poisson(2000).due_ns(50, seed=5)
    assert abs(len(due) - 100_000) < 5 * np.sqrt(100_000)
    windows = np.bincount(due // (NS // 100), minlength=5000)
    dispersion = windows.var() / windows.mean()
    assert abs(dispersion - 1) < 5 * np.sqrt(2 / len(windows))


def test_poisson_gaps_are_exponential() -> None:
    due = poisson(2000).due_ns(25, seed=5)
    gaps = np.sort(np.diff(due)) / NS * 2000
    steps = np.arange(1, len(gaps) + 1) / len(gaps)
    distance = np.abs(steps - (1 - np.exp(-gaps))).max()  # Kolmogorov and Smirnov
    assert distance < 1.95 / np.sqrt(len(gaps))  # exceeded by one sample in a thousand


@pytest.mark.parametrize("arrivals", [even, random])
def test_any_curve_has_as_many_arrivals_up_to_each_moment_as_its_integral_says(arrivals: object) -> None:
    curve = Ramp(200)
    due_s = Pacing("ramp", curve, arrivals).due_ns(20, seed=2) / NS  # type: ignore[arg-type]
    for moment in (1.0, 5.0, 12.5, 20.0):
        expected = curve.count(moment)
        allowed = 1 if arrivals is even else 5 * np.sqrt(expected)
        assert abs(np.count_nonzero(due_s < moment) - expected) <= allowed


@pytest.mark.parametrize(("pacing", "duration_s"), [(constant(1e7), 3600.0), (poisson(0.001), 0.001)])
def test_a_schedule_of_too_many_requests_or_of_none_is_refused(pacing: Pacing, duration_s: float) -> None:
    with pytest.raises(OperatorError) as refused:
        pacing.due_ns(duration_s, 1)
    assert refused.value.key == "--duration"
    assert refused.value.remedy


@pytest.mark.parametrize(("text", "name"), [("constant:3500", "constant:3500"), ("poisson:0.5", "poisson:0.5")])
def test_a_pacing_is_read_from_text(text: str, name: str) -> None:
    assert parse_pacing(text).name == name


@pytest.mark.parametrize("text", ["", "constant", "sine:5", "constant:", "poisson:-1", "poisson:nan", "constant:1e99"])
def test_what_is_no_pacing_is_refused_with_a_remedy(text: str) -> None:
    with pytest.raises(OperatorError) as refused:
        parse_pacing(text)
    assert refused.value.key == "--pacing"
    assert refused.value.remedy


def test_rates_may_be_grouped() -> None:
    assert parse_rate("3,500") == 3500
