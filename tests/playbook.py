"""Helpers for conversation tests: whole networks in virtual time, and rules driven by hand.

made = teaching_country()
reply = ask(made, "recursive-1", b"88.118.8/JXDY2106023")
"""

from __future__ import annotations

import random
from collections.abc import Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nodes.config import NetworkPlan, NodePlan, load_network, records_of
from nodes.keyring import signing_key
from nodes.kinds import KINDS
from nodes.node import Node
from nodes.parts import Parts, with_population
from resolver.model.identifier import fold, normal_form
from resolver.model.question import Answer, Question
from resolver.net.virtual import World
from resolver.rules import replies
from resolver.rules.effects import Effect
from resolver.stores.base import Store
from resolver.stores.memory import MemoryStore
from resolver.wire.message import Message, decode, encode
from resolver.wire.record import pack_record

REPO = Path(__file__).parent.parent
TEACHING = REPO / "configs" / "teaching.toml"
NATIONAL = REPO / "configs" / "national.toml"
VECTORS = Path(__file__).parent / "vectors"


@dataclass
class Country:
    """A network in virtual time, its nodes by name."""

    plan: NetworkPlan
    world: World
    nodes: dict[str, Node] = field(default_factory=dict)

    def ip(self, name: str) -> str:
        return self.plan.node(name).ip

    def requests(self) -> dict[str, int]:
        """How many requests each node has counted, silence included."""
        return {name: sum(node.counters.decided) + sum(node.counters.recalled) for name, node in self.nodes.items()}


def country(plan: NetworkPlan, *, seed: int = 1, keys: Path | None = None) -> Country:
    """Every node of a plan, with its records in memory; `keys`: the folder of the keys that the plan was made with."""
    made = Country(plan, World())
    chance = random.Random(seed)
    tiers = {node.ip: node.tier for node in plan.nodes}
    for node_plan in plan.nodes:
        key = None if keys is None else signing_key(keys, node_plan.name)
        node = KINDS[node_plan.tier](Parts(node_plan, filled_store(node_plan), chance.randbytes, tiers, key))
        made.nodes[node_plan.name] = node
        made.world.attach(node_plan.ip, node, (node_plan.port, *node_plan.extra_ports))
    return made


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
        '"catalogues/': f'"{NATIONAL.parent}/catalogues/',
    }
    for words, others in [*smaller.items(), *changes.items()]:
        assert words in text, words
        text = text.replace(words, others)
    file = directory / "nation.toml"
    file.write_text(text, encoding="utf-8")
    return file


def filled_store(plan: NodePlan) -> Store:
    store = MemoryStore()
    store.commit([(fold(normal_form(handle)), pack_record(values)) for handle, values in records_of(plan)])
    return with_population(plan, store)


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
