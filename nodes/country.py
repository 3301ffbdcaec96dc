"""A whole network in virtual time: the nodes of a plan in a world of one clock, no sockets, and no chance but a seed.

    made = country(load_network(file))
    reply = made.world.ask(made.ip("recursive-1"), packet)
    made.kill("national-88"); made.go_wrong([FaultRule(...)]); made.start("national-88")

The nodes are the very ones that serve sockets; their stores are in memory, and outlive them. A write takes as long as a
disk would, and whoever is killed meanwhile may have written it or not, but has acknowledged nothing.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nodes.config import NetworkPlan, NodePlan, records_of
from nodes.faults import behind_faults
from nodes.keyring import signing_key
from nodes.kinds import KINDS
from nodes.limits import behind_limits
from nodes.node import Node
from nodes.parts import Parts, with_population
from resolver.errors import StoreError
from resolver.model.identifier import fold, normal_form
from resolver.model.now import NS_PER_MS, NS_PER_S, Now
from resolver.net.faults import FaultRule
from resolver.net.faulty import Faulty
from resolver.net.machine import Machine
from resolver.net.virtual import World
from resolver.rules.effects import Kept
from resolver.stores.base import Batch, Store, StoreChanged, Work
from resolver.stores.memory import MemoryStore
from resolver.wire.record import pack_record

SYNC_NS = 2 * NS_PER_MS  # until a write is on the medium
DRAIN_NS = 2 * NS_PER_S  # as nodes/home.py has it


class Disk:
    """A node's keeper: what it is given is on the medium a little later if the node lives by then, else by chance."""

    def __init__(self, made: Country, name: str, chance: random.Random) -> None:
        self._made, self._name, self._chance = made, name, chance

    def keep(self, work: Work, now: Now, done: Callable[[Kept, Now], None], changed: Callable[[], None]) -> None:
        """Commit, later."""
        self._made.world.at(SYNC_NS, self._keep, self._made.nodes.get(self._name), work, done, changed)

    def _keep(self, node: Node, work: Work, done: Callable[[Kept, Now], None], changed: Callable[[], None]) -> None:
        made, name = self._made, self._name
        lives = made.ip(name) not in made.world.down and made.nodes[name] is node
        if not lives and self._chance.random() < 0.5:
            return
        kept = Kept.DONE
        try:
            made.stores[name].commit_all((work,))
        except StoreChanged:
            kept = Kept.CHANGED
        except StoreError:
            kept = Kept.FAILED
        if lives:
            if kept is Kept.DONE:
                changed()
            done(kept, made.world.now)
            made.world.flush(made.ip(name))


@dataclass
class Country:
    """A network in virtual time, its nodes and their stores by name, and what goes wrong at present."""

    plan: NetworkPlan
    world: World
    nodes: dict[str, Node] = field(default_factory=dict)
    stores: dict[str, Store] = field(default_factory=dict)
    faults: Sequence[FaultRule] = ()
    _chance: random.Random = field(default_factory=random.Random)
    _keys: Path | None = None
    _disks: bool = False
    _doors: dict[str, Faulty] = field(default_factory=dict)

    def ip(self, name: str) -> str:
        """The address of a node."""
        return self.plan.node(name).ip

    def requests(self) -> dict[str, int]:
        """How many requests each node has counted, silence included."""
        return {name: sum(node.counters.decided) + sum(node.counters.recalled) for name, node in self.nodes.items()}

    def build(self, plan: NodePlan) -> Node:
        """A node of the plan that remembers nothing, over its store; it counts on where the one before left off."""
        key = None if self._keys is None else signing_key(self._keys, plan.name)
        before = self.nodes.get(plan.name)
        parts = Parts(
            plan,
            self.stores[plan.name],
            self._chance.randbytes,
            self.plan.tiers,
            key,
            Disk(self, plan.name, self._chance) if self._disks else None,
            counters=None if before is None else before.counters,
        )
        node = self.nodes[plan.name] = KINDS[plan.tier](parts)
        return node

    def go_wrong(self, faults: Sequence[FaultRule]) -> None:
        """Have these faults strike from now on, and no others."""
        for name, machine in list(self._doors.items()):
            machine.release(self.world.now)
            self.world.flush(self.ip(name))
        self._doors.clear()
        self.faults = faults
        for name in self.nodes:
            self.world.instead(self.ip(name), self.at_the_door(name))

    def kill(self, name: str) -> None:
        """End a node as kill -9 does."""
        self.world.down.add(self.ip(name))

    def stop(self, name: str) -> None:
        """End a node in good order: it takes nothing new, and is gone when what it has begun has had its time."""
        ip, node = self.ip(name), self.nodes[name]
        self.world.deaf.add(ip)

        def gone() -> None:
            if ip in self.world.deaf and self.nodes[name] is node:
                self.world.deaf.discard(ip)
                self.world.down.add(ip)

        self.world.at(DRAIN_NS, gone)

    def start(self, name: str) -> None:
        """Put a node back: with what its store has, and nothing else of what it knew."""
        ip = self.ip(name)
        self.world.down.discard(ip)
        self.world.deaf.discard(ip)
        self._doors.pop(name, None)
        self.build(self.plan.node(name))
        self.world.instead(ip, self.at_the_door(name))

    def stopped(self, name: str) -> bool:
        """Whether a node is off the network."""
        return self.ip(name) in self.world.down or self.ip(name) in self.world.deaf

    def at_the_door(self, name: str) -> Machine:
        """The node as others meet it: behind what they may ask of it, and behind the faults."""
        node, plan = self.nodes[name], self.plan.node(name)
        machine, _ = behind_limits(node, plan.limits)
        door = behind_faults(machine, node, plan, self.faults, self.plan.names)
        if isinstance(door, Faulty):
            self._doors[name] = door
        return door


def country(
    plan: NetworkPlan,
    *,
    seed: int = 1,
    keys: Path | None = None,
    disks: bool = False,
    records: Mapping[str, Batch] | None = None,
) -> Country:
    """Every node of a plan, with its records in memory; `keys`: the folder of the keys that the plan was made with.
    `disks`: writing takes its time; else it takes none. `records`: of each node, as `packed_records` made them before.
    """
    made = Country(plan, World(), _chance=random.Random(seed), _keys=keys, _disks=disks)
    for node_plan in plan.nodes:
        made.stores[node_plan.name] = filled_store(node_plan, None if records is None else records[node_plan.name])
        made.build(node_plan)
        ports = (node_plan.port, *node_plan.extra_ports)
        made.world.attach(node_plan.ip, made.at_the_door(node_plan.name), ports)
    return made


def packed_records(plan: NodePlan) -> Batch:
    """The records of a node's plan, as a store takes them."""
    return [(fold(normal_form(handle)), pack_record(values)) for handle, values in records_of(plan)]


def filled_store(plan: NodePlan, records: Batch | None = None) -> Store:
    """A node's store with the records of its plan."""
    store = MemoryStore()
    store.commit(packed_records(plan) if records is None else records)
    return with_population(plan, store)
