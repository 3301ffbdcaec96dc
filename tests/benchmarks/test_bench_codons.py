"""The prediction of a published table: what it is made of behaves as it says."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from benchmarks import codons
from benchmarks.codons import Free, fitted, predicted

SOME, FEW = 4_000, 5


def test_the_fit_is_the_nearest_to_the_row_of_round_trips() -> None:
    median, sigma = fitted()
    mean, p90 = median * math.exp(sigma**2 / 2), median * math.exp(codons.NORMAL_P90 * sigma)
    for mine, theirs in zip((mean, median, p90), codons.ROUND_TRIPS, strict=True):
        assert mine == pytest.approx(theirs, rel=0.12)


def test_names_that_are_kept_for_ever_and_a_resolver_of_all_make_it_quick() -> None:
    alone = predicted(Free(), SOME, 1)
    apart = predicted(Free(), SOME, FEW)
    forgetful = predicted(replace(Free(), answer_ttl_s=1.0), SOME, 1)
    assert alone[0] < apart[0] < forgetful[0] + 50
    assert alone[1] <= forgetful[1]


def test_loss_makes_the_tail_and_not_the_median() -> None:
    none, much = predicted(replace(Free(), lost=0.0), SOME, FEW), predicted(replace(Free(), lost=0.05), SOME, FEW)
    assert much[0] > none[0] * 1.5
    assert much[1] == pytest.approx(none[1], rel=0.15)


def test_the_same_figures_every_time() -> None:
    assert predicted(Free(), SOME, FEW) == predicted(Free(), SOME, FEW)
