"""The computed shuffle: onto and one to one whatever the size, the same in arrays, even, and the same for ever."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resolver.errors import CallerError
from resolver.model.permutation import SIZE_MAX, Permutation

NATION = 15_000_000_000


@pytest.mark.parametrize("key", [b"", b"key", b"\0" * 200])
def test_every_small_shuffle_reaches_every_place_once_and_finds_back(key: bytes) -> None:
    for size in range(1, 260):
        shuffle = Permutation(size, key)
        there = [shuffle.forward(number) for number in range(size)]
        assert sorted(there) == list(range(size))
        assert [shuffle.backward(place) for place in there] == list(range(size))


@pytest.mark.parametrize("size", [1, 2, 3, 1000, 65_535, 65_536, 65_537, 100_003])
def test_arrays_say_the_same_as_single_numbers(size: int) -> None:
    shuffle = Permutation(size, b"arrays")
    there = shuffle.forward_all(np.arange(size))
    assert np.array_equal(np.sort(there), np.arange(size))
    assert np.array_equal(shuffle.backward_all(there), np.arange(size))
    some = range(0, size, max(1, size // 500))
    assert [shuffle.forward(number) for number in some] == there[list(some)].tolist()


@settings(deadline=None)
@given(st.integers(1, SIZE_MAX), st.binary(max_size=80), st.data())
def test_a_number_of_any_size_comes_back(size: int, key: bytes, data: st.DataObject) -> None:
    shuffle = Permutation(size, key)
    number = data.draw(st.integers(0, size - 1))
    place = shuffle.forward(number)
    assert 0 <= place < size
    assert shuffle.backward(place) == number
    assert shuffle.forward_all(np.array([number])).tolist() == [place]
    assert shuffle.backward_all(np.array([place])).tolist() == [number]


def test_no_numbers_are_no_numbers() -> None:
    assert len(Permutation(NATION, b"k").forward_all(np.array([], np.int64))) == 0


@pytest.mark.parametrize("size", [0, -1, SIZE_MAX + 1])
def test_a_size_that_cannot_be_is_refused(size: int) -> None:
    with pytest.raises(CallerError):
        Permutation(size, b"k")


def test_keys_and_only_keys_make_shuffles_differ() -> None:
    numbers = np.arange(10_000)
    first, second = (Permutation(NATION, key).forward_all(numbers) for key in (b"1", b"2"))
    assert not (first == second).any()
    assert np.array_equal(first, Permutation(NATION, b"1").forward_all(numbers))
    assert Permutation(NATION, b"1") == Permutation(NATION, b"1")


@pytest.mark.parametrize("size", [5_000, 1_000_000, NATION, 1 << 34])
def test_neighbours_land_anywhere(size: int) -> None:
    # Chi-squared of 64 boxes over 20 keys: 63 expected, 63 ± 11 for one key, 63 ± 2.5 for the mean of 20.
    places, steps = [], []
    for number in range(20):
        there = Permutation(size, b"%d" % number).forward_all(np.arange(min(size // 2, 50_000)))
        places.append(_chi_squared(there, size))
        steps.append(_chi_squared(np.diff(there) % size, size))
    assert max(places) < 120 and max(steps) < 130
    assert np.mean(places) < 73 and np.mean(steps) < 73


def _chi_squared(numbers: np.ndarray, size: int, boxes: int = 64) -> float:
    found = np.bincount(numbers // -(-size // boxes), minlength=boxes)
    edges = np.minimum(np.arange(boxes + 1) * -(-size // boxes), size)
    expected = np.diff(edges) * len(numbers) / size
    return float(((found - expected) ** 2 / expected).sum())


def test_the_shuffle_is_the_same_for_ever() -> None:
    """Changing one of these numbers renames the popular identifiers of every network that has a population."""
    shuffle = Permutation(NATION, b"golden")
    ranks = (0, 1, 2, 1_000_000, NATION // 2, NATION - 1)
    places = [8085026635, 4217412845, 8263258381, 12138389774, 11083355597, 10472117490]
    assert [shuffle.forward(rank) for rank in ranks] == places
    assert [Permutation(10, b"golden").forward(rank) for rank in range(10)] == [6, 7, 0, 2, 8, 1, 4, 9, 3, 5]
