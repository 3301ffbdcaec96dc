"""Lines 9 and 10 of quality.md can fail: their judges, shown nodes that are silent and decoders that fall over."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from biaoshi.proofs import PROOFS, p10_fuzz
from biaoshi.proofs.odd_requests import odd_requests
from biaoshi.proofs.p09_compliance import judge
from biaoshi.proofs.trial import Trial
from resolver.errors import PeerError
from resolver.model.now import Now
from resolver.model.question import Answer
from resolver.rules import replies
from resolver.rules.replies import Speaker
from resolver.wire.codes import Code
from resolver.wire.message import decode, encode

REQUESTS = odd_requests(b"88.118.8/JXDY2106023")
NOW = Now(0, 1_800_000_000 * 10**9)


def test_odd_requests_are_many_and_legal() -> None:
    assert len(REQUESTS) >= 40 and len(set(REQUESTS.values())) == len(REQUESTS)
    for packet in REQUESTS.values():
        assert decode(packet).header.code == Code.REQUEST


def test_what_is_no_answer_is_not_taken_for_one() -> None:
    packet = next(iter(REQUESTS.values()))
    asked = decode(packet)
    good = replies.respond(asked, Answer(Code.HANDLE_NOT_FOUND), Speaker(1, True), NOW)
    assert judge(packet, encode(good)) is None
    assert judge(packet, None) == "silence"
    assert judge(packet, packet) == "a request instead of an answer"
    assert "cannot be read" in str(judge(packet, encode(good)[:40]))
    refused = replies.refuse_undecoded(PeerError("Server error"), NOW)
    assert "refused as unreadable" in str(judge(packet, encode(refused)))
    other = replace(good, envelope=replace(good.envelope, request_id=5))
    assert judge(packet, encode(other)) is not None


def test_crashes_and_hangs_are_told_from_refusals() -> None:
    def refuse(octets: bytes) -> None:
        raise PeerError("no")

    def hang(octets: bytes) -> None:
        until = time.process_time() + p10_fuzz.HANG_S * 1.2
        while time.process_time() < until:
            pass

    assert p10_fuzz.throw(len, b"") is None
    assert p10_fuzz.throw(refuse, b"") == "refused"
    assert str(p10_fuzz.throw(lambda octets: octets[1], b"")).startswith("IndexError")
    assert p10_fuzz.throw(hang, b"") == "hang"


@pytest.mark.parametrize("broken", [False, True])
def test_a_decoder_that_falls_over_or_keeps_what_it_read_fails_the_line(
    broken: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[bytes] = []
    decoders = p10_fuzz.decoders()
    if broken:
        decoders = {"keeper": lambda octets: kept.append(bytes(8_192) + octets)}
    monkeypatch.setattr(p10_fuzz, "decoders", lambda: decoders)
    monkeypatch.setattr(p10_fuzz, "PACKETS_QUICK", 1_000)
    run = Trial(next(line for line in PROOFS if line.n == 10), full=False, seed=3, folder=tmp_path)
    run.run()
    assert run.passed is not broken
    assert (run.facts["growth_octets"] > p10_fuzz.GROWTH_OCTETS_MAX) is broken
