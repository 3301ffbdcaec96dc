"""Line 6: scripted conversations, each told in virtual time and compared with what is written, packet by packet.

A control tells each of some stories with one written line changed: that must be seen. The share of mutants of
resolver/rules that the stories alone kill is measured by `make mutants`, which takes an hour.
"""

from __future__ import annotations

import time
from dataclasses import replace

from biaoshi.proofs.trial import Trial
from biaoshi.stories.language import read_scripts, shipped
from biaoshi.stories.teller import Teller, first_difference

STORIES_LEAST = 150
WITHIN_S = 60.0
CONTROL_EVERY = 25


def prove(trial: Trial) -> None:
    """Tell them all."""
    scripts = [script for file in shipped() for script in read_scripts(file)]
    trial.value, lines, unseen = 0, 0, 0
    begun = time.monotonic()
    for number, script in enumerate(scripts, 1):
        seen = Teller(script).tell()
        lines += sum(map(len, seen))
        difference = first_difference(script, seen)
        if difference:
            trial.value += 1
            trial.fail(f"{script.file.name}:{script.line} {script.title}: {difference}")
        if not script.cites:
            trial.fail(f"{script.file.name}:{script.line} {script.title}: cites no rule")
        if number % CONTROL_EVERY == 0:
            doctored = replace(script, seen=tuple((*below, " one more") for below in script.seen))
            unseen += not first_difference(doctored, seen)
        trial.progress(f"{number} of {len(scripts)} stories")
    seconds = time.monotonic() - begun
    trial.facts |= {"stories": len(scripts), "packets": lines, "s": round(seconds, 2)}
    if len(scripts) < STORIES_LEAST:
        trial.fail(f"{len(scripts)} stories, not {STORIES_LEAST}")
    if seconds >= WITHIN_S:
        trial.fail(f"told in {seconds:.0f} s, not in less than {WITHIN_S:.0f}")
    if unseen:
        trial.fail(f"{unseen} doctored stories passed")
