"""`biaoshi config`: check, schema. What a network file means, before anything starts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from biaoshi.cli.terminal import first_few, print_json, print_table, procedural_words

if TYPE_CHECKING:
    from nodes.config import NodePlan

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""Check a network file, or print its JSON Schema. 检查配置

    \b
    biaoshi config check configs/teaching.toml    which nodes it makes, where, with how many records
    biaoshi config schema > network.schema.json   what may stand in such a file
    """,
)


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="The network file, for example configs/teaching.toml.", metavar="FILE")],
    second_octet: Annotated[
        int | None,
        typer.Option(help="Nodes listen on 127.OCTET.<tier>.<n>.", min=1, max=254, show_default="the file's"),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """Read FILE and its catalogues, refuse what cannot be, and show the nodes it makes (检查网络文件).

    Nothing is started.

    \b
    biaoshi config check configs/teaching.toml
    biaoshi config check configs/teaching.toml --json | jq '.nodes[].address'

    Exit codes: 0 it can be started; 2 it cannot: file, key path, value and remedy are named.
    """
    from nodes.config import load_network

    plan = load_network(file, second_octet=second_octet)
    nodes = [_described(node) for node in plan.nodes]
    if json:
        print_json({"network": plan.name, "file": str(file), "processes": list(plan.processes), "nodes": nodes})
        return
    headings = [
        "NODE 节点",
        "TIER 层级",
        "ADDRESS 地址",
        "PREFIXES 前缀",
        "RECORDS 记录",
        "PROCESS 进程",
        "SAMPLE 示例",
    ]
    title = f"{plan.name} ({file}): {len(nodes)} nodes in {len(plan.processes)} processes"
    if plan.population is not None:
        headings.insert(5, "PROCEDURAL 程序生成")
        title += f"; {procedural_words(plan.population.size)}"
    rows = [
        (
            node["name"],
            node["tier"],
            node["address"],
            first_few(node["prefixes"]) or "-",
            str(node["records"]),
            *(() if plan.population is None else [f"{node['procedural']:,}"]),
            node["process"],
            node["sample"] or "-",
        )
        for node in nodes
    ]
    print_table(headings, rows, f"{title}; nothing to object to 无误")


@app.command()
def schema() -> None:
    """Print the JSON Schema of network files, for editors and people (打印 JSON Schema).

    \b
    biaoshi config schema > network.schema.json

    Exit codes: 0.
    """
    from nodes.config import json_schema

    print_json(json_schema())


def _described(node: NodePlan) -> dict[str, Any]:
    from nodes.config import records_of, sample_of
    from resolver.model.identifier import text

    sample = sample_of(node)
    return {
        "name": node.name,
        "tier": node.tier,
        "prefixes": [text(prefix) for prefix in node.prefixes],
        "address": node.address,
        "extra_ports": list(node.extra_ports),
        "process": node.process,
        "records": sum(1 for _ in records_of(node)),
        "procedural": node.procedural,
        "sample": None if sample is None else text(sample),
    }
