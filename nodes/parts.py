"""What a node is built from: its plan, and what only the rim can give it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from nodes.clerk import Audit, Keeper, unheard
from nodes.config import NodePlan
from nodes.counters import Counters
from nodes.node import Identity
from resolver.model.identifier import fold, prefix_handle
from resolver.rules.authority import Standing
from resolver.rules.keys import SigningKey
from resolver.stores.base import Store
from resolver.stores.procedural import ProceduralStore


@dataclass(frozen=True, slots=True)
class Parts:
    """A plan, an open store, a source of unguessable octets, every address's tier (names for metrics), and the private
    key whose public half stands in the plan's site, if it has one. `keeper`: who writes into the store; none: the node,
    there and then. `counters`: those of the node that was here before a restart.
    """

    plan: NodePlan
    store: Store
    entropy: Callable[[int], bytes]
    tiers: Mapping[str, str]
    key: SigningKey | None = field(default=None, repr=False)
    keeper: Keeper | None = None
    audit: Audit = unheard
    counters: Counters | None = None

    @property
    def identity(self) -> Identity:
        """Who the node is."""
        return Identity(self.plan.name, self.plan.tier, self.plan.site)

    @property
    def standing(self) -> Standing:
        """What it answers for."""
        return standing_of(self.plan)


def standing_of(plan: NodePlan) -> Standing:
    """What a node answers for, as its plan says."""
    homed = frozenset(fold(prefix_handle(prefix)) for prefix in plan.prefixes)
    return Standing(plan.site, plan.server_number, homed)


def with_population(plan: NodePlan, store: Store) -> Store:
    """The store with the network's population behind it, if some of that lives at this node."""
    return store if plan.population is None else ProceduralStore(store, plan.population, plan.prefixes)
