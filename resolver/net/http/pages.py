"""A recursive node for people: `/` asks, `/<identifier>` goes where the record points, or shows the record, where it
came from and every hop (behaviour.md §4.5).

Nothing is loaded from elsewhere and nothing runs in the browser. Whatever comes from a record is text here: the
templates escape it, and only http, https and ftp become links.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote, urlencode

import jinja2
import segno
from aiohttp import web
from markupsafe import Markup

from resolver.errors import PeerError
from resolver.model.value import TTL_RELATIVE, Value
from resolver.net.http.api import handle_in, parameters
from resolver.net.http.door import Asked, NoAnswerError, Place, body_of, source_of, target_of
from resolver.net.http.words import LANGUAGES, WORDS, language
from resolver.net.pump import clock
from resolver.rules import proxy, rest
from resolver.rules.petition import made, say
from resolver.rules.rest import Query, Unacceptable
from resolver.wire.bodies.resolution import ResolutionAnswer
from resolver.wire.codes import Code, code_name
from resolver.wire.json_form import data_to_json, moment
from resolver.wire.message import Message

VALUES_SHOWN, CHARACTERS_SHOWN, HOPS_SHOWN = 200, 2_000, 50
QR_OCTETS_MAX = 1_000  # longer identifiers make a code that no telephone reads
SECURE = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'none'; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
ASSETS = {"page.css": "text/css", "icon.svg": "image/svg+xml"}


async def pages(place: Place, request: web.BaseRequest) -> web.StreamResponse:
    """Answer a request for a page."""
    path, told = target_of(request)
    if request.method not in ("GET", "HEAD", "POST"):
        return web.Response(status=405, headers={"Allow": "GET, HEAD, POST"})
    try:
        query = parameters(told)
        if request.method == "POST":
            query += parameters((await body_of(request)).decode("utf-8", "replace"))
        lang = language(rest.one(query, "lang"), request.headers.get("Accept-Language", "")[:200])
        if path == "/":
            name = (rest.one(query, "hdl") or "").strip()
            if not name:
                return _page(place, lang, {})
            more = urlencode([("noredirect", ""), ("lang", lang)])
            return _moved(f"{path_of(proxy.normalised(name.encode()))}?{more}", 302)
        handle = proxy.normalised(handle_in(path[1:]))
    except Unacceptable as error:
        lang = language(None, request.headers.get("Accept-Language", "")[:200])
        return _page(place, lang, {"handle": "?", "problem": f"{WORDS[lang]['bad']}: {error}"}, status=400)
    except web.HTTPException as error:
        return web.Response(status=error.status)
    if rest.one(query, "action") == "api":
        return _moved("/api/handles/" + quote(handle, safe="/"), 302)
    return await _resolved(place, request, handle, query, lang)


async def _resolved(
    place: Place, request: web.BaseRequest, handle: bytes, query: Query, lang: str
) -> web.StreamResponse:
    looking = proxy.wants_to_see(query)
    asked = Asked(place.pump, source_of(request), "http")
    alias = name = handle
    try:
        for _ in range(proxy.ALIASES_MAX):
            message, trace = await _look_up(place, asked, name, query, traced=looking)
            values = message.body.values if isinstance(message.body, ResolutionAnswer) else ()
            pointed = proxy.alias_of(values, query)
            if pointed is None:
                break
            alias = name = pointed
    except Unacceptable as error:
        return _page(place, lang, {"handle": _text(handle), "problem": f"{WORDS[lang]['bad']}: {error}"}, status=400)
    except NoAnswerError as error:
        return _page(place, lang, {"handle": _text(handle), "problem": f"{WORDS[lang]['failed']}: {error}"}, status=504)
    except PeerError as error:
        return _page(place, lang, {"handle": _text(handle), "problem": f"{WORDS[lang]['failed']}: {error}"}, status=400)
    finally:
        asked.hang_up()
    chance = secrets.randbelow(1 << 20) / (1 << 20)
    found = proxy.destination(values, query, chance, aliased=name is not handle)
    if found is not None and not looking:
        return _moved(found.location, found.status, found.ttl_s)
    shown = _shown(place, handle, message, values, lang)
    shown |= {"alias": _text(alias) if alias is not handle else "", "destination": found.location if found else ""}
    shown["hops"], shown["source"] = _hops(place, trace), trace["source"] if trace else ""
    code = message.header.code
    status = 200 if code in (Code.SUCCESS, Code.VALUES_NOT_FOUND) else rest.status_of(1, code)
    return _page(place, lang, shown, status=status, query=query)


async def _look_up(
    place: Place, asked: Asked, handle: bytes, query: Query, *, traced: bool
) -> tuple[Message, dict[str, Any] | None]:
    """The node's answer, and what it did for it."""
    call, terms = rest.resolution(handle, query, known=False), asked.terms()
    request = made(call.opcode, call.body, terms, call.flags)
    traced = traced and place.arm is not None and place.take is not None
    if traced and place.arm is not None:
        place.arm(request.envelope.request_id)
    saying = say(request, terms)
    began = clock()
    (packet, *_) = await asked.say(saying.packet())
    message = saying.read(packet)
    trace = place.take(request.envelope.request_id) if traced and place.take is not None else None
    return message, None if trace is None else trace | {"began_mono_ns": began.mono_ns}


def _shown(place: Place, handle: bytes, message: Message, values: Sequence[Value], lang: str) -> dict[str, Any]:
    words, code = WORDS[lang], message.header.code
    problem = ""
    if code == Code.HANDLE_NOT_FOUND:
        problem = words["not_found"]
    elif code == Code.VALUES_NOT_FOUND or (code == Code.SUCCESS and not values):
        problem = words["no_values"]
    elif code != Code.SUCCESS:
        said = getattr(message.body, "message", b"")
        more = f" ({said.decode('utf-8', 'replace')})" if isinstance(said, bytes) and said else ""
        problem = f"{words['failed']}: {code_name(code)}{more}"
    left_out = ""
    if len(values) > VALUES_SHOWN:
        left_out = words["more_values"].format(shown=VALUES_SHOWN, all=len(values))
    return {
        "handle": _text(handle),
        "problem": problem,
        "values": [_row(value, words) for value in values[:VALUES_SHOWN]],
        "left_out": left_out,
        "link": path_of(handle),
        "json": "/api/handles/" + quote(handle, safe="/") + "?pretty",
        "qr": _qr(handle) if code == Code.SUCCESS else "",
    }


def _row(value: Value, words: dict[str, str]) -> dict[str, Any]:
    form = data_to_json(value.type, value.data)
    text = form["value"] if isinstance(form["value"], str) else _spelled(form["value"])
    ttl = f"{value.ttl} {words['seconds']}" if value.ttl_type == TTL_RELATIVE else moment(value.ttl)
    return {
        "index": value.index,
        "type": _text(value.type),
        "text": text[:CHARACTERS_SHOWN],
        "cut": len(text) > CHARACTERS_SHOWN,
        "link": proxy.safe_url(text) if form["format"] == "string" and len(text) <= CHARACTERS_SHOWN else None,
        "ttl": ttl,
        "changed": moment(value.timestamp) if value.timestamp else "",
    }


def _spelled(form: Any) -> str:
    """A value of many parts, on a line."""
    if isinstance(form, dict):
        return ", ".join(f"{key}: {_spelled(part)}" for key, part in form.items())
    if isinstance(form, list):
        return "; ".join(_spelled(part) for part in form)
    return str(form)


def _hops(place: Place, trace: dict[str, Any] | None) -> list[dict[str, Any]]:
    if trace is None:
        return []
    return [
        {
            "name": place.names.get(hop["address"], hop["address"]),
            "address": hop["address"],
            "transport": hop["transport"],
            "question": hop["question"],
            "code": code_name(hop["code"]) if hop["code"] is not None else "",
            "referral": place.names.get(hop["referral"], hop["referral"]) if hop["referral"] else "",
            "octets_out": hop["octets_out"],
            "octets_in": hop["octets_in"],
            "at_ms": f"{max(0, hop['at_mono_ns'] - trace['began_mono_ns']) / 1e6:.1f}",
        }
        for hop in trace["hops"][:HOPS_SHOWN]
    ]


def _qr(handle: bytes) -> Markup:
    if len(handle) > QR_OCTETS_MAX:
        return Markup()
    code = segno.make(handle, error="m", micro=False)
    # Made of numbers alone: nothing of the identifier stands in it as text.
    return Markup(code.svg_inline(border=2, scale=4, omitsize=True, svgclass=None, lineclass=None))


def path_of(handle: bytes) -> str:
    """Where a handle's page is. A slash in front must not make the rest the name of another host."""
    return "/" + quote(handle, safe="/" if not handle.startswith(b"/") else "")


def _text(octets: bytes) -> str:
    return octets.decode("utf-8", "backslashreplace")


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("resolver.net.http"), autoescape=True, undefined=jinja2.ChainableUndefined
    )


def _page(place: Place, lang: str, shown: dict[str, Any], *, status: int = 200, query: Query = ()) -> web.Response:
    other_lang = next(each for each in LANGUAGES if each != lang)
    rest_of_query = [(key, value) for key, value in query if key not in ("lang", "hdl")]
    other = f"{shown.get('link', '/')}?{urlencode([*rest_of_query, ('lang', other_lang)])}"
    example = None
    if not shown and place.example:
        link = f"{path_of(place.example)}?{urlencode([('noredirect', ''), ('lang', lang)])}"
        example = {"name": _text(place.example), "link": link}
    text = (
        _environment()
        .get_template("page.html")
        .render(shown, lang=lang, words=WORDS[lang], node=place.name, other=other, example=example)
    )
    return web.Response(
        text=text,
        content_type="text/html",
        status=status,
        headers=SECURE | {"Content-Language": lang, "Vary": "Accept-Language"},
    )


def _moved(location: str, status: int, ttl_s: int = 0) -> web.Response:
    headers = SECURE | {"Location": location}
    if ttl_s:
        headers["Expires"] = format_datetime(datetime.now(UTC) + timedelta(seconds=min(ttl_s, 86_400)), usegmt=True)
    return web.Response(status=status, headers=headers)


@cache
def _asset(name: str) -> bytes:
    return files("resolver.net.http").joinpath("assets", name).read_bytes()


def asset(name: str) -> web.Response | None:
    """A file that the pages use; None if there is none of that name."""
    kind = ASSETS.get(name)
    if kind is None:
        return None
    headers = {"Cache-Control": "max-age=3600", "X-Content-Type-Options": "nosniff"}
    return web.Response(body=_asset(name), content_type=kind, headers=headers)
