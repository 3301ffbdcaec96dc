"""How long nodes work on each kind of packet: `python -m benchmarks.service_times` prints what `simulate` reads.

The teaching network with a population runs in real time. CPU is what the nodes' processes used (kernel included), less
what they use idle, by what they did; medians of some rounds, at rates at which several packets share one waking:

    recursive repeat   few names over and over
    recursive begin    names that nobody asked for; what the recursive process used, by questions taken and answers of
      and upstream     others heard: these cost alike, and nothing tells them apart from outside
    recursive answer   the same figure, for want of a load that meets the answer cache alone
    authority answer   the other side of that, by requests
    authority repeat   the figure of a recursive repeat: the same code
    unread             few names, from a source that may ask nothing any more; by packets thrown away
    wake               what a repeated answer costs more at a rate at which each packet wakes the process
    wire               half of what a repeated answer takes there, as its client sees it, less the work and the waking
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from biaoshi.proofs.networks import RECURSIVE, Running, teaching
from loadgen.machine import cpu_model
from loadgen.measure import measure
from loadgen.pacing import constant
from loadgen.popularity import Popularity
from loadgen.report import figures_of
from loadgen.tiers import fetch_page

POPULATION = '[population]\nsize = 1_000_000_000\nkey = "service times"\n'
NOTHING_MORE = "[limits]\nsource_requests_per_s = 1\n"
AUTHORITIES = "authorities"
ROUNDS = 5
RARE_PER_S, OFTEN_PER_S, COLD_PER_S = 300.0, 15_000.0, 3_000.0
_CPU = re.compile(r"^process_cpu_seconds_total ([0-9.e+-]+)$", re.MULTILINE)
_COUNT = re.compile(r"^biaoshi_(requests|upstream_requests)_total\{([^}]*)\} ([0-9.e+-]+)$", re.MULTILINE)


def used(running: Running, process: str) -> tuple[float, int, int]:
    """(CPU seconds, requests received, questions asked) of a process, until now."""
    url = next(each["metrics"] for each in running.state["processes"] if each["process"] == process)
    text = fetch_page(url)
    found = _CPU.search(text)
    assert found is not None
    counts = {"requests": 0, "upstream_requests": 0}
    for name, _, value in _COUNT.findall(text):
        counts[name] += int(float(value))
    return float(found[1]), counts["requests"], counts["upstream_requests"]


def cost_us(
    running: Running, process: str, rate: float, seconds: float, seed: int, **more: object
) -> tuple[float, float]:
    """(microseconds of CPU for each request that a process received, median service time in microseconds)."""
    cpu, requests, _ = used(running, process)
    time.sleep(seconds / 4)
    idle = (used(running, process)[0] - cpu) / (seconds / 4)
    cpu, requests, _ = used(running, process)
    began = time.monotonic()
    figures = figures_of(measure(replace(running.order(constant(rate), seconds, seed), **more)))  # type: ignore[arg-type]
    lasted = time.monotonic() - began
    after, received, _ = used(running, process)
    return (after - cpu - idle * lasted) / max(1, received - requests) * 1e6, (figures.service_ms["p50"] or 0) * 1e3


def measured(seconds: float) -> dict[str, float]:
    """The figures, medians of ROUNDS."""
    found: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder, teaching(Path(folder), POPULATION) as running:
        for number in range(ROUNDS):
            hot = Popularity(zipf=0.0, active=20)
            repeat, _ = cost_us(running, RECURSIVE, OFTEN_PER_S, seconds, 7, popularity=hot)
            rare, seen = cost_us(running, RECURSIVE, RARE_PER_S, seconds, 7, popularity=hot)
            found.setdefault("recursive_repeat_us", []).append(repeat)
            found.setdefault("wake_us", []).append(max(0.0, rare - repeat))
            found.setdefault("wire_us", []).append(max(0.0, (seen - rare) / 2))
            before = used(running, RECURSIVE)
            cold = Popularity(zipf=0.0)
            _, _ = cost_us(running, RECURSIVE, COLD_PER_S, seconds, 100 + number, popularity=cold)
            after = used(running, RECURSIVE)
            steps = (after[1] - before[1]) + (after[2] - before[2])
            found.setdefault("recursive_begin_us", []).append((after[0] - before[0]) / steps * 1e6)
            cost, _ = cost_us(running, AUTHORITIES, COLD_PER_S, seconds, 200 + number, popularity=cold)
            found.setdefault("authority_answer_us", []).append(cost)
    with tempfile.TemporaryDirectory() as folder, teaching(Path(folder), POPULATION + NOTHING_MORE) as running:
        for _ in range(ROUNDS):
            unread, _ = cost_us(running, RECURSIVE, OFTEN_PER_S, seconds, 7, popularity=hot, timeout_s=0.1)
            found.setdefault("unread_us", []).append(unread)
    figures = {key: statistics.median(values) for key, values in found.items()}
    figures["recursive_upstream_us"] = figures["recursive_begin_us"]
    figures["recursive_answer_us"] = figures["recursive_begin_us"]
    figures["authority_repeat_us"] = figures["recursive_repeat_us"]
    return figures


def printed(figures: Mapping[str, float]) -> str:
    """The file that `simulate --times` reads."""
    lines = [
        "# How long nodes work, in microseconds of CPU, kernel included: for `biaoshi simulate`. Measured, not chosen:",
        "#",
        "#     python -m benchmarks.service_times          prints this file as it is on your machine",
        "#     python -m benchmarks.calibration            the same, fitted to what a load at a low rate takes",
        "#",
        f'machine = "{cpu_model()}, {os.cpu_count()} cores"',
        *(f"{key} = {figures[key]:.1f}" for key in sorted(figures)),
    ]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.service_times", description=__doc__.partition("\n")[0] if __doc__ else ""
    )
    parser.add_argument("--seconds", type=float, default=3.0, help="of each load")
    options = parser.parse_args(arguments)
    figures = measured(options.seconds)
    print(printed(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
