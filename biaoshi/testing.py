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
from collections.abc import Iterator
from pathlib import Path

import pytest

from biaoshi.running import Network
from nodes.files import find_file
from nodes.network import free_second_octet
from nodes.network import running as running_network

SETTING = "biaoshi_network"
TEACHING = "configs/teaching.toml"


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
