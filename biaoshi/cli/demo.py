"""`biaoshi demo`: the whole story in about a minute."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(rich_markup_mode=None)


@app.command()
def demo(
    stay: Annotated[bool, typer.Option("--stay", help="Keep network and console until Ctrl-C.")] = False,
) -> None:
    """The whole story in about a minute (一分钟演示).

    Starts the teaching network, resolves one identifier cold and warm, loads it with 3,500 questions a second for 20 s,
    gives the verdict, stops everything. Needs nothing, leaves nothing but a page: the last line says where.
    Meanwhile the console shows it in a browser; its address is printed.

    \b
    biaoshi demo
    biaoshi demo --stay

    \b
    Exit codes: 0 the verdict is yes; 1 SLO or goal missed; 3 a node could not start;
    4 wrong answers; 5 the generator fell behind: no measurement; 130 Ctrl-C, after tidying up.
    """
    from biaoshi.demo import run

    raise typer.Exit(run(stay=stay))
