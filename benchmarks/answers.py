"""Table 1: answers per second of one server core over UDP, as a share of what the C echo reaches in the same round.

    C echo           the limit: two system calls for up to 64 answers, nothing decided
    Python floor     a plain socket loop in Python with a dict in it (floor.py): one system call a datagram
    store            an enterprise node without packet cache: each answer is looked up in LMDB, decided and encoded
    packet cache     the same node with its packet cache
    recursive hit    a recursive node that has every answer in its caches

The nodes are those of a network file of ours, started as `biaoshi network up` starts them. Only the node that is
measured has the server's core; all others are idle then and share the generator's.
"""

from __future__ import annotations

import contextlib
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.rounds import Bench, BenchmarkError, Target, ask, move
from benchmarks.traffic import ANSWER_OCTETS, PREFIX, write_catalogue
from nodes.network import free_second_octet, running

Row = dict[str, Any]

LOOPBACK = "127.0.0.1"
GOALS = {"store": 0.3, "recursive hit": 0.35}  # pure Python, ratio to the C echo
OURS = ("Python floor", "store", "packet cache", "recursive hit")
NETWORK = """\
# One node of every tier, for measuring.
store = "lmdb"

[cache]
packet_octets = {packet_octets}

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
        bare = stack.enter_context(_network(folder, "bare", packet_octets=0))
        cached = stack.enter_context(_network(folder, "cached", packet_octets=64 << 20))
        targets["store"] = bare["enterprise"]
        targets["packet cache"] = cached["enterprise"]
        targets["recursive hit"] = cached["recursive"]
        everybody = {target.pid for nodes in (bare, cached) for target in nodes.values()}

        yardstick: Row | None = None
        for name in OURS:
            target = targets[name]
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

            result = bench.compare(echo, target, rounds, seconds, step)
            compared = asdict(result)
            echo_per_s, echo_cpu_us = compared.pop("echo_per_s"), compared.pop("echo_cpu_us")
            if yardstick is None:
                yardstick = {"row": "C echo", "answers_per_s": echo_per_s, "ratio": 1.0, "cpu_us": echo_cpu_us}
                yield yardstick
            compared["cpu_ratio"] = compared["cpu_us"] / echo_cpu_us
            goal = GOALS.get(name)
            judged = goal is not None and result.sound
            yield {"row": name, **compared, "goal": goal, "pass": compared["ratio"] >= goal if judged else None}


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
def _network(folder: Path, name: str, packet_octets: int) -> Iterator[dict[str, Target]]:
    """A running network of one node per tier; its nodes by name."""
    file = folder / f"{name}.toml"
    file.write_text(NETWORK.format(packet_octets=packet_octets, prefix=PREFIX), encoding="utf-8")
    with running(file, folder / name, second_octet=free_second_octet(file)) as state:
        targets = {}
        for node in state["nodes"]:
            ip, _, port = node["address"].rpartition(":")
            targets[node["name"]] = Target(ip, int(port), node["pid"])
        yield targets
