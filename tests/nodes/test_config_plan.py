"""A network file as a plan: who stands where, holds what and delegates to whom."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from nodes.config import (
    NetworkConfig,
    NetworkPlan,
    NodePlan,
    json_schema,
    load_network,
    records_of,
    sample_of,
    truth_of,
)
from resolver.errors import OperatorError
from resolver.model.identifier import fold, prefix_of
from resolver.model.site import Protocol, Site, server_number
from resolver.model.value import PUBLIC_READ, TTL_ABSOLUTE, Value
from resolver.rules.resolution import RootService
from resolver.wire.bodies.resolution import ResolutionAnswer
from resolver.wire.codes import Code, Opcode
from resolver.wire.message import Envelope, Header, Message, encode
from resolver.wire.types import hs_admin, hs_pubkey, hs_site

CONFIGS = Path(__file__).parents[2] / "configs"
SMALL = """
[[nodes]]
name = "root-1"
tier = "root"
[[nodes]]
name = "national-88"
tier = "national"
prefixes = ["88"]
[[nodes]]
name = "secondary-88.118"
tier = "secondary"
prefixes = ["88.118"]
"""


@pytest.fixture(scope="module")
def teaching() -> NetworkPlan:
    return load_network(CONFIGS / "teaching.toml")


def written(directory: Path, text: str, name: str = "net.toml") -> Path:
    file = directory / name
    file.write_text(text, encoding="utf-8")
    return file


def delegated(node: NodePlan) -> dict[bytes, list[bytes]]:
    return {handle: [value.type for value in values] for handle, values in node.delegations}


def sites(values: tuple[Value, ...], value_type: bytes = b"HS_SITE") -> list[Site]:
    return [hs_site.decode(value.data) for value in values if value.type == value_type]


@pytest.mark.parametrize("file", sorted(CONFIGS.glob("*.toml")), ids=lambda file: file.name)
def test_every_shipped_network_file_can_be_planned(file: Path) -> None:
    assert load_network(file).nodes


def test_every_shipped_catalogue_belongs_to_a_network() -> None:
    named = {
        catalogue.file.resolve()
        for file in CONFIGS.glob("*.toml")
        for node in load_network(file).nodes
        for catalogue in node.catalogues
    }
    assert named == {file.resolve() for file in (CONFIGS / "catalogues").iterdir()}


# ---- the teaching network --------------------------------------------------------------------------------------------


def test_the_teaching_network_has_every_tier_on_addresses_that_tell_it(teaching: NetworkPlan) -> None:
    assert teaching.name == "teaching"
    assert [(node.name, node.tier, node.address, node.prefixes) for node in teaching.nodes] == [
        ("root-1", "root", "127.86.1.1:2641", (b"0.NA",)),
        ("national-88", "national", "127.86.2.1:2641", (b"88",)),
        ("secondary-88.118", "secondary", "127.86.3.1:2641", (b"88.118", b"88.118.9")),
        ("secondary-88.300", "secondary", "127.86.3.2:2641", (b"88.300",)),
        ("enterprise-88.118.8", "enterprise", "127.86.4.1:2641", (b"88.118.8",)),
        ("enterprise-88.300.21-1", "enterprise", "127.86.4.2:2641", (b"88.300.21",)),
        ("enterprise-88.300.21-2", "enterprise", "127.86.4.3:2641", (b"88.300.21",)),
        ("enterprise-88.300.35", "enterprise", "127.86.4.4:2641", (b"88.300.35",)),
        ("recursive-1", "recursive", "127.86.5.1:2641", ()),
    ]
    assert teaching.node("recursive-1").extra_ports == (3641,)
    assert teaching.processes == ("authorities", "recursive")


def test_who_delegates_to_whom_follows_from_the_dots(teaching: NetworkPlan) -> None:
    below, leads_on = [b"HS_SITE", b"HS_ADMIN", b"HS_NAMESPACE"], [b"HS_SITE", b"HS_SITE.PREFIX"]
    assert delegated(teaching.node("root-1")) == {b"0.NA/0.NA": below, b"0.NA/88": leads_on + below[1:]}
    assert delegated(teaching.node("national-88")) == {
        b"0.NA/88.118": leads_on + below[1:],
        b"0.NA/88.300": leads_on + below[1:],
    }
    assert delegated(teaching.node("secondary-88.118")) == {b"0.NA/88.118.8": below, b"0.NA/88.118.9": below}
    assert delegated(teaching.node("secondary-88.300")) == {b"0.NA/88.300.21": below, b"0.NA/88.300.35": below}
    assert all(not node.delegations for node in teaching.nodes if node.tier in ("enterprise", "recursive"))


def test_prefix_handles_point_to_the_sites_that_serve_the_prefix(teaching: NetworkPlan) -> None:
    served = {prefix: node.site for node in teaching.nodes for prefix in node.prefixes}
    for node in teaching.nodes:
        for handle, values in node.delegations:
            for value_type in {value.type for value in values} & {b"HS_SITE", b"HS_SITE.PREFIX"}:
                assert sites(values, value_type) == [served[handle.removeprefix(b"0.NA/")]]
            assert [value.index for value in values] == sorted({value.index for value in values})
            admin = next(value for value in values if value.type == b"HS_ADMIN")
            assert (admin.index, hs_admin.decode(admin.data).handle) == (100, handle)
            assert all(value.public_read and value.timestamp for value in values)


def test_a_site_lists_udp_and_tcp_of_every_server(teaching: NetworkPlan) -> None:
    one, two = teaching.node("enterprise-88.300.21-1"), teaching.node("enterprise-88.300.21-2")
    assert one.site == two.site
    assert (one.server_number, two.server_number) == (0, 1)
    assert [(server.id, server.ip) for server in one.site.servers] == [(1, one.ip), (2, two.ip)]
    assert dict(one.site.attributes)[b"desc"] == b"Yunling Cold Chain (invented)"
    for server in one.site.servers:
        assert [(each.kind, each.protocol, each.port) for each in server.interfaces] == [
            (3, Protocol.UDP, 2641),
            (3, Protocol.TCP, 2641),
        ]
    assert (one.site.primary, one.site.major, one.site.minor, one.site.hash_option) == (True, 2, 11, 2)


def test_a_recursive_node_knows_the_roots_and_is_no_primary(teaching: NetworkPlan) -> None:
    recursive = teaching.node("recursive-1")
    assert recursive.roots == (RootService((teaching.node("root-1").site,)),)
    assert not recursive.site.primary
    assert [each.port for each in recursive.site.servers[0].interfaces] == [2641, 2641, 3641, 3641]
    assert (recursive.cache.negative_ttl_s, recursive.cache.ttl_max_s) == (30, 172_800)


def test_servers_of_a_site_share_its_handles_by_hash_and_lose_none(teaching: NetworkPlan) -> None:
    shares = [dict(records_of(teaching.node(f"enterprise-88.300.21-{number}"))) for number in (1, 2)]
    whole = {handle: values for handle, values in truth_of(teaching) if handle.startswith(b"88.300.21/")}
    assert shares[0] | shares[1] == whole
    assert not shares[0].keys() & shares[1].keys()
    for number, share in enumerate(shares):
        assert len(share) > 50
        assert {server_number(handle, 2, 2) for handle in share} == {number}


def test_a_hosted_enterprises_records_live_at_its_secondary_node(teaching: NetworkPlan) -> None:
    hosted = dict(records_of(teaching.node("secondary-88.118")))
    assert sum(handle.startswith(b"88.118.9/") for handle in hosted) > 200


def test_the_truth_is_every_item_record_once(teaching: NetworkPlan) -> None:
    truth = list(truth_of(teaching))
    held = [
        record
        for node in teaching.nodes
        for record in records_of(node)
        if node.tier in ("secondary", "enterprise") and not record[0].startswith(b"0.NA/")
    ]
    assert len(truth) >= 1000
    assert sorted(truth) == sorted(held)
    assert len({fold(handle) for handle, _ in truth}) == len(truth)


def test_a_sample_is_a_handle_that_this_very_node_answers_to_anybody(teaching: NetworkPlan) -> None:
    assert sample_of(teaching.node("enterprise-88.118.8")) == b"88.118.8/JXDY2106023"
    for node in teaching.nodes:
        sample = sample_of(node)
        if node.tier == "recursive":
            assert sample is None
            continue
        assert sample is not None
        assert all(value.public_read for value in dict(records_of(node))[sample])
        assert server_number(sample, len(node.site.servers), node.site.hash_option) == node.server_number


def reply_octets(handle: bytes, values: tuple[Value, ...]) -> int:
    public = tuple(value for value in values if value.permissions & PUBLIC_READ)
    body = ResolutionAnswer(handle, public)
    return len(encode(Message(Envelope(), Header(Opcode.RESOLUTION, Code.SUCCESS), body)))


def test_the_teaching_catalogue_holds_what_lessons_need(teaching: NetworkPlan) -> None:
    truth = dict(truth_of(teaching))
    sizes = sorted(reply_octets(handle, values) for handle, values in truth.items())
    values = [value for each in truth.values() for value in each]
    assert 200 <= sizes[len(sizes) // 10] <= sizes[len(sizes) * 9 // 10] <= 360
    assert sizes[-1] > 5000
    assert 3 <= sum(size > 512 for size in sizes) <= 10  # what does not fit into one datagram
    assert any(value.ttl_type == TTL_ABSOLUTE for value in values)
    assert any(not value.public_read for value in values)
    assert any(value.references for value in values)
    assert {100, 1000, 2000, 2001} <= {value.index for value in values}
    assert any(fold(handle) != handle for handle in truth)
    assert any(not handle.isascii() for handle in truth)
    assert all(fold(prefix_of(handle)) + b"/ABOUT" in truth for handle in truth)


def test_every_file_says_that_its_goods_are_invented() -> None:
    for file in [*CONFIGS.glob("*.toml"), *(CONFIGS / "catalogues").iterdir()]:
        assert "invented" in file.read_text(encoding="utf-8"), file.name


# ---- what else can be written ----------------------------------------------------------------------------------------


def test_the_time_scale_can_be_chosen_by_file_and_by_call(tmp_path: Path) -> None:
    file = written(tmp_path, "cache.time_scale = 144\n" + SMALL)
    for plan, scale in ((load_network(file), 144), (load_network(file, time_scale=2.5), 2.5)):
        assert (plan.time_scale, {node.cache.time_scale for node in plan.nodes}) == (scale, {scale})
    with pytest.raises(OperatorError, match=r"cache\.time_scale: .*0\.5"):
        load_network(file, time_scale=0.5)


def test_the_second_octet_can_be_chosen_by_file_and_by_call(tmp_path: Path) -> None:
    file = written(tmp_path, "second_octet = 99\n" + SMALL)
    assert load_network(file).node("root-1").ip == "127.99.1.1"
    chosen = load_network(file, second_octet=120)
    assert (chosen.second_octet, chosen.node("national-88").ip) == (120, "127.120.2.1")
    with pytest.raises(OperatorError, match=r"second_octet: .*255"):
        load_network(file, second_octet=255)


def test_with_ports_every_node_is_on_one_address(tmp_path: Path) -> None:
    plan = load_network(
        written(
            tmp_path, 'addressing = "ports"\nfirst_port = 30000\n' + SMALL + '[[nodes]]\nname="r"\ntier="recursive"'
        )
    )
    assert {node.ip for node in plan.nodes} == {"127.0.0.1"}
    ports = [port for node in plan.nodes for port in (node.port, *node.extra_ports)]
    assert ports == [30000, 30001, 30002, 30003, 30004]
    assert plan.node("r").extra_ports == (30004,)


def test_addresses_can_be_written_down(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        SMALL + '[[nodes]]\nname="e"\ntier="enterprise"\nprefixes=["88.118.8"]\nservers=3\n'
        'addresses=["127.0.0.9", "127.0.0.9:2642", "[::1]:2643"]\n',
    )
    plan = load_network(file)
    assert [plan.node(f"e-{number}").address for number in (1, 2, 3)] == [
        "127.0.0.9:2641",
        "127.0.0.9:2642",
        "[::1]:2643",
    ]


def test_a_mirror_is_a_second_site_with_the_same_records(tmp_path: Path) -> None:
    written(tmp_path, "handle,URL\n88.118.8/A,https://a.example\n", "a.csv")
    file = written(
        tmp_path,
        SMALL + '[[nodes]]\nname="e"\ntier="enterprise"\nprefixes=["88.118.8"]\ncatalogues=["a.csv"]\n'
        '[[nodes]]\nname="e-mirror"\ntier="enterprise"\nmirror_of="e"\n'
        '[[nodes]]\nname="national-88-b"\ntier="national"\nmirror_of="national-88"\n',
    )
    plan = load_network(file)
    original, mirror = plan.node("e"), plan.node("e-mirror")
    assert mirror.prefixes == original.prefixes
    assert list(records_of(mirror)) == list(records_of(original)) != []
    assert (original.site.primary, mirror.site.primary) == (True, False)
    assert sites(dict(plan.node("secondary-88.118").delegations)[b"0.NA/88.118.8"]) == [original.site, mirror.site]
    assert plan.node("national-88-b").delegations == plan.node("national-88").delegations
    assert len(list(truth_of(plan))) == 1


def test_several_roots_are_equal_and_know_each_other(tmp_path: Path) -> None:
    plan = load_network(
        written(tmp_path, SMALL + '[[nodes]]\nname="root-2"\ntier="root"\n[[nodes]]\nname="r"\ntier="recursive"\n')
    )
    one, two = plan.node("root-1"), plan.node("root-2")
    assert one.delegations == two.delegations
    assert sites(dict(one.delegations)[b"0.NA/0.NA"]) == [one.site, two.site]
    assert plan.node("r").roots == (RootService((one.site, two.site)),)
    assert one.site.primary
    assert two.site.primary


def test_an_unhomed_prefix_is_delegated_and_not_served(tmp_path: Path) -> None:
    plan = load_network(
        written(tmp_path, SMALL + '[[nodes]]\nname="e"\ntier="enterprise"\nunhomed_prefixes=["88.118.8"]\n')
    )
    assert plan.node("e").prefixes == ()
    assert sites(dict(plan.node("secondary-88.118").delegations)[b"0.NA/88.118.8"]) == [plan.node("e").site]


def test_every_server_of_a_parent_can_refer_to_every_prefix(tmp_path: Path) -> None:
    plan = load_network(
        written(tmp_path, SMALL.replace('prefixes = ["88"]', 'prefixes = ["88"]\nservers = 2')),
    )
    one, two = plan.node("national-88-1"), plan.node("national-88-2")
    assert delegated(one) == delegated(two) != {}
    assert [sample_of(one), sample_of(two)].count(None) == 1


def test_a_public_key_stands_in_the_site_from_hex_or_from_a_file(tmp_path: Path) -> None:
    record = hs_pubkey.encode(hs_pubkey.rsa(65_537, 2**1023 + 9))
    (tmp_path / "key.bin").write_bytes(record)
    key = 'tier = "root"\npublic_key = '
    for text in (f'"{record.hex()}"', '"key.bin"'):
        plan = load_network(written(tmp_path, SMALL.replace('tier = "root"', key + text)))
        assert plan.node("root-1").site.servers[0].public_key == record


def test_settings_reach_every_node(tmp_path: Path) -> None:
    settings = (
        'store = "memory"\n[cache]\npacket_octets = 0\nanswer_octets = 1000\nnegative_ttl_s = 5\nttl_max_s = 60\n'
    )
    plan = load_network(written(tmp_path, settings + "[limits]\nin_flight = 7\n" + SMALL))
    for node in plan.nodes:
        assert (node.store, node.limits.in_flight) == ("memory", 7)
        cache = node.cache
        assert (cache.packet_octets, cache.answer_octets, cache.negative_ttl_s, cache.ttl_max_s) == (0, 1000, 5, 60)


def test_processes_can_be_named(tmp_path: Path) -> None:
    plan = load_network(written(tmp_path, SMALL.replace('tier = "root"', 'tier = "root"\nprocess = "roots"')))
    assert plan.processes == ("roots", "authorities")


def test_a_shipped_file_is_found_from_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    plan = load_network(Path("configs/teaching.toml"))
    assert plan.file.is_file()
    assert sample_of(plan.node("enterprise-88.118.8")) == b"88.118.8/JXDY2106023"
    written(tmp_path, SMALL, "teaching.toml")
    (tmp_path / "configs").mkdir()
    (tmp_path / "teaching.toml").rename(tmp_path / "configs" / "teaching.toml")
    assert len(load_network(Path("configs/teaching.toml")).nodes) == 3  # the nearer one wins


def test_the_plan_of_a_file_is_the_same_every_time() -> None:
    plans = [load_network(CONFIGS / "teaching.toml") for _ in range(2)]
    assert all(one == other for one, other in pairwise(plans))


def test_the_schema_explains_every_key() -> None:
    schema = json_schema()
    tables = [schema, *schema["$defs"].values()]
    assert {key for table in tables for key in table["properties"]} >= set(NetworkConfig.model_fields)
    for table in tables:
        assert table["additionalProperties"] is False
        for key, about in table["properties"].items():
            assert about.get("description", "").endswith("."), key


def test_asking_for_a_node_that_is_not_there_names_the_nearest(teaching: NetworkPlan) -> None:
    with pytest.raises(OperatorError, match=r"Did you mean national-88\?"):
        teaching.node("nation-88")
