"""What only a store on disk can get wrong: another writer, somebody else's file, a torn file, a full one."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import lmdb
import pytest

from resolver.errors import StoreError
from resolver.stores.base import StoreFull
from resolver.stores.lmdb import LmdbStore
from resolver.stores.lmdb_pages import Damage, Torn, survey


def filled(directory: Path, records: int = 500) -> LmdbStore:
    store = LmdbStore(directory)
    store.commit([(b"88.118.8/%06d" % number, b"%06d" % number * 50) for number in range(records)])
    return store


def test_a_second_writer_is_refused_and_told_who_writes(tmp_path: Path) -> None:
    first = LmdbStore(tmp_path)
    with pytest.raises(StoreError, match=rf"writer\.lock.*process {os.getpid()}.*network down"):
        LmdbStore(tmp_path)
    first.close()
    LmdbStore(tmp_path).close()


def test_a_writer_killed_leaves_a_store_that_opens_with_all_that_was_committed(tmp_path: Path) -> None:
    killed = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys; from pathlib import Path; from resolver.stores.lmdb import LmdbStore\n"
            "store = LmdbStore(Path(sys.argv[1])); store.commit([(b'A', b'1')])\n"
            "print('committed', flush=True); sys.stdin.read()",
            str(tmp_path),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert killed.stdout is not None
    assert killed.stdin is not None
    assert killed.stdout.readline() == b"committed\n"
    with pytest.raises(StoreError, match=f"process {killed.pid}"):
        LmdbStore(tmp_path)
    killed.kill()
    killed.wait()
    killed.stdin.close()
    killed.stdout.close()
    store = LmdbStore(tmp_path)
    assert store.get(b"A") == b"1"
    store.close()


def test_another_nodes_store_is_refused(tmp_path: Path) -> None:
    filled(tmp_path / "enterprise-88.118.8").close()
    (tmp_path / "enterprise-88.118.8").rename(tmp_path / "enterprise-88.300.21-1")
    with pytest.raises(StoreError, match=r"records of node enterprise-88\.118\.8, not of enterprise-88\.300\.21-1"):
        LmdbStore(tmp_path / "enterprise-88.300.21-1")


def test_a_file_of_another_program_is_refused(tmp_path: Path) -> None:
    with lmdb.open(str(tmp_path)) as env, env.begin(write=True) as change:
        change.put(b"meta", b"somebody's value")
    with pytest.raises(StoreError, match=r"data\.mdb: an LMDB file, but not a store of biaoshi"):
        LmdbStore(tmp_path)


def test_a_file_that_is_no_lmdb_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data.mdb").write_bytes(b"handle,URL\n" * 5000)
    with pytest.raises(StoreError, match=r"data\.mdb: cannot be opened.*no LMDB file"):
        LmdbStore(tmp_path)


def test_a_store_of_a_future_format_is_refused_unharmed(tmp_path: Path) -> None:
    filled(tmp_path).close()
    with lmdb.open(str(tmp_path), max_dbs=3) as env, env.begin(write=True, db=env.open_db(b"meta")) as change:
        change.put(b"format", b"2")
    before = (tmp_path / "data.mdb").read_bytes()
    with pytest.raises(StoreError, match="format 2 by a newer biaoshi, this one knows 1"):
        LmdbStore(tmp_path)
    assert (tmp_path / "data.mdb").read_bytes() == before


def test_a_torn_file_is_refused_wherever_it_was_torn(tmp_path: Path) -> None:
    whole = tmp_path / "whole" / "node"
    store = filled(whole, 3000)
    store.commit([(b"88.118.8/LARGE", b"x" * 60_000), (b"88.118.8/" + b"L" * 1500, b"long")])
    store.close()
    size = (whole / "data.mdb").stat().st_size
    for left in [*range(0, size, 4096 * 13), 100, 4095, 4096, 8191, 8192, size - 1, size - 4096]:
        torn = tmp_path / "torn" / "node"
        shutil.copytree(whole, torn)
        os.truncate(torn / "data.mdb", left)
        with pytest.raises(StoreError, match=r"data\.mdb: torn, \d+ octets or more are missing.*Put back a copy"):
            LmdbStore(torn)
        shutil.rmtree(torn)


def test_a_file_shorter_than_it_claims_is_whole_if_no_page_in_use_is_missing(tmp_path: Path) -> None:
    store = filled(tmp_path, 3000)
    store.commit([(b"88.118.8/%06d" % number, None) for number in range(3000)])
    store.commit([(b"88.118.8/A", b"a")])
    store.commit([(b"88.118.8/B", b"b")])
    store.close()
    file = tmp_path / "data.mdb"
    whole = file.stat().st_size
    octets = file.read_bytes()
    with pytest.raises(Torn):
        while survey(file):
            os.truncate(file, file.stat().st_size - 4096)
    file.write_bytes(octets[: file.stat().st_size + 4096])
    assert file.stat().st_size < whole  # pages of deleted records stood at the end
    store = LmdbStore(tmp_path)
    assert [key for key, _ in store.scan()] == [b"88.118.8/A", b"88.118.8/B"]
    store.close()


def test_damage_inside_a_page_is_refused_and_never_runs_in_circles(tmp_path: Path) -> None:
    filled(tmp_path / "whole", 3000).close()
    octets = bytearray((tmp_path / "whole" / "data.mdb").read_bytes())
    file = tmp_path / "damaged.mdb"
    refused = 0
    for page in range(2, len(octets) // 4096):
        for filler in (b"\x00", b"\xff", b"\x01\x00"):
            damaged = octets[:]
            damaged[page * 4096 + 10 : page * 4096 + 200] = (filler * 190)[:190]
            file.write_bytes(damaged)
            try:
                survey(file)
            except Damage:
                refused += 1
    assert refused > len(octets) // 4096


def test_a_flipped_bit_is_refused_or_changes_nothing_that_was_committed_before(tmp_path: Path) -> None:
    store = filled(tmp_path / "whole", 300)
    store.commit([(b"88.118.8/LARGE", b"x" * 9_000), (b"88.118.8/" + b"L" * 1500, b"long")], {b"note": b"of this"})
    earlier = dict(store.scan())
    store.commit([(b"88.118.8/LAST", b"last"), (b"88.118.8/000007", None)])
    last = dict(store.scan())
    store.close()
    octets = (tmp_path / "whole" / "data.mdb").read_bytes()
    chance = random.Random(20260101)
    places = [chance.randrange(len(octets)) for _ in range(400)]
    places += [*range(16, 152), *range(4096 + 16, 4096 + 152)]  # all that a meta page says
    refused = 0
    for place in places:
        flipped = tmp_path / "flipped" / "whole"
        flipped.mkdir(parents=True)
        (flipped / "data.mdb").write_bytes(
            octets[:place] + bytes((octets[place] ^ 1 << chance.randrange(8),)) + octets[place + 1 :]
        )
        try:
            store = LmdbStore(flipped)
        except StoreError as error:
            refused += 1
            assert str(flipped / "data.mdb") in str(error)
        else:
            assert dict(store.scan()) in (last, earlier), place
            assert all(store.get(key) == record for key, record in earlier.items() if last.get(key) == record), place
            store.close()
        shutil.rmtree(flipped)
    assert refused > 200


def test_a_full_store_says_so_and_keeps_what_it_had(tmp_path: Path) -> None:
    store = LmdbStore(tmp_path, map_octets=1 << 20)
    store.commit([(b"A", b"1")])
    with pytest.raises(StoreFull, match=r"data\.mdb: cannot be written.*outgrown the room"):
        store.commit([(b"B", b"2"), (b"C", b"x" * (2 << 20))])
    assert list(store.scan()) == [(b"A", b"1")]
    store.commit([(b"B", b"2")])
    assert store.get(b"B") == b"2"
    store.grow()
    store.grow()
    store.commit([(b"B", b"2"), (b"C", b"x" * (2 << 20))])
    assert store.get(b"A") == b"1"
    store.close()


def test_a_full_store_grows_when_it_is_opened_again(tmp_path: Path) -> None:
    store = LmdbStore(tmp_path, map_octets=1 << 20)
    store.commit([(b"A", b"x" * 700_000)])
    store.close()
    store = LmdbStore(tmp_path, map_octets=1 << 20)
    store.commit([(b"B", b"x" * 1_500_000)])
    store.close()


def test_readers_go_on_while_another_thread_makes_the_file_many_times_larger(tmp_path: Path) -> None:
    store = filled(tmp_path)
    before = (tmp_path / "data.mdb").stat().st_size

    def write() -> None:
        for batch in range(40):
            store.commit([(b"88.118.8/X%03d-%03d" % (batch, number), b"y" * 2000) for number in range(100)])

    writer = threading.Thread(target=write)
    scan = store.scan()
    next(scan)
    writer.start()
    rounds = 0
    while writer.is_alive() or rounds == 0:
        assert all(store.get(b"88.118.8/%06d" % number) == b"%06d" % number * 50 for number in range(500))
        rounds += 1
    writer.join()
    assert (tmp_path / "data.mdb").stat().st_size > 10 * before
    assert sum(1 for _ in scan) >= 499
    assert store.count() == 500 + 40 * 100
    assert store.get(b"88.118.8/X039-099") == b"y" * 2000
    store.close()


def test_scans_finished_or_left_take_no_readers_place_for_good(tmp_path: Path) -> None:
    store = filled(tmp_path, 600)
    left = []
    for number in range(300):  # LMDB has places for 126
        store.commit([(b"88.118.8/%06d" % number, b"again")])
        assert sum(1 for _ in store.scan()) == 600
        scan = store.scan()
        next(scan)
        left.append(scan)
        assert store.get(b"88.118.8/%06d" % number) == b"again"
        assert store.note(b"none") is None
    store.close()


def test_a_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a directory")
    with pytest.raises(StoreError, match=r"file/store: cannot be written: Not a directory"):
        LmdbStore(tmp_path / "file" / "store")


@pytest.mark.skipif(os.geteuid() == 0, reason="to root every directory is writable")
def test_a_read_only_directory_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match=r"cannot be written: Permission denied.*may be written"):
        LmdbStore(tmp_path)
    tmp_path.chmod(0o700)
