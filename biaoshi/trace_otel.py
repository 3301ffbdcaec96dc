"""A resolution as OpenTelemetry spans: OTLP in JSON, by the official SDK and encoder (extra `otel`).

    client span  RESOLUTION     of `biaoshi resolve`
      server span  RESOLUTION   of the node that was asked; what its caches did are events of it
        client span …           of that node, one for each hop

Only what was seen becomes a span: of the nodes that were asked in turn nobody told when they began and ended, so they
are the peers of client spans. Names of attributes are those of OpenTelemetry's conventions where it has one, else begin
with `handle.`. The SDK makes spans with times that are known, and knows the encoding; both are pure Python.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from biaoshi.trace import Hop, Names, Resolution
from resolver import __version__
from resolver.errors import OperatorError, PeerError, Unreachable
from resolver.model.now import NS_PER_MS
from resolver.wire.codes import code_name

if TYPE_CHECKING:
    from opentelemetry.trace import Span, SpanKind, Tracer

EXTRA = "opentelemetry.exporter.otlp.json.common"
COLLECTOR_PATH = "/v1/traces"
COLLECTOR_TIMEOUT_S = 5.0
NO_ANSWER = "no_answer"


def draw_otel(resolution: Resolution, names: Names) -> str:
    """The document that a collector takes at /v1/traces, on one line. OperatorError without the extra `otel`."""
    if not _installed():
        remedy = "Install the extra: pip install 'biaoshi[otel]', or from a clone pip install '.[otel]'"
        raise OperatorError("OpenTelemetry is not installed", key="--trace-format", value="otel", remedy=remedy)
    from opentelemetry.exporter.otlp.json.common.trace_encoder import encode_spans
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
    from opentelemetry.trace import SpanKind

    kept = InMemorySpanExporter()
    first, *others = resolution.hops
    client, node = _tracer(first.sender, kept), _tracer(first.receiver, kept)
    asked = _span(client, SpanKind.CLIENT, first, resolution, names, None)
    served = _span(node, SpanKind.SERVER, first, resolution, names, asked)
    served.set_attribute("handle.source", resolution.source)
    for event in first.cache:
        served.add_event(
            f"{event.cache} cache", {"outcome": event.outcome, "key": event.key}, _at(resolution, event.at_ms)
        )
    spans = [(served, first), (asked, first)]
    spans += [(_span(node, SpanKind.CLIENT, hop, resolution, names, served), hop) for hop in others]
    for span, hop in spans:
        took_ms = resolution.elapsed_ms - hop.at_ms if hop.took_ms is None else hop.took_ms
        span.end(_at(resolution, hop.at_ms + max(took_ms, 0.0)))
    return json.dumps(encode_spans(kept.get_finished_spans()).to_dict(), ensure_ascii=False, separators=(",", ":"))


def _installed() -> bool:
    try:
        return find_spec(EXTRA) is not None
    except ModuleNotFoundError:
        return False


def _tracer(name: str, kept: Any) -> Tracer:
    """What makes spans of one node. Everything is sampled, whatever the environment says."""
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.sampling import ALWAYS_ON
    from opentelemetry.semconv.attributes import service_attributes as service

    resource = Resource.create({service.SERVICE_NAME: name, service.SERVICE_NAMESPACE: "biaoshi"})
    provider = TracerProvider(sampler=ALWAYS_ON, resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(kept))
    return provider.get_tracer("biaoshi", __version__)


def _span(tracer: Tracer, kind: SpanKind, hop: Hop, resolution: Resolution, names: Names, parent: Span | None) -> Span:
    from opentelemetry.context import Context
    from opentelemetry.trace import StatusCode, set_span_in_context

    within = set_span_in_context(parent, Context()) if parent is not None else Context()
    span = tracer.start_span(
        "RESOLUTION",
        context=within,
        kind=kind,
        attributes=_attributes(hop, names, asking=kind.name == "CLIENT"),
        start_time=_at(resolution, hop.at_ms),
    )
    if hop.code is None:
        span.set_status(StatusCode.ERROR, "no answer")
    return span


def _attributes(hop: Hop, names: Names, *, asking: bool) -> Mapping[str, str | int]:
    from opentelemetry.semconv.attributes import error_attributes as error
    from opentelemetry.semconv.attributes import network_attributes as network
    from opentelemetry.semconv.attributes import server_attributes as server

    place = urlsplit(f"//{hop.address}")
    found: dict[str, str | int | None] = {
        network.NETWORK_PROTOCOL_NAME: "handle",
        network.NETWORK_TRANSPORT: hop.transport,
        server.SERVER_ADDRESS: place.hostname,
        server.SERVER_PORT: place.port,
        network.NETWORK_PEER_ADDRESS: place.hostname if asking else None,
        network.NETWORK_PEER_PORT: place.port if asking else None,
        "service.peer.name": hop.receiver if asking else None,
        error.ERROR_TYPE: NO_ANSWER if hop.code is None else None,
        "handle.question": hop.question,
        "handle.response.code": hop.code,
        "handle.response.code_name": None if hop.code is None else code_name(hop.code),
        "handle.referral": names.at(hop.referral) if hop.referral else None,
        "handle.request.size": hop.octets[0],
        "handle.response.size": hop.octets[1],
    }
    return {name: value for name, value in found.items() if value is not None}


def _at(resolution: Resolution, at_ms: float) -> int:
    """A moment of the resolution in nanoseconds since 1970."""
    return resolution.began_unix_ns + round(at_ms * NS_PER_MS)


def collector_of(written: str) -> tuple[str, int, str] | None:
    """Host, port and path if `written` is the address of a collector, else None: then it is a file.

    OperatorError for an address that is none.
    """
    if "://" not in written:
        return None
    try:
        parts = urlsplit(written)
        host, port = parts.hostname, parts.port
    except ValueError:
        parts, host, port = urlsplit(""), None, None
    if parts.scheme != "http" or not host or parts.username or parts.query:
        remedy = f"Write http://127.0.0.1:4318, what stands behind it is {COLLECTOR_PATH} if nothing else"
        raise OperatorError("not the address of a collector", key="--trace-out", value=written, remedy=remedy)
    return host, port or 4318, parts.path if parts.path not in ("", "/") else COLLECTOR_PATH


def post(document: str, host: str, port: int, path: str) -> None:
    """Hand a document to a collector. Unreachable if it does not answer, PeerError if it refuses."""
    connection = HTTPConnection(host, port, timeout=COLLECTOR_TIMEOUT_S)
    try:
        connection.request("POST", path, document.encode(), {"Content-Type": "application/json"})
        status = connection.getresponse().status
    except (OSError, HTTPException) as error:
        raise Unreachable(f"no collector answers at {host}:{port} ({error})") from None
    finally:
        connection.close()
    if not 200 <= status < 300:
        raise PeerError(f"the collector at {host}:{port} refused the trace: HTTP {status}")
