"""Which identifier each request asks for: few are asked often, most hardly ever.

Zipf: the identifier of rank r (1 is the most popular) gets a share proportional to r^-a. a = 0.91 is the DNS trace
that the CoDoNS paper used (field.md, "Volume").

No table of shares is kept, so 15 billion ranks cost what ten do: rejection-inversion (Hörmann, Derflinger: Rejection-
inversion to generate variates from monotone discrete distributions, 1996). The area under x^-a is cut off at a random
place and the whole number nearest to it is taken; what that place has too much of is rejected, and drawn again. The
outcome follows the law exactly, not nearly, and few are rejected.
"""

from __future__ import annotations

import numpy as np

from loadgen.arrays import Floats, Numbers
from loadgen.chance import Purpose, uniform
from resolver.errors import CallerError

EXPONENT_DEFAULT = 0.91
EXPONENT_MAX = 10.0
DRAWS_AT_ONCE = 1 << 15  # bounds the scratch space of a long run, and it fits the processor's cache
ATTEMPTS_MAX = 200  # a draw rejected so often in a row means a broken formula, not bad luck
EXACT_TERMS = 1_000  # of a sum of shares; beyond them the Euler-Maclaurin formula is exact to 15 digits


class Zipf:
    """A Zipf distribution over `population` ranks, 0 being the most popular. CallerError if there is none such."""

    def __init__(self, population: int, exponent: float = EXPONENT_DEFAULT) -> None:
        if population < 1 or not 0 <= exponent <= EXPONENT_MAX:
            raise CallerError(f"a Zipf distribution over {population} ranks with exponent {exponent} does not exist")
        self.population = population
        self.exponent = exponent
        self._highest = float(self._area(np.array([population + 0.5]))[0])
        self._lowest = float(self._area(np.array([1.5]))[0]) - 1.0
        self._surely = 2.0 - float(self._place(self._area(np.array([2.5])) - 2.0**-exponent)[0])

    def draw(self, numbers: Numbers, seed: int, purpose: int = Purpose.RANK) -> Numbers:
        """A rank for each of the numbers, independent of each other; the same for the same number and seed."""
        ranks = np.empty(len(numbers), np.int64)
        for at in range(0, len(numbers), DRAWS_AT_ONCE):
            part = numbers[at : at + DRAWS_AT_ONCE]
            ranks[at : at + len(part)] = self._drawn(part, seed, purpose)
        return ranks

    def share(self, rank: int) -> float:
        """The probability of one rank (from 0)."""
        return float((rank + 1.0) ** -self.exponent / self._sum(self.population))

    def cumulative(self, ranks: int) -> float:
        """The probability of the first `ranks` ranks together."""
        return self._sum(ranks) / self._sum(self.population)

    def _drawn(self, numbers: Numbers, seed: int, purpose: int) -> Numbers:
        ranks = np.empty(len(numbers), np.int64)
        left = np.arange(len(numbers))
        for attempt in range(ATTEMPTS_MAX):
            areas = self._highest + uniform(seed, purpose, numbers[left], attempt) * (self._lowest - self._highest)
            places = self._place(areas)
            nearest = np.clip(np.floor(places + 0.5), 1, self.population)
            taken = nearest - places <= self._surely
            unsure = np.flatnonzero(~taken)
            taken[unsure] = areas[unsure] >= self._area(nearest[unsure] + 0.5) - nearest[unsure] ** -self.exponent
            ranks[left[taken]] = nearest[taken].astype(np.int64) - 1
            left = left[~taken]
            if not len(left):
                return ranks
        raise CallerError(f"Zipf draws with exponent {self.exponent} over {self.population} ranks do not end")

    def _area(self, places: Floats) -> Floats:
        """The area under x^-a from 1 to each place."""
        if self.exponent == 1:
            return np.log(places)
        rest = 1 - self.exponent
        return np.expm1(rest * np.log(places)) / rest

    def _place(self, areas: Floats) -> Floats:
        """The inverse of `_area`."""
        if self.exponent == 1:
            return np.exp(areas)
        rest = 1 - self.exponent
        return np.exp(np.log1p(np.maximum(areas * rest, -1 + 1e-16)) / rest)

    def _sum(self, ranks: int) -> float:
        """The sum of r^-a over the first `ranks` ranks."""
        exact = min(ranks, EXACT_TERMS)
        total = float((np.arange(1, exact + 1, dtype=np.float64) ** -self.exponent).sum())
        if ranks == exact:
            return total
        first, last = EXACT_TERMS + 1.0, float(ranks)
        ends = np.array([first, last])
        areas, heights = self._area(ends), ends**-self.exponent
        slopes = -self.exponent * heights / ends
        return total + float(areas[1] - areas[0] + (heights[0] + heights[1]) / 2 + (slopes[1] - slopes[0]) / 12)
