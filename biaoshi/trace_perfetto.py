"""A resolution as Chrome's trace events, which https://ui.perfetto.dev and chrome://tracing open.

One process, the resolution; in it a track for the client and each node. A hop is a slice on the track of the node that
was asked, as long as whoever asked waited; an arrow leads there from the track of that one. What caches did are
instants. Format: "Trace Event Format", JSON object form; times in microseconds from the first thing that happened.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from biaoshi.trace import Hop, Names, Resolution, lanes, steps
from resolver.wire.codes import code_name

US_PER_MS = 1_000
PROCESS = 1
TRACKS_OF_A_NODE = 100  # track ids of a node; a slice that overlaps another of its node goes to the next


def draw_perfetto(resolution: Resolution, names: Names) -> str:
    """The JSON document."""
    document = {
        "displayTimeUnit": "ms",
        "otherData": {
            "handle": resolution.handle,
            "code": code_name(resolution.code),
            "source": resolution.source,
            "began_unix_ns": str(resolution.began_unix_ns),
        },
        "traceEvents": list(_events(resolution, names)),
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


def _events(resolution: Resolution, names: Names) -> Iterator[dict[str, Any]]:
    first = resolution.hops[0]
    began_ms = min(hop.at_ms for hop in resolution.hops)  # a question that was joined may be older than ours
    busy_until_ms: dict[int, float] = {}  # of each track
    columns = lanes(list(steps(resolution)))

    def track(node: str, at_ms: float, took_ms: float) -> int:
        """The first track of a node on which a slice fits: slices of one track may not overlap."""
        number = columns[node] * TRACKS_OF_A_NODE
        while busy_until_ms.get(number, at_ms) > at_ms:
            number += 1
        busy_until_ms[number] = at_ms + took_ms
        return number

    def event(phase: str, number: int, at_ms: float, name: str, **more: Any) -> dict[str, Any]:
        at_us = round((at_ms - began_ms) * US_PER_MS, 3)
        return {"ph": phase, "pid": PROCESS, "tid": number, "ts": at_us, "name": name, **more}

    named: dict[int, str] = {}
    told: list[dict[str, Any]] = []
    client = track(first.sender, 0.0, resolution.elapsed_ms)
    named[client] = first.sender
    args = {"handle": resolution.handle, "code": code_name(resolution.code), "source": resolution.source}
    dur_us = round(resolution.elapsed_ms * US_PER_MS, 3)
    told.append(event("X", client, 0.0, f"resolve {resolution.handle}", cat="resolution", dur=dur_us, args=args))
    asker = {first.sender: client}
    for number, hop in enumerate(sorted(resolution.hops, key=lambda hop: hop.at_ms), 1):
        took_ms = _took_ms(hop, resolution)
        place = track(hop.receiver, hop.at_ms, took_ms)
        named[place] = hop.receiver
        asker.setdefault(hop.receiver, place)
        dur_us = round(took_ms * US_PER_MS, 3)
        told.append(event("X", place, hop.at_ms, hop.question, cat="hop", dur=dur_us, args=_args(hop, names)))
        for phase, end, more in (("s", asker.get(hop.sender, client), {}), ("f", place, {"bp": "e"})):
            told.append(event(phase, end, hop.at_ms, "asks", cat="hop", id=number, **more))
        for cached in hop.cache:
            words = f"{cached.cache} cache: {cached.outcome}"
            told.append(event("i", place, cached.at_ms, words, cat="cache", s="t", args={"key": cached.key}))
    yield {"ph": "M", "pid": PROCESS, "name": "process_name", "args": {"name": f"resolution {resolution.handle}"}}
    for place, name in named.items():
        yield {"ph": "M", "pid": PROCESS, "tid": place, "name": "thread_name", "args": {"name": name}}
        yield {"ph": "M", "pid": PROCESS, "tid": place, "name": "thread_sort_index", "args": {"sort_index": place}}
    yield from told


def _took_ms(hop: Hop, resolution: Resolution) -> float:
    """How long a hop lasted; of one whose end nobody knows, until the end of all."""
    return max(resolution.elapsed_ms - hop.at_ms, 0.0) if hop.took_ms is None else hop.took_ms


def _args(hop: Hop, names: Names) -> dict[str, Any]:
    return {
        "question": hop.question,
        "from": hop.sender,
        "to": hop.receiver,
        "address": hop.address,
        "transport": hop.transport,
        "code": "no answer" if hop.code is None else code_name(hop.code),
        "referral": names.at(hop.referral) if hop.referral else None,
        "octets_out": hop.octets[0],
        "octets_in": hop.octets[1],
    }
