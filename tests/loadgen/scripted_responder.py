"""A network of one UDP socket that does to request number n what a script says, in a time that a test moves on.

The engine's clock is the test's: every look at it moves virtual time on by a tick and lets the responder work. So
drops, delays and late answers depend on numbers alone, and nothing sleeps.
"""

from __future__ import annotations

import select
import socket
from collections.abc import Callable, Sequence
from dataclasses import replace

from resolver.model.value import Value
from resolver.wire.bodies.error import ErrorBody
from resolver.wire.bodies.resolution import ResolutionAnswer, ResolutionRequest
from resolver.wire.framing import split
from resolver.wire.message import Envelope, Header, Message, decode, encode

NEVER_EXPIRES = 2**32 - 1
Truth = dict[bytes, tuple[Value, ...]]
Script = Callable[[int, bytes], list[tuple[int, bytes]]]  # (request number, right answer) -> [(delay ns, packet), …]


def answer_octets(request: Message, values: tuple[Value, ...]) -> bytes:
    """The right answer to a look-up."""
    assert isinstance(request.body, ResolutionRequest)
    header = Header(1, code=1, flags=0x99000000, serial=1, expiration=NEVER_EXPIRES)
    envelope = Envelope(request_id=request.envelope.request_id)
    return encode(Message(envelope, header, ResolutionAnswer(request.body.handle, values)))


class ScriptedResponder:
    """Answers on 127.0.0.1 as the script wants it."""

    def __init__(self, truth: Truth, script: Script) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.setblocking(False)
        self.address: tuple[str, int] = self.socket.getsockname()
        self.requests: list[Message] = []
        self._truth = truth
        self._script = script
        self._due: list[tuple[int, bytes, tuple[str, int]]] = []

    def work(self, now_ns: int) -> None:
        """Take in what has come, send what is due."""
        while True:
            try:
                packet, client = self.socket.recvfrom(2048)
            except BlockingIOError:
                break
            request = decode(packet)
            assert isinstance(request.body, ResolutionRequest)
            right = answer_octets(request, self._truth[request.body.handle])
            for delay_ns, reply in self._script(len(self.requests), right):
                self._due.append((now_ns + delay_ns, reply, client))
            self.requests.append(request)
        for entry in [entry for entry in self._due if entry[0] <= now_ns]:
            self._due.remove(entry)
            for part in split(entry[1]):
                self.socket.sendto(part, entry[2])

    def close(self) -> None:
        self.socket.close()


class VirtualTime:
    """The clock of a run, moved on by being looked at."""

    TICK_NS = 5_000

    def __init__(self, responder: ScriptedResponder) -> None:
        self.now_ns = 1_000_000_000
        self.responder = responder

    def __call__(self) -> int:
        self.now_ns += self.TICK_NS
        self.responder.work(self.now_ns)
        return self.now_ns

    def watch(self) -> VirtualArrivals:
        """What the engine watches its sockets with."""
        return VirtualArrivals(self)


class VirtualArrivals:
    """Sees what has arrived; waiting is moving the clock."""

    STEP_NS = 200_000

    def __init__(self, time: VirtualTime) -> None:
        self._time = time
        self._descriptors: list[int] = []

    def add(self, descriptor: int) -> None:
        self._descriptors.append(descriptor)

    def now(self) -> Sequence[int]:
        return select.select(self._descriptors, (), (), 0)[0]

    def within(self, ns: int) -> Sequence[int]:
        self._time.now_ns += min(ns, self.STEP_NS)
        self._time.responder.work(self._time.now_ns)
        return self.now()

    def close(self) -> None:
        """Nothing is held."""


def with_code(packet: bytes, code: int) -> bytes:
    """The same answer with an error code and no words instead of values."""
    message = decode(packet)
    return encode(Message(message.envelope, replace(message.header, code=code), ErrorBody()))
