"""What nobody has remembered, as CPU of all server processes (user and system, from the kernel).

    authority           an enterprise node without packet cache: look up, decide, encode; one request
    prefix known        a recursive node asks the enterprise, whose site it knows: two requests
    five tiers          its caches are off, so it walks from the root: five requests
    one at a time       the same with one question under way: nothing is asked together, and every hop wakes a process

All nodes share one core, the generator has the other. `requests` are those that nodes received for each resolution, as
they counted themselves: equal questions under way at one time are asked once, so there are fewer than five. `hop` is
CPU for each of them, and `× miss` that beside an authority's miss in the same round, with as many under way.
"""

from __future__ import annotations

import contextlib
import re
import statistics
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.answers import NETWORK
from benchmarks.native import BenchmarkError
from benchmarks.rounds import OUTSTANDING, Bench, Target, cpu_s, move
from benchmarks.traffic import PREFIX, write_catalogue
from loadgen.tiers import fetch_page
from nodes.network import free_second_octet, running
from nodes.state import State

ONE_BY_ONE = "five tiers, one at a time"
GOAL_HOPS = 5.0  # of an authority's miss
ANSWER_OCTETS = 65_536  # room for the sites, and for too few of ten thousand answers to be asked for again in time
_REQUESTS = re.compile(r"^biaoshi_requests_total\{[^}]*\} ([0-9.e+]+)$", re.MULTILINE)

Row = dict[str, Any]

# Name, whether the caches are off, who is asked, how many questions are under way.
ROWS = (
    ("authority", True, "enterprise", OUTSTANDING),
    ("authority, one at a time", True, "enterprise", 1),
    ("prefix known", False, "recursive", OUTSTANDING),
    ("five tiers", True, "recursive", OUTSTANDING),
    (ONE_BY_ONE, True, "recursive", 1),
)


def table(bench: Bench, folder: Path, rounds: int, seconds: float, say: Callable[[str], None]) -> Iterator[Row]:
    """The rows, when all of them are known: each round is one of all."""
    here = folder / "misses"
    here.mkdir()
    write_catalogue(here / "catalogue.csv")
    with contextlib.ExitStack() as stack:
        say("misses: starting two networks")
        off, on = (stack.enter_context(_network(bench, here, octets)) for octets in (0, ANSWER_OCTETS))
        samples: dict[str, list[dict[str, float]]] = {name: [] for name, *_ in ROWS}
        for number in range(rounds):
            say(f"misses: round {number + 1} of {rounds}")
            for name, is_off, asked, outstanding in ROWS:
                samples[name].append(_sample(bench, off if is_off else on, asked, seconds, outstanding))
    for name, _, _, outstanding in ROWS:
        found = samples[name]
        yardstick = samples["authority" if outstanding == OUTSTANDING else "authority, one at a time"]
        ratios = [sample["hop_us"] / miss["hop_us"] for sample, miss in zip(found, yardstick, strict=True)]
        ratio = statistics.median(ratios)
        row = {key: statistics.median(each[key] for each in found) for key in found[0]}
        row |= {"ratio": ratio, "ratio_low": min(ratios), "ratio_high": max(ratios)}
        yield {"row": name, **row, **({"goal": GOAL_HOPS, "pass": ratio <= GOAL_HOPS} if name == ONE_BY_ONE else {})}


@contextlib.contextmanager
def _network(bench: Bench, folder: Path, answer_octets: int) -> Iterator[State]:
    """A network without packet caches, all of it on the server's core."""
    file = folder / f"{answer_octets}.toml"
    words = NETWORK.format(packet_octets=0, prefix=PREFIX)
    file.write_text(words.replace("[cache]", f"[cache]\nanswer_octets = {answer_octets}"), encoding="utf-8")
    with running(file, folder / str(answer_octets), second_octet=free_second_octet(file)) as state:
        for process in state["processes"]:
            move(process["pid"], bench.server_core)
        yield state


def _sample(bench: Bench, state: State, asked: str, seconds: float, outstanding: int) -> dict[str, float]:
    node = next(each for each in state["nodes"] if each["name"] == asked)
    ip, _, port = node["address"].rpartition(":")
    pids = [process["pid"] for process in state["processes"]]
    before, cpu = _requests(state), sum(map(cpu_s, pids))
    target = Target(ip, int(port), node["pid"])
    report = bench.generate(target, bench.traffic.each, seconds, outstanding)
    cpu_us = (sum(map(cpu_s, pids)) - cpu) * 1e6
    answers, requests = report["answers"], _requests(state) - before
    if not answers or not requests:
        raise BenchmarkError(f"{asked} answered nothing: {report}")
    return {
        "answers_per_s": report["answers_per_s"],
        "cpu_us": cpu_us / answers,
        "requests": requests / answers,
        "hop_us": cpu_us / requests,
        "bad": report["bad"],
        "timeouts": report["timeouts"],
    }


def _requests(state: State) -> float:
    pages = [process["metrics"] for process in state["processes"]]
    return sum(float(count) for page in pages for count in _REQUESTS.findall(fetch_page(page)))
