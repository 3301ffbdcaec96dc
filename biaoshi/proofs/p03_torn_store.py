"""Line 3: a store in which octets were flipped, cut off, or written by half is read as it once was, or refused.

A history is made: commit after commit, and the contents after each. Its file is damaged in a copy, and the copy opened:
by the store alone, which reads everything, writes once more, closes and opens again; and by a node, which is asked.

    flip         an octet is another one, anywhere or (every other time) where pages describe themselves
    cut          the end is missing, from any octet on, or from the edge of a page
    lost write   the last commit is there, but for some sectors of it that are as before it: the disk lied
    power cut    the last commit is there in parts, and was not sealed yet: this one must be read, as it was before it
    lock         the octets of the lock file are others

Each ends in one of: whole, a prefix of the history, refused. All else counts, and none may: contents that never were,
a process that died or hung, a refusal that does not name file and remedy, a store and a node that disagree.
"""

from __future__ import annotations

import asyncio
import random
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain
from pathlib import Path

from biaoshi.proofs.stage import NODE, PREFIX, Ended, Stage, safely
from biaoshi.proofs.trial import Trial
from resolver.errors import StoreError, Unreachable
from resolver.model.question import Question
from resolver.model.value import Value
from resolver.net.client import ask
from resolver.stores.lmdb import LmdbStore
from resolver.wire.record import pack_record

DAMAGES_QUICK, DAMAGES_FULL = 80, 500
DAMAGES_A_HISTORY = 20
COMMITS_MIN, COMMITS_MAX = 4, 30
COMMIT_RECORDS_MAX = 60
SECTOR = 512  # what a disk writes at once
PAGE = 4096  # LMDB's, where the machine has these
META_PAGES = 2
NOTE = b"import/proof"
STAMP = 1_767_225_600
ASKED = 3  # handles a running node is asked for
REMEDIES = ("restore", "delete", "another run directory", "move it away")
KINDS = ("flip",) * 8 + ("cut",) * 5 + ("lost write",) * 3 + ("power cut",) * 3 + ("lock",)


@dataclass(frozen=True, slots=True)
class History:
    """A store's file after its last commit and before it, and the digest of its contents after each commit."""

    before: bytes
    after: bytes
    digests: tuple[str, ...]
    keys: tuple[bytes, ...]  # that were ever written


@dataclass(frozen=True, slots=True)
class Opened:
    """What a store said when it was opened: the digest of its contents, or why not.

    `disagreements`: ways in which it contradicted itself, or what was written to it afterwards was not kept.
    """

    digest: str = ""
    refusal: str = ""
    disagreements: tuple[str, ...] = ()


def prove(trial: Trial) -> None:
    """Damage stores and count those that went unnoticed."""
    chance = random.Random(trial.seed)
    damages = DAMAGES_FULL if trial.full else DAMAGES_QUICK
    outcomes = {kind: Counter[str]() for kind in dict.fromkeys(KINDS)}
    trial.facts = {"damages": 0, "nodes_asked": 0, "outcomes": outcomes}
    trial.value = 0
    stage = Stage(trial.folder / "stage")
    history = None
    for number in range(damages):
        if trial.out_of_time and (trial.full or number >= DAMAGES_A_HISTORY):
            if trial.full:
                trial.fail(f"out of time after {number} of {damages} damaged stores")
            return
        if number % DAMAGES_A_HISTORY == 0:
            history = make_history(trial.folder / f"history-{number}" / NODE, chance)
            shutil.rmtree(trial.folder / f"history-{number}")
        assert history is not None
        kind = KINDS[number % len(KINDS)]
        words, octets, lock = damage(kind, history, chance)
        opened = safely(open_and_use, _lay(trial.folder / "alone" / NODE, octets, lock), history.keys)
        outcome = judge(opened, history.digests, must_be_read=kind == "power cut")
        if not outcome.startswith("WRONG"):
            asked = chance.sample(history.keys, ASKED)
            wrong = _ask_node(stage, _lay(stage.store_dir, octets, lock), opened.result, asked)
            trial.facts["nodes_asked"] += 1
            outcome = f"WRONG: {wrong}" if wrong else outcome
        if outcome.startswith("WRONG"):
            trial.value += 1
            trial.fail(f"damage {number} ({words}): {outcome}")
        outcomes[kind][outcome.partition(":")[0]] += 1
        trial.facts["damages"] += 1
        trial.progress(f"{number + 1} of {damages} stores damaged, {trial.value:g} unnoticed")


def judge(opened: Ended, history: Sequence[str], *, must_be_read: bool = False) -> str:
    """What became of a damaged store: whole, prefix, refused, or WRONG and why."""
    if opened.died is not None:
        return f"WRONG: the process that opened it {opened.died}"
    found: Opened = opened.result
    if found.refusal:
        if must_be_read:
            return f"WRONG: what a power cut leaves was refused: {found.refusal}"
        if "data.mdb" not in found.refusal or not any(remedy in found.refusal for remedy in REMEDIES):
            return f"WRONG: a refusal without file or remedy: {found.refusal}"
        return "refused"
    if found.disagreements:
        return f"WRONG: {found.disagreements[0]}"
    if found.digest not in history:
        return "WRONG: contents that never were"
    return "whole" if found.digest == history[-1] else "prefix"


# ---- a history -------------------------------------------------------------------------------------------------------


def make_history(directory: Path, chance: random.Random) -> History:
    """Commit after commit of everything a store can hold: short and long handles, large records, changes, deletions."""
    store = LmdbStore(directory)
    keys: list[bytes] = []
    digests = []
    before = b""
    for number in range(chance.randint(COMMITS_MIN, COMMITS_MAX)):
        batch: list[tuple[bytes, bytes | None]] = []
        for _ in range(chance.randint(1, COMMIT_RECORDS_MAX)):
            if keys and chance.random() < 0.3:
                key = chance.choice(keys)
            else:
                key = PREFIX + b"/%06d" % len(keys) + b"L" * _now_and_then(chance, 0, 1_900)
                keys.append(key)
            octets = _now_and_then(chance, chance.randint(20, 200), 12_000)
            batch.append((key, None if chance.random() < 0.1 else record(chance, octets)))
        before = (directory / "data.mdb").read_bytes()
        store.commit(batch, {NOTE: b"%d" % number})
        digests.append(contents(store)[0])
    store.close()
    return History(before, (directory / "data.mdb").read_bytes(), tuple(digests), tuple(dict.fromkeys(keys)))


def record(chance: random.Random, octets: int) -> bytes:
    """A record of one value with so many random octets of data."""
    return pack_record((Value(1, b"BATCH", chance.randbytes(octets), timestamp=STAMP),))


def _now_and_then(chance: random.Random, mostly: int, seldom_up_to: int) -> int:
    return chance.randint(mostly, seldom_up_to) if chance.random() < 0.05 else mostly


def contents(store: LmdbStore) -> tuple[str, dict[bytes, bytes]]:
    """A digest of all that a store holds, and its records."""
    digest, records = blake2b(digest_size=16), dict[bytes, bytes]()
    for key, octets in store.scan():
        digest.update(b"%d %d " % (len(key), len(octets)) + key + octets)
        records[key] = octets
    digest.update(b"note %s count %d" % (store.note(NOTE), store.count()))
    return digest.hexdigest(), records


# ---- damage ----------------------------------------------------------------------------------------------------------


def damage(kind: str, history: History, chance: random.Random) -> tuple[str, bytes, bytes]:
    """(what was done in words, the octets of data.mdb, those of the lock file)."""
    octets, lock = bytearray(history.after), b""
    if kind == "flip":
        place = chance.randrange(len(octets))
        if chance.random() < 0.5:
            place = place // PAGE * PAGE + chance.randrange(152 if place < META_PAGES * PAGE else 64)
        mask = chance.randrange(1, 256) if chance.random() < 0.5 else 1 << chance.randrange(8)
        octets[place] ^= mask
        return f"octet {place} xor 0x{mask:02x}", bytes(octets), lock
    if kind == "cut":
        size = chance.randrange(len(octets))
        if chance.random() < 0.5:
            size = min(max(0, size // PAGE * PAGE + chance.randint(-1, 1)), len(octets) - 1)
        return f"cut to {size} of {len(octets)} octets", bytes(octets[:size]), lock
    if kind == "lock":
        lock = chance.randbytes(8192)
        return "another lock file", bytes(octets), lock
    first = META_PAGES * PAGE // SECTOR if kind == "power cut" else 0
    changed = [sector for sector in _changed(history) if sector >= first]
    kept_out = [sector for sector in changed if chance.random() < 0.5] or changed[:1]
    for sector in kept_out:
        part = slice(sector * SECTOR, (sector + 1) * SECTOR)
        octets[part] = history.before[part].ljust(SECTOR, b"\0")
    if kind == "power cut":  # the meta pages are written last
        octets[: META_PAGES * PAGE] = history.before[: META_PAGES * PAGE]
        size = chance.randrange(len(history.before), len(octets) + 1)  # the file may not have grown to its end yet
        octets = octets[: max(size // PAGE * PAGE, len(history.before))]
    return f"{kind}, {len(kept_out)} of {len(changed)} sectors as before", bytes(octets), lock


def _changed(history: History) -> list[int]:
    """The sectors that the last commit wrote to."""
    before = history.before.ljust(len(history.after), b"\0")
    parts = range(0, len(history.after), SECTOR)
    return [at // SECTOR for at in parts if before[at : at + SECTOR] != history.after[at : at + SECTOR]]


def _lay(directory: Path, octets: bytes, lock: bytes) -> Path:
    """A store's directory with this file in it and nothing else."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    (directory / "data.mdb").write_bytes(octets)
    if lock:
        (directory / "lock.mdb").write_bytes(lock)
    return directory


# ---- opening it ------------------------------------------------------------------------------------------------------


def open_and_use(directory: Path, keys: Sequence[bytes], opener: Callable[[Path], LmdbStore] = LmdbStore) -> Opened:
    """Open a store, read all of it in every way, write to it, and open it once more. Runs where it may die."""
    try:
        store = opener(directory)
    except StoreError as error:
        return Opened(refusal=str(error))
    digest, records = contents(store)
    wrong = [
        f"{key[:40]!r} is {'there' if key in records else 'missing'} in a scan, and otherwise asked for directly"
        for key in chain(keys, records)
        if store.get(key) != records.get(key)
    ]
    if store.count() != len(records):
        wrong.append(f"it counts {store.count()} records and has {len(records)}")
    extra = {PREFIX + b"/AFTERWARDS-%03d" % number: b"\0" + b"new" * 70 for number in range(50)}
    gone = list(records)[::3]
    store.commit([*extra.items(), *((key, None) for key in gone)])
    store.close()
    expected = {key: octets for key, octets in records.items() if key not in set(gone)} | extra
    store = opener(directory)
    if contents(store)[1] != expected:
        wrong.append("what was written to it afterwards was not kept")
    store.close()
    return Opened(digest, disagreements=tuple(wrong))


def _ask_node(stage: Stage, directory: Path, opened: Opened, asked: Sequence[bytes]) -> str:
    """Start a node on such a store and compare it with what the store alone said; what was wrong, in words."""
    expected = {}
    if not opened.refusal:
        found = safely(read, directory, asked)
        if found.died is not None:
            return f"the process that read it {found.died}"
        expected = found.result
    with stage.warm_node() as node:
        try:
            report = node.ready_line()
        except Unreachable as error:
            return str(error)
        if report is None:
            return f"the node ended with status {node.child.wait(1.0)} and without a word"
        if opened.refusal:
            if report["ready"] or report["exit"] != 4 or str(directory / "data.mdb") not in report["error"]:
                return f"the store was refused, and its node said {report}"
            return ""
        if not report["ready"]:
            return f"the store was read, and its node refused: {report['error']}"
        for key, octets in expected.items():
            try:
                answer = asyncio.run(ask(stage.address, Question(key))).answer
            except Unreachable as error:
                return f"the node did not answer: {error}"
            if (pack_record(answer.values) if answer.values else None) != octets:
                return f"the node answered {key[:40]!r} otherwise than its store"
    return ""


def read(directory: Path, keys: Sequence[bytes]) -> dict[bytes, bytes | None]:
    """Some records of a store."""
    store = LmdbStore(directory)
    found = {key: store.get(key) for key in keys}
    store.close()
    return found
