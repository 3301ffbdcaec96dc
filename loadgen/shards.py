"""One run by several generators: on the cores of this machine, or on the machines of an existing engine.

    Order --> executor: generator 0 of n, 1 of n, …    each draws its share of the one schedule (schedule.py)
                 | rendezvous: all ready --> scrape --> begin together --> tallies … --> scrape
                 '--> records --> one Result, as if one generator had sent it all

The executor is any concurrent.futures.Executor that runs all generators at the same time:

    local:4             processes of this machine; `local` alone takes one for each core
    dask://HOST:PORT    the workers of a Dask cluster, one generator for each of their threads; biaoshi is installed
                        there, and their way back to this machine is open
"""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing import get_context
from typing import Any

from loadgen.engine import Run, Stop, run
from loadgen.live import Observer, Tally, together
from loadgen.measure import Order, counted, header_of, plan_for, refuse_silence, warm_up_of
from loadgen.rendezvous import Conductor, Generator
from loadgen.results import Result, joined
from loadgen.schedule import WHOLE, Share
from loadgen.slo import parse_slo
from loadgen.tiers import scrape
from resolver.errors import OperatorError, Unreachable

GENERATORS_MAX = 64
READY_S = 60.0  # for coming up, and …
READY_S_PER_REQUEST = 50e-6  # … for drawing what to ask
LISTEN_S = 0.1
DASK = "dask://"
WARM_UP, MEASUREMENT = 0, 1  # phases


@dataclass(frozen=True, slots=True)
class Crew:
    """An executor that runs `generators` of them at the same time; they find this machine at `host`."""

    executor: Executor
    generators: int
    host: str = "127.0.0.1"


Look = Callable[[Tally], None]


def measure_together(order: Order, crew: Crew, *, stop: Stop | None = None, look: Look | None = None) -> Result:
    """Carry out an order by a crew. `look` is shown the tally several times a second.

    OperatorError if the order is impossible or the executor does not run all generators at once; Unreachable if no
    target answers anything, or a metrics page is silent at the start.
    """
    parse_slo(order.slo)
    stop = stop or Stop()
    conductor = Conductor(crew.generators, crew.host)
    parts: list[Future[tuple[Run, Run | None]]] = []
    try:
        for index in range(crew.generators):
            share = Share(index, crew.generators)
            parts.append(crew.executor.submit(carry_share, order, share, conductor.address, conductor.secret))
        requests = len(order.pacing.due_ns(order.duration_s, order.seed))
        patience_s = READY_S + requests * READY_S_PER_REQUEST
        first = None
        if order.warm_up_s:
            _wait(conductor, WARM_UP, parts, stop, patience_s)
            first = scrape(order.pages)
            conductor.begin(WARM_UP)
            patience_s += order.warm_up_s + order.timeout_s
        _wait(conductor, MEASUREMENT, parts, stop, patience_s)
        before = scrape(order.pages)
        conductor.begin(MEASUREMENT)
        told = False
        while not all(part.done() for part in parts):
            conductor.listen(LISTEN_S)
            _refuse_failure(parts)
            if stop.requested and not told:
                conductor.stop()
                told = True
            if look:
                look(together(conductor.tallies()))
        done = [part.result() for part in parts]
    except BrokenProcessPool as error:
        raise OperatorError("a generator process was killed", key="--executor", remedy="See to its memory") from error
    except BaseException:
        conductor.stop()
        for part in parts:
            part.cancel()
        raise
    finally:
        conductor.close()
    runs = [each for each, _ in done]
    whole = replace(one_run(runs), interrupted=stop.requested or any(each.interrupted for each in runs))
    refuse_silence(order, whole)
    warm_ups = [each for _, each in done if each is not None]
    header = header_of(order, whole) | {
        "generators": crew.generators,
        "share": WHOLE.name,
        "warm_up": warm_up_of(order, one_run(warm_ups) if warm_ups else None, first, before),
    }
    return Result(header | counted(order, before), whole.records)


def carry_share(order: Order, share: Share, address: tuple[str, int], secret: bytes) -> tuple[Run, Run | None]:
    """A generator's part: (the run, the warm-up). Called where the executor runs it."""
    generator = Generator(address, secret, share.index)
    try:
        warm_up = None
        if order.warm_up_s:
            plan = plan_for(order, share, before=True)
            warm_up = run(plan, stop=generator.stop, begin=lambda: generator.begin(WARM_UP))
        plan = plan_for(order, share)
        observer = Observer(generator.tell)
        done = run(plan, stop=generator.stop, observer=observer, begin=lambda: generator.begin(MEASUREMENT))
        return done, warm_up
    finally:
        generator.close()


def one_run(runs: Sequence[Run]) -> Run:
    """The run that several generators made together."""
    records, targets = joined([(each.records, each.targets) for each in runs])
    return Run(
        records=records,
        targets=tuple(targets),
        wall_ns=min(each.wall_ns for each in runs),
        elapsed_ns=max(each.elapsed_ns for each in runs),
        running_s=max(each.running_s for each in runs),
        cpu_s=sum(each.cpu_s for each in runs),
        strays=sum(each.strays for each in runs),
        duplicates=sum(each.duplicates for each in runs),
        refused=sum(each.refused for each in runs),
        own_drops=sum(each.own_drops for each in runs),
        interrupted=any(each.interrupted for each in runs),
        silent=all(each.silent for each in runs),
        compiled=all(each.compiled for each in runs),
    )


def _wait(conductor: Conductor, phase: int, parts: Sequence[Future[Any]], stop: Stop, patience_s: float) -> None:
    """Until all have come as far as this phase."""
    end = time.monotonic() + patience_s
    while (come := conductor.ready(phase)) < len(parts):
        conductor.listen(LISTEN_S)
        _refuse_failure(parts)
        if stop.requested:
            raise KeyboardInterrupt
        if time.monotonic() > end:
            raise OperatorError(
                f"{come} of {len(parts)} generators came within {patience_s:.0f} s",
                key="--executor",
                value=len(parts),
                remedy="Take no more of them than run at the same time, or a shorter run",
            )


def _refuse_failure(parts: Sequence[Future[Any]]) -> None:
    """Raise what a generator failed with."""
    for part in parts:
        if part.done() and not part.cancelled():
            failure = part.exception()
            if failure is not None:
                raise failure


@contextmanager
def crew_for(text: str) -> Iterator[Crew]:
    """The crew of `local`, `local:4` or `dask://HOST:PORT`. OperatorError for anything else, or if it is not there."""
    name, _, number = text.partition(":")
    if text.startswith(DASK):
        yield from _dask(text)
        return
    generators = os.cpu_count() or 1 if text == "local" else int(number) if number.isdecimal() else 0
    if name != "local" or not 0 < generators <= GENERATORS_MAX:
        raise OperatorError(
            "not an executor",
            key="--executor",
            value=text,
            remedy=f"Write local, local:2 (up to {GENERATORS_MAX}) or {DASK}HOST:PORT",
        )
    # Not forked: a fork copies whatever threads and locks this process has.
    with ProcessPoolExecutor(generators, get_context("spawn"), _leave_ctrl_c_to_the_conductor) as executor:
        yield Crew(executor, generators)


def _leave_ctrl_c_to_the_conductor() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _dask(text: str) -> Iterator[Crew]:
    try:
        from distributed import Client
    except ImportError:
        raise OperatorError(
            "Dask is not installed", key="--executor", value=text, remedy="pip install 'biaoshi[dask]'"
        ) from None
    host, _, port = text.removeprefix(DASK).rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65_536:
        raise OperatorError("not an address", key="--executor", value=text, remedy=f"Write {DASK}HOST:PORT")
    try:
        with socket.create_connection((host, int(port)), timeout=5) as way:
            ours = str(way.getsockname()[0])
        client = Client(f"tcp://{host}:{port}", timeout=10, set_as_default=False)
    except OSError as error:
        raise Unreachable(f"no Dask scheduler answers at {host}:{port}: {error}") from None
    with client:
        generators = sum(client.nthreads().values())
        if not generators:
            raise Unreachable(f"the Dask scheduler at {host}:{port} has no workers")
        with client.get_executor(pure=False, retries=0) as executor:
            yield Crew(executor, min(generators, GENERATORS_MAX), ours)
