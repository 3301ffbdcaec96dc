"""Marks of a class as CSV: a line for each lab that was checked, appended to what is there.

    time,student,lab,title,passed,points,points_max,network
    2026-11-25T08:00:00Z,Li Hua 李华,4,A prefix without a home,yes,3,3,teaching

Spreadsheets open it as it is: UTF-8 with a byte-order mark, and no cell that a spreadsheet would take for a formula
(OWASP, "CSV Injection"): such a cell gets an apostrophe in front. Several may write at once; lines never mix.
"""

from __future__ import annotations

import csv
import fcntl
import io
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from biaoshi.labs.lab import Mark
from biaoshi.trace import printable
from resolver.errors import OperatorError

COLUMNS = ("time", "student", "lab", "title", "passed", "points", "points_max", "network")
MARK = "\ufeff"  # a spreadsheet knows by it that this is UTF-8
FORMULA = tuple("=+-@＝＋－＠")
STUDENT_CHARACTERS_MAX = 100
FILE_OCTETS_MAX = 16 << 20  # some 150,000 lines: a school, not a mistake


def student_named(written: str) -> str:
    """A student's name as it goes into the file. OperatorError for none, or one that is too long."""
    name = " ".join(written.split())
    if not 0 < len(name) <= STUDENT_CHARACTERS_MAX:
        raise OperatorError(
            f"a name has 1 to {STUDENT_CHARACTERS_MAX} characters, this one {len(name)}",
            key="--student",
            remedy="Say who works here, for example --student '李华 2023-17'",
        )
    return name


def append(file: Path, student: str, network: str, marks: Sequence[Mark], moment: datetime | None = None) -> None:
    """Write a line for each mark. OperatorError for a file that is not of this kind, or too large; OSError."""
    when = (moment or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%SZ")
    rows = [
        (
            when,
            student,
            mark.lab.number,
            mark.lab.title.en,
            "yes" if mark.passed else "no",
            mark.points,
            mark.lab.points,
            network,
        )
        for mark in marks
    ]
    with file.open("a+b") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        size = stream.seek(0, io.SEEK_END)
        head = (MARK + _lines([COLUMNS])).encode()
        if size > FILE_OCTETS_MAX:
            raise OperatorError(
                f"has more than {FILE_OCTETS_MAX:,} octets", file=str(file), remedy="Begin another file"
            )
        stream.seek(0)
        if size and stream.read(len(head)) != head:
            raise OperatorError("is no file of marks", file=str(file), key="--marks", remedy="Name another file")
        stream.write((b"" if size else head) + _lines([[_cell(cell) for cell in row] for row in rows]).encode())


def _cell(content: object) -> str:
    """As a spreadsheet shows it, and not as something to calculate."""
    words = printable(str(content))
    return f"'{words}" if words.lstrip().startswith(FORMULA) else words


def _lines(rows: Sequence[Sequence[object]]) -> str:
    sink = io.StringIO()
    csv.writer(sink, lineterminator="\r\n").writerows(rows)
    return sink.getvalue()
