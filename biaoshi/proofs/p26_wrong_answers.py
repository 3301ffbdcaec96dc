"""Line 26: wrong answers that were put in on purpose are all found.

The recursive node turns one bit of one value in a thousandth of its answers ([faults] corrupt_values); everything else
about such an answer is right, its code too. The node counts how often it did so, outside of the load generator, which
knows nothing of it. Then `wrong` must be that count: none missed and none imagined. Over UDP and over TCP; and the
count itself must be what a thousandth can be.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from biaoshi.proofs.networks import Running, refuse_unsent, teaching
from biaoshi.proofs.trial import Trial
from loadgen.measure import measure
from loadgen.pacing import poisson
from loadgen.report import figures_of
from loadgen.tiers import fetch_page

SHARE = 0.001
RATE_PER_S = 2_000.0
DURATION_QUICK_S, DURATION_FULL_S = 8.0, 300.0
SIGMAS = 5  # how far from its mean a count may be by chance: one time in two million
INJECTED = re.compile(r'^biaoshi_injected_faults_total\{[^}]*fault="corrupt_values"[^}]*\} ([0-9.e+]+)$', re.MULTILINE)


def prove(trial: Trial) -> None:
    """Load a network that lies a little; whatever is not found, or found too much, counts."""
    seconds = DURATION_FULL_S if trial.full else DURATION_QUICK_S
    trial.facts = {"share": SHARE, "runs": []}
    with teaching(trial.folder, f"[faults]\ncorrupt_values = {SHARE}\nseed = {trial.seed}\n") as running:
        for transport in ("udp", "tcp"):
            trial.tell(f"{RATE_PER_S:,.0f} a second over {transport} for {seconds:g} s")
            before = injected(map(fetch_page, running.known.pages))
            wrong, answered, lost = _measured(trial, running, transport, seconds)
            put_in = injected(map(fetch_page, running.known.pages)) - before
            for words in judge(put_in, answered, lost):
                trial.fail(f"{transport}: {words}")
            trial.facts["runs"].append(
                {"transport": transport, "answered": answered, "injected": put_in, "wrong": wrong, "lost": lost}
            )
            trial.value = (trial.value or 0) + abs(put_in - wrong)


def _measured(trial: Trial, running: Running, transport: str, seconds: float) -> tuple[int, int, int]:
    """(wrong answers found, answers seen, requests of which nothing was ever seen)."""
    order = running.order(poisson(RATE_PER_S), seconds, trial.seed, transport=transport)
    result = measure(order)
    figures = figures_of(result)
    refuse_unsent(figures.sent, int(RATE_PER_S * seconds))
    seen = figures.answered + figures.late
    return figures.wrong, seen, figures.sent - seen


def judge(put_in: int, answered: int, lost: int) -> list[str]:
    """Why a count proves nothing, or is not what was ordered."""
    wrong = []
    expected = SHARE * answered
    if not put_in:
        wrong.append("nothing was put in, so nothing was to be found")
    if abs(put_in - expected) > SIGMAS * math.sqrt(expected) + 1:
        wrong.append(f"{put_in:,} answers were corrupted where {expected:,.1f} were to be expected")
    if lost:
        wrong.append(f"{lost:,} answers never arrived: corrupted ones may be among them")
    return wrong


def injected(pages: Iterable[str]) -> int:
    """How many answers the nodes say they corrupted."""
    return sum(int(float(count)) for page in pages for count in INJECTED.findall(page))
