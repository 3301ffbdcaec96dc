"""What a node measures of its requests, day by day: the figures that the guide wants to see (field.md, "What must be
monitored").

    Counters.at_once, .later --> Measure.observe --> Figures of the day: how many, how long, the longest, the shortest
                                                 --> how many in each second: the most

Latency is what the histogram `biaoshi_request_duration_seconds` takes it for: of requests that were read and answered
together each has an equal share of the time that took; one that is answered later takes from its arrival to its answer.
Days and seconds are those of UTC, and a request belongs to those in which it was read, or answered if that came later.
Who measures hands in what the clock says; there is none here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from resolver.model.now import NS_PER_S

DAY_S = 86_400
SECONDS_OPEN = 10  # for counts of the same seconds that come late, from another process
SECONDS_MAX = 64  # told apart at once; a clock that jumps about makes no more


@dataclass(slots=True)
class Figures:
    """Some requests: how many, how long in all, the longest and the shortest, the most in one second, and when.

    Times are nanoseconds since 1970, `busiest_s` seconds. Without requests all but zeros mean nothing.
    """

    count: int = 0
    sum_ns: float = 0.0
    max_ns: float = 0.0
    max_at_ns: int = 0
    min_ns: float = 0.0
    min_at_ns: int = 0
    busiest: int = 0
    busiest_s: int = 0

    def second(self, second: int, count: int) -> None:
        """So many were in one second."""
        if count > self.busiest:
            self.busiest, self.busiest_s = count, second

    def add(self, other: Figures) -> None:
        """Add what was measured at another time."""
        if other.count:
            if not self.count or other.max_ns > self.max_ns:
                self.max_ns, self.max_at_ns = other.max_ns, other.max_at_ns
            if not self.count or other.min_ns < self.min_ns:
                self.min_ns, self.min_at_ns = other.min_ns, other.min_at_ns
            self.count += other.count
            self.sum_ns += other.sum_ns
        self.second(other.busiest_s, other.busiest)


class Measure:
    """One kind of request at one node. `seen`: how many of those that were counted have been measured."""

    __slots__ = ("_figures", "_seconds", "day", "finished", "seen")

    def __init__(self) -> None:
        self.seen = 0
        self.day = -1  # since 1970
        self.finished: list[tuple[int, Figures]] = []  # days that are over and that nobody has fetched
        self._figures = Figures()
        self._seconds: dict[int, int] = {}

    def observe(self, each_ns: float, times: int, wall_ns: int) -> None:
        """Add `times` requests that took `each_ns` each, at a time."""
        second = wall_ns // NS_PER_S
        if second in self._seconds:
            self._seconds[second] += times
        else:
            self._begin(second)
            self._seconds[second] = times
        figures = self._figures
        if not figures.count or each_ns > figures.max_ns:
            figures.max_ns, figures.max_at_ns = each_ns, wall_ns
        if not figures.count or each_ns < figures.min_ns:
            figures.min_ns, figures.min_at_ns = each_ns, wall_ns
        figures.count += times
        figures.sum_ns += each_ns * times

    def figures(self) -> Figures:
        """The day's, until now."""
        told = replace(self._figures)
        for second, count in self._seconds.items():
            told.second(second, count)
        return told

    def roll(self, wall_ns: int) -> None:
        """Let the day end if it is over, whether somebody asks or not."""
        day = wall_ns // NS_PER_S // DAY_S
        if day <= self.day:
            return
        if self._figures.count:
            self.finished.append((self.day, self.figures()))
        self.day, self._figures, self._seconds = day, Figures(), {}

    def resume(self, day: int, figures: Figures) -> None:
        """Go on with what was measured of a day before."""
        if day == self.day:
            self._figures.add(figures)

    def take_in(self, figures: Figures, seconds: Mapping[int, int]) -> None:
        """Add what another process has measured a moment ago, with how many there were in each second."""
        for second, count in seconds.items():
            if second in self._seconds:
                self._seconds[second] += count
            else:
                self._begin(second)
                self._seconds[second] = count
        self._figures.add(figures)

    def give_out(self) -> tuple[Figures, dict[int, int]]:
        """What was measured since the last time, for another process to take in."""
        told = self._figures, self._seconds
        for _, finished in self.finished:
            told[0].add(finished)
        self.finished.clear()
        self._figures, self._seconds = Figures(), {}
        return told

    def _begin(self, second: int) -> None:
        if second // DAY_S > self.day:
            self.roll(second * NS_PER_S)
        elif len(self._seconds) >= SECONDS_OPEN:
            many = len(self._seconds) >= SECONDS_MAX
            for over in [each for each in self._seconds if many or each <= second - SECONDS_OPEN]:
                self._figures.second(over, self._seconds.pop(over))
