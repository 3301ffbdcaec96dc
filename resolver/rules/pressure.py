"""How many questions may be under way at once: as many as do not make each other slow.

Beyond what its servers, and this node itself, can do, every further question only lengthens the wait of all. So the
bound follows the waits: of a window of answers, if more than half took longer than SLOW_NS (or twice what the quickest
take, where servers are far away), it falls by an eighth, else it rises. Half, because a few slow servers are no reason.
"""

from __future__ import annotations

from resolver.model.now import NS_PER_MS

WINDOW = 64  # answers between two looks
SLOW_NS = 50 * NS_PER_MS  # a tenth of what a client waits before it asks again
LEAST = 64  # a batch of a door: less would not fill the way there and back
RISE = 16
FORGETTING = 1_024  # windows: an hour of overload must not become what is usual, servers that moved away must


class Pressure:
    """The bound, from LEAST to `most`."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.limit = most
        self._quickest_ns = SLOW_NS // 2
        self._least_ns = SLOW_NS
        self._slow_ns = SLOW_NS
        self._answers = self._slow = 0

    def configure(self, most: int) -> None:
        """Go on with another upper end."""
        self.most = most
        self.limit = min(self.limit, most)

    def took(self, took_ns: int, under_way: int) -> None:
        """Hear how long an answer took."""
        self._answers += 1
        if took_ns > self._slow_ns:
            self._slow += 1
        elif took_ns < self._least_ns:
            self._least_ns = took_ns
        if self._answers >= WINDOW:
            self._look(under_way)

    def _look(self, under_way: int) -> None:
        if 2 * self._slow > self._answers:
            # What is not used up has not made it slow.
            self.limit = max(min(LEAST, self.most), min(self.limit, under_way + RISE) * 7 // 8)
        else:
            self.limit = min(self.most, self.limit + RISE)
        # The quickest of late; it is forgotten slowly, for servers move away.
        self._quickest_ns = min(self._least_ns, self._quickest_ns + self._quickest_ns // FORGETTING)
        self._slow_ns = max(SLOW_NS, 2 * self._quickest_ns)
        self._least_ns = 1 << 62
        self._answers = self._slow = 0
