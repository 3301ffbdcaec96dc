"""docs/protocol.md and its Chinese twin have no gap: every opcode, code and type, and everything named is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import recorded

from biaoshi.client import BlockingClient, Client
from biaoshi.conformance.cases import all_cases
from resolver.rules.administration import SERVED
from resolver.wire.codes import Code, Opcode
from resolver.wire.types import TYPES

REPO = Path(__file__).parents[2]
ENGLISH, CHINESE = REPO / "docs" / "protocol.md", REPO / "docs" / "protocol.zh-CN.md"
OPERATIONS, CODES, VALUES, DIFFERENCES, OURS = range(5)
COLUMNS = {OPERATIONS: 5, CODES: 4, VALUES: 4, DIFFERENCES: 4, OURS: 3}


@cache
def tables(file: Path) -> list[list[list[str]]]:
    """The cells of each table, without headings, in order of the page."""
    found: list[list[list[str]]] = []
    for block in re.split(r"\n\s*\n", file.read_text(encoding="utf-8")):
        if block.startswith("| "):
            rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in block.strip().splitlines()]
            found.append(rows[2:])
    return found


@cache
def known_tests() -> frozenset[str]:
    """`file::test` of every test there is."""
    return frozenset(
        f"{file.stem}::{name}"
        for file in (REPO / "tests").rglob("test_*.py")
        for name in re.findall(r"^(?:async )?def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
    )


def proofs(rows: list[list[str]]) -> Iterator[tuple[str, str]]:
    """(row, what is said to test it)."""
    for row in rows:
        named = re.findall(r"`([^`]+)`", row[-1])
        assert named, f"{row[0]} is tested by nothing"
        yield from ((row[0], name) for name in named)


@pytest.mark.parametrize("file", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_every_opcode_code_and_type_has_its_row_with_its_name(file: Path) -> None:
    found = tables(file)
    assert [len(rows[0]) for rows in found] == list(COLUMNS.values())
    assert all(len(row) == COLUMNS[number] and all(row) for number, rows in enumerate(found) for row in rows)
    assert [(int(row[0]), row[1]) for row in found[OPERATIONS]] == [(op.value, op.name) for op in Opcode]
    assert [(int(row[0]), row[1]) for row in found[CODES]] == [(code.value, code.name) for code in Code]
    assert {row[0].encode() for row in found[VALUES]} == TYPES.keys() | {b"HS_SECKEY"}


@pytest.mark.parametrize("number", [OPERATIONS, CODES, VALUES])
def test_everything_that_is_said_to_test_something_is_there(number: int) -> None:
    cases = {case.name for case in all_cases()}
    for row, name in proofs(tables(ENGLISH)[number]):
        kind, _, rest = name.partition(" ")
        if kind == "case":
            assert rest in cases, f"{row}: {name}"
        elif kind == "conversation":
            assert (recorded.VECTORS / "conversations" / f"{rest}.json").exists(), f"{row}: {name}"
        elif kind == "vector":
            assert rest in recorded.vectors(), f"{row}: {name}"
        else:
            assert name in known_tests(), f"{row}: {name}"


def test_both_languages_have_the_same_rows_proofs_and_citations() -> None:
    for english, chinese in zip(tables(ENGLISH), tables(CHINESE), strict=True):
        assert len(english) == len(chinese)
    for number in (OPERATIONS, CODES, VALUES):
        assert list(proofs(tables(ENGLISH)[number])) == list(proofs(tables(CHINESE)[number]))
    cited = [[row[-1] for row in tables(file)[DIFFERENCES]] for file in (ENGLISH, CHINESE)]
    assert cited[0] == cited[1]


def test_every_difference_says_where_it_is_written() -> None:
    headings = {
        note: set(re.findall(r"^#+ (\d+(?:\.\d+)?)", (REPO / "docs/notes" / note).read_text("utf-8"), re.MULTILINE))
        for note in ("behaviour.md", "protocol.md")
    }
    traps = {note: (REPO / "docs/notes" / note).read_text("utf-8") for note in headings}
    for row in tables(ENGLISH)[DIFFERENCES]:
        for citation in row[-1].split("; "):
            note, _, where = citation.partition(" ")
            sections = re.findall(r"§(\d+(?:\.\d+)?)", where)
            assert sections and set(sections) <= headings[note], citation
            for trap in re.findall(r"trap (\d+)", where):
                assert re.search(rf"^(?:\| )?{trap}[. ]", traps[note], re.MULTILINE), citation


@pytest.mark.parametrize("file", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_every_call_of_the_client_that_is_named_is_there(file: Path) -> None:
    named = re.findall(r"`Client\.(\w+)`", file.read_text(encoding="utf-8"))
    assert named
    assert [name for name in named if not hasattr(Client, name) or not hasattr(BlockingClient, name)] == []


def test_what_is_called_unsupported_is_what_no_authority_serves() -> None:
    unsupported = {int(row[0]) for row in tables(ENGLISH)[OPERATIONS] if row[2].startswith("code 5")}
    assert unsupported == set(Opcode) - SERVED.keys() - {Opcode.GET_SITE_INFO}
