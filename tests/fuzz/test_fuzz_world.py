"""A short run of the fuzzer over nodes of every kind, in virtual time."""

from __future__ import annotations

import pytest

from fuzz import world
from fuzz.findings import Findings


@pytest.mark.parametrize("kind", world.KINDS)
def test_bad_packets_and_links_that_lie_do_no_harm(kind: str) -> None:
    findings = Findings()
    counts = world.run(kind, seed=1, first=0, last=1_500, findings=findings, say=lambda _: None)
    assert not findings.times, findings.words()
    assert sum(counts.values()) == 1_500
