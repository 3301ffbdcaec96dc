"""A nation by counts and rules: what it expands to, and that what is printed of it means the same."""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from playbook import NATIONAL, TEACHING, small_nation

from nodes.config import NetworkPlan, expanded, load_network, sample_of
from nodes.expansion import dealt, to_toml, zipf_shares
from nodes.files import find_file
from nodes.industries import INDUSTRIES
from nodes.regions import REGIONS, distance_km, region_of_city
from nodes.schema import NetworkConfig, NodeConfig
from resolver.model.identifier import fold, prefix_of
from resolver.rules.resolution import RootService
from resolver.wire.types import hs_site

ROOT = '[[nodes]]\nname = "root-1"\ntier = "root"\n'


@pytest.fixture(scope="module")
def nation() -> NetworkPlan:
    return load_network(NATIONAL)


def written(directory: Path, text: str) -> Path:
    file = directory / "net.toml"
    file.write_text(text, encoding="utf-8")
    return file


def enterprises(plan: NetworkPlan) -> list[bytes]:
    """The enterprise prefixes, the largest first."""
    assert plan.population is not None
    return [prefix for prefix, _ in plan.population.shares]


# ---- the nation ------------------------------------------------------------------------------------------------------


def test_the_nation_has_the_counts_of_the_action_plan(nation: NetworkPlan) -> None:
    assert Counter(node.tier for node in nation.nodes) == {
        "root": 2,
        "national": 7 + 1,
        "secondary": 120 + 1,
        "enterprise": 240 + 1,
        "recursive": 20,
    }
    assert nation.population is not None and nation.population.size == 15_000_000_000
    assert len(enterprises(nation)) == len(set(enterprises(nation))) == 5_240
    assert 4 <= len(nation.processes) <= 6
    assert len({node.address for node in nation.nodes}) == len(nation.nodes)


def test_it_is_the_same_nation_every_time(nation: NetworkPlan) -> None:
    assert load_network(NATIONAL) == nation


def test_names_can_be_read(nation: NetworkPlan) -> None:
    names = {node.name for node in nation.nodes}
    assert {"national-beijing", "national-chengdu", "secondary-88.120", "secondary-86.101", "recursive-20"} <= names
    assert "enterprise-88.101.1" in names
    secondary = nation.node("secondary-88.101")
    assert (secondary.place, secondary.prefixes[0]) == ("Nanjing", b"88.101")
    assert secondary.site.attributes == ((b"desc", b"13 Farm products processing"),)


def test_seven_national_sites_are_one_service_with_one_primary(nation: NetworkPlan) -> None:
    cities = ("beijing", "shanghai", "guangzhou", "wuhan", "chongqing", "nanjing", "chengdu")
    nodes = [nation.node(f"national-{city}") for city in cities]
    assert [node.site.primary for node in nodes] == [True] + 6 * [False]
    assert {node.prefixes for node in nodes} == {(b"88", b"86")}
    assert len({node.delegations for node in nodes}) == 1
    for prefix in (b"0.NA/88", b"0.NA/86"):
        values = dict(nation.node("root-1").delegations)[prefix]
        for kind in (b"HS_SITE", b"HS_SITE.PREFIX"):
            assert [hs_site.decode(value.data) for value in values if value.type == kind] == [n.site for n in nodes]


def test_cities_can_be_chosen_in_either_language(tmp_path: Path) -> None:
    file = small_nation(tmp_path, **{'"Nanjing", "Chengdu"': '"贵阳", "Xi\'an"'})
    assert {node.name for node in load_network(file).nodes} >= {"national-guiyang", "national-xian"}
    assert load_network(file).node("national-guiyang").place == "Guiyang"


def test_one_province_has_half_of_the_enterprises_and_every_province_some(nation: NetworkPlan) -> None:
    place = {prefix: node.place for node in nation.nodes for prefix in node.prefixes}
    homes = Counter(place[prefix] for prefix in enterprises(nation))
    assert abs(homes["Nanjing"] - len(enterprises(nation)) // 2) <= 1
    assert set(homes) == {region.capital for region in REGIONS}
    others = [count for _, count in homes.most_common()][1:]
    assert others[0] > 4 * others[-1]


def test_every_secondary_node_has_enterprises_and_an_industry(nation: NetworkPlan) -> None:
    homes = Counter(prefix.rpartition(b".")[0] for prefix in enterprises(nation))
    generated = [node for node in nation.nodes if node.tier == "secondary" and node.prefixes[0][:2] in (b"88", b"86")]
    assert all(homes[node.prefixes[0]] >= 2 for node in generated)
    codes = {industry.code for industry in INDUSTRIES}
    assert {node.site.attributes[0][1][:2].decode() for node in generated} == codes


def test_the_population_follows_zipfs_law_over_the_enterprises(nation: NetworkPlan) -> None:
    assert nation.population is not None
    shares = [count for _, count in nation.population.shares]
    assert sum(shares) == nation.population.size
    assert all(one >= other >= 1 for one, other in pairwise(shares))
    for place, share in enumerate(shares, 1):
        assert abs(share * place - shares[0]) <= 2 * place + shares[0] // 1_000


def test_the_largest_enterprises_have_nodes_and_the_others_are_hosted(nation: NetworkPlan) -> None:
    own = {node.prefixes[0] for node in nation.nodes if node.tier == "enterprise"}
    assert all((prefix in own) == (rank < 240) for rank, prefix in enumerate(enterprises(nation)))


def test_a_node_knows_how_much_of_the_population_it_answers(nation: NetworkPlan) -> None:
    assert nation.population is not None
    counts = {node.name: node.procedural for node in nation.nodes}
    assert sum(counts.values()) == nation.population.size
    assert counts["enterprise-88.101.1"] == dict(nation.population.shares)[b"88.101.1"]
    for name in ("root-1", "national-beijing", "recursive-1", "enterprise-20.500.7"):
        assert (counts[name], nation.node(name).population) == (0, None)


def test_samples_are_procedural_where_nothing_is_stored(nation: NetworkPlan) -> None:
    assert nation.population is not None
    for name in ("enterprise-88.101.1", "secondary-86.120"):
        sample = sample_of(nation.node(name))
        assert sample is not None and nation.population.rank(sample) is not None
        assert fold(prefix_of(sample)) in nation.node(name).prefixes
    assert sample_of(nation.node("enterprise-20.500.7")) == b"20.500.7/ABOUT"


def test_on_a_site_of_several_servers_the_sample_is_that_servers_own(tmp_path: Path) -> None:
    above = (
        '[[nodes]]\nname = "n"\ntier = "national"\nprefixes = ["88"]\n'
        '[[nodes]]\nname = "s"\ntier = "secondary"\nprefixes = ["88.1"]\n'
    )
    plan = load_network(
        written(
            tmp_path,
            "[population]\nsize = 1000\nkey = 'k'\n" + ROOT + above + '[[nodes]]\nname = "e"\ntier = "enterprise"\n'
            'prefixes = ["88.1.1"]\nservers = 5\n',
        )
    )
    samples = [sample_of(plan.node(f"e-{number}")) for number in range(1, 6)]
    assert None not in samples and len(set(samples)) == 5


def test_all_nodes_know_both_roots_by_family(nation: NetworkPlan) -> None:
    first, second = (nation.node(name).site for name in ("root-1", "root-2"))
    for node in nation.nodes:
        wanted = (RootService((first,)), RootService((second,), (b"10", b"20", b"21")))
        assert node.roots == wanted
    assert {handle for handle, _ in nation.node("root-2").delegations} == {b"0.NA/0.NA", b"0.NA/20"}
    assert {handle for handle, _ in nation.node("root-1").delegations} == {b"0.NA/0.NA", b"0.NA/88", b"0.NA/86"}


# ---- growth ----------------------------------------------------------------------------------------------------------


def test_who_is_there_keeps_name_and_place_when_counts_grow(tmp_path: Path) -> None:
    small = load_network(small_nation(tmp_path))
    grown = load_network(
        small_nation(
            tmp_path,
            **{"enterprise_nodes = 10": "enterprise_nodes = 30", "recursive_nodes = 6": "recursive_nodes = 40"},
        )
    )
    for node in small.nodes:
        other = grown.node(node.name)
        assert (other.place, other.prefixes[:1]) == (node.place, node.prefixes[:1])


def test_beyond_250_nodes_a_tier_goes_on_ten_octets_further(tmp_path: Path) -> None:
    plan = load_network(small_nation(tmp_path, **{'"88" = 6, "86" = 3': '"88" = 380, "86" = 140'}))
    secondary = [node.ip for node in plan.nodes if node.tier == "secondary"]
    assert (secondary[249], secondary[250], secondary[500]) == ("127.86.3.250", "127.86.13.1", "127.86.23.1")
    assert len({node.address for node in plan.nodes}) == len(plan.nodes)


@pytest.mark.parametrize(
    ("weights", "count", "first", "places"),
    [
        ([1], 3, False, [0, 0, 0]),
        ([3, 1], 4, False, [0, 0, 1, 0]),
        ([3, 1], 4, True, [0, 1, 0, 0]),
        ([2, 1, 1], 8, False, [0, 1, 2, 0, 0, 1, 2, 0]),
        ([5, 4], 1, True, [0]),
        ([5, 4], 0, True, []),
    ],
)
def test_things_are_dealt_where_one_lacks_most(weights: list[int], count: int, first: bool, places: list[int]) -> None:
    assert list(dealt(weights, count, each_first=first)) == places


def test_everybody_has_a_share_and_nothing_is_left_over() -> None:
    assert zipf_shares(["a", "b", "c"], 3) == {"a": 1, "b": 1, "c": 1}
    assert zipf_shares(["a", "b", "c"], 14) == {"a": 8, "b": 4, "c": 2}
    with pytest.raises(ValueError, match="one at least"):
        zipf_shares(["a", "b"], 1)


# ---- printing --------------------------------------------------------------------------------------------------------


def test_what_expand_prints_is_planned_the_same(nation: NetworkPlan, tmp_path: Path) -> None:
    plan = load_network(written(tmp_path, to_toml(expanded(NATIONAL))))
    assert replace(plan, name=nation.name, file=nation.file) == nation


def test_a_file_without_a_nation_is_printed_as_it_is(tmp_path: Path) -> None:
    teaching = NATIONAL.with_name("teaching.toml")
    plan = load_network(written(tmp_path, to_toml(expanded(teaching))))
    assert replace(plan, name="teaching", file=teaching) == load_network(teaching)


def test_whatever_stands_in_a_file_can_be_printed() -> None:
    odd = 'quote " backslash \\ tab \t delete \x7f 标识 \U0001f9ed'
    config = NetworkConfig.model_validate(
        {
            "second_octet": 99,
            "cache": {"packet_octets": 0},
            "population": {"size": 2, "key": odd, "shares": {"88.标": 1, "88.2": 1}},
            "nodes": [{"name": "r", "tier": "root", "description": odd, "families": ["88"], "public_key": "00"}],
        }
    )
    assert NetworkConfig.model_validate(tomllib.loads(to_toml(config))) == config


def test_the_shipped_nation_is_found_from_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    file = find_file(Path("configs/national.toml"))
    assert all(Path(name).is_file() for node in expanded(file).nodes for name in node.catalogues)


def test_a_copy_of_a_shipped_file_names_what_the_file_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tmp_path / "mine.toml"
    copy.write_bytes(TEACHING.read_bytes())
    monkeypatch.chdir("/")
    assert load_network(copy).nodes == load_network(TEACHING).nodes


def test_an_expanded_file_says_the_same_from_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    zone = tmp_path / "mine.zone"
    zone.write_text((TEACHING.parent / "zones" / "industry.example.zone").read_text().replace("industry", "mine"))
    (tmp_path / "mine.toml").write_text('[doors]\nzones = ["mine.zone"]\n[[nodes]]\nname = "r"\ntier = "root"\n')
    monkeypatch.chdir("/")
    assert expanded(tmp_path / "mine.toml").doors.zones == [str(zone)]


# ---- tables and latencies --------------------------------------------------------------------------------------------


def test_codes_and_names_are_unique() -> None:
    assert (
        len({industry.code for industry in INDUSTRIES}) == len({i.name_zh for i in INDUSTRIES}) == len(INDUSTRIES) == 63
    )
    assert len({region.code for region in REGIONS}) == len({region.capital_zh for region in REGIONS}) == 31
    assert all(region.code.endswith("0000") and 18 <= region.latitude // 100 <= 54 for region in REGIONS)
    for region in REGIONS:
        NodeConfig(name="n", tier="root", place=region.capital)
        assert region_of_city(region.capital) is region_of_city(region.capital_zh) is region


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [
        ("Beijing", "Beijing", 0),
        ("Beijing", "Shanghai", 1_067),
        ("Guangzhou", "Beijing", 1_888),
        ("Lhasa", "Harbin", 3_555),
    ],
)
def test_distances_are_those_of_the_map(one: str, other: str, km: int) -> None:
    here, there = region_of_city(one), region_of_city(other)
    assert here is not None and there is not None
    assert abs(distance_km(here, there) - km) <= km * 0.015
    assert distance_km(here, there) == distance_km(there, here)


def test_latency_grows_with_distance_and_is_off_for_real_sockets(nation: NetworkPlan) -> None:
    latency = nation.latency
    assert latency is not None
    assert latency.one_way_ns("Beijing", "Beijing") == latency.one_way_ns("", "Beijing") == 1_000_000
    near, far = latency.one_way_ns("Beijing", "Tianjin"), latency.one_way_ns("Beijing", "Guangzhou")
    assert 1_500_000 < near < 2_500_000 < 16_000_000 < far < 20_000_000
    link = latency.link({"127.86.1.1": "Beijing", "127.86.5.1": "Guangzhou"})
    assert link(("127.86.1.1", 1), ("127.86.5.1", 2), b"x") == ((far, b"x"),)
