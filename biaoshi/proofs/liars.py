"""Servers that say what a proof wants them to say: they stand where a node would, in virtual time."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from resolver.errors import PeerError
from resolver.model.now import Now
from resolver.model.question import Answer
from resolver.model.route import Endpoint, Origin, Packets, Route, Series
from resolver.rules import replies
from resolver.rules.replies import Speaker
from resolver.wire.bodies.resolution import ResolutionRequest
from resolver.wire.framing import split
from resolver.wire.message import Message, decode, encode

Script = Callable[[bytes, Now], Answer | None]  # the handle that is asked for -> what is said; None: nothing


class Liar:
    """A `Machine` that answers by a script, and counts."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.heard = 0
        self.outbox: list[tuple[Route | Endpoint, Packets | Series]] = []
        self.next_deadline_ns: int | None = None
        self.pressed = False
        self.unread = 0
        self.front = None
        self.watched = False

    def receive_datagram(self, packet: bytes, origin: Origin, now: Now) -> Packets:
        """What the script says."""
        said = self._said(packet, now)
        return split(said) if said else ()

    def receive_stream(self, packet: bytes, route: Route, now: Now) -> bytes | None:
        """The same over TCP."""
        return self._said(packet, now)

    def _said(self, packet: bytes, now: Now) -> bytes | None:
        self.heard += 1
        request = decode(packet)
        assert isinstance(request, Message) and isinstance(request.body, ResolutionRequest)
        answer = self.script(request.body.handle, now)
        return None if answer is None else encode(replies.respond(request, answer, Speaker(1, True), now))

    def refuse_stream(self, error: PeerError, now: Now, transport: str = "tcp") -> bytes:
        """Nothing."""
        return b""

    def receive_upstream(self, packet: bytes, endpoint: Endpoint, now: Now) -> None:
        """It asks nobody."""

    def upstream_failed(self, endpoint: Endpoint, request_id: int, now: Now) -> None:
        """It asks nobody."""

    def hung_up(self, connection: Hashable) -> None:
        """It keeps nothing."""

    def tick(self, now: Now) -> None:
        """It waits for nothing."""

    def batch_answered(self, answers: int, took_ns: int, wall_ns: int) -> None:
        """It counts what it hears."""

    def drop(self, reason: str) -> None:
        """It counts what it hears."""
