"""The demonstration: it tells the whole story, its exit code is the verdict, and it leaves nothing, however it ends."""

import json
import lzma
import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from biaoshi import demo
from loadgen.report import figures_of
from loadgen.results import read_result
from nodes.processes import wait_gone
from nodes.state import processes_of, supervisor_of
from nodes.supervisor import environment
from resolver.errors import OperatorError

pytestmark = pytest.mark.network

GONE_S = 2.0
EXAMPLE = Path(__file__).parents[2] / "docs/examples/national-day.load.xz"


def test_it_tells_the_whole_story_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("run", "temporary"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("BIAOSHI_RUN_DIR", str(tmp_path / "run"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    code = demo.run(duration_s=1.0)
    story = capsys.readouterr().out
    assert [line.split()[1] for line in story.splitlines() if line.startswith("== ")] == [f"{n}/5" for n in range(1, 6)]
    cold, warm = story.split("\n== 3/5")
    for name in ("root-1", "national-88", "secondary-88.118", "enterprise-88.118.8"):
        assert f"recursive-1 → {name} " in cold and f"recursive-1 → {name} " not in warm
    assert "packet cache: hit" in warm
    assert "console 控制台: http://127.0.0.1:" in cold
    assert any(line.split()[1:4] == ["resolutions", "per", "day"] for line in warm.splitlines())
    assert "peak factor 峰均比 3" in warm and "VERDICT" in warm
    assert (code == 0) == ("PASS" in warm)
    assert list((tmp_path / "temporary").iterdir()) == []
    assert story.splitlines()[-1] == f"Report 报告: {tmp_path / 'run/demo.html'}"
    figures = figures_of(read_result(tmp_path / "run/demo.load"))
    for words in (f"{figures.sent:,} <span", f"<strong>{figures.per_day:,}</strong>"):
        assert words in (tmp_path / "run/demo.html").read_text(encoding="utf-8")


def test_where_the_run_directory_cannot_be_the_report_stays_in_the_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "raw").write_bytes(lzma.decompress(EXAMPLE.read_bytes()))
    result = read_result(tmp_path / "raw")
    monkeypatch.setenv("BIAOSHI_RUN_DIR", str(tmp_path / "file/run"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert demo._keep(result) == tmp_path / "demo.html"
    (tmp_path / "demo.html").unlink()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "file"))
    with pytest.raises(OperatorError, match="BIAOSHI_RUN_DIR"):
        demo._keep(result)


@pytest.mark.long
def test_with_stay_network_and_console_are_there_until_ctrl_c(tmp_path: Path) -> None:
    story = "from biaoshi import demo; demo.run(duration_s=0.5, stay=True)"
    with subprocess.Popen(
        [sys.executable, "-u", "-c", story],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        env={**environment(), "TMPDIR": str(tmp_path), "BIAOSHI_RUN_DIR": str(tmp_path), "PYTHONUTF8": "1"},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as told:
        assert told.stdout is not None
        while "console 控制台: http" not in (line := told.stdout.readline()):
            assert told.poll() is None
        address = line.split()[-1].partition("#")[0]
        while not told.stdout.readline().startswith("Report"):
            assert told.poll() is None
        with urlopen(address + "api/network", timeout=10) as answer:
            assert json.load(answer)["network"] == "teaching"
        os.kill(told.pid, signal.SIGINT)
        told.stdout.read()
    assert told.returncode == -signal.SIGINT  # Python itself; `biaoshi demo` says 130
    with pytest.raises(OSError):
        urlopen(address, timeout=10)
    assert {file.name for file in tmp_path.iterdir()} == {demo.RESULT, demo.PAGE}


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (signal.SIGINT, 130),
        pytest.param(signal.SIGTERM, 143, marks=pytest.mark.long),
        pytest.param(signal.SIGKILL, -signal.SIGKILL, marks=pytest.mark.long),
    ],
)
def test_it_tidies_up_when_it_is_ended(tmp_path: Path, number: signal.Signals, code: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "biaoshi", "demo"],
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**environment(), "TMPDIR": str(tmp_path), "PYTHONUTF8": "1"},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as told:
        assert told.stdout is not None
        while not told.stdout.readline().startswith("== 2/5"):
            assert told.poll() is None
        [run_dir] = tmp_path.iterdir()
        state = json.loads((run_dir / "state.json").read_text())
        os.kill(told.pid, number)
        told.stdout.read()
    assert told.returncode == code
    assert wait_gone([supervisor_of(state), *processes_of(state)], GONE_S)
    if number != signal.SIGKILL:
        assert list(tmp_path.iterdir()) == []
