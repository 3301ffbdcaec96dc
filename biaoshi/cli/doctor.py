"""`biaoshi doctor`: what of this machine helps or hinders."""

from __future__ import annotations

import typer

from biaoshi.cli.network import Json
from biaoshi.cli.terminal import print_json

app = typer.Typer(rich_markup_mode=None)
MARKS = {"good": "✓", "slower": "!", "missing": "·"}


@app.command()
def doctor(json: Json = False) -> None:
    """Say what of this machine helps or hinders: rim, limits, buffers, tools, and what to raise (体检).

    \b
    biaoshi doctor
    biaoshi doctor --json

    \b
    ✓ as it should be    ! works, and could do better    · not there, needed only for what it says

    Exit codes: 0 nothing stands in the way; 2 BIAOSHI_RIM demands what is not there.
    """
    from biaoshi.doctor import findings

    found = findings()
    refused = any(each.name == "rim" and each.state == "missing" for each in found)
    if json:
        print_json({"ok": not refused, "findings": [each._asdict() for each in found]})
    else:
        width = max(len(each.name) for each in found)
        for each in found:
            typer.echo(f"{MARKS[each.state]} {each.name:{width}}  {each.value}")
            if each.remedy:
                typer.echo(f"  {'':{width}}  → {each.remedy}")
    raise typer.Exit(2 if refused else 0)
