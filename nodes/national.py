"""National top-level node (国家顶级节点): prefix-level data only, `0.NA/88.118` -> the secondary node's site.

Item records live at enterprise nodes: an item of `88` itself asked here is simply not found.
"""

from nodes.authority import build

__all__ = ["build"]
