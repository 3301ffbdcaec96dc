"""What nobody has remembered, as CPU of all server processes (user and system, from the kernel).

    authority           an enterprise node without packet cache: look up, decide, encode; one request
    prefix known        a recursive node asks the enterprise, whose site it knows: two requests
    five tiers          its caches are off, so it walks from the root: five requests
    one at a time       the same with one question under way: nothing is asked together, and every hop wakes a process

All nodes share one core, the generator has the other. `requests` are those that nodes received for each resolution, as
they counted themselves: equal questions under way at one time are asked once, so there are fewer than five. `hop` is
CPU for each of them, and `× miss` that beside an authority's miss in the same run.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.answers import NETWORK
from benchmarks.native import BenchmarkError
from benchmarks.rounds import OUTSTANDING, Bench, Target, cpu_s, move
from benchmarks.traffic import PREFIX, write_catalogue
from loadgen.tiers import fetch_page
from nodes.network import free_second_octet, running

ONE_BY_ONE = "five tiers, one at a time"
GOAL_HOPS = 5.0  # of an authority's miss
ANSWER_OCTETS = 65_536  # room for the sites, and for too few of ten thousand answers to be asked for again in time
_REQUESTS = re.compile(r"^biaoshi_requests_total\{[^}]*\} ([0-9.e+]+)$", re.MULTILINE)

Row = dict[str, Any]


def table(bench: Bench, folder: Path, rounds: int, seconds: float, say: Callable[[str], None]) -> Iterator[Row]:
    """The rows, each with the medians of its rounds."""
    here = folder / "misses"
    here.mkdir()
    write_catalogue(here / "catalogue.csv")
    misses: list[float] = []
    for name, answer_octets, asked, outstanding in (
        ("authority", 0, "enterprise", OUTSTANDING),
        ("… one at a time", 0, "enterprise", 1),
        ("recursive, prefix known", ANSWER_OCTETS, "recursive", OUTSTANDING),
        ("recursive, five tiers", 0, "recursive", OUTSTANDING),
        (ONE_BY_ONE, 0, "recursive", 1),
    ):
        file = here / f"{len(misses)}.toml"
        words = NETWORK.format(packet_octets=0, prefix=PREFIX)
        file.write_text(words.replace("[cache]", f"[cache]\nanswer_octets = {answer_octets}"), encoding="utf-8")
        say(f"misses: {name}")
        with running(file, here / f"run-{len(misses)}", second_octet=free_second_octet(file)) as state:
            nodes = {node["name"]: node for node in state["nodes"]}
            pids = {node["pid"] for node in state["nodes"]}
            for pid in pids:
                move(pid, bench.server_core)
            pages = {process["metrics"] for process in state["processes"]}
            found = [_sample(bench, nodes[asked], pids, pages, seconds, outstanding) for _ in range(rounds)]
        row = {key: statistics.median(each[key] for each in found) for key in found[0]}
        row["hop_us"] = row["cpu_us"] / row["requests"]
        misses.append(row["hop_us"])
        ratio = row["hop_us"] / misses[0]
        judged = {"goal": GOAL_HOPS, "pass": ratio <= GOAL_HOPS} if name == ONE_BY_ONE else {}
        yield {"row": name, **row, "ratio": ratio, **judged}


def _sample(
    bench: Bench, node: Mapping[str, Any], pids: set[int], pages: set[str], seconds: float, outstanding: int
) -> dict[str, float]:
    ip, _, port = node["address"].rpartition(":")
    before, cpu = _requests(pages), sum(map(cpu_s, pids))
    report = bench.generate(Target(ip, int(port), node["pid"]), bench.traffic.each, seconds, outstanding)
    cpu = sum(map(cpu_s, pids)) - cpu
    answers = report["answers"]
    if not answers:
        raise BenchmarkError(f"{node['name']} answered nothing: {report}")
    return {
        "answers_per_s": report["answers_per_s"],
        "cpu_us": cpu / answers * 1e6,
        "requests": (_requests(pages) - before) / answers,
        "bad": report["bad"],
        "timeouts": report["timeouts"],
    }


def _requests(pages: set[str]) -> float:
    return sum(float(count) for page in pages for count in _REQUESTS.findall(fetch_page(page)))
