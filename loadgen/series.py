"""What charts, comparisons and searches read: a result as plain columns, and these cut into pieces of time.

    records --columns_of--> Columns    a line for every resolution: due, latency, right or not; a line for every
                                       request: service time, lateness
            --timeline----> Timeline   the same in equal pieces of time, by the intended moment
            --inverse-----> the latency that each share of all resolutions did not exceed

A piece of time holds what was *due* in it. What a stall delays is thereby shown where the stall was, not where its
answers came in, and pieces add up to the whole.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from loadgen.arrays import AnyArray, Bools, Floats, Nanoseconds
from loadgen.results import Result, Verdict
from loadgen.slo import Objective

PIECES_MAX = 240  # of a chart: about one for every two or three pixels of a telephone
PIECE_REQUESTS = 100  # wanted in each, so that its p99 is one of them
NICE = (1, 2, 5)
POINTS_PER_DECADE = 24  # of a percentile curve


@dataclass(frozen=True, slots=True)
class Columns:
    """A result without its record format. Latencies of what never came stand at the time-out, as in the report.

    Of each resolution that left: `due_ns`, `latency_ns`, `good` (right and in time), `in_time`, `wrong`.
    Of each request that left: `service_ns`, `lateness_ns`.
    """

    due_ns: Nanoseconds
    latency_ns: Nanoseconds
    in_time: Bools
    good: Bools
    wrong: Bools
    service_ns: Nanoseconds
    lateness_ns: Nanoseconds


def columns_of(result: Result) -> Columns:
    """The columns of a result (results.py says what a record holds)."""
    record, limit = result.records, int(result.header["timeout_ns"])
    record = record[record["sent"] >= 0]
    due, sent, received = (record[name].astype(np.int64) for name in ("due", "sent", "received"))
    age = np.where(received >= 0, received - due, limit + 1)
    in_time, last = age <= limit, record["last"] == 1
    verdict = record["verdict"]
    return Columns(
        due_ns=due[last],
        latency_ns=np.minimum(age, limit)[last],
        in_time=in_time[last],
        good=(in_time & (verdict == Verdict.RIGHT))[last],
        wrong=(verdict == Verdict.WRONG)[last],
        service_ns=np.where(in_time, received - sent, limit),
        lateness_ns=sent - record["ready"].astype(np.int64),
    )


@dataclass(frozen=True, slots=True)
class Timeline:
    """A run in pieces of `width_s`, a line each: where it begins, how many were due in it and what became of them.

    `p50_ms`, `p99_ms`, `max_ms` are NaN where nothing was due.
    """

    width_s: float
    start_s: Floats
    due: AnyArray
    good: AnyArray
    wrong: AnyArray
    failed: AnyArray  # due and not good, the wrong ones included
    p50_ms: Floats
    p99_ms: Floats
    max_ms: Floats


def timeline(columns: Columns, duration_s: float, *, width_s: float | None = None) -> Timeline:
    """Cut a run into pieces, of a width that suits a chart unless one is given."""
    width_s = width_s or nice_width(duration_s, len(columns.due_ns))
    piece, pieces = _pieces(columns, duration_s, width_s)

    def count(which: Bools | None = None) -> AnyArray:
        return np.bincount(piece if which is None else piece[which], minlength=pieces)

    order = np.argsort(piece, kind="stable")
    ends = np.searchsorted(piece[order], np.arange(pieces + 1))
    latency_ms = columns.latency_ns[order] / 1e6
    quantiles = np.full((3, pieces), np.nan)
    for number in range(pieces):
        part = latency_ms[ends[number] : ends[number + 1]]
        if len(part):
            quantiles[:, number] = np.quantile(part, (0.5, 0.99, 1.0), method="inverted_cdf")
    return Timeline(
        width_s=width_s,
        start_s=np.arange(pieces, dtype=np.float64) * width_s,
        due=count(),
        good=count(columns.good),
        wrong=count(columns.wrong),
        failed=count(~columns.good),
        p50_ms=quantiles[0],
        p99_ms=quantiles[1],
        max_ms=quantiles[2],
    )


def kept(columns: Columns, duration_s: float, width_s: float, objectives: Sequence[Objective]) -> Bools:
    """Of each piece of time in which anything was due, whether what was due in it kept all objectives."""
    piece, pieces = _pieces(columns, duration_s, width_s)
    order = np.argsort(piece, kind="stable")
    ends = np.searchsorted(piece[order], np.arange(pieces + 1))
    found = []
    for number in range(pieces):
        part = order[ends[number] : ends[number + 1]]
        if len(part):
            latency, errors = columns.latency_ns[part], 1 - float(columns.good[part].mean())
            found.append(
                all(
                    each.met(
                        errors if each.about_errors else np.quantile(latency, each.quantile, method="inverted_cdf")
                    )
                    for each in objectives
                )
            )
    return np.array(found, dtype=np.bool_)


def _pieces(columns: Columns, duration_s: float, width_s: float) -> tuple[AnyArray, int]:
    """(the piece of each resolution, how many pieces there are)."""
    pieces = max(1, math.ceil(duration_s / width_s - 1e-9))
    return np.minimum((columns.due_ns / (width_s * 1e9)).astype(np.int64), pieces - 1), pieces


def nice_width(duration_s: float, requests: int) -> float:
    """1, 2 or 5 × 10^n seconds: at most PIECES_MAX pieces, and PIECE_REQUESTS in each if there are enough."""
    pieces = min(PIECES_MAX, max(1, requests // PIECE_REQUESTS))
    least = duration_s / pieces
    decade = 10.0 ** math.floor(math.log10(least))
    return next((decade * step for step in NICE if decade * step >= least * (1 - 1e-9)), decade * 10)


def inverse(values: AnyArray) -> tuple[Floats, Floats]:
    """(odds, value): the smallest value that all but one in `odds` do not exceed, for odds from 1 to the number of
    values, evenly on a logarithmic scale with every power of ten. Odds 100 is p99, 1000 is p99.9; the last one is the
    maximum.

    Every value is an observed one (nearest rank). Empty for no values.
    """
    if not len(values):
        return np.empty(0), np.empty(0)
    steps = math.ceil(math.log10(len(values)) * POINTS_PER_DECADE - 1e-9)
    odds = np.append(10.0 ** (np.arange(steps) / POINTS_PER_DECADE), float(len(values)))
    ranks = np.clip(np.ceil(len(values) * (1 - 1 / odds) - 1e-9).astype(np.int64) - 1, 0, len(values) - 1)
    ranks[-1] = len(values) - 1
    wanted = np.unique(ranks)
    found = np.partition(values, wanted)
    return odds, found[ranks].astype(np.float64)
