"""Schedules and their shares: disjoint, together the whole, and targets used evenly."""

from __future__ import annotations

import numpy as np
import pytest

from loadgen.chance import Purpose, uniform, words
from loadgen.pacing import constant, poisson
from loadgen.schedule import Share, even_choice, parse_share, schedule
from resolver.errors import OperatorError


@pytest.mark.parametrize("pacing", [constant(1000), poisson(1000)])
@pytest.mark.parametrize("count", [1, 2, 16, 5000])
def test_shares_are_disjoint_and_together_the_whole(pacing: object, count: int) -> None:
    whole = schedule(pacing, 3.0, 20, seed=5)  # type: ignore[arg-type]
    parts = [schedule(pacing, 3.0, 20, 5, Share(index, count)) for index in range(count)]  # type: ignore[arg-type]
    order = np.argsort(np.concatenate([part.numbers for part in parts]))
    for name in ("numbers", "due_ns", "choice"):
        together = np.concatenate([getattr(part, name) for part in parts])[order]
        assert np.array_equal(together, getattr(whole, name)), name


def test_of_twenty_requests_in_a_row_each_of_twenty_targets_gets_one_in_an_order_of_its_own() -> None:
    choice = even_choice(np.arange(20_000), 20, seed=1).reshape(1000, 20)
    assert (np.sort(choice, axis=1) == np.arange(20)).all()
    first = np.bincount(choice[:, 0], minlength=20)
    assert abs(first - 50).max() < 5 * 50**0.5
    assert not np.array_equal(choice.ravel(), even_choice(np.arange(20_000), 20, seed=2))


def test_chance_is_uniform_and_one_purpose_knows_nothing_of_another() -> None:
    numbers = np.arange(100_000)
    drawn = [uniform(1, purpose, numbers) for purpose in (Purpose.RANK, Purpose.TARGET)]
    drawn += [uniform(2, Purpose.RANK, numbers), uniform(1, Purpose.RANK, numbers, attempt=1)]
    for each in drawn:
        assert 0 <= each.min() < 0.001 < 0.999 < each.max() < 1
        counts = np.bincount((each * 100).astype(int), minlength=100)
        assert ((counts - 1000) ** 2 / 1000).sum() < 148.2  # 99 degrees of freedom: exceeded once in a thousand
    correlation = np.corrcoef([*drawn, np.roll(drawn[0], 1)]) - np.eye(5)
    assert abs(correlation).max() < 5 / len(numbers) ** 0.5


def test_draws_are_the_same_on_every_machine() -> None:
    assert words(1, Purpose.RANK, np.array([0, 1, 15_000_000_000])).tolist() == WORDS


WORDS = [16436020355156574127, 6911345507489557571, 18035821573393929276]


@pytest.mark.parametrize(("text", "share"), [("0/1", Share(0, 1)), ("15/16", Share(15, 16))])
def test_a_share_is_read_and_written(text: str, share: Share) -> None:
    assert parse_share(text) == share
    assert share.name == text


@pytest.mark.parametrize("text", ["", "1", "16/16", "0/0", "-1/2", "1/2/3", "0/9999"])
def test_what_is_no_share_is_refused(text: str) -> None:
    with pytest.raises(OperatorError) as refused:
        parse_share(text)
    assert refused.value.key == "--share"
