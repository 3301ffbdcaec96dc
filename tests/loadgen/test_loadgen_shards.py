"""Several generators: the same requests as one, a common start, live counts, and ends of every kind."""

from __future__ import annotations

import pickle
import select
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import msgpack
import numpy as np
import pytest
from scripted_responder import ScriptedResponder, VirtualTime
from test_loadgen_engine import Script, promptly

from loadgen.engine import Stop, run
from loadgen.live import Tally, quantile_ms, together, unpacked
from loadgen.measure import Order, measure, plan_for
from loadgen.pacing import parse_pacing
from loadgen.popularity import Hot, Popularity, Shots
from loadgen.rendezvous import Conductor, Generator
from loadgen.report import figures_of
from loadgen.results import RECORD, Result
from loadgen.schedule import Share
from loadgen.shards import Crew, crew_for, measure_together, one_run
from loadgen.tiers import Scrape
from loadgen.truth import Stored, truth_from
from resolver.errors import OperatorError, Unreachable
from resolver.model.population import Population
from resolver.model.value import Value

ITEMS = [(b"88.1/%d" % number, (Value(1, b"URL", b"%d" % number),)) for number in range(50)]
SAME = [name for name in RECORD.names or () if name not in ("sent", "received", "ready")]
MIXED = Popularity(misses=0.1, one_hit=0.1, hot=Hot(0.2, 5, 0.2), shots=Shots(0.2, 5.0, 1.0))


def order_for(address: tuple[str, int], **more: object) -> Order:
    said: dict[str, object] = {"pacing": parse_pacing("poisson:2000"), "duration_s": 0.5, "seed": 3, "timeout_s": 10.0}
    return Order("test", (address,), Stored(ITEMS, 1), (), **(said | more))  # type: ignore[arg-type]


@contextmanager
def answering(script: Script = promptly) -> Iterator[ScriptedResponder]:
    """A responder at work in a thread."""
    responder, ended = ScriptedResponder(dict(ITEMS), script), threading.Event()

    def work() -> None:
        while not ended.is_set():
            select.select([responder.socket], (), (), 0.05)
            responder.work(0)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield responder
    finally:
        ended.set()
        thread.join()
        responder.close()


@pytest.mark.parametrize(
    ("pacing", "popularity"),
    [
        pytest.param("poisson:400", Popularity(), id="plain"),
        pytest.param("day:400,scale=100000,arrivals=random", MIXED, id="a day of mixed names", marks=pytest.mark.long),
    ],
)
def test_sixteen_shares_together_are_one_run_of_the_same_seed(pacing: str, popularity: Popularity) -> None:
    responder = ScriptedResponder(dict(ITEMS), promptly)
    order = order_for(responder.address, pacing=parse_pacing(pacing), popularity=popularity)
    try:
        runs = []
        for share in (Share(), *(Share(index, 16) for index in range(16))):
            clock = VirtualTime(responder)
            runs.append(run(plan_for(order, share), clock=clock, watch=clock.watch))
    finally:
        responder.close()
    alone, shared = runs[0].records, one_run(runs[1:]).records
    assert len(alone) > 150
    for name in SAME:
        assert np.array_equal(alone[name], shared[name]), name
    assert np.array_equal(alone["ready"], shared["ready"])


def test_of_many_targets_and_identifiers_every_share_asks_what_the_whole_asks() -> None:
    population = Population(15_000_000_000, b"test", ((b"88.1.1", 15_000_000_000),))
    targets = tuple((f"127.0.0.{number}", 2641) for number in range(1, 21))
    order = Order("test", targets, truth_from([], population, 1), (), parse_pacing("constant:3500"), 1.0)
    whole, parts = plan_for(order), [plan_for(order, Share(index, 7)) for index in range(7)]
    by_number = np.argsort(np.concatenate([part.numbers for part in parts]))
    for name in ("numbers", "due_ns", "ranks", "choice"):
        assert np.array_equal(np.concatenate([getattr(part, name) for part in parts])[by_number], getattr(whole, name))
    asked = [bytes(parts[2].questions.request(slot)[44:]) for slot in range(20)]
    assert asked == [bytes(whole.questions.request(2 + 7 * slot)[44:]) for slot in range(20)]


def test_a_crew_measures_what_one_generator_measures() -> None:
    with answering() as responder:
        order = order_for(responder.address, warm_up_s=0.1)
        seen: list[Tally] = []
        with ThreadPoolExecutor(3) as executor:
            together_result = measure_together(order, Crew(executor, 3), look=seen.append)
        alone = measure(order)
    for name in SAME:
        assert np.array_equal(together_result.records[name], alone.records[name]), name
    assert together_result.header["generators"] == 3
    assert together_result.header["warm_up"]["sent"] == alone.header["warm_up"]["sent"] > 50
    different = {"started", "started_wall_ns", "running_s", "cpu_s", "generators", "warm_up", "share"}
    for key in set(alone.header) - different:
        assert together_result.header[key] == alone.header[key], key
    assert set(alone.header) == set(together_result.header)
    figures = figures_of(together_result)
    assert (figures.answered, figures.wrong) == (len(alone.records), 0)
    assert seen[-1].sent <= len(alone.records)


@pytest.mark.parametrize("generators", [1, 2])
def test_tiers_of_warm_up_and_run_are_together_what_was_counted_from_outside(
    generators: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def counted(received: int) -> Scrape:
        return Scrape(Counter(recursive=received), Counter(recursive=received), Counter(), {})

    scrapes = iter([counted(7), counted(40), counted(140)])
    for module in ("loadgen.measure", "loadgen.shards"):
        monkeypatch.setattr(f"{module}.scrape", lambda pages: next(scrapes))
    with answering() as responder, ThreadPoolExecutor(2) as executor:
        order = replace(order_for(responder.address, duration_s=0.1, warm_up_s=0.1), pages=("page",))
        result = measure(order) if generators == 1 else measure_together(order, Crew(executor, 2))
    assert result.header["warm_up"]["tiers"] == {"recursive": {"received": 33, "answered": 33}}
    assert result.header["tiers"] == {"recursive": {"received": 100, "answered": 100}}


def test_generators_begin_at_the_same_moment() -> None:
    with answering() as responder, ThreadPoolExecutor(4) as executor:
        result = measure_together(order_for(responder.address, pacing=parse_pacing("constant:400")), Crew(executor, 4))
    moments = result.records["received"]
    assert (np.diff(result.records["due"]) > 0).all()
    assert (moments > result.records["due"]).all()
    assert np.array_equal(np.unique(result.records["number"] % 4), np.arange(4))


def test_a_wish_to_stop_reaches_every_generator_and_what_was_done_is_kept() -> None:
    stop = Stop()

    def script(number: int, right: bytes) -> list[tuple[int, bytes]]:
        stop.requested = number >= 50
        return [(0, right)]

    with answering(script) as responder, ThreadPoolExecutor(2) as executor:
        order = order_for(responder.address, pacing=parse_pacing("constant:500"), duration_s=600.0)
        result = measure_together(order, Crew(executor, 2), stop=stop)
    assert result.header["interrupted"]
    assert 50 <= len(result.records) < 5_000
    assert result.header["duration_s"] < 60


def test_a_generator_that_fails_ends_the_run_with_its_reason() -> None:
    with answering() as responder, ThreadPoolExecutor(2) as executor:
        order = order_for(responder.address, workload="prefix-then-direct", duration_s=600.0)
        with pytest.raises(OperatorError, match="HS_SITE"):
            measure_together(order, Crew(executor, 2))


def test_an_executor_that_runs_too_few_at_once_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loadgen.shards.READY_S", 1.0)
    few = pytest.raises(OperatorError, match=r"[01] of 2 generators came")
    with answering() as responder, ThreadPoolExecutor(1) as executor, few as refused:
        measure_together(order_for(responder.address), Crew(executor, 2))
    assert refused.value.key == "--executor"


def test_nobody_there_is_noticed_by_all() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        address = free.getsockname()
    with ThreadPoolExecutor(2) as executor, pytest.raises(Unreachable, match="no answer from"):
        measure_together(order_for(address, duration_s=0.1, timeout_s=0.1), Crew(executor, 2))


def test_processes_of_this_machine_are_a_crew() -> None:
    with answering() as responder, crew_for("local:2") as crew:
        assert crew.generators == 2
        result = measure_together(order_for(responder.address), crew)
    with answering() as responder:
        alone = measure(order_for(responder.address))
    for name in SAME:
        assert np.array_equal(result.records[name], alone.records[name]), name


def test_a_dask_cluster_of_two_workers_gives_the_same_records() -> None:
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1", silence_logs=50
        ) as cluster,
        answering() as responder,
    ):
        with crew_for(cluster.scheduler_address.replace("tcp://", "dask://")) as crew:
            assert crew.generators == 2
            result = measure_together(order_for(responder.address), crew)
        alone = measure(order_for(responder.address))
    for name in SAME:
        assert np.array_equal(result.records[name], alone.records[name]), name


@pytest.mark.parametrize("text", ["", "local:", "local:0", "local:65", "local:x", "remote", "dask://", "dask://host"])
def test_what_is_no_executor_is_refused(text: str) -> None:
    with pytest.raises(OperatorError) as refused, crew_for(text):
        pass
    assert refused.value.key == "--executor"


def test_strangers_and_nonsense_are_turned_away_and_disturb_nobody() -> None:
    conductor = Conductor(1)
    try:
        knocking = []
        for octets in (b"", b"GET / HTTP/1.1\r\n\r\n", msgpack.packb({"secret": b"guess", "share": 0}), b"\xc1" * 50):
            link = socket.create_connection(conductor.address)
            link.sendall(octets)
            knocking.append(link)
        welcome = Generator(conductor.address, conductor.secret, 0)
        waiting = threading.Thread(target=welcome.begin, args=(0,))
        waiting.start()
        while not conductor.ready(0):
            conductor.listen(0.01)
        assert conductor.ready(0) == len(conductor.tallies()) == 1
        conductor.begin(0)
        waiting.join()
        for link in (*knocking, welcome):
            link.close()  # type: ignore[attr-defined]
    finally:
        conductor.close()


def test_a_generator_whose_conductor_is_gone_stops() -> None:
    conductor = Conductor(1)
    generator = Generator(conductor.address, conductor.secret, 0)
    conductor.close()
    for _ in range(3):
        generator.tell(Tally())
    assert generator.stop.requested
    generator.close()
    with pytest.raises(Unreachable):
        Generator(conductor.address, conductor.secret, 0)


def test_tallies_add_up_and_their_quantiles_are_at_most_a_bucket_off() -> None:
    with answering() as responder:
        order, seen = order_for(responder.address), []

        class Watch:
            def __init__(self) -> None:
                from loadgen.live import Observer

                self.tick = Observer(seen.append).tick

        done = run(plan_for(order), observer=Watch())
    tally = unpacked(msgpack.unpackb(msgpack.packb(seen[-1].packed()), strict_map_key=False))
    records = done.records
    assert (tally.sent, tally.answered) == (len(records), len(records))
    assert tally.codes == {1: len(records)}
    assert tally.verdicts.tolist() == [0, len(records), 0, 0]
    latency_ms = (records["received"] - records["due"]) / 1e6
    for quantile in (0.5, 0.9, 0.99):
        exact = np.quantile(latency_ms, quantile, method="inverted_cdf")
        assert exact <= quantile_ms(tally.latency, quantile) <= exact * 1.1
    twice = together([tally, tally])
    assert (twice.sent, twice.answered, twice.codes) == (2 * tally.sent, 2 * tally.answered, {1: 2 * len(records)})
    assert quantile_ms(twice.latency, 0.5) == quantile_ms(tally.latency, 0.5)
    assert quantile_ms(Tally().latency, 0.5) is None


def test_a_result_survives_its_way_between_processes() -> None:
    with answering() as responder:
        result = measure(order_for(responder.address))
        assert pickle.loads(pickle.dumps(order_for(responder.address))).seed == 3
    again: Result = pickle.loads(pickle.dumps(result))
    assert np.array_equal(again.records, result.records)
    assert time.time() - again.header["started_wall_ns"] / 1e9 < 60
