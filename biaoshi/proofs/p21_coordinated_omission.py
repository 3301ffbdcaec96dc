"""Line 21: a server stands still for a second, and the percentiles say so.

Requests are due at an even rate r for T seconds. The server is frozen for F of them (SIGSTOP), and afterwards works off
what has queued at its own speed m. A request due t seconds after the freeze began then takes

    F - t (1 - r/m)        as long as that is above 0: it waits for the rest of the freeze, and for the queue before it

so all latencies between 0 and F occur equally often among F / (1 - r/m) · r requests, and the 95th percentile of all is

    p95 = F - 0.05 T (1 - r/m)

A generator that waits for each answer before it goes on (coordinated omission) asks one question during the freeze and
thousands outside of it, so its p95 is an undisturbed latency; the median of the run is shown as that. F is measured at
the signals, m by how many answers came in the time from the thaw until the queue was worked off: server and generator
work on it together, so m is that of the slower.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from biaoshi.proofs.networks import RECURSIVE, Freezer, refuse_unsent, teaching
from biaoshi.proofs.trial import Trial
from loadgen.arrays import Records
from loadgen.measure import measure
from loadgen.pacing import constant
from loadgen.report import figures_of
from resolver.errors import Unreachable

RATE_PER_S, DURATION_S, FREEZE_S, FREEZE_AT_S = 5_000.0, 10.0, 1.0, 4.0
RUNS_QUICK, RUNS_FULL = 1, 5
DATAGRAM_COST_OCTETS = 1_280  # what a request of some 100 octets takes of a receive buffer, kernel's own included
UNKNOWN_BUFFER_OCTETS = 1e9  # where nobody tells: what is dropped then is noticed afterwards
BUFFER_FILE = Path("/proc/sys/net/core/rmem_max")
WARM_UP_S = 2.0
PROMPT_SHARE = 0.01  # of the freeze: an answer in less has no queue before it


def prove(trial: Trial) -> None:
    """Freeze, measure, compare; the worst run counts."""
    rate = rate_that_fits(_buffer_octets())
    trial.facts = {"rate_per_s": rate, "runs": []}
    with teaching(trial.folder) as running:
        measure(running.order(constant(rate / 5), WARM_UP_S, trial.seed))
        for number in range(RUNS_FULL if trial.full else RUNS_QUICK):
            trial.tell(f"run {number + 1}: {rate:,.0f}/s, frozen for {FREEZE_S:g} s")
            with Freezer(running.pid(RECURSIVE), FREEZE_AT_S, FREEZE_S) as freezer:
                result = measure(running.order(constant(rate), DURATION_S, trial.seed + number))
            figures, drained_per_s = figures_of(result), drain_rate(result.records, freezer.stopped_s)
            refuse_unsent(figures.sent, int(rate * DURATION_S))
            expected_ms = analytic_p95_s(freezer.stopped_s, DURATION_S, rate / drained_per_s) * 1e3
            reported_ms = figures.latency_ms["p95"] or 0.0
            off = 100 * abs(reported_ms / expected_ms - 1)
            trial.facts["runs"].append(
                {
                    "reported_p95_ms": reported_ms, "analytic_p95_ms": round(expected_ms, 3),
                    "undisturbed_p50_ms": figures.latency_ms["p50"],
                    "frozen_s": round(freezer.stopped_s, 4), "drained_per_s": round(drained_per_s),
                    "answered": figures.answered, "sent": figures.sent,
                }
            )  # fmt: skip
            if figures.answered < figures.sent:
                trial.fail(f"{figures.sent - figures.answered:,} requests were lost: the formula is for none")
            trial.value = max(trial.value or 0.0, off)


def analytic_p95_s(frozen_s: float, duration_s: float, load: float) -> float:
    """The 95th percentile; `load` is the rate of requests over the speed at which the queue is worked off."""
    return max(0.0, frozen_s - 0.05 * duration_s * (1 - load))


def rate_that_fits(buffer_octets: float) -> float:
    """RATE_PER_S, or as much as a receive buffer holds during the freeze: what is dropped has no latency."""
    return min(RATE_PER_S, buffer_octets / DATAGRAM_COST_OCTETS / FREEZE_S // 100 * 100)


def _buffer_octets() -> float:
    """The largest receive buffer a socket is given here; the kernel doubles it for its own needs."""
    try:
        return 2.0 * int(BUFFER_FILE.read_text())
    except (OSError, ValueError):
        return UNKNOWN_BUFFER_OCTETS


def drain_rate(records: Records, frozen_s: float) -> float:
    """Answers a second from the thaw until a request is answered as promptly as before the freeze, by the moments at
    which answers came alone. The thaw ends the longest silence.
    """
    answered = records[records["received"] >= 0]
    came_s = np.sort(answered["received"]) / 1e9
    silence = int(np.argmax(np.diff(came_s)))
    began_s, thawed_s = came_s[silence], came_s[silence + 1]
    due_s, latency_s = answered["due"] / 1e9, (answered["received"] - answered["due"]) / 1e9
    prompt = (due_s > began_s + frozen_s) & (latency_s < PROMPT_SHARE * frozen_s)
    if not prompt.any():
        raise Unreachable("the queue was not worked off before the run ended")
    caught_up_s = due_s[prompt].min()
    worked_off = np.count_nonzero((came_s >= thawed_s) & (came_s <= caught_up_s))
    return float(worked_off / max(caught_up_s - thawed_s, 1e-9))
