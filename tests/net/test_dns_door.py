"""The DNS door of a running network: identifiers and an ordinary zone, asked with dnspython, dig and unbound."""

from __future__ import annotations

import random
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.opcode
import dns.query
import dns.rcode
import dns.rdatatype
import dns.zone
import pytest
from http_network import CONFIGS, Doors, running
from hypothesis import given
from hypothesis import strategies as st

from nodes.state import status
from resolver.net import dns as door

pytestmark = pytest.mark.network
ZONE_FILE = CONFIGS / "zones" / "industry.example.zone"
ITEM = "JXDY2106023._id.8.118.88.id.example."
Address = tuple[str, int]


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with running(tmp_path_factory.mktemp("dns"), f'\n[doors]\nzones = ["{ZONE_FILE}"]\n') as doors:
        yield doors


def address(doors: Doors, name: str) -> Address:
    ip, port = next(node["dns"] for node in status(doors.run_dir)["nodes"] if node["name"] == name).rsplit(":", 1)
    return ip, int(port)


@pytest.fixture(scope="module")
def national(doors: Doors) -> Address:
    return address(doors, "national-88")


@pytest.fixture(scope="module")
def recursive(doors: Doors) -> Address:
    return address(doors, "recursive-1")


def ask(where: Address, name: str, kind: str, *, tcp: bool = False, payload: int | None = 1_232) -> dns.message.Message:
    query = dns.message.make_query(name, kind, use_edns=None if payload is None else 0, payload=payload or 0)
    if tcp:
        return dns.query.tcp(query, where[0], 30, port=where[1])
    return dns.query.udp(query, where[0], 30, port=where[1], raise_on_truncation=False)


def told(response: dns.message.Message) -> list[str]:
    return [record.to_text() for rrset in response.answer for record in rrset]


# ---- identifiers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["national-88", "recursive-1"])
def test_an_identifier_is_asked_for_by_name(doors: Doors, who: str) -> None:
    where = address(doors, who)
    assert told(ask(where, ITEM, "URI")) == ['10 1 "https://jxdy.example/p/JXDY2106023"']
    assert told(ask(where, ITEM.lower(), "NAPTR")) == [
        '100 10 "u" "hdl+url" "!^.*$!https://jxdy.example/p/JXDY2106023!" .'
    ]
    assert '"index=1 type=URL data=https://jxdy.example/p/JXDY2106023"' in told(ask(where, ITEM, "TXT"))
    assert bool(ask(where, ITEM, "URI").flags & dns.flags.AA) == (who == "national-88")
    assert bool(ask(where, ITEM, "URI").flags & dns.flags.RA) == (who == "recursive-1")


@pytest.mark.parametrize(
    ("name", "kind", "rcode", "answers"),
    [
        (ITEM, "A", "NOERROR", 0),
        ("NOPE._id.8.118.88.id.example.", "URI", "NXDOMAIN", 0),
        ("x._id.99.id.example.", "URI", "NXDOMAIN", 0),
        ("_id.8.118.88.id.example.", "TXT", "NOERROR", 0),
        ("8.118.88.id.example.", "URI", "NOERROR", 0),
        ("118.88.id.example.", "A", "NOERROR", 0),
        ("7.118.88.id.example.", "A", "NXDOMAIN", 0),
        ("=zz._id.8.118.88.id.example.", "URI", "NXDOMAIN", 0),
        ("id.example.", "SOA", "NOERROR", 1),
        ("id.example.", "NS", "NOERROR", 1),
        ("id.example.", "TXT", "NOERROR", 0),
        ("ns.id.example.", "A", "NOERROR", 1),
        ("example.", "SOA", "REFUSED", 0),
        ("example.com.", "A", "REFUSED", 0),
    ],
)
def test_what_is_not_there_says_so_with_the_zones_soa(
    national: Address, name: str, kind: str, rcode: str, answers: int
) -> None:
    response = ask(national, name, kind)
    assert (dns.rcode.to_text(response.rcode()), len(response.answer)) == (rcode, answers)
    if not answers and rcode != "REFUSED":
        (soa,) = response.authority
        assert soa.rdtype == dns.rdatatype.SOA and soa.ttl == soa[0].minimum == 30


def test_ttls_run_down_in_a_cache_and_requests_are_counted(doors: Doors, recursive: Address) -> None:
    first = ask(recursive, ITEM, "URI").answer[0].ttl
    deadline = time.monotonic() + 30
    while (ttl := ask(recursive, ITEM, "URI").answer[0].ttl) >= first:
        assert time.monotonic() < deadline
    assert ttl < first <= 86_400
    page = doors.ask("GET", "/metrics", at=doors.pages["recursive-1"].removeprefix("http://").removesuffix("/metrics"))
    lines = [line for line in page.body.decode().splitlines() if 'transport="dns"' in line]
    assert any(float(line.rsplit(" ", 1)[1]) > 1 for line in lines)


# ---- ordinary names --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["national-88", "recursive-1"])
def test_an_ordinary_name_is_answered_by_both(doors: Doors, who: str) -> None:
    where = address(doors, who)
    for _ in range(2):
        assert told(ask(where, "www.industry.example.", "A")) == ["portal.industry.example.", "192.0.2.80"]
        assert ask(where, "no.industry.example.", "A").rcode() == dns.rcode.NXDOMAIN
        assert told(ask(where, "q.plant.industry.example.", "TXT")) == ['"any plant"']
        assert told(ask(where, "www.industry.example.", "A", tcp=True)) == ["portal.industry.example.", "192.0.2.80"]


def test_a_long_answer_is_cut_over_udp_and_whole_over_tcp(doors: Doors, national: Address) -> None:
    values = [{"index": index, "type": "NOTE", "data": "x" * 200} for index in range(1, 12)]
    owner = {
        "index": 100,
        "type": "HS_ADMIN",
        "data": {"format": "admin", "value": {"handle": "0.NA/88.118.8", "index": 200, "permissions": "111111111111"}},
    }
    assert doors.ask("PUT", "/api/handles/88.118.8/LONG", [*values, owner], headers=doors.basic()).code == 1
    name = "LONG._id.8.118.88.id.example."
    for payload in (None, 512, 1_232, 4_096):
        cut = ask(national, name, "TXT", payload=payload)
        assert cut.flags & dns.flags.TC and not cut.answer
        assert len(cut.to_wire()) <= 512
    whole = ask(national, name, "TXT", tcp=True)
    assert len(told(whole)) == 12 and not whole.flags & dns.flags.TC


def test_everything_at_once_is_told_over_tcp_only(national: Address) -> None:
    assert told(ask(national, "portal.industry.example.", "ANY")) == ['"RFC8482" ""']
    assert len(told(ask(national, "portal.industry.example.", "ANY", tcp=True))) == 2
    assert {rrset.rdtype for rrset in ask(national, ITEM, "ANY", tcp=True).answer} == {
        dns.rdatatype.TXT,
        dns.rdatatype.URI,
        dns.rdatatype.NAPTR,
    }
    assert ask(national, "no.industry.example.", "ANY").rcode() == dns.rcode.NXDOMAIN


@pytest.mark.skipif(shutil.which("named-checkzone") is None, reason="no named-checkzone (Debian's bind9-utils)")
def test_a_transfer_is_a_zone_that_bind_accepts(national: Address, tmp_path: Path) -> None:
    messages = dns.query.xfr(national[0], "industry.example.", port=national[1], relativize=False, lifetime=30)
    copied = dns.zone.from_xfr(messages, relativize=False)
    assert copied == dns.zone.from_file(str(ZONE_FILE), relativize=False)
    file = tmp_path / "copy.zone"
    copied.to_file(str(file), relativize=False)
    checked = subprocess.run(["named-checkzone", "industry.example", file], capture_output=True, text=True, check=False)
    assert checked.returncode == 0 and "loaded serial 2026112501" in checked.stdout, checked.stdout


def test_what_is_nobodys_to_copy_is_refused(national: Address, recursive: Address) -> None:
    for where, zone in ((national, "id.example."), (national, "x.industry.example."), (recursive, "industry.example.")):
        query = dns.message.make_query(zone, "AXFR")
        assert dns.query.tcp(query, where[0], 30, port=where[1]).rcode() == dns.rcode.REFUSED


@pytest.mark.skipif(shutil.which("dig") is None, reason="no dig (Debian's bind9-dnsutils)")
def test_dig_finds_both(national: Address, recursive: Address) -> None:
    for where, name, kind, said in (
        (recursive, ITEM, "URI", '10 1 "https://jxdy.example/p/JXDY2106023"'),
        (national, "mail.industry.example.", "A", "192.0.2.25"),
    ):
        command = ["dig", f"@{where[0]}", "-p", str(where[1]), name, kind, "+short", "+time=20", "+tries=1"]
        assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == said


@contextmanager
def unbound(folder: Path, recursive: Address) -> Iterator[Address]:
    """A resolver of its own that forwards our zones to our recursive node."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    forwards = "".join(
        f'forward-zone:\n  name: "{zone}"\n  forward-addr: {recursive[0]}@{recursive[1]}\n'
        for zone in ("id.example.", "industry.example.")
    )
    file = folder / "unbound.conf"
    file.write_text(
        f'server:\n  interface: 127.0.0.1@{port}\n  directory: "{folder}"\n  chroot: ""\n  username: ""\n'
        f'  pidfile: "{folder}/pid"\n  use-syslog: no\n  logfile: "{folder}/log"\n  do-not-query-localhost: no\n'
        f'  module-config: "iterator"\n  access-control: 127.0.0.0/8 allow\n  num-threads: 1\n{forwards}'
        "remote-control:\n  control-enable: no\n"
    )
    process = subprocess.Popen([UNBOUND or "", "-d", "-c", str(file)], stderr=subprocess.DEVNULL)
    try:
        yield "127.0.0.1", port
    finally:
        process.terminate()
        process.wait(20)


UNBOUND = shutil.which("unbound") or (str(found) if (found := Path("/usr/sbin/unbound")).exists() else None)


@pytest.mark.skipif(UNBOUND is None, reason="no unbound (Debian's package unbound)")
def test_unbound_forwards_to_us(recursive: Address, tmp_path: Path) -> None:
    with unbound(tmp_path, recursive) as where:
        deadline = time.monotonic() + 30
        while True:  # until it listens
            try:
                response = dns.query.udp(dns.message.make_query(ITEM, "URI"), where[0], 2, port=where[1])
                break
            except dns.exception.Timeout:
                assert time.monotonic() < deadline
        assert told(response) == ['10 1 "https://jxdy.example/p/JXDY2106023"']
        assert told(ask(where, "www.industry.example.", "A")) == ["portal.industry.example.", "192.0.2.80"]
        assert ask(where, "NOPE._id.8.118.88.id.example.", "URI").rcode() == dns.rcode.NXDOMAIN


# ---- bad input -------------------------------------------------------------------------------------------------------


def heard(where: Address, packet: bytes) -> bytes | None:
    """The answer to one packet, by way of a second one that is always answered."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        link.settimeout(30)
        link.connect(where)
        link.send(packet)
        last = dns.message.make_query("id.example.", "SOA", id=0x7777).to_wire()
        link.send(last)
        answers = [link.recv(4_096)]
        while answers[-1][:2] != b"\x77\x77":
            answers.append(link.recv(4_096))
        link.settimeout(0.2)
        with suppress(TimeoutError):
            answers.append(link.recv(4_096))
        return next((answer for answer in answers if answer[:2] != b"\x77\x77"), None)


HEAD = bytes.fromhex("12340100 0001 0000 0000 0000")


@pytest.mark.parametrize(
    ("packet", "rcode"),
    [
        (b"", None),
        (b"\x12\x34", None),
        (b"\x12\x34\x81" + HEAD[3:], None),  # a response
        (HEAD, dns.rcode.FORMERR),
        (HEAD + b"\xc0\x0c\x00\x01\x00\x01", dns.rcode.FORMERR),  # a name that points to itself
        (HEAD + b"\x3f" + b"x" * 20, dns.rcode.FORMERR),
        (HEAD + b"\x02id\x07example\x00\x00\x06\x00\x03", dns.rcode.REFUSED),  # class CHAOS
        (HEAD + b"\x02id\x07example\x00\x00\xfc\x00\x01", dns.rcode.REFUSED),  # AXFR over UDP
        (HEAD + b"\x02id\x07example\x00\x00\xfa\x00\x01", dns.rcode.NOTIMP),  # a type that is no record's
        (b"\x12\x34\x28" + HEAD[3:] + b"\x02id\x07example\x00\x00\x06\x00\x01", dns.rcode.NOTIMP),  # UPDATE
        (b"\x12\x34\x10" + HEAD[3:] + b"\x02id\x07example\x00\x00\x06\x00\x01", dns.rcode.NOTIMP),  # STATUS
        (HEAD[:5] + b"\x02" + HEAD[6:] + b"\x02id\x00\x00\x06\x00\x01" * 2, dns.rcode.FORMERR),  # two questions
        (HEAD[:4] + b"\xff\xff" + HEAD[6:], dns.rcode.FORMERR),
    ],
)
def test_what_is_odd_has_its_code_or_silence(national: Address, packet: bytes, rcode: int | None) -> None:
    answer = heard(national, packet)
    assert (None if answer is None else dns.message.from_wire(answer, question_only=True).rcode()) == rcode


def test_an_edns_version_nobody_knows_is_told_so(national: Address) -> None:
    query = dns.message.make_query("id.example.", "SOA", use_edns=1)
    assert dns.query.udp(query, national[0], 30, port=national[1]).rcode() == dns.rcode.BADVERS


@given(st.binary(max_size=80), st.integers(0, 255), st.randoms())
def test_no_octets_bring_the_door_down(national: Address, tail: bytes, flags: int, chance: random.Random) -> None:
    whole = dns.message.make_query(ITEM, "URI", id=1).to_wire()
    changed = bytearray(whole)
    changed[chance.randrange(2, len(changed))] ^= 1 << chance.randrange(8)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        link.settimeout(30)
        link.connect(national)
        for packet in (bytes(changed), whole[:2] + bytes([flags & 0x7F]) + whole[3:12] + tail, whole + tail):
            link.send(packet)
        link.send(dns.message.make_query("id.example.", "SOA", id=0x7777).to_wire())
        while link.recv(4_096)[:2] != b"\x77\x77":
            pass


def test_beyond_its_rate_a_source_is_told_to_come_by_tcp() -> None:
    rates = door.Rates(per_s=10)
    taken = [rates.take("192.0.2.1", 100.0) for _ in range(30)]
    assert taken == [True] * 20 + [False] * 10
    assert rates.take("192.0.2.2", 100.0) and not rates.take("192.0.2.1", 100.0)
    assert rates.take("192.0.2.1", 100.5)
    query = dns.message.make_query(ITEM, "TXT", id=9).to_wire()
    cut = dns.message.from_wire(door._cut(query), raise_on_truncation=False)
    assert cut.flags & dns.flags.TC and cut.id == 9 and len(door._cut(query)) <= len(query)
