"""What is asked in the benchmarks: one enterprise's goods, their catalogue, and a Zipf-popular order of questions.

    requests.bin   every request once: u32 length, packet (big-endian), in catalogue order
    each.bin       0, 1, 2 … : asks everything once, to warm a cache
    popular.bin    SEQUENCE numbers drawn with Zipf 0.91 over the catalogue: the measurement

A request has 80 octets and its answer 250: what a resolution of two values (URL, DESC) takes in practice.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from loadgen.popularity import Zipf
from resolver.model.value import Value
from resolver.wire.bodies.resolution import ResolutionAnswer, ResolutionRequest
from resolver.wire.codes import Code, Opcode, OpFlag
from resolver.wire.message import Envelope, Header, Message, encode

PREFIX = "88.118.8"
HANDLES = 10_000
ZIPF = 0.91
SEQUENCE = 1 << 17
SEED = 20261124
ANSWER_OCTETS = 250
EXPIRES = 2_000_000_000  # seconds since 1970; servers do not look at a request's expiration (behaviour.md §1.1)
DESCRIPTION_OCTETS = 82  # what brings an answer to ANSWER_OCTETS


@dataclass(frozen=True, slots=True)
class Traffic:
    """The files of one run, and the first packet for trying a server out."""

    requests: Path
    each: Path
    popular: Path
    first: bytes


def handle(number: int) -> bytes:
    """The handle of an article of our invented enterprise, 20 octets."""
    return f"{PREFIX}/JXDY{number:07d}".encode()


def values(number: int) -> tuple[Value, ...]:
    """What the catalogue says about an article."""
    url = f"https://goods.example/JXDY{number:07d}"
    description = f"invented article {number:07d} of the benchmark catalogue".ljust(DESCRIPTION_OCTETS, ".")
    return Value(1, b"URL", url.encode()), Value(2, b"DESC", description.encode())


def request(number: int) -> bytes:
    """The packet a reference client sends: version 2.3 suggesting 2.11, flags CA, REC, PO (protocol.md §2, §3)."""
    flags = OpFlag.CACHE_CERTIFY | OpFlag.RECURSIVE | OpFlag.PUBLIC_ONLY
    header = Header(Opcode.RESOLUTION, flags=flags, expiration=EXPIRES)
    return encode(Message(Envelope(major=2, minor=3), header, ResolutionRequest(handle(number))))


def answer(number: int) -> bytes:
    """An answer to `request(number)` as an authority gives it, but for ids and times."""
    flags = OpFlag.AUTHORITATIVE | OpFlag.CACHE_CERTIFY | OpFlag.RECURSIVE | OpFlag.PUBLIC_ONLY
    header = Header(Opcode.RESOLUTION, Code.SUCCESS, flags, serial=1, expiration=EXPIRES)
    return encode(Message(Envelope(), header, ResolutionAnswer(handle(number), values(number))))


def write_catalogue(file: Path) -> None:
    """The catalogue as CSV (contract.md)."""
    with file.open("w", encoding="utf-8", newline="") as lines:
        lines.write("handle,URL:1,DESC:2\n")
        for number in range(HANDLES):
            lines.write(",".join([handle(number).decode(), *(value.data.decode() for value in values(number))]) + "\n")


def write_traffic(folder: Path) -> Traffic:
    """Write requests.bin, each.bin and popular.bin into `folder`."""
    packets = [request(number) for number in range(HANDLES)]
    traffic = Traffic(folder / "requests.bin", folder / "each.bin", folder / "popular.bin", packets[0])
    traffic.requests.write_bytes(b"".join(struct.pack(">I", len(packet)) + packet for packet in packets))
    traffic.each.write_bytes(struct.pack(f">{HANDLES}I", *range(HANDLES)))
    traffic.popular.write_bytes(Zipf(HANDLES, ZIPF).draw(np.arange(SEQUENCE), SEED).astype(">u4").tobytes())
    return traffic
