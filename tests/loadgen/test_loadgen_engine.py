"""Runs against a scripted network: every request is accounted for, whatever becomes of it.

The script goes by request number, the clock is virtual, the sockets are real.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest
from scripted_responder import Script, ScriptedResponder, VirtualTime, with_code

from loadgen.comparison import Comparison
from loadgen.engine import KernelArrivals, Plan, Run, Stop, run
from loadgen.pacing import constant
from loadgen.popularity import Zipf
from loadgen.results import Verdict
from loadgen.schedule import schedule
from loadgen.truth import Stored
from loadgen.workloads.lookups import Lookups
from resolver.errors import OperatorError
from resolver.model.value import Value

MS = 1_000_000
TIMEOUT_NS = 200 * MS
LATE_NS = 300 * MS
SMALL = (Value(1, b"URL", b"https://example.org/a"),)
LARGE = (Value(1, b"DESC", bytes(range(256)) * 8),)  # five fragments


def promptly(_number: int, right: bytes) -> list[tuple[int, bytes]]:
    return [(0, right)]


@contextmanager
def network(script: Script = promptly, values: tuple[Value, ...] = SMALL) -> Iterator[ScriptedResponder]:
    responder = ScriptedResponder({b"88.1/%d" % number: values for number in range(20)}, script)
    try:
        yield responder
    finally:
        responder.close()


def plan_for(
    addresses: Sequence[tuple[str, int]], values: tuple[Value, ...] = SMALL, rate: float = 2000, seconds: float = 0.5
) -> Plan:
    truth = Stored([(b"88.1/%d" % number, values) for number in range(20)], seed=1)
    times = schedule(constant(rate), seconds, len(addresses), seed=1)
    ranks = Zipf(truth.size).draw(times.numbers, seed=1)
    questions = Lookups(truth.identifiers(ranks), ranks, Comparison(truth.values, 1_000), 1_000)
    return Plan(times.due_ns, times.numbers, ranks, times.choice, questions, tuple(addresses), TIMEOUT_NS)


def carry_out(responder: ScriptedResponder, plan: Plan, **more: object) -> Run:
    time = VirtualTime(responder)
    return run(plan, clock=time, watch=time.watch, **more)  # type: ignore[arg-type]


def in_time(done: Run) -> np.ndarray:
    records = done.records
    return (records["received"] >= 0) & (records["received"] - records["due"] <= TIMEOUT_NS)


def test_every_request_is_sent_when_it_is_due_and_answered_once() -> None:
    with network() as responder:
        done = carry_out(responder, plan_for([responder.address]))
    records = done.records
    assert len(records) == len(responder.requests) == 1000
    assert (records["verdict"] == Verdict.RIGHT).all()
    assert (records["sent"] >= records["due"]).all()
    assert (records["received"] > records["sent"]).all()
    assert (records["code"] == 1).all()
    assert (done.strays, done.duplicates, done.refused, done.own_drops) == (0, 0, 0, 0)
    assert not done.interrupted
    assert not done.silent


def test_drops_delays_errors_and_late_answers_add_up_to_what_was_sent() -> None:
    def script(number: int, right: bytes) -> list[tuple[int, bytes]]:
        if number % 10 == 3:
            return []
        if number % 10 == 4:
            return [(LATE_NS, right)]
        if number % 10 == 5:
            return [(50 * MS, right)]
        if number % 10 == 6:
            return [(0, with_code(right, 301))]
        return [(0, right)]

    with network(script) as responder:
        done = carry_out(responder, plan_for([responder.address]))
    records, answered = done.records, in_time(done)
    assert len(records) == len(responder.requests) == 1000
    assert answered.sum() == 800
    assert (records["received"] < 0).sum() == 100
    assert ((records["received"] >= 0) & ~answered).sum() == 100
    assert (records["verdict"] == Verdict.REFUSED).sum() == (records["code"] == 301).sum() == 100
    assert (records["received"] - records["due"] >= 50 * MS).sum() == 200
    dropped = np.array([number % 10 == 3 for number in range(1000)])
    assert np.array_equal(records["received"] < 0, dropped)


def test_every_corrupt_answer_is_found_and_no_other() -> None:
    def corrupt(number: int, right: bytes) -> list[tuple[int, bytes]]:
        if number % 7:
            return [(0, right)]
        position = 44 + 4 + number % 5 if number % 2 else len(right) - 9  # a letter of the handle, or of the data
        return [(0, right[:position] + bytes([right[position] ^ 1]) + right[position + 1 :])]

    with network(corrupt) as responder:
        done = carry_out(responder, plan_for([responder.address]))
    expected = np.array([number % 7 == 0 for number in range(1000)])
    assert np.array_equal(done.records["verdict"] == Verdict.WRONG, expected)
    assert np.array_equal(done.records["verdict"] == Verdict.RIGHT, ~expected)


def test_an_answer_in_fragments_is_put_together_and_compared_whole() -> None:
    def script(number: int, right: bytes) -> list[tuple[int, bytes]]:
        return [(0, right if number % 4 else right[:-20] + b"x" + right[-19:])]

    with network(script, LARGE) as responder:
        done = carry_out(responder, plan_for([responder.address], LARGE, rate=500))
    expected = np.array([number % 4 == 0 for number in range(250)])
    assert np.array_equal(done.records["verdict"] == Verdict.WRONG, expected)
    assert np.array_equal(done.records["verdict"] == Verdict.RIGHT, ~expected)
    assert (done.records["octets"] > 2048).all()


def test_a_lost_fragment_is_a_lost_answer() -> None:
    with network(values=LARGE) as responder:
        kept = responder.socket

        class LosesTheThird:
            sent = 0

            def sendto(self, packet: bytes, client: tuple[str, int]) -> None:
                self.sent += 1
                if self.sent % 5 != 3:
                    kept.sendto(packet, client)

            def __getattr__(self, name: str) -> object:
                return getattr(kept, name)

        responder.socket = LosesTheThird()  # type: ignore[assignment]
        done = carry_out(responder, plan_for([responder.address], LARGE, rate=100))
    assert (done.records["received"] < 0).all()
    assert done.silent


def test_second_answers_and_answers_to_nothing_are_counted_apart() -> None:
    def script(number: int, right: bytes) -> list[tuple[int, bytes]]:
        if number % 10 == 0:
            return [(0, right), (0, right)]
        if number % 10 == 1:
            return [(0, right), (0, right[:8] + b"\xff\xff\xff\xff" + right[12:])]
        if number % 10 == 2:
            return [(0, right), (0, b"noise")]
        return [(0, right)]

    with network(script) as responder:
        done = carry_out(responder, plan_for([responder.address]))
    assert (done.records["verdict"] == Verdict.RIGHT).all()
    assert (done.duplicates, done.strays) == (100, 200)


def test_request_ids_are_unique_and_begin_where_nobody_can_guess() -> None:
    begun = set()
    for _ in range(2):
        with network() as responder:
            carry_out(responder, plan_for([responder.address], seconds=0.1))
        ids = [request.envelope.request_id for request in responder.requests]
        assert len(set(ids)) == len(ids) == 200
        assert all(0 < number < 2**31 for number in ids)
        begun.add(ids[0])
    assert len(begun) == 2


def test_targets_are_asked_equally_often_and_in_no_order() -> None:
    with network() as first, network() as second:
        time = VirtualTime(first, second)
        done = run(plan_for([first.address, second.address], seconds=0.1), clock=time, watch=time.watch)
    assert len(first.requests) == len(second.requests) == 100
    targets = done.records["target"].reshape(100, 2)
    assert (targets.sum(axis=1) == 1).all()
    assert 20 < targets[:, 0].sum() < 80
    assert (done.records["verdict"] == Verdict.RIGHT).all()


def test_a_wish_to_stop_ends_the_sending_and_keeps_what_was_done() -> None:
    stop = Stop()

    def script(number: int, right: bytes) -> list[tuple[int, bytes]]:
        stop.requested = number >= 99
        return [(0, right)]

    with network(script) as responder:
        done = carry_out(responder, plan_for([responder.address]), stop=stop)
    assert done.interrupted
    assert 100 <= len(done.records) == len(responder.requests) < 110
    assert (done.records["verdict"] == Verdict.RIGHT).all()


def test_nobody_there_is_noticed_and_every_request_is_still_accounted_for() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        address = free.getsockname()
    with network() as elsewhere:
        done = carry_out(elsewhere, plan_for([address], seconds=20, rate=100))
    assert done.silent
    assert len(done.records) < 700  # given up after five seconds, not after twenty
    assert (done.records["sent"] >= 0).all()
    assert (done.records["received"] < 0).all()
    assert done.refused > 0


def test_what_the_kernel_will_not_send_is_not_called_sent() -> None:
    with network() as responder:
        plan = plan_for([responder.address], seconds=0.1)
        for slot in range(200):
            request = plan.questions.request(slot)
            request.extend(bytes(max(0, 70_000 - len(request))))  # larger than a datagram can be
        done = carry_out(responder, plan)
    assert len(done.records) == 200
    assert (done.records["sent"] == -1).all()


def test_progress_is_told_as_time_goes_on() -> None:
    told: list[tuple[int, int, int]] = []
    with network() as responder:
        carry_out(
            responder,
            plan_for([responder.address], seconds=1.1),
            progress=lambda elapsed_ns, sent, answered: told.append((elapsed_ns, sent, answered)),
        )
    assert len(told) == 4
    assert told == sorted(told)


def test_a_target_that_is_no_address_is_refused() -> None:
    with pytest.raises(OperatorError) as refused:
        run(plan_for([("fe80::1", 2641)]))  # link-local without saying on which link
    assert refused.value.key == "--target"


@pytest.mark.parametrize("spin_ns", [0, 200_000, 1 << 62])
def test_in_real_time_every_way_of_waiting_accounts_for_every_request(spin_ns: int) -> None:
    with network() as responder:
        plan = plan_for([responder.address], seconds=0.1)

        class Answering(KernelArrivals):
            def now(self) -> Sequence[int]:
                responder.work(0)
                return super().now()

            def within(self, ns: int) -> Sequence[int]:
                responder.work(0)
                return super().within(ns)

        done = run(
            replace(plan, timeout_ns=10_000 * MS, spin_ns=spin_ns),
            watch=Answering,
        )
    assert len(done.records) == len(responder.requests) == 200
    assert (done.records["verdict"] == Verdict.RIGHT).all()
    assert (done.records["sent"] >= done.records["due"]).all()
