"""Mirrors answer from their primary's store: in the same process, and in another one."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from biaoshi.client import BlockingClient, Refused, administrator, credentials, text
from nodes import network, state
from nodes.config import load_network
from nodes.importing import open_target
from nodes.keyring import administrator_key
from resolver.errors import OperatorError, StoreError
from resolver.stores.base import Work
from resolver.stores.lmdb import LmdbStore
from resolver.stores.lmdb_follower import LmdbFollower

PREFIX = "88.118.8"
OWNER = administrator(f"0.NA/{PREFIX}")
LIMIT_S = 20.0  # for a busy machine; the documentation promises a second
FILE = """
key_bits = 1024
{store}
[[nodes]]
name = "root-1"
tier = "root"
[[nodes]]
name = "national-88"
tier = "national"
prefixes = ["88"]
[[nodes]]
name = "secondary"
tier = "secondary"
prefixes = ["88.118"]
[[nodes]]
name = "near"
tier = "enterprise"
mirror_of = "e"
[[nodes]]
name = "far"
tier = "enterprise"
mirror_of = "e"
process = "elsewhere"
[[nodes]]
name = "e"
tier = "enterprise"
prefixes = ["88.118.8"]
"""


def network_file(folder: Path, store: str = "") -> Path:
    file = folder / "mirrors.toml"
    file.write_text(FILE.format(store=store), encoding="utf-8")
    return file


def test_mirrors_of_one_server_follow_and_those_in_memory_do_not(tmp_path: Path) -> None:
    plan = load_network(network_file(tmp_path))
    assert [node.follows for node in plan.nodes] == ["", "", "", "e", "e", ""]
    forgetful = load_network(network_file(tmp_path, 'store = "memory"'))
    assert not any(node.follows for node in forgetful.nodes)


def test_records_are_imported_at_the_primary_only(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="--node e"):
        open_target("far", tmp_path, network_file(tmp_path))


# ---- the store -------------------------------------------------------------------------------------------------------


def test_a_follower_sees_what_is_written_when_it_asks_for_the_version(tmp_path: Path) -> None:
    store = LmdbStore(tmp_path / "e")
    long = b"88.118.8/" + b"L" * 1_500
    store.commit([(b"88.118.8/A", b"one"), (long, b"long")], {b"n": b"1"})
    program = f"""
import sys
from pathlib import Path
from resolver.stores.lmdb_follower import LmdbFollower
store = LmdbFollower(Path({str(tmp_path / "e")!r}))
for _ in sys.stdin:
    before = store.get(b"88.118.8/A")
    print(before, store.version(), store.get(b"88.118.8/A"), store.count(), store.note(b"n"), len(list(store.scan())))
    print(store.get({long!r}), flush=True)
"""
    with subprocess.Popen([sys.executable, "-c", program], stdin=-1, stdout=-1, text=True) as process:
        first = asked(process)
        store.commit([(b"88.118.8/A", b"two"), (b"88.118.8/B", b"")], {b"n": b"2"})
        second, third = asked(process), asked(process)
    store.close()
    versions = [int(line.split()[1]) for line in (first, second, third)]
    assert versions[0] < versions[1] == versions[2]
    told = [
        line.replace(f" {version} ", " ", 1) for line, version in zip((first, second, third), versions, strict=True)
    ]
    assert told == [
        "b'one' b'one' 2 b'1' 2 b'long'",
        "b'one' b'two' 3 b'2' 3 b'long'",
        "b'two' b'two' 3 b'2' 3 b'long'",
    ]


def test_a_follower_writes_nothing_and_makes_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no process has made"):
        LmdbFollower(tmp_path / "e")
    assert not (tmp_path / "e").exists()
    store = LmdbStore(tmp_path / "e")
    store.commit([(b"a", b"1")])
    store.close()
    follower = LmdbFollower(tmp_path / "e")
    with pytest.raises(StoreError, match="Write at the primary"):
        follower.commit_all([Work([(b"a", b"2")])])
    assert follower.get(b"a") == b"1"
    follower.close()


def test_a_follower_refuses_a_damaged_store(tmp_path: Path) -> None:
    store = LmdbStore(tmp_path / "e")
    store.commit([(b"key", b"record of some length")])
    store.close()
    file = tmp_path / "e" / "data.mdb"
    file.write_bytes(file.read_bytes().replace(b"record of some length", b"record of same length"))
    with pytest.raises(StoreError, match="damaged"):
        LmdbFollower(tmp_path / "e")


def asked(process: subprocess.Popen[str]) -> str:
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write("\n")
    process.stdin.flush()
    return f"{process.stdout.readline().strip()} {process.stdout.readline().strip()}"


# ---- real processes --------------------------------------------------------------------------------------------------


def said(mirror: BlockingClient, handle: str) -> str:
    """What a mirror says of a handle: its URL, or why there is none."""
    try:
        return mirror.resolve(handle)[0].data.decode()
    except Refused as refused:
        return refused.code_name


def in_the_end(wanted: str, say: Callable[[], str]) -> None:
    deadline = time.monotonic() + LIMIT_S
    while (words := say()) != wanted:
        assert time.monotonic() < deadline, words
        time.sleep(0.05)


@pytest.mark.network
def test_what_is_written_at_the_primary_is_soon_at_its_mirrors(tmp_path: Path) -> None:
    file, run_dir = network_file(tmp_path), tmp_path / "run"
    with network.running(file, run_dir, second_octet=network.free_second_octet(file)) as document:
        assert not (run_dir / "data" / "near").exists() and not (run_dir / "data" / "far").exists()
        addresses = {node["name"]: node["address"] for node in document["nodes"]}
        key = administrator_key(state.keys_folder(run_dir), PREFIX.encode())
        assert key is not None
        owner = credentials(f"300:0.NA/{PREFIX}", key)
        primary = BlockingClient(addresses["e"], user=owner, direct=True)
        mirrors = [BlockingClient(addresses[name], user=owner, direct=True) for name in ("near", "far")]
        handle = f"{PREFIX}/followed"

        def both_say(words: str) -> None:
            for mirror in mirrors:
                in_the_end(words, lambda mirror=mirror: said(mirror, handle))  # type: ignore[misc]

        both_say("HANDLE_NOT_FOUND")  # remembered, until the primary writes
        primary.create(handle, [text(1, "URL", "https://a.example"), OWNER])
        both_say("https://a.example")
        for mirror in mirrors:
            with pytest.raises(Refused, match=r"SERVER_NOT_RESP.*Not a primary server"):
                mirror.create(f"{PREFIX}/elsewhere", [text(1, "URL", "https://b.example"), OWNER])
        primary.modify(handle, [text(1, "URL", "https://c.example")])
        both_say("https://c.example")
        primary.unhome(PREFIX)
        both_say("SERVER_NOT_RESP")
        primary.home(PREFIX)
        both_say("https://c.example")
        primary.delete(handle)
        both_say("HANDLE_NOT_FOUND")
        for client in (primary, *mirrors):
            client.close()
