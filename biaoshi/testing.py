"""A running network for anybody's tests: a fixture for pytest, and the `with` block behind it.

    # conftest.py                                     # test_labels.py
    pytest_plugins = ["biaoshi.testing"]              def test_a_label_resolves(network):
                                                          values = network.resolve("88.118.8/JXDY2106023")
                                                          assert values[0].type == b"URL"

One network serves the whole run of pytest, at addresses that nobody else has; it ends with it, also at Ctrl-C. Which
file it is, pytest's settings say (`biaoshi_network = "mine.toml"`; without: configs/teaching.toml), or a test of its
own: `with running("mine.toml") as network`. What a test breaks it repairs: `network.repair()`.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from biaoshi.client import BlockingClient
from nodes import control
from nodes.files import find_file
from nodes.keyring import administrator_key
from nodes.network import free_second_octet, status
from nodes.network import running as running_network
from nodes.state import State, keys_folder
from resolver.errors import OperatorError
from resolver.model.value import Reference, Value
from resolver.rules.proof import Credentials

SETTING = "biaoshi_network"
TEACHING = "configs/teaching.toml"


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
        address: str = control.node_named(status(self.run_dir), name)["address"]
        return address

    def client(self, prefix: str | None = None, server: str | None = None, **options: Any) -> BlockingClient:
        """A client of the recursive node, or of another server. `prefix`: as that prefix's administrator."""
        user = None if prefix is None else self.administrator(prefix)
        return BlockingClient(server or self.recursive, user=user, **options)

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

    def repair(self) -> None:
        """No faults any more, and every node back."""
        control.clear_faults(self.run_dir)
        for node in self.nodes.values():
            if not node["ready"]:
                control.node_do(self.run_dir, node["name"], "start")


def _none(network: Network) -> str:
    raise OperatorError("the network has no recursive node", file=str(network.file), key="nodes")


@contextlib.contextmanager
def running(file: str | Path = TEACHING) -> Iterator[Network]:
    """A network for as long as the `with` block. OperatorError if the file is refused or a node does not start."""
    found = find_file(Path(file))
    with tempfile.TemporaryDirectory(prefix="biaoshi-") as folder:
        run_dir = Path(folder)
        with running_network(found, run_dir, second_octet=free_second_octet(found)):
            yield Network(found, run_dir)


def pytest_addoption(parser: pytest.Parser) -> None:
    """The setting that names the network file."""
    parser.addini(SETTING, "Network file of the fixture `network` (biaoshi).", default=TEACHING)


@pytest.fixture(scope="session")
def network(pytestconfig: pytest.Config) -> Iterator[Network]:
    """A running network, one for the whole run."""
    named = Path(str(pytestconfig.getini(SETTING)))
    beside = pytestconfig.rootpath / named
    with running(beside if beside.is_file() else named) as made:
        yield made
