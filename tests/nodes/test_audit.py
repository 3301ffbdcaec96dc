"""The audit's file: for its owner's eyes, a line at a time, bounded, and never a reason to stop."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from nodes.audit import AuditLog


def entry(number: int) -> dict[str, object]:
    return {"node": "n", "opcode": "CREATE_HANDLE", "handle": f"88.1/产品{number}", "wrote": True}


def test_each_line_is_a_json_document_with_its_time(tmp_path: Path) -> None:
    file = tmp_path / ".audit" / "authorities.log"
    log = AuditLog(file)
    assert not file.exists()  # a process that only answers has none
    for number in range(3):
        log(entry(number))
    log.close()
    log(entry(3))  # goes on in the same file
    log.close()
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [line["handle"] for line in lines] == [f"88.1/产品{number}" for number in range(4)]
    assert all(line["time"].endswith("Z") for line in lines)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_what_is_full_becomes_the_one_before(tmp_path: Path) -> None:
    file = tmp_path / "a.log"
    log = AuditLog(file, octets_max=2_000)
    for number in range(60):
        log(entry(number))
    log.close()
    before = file.with_name("a.log.1")
    assert file.stat().st_size <= 2_000 and before.stat().st_size <= 2_000
    assert {each.name for each in tmp_path.iterdir()} == {"a.log", "a.log.1"}
    last = json.loads(file.read_text(encoding="utf-8").splitlines()[-1])
    first = json.loads(file.read_text(encoding="utf-8").splitlines()[0])
    ended = json.loads(before.read_text(encoding="utf-8").splitlines()[-1])
    number = int(str(first["handle"]).removeprefix("88.1/产品"))
    assert last["handle"] == "88.1/产品59" and ended["handle"] == f"88.1/产品{number - 1}"


def test_a_node_goes_on_without_an_audit_and_says_so_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in the way").write_text("a file")
    log = AuditLog(tmp_path / "in the way" / "a.log")
    for number in range(3):
        log(entry(number))
    assert capsys.readouterr().out.count("the audit cannot be written") == 1
