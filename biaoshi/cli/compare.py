"""`biaoshi compare`: two measurements, and whether the second is worse."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from biaoshi.cli.terminal import print_json, print_table

if TYPE_CHECKING:
    from loadgen.compare import Change, Compared

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)

HEADINGS = ("figure 指标", "A", "B", "change 变化", "99 % interval 区间", "verdict 结论")
VERDICTS = {"worse": "WORSE 变差", "better": "better 变好", "same": "same 无变化", "unknown": "not known 未知"}


@app.command()
def compare(
    a: Annotated[Path, typer.Argument(help="What `load --out` wrote before.", metavar="A")],
    b: Annotated[Path, typer.Argument(help="What it wrote after.", metavar="B")],
    tolerance: Annotated[
        float, typer.Option(help="Relative change of a latency that is let pass even if it is real.")
    ] = 0.1,
    seed: Annotated[int, typer.Option(help="Of the draws.", min=0)] = 1,
    json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """Say what changed from A to B beyond chance (对比两次测量).

    Both runs are drawn again 2,000 times in blocks of time; a figure has changed if 99 % of that agrees and it is more
    than the tolerance. Worse: p50, p95 or p99 higher by more than the tolerance, errors by more than 0.05 % of all
    requests, answers a second fewer by more than 1 %, cache hits fewer by more than 1 % of all requests.

    Two runs of the very same thing differ by more than one run can tell. Measure twice before believing a small change.

    \b
    biaoshi load --rate 2000 --duration 30s --out before.load
    biaoshi load --rate 2000 --duration 30s --out after.load
    biaoshi compare before.load after.load

    \b
    Exit codes: 0 no worse; 1 worse; 2 not comparable (another workload, another rate) or no result file;
    4 a damaged file; 5 one of them is no valid measurement.
    """
    from loadgen.compare import compare as compare_results
    from loadgen.compare import document_of, exit_code, refuse_tolerance
    from loadgen.results import read_result

    refuse_tolerance(tolerance)
    compared = compare_results(read_result(a), read_result(b), tolerance=tolerance, seed=seed)
    if json:
        print_json(document_of(compared))
    else:
        _print(compared)
    raise typer.Exit(exit_code(compared))


def _print(compared: Compared) -> None:
    for reason in compared.differs:
        typer.echo(f"not comparable 不可比: {reason}")
    if compared.changes:
        print_table(HEADINGS, list(map(_row, compared.changes)))
    for note in compared.notes:
        typer.echo(f"note 注意: {note}")
    if not compared.differs:
        worse = "INVALID 无效" if compared.invalid else "WORSE 变差" if compared.worse else "no worse 未变差"
        typer.echo(f"VERDICT 结论: {worse}")


def _row(change: Change) -> tuple[str, ...]:
    low, high = change.low, change.high
    interval = "-" if low is None or high is None else f"{_change(change, low)} … {_change(change, high)}"
    return (change.name, *_figures(change), _change(change, change.change), interval, VERDICTS[change.verdict])


def _figures(change: Change) -> Iterator[str]:
    for value in (change.a, change.b):
        if value is None:
            yield "-"
        elif change.unit == "share":
            yield f"{value:.3%}"
        else:
            yield f"{value:,.3f} {change.unit}"


def _change(change: Change, value: float | None) -> str:
    """Relative changes in per cent, differences of shares in points of a per cent."""
    if value is None:
        return "-"
    return f"{value:+.1%}" if change.relative else f"{100 * value:+.3f} points"
