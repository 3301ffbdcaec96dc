"""A network's certificates: made once, one for each administrator, and a chain up to the root."""

from __future__ import annotations

from pathlib import Path

import pytest

from nodes.certificates import PREFIXES_MAX, certificate, make_certificates
from resolver.errors import OperatorError
from resolver.model.identifier import prefix_handle
from resolver.model.question import Answer
from resolver.model.value import Reference, Value
from resolver.rules import keys, trust
from resolver.rules.effects import Find
from resolver.rules.keys import SigningKey
from resolver.rules.trust import Anchor, Reason, Report
from resolver.wire.codes import Code

NOW_S = 1_795_000_000
PREFIXES = (b"88", b"88.118", b"88.118.8", b"88.118.9", b"86.7.5")
KEYS: dict[bytes, SigningKey] = {prefix: keys.generate("ed25519") for prefix in (b"0.NA", *PREFIXES)}
ITEM, VALUES = b"88.118.8/item", (Value(1, b"URL", b"https://example.invalid/1"),)


def follow(folder: Path, signer: bytes, key: SigningKey) -> Report:
    """Verify a record signed by the administrator of a prefix, the certificates standing in the prefix records."""
    data = trust.sign_values(ITEM, VALUES, Reference(prefix_handle(signer), 300), key, now_s=NOW_S, life_s=60)
    anchor = Anchor(b"0.NA/0.NA", (KEYS[b"0.NA"].public_key(),))
    rule = trust.verify(ITEM, (*VALUES, Value(400, b"HS_SIGNATURE", data)), anchor, NOW_S)
    outcome: Answer | None = None
    while True:
        try:
            effect = rule.send(outcome)  # type: ignore[arg-type]
        except StopIteration as stop:
            report: Report = stop.value
            return report
        assert isinstance(effect, Find)
        held = certificate(folder, effect.question.handle[len(b"0.NA/") :])
        found = (Value(400, b"HS_CERT", held),) if held else ()
        outcome = Answer(Code.SUCCESS if found else Code.HANDLE_NOT_FOUND, found)


def test_every_administrator_is_certified_by_the_one_above_up_to_the_root(tmp_path: Path) -> None:
    assert make_certificates(PREFIXES, tmp_path, KEYS.get, NOW_S) == 6
    report = follow(tmp_path, b"88.118.8", KEYS[b"88.118.8"])
    assert report.trusted
    assert [link.claims.subject for link in report.links[1:]] == [
        b"300:0.NA/88.118.8",
        b"300:0.NA/88.118",
        b"300:0.NA/88",
        b"300:0.NA/0.NA",
    ]
    assert follow(tmp_path, b"88", KEYS[b"88"]).trusted
    assert follow(tmp_path, b"0.NA", KEYS[b"0.NA"]).trusted


@pytest.mark.parametrize("neighbour", [b"88.118.9", b"86.7.5"])
def test_neighbours_do_not_speak_for_each_other(tmp_path: Path, neighbour: bytes) -> None:
    make_certificates(PREFIXES, tmp_path, KEYS.get, NOW_S)
    assert follow(tmp_path, neighbour, KEYS[neighbour]).reason is Reason.PERMISSIONS_EXCEEDED


def test_certificates_are_made_once(tmp_path: Path) -> None:
    make_certificates(PREFIXES[:2], tmp_path, KEYS.get, NOW_S)
    before = certificate(tmp_path, b"88")
    assert make_certificates(PREFIXES, tmp_path, KEYS.get, NOW_S + 9) == 3
    assert certificate(tmp_path, b"88") == before
    assert make_certificates(PREFIXES, tmp_path, KEYS.get, NOW_S) == 0


def test_without_keys_nobody_is_certified(tmp_path: Path) -> None:
    assert make_certificates(PREFIXES, tmp_path, lambda prefix: None) == 0
    orphaned = {b"0.NA": KEYS[b"0.NA"], b"88.118": KEYS[b"88.118"]}
    assert make_certificates(PREFIXES, tmp_path, orphaned.get) == 1
    assert certificate(tmp_path, b"88.118") == b""


def test_of_very_many_prefixes_only_the_root_has_one(tmp_path: Path) -> None:
    many = [b"88.%d" % number for number in range(PREFIXES_MAX + 1)]
    assert make_certificates(many, tmp_path, lambda prefix: KEYS[b"0.NA"], NOW_S) == 1
    assert follow(tmp_path, b"0.NA", KEYS[b"0.NA"]).trusted


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "administrators").write_text("in the way")
    with pytest.raises(OperatorError) as refused:
        make_certificates(PREFIXES, tmp_path, KEYS.get)
    assert "administrators" in refused.value.file
