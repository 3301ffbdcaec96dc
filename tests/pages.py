"""The pages that people read, and the commands on them: which blocks are run, and a shell that runs them as printed.

A block of commands begins with one of these lines:

    ```sh run                  run by a test, in the order of its page
    ```sh solution             of a lab; run by tests/labs
    ```sh not run: REASON      cannot be run in a test, and says why
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from nodes import network
from resolver.errors import Unreachable

REPO = Path(__file__).parents[1]
RUN_LIMIT_S = 480.0
# biaoshi as this very source tree has it, whether or not it is installed.
SHIM = f'#!/bin/sh\nPYTHONPATH="{REPO}" exec "{sys.executable}" -m biaoshi "$@"\n'
ELSEWHERE = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "configs/README.md", "benchmarks/README.md")
PROGRAMS = {"curl": "curl", "dig": "bind9-dnsutils"}  # of Debian's packages; a bare machine has neither


def english() -> list[str]:
    """Every page that is not a translation, as a path in the repository."""
    inside = sorted(path.relative_to(REPO).as_posix() for path in (REPO / "docs").rglob("*.md"))
    return [*ELSEWHERE, *(path for path in inside if not path.endswith(".zh-CN.md"))]


def chinese(page: str) -> str | None:
    """The page's translation, if there is one."""
    name = page.removesuffix(".md") + ".zh-CN.md"
    return name if (REPO / name).exists() else None


def blocks(page: str) -> list[tuple[str, str]]:
    """(what stands behind sh, commands) of every block of commands, in order."""
    text = (REPO / page).read_text(encoding="utf-8")
    found: list[tuple[str, str]] = re.findall(r"^ *```sh *([^\n]*)\n(.*?)^ *```$", text, re.DOTALL | re.MULTILINE)
    return found


def commands(page: str) -> list[str]:
    """The blocks that are run."""
    return [text for how, text in blocks(page) if how == "run"]


def run(page: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a page's commands, in order, until the first failure; its networks take free addresses and are stopped."""
    octet = network.free_second_octet(REPO / "configs" / "teaching.toml")
    tour = "\n".join(commands(page))
    for program in PROGRAMS:
        if shutil.which(program) is None:
            tour = re.sub(rf"^{program} .*$", "", tour, flags=re.MULTILINE)
    tour = re.sub(r"network up \S+", rf"\g<0> --second-octet {octet}", tour).replace("127.86.", f"127.{octet}.")
    shim = folder / "bin" / "biaoshi"
    shim.parent.mkdir()
    shim.write_text(SHIM)
    shim.chmod(0o755)
    (folder / "configs").symlink_to(REPO / "configs")  # as in a clone
    environment = {
        **os.environ,
        "PATH": f"{shim.parent}{os.pathsep}{os.environ['PATH']}",
        "BIAOSHI_RUN_DIR": str(folder / "run"),
    }
    try:
        return subprocess.run(
            ["sh", "-ec", tour],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=RUN_LIMIT_S,
            check=False,
        )
    finally:
        for run_dir in (folder / "run", folder / "mine" / "run"):
            with contextlib.suppress(Unreachable):
                network.down(run_dir)
