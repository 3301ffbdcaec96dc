"""How long a packet takes from place to place. For virtual time; real sockets on one machine take no notice.

The matrix is ours, not measured: base + distance × a rate. It is computed from coordinates instead of written down,
because 31 places make 465 pairs that nobody would check, while two numbers and a map can be argued about; and the
shortest way is then always the direct one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nodes.regions import distance_km, region_of_city

NS_PER_US = 1_000
WAYS_MAX = 1_000_000  # remembered

Address = tuple[str, int]
Link = Callable[[Address, Address, bytes], Sequence[tuple[int, bytes]]]


@dataclass(frozen=True, slots=True)
class Latency:
    """One way, in microseconds: `base_us` anywhere, and `us_per_km` for each kilometre as the crow flies."""

    base_us: int
    us_per_km: int

    def one_way_ns(self, one: str, other: str) -> int:
        """Nanoseconds between two cities; within one, or where a place is not known, the base."""
        here, there = region_of_city(one), region_of_city(other)
        km = 0 if here is None or there is None else distance_km(here, there)
        return (self.base_us + self.us_per_km * km) * NS_PER_US

    def link(self, places: dict[str, str]) -> Link:
        """How packets travel in virtual time (`World.link`) between addresses whose cities are known."""

        known_ns: dict[tuple[str, str], int] = {}  # every packet needs one, and a few thousand ways have packets

        def deliver(source: Address, target: Address, packet: bytes) -> Sequence[tuple[int, bytes]]:
            way = source[0], target[0]
            one_way_ns = known_ns.get(way)
            if one_way_ns is None:
                one_way_ns = self.one_way_ns(places.get(way[0], ""), places.get(way[1], ""))
                if len(known_ns) < WAYS_MAX:
                    known_ns[way] = one_way_ns
            return ((one_way_ns, packet),)

        return deliver
