"""Table 5: what a registry costs: taking records in, giving them out, finding them among few and many.

Imports and exports are told per second of CPU of the one thread that does them (a core's worth), and per second on the
clock, which the disk has a part in. Into a running node the importer and the node's process share the work.

A look-up is a question to a running node over UDP, answered from its store without packet cache, told as CPU time of
its process; within it, the node's part from octets to octets, and the store's part of that. Handles are drawn evenly
from all, the case without mercy for processor caches; everything is in memory. The best of some repetitions.
"""

from __future__ import annotations

import gc
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.codec import REPETITIONS
from benchmarks.native import BenchmarkError
from benchmarks.rounds import cpu_s
from benchmarks.rows import PREFIX, lines, row
from nodes import network
from nodes.config import load_network
from nodes.exporting import json_lines, open_source
from nodes.importing import Import, open_target
from nodes.kinds import KINDS
from nodes.parts import Parts
from nodes.state import read_state
from resolver.model.now import Now
from resolver.model.route import Route
from resolver.stores.lmdb import LmdbStore
from resolver.wire.bodies.resolution import ResolutionRequest
from resolver.wire.codes import Code, Opcode, OpFlag
from resolver.wire.message import Envelope, Header, Message, encode

NODE = "enterprise"
NETWORK = f"""
[cache]
packet_octets = 0
[[nodes]]
name = "root"
tier = "root"
[[nodes]]
name = "national"
tier = "national"
prefixes = ["88"]
[[nodes]]
name = "secondary"
tier = "secondary"
prefixes = ["88.118"]
[[nodes]]
name = "{NODE}"
tier = "enterprise"
prefixes = ["{PREFIX}"]
"""
FEW = 100_000
LOOKUPS = 20_000
LOOKUP_ROWS = ("look-up", "… from octets to octets", "… in the store")
WINDOW = 32  # questions under way at once
ANSWER_TIMEOUT_S = 5.0
GOAL_IMPORT_PER_S = 50_000
GOAL_LOOKUP_RATIO = 1.2
GOAL_OPEN_US = 4.0  # a record: of the five seconds in which a million must be ready, a second is the process's own
SEED = 86


def table(folder: Path, records: int, many: int, say: Callable[[str], None]) -> Iterator[dict[str, Any]]:
    """The rows: imports and exports of `records`, look-ups among FEW and among `many`. Needs 800 octets a record."""
    file = folder / "net.toml"
    file.write_text(NETWORK)
    for form in ("csv", "jsonl"):
        with (folder / f"items.{form}").open("w", encoding="utf-8") as stream:
            stream.writelines(lines(records, form))
    say(f"registry: {records:,} records in and out")
    for name, form, run_dir in (
        ("import CSV", "csv", "csv"),
        ("import CSV, nothing new", "csv", "csv"),
        ("import JSON Lines", "jsonl", "jsonl"),
    ):
        yield _import(name, folder / f"items.{form}", folder / run_dir, file)
    yield _import_running(folder / "items.csv", folder / "running", file)
    yield _export(folder / "csv")
    yield from _look_ups(folder, many, file, say)


def _import(name: str, items: Path, run_dir: Path, file: Path) -> dict[str, Any]:
    target = open_target(NODE, run_dir, file)
    this = Import(items, target)
    clock, cpu = time.perf_counter(), time.process_time()
    this.run(lambda progress: None)
    clock, cpu = time.perf_counter() - clock, time.process_time() - cpu
    target.sink.close()
    return _rated(name, this.progress.records, cpu, clock, GOAL_IMPORT_PER_S)


def _import_running(items: Path, run_dir: Path, file: Path) -> dict[str, Any]:
    with network.running(file, run_dir, second_octet=network.free_second_octet(file)):
        pid = next(node["pid"] for node in read_state(run_dir)["nodes"] if node["name"] == NODE)
        target = open_target(NODE, run_dir)
        this = Import(items, target)
        clock, cpu = time.perf_counter(), time.process_time() + cpu_s(pid)
        this.run(lambda progress: None)
        clock, cpu = time.perf_counter() - clock, time.process_time() + cpu_s(pid) - cpu
        target.sink.close()
    return _rated("import CSV, node runs", this.progress.records, cpu, clock, None)


def _export(run_dir: Path) -> dict[str, Any]:
    source = open_source(NODE, run_dir)
    clock, cpu = time.perf_counter(), time.process_time()
    count = sum(1 for _ in json_lines(source.records()))
    clock, cpu = time.perf_counter() - clock, time.process_time() - cpu
    source.close()
    return _rated("export JSON Lines", count, cpu, clock, None)


def _rated(name: str, records: int, cpu: float, clock: float, goal: int | None) -> dict[str, Any]:
    rated = {"row": name, "records": records, "per_cpu_s": records / cpu, "per_s": records / clock}
    return rated if goal is None else {**rated, "goal": f"≥ {goal:,}", "pass": records / cpu >= goal}


def _look_ups(folder: Path, many: int, file: Path, say: Callable[[str], None]) -> Iterator[dict[str, Any]]:
    costs: list[tuple[float, float, float]] = []
    for count in (FEW, many):
        say(f"registry: look-ups among {count:,}")
        run_dir = folder / f"of-{count}"
        items = folder / "many.csv"
        with items.open("w", encoding="utf-8") as stream:
            stream.writelines(lines(count, "csv"))
        target = open_target(NODE, run_dir, file)
        Import(items, target).run(lambda progress: None)
        target.sink.close()
        items.unlink()
        begun = time.process_time()
        store = LmdbStore(run_dir / "data" / NODE)
        opened_us = (time.process_time() - begun) / count * 1e6
        alone, inside = look_up(store, count, file)
        store.close()
        costs.append((look_up_over_udp(run_dir, count, file), inside, alone))
        for name, cost, first in zip(
            ("look-up", "… from octets to octets", "… in the store"), costs[-1], costs[0], strict=True
        ):
            found: dict[str, Any] = {"row": name, "records": count, "us": cost * 1e6}
            if len(costs) > 1:
                found["ratio"] = cost / first
                if name == LOOKUP_ROWS[0]:
                    found |= {"goal": f"≤ {GOAL_LOOKUP_RATIO}", "pass": cost <= GOAL_LOOKUP_RATIO * first}
            yield found
        judged = {"goal": f"≤ {GOAL_OPEN_US:g} µs", "pass": opened_us <= GOAL_OPEN_US}
        yield {"row": "open and look through, a record", "records": count, "us": opened_us, **judged}


def questions(count: int) -> tuple[list[bytes], list[bytes]]:
    """Handles drawn evenly from so many, and requests for them."""
    keys = [row(number)[0].encode() for number in Random(SEED).sample(range(count), LOOKUPS)]
    flags = OpFlag.CACHE_CERTIFY | OpFlag.RECURSIVE | OpFlag.PUBLIC_ONLY
    header = Header(Opcode.RESOLUTION, flags=flags)
    return keys, [encode(Message(Envelope(major=2, minor=3), header, ResolutionRequest(key))) for key in keys]


def look_up_over_udp(run_dir: Path, count: int, file: Path) -> float:
    """Seconds of CPU of the node's process for one question, WINDOW at a time."""
    _, packets = questions(count)
    best = float("inf")
    with (
        network.running(file, run_dir, second_octet=network.free_second_octet(file)) as state,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking,
    ):
        node = next(node for node in state["nodes"] if node["name"] == NODE)
        ip, _, port = node["address"].rpartition(":")
        asking.connect((ip, int(port)))
        asking.settimeout(ANSWER_TIMEOUT_S)
        for _ in range(REPETITIONS):
            begun = running_s(node["pid"])
            for first in range(0, LOOKUPS, WINDOW):
                _ask(asking, packets[first : first + WINDOW])
            best = min(best, running_s(node["pid"]) - begun)
    return best / LOOKUPS


def _ask(asking: socket.socket, packets: list[bytes]) -> None:
    """Send all, await all."""
    try:
        for packet in packets:
            asking.send(packet)
        replies = [asking.recv(2048) for _ in packets]
    except OSError as error:
        raise BenchmarkError(f"the node does not answer: {error}") from error
    if any(reply[24:28] != Code.SUCCESS.to_bytes(4, "big") for reply in replies):
        raise BenchmarkError("the node answers something else")


def running_s(pid: int) -> float:
    """CPU time of a process, all threads, to the nanosecond."""
    threads = (Path("/proc") / str(pid) / "task").iterdir()
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9


def look_up(store: LmdbStore, count: int, file: Path) -> tuple[float, float]:
    """Seconds of a look-up in the store, and of a whole answer from it."""
    plan = load_network(file).node(NODE)
    node = KINDS[plan.tier](Parts(plan, store, bytes, {}))
    keys, packets = questions(count)
    route, now, get, receive = Route("udp", ("127.0.0.1", 1)), Now(0, 10**18), store.get, node.receive_datagram
    replies = [receive(packet, route, now)[0] for packet in packets]
    assert all(reply[24:28] == Code.SUCCESS.to_bytes(4, "big") for reply in replies)
    best = [float("inf"), float("inf")]
    gc.disable()
    try:
        for _ in range(REPETITIONS):
            begun = time.process_time()
            for key in keys:
                get(key)
            between = time.process_time()
            for packet in packets:
                receive(packet, route, now)
            best = [min(best[0], between - begun), min(best[1], time.process_time() - between)]
    finally:
        gc.enable()
    return best[0] / LOOKUPS, best[1] / LOOKUPS
