"""Metrics pages become figures of nodes and tiers."""

import pytest

from biaoshi.console.picture import Counts, Reading, counts_in, figures, parents_of, quantile_ms, tiers_of

PAGE = """# HELP biaoshi_requests_total Requests
# TYPE biaoshi_requests_total counter
biaoshi_requests_total{code="SUCCESS",node="recursive-1",opcode="RESOLUTION",tier="recursive",transport="udp"} 90.0
biaoshi_requests_total{code="none",node="recursive-1",opcode="undecoded",tier="recursive",transport="udp"} 10.0
biaoshi_cache_requests_total{cache="packet",node="recursive-1",outcome="hit",tier="recursive"} 60.0
biaoshi_cache_requests_total{cache="prefix",node="recursive-1",outcome="hit",tier="recursive"} 7.0
biaoshi_request_duration_seconds_bucket{le="0.001",node="recursive-1",tier="recursive"} 50.0
biaoshi_request_duration_seconds_bucket{le="+Inf",node="recursive-1",tier="recursive"} 100.0
biaoshi_injected_faults_total{fault="drop",node="recursive-1",tier="recursive"} 4.0
biaoshi_records{node="recursive-1",tier="recursive"} 0.0
"""


def test_a_page_is_read_as_what_is_wanted_of_it() -> None:
    counts = counts_in([PAGE])["recursive-1"]
    assert (counts.requests, counts.unanswered, counts.from_cache, counts.struck) == (100, 10, 60, 4)
    assert counts.buckets == {0.001: 50, float("inf"): 100}


def test_figures_are_of_the_time_between_two_readings() -> None:
    before = Reading(10.0, {"a": Counts(100, 0, 60, 0, {0.001: 100, float("inf"): 100})})
    after = Reading(12.0, {"a": Counts(300, 0, 210, 8, {0.001: 300, float("inf"): 300})})
    assert figures(before, after, "a") == {"rate": 100.0, "p99_ms": 0.99, "hit": 0.75, "struck": 4.0, "requests": 300}


def test_nothing_is_said_of_the_first_reading_of_a_new_start_and_of_who_is_gone() -> None:
    one, more = Reading(1.0, {"a": Counts(5)}), Reading(2.0, {"a": Counts(3)})
    assert figures(None, one, "a")["rate"] is None and figures(None, one, "a")["requests"] == 5
    assert figures(one, more, "a")["rate"] is None
    assert figures(one, Reading(2.0, {}), "a")["requests"] is None


@pytest.mark.parametrize(
    ("after", "wanted"),
    [
        ({0.001: 0.0, 0.002: 0.0, float("inf"): 0.0}, None),
        ({0.001: 100.0, 0.002: 100.0, float("inf"): 100.0}, 0.99),
        ({0.001: 90.0, 0.002: 100.0, float("inf"): 100.0}, 1.9),
        ({0.001: 90.0, 0.002: 90.0, float("inf"): 100.0}, 2.0),  # longer than the last bound: that is all that is known
        ({}, None),
    ],
)
def test_a_quantile_lies_within_its_bucket(after: dict[float, float], wanted: float | None) -> None:
    assert quantile_ms({}, after, 0.99) == wanted


def test_a_tier_adds_up_rates_and_takes_the_slowest_p99() -> None:
    nodes = [{"name": "a", "tier": "root"}, {"name": "b", "tier": "root"}]
    figures_of = {
        "a": {"ready": True, "rate": 30.0, "p99_ms": 0.2, "hit": 1.0, "struck": 0.0},
        "b": {"ready": False, "rate": 10.0, "p99_ms": 5.0, "hit": 0.0, "struck": 1.0},
    }
    assert tiers_of(nodes, figures_of) == {
        "root": {"nodes": 2, "ready": 1, "rate": 40.0, "p99_ms": 5.0, "hit": 0.75, "struck": 1.0}
    }


def test_a_node_stands_below_whoever_answers_about_its_prefix() -> None:
    above = {b"0.NA/88": "root-1", b"0.NA/88.118.8": "secondary-88.118"}
    assert parents_of({"name": "enterprise-88.118.8", "prefixes": ["88.118.8"]}, above) == ["secondary-88.118"]
    assert parents_of({"name": "secondary-88.118", "prefixes": ["88.118.8"]}, above) == []
    assert parents_of({"name": "recursive-1", "prefixes": []}, above) == []
