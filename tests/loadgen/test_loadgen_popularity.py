"""Popularity: fit to the formula, reproducible draws, a share of them like all of them."""

from __future__ import annotations

import numpy as np
import pytest

from loadgen.popularity import Hot, Popularity, Shots, Zipf, read_popularity
from loadgen.settings import Table
from loadgen.truth import identifiers_of, truth_from
from resolver.errors import CallerError, OperatorError
from resolver.model.population import Population

NATION = 15_000_000_000


def standard_deviations(chi_square: float, classes: int) -> float:
    """How far a chi-square is from what chance gives, roughly (Wilson and Hilferty)."""
    free = classes - 1
    return ((chi_square / free) ** (1 / 3) - (1 - 2 / (9 * free))) / (2 / (9 * free)) ** 0.5


@pytest.mark.parametrize("exponent", [0.0, 0.7, 0.91, 0.999999, 1.0, 1.5, 3.0])
@pytest.mark.parametrize("population", [2, 10, 10_000, NATION])
def test_draws_fit_the_zipf_law(population: int, exponent: float) -> None:
    draws = 200_000
    zipf = Zipf(population, exponent)
    ranks = zipf.draw(np.arange(draws), seed=11)
    assert 0 <= ranks.min() <= ranks.max() < population
    # The first hundred ranks are a class each, those behind them share classes that grow by half.
    edges = [*range(100), *(int(100 * 1.5**power) for power in range(60))]
    edges = [*(edge for edge in edges if edge < population), population]
    expected = np.diff([zipf.cumulative(edge) for edge in edges]) * draws
    observed = np.diff(np.searchsorted(np.sort(ranks), edges))
    usual = expected >= 10
    assert observed[~usual].sum() <= expected[~usual].sum() + 5 * max(1.0, expected[~usual].sum() ** 0.5)
    chi_square = ((observed - expected)[usual] ** 2 / expected[usual]).sum()
    assert standard_deviations(chi_square, int(usual.sum())) < 3.1 if usual.sum() > 1 else chi_square < 1


def test_shares_follow_the_power_of_the_rank_and_add_up_to_one() -> None:
    zipf = Zipf(1000, 0.91)
    assert zipf.share(0) / zipf.share(9) == pytest.approx(10**0.91)
    assert sum(zipf.share(rank) for rank in range(1000)) == pytest.approx(1)
    assert zipf.cumulative(1000) == 1


@pytest.mark.parametrize("exponent", [0.0, 0.5, 0.91, 1.0, 2.0])
def test_sums_of_many_shares_are_those_of_adding_them_up(exponent: float) -> None:
    added = (np.arange(1, 300_001, dtype=np.float64) ** -exponent).sum()
    assert Zipf(300_000, exponent).share(0) == pytest.approx(1 / added, rel=1e-12)


@pytest.mark.parametrize("population", [500, NATION])
def test_a_draw_depends_on_its_number_and_the_seed_alone(population: int) -> None:
    zipf = Zipf(population)
    whole = zipf.draw(np.arange(100_000), seed=3)
    assert np.array_equal(zipf.draw(np.arange(1000), 3), whole[:1000])
    for index in range(7):
        assert np.array_equal(zipf.draw(np.arange(index, 100_000, 7), 3), whole[index::7])
    assert not np.array_equal(zipf.draw(np.arange(1000), 4), whole[:1000])


def test_a_population_of_one_is_always_asked_for() -> None:
    assert not Zipf(1).draw(np.arange(100), 1).any()


@pytest.mark.parametrize(("population", "exponent"), [(0, 1.0), (10, -1.0), (10, 11.0), (10, float("nan"))])
def test_a_distribution_that_does_not_exist_is_refused(population: int, exponent: float) -> None:
    with pytest.raises(CallerError):
        Zipf(population, exponent)


LATER_S = 7_200.0


def drawn(popularity: Popularity, size: int = NATION, count: int = 100_000, seconds: float = 3600.0) -> np.ndarray:
    """So many draws, evenly over some time from LATER_S on."""
    moments_s = LATER_S + np.arange(count) * seconds / count
    return popularity.draw(size, np.arange(count), moments_s, seed=7)


def test_without_anything_special_it_is_zipf() -> None:
    assert np.array_equal(drawn(Popularity(0.8)), Zipf(NATION, 0.8).draw(np.arange(100_000), 7))


def test_components_get_their_shares() -> None:
    ranks = drawn(Popularity(misses=0.1, one_hit=0.2, hot=Hot(0.3, 1, 1e6), active=1_000_000))
    assert abs((ranks < 0).sum() - 10_000) < 5 * 100
    assert abs((ranks >= 1_000_000).sum() - 20_000) < 5 * 130
    _, times = np.unique(ranks[ranks >= 0], return_counts=True)
    assert abs(times.max() - 30_000) < 5 * 150


def test_misses_are_as_popular_as_what_exists_and_a_miss_is_never_the_same_as_a_hit() -> None:
    ranks = drawn(Popularity(misses=1.0), size=10_000)
    assert (ranks < 0).all()
    assert np.array_equal(-1 - ranks, Zipf(10_000).draw(np.arange(100_000), 7))


@pytest.mark.parametrize(("size", "active"), [(NATION, 0), (NATION, 1_000), (300_000, 0), (300_000, 100_000)])
def test_one_hit_wonders_are_asked_for_once(size: int, active: int) -> None:
    ranks = drawn(Popularity(one_hit=1.0, active=active), size)
    assert len(np.unique(ranks)) == len(ranks)
    assert (active if active < size else 0) <= ranks.min() <= ranks.max() < size


def test_only_the_active_ones_are_asked_for_and_by_the_law_of_so_many() -> None:
    ranks = drawn(Popularity(active=500))
    assert np.array_equal(ranks, Zipf(500).draw(np.arange(100_000), 7))


def test_a_hot_set_is_another_one_after_its_time() -> None:
    ranks = drawn(Popularity(hot=Hot(1.0, identifiers=50, moves_s=600.0)), count=120_000).reshape(6, -1)
    sets = [set(part.tolist()) for part in ranks]
    assert [len(each) for each in sets] == [50] * 6
    assert len(set().union(*sets)) == 300
    first = np.sort(np.unique(ranks[0], return_counts=True)[1])[::-1] / ranks.shape[1]
    assert abs(first[0] - Zipf(50).share(0)) < 0.02


def test_what_is_issued_is_asked_for_at_once_and_fades_over_its_life() -> None:
    life_s = 600.0
    ranks = drawn(Popularity(shots=Shots(1.0, births_per_s=0.05, life_s=life_s)), count=400_000, seconds=7200.0)
    moments_s = np.arange(400_000) * 7200.0 / 400_000
    ages = []
    for rank in np.unique(ranks):
        asked_s = moments_s[ranks == rank]
        if len(asked_s) > 100 and 100 < asked_s[0] < 2000:  # issued while we watched, and watched until it faded
            ages.append(asked_s - asked_s[0])
    together = np.concatenate(ages)
    assert len(ages) > 30
    assert together.mean() == pytest.approx(life_s, rel=0.1)
    assert (together > life_s).mean() == pytest.approx(np.exp(-1), abs=0.05)


def test_shot_noise_neither_rises_nor_falls_from_the_start_of_a_run_on() -> None:
    ranks = drawn(Popularity(shots=Shots(1.0, births_per_s=1.0, life_s=600.0))).reshape(10, -1)
    seen = [len(np.unique(part)) for part in ranks]
    assert max(seen) < 1.2 * min(seen)


def test_a_mixture_depends_on_the_number_the_moment_and_the_seed_alone() -> None:
    mixed = Popularity(misses=0.1, one_hit=0.1, hot=Hot(0.2), shots=Shots(0.2))
    whole, moments_s = drawn(mixed), LATER_S + np.arange(100_000) * 0.036
    for index in range(3):
        part = slice(index, None, 3)
        assert np.array_equal(mixed.draw(NATION, np.arange(100_000)[part], moments_s[part], 7), whole[part])


def test_enterprises_are_asked_in_proportion_to_what_they_registered() -> None:
    shares = ((b"88.101.1", 9_000_000_000), (b"88.101.2", 3_000_000_000), (b"88.102.1", 3_000_000_000))
    population = Population(NATION, b"test", shares)
    ranks = drawn(Popularity())
    ranks = ranks[ranks >= 10_000]  # few ranks carry a third of all requests; where those live is chance
    prefixes = np.strings.partition(population.identifiers(ranks), b"/")[0]
    for prefix, count in shares:
        expected = count / NATION
        assert abs((prefixes == prefix).mean() - expected) < 5 * (expected / len(ranks)) ** 0.5


def test_identifiers_that_do_not_exist_have_an_enterprise_and_no_value() -> None:
    population = Population(1000, b"test", ((b"88.101.1", 900), (b"88.102.1", 100)))
    truth = truth_from([], population, 1)
    ranks = drawn(Popularity(misses=0.5), size=1000, count=200)
    names = identifiers_of(truth, ranks)
    for rank, name in zip(ranks.tolist(), names, strict=True):
        assert (truth.values(name) is None) == (rank < 0)
        assert name.partition(b"/")[0] in (b"88.101.1", b"88.102.1")
    assert len({name for rank, name in zip(ranks, names, strict=True) if rank < 0}) == len(set(ranks[ranks < 0]))


def test_a_popularity_is_read_from_a_table() -> None:
    assert read_popularity(Table({})) == Popularity()
    written = {
        "zipf": 0.8,
        "active": 1_000_000,
        "misses": 0.03,
        "one_hit": 0.1,
        "hot": {"share": 0.2, "identifiers": 500, "moves_every": "5m", "zipf": 1.0},
        "shots": {"share": 0.3, "births_per_s": 2, "life": "1h"},
    }
    assert read_popularity(Table(written)) == Popularity(
        0.8, 1_000_000, 0.03, 0.1, Hot(0.2, 500, 300.0, 1.0), Shots(0.3, 2.0, 3600.0)
    )


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ({"zipf": -1}, "popularity.zipf"),
        ({"misses": 2}, "popularity.misses"),
        ({"mises": 0.1}, "popularity.mises"),
        ({"hot": {"identifiers": 5}}, "popularity.hot.share"),
        ({"hot": {"share": 0.1, "move": "5m"}}, "popularity.hot.move"),
        ({"hot": 5}, "popularity.hot"),
        ({"shots": {"share": 0.1, "life": "long"}}, "popularity.shots.life"),
        ({"misses": 0.6, "one_hit": 0.6}, "popularity"),
    ],
)
def test_what_is_no_popularity_is_refused_by_name_and_with_a_remedy(written: dict[str, object], key: str) -> None:
    with pytest.raises(OperatorError) as refused:
        read_popularity(Table(written, file="day.toml", path="popularity"))
    assert (refused.value.file, refused.value.key) == ("day.toml", key)
    assert refused.value.remedy
