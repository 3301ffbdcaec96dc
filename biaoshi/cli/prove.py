"""`biaoshi prove`: what is claimed about biaoshi, as numbers that anybody can measure again."""

from __future__ import annotations

import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated, Any

import typer

from biaoshi.cli.terminal import print_json, print_table
from biaoshi.proofs import PROOFS, Line
from biaoshi.proofs.trial import MeansMissing, Trial
from resolver.errors import OperatorError

app = typer.Typer(rich_markup_mode=None)

DEPTHS = ("quick", "full")
SEED_MAX = (1 << 63) - 1
NOT_PROVEN, NO_MEANS, INTERRUPTED, TERMINATED = 1, 3, 130, 128 + signal.SIGTERM
HEADINGS = ("line", "what is counted", "value", "goal", "verdict", "seconds")


@app.command()
def prove(
    n: Annotated[int | None, typer.Argument(metavar="N", help="A line of quality.md.", show_default="all")] = None,
    list_: Annotated[bool, typer.Option("--list", help="Say which lines there are, prove none.")] = False,
    depth: Annotated[
        str, typer.Option(help="quick: a minute a line at most; full: until quality.md's figures are reached.")
    ] = "quick",
    seed: Annotated[int, typer.Option(help="Of everything that is chosen at random.", min=0, max=SEED_MAX)] = 1,
    json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """Prove line N of quality.md as one number, or all that have a proof (质量证明).

    A proof tries to break what is claimed, and counts how often that worked. It runs nodes of its own on free loopback
    addresses, in a folder of its own below $TMPDIR; nothing of it stays. At full depth line 2 takes some ten minutes.

    \b
    biaoshi prove --list
    biaoshi prove 3 --depth full --json

    \b
    Exit codes: 0 proven; 1 not proven; 2 no such line; 3 something is missing here that a proof needs, and how to get
    it; 130 Ctrl-C, after tidying up and saying what is known so far.
    """
    lines = _chosen(n)
    if depth not in DEPTHS:
        raise OperatorError("is not known here", key="--depth", value=depth, remedy="Say quick or full")
    if list_:
        _show_list(lines, json=json)
        return
    trials: list[Trial] = []
    code = None
    missing: list[str] = []
    with _sigterm_leaves():
        try:
            for line in lines:
                _run(line, depth == "full", seed, trials, missing)
        except KeyboardInterrupt:
            code = INTERRUPTED
        except SystemExit:
            code = TERMINATED
    documents = [trial.document() for trial in trials]
    if json:
        print_json(documents if n is None else documents[0])
    else:
        _show(documents)
    for words in missing:
        typer.echo(f"biaoshi: {words}", err=True)
    if code is None:
        failed = any(trial.passed is False for trial in trials)
        code = NOT_PROVEN if failed else NO_MEANS if missing else 0
    raise typer.Exit(code)


def _chosen(n: int | None) -> tuple[Line, ...]:
    lines = tuple(line for line in PROOFS if n in (None, line.n))
    if not lines:
        known = ", ".join(str(line.n) for line in PROOFS)
        raise OperatorError("no line that can be proven yet", key="N", value=n, remedy=f"Say one of {known}")
    return lines


def _run(line: Line, full: bool, seed: int, trials: list[Trial], missing: list[str]) -> None:
    watched = sys.stderr.isatty()

    def tell(words: str) -> None:
        if watched:
            sys.stderr.write(f"\r\x1b[Kline {line.n}: {words}")
            sys.stderr.flush()

    with tempfile.TemporaryDirectory(prefix="biaoshi-prove-", ignore_cleanup_errors=True) as folder:
        trial = Trial(line, full, seed, Path(folder), tell)
        trials.append(trial)
        tell(line.name)
        try:
            trial.run()
        except MeansMissing as error:
            missing.append(f"line {line.n}: {error}")
        finally:
            if watched:
                sys.stderr.write("\r\x1b[K")


@contextmanager
def _sigterm_leaves() -> Iterator[None]:
    """SIGTERM as an exception, so that everything is tidied up on the way out."""

    def leave(number: int, frame: FrameType | None) -> None:
        sys.exit(TERMINATED)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _show_list(lines: tuple[Line, ...], *, json: bool) -> None:
    if json:
        keys = ("n", "name", "unit", "relation", "goal")
        print_json([{key: getattr(line, key) for key in keys} for line in lines])
    else:
        goals = [f"{line.relation} {line.goal:g} {line.unit}" for line in lines]
        print_table(
            HEADINGS[:2] + HEADINGS[3:4],
            [(str(line.n), line.name, goal) for line, goal in zip(lines, goals, strict=True)],
        )


def _show(documents: list[dict[str, Any]]) -> None:
    verdicts = {True: "proven 通过", False: "NOT PROVEN 未通过", None: "open 未完成"}
    rows = [
        (
            str(each["n"]),
            each["name"],
            "–" if each["value"] is None else f"{each['value']:g} {each['unit']}",
            f"{each['relation']} {each['goal']:g}",
            verdicts[each["pass"]],
            f"{each['seconds']:.1f}",
        )
        for each in documents
    ]
    print_table(HEADINGS, rows)
    for each in documents:
        typer.echo(f"\nline {each['n']}, {each['depth']} depth, seed {each['seed']}: {_facts(each['facts'])}")
        for words in each["failures"]:
            typer.echo(f"  {words}")


def _facts(facts: Any) -> str:
    """kills 60, ways (posts 30, import 8)"""
    if isinstance(facts, dict):
        return ", ".join(
            f"{name.replace('_', ' ')} ({_facts(fact)})"
            if isinstance(fact, (dict, list))
            else f"{name.replace('_', ' ')} {_facts(fact)}"
            for name, fact in facts.items()
        )
    if isinstance(facts, list):
        return "; ".join(map(_facts, facts))
    return f"{facts:,}" if type(facts) is int else str(facts)
