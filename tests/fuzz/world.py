"""Every node of the teaching network in one process, in virtual time, over links that lose, double and damage packets.

Exceptions come to light with the packet that caused them, and answers from other servers are damaged too: that is how a
recursive node meets servers that lie or break. No packet may set off more than EVENTS_MAX events.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence

from playbook import Country, ask, teaching_country

from fuzz.findings import Findings
from fuzz.packets import Damage, questions, recorded
from nodes.config import sample_of
from resolver.model.now import NS_PER_MS, NS_PER_S
from resolver.net.virtual import CLIENT, DELAY_NS, Address, Delivery
from resolver.wire.codes import code_name

KINDS = ("root", "national", "secondary", "enterprise", "recursive")
EVENTS_MAX = 20_000  # far more than the walk of one question with every wait and repetition takes
TCP_EACH = 10
REPLY_LIMIT_NS = 20 * NS_PER_MS
SETTLE_NS = 120 * NS_PER_S


def samples(country: Country) -> dict[str, bytes]:
    """A handle that each node answers (recursive nodes: somebody else's)."""
    found: dict[str, bytes] = {}
    for plan in country.plan.nodes:
        if plan.tier != "recursive":
            sample = sample_of(plan)
            assert sample is not None, plan.name
            found[plan.name] = sample
    for plan in country.plan.nodes:
        found.setdefault(
            plan.name, next(found[other.name] for other in country.plan.nodes if other.tier == "enterprise")
        )
    return found


def run(kind: str, seed: int, first: int, last: int, findings: Findings, say: Callable[[int], None]) -> Counter[str]:
    """Packets `first` up to `last` of the stream "world-KIND" at the nodes of a kind; what came back."""
    country = teaching_country()
    handles = samples(country)
    before = {name: _answer(country, name, handle) for name, handle in handles.items()}
    damage = Damage(seed, f"world-{kind}", recorded() + questions(sorted(set(handles.values()))))
    country.world.link = _bad_link(Damage(seed, f"links-{kind}", recorded()), random.Random(seed))
    ips = [plan.ip for plan in country.plan.nodes if plan.tier == kind]
    counts: Counter[str] = Counter()
    for number in range(first, last):
        packet = damage.packet(number)
        country.world.events = 0
        with findings.watching(f"world-{kind}", number, packet):
            tcp = number % TCP_EACH == 0
            reply = country.world.ask(ips[number % len(ips)], packet, tcp=tcp, limit_ns=REPLY_LIMIT_NS)
            counts["silence within 20 ms" if reply is None else code_name(int.from_bytes(reply[24:28], "big"))] += 1
            if country.world.events > EVENTS_MAX:
                raise AssertionError(f"{country.world.events} events followed")
        if number % 4_096 == 0:
            say(number - first)
    country.world.events = 0
    with findings.watching(f"world-{kind}", None):
        country.world.run(SETTLE_NS)  # what is still under way ends, with a time-out at the latest
        country.world.link = _good_link
        for name, handle in handles.items():
            if (after := _answer(country, name, handle)) != before[name]:
                raise AssertionError(f"{name} answered {before[name]} before and {after} afterwards")
    return counts


def _answer(country: Country, name: str, handle: bytes) -> object:
    message = ask(country, name, handle)
    if message is None:
        return None
    values = getattr(message.body, "values", ())
    return message.header.code, [(value.index, value.type, value.data) for value in values]


def _good_link(source: Address, target: Address, packet: bytes) -> Sequence[Delivery]:
    return ((DELAY_NS, packet),)


def _bad_link(damage: Damage, chance: random.Random) -> Callable[[Address, Address, bytes], Sequence[Delivery]]:
    """Between nodes: a tenth lost, a tenth doubled, a tenth overtaken by junk with its id, a tenth bent."""
    number = 0

    def link(source: Address, target: Address, packet: bytes) -> Sequence[Delivery]:
        nonlocal number
        if CLIENT in (source, target):
            return ((DELAY_NS, packet),)
        number += 1
        what = chance.randrange(10)
        if what == 0:
            return ()
        if what == 1:
            return ((DELAY_NS, packet), (2 * DELAY_NS, packet))
        if what == 2:
            junk = damage.packet(number)
            return ((DELAY_NS, junk[:8] + packet[8:12] + junk[12:]), (2 * DELAY_NS, packet))
        if what == 3:
            bent = bytearray(packet)
            for _ in range(chance.randint(1, 4)):
                bent[chance.randrange(20, len(bent)) if len(bent) > 20 else 0] ^= 1 << chance.randrange(8)
            return ((DELAY_NS, bytes(bent)),)
        return ((DELAY_NS, packet),)

    return link
