"""A stale route: an enterprise has moved, its HS_SITE has not, and a recursive node remembers what it once learnt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from biaoshi.labs.lab import (
    RECURSIVE,
    SECONDARY_300,
    TEA,
    Finding,
    Lab,
    Words,
    case_of,
    code_at,
    found,
    outcome,
    restart,
    servers_of,
    values_at,
)
from biaoshi.labs.order import change_prefix_record
from biaoshi.running import Network
from resolver.errors import BiaoshiError, PeerError
from resolver.model.site import Site, address_octets
from resolver.model.value import Value
from resolver.rules.resolution import SITE_TYPES
from resolver.wire.types import hs_site

NUMBER = 5
PREFIX = "88.300.35"
ITEM = "88.300.35/NX22CH31080"
NOBODY = 200  # the last octet of an address in the same network at which nobody listens


def start(network: Network) -> None:
    """Have the secondary node send everybody to an address at which nobody is any more."""
    (value,) = values_at(network, SECONDARY_300, f"0.NA/{PREFIX}", ("HS_SITE",)) or ()
    site = hs_site.decode(value.data)
    (server,) = site.servers
    before = server.ip.rpartition(".")[0] + f".{NOBODY}"
    moved = replace(site, servers=(replace(server, address=address_octets(before)),))
    change_prefix_record(network, PREFIX, [replace(value, data=hs_site.encode(moved))])
    restart(network, RECURSIVE)
    wanted = tuple(kind.decode() for kind in SITE_TYPES)  # as the walk asks, so that it knows the way, the wrong one
    network.ask(RECURSIVE, f"0.NA/{PREFIX}", types=wanted)


def check(network: Network) -> Sequence[Finding]:
    """Does the record tell where the enterprise is, and does the recursive node know?"""
    address = network.address(TEA)
    values = values_at(network, SECONDARY_300, f"0.NA/{PREFIX}", ("HS_SITE",)) or ()
    told = servers_of(values)
    there = found(
        told == [address],
        Words(
            f"{SECONDARY_300} sends those who ask for {PREFIX} to {address}",
            f"{SECONDARY_300} 把询问 {PREFIX} 的请求指向 {address}",
        ),
        Words(
            f"{SECONDARY_300} sends those who ask for {PREFIX} to {', '.join(told) or 'nobody'}. Does anybody listen"
            " there?",
            f"{SECONDARY_300} 把询问 {PREFIX} 的请求指向 {', '.join(told) or '无处'}。那里有人在监听吗？",
        ),
    )
    if not there.passed:
        return [there]
    way = outcome(code_at(network, RECURSIVE, ITEM))
    return [
        there,
        found(
            _key(values) == _own_key(network),
            Words("with the key by which it signs", "并给出它签名所用的密钥"),
            Words(
                "the address is right, but the server's public key in HS_SITE is not that of the server: its certified"
                " answers cannot be believed",
                "地址对了，但 HS_SITE 中的服务器公钥不是这台服务器的：它的认证应答无法取信",
            ),
        ),
        found(
            way.en == "SUCCESS",
            Words(f"{RECURSIVE} walks there", f"{RECURSIVE} 走的是这条路"),
            Words(
                f"the record is right, and {RECURSIVE} still says {way.en}: it does not ask again for what it"
                " remembers. For how long may it remember an HS_SITE, and what makes a node forget?",
                f"记录已正确，{RECURSIVE} 却仍答复 {way.zh}：记住的东西它不会再问。"
                "它可以记住 HS_SITE 多久？怎样让节点忘掉？",
            ),
        ),
    ]


def _key(values: Sequence[Value]) -> bytes:
    try:
        site: Site = hs_site.decode(values[0].data)
    except (PeerError, IndexError):
        return b""
    return site.servers[0].public_key


def _own_key(network: Network) -> bytes | None:
    """What the server itself says; None if it says nothing."""
    try:
        with network.client(server=network.address(TEA), direct=True) as client:
            return client.site().servers[0].public_key
    except (BiaoshiError, IndexError):
        return None


LAB = Lab(
    number=NUMBER,
    name="05-stale-route",
    title=Words("A stale route", "过时的路由"),
    points=3,
    check=check,
    handles=(case_of(NUMBER),),
    start=start,
    symptom=Words(
        f"Nanxi Tea has moved to a new computer room. Since then nobody finds its teas, for example {ITEM}.",
        f"南溪茶业搬了机房。从那以后谁也查不到它的茶了，例如 {ITEM}。",
    ),
)
