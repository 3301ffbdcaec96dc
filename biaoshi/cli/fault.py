"""`biaoshi fault`: add, list, clear."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from biaoshi.cli.network import Json, RunDir
from biaoshi.cli.terminal import print_json, print_table
from nodes import state
from resolver.net.faults import FAULTS

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""Put faults on the links of the running network, see them, take them away. 故障注入

    \b
    biaoshi fault add drop --from national-88 --to secondary-88.118 --share 0.3
    biaoshi fault add delay --from recursive-1 --ms 50 --jitter-ms 20
    biaoshi fault add partition --from secondary-88.118
    biaoshi fault list
    biaoshi fault clear

    \b
    drop            a share is lost; TCP sends it again, 200 ms later     丢包
    delay           takes --ms longer, and up to --jitter-ms more         延迟
    duplicate       a share of datagrams comes twice                      重复
    reorder         a share is held back by --ms (5), others overtake it  乱序
    corrupt_values  a share of answers has one bit of a value turned      篡改取值
    forge           before a share of answers comes a forged one          伪造应答
    partition       nothing gets through                                  网络分区
    bandwidth       carries --octets-per-s; what waits 0.5 s is lost      带宽限制

    The same faults strike in virtual time, in scenarios.
    """,
)


@app.command()
def add(
    kind: Annotated[str, typer.Argument(metavar="KIND", help=f"One of {', '.join(FAULTS)}.")],
    source: Annotated[
        str | None, typer.Option("--from", help="Node, site, tier or client.", show_default="anybody")
    ] = None,
    target: Annotated[
        str | None, typer.Option("--to", help="Node, site, tier or client.", show_default="anybody")
    ] = None,
    one_way: Annotated[bool, typer.Option("--one-way", help="Not on the way back.")] = False,
    share: Annotated[float | None, typer.Option(help="Of the packets, from 0 to 1.")] = None,
    ms: Annotated[float | None, typer.Option(help="Milliseconds.")] = None,
    jitter_ms: Annotated[float | None, typer.Option(help="At most so many milliseconds more.")] = None,
    octets_per_s: Annotated[float | None, typer.Option(help="What a link carries.")] = None,
    seed: Annotated[int, typer.Option(help="Which packets are struck follows from it.")] = 1,
    run_dir: RunDir = None,
    json: Json = False,
) -> None:
    """Have a fault strike from now on (添加故障).

    On packets from FROM to TO and back; without them, on all. Tell the stories of several with several calls.

    \b
    biaoshi fault add drop --from recursive --to root --share 0.5
    biaoshi fault add partition --from national-88 --to recursive-1 --one-way

    Exit codes: 0 it strikes; 2 it cannot be: option, value and remedy are named; 3 no network runs.
    """
    from nodes import control

    told: dict[str, Any] = {
        "kind": kind,
        "from": source,
        "to": target,
        "one_way": one_way or None,
        "share": share,
        "ms": ms,
        "jitter_ms": jitter_ms,
        "octets_per_s": octets_per_s,
        "seed": seed,
    }
    fault = {name: value for name, value in told.items() if value is not None}
    added = control.add_fault(state.choose_run_dir(run_dir), fault)
    if json:
        print_json(added)
        return
    typer.echo(f"fault {added['id']} strikes: {words(added)}")
    typer.echo(f"next: biaoshi fault clear {added['id']}")


@app.command("list")
def list_faults(run_dir: RunDir = None, json: Json = False) -> None:
    """Show the faults that strike (列出故障).

    How often each kind did: `biaoshi_injected_faults_total` of the metrics.

    Exit codes: 0; 3 no network runs.
    """
    from nodes import control

    faults = control.faults(state.choose_run_dir(run_dir))
    if json:
        print_json(faults)
    elif faults:
        print_table(["ID", "FAULT 故障"], [(str(fault["id"]), words(fault)) for fault in faults], "")
    else:
        typer.echo("nothing goes wrong on purpose 无故障")


@app.command()
def clear(
    ids: Annotated[list[int] | None, typer.Argument(metavar="[ID]…", help="Which; without any, all.")] = None,
    run_dir: RunDir = None,
    json: Json = False,
) -> None:
    """Have faults strike no longer (清除故障).

    \b
    biaoshi fault clear          all
    biaoshi fault clear 2 3

    Exit codes: 0 cleared; 2 no fault has this ID; 3 no network runs.
    """
    from nodes import control

    cleared = control.clear_faults(state.choose_run_dir(run_dir), ids or None)
    if json:
        print_json({"cleared": cleared})
    else:
        typer.echo(f"{cleared} cleared")


def words(fault: dict[str, Any]) -> str:
    """A fault in a line."""
    between = (
        f"{fault.get('from') or 'anybody'} {'->' if fault.get('one_way') else '<->'} {fault.get('to') or 'anybody'}"
    )
    left_out = {"id", "kind", "from", "to", "one_way"}
    settings = [f"{name} {value:g}" for name, value in fault.items() if name not in left_out]
    return ", ".join([f"{fault['kind']} {between}", *settings])
