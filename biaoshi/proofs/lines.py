"""Several connections to a node at once, without a thread: so that whoever writes over them may stop at any moment, and
knows what was acknowledged up to then. What is said on a connection is its subclass's (posting.py, registering.py).
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, Self, TypeVar

from biaoshi.proofs.ledger import Ledger, Records
from resolver.errors import PeerError, Unreachable

CONNECT_LIMIT_S = 5.0
DRAIN_LIMIT_S = 2.0
READ_OCTETS = 1 << 16


@dataclass(slots=True, eq=False)
class Line:
    """A connection, by number. `sent`: of each answer to come, in order, what it acknowledges; `batch`: what is under
    way; `out`: octets that still have to leave.
    """

    socket: socket.socket
    number: int
    sent: list[Records]
    batch: Records | None = None
    out: memoryview = field(default_factory=lambda: memoryview(b""))


L = TypeVar("L", bound=Line)


class Lines(ABC, Generic[L]):
    """Connections to `address`; `make` gives the next records of one, by number. Unreachable if nobody listens."""

    def __init__(
        self, address: tuple[str, int], ledger: Ledger, make: Callable[[int], Records], *, connections: int
    ) -> None:
        self.ledger, self.make = ledger, make
        self.batches = 0  # acknowledged
        self.sent: dict[int, list[Records]] = {}  # by our port, in order
        self.refused: list[str] = []  # what was answered instead
        self._stopping = False
        self._lines: list[L] = []
        self._selector = selectors.DefaultSelector()
        try:
            for number in range(connections):
                each = socket.create_connection(address, CONNECT_LIMIT_S)
                each.setblocking(False)
                line = self._line(each, number, self.sent.setdefault(each.getsockname()[1], []))
                self._lines.append(line)
                self._selector.register(each, selectors.EVENT_READ, line)
        except OSError as error:
            self.close()
            raise Unreachable(f"{address[0]}:{address[1]} does not answer: {error.strerror}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        self._selector.close()
        for line in self._lines:
            line.socket.close()

    def run(self, seconds: float, *, batches_max: int | None = None) -> None:
        """Write as fast as answers come, for so long, or until so many batches are acknowledged."""
        deadline = time.monotonic() + seconds
        self._stopping = False
        for line in list(self._lines):
            if self._is_idle(line):
                self._attempt(line, self._begin)
        while self._lines and (left := deadline - time.monotonic()) > 0:
            if batches_max is not None and self.batches >= batches_max:
                return
            self._turn(left)

    def drain(self) -> None:
        """Take what was still answered; until nobody is there any more, or nothing is under way."""
        self._stopping = True
        deadline = time.monotonic() + DRAIN_LIMIT_S
        while any(line.batch is not None for line in self._lines) and (left := deadline - time.monotonic()) > 0:
            self._turn(left)

    @abstractmethod
    def _line(self, each: socket.socket, number: int, sent: list[Records]) -> L:
        """What is to be known of a new connection."""

    @abstractmethod
    def _is_idle(self, line: L) -> bool:
        """Whether nothing is being said on a connection."""

    @abstractmethod
    def _begin(self, line: L) -> None:
        """Say the first thing on an idle connection."""

    @abstractmethod
    def _hear(self, line: L, octets: bytes) -> None:
        """Take what came, and go on unless `_stopping`. StopIteration: nothing more will be said there."""

    def _turn(self, timeout_s: float) -> None:
        for key, events in self._selector.select(timeout_s):
            if events & selectors.EVENT_WRITE:
                self._attempt(key.data, self._write)
            if events & selectors.EVENT_READ:
                self._attempt(key.data, self._read)

    def _attempt(self, line: L, step: Callable[[L], None]) -> None:
        """A step that the other side may make impossible by not being there any more."""
        if line not in self._lines:
            return
        try:
            step(line)
        except (OSError, StopIteration):
            self._drop(line)
        except PeerError as error:
            self.refused.append(f"an answer that cannot be read: {error}")
            self._drop(line)

    def _drop(self, line: L) -> None:
        self._lines.remove(line)
        self._selector.unregister(line.socket)
        line.socket.close()

    def _say(self, line: L, octets: bytes) -> None:
        line.out = memoryview(octets)
        self._write(line)

    def _write(self, line: L) -> None:
        with contextlib.suppress(BlockingIOError):
            line.out = line.out[line.socket.send(line.out) :]
        self._selector.modify(line.socket, selectors.EVENT_READ | (selectors.EVENT_WRITE if line.out else 0), line)

    def _read(self, line: L) -> None:
        octets = line.socket.recv(READ_OCTETS)
        if not octets:
            raise ConnectionResetError
        self._hear(line, octets)
