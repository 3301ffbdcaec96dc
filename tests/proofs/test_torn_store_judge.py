"""Line 3 of quality.md can fail: its judge and its damages, shown stores that are worse than ours."""

import os
import random
import shutil
import signal
from pathlib import Path

import pytest

from biaoshi.proofs import p03_torn_store as torn
from biaoshi.proofs.p03_torn_store import Opened, damage, judge, make_history, open_and_use
from biaoshi.proofs.stage import NODE, Ended, safely
from resolver.stores import lmdb as lmdb_store
from resolver.stores.lmdb import LmdbStore
from resolver.stores.lmdb_pages import survey

HISTORY = ("one", "two", "three")
REFUSAL = "/run/data/n/data.mdb: damaged: page 3. Put back a copy (biaoshi store restore), or delete /run/data/n"


@pytest.mark.parametrize(
    ("ended", "outcome"),
    [
        (Ended(Opened("three")), "whole"),
        (Ended(Opened("two")), "prefix"),
        (Ended(Opened("one")), "prefix"),
        (Ended(Opened(refusal=REFUSAL)), "refused"),
        (Ended(Opened("four")), "WRONG: contents that never were"),
        (Ended(Opened("")), "WRONG: contents that never were"),
        (Ended(Opened("three", disagreements=("it counts 3 records and has 2",))), "WRONG: it counts 3 records"),
        (Ended(Opened(refusal="damaged")), "WRONG: a refusal without file or remedy"),
        (Ended(Opened(refusal="data.mdb: damaged")), "WRONG: a refusal without file or remedy"),
        (Ended(died="was ended by SIGBUS"), "WRONG: the process that opened it was ended by SIGBUS"),
    ],
)
def test_every_way_to_end_is_told_apart(ended: Ended, outcome: str) -> None:
    assert judge(ended, HISTORY).startswith(outcome)


def test_what_a_power_cut_leaves_must_be_read() -> None:
    assert judge(Ended(Opened("two")), HISTORY, must_be_read=True) == "prefix"
    assert judge(Ended(Opened(refusal=REFUSAL)), HISTORY, must_be_read=True).startswith("WRONG")


def test_a_process_that_dies_or_hangs_takes_nobody_along() -> None:
    assert safely(signal.raise_signal, signal.SIGBUS) == Ended(died="was ended by SIGBUS")
    assert safely(os._exit, 7) == Ended(died="ended with status 7")
    assert safely(signal.pause, limit_s=0.2).died == "did not end within 0 s"
    assert safely(max, 3, 4) == Ended(result=4)


def open_without_looking(directory: Path) -> LmdbStore:
    """The store as it would be if it believed its file."""
    lmdb_store.trusted = lambda file, **_: survey(file).facts  # type: ignore[assignment]
    return LmdbStore(directory)


def laid(folder: Path, octets: bytes) -> Path:
    shutil.rmtree(folder / NODE, ignore_errors=True)
    (folder / NODE).mkdir(parents=True)
    (folder / NODE / "data.mdb").write_bytes(octets)
    return folder / NODE


def test_a_store_that_believes_its_file_is_caught(tmp_path: Path) -> None:
    chance = random.Random(3)
    history = make_history(tmp_path / "made" / NODE, chance)
    place = history.after.rindex(b"BATCH") + 20  # within the data of a record
    octets = bytearray(history.after)
    octets[place] ^= 1
    opened = safely(open_and_use, laid(tmp_path, octets), history.keys, open_without_looking)
    assert judge(opened, history.digests) == "WRONG: contents that never were"
    opened = safely(open_and_use, laid(tmp_path, octets), history.keys)
    assert judge(opened, history.digests) == "refused"


def test_every_damage_is_one_and_a_power_cut_leaves_the_seal_of_before(tmp_path: Path) -> None:
    chance = random.Random(4)
    history = make_history(tmp_path / NODE, chance)
    assert len(set(history.digests)) == len(history.digests) >= torn.COMMITS_MIN
    seals = slice(0, torn.META_PAGES * torn.PAGE)
    for kind in torn.KINDS * 5:
        words, octets, lock = damage(kind, history, chance)
        assert (octets != history.after) == (kind != "lock") and bool(lock) == (kind == "lock"), words
        if kind == "cut":
            assert history.after.startswith(octets)
        if kind == "power cut":
            assert octets[seals] == history.before[seals] != history.after[seals]
            assert len(octets) >= len(history.before)
