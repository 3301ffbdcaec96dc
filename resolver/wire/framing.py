"""Packets on transports: UDP parts of at most 512 octets, and messages back to back on TCP (protocol.md §2).

    fragment n = the envelope with sequence number n | message octets [492 n, 492 n + 492)

Every fragment repeats the length of the *whole* message. Reassembly goes by that length, not by the flag TC, which
older servers do not set.
"""

from __future__ import annotations

from collections.abc import Hashable

from resolver.errors import PeerError
from resolver.model.now import NS_PER_S
from resolver.wire.buffer import Reader
from resolver.wire.codes import Code, EnvelopeFlag
from resolver.wire.message import (
    ENVELOPE_OCTETS,
    FRAGMENT_OCTETS,
    MESSAGE_OCTETS_MAX,
    UNDECODABLE,
    fragment_octets,
    read_envelope,
)

FRAGMENT_WAIT_NS = 5 * NS_PER_S  # how long the reference waits for the rest (protocol.md §1)
_TRUNCATED = int(EnvelopeFlag.TRUNCATED)


def split(packet: bytes) -> list[bytes]:
    """The UDP packets that carry one whole packet: itself, or its fragments, with the flag TC set."""
    if len(packet) <= ENVELOPE_OCTETS + FRAGMENT_OCTETS:
        return [packet]
    message = packet[ENVELOPE_OCTETS:]
    before = packet[:2] + bytes((packet[2] | _TRUNCATED,)) + packet[3:12]
    length = packet[16:ENVELOPE_OCTETS]
    return [
        before + sequence.to_bytes(4, "big") + length + message[start : start + FRAGMENT_OCTETS]
        for sequence, start in enumerate(range(0, len(message), FRAGMENT_OCTETS))
    ]


class _Pending:
    """A message some of whose fragments have come."""

    __slots__ = ("envelope", "length", "octets", "parts", "since_ns")

    def __init__(self, length: int, since_ns: int) -> None:
        self.length = length
        self.since_ns = since_ns
        self.envelope = b""  # of fragment 0, without sequence number and length
        self.parts: dict[int, bytes] = {}
        self.octets = 0


class Reassembler:
    """Puts fragments together again: in any order, duplicates harmless, bounded in messages and in octets held.

    Memory is taken for what has come, never for what is claimed. When a bound is reached the oldest unfinished
    message is forgotten.
    """

    def __init__(
        self, messages_max: int = 1_024, octets_max: int = 16 * MESSAGE_OCTETS_MAX, wait_ns: int = FRAGMENT_WAIT_NS
    ) -> None:
        self._messages_max = messages_max
        self._octets_max = octets_max
        self._wait_ns = wait_ns
        self._pending: dict[Hashable, _Pending] = {}  # oldest first
        self._octets = 0

    def __len__(self) -> int:
        return len(self._pending)

    @property
    def octets(self) -> int:
        """Message octets held of unfinished messages."""
        return self._octets

    def add(self, key: Hashable, packet: bytes, now_mono_ns: int) -> bytes | None:
        """A whole packet, if `packet` is one or completes one, else None.

        `key` tells messages apart: (source address without port, request id). A completed packet has sequence 0 and
        the flags of its first fragment. A fragment that cannot belong (number, size, or another length than those
        before it) is passed over in silence. PeerError: shorter than an envelope (code 4), or longer than a message
        may be (code 2).
        """
        envelope = read_envelope(Reader(packet))
        length, sequence = envelope.length, envelope.sequence
        if length > MESSAGE_OCTETS_MAX:
            raise PeerError(UNDECODABLE, code=Code.ERROR, offset=16)
        part = packet[ENVELOPE_OCTETS:]
        if len(part) >= length:
            return packet
        if length <= FRAGMENT_OCTETS:
            return packet  # cut short, and no fragment: decode says what is missing
        self.expire(now_mono_ns)
        if not part or len(part) != fragment_octets(length, sequence):
            return None
        pending = self._pending.get(key)
        if pending is None:
            pending = self._pending[key] = _Pending(length, now_mono_ns)
        elif pending.length != length:
            return None
        if sequence in pending.parts:
            return None
        pending.parts[sequence] = part
        pending.octets += len(part)
        self._octets += len(part)
        if sequence == 0:
            pending.envelope = packet[:12]
        if pending.octets == length:
            self._forget(key)
            parts = [pending.parts[number] for number in range(len(pending.parts))]
            return b"".join((pending.envelope, bytes(4), length.to_bytes(4, "big"), *parts))
        while len(self._pending) > self._messages_max or self._octets > self._octets_max:
            self._forget(next(iter(self._pending)))
        return None

    def expire(self, now_mono_ns: int) -> int:
        """Forget messages whose rest did not come in time; how many."""
        late = []
        for key, pending in self._pending.items():
            if now_mono_ns - pending.since_ns < self._wait_ns:
                break
            late.append(key)
        for key in late:
            self._forget(key)
        return len(late)

    def _forget(self, key: Hashable) -> None:
        self._octets -= self._pending.pop(key).octets


class TcpFramer:
    """Cuts a stream into packets. Holds at most one unfinished packet, which is at most MESSAGE_OCTETS_MAX long."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    @property
    def waiting(self) -> int:
        """Octets of an unfinished packet."""
        return len(self._buffer)

    def take(self) -> bytes:
        """The octets of an unfinished packet, to be fed again with what follows."""
        octets = bytes(self._buffer)
        self._buffer.clear()
        return octets

    def feed(self, octets: bytes) -> list[bytes]:
        """The packets that `octets` completes.

        PeerError (code 2) when the next packet announces more than a message may be: nothing behind that can be
        found any more, the connection is to be closed. Packets before it are handed out first, by the call before;
        so call again (with nothing) until the list is empty, or simply read on.
        """
        buffer = self._buffer
        buffer += octets
        packets: list[bytes] = []
        start = 0
        while len(buffer) - start >= ENVELOPE_OCTETS:
            length = int.from_bytes(buffer[start + 16 : start + ENVELOPE_OCTETS], "big")
            if length > MESSAGE_OCTETS_MAX:
                if packets:
                    break
                raise PeerError(UNDECODABLE, code=Code.ERROR, offset=16)
            end = start + ENVELOPE_OCTETS + length
            if end > len(buffer):
                break
            packets.append(bytes(buffer[start:end]))
            start = end
        del buffer[:start]
        return packets

    def close(self) -> None:
        """The stream ended. PeerError (code 4) if it did so within a packet."""
        received = len(self._buffer)
        if not received:
            return
        if received < ENVELOPE_OCTETS:
            expected = ENVELOPE_OCTETS
        else:
            expected = int.from_bytes(self._buffer[16:ENVELOPE_OCTETS], "big")
            received -= ENVELOPE_OCTETS
        raise PeerError(f"Expecting {expected} bytes, only received {received}", code=Code.PROTOCOL_ERROR)
