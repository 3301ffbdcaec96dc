"""A trial: one attempt to prove a line. It knows what was found so far at any moment, so Ctrl-C loses nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from biaoshi.proofs import Line
from resolver.errors import BiaoshiError, OperatorError, Unreachable

QUICK_S, FULL_S = 45.0, 3_600.0  # when a proof stops going on: it then says how far it came
FAILURES_KEPT = 5  # reasons shown; one is enough to fail
TELL_EVERY_S = 0.2
MEETS: dict[str, Callable[[float, float], bool]] = {"<=": lambda a, b: a <= b, "<": lambda a, b: a < b}


class MeansMissing(Unreachable):
    """This machine lacks what the proof needs; says what, and how to get it."""


@dataclass(slots=True)
class Trial:
    """What a proof is given, and what it finds.

    `value` is the one number, None while nothing is known; `facts` what else was counted; `failures` why the line is
    not proven although the number may look well (nothing was tried, a control did not catch what it must).
    """

    line: Line
    full: bool
    seed: int
    folder: Path
    tell: Callable[[str], None] = lambda words: None
    value: float | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    complete: bool = False
    seconds: float = 0.0
    _begun: float = field(default_factory=time.monotonic)
    _told: float = 0.0

    def run(self) -> None:
        """Go through with it. MeansMissing is raised; a node that does not start or answer has failed the claim."""
        self._begun = time.monotonic()
        try:
            import_module(self.line.module).prove(self)
            self.complete = True
        except (MeansMissing, OperatorError):
            raise
        except BiaoshiError as error:
            self.fail(str(error))
        finally:
            self.seconds = time.monotonic() - self._begun

    @property
    def out_of_time(self) -> bool:
        """Whether to stop here. At full depth that is a failure, because the figures were not reached."""
        return time.monotonic() - self._begun > (FULL_S if self.full else QUICK_S)

    def fail(self, words: str) -> None:
        """Not proven, and why."""
        if len(self.failures) < FAILURES_KEPT:
            self.failures.append(words)

    def progress(self, words: str) -> None:
        """How far it is; shown now and then."""
        now = time.monotonic()
        if now - self._told >= TELL_EVERY_S:
            self._told = now
            self.tell(words)

    @property
    def passed(self) -> bool | None:
        """The verdict; None as long as it is open."""
        if self.failures or (self.value is not None and not MEETS[self.line.relation](self.value, self.line.goal)):
            return False
        return self.value is not None if self.complete else None

    def document(self) -> dict[str, Any]:
        """What `--json` prints: the contract's keys, then more."""
        line, value = self.line, self.value
        return {
            "n": line.n,
            "name": line.name,
            "value": round(value, 3) if isinstance(value, float) else value,
            "unit": line.unit,
            "goal": line.goal,
            "pass": self.passed,
            "seed": self.seed,
            "seconds": round(self.seconds, 1),
            "relation": line.relation,
            "depth": "full" if self.full else "quick",
            "complete": self.complete,
            "failures": self.failures,
            "facts": self.facts,
        }
