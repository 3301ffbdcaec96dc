"""A result as one HTML page that needs nothing else: no server, no network, no other file.

    Figures, columns  -->  tables (the template writes them, escaped)
                      -->  series (a JSON block)  -->  charts, drawn by the uPlot that the page carries

English and Chinese are both in it; two radio buttons and style decide which is seen, so reading needs no script. The
page may load nothing at all and run only the scripts whose digests its own policy names: whatever a name or a note in
the result contains, it stays text.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from loadgen.arrays import AnyArray, Floats
from loadgen.pacing import parse_pacing
from loadgen.report import (
    ACHIEVED_SHARE_MIN,
    GOAL_PER_DAY_DEFAULT,
    LATENCIES,
    LATENESS_P99_NS_MAX,
    LATENESS_SHARE_OF_LIMIT_MAX,
    TARGETS_SHOWN,
    Figures,
    document_of,
    figures_of,
    ttl_scale_of,
)
from loadgen.results import Result, Verdict
from loadgen.series import Columns, Timeline, columns_of, inverse, kept, timeline
from resolver import __version__
from resolver.errors import OperatorError
from resolver.wire.codes import code_name

HERE = Path(__file__).parent
WRONG_SHOWN_MAX = 20
TIERS = {"root": "根", "national": "国家顶级", "secondary": "二级", "enterprise": "企业", "recursive": "递归"}
SHARES = {"p50": "50 %", "p90": "90 %", "p95": "95 %", "p99": "99 %", "p999": "99.9 %", "max": "100 %"}


@dataclass(frozen=True, slots=True)
class Volume:
    """A daily volume that somebody published: for scale (field.md, "Volume")."""

    english: str
    chinese: str
    per_day: int
    source: str


VOLUMES = (
    Volume("the plan's target, 2023", "行动计划目标，2023 年", 10_000_000, "plan"),
    Volume("whole nation, October 2021", "全国，2021 年 10 月", 40_000_000, "press"),
    Volume("whole nation, April 2022", "全国，2022 年 4 月", 90_000_000, "press"),
    Volume("whole nation, January 2024", "全国，2024 年 1 月", 150_000_000, "press"),
    Volume("later target, 2026", "后续目标，2026 年", 300_000_000, "press"),
)


@dataclass(frozen=True, slots=True)
class Check:
    """A line of the generator's certificate: what, as it was, as it must be, and whether it is."""

    english: str
    chinese: str
    measured: str
    demanded: str
    kept: bool


def page_of(result: Result) -> str:
    """The page of a result; write it as UTF-8."""
    figures, columns = figures_of(result), columns_of(result)
    pieces = timeline(columns, result.header["duration_s"])
    scripts = [_part("assets/uPlot.iife.min.js"), _part("templates/report.js")]
    styles = [_part("assets/uPlot.min.css"), _part("templates/report.css")]
    document = document_of(figures)
    return _template().render(
        figures=figures,
        header=figures.header,
        document=document,
        state=_state(figures),
        policy=(
            f"default-src 'none'; script-src {_digests(scripts)}; style-src {_digests(styles)}; "
            "base-uri 'none'; form-action 'none'"
        ),
        scripts=map(Markup, scripts),
        styles=map(Markup, styles),
        series=Markup(json_inside(_series(figures, columns, pieces))),  # escaped by json_inside
        day=_day(figures, columns, pieces),
        latencies=_latencies(figures, columns),
        checks=_certificate(figures),
        wrong=_wrong(result),
        tiers=[(tier, TIERS.get(tier, tier), counts) for tier, counts in figures.header["tiers"].items()],
        volumes=_volumes(figures),
        goal_is_the_plan=figures.header["goal_per_day"] == GOAL_PER_DAY_DEFAULT,
        width_s=pieces.width_s,
        targets_shown=TARGETS_SHOWN,
        version=__version__,
    )


def write_page(path: Path, result: Result) -> None:
    """Write the page of a result. OperatorError if that cannot be done."""
    try:
        path.write_text(page_of(result), encoding="utf-8")
    except OSError as error:
        raise OperatorError(f"cannot be written: {error.strerror}", file=str(path), key="--html") from error


def json_inside(document: Any) -> str:
    """JSON that cannot end the script element it stands in, and means the same there."""
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text


def _state(figures: Figures) -> str:
    """The verdict in a word, in the order in which `report.exit_code` judges."""
    if figures.header["interrupted"]:
        return "interrupted"
    if figures.wrong:
        return "wrong"
    if figures.invalid_because:
        return "invalid"
    return "pass" if figures.passed else "fail"


def _series(figures: Figures, columns: Columns, pieces: Timeline) -> dict[str, Any]:
    """What the charts draw: latencies in ms, rates per second, moments in seconds after the start."""
    odds, latency = inverse(columns.latency_ns)
    limits = [objective for objective, _, _ in figures.objectives if not objective.about_errors]
    return {
        "odds": _rounded(odds),
        "latency": _rounded(latency / 1e6),
        "service": _rounded(_at(odds, columns.service_ns) / 1e6),
        "lateness": _rounded(_at(odds, columns.lateness_ns) / 1e6),
        "limits": [
            {"odds": 1 / (1 - each.quantile) if each.quantile < 1 else None, "ms": each.limit / 1e6, "text": each.text}
            for each in limits
        ],
        "scale": scale_of(figures.header),
        "start": _rounded(pieces.start_s),
        "planned": _rounded(_planned(figures.header, pieces)),
        "offered": _rounded(pieces.due / pieces.width_s),
        "good": _rounded(pieces.good / pieces.width_s),
        "failed": _rounded(pieces.failed / pieces.width_s),
        "p50": _rounded(pieces.p50_ms),
        "p99": _rounded(pieces.p99_ms),
        "max": _rounded(pieces.max_ms),
    }


def scale_of(header: Mapping[str, Any]) -> float:
    """How many seconds go by on the curve of the pacing in one of the run."""
    return float(header.get("time_scale", 1.0))


def _planned(header: Mapping[str, Any], pieces: Timeline) -> Floats:
    """The rate that the pacing wants in each piece; empty for what has no curve: a log, or several pacings merged."""
    try:
        curve = parse_pacing(header["pacing"]).curve
    except OperatorError:
        return np.empty(0)
    counts = np.array([curve.count(float(moment)) for moment in (*pieces.start_s, pieces.start_s[-1] + pieces.width_s)])
    planned: Floats = np.diff(counts) / pieces.width_s
    return planned


@dataclass(frozen=True, slots=True)
class Day:
    """A run that stands for a longer time: how many hours, of which one request in `scale` was really sent."""

    hours: float
    scale: float
    ttl_scale: float
    planned: int
    resolved: int
    piece_minutes: float
    pieces: int
    pieces_kept: int


def _day(figures: Figures, columns: Columns, pieces: Timeline) -> Day | None:
    """What a compressed run says of the time it stands for; None for a run that stands for itself."""
    scale, duration_s = scale_of(figures.header), figures.header["duration_s"]
    if scale == 1:
        return None
    objectives = [objective for objective, _, _ in figures.objectives]
    found = kept(columns, duration_s, pieces.width_s, objectives)
    return Day(
        hours=duration_s * scale / 3600,
        scale=scale,
        ttl_scale=ttl_scale_of(figures.header),
        planned=round(figures.offered_per_s * duration_s * scale),
        resolved=round(figures.resolved * scale),
        piece_minutes=pieces.width_s * scale / 60,
        pieces=len(found),
        pieces_kept=int(found.sum()),
    )


def _at(odds: Floats, values: AnyArray) -> Floats:
    """The values at given odds: where a resolution is two requests, there are more service times than latencies."""
    known, found = inverse(values)
    return np.interp(odds, known, found) if len(known) else np.full(len(odds), np.nan)


def _rounded(values: Iterable[float]) -> list[float | None]:
    """Five digits, more than a chart can show; a gap is null."""
    return [float(f"{value:.5g}") if math.isfinite(value) else None for value in map(float, values)]


def _latencies(figures: Figures, columns: Columns) -> list[tuple[str, float | None, float | None]]:
    """(share, latency in ms, service time in ms) for each of the usual shares."""
    service: list[float | None] = [None] * len(LATENCIES)
    if len(columns.service_ns):
        found = np.quantile(columns.service_ns, list(LATENCIES.values()), method="inverted_cdf")
        service = (found / 1e6).tolist()
    return [(SHARES[name], figures.latency_ms[name], each) for name, each in zip(LATENCIES, service, strict=True)]


def _certificate(figures: Figures) -> list[Check]:
    """What makes the measurement one, each with its mark."""
    header = figures.header
    limits = [objective.limit for objective, _, _ in figures.objectives if not objective.about_errors]
    late_us_max = max(LATENESS_P99_NS_MAX, min(limits, default=0) * LATENESS_SHARE_OF_LIMIT_MAX) / 1e3
    late_us = figures.lateness_us["p99"]
    return [
        Check(
            "offered rate achieved",
            "达到计划速率",
            f"{figures.achieved_share:.2%}",
            f"≥ {ACHIEVED_SHARE_MIN:.1%}",
            figures.achieved_share >= ACHIEVED_SHARE_MIN,
        ),
        Check(
            "lateness of sending, p99",
            "发送滞后，p99",
            "-" if late_us is None else f"{late_us:,.0f} µs",
            f"≤ {late_us_max:,.0f} µs",
            late_us is None or late_us <= late_us_max,
        ),
        Check(
            "answers lost in the generator's own buffers",
            "发生器自身缓冲丢失的应答",
            f"{header['own_drops']:,}",
            "0",
            not header["own_drops"],
        ),
    ]


def _wrong(result: Result) -> list[dict[str, Any]]:
    """The first wrong answers, so that they can be asked for again."""
    record = result.records[result.records["verdict"] == Verdict.WRONG]
    record = record[np.argsort(record["due"], kind="stable")][:WRONG_SHOWN_MAX]
    targets = result.header["targets"]
    return [
        {
            "at_s": int(each["due"]) / 1e9,
            "rank": int(each["rank"]),
            "target": targets[int(each["target"])] if int(each["target"]) < len(targets) else "-",
            "code": code_name(int(each["code"])) if each["code"] else "UNREADABLE",
            "ms": (int(each["received"]) - int(each["due"])) / 1e6,
        }
        for each in record
    ]


def _volumes(figures: Figures) -> list[tuple[Volume, float, bool]]:
    """(volume, its share of the largest, whether it is this run's), ascending."""
    ours = Volume("this run, extrapolated", "本次测量，外推", figures.per_day, "")
    most = max(ours.per_day, *(volume.per_day for volume in VOLUMES))
    every = sorted((ours, *VOLUMES), key=lambda volume: volume.per_day)
    return [(volume, volume.per_day / most, volume is ours) for volume in every]


def _digests(parts: Iterable[str]) -> str:
    """Names of inline scripts or styles in a content security policy."""
    digests = (base64.b64encode(hashlib.sha256(part.encode()).digest()).decode() for part in parts)
    return " ".join(f"'sha256-{digest}'" for digest in digests)


@cache
def _part(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8").strip()


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["count"] = "{:,}".format
    environment.filters["ms"] = _milliseconds
    environment.filters["myriads"] = _myriads
    return environment.get_template("report.html")


def _milliseconds(value: float | None) -> str:
    """Three digits behind the point below 10 ms, fewer above."""
    return "-" if value is None else f"{value:,.{3 if value < 10 else 2 if value < 100 else 1}f}"


def _myriads(count: int) -> str:
    """A large number as Chinese readers count: 万, 亿."""
    if count >= 10**8:
        return f"{count / 10**8:,.2f} 亿"
    return f"{count / 10**4:,.0f} 万" if count >= 10**4 else f"{count:,}"
