"""The console of a running network, as a program sees it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from biaoshi.console.events import PAGES_MAX
from biaoshi.console.guard import TOKEN_HEADER
from biaoshi.console.picture import read
from biaoshi.console.server import Console
from biaoshi.testing import Network, running
from loadgen.tiers import scrape
from nodes.state import read_state
from nodes.supervisor import environment

pytestmark = pytest.mark.network
ITEM = "88.118.8/JXDY2106023"
PATIENCE_S = 30.0
EVIL = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    with running() as made:
        yield made


class Caller:
    """Somebody who calls a console."""

    def __init__(self, session: aiohttp.ClientSession, console: Console, home: str, token: str) -> None:
        self.session, self.console, self.home, self.token = session, console, home, token

    async def get(self, path: str, **headers: str) -> tuple[int, Any]:
        async with self.session.get(self.home + path, headers=headers) as response:
            return response.status, await (
                response.json() if response.content_type.endswith("json") else response.text()
            )

    async def post(self, path: str, body: object = None, **headers: str) -> tuple[int, Any]:
        said = {TOKEN_HEADER: self.token, "Content-Type": "application/json"} | headers
        octets = json.dumps({} if body is None else body).encode()
        async with self.session.post(self.home + path, data=octets, headers=said) as response:
            return response.status, await response.json()


@asynccontextmanager
async def calling(run_dir: Path) -> AsyncIterator[Caller]:
    console = Console(run_dir)
    async with console.serving("127.0.0.1", 0) as address, aiohttp.ClientSession() as session:
        home, _, token = address.partition("#token=")
        yield Caller(session, console, home.rstrip("/"), token)


async def until(condition: Any) -> Any:
    async with asyncio.timeout(PATIENCE_S):
        while not (found := await condition()):
            await asyncio.sleep(0.02)
        return found


def test_whoever_has_no_token_looks_and_changes_nothing(network: Network) -> None:
    async def story() -> None:
        async with calling(network.run_dir) as call:
            status, page = await call.get("/")
            assert status == 200 and call.token not in page
            assert (await call.get("/api/network"))[1]["network"] == "teaching"
            for path in (
                "resolve",
                "walks",
                "walks/forget",
                "walks/1",
                "nodes/root-1",
                "faults",
                "faults/clear",
                "load",
                "load/stop",
            ):
                for wrong in ("", call.token[:-1]):
                    status, said = await call.post("/api/" + path, {"do": "stop"}, **{TOKEN_HEADER: wrong})
                    assert status == 403 and "token" not in said["error"]
            assert (await call.post("/api/faults/clear", {}, **{"Content-Type": "text/plain"}))[0] == 415
            assert network.nodes["root-1"]["ready"]

    asyncio.run(story())


def test_another_name_for_our_address_gets_nothing_and_every_answer_bears_the_policy(network: Network) -> None:
    async def story() -> None:
        async with calling(network.run_dir) as call:
            for path in ("/", "/api/network", "/api/events"):
                assert (await call.get(path, Host="evil.example"))[0] == 421
            for path in (
                "/",
                "/assets/app.js",
                "/api/nodes/none",
                "/nowhere",
                "/assets/../server.py",
                "/assets/%2e%2e/server.py",
            ):
                async with call.session.get(call.home + path) as response:
                    assert response.headers["Content-Security-Policy"].startswith("default-src 'self';")
                    assert response.headers["X-Content-Type-Options"] == "nosniff"
                    assert b"class Console" not in await response.read()

    asyncio.run(story())


def test_a_resolution_shows_every_hop_with_its_packets(network: Network) -> None:
    async def story() -> None:
        async with calling(network.run_dir) as call:
            status, found = await call.post("/api/resolve", {"handle": "88.300.35/NONE"})
            assert (status, found["code"]) == (200, 100)
            assert [hop["to"] for hop in found["trace"]][-1] == "enterprise-88.300.35"
            for hop in found["trace"]:
                for packet in (hop["request"], hop["reply"]):
                    assert "".join(field["octets"] for field in packet["fields"]) == packet["octets"]
            assert found["trace"][-1]["reply"]["what"].startswith("Response RESOLUTION: HANDLE_NOT_FOUND")

    asyncio.run(story())


def test_the_picture_says_what_the_metrics_say(network: Network) -> None:
    for _ in range(3):
        network.resolve(ITEM)
    state = read_state(network.run_dir)
    scraped = scrape(process["metrics"] for process in state["processes"])
    counts = read(state).counts
    for tier, received in scraped.by_node.items():
        assert received == {
            node["name"]: counts[node["name"]].requests for node in state["nodes"] if node["tier"] == tier
        }
    assert counts["recursive-1"].from_cache == scraped.from_cache["recursive"] > 0
    assert all(each.ready for each in counts.values()) and counts["enterprise-88.118.8"].records > 200


def test_a_walk_waits_before_each_hop_and_remembers_the_way(network: Network) -> None:
    async def story() -> None:
        async with calling(network.run_dir) as call:
            asked = network.nodes["enterprise-88.118.8"]["records"]
            assert asked
            _, walk = await call.post("/api/walks", {"handle": ITEM})
            path = f"/api/walks/{walk['walk']}"
            met = []
            while walk["waiting"] is not None:
                met.append((walk["waiting"]["to"], walk["waiting"]["why"]))
                _, walk = await call.post(path)
            assert met == [
                ("root-1", "root"),
                ("national-88", "referred"),
                ("secondary-88.118", "referred"),
                ("enterprise-88.118.8", "homed"),
            ]
            assert walk["end"]["code"] == 1 and walk["end"]["values"][0]["type"] == "URL"
            hops = [event for event in walk["events"] if event["kind"] == "hop"]
            assert [hop["code"] for hop in hops] == [303, 303, 1, 1]
            assert all(hop["request"]["octets"] and hop["reply"]["octets"] for hop in hops)
            assert (await call.post(path))[0] == 400  # it is over
            _, again = await call.post("/api/walks", {"handle": ITEM})
            assert again["end"]["source"] == "cache" and again["waiting"] is None
            _, neighbour = await call.post("/api/walks", {"handle": "88.118.8/NONE"})
            assert neighbour["waiting"]["to"] == "enterprise-88.118.8"
            await call.post("/api/walks/forget")
            _, afresh = await call.post("/api/walks", {"handle": ITEM})
            assert afresh["waiting"]["to"] == "root-1"

    asyncio.run(story())


def test_a_fault_strikes_and_is_cleared_and_everybody_is_told(network: Network) -> None:
    async def story() -> None:
        async with calling(network.run_dir) as call, call.session.get(call.home + "/api/events") as events:
            try:
                _, added = await call.post(
                    "/api/faults", {"kind": "corrupt_values", "from": "enterprise-88.300.35", "to": "", "share": 1}
                )
                assert (await call.get("/api/faults"))[1]["faults"] == [added]
                sample = network.nodes["enterprise-88.300.35"]["sample"]
                _, found = await call.post("/api/resolve", {"handle": sample})
                assert (await call.post("/api/faults/clear", {"ids": [added["id"]]}))[1] == {"cleared": 1}
            finally:
                network.repair()
            _, right = await call.post(
                "/api/resolve", {"handle": sample, "server": network.address("enterprise-88.300.35")}
            )
            assert found["values"] != right["values"]
            assert (await call.post("/api/faults", {"kind": EVIL}))[0] == 400
            heard = b""
            async with asyncio.timeout(PATIENCE_S):
                while heard.count(b"event: faults") < 2:
                    heard += await events.content.readany()
            assert b"event: faults\ndata: []" in heard

    asyncio.run(story())


def test_a_node_is_stopped_and_started_and_its_page_says_so(network: Network) -> None:
    async def story() -> None:
        async with calling(network.run_dir) as call:
            try:
                assert (await call.post("/api/nodes/secondary-88.300", {"do": "stop"}))[1]["ready"] is False
                assert (await call.get("/api/nodes/secondary-88.300"))[1]["ready"] is False
                assert (await call.post("/api/nodes/secondary-88.300", {"do": "stop"}))[0] == 400
            finally:
                network.repair()
            _, page = await call.get("/api/nodes/secondary-88.300")
            assert page["ready"] and "88.300" in page["prefixes"]
            assert ["store", "lmdb"] in page["configuration"] and page["metrics"]
            _, records = await call.get("/api/nodes/enterprise-88.118.8/records")
            assert records["records"][0]["handle"].startswith("88.118.8/")
            assert "HS_SECKEY" not in json.dumps(records)
            for name in ("none", "..", EVIL):
                assert (await call.get(f"/api/nodes/{name}"))[0] in (400, 404)
                assert (await call.get(f"/api/nodes/{name}/records"))[0] in (400, 404)

    asyncio.run(story())


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("resolve", {"handle": ""}),
        ("resolve", {"handle": "8" * 3_000}),
        ("resolve", {"handle": ["88.118.8/X"]}),
        ("resolve", {"handle": "88.118.8/X", "types": "URL"}),
        ("resolve", {"handle": "88.118.8/X", "indexes": [-1]}),
        ("resolve", {"handle": "88.118.8/X", "server": "192.0.2.1:2641"}),
        ("resolve", ["88.118.8/X"]),
        ("walks", {}),
        ("walks/999999", {}),
        ("nodes/root-1", {"do": "explode"}),
        ("faults", {"kind": "drop", "share": 7}),
        ("faults", {"kind": "drop", "share": 0.5, "to": "nobody"}),
        ("faults/clear", {"ids": ["1"]}),
        ("faults/clear", {"ids": [12345]}),
        ("load", {"rate": "fast"}),
        ("load", {"rate": 1_000_000, "duration_s": 3_600}),
        ("load", {"workload": "replay"}),
        ("load", {"rate": 5, "secret": "x"}),
    ],
)
def test_what_cannot_be_is_refused_in_words(network: Network, path: str, body: object) -> None:
    async def story() -> None:
        async with calling(network.run_dir) as call:
            status, said = await call.post("/api/" + path, body)
            assert status == 400 and said["error"]

    asyncio.run(story())


def test_a_load_is_drawn_point_by_point_and_can_be_ended(network: Network) -> None:
    async def story() -> None:
        async with calling(network.run_dir) as call:
            status, said = await call.post("/api/load", {"rate": 200, "duration_s": 60})
            assert (status, said["state"]) == (200, "starting")
            assert (await call.post("/api/load", {"rate": 200}))[0] == 400

            async def some() -> Any:
                _, load = await call.get("/api/load")
                return load if len(load["points"]) >= 3 else None

            load = await until(some)
            assert load["points"][-1]["answered_all"] > 0
            await call.post("/api/load/stop")

            async def done() -> Any:
                _, load = await call.get("/api/load")
                return load if load["state"] not in ("running", "starting") else None

            load = await until(done)
            assert load["state"] == "done" and load["figures"]["sent"] >= load["points"][-1]["answered_all"]

    asyncio.run(story())


def test_a_browser_that_goes_away_leaves_nothing_behind(network: Network) -> None:
    async def story() -> None:
        async with calling(network.run_dir) as call:
            address = call.home.removeprefix("http://").split(":")
            tasks = len(asyncio.all_tasks())

            async def page(*, rude: bool) -> None:
                reader, writer = await asyncio.open_connection(address[0], int(address[1]))
                writer.write(b"GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
                while b"event: picture" not in await reader.read(65_536):
                    pass
                if rude:  # a reset, no farewell
                    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                writer.close()

            await asyncio.gather(*(page(rude=bool(number % 2)) for number in range(40)))

            async def gone() -> bool:
                return call.console.hub.pages == 0 and len(asyncio.all_tasks()) <= tasks

            await until(gone)

    asyncio.run(story())


def test_pages_beyond_the_bound_are_sent_away(network: Network) -> None:
    async def story() -> None:
        async with calling(network.run_dir) as call:
            with contextlib.ExitStack() as looking:
                for _ in range(PAGES_MAX):
                    looking.enter_context(call.console.hub.looking())
                assert (await call.get("/api/events"))[0] == 503

    asyncio.run(story())


def test_without_a_network_it_waits_for_one(tmp_path: Path) -> None:
    async def story() -> None:
        async with calling(tmp_path) as call:
            assert (await call.get("/"))[0] == 200
            status, said = await call.get("/api/network")
            assert status == 502 and "network up" in said["error"]
            async with call.session.get(call.home + "/api/events") as events:
                heard = b""
                async with asyncio.timeout(PATIENCE_S):
                    while b"event: picture" not in heard:
                        heard += await events.content.readany()
                assert b'"running": false' in heard

    asyncio.run(story())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_prints_its_address_and_goes_when_told(tmp_path: Path, number: signal.Signals) -> None:
    command = [sys.executable, "-u", "-m", "biaoshi", "console", "--listen", "127.0.0.1:0", "--run-dir", str(tmp_path)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment()
    ) as told:
        assert told.stdout is not None and told.stderr is not None
        line = told.stdout.readline()
        token = line.strip().partition("#token=")[2]
        assert "http://127.0.0.1:" in line and len(token) >= 32
        os.kill(told.pid, number)
        rest = told.stdout.read() + told.stderr.read()
    assert told.returncode == (130 if number == signal.SIGINT else 0)
    assert token not in rest


def test_an_address_that_is_none_or_taken_is_refused(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        for listen in ("localhost:80", "127.0.0.1", "127.0.0.1:x", f"127.0.0.1:{taken.getsockname()[1]}"):
            command = [sys.executable, "-m", "biaoshi", "console", "--listen", listen, "--run-dir", str(tmp_path)]
            done = subprocess.run(command, capture_output=True, text=True, env=environment(), timeout=60, check=False)
            assert done.returncode == 2 and listen in done.stderr
