"""`biaoshi scenario`: list, show, run."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from biaoshi.cli.network import Json
from biaoshi.cli.terminal import aligned, print_json, print_table

if TYPE_CHECKING:
    from biaoshi.scenarios import Finding, Outcome

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""A network, a load, what goes wrong at which moment, and what is expected all the same. 情景

    \b
    biaoshi scenario list
    biaoshi scenario run secondary-dies               real nodes, real sockets, a network of its own
    biaoshi scenario run secondary-dies --simulated   the same nodes in virtual time, from a seed
    biaoshi scenario show overload > mine.toml        a scenario is a TOML file: write your own

    \b
    A file has: title, network, [load] (the keys of a load profile), [[events]], [[expect]].
    Events:  at_s and one of  kill, stop, start = NODE,  fault = { kind, from, to, … },  clear = true
    Expect:  of and min or max, from_s, to_s;  of is one of
             right, answered     shares of requests
             wrong               how many answers
             goodput_per_s       right answers a second
             p50_ms, p99_ms      latency of what was answered
             back_s              seconds until 99 % are answered rightly again
             upstream_per_request
    """,
)

Named = Annotated[str, typer.Argument(metavar="NAME|FILE", help="As `biaoshi scenario list` names it, or a file.")]
MISSED = 1


@app.command("list")
def list_scenarios(json: Json = False) -> None:
    """List the shipped scenarios (列出情景).

    \b
    biaoshi scenario list

    Exit codes: 0.
    """
    from biaoshi.scenarios import names, read_scenario

    found = [read_scenario(name) for name in names()]
    if json:
        print_json([{"name": each.name, "title": each.config.title, "duration_s": each.duration_s} for each in found])
        return
    rows = [
        (each.name, each.config.title, each.config.title_zh, f"{each.duration_s:g} s", each.plan.name) for each in found
    ]
    print_table(["NAME", "WHAT HAPPENS", "情景", "LOAD", "NETWORK"], rows)


@app.command()
def show(name: Named) -> None:
    """Print the file of a scenario (显示情景文件).

    \b
    biaoshi scenario show overload > mine.toml

    Exit codes: 0; 2 no scenario has this name.
    """
    from biaoshi.scenarios import FOLDER, read_scenario

    scenario = read_scenario(name)
    shipped = FOLDER / f"{scenario.name}.toml"
    typer.echo((shipped if shipped.is_file() else Path(name)).read_text(encoding="utf-8"), nl=False)


@app.command()
def run(
    name: Named,
    simulated: Annotated[bool, typer.Option("--simulated", help="In virtual time, from the seed.")] = False,
    seed: Annotated[int, typer.Option(help="What is asked follows from it; in virtual time, everything.", min=0)] = 1,
    run_dir: Annotated[
        Path | None,
        typer.Option("--run-dir", help="Where the network lives meanwhile.", show_default="a folder that is removed"),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Keep one record of every request in this file.")] = None,
    json: Json = False,
) -> None:
    """Run a scenario and judge it (运行情景).

    It starts a network of its own on free addresses, puts the load on it, does what the file says at its moments, and
    stops it again.

    \b
    biaoshi scenario run secondary-dies
    biaoshi scenario run city-cut-off --simulated --seed 7
    biaoshi scenario run mine.toml --json | jq .expectations

    \b
    Exit codes: 0 every expectation holds; 1 one does not; 2 the file, named with key and remedy; 3 the network did
    not become ready; 4 wrong answers that were not expected; 130 Ctrl-C.
    """
    from biaoshi.cli.load import ctrl_c_means
    from biaoshi.scenarios import document_of, read_scenario, run_real, run_simulated
    from loadgen.engine import Stop
    from loadgen.results import write_result

    scenario = read_scenario(name)
    if not json:
        typer.echo(f"{scenario.config.title} {scenario.config.title_zh}".rstrip())
        typer.echo(
            "\n".join(line for line in (scenario.config.story.strip(), scenario.config.story_zh.strip()) if line)
        )
        place = "virtual time 虚拟时间" if simulated else f"real sockets 真实套接字, {scenario.duration_s:g} s"
        typer.echo(f"{scenario.plan.name}: {len(scenario.plan.nodes)} nodes, {place}, seed {seed}\n")

    def told(at_s: float, words: str) -> None:
        if not json:
            typer.echo(f"{at_s:8.2f} s  {words}")
        elif sys.stderr.isatty():
            typer.echo(f"{at_s:8.2f} s  {words}", err=True)

    stop = Stop()
    with ctrl_c_means(stop):
        if simulated:
            outcome = run_simulated(scenario, seed, told=told)
        else:
            outcome = run_real(scenario, seed, run_dir=run_dir, told=told, stop=stop)
    if out:
        write_result(out, outcome.result)
    if json:
        print_json(document_of(outcome))
    else:
        _show(outcome)
    if stop.requested:
        raise typer.Exit(130)
    raise typer.Exit(0 if outcome.holds else MISSED)


def _show(outcome: Outcome) -> None:
    rows = [
        (
            "ok 符合" if finding.holds else "NO 不符",
            finding.expect.of,
            f"{finding.expect.from_s:g} to {finding.to_s:g} s",
            _figure(finding.value),
            _bounds(finding),
        )
        for finding in outcome.findings
    ]
    typer.echo("")
    typer.echo(aligned([("", "FIGURE 指标", "WHEN 时段", "FOUND 实测", "EXPECTED 期望"), *rows]))
    typer.echo("\nas expected 符合预期" if outcome.holds else "\nNOT as expected 不符合预期")


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.4g}"


def _bounds(finding: Finding) -> str:
    low, high = finding.expect.min, finding.expect.max
    return " and ".join(
        words for words in (low is not None and f">= {low:g}", high is not None and f"<= {high:g}") if words
    )
