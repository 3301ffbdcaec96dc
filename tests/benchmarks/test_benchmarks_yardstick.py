"""The C yardsticks keep honest books: what the generator sent is answered, bad or timed out, and nothing else."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.answers import LOOPBACK, free_port
from benchmarks.machine import cores
from benchmarks.native import build
from benchmarks.punctuality import paced
from benchmarks.rounds import Bench, BenchmarkError, Target
from benchmarks.traffic import ANSWER_OCTETS, HANDLES, answer, request, write_traffic
from resolver.wire.message import decode

pytestmark = pytest.mark.network


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    programs = build()
    if isinstance(programs, str):
        pytest.skip(programs)
    if len(cores()) < 2:
        pytest.skip("one core")
    folder: Path = tmp_path_factory.mktemp("traffic")
    return Bench(programs, write_traffic(folder), cores())


@pytest.fixture
def echo(bench: Bench) -> Iterator[Target]:
    with bench.echo(LOOPBACK, free_port(), ANSWER_OCTETS) as target:
        yield target


def test_the_traffic_is_what_a_client_asks_and_an_authority_answers() -> None:
    assert len(request(0)) == 80 and len(answer(HANDLES - 1)) == ANSWER_OCTETS
    assert decode(request(7)).body.handle == decode(answer(7)).body.handle


def test_the_echo_answers_every_question_of_a_pass_once(bench: Bench, echo: Target) -> None:
    bench.warm(echo)


def test_a_sample_counts_answers_and_the_servers_cpu(bench: Bench, echo: Target) -> None:
    sample = bench.sample(echo, 0.3)
    assert sample.answers > 0 and sample.cpu_us > 0
    assert sample.bad == 0 and sample.timeouts == 0


def test_a_reply_about_another_handle_is_bad(bench: Bench, echo: Target) -> None:
    strict = Target(echo.ip, echo.port, echo.pid, echoes_handle=True)
    with pytest.raises(BenchmarkError, match="answered nothing"):
        bench.sample(strict, 0.1)


def test_a_reply_without_success_is_bad(bench: Bench) -> None:
    with (
        bench.echo(LOOPBACK, free_port(), 0) as mirror,  # sends the request back: its response code is 0
        pytest.raises(BenchmarkError, match="answered nothing"),
    ):
        bench.sample(mirror, 0.1)


def test_the_paced_generator_keeps_its_rate_and_hears_every_answer(bench: Bench, echo: Target) -> None:
    found = paced(bench.programs.paced, echo.port, 500, 0.4, 80)
    assert (found["sent"], found["answers"]) == (200, 200)
    assert found["seconds"] == pytest.approx(199 / 500, rel=0.1)
    assert 0 < found["took_us_p50"] <= found["took_us_p99"]


def test_the_paced_generator_names_what_is_wrong(bench: Bench) -> None:
    with pytest.raises(BenchmarkError, match="nobody listens"):
        paced(bench.programs.paced, free_port(), 1_000, 0.2, 80)
    with pytest.raises(BenchmarkError, match="out of range"):
        paced(bench.programs.paced, 9, 0, 1, 80)


def test_a_server_that_is_not_there_is_named(bench: Bench) -> None:
    with pytest.raises(BenchmarkError, match="refused"):
        bench.warm(Target(LOOPBACK, free_port(), 1))


def test_the_python_floor_answers_with_the_handle_asked_for(bench: Bench) -> None:
    port = free_port()
    with bench.server([sys.executable, "-m", "benchmarks.floor", LOOPBACK, str(port)]) as pid:
        bench.warm(Target(LOOPBACK, port, pid))
