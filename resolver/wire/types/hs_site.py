"""HS_SITE and its relatives HS_SITE.6, HS_SITE.PREFIX, HS_NA_DELEGATE (protocol.md §7).

u16 format version   u8 major   u8 minor   u16 serial   u8 mask   u8 hash option   str hash filter
list<(str name, bytes value)> attributes
list<server>: u32 id, 16 octets address, bytes public key, list<(u8 kind, u8 protocol, u32 port)> interfaces
"""

from __future__ import annotations

from resolver.model.site import Interface, Server, Site
from resolver.wire.buffer import Layout, Reader, Writer
from resolver.wire.types.codec import Codec

_HEAD = Layout(
    "site",
    ("H", "format version"),
    ("B", "protocol major"),
    ("B", "protocol minor"),
    ("H", "serial"),
    ("B", "site mask"),
    ("B", "hash option"),
)
_INTERFACE = Layout("interface", ("B", "interface kind"), ("B", "interface protocol"), ("I", "port"))
ATTRIBUTE_OCTETS_MIN = 8
SERVER_OCTETS_MIN = 28  # id, address and two empty lists


def _read_attribute(r: Reader) -> tuple[bytes, bytes]:
    return r.counted("attribute name"), r.counted("attribute value")


def _read_server(r: Reader) -> Server:
    number, address, public_key = r.u32("server id"), r.raw("address", 16), r.counted("public key")
    count = r.count("interfaces", _INTERFACE.size)
    interfaces = tuple([Interface(*r.fixed(_INTERFACE)) for _ in range(count)])
    return Server(number, address, interfaces, public_key)


def read(r: Reader) -> Site:
    """A site. What may follow it is the caller's business. PeerError if it is cut or claims too much."""
    format_version, major, minor, serial, mask, hash_option = r.fixed(_HEAD)
    hash_filter = r.counted("hash filter")
    attributes = tuple([_read_attribute(r) for _ in range(r.count("attributes", ATTRIBUTE_OCTETS_MIN))])
    servers = []
    for number in range(1, r.count("servers", SERVER_OCTETS_MIN) + 1):
        r.open(f"server {number}")
        servers.append(_read_server(r))
        r.close()
    return Site(tuple(servers), serial, mask, hash_option, attributes, major, minor, format_version, hash_filter)


def write(w: Writer, site: Site) -> None:
    """The record. `struct.error` for numbers that do not fit their fields."""
    w.fixed(_HEAD, site.format_version, site.major, site.minor, site.serial, site.mask, site.hash_option)
    w.counted(site.hash_filter)
    w.u32(len(site.attributes))
    for name, value in site.attributes:
        w.counted(name)
        w.counted(value)
    w.u32(len(site.servers))
    for server in site.servers:
        w.u32(server.id)
        w.raw(server.address)
        w.counted(server.public_key)
        w.u32(len(server.interfaces))
        for interface in server.interfaces:
            w.fixed(_INTERFACE, interface.kind, interface.protocol, interface.port)


CODEC = Codec("HS_SITE", read, write)
decode, encode = CODEC.decode, CODEC.encode
