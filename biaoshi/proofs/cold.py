"""A network that is asked for what nobody has asked for yet, in virtual time: every question is work for every tier."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from biaoshi.cli.load import known_of_plan, order_for
from biaoshi.simulation import Simulated, read_times, recursive_nodes, simulate
from biaoshi.teaching import teaching_file
from loadgen.pacing import Timing
from loadgen.popularity import Popularity
from loadgen.profile import Profile
from nodes.config import NetworkPlan, load_network
from resolver.net.virtual import CLIENT, Address

POPULATION = '[population]\nsize = 1_000_000_000\nkey = "cold"\n'
TIMEOUT_S = 2.0


def cold_network(folder: Path) -> NetworkPlan:
    """The teaching network, with a billion identifiers."""
    return load_network(teaching_file(folder, "cold", POPULATION))


def asked_cold(
    plan: NetworkPlan,
    pacing: Timing,
    duration_s: float,
    seed: int,
    asker: Callable[[int], Address | None] = lambda slot: CLIENT,
) -> Simulated:
    """All names are asked for equally often, so hardly any twice. `asker`: who asks (see simulate)."""
    known = known_of_plan(plan, recursive_nodes(plan), seed)
    said = Profile(
        pacing=pacing,
        duration_s=duration_s,
        seed=seed,
        mode="balanced",
        timeout_s=TIMEOUT_S,
        popularity=Popularity(zipf=0.0),
    )
    return simulate(plan, replace(order_for(known, said), pages=()), read_times(None), asker=asker)
