"""`biaoshi load` and `report` as a person calls them, against one socket that plays the recursive node.

What is asked for here is lenient in time (a pass mark of seconds), so that a busy machine changes no verdict.
"""

from __future__ import annotations

import json
import os
import select
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scripted_responder import Script, ScriptedResponder, with_code

from biaoshi.cli import main
from biaoshi.cli.load import parse_target, refuse_foreign, seconds
from loadgen.results import read_result
from nodes.config import load_network, truth_of
from nodes.processes import started
from resolver.errors import OperatorError

FILE = Path(__file__).parents[2] / "configs" / "teaching.toml"
QUICK = ["--rate", "500", "--duration", "200ms", "--timeout", "10s", "--slo", "p99<8s,errors<=0%", "--seed", "5"]


def promptly(_number: int, right: bytes) -> list[tuple[int, bytes]]:
    return [(0, right)]


def say(run_dir: Path, address: str) -> None:
    """Write the state of a network whose recursive node answers at `address`."""
    node = {"name": "recursive-1", "tier": "recursive", "address": address, "metrics": None}
    state = {
        "network": "teaching",
        "file": str(FILE),
        "path": str(FILE),
        "ready": True,
        "nodes": [node],
        "supervisor": {"pid": os.getpid(), "started": started(os.getpid())},
        "processes": [],
    }
    (run_dir / "state.json").write_text(json.dumps(state))


@contextmanager
def network(run_dir: Path, script: Script = promptly) -> Iterator[ScriptedResponder]:
    """A responder at work in a thread, and a state file that names it."""
    truth = {handle: tuple(v for v in values if v.public_read) for handle, values in truth_of(load_network(FILE))}
    responder, ended = ScriptedResponder(truth, script), threading.Event()

    def work() -> None:
        while not ended.is_set():
            select.select([responder.socket], (), (), 0.05)
            responder.work(0)

    thread = threading.Thread(target=work)
    thread.start()
    say(run_dir, f"127.0.0.1:{responder.address[1]}")
    try:
        yield responder
    finally:
        ended.set()
        thread.join()
        responder.close()


@pytest.fixture
def run_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BIAOSHI_RUN_DIR", str(tmp_path))
    return tmp_path


def call(*arguments: str) -> int:
    """The exit code of a command line."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return int(ended.value.code or 0)


def document(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """Everything that stands on stdout, which is exactly one document."""
    parsed: dict[str, Any] = json.loads(capsys.readouterr().out)
    return parsed


def test_a_network_that_answers_rightly_passes(run_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with network(run_dir) as responder:
        assert call("load", str(FILE), *QUICK, "--json") == 0
    said = document(capsys)
    assert said["sent"] == said["answered"] == len(responder.requests) == 100
    assert (said["wrong"], said["timed_out"], said["per_day"]) == (0, 0, 43_200_000)
    assert said["verdict"]["pass"] is True
    assert said["tiers"] == {}
    assert said["cache_hit"] is None


def test_the_same_seed_asks_the_same_questions(run_dir: Path) -> None:
    asked = []
    for _ in range(2):
        with network(run_dir) as responder:
            assert call("load", *QUICK) == 0
        asked.append([request.body.handle for request in responder.requests])  # type: ignore[union-attr]
    assert asked[0] == asked[1]


def test_a_goal_out_of_reach_is_missed_with_1(run_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with network(run_dir):
        assert call("load", *QUICK, "--goal", "100000000", "--peak-factor", "3") == 1
    text = capsys.readouterr().out
    assert "14400000 resolutions per day" in text
    assert "peak factor 峰均比 3" in text
    assert "VERDICT 结论: FAIL" in text


@pytest.mark.parametrize("code", [301, 3])
def test_refused_requests_miss_the_objective_with_1(run_dir: Path, code: int) -> None:
    with network(run_dir, lambda number, right: [(0, with_code(right, code) if number == 50 else right)]):
        assert call("load", *QUICK) == 1


@pytest.mark.parametrize(
    "wrong", [lambda right: right[:-9] + b"\x7f" + right[-8:], lambda right: with_code(right, 100)]
)
def test_one_wrong_answer_in_a_hundred_ends_with_4(
    run_dir: Path, wrong: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    with network(run_dir, lambda number, right: [(0, wrong(right) if number == 50 else right)]):
        assert call("load", *QUICK, "--json") == 4
    said = document(capsys)
    assert (said["answered"], said["wrong"], said["verdict"]["pass"]) == (100, 1, False)


def test_a_generator_that_falls_behind_ends_with_5(run_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with network(run_dir):
        assert call("load", "--rate", "5000000", "--duration", "0.5ms", "--slo", "errors<=100%") == 5
    assert "INVALID 测量无效" in capsys.readouterr().out


def test_silence_ends_with_3_and_says_who_was_asked(run_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with network(run_dir, lambda _number, _right: []) as responder:
        assert call("load", "--rate", "100", "--duration", "50ms", "--timeout", "50ms") == 3
    assert f"127.0.0.1:{responder.address[1]}" in capsys.readouterr().err


def test_without_a_network_it_ends_with_3(run_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("load") == 3
    assert "no network is running" in capsys.readouterr().err


def test_ctrl_c_reports_what_was_done_and_ends_with_130(
    run_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def script(number: int, right: bytes) -> list[tuple[int, bytes]]:
        if number == 20:
            os.kill(os.getpid(), signal.SIGINT)
        return [(0, right)]

    before = signal.getsignal(signal.SIGINT)
    with network(run_dir, script) as responder:
        out = ["--out", str(tmp_path / "part.load"), "--json"]
        assert call("load", "--rate", "500", "--duration", "60s", "--timeout", "10s", *out) == 130
    said = document(capsys)
    assert said["interrupted"]
    assert 20 < said["sent"] == said["answered"] == len(responder.requests) < 30_000
    assert said["duration_s"] < 60
    assert len(read_result(tmp_path / "part.load").records) == said["sent"]
    assert signal.getsignal(signal.SIGINT) is before


def test_a_result_file_gives_the_same_report_again(
    run_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(tmp_path / "run.load")
    with network(run_dir):
        assert call("load", *QUICK, "--out", file, "--json") == 0
    said = document(capsys)
    assert call("report", file, "--json") == 0
    assert document(capsys) == said
    assert call("report", file) == 0
    assert "VERDICT 结论: PASS" in capsys.readouterr().out
    Path(file).write_bytes(Path(file).read_bytes()[:-1])
    assert call("report", file) == 4
    assert "damaged" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["--rate", "0"],
        ["--rate", "many"],
        ["--rate", "5", "--pacing", "constant:5"],
        ["--pacing", "saw:5"],
        ["--pacing", "ramp:0,5"],
        ["--pacing", "constant:5,speed=6"],
        ["--duration", "0s"],
        ["--duration", "3 weeks"],
        ["--timeout", "2h"],
        ["--slo", "p99<fast"],
        ["--peak-factor", "0.5"],
        ["--peak-factor", "nan"],
        ["--workload", "unknown"],
        ["--transport", "pigeon"],
        ["--mode", "lazy"],
        ["--zipf", "-1"],
        ["--seed", "-1"],
        ["--target", "localhost:2641"],
        ["--target", "127.0.0.1"],
        ["--target", "127.0.0.1:99999"],
        ["--target", "192.0.2.1:2641", "--rate", "5"],
        ["--target", "192.0.2.1:2641", "--i-operate", "192.0.2.1"],
        ["--out", "/no/such/folder/file"],
        ["/no/such/file.toml"],
        ["--workload", "replay"],
        ["--replay", "/no/such/log"],
        ["--replay", "/no/such/log", "--rate", "5"],
        ["--speed", "0"],
        ["--load", "/no/such/profile.toml"],
        ["--connections", "0"],
        ["--connections", "901"],
        ["--warm-up", "soon"],
        ["--executor", "remote"],
        ["--executor", "local:2", "--share", "0/2"],
        ["--share", "2/2"],
        ["--start-at", "now"],
        ["--start-at", "2026-01-01T00:00:00Z"],
        ["--unknown"],
    ],
    ids=" ".join,
)
def test_impossible_wishes_end_with_2_and_nothing_is_sent(
    run_dir: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with network(run_dir) as responder:
        assert call("load", *arguments) == 2
    assert capsys.readouterr().err
    assert not responder.requests


def test_http_is_refused_where_nodes_have_no_such_door_or_others_would_be_asked(
    run_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with network(run_dir) as responder:
        assert call("load", "--transport", "http") == 2
        assert "--transport: the recursive nodes have no HTTP door (value: 'http')" in capsys.readouterr().err
        assert call("load", "--transport", "http", "--workload", "mixed", "--target", "127.0.0.1:9", "--rate", "1") == 2
        assert "--workload: goes to other nodes than HTTP is asked of" in capsys.readouterr().err
    assert not responder.requests


def test_what_does_not_exist_is_asked_for_and_rightly_not_found(
    run_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with network(run_dir):
        assert call("load", *QUICK, "--workload", "misses", "--json") == 0
    said = document(capsys)
    assert (said["errors"]["HANDLE_NOT_FOUND"], said["wrong"], said["popularity"]["misses"]) == (100, 0, 1.0)


def test_a_warm_up_is_sent_before_counted_apart_and_reported(run_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with network(run_dir) as responder:
        assert call("load", *QUICK, "--warm-up", "100ms", "--json") == 0
    said = document(capsys)
    assert said["warm_up"] == {"seconds": 0.1, "sent": 25, "answered": 25, "tiers": {}}
    assert said["sent"] == 100
    assert len(responder.requests) == 125


def test_a_profile_says_what_the_options_leave_out(
    run_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    profile = tmp_path / "mine.toml"
    profile.write_text(
        'duration = "100ms"\ntimeout = "10s"\nslo = "p99<8s"\nseed = 9\n'
        '[pacing]\nshape = "poisson"\nrate = 2000\n[popularity]\nzipf = 1.2\nmisses = 0.5\n'
    )
    with network(run_dir):
        assert call("load", "--load", str(profile), "--zipf", "0.5", "--duration", "200ms", "--json") == 0
    said = document(capsys)
    assert (said["pacing"], said["duration_s"], said["seed"]) == ("poisson:rate=2000", 0.2, 9)
    assert (said["zipf"], said["popularity"]["misses"]) == (0.5, 0.5)
    profile.write_text("[popularity]\nmises = 0.5\n")
    assert call("load", "--load", str(profile)) == 2
    error = capsys.readouterr().err
    assert all(word in error for word in ("mine.toml", "popularity.mises", "0.5", "Did you mean misses?"))


def test_a_log_is_replayed_and_what_it_has_that_nobody_knows_is_not_found(
    run_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "queries.csv"
    log.write_text("at,handle\n10,88.118.8/JXDY2106023\n10.1,88.118.8/NOTHING\n10.2,88.118.8/jxdy2106023\n")
    with network(run_dir) as responder:
        responder._truth[b"88.118.8/jxdy2106023"] = responder._truth[b"88.118.8/JXDY2106023"]
        assert call("load", "--replay", str(log), "--speed", "2", "--slo", "p99<8s", "--goal", "1", "--json") == 0
    said = document(capsys)
    assert (said["sent"], said["wrong"], said["errors"]["HANDLE_NOT_FOUND"]) == (3, 0, 1)
    assert said["duration_s"] == pytest.approx(0.1)
    assert (said["workload"], said["pacing"], said["popularity"]) == ("replay", "replay:queries.csv", None)


def test_two_processes_ask_what_one_asks(run_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = []
    for more in (["--out", str(tmp_path / "one")], ["--executor", "local:2", "--out", str(tmp_path / "two")]):
        with network(run_dir) as responder:
            assert call("load", *QUICK, *more, "--json") == 0
        said = document(capsys)
        assert (said["sent"], said["answered"], said["wrong"]) == (100, 100, 0)
        asked.append(sorted(request.body.handle for request in responder.requests))  # type: ignore[union-attr]
    assert said["generators"] == 2
    assert asked[0] == asked[1]
    one, two = (read_result(tmp_path / name).records for name in ("one", "two"))
    for name in ("due", "rank", "number", "octets", "code", "target", "tier", "verdict", "last"):
        assert np.array_equal(one[name], two[name]), name


def test_shares_that_know_nothing_of_each_other_are_one_run_in_the_report(
    run_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = []
    for index in range(3):
        files.append(str(tmp_path / f"part-{index}"))
        with network(run_dir):
            call("load", *QUICK, "--goal", "1", "--share", f"{index}/3", "--out", files[-1], "--json")
        document(capsys)
    assert call("report", *files, "--json") == 0
    said = document(capsys)
    assert (said["sent"], said["offered_per_s"], said["generators"]) == (100, 500, 3)
    assert call("report", files[0], files[2], "--json") in (0, 1)
    assert any("missing: 1/3" in note for note in document(capsys)["notes"])
    assert call("report", files[0], files[0]) == 2


def test_metrics_of_the_run_are_served_meanwhile(run_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with network(run_dir):
        assert call("load", *QUICK, "--metrics-port", "0", "--json") == 0
    captured = capsys.readouterr()
    assert "metrics of this load: http://127.0.0.1:" in captured.err
    assert json.loads(captured.out)["sent"] == 100


def test_a_file_that_is_not_the_one_that_is_up_is_refused(run_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = run_dir / "other.toml"
    other.write_text(FILE.read_text())
    with network(run_dir) as responder:
        assert call("load", str(other)) == 2
    assert "is not the file that is up" in capsys.readouterr().err
    assert not responder.requests


def test_a_network_elsewhere_is_asked_when_file_and_target_are_named(run_dir: Path) -> None:
    with network(run_dir) as responder:
        (run_dir / "state.json").unlink()
        assert call("load", str(FILE), "--target", f"127.0.0.1:{responder.address[1]}", *QUICK) == 0


def test_another_machine_needs_a_word_and_a_rate() -> None:
    refuse_foreign((("127.9.9.9", 1), ("::1", 1)), frozenset(), rate_given=False)
    refuse_foreign((("192.0.2.1", 1),), frozenset({"192.0.2.1"}), rate_given=True)
    for operated, rate_given in ((frozenset({"192.0.2.2"}), True), (frozenset({"192.0.2.1"}), False)):
        with pytest.raises(OperatorError):
            refuse_foreign((("192.0.2.1", 1),), operated, rate_given=rate_given)


def test_addresses_and_times_are_read() -> None:
    assert parse_target("127.86.5.1:2641") == ("127.86.5.1", 2641)
    assert parse_target("[::1]:3641") == ("::1", 3641)
    assert [seconds("--duration", text, 9999) for text in ("30s", "500ms", "2m", "1h", "1.5")] == [
        30,
        0.5,
        120,
        3600,
        1.5,
    ]
