"""Line 1: nothing is lost from the books. What was sent is answered, timed out, or dropped where it was counted.

The teaching network is loaded, warm and cold, evenly and in bursts; and while it is, its recursive node is frozen again
and again for so long that the kernel has to throw requests away. Then five accounts must balance exactly, each against
somebody else's count (the load generator, the nodes' metrics pages, the kernel's /proc/net/udp):

    client    sent                                       = answered + timed out
    door      sent - dropped at the node's full buffer   = received by the recursive tier
              - thrown away there after too long a wait
    back      answered by it - replies the kernel refused = answers that the client saw, late and second ones included
    hop       questions to others + those sent once more - dropped at their full buffers = received by the tiers above
    home      answered by these - dropped at the asker's full buffer = answers the asker took + those it did not want

The number is how many requests are missing from them, or too many, all five together.
"""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from biaoshi.proofs.networks import RECURSIVE, Freezer, Running, teaching
from biaoshi.proofs.trial import MeansMissing, Trial
from loadgen.measure import measure
from loadgen.pacing import Pacing, constant, poisson
from loadgen.report import figures_of
from loadgen.tiers import fetch_page

REQUESTS_QUICK, REQUESTS_FULL = 60_000, 10_000_000
CALM_QUICK_PER_S, CALM_FULL_PER_S, BURST_PER_S = 2_500.0, 4_000.0, 9_000.0
CALM_QUICK_S, CALM_FULL_S = 4.0, 120.0
BURST_S, FREEZE_AT_S, FREEZE_S = 4.0, 0.5, 2.0  # 18,000 requests for a buffer of some 10,000
TIMEOUT_S = 3.0
CALM_ROUNDS = 3  # to every burst
SETTLE_S = 0.5  # for answers to whoever no longer waits
UDP_TABLE = Path("/proc/net/udp")
NEVER_SENT = ("send buffer full",)
UNWANTED = ("unasked", "unreadable answer", "runt")
TAKEN = ("answered", "error")
CLOSED = "receive buffer full"
_SAMPLE = re.compile(r"^biaoshi_(\w+)_total\{([^}]*)\} ([0-9.e+]+)$", re.MULTILINE)
_LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True, slots=True)
class Client:
    """What the generator says of a run."""

    sent: int
    answered: int
    timed_out: int
    seen: int  # answers, in time or late, second ones, and what answered nothing
    lost_itself: int


@dataclass(frozen=True, slots=True)
class Books:
    """What nodes and kernel have counted until a moment."""

    received: Counter[str]  # by tier
    answered: Counter[str]
    asked: Counter[str]  # upstream, by outcome; "sent again" too
    dropped: Counter[tuple[str, str]]  # by tier and reason
    door: int  # datagrams that found a buffer full: of the recursive node's doors,
    asker: int  # of the socket from which it asks,
    above: int  # and of all other nodes

    def since(self, before: Books) -> Books:
        """The difference."""
        return Books(
            self.received - before.received,
            self.answered - before.answered,
            self.asked - before.asked,
            self.dropped - before.dropped,
            self.door - before.door,
            self.asker - before.asker,
            self.above - before.above,
        )


def prove(trial: Trial) -> None:
    """Load, freeze, count; whatever does not balance counts."""
    if not UDP_TABLE.exists():
        raise MeansMissing(f"{UDP_TABLE} is not here, so nobody counts what the kernel drops. Use Linux")
    chance = random.Random(trial.seed)
    wanted, sent, number = REQUESTS_FULL if trial.full else REQUESTS_QUICK, 0, 0
    trial.value = 0
    trial.facts = {"sent": 0, "dropped_by_kernel": 0, "timed_out": 0, "questions_to_others": 0, "sent_again": 0}
    with teaching(trial.folder) as running:
        while sent < wanted and not trial.out_of_time:
            burst = number % (CALM_ROUNDS + 1) == CALM_ROUNDS or (not trial.full and number == 1)
            before = books(running)
            client = _burst(running, trial.seed + number) if burst else _calm(trial, running, chance, number)
            time.sleep(SETTLE_S)
            counted = books(running).since(before)
            for name, missing in imbalances(client, counted).items():
                trial.value += abs(missing)
                if missing:
                    trial.fail(f"round {number + 1}, {name}: {missing:+,} requests")
            sent, number = sent + client.sent, number + 1
            trial.facts["sent"] = sent
            trial.facts["timed_out"] += client.timed_out
            trial.facts["dropped_by_kernel"] += counted.door + counted.asker + counted.above
            trial.facts["questions_to_others"] += sum(counted.asked.values()) - counted.asked["sent again"]
            trial.facts["sent_again"] += counted.asked["sent again"]
            trial.tell(f"{sent:,} of {wanted:,} requests")
    if sent < wanted and trial.full:
        trial.fail(f"only {sent:,} requests in the time given")
    if not trial.facts["dropped_by_kernel"]:
        trial.fail("the kernel dropped nothing, so half of the books were never opened")


def imbalances(client: Client, counted: Books) -> dict[str, int]:
    """By account: how many more stand on its left side than on its right."""
    here, others = "recursive", [tier for tier in counted.received if tier != "recursive"]
    refused = sum(counted.dropped[here, reason] for reason in NEVER_SENT)
    unwanted = sum(counted.dropped[here, reason] for reason in UNWANTED)
    asked = sum(times for outcome, times in counted.asked.items() if outcome != "sent again")
    return {
        "client": client.sent - client.answered - client.timed_out,
        "door": client.sent - counted.door - counted.dropped[here, "overload"] - counted.received[here],
        "back": counted.answered[here] - refused - client.lost_itself - client.seen,
        "hop": asked + counted.asked["sent again"] - counted.above - sum(counted.received[tier] for tier in others),
        "home": sum(counted.answered[tier] for tier in others)
        - counted.asker
        - sum(counted.asked[outcome] for outcome in TAKEN)
        - unwanted,
    }


def books(running: Running) -> Books:
    """Everything that was counted until now."""
    taken = Books(Counter(), Counter(), Counter(), Counter(), 0, 0, 0)
    for url in running.known.pages:
        read_page(fetch_page(url), taken)
    doors = {address for address, tier in running.known.tiers.items() if tier == "recursive"}
    others = {ip for (ip, _), tier in running.known.tiers.items() if tier != "recursive"}
    door, asker, above = buffer_drops(UDP_TABLE.read_text().splitlines()[1:], doors, others)
    asker += taken.dropped["recursive", CLOSED]  # of ports from which nothing is asked any more
    return Books(taken.received, taken.answered, taken.asked, taken.dropped, door, asker, above)


def read_page(page: str, into: Books) -> None:
    """Add the counters of a metrics page."""
    for name, words, value in _SAMPLE.findall(page):
        labels, times = dict(_LABEL.findall(words)), int(float(value))
        if name == "requests":
            into.received[labels["tier"]] += times
            into.answered[labels["tier"]] += times if labels["code"] != "none" else 0
        elif name == "upstream_requests":
            into.asked[labels["outcome"]] += times
        elif name == "upstream_resent":
            into.asked["sent again"] += times
        elif name == "dropped":
            into.dropped[labels["tier"], labels["reason"]] += times


def buffer_drops(rows: Iterable[str], doors: set[tuple[str, int]], others: set[str]) -> tuple[int, int, int]:
    """(at the doors, at other ports of their addresses, at the addresses of all others) by rows of /proc/net/udp."""
    here = {ip for ip, _ in doors}
    door = asker = above = 0
    for row in rows:
        fields = row.split()
        address, _, port = fields[1].partition(":")
        ip, drops = ".".join(str(octet) for octet in reversed(bytes.fromhex(address))), int(fields[12])
        if (ip, int(port, 16)) in doors:
            door += drops
        elif ip in here:
            asker += drops
        elif ip in others:
            above += drops
    return door, asker, above


def _calm(trial: Trial, running: Running, chance: random.Random, number: int) -> Client:
    """A load that everything keeps up with; more and more identifiers that nobody asked for yet."""
    rate, seconds = (CALM_FULL_PER_S, CALM_FULL_S) if trial.full else (CALM_QUICK_PER_S, CALM_QUICK_S)
    return _run(running, poisson(rate), seconds, trial.seed + number, chance.choice(("lookups", "misses")))


def _burst(running: Running, seed: int) -> Client:
    """More than the buffers of a frozen node hold."""
    with Freezer(running.pid(RECURSIVE), FREEZE_AT_S, FREEZE_S):
        return _run(running, constant(BURST_PER_S), BURST_S, seed, "lookups")


def _run(running: Running, pacing: Pacing, seconds: float, seed: int, workload: str) -> Client:
    figures = figures_of(measure(running.order(pacing, seconds, seed, timeout_s=TIMEOUT_S, workload=workload)))
    header = figures.header
    return Client(
        figures.sent,
        figures.answered,
        figures.timed_out,
        figures.answered + figures.late + header["duplicates"] + header["strays"],
        header["own_drops"],
    )
