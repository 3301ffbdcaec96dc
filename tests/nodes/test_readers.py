"""Nodes with readers, as real processes: every conversation at whichever reader its packets come to, every write
visible at each of them, and nothing lost when one is killed."""

from __future__ import annotations

import contextlib
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from reader_network import (
    ENTERPRISE,
    ITEM,
    PREFIX,
    RECURSIVE,
    OverReaders,
    Running,
    asked,
    in_the_end,
    kill,
    question,
    running,
)

from biaoshi.cli.load import running_network
from biaoshi.client import BlockingClient, administrator, credentials, text
from biaoshi.conformance import run
from biaoshi.conformance.cases import all_cases
from biaoshi.conformance.run import PASS, Target
from biaoshi.proofs import networks, p01_conservation
from biaoshi.teaching import teaching_file
from loadgen.pacing import constant, poisson
from nodes import control, network
from nodes.processes import alive, started, wait_gone
from nodes.state import status, supervisor_of
from resolver.errors import Unreachable
from resolver.model.value import Reference
from resolver.rules.proof import Credentials
from resolver.wire.bodies.resolution import ResolutionAnswer
from resolver.wire.codes import Code

pytestmark = pytest.mark.network
OWNER = administrator(f"0.NA/{PREFIX}")
CONVERSATIONS = [case for case in all_cases() if case.writes]


@pytest.fixture(scope="module", params=["c", pytest.param("python", marks=pytest.mark.long)])
def two(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Two readers a node, with either rim."""
    before = os.environ.get("BIAOSHI_RIM")
    os.environ["BIAOSHI_RIM"] = request.param
    try:
        if request.param == "c":
            pytest.importorskip("resolver.net._rim", reason="no compiled rim here")
        with contextlib.suppress(Unreachable), running(tmp_path_factory.mktemp("readers"), workers=2) as network:
            yield network  # which its last test ends
    finally:
        os.environ.pop("BIAOSHI_RIM")
        if before is not None:
            os.environ["BIAOSHI_RIM"] = before


def writer(network: Running) -> BlockingClient:
    ip, port = network.address(ENTERPRISE)
    return BlockingClient(f"{ip}:{port}", user=credentials(f"300:0.NA/{PREFIX}", network.key()), direct=True)


def url(link: socket.socket, handle: str) -> str:
    """What a reader says of a handle: its URL, or why there is none."""
    said = asked(link, handle)
    if not isinstance(said.body, ResolutionAnswer):
        return Code(said.header.code).name
    return next(value.data.decode() for value in said.body.values if value.index == 1)


def hold_conversations(network: Running, times: int) -> None:
    """Every conversation that writes, so often, each packet of it at another reader than the one before."""
    talk = OverReaders(network, ENTERPRISE)
    target = Target(talk, run.site_of(talk), ITEM, Credentials(Reference(b"0.NA/88.118.8", 300), network.key()), PREFIX)
    talk.met.clear()
    for _ in range(times):
        for case in CONVERSATIONS:
            for transport in case.over:
                outcome = run.hold(case, target, transport)
                assert (outcome.verdict, outcome.words) == (PASS, ()), f"{case.name} over {transport}"
    assert all(here != there for here, there in zip(talk.met, talk.met[1:], strict=False))
    assert len(talk.met) > 2 * times * len(CONVERSATIONS)
    talk.close()


def test_conversations_whose_every_packet_comes_to_another_reader(two: Running) -> None:
    before = two.at_readers(ENTERPRISE)
    hold_conversations(two, 1)
    assert all(now > then + 20 for now, then in zip(two.at_readers(ENTERPRISE), before, strict=True))


def test_a_write_is_seen_through_every_reader_as_soon_as_it_is_acknowledged(two: Running) -> None:
    links, others = two.links(ENTERPRISE), two.links(RECURSIVE)
    client, handle, still = writer(two), f"{PREFIX}/at-once", ITEM
    try:
        kept = [url(link, still) for link in links]
        for round_ in range(30):
            assert {url(link, handle) for link in links} == {"HANDLE_NOT_FOUND"}
            client.create(handle, [text(1, "URL", f"https://{round_}.example"), OWNER])
            assert {url(link, handle) for link in links} == {f"https://{round_}.example"}
            for change in range(3):
                client.modify(handle, [text(1, "URL", f"https://{round_}-{change}.example")])
                assert {url(link, handle) for link in links for _ in range(2)} == {f"https://{round_}-{change}.example"}
            client.delete(handle)
        client.unhome(PREFIX)
        assert {url(link, still) for link in links} == {"SERVER_NOT_RESP"}
        client.home(PREFIX)
        assert [url(link, still) for link in links] == kept
        assert {url(link, still) for link in others} == set(kept)
    finally:
        client.close()
        for link in (*links, *others):
            link.close()


def test_one_write_empties_no_cache(two: Running) -> None:
    links, client = two.links(ENTERPRISE), writer(two)
    for link in links:
        asked(link, ITEM)
    before = two.counted(ENTERPRISE)["cache_requests_total", "packet", "miss"]
    client.create(f"{PREFIX}/another", [text(1, "URL", "https://a.example"), OWNER])
    client.delete(f"{PREFIX}/another")
    for link in links:
        asked(link, ITEM)
        link.close()
    client.close()
    counted = two.counted(ENTERPRISE)["cache_requests_total", "packet", "miss"] - before
    assert counted == 0


def test_every_request_is_counted_once_wherever_it_was_answered(two: Running) -> None:
    for name in (ENTERPRISE, RECURSIVE):
        links = two.links(name)
        before = two.counted(name)
        handles = [ITEM, f"{PREFIX}/nothing-here", ITEM.lower(), "99.404/foreign"]
        sent = 0
        for number in range(200):
            asked(links[number % len(links)], handles[number % 4], number)
            sent += 1
        with socket.create_connection(two.address(name), timeout=5) as stream:
            stream.sendall(b"".join(question(handle, 7) for handle in handles * 5))
            sent += len(handles) * 5
            heard = b""
            while heard.count(b"\0\0\0\x07\0\0\0\0\0\0") < len(handles) * 5:
                octets = stream.recv(65_536)
                assert octets
                heard += octets
        for link in links:
            link.close()
        counted = two.counted(name) - before
        requests = sum(number for key, number in counted.items() if key[0] == "requests_total")
        assert requests == sent
        assert counted["request_duration_seconds_count",] == sent
        readers = sum(number for key, number in counted.items() if key[0] == "reader_requests_total")
        assert readers == sent
        assert sum(number for key, number in counted.items() if key[-1] == "answered") > sent // 2


def test_a_killed_reader_loses_nothing_that_waits_for_it(two: Running) -> None:
    pids = two.pids(ENTERPRISE)
    assert len(pids) == 2
    links = two.links(ENTERPRISE)
    asked(links[0], ITEM)
    before = two.counted(ENTERPRISE)
    answered = 50
    for _ in range(answered):
        asked(links[0], ITEM)
    kill(pids[0])  # before anybody has asked it for its counts
    in_the_end(lambda: started(pids[0]) is None)
    waiting = 100
    for number in range(waiting):
        links[0].send(question(ITEM, number))
    assert url(links[1], ITEM).startswith("https://")  # the other goes on meanwhile
    heard = {int.from_bytes(links[0].recv(65_536)[8:12], "big") for _ in range(waiting)}
    assert heard == set(range(waiting))
    in_the_end(lambda: len(two.pids(ENTERPRISE)) == 2)
    assert two.pids(ENTERPRISE)[1] == pids[1]
    assert url(links[0], ITEM).startswith("https://")
    counted = two.counted(ENTERPRISE) - before
    assert sum(number for key, number in counted.items() if key[0] == "requests_total") == answered + waiting + 2
    for link in links:
        link.close()


def test_a_node_with_readers_is_stopped_killed_and_started(two: Running) -> None:
    for what in ("stop", "kill"):
        answer = control.node_do(two.run_dir, RECURSIVE if what == "stop" else ENTERPRISE, what)
        name = answer["name"]
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
            link.settimeout(5)
            link.connect(two.address(name))
            with pytest.raises(ConnectionRefusedError):
                for _ in range(100):
                    asked(link, ITEM)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(two.address(name), timeout=5)
        control.node_do(two.run_dir, name, "start")
        two.document = status(two.run_dir)
        for link in two.links(name):
            assert url(link, ITEM).startswith("https://")
            link.close()


def test_while_a_fault_strikes_it_strikes_at_every_reader(two: Running) -> None:
    links = two.links(ENTERPRISE)
    expected = url(links[0], ITEM)
    control.add_fault(two.run_dir, {"kind": "drop", "to": ENTERPRISE, "share": 1.0})
    for link in links:
        link.settimeout(0.2)
        with pytest.raises(TimeoutError):
            asked(link, ITEM)
        link.settimeout(5)
    control.clear_faults(two.run_dir)
    for link in links:
        assert url(link, ITEM) == expected
        link.close()


def test_readers_go_with_their_home_and_with_the_supervisor(two: Running) -> None:
    """The last test of a network."""
    everybody = [(pid, started(pid) or 0) for name in (ENTERPRISE, RECURSIVE) for pid in two.pids(name)]
    assert len(everybody) == 4 and all(map(alive, everybody))
    homes = [(node["pid"], started(node["pid"]) or 0) for node in two.document["nodes"]]
    supervisor = supervisor_of(status(two.run_dir))
    kill(two.node(ENTERPRISE)["pid"])
    assert wait_gone(everybody[:2], 2.0)
    assert all(map(alive, everybody[2:]))
    kill(supervisor[0])
    assert wait_gone([*everybody, *homes], 2.0)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        door.bind(two.address(RECURSIVE))  # and nobody else has it any more


# ---- four of them ----------------------------------------------------------------------------------------------------


@pytest.mark.long
def test_with_four_readers_every_conversation_passes_a_hundred_times(tmp_path: Path) -> None:
    with running(tmp_path, workers=4) as network:
        hold_conversations(network, 100)
        assert len(network.at_readers(ENTERPRISE)) == 4 and min(network.at_readers(ENTERPRISE)) > 1_000
        assert len(set(network.pids(ENTERPRISE))) == 4


@pytest.mark.long
def test_the_books_of_a_loaded_network_balance_while_readers_are_frozen(tmp_path: Path) -> None:
    """Line 1 of quality.md, with readers at the recursive node and at those that it asks."""
    run_dir = tmp_path / "run"
    run_dir.mkdir()
    file = teaching_file(tmp_path, "teaching", "")
    words = file.read_text(encoding="utf-8")
    for tier in ("recursive", "enterprise"):
        words = words.replace(f'tier = "{tier}"\n', f'tier = "{tier}"\nworkers = 2\n')
    file.write_text(words, encoding="utf-8")
    with network.running(file, run_dir, second_octet=network.free_second_octet(file)) as state:
        there = networks.Running(state, running_network(None, run_dir, ()))
        recursive = next(node for node in status(run_dir)["nodes"] if node["tier"] == "recursive")
        dropped = 0
        for round_, (pacing, workload) in enumerate(
            ((poisson(2_500), "misses"), (constant(9_000), "lookups"), (poisson(2_500), "lookups"))
        ):
            before = p01_conservation.books(there)
            with contextlib.ExitStack() as frozen:
                for pid in recursive["readers"] if workload == "lookups" and round_ == 1 else ():
                    frozen.enter_context(networks.Freezer(pid, 0.5, 2.0))
                client = p01_conservation._run(there, pacing, 4.0, round_, workload)
            time.sleep(p01_conservation.SETTLE_S)
            counted = p01_conservation.books(there).since(before)
            assert not any(p01_conservation.imbalances(client, counted).values()), (client, counted)
            dropped += counted.door + counted.dropped["recursive", "overload"]
        assert dropped, "no reader was frozen for long enough"
