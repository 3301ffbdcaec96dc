"""What ran out: read from the kernel and from the nodes' own counts, and decided from that alone.

    /proc/PID/stat        processor seconds of each server process, its own and the kernel's on its behalf
    /proc/PID/schedstat   how long it was ready to run and waited for a core
    /proc/net/udp         datagrams that found a node's receive buffer full
    metrics pages         questions to other nodes and how they ended; packets that nodes dropped
    the generator         its certificate

A rate is lost where the first of these says so, in this order, because each explains the ones behind it: a generator
that falls behind measures nothing; a server without processor time lets buffers run over and others' questions time
out. Where nothing is told (no /proc, no pages) nothing is concluded from it.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from loadgen.tiers import fetch_page

PROC = Path("/proc")
TICKS_PER_S = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100

BUSY_CORES = 0.85  # of one: a node process decides on one thread, and then has none left to speak of
KERNEL_SHARE = 0.7  # of a busy process' time spent in the kernel: the kernel's work is the limit, not the node's
UPSTREAM_SHARE = 0.5  # of all failures that go with a question that another node did not answer

LIMITS = ("server cpu", "kernel", "generator", "loss", "upstream")
FAILED_UPSTREAM = ("timeout", "abandoned", "refused")


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds of a process: computing for itself, in the kernel, and ready but without a core."""

    own_s: float
    kernel_s: float
    waited_s: float


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted until a moment: full receive buffers, questions upstream by outcome, drops by nodes."""

    buffer_drops: int
    upstream: Counter[str]
    dropped: Counter[str]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a trial left behind. Cores are seconds of a process per second, for the busiest one.

    `valid`: whether the generator kept up. `missing`: requests without an answer in time; `failed`: all that were not
    answered rightly in time. `busiest`: None where the kernel does not tell.
    """

    valid: bool
    sent: int
    failed: int
    missing: int
    busiest: str | None
    own_cores: float
    kernel_cores: float
    waiting_cores: float
    buffer_drops: int
    upstream: int
    upstream_failed: int
    dropped: int

    @property
    def wanted_cores(self) -> float:
        """How much of a core the busiest process used, or would have used if it had been given one."""
        return self.own_cores + self.kernel_cores + self.waiting_cores


def limit_of(evidence: Evidence) -> tuple[str, str]:
    """(what ran out, one of LIMITS; why, in words) of a trial that was missed."""
    if not evidence.valid:
        return "generator", "the generator fell behind: a faster one might find more"
    if evidence.busiest is not None and evidence.wanted_cores >= BUSY_CORES:
        used = evidence.own_cores + evidence.kernel_cores
        waited = (
            f" and waited {evidence.waiting_cores:.0%} of the time for one" if evidence.waiting_cores > 0.05 else ""
        )
        words = f"{evidence.busiest} used {used:.0%} of a core{waited}"
        if evidence.kernel_cores >= KERNEL_SHARE * used:
            return "kernel", f"{words}, {evidence.kernel_cores:.0%} of a core inside the kernel"
        return "server cpu", words
    if evidence.upstream_failed and evidence.upstream_failed >= UPSTREAM_SHARE * evidence.failed:
        return "upstream", f"{evidence.upstream_failed:,} of {evidence.upstream:,} questions to other nodes failed"
    if evidence.buffer_drops:
        return "kernel", f"{evidence.buffer_drops:,} requests found the receive buffer of a node full"
    if evidence.missing:
        counted = (
            f", {evidence.dropped:,} of them dropped by nodes" if evidence.dropped else ", and nobody counted them"
        )
        return "loss", f"{evidence.missing:,} of {evidence.sent:,} requests were never answered{counted}"
    if evidence.busiest is None:
        return "server cpu", "too slow, and this system does not tell what its processes did"
    return "kernel", (
        f"too slow, though the busiest process, {evidence.busiest}, wanted only {evidence.wanted_cores:.0%} of a core: "
        "time passed outside of it"
    )


def main_limit(trials: Sequence[Evidence]) -> tuple[str, str]:
    """What ran out in most of several missed trials, the nearest to the knee first, and why in the nearest such one."""
    found = [limit_of(evidence) for evidence in trials]
    most = Counter(limit for limit, _ in found)
    limit = max(most, key=lambda each: (most[each], -[known for known, _ in found].index(each)))
    return next(each for each in found if each[0] == limit)


def times_of(pid: int, proc: Path = PROC) -> Times | None:
    """A process' seconds (of waiting: its main thread's); None if it is gone or the system does not tell."""
    try:
        # The second field is the command in brackets and may hold blanks and brackets itself: count from its end.
        fields = (proc / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
        own, kernel = int(fields[11]) / TICKS_PER_S, int(fields[12]) / TICKS_PER_S
        waited = int((proc / str(pid) / "schedstat").read_text().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return None
    return Times(own, kernel, waited)


def buffer_drops(addresses: Iterable[tuple[str, int]], proc: Path = PROC) -> int:
    """Datagrams that the kernel had no room for at these UDP addresses, since their sockets were opened."""
    wanted = {_as_kernel(ip, port) for ip, port in addresses}
    total = 0
    for name in ("udp", "udp6"):
        try:
            rows = (proc / "net" / name).read_text().splitlines()[1:]
        except OSError:
            continue
        for row in rows:
            fields = row.split()
            if len(fields) > 12 and fields[1] in wanted:
                total += int(fields[12])
    return total


def _as_kernel(ip: str, port: int) -> str:
    """127.0.0.1:2641 as /proc/net writes it: words of the address in the machine's own order."""
    packed = ip_address(ip).packed
    words = (int.from_bytes(packed[at : at + 4], "little") for at in range(0, len(packed), 4))
    return "".join(f"{word:08X}" for word in words) + f":{port:04X}"


def counts(
    pages: Iterable[str], addresses: Iterable[tuple[str, int]], fetch: Callable[[str], str] = fetch_page
) -> Counts:
    """What was counted until now. Unreachable names a page that does not answer."""
    taken = Counts(buffer_drops(addresses), Counter(), Counter())
    for url in dict.fromkeys(pages):
        for family in text_string_to_metric_families(fetch(url)):
            for sample in family.samples:
                if sample.name == "biaoshi_upstream_requests_total":
                    taken.upstream[sample.labels.get("outcome", "")] += int(sample.value)
                elif sample.name == "biaoshi_dropped_total":
                    taken.dropped[sample.labels.get("reason", "")] += int(sample.value)
    return taken


class Watch:
    """Looks at server processes while a trial runs. `look` is quick: two small files for each process."""

    def __init__(self, processes: Mapping[int, str], look: Callable[[int], Times | None] = times_of) -> None:
        self._processes = processes
        self._look = look
        self._first: tuple[float, dict[int, Times]] | None = None
        self._last: tuple[float, dict[int, Times]] | None = None

    def look(self, at_s: float) -> None:
        """Take note of all processes, `at_s` seconds after the start."""
        seen = {pid: times for pid in self._processes if (times := self._look(pid)) is not None}
        self._last = (at_s, seen)
        self._first = self._first or self._last

    def busiest(self) -> tuple[str, Times] | None:
        """(name, cores of each kind) of whoever wanted most between the first look and the last; None if unknown."""
        if self._first is None or self._last is None or self._last[0] <= self._first[0]:
            return None
        seconds, before, after = self._last[0] - self._first[0], self._first[1], self._last[1]
        spent = {
            pid: Times(
                (times.own_s - before[pid].own_s) / seconds,
                (times.kernel_s - before[pid].kernel_s) / seconds,
                (times.waited_s - before[pid].waited_s) / seconds,
            )
            for pid, times in after.items()
            if pid in before
        }
        if not spent:
            return None
        most = max(spent, key=lambda pid: spent[pid].own_s + spent[pid].kernel_s + spent[pid].waited_s)
        return self._processes[most], spent[most]


def evidence_of(
    *, valid: bool, sent: int, failed: int, missing: int, watch: Watch, before: Counts, after: Counts
) -> Evidence:
    """Put together what is known of a trial."""
    busiest = watch.busiest()
    name, times = busiest or (None, Times(0.0, 0.0, 0.0))
    upstream = after.upstream - before.upstream
    return Evidence(
        valid=valid,
        sent=sent,
        failed=failed,
        missing=missing,
        busiest=name,
        own_cores=times.own_s,
        kernel_cores=times.kernel_s,
        waiting_cores=times.waited_s,
        buffer_drops=after.buffer_drops - before.buffer_drops,
        upstream=sum(upstream.values()),
        upstream_failed=sum(upstream[outcome] for outcome in FAILED_UPSTREAM),
        dropped=sum((after.dropped - before.dropped).values()),
    )
