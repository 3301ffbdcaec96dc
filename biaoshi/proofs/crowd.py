"""Clients of a network in virtual time: many questions at even intervals, and what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from nodes.country import Country
from resolver.model.now import NS_PER_MS, NS_PER_S
from resolver.model.question import Question
from resolver.rules import replies
from resolver.wire import peek
from resolver.wire.codes import Code
from resolver.wire.message import encode

PATIENCE_NS = 3 * NS_PER_S  # a client that sends its question three times has then given up
STEP_NS = 10 * NS_PER_MS


@dataclass(slots=True)
class Crowd:
    """Asks nodes of a country, and keeps the books. `codes` of the answers that came in time, by question number."""

    made: Country
    asked: dict[int, tuple[str, int]] = field(default_factory=dict)  # number -> (kind, when)
    codes: dict[int, int] = field(default_factory=dict)
    _number: int = 0

    def ask(self, name: str, handle: bytes, kind: str) -> None:
        """Ask a node, now."""
        self._number += 1
        self.asked[self._number] = kind, self.made.world.mono_ns
        packet = encode(replies.request_message(Question(handle), self._number, self.made.world.now))
        self.made.world.send(self.made.ip(name), packet)

    def run(self, duration_ns: int) -> None:
        """Let time pass, and listen."""
        end_ns = self.made.world.mono_ns + duration_ns
        while self.made.world.mono_ns < end_ns:
            self.made.world.run(min(STEP_NS, end_ns - self.made.world.mono_ns))
            for packet in self.made.world.heard():
                number = peek.request_id(packet)
                known = self.asked.get(number)
                if known is not None and self.made.world.mono_ns - known[1] <= PATIENCE_NS:
                    self.codes.setdefault(number, int.from_bytes(packet[24:28], "big"))

    def tell(self, kinds: Sequence[str]) -> dict[str, tuple[int, int]]:
        """For each kind of question, how many were asked and how many answered with success; then all is forgotten."""
        told = {}
        for kind in kinds:
            numbers = [number for number, (each, _) in self.asked.items() if each == kind]
            told[kind] = len(numbers), sum(self.codes.get(number) == Code.SUCCESS for number in numbers)
        self.asked.clear()
        self.codes.clear()
        return told
