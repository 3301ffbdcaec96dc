"""The result file: what is written is read, what is damaged is refused, and ten lines re-derive the report."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import msgpack
import numpy as np
import pytest
from made_results import HEADER, perfect, scattered

from loadgen import results
from loadgen.report import figures_of
from loadgen.results import RECORD, Result, read_result, write_result
from resolver.errors import OperatorError, StoreError


def written(path: Path, result: Result) -> Path:
    file = path / "run.load"
    write_result(file, result)
    return file


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    result = scattered(500)
    again = read_result(written(tmp_path, result))
    assert np.array_equal(again.records, result.records)
    assert {key: again.header[key] for key in HEADER} == HEADER


def test_a_file_is_a_header_and_56_octets_for_each_record(tmp_path: Path) -> None:
    octets = written(tmp_path, perfect(10)).read_bytes()
    unpacker = msgpack.Unpacker()
    unpacker.feed(octets)
    header = unpacker.unpack()
    assert (header["format"], header["version"], header["records"]) == ("biaoshi-load", 2, 10)
    assert len(octets) - unpacker.tell() == 10 * 56 == 10 * RECORD.itemsize


def the_ten_lines() -> str:
    assert results.__doc__
    block = [line for line in results.__doc__.splitlines() if line.startswith("    ")]
    start = next(number for number, line in enumerate(block) if "unpacker =" in line)
    return textwrap.dedent("\n".join(block[start:]))


def test_ten_lines_of_msgpack_and_numpy_re_derive_every_figure(tmp_path: Path) -> None:
    lines = the_ten_lines()
    assert len(lines.splitlines()) == 10
    found: dict[str, Any] = {"msgpack": msgpack, "np": np, "path": written(tmp_path, scattered())}
    exec(lines, found)
    figures = figures_of(read_result(found["path"]))
    for name in ("sent", "answered", "late", "wrong", "good", "per_day"):
        assert found[name] == getattr(figures, name) > 0, name
    assert found["offered"] == figures.offered_per_s
    assert found["latency_ms"].tolist() == list(figures.latency_ms.values())
    assert found["lateness_us"].tolist() == list(figures.lateness_us.values())
    codes = found["record"]["code"][found["in_time"]]
    assert int((codes == 301).sum()) == figures.codes["SERVER_NOT_RESP"] > 0
    record, in_time, limit = found["record"], found["in_time"], found["limit"]
    service = np.where(in_time, record["received"] - record["sent"], limit) / 1e6
    assert found["nearest"](service, 0.5, 0.99).tolist() == list(figures.service_ms.values())


@pytest.mark.parametrize(
    "change", [lambda octets: octets[:-1], lambda octets: octets + b"x", lambda octets: octets[:400]]
)
def test_a_file_of_another_length_than_announced_is_damaged(tmp_path: Path, change: Any) -> None:
    file = written(tmp_path, perfect(100))
    file.write_bytes(change(file.read_bytes()))
    with pytest.raises((StoreError, OperatorError), match=r"run\.load"):
        read_result(file)


def test_a_file_cut_short_within_its_header_is_damaged_too(tmp_path: Path) -> None:
    file = written(tmp_path, perfect(100))
    file.write_bytes(file.read_bytes()[:200])
    with pytest.raises(StoreError, match=r"run\.load: damaged: it ends after 200 octets, within its header"):
        read_result(file)


@pytest.mark.parametrize("octets", [b"", b"\x00", b"hello", b"\xc1" * 50, msgpack.packb({"format": "other"}), b"\x81"])
def test_what_is_no_result_is_refused_by_name(tmp_path: Path, octets: bytes) -> None:
    file = tmp_path / "other.bin"
    file.write_bytes(octets)
    with pytest.raises(OperatorError, match=r"other\.bin.*not a load result"):
        read_result(file)


def test_a_result_of_another_version_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "later.load"
    file.write_bytes(msgpack.packb({"format": "biaoshi-load", "version": 3, "record": [], "records": 0}))
    with pytest.raises(OperatorError, match="another version") as refused:
        read_result(file)
    assert refused.value.value == 3


def test_a_file_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="absent"):
        read_result(tmp_path / "absent")


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OperatorError) as refused:
        write_result(tmp_path / "no" / "such" / "folder", perfect(1))
    assert refused.value.key == "--out"
