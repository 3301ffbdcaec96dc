"""import, export and store as people call them, with the teaching network running and without."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import CommandLine

from nodes import network
from nodes.state import read_state

TEACHING = Path(__file__).parents[2] / "configs" / "teaching.toml"
NODE = "enterprise-88.118.8"


@pytest.fixture
def biaoshi(capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(capsys)


@pytest.fixture
def offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run directory in which nothing runs."""
    monkeypatch.setenv("BIAOSHI_RUN_DIR", str(tmp_path / "run"))
    return tmp_path


def catalogue(folder: Path, count: int = 30, name: str = "items.csv", data: str = "d") -> Path:
    file = folder / name
    rows = "".join(f"88.118.8/IMPORTED-{number:05},{data}{number},标识\n" for number in range(count))
    file.write_text("handle,URL,NAME:2000\n" + rows, encoding="utf-8")
    return file


# ---- nothing runs ----------------------------------------------------------------------------------------------------


def test_an_import_tells_what_became_of_the_records(biaoshi: CommandLine, offline: Path) -> None:
    file = str(catalogue(offline))
    first = biaoshi.json("import", file, "--node", NODE, "--network", str(TEACHING))
    assert first.items() >= {
        "node": NODE, "network": "teaching", "file": file, "running": False, "durable": True, "complete": True,
        "resumed_at_line": None, "records": 30, "new": 30, "changed": 0, "unchanged": 0, "elsewhere": 0, "batches": 1,
        "line": 31,
    }.items()  # fmt: skip
    again = biaoshi.json("import", file, "--node", NODE)
    assert (again["new"], again["unchanged"]) == (0, 30)
    catalogue(offline, data="other")
    assert biaoshi("import", file, "--node", NODE).startswith(
        f"30 records at {NODE}: 0 new, 30 changed, 0 unchanged; 1 batches, "
    )


def test_batches_are_reported_as_they_reach_the_disk(biaoshi: CommandLine, offline: Path) -> None:
    file = str(catalogue(offline, 10_500))
    lines = biaoshi("import", file, "--node", NODE, "--network", str(TEACHING), "--report-batches").splitlines()
    reports = [json.loads(line) for line in lines]
    assert [(each["batches"], each["records"], each["line"]) for each in reports[:-1]] == [
        (1, 10_000, 10_001),
        (2, 10_500, 10_501),
    ]
    assert reports[-1]["complete"]
    biaoshi("import", file, "--node", NODE, "--report-batches", "--json", code=2)


def test_what_was_imported_is_exported_and_goes_in_again(biaoshi: CommandLine, offline: Path) -> None:
    biaoshi("import", str(catalogue(offline)), "--node", NODE, "--network", str(TEACHING))
    for name in ("out.jsonl", "out2.jsonl"):
        assert biaoshi("export", "--node", NODE, "--out", str(offline / name)) == ""
        again = biaoshi.json("import", str(offline / "out.jsonl"), "--node", NODE)
        assert again["unchanged"] == again["records"] > 30
    assert (offline / "out.jsonl").read_bytes() == (offline / "out2.jsonl").read_bytes()
    handles = [json.loads(line)["handle"] for line in (offline / "out.jsonl").read_text().splitlines()]
    assert handles == sorted(handles)
    assert "88.118.8/IMPORTED-00007" in handles


def test_csv_is_exported_where_it_can_say_everything(biaoshi: CommandLine, offline: Path) -> None:
    biaoshi("import", str(catalogue(offline)), "--node", NODE, "--network", str(TEACHING))
    assert biaoshi("export", "--node", NODE, "--format", "csv", code=2) == ""
    assert "Use --format jsonl" in biaoshi.err
    rows = (
        catalogue(offline, name="hosted.csv").read_text().replace("88.118.8/", "88.118.9/").replace("NAME", "PRODUCT")
    )
    (offline / "hosted.csv").write_text(rows)
    biaoshi("import", str(offline / "hosted.csv"), "--node", "secondary-88.118", "--network", str(TEACHING))
    biaoshi("export", "--node", "secondary-88.118", "--out", str(offline / "hosted-out.csv"))
    assert "88.118.9/IMPORTED-00007" in (offline / "hosted-out.csv").read_text()
    again = biaoshi.json("import", str(offline / "hosted-out.csv"), "--node", "secondary-88.118")
    assert again["unchanged"] == again["records"] > 30


REFUSED = {
    "a foreign handle": ("handle,URL\n88.118.8/A,u\n88.1/B,u\n", r":3: handle: does not live at enterprise-88.118.8"),
    "a column without type": ("handle,URL,:2\n", r":1: column 3: neither a type nor type:index"),
    "a control character": ("handle,URL\n88.118.8/A\x07,u\n", r":2: handle: holds a control character"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_row_that_cannot_be_is_named_and_nothing_of_its_batch_goes_in(
    case: str, biaoshi: CommandLine, offline: Path
) -> None:
    text, problem = REFUSED[case]
    (offline / "bad.csv").write_text(text)
    arguments = ("import", str(offline / "bad.csv"), "--node", NODE, "--network", str(TEACHING))
    document = biaoshi.json(*arguments, code=2)
    assert (document["complete"], document["records"], document["line"]) == (False, 0, 0)
    assert f"bad.csv{problem}" in biaoshi.err
    assert "the same command goes on from there" in biaoshi.err


def test_what_cannot_be_imported_or_exported_says_what_to_do(biaoshi: CommandLine, offline: Path) -> None:
    file = str(catalogue(offline))
    biaoshi("import", file, "--node", NODE, code=2)
    assert "--network configs/teaching.toml" in biaoshi.err
    biaoshi("import", file, "--node", "national-88", "--network", str(TEACHING), code=2)
    assert "takes no items" in biaoshi.err
    biaoshi("import", str(offline / "none.csv"), "--node", NODE, "--network", str(TEACHING), code=2)
    assert "none.csv: cannot be read" in biaoshi.err
    biaoshi("export", "--node", "enterprise-88.300.35", code=2)
    assert "holds no store" in biaoshi.err
    biaoshi("export", "--node", NODE, "--format", "xml", code=2)
    assert "Say jsonl or csv" in biaoshi.err


def test_an_importer_that_is_killed_is_continued_from_its_last_report(offline: Path, biaoshi: CommandLine) -> None:
    file = catalogue(offline, 60_000)
    arguments = ["import", str(file), "--node", NODE, "--network", str(TEACHING)]
    process = subprocess.Popen(
        [sys.executable, "-m", "biaoshi", *arguments, "--report-batches"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=TEACHING.parents[1],
        env=dict(os.environ),
    )
    assert process.stdout is not None
    told = json.loads(process.stdout.readline())
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    rest = biaoshi.json(*arguments)
    assert rest["complete"]
    assert rest["resumed_at_line"] is None or rest["resumed_at_line"] > told["line"]
    biaoshi("export", "--node", NODE, "--out", str(offline / "out.jsonl"))
    found = [line for line in (offline / "out.jsonl").read_text().splitlines() if "IMPORTED" in line]
    assert len(found) == 60_000


def test_a_store_is_checked_backed_up_and_put_back(biaoshi: CommandLine, offline: Path) -> None:
    biaoshi("import", str(catalogue(offline)), "--node", NODE, "--network", str(TEACHING))
    checked = biaoshi.json("store", "check", NODE)
    assert (checked["owner"], checked["faults"]) == (NODE, [])
    backup = str(offline / "backup")
    assert biaoshi.json("store", "backup", NODE, backup)["records"] == checked["records"]
    assert "whole" in biaoshi("store", "check", backup)
    biaoshi("store", "backup", NODE, backup, code=2)
    biaoshi("store", "restore", backup, NODE, code=2)
    assert "--force" in biaoshi.err
    file = offline / "run" / "data" / NODE / "data.mdb"
    file.write_bytes(file.read_bytes().replace(b"d17", b"d18"))
    assert "damaged: " in biaoshi("store", "check", NODE, code=4)
    biaoshi("export", "--node", NODE, code=4)
    biaoshi("import", str(catalogue(offline)), "--node", NODE, code=4)
    assert "biaoshi store restore" in biaoshi.err
    assert f"{checked['records']} records" in biaoshi("store", "restore", backup, NODE, "--force")
    assert biaoshi.json("store", "check", str(file.parent))["records"] == checked["records"]
    biaoshi("store", "check", "enterprise-88.300.35", code=2)


# ---- the network runs ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("network")
    with network.running(TEACHING, folder, second_octet=network.free_second_octet(TEACHING)):
        yield folder


@pytest.fixture
def online(run_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BIAOSHI_RUN_DIR", str(run_dir))
    return run_dir


def values(biaoshi: CommandLine, handle: str, address: str) -> list[str]:
    document = biaoshi.json("resolve", handle, "--server", address, code=0)
    return [value["data"]["value"] for value in document["values"]]


@pytest.mark.network
def test_a_running_node_answers_what_was_imported_at_once(biaoshi: CommandLine, online: Path, tmp_path: Path) -> None:
    address = next(node["address"] for node in read_state(online)["nodes"] if node["name"] == NODE)
    before = {node["name"]: node["records"] for node in biaoshi.json("network", "status")["nodes"]}
    assert biaoshi.json("resolve", "88.118.8/imported-00003", "--server", address, code=1)["code"] == 100
    imported = biaoshi.json("import", str(catalogue(tmp_path)), "--node", NODE)
    assert (imported["running"], imported["durable"], imported["new"]) == (True, True, 30)
    assert values(biaoshi, "88.118.8/imported-00003", address) == ["d3", "标识"]
    after = {node["name"]: node["records"] for node in biaoshi.json("network", "status")["nodes"]}
    assert after == {**before, NODE: before[NODE] + 30}
    biaoshi("import", str(catalogue(tmp_path, data="other")), "--node", NODE, "--network", str(TEACHING))
    assert values(biaoshi, "88.118.8/imported-00003", address) == ["other3", "标识"]


@pytest.mark.network
def test_a_running_nodes_store_is_exported_checked_and_copied(
    biaoshi: CommandLine, online: Path, tmp_path: Path
) -> None:
    biaoshi("import", str(catalogue(tmp_path, name="more.csv")), "--node", NODE)
    assert biaoshi("export", "--node", NODE).count("IMPORTED") == 30
    records = biaoshi.json("store", "check", NODE)["records"]
    assert biaoshi.json("store", "backup", NODE, str(tmp_path / "backup"))["records"] == records
    biaoshi("store", "restore", str(tmp_path / "backup"), NODE, "--force", code=4)
    assert "another writer has this store open" in biaoshi.err


@pytest.mark.network
def test_a_running_network_is_not_taken_for_another(biaoshi: CommandLine, online: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text(TEACHING.read_text())
    biaoshi("import", str(catalogue(tmp_path)), "--node", NODE, "--network", str(other), code=2)
    assert "is not the file that is up" in biaoshi.err
    biaoshi("import", str(catalogue(tmp_path)), "--node", "enterprise-88", code=2)
    biaoshi("export", "--node", "enterprise-88", code=2)


@pytest.mark.network
def test_the_page_takes_batches_from_nobody_who_was_not_meant_to_send_them(online: Path) -> None:
    from http.client import HTTPConnection
    from urllib.parse import urlsplit

    from nodes.registry import CONTENT_TYPE, Batch

    page = urlsplit(next(node["metrics"] for node in read_state(online)["nodes"] if node["name"] == NODE))
    body = Batch(1, [], {}).packed()

    def post(path: str, body: bytes, headers: dict[str, str]) -> int:
        connection = HTTPConnection(page.hostname or "", page.port, timeout=5)
        connection.request("POST", path, body, headers)
        status = connection.getresponse().status
        connection.close()
        return status

    good = {"Content-Type": CONTENT_TYPE}
    assert post(f"/registry?node={NODE}", body, good) == 200
    assert post(f"/registry?node={NODE}", body, {"Content-Type": "text/plain"}) == 415
    assert post(f"/registry?node={NODE}", body, good | {"Host": "evil.example:80"}) == 415
    assert post("/registry?node=nobody", body, good) == 404
    assert post(f"/registry?node={NODE}", b"\xc1", good) == 400
    assert post(f"/registry?node={NODE}", b"x" * (17 << 20), good) == 413


@pytest.mark.network
@pytest.mark.long
def test_imports_outlive_a_restart_and_a_network_in_memory_is_served_through_its_process(
    biaoshi: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "memory.toml"
    text = TEACHING.read_text().replace('"catalogues/', f'"{TEACHING.parent}/catalogues/')
    file.write_text('store = "memory"\n' + text)
    monkeypatch.setenv("BIAOSHI_RUN_DIR", str(tmp_path / "run"))
    with network.running(file, tmp_path / "run", second_octet=network.free_second_octet(file)):
        document = biaoshi.json("import", str(catalogue(tmp_path, 2_500)), "--node", NODE)
        assert (document["running"], document["durable"]) == (True, False)
        assert "end with its process" in biaoshi("import", str(catalogue(tmp_path, 2_500)), "--node", NODE)
        assert biaoshi("export", "--node", NODE).count('"handle": "88.118.8/IMPORTED') == 2_500
    biaoshi("export", "--node", NODE, code=2)
    file.write_text(text)
    row = tmp_path / "row.csv"
    row.write_text("handle,URL\n88.118.8/JXDY2106023,https://imported.example\n")
    biaoshi("import", str(row), "--node", NODE, "--network", str(file))
    with network.running(file, tmp_path / "run", second_octet=network.free_second_octet(file)):
        assert [value["data"]["value"] for value in biaoshi.json("resolve", "88.118.8/JXDY2106023")["values"]] == [
            "https://imported.example"
        ]
