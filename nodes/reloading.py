"""What of a running network may be changed by its file alone: `[cache]`, `[limits]`, `[faults]`,
`[query_log]`, DNS answers a second.

All else decides who listens where and answers for what, and takes a restart. A file that cannot be read, or changes
more, changes nothing.
"""

from __future__ import annotations

from dataclasses import fields, replace

from nodes.config import NetworkPlan, NodePlan
from resolver.errors import OperatorError


def renewed(running: NetworkPlan, read: NetworkPlan) -> NetworkPlan:
    """The plan that was read, if it may take the place of the running one. OperatorError if it changes too much."""
    here, there = [node.name for node in running.nodes], [node.name for node in read.nodes]
    if here != there:
        odd = sorted(set(here) ^ set(there))
        raise _too_much(read, "nodes", odd[0] if odd else "their order")
    for node, new in zip(running.nodes, read.nodes, strict=True):
        for each in fields(NodePlan):
            if getattr(_as_before(node, new), each.name) != getattr(node, each.name):
                raise _too_much(read, f"nodes.{node.name}.{each.name}", None)
    if running.time_scale != read.time_scale:
        raise _too_much(read, "cache.time_scale", read.time_scale)
    return read


def changed(running: NetworkPlan, read: NetworkPlan) -> list[str]:
    """The names of the nodes for which something is new."""
    return [node.name for node, new in zip(running.nodes, read.nodes, strict=True) if node != new]


def _as_before(node: NodePlan, new: NodePlan) -> NodePlan:
    """The new plan with the old one's words in all that may change."""
    doors = replace(new.doors, dns_answers_per_s=node.doors.dns_answers_per_s)
    kept = {name: getattr(node, name) for name in ("cache", "limits", "faults", "query_log")}
    return replace(new, doors=doors, **kept)


def _too_much(read: NetworkPlan, key: str, value: object) -> OperatorError:
    return OperatorError(
        "this cannot change while the network runs; nothing was changed",
        file=str(read.file),
        key=key,
        value=value,
        remedy="Change [cache], [limits], [faults] or [query_log] only, or stop the network and start it again",
    )
