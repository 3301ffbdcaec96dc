"""Schedules: counts, integrals and distributions against their formulas."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from loadgen.pacing import HOURS, Pacing, constant, even, growing, parse_pacing, parse_rate, poisson, random
from resolver.errors import OperatorError

NS = 1_000_000_000
HOUR = 3600.0
SHAPES = {
    "constant:50": 100.0,
    "ramp:0,100,60s": 90.0,
    "ramp:100,0,60s": 60.0,
    "ramp:from=20,to=80,over=10s": 30.0,
    "step:0,10,10s,5": 80.0,
    "step:100,-10,5s,10": 60.0,
    "sine:20,1,60s": 400.0,
    "sine:20,0.5,7s": 100.0,
    "day:1": 1.3 * 86_400,
    "day:mean=5,shift=1.5,burst=10,burst_at=23.9,weekend=0.5,starts=fri,scale=288": 1500.0,
}


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


@pytest.mark.parametrize("shape", SHAPES)
def test_counts_are_the_integral_of_the_rate_and_moments_their_inverse(shape: str) -> None:
    duration_s, curve = SHAPES[shape], parse_pacing(shape).curve
    edges = np.linspace(0, duration_s, 2_000_001)
    middles = (edges[1:] + edges[:-1]) / 2
    rates = curve.rate(middles)
    assert rates.min() >= 0
    added = np.concatenate([[0.0], np.cumsum(rates) * (edges[1] - edges[0])])
    for part in range(0, 2_000_001, 100_000):
        assert curve.count(edges[part]) == pytest.approx(added[part], rel=1e-5, abs=1e-3)
    counts = np.linspace(0, curve.count(duration_s), 5001)[:-1]
    moments = curve.moments(counts)
    assert (np.diff(moments) >= 0).all()
    assert [curve.count(moment) for moment in moments] == pytest.approx(counts.tolist(), rel=1e-9, abs=1e-6)


@pytest.mark.parametrize(
    ("shape", "counts"),
    [
        ("ramp:0,100,60s", {0.0: 0, 30.0: 750, 60.0: 3000, 70.0: 4000}),
        ("ramp:100,0,60s", {30.0: 2250, 60.0: 3000, 1000.0: 3000}),
        ("step:10,20,10s,2", {10.0: 100, 20.0: 400, 30.0: 900, 40.0: 1400}),
        ("step:10,20,10s,2,scale=2", {5.0: 50, 10.0: 200, 20.0: 700}),
        ("sine:20,1,60s", {60.0: 1200, 30.0: 600 + 20 * 60 / np.pi}),
        ("day:1", {86_400.0: 86_400, 7 * 86_400.0: 604_800}),
        ("day:1,weekend=0.5", {5 * 86_400.0: 432_000, 7 * 86_400.0: 518_400, 14 * 86_400.0: 1_036_800}),
        ("day:1,weekend=0.5,starts=sat", {2 * 86_400.0: 86_400, 3 * 86_400.0: 172_800}),
        ("day:1,shift=3", {86_400.0: 86_400}),
        ("day:1,burst=1", {86_400.0: 86_400}),
        ("day:116,scale=288", {300.0: 34_800}),
    ],
)
def test_integrals_have_the_values_that_a_pencil_finds(shape: str, counts: dict[float, float]) -> None:
    curve = parse_pacing(shape).curve
    assert {moment: curve.count(moment) for moment in counts} == pytest.approx(counts)


def test_a_day_has_mean_one_and_a_peak_of_two_and_a_half_at_ten() -> None:
    curve = parse_pacing("day:1000").curve
    rates = curve.rate(np.arange(0, 86_400, 60.0))
    assert rates.mean() == pytest.approx(1000)
    assert rates.max() == pytest.approx(2580)
    assert np.argmax(rates) == 600
    assert curve.rate(np.arange(24) * HOUR).tolist() == pytest.approx([1000 * rate for rate in HOURS])


def test_a_burst_multiplies_the_rate_for_its_time_and_adds_to_the_day() -> None:
    usual, burst = parse_pacing("day:1").curve, parse_pacing("day:1,burst=10,burst_at=14,burst_for=5m").curve
    inside, outside = 14 * HOUR + np.array([1.0, 299.0]), 14 * HOUR + np.array([-1.0, 301.0])
    assert (burst.rate(inside) / usual.rate(inside)).tolist() == pytest.approx([10, 10])
    assert (burst.rate(outside) / usual.rate(outside)).tolist() == pytest.approx([1, 1])
    extra = 9 * (usual.count(14 * HOUR + 300) - usual.count(14 * HOUR))
    assert burst.count(86_400) - usual.count(86_400) == pytest.approx(extra)


def test_a_change_of_shift_lifts_ten_minutes_before_and_behind_it_midnight_included() -> None:
    usual, shifts = parse_pacing("day:1").curve, parse_pacing("day:1,shift=2").curve
    ratio = shifts.rate(np.arange(0, 86_400, 60.0)) / usual.rate(np.arange(0, 86_400, 60.0))
    lifted = ratio > 1.5 * ratio.min()
    assert np.flatnonzero(np.diff(lifted.astype(int))).tolist() == [9, 469, 489, 949, 969, 1429]
    assert ratio.max() == pytest.approx(2 * ratio.min())


@pytest.mark.parametrize("arrivals", [even, random])
@pytest.mark.parametrize("shape", ["ramp:0,4000,20s", "sine:2000,1,7s", "day:2000,scale=4320"])
def test_any_curve_has_as_many_arrivals_up_to_each_moment_as_its_integral_says(shape: str, arrivals: object) -> None:
    curve = parse_pacing(shape).curve
    due_s = Pacing("any", curve, arrivals).due_ns(20, seed=2) / NS  # type: ignore[arg-type]
    for moment in (1.0, 5.0, 12.5, 20.0):
        expected = curve.count(moment)
        allowed = 1 if arrivals is even else 5 * np.sqrt(expected)
        assert abs(np.count_nonzero(due_s < moment) - expected) <= allowed


@pytest.mark.parametrize(("shape", "first"), [("constant:100", 100), ("ramp:0,200,10s", 20), ("day:100", 12)])
def test_what_leads_up_to_a_pacing_grows_from_nothing_to_the_rate_it_begins_with(shape: str, first: float) -> None:
    before = growing(parse_pacing(shape), 2.0)
    assert before.curve.rate(np.array([0.0, 1.0, 2.0])).tolist() == pytest.approx([0, first / 2, first])
    assert len(before.due_ns(2.0, 1)) == first


def test_a_pacing_says_the_same_in_another_process() -> None:
    for shape in SHAPES:
        again = pickle.loads(pickle.dumps(parse_pacing(shape)))
        assert np.array_equal(again.due_ns(30, 1), parse_pacing(shape).due_ns(30, 1))


@pytest.mark.parametrize(("pacing", "duration_s"), [(constant(1e7), 3600.0), (poisson(0.001), 0.001)])
def test_a_schedule_of_too_many_requests_or_of_none_is_refused(pacing: Pacing, duration_s: float) -> None:
    with pytest.raises(OperatorError) as refused:
        pacing.due_ns(duration_s, 1)
    assert refused.value.key == "--duration"
    assert refused.value.remedy


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("constant:3500", "constant:rate=3_500"),
        ("poisson:0.5", "constant:0.5,arrivals=random"),
        ("ramp:1,2,1m", "ramp:over=60, from=1, to=2"),
        ("sine:5", "sine:mean=5,amplitude=0.5,period=60s"),
        ("step:1,2,3s", "step:1,2,3,steps=10"),
        ("day:100,scale=60", "day:scale=60,mean=100,weekend=1,shift=1,burst=1,starts=mon"),
    ],
)
def test_a_pacing_is_read_from_text_with_or_without_names(text: str, same: str) -> None:
    first, second = parse_pacing(text), parse_pacing(same)
    assert (first.name, second.name) == (text, same)
    assert first.scale == second.scale
    assert np.array_equal(first.due_ns(60, 3), second.due_ns(60, 3))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "--pacing"),
        ("saw:5", "--pacing"),
        ("constant", "--pacing rate"),
        ("constant:", "--pacing rate"),
        ("constant:5,6", "--pacing"),
        ("constant:5,rate=6", "--pacing"),
        ("constant:0", "--pacing rate"),
        ("constant:1e99", "--pacing rate"),
        ("poisson:-1", "--pacing rate"),
        ("poisson:nan", "--pacing rate"),
        ("constant:5,speed=6", "--pacing speed"),
        ("constant:5,arrivals=never", "--pacing arrivals"),
        ("constant:5,scale=0", "--pacing scale"),
        ("ramp:1,2", "--pacing over"),
        ("ramp:0,0,5s", "--pacing to"),
        ("ramp:1,2,soon", "--pacing over"),
        ("step:10,-5,1s", "--pacing by"),
        ("step:1,1,1s,1.5", "--pacing steps"),
        ("sine:5,2", "--pacing amplitude"),
        ("day:5,burst_at=25", "--pacing burst_at"),
        ("day:5,starts=now", "--pacing starts"),
    ],
)
def test_what_is_no_pacing_is_refused_by_name_and_with_a_remedy(text: str, key: str) -> None:
    with pytest.raises(OperatorError) as refused:
        parse_pacing(text)
    assert refused.value.key == key
    assert refused.value.remedy


def test_rates_may_be_grouped() -> None:
    assert parse_rate("3,500") == 3500
