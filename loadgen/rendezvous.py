"""Where the generators of one run meet: they start together, say how they go, and hear when to stop.

    generator  --I am share 3, ready for phase 0-->    conductor
               <--begin at …--------------------------           when all have come
               --tally, each tick-->
               <--stop--------------------------------           Ctrl-C, or another generator failed

One TCP connection each, MessagePack maps on it. The conductor gives a secret along with the order; who does not know it
is turned away. The beginning is a moment of the monotonic clock where both run under the same kernel, else of the wall
clock: how exactly machines start together is how exactly their clocks agree, and no latency depends on it.

A generator never waits here while it measures: its sending and listening at a tick are single calls that do not block,
and a tally that does not fit into the socket is left out, since the next one counts everything again.
"""

from __future__ import annotations

import hmac
import secrets
import selectors
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgpack

from loadgen.engine import Stop
from loadgen.live import Tally, unpacked
from resolver.errors import OperatorError, Unreachable

MESSAGE_OCTETS_MAX = 64 << 10
READ_OCTETS = 64 << 10
LEAD_NS = 300_000_000  # from the word to the beginning: a word on its way to another machine
CONNECT_S = 10.0
SECRET_OCTETS = 16
STRANGERS_MAX = 64  # connections that have not said the secret yet


def kernel_id() -> str:
    """The same for processes whose monotonic clocks are one."""
    with suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return ""


class Generator:
    """A generator's end. It is one of the run's callbacks: `begin`, `tell`, and the `stop` it obeys."""

    def __init__(self, address: tuple[str, int], secret: bytes, share: int) -> None:
        self.stop = Stop()
        try:
            self._link = socket.create_connection(address, timeout=CONNECT_S)
        except OSError as error:
            raise Unreachable(f"the conductor of this load at {address[0]}:{address[1]}: {error}") from error
        self._link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._unpacker = msgpack.Unpacker(max_buffer_size=MESSAGE_OCTETS_MAX, strict_map_key=False)
        self._unsent = b""
        self._send({"secret": secret, "share": share})

    def begin(self, phase: int, clock: Callable[[], int] = time.perf_counter_ns) -> int:
        """Say that this phase may begin, wait until it does, and give the moment on our clock."""
        self._link.settimeout(None)
        self._send({"ready": phase})
        while True:
            for message in self._unpacker:
                if message.get("stop"):
                    self.stop.requested = True
                    return clock()
                if message.get("begin") == phase:
                    self._link.setblocking(False)
                    if message["kernel"] == kernel_id() != "":
                        return int(message["mono_ns"])
                    return clock() + int(message["wall_ns"]) - time.time_ns()
            octets = self._link.recv(READ_OCTETS)
            if not octets:
                raise Unreachable("the conductor of this load is gone")
            self._unpacker.feed(octets)

    def tell(self, tally: Tally) -> None:
        """Say how it goes and hear whether to go on, without waiting for either."""
        if not self._unsent:
            self._unsent = msgpack.packb({"tally": tally.packed()})
        with suppress(BlockingIOError):
            try:
                self._unsent = self._unsent[self._link.send(self._unsent) :]
                octets = self._link.recv(READ_OCTETS)
            except ConnectionError:
                octets = b""
            if not octets:
                self.stop.requested = True  # nobody is left to want the rest
                return
            self._unpacker.feed(octets)
            if any(message.get("stop") for message in self._unpacker):
                self.stop.requested = True

    def close(self) -> None:
        """Leave."""
        self._link.close()

    def _send(self, message: dict[str, Any]) -> None:
        self._link.sendall(msgpack.packb(message))


class _Guest:
    """A connection at the conductor's."""

    def __init__(self, link: socket.socket) -> None:
        self.link = link
        self.unpacker = msgpack.Unpacker(max_buffer_size=MESSAGE_OCTETS_MAX, strict_map_key=False)
        self.share: int | None = None
        self.phase = -1
        self.tally = Tally()


class Conductor:
    """The other end: `address` and `secret` are for the generators, who listen at `host`."""

    def __init__(self, generators: int, host: str = "127.0.0.1") -> None:
        self.secret = secrets.token_bytes(SECRET_OCTETS)
        self._generators = generators
        self._selector = selectors.DefaultSelector()
        self._guests: dict[socket.socket, _Guest] = {}
        try:
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            self._door = socket.create_server((host, 0), family=family, backlog=generators + STRANGERS_MAX)
        except OSError as error:
            raise OperatorError(f"cannot listen at {host}: {error.strerror}", key="--executor") from error
        self._door.setblocking(False)
        self._selector.register(self._door, selectors.EVENT_READ)
        self.address: tuple[str, int] = self._door.getsockname()[:2]

    def ready(self, phase: int) -> int:
        """How many generators have come as far as this phase."""
        return sum(guest.phase >= phase for guest in self._known())

    def tallies(self) -> list[Tally]:
        """The latest word of each generator."""
        return [guest.tally for guest in self._known()]

    def begin(self, phase: int) -> None:
        """Let all begin, in a moment."""
        message = {
            "begin": phase,
            "kernel": kernel_id(),
            "mono_ns": time.perf_counter_ns() + LEAD_NS,
            "wall_ns": time.time_ns() + LEAD_NS,
        }
        self._say(message)

    def stop(self) -> None:
        """Let all end early."""
        self._say({"stop": True})

    def listen(self, seconds: float) -> None:
        """Take in what comes for so long."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            for key, _ in self._selector.select(left):
                if key.fileobj is self._door:
                    self._welcome()
                else:
                    self._hear(self._guests[key.fileobj])  # type: ignore[index]

    def close(self) -> None:
        """Send everybody home."""
        for link in (self._door, *self._guests):
            link.close()
        self._selector.close()

    def _known(self) -> list[_Guest]:
        return [guest for guest in self._guests.values() if guest.share is not None]

    def _say(self, message: dict[str, Any]) -> None:
        octets = msgpack.packb(message)
        for guest in self._known():
            with suppress(OSError):  # who is gone hears nothing, and its future says why
                guest.link.sendall(octets)

    def _welcome(self) -> None:
        with suppress(OSError):
            link, _ = self._door.accept()
            if len(self._guests) - len(self._known()) >= STRANGERS_MAX:
                link.close()
                return
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            link.settimeout(CONNECT_S)
            self._guests[link] = _Guest(link)
            self._selector.register(link, selectors.EVENT_READ)

    def _hear(self, guest: _Guest) -> None:
        try:
            octets = guest.link.recv(READ_OCTETS)
            guest.unpacker.feed(octets)
            for message in guest.unpacker:
                self._understand(guest, message)
            gone = not octets
        except (OSError, ValueError, TypeError, KeyError, AttributeError, msgpack.UnpackException):
            gone = True  # a stranger, or somebody who talks nonsense
        if gone:
            self._selector.unregister(guest.link)
            guest.link.close()
            if guest.share is None:
                del self._guests[guest.link]

    def _understand(self, guest: _Guest, message: dict[str, Any]) -> None:
        if guest.share is None:
            if not hmac.compare_digest(message["secret"], self.secret):
                raise ValueError("a stranger")
            guest.share = int(message["share"])
        elif "ready" in message:
            guest.phase = int(message["ready"])
        else:
            guest.tally = unpacked(message["tally"])
