"""Popularity: fit to the formula, reproducible draws, a share of them like all of them."""

from __future__ import annotations

import numpy as np
import pytest

from loadgen.popularity import Zipf
from resolver.errors import CallerError

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
