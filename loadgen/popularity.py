"""Which identifier each request asks for: few are asked often, most hardly ever.

    request --lot--> misses     an identifier that does not exist
                     one_hit    one that nobody else asks for
                     hot        one of a small set, which moves
                     shots      one whose time has come: it appears, is asked for, and fades
                     else       Zipf: the identifier of rank r (1 is the most popular) gets a share proportional to
                                r^-a. a = 0.91 is the DNS trace that the CoDoNS paper used (field.md, "Volume")

Shot noise is how requests for content come (field.md, "Volume"): every now and then something is issued, its requests
begin at once and die away, and how many they are in all differs from one to the next by orders of magnitude. Drawn
backwards: a request at moment t is for something of age x, exponential with the mean life; what was issued around t - x
is looked up, one of it taken by Zipf.

No table of shares is kept, so 15 billion ranks cost what ten do: rejection-inversion (Hörmann, Derflinger: Rejection-
inversion to generate variates from monotone discrete distributions, 1996). The area under x^-a is cut off at a random
place and the whole number nearest to it is taken; what that place has too much of is rejected, and drawn again. The
outcome follows the law exactly, not nearly, and few are rejected.

Skew between provinces and enterprises is not drawn here: the population spreads its ranks over enterprises by their
shares, so whoever registered most is asked most.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loadgen.arrays import AnyArray, Floats, Numbers
from loadgen.chance import Purpose, uniform, words
from loadgen.settings import Table
from resolver.errors import CallerError
from resolver.model.permutation import Permutation

EXPONENT_DEFAULT = 0.91
EXPONENT_MAX = 10.0
DRAWS_AT_ONCE = 1 << 15  # bounds the scratch space of a long run, and it fits the processor's cache
ATTEMPTS_MAX = 200  # a draw rejected so often in a row means a broken formula, not bad luck
EPOCHS_PER_LIFE = 32  # of shot noise: what is issued within one counts as issued together
SET_MAX = 1 << 24  # identifiers of a hot set, and issued in an epoch
MOMENT_S_MAX = 1e9
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


@dataclass(frozen=True, slots=True)
class Hot:
    """`share` of the requests go to a set of `identifiers`, by Zipf within it; every `moves_s` it is another set."""

    share: float
    identifiers: int = 1_000
    moves_s: float = 300.0
    zipf: float = EXPONENT_DEFAULT


@dataclass(frozen=True, slots=True)
class Shots:
    """`share` of the requests are for something issued lately: `births_per_s` of it, each asked for over `life_s`."""

    share: float
    births_per_s: float = 10.0
    life_s: float = 600.0
    zipf: float = EXPONENT_DEFAULT


@dataclass(frozen=True, slots=True)
class Popularity:
    """The mixture. Shares are 0 to 1, 1 at most together. `active`: of the ranks, so many are asked for at all by Zipf
    and as hot ones; one-hit wonders come from behind them; 0 means all.
    """

    zipf: float = EXPONENT_DEFAULT
    active: int = 0
    misses: float = 0.0
    one_hit: float = 0.0
    hot: Hot | None = None
    shots: Shots | None = None

    def draw(self, size: int, numbers: Numbers, moments_s: Floats, seed: int) -> Numbers:
        """For each request the rank of its identifier among `size`, or -1 - n for the n-th that does not exist.

        `moments_s`: when each is due, in seconds of the modelled time, ascending or not.
        """
        active = min(self.active or size, size)
        law = Zipf(active, self.zipf)
        ranks = np.empty(len(numbers), np.int64)
        for at in range(0, len(numbers), DRAWS_AT_ONCE):
            part = slice(at, at + DRAWS_AT_ONCE)
            ranks[part] = self._drawn(law, size, numbers[part], moments_s[part], seed)
        return ranks

    def _drawn(self, law: Zipf, size: int, numbers: Numbers, moments_s: Floats, seed: int) -> Numbers:
        ranks = law.draw(numbers, seed)
        hot, shots = self.hot or Hot(0.0), self.shots or Shots(0.0)
        bounds = np.cumsum([self.misses, self.one_hit, hot.share, shots.share])
        if not bounds[-1]:
            return ranks
        lot = np.searchsorted(bounds, uniform(seed, Purpose.COMPONENT, numbers), side="right")
        missing, once, in_set, lately = (np.flatnonzero(lot == component) for component in range(4))
        ranks[missing] = -1 - ranks[missing]
        ranks[once] = one_hit_wonders(numbers[once], law.population, size, seed)
        ranks[in_set] = _hot(hot, law.population, numbers[in_set], moments_s[in_set], seed)
        ranks[lately] = _lately(shots, size, numbers[lately], moments_s[lately], seed)
        return ranks


def one_hit_wonders(numbers: Numbers, active: int, size: int, seed: int) -> Numbers:
    """Ranks that no two numbers share, from behind the active ones; from all of them if all are active."""
    first = active if active < size else 0
    shuffle = Permutation(size - first, b"one-hit %d" % seed)
    return first + shuffle.forward_all(numbers % (size - first))


def _hot(hot: Hot, size: int, numbers: Numbers, moments_s: Floats, seed: int) -> Numbers:
    turn = np.floor(moments_s / hot.moves_s).astype(np.int64)
    return _issued(seed, Purpose.HOT, turn, Zipf(hot.identifiers, hot.zipf).draw(numbers, seed, Purpose.HOT_RANK), size)


def _lately(shots: Shots, size: int, numbers: Numbers, moments_s: Floats, seed: int) -> Numbers:
    epoch_s = max(shots.life_s / EPOCHS_PER_LIFE, 1 / shots.births_per_s)
    together = min(SET_MAX, max(1, round(shots.births_per_s * epoch_s)))
    age_s = -np.log1p(-uniform(seed, Purpose.AGE, numbers)) * shots.life_s
    epoch = np.floor((moments_s - age_s) / epoch_s).astype(np.int64)
    place = Zipf(together, shots.zipf).draw(numbers, seed, Purpose.SHOT_RANK)
    return _issued(seed, Purpose.SHOT, epoch, place, size)


def _issued(seed: int, purpose: int, turn: Numbers, place: Numbers, size: int) -> Numbers:
    """The identifier in a place of a set that belongs to a turn: any of all, and always the same one."""
    drawn: AnyArray = words(seed, purpose, turn * SET_MAX + place) % np.uint64(size)
    return drawn.astype(np.int64)


def read_popularity(table: Table) -> Popularity:
    """The popularity of a file's [popularity] table. OperatorError says which key cannot be."""
    read = Popularity(
        zipf=_exponent(table),
        active=table.whole("active", 0, 0, 10**15),
        misses=table.number("misses", 0.0, 0, 1),
        one_hit=table.number("one_hit", 0.0, 0, 1),
        hot=_read_hot(table.table("hot")),
        shots=_read_shots(table.table("shots")),
    )
    table.end()
    together = read.misses + read.one_hit + sum(part.share for part in (read.hot, read.shots) if part)
    if together > 1 + 1e-9:
        raise table.refusal("", f"shares add up to {together:g}", "Keep misses, one_hit, hot and shots to 1 together")
    return read


def _exponent(table: Table) -> float:
    return table.number("zipf", EXPONENT_DEFAULT, 0, EXPONENT_MAX)


def _read_hot(table: Table) -> Hot | None:
    if not table.written:
        return None
    read = Hot(
        share=table.number("share", None, 0, 1),
        identifiers=table.whole("identifiers", 1_000, 1, SET_MAX),
        moves_s=table.seconds("moves_every", 300.0, MOMENT_S_MAX),
        zipf=_exponent(table),
    )
    table.end()
    return read


def _read_shots(table: Table) -> Shots | None:
    if not table.written:
        return None
    read = Shots(
        share=table.number("share", None, 0, 1),
        births_per_s=table.number("births_per_s", 10.0, 0, 1e6, above=True),
        life_s=table.seconds("life", 600.0, MOMENT_S_MAX),
        zipf=_exponent(table),
    )
    table.end()
    return read
