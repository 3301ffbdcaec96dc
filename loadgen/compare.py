"""What changed between two measurements, beyond what chance does by itself.

    A, B --> the same question?  no: say why, compare nothing
         --> each in blocks of time --> drawn again with replacement, block by block, DRAWS times (bootstrap)
         --> for each figure: B against A, and the interval in which that would lie if the runs were repeated

Requests close in time share their fate: one stall makes a thousand of them late. Drawing single requests would take
that for a thousand witnesses and call every hiccup a change; so whole blocks are drawn, and blocks grow until
neighbours no longer resemble each other (Künsch: The jackknife and the bootstrap for general stationary observations,
1989). Latencies are kept per block as counts in cells of 0.4 %, so a draw costs the same for a thousand requests and
for fifty million.

A figure has changed if its interval leaves out "no change" and the change is larger than a tolerance. The tolerance is
for what no single run can know: how much two runs of the very same thing differ, because of a neighbour on the machine
or of the order in which caches were filled. Measure twice before you believe a small change.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from loadgen.arrays import AnyArray, Floats
from loadgen.report import Figures, figures_of
from loadgen.results import Result
from loadgen.series import Columns, columns_of
from resolver.errors import OperatorError

DRAWS = 2_000
CONFIDENCE, NORMAL_QUANTILE = 0.99, 2.576  # for each of six figures: a false alarm in some twenty comparisons
BLOCKS_MAX = 64
BLOCKS_MIN = 8  # fewer say nothing about how much blocks differ
BLOCK_REQUESTS_MIN = 20
CELLS_PER_DOUBLING = 180  # a cell spans 0.4 %
RATE_DIFFERENCE_MAX = 0.01  # of offered rates: more, and it is another question
LATENCIES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
TOLERANCE_DEFAULT = 0.10
ERRORS_TOLERANCE = 0.0005  # of all requests: half of what the usual pass mark allows
HIT_TOLERANCE = 0.01

# What must be equal for two runs to be answers to one question. Seeds, lengths and targets may differ.
SAME = ("workload", "zipf", "population", "transport", "timeout_ns")
STEADY = ("constant:", "poisson:")  # pacings whose name says but a rate, which need not be equal to the last digit


@dataclass(frozen=True, slots=True)
class Change:
    """One figure in both runs. `change` is relative (B/A - 1) or, for shares, B - A; `low` to `high` its interval.

    `change` is None where nothing can be compared, the interval where there is nothing to draw.
    """

    name: str
    unit: str
    a: float | None
    b: float | None
    relative: bool
    change: float | None
    low: float | None
    high: float | None
    tolerance: float
    more_is_worse: bool

    @property
    def verdict(self) -> str:
        """`worse`, `better`, `same`, or `unknown` where there is no interval."""
        if self.change is None or self.low is None or self.high is None:
            return "unknown"
        if abs(self.change) <= self.tolerance or self.low <= 0 <= self.high:
            return "same"
        return "worse" if (self.change > 0) == self.more_is_worse else "better"


@dataclass(frozen=True, slots=True)
class Compared:
    """Two runs side by side. `differs`: why they are no answers to one question; then there are no changes."""

    a: Figures
    b: Figures
    differs: tuple[str, ...]
    notes: tuple[str, ...]
    changes: tuple[Change, ...]
    blocks: tuple[int, int] = (0, 0)

    @property
    def invalid(self) -> bool:
        """Whether one of the two is no measurement."""
        return bool(self.a.invalid_because or self.b.invalid_because)

    @property
    def worse(self) -> bool:
        """Whether any figure is worse."""
        return any(change.verdict == "worse" for change in self.changes)


def compare(
    a: Result, b: Result, *, tolerance: float = TOLERANCE_DEFAULT, draws: int = DRAWS, seed: int = 1
) -> Compared:
    """B against A. Equal arguments give equal figures."""
    first, second = figures_of(a), figures_of(b)
    differs = tuple(_differences(first, second))
    notes = tuple(_notes(first, second))
    if differs:
        return Compared(first, second, differs, notes, ())
    stream = np.random.default_rng(seed)
    cells = _Cells(int(a.header["timeout_ns"]))
    sides = [_Side(columns_of(result), float(result.header["duration_s"]), cells) for result in (a, b)]
    drawn = [side.draw(draws, stream) for side in sides]
    changes = [*_latency_changes(first, second, drawn, tolerance), *_share_changes(first, second, drawn, tolerance)]
    return Compared(first, second, (), notes, tuple(changes), (sides[0].blocks, sides[1].blocks))


def exit_code(compared: Compared) -> int:
    """Not comparable 2, one of them invalid 5, worse 1, else 0."""
    if compared.differs:
        return 2
    if compared.invalid:
        return 5
    return 1 if compared.worse else 0


def document_of(compared: Compared) -> dict[str, Any]:
    """The comparison as JSON."""
    return {
        "comparable": not compared.differs,
        "because": list(compared.differs),
        "valid": not compared.invalid,
        "worse": compared.worse,
        "changes": [
            {
                "figure": change.name,
                "unit": change.unit,
                "a": change.a,
                "b": change.b,
                "change": change.change,
                "relative": change.relative,
                "low": change.low,
                "high": change.high,
                "tolerance": change.tolerance,
                "verdict": change.verdict,
            }
            for change in compared.changes
        ],
        "confidence": CONFIDENCE,
        "blocks": list(compared.blocks),
        "notes": list(compared.notes),
    }


def _differences(a: Figures, b: Figures) -> Iterator[str]:
    """Why two runs are no answers to one question."""
    for key in SAME:
        if a.header[key] != b.header[key]:
            yield f"{key}: {a.header[key]} and {b.header[key]}"
    one, other = a.header["pacing"], b.header["pacing"]
    steady = any(one.startswith(name) and other.startswith(name) for name in STEADY)
    if one != other and not steady:
        yield f"pacing: {one} and {other}"
    elif abs(a.offered_per_s - b.offered_per_s) > RATE_DIFFERENCE_MAX * max(a.offered_per_s, b.offered_per_s):
        yield f"offered rate: {a.offered_per_s:,.1f} and {b.offered_per_s:,.1f} per second"
    for name, figures in (("first", a), ("second", b)):
        if figures.resolutions < BLOCKS_MIN * BLOCK_REQUESTS_MIN:
            yield f"the {name} is too small to tell a change from chance: {figures.resolutions:,} resolutions"


def _notes(a: Figures, b: Figures) -> Iterator[str]:
    """What does not forbid the comparison, but may explain a change."""
    for key in ("network", "mode", "machine", "versions"):
        one, other = a.header.get(key), b.header.get(key)
        if one != other:
            yield f"{key}: {one} and {other}"
    for name, figures in (("first", a), ("second", b)):
        for reason in figures.invalid_because:
            yield f"the {name} is no measurement: {reason}"
        if figures.header["interrupted"]:
            yield f"the {name} ended early"


class _Cells:
    """Logarithmic cells for latencies up to a time-out, CELLS_PER_DOUBLING for each doubling."""

    def __init__(self, limit_ns: int) -> None:
        self.count = math.ceil(math.log2(max(2, limit_ns)) * CELLS_PER_DOUBLING) + 2

    def of(self, latency_ns: AnyArray) -> AnyArray:
        """The cell of each latency."""
        found = (np.log2(np.maximum(latency_ns, 1)) * CELLS_PER_DOUBLING).astype(np.int64)
        return np.minimum(found, self.count - 1)

    def middle_ns(self, cells: AnyArray) -> Floats:
        """The latency in the middle of each cell."""
        middles: Floats = np.exp2((cells + 0.5) / CELLS_PER_DOUBLING)
        return middles


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A figure of every draw."""

    latencies_ns: Floats  # draws × len(LATENCIES)
    errors: Floats
    per_s: Floats
    blocks: int


class _Side:
    """One run, in blocks of time."""

    def __init__(self, columns: Columns, duration_s: float, cells: _Cells) -> None:
        self._duration_s = duration_s
        cell, good, in_time = cells.of(columns.latency_ns), columns.good, columns.in_time
        self.blocks = min(BLOCKS_MAX, max(1, len(cell) // BLOCK_REQUESTS_MIN))
        while True:
            block = np.minimum((columns.due_ns / (duration_s * 1e9) * self.blocks).astype(np.int64), self.blocks - 1)
            due = np.bincount(block, minlength=self.blocks)
            levels = np.bincount(block, weights=cell, minlength=self.blocks) / np.maximum(due, 1)
            if self.blocks // 2 < BLOCKS_MIN or not _resemble(levels):
                break
            self.blocks //= 2
        counts = np.bincount(block * cells.count + cell, minlength=self.blocks * cells.count)
        counts = counts.reshape(self.blocks, cells.count)
        used = np.flatnonzero(counts.any(axis=0))
        self._counts, self._latency_ns = counts[:, used], cells.middle_ns(used)
        self._due = due
        self._failed = np.bincount(block[~good], minlength=self.blocks)
        self._answered = np.bincount(block[in_time], minlength=self.blocks)

    def draw(self, draws: int, stream: np.random.Generator) -> _Drawn:
        """Figures of runs made of this one's blocks, as many as it has, at random with replacement."""
        weights = stream.multinomial(self.blocks, np.full(self.blocks, 1 / self.blocks), size=draws)
        due = np.maximum(weights @ self._due, 1)
        latencies = np.empty((draws, len(LATENCIES)))
        for number in range(draws):  # one at a time: all at once would be a table of draws × cells
            latencies[number] = _nearest(weights[number] @ self._counts, self._latency_ns, list(LATENCIES.values()))
        errors, per_s = (weights @ self._failed) / due, (weights @ self._answered) / self._duration_s
        return _Drawn(latencies, errors, per_s, self.blocks)


def _nearest(counts: AnyArray, latency_ns: Floats, shares: list[float]) -> Floats:
    """The latency of the cell that holds the nearest rank of each share; `counts` of ascending cells."""
    reached = np.cumsum(counts)
    found: Floats = latency_ns[np.searchsorted(reached, np.ceil(np.array(shares) * reached[-1] - 1e-9))]
    return found


def latency_by_cells(latency_ns: AnyArray, share: float) -> float:
    """A percentile as comparisons see it, off by at most half a cell: 0.2 %."""
    cells = _Cells(int(latency_ns.max()))
    counts = np.bincount(cells.of(latency_ns), minlength=cells.count)
    return float(_nearest(counts, cells.middle_ns(np.arange(cells.count)), [share])[0])


def _resemble(levels: Floats) -> bool:
    """Whether neighbours resemble each other more than by chance: their correlation is beyond one standard error.

    Blocks without memory are joined needlessly one time in six, which costs little; the other error costs false alarms.
    """
    away = levels - levels.mean()
    spread = float(away @ away)
    return spread > 0 and float(away[1:] @ away[:-1]) / spread > 1 / math.sqrt(len(levels))


def _latency_changes(a: Figures, b: Figures, drawn: list[_Drawn], tolerance: float) -> Iterator[Change]:
    for column, name in enumerate(LATENCIES):
        one, other = a.latency_ms[name], b.latency_ms[name]
        low, high = _relative(drawn, drawn[0].latencies_ns[:, column], drawn[1].latencies_ns[:, column])
        change = other / one - 1 if one and other is not None else None
        yield Change(f"latency {name}", "ms", one, other, True, change, low, high, tolerance, True)


def _share_changes(a: Figures, b: Figures, drawn: list[_Drawn], tolerance: float) -> Iterator[Change]:
    errors = [1 - figures.good / figures.resolutions for figures in (a, b)]
    low: float | None
    high: float | None
    low, high = _between(drawn, drawn[1].errors - drawn[0].errors)
    low, high = max(-1.0, low), min(1.0, high)
    change = errors[1] - errors[0]
    yield Change("errors", "share", errors[0], errors[1], False, change, low, high, ERRORS_TOLERANCE, True)
    per_s = [figures.resolved / figures.header["duration_s"] for figures in (a, b)]
    low, high = _relative(drawn, drawn[0].per_s, drawn[1].per_s)
    rate_change = per_s[1] / per_s[0] - 1 if per_s[0] else None
    # The offered rates are equal within 1 %, so what is answered can only fall by what is not answered.
    yield Change("answered", "1/s", per_s[0], per_s[1], True, rate_change, low, high, RATE_DIFFERENCE_MAX, False)
    hits = [figures.header["cache_hit"] for figures in (a, b)]
    if None not in hits:
        low, high = _hit_interval(a, b)
        yield Change("cache hit", "share", hits[0], hits[1], False, hits[1] - hits[0], low, high, HIT_TOLERANCE, False)


def _hit_interval(a: Figures, b: Figures) -> tuple[float | None, float | None]:
    """Of a difference of cache-hit shares. The nodes count hits, not when they were; so as if each were independent."""
    variance = 0.0
    for figures in (a, b):
        hit, received = figures.header["cache_hit"], figures.header["tiers"].get("recursive", {}).get("received", 0)
        if not received:
            return None, None
        variance += hit * (1 - hit) / received
    middle = b.header["cache_hit"] - a.header["cache_hit"]
    reach = NORMAL_QUANTILE * math.sqrt(variance)
    return middle - reach, middle + reach


def _between(drawn: list[_Drawn], draws: Floats) -> tuple[float, float]:
    """Where CONFIDENCE of the draws lie, as much wider as few blocks know less (Student's distribution, and n - 1)."""
    low, middle, high = np.quantile(draws, [(1 - CONFIDENCE) / 2, 0.5, (1 + CONFIDENCE) / 2])
    blocks = min(side.blocks for side in drawn)
    z, freedom = NORMAL_QUANTILE, blocks - 1
    student = z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
    wider = student / z * math.sqrt(blocks / freedom)
    return float(middle - (middle - low) * wider), float(middle + (high - middle) * wider)


def _relative(drawn: list[_Drawn], before: Floats, after: Floats) -> tuple[float, float]:
    """The interval of after / before - 1; taken of logarithms, so that nothing shrinks by more than all of it."""
    low, high = _between(drawn, np.log(np.maximum(after, 1e-9)) - np.log(np.maximum(before, 1e-9)))
    return math.expm1(low), math.expm1(high)


def refuse_tolerance(tolerance: float) -> None:
    """OperatorError for a tolerance that is none."""
    if not 0 <= tolerance < 1:
        raise OperatorError("not a share from 0 to below 1", key="--tolerance", value=tolerance, remedy="Write 0.1")
