"""`biaoshi dissector`: a Lua script for Wireshark."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from biaoshi.cli.terminal import note
from resolver.errors import OperatorError

app = typer.Typer(rich_markup_mode=None)


@app.command()
def dissector(
    out: Annotated[Path | None, typer.Option("--out", help="Write it there.", show_default="stdout")] = None,
    port: Annotated[
        list[int] | None, typer.Option("--port", help="Ports it is for.", show_default="2641, 3641")
    ] = None,
) -> None:
    """Write a dissector of the Handle protocol for Wireshark and tshark (Wireshark 解析脚本).

    \b
    biaoshi dissector --out handle.lua
    tshark -X lua_script:handle.lua -r capture.pcap
    tshark -X lua_script:handle.lua -i lo -Y 'hdl.code == 303'

    Fields are hdl.handle, hdl.opcode, hdl.code, hdl.id, hdl.value.type and so on: tshark -G fields shows them all.

    Exit codes: 0; 2 usage, or a file that cannot be written.
    """
    from biaoshi.dissector import PORTS, dissector

    for each in port or ():
        if not 0 < each < 65_536:
            raise OperatorError("no port", key="--port", value=each, remedy="From 1 to 65535")
    text = dissector(port or PORTS)
    if out is None:
        typer.echo(text, nl=False)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OperatorError(f"cannot be written: {error.strerror}", file=str(out), key="--out") from None
    note(f"{out}: tshark -X lua_script:{out} …")
