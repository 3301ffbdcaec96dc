"""Batches posted to a node's admin page over several connections at once, without a thread: so that whoever posts may
stop at any moment, and knows what was acknowledged up to then.
"""

from __future__ import annotations

import contextlib
import re
import selectors
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from biaoshi.proofs.ledger import Ledger, Records
from biaoshi.proofs.stage import NODE
from nodes.registry import CONTENT_TYPE, Batch
from resolver.errors import Unreachable

CONNECT_LIMIT_S = 5.0
DRAIN_LIMIT_S = 2.0
READ_OCTETS = 1 << 16
_RESPONSE = re.compile(rb"HTTP/1\.1 (\d{3}) .*?\r\nContent-Length: (\d{1,9})\r\n.*?\r\n\r\n", re.DOTALL | re.IGNORECASE)


@dataclass(slots=True, eq=False)
class _Line:
    """A connection: one batch under way, then the next."""

    socket: socket.socket
    number: int
    sent: list[Records]
    batch: Records | None = None
    out: memoryview = field(default_factory=lambda: memoryview(b""))
    answer: bytearray = field(default_factory=bytearray)


class Posting:
    """Several connections to the admin page at `metrics_url`; `make` gives the next batch of a connection, by number.

    `stamp` is the timestamp that all values of the batches carry. Unreachable if nobody listens.
    """

    def __init__(
        self, metrics_url: str, ledger: Ledger, make: Callable[[int], Records], *, connections: int, stamp: int
    ) -> None:
        page = urlsplit(metrics_url)
        assert page.hostname is not None and page.port is not None
        self.ledger, self.make, self.stamp = ledger, make, stamp
        self.batches = 0  # acknowledged
        self.sent: dict[int, list[Records]] = {}  # by our port, in order
        self.refused: list[str] = []  # what was answered instead
        self._host = f"{page.hostname}:{page.port}"
        self._lines = []
        self._selector = selectors.DefaultSelector()
        try:
            for number in range(connections):
                each = socket.create_connection((page.hostname, page.port), CONNECT_LIMIT_S)
                each.setblocking(False)
                line = _Line(each, number, self.sent.setdefault(each.getsockname()[1], []))
                self._lines.append(line)
                self._selector.register(each, selectors.EVENT_READ, line)
        except OSError as error:
            self.close()
            raise Unreachable(f"the admin page does not answer: {error.strerror}") from error

    def __enter__(self) -> Posting:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        self._selector.close()
        for line in self._lines:
            line.socket.close()

    def run(self, seconds: float, *, batches_max: int | None = None) -> None:
        """Post as fast as answers come, for so long, or until so many batches are acknowledged."""
        deadline = time.monotonic() + seconds
        for line in list(self._lines):
            if line.batch is None:
                self._attempt(line, self._next)
        while self._lines and (left := deadline - time.monotonic()) > 0:
            if batches_max is not None and self.batches >= batches_max:
                return
            self._turn(left, go_on=True)

    def drain(self) -> None:
        """Take what was still answered; until nobody is there any more, or nothing is under way."""
        deadline = time.monotonic() + DRAIN_LIMIT_S
        while any(line.batch is not None for line in self._lines) and (left := deadline - time.monotonic()) > 0:
            self._turn(left, go_on=False)

    def _turn(self, timeout_s: float, *, go_on: bool) -> None:
        for key, events in self._selector.select(timeout_s):
            if events & selectors.EVENT_WRITE:
                self._attempt(key.data, self._write)
            if events & selectors.EVENT_READ:
                self._attempt(key.data, self._read_on if go_on else self._read)

    def _attempt(self, line: _Line, step: Callable[[_Line], object]) -> None:
        """A step that the other side may make impossible by not being there any more."""
        if line not in self._lines:
            return
        try:
            step(line)
        except OSError:
            self._lines.remove(line)
            self._selector.unregister(line.socket)
            line.socket.close()

    def _next(self, line: _Line) -> None:
        line.batch = self.make(line.number)
        body = Batch(self.stamp, list(line.batch.items()), {}).packed()
        head = (
            f"POST /registry?node={NODE} HTTP/1.1\r\nHost: {self._host}\r\n"
            f"Content-Type: {CONTENT_TYPE}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        line.out = memoryview(head.encode() + body)
        self.ledger.send(line.batch)
        line.sent.append(line.batch)
        self._write(line)

    def _write(self, line: _Line) -> None:
        with contextlib.suppress(BlockingIOError):
            line.out = line.out[line.socket.send(line.out) :]
        self._selector.modify(line.socket, selectors.EVENT_READ | (selectors.EVENT_WRITE if line.out else 0), line)

    def _read_on(self, line: _Line) -> None:
        self._read(line)
        if line.batch is None:
            self._next(line)

    def _read(self, line: _Line) -> None:
        octets = line.socket.recv(READ_OCTETS)
        if not octets:
            raise ConnectionResetError
        line.answer += octets
        found = _RESPONSE.match(line.answer)
        if not found or len(line.answer) < found.end() + int(found[2]):
            return
        assert line.batch is not None
        if found[1] == b"200":
            self.ledger.acknowledge(line.batch)
            self.batches += 1
        else:
            self.refused.append(line.answer.decode("utf-8", "replace"))
        line.batch = None
        line.answer.clear()
