"""What of a running network its file may change, and what becomes of who is served meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest
from playbook import TEACHING, answer, ask, country

from nodes.config import NetworkPlan, load_network
from nodes.home import Resident, at_the_door
from nodes.limits import Admission, Limited
from nodes.recursive import RecursiveNode
from nodes.reloading import changed, renewed
from resolver.errors import OperatorError
from resolver.model.now import NS_PER_S
from resolver.stores.memory import MemoryStore
from resolver.wire.codes import Code

ITEM = b"88.118.8/JXDY2106023"


def plan(tmp_path: Path, above: str = "", *, name: str = "root-1", prefix: str = '"88.118.8"') -> NetworkPlan:
    text = TEACHING.read_text(encoding="utf-8")
    text = text.replace('name = "root-1"', f'name = "{name}"').replace(
        'prefixes = ["88.118.8"]', f"prefixes = [{prefix}]"
    )
    file = tmp_path / "teaching.toml"
    file.write_text(f"{above}\n{text}", encoding="utf-8")
    return load_network(file)


def test_the_query_log_may_begin_and_end(tmp_path: Path) -> None:
    running = plan(tmp_path)
    new = renewed(running, plan(tmp_path, "[query_log]\none_in = 1000\n"))
    assert changed(running, new) == [node.name for node in running.nodes]
    assert new.node("recursive-1").query_log.one_in == 1_000


def test_bounds_may_change_and_who_differs_is_named(tmp_path: Path) -> None:
    running = plan(tmp_path)
    assert changed(running, renewed(running, plan(tmp_path))) == []
    new = renewed(
        running, plan(tmp_path, "[limits]\nin_flight = 9\n[cache]\nstale_s = 7\n[faults]\ncorrupt_values = 0.5\n")
    )
    assert changed(running, new) == [node.name for node in running.nodes]
    assert new.node("recursive-1").limits.in_flight == 9


@pytest.mark.parametrize(
    ("above", "more", "key"),
    [
        ("", {"name": "root-x"}, "nodes"),
        ("", {"prefix": '"88.118.8", "88.118.10"'}, "nodes.secondary-88.118.delegations"),
        ("[cache]\ntime_scale = 9.0\n", {}, "cache.time_scale"),
        ('store = "memory"\n', {}, "nodes.root-1.store"),
    ],
)
def test_what_takes_a_restart_is_refused_with_its_key(
    tmp_path: Path, above: str, more: dict[str, str], key: str
) -> None:
    running = plan(tmp_path)
    with pytest.raises(OperatorError) as refused:
        renewed(running, plan(tmp_path, above, **more))
    assert refused.value.key == key and refused.value.file.endswith("teaching.toml")
    assert "start it again" in refused.value.remedy


def test_new_bounds_hold_from_the_next_packet_on_and_nothing_known_is_lost(tmp_path: Path) -> None:
    running = plan(tmp_path)
    made = country(running)
    node = made.nodes["recursive-1"]
    assert isinstance(node, RecursiveNode)
    assert answer(ask(made, "recursive-1", ITEM)).code == Code.SUCCESS
    new = plan(tmp_path, "[limits]\nin_flight = 5\nin_flight_per_server = 3\n[cache]\nnegative_ttl_s = 2\n")
    Resident(running.node("recursive-1"), MemoryStore(), node).configure(new.node("recursive-1"))
    assert (node.seeker.in_flight_max, node.seeker.loads.most, node.answers.negative_ttl_s) == (5, 3, 2)
    before = made.requests()["enterprise-88.118.8"]
    assert answer(ask(made, "recursive-1", ITEM)).code == Code.SUCCESS
    assert made.requests()["enterprise-88.118.8"] == before
    ask(made, "recursive-1", b"88.118.8/none")
    made.world.run(2 * NS_PER_S)
    ask(made, "recursive-1", b"88.118.8/none")
    assert made.requests()["enterprise-88.118.8"] == before + 2


def test_a_smaller_cache_lets_go_of_what_does_not_fit(tmp_path: Path) -> None:
    made = country(plan(tmp_path))
    ask(made, "recursive-1", ITEM)
    node = made.nodes["recursive-1"]
    assert isinstance(node, RecursiveNode) and len(node.packets.entries) and len(node.answers.entries)
    new = plan(tmp_path, "[cache]\npacket_octets = 0\nanswer_octets = 0\n").node("recursive-1")
    node.configure(new.cache, new.limits)
    assert not len(node.packets.entries) and not len(node.answers.entries)
    assert answer(ask(made, "recursive-1", ITEM)).code == Code.SUCCESS


def test_what_was_used_of_a_day_stays_used(tmp_path: Path) -> None:
    running = plan(
        tmp_path, "[limits]\nrequests_per_day = 2\nsource_requests_per_s = 0\nsource_surplus_octets_per_s = 0\n"
    )
    made = country(running)
    resident = Resident(running.node("recursive-1"), MemoryStore(), made.nodes["recursive-1"])
    door = at_the_door(resident)
    assert isinstance(door, Limited)
    made.world.attach(made.ip("recursive-1"), door)
    codes = [answer(ask(made, "recursive-1", ITEM)).code for _ in range(3)]
    assert codes == [Code.SUCCESS, Code.SUCCESS, Code.SERVER_TOO_BUSY]
    resident.plan = plan(tmp_path, "[limits]\nrequests_per_day = 4\n").node("recursive-1")
    again = at_the_door(resident)
    assert isinstance(again, Admission)
    made.world.attach(made.ip("recursive-1"), again)
    codes = [answer(ask(made, "recursive-1", ITEM)).code for _ in range(2)]
    assert codes == [Code.SUCCESS, Code.SERVER_TOO_BUSY]
