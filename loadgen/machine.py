"""Where and with what a measurement was made: without that, a figure means nothing to anybody else."""

from __future__ import annotations

import os
import platform
from pathlib import Path

import numpy as np

from resolver import __version__

CPUINFO, MEMINFO = Path("/proc/cpuinfo"), Path("/proc/meminfo")


def machine() -> dict[str, str]:
    """The machine of the generator, which on loopback is that of the nodes too."""
    return {
        "cpu": cpu_model(),
        "cores": str(cores()),
        "memory": _memory(),
        "kernel": f"{platform.system()} {platform.release()}",
    }


def versions() -> dict[str, str]:
    """What ran: ourselves, the interpreter, and what figures are made with."""
    return {
        "biaoshi": __version__,
        platform.python_implementation(): platform.python_version(),
        "numpy": np.__version__,
    }


def cpu_model(cpuinfo: Path = CPUINFO) -> str:
    """The processor's name as it gives it; the architecture where it gives none."""
    for line in _lines(cpuinfo):
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine() or "unknown"


def cores() -> int:
    """How many this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _memory(meminfo: Path = MEMINFO) -> str:
    for line in _lines(meminfo):
        if line.startswith("MemTotal:"):
            return f"{int(line.split()[1]) / (1 << 20):.1f} GiB"
    return "unknown"


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
