"""A load on a network in virtual time: the same nodes, the same questions, the same result file, no sockets.

    plan of the network ──> country (nodes/country.py) ──> World: one heap for packets, timers and work
    order of the load ────> plan_for (loadgen/measure.py) ──> a client that sends what is due, and judges what comes

A process of the network file is a worker: it does one thing at a time for all its nodes, and each thing takes as long
as `configs/simulation/service_times.toml` says it took when it was measured. Packets take as long as the file's
latencies say, or `wire_us` where it has none. Nothing else takes time, and nothing but the seed is chance, so a seed
always tells the same.
"""

from __future__ import annotations

import gc
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from loadgen.engine import Plan, Run
from loadgen.measure import Order, header_of, plan_for
from loadgen.results import RECORD, TIERS, Result, Verdict
from loadgen.tiers import Scrape, cache_hit_between, read_page, tiers_between, took_part_between
from nodes.config import NetworkPlan
from nodes.country import Country, country
from nodes.files import explained, find_file, read_toml
from nodes.metrics import NodeCollector, Watched, page
from resolver import __version__
from resolver.errors import OperatorError, PeerError
from resolver.net.virtual import CLIENT, START_WALL_NS, Address, Delivery, ServiceTimes, Worker
from resolver.wire import peek
from resolver.wire.framing import Reassembler

TIMES_FILE = Path("configs/simulation/service_times.toml")
FILE_OCTETS_MAX = 1 << 16
EVENTS_OF_A_REQUEST_MAX = 200  # a walk has a dozen; more means that something goes round in a circle
AHEAD_NS = 1_000_000_000  # requests are put on the heap so long before they are due: it stays small
NS_PER_US, NS_PER_S = 1_000, 1_000_000_000
COLLECT_AFTER = (50_000, 50, 1_000)  # as nodes/home.py has it
NOTE = "simulated in virtual time 虚拟时间仿真: service times of {file}, {place}"


class TimesConfig(BaseModel):
    """How long work takes, in microseconds of CPU, as measured on one machine."""

    model_config = ConfigDict(extra="forbid", strict=True)

    machine: str = Field(default="", description="Where and how they were measured.")
    wire_us: float = Field(ge=0, le=1e6, description="A datagram from process to process, one way, when nobody waits.")
    wake_us: float = Field(ge=0, le=1e6, description="What waking a process that sleeps costs.")
    authority_repeat_us: float = Field(ge=0, le=1e6, description="An authority answers from its packet cache.")
    authority_answer_us: float = Field(ge=0, le=1e6, description="An authority answers from its store.")
    recursive_repeat_us: float = Field(ge=0, le=1e6, description="A recursive node answers from its packet cache.")
    recursive_answer_us: float = Field(ge=0, le=1e6, description="A recursive node answers from its answer cache.")
    recursive_begin_us: float = Field(ge=0, le=1e6, description="A recursive node takes a question and asks another.")
    recursive_upstream_us: float = Field(ge=0, le=1e6, description="It takes an answer, and asks on or replies.")
    unread_us: float = Field(
        default=0, ge=0, le=1e6, description="A node throws a packet away unread: its source asks too much."
    )

    def of(self, tier: str) -> ServiceTimes:
        """Those of a node."""
        if tier == "recursive":
            told = (
                self.recursive_repeat_us,
                self.recursive_answer_us,
                self.recursive_begin_us,
                self.recursive_upstream_us,
            )
        else:
            told = (
                self.authority_repeat_us,
                self.authority_answer_us,
                self.authority_answer_us,
                self.authority_answer_us,
            )
        return ServiceTimes(*(int(each * NS_PER_US) for each in (*told, self.unread_us)))


def read_times(file: Path | None) -> TimesConfig:
    """Service times from a file, or the shipped ones. OperatorError names file, key and value."""
    found = find_file(file or TIMES_FILE)
    written = read_toml(found, FILE_OCTETS_MAX, "Take a file of service times")
    try:
        return TimesConfig.model_validate(written)
    except ValidationError as error:
        raise explained(error, TimesConfig, file=str(found)) from None


@dataclass(frozen=True, slots=True)
class Simulated:
    """A run in virtual time, how long that took, and the network as it was at the end."""

    result: Result
    made: Country
    events: int
    took_s: float


def simulate(
    plan: NetworkPlan,
    order: Order,
    times: TimesConfig,
    *,
    events: Sequence[tuple[float, Callable[[Country], None]]] = (),
    log: Callable[[str], None] | None = None,
    progress: Callable[[float, int], None] = lambda at_s, sent: None,
    asker: Callable[[int], Address | None] = lambda slot: CLIENT,
) -> Simulated:
    """Carry out an order in virtual time. `events`: what is done to the network so many seconds after its begin.
    `asker`: who asks the question of a slot, by its address; None: nobody asks it.

    OperatorError if the order is impossible.
    """
    began = time.monotonic()
    cpu = time.process_time()
    made = _country(plan, order.seed, times)
    work = plan_for(order, wall_s=START_WALL_NS // 1_000_000_000)
    if work.leads_on or order.transport != "udp":
        raise OperatorError(
            "simulated clients ask recursive nodes over UDP",
            key="--workload",
            value=order.workload,
            remedy="Take lookups or misses",
        )
    before = _scrape(made)
    client = _Client(made, work, progress, asker)
    made.world.log = log
    made.world.events_max = 100_000 + EVENTS_OF_A_REQUEST_MAX * len(work.due_ns)
    for at_s, happen in events:
        made.world.at(int(at_s * NS_PER_S), happen, made)
    with _few_collections():
        client.run()
    after = _scrape(made)
    done = Run(
        records=client.records, targets=work.targets, wall_ns=START_WALL_NS, elapsed_ns=int(order.duration_s * 1e9),
        running_s=time.monotonic() - began, cpu_s=time.process_time() - cpu, strays=client.strays,
        duplicates=client.duplicates, refused=0, own_drops=0, interrupted=False, silent=False,
    )  # fmt: skip
    place = "latencies of the network file" if plan.latency is not None else f"{times.wire_us:g} us a packet"
    header = header_of(order, done) | {
        "generators": 1,
        "share": "0/1",
        "warm_up": {"seconds": 0.0, "sent": 0, "answered": 0, "tiers": {}},
        "tiers": tiers_between(before, after),
        "took_part": took_part_between(before, after),
        "cache_hit": cache_hit_between(before, after),
        "notes": [NOTE.format(file=TIMES_FILE.name, place=place)],
        "simulated": True,
    }
    return Simulated(Result(header, client.records), made, made.world.events, time.monotonic() - began)


@contextmanager
def _few_collections() -> Iterator[None]:
    """Python's collector walks every cached entry again and again; what a run drops is freed by reference counts."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def _country(plan: NetworkPlan, seed: int, times: TimesConfig) -> Country:
    """The network, each of its processes a worker."""
    made = country(plan, seed=seed)
    workers = {process: Worker(int(times.wake_us * NS_PER_US)) for process in plan.processes}
    for node in plan.nodes:
        ports = (node.port, *node.extra_ports)
        worker, of_tier = workers[node.process], times.of(node.tier)
        made.world.attach(node.ip, made.at_the_door(node.name), ports, worker=worker, times=of_tier)
    if plan.latency is not None:
        made.world.link = plan.latency.link({node.ip: node.place for node in plan.nodes})
    else:
        delay_ns = int(times.wire_us * NS_PER_US)

        def wire(source: Address, target: Address, packet: bytes) -> tuple[Delivery, ...]:
            return ((delay_ns, packet),)

        made.world.link = wire
    return made


class _Client:
    """Sends what is due, and writes down what became of it."""

    def __init__(
        self,
        made: Country,
        work: Plan,
        progress: Callable[[float, int], None],
        asker: Callable[[int], Address | None],
    ) -> None:
        self.made, self.work, self.progress, self.asker = made, work, progress, asker
        self.strays = self.duplicates = 0
        count = len(work.due_ns)
        records = np.zeros(count, RECORD)
        records["due"] = records["ready"] = records["sent"] = work.due_ns
        records["received"] = -1
        records["rank"], records["number"], records["target"] = work.ranks, work.numbers, work.choice
        tier = [TIERS.index(work.tiers.get(target, "unknown")) for target in work.targets]
        records["tier"] = np.array(tier, np.uint8)[work.choice]
        records["last"] = 1
        self.records = records
        self._answered: dict[int, tuple[int, int, int, int]] = {}  # slot -> received, octets, code, verdict
        self._due = work.due_ns.tolist()
        self._choice = work.choice.tolist()
        self._fragments = Reassembler()
        made.world.client = self._hear

    def run(self) -> None:
        """Send everything, and wait for the last time-out."""
        world = self.made.world
        slot, count = 0, len(self._due)
        end_ns = (self._due[-1] if count else 0) + self.work.timeout_ns
        while world.mono_ns < end_ns:
            until_ns = min(end_ns, world.mono_ns + AHEAD_NS)
            while slot < count and self._due[slot] < until_ns:
                world.at(self._due[slot] - world.mono_ns, self._send, slot)
                slot += 1
            world.run(until_ns - world.mono_ns)
            self.progress(world.mono_ns / 1e9, slot)
        for at, (received, octets, code, verdict) in self._answered.items():
            record = self.records[at]
            record["received"], record["octets"], record["code"], record["verdict"] = received, octets, code, verdict

    def _send(self, slot: int) -> None:
        source = self.asker(slot)
        if source is None:
            return
        packet = bytearray(self.work.questions.request(slot))
        packet[peek.REQUEST_ID] = peek.pack_u32(slot + 1)
        ip, port = self.work.targets[self._choice[slot]]
        self.made.world.send(ip, bytes(packet), port=port, source=source)

    def _hear(self, packet: bytes) -> None:
        slot = peek.request_id(packet) - 1
        if not 0 <= slot < len(self._due):
            self.strays += 1
            return
        octets = len(packet)
        if int.from_bytes(packet[16:20], "big") > octets - peek.ENVELOPE_OCTETS:
            whole = None
            with suppress(PeerError):
                whole = self._fragments.add(slot, packet, self.made.world.mono_ns)
            if whole is None:
                return
            packet, octets = whole, len(whole)
        if slot in self._answered:
            self.duplicates += 1
            return
        code, verdict = self.work.questions.judge(slot, packet, octets)
        self._answered[slot] = self.made.world.mono_ns, octets, min(code, 65_535), int(Verdict(verdict))


def _scrape(made: Country) -> Scrape:
    """What the nodes count, read as from their metrics pages."""
    tiers = {node.name: node for node in made.plan.nodes}
    watched = [Watched(node, lambda: 0, tiers[name].procedural) for name, node in made.nodes.items()]
    taken = Scrape(Counter(), Counter(), Counter(), {})
    read_page(page(NodeCollector(watched, version=__version__, rim="python"))().decode(), taken)
    return taken


def recursive_nodes(plan: NetworkPlan) -> tuple[Address, ...]:
    """Whom simulated clients ask. OperatorError if there is nobody."""
    targets = tuple((node.ip, node.port) for node in plan.nodes if node.tier == "recursive")
    if not targets:
        raise OperatorError("the network has no recursive node to ask", file=str(plan.file), key="nodes")
    return targets
