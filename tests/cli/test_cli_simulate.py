"""`biaoshi simulate`: a load in virtual time, told again by its seed."""

from __future__ import annotations

import json
from pathlib import Path

import msgpack
import pytest

from biaoshi import cli

TEACHING = "configs/teaching.toml"
SHORT = (TEACHING, "--rate", "300", "--until", "1s")


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    def run(*arguments: str, code: int = 0) -> str:
        with pytest.raises(SystemExit) as ended:
            cli.main(("simulate", *arguments))
        printed = capsys.readouterr()
        assert (ended.value.code or 0) == code, printed.err
        return printed.err if code == 2 else printed.out

    return run


def test_it_says_what_a_load_says_and_that_it_was_simulated(told, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    out = tmp_path / "story.load"
    document = json.loads(told(*SHORT, "--out", str(out), "--json"))
    assert document["simulated"] is True
    assert (document["sent"], document["answered"], document["wrong"], document["timed_out"]) == (300, 300, 0, 0)
    assert document["tiers"]["recursive"] == {"received": 300, "answered": 300}
    assert 0 < document["tiers"]["enterprise"]["received"] < 300
    assert document["latency_ms"]["p50"] > 0 and document["per_day"] == 300 * 86_400
    header = msgpack.Unpacker(out.open("rb")).unpack()
    assert header["simulated"] and "virtual time" in header["notes"][0]
    with pytest.raises(SystemExit) as ended:
        cli.main(("report", str(out)))
    assert not ended.value.code


def test_a_seed_tells_the_same_story_and_another_another(told, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    logs = []
    for number, seed in enumerate((5, 5, 6)):
        file = tmp_path / f"{number}.log"
        told(*SHORT, "--seed", str(seed), "--events", str(file))
        logs.append(file.read_text())
    assert logs[0] == logs[1] != logs[2]
    moments = [int(line.split()[0]) for line in logs[0].splitlines()]
    assert moments == sorted(moments) and len(moments) > 600


def test_what_takes_longer_takes_longer_and_too_much_is_queued(told, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    keys = ("authority_repeat", "authority_answer", "recursive_repeat", "recursive_answer", "recursive_begin")
    times = {f"{key}_us": 100.0 for key in (*keys, "recursive_upstream", "wire", "wake")}
    latencies = {}
    for work_us in (100.0, 2_500.0, 4_000.0):
        file = tmp_path / "times.toml"
        file.write_text("".join(f"{key} = {work_us if 'repeat' in key else us}\n" for key, us in times.items()))
        code = 1 if work_us == 4_000 else 0
        said = told(*SHORT, "--zipf", "3", "--times", str(file), "--slo", "p99<100ms", "--json", code=code)
        latencies[work_us] = json.loads(said)["latency_ms"]["p50"]
    assert latencies[100.0] == pytest.approx(0.4, abs=0.01), "two wires, a waking, the work"
    assert latencies[2_500.0] == pytest.approx(2.8, abs=0.1)
    assert latencies[4_000.0] > 20, "300 a second of 4 ms each: the queue grows"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((TEACHING, "--rate", "5", "--pacing", "constant:5"), "--pacing"),
        ((TEACHING, "--workload", "mixed"), "--workload"),
        ((TEACHING, "--workload", "nonsense"), "--workload"),
        ((TEACHING, "--rate", "100000", "--until", "24h"), "more than one run keeps records of"),
        ((TEACHING, "--out", "nowhere/at/all.load"), "--out"),
        (("nothing.toml",), "nothing.toml"),
    ],
)
def test_what_cannot_be_is_refused_by_name(told, arguments: tuple[str, ...], words: str) -> None:  # type: ignore[no-untyped-def]
    assert words in told(*arguments, code=2)


def test_service_times_that_cannot_be_are_refused_with_file_and_key(told, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "times.toml"
    file.write_text("wire_us = -1.0\nother_us = 4.0\n")
    said = told(*SHORT, "--times", str(file), code=2)
    assert "times.toml" in said and "_us" in said
