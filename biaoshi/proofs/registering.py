"""Identifiers registered at a node over the protocol, by its administrator, over several connections at once, without a
thread: so that whoever registers may stop at any moment, and knows what was acknowledged up to then.

Every second connection logs in first and then registers without further ado, as the national SDK does; the others
answer a challenge each time.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field, replace

from biaoshi.proofs.ledger import Ledger, Records
from resolver.errors import PeerError, Unreachable
from resolver.rules import proof, replies
from resolver.rules.proof import Credentials
from resolver.wire import peek
from resolver.wire.bodies.administration import ValuesRequest
from resolver.wire.bodies.authentication import LoginRequest
from resolver.wire.bodies.base import Body
from resolver.wire.codes import Code, Opcode, OpFlag, code_name
from resolver.wire.framing import TcpFramer
from resolver.wire.message import Envelope, Header, Message, decode, encode
from resolver.wire.record import unpack_record

CONNECT_LIMIT_S = 5.0
DRAIN_LIMIT_S = 2.0
READ_OCTETS = 1 << 16
SESSION_ID = 10_001  # of a login: the client's to choose, on its own connection
FLAGS = replies.DEFAULT_FLAGS | OpFlag.OVERWRITE

Talk = Generator[bytes, Message, None]


@dataclass(slots=True, eq=False)
class _Line:
    """A connection, and what is being said on it. `promised`: of each response, in order, what it acknowledged."""

    socket: socket.socket
    promised: list[Records]
    talk: Talk = field(init=False)
    framer: TcpFramer = field(default_factory=TcpFramer)
    out: memoryview = field(default_factory=lambda: memoryview(b""))
    batch: Records | None = None


class Registering:
    """Several connections to a node; `make` gives the next record of a connection, by number, as {folded handle: packed
    record}. Unreachable if nobody listens.
    """

    def __init__(
        self,
        address: tuple[str, int],
        ledger: Ledger,
        make: Callable[[int], Records],
        who: Credentials,
        *,
        connections: int,
    ) -> None:
        self.ledger, self.make, self.who = ledger, make, who
        self.batches = 0  # acknowledged
        self.sent: dict[int, list[Records]] = {}  # by our port: what each response acknowledged
        self.refused: list[str] = []
        self._request_id = 0
        self._stopping = False
        self._lines: list[_Line] = []
        self._selector = selectors.DefaultSelector()
        try:
            for number in range(connections):
                each = socket.create_connection(address, CONNECT_LIMIT_S)
                each.setblocking(False)
                promised = self.sent.setdefault(each.getsockname()[1], [])
                line = _Line(each, promised)
                line.talk = self._talk(line, number, log_in=number % 2 == 0)
                self._lines.append(line)
                self._selector.register(each, selectors.EVENT_READ, line)
        except OSError as error:
            self.close()
            raise Unreachable(f"the node does not answer: {error.strerror}") from error

    def __enter__(self) -> Registering:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        self._selector.close()
        for line in self._lines:
            line.socket.close()

    def run(self, seconds: float, *, batches_max: int | None = None) -> None:
        """Register as fast as answers come, for so long, or until so many records are acknowledged."""
        deadline = time.monotonic() + seconds
        for line in list(self._lines):
            if not line.promised and not line.out:
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

    # -- what is said -------------------------------------------------------------------------------------------

    def _talk(self, line: _Line, number: int, *, log_in: bool) -> Talk:
        """One connection's conversation: requests out, responses in."""
        session_id = SESSION_ID if log_in else 0
        if log_in:
            user = self.who.user
            yield from self._prove(line, Opcode.LOGIN, LoginRequest(user.handle, user.index), session_id, {})
        while not self._stopping:
            record = self.make(number)
            ((key, packed),) = record.items()
            body = ValuesRequest(key, unpack_record(packed))
            self.ledger.send(record)
            done = yield from self._prove(line, Opcode.CREATE_HANDLE, body, session_id, record)
            if not done:
                return

    def _prove(
        self, line: _Line, opcode: int, body: Body, session_id: int, record: Records
    ) -> Generator[bytes, Message, bool]:
        """Ask, and answer the challenge if there is one; whether it was granted."""
        line.batch = record
        line.promised.append({})
        reply = yield self._packet(opcode, body, session_id)
        if reply.header.code == Code.AUTHENTICATION_NEEDED:
            shown = proof.answer(proof.demand_of(reply), self.who, os.urandom(proof.SALT_OCTETS))
            line.promised.append({})
            reply = yield self._packet(Opcode.CHALLENGE_ANSWER, shown, reply.envelope.session_id)
        line.batch = None
        if reply.header.code != Code.SUCCESS:
            self.refused.append(f"opcode {opcode} was answered with {code_name(reply.header.code)}")
            return False
        line.promised[-1] = record
        if record:
            self.ledger.acknowledge(record)
            self.batches += 1
        return True

    def _packet(self, opcode: int, body: Body, session_id: int) -> bytes:
        self._request_id += 1
        envelope = Envelope(session_id=session_id, request_id=self._request_id)
        header = Header(opcode, flags=FLAGS, expiration=int(time.time()) + peek.RESPONSE_LIFE_S)
        if opcode == Opcode.LOGIN:
            header = replace(header, flags=OpFlag.RECURSIVE | OpFlag.REQUEST_DIGEST)
        return encode(Message(envelope, header, body))

    # -- octets -------------------------------------------------------------------------------------------------

    def _turn(self, timeout_s: float) -> None:
        for key, events in self._selector.select(timeout_s):
            if events & selectors.EVENT_WRITE:
                self._attempt(key.data, self._write)
            if events & selectors.EVENT_READ:
                self._attempt(key.data, self._read)

    def _attempt(self, line: _Line, step: Callable[[_Line], None]) -> None:
        """A step that the other side may make impossible by not being there any more."""
        if line not in self._lines:
            return
        try:
            step(line)
        except (OSError, StopIteration):
            self._lines.remove(line)
            self._selector.unregister(line.socket)
            line.socket.close()
        except PeerError as error:
            self.refused.append(f"an answer that cannot be read: {error}")
            self._lines.remove(line)

    def _begin(self, line: _Line) -> None:
        line.out = memoryview(next(line.talk))
        self._write(line)

    def _write(self, line: _Line) -> None:
        with contextlib.suppress(BlockingIOError):
            line.out = line.out[line.socket.send(line.out) :]
        self._selector.modify(line.socket, selectors.EVENT_READ | (selectors.EVENT_WRITE if line.out else 0), line)

    def _read(self, line: _Line) -> None:
        octets = line.socket.recv(READ_OCTETS)
        if not octets:
            raise ConnectionResetError
        for packet in line.framer.feed(octets):
            line.out = memoryview(line.talk.send(decode(packet)))
            self._write(line)
