"""One node as its page shows it: what the network file says of it, what it holds, what it has counted.

No key and no secret is among that: values that not everybody may read are left out, as a node leaves them out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from loadgen.tiers import fetch_page
from nodes import control
from nodes.config import NetworkPlan, NodePlan
from nodes.exporting import open_source
from nodes.state import State, status
from resolver.errors import BiaoshiError, Unreachable
from resolver.model.identifier import text
from resolver.wire.json_form import value_to_json
from resolver.wire.record import unpack_record

PREFIXES_SHOWN = 500
RECORDS_SHOWN = 50
HISTOGRAM_PARTS = ("_bucket", "_sum", "_created")


def page(run_dir: Path, plan: NetworkPlan, name: str) -> dict[str, Any]:
    """All of a node's page but its records. OperatorError for a name that nobody has. Blocks while it reads."""
    state = status(run_dir)
    node = control.node_named(state, name)
    prefixes = node["prefixes"]
    return {
        "name": name,
        "tier": node["tier"],
        "ready": node["ready"],
        "records": node["records"],
        "sample": node["sample"],
        "prefixes": prefixes[:PREFIXES_SHOWN],
        "prefixes_more": max(0, len(prefixes) - PREFIXES_SHOWN),
        "configuration": configuration(node, plan.node(name)),
        "metrics": list(metrics_of(node)),
    }


def configuration(node: State, plan: NodePlan) -> list[tuple[str, Any]]:
    """What the network file and its defaults come to, as keys and values."""
    said: dict[str, Any] = {
        "address": node["address"],
        "http": node["http"],
        "dns": node["dns"],
        "metrics": node["metrics"],
        "process": plan.process,
        "pid": node["pid"],
        "place": plan.place or None,
        "store": plan.store if plan.tier != "recursive" else None,
        "follows": plan.follows or None,
        "server": plan.server_number + 1 if len(plan.site.servers) > 1 else None,
        "servers": len(plan.site.servers) if len(plan.site.servers) > 1 else None,
        "procedural": plan.procedural or None,
    }
    said |= {f"cache.{key}": value for key, value in asdict(plan.cache).items()}
    said |= {f"limits.{key}": value for key, value in asdict(plan.limits).items()}
    return [(key, value) for key, value in said.items() if value is not None]


def metrics_of(node: State) -> Iterator[tuple[str, str, float]]:
    """What a node has counted: name, labels and value; of histograms the counts alone."""
    if not node["metrics"]:
        return
    try:
        told = fetch_page(node["metrics"])
    except Unreachable:
        return
    lines = "".join(line + "\n" for line in told.splitlines() if f'node="{node["name"]}"' in line)
    for family in text_string_to_metric_families(lines):
        for sample in family.samples:
            if not sample.name.endswith(HISTOGRAM_PARTS):
                labels = {key: value for key, value in sample.labels.items() if key not in ("node", "tier")}
                yield sample.name, " ".join(f"{key}={value}" for key, value in labels.items()), float(sample.value)


def records(run_dir: Path, name: str) -> dict[str, Any]:
    """The first records of a node, as everybody may read them. OperatorError or StoreError if it has none to show."""
    source = open_source(name, run_dir)
    try:
        found = [
            {
                "handle": text(key),
                "values": [value_to_json(value) for value in unpack_record(packed) if value.public_read],
            }
            for key, packed in islice(source.records(), RECORDS_SHOWN)
        ]
    finally:
        source.close()
    return {"records": found}


def records_or_why(run_dir: Path, name: str) -> dict[str, Any]:
    """The same, or the words of why there are none."""
    try:
        return records(run_dir, name)
    except BiaoshiError as error:
        return {"records": [], "words": str(error)}
