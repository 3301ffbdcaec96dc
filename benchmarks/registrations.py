"""Identifiers registered over the protocol by their administrator, each on the disk before it is acknowledged.

Over TCP, one registration under way on each connection. Who logged in is believed; who did not answers a challenge each
time, and both sides derive a key by 10,000 rounds of PBKDF2, as the protocol's reference does: that is most of the CPU
there. The first row is what one wait for the disk takes alone; many registrations share one. CPU is that of the
enterprise node's process and of the nodes above it, which say who may write.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.native import BenchmarkError
from benchmarks.rounds import cpu_s
from biaoshi.proofs.ledger import Ledger
from biaoshi.proofs.p04_fsync_first import records_of
from biaoshi.proofs.registering import Registering, Talk
from biaoshi.proofs.stage import UPPER, Stage

SYNCS = 50

Row = dict[str, Any]


class _LoggedIn(Registering):
    def _talk(self, line: Any, *, log_in: bool) -> Talk:
        return super()._talk(line, log_in=True)


class _Challenged(Registering):
    def _talk(self, line: Any, *, log_in: bool) -> Talk:
        return super()._talk(line, log_in=False)


KINDS = (("logged in", _LoggedIn, 1), ("logged in", _LoggedIn, 32), ("challenged", _Challenged, 32))


def table(folder: Path, rounds: int, seconds: float, say: Callable[[str], None]) -> Iterator[Row]:
    """The rows."""
    stage = Stage(folder / "registrations")
    who, make = stage.administrator(), records_of(1)
    say("registrations: what the disk takes")
    yield {"row": "one wait for the disk", "us": _sync_us(folder)}
    with stage.node(group=UPPER) as upper, stage.node() as node:
        upper.await_ready()
        node.await_ready()
        pids = (upper.process.pid, node.process.pid)
        for name, kind, connections in KINDS:
            say(f"registrations: {name}, {connections} under way")
            ledger, found = Ledger(), []
            with kind(stage.address, ledger, make, who, connections=connections) as lines:
                lines.run(seconds / 2)  # logins, and what the node learns of rights elsewhere
                for _ in range(rounds):
                    cpu, done, began = sum(map(cpu_s, pids)), lines.batches, time.monotonic()
                    lines.run(seconds)
                    took_s, count = time.monotonic() - began, lines.batches - done
                    if lines.refused or not count:
                        raise BenchmarkError(f"registrations were refused: {lines.refused[:1]}")
                    found.append((count / took_s, (sum(map(cpu_s, pids)) - cpu) / count * 1e6))
                lines.drain()
            per_s = statistics.median(rate for rate, _ in found)
            yield {
                "row": f"{name}, {connections} under way",
                "per_s": per_s,
                "us": statistics.median(cpu for _, cpu in found),
            }


def _sync_us(folder: Path) -> float:
    took = []
    with (folder / "sync").open("wb", buffering=0) as file:
        for _ in range(SYNCS):
            file.write(b"sync")
            began = time.perf_counter_ns()
            os.fdatasync(file.fileno())
            took.append((time.perf_counter_ns() - began) / 1e3)
    return statistics.median(took)
