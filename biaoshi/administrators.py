"""The administrators of a running network's prefixes, with their private keys, for the programs of its owner."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from biaoshi.client_config import Administrator
from nodes.config import NetworkPlan
from nodes.keyring import administrator_key
from resolver.errors import OperatorError
from resolver.model.identifier import fold, prefix_handle, text
from resolver.model.value import Reference

KEY_INDEX = 300
PREFIXES_MAX = 50  # that are taken unasked


def administrators(plan: NetworkPlan, keys: Path, chosen: Sequence[str] | None) -> dict[bytes, Administrator]:
    """By prefix, those that have a key. `chosen`: these, and an OperatorError about one that has none."""
    known = {prefix for node in plan.nodes if node.tier not in ("root", "recursive") for prefix in node.prefixes}
    wanted = {fold(prefix.encode()) for prefix in chosen or ()}
    found: dict[bytes, Administrator] = {}
    for prefix in sorted(known):
        if chosen is None and len(known) > PREFIXES_MAX:
            break
        if chosen is not None and fold(prefix) not in wanted:
            continue
        key = administrator_key(keys, prefix)
        if key is not None:
            found[prefix] = Administrator(Reference(prefix_handle(prefix), KEY_INDEX), key)
            wanted.discard(fold(prefix))
    for prefix in sorted(wanted):
        raise OperatorError(
            "has no administrator's key in this network",
            key="--prefix",
            value=text(prefix),
            remedy="`biaoshi network status` shows the prefixes",
        )
    return found
