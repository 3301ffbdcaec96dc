"""`biaoshi swarm`: many seeds of trouble, watched from outside."""

from __future__ import annotations

import os
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from biaoshi.cli.network import Json
from biaoshi.cli.terminal import print_json
from resolver.errors import OperatorError

if TYPE_CHECKING:
    from biaoshi.swarm import Tally, Verdict

app = typer.Typer(rich_markup_mode=None, add_completion=False)

PIECE = 20  # seeds that a process takes at a time
SEEDS_MAX = 10_000_000


@app.command()
def swarm(
    seeds: Annotated[int, typer.Option(help="How many seeds.", min=1, max=SEEDS_MAX)] = 1_000,
    first: Annotated[int, typer.Option(help="The first of them.", min=0)] = 1,
    seed: Annotated[int | None, typer.Option(help="This one alone: tell it again.", min=0, show_default="")] = None,
    log: Annotated[
        Path | None, typer.Option(help="With --seed: every datagram, and what was done, line by line.", show_default="")
    ] = None,
    executor: Annotated[
        str | None, typer.Option(help="Who tells them, as for `load`: local:4.", show_default="local:CORES")
    ] = None,
    json: Json = False,
) -> None:
    """Tell many seeds of trouble, and check each from outside (群测).

    Each seed is the teaching network in virtual time: slow and lossy links, partitions, forged answers, nodes that are
    killed and come back, questions and registrations meanwhile. Checkers outside hold it to: nothing invented, nothing
    too old, what was acknowledged is there, all is counted, everything ends, and after the repair all is well.

    \b
    biaoshi swarm                             1,000 seeds
    biaoshi swarm --first 5000 --seeds 200
    biaoshi swarm --seed 17 --log story.log   a failing seed prints this command

    Exit codes: 0 all are clean; 1 a seed failed: it and its replay command are printed; 2 usage.
    """
    from biaoshi.swarm import Tally, tell, tell_all
    from loadgen.shards import crew_for

    if log is not None and seed is None:
        raise OperatorError("is for one story", key="--log", value=str(log), remedy="Say --seed N")
    began = time.monotonic()
    tally = Tally()
    if seed is not None:
        with ExitStack() as stack:
            sink = None if log is None else stack.enter_context(log.open("w", encoding="utf-8"))
            tally.add([tell(seed, None if sink is None else lambda line: print(line, file=sink))])
    else:
        from concurrent.futures import as_completed

        numbers = range(first, first + seeds)
        pieces = [numbers[at : at + PIECE] for at in range(0, seeds, PIECE)]
        with crew_for(executor or f"local:{os.cpu_count() or 1}") as crew:
            parts = [crew.executor.submit(tell_all, piece) for piece in pieces]
            try:
                for part in as_completed(parts):
                    verdicts = part.result()
                    tally.add(verdicts)
                    for verdict in verdicts:
                        _tell_failed(verdict)
                    _tell_progress(tally, seeds)
            except BaseException:
                for part in parts:
                    part.cancel()
                raise
    took_s = time.monotonic() - began
    if json:
        print_json(_document(tally, took_s))
    else:
        if seed is not None:
            for verdict in tally.failed:
                _tell_failed(verdict)
        typer.echo(
            f"{tally.seeds:,} seeds, {len(tally.failed)} failed; {tally.questions:,} questions, {tally.answered:,} "
            f"answered, {tally.acknowledged:,} writes acknowledged, {tally.events:,} events in {took_s:.1f} s"
        )
    raise typer.Exit(1 if tally.failed else 0)


def _tell_failed(verdict: Verdict) -> None:
    if verdict.wrong:
        typer.echo(f"seed {verdict.seed}: {verdict.wrong[0]}", err=True)
        typer.echo(f"  replay: biaoshi swarm --seed {verdict.seed} --log swarm-{verdict.seed}.log", err=True)


def _tell_progress(tally: Tally, seeds: int) -> None:
    if sys.stderr.isatty():
        typer.echo(f"\r{tally.seeds:,} of {seeds:,} seeds, {len(tally.failed)} failed", err=True, nl=False)


def _document(tally: Tally, took_s: float) -> dict[str, object]:
    return {
        "seeds": tally.seeds,
        "failed": [
            {
                "seed": verdict.seed,
                "wrong": list(verdict.wrong),
                "replay": f"biaoshi swarm --seed {verdict.seed} --log swarm-{verdict.seed}.log",
            }
            for verdict in tally.failed
        ],
        "questions": tally.questions,
        "answered": tally.answered,
        "acknowledged": tally.acknowledged,
        "events": tally.events,
        "seconds": round(took_s, 3),
    }
