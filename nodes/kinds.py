"""The kinds of node, by tier: the list a new kind is added to."""

from __future__ import annotations

from collections.abc import Callable

from nodes import enterprise, national, recursive, root, secondary
from nodes.node import Node
from nodes.parts import Parts

KINDS: dict[str, Callable[[Parts], Node]] = {
    "root": root.build,
    "national": national.build,
    "secondary": secondary.build,
    "enterprise": enterprise.build,
    "recursive": recursive.build,
}
