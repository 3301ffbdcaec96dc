"""Queues whose limit is known by formula, to try a search on that looks for limits.

Requests arrive at random (Poisson) at one server. Up to which rate does the 99th percentile of the whole time spent
there keep below a limit? For two kinds of service the distribution is known exactly:

    M/D/1   each takes the same time D        Erlang, 1909: P(wait <= t) = (1-r) · sum over k <= t/D of
                                              (-r(t/D-k))^k / k! · e^(r(t/D-k)), where r = rate · D
    M/M/1   exponentially distributed, mean D P(time there > t) = e^(-(1/D - rate) t)
"""

from __future__ import annotations

import math
from decimal import Decimal, localcontext

import numpy as np

from loadgen.arrays import Floats

DIGITS_BESIDE_TERMS = 40  # the sum's terms alternate and grow like e^(t/D): what cancels must be carried
BISECTIONS = 40


def fixed(service_s: float, count: int, stream: np.random.Generator) -> Floats:
    """Service times of M/D/1."""
    return np.full(count, service_s)


def exponential(service_s: float, count: int, stream: np.random.Generator) -> Floats:
    """Service times of M/M/1."""
    return stream.exponential(service_s, count)


def times_in_system(per_s: float, seconds: float, service: Floats, stream: np.random.Generator) -> Floats:
    """How long each of the requests that arrive in `seconds` spends there, in seconds, in order of arrival.

    `service` has at least as many entries as arrive; the queue begins empty.
    """
    count = min(int(stream.poisson(per_s * seconds)), len(service))
    arrivals = np.sort(stream.random(count) * seconds)
    service = service[:count]
    if not count:
        return service
    # Lindley: a request waits for what the one before it waited and was served, less the time between them.
    steps = np.concatenate([[0.0], service[:-1] - np.diff(arrivals)])
    level = np.cumsum(steps)
    waits: Floats = level - np.minimum.accumulate(level)
    return waits + service


def knee_fixed(service_s: float, limit_s: float, quantile: float = 0.99) -> float:
    """The rate at which this quantile of the time in M/D/1 is the limit."""
    low, high = 0.0, 1.0
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        if _wait_at_most(middle, (limit_s - service_s) / service_s) > quantile:
            low = middle
        else:
            high = middle
    return low / service_s


def knee_exponential(service_s: float, limit_s: float, quantile: float = 0.99) -> float:
    """The rate at which this quantile of the time in M/M/1 is the limit."""
    return 1 / service_s + math.log(1 - quantile) / limit_s


def _wait_at_most(load: float, services: float) -> float:
    """P(the wait is at most so many service times) in M/D/1 at this load (rate · D)."""
    with localcontext() as context:
        context.prec = DIGITS_BESIDE_TERMS + math.ceil(services)
        rho, time, total = Decimal(load), Decimal(services), Decimal(0)
        for k in range(int(services) + 1):
            term = rho * (time - k)
            total += (-term) ** k / math.factorial(k) * term.exp() if k else term.exp()
        return float((1 - rho) * total)
