"""Trust asked of a network: the rules of resolver/rules/trust.py, driven by questions to one node."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine, Sequence
from typing import Any

from resolver.errors import PeerError, Unreachable
from resolver.model.identifier import text
from resolver.model.question import Answer, Question
from resolver.model.value import Reference, Value
from resolver.net.client import ask
from resolver.rules import trust
from resolver.rules.effects import Find
from resolver.rules.trust import Anchor, Link, Report
from resolver.wire.codes import Code, code_name
from resolver.wire.json_form import moment

Address = tuple[str, int]


class NotThereError(Exception):
    """The record itself is not to be had: its code and the words of the answer."""

    def __init__(self, code: int, words: bytes) -> None:
        super().__init__(f"{code_name(code)}{': ' + text(words) if words else ''}")
        self.code = code


async def record(server: Address, handle: bytes, *, tcp: bool = False) -> Sequence[Value]:
    """All public values of a handle as they are registered. NotThereError if there are none to be had.

    Caches let TTLs run down, and a TTL is part of what is signed: so the question wants the authority's own answer.
    """
    exchange = await ask(server, Question(handle, authoritative=True), tcp=tcp)
    if exchange.answer.code != Code.SUCCESS:
        raise NotThereError(exchange.answer.code, exchange.answer.message)
    return exchange.answer.values


def verify(server: Address, handle: bytes, anchor: Anchor, *, tcp: bool = False) -> Report:
    """What the signatures of a handle come to; with an index (`400:0.NA/88`) the certificate that stands there.

    NotThereError if there is no such record; Unreachable if the node does not answer.
    """
    return asyncio.run(_verify(server, trust.reference_of(handle), anchor, tcp=tcp))


async def _verify(server: Address, subject: Reference, anchor: Anchor, *, tcp: bool) -> Report:
    now_s = int(time.time())
    values = await record(server, subject.handle, tcp=tcp)
    if not subject.index:
        return await _drive(trust.verify(subject.handle, values, anchor, now_s), server, tcp=tcp)
    data = next((value.data for value in values if value.index == subject.index), None)
    if data is None:
        raise NotThereError(Code.VALUES_NOT_FOUND, b"")
    return await _drive(trust.verify_certificate(data, anchor, now_s), server, tcp=tcp)


async def _drive(rule: Coroutine[Find, Answer, Report], server: Address, *, tcp: bool) -> Report:
    outcome: Answer | None = None
    while True:
        try:
            effect = rule.send(outcome)  # type: ignore[arg-type]  # None starts it
        except StopIteration as stop:
            report: Report = stop.value
            return report
        try:
            outcome = (await ask(server, effect.question, tcp=tcp)).answer
        except (PeerError, Unreachable) as problem:  # a link that cannot be read is a broken chain, no end of the world
            outcome = Answer(Code.ERROR, message=str(problem).encode())


def as_json(handle: str, report: Report, anchor: Anchor) -> dict[str, Any]:
    """The report as a document; `reason` is a name of trust.Reason."""
    return {
        "handle": handle,
        "trusted": report.trusted,
        "reason": report.reason.name,
        "detail": report.detail,
        "signed": list(report.signed),
        "unsigned": list(report.unsigned),
        "root": text(anchor.handle),
        "chain": [_link_as_json(link) for link in report.links],
    }


def _link_as_json(link: Link) -> dict[str, Any]:
    claims = link.claims
    return {
        "subject": text(claims.subject),
        "issuer": text(claims.issuer),
        "not_before": when(claims.not_before_s),
        "expires": when(claims.expires_s),
        "permissions": [{"handle": text(right.handle) or None, "permission": right.right} for right in claims.rights],
        "reason": link.reason.name,
        "detail": link.detail,
    }


def when(seconds: int | None) -> str | None:
    """A moment of a claim; None where it is not said. What no calendar has stays a number."""
    if seconds is None:
        return None
    return moment(seconds) if 0 <= seconds <= 253_402_300_799 else str(seconds)
