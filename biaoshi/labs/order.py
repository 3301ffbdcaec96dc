"""The network as its file says it: what labs break and leave behind, put back.

Faults and nodes, homed prefixes, prefix records and catalogues' records; then recursive nodes forget what they
remembered. What else was registered by anybody stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from biaoshi.labs.lab import RECURSIVE, forget_records, is_theirs, restart, values_at
from biaoshi.running import Network
from nodes.config import NetworkPlan, load_network
from nodes.importing import Import, open_target
from nodes.network import read_state
from nodes.state import keys_folder
from resolver.model.identifier import fold, prefix_handle
from resolver.model.identifier import text as handle_text
from resolver.model.value import Value


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
    done += _home_again(network, plan)
    done += _prefix_records_again(network, plan)
    done += _catalogues_again(network, plan)
    done += [f"{handle} deleted" for handle in forget_records(network, handles)]
    restart(network, RECURSIVE)
    return [*done, f"{RECURSIVE} has forgotten what it knew"]


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
            target = open_target(node.name, network.run_dir)
            run = Import(catalogue.file, target, share=len(node.site.servers) > 1)
            try:
                run.run(lambda progress: None)
            finally:
                target.sink.close()
            changed += run.progress.new + run.progress.changed
        if changed:
            done.append(f"{node.name}: {changed} records as in its catalogue")
    return done
