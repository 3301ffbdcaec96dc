"""`biaoshi capacity` as a person calls it, against one socket that plays the recursive node.

Pass marks are lenient in time, or cannot be kept at all, so that a busy machine changes no verdict. That a limit is
found where it is, simulated servers show (tests/loadgen/test_loadgen_capacity.py).
"""

from __future__ import annotations

import json
import os
import select
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from biaoshi.cli import main
from nodes.config import load_network, truth_of
from nodes.processes import started

FILE = Path(__file__).parents[2] / "configs" / "teaching.toml"
LENIENT = ("--slo", "p99<8s,errors<=0%", "--timeout", "10s", "--trial", "500ms")
Script = Callable[[int, bytes], list[tuple[int, bytes]]]


def promptly(number: int, right: bytes) -> list[tuple[int, bytes]]:
    return [(0, right)]


@pytest.fixture
def serving(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Script], Any]:
    """A function that puts a responder to work and says in a state file that it is the network."""
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1] / "loadgen"))
    monkeypatch.setenv("BIAOSHI_RUN_DIR", str(tmp_path))
    from scripted_responder import ScriptedResponder

    @contextmanager
    def serve(script: Script = promptly) -> Iterator[None]:
        truth = {handle: tuple(v for v in values if v.public_read) for handle, values in truth_of(load_network(FILE))}
        responder, ended = ScriptedResponder(truth, script), threading.Event()

        def work() -> None:
            while not ended.is_set():
                select.select([responder.socket], (), (), 0.05)
                responder.work(0)

        thread = threading.Thread(target=work)
        thread.start()
        me = {"pid": os.getpid(), "started": started(os.getpid())}
        address = f"127.0.0.1:{responder.address[1]}"
        state = {
            "network": "teaching", "file": str(FILE), "path": str(FILE), "ready": True, "supervisor": me,
            "nodes": [{
                "name": "recursive-1", "tier": "recursive", "address": address, "metrics": None, "ready": True,
                "records": None, "sample": None,
            }],
            "processes": [{"process": "recursive", "metrics": None, **me}],
        }  # fmt: skip
        (tmp_path / "state.json").write_text(json.dumps(state))
        try:
            yield
        finally:
            ended.set()
            thread.join()
            responder.close()

    return serve


def call(*arguments: str) -> int:
    """The exit code of a command line."""
    with pytest.raises(SystemExit) as ended:
        main(("capacity", *arguments))
    return int(ended.value.code or 0)


def test_what_is_kept_at_every_rate_that_time_allows_is_said(
    serving: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    with serving():
        assert call(*LENIENT, "--budget", "36s", "--peak-factor", "3", "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert [(trial["per_s"], trial["kept"]) for trial in said["trials"]] == [(400, True), (800, True), (1600, True)]
    assert (said["per_s"], said["per_s_low"], said["per_s_high"], said["per_day"]) == (1600, 1600, None, 46_080_000)
    assert (said["limit"], said["complete"], said["wrong"]) == (None, False, 0)
    assert said["slo"] == "p99<8s,errors<=0%"
    assert said["trials"][0]["busiest"] in ("recursive", None)


def test_what_keeps_nothing_ends_with_1_and_says_what_ran_out(
    serving: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    with serving():
        assert call("--slo", "p99<=0us,p50<9s", "--timeout", "10s", "--trial", "500ms", "--budget", "60s") == 1
    text = capsys.readouterr().out
    assert "No rate that was tried keeps the SLO" in text
    assert "limit 瓶颈: " in text


def test_a_wrong_answer_ends_the_search_with_4(serving: Callable[..., Any], capsys: pytest.CaptureFixture[str]) -> None:
    def lying(number: int, right: bytes) -> list[tuple[int, bytes]]:
        return [(0, right[:-30] + bytes([right[-30] ^ 1]) + right[-29:] if number == 5 else right)]

    with serving(lying):
        assert call(*LENIENT, "--budget", "60s", "--json") == 4
    said = json.loads(capsys.readouterr().out)
    assert said["wrong"] == 1
    assert len(said["trials"]) <= 1


def test_silence_ends_with_3(serving: Callable[..., Any], capsys: pytest.CaptureFixture[str]) -> None:
    with serving(lambda number, right: []):
        assert call("--trial", "500ms", "--timeout", "100ms") == 3
    assert "no answer from 127.0.0.1" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("--slo", "p99<20"), "--slo"),
        (("--peak-factor", "0.5"), "--peak-factor"),
        (("--trial", "0s"), "--trial"),
        (("--budget", "forever"), "--budget"),
        (("--workload", "nothing"), "--workload"),
        (("--mode", "lazy"), "--mode"),
        (("--target", "192.0.2.1:2641"), "--target"),
    ],
)
def test_impossible_wishes_end_with_2_and_nothing_is_sent(
    serving: Callable[..., Any], capsys: pytest.CaptureFixture[str], words: tuple[str, ...], named: str
) -> None:
    asked: list[int] = []

    def noting(number: int, right: bytes) -> list[tuple[int, bytes]]:
        asked.append(number)
        return [(0, right)]

    with serving(noting):
        assert call(*words) == 2
    assert f"biaoshi: {named}" in capsys.readouterr().err
    assert not asked
