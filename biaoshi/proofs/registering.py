"""Identifiers registered at a node over the protocol, by its administrator, over several connections at once.

Every second connection logs in first and then registers without further ado, as the national SDK does; the others
answer a challenge each time.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field, replace

from biaoshi.proofs.ledger import Ledger, Records
from biaoshi.proofs.lines import Line, Lines
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

SESSION_ID = 10_001  # of a login: the client's to choose, on its own connection
FLAGS = replies.DEFAULT_FLAGS | OpFlag.OVERWRITE

Talk = Generator[bytes, Message, None]


@dataclass(slots=True, eq=False)
class _Line(Line):
    """What is being said on it, one answer after the other."""

    talk: Talk = field(init=False)
    framer: TcpFramer = field(default_factory=TcpFramer)


class Registering(Lines[_Line]):
    """Connections to a node, each record `make` gives being one identifier, {folded handle: packed record}."""

    def __init__(
        self,
        address: tuple[str, int],
        ledger: Ledger,
        make: Callable[[int], Records],
        who: Credentials,
        *,
        connections: int,
    ) -> None:
        self.who = who
        self._request_id = 0
        super().__init__(address, ledger, make, connections=connections)

    def _line(self, each: socket.socket, number: int, sent: list[Records]) -> _Line:
        line = _Line(each, number, sent)
        line.talk = self._talk(line, log_in=number % 2 == 0)
        return line

    def _is_idle(self, line: _Line) -> bool:
        return not line.sent and not line.out

    def _begin(self, line: _Line) -> None:
        self._say(line, next(line.talk))

    def _hear(self, line: _Line, octets: bytes) -> None:
        for packet in line.framer.feed(octets):
            self._say(line, line.talk.send(decode(packet)))

    def _talk(self, line: _Line, *, log_in: bool) -> Talk:
        """One connection's conversation: requests out, responses in."""
        session_id = SESSION_ID if log_in else 0
        if log_in:
            user = self.who.user
            yield from self._prove(line, Opcode.LOGIN, LoginRequest(user.handle, user.index), session_id, {})
        while not self._stopping:
            record = self.make(line.number)
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
        line.sent.append({})
        reply = yield self._packet(opcode, body, session_id)
        if reply.header.code == Code.AUTHENTICATION_NEEDED:
            shown = proof.answer(proof.demand_of(reply), self.who, os.urandom(proof.SALT_OCTETS))
            line.sent.append({})
            reply = yield self._packet(Opcode.CHALLENGE_ANSWER, shown, reply.envelope.session_id)
        line.batch = None
        if reply.header.code != Code.SUCCESS:
            self.refused.append(f"opcode {opcode} was answered with {code_name(reply.header.code)}")
            return False
        line.sent[-1] = record
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
