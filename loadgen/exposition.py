"""`biaoshi_load_*`: a run that goes on, for Prometheus. Never an identifier or an address as a label.

    biaoshi_load_info{network,workload,pacing,transport}   1
    biaoshi_load_offered_requests                          resolutions of the whole schedule
    biaoshi_load_sent_total                                requests handed to the kernel
    biaoshi_load_answers_total{verdict}                    answers, by what comparing them with the truth came to
    biaoshi_load_answer_codes_total{code}                  answers, by their response code
    biaoshi_load_latency_seconds (histogram)               of answers, from the intended moment
    biaoshi_load_lateness_seconds (histogram)              of answered requests: the generator's own
    biaoshi_load_cpu_seconds_total                         of all generators
    biaoshi_load_elapsed_seconds · biaoshi_load_duration_seconds · biaoshi_load_generators

All of it begins at 0 with the run and is at most a tick old; exact figures are the report's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)

from loadgen.arrays import Numbers
from loadgen.live import BOUNDS_NS, STEPS_PER_OCTAVE, Tally
from loadgen.results import Verdict
from resolver.errors import OperatorError
from resolver.wire.codes import code_name

OCTAVE = slice(None, None, STEPS_PER_OCTAVE)  # of the bounds: a dashboard needs no finer ones


class LoadCollector:
    """What the latest tally says. `offered` and `duration_s` of the order, `labels` of its info."""

    def __init__(self, labels: Mapping[str, str], offered: int, duration_s: float, generators: int) -> None:
        self.tally = Tally()
        self._labels = dict(labels)
        self._gauges = {
            "offered_requests": (float(offered), "Resolutions of the whole schedule"),
            "duration_seconds": (duration_s, "How long the run is to be"),
            "generators": (float(generators), "Generators that share it"),
        }

    def collect(self) -> Iterator[Metric]:
        """All families."""
        tally = self.tally
        info = InfoMetricFamily("biaoshi_load", "What is measured")
        info.add_metric([], self._labels)
        yield info
        for name, (value, about) in self._gauges.items():
            yield GaugeMetricFamily(f"biaoshi_load_{name}", about, value)
        yield GaugeMetricFamily("biaoshi_load_elapsed_seconds", "Since the run began", tally.elapsed_ns / 1e9)
        yield CounterMetricFamily("biaoshi_load_sent", "Requests handed to the kernel", tally.sent)
        yield CounterMetricFamily("biaoshi_load_cpu_seconds", "Processor time of all generators", tally.cpu_s)
        answers = CounterMetricFamily("biaoshi_load_answers", "Answers by verdict", labels=["verdict"])
        for verdict in (Verdict.RIGHT, Verdict.WRONG, Verdict.REFUSED):
            answers.add_metric([verdict.name.lower()], int(tally.verdicts[verdict]))
        yield answers
        codes = CounterMetricFamily("biaoshi_load_answer_codes", "Answers by response code", labels=["code"])
        for code, count in sorted(tally.codes.items()):
            codes.add_metric([code_name(code) if code else "UNREADABLE"], count)
        yield codes
        yield _histogram("latency", "From the intended moment to the answer", tally.latency, tally.latency_s)
        yield _histogram("lateness", "From the intended moment to the sending", tally.lateness, tally.lateness_s)


def _histogram(name: str, about: str, buckets: Numbers, total_s: float) -> Metric:
    below = buckets.cumsum()
    bounds = [
        (f"{bound / 1e9:g}", float(count)) for bound, count in zip(BOUNDS_NS[OCTAVE], below[OCTAVE], strict=False)
    ]
    family = HistogramMetricFamily(f"biaoshi_load_{name}_seconds", about)
    family.add_metric([], [*bounds, ("+Inf", float(below[-1]))], total_s)
    return family


def serve(collector: LoadCollector, port: int) -> int:
    """Answer at 127.0.0.1, in a thread of its own; the port. OperatorError if it is taken."""
    registry = CollectorRegistry()
    registry.register(collector)
    try:
        server, _ = start_http_server(port, "127.0.0.1", registry)
    except OSError as error:
        raise OperatorError(
            f"cannot listen at 127.0.0.1: {error.strerror}",
            key="--metrics-port",
            value=port,
            remedy="Take another port",
        ) from error
    return int(server.server_port)
