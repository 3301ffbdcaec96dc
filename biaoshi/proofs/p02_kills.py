"""Line 2: an authority is killed (kill -9) at random moments while records come in, again and again.

A round starts the node, compares everything it gives out with the books (ledger.py), and loads it until the moment:

    posts      batches over four connections at once, some of them changing what is there; the node is killed
    protocol   the prefix's administrator registers and changes identifiers over the protocol; the node is killed
    import     a catalogue is imported through the node; the node is killed under the importer
    importer   the same; the importer is killed, another goes on with the file, the node is killed under that one
    offline    before the node starts, an importer writes to its store itself, and is killed
    start      the node is killed before it is ready

Acknowledged counts from when we have been told. After some rounds the node is stopped in peace, its store is read whole
without it, and the next rounds have a new one. The node's catalogue has records that the load changes, so a start that
took its catalogue for news would be found.

A kill leaves what the kernel has not written yet intact; what a power cut takes is lines 3 and 4.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import shutil
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, cast

from biaoshi.proofs.ledger import Ledger, Records, Wrong
from biaoshi.proofs.posting import Posting
from biaoshi.proofs.registering import Registering
from biaoshi.proofs.stage import ALARM_S, NODE, PREFIX, Child, Stage, WarmNode, child, safely
from biaoshi.proofs.trial import Trial
from nodes.catalogue import read_rows
from nodes.config import NetworkPlan, NodePlan, load_network
from nodes.importing import Import, PageSink, StoreSink, Target
from nodes.registry import Batch, prepare
from resolver.errors import BiaoshiError
from resolver.model.identifier import PREFIX_HANDLE_LEAD, fold, prefix_handle
from resolver.model.question import Question
from resolver.model.value import Value
from resolver.net.client import ask
from resolver.stores.lmdb import LmdbStore
from resolver.wire.record import pack_record, unpack_record
from resolver.wire.types import hs_admin
from resolver.wire.types.hs_admin import HsAdmin

KILLS_QUICK, KILLS_FULL = 60, 1_000
KILLS_QUICK_LEAST = 20
ROUNDS_A_STORE = 25
START_S_MAX = 0.06  # a start takes about 0.04 s
LOAD_S_MAX = 0.25
CONNECTIONS = 4
BATCH_RECORDS_MAX = 60
IMPORT_BATCH_RECORDS = 100  # fewer than usual, so that a file is many batches
FILE_RECORDS = 4_000
END_LIMIT_S = 10.0  # an importer whose node is gone says so within it
STAMP, STAMP_TEXT = 1_767_225_600, "2026-01-01T00:00:00Z"
CATALOGUE_RECORDS = 40
ASKED = 2  # handles a restarted node is asked for
WAYS = ("posts", "posts", "protocol", "protocol", "import", "importer")
OWNER = Value(100, b"HS_ADMIN", hs_admin.encode(HsAdmin(0xFFF, prefix_handle(PREFIX), 200)), timestamp=STAMP)
WRONGS = ("lost", "altered", "duplicated", "foreign", "halved")
START_SHARE, OFFLINE_SHARE, CHANGE_SHARE = 0.1, 0.1, 0.25


def prove(trial: Trial) -> None:
    """Kill, restart, compare, until the number of kills is reached."""
    kills = KILLS_FULL if trial.full else KILLS_QUICK
    trial.value = 0
    facts = trial.facts = no_facts()
    chance = random.Random(trial.seed)
    while facts["kills"] < kills:
        facts["stores"] += 1
        folder = trial.folder / f"store-{facts['stores']}"
        session = Session(trial, Stage(folder, catalogue()), chance)
        with session.stage.upper():
            for _ in range(min(ROUNDS_A_STORE, kills - facts["kills"])):
                session.round()
                trial.progress(
                    f"{facts['kills']} of {kills} kills, {facts['records_acknowledged']:,} records acknowledged, "
                    f"{trial.value:g} wrong"
                )
                if trial.out_of_time:
                    break
            session.finish()
        shutil.rmtree(folder)
        if trial.out_of_time:
            if trial.full or facts["kills"] < KILLS_QUICK_LEAST:
                trial.fail(f"out of time after {facts['kills']} of {kills} kills")
            break
    if not facts["records_acknowledged"]:
        trial.fail("nothing was acknowledged, so nothing could be lost")
    if facts["ways"]["protocol"] and not facts["registered"]:
        trial.fail("nothing was registered over the protocol, so nothing of that could be lost")


def no_facts() -> dict[str, Any]:
    """What is counted."""
    counted = (
        "kills",
        "importer_kills",
        "stores",
        "records_acknowledged",
        "registered",
        "batches_open",
        "open_found",
        *WRONGS,
    )
    return {"ways": Counter(), **dict.fromkeys(counted, 0)}


class Session:
    """A store and the rounds it goes through."""

    def __init__(self, trial: Trial, stage: Stage, chance: random.Random) -> None:
        self.trial, self.facts, self.stage, self.chance = trial, trial.facts, stage, chance
        self.administrator = stage.administrator()
        self.registered: list[list[bytes]] = [[] for _ in range(CONNECTIONS)]
        self.ledger = Ledger()
        self.looked = False
        self.catalogue = {fold(row.handle): row.record for row in read_rows(stage.folder / "catalogue.csv")}
        self.made: list[list[bytes]] = [[] for _ in range(CONNECTIONS)]
        self.made[0] += self.catalogue
        self.version = 0
        self.files: list[Source] = []
        self.ways: dict[str, Callable[[WarmNode, str], None]] = {
            "posts": self._posts, "protocol": self._protocol, "import": self._import, "importer": self._importer,
        }  # fmt: skip

    def round(self) -> None:
        """One kill of the node."""
        facts, chance = self.facts, self.chance
        if self.looked and chance.random() < OFFLINE_SHARE:
            facts["ways"]["offline"] += 1
            with self._importing(None) as importer:
                self._follow(importer, chance.uniform(0, LOAD_S_MAX))
                self._kill(importer)
        with self.stage.warm_node() as node:
            way = "start" if chance.random() < START_SHARE else chance.choice(WAYS)
            if way == "start":
                time.sleep(chance.uniform(0, START_S_MAX))
                node.child.kill()
            else:
                page = node.await_ready()["metrics"]
                self._look(page)
                self.ways[way](node, page)
        facts["kills"] += 1
        facts["ways"][way] += 1
        facts["batches_open"] += len(self.ledger.under_way)
        facts["records_acknowledged"] += self.ledger.acknowledged
        self.ledger.acknowledged = 0

    def finish(self) -> None:
        """A last start, a whole look, an end in peace, and a whole look without the node."""
        with self.stage.warm_node() as node:
            self._look(node.await_ready()["metrics"])
            node.child.stop()
        found = safely(read_all, self.stage.store_dir)
        if found.died is not None:
            self.trial.fail(f"the process that read the store {found.died}")
            return
        count, records = found.result
        self._count(self.ledger.check(map(unstamped, records)))
        if count != len(records):
            self.trial.fail(f"the store counts {count} records and holds {len(records)}")

    # ways to load a node until it is killed

    def _posts(self, node: WarmNode, page: str) -> None:
        with Posting(page, self.ledger, self._batch, connections=CONNECTIONS, stamp=STAMP) as posting:
            posting.run(self.chance.uniform(0, LOAD_S_MAX))
            node.child.kill()
            posting.drain()
        if posting.refused:
            self.trial.fail(f"a batch was refused: {posting.refused[0]}")

    def _protocol(self, node: WarmNode, page: str) -> None:
        address = self.stage.address
        with Registering(address, self.ledger, self._registration, self.administrator, connections=CONNECTIONS) as line:
            if not self.facts["registered"]:  # a slow machine may kill every time before the first is acknowledged
                line.run(END_LIMIT_S, batches_max=1)
            line.run(self.chance.uniform(0, LOAD_S_MAX))
            node.child.kill()
            line.drain()
            self.facts["registered"] += line.batches
        if line.refused:
            self.trial.fail(f"a registration was refused: {line.refused[0]}")

    def _import(self, node: WarmNode, page: str) -> None:
        with self._importing(page) as importer:
            ending = self._follow(importer, self.chance.uniform(0, LOAD_S_MAX))
            node.child.kill()
            ending = ending or self._follow(importer, END_LIMIT_S)
        if ending not in ("done", "Unreachable"):
            self.trial.fail(f"the importer whose node was killed ended with {ending}")

    def _importer(self, node: WarmNode, page: str) -> None:
        with self._importing(page) as importer:
            self._follow(importer, self.chance.uniform(0, LOAD_S_MAX / 2))
            self._kill(importer)
        self._import(node, page)

    # posting

    def _batch(self, connection: int) -> Records:
        """New records, and others for handles that this connection has written before."""
        chance, made = self.chance, self.made[connection]
        batch = {}
        for _ in range(chance.randint(1, BATCH_RECORDS_MAX)):
            if made and chance.random() < CHANGE_SHARE:
                key = chance.choice(made)
            else:
                key = PREFIX + b"/P%d-%06d" % (connection, len(made))
                made.append(key)
            self.version += 1
            batch[key] = pack_record((Value(1, b"URL", b"https://id.example/%d" % self.version, timestamp=STAMP),))
        return batch

    def _registration(self, connection: int) -> Records:
        """A new record, or another for a handle that this connection has registered before."""
        made = self.registered[connection]
        if made and self.chance.random() < CHANGE_SHARE:
            key = self.chance.choice(made)
        else:
            key = PREFIX + b"/R%d-%06d" % (connection, len(made))
            made.append(key)
        self.version += 1
        return {key: pack_record((Value(1, b"URL", b"https://id.example/%d" % self.version, timestamp=STAMP), OWNER))}

    # importing

    @contextlib.contextmanager
    def _importing(self, page: str | None) -> Iterator[Child]:
        """An importer of the newest file, a new one if that is done, through the node's page or into its store."""
        if not self.files or self.files[-1].done:
            self.files.append(Source.make(self.stage.folder, len(self.files)))
        with child(import_file, self.stage, self.files[-1].file, page, log=self.stage.log) as importer:
            yield importer

    def _follow(self, importer: Child, seconds: float) -> str | None:
        """Keep the books of what the importer tells for so long; how it ended, if it did."""
        deadline = time.monotonic() + seconds
        source = self.files[-1]
        while importer.told.poll(max(0.0, deadline - time.monotonic())):
            try:
                word, number = importer.told.recv()
            except (EOFError, OSError):  # killed, perhaps within a word
                return "nothing"
            if word == "sent":
                source.batch = source.rows(number)
                self.ledger.send(source.batch)
            elif word == "acknowledged":
                self.ledger.acknowledge(source.batch)
            else:
                source.done = word == "done"
                return str(word)
        return None

    def _kill(self, importer: Child) -> None:
        importer.kill()
        self._follow(importer, END_LIMIT_S)
        self.facts["importer_kills"] += 1

    # looking

    def _look(self, page: str) -> None:
        """Compare all that the node gives out, and some answers, with the books."""
        sink = PageSink(NODE, page)
        try:
            found = list(map(unstamped, sink.records()))
        finally:
            sink.close()
        if not self.looked:
            self.looked = True
            self.ledger.known |= self.catalogue
            self.ledger.known |= {key: record for key, record in found if key.startswith(PREFIX_HANDLE_LEAD)}
        self._count(self.ledger.check(found))
        self.facts["open_found"] += self.ledger.found
        self.ledger.found = 0
        for source in self.files:
            if source.done and not source.records.keys() <= self.ledger.known.keys():
                self.trial.fail(f"{source.file.name} was imported to its end, and not all of it is there")
        for key in self.chance.sample(sorted(self.ledger.known), ASKED):
            answer = asyncio.run(ask(self.stage.address, Question(key))).answer
            if unstamped((key, pack_record(answer.values)))[1] != self.ledger.known[key]:
                self._count(Wrong(altered=1, examples=[f"{key!r} is answered otherwise than it was acknowledged"]))

    def _count(self, wrong: Wrong) -> None:
        assert self.trial.value is not None
        self.trial.value += wrong.total
        for what in WRONGS:
            self.facts[what] += getattr(wrong, what)
        for words in wrong.examples:
            self.trial.fail(f"after {self.facts['kills']} kills: {words}")


def unstamped(found: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
    """A record without the time at which it was registered over the protocol, which is the node's to say."""
    key, record = found
    if not key.startswith(PREFIX + b"/R"):
        return found
    return key, pack_record([replace(value, timestamp=STAMP) for value in unpack_record(record)])


@dataclass(slots=True)
class Source:
    """A catalogue to be imported: its records in the order of its lines."""

    file: Path
    records: dict[bytes, bytes]
    batch: Records = field(default_factory=dict)  # the one under way
    done: bool = False

    @classmethod
    def make(cls, folder: Path, number: int) -> Source:
        """Write a file of records that bring their timestamps, so that what is stored is known beforehand."""
        file = folder / f"import-{number}.jsonl"
        with file.open("w", encoding="ascii") as out:
            for row in range(FILE_RECORDS):
                out.write(
                    f'{{"handle": "{PREFIX.decode()}/I{number}-{row:06}", "values": [{{"index": 1, "type": "URL", '
                    f'"data": "https://id.example/{number}/{row}", "ttl": 86400, "timestamp": "{STAMP_TEXT}"}}]}}\n'
                )
        return cls(file, {fold(row.handle): row.record for row in read_rows(file)})

    def rows(self, numbers: tuple[bytes, int]) -> Records:
        """A batch: so many records, from a handle on."""
        first, count = numbers
        keys = list(self.records)
        begin = keys.index(first)
        return {key: self.records[key] for key in keys[begin : begin + count]}


def import_file(tell: Connection, stage: Stage, file: Path, page: str | None) -> None:
    """Be an importer; tell every batch before it is sent and after it has been acknowledged, and how it ended."""
    signal.alarm(ALARM_S)
    network = load_network(stage.file, second_octet=stage.second_octet)
    plan = network.node(NODE)
    ending = "done"
    try:
        sink = PageSink(NODE, page) if page is not None else StoreSink(_prepared_store(plan, network, stage))
        with contextlib.closing(sink):
            telling = cast(PageSink, _Telling(sink, tell))
            run = Import(file, Target(plan, network, telling), batch_records=IMPORT_BATCH_RECORDS)
            run.run(lambda done: tell.send(("acknowledged", done.batch)))
    except BiaoshiError as error:
        ending = type(error).__name__
    tell.send((ending, None))


def _prepared_store(plan: NodePlan, network: NetworkPlan, stage: Stage) -> LmdbStore:
    store = LmdbStore(stage.store_dir)
    prepare(plan, store, network.file)
    return store


class _Telling:
    """A sink that tells what it is given before it passes it on."""

    def __init__(self, sink: StoreSink | PageSink, tell: Connection) -> None:
        self.durable, self.running = sink.durable, sink.running
        self.note, self.acknowledged, self.close = sink.note, sink.acknowledged, sink.close
        self._send, self._tell = sink.send, tell

    def send(self, batch: Batch) -> None:
        """Tell, and pass on."""
        if batch.records:
            self._tell.send(("sent", (batch.records[0][0], len(batch.records))))
        self._send(batch)


def read_all(directory: Path) -> tuple[int, list[tuple[bytes, bytes]]]:
    """How many records a store says it has, and all of them."""
    store = LmdbStore(directory)
    found = store.count(), list(store.scan())
    store.close()
    return found


def catalogue() -> str:
    """The node's own catalogue, whose handles the load changes."""
    rows = [
        f"{PREFIX.decode()}/C{number:03},https://id.example/catalogue/{number}" for number in range(CATALOGUE_RECORDS)
    ]
    return "\n".join(["handle,URL:1", *rows, ""])
