"""Table 6: what the doors of a recursive node cost beside the protocol's own, one core each, everything in its caches.

    Handle over UDP   the C generator of table 1, 64 questions under way: the yardstick of this table
    HTTP tunnel       a message of the protocol in each POST, CONNECTIONS kept, each with one request under way
    HTTP, JSON        GET /api/handles/<identifier>, the same
    DNS, identifier   dnsperf, 64 questions under way, TXT of the same identifiers
    DNS, zone         dnsperf, names of an ordinary zone at the national node

Closed loops: they measure capacity. Yardstick and door in turn, a round each; a row is the median. dnsperf is Debian's;
without it the DNS rows are left out with a word. A name server that builds each answer is compared with *DNS, zone*,
which keeps finished ones (docs/dns.md).
"""

from __future__ import annotations

import itertools
import re
import selectors
import shutil
import socket
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.answers import NETWORK
from benchmarks.native import BenchmarkError
from benchmarks.rounds import OUTSTANDING, Bench, Target, cpu_s, move, on_core
from benchmarks.traffic import HANDLES, PREFIX, SEED, ZIPF, handle, request, write_catalogue
from loadgen.popularity import Zipf
from nodes.network import free_second_octet, running
from resolver.rules.dns_names import labels_of

Row = dict[str, Any]
Load = Callable[[float], tuple[int, int, float]]  # seconds -> (answers, bad ones, seconds it took)

CONNECTIONS = 32
ASKED = 1 << 15  # of a closed loop, then from the beginning
ZONE_NAMES = 1_000
READ_OCTETS = 1 << 16
ENDS = re.compile(rb"\r\n\r\n")
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


def table(bench: Bench, folder: Path, rounds: int, seconds: float, say: Callable[[str], None]) -> Iterator[Row]:
    """The rows, each as soon as it is known."""
    here = folder / "doors"
    here.mkdir()
    write_catalogue(here / "catalogue.csv")
    write_zone(here / "bench.zone")
    file = here / "doors.toml"
    doors = '\n[doors]\nzones = ["bench.zone"]\n'
    file.write_text(NETWORK.format(packet_octets=64 << 20, prefix=PREFIX) + doors, encoding="utf-8")
    with running(file, here / "run", second_octet=free_second_octet(file)) as state:
        nodes = {node["name"]: node for node in state["nodes"]}
        recursive, national = nodes["recursive"], nodes["national"]
        for node in state["nodes"]:
            move(node["pid"], bench.server_core)
        ip, _, port = recursive["address"].rpartition(":")
        yardstick = Target(ip, int(port), recursive["pid"])
        say("every question once")
        bench.warm(yardstick)
        ranks = Zipf(HANDLES, ZIPF).draw(np.arange(ASKED), SEED).tolist()
        loads: dict[str, tuple[int, Load]] = {
            "HTTP tunnel": (recursive["pid"], _closed_loop(recursive["http"], [_posted(rank) for rank in ranks])),
            "HTTP, JSON": (recursive["pid"], _closed_loop(recursive["http"], [_got(rank) for rank in ranks])),
        }
        program = shutil.which("dnsperf")
        if program is None:
            say("the rows of DNS are left out: no dnsperf here (Debian's package dnsperf)")
        else:
            identifiers = [".".join(map(bytes.decode, labels_of(handle(rank)))) + ".id.example TXT" for rank in ranks]
            names = [f"n{rank % ZONE_NAMES}.bench.example A" for rank in ranks]
            loads["DNS, identifier"] = (
                recursive["pid"],
                dnsperf(program, recursive["dns"], here / "i.txt", identifiers),
            )
            loads["DNS, zone"] = (national["pid"], dnsperf(program, national["dns"], here / "z.txt", names))
        first: Row | None = None
        for name, (pid, load) in loads.items():
            say(name)
            with on_core(bench.generator_core):
                load(seconds / 3)  # connections, caches of names
                pairs = [(bench.sample(yardstick, seconds), _sample(pid, load, seconds)) for _ in range(rounds)]
            if first is None:
                per_s = statistics.median(sample.answers_per_s for sample, _ in pairs)
                cpu_us = statistics.median(sample.cpu_us for sample, _ in pairs)
                first = {"row": "Handle over UDP", "answers_per_s": per_s, "ratio": 1.0, "cpu_us": cpu_us, "bad": 0}
                yield first
            ratios = [door["answers_per_s"] / sample.answers_per_s for sample, door in pairs]
            yield {
                "row": name,
                "answers_per_s": statistics.median(door["answers_per_s"] for _, door in pairs),
                "ratio": statistics.median(ratios),
                "ratio_low": min(ratios),
                "ratio_high": max(ratios),
                "cpu_us": statistics.median(door["cpu_us"] for _, door in pairs),
                "cpu_ratio": statistics.median(door["cpu_us"] / sample.cpu_us for sample, door in pairs),
                "bad": sum(door["bad"] for _, door in pairs),
            }


def _sample(pid: int, load: Load, seconds: float) -> dict[str, float]:
    before = cpu_s(pid)
    answers, bad, took_s = load(seconds)
    if not answers:
        raise BenchmarkError("a door answered nothing")
    return {"answers_per_s": answers / took_s, "cpu_us": (cpu_s(pid) - before) / answers * 1e6, "bad": bad}


def _posted(rank: int) -> bytes:
    packet, kind = request(rank), b"application/x-hdl-message"
    return b"POST / HTTP/1.1\r\nHost: x\r\nAccept: %b\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n%b" % (
        kind, kind, len(packet), packet,
    )  # fmt: skip


def _got(rank: int) -> bytes:
    return b"GET /api/handles/%b HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\n\r\n" % handle(rank)


def _closed_loop(door: str, requests: list[bytes]) -> Load:
    """CONNECTIONS connections, one request under way on each."""
    ip, _, port = door.rpartition(":")

    def load(seconds: float) -> tuple[int, int, float]:
        asking = itertools.cycle(requests)
        answers = bad = 0
        with selectors.DefaultSelector() as selector:
            for _ in range(CONNECTIONS):
                link = socket.create_connection((ip, int(port)), 5)
                link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                selector.register(link, selectors.EVENT_READ, bytearray())
                link.sendall(next(asking))
            began = time.monotonic()
            while (took_s := time.monotonic() - began) < seconds:
                for key, _ in selector.select(1.0):
                    open_link, octets = key.fileobj, key.data
                    assert isinstance(open_link, socket.socket)
                    octets += open_link.recv(READ_OCTETS)
                    status = _whole(octets)
                    if status:
                        answers += 1
                        bad += status != b"200"
                        octets.clear()
                        open_link.sendall(next(asking))
            for key in list(selector.get_map().values()):
                key.fileobj.close()  # type: ignore[union-attr]
        return answers, bad, took_s

    return load


def _whole(octets: bytearray) -> bytes:
    """The status of a response that is whole; empty: it is not."""
    end, length = ENDS.search(octets), LENGTH.search(octets)
    if end is None or length is None or len(octets) < end.end() + int(length[1]):
        return b""
    return bytes(octets[9:12])


def dnsperf(program: str, door: str, file: Path, questions: list[str]) -> Load:
    """A load by Debian's dnsperf, 64 questions under way."""
    ip, _, port = door.rpartition(":")
    file.write_text("\n".join(questions) + "\n", encoding="ascii")

    def load(seconds: float) -> tuple[int, int, float]:
        command = [program, "-s", ip, "-p", port, "-d", str(file), "-q", str(OUTSTANDING), "-c", "1", "-T", "1"]
        command += ["-l", str(max(1, round(seconds)))]
        said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        completed = re.search(r"Queries completed: +(\d+)", said)
        good = re.search(r"Response codes:.*?NOERROR (\d+)", said)
        took = re.search(r"Run time \(s\): +([\d.]+)", said)
        if completed is None or took is None:
            raise BenchmarkError(f"dnsperf: {said.strip()[-200:]}")
        answers = int(completed[1])
        return answers, answers - (int(good[1]) if good else 0), float(took[1])

    return load


def write_zone(file: Path) -> None:
    """An ordinary zone of ZONE_NAMES addresses, bench.example."""
    lines = [
        "$ORIGIN bench.example.",
        "$TTL 3600",
        "@ SOA ns host ( 1 3600 600 86400 300 )",
        "@ NS ns",
        "ns A 192.0.2.1",
    ]
    lines += [f"n{number} A 192.0.{number >> 8}.{number & 255}" for number in range(ZONE_NAMES)]
    file.write_text("\n".join(lines) + "\n", encoding="ascii")
