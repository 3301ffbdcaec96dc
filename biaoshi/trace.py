"""One resolution seen hop by hop, and four ways to show it: JSON, text, Mermaid, a page of HTML.

A hop is one request and what came of it. The first is the client's own; the others are what the asked node sent on
our behalf, as its trace page tells (nodes/home.py). Both read this machine's monotonic clock, so `at_ms` counts from
the moment the client began. Cache events belong to the node that was asked and hang on the first hop.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from resolver.model.now import NS_PER_MS
from resolver.wire.codes import Code, code_name

CLIENT = "client"
CACHE_WORDS = {
    "hit": "hit 命中",
    "miss": "miss 未命中",
    "negative": "known not to exist 已知不存在",
    "stale": "stale 过期仍用",
    "joined": "joined an equal question 合并请求",
}
SOURCE_WORDS = {"authority": "authority 权威", "cache": "cache 缓存", "stale": "stale cache 过期缓存"}
MERMAID_SAFE = frozenset(" ./:-_=()[]+,→⇒")  # besides letters and digits; everything else becomes an entity
LANE_PX, ROW_PX, MARGIN_PX = 190, 34, 30


@dataclass(frozen=True, slots=True)
class CacheEvent:
    """What one cache of the asked node did, `at_ms` after the start."""

    at_ms: float
    cache: str
    outcome: str
    key: str


@dataclass(frozen=True, slots=True)
class Hop:
    """One request. `code` None: no answer. `referral`: `IP:port` it pointed to. `octets`: sent, received."""

    at_ms: float
    sender: str
    receiver: str
    address: str
    transport: str
    question: str
    code: int | None
    referral: str | None
    octets: tuple[int, int]
    cache: tuple[CacheEvent, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The hop as the contract writes it, and `cache`."""
        return {
            "at_ms": self.at_ms,
            "from": self.sender,
            "to": self.receiver,
            "address": self.address,
            "transport": self.transport,
            "question": self.question,
            "code": self.code,
            "referral": self.referral,
            "octets": list(self.octets),
            "cache": [
                {"at_ms": event.at_ms, "cache": event.cache, "outcome": event.outcome, "key": event.key}
                for event in self.cache
            ],
        }


@dataclass(frozen=True, slots=True)
class Resolution:
    """The end of it: `values` in the JSON form of the REST API, `message` the words of an error."""

    handle: str
    code: int
    source: str
    elapsed_ms: float
    values: tuple[dict[str, Any], ...]
    hops: tuple[Hop, ...]
    message: str = ""

    def as_json(self) -> dict[str, Any]:
        """The document of `biaoshi resolve --json`."""
        return {
            "handle": self.handle,
            "code": self.code,
            "code_name": code_name(self.code),
            **({"message": self.message} if self.message else {}),
            "source": self.source,
            "elapsed_ms": self.elapsed_ms,
            "values": list(self.values),
            "trace": [hop.as_json() for hop in self.hops],
        }


class Names:
    """Who stands at an address: names of a network's status document, else the address itself."""

    def __init__(self, nodes: Sequence[Mapping[str, Any]]) -> None:
        self._by_address = {node["address"]: node["name"] for node in nodes}
        hosts = [urlsplit("//" + node["address"]).hostname for node in nodes]
        # A recursive node answers on a second port too; its address alone names it unless it is shared.
        self._by_host = {host: node["name"] for host, node in zip(hosts, nodes, strict=True) if hosts.count(host) == 1}

    def at(self, address: str) -> str:
        """The name of the node at `IP:port`, or the address."""
        name = self._by_address.get(address) or self._by_host.get(urlsplit("//" + address).hostname)
        return name or address


def hops_of(report: Mapping[str, Any], node: str, names: Names, started_mono_ns: int) -> tuple[Hop, ...]:
    """The hops that a node's trace report holds, in order of time."""
    hops = (
        Hop(
            at_ms=_ms(hop["at_mono_ns"] - started_mono_ns),
            sender=node,
            receiver=names.at(hop["address"]),
            address=hop["address"],
            transport=hop["transport"],
            question=hop["question"],
            code=hop["code"],
            referral=hop["referral"],
            octets=(hop["octets"][0], hop["octets"][1]),
        )
        for hop in report["hops"]
    )
    return tuple(sorted(hops, key=lambda hop: hop.at_ms))


def cache_events_of(report: Mapping[str, Any], started_mono_ns: int) -> tuple[CacheEvent, ...]:
    """What the caches did, in order of time."""
    events = (
        CacheEvent(_ms(event["at_mono_ns"] - started_mono_ns), event["cache"], event["outcome"], event["key"])
        for event in report["cache"]
    )
    return tuple(sorted(events, key=lambda event: event.at_ms))


def _ms(nanoseconds: int) -> float:
    return round(nanoseconds / NS_PER_MS, 3)


# Drawing. All forms tell the same story, so it is told once.


class Step(NamedTuple):
    """One line of the story. `kind`: `ask` and `answer` are arrows, `note` is something at `sender`."""

    kind: str
    at_ms: float
    depth: int
    sender: str
    receiver: str
    words: str
    answered: bool = True


def steps(resolution: Resolution, names: Names) -> Iterator[Step]:
    """The story of a resolution in order of time: first the client's question, last its answer."""
    first, *others = resolution.hops
    yield Step("ask", first.at_ms, 0, first.sender, first.receiver, _question(first))
    events = [
        Step("note", event.at_ms, 1, first.receiver, first.receiver, _cache_words(event)) for event in first.cache
    ]
    asked = [
        step
        for hop in others
        for step in (
            Step("ask", hop.at_ms, 1, hop.sender, hop.receiver, _question(hop)),
            Step("answer", hop.at_ms, 1, hop.receiver, hop.sender, _outcome(hop, names), hop.code is not None),
        )
    ]
    yield from sorted(events + asked, key=lambda step: step.at_ms)  # stable: an answer stays behind its question
    yield Step("answer", resolution.elapsed_ms, 0, first.receiver, first.sender, _outcome(first, names))


def printable(words: str) -> str:
    """Text that cannot steer a terminal: control characters become escapes. Handles and data come from anywhere."""
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in words)


def _question(hop: Hop) -> str:
    return f"{printable(hop.question)}  {hop.address} {hop.transport}"


def _cache_words(event: CacheEvent) -> str:
    return f"{event.cache} cache: {CACHE_WORDS.get(event.outcome, event.outcome)}  {printable(event.key)}".rstrip()


def _outcome(hop: Hop, names: Names) -> str:
    if hop.code is None:
        return f"no answer 无应答  [{hop.octets[0]} octets out]"
    words = code_name(hop.code)
    if hop.referral:
        name = names.at(hop.referral)
        words += f" ⇒ {hop.referral}" if name == hop.referral else f" ⇒ {name} ({hop.referral})"
    return f"{words}  [{hop.octets[0]} → {hop.octets[1]} octets]"


def verdict(resolution: Resolution) -> str:
    """One line: what came of it."""
    words = f" ({printable(resolution.message)})" if resolution.message else ""
    source = SOURCE_WORDS.get(resolution.source, resolution.source)
    return f"{code_name(resolution.code)}{words}, from 来源: {source}, {resolution.elapsed_ms:.2f} ms"


def draw_text(resolution: Resolution, names: Names) -> str:
    """Lines with times; arrows indented by depth."""
    lines = [f"resolution 解析: {printable(resolution.handle)}"]
    for step in steps(resolution, names):
        indent = "    " * step.depth
        if step.kind == "note":
            lines.append(f"{step.at_ms:9.2f} ms  {indent}· {step.words}")
        elif step.kind == "ask":
            lines.append(f"{step.at_ms:9.2f} ms  {indent}{step.sender} → {step.receiver}  {step.words}")
        else:
            when = f"{step.at_ms:9.2f} ms" if step.depth == 0 else " " * 12
            arrow = "←" if step.answered else "✗"
            lines.append(f"{when}  {indent}{step.receiver} {arrow} {step.sender}  {step.words}")
    lines.append(verdict(resolution))
    return "\n".join(lines)


def draw_mermaid(resolution: Resolution, names: Names) -> str:
    """A Mermaid sequence diagram. Participants get neutral ids, text is escaped: a handle may hold anything."""
    story = list(steps(resolution, names))
    lanes = _lanes(story)
    lines = ["sequenceDiagram"]
    lines += [f"    participant p{number} as {_mermaid(name)}" for name, number in lanes.items()]
    for step in story:
        sender, receiver = f"p{lanes[step.sender]}", f"p{lanes[step.receiver]}"
        if step.kind == "note":
            lines.append(f"    Note over {sender}: {_mermaid(step.words)}")
        elif step.kind == "ask":
            lines.append(f"    {sender}->>{receiver}: {step.at_ms:.2f} ms {_mermaid(step.words)}")
        else:
            arrow = "-->>" if step.answered else "--x"
            lines.append(f"    {sender}{arrow}{receiver}: {_mermaid(step.words)}")
    lines.append(f"    Note over p0: {_mermaid(verdict(resolution))}")
    return "\n".join(lines)


def _lanes(story: Sequence[Step]) -> dict[str, int]:
    """A column for everybody who takes part, in order of appearance."""
    names = dict.fromkeys([story[0].sender, *(step.receiver for step in story)])
    return {name: number for number, name in enumerate(names)}


def _mermaid(words: str) -> str:
    return "".join(letter if letter.isalnum() or letter in MERMAID_SAFE else f"#{ord(letter)};" for letter in words)


PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ font: 15px/1.5 system-ui, "Noto Sans CJK SC", sans-serif; margin: 2rem; color: #222; background: #fff }}
table {{ border-collapse: collapse }} td, th {{ border-bottom: 1px solid #ccc; padding: .2rem .8rem; text-align: left }}
td {{ overflow-wrap: anywhere }} svg {{ max-width: 100%; height: auto; overflow: visible }}
svg text {{ font-size: 12px; paint-order: stroke; stroke: #fff; stroke-width: 4px }}
</style>
<h1>{title}</h1>
<p>{verdict}</p>
{drawing}
<h2>Values 标识值</h2>
<table><tr><th>index 索引</th><th>type 类型</th><th>data 数据</th><th>TTL s</th></tr>
{rows}
</table>
</html>"""


def draw_html(resolution: Resolution, names: Names) -> str:
    """One page that needs nothing from elsewhere: a drawing in SVG and the values."""
    rows = "\n".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in value_rows(resolution)
    )
    return PAGE.format(
        title=html.escape(printable(resolution.handle)),
        verdict=html.escape(verdict(resolution)),
        drawing=_svg(list(steps(resolution, names))),
        rows=rows,
    )


def _svg(story: Sequence[Step]) -> str:
    lanes = _lanes(story)
    width = MARGIN_PX * 2 + LANE_PX * len(lanes) + LANE_PX  # words of the last lane run on to the right
    height = MARGIN_PX * 2 + ROW_PX * (len(story) + 1)
    x = {name: MARGIN_PX + LANE_PX // 2 + LANE_PX * number for name, number in lanes.items()}
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">',
        '<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        '<path d="M0 0L8 4L0 8z"/></marker></defs>',
    ]
    for name, place in x.items():
        parts.append(
            f'<text x="{place}" y="{MARGIN_PX}" text-anchor="middle" font-weight="bold">{html.escape(name)}</text>'
        )
        parts.append(f'<line x1="{place}" y1="{MARGIN_PX + 8}" x2="{place}" y2="{height - 10}" stroke="#bbb"/>')
    for row, step in enumerate(story, 1):
        y = MARGIN_PX + ROW_PX * row + 10
        start, end = x[step.sender], x[step.receiver]
        if step.kind == "note":
            parts.append(f'<circle cx="{start}" cy="{y}" r="4" fill="#c60"/>')
            parts.append(f'<text x="{start + 9}" y="{y + 4}" fill="#930">{html.escape(step.words)}</text>')
            continue
        dashed = ' stroke-dasharray="5 4"' if step.kind == "answer" else ""
        words = step.words if step.kind == "answer" else f"{step.at_ms:.2f} ms  {step.words}"
        parts.append(
            f'<line x1="{start}" y1="{y}" x2="{end}" y2="{y}" stroke="#247" marker-end="url(#head)"{dashed}/>'
            f'<text x="{min(start, end) + 6}" y="{y - 5}">{html.escape(words)}</text>'
        )
    return "\n".join([*parts, "</svg>"])


def value_rows(resolution: Resolution) -> list[tuple[str, str, str, str]]:
    """index, type, data and TTL of each value, as text."""
    return [
        (str(value["index"]), printable(value["type"]), _data_text(value["data"]), str(value.get("ttl", "")))
        for value in resolution.values
    ]


def _data_text(data: Any) -> str:
    value = data["value"] if isinstance(data, dict) else data
    words = printable(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    return f"{words} ({data['format']})" if isinstance(data, dict) and data["format"] in ("base64", "hex") else words


def found(resolution: Resolution) -> bool:
    """Whether the answer is yes."""
    return resolution.code == Code.SUCCESS
