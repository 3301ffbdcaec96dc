"""Registering among look-ups: a client asks the enterprise node to create an identifier, is challenged, and proves it.

    client --create 88.118.8/LOAD-…--> enterprise node        402, a challenge
    client --its answer, signed------> enterprise node        1, on the disk

What is created is new in every run and asked for by nobody else, so the truth about everything else stays as it was;
it remains registered. A challenge counts as the right answer to the first request, a success to the second.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

import numpy as np

from loadgen.arrays import Bools
from loadgen.engine import Address, Questions
from loadgen.results import Verdict
from loadgen.volley import PYTHONS, Writes, Written
from resolver.errors import PeerError
from resolver.model.site import SERIAL_UNKNOWN
from resolver.model.value import Reference, Value
from resolver.rules import keys, proof, replies
from resolver.rules.proof import Credentials
from resolver.wire import peek
from resolver.wire.bodies.administration import ValuesRequest
from resolver.wire.bodies.base import Body
from resolver.wire.codes import Code, Opcode
from resolver.wire.message import Envelope, Header, Message, decode, encode
from resolver.wire.types import hs_admin

GROUP_INDEX = 200  # of the administrators of a prefix


@dataclass(frozen=True, slots=True)
class Registrar:
    """Who registers under a prefix, and where. `key`: a private key file, octets, so that it travels to generators."""

    address: Address
    prefix: bytes
    user: Reference
    key: bytes = field(repr=False)


class Registering:
    """Another workload's questions, but in the slots marked in `registering` an identifier is registered."""

    def __init__(self, others: Questions, registrar: Registrar, registering: Bools, wall_s: int) -> None:
        self._others = others
        self._registering = registering.tolist()
        self._count = len(registering)
        self._registrar = registrar
        self._who = Credentials(registrar.user, keys.private_key(registrar.key, ours=True))
        self._expiration = (wall_s + peek.RESPONSE_LIFE_S) & 0xFFFFFFFF
        self._run = secrets.token_hex(8).upper().encode()
        owner = hs_admin.HsAdmin(hs_admin.ALL_PERMISSIONS, b"0.NA/" + registrar.prefix, GROUP_INDEX)
        self._owner = Value(100, b"HS_ADMIN", hs_admin.encode(owner), timestamp=wall_s)
        self._url = Value(1, b"URL", b"https://load.example/", timestamp=wall_s)
        self._answers: dict[int, bytearray] = {}

    def request(self, slot: int) -> bytearray:
        """The creation of a slot's identifier, the answer to its challenge, or somebody else's question."""
        if not self._registering[slot % self._count]:
            return self._others.request(slot)
        if slot >= self._count:
            return self._answers.pop(slot)
        return bytearray(encode(self._creation(slot)))

    def written(self) -> Written:
        """The others' part; what is registered is made when it is due."""
        if not isinstance(self._others, Writes):
            return Written((), (), np.empty(0, np.int32))
        others = self._others.written()
        which = np.full(2 * self._count, PYTHONS, np.int32)
        which[: len(others.which)] = others.which
        which.reshape(2, -1)[:, np.array(self._registering, bool)] = PYTHONS
        return Written(others.requests, others.pictures, which)

    def judge(self, slot: int, packet: bytearray | bytes, octets: int) -> tuple[int, int]:
        """A challenge is right first, a success second."""
        if not self._registering[slot % self._count]:
            return self._others.judge(slot, packet, octets)
        try:
            code = decode(bytes(packet[:octets])).header.code
        except PeerError:
            return 0, Verdict.WRONG
        wanted = Code.AUTHENTICATION_NEEDED if slot < self._count else Code.SUCCESS
        return code, Verdict.RIGHT if code == wanted else Verdict.REFUSED

    def follow(self, slot: int, packet: bytearray | bytes, octets: int, verdict: int) -> Address | None:
        """To the same node with the proof, if it wants one about our request."""
        if not self._registering[slot]:
            return self._others.follow(slot, packet, octets, verdict)
        if verdict != Verdict.RIGHT:
            return None
        challenge, asked = decode(bytes(packet[:octets])), decode(encode(self._creation(slot)))
        demand = proof.demand_of(challenge)
        if demand.digest != replies.request_digest(asked, challenge.envelope.version):
            return None
        body = proof.answer(demand, self._who, b"")
        answer = self._message(Opcode.CHALLENGE_ANSWER, body, challenge.envelope.session_id)
        self._answers[self._count + slot] = bytearray(encode(answer))
        return self._registrar.address

    def _creation(self, slot: int) -> Message:
        name = b"%s/LOAD-%s-%d" % (self._registrar.prefix, self._run, slot)
        return self._message(Opcode.CREATE_HANDLE, ValuesRequest(name, (self._url, self._owner)), 0)

    def _message(self, opcode: int, body: Body, session_id: int) -> Message:
        header = Header(opcode, flags=replies.DEFAULT_FLAGS, serial=SERIAL_UNKNOWN, expiration=self._expiration)
        return Message(Envelope(2, 11, 0, 2, 11, session_id=session_id), header, body)
