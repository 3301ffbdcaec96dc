"""`biaoshi resolve`: one question to one node, and what the network did about it."""

from __future__ import annotations

import json as json_module
import os
from collections.abc import Mapping
from enum import StrEnum
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode, urlsplit

import typer

from biaoshi import trace as drawing
from biaoshi.cli.network import Json, RunDir
from biaoshi.cli.terminal import note, print_json, print_table
from nodes import state
from resolver.errors import OperatorError, Unreachable

app = typer.Typer(rich_markup_mode=None)

HANDLE_PORT = 2641
HANDLE_OCTETS_MAX = 2048  # protocol.md §8
INDEX_MAX = 0xFFFFFFFF
PAGE_TIMEOUT_S = 2.0


class TraceFormat(StrEnum):
    """How a trace is drawn."""

    text = "text"
    mermaid = "mermaid"
    html = "html"


DRAW = {
    TraceFormat.text: drawing.draw_text,
    TraceFormat.mermaid: drawing.draw_mermaid,
    TraceFormat.html: drawing.draw_html,
}


@app.command()
def resolve(
    handle: Annotated[str, typer.Argument(help="The identifier, for example 88.118.8/JXDY2106023.", metavar="HANDLE")],
    server: Annotated[
        str | None,
        typer.Option(metavar="A:P", help="Whom to ask.", show_default="first recursive node of the running network"),
    ] = None,
    types: Annotated[list[str] | None, typer.Option("--type", help="Only values of this type; repeatable.")] = None,
    indexes: Annotated[
        list[int] | None, typer.Option("--index", min=0, max=INDEX_MAX, help="Only this value index; repeatable.")
    ] = None,
    tcp: Annotated[bool, typer.Option("--tcp", help="Ask over TCP (default: UDP, TCP if that fails).")] = False,
    authoritative: Annotated[
        bool, typer.Option("--authoritative", help="Want the authority's own answer, from no cache.")
    ] = False,
    trace: Annotated[bool, typer.Option("--trace", help="Show every hop.")] = False,
    trace_format: Annotated[TraceFormat, typer.Option(help="How --trace draws.")] = TraceFormat.text,
    json: Json = False,
    run_dir: RunDir = None,
) -> None:
    """Resolve an identifier (解析标识).

    Asks the recursive node of the running network, which follows the delegation: root, national, secondary and
    enterprise node. Ask again and it answers from its cache.

    \b
    biaoshi resolve 88.118.8/JXDY2106023 --trace
    biaoshi resolve 88.118.8/JXDY2106023 --type URL --tcp
    biaoshi resolve 0.NA/88.118 --server 127.86.2.1 --json
    biaoshi resolve 88.118.8/JXDY2106023 --trace --trace-format html > trace.html

    \b
    Exit codes: 0 found; 1 not found, or another answer than yes; 2 usage;
    3 no answer, or no network running; 4 an answer that cannot be understood.
    """
    network = _running(run_dir, needed=server is None)
    address = _address(server) if server is not None else _first_recursive(network)
    names = drawing.Names(network["nodes"])
    asked = next((node for node in network["nodes"] if node["name"] == names.at(_join(address))), None)
    result = _resolve(_question(handle, types or [], indexes or [], authoritative), address, tcp, asked, names)
    if json:
        print_json(result.as_json())
    elif trace:
        print(DRAW[trace_format](result, names))
    if not json and not (trace and trace_format is not TraceFormat.text):
        _show_values(result, traced=trace)
    if not drawing.found(result):
        raise typer.Exit(1)


def _running(run_dir: Path | None, *, needed: bool) -> state.State:
    """The running network; one without nodes if there is none and the server was named."""
    try:
        return state.read_state(state.choose_run_dir(run_dir))
    except Unreachable:
        if needed:
            raise
        return {"nodes": []}


def _first_recursive(network: state.State) -> tuple[str, int]:
    for node in network["nodes"]:
        if node["tier"] == "recursive":
            return _address(node["address"])
    raise OperatorError(
        "this network has no recursive node", file=network["file"], remedy="Say whom to ask: --server A:P"
    )


def _address(written: str) -> tuple[str, int]:
    """`A:P`, `A` or `[IPv6]:P` as host and port."""
    try:
        parts = urlsplit(f"//{written}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or parts.path or parts.username:
        remedy = "Write it as 127.86.5.1:2641 or [::1]:2641"
        raise OperatorError("not an address", key="--server", value=written, remedy=remedy)
    return host, HANDLE_PORT if port is None else port


def _join(address: tuple[str, int]) -> str:
    host, port = address
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _question(handle: str, types: list[str], indexes: list[int], authoritative: bool) -> Any:
    from resolver.model.question import Question

    octets = os.fsencode(handle)
    if not 0 < len(octets) <= HANDLE_OCTETS_MAX:
        problem = f"an identifier has 1 to {HANDLE_OCTETS_MAX} octets, this one {len(octets)}"
        raise OperatorError(problem, key="HANDLE", remedy="Write PREFIX/SUFFIX, for example 88.118.8/JXDY2106023")
    return Question(octets, tuple(indexes), tuple(map(os.fsencode, types)), authoritative=authoritative)


def _resolve(
    question: Any, address: tuple[str, int], tcp: bool, node: Mapping[str, Any] | None, names: drawing.Names
) -> drawing.Resolution:
    """Arm the node's trace if it is one of ours, ask, collect the trace."""
    import asyncio
    import time

    from resolver.model.identifier import text
    from resolver.net.client import Exchange, ask, new_request_id
    from resolver.wire.json_form import value_to_json

    async def timed() -> tuple[int, Exchange]:
        return time.monotonic_ns(), await ask(address, question, tcp=tcp, request_id=request_id)

    request_id = new_request_id()
    armed = node is not None and _trace_page(node, "POST", request_id) is not None
    started, exchange = asyncio.run(timed())
    report = _trace_page(node, "GET", request_id) if node is not None and armed else None
    handle = text(question.handle)
    first = drawing.Hop(
        at_ms=0.0,
        sender=drawing.CLIENT,
        receiver=names.at(_join(address)),
        address=_join(address),
        transport=exchange.transport,
        question=handle,
        code=exchange.code,
        referral=_referral(exchange.answer),
        octets=(exchange.octets_out, exchange.octets_in),
        cache=drawing.cache_events_of(report, started) if report else (),
    )
    source = report["source"] if report else ("authority" if exchange.authoritative else "cache")
    return drawing.Resolution(
        handle=handle,
        code=exchange.code,
        source=source,
        elapsed_ms=round((exchange.ended_mono_ns - started) / 1e6, 3),
        values=tuple(value_to_json(value) for value in exchange.answer.values),
        hops=(first, *(drawing.hops_of(report, node["name"], names, started) if report and node else ())),
        message=text(exchange.answer.message),
    )


def _referral(answer: Any) -> str | None:
    """Where a referral points: the first server of its first site, `IP:port`."""
    from resolver.errors import PeerError
    from resolver.model.site import Protocol
    from resolver.model.value import is_a
    from resolver.wire.codes import Code
    from resolver.wire.types import hs_site

    if answer.code not in (Code.SERVICE_REFERRAL, Code.PREFIX_REFERRAL):
        return None
    for value in answer.values:
        if is_a(value.type, b"HS_SITE"):
            try:
                server = hs_site.decode(value.data).servers[0]
            except (PeerError, IndexError):
                continue
            port = server.port(Protocol.UDP) or server.port(Protocol.TCP)
            return _join((server.ip, port or HANDLE_PORT))
    return None


def _trace_page(node: Mapping[str, Any], method: str, request_id: int) -> Any:
    """POST arms a node's trace of one request, GET brings it. None, with a word aside, if that does not work."""
    page = urlsplit(node["metrics"] or "")
    connection = HTTPConnection(page.hostname or "", page.port, timeout=PAGE_TIMEOUT_S)
    try:
        connection.request(method, "/trace?" + urlencode({"node": node["name"], "request_id": request_id}))
        response = connection.getresponse()
        body = response.read()
        if response.status == 204:
            return {}
        if response.status == 200:
            return json_module.loads(body)
        note(f"no trace: {node['name']} answers {response.status}")
    except (OSError, HTTPException, ValueError) as error:
        note(f"no trace from {node['name']}: {error}")
    finally:
        connection.close()
    return None


def _show_values(result: drawing.Resolution, *, traced: bool) -> None:
    if not traced:
        print(f"{drawing.printable(result.handle)}: {drawing.verdict(result)}")
    if result.values:
        print_table(("INDEX 索引", "TYPE 类型", "DATA 数据", "TTL s"), drawing.value_rows(result))
