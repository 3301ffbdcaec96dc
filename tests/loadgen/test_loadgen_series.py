"""Columns, pieces of time and percentile curves."""

from __future__ import annotations

import math

import numpy as np
import pytest
from made_results import MS, perfect, scattered

from loadgen.report import figures_of
from loadgen.series import PIECES_MAX, columns_of, inverse, nice_width, timeline


def test_pieces_of_time_add_up_to_the_whole() -> None:
    result = scattered()
    figures, columns = figures_of(result), columns_of(result)
    pieces = timeline(columns, result.header["duration_s"])
    assert pieces.due.sum() == figures.resolutions
    assert pieces.good.sum() == figures.good
    assert pieces.wrong.sum() == figures.wrong
    assert (pieces.due == pieces.good + pieces.failed).all()
    assert np.nanmax(pieces.max_ms) == figures.latency_ms["max"]


def test_what_a_stall_delays_stands_where_it_was_due() -> None:
    result = perfect()
    stalled = (result.records["due"] >= 5000 * MS) & (result.records["due"] < 6000 * MS)
    result.records["received"][stalled] = 6000 * MS
    pieces = timeline(columns_of(result), 10.0, width_s=1.0)
    assert pieces.p50_ms.tolist() == [1, 1, 1, 1, 1, 500, 1, 1, 1, 1]
    assert pieces.due.tolist() == [100] * 10


def test_a_piece_in_which_nothing_was_due_has_no_latency() -> None:
    result = perfect()
    result.records["due"] //= 2
    pieces = timeline(columns_of(result), 10.0, width_s=2.5)
    assert pieces.due.tolist() == [500, 500, 0, 0]
    assert [math.isnan(value) for value in pieces.p99_ms] == [False, False, True, True]


@pytest.mark.parametrize(
    ("duration_s", "requests", "width_s"),
    [(10, 1000, 1), (10, 10**6, 0.05), (30, 10**6, 0.2), (0.2, 100, 0.2), (86_400, 10**8, 500), (3, 5, 5)],
)
def test_the_width_of_a_piece_is_a_number_people_like(duration_s: float, requests: int, width_s: float) -> None:
    assert nice_width(duration_s, requests) == pytest.approx(width_s)
    assert duration_s / nice_width(duration_s, requests) <= PIECES_MAX


@pytest.mark.parametrize("count", [1, 2, 3, 10, 1000, 12_345])
def test_a_percentile_curve_holds_the_nearest_ranks(count: int) -> None:
    values = np.random.default_rng(count).permutation(count) + 1
    odds, found = inverse(values)
    assert odds[0] == 1
    assert odds[-1] == pytest.approx(count)
    assert found[-1] == count
    assert (np.diff(found) >= 0).all()
    for each, value in zip(odds[:-1], found[:-1], strict=True):
        assert value == max(1, math.ceil(count * (1 - 1 / each) - 1e-9))


def test_a_percentile_curve_of_nothing_is_empty() -> None:
    odds, found = inverse(np.empty(0))
    assert len(odds) == len(found) == 0
