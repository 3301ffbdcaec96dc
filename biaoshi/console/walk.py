"""A resolution that waits for a word before each hop: what would be sent, why there, what is remembered already.

The nodes do not wait for anybody. So it is the console itself that walks here, as a client of theirs, by the very rule
that the recursive node goes by (resolver/rules/resolution.py) and with a cache of the same kind; the packets are real.

    rule --Find--> the cache, or a walk for the prefix first         noted, no pause
         --Ask---> the packet is made and shown; `go_on` sends it    a pause

Each walk is a stack of rules: the one for the identifier waits for the one that finds its prefix.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Coroutine, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from biaoshi.console import packets
from biaoshi.resolution import join
from biaoshi.trace import Names
from resolver.cache.answers import AnswerCache, outcome_of, question_key
from resolver.errors import OperatorError, PeerError, Unreachable
from resolver.model.identifier import fold, normal_form, text
from resolver.model.now import NS_PER_MS
from resolver.model.question import Answer, Question
from resolver.model.site import Protocol
from resolver.net.client import new_request_id, say
from resolver.net.pump import clock
from resolver.rules import replies
from resolver.rules.effects import Ask, Effect, Find
from resolver.rules.resolution import REFERRALS, RootService, resolve
from resolver.rules.selection import ResponseTimes
from resolver.wire.codes import Code, code_name
from resolver.wire.json_form import value_to_json
from resolver.wire.message import encode
from resolver.wire.values import PackedValues, decode_values

WALKS_MAX = 32  # open at once; the longest untouched makes room
STEPS_MAX = 200
CACHE_OCTETS = 4 << 20
TTL_MAX_S, NEGATIVE_TTL_S = 86_400, 60

Event = dict[str, Any]


@dataclass(slots=True)
class Frame:
    """One rule being driven: what it is after, and why it asks where it asks next."""

    question: Question
    key: Hashable
    rule: Coroutine[Effect, Any, Answer]
    why: Event
    referral: Answer | None = None
    earlier: Answer | None = None
    above: bytes = b""


class Walk:
    """One resolution, hop by hop. `events`: what has happened; `waiting`: the hop that would come next."""

    def __init__(
        self,
        question: Question,
        roots: Sequence[RootService],
        cache: AnswerCache,
        nodes: Sequence[Mapping[str, Any]],
    ) -> None:
        self.question = question
        self.events: list[Event] = []
        self.waiting: Event | None = None
        self.end: Event | None = None
        self.touched_s = time.monotonic()
        self._roots, self._cache, self._names = roots, cache, Names(nodes)
        self._times = ResponseTimes()
        self._frames: list[Frame] = []
        self._ask: Ask | None = None
        self._packet = b""
        self._asked_ms = 0.0
        recalled = cache.recall(question_key(question), clock())
        self._note("answer", "miss" if recalled is None else recalled.outcome, question)
        if recalled is not None:
            self._finish(recalled.answer, "cache")
            return
        self._begin(question)
        self._advance(None)

    async def go_on(self) -> None:
        """Send the packet that waits, and go as far as the next one. OperatorError if none waits."""
        ask, frame = self._ask, self._frames[-1] if self._frames else None
        if ask is None or frame is None or self.waiting is None:
            raise OperatorError("this resolution is over", key="walk", remedy="Begin another")
        self.touched_s = time.monotonic()
        waiting, self.waiting, self._ask = self.waiting, None, None
        tcp = ask.protocol is Protocol.TCP
        host, port = ask.server.ip, ask.server.port(ask.protocol)
        assert port is not None
        began_ns = time.monotonic_ns()
        answer: Answer | None = None
        event = waiting | {"kind": "hop", "code": None, "code_name": None, "reply": None, "referral_name": None}
        try:
            exchange = await say((host, port), self._packet, tcp=tcp, waits_ns=ask.waits_ns)
        except (Unreachable, PeerError) as error:
            event["words"] = str(error)
            self._times.refused(host)
            frame.why = {"why": "silence", "node": waiting["to"]}
        else:
            answer = exchange.answer
            self._times.answered(host, exchange.ended_mono_ns - exchange.started_mono_ns)
            event |= {
                "code": answer.code,
                "code_name": code_name(answer.code),
                "words": text(answer.message),
                "octets": [exchange.octets_out, exchange.octets_in],
                "reply": packets.packet(exchange.response),
            }
            if answer.code in REFERRALS:
                frame.earlier, frame.referral = frame.referral, answer
                frame.why = {"why": "referred", "node": waiting["to"]}
        event["took_ms"] = round((time.monotonic_ns() - began_ns) / NS_PER_MS, 3)
        self._asked_ms += event["took_ms"]
        self.events.append(event)
        self._advance(answer)
        if answer is not None and answer.code in REFERRALS and self.waiting is not None:
            event["referral_name"] = self.waiting["to"]

    def _begin(self, question: Question) -> None:
        """Set out, from a remembered referral if there is one, else from the root."""
        folded = fold(normal_form(question.handle))
        known = self._cache.referral(folded, clock()) if folded.startswith((b"0.", b"0/")) else None
        why: Event = {"why": "root"}
        referral = None
        if known is not None:
            above, referral = known
            why = {"why": "remembered", "prefix": text(above)}
            self._note("referral", "hit", Question(above))
        rule = resolve(question, self._roots, self._times, referral)
        self._frames.append(Frame(question, question_key(question), rule, why, above=known[0] if known else b""))

    def _advance(self, outcome: Answer | None) -> None:
        """Send an outcome into the rule on top, and do what it wants, until a packet waits or all is over."""
        while self._frames:
            frame = self._frames[-1]
            try:
                effect = frame.rule.send(outcome)
            except StopIteration as stop:
                outcome = self._leave(stop.value)
                continue
            if isinstance(effect, Ask):
                self._wait_for(effect, frame)
                return
            outcome = self._find(effect)

    def _find(self, find: Find) -> Answer | None:
        """What the cache knows; else None, and another rule stands on top."""
        key = question_key(find.question)
        answer = self._cache.look(key, clock())
        self._note("prefix", outcome_of(answer), find.question)
        if answer is None:
            if any(frame.key == key for frame in self._frames):
                return Answer(Code.ERROR, message=b"The service handles name each other in a circle")
            self._begin(find.question)
            return None
        self._frames[-1].why = {"why": "homed", "prefix": text(find.question.handle)}
        return answer

    def _leave(self, answer: Answer) -> Answer:
        """A rule has ended: remember what it came to, and tell whoever waits for it."""
        frame = self._frames.pop()
        now = clock()
        if frame.referral is not None and answer.code == Code.SUCCESS:
            self._cache.put_referrals(frame.question.handle, frame.referral, frame.earlier, now)
        elif frame.above and answer.code == Code.ERROR:
            self._cache.forget_referral(frame.above)
        self._cache.put(frame.key, answer, now)
        if self._frames:
            self._frames[-1].why = {"why": "homed", "prefix": text(frame.question.handle)}
        else:
            self._finish(answer, "authority")
        return answer

    def _wait_for(self, ask: Ask, frame: Frame) -> None:
        port = ask.server.port(ask.protocol)
        assert port is not None  # selection offers only servers that speak the protocol
        if len(self.events) >= STEPS_MAX:
            raise OperatorError(f"more than {STEPS_MAX} steps", key="walk", remedy="Begin another")
        address = join((ask.server.ip, port))
        request = replies.request_message(ask.question, new_request_id(), clock(), ask.site)
        self._ask, self._packet = ask, encode(request)
        self.waiting = {
            "kind": "waiting",
            "from": "console",
            "to": self._names.at(address),
            "address": address,
            "transport": "tcp" if ask.protocol is Protocol.TCP else "udp",
            "question": text(ask.question.handle),
            "types": [text(kind) for kind in ask.question.types],
            "octets": [len(self._packet), 0],
            "request": packets.packet(self._packet),
            "waits_ms": [wait // NS_PER_MS for wait in ask.waits_ns],
            **frame.why,
        }

    def _finish(self, answer: Answer, source: str) -> None:
        values = answer.values
        if isinstance(values, PackedValues):
            values = decode_values(values.octets)
        self.end = {
            "code": answer.code,
            "code_name": code_name(answer.code),
            "message": text(answer.message),
            "source": source,
            "asked_ms": round(self._asked_ms, 3),
            "values": [value_to_json(value) for value in values],
        }

    def _note(self, cache: str, outcome: str, question: Question) -> None:
        self.events.append({"kind": "cache", "cache": cache, "outcome": outcome, "key": text(question.handle)})

    def document(self) -> dict[str, Any]:
        """All of it."""
        return {
            "handle": text(self.question.handle),
            "events": self.events,
            "waiting": self.waiting,
            "end": self.end,
        }


class Walks:
    """The walks that are open, and the cache that they share."""

    def __init__(self) -> None:
        self._open: OrderedDict[int, Walk] = OrderedDict()
        self._number = 0
        self.cache = new_cache()

    def begin(
        self, question: Question, roots: Sequence[RootService], nodes: Sequence[Mapping[str, Any]]
    ) -> tuple[int, Walk]:
        """Begin one; its number."""
        walk = Walk(question, roots, self.cache, nodes)
        self._number += 1
        self._open[self._number] = walk
        while len(self._open) > WALKS_MAX:
            self._open.popitem(last=False)
        return self._number, walk

    def find(self, number: int) -> Walk:
        """An open one. OperatorError if it is open no more."""
        walk = self._open.get(number)
        if walk is None:
            raise OperatorError("no such resolution is open", key="walk", value=number, remedy="Begin another")
        self._open.move_to_end(number)
        return walk

    def forget(self) -> None:
        """Empty the cache."""
        self.cache = new_cache()


def new_cache() -> AnswerCache:
    """An answer cache as a recursive node has one, smaller."""
    return AnswerCache(CACHE_OCTETS, ttl_max_s=TTL_MAX_S, negative_ttl_s=NEGATIVE_TTL_S)
