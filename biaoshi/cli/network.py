"""`biaoshi network`: up, status, down, reload, targets, expand, client-config, export, keys."""

from __future__ import annotations

import signal
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from biaoshi.cli.terminal import aligned, first_few, note, print_json, print_table, procedural_words
from nodes import state
from resolver.errors import OperatorError

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""Start, inspect and stop a network of nodes. 启停标识网络

    \b
    biaoshi network up configs/teaching.toml      start; returns when every node is ready
    biaoshi network status                        who listens where, and holds what
    biaoshi network reload                        take the file's bounds anew, without a pause
    biaoshi network down                          stop; data and logs stay
    biaoshi network expand configs/national.toml  what a [nation] stands for, node by node
    biaoshi network client-config cnri DIR        files that point foreign programs at it
    biaoshi network export compose FILE           the same network as containers

    State, data and logs live in a run directory: --run-dir, else $BIAOSHI_RUN_DIR, else .biaoshi/.
    """,
)

RunDir = Annotated[
    Path | None,
    typer.Option("--run-dir", help="Where state, data and logs live.", show_default="$BIAOSHI_RUN_DIR or .biaoshi"),
]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]
INTERRUPTED = 130
ROWS_SHOWN_MAX = 30  # more than a screenful helps nobody; `network status` shows all


@app.command()
def up(
    file: Annotated[Path, typer.Argument(help="The network file, for example configs/teaching.toml.", metavar="FILE")],
    foreground: Annotated[bool, typer.Option("--foreground", help="Stay until Ctrl-C.")] = False,
    run_dir: RunDir = None,
    second_octet: Annotated[
        int | None,
        typer.Option(help="Nodes listen on 127.OCTET.<tier>.<n>.", min=1, max=254, show_default="the file's"),
    ] = None,
    time_scale: Annotated[
        float | None,
        typer.Option(
            help="Seconds of TTLs that go by in one: the scale of a compressed day.",
            min=1,
            max=10_000,
            show_default="the file's",
        ),
    ] = None,
) -> None:
    """Start every node of FILE (启动网络).

    Returns when all are ready, or fails and leaves nothing.

    \b
    biaoshi network up configs/teaching.toml
    biaoshi network up configs/teaching.toml --foreground --second-octet 99 --run-dir second
    biaoshi network up configs/national.toml --time-scale 432    # TTLs of a day in 200 s, for load

    \b
    Exit codes: 0 ready; 2 the file, an address in use, or a network that runs here already;
    3 a node did not become ready; 4 a damaged store; 130 Ctrl-C, after tidying up.
    """
    from nodes import network

    chosen = state.choose_run_dir(run_dir)
    note(f"starting the network of {file} …")
    if not foreground:
        _show_started(network.up(file, chosen, second_octet=second_octet, time_scale=time_scale))
        return
    ended_by = network.stay(file, chosen, _show_started, second_octet=second_octet, time_scale=time_scale)
    if ended_by == signal.SIGINT:
        raise typer.Exit(INTERRUPTED)


@app.command()
def status(run_dir: RunDir = None, json: Json = False) -> None:
    """Show the nodes of the running network (查看状态).

    \b
    biaoshi network status
    biaoshi network status --json | jq '.nodes[].address'

    Exit codes: 0 a network runs (see READY for its health); 3 none does.
    """
    document = state.status(state.choose_run_dir(run_dir))
    if json:
        print_json(document)
        return
    ready = "ready 就绪" if document["ready"] else "NOT READY 未就绪"
    title = f"{document['network']} ({document['file']}): {ready}"
    procedural = document.get("procedural", 0)
    headings = ["NODE 节点", "TIER 层级", "ADDRESS 地址", "PREFIXES 前缀", "RECORDS 记录"]
    if procedural:
        headings.append("PROCEDURAL 程序生成")
        title += f"; {procedural_words(procedural)}"
    headings += ["READY", "PID", "SAMPLE 示例"]
    print_table(headings, [_row(node, bool(procedural)) for node in document["nodes"]], title)


@app.command()
def down(run_dir: RunDir = None) -> None:
    """Stop the running network (停止网络).

    No process, port or file of it stays but data and logs.

    Exit codes: 0 stopped; 3 nothing ran.
    """
    from nodes import network

    chosen = state.choose_run_dir(run_dir)
    document = network.down(chosen)
    typer.echo(f"network {document['network']} is down (data and logs stay in {chosen})")


@app.command()
def reload(run_dir: RunDir = None, json: Json = False) -> None:
    """Take [cache], [limits], [faults] and [query_log] of the network file as they are now (热加载).

    No request is lost. A file that is broken, or changes what takes a restart, changes nothing: the error says why.

    \b
    biaoshi network reload
    kill -HUP PID                 the same for one process (see status); its log says what came of it

    Exit codes: 0 taken; 2 the file is refused, and the network goes on as before; 3 no network runs.
    """
    from nodes import network

    names = network.reload(state.choose_run_dir(run_dir))
    if json:
        print_json({"changed": names})
    elif names:
        typer.echo(f"changed: {first_few(names)}")
    else:
        typer.echo("nothing in it is new")


@app.command()
def targets(run_dir: RunDir = None) -> None:
    """Print Prometheus file_sd JSON (监控目标).

    One target group for each process and its metrics page.

    \b
    biaoshi network targets > targets.json
    # prometheus.yml:  file_sd_configs: [{files: [targets.json]}]

    Exit codes: 0; 3 no network runs.
    """
    print_json(state.targets(state.read_state(state.choose_run_dir(run_dir))))


@app.command()
def expand(
    file: Annotated[Path, typer.Argument(help="The network file, for example configs/national.toml.", metavar="FILE")],
    json: Json = False,
) -> None:
    """Print FILE with every node written down (展开网络文件).

    Counts and rules become [[nodes]], paths become absolute: the outcome is a network file that means the same from
    anywhere, and may be edited.

    \b
    biaoshi network expand configs/national.toml > mine.toml
    biaoshi network expand configs/national.toml --json | jq '.nodes | length'

    Exit codes: 0; 2 it cannot be planned: file, key path, value and remedy are named.
    """
    from nodes.config import expanded
    from nodes.expansion import to_toml

    config = expanded(file)
    if json:
        print_json(config.model_dump(exclude_defaults=True))
    else:
        typer.echo(f"# {file} with every node written down (biaoshi network expand).")
        typer.echo(to_toml(config), nl=False)


@app.command("client-config")
def client_config(
    program: Annotated[
        str, typer.Argument(metavar="cnri|sdk", help="The reference Java client, or the national SDK (Teleinfo).")
    ],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the files go; made if it is not there.")],
    prefixes: Annotated[
        list[str] | None,
        typer.Option(
            "--prefix",
            help="With the private key of this prefix's administrator; repeatable.",
            show_default="all of a network with at most 50 prefixes",
        ),
    ] = None,
    through_recursive: Annotated[
        bool,
        typer.Option(
            "--through-recursive", help="cnri: public reads go to the recursive node, not from the root down."
        ),
    ] = False,
    run_dir: RunDir = None,
) -> None:
    """Write the files that point a foreign program at the running network (外部程序配置).

    With the administrators' private keys, so that it can register, too. A file that this command did not write is
    never replaced.

    \b
    biaoshi network client-config cnri handle-config
    biaoshi network client-config sdk sdk-config --prefix 88.118.8

    Exit codes: 0 written; 2 usage, a foreign file in DIR; 3 no network runs.
    """
    from biaoshi import client_config as files
    from biaoshi.administrators import administrators
    from nodes.certificates import ROOT_PREFIX
    from nodes.config import load_network
    from nodes.keyring import administrator_key

    if program not in files.PROGRAMS:
        raise OperatorError("no such program", key="cnri|sdk", value=program, remedy="Say cnri or sdk")
    chosen = state.choose_run_dir(run_dir)
    running = state.read_state(chosen)
    keys = state.keys_folder(chosen)
    plan = load_network(Path(running["path"]), second_octet=running["second_octet"], keys=keys)
    who = administrators(plan, keys, prefixes)
    sample = next((node["sample"] for node in running["nodes"] if node["sample"]), "PREFIX/SUFFIX")
    root = administrator_key(keys, ROOT_PREFIX)
    trust = None if root is None else root.public_key()
    made = files.files_for(program, plan, who, sample, trust=trust, through_recursive=through_recursive)
    written = files.write(folder, made)
    for file in written:
        typer.echo(str(file))
    typer.echo(f"next: how to use them stands in {folder / 'README.md'}")


@app.command()
def export(
    kind: Annotated[str, typer.Argument(metavar="compose|kubernetes", help="For whom the files are.")],
    file: Annotated[Path, typer.Argument(help="The network file, for example configs/teaching.toml.", metavar="FILE")],
    out: Annotated[
        Path | None, typer.Option("--out", help="Where the files go; made if it is not there.", show_default="KIND")
    ] = None,
    subnet: Annotated[
        str | None,
        typer.Option(help="A /16 of IPv4 for the nodes.", show_default="10.86.0.0/16; kubernetes 10.110.0.0/16"),
    ] = None,
    image: Annotated[str, typer.Option(help="What the image is called.")] = "biaoshi:latest",
) -> None:
    """Write FILE as containers, each node its own (导出容器编排).

    Network file, Dockerfile, and compose.yaml or kubernetes.yaml. No key and no secret is in them: the containers make
    their keys at the first start. A file that this command did not write is never replaced.

    \b
    biaoshi network export compose configs/teaching.toml --out deploy
    biaoshi network export kubernetes configs/national.toml --subnet 10.110.0.0/16 --image biaoshi:0.1

    Exit codes: 0 written; 2 usage, a network file that cannot be planned, a foreign file in DIR.
    """
    from ipaddress import IPv4Network
    from tempfile import TemporaryDirectory

    from biaoshi.client_config import write
    from biaoshi.export import compose, kubernetes
    from biaoshi.export.container import contain

    if kind not in ("compose", "kubernetes"):
        raise OperatorError("no such kind", key="compose|kubernetes", value=kind, remedy="Say compose or kubernetes")
    written = subnet or ("10.86.0.0/16" if kind == "compose" else "10.110.0.0/16")
    try:
        chosen = IPv4Network(written)
        if chosen.prefixlen != 16:
            raise ValueError
    except ValueError:
        raise OperatorError(
            "not a /16 of IPv4", key="--subnet", value=written, remedy="Such as 10.86.0.0/16: a third octet is a tier"
        ) from None
    with TemporaryDirectory() as scratch:
        contained = contain(file, chosen, image, Path(scratch))
    made = compose.files(contained, chosen) if kind == "compose" else kubernetes.files(contained)
    folder = out or Path(kind)
    for path in write(folder, made):
        typer.echo(str(path))
    typer.echo(f"next: put biaoshi's wheel into {folder}, see the first lines of its Dockerfile and {kind}.yaml")


@app.command()
def keys(
    file: Annotated[Path, typer.Argument(help="The network file.", metavar="FILE")],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the keys go; made if it is not there.")],
) -> None:
    """Make the keys that the servers and administrators of FILE lack (生成网络密钥).

    `network up` does so by itself; this is for nodes that are started in containers of their own. What is there stays.

    \b
    biaoshi network keys network.toml /keys

    Exit codes: 0 all are there; 2 FILE cannot be planned, DIR cannot be written.
    """
    from nodes.config import load_network
    from nodes.keyring import certificate_file
    from nodes.network import make_all_keys

    plan = load_network(file)
    make_all_keys(plan, folder)
    certified = [node for node in plan.nodes if node.key_bits]
    for node in certified:
        certificate_file(folder, node.name, node.ip)
    typer.echo(f"{folder}: keys of {len(certified)} servers and {len(plan.administrators)} administrators")


def _row(node: dict[str, Any], procedural: bool) -> tuple[str, ...]:
    return (
        node["name"],
        node["tier"],
        node["address"],
        first_few(node["prefixes"]),
        str(node["records"]),
        *([f"{node.get('procedural', 0):,}"] if procedural else []),
        "yes" if node["ready"] else "NO",
        " +".join([str(node["pid"] or "-"), *([str(len(node["readers"]))] if node.get("readers") else [])]),
        node["sample"] or "-",
    )


def _show_started(document: dict[str, Any]) -> None:
    rows = [(node["tier"], node["name"], node["address"], f"{node['records']} records") for node in document["nodes"]]
    typer.echo(f"network {document['network']} is up: {len(rows)} nodes in {len(document['processes'])} processes")
    if len(rows) <= ROWS_SHOWN_MAX:
        typer.echo(aligned(rows))
    else:
        tiers = Counter(node["tier"] for node in document["nodes"])
        typer.echo(", ".join(f"{count} {tier}" for tier, count in tiers.items()))
    if document.get("procedural"):
        typer.echo(procedural_words(document["procedural"]))
    samples = [node for node in document["nodes"] if node["tier"] == "enterprise" and node["sample"]]
    if samples:
        largest = max(samples, key=lambda node: node.get("procedural", 0))
        typer.echo(f"next: biaoshi resolve {largest['sample']} --trace")
