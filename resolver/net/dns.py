"""The DNS door of national and recursive nodes: UDP and TCP, in the words of dnspython (docs/dns.md).

    question -> below the identifiers' zone?  the node is asked for the identifier, by its own decision path
             -> in an ordinary zone?          the national node answers from its zones, AXFR included;
                                              a recursive node asks one, and remembers
             -> else                          REFUSED

What cannot be read is FORMERR, or silence where not even the header can; another operation is NOTIMP; a response is
never answered. Over UDP an answer has at most what the asker takes, and never more than UDP_OCTETS_MAX: what is longer
is cut to nothing but the flag that says so. Beyond a rate, a source gets just that.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import time
from collections import OrderedDict
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import dns.asyncquery
import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.query
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rdtypes.ANY.HINFO
import dns.rrset
import dns.tsig

from resolver.errors import OperatorError, PeerError
from resolver.net.http.door import Asked, is_local
from resolver.net.pump import Pump
from resolver.net.sockets import open_tcp, open_udp
from resolver.rules import dns_names, dns_records, rest
from resolver.rules.dns_names import NoName
from resolver.rules.dns_zone import Found, OrdinaryZone
from resolver.rules.petition import petition
from resolver.wire.bodies.resolution import ResolutionAnswer
from resolver.wire.codes import Code

IN: Final = dns.rdataclass.IN
PLAIN_OCTETS, UDP_OCTETS_MAX = 512, 1_232  # without EDNS, and what goes through everywhere (DNS flag day 2020)
QUERY_OCTETS_MAX = 4_096
HEADER_OCTETS = 12
BATCH = 64  # datagrams taken before others have their turn
UNDER_WAY_MAX = 2_000  # questions of one node that wait for something
CONNECTIONS_MAX, PIPELINED_MAX = 200, 100
IDLE_S = 15.0
WIRE_MAX = 20_000  # finished answers from zones, which never change
REMEMBERED_MAX, TTL_MAX_S = 10_000, 86_400  # answers of other servers
FORWARD_LIMIT_S = 2.0
NEGATIVE_TTL_S, SOA_TTL_S = 30, 3_600
TRANSFER_RECORDS = 100  # in one message
SOURCES_MAX = 10_000
ANY_TTL_S = 3_600
FAILED = frozenset({Code.ERROR, Code.SERVER_TOO_BUSY, Code.RECURSION_COUNT_TOO_HIGH, Code.SERVER_BACKUP})
ABSENT = frozenset({Code.HANDLE_NOT_FOUND, Code.SERVER_NOT_RESP, Code.INVALID_HANDLE})
REFUSED, FORMERR, SERVFAIL = dns.rcode.REFUSED, dns.rcode.FORMERR, dns.rcode.SERVFAIL


@dataclass(slots=True)
class Rates:
    """How many answers a source may have in a second, and in one go: twice that (a token bucket per address)."""

    per_s: int
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)  # tokens, and when

    def take(self, source: str, now_s: float) -> bool:
        """Count an answer; False if it is too much."""
        if not self.per_s:
            return True
        tokens, then_s = self._left.pop(source, (2.0 * self.per_s, now_s))
        tokens = min(2.0 * self.per_s, tokens + (now_s - then_s) * self.per_s)
        if len(self._left) >= SOURCES_MAX:
            self._left.popitem(last=False)
        self._left[source] = (max(0.0, tokens - 1), now_s)
        return tokens >= 1


@dataclass(slots=True)
class DnsPlace:
    """What a node answers by DNS. `zone`: the identifiers'; `zones`: ordinary ones, of a national node; `servers`: of
    the national nodes that have them, whom a recursive node asks, for names below `origins`.
    """

    name: str
    pump: Pump
    zone: dns.name.Name
    authoritative: bool
    own: str  # address of the node itself
    zones: Sequence[OrdinaryZone] = ()
    origins: Sequence[dns.name.Name] = ()
    servers: Sequence[tuple[str, int]] = ()
    answers_per_s: int = 0


class DnsDoor:
    """The door of one node."""

    def __init__(self, place: DnsPlace) -> None:
        self.place = place
        self.rates = Rates(place.answers_per_s)
        self._udp: socket.socket | None = None
        self._server: asyncio.Server | None = None
        self._wire: dict[bytes, bytes] = {}
        self._remembered: OrderedDict[tuple[dns.name.Name, int], tuple[Found, float, float]] = OrderedDict()
        self._under_way: set[asyncio.Task[None]] = set()
        self._soa = _soa(place)

    def configure(self, answers_per_s: int) -> None:
        """Go on with another bound."""
        if answers_per_s != self.place.answers_per_s:
            self.place.answers_per_s = answers_per_s
            self.rates = Rates(answers_per_s)

    async def open(self, ip: str, port: int) -> None:
        """Listen. OperatorError if the address cannot be had."""
        self._udp = open_udp(ip, port)
        try:
            self._server = await asyncio.start_server(self._stream, sock=open_tcp(ip, port))
        except BaseException:
            self._udp.close()
            raise
        asyncio.get_running_loop().add_reader(self._udp, self._readable)

    async def close(self) -> None:
        """Listen no longer."""
        for task in list(self._under_way):
            task.cancel()
        if self._udp is not None:
            asyncio.get_running_loop().remove_reader(self._udp)
            self._udp.close()
        if self._server is not None:
            self._server.close()

    # -- datagrams and streams ----------------------------------------------------------------------------------

    def _readable(self) -> None:
        assert self._udp is not None
        now_s = time.monotonic()
        for _ in range(BATCH):
            try:
                packet, source = self._udp.recvfrom(QUERY_OCTETS_MAX)
            except OSError:
                return
            if not self.rates.take(source[0], now_s):
                self.place.pump.node.drop("dns rate")
                if len(packet) >= HEADER_OCTETS and not packet[2] & 0x80:
                    self._send(_cut(packet), source)  # whoever asks in earnest comes again over TCP
                continue
            finished = self._wire.get(packet[2:])
            if finished is not None:
                self._send(packet[:2] + finished, source)
            else:
                self._begin(self._datagram(packet, source))

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        if len(self._under_way) >= UNDER_WAY_MAX:
            work.close()
            self.place.pump.node.drop("busy")
            return
        task = asyncio.get_running_loop().create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _datagram(self, packet: bytes, source: tuple[str, int]) -> None:
        query = self._read(packet)
        if query is None:
            return
        response, lasting = await self._respond(query, source, stream=False)
        size = min(max(query.payload, PLAIN_OCTETS), UDP_OCTETS_MAX) if query.edns >= 0 else PLAIN_OCTETS
        octets = _octets(response, size)
        if lasting and len(self._wire) < WIRE_MAX:
            self._wire[packet[2:]] = octets[2:]
        self._send(octets, source)

    def _send(self, octets: bytes, source: tuple[str, int]) -> None:
        if self._udp is None or self._udp.fileno() < 0:
            return
        try:
            self._udp.sendto(octets, source)
        except OSError:
            self.place.pump.node.drop("send buffer full")

    async def _stream(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        if len(self._under_way) >= UNDER_WAY_MAX or self._streams() >= CONNECTIONS_MAX:
            self.place.pump.node.drop("connections")
            writer.transport.abort()
            return
        task.set_name(_STREAM)
        self._under_way.add(task)
        source = writer.get_extra_info("peername")[:2]
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
                for _ in range(PIPELINED_MAX):
                    async with asyncio.timeout(IDLE_S):
                        (length,) = struct.unpack(">H", await reader.readexactly(2))
                        packet = await reader.readexactly(length)
                    async with asyncio.timeout(IDLE_S):
                        if not await self._answer_stream(packet, source, writer):
                            break
        finally:
            self._under_way.discard(task)
            writer.close()

    def _streams(self) -> int:
        return sum(task.get_name() == _STREAM for task in self._under_way)

    async def _answer_stream(self, packet: bytes, source: tuple[str, int], writer: asyncio.StreamWriter) -> bool:
        """Answer one question of a stream; whether more may come."""
        query = self._read(packet)
        if query is None:
            return False
        question = query.question[0] if len(query.question) == 1 else None
        if question is not None and query.opcode() == dns.opcode.QUERY and question.rdtype in TRANSFERS:
            return await self._transfer(query, question, source, writer)
        response, _ = await self._respond(query, source, stream=True)
        await _write(writer, _octets(response, 65_535))
        return True

    async def _transfer(
        self,
        query: dns.message.Message,
        question: dns.rrset.RRset,
        source: tuple[str, int],
        writer: asyncio.StreamWriter,
    ) -> bool:
        zone = next((zone for zone in self.place.zones if zone.origin == question.name), None)
        if zone is None or not is_local(source) or question.rdclass != IN:
            await _write(writer, _octets(_refused(query), 65_535))
            return True
        response = self._response(query)
        for rrset in zone.transfer():
            response.answer.append(rrset)
            if len(response.answer) >= TRANSFER_RECORDS:
                await _write(writer, _octets(response, 65_535))
                response = self._response(query)
                response.question = []
        await _write(writer, _octets(response, 65_535))
        return True

    # -- questions ----------------------------------------------------------------------------------------------

    def _read(self, packet: bytes) -> dns.message.Message | None:
        """The query in a packet, or one that says what is wrong with it; None: silence."""
        if len(packet) < HEADER_OCTETS or packet[2] & 0x80:
            self.place.pump.node.drop("runt" if len(packet) < HEADER_OCTETS else "refusal")
            return None
        try:
            query = dns.message.from_wire(packet)
        except (dns.exception.DNSException, ValueError, IndexError, struct.error):
            query = dns.message.QueryMessage(id=int.from_bytes(packet[:2], "big"))
            query.flags = (packet[2] << 8) & 0x7900  # opcode and RD
        return query

    async def _respond(
        self, query: dns.message.Message, source: tuple[str, int], *, stream: bool
    ) -> tuple[dns.message.Message, bool]:
        """The response to a query, and whether it will be the same for ever."""
        response = self._response(query)
        response.flags &= ~dns.flags.AA
        refusal = _refusal(query)
        if refusal is not None:
            response.set_rcode(refusal)
            return response, False
        (question,) = query.question
        name, kind = question.name, question.rdtype
        try:
            found = await self._found(name, kind, source)
        except (PeerError, OSError, TimeoutError, dns.exception.DNSException):
            found = Found(SERVFAIL, False)
        if kind == dns.rdatatype.ANY and found.answer and not stream:
            # RFC 8482: over UDP, who asks for everything is mostly not who will get it.
            found = Found(found.rcode, found.authoritative, [_any(name)])
        response.set_rcode(found.rcode)
        if found.authoritative and self.place.authoritative:
            response.flags |= dns.flags.AA
        response.answer, response.authority = list(found.answer), list(found.authority)
        response.additional = list(found.additional)
        return response, self.place.authoritative and not name.is_subdomain(self.place.zone)

    def _response(self, query: dns.message.Message) -> dns.message.Message:
        response = dns.message.make_response(query, recursion_available=not self.place.authoritative)
        if query.edns >= 0:
            response.use_edns(0, payload=UDP_OCTETS_MAX, ednsflags=0)
        response.flags |= dns.flags.AA if self.place.authoritative else 0
        return response

    async def _found(self, name: dns.name.Name, kind: dns.rdatatype.RdataType, source: tuple[str, int]) -> Found:
        if name.is_subdomain(self.place.zone):
            return await self._identifier(name, kind, source)
        inside = [zone for zone in self.place.zones if name.is_subdomain(zone.origin)]
        if inside:
            return max(inside, key=lambda zone: len(zone.origin)).find(name, kind)
        if any(name.is_subdomain(origin) for origin in self.place.origins):
            return await self._forwarded(name, kind)
        return Found(REFUSED, False)

    # -- identifiers --------------------------------------------------------------------------------------------

    async def _identifier(self, name: dns.name.Name, kind: int, source: tuple[str, int]) -> Found:
        zone = self.place.zone
        labels = name.relativize(zone).labels
        if not labels:
            return self._apex(name, kind)
        if labels == (b"ns",):
            return self._server_of_zone(name, kind)
        try:
            handle = dns_names.handle_of(labels)
            between = handle is None
            if handle is None:  # the separator's own name exists if the prefix does
                handle = dns_names.handle_of(labels[1:])
                assert handle is not None
        except NoName:
            return self._nothing(dns.rcode.NXDOMAIN)
        asked = Asked(self.place.pump, source, "dns")
        call = rest.resolution(handle, (), known=False)
        try:
            (message, *_) = await asked.drive(petition(call.opcode, call.body, asked.terms(), None, call.flags))
        finally:
            asked.hang_up()
        code = message.header.code
        if code in ABSENT:
            return self._nothing(dns.rcode.NXDOMAIN)
        if code in FAILED:
            return Found(SERVFAIL, False)
        values = message.body.values if isinstance(message.body, ResolutionAnswer) else ()
        kinds = dns_records.KINDS if kind == dns.rdatatype.ANY else (kind,)
        made = [] if between else [dns_records.rdataset(values, each) for each in kinds]
        answer = [dns.rrset.from_rdata_list(name, each.ttl, list(each)) for each in made if each is not None]
        return Found(answer=answer) if answer else self._nothing(dns.rcode.NOERROR)

    def _nothing(self, rcode: dns.rcode.Rcode) -> Found:
        return Found(rcode, authority=[_negative(self._soa)])

    def _apex(self, name: dns.name.Name, kind: int) -> Found:
        if kind == dns.rdatatype.SOA:
            return Found(answer=[self._soa])
        if kind == dns.rdatatype.NS:
            server = dns.name.Name((b"ns", *name.labels))
            found = self._server_of_zone(server, dns.rdatatype.A)
            return Found(answer=[dns.rrset.from_text(name, SOA_TTL_S, IN, "NS", str(server))], additional=found.answer)
        return self._nothing(dns.rcode.NOERROR)

    def _server_of_zone(self, name: dns.name.Name, kind: int) -> Found:
        wanted = dns.rdatatype.AAAA if ":" in self.place.own else dns.rdatatype.A
        if kind != wanted:
            return self._nothing(dns.rcode.NOERROR)
        address = dns.rrset.from_text(name, SOA_TTL_S, IN, dns.rdatatype.to_text(wanted), self.place.own)
        return Found(answer=[address])

    # -- ordinary names, of a recursive node --------------------------------------------------------------------

    async def _forwarded(self, name: dns.name.Name, kind: dns.rdatatype.RdataType) -> Found:
        now_s = time.monotonic()
        known = self._remembered.get((name, kind))
        if known is not None and now_s < known[2]:
            return _aged(known[0], int(now_s - known[1]))
        query = dns.message.make_query(name, kind, use_edns=0, payload=UDP_OCTETS_MAX)
        query.flags &= ~dns.flags.RD
        for ip, port in self.place.servers:
            with contextlib.suppress(OSError, dns.exception.DNSException):
                said, _ = await dns.asyncquery.udp_with_fallback(query, ip, timeout=FORWARD_LIMIT_S, port=port)
                found = Found(said.rcode(), False, said.answer, said.authority, said.additional)
                self._remember(name, kind, found, now_s)
                return found
        return Found(SERVFAIL, False)

    def _remember(self, name: dns.name.Name, kind: int, found: Found, now_s: float) -> None:
        if found.rcode not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
            return
        sections = (*found.answer, *found.authority, *found.additional)
        ttl_s = min((rrset.ttl for rrset in sections), default=0)
        if not ttl_s:
            return
        while len(self._remembered) >= REMEMBERED_MAX:
            self._remembered.popitem(last=False)
        self._remembered[name, kind] = found, now_s, now_s + min(ttl_s, TTL_MAX_S)


_STREAM = "dns stream"
TRANSFERS = (dns.rdatatype.AXFR, dns.rdatatype.IXFR)


def _refusal(query: dns.message.Message) -> dns.rcode.Rcode | None:
    """The code for a query that is not even looked up."""
    if query.opcode() != dns.opcode.QUERY:
        return dns.rcode.NOTIMP
    if len(query.question) != 1:
        return FORMERR
    if query.edns > 0:
        return dns.rcode.BADVERS
    (question,) = query.question
    if question.rdclass != IN or question.rdtype in TRANSFERS:
        return REFUSED
    if dns.rdatatype.is_metatype(question.rdtype) and question.rdtype != dns.rdatatype.ANY:
        return dns.rcode.NOTIMP
    return None


def _refused(query: dns.message.Message) -> dns.message.Message:
    response = dns.message.make_response(query)
    response.set_rcode(REFUSED)
    return response


def _octets(response: dns.message.Message, size: int) -> bytes:
    """The octets of a response; what is too long for its asker is cut to a flag."""
    try:
        return response.to_wire(max_size=size)
    except dns.exception.TooBig:
        short = dns.message.Message(id=response.id)
        short.flags = response.flags | dns.flags.TC
        short.question = response.question
        if response.edns >= 0:
            short.use_edns(0, payload=UDP_OCTETS_MAX)
        return short.to_wire()


def _cut(packet: bytes) -> bytes:
    """A query's own header and question, sent back with the flags "response" and "cut"."""
    at = HEADER_OCTETS
    while at < len(packet) and packet[at] and not packet[at] & 0xC0:
        at += 1 + packet[at]
    whole = at + 5 <= len(packet) and packet[4:6] == b"\x00\x01" and not packet[at]
    question = packet[HEADER_OCTETS : at + 5] if whole else b""
    flags = bytes([packet[2] & 0x79 | 0x82, 0])
    return packet[:2] + flags + (b"\x00\x01" if whole else b"\x00\x00") + bytes(6) + question


async def _write(writer: asyncio.StreamWriter, octets: bytes) -> None:
    writer.write(struct.pack(">H", len(octets)) + octets)
    await writer.drain()


def _any(name: dns.name.Name) -> dns.rrset.RRset:
    return dns.rrset.from_text(name, ANY_TTL_S, IN, "HINFO", '"RFC8482" ""')


def _soa(place: DnsPlace) -> dns.rrset.RRset:
    zone = place.zone.to_text()
    text = f"ns.{zone} hostmaster.{zone} 1 3600 600 86400 {NEGATIVE_TTL_S}"
    return dns.rrset.from_text(place.zone, SOA_TTL_S, IN, "SOA", text)


def _negative(soa: dns.rrset.RRset) -> dns.rrset.RRset:
    return dns.rrset.from_rdata_list(soa.name, NEGATIVE_TTL_S, list(soa))


def _aged(found: Found, elapsed_s: int) -> Found:
    """The same with the time that has passed taken off every TTL."""

    def run_down(section: Sequence[dns.rrset.RRset]) -> list[dns.rrset.RRset]:
        return [dns.rrset.from_rdata_list(each.name, max(0, each.ttl - elapsed_s), list(each)) for each in section]

    return Found(found.rcode, False, run_down(found.answer), run_down(found.authority), run_down(found.additional))


def zone_name(text: str) -> dns.name.Name:
    """A zone's name from a configuration. OperatorError if it is none."""
    try:
        name = dns.name.from_text(text)
    except dns.exception.DNSException as error:
        raise OperatorError(
            f"no domain name: {error}", key="doors.zone", value=text, remedy="Write one such as id.example"
        ) from error
    return name
