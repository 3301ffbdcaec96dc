"""Popularity: fit to the formula, reproducible draws."""

from __future__ import annotations

import numpy as np
import pytest

from loadgen.popularity import Zipf, rank_order
from resolver.errors import CallerError


@pytest.mark.parametrize("exponent", [0.0, 0.7, 0.91, 1.0, 1.5])
def test_draws_fit_the_zipf_law(exponent: float) -> None:
    population, draws, shown = 10_000, 200_000, 100
    zipf = Zipf(population, exponent)
    counts = np.bincount(zipf.draw(draws, seed=11), minlength=population)
    shares = np.array([zipf.share(rank) for rank in range(population)])
    # Each of the first hundred ranks is a class of its own, all others together are one.
    observed = np.append(counts[:shown], counts[shown:].sum())
    expected = np.append(shares[:shown], shares[shown:].sum()) * draws
    chi_square = ((observed - expected) ** 2 / expected).sum()
    assert chi_square < 149.4  # 100 degrees of freedom: exceeded once in a thousand


def test_shares_follow_the_power_of_the_rank_and_add_up_to_one() -> None:
    zipf = Zipf(1000, 0.91)
    assert zipf.share(0) / zipf.share(9) == pytest.approx(10**0.91)
    assert sum(zipf.share(rank) for rank in range(1000)) == pytest.approx(1)


def test_equal_seeds_draw_equal_ranks_and_a_longer_draw_begins_with_the_shorter() -> None:
    zipf = Zipf(500)
    assert np.array_equal(zipf.draw(1000, 3), zipf.draw(5000, 3)[:1000])
    assert not np.array_equal(zipf.draw(1000, 3), zipf.draw(1000, 4))


def test_a_population_of_one_is_always_asked_for() -> None:
    assert not Zipf(1).draw(100, 1).any()


def test_every_identifier_has_exactly_one_rank() -> None:
    order = rank_order(1000, seed=9)
    assert np.array_equal(np.sort(order), np.arange(1000))
    assert not np.array_equal(order, np.arange(1000))
    assert np.array_equal(order, rank_order(1000, seed=9))


@pytest.mark.parametrize(("population", "exponent"), [(0, 1.0), (10, -1.0), (10, float("nan"))])
def test_a_distribution_that_does_not_exist_is_refused(population: int, exponent: float) -> None:
    with pytest.raises(CallerError):
        Zipf(population, exponent)
