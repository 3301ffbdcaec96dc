"""`biaoshi doctor`: whatever stands in the way is said, with what to do about it."""

from __future__ import annotations

import json
import resource
from pathlib import Path

import pytest

from biaoshi import cli, doctor
from biaoshi.doctor import GOOD, MISSING, SLOWER, Finding, findings
from resolver.net import rim


@pytest.fixture(autouse=True)
def anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rim, "chosen", rim.chosen.__wrapped__)


def named(name: str) -> Finding:
    return next(each for each in findings() if each.name == name)


def ran(*words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        cli.main(["doctor", *words])
    return int(ended.value.code or 0)


def test_it_says_which_rim_and_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(rim.VARIABLE, "python")
    assert named("rim").state == SLOWER
    monkeypatch.delenv(rim.VARIABLE)
    if rim._rim is not None:
        assert named("rim").state == GOOD
    monkeypatch.setattr(rim, "_rim", None)
    monkeypatch.setattr(doctor.importlib.util, "find_spec", lambda name: None)
    assert named("rim").state == SLOWER
    assert "compiler" in named("rim").remedy


def test_what_is_demanded_and_missing_is_an_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(rim, "_rim", None)
    monkeypatch.setenv(rim.VARIABLE, "c")
    assert ran("--json") == 2
    document = json.loads(capsys.readouterr().out)
    assert document["ok"] is False
    assert document["findings"][0]["state"] == MISSING


def test_small_limits_are_seen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (256, 1_024))
    assert named("open files").state == SLOWER
    assert "ulimit" in named("open files").remedy
    (tmp_path / "rmem_max").write_text("212992\n")
    (tmp_path / "wmem_max").write_text("8388608\n")
    monkeypatch.setattr(doctor, "NET", tmp_path)
    assert (named("receive buffers").state, named("send buffers").state) == (SLOWER, GOOD)
    assert "net.core.rmem_max" in named("receive buffers").remedy
    monkeypatch.setattr(doctor, "cores", lambda: 1)
    assert named("cores").state == SLOWER


def test_it_is_printed_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert ran() == 0
    printed = capsys.readouterr().out
    for name in ("rim", "cores", "open files", "gmalg", "nsd"):
        assert name in printed
