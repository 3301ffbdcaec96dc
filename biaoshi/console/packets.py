"""A resolution and its packets as JSON for the page: every hop with both packets, every packet octet by octet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from biaoshi.cli.decode import headline, row_as_json
from biaoshi.trace import Hop, Names, Resolution
from resolver.wire.codes import code_name
from resolver.wire.explain import explain

ROWS_MAX = 2_000  # of one packet; a record of a thousand values is no reading


def packet(octets: bytes) -> dict[str, Any] | None:
    """A packet explained: what it is in a line, its octets, its fields. None of no packet."""
    if not octets:
        return None
    explained = explain(octets)
    rows = [row_as_json(row) for row in explained.rows[:ROWS_MAX]]
    return {
        "what": headline(explained),
        "octets": octets.hex(),
        "fields": rows,
        "more": len(explained.rows) - len(rows),
    }


def resolution(found: Resolution, nodes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A resolution: the document of `resolve --json`, its hops with their packets."""
    names = Names(nodes)
    return found.as_json() | {"trace": [hop(each, names) for each in found.hops]}


def hop(told: Hop, names: Names) -> dict[str, Any]:
    """A hop: as in the document of `resolve --json`, with names and packets."""
    return told.as_json() | {
        "code_name": None if told.code is None else code_name(told.code),
        "referral_name": None if told.referral is None else names.at(told.referral),
        "request": packet(told.packets[0]),
        "reply": packet(told.packets[1]),
    }
