"""`biaoshi lab` where there is nothing to do it with, or where somebody means harm."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from biaoshi import cli
from biaoshi.labs import LABS, order
from biaoshi.running import Network, attached
from nodes import network

FILE = Path(__file__).parents[2] / "configs" / "teaching.toml"
TINY = """
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


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("network")
    with network.running(FILE, folder, second_octet=network.free_second_octet(FILE)):
        yield folder


@pytest.mark.network
def test_what_somebody_registered_cannot_steer_a_terminal(
    school: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BIAOSHI_RUN_DIR", str(school))
    hostile = "\x1b[2J<img src=x onerror=alert(1)>" + "x" * 5_000
    with pytest.raises(SystemExit):
        cli.main(["register", "88.118.8/LAB-1", "--value", f"ANSWER:1={hostile}"])
    capsys.readouterr()
    code, out, _ = call(capsys, "check", "1")
    assert code == 1 and "\x1b" not in out and "\\x1b[2J" in out and len(out) < 500
    document = json.loads(call(capsys, "check", "1", "--json")[1])
    assert not document["passed"] and "\x1b" not in document["findings"][0]["words"]
    assert "88.118.8/LAB-1 deleted" in call(capsys, "reset")[1]


@pytest.mark.network
def test_one_thing_is_broken_at_a_time_and_all_is_put_back(
    school: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BIAOSHI_RUN_DIR", str(school))
    assert call(capsys, "start", "6")[0] == 0
    code, _, error = call(capsys, "start", "4")
    assert code == 2 and "secondary-88.300" in error and "biaoshi lab reset" in error
    item = "88.118.8/JXDY2106023"
    keys = school / "data" / ".keys" / "administrators" / "88.118.8.pem"
    with pytest.raises(SystemExit):
        cli.main(["delete", item, "--user", "300:0.NA/88.118.8", "--key", str(keys)])
    capsys.readouterr()
    done = json.loads(call(capsys, "reset", "--json")[1])["done"]
    assert "secondary-88.300 started" in done and "88.118.8/LAB-6 deleted" in done
    assert "enterprise-88.118.8: 1 records as in its catalogue" in done
    again = json.loads(call(capsys, "reset", "--json")[1])["done"]
    assert again == ["recursive-1 has forgotten what it knew"]


@pytest.mark.network
def test_a_record_that_nobody_may_change_is_taken_away_all_the_same(
    school: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BIAOSHI_RUN_DIR", str(school))
    with pytest.raises(SystemExit):
        cli.main(["register", "88.300.35/LAB-3", "--value", "URL:1=https://x.example", "--no-admin"])
    capsys.readouterr()
    code, out, _ = call(capsys, "check", "3")
    assert code == 1 and "who is to change it later?" in out
    assert "88.300.35/LAB-3 deleted" in call(capsys, "reset")[1]
    assert "register it" in call(capsys, "check", "3")[1]


@pytest.mark.network
def test_a_start_that_is_cut_short_leaves_nothing_broken(school: Path) -> None:
    def interrupted(running: Network) -> None:
        running.kill("secondary-88.300")
        running.fault("drop", share=0.5)
        raise KeyboardInterrupt

    running = attached(school)
    with pytest.raises(KeyboardInterrupt):
        order.start(replace(LABS[5], start=interrupted), running)
    assert all(node["ready"] for node in running.nodes.values()) and not running.faults


@pytest.mark.network
def test_where_nodes_are_dead_a_check_says_so(
    school: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BIAOSHI_RUN_DIR", str(school))
    attached(school).kill("enterprise-88.118.8")
    code, out, _ = call(capsys, "check", "--all")
    assert code == 1 and out.count("enterprise-88.118.8 does not run") == len(LABS)
    assert "0 of 10 labs passed" in out
    attached(school).repair()


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
