"""Views, checks, backups: one moment of a store, while another process writes to it or not; and full disks."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from resolver.errors import OperatorError, StoreError
from resolver.model.value import Value
from resolver.stores.lmdb import LmdbStore
from resolver.stores.lmdb_copies import back_up, check, restore
from resolver.stores.lmdb_view import LmdbView
from resolver.wire.record import pack_record

SOURCE = Path(__file__).parents[2]
WRITER = """
import sys
from pathlib import Path
from resolver.model.value import Value
from resolver.stores.lmdb import LmdbStore
from resolver.wire.record import pack_record
store = LmdbStore(Path(sys.argv[1]))
print("open", flush=True)
for turn, _ in enumerate(sys.stdin):
    for part in range(10):
        record = pack_record((Value(1, b"URL", b"%d" % turn * 500),))
        store.commit([(b"88.1/%03d" % number, record) for number in range(part, 400, 10)])
    print("written", flush=True)
store.close()
"""


def record(data: bytes) -> bytes:
    return pack_record((Value(1, b"URL", data),))


def filled(directory: Path, count: int = 300) -> dict[bytes, bytes]:
    """A store of so many records, one of them large and one under a long handle, closed again."""
    records = {b"88.1/%04d" % number: record(b"%d" % number * 20) for number in range(count)}
    records |= {b"88.1/LARGE": record(b"x" * 30_000), b"88.1/" + b"L" * 1500: record(b"long")}
    store = LmdbStore(directory)
    store.commit(list(records.items()))
    store.close()
    return records


@contextmanager
def writer(directory: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that has the store open; a line to its stdin makes it write all records in ten commits."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(directory)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
    )
    assert process.stdin is not None and process.stdout is not None
    try:
        assert process.stdout.readline() == "open\n"
        yield process
    finally:
        process.stdin.close()
        process.wait()
        process.stdout.close()


def write(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write("write\n")
    process.stdin.flush()
    assert process.stdout.readline() == "written\n"


def test_a_view_shows_everything_in_order(tmp_path: Path) -> None:
    records = filled(tmp_path / "node")
    view = LmdbView(tmp_path / "node")
    assert list(view.scan()) == sorted(records.items())
    view.close()
    view.close()


def test_a_view_shows_one_moment_while_a_writer_goes_on_and_the_file_grows(tmp_path: Path) -> None:
    with writer(tmp_path / "node") as process:
        write(process)
        view = LmdbView(tmp_path / "node")
        before, size = dict(view.scan()), (tmp_path / "node" / "data.mdb").stat().st_size
        for _ in range(4):
            write(process)
        assert dict(view.scan()) == before
        assert len(set(before.values())) == 1
        assert (tmp_path / "node" / "data.mdb").stat().st_size > 2 * size
        view.close()
        view = LmdbView(tmp_path / "node")
        assert set(view.scan()).isdisjoint(before.items())
        view.close()


def test_a_view_of_a_store_that_was_just_made_is_empty(tmp_path: Path) -> None:
    LmdbStore(tmp_path / "node").close()
    view = LmdbView(tmp_path / "node")
    assert list(view.scan()) == []
    view.close()


def test_a_view_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no store"):
        LmdbView(tmp_path)


def test_a_check_counts_pages_and_records(tmp_path: Path) -> None:
    records = filled(tmp_path / "node")
    found = check(tmp_path / "node")
    assert (found.owner, found.records, found.faults) == ("node", len(records), ())
    assert found.pages * 4096 <= (tmp_path / "node" / "data.mdb").stat().st_size


def test_a_check_while_a_writer_goes_on_finds_nothing_wrong(tmp_path: Path) -> None:
    with writer(tmp_path / "node") as process:
        for _ in range(3):
            assert process.stdin is not None
            process.stdin.write("write\n")
            process.stdin.flush()
            for _ in range(20):
                assert check(tmp_path / "node").faults == ()


def test_a_check_names_records_that_cannot_be_decoded(tmp_path: Path) -> None:
    store = LmdbStore(tmp_path / "node")
    bad = {b"88.1/B": b"", b"88.1/C": record(b"c")[:-1], b"88.1/" + b"D" * 600: b"\0\0\0\0\0"}
    store.commit([(b"88.1/A", record(b"a")), *bad.items()])
    store.close()
    found = check(tmp_path / "node")
    assert found.records == 4
    assert len(found.faults) == 3
    assert "records: 88.1/B" in found.faults[0]
    assert "records: 88.1/C" in found.faults[1]
    assert "without values" in found.faults[2]


def test_a_check_tells_where_a_page_is_damaged_and_of_records_that_were_altered(tmp_path: Path) -> None:
    filled(tmp_path / "whole")
    octets = (tmp_path / "whole" / "data.mdb").read_bytes()
    data, key = octets.rindex(b"107107"), octets.rindex(b"88.1/0107")
    for offset, problem in ((data, "sum is another one"), (key - 2, r"page \d+ of records")):
        shutil.rmtree(tmp_path / "whole")
        (tmp_path / "whole").mkdir()
        (tmp_path / "whole" / "data.mdb").write_bytes(
            octets[:offset] + bytes((octets[offset] ^ 1,)) + octets[offset + 1 :]
        )
        (fault,) = check(tmp_path / "whole").faults
        assert re.search(problem, fault), fault


def test_a_check_of_nothing_is_an_operators_error(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="there is no store"):
        check(tmp_path)


# ---- backups ---------------------------------------------------------------------------------------------------------


def test_a_backup_made_while_a_writer_goes_on_is_one_moment_and_can_be_put_back(tmp_path: Path) -> None:
    node, backup = tmp_path / "data" / "node", tmp_path / "backups" / "monday"
    with writer(node) as process:
        write(process)
        manifest = back_up(node, backup, made_at="2026-01-01T00:00:00+00:00")
        write(process)
        with pytest.raises(StoreError, match="another writer has this store open"):
            restore(backup, node, force=True)
    assert (manifest["records"], manifest["owner"]) == (400, "node")
    assert sorted(file.name for file in backup.iterdir()) == ["data.mdb", "manifest.json"]
    assert json.loads((backup / "manifest.json").read_text()) == manifest
    assert check(backup).faults == ()
    with pytest.raises(OperatorError, match=r"holds a store already.*--force"):
        restore(backup, node)
    assert restore(backup, node, force=True) == manifest
    store = LmdbStore(node)
    assert {octets for _, octets in store.scan()} == {record(b"0" * 500)}
    store.commit([(b"88.1/NEW", record(b"new"))])
    store.close()
    assert sorted(file.name for file in node.iterdir()) == ["data.mdb", "lock.mdb", "writer.lock"]


def test_a_backup_is_put_where_there_was_nothing(tmp_path: Path) -> None:
    records = filled(tmp_path / "one" / "node")
    back_up(tmp_path / "one" / "node", tmp_path / "backup", made_at="")
    restore(tmp_path / "backup", tmp_path / "two" / "node")
    store = LmdbStore(tmp_path / "two" / "node")
    assert dict(store.scan()) == records
    store.close()


def test_a_backup_never_overwrites(tmp_path: Path) -> None:
    filled(tmp_path / "node")
    (tmp_path / "backup").mkdir()
    with pytest.raises(OperatorError, match="is there already"):
        back_up(tmp_path / "node", tmp_path / "backup", made_at="")


def test_a_damaged_store_is_not_backed_up(tmp_path: Path) -> None:
    filled(tmp_path / "node")
    file = tmp_path / "node" / "data.mdb"
    file.write_bytes(file.read_bytes().replace(b"77777", b"77778", 1))
    with pytest.raises(StoreError, match="sum is another one"):
        back_up(tmp_path / "node", tmp_path / "backup", made_at="")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["node"]


def test_another_nodes_backup_is_refused(tmp_path: Path) -> None:
    filled(tmp_path / "node")
    back_up(tmp_path / "node", tmp_path / "backup", made_at="")
    with pytest.raises(OperatorError, match="a backup of node"):
        restore(tmp_path / "backup", tmp_path / "other")
    assert not (tmp_path / "other").exists()


SPOILED = {
    "a bit": lambda backup: (backup / "data.mdb").write_bytes(
        (backup / "data.mdb").read_bytes().replace(b"77777", b"77778", 1)
    ),
    "an end": lambda backup: os.truncate(backup / "data.mdb", 8192),
    "a copy that is gone": lambda backup: (backup / "data.mdb").unlink(),
    "a manifest": lambda backup: (backup / "manifest.json").write_text("{}"),
    "a manifest that is no JSON": lambda backup: (backup / "manifest.json").write_text("{"),
    "a manifest of the future": lambda backup: (backup / "manifest.json").write_text(
        (backup / "manifest.json").read_text().replace('"form": 1', '"form": 2')
    ),
}


@pytest.mark.parametrize("what", SPOILED)
def test_a_backup_that_is_not_what_it_was_is_refused_and_nothing_changes(what: str, tmp_path: Path) -> None:
    filled(tmp_path / "node")
    back_up(tmp_path / "node", tmp_path / "backup", made_at="")
    before = (tmp_path / "node" / "data.mdb").read_bytes()
    SPOILED[what](tmp_path / "backup")
    with pytest.raises(StoreError, match=r"backup/(data\.mdb|manifest\.json)"):
        restore(tmp_path / "backup", tmp_path / "node", force=True)
    assert (tmp_path / "node" / "data.mdb").read_bytes() == before


def test_a_directory_without_manifest_is_no_backup(tmp_path: Path) -> None:
    filled(tmp_path / "node")
    with pytest.raises(OperatorError, match="no backup"):
        restore(tmp_path / "node", tmp_path / "other" / "node")


# ---- a disk that fills up --------------------------------------------------------------------------------------------

FULL_OCTETS = 16 << 20


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 16 MB. Mounting one is root's business."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={FULL_OCTETS}", "none", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("only root may mount a small disk")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_is_told_and_what_was_committed_stays(small_disk: Path) -> None:
    store = LmdbStore(small_disk / "node")
    acknowledged: dict[bytes, bytes] = {}
    with pytest.raises(StoreError, match=r"The disk is full\. Make room and repeat"):
        for number in range(1000):
            batch = {b"88.1/%03d-%03d" % (number, each): record(b"y" * 900) for each in range(200)}
            store.commit(list(batch.items()))
            acknowledged |= batch
    assert acknowledged
    assert all(store.get(key) == octets for key, octets in acknowledged.items())
    fill = small_disk / "fill"
    with fill.open("wb", buffering=0) as stream, pytest.raises(OSError):
        while True:
            stream.write(b"x" * 4096)
    with pytest.raises(StoreError, match="The disk is full"):
        store.commit([(b"88.1/large", record(b"z" * 200_000))])
    assert store.count() == len(acknowledged)
    fill.unlink()
    store.commit([(b"88.1/LAST", record(b"after room was made"))])
    store.close()
    store = LmdbStore(small_disk / "node")
    assert dict(store.scan()) == {**acknowledged, b"88.1/LAST": record(b"after room was made")}
    store.close()


def test_a_store_cannot_be_made_or_copied_on_a_full_disk_and_says_so(small_disk: Path, tmp_path: Path) -> None:
    filled(tmp_path / "node", 3000)
    with (small_disk / "fill").open("wb", buffering=0) as stream, pytest.raises(OSError):
        while True:
            stream.write(b"x" * 4096)
    with pytest.raises(StoreError, match=r"node/.*(full|No space left)"):
        LmdbStore(small_disk / "node")
    with pytest.raises(StoreError, match=r"(full|No space left)"):
        back_up(tmp_path / "node", small_disk / "backup", made_at="")
    assert not list(small_disk.glob("backup*"))
    back_up(tmp_path / "node", tmp_path / "backup", made_at="")
    with pytest.raises(StoreError, match=r"(full|No space left)"):
        restore(tmp_path / "backup", small_disk / "node", force=True)
