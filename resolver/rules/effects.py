"""Effects: what a rule asks of the world and waits for.

A rule that must wait is an `async def` over the awaitables of this file; no event loop is involved. Whoever drives it
(a node, in real or in virtual time; a test's playbook) sends each effect's outcome back in:

    rule = resolve(question, roots)
    effect = rule.send(None)        # an Ask or a Find
    effect = rule.send(answer)      # ... until StopIteration brings the rule's own answer
"""

from __future__ import annotations

from collections.abc import Generator
from enum import Enum

from resolver.model.frozen import frozen
from resolver.model.question import Answer, Question
from resolver.model.site import Protocol, Server, Site
from resolver.wire.bodies.authentication import VerifyRequest


@frozen
class Ask:
    """Send `question` to one server over one protocol; comes back with its answer, or None for silence.

    `waits_ns`: over UDP the question is sent again after each wait but the last; over TCP there is one wait. Refused
    connections, unreadable replies and replies to something else count as silence.

    `proof`: instead of a resolution, opcode 201 is sent about the question's handle; the answer is as for `Verify`.
    """

    question: Question
    site: Site
    server: Server
    protocol: Protocol
    waits_ns: tuple[int, ...]
    proof: VerifyRequest | None = None

    def __await__(self) -> Generator[Ask, Answer | None, Answer | None]:
        return (yield self)


@frozen
class Find:
    """Have `question` resolved by this very node: from its cache, by joining an equal one in flight, or afresh."""

    question: Question

    def __await__(self) -> Generator[Find, Answer, Answer]:
        return (yield self)


@frozen
class Verify:
    """Have the server that holds a user's secret key say whether a proof made with it is right (opcode 201).

    Comes back with code SUCCESS if it is, AUTHENTICATION_FAILED if it is not, and any other if nobody could tell. Found
    by the same walk as a resolution of `proof.user_handle` (`resolution.resolve(..., proof=proof)`), certified, never
    from a cache.
    """

    proof: VerifyRequest

    def __await__(self) -> Generator[Verify, Answer, Answer]:
        return (yield self)


class Kept(Enum):
    """What became of a Commit or a Home."""

    DONE = "on the medium"
    CHANGED = "refused: another record stands there by now"
    READ_ONLY = "refused: nothing is written at present"
    FAILED = "refused by the medium, and nothing of it was written"
    OVER_QUOTA = "refused: no more is registered today"


@frozen
class Commit:
    """Put `after` in the place of `before` under a folded handle (packed records; None: no record).

    Comes back when that is on the medium, or was refused. CHANGED if the record that stands is not `before`: two
    requests read the same record, and the other one was quicker. Whoever carries this out looks and writes without
    letting another Commit for that key in between.
    """

    key: bytes
    before: bytes | None
    after: bytes | None

    def __await__(self) -> Generator[Commit, Kept, Kept]:
        return (yield self)


@frozen
class Home:
    """From now on answer (or no longer answer) for the prefix with this folded prefix handle, also after a restart."""

    prefix_handle: bytes
    homed: bool

    def __await__(self) -> Generator[Home, Kept, Kept]:
        return (yield self)


Effect = Ask | Find  # what a resolution asks
DeskEffect = Find | Verify | Commit | Home  # what administration asks
