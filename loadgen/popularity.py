"""Which identifier each request asks for: few are asked often, most hardly ever.

Zipf: the identifier of rank r (1 is the most popular) gets a share proportional to r^-a. a = 0.91 is the DNS trace
that the CoDoNS paper used (field.md, "Volume"). Which identifier has which rank is a seeded shuffle: popularity has
nothing to do with the order of a catalogue, and popular identifiers spread over all enterprises.
"""

from __future__ import annotations

import numpy as np

from loadgen.arrays import POPULARITY_DRAWS, POPULARITY_ORDER, Floats, Ranks, generator
from resolver.errors import CallerError

EXPONENT_DEFAULT = 0.91
DRAWS_AT_ONCE = 1 << 20  # bounds the floating-point scratch space of a long run


class Zipf:
    """A Zipf distribution over `population` ranks, 0 being the most popular.

    One draw is a binary search in the cumulative shares, vectorised: some 0.1 µs for 10,000 identifiers.
    """

    def __init__(self, population: int, exponent: float = EXPONENT_DEFAULT) -> None:
        if population < 1 or not exponent >= 0:
            raise CallerError(f"a Zipf distribution over {population} ranks with exponent {exponent} does not exist")
        self.population = population
        self.exponent = exponent
        weights = np.arange(1, population + 1, dtype=np.float64) ** -exponent
        self._total = float(weights.sum())
        self._cumulative: Floats = np.cumsum(weights) / self._total
        self._cumulative[-1] = 1.0  # rounding must not leave a gap at the end

    def share(self, rank: int) -> float:
        """The probability of one rank (from 0)."""
        return float((rank + 1) ** -self.exponent / self._total)

    def draw(self, count: int, seed: int) -> Ranks:
        """`count` independent ranks. Equal seeds give equal ranks; a longer draw begins with the shorter one."""
        stream = generator(seed, POPULARITY_DRAWS)
        ranks = np.empty(count, dtype=np.uint32)
        for start in range(0, count, DRAWS_AT_ONCE):
            part = stream.random(min(DRAWS_AT_ONCE, count - start))
            ranks[start : start + len(part)] = np.searchsorted(self._cumulative, part, side="right")
        return ranks


def rank_order(population: int, seed: int) -> Ranks:
    """Which identifier (by its number in the population) holds each rank: a seeded shuffle."""
    return generator(seed, POPULARITY_ORDER).permutation(population).astype(np.uint32)
