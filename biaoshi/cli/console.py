"""`biaoshi console`: the running network in a browser."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated

import typer

from biaoshi.cli.network import INTERRUPTED, RunDir
from nodes import state
from resolver.errors import OperatorError

app = typer.Typer(rich_markup_mode=None)

LISTEN_DEFAULT = "127.0.0.1:8641"


@app.command()
def console(
    listen: Annotated[str, typer.Option(help="ADDRESS:PORT; port 0: any.", metavar="ADDRESS:PORT")] = LISTEN_DEFAULT,
    name: Annotated[
        list[str] | None, typer.Option(help="A host name by which browsers call it, repeatable.", metavar="HOST")
    ] = None,
    run_dir: RunDir = None,
    parent_fd: Annotated[int | None, typer.Option(hidden=True)] = None,
) -> None:
    """See the running network in a browser: picture, hops, packets, load, faults (网页控制台).

    Serves a page until Ctrl-C and prints its address. What stands behind its # is a token, new at each start: without
    it the page only looks. Anybody who can reach ADDRESS can look, so it is loopback unless you say otherwise.
    The network may be started before or after, and be another one later.

    \b
    biaoshi console
    biaoshi console --listen 127.0.0.1:0 --run-dir second
    biaoshi console --listen 0.0.0.0:8641 --name teaching.example

    Exit codes: 2 the address cannot be used; 130 Ctrl-C, after tidying up.
    """
    host, port = _address(listen)
    ended_by = asyncio.run(_serve(host, port, tuple(name or ()), state.choose_run_dir(run_dir), parent_fd))
    if ended_by == signal.SIGINT:
        raise typer.Exit(INTERRUPTED)


def _address(listen: str) -> tuple[str, int]:
    """`127.0.0.1:8641`, `[::1]:0`. OperatorError for anything else; names are not looked up."""
    host, colon, port = listen.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    try:
        ip_address(host)
        number = int(port) if port.isdecimal() else -1
    except ValueError:
        number = -1
    if not colon or not 0 <= number < 65_536:
        raise OperatorError("not an address", key="--listen", value=listen, remedy=f"Write {LISTEN_DEFAULT}")
    return host, number


async def _serve(host: str, port: int, names: tuple[str, ...], run_dir: Path, parent_fd: int | None) -> int:
    """Serve until a signal, or until `parent_fd` hangs up: then whoever started us is gone. The signal, or 0."""
    from biaoshi.console.server import Console

    ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def end(number: int) -> None:
        if not ended.done():
            ended.set_result(number)

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end, number)
    if parent_fd is not None:
        loop.add_reader(parent_fd, lambda: end(0) if not os.read(parent_fd, 1) else None)
    async with Console(run_dir, names=names).serving(host, port) as address:
        print(f"console 控制台: {address}", flush=True)
        if parent_fd is None:
            print("Ctrl-C ends it 按 Ctrl-C 结束", file=sys.stderr, flush=True)
        return await ended
