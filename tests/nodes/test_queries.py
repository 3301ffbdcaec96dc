"""The query log: of so many requests one, what it was and what it got, and nothing that is nobody's business."""

from __future__ import annotations

from typing import Any

import pytest
from playbook import Country, request, teaching_country

from nodes.node import Node
from nodes.queries import ASIDE_FROM, Queries, asked
from resolver.model.question import Question
from resolver.model.route import Route
from resolver.net.machine import Front
from resolver.wire.codes import Code

ITEM = b"88.118.8/JXDY2106023"
AT = "enterprise-88.118.8"


class Logged:
    """A node, its query log, and a client."""

    def __init__(self, one_in: int) -> None:
        self.made: Country = teaching_country()
        self.node: Node = self.made.nodes[AT]
        self.lines: list[dict[str, Any]] = []
        self.machine = Queries(self.node, AT, one_in, self.lines.append)

    def ask(self, packet: bytes, transport: str = "udp") -> None:
        route = Route(transport, ("127.86.9.1", 40_000), None)
        if transport == "udp":
            self.machine.receive_datagram(packet, route, self.made.world.now)
        else:
            self.machine.receive_stream(packet, route, self.made.world.now)

    def question(self, handle: bytes = ITEM) -> bytes:
        return request(Question(handle), self.made)


def test_a_line_says_who_asked_what_of_whom_and_what_came_of_it() -> None:
    logged = Logged(1)
    logged.ask(logged.question())
    logged.ask(logged.question(b"88.118.8/\xe6\xb2\xa1\xe6\x9c\x89"), "tcp")
    found, missing = logged.lines
    octets = found.pop("octets")
    assert found == {
        "node": AT,
        "transport": "udp",
        "source": "127.86.9.1",
        "opcode": "RESOLUTION",
        "handle": "88.118.8/JXDY2106023",
        "code": "SUCCESS",
    }
    assert octets[0] == len(logged.question()) and octets[1] > octets[0]
    assert (missing["handle"], missing["code"], missing["transport"]) == ("88.118.8/没有", "HANDLE_NOT_FOUND", "tcp")


def test_of_so_many_one_is_written_down() -> None:
    logged = Logged(10)
    for _ in range(100):
        logged.ask(logged.question())
    assert len(logged.lines) == 10


def test_what_cannot_be_read_is_a_line_that_tells_nothing_of_it() -> None:
    logged = Logged(1)
    encrypted = bytearray(logged.question())
    encrypted[2] |= 0x40
    for packet in (b"", b"GET / HTTP/1.1", bytes(100), bytes(encrypted)):
        logged.ask(packet)
        assert logged.lines[-1]["handle"] is None


@pytest.mark.parametrize("cut", range(0, 60, 7))
def test_a_request_that_was_cut_is_no_trouble(cut: int) -> None:
    packet = Logged(1).question()
    assert asked(packet[:cut]) == (None, None)
    assert asked(packet) == ("RESOLUTION", ITEM.decode())


class KnownByHeart:
    """A table that answers everything."""

    octets = 0


def rim(logged: Logged) -> Front | None:
    logged.node._front = Front(KnownByHeart(), logged.node.counters.recalled)  # type: ignore[arg-type]
    return logged.machine.front


def test_where_each_is_written_down_nobody_answers_before() -> None:
    assert rim(Logged(1)) is None
    assert rim(Logged(ASIDE_FROM - 1)) is None


def test_where_few_are_the_rim_is_asked_aside_for_one_whenever_so_many_were_answered() -> None:
    logged = Logged(ASIDE_FROM)
    assert rim(logged) is not None
    logged.machine.batch_answered(ASIDE_FROM - 1, 1, 0)
    assert rim(logged) is not None
    logged.machine.batch_answered(1, 1, 0)
    assert rim(logged) is None
    logged.ask(logged.question())
    assert len(logged.lines) == 1
    assert rim(logged) is not None
    logged.machine.batch_answered(1, 1, 0)  # the one that was seen is not counted again
    logged.machine.batch_answered(ASIDE_FROM - 2, 1, 0)
    assert rim(logged) is not None


def test_without_it_nothing_stands_before_a_node() -> None:
    made = teaching_country()
    assert made.plan.node(AT).query_log.one_in == 0
    assert not isinstance(made.at_the_door(AT), Queries)


def test_codes_that_nobody_knows_are_numbers() -> None:
    logged = Logged(1)
    logged.node.receive_datagram = lambda *_: (bytes(24) + (999).to_bytes(4, "big") + bytes(40),)  # type: ignore[method-assign, assignment]
    logged.ask(logged.question())
    assert logged.lines[0]["code"] == "999" and 999 not in set(Code)
