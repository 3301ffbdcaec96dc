"""The labs are worked through as a student does: each check fails before, and passes after the commands of its text."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from biaoshi import cli
from biaoshi.labs import LABS, order, texts
from biaoshi.labs.lab import Lab
from biaoshi.running import Network, attached
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
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    return CommandLine(capsys)


class CommandLine:
    """Calls `biaoshi lab` in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def __call__(self, *arguments: str, code: int = 0) -> str:
        """What it printed; on stderr if it could not."""
        return self.also("lab", *arguments, code=code)

    def also(self, *arguments: str, code: int = 0) -> str:
        """Another command of `biaoshi`."""
        with pytest.raises(SystemExit) as ended:
            cli.main(arguments)
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
def test_a_lab_fails_before_and_passes_after(school: School, lab: CommandLine) -> None:
    work_through(school, lab, LABS[3])


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


# -- whatever a student does ---------------------------------------------------------------------------------------


@pytest.mark.network
def test_what_somebody_registered_cannot_steer_a_terminal(school: School, lab: CommandLine) -> None:
    hostile = "\x1b[2J<img src=x onerror=alert(1)>" + "x" * 5_000
    lab.also("register", "88.118.8/LAB-1", "--value", f"ANSWER:1={hostile}")
    out = lab("check", "1", code=1)
    assert "\x1b" not in out and "\\x1b[2J" in out and len(out) < 500
    document = lab.json("check", "1", code=1)
    assert not document["passed"] and "\x1b" not in document["findings"][0]["words"]
    assert "88.118.8/LAB-1 deleted" in lab("reset")


@pytest.mark.network
def test_one_thing_is_broken_at_a_time_and_all_is_put_back(school: School, lab: CommandLine) -> None:
    lab("start", "6")
    error = lab("start", "4", code=2)
    assert "secondary-88.300" in error and "biaoshi lab reset" in error
    keys = school.folder / "run" / "data" / ".keys" / "administrators" / "88.118.8.pem"
    lab.also("delete", "88.118.8/JXDY2106023", "--user", "300:0.NA/88.118.8", "--key", str(keys))
    done = lab.json("reset")["done"]
    assert "secondary-88.300 started" in done and "88.118.8/LAB-6 deleted" in done
    assert "enterprise-88.118.8: 1 records as in its catalogue" in done
    assert lab.json("reset")["done"] == ["recursive-1 has forgotten what it knew"]


@pytest.mark.network
def test_a_record_that_nobody_may_change_is_taken_away_all_the_same(school: School, lab: CommandLine) -> None:
    lab.also("register", "88.300.35/LAB-3", "--value", "URL:1=https://x.example", "--no-admin")
    assert "who is to change it later?" in lab("check", "3", code=1)
    assert "88.300.35/LAB-3 deleted" in lab("reset")
    assert "register it" in lab("check", "3", code=1)


@pytest.mark.network
def test_a_start_that_is_cut_short_leaves_nothing_broken(school: School) -> None:
    def interrupted(running: Network) -> None:
        running.kill("secondary-88.300")
        running.fault("drop", share=0.5)
        raise KeyboardInterrupt

    running = attached(school.folder / "run")
    with pytest.raises(KeyboardInterrupt):
        order.start(replace(LABS[5], start=interrupted), running)
    assert all(node["ready"] for node in running.nodes.values()) and not running.faults


@pytest.mark.network
def test_where_nodes_are_dead_a_check_says_so(school: School, lab: CommandLine) -> None:
    running = attached(school.folder / "run")
    running.kill("enterprise-88.118.8")
    out = lab("check", "--all", code=1)
    assert out.count("enterprise-88.118.8 does not run") == len(LABS)
    assert "0 of 10 labs passed" in out
    running.repair()
