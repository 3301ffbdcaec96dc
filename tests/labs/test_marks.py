"""Marks as CSV: what a teacher opens in a spreadsheet shows what it says and calculates nothing."""

from __future__ import annotations

import csv
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from biaoshi.labs import LABS, marks
from biaoshi.labs.lab import Finding, Mark, Words
from resolver.errors import OperatorError

GOOD = Finding(True, Words("so", "如此"))
MOMENT = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_line_for_each_lab_is_appended_and_the_head_stands_once(tmp_path: Path) -> None:
    file = tmp_path / "class.csv"
    first, fourth = Mark(LABS[0], (GOOD, GOOD)), Mark(LABS[3], (GOOD,))
    marks.append(file, "李华 2023-17", "teaching", [first, fourth], MOMENT)
    marks.append(file, "Ada", "teaching", [first], MOMENT)
    assert file.read_bytes().startswith("\ufefftime,student,".encode())
    assert [tuple(row.values()) for row in rows(file)] == [
        ("2026-11-25T08:00:00Z", "李华 2023-17", "1", "Who answers for 88?", "yes", "2", "2", "teaching"),
        ("2026-11-25T08:00:00Z", "李华 2023-17", "4", "A prefix without a home", "no", "1", "3", "teaching"),
        ("2026-11-25T08:00:00Z", "Ada", "1", "Who answers for 88?", "yes", "2", "2", "teaching"),
    ]


@pytest.mark.parametrize(
    ("written", "cell"),
    [
        ('=HYPERLINK("http://x","y")', '\'=HYPERLINK("http://x","y")'),
        ("+1+2", "'+1+2"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("＝1", "'＝1"),
        (" \t=1", "'=1"),
        ('a","=1', 'a","=1'),
        ("a\r\n=1", "a =1"),
        ("\x1b[2Jred", "\\x1b[2Jred"),
        ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
        ("O'Neil, Bo", "O'Neil, Bo"),
    ],
)
def test_a_name_is_never_a_formula_and_never_another_cell(written: str, cell: str, tmp_path: Path) -> None:
    file = tmp_path / "class.csv"
    marks.append(file, marks.student_named(written), "=teaching", [Mark(LABS[0], ())], MOMENT)
    (row,) = rows(file)
    assert (row["student"], row["network"], row["lab"]) == (cell, "'=teaching", "1")


@pytest.mark.parametrize("written", ["", " \n ", "x" * 101])
def test_a_name_has_an_end_and_a_beginning(written: str) -> None:
    with pytest.raises(OperatorError, match="--student"):
        marks.student_named(written)


@pytest.mark.parametrize("content", ["something else\n", "time,student\n", "\ufefftime"])
def test_a_file_of_another_kind_stays_as_it_is(content: str, tmp_path: Path) -> None:
    file = tmp_path / "precious.csv"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(OperatorError, match="no file of marks"):
        marks.append(file, "Ada", "teaching", [Mark(LABS[0], ())])
    assert file.read_text(encoding="utf-8") == content


def test_a_file_does_not_grow_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marks, "FILE_OCTETS_MAX", 200)
    file = tmp_path / "class.csv"
    with pytest.raises(OperatorError, match="more than 200 octets"):
        for _ in range(10):
            marks.append(file, "Ada", "teaching", [Mark(LABS[0], ())])


def test_many_may_write_at_once(tmp_path: Path) -> None:
    file = tmp_path / "class.csv"
    both = [Mark(LABS[0], ()), Mark(LABS[1], ())]
    writers = [
        threading.Thread(target=marks.append, args=(file, f"student {number}", "teaching", both))
        for number in range(20)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    written = [(row["student"], row["lab"]) for row in rows(file)]
    assert sorted(written) == sorted((f"student {number}", lab) for number in range(20) for lab in "12")
    assert all(written[at][0] == written[at + 1][0] for at in range(0, 40, 2)), "a student's lines stay together"
