"""[faults] in a network file: where it strikes, what it refuses, and what the node counts of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from playbook import TEACHING, ask, country

from nodes.config import FaultsPlan, load_network
from nodes.home import Resident, at_the_door
from nodes.limits import Admission
from nodes.metrics import NodeCollector, Watched, page
from resolver.errors import OperatorError
from resolver.net.faulty import Faulty
from resolver.stores.memory import MemoryStore

ITEM = b"88.118.8/JXDY2106023"


def teaching_with(directory: Path, faults: str) -> Path:
    """The teaching network with a [faults] table."""
    file = directory / "net.toml"
    text = TEACHING.read_text(encoding="utf-8").replace('"catalogues/', f'"{TEACHING.parent}/catalogues/')
    file.write_text(f"[faults]\n{faults}\n\n{text}", encoding="utf-8")
    return file


def struck(file: Path) -> list[str]:
    """The names of the nodes at which something goes wrong."""
    return [node.name for node in load_network(file).nodes if node.faults is not None]


def test_nothing_goes_wrong_unless_the_file_says_so(tmp_path: Path) -> None:
    assert struck(TEACHING) == []
    assert struck(teaching_with(tmp_path, "corrupt_values = 0.0")) == []


def test_answers_are_corrupted_at_the_recursive_nodes_unless_others_are_named(tmp_path: Path) -> None:
    file = teaching_with(tmp_path, "corrupt_values = 0.001\nseed = 9")
    assert struck(file) == ["recursive-1"]
    assert load_network(file).node("recursive-1").faults == FaultsPlan(0.001, 9)
    named = teaching_with(tmp_path, 'corrupt_values = 0.001\nnodes = ["root-1", "enterprise-88.300.21"]')
    assert struck(named) == ["root-1", "enterprise-88.300.21-1", "enterprise-88.300.21-2"]


@pytest.mark.parametrize(
    ("faults", "key", "remedy"),
    [
        ("corrupt_values = 1.5", "faults.corrupt_values", "0 to 1"),
        ("corrupt_values = -0.1", "faults.corrupt_values", "0 to 1"),
        ('corrupt_values = 0.1\nnodes = ["recursive-2"]', "faults.nodes[0]", "Did you mean recursive-1?"),
        ("corrupt_value = 0.1", "faults.corrupt_value", "Did you mean corrupt_values?"),
        ("seed = -1", "faults.seed", ""),
    ],
)
def test_an_impossible_fault_is_refused_by_name(tmp_path: Path, faults: str, key: str, remedy: str) -> None:
    with pytest.raises(OperatorError) as refused:
        load_network(teaching_with(tmp_path, faults))
    assert refused.value.key == key
    assert remedy in refused.value.remedy


def test_what_went_wrong_is_counted_where_it_did(tmp_path: Path) -> None:
    plan = load_network(teaching_with(tmp_path, "corrupt_values = 1.0"))
    made = country(plan)
    node, node_plan = made.nodes["recursive-1"], plan.node("recursive-1")
    door = at_the_door(Resident(node_plan, MemoryStore(), node))
    assert isinstance(door, Faulty)
    made.world.attach(made.ip("recursive-1"), door, ports=(2641,))
    for _ in range(3):
        assert ask(made, "recursive-1", ITEM) is not None
    text = page(NodeCollector([Watched(node, lambda: 0)], version="0", rim="python"))().decode()
    labels = 'fault="corrupt_values",node="recursive-1",tier="recursive"'
    assert f"biaoshi_injected_faults_total{{{labels}}} 3.0" in text


def test_a_healthy_node_without_limits_is_met_as_it_is(tmp_path: Path) -> None:
    made = country(load_network(TEACHING))
    plan, node = made.plan.node("recursive-1"), made.nodes["recursive-1"]
    assert isinstance(at_the_door(Resident(plan, MemoryStore(), node)), Admission)
    unlimited = replace(plan.limits, source_requests_per_s=0, source_surplus_octets_per_s=0)
    assert at_the_door(Resident(replace(plan, limits=unlimited), MemoryStore(), node)) is node
