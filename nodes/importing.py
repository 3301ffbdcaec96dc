"""Catalogue file -> a node's store, row by row checked, batch by batch acknowledged, to be repeated after any failure.

    Catalogue ──rows──> Gate ──Batch──> Sink     offline: the store in the node's directory
                                                 running: the admin page of the node's process

Each batch carries a note of how far the file had been read, written in the same transaction: octets, lines and the
digest of these octets. A run that was stopped is repeated with the same command; it finds the note, sees that the file
still begins as it did, and goes on behind the last batch that was acknowledged. The last batch takes the note away, so
a finished import may be repeated as well and finds everything unchanged.

While a batch is on its way the rows of the next are read.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from hashlib import blake2b
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlencode, urlsplit

from nodes.catalogue import Catalogue, Position
from nodes.config import ITEM_TIERS, NetworkPlan, NodePlan, load_network
from nodes.files import find_file
from nodes.registry import (
    BATCH_OCTETS_MAX,
    CONTENT_TYPE,
    IMPORT_NOTE,
    NETWORK_NOTE,
    Batch,
    Gate,
    prepare,
)
from nodes.state import State, read_state
from resolver.errors import OperatorError, StoreError, Unreachable
from resolver.model.identifier import fold, text
from resolver.stores import STORES
from resolver.stores.base import Store, StoreFull, Tally

STORE_BATCH_RECORDS = 10_000
PAGE_BATCH_RECORDS = 2_000  # as the field's rules say (field.md); short, for the sake of those whom the node answers
ANSWER_TIMEOUT_S = 120.0  # for a batch: the disk may be slow, and others may wait before us
ANSWER_OCTETS_MAX = 1 << 24
GROWTHS_MAX = 8  # each doubles the room


@dataclass(frozen=True, slots=True)
class Progress:
    """What has been acknowledged so far: it is in the store and stays there.

    `records` were read and are new, changed or unchanged; `elsewhere` are other servers' and were left out. `line` and
    `octets`: how far the file has been dealt with, `octets_all` its size. `batch` counts from 1.
    """

    batch: int = 0
    records: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    elsewhere: int = 0
    line: int = 0
    octets: int = 0
    octets_all: int = 0


class Sink(Protocol):
    """Where batches go: `send`, then `acknowledged`, in turn."""

    durable: bool
    running: bool
    batch_records: int  # how many suit it

    def note(self, name: bytes) -> bytes | None:
        """What the store has noted under a name."""
        ...

    def send(self, batch: Batch) -> None:
        """Hand a batch over."""
        ...

    def acknowledged(self) -> Tally:
        """Wait until the batch handed over is on the medium."""
        ...

    def close(self) -> None:
        """Let go of the store."""
        ...


class StoreSink:
    """The store of a node that does not run."""

    running = False
    batch_records = STORE_BATCH_RECORDS

    def __init__(self, store: Store) -> None:
        self._store = store
        self.durable = store.durable
        self.note = store.note
        self.close = store.close
        self._tally = Tally(0, 0, 0)

    def send(self, batch: Batch) -> None:
        for _ in range(GROWTHS_MAX):
            try:
                self._tally = self._store.commit_all((batch.work,))[0]
                return
            except StoreFull:
                self._store.grow()
        self._tally = self._store.commit_all((batch.work,))[0]

    def acknowledged(self) -> Tally:
        return self._tally


class PageSink:
    """The admin page of the process in which a node runs. Asked directly: proxies have no business on loopback."""

    running = True
    batch_records = PAGE_BATCH_RECORDS

    def __init__(self, node: str, metrics_url: str) -> None:
        self._node = node
        page = urlsplit(metrics_url)
        self._connection = HTTPConnection(page.hostname or "", page.port, timeout=ANSWER_TIMEOUT_S)
        self.durable = bool(self._ask({})["durable"])

    def note(self, name: bytes) -> bytes | None:
        found = self._ask({"note": name.hex()})["note"]
        return None if found is None else bytes.fromhex(found)

    def records(self) -> Iterator[tuple[bytes, bytes]]:
        """Every handle and record in the store, in order, piece by piece: changes meanwhile may show."""
        import msgpack

        after = b""
        while flat := msgpack.unpackb(self._exchange("GET", "/registry/records", {"after": after.hex()})):
            yield from zip(flat[::2], flat[1::2], strict=True)
            after = flat[-2]

    def send(self, batch: Batch) -> None:
        self._request("POST", "/registry", {}, batch.packed())

    def acknowledged(self) -> Tally:
        return Tally(**json.loads(self._answer()))

    def close(self) -> None:
        self._connection.close()

    def _ask(self, query: dict[str, str]) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self._exchange("GET", "/registry", query))
        return told

    def _exchange(self, method: str, path: str, query: dict[str, str]) -> bytes:
        self._request(method, path, query, None)
        return self._answer()

    def _request(self, method: str, path: str, query: dict[str, str], body: bytes | None) -> None:
        target = f"{path}?{urlencode({'node': self._node, **query})}"
        try:
            self._connection.request(method, target, body, {"Content-Type": CONTENT_TYPE} if body else {})
        except (OSError, HTTPException) as error:
            raise self._gone(error) from None

    def _answer(self) -> bytes:
        try:
            response = self._connection.getresponse()
            octets = response.read(ANSWER_OCTETS_MAX)
        except (OSError, HTTPException) as error:
            raise self._gone(error) from None
        if response.status == 200:
            return octets
        words = octets.decode("utf-8", "replace").strip()
        if response.status == 507:
            raise StoreError(words)
        if response.status == 400:
            raise OperatorError(f"{self._node} refused a batch: {words}", remedy="Is it of the same version?")
        raise Unreachable(f"{self._node}: its process answers {response.status}: {words}")

    def _gone(self, error: Exception) -> Unreachable:
        return Unreachable(f"{self._node}: its process does not answer any more: {error or type(error).__name__}")


class Target(NamedTuple):
    """A node to import into, the network file it is of, and the way into its store."""

    plan: NodePlan
    network: NetworkPlan
    sink: StoreSink | PageSink


def open_target(node: str, run_dir: Path, network_file: Path | None = None) -> Target:
    """The way into a node's store: through its process if that runs, else the store in RUN_DIR/data/NODE itself.

    If nothing runs, the network file is the one given, else the one of the node's last start, as its store remembers.
    OperatorError for a node that is not there or takes no items; StoreError if another process has the store open.
    """
    try:
        state = read_state(run_dir)
    except Unreachable:
        state = None
    if state is None:
        return _open_offline(node, run_dir, network_file)
    up = Path(state["path"])
    if network_file is not None and find_file(network_file).resolve() != up.resolve():
        raise OperatorError(
            f"is not the file that is up in {run_dir}, which is {up}",
            key="--network",
            value=str(network_file),
            remedy="Leave --network out, or name the other run directory",
        )
    network = load_network(up, second_octet=state["second_octet"])
    plan = _taking_items(network, node)
    metrics = _page_of(state, node)
    if metrics is not None:
        return Target(plan, network, PageSink(node, metrics))
    return _with_store(plan, run_dir, network)


def _page_of(state: State, node: str) -> str | None:
    """The admin page of a running node; None if its process has ended. Unreachable while it starts."""
    entry = next(each for each in state["nodes"] if each["name"] == node)
    if entry["metrics"] is None:
        raise Unreachable(f"the network {state['network']} is still starting; repeat this when it is ready")
    return None if entry["pid"] is None else str(entry["metrics"])


def _open_offline(node: str, run_dir: Path, network_file: Path | None) -> Target:
    if network_file is not None:
        network = load_network(network_file)
        return _with_store(_taking_items(network, node), run_dir, network)
    directory = run_dir / "data" / node
    remedy = "Say which network: --network configs/teaching.toml, and --run-dir if it is another one"
    if not (directory / "data.mdb").is_file():
        raise OperatorError(
            f"no network runs in {run_dir}, and {directory} holds no store that could say of which one it is",
            key="--node",
            value=node,
            remedy=remedy,
        )
    store = STORES["lmdb"](directory)
    try:
        noted = store.note(NETWORK_NOTE)
        if noted is None:
            raise OperatorError("the store does not say of which network it is", file=str(directory), remedy=remedy)
        network = load_network(Path(os.fsdecode(noted)))
        return _with_store(_taking_items(network, node), run_dir, network, store)
    except BaseException:
        store.close()
        raise


def _with_store(plan: NodePlan, run_dir: Path, network: NetworkPlan, store: Store | None = None) -> Target:
    """Open the store of a node that does not run, and bring it to where a start would have brought it: else the next
    start would take for news what its catalogue says of handles that are imported now.
    """
    if plan.store == "memory":
        raise OperatorError(
            f"{plan.name} keeps its records in memory, where they end with its process",
            file=str(network.file),
            key="store",
            value=plan.store,
            remedy='Start the network first, or let it say store = "lmdb"',
        )
    store = store or STORES[plan.store](run_dir / "data" / plan.name)
    try:
        prepare(plan, store, network.file)
    except BaseException:
        store.close()
        raise
    return Target(plan, network, StoreSink(store))


def _taking_items(network: NetworkPlan, node: str) -> NodePlan:
    plan = network.node(node)
    if plan.follows:
        raise OperatorError(
            "a mirror reads what its primary keeps",
            file=str(network.file),
            key="--node",
            value=node,
            remedy=f"Import at the primary: --node {plan.follows}",
        )
    if plan.tier not in ITEM_TIERS or not plan.prefixes:
        raise OperatorError(
            f"a {plan.tier} node takes no items" if plan.tier not in ITEM_TIERS else "no prefix is homed at this node",
            file=str(network.file),
            key="--node",
            value=node,
            remedy="Items live at enterprise nodes, or at the secondary node that hosts the enterprise",
        )
    return plan


class Import:
    """One run: `run`, and `progress` at any time, also after it failed."""

    def __init__(
        self,
        file: Path,
        target: Target,
        *,
        restart: bool = False,
        share: bool = False,
        batch_records: int = 0,
    ) -> None:
        """`restart`: from the first row, whatever was acknowledged. `share`: leave out rows of the site's other
        servers, which are an error otherwise. `batch_records`: how many at once, if not as many as suit the way.
        """
        self.file, self.plan, self.network, self.sink = file, *target
        self.share = share
        self.restart = restart
        self.batch_records = batch_records or self.sink.batch_records
        self.resumed_line: int | None = None
        self.progress = Progress()
        self._gate = Gate(self.plan)
        self._note = IMPORT_NOTE + blake2b(os.fsencode(file.resolve()), digest_size=16).digest()
        self._elsewhere = 0

    def run(self, tell: Callable[[Progress], None]) -> None:
        """Read, check and hand over everything; `tell` is called after each batch that was acknowledged.

        OperatorError for a row that cannot be, StoreError for a disk that is full, Unreachable for a process that
        ended: what was told before is in the store then, and a second run goes on there.
        """
        stamp = int(time.time())
        with Catalogue(self.file, stamp=stamp) as catalogue:
            self.progress = replace(self.progress, octets_all=catalogue.octets)
            self._resume(catalogue)
            waiting: Progress | None = None
            batches = self._batches(catalogue, stamp)
            try:
                for batch, progress in batches:
                    if waiting is not None:
                        self._acknowledge(waiting, tell)
                    self.sink.send(batch)
                    waiting = progress
            except OperatorError:
                if waiting is not None:
                    self._acknowledge(waiting, tell)
                raise
            if waiting is not None:
                self._acknowledge(waiting, tell)

    def _resume(self, catalogue: Catalogue) -> None:
        noted = None if self.restart else self.sink.note(self._note)
        if noted is None:
            return
        try:
            position = Position(**json.loads(noted))
        except (ValueError, TypeError):  # another version's
            return
        if catalogue.resume(position):
            self.resumed_line = position.lines + 1
            self.progress = replace(self.progress, line=position.lines, octets=position.octets)

    def _acknowledge(self, waiting: Progress, tell: Callable[[Progress], None]) -> None:
        tally, before = self.sink.acknowledged(), self.progress
        self.progress = replace(
            waiting,
            new=before.new + tally.new,
            changed=before.changed + tally.changed,
            unchanged=before.unchanged + tally.unchanged,
        )
        if waiting.batch > before.batch:  # the last may be empty and only take the note away
            tell(self.progress)

    def _batches(self, catalogue: Catalogue, stamp: int) -> Iterator[tuple[Batch, Progress]]:
        """Batches, and what will have been acknowledged with each."""
        records: list[tuple[bytes, bytes]] = []
        octets = total = number = 0

        def made(notes: dict[bytes, bytes | None], position: Position) -> tuple[Batch, Progress]:
            progress = Progress(
                number, total, 0, 0, 0, self._elsewhere, position.lines, position.octets, catalogue.octets
            )
            return Batch(stamp, records, notes), progress

        for line, handle, record in catalogue:
            if not self._takes(line, handle):
                continue
            records.append((fold(handle), record))
            octets += len(handle) + len(record)
            if len(records) >= self.batch_records or octets >= BATCH_OCTETS_MAX:
                total += len(records)
                number += 1
                position = catalogue.position()
                yield made({self._note: json.dumps(asdict(position)).encode()}, position)
                records, octets = [], 0
        total += len(records)
        number += bool(records)
        yield made({self._note: None}, catalogue.position())

    def _takes(self, line: int, handle: bytes) -> bool:
        """Whether a row is for this store. OperatorError for one that is for none."""
        objection = self._gate.objection(handle)
        if objection is None:
            if self._gate.falls_here(handle):
                return True
            if self.share:
                self._elsewhere += 1
                return False
            objection = (
                f"falls on another server of the site than {self.plan.name}, by its hash",
                "Say --share to take only this server's rows, and import the file at every server",
            )
        problem, remedy = objection
        raise OperatorError(problem, file=f"{self.file}:{line}", key="handle", value=text(handle[:80]), remedy=remedy)
