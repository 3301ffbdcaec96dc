"""What counts as a change between two runs, and what as chance."""

from __future__ import annotations

import json

import numpy as np
import pytest
from made_results import MS, perfect

from loadgen.compare import ERRORS_TOLERANCE, Compared, compare, document_of, exit_code
from loadgen.results import Result
from resolver.errors import OperatorError


def noisy(seed: int, *, slower: float = 1.0, failed: float = 0.0, alike: int = 1, **header: object) -> Result:
    """20,000 requests whose latency is log-normal about 1 ms; `alike` neighbours share one draw of a load on top."""
    random = np.random.default_rng(seed)
    result = perfect(20_000, **header)
    records = result.records
    load = np.repeat(random.normal(0, 0.5, len(records) // alike + 1), alike)[: len(records)]
    latency = np.exp(random.normal(0, 0.3, len(records)) + load) * MS * slower
    records["received"] = records["sent"] + latency.astype(np.int64)
    lost = random.random(len(records)) < failed
    records["received"][lost], records["verdict"][lost], records["code"][lost] = -1, 0, 0
    return result


def verdicts(compared: Compared) -> dict[str, str]:
    return {change.name: change.verdict for change in compared.changes}


@pytest.mark.parametrize("alike", [1, 20, 400])
def test_runs_of_the_same_thing_are_the_same_however_much_neighbours_resemble_each_other(alike: int) -> None:
    for seed in range(4):
        compared = compare(noisy(2 * seed, alike=alike), noisy(2 * seed + 1, alike=alike), draws=300)
        assert set(verdicts(compared).values()) == {"same"}, seed
        assert exit_code(compared) == 0


def test_a_run_is_the_same_as_itself() -> None:
    compared = compare(noisy(1), noisy(1), draws=100)
    assert [change.change for change in compared.changes] == [0] * 6
    assert not compared.worse


def test_slower_is_worse_and_quicker_is_better() -> None:
    slower, quicker = (compare(noisy(1), noisy(2, slower=factor), draws=300) for factor in (1.3, 0.7))
    for name in ("latency p50", "latency p95", "latency p99"):
        assert verdicts(slower)[name] == "worse"
        assert verdicts(quicker)[name] == "better"
    assert (exit_code(slower), exit_code(quicker)) == (1, 0)
    p50 = slower.changes[0]
    assert p50.low is not None and p50.high is not None and p50.change is not None
    assert p50.low < 0.3 < p50.high
    assert p50.low < p50.change < p50.high


def test_a_real_change_within_the_tolerance_is_let_pass() -> None:
    a, b = noisy(1), noisy(2, slower=1.05)
    assert verdicts(compare(a, b, draws=300))["latency p50"] == "same"
    assert verdicts(compare(a, b, draws=300, tolerance=0.0))["latency p50"] == "worse"


def test_blocks_grow_until_neighbours_no_longer_resemble_each_other() -> None:
    assert max(compare(noisy(1), noisy(2), draws=50).blocks) == 64
    long_memory = compare(noisy(1, alike=1500), noisy(2, alike=1500), draws=50)
    assert max(long_memory.blocks) < 64


def test_one_stall_is_one_witness_not_a_thousand() -> None:
    stalled = noisy(6)
    records = stalled.records
    during = (records["due"] >= 5000 * MS) & (records["due"] < 5120 * MS)
    records["received"][during] = 5500 * MS
    changed = {change.name: change for change in compare(noisy(5), stalled, draws=300).changes}
    p99 = changed["latency p99"]
    assert p99.change is not None
    assert p99.change > 1
    assert p99.verdict == "same"  # in a third of all runs drawn from these blocks there is no stall


def test_nothing_shrinks_by_more_than_all_of_it() -> None:
    unsteady = noisy(2)
    late = unsteady.records["due"] < 2500 * MS
    unsteady.records["received"][late] += 1900 * MS
    for change in compare(unsteady, noisy(1, failed=0.5), draws=300).changes:
        assert change.low is not None and change.high is not None, change.name
        assert change.low >= -1, change.name
        assert change.relative or change.high <= 1, change.name


def test_more_errors_are_worse_and_answers_that_do_not_come_are_missed() -> None:
    compared = compare(noisy(1, failed=0.001), noisy(2, failed=0.03), draws=300)
    assert verdicts(compared)["errors"] == "worse"
    assert verdicts(compared)["answered"] == "worse"
    errors = next(change for change in compared.changes if change.name == "errors")
    assert errors.relative is False
    assert errors.change == pytest.approx(0.029, abs=0.004)
    assert errors.tolerance == ERRORS_TOLERANCE


def test_fewer_cache_hits_are_worse() -> None:
    compared = compare(noisy(1), noisy(2, cache_hit=0.85), draws=50)
    assert verdicts(compared)["cache hit"] == "worse"
    assert verdicts(compare(noisy(1), noisy(2, cache_hit=None), draws=50)).get("cache hit") is None


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ({"workload": "misses"}, "workload: lookups and misses"),
        ({"zipf": 1.0}, "zipf: 0.91 and 1.0"),
        ({"population": 21}, "population: 20 and 21"),
        ({"timeout_ns": MS}, "timeout_ns"),
        ({"transport": "tcp"}, "transport: udp and tcp"),
        ({"pacing": "poisson:100"}, "pacing: constant:100 and poisson:100"),
        ({"duration_s": 10.2}, "offered rate: 2,000.0 and 1,960.8 per second"),
    ],
)
def test_another_question_is_not_compared(header: dict[str, object], words: str) -> None:
    compared = compare(noisy(1), noisy(2, **header), draws=50)
    assert words in compared.differs[0]
    assert compared.changes == ()
    assert exit_code(compared) == 2


def test_too_few_requests_are_not_compared() -> None:
    assert "too small" in compare(perfect(100), perfect(100)).differs[0]


def test_what_is_no_measurement_proves_nothing() -> None:
    compared = compare(noisy(1), noisy(2, slower=3.0, own_drops=5), draws=50)
    assert exit_code(compared) == 5
    assert any("second is no measurement" in note for note in compared.notes)


def test_circumstances_that_differ_are_noted() -> None:
    compared = compare(noisy(1), noisy(2, mode="frugal", versions={"biaoshi": "9"}), draws=50)
    assert compared.notes == ("mode: balanced and frugal", "versions: None and {'biaoshi': '9'}")


def test_the_document_is_json_and_the_same_seed_gives_the_same() -> None:
    first, second = (document_of(compare(noisy(1), noisy(2), draws=100, seed=7)) for _ in range(2))
    assert first == second
    assert json.loads(json.dumps(first, allow_nan=False))["comparable"] is True
    assert [change["figure"] for change in first["changes"]] == [
        "latency p50", "latency p95", "latency p99", "errors", "answered", "cache hit",
    ]  # fmt: skip


def test_a_tolerance_is_a_share() -> None:
    from loadgen.compare import refuse_tolerance

    for tolerance in (-0.1, 1.0, float("nan")):
        with pytest.raises(OperatorError):
            refuse_tolerance(tolerance)
