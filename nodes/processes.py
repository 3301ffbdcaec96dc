"""Which processes live, told apart from later ones that were given the same number.

A process id alone is no identity: the kernel reuses it. Together with the start time the kernel recorded
(/proc/PID/stat, field 22, clock ticks since boot) it is one. Machines without /proc fall back to the number alone.
"""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Iterable
from pathlib import Path

PROC = Path("/proc")
HAS_PROC = (PROC / "self" / "stat").exists()
POLL_S = 0.01
COLLECT_AFTER = (50_000, 50, 1_000)  # Python's are (700, 10, 10)

Identity = tuple[int, int]  # process id, kernel start time


def started(pid: int) -> int | None:
    """The kernel's start time of a living process, in clock ticks since boot; None if it is gone or a zombie.

    One that was killed is a zombie already while other threads of it are still letting go of its files and sockets: it
    lives until the last of them is gone.
    """
    if not HAS_PROC:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return None
        except PermissionError:
            pass
        return 0
    try:
        stat = (PROC / str(pid) / "stat").read_text(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The second field is the command in brackets and may hold blanks and brackets itself: count from its end.
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] in "ZX" and _threads(pid) <= 1 else int(fields[19])


def _threads(pid: int) -> int:
    try:
        return len(os.listdir(PROC / str(pid) / "task"))
    except OSError:
        return 0


def alive(identity: Identity) -> bool:
    """Whether this very process still lives."""
    return started(identity[0]) == identity[1]


def signal_to(identity: Identity, number: int) -> None:
    """Send a signal unless the process is gone."""
    if alive(identity):
        try:
            os.kill(identity[0], number)
        except ProcessLookupError:
            return


def wait_gone(identities: Iterable[Identity], timeout_s: float) -> bool:
    """Wait until none of them lives; False if some still do after `timeout_s`."""
    remaining = list(identities)
    deadline = time.monotonic() + timeout_s
    while remaining := [identity for identity in remaining if alive(identity)]:
        if time.monotonic() >= deadline:
            return False
        time.sleep(POLL_S)
    return True


def command_of(pid: int) -> str:
    """The command line of a process, for people; empty if it cannot be read."""
    try:
        words = (PROC / str(pid) / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return ""
    return b" ".join(words).decode("utf-8", "replace").strip()


def settle_memory() -> None:
    """Tell Python's collector that what is here stays, and to look through the caches seldom.

    A full collection walks every cached entry: a tenth of a second in which no node answers. What nodes drop is freed
    by its reference count; the few circles left over (connections, tasks) can wait.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)
