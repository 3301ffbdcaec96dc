"""Paths of the console -> what they show and do. What reads or writes files and pages of nodes does so in a thread.

    GET  /api/network            who there is (picture.layout)          GET  /api/events     what happens (events.py)
    GET  /api/nodes/NAME         one node                               GET  /api/faults     those that strike; kinds
    GET  /api/nodes/NAME/records its first records                      GET  /api/load       the load, its points so far
    POST /api/nodes/NAME         {"do": "stop"|"kill"|"start"}          POST /api/load       settings: begin one
    POST /api/resolve            {"handle", "server", "types", …}       POST /api/load/stop  end it
    POST /api/walks              {"handle"}: begin one, hop by hop      POST /api/faults     a fault: add it
    POST /api/walks/N            go on                                  POST /api/faults/clear   {"ids"}: those, or all
    POST /api/walks/forget       empty the console's cache              POST /api/token      is the token right?

Errors are {"error": words} with status 400 (what was wanted cannot be), 404, 502 (nobody answered) or 503 (no network).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from aiohttp import web

from biaoshi import resolution
from biaoshi.cli.load import parse_target
from biaoshi.console import node, packets, picture
from biaoshi.console.events import Hub, stream
from biaoshi.console.guard import Handler, refusal
from biaoshi.console.loads import ARRIVALS, OFFERED, Loads
from biaoshi.console.walk import Walk, Walks
from nodes import control
from nodes.config import NetworkPlan, load_network
from nodes.state import State, keys_folder, read_state
from resolver.errors import BiaoshiError, OperatorError, PeerError, Unreachable
from resolver.model.now import NS_PER_S
from resolver.model.question import Question
from resolver.net.faults import FAULTS

HANDLE_OCTETS_MAX = 2_048
LISTED_MAX = 64  # types or indexes of one question
PATIENCE_NS = 12 * NS_PER_S  # a recursive node gives up after ten seconds, and then says what it has tried
AT_ONCE = 8  # resolutions under way for pages

Result = TypeVar("Result")


@lru_cache(maxsize=2)
def plan_of(path: Path, second_octet: int, keys: Path, started: str) -> NetworkPlan:
    """The plan of the network that runs; `started` tells one run from the next."""
    return load_network(path, second_octet=second_octet, keys=keys)


class Api:
    """What the paths do."""

    def __init__(self, run_dir: Path, hub: Hub) -> None:
        self.run_dir, self.hub = run_dir, hub
        self.loads = Loads(run_dir, hub)
        self.walks = Walks()
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._changing = asyncio.Lock()

    def add_routes(self, app: web.Application) -> None:
        """Put the paths into an application."""
        get, post = app.router.add_get, app.router.add_post
        get("/api/events", self.events)
        get("/api/network", self.network)
        get("/api/nodes/{name}", self.node)
        get("/api/nodes/{name}/records", self.records)
        get("/api/faults", self.faults)
        get("/api/load", self.load)
        post("/api/token", self.token)
        post("/api/nodes/{name}", self.node_do)
        post("/api/resolve", self.resolve)
        post("/api/walks", self.walk)
        post("/api/walks/forget", self.forget)
        post(r"/api/walks/{number:\d{1,9}}", self.walk_on)
        post("/api/faults", self.add_fault)
        post("/api/faults/clear", self.clear_faults)
        post("/api/load", self.start_load)
        post("/api/load/stop", self.stop_load)

    def running(self) -> tuple[State, NetworkPlan]:
        """The network that runs, and its plan. Unreachable if none does."""
        state = read_state(self.run_dir)
        started = str(state["supervisor"]["started"])
        return state, plan_of(Path(state["path"]), state["second_octet"], keys_folder(self.run_dir), started)

    # -- looking --------------------------------------------------------------------------------------------------

    async def events(self, request: web.Request) -> web.StreamResponse:
        """What happens, until the page goes."""
        return await stream(self.hub, request)

    async def network(self, request: web.Request) -> web.Response:
        """Who there is."""
        return web.json_response(await asyncio.to_thread(lambda: picture.layout(*self.running())))

    async def node(self, request: web.Request) -> web.Response:
        """One node's page."""
        name = request.match_info["name"]
        return web.json_response(await asyncio.to_thread(lambda: node.page(self.run_dir, self.running()[1], name)))

    async def records(self, request: web.Request) -> web.Response:
        """Its first records."""
        name = request.match_info["name"]
        control.node_named(read_state(self.run_dir), name)  # a name is a folder's too
        return web.json_response(await asyncio.to_thread(node.records_or_why, self.run_dir, name))

    async def faults(self, request: web.Request) -> web.Response:
        """The faults that strike, and what kinds there are."""
        kinds = {name: {"needs": list(kind.needs), "takes": list(kind.takes)} for name, kind in FAULTS.items()}
        return web.json_response({"faults": await asyncio.to_thread(control.faults, self.run_dir), "kinds": kinds})

    async def load(self, request: web.Request) -> web.Response:
        """The load, and what may be chosen."""
        return web.json_response(self.loads.document() | {"workloads": OFFERED, "arrivals": list(ARRIVALS)})

    async def token(self, request: web.Request) -> web.Response:
        """Whoever gets here has the right one."""
        return web.json_response({"right": True})

    # -- asking ---------------------------------------------------------------------------------------------------

    async def resolve(self, request: web.Request) -> web.Response:
        """Ask a node, the recursive one if none is named, and see every hop."""
        wanted = await told(request)
        state = await asyncio.to_thread(read_state, self.run_dir)
        server = parse_target(str(wanted["server"])) if wanted.get("server") else recursive_of(state)
        known = {parse_target(each["address"]) for each in state["nodes"]}
        if server not in known:
            raise OperatorError(
                "no node of this network", key="server", value=str(wanted["server"]), remedy="Choose one"
            )
        asked = question(wanted)
        async with self._turns:
            found = await asyncio.to_thread(
                resolution.resolve,
                asked,
                server,
                state["nodes"],
                tcp=wanted.get("tcp") is True,
                tcp_wait_ns=PATIENCE_NS,
            )
        return web.json_response(await asyncio.to_thread(packets.resolution, found, state["nodes"]))

    async def walk(self, request: web.Request) -> web.Response:
        """Begin a resolution that waits before each hop."""
        asked = question(await told(request))
        state, plan = await asyncio.to_thread(self.running)
        recursive = next((each for each in plan.nodes if each.tier == "recursive"), None)
        if recursive is None:
            raise OperatorError("the network has no recursive node, whose roots could be asked", key="nodes")
        number, begun = self.walks.begin(asked, recursive.roots, state["nodes"])
        return self._walked(number, begun)

    async def walk_on(self, request: web.Request) -> web.Response:
        """One hop further."""
        await told(request)
        number = int(request.match_info["number"])
        walk = self.walks.find(number)
        async with self._turns:
            await walk.go_on()
        return self._walked(number, walk)

    async def forget(self, request: web.Request) -> web.Response:
        """Empty the cache that walks share."""
        self.walks.forget()
        return web.json_response({})

    def _walked(self, number: int, walk: Walk) -> web.Response:
        return web.json_response({"walk": number} | walk.document())

    # -- changing -------------------------------------------------------------------------------------------------

    async def node_do(self, request: web.Request) -> web.Response:
        """Stop, kill or start a node."""
        what, name = str((await told(request)).get("do", "")), request.match_info["name"]
        if what not in ("stop", "kill", "start"):
            raise OperatorError("nothing a node can do", key="do", value=what, remedy="Say stop, kill or start")
        entry = await self._change(lambda: control.node_do(self.run_dir, name, what))
        self.hub.publish("node", {"name": name, "did": what})
        return web.json_response({"name": name, "ready": entry["ready"], "process_killed": entry["process_killed"]})

    async def add_fault(self, request: web.Request) -> web.Response:
        """One more fault."""
        fault = {key: value for key, value in (await told(request)).items() if value not in (None, "")}
        added = await self._change(lambda: control.add_fault(self.run_dir, fault))
        await self._tell_faults()
        return web.json_response(added)

    async def clear_faults(self, request: web.Request) -> web.Response:
        """Some faults fewer, or all."""
        ids = (await told(request)).get("ids")
        if ids is not None and not (isinstance(ids, list) and all(type(each) is int for each in ids)):
            raise OperatorError("not a list of numbers", key="ids", remedy="Leave it out to clear all")
        cleared = await self._change(lambda: control.clear_faults(self.run_dir, ids))
        await self._tell_faults()
        return web.json_response({"cleared": cleared})

    async def start_load(self, request: web.Request) -> web.Response:
        """Begin a load."""
        wanted = await told(request)
        await self._change(lambda: self.loads.start(wanted))
        return web.json_response(self.loads.document())

    async def stop_load(self, request: web.Request) -> web.Response:
        """End it."""
        await told(request)
        self.loads.stop()
        return web.json_response({})

    async def _change(self, do: Callable[[], Result]) -> Result:
        """Changes come one after the other, and are not cut off when the page goes."""

        async def turn() -> Result:
            async with self._changing:
                return await asyncio.to_thread(do)

        return await asyncio.shield(asyncio.ensure_future(turn()))

    async def _tell_faults(self) -> None:
        self.hub.publish("faults", await asyncio.to_thread(control.faults, self.run_dir))


@web.middleware
async def errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """What is raised on purpose, as JSON."""
    try:
        return await handler(request)
    except OperatorError as error:
        return refusal(400, str(error))
    except Unreachable as error:
        return refusal(502, str(error))
    except PeerError as error:
        return refusal(502, f"the answer cannot be understood: {error}")
    except BiaoshiError as error:
        return refusal(500, str(error))
    except web.HTTPNotFound:
        return refusal(404, "nothing is here")
    except web.HTTPException as error:
        return refusal(error.status, error.reason)


async def told(request: web.Request) -> Mapping[str, Any]:
    """A JSON object. OperatorError for anything else."""
    try:
        document = json.loads(await request.read() or b"{}")
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise OperatorError("the body is no JSON object", key="body", remedy="Send one")
    return document


def question(wanted: Mapping[str, Any]) -> Question:
    """The question that a page asks. OperatorError if it is none."""
    handle = wanted.get("handle")
    octets = handle.encode("utf-8", "surrogatepass") if isinstance(handle, str) else b""
    if not 0 < len(octets) <= HANDLE_OCTETS_MAX:
        raise OperatorError(
            f"an identifier is a text of 1 to {HANDLE_OCTETS_MAX:,} octets",
            key="handle",
            remedy="Write PREFIX/SUFFIX, 88.118.8/JXDY2106023",
        )
    types, indexes = wanted.get("types") or [], wanted.get("indexes") or []
    if not (isinstance(types, list) and all(isinstance(each, str) for each in types) and len(types) <= LISTED_MAX):
        raise OperatorError("not a list of types", key="types", remedy='Write ["URL"]')
    if not (
        isinstance(indexes, list)
        and all(type(each) is int and 0 <= each < 1 << 32 for each in indexes)
        and len(indexes) <= LISTED_MAX
    ):
        raise OperatorError("not a list of indexes", key="indexes", remedy="Write [1, 2]")
    return Question(
        octets,
        tuple(indexes),
        tuple(each.encode() for each in types),
        authoritative=wanted.get("authoritative") is True,
    )


def recursive_of(state: State) -> tuple[str, int]:
    """Where the first recursive node is asked. OperatorError if there is none."""
    for each in state["nodes"]:
        if each["tier"] == "recursive":
            return parse_target(each["address"])
    raise OperatorError("the network has no recursive node", key="server", remedy="Choose another node to ask")
