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
from resolver.wire.framing import TcpFramer, split
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


def truthful(request: Message, truth: Truth) -> bytes:
    """The right answer of somebody who knows this truth."""
    assert isinstance(request.body, ResolutionRequest)
    values = truth.get(request.body.handle)
    answer = answer_octets(request, values or ())
    return with_code(answer, 100) if values is None else answer


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
            for delay_ns, reply in self._script(len(self.requests), truthful(request, self._truth)):
                self._due.append((now_ns + delay_ns, reply, client))
            self.requests.append(request)
        for entry in [entry for entry in self._due if entry[0] <= now_ns]:
            self._due.remove(entry)
            for part in split(entry[1]):
                self.socket.sendto(part, entry[2])

    def close(self) -> None:
        self.socket.close()


class ScriptedStreams:
    """Listens on 127.0.0.1 and answers over TCP, in pieces of `piece` octets; after `answers_max` it hangs up."""

    def __init__(self, truth: Truth, *, piece: int = 1 << 20, answers_max: int = 1 << 30) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=200)
        self._listener.setblocking(False)
        self.address: tuple[str, int] = self._listener.getsockname()
        self.requests: list[Message] = []
        self.connections = 0
        self._truth = truth
        self._piece = piece
        self._answers_max = answers_max
        self._open: dict[socket.socket, tuple[TcpFramer, list[int]]] = {}

    def work(self, now_ns: int) -> None:
        """Take in who and what has come, answer it."""
        try:
            while True:
                client, _ = self._listener.accept()
                client.setblocking(False)
                self._open[client] = (TcpFramer(), [0])
                self.connections += 1
        except BlockingIOError:
            pass
        for client, (framer, answered) in list(self._open.items()):
            try:
                octets = client.recv(65_536)
            except BlockingIOError:
                continue
            for packet in framer.feed(octets):
                request = decode(packet)
                self.requests.append(request)
                answer = truthful(request, self._truth)
                for at in range(0, len(answer), self._piece):
                    client.send(answer[at : at + self._piece])
                answered[0] += 1
                if answered[0] >= self._answers_max:
                    octets = b""
                    break
            if not octets:
                client.close()
                del self._open[client]

    def close(self) -> None:
        for each in (self._listener, *self._open):
            each.close()


class VirtualTime:
    """The clock of a run, moved on by being looked at."""

    TICK_NS = 5_000

    def __init__(self, *responders: ScriptedResponder | ScriptedStreams) -> None:
        self.now_ns = 1_000_000_000
        self._responders = responders

    def __call__(self) -> int:
        self.move(self.TICK_NS)
        return self.now_ns

    def move(self, ns: int) -> None:
        """Let time go by, and everybody work."""
        self.now_ns += ns
        for responder in self._responders:
            responder.work(self.now_ns)

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

    def remove(self, descriptor: int) -> None:
        self._descriptors.remove(descriptor)

    def now(self) -> Sequence[int]:
        return select.select(self._descriptors, (), (), 0)[0]

    def within(self, ns: int) -> Sequence[int]:
        self._time.move(min(ns, self.STEP_NS))
        return self.now()

    def close(self) -> None:
        """Nothing is held."""


def with_code(packet: bytes, code: int) -> bytes:
    """The same answer with an error code and no words instead of values."""
    message = decode(packet)
    return encode(Message(message.envelope, replace(message.header, code=code), ErrorBody()))
