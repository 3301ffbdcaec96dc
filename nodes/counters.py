"""What a node counts, in plain lists and dicts: incrementing must cost next to nothing (metrics.py exposes them).

Requests are counted in slots, one per (transport, opcode, code): a packet-cache hit is one `recalled[slot] += 1`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter

from nodes.measures import Measure
from resolver.model.now import NS_PER_S

# Upper bounds in seconds: 10 µs (a cache hit) to 10 s (a resolution that is given up).
DURATION_BOUNDS_S = (
    0.00001, 0.00002, 0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005,
    0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0,
)  # fmt: skip


class Histogram:
    """Counts by upper bound, and the sum, in seconds."""

    __slots__ = ("counts", "sum_s")

    def __init__(self) -> None:
        self.counts = [0] * (len(DURATION_BOUNDS_S) + 1)
        self.sum_s = 0.0

    def observe(self, seconds: float, times: int = 1) -> None:
        """Add `times` observations of `seconds`."""
        self.counts[bisect_left(DURATION_BOUNDS_S, seconds)] += times
        self.sum_s += seconds * times

    def add(self, other: Histogram) -> None:
        """Add all that another has observed."""
        self.counts = [ours + theirs for ours, theirs in zip(self.counts, other.counts, strict=True)]
        self.sum_s += other.sum_s


class SlotsOf(dict[str, int]):
    """The slots of one opcode and code, by transport; UDP's and TCP's from the start, so that whoever watches sees a
    zero before the first request, a door's when it is first used.
    """

    def __init__(self, counters: Counters, opcode: str, code: str) -> None:
        self._counters, self._kind = counters, (opcode, code)
        super().__init__((transport, counters.slot(transport, opcode, code)) for transport in ("udp", "tcp"))

    def __missing__(self, transport: str) -> int:
        slot = self[transport] = self._counters.slot(transport, *self._kind)
        return slot


class Counters:
    """Everything one node counts."""

    def __init__(self) -> None:
        self.slots: dict[tuple[str, str, str], int] = {}  # (transport, opcode, code) -> slot
        self._kinds: list[tuple[str, str, str]] = []  # by slot
        self.decided: list[int] = []  # by slot: requests answered by decision
        self.recalled: list[int] = []  # by slot: requests answered by the packet cache
        self.cache: Counter[tuple[str, str]] = Counter()  # (cache, outcome), but packet hits are `recalled`
        self.upstream: Counter[tuple[str, str]] = Counter()  # (to_tier, outcome)
        self.resent: Counter[str] = Counter()  # by to_tier: questions sent once more for want of an answer
        self.upstream_duration: dict[str, Histogram] = {}  # by to_tier
        self.dropped: Counter[str] = Counter()  # by reason
        self.faults: Counter[str] = Counter()  # by name: answers that went wrong on purpose
        self.duration = Histogram()
        self.resolutions, self.registrations = Measure(), Measure()
        self._registered: list[int] = []  # slots that are registrations
        self._others: list[int] = []  # slots that are no resolutions: few, and most requests are

    def slot(self, transport: str, opcode: str, code: str) -> int:
        """The slot of a kind of request; slots are never given back."""
        key = (transport, opcode, code)
        slot = self.slots.get(key)
        if slot is None:
            slot = self.slots[key] = len(self.decided)
            self._kinds.append(key)
            self.decided.append(0)
            self.recalled.append(0)
            measure = self.measure_of(opcode, code)
            if measure is not self.resolutions:
                self._others.append(slot)
            if measure is self.registrations:
                self._registered.append(slot)
        return slot

    def measure_of(self, opcode: str, code: str) -> Measure | None:
        """What requests so counted are measured as: every look-up is a resolution, whatever it comes to; what was to
        be registered is a registration if it was.
        """
        if opcode == "RESOLUTION":
            return self.resolutions
        return self.registrations if opcode == "CREATE_HANDLE" and code == "SUCCESS" else None

    def at_once(self, answers: int, took_ns: int, wall_ns: int) -> None:
        """Measure requests that were read together and answered within `took_ns`: each its share. What they were is
        what has been counted since the last time, and not later; what was not answered has its share, too.
        """
        if answers:
            self.duration.observe(took_ns / answers / NS_PER_S, answers)
        decided, recalled = self.decided, self.recalled
        resolved = sum(decided) + sum(recalled)
        for slot in self._others:
            resolved -= decided[slot] + recalled[slot]
        if resolved > self.resolutions.seen:
            self._share(self.resolutions, resolved, answers, took_ns, wall_ns)
        if self._registered:
            registered = sum([decided[slot] for slot in self._registered])
            if registered > self.registrations.seen:
                self._share(self.registrations, registered, answers, took_ns, wall_ns)

    @staticmethod
    def _share(measure: Measure, counted: int, answers: int, took_ns: int, wall_ns: int) -> None:
        fresh = counted - measure.seen
        measure.seen = counted
        measure.observe(took_ns / (answers if answers > fresh else fresh), fresh, wall_ns)

    def later(self, measure: Measure | None, took_ns: int, wall_ns: int) -> None:
        """Measure a request that was counted and answered some time after it came."""
        self.duration.observe(took_ns / NS_PER_S)
        if measure is not None:
            measure.seen += 1
            measure.observe(took_ns, 1, wall_ns)

    def over(self, slot: int, transport: str) -> int:
        """The slot of the same opcode and code over another transport."""
        _, opcode, code = self._kinds[slot]
        return self.slot(transport, opcode, code)

    def request(self, transport: str, opcode: str, code: str) -> int:
        """Count one request answered by decision (code "none": by silence); its slot."""
        slot = self.slot(transport, opcode, code)
        self.decided[slot] += 1
        return slot

    def asked(self, to_tier: str, outcome: str, seconds: float) -> None:
        """Count one upstream request that ended after `seconds`."""
        self.upstream[to_tier, outcome] += 1
        durations = self.upstream_duration.get(to_tier)
        if durations is None:
            durations = self.upstream_duration[to_tier] = Histogram()
        durations.observe(seconds)
