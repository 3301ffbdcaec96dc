"""`biaoshi decode` and `encode`, as one calls them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import recorded
from typer.testing import CliRunner, Result

from biaoshi.cli import app

PACKETS = recorded.packets()
REQUEST = PACKETS["resolution_by_index_and_type"]
RUNNER = CliRunner()


def run(*arguments: str, given: str | bytes = "") -> Result:
    return RUNNER.invoke(app, list(arguments), input=given)


def everything() -> list[bytes]:
    parts = [part for parts in recorded.fragment_sets().values() for part in parts]
    return [*PACKETS.values(), *parts, *(packet for _, packet in recorded.frames())]


def test_a_packet_is_explained_line_by_line() -> None:
    result = run("decode", REQUEST.hex())
    assert result.exit_code == 0
    lines = [line.split() for line in result.stdout.splitlines()]
    assert result.stdout.startswith("Request RESOLUTION, version 2.11\n")
    assert ["20", "00000001", "opcode", "1", "RESOLUTION"] in lines
    assert ["77", "55524c", "type", "URL"] in lines


@pytest.mark.parametrize("form", ["hex", "spaced", "stdin", "file", "lines", "raw"])
def test_a_packet_may_come_as_digits_on_stdin_or_in_a_file(form: str, tmp_path: Path) -> None:
    file = tmp_path / "packet"
    digits = REQUEST.hex()
    if form == "hex":
        result = run("decode", "--json", digits.upper())
    elif form == "spaced":
        result = run("decode", "--json", REQUEST.hex(" "))
    elif form == "stdin":
        result = run("decode", "--json", "-", given=digits + "\n")
    else:
        if form == "raw":
            file.write_bytes(REQUEST)
        else:
            file.write_text(digits if form == "file" else f"# a request\r\n{digits[:50]}\r\n\r\n{digits[50:]}\r\n")
        result = run("decode", "--json", str(file))
    assert result.exit_code == 0
    assert json.loads(result.stdout)["octets"] == digits


@pytest.mark.parametrize("packet", everything(), ids=lambda packet: packet[:24].hex())
def test_encode_gives_back_what_decode_was_given(packet: bytes) -> None:
    document = run("decode", "--json", packet.hex()).stdout
    result = run("encode", "-", given=document)
    assert (result.exit_code, result.stdout) == (0, packet.hex() + "\n")


@pytest.mark.parametrize("octets", ["00", "ff" * 30, REQUEST.hex()[:-2], REQUEST.hex() + "00"])
def test_garbage_is_explained_and_given_back_too(octets: str) -> None:
    assert run("decode", octets).exit_code == 0
    document = run("decode", "--json", octets).stdout
    assert run("encode", document).stdout == octets + "\n"


@pytest.mark.parametrize("name", recorded.data_records())
def test_a_bare_record_is_explained_and_given_back(name: str) -> None:
    octets = recorded.data_records()[name].hex()
    value_type = "VALUE" if name.startswith("handle_value") else "_".join(name.split("_")[:2])
    assert run("decode", "--type", value_type, octets).exit_code == 0
    document = run("decode", "--json", "--type", value_type, octets).stdout
    assert run("encode", document).stdout == octets + "\n"


def test_an_edited_document_is_encoded_with_its_lengths_put_right() -> None:
    document = json.loads(run("decode", "--json", REQUEST.hex()).stdout)
    document["body"]["types"].append("EMAIL")
    octets = run("encode", json.dumps(document)).stdout.strip()
    again = json.loads(run("decode", "--json", octets).stdout)
    assert again["body"]["types"] == ["URL", "EMAIL"]
    assert again["header"]["body_length"] == document["header"]["body_length"] + 9


@pytest.mark.parametrize(
    ("argument", "words"),
    [
        ("02zz", "'z' at position 3"),
        ("020", "3 digits, an odd number"),
        ("", "nothing"),
        ("no/such/file.hex", "'n' at position 1"),
    ],
)
def test_an_argument_that_is_neither_hex_nor_a_file_is_refused(argument: str, words: str) -> None:
    result = run("decode", argument)
    assert result.exit_code == 2
    assert words in result.stderr


def test_a_bad_line_of_a_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "packets.hex"
    file.write_text(f"# messages\n\n{REQUEST.hex()}\n  0203x4\n")
    for arguments in (["decode", str(file)], ["decode", "--roundtrip", str(file)]):
        result = run(*arguments)
        assert result.exit_code == 2
        assert f"{file}: line 4: not hex: 'x' at position 7" in result.stderr


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("{", "line 1 column 2"),
        ("{}", "kind"),
        ('{"kind": "unreadable"}', "octets"),
        ('{"kind": "value", "value": {"index": 1}}', "type"),
        ('{"kind": "data", "data": {"format": "odd", "value": ""}}', "data.format"),
        ('{"kind": "fragment", "envelope": {"major": 300}, "part": "00"}', "does not fit its field"),
        ('{"kind":' + "[" * 100_000, "not JSON of ours"),
    ],
    ids=range(7),
)
def test_a_document_that_is_none_is_refused(document: str, words: str) -> None:
    result = run("encode", document)
    assert result.exit_code == 2
    assert words in result.stderr


def test_the_round_trip_of_a_file_counts_and_ignores_comments(tmp_path: Path) -> None:
    file = tmp_path / "packets.hex"
    lines = [packet.hex() for packet in everything()]
    file.write_text("# recorded\n\n" + "\n".join(lines) + "\n  \nff00ff\n")
    result = run("decode", "--roundtrip", str(file))
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == f"{len(lines) + 1} identical, 0 different"
    report = json.loads(run("decode", "--roundtrip", str(file), "--json").stdout)
    assert report == {"identical": len(lines) + 1, "different": 0, "lines": []}


def test_a_round_trip_that_differs_is_named_and_exits_with_1(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "packets.hex"
    file.write_text(f"{REQUEST.hex()}\n")
    monkeypatch.setattr("resolver.wire.message.encode", lambda packet: b"")
    result = run("decode", "--roundtrip", str(file))
    assert result.exit_code == 1
    assert result.stdout.splitlines() == ["line 1: different", "0 identical, 1 different"]


def test_a_missing_file_is_a_matter_of_usage() -> None:
    assert run("decode", "--roundtrip", "no/such/file").exit_code == 2
