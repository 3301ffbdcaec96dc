"""The caches' hit rates against field.md, where that takes a moment; `python -m benchmarks.caches` has all of them."""

import pytest

from benchmarks.caches import POINTS_MAX, Cell, bounded_hits, cells, ttl_hits

FEW = 200_000  # requests: the standard error is 0.1 points
QUICK = [cell for cell in cells() if cell.exponent == 0.91 and 0 < cell.warm_up <= 20_000]


def test_the_table_of_the_notes_is_there_whole() -> None:
    assert len(list(cells())) == 3 * (3 + 8) + 3
    assert QUICK


@pytest.mark.parametrize("cell", QUICK, ids=lambda cell: f"{cell.kind}-{cell.ttl_s}")
def test_a_ttl_cache_hits_what_the_notes_say(cell: Cell) -> None:
    assert abs(ttl_hits(cell, FEW) - cell.theirs) * 100 <= POINTS_MAX


def test_sieve_hits_more_than_lru_with_the_same_room() -> None:
    lru, sieve = bounded_hits(Cell("LRU", 0.91, 1_000_000, 1_157.0, 0, 1_000, 0.239), FEW)
    assert abs(lru - 0.239) * 100 <= POINTS_MAX and sieve > lru + 0.05
