"""Registering among look-ups: whose challenge is answered, and what counts as right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from office import OWNER, RSA, WALL_S, Office

from loadgen.engine import Address
from loadgen.measure import Order, plan_for
from loadgen.pacing import constant
from loadgen.results import Verdict
from loadgen.truth import truth_from
from loadgen.workloads import WORKLOADS, Workload
from loadgen.workloads.registering import Registering, Registrar
from resolver.errors import OperatorError
from resolver.model.value import Value
from resolver.rules import keys
from resolver.wire.codes import Code, Opcode
from resolver.wire.message import decode, encode

THERE: Address = ("127.0.0.1", 2641)
REGISTRAR = Registrar(THERE, b"88.1", OWNER.user, keys.private_pem(RSA))


class Others:
    """Questions of another workload, which are handed through."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def request(self, slot: int) -> bytearray:
        self.asked.append(slot)
        return bytearray(b"other")

    def judge(self, slot: int, packet: bytearray | bytes, octets: int) -> tuple[int, int]:
        return 1, Verdict.RIGHT

    def follow(self, slot: int, packet: bytearray | bytes, octets: int, verdict: int) -> Address | None:
        return ("127.0.0.2", 1)


def registering(slots: Sequence[bool], registrar: Registrar = REGISTRAR) -> tuple[Registering, Others]:
    others = Others()
    return Registering(others, registrar, np.array(slots), WALL_S), others


def test_an_identifier_is_created_by_challenge_and_proof() -> None:
    questions, _ = registering([True])
    office = Office()
    challenge = encode(office.ask(decode(bytes(questions.request(0)))))
    assert questions.judge(0, challenge, len(challenge)) == (Code.AUTHENTICATION_NEEDED, Verdict.RIGHT)
    assert questions.follow(0, challenge, len(challenge), Verdict.RIGHT) == THERE
    proof = decode(bytes(questions.request(1)))
    assert proof.header.opcode == Opcode.CHALLENGE_ANSWER
    done = encode(office.ask(proof))
    assert questions.judge(1, done, len(done)) == (Code.SUCCESS, Verdict.RIGHT)
    (name,) = office.written
    assert name.startswith(b"88.1/LOAD-")
    values = office.values(name)
    assert values is not None and [value.type for value in values] == [b"URL", b"HS_ADMIN"]


def test_two_runs_create_different_identifiers() -> None:
    office = Office()
    for _ in range(2):
        questions, _ = registering([True])
        challenge = encode(office.ask(decode(bytes(questions.request(0)))))
        questions.follow(0, challenge, len(challenge), Verdict.RIGHT)
        office.ask(decode(bytes(questions.request(1))))
    assert len(set(office.written)) == 2


def test_other_slots_are_others_business() -> None:
    questions, others = registering([False, True])
    assert questions.request(0) == questions.request(2) == b"other"
    assert others.asked == [0, 2]
    assert questions.follow(0, b"", 0, Verdict.RIGHT) == ("127.0.0.2", 1)


def test_a_challenge_about_something_else_is_not_answered() -> None:
    questions, _ = registering([True, True])
    office = Office()
    foreign = encode(office.ask(decode(bytes(questions.request(1)))))
    assert questions.follow(0, foreign, len(foreign), Verdict.RIGHT) is None


def test_refusals_and_rubbish_are_not_right() -> None:
    questions, _ = registering([True])
    elsewhere = Office(homed=(b"0.NA/88.2",))
    refused = encode(elsewhere.ask(decode(bytes(questions.request(0)))))
    assert questions.judge(0, refused, len(refused)) == (Code.SERVER_NOT_RESP, Verdict.REFUSED)
    assert questions.follow(0, refused, len(refused), Verdict.REFUSED) is None
    assert questions.judge(0, b"\x02\x0b", 2) == (0, Verdict.WRONG)


def test_a_plan_sends_some_to_the_registrar_whose_key_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(WORKLOADS, "mixed-with-registration", Workload(registering=0.01))
    truth = truth_from(((b"88.1/ITEM", (Value(1, b"URL", b"x:"),)),), None, 1)
    asked: Address = ("127.0.0.9", 2641)
    order = Order("x", (asked,), truth, (), constant(1_000), 5.0, workload="mixed-with-registration")
    with pytest.raises(OperatorError, match="administrator"):
        plan_for(order)
    order = replace(order, registrar=REGISTRAR)
    assert "PRIVATE" not in repr(order)
    plan = plan_for(order)
    assert plan.targets == (asked, THERE)
    assert 25 <= int((plan.choice == 1).sum()) <= 80
    assert plan.leads_on
