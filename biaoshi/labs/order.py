"""The network as its file says it: left on purpose when a lab starts, and come back to afterwards.

What is put back: faults and nodes, homed prefixes, prefix records and catalogues' records; then recursive nodes forget
what they remembered. What else was registered by anybody stays.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from biaoshi.client import Refused, administrator, text
from biaoshi.labs.lab import CASES, METERS, RECURSIVE, Lab, is_theirs, restart, values_at
from biaoshi.running import Network
from nodes.config import NetworkPlan, load_network
from nodes.importing import Import, open_target
from nodes.network import read_state
from nodes.state import keys_folder
from resolver.errors import OperatorError
from resolver.model.identifier import fold, prefix_handle
from resolver.model.identifier import text as handle_text
from resolver.model.value import Value
from resolver.wire.codes import Code
from resolver.wire.json_form import value_to_json

CASE_INDEX = 1


def start(lab: Lab, network: Network) -> None:
    """Set a lab up. OperatorError if something is broken already: one thing at a time.

    If it is cut short, by an error or Ctrl-C, the network is put back.
    """
    is_theirs(network)
    if lab.start is None:
        return
    down = [node["name"] for node in network.nodes.values() if not node["ready"]]
    faults = len(network.faults)
    if down or faults:
        what = [f"{', '.join(down)} does not run"] if down else []
        what += [f"faults strike: {faults}"] if faults else []
        raise OperatorError(
            f"something is broken already: {'; '.join(what)}",
            file=str(network.file),
            remedy="Repair it first, or begin anew: `biaoshi lab reset`",
        )
    try:
        forget_records(network, lab.handles)
        lab.start(network)
        register_case(network, lab)
    except BaseException:
        reset(network, lab.handles)
        raise


def reset(network: Network, handles: Sequence[str]) -> list[str]:
    """Bring the network back to what its file says; what had to be changed, in words.

    Faults and nodes, homed prefixes, prefix records and catalogues; `handles` are deleted, caches emptied. What else
    was registered stays.
    """
    is_theirs(network)
    done = []
    faults = len(network.faults)
    down = [node["name"] for node in network.nodes.values() if not node["ready"]]
    network.repair()
    done += [f"faults cleared: {faults}"] if faults else []
    done += [f"{name} started" for name in down]
    plan = plan_of(network)
    done += _prefix_records_again(network, plan)  # they say who may do the rest
    done += _home_again(network, plan)
    done += _catalogues_again(network, plan)
    done += [f"{handle} deleted" for handle in forget_records(network, handles)]
    restart(network, RECURSIVE)
    return [*done, f"{RECURSIVE} has forgotten what it knew"]


def register_case(network: Network, lab: Lab) -> None:
    """Have the network know that a lab was started. What its start has registered there stays."""
    with network.client(CASES, network.address(METERS), direct=True) as client:
        if not client.exists(lab.case):
            client.create(lab.case, [text(CASE_INDEX, "LAB", lab.name), administrator(f"0.NA/{CASES}")])


def forget_records(network: Network, handles: Sequence[str]) -> list[str]:
    """Delete what is registered of these; which were. Each as the administrator of its prefix, at its own server."""
    deleted = []
    for handle in handles:
        prefix = handle.partition("/")[0]
        server = next(node for node in network.nodes.values() if prefix in node["prefixes"])
        with network.client(prefix, server["address"], direct=True) as client:
            try:
                client.delete(handle)
            except Refused as refused:
                if refused.code == Code.HANDLE_NOT_FOUND:
                    continue
                _take_over(network, server["name"], handle)
                client.delete(handle)
        deleted.append(handle)
    return deleted


def _take_over(network: Network, node: str, handle: str) -> None:
    """Give a record that is somebody else's, or nobody's, back to the administrators of its prefix: by an import, which
    asks no record who may change it.
    """
    prefix = handle.partition("/")[0]
    owner = administrator(f"0.NA/{prefix}")
    with TemporaryDirectory() as folder:
        file = Path(folder) / "record.jsonl"
        file.write_text(json.dumps({"handle": handle, "values": [value_to_json(owner)]}) + "\n", encoding="utf-8")
        _import(network, node, file)


def plan_of(network: Network) -> NetworkPlan:
    """The network as its file says it, with the keys and addresses of this one."""
    state = read_state(network.run_dir)
    return load_network(Path(state["path"]), second_octet=state["second_octet"], keys=keys_folder(network.run_dir))


def change_prefix_record(network: Network, prefix: str, values: Sequence[Value]) -> None:
    """Put values into a prefix's record, as its own administrator, at the node that holds it."""
    parent = prefix.rpartition(".")[0]
    holder = next(node for node in network.nodes.values() if parent in node["prefixes"])
    with network.client(prefix, holder["address"], direct=True) as client:
        client.add(f"0.NA/{prefix}", values, overwrite=True)


def _home_again(network: Network, plan: NetworkPlan) -> list[str]:
    done = []
    for node in plan.nodes:
        own = [prefix for prefix in node.prefixes if node.tier in ("national", "secondary", "enterprise")]
        if not own:
            continue
        with network.client(handle_text(own[0]), node.address, direct=True) as client:
            homed = {fold(handle) for handle in client.homed()}
            for prefix in own:
                if fold(prefix_handle(prefix)) not in homed:
                    client.home(prefix)
                    done.append(f"{handle_text(prefix)} homed at {node.name}")
    return done


def _prefix_records_again(network: Network, plan: NetworkPlan) -> list[str]:
    done = []
    lead = len(prefix_handle(b""))
    for node in plan.nodes:
        for handle, wanted in node.delegations:
            name = handle_text(handle)
            here = {value.index: _meaning(value) for value in values_at(network, node.name, name) or ()}
            other = [value for value in wanted if value.public_read and here.get(value.index) != _meaning(value)]
            if other:
                with network.client(handle_text(handle[lead:]), node.address, direct=True) as client:
                    client.add(handle, other, overwrite=True)
                done.append(f"{name}: values {', '.join(str(value.index) for value in other)} as before")
    return done


def _meaning(value: Value) -> tuple[object, ...]:
    return value.type, value.data, value.ttl


def _catalogues_again(network: Network, plan: NetworkPlan) -> list[str]:
    done = []
    for node in plan.nodes:
        changed = 0
        for catalogue in node.catalogues if not node.follows else ():
            changed += _import(network, node.name, catalogue.file)
        if changed:
            done.append(f"{node.name}: {changed} records as in its catalogue")
    return done


def _import(network: Network, node: str, file: Path) -> int:
    """Have a node's store say what a catalogue says; how many records were other."""
    target = open_target(node, network.run_dir)
    try:
        run = Import(file, target, share=len(target.plan.site.servers) > 1)
        run.run(lambda progress: None)
    finally:
        target.sink.close()
    return run.progress.new + run.progress.changed
