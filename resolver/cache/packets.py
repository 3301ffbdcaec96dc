"""The packet cache: request octets -> reply octets, before any decoding.

A repeated request differs from the first only in its request id and expiration, so the reply is remembered whole and
three places are written anew: request id, expiration (now + 12 h) and, where the node is itself a cache, the remaining
TTLs. Requests spelled differently (letter case) are different keys: their replies echo the handle as asked.

What may be remembered is decided by the node: nothing with a session, a signature, a digest or secret values. What is
written takes back what was said about it (generations.py).
"""

from __future__ import annotations

from typing import Any, Protocol

from resolver.cache.generations import Generations, Stamp
from resolver.cache.sieve import Entry, Sieve
from resolver.model.now import NS_PER_S
from resolver.wire import peek
from resolver.wire.framing import split

# What CPython keeps beside the octets themselves: dict slot, key and reply objects, the entry and its parts tuple.
ENTRY_OVERHEAD_OCTETS = 420
SHARE_BEHIND = 4  # of the room, what is left to Python behind a compiled table
DATAGRAM_OCTETS = 512  # what the table sends in one piece


class PacketEntry(Entry):
    """One remembered reply: the whole packet, and the UDP packets it is cut into (itself, if it fits one).

    `datagram_slot` and `stream_slot` are the request counters that a repetition over UDP or TCP raises.
    """

    __slots__ = (
        "born_wall_ns",
        "datagram_slot",
        "expires_wall_ns",
        "fresh_until_ns",
        "generation",
        "packet",
        "parts",
        "slot",
        "stream_slot",
        "ttls",
    )

    def __init__(
        self,
        key: bytes,
        packet: bytes,
        slots: tuple[int, int],
        born_wall_ns: int,
        expires_wall_ns: int,
        ttls: tuple[tuple[int, int], ...],
        stamp: Stamp,
    ) -> None:
        super().__init__(key, len(key) + 2 * len(packet) + 96 * len(ttls) + ENTRY_OVERHEAD_OCTETS)
        self.packet = bytearray(packet)
        self.datagram_slot, self.stream_slot = slots
        self.slot, self.generation = stamp
        self.born_wall_ns = born_wall_ns
        self.expires_wall_ns = expires_wall_ns
        self.ttls = ttls  # (offset, seconds when born); empty where TTLs do not age
        self.fresh_until_ns = min(
            expires_wall_ns, (born_wall_ns // NS_PER_S + 1) * NS_PER_S
        )  # then it ages by a second, or ends
        self.parts = self._cut()

    def age(self, wall_s: int, time_scale: float = 1.0) -> None:
        """Bring expiration and TTLs to this second; of TTLs `time_scale` seconds go by in one."""
        self.packet[peek.EXPIRATION] = peek.expiration_octets(wall_s)
        # From one whole second to another: never less than has gone by. What lives still has something left.
        elapsed = int(max(0, wall_s - self.born_wall_ns // NS_PER_S) * time_scale)
        for offset, ttl in self.ttls:
            self.packet[offset : offset + 4] = peek.pack_u32(max(min(ttl, 1), ttl - elapsed))
        self.fresh_until_ns = min(self.expires_wall_ns, (wall_s + 1) * NS_PER_S)
        if len(self.parts) > 1:
            self.parts = self._cut()

    def datagrams_to(self, request_id: bytes) -> list[bytearray]:
        """The reply's UDP packets, addressed to a request. Valid until the next call: they are patched in place."""
        for part in self.parts:
            part[peek.REQUEST_ID] = request_id
        return self.parts

    def stream_to(self, request_id: bytes) -> bytes:
        """The reply as one packet for a stream, addressed to a request."""
        self.packet[peek.REQUEST_ID] = request_id
        return bytes(self.packet)

    def _cut(self) -> list[bytearray]:
        parts = split(bytes(self.packet))
        return [self.packet] if len(parts) == 1 else [bytearray(part) for part in parts]


class Table(Protocol):
    """Remembered replies in compiled code (resolver/net/_rim.c), for the requests that its PacketCache is told of."""

    @property
    def octets(self) -> int: ...
    def __len__(self) -> int: ...
    def put(
        self,
        request: bytes,
        reply: bytes,
        udp_slot: int,
        tcp_slot: int,
        born_s: int,
        expires_ns: int,
        ttls: tuple[tuple[int, int], ...],
        slot: int = 0,
        generation: int = 0,
        /,
    ) -> bool: ...
    def watch(self, generations: Any, /) -> None: ...
    def count_in(self, numbers: Any, /) -> None: ...
    def answer(self, request: bytes, wall_ns: int, /) -> tuple[bytes, int, int] | None: ...
    def stream(self, octets: bytes, wall_ns: int, most: int, /) -> tuple[bytes, int, list[tuple[int, int]]]: ...
    def clear(self) -> None: ...
    def resize(self, octets_max: int, /) -> None: ...
    def scale(self, time_scale: float, /) -> None: ...


class PacketCache:
    """Replies by request, bounded in octets, each with an expiry on the wall clock.

    A compiled table may stand before it, with most of the room, and is asked first by whoever drives the node: then
    only what does not fit one datagram is kept here.
    """

    def __init__(self, octets_max: int, *, time_scale: float = 1.0) -> None:
        self.octets_max = octets_max
        self.entries: Sieve[PacketEntry] = Sieve(octets_max)
        self.table = self.entries.table  # for the hot path
        self.before: Table | None = None
        self.open = octets_max > 0
        self._time_scale = time_scale
        self.generations = Generations()
        self.numbers = self.generations.words  # for the hot path

    @property
    def time_scale(self) -> float:
        """How many times as fast as the clock TTLs run down."""
        return self._time_scale

    @time_scale.setter
    def time_scale(self, time_scale: float) -> None:
        self._time_scale = time_scale
        if self.before is not None:
            self.before.scale(time_scale)

    def stand_before(self, table: Table) -> None:
        """Have a table before this one from now on."""
        self.clear()
        self.before = table
        table.watch(self.generations.buffer)
        table.scale(self._time_scale)
        self.resize(self.octets_max)

    def go_by(self, generations: Generations) -> None:
        """Let others say what has been written, or hear it from here."""
        self.generations, self.numbers = generations, generations.words
        if self.before is not None:
            self.before.watch(generations.buffer)
        self.drop()

    def written(self, handle: bytes) -> None:
        """The record of a handle is another: what was said about it is said no more."""
        self.generations.written(handle)

    def clear(self) -> None:
        """Anything may be another: nothing of what was said is said any more."""
        self.generations.all_written()
        self.drop()

    def drop(self) -> None:
        """Forget everything that is remembered here."""
        self.entries.clear()
        if self.before is not None:
            self.before.clear()

    def resize(self, octets_max: int) -> None:
        """Go on with other room."""
        self.octets_max = octets_max
        self.open = octets_max > 0
        if self.before is None:
            self.entries.resize(octets_max)
        else:
            self.before.resize(octets_max - octets_max // SHARE_BEHIND)
            self.entries.resize(octets_max // SHARE_BEHIND)

    def __len__(self) -> int:
        return len(self.entries) + (0 if self.before is None else len(self.before))

    @property
    def octets(self) -> int:
        """What is kept, bookkeeping included."""
        return self.entries.octets + (0 if self.before is None else self.before.octets)

    def get(self, packet: bytes, wall_ns: int) -> PacketEntry | None:
        """The entry for a request, brought to this second; None if unknown or expired."""
        entry = self.table.get(peek.repeat_key(packet))
        if entry is None or not self.stands(entry, wall_ns):
            return None
        entry.visited = True
        return entry

    def whole(self, packet: bytes, wall_ns: int) -> tuple[bytes, int, int] | None:
        """The reply to a request as one packet, and the counters of a repetition over UDP and TCP; None if unknown."""
        entry = self.get(packet, wall_ns)
        if entry is not None:
            return entry.stream_to(packet[peek.REQUEST_ID]), entry.datagram_slot, entry.stream_slot
        return None if self.before is None else self.before.answer(packet, wall_ns)

    def stands(self, entry: PacketEntry, wall_ns: int) -> bool:
        """Whether an entry is still said, brought to this second; what is not is forgotten."""
        if entry.generation != self.numbers[entry.slot]:
            self.entries.remove(entry.key)
            return False
        return wall_ns < entry.fresh_until_ns or self.freshen(entry, wall_ns)

    def freshen(self, entry: PacketEntry, wall_ns: int) -> bool:
        """Age an entry whose second is over; False if it has expired, and is forgotten."""
        if wall_ns >= entry.expires_wall_ns:
            self.entries.remove(entry.key)
            return False
        entry.age(wall_ns // NS_PER_S, self.time_scale)
        return True

    def remember(
        self,
        request: bytes,
        reply: bytes,
        slots: tuple[int, int],
        wall_ns: int,
        lifetime_s: int,
        ttls: peek.Places = (),
        stamp: Stamp | None = None,
    ) -> None:
        """Keep `reply` (whole packet) for `request` during `lifetime_s` seconds; `ttls`: those that run down here.

        `stamp`: from before the record was read, where somebody else may write meanwhile.
        """
        self.keep(request, reply, slots, wall_ns, wall_ns + lifetime_s * NS_PER_S, ttls, stamp)

    def keep(
        self,
        request: bytes,
        reply: bytes,
        slots: tuple[int, int],
        born_wall_ns: int,
        expires_wall_ns: int,
        ttls: peek.Places,
        stamp: Stamp | None = None,
    ) -> None:
        """The same for a reply that was born at another moment."""
        if stamp is None:
            stamp = self.generations.stamp(request)
        if self.before is not None:
            kept = self.before.put(request, reply, *slots, born_wall_ns // NS_PER_S, expires_wall_ns, ttls, *stamp)
            if kept and len(reply) <= DATAGRAM_OCTETS:
                return
        self.entries.put(
            PacketEntry(peek.repeat_key(request), reply, slots, born_wall_ns, expires_wall_ns, ttls, stamp)
        )
