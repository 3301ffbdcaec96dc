"""`biaoshi load`: the question how much a network bears, and its answer.

Here the running network (its state file) and its network file become what the load generator knows: addresses, the
truth, metrics pages. loadgen itself knows nothing of nodes.
"""

from __future__ import annotations

import math
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from biaoshi.cli.terminal import print_json
from resolver.errors import OperatorError, Unreachable

if TYPE_CHECKING:
    from loadgen.engine import Address, Stop
    from loadgen.measure import Order
    from loadgen.report import Figures
    from loadgen.results import Result
    from loadgen.truth import Truth
    from nodes.config import NetworkPlan

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)

RATE_DEFAULT = "1000"
DURATION_DEFAULT = "30s"
DURATION_S_MAX = 7 * 86_400.0
TIMEOUT_S_MAX = 60.0
TARGETS_MAX = 64  # of four sockets each, under the usual limit of 1,024 descriptors
_DURATION = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)(ms|s|m|h|)")
_UNIT_S = {"ms": 0.001, "s": 1.0, "": 1.0, "m": 60.0, "h": 3600.0}

Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]


@app.command()
def load(
    file: Annotated[
        Path | None,
        typer.Argument(help="The network file that is up.", metavar="FILE", show_default="the running network's"),
    ] = None,
    target: Annotated[
        list[str] | None,
        typer.Option(help="ADDRESS:PORT to ask, repeatable.", show_default="the recursive nodes"),
    ] = None,
    rate: Annotated[
        str | None, typer.Option(help="Requests per second, evenly spaced.", show_default=RATE_DEFAULT)
    ] = None,
    pacing: Annotated[str | None, typer.Option(help="How the rate goes, see below; instead of --rate.")] = None,
    duration: Annotated[str, typer.Option(help="For how long: 30s, 500ms, 2m, 1h.")] = DURATION_DEFAULT,
    workload: Annotated[str, typer.Option(help="What is asked.")] = "lookups",
    zipf: Annotated[float, typer.Option(help="Exponent of popularity; 0 makes all equal.", min=0, max=10)] = 0.91,
    transport: Annotated[str, typer.Option(help="How: udp.")] = "udp",
    slo: Annotated[str, typer.Option(help="Pass marks.")] = "p99<20ms,errors<0.1%",
    goal: Annotated[int, typer.Option(help="Resolutions per day to reach.", min=0)] = 10_000_000,
    peak_factor: Annotated[
        float, typer.Option(help="Peak rate over mean rate of a day: the rate is the peak, the day its share.")
    ] = 1.0,
    timeout: Annotated[str, typer.Option(help="Patience, from the intended sending.")] = "2s",
    seed: Annotated[int, typer.Option(help="Makes schedule and questions reproducible.", min=0)] = 1,
    mode: Annotated[
        str, typer.Option(help="How the generator waits: balanced, precise (a core of its own), frugal.")
    ] = "balanced",
    out: Annotated[Path | None, typer.Option(help="Keep one record of every request in this file.")] = None,
    i_operate: Annotated[
        list[str] | None, typer.Option(help="A host off this machine that you answer for.", metavar="HOST")
    ] = None,
    run_dir: Annotated[
        Path | None, typer.Option(help="Of the network.", show_default="$BIAOSHI_RUN_DIR or .biaoshi")
    ] = None,
    json: Json = False,
) -> None:
    """Put load on the running network and judge what it bears (加载与结论).

    Open loop: requests leave when they are due, whatever the answers do; latency counts from the intended moment. Every
    answer is compared with the catalogue. The verdict compares SLO, daily volume and truth.

    \b
    biaoshi load --rate 3500 --duration 20s --peak-factor 3
    biaoshi load configs/teaching.toml --pacing poisson:2000 --slo "p99<20ms,errors<0.1%" --out run.load --json

    \b
    --pacing, with keys in their order or by name:
      constant:3500                 poisson:3500 (random arrivals)
      ramp:100,5000,60s             from, to, over; then steady
      step:1000,500,10s,8           from, by, every, steps
      sine:2000,0.5,60s             mean, amplitude, period
      day:3500                      mean of a weekday; also weekend=0.6 starts=sat shift=1.5
                                    burst=10 burst_at=14 burst_for=5m
    and for all arrivals=even|random and scale=288: a day goes by in five minutes, at the
    rates it has (scale compresses time, not the rate): day:mean=3500,scale=288,arrivals=random

    \b
    Exit codes: 0 passed; 1 SLO or goal missed; 2 usage; 3 no network, or no answers; 4 wrong answers;
    5 the generator fell behind: no measurement; 130 Ctrl-C, after a report of what was done.
    """
    from loadgen.engine import SPIN_NS
    from loadgen.measure import Order
    from loadgen.popularity import Popularity
    from loadgen.results import write_result
    from loadgen.workloads import WORKLOADS

    _one_of("--workload", workload, WORKLOADS)
    _one_of("--transport", transport, ("udp",))
    _one_of("--mode", mode, SPIN_NS)
    if not (math.isfinite(peak_factor) and peak_factor >= 1):
        raise OperatorError(
            "a peak is no lower than the mean", key="--peak-factor", value=peak_factor, remedy="Give 1 or more"
        )
    paced = _pacing(rate, pacing)
    duration_s, timeout_s = (
        seconds("--duration", duration, DURATION_S_MAX),
        seconds("--timeout", timeout, TIMEOUT_S_MAX),
    )
    named = tuple(parse_target(each) for each in target or ())
    refuse_foreign(named, frozenset(i_operate or ()), rate_given=bool(rate or pacing))
    if out and not out.absolute().parent.is_dir():
        raise OperatorError("no such folder", key="--out", value=str(out), remedy="Name a file in a folder that exists")
    known = running_network(file, run_dir, named, seed=seed)
    refuse_foreign(known.targets, frozenset(i_operate or ()), rate_given=bool(rate or pacing))
    order = Order(
        network=known.name,
        targets=known.targets,
        truth=known.truth,
        pages=known.pages,
        tiers=known.tiers,
        pacing=paced,
        duration_s=duration_s,
        workload=workload,
        popularity=Popularity(zipf=zipf),
        seed=seed,
        timeout_s=timeout_s,
        mode=mode,
        slo=slo,
        goal_per_day=goal,
        peak_factor=peak_factor,
    )
    result = carry_out(order)
    if out:
        write_result(out, result)
    raise typer.Exit(show(result, json=json))


def carry_out(order: Order) -> Result:
    """Measure, with a line of progress on a terminal. The first Ctrl-C ends the sending, a second one everything."""
    from loadgen.engine import Stop
    from loadgen.measure import measure

    stop = Stop()
    watched = sys.stderr.isatty()

    def tell(elapsed_ns: int, sent: int, answered: int) -> None:
        # One short write: a redrawn rich display takes a millisecond, which would make requests late.
        sys.stderr.write(
            f"\r{elapsed_ns / 1e9:5.0f} s of {order.duration_s:g} s  sent {sent:,}  answered {answered:,} "
        )
        sys.stderr.flush()

    with _ctrl_c_means(stop):
        try:
            return measure(order, stop=stop, progress=tell if watched else None)
        finally:
            if watched:
                sys.stderr.write("\r\x1b[K")


def show(result: Result, *, json: bool) -> int:
    """Print the report; the exit code it stands for."""
    from loadgen.report import document_of, exit_code, figures_of, text_of

    figures: Figures = figures_of(result)
    if json:
        print_json(document_of(figures))
    else:
        typer.echo(text_of(figures))
    return exit_code(figures)


@dataclass(frozen=True, slots=True)
class Known:
    """What the generator is told of a network: name, whom to ask, the truth, metrics pages, tiers by address."""

    name: str
    targets: tuple[Address, ...]
    truth: Truth
    pages: tuple[str, ...]
    tiers: dict[Address, str]


def running_network(file: Path | None, run_dir: Path | None, named: tuple[Address, ...], *, seed: int = 1) -> Known:
    """The network that runs. `named`: targets instead of the recursive nodes.

    With a FILE and targets named, none needs to run here: it may run on another machine, and its pages stay unread.
    OperatorError if FILE is not the file that is up; Unreachable if no network runs.
    """
    from nodes import state
    from nodes.config import find_file, load_network

    chosen = state.choose_run_dir(run_dir)
    try:
        document = state.read_state(chosen)
    except Unreachable:
        if file is None or not named:
            raise
        plan = load_network(file)
        return Known(plan.name, named, truth_of_plan(plan, seed), (), tiers_of_plan(plan))
    up = Path(document["path"])
    if file is not None and find_file(file).resolve() != up.resolve():
        raise OperatorError(
            f"is not the file that is up in {chosen}, which is {up}",
            key="FILE",
            value=str(file),
            remedy="Leave FILE out, or `biaoshi network down` and bring this one up",
        )
    nodes = document["nodes"]
    targets = named or tuple(parse_target(node["address"]) for node in nodes if node["tier"] == "recursive")
    if not targets:
        raise OperatorError("the network has no recursive node to ask", file=str(up), remedy="Name one by --target")
    pages = tuple(dict.fromkeys(node["metrics"] for node in nodes if node["metrics"]))
    tiers = {parse_target(node["address"]): node["tier"] for node in nodes}
    return Known(document["network"], targets, truth_of_plan(load_network(up), seed), pages, tiers)


def truth_of_plan(plan: NetworkPlan, seed: int) -> Truth:
    """All that the network's nodes answer about items: what its catalogues say, and its population."""
    from loadgen.truth import truth_from
    from nodes.config import truth_of

    return truth_from(tuple(truth_of(plan)), plan.population, seed)


def tiers_of_plan(plan: NetworkPlan) -> dict[Address, str]:
    """The tier of every address."""
    return {(node.ip, port): node.tier for node in plan.nodes for port in (node.port, *node.extra_ports)}


def parse_target(text: str) -> Address:
    """`127.86.5.1:2641` or `[::1]:2641`. OperatorError for anything else; names are not looked up."""
    host, colon, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    try:
        ip_address(host)
        number = int(port)
    except ValueError:
        number = 0
    if not colon or not 0 < number < 65_536:
        raise OperatorError("not an address", key="--target", value=text, remedy="Write ADDRESS:PORT, 127.86.5.1:2641")
    return host, number


def refuse_foreign(targets: tuple[Address, ...], operated: frozenset[str], *, rate_given: bool) -> None:
    """Load on machines that are not this one needs a word and a rate. OperatorError if either is missing."""
    if len(targets) > TARGETS_MAX:
        raise OperatorError(f"more than {TARGETS_MAX} targets", key="--target", value=len(targets), remedy="Name fewer")
    for host, port in targets:
        if ip_address(host).is_loopback:
            continue
        if host not in operated:
            raise OperatorError(
                "is not on this machine",
                key="--target",
                value=f"{host}:{port}",
                remedy=f"Say --i-operate {host} if you do, and never otherwise",
            )
        if not rate_given:
            raise OperatorError(
                "another machine is loaded only at a rate you chose", key="--rate", remedy="Say --rate or --pacing"
            )


def seconds(option: str, text: str, most: float) -> float:
    """`30s`, `500ms`, `2m`, `1h`, or plain seconds; above 0. OperatorError for anything else."""
    found = _DURATION.fullmatch(text.strip())
    value = float(found[1]) * _UNIT_S[found[2]] if found else 0.0
    if not 0 < value <= most:
        raise OperatorError(
            f"not a time above 0 and up to {most:g} s", key=option, value=text, remedy="Write 500ms, 30s, 2m or 1h"
        )
    return value


def _pacing(rate: str | None, pacing: str | None) -> Any:
    from loadgen.pacing import constant, parse_pacing, parse_rate

    if pacing is None:
        return constant(parse_rate(rate or RATE_DEFAULT))
    if rate is not None:
        raise OperatorError("says the rate already", key="--pacing", value=pacing, remedy="Give --rate or --pacing")
    return parse_pacing(pacing)


def _one_of(option: str, value: str, known: Any) -> None:
    if value not in known:
        raise OperatorError("is not known here", key=option, value=value, remedy=f"Say {' or '.join(known)}")


@contextmanager
def _ctrl_c_means(stop: Stop) -> Iterator[None]:
    def interrupted(_signal: int, _frame: object) -> None:
        if stop.requested:
            raise KeyboardInterrupt
        stop.requested = True

    before = signal.signal(signal.SIGINT, interrupted)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
