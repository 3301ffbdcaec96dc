"""`biaoshi report`: a measurement read again, as text, as JSON or as one HTML page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from biaoshi.cli.load import Json, show
from biaoshi.cli.terminal import note

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)


@app.command()
def report(
    files: Annotated[
        list[Path], typer.Argument(help="What `load --out` wrote; several: parts of one run.", metavar="FILE…")
    ],
    html: Annotated[
        Path | None, typer.Option(help="Write a page to this file too: charts, both languages, nothing to load.")
    ] = None,
    json: Json = False,
) -> None:
    """Read results of a load again (读取结果).

    The figures and the verdict follow from the file alone, however old it is.

    \b
    biaoshi load --rate 3500 --duration 20s --out run.load
    biaoshi report run.load --json
    biaoshi report run.load --html run.html

    Exit codes: as `biaoshi load` gave when it measured; 2 no result file; 4 a damaged one.
    """
    from loadgen.report import merge
    from loadgen.results import read_result

    result = merge([read_result(file) for file in files])
    if html:
        from loadgen.page import write_page

        write_page(html, result)
        note(f"page 网页: {html}")
    raise typer.Exit(show(result, json=json))
