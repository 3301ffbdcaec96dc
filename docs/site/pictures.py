"""Pictures of the documentation, drawn while it is built: from the network file, and from a resolution in virtual time.

What is drawn is what the code does at this moment; a picture cannot be older than it.
"""

from __future__ import annotations

import itertools
from functools import cache
from html import escape
from pathlib import Path

from biaoshi.trace import CLIENT, Hop, Names, Resolution, cache_events_of, hops_of
from biaoshi.trace_page import TEMPLATES, draw_svg
from nodes.config import NetworkPlan, NodePlan, load_network
from nodes.country import Country, country
from nodes.home import trace_document
from resolver.model.now import NS_PER_MS
from resolver.model.question import Question
from resolver.rules import replies
from resolver.wire.message import Message, decode, encode

REPO = Path(__file__).parents[2]
TEACHING = REPO / "configs" / "teaching.toml"
ITEM = b"88.118.8/JXDY2106023"
NEIGHBOUR = b"88.118.8/JXDY2101056"
REQUEST_ID = 77
RECURSIVE = "recursive-1"
TOUR = ("cold", "neighbour", "warm")  # an item that nobody has asked for, its neighbour, the item again
TIERS = {
    "root": ("root", "根节点"),
    "national": ("national", "国家顶级节点"),
    "secondary": ("secondary", "二级节点"),
    "enterprise": ("enterprise", "企业节点"),
    "recursive": ("recursive", "递归节点"),
}
BOX_PX, GAP_PX, ROW_PX, LABEL_PX, HIGH_PX = 176, 14, 84, 92, 46


def picture(name: str, language: str) -> str:
    """A drawing as HTML. KeyError if there is none of this name."""
    drawn = network() if name == "network" else resolution(TOUR.index(name)) if name in TOUR else None
    if drawn is None:
        raise KeyError(name)
    lines = (line.strip() for line in drawn.splitlines())
    return '<div class="picture">' + "".join(line for line in lines if line) + "</div>\n"


def style() -> str:
    """How the drawings of resolutions look."""
    return (TEMPLATES / "trace_drawing.css").read_text(encoding="utf-8")


@cache
def resolution(number: int) -> str:
    """A resolution of the tour, which are made one after the other."""
    made = country(load_network(TEACHING))
    names = Names([{"name": node.name, "address": f"{node.ip}:{node.port}"} for node in made.plan.nodes])
    told = [_resolve(made, handle, names) for handle in (ITEM, NEIGHBOUR, ITEM)]
    return draw_svg(told[number], names)


def _resolve(made: Country, handle: bytes, names: Names) -> Resolution:
    node = made.nodes[RECURSIVE]
    started = made.world.now.mono_ns
    node.arm_trace(REQUEST_ID, made.world.now)
    request = encode(replies.request_message(Question(handle), REQUEST_ID, made.world.now))
    answer = made.world.ask(made.ip(RECURSIVE), request) or b""
    message, report = decode(answer), trace_document(node, REQUEST_ID)
    assert isinstance(message, Message) and report is not None
    for hop in report["hops"]:
        hop["octets"] = [hop["octets_out"], hop["octets_in"]]
    elapsed_ms = round((made.world.now.mono_ns - started) / NS_PER_MS, 3)
    address = f"{made.ip(RECURSIVE)}:2641"
    first = Hop(
        0.0, CLIENT, RECURSIVE, address, "udp", handle.decode(), message.header.code, None,
        (len(request), len(answer)), cache_events_of(report, started), elapsed_ms,
    )  # fmt: skip
    hops = (first, *hops_of(report, RECURSIVE, names, started))
    return Resolution(handle.decode(), message.header.code, report["source"], elapsed_ms, (), hops)


@cache
def network() -> str:
    """The teaching network: every node in the row of its tier, and who delegates to whom."""
    plan = load_network(TEACHING)
    rows = {tier: [node for node in plan.nodes if node.tier == tier] for tier in TIERS}
    width = LABEL_PX + max(len(row) for row in rows.values()) * (BOX_PX + GAP_PX)
    places: dict[str, tuple[float, int]] = {}
    for number, row in enumerate(rows.values()):
        left = LABEL_PX + (width - LABEL_PX - len(row) * (BOX_PX + GAP_PX)) / 2
        places |= {node.name: (left + at * (BOX_PX + GAP_PX), 10 + number * ROW_PX) for at, node in enumerate(row)}
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {ROW_PX * len(rows)}" width="{width}" '
        f'height="{ROW_PX * len(rows)}" role="img" aria-label="teaching network 教学网络">'
    ]
    for above, below in _delegations(plan):
        (x1, y1), (x2, y2) = places[above], places[below]
        middle = BOX_PX / 2
        parts.append(f'<line class="lane" x1="{x1 + middle}" y1="{y1 + HIGH_PX}" x2="{x2 + middle}" y2="{y2}"/>')
    for number, words in enumerate(TIERS.values()):
        for language, word in zip(("en", "zh-CN"), words, strict=True):
            parts.append(f'<text class="quiet" lang="{language}" x="4" y="{10 + number * ROW_PX + 28}">{word}</text>')
    for node in plan.nodes:
        x, y = places[node.name]
        parts.append(f'<rect class="box {node.tier}" x="{x}" y="{y}" width="{BOX_PX}" height="{HIGH_PX}" rx="6"/>')
        parts.append(f'<text class="head" x="{x + BOX_PX / 2}" y="{y + 20}">{escape(node.name)}</text>')
        parts.append(f'<text class="under quiet" x="{x + BOX_PX / 2}" y="{y + 37}">{node.ip}</text>')
    return "\n".join([*parts, "</svg>"])


def _delegations(plan: NetworkPlan) -> list[tuple[str, str]]:
    """(who delegates, to whom): a prefix stands under the node that holds the longest prefix above it."""
    found = []
    for node in plan.nodes:
        if node.tier in ("root", "recursive"):
            continue
        for prefix in _prefixes(node):
            labels = prefix.split(".")
            longer = [".".join(labels[:count]) for count in range(len(labels) - 1, 0, -1)]
            holders = ((other.name for other in plan.nodes if above in _prefixes(other)) for above in longer)
            above = next(itertools.chain.from_iterable(holders), next(n.name for n in plan.nodes if n.tier == "root"))
            if above != node.name:
                found.append((above, node.name))
    return list(dict.fromkeys(found))


def _prefixes(node: NodePlan) -> list[str]:
    return [prefix.decode() for prefix in node.prefixes]
