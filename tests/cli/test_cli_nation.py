"""A small nation as its users meet it: real nodes on loopback, several processes, two roots, procedural identifiers."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playbook import NATIONAL, small_nation

from biaoshi import cli
from nodes import network
from nodes.config import load_network
from nodes.ports import all_free
from resolver.model.population import Population

pytestmark = pytest.mark.network


class Call:
    """Calls the command line in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def __call__(self, *arguments: str) -> str:
        with pytest.raises(SystemExit) as ended:
            cli.main(arguments)
        printed = self.capsys.readouterr()
        assert (ended.value.code or 0) == 0, printed.err
        return printed.out

    def json(self, *arguments: str) -> Any:
        return json.loads(self(*arguments, "--json"))


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path, int]]:
    """(network file, run directory, second octet) of a nation that runs, and afterwards has left nothing."""
    folder = tmp_path_factory.mktemp("nation")
    file = small_nation(folder)
    octet = network.free_second_octet(file)
    with network.running(file, folder / "run", second_octet=octet):
        yield file, folder / "run", octet
    assert all_free(load_network(file, second_octet=octet))
    assert sorted(entry.name for entry in (folder / "run").iterdir()) == ["data", "logs"]


@pytest.fixture
def biaoshi(up: tuple[Path, Path, int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    monkeypatch.setenv("BIAOSHI_RUN_DIR", str(up[1]))
    return Call(capsys)


@pytest.fixture
def population(up: tuple[Path, Path, int]) -> Population:
    made = load_network(up[0]).population
    assert made is not None
    return made


def test_every_node_is_ready_and_says_how_much_of_it_is_procedural(biaoshi: Call, population: Population) -> None:
    document = biaoshi.json("network", "status")
    tiers = Counter(node["tier"] for node in document["nodes"] if node["ready"])
    assert tiers == {"root": 2, "national": 8, "secondary": 10, "enterprise": 11, "recursive": 6}
    assert document["ready"] and document["procedural"] == population.size
    assert sum(node["procedural"] for node in document["nodes"]) == population.size
    assert len({node["pid"] for node in document["nodes"]}) == len(document["processes"]) == 6
    largest = next(node for node in document["nodes"] if node["name"] == "enterprise-88.101.1")
    assert population.rank(largest["sample"].encode()) is not None


def test_tables_say_procedural_wherever_they_count(biaoshi: Call, population: Population) -> None:
    for table in (biaoshi("network", "status"), biaoshi("config", "check", str(NATIONAL))):
        assert "PROCEDURAL 程序生成" in table
        assert f"{population.size:,} procedural identifiers 程序生成 (computed, not stored)" in table


@pytest.mark.parametrize(
    ("family", "root", "national"),
    [("88", "root-1", "national-"), ("86", "root-1", "national-"), ("20", "root-2", "national-20")],
)
def test_identifiers_of_three_families_resolve_from_one_recursive_node_by_their_own_roots(
    biaoshi: Call, population: Population, family: str, root: str, national: str
) -> None:
    prefix = next((prefix for prefix, _ in population.shares if prefix.startswith(family.encode() + b".")), None)
    handle = "20.500.7/TIDE-GAUGE-0001" if prefix is None else str(population.member(prefix, 5), "ascii")
    answer = biaoshi.json("resolve", handle, "--trace")
    asked = [hop["to"] for hop in answer["trace"]]
    assert (answer["code"], asked[:2]) == (1, ["recursive-1", root])
    assert asked[2].startswith(national)
    said = [value["data"]["value"] for value in answer["values"] if value["type"] == "ORIGIN"]
    assert said == ([] if prefix is None else ["procedural 程序生成"])


def test_expand_prints_toml_and_json(biaoshi: Call, up: tuple[Path, Path, int], tmp_path: Path) -> None:
    (tmp_path / "whole.toml").write_text(biaoshi("network", "expand", str(up[0])), encoding="utf-8")
    plan = load_network(tmp_path / "whole.toml")
    assert plan.nodes == load_network(up[0]).nodes
    document = biaoshi.json("network", "expand", str(up[0]))
    assert [node["name"] for node in document["nodes"]] == [node.name for node in plan.nodes]
    assert sum(document["population"]["shares"].values()) == document["population"]["size"]
