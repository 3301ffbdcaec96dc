"""Line 12: a seed tells the same story, octet by octet, also to processes that hash otherwise.

A load on the teaching network, and on the nation, is simulated again and again in fresh processes, each with another
PYTHONHASHSEED, and every event log (a line for each datagram: when, from, to, octets, CRC-32) is compared by its
SHA-256. A control with another seed must differ. The number is logs that are not the first one.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from biaoshi.proofs.trial import Trial
from nodes.files import find_file
from resolver.errors import Unreachable

STORIES = (("configs/teaching.toml", "500", "2s"), ("configs/national.toml", "300", "1s"))
REPEATS_QUICK, REPEATS_FULL = 4, 100
LIMIT_S = 300


def prove(trial: Trial) -> None:
    """Tell the stories, compare the logs."""
    repeats = REPEATS_FULL if trial.full else REPEATS_QUICK
    trial.value = 0
    for file, rate, until in STORIES:
        first, lines = told(trial, file, rate, until, trial.seed, 0)
        if told(trial, file, rate, until, trial.seed + 1, 0)[0] == first:
            trial.fail(f"{file}: another seed told the same story, so nothing is compared")
        for number in range(1, repeats):
            if told(trial, file, rate, until, trial.seed, number)[0] != first:
                trial.value += 1
                trial.fail(f"{file}: PYTHONHASHSEED={number} told another story")
            trial.progress(f"{file}: {number + 1} of {repeats}")
        trial.facts[file] = {"repeats": repeats, "events": lines, "sha256": first[:16]}


def told(trial: Trial, file: str, rate: str, until: str, seed: int, hash_seed: int) -> tuple[str, int]:
    """The digest of a story's event log, and its lines."""
    log = trial.folder / "events.log"
    command = [sys.executable, "-P", "-m", "biaoshi", "simulate", str(find_file(Path(file))), "--rate", rate]
    command += ["--until", until, "--seed", str(seed), "--events", str(log), "--json"]
    environment = {**os.environ, "PYTHONHASHSEED": str(hash_seed)}
    done = subprocess.run(command, env=environment, capture_output=True, timeout=LIMIT_S, check=False)
    if done.returncode not in (0, 1):  # 1: the story missed a pass mark, which is its own affair
        raise Unreachable(f"the simulation ended with {done.returncode}: {done.stderr.decode(errors='replace')[-300:]}")
    octets = log.read_bytes()
    log.unlink()
    return hashlib.sha256(octets).hexdigest(), octets.count(b"\n")
