"""Answers from an ordinary zone, as its authority gives them (RFC 1034 §4.3.2, RFC 4592, RFC 6672).

at the name          the records asked for | an alias, followed within the zone | none: the zone's SOA
above it, a cut      a referral: who answers below, and their addresses
above it, a DNAME    the same name below another
nowhere              *.closest name that exists | no such name: the zone's SOA
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import dns.exception
import dns.name
import dns.node
import dns.rcode
import dns.rdataclass
import dns.rdataset
import dns.rdatatype
import dns.rrset
import dns.zone
from dns.rdtypes.ANY.CNAME import CNAME

from resolver.errors import OperatorError

ALIASES_MAX = 8
ZONE_OCTETS_MAX = 16 << 20
ADDRESSES = (dns.rdatatype.A, dns.rdatatype.AAAA)
_TARGETS = {
    dns.rdatatype.NS: "target",
    dns.rdatatype.MX: "exchange",
    dns.rdatatype.SRV: "target",
}  # whose addresses are told unasked
IN = dns.rdataclass.IN


@dataclass(slots=True)
class Found:
    """What an authority says: code, whether it is one, and the three sections."""

    rcode: dns.rcode.Rcode = dns.rcode.NOERROR
    authoritative: bool = True
    answer: list[dns.rrset.RRset] = field(default_factory=list)
    authority: list[dns.rrset.RRset] = field(default_factory=list)
    additional: list[dns.rrset.RRset] = field(default_factory=list)


class OrdinaryZone:
    """A zone read from its file."""

    def __init__(self, zone: dns.zone.Zone) -> None:
        assert zone.origin is not None
        self.origin = zone.origin
        self.nodes: dict[dns.name.Name, dns.node.Node] = dict(zone.nodes)
        # Names that only lie above others exist too: they have no records, and are not "no such name".
        self.existing = {
            name.split(depth)[1] for name in self.nodes for depth in range(len(self.origin), len(name) + 1)
        }
        self.soa = self._rrset(self.origin, dns.rdatatype.SOA)
        assert self.soa is not None
        self.negative = dns.rrset.RRset(self.origin, IN, dns.rdatatype.SOA)
        self.negative.update(self.soa)
        self.negative.ttl = min(self.soa.ttl, self.soa[0].minimum)

    def find(self, name: dns.name.Name, kind: dns.rdatatype.RdataType) -> Found:
        """The answer to a question about a name in the zone."""
        found = Found()
        for _ in range(ALIASES_MAX):
            target = self._step(name, kind, found)
            if target is None or not target.is_subdomain(self.origin):
                return found
            name = target
        return found

    def transfer(self) -> Iterator[dns.rrset.RRset]:
        """All of it, between two of its SOA (RFC 5936)."""
        assert self.soa is not None
        yield self.soa
        for name in sorted(self.nodes):
            for rdataset in self.nodes[name]:
                if rdataset.rdtype != dns.rdatatype.SOA:
                    yield self._owned(name, rdataset)
        yield self.soa

    def _step(self, name: dns.name.Name, kind: dns.rdatatype.RdataType, found: Found) -> dns.name.Name | None:
        """Add what is said of a name; the name to go on with, if it is another's."""
        for depth in range(len(self.origin) + 1, len(name) + 1):
            above = name.split(depth)[1]
            cut = self._rrset(above, dns.rdatatype.NS)
            if cut is not None and not (kind == dns.rdatatype.DS and above == name):
                found.authoritative = bool(found.answer)
                found.authority.append(cut)
                self._add_addresses(cut, found)
                return None
            dname = self._rrset(above, dns.rdatatype.DNAME)
            if dname is not None and above != name:
                target = self._below_another(name, above, dname, found)
                return None if kind == dns.rdatatype.CNAME else target  # the alias itself was asked for
        node = self.nodes.get(name)
        if node is None and name not in self.existing:
            closest = next(
                name.split(depth)[1] for depth in range(len(name), 0, -1) if name.split(depth)[1] in self.existing
            )
            node = self.nodes.get(dns.name.Name((b"*", *closest.labels)))
            if node is None:
                # An alias that leads to nothing is still an answer, whose code tells of the end (RFC 6604 §3).
                found.rcode = dns.rcode.NXDOMAIN
                found.authority.append(self.negative)
                return None
        return self._at(name, node, kind, found)

    def _at(
        self, name: dns.name.Name, node: dns.node.Node | None, kind: dns.rdatatype.RdataType, found: Found
    ) -> dns.name.Name | None:
        if kind == dns.rdatatype.ANY and node is not None:
            found.answer += [self._owned(name, each) for each in node]
            return None
        records = None if node is None else node.get_rdataset(IN, kind)
        if records is None and node is not None and kind != dns.rdatatype.CNAME:
            alias = node.get_rdataset(IN, dns.rdatatype.CNAME)
            if alias is not None:
                found.answer.append(self._owned(name, alias))
                target: dns.name.Name = alias[0].target
                return target
        if records is None:
            found.authority.append(self.negative)
            return None
        rrset = self._owned(name, records)
        found.answer.append(rrset)
        self._add_addresses(rrset, found)
        return None

    def _below_another(
        self, name: dns.name.Name, above: dns.name.Name, dname: dns.rrset.RRset, found: Found
    ) -> dns.name.Name | None:
        found.answer.append(dname)
        try:
            target = name.relativize(above).concatenate(dname[0].target)
        except dns.name.NameTooLong:
            found.rcode = dns.rcode.YXDOMAIN
            return None
        alias = dns.rrset.RRset(name, IN, dns.rdatatype.CNAME)
        alias.add(CNAME(IN, dns.rdatatype.CNAME, target), dname.ttl)
        found.answer.append(alias)
        return target

    def _add_addresses(self, rrset: dns.rrset.RRset, found: Found) -> None:
        key = _TARGETS.get(rrset.rdtype)
        if key is None:
            return
        for record in rrset:
            target = getattr(record, key)
            for kind in ADDRESSES:
                addresses = self._rrset(target, kind)
                if addresses is not None and addresses not in found.additional:
                    found.additional.append(addresses)

    def _rrset(self, name: dns.name.Name, kind: dns.rdatatype.RdataType) -> dns.rrset.RRset | None:
        node = self.nodes.get(name)
        records = None if node is None else node.get_rdataset(IN, kind)
        return None if records is None else self._owned(name, records)

    @staticmethod
    def _owned(name: dns.name.Name, records: dns.rdataset.Rdataset) -> dns.rrset.RRset:
        return dns.rrset.from_rdata_list(name, records.ttl, list(records))


def read_zone(file: Path) -> OrdinaryZone:
    """A zone file. OperatorError with file, line and remedy if it is none."""
    remedy = "Write a zone file with $ORIGIN, SOA and NS (named-checkzone tells more)"
    try:
        if file.stat().st_size > ZONE_OCTETS_MAX:
            raise OperatorError(
                f"larger than {ZONE_OCTETS_MAX >> 20} MB", file=str(file), key="zones", remedy="Serve it elsewhere"
            )
        zone = dns.zone.from_file(str(file), relativize=False)
    except OSError as error:
        raise OperatorError(
            f"cannot be read: {error.strerror}", file=str(file), key="zones", value=file.name, remedy=remedy
        ) from error
    except (dns.exception.DNSException, AssertionError, ValueError) as error:  # it asserts that there is an origin
        raise OperatorError(
            f"no zone file: {str(error).replace(str(file), 'line')}", file=str(file), key="zones", remedy=remedy
        ) from error
    return OrdinaryZone(zone)
