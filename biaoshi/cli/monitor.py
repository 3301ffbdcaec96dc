"""`biaoshi monitor`: what the guide wants monitored of each node: figures of a day, events, the monthly report."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from difflib import get_close_matches
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import typer

from biaoshi.cli.network import Json, RunDir
from biaoshi.cli.terminal import print_json, print_table
from nodes import state
from resolver.errors import OperatorError, Unreachable

if TYPE_CHECKING:
    from nodes.monitoring import Event, Files

ANSWER_LIMIT_S = 10.0
KINDS = {"fault": "fault 故障", "recovered": "recovered 恢复"}
CLASSES = {"network": "network 网络", "system": "system 系统", "attack": "attack 攻击", "other": "other 其他"}
NONE = "-"

app = typer.Typer(rich_markup_mode=None)


@app.command()
def monitor(
    node: Annotated[str | None, typer.Option(metavar="NAME", help="This node alone, with every item.")] = None,
    day: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="Another day than today (UTC).")] = None,
    month: Annotated[str | None, typer.Option(metavar="YYYY-MM", help="The monthly report instead.")] = None,
    run_dir: RunDir = None,
    json: Json = False,
) -> None:
    """Show what is monitored of each node (节点监测): figures of a day, events, the monthly report with its SLA.

    \b
    biaoshi monitor                             today, a line a node
    biaoshi monitor --node secondary-88.118     today, all items and events of a node
    biaoshi monitor --month 2026-11             the monthly report

    Counted per node, per received query (official counting rule); tiers are never added up. Works on what was kept when
    no network runs, too. docs/monitoring.md says what each item is.

    Exit codes: 0 shown; 2 no such node, day or month; 3 nothing is kept here; 4 what is kept cannot be read.
    """
    from nodes.monitoring import Files

    if day is not None and month is not None:
        raise OperatorError("a day or a month, not both", key="--month", value=month, remedy="Leave one out")
    folder = state.choose_run_dir(run_dir)
    refresh(folder)
    files = Files(folder / "data")
    names = _names(files, folder, node)
    now_ns = time.time_ns()
    if month is not None:
        _show_month(files, names, month, now_ns, json)
    else:
        _show_day(files, names, day or datetime.now(UTC).date().isoformat(), node is not None, json)


def refresh(run_dir: Path) -> None:
    """Have the processes of a running network, if there is one, write down their figures as they are now."""
    try:
        processes = state.read_state(run_dir)["processes"]
    except Unreachable:
        return
    for process in processes:
        page = urlsplit(process["metrics"] or "")
        connection = HTTPConnection(page.hostname or "", page.port, timeout=ANSWER_LIMIT_S)
        try:
            connection.request("GET", "/monitor")
            connection.getresponse().read()
        except (OSError, HTTPException):
            pass  # it has ended, and its nodes with it: their events say so
        finally:
            connection.close()


def _names(files: Files, run_dir: Path, node: str | None) -> list[str]:
    known = files.nodes()
    if not known:
        raise Unreachable(f"nothing is kept in {run_dir}: start a network: `biaoshi network up configs/teaching.toml`")
    if node is None:
        return known
    if node not in known:
        near = get_close_matches(node, known, 1)
        remedy = f"Did you mean {near[0]}?" if near else f"There are {', '.join(known[:5])}"
        raise OperatorError("nothing is kept of a node of this name", key="--node", value=node, remedy=remedy)
    return [node]


# -- a day --------------------------------------------------------------------------------------------------------


def _show_day(files: Files, names: list[str], written: str, whole: bool, as_json: bool) -> None:
    from nodes.monitoring import day_of, day_text, time_text

    try:
        number = day_of(written)
        written = day_text(number)
    except ValueError:
        raise OperatorError("no day", key="--day", value=written, remedy="Write it as 2026-11-25") from None
    shown: list[dict[str, Any]] = []
    for name in names:
        kept = files.day(name, number)
        events = [each for each in files.events(name) if time_text(each.at_ns).startswith(written)]
        if kept is not None or events:
            document = {"node": name, "day": written} if kept is None else kept.document()
            shown.append({**document, "events": [event.document(name) for event in events]})
    if as_json:
        print_json({"day": written, "nodes": shown})
    elif not shown:
        typer.echo(f"nothing is kept of {written} 当日无数据")
    elif whole:
        _print_whole(shown[0])
    else:
        _print_day(written, shown)


def _print_day(day: str, shown: list[dict[str, Any]]) -> None:
    heads = [
        "NODE 节点", "TIER 层级", "RESOLUTIONS 解析", "AVG ms 平均", "MAX ms 最大", "MIN ms 最小", "MAX/s 每秒最大",
        "REGISTRATIONS 注册", "AVG ms 平均", "MAX ms 最大", "MIN ms 最小", "EVENTS 事件",
    ]  # fmt: skip
    keys = (
        "tier", "resolutions", "resolution_latency_avg_ms", "resolution_latency_max_ms", "resolution_latency_min_ms",
        "resolutions_per_second_max", "registrations", "registration_latency_avg_ms", "registration_latency_max_ms",
        "registration_latency_min_ms",
    )  # fmt: skip
    rows = [
        [each["node"], *(words(each.get(key)) for key in keys), str(len(each["events"]))]
        for each in sorted(shown, key=lambda each: (each.get("tier", ""), each["node"]))
    ]
    print_table(heads, rows, f"{day} (UTC); per node and received query, never to be added up over tiers 按节点统计")


def _print_whole(document: dict[str, Any]) -> None:
    from nodes.monitoring import DAY_ITEMS, EVENT_ITEMS

    rows = [[f"{english} {chinese}", words(document.get(key))] for key, (english, chinese) in DAY_ITEMS.items()]
    counts = [
        ["resolutions, all codes 解析量", words(document.get("resolutions"))],
        ["registrations that were made 注册量", words(document.get("registrations"))],
        ["uptime of the day, s 当日运行时长（秒）", words(document.get("up_s"))],
    ]
    print_table(["ITEM 监测项", "VALUE 值"], [*rows, *counts], f"{document['node']} {document['day']} (UTC)")
    print_events(document["events"], [f"{key.upper()} {chinese}" for key, (_, chinese) in EVENT_ITEMS.items()])


def print_events(events: list[dict[str, Any]], heads: list[str]) -> None:
    """Status events as a table."""
    if not events:
        typer.echo("no events 无事件")
        return
    rows = [
        [
            KINDS[each["kind"]],
            each["id"],
            each["related_id"] or NONE,
            each["time"],
            each["cause"],
            CLASSES.get(each["class"], each["class"]),
        ]
        for each in events
    ]
    print_table([head.split("：")[0] for head in heads], rows)


# -- a month ------------------------------------------------------------------------------------------------------


def _show_month(files: Files, names: list[str], month: str, now_ns: int, as_json: bool) -> None:
    from nodes.monitoring import month_bounds
    from nodes.monthly import MONTH_ITEMS, report

    try:
        begins_ns, ends_ns = month_bounds(month)
    except ValueError:
        raise OperatorError("no month", key="--month", value=month, remedy="Write it as 2026-11") from None
    ends_ns = min(ends_ns, now_ns)
    seen = {name: files.prefixes(name) for name in files.nodes()}
    approvals: dict[str, int] = {}
    for at_ns, prefix, what in sorted(each for told in seen.values() for each in told):
        if what == "approved":
            approvals.setdefault(prefix, at_ns)
    reports = []
    for name in names:
        days, events = files.days(name, month), files.events(name)
        if not days and not in_month(events, begins_ns, ends_ns):
            continue
        homings = [(at, prefix) for at, prefix, what in seen[name] if what == "homed" and begins_ns <= at < ends_ns]
        made = report(
            name, month, days, events, approvals, homings, begins_ns=begins_ns, ends_ns=max(begins_ns, ends_ns)
        )
        tier = days[0].tier if days else ""
        kept = [event.document(name) for event in in_month(events, begins_ns, ends_ns)]
        reports.append({**made, "tier": tier, "events": kept})
    if as_json:
        print_json({"month": month, "nodes": reports})
    elif not reports:
        typer.echo(f"nothing is kept of {month} 当月无数据")
    else:
        heads = ["NODE 节点", "TIER 层级", *(f"{english} {chinese}" for english, chinese in MONTH_ITEMS.values())]
        rows = [
            [each["node"], each["tier"], *(words(each[key]) for key in MONTH_ITEMS)]
            for each in sorted(reports, key=lambda each: (each["tier"], each["node"]))
        ]
        print_table(heads, rows, f"{month} (UTC)")


def in_month(events: list[Event], begins_ns: int, ends_ns: int) -> list[Event]:
    """Those that happened between two moments."""
    return [event for event in events if begins_ns <= event.at_ns < ends_ns]


def words(value: object) -> str:
    """A figure as people read it."""
    if value is None:
        return NONE
    if isinstance(value, float):
        return f"{value:.3f}" if abs(value) < 1_000 else f"{value:,.1f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
