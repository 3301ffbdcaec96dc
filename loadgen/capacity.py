"""The highest rate that keeps a promise, found by asking again and again. Pure: trials are a function handed in.

    trial(rate, seconds) -> kept, or not

A trial near the limit is a coin whose odds fall from "always kept" to "never" within a few per cent, and anywhere else
it may still fail because the machine had a hiccup. So no single trial is believed. What is believed is a distribution
over where the knee lies (the rate whose trials are as often kept as not) and over how wide the fall is; every trial
sharpens it by Bayes' rule, and the next one is made where it tells most:

    1 climb     short trials, each twice the rate before, until one is missed three times in a row
    2 close in  long trials about the knee as it is believed to be, until its interval is narrow
    3 confirm   the low end of the interval once more, for twice as long: what is promised has been seen

Short trials bracket and long ones decide, as in MLRsearch (IETF draft-ietf-bmwg-mlrsearch); the belief is that of
psychometric procedures (Watson, Pelli: QUEST, 1983), which look for a threshold through just such coins. A short trial
near the limit flatters, since its queues have no time to grow; it is believed accordingly.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from loadgen.arrays import Floats
from resolver.errors import CallerError

CONFIDENCE = 0.95
SHORT_S, LONG_S = 2.0, 10.0
WIDTH = 0.05  # of the interval over the knee, wanted
LONG_TRIALS_MIN, TRIALS_MAX = 6, 60
CONFIRMATIONS_MAX = 3
FIRST_PER_S = 250.0
LOWEST_PER_S, HIGHEST_PER_S = 1.0, 10_000_000.0

# How trials err. A hiccup misses what should be kept more often than luck keeps what should be missed.
HICCUP, LUCK = 0.1, 0.01
# How wide the fall of the odds may be, in parts of the rate, and how likely that is before anything was seen.
FALLS = {0.002: 0.2, 0.005: 0.3, 0.01: 0.3, 0.02: 0.15, 0.04: 0.05}
SHORT_FALL = 0.12  # the least that is believed of a short trial
STEP = 0.002  # of the grid of rates
MISSES = 3  # in a row before a climb turns: two are a hiccup too often
BEYOND, OUTSIDE = 1.5, 1e-3  # the odds that the knee is so far outside of its bracket: hiccups in a row do happen
ASKED_AT = (0.5, 0.3, 0.7)  # quantiles of the belief, in turn: off the middle, trials tell how wide the fall is


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a trial came to. `facts`: whatever else is known of it; the search does not look there."""

    kept: bool
    facts: Any = None


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial that was made: at what rate, for how long, at which step of the search, and its outcome."""

    per_s: float
    seconds: float
    step: str  # climb, close in, confirm
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Found:
    """The knee and its interval, and how it was found. All 0 if no rate was kept; if none was missed, `per_s` and `low`
    are the highest one that was kept, and `high` is not known.

    `confirmed_per_s`: the highest rate that was kept at the last step; None if the search ended before it.
    `complete`: whether the interval became as narrow as wanted.
    """

    per_s: float
    low_per_s: float
    high_per_s: float | None
    confirmed_per_s: float | None
    complete: bool
    trials: tuple[Trial, ...]


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard to look: where to begin and what is too low to be a rate; how long trials are; how narrow the interval.

    `budget_s`: no trial begins that could end later; `overhead_s`: what a trial costs besides its own time.
    """

    first_per_s: float = FIRST_PER_S
    lowest_per_s: float = LOWEST_PER_S
    short_s: float = SHORT_S
    long_s: float = LONG_S
    width: float = WIDTH
    budget_s: float = float("inf")
    overhead_s: float = 0.0


class Belief:
    """What is believed of the knee: a weight for every rate of a grid and every width of the fall."""

    def __init__(self) -> None:
        self._logs: Floats = np.arange(np.log(LOWEST_PER_S / 2), np.log(HIGHEST_PER_S * 2), STEP)
        self._falls: Floats = np.array(list(FALLS))[:, None]
        self._weights: Floats = np.log(list(FALLS.values()))[:, None] + np.zeros(len(self._logs))  # as logarithms

    def learn(self, per_s: float, kept: bool, *, least_fall: float = 0.0) -> None:
        """Take a trial into account."""
        above = (self._logs[None, :] - np.log(per_s)) / np.maximum(self._falls, least_fall)
        odds = 1 / (1 + np.exp(-np.clip(above, -50, 50)))
        likely_kept = LUCK + (1 - LUCK - HICCUP) * odds
        self._weights += np.log(likely_kept if kept else 1 - likely_kept)

    def bound(self, low_per_s: float, high_per_s: float) -> None:
        """Believe that the knee is hardly far outside of this bracket."""
        outside = (self._logs < np.log(low_per_s / BEYOND)) | (self._logs > np.log(high_per_s * BEYOND))
        self._weights[:, outside] += np.log(OUTSIDE)

    def quantiles(self, *shares: float) -> list[float]:
        """The rates below which the knee lies with these probabilities."""
        weights = np.exp(self._weights - self._weights.max()).sum(axis=0)
        reached = np.cumsum(weights) / weights.sum()
        return [float(np.exp(self._logs[np.searchsorted(reached, share)])) for share in shares]

    def interval(self) -> tuple[float, float, float]:
        """(low, middle, high): the middle and where the knee lies with the confidence wanted."""
        low, middle, high = self.quantiles((1 - CONFIDENCE) / 2, 0.5, (1 + CONFIDENCE) / 2)
        return low, middle, high


@dataclass(slots=True)
class _Search:
    """A search under way."""

    make: Callable[[float, float], Outcome]
    effort: Effort
    told: Callable[[Trial, Belief], None]
    ended: Callable[[], bool]
    belief: Belief = field(default_factory=Belief)
    trials: list[Trial] = field(default_factory=list)
    spent_s: float = 0.0

    def affords(self, seconds: float, then_s: float = 0.0) -> bool:
        """Whether there is time for such a trial, and one of `then_s` behind it, and nobody wants an end."""
        trials = seconds + self.effort.overhead_s + (then_s + self.effort.overhead_s if then_s else 0)
        enough = self.spent_s + trials <= self.effort.budget_s
        return enough and len(self.trials) < TRIALS_MAX and not self.ended()

    def ask(self, per_s: float, seconds: float, step: str) -> bool:
        """Make a trial and learn from it."""
        outcome = self.make(per_s, seconds)
        self.spent_s += seconds + self.effort.overhead_s
        if self.ended():  # cut short in the middle: it tells nothing
            return False
        self.belief.learn(per_s, outcome.kept, least_fall=SHORT_FALL if step == "climb" else 0.0)
        self.trials.append(Trial(per_s, seconds, step, outcome))
        self.told(self.trials[-1], self.belief)
        return outcome.kept

    def climb(self) -> bool:
        """Bracket the knee. False if that cannot be done: every rate was kept, or none, or time ran out."""
        rate, misses = self.effort.first_per_s, 0
        low = high = 0.0
        while self.affords(self.effort.short_s):
            if self.ask(rate, self.effort.short_s, "climb"):
                low, misses = rate, 0
                rate *= 2
            else:
                misses += 1
                if misses < MISSES:
                    continue  # once more: it may have been a hiccup
                high, misses = rate, 0
                rate /= 2
            if low and high:
                self.belief.bound(low, high)
                return True
            if not self.effort.lowest_per_s <= rate <= HIGHEST_PER_S:
                return False
        return False

    def close_in(self) -> bool:
        """Narrow the interval. Whether it became as narrow as wanted."""
        long_trials = 0
        while True:
            low, middle, high = self.belief.interval()
            if high - low <= self.effort.width * middle and long_trials >= LONG_TRIALS_MIN:
                return True
            if not self.affords(self.effort.long_s, then_s=2 * self.effort.long_s):
                return False
            (rate,) = self.belief.quantiles(ASKED_AT[long_trials % len(ASKED_AT)])
            self.ask(rate, self.effort.long_s, "close in")
            long_trials += 1

    def confirm(self) -> float | None:
        """The low end, if a trial of double length keeps it; a miss moves the low end down for another."""
        for _ in range(CONFIRMATIONS_MAX):
            if not self.affords(2 * self.effort.long_s):
                return None
            low, _, _ = self.belief.interval()
            if self.ask(low, 2 * self.effort.long_s, "confirm"):
                return low
        return None


def search(
    trial: Callable[[float, float], Outcome],
    effort: Effort | None = None,
    *,
    told: Callable[[Trial, Belief], None] = lambda trial, belief: None,
    ended: Callable[[], bool] = lambda: False,
) -> Found:
    """Find the knee. `told` hears of every trial; `ended` is asked whether to stop.

    CallerError for an effort that cannot be made.
    """
    effort = effort or Effort()
    rates = LOWEST_PER_S <= effort.lowest_per_s <= effort.first_per_s <= HIGHEST_PER_S
    if not (rates and 0 < effort.short_s <= effort.long_s):
        raise CallerError(f"no search begins at {effort.first_per_s}/s with trials of {effort.short_s} s")
    under_way = _Search(trial, effort, told, ended)
    bracketed = under_way.climb()
    complete = bracketed and under_way.close_in()
    confirmed = under_way.confirm() if bracketed else None
    trials = tuple(under_way.trials)
    kept = [each.per_s for each in trials if each.outcome.kept]
    if not kept:
        return Found(0.0, 0.0, 0.0, None, False, trials)
    if len(kept) == len(trials):
        return Found(max(kept), max(kept), None, None, False, trials)
    low, middle, high = under_way.belief.interval()
    return Found(middle, low, high, confirmed, complete, trials)
