"""Looking on while a run goes on: Prometheus metrics and the table in a terminal."""

from __future__ import annotations

import sys
from array import array
from http.client import HTTPConnection
from io import StringIO
from types import FrameType

import numpy as np
import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families
from rich.console import Console

from biaoshi.load_view import LoadView
from loadgen.exposition import LoadCollector, serve
from loadgen.live import BOUNDS_NS, BUCKETS, Observer, Tally
from loadgen.measure import Order
from loadgen.pacing import constant
from loadgen.truth import Stored
from resolver.errors import OperatorError
from resolver.model.value import Value

MS = 1_000_000
LABELS = {"network": "test", "workload": "lookups", "pacing": "constant:100", "transport": "udp"}


def seen(answers: int, latency_ns: int, wrong: int = 0, elapsed_s: float = 1.0) -> Tally:
    """A run in which so many answers took so long each."""
    told: list[Tally] = []
    observer = Observer(told.append)
    due = np.zeros(answers, np.int64)
    columns = {
        "due": due,
        "ready": np.empty(0, np.int64),
        "sent": due + 20_000,
        "received": due + latency_ns,
        "verdict": np.where(np.arange(answers) < wrong, 2, 1).astype(np.uint8),
        "code": np.where(np.arange(answers) < wrong, 100, 1).astype(np.uint16),
    }
    observer.tick(int(elapsed_s * 1e9), answers + 5, array("I", range(answers)), columns, answers)
    return told[0]


def test_the_engine_may_empty_what_was_counted_while_somebody_looks_into_the_observer() -> None:
    frames: list[FrameType] = []  # of tick, as a sampling profiler (Dask's) holds them
    fresh, columns = array("I", [0]), {name: np.zeros(1, np.int64) for name in ("due", "ready", "sent", "received")}
    columns |= {name: np.zeros(1, np.uint8) for name in ("verdict", "code")}
    Observer(lambda tally: frames.append(sys._getframe(1))).tick(MS, 1, fresh, columns, 1)
    del fresh[:]
    assert "slots" in frames[0].f_locals


def test_a_tick_counts_what_is_fresh_and_adds_it_to_what_was() -> None:
    told: list[Tally] = []
    observer = Observer(told.append)
    columns = {
        "due": np.array([0, 10 * MS, 20 * MS]),
        "ready": np.array([-1, 13 * MS, -1]),
        "sent": np.array([0, 10 * MS, 20 * MS, -1, 13 * MS + 500_000, -1]),
        "received": np.array([5 * MS, 13 * MS, -1, -1, 15 * MS, -1]),
        "verdict": np.array([1, 1, 0, 0, 3, 0], np.uint8),
        "code": np.array([1, 1, 0, 0, 301, 0], np.uint16),
    }
    observer.tick(21 * MS, 3, array("I", [0, 1]), columns, 3)
    assert (told[0].answered, told[0].verdicts.tolist(), told[0].codes) == (2, [0, 2, 0, 0], {1: 2})
    observer.tick(30 * MS, 4, array("I", [4]), columns, 3)  # a second request: due with the first, ready later
    assert (told[1].answered, told[1].verdicts.tolist(), told[1].codes) == (3, [0, 2, 0, 1], {1: 2, 301: 1})
    assert told[1].latency_s == pytest.approx(0.005 + 0.003 + 0.005)
    assert told[1].lateness_s == pytest.approx(0.0005)
    assert told[1].latency.sum() == told[1].lateness.sum() == 3


def test_whatever_the_time_it_has_a_bucket() -> None:
    for latency_ns in (0, 1, 1_000, 1_001, 16 * 10**9, 17 * 10**9, 10**12):
        tally = seen(1, latency_ns)
        (bucket,) = np.flatnonzero(tally.latency)
        assert bucket < BUCKETS
        assert bucket == BUCKETS - 1 or latency_ns <= BOUNDS_NS[bucket]
        assert bucket == 0 or latency_ns > BOUNDS_NS[bucket - 1]


def test_the_metrics_say_what_the_tally_says() -> None:
    collector = LoadCollector(LABELS, offered=1000, duration_s=10.0, generators=4)
    collector.tally = seen(200, 3 * MS, wrong=7)
    registry = CollectorRegistry()
    registry.register(collector)
    samples = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(generate_latest(registry).decode())
        for sample in family.samples
    }
    assert samples["biaoshi_load_offered_requests",] == 1000
    assert samples["biaoshi_load_generators",] == 4
    assert samples["biaoshi_load_sent_total",] == 205
    assert samples["biaoshi_load_answers_total", "right"] == 193
    assert samples["biaoshi_load_answers_total", "wrong"] == 7
    assert samples["biaoshi_load_answer_codes_total", "HANDLE_NOT_FOUND"] == 7
    assert samples["biaoshi_load_latency_seconds_count",] == samples["biaoshi_load_lateness_seconds_count",] == 200
    assert samples["biaoshi_load_latency_seconds_sum",] == pytest.approx(0.6)
    assert samples["biaoshi_load_latency_seconds_bucket", "0.002048"] == 0
    assert samples["biaoshi_load_latency_seconds_bucket", "0.004096"] == 200
    assert samples["biaoshi_load_latency_seconds_bucket", "+Inf"] == 200
    assert samples["biaoshi_load_info", *(LABELS[label] for label in sorted(LABELS))] == 1


def test_the_metrics_are_served_and_a_port_that_is_taken_is_refused() -> None:
    port = serve(LoadCollector(LABELS, 1, 1.0, 1), 0)
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", "/metrics")
    assert b"biaoshi_load_sent_total 0.0" in connection.getresponse().read()
    connection.close()
    with pytest.raises(OperatorError) as refused:
        serve(LoadCollector(LABELS, 1, 1.0, 1), port)
    assert refused.value.key == "--metrics-port"


def test_the_table_says_how_it_goes_now_and_in_all() -> None:
    truth = Stored([(b"88.1/a", (Value(1, b"URL", b"a"),))], 1)
    console = Console(record=True, width=120, force_terminal=True, file=StringIO())
    with LoadView(Order("test", (("127.0.0.1", 1),), truth, (), constant(100), 10.0), console) as view:
        table = view.drawn(seen(400, 3 * MS, wrong=2, elapsed_s=4.0), seen(300, 3 * MS, elapsed_s=3.0))
        view.look(seen(100, 3 * MS, elapsed_s=1.0))
        view.look(seen(400, 3 * MS, elapsed_s=4.0))
    console.print(table)
    text = console.export_text()
    for words in ("4 s of 10 s, 6 s left", "due 计划 100/s, sent 发送 100/s, answered 应答 100/s", "wrong 错误 2"):
        assert words in text, words
    assert "400 of 405" in text
    assert "open 未决 5" in text
