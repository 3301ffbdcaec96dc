"""Effects: what a rule asks of the world and waits for.

A rule that must wait is an `async def` over the awaitables of this file; no event loop is involved. Whoever drives it
(a node, in real or in virtual time; a test's playbook) sends each effect's outcome back in:

    rule = resolve(question, roots)
    effect = rule.send(None)        # an Ask or a Find
    effect = rule.send(answer)      # ... until StopIteration brings the rule's own answer
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

from resolver.model.question import Answer, Question
from resolver.model.site import Protocol, Server, Site


@dataclass(frozen=True, slots=True)
class Ask:
    """Send `question` to one server over one protocol; comes back with its answer, or None for silence.

    `waits_ns`: over UDP the question is sent again after each wait but the last; over TCP there is one wait. Refused
    connections, unreadable replies and replies to something else count as silence.
    """

    question: Question
    site: Site
    server: Server
    protocol: Protocol
    waits_ns: tuple[int, ...]

    def __await__(self) -> Generator[Ask, Answer | None, Answer | None]:
        return (yield self)


@dataclass(frozen=True, slots=True)
class Find:
    """Have `question` resolved by this very node: from its cache, by joining an equal one in flight, or afresh."""

    question: Question

    def __await__(self) -> Generator[Find, Answer, Answer]:
        return (yield self)


Effect = Ask | Find
