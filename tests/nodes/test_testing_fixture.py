"""`biaoshi.testing`: a network for the tests of somebody who has never seen our sources."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

THEIRS = """
from biaoshi import Refused, administrator, text
from resolver.errors import BiaoshiError
import pytest

ITEM = "88.118.8/JXDY2106023"

def test_it_resolves(network):
    values = network.resolve(ITEM, types=["URL"])
    assert [value.type for value in values] == [b"URL"]
    assert len(network.nodes) == 9

def test_it_registers(network):
    with network.client("88.118.8") as client:
        client.create("88.118.8/THEIRS", [text(1, "URL", "https://x.example"), administrator("0.NA/88.118.8")])
    assert network.resolve("88.118.8/THEIRS", types=["URL"])[0].data == b"https://x.example"

def test_it_breaks_and_is_repaired(network):
    network.fault("drop", share=1.0, target="enterprise-88.300.35")
    network.stop("secondary-88.118")
    assert not network.nodes["secondary-88.118"]["ready"]
    network.repair()
    assert all(node["ready"] for node in network.nodes.values())
    assert network.resolve("88.300.35/NX22CH31080")

def test_no_such_node(network):
    with pytest.raises(BiaoshiError, match="Did you mean root-1"):
        network.address("root-2")

def test_no_such_administrator(network):
    with pytest.raises(BiaoshiError, match="no key"):
        network.administrator("99.99")
"""


@pytest.mark.network
def test_tests_of_others_get_a_network_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["biaoshi.testing"]\n')
    (tmp_path / "test_theirs.py").write_text(THEIRS)
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", str(tmp_path)]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "5 passed" in done.stdout


@pytest.mark.network
def test_a_file_of_their_own_is_named_in_their_settings(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\nbiaoshi_network = tiny.toml\n")
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["biaoshi.testing"]\n')
    nodes = ("root", "root", ""), ("top", "national", 'prefixes = ["88"]'), ("rec", "recursive", "")
    text = "\n".join(f'[[nodes]]\nname = "{name}"\ntier = "{tier}"\n{more}\n' for name, tier, more in nodes)
    (tmp_path / "tiny.toml").write_text(text)
    (tmp_path / "test_theirs.py").write_text(
        'def test_names(network):\n    assert set(network.nodes) == {"root", "top", "rec"}\n'
    )
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", str(tmp_path)]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
