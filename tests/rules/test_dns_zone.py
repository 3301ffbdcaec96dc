"""Answers from a zone: each rule of RFC 1034 §4.3.2, RFC 4592 and RFC 6672 once, on the zone that we ship."""

from __future__ import annotations

from pathlib import Path

import dns.name
import dns.rcode
import dns.rdatatype
import pytest

from resolver.errors import OperatorError
from resolver.rules.dns_zone import OrdinaryZone, read_zone

FILE = Path(__file__).parents[2] / "configs" / "zones" / "industry.example.zone"
Z = "industry.example."


@pytest.fixture(scope="module")
def zone() -> OrdinaryZone:
    return read_zone(FILE)


@pytest.mark.parametrize(
    ("name", "kind", "rcode", "aa", "answer", "authority"),
    [
        ("ns1", "A", "NOERROR", True, ["A"], []),
        ("NS1", "A", "NOERROR", True, ["A"], []),
        ("ns1", "AAAA", "NOERROR", True, [], ["SOA"]),
        ("@", "SOA", "NOERROR", True, ["SOA"], []),
        ("@", "NS", "NOERROR", True, ["NS"], []),
        ("www", "A", "NOERROR", True, ["CNAME", "A"], []),
        ("www", "CNAME", "NOERROR", True, ["CNAME"], []),
        ("www", "TXT", "NOERROR", True, ["CNAME"], ["SOA"]),
        ("shop", "A", "NOERROR", True, ["CNAME"], []),
        ("lost", "A", "NXDOMAIN", True, ["CNAME"], ["SOA"]),
        ("nowhere", "A", "NXDOMAIN", True, [], ["SOA"]),
        ("c", "A", "NOERROR", True, [], ["SOA"]),
        ("b.c", "A", "NOERROR", True, [], ["SOA"]),
        ("x.b.c", "A", "NXDOMAIN", True, [], ["SOA"]),
        ("any.plant", "A", "NOERROR", True, ["A"], []),
        ("any.any.plant", "TXT", "NOERROR", True, ["TXT"], []),
        ("line1.plant", "A", "NOERROR", True, ["A"], []),
        ("line1.plant", "TXT", "NOERROR", True, [], ["SOA"]),
        ("x.line1.plant", "A", "NXDOMAIN", True, [], ["SOA"]),
        ("plant", "A", "NOERROR", True, [], ["SOA"]),
        ("jiangsu", "A", "NOERROR", False, [], ["NS"]),
        ("x.jiangsu", "A", "NOERROR", False, [], ["NS"]),
        ("jiangsu", "NS", "NOERROR", False, [], ["NS"]),
        ("jiangsu", "DS", "NOERROR", True, [], ["SOA"]),
        ("x.old", "A", "NOERROR", True, ["DNAME", "CNAME", "A"], []),
        ("y.old", "A", "NXDOMAIN", True, ["DNAME", "CNAME"], ["SOA"]),
        ("x.old", "CNAME", "NOERROR", True, ["DNAME", "CNAME"], []),
        ("old", "DNAME", "NOERROR", True, ["DNAME"], []),
        ("old", "A", "NOERROR", True, [], ["SOA"]),
        ("portal", "ANY", "NOERROR", True, ["A", "AAAA"], []),
    ],
)
def test_a_question_has_its_answer(
    zone: OrdinaryZone, name: str, kind: str, rcode: str, aa: bool, answer: list[str], authority: list[str]
) -> None:
    asked = dns.name.from_text(Z if name == "@" else f"{name}.{Z}")
    found = zone.find(asked, dns.rdatatype.from_text(kind))
    kinds = [[dns.rdatatype.to_text(each.rdtype) for each in part] for part in (found.answer, found.authority)]
    assert (dns.rcode.to_text(found.rcode), found.authoritative, *kinds) == (rcode, aa, answer, authority)


def test_addresses_of_servers_are_told_unasked_and_negative_answers_live_as_the_zone_says(zone: OrdinaryZone) -> None:
    found = zone.find(dns.name.from_text(Z), dns.rdatatype.NS)
    assert [str(each.name) for each in found.additional] == [f"ns1.{Z}", f"ns2.{Z}", f"ns2.{Z}"]
    cut = zone.find(dns.name.from_text(f"x.jiangsu.{Z}"), dns.rdatatype.A)
    assert [str(each.name) for each in cut.additional] == [f"ns.jiangsu.{Z}"]
    assert zone.find(dns.name.from_text(f"no.{Z}"), dns.rdatatype.A).authority[0].ttl == 300


def test_a_wildcard_answers_in_the_name_that_was_asked(zone: OrdinaryZone) -> None:
    asked = dns.name.from_text(f"any.plant.{Z}")
    assert zone.find(asked, dns.rdatatype.A).answer[0].name == asked


def test_aliases_that_go_in_a_circle_end(tmp_path: Path) -> None:
    file = tmp_path / "circle.zone"
    file.write_text(
        "$ORIGIN c.example.\n$TTL 60\n@ SOA ns h 1 1 1 1 1\n@ NS ns\nns A 192.0.2.1\na CNAME b\nb CNAME a\n"
    )
    found = read_zone(file).find(dns.name.from_text("a.c.example."), dns.rdatatype.A)
    assert 2 <= len(found.answer) <= 8


def test_a_transfer_has_everything_between_two_soa(zone: OrdinaryZone) -> None:
    records = list(zone.transfer())
    assert records[0] == records[-1] and records[0].rdtype == dns.rdatatype.SOA
    assert sum(each.rdtype == dns.rdatatype.SOA for each in records) == 2 and len(records) > 20


@pytest.mark.parametrize(
    "text", ["", "$ORIGIN x.example.\n@ A 192.0.2.1\n", "$ORIGIN x.example.\n@ SOA nonsense\n", "\x00\xff"]
)
def test_what_is_no_zone_is_refused_with_its_file(tmp_path: Path, text: str) -> None:
    file = tmp_path / "bad.zone"
    file.write_text(text)
    with pytest.raises(OperatorError) as refused:
        read_zone(file)
    assert "bad.zone" in str(refused.value) and refused.value.remedy
