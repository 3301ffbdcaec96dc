"""The metrics page: names and labels as docs/notes/contract.md promises them, and figures that add up."""

from __future__ import annotations

from playbook import Country, ask, teaching_country
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from nodes.metrics import NodeCollector, Watched, page

NODE = {"node", "tier"}
CONTRACT = {
    "biaoshi_requests_total": NODE | {"transport", "opcode", "code"},
    "biaoshi_request_duration_seconds_count": NODE,
    "biaoshi_request_duration_seconds_bucket": NODE | {"le"},
    "biaoshi_cache_requests_total": NODE | {"cache", "outcome"},
    "biaoshi_upstream_requests_total": NODE | {"to_tier", "outcome"},
    "biaoshi_upstream_duration_seconds_count": NODE | {"to_tier"},
    "biaoshi_dropped_total": NODE | {"reason"},
    "biaoshi_records": NODE,
    "biaoshi_prefixes": NODE,
    "biaoshi_cache_entries": NODE,
    "biaoshi_cache_bytes": NODE,
    "biaoshi_build_info": {"version", "rim"},
}


def samples(made: Country) -> list[Sample]:
    watched = [Watched(node, lambda: 5) for node in made.nodes.values()]
    text = page(NodeCollector(watched, version="1", rim="python"))().decode()
    return [sample for family in text_string_to_metric_families(text) for sample in family.samples]


def value(made: Country, name: str, **labels: str) -> float:
    return sum(
        sample.value for sample in samples(made) if sample.name == name and labels.items() <= sample.labels.items()
    )


def busy_country() -> Country:
    made = teaching_country()
    for handle in (b"88.118.8/JXDY2106023", b"88.118.8/JXDY2106023", b"88.118.8/nothing", b"99/x"):
        ask(made, "recursive-1", handle)
        ask(made, "recursive-1", handle, tcp=True)
    made.nodes["recursive-1"].drop("runt")
    return made


def test_every_promised_name_is_there_with_its_labels_and_no_others() -> None:
    labels: dict[str, set[frozenset[str]]] = {}
    for sample in samples(busy_country()):
        labels.setdefault(sample.name, set()).add(frozenset(sample.labels))
    for name, promised in CONTRACT.items():
        assert labels[name] == {frozenset(promised)}, name


def test_no_identifier_and_no_client_address_is_a_label() -> None:
    words = {value for sample in samples(busy_country()) for value in sample.labels.values()}
    assert not [word for word in words if "/" in word or "127." in word or "JXDY" in word]


def test_requests_durations_and_cache_outcomes_add_up() -> None:
    made = busy_country()
    asked = 8
    assert value(made, "biaoshi_requests_total", node="recursive-1") == asked
    recalled = value(made, "biaoshi_cache_requests_total", node="recursive-1", cache="packet", outcome="hit")
    missed = value(made, "biaoshi_cache_requests_total", node="recursive-1", cache="packet", outcome="miss")
    assert recalled + missed == asked
    for tier in ("root", "national", "secondary", "enterprise"):
        answered = value(made, "biaoshi_requests_total", tier=tier)
        assert value(made, "biaoshi_upstream_requests_total", node="recursive-1", to_tier=tier) == answered
        assert value(made, "biaoshi_upstream_duration_seconds_count", to_tier=tier) == answered


def test_a_node_nobody_has_asked_shows_a_zero() -> None:
    made = teaching_country()
    zeros = [sample for sample in samples(made) if sample.name == "biaoshi_requests_total"]
    assert {sample.labels["node"] for sample in zeros} == set(made.nodes)
    assert all(sample.value == 0 for sample in zeros)
