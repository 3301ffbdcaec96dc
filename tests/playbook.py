"""Helpers for conversation tests: whole networks in virtual time, and rules driven by hand.

made = teaching_country()
reply = ask(made, "recursive-1", b"88.118.8/JXDY2106023")
"""

from __future__ import annotations

from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from nodes.config import load_network
from nodes.country import Country, country, filled_store
from resolver.model.question import Answer, Question
from resolver.rules import replies
from resolver.rules.effects import Effect
from resolver.wire.message import Message, decode, encode

__all__ = ["Country", "country", "filled_store"]

REPO = Path(__file__).parent.parent
TEACHING = REPO / "configs" / "teaching.toml"
NATIONAL = REPO / "configs" / "national.toml"
VECTORS = Path(__file__).parent / "vectors"


def teaching_country() -> Country:
    return country(load_network(TEACHING))


def small_nation(directory: Path, **changes: str) -> Path:
    """The shipped nation with smaller counts, 46 nodes; `changes` are words of it and what stands in their place."""
    text = NATIONAL.read_text(encoding="utf-8")
    smaller = {
        '"88" = 100, "86" = 20': '"88" = 6, "86" = 3',
        "enterprise_nodes = 240": "enterprise_nodes = 10",
        "hosted_enterprises = 5_000": "hosted_enterprises = 30",
        "recursive_nodes = 20": "recursive_nodes = 6",
    }
    for words, others in [*smaller.items(), *changes.items()]:
        assert words in text, words
        text = text.replace(words, others)
    file = directory / "nation.toml"
    file.write_text(text, encoding="utf-8")
    return file


def request(question: Question, made: Country, request_id: int = 77) -> bytes:
    return encode(replies.request_message(question, request_id, made.world.now))


def ask(made: Country, name: str, question: Question | bytes, *, tcp: bool = False, port: int = 2641) -> Message | None:
    """Ask a node as a client would; its decoded reply, or None for silence."""
    if isinstance(question, bytes):
        question = Question(question)
    packet = made.world.ask(made.ip(name), request(question, made), tcp=tcp, port=port)
    if packet is None:
        return None
    message = decode(packet)
    assert isinstance(message, Message)
    return message


def answer(message: Message | None) -> Answer:
    assert message is not None, "silence"
    return replies.answer_of(message)


def play(rule: Coroutine[Effect, Any, Answer], *outcomes: Answer | None) -> tuple[list[Effect], Answer | None]:
    """Drive a rule by hand: the effects it asked for, and its answer (None if it still waits)."""
    asked: list[Effect] = []
    outcome: Answer | None = None
    for following in (*outcomes, None):
        try:
            asked.append(rule.send(outcome))
        except StopIteration as stop:
            return asked, stop.value
        outcome = following
        if len(asked) > len(outcomes):
            break
    rule.close()
    return asked, None
