"""Enterprise node (企业节点): the item records themselves."""

from nodes.authority import build

__all__ = ["build"]
