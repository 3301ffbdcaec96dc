"""Line 20: a thousand reloads under load lose nothing, and a broken file changes nothing and says what is wrong.

The teaching network is loaded while its file is rewritten and taken anew (`biaoshi network reload`), again and again.
Most files change a bound. Of five the last is broken: no TOML, an unknown key, a value out of range, a node renamed.
Those must be refused with the file, the key path and the value in the error.

The number is requests that were not answered, or answered wrongly, and files that were not treated as they should be.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from biaoshi.proofs.networks import refuse_unsent, teaching
from biaoshi.proofs.trial import Trial
from loadgen.measure import measure
from loadgen.pacing import constant
from loadgen.report import figures_of
from nodes import network
from resolver.errors import BiaoshiError, OperatorError, Unreachable

RELOADS_QUICK, RELOADS_FULL = 40, 1_000
RATE_PER_S = 500.0
RUN_S = 10.0  # of load; as many runs as the reloads take
PAUSE_S = 0.02
TIMEOUT_S = 2.0
BROKEN = (  # what is appended or replaced, and the words that the error must have
    ("\n[limits\n", ("teaching.toml",)),
    ("\n[limits]\nin_flight = 0\n", ("teaching.toml", "limits.in_flight", "0")),
    ("\n[limits]\nin_flihgt = 5\n", ("teaching.toml", "limits", "in_flihgt")),
    ('\n[cache]\nttl_max_s = "long"\n', ("teaching.toml", "cache.ttl_max_s", "long")),
    ("RENAME", ("teaching.toml", "nodes", "root-")),
)
EVERY = 5


@dataclass(slots=True)
class Reloader:
    """Rewrites and reloads, on a thread of its own, until it has done so often enough."""

    file: Path
    run_dir: Path
    wanted: int
    done: int = 0
    refused: int = 0
    odd: list[str] = field(default_factory=list)
    over: bool = False

    def run(self) -> None:
        """Go through with it."""
        good = self.file.read_text(encoding="utf-8")
        try:
            while self.done < self.wanted and not self.over:
                self._once(good, self.done)
                self.done += 1
                time.sleep(PAUSE_S)
        except BiaoshiError as error:
            self.odd.append(str(error))
        finally:
            self.file.write_text(good, encoding="utf-8")
            self.over = True

    def _once(self, good: str, number: int) -> None:
        if number % EVERY == EVERY - 1:
            appended, words = BROKEN[number // EVERY % len(BROKEN)]
            renamed = good.replace('name = "root-1"', 'name = "root-x"')
            self.file.write_text(renamed if appended == "RENAME" else good + appended, encoding="utf-8")
            said = self._reload()
            self.refused += 1
            if said is None or not all(word in said for word in words):
                self.odd.append(f"a broken file ({appended.strip()!r}) was answered by {said!r}")
            return
        self.file.write_text(f"{good}\n[limits]\nin_flight = {3_000 + number}\n", encoding="utf-8")
        if (said := self._reload()) is not None:
            self.odd.append(f"a good file was refused: {said}")

    def _reload(self) -> str | None:
        """What was said against the file; None: it was taken, by every node."""
        try:
            names = network.reload(self.run_dir)
        except OperatorError as error:
            return str(error)
        return None if len(names) == len(network.read_state(self.run_dir)["nodes"]) else f"only {names} took it"


def prove(trial: Trial) -> None:
    """Load and reload; what was lost or let through counts."""
    wanted = RELOADS_FULL if trial.full else RELOADS_QUICK
    trial.value = 0
    trial.facts = {"reloads": 0, "broken": 0, "requests": 0, "answered": 0}
    with teaching(trial.folder) as running:
        measure(running.order(constant(RATE_PER_S), 1.0, trial.seed, timeout_s=TIMEOUT_S))
        reloader = Reloader(trial.folder / "teaching.toml", trial.folder / "run", wanted)
        thread = threading.Thread(target=reloader.run, daemon=True)
        thread.start()
        try:
            while not reloader.over:
                order = running.order(constant(RATE_PER_S), RUN_S, trial.seed + reloader.done, timeout_s=TIMEOUT_S)
                figures = figures_of(measure(order))
                refuse_unsent(figures.sent, int(RATE_PER_S * RUN_S))
                trial.value += figures.sent - figures.answered + figures.wrong
                trial.facts["requests"] += figures.sent
                trial.facts["answered"] += figures.answered
                trial.tell(f"{reloader.done:,} of {wanted:,} reloads, {figures.sent - figures.answered} lost")
                if trial.out_of_time:
                    reloader.over = True
        finally:
            reloader.over = True
            thread.join()
    trial.facts |= {"reloads": reloader.done, "broken": reloader.refused}
    trial.value += len(reloader.odd)
    for words in reloader.odd:
        trial.fail(words)
    if trial.full and reloader.done < wanted:
        trial.fail(f"only {reloader.done:,} reloads in the time given")
    if not reloader.refused:
        raise Unreachable("no broken file was tried: too much else runs here")
