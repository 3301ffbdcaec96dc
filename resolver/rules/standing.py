"""How much of a queue at a door is too old to be of use.

A queue that goes within BUSY_NS was a burst. One that stands longer holds what its clients will not wait for by the
time its turn comes; working on that only makes the others late, too. How long the queue takes is how much is in it by
how much was taken a second since it was last empty: so a door whose requests are quickly answered may have a long one.
"""

from __future__ import annotations

from resolver.model.now import NS_PER_MS

QUEUE_NS_MAX = 50 * NS_PER_MS  # a tenth of the time after which its client asks again
BUSY_NS = 500 * NS_PER_MS


class Standing:
    """A queue, as whoever takes from it sees it."""

    def __init__(self) -> None:
        self._since_ns = -1  # since when it has not been empty; -1: it has been just now
        self._taken = 0  # since then

    def emptied(self) -> None:
        """Nothing waits."""
        self._since_ns = -1

    def took(self, count: int, now_ns: int) -> None:
        """So many were taken, and others wait."""
        if self._since_ns < 0:
            self._since_ns, self._taken = now_ns, 0
        else:
            self._taken += count

    def surplus(self, waiting: int, now_ns: int) -> int:
        """How many of those that wait, the oldest, are to be thrown away."""
        busy_ns = now_ns - self._since_ns
        if self._since_ns < 0 or busy_ns < BUSY_NS:
            return 0
        surplus = waiting - self._taken * QUEUE_NS_MAX // busy_ns
        if busy_ns > 2 * BUSY_NS:  # how fast it goes now, not how fast it once went
            self._since_ns, self._taken = now_ns - BUSY_NS, self._taken * BUSY_NS // busy_ns
        return max(0, surplus)
