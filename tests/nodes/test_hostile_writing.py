"""Bad input at a node that can be written to: the protocol's code, a line in the audit, no change, no secret said.

The acts are cases of `biaoshi conform`, which say the code; here is what they leave behind.
"""

from __future__ import annotations

import base64
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from playbook import TEACHING, Country, country

from biaoshi.conformance import run
from biaoshi.conformance.cases import all_cases
from biaoshi.conformance.run import PASS, Target
from biaoshi.conformance.talk import Heard
from nodes.authority import AuthorityNode, build
from nodes.config import load_network
from nodes.keyring import administrator_key, administrator_secret, make_keys
from nodes.parts import Parts
from resolver.model.value import Reference
from resolver.net.virtual import CLIENT
from resolver.rules.proof import Credentials
from resolver.wire.framing import split

NAME, PREFIX = "enterprise-88.118.8", b"88.118.8"
CASES = {case.name: case for case in all_cases()}
# The lines that an act leaves between the creation and the deletion of the record that it is about.
ACTS: dict[str, list[tuple[str | None, str]]] = {
    "write-wrong-key": [("MODIFY_VALUE", "AUTHENTICATION_FAILED")],
    "write-stranger": [("MODIFY_VALUE", "INVALID_ADMIN")],
    "write-other-nonce": [("MODIFY_VALUE", "AUTHENTICATION_FAILED")],
    "write-foreign-challenge": [("CHALLENGE_ANSWER", "SESSION_TIMEOUT")],
    "write-repeated-answer": [("CREATE_HANDLE", "SUCCESS"), ("CREATE_HANDLE", "HANDLE_ALREADY_EXISTS")],
    "session-bad-mac": [
        ("MODIFY_VALUE", "INVALID_CREDENTIAL"),
        ("MODIFY_VALUE", "INVALID_SESSION_KEY"),
        ("MODIFY_VALUE", "SESSION_MESSAGE_REJECTED"),
    ],
    "session-end": [("MODIFY_VALUE", "SESSION_TIMEOUT")],
    "bad-administration": [
        ("CREATE_HANDLE", "ERROR"),
        ("REMOVE_VALUE", "ERROR"),
        ("CHALLENGE_ANSWER", "ERROR"),
    ],
    "bad-encrypted": [(None, "SESSION_FAILED"), (None, "SESSION_TIMEOUT")],
}
NOTHING_TO_AUDIT = ("bad-body", "bad-count", "bad-opcode", "bad-short", "unauthenticated-write", "resolve-all")


@dataclass
class Stage:
    """The node, what it audits, and everything it says."""

    made: Country
    node: AuthorityNode
    user: Credentials
    hidden: list[bytes]
    audited: list[dict[str, Any]]
    heard: list[bytes] = field(default_factory=list)

    def exchange(self, transport: str, packet: bytes, *, patience_s: float) -> Heard:
        """See Talk."""
        reply = self.made.world.ask(self.made.ip(NAME), packet, tcp=transport == "tcp")
        assert reply is not None
        self.heard.append(reply)
        return Heard((reply,), fragmented=transport == "udp" and len(split(reply)) > 1)

    def hold(self, name: str, transport: str) -> None:
        """Hold a case, which has to come out as it wants."""
        site = self.made.plan.node(NAME).site
        there = Target(self, site, "88.118.8/JXDY2106023", self.user, PREFIX.decode())
        outcome = run.hold(CASES[name], there, transport)
        assert (outcome.verdict, outcome.words) == (PASS, ())


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The teaching network in virtual time, its enterprise node with an audit that a test can read."""
    folder = tmp_path_factory.mktemp("hostile")
    file, keys = folder / "teaching.toml", folder / "keys"
    words = TEACHING.read_text(encoding="utf-8").replace('"catalogues/', f'"{TEACHING.parent}/catalogues/')
    file.write_text("key_bits = 1024\n" + words, encoding="utf-8")
    make_keys(load_network(file), keys)
    made = country(load_network(file, keys=keys), keys=keys)
    made.world.start_wall_ns = time.time_ns()
    plan, old = made.plan.node(NAME), made.nodes[NAME]
    assert isinstance(old, AuthorityNode)
    audited: list[dict[str, Any]] = []
    node = build(Parts(plan, old.store, random.Random(1).randbytes, {}, old.key, audit=audited.append))
    made.nodes[NAME] = node
    made.world.attach(plan.ip, node, (plan.port,))
    yield Stage(made, node, _user(keys), _hidden(keys), audited)


def _user(keys: Path) -> Credentials:
    key = administrator_key(keys, PREFIX)
    assert key is not None
    return Credentials(Reference(b"0.NA/" + PREFIX, 300), key)


def _hidden(keys: Path) -> list[bytes]:
    secret = administrator_secret(keys, PREFIX)
    assert secret is not None
    return [secret, base64.b64encode(secret), secret.hex().encode()]


@pytest.mark.parametrize("transport", ["tcp", "udp"])
@pytest.mark.parametrize("act", ACTS)
def test_an_act_leaves_lines_in_the_audit_and_nothing_else(stage: Stage, act: str, transport: str) -> None:
    before = list(stage.node.store.scan())
    stage.audited.clear()
    stage.hold(act, transport)
    own = [line for line in stage.audited if not (line["wrote"] and line["opcode"] == "DELETE_HANDLE")]
    if CASES[act].given:
        assert (own[0]["opcode"], own[0]["wrote"]) == ("CREATE_HANDLE", True)
        own = own[1:]
    assert [(line["opcode"], line["code"]) for line in own] == ACTS[act]
    assert {line["wrote"] for line in own if line["code"] != "SUCCESS"} == {False}
    assert {line["source"] for line in own} == {CLIENT[0]}
    assert list(stage.node.store.scan()) == before


@pytest.mark.parametrize("act", NOTHING_TO_AUDIT)
def test_what_neither_writes_nor_proves_is_not_audited(stage: Stage, act: str) -> None:
    stage.audited.clear()
    stage.hold(act, "tcp")
    assert stage.audited == []


def test_no_secret_is_said_or_audited(stage: Stage) -> None:
    for act in ACTS:
        stage.hold(act, "tcp")
    assert len(stage.heard) > 20 and stage.audited
    said = [*stage.heard, repr(stage.audited).encode(), repr(stage.node.counters.dropped).encode()]
    assert not [place for place in said for secret in stage.hidden if secret in place]


def test_who_floods_a_node_with_what_cannot_be_read_does_not_fill_the_audit(stage: Stage) -> None:
    plan = stage.made.plan.node(NAME)
    plan = replace(plan, limits=replace(plan.limits, failed_authentications_per_minute=3))
    audited: list[dict[str, Any]] = []
    node = build(Parts(plan, stage.node.store, random.Random(1).randbytes, {}, stage.node.key, audit=audited.append))
    stage.made.world.attach(plan.ip, node, (plan.port,))
    try:
        for _ in range(5):
            stage.hold("bad-administration", "tcp")
    finally:
        stage.made.world.attach(plan.ip, stage.node, (plan.port,))
    assert len(audited) == 3
