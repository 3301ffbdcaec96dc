"""`biaoshi import` and `biaoshi export`: catalogues into and out of a node's store, whether the network runs or not."""

from __future__ import annotations

import contextlib
import json as json_form
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from biaoshi.cli.terminal import note, print_json
from nodes.state import choose_run_dir
from resolver.errors import BiaoshiError, OperatorError

if TYPE_CHECKING:
    from nodes.importing import Import, Progress

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)

Node = Annotated[str, typer.Option("--node", help="The node, by the name `network status` shows.", metavar="NAME")]
RunDir = Annotated[
    Path | None,
    typer.Option("--run-dir", help="Where data and state live.", show_default="$BIAOSHI_RUN_DIR or .biaoshi"),
]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A catalogue: something.csv or something.jsonl.", metavar="FILE")],
    node: Node,
    network: Annotated[
        Path | None,
        typer.Option(
            "--network", help="The network file, if nothing runs.", metavar="FILE", show_default="of the last start"
        ),
    ] = None,
    restart: Annotated[
        bool, typer.Option("--restart", help="From the first row, whatever an earlier run has acknowledged.")
    ] = False,
    share: Annotated[
        bool, typer.Option("--share", help="Take this server's rows only, and leave its sister servers' out.")
    ] = False,
    report_batches: Annotated[
        bool, typer.Option("--report-batches", help="One JSON line on stdout for every batch that is on the disk.")
    ] = False,
    run_dir: RunDir = None,
    json: Json = False,
) -> None:
    """Register the records of a catalogue at a node (导入标识).

    Every row is checked: prefix, characters, indexes, types, sizes, JSON. Rows go into the store by the batch, and a
    batch that has been reported is on the disk. If the import ends early, repeat the command: it goes on behind the
    last batch. Rows that change nothing cost nothing, so an import may be repeated at any time.

    \b
    CSV          handle,URL:1,DESC,NAME:2000        type[:index]; one column a value, an empty cell none
    JSON Lines   {"handle": "88.118.8/A1", "values": [{"index": 1, "type": "URL", "data": "https://…"}]}

    \b
    A running node takes the rows through its own process and answers the new values at once; caches of others keep the
    old ones for their TTL. If nothing runs, the store in RUN_DIR/data/NODE is opened directly.
    The catalogue named in the network file is loaded once: what is imported stays when the network starts again, until
    that catalogue itself is edited.

    \b
    biaoshi import items.csv --node enterprise-88.118.8
    biaoshi import items.jsonl --node enterprise-88.118.8 --network configs/teaching.toml --json

    \b
    Exit codes: 0 all rows are in; 2 a row or option that cannot be: line, column and remedy are named;
    3 the node's process is gone; 4 the store is full, damaged or in use; 130 Ctrl-C. What was reported before is in.
    """
    from nodes.importing import Import, open_target

    if json and report_batches:
        raise OperatorError("--json is one document, --report-batches many", key="--report-batches", remedy="Say one")
    target = open_target(node, choose_run_dir(run_dir), network)
    way = "through its running process" if target.sink.running else "into its store directly, as it does not run"
    note(f"importing {file} at {node} of {target.network.name}, {way} …")
    run = Import(file, target, restart=restart, share=share)
    started = time.monotonic()

    def document(complete: bool) -> dict[str, Any]:
        return _document(run, node, time.monotonic() - started, complete=complete)

    try:
        with _progress(run) as show:
            run.run(_reporting(show) if report_batches else show)
    except (BiaoshiError, KeyboardInterrupt):
        if json:
            print_json(document(False))
        done = run.progress
        typer.echo(
            f"biaoshi: {done.records:,} records of this run are in the store, {file} up to line {done.line:,}; "
            "the same command goes on from there",
            err=True,
        )
        raise
    finally:
        target.sink.close()
    if json:
        print_json(document(True))
    elif report_batches:
        print(json_form.dumps(document(True), ensure_ascii=False), flush=True)
    else:
        _show(document(True))


@app.command()
def export(
    node: Node,
    form: Annotated[
        str | None, typer.Option("--format", help="jsonl or csv.", show_default="as --out ends, else jsonl")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Write here.", show_default="stdout")] = None,
    run_dir: RunDir = None,
) -> None:
    """Write the records of a node as a catalogue, in the order of handles (导出标识).

    One moment of the store, which may be written to meanwhile. Prefix records (0.NA/…) are left out: they belong to the
    network file. CSV says no timestamps, and is refused where a cell cannot say all the rest.

    \b
    biaoshi export --node enterprise-88.118.8 > items.jsonl
    biaoshi export --node enterprise-88.118.8 --out items.csv

    Exit codes: 0; 2 no such node or store, or values that CSV cannot say; 4 a damaged store.
    """
    from nodes.exporting import FORMATS, csv_lines, json_lines, open_source

    form = form or (out.suffix.lower().lstrip(".") if out is not None else FORMATS[0])
    if form not in FORMATS:
        raise OperatorError("is not known here", key="--format", value=form, remedy=f"Say {' or '.join(FORMATS)}")
    source = open_source(node, choose_run_dir(run_dir))
    try:
        lines = csv_lines(source) if form == "csv" else json_lines(source.records())
        count = _write_file(out, lines) if out is not None else _write_out(lines)
    finally:
        source.close()
    note(f"{count - (form == 'csv'):,} records of {node} exported")


def _document(run: Import, node: str, seconds: float, *, complete: bool) -> dict[str, Any]:
    done = run.progress
    return {
        "node": node,
        "network": run.network.name,
        "file": str(run.file),
        "running": run.sink.running,
        "durable": run.sink.durable,
        "complete": complete,
        "resumed_at_line": run.resumed_line,
        **_counts(done),
        "seconds": round(seconds, 3),
        "records_per_s": round(done.records / seconds) if seconds else 0,
    }


def _counts(done: Progress) -> dict[str, int]:
    return {
        "records": done.records,
        "new": done.new,
        "changed": done.changed,
        "unchanged": done.unchanged,
        "elsewhere": done.elsewhere,
        "batches": done.batch,
        "line": done.line,
        "octets": done.octets,
    }


def _show(document: dict[str, Any]) -> None:
    if document["resumed_at_line"] is not None:
        typer.echo(f"resumed at line {document['resumed_at_line']:,}, behind what an earlier run had acknowledged")
    elsewhere = f", {document['elsewhere']:,} of other servers left out" if document["elsewhere"] else ""
    typer.echo(
        f"{document['records']:,} records at {document['node']}: {document['new']:,} new, "
        f"{document['changed']:,} changed, {document['unchanged']:,} unchanged{elsewhere}; "
        f"{document['batches']} batches, {document['seconds']:.1f} s, {document['records_per_s']:,} records/s"
    )
    if not document["durable"]:
        typer.echo("this node keeps its records in memory: they end with its process")


def _reporting(show: Callable[[Progress], None]) -> Callable[[Progress], None]:
    def tell(done: Progress) -> None:
        print(json_form.dumps(_counts(done)), flush=True)
        show(done)

    return tell


@contextlib.contextmanager
def _progress(run: Import) -> Iterator[Callable[[Progress], None]]:
    """A bar over the file's octets, if a person watches."""
    if not sys.stderr.isatty():
        yield lambda done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (BarColumn(), TextColumn("{task.percentage:3.0f} %  {task.fields[records]:,} records"))
    with Bar(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None, records=0)
        yield lambda done: bar.update(task, completed=done.octets, total=done.octets_all, records=done.records)


def _write_file(file: Path, lines: Iterator[str]) -> int:
    """Write a file that appears under its name when it is complete; how many lines."""
    part = file.with_name(file.name + ".part")
    try:
        with part.open("wb") as stream:
            count = _write(stream.write, lines)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(part, file)
    except OSError as error:
        raise OperatorError(
            f"cannot be written: {error.strerror}", file=str(file), key="--out", remedy="Choose another place"
        ) from None
    finally:
        part.unlink(missing_ok=True)
    return count


def _write_out(lines: Iterator[str]) -> int:
    stream = sys.stdout.buffer  # octets: a catalogue is UTF-8, whatever the terminal is
    try:
        count = _write(stream.write, lines)
        stream.flush()
    except BrokenPipeError:  # `| head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit from None
    return count


def _write(write: Callable[[bytes], object], lines: Iterator[str]) -> int:
    count = 0
    for line in lines:
        write(line.encode())
        count += 1
    return count
