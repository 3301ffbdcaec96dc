"""`biaoshi fault` and `biaoshi node` on a running network: what goes wrong on purpose, seen, and taken away."""

import os
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import CommandLine

from nodes import network

pytestmark = pytest.mark.network

FILE = Path(__file__).parents[2] / "configs" / "teaching.toml"
ITEM = "88.118.8/JXDY2106023"


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("network")
    with network.running(FILE, folder, second_octet=network.free_second_octet(FILE)):
        yield folder


@pytest.fixture
def biaoshi(run_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    monkeypatch.setenv("BIAOSHI_RUN_DIR", str(run_dir))
    return CommandLine(capsys)


def ready(biaoshi: CommandLine) -> set[str]:
    """The nodes that are not."""
    return {node["name"] for node in biaoshi.json("network", "status")["nodes"] if not node["ready"]}


def test_faults_are_added_listed_felt_and_cleared(biaoshi: CommandLine) -> None:
    added = biaoshi.json("fault", "add", "delay", "--from", "client", "--to", "recursive", "--ms", "60")
    assert (added["id"], added["kind"], added["ms"]) == (1, "delay", 60)
    biaoshi("fault", "add", "partition", "--from", "enterprise-88.300.35")
    assert [fault["id"] for fault in biaoshi.json("fault", "list")] == [1, 2]
    assert "enterprise-88.300.35 <-> anybody" in biaoshi("fault", "list")
    assert biaoshi.json("resolve", ITEM)["elapsed_ms"] > 120
    assert biaoshi.json("fault", "clear", "1") == {"cleared": 1}
    assert biaoshi.json("fault", "clear") == {"cleared": 1}
    assert "nothing goes wrong" in biaoshi("fault", "list")
    assert biaoshi.json("resolve", ITEM)["elapsed_ms"] < 60


def test_a_fault_that_cannot_be_changes_nothing(biaoshi: CommandLine) -> None:
    assert "Did you mean root-1?" in biaoshi.refused("fault", "add", "drop", "--share", "0.1", "--to", "root-7", code=2)
    assert "fault.share" in biaoshi.refused("fault", "add", "drop", "--share", "2", code=2)
    assert "ID" in biaoshi.refused("fault", "clear", "9", code=2)
    assert biaoshi.json("fault", "list") == []


def test_a_stopped_node_is_not_ready_until_it_is_started(biaoshi: CommandLine) -> None:
    assert biaoshi.json("node", "stop", "secondary-88.118")["ready"] is False
    assert ready(biaoshi) == {"secondary-88.118"}
    assert "stopped already" in biaoshi.refused("node", "stop", "secondary-88.118", code=2)
    assert "Did you mean" in biaoshi.refused("node", "start", "secondary-88.11", code=2)
    assert biaoshi.json("node", "start", "secondary-88.118")["ready"] is True
    assert "runs already" in biaoshi.refused("node", "start", "secondary-88.118", code=2)
    assert ready(biaoshi) == set()
    assert biaoshi.json("resolve", "88.118.9/QH-21A-5034")["code"] == 1


def test_a_killed_node_that_shares_its_process_leaves_the_others_alone(biaoshi: CommandLine) -> None:
    killed = biaoshi.json("node", "kill", "root-1")
    assert killed["process_killed"] is False
    assert ready(biaoshi) == {"root-1"}
    assert biaoshi.json("node", "start", "root-1")["ready"] is True


def test_a_node_with_a_process_of_its_own_is_killed_with_it_and_comes_back_behind_its_faults(
    biaoshi: CommandLine,
) -> None:
    biaoshi("fault", "add", "delay", "--from", "client", "--to", "recursive-1", "--ms", "60")
    before = {node["name"]: node["pid"] for node in biaoshi.json("network", "status")["nodes"]}["recursive-1"]
    assert biaoshi.json("node", "kill", "recursive-1")["process_killed"] is True
    with pytest.raises(ProcessLookupError):
        os.kill(before, 0)
    assert biaoshi.refused("resolve", ITEM, code=3)
    started = biaoshi.json("node", "start", "recursive-1")
    assert started["ready"] is True
    assert started["pid"] not in (None, before)
    assert biaoshi.json("resolve", ITEM)["elapsed_ms"] > 120
    biaoshi("fault", "clear")


def test_a_process_that_was_ended_by_hand_is_started_with_all_its_nodes(biaoshi: CommandLine) -> None:
    nodes = biaoshi.json("network", "status")["nodes"]
    root = next(node for node in nodes if node["name"] == "root-1")
    os.kill(root["pid"], signal.SIGKILL)
    deadline = time.monotonic() + 10
    while "root-1" not in ready(biaoshi) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(ready(biaoshi)) == 8
    assert "its process has ended" in biaoshi.refused("node", "stop", "root-1", code=2)
    assert biaoshi.json("node", "start", "root-1")["ready"] is True
    assert ready(biaoshi) == set()


def test_no_page_of_a_browser_can_stop_a_node(biaoshi: CommandLine) -> None:
    page = biaoshi.json("network", "status")["nodes"][0]["metrics"].removesuffix("/metrics")
    for path in ("/node", "/faults"):
        sent = urllib.request.Request(f"{page}{path}", b"[]", {"Content-Type": "text/plain"})
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(sent)
        assert refused.value.code == 415
