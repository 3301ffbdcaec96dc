"""`biaoshi resolve`: one question to one node, and what the network did about it."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from biaoshi import trace as drawing
from biaoshi.cli.network import Json, RunDir
from biaoshi.cli.terminal import print_json, print_table
from nodes import state
from resolver.errors import OperatorError, Unreachable

if TYPE_CHECKING:
    from resolver.model.question import Question

app = typer.Typer(rich_markup_mode=None)

HANDLE_PORT = 2641
VALUE_HEADINGS = ("INDEX 索引", "TYPE 类型", "DATA 数据", "TTL s")
HANDLE_OCTETS_MAX = 2048  # protocol.md §8
INDEX_MAX = 0xFFFFFFFF


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
    network = running(run_dir, needed=server is None)
    address = address_of(server) if server is not None else first_recursive(network)
    question = _question(handle, types or [], indexes or [], authoritative)
    from biaoshi import resolution  # behind the checks: it brings asyncio along

    result = resolution.resolve(question, address, network["nodes"], tcp=tcp)
    if json:
        print_json(result.as_json())
    else:
        if trace:
            print(DRAW[trace_format](result, drawing.Names(network["nodes"])))
        else:
            print(f"{drawing.printable(result.handle)}: {drawing.verdict(result)}")
        if result.values and not (trace and trace_format is not TraceFormat.text):
            print_table(VALUE_HEADINGS, drawing.value_rows(result))
    if not drawing.found(result):
        raise typer.Exit(1)


def running(run_dir: Path | None, *, needed: bool) -> state.State:
    """The running network; one without nodes if there is none and the server was named."""
    try:
        return state.read_state(state.choose_run_dir(run_dir))
    except Unreachable:
        if needed:
            raise
        return {"nodes": []}


def first_recursive(network: state.State) -> tuple[str, int]:
    for node in network["nodes"]:
        if node["tier"] == "recursive":
            return address_of(node["address"])
    raise OperatorError(
        "this network has no recursive node", file=network["file"], remedy="Say whom to ask: --server A:P"
    )


def address_of(written: str) -> tuple[str, int]:
    """`A:P`, `A` or `[IPv6]:P` as host and port."""
    try:
        parts = urlsplit(f"//{written}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or port == 0 or parts.path or parts.username:
        remedy = "Write it as 127.86.5.1:2641 or [::1]:2641"
        raise OperatorError("not an address", key="--server", value=written, remedy=remedy)
    return host, HANDLE_PORT if port is None else port


def _question(handle: str, types: list[str], indexes: list[int], authoritative: bool) -> Question:
    from resolver.model.question import Question

    octets = os.fsencode(handle)
    if not 0 < len(octets) <= HANDLE_OCTETS_MAX:
        problem = f"an identifier has 1 to {HANDLE_OCTETS_MAX} octets, this one {len(octets)}"
        raise OperatorError(problem, key="HANDLE", remedy="Write PREFIX/SUFFIX, for example 88.118.8/JXDY2106023")
    return Question(octets, tuple(indexes), tuple(map(os.fsencode, types)), authoritative=authoritative)
