"""Builds the C yardsticks into benchmarks/bin, anew whenever a source is newer than what was built from it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from resolver.errors import BiaoshiError

HERE = Path(__file__).resolve().parent
BIN = HERE / "bin"
FLAGS = ("-std=c11", "-O2", "-Wall", "-Wextra")


class BenchmarkError(BiaoshiError):
    """A figure cannot be had: a server that does not start, answers wrongly or not at all; a tool that is missing."""


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
    compiler = _compiler()
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


def compile_extension(source: Path) -> None:
    """An extension of ours built beside its source, as setup.py builds it. BenchmarkError if it cannot be."""
    include, target = sysconfig.get_paths()["include"], source.with_suffix(".abi3.so")
    flags = (*FLAGS, "-Wno-unused-parameter", "-shared", "-fPIC", "-pthread", "-DPy_LIMITED_API=0x030B0000")
    done = subprocess.run([_compiler(), *flags, f"-I{include}", "-o", target, source], capture_output=True, text=True)
    if done.returncode:
        raise BenchmarkError(
            f"{source.name} could not be built: {(done.stderr.strip().splitlines() or ['no word'])[-1]}"
        )


def _compiler() -> str:
    return os.environ.get("CC") or shutil.which("cc") or shutil.which("gcc") or shutil.which("clang") or ""
