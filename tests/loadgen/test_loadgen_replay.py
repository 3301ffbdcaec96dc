"""Logs of queries: their order and distances, and what is no log."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from loadgen.schedule import Share, schedule
from loadgen.workloads.replay import read_log
from resolver.errors import OperatorError

CSV = "at,handle\n5.0,88.1/a\n5.25,88.1/b\n5.25,88.1/a\n7.0,88.1/标识\n"
JSON = (
    '{"at": 5, "handle": "88.1/a"}\n{"at": 5.25, "handle": "88.1/b"}\n\n'
    '{"at": 5.25, "handle": "88.1/a"}\n{"at": 7.0, "handle": "88.1/标识"}\n'
)
MOMENTS = (
    "handle,at\n88.1/a,2026-11-24T08:00:00Z\n88.1/b,2026-11-24T08:00:00.250Z\n"
    "88.1/a,2026-11-24T16:00:00.250+08:00\n88.1/标识,2026-11-24T08:00:02+00:00\n"
)


def written(folder: Path, text: str) -> Path:
    file = folder / "queries.log"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize("text", [CSV, JSON, MOMENTS], ids=["csv", "json", "moments"])
def test_a_log_is_asked_in_its_order_and_at_its_distances(tmp_path: Path, text: str) -> None:
    log = read_log(written(tmp_path, text))
    assert log.at_ns.tolist() == [0, 250_000_000, 250_000_000, 2_000_000_000]
    assert log.identifiers == (b"88.1/a", b"88.1/b", b"88.1/a", "88.1/标识".encode())
    assert log.ranks.tolist() == [0, 1, 0, 2]
    assert log.duration_s == pytest.approx(2.0)
    assert len(log.due_ns(log.duration_s, 1)) == 4
    assert len(log.due_ns(2.0, 1)) == 3


def test_it_can_go_faster_and_be_shared(tmp_path: Path) -> None:
    log = read_log(written(tmp_path, CSV), speed=4.0)
    assert log.at_ns.tolist() == [0, 62_500_000, 62_500_000, 500_000_000]
    assert (log.scale, log.name) == (4.0, "replay:queries.log")
    parts = [schedule(log, log.duration_s, 1, 1, Share(index, 2)) for index in range(2)]
    assert [part.numbers.tolist() for part in parts] == [[0, 2], [1, 3]]
    assert np.array_equal(parts[1].due_ns, log.at_ns[1::2])


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", "1"),
        ("when,what\n", "1"),
        ("at,handle\n", ""),
        ("at,handle\n1,88.1/a\n0.5,88.1/b\n", "3"),
        ("at,handle\nnow,88.1/a\n", "2"),
        ("at,handle\n-1,88.1/a\n", "2"),
        ("at,handle\n1,\n", "2"),
        ("at,handle\n1,88.1/a,tcp\n", "2"),
        ('at,handle\n1,"88.1/a\n', "2"),
        ('{"at": 1, "handle": "88.1/a"}\n{"at": 1}\n', "2"),
        ('{"at": 1, "handle": "88.1/a"}\nat,handle\n', "2"),
        ('{"at": 1, "handle": 5}\n', "1"),
        ("at,handle\n1," + "a" * 3000 + "\n", "2"),
    ],
)
def test_what_is_no_log_is_refused_by_line(tmp_path: Path, text: str, where: str) -> None:
    file = written(tmp_path, text)
    with pytest.raises(OperatorError) as refused:
        read_log(file)
    assert refused.value.file == f"{file}:{where}".rstrip(":")
    assert refused.value.remedy


def test_a_log_that_is_not_there_or_not_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="absent"):
        read_log(tmp_path / "absent")
    (tmp_path / "queries.log").write_bytes(b"at,handle\n1,\xff\n")
    with pytest.raises(OperatorError, match="UTF-8"):
        read_log(tmp_path / "queries.log")
