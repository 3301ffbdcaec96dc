"""A process of nodes: opens their stores, builds them, runs their pumps, serves their admin page.

    python -m nodes.home --file FILE --process GROUP --data-dir DIR [--keys-dir DIR] [--second-octet N]
                         [--metrics-port P] [--parent-fd R] [--ready-fd W]
    python -m nodes.home --file FILE --node NAME … [--listen IP] [--watch IP:PORT]      a node alone, in a container

R  read end of a pipe that only the supervisor can write to: when it hangs up, the supervisor is gone, and so are we.
W  gets one JSON line when every node is ready, or the reason why not.
The admin page is on 127.0.0.1: /metrics, /healthz (we live), /readyz (503 with the reasons until nodes may be asked),
/monitor (figures of the day, see monitor.py), /pulse (for a live picture), /trace (see `Admin.trace`), /registry
(records coming in, see registrar.py), /reload (as SIGHUP: the file's bounds anew, see reloading.py), /faults and /node
(what goes wrong on purpose, see control.py). --watch shows /metrics, /healthz and /readyz alone, at an address that
others reach. SIGTERM and SIGINT end it gracefully: no new connections, what is under way is answered, then the doors
close. Its log is JSON lines on stderr.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import secrets
import signal
import ssl
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from ipaddress import ip_address
from pathlib import Path
from types import MappingProxyType
from typing import Any

import structlog
from aiohttp import web

from nodes.audit import AuditLog
from nodes.authority import AuthorityNode
from nodes.config import NetworkPlan, NodePlan, load_network, sample_of
from nodes.counters import Counters
from nodes.faults import FAULTS_MAX, behind_faults, read_fault
from nodes.jsonlines import JsonLines
from nodes.keeping import WriterKeeper
from nodes.keyring import signing_key, tls_of
from nodes.kinds import KINDS
from nodes.limits import Admission, Limited, Reckoned, behind_limits
from nodes.logs import to_stderr
from nodes.metrics import NodeCollector, Watched, page, pulse
from nodes.monitor import Monitor
from nodes.monitoring import Files
from nodes.node import Node
from nodes.parts import Parts, with_population
from nodes.processes import settle_memory
from nodes.queries import FOLDER as QUERIES_FOLDER
from nodes.queries import Queries, Write
from nodes.readers import Post, Readers
from nodes.registrar import Registrar
from nodes.registry import BODY_OCTETS_MAX, marks, prepare, sample_in
from nodes.relay import Kind
from nodes.reloading import changed, renewed
from resolver import __version__
from resolver.errors import BiaoshiError, OperatorError, StoreError
from resolver.model.identifier import text as handle_text
from resolver.net import rim
from resolver.net.dns import DnsDoor, DnsPlace, zone_name
from resolver.net.faults import FaultRule
from resolver.net.faulty import Faulty
from resolver.net.http.api import api
from resolver.net.http.door import HttpDoor, Place, tunnel
from resolver.net.http.pages import asset, pages
from resolver.net.machine import Machine
from resolver.net.pump import Pump, clock
from resolver.rules import proof, replies
from resolver.rules.dns_zone import OrdinaryZone, read_zone
from resolver.stores import STORES
from resolver.stores.base import Store, Work
from resolver.stores.lmdb import LmdbStore
from resolver.stores.lmdb_follower import LmdbFollower

AUDIT_FOLDER = ".audit"
PRIMARY_LIMIT_S, PRIMARY_TRIED_S = 60.0, 0.1  # how long a mirror waits for its primary's store, and between looks
DNS_SERVERS_ASKED = 3  # of the national nodes, one after the other
LAST_WORDS_S = 0.3  # for what clients asked readers just before
DRAIN_S, DRAIN_TRIED_S = 2.0, 0.01  # for what is under way at the end; the supervisor forces after three seconds
FOLLOW_S = 0.25  # between looks at what primaries have written
MONITOR_S = 1.0  # between looks at what the counters tell of overload and attacks

log = structlog.get_logger()


class Entropy:
    """Unguessable octets, drawn from the system by the page: a system call for each id costs more than its use."""

    PAGE_OCTETS = 4_096

    def __init__(self) -> None:
        self._page, self._used = b"", 0

    def __call__(self, octets: int) -> bytes:
        """So many octets, never given before."""
        if self._used + octets > len(self._page):
            self._page, self._used = secrets.token_bytes(max(octets, self.PAGE_OCTETS)), 0
        self._used += octets
        return self._page[self._used - octets : self._used]


@dataclass(slots=True)
class Resident:
    """A node at home: its plan, store, and pump once it is open. `seen`: how far a mirror has followed its primary."""

    plan: NodePlan
    store: Store
    node: Node
    pump: Pump | None = None
    seen: int = 0
    daily: Limited | None = None  # what it has answered today, if that is bounded
    dns: DnsDoor | None = None
    post: Post | None = None  # its readers, if it has any

    def configure(self, plan: NodePlan) -> None:
        """Go on by a plan that differs in bounds alone."""
        self.plan = plan
        self.node.configure(plan.cache, plan.limits)

    @property
    def open(self) -> bool:
        """Whether it may be asked."""
        return self.pump is not None

    @property
    def readers(self) -> list[int]:
        """Processes that answer for it beside this one."""
        return [] if self.post is None or not self.open else self.post.readers.pids(self.plan)

    @property
    def under_way(self) -> bool:
        """Whether somebody still waits for it."""
        return self.pump is not None and (self.node.under_way > 0 or self.pump.owes)

    def forget(self) -> None:
        """The store has changed: replies that were remembered may be out of date."""
        self.node.packets.clear()

    def follow(self, version: int) -> None:
        """The primary may have written."""
        if self.seen != version and isinstance(self.node, AuthorityNode):
            self.node.follow()
            self.seen = version

    def flush(self) -> None:
        """Send what the node has said outside its doors' turns."""
        if self.pump is not None:
            self.pump.flush()

    def report(self) -> dict[str, Any]:
        """What the ready line says of it."""
        sample = sample_of(self.plan) or sample_in(self.plan, self.store)
        return {
            "name": self.plan.name,
            "records": self.store.count(),
            "procedural": self.plan.procedural,
            "sample": None if sample is None else handle_text(sample),
            "http": address(self.plan.ip, self.plan.doors.http) if self.plan.doors.http else None,
            "https": address(self.plan.ip, self.plan.doors.https) if self.plan.doors.https else None,
            "dns": address(self.plan.ip, self.plan.doors.dns) if self.plan.doors.dns else None,
        }


class Home:
    """The nodes of one process group, from opening to closing. `waiting`: nodes that may not be asked yet, and why."""

    def __init__(
        self,
        network: NetworkPlan,
        group: str,
        data_dir: Path,
        keys: Path | None = None,
        *,
        alone: bool = False,
        listen: str = "",
    ) -> None:
        """`group` names a process, or where a node is `alone`, that node; `listen`: where it listens if that is not the
        address that others know (a container behind a service).
        """
        self.network, self.data_dir, self.keys, self.listen = network, data_dir, keys, listen
        self.plans = [plan for plan in network.nodes if (plan.name if alone else plan.process) == group]
        self.waiting = {plan.name: "its records are being loaded" for plan in self.plans}
        self.residents: list[Resident] = []
        self.watched: list[Watched] = []
        self.written: dict[str, LmdbStore] = {}  # stores of primaries, by name
        self._tasks: list[asyncio.Task[None]] = []
        self.http = HttpDoor(api, tunnel, asset)
        self.names = {node.address: node.name for node in network.nodes}
        self.faults: list[FaultRule] = []
        self._registrar: Registrar | None = None
        self.readers = Readers(self.plans, group, data_dir, keys)
        self._entropy = Entropy()
        self.reloads: asyncio.Lock = asyncio.Lock()
        self.audit = AuditLog(data_dir / AUDIT_FOLDER / f"{group}.log")
        self.monitor = Monitor(Files(data_dir))
        self.queries = JsonLines(data_dir / QUERIES_FOLDER / f"{group}.log", 0, "the query log")
        if not self.plans:
            what = "no node of this name" if alone else "no node runs in this process"
            raise OperatorError(what, file=str(network.file), key="nodes", value=group)

    async def open(self, registrar: Registrar) -> None:
        """Open every store and load every catalogue, then open every door. Raises what makes it impossible."""
        self._registrar = registrar
        self.readers.ended = self.forget_dead
        await self.readers.start()
        for plan in sorted(self.plans, key=lambda plan: bool(plan.follows)):  # primaries, here and elsewhere, first
            store, version = await self.store_of(plan)
            node, keeper = self.node_of(plan, store)
            resident = Resident(plan, store, node, seen=version)
            keeper.flush = resident.flush
            if plan.workers:
                resident.post = self.readers.post_of(plan, node)
            self.residents.append(resident)
            self.watched.append(watched(resident, store.count, plan.procedural))
            dropped = None if resident.post is None else resident.post.dropped
            self.monitor.watch(plan.name, plan.tier, node.counters, clock().wall_ns, dropped)
        await self.readers.begun()
        for resident in self.residents:
            self.waiting[resident.plan.name] = "its addresses are being opened"
            await self.let_ask(resident)
            self.monitor.opened(resident.plan.name, clock().wall_ns)
            registrar.add(resident)
            del self.waiting[resident.plan.name]
        if any(plan.follows for plan in self.plans):
            self._tasks.append(asyncio.create_task(self.follow()))
        self._tasks.append(asyncio.create_task(self.keep_watch()))

    def node_of(self, plan: NodePlan, store: Store, counters: Counters | None = None) -> tuple[Node, WriterKeeper]:
        """A node that remembers nothing yet, and its way to the store."""
        assert self._registrar is not None
        key = signing_key(self.keys, plan.name) if self.keys is not None and plan.key_bits else None
        keeper = WriterKeeper(self._registrar.writer, store)
        parts = Parts(plan, store, self._entropy, self.network.tiers, key, keeper, self.note, counters)
        node = KINDS[plan.tier](parts)
        octets = plan.cache.packet_octets
        if octets and not plan.workers and (table := rim.table(octets)) is not None:
            node.answer_first(table)
        return node, keeper

    async def let_ask(self, resident: Resident) -> None:
        """Open a node's addresses, all or none."""
        plan = resident.plan
        tls = tls_of(self.keys, plan.name, plan.ip, plan.key_bits)
        pump = Pump(self.at_the_door(resident), self.place_of(plan), tls)
        if resident.post is None:
            await pump.open((plan.port, *plan.extra_ports))
        else:
            await self.readers.open(resident.post, plan, pump, self.place_of(plan), self.files_of(plan))
        resident.pump = pump
        try:
            await self.open_doors(resident, pump)
        except BaseException:
            await self.shut(resident)
            raise

    async def shut(self, resident: Resident, *, at_once: bool = False) -> None:
        """Close a node's addresses."""
        pump, resident.pump = resident.pump, None
        for port in (resident.plan.doors.http, resident.plan.doors.https):
            await self.http.shut(self.place_of(resident.plan), port)
        if resident.dns is not None:
            await resident.dns.close()
            resident.dns = None
        if resident.post is not None and pump is not None:
            if not at_once:
                await self.say_last(resident, pump)
            await self.readers.shut(resident.post)
        if pump is not None:
            await pump.close(at_once=at_once)

    async def say_last(self, resident: Resident, pump: Pump) -> None:
        """Have a node's readers pass on what has come by now, and answer that."""
        assert resident.post is not None
        await self.readers.tell(resident.post, Kind.LAST)
        deadline = time.monotonic() + LAST_WORDS_S
        while (resident.node.under_way > 0 or pump.owes) and time.monotonic() < deadline:
            await asyncio.sleep(DRAIN_TRIED_S)

    def forget_dead(self) -> None:
        """A reader is gone: whatever moment of a store it held is free again."""
        for resident in self.residents:
            written = self.written.get(resident.plan.name)
            if written is not None and resident.post is not None:
                try:
                    written.forget_dead()
                except StoreError as error:
                    log.error("a store still holds what a reader read", node=resident.plan.name, error=str(error))

    def files_of(self, plan: NodePlan) -> str:
        """Whose LMDB files have a node's records, "" if none have: then its readers look nothing up themselves."""
        return (plan.follows or plan.name) if plan.tier != "recursive" and plan.store == "lmdb" else ""

    async def stop(self, name: str, *, at_once: bool = False) -> None:
        """Take a node off the network, when what is under way is answered; `at_once`: as if it had been killed."""
        async with self.reloads:
            resident = self.named(name)
            if resident.pump is None:
                raise OperatorError("this node is stopped already", key="node", value=name)
            if not at_once:
                resident.pump.stop_listening()
                if resident.post is not None:
                    await self.readers.tell(resident.post, Kind.QUIET)
                deadline = time.monotonic() + DRAIN_S
                while resident.under_way and time.monotonic() < deadline:
                    await asyncio.sleep(DRAIN_TRIED_S)
            await self.shut(resident, at_once=at_once)
            self.monitor.closed(name, clock().wall_ns, killed=at_once)
            log.warning("node stopped on purpose", node=name, at_once=at_once)

    async def start(self, name: str) -> None:
        """Put a stopped node back: with what its store has, and nothing else of what it knew."""
        async with self.reloads:
            resident = self.named(name)
            if resident.pump is not None:
                raise OperatorError("this node runs already", key="node", value=name)
            assert self._registrar is not None
            if resident.plan.tier != "recursive" and not resident.plan.follows:
                # What it was still to write when it went is written, before somebody reads.
                await self._registrar.writer.commit(resident.store, lambda: Work(()), lambda: None)
            before = resident.node
            resident.node, keeper = self.node_of(resident.plan, resident.store, before.counters)
            keeper.flush = resident.flush
            resident.daily = None
            if resident.post is not None:
                self.readers.post_of(resident.plan, resident.node)
            self.watched[:] = [
                watched(resident, each.records, each.procedural) if each.node is before else each
                for each in self.watched
            ]
            await self.let_ask(resident)
            self.monitor.opened(name, clock().wall_ns)
            self.monitor.links(self.faults, clock().wall_ns)
            log.warning("node started again", node=name)

    def named(self, name: str) -> Resident:
        """The node of a name. OperatorError if it is not in this process."""
        for resident in self.residents:
            if resident.plan.name == name:
                return resident
        raise OperatorError("no such node in this process", key="node", value=name)

    def go_wrong(self, rules: list[FaultRule]) -> None:
        """Have these faults strike from now on, and no others."""
        self.faults = rules
        for resident in self.residents:
            self.stand(resident)
        self.monitor.links(rules, clock().wall_ns)

    def stand(self, resident: Resident) -> None:
        """Let a node's clients meet it as its bounds and the faults are now."""
        pump = resident.pump
        if pump is None:
            return
        pump.flush()
        if isinstance(pump.node, Faulty):
            pump.node.release(clock())
            pump.flush()
        pump.node = self.at_the_door(resident)
        pump.flush()

    def at_the_door(self, resident: Resident) -> Machine:
        """A node as its clients meet it now."""
        self.queries.octets_max = resident.plan.query_log.octets_max
        return at_the_door(resident, self.faults, self.network.names, self.queries)

    async def open_doors(self, resident: Resident, pump: Pump) -> None:
        """Let a node be asked by what else it can be."""
        plan = resident.plan
        if plan.doors.http:
            place = Place(plan.name, plan.tier, pump, plain_proof=plan.doors.plain_proof, names=self.names)
            if plan.tier == "recursive":
                place.pages, place.example = pages, self.example
                place.arm = lambda request_id: resident.node.arm_trace(request_id, clock())
                place.take = lambda request_id: trace_document(resident.node, request_id)
            else:
                place.prefix, place.scan = next(iter(plan.prefixes), b""), resident.store.scan
            let_in(place, resident.node)
            await self.http.open(place, self.place_of(plan), plan.doors.http)
            tls = tls_of(self.keys, plan.name, plan.ip, plan.key_bits)
            if plan.doors.https and tls is not None:
                await self.http.open(place, self.place_of(plan), plan.doors.https, self.https_context(plan, tls()))
        if plan.doors.dns:
            door = DnsDoor(self.dns_place(plan, pump))
            await door.open(self.place_of(plan), plan.doors.dns)
            resident.dns = door

    def place_of(self, plan: NodePlan) -> str:
        """The address at which a node listens."""
        return self.listen or plan.ip

    def https_context(self, plan: NodePlan, made: ssl.SSLContext) -> ssl.SSLContext:
        """A node's TLS context, asking clients for their certificates if the file names those it knows."""
        known = plan.doors.client_certificates
        if known is not None:
            try:
                made.load_verify_locations(known)
            except (OSError, ssl.SSLError) as error:
                raise OperatorError(
                    f"no certificates: {error}", file=str(known), key="doors.client_certificates", remedy="Write PEM"
                ) from error
            made.verify_mode = ssl.CERT_OPTIONAL
        return made

    def dns_place(self, plan: NodePlan, pump: Pump) -> DnsPlace:
        """A node as DNS sees it: national nodes have the zones, recursive nodes ask them."""
        national = plan.tier == "national"
        servers = [node for node in self.network.nodes if node.tier == "national" and node.doors.dns]
        return DnsPlace(
            plan.name,
            pump,
            zone_name(plan.doors.zone),
            national,
            self.place_of(plan),
            zones=self.zones if national else (),
            origins=[zone.origin for zone in self.zones],
            servers=[(node.ip, node.doors.dns) for node in servers[:DNS_SERVERS_ASKED]],
            answers_per_s=plan.doors.dns_answers_per_s,
        )

    @cached_property
    def zones(self) -> list[OrdinaryZone]:
        """The ordinary zones of the network."""
        return [read_zone(file) for file in self.network.nodes[0].doors.zones]

    @cached_property
    def example(self) -> bytes:
        """An identifier of an enterprise of the network, to begin with."""
        enterprises = (node for node in self.network.nodes if node.tier == "enterprise")
        return next((sample for node in enterprises if (sample := sample_of(node)) is not None), b"")

    async def store_of(self, plan: NodePlan) -> tuple[Store, int]:
        """A node's store, a mirror's being its primary's, and the version that a mirror begins with."""
        # A large store is looked through and a large catalogue read; the admin page answers meanwhile.
        if not plan.follows:
            store = await asyncio.to_thread(open_store, plan, self.network.file, self.data_dir)
            if isinstance(store, LmdbStore):
                self.written[plan.name] = store
            return with_population(plan, store), 0
        if plan.follows not in self.written:
            self.waiting[plan.name] = f"the store of {plan.follows} is being made"
            self.written[plan.follows] = await primary_store(plan, self.data_dir)
        shared = self.written[plan.follows]
        return with_population(plan, shared), shared.version()

    def note(self, entry: dict[str, Any]) -> None:
        """Audit what somebody did, and what of it is monitored."""
        self.audit(entry)
        self.monitor.noted(entry, clock().wall_ns)

    async def keep_watch(self) -> None:
        """Have the monitor look at every node, again and again."""
        while True:
            await asyncio.sleep(MONITOR_S)
            self.monitor.tick(clock().wall_ns)

    async def follow(self) -> None:
        """Tell mirrors when their primaries have written."""
        while True:
            await asyncio.sleep(FOLLOW_S)
            for resident in self.residents:
                if resident.plan.follows:
                    try:
                        resident.follow(self.written[resident.plan.follows].version())
                    except StoreError as error:
                        log.error("a mirror cannot follow", node=resident.plan.name, error=str(error))

    async def reload(self, read: Callable[[], NetworkPlan]) -> list[str]:
        """Take the bounds of the network file as it is now; the names of the nodes here for which something is new.

        OperatorError if it cannot be read, or says more than may change: then all goes on as before.
        """
        async with self.reloads:
            new = renewed(self.network, await asyncio.to_thread(read))
            names = set(changed(self.network, new))
            for resident in self.residents:
                if resident.plan.name in names:
                    resident.configure(new.node(resident.plan.name))
                    self.stand(resident)
                    if resident.post is not None and resident.open:
                        await self.readers.bound(resident.post, resident.plan)
                if resident.dns is not None:
                    resident.dns.configure(resident.plan.doors.dns_answers_per_s)
            self.network = new
            return [resident.plan.name for resident in self.residents if resident.plan.name in names]

    async def drain(self) -> None:
        """Take no new connections, and wait, not for ever, until what is under way is answered."""
        for resident in self.residents:
            self.waiting[resident.plan.name] = "it is being stopped"
            if resident.pump is not None:
                resident.pump.stop_listening()
                if resident.post is not None:
                    await self.readers.tell(resident.post, Kind.QUIET)
        deadline = time.monotonic() + DRAIN_S
        while any(resident.under_way for resident in self.residents) and time.monotonic() < deadline:
            await asyncio.sleep(DRAIN_TRIED_S)

    async def close(self) -> None:
        """Close every door, then every store."""
        for task in self._tasks:
            task.cancel()
        await self.http.close()
        for resident in self.residents:
            if resident.dns is not None:
                await resident.dns.close()
            if resident.pump is not None:
                if resident.post is not None:
                    await self.say_last(resident, resident.pump)
                await resident.pump.close()
        self.readers.close()
        self.monitor.close(clock().wall_ns)
        for resident in self.residents:
            if not resident.plan.follows:
                resident.store.close()
        for store in self.written.values():
            store.close()
        self.audit.close()
        self.queries.close()


def watched(resident: Resident, records: Callable[[], int], procedural: int) -> Watched:
    """A node, and its readers, as the metrics page sees them."""
    post = resident.post
    return Watched(resident.node, records, procedural, () if post is None else post)


def at_the_door(
    resident: Resident,
    faults: Sequence[FaultRule] = (),
    names: Mapping[str, str] = MappingProxyType({}),
    write: Write | None = None,
) -> Machine:
    """The node as its clients meet it: behind what they may ask of it in a day and in a second, the query log, which
    `write` keeps, and the faults, the file's and these. `names`: of nodes, by IP address.
    """
    admission = Admission if resident.post is None else Reckoned
    limits = resident.plan.limits
    machine, resident.daily = behind_limits(resident.node, limits, resident.daily, admission=admission)
    one_in = resident.plan.query_log.one_in
    if one_in and write is not None:
        machine = Queries(machine, resident.plan.name, one_in, write)
    door = behind_faults(machine, resident.node, resident.plan, faults, names)
    if isinstance(door, Faulty):
        log.warning("faults on purpose", node=resident.plan.name, kinds=door.kinds)
    return door


def let_in(place: Place, node: Node) -> None:
    """What sessions of the HTTP door need of a node."""
    if isinstance(node, AuthorityNode):
        place.expect = lambda connection, number, login, nonce, digest: node.expect_proof(
            connection, number, login, nonce, digest, clock()
        )
        place.admit = node.admit
    key = node.key
    if key is not None:
        place.sign = lambda octets: proof.sign(key, octets, replies.HIGHEST)


def address(ip: str, port: int) -> str:
    """`IP:port`."""
    return f"[{ip}]:{port}" if ":" in ip else f"{ip}:{port}"


def ip_and_port(written: str) -> tuple[str, int]:
    """`0.0.0.0:9464` as its two parts; ValueError if it is none."""
    ip, _, port = written.rpartition(":")
    ip = ip.removeprefix("[").removesuffix("]")
    ip_address(ip)
    if not 0 < int(port) <= 65_535:
        raise ValueError(port)
    return ip, int(port)


def open_store(plan: NodePlan, network_file: Path, data_dir: Path) -> Store:
    """The node's store with the network file's records in it; a node that only asks has nothing to keep.

    Root and national nodes keep theirs too, though their file says it all: who is registered online is a record there.
    """
    kind = "memory" if plan.tier == "recursive" else plan.store
    store = STORES[kind](data_dir / plan.name)
    try:
        prepare(plan, store, network_file)
    except BaseException:
        store.close()
        raise
    return store


async def primary_store(plan: NodePlan, data_dir: Path) -> LmdbStore:
    """The store of a mirror's primary, which another process makes: waited for until the network file's records are in
    it. StoreError if that takes too long.
    """
    deadline = time.monotonic() + PRIMARY_LIMIT_S
    expected = await asyncio.to_thread(marks, plan)
    store: LmdbFollower | None = None
    refused = f"{data_dir / plan.follows}: its process has not loaded its records within {PRIMARY_LIMIT_S:.0f} s"
    try:
        while time.monotonic() < deadline:
            try:
                store = store or await asyncio.to_thread(LmdbFollower, data_dir / plan.follows)
            except StoreError as error:  # not there yet; what is damaged, the primary refuses too
                refused = str(error)
            if store is not None and all(store.note(name) == note for name, note in expected.items()):
                store.version()
                followed, store = store, None
                return followed
            await asyncio.sleep(PRIMARY_TRIED_S)
    finally:
        if store is not None:
            store.close()
    raise StoreError(refused)


class Admin:
    """The admin page of a process."""

    def __init__(self, home: Home, read: Callable[[], NetworkPlan]) -> None:
        """`read`: the network file, as it is when called."""
        self.home = home
        self.read = read
        self.registrar = Registrar()
        self.metrics_page = page(NodeCollector(home.watched, version=__version__, rim=rim.chosen()))

    async def serve(self, port: int) -> tuple[web.AppRunner, int]:
        """Listen on 127.0.0.1; the runner to clean up, and the port."""
        app = web.Application(client_max_size=BODY_OCTETS_MAX)
        self.registrar.add_routes(app)
        app.router.add_get("/metrics", self.metrics)
        app.router.add_get("/monitor", self.monitor)
        app.router.add_get("/healthz", self.healthz)
        app.router.add_get("/readyz", self.readyz)
        app.router.add_post("/reload", self.reload)
        app.router.add_post("/faults", self.go_wrong)
        app.router.add_post("/node", self.node)
        app.router.add_post("/trace", self.arm)
        app.router.add_get("/trace", self.trace)
        app.router.add_get("/pulse", self.pulse)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port)
        try:
            await site.start()
        except OSError as error:
            raise OperatorError(
                f"cannot use TCP 127.0.0.1:{port}: {error.strerror}", remedy="Choose another --metrics-port"
            ) from error
        return runner, runner.addresses[0][1]

    async def serve_watchers(self, place: tuple[str, int]) -> web.AppRunner:
        """Show what changes nothing, where others may look; the runner to clean up."""
        app = web.Application()
        for path, shown in (("/metrics", self.metrics), ("/healthz", self.healthz), ("/readyz", self.readyz)):
            app.router.add_get(path, shown)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, *place).start()
        except OSError as error:
            await runner.cleanup()
            raise OperatorError(
                f"cannot be used: {error.strerror}", key="--watch", value=address(*place), remedy="Choose another"
            ) from error
        return runner

    async def metrics(self, request: web.Request) -> web.Response:
        """Prometheus text."""
        await self.home.readers.count()
        return web.Response(
            body=self.metrics_page(), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
        )

    async def monitor(self, request: web.Request) -> web.Response:
        """GET /monitor: every node's figures of the day, and the faults that last (monitoring.py); they are on the disk
        afterwards.
        """
        await self.home.readers.count()
        return web.json_response({"nodes": self.home.monitor.told(clock().wall_ns)})

    async def pulse(self, request: web.Request) -> web.Response:
        """GET /pulse: {"ready", "nodes": {NAME: what a live picture needs of it}}, for whoever looks every second."""
        await self.home.readers.count()
        told = pulse(self.home.watched)
        nodes = {name: standing | told.get(name, {}) for name, standing in self.registrar.standing().items()}
        return web.json_response({"ready": not self.home.waiting, "nodes": nodes})

    async def healthz(self, request: web.Request) -> web.Response:
        """The process lives."""
        return web.Response(text="ok\n")

    async def readyz(self, request: web.Request) -> web.Response:
        """Whether every node may be asked; 503 with the reasons if not."""
        if self.home.waiting:
            reasons = "".join(f"{name}: {reason}\n" for name, reason in self.home.waiting.items())
            return web.Response(status=503, text=reasons)
        return web.Response(text="ready\n")

    async def reload(self, request: web.Request) -> web.Response:
        """POST /reload: the file's bounds anew; the names of the nodes that differ, or 409 with the error."""
        try:
            names = await self.reloaded()
        except OperatorError as error:
            return web.json_response({"error": str(error)}, status=409)
        return web.json_response({"changed": names})

    async def go_wrong(self, request: web.Request) -> web.Response:
        """POST /faults: a JSON list of all the faults that are to strike from now on; 409 with the error."""
        try:
            written = await _json_of(request)
            if not isinstance(written, list) or len(written) > FAULTS_MAX:
                raise OperatorError(f"faults are a JSON list of at most {FAULTS_MAX}", key="faults")
            self.home.go_wrong([read_fault(each, self.home.network) for each in written])
        except OperatorError as error:
            return web.json_response({"error": str(error)}, status=409)
        log.info("faults changed", faults=written)
        return web.json_response({"faults": len(written)})

    async def node(self, request: web.Request) -> web.Response:
        """POST /node {"name": NAME, "do": "stop"|"kill"|"start"}: 409 with the error if that cannot be."""
        try:
            told = await _json_of(request)
            if not isinstance(told, dict):
                raise OperatorError("what a node is to do is a JSON object", key="node")
            name, what = str(told.get("name", "")), str(told.get("do", ""))
            if what == "start":
                await self.home.start(name)
            elif what in ("stop", "kill"):
                await self.home.stop(name, at_once=what == "kill")
            else:
                raise OperatorError("nothing a node can do", key="do", value=what, remedy="Say stop, kill or start")
        except OperatorError as error:
            return web.json_response({"error": str(error)}, status=409)
        return web.json_response({"node": name, "done": what})

    async def reloaded(self) -> list[str]:
        """Take the bounds of the file; the log says what came of it."""
        try:
            names = await self.home.reload(self.read)
        except OperatorError as error:
            log.error("the configuration stays as it was", error=str(error))
            raise
        log.info("configuration read anew", changed=names)
        return names

    def hang_up(self) -> None:
        """SIGHUP: the same, for whoever reads the log."""

        async def reload() -> None:
            with contextlib.suppress(OperatorError):
                await self.reloaded()

        self.reloading = asyncio.ensure_future(reload())

    async def arm(self, request: web.Request) -> web.Response:
        """POST /trace?node=NAME&request_id=N: trace the next request with this id."""
        resident, request_id = self._named(request)
        resident.node.arm_trace(request_id, clock())
        resident.flush()  # from now on its doors show it every packet
        return web.Response(status=204)

    async def trace(self, request: web.Request) -> web.Response:
        """GET /trace?node=NAME&request_id=N: what the node did for it, once; 404 if nothing is known."""
        resident, request_id = self._named(request)
        trace = trace_document(resident.node, request_id)
        if trace is None:
            raise web.HTTPNotFound(text="no finished trace of this request\n")
        for hop in trace["hops"]:
            hop["octets"] = [hop.pop("octets_out"), hop.pop("octets_in")]
        return web.json_response(trace)

    def _named(self, request: web.Request) -> tuple[Resident, int]:
        named = request.query.get("node", "")
        resident = next((each for each in self.home.residents if each.plan.name == named), None)
        if resident is None:
            raise web.HTTPNotFound(text="no such node in this process\n")
        try:
            request_id = int(request.query.get("request_id", ""))
            if not 0 <= request_id <= 0xFFFFFFFF:
                raise ValueError
        except ValueError:
            raise web.HTTPBadRequest(text="request_id is a 32-bit number\n") from None
        return resident, request_id


async def _json_of(request: web.Request) -> Any:
    """A JSON body. It must say that it is one: then no page of a browser can send it unasked (Fetch, CORS)."""
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(text="say what you want as application/json\n")
    try:
        return json.loads(await request.read())
    except ValueError:
        raise OperatorError("the body is no JSON") from None


def trace_document(node: Node, request_id: int) -> dict[str, Any] | None:
    """What a node did for a traced request, as plain data, once; None if nothing is known (yet)."""
    trace = node.take_trace(request_id)
    if trace is None:
        return None
    cache = [asdict(event) for event in trace.cache]
    hops = [asdict(hop) | {"request": hop.request.hex(), "reply": hop.reply.hex()} for hop in trace.hops]
    return {"source": trace.source, "cache": cache, "hops": hops}


async def live(options: argparse.Namespace, tell: ReadyLine) -> int:
    """Open, say so, and stay until told to go."""

    def read() -> NetworkPlan:
        return load_network(
            options.file, second_octet=options.second_octet, keys=options.keys_dir, time_scale=options.time_scale
        )

    alone = options.node is not None
    home = Home(
        read(),
        options.node if alone else options.process,
        options.data_dir,
        options.keys_dir,
        alone=alone,
        listen=options.listen,
    )
    admin = Admin(home, read)
    runner, port = await admin.serve(options.metrics_port)
    watchers = None if options.watch is None else await admin.serve_watchers(options.watch)
    gone = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, gone.set)
    loop.add_signal_handler(signal.SIGHUP, admin.hang_up)
    if options.parent_fd is not None:
        loop.add_reader(options.parent_fd, os._exit, 0)
    try:
        await home.open(admin.registrar)
        settle_memory()
        tell(
            {
                "ready": True,
                "pid": os.getpid(),
                "metrics": f"http://127.0.0.1:{port}/metrics",
                "nodes": [resident.report() for resident in home.residents],
            }
        )
        log.info("ready", nodes=len(home.residents), metrics_port=port)
        await gone.wait()
        log.info("stopping")
        await home.drain()
    finally:
        await admin.registrar.close()
        await home.close()
        await runner.cleanup()
        if watchers is not None:
            await watchers.cleanup()
    return 0


class ReadyLine:
    """The one line the supervisor waits for."""

    def __init__(self, fd: int | None) -> None:
        self.fd = fd

    def __call__(self, document: dict[str, Any]) -> None:
        """Write it, once."""
        if self.fd is not None:
            with contextlib.suppress(BrokenPipeError):
                os.write(self.fd, json.dumps(document).encode() + b"\n")
            os.close(self.fd)
            self.fd = None


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a process group of a network."""
    parser = argparse.ArgumentParser(prog="python -m nodes.home", description="Run one process group of a network.")
    parser.add_argument("--file", type=Path, required=True, help="network file")
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--process", help="process group, as `biaoshi config check` names them")
    which.add_argument("--node", help="one node alone, whatever process the file puts it in")
    parser.add_argument(
        "--listen", default="", help="with --node: where it listens, if not at the address it is known by"
    )
    parser.add_argument("--watch", type=ip_and_port, help="IP:PORT that shows /metrics, /healthz and /readyz to others")
    parser.add_argument("--data-dir", type=Path, required=True, help="where stores lie, a directory per node")
    parser.add_argument("--keys-dir", type=Path, help="where the servers' keys lie (default: none, nothing is signed)")
    parser.add_argument("--second-octet", type=int, help="second octet of the addresses (default: the file's)")
    parser.add_argument("--time-scale", type=float, help="seconds of TTLs that go by in one (default: the file's)")
    parser.add_argument("--metrics-port", type=int, default=0, help="port of the admin page (0: any free one)")
    parser.add_argument("--parent-fd", type=int, help="pipe that hangs up when the supervisor is gone")
    parser.add_argument("--ready-fd", type=int, help="pipe that gets the ready line")
    options = parser.parse_args(arguments)
    if options.listen and options.node is None:
        parser.error("--listen is for one node: say --node")
    to_stderr(options.process or options.node)
    tell = ReadyLine(options.ready_fd)
    try:
        with asyncio.Runner(loop_factory=rim.new_event_loop) as runner:
            return runner.run(live(options, tell))
    except BiaoshiError as error:
        code = {OperatorError: 2, StoreError: 4}.get(type(error), 3)
        tell({"ready": False, "error": str(error), "exit": code})
        log.error("cannot run", error=str(error))
        return code


if __name__ == "__main__":
    sys.exit(main())
