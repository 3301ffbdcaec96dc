"""The compiled half of the generator and the loop in Python alone: the same run, the same records.

The responder does to request number n what a script says, in a thread; which of its answers are whole, right or missing
does not depend on time, so both runs must agree in every column but the times.
"""

from __future__ import annotations

import os
import random
import select
import socket
import threading
import time
from array import array
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import numpy as np
import pytest
from scripted_responder import ScriptedResponder, with_code
from test_loadgen_direct import Network
from test_loadgen_engine import LARGE, SMALL, Script, plan_for, promptly

from loadgen.comparison import Comparison
from loadgen.engine import Observer, Plan, Run, Stop, run
from loadgen.results import Verdict
from loadgen.truth import Stored
from loadgen.volley import PYTHONS, available
from loadgen.workloads.lookups import Lookups
from loadgen.workloads.registering import Registering
from resolver.model.value import Value

MS = 1_000_000
needs_the_compiled = pytest.mark.skipif(not available(), reason="the compiled half was not built here")


@pytest.fixture(params=["c", "python"])
def half(request: pytest.FixtureRequest) -> str:
    """Which half carries the run out."""
    if request.param == "c" and not available():
        pytest.skip("the compiled half was not built here")
    return str(request.param)


@contextmanager
def answering(*responders: ScriptedResponder) -> Iterator[None]:
    """Let them work until the end of the block."""
    ended = threading.Event()

    def work() -> None:
        while not ended.is_set():
            for responder in responders:
                responder.work(0)
            ended.wait(0.0005)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def carried_out(half: str, script: Script, values: tuple[Value, ...] = SMALL, **more: object) -> tuple[Run, int]:
    """A run against a responder with this script, and how many requests that saw."""
    responder = ScriptedResponder({b"88.1/%d" % number: values for number in range(20)}, script)
    try:
        with answering(responder):
            plan = replace(plan_for([responder.address], values, seconds=0.2), timeout_ns=2_000 * MS)
            done = run(plan, compiled=half == "c", **more)  # type: ignore[arg-type]
        return done, len(responder.requests)
    finally:
        responder.close()


def troublesome(number: int, right: bytes) -> list[tuple[int, bytes]]:
    kinds = (
        [(0, right)],
        [],
        [(0, with_code(right, 301))],
        [(0, right), (0, right)],
        [(0, right[:-9] + bytes([right[-9] ^ 1]) + right[-8:])],
        [(0, right[:8] + bytes([right[8] ^ 0x40]) + right[9:])],  # answers nothing that was asked
        [(0, b"short")],
        [(0, right[:16] + (1 << 31).to_bytes(4, "big") + right[20:])],  # a length beyond everything
        [(0, right[:36] + bytes(4) + right[40:])],  # expired before the run began
        [(0, right[:2] + bytes([right[2] | 0x40]) + right[3:])],  # says it is encrypted
    )
    return kinds[number % len(kinds)]


def test_whatever_comes_back_both_halves_note_the_same(half: str) -> None:
    done, asked = carried_out(half, troublesome)
    assert done.compiled == (half == "c")
    records, kinds = done.records, np.arange(len(done.records)) % 10
    assert len(records) == asked == 400
    assert (records["sent"] >= records["due"]).all()
    answered = records["received"] >= 0
    assert np.array_equal(answered, ~np.isin(kinds, [1, 5, 6]))  # 5 answers nobody, 6 is too short to say whom
    assert (records["received"][answered] >= records["sent"][answered]).all()
    assert np.array_equal(records["verdict"] == Verdict.RIGHT, np.isin(kinds, [0, 3]))
    assert np.array_equal(records["verdict"] == Verdict.REFUSED, kinds == 2)
    assert np.array_equal(records["verdict"] == Verdict.WRONG, np.isin(kinds, [4, 7, 8, 9]))
    assert np.array_equal(records["code"], np.select([kinds == 2, answered], [301, 1], 0))
    assert done.duplicates == 40
    assert done.strays == 80


def test_an_answer_in_fragments_is_compared_whole(half: str) -> None:
    done, _ = carried_out(half, lambda n, right: [(0, right if n % 4 else right[:-20] + b"x" + right[-19:])], LARGE)
    wrong = np.arange(400) % 4 == 0
    assert np.array_equal(done.records["verdict"], np.where(wrong, Verdict.WRONG, Verdict.RIGHT))


def test_whom_an_answer_sends_on_is_asked_by_python_and_heard_by_either(half: str) -> None:
    network = Network("udp")
    try:
        with answering(network.recursive, *network.enterprises):
            done = run(replace(network.plan(share=0.5), timeout_ns=2_000 * MS), compiled=half == "c")
        records = done.records
        assert done.compiled == (half == "c")
        assert len(records) == 300
        assert (records["last"] == 0).sum() == 100
        assert (records["verdict"] == Verdict.RIGHT).all()
        assert (records["tier"] != 0).all()
    finally:
        network.close()


def test_an_observer_hears_of_every_answer_once(half: str) -> None:
    heard: list[int] = []

    class Watching:
        def tick(self, elapsed_ns, sent, fresh, columns, count) -> None:  # type: ignore[no-untyped-def]
            assert (columns["received"][list(fresh)] >= 0).all()
            heard.extend(fresh)

    watching: Observer = Watching()
    carried_out(half, promptly, observer=watching)
    assert sorted(heard) == list(range(400))


def test_a_wish_to_stop_ends_the_sending(half: str) -> None:
    stop = Stop()

    def script(number: int, right: bytes) -> list[tuple[int, bytes]]:
        stop.requested |= number > 50
        return [(0, right)]

    done, asked = carried_out(half, script, stop=stop)
    assert done.interrupted
    assert 50 < len(done.records) == asked < 400
    assert (done.records["verdict"] == Verdict.RIGHT).all()


def test_nobody_there_is_noticed(half: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        address = free.getsockname()
    done = run(replace(plan_for([address], seconds=0.05), timeout_ns=10 * MS), compiled=half == "c")
    assert done.silent
    assert len(done.records) == 100
    assert (done.records["received"] < 0).all()
    assert done.refused > 0


@needs_the_compiled
def test_requests_of_one_length_that_are_due_leave_together_and_arrive_apart() -> None:
    responder = ScriptedResponder({b"88.1/%d" % number: SMALL for number in range(20)}, promptly)
    try:
        plan = plan_for([responder.address], seconds=0.1)
        at_once = replace(plan, due_ns=np.zeros_like(plan.due_ns), timeout_ns=2_000 * MS)
        with answering(responder):
            done = run(at_once)
        assert len({request.envelope.request_id for request in responder.requests}) == len(done.records) == 200
        assert (done.records["verdict"] == Verdict.RIGHT).all()
        assert len(np.unique(done.records["sent"])) < 200
    finally:
        responder.close()


def written_lookups(values: tuple[Value, ...]) -> tuple[Lookups, Plan]:
    plan = plan_for([("127.0.0.1", 1)], values)
    questions = plan.questions
    assert isinstance(questions, Lookups)
    return questions, plan


def test_a_picture_shows_what_the_decoder_finds_right_and_nothing_else() -> None:
    truth = Stored([(b"88.1/1", (Value(1, b"URL", b"https://example.org/a", ttl=60),))], seed=1)
    comparison = Comparison(truth.values, 1_000)
    picture = comparison.picture(b"88.1/1")
    assert picture is not None
    right = bytearray(picture.octets)
    right[36:40] = (2_000).to_bytes(4, "big")

    def shown(packet: bytes) -> bool:
        equal = all((a ^ b) & mask == 0 for a, b, mask in zip(packet, picture.octets, picture.mask, strict=True))
        numbers = [(int.from_bytes(packet[at : at + 4], "big"), low, high) for at, low, high in picture.limits]
        return equal and all(low <= number <= high for number, low, high in numbers)

    assert shown(bytes(right))
    passed = 0
    for at in range(len(right)):
        for bit in (0x01, 0x10, 0x80):
            other = bytearray(right)
            other[at] ^= bit
            if shown(bytes(other)):
                passed += 1
                assert comparison.judge(b"88.1/1", bytes(other), len(other)) == (1, Verdict.RIGHT), at
    assert passed > 40  # ids, flags, serial, timestamp: they may differ


def test_what_is_written_is_what_would_be_asked() -> None:
    questions, plan = written_lookups(SMALL)
    written = questions.written()
    for slot in range(len(plan.due_ns)):
        assert written.requests[written.which[slot]] == questions.request(slot)


def test_what_is_registered_is_left_to_python() -> None:
    questions, plan = written_lookups(SMALL)
    registering = np.arange(len(plan.due_ns)) % 10 == 0
    made = object.__new__(Registering)
    made._others, made._registering, made._count = questions, registering.tolist(), len(registering)
    which = made.written().which.reshape(2, -1)
    assert np.array_equal(which[0] == PYTHONS, registering)
    assert (which[1] == PYTHONS).all()


@needs_the_compiled
def test_of_altered_answers_it_notes_those_alone_that_the_decoder_finds_right() -> None:
    from loadgen._volley import Volley

    packets = int(os.environ.get("ANSWERS_MUTATED", "4000"))
    truth = Stored([(b"88.1/1", (Value(1, b"URL", b"https://example.org/a", ttl=60),))], seed=1)
    comparison, chance = Comparison(truth.values, 1_000), random.Random(7)
    picture = comparison.picture(b"88.1/1")
    assert picture is not None
    answer = picture.octets[:36] + (2_000).to_bytes(4, "big") + picture.octets[40:]
    columns = [array(kind, [0]) * packets for kind in "qqqIHB"]
    columns[2] = received = array("q", [-1]) * packets
    which, choice = array("i", [0]) * packets, array("H", [0]) * packets
    noted = seen = 0
    with ExitStack() as stack:
        here, there = (stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) for _ in range(2))
        for each in (here, there):
            each.bind(("127.0.0.1", 0))
        here.connect(there.getsockname())
        there.connect(here.getsockname())
        epoll = stack.enter_context(select.epoll())
        epoll.register(here.fileno(), select.EPOLLIN)
        made = Volley(*columns, which, choice, array("i", [here.fileno()]), 1, epoll.fileno(), 1)
        made.put(bytes(20), picture.octets, picture.mask, picture.limits)
        for slot in range(packets):
            packet = bytearray(answer)
            packet[8:12] = (1 + slot).to_bytes(4, "big")
            for _ in range(chance.choice((0, 1, 1, 2, 5))):
                packet[chance.randrange(len(packet))] = chance.randrange(256)
            if chance.random() < 0.2:
                packet = packet[: chance.randrange(len(packet))] + bytes(chance.choice((0, 3, 700)))
            there.send(packet)
            octets = bytes(packet)
            before = bytes(received)
            _, failure, answered, _, _, odd = made.go(packets, packets, 0, time.monotonic_ns() + 10**9, 0)
            assert failure == 0
            seen += 1
            if answered:
                (known,) = array("I", answered)
                assert known == int.from_bytes(octets[8:12], "big") - 1
                assert comparison.judge(b"88.1/1", octets, len(octets)) == (1, Verdict.RIGHT)
                noted += 1
            else:
                assert list(odd) == [octets]
                assert bytes(received) == before
    assert 0 < noted < seen == packets


@needs_the_compiled
def test_the_compiled_half_refuses_what_does_not_fit() -> None:
    from loadgen._volley import Volley

    slots = 4
    columns = [array(kind, [0]) * slots for kind in "qqqIHB"]
    which, choice, links = array("i", [-1]) * slots, array("H", [0]) * slots, array("i", [0])
    made = Volley(*columns, which, choice, links, 1, 0, 1)
    for request, answer, mask, limits in (
        (b"short", b"", b"", ()),
        (bytes(1_001), b"", b"", ()),
        (bytes(20), bytes(8), bytes(7), ()),
        (bytes(20), bytes(8), bytes(8), ((5, 0, 1),)),
        (bytes(20), bytes(8), bytes(8), ((2**32 - 1, 0, 1),)),
        (bytes(20), bytes(1 << 17), bytes(1 << 17), ()),
    ):
        with pytest.raises(ValueError):
            made.put(request, answer, mask, limits)
    for number, end in ((-1, 2), (3, 2), (0, 5)):
        with pytest.raises(ValueError):
            made.go(number, end, 0, 1, 0)
    with pytest.raises(ValueError):
        Volley(*columns[:1], array("q", [0]), *columns[2:], which, choice, links, 1, 0, 1)
    with pytest.raises(ValueError):
        Volley(*columns, which, choice, array("i"), 1, 0, 1)
