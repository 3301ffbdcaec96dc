"""The monitor of a process: what its nodes measured and what happened to them goes into files (monitoring.py).

    home ---- opened, closed, links, approved ----> events, when they happen
         ---- tick, once a second ---------------->         overload and attacks, as the counters tell of them
                                                    figures of the day: each node's once a minute, at the day's end
         ---- close ------------------------------>                     and at the stop

What is a fault, and of which class:

    network   a fault put on a node's links; the node is down if it is cut off from everybody
    system    the node was killed, its process ended, or more came than it could answer in time
    attack    one address asked, or made it say, more than it may, or failed too often to prove who it is
    other     it was stopped on purpose, or the requests that it may answer on one day were used up

A network that is stopped as a whole is no fault: its nodes are neither up nor down meanwhile. One whose processes all
ended without a word is found out at the next start: its nodes were down since their figures were last written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Literal

import structlog

from nodes.counters import Counters
from nodes.measures import DAY_S, Figures
from nodes.monitoring import Class, Day, Event, Files, fault, recovered
from resolver.errors import StoreError
from resolver.model.identifier import PREFIX_HANDLE_LEAD
from resolver.model.now import NS_PER_S
from resolver.net.faults import CLIENT, FaultRule

SAVED_EVERY_S = 60
QUIET_NS = 10 * NS_PER_S  # without another sign of it, overload or an attack is over
DAY_NS = DAY_S * NS_PER_S

STOPPED, KILLED = "stopped on purpose 按指令停止", "killed on purpose 按指令强制终止"
STARTED = "started again 重新启动"
FOUND_OUT = "ended without a word, found out at the next start 异常终止，下次启动时发现"
PROCESS_ENDED = "its process {} 节点进程终止"
GONE = "was taken away 已清除"
CALM = f"not seen for {QUIET_NS // NS_PER_S} s 已平息"
# Reasons to drop (`biaoshi_dropped_total`) that say something of a node's state.
SIGNS: dict[str, tuple[Class, str]] = {
    "overload": ("system", "requests had waited too long and were thrown away 过载丢弃"),
    "busy": ("system", "as much was under way as may be 并发已满"),
    "connections": ("system", "as many connections were open as may be 连接数已满"),
    "receive buffer full": ("system", "a receive buffer was full 接收缓冲区已满"),
    "send buffer full": ("system", "a send buffer was full 发送缓冲区已满"),
    "source requests": ("attack", "one address asked more than it may 单一来源请求超限"),
    "source octets": ("attack", "one address would have been sent more than it may 单一来源应答流量超限"),
    "daily requests": ("other", "the day's requests were used up 当日请求额度用尽"),
    "failed authentications": ("attack", "one address failed too often to prove who it is 身份验证失败过多"),
}

log = structlog.get_logger()


@dataclass(slots=True)
class Watched:
    """A node. `since_ns`: up since then, of this day; None: it is not. `open`: faults that are not over, by what they
    are; `signs`: reasons to drop, how often each was counted, and when that last grew.
    """

    name: str
    tier: str
    counters: Counters
    day: int
    up_ns: int = 0
    since_ns: int | None = None
    open: dict[str, Event] = field(default_factory=dict)
    signs: dict[str, tuple[int, int]] = field(default_factory=dict)
    dropped: Callable[[], Mapping[str, int]] | None = None  # who knows what was dropped, if not the counters alone


class Monitor:
    """Of the nodes of one process. Nothing that it cannot write stops a node; the log says so once."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self._watched: dict[str, Watched] = {}
        self._failing = False
        self._ticks = 0

    def watch(
        self,
        name: str,
        tier: str,
        counters: Counters,
        wall_ns: int,
        dropped: Callable[[], Mapping[str, int]] | None = None,
    ) -> None:
        """Watch a node from now on, and go on with what is kept of its day."""
        node = self._watched[name] = Watched(name, tier, counters, wall_ns // DAY_NS, dropped=dropped)
        for measure in (counters.resolutions, counters.registrations):
            measure.roll(wall_ns)
        try:
            kept = self.files.last_day(name)
            node.open = {event.id: event for event in open_faults(self.files.events(name))}
        except StoreError as error:
            self._failed(error)
            return
        if kept is None:
            return
        if not kept.closed and not any(event.down for event in node.open.values()):
            self._happened(node, FOUND_OUT, fault(kept.until_ns, FOUND_OUT, "system", down=True))
        if kept.day == node.day:
            node.up_ns = kept.up_ns
            counters.resolutions.resume(kept.day, kept.resolutions)
            counters.registrations.resume(kept.day, kept.registrations)

    def opened(self, name: str, wall_ns: int) -> None:
        """A node may be asked, from now on: whatever was wrong before is over."""
        node = self._watched[name]
        node.since_ns = wall_ns
        for what in list(node.open):
            self._over(node, what, wall_ns, STARTED)
        self._save(node, wall_ns)  # from now on somebody can find out that it ended without a word

    def closed(self, name: str, wall_ns: int, *, killed: bool) -> None:
        """A node was told to go."""
        node = self._watched[name]
        self._account(node, wall_ns)
        node.since_ns = None
        told = fault(wall_ns, KILLED, "system", down=True) if killed else fault(wall_ns, STOPPED, "other", down=True)
        self._happened(node, "down", told)
        self._save(node, wall_ns)

    def links(self, rules: Sequence[FaultRule], wall_ns: int) -> None:
        """These faults strike from now on, and no others."""
        for node in self._watched.values():
            if node.since_ns is None:
                continue
            self._account(node, wall_ns)
            strike = {f"link {words(rule)}": rule for rule in rules if concerns(rule, node.name)}
            for what in [each for each in node.open if each.startswith("link ") and each not in strike]:
                self._over(node, what, wall_ns, GONE)
            for what, rule in strike.items():
                if what not in node.open:
                    cause = f"{words(rule)}, on purpose 注入故障"
                    self._happened(node, what, fault(wall_ns, cause, "network", down=cut_off(rule)))

    def noted(self, entry: dict[str, Any], wall_ns: int) -> None:
        """Hear what is audited (clerk.py): of prefixes that are registered and homed."""
        what: Literal["approved", "homed"]
        if entry["opcode"] == "CREATE_HANDLE":
            what = "approved"
        elif entry["opcode"] == "HOME_PREFIX":
            what = "homed"
        else:
            return
        handle, lead = str(entry["handle"]), PREFIX_HANDLE_LEAD.decode()
        if entry["wrote"] and entry["code"] == "SUCCESS" and handle.upper().startswith(lead):
            try:
                self.files.append_prefix(entry["node"], wall_ns, handle[len(lead) :], what)
            except OSError as error:
                self._failed(error)

    def tick(self, wall_ns: int) -> None:
        """Look at the counters, end days that are over, and write down some nodes' figures: all within a minute."""
        self._ticks += 1
        for place, node in enumerate(self._watched.values()):
            if node.since_ns is not None:
                self._look(node, wall_ns)
            self._account(node, wall_ns)
            if place % SAVED_EVERY_S == self._ticks % SAVED_EVERY_S:
                self._save(node, wall_ns)

    def told(self, wall_ns: int) -> list[dict[str, Any]]:
        """Each node's figures of the day as they are now, which are written down, too, and the faults that last."""
        documents = []
        for node in self._watched.values():
            self._account(node, wall_ns)
            day = self._save(node, wall_ns)
            faults = [event.document(node.name) for event in node.open.values()]
            documents.append({**day.document(), "up": node.since_ns is not None, "faults": faults})
        return documents

    def close(self, wall_ns: int) -> None:
        """The process ends in good order: what is written now is the last of this run."""
        for node in self._watched.values():
            self._account(node, wall_ns)
            node.since_ns = None
            self._save(node, wall_ns, closed=True)

    # -- events -------------------------------------------------------------------------------------------------

    def _look(self, node: Watched, wall_ns: int) -> None:
        """Compare what was dropped for reasons that say something with what it was before."""
        dropped = node.counters.dropped if node.dropped is None else node.dropped()
        for reason, (sort, cause) in SIGNS.items():
            times = dropped.get(reason, 0)
            if not times:
                continue
            before, grew_ns = node.signs.get(reason, (0, 0))
            if times != before:
                node.signs[reason] = times, wall_ns
                if reason not in node.open:
                    self._happened(node, reason, fault(wall_ns, cause, sort, down=False))
            elif reason in node.open and wall_ns - grew_ns >= QUIET_NS:
                self._over(node, reason, wall_ns, CALM)

    def _happened(self, node: Watched, what: str, event: Event) -> None:
        node.open[what] = event
        self._write(node, event)

    def _over(self, node: Watched, what: str, wall_ns: int, cause: str) -> None:
        self._write(node, recovered(node.open.pop(what), wall_ns, cause))

    def _write(self, node: Watched, event: Event) -> None:
        try:
            self.files.append_event(node.name, event)
        except OSError as error:
            self._failed(error)

    # -- figures ------------------------------------------------------------------------------------------------

    def _account(self, node: Watched, wall_ns: int) -> None:
        """Count the time that a node has been up; end the day if it is over."""
        day = wall_ns // DAY_NS
        if day > node.day:
            self._count_up(node, (node.day + 1) * DAY_NS)
            for measure in (node.counters.resolutions, node.counters.registrations):
                measure.roll(wall_ns)
            self._save(node, (node.day + 1) * DAY_NS, closed=True, over=True)
            node.day, node.up_ns = day, 0
            if node.since_ns is not None:  # a machine that slept for days was not up meanwhile
                node.since_ns = max(node.since_ns, day * DAY_NS)
        self._count_up(node, wall_ns)

    def _count_up(self, node: Watched, wall_ns: int) -> None:
        if node.since_ns is not None and wall_ns > node.since_ns:
            if not any(event.down for event in node.open.values()):  # else it is cut off from everybody
                node.up_ns += wall_ns - node.since_ns
            node.since_ns = wall_ns

    def _save(self, node: Watched, wall_ns: int, *, closed: bool = False, over: bool = False) -> Day:
        measures = node.counters.resolutions, node.counters.registrations
        if over:
            resolutions, registrations = (_finished(each.finished, node.day) for each in measures)
            for each in measures:
                each.finished.clear()
        else:
            resolutions, registrations = (each.figures() for each in measures)
        day = Day(node.name, node.tier, node.day, resolutions, registrations, node.up_ns, wall_ns, closed)
        try:
            self.files.write_day(day)
            self._failing = False
        except OSError as error:
            self._failed(error)
        return day

    def _failed(self, error: OSError | StoreError) -> None:
        if not self._failing:
            log.error("the monitoring cannot be kept", folder=str(self.files.folder), error=str(error))
        self._failing = True


def _finished(days: Sequence[tuple[int, Figures]], day: int) -> Figures:
    return next((figures for each, figures in days if each == day), Figures())


def open_faults(events: Sequence[Event]) -> list[Event]:
    """Faults that are not over."""
    over = {event.related_id for event in events if event.kind == "recovered"}
    return [event for event in events if event.kind == "fault" and event.id not in over]


def note_ended(files: Files, nodes: Sequence[str], words: str, wall_ns: int) -> None:
    """The process of these nodes has ended; written by the supervisor, who saw it. What cannot be written is not."""
    for name in nodes:
        with suppress(OSError):
            files.append_event(name, fault(wall_ns, PROCESS_ENDED.format(words), "system", down=True))


def concerns(rule: FaultRule, node: str) -> bool:
    """Whether a fault on links is one of a node: it is named, or no node is."""
    named = ((rule.source or frozenset()) | (rule.target or frozenset())) - {CLIENT}
    return node in named or not named


def cut_off(rule: FaultRule) -> bool:
    """Whether whoever a fault concerns is cut off from everybody."""
    return rule.kind == "partition" and (rule.source is None or rule.target is None)


def words(rule: FaultRule) -> str:
    """A fault on links in a line."""
    sides = [" ".join(sorted(side)) if side is not None else "anybody" for side in (rule.source, rule.target)]
    settings = "".join(f", {name} {value:g}" for name, value in rule.settings.items())
    return f"{rule.kind} {sides[0]} {'<->' if rule.both else '->'} {sides[1]}{settings}"
