"""`biaoshi resolve`: one question to one node, and what the network did about it."""

from __future__ import annotations

import os
from collections.abc import Callable
from enum import StrEnum
from importlib import import_module
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
    perfetto = "perfetto"
    otel = "otel"


# Where each form is drawn; loaded when it is asked for.
DRAW = {
    TraceFormat.text: ("biaoshi.trace", "draw_text"),
    TraceFormat.mermaid: ("biaoshi.trace", "draw_mermaid"),
    TraceFormat.html: ("biaoshi.trace_page", "draw_page"),
    TraceFormat.perfetto: ("biaoshi.trace_perfetto", "draw_perfetto"),
    TraceFormat.otel: ("biaoshi.trace_otel", "draw_otel"),
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
    trace_format: Annotated[TraceFormat, typer.Option(help="How a trace is drawn.")] = TraceFormat.text,
    trace_out: Annotated[
        str | None,
        typer.Option(
            metavar="FILE|URL", help="Where the trace goes instead; with otel also a collector, http://127.0.0.1:4318."
        ),
    ] = None,
    i_operate: Annotated[
        list[str] | None,
        typer.Option(metavar="HOST", help="You answer for this collector, which is not on loopback; repeatable."),
    ] = None,
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
    biaoshi resolve 88.118.8/JXDY2106023 --trace-format html --trace-out trace.html
    biaoshi resolve 88.118.8/JXDY2106023 --trace-format perfetto --trace-out trace.json

    \b
    The forms of a trace: text, mermaid (a sequence diagram), html (a page that loads nothing), perfetto (open it at
    ui.perfetto.dev) and otel (OTLP as JSON, what a collector takes; needs the extra otel).

    \b
    Exit codes: 0 found; 1 not found, or another answer than yes; 2 usage;
    3 no answer, no network running, or no collector; 4 an answer that cannot be understood, a collector that refuses.
    """
    network = running(run_dir, needed=server is None)
    address = address_of(server) if server is not None else first_recursive(network)
    question = _question(handle, types or [], indexes or [], authoritative)
    keep = _keeper(trace_out, trace_format, frozenset(i_operate or ()))
    from biaoshi import resolution  # behind the checks: it brings asyncio along

    result = resolution.resolve(question, address, network["nodes"], tcp=tcp)
    drawn = _draw(trace_format, result, drawing.Names(network["nodes"])) if trace or keep else ""
    if keep:
        keep(drawn)
    shown = trace and not keep
    if json:
        print_json(result.as_json())
    else:
        print(drawn if shown else f"{drawing.printable(result.handle)}: {drawing.verdict(result)}")
        if result.values and not (shown and trace_format is not TraceFormat.text):
            print_table(VALUE_HEADINGS, drawing.value_rows(result))
    if not drawing.found(result):
        raise typer.Exit(1)


def _draw(trace_format: TraceFormat, result: drawing.Resolution, names: drawing.Names) -> str:
    module, function = DRAW[trace_format]
    drawn: str = getattr(import_module(module), function)(result, names)
    return drawn


def _keeper(written: str | None, trace_format: TraceFormat, operated: frozenset[str]) -> Callable[[str], None] | None:
    """What keeps a trace in a file or hands it to a collector; None if nothing was said. Refuses before anything."""
    if written is None:
        return None
    from biaoshi import trace_otel
    from biaoshi.cli.load import numeric, refuse_foreign_hosts

    collector = trace_otel.collector_of(written)
    if collector is None:

        def write(drawn: str) -> None:
            Path(written).write_text(drawn + "\n", encoding="utf-8")

        return write
    if trace_format is not TraceFormat.otel:
        raise OperatorError(
            "a collector takes nothing but otel", key="--trace-out", value=written, remedy="Say --trace-format otel"
        )
    host, port, path = collector
    address = numeric(host, "--trace-out")
    refuse_foreign_hosts([address], operated, key="--trace-out")
    return lambda drawn: trace_otel.post(drawn, address, port, path)


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
