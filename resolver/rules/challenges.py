"""Requests that wait for proof: what was challenged, until its answer comes or nobody waits for it any more.

A challenge (code 402) carries an id in the envelope's session field, from one number space with sessions; the answer
(opcode 200) names it, on whatever connection it comes (behaviour.md §1.3, §7 trap 1). An answer does not use the
challenge up: sent again, as over UDP, it is carried out again. Challenges within a session carry the session's id, so
there the newest replaces the one before; those of the national SDK's login carry an id the client chose, and count on
that connection only.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

from resolver.model.now import NS_PER_S, Now
from resolver.rules.proof import Demand

ANSWER_NS = 60 * NS_PER_S  # how long an answer is taken (behaviour.md §1.3, `max_auth_time`) …
KEPT_NS = 90 * NS_PER_S  # … and how long one that comes too late is told so
WAITING_MAX = 10_000
WAITING_OCTETS_MAX = 64 << 20
OVERHEAD_OCTETS = 1_024  # what one costs beside its packet


@dataclass(slots=True, eq=False)
class Pending:
    """A challenged request, as its packet (decrypted, if it was encrypted), and what is to be proven.

    `in_session`: it was asked in a session, and must be answered while that lives. `minted`: the handle it was
    promised, if it asked for one; so an answer sent again mints no second one. `done`: it was carried out once.
    """

    packet: bytes
    demand: Demand
    since_mono_ns: int
    in_session: bool = False
    minted: bytes | None = None
    done: bool = False

    def late(self, now: Now) -> bool:
        """Whether an answer comes too late."""
        return now.mono_ns - self.since_mono_ns > ANSWER_NS


class Challenges:
    """The pending requests of one node. Beyond its bounds the oldest are forgotten."""

    def __init__(self, *, waiting_max: int = WAITING_MAX, octets_max: int = WAITING_OCTETS_MAX) -> None:
        self.octets = 0
        self._waiting: OrderedDict[tuple[Hashable, int], Pending] = OrderedDict()  # oldest first
        self._own: dict[Hashable, int] = {}  # connection -> the id of the one challenge that counts only there
        self._waiting_max, self._octets_max = waiting_max, octets_max

    def __len__(self) -> int:
        return len(self._waiting)

    def __contains__(self, challenge_id: int) -> bool:
        return (None, challenge_id) in self._waiting

    def add(self, challenge_id: int, pending: Pending, now: Now, connection: Hashable = None) -> None:
        """Keep a request. `connection`: the only one its answer may come from (None: any); it has one at a time."""
        self._forget((connection, challenge_id))
        if connection is not None:
            self.hung_up(connection)
            self._own[connection] = challenge_id
        self._waiting[connection, challenge_id] = pending
        self.octets += len(pending.packet) + OVERHEAD_OCTETS
        self.tidy(now)
        while len(self._waiting) > self._waiting_max or self.octets > self._octets_max:
            self._forget(next(iter(self._waiting)))

    def find(self, challenge_id: int, now: Now, connection: Hashable = None) -> Pending | None:
        """The request that was challenged with this id, also if it is late; None if unknown."""
        self.tidy(now)
        if connection is not None:
            own = self._waiting.get((connection, challenge_id))
            if own is not None:
                return own
        return self._waiting.get((None, challenge_id))

    def tidy(self, now: Now) -> None:
        """Forget what nobody asks for any more."""
        while self._waiting:
            key, oldest = next(iter(self._waiting.items()))
            if now.mono_ns - oldest.since_mono_ns <= KEPT_NS:
                return
            self._forget(key)

    def hung_up(self, connection: Hashable) -> None:
        """A connection is gone: what only it could answer is forgotten."""
        challenge_id = self._own.get(connection)
        if challenge_id is not None:
            self._forget((connection, challenge_id))

    def _forget(self, key: tuple[Hashable, int]) -> None:
        gone = self._waiting.pop(key, None)
        if gone is not None:
            self.octets -= len(gone.packet) + OVERHEAD_OCTETS
            self._own.pop(key[0], None)
