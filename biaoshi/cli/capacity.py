"""`biaoshi capacity`: the highest rate at which a network keeps its promise, and what runs out above it."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from biaoshi.cli.load import Json, ctrl_c_means, order_for, parse_target, running_network, seconds
from biaoshi.cli.terminal import print_json, print_table
from resolver.errors import OperatorError, Unreachable

if TYPE_CHECKING:
    from loadgen.capacity import Belief, Effort, Found, Outcome, Trial
    from loadgen.engine import Stop
    from loadgen.evidence import Evidence
    from loadgen.measure import Order
    from loadgen.report import Figures

app = typer.Typer(rich_markup_mode=None)

SECONDS_PER_DAY = 86_400
BUDGET_S_MAX = 86_400.0
TRIAL_S_MAX = 600.0
SHORT_PARTS = 5
TRIAL_REQUESTS_MIN = 40  # fewer say nothing about a percentile
TRIALS_JUDGED = 5  # of the missed ones, the nearest to the knee: what ran out there is the limit
HEADINGS = ("step 步骤", "per second 每秒", "s", "SLO", "p99 ms", "errors 错误", "busiest process 最忙进程", "cores 核")


@app.command()
def capacity(
    file: Annotated[
        Path | None,
        typer.Argument(help="The network file that is up.", metavar="FILE", show_default="the running network's"),
    ] = None,
    slo: Annotated[str, typer.Option(help="Pass marks.")] = "p99<20ms,errors<0.1%",
    peak_factor: Annotated[float, typer.Option(help="Peak rate over mean rate of a day.")] = 1.0,
    target: Annotated[
        list[str] | None, typer.Option(help="ADDRESS:PORT to ask, repeatable.", show_default="the recursive nodes")
    ] = None,
    workload: Annotated[str, typer.Option(help="What is asked, as of `load`.")] = "lookups",
    trial: Annotated[str, typer.Option(help="Length of a long trial; a short one is a fifth of it.")] = "10s",
    budget: Annotated[str, typer.Option(help="No trial begins that could end later than this.")] = "5m",
    timeout: Annotated[str, typer.Option(help="Patience, from the intended sending.")] = "2s",
    seed: Annotated[int, typer.Option(help="Of the first trial; every other has the next.", min=0)] = 1,
    mode: Annotated[
        str | None,
        typer.Option(
            help="How the generator waits: balanced, precise (a core of its own), frugal.",
            show_default="as of `load`",
        ),
    ] = None,
    run_dir: Annotated[
        Path | None, typer.Option(help="Of the network.", show_default="$BIAOSHI_RUN_DIR or .biaoshi")
    ] = None,
    json: Json = False,
) -> None:
    """Find the highest rate that keeps the pass marks, on this machine only (容量测定).

    Random arrivals, trial after trial: short ones climb, long ones close in until 95 % of what they say lies within 5 %
    of the rate, and the lower end is confirmed for twice as long. A trial keeps the SLO or misses it; near the limit it
    does either by chance, so the rate found is that whose trials do both equally often, with its interval.

    limit says what ran out above it: server cpu, kernel, generator (then the network bears at least this), loss,
    upstream. It is concluded from /proc, from the nodes' counts and from the generator's own lateness.

    \b
    biaoshi capacity --slo "p99<20ms,errors<0.1%" --peak-factor 3
    biaoshi capacity --trial 5s --budget 2m --json

    \b
    Exit codes: 0 found; 1 no rate keeps the SLO; 2 usage; 3 no network, or no answers; 4 wrong answers;
    130 Ctrl-C, after saying what is known so far.
    """
    from loadgen.capacity import FIRST_PER_S, LOWEST_PER_S, Effort, search
    from loadgen.engine import SPIN_NS, Stop
    from loadgen.profile import TIMEOUT_S_MAX, Profile
    from loadgen.slo import parse_slo
    from loadgen.workloads import WORKLOADS

    parse_slo(slo)
    for option, value, known in (("--workload", workload, WORKLOADS), ("--mode", mode, SPIN_NS)):
        if value is not None and value not in known:
            raise OperatorError("is not known here", key=option, value=value, remedy=f"Say {' or '.join(known)}")
    if not (math.isfinite(peak_factor) and peak_factor >= 1):
        raise OperatorError(
            "a peak is no lower than the mean", key="--peak-factor", value=peak_factor, remedy="Give 1 or more"
        )
    long_s, timeout_s = _seconds("--trial", trial, TRIAL_S_MAX), _seconds("--timeout", timeout, TIMEOUT_S_MAX)
    short_s = long_s / SHORT_PARTS
    lowest_per_s = max(LOWEST_PER_S, TRIAL_REQUESTS_MIN / short_s)
    effort = Effort(
        first_per_s=max(FIRST_PER_S, lowest_per_s),
        lowest_per_s=lowest_per_s,
        short_s=short_s,
        long_s=long_s,
        budget_s=_seconds("--budget", budget, BUDGET_S_MAX),
        overhead_s=timeout_s + 1,
    )
    known_network = running_network(file, run_dir, tuple(map(parse_target, target or ())), seed=seed)
    _refuse_elsewhere(known_network.targets)
    said = Profile(workload=workload, timeout_s=timeout_s, mode=mode, seed=seed, slo=slo, peak_factor=peak_factor)
    stop = Stop()
    trials = _Trials(order_for(known_network, said), _processes(run_dir), stop)
    with ctrl_c_means(stop):
        found = search(trials.make, effort, told=_teller(effort), ended=trials.ended)
    document = document_of(found, trials, slo, peak_factor)
    if json:
        print_json(document)
    else:
        _print(document)
    raise typer.Exit(_exit_code(found, trials))


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is known of a trial besides whether it was kept."""

    figures: Figures | None  # None: nobody answered anything
    evidence: Evidence


@dataclass(slots=True)
class _Trials:
    """Makes trials, one after the other, each with questions of its own."""

    order: Order
    processes: dict[int, str]
    stop: Stop
    made: int = 0
    answered: int = 0
    wrong: int = 0

    def ended(self) -> bool:
        """Whether the search is to end here: somebody wants it, or an answer was wrong."""
        return self.stop.requested or self.wrong > 0

    def make(self, per_s: float, seconds: float) -> Outcome:
        """One trial. Unreachable if nobody ever answered."""
        from loadgen.capacity import Outcome
        from loadgen.evidence import Watch, counts, evidence_of
        from loadgen.measure import measure
        from loadgen.pacing import poisson
        from loadgen.report import figures_of

        order = replace(self.order, pacing=poisson(per_s), duration_s=seconds, seed=self.order.seed + self.made)
        self.made += 1
        watch, addresses = Watch(self.processes), list(order.tiers)
        before = counts(order.pages, addresses)
        try:
            result = measure(order, stop=self.stop, progress=lambda at_ns, sent, answered: watch.look(at_ns / 1e9))
        except Unreachable:
            if not self.answered:
                raise
            sent = int(per_s * seconds)
            figures, valid, failed, missing = None, True, sent, sent
        else:
            figures = figures_of(result)
            self.answered += figures.answered
            self.wrong += figures.wrong
            sent, valid = figures.sent, not figures.invalid_because
            failed, missing = figures.resolutions - figures.good, figures.timed_out
        evidence = evidence_of(
            valid=valid,
            sent=sent,
            failed=failed,
            missing=missing,
            watch=watch,
            before=before,
            after=counts(order.pages, addresses),
        )
        kept = figures is not None and figures.slo_met and valid
        return Outcome(kept, _Facts(figures, evidence))


def document_of(found: Found, trials: _Trials, slo: str, peak_factor: float) -> dict[str, Any]:
    """The JSON document of contract.md, "Load", and a few keys more."""
    from loadgen.capacity import CONFIDENCE

    limit, why = _limit(found)
    return {
        "per_s": found.per_s,
        "per_s_low": found.low_per_s,
        "per_s_high": found.high_per_s,
        "per_day": int(found.per_s * SECONDS_PER_DAY / peak_factor),
        "slo": slo,
        "limit": limit,
        "trials": [_trial_document(trial) for trial in found.trials],
        "why": why,
        "confidence": CONFIDENCE,
        "confirmed_per_s": found.confirmed_per_s,
        "complete": found.complete,
        "peak_factor": peak_factor,
        "wrong": trials.wrong,
        "interrupted": trials.stop.requested,
        "workload": trials.order.workload,
        "network": trials.order.network,
    }


def _trial_document(trial: Trial) -> dict[str, Any]:
    figures, evidence = trial.outcome.facts.figures, trial.outcome.facts.evidence
    measured = {"answered_per_s": 0.0, "p99_ms": None, "errors": 1.0}
    if figures is not None:
        measured = {
            "answered_per_s": figures.resolved / figures.header["duration_s"],
            "p99_ms": figures.latency_ms["p99"],
            "errors": evidence.failed / max(1, figures.resolutions),
        }
    return {
        "per_s": trial.per_s,
        "seconds": trial.seconds,
        "step": trial.step,
        "kept": trial.outcome.kept,
        "valid": evidence.valid,
        **measured,
        "busiest": evidence.busiest,
        "own_cores": evidence.own_cores,
        "kernel_cores": evidence.kernel_cores,
        "waiting_cores": evidence.waiting_cores,
        "buffer_drops": evidence.buffer_drops,
        "upstream_failed": evidence.upstream_failed,
    }


def _limit(found: Found) -> tuple[str | None, str | None]:
    """What ran out in the missed trials nearest to the knee, and why; None if none was missed."""
    from loadgen.evidence import main_limit

    missed = [trial for trial in found.trials if not trial.outcome.kept]
    missed.sort(key=lambda trial: abs(math.log(trial.per_s / (found.per_s or trial.per_s))))
    return main_limit([trial.outcome.facts.evidence for trial in missed[:TRIALS_JUDGED]]) if missed else (None, None)


def _exit_code(found: Found, trials: _Trials) -> int:
    if trials.stop.requested:
        return 130
    if trials.wrong:
        return 4
    return 0 if found.per_s else 1


def _seconds(option: str, text: str, most: float) -> float:
    value = seconds(option, text, most)
    assert value is not None  # only where no text is given
    return value


def _refuse_elsewhere(targets: tuple[tuple[str, int], ...]) -> None:
    """A search for the limit loads what it finds until it fails: only on the machine where it was asked for."""
    for host, port in targets:
        if not ip_address(host).is_loopback:
            raise OperatorError(
                "is not on this machine, and capacity is searched for on no other",
                key="--target",
                value=f"{host}:{port}",
                remedy="Use `biaoshi load` at a rate you chose",
            )


def _processes(run_dir: Path | None) -> dict[int, str]:
    """Process id and name of every server process of the running network, readers too; none if it runs elsewhere."""
    from nodes import state

    try:
        document = state.status(state.choose_run_dir(run_dir))
    except Unreachable:
        return {}
    named = {process["metrics"]: process["process"] for process in document["processes"]}
    readers = {
        pid: f"{named[node['metrics']]} reader {number}"
        for node in document["nodes"]
        for number, pid in enumerate(node["readers"])
    }
    return {process["pid"]: process["process"] for process in document["processes"]} | readers


def _teller(effort: Effort) -> Callable[[Trial, Belief], None]:
    """Says on a terminal what each trial came to, and what is believed now."""
    spent_s = 0.0

    def tell(trial: Trial, belief: Belief) -> None:
        nonlocal spent_s
        spent_s += trial.seconds + effort.overhead_s
        if sys.stderr.isatty():
            low, _, high = belief.interval()
            kept = "kept 达到" if trial.outcome.kept else "missed 未达到"
            left = max(0.0, effort.budget_s - spent_s)
            sys.stderr.write(
                f"{trial.step:<9}{trial.per_s:>12,.0f} /s for {trial.seconds:g} s: {kept}; "
                f"believed {low:,.0f} to {high:,.0f}; at most {left:.0f} s left\n"
            )
            sys.stderr.flush()

    return tell


def _print(document: dict[str, Any]) -> None:
    print_table(HEADINGS, [_row(trial) for trial in document["trials"]])
    if document["wrong"]:
        typer.echo(f"\nwrong answers 错误应答: {document['wrong']:,}. No capacity is stated for a network that errs.")
        return
    if not document["per_s"]:
        typer.echo("\nNo rate that was tried keeps the SLO. 没有任何速率达到服务目标")
    else:
        high = document["per_s_high"]
        interval = f"{document['per_s_low']:,.0f} … " + ("?" if high is None else f"{high:,.0f}")
        confirmed = document["confirmed_per_s"]
        words = "not confirmed 未确认" if confirmed is None else f"confirmed 已确认: {confirmed:,.0f}"
        typer.echo(f"\n{document['per_s']:,.0f} resolutions per second 每秒解析量; 95 %: {interval}; {words}")
        typer.echo(
            f"{document['per_day']:,} resolutions per day 日解析量"
            f" = {document['per_s']:,.1f} × 86,400 ÷ peak factor 峰均比 {document['peak_factor']:g}"
        )
    if document["limit"]:
        typer.echo(f"limit 瓶颈: {document['limit']}: {document['why']}")
    typer.echo(f"SLO 服务目标: {document['slo']} (ours, no source gives one 由本项目自定)")
    if not document["complete"]:
        typer.echo("The interval is wider than wanted: give more time, --budget. 区间未达所需精度，请增加时间")


def _row(trial: dict[str, Any]) -> tuple[str, ...]:
    kept = "kept 达到" if trial["kept"] else "missed 未达到" if trial["valid"] else "INVALID 无效"
    p99 = "-" if trial["p99_ms"] is None else f"{trial['p99_ms']:,.2f}"
    cores = trial["own_cores"] + trial["kernel_cores"] + trial["waiting_cores"]
    return (
        trial["step"], f"{trial['per_s']:,.0f}", f"{trial['seconds']:g}", kept, p99, f"{trial['errors']:.3%}",
        trial["busiest"] or "-", f"{cores:.2f}",
    )  # fmt: skip
