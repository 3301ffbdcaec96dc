"""Ask one node one question, and learn what the network did about it.

Before asking, the trace of this very request is armed at the asked node's admin page, if it is a node of ours; then it
tells its hops, what its caches did and where the answer came from. Of foreign servers only our own hop is known.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode, urlsplit

from biaoshi.trace import CLIENT, Hop, Names, Resolution, cache_events_of, hops_of
from resolver.errors import PeerError
from resolver.model.identifier import text
from resolver.model.now import NS_PER_MS
from resolver.model.question import Answer, Question
from resolver.model.site import Protocol
from resolver.model.value import is_a
from resolver.net.client import Exchange, ask, new_request_id
from resolver.rules.selection import TCP_WAITS_NS
from resolver.wire.codes import Code
from resolver.wire.json_form import value_to_json
from resolver.wire.types import hs_site

HANDLE_PORT = 2641
PAGE_TIMEOUT_S = 2.0
TRACE_OCTETS_MAX = 4 << 20  # a resolution has some dozen hops

Address = tuple[str, int]


def join(address: Address) -> str:
    """`IP:port`, IPv6 in brackets."""
    host, port = address
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def resolve(
    question: Question,
    server: Address,
    nodes: Sequence[Mapping[str, Any]],
    *,
    tcp: bool = False,
    tcp_wait_ns: int = TCP_WAITS_NS[0],
) -> Resolution:
    """Ask `server`. `nodes` are those of a network's status document; empty if none of ours runs. `tcp_wait_ns`: how
    long it may take in the end, when UDP was in vain.

    Unreachable if nobody answers; PeerError if the answer cannot be understood.
    """

    async def timed() -> tuple[int, int, Exchange]:
        asking = ask(server, question, tcp=tcp, request_id=request_id, tcp_wait_ns=tcp_wait_ns)
        return time.time_ns(), time.monotonic_ns(), await asking

    names = Names(nodes)
    node = next((node for node in nodes if node["name"] == names.at(join(server))), None)
    request_id = new_request_id()
    if node is not None:
        _trace_page(node, "POST", request_id)
    began_unix_ns, started, exchange = asyncio.run(timed())
    report = _trace_page(node, "GET", request_id) if node is not None else None
    elapsed_ms = round((exchange.ended_mono_ns - started) / NS_PER_MS, 3)
    first = Hop(
        at_ms=0.0,
        sender=CLIENT,
        receiver=names.at(join(server)),
        address=join(server),
        transport=exchange.transport,
        question=text(question.handle),
        code=exchange.code,
        referral=_referral(exchange.answer),
        octets=(exchange.octets_out, exchange.octets_in),
        cache=cache_events_of(report, started) if report else (),
        took_ms=elapsed_ms,
        packets=(exchange.request, exchange.response),
    )
    return Resolution(
        handle=text(question.handle),
        code=exchange.code,
        source=report["source"] if report else ("authority" if exchange.authoritative else "cache"),
        elapsed_ms=elapsed_ms,
        values=tuple(value_to_json(value) for value in exchange.answer.values),
        hops=(first, *(hops_of(report, first.receiver, names, started) if report else ())),
        message=text(exchange.answer.message),
        began_unix_ns=began_unix_ns,
    )


def _referral(answer: Answer) -> str | None:
    """Where a referral points: the first server of its first readable site, `IP:port`."""
    if answer.code not in (Code.SERVICE_REFERRAL, Code.PREFIX_REFERRAL):
        return None
    for value in answer.values:
        if is_a(value.type, b"HS_SITE"):
            try:
                server = hs_site.decode(value.data).servers[0]
            except (PeerError, IndexError):
                continue
            return join((server.ip, server.port(Protocol.UDP) or server.port(Protocol.TCP) or HANDLE_PORT))
    return None


def _trace_page(node: Mapping[str, Any], method: str, request_id: int) -> Any:
    """POST arms a node's trace of one request, GET brings it. None if there is none: a resolution is worth more than
    its trace.
    """
    page = urlsplit(node["metrics"] or "")
    if page.hostname is None:
        return None
    connection = HTTPConnection(page.hostname, page.port, timeout=PAGE_TIMEOUT_S)
    try:
        connection.request(method, "/trace?" + urlencode({"node": node["name"], "request_id": request_id}))
        response = connection.getresponse()
        return json.loads(response.read(TRACE_OCTETS_MAX)) if response.status == 200 else None
    except (OSError, HTTPException, ValueError):
        return None
    finally:
        connection.close()
