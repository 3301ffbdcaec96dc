"""Line 11: whatever authorities say, a question costs a bounded number of requests, and ends.

In virtual time the nation's prefixes are delegated to servers that lie, one kind after the other: referrals that lead
to themselves, round in a circle, ever deeper, to two places each, to nobody; service handles that name themselves, or
ever more; sites by the dozen of which none answers, or all fail; servers that answer something else, or nothing that
lasts. Each is asked about many names, one after another and many at once. A recursive node that meets them must answer
every client within the time it gives a resolution, forget the question, and have asked no more than a bound for each.

The number is the most requests that one question caused, over all traps. The goal is three times the forty referrals
that a walk may follow: an item has a walk to its prefix, one to that one's service, and its own.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from biaoshi.proofs.liars import Liar, Script
from biaoshi.proofs.trial import Trial
from biaoshi.teaching import TEACHING
from nodes.config import load_network
from nodes.country import Country, country
from nodes.files import find_file
from nodes.recursive import RecursiveNode
from nodes.seeker import ERRAND_LIMIT_NS
from resolver.model.now import NS_PER_MS, NS_PER_S, Now
from resolver.model.question import Answer, Question
from resolver.model.site import Site, address_octets
from resolver.model.value import Value
from resolver.rules import replies
from resolver.wire.codes import Code
from resolver.wire.message import encode
from resolver.wire.types import hs_site

NAMES_QUICK, NAMES_FULL = 10, 500
LIARS = tuple(f"127.86.77.{n}" for n in range(1, 60))
ANSWER_LIMIT_NS = ERRAND_LIMIT_NS + NS_PER_S
DATA_TTL_S = 60


@dataclass(frozen=True, slots=True)
class Trap:
    """A kind of lie: its name, and what the servers at LIARS say."""

    name: str
    script: Callable[[Country, int], Script]


def prove(trial: Trial) -> None:
    """Walk into every trap."""
    names = NAMES_FULL if trial.full else NAMES_QUICK
    trial.value = 0
    for trap in TRAPS:
        most, words = walked_into(trap, names, trial.seed)
        trial.facts[trap.name] = most
        trial.value = max(trial.value, most)
        for each in words:
            trial.fail(f"{trap.name}: {each}")
        trial.tell(f"{trap.name}: {most} requests")


def walked_into(trap: Trap, names: int, seed: int) -> tuple[int, list[str]]:
    """The most requests that one question caused, and what else went wrong."""
    made = country(load_network(find_file(TEACHING)), seed=seed)
    node = made.nodes["recursive-1"]
    assert isinstance(node, RecursiveNode)
    liars = [Liar(trap.script(made, number)) for number in range(len(LIARS))]
    for ip, liar in zip(LIARS, liars, strict=True):
        made.world.attach(ip, liar)
    # The national node's word leads to the first liar.
    national = Liar(lambda handle, now: _referred(made, LIARS[0]))
    made.world.attach(made.ip("national-88"), national)
    most, words = 0, []
    chance = random.Random(seed)
    for number in range(names):
        before = _sent(node)
        handle = b"88.9%d.8/item-%d" % (chance.randrange(100) if number % 2 else 1, number)
        got = made.world.ask(made.ip("recursive-1"), _request(made, handle, number + 1), limit_ns=ANSWER_LIMIT_NS)
        if got is None:
            words.append(f"no answer about {handle.decode()} within {ANSWER_LIMIT_NS // NS_PER_S} s")
        elif int.from_bytes(got[24:28], "big") == Code.SUCCESS and b"truth" not in got:
            words.append("a client was told what nobody may say")
        made.world.run(12 * NS_PER_S)
        most = max(most, _sent(node) - before)
    before = _sent(node)
    for number in range(100):
        made.world.send(made.ip("recursive-1"), _request(made, b"88.990.8/at-once-%d" % number, 9_000 + number))
        made.world.run(NS_PER_MS)
    made.world.run(30 * NS_PER_S)
    most = max(most, -(-(_sent(node) - before) // 100))
    if node.seeker.errands or node.seeker.askings:
        words.append(f"{node.seeker.errands} resolutions never ended")
    if not sum(liar.heard for liar in liars) and trap.name != "to nobody":
        words.append("no liar was asked, so the trap was none")
    return most, words


def _sent(node: RecursiveNode) -> int:
    return sum(node.counters.upstream.values()) + sum(node.counters.resent.values())


def _request(made: Country, handle: bytes, number: int) -> bytes:
    return encode(replies.request_message(Question(handle), number, made.world.now))


# -- what liars say ---------------------------------------------------------------------------------------------------


def _site(made: Country, ip: str) -> Site:
    site = made.plan.node("enterprise-88.118.8").site
    return replace(site, servers=(replace(site.servers[0], address=address_octets(ip)),))


def _referred(made: Country, *ips: str, kind: bytes = b"HS_SITE.PREFIX") -> Answer:
    values = tuple(Value(n, kind, hs_site.encode(_site(made, ip)), ttl=DATA_TTL_S) for n, ip in enumerate(ips, 1))
    return Answer(Code.PREFIX_REFERRAL if kind.endswith(b"PREFIX") else Code.SUCCESS, values)


def _itself(made: Country, number: int) -> Script:
    return lambda handle, now: _referred(made, LIARS[number])


def _circle(made: Country, number: int) -> Script:
    return lambda handle, now: _referred(made, LIARS[(number + 1) % 3])


def _deeper(made: Country, number: int) -> Script:
    return lambda handle, now: _referred(made, LIARS[(number + 1) % len(LIARS)])


def _fork(made: Country, number: int) -> Script:
    ips = LIARS[(2 * number + 1) % len(LIARS)], LIARS[(2 * number + 2) % len(LIARS)]
    return lambda handle, now: _referred(made, *ips)


def _nobody(made: Country, number: int) -> Script:
    return lambda handle, now: Answer(Code.PREFIX_REFERRAL)


def _silent_dozens(made: Country, number: int) -> Script:
    if number:
        return lambda handle, now: None
    return lambda handle, now: _referred(made, *LIARS[1:])


def _lame_dozens(made: Country, number: int) -> Script:
    if number:
        return lambda handle, now: Answer(Code.ERROR)
    return lambda handle, now: _referred(made, *LIARS[1:])


def _services(made: Country, number: int) -> Script:
    """Service handles without end: each names two more."""

    def script(handle: bytes, now: Now) -> Answer:
        lead, _, last = handle.rpartition(b"-")
        deeper = int(last) if last.isdigit() and lead else 0
        names = [b"88.118.8/service-%d" % (2 * deeper + n) for n in (1, 2)]
        values = tuple(Value(n, b"HS_SERV", name, ttl=DATA_TTL_S) for n, name in enumerate(names, 1))
        return Answer(Code.SUCCESS, values)

    return script


def _service_circle(made: Country, number: int) -> Script:
    return lambda handle, now: Answer(Code.SUCCESS, (Value(1, b"HS_SERV", handle, ttl=DATA_TTL_S),))


def _something_else(made: Country, number: int) -> Script:
    """Where an item is asked for, a prefix is answered, and the other way round."""

    def script(handle: bytes, now: Now) -> Answer:
        if handle.upper().startswith(b"0.NA/"):
            return _referred(made, LIARS[1], kind=b"HS_SITE")
        return _referred(made, LIARS[2])

    return script


def _fleeting(made: Country, number: int) -> Script:
    """What leads on may not be remembered, so all has to be asked anew each time; the item itself is right."""

    def script(handle: bytes, now: Now) -> Answer:
        if not handle.upper().startswith(b"0.NA/"):
            return Answer(Code.SUCCESS, (Value(1, b"URL", b"truth", ttl=0),))
        said = _referred(made, LIARS[1], kind=b"HS_SITE")
        return replace(said, values=tuple(replace(value, ttl=0) for value in said.values))

    return script


TRAPS = (
    Trap("to itself", _itself),
    Trap("in a circle", _circle),
    Trap("ever deeper", _deeper),
    Trap("to two each", _fork),
    Trap("to nobody", _nobody),
    Trap("dozens that are silent", _silent_dozens),
    Trap("dozens that are lame", _lame_dozens),
    Trap("services without end", _services),
    Trap("services in a circle", _service_circle),
    Trap("something else", _something_else),
    Trap("nothing lasts", _fleeting),
)
