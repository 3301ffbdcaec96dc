"""`biaoshi lab` where there is nothing to do it with, or where somebody means harm."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from biaoshi import cli
from biaoshi.labs import LABS
from nodes import network

TINY = """
key_bits = 1024

[[nodes]]
name = "top"
tier = "root"
"""


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        cli.main(["lab", *arguments])
    printed = capsys.readouterr()
    return int(ended.value.code or 0), printed.out, printed.err


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BIAOSHI_RUN_DIR", str(tmp_path))
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.mark.parametrize("verb", [("start", "4"), ("check", "4"), ("check", "--all"), ("reset",)])
def test_without_a_network_it_says_so(verb: tuple[str, ...], nowhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, error = call(capsys, *verb)
    assert (code, out) == (3, "") and "biaoshi network up" in error


@pytest.mark.parametrize("verb", ["show", "start", "check"])
@pytest.mark.parametrize("number", ["0", "11", "04", "four", "\x1b[2J", "=1", "9" * 300])
def test_a_lab_that_is_not_there_is_refused_with_a_remedy(
    verb: str, number: str, nowhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, error = call(capsys, verb, number)
    assert (code, out) == (2, "") and "biaoshi lab list" in error
    assert "\x1b" not in error and len(error) < 300


def test_which_lab_and_whose_marks_must_be_said(nowhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in ((), ("4", "--all"), ("4", "--student", "Ada"), ("4", "--marks", "x.csv")):
        assert call(capsys, "check", *words)[0] == 2
    assert not (nowhere / "x.csv").exists()


def test_texts_are_shown_without_a_network_and_in_the_language_of_the_terminal(
    nowhere: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, english, _ = call(capsys, "show", "4")
    assert code == 0 and english.startswith("# Lab 4") and "127.86." in english and "<details>" not in english
    assert "biaoshi home 88.118.9" not in english
    assert "biaoshi home 88.118.9" in call(capsys, "show", "4", "--solution")[1]
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert call(capsys, "show", "4")[1].startswith("# 实验 4")
    assert call(capsys, "show", "4", "--lang", "en")[1] == english


def test_the_list_names_all(nowhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "list")
    assert code == 0 and all(lab.title.zh in out for lab in LABS)
    listed = json.loads(call(capsys, "list", "--json")[1])
    assert [each["lab"] for each in listed] == [lab.number for lab in LABS]
    assert sum(each["breaks"] for each in listed) == 7


@pytest.mark.network
def test_another_network_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "tiny.toml"
    file.write_text(TINY)
    monkeypatch.setenv("BIAOSHI_RUN_DIR", str(tmp_path / "run"))
    with network.running(file, tmp_path / "run", second_octet=network.free_second_octet(file)):
        code, _, error = call(capsys, "start", "4")
    assert code == 2 and "configs/teaching.toml" in error
