"""Packets of tests/vectors, explained octet by octet by the parser that the nodes use.

A picture of all octets comes first, coloured by group; below it the fields, as `biaoshi decode` has them.
"""

from __future__ import annotations

import json
from functools import cache
from html import escape
from pathlib import Path

from biaoshi.cli.decode import headline, shown_value
from resolver.wire.explain import Row, explain

VECTORS = Path(__file__).parents[2] / "tests" / "vectors"
HUES = 6  # of groups, in site.css
OCTETS_SHOWN_MAX = 24  # of a field; the picture above has all
HEADS = {
    "en": ("offset", "octets", "field", "value", "meaning", "fields"),
    "zh-CN": ("偏移", "字节", "字段", "值", "含义", "个字段"),
}


@cache
def packets() -> dict[str, bytes]:
    """By name: what the reference library encoded, and `CONVERSATION.N`, the frames of recorded conversations."""
    document = json.loads((VECTORS / "messages.json").read_text(encoding="utf-8"))
    found = {each["name"]: bytes.fromhex(each["packet"]) for each in document["vectors"] if "packet" in each}
    for file in (VECTORS / "conversations").glob("*.json"):
        frames = [frame[1] for each in json.loads(file.read_text(encoding="utf-8")) for frame in each["frames"]]
        whole = [octets for octets in frames if not octets.startswith("<")]  # "<eof>": the connection ended
        found |= {f"{file.stem}.{number}": bytes.fromhex(octets) for number, octets in enumerate(whole, 1)}
    return found


def table(name: str, language: str) -> str:
    """A packet as HTML. KeyError if none has this name."""
    return explained(packets()[name], name, language)


def explained(packet: bytes, name: str, language: str) -> str:
    """Octets as HTML, with their name. Whatever they say is shown as text."""
    explanation = explain(packet)
    rows = explanation.rows
    groups = list(dict.fromkeys(row.groups[:1] for row in rows))
    hue = {group: number % HUES for number, group in enumerate(groups)}
    *heads, fields = HEADS[language]
    octets = "".join(
        f'<span class="octets hue{hue[row.groups[:1]]}" title="{escape(row.name)}">{row.octets.hex(" ")}</span> '
        for row in rows
        if row.octets
    )
    head = "".join(f"<th>{word}</th>" for word in heads)
    body = "".join(_rows(rows, hue))
    return (
        f'<div class="packet"><p class="packet-head">{escape(headline(explanation))} <small>{escape(name)} · '
        f"{len(packet)}{' octets' if language == 'en' else ' 字节'}</small></p>"
        f'<p class="packet-octets">{octets}</p><details><summary>{len(rows)} {fields}</summary>'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></details></div>\n"
    )


def _rows(rows: tuple[Row, ...], hue: dict[tuple[str, ...], int]) -> list[str]:
    lines: list[str] = []
    groups: tuple[str, ...] = ()
    for row in rows:
        if row.groups != groups:
            groups = row.groups
            words = escape(" / ".join(groups)) or "—"
            lines.append(f'<tr class="group hue{hue[groups[:1]]}"><th colspan="5">{words}</th></tr>')
        octets = row.octets[:OCTETS_SHOWN_MAX].hex(" ") + (" …" if len(row.octets) > OCTETS_SHOWN_MAX else "")
        cells = (str(row.offset), octets, row.name, shown_value(row), row.meaning)
        lines.append("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>")
    return lines
