"""`biaoshi capture`: a running network's packets as a pcap file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from biaoshi.cli.network import Json, RunDir
from biaoshi.cli.terminal import note, print_json

app = typer.Typer(rich_markup_mode=None)


@app.command()
def capture(
    file: Annotated[Path, typer.Argument(help="The pcap file to write.")],
    seconds: Annotated[float, typer.Option(min=0.1, max=3_600, help="How long; Ctrl-C ends it, too.")] = 30.0,
    packets: Annotated[int, typer.Option(min=1, max=10**8, help="At most so many packets.")] = 1_000_000,
    all_ports: Annotated[bool, typer.Option("--all-ports", help="HTTP, DNS and metrics, too.")] = False,
    run_dir: RunDir = None,
    json: Json = False,
) -> None:
    """Write what the nodes of the running network say to each other and to clients as a pcap file (抓包).

    \b
    biaoshi capture nation.pcap --seconds 10
    biaoshi dissector --out handle.lua
    tshark -X lua_script:handle.lua -r nation.pcap

    It needs root, or the capability CAP_NET_RAW. Questions that nodes ask each other leave from ports of their own;
    they are in it, for one side of them is a node's port.

    Exit codes: 0 written; 2 not allowed, or the file cannot be written; 3 no network runs.
    """
    from biaoshi.capture import Captured, capture
    from biaoshi.dissector import PORTS
    from nodes import state
    from nodes.network import status

    nodes = status(state.choose_run_dir(run_dir))["nodes"]
    addresses = {node["address"].rpartition(":")[0] for node in nodes}
    ports = set() if all_ports else {int(node["address"].rpartition(":")[2]) for node in nodes} | set(PORTS)
    shown = 0

    def progress(so_far: Captured) -> None:
        nonlocal shown
        if so_far.packets >= shown + 1_000:
            shown = so_far.packets
            note(f"{so_far.packets:,} packets")

    done = capture(file, addresses, ports, seconds=seconds, packets_max=packets, progress=progress)
    if json:
        print_json({"file": str(file), "packets": done.packets, "octets": done.octets, "lost": done.lost})
        return
    note(f"{file}: {done.packets:,} packets, {done.octets:,} octets" + (f", {done.lost:,} lost" if done.lost else ""))
