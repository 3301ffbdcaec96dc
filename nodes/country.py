"""A whole network in virtual time: the nodes of a plan in a world of one clock, no sockets, and no chance but a seed.

    made = country(load_network(file))
    reply = made.world.ask(made.ip("recursive-1"), packet)

The nodes are the very ones that serve sockets; their stores are in memory.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path

from nodes.config import NetworkPlan, NodePlan, records_of
from nodes.keyring import signing_key
from nodes.kinds import KINDS
from nodes.node import Node
from nodes.parts import Parts, with_population
from resolver.model.identifier import fold, normal_form
from resolver.net.virtual import World
from resolver.stores.base import Store
from resolver.stores.memory import MemoryStore
from resolver.wire.record import pack_record


@dataclass
class Country:
    """A network in virtual time, its nodes by name."""

    plan: NetworkPlan
    world: World
    nodes: dict[str, Node] = field(default_factory=dict)

    def ip(self, name: str) -> str:
        """The address of a node."""
        return self.plan.node(name).ip

    def requests(self) -> dict[str, int]:
        """How many requests each node has counted, silence included."""
        return {name: sum(node.counters.decided) + sum(node.counters.recalled) for name, node in self.nodes.items()}


def country(plan: NetworkPlan, *, seed: int = 1, keys: Path | None = None) -> Country:
    """Every node of a plan, with its records in memory; `keys`: the folder of the keys that the plan was made with."""
    made = Country(plan, World())
    chance = random.Random(seed)
    tiers = {node.ip: node.tier for node in plan.nodes}
    for node_plan in plan.nodes:
        key = None if keys is None else signing_key(keys, node_plan.name)
        node = KINDS[node_plan.tier](Parts(node_plan, filled_store(node_plan), chance.randbytes, tiers, key))
        made.nodes[node_plan.name] = node
        made.world.attach(node_plan.ip, node, (node_plan.port, *node_plan.extra_ports))
    return made


def filled_store(plan: NodePlan) -> Store:
    """A node's store with the records of its plan."""
    store = MemoryStore()
    store.commit([(fold(normal_form(handle)), pack_record(values)) for handle, values in records_of(plan)])
    return with_population(plan, store)
