"""Replay: what a log of queries says was asked, in its order and at its distances.

    at,handle                       CSV with this header
    0.000,88.118.8/JXDY2106023      seconds, or moments such as 2026-11-24T08:00:00.125Z; ascending
    {"at": 0.004, "handle": "…"}    or JSON Lines

What a network does not know of is asked for all the same: the right answer is then that it does not exist.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TextIO

import numpy as np

from loadgen.arrays import Nanoseconds, Numbers
from loadgen.pacing import NS_PER_S, REQUESTS_MAX
from resolver.errors import OperatorError

LINE_OCTETS_MAX = 16_384
HANDLE_OCTETS_MAX = 2_048
REMEDY = "A log is CSV with the header at,handle or JSON Lines with these keys; see `biaoshi load --help`"


@dataclass(frozen=True, slots=True)
class Log:
    """A log that was read: at k, `identifiers[k]` was asked for, the `ranks[k]`-th identifier to appear.

    `at_ns` begins at 0 and ascends, `speed` times as fast as the log. It is a pacing, too: of its own `duration_s`.
    """

    name: str
    at_ns: Nanoseconds
    identifiers: tuple[bytes, ...]
    ranks: Numbers
    scale: float

    @property
    def duration_s(self) -> float:
        """Until the last request has left."""
        return float((self.at_ns[-1] + 1) / NS_PER_S)

    def due_ns(self, duration_s: float, seed: int) -> Nanoseconds:
        """The moments that lie within the duration."""
        return self.at_ns[: int(np.searchsorted(self.at_ns, duration_s * NS_PER_S))]


def read_log(file: Path, speed: float = 1.0) -> Log:
    """Read a log, to be replayed `speed` times as fast. OperatorError names file and line of what cannot be."""
    moments: list[float] = []
    identifiers: list[bytes] = []
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            for line, at_s, identifier in _rows(file, lines):
                if moments and at_s < moments[-1]:
                    raise _refused(file, line, "is earlier than the line before it", "Sort the log by time")
                if len(moments) >= REQUESTS_MAX:
                    raise _refused(file, line, f"is one more than the {REQUESTS_MAX:,} that a run keeps", "Cut the log")
                moments.append(at_s)
                identifiers.append(identifier)
    except UnicodeDecodeError:
        raise OperatorError("is not UTF-8", file=str(file), remedy=REMEDY) from None
    except OSError as error:
        raise OperatorError(f"cannot be read: {error.strerror}", file=str(file), remedy=REMEDY) from None
    if not moments:
        raise OperatorError("holds no query", file=str(file), remedy=REMEDY)
    at_ns = ((np.array(moments) - moments[0]) / speed * NS_PER_S).astype(np.int64)
    rank_of = {identifier: rank for rank, identifier in enumerate(dict.fromkeys(identifiers))}
    ranks = np.array([rank_of[identifier] for identifier in identifiers], np.int64)
    return Log(f"replay:{file.name}", at_ns, tuple(identifiers), ranks, speed)


def _rows(file: Path, lines: TextIO) -> Iterator[tuple[int, float, bytes]]:
    """(line number, seconds, handle) of each query."""
    start = lines.readline(LINE_OCTETS_MAX)
    if start.lstrip().startswith("{"):
        number = 1
        while start:
            if start.strip():
                yield number, *_json_row(file, number, start)
            start, number = lines.readline(LINE_OCTETS_MAX), number + 1
        return
    columns = [column.strip() for column in start.split(",")]
    if sorted(columns) != ["at", "handle"]:
        raise _refused(file, 1, "is neither the header at,handle nor JSON", REMEDY)
    at, handle = columns.index("at"), columns.index("handle")
    rows = csv.reader(lines, strict=True)
    try:
        for row in rows:
            if row:
                if len(row) != 2:
                    raise _refused(file, rows.line_num + 1, f"has {len(row)} columns", "Write two: at,handle")
                yield rows.line_num + 1, *_row(file, rows.line_num + 1, row[at], row[handle])
    except csv.Error as error:
        raise _refused(file, rows.line_num + 1, f"is not CSV: {error}", REMEDY) from None


def _json_row(file: Path, number: int, line: str) -> tuple[float, bytes]:
    try:
        document = json.loads(line)
    except ValueError:
        document = None
    if not isinstance(document, dict) or sorted(document) != ["at", "handle"]:
        raise _refused(file, number, "is not JSON with the keys at and handle", REMEDY)
    return _row(file, number, document["at"], document["handle"])


def _row(file: Path, number: int, at: object, handle: object) -> tuple[float, bytes]:
    if not isinstance(handle, str) or not 0 < len(handle.encode()) <= HANDLE_OCTETS_MAX:
        raise _refused(file, number, "has no handle", f"Write one of 1 to {HANDLE_OCTETS_MAX} octets")
    try:
        at_s = float(at) if isinstance(at, int | float) else float(str(at))
    except ValueError:
        try:
            at_s = datetime.fromisoformat(str(at)).timestamp()
        except ValueError:
            at_s = -1.0
    if not 0 <= at_s < 1e11:
        raise _refused(
            file, number, f"has no moment but {str(at)[:40]!r}", "Write seconds, or 2026-11-24T08:00:00.125Z"
        )
    return at_s, handle.encode()


def _refused(file: Path, line: int, problem: str, remedy: str) -> OperatorError:
    return OperatorError(problem, file=f"{file}:{line}", remedy=remedy)
