"""Generated rows: what is written is compared with what comes back, and every difference is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.rows import differences, lines, row
from nodes.catalogue import read_rows


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_rows_are_catalogues(form: str, tmp_path: Path) -> None:
    file = tmp_path / f"items.{form}"
    file.write_text("".join(lines(30, form)), encoding="utf-8")
    assert [found.handle.decode() for found in read_rows(file)] == [row(number)[0] for number in range(30)]


def test_an_export_that_is_the_same_has_no_differences() -> None:
    assert list(differences(30, lines(30, "jsonl"))) == []


CHANGED = {
    "a line is missing": lambda written: written[:7] + written[8:],
    "the end is missing": lambda written: written[:-1],
    "a line comes twice": lambda written: written[:7] + written[6:],
    "a line is too many": lambda written: [*written, written[-1]],
    "a value is another": lambda written: [line.replace("B0", "B1") for line in written],
    "a type is another": lambda written: [line.replace("PRODUCT", "product") for line in written],
}


@pytest.mark.parametrize("name", CHANGED)
def test_a_difference_is_found(name: str) -> None:
    assert list(differences(30, iter(CHANGED[name](list(lines(30, "jsonl"))))))
