"""`biaoshi monitor`: the guide's 18 items of every secondary and enterprise node, held against the counters."""

from __future__ import annotations

import asyncio
import json
import math
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from biaoshi import cli
from nodes import network
from nodes.counters import DURATION_BOUNDS_S
from nodes.monitoring import DAY_ITEMS, EVENT_ITEMS
from nodes.monthly import MONTH_ITEMS
from resolver.model.question import Question
from resolver.net.client import ask

pytestmark = pytest.mark.network

FILE = Path(__file__).parents[2] / "configs" / "teaching.toml"
MONITORED = ("secondary", "enterprise")
TIMES = 40


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("network")
    with network.running(FILE, folder, second_octet=network.free_second_octet(FILE)):
        yield folder


class CommandLine:
    """Calls the command line in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def __call__(self, *arguments: str, code: int = 0) -> str:
        """What it printed; on stderr if it failed."""
        with pytest.raises(SystemExit) as ended:
            cli.main(arguments)
        printed = self.capsys.readouterr()
        assert (ended.value.code or 0) == code, printed.err
        return printed.err if code else printed.out

    def json(self, *arguments: str) -> Any:
        return json.loads(self(*arguments, "--json"))


@pytest.fixture
def biaoshi(run_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    monkeypatch.setenv("BIAOSHI_RUN_DIR", str(run_dir))
    return CommandLine(capsys)


def nodes_of(biaoshi: CommandLine) -> list[dict[str, Any]]:
    return [node for node in biaoshi.json("network", "status")["nodes"] if node["tier"] in MONITORED]


def metrics_of(nodes: list[dict[str, Any]]) -> dict[str, Counter[str]]:
    """What the metrics page says of each node: resolutions, registrations, observations, their sum, the buckets."""
    read: dict[str, Counter[str]] = {}
    for page in {node["metrics"] for node in nodes}:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(page, timeout=10) as response:
            families = list(text_string_to_metric_families(response.read().decode()))
        for sample in (sample for family in families for sample in family.samples):
            figures = read.setdefault(sample.labels.get("node", ""), Counter())
            if sample.name == "biaoshi_requests_total":
                figures[sample.labels["opcode"]] += int(sample.value)
                if (sample.labels["opcode"], sample.labels["code"]) == ("CREATE_HANDLE", "SUCCESS"):
                    figures["registered"] += int(sample.value)
            elif sample.name.startswith("biaoshi_request_duration_seconds"):
                figures[sample.name.rpartition("_")[2] + sample.labels.get("le", "")] = sample.value  # type: ignore[assignment]
    return read


async def keep_busy(node: dict[str, Any]) -> None:
    """Ask a node itself: over UDP, again (the rim answers that), over TCP, and for what is not there."""
    ip, _, port = node["address"].rpartition(":")
    handle = (node["sample"] or f"0.NA/{node['prefixes'][0]}").encode()
    for number in range(TIMES):
        await ask((ip, int(port)), Question(handle if number % 4 else f"{node['prefixes'][0]}/no{number}".encode()))
    await ask((ip, int(port)), Question(handle), tcp=True)


def test_the_18_items_are_there_for_every_secondary_and_enterprise_node_and_equal_the_counters(
    biaoshi: CommandLine,
) -> None:
    nodes = nodes_of(biaoshi)
    assert {node["tier"] for node in nodes} == set(MONITORED)
    before = metrics_of(nodes)
    for node in nodes:
        asyncio.run(keep_busy(node))
        register(biaoshi, node)
        biaoshi("node", "stop", node["name"])
        biaoshi("node", "start", node["name"])
    after = metrics_of(nodes)
    told = {each["node"]: each for each in biaoshi.json("monitor")["nodes"]}
    for node in nodes:
        name, items = node["name"], told[node["name"]]
        counted = after[name] - before.get(name, Counter())
        for key in DAY_ITEMS:
            assert items[key] is not None, (name, key)
        assert items["resolutions"] == after[name]["RESOLUTION"] >= counted["RESOLUTION"] >= TIMES + 1, name
        assert items["registrations"] == after[name]["registered"] >= 1, name
        assert items["resolution_latency_min_ms"] <= items["resolution_latency_avg_ms"]
        assert items["resolution_latency_avg_ms"] <= items["resolution_latency_max_ms"]
        assert items["registration_latency_min_ms"] <= items["registration_latency_avg_ms"]
        assert 1 <= items["resolutions_per_second_max"] <= items["resolutions"]
        # Of all that the histogram has seen, resolutions and registrations are a part, and none is beyond its buckets.
        taken_ms = items["resolutions"] * items["resolution_latency_avg_ms"]
        taken_ms += items["registrations"] * items["registration_latency_avg_ms"]
        assert taken_ms <= after[name]["sum"] * 1_000 * (1 + 1e-9), name
        longest_ms = max(items["resolution_latency_max_ms"], items["registration_latency_max_ms"])
        bound = next((b for b in DURATION_BOUNDS_S if longest_ms / 1_000 <= b), math.inf)
        assert bound is math.inf or after[name][f"bucket{bound}"] >= items["resolutions"] + items["registrations"]
        kinds = [event["kind"] for event in items["events"]]
        assert kinds == ["fault", "recovered"], name
        for event in items["events"]:
            assert set(EVENT_ITEMS) <= set(event)
            assert all(event[key] is not None for key in EVENT_ITEMS if key != "related_id")
        assert items["events"][1]["related_id"] == items["events"][0]["id"]


def register(biaoshi: CommandLine, node: dict[str, Any]) -> None:
    """Register something new that this very server stores."""
    prefix = node["prefixes"][-1]
    for number in range(20):  # a site of several servers shares handles by hash
        before = metrics_of([node])[node["name"]]["registered"]
        biaoshi("register", f"{prefix}/{node['name']}-{number}", "--value", "URL=https://x.example/")
        if metrics_of([node])[node["name"]]["registered"] > before:
            return
    raise AssertionError("none of twenty was for this server")


def test_of_a_node_that_only_resolved_the_figures_are_those_of_the_histogram(biaoshi: CommandLine) -> None:
    root = next(node for node in biaoshi.json("network", "status")["nodes"] if node["tier"] == "root")
    asyncio.run(keep_busy({**root, "prefixes": ["0.NA"], "sample": "0.NA/88"}))
    told = biaoshi.json("monitor", "--node", "root-1")["nodes"][0]
    counted = metrics_of([root])["root-1"]
    assert {key for key, times in counted.items() if key.isupper() and times} == {"RESOLUTION"}
    assert told["resolutions"] == counted["RESOLUTION"] == counted["count"] >= TIMES + 1
    taken_ms = told["resolutions"] * told["resolution_latency_avg_ms"]
    assert taken_ms == pytest.approx(counted["sum"] * 1_000, rel=1e-9)


def test_people_see_a_line_a_node_all_items_of_one_and_the_month(biaoshi: CommandLine) -> None:
    day = biaoshi.json("monitor")["day"]
    lines = biaoshi("monitor")
    assert all(node["name"] in lines for node in nodes_of(biaoshi)) and "never to be added up" in lines
    biaoshi("node", "stop", "national-88")
    biaoshi("node", "start", "national-88")
    whole = biaoshi("monitor", "--node", "national-88", "--day", day)
    assert all(chinese in whole for _, chinese in DAY_ITEMS.values())
    assert "fault 故障" in whole and "recovered 恢复" in whole
    monthly = biaoshi.json("monitor", "--month", day[:7])
    assert {node["name"] for node in nodes_of(biaoshi)} <= {each["node"] for each in monthly["nodes"]}
    for each in monthly["nodes"]:
        assert set(MONTH_ITEMS) <= set(each)
        assert 0 < each["sla_percent"] <= 100
        assert each["downtime_s"] > 0 or each["emergencies"] == 0
    assert "服务可用率" in biaoshi("monitor", "--month", day[:7])
    assert "nothing is kept" in biaoshi("monitor", "--day", "2020-02-02")


def test_what_cannot_be_shown_is_refused_with_a_remedy(biaoshi: CommandLine, tmp_path: Path) -> None:
    assert "Did you mean secondary-88.118?" in biaoshi("monitor", "--node", "secondary-88.11", code=2)
    assert "2026-11-25" in biaoshi("monitor", "--day", "yesterday", code=2)
    assert "2026-11" in biaoshi("monitor", "--month", "2026-13", code=2)
    assert "not both" in biaoshi("monitor", "--month", "2026-11", "--day", "2026-11-01", code=2)
    assert "network up" in biaoshi("monitor", "--run-dir", str(tmp_path), code=3)


def test_a_prefix_that_is_approved_and_homed_shows_how_long_that_took(biaoshi: CommandLine, tmp_path: Path) -> None:
    values = tmp_path / "values.json"
    values.write_text(json.dumps(biaoshi.json("resolve", "0.NA/88.118.8", "--type", "HS_SITE")["values"]))
    biaoshi("register", "0.NA/88.118.77", "--values", str(values))
    biaoshi("home", "88.118.77", "--node", "enterprise-88.118.8")
    month = biaoshi.json("monitor")["day"][:7]
    reports = {each["node"]: each for each in biaoshi.json("monitor", "--month", month)["nodes"]}
    assert 0 <= reports["enterprise-88.118.8"]["approval_to_resolvable_s"] < 60
    assert reports["secondary-88.118"]["approval_to_resolvable_s"] is None  # it approved, and homes nothing new
