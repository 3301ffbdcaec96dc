"""When each request is due: decided before the run, so that a slow answer can never delay the next question.

Three pure parts make every pacing:

    curve      how many requests are expected by moment t: the integral of the rate in closed form, and its inverse
    arrivals   where the requests fall on that count: `even` at 0, 1, 2, …; `random` with exponential gaps (Poisson)
    scale      how many seconds of the curve go by in one second of the run

A request that falls on count c is due at the moment when the curve reaches c. For a curve with a changing rate that
same mapping gives the exact non-homogeneous Poisson process.

Two curves are enough: one of straight pieces (constant, ramp, step, a day with all that happens in it) and a sine. The
scale compresses time, not the rate: a day of 116 requests a second on average, run at scale 288, sends 116 a second for
five minutes on average, as many as are due in five minutes of such a day, in the shape of the whole day.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from loadgen.arrays import Floats, Nanoseconds
from loadgen.chance import Purpose, generator
from loadgen.settings import Table, nearest
from resolver.errors import OperatorError

NS_PER_S = 1_000_000_000
REQUESTS_MAX = 50_000_000  # 56 octets each are kept: 3 GB
RATE_PER_S_MAX = 10_000_000.0
TIME_S_MAX = 366 * 86_400.0
STEPS_MAX = 10_000
SCALE_MAX = 100_000.0
HOUR_S, DAY_S, DAYS = 3_600.0, 86_400.0, 7

# The day [ours; no source gives its shape]: rates at 0:00, 1:00, … 23:00, straight lines between them, mean 1, highest
# 2.58 at 10:00. Industry asks by day: two shoulders around a meal, a thin evening, a still night.
HOURS = (
    0.12, 0.08, 0.06, 0.05, 0.06, 0.12, 0.35, 0.89, 1.69, 2.33, 2.58, 2.18,
    1.24, 1.54, 2.28, 2.38, 2.03, 1.34, 0.79, 0.60, 0.50, 0.38, 0.25, 0.16,
)  # fmt: skip
SHIFT_HOURS = (0.0, 8.0, 16.0)  # three shifts; whoever comes and whoever goes scans what is handed over
SHIFT_S = 1_200.0
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Curve(Protocol):
    """The expected number of requests as a function of time."""

    def rate(self, seconds: Floats) -> Floats:
        """Requests per second at each moment."""
        ...

    def count(self, seconds: float) -> float:
        """Requests expected in the first `seconds`: the integral of the rate."""
        ...

    def moments(self, counts: Floats) -> Floats:
        """Seconds after the start at which the integral reaches each of `counts`: the inverse of `count`."""
        ...


class Pieces:
    """Straight pieces: from `starts[i]` on the rate is `rates[i]`, growing by `slopes[i]` each second.

    With a `period` all of it begins again then; without one the last piece goes on for ever. Starts ascend from 0.
    """

    def __init__(
        self, starts: Sequence[float], rates: Sequence[float], slopes: Sequence[float], period: float | None = None
    ) -> None:
        self._starts, self._rates, self._slopes = (np.array(each, np.float64) for each in (starts, rates, slopes))
        self._period = period
        ends = np.append(self._starts[1:], period if period is not None else self._starts[-1])
        lengths = ends - self._starts
        self._before = np.concatenate([[0.0], np.cumsum(self._rates * lengths + self._slopes * lengths**2 / 2)])

    def rate(self, seconds: Floats) -> Floats:
        within = seconds if self._period is None else seconds % self._period
        piece = np.searchsorted(self._starts, within, side="right") - 1
        found: Floats = self._rates[piece] + self._slopes[piece] * (within - self._starts[piece])
        return found

    def count(self, seconds: float) -> float:
        periods, within = (0.0, seconds) if self._period is None else divmod(seconds, self._period)
        piece = int(np.searchsorted(self._starts, within, side="right")) - 1
        since = within - self._starts[piece]
        in_piece = self._rates[piece] * since + self._slopes[piece] * since**2 / 2
        return float(periods * self._before[-1] + self._before[piece] + in_piece)

    def moments(self, counts: Floats) -> Floats:
        if self._period is None:
            return self._within(counts)
        periods, within = np.divmod(counts, self._before[-1])
        return periods * self._period + self._within(within)

    def _within(self, counts: Floats) -> Floats:
        piece = np.searchsorted(self._before[:-1], counts, side="right") - 1
        left, rate = counts - self._before[piece], self._rates[piece]
        # The root of rate·x + slope·x²/2 = left in the form that loses no digits; a piece that begins at rate 0 and
        # count 0 begins there.
        root = rate + np.sqrt(np.maximum(rate * rate + 2 * self._slopes[piece] * left, 0))
        found: Floats = self._starts[piece] + np.divide(2 * left, root, out=np.zeros_like(left), where=root > 0)
        return found


@dataclass(frozen=True, slots=True)
class Sine:
    """A rate that swings around its mean: mean · (1 + amplitude · sin(2π t / period)), amplitude 0 to 1.

    count(t) = mean · (t + amplitude · period/2π · (1 - cos(2π t / period))). Its inverse has no formula, but `count` is
    steep and smooth: Newton's method, kept between bounds that close in on the answer.
    """

    mean: float
    amplitude: float
    period: float

    def rate(self, seconds: Floats) -> Floats:
        return self.mean * (1 + self.amplitude * np.sin(2 * np.pi / self.period * seconds))

    def count(self, seconds: float) -> float:
        return float(self._counts(np.array([seconds], np.float64))[0])

    def moments(self, counts: Floats) -> Floats:
        found = np.empty_like(counts)
        for at in range(0, len(counts), CHUNK):
            found[at : at + CHUNK] = self._inverted(counts[at : at + CHUNK])
        return found

    def _counts(self, seconds: Floats) -> Floats:
        swing = self.amplitude * self.period / (2 * np.pi)
        return self.mean * (seconds + swing * (1 - np.cos(2 * np.pi / self.period * seconds)))

    def _inverted(self, counts: Floats) -> Floats:
        high = counts / self.mean
        low = np.maximum(high - self.amplitude * self.period / np.pi, 0.0)
        found = (low + high) / 2
        left = np.arange(len(counts))
        for _ in range(ROUNDS_MAX):
            over = self._counts(found[left]) - counts[left]
            high[left] = np.where(over >= 0, found[left], high[left])
            low[left] = np.where(over < 0, found[left], low[left])
            slope = self.rate(found[left])
            next_one = found[left] - np.divide(over, slope, out=np.full_like(over, np.inf), where=slope > 0)
            inside = (next_one > low[left]) & (next_one < high[left])
            next_one = np.where(inside, next_one, (low[left] + high[left]) / 2)
            moved = np.abs(next_one - found[left])
            found[left] = next_one
            left = left[moved > EXACT_S]
            if not len(left):
                break
        return found


CHUNK = 1 << 15
ROUNDS_MAX = 100  # halving the bounds alone takes 60
EXACT_S = 1e-10


@dataclass(frozen=True, slots=True)
class Scaled:
    """A curve that goes by `scale` times as fast, at the rates it has."""

    curve: Curve
    scale: float

    def rate(self, seconds: Floats) -> Floats:
        return self.curve.rate(seconds * self.scale)

    def count(self, seconds: float) -> float:
        return self.curve.count(seconds * self.scale) / self.scale

    def moments(self, counts: Floats) -> Floats:
        return self.curve.moments(counts * self.scale) / self.scale


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


ARRIVALS: dict[str, Callable[[float, int], Floats]] = {"even": even, "random": random}


def growing(timing: Timing, seconds: float) -> Pacing:
    """What leads up to a timing: from nothing to the rate it begins with. OperatorError if that cannot be said."""
    if not isinstance(timing, Pacing):
        raise OperatorError("a log has nothing before it", key="--warm-up", remedy="Replay it twice instead")
    first = float(timing.curve.rate(np.zeros(1))[0]) or timing.curve.count(seconds) / seconds
    if not first:
        raise OperatorError(f"{timing.name} begins with nothing", key="--warm-up", remedy="Leave it out")
    return Pacing(f"up to {timing.name}", Pieces([0.0, seconds], [0.0, first], [first / seconds, 0.0]), even)


class Timing(Protocol):
    """When the requests of a run are due: a `Pacing`, or the moments of a log."""

    @property
    def name(self) -> str:
        """For the report."""
        ...

    @property
    def scale(self) -> float:
        """Seconds of the modelled time in a second of the run."""
        ...

    def due_ns(self, duration_s: float, seed: int) -> Nanoseconds:
        """The due moments of all requests in [0, duration), ascending, in nanoseconds after the start."""
        ...


@dataclass(frozen=True, slots=True)
class Pacing:
    """A curve and the way arrivals fall on it. `name` is how the command line writes it.

    `scale`: seconds of the modelled time in a second of the run; the curve has it already.
    """

    name: str
    curve: Curve
    arrivals: Callable[[float, int], Floats]
    scale: float = 1.0

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
    return Pacing(f"constant:{per_s:g}", _steady(per_s), even)


def poisson(per_s: float) -> Pacing:
    """Requests of many independent clients: exponential gaps."""
    return Pacing(f"poisson:{per_s:g}", _steady(per_s), random)


# -- shapes as somebody writes them -------------------------------------------------------------------------------


def _steady(per_s: float) -> Pieces:
    return Pieces([0.0], [per_s], [0.0])


def _constant(table: Table) -> Curve:
    return _steady(_rate(table, "rate"))


def _ramp(table: Table) -> Curve:
    first, last = _rate(table, "from", nothing=True), _rate(table, "to", nothing=True)
    over_s = table.seconds("over", None, TIME_S_MAX)
    if not first and not last:
        raise table.refusal("to", "a ramp from nothing to nothing", "Write a rate above 0")
    return Pieces([0.0, over_s], [first, last], [(last - first) / over_s, 0.0])


def _step(table: Table) -> Curve:
    first, by = _rate(table, "from", nothing=True), table.number("by", None, -RATE_PER_S_MAX, RATE_PER_S_MAX)
    every_s, steps = table.seconds("every", None, TIME_S_MAX), table.whole("steps", 10, 1, STEPS_MAX)
    rates = [first + by * step for step in range(steps + 1)]
    if min(rates) < 0 or max(rates) > RATE_PER_S_MAX or not any(rates):
        remedy = f"Keep it above 0 and below {RATE_PER_S_MAX:,.0f}"
        raise table.refusal("by", f"leads from {rates[0]:g} to {rates[-1]:g} requests per second", remedy)
    return Pieces([every_s * step for step in range(steps + 1)], rates, [0.0] * (steps + 1))


def _sine(table: Table) -> Curve:
    mean, amplitude = _rate(table, "mean"), table.number("amplitude", 0.5, 0, 1)
    return Sine(mean, amplitude, table.seconds("period", 60.0, TIME_S_MAX))


def _day(table: Table) -> Curve:
    mean = _rate(table, "mean")
    weekend, shift = table.number("weekend", 1.0, 0, 10), table.number("shift", 1.0, 0, 100, above=True)
    burst, burst_at = table.number("burst", 1.0, 0, 1_000), table.number("burst_at", 14.0, 0, 24)
    burst_s = table.seconds("burst_for", 300.0, DAY_S)
    starts = WEEKDAYS.index(table.choice("starts", "mon", WEEKDAYS))
    shifts = [(hour * HOUR_S - SHIFT_S / 2, hour * HOUR_S + SHIFT_S / 2, shift) for hour in SHIFT_HOURS]
    bursts = [(burst_at * HOUR_S, burst_at * HOUR_S + burst_s, burst)]
    usual = Pieces(*day_pieces([1.0] * DAYS, shifts), DAYS * DAY_S)
    level = mean * DAYS * DAY_S / usual.count(DAYS * DAY_S)  # so that `mean` is a weekday's, shifts included
    factors = [level * (weekend if (starts + day) % DAYS >= 5 else 1.0) for day in range(DAYS)]
    return Pieces(*day_pieces(factors, shifts + bursts), DAYS * DAY_S)


def day_pieces(
    factors: Sequence[float], events: Sequence[tuple[float, float, float]]
) -> tuple[list[float], list[float], list[float]]:
    """(starts, rates, slopes) of a week, with a factor for each day, and events that multiply the rate every day.

    An event is (from, to, factor) in seconds of the day; it may begin before midnight or end behind it.
    """
    edges = {hour * HOUR_S for hour in range(24)} | {edge % DAY_S for event in events for edge in event[:2]}
    ordered = sorted(edges)
    starts, rates, slopes = [], [], []
    for day, factor in enumerate(factors):
        for start, end in zip(ordered, [*ordered[1:], DAY_S], strict=True):
            middle = (start + end) / 2
            here = factor * math.prod(
                each
                for begin, until, each in events
                if any(begin <= middle + turn < until for turn in (-DAY_S, 0.0, DAY_S))
            )
            hour = int(start // HOUR_S)
            slope = (HOURS[(hour + 1) % 24] - HOURS[hour]) / HOUR_S
            starts.append(day * DAY_S + start)
            rates.append(here * (HOURS[hour] + slope * (start - hour * HOUR_S)))
            slopes.append(here * slope)
    return starts, rates, slopes


def _rate(table: Table, key: str, *, nothing: bool = False) -> float:
    return table.number(key, None, 0, RATE_PER_S_MAX, above=not nothing)


@dataclass(frozen=True, slots=True)
class Shape:
    """How a pacing is written: its keys in the order in which they may stand without a name."""

    keys: tuple[str, ...]
    curve: Callable[[Table], Curve]
    arrivals: str = "even"


SHAPES: dict[str, Shape] = {
    "constant": Shape(("rate",), _constant),
    "poisson": Shape(("rate",), _constant, "random"),
    "ramp": Shape(("from", "to", "over"), _ramp),
    "step": Shape(("from", "by", "every", "steps"), _step),
    "sine": Shape(("mean", "amplitude", "period"), _sine),
    "day": Shape(("mean",), _day),
}


def pacing_from(name: str, shape: str, table: Table) -> Pacing:
    """The pacing that a shape and its table describe. OperatorError says which key cannot be."""
    known = SHAPES[shape]
    arrivals = ARRIVALS[table.choice("arrivals", known.arrivals, ARRIVALS)]
    scale = table.number("scale", 1.0, 0, SCALE_MAX, above=True)
    curve = known.curve(table)
    table.end()
    return Pacing(name, curve if scale == 1 else Scaled(curve, scale), arrivals, scale)


def parse_pacing(text: str) -> Pacing:
    """`constant:3500`, `sine:2000,0.5,60s`, `day:mean=116,scale=288`: see SHAPES. OperatorError for anything else."""
    shape, _, rest = text.partition(":")
    if shape not in SHAPES:
        raise OperatorError("not a pacing", key="--pacing", value=text, remedy=nearest(shape, SHAPES))
    values: dict[str, object] = {}
    for position, part in enumerate(part.strip() for part in rest.split(",") if rest):
        key, equals, value = part.partition("=")
        if not equals:
            if position >= len(SHAPES[shape].keys):
                remedy = f"Write {shape}:{','.join(SHAPES[shape].keys)}"
                raise OperatorError("says too much", key="--pacing", value=text, remedy=remedy)
            key, value = SHAPES[shape].keys[position], part
        if key in values:
            raise OperatorError(f"says {key} twice", key="--pacing", value=text, remedy="Say it once")
        values[key] = value
    return pacing_from(text, shape, Table(values, path="--pacing"))


def read_pacing(table: Table) -> Pacing:
    """The pacing of a file's [pacing] table: `shape`, and what the command line takes."""
    shape = table.choice("shape", None, SHAPES)
    given: Mapping[str, object] = table.written
    name = f"{shape}:{','.join(f'{key}={value}' for key, value in given.items() if key != 'shape')}"
    return pacing_from(name, shape, table)


def parse_rate(text: str, key: str = "--rate") -> float:
    """Requests per second, above 0 and at most RATE_PER_S_MAX. OperatorError for anything else."""
    return Table({key: text}).number(key, None, 0, RATE_PER_S_MAX, above=True)
