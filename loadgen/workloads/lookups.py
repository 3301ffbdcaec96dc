"""Look-ups: all public values of an identifier, asked the way a client library asks a recursive node."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from loadgen.arrays import Numbers
from loadgen.comparison import PICTURES_MAX, Comparison
from loadgen.engine import Address
from loadgen.volley import ENTRIES_MAX, PYTHONS, Written
from resolver.wire.bodies.resolution import ResolutionRequest
from resolver.wire.codes import Opcode, OpFlag
from resolver.wire.message import Envelope, Header, Message, encode
from resolver.wire.peek import HEADER_END

REQUEST_LIFE_S = 43_200  # what client libraries write; servers do not look (protocol.md §3)
REQUEST_FLAGS = OpFlag.RECURSIVE | OpFlag.CACHE_CERTIFY | OpFlag.PUBLIC_ONLY  # CNRI's default, 0x19000000
_HANDLE_AT = HEADER_END + 4


class Lookups:
    """Request k asks for `identifiers[k]`."""

    def __init__(self, identifiers: Sequence[bytes], ranks: Numbers, comparison: Comparison, wall_s: int) -> None:
        self._identifiers = identifiers
        self._comparison = comparison
        self._requests = Requests(wall_s)
        _, first, which, times = np.unique(ranks, return_index=True, return_inverse=True, return_counts=True)
        often = np.argsort(-times, kind="stable")
        for number in first[often[:PICTURES_MAX][times[often[:PICTURES_MAX]] > 1]].tolist():
            comparison.expect(identifiers[number])
        self._asked = first[often]  # the first slot that asks for each identifier, the most popular one first
        self._which = np.argsort(often)[which].astype(np.int32)

    def request(self, slot: int) -> bytearray:
        """The request for a slot's identifier."""
        return self._requests.about(self._identifiers[slot])

    def written(self) -> Written:
        """A request and a picture for each identifier, while there is room."""
        asked = [self._identifiers[slot] for slot in self._asked[:ENTRIES_MAX].tolist()]
        pictures = [self._comparison.picture(identifier) for identifier in asked[:PICTURES_MAX]]
        which = np.where(self._which < len(asked), self._which, PYTHONS)
        requests = [bytes(self._requests.about(identifier)) for identifier in asked]
        return Written(requests, [*pictures, *[None] * (len(asked) - len(pictures))], which)

    def judge(self, slot: int, packet: bytearray | bytes, octets: int) -> tuple[int, int]:
        """The verdict on an answer about a slot's identifier."""
        return self._comparison.judge(self._identifiers[slot], packet, octets)

    def follow(self, slot: int, packet: bytearray | bytes, octets: int, verdict: int) -> Address | None:
        """A look-up ends with its answer."""
        return None


class Requests:
    """Look-up requests as CNRI's client sends them to a server it knows nothing about, with request id 0.

    They differ in the handle only, so one of each length is encoded, and the handle written over. `wall_s`: seconds
    since 1970 at which they are sent; `types`: of the values wanted, all if empty.
    """

    def __init__(self, wall_s: int, types: tuple[bytes, ...] = ()) -> None:
        self._expiration = (wall_s + REQUEST_LIFE_S) & 0xFFFFFFFF
        self._types = types
        self._of_length: dict[int, bytearray] = {}

    def about(self, handle: bytes) -> bytearray:
        """The request, good until the next one of this length."""
        length = len(handle)
        request = self._of_length.get(length)
        if request is None:
            request = self._of_length[length] = bytearray(self._encoded(handle))
        request[_HANDLE_AT : _HANDLE_AT + length] = handle
        return request

    def _encoded(self, handle: bytes) -> bytes:
        header = Header(Opcode.RESOLUTION, flags=REQUEST_FLAGS, expiration=self._expiration)
        envelope = Envelope(major=2, minor=3, suggested_major=2, suggested_minor=11)
        return encode(Message(envelope, header, ResolutionRequest(handle, types=self._types)))
