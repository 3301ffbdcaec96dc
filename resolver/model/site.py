"""A site: one complete copy of a service, its servers and their interfaces (RFC 3651 §3.2.2; protocol.md §7, §8)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address

from resolver.model.identifier import normal_form, prefix_of, suffix_of

ADMIN, QUERY = 1, 2  # interface kinds; 3 is both, 0 out of service
PRIMARY, MULTI_PRIMARY = 0x80, 0x40
SERIAL_UNKNOWN = 0xFFFF


class Protocol(IntEnum):
    """How an interface is spoken to."""

    UDP = 0
    TCP = 1
    HTTP = 2
    HTTPS = 3


class HashOption(IntEnum):
    """Which part of a handle decides its server."""

    PREFIX = 0
    SUFFIX = 1
    ALL = 2


@dataclass(frozen=True, slots=True)
class Interface:
    """One (kind, protocol, port) of a server. Unknown numbers are kept."""

    kind: int
    protocol: int
    port: int


@dataclass(frozen=True, slots=True)
class Server:
    """One machine of a site.

    `address`: 16 octets, IPv4 in the last four after twelve zeros; `public_key`: an HS_PUBKEY record, or empty.
    """

    id: int
    address: bytes
    interfaces: tuple[Interface, ...]
    public_key: bytes = b""

    @property
    def ip(self) -> str:
        """The address as text."""
        return address_text(self.address)

    def port(self, protocol: int, kind: int = QUERY) -> int | None:
        """The port of the first interface that speaks `protocol` and serves `kind`, or None."""
        for interface in self.interfaces:
            if interface.protocol == protocol and interface.kind & kind:
                return interface.port
        return None


@dataclass(frozen=True, slots=True)
class Site:
    """The content of an HS_SITE value. `mask` holds PRIMARY and MULTI_PRIMARY; other bits are kept."""

    servers: tuple[Server, ...]
    serial: int = 1
    mask: int = PRIMARY
    hash_option: int = HashOption.ALL
    attributes: tuple[tuple[bytes, bytes], ...] = ()
    major: int = 2
    minor: int = 11
    format_version: int = 1
    hash_filter: bytes = b""

    @property
    def primary(self) -> bool:
        """Whether the site accepts writes."""
        return bool(self.mask & PRIMARY)

    def server_for(self, handle: bytes) -> Server:
        """The server that answers for `handle`. ValueError if the site has none."""
        return self.servers[server_number(handle, len(self.servers), self.hash_option)]


def address_octets(ip: str) -> bytes:
    """16 octets as HS_SITE writes them: IPv4 right-aligned in zeros (protocol.md §7). ValueError if not an address."""
    packed = ip_address(ip).packed
    return packed if len(packed) == 16 else bytes(12) + packed


@lru_cache(maxsize=16_384)  # every question upstream writes some; a nation has some hundred
def address_text(address: bytes) -> str:
    """The text of an address as HS_SITE writes it. ValueError if it does not have 16 octets."""
    return str(IPv4Address(address[12:]) if address[:12] == bytes(12) else IPv6Address(address))


def handle_hash(handle: bytes, hash_option: int) -> int:
    """|int32(MD5(upper(part))[12:16])| (protocol.md §8). The tail 80000000 gives 2**31, where the reference fails."""
    if hash_option == HashOption.PREFIX:
        part = prefix_of(handle)
    elif hash_option == HashOption.SUFFIX:
        part = suffix_of(handle)
    else:
        part = handle
    digest = hashlib.md5(part.upper(), usedforsecurity=False).digest()
    return abs(int.from_bytes(digest[12:16], "big", signed=True))


def server_number(handle: bytes, count: int, hash_option: int) -> int:
    """Position, in record order, of the server that holds `handle`; slashless handles hash in their 0.NA/ form.

    ValueError if `count` is 0.
    """
    if count < 1:
        raise ValueError("a site without servers answers for nothing")
    return 0 if count == 1 else handle_hash(normal_form(handle), hash_option) % count
