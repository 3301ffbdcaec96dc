"""The labs are worked through as a student does: each check fails before, and passes after the commands of its text."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from biaoshi import cli
from biaoshi.labs import LABS, texts
from biaoshi.labs.lab import Lab
from nodes import network

REPO = Path(__file__).parents[2]
FILE = REPO / "configs" / "teaching.toml"
SHIM = f'#!/bin/sh\nPYTHONPATH="{REPO}" exec "{sys.executable}" -m biaoshi "$@"\n'
SOLVE_LIMIT_S = 120.0


class School:
    """A network, and a student in a terminal."""

    def __init__(self, folder: Path, octet: int) -> None:
        self.folder, self.octet = folder, octet
        shim = folder / "bin" / "biaoshi"
        shim.parent.mkdir()
        shim.write_text(SHIM)
        shim.chmod(0o755)
        self.environment = {
            **os.environ,
            "PATH": f"{shim.parent}{os.pathsep}{os.environ['PATH']}",
            "BIAOSHI_RUN_DIR": str(folder / "run"),
        }

    def run(self, commands: str) -> None:
        """Commands as they stand in a text."""
        done = subprocess.run(
            ["sh", "-ec", commands.replace("127.86.", f"127.{self.octet}.")],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SOLVE_LIMIT_S,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    folder = tmp_path_factory.mktemp("school")
    octet = network.free_second_octet(FILE)
    with network.running(FILE, folder / "run", second_octet=octet):
        yield School(folder, octet)


@pytest.fixture
def lab(school: School, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    monkeypatch.setenv("BIAOSHI_RUN_DIR", str(school.folder / "run"))
    return CommandLine(capsys)


class CommandLine:
    """Calls `biaoshi lab` in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def __call__(self, *arguments: str, code: int = 0) -> str:
        """What it printed; on stderr if it could not."""
        with pytest.raises(SystemExit) as ended:
            cli.main(["lab", *arguments])
        printed = self.capsys.readouterr()
        assert (ended.value.code or 0) == code, printed.out + printed.err
        return printed.err if code > 1 else printed.out

    def json(self, *arguments: str, code: int = 0) -> Any:
        return json.loads(self(*arguments, "--json", code=code))


def work_through(school: School, lab: CommandLine, each: Lab) -> None:
    """Fails, is set up, fails, is solved by the commands of the text, passes."""
    number = str(each.number)
    assert not lab.json("check", number, code=1)["passed"]
    lab("start", number)
    before = lab.json("check", number, code=1)
    assert any(not finding["passed"] for finding in before["findings"])
    school.run(texts.solution(texts.text_of(each.name, "en")))
    after = lab.json("check", number)
    assert (after["points"], len(after["findings"])) == (each.points, each.points)


# -- texts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("each", LABS, ids=lambda each: each.name)
def test_a_text_says_the_same_in_both_languages(each: Lab) -> None:
    english, chinese = (texts.text_of(each.name, language) for language in ("en", "zh"))
    assert english.startswith(f"# Lab {each.number}: {each.title.en}\n")
    assert chinese.startswith(f"# 实验 {each.number}：{each.title.zh}\n")
    assert texts.solution(english) == texts.solution(chinese) != ""
    for text in (english, chinese):
        assert texts.folded(text, "hint")
        assert texts.folded(text, "solution")
        assert f"biaoshi lab check {each.number}" in texts.page(text)
        assert "sh solution" not in texts.page(text)
        assert (f"biaoshi lab start {each.number}" in text) == (each.start is not None)
    steps = [len(re.findall(r"^\d+\. ", text, re.MULTILINE)) for text in (english, chinese)]
    assert steps[0] == steps[1] > 2


def test_the_labs_are_numbered_in_their_order_and_their_texts_are_all_there() -> None:
    assert [each.number for each in LABS] == list(range(1, 11))
    found = sorted(file.name for file in texts.folder().glob("[0-9]*.md"))
    assert found == sorted(f"{each.name}{ending}" for each in LABS for ending in texts.LANGUAGES.values())


@pytest.mark.parametrize("file", sorted((REPO / "docs" / "labs").glob("*.md")), ids=lambda file: file.name)
def test_every_link_leads_somewhere(file: Path) -> None:
    targets = re.findall(r"\]\((?!https?://|#)([^)#]+)", file.read_text(encoding="utf-8"))
    assert [target for target in targets if not (file.parent / target).exists()] == []


# -- worked through -----------------------------------------------------------------------------------------------


@pytest.mark.network
@pytest.mark.parametrize("number", [1, 4])
def test_a_lab_fails_before_and_passes_after(number: int, school: School, lab: CommandLine) -> None:
    work_through(school, lab, LABS[number - 1])


@pytest.mark.network
@pytest.mark.long
def test_all_labs_are_worked_through_in_one_network_and_marked(school: School, lab: CommandLine) -> None:
    lab("reset")
    for each in LABS:
        work_through(school, lab, each)
    marks = school.folder / "class.csv"
    lab("check", "--all", "--student", "李华", "--marks", str(marks))
    with marks.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["lab"], row["passed"], row["points"]) for row in rows] == [
        (str(each.number), "yes", str(each.points)) for each in LABS
    ]
    lab("reset")
    assert [mark["points"] for mark in lab.json("check", "--all", code=1)] == [0] * len(LABS)
