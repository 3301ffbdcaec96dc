"""`biaoshi load`: the question how much a network bears, and its answer.

Here the running network (its state file) and its network file become what the load generator knows: addresses, the
truth, metrics pages. loadgen itself knows nothing of nodes.
"""

from __future__ import annotations

import math
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from biaoshi.cli.terminal import print_json
from resolver.errors import OperatorError, Unreachable

if TYPE_CHECKING:
    from loadgen.engine import Address, Stop
    from loadgen.live import Tally
    from loadgen.measure import Order
    from loadgen.pacing import Timing
    from loadgen.popularity import Popularity
    from loadgen.profile import Profile
    from loadgen.report import Figures
    from loadgen.results import Result
    from loadgen.truth import Truth, Values
    from loadgen.workloads.registering import Registrar
    from nodes.config import NetworkPlan
    from resolver.model.site import Site

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)

RATE_DEFAULT = "1000"
DURATION_DEFAULT_S = 30.0
CORES_SHARED = 4  # on no more than these, a generator that polls takes from the nodes what it is to measure
KEY_INDEX = 300  # of the key of a prefix's administrator
TARGETS_MAX = 64  # of four sockets each, under the usual limit of 1,024 descriptors

Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]


@app.command()
def load(
    file: Annotated[
        Path | None,
        typer.Argument(help="The network file that is up.", metavar="FILE", show_default="the running network's"),
    ] = None,
    target: Annotated[
        list[str] | None,
        typer.Option(help="ADDRESS:PORT to ask, repeatable.", show_default="the recursive nodes, equally often"),
    ] = None,
    rate: Annotated[
        str | None, typer.Option(help="Requests per second, evenly spaced.", show_default=RATE_DEFAULT)
    ] = None,
    pacing: Annotated[str | None, typer.Option(help="How the rate goes, see above; instead of --rate.")] = None,
    duration: Annotated[
        str | None, typer.Option(help="For how long: 30s, 500ms, 2m, 1h.", show_default="30s, or a log's")
    ] = None,
    workload: Annotated[str | None, typer.Option(help="What is asked, see above.", show_default="lookups")] = None,
    zipf: Annotated[
        float | None,
        typer.Option(help="Exponent of popularity; 0 makes all equal.", min=0, max=10, show_default="0.91"),
    ] = None,
    transport: Annotated[
        str | None, typer.Option(help="How: udp, tcp, or http (a message in each POST).", show_default="udp")
    ] = None,
    connections: Annotated[
        int | None,
        typer.Option(help="Sockets to each target; over TCP clients that pipeline.", min=1, show_default="up to 4"),
    ] = None,
    profile_file: Annotated[
        Path | None,
        typer.Option("--load", help="A profile: configs/loads/day.toml. Options say it better.", metavar="FILE"),
    ] = None,
    replay: Annotated[
        Path | None, typer.Option(help="A log of queries, CSV `at,handle` or JSON Lines, asked at its times.")
    ] = None,
    speed: Annotated[float, typer.Option(help="How many times as fast --replay goes.", min=0.001, max=100_000)] = 1.0,
    warm_up: Annotated[
        str | None, typer.Option(help="So long, up to the rate, requests go before that no figure counts; reported.")
    ] = None,
    slo: Annotated[str | None, typer.Option(help="Pass marks.", show_default="p99<20ms,errors<0.1%")] = None,
    goal: Annotated[
        int | None, typer.Option(help="Resolutions per day to reach.", min=0, show_default="10000000")
    ] = None,
    peak_factor: Annotated[
        float | None,
        typer.Option(
            help="Peak rate over mean rate of a day: the rate is the peak, the day its share.", show_default="1"
        ),
    ] = None,
    timeout: Annotated[str | None, typer.Option(help="Patience, from the intended sending.", show_default="2s")] = None,
    seed: Annotated[
        int | None, typer.Option(help="Makes schedule and questions reproducible.", min=0, show_default="1")
    ] = None,
    mode: Annotated[
        str | None,
        typer.Option(
            help="How the generator waits: balanced, precise (a core of its own), frugal.",
            show_default=f"frugal beside the nodes on up to {CORES_SHARED} cores, else balanced",
        ),
    ] = None,
    executor: Annotated[
        str | None,
        typer.Option(
            help="Who generates: local:4 (processes of this machine), dask://HOST:PORT (Dask workers).",
            show_default="one generator",
        ),
    ] = None,
    metrics_port: Annotated[
        int | None,
        typer.Option(help="Serve biaoshi_load_* at 127.0.0.1 meanwhile; 0: any port.", min=0, max=65_535),
    ] = None,
    share: Annotated[
        str | None,
        typer.Option(help="Be one generator of several that know nothing of each other: 3/16.", metavar="I/N"),
    ] = None,
    start_at: Annotated[
        str | None, typer.Option(help="Begin at a moment, 2026-11-24T08:00:00Z: for --share.", metavar="MOMENT")
    ] = None,
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
    --workload: lookups (all values of an identifier, at the recursive node), prefix-then-direct
    (the national SDK's way: the prefix there, then the enterprise node itself), misses
    (identifiers that do not exist), mixed (a fifth direct, 3 % misses), replay (a log's),
    mixed-with-registration (mixed, and of each hundred clients one registers an identifier for good).

    \b
    --executor local:4 takes four processes, dask://HOST:PORT the workers of a Dask cluster;
    together they ask what one generator with the same seed asks. Without either, give each of
    several machines a --share and the same --start-at, and `biaoshi report` all their --out files.

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
    Start the network with the same --time-scale, so that caches forget as fast.

    \b
    Exit codes: 0 passed; 1 SLO or goal missed; 2 usage; 3 no network, or no answers; 4 wrong answers;
    5 the generator fell behind: no measurement; 130 Ctrl-C, after a report of what was done.
    """
    from loadgen.engine import SPIN_NS
    from loadgen.links import LINKS
    from loadgen.profile import DURATION_S_MAX, TIMEOUT_S_MAX, Profile, read_profile
    from loadgen.results import write_result
    from loadgen.workloads import WORKLOADS

    profile = Profile() if profile_file is None else read_profile(_profile_at(profile_file))
    said = replace(
        profile,
        workload=_first(_one_of("--workload", workload, WORKLOADS), profile.workload),
        transport=_first(_one_of("--transport", transport, LINKS), profile.transport),
        connections=_first(connections, profile.connections),
        duration_s=_first(seconds("--duration", duration, DURATION_S_MAX), profile.duration_s),
        timeout_s=_first(seconds("--timeout", timeout, TIMEOUT_S_MAX), profile.timeout_s),
        warm_up_s=_first(seconds("--warm-up", warm_up, DURATION_S_MAX), profile.warm_up_s),
        mode=_first(_one_of("--mode", mode, SPIN_NS), profile.mode),
        seed=_first(seed, profile.seed),
        slo=_first(slo, profile.slo),
        goal_per_day=_first(goal, profile.goal_per_day),
        peak_factor=_first(_peak_factor(peak_factor), profile.peak_factor),
        pacing=_first(_timing(rate, pacing, replay, speed), profile.pacing),
        popularity=_popularity(zipf, profile.popularity),
    )
    named = tuple(parse_target(each) for each in target or ())
    operated, chosen = frozenset(i_operate or ()), said.pacing is not None
    refuse_foreign(named, operated, rate_given=chosen)
    if out and not out.absolute().parent.is_dir():
        raise OperatorError("no such folder", key="--out", value=str(out), remedy="Name a file in a folder that exists")
    known = running_network(file, run_dir, named, seed=_first(said.seed, 1), over=_first(said.transport, "udp"))
    refuse_foreign(known.targets, operated, rate_given=chosen)
    order = order_for(known, said, operated)
    if share is not None or start_at is not None:
        if executor is not None:
            raise OperatorError(
                "is a share of a run already", key="--executor", value=executor, remedy="Leave --share out"
            )
        result = carry_out_share(order, share or "0/1", start_at)
    else:
        result = carry_out(order, executor=executor, metrics_port=metrics_port)
    if out:
        write_result(out, result)
    raise typer.Exit(show(result, json=json))


def _profile_at(file: Path) -> Path:
    """The profile itself, or the shipped one of this name. OperatorError if it is not there."""
    from nodes.files import find_file

    try:
        return find_file(file)
    except OperatorError as error:
        remedy = "Name a profile, for example configs/loads/day.toml"
        raise OperatorError(error.problem, file=str(file), key="--load", remedy=remedy) from None


def order_for(known: Known, said: Profile, operated: frozenset[str] = frozenset()) -> Order:
    """What is to be measured: what was said, and for the rest what is usual. OperatorError if it does not fit."""
    from loadgen.measure import Order
    from loadgen.pacing import constant, parse_rate
    from loadgen.workloads import WORKLOADS
    from loadgen.workloads.replay import Log

    timing = said.pacing or constant(parse_rate(RATE_DEFAULT))
    log = timing if isinstance(timing, Log) else None
    workload = said.workload or ("lookups" if log is None else "replay")
    if WORKLOADS[workload].log and log is None:
        raise OperatorError("needs a log", key="--workload", value=workload, remedy="Say --replay FILE")
    if said.transport == "http" and (WORKLOADS[workload].direct or WORKLOADS[workload].registering):
        raise OperatorError(
            "goes to other nodes than HTTP is asked of",
            key="--workload",
            value=workload,
            remedy="Take lookups, or --transport tcp",
        )
    if WORKLOADS[workload].direct:
        hosts = {server.ip for site in sites_in(known.sites) for server in site.servers}
        refuse_foreign_hosts(sorted(hosts), operated)
    usual = Order(known.name, known.targets, known.truth, known.pages, timing, 0.0)
    return replace(
        usual,
        tiers=known.tiers,
        sites=known.sites,
        ttl_scale=known.ttl_scale,
        registrar=known.registrar,
        duration_s=_first(said.duration_s, DURATION_DEFAULT_S if log is None else log.duration_s),
        workload=workload,
        transport=_first(said.transport, usual.transport),
        connections=_first(said.connections, usual.connections),
        timeout_s=_first(said.timeout_s, usual.timeout_s),
        warm_up_s=_first(said.warm_up_s, usual.warm_up_s),
        mode=_first(said.mode, "frugal" if _shares_cores(known.targets) else usual.mode),
        seed=_first(said.seed, usual.seed),
        slo=_first(said.slo, usual.slo),
        goal_per_day=_first(said.goal_per_day, usual.goal_per_day),
        peak_factor=_first(said.peak_factor, usual.peak_factor),
        popularity=_first(said.popularity, usual.popularity),
    )


def _shares_cores(targets: tuple[Address, ...]) -> bool:
    """Whether the generator runs on the few cores that the nodes run on."""
    return (os.cpu_count() or 1) <= CORES_SHARED and all(ip_address(host).is_loopback for host, _ in targets)


def carry_out(order: Order, *, executor: str | None = None, metrics_port: int | None = None) -> Result:
    """Measure. The first Ctrl-C ends the sending, a second one everything.

    Somebody who looks on, in a terminal or by Prometheus, is served by this process, and the generator is another one:
    drawing a table takes milliseconds, which would make requests late.
    """
    from loadgen.engine import Stop
    from loadgen.measure import measure
    from loadgen.shards import crew_for, measure_together

    stop, watched = Stop(), sys.stderr.isatty()
    if executor is None and not watched and metrics_port is None:
        with ctrl_c_means(stop):
            return measure(order, stop=stop)
    with ExitStack() as cleanup:
        crew = cleanup.enter_context(crew_for(executor or "local:1"))
        cleanup.enter_context(ctrl_c_means(stop))
        looks: list[Callable[[Tally], None]] = []
        if metrics_port is not None:
            looks.append(_exposed(order, crew.generators, metrics_port))
        if watched:
            from rich.console import Console

            from biaoshi.load_view import LoadView

            looks.append(cleanup.enter_context(LoadView(order, Console(stderr=True))).look)

        def look(tally: Tally) -> None:
            for each in looks:
                each(tally)

        return measure_together(order, crew, stop=stop, look=look)


def carry_out_share(order: Order, share: str, start_at: str | None) -> Result:
    """Be one generator of several that do not know of each other. OperatorError if the moment is past."""
    from loadgen.engine import Stop
    from loadgen.measure import measure
    from loadgen.schedule import parse_share

    begin_ns = None if start_at is None else _moment_ns(start_at)

    def begin() -> int:
        assert begin_ns is not None
        return time.perf_counter_ns() + begin_ns - time.time_ns()

    stop = Stop()
    with ctrl_c_means(stop):
        return measure(order, stop=stop, share=parse_share(share), begin=None if begin_ns is None else begin)


def _moment_ns(text: str) -> int:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise OperatorError("not a moment", key="--start-at", value=text, remedy="Write 2026-11-24T08:00:00Z")
    if moment.timestamp() < time.time():
        raise OperatorError("is past", key="--start-at", value=text, remedy="Leave time to draw what is asked")
    return int(moment.timestamp() * 1e9)


def _exposed(order: Order, generators: int, port: int) -> Callable[[Tally], None]:
    """Serve metrics of the run; what is shown to the result stands there."""
    from loadgen.exposition import LoadCollector, serve

    labels = {
        "network": order.network,
        "workload": order.workload,
        "pacing": order.pacing.name,
        "transport": order.transport,
    }
    offered = len(order.pacing.due_ns(order.duration_s, order.seed))
    collector = LoadCollector(labels, offered, order.duration_s, generators)
    typer.echo(f"metrics of this load: http://127.0.0.1:{serve(collector, port)}/metrics", err=True)

    def look(tally: Tally) -> None:
        collector.tally = tally

    return look


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
    """What the generator is told of a network: name, whom to ask, the truth, metrics pages, tiers by address, sites of
    prefixes, how much faster its TTLs run.
    """

    name: str
    targets: tuple[Address, ...]
    truth: Truth
    pages: tuple[str, ...]
    tiers: dict[Address, str]
    sites: dict[bytes, Values]
    ttl_scale: float = 1.0
    registrar: Registrar | None = None


def running_network(
    file: Path | None, run_dir: Path | None, named: tuple[Address, ...], *, seed: int = 1, over: str = "udp"
) -> Known:
    """The network that runs. `named`: targets instead of the recursive nodes; `over`: the transport they are asked by.

    With a FILE and targets named, none needs to run here: it may run on another machine, and its pages stay unread, the
    keys in its HS_SITE records unknown.
    OperatorError if FILE is not the file that is up; Unreachable if no network runs.
    """
    from nodes import state
    from nodes.config import load_network
    from nodes.files import find_file

    chosen = state.choose_run_dir(run_dir)
    try:
        document = state.read_state(chosen)
    except Unreachable:
        if file is None or not named:
            raise
        plan = load_network(file)
        return Known(plan.name, named, truth_of_plan(plan, seed), (), tiers_of_plan(plan), {})
    up = Path(document["path"])
    if file is not None and find_file(file).resolve() != up.resolve():
        raise OperatorError(
            f"is not the file that is up in {chosen}, which is {up}",
            key="FILE",
            value=str(file),
            remedy="Leave FILE out, or `biaoshi network down` and bring this one up",
        )
    nodes = document["nodes"]
    door = "http" if over == "http" else "address"
    recursive = [node for node in nodes if node["tier"] == "recursive"]
    targets = named or tuple(parse_target(node[door]) for node in recursive if node.get(door))
    if recursive and not targets:
        remedy = "Take udp or tcp, or give the file doors.http a port"
        raise OperatorError("the recursive nodes have no HTTP door", key="--transport", value=over, remedy=remedy)
    if not targets:
        raise OperatorError("the network has no recursive node to ask", file=str(up), remedy="Name one by --target")
    pages = tuple(dict.fromkeys(node["metrics"] for node in nodes if node["metrics"]))
    tiers = {parse_target(node[key]): node["tier"] for node in nodes for key in ("address", "http") if node.get(key)}
    plan = load_network(up, second_octet=document.get("second_octet"), keys=state.keys_folder(chosen))
    sites, ttl_scale = sites_of_plan(plan), float(document.get("time_scale", 1.0))
    registrar = registrar_of(plan, state.keys_folder(chosen))
    return Known(document["network"], targets, truth_of_plan(plan, seed), pages, tiers, sites, ttl_scale, registrar)


def registrar_of(plan: NetworkPlan, folder: Path) -> Registrar | None:
    """Who registers in a load: the administrator of the first enterprise whose site is one server and who has a key."""
    from loadgen.workloads.registering import Registrar
    from nodes.keyring import administrator_key
    from resolver.model.identifier import prefix_handle
    from resolver.model.value import Reference
    from resolver.rules.keys import private_pem

    holders = Counter(prefix for node in plan.nodes for prefix in node.prefixes)
    for node in plan.nodes:
        prefix = next((prefix for prefix in node.prefixes if holders[prefix] == 1), None)
        key = administrator_key(folder, prefix) if node.tier == "enterprise" and prefix else None
        if key is not None and prefix:
            user = Reference(prefix_handle(prefix), KEY_INDEX)
            return Registrar((node.ip, node.port), prefix, user, private_pem(key))
    return None


def known_of_plan(plan: NetworkPlan, targets: tuple[Address, ...], seed: int, pages: tuple[str, ...] = ()) -> Known:
    """What a network file tells of itself: in virtual time, all there is to know."""
    truth, tiers, sites = truth_of_plan(plan, seed), tiers_of_plan(plan), sites_of_plan(plan)
    return Known(plan.name, targets, truth, pages, tiers, sites, plan.time_scale)


def truth_of_plan(plan: NetworkPlan, seed: int) -> Truth:
    """All that the network's nodes answer about items: what its catalogues say, and its population."""
    from loadgen.truth import truth_from
    from nodes.config import truth_of

    return truth_from(tuple(truth_of(plan)), plan.population, seed)


def tiers_of_plan(plan: NetworkPlan) -> dict[Address, str]:
    """The tier of every address."""
    return {(node.ip, port): node.tier for node in plan.nodes for port in (node.port, *node.extra_ports)}


def sites_of_plan(plan: NetworkPlan) -> dict[bytes, Values]:
    """What a recursive node says of each prefix when asked for its HS_SITE, by the folded prefix."""
    from resolver.model.identifier import PREFIX_HANDLE_LEAD

    return {
        handle.removeprefix(PREFIX_HANDLE_LEAD).upper(): tuple(
            value for value in values if value.type == b"HS_SITE" and value.public_read
        )
        for node in plan.nodes
        for handle, values in node.delegations
    }


def sites_in(sites: dict[bytes, Values]) -> Iterator[Site]:
    """The sites that HS_SITE values hold."""
    from resolver.wire.types import hs_site

    for values in sites.values():
        for value in values:
            yield hs_site.decode(value.data)


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
    refuse_foreign_hosts([host for host, _ in targets], operated)
    if not rate_given and not all(ip_address(host).is_loopback for host, _ in targets):
        raise OperatorError(
            "another machine is loaded only at a rate you chose", key="--rate", remedy="Say --rate or --pacing"
        )


def numeric(host: str, key: str) -> str:
    """The host as an address: names are looked up once, and what is asked is what was judged."""
    import socket

    try:
        found: str = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0][4][0]  # type: ignore[assignment]
    except (OSError, UnicodeError):
        raise OperatorError("no such host", key=key, value=host, remedy="Write an address and a port") from None
    return found


def refuse_foreign_hosts(hosts: list[str], operated: frozenset[str], *, key: str = "--target") -> None:
    """OperatorError about the first host that is neither this machine nor answered for."""
    for host in hosts:
        if not ip_address(host).is_loopback and host not in operated:
            raise OperatorError(
                "is not on this machine",
                key=key,
                value=host,
                remedy=f"Say --i-operate {host} if you do, and never otherwise",
            )


def seconds(option: str, text: str | None, most: float) -> float | None:
    """`30s`, `500ms`, `2m`, `1h`, or plain seconds; above 0. None stays. OperatorError for anything else."""
    from loadgen.settings import Table

    return None if text is None else Table({option: text}).seconds(option, None, most)


def _timing(rate: str | None, pacing: str | None, replay: Path | None, speed: float) -> Timing | None:
    from loadgen.pacing import constant, parse_pacing, parse_rate
    from loadgen.workloads.replay import read_log

    given = {"--rate": rate, "--pacing": pacing, "--replay": replay}
    said = [option for option, value in given.items() if value is not None]
    if len(said) > 1:
        remedy = f"Leave {said[0]} or {said[1]} out"
        raise OperatorError(f"{said[0]} says when already", key=said[1], value=str(given[said[1]]), remedy=remedy)
    if replay is not None:
        return read_log(replay, speed)
    if pacing is not None:
        return parse_pacing(pacing)
    return None if rate is None else constant(parse_rate(rate))


def _popularity(zipf: float | None, popularity: Popularity | None) -> Popularity | None:
    from loadgen.popularity import Popularity

    return popularity if zipf is None else replace(popularity or Popularity(), zipf=zipf)


def _peak_factor(factor: float | None) -> float | None:
    if factor is not None and not (math.isfinite(factor) and factor >= 1):
        raise OperatorError(
            "a peak is no lower than the mean", key="--peak-factor", value=factor, remedy="Give 1 or more"
        )
    return factor


def _one_of(option: str, value: str | None, known: Iterable[str]) -> str | None:
    from loadgen.settings import Table

    return None if value is None else Table({option: value}).choice(option, None, known)


T = TypeVar("T")


def _first(said: T | None, otherwise: T) -> T:
    return otherwise if said is None else said


@contextmanager
def ctrl_c_means(stop: Stop) -> Iterator[None]:
    """The first Ctrl-C asks for an end, a second one is KeyboardInterrupt."""

    def interrupted(_signal: int, _frame: object) -> None:
        if stop.requested:
            raise KeyboardInterrupt
        stop.requested = True

    before = signal.signal(signal.SIGINT, interrupted)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
