"""What a proxy makes of a record: a redirect to where the identified thing is, or nothing, and then it is shown
(behaviour.md §4.5).

    HS_ALIAS       another identifier stands for this one; followed by whoever asks, ALIASES_MAX times
    10320/loc      several locations: one is chosen by attribute, else by weight
    URL, URL.*     the first one

Only to http, https and ftp: a record is anybody's, and `javascript:` in it must never become a click.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

from resolver.model.frozen import frozen
from resolver.model.value import TTL_RELATIVE, Value
from resolver.rules.rest import Query, flag, one

ALIASES_MAX = 20
SCHEMES = ("http", "https", "ftp")
URL_CHARACTERS_MAX = 8_000  # a header line of HTTP has little more room
LOCATIONS_OCTETS_MAX, LOCATIONS_MAX = 65_536, 256
STATUSES = {"301": 301, "302": 302, "303": 303, "307": 307, "308": 308}
PREFIXES = (b"hdl:", b"doi:", b"info:hdl/", b"info:doi/", b"urn:hdl:", b"urn:doi:")
_ODD = re.compile(r"[\x00-\x20\x7f\\]")
SHOWN = ("showvalues", "showurls", "metadata")  # `action`s that show and do not redirect


@frozen
class Redirect:
    """Where to, with which status, and for how many seconds that holds."""

    location: str
    status: int
    ttl_s: int


def normalised(name: bytes) -> bytes:
    """A handle without what people write before it."""
    for prefix in PREFIXES:
        if name[: len(prefix)].lower() == prefix:
            return name[len(prefix) :]
    return name


def wants_to_see(query: Query) -> bool:
    """Whether the record is to be shown, whatever it says."""
    return flag(query, "noredirect") or one(query, "action") in SHOWN


def alias_of(values: Sequence[Value], query: Query) -> bytes | None:
    """The identifier that stands for this one."""
    if flag(query, "ignore_aliases"):
        return None
    return next((value.data for value in values if value.type.upper() == b"HS_ALIAS"), None)


def destination(values: Sequence[Value], query: Query, chance: float, *, aliased: bool = False) -> Redirect | None:
    """Where a record redirects to; None: nowhere. `chance`: a number from 0 to 1, for locations that share."""
    status = 301 if aliased else 302
    for value in values:
        if value.type.upper() == b"10320/LOC":
            found = _location(value, query, chance, status)
            if found is not None:
                return found
    urls = [value for value in values if value.type.upper() == b"URL"]
    urls += [value for value in values if value.type.upper().startswith(b"URL.")]
    for value in urls:
        location = safe_url(value.data.decode("utf-8", "replace"))
        if location is not None:
            return Redirect(appended(location, one(query, "urlappend") or ""), status, _ttl_s(value))
    return None


def safe_url(text: str) -> str | None:
    """A URL that a browser may be sent to, in ASCII; None if it is none."""
    text = text.strip()
    if len(text) > URL_CHARACTERS_MAX or _ODD.search(text):
        return None
    try:
        parts = urlsplit(text)
        if parts.scheme.lower() not in SCHEMES or not parts.hostname:
            return None
        return quote(text, safe="!#$%&'()*+,/:;=?@[]~")
    except ValueError:
        return None


def appended(url: str, more: str) -> str:
    """A URL with more behind it: never another host."""
    if not more:
        return url
    inside = urlsplit(url).path or urlsplit(url).query or urlsplit(url).fragment
    longer = safe_url(url + more) if inside or more[0] in "/?#" else None
    return url if longer is None else longer


def _location(value: Value, query: Query, chance: float, status: int) -> Redirect | None:
    """One of the locations of a 10320/loc value."""
    if len(value.data) > LOCATIONS_OCTETS_MAX or b"<!" in value.data:  # no entities: they may grow without bound
        return None
    try:
        root = ElementTree.fromstring(value.data)
    except (ElementTree.ParseError, ValueError, LookupError):
        return None
    locations = [each for each in root.findall("location")[:LOCATIONS_MAX] if safe_url(each.get("href", ""))]
    for method in root.get("chooseby", "locatt,country,weighted").split(","):
        if method.strip() == "locatt":
            key, colon, wanted = (one(query, "locatt") or "").partition(":")
            chosen = [each for each in locations if colon and each.get(key) == wanted]
            locations = chosen or locations
        elif method.strip() == "weighted" and len(locations) > 1:
            locations = _weighted(locations, chance)
    if not locations:
        return None
    location = safe_url(locations[0].get("href", ""))
    assert location is not None
    return Redirect(
        appended(location, one(query, "urlappend") or ""),
        STATUSES.get(locations[0].get("http", ""), status),
        _ttl_s(value),
    )


def _weighted(locations: list[ElementTree.Element], chance: float) -> list[ElementTree.Element]:
    weights = [_weight(each) for each in locations]
    at = chance * sum(weights)
    for each, weight in zip(locations, weights, strict=True):
        at -= weight
        if weight and at < 0:
            return [each]
    return locations[:1]


def _weight(location: ElementTree.Element) -> float:
    try:
        weight = float(location.get("weight", "1"))
    except ValueError:
        return 1.0
    return weight if 0 <= weight <= 1e6 else 1.0


def _ttl_s(value: Value) -> int:
    return value.ttl if value.ttl_type == TTL_RELATIVE else 0
