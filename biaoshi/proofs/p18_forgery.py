"""Line 18: a forged reply is not believed, and nobody can make a node shout at somebody else.

Virtual time. A recursive node asks an authority that is silent; until the question is given up a forger sends what
would be believed but for one thing, in turn:

    the request id   drawn at random: the forger knows all else, the address and the question
    the address      another server's, another port, or TCP; the id is right
    the question     about another handle; id and address are right
    the form         right in all, but cut short, expired, or a request

What clients get must come from the authority, or be nothing. A control sends what is right in all: that is believed.

Then every kind of request is sent from one source, far beyond what it may use, and octets are counted: what left beyond
the allowance is at most twice what came.

The number is forged replies that were believed, and sources that could make a node send more than that.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from biaoshi.proofs.trial import Trial
from biaoshi.teaching import TEACHING
from nodes.config import load_network
from nodes.country import Country, country
from nodes.files import find_file
from nodes.limits import AMPLIFICATION_MAX, Admission, SourceLimits
from nodes.recursive import RecursiveNode
from resolver.model.now import NS_PER_MS, NS_PER_S
from resolver.model.question import Answer, Question
from resolver.model.route import Endpoint, Packets, Route
from resolver.model.value import Value
from resolver.net.virtual import CLIENT, Address, Delivery, always_delivered
from resolver.rules import replies
from resolver.rules.replies import Speaker
from resolver.wire import peek
from resolver.wire.codes import Code, Opcode
from resolver.wire.message import Message, decode, encode
from resolver.wire.record import pack_record

FORGED_QUICK, FORGED_FULL = 50_000, 1_000_000
PER_QUESTION = 2_000  # forged replies while one question waits
HOME, PREFIX = "enterprise-88.118.8", b"88.118.8"
LIE = Value(1, b"URL", b"https://forged.example/", ttl=86_400)
ALLOWANCE_OCTETS_PER_S = 10_000
SHOUTS = 20_000  # requests of one source
SHOUTS_PER_S = 2_000
LARGE_OCTETS = 7_000


def prove(trial: Trial) -> None:
    """Forge and shout; what worked counts."""
    forged, wanted = 0, FORGED_FULL if trial.full else FORGED_QUICK
    trial.value, number = 0, 0
    chance = random.Random(trial.seed)
    made = _teaching(trial.seed)
    if not _believed(made, chance, b"control", 1, right=True):
        trial.fail("a reply that is right in all was not believed, so nothing was tried")
    while forged < wanted and not trial.out_of_time:
        number += 1
        trial.value += _believed(made, chance, b"cold-%d" % number, PER_QUESTION, right=False)
        forged += PER_QUESTION
        trial.progress(f"{forged:,} of {wanted:,} forged replies")
    trial.facts = {"forged": forged, "dropped": dict(made.nodes["recursive-1"].counters.dropped)}
    if forged < wanted and trial.full:
        trial.fail(f"only {forged:,} replies in the time given")
    for words, octets_in, octets_out in _shouted(trial.seed):
        surplus = octets_out - AMPLIFICATION_MAX * octets_in
        allowed = ALLOWANCE_OCTETS_PER_S * (SHOUTS / SHOUTS_PER_S + 1) + 16 * LARGE_OCTETS
        trial.facts[f"octets for an octet, {words}"] = round(octets_out / octets_in, 2)
        trial.value += surplus > allowed
    plain = _unlimited(trial.seed)
    trial.facts["octets for an octet, without limits"] = round(plain, 2)
    if plain <= AMPLIFICATION_MAX:
        trial.fail("without limits nothing was amplified either, so nothing was tried")


def _teaching(seed: int) -> Country:
    return country(load_network(find_file(TEACHING)), seed=seed)


def _believed(made: Country, chance: random.Random, suffix: bytes, times: int, *, right: bool) -> int:
    """Whether a lie about a handle reached its client, or a cache, after so many tries."""
    node = made.nodes["recursive-1"]
    assert isinstance(node, RecursiveNode)
    handle = PREFIX + b"/" + suffix
    _ask(made, PREFIX + b"/known", 9)
    made.world.run(NS_PER_S)
    seen: list[bytes] = []

    def link(source: Address, target: Address, packet: bytes) -> Sequence[Delivery]:
        if target[0] == made.ip(HOME):
            seen.append(packet)
            return ()
        return always_delivered(source, target, packet)

    made.world.link = link
    _ask(made, handle, 10)
    made.world.run(10 * NS_PER_MS)
    asked = decode(seen[-1])
    assert isinstance(asked, Message)
    endpoint = Endpoint(made.ip(HOME), made.plan.node(HOME).port, "udp")
    for number in range(times):
        packet, sender = (_lie(asked, made), endpoint) if right else _almost(asked, made, endpoint, chance, number)
        node.receive_upstream(packet, sender, made.world.now)
    got = made.world.ask(made.ip("recursive-1"), _request(made, handle, 11), limit_ns=NS_PER_MS * 100)
    made.world.run(20 * NS_PER_S)
    made.world.link = always_delivered
    made.world.run(10 * NS_PER_S)
    after = made.world.ask(made.ip("recursive-1"), _request(made, handle, 12))
    return int(any(packet is not None and LIE.data in packet for packet in (got, after)))


def _lie(asked: Message, made: Country, handle: bytes | None = None) -> bytes:
    request = asked if handle is None else replace(asked, body=replace(asked.body, handle=handle))  # type: ignore[type-var]
    return encode(replies.respond(request, Answer(Code.SUCCESS, (LIE,)), Speaker(1, True), made.world.now))


def _almost(
    asked: Message, made: Country, endpoint: Endpoint, chance: random.Random, number: int
) -> tuple[bytes, Endpoint]:
    """A reply that is right but for one thing, and the endpoint it seems to come from."""
    lie, kind = _lie(asked, made), number % 8
    if kind < 4:  # the one that can succeed by luck is tried most
        return lie[:8] + peek.pack_u32(1 + chance.getrandbits(31) % 0x7FFFFFFF) + lie[12:], endpoint
    if kind == 4:
        others = (
            endpoint._replace(ip=made.ip("enterprise-88.300.35")),
            endpoint._replace(port=endpoint.port + 1 + chance.randrange(1_000)),
            endpoint._replace(transport="tcp"),
        )
        return lie, chance.choice(others)
    if kind == 5:
        return _lie(asked, made, PREFIX + b"/other"), endpoint
    if kind == 6:
        return lie[: chance.randrange(len(lie))], endpoint
    expired = peek.pack_u32(made.world.now.wall_s - 1 - chance.randrange(1_000))
    request = lie[:24] + bytes(4) + lie[28:]
    return chance.choice((lie[:36] + expired + lie[40:], request)), endpoint


def _ask(made: Country, handle: bytes, number: int) -> None:
    made.world.send(made.ip("recursive-1"), _request(made, handle, number))


def _request(made: Country, handle: bytes, number: int) -> bytes:
    return encode(replies.request_message(Question(handle), number, made.world.now))


# -- shouting ---------------------------------------------------------------------------------------------------------


def _shouted(seed: int) -> list[tuple[str, int, int]]:
    """(what was asked, octets in, octets out) for each kind of request, limits on."""
    limits = SourceLimits(surplus_octets_per_s=ALLOWANCE_OCTETS_PER_S)
    return [(words, *_counted(seed, packet, limits)) for words, packet in _requests(seed).items()]


def _unlimited(seed: int) -> float:
    """Octets out for an octet in, of the largest answer and no limit."""
    octets_in, octets_out = _counted(seed, _requests(seed)["large record"], SourceLimits())
    return octets_out / octets_in


def _counted(seed: int, packet: bytes, limits: SourceLimits) -> tuple[int, int]:
    made = _teaching(seed)
    node = made.nodes[HOME]
    value = Value(1, b"TEXT", bytes(LARGE_OCTETS), ttl=86_400)
    node.store.commit([((PREFIX + b"/LARGE").upper(), pack_record((value,)))])  # type: ignore[attr-defined]
    door = Admission(node, node, limits)
    octets_in = octets_out = 0
    for number in range(SHOUTS):
        if number % (SHOUTS_PER_S // 100) == 0:
            made.world.run(10 * NS_PER_MS)
        said: Packets = door.receive_datagram(packet, Route("udp", CLIENT), made.world.now)
        octets_in += len(packet)
        octets_out += sum(map(len, said))
    return octets_in, octets_out


def _requests(seed: int) -> dict[str, bytes]:
    made = _teaching(seed)
    plain = replies.request_message(Question(PREFIX + b"/large"), 5, made.world.now)
    site_info = replace(plain, header=replace(plain.header, opcode=Opcode.GET_SITE_INFO))
    return {
        "large record": encode(plain),
        "nothing there": _request(made, PREFIX + b"/none", 6),
        "certified": encode(replies.request_message(Question(PREFIX + b"/large", certify=True), 7, made.world.now)),
        "site information": encode(site_info),
        "unreadable": encode(plain)[:30],
    }
