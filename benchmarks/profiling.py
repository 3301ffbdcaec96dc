"""`make profile`: where a loaded node spends its time, as perf or py-spy sees it, whichever is there.

The teaching network with its recursive node loaded: names asked for again and again (`--cold`: each once). What the
tool saw is printed, the heaviest first; `--out FILE` keeps its record. Exit 3 if neither is there, and what to install.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from biaoshi.proofs.networks import RECURSIVE, teaching
from loadgen.measure import measure
from loadgen.pacing import constant
from loadgen.popularity import Popularity

POPULATION = '[population]\nsize = 1_000_000_000\nkey = "profile"\n'
LINES = 40
HOT, COLD = Popularity(zipf=0.0, active=200), Popularity(zipf=0.0)
HOT_PER_S, COLD_PER_S = 20_000.0, 2_000.0
NONE = "neither perf nor py-spy is here: install Debian's package linux-perf, or pip install py-spy"


def recorder(pid: int, seconds: float, file: Path) -> tuple[list[str], list[str]] | None:
    """The command that records a process for so long, and the one that prints what was recorded."""
    if shutil.which("perf"):
        record = ["perf", "record", "-q", "-g", "-p", str(pid), "-o", str(file), "--", "sleep", f"{seconds:g}"]
        return record, ["perf", "report", "--stdio", "--no-children", "-g", "none", "-i", str(file)]
    if shutil.which("py-spy"):
        words = ["--pid", str(pid), "--duration", f"{seconds:.0f}", "--format", "raw", "--native"]
        return ["py-spy", "record", *words, "--output", str(file)], ["sort", "-t ", "-k2", "-rn", str(file)]
    return None


def main(arguments: Sequence[str] | None = None) -> int:
    """Load, record, print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.profiling", description=__doc__.partition("\n")[0] if __doc__ else ""
    )
    parser.add_argument("--seconds", type=float, default=8.0, help="of load")
    parser.add_argument("--cold", action="store_true", help="names that nobody has asked for")
    parser.add_argument("--out", type=Path, help="keep what was recorded")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, teaching(Path(folder), POPULATION) as running:
        pid = next(each["pid"] for each in running.state["processes"] if each["process"] == RECURSIVE)
        file = options.out or Path(folder) / "record"
        commands = recorder(pid, max(1.0, options.seconds - 2), file)
        if commands is None:
            print(NONE, file=sys.stderr)
            return 3
        rate, popularity = (COLD_PER_S, COLD) if options.cold else (HOT_PER_S, HOT)
        order = replace(running.order(constant(rate), options.seconds, 1), popularity=popularity)
        with subprocess.Popen(commands[0], stdout=subprocess.DEVNULL) as recording:
            measure(order)
            recording.wait()
        if recording.returncode or not file.exists():
            print(f"{commands[0][0]} may not look into other processes here", file=sys.stderr)
            return 3
        report = subprocess.run(commands[1], capture_output=True, text=True, check=False).stdout
    lines = [line for line in report.splitlines() if line.strip() and not line.startswith("#")]
    print("\n".join(line[:130] for line in lines[:LINES]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
