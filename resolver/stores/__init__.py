"""Floor 3: what a node keeps. base.py is the contract; memory.py its twin; lmdb.py the default."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from resolver.stores.base import Store
from resolver.stores.lmdb import LmdbStore
from resolver.stores.memory import MemoryStore

STORES: dict[str, Callable[[Path], Store]] = {"lmdb": LmdbStore, "memory": MemoryStore}
"""Name in a network file -> what opens a store in a node's directory."""
