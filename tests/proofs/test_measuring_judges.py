"""What judges in the proofs about measuring: formulas that simulations bear out, and eyes for what was doctored."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from biaoshi.proofs import p01_conservation as conservation
from biaoshi.proofs import p21_coordinated_omission as omission
from biaoshi.proofs import p22_generator as generator
from biaoshi.proofs import p23_percentiles as percentiles
from biaoshi.proofs import p24_capacity as capacity
from biaoshi.proofs import p25_volume as volume
from biaoshi.proofs import p26_wrong_answers as answers
from biaoshi.proofs.p01_conservation import Books, Client
from loadgen.popularity import Zipf
from loadgen.report import document_of, figures_of
from loadgen.results import RECORD, write_result

BALANCED = Books(
    received=Counter(recursive=90, enterprise=8, root=1),
    answered=Counter(recursive=90, enterprise=8, root=1),
    asked=Counter({"answered": 7, "error": 1, "sent again": 1}),
    dropped=Counter({("recursive", "send buffer full"): 2, ("recursive", "unasked"): 1}),
    door=10,
    asker=0,
    above=0,
)
CLIENT = Client(sent=100, answered=85, timed_out=15, seen=87, lost_itself=1)


def test_books_that_balance_do() -> None:
    assert set(conservation.imbalances(CLIENT, BALANCED).values()) == {0}


@pytest.mark.parametrize(
    ("account", "client", "counted"),
    [
        ("client", replace(CLIENT, answered=84, seen=87), BALANCED),
        ("door", CLIENT, replace(BALANCED, door=9)),
        ("back", replace(CLIENT, seen=88), BALANCED),
        ("back", CLIENT, replace(BALANCED, dropped=Counter({("recursive", "unasked"): 1}))),
        ("hop", CLIENT, replace(BALANCED, asked=Counter({"answered": 7, "error": 1}))),
        ("hop", CLIENT, replace(BALANCED, above=3)),
        ("home", CLIENT, replace(BALANCED, asker=1)),
        ("home", CLIENT, replace(BALANCED, answered=Counter(recursive=90, enterprise=7, root=1))),
    ],
)
def test_one_request_too_many_or_too_few_is_seen_in_its_account(account: str, client: Client, counted: Books) -> None:
    imbalances = conservation.imbalances(client, counted)
    assert [name for name, missing in imbalances.items() if missing] == [account]


def test_drops_belong_to_whose_buffer_was_full() -> None:
    row = "{}: {} 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 227307 2 0000000000000000 {}"
    rows = [
        row.format(1, "0105567F:0A51", 3),
        row.format(2, "0105567F:BEEF", 4),
        row.format(3, "0104567F:0A51", 5),
        row.format(4, "0100007F:0A51", 600),
    ]
    found = conservation.buffer_drops(rows, {("127.86.5.1", 2641)}, {"127.86.4.1"})
    assert found == (3, 4, 5)


def test_the_analytic_p95_is_what_a_simulated_freeze_gives() -> None:
    rate, served_per_s, duration_s, frozen_s = 5_000.0, 40_000.0, 10.0, 1.0
    due = np.arange(0, duration_s, 1 / rate)
    free_at, latencies = 0.0, []
    for moment in due:
        begin = max(moment, free_at)
        if 4.0 <= begin < 4.0 + frozen_s:
            begin = 4.0 + frozen_s
        free_at = begin + 1 / served_per_s
        latencies.append(free_at - moment)
    simulated = np.quantile(latencies, 0.95, method="inverted_cdf")
    assert omission.analytic_p95_s(frozen_s, duration_s, rate / served_per_s) == pytest.approx(simulated, rel=0.002)
    assert omission.analytic_p95_s(0.4, 10.0, 0.1) == 0


def test_how_fast_a_queue_is_worked_off_is_seen_from_its_answers() -> None:
    rate, served_per_s, records = 1_000, 4_000.0, np.zeros(10_000, RECORD)
    records["due"] = np.arange(10_000) * 10**9 // rate
    free_s = 0.0
    for number, due_s in enumerate(records["due"] / 1e9):
        start_s = max(due_s, free_s)
        free_s = (max(start_s, 5.0) if 4.0 <= start_s < 5.0 else start_s) + 1 / served_per_s
        records["received"][number] = free_s * 1e9
    assert omission.drain_rate(records, 1.0) == pytest.approx(served_per_s, rel=0.01)


def test_the_rate_is_what_the_buffer_holds() -> None:
    assert omission.rate_that_fits(1e9) == 5_000
    assert omission.rate_that_fits(2 * 212_992) == 300


def test_gaps_that_are_not_exponential_are_noticed() -> None:
    stream = np.random.default_rng(1)
    exponential = stream.exponential(size=50_000)
    assert generator.smirnov_exponential(exponential) < generator.SMIRNOV_MAX
    for doctored in (np.ones(50_000), stream.uniform(0, 2, 50_000), exponential * 1.03):
        assert generator.smirnov_exponential(doctored) > generator.SMIRNOV_MAX


def test_ranks_of_another_exponent_are_noticed() -> None:
    numbers = np.arange(200_000)
    for population in (1_000, 15_000_000_000):
        zipf, other = Zipf(population, 0.91), Zipf(population, 0.93)
        assert abs(generator.zipf_sigmas(zipf, zipf.draw(numbers, 3))) < generator.SIGMAS_MAX
        assert generator.zipf_sigmas(zipf, other.draw(numbers, 3)) > generator.SIGMAS_MAX


def test_percentiles_of_every_shape_are_those_of_sorting_and_a_doctored_one_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for shape in percentiles.SHAPES:
        result = percentiles.made(shape, 5_000, seed=2)
        assert percentiles.worst(result)[0] < 0.25
        assert percentiles.merges_to_itself(result, workers=5, seed=1)
    monkeypatch.setattr(
        percentiles, "latency_by_cells", lambda latencies, share: float(np.quantile(latencies, share)) * 1.02
    )
    assert percentiles.worst(percentiles.made("long tail", 5_000, seed=2))[0] > 1


def test_a_simulated_search_and_the_spread_of_several() -> None:
    queue = capacity.QUEUES[0]
    knee = queue.knee(queue.service_s, capacity.LIMIT_S, capacity.QUANTILE)
    assert capacity.simulated(queue, [1, 2, 3]) == pytest.approx(knee, rel=0.03)
    assert capacity.spread([100.0, 101.0, 99.0]) == pytest.approx(0.02)


def test_figures_are_derived_again_from_the_file_and_a_doctored_claim_is_seen(tmp_path: Path) -> None:
    result = percentiles.made("many time-outs", 3_000, seed=1)
    result.records["code"][:50], result.records["verdict"][:20] = 100, 2
    file = tmp_path / "made.load"
    write_result(file, result)
    claimed = json.loads(json.dumps(document_of(figures_of(result))))
    claimed["error_answers"] = sum(claimed["errors"].values())
    derived = volume.rederived(file)
    assert [key for key, value in derived.items() if not volume.equal(claimed[key], value)] == []
    claimed["per_day"] += 1
    claimed["latency_ms"]["p999"] *= 1.0000001
    assert [key for key, value in derived.items() if not volume.equal(claimed[key], value)] == ["per_day", "latency_ms"]


def test_tiers_are_read_line_by_line_and_silence_is_no_answer() -> None:
    tiers: volume.Tiers = {}
    labels = 'node="a",opcode="RESOLUTION",tier="root",transport="udp"'
    volume.read_into(tiers, f'biaoshi_requests_total{{code="SUCCESS",{labels}}} 7.0\n')
    volume.read_into(tiers, f'biaoshi_requests_total{{code="none",{labels}}} 2.0\nbiaoshi_requests_created{{}} 9\n')
    assert tiers == {"root": {"received": 9, "answered": 7}}
    assert volume.between({}, tiers) == tiers
    assert volume.between(tiers, tiers) == {"root": {"received": 0, "answered": 0}}


@pytest.mark.parametrize(
    ("put_in", "answered", "lost", "words"),
    [(10, 10_000, 0, []), (0, 10_000, 0, ["nothing was put in"]), (40, 10_000, 0, ["40 answers were corrupted"]),
     (10, 10_000, 1, ["1 answers never arrived"])],
)  # fmt: skip
def test_a_count_that_proves_nothing_is_said(put_in: int, answered: int, lost: int, words: list[str]) -> None:
    said = answers.judge(put_in, answered, lost)
    assert len(said) == len(words)
    assert all(word in each for word, each in zip(words, said, strict=True))


def test_what_nodes_say_they_corrupted_is_added_up() -> None:
    line = 'biaoshi_injected_faults_total{{fault="{}",node="{}",tier="recursive"}} {}\n'
    page = line.format("corrupt_values", "a", "3.0") + line.format("other", "a", "9.0")
    assert answers.injected([page, line.format("corrupt_values", "b", "4.0")]) == 7
