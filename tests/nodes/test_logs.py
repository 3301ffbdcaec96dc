"""What a network says of itself: every line in one form, and no secret in any of it."""

from __future__ import annotations

import base64
import json
import logging
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from biaoshi import cli
from nodes import network
from nodes.logs import logger

TEACHING = Path(__file__).parents[2] / "configs" / "teaching.toml"
ITEM, MADE = "88.118.8/JXDY2106023", "88.118.8/秘密不在此"
VALUE = "https://values-are-nobodys-business.example/"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The teaching network, with every request written down."""
    written = tmp_path_factory.mktemp("network") / "teaching.toml"
    text = TEACHING.read_text(encoding="utf-8")
    written.write_text(text.replace("[doors]", "[query_log]\none_in = 1\n\n[doors]"), encoding="utf-8")
    return written


@pytest.fixture(scope="module")
def run_dir(file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where a network has run: resolved, registered, refused, stopped and started."""
    folder = tmp_path_factory.mktemp("run")
    with network.running(file, folder, second_octet=network.free_second_octet(file)) as state:
        nodes = {node["name"]: node for node in state["nodes"]}
        enterprise = nodes["enterprise-88.118.8"]
        keys = folder / "data" / ".keys" / "administrators"
        wrong = folder / "wrong"
        wrong.write_text("a secret that is wrong")
        said(folder, "resolve", ITEM)
        said(folder, "register", MADE, "--value", f"URL={VALUE}")
        secret = ("--user", "301:0.NA/88.118.8", "--secret-file")
        said(folder, "register", f"{MADE}2", "--value", f"URL={VALUE}", *secret, str(keys / "88.118.8.secret"))
        said(folder, "register", f"{MADE}3", "--value", f"URL={VALUE}", *secret, str(wrong), code=1)
        said(folder, "delete", f"{MADE}2", "--session", "--encrypt")
        said(folder, "fault", "add", "delay", "--from", "client", "--ms", "1")
        said(folder, "fault", "clear")
        said(folder, "node", "stop", "secondary-88.300")
        said(folder, "node", "start", "secondary-88.300")
        said(folder, "network", "reload")
        for name, path in (("metrics", "/metrics"), ("monitor", "/monitor")):
            page = enterprise["metrics"].replace("/metrics", path)
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(page, timeout=10) as response:
                (folder / f"{name}.page").write_bytes(response.read())
    return folder


def said(run_dir: Path, *arguments: str, code: int = 0) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([*arguments, "--run-dir", str(run_dir)])
    assert (ended.value.code or 0) == code, arguments


def told(run_dir: Path) -> dict[str, bytes]:
    """All that the network has said, by where."""
    data = run_dir / "data"
    places = [
        *(run_dir / "logs").glob("*.log*"), *(data / ".audit").iterdir(), *(data / ".queries").iterdir(),
        *(data / ".monitoring").glob("*/*"), *run_dir.glob("*.page"),
    ]  # fmt: skip
    return {str(place.relative_to(run_dir)): place.read_bytes() for place in places}


def secrets_of(run_dir: Path) -> list[bytes]:
    """Everything secret that the network has, in the forms in which it could be told."""
    found: list[bytes] = [b"a secret that is wrong", VALUE.encode()]
    for secret in (run_dir / "data" / ".keys").rglob("*.secret"):
        octets = secret.read_bytes()
        found += [octets, octets.hex().encode(), base64.b64encode(octets)]
    for key in (run_dir / "data" / ".keys").rglob("*.pem"):
        body = [line for line in key.read_bytes().splitlines() if not line.startswith(b"-----")]
        found += body[1:4]  # the first says only what kind of key it is
    return [each for each in found if len(each) > 8]


@pytest.mark.network
def test_no_secret_and_no_value_is_in_anything_that_is_written_down(run_dir: Path) -> None:
    everything, secrets = told(run_dir), secrets_of(run_dir)
    assert {place.split("/")[0] for place in everything} == {"logs", "data", "metrics.page", "monitor.page"}
    assert len(secrets) > 60
    for place, octets in everything.items():
        assert not [secret for secret in secrets if secret in octets], place


@pytest.mark.network
def test_every_line_of_every_log_has_the_same_fields(run_dir: Path) -> None:
    logs = sorted((run_dir / "logs").glob("*.log"))
    assert {log.stem for log in logs} == {"authorities", "recursive", "supervisor"}
    for log in logs:
        lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
        assert lines
        for line in lines:
            assert {"timestamp", "level", "event", "process"} <= set(line), line
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", line["timestamp"])
            assert not re.search(r"127\.|88\.118\.8/", json.dumps(line)), "no address and no identifier"
        assert log.stem == "supervisor" or {line["process"] for line in lines} == {log.stem}


@pytest.mark.network
def test_the_query_log_has_each_request_with_its_identifier(run_dir: Path) -> None:
    lines = [
        json.loads(line)
        for log in (run_dir / "data" / ".queries").iterdir()
        for line in log.read_text(encoding="utf-8").splitlines()
    ]
    asked = {(line["node"], line["opcode"], line["handle"]) for line in lines}
    assert ("recursive-1", "RESOLUTION", ITEM) in asked
    assert ("enterprise-88.118.8", "RESOLUTION", ITEM) in asked
    assert ("enterprise-88.118.8", "CREATE_HANDLE", MADE) in asked
    assert {"time", "node", "transport", "source", "opcode", "handle", "code", "octets"} == set(lines[0])
    found = next(line for line in lines if line["node"].startswith("ent") and line["handle"] == ITEM)
    assert (found["code"], found["transport"]) == ("SUCCESS", "udp")


def test_what_a_library_says_has_the_same_form(capsys: pytest.CaptureFixture[str]) -> None:
    from nodes.logs import to_stderr

    handlers, level = logging.root.handlers[:], logging.root.level
    try:
        to_stderr("authorities")
        try:
            raise ValueError("on purpose")
        except ValueError:
            logging.getLogger("asyncio").exception("Exception in callback %s", "x")
        line: dict[str, Any] = json.loads(capsys.readouterr().err)
    finally:
        import structlog

        structlog.reset_defaults()
        logging.root.handlers[:] = handlers
        logging.root.setLevel(level)
    assert (line["event"], line["level"], line["logger"]) == ("Exception in callback x", "error", "asyncio")
    assert line["process"] == "authorities" and "on purpose" in line["exception"]


def test_a_line_about_another_process_names_that_one(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w", encoding="utf-8") as sink:
        written = logger(sink, "supervisor")
        written.info("stopping")
        written.error("process ended", process="recursive")
    lines = [json.loads(line) for line in (tmp_path / "log").read_text(encoding="utf-8").splitlines()]
    assert [line["process"] for line in lines] == ["supervisor", "recursive"]
