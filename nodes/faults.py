"""Faults as people write them (`biaoshi fault add`, scenarios), checked against the network they are for.

    {"kind": "drop", "from": "national-88", "to": "secondary-88.118", "share": 0.3}

`from` and `to` are the name of a node, a site or a tier, `client` for whoever is no node, several of these with commas
between them, or nothing for anybody.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from nodes.config import NetworkPlan, NodePlan
from nodes.files import explained
from nodes.node import Node
from resolver.errors import OperatorError
from resolver.net.faults import CLIENT, FAULTS, FaultRule
from resolver.net.faulty import Faulty
from resolver.net.machine import Machine

FAULTS_MAX = 100  # at once; each costs every packet a look
SETTINGS = ("share", "ms", "jitter_ms", "octets_per_s")

Share = Annotated[float, Field(gt=0, le=1)]
Milliseconds = Annotated[float, Field(ge=0, le=60_000)]


class FaultConfig(BaseModel):
    """One fault: its kind, the links it strikes, and how hard."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    kind: Literal["drop", "delay", "duplicate", "reorder", "corrupt_values", "forge", "partition", "bandwidth"] = Field(
        description=f"Kinds are {', '.join(FAULTS)}."
    )
    source: str | None = Field(default=None, alias="from", description="Node, site, tier or client; none: anybody.")
    target: str | None = Field(default=None, alias="to", description="Node, site, tier or client; none: anybody.")
    one_way: bool = Field(default=False, description="Only from `from` to `to`, not back.")
    share: Share | None = Field(default=None, description="Of the packets, from 0 to 1.")
    ms: Milliseconds | None = Field(default=None, description="Milliseconds.")
    jitter_ms: Milliseconds | None = Field(default=None, description="At most so many milliseconds more.")
    octets_per_s: Annotated[float, Field(ge=1, le=1e12)] | None = Field(default=None, description="Octets a second.")
    seed: int = Field(default=1, description="Which packets are struck follows from it.")

    def document(self) -> dict[str, Any]:
        """As it was written."""
        return self.model_dump(by_alias=True, exclude_defaults=True) | {"kind": self.kind}


def read_fault(written: object, plan: NetworkPlan, *, file: str = "", key: str = "fault") -> FaultRule:
    """The rule for what somebody wrote. OperatorError names `file`, the key under `key`, the value and a remedy."""
    try:
        config = FaultConfig.model_validate(written)
    except ValidationError as error:
        raise explained(error, FaultConfig, file=file, below=(key,)) from None
    kind = FAULTS[config.kind]
    settings = {name: value for name in SETTINGS if (value := getattr(config, name)) is not None}
    for name in kind.needs:
        if name not in settings:
            raise OperatorError(
                f"{config.kind} needs it", file=file, key=f"{key}.{name}", remedy=f"Say how much: {name}"
            )
    for name in settings:
        if name not in (*kind.needs, *kind.takes):
            may = ", ".join((*kind.needs, *kind.takes)) or "none of them"
            raise OperatorError(
                f"{config.kind} has no such setting",
                file=file,
                key=f"{key}.{name}",
                value=settings[name],
                remedy=f"It takes {may}",
            )
    return FaultRule(
        config.kind,
        names_of(config.source, plan, file=file, key=f"{key}.from"),
        names_of(config.target, plan, file=file, key=f"{key}.to"),
        both=not config.one_way,
        settings=settings,
        seed=str(config.seed),
    )


def names_of(word: str | None, plan: NetworkPlan, *, file: str = "", key: str) -> frozenset[str] | None:
    """The nodes that words stand for; None: anybody. OperatorError for a word that stands for none."""
    if word is None or word == "*":
        return None
    if "," in word:
        several = [names_of(each.strip(), plan, file=file, key=key) for each in word.split(",")]
        return frozenset().union(*(each for each in several if each is not None))
    if word == CLIENT:
        return frozenset({CLIENT})
    found = frozenset(node.name for node in plan.nodes if word in (node.name, node.tier, site_name(node)))
    if not found:
        known = [CLIENT, *{node.tier for node in plan.nodes}, *(node.name for node in plan.nodes)]
        near = difflib.get_close_matches(word, known, 1)
        raise OperatorError(
            "no node, site or tier has this name",
            file=file or str(plan.file),
            key=key,
            value=word,
            remedy=f"Did you mean {near[0]}?" if near else "`biaoshi network status` names them; or say client",
        )
    return found


def site_name(node: NodePlan) -> str:
    """The name that the file gave: a site of several servers is several nodes, NAME-1 and on."""
    return node.name.removesuffix(f"-{node.server_number + 1}") if len(node.site.servers) > 1 else node.name


def behind_faults(
    machine: Machine, node: Node, plan: NodePlan, faults: Sequence[FaultRule], names: Mapping[str, str]
) -> Machine:
    """A node behind the faults, its file's and these. `machine`: what stands before it; `names`: of nodes, by IP."""
    rules = [*_of_file(plan), *faults]
    if not rules:
        return machine

    def struck(kind: str) -> None:
        node.counters.faults[kind] += 1

    return Faulty(machine, rules, name=plan.name, names=names, struck=struck)


def _of_file(plan: NodePlan) -> list[FaultRule]:
    """What the network file itself has go wrong at a node."""
    faults = plan.faults
    if faults is None:
        return []
    settings = {"share": faults.corrupt_values}
    return [FaultRule("corrupt_values", frozenset({plan.name}), settings=settings, seed=str(faults.seed))]
