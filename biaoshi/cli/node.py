"""`biaoshi node`: stop, start, kill."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from biaoshi.cli.network import Json, RunDir
from biaoshi.cli.terminal import print_json
from nodes import state

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""Stop, kill and start single nodes of the running network. 单个节点启停

    \b
    biaoshi node stop secondary-88.118     in good order: what is under way is answered
    biaoshi node kill recursive-1          at once, as by kill -9
    biaoshi node start secondary-88.118    again, with its records and an empty cache

    What it acknowledged is there again; what it only remembered is not. `biaoshi network status` shows who is ready.
    """,
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="As `biaoshi network status` names it.")]


@app.command()
def stop(name: Name, run_dir: RunDir = None, json: Json = False) -> None:
    """Stop a node in good order (停止节点).

    It takes no more requests; what is under way is answered, for two seconds at most.

    Exit codes: 0 stopped; 2 no such node, or it is stopped already; 3 no network runs.
    """
    _do(name, "stop", run_dir, json)


@app.command()
def kill(name: Name, run_dir: RunDir = None, json: Json = False) -> None:
    """Kill a node (强制终止节点).

    A node that has a process of its own loses it by SIGKILL. One that shares its process closes its addresses at once,
    forgets all that it knew, and the others there go on.

    Exit codes: 0 killed; 2 no such node, or it is stopped already; 3 no network runs.
    """
    _do(name, "kill", run_dir, json)


@app.command()
def start(name: Name, run_dir: RunDir = None, json: Json = False) -> None:
    """Start a node that was stopped or killed (启动节点).

    If its whole process has ended, all nodes of that process start.

    Exit codes: 0 it is ready; 2 no such node, or it runs already; 3 it did not become ready, no network runs.
    """
    _do(name, "start", run_dir, json)


DONE = {"stop": "stopped 已停止", "kill": "killed 已终止", "start": "ready 就绪"}


def _do(name: str, what: str, run_dir: Path | None, json: bool) -> None:
    from nodes import control

    node = control.node_do(state.choose_run_dir(run_dir), name, what)
    if json:
        print_json(node)
        return
    typer.echo(f"{name} {DONE[what]}" + (" (with its process)" if node["process_killed"] else ""))
    if what != "start":
        typer.echo(f"next: biaoshi node start {name}")
