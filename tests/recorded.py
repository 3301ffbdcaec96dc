"""What is under tests/vectors: packets of the reference encoder, and what real programs said on sockets."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

VECTORS = Path(__file__).parent / "vectors"


@cache
def document() -> dict[str, Any]:
    """All of messages.json."""
    content: dict[str, Any] = json.loads((VECTORS / "messages.json").read_text())
    return content


def vectors() -> dict[str, dict[str, Any]]:
    """Every vector by its name."""
    return {vector["name"]: vector for vector in document()["vectors"]}


def packets() -> dict[str, bytes]:
    """The vectors that are whole packets."""
    return {name: bytes.fromhex(vector["packet"]) for name, vector in vectors().items() if "packet" in vector}


def fragment_sets() -> dict[str, list[bytes]]:
    """The vectors that are one message in several UDP packets."""
    sets = {name: vector["packets"] for name, vector in vectors().items() if "packets" in vector}
    return {name: [bytes.fromhex(packet) for packet in packets] for name, packets in sets.items()}


def data_records() -> dict[str, bytes]:
    """The vectors that are the data of a value, or a value."""
    return {name: bytes.fromhex(vector["data"]) for name, vector in vectors().items() if "data" in vector}


def frames() -> list[tuple[str, bytes]]:
    """Every packet of every recorded conversation, without the HTTP header of those that went through a tunnel."""
    found = []
    for file in sorted((VECTORS / "conversations").glob("*.json")):
        for number, connection in enumerate(json.loads(file.read_text())):
            for position, (_direction, octets) in enumerate(connection["frames"]):
                if octets.startswith("<"):
                    continue
                packet = bytes.fromhex(octets)
                if connection["transport"] == "tcp" and packet[:4] in (b"POST", b"HTTP"):
                    packet = packet.partition(b"\r\n\r\n")[2]
                found.append((f"{file.stem}-{number}-{position}", packet))
    return found
