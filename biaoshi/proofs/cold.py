"""A network that is asked for what nobody has asked for yet, in virtual time: every question is work for every tier."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from biaoshi.cli.load import Known, order_for, sites_of_plan, tiers_of_plan, truth_of_plan
from biaoshi.proofs.networks import TEACHING
from biaoshi.simulation import Simulated, read_times, recursive_nodes, simulate
from loadgen.pacing import Timing
from loadgen.popularity import Popularity
from loadgen.profile import Profile
from nodes.config import NetworkPlan, find_file, load_network
from resolver.net.virtual import CLIENT, Address

POPULATION = '[population]\nsize = 1_000_000_000\nkey = "cold"\n'
TIMEOUT_S = 2.0


def cold_network(folder: Path) -> NetworkPlan:
    """The teaching network, with a billion identifiers."""
    shipped = find_file(TEACHING).resolve()
    text = shipped.read_text(encoding="utf-8")
    for name in ("catalogues", "zones"):
        text = text.replace(f'"{name}/', f"{json.dumps(str(shipped.parent / name))[:-1]}/")
    file = folder / "cold.toml"
    file.write_text(POPULATION + text, encoding="utf-8")
    return load_network(file)


def asked_cold(
    plan: NetworkPlan,
    pacing: Timing,
    duration_s: float,
    seed: int,
    asker: Callable[[int], Address | None] = lambda slot: CLIENT,
) -> Simulated:
    """All names are asked for equally often, so hardly any twice. `asker`: who asks (see simulate)."""
    known = Known(
        plan.name, recursive_nodes(plan), truth_of_plan(plan, seed), (), tiers_of_plan(plan), sites_of_plan(plan)
    )
    said = Profile(
        pacing=pacing,
        duration_s=duration_s,
        seed=seed,
        mode="balanced",
        timeout_s=TIMEOUT_S,
        popularity=Popularity(zipf=0.0),
    )
    return simulate(plan, replace(order_for(known, said), pages=()), read_times(None), asker=asker)
