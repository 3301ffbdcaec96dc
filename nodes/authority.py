"""What root, national, secondary and enterprise nodes share: they answer from records of their own.

The kinds differ in what they hold, not in how they answer (behaviour.md §1); so each kind is a few lines.
"""

from __future__ import annotations

from collections.abc import Callable

from nodes.node import Identity, Node, Outcome, Request
from nodes.parts import Parts
from resolver.model.now import Now
from resolver.model.route import Origin
from resolver.rules import authority, replies, shortcut
from resolver.rules.authority import Standing
from resolver.rules.keys import SigningKey
from resolver.stores.base import Store
from resolver.wire.bodies.resolution import ResolutionRequest
from resolver.wire.codes import Code, Opcode

# Only to bound it: whoever changes the store makes the packet cache forget.
REPEATABLE_S = 3_600


class AuthorityNode(Node):
    """A server of an authoritative site, over a store of packed records."""

    def __init__(
        self,
        identity: Identity,
        standing: Standing,
        store: Store,
        *,
        packet_octets_max: int,
        entropy: Callable[[int], bytes],
        key: SigningKey | None = None,
    ) -> None:
        super().__init__(identity, packet_octets_max=packet_octets_max, entropy=entropy, key=key)
        self.standing = standing
        self.store = store
        self._referred_slots = {
            transport: self.counters.slot(transport, Opcode.RESOLUTION.name, Code.PREFIX_REFERRAL.name)
            for transport in ("udp", "tcp")
        }
        self.operations[Opcode.RESOLUTION] = self._resolve

    def _shortcut(self, packet: bytes, origin: Origin, now: Now) -> bytes | None:
        answering = packet, self.standing, self.store.get, self.speaker, now.wall_s
        reply = shortcut.answer_plain(*answering)
        slots = self.resolved_slots
        if reply is None:
            reply = shortcut.answer_prefix(*answering)
            if reply is None:
                return None
            if shortcut.is_referral(reply):
                slots = self._referred_slots
        self.counters.decided[slots[origin.transport]] += 1
        if self.packets.open:
            self.counters.cache["packet", "miss"] += 1
            both = (slots["udp"], slots["tcp"])
            self.packets.remember(packet, reply, both, now.wall_ns, REPEATABLE_S)
        return reply

    def _resolve(self, request: Request, now: Now) -> Outcome:
        assert isinstance(request.message.body, ResolutionRequest)
        if self.packets.open:
            self.note(request, "packet", "miss", now)
        question = replies.question_of(request.message, request.message.body)
        return Outcome(authority.decide(question, self.standing, self.store.get), REPEATABLE_S)


def build(parts: Parts) -> AuthorityNode:
    """An authority as its plan says."""
    cache = parts.plan.cache
    return AuthorityNode(
        parts.identity,
        parts.standing,
        parts.store,
        packet_octets_max=cache.packet_octets,
        entropy=parts.entropy,
        key=parts.key,
    )
