"""A small network whose enterprise and recursive nodes have readers, and clients that know which reader they meet."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from biaoshi.conformance.talk import Heard, Sockets
from nodes import network
from nodes.keyring import administrator_key
from nodes.state import keys_folder, status
from resolver.model.question import Question
from resolver.net.pump import clock
from resolver.rules import replies
from resolver.rules.keys import SigningKey
from resolver.wire.message import Message, decode, encode

REPO = Path(__file__).parents[2]
PREFIX = "88.118.8"
ITEM = f"{PREFIX}/JXDY2106023"
ENTERPRISE, RECURSIVE = "enterprise-88.118.8", "recursive-1"
FILE = """
key_bits = 1024
{more}
[[nodes]]
name = "root-1"
tier = "root"
[[nodes]]
name = "national-88"
tier = "national"
prefixes = ["88"]
[[nodes]]
name = "secondary-88.118"
tier = "secondary"
prefixes = ["88.118"]
[[nodes]]
name = "enterprise-88.118.8"
tier = "enterprise"
prefixes = ["88.118.8"]
catalogues = ["{catalogue}"]
process = "enterprise"
workers = {workers}
[[nodes]]
name = "recursive-1"
tier = "recursive"
workers = {workers}
"""
PATIENCE_S = 5.0
LIMIT_S = 20.0  # for a busy machine
_LINE = re.compile(r"^(\w+)\{(.*)\} ([0-9.e+]+)$", re.MULTILINE)


def question(handle: str, request_id: int = 1) -> bytes:
    return encode(replies.request_message(Question(handle.encode()), request_id, clock()))


def message(packet: bytes) -> Message:
    read = decode(packet)
    assert isinstance(read, Message)
    return read


@dataclass
class Running:
    """The network, by names of nodes."""

    run_dir: Path
    document: dict[str, Any]

    def node(self, name: str) -> dict[str, Any]:
        return next(node for node in self.document["nodes"] if node["name"] == name)

    def address(self, name: str) -> tuple[str, int]:
        ip, _, port = self.node(name)["address"].rpartition(":")
        return ip, int(port)

    def key(self) -> SigningKey:
        key = administrator_key(keys_folder(self.run_dir), PREFIX.encode())
        assert key is not None
        return key

    def pids(self, name: str) -> list[int]:
        """The readers' processes."""
        return next(node["readers"] for node in status(self.run_dir)["nodes"] if node["name"] == name)

    def counted(self, name: str) -> Counter[tuple[str, ...]]:
        """(metric, label values but node and tier) -> number, of one node."""
        with urlopen(self.node(name)["metrics"], timeout=PATIENCE_S) as page:
            text = page.read().decode()
        found: Counter[tuple[str, ...]] = Counter()
        for metric, labels, number in _LINE.findall(text):
            words = dict(re.findall(r'(\w+)="([^"]*)"', labels))
            if words.pop("node", "") == name and metric.startswith("biaoshi_") and "le" not in words:
                words.pop("tier")
                found[(metric.removeprefix("biaoshi_"), *(words[key] for key in sorted(words)))] += int(float(number))
        return found

    def at_readers(self, name: str) -> list[int]:
        """How many requests each reader has taken."""
        counted = self.counted(name)
        of = Counter({key: number for key, number in counted.items() if key[0] == "reader_requests_total"})
        readers = sorted({key[1] for key in of})
        return [sum(number for key, number in of.items() if key[1] == reader) for reader in readers]

    def links(self, name: str, most: int = 200) -> list[socket.socket]:
        """A connected UDP socket to each reader, in their order."""
        found: dict[int, socket.socket] = {}
        before = self.at_readers(name)
        for _ in range(most):
            link = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            link.settimeout(PATIENCE_S)
            link.connect(self.address(name))
            asked(link, ITEM)
            after = self.at_readers(name)
            (reader,) = [at for at, (old, new) in enumerate(zip(before, after, strict=True)) if new > old]
            before = after
            if reader in found:
                link.close()
            else:
                found[reader] = link
            if len(found) == len(before):
                return [link for _, link in sorted(found.items())]
        raise AssertionError(f"{most} sockets met only the readers {sorted(found)}")


def asked(link: socket.socket, handle: str, request_id: int = 1) -> Message:
    """What a node says to a plain question."""
    link.send(question(handle, request_id))
    return message(link.recv(65_536))


class OverReaders(Sockets):
    """A target whose every request over UDP comes to another reader than the one before."""

    def __init__(self, running: Running, name: str) -> None:
        super().__init__(*running.address(name))
        self.links = running.links(name)
        self.turn = 0
        self.met: list[int] = []

    def exchange(self, transport: str, packet: bytes, *, patience_s: float) -> Heard:
        if transport == "udp":
            self.turn = (self.turn + 1) % len(self.links)
            self.met.append(self.turn)
        return super().exchange(transport, packet, patience_s=patience_s)

    @contextlib.contextmanager
    def link(self) -> Iterator[socket.socket]:
        yield self.links[self.turn]

    def close(self) -> None:
        for link in self.links:
            link.close()


@contextlib.contextmanager
def running(folder: Path, workers: int, more: str = "") -> Iterator[Running]:
    file, run_dir = folder / "readers.toml", folder / "run"
    catalogue = REPO / "configs" / "catalogues" / "88.118.8.csv"
    file.write_text(FILE.format(catalogue=catalogue, workers=workers, more=more), encoding="utf-8")
    try:
        with network.running(file, run_dir, second_octet=network.free_second_octet(file)) as document:
            yield Running(run_dir, document)
    finally:
        logs = "".join(log.read_text(encoding="utf-8") for log in (run_dir / "logs").glob("*.log*"))
        assert "Traceback" not in logs, logs


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def in_the_end(so: Any) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + LIMIT_S
    while not so():
        assert time.monotonic() < deadline
        time.sleep(0.02)
