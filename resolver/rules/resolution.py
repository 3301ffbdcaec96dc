"""The resolver's walk: from a handle to the site that answers for it (behaviour.md §3.1; RFC 3651 §2.1).

    88.118.8/JXDY2106023
      find  0.NA/88.118.8            at the root, following 303 referrals down the prefix, to an HS_SITE
      ask   88.118.8/JXDY2106023     at that site

`Find` goes through the node's cache and joins equal questions, so a thousand cold items of one enterprise cost one walk
down the prefix. `0.NA/...` and slashless handles are asked at the root themselves, or from where a referral for one of
their neighbours led: whoever knows who answers for 0.NA/88.118.8 need not ask the root about 0.NA/88.118.9.

A certified question is certified all the way: what leads to the site that answers it is signed as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from resolver.errors import PeerError
from resolver.model.identifier import PREFIX_HANDLE_LEAD, fold, normal_form, prefix_handle, prefix_of
from resolver.model.question import Answer, Question
from resolver.model.site import Site
from resolver.model.value import Value
from resolver.rules.effects import Ask, Find
from resolver.rules.selection import ResponseTimes, attempts
from resolver.wire.bodies.authentication import VerifyRequest
from resolver.wire.codes import Code
from resolver.wire.types import hs_site

REFERRALS_MAX = 40  # in all, over look-ups of service handles too (behaviour.md §3.1)
SERVICES_MAX = 20  # service handles followed in one resolution (behaviour.md §3.1 rule 5)
RECURSION_MAX = 10  # a forwarder refuses a higher count (protocol.md §1)
REFERRALS = frozenset({Code.SERVICE_REFERRAL, Code.PREFIX_REFERRAL})
MISLED = frozenset({Code.HANDLE_NOT_FOUND, Code.SERVER_NOT_RESP})  # of a remembered referral: begin at the root
SITE_OCTETS_REMEMBERED = 2_048  # a record of seven servers with keys; longer ones are read each time
SITE_TYPES = (b"HS_SITE", b"HS_SITE.6", b"HS_SERV", b"HS_NAMESPACE")

NO_SERVER_ANSWERED = b"No server of the responsible site answered"
NOWHERE = b"The referral names no site that can be asked"


@dataclass(frozen=True, slots=True)
class RootService:
    """One identifier system's root, as a recursive node is configured to reach it: the dual-root interface.

    `families` are first labels of prefixes (`88`, `86`); none: every family that no other root claims.
    """

    sites: tuple[Site, ...]
    families: tuple[bytes, ...] = ()


@dataclass(slots=True)
class Services:
    """The service handles followed in one resolution, and whether what they hold is to be certified."""

    certify: bool
    followed: set[bytes] = field(default_factory=set)


def root_sites(handle: bytes, roots: Sequence[RootService]) -> tuple[Site, ...]:
    """The sites of the root that is responsible for a prefix handle, by the first label of the prefix it describes."""
    prefix = handle.upper().removeprefix(PREFIX_HANDLE_LEAD)
    family = prefix.partition(b".")[0]
    for root in roots:
        if family in root.families:
            return root.sites
    return next((root.sites for root in roots if not root.families), ())


async def resolve(
    question: Question,
    roots: Sequence[RootService],
    times: ResponseTimes,
    referral: Answer | None = None,
    proof: VerifyRequest | None = None,
    *,
    remembered: bool = True,
) -> Answer:
    """Follow referrals until a site answers for itself. Never raises; always ends (bounded in referrals and waits).

    `referral`: a remembered one, about a neighbour of a prefix handle, from which to go on instead of from the root;
    or, not `remembered`, one just met on the way to this very handle.
    `proof`: what is asked there, instead of the question, about its handle (see effects.Verify).
    """
    handle = normal_form(question.handle)
    services = Services(question.certify)
    if handle.startswith((b"0.", b"0/")):
        if referral is not None:
            answer = await walk(question, await referred_sites(referral, services), times, services, proof)
            if not remembered or answer.code not in MISLED:
                return answer
        sites = root_sites(handle, roots)
        if not sites:
            return Answer(Code.HANDLE_NOT_FOUND)
    else:
        prefix = prefix_handle(prefix_of(handle).upper())
        count, certify = question.recursion_count, question.certify
        found = await Find(Question(prefix, types=SITE_TYPES, recursion_count=count, certify=certify))
        if found.code not in (Code.SUCCESS, Code.VALUES_NOT_FOUND):
            return found if found.code not in REFERRALS else Answer(Code.ERROR, message=NOWHERE)
        sites = await sites_of(found.values, services)
        if not sites:
            # The prefix exists, but nobody was named who answers for it: to the asker that is "no such handle".
            return Answer(Code.HANDLE_NOT_FOUND)
    return await walk(question, sites, times, services, proof)


async def walk(
    question: Question,
    sites: tuple[Site, ...],
    times: ResponseTimes,
    services: Services,
    proof: VerifyRequest | None = None,
) -> Answer:
    """From `sites` on, follow referrals until a site answers for itself."""
    for _ in range(REFERRALS_MAX):
        answer = await ask_sites(question, sites, times, proof)
        if answer.code not in REFERRALS:
            return answer
        sites = await referred_sites(answer, services)
        if not sites:
            return Answer(Code.ERROR, message=NOWHERE)
    return Answer(Code.RECURSION_COUNT_TOO_HIGH)


async def ask_sites(
    question: Question, sites: Sequence[Site], times: ResponseTimes, proof: VerifyRequest | None = None
) -> Answer:
    """Ask until somebody answers: silence and code 2 move on to the next site or protocol, any other code is final."""
    failure = Answer(Code.ERROR, message=NO_SERVER_ANSWERED)
    for protocol, site, server, waits in attempts(question, sites, times):
        answer = await Ask(question, site, server, protocol, waits, proof)
        if answer is None:
            continue
        if answer.code != Code.ERROR:
            return answer
        failure = answer
    return failure


async def sites_of(values: Sequence[Value], services: Services, suffix: bytes = b"") -> tuple[Site, ...]:
    """The sites that values name: HS_SITE directly, HS_SERV through the handle it holds. Unreadable ones are skipped.

    Service handles are followed once each in a resolution, so that a circle of them ends, and no more than SERVICES_MAX
    in all. `suffix` is b".PREFIX" for the values of a prefix referral.
    """
    sites = []
    for value in values:
        kind = value.type.upper()
        if kind in (b"HS_SITE" + suffix, b"HS_SITE.6") or (suffix and kind == b"HS_NA_DELEGATE"):
            try:
                sites.append(site_of(value.data))
            except PeerError:
                continue
    for value in values:
        if value.type.upper() == b"HS_SERV" + suffix:
            sites.extend(await service_sites(value.data, services))
    return tuple(sites)


def site_of(data: bytes) -> Site:
    """The site an HS_SITE value holds. PeerError if it is none."""
    return _remembered_site(data) if len(data) <= SITE_OCTETS_REMEMBERED else hs_site.decode(data)


# The same few hundred records come with every cold question; reading one costs ten times as much as finding it here.
_remembered_site = lru_cache(maxsize=4_096)(hs_site.decode)


async def service_sites(handle: bytes, services: Services) -> tuple[Site, ...]:
    """The sites a service handle names; none if it was followed before or is not found."""
    name = fold(normal_form(handle))
    if name in services.followed or len(services.followed) >= SERVICES_MAX:
        return ()
    services.followed.add(name)
    found = await Find(Question(handle, types=SITE_TYPES[:3], certify=services.certify))
    return await sites_of(found.values, services) if found.code == Code.SUCCESS else ()


async def referred_sites(referral: Answer, services: Services) -> tuple[Site, ...]:
    """Where a 302 or 303 answer points (behaviour.md §3.1 rule 6)."""
    if referral.code == Code.PREFIX_REFERRAL:
        sites = await sites_of(referral.values, services, b".PREFIX")
        if sites:
            return sites
    sites = await sites_of(referral.values, services)
    if not sites and referral.referral_handle:
        sites = await service_sites(referral.referral_handle, services)
    return sites


def forwarded(question: Question) -> Question:
    """The question as a recursive node asks it on: one more in the recursion count."""
    return replace(question, recursion_count=question.recursion_count + 1)
