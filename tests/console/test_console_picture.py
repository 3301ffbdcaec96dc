"""What nodes have counted becomes figures of nodes and tiers."""

import pytest

from biaoshi.console.picture import Counts, Reading, counts_of, figures, parents_of, quantile_ms, tiers_of
from nodes.counters import DURATION_BOUNDS_S

BUCKETS = len(DURATION_BOUNDS_S) + 1
MILLISECOND = DURATION_BOUNDS_S.index(0.001)


def took(**times: int) -> list[int]:
    """Answers within a millisecond, within two, and never."""
    counts = [0] * BUCKETS
    counts[MILLISECOND], counts[MILLISECOND + 1] = times.get("one", 0), times.get("two", 0)
    counts[-1] = times.get("ever", 0)
    return counts


def test_what_caches_answered_is_told_from_what_they_only_knew() -> None:
    caches = {"packet hit": 60, "answer stale": 1, "prefix hit": 7, "answer miss": 9}
    counts = counts_of({"ready": True, "records": 3, "requests": 100, "caches": caches, "struck": 4}, ready=True)
    assert (counts.ready, counts.records, counts.requests, counts.from_cache, counts.struck) == (True, 3, 100, 61, 4)
    assert not counts_of({"ready": True, "records": 3}, ready=False).ready


def test_figures_are_of_the_time_between_two_readings() -> None:
    before = Reading(10.0, {"a": Counts(True, 9, 100, 60, 0, took(one=100))})
    after = Reading(12.0, {"a": Counts(True, 9, 300, 210, 8, took(one=300))})
    assert figures(before, after, "a") == {"rate": 100.0, "p99_ms": 0.995, "hit": 0.75, "struck": 4.0, "requests": 300}


def test_nothing_is_said_of_the_first_reading_of_a_new_start_and_of_who_is_gone() -> None:
    one, more = Reading(1.0, {"a": Counts(requests=5)}), Reading(2.0, {"a": Counts(requests=3)})
    assert figures(None, one, "a")["rate"] is None and figures(None, one, "a")["requests"] == 5
    assert figures(one, more, "a")["rate"] is None
    assert figures(one, Reading(2.0, {}), "a")["requests"] is None


@pytest.mark.parametrize(
    ("after", "wanted"),
    [
        (took(), None),
        (took(one=100), 0.995),
        (took(one=90, two=10), 1.9),
        (took(one=90, ever=10), 10_000.0),  # longer than the last bound: that is all that is known
        ([], None),
    ],
)
def test_a_quantile_lies_within_its_bucket(after: list[int], wanted: float | None) -> None:
    assert quantile_ms([], after, 0.99) == wanted


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
    for name, tier, prefixes, parents in (
        ("enterprise-88.118.8", "enterprise", ["88.118.8"], ["secondary-88.118"]),
        ("secondary-88.118", "secondary", ["88.118.8"], []),  # hosted at itself
        ("recursive-1", "recursive", [], []),
        ("root-2", "root", ["88"], []),
    ):
        assert parents_of({"name": name, "tier": tier, "prefixes": prefixes}, above) == parents
