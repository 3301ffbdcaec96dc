"""Ten thousand questions about one zone, asked of us and of NSD: no difference that is not explained here.

Compared are the code, the flag AA, the records of the answer with their TTLs, and of the authority section the SOA of a
negative answer and the NS of a referral. Not compared: what is told unasked (NS beside an answer, addresses), where
either may be brief; and ANY, to which we say what RFC 8482 says.
"""

from __future__ import annotations

import random
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dns.exception
import dns.flags
import dns.message
import dns.query
import dns.rcode
import dns.rdatatype
import pytest
from http_network import running

from nodes.state import status

NSD = shutil.which("nsd") or (str(found) if (found := Path("/usr/sbin/nsd")).exists() else None)
pytestmark = [pytest.mark.network, pytest.mark.long]
QUESTIONS, ORIGIN = 10_000, "compare.example."
KINDS = ("A", "AAAA", "TXT", "MX", "NS", "SOA", "CNAME", "SRV", "DS", "DNAME", "PTR")
Address = tuple[str, int]


def zone_text(chance: random.Random) -> tuple[str, list[str]]:
    """A zone with every construct, some hundred times, and the names that it has."""
    lines = [f"$ORIGIN {ORIGIN}", "$TTL 900", "@ SOA ns1 host ( 7 3600 600 86400 120 )", "@ NS ns1", "@ NS ns2"]
    lines += ["ns1 A 192.0.2.1", "ns2 A 192.0.2.2", "@ MX 10 mail", "mail A 192.0.2.3"]
    names = ["@", "ns1", "ns2", "mail"]
    for number in range(120):
        name = f"n{number}"
        match number % 8:
            case 0:
                lines += [f"{name} A 192.0.2.{number + 1}", f"{name} AAAA 2001:db8::{number:x}"]
            case 1:
                lines.append(f"{name} CNAME n{chance.randrange(140)}")
            case 2:
                lines += [f"*.{name} A 192.0.2.9", f"*.{name} TXT wild", f"x.{name} TXT exact"]
            case 3:
                lines += [f"{name} NS ns.{name}", f"{name} NS ns1", f"ns.{name} A 192.0.2.77"]
            case 4:
                lines += [f"a.b.{name} TXT deep", f"{name} {chance.randrange(1, 900)} TXT short"]
            case 5:
                lines += [f"{name} DNAME n{number + 1}", f"{name} TXT beside"]
            case 6:
                lines += [f"{name} MX 5 mail", f"y.{name} A 192.0.2.11", f"_s._tcp.{name} SRV 1 1 80 mail"]
            case _:
                lines.append(f"*.{name} CNAME mail")
        names.append(name)
    return "\n".join(lines) + "\n", names


@contextmanager
def nsd(folder: Path, zone: Path) -> Iterator[Address]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    file = folder / "nsd.conf"
    file.write_text(
        f'server:\n  ip-address: 127.0.0.1@{port}\n  zonesdir: "{folder}"\n  pidfile: "{folder}/pid"\n  username: ""\n'
        f'  logfile: "{folder}/log"\n  database: ""\n  xfrdfile: "{folder}/xfrd"\n  xfrdir: "{folder}"\n'
        f'  zonelistfile: "{folder}/list"\n  chroot: ""\n  server-count: 1\n'
        "  rrl-ratelimit: 0\n  rrl-whitelist-ratelimit: 0\nremote-control:\n  control-enable: no\n"
        f'zone:\n  name: "{ORIGIN}"\n  zonefile: "{zone}"\n'
    )
    process = subprocess.Popen([NSD or "", "-d", "-c", str(file)], stderr=subprocess.DEVNULL)
    try:
        yield "127.0.0.1", port
    finally:
        process.terminate()
        process.wait(20)


def said(link: socket.socket, query: dns.message.Message) -> tuple[object, ...]:
    """What is compared of the answer to a query."""
    link.send(query.to_wire())
    while True:
        response = dns.message.from_wire(link.recv(65_536))
        if response.id == query.id:
            break

    def records(section: list[dns.rrset.RRset], *kinds: str) -> list[str]:
        wanted = [each for each in section if not kinds or dns.rdatatype.to_text(each.rdtype) in kinds]
        return sorted(f"{each.name} {each.ttl} {record.to_text()}".lower() for each in wanted for record in each)

    answer = records(response.answer)
    beside = records(response.authority, "SOA") if answer else records(response.authority, "SOA", "NS")
    authoritative = bool(response.flags & dns.flags.AA)
    return dns.rcode.to_text(response.rcode()), authoritative, answer, beside


def connected(where: Address) -> socket.socket:
    link = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    link.settimeout(30)
    link.connect(where)
    return link


@pytest.mark.skipif(NSD is None, reason="no nsd (Debian's package nsd)")
def test_we_answer_as_nsd_does(tmp_path: Path) -> None:
    chance = random.Random(7)
    text, names = zone_text(chance)
    zone = tmp_path / "compare.zone"
    zone.write_text(text)
    with running(tmp_path, f'\n[doors]\nzones = ["{zone}"]\n') as doors, nsd(tmp_path, zone) as theirs:
        ip, port = next(each["dns"] for each in status(doors.run_dir)["nodes"] if each["tier"] == "national").split(":")
        deadline = time.monotonic() + 30
        while True:
            try:
                dns.query.udp(dns.message.make_query(ORIGIN, "SOA"), theirs[0], 1, port=theirs[1])
                break
            except (dns.exception.Timeout, OSError):
                assert time.monotonic() < deadline
        compared, differences = 0, []
        with connected((ip, int(port))) as ours, connected(theirs) as other:
            for number in range(QUESTIONS):
                labels = [
                    chance.choice(["", "x", "y", "a.b", "b", "ns", "_s._tcp", "q.q"]),
                    chance.choice([*names, "zz"]),
                ]
                name = ".".join(label for label in labels if label and label != "@")
                kind = chance.choice(KINDS)
                query = dns.message.make_query(f"{name}.{ORIGIN}" if name else ORIGIN, kind, use_edns=0, id=number)
                query.flags &= ~dns.flags.RD
                mine, expected = said(ours, query), said(other, query)
                compared += 1
                if mine != expected:
                    differences.append((name, kind, mine, expected))
    assert compared == QUESTIONS
    assert not differences, differences[:5]
