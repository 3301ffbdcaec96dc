"""`biaoshi config`: what it prints, and the exit code and words of a refusal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from biaoshi.cli import main

TEACHING = Path(__file__).parents[2] / "configs" / "teaching.toml"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    printed = capsys.readouterr()
    return int(ended.value.code or 0), printed.out, printed.err


def test_check_shows_a_line_for_every_node(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "config", "check", str(TEACHING))
    assert (code, err) == (0, "")
    title, headings, *rows = out.splitlines()
    assert "9 nodes in 2 processes" in title
    assert headings.split()[::2][:3] == ["NODE", "TIER", "ADDRESS"]
    assert [row.split()[0] for row in rows][-1] == "recursive-1"
    assert len(rows) == 9


def test_check_prints_exactly_one_json_document(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "config", "check", str(TEACHING), "--second-octet", "90", "--json")
    assert (code, err) == (0, "")
    document = json.loads(out)
    assert (document["network"], document["file"]) == ("teaching", str(TEACHING))
    hosted = document["nodes"][2]
    assert (hosted["name"], hosted["prefixes"]) == ("secondary-88.118", ["88.118", "88.118.9"])
    assert hosted["address"] == "127.90.3.1:2641"
    assert hosted["records"] == 253


def test_a_refusal_is_one_line_on_stderr_and_exit_code_2(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "net.toml"
    file.write_text('[[nodes]]\nname = "r"\ntier = "root"\nprefixs = []\n')
    code, out, err = run(capsys, "config", "check", str(file), "--json")
    assert (code, out) == (2, "")
    assert err == f"biaoshi: {file}: nodes[0].prefixs: unknown key (value: []). Did you mean prefixes?\n"


def test_the_schema_is_one_json_document(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "config", "schema")
    assert (code, err) == (0, "")
    assert json.loads(out)["properties"]["nodes"]["description"].startswith("The nodes")
