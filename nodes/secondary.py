"""Secondary node (二级节点): enterprise prefixes of an industry or region, and the records of enterprises it hosts."""

from nodes.authority import build

__all__ = ["build"]
