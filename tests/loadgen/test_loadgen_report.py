"""Figures, verdict and words."""

from __future__ import annotations

import json
import math
from fractions import Fraction

import numpy as np
import pytest
from made_results import MS, perfect, scattered

from loadgen.report import document_of, exit_code, figures_of, merge, text_of
from loadgen.results import Result
from resolver.errors import OperatorError

CONTRACT_KEYS = {
    "duration_s", "offered_per_s", "sent", "answered", "timed_out", "late", "wrong", "errors", "latency_ms",
    "service_ms", "lateness_us", "generator_cpu", "cache_hit", "tiers", "per_day", "extrapolated_from_s", "verdict",
}  # fmt: skip


def with_records(result: Result, **columns: object) -> Result:
    """The same result with the first record's fields changed."""
    for name, value in columns.items():
        result.records[name][0] = value
    return result


def test_percentiles_are_observed_values_exactly_as_sorting_finds_them() -> None:
    result = scattered(20_011)
    figures = figures_of(result)
    limit = result.header["timeout_ns"]
    ages = sorted(
        min(int(record["received"] - record["due"]), limit) if record["received"] >= 0 else limit
        for record in result.records
        if record["sent"] >= 0
    )
    for name, quantile in {
        "p50": "0.5",
        "p90": "0.9",
        "p95": "0.95",
        "p99": "0.99",
        "p999": "0.999",
        "max": "1",
    }.items():
        exact = ages[math.ceil(Fraction(quantile) * len(ages)) - 1]
        assert figures.latency_ms[name] == exact / 1e6, name


@pytest.mark.parametrize("count", [1, 2, 3, 10, 99, 100, 101, 1000, 1001])
def test_percentiles_of_few_values_are_the_nearest_rank(count: int) -> None:
    result = perfect(count)
    result.records["received"] = result.records["due"] + np.arange(1, count + 1) * MS
    figures = figures_of(Result({**result.header, "timeout_ns": 10_000 * MS}, result.records))
    for name, quantile in {
        "p50": "0.5",
        "p90": "0.9",
        "p95": "0.95",
        "p99": "0.99",
        "p999": "0.999",
        "max": "1",
    }.items():
        assert figures.latency_ms[name] == math.ceil(Fraction(quantile) * count), name


def test_sent_is_answered_and_timed_out_and_late_is_a_part_of_the_latter() -> None:
    figures = figures_of(scattered())
    assert figures.sent == figures.answered + figures.timed_out
    assert 0 < figures.late < figures.timed_out
    assert figures.not_sent > 0
    assert figures.sent + figures.not_sent == 20_000
    assert figures.good + figures.wrong + sum(figures.codes.values()) >= figures.answered


def test_a_time_out_counts_at_its_limit() -> None:
    figures = figures_of(with_records(perfect(), received=-1, code=0, verdict=0))
    assert figures.latency_ms["max"] == 2000
    assert figures.latency_ms["p99"] == 1
    assert (figures.answered, figures.timed_out, figures.late) == (999, 1, 0)


def test_an_answer_exactly_at_the_limit_is_in_time_and_one_behind_it_is_late() -> None:
    result = perfect()
    result.records["received"][:2] = result.records["due"][:2] + np.array([2000 * MS, 2000 * MS + 1])
    figures = figures_of(result)
    assert (figures.answered, figures.timed_out, figures.late) == (999, 1, 1)
    assert figures.latency_ms["max"] == 2000


def test_latency_counts_from_the_intended_moment_and_service_time_from_the_sending() -> None:
    result = perfect()
    result.records["sent"] = result.records["due"] + MS // 2
    figures = figures_of(result)
    assert figures.latency_ms["p50"] == 1
    assert figures.service_ms["p50"] == 0.5
    assert figures.lateness_us["p99"] == 500


def test_the_document_has_the_keys_that_are_promised_and_is_json() -> None:
    document = json.loads(json.dumps(document_of(figures_of(perfect()))))
    assert set(document) >= CONTRACT_KEYS
    assert document["offered_per_s"] == 100
    assert document["sent"] == document["answered"] == 1000
    assert document["errors"] == {"HANDLE_NOT_FOUND": 0}
    assert set(document["latency_ms"]) == {"p50", "p90", "p95", "p99", "p999", "max"}
    assert set(document["service_ms"]) == set(document["lateness_us"]) == {"p50", "p99"}
    assert document["per_day"] == 8_640_000
    assert document["extrapolated_from_s"] == document["duration_s"] == 10
    assert document["generator_cpu"] == pytest.approx(0.4)
    assert document["tiers"] == perfect().header["tiers"]
    assert {key: document["verdict"][key] for key in ("goal_per_day", "slo", "pass")} == {
        "goal_per_day": 1_000_000,
        "slo": "p99<20ms,errors<0.1%",
        "pass": True,
    }


def test_error_codes_are_counted_by_name_and_unreadable_ones_too() -> None:
    result = perfect()
    result.records["code"][:6] = [100, 100, 301, 77, 0, 0]
    result.records["verdict"][:6] = [2, 2, 3, 3, 2, 2]
    figures = figures_of(result)
    assert figures.codes == {"HANDLE_NOT_FOUND": 2, "SERVER_NOT_RESP": 1, "77": 1, "UNREADABLE": 2}
    assert figures.answered == 1000
    assert figures.wrong == 4


def test_the_day_is_what_was_answered_each_second_divided_by_the_peak_factor() -> None:
    assert figures_of(perfect(peak_factor=3.0)).per_day == 2_880_000
    assert figures_of(with_records(perfect(), received=-1, code=0, verdict=0)).per_day == 8_631_360


def late_by(result: Result, ns: int, share: float) -> Result:
    """The last `share` of the requests left that much late, and took as long as ever from then on."""
    count = int(len(result.records) * share)
    result.records["sent"][-count:] += ns
    result.records["received"][-count:] += ns
    return result


@pytest.mark.parametrize(
    ("result", "code", "passed"),
    [
        (perfect(), 0, True),
        (perfect(goal_per_day=8_640_000), 0, True),
        (perfect(goal_per_day=8_640_001), 1, False),
        (perfect(peak_factor=9.0), 1, False),
        (perfect(slo="p99<1ms"), 1, False),
        (perfect(slo="p99<=1ms"), 0, True),
        (with_records(perfect(), received=-1, code=0, verdict=0), 1, False),
        (with_records(perfect(), code=301, verdict=3), 1, False),
        (with_records(perfect(slo="errors<0.2%"), code=301, verdict=3), 0, True),
        (with_records(perfect(slo="errors<50%"), code=100, verdict=2), 4, False),
        (with_records(perfect(slo="errors<50%"), received=3000 * MS, verdict=2), 4, False),
        (late_by(perfect(), 4 * MS, 0.5), 0, True),
        (late_by(perfect(), 6 * MS, 0.5), 5, False),
        (late_by(perfect(slo="p99<100ms"), 6 * MS, 0.5), 0, True),
        (late_by(perfect(slo="errors<1%"), 3 * MS, 0.5), 5, False),
        (late_by(perfect(), 100 * MS, 0.002), 5, False),
        (perfect(own_drops=1), 5, False),
        (with_records(perfect(own_drops=1), verdict=2), 4, False),
        (with_records(perfect(interrupted=True), verdict=2), 130, False),
        (perfect(interrupted=True), 130, True),
    ],
)
def test_the_verdict_and_its_exit_code(result: Result, code: int, passed: bool) -> None:
    figures = figures_of(result)
    assert exit_code(figures) == code
    assert figures.passed is passed


def test_a_generator_that_sends_less_than_it_should_is_no_measurement() -> None:
    result = perfect()
    result.records["sent"][:6] = -1
    figures = figures_of(result)
    assert exit_code(figures) == 5
    assert "99.40%" in figures.invalid_because[0]


def test_the_report_says_in_words_what_the_document_says_in_numbers() -> None:
    result = with_records(perfect(peak_factor=3.0), code=301, verdict=3)
    text = text_of(figures_of(result))
    lines = text.splitlines()
    assert "2880000 resolutions per day 日解析量（次） = 288 万" in lines
    assert "peak factor 峰均比 3, extrapolated from 10 s" in text
    assert "SERVER_NOT_RESP 1" in text
    assert "Pass marks are ours; no source gives one." in text
    assert "received 1,000, answered 1,000" in text
    assert "95.0% = (packet hits + answer hits, stale, negative) / received" in text
    assert "never add tiers up" in text
    assert "errors<0.1%: 0.1000%, MISSED" in text
    assert lines[-1] == "VERDICT 结论: FAIL 未达标"


def test_a_report_without_a_single_request_is_still_one() -> None:
    result = perfect()
    figures = figures_of(Result({**result.header, "interrupted": True}, result.records[:0]))
    assert figures.latency_ms["p99"] is None
    assert not figures.passed
    json.dumps(document_of(figures), allow_nan=False)
    assert "VERDICT 结论: FAIL" in text_of(figures)


def test_parts_of_a_run_merge_into_the_same_figures_as_the_whole() -> None:
    whole = scattered()
    parts = [
        Result({**whole.header, "tiers": {}, "share": f"{start}/4"}, whole.records[start::4]) for start in range(4)
    ]
    assert np.array_equal(merge(parts[::-1]).records, whole.records)
    merged, expected = figures_of(merge(parts)), figures_of(whole)
    for name in (
        "offered_per_s",
        "sent",
        "answered",
        "late",
        "wrong",
        "good",
        "codes",
        "latency_ms",
        "lateness_us",
        "per_day",
    ):
        assert getattr(merged, name) == getattr(expected, name), name


def test_results_of_different_runs_do_not_merge() -> None:
    with pytest.raises(OperatorError) as refused:
        merge([perfect(share="0/2"), perfect(share="1/2", timeout_ns=5)])
    assert refused.value.key == "timeout_ns"


def test_the_same_part_twice_does_not_merge_and_a_missing_one_is_named() -> None:
    with pytest.raises(OperatorError) as refused:
        merge([perfect(share="0/3"), perfect(share="1/3"), perfect(share="0/3")])
    assert (refused.value.key, refused.value.value) == ("share", "0/3")
    assert "parts of the run are missing: 1/3" in merge([perfect(share="0/3"), perfect(share="2/3")]).header["notes"]
    assert "missing" not in " ".join(merge([perfect(share="0/2"), perfect(share="1/2")]).header["notes"])


def test_targets_that_parts_met_in_different_orders_are_the_same_targets() -> None:
    first, second = perfect(share="0/2", targets=["a:1", "b:1"]), perfect(share="1/2", targets=["b:1", "c:1"])
    merged = merge([first, second])
    assert merged.header["targets"] == ["a:1", "b:1", "c:1"]
    assert figures_of(merged).answered_by_target == (500, 1000, 500)


def test_how_fast_a_day_and_ttls_went_by_is_said() -> None:
    figures = figures_of(perfect(time_scale=144.0, ttl_scale=144.0))
    assert "at scale 144 时间压缩 (TTLs at 144)" in text_of(figures)
    assert (document_of(figures)["time_scale"], document_of(figures)["ttl_scale"]) == (144, 144)
    assert "(TTLs at 1)" in text_of(figures_of(perfect(time_scale=144.0)))
    assert "时间压缩" not in text_of(figures_of(perfect()))
