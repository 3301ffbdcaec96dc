"""Are the addresses of a network free, and if not, who has them?

Asked before anything starts: every address is bound for a moment. A clash names address, node and, where /proc tells,
the process that holds it.
"""

from __future__ import annotations

import errno
import os
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TYPE_CHECKING

from nodes.processes import PROC, command_of
from resolver.errors import OperatorError

if TYPE_CHECKING:
    from nodes.config import NetworkPlan

SHOWN_MAX = 5  # clashes named one by one; a second network of 388 nodes would clash a thousand times
TRANSPORTS = {"udp": socket.SOCK_DGRAM, "tcp": socket.SOCK_STREAM}


@dataclass(frozen=True, slots=True)
class Door:
    """One socket a node will listen on; `transport` is `udp` or `tcp`."""

    node: str
    transport: str
    ip: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.ip}]" if ":" in self.ip else self.ip
        return f"{host}:{self.port}/{self.transport}"


def doors(plan: NetworkPlan) -> Iterator[Door]:
    """Every socket of every node, in plan order."""
    for node in plan.nodes:
        for port in (node.port, *node.extra_ports):
            for transport in TRANSPORTS:
                yield Door(node.name, transport, node.ip, port)


def bind_error(door: Door) -> OSError | None:
    """Why the door cannot be opened now, or None if it can. The socket is closed again at once."""
    family = socket.AF_INET6 if ":" in door.ip else socket.AF_INET
    try:
        with socket.socket(family, TRANSPORTS[door.transport]) as probe:
            if door.transport == "tcp":  # connections in TIME_WAIT are no hindrance, listeners still are
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((door.ip, door.port))
    except OSError as error:
        return error
    return None


def all_free(plan: NetworkPlan) -> bool:
    """Whether every address of the plan can be bound."""
    return all(bind_error(door) is None for door in doors(plan))


def check_free(plan: NetworkPlan) -> None:
    """OperatorError if an address is taken, not on this machine, or not ours to bind."""
    refused = [(door, error) for door in doors(plan) if (error := bind_error(door))]
    if not refused:
        return
    lines = [f"{door} of node {door.node}: {_reason(door, error)}" for door, error in refused[:SHOWN_MAX]]
    if len(refused) > SHOWN_MAX:
        lines.append(f"and {len(refused) - SHOWN_MAX} more")
    number = refused[0][1].errno
    raise OperatorError("; ".join(lines), file=str(plan.file), remedy=_remedy(number))


def _reason(door: Door, error: OSError) -> str:
    if error.errno != errno.EADDRINUSE:
        return error.strerror or str(error)
    owner = holder(door)
    return (
        f"in use by process {owner[0]} ({owner[1]})" if owner else "in use by a process that cannot be seen from here"
    )


def _remedy(number: int | None) -> str:
    if number == errno.EADDRINUSE:
        return "End that process (a network of ours: `biaoshi network down`), or take other addresses: --second-octet N"
    if number == errno.EADDRNOTAVAIL:
        return 'This machine does not have that address; set addressing = "ports" in the file'
    return "Choose an address and port this user may bind"


def holder(door: Door) -> tuple[int, str] | None:
    """Process id and command line of who holds the door's address or its wildcard; None where that cannot be known."""
    inodes = set(_inodes(door))
    if not inodes:
        return None
    wanted = {f"socket:[{inode}]" for inode in inodes}
    for pid in sorted(int(name) for name in os.listdir(PROC) if name.isdigit()):
        folder = PROC / str(pid) / "fd"
        try:
            descriptors = os.listdir(folder)
        except OSError:  # gone meanwhile, or another user's
            continue
        for descriptor in descriptors:
            try:
                if os.readlink(folder / descriptor) in wanted:
                    return pid, command_of(pid)
            except OSError:
                continue
    return None


def _inodes(door: Door) -> Iterator[str]:
    """The socket inodes bound to the door's port at its address or a wildcard (proc(5), /proc/net/tcp)."""
    for family in ("", "6"):
        try:
            lines = (PROC / "net" / f"{door.transport}{family}").read_text().splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            fields = line.split()
            address, _, port = fields[1].partition(":")
            if int(port, 16) == door.port and fields[9] != "0" and _covers(_address(address), door.ip):
                yield fields[9]


def _address(written: str) -> IPv4Address | IPv6Address:
    """An address as /proc/net writes it: 32-bit words in the machine's byte order, in hexadecimal."""
    words = (int(written[start : start + 8], 16) for start in range(0, len(written), 8))
    octets = b"".join(word.to_bytes(4, sys.byteorder) for word in words)
    return IPv4Address(octets) if len(octets) == 4 else IPv6Address(octets)


def _covers(bound: IPv4Address | IPv6Address, ip: str) -> bool:
    wanted = ip_address(ip)
    mapped = bound.ipv4_mapped if isinstance(bound, IPv6Address) else None
    return bound == wanted or mapped == wanted or bound.is_unspecified
