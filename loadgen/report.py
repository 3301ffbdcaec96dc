"""What a run means: figures, the verdict, and both as JSON (contract.md, "Load") and as text for people.

    Result (header, records)  --figures_of-->  Figures  --document_of-->  JSON document
                                                        --text_of----->  lines in English and Chinese
                                                        --exit_code--->  0 1 4 5 130

All figures come from the result alone, so a file read next year gives the same report.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from loadgen.arrays import AnyArray, Bools, Records
from loadgen.results import Result, Verdict, joined
from loadgen.slo import Objective, parse_slo
from resolver.errors import OperatorError
from resolver.wire.codes import Code, code_name

SECONDS_PER_DAY = 86_400
GOAL_PER_DAY_DEFAULT = 10_000_000
LATENCIES = {"p50": 0.5, "p90": 0.9, "p95": 0.95, "p99": 0.99, "p999": 0.999, "max": 1.0}

# The generator's own certificate: it sent at the offered rate, and nearly all of it so punctually that its lateness
# (which counts into every latency, never against it) is small beside the mark it judges by.
ACHIEVED_SHARE_MIN = 0.995
LATENESS_P99_NS_MAX = 2_000_000
LATENESS_SHARE_OF_LIMIT_MAX = 0.25

PARTS_AGREE = ("duration_s", "timeout_ns", "workload", "transport", "slo", "goal_per_day", "peak_factor")
SAID = (
    "pacing", "time_scale", "workload", "transport", "connections", "zipf", "popularity", "seed", "population",
    "procedural", "started", "warm_up", "took_part", "generators", "share",
)  # fmt: skip
TARGETS_SHOWN = 4  # by address in the text; the document names all

Milliseconds = dict[str, float | None]


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything a report says. Shares are 0 to 1; latencies stand under the names of LATENCIES (None: no requests).

    Of requests: sent, answered, late, wrong, codes, service time, lateness. Of resolutions, which may take two of them:
    `resolutions`, those answered in time (`resolved`) and rightly (`good`), latency, objectives, volume.
    """

    header: dict[str, Any]
    offered_per_s: float
    sent: int
    not_sent: int
    answered: int
    late: int
    wrong: int
    resolutions: int
    resolved: int
    good: int
    codes: dict[str, int]
    latency_ms: Milliseconds
    service_ms: Milliseconds
    lateness_us: Milliseconds
    achieved_share: float
    answered_by_target: tuple[int, ...]
    per_day: int
    objectives: tuple[tuple[Objective, float, bool], ...]  # with what was measured, and whether that keeps it
    invalid_because: tuple[str, ...]

    @property
    def timed_out(self) -> int:
        """Requests without an answer in time. sent = answered + timed_out, by definition and exactly."""
        return self.sent - self.answered

    @property
    def slo_met(self) -> bool:
        """Whether every objective is kept."""
        return all(met for _, _, met in self.objectives)

    @property
    def goal_reached(self) -> bool:
        """Whether the daily volume is reached."""
        return bool(self.per_day >= self.header["goal_per_day"])

    @property
    def passed(self) -> bool:
        """Whether the verdict is PASS: a valid measurement, the SLO met, the volume reached, nothing wrong."""
        return (
            self.slo_met and self.per_day >= self.header["goal_per_day"] and not self.wrong and not self.invalid_because
        )


def figures_of(result: Result) -> Figures:
    """All figures of a result."""
    header, everything = result.header, result.records
    record = everything[everything["sent"] >= 0]
    timeout_ns, duration_s = header["timeout_ns"], header["duration_s"]
    seen = record["received"] >= 0
    age = np.where(seen, record["received"] - record["due"], timeout_ns + 1)
    in_time: Bools = age <= timeout_ns
    latency_ns = np.minimum(age, timeout_ns)
    service_ns = np.where(in_time, record["received"] - record["sent"], timeout_ns)
    lateness_ns = record["sent"] - record["ready"]
    last: Bools = record["last"] == 1
    resolutions, resolved = int(last.sum()), int((in_time & last).sum())
    good = int((in_time & last & (record["verdict"] == Verdict.RIGHT)).sum())
    per_day = int(resolved / duration_s * SECONDS_PER_DAY / header["peak_factor"])

    objectives = []
    for objective in parse_slo(header["slo"]):
        errors = (resolutions - good) / max(1, resolutions)
        measured = errors if objective.about_errors else _quantile(latency_ns[last], objective.quantile)
        objectives.append((objective, measured, resolutions > 0 and objective.met(measured)))
    limits = [objective.limit for objective, _, _ in objectives if not objective.about_errors]
    lateness_ns_max = max(LATENESS_P99_NS_MAX, min(limits, default=0) * LATENESS_SHARE_OF_LIMIT_MAX)
    achieved_share = _achieved_share(everything, duration_s, lateness_ns_max)
    return Figures(
        header=header,
        offered_per_s=float((everything["last"] == 1).sum() / duration_s),
        sent=len(record),
        not_sent=len(everything) - len(record),
        answered=int(in_time.sum()),
        late=int((seen & ~in_time).sum()),
        wrong=int((record["verdict"] == Verdict.WRONG).sum()),
        resolutions=resolutions,
        resolved=resolved,
        good=good,
        codes=_codes(record["code"][in_time]),
        latency_ms=_percentiles(latency_ns[last], LATENCIES, 1e6),
        service_ms=_percentiles(service_ns, {"p50": 0.5, "p99": 0.99}, 1e6),
        lateness_us=_percentiles(lateness_ns, {"p50": 0.5, "p99": 0.99}, 1e3),
        achieved_share=achieved_share,
        answered_by_target=tuple(np.bincount(record["target"][in_time], minlength=len(header["targets"])).tolist()),
        per_day=per_day,
        objectives=tuple(objectives),
        invalid_because=tuple(_faults(header, achieved_share, lateness_ns, lateness_ns_max)),
    )


def merge(results: list[Result]) -> Result:
    """Results of generators that shared one run, as one.

    OperatorError if they cannot be parts of one (another duration, time-out, workload, SLO), or if the same part of a
    schedule is there twice. Per-tier counts are dropped: each part saw the whole network.
    """
    first = results[0].header
    if len(results) == 1:
        return results[0]
    for number, other in enumerate(results[1:], 1):
        mine = (other.header["share"], other.header["seed"], other.header["pacing"])
        if mine in [(each.header["share"], each.header["seed"], each.header["pacing"]) for each in results[:number]]:
            raise OperatorError(
                "this part of the run is there twice", key="share", value=mine[0], remedy="Name each result once"
            )
        for key in PARTS_AGREE:
            if other.header[key] != first[key]:
                raise OperatorError(
                    f"results are no parts of one run: {first[key]!r} in the first",
                    key=key,
                    value=other.header[key],
                    remedy="Report them one by one",
                )
    headers = [result.header for result in results]
    pacings = dict.fromkeys(header["pacing"] for header in headers)
    shares = {header["share"] for header in headers}
    of = int(first["share"].partition("/")[2])
    missing = [f"{index}/{of}" for index in range(of) if f"{index}/{of}" not in shares] if len(pacings) == 1 else []
    notes = ["several parts: per-tier counts are in each of them"]
    if missing:
        notes.append(f"parts of the run are missing: {', '.join(missing)}")
    records, targets = joined([(result.records, result.header["targets"]) for result in results])
    merged = {
        **first,
        **{key: sum(header[key] for header in headers) for key in ("strays", "duplicates", "own_drops", "cpu_s")},
        "pacing": " + ".join(pacings),
        "share": "0/1",
        "generators": sum(header["generators"] for header in headers),
        "targets": targets,
        "running_s": max(header["running_s"] for header in headers),
        "interrupted": any(header["interrupted"] for header in headers),
        "tiers": {},
        "took_part": {},
        "cache_hit": None,
        "notes": notes,
    }
    return Result(merged, records)


def exit_code(figures: Figures) -> int:
    """Interrupted 130, wrong answers 4, invalid 5, missed 1, else 0: the first that holds."""
    if figures.header["interrupted"]:
        return 130
    if figures.wrong:
        return 4
    if figures.invalid_because:
        return 5
    return 0 if figures.passed else 1


def document_of(figures: Figures) -> dict[str, Any]:
    """The JSON document of contract.md, "Load", and a few keys more."""
    header = figures.header
    return {
        "duration_s": header["duration_s"],
        "offered_per_s": figures.offered_per_s,
        "sent": figures.sent,
        "answered": figures.answered,
        "timed_out": figures.timed_out,
        "late": figures.late,
        "wrong": figures.wrong,
        "errors": figures.codes,
        "latency_ms": figures.latency_ms,
        "service_ms": figures.service_ms,
        "lateness_us": figures.lateness_us,
        "generator_cpu": _cpu(header),
        "cache_hit": header["cache_hit"],
        "tiers": header["tiers"],
        "per_day": figures.per_day,
        "extrapolated_from_s": header["duration_s"],
        "verdict": {
            "goal_per_day": header["goal_per_day"],
            "slo": header["slo"],
            "pass": figures.passed,
            "peak_factor": header["peak_factor"],
            "objectives": [
                {"objective": objective.text, "measured": _shown(objective, measured), "met": met}
                for objective, measured, met in figures.objectives
            ],
        },
        "valid": not figures.invalid_because,
        "invalid_because": list(figures.invalid_because),
        "achieved_share": figures.achieved_share,
        "not_sent": figures.not_sent,
        "strays": header["strays"],
        "duplicates": header["duplicates"],
        "own_drops": header["own_drops"],
        "interrupted": header["interrupted"],
        "notes": header["notes"],
        "timeout_s": header["timeout_ns"] / 1e9,
        "targets": [
            {"address": address, "answered": answered}
            for address, answered in zip(header["targets"], figures.answered_by_target, strict=True)
        ],
        "resolutions": figures.resolutions,
        "ttl_scale": ttl_scale_of(header),
        "simulated": header.get("simulated", False),
        **{key: header[key] for key in SAID},
    }


def text_of(figures: Figures) -> str:
    """The report for people."""
    return "\n".join(_lines(figures))


def _lines(figures: Figures) -> Iterator[str]:
    header = figures.header
    targets, duration = header["targets"], f"{header['duration_s']:g} s"
    more = f" and {len(targets) - TARGETS_SHOWN} more" if len(targets) > TARGETS_SHOWN else ""
    asked = ", ".join(targets[:TARGETS_SHOWN]) + more
    yield f"Load report 加载报告: {header['network']}, {asked}, {duration} from {header['started']}"
    scale = ""
    if _compressed(header):
        scale = f" at scale {header['time_scale']:g} 时间压缩 (TTLs at {ttl_scale_of(header):g})"
    yield (
        f"{header['workload']} over {header['transport'].upper()}, {header['pacing']}{scale}, {_popularity(header)}, "
        f"time-out {header['timeout_ns'] / 1e9:g} s, seed {header['seed']}"
    )
    if header["warm_up"]["sent"]:
        warm_up = header["warm_up"]
        yield f"Warmed up before 预热: {warm_up['seconds']:g} s, {warm_up['sent']:,} requests that no figure counts"
    if header["procedural"]:
        yield f"Among them {header['procedural']:,} procedural identifiers 程序生成 (computed, not stored)"
    if header["interrupted"]:
        yield "Ended early by Ctrl-C: figures of what was sent until then. 已中断，以下为中断前的结果"
    yield ""
    yield from _client_lines(figures)
    yield ""
    yield from _tier_lines(header)
    yield ""
    yield from _verdict_lines(figures)


def ttl_scale_of(header: Mapping[str, Any]) -> float:
    """How many seconds of TTLs went by at the nodes in one of the run."""
    return float(header.get("ttl_scale", 1.0))


def _compressed(header: Mapping[str, Any]) -> bool:
    """Whether time of the pacing or of the nodes' TTLs ran faster than that of the run."""
    return float(header["time_scale"]) != 1 or ttl_scale_of(header) != 1


def _popularity(header: dict[str, Any]) -> str:
    """Which identifiers were asked for, in a few words."""
    if header["popularity"] is None:
        return "identifiers as logged"
    popularity = header["popularity"]
    active = popularity["active"]
    asked = f"the first {active:,} of {header['population']:,}" if active else f"{header['population']:,}"
    more = [
        f"{popularity[key]:.1%} {word}"
        for key, word in (("misses", "misses"), ("one_hit", "asked once"))
        if popularity[key]
    ]
    more += [
        f"{popularity[key]['share']:.1%} {word}"
        for key, word in (("hot", "hot"), ("shots", "lately issued"))
        if popularity[key]
    ]
    return f"Zipf {header['zipf']:g} over {asked} identifiers" + (f" ({', '.join(more)})" if more else "")


def _client_lines(figures: Figures) -> Iterator[str]:
    """What the generator saw, and how good it was itself."""
    header, sent = figures.header, figures.sent
    share = f"{figures.answered / sent:.3%}" if sent else "-"
    codes = ", ".join(f"{name} {count:,}" for name, count in figures.codes.items() if count) or "none 无"
    yield _row(
        "offered",
        "计划",
        f"{figures.offered_per_s:,.1f} /s; sent 已发送 {sent:,}, not sent 未发出 {figures.not_sent:,}",
    )
    yield _row(
        "answered",
        "应答",
        f"{figures.answered:,} ({share}); timed out 超时 {figures.timed_out:,}, of them late 迟到 {figures.late:,}",
    )
    yield _row("wrong", "错误应答", f"{figures.wrong:,}; every answer compared with the catalogue 逐条比对")
    yield _row("error codes", "错误码", codes)
    if figures.resolutions < sent:
        whole = f"{figures.resolutions:,} of {sent:,} requests; latency, SLO and volume are of resolutions"
        yield _row("resolutions", "解析", whole)
    yield _row("latency", "时延", f"{_series(figures.latency_ms)} ms, from the intended moment 自计划时刻起")
    yield _row("service time", "服务时间", f"{_series(figures.service_ms)} ms, from the actual sending 自实际发送起")
    yield _row(
        "generator",
        "发生器",
        f"late 滞后 {_series(figures.lateness_us)} µs; achieved {figures.achieved_share:.2%} of the offered rate; "
        f"{_cpu(header):.2f} cores; {header['own_drops']:,} answers lost by itself",
    )
    for reason in figures.invalid_because:
        yield _row("INVALID", "测量无效", reason)
    if figures.invalid_because:
        yield f"{' ' * _LABEL_COLUMNS}Let the machine do less besides, lower the rate, or spend a core: --mode precise"


def _tier_lines(header: dict[str, Any]) -> Iterator[str]:
    """What the nodes counted."""
    for note in header["notes"]:
        yield _row("note", "注意", note)
    if not header["tiers"]:
        yield "Per tier 各级计数: not known 无"
        return
    yield "Per tier, counted by the nodes 各级节点计数 (never add tiers up: one resolution can count at each 不可相加)"
    for tier, counts in header["tiers"].items():
        label = _row(f"  {tier}", _TIERS.get(tier, ""), "")
        part = header["took_part"].get(tier)
        nodes = f"; {part['nodes']} of {part['of']} nodes took part" if part else ""
        yield f"{label}received {counts['received']:,}, answered {counts['answered']:,}{nodes}"
    if header["cache_hit"] is not None:
        formula = "(packet hits + answer hits, stale, negative) / received, recursive tier"
        yield _row("cache hit", "缓存命中", f"{header['cache_hit']:.1%} = {formula}")


def _verdict_lines(figures: Figures) -> Iterator[str]:
    """The daily volume, what it is compared with, and what that comes to."""
    header, goal = figures.header, figures.header["goal_per_day"]
    origin = ", the national plan's tens of millions 千万次量级" if goal == GOAL_PER_DAY_DEFAULT else ""
    per_s, duration = figures.resolved / header["duration_s"], f"{header['duration_s']:g} s"
    yield f"{figures.per_day} resolutions per day 日解析量（次）{_myriads(figures.per_day)}"
    yield (
        f"  = {per_s:,.1f} answered/s × 86,400 ÷ peak factor 峰均比 {header['peak_factor']:g}, "
        f"extrapolated from {duration} 由 {duration} 外推"
    )
    yield _row("goal", "目标", f"{goal:,} per day{_myriads(goal)}{origin}: {_yes(figures.goal_reached)}")
    for objective, measured, met in figures.objectives:
        yield _row("SLO", "服务目标", f"{objective.text}: {_shown(objective, measured)}, {_yes(met)}")
    yield "  Pass marks are ours; no source gives one. 服务目标由本项目自定，无公开依据"
    yield ""
    yield f"VERDICT 结论: {'PASS 达标' if figures.passed else 'FAIL 未达标'}"


_TIERS = {"root": "根", "national": "国家顶级", "secondary": "二级", "enterprise": "企业", "recursive": "递归"}
_LABEL_COLUMNS = 24


def _row(english: str, chinese: str, text: str) -> str:
    label = f"{english} {chinese}"
    columns = sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in label)
    return f"{label}{' ' * max(1, _LABEL_COLUMNS - columns)}{text}"


def _series(values: Milliseconds) -> str:
    return ", ".join(f"{name} {'-' if value is None else f'{value:.3f}'}" for name, value in values.items())


def _myriads(count: int) -> str:
    """` = 1.01 亿`: large numbers as Chinese readers count them."""
    if count >= 10**8:
        return f" = {count / 10**8:,.2f} 亿"
    return f" = {count / 10**4:,.0f} 万" if count >= 10**4 else ""


def _yes(met: bool) -> str:
    return "met 达到" if met else "MISSED 未达到"


def _shown(objective: Objective, measured: float) -> str:
    return f"{measured:.4%}" if objective.about_errors else f"{measured / 1e6:.3f} ms"


def _quantile(values: AnyArray, quantile: float) -> float:
    """The nearest rank: the smallest observed value that at least this share does not exceed. 0 without values."""
    return float(np.quantile(values, quantile, method="inverted_cdf")) if len(values) else 0.0


def _percentiles(values: AnyArray, wanted: dict[str, float], divisor: float) -> Milliseconds:
    if not len(values):
        return dict.fromkeys(wanted)
    found = np.quantile(values, list(wanted.values()), method="inverted_cdf") / divisor
    return dict(zip(wanted, found.tolist(), strict=True))


def _codes(codes: AnyArray) -> dict[str, int]:
    """How often each error code was answered, by name; not found is always said."""
    numbers, counts = np.unique(codes, return_counts=True)
    named = {_error_name(number): count for number, count in zip(numbers.tolist(), counts.tolist(), strict=True)}
    named.pop(Code.SUCCESS.name, None)
    return {Code.HANDLE_NOT_FOUND.name: 0, **named}


def _error_name(code: int) -> str:
    return code_name(code) if code else "UNREADABLE"


def _cpu(header: dict[str, Any]) -> float:
    """Cores that the generator kept busy, its polling included."""
    return header["cpu_s"] / header["running_s"] if header["running_s"] else 0.0


def _achieved_share(everything: Records, duration_s: float, lateness_ns_max: float) -> float:
    """The rate of sending over the offered one. Sending a little longer, within the lateness allowed, is no fault."""
    sent_ns = everything["sent"][everything["sent"] >= 0]
    if not len(sent_ns):
        return 0.0
    span_s = max(duration_s, (float(sent_ns.max()) - lateness_ns_max) / 1e9)
    return len(sent_ns) / span_s / (len(everything) / duration_s)


def _faults(
    header: dict[str, Any], achieved_share: float, lateness_ns: AnyArray, lateness_ns_max: float
) -> Iterator[str]:
    """Why the measurement is not one."""
    if achieved_share < ACHIEVED_SHARE_MIN:
        yield f"the generator sent {achieved_share:.2%} of the offered rate, less than {ACHIEVED_SHARE_MIN:.1%}"
    lateness = _quantile(lateness_ns, 0.99)
    if lateness > lateness_ns_max:
        yield f"1 % of the requests left more than {lateness_ns_max / 1e6:g} ms late (p99 {lateness / 1e6:.3f} ms)"
    if header["own_drops"]:
        yield f"the generator's own receive buffers lost {header['own_drops']:,} answers"
