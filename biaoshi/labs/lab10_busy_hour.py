"""Survive the busy hour: a network that works when nobody asks is not yet one that holds.

The check is an hour in small: a load on the recursive node, of which every answer is compared with the catalogues.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from biaoshi.labs.lab import (
    BOXES_2,
    RECURSIVE,
    SECONDARY_118,
    SECONDARY_300,
    TEA,
    Finding,
    Lab,
    TooBusyError,
    Words,
    case_of,
    found,
    restart,
)
from biaoshi.running import Network
from resolver.errors import Unreachable

NUMBER = 10
RATE, DURATION_S, TIMEOUT_S = 200, 5.0, 2.0
RIGHT_MIN, CACHED_MIN = 0.999, 0.9
CUSTOMERS = {"kind": "delay", "from": "client", "to": "recursive", "ms": 5.0}


def start(network: Network) -> None:
    """Wear the network down: a server, two links, a cache. And customers who live some way off, as they do."""
    restart(network, RECURSIVE)
    network.fault("drop", source=RECURSIVE, target=f"{SECONDARY_118},{SECONDARY_300}", share=0.4)
    network.fault("delay", source="client", target="recursive", ms=CUSTOMERS["ms"])
    network.fault("bandwidth", source=RECURSIVE, target=TEA, octets_per_s=1_000.0)
    network.kill(BOXES_2)


def check(network: Network) -> Sequence[Finding]:
    """Does everybody run, is what was broken mended and the rest left alone, and does it hold?"""
    down = [node["name"] for node in network.nodes.values() if not node["ready"]]
    customers = [fault for fault in network.faults if _is_distance(fault)]
    others = [fault for fault in network.faults if not _is_distance(fault)]
    findings = [
        found(
            not down,
            Words("every node is ready", "所有节点就绪"),
            Words(f"{', '.join(down)} is not ready", f"{', '.join(down)} 未就绪"),
        ),
        found(
            not others and bool(customers),
            Words("the links are mended, and the customers live where they live", "链路已修好，客户还在原来的地方"),
            Words(
                f"faults strike that need not: {len(others)}"
                if others
                else "the delay between customers and recursive-1 is gone. It was their distance, not a fault of yours:"
                " whoever measures without it measures another network",
                f"还有 {len(others)} 个不该有的故障"
                if others
                else "客户与 recursive-1 之间的延迟不见了。那是距离，不是您的故障：去掉它再测，测的是另一个网络",
            ),
        ),
    ]
    right, cached = _hour(network)
    return [
        *findings,
        found(
            right >= RIGHT_MIN,
            Words(
                f"{right:.2%} of the hour's questions are answered rightly", f"高峰时段 {right:.2%} 的提问得到正确应答"
            ),
            Words(
                f"{right:.2%} of {RATE} questions a second are answered rightly; {RIGHT_MIN:.1%} is wanted. Where do"
                " the others end?",
                f"每秒 {RATE} 次提问中 {right:.2%} 得到正确应答；目标是 {RIGHT_MIN:.1%}。其余的断在哪里？",
            ),
        ),
        found(
            cached >= CACHED_MIN,
            Words(f"{cached:.0%} of them from memory", f"其中 {cached:.0%} 出自缓存"),
            Words(
                f"{cached:.0%} of them come from memory, {CACHED_MIN:.0%} are wanted: a cold cache meets the busy hour"
                " with every question anew",
                f"其中 {cached:.0%} 出自缓存，目标是 {CACHED_MIN:.0%}：缓存是冷的，高峰时段的每个问题都得从头问起",
            ),
        ),
    ]


def _is_distance(fault: dict[str, object]) -> bool:
    return all(fault.get(key) == value for key, value in CUSTOMERS.items())


def _hour(network: Network) -> tuple[float, float]:
    """The shares answered rightly, and from memory. TooBusyError if this machine could not ask that fast."""
    from biaoshi.cli.load import order_for, running_network  # brings the generator along
    from loadgen.measure import measure
    from loadgen.pacing import parse_pacing
    from loadgen.profile import Profile
    from loadgen.report import figures_of
    from loadgen.tiers import cache_hit_between, scrape

    seed = secrets.randbelow(1 << 30)  # another hour each time
    known = running_network(None, network.run_dir, (), seed=seed)
    profile = Profile(duration_s=DURATION_S, timeout_s=TIMEOUT_S, pacing=parse_pacing(f"constant:{RATE}"), seed=seed)
    before = scrape(known.pages)
    try:
        figures = figures_of(measure(order_for(known, profile)))
    except Unreachable:
        return 0.0, 0.0
    cached = cache_hit_between(before, scrape(known.pages))
    if figures.not_sent:
        raise TooBusyError(f"{figures.not_sent} of {figures.resolutions} questions could not be sent in time")
    return figures.good / max(1, figures.resolutions), cached or 0.0


LAB = Lab(
    number=NUMBER,
    name="10-busy-hour",
    title=Words("Survive the busy hour", "扛过高峰时段"),
    points=4,
    check=check,
    handles=(case_of(NUMBER),),
    start=start,
    symptom=Words(
        f"The festival sale begins soon, and {RATE} questions a second will come. Yesterday's maintenance was not"
        " finished. recursive-1 has just been restarted. Your customers are 5 ms away.",
        f"节日大促就要开始，每秒将有 {RATE} 次提问。昨天的维护没有做完，recursive-1 刚刚重启过。"
        "您的客户在 5 毫秒之外。",
    ),
)
