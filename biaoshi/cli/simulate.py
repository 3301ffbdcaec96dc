"""`biaoshi simulate`: a load on a network in virtual time."""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from biaoshi.cli.load import Json, known_of_plan, order_for, seconds, show
from resolver.errors import OperatorError

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)

DURATION_DEFAULT_S = 30.0
TELL_EVERY_S = 2.0


@app.command()
def simulate(
    file: Annotated[Path, typer.Argument(help="The network file.", metavar="FILE")],
    rate: Annotated[str | None, typer.Option(help="Requests per second, evenly spaced.", show_default="1000")] = None,
    pacing: Annotated[str | None, typer.Option(help="How the rate goes, as for `load`; instead of --rate.")] = None,
    until: Annotated[
        str | None, typer.Option(help="For how long, in virtual time: 30s, 2h, 24h.", show_default="30s")
    ] = None,
    seed: Annotated[int, typer.Option(help="The number that tells the same story again.", min=0)] = 1,
    workload: Annotated[str, typer.Option(help="What is asked: lookups, or misses.")] = "lookups",
    zipf: Annotated[
        float | None, typer.Option(help="Exponent of popularity.", min=0, max=10, show_default="0.91")
    ] = None,
    times: Annotated[
        Path | None,
        typer.Option(help="Service times, a TOML file.", show_default="configs/simulation/service_times.toml"),
    ] = None,
    slo: Annotated[str | None, typer.Option(help="Pass marks.", show_default="p99<20ms,errors<0.1%")] = None,
    goal: Annotated[
        int | None, typer.Option(help="Resolutions per day to reach.", min=0, show_default="10000000")
    ] = None,
    peak_factor: Annotated[float, typer.Option(help="Peak rate over mean rate of a day.", min=1)] = 1.0,
    timeout: Annotated[str | None, typer.Option(help="Patience of a client.", show_default="2s")] = None,
    out: Annotated[Path | None, typer.Option(help="Keep one record of every request in this file.")] = None,
    events: Annotated[
        Path | None,
        typer.Option(help="Write a line for every packet: when (ns), udp or tcp, from, to, octets, CRC-32."),
    ] = None,
    json: Json = False,
) -> None:
    """Put a load on FILE's network in virtual time (虚拟时间仿真).

    The same nodes and questions as `load`, without sockets: latencies of the file, work as long as it was measured to
    take, queues where processes have too much to do. A seed tells the same story every time, octet by octet. The report
    and the --out file are those of `load`; `report` and `compare` read them.

    \b
    biaoshi simulate configs/teaching.toml --rate 2000 --until 60s
    biaoshi simulate configs/national.toml --rate 3500 --until 5m --seed 7 --out nation.load --json
    biaoshi simulate configs/teaching.toml --until 1s --events story.log

    \b
    --times: keys in microseconds, each as `python -m benchmarks.service_times` measures it.

    Exit codes: as for load: 0 passed; 1 SLO or goal missed; 2 usage; 4 wrong answers.
    """
    from biaoshi.simulation import read_times, recursive_nodes
    from biaoshi.simulation import simulate as carry_out
    from loadgen.pacing import constant, parse_pacing, parse_rate
    from loadgen.popularity import Popularity
    from loadgen.profile import TIMEOUT_S_MAX, Profile
    from loadgen.results import write_result
    from loadgen.workloads import WORKLOADS
    from nodes.config import load_network

    if rate is not None and pacing is not None:
        raise OperatorError("--rate says when already", key="--pacing", value=pacing, remedy="Leave one of them out")
    if workload not in WORKLOADS:
        raise OperatorError("no such workload", key="--workload", value=workload, remedy="Take lookups or misses")
    for option, path in (("--out", out), ("--events", events)):
        if path and not path.absolute().parent.is_dir():
            raise OperatorError(
                "no such folder", key=option, value=str(path), remedy="Name a file in a folder that exists"
            )
    plan = load_network(file)
    targets = recursive_nodes(plan)
    known = known_of_plan(plan, targets, seed)
    said = Profile(
        pacing=parse_pacing(pacing) if pacing is not None else constant(parse_rate(rate or "1000")),
        duration_s=seconds("--until", until, 7 * 86_400.0) or DURATION_DEFAULT_S,
        workload=workload,
        timeout_s=seconds("--timeout", timeout, TIMEOUT_S_MAX),
        seed=seed,
        slo=slo,
        goal_per_day=goal,
        peak_factor=peak_factor,
        popularity=None if zipf is None else Popularity(zipf=zipf),
        mode="balanced",
    )
    order = order_for(known, said)
    with ExitStack() as stack:
        log = None
        if events is not None:
            sink = stack.enter_context(events.open("w", encoding="ascii"))
            log = lambda line: print(line, file=sink)  # noqa: E731
        done = carry_out(plan, order, read_times(times), log=log, progress=_Progress(order.duration_s))
    if out:
        write_result(out, done.result)
    typer.echo(f"{done.events:,} events in {done.took_s:.1f} s", err=True)
    raise typer.Exit(show(done.result, json=json))


class _Progress:
    """A line on a terminal, now and then."""

    def __init__(self, duration_s: float) -> None:
        self._duration_s, self._told_s = duration_s, time.monotonic()

    def __call__(self, at_s: float, sent: int) -> None:
        if sys.stderr.isatty() and time.monotonic() - self._told_s > TELL_EVERY_S:
            self._told_s = time.monotonic()
            typer.echo(f"\r{at_s:,.0f} of {self._duration_s:,.0f} s, {sent:,} requests", err=True, nl=False)
