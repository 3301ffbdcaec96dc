"""Batches posted to a node's admin page, over several connections at once."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from biaoshi.proofs.ledger import Ledger, Records
from biaoshi.proofs.lines import Line, Lines
from biaoshi.proofs.stage import NODE
from nodes.registry import CONTENT_TYPE, Batch

_RESPONSE = re.compile(rb"HTTP/1\.1 (\d{3}) .*?\r\nContent-Length: (\d{1,9})\r\n.*?\r\n\r\n", re.DOTALL | re.IGNORECASE)


@dataclass(slots=True, eq=False)
class _Line(Line):
    """One batch under way, then the next."""

    answer: bytearray = field(default_factory=bytearray)


class Posting(Lines[_Line]):
    """Connections to the admin page at `metrics_url`. `stamp` is the timestamp that all values of the batches carry."""

    def __init__(
        self, metrics_url: str, ledger: Ledger, make: Callable[[int], Records], *, connections: int, stamp: int
    ) -> None:
        page = urlsplit(metrics_url)
        assert page.hostname is not None and page.port is not None
        self.stamp = stamp
        self._host = f"{page.hostname}:{page.port}"
        super().__init__((page.hostname, page.port), ledger, make, connections=connections)

    def _line(self, each: socket.socket, number: int, sent: list[Records]) -> _Line:
        return _Line(each, number, sent)

    def _is_idle(self, line: _Line) -> bool:
        return line.batch is None

    def _begin(self, line: _Line) -> None:
        line.batch = self.make(line.number)
        body = Batch(self.stamp, list(line.batch.items()), {}).packed()
        head = (
            f"POST /registry?node={NODE} HTTP/1.1\r\nHost: {self._host}\r\n"
            f"Content-Type: {CONTENT_TYPE}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self.ledger.send(line.batch)
        line.sent.append(line.batch)
        self._say(line, head.encode() + body)

    def _hear(self, line: _Line, octets: bytes) -> None:
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
        if not self._stopping:
            self._begin(line)
