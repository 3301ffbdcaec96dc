"""A running network in the hands of a program: its nodes by name, questions, registrations, faults, and back in order.

    network = attached()                              # the one of `biaoshi network up`, here
    network.resolve("88.118.8/JXDY2106023")
    network.fault("drop", source="recursive-1", target="root-1", share=0.5)
    network.repair()

The fixture of biaoshi/testing.py and the labs are built on it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from biaoshi.client import BlockingClient, Client, address_of
from nodes import control
from nodes.keyring import administrator_key
from nodes.network import read_state, status
from nodes.state import State, choose_run_dir, keys_folder
from resolver.errors import OperatorError, PeerError, Unreachable
from resolver.model.question import Answer, Question
from resolver.model.value import Reference, Value
from resolver.net.client import ask
from resolver.rules.proof import Credentials


@dataclass(frozen=True, slots=True)
class Network:
    """A network that runs. `file`: its network file; `run_dir`: its state, logs and data."""

    file: Path
    run_dir: Path

    @property
    def nodes(self) -> dict[str, State]:
        """Its nodes by name, as `biaoshi network status --json` has them at this moment."""
        return {node["name"]: node for node in status(self.run_dir)["nodes"]}

    @property
    def recursive(self) -> str:
        """`IP:port` of its first recursive node. OperatorError if it has none."""
        return next((node["address"] for node in self.nodes.values() if node["tier"] == "recursive"), "") or _none(self)

    def address(self, name: str) -> str:
        """`IP:port` of a node. OperatorError with the nearest name if there is none."""
        address: str = control.node_named(read_state(self.run_dir), name)["address"]
        return address

    def client(self, prefix: str | None = None, server: str | None = None, **options: Any) -> BlockingClient:
        """A client of the recursive node, or of another server. `prefix`: as that prefix's administrator."""
        user = None if prefix is None else self.administrator(prefix)
        return BlockingClient(server or self.recursive, user=user, **options)

    def async_client(self, prefix: str | None = None, server: str | None = None, **options: Any) -> Client:
        """The same for code with an event loop, such as a notebook."""
        user = None if prefix is None else self.administrator(prefix)
        return Client(server or self.recursive, user=user, **options)

    def administrator(self, prefix: str) -> Credentials:
        """The key of a prefix's administrator. OperatorError if the network keeps none."""
        key = administrator_key(keys_folder(self.run_dir), prefix.encode())
        if key is None:
            raise OperatorError(
                "the network keeps no key of its administrator", file=str(self.file), key="prefix", value=prefix
            )
        return Credentials(Reference(b"0.NA/" + prefix.encode(), 300), key)

    def resolve(self, handle: str, **options: Any) -> tuple[Value, ...]:
        """The values of an identifier, as BlockingClient.resolve."""
        with self.client() as client:
            return client.resolve(handle, **options)

    def ask(self, name: str, handle: str, *, types: tuple[str, ...] = (), authoritative: bool = False) -> Answer | None:
        """What a node answers, whatever that is; None if nothing comes that can be understood."""
        question = Question(handle.encode(), types=tuple(map(str.encode, types)), authoritative=authoritative)
        try:
            return asyncio.run(ask(address_of(self.address(name)), question)).answer
        except (Unreachable, PeerError):
            return None

    def stop(self, name: str) -> None:
        """Take a node off the network in good order."""
        control.node_do(self.run_dir, name, "stop")

    def kill(self, name: str) -> None:
        """End a node as kill -9 does."""
        control.node_do(self.run_dir, name, "kill")

    def start(self, name: str) -> None:
        """Put a node back."""
        control.node_do(self.run_dir, name, "start")

    def fault(self, kind: str, **settings: Any) -> int:
        """Have a fault strike (docs/faults.md); `source` and `target` for from and to. Its id."""
        names: Mapping[str, str] = {"source": "from", "target": "to"}
        written = {names.get(name, name): value for name, value in settings.items()}
        return int(control.add_fault(self.run_dir, {"kind": kind, **written})["id"])

    @property
    def faults(self) -> list[dict[str, Any]]:
        """The faults that strike at this moment, as `biaoshi fault list --json` has them."""
        return control.faults(self.run_dir)

    def repair(self) -> None:
        """No faults any more, and every node back."""
        control.clear_faults(self.run_dir)
        for name, node in self.nodes.items():
            if not node["ready"] and not self.nodes[name]["ready"]:  # one that is started may bring its whole process
                control.node_do(self.run_dir, name, "start")


def _none(network: Network) -> str:
    raise OperatorError("the network has no recursive node", file=str(network.file), key="nodes")


def attached(run_dir: Path | None = None) -> Network:
    """The network that runs in a run directory (None: $BIAOSHI_RUN_DIR, else .biaoshi). Unreachable if none does."""
    chosen = choose_run_dir(run_dir)
    return Network(Path(read_state(chosen)["path"]), chosen)
