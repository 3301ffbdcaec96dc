"""`biaoshi tap`: stand between a client and a server, and say what each packet is."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from biaoshi.cli.terminal import note
from resolver.errors import CallerError, OperatorError

if TYPE_CHECKING:
    from biaoshi.tap import Heard

app = typer.Typer(rich_markup_mode=None)


@app.command()
def tap(
    listen: Annotated[str, typer.Argument(metavar="LISTEN", help="IP:port for the client, over UDP and TCP.")],
    target: Annotated[str, typer.Argument(metavar="TARGET", help="IP:port of the server.")],
    explain: Annotated[bool, typer.Option("--explain", help="Every packet octet by octet.")] = False,
    seconds: Annotated[
        float, typer.Option(min=0.1, help="How long; Ctrl-C ends it, too.", show_default="for ever")
    ] = 1e9,
) -> None:
    """Stand between a client and a server of the protocol, and say what each packet is (报文旁观).

    \b
    biaoshi tap 127.0.0.1:2700 127.86.5.1:2641
    biaoshi tap 127.0.0.1:2700 127.86.5.1:2641 --explain
    biaoshi resolve 88.118.8/JXDY2106023 --server 127.0.0.1:2700

    Everything passes as it is, also what cannot be understood. Point any client at LISTEN: it need not know.

    Exit codes: 0 time is up; 2 an address is none, or cannot be had; 130 Ctrl-C.
    """
    import asyncio

    from biaoshi.client import address_of
    from biaoshi.stories.diagram import said
    from biaoshi.tap import Tap
    from resolver.model.now import Now

    try:
        here, there = address_of(listen), address_of(target)
    except CallerError as error:
        raise OperatorError(str(error), key="LISTEN or TARGET", remedy="Write IP:port") from None
    began = time.monotonic()

    def tell(heard: Heard) -> None:
        now = Now(time.monotonic_ns(), time.time_ns())
        way = "client -> server" if heard.to_server else "server -> client"
        at_ms = (time.monotonic() - began) * 1e3
        words = f"{at_ms:10.1f} ms  {heard.transport} {heard.client[1]:>5}  {way}  {len(heard.packet):>5} octets"
        typer.echo(f"{words}  {said(heard.packet, now)}")
        if explain:
            _explain(heard.packet)

    async def stand() -> None:
        made = Tap(here, there, tell)
        await made.open()
        note(f"from {listen} to {target}; Ctrl-C ends it")
        try:
            await asyncio.sleep(seconds)
        finally:
            await made.close()
            note(f"{made.packets:,} packets")

    asyncio.run(stand())


def _explain(packet: bytes) -> None:
    from biaoshi.cli.decode import table_of
    from biaoshi.cli.terminal import print_table
    from resolver.wire.explain import explain

    print_table(*table_of(explain(packet).rows), "")
