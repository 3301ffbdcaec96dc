"""Table 1: answers per second of one server core over UDP, as a share of what the C echo reaches in the same round.

    C echo           the limit: two system calls for up to 64 answers, nothing decided
    Python floor     a plain socket loop in Python with a dict in it (floor.py): one system call a datagram
    store            an enterprise node without packet cache: each answer is looked up in LMDB, decided and encoded
    packet cache     the same node with its packet cache
    recursive hit    a recursive node that has every answer in its caches
    90 % hits        the enterprise node with room for about half of what is asked for: one in ten goes to Python
    …, Python        packet cache and recursive hit with the rim's twin in Python (BIAOSHI_RIM=python)

The nodes are those of a network file of ours, started as `biaoshi network up` starts them. Only the node that is
measured has the server's core; all others are idle then and share the generator's.
"""

from __future__ import annotations

import contextlib
import os
import re
import socket
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from benchmarks.native import BenchmarkError
from benchmarks.rounds import Bench, Target, ask, move
from benchmarks.traffic import ANSWER_OCTETS, PREFIX, write_catalogue
from loadgen.tiers import fetch_page
from nodes.network import free_second_octet, running
from resolver.net import rim

Row = dict[str, Any]

LOOPBACK = "127.0.0.1"
_PACKETS = re.compile(
    r'^biaoshi_cache_requests_total\{cache="packet",[^}]*outcome="(\w+)"[^}]*\} ([0-9.e+]+)$', re.MULTILINE
)
COMPILED = {"packet cache": 0.9, "recursive hit": 0.85, "90 % hits": 0.7}  # ratio to the C echo
PURE = {"packet cache, Python": 0.35, "recursive hit, Python": 0.35}
PART_OCTETS = 3_000_000  # of ten thousand replies of some 400 octets each, kept for the sake of nine in ten requests
NETWORK = """\
# One node of every tier, for measuring.
store = "lmdb"

[cache]
packet_octets = {packet_octets}

# On, and more than one client asks of any of them here.
[limits]
source_requests_per_s = 100_000_000
source_surplus_octets_per_s = 100_000_000_000

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
name = "enterprise"
tier = "enterprise"
prefixes = ["{prefix}"]
catalogues = ["catalogue.csv"]
process = "enterprise"

[[nodes]]
name = "recursive"
tier = "recursive"
process = "recursive"
"""


def table(bench: Bench, folder: Path, rounds: int, seconds: float, say: Callable[[str], None]) -> Iterator[Row]:
    """The rows, each as soon as it is known. `folder` takes network files and stores; `say` hears what happens."""
    with contextlib.ExitStack() as stack:
        echo = stack.enter_context(bench.echo(LOOPBACK, free_port(), ANSWER_OCTETS))
        say("starting the Python floor and two networks")
        targets = {"Python floor": stack.enter_context(_floor(bench))}
        write_catalogue(folder / "catalogue.csv")
        bare = stack.enter_context(network(folder, "bare", packet_octets=0))
        cached = stack.enter_context(network(folder, "cached", packet_octets=64 << 20))
        targets["store"] = bare["enterprise"]
        targets["packet cache"] = cached["enterprise"]
        targets["recursive hit"] = cached["recursive"]
        networks = [bare, cached]
        if rim.chosen() == "c":
            part = stack.enter_context(network(folder, "part", packet_octets=PART_OCTETS))
            twin = stack.enter_context(network(folder, "twin", packet_octets=64 << 20, which="python"))
            targets["90 % hits"] = part["enterprise"]
            targets["packet cache, Python"] = twin["enterprise"]
            targets["recursive hit, Python"] = twin["recursive"]
            networks += [part, twin]
        goals = {"store": 0.3} | (COMPILED | PURE if rim.chosen() == "c" else {"recursive hit": 0.35})
        everybody = {target.pid for nodes in networks for target in nodes.values()}

        yield from compared_rows(bench, echo, targets, everybody, goals, rounds, seconds, say)


def streams(bench: Bench, folder: Path, rounds: int, seconds: float, say: Callable[[str], None]) -> Iterator[Row]:
    """The same over TCP: requests back to back, sixteen segments of 64 under way on one connection."""
    with contextlib.ExitStack() as stack:
        echo = stack.enter_context(bench.stream_echo(LOOPBACK, free_port(), ANSWER_OCTETS))
        say("starting networks")
        write_catalogue(folder / "catalogue.csv")
        kinds = {"packet cache": ""} | ({"packet cache, Python": "python"} if rim.chosen() == "c" else {})
        targets, everybody = {}, set()
        for number, (name, which) in enumerate(kinds.items()):
            nodes = stack.enter_context(network(folder, f"streams{number}", packet_octets=64 << 20, which=which))
            targets[name] = replace(nodes["enterprise"], stream=True)
            everybody |= {target.pid for target in nodes.values()}
        goals = {"packet cache": 0.35} if rim.chosen() == "c" else {}
        yield from compared_rows(bench, echo, targets, everybody, goals, rounds, seconds, say)


def compared_rows(
    bench: Bench,
    echo: Target,
    targets: Mapping[str, Target],
    everybody: Collection[int],
    goals: Mapping[str, float],
    rounds: int,
    seconds: float,
    say: Callable[[str], None],
) -> Iterator[Row]:
    """A row for every target, beside the echo in the same rounds. `everybody`: processes that must not disturb."""
    yardstick: Row | None = None
    for name, target in targets.items():
        for pid in everybody:
            move(pid, bench.server_core if pid == target.pid else bench.generator_core)
        octets = len(ask(target.ip, target.port, bench.traffic.first))
        if octets != ANSWER_OCTETS:
            raise BenchmarkError(f"{name} answers with {octets} octets, the yardstick with {ANSWER_OCTETS}")
        say(f"{name}: every question once")
        bench.warm(target)
        done = 0

        def step(name: str = name) -> None:
            nonlocal done
            done += 1
            say(f"{name}: round {done} of {rounds}")

        before = _hits(target)
        result = bench.compare(echo, target, rounds, seconds, step)
        hits, asked = (now - then for now, then in zip(_hits(target), before, strict=True))
        compared = asdict(result)
        echo_per_s, echo_cpu_us = compared.pop("echo_per_s"), compared.pop("echo_cpu_us")
        if yardstick is None:
            yardstick = {"row": "C echo", "answers_per_s": echo_per_s, "ratio": 1.0, "cpu_us": echo_cpu_us}
            yield yardstick
        compared["cpu_ratio"] = compared["cpu_us"] / echo_cpu_us
        compared["hits"] = hits / asked if asked else None
        goal = goals.get(name)
        judged = goal is not None and result.sound
        yield {"row": name, **compared, "goal": goal, "pass": compared["ratio"] >= goal if judged and goal else None}


def free_port() -> int:
    """A UDP port of the loopback address that nobody has now."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind((LOOPBACK, 0))
        port: int = taken.getsockname()[1]
    return port


@contextlib.contextmanager
def _floor(bench: Bench) -> Iterator[Target]:
    port = free_port()
    with bench.server([sys.executable, "-m", "benchmarks.floor", LOOPBACK, str(port)]) as pid:
        yield Target(LOOPBACK, port, pid)


@contextlib.contextmanager
def network(
    folder: Path, name: str, packet_octets: int, which: str = "", more: str = ""
) -> Iterator[dict[str, Target]]:
    """A running network of one node per tier; its nodes by name. `which`: the rim it has, if not the best there is;
    `more`: of its file.
    """
    file = folder / f"{name}.toml"
    file.write_text(NETWORK.format(packet_octets=packet_octets, prefix=PREFIX) + more, encoding="utf-8")
    before = os.environ.get(rim.VARIABLE)
    os.environ[rim.VARIABLE] = which or (before or "")
    try:
        with running(file, folder / name, second_octet=free_second_octet(file)) as state:
            targets = {}
            for node in state["nodes"]:
                ip, _, port = node["address"].rpartition(":")
                targets[node["name"]] = Target(ip, int(port), node["pid"], node["metrics"], dns=node["dns"] or "")
            yield targets
    finally:
        if before is None:
            del os.environ[rim.VARIABLE]
        else:
            os.environ[rim.VARIABLE] = before


def _hits(target: Target) -> tuple[int, int]:
    """(requests that a node's packet cache has answered, all that reached it) until now; (0, 0) for what is no node."""
    if not target.metrics:
        return 0, 0
    page = fetch_page(target.metrics)
    found = {outcome: int(float(value)) for outcome, value in _PACKETS.findall(page)}
    return found.get("hit", 0), found.get("hit", 0) + found.get("miss", 0)
