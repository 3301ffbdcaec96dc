"""What is kept of the guide's monitoring (field.md, "What must be monitored"), and where.

    DATA/.monitoring/NODE/2026-11-25.jsonl         the node's figures of a day, one line (DAY_ITEMS)
                          events-2026-11.jsonl     its status events, each a line when it happens (EVENT_ITEMS)
                          prefixes-2026-11.jsonl   prefixes that it approved or homed: {"time", "prefix", "what"}

Days and months are those of UTC. A day's file is replaced as a whole (rename), an event is one write to the end of its
file, so supervisor and processes write beside each other. nodes/monitor.py says when; nodes/monthly.py reads a month.
"""

from __future__ import annotations

import json
import os
import re
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, TypeVar

from nodes.measures import DAY_S, Figures
from resolver.errors import StoreError
from resolver.model.now import NS_PER_MS, NS_PER_S

FOLDER = ".monitoring"  # in the data folder; no node's name begins with a dot
LINES_MAX = 1_000_000  # of a file that are read: some 200 octets each, and two for each fault of a month
EPOCH = date(1970, 1, 1)
Line = TypeVar("Line")
Kind = Literal["fault", "recovered"]
Class = Literal["network", "system", "attack", "other"]
CLASSES: tuple[Class, ...] = ("network", "system", "attack", "other")

# The guide's 18 items: 12 figures of a day and 6 fields of an event, by key, in English and Chinese.
DAY_ITEMS = {
    "resolution_latency_avg_ms": ("average resolution latency, ms", "平均解析时延（毫秒）"),
    "resolution_latency_max_ms": ("longest resolution latency, ms", "最大解析时延（毫秒）"),
    "resolution_latency_max_time": ("time of the longest resolution", "最大解析时延时间"),
    "resolution_latency_min_ms": ("shortest resolution latency, ms", "最小解析时延（毫秒）"),
    "resolution_latency_min_time": ("time of the shortest resolution", "最小解析时延时间"),
    "resolutions_per_second_max": ("most resolutions in one second", "每秒最大解析量"),
    "resolutions_per_second_max_time": ("that second", "每秒最大解析量时间"),
    "registration_latency_avg_ms": ("average registration latency, ms", "平均注册时延（毫秒）"),
    "registration_latency_max_ms": ("longest registration latency, ms", "最大注册时延（毫秒）"),
    "registration_latency_max_time": ("time of the longest registration", "最大注册时延时间"),
    "registration_latency_min_ms": ("shortest registration latency, ms", "最小注册时延（毫秒）"),
    "registration_latency_min_time": ("time of the shortest registration", "最小注册时延时间"),
}
EVENT_ITEMS = {
    "kind": ("kind: fault, recovered", "事件类型：故障、恢复"),
    "id": ("id", "事件编号"),
    "related_id": ("id of the related event", "关联事件编号"),
    "time": ("time", "事件时间"),
    "cause": ("cause", "事件原因"),
    "class": ("class: network, system, attack, other", "事件类别：网络、系统、攻击、其他"),
}


@dataclass(frozen=True, slots=True)
class Event:
    """Something happened to a node. `related_id`: of what recovered, its fault. `down`: the node answers nobody."""

    kind: Kind
    id: str
    related_id: str | None
    at_ns: int
    cause: str
    sort: Class
    down: bool

    def document(self, node: str) -> dict[str, Any]:
        """As its line says it."""
        return {
            "node": node,
            "kind": self.kind,
            "id": self.id,
            "related_id": self.related_id,
            "time": time_text(self.at_ns),
            "cause": self.cause,
            "class": self.sort,
            "down": self.down,
        }


def fault(at_ns: int, cause: str, sort: Class, *, down: bool) -> Event:
    """A new event: something went wrong."""
    return Event("fault", uuid.uuid4().hex[:16], None, at_ns, cause, sort, down)


def recovered(earlier: Event, at_ns: int, cause: str) -> Event:
    """A new event: that is over."""
    return Event("recovered", uuid.uuid4().hex[:16], earlier.id, at_ns, cause, earlier.sort, earlier.down)


def read_event(line: dict[str, Any]) -> Event:
    """The event of a line. KeyError, TypeError or ValueError if it is none."""
    if line["kind"] not in ("fault", "recovered"):
        raise ValueError(line["kind"])
    return Event(
        line["kind"], line["id"], line["related_id"], ns_of(line["time"]), line["cause"], line["class"], line["down"]
    )


@dataclass(slots=True)
class Day:
    """What a node's file of a day says. `until_ns`: when it was written last; `closed`: and nothing more will come of
    that run, because the node was stopped in good order or the day was over.
    """

    node: str
    tier: str
    day: int  # since 1970
    resolutions: Figures
    registrations: Figures
    up_ns: int = 0
    until_ns: int = 0
    closed: bool = False

    def document(self) -> dict[str, Any]:
        """As its line says it."""
        return {
            "node": self.node,
            "tier": self.tier,
            "day": day_text(self.day),
            "resolutions": self.resolutions.count,
            "registrations": self.registrations.count,
            **_figures_document("resolution", self.resolutions),
            "resolutions_per_second_max": self.resolutions.busiest,
            "resolutions_per_second_max_time": _second_text(self.resolutions),
            **_figures_document("registration", self.registrations),
            "up_s": self.up_ns / NS_PER_S,
            "until": time_text(self.until_ns),
            "closed": self.closed,
        }


def read_day(line: dict[str, Any]) -> Day:
    """The day of a line. KeyError, TypeError or ValueError if it is none."""
    resolutions = _read_figures(line, "resolution", line["resolutions"])
    resolutions.busiest = line["resolutions_per_second_max"]
    second = line["resolutions_per_second_max_time"]
    resolutions.busiest_s = 0 if second is None else ns_of(second) // NS_PER_S
    return Day(
        line["node"],
        line["tier"],
        day_of(line["day"]),
        resolutions,
        _read_figures(line, "registration", line["registrations"]),
        round(line["up_s"] * NS_PER_S),
        ns_of(line["until"]),
        line["closed"],
    )


def _figures_document(what: str, figures: Figures) -> dict[str, Any]:
    some = figures.count > 0
    return {
        f"{what}_latency_avg_ms": figures.sum_ns / figures.count / NS_PER_MS if some else None,
        f"{what}_latency_max_ms": figures.max_ns / NS_PER_MS if some else None,
        f"{what}_latency_max_time": time_text(figures.max_at_ns) if some else None,
        f"{what}_latency_min_ms": figures.min_ns / NS_PER_MS if some else None,
        f"{what}_latency_min_time": time_text(figures.min_at_ns) if some else None,
    }


def _read_figures(line: dict[str, Any], what: str, count: int) -> Figures:
    if not count:
        return Figures()
    return Figures(
        count,
        line[f"{what}_latency_avg_ms"] * count * NS_PER_MS,
        line[f"{what}_latency_max_ms"] * NS_PER_MS,
        ns_of(line[f"{what}_latency_max_time"]),
        line[f"{what}_latency_min_ms"] * NS_PER_MS,
        ns_of(line[f"{what}_latency_min_time"]),
    )


def _second_text(figures: Figures) -> str | None:
    return time_text(figures.busiest_s * NS_PER_S) if figures.busiest else None


# -- times --------------------------------------------------------------------------------------------------------


def time_text(at_ns: int) -> str:
    """`2026-11-25T09:00:00.123Z`, of nanoseconds since 1970."""
    moment = datetime.fromtimestamp(at_ns // NS_PER_S, UTC) + timedelta(milliseconds=at_ns % NS_PER_S // NS_PER_MS)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def ns_of(written: str) -> int:
    """Nanoseconds since 1970 of such a time. ValueError if it is none."""
    return round(datetime.fromisoformat(written).timestamp() * 1_000) * NS_PER_MS


def day_text(day: int) -> str:
    """`2026-11-25`, of days since 1970."""
    return (EPOCH + timedelta(days=day)).isoformat()


def day_of(written: str) -> int:
    """Days since 1970 of such a day. ValueError if it is none."""
    return (date.fromisoformat(written) - EPOCH).days


def month_text(at_ns: int) -> str:
    """`2026-11`, of nanoseconds since 1970."""
    return day_text(at_ns // NS_PER_S // DAY_S)[:7]


def month_bounds(month: str) -> tuple[int, int]:
    """When such a month begins and ends, in nanoseconds since 1970. ValueError if it is none."""
    if not re.fullmatch(r"\d{4}-\d{2}", month):
        raise ValueError(month)
    year, number = int(month[:4]), int(month[5:])
    first, after = date(year, number, 1), date(year + number // 12, number % 12 + 1, 1)
    return (first - EPOCH).days * DAY_S * NS_PER_S, (after - EPOCH).days * DAY_S * NS_PER_S


# -- files --------------------------------------------------------------------------------------------------------


class Files:
    """The monitoring folder of a network's data."""

    def __init__(self, data_dir: Path) -> None:
        self.folder = data_dir / FOLDER

    def nodes(self) -> list[str]:
        """Those of whom something is kept."""
        with suppress(OSError):
            return sorted(each.name for each in self.folder.iterdir() if each.is_dir())
        return []

    def write_day(self, day: Day) -> None:
        """Replace a day's file. OSError if that cannot be."""
        file = self._day_file(day.node, day.day)
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_suffix(".new")
        fresh.write_text(json.dumps(day.document(), ensure_ascii=False) + "\n", encoding="utf-8")
        os.replace(fresh, file)

    def day(self, node: str, day: int) -> Day | None:
        """What is kept of a day; None if nothing is. StoreError if it cannot be read."""
        return self._read_day(self._day_file(node, day))

    def last_day(self, node: str) -> Day | None:
        """The latest of which something is kept. StoreError if it cannot be read."""
        files = sorted(self.folder.glob(f"{node}/????-??-??.jsonl"))
        return self._read_day(files[-1]) if files else None

    def days(self, node: str, month: str) -> list[Day]:
        """The days of a month of which something is kept. StoreError if one cannot be read."""
        days = (self._read_day(file) for file in sorted(self.folder.glob(f"{node}/{month}-??.jsonl")))
        return [day for day in days if day is not None]

    def append_event(self, node: str, event: Event) -> None:
        """Write an event down. OSError if that cannot be."""
        self._append(node, "events", event.at_ns, event.document(node))

    def events(self, node: str) -> list[Event]:
        """All events of a node, month by month as they were written. StoreError if they cannot be read."""
        return [event for file in self._files(node, "events") for event in _read(file, read_event)]

    def append_prefix(self, node: str, at_ns: int, prefix: str, what: Literal["approved", "homed"]) -> None:
        """Write down that a node approved a prefix (it registered its record), or homed it. OSError as above."""
        self._append(node, "prefixes", at_ns, {"time": time_text(at_ns), "prefix": prefix, "what": what})

    def prefixes(self, node: str) -> list[tuple[int, str, str]]:
        """When which prefix was approved or homed at a node. StoreError if that cannot be read."""
        return [each for file in self._files(node, "prefixes") for each in _read(file, _read_prefix)]

    def _files(self, node: str, what: str) -> list[Path]:
        return sorted(self.folder.glob(f"{node}/{what}-????-??.jsonl"))

    def _day_file(self, node: str, day: int) -> Path:
        return self.folder / node / f"{day_text(day)}.jsonl"

    def _read_day(self, file: Path) -> Day | None:
        return next(iter(_read(file, read_day)), None)

    def _append(self, node: str, what: str, at_ns: int, document: dict[str, Any]) -> None:
        file = self.folder / node / f"{what}-{month_text(at_ns)}.jsonl"
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
        try:
            os.write(descriptor, json.dumps(document, ensure_ascii=False).encode() + b"\n")
        finally:
            os.close(descriptor)


def _read_prefix(line: dict[str, Any]) -> tuple[int, str, str]:
    return ns_of(line["time"]), line["prefix"], line["what"]


def _read(file: Path, read: Callable[[dict[str, Any]], Line]) -> list[Line]:
    """What stands in a file's lines; nothing if it is not there. StoreError if a line cannot be read."""
    told = []
    try:
        with file.open(encoding="utf-8") as stream:
            for number, line in enumerate(stream):
                if number >= LINES_MAX:
                    raise StoreError(f"{file}: more than {LINES_MAX} lines; move the file away")
                told.append(read(json.loads(line)))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StoreError(f"{file}: {error.strerror}") from None
    except (KeyError, TypeError, ValueError, AttributeError):
        raise StoreError(f"{file}: line {len(told) + 1} cannot be read; move the file away") from None
    return told
