"""The stage of proofs that measure: the teaching network, whole, at free addresses, for as long as a `with` block."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from biaoshi.cli.load import Known, order_for, running_network
from biaoshi.teaching import teaching_file
from loadgen.measure import Order
from loadgen.pacing import Timing
from loadgen.profile import Profile
from nodes import network
from nodes.state import State
from resolver.errors import Unreachable

RECURSIVE = "recursive"  # the process of the recursive node


@dataclass(frozen=True, slots=True)
class Running:
    """A network that runs: its state file, and what the load generator is told of it."""

    state: State
    known: Known

    def pid(self, process: str) -> int:
        """The id of one of its processes, by the name it has in the network file."""
        return next(int(each["pid"]) for each in self.state["processes"] if each["process"] == process)

    def order(self, pacing: Timing, duration_s: float, seed: int, **more: Any) -> Order:
        """What is to be measured; `more`: other fields of an Order. The generator leaves the cores to the nodes."""
        order = order_for(self.known, Profile(pacing=pacing, duration_s=duration_s, seed=seed, mode="balanced"))
        return replace(order, **more)


@contextlib.contextmanager
def teaching(folder: Path, above: str = "") -> Iterator[Running]:
    """The teaching network, `above` standing in its file before all else. Afterwards nothing of it is left."""
    file, run_dir = teaching_file(folder, "teaching", above), folder / "run"
    run_dir.mkdir()
    with network.running(file, run_dir, second_octet=network.free_second_octet(file)) as state:
        yield Running(state, running_network(None, run_dir, ()))


class Freezer:
    """Stops a process after a while, for a while, from a thread of its own. `stopped_s` is how long it was stopped."""

    def __init__(self, pid: int, after_s: float, for_s: float) -> None:
        self.stopped_s = 0.0
        self._pid, self._after_s, self._for_s = pid, after_s, for_s
        self._thread = threading.Thread(target=self._freeze, daemon=True)

    def __enter__(self) -> Freezer:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._thread.join()

    def _freeze(self) -> None:
        time.sleep(self._after_s)
        try:
            os.kill(self._pid, signal.SIGSTOP)
        except ProcessLookupError:
            return
        began = time.monotonic()
        try:
            time.sleep(self._for_s)
        finally:
            os.kill(self._pid, signal.SIGCONT)
            self.stopped_s = time.monotonic() - began


def refuse_unsent(sent: int, wanted: int) -> None:
    """Unreachable if a generator sent so much less than it should have that nothing is proven by it."""
    if sent < wanted * 0.9:
        raise Unreachable(f"the generator sent {sent:,} of {wanted:,} requests: too much else runs here")
