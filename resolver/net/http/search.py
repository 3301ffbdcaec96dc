"""GET /hrls/handles?URL=*x*: which identifiers have such a value, as pyhandle asks (behaviour.md §4.6). Not part of the
reference server.

Whoever may list the handles of the node's first prefix may search; the records are looked through a slice of time at a
time, so that others are answered meanwhile.
"""

from __future__ import annotations

import asyncio
import time

from aiohttp import web

from resolver.errors import BiaoshiError, PeerError
from resolver.net.http.door import Asked, NoAnswerError, Place, source_of
from resolver.rules import rest, reverse
from resolver.rules.petition import petition
from resolver.rules.proof import Credentials
from resolver.rules.rest import Query, Unacceptable
from resolver.wire.codes import Code
from resolver.wire.json_form import name_to_json

PATHS = ("/hrls/handles", "/hrls/handles/")
SLICE_S = 0.02  # then others are heard; a record may take as long again at the worst
SEARCH_LIMIT_S = 10.0
FOUND_MAX = 10_000
KEYS_OF_PAGES = ("limit", "page")


async def search(place: Place, request: web.BaseRequest, who: Credentials | None, query: Query) -> tuple[int, object]:
    """(status, document): 200 and a list of handles, or what the node says to somebody who may not. Unacceptable."""
    if place.scan is None or not place.prefix:
        raise Unacceptable("there are no records at this node")
    conditions = {key.upper().encode(): value for key, value in query if key not in KEYS_OF_PAGES}
    if not conditions or len(conditions) > reverse.CONDITIONS_MAX:
        raise Unacceptable(f"from 1 to {reverse.CONDITIONS_MAX} conditions are wanted, such as URL=*example*")
    if any(len(pattern) > reverse.PATTERN_MAX for pattern in conditions.values()):
        raise Unacceptable(f"a condition has at most {reverse.PATTERN_MAX} characters")
    limit = min(rest.number(query, "limit", FOUND_MAX), FOUND_MAX)
    skipped = rest.number(query, "page", 0) * limit
    call = rest.listing([("prefix", place.prefix.decode("utf-8", "replace"))])
    asked = Asked(place.pump, source_of(request), "http", most=1)
    try:
        (message, *_) = await asked.drive(petition(call.opcode, call.body, asked.terms(), who, call.flags))
    except NoAnswerError as error:
        return 504, {"responseCode": Code.ERROR, "message": str(error)}
    except PeerError as error:
        raise Unacceptable(str(error)) from None
    finally:
        asked.hang_up()
    if message.header.code != Code.SUCCESS:
        return rest.status_of(call.opcode, message.header.code), rest.document(call, [message], query)
    try:
        found = await _found(place, conditions, skipped + limit)
    except TimeoutError:
        return 503, {"responseCode": Code.SERVER_TOO_BUSY, "message": f"not finished within {SEARCH_LIMIT_S:.0f} s"}
    except BiaoshiError as error:
        return 500, {"responseCode": Code.ERROR, "message": str(error)}
    return 200, [name_to_json(handle) for handle in found[skipped:]]


async def _found(place: Place, conditions: dict[bytes, str], most: int) -> list[bytes]:
    assert place.scan is not None
    found: list[bytes] = []
    begun_s = sliced_s = time.monotonic()
    for handle, record in place.scan():
        if reverse.holds(record, conditions):
            found.append(handle)
            if len(found) >= most:
                break
        now_s = time.monotonic()
        if now_s - begun_s > SEARCH_LIMIT_S:
            raise TimeoutError
        if now_s - sliced_s > SLICE_S:
            await asyncio.sleep(0)
            sliced_s = time.monotonic()
    return found
