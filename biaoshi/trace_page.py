"""A resolution as one picture: a page that needs nothing from elsewhere, in both languages, light and dark.

    steps  -->  drawing (places in pixels, words)  -->  templates/trace.html, which escapes and writes SVG

The page runs nothing and may load nothing; style alone decides which language is seen, by two radio buttons.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from rich.cells import cell_len

from biaoshi.trace import (
    CACHE_WORDS,
    SOURCE_WORDS,
    CacheEvent,
    Hop,
    Names,
    Resolution,
    Step,
    found,
    lanes,
    printable,
    referred_to,
    steps,
    value_rows,
)
from resolver import __version__
from resolver.rules.resolution import REFERRALS
from resolver.wire.codes import Code, code_name

TEMPLATES = Path(__file__).parent / "templates"
CACHES = {"packet": "报文缓存", "answer": "应答缓存", "prefix": "前缀缓存", "referral": "指引缓存"}
QUESTION_LETTERS_MAX = 48  # of a handle in the drawing; all of it appears where the pointer rests
CELL_PX = 7.2  # a letter of the drawing, at most; Chinese has two
LANE_PX_MIN, ROW_PX, GUTTER_PX, HEAD_PX, PADDING_PX = 150, 38, 84, 64, 18
BARS_PX = 420


class Both(NamedTuple):
    """A text in both languages."""

    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the drawing. `kind`: ask, answer, silence or note; `tone`: good, bad or plain."""

    kind: str
    y: int
    at: str
    start_x: float
    end_x: float
    words_x: float
    words: Both
    more: Both
    whole: str
    tone: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One request in time: where its bar begins, and how long it is."""

    name: str
    question: str
    x: float
    width: float
    took: str
    tone: str


def draw_page(resolution: Resolution, names: Names) -> str:
    """The page."""
    return _template("trace.html").render(
        **_drawing(resolution, names),
        handle=printable(resolution.handle),
        message=printable(resolution.message),
        code=code_name(resolution.code),
        good=found(resolution),
        source=Both(*SOURCE_WORDS.get(resolution.source, (resolution.source, resolution.source))),
        took=f"{resolution.elapsed_ms:.2f} ms",
        asked=len(resolution.hops) - 1,
        bars=_bars(resolution),
        bars_px=BARS_PX,
        values=value_rows(resolution),
        version=__version__,
    )


def draw_svg(resolution: Resolution, names: Names) -> str:
    """The drawing alone, for pages whose style has trace_drawing.css and shows one language."""
    return _template("trace_drawing.svg").render(**_drawing(resolution, names))


def _template(name: str) -> Template:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    ).get_template(name)


def _drawing(resolution: Resolution, names: Names) -> dict[str, Any]:
    """Who asked whom, as trace_drawing.svg takes it."""
    story = list(steps(resolution))
    x = _places(story, resolution)
    rows = [_row(step, HEAD_PX + ROW_PX * number, x, names) for number, step in enumerate(story, 1)]
    ends = [
        row.words_x
        + CELL_PX * max(cell_len(f"{words} {more}") for words, more in zip(row.words, row.more, strict=True))
        for row in rows
    ]
    return {
        "lanes": [(place, name, _address(name, resolution)) for name, place in x.items()],
        "rows": rows,
        "width": round(max(*ends, *(place + LANE_PX_MIN / 2 for place in x.values()))) + PADDING_PX,
        "height": HEAD_PX + ROW_PX * (len(story) + 1),
    }


def _places(story: list[Step], resolution: Resolution) -> dict[str, float]:
    """Where everybody's line stands: as far apart as names and addresses need."""
    places: dict[str, float] = {}
    x, half_before = float(GUTTER_PX), 0.0
    for name in lanes(story):
        widest = max(cell_len(name) * 1.1, cell_len(_address(name, resolution)))
        half = max(LANE_PX_MIN, CELL_PX * widest + PADDING_PX) / 2
        x += half_before + half
        places[name], half_before = x, half
    return places


def _address(name: str, resolution: Resolution) -> str:
    """Where a lane's node was asked; nothing for the client, and where the name is the address."""
    address = next((hop.address for hop in resolution.hops if hop.receiver == name), "")
    return "" if address == name else address


def _row(step: Step, y: int, x: dict[str, float], names: Names) -> Row:
    start_x, end_x = x[step.sender], x[step.receiver]
    at = f"{step.at_ms:.2f} ms"
    if isinstance(step.of, CacheEvent):
        event = step.of
        outcome = CACHE_WORDS.get(event.outcome, (event.outcome, event.outcome))
        words = Both(f"{event.cache} cache: {outcome[0]}", f"{CACHES.get(event.cache, event.cache)}：{outcome[1]}")
        key, whole = _short(event.key)
        return Row("note", y, at, start_x, end_x, start_x + 12, words, Both(key, key), whole, "plain")
    hop, words_x = step.of, min(start_x, end_x) + 10
    if step.kind == "ask":
        question, whole = _short(hop.question)
        more = hop.transport.upper()
        return Row("ask", y, at, start_x, end_x, words_x, Both(question, question), Both(more, more), whole, "plain")
    at = f"{resolution_end:.2f} ms" if (resolution_end := _ended_ms(hop)) is not None else ""
    if hop.code is None:
        words, more_words = (
            Both("no answer", "无应答"),
            Both(f"{hop.octets[0]} octets out", f"发出 {hop.octets[0]} 字节"),
        )
        return Row("silence", y, at, start_x, end_x, words_x, words, more_words, "", "bad")
    said = code_name(hop.code) + referred_to(hop, names)
    sent, received = hop.octets
    more_words = Both(f"{sent} → {received} octets", f"{sent} → {received} 字节")
    return Row("answer", y, at, start_x, end_x, words_x, Both(said, said), more_words, "", _tone(hop))


def _ended_ms(hop: Hop) -> float | None:
    return None if hop.took_ms is None else hop.at_ms + hop.took_ms


def _tone(hop: Hop) -> str:
    if hop.code == Code.SUCCESS:
        return "good"
    return "plain" if hop.code in REFERRALS else "bad"


def _short(words: str) -> tuple[str, str]:
    """What is drawn of a handle, and the whole of it if that is more."""
    words = printable(words)
    return (words, "") if len(words) <= QUESTION_LETTERS_MAX else (f"{words[: QUESTION_LETTERS_MAX - 1]}…", words)


def _bars(resolution: Resolution) -> list[Bar]:
    """Every request whose end is known, on one axis of time."""
    timed = [(hop, hop.took_ms) for hop in resolution.hops if hop.took_ms is not None]
    begin_ms = min((hop.at_ms for hop, _ in timed), default=0.0)
    end_ms = max((hop.at_ms + took_ms for hop, took_ms in timed), default=0.0)
    scale = BARS_PX / max(end_ms - begin_ms, 0.001)
    return [
        Bar(
            name=hop.receiver,
            question=_short(hop.question)[0],
            x=round((hop.at_ms - begin_ms) * scale, 1),
            width=max(round(took_ms * scale, 1), 1.0),
            took=f"{took_ms:.2f} ms",
            tone=_tone(hop),
        )
        for hop, took_ms in timed
    ]
