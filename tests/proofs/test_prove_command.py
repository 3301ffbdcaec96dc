"""`biaoshi prove`: a number per line, an exit code per verdict, and nothing left behind, however it ends."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from biaoshi import cli
from biaoshi.cli import prove as command
from biaoshi.proofs import PROOFS, Line
from biaoshi.proofs.trial import MeansMissing, Trial
from nodes.processes import started, wait_gone
from nodes.supervisor import environment
from resolver.errors import StoreError

CONTRACT = {"n", "name", "value", "unit", "goal", "pass", "seed", "seconds"}
GONE_S = 3.0
NEVER_S = 60.0


def good(trial: Trial) -> None:
    trial.value, trial.facts = 0, {"tried": 3}


def bad(trial: Trial) -> None:
    trial.value = 2


def unsure(trial: Trial) -> None:
    trial.value = 0
    trial.fail("nothing was tried")


def broken(trial: Trial) -> None:
    trial.value = 0
    raise StoreError("data.mdb: the node did not start")


def without_means(trial: Trial) -> None:
    raise MeansMissing("there is no strace. Install it")


def silent(trial: Trial) -> None:
    """Finds no number at all."""


def interrupted(trial: Trial) -> None:
    trial.value, trial.facts = 0, {"tried": 7}
    raise KeyboardInterrupt


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """The lines 1, 2, … proven by the functions that a test names."""
    fake = []
    for n, prove in enumerate(request.param, 1):
        module = type(sys)(f"fake_proof_{n}")
        module.prove = prove  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, module.__name__, module)
        fake.append(Line(n, module.__name__, prove.__name__, "things", "<=", 0))
    monkeypatch.setattr(command, "PROOFS", tuple(fake))


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        cli.main(["prove", *arguments])
    printed = capsys.readouterr()
    return int(ended.value.code or 0), printed.out, printed.err


@pytest.mark.parametrize(
    ("lines", "code", "passes"),
    [
        ([good], 0, [True]),
        ([good, bad], 1, [True, False]),
        ([unsure], 1, [False]),
        ([broken], 1, [False]),
        ([silent], 1, [False]),
        ([without_means, good], 3, [None, True]),
        ([without_means, bad], 1, [None, False]),
        ([good, interrupted, good], 130, [True, None]),
    ],
    indirect=["lines"],
)
@pytest.mark.usefixtures("lines")
def test_the_exit_code_is_the_verdict(code: int, passes: list[bool | None], capsys: pytest.CaptureFixture[str]) -> None:
    ended, out, _ = call(capsys, "--json", "--seed", "9")
    documents = json.loads(out)
    assert ended == code
    assert [document["pass"] for document in documents] == passes
    assert all(document.keys() >= CONTRACT and document["seed"] == 9 for document in documents)


@pytest.mark.parametrize("lines", [[good, unsure, interrupted]], indirect=True)
@pytest.mark.usefixtures("lines")
def test_one_line_is_one_document_and_text_says_as_much(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "1", "--json", "--depth", "full")
    document = json.loads(out)
    assert code == 0
    assert (document["n"], document["value"], document["goal"], document["pass"]) == (1, 0, 0, True)
    assert (document["depth"], document["facts"]) == ("full", {"tried": 3})
    code, out, _ = call(capsys, "2")
    assert code == 1 and "NOT PROVEN" in out and "nothing was tried" in out
    code, out, _ = call(capsys, "3")
    assert code == 130 and "open" in out and "tried 7" in out


@pytest.mark.parametrize("lines", [[without_means]], indirect=True)
@pytest.mark.usefixtures("lines")
def test_what_is_missing_is_said_with_the_remedy(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(capsys, "1")[2] == "biaoshi: line 1: there is no strace. Install it\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("99",), "N: no line that can be proven yet (value: 99). Say one of "),
        (("2", "--depth", "deep"), "--depth: is not known here"),
        (("two",), "Invalid value for"),
        (("2", "--seed", "-1"), "Invalid value for"),
    ],
)
def test_what_cannot_be_proven_is_exit_code_2(
    arguments: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = call(capsys, *arguments)
    assert (code, out) == (2, "") and words in err


def test_the_list_has_every_line_and_runs_none(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "--list", "--json")
    assert code == 0
    assert [entry["n"] for entry in json.loads(out)] == [line.n for line in PROOFS]
    code, out, _ = call(capsys, "--list")
    assert code == 0 and all(line.name in out for line in PROOFS)


def processes_that_mention(words: str) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                told = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
            except OSError:
                continue
            if words.encode() in told:
                found.append(int(entry.name))
    return found


@pytest.mark.network
@pytest.mark.parametrize(
    ("number", "code"),
    [
        (signal.SIGINT, 130),
        pytest.param(signal.SIGTERM, 143, marks=pytest.mark.long),
        pytest.param(signal.SIGKILL, -signal.SIGKILL, marks=pytest.mark.long),
    ],
)
@pytest.mark.parametrize("n", [2, pytest.param(4, marks=pytest.mark.long)])
def test_a_proof_that_is_ended_leaves_nothing(tmp_path: Path, n: int, number: signal.Signals, code: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "biaoshi", "prove", str(n), "--depth", "full", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**environment(), "TMPDIR": str(tmp_path)},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as proof:
        deadline = time.monotonic() + NEVER_S
        while not list(tmp_path.glob("*/*/data/*/data.mdb")) and time.monotonic() < deadline:
            assert proof.poll() is None
        os.kill(proof.pid, number)
        out, err = proof.communicate()
    assert proof.returncode == code, err
    assert wait_gone([(pid, begun) for pid in processes_that_mention(str(tmp_path)) if (begun := started(pid))], GONE_S)
    assert processes_that_mention(str(tmp_path)) == []
    if number != signal.SIGKILL:
        assert list(tmp_path.iterdir()) == []
        document = json.loads(out)
        assert document["n"] == n and document["complete"] is False and document["pass"] in (None, False)
