"""Look-ups: all public values of an identifier, asked the way a client library asks a recursive node."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from loadgen.arrays import Numbers
from loadgen.comparison import PICTURES_MAX, Comparison
from loadgen.engine import Address
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
        _, first, times = np.unique(ranks, return_index=True, return_counts=True)
        often = np.argsort(-times, kind="stable")[:PICTURES_MAX]
        for number in first[often[times[often] > 1]].tolist():
            comparison.expect(identifiers[number])

    def request(self, slot: int) -> bytearray:
        """The request for a slot's identifier."""
        return self._requests.about(self._identifiers[slot])

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
