"""`biaoshi store`: check, backup, restore. The file in which a node keeps its records."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from biaoshi.cli.terminal import note, print_json
from nodes.state import choose_run_dir

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""Check, copy and put back the store of a node. 存储检查与备份

    \b
    biaoshi store check enterprise-88.118.8                          every page, every record
    biaoshi store backup enterprise-88.118.8 backups/2026-01-01      while the node runs or not
    biaoshi store restore backups/2026-01-01 enterprise-88.118.8     while it does not

    A store is named by its node, in --run-dir, or by its directory.
    """,
)

RunDir = Annotated[
    Path | None,
    typer.Option("--run-dir", help="Where nodes keep their data.", show_default="$BIAOSHI_RUN_DIR or .biaoshi"),
]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]
Store = Annotated[str, typer.Argument(help="A node's name, or a directory.", metavar="NODE|DIR")]
DAMAGED = 4


@app.command()
def check(store: Store, run_dir: RunDir = None, json: Json = False) -> None:
    """Look at every page and decode every record (检查存储).

    Also while the node runs, and of a backup. Records that were changed behind the node's back, by a disk or a hand,
    show in a sum that every commit carries on.

    \b
    biaoshi store check enterprise-88.118.8 --json

    Exit codes: 0 whole; 2 there is no store; 4 damaged: what and where is said.
    """
    from resolver.stores.lmdb_copies import check as look_at

    directory = _directory(store, run_dir)
    note(f"looking at every record in {directory} …")
    started = time.monotonic()
    found = look_at(directory)
    document = {
        "directory": str(directory),
        "owner": found.owner,
        "records": found.records,
        "pages": found.pages,
        "transaction": found.transaction,
        "faults": list(found.faults),
        "seconds": round(time.monotonic() - started, 3),
    }
    if json:
        print_json(document)
    else:
        for fault in found.faults:
            typer.echo(f"damaged: {fault}")
        if not found.faults:
            typer.echo(
                f"{directory}: whole: {found.records:,} records of {found.owner} on {found.pages:,} pages, "
                f"transaction {found.transaction:,}; {document['seconds']:.1f} s"
            )
    if found.faults:
        raise typer.Exit(DAMAGED)


@app.command()
def backup(
    store: Store,
    target: Annotated[Path, typer.Argument(help="The new directory to make.", metavar="BACKUP")],
    run_dir: RunDir = None,
    json: Json = False,
) -> None:
    """Copy a store as it is at one moment, and look through the copy (备份).

    The node may run and be written to. BACKUP gets the copy and a manifest with its checksum, and appears when both are
    on the disk.

    \b
    biaoshi store backup enterprise-88.118.8 backups/monday

    Exit codes: 0; 2 there is no store, or BACKUP is there already; 4 a damaged store or a full disk: nothing is left.
    """
    from resolver.stores.lmdb_copies import back_up

    directory = _directory(store, run_dir)
    note(f"copying {directory} …")
    manifest = back_up(directory, target, made_at=datetime.now(UTC).isoformat(timespec="seconds"))
    if json:
        print_json({"backup": str(target), **manifest})
    else:
        typer.echo(f"{target}: {manifest['records']:,} records of {manifest['owner']}, {manifest['octets']:,} octets")


@app.command()
def restore(
    source: Annotated[Path, typer.Argument(help="A directory that `store backup` made.", metavar="BACKUP")],
    store: Store,
    force: Annotated[bool, typer.Option("--force", help="Replace the store that is there.")] = False,
    run_dir: RunDir = None,
    json: Json = False,
) -> None:
    """Put a backup in the place of a node's store, in one step (恢复).

    The node must not run. The backup is compared with its manifest and looked through first.

    \b
    biaoshi store restore backups/monday enterprise-88.118.8 --force

    Exit codes: 0; 2 no backup, another node's, or a store is there and --force was not said;
    4 a damaged backup, a full disk, or a store in use: nothing has changed.
    """
    from resolver.stores.lmdb_copies import restore as put_back

    directory = _directory(store, run_dir)
    manifest = put_back(source, directory, force=force)
    if json:
        print_json({"directory": str(directory), **manifest})
    else:
        typer.echo(f"{directory}: {manifest['records']:,} records as of {manifest['made_at']}")


def _directory(store: str, run_dir: Path | None) -> Path:
    """A path is a directory, a bare name a node's, unless only a directory is called so."""
    in_run_dir = choose_run_dir(run_dir) / "data" / store
    if os.sep in store or (not in_run_dir.is_dir() and Path(store).is_dir()):
        return Path(store)
    return in_run_dir
