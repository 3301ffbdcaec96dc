"""The REST interface of the reference server (behaviour.md §4), at every node that has an HTTP door.

    path and query, percent-decoded -> rules/rest.py: a request of the protocol -> the node, with the proof that
    Authorization: Basic makes possible -> rules/rest.py: status and JSON

Basic authorisation is heard over TLS, and without it from this machine only, where nobody listens on the way. A secret
never leaves the process: the door answers the node's challenge in the client's name.
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qsl, unquote_to_bytes

from aiohttp import web

from resolver.errors import PeerError
from resolver.net.http import openapi
from resolver.net.http.door import (
    PREFLIGHT,
    Asked,
    NoAnswerError,
    Place,
    body_of,
    is_local,
    is_secure,
    source_of,
    target_of,
)
from resolver.net.http.search import PATHS, search
from resolver.net.http.sessions import HttpSession, HttpSessions, parameters_of, proven, signed
from resolver.rules import rest
from resolver.rules.petition import ClientSession, log_in, petition
from resolver.rules.proof import Credentials
from resolver.rules.rest import Call, Query, Unacceptable
from resolver.wire.codes import Code, Opcode

PARAMETERS_MAX = 256
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")
CALLBACK = re.compile(r"[A-Za-z_$][\w$.]{0,99}")
# Of a proof that was given: the client is told nothing else (behaviour.md §4.4).
REFUTED = frozenset({Code.AUTHENTICATION_FAILED, Code.INVALID_CREDENTIAL, Code.AUTHEN_ERROR})
BASIC = 'Basic realm="handle"'
SESSIONS = HttpSessions()  # of this process: all its nodes share one bound
NO_SESSION = "there is no such session"
_UNQUOTABLE = re.compile(r'[^ -~]|"')
_BROKEN_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


async def api(place: Place, request: web.BaseRequest) -> web.StreamResponse:
    """Answer a request below /api."""
    path, told = target_of(request)
    query: Query = ()
    try:
        query = parameters(told)
        if path == "/api/openapi.json" and request.method in ("GET", "HEAD"):
            return web.json_response(text=openapi.document())
        if path in PATHS and request.method in ("GET", "HEAD"):
            return await _searched(place, request, query)
        if path.partition("/api/")[2].partition("/")[0] == "sessions":
            return await _session(place, request, path, query)
        if request.method == "POST" and path.startswith("/api/handles"):
            query = [*query, *await _fields(request)]
        call = await _call(path, query, request)
    except Unacceptable as error:
        place.pump.node.drop("refusal")
        return refusal(str(error), query, code=error.code)
    except web.HTTPException as error:
        place.pump.node.drop("refusal")
        return refusal(error.text or error.reason, status=error.status)
    if call is None:
        place.pump.node.drop("refusal")
        said = f"Unknown HTTP API endpoint {request.method} {path}"
        if request.method in METHODS:
            return refusal(said, query, status=404)
        # The reference says 501; but that is a server's fault, and this is not.
        response = refusal(said, query, status=405)
        response.headers["Allow"] = PREFLIGHT["Access-Control-Allow-Methods"]
        return response
    return await _carried_out(place, request, call, query)


def parameters(told: str) -> list[tuple[str, str]]:
    """The parameters of a query. Unacceptable if it is none."""
    try:
        if _BROKEN_PERCENT.search(told):
            raise ValueError("a percent sign that two hexadecimal digits do not follow")
        return parse_qsl(told, keep_blank_values=True, encoding="utf-8", errors="strict", max_num_fields=PARAMETERS_MAX)
    except ValueError as error:
        raise Unacceptable(f"the query: {error}") from None


def handle_in(path: str) -> bytes:
    """A handle as it stands in a path. Unacceptable if the percent-encoding is broken."""
    if _BROKEN_PERCENT.search(path):
        raise Unacceptable("the path: a percent sign that two hexadecimal digits do not follow")
    return unquote_to_bytes(path)


async def _call(path: str, query: Query, request: web.BaseRequest) -> Call | None:
    """What a request asks of the node; None if there is no such endpoint."""
    method = "GET" if request.method == "HEAD" else request.method
    kind, _, named = path.removeprefix("/api").removeprefix("/").partition("/")
    if kind == "handles" and named:
        handle = handle_in(named)
        if method in ("GET", "POST"):
            told = request.headers.get("Authorization", "")
            known = rest.basic(told) is not None or (is_secure(request) and parameters_of(told) is not None)
            return rest.resolution(handle, query, known=known)
        if method == "PUT":
            if request.content_type != "application/json":
                raise Unacceptable("Content-Type: application/json is wanted")
            return rest.put(handle, query, openapi.checked(await _json(request)))
        return rest.delete(handle, query) if method == "DELETE" else None
    if kind == "handles" and method == "GET":
        return rest.listing(query)
    if kind == "prefixes":
        return rest.prefixes(method, handle_in(named) if named else None)
    if kind == "site" and not named and method == "GET":
        return rest.site()
    if kind == "verifications" and named and method in ("GET", "POST"):
        return rest.verification(handle_in(named), query)
    return None


async def _json(request: web.BaseRequest) -> Any:
    try:
        return json.loads(await body_of(request))
    except (ValueError, RecursionError) as error:
        raise Unacceptable(f"the body is no JSON: {error}") from None


async def _fields(request: web.BaseRequest) -> list[tuple[str, str]]:
    """The parameters in a POST's body: a form, or a JSON object of texts, numbers, truth values and lists of those."""
    if request.content_type == "application/x-www-form-urlencoded":
        return parameters((await body_of(request)).decode("utf-8", "replace"))
    if request.content_type != "application/json":
        if await body_of(request):
            raise Unacceptable("Content-Type: application/json or application/x-www-form-urlencoded is wanted")
        return []
    form = await _json(request)
    if not isinstance(form, dict):
        raise Unacceptable("the body: an object is wanted")
    fields = []
    for key, value in form.items():
        _check_whole(key)
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, bool):
                each = "true" if each else "false"
            if not isinstance(each, str | int):
                raise Unacceptable(f"{key}: a text or a number is wanted")
            _check_whole(str(each))
            fields.append((key, str(each)))
            if len(fields) > PARAMETERS_MAX:
                raise Unacceptable(f"more than {PARAMETERS_MAX} parameters")
    return fields


def _check_whole(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Unacceptable("the body: text with half a surrogate pair") from None


async def _carried_out(place: Place, request: web.BaseRequest, call: Call, query: Query) -> web.StreamResponse:
    hearing, who = _claim(place, request)
    session, problem = await _entered(place, request)
    if session is None and hearing and who is None and "Authorization" in request.headers:
        return _unproven(place, request, problem)
    asked = Asked(place.pump, source_of(request), "http") if session is None else session.asked
    terms = asked.terms()
    if session is not None:
        terms.session = ClientSession(session.number)
    try:
        # Nobody is challenged for what everybody may read, and a wrong proof is wrong all the same.
        if who is not None and call.opcode == Opcode.RESOLUTION:
            (entry, *_) = await asked.drive(log_in(terms, who))
            if entry.header.code in REFUTED:
                return _unproven(place, request)
        messages = await asked.drive(petition(call.opcode, call.body, terms, who, call.flags))
    except NoAnswerError as error:
        return refusal(str(error), query, status=504, code=Code.ERROR)
    except PeerError as error:
        return refusal(str(error), query)
    finally:
        if session is None or not SESSIONS.holds(session):
            asked.hang_up()
    header = messages[0].header
    if who is not None and header.code in REFUTED:
        return _unproven(place, request)
    status = rest.status_of(call.opcode, header.code, header.flags)
    return _said(place, request, hearing, status, rest.document(call, messages, query), query)


async def _searched(place: Place, request: web.BaseRequest, query: Query) -> web.StreamResponse:
    hearing, who = _claim(place, request)
    status, form = await search(place, request, who, query)
    if who is not None and isinstance(form, dict) and form["responseCode"] in REFUTED:
        return _unproven(place, request)
    return _said(place, request, hearing, status, form, ())


async def _entered(place: Place, request: web.BaseRequest) -> tuple[HttpSession | None, str]:
    """The session that a request is in, its client having proven who it is; else what is wrong with its header."""
    told = parameters_of(request.headers.get("Authorization", "")) if is_secure(request) else None
    if told is None:
        return None, ""
    if "sessionId" not in told:
        session = SESSIONS.made(place, request)
        if problem := await proven(session, told, request):
            session.asked.hang_up()
            return None, problem
        return session, ""
    found = SESSIONS.find(place, told["sessionId"])
    if found is None:
        return None, NO_SESSION
    problem = await _enter(found, told, request) if found.user is None else ""
    return (None, problem) if problem else (found, "")


async def _enter(session: HttpSession, told: dict[str, str], request: web.BaseRequest) -> str:
    problem = await proven(session, told, request)
    return problem if problem or SESSIONS.enter(session) else NO_SESSION


async def _session(place: Place, request: web.BaseRequest, path: str, query: Query) -> web.Response:
    """/api/sessions: begin one; /api/sessions/this: look at it, enter it, end it."""
    if not is_secure(request):
        return refusal("Sessions need HTTPS", query, status=403)
    told = parameters_of(request.headers.get("Authorization", "")) or {}
    if path == "/api/sessions" and request.method == "POST":
        session: HttpSession | None = SESSIONS.begin(place, request)
    elif path == "/api/sessions/this" and request.method in ("GET", "HEAD", "PUT", "POST", "DELETE"):
        session = SESSIONS.find(place, told.get("sessionId", ""))
    else:
        return refusal(f"Unknown HTTP API endpoint {request.method} {path}", query, status=404)
    if session is None:
        return refusal(NO_SESSION, query, status=404)
    if request.method == "DELETE":
        SESSIONS.end(session)
        return web.Response(status=204)
    more = signed(session, told)
    if session.user is None and ("id" in told or "clientCert" in told):
        problem = await _enter(session, told, request)
        if problem:
            return _said(place, request, True, 401, session.document(more | {"error": problem}), query)
    return written(session.document(more), query, 200)


def _claim(place: Place, request: web.BaseRequest) -> tuple[bool, Credentials | None]:
    """Whether proofs are heard at all, and the one that is given, if it can be read."""
    if not (is_secure(request) or (place.plain_proof and is_local(source_of(request)))):
        return False, None
    claimed = rest.basic(request.headers.get("Authorization", ""))
    return True, None if claimed is None else Credentials(*claimed)


def _said(place: Place, request: web.BaseRequest, hearing: bool, status: int, form: Any, query: Query) -> web.Response:
    if status == 401 and not hearing:
        return written(form, query, 403)
    response = written(form, query, status)
    if status == 401:
        _invite(place, request, response)
    return response


def _unproven(place: Place, request: web.BaseRequest, problem: str = "") -> web.Response:
    """Bad credentials: nothing is said but that."""
    response = web.Response(status=401)
    _invite(place, request, response, problem)
    return response


def _invite(place: Place, request: web.BaseRequest, response: web.Response, problem: str = "") -> None:
    # A script is not to make its browser ask its user for a password.
    if request.headers.get("X-Requested-With", "").lower() != "xmlhttprequest":
        response.headers.add("WWW-Authenticate", BASIC)
    if is_secure(request):
        said = f', error="{_UNQUOTABLE.sub("", problem)[:200]}"' if problem else ""
        response.headers.add("WWW-Authenticate", SESSIONS.begin(place, request).invitation() + said)


def refusal(message: str, query: Query = (), *, status: int = 400, code: int = Code.PROTOCOL_ERROR) -> web.Response:
    """A request that did not get as far as the node."""
    return written({"responseCode": code, "message": message}, query, status)


def written(form: Any, query: Query, status: int) -> web.Response:
    """JSON, indented if `pretty`, or a call of the function that `callback` names."""
    text = json.dumps(form, ensure_ascii=False, indent=2 if rest.flag(query, "pretty") else None)
    callback = rest.one(query, "callback")
    if callback is not None and CALLBACK.fullmatch(callback):
        # What U+2028 and U+2029 are to JSON they are not to every script.
        text = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
        return web.Response(
            text=f"{callback}({text});",
            content_type="application/javascript",
            status=status,
            headers={"X-Content-Type-Options": "nosniff"},
        )
    return web.json_response(text=text, status=status, headers={"X-Content-Type-Options": "nosniff"})
