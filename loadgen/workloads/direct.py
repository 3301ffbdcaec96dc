"""Prefix, then direct: the national SDK's way (field.md, "Two ways to resolve"; behaviour.md §5.1).

    client --88.118.8, HS_SITE?--> recursive node       the prefix without slash; port 3641 or 2641, UDP or TCP
    client --88.118.8/JXDY2106023--> enterprise node    at the address that the HS_SITE says

A client without memory: it asks for the prefix every time. What the recursive node says of the prefix is compared with
the truth like any other answer, and followed only if it is right; so the second address is known to be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from loadgen.arrays import Bools, Numbers
from loadgen.comparison import Comparison
from loadgen.engine import Address
from loadgen.results import Verdict
from loadgen.truth import Values
from loadgen.volley import Written
from loadgen.workloads.lookups import Lookups, Requests
from resolver.errors import OperatorError
from resolver.model.identifier import prefix_of
from resolver.model.site import Protocol, Site
from resolver.wire.types import hs_site

SITE_TYPE = b"HS_SITE"
PROTOCOLS = {"udp": Protocol.UDP, "tcp": Protocol.TCP}


class PrefixThenDirect(Lookups):
    """Look-ups of which those marked in `directly` go by way of the prefix. `sites`: HS_SITE values of each prefix."""

    def __init__(
        self,
        identifiers: Sequence[bytes],
        ranks: Numbers,
        comparison: Comparison,
        wall_s: int,
        *,
        directly: Bools,
        sites: Mapping[bytes, Values],
        transport: str,
    ) -> None:
        super().__init__(identifiers, ranks, comparison, wall_s)
        self._count = len(identifiers)
        self._directly = directly.tolist()
        self._prefix_requests = Requests(wall_s, (SITE_TYPE,))
        self._protocol = PROTOCOLS[transport]
        self._sites: dict[bytes, Site] = {}
        of_prefixes = sites.get
        self._prefixes = Comparison(lambda prefix: of_prefixes(prefix.upper()), wall_s)
        for number in directly.nonzero()[0].tolist():
            prefix = prefix_of(identifiers[number])
            if prefix in self._sites:
                continue
            values = of_prefixes(prefix.upper())
            if not values:
                raise OperatorError(
                    "the HS_SITE of a prefix, keys included, is known only where the network runs",
                    key="workload",
                    value=prefix.decode("utf-8", "backslashreplace"),
                    remedy="Start the load there, or take another workload",
                )
            self._sites[prefix] = hs_site.decode(values[0].data)
            self._prefixes.expect(prefix)

    def request(self, slot: int) -> bytearray:
        """About the prefix first, if it is one of those; else about the identifier."""
        if slot < self._count and self._directly[slot]:
            return self._prefix_requests.about(prefix_of(self._identifiers[slot]))
        return super().request(slot % self._count)

    def written(self) -> Written:
        """Those about prefixes without pictures: their answers lead on."""
        known = super().written()
        prefixes = {prefix: len(known.requests) + at for at, prefix in enumerate(self._sites)}
        requests = [bytes(self._prefix_requests.about(prefix)) for prefix in prefixes]
        directly = np.flatnonzero(self._directly)
        first = known.which.copy()
        first[directly] = [prefixes[prefix_of(self._identifiers[slot])] for slot in directly.tolist()]
        pictures = [*known.pictures, *[None] * len(requests)]
        return Written([*known.requests, *requests], pictures, np.concatenate([first, known.which]))

    def judge(self, slot: int, packet: bytearray | bytes, octets: int) -> tuple[int, int]:
        """The verdict on an answer about the prefix, or the identifier."""
        if slot < self._count and self._directly[slot]:
            return self._prefixes.judge(prefix_of(self._identifiers[slot]), packet, octets)
        return super().judge(slot % self._count, packet, octets)

    def follow(self, slot: int, packet: bytearray | bytes, octets: int, verdict: int) -> Address | None:
        """Where the prefix's first site keeps the identifier."""
        if not self._directly[slot] or verdict != Verdict.RIGHT:
            return None
        identifier = self._identifiers[slot]
        server = self._sites[prefix_of(identifier)].server_for(identifier)
        port = server.port(self._protocol)
        return None if port is None else (server.ip, port)
