"""Runs over TCP: many requests on a connection, answers in pieces, connections that end, nobody there."""

from __future__ import annotations

import socket
from dataclasses import replace

import numpy as np
import pytest
from scripted_responder import ScriptedStreams, Truth, VirtualTime
from test_loadgen_engine import plan_for

from loadgen import links
from loadgen.engine import Plan, Run, run
from loadgen.results import Verdict
from resolver.model.value import Value

MS = 1_000_000
SMALL = (Value(1, b"URL", b"https://example.org/a"),)
LARGE = (Value(1, b"DESC", bytes(range(256)) * 300),)  # more than is read or sent at once
TRUTH: Truth = {b"88.1/%d" % number: SMALL for number in range(20)}


def carry_out(streams: ScriptedStreams, plan: Plan, connections: int = 1) -> Run:
    time = VirtualTime(streams)
    return run(replace(plan, transport="tcp", links_per_target=connections), clock=time, watch=time.watch)


@pytest.mark.parametrize("connections", [1, 4, 30])
def test_requests_share_the_connections_and_each_gets_its_answer(connections: int) -> None:
    streams = ScriptedStreams(TRUTH)
    try:
        done = carry_out(streams, plan_for([streams.address], seconds=0.1), connections)
    finally:
        streams.close()
    assert streams.connections == connections
    assert len(streams.requests) == len(done.records) == 200
    assert (done.records["verdict"] == Verdict.RIGHT).all()
    assert (done.records["transport"] == 1).all()
    assert (done.strays, done.refused, done.silent) == (0, 0, False)


@pytest.mark.parametrize("piece", [1, 7, 19, 100])
def test_answers_that_come_in_pieces_are_put_together(piece: int) -> None:
    streams = ScriptedStreams(TRUTH, piece=piece)
    try:
        done = carry_out(streams, plan_for([streams.address], seconds=0.05))
    finally:
        streams.close()
    assert (done.records["verdict"] == Verdict.RIGHT).all()
    assert len(streams.requests) == 100


def test_a_long_answer_is_taken_whole() -> None:
    streams = ScriptedStreams(dict.fromkeys(TRUTH, LARGE), piece=5_000)
    try:
        done = carry_out(streams, plan_for([streams.address], LARGE, rate=50, seconds=0.2))
    finally:
        streams.close()
    assert (done.records["verdict"] == Verdict.RIGHT).all()
    assert (done.records["octets"] > 65_536).all()


def test_a_server_that_hangs_up_after_each_answer_gets_a_new_connection_for_the_next_request() -> None:
    streams = ScriptedStreams(TRUTH, answers_max=1)
    try:
        done = carry_out(streams, plan_for([streams.address], rate=100, seconds=0.3))
    finally:
        streams.close()
    assert (done.records["verdict"] == Verdict.RIGHT).all()
    assert streams.connections == 30


def test_what_was_under_way_on_a_connection_that_ended_stays_unanswered() -> None:
    streams = ScriptedStreams(TRUTH, answers_max=3)
    plan = plan_for([streams.address], seconds=0.05)
    try:
        done = carry_out(streams, replace(plan, due_ns=np.zeros_like(plan.due_ns)))  # all at once
    finally:
        streams.close()
    answered = done.records["received"] >= 0
    assert 3 <= answered.sum() < 100
    assert (done.records["verdict"][answered] == Verdict.RIGHT).all()
    assert (done.records["sent"][answered] >= 0).all()


def test_where_nobody_listens_nothing_is_called_answered() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = free.getsockname()
    streams = ScriptedStreams(TRUTH)
    try:
        done = carry_out(streams, plan_for([address], rate=100, seconds=0.2))
    finally:
        streams.close()
    assert (done.records["received"] < 0).all()
    assert len(done.records) == 20
    assert done.silent
    assert done.refused > 0


def test_requests_wait_for_a_full_connection_only_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "UNSENT_OCTETS_MAX", 10_000)

    class Deaf(ScriptedStreams):
        def work(self, now_ns: int) -> None:
            """Accepts, and reads nothing."""

    streams = Deaf(TRUTH)
    plan = plan_for([streams.address], rate=10_000)
    plan.questions.request = lambda _slot: bytearray(8_000)  # type: ignore[method-assign]
    try:
        done = carry_out(streams, replace(plan, timeout_ns=5 * MS))
    finally:
        streams.close()
    sent = done.records["sent"] >= 0
    assert sent[:100].all()
    assert not sent.all()
