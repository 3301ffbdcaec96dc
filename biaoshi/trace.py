"""One resolution seen hop by hop, as JSON, text and Mermaid.

Other forms have modules of their own: trace_page.py (a page of HTML), trace_perfetto.py and trace_otel.py.

A hop is one request and what came of it. The first is the client's own; the others are what the asked node sent on
our behalf, as its trace page tells (nodes/home.py). Both read this machine's monotonic clock, so `at_ms` counts from
the moment the client began. Cache events belong to the node that was asked and hang on the first hop.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from resolver.model.now import NS_PER_MS
from resolver.wire.codes import Code, code_name

CLIENT = "client"
CACHE_WORDS = {
    "hit": ("hit", "命中"),
    "miss": ("miss", "未命中"),
    "negative": ("known not to exist", "已知不存在"),
    "stale": ("stale", "过期仍用"),
    "joined": ("joined an equal question", "合并请求"),
}
SOURCE_WORDS = {
    "authority": ("authority", "权威"),
    "cache": ("cache", "缓存"),
    "stale": ("stale cache", "过期缓存"),
}
MERMAID_SAFE = frozenset(" ./:-_=()[]+,→⇒")  # besides letters and digits; everything else becomes an entity


@dataclass(frozen=True, slots=True)
class CacheEvent:
    """What one cache of the asked node did, `at_ms` after the start."""

    at_ms: float
    cache: str
    outcome: str
    key: str


@dataclass(frozen=True, slots=True)
class Hop:
    """One request. `code` None: no answer. `referral`: `IP:port` it pointed to. `octets`: sent, received.

    `took_ms`: from its sending until its answer came or nobody waited any more; None if the node does not tell.
    `packets`: the request and its answer themselves, b"" for none.
    """

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
    took_ms: float | None = None
    packets: tuple[bytes, bytes] = (b"", b"")

    def as_json(self) -> dict[str, Any]:
        """The hop as the contract writes it, `took_ms` and `cache`."""
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
            "took_ms": self.took_ms,
            "cache": [
                {"at_ms": event.at_ms, "cache": event.cache, "outcome": event.outcome, "key": event.key}
                for event in self.cache
            ],
        }


@dataclass(frozen=True, slots=True)
class Resolution:
    """The end of it: `values` in the JSON form of the REST API, `message` the words of an error.

    `began_unix_ns`: when the client began, by the clock on the wall.
    """

    handle: str
    code: int
    source: str
    elapsed_ms: float
    values: tuple[dict[str, Any], ...]
    hops: tuple[Hop, ...]
    message: str = ""
    began_unix_ns: int = 0

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
            took_ms=None if hop.get("took_ns") is None else _ms(hop["took_ns"]),
            packets=(bytes.fromhex(hop.get("request", "")), bytes.fromhex(hop.get("reply", ""))),
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
    """One line of the story. `kind`: `ask` and `answer` are arrows, of a hop; `note` is of a cache at `sender`."""

    kind: str
    at_ms: float
    depth: int
    sender: str
    receiver: str
    of: Hop | CacheEvent

    @property
    def answered(self) -> bool:
        """Whether an answer came; of what is no answer, yes."""
        return self.kind != "answer" or (isinstance(self.of, Hop) and self.of.code is not None)


def steps(resolution: Resolution) -> Iterator[Step]:
    """The story of a resolution in order of time: first the client's question, last its answer."""
    first, *others = resolution.hops
    yield Step("ask", first.at_ms, 0, first.sender, first.receiver, first)
    events = [Step("note", event.at_ms, 1, first.receiver, first.receiver, event) for event in first.cache]
    asked = [
        step
        for hop in others
        for step in (
            Step("ask", hop.at_ms, 1, hop.sender, hop.receiver, hop),
            Step("answer", hop.at_ms, 1, hop.receiver, hop.sender, hop),
        )
    ]
    yield from sorted(events + asked, key=lambda step: step.at_ms)  # stable: an answer stays behind its question
    yield Step("answer", resolution.elapsed_ms, 0, first.receiver, first.sender, first)


def lanes(story: Sequence[Step]) -> dict[str, int]:
    """A column for everybody who takes part, in order of appearance."""
    names = dict.fromkeys([story[0].sender, *(step.receiver for step in story)])
    return {name: number for number, name in enumerate(names)}


def printable(words: str) -> str:
    """Text that cannot steer a terminal: control characters become escapes. Handles and data come from anywhere."""
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in words)


def words_of(step: Step, names: Names) -> str:
    """What a step says, in both languages."""
    if isinstance(step.of, CacheEvent):
        event = step.of
        outcome = " ".join(CACHE_WORDS.get(event.outcome, (event.outcome,)))
        return f"{event.cache} cache: {outcome}  {printable(event.key)}".rstrip()
    hop = step.of
    if step.kind == "ask":
        return f"{printable(hop.question)}  {hop.address} {hop.transport}"
    if hop.code is None:
        return f"no answer 无应答  [{hop.octets[0]} octets out]"
    return f"{code_name(hop.code)}{referred_to(hop, names)}  [{hop.octets[0]} → {hop.octets[1]} octets]"


def referred_to(hop: Hop, names: Names) -> str:
    """` ⇒ NAME (IP:port)` if an answer points on, else nothing."""
    if not hop.referral:
        return ""
    name = names.at(hop.referral)
    return f" ⇒ {hop.referral}" if name == hop.referral else f" ⇒ {name} ({hop.referral})"


def verdict(resolution: Resolution) -> str:
    """One line: what came of it."""
    words = f" ({printable(resolution.message)})" if resolution.message else ""
    source = " ".join(SOURCE_WORDS.get(resolution.source, (resolution.source,)))
    return f"{code_name(resolution.code)}{words}, from 来源: {source}, {resolution.elapsed_ms:.2f} ms"


def draw_text(resolution: Resolution, names: Names) -> str:
    """Lines with times; arrows indented by depth."""
    lines = [f"resolution 解析: {printable(resolution.handle)}"]
    for step in steps(resolution):
        indent, words = "    " * step.depth, words_of(step, names)
        if step.kind == "note":
            lines.append(f"{step.at_ms:9.2f} ms  {indent}· {words}")
        elif step.kind == "ask":
            lines.append(f"{step.at_ms:9.2f} ms  {indent}{step.sender} → {step.receiver}  {words}")
        else:
            when = f"{step.at_ms:9.2f} ms" if step.depth == 0 else " " * 12
            arrow = "←" if step.answered else "✗"
            lines.append(f"{when}  {indent}{step.receiver} {arrow} {step.sender}  {words}")
    lines.append(verdict(resolution))
    return "\n".join(lines)


def draw_mermaid(resolution: Resolution, names: Names) -> str:
    """A Mermaid sequence diagram. Participants get neutral ids, text is escaped: a handle may hold anything."""
    story = list(steps(resolution))
    columns = lanes(story)
    lines = ["sequenceDiagram"]
    lines += [f"    participant p{number} as {_mermaid(name)}" for name, number in columns.items()]
    for step in story:
        sender, receiver = f"p{columns[step.sender]}", f"p{columns[step.receiver]}"
        words = _mermaid(words_of(step, names))
        if step.kind == "note":
            lines.append(f"    Note over {sender}: {words}")
        elif step.kind == "ask":
            lines.append(f"    {sender}->>{receiver}: {step.at_ms:.2f} ms {words}")
        else:
            arrow = "-->>" if step.answered else "--x"
            lines.append(f"    {sender}{arrow}{receiver}: {words}")
    lines.append(f"    Note over p0: {_mermaid(verdict(resolution))}")
    return "\n".join(lines)


def _mermaid(words: str) -> str:
    return "".join(letter if letter.isalnum() or letter in MERMAID_SAFE else f"#{ord(letter)};" for letter in words)


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
