"""The tour of the READMEs works as printed: a shell runs its commands, in order, and stops at the first failure."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nodes import network
from resolver.errors import Unreachable

REPO = Path(__file__).parents[2]
ENGLISH, CHINESE = REPO / "README.md", REPO / "README.zh-CN.md"
RUN_LIMIT_S = 480.0
# biaoshi as this very source tree has it, whether or not it is installed.
SHIM = f'#!/bin/sh\nPYTHONPATH="{REPO}" exec "{sys.executable}" -m biaoshi "$@"\n'


def commands(readme: Path) -> list[str]:
    """The blocks marked `sh run`, in order."""
    return re.findall(r"^```sh run\n(.*?)^```$", readme.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def test_both_languages_show_the_same_commands() -> None:
    assert commands(ENGLISH)
    assert commands(CHINESE) == commands(ENGLISH)


def test_both_languages_show_the_same_output() -> None:
    shown = [
        re.findall(r"^```text\n(.*?)^```$", readme.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
        for readme in (ENGLISH, CHINESE)
    ]
    assert shown[0] == shown[1]


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_every_link_to_a_file_leads_somewhere(name: str) -> None:
    targets = re.findall(r"\]\((?!https?://|#)([^)#]+)", (REPO / name).read_text(encoding="utf-8"))
    assert [target for target in targets if not (REPO / target).exists()] == []


@pytest.mark.network
@pytest.mark.long
def test_the_tour_works_as_printed(tmp_path: Path) -> None:
    octet = network.free_second_octet(REPO / "configs" / "teaching.toml")
    tour = "\n".join(commands(ENGLISH))
    for program in ("curl", "dig"):  # of Debian's packages curl and bind9-dnsutils; a bare machine has neither
        if shutil.which(program) is None:
            tour = re.sub(rf"^{program} .*$", "", tour, flags=re.MULTILINE)
    tour = re.sub(r"network up \S+", rf"\g<0> --second-octet {octet}", tour).replace("127.86.", f"127.{octet}.")
    shim = tmp_path / "bin" / "biaoshi"
    shim.parent.mkdir()
    shim.write_text(SHIM)
    shim.chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{shim.parent}{os.pathsep}{os.environ['PATH']}",
        "BIAOSHI_RUN_DIR": str(tmp_path / "run"),
    }
    try:
        done = subprocess.run(
            ["sh", "-ec", tour],
            cwd=tmp_path,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=RUN_LIMIT_S,
            check=False,
        )
    finally:
        for run_dir in (tmp_path / "run", tmp_path / "mine" / "run"):
            with contextlib.suppress(Unreachable):
                network.down(run_dir)
    assert done.returncode == 0, done.stderr
