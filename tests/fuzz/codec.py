"""The codec alone: decoding raises PeerError or nothing, what was decoded is encoded again octet for octet, explaining
never fails, and nothing takes long."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable

from fuzz.findings import Findings
from fuzz.packets import Damage, recorded, recorded_data
from resolver.errors import PeerError
from resolver.wire.explain import explain
from resolver.wire.framing import Reassembler, TcpFramer
from resolver.wire.message import decode, encode
from resolver.wire.types import TYPES

HANG_S = 0.05  # CPU time; quality.md counts anything above as a hang
EXPLAIN_EACH = 8  # explaining costs ten times as much as decoding
DATA_EACH = 4
FRAMER_OCTETS_MAX = 1 << 20


def run(seed: int, first: int, last: int, findings: Findings, say: Callable[[int], None]) -> Counter[str]:
    """Packets `first` up to `last` of the stream "codec"; what became of them."""
    damage = Damage(seed, "codec", recorded())
    typed = recorded_data()
    data = Damage(seed, "data", [octets for _, octets in typed if len(octets) > 8])
    counts: Counter[str] = Counter()
    fragments, framer = Reassembler(), TcpFramer()
    for number in range(first, last):
        packet = damage.packet(number)
        started = time.thread_time()
        with findings.watching("codec", number, packet):
            try:
                message = decode(packet)
            except PeerError:
                counts["refused"] += 1
            else:
                counts["decoded"] += 1
                if encode(message) != packet:
                    raise AssertionError("encode(decode(packet)) is another packet")
            if number % EXPLAIN_EACH == 0:
                explain(packet)
                counts["explained"] += 1
            if number % DATA_EACH == 0:
                kind, _ = typed[number // DATA_EACH % len(typed)]
                counts["data " + _data(kind, data.packet(number))] += 1
            try:
                counts["reassembled"] += fragments.add(b"peer", packet, number * 1_000) is not None
            except PeerError:
                counts["refused fragments"] += 1
            try:
                counts["framed"] += len(framer.feed(packet))
            except PeerError:
                framer = TcpFramer()
            if framer.waiting > FRAMER_OCTETS_MAX:
                raise AssertionError(f"the framer holds {framer.waiting} octets")
        if (took := time.thread_time() - started) > HANG_S:
            findings.add("codec", number, [packet], f"took {took * 1e3:.0f} ms of CPU time")
        if number % 4_096 == 0:
            say(number - first)
    return counts


def _data(kind: bytes, octets: bytes) -> str:
    codec = TYPES[kind]
    try:
        content = codec.decode(octets)
    except PeerError:
        return "refused"
    if codec.encode(content) != octets:
        raise AssertionError(f"{kind.decode()} data is encoded differently: {octets.hex()}")
    return "decoded"
