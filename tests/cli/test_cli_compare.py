"""`biaoshi compare` and `biaoshi report --html` as a person calls them, on results made by hand."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from biaoshi.cli import main
from loadgen.results import RECORD, Result, write_result

MS = 1_000_000


def result_file(path: Path, *, latency_ms: float = 1.0, **header: object) -> Path:
    """A file of 2,000 requests in ten seconds, all answered rightly."""
    records = np.zeros(2000, dtype=RECORD)
    records["due"] = records["ready"] = records["sent"] = np.arange(2000) * 5 * MS
    spread = 1 + 0.1 * np.sin(np.arange(2000))
    records["received"] = records["sent"] + (latency_ms * MS * spread).astype(np.int64)
    records["last"] = records["code"] = records["verdict"] = 1
    stated: dict[str, object] = {
        "network": "teaching", "started": "2026-01-01T00:00:00.000+00:00", "started_wall_ns": 0, "duration_s": 10.0,
        "timeout_ns": 2000 * MS, "pacing": "constant:200", "time_scale": 1.0, "workload": "lookups", "zipf": 0.91,
        "population": 20,
        "procedural": 0, "seed": 1, "mode": "balanced", "transport": "udp", "targets": ["127.86.5.1:2641"],
        "slo": "p99<20ms,errors<0.1%", "goal_per_day": 10_000_000, "peak_factor": 1.0, "running_s": 10.0,
        "cpu_s": 1.0, "strays": 0, "duplicates": 0, "own_drops": 0, "interrupted": False, "tiers": {},
        "took_part": {}, "cache_hit": None, "notes": [], "connections": 4, "generators": 1, "share": "0/1",
        "popularity": {"zipf": 0.91, "active": 0, "misses": 0.0, "one_hit": 0.0, "hot": None, "shots": None},
        "warm_up": {"seconds": 0.0, "sent": 0, "answered": 0},
    }  # fmt: skip
    write_result(path, Result({**stated, **header}, records))
    return path


def call(*arguments: str) -> int:
    """The exit code of a command line."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return int(ended.value.code or 0)


@pytest.fixture
def before(tmp_path: Path) -> str:
    return str(result_file(tmp_path / "before.load"))


def test_a_slower_run_is_worse_with_1(before: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    after = str(result_file(tmp_path / "after.load", latency_ms=2.0))
    assert call("compare", before, after, "--json") == 1
    said = json.loads(capsys.readouterr().out)
    assert said["worse"] is True
    assert said["changes"][0]["change"] == pytest.approx(1.0, abs=0.01)
    assert call("compare", before, after) == 1
    text = capsys.readouterr().out
    assert "VERDICT 结论: WORSE" in text
    assert "+100.0%" in text


def test_the_same_is_no_worse_with_0(before: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("compare", before, before) == 0
    assert "VERDICT 结论: no worse" in capsys.readouterr().out


def test_another_rate_is_not_comparable_with_2(before: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = str(result_file(tmp_path / "other.load", duration_s=12.0))
    assert call("compare", before, other) == 2
    assert "not comparable 不可比: offered rate" in capsys.readouterr().out


def test_an_invalid_run_ends_with_5(before: str, tmp_path: Path) -> None:
    assert call("compare", before, str(result_file(tmp_path / "lost.load", own_drops=1))) == 5


def test_what_is_no_result_ends_with_2_and_a_damaged_one_with_4(before: str, tmp_path: Path) -> None:
    assert call("compare", before, str(tmp_path / "none.load")) == 2
    assert call("compare", before, before, "--tolerance", "2") == 2
    cut = tmp_path / "cut.load"
    cut.write_bytes(Path(before).read_bytes()[:-1])
    assert call("compare", before, str(cut)) == 4


def test_a_report_is_written_as_a_page_besides(before: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.html"
    assert call("report", before, "--html", str(page), "--json") == 0
    assert json.loads(capsys.readouterr().out)["sent"] == 2000
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert call("report", before, "--html", str(tmp_path / "none" / "page.html")) == 2
