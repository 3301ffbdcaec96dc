"""A short run of the fuzzer over the codec, and that its packets can be made again."""

from __future__ import annotations

from fuzz import codec
from fuzz.findings import Findings
from fuzz.packets import Damage, recorded


def test_two_thousand_bad_packets_do_no_harm_to_the_codec() -> None:
    findings = Findings()
    counts = codec.run(seed=1, first=0, last=2_000, findings=findings, say=lambda _: None)
    assert not findings.times, findings.words()
    assert counts["decoded"] + counts["refused"] == 2_000
    assert min(counts["decoded"], counts["refused"]) > 400, (
        "damage that all falls, or all passes, at the first check tries nothing"
    )


def test_a_packet_depends_on_seed_stream_and_number_only() -> None:
    whole = Damage(7, "codec", recorded())
    packets = [whole.packet(number) for number in range(200)]
    assert [Damage(7, "codec", recorded()).packet(number) for number in reversed(range(200))] == packets[::-1]
    assert [Damage(8, "codec", recorded()).packet(number) for number in range(200)] != packets


def test_a_finding_says_how_to_make_it_again() -> None:
    findings = Findings()
    for number in range(3):
        with findings.watching("codec", number, b"\1\2"):
            raise ZeroDivisionError
    assert findings.total == 3
    assert "--phase codec --first 0 --packets 1" in findings.words() and "0102" in findings.words()
