"""The monthly report on a node, from what is kept of its days and events (monitoring.py). Pure.

    sla_percent               uptime ÷ (uptime + downtime) × 100; null if the node was neither up nor down
    resolution_rtt_ms         average over all resolutions of the month, as the node measures it: without the network
    registration_rtt_ms       the same of registrations
    approval_to_resolvable_s  average, over the prefixes homed here in the month, from the approval (the registration of
                              the prefix's record, at whichever node) to the homing; 0 if that came first
    uptime_s                  seconds in which the node was there to be asked
    downtime_s                seconds in faults in which it answered nobody; several at once count once
    emergencies               faults that began in the month, down or not; by class

Time in which the whole network was stopped on purpose is neither up nor down.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from nodes.measures import Figures
from nodes.monitoring import CLASSES, Day, Event
from resolver.model.now import NS_PER_MS, NS_PER_S

# The report's items by key, in English and Chinese.
MONTH_ITEMS = {
    "sla_percent": ("SLA, % of time", "服务可用率（%）"),
    "registration_rtt_ms": ("registration RTT, ms", "注册RTT（毫秒）"),
    "resolution_rtt_ms": ("resolution RTT, ms", "解析RTT（毫秒）"),
    "approval_to_resolvable_s": ("from approval to resolvable, s", "审核通过到可解析时长（秒）"),
    "uptime_s": ("uptime, s", "正常运行时长（秒）"),
    "downtime_s": ("downtime, s", "中断时长（秒）"),
    "emergencies": ("emergencies", "应急事件数"),
}


def report(
    node: str,
    month: str,
    days: Sequence[Day],
    events: Sequence[Event],
    approvals: Mapping[str, int],
    homings: Sequence[tuple[int, str]],
    *,
    begins_ns: int,
    ends_ns: int,
) -> dict[str, Any]:
    """A node's month. `events`: also those of the month before, for what had not ended; `approvals`: when each prefix
    was approved, at any node; `homings`: when which was homed here; `ends_ns`: of the month, or now if that is earlier.
    """
    resolutions, registrations = Figures(), Figures()
    for day in days:
        resolutions.add(day.resolutions)
        registrations.add(day.registrations)
    up_ns = sum(day.up_ns for day in days)
    down_ns = downtime_ns(events, begins_ns, ends_ns)
    waits_ns = [max(0, at_ns - approvals[prefix]) for at_ns, prefix in homings if prefix in approvals]
    faults = Counter(event.sort for event in events if event.kind == "fault" and begins_ns <= event.at_ns < ends_ns)
    return {
        "node": node,
        "month": month,
        "sla_percent": 100 * up_ns / (up_ns + down_ns) if up_ns + down_ns else None,
        "registration_rtt_ms": _average_ms(registrations),
        "resolution_rtt_ms": _average_ms(resolutions),
        "approval_to_resolvable_s": sum(waits_ns) / len(waits_ns) / NS_PER_S if waits_ns else None,
        "uptime_s": up_ns / NS_PER_S,
        "downtime_s": down_ns / NS_PER_S,
        "emergencies": faults.total(),
        "emergencies_by_class": {sort: faults[sort] for sort in CLASSES},
        "resolutions": resolutions.count,
        "registrations": registrations.count,
        "days": len(days),
    }


def downtime_ns(events: Sequence[Event], begins_ns: int, ends_ns: int) -> int:
    """For how long, between two moments, a node was in a fault in which it answered nobody."""
    over_ns = {event.related_id: event.at_ns for event in events if event.kind == "recovered"}
    spans = sorted(
        (max(event.at_ns, begins_ns), min(over_ns.get(event.id, ends_ns), ends_ns))
        for event in events
        if event.kind == "fault" and event.down
    )
    total_ns, until_ns = 0, begins_ns
    for began_ns, ended_ns in spans:
        total_ns += max(0, ended_ns - max(began_ns, until_ns))
        until_ns = max(until_ns, ended_ns)
    return total_ns


def _average_ms(figures: Figures) -> float | None:
    return figures.sum_ns / figures.count / NS_PER_MS if figures.count else None
