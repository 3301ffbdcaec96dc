"""The teaching network as the stage of stories, seeds and proofs: a copy of its file with other words above it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from nodes.config import NetworkPlan, load_network
from nodes.country import packed_records
from nodes.files import find_file
from nodes.keyring import ADMINISTRATORS, key_file, place
from resolver.stores.base import Batch

TEACHING = Path("configs/teaching.toml")


def teaching_file(folder: Path, name: str, above: str = "") -> Path:
    """Its file in `folder`, `above` standing before all else; what it names is found from anywhere."""
    file = folder / f"{name}.toml"
    file.write_text(f"{above}\n{find_file(TEACHING).read_text(encoding='utf-8')}", encoding="utf-8")
    return file


@dataclass(frozen=True, slots=True)
class Stage:
    """A network, its records, and the folder of its keys, there as long as this is."""

    plan: NetworkPlan
    records: dict[str, Batch]
    keys: Path
    folder: TemporaryDirectory[str]


def stage(name: str, above: str, key_of: Callable[[str], bytes], secret_of: Callable[[str], bytes]) -> Stage:
    """The teaching network with given keys: chance would be in every referral and signature.

    `key_of`: a node's or an administrator's key file by name; `secret_of`: an administrator's secret, 32 hex digits.
    """
    folder = TemporaryDirectory(prefix=f"biaoshi-{name}-")
    file, keys = teaching_file(Path(folder.name), name, above), Path(folder.name) / "keys"
    plan = load_network(file)
    own = keys / ADMINISTRATORS
    own.mkdir(parents=True)
    for node in plan.nodes:
        place(key_file(keys, node.name), key_of(node.name))
    for administrator in plan.administrators:
        place(key_file(own, administrator), key_of(administrator))
        place(own / f"{administrator}.secret", secret_of(administrator))
    plan = load_network(file, keys=keys)
    return Stage(plan, {node.name: packed_records(node) for node in plan.nodes}, keys, folder)
