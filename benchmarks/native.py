"""Builds the C yardsticks into benchmarks/bin, anew whenever a source is newer than what was built from it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
BIN = HERE / "bin"
FLAGS = ("-std=c11", "-O2", "-Wall", "-Wextra")


@dataclass(frozen=True, slots=True)
class Programs:
    """The built yardsticks and the compiler's own words about itself."""

    echo: Path
    generator: Path
    paced: Path
    stream: Path
    compiler: str


def build() -> Programs | str:
    """Compile echo.c, generator.c, paced.c and stream.c; a sentence saying why not, where this machine cannot."""
    if sys.platform != "linux":
        return "the C yardsticks need Linux (recvmmsg, /proc)"
    compiler = os.environ.get("CC") or shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if not compiler:
        return "no C compiler here (Debian: apt-get install gcc libc6-dev)"
    BIN.mkdir(exist_ok=True)
    built = []
    for name in ("echo", "generator", "paced", "stream"):
        source, program = HERE / f"{name}.c", BIN / name
        if not program.exists() or program.stat().st_mtime < source.stat().st_mtime:
            done = subprocess.run([compiler, *FLAGS, "-o", program, source], capture_output=True, text=True)
            if done.returncode:
                words = done.stderr.strip().splitlines() or ["no message"]
                return f"{compiler} could not build {source.name}: {words[-1]}"
        built.append(program)
    first_line = subprocess.run([compiler, "--version"], capture_output=True, text=True).stdout.partition("\n")[0]
    return Programs(built[0], built[1], built[2], built[3], first_line)
