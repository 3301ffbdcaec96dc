"""The teaching network as its users meet it: up, status, resolve, targets, down. Real nodes on loopback."""

import asyncio
import json
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import CommandLine

from nodes import network
from nodes.config import load_network
from nodes.state import keys_folder
from resolver.model.question import Question
from resolver.net.client import ask
from resolver.rules import keys

pytestmark = pytest.mark.network

FILE = Path(__file__).parents[2] / "configs" / "teaching.toml"
WAY_DOWN = ["recursive-1", "root-1", "national-88", "secondary-88.118", "enterprise-88.118.8"]
NODE_KEYS = {
    "name", "tier", "prefixes", "address", "http", "dns", "metrics", "pid", "ready", "records", "sample"
}  # fmt: skip
HOP_KEYS = {"at_ms", "from", "to", "address", "transport", "question", "code", "referral", "octets"}


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A run directory with the teaching network in it."""
    folder = tmp_path_factory.mktemp("network")
    with network.running(FILE, folder, second_octet=network.free_second_octet(FILE)):
        yield folder


@pytest.fixture
def biaoshi(
    run_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator["CommandLine"]:
    monkeypatch.setenv("BIAOSHI_RUN_DIR", str(run_dir))
    yield CommandLine(capsys)


def requests_by_node(pages: set[str]) -> dict[str, int]:
    """biaoshi_requests_total of each node, over all its other labels."""
    counts: dict[str, int] = {}
    for page in pages:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(page, timeout=5) as response:
            for line in response.read().decode().splitlines():
                if line.startswith("biaoshi_requests_total{"):
                    node = re.search(r'node="([^"]+)"', line)
                    assert node is not None
                    counts[node[1]] = counts.get(node[1], 0) + int(float(line.rpartition(" ")[2]))
    return counts


def test_status_is_the_contracts_document(biaoshi: CommandLine) -> None:
    document = biaoshi.json("network", "status")
    assert (document["network"], document["file"], document["ready"]) == ("teaching", str(FILE), True)
    assert [node["name"] for node in document["nodes"] if not node.keys() >= NODE_KEYS or not node["ready"]] == []
    assert {node["tier"] for node in document["nodes"]} == {"root", "national", "secondary", "enterprise", "recursive"}


def test_status_for_people_names_every_node_and_its_address(biaoshi: CommandLine) -> None:
    nodes = biaoshi.json("network", "status")["nodes"]
    table = biaoshi("network", "status")
    assert all(node["name"] in table and node["address"] in table for node in nodes)


def test_every_sample_is_answered_by_the_very_node_that_names_it(biaoshi: CommandLine) -> None:
    for node in biaoshi.json("network", "status")["nodes"]:
        if node["sample"] is not None:
            for way in ((), ("--tcp",)):
                answer = biaoshi.json("resolve", node["sample"], "--server", node["address"], *way)
                assert (answer["code"], answer["source"], answer["trace"][0]["to"]) == (1, "authority", node["name"])


def test_a_cold_resolution_goes_down_the_tiers_and_each_counts_one_request(biaoshi: CommandLine) -> None:
    pages = {node["metrics"] for node in biaoshi.json("network", "status")["nodes"]}
    before = requests_by_node(pages)
    cold = biaoshi.json("resolve", "88.118.8/JXDY2101056")
    after = requests_by_node(pages)
    assert [hop["to"] for hop in cold["trace"]] == WAY_DOWN
    assert [hop["from"] for hop in cold["trace"]] == ["client"] + ["recursive-1"] * 4
    assert [hop["referral"] is not None for hop in cold["trace"]] == [False, True, True, False, False]
    assert all(hop.keys() >= HOP_KEYS for hop in cold["trace"])
    assert (cold["code_name"], cold["source"]) == ("SUCCESS", "authority")
    grown = {name: count - before.get(name, 0) for name, count in after.items() if count != before.get(name, 0)}
    assert grown == dict.fromkeys(WAY_DOWN, 1)

    warm = biaoshi.json("resolve", "88.118.8/JXDY2101056")
    assert ([hop["to"] for hop in warm["trace"]], warm["source"]) == (["recursive-1"], "cache")
    assert [value["data"] for value in warm["values"]] == [value["data"] for value in cold["values"]]
    assert [event["outcome"] for event in warm["trace"][0]["cache"]] == ["hit"]


@pytest.mark.parametrize(
    ("drawing", "first"),
    [("text", "resolution 解析: 88.118.9/"), ("mermaid", "sequenceDiagram"), ("html", "<!doctype html>")],
)
def test_a_trace_is_drawn_in_every_form(biaoshi: CommandLine, drawing: str, first: str) -> None:
    sample = next(
        node["sample"] for node in biaoshi.json("network", "status")["nodes"] if node["name"] == "secondary-88.118"
    )
    printed = biaoshi("resolve", sample, "--trace", "--trace-format", drawing)
    assert printed.startswith(first) and "recursive-1" in printed


def test_types_and_indexes_choose_values(biaoshi: CommandLine) -> None:
    whole = biaoshi.json("resolve", "88.118.8/JXDY2106023")["values"]
    chosen = biaoshi.json("resolve", "88.118.8/JXDY2106023", "--type", "url", "--index", "2000", "--authoritative")
    assert chosen["values"] == [value for value in whole if value["type"] == "URL" or value["index"] == 2000]


def test_what_is_not_there_is_exit_code_1(biaoshi: CommandLine) -> None:
    assert biaoshi.json("resolve", "88.118.8/NOTHING-OF-THE-KIND", code=1)["code_name"] == "HANDLE_NOT_FOUND"
    assert biaoshi.json("resolve", "88.118.8/JXDY2106023", "--type", "FAX", code=1)["code_name"] == "VALUES_NOT_FOUND"


def test_a_server_asked_about_somebody_elses_prefix_refers(biaoshi: CommandLine) -> None:
    nodes = {node["name"]: node["address"] for node in biaoshi.json("network", "status")["nodes"]}
    answer = biaoshi.json("resolve", "0.NA/88.118.8", "--server", nodes["root-1"], code=1)
    assert answer["code_name"] == "PREFIX_REFERRAL"
    assert answer["trace"][0]["referral"] == nodes["national-88"]


@pytest.mark.parametrize("way", [(), ("--tcp",)])
def test_a_server_that_is_not_there_is_exit_code_3(biaoshi: CommandLine, way: tuple[str, ...]) -> None:
    octet = biaoshi.json("network", "status")["second_octet"]
    assert biaoshi("resolve", "88.118.8/x", "--server", f"127.{octet}.9.9", *way, code=3) == ""


def test_every_node_signs_with_the_key_that_its_sites_tell(biaoshi: CommandLine, run_dir: Path) -> None:
    plan = load_network(FILE, keys=keys_folder(run_dir))
    addresses = {node["name"]: node["address"] for node in biaoshi.json("network", "status")["nodes"]}
    for node in plan.nodes:
        ip, _, port = addresses[node.name].rpartition(":")
        key = keys.public_key(node.site.servers[node.server_number].public_key)
        certified = asyncio.run(ask((ip, int(port)), Question(b"88.118.8/JXDY2106023"), key=key))
        assert certified.message.credential is not None


def test_targets_name_every_metrics_page_once(biaoshi: CommandLine) -> None:
    groups = json.loads(biaoshi("network", "targets"))
    pages = {node["metrics"] for node in biaoshi.json("network", "status")["nodes"]}
    assert sorted(f"http://{target}/metrics" for group in groups for target in group["targets"]) == sorted(pages)
    assert all(group["labels"]["network"] == "teaching" for group in groups)


def test_up_and_down_from_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    biaoshi, octet = CommandLine(capsys), str(network.free_second_octet(FILE))
    run_dir = tmp_path / "run"
    up = ("network", "up", str(FILE), "--second-octet", octet, "--run-dir", str(run_dir))
    try:
        assert "is up: 9 nodes" in biaoshi(*up)
        biaoshi(*up, code=2)
        clash = (*up[:-1], str(tmp_path / "another"))
        biaoshi(*clash, code=2)
        assert not (tmp_path / "another").exists()
    finally:
        assert "is down" in biaoshi("network", "down", "--run-dir", str(run_dir))
    biaoshi("network", "down", "--run-dir", str(run_dir), code=3)
    assert sorted(entry.name for entry in run_dir.iterdir()) == ["data", "logs"]
