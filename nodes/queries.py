"""The query log: one in so many of the requests that nodes get, as JSON lines. Off unless the network file says so.

    RUN_DIR/data/.queries/PROCESS.log, for the nodes of a process; at its bound it becomes PROCESS.log.1
    {"time", "node", "transport", "source", "opcode", "handle", "code", "octets"}

`octets` of request and answer. `code` and the answer's octets are null where the answer came later, or none did. Of
what cannot be read, or is encrypted, `opcode` and `handle` are null. Nothing else of a request is in it: no values, no
proofs, no keys.

It stands before a node as limits and faults do, so a node without it pays nothing. The compiled rim answers before it:
where few are sampled, the rim is asked aside for one request whenever so many have been answered; where many are, for
good. So a sample is one in `one_in` on average, and which one follows from how requests arrive together.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from resolver.errors import PeerError
from resolver.model.identifier import text
from resolver.model.now import Now
from resolver.model.route import Origin, Packets, Route
from resolver.net.machine import Before, Front, Machine
from resolver.wire import peek
from resolver.wire.codes import Code, EnvelopeFlag, Opcode, code_name
from resolver.wire.message import decode

FOLDER = ".queries"
ASIDE_FROM = 1_024  # so many the rim answers at a time before anybody hears of it
OPCODES, CODES = frozenset(Opcode), frozenset(Code)

Write = Callable[[dict[str, Any]], None]


class Queries(Before):
    """A machine some of whose requests are written down. `one_in`: at least 1."""

    def __init__(self, machine: Machine, name: str, one_in: int, write: Write) -> None:
        super().__init__(machine)
        self._name, self._one_in, self._write = name, one_in, write
        self._left = one_in  # until the next is written down
        self._seen = 0  # of a batch, here

    @property
    def front(self) -> Front | None:
        """The machine's; nobody when the next request is to be seen here."""
        return self._machine.front if self._one_in >= ASIDE_FROM and self._left > 0 else None

    def receive_datagram(self, packet: bytes, origin: Origin, now: Now) -> Packets:
        """As the machine."""
        reply = self._machine.receive_datagram(packet, origin, now)
        if self._chosen():
            whole = b"".join(map(bytes, reply))
            self._note(packet, origin.route(), whole)
        return reply

    def receive_stream(self, packet: bytes, route: Route, now: Now) -> bytes | None:
        """As the machine."""
        reply = self._machine.receive_stream(packet, route, now)
        if self._chosen():
            self._note(packet, route, reply or b"")
        return reply

    def batch_answered(self, answers: int, took_ns: int, wall_ns: int) -> None:
        """As the machine; what was not seen here, the rim answered."""
        if answers > self._seen:
            self._left -= answers - self._seen
        self._seen = 0
        self._machine.batch_answered(answers, took_ns, wall_ns)

    def _chosen(self) -> bool:
        self._seen += 1
        self._left -= 1
        if self._left > 0:
            return False
        self._left += self._one_in
        return True

    def _note(self, packet: bytes, route: Route, reply: bytes) -> None:
        opcode, handle = asked(packet)
        code = int.from_bytes(reply[24:28], "big") if len(reply) >= peek.HEADER_END else None
        self._write(
            {
                "node": self._name,
                "transport": route.transport,
                "source": route.source[0],
                "opcode": opcode,
                "handle": handle,
                "code": None if code is None else code_name(code) if code in CODES else str(code),
                "octets": [len(packet), len(reply) or None],
            }
        )


def asked(packet: bytes) -> tuple[str | None, str | None]:
    """The operation and the handle of a request, as far as everybody may read them."""
    if len(packet) < peek.HEADER_END or packet[2] & (EnvelopeFlag.ENCRYPTED | EnvelopeFlag.TRUNCATED):
        return None, None
    try:
        message = decode(packet)
    except PeerError:
        return None, None
    opcode = message.header.opcode
    handle = getattr(message.body, "handle", None)
    name = Opcode(opcode).name if opcode in OPCODES else str(opcode)
    return name, text(handle) if isinstance(handle, bytes) else None
