"""Prometheus and Grafana: what is shipped is accepted, names only what is exposed, finds data in a network under load.

Debian's package prometheus has both programs; where they are missing, the tests that need them are skipped.
"""

import asyncio
import json
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from loadgen.exposition import LoadCollector
from nodes import network, state
from nodes.kinds import KINDS
from nodes.metrics import NodeCollector
from resolver.model.question import Question
from resolver.net.client import ask

REPO = Path(__file__).parents[2]
PROMETHEUS, DASHBOARDS = REPO / "configs" / "prometheus", REPO / "configs" / "grafana" / "dashboards"
TEACHING = REPO / "configs" / "teaching.toml"
HERE = Path(__file__).parent
DATA_LIMIT_S = 60.0
SUFFIXES = ("", "_total", "_bucket", "_sum", "_count", "_info")
LABELS = {
    "network", "process", "tier", "node", "transport", "opcode", "code", "cache", "outcome", "to_tier", "reason", "le",
    "job", "instance", "verdict", "alertname", "alertstate", "fault",
}  # fmt: skip
COMPARED = re.compile(r" (?P<sign>[<>]=?) (?P<mark>[0-9.]+)$")

needs_promtool = pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool (Debian: prometheus)")
needs_prometheus = pytest.mark.skipif(shutil.which("prometheus") is None, reason="prometheus (Debian: prometheus)")


def rules() -> list[dict[str, Any]]:
    files = sorted(PROMETHEUS.glob("*.rules.yml"))
    return [rule for file in files for group in yaml.safe_load(file.read_text())["groups"] for rule in group["rules"]]


def boards() -> dict[str, dict[str, Any]]:
    return {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in sorted(DASHBOARDS.glob("*.json"))}


def panel_expressions() -> Iterator[tuple[str, str]]:
    """Where it stands, and the expression with Grafana's variables filled in: every tier in turn, all nodes."""
    for name, board in boards().items():
        for panel in board["panels"]:
            for target in panel["targets"]:
                expression = target["expr"].replace("$__rate_interval", "1m").replace("$network", "teaching")
                for tier in KINDS if "$tier" in expression else [""]:
                    filled = expression.replace("$tier", tier).replace("$node", ".+")
                    yield f"{name}: {panel['title']} {target['refId']} {tier}", filled


def rule_expressions() -> Iterator[tuple[str, str]]:
    """An alert's comparison keeps what it compares, true or not: so it must find something to compare."""
    for rule in rules():
        expression = " ".join(rule["expr"].split())
        if "alert" in rule:
            assert COMPARED.search(expression), rule["alert"]
            expression = COMPARED.sub(r" \g<sign> bool \g<mark>", expression)
        yield rule.get("record") or rule["alert"], expression


def expressions() -> list[tuple[str, str]]:
    return [*rule_expressions(), *panel_expressions()]


@needs_promtool
def test_promtool_accepts_the_configuration_and_every_rule() -> None:
    done = subprocess.run(
        ["promtool", "check", "config", "--lint-fatal", PROMETHEUS / "prometheus.yml"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@needs_promtool
def test_alerts_fire_when_they_should_and_are_silent_otherwise() -> None:
    done = subprocess.run(
        ["promtool", "test", "rules", HERE / "alerts.test.yml"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_rules_and_panels_name_only_metrics_that_are_exposed_and_labels_that_hold_no_identifier() -> None:
    exposed = {metric.name for metric in NodeCollector([], version="", rim="").collect()}
    exposed |= {metric.name for metric in LoadCollector({}, 0, 0.0, 0).collect()}
    names = {name + suffix for name in exposed for suffix in SUFFIXES}
    names |= {rule["record"] for rule in rules() if "record" in rule} | {"up", "ALERTS"}
    names |= {f"process_{what}" for what in ("cpu_seconds_total", "resident_memory_bytes", "open_fds", "max_fds")}
    for place, expression in expressions():
        bare = re.sub(r'"[^"]*"', '""', expression)
        used = set(re.findall(r"(?<![\w:$])(?:[a-z]+:)?(?:biaoshi|process|up)\w*(?::\w+)?(?=[\s{\[)]|$)", bare))
        assert used - LABELS <= names, (place, used - names - LABELS)
        labels = set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)\s*\"", expression))
        for listed in re.findall(r"(?:by|on) \(([^)]*)\)", expression):
            labels |= {label.strip() for label in listed.split(",")}
        assert labels <= LABELS, place


def test_dashboards_are_told_apart_and_their_panels_too() -> None:
    made = boards()
    assert set(made) == {"nation", "tier", "node", "load"}
    assert len({board["uid"] for board in made.values()}) == len(made)
    for board in made.values():
        ids = [panel["id"] for panel in board["panels"]]
        assert len(set(ids)) == len(ids)
        places = [tuple(panel["gridPos"].values()) for panel in board["panels"]]
        assert len(set(places)) == len(places)
        assert all(place[0] + place[2] <= 24 for place in places)


def test_every_alert_says_what_to_do() -> None:
    for rule in rules():
        if "alert" in rule:
            assert rule["labels"]["severity"] in {"critical", "warning", "info"}
            assert set(rule["annotations"]) == {"summary", "description"}


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@contextmanager
def prometheus(folder: Path, running: state.State, load_port: int) -> Iterator[str]:
    """Debian's Prometheus with what is shipped, but that it looks every second; its address."""
    shutil.copytree(PROMETHEUS, folder / "prometheus")
    (folder / "prometheus" / "targets.json").write_text(json.dumps(state.targets(running)))
    config = folder / "prometheus" / "prometheus.yml"
    config.write_text(config.read_text().replace("interval: 5s", "interval: 1s").replace("9465", str(load_port)))
    port = free_port()
    with (folder / "prometheus.log").open("wb") as log:
        process = subprocess.Popen(
            [
                "prometheus", f"--config.file={config}", f"--storage.tsdb.path={folder / 'tsdb'}",
                f"--web.listen-address=127.0.0.1:{port}",
            ],
            stdout=log, stderr=log, cwd=folder,
        )  # fmt: skip
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


def query(address: str, expression: str) -> list[dict[str, Any]]:
    url = f"{address}/api/v1/query?" + urllib.parse.urlencode({"query": expression})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=10) as response:
        result: list[dict[str, Any]] = json.load(response)["data"]["result"]
    return result


def without_data(address: str, wanted: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Those of the expressions that give no number (NaN is none) at this moment."""
    try:
        return [
            (place, expression)
            for place, expression in wanted
            if all(series["value"][1] == "NaN" for series in query(address, expression))
        ]
    except OSError:  # it is still starting
        return wanted


@needs_prometheus
@pytest.mark.network
@pytest.mark.long
def test_every_expression_finds_data_in_a_network_under_load(tmp_path: Path) -> None:
    load_port = free_port()
    run_dir = tmp_path / "run"
    with network.running(TEACHING, run_dir, second_octet=network.free_second_octet(TEACHING)) as running:
        load = subprocess.Popen(
            [
                sys.executable, "-m", "biaoshi", "load", "--rate", "200", "--duration", "90s",
                "--metrics-port", str(load_port), "--run-dir", run_dir, "--out", tmp_path / "run.load",
            ],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=REPO,
        )  # fmt: skip
        try:
            with prometheus(tmp_path, running, load_port) as address:
                missing, deadline = expressions(), time.monotonic() + DATA_LIMIT_S
                while missing and time.monotonic() < deadline:
                    for node in running["nodes"]:  # the upper tiers too, which caches spare
                        ip, _, port = node["address"].rpartition(":")
                        asyncio.run(ask((ip, int(port)), Question(b"0.NA/88")))
                    time.sleep(0.5)
                    missing = without_data(address, missing)
                assert missing == []
                firing = query(address, 'ALERTS{alertstate="firing"}')
                assert [alert["metric"]["alertname"] for alert in firing] == []
        finally:
            load.terminate()
            load.wait(20)
