"""Prefix, then direct: two requests of one resolution, the second where the first one's answer says."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from made_results import HEADER
from scripted_responder import ScriptedResponder, ScriptedStreams, VirtualTime, with_code
from test_loadgen_engine import TIMEOUT_NS

from loadgen.comparison import Comparison
from loadgen.engine import Plan, Run, run
from loadgen.pacing import constant
from loadgen.popularity import Zipf
from loadgen.report import figures_of
from loadgen.results import Result, Verdict
from loadgen.schedule import schedule
from loadgen.truth import Stored
from loadgen.workloads.direct import PrefixThenDirect
from resolver.errors import OperatorError
from resolver.model.site import Interface, Server, Site, address_octets
from resolver.model.value import Value
from resolver.wire.types import hs_site

MS = 1_000_000
ITEMS = {b"88.1.%d/%d" % (number % 2, number): (Value(1, b"URL", b"%d" % number),) for number in range(20)}
BOTH = (ScriptedResponder, ScriptedStreams)


def site_at(port: int) -> tuple[Value, ...]:
    """What is said of a prefix whose enterprise node listens on this port, UDP and TCP."""
    interfaces = (Interface(3, 0, port), Interface(3, 1, port))
    return (Value(1, b"HS_SITE", hs_site.encode(Site((Server(1, address_octets("127.0.0.1"), interfaces),)))),)


class Network:
    """A recursive node that knows two prefixes, and their two enterprise nodes."""

    def __init__(self, transport: str, script: object = None) -> None:
        made = ScriptedStreams if transport == "tcp" else ScriptedResponder
        more = () if transport == "tcp" else (script or (lambda _, right: [(0, right)]),)
        self.enterprises = [made(ITEMS, *more), made(ITEMS, *more)]
        self.sites = {b"88.1.%d" % number: site_at(each.address[1]) for number, each in enumerate(self.enterprises)}
        self.recursive = made(self.sites | ITEMS, *more)
        self.transport = transport

    def plan(self, share: float = 1.0) -> Plan:
        truth = Stored(list(ITEMS.items()), seed=1)
        times = schedule(constant(500), 0.4, 1, seed=1)
        ranks = Zipf(truth.size).draw(times.numbers, seed=1)
        directly = np.arange(len(ranks)) < share * len(ranks)
        questions = PrefixThenDirect(
            truth.identifiers(ranks), ranks, Comparison(truth.values, 1), 1,
            directly=directly, sites=self.sites, transport=self.transport,
        )  # fmt: skip
        tiers = {self.recursive.address: "recursive"} | {each.address: "enterprise" for each in self.enterprises}
        return Plan(
            times.due_ns, times.numbers, ranks, times.choice, questions, (self.recursive.address,), TIMEOUT_NS,
            transport=self.transport, leads_on=True, tiers=tiers,
        )  # fmt: skip

    def run(self, plan: Plan) -> Run:
        time = VirtualTime(self.recursive, *self.enterprises)
        return run(plan, clock=time, watch=time.watch)

    def close(self) -> None:
        for each in (self.recursive, *self.enterprises):
            each.close()


@pytest.fixture(params=["udp", "tcp"])
def network(request: pytest.FixtureRequest) -> Iterator[Network]:
    made = Network(request.param)
    yield made
    made.close()


def test_the_prefix_is_asked_for_then_the_enterprise_node_itself(network: Network) -> None:
    done = network.run(network.plan())
    assert len(done.records) == 400
    first, second = done.records[::2], done.records[1::2]
    assert (done.records["verdict"] == Verdict.RIGHT).all()
    assert {request.body.handle for request in network.recursive.requests} == {b"88.1.0", b"88.1.1"}  # type: ignore[union-attr]
    assert {request.body.types for request in network.recursive.requests} == {(b"HS_SITE",)}  # type: ignore[union-attr]
    for number, enterprise in enumerate(network.enterprises):
        assert enterprise.requests
        assert all(request.body.handle.startswith(b"88.1.%d/" % number) for request in enterprise.requests)  # type: ignore[union-attr]
    assert np.array_equal(first["number"], np.arange(200))
    assert np.array_equal(second["number"], first["number"])
    assert np.array_equal(second["due"], first["due"])
    assert (second["ready"] == first["received"]).all()
    assert (second["sent"] >= second["ready"]).all()
    assert (first["last"] == 0).all()
    assert (second["last"] == 1).all()
    assert (first["tier"] == 5).all()
    assert (second["tier"] == 4).all()
    assert set(done.targets) == {network.recursive.address, *(each.address for each in network.enterprises)}


def test_a_resolution_of_two_requests_is_one_resolution_from_the_first_due_moment_to_the_last_answer() -> None:
    network = Network("udp", lambda _, right: [(10 * MS, right)])
    try:
        done = network.run(network.plan())
    finally:
        network.close()
    targets = [f"{host}:{port}" for host, port in done.targets]
    figures = figures_of(Result({**HEADER, "targets": targets, "duration_s": 0.4}, done.records))
    assert (figures.sent, figures.answered, figures.resolutions, figures.good) == (400, 400, 200, 200)
    assert figures.offered_per_s == 500
    assert figures.per_day == 43_200_000
    assert figures.latency_ms["p50"] > 20
    assert figures.service_ms["p50"] < 15
    assert figures.lateness_us["p50"] < 5_000


def test_a_part_of_the_clients_can_go_that_way(network: Network) -> None:
    done = network.run(network.plan(share=0.25))
    assert len(done.records) == 250
    assert (done.records["verdict"] == Verdict.RIGHT).all()
    assert done.records["last"].sum() == 200


@pytest.mark.parametrize(
    ("spoil", "verdict"),
    [
        (lambda right: right[:-20] + b"\x00" + right[-19:], Verdict.WRONG),
        (lambda right: with_code(right, 301), Verdict.REFUSED),
        (lambda right: with_code(right, 100), Verdict.WRONG),
    ],
)
def test_only_a_right_answer_about_the_prefix_is_followed(spoil: object, verdict: Verdict) -> None:
    network = Network("udp", lambda number, right: [(0, spoil(right) if number % 4 == 0 else right)])  # type: ignore[operator]
    for each in network.enterprises:
        each._script = lambda _, right: [(0, right)]  # type: ignore[union-attr]
    try:
        done = network.run(network.plan())
    finally:
        network.close()
    assert len(done.records) == 350
    assert (done.records["verdict"] == verdict).sum() == 50
    ended = done.records["verdict"] == verdict
    assert (done.records["last"][ended] == 1).all()
    assert done.records["last"].sum() == 200


def test_an_answer_about_the_prefix_that_comes_too_late_is_not_followed() -> None:
    network = Network("udp", lambda number, right: [(2 * TIMEOUT_NS if number % 4 == 0 else 0, right)])
    for each in network.enterprises:
        each._script = lambda _, right: [(0, right)]  # type: ignore[union-attr]
    try:
        done = network.run(network.plan())
    finally:
        network.close()
    assert len(done.records) == 350


def test_a_site_that_cannot_be_sent_to_is_a_resolution_that_did_not_end() -> None:
    network = Network("udp")
    plan = network.plan()
    plan.questions.follow = lambda *_: ("fe80::1", 2641)  # type: ignore[method-assign]
    try:
        done = network.run(plan)
    finally:
        network.close()
    assert len(done.records) == 400
    assert (done.records["sent"][1::2] == -1).all()


def test_without_a_site_of_the_prefix_it_is_refused() -> None:
    truth = Stored(list(ITEMS.items()), seed=1)
    with pytest.raises(OperatorError, match=r"88\.1\."):
        PrefixThenDirect(
            truth.identifiers(np.arange(5)), np.arange(5), Comparison(truth.values, 1), 1,
            directly=np.ones(5, bool), sites={}, transport="udp",
        )  # fmt: skip
