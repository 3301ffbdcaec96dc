"""When what is asked of whom: the whole run as arrays, decided before it begins, or one generator's share of them.

Of n generators the i-th sends the requests i, i + n, i + 2 n, … of the one schedule: shares are disjoint, together they
are the whole, and each has the shape of it. Every draw goes by the request's number (chance.py), so a share is made
without the others.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from loadgen.arrays import AnyArray, Nanoseconds, Numbers
from loadgen.chance import Purpose, words
from loadgen.pacing import Timing
from resolver.errors import OperatorError

SHARES_MAX = 1_024


@dataclass(frozen=True, slots=True)
class Share:
    """The requests of generator `index`, 0 … count-1, of `count`."""

    index: int = 0
    count: int = 1

    @property
    def name(self) -> str:
        """As `parse_share` reads it, counted from 0."""
        return f"{self.index}/{self.count}"


WHOLE = Share()


def parse_share(text: str) -> Share:
    """`3/16`: the fourth of sixteen. OperatorError for anything else."""
    found = re.fullmatch(r"(\d{1,4})/(\d{1,4})", text.strip())
    share = Share(int(found[1]), int(found[2])) if found else Share(0, 0)
    if not 0 <= share.index < share.count <= SHARES_MAX:
        raise OperatorError(
            f"not a share of at most {SHARES_MAX}", key="--share", value=text, remedy="Write 0/16, 1/16, … 15/16"
        )
    return share


@dataclass(frozen=True, slots=True)
class Schedule:
    """The requests of a share: their numbers in the whole run, due moments (ascending), and targets by position."""

    numbers: Numbers
    due_ns: Nanoseconds
    choice: AnyArray


def schedule(
    pacing: Timing, duration_s: float, targets: int, seed: int, share: Share = WHOLE, numbers_from: int = 0
) -> Schedule:
    """The share's part of a run whose requests are numbered from `numbers_from`. OperatorError if it is impossible."""
    due_ns = pacing.due_ns(duration_s, seed)
    numbers = numbers_from + np.arange(share.index, len(due_ns), share.count, dtype=np.int64)
    return Schedule(numbers, due_ns[share.index :: share.count].copy(), even_choice(numbers, targets, seed))


def even_choice(numbers: Numbers, places: int, seed: int) -> AnyArray:
    """Which of `places` targets each request asks: of as many requests in a row each target gets one, in any order."""
    if places == 1 or not len(numbers):
        return np.zeros(len(numbers), np.uint16)
    rounds, turn = np.divmod(numbers, places)
    of_round, row = np.unique(rounds, return_inverse=True)
    lots = words(seed, Purpose.TARGET, of_round[:, None] * places + np.arange(places))
    return np.argsort(lots, axis=1, kind="stable").astype(np.uint16)[row, turn]
