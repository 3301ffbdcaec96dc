"""A name server of others beside ours, on one core each, in turn: NSD, asked by dnsperf, is the yardstick here.

    NSD                   Debian's nsd, one server process, dnsperf with 64 questions under way
    DNS, zone             the same zone, names and dnsperf at the DNS door of our national node
    packet cache          an enterprise node asked over the Handle protocol by the C generator, 64 under way
    store                 the same without packet cache: every answer is looked up, decided and encoded

NSD builds each answer; a packet cache repeats one: `store` is what compares in kind. dnsperf takes more of its core
than our generator does of its own, so beside the ratios stands CPU an answer, of all processes of a server, which does
not depend on who asks. Left out with a word where nsd or dnsperf is missing (Debian's packages of that name).
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.answers import LOOPBACK, free_port, network
from benchmarks.doors import ZONE_NAMES, Load, dnsperf, write_zone
from benchmarks.native import BenchmarkError
from benchmarks.rounds import PROC, Bench, Target, cpu_s, move, on_core
from benchmarks.traffic import HANDLES, SEED, ZIPF, write_catalogue
from loadgen.popularity import Zipf

Row = dict[str, Any]

ORIGIN = "bench.example"
ASKED = 1 << 15
READY_LIMIT_S = 10.0
QUERY = bytes.fromhex("1234 0000 0001 0000 0000 0000 02 6e30 05 62656e6368 07 6578616d706c65 00 0001 0001")  # n0 … A
CONFIG = """\
server:
  ip-address: {ip}@{port}
  server-count: 1
  username: ""
  chroot: ""
  zonesdir: "{folder}"
  pidfile: "{folder}/pid"
  logfile: "{folder}/log"
  database: ""
  xfrdfile: "{folder}/xfrd"
  xfrdir: "{folder}"
  zonelistfile: "{folder}/list"
  rrl-ratelimit: 0
  rrl-whitelist-ratelimit: 0
remote-control:
  control-enable: no
zone:
  name: "{origin}"
  zonefile: "{zone}"
"""


def table(bench: Bench, folder: Path, rounds: int, seconds: float, say: Callable[[str], None]) -> Iterator[Row]:
    """The rows, when all of them are known: each round is one of all."""
    nsd, asker = found("nsd"), found("dnsperf")
    if nsd is None or asker is None:
        say(f"the table is left out: no {'nsd' if nsd is None else 'dnsperf'} here (Debian's package of that name)")
        return
    here = folder / "nameserver"
    here.mkdir()
    zone = here / "bench.zone"
    write_zone(zone)
    write_catalogue(here / "catalogue.csv")
    ranks = Zipf(HANDLES, ZIPF).draw(np.arange(ASKED), SEED).tolist()
    names = [f"n{rank % ZONE_NAMES}.{ORIGIN} A" for rank in ranks]
    with contextlib.ExitStack() as stack:
        theirs, port = stack.enter_context(_nsd(bench, nsd, here, zone))
        say("nameserver: starting two networks")
        cached = stack.enter_context(network(here, "cached", 64 << 20, more='\n[doors]\nzones = ["bench.zone"]\n'))
        bare = stack.enter_context(network(here, "bare", 0))
        doors = {
            "NSD": (theirs, dnsperf(asker, f"{LOOPBACK}:{port}", here / "nsd.txt", names)),
            "DNS, zone": ([cached["national"].pid], dnsperf(asker, cached["national"].dns, here / "ours.txt", names)),
            "packet cache": ([cached["enterprise"].pid], _handle(bench, cached["enterprise"])),
            "store (no packet cache)": ([bare["enterprise"].pid], _handle(bench, bare["enterprise"])),
        }
        measured = {pid for pids, _ in doors.values() for pid in pids}
        for pid in {node.pid for nodes in (cached, bare) for node in nodes.values()}:
            move(pid, bench.server_core if pid in measured else bench.generator_core)
        bench.warm(cached["enterprise"])
        samples: dict[str, list[dict[str, float]]] = {name: [] for name in doors}
        with on_core(bench.generator_core):
            for number in range(rounds):
                say(f"nameserver: round {number + 1} of {rounds}")
                for name, (pids, load) in doors.items():
                    samples[name].append(_sample(pids, load, seconds))
    for name, rows in samples.items():
        ratios = [ours["answers_per_s"] / nsd["answers_per_s"] for ours, nsd in zip(rows, samples["NSD"], strict=True)]
        cheaper = [ours["cpu_us"] / nsd["cpu_us"] for ours, nsd in zip(rows, samples["NSD"], strict=True)]
        yield {
            "row": name,
            "answers_per_s": statistics.median(each["answers_per_s"] for each in rows),
            "ratio": statistics.median(ratios),
            "ratio_low": min(ratios),
            "ratio_high": max(ratios),
            "cpu_us": statistics.median(each["cpu_us"] for each in rows),
            "cpu_ratio": statistics.median(cheaper),
            "bad": sum(each["bad"] for each in rows),
        }


def found(program: str) -> str | None:
    """Where it is; Debian keeps servers where not everybody looks."""
    return shutil.which(program, path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"]))


@contextlib.contextmanager
def _nsd(bench: Bench, program: str, folder: Path, zone: Path) -> Iterator[tuple[list[int], int]]:
    """NSD on the server's core: its processes, and its port."""
    port, file = free_port(), folder / "nsd.conf"
    file.write_text(CONFIG.format(ip=LOOPBACK, port=port, folder=folder, origin=ORIGIN, zone=zone))
    with on_core(bench.server_core):
        process = subprocess.Popen([program, "-d", "-c", file], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + READY_LIMIT_S
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.settimeout(0.1)
            while True:
                with contextlib.suppress(OSError):
                    asking.sendto(QUERY, (LOOPBACK, port))
                    if asking.recv(512)[3] & 15 == 0:
                        break
                if process.poll() is not None or time.monotonic() > deadline:
                    log = folder / "log"
                    words = log.read_text().splitlines()[-1:] if log.exists() else []
                    raise BenchmarkError(f"nsd does not answer: {words}")
        yield _family(process.pid), port
    finally:
        process.terminate()
        process.wait()


def _family(pid: int) -> list[int]:
    """A process and all its children."""
    children = (PROC / str(pid) / "task" / str(pid) / "children").read_text().split()
    return [pid, *(each for child in children for each in _family(int(child)))]


def _handle(bench: Bench, target: Target) -> Load:
    def load(seconds: float) -> tuple[int, int, float]:
        report = bench.generate(target, bench.traffic.popular, seconds)
        return int(report["answers"]), int(report["bad"]), report["answers"] / max(1.0, report["answers_per_s"])

    return load


def _sample(pids: list[int], load: Load, seconds: float) -> dict[str, float]:
    before = sum(map(cpu_s, pids))
    answers, bad, took_s = load(seconds)
    if not answers:
        raise BenchmarkError("a name server answered nothing")
    return {
        "answers_per_s": answers / took_s,
        "cpu_us": (sum(map(cpu_s, pids)) - before) / answers * 1e6,
        "bad": bad,
    }
