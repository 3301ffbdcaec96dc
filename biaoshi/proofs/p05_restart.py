"""Line 5: a node with a million identifiers is ready within 5 s of its start, and says that it is not until it is.

The identifiers are imported once. Then the node is started again and again, as the command line starts it: after an end
in peace and after kill -9, with its file in the page cache and without. From the first moment on /readyz is asked, and
as soon as that says yes, a question. The time counts from the start of the process to the right answer to that.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from biaoshi.proofs.stage import NODE, PREFIX, Stage, free_port
from biaoshi.proofs.trial import Trial
from nodes.supervisor import PYTHON, environment, last_words
from resolver.errors import Unreachable
from resolver.model.question import Question
from resolver.net.client import ask

IDENTIFIERS_QUICK, IDENTIFIERS_FULL = 100_000, 1_000_000
RESTARTS_QUICK, RESTARTS_FULL = 4, 8
IMPORT_LIMIT_S = 600.0
READY_LIMIT_S = 60.0
FIRST_POLL_S, POLL_S = 0.005, 0.05  # until it says no for the first time; then, so as not to keep it busy
POLL_LIMIT_S = 2.0  # an answer of /readyz that takes longer is none
ASKED = 20  # identifiers, of every restarted node
WORDS_OCTETS_MAX = 4096


@dataclass(frozen=True, slots=True)
class Look:
    """What /readyz said at a time (seconds from the start): a status and words; 0 if nobody listened yet."""

    at_s: float
    status: int
    words: str = ""


def prove(trial: Trial) -> None:
    """Import, then restart; the slowest restart counts."""
    identifiers = IDENTIFIERS_FULL if trial.full else IDENTIFIERS_QUICK
    chance = random.Random(trial.seed)
    stage = Stage(trial.folder / "stage")
    trial.facts = {"identifiers": identifiers, "restarts": []}
    trial.tell(f"importing {identifiers:,} identifiers")
    began = time.monotonic()
    _import(stage, identifiers)
    trial.facts["imported_per_s"] = round(identifiers / (time.monotonic() - began))
    for number in range(RESTARTS_FULL if trial.full else RESTARTS_QUICK):
        cold, killed = number % 2 == 1, number % 4 >= 2
        if cold:
            _out_of_page_cache(stage.store_dir / "data.mdb")
        looks, answered_s, cpu_s = _restart(trial, stage, identifiers, chance, kill=number % 4 in (1, 2))
        for words in judge(looks):
            trial.fail(f"restart {number + 1}: {words}")
        said_no = sum(look.status == 503 for look in looks)
        trial.facts["restarts"].append(
            {
                "seconds": round(answered_s, 3), "cpu_seconds": cpu_s, "after_kill": killed, "page_cache": not cold,
                "said_no": said_no,
            }
        )  # fmt: skip
        trial.value = max(trial.value or 0.0, answered_s)
        trial.progress(f"restart {number + 1}: {answered_s:.2f} s")


def judge(looks: Sequence[Look]) -> list[str]:
    """What is wrong with what /readyz said, from the start to the first yes or beyond."""
    wrong = []
    statuses = [look.status for look in looks]
    if 200 not in statuses:
        return ["it never said yes"]
    first_yes = statuses.index(200)
    if 503 not in statuses[:first_yes]:
        wrong.append("it was never asked, or never said no, before it said yes")
    if any(status != 200 for status in statuses[first_yes:]):
        wrong.append("it said yes, and then something else")
    for look in looks[:first_yes]:
        if look.status not in (0, 503):
            wrong.append(f"it said {look.status} after {look.at_s:.2f} s")
        elif look.status and NODE not in look.words:
            wrong.append(f"it said no, and not why: {look.words!r}")
    return wrong


def _import(stage: Stage, identifiers: int) -> None:
    """A catalogue of goods, through `biaoshi import`."""
    file, log = stage.folder / "items.csv", stage.folder / "importer.log"
    with file.open("wb") as out:
        out.write(b"handle,URL:1,PRODUCT:2,BATCH:3,NOTE:4\n")
        out.writelines(
            b"%b,https://id.example/%b,Bearing KQ-%04d,B%09d,proof\n" % (key, key, number % 9973, number // 500)
            for number in range(identifiers)
            for key in (_identifier(number),)
        )
    words = ["import", str(file), "--node", NODE, "--network", str(stage.file), "--run-dir", str(stage.folder)]
    with log.open("wb") as sink:
        process = subprocess.Popen(
            [*PYTHON, "biaoshi", *words],
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=sink,
            env=environment(),
            process_group=0,
        )
        try:
            code = process.wait(IMPORT_LIMIT_S)
        except BaseException:
            process.kill()
            process.wait()
            raise
    file.unlink()
    if code:
        raise Unreachable(f"the importer ended with status {code}: {last_words(log)}")


def _identifier(number: int) -> bytes:
    return PREFIX + b"/R%08d" % number


def _restart(
    trial: Trial, stage: Stage, identifiers: int, chance: random.Random, *, kill: bool
) -> tuple[list[Look], float, float | None]:
    """Start, look, ask, end: (what /readyz said, seconds to the first right answer, seconds of CPU until then)."""
    port = free_port()
    began = time.monotonic()
    with stage.node(metrics_port=port) as node:
        looks: list[Look] = []
        while not looks or looks[-1].status != 200:
            looks.append(_look(port, began))
            if looks[-1].at_s > READY_LIMIT_S or node.process.poll() is not None:
                raise Unreachable(f"not ready after {looks[-1].at_s:.0f} s: {last_words(stage.log)}")
            time.sleep(POLL_S if looks[-1].status else FIRST_POLL_S)
        asked = [_identifier(chance.randrange(identifiers)) for _ in range(ASKED)]
        right = [_answered(stage, asked[0])]
        answered_s, cpu_s = time.monotonic() - began, _cpu_s(node.process.pid)
        right += [_answered(stage, key) for key in asked[1:]]
        looks.append(_look(port, began))
        if not all(right):
            trial.fail(f"{right.count(False)} of {ASKED} identifiers were not answered as they were imported")
        node.process.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
        node.process.wait(READY_LIMIT_S)
    return looks, answered_s, cpu_s


def _cpu_s(pid: int) -> float | None:
    """CPU time a process has had: on a busy machine less than the time that went by. None where /proc is missing."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _answered(stage: Stage, key: bytes) -> bool:
    values = asyncio.run(ask(stage.address, Question(key))).answer.values
    return len(values) == 4 and values[0].data == b"https://id.example/" + key


def _look(port: int, began: float) -> Look:
    connection = HTTPConnection("127.0.0.1", port, timeout=POLL_LIMIT_S)
    try:
        connection.request("GET", "/readyz")
        response = connection.getresponse()
        words = response.read(WORDS_OCTETS_MAX).decode("utf-8", "replace")
        return Look(time.monotonic() - began, response.status, words)
    except (OSError, HTTPException):
        return Look(time.monotonic() - began, 0)
    finally:
        connection.close()


def _out_of_page_cache(file: Path) -> None:
    """Ask the kernel to forget a file that is on the disk already; where it cannot, the restart is a warm one."""
    descriptor = os.open(file, os.O_RDONLY)
    try:
        with contextlib.suppress(AttributeError, OSError):
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(descriptor)
