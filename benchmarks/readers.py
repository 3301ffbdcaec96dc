"""What readers add: answers for a second of server processor time, by one reader and by two, in the same rounds.

    home alone     no readers, one process
    one reader     takes everything at the node's address, its home the rest
    two readers    the kernel deals the clients among them

Eight generators with a socket each, so that the kernel has something to deal, and as many questions under way for each
reader, so that its batches are as large. Servers and generators share the machine's cores. CPU is user and system time
of home and readers together, from the kernel: with two cores in all, that is what can be told apart, and what decides
how far more cores carry. `scale` of N readers is N times one reader's CPU for an answer by theirs: two that cost
nothing extra make 2. `least` is the share of answers by the reader that gave fewest.
"""

from __future__ import annotations

import json
import re
import statistics
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.answers import NETWORK
from benchmarks.native import BenchmarkError
from benchmarks.rounds import SUCCESS, Bench, cpu_s
from benchmarks.traffic import PREFIX, write_catalogue
from loadgen.tiers import fetch_page
from nodes.network import free_second_octet, running
from nodes.state import status

GENERATORS, OUTSTANDING = 8, 16  # outstanding at each, for every reader: twice the readers are for twice the load
WARM_PASSES = 2
GOAL = 1.8
KINDS = {"": 64 << 20, ", no packet cache": 0}
SIZES = {"home alone": 0, "one reader": 1, "two readers": 2}
_READER = re.compile(
    r'^biaoshi_reader_requests_total\{node="enterprise",reader="(\d+)",[^}]*\} ([0-9.e+]+)$', re.MULTILINE
)

Row = dict[str, Any]


class _Place:
    """The enterprise node of a running network, with its readers."""

    def __init__(self, bench: Bench, workers: int, run_dir: Path) -> None:
        self.bench, self.outstanding = bench, OUTSTANDING * max(1, workers)
        node = next(node for node in status(run_dir)["nodes"] if node["name"] == "enterprise")
        self.ip, _, self.port = node["address"].rpartition(":")
        self.pids, self.metrics = [node["pid"], *node["readers"]], node["metrics"]

    def load(self, sequence: Path, seconds: float) -> dict[str, float]:
        """What all generators together say."""
        bench = self.bench
        command = [bench.programs.generator, self.ip, self.port, bench.traffic.requests, sequence, seconds]
        command += [self.outstanding, SUCCESS, "handle"]
        words = [str(word) for word in command]
        started = [subprocess.Popen(words, stdout=-1, stderr=-1) for _ in range(GENERATORS)]
        reports = []
        for process in started:
            out, said = process.communicate()
            if process.returncode:
                raise BenchmarkError(said.decode().strip() or f"a generator ended with {process.returncode}")
            reports.append(json.loads(out))
        return {key: sum(report[key] for report in reports) for key in ("answers", "answers_per_s", "bad", "timeouts")}

    def by_reader(self) -> list[int]:
        """Requests that each reader has taken."""
        taken: dict[str, int] = {}
        for reader, number in _READER.findall(fetch_page(self.metrics)):
            taken[reader] = taken.get(reader, 0) + int(float(number))
        return [number for _, number in sorted(taken.items())]

    def sample(self, seconds: float) -> dict[str, float]:
        """One measurement."""
        before, cpu = self.by_reader(), sum(map(cpu_s, self.pids))
        report = self.load(self.bench.traffic.popular, seconds)
        cpu = sum(map(cpu_s, self.pids)) - cpu
        if not report["answers"]:
            raise BenchmarkError(f"{self.ip} answered nothing: {report}")
        each = [now - then for now, then in zip(self.by_reader(), before, strict=True)]
        least = min(each) / sum(each) if each else 1.0
        return report | {"cpu_us": cpu / report["answers"] * 1e6, "least": least}


def table(bench: Bench, folder: Path, rounds: int, seconds: float, say: Callable[[str], None]) -> Iterator[Row]:
    """The rows, each with the medians of its rounds."""
    here = folder / "readers"
    here.mkdir()
    write_catalogue(here / "catalogue.csv")
    for kind, packet_octets in KINDS.items():
        with ExitStack() as stack:
            places = {}
            for name, workers in SIZES.items():
                say(f"readers: starting {name}{kind}")
                file = here / f"{workers}-{packet_octets}.toml"
                words = NETWORK.format(packet_octets=packet_octets, prefix=PREFIX)
                file.write_text(words.replace('process = "enterprise"', f'process = "enterprise"\nworkers = {workers}'))
                run_dir = here / f"run-{workers}-{packet_octets}"
                stack.enter_context(running(file, run_dir, second_octet=free_second_octet(file)))
                places[name] = _Place(bench, workers, run_dir)
                for _ in range(WARM_PASSES):
                    places[name].load(bench.traffic.each, 0.0)
            found: dict[str, list[dict[str, float]]] = {name: [] for name in SIZES}
            for round_ in range(rounds):
                say(f"readers{kind}: round {round_ + 1} of {rounds}")
                for name, place in places.items():
                    found[name].append(place.sample(seconds))
        yield from _rows(kind, found)


def _rows(kind: str, found: Mapping[str, list[dict[str, float]]]) -> Iterator[Row]:
    """Each size beside one reader of the same round."""
    for name, workers in SIZES.items():
        row: Row = {"row": name + kind} | {
            key: statistics.median(each[key] for each in found[name]) for key in found[name][0]
        }
        scales = [
            max(1, workers) * one["cpu_us"] / each["cpu_us"]
            for one, each in zip(found["one reader"], found[name], strict=True)
        ]
        row |= {"ratio": statistics.median(scales), "ratio_low": min(scales), "ratio_high": max(scales)}
        if workers == 2:
            row |= {"goal": GOAL, "pass": row["ratio"] >= GOAL}
        yield row
