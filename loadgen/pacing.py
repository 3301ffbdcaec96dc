"""When each request is due: decided before the run, so that a slow answer can never delay the next question.

Two pure parts make every pacing:

    curve      how many requests are expected by moment t: the integral of the rate, and its inverse, in closed form
    arrivals   where the requests fall on that count: `even` at 0, 1, 2, …; `random` with exponential gaps (Poisson)

A request that falls on count c is due at the moment when the curve reaches c. For a curve with a changing rate that
same mapping gives the exact non-homogeneous Poisson process, so a new shape is one class with two formulas.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from loadgen.arrays import Floats, Nanoseconds
from loadgen.chance import Purpose, generator
from resolver.errors import OperatorError

NS_PER_S = 1_000_000_000
REQUESTS_MAX = 50_000_000  # 56 octets each are kept: 3 GB
RATE_PER_S_MAX = 10_000_000.0


class Curve(Protocol):
    """The expected number of requests as a function of time."""

    def count(self, seconds: float) -> float:
        """Requests expected in the first `seconds`: the integral of the rate."""
        ...

    def moments(self, counts: Floats) -> Floats:
        """Seconds after the start at which the integral reaches each of `counts`: the inverse of `count`."""
        ...


@dataclass(frozen=True, slots=True)
class Constant:
    """The same rate all the time: count(t) = rate · t."""

    per_s: float

    def count(self, seconds: float) -> float:
        return self.per_s * seconds

    def moments(self, counts: Floats) -> Floats:
        return counts / self.per_s


def even(expected: float, _seed: int) -> Floats:
    """Counts 0, 1, 2, … below `expected`: as regular as a clock."""
    # 0.1 s at 3,000/s is 300.00000000000006 requests in floating point and 300 for everybody else.
    return np.arange(math.ceil(expected - 1e-6), dtype=np.float64)


def random(expected: float, seed: int) -> Floats:
    """Counts below `expected` with independent exponential gaps of mean 1: a Poisson process on the count."""
    stream = generator(seed, Purpose.ARRIVAL)
    counts = np.cumsum(stream.exponential(size=math.ceil(expected + 6 * math.sqrt(expected)) + 16))
    while counts[-1] < expected:  # one run in a thousand million: six standard deviations were not enough
        counts = np.concatenate([counts, counts[-1] + np.cumsum(stream.exponential(size=len(counts)))])
    return counts[counts < expected]


@dataclass(frozen=True, slots=True)
class Pacing:
    """A curve and the way arrivals fall on it. `name` is how the command line writes it."""

    name: str
    curve: Curve
    arrivals: Callable[[float, int], Floats]

    def due_ns(self, duration_s: float, seed: int) -> Nanoseconds:
        """The due moments of all requests in [0, duration), ascending, in nanoseconds after the start.

        OperatorError if that is more than REQUESTS_MAX requests, or none.
        """
        expected = self.curve.count(duration_s)
        if expected > REQUESTS_MAX:
            raise OperatorError(
                f"{expected:,.0f} requests are more than one run keeps records of ({REQUESTS_MAX:,})",
                key="--duration",
                value=f"{duration_s:g}s",
                remedy="Take a shorter run or a lower rate",
            )
        counts = self.arrivals(expected, seed)
        if not len(counts):
            raise OperatorError(
                f"no request falls into {duration_s:g} s of {self.name}",
                key="--duration",
                value=f"{duration_s:g}s",
                remedy="Take a longer run or a higher rate",
            )
        return (self.curve.moments(counts) * NS_PER_S).astype(np.int64)


def constant(per_s: float) -> Pacing:
    """Requests at equal distances."""
    return Pacing(f"constant:{per_s:g}", Constant(per_s), even)


def poisson(per_s: float) -> Pacing:
    """Requests of many independent clients: exponential gaps."""
    return Pacing(f"poisson:{per_s:g}", Constant(per_s), random)


PACINGS: dict[str, Callable[[float], Pacing]] = {"constant": constant, "poisson": poisson}


def parse_pacing(text: str) -> Pacing:
    """`constant:3500` or `poisson:3500`. OperatorError for anything else."""
    name, colon, rate = text.partition(":")
    if name not in PACINGS or not colon:
        known = " or ".join(f"{known}:RATE" for known in PACINGS)
        raise OperatorError("not a pacing", key="--pacing", value=text, remedy=f"Write {known}")
    return PACINGS[name](parse_rate(rate, key="--pacing"))


def parse_rate(text: str, key: str = "--rate") -> float:
    """Requests per second, above 0 and at most RATE_PER_S_MAX. OperatorError for anything else."""
    try:
        rate = float(text.replace(",", "").replace("_", ""))
    except ValueError:
        rate = math.nan
    if not 0 < rate <= RATE_PER_S_MAX:
        raise OperatorError(
            f"not a rate between 0 and {RATE_PER_S_MAX:,.0f} requests per second",
            key=key,
            value=text,
            remedy="Write a number of requests per second, such as 3500",
        )
    return rate
