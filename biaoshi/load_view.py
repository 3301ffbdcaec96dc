"""A load while it runs, in a terminal: rate, latencies, errors, lateness, progress and time left.

It is drawn by the process that conducts; the generators are other processes and never wait for it (loadgen/shards.py).
"""

from __future__ import annotations

from collections import deque
from types import TracebackType
from typing import TYPE_CHECKING

import numpy as np
from rich.console import Console
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table

from loadgen.live import Tally, quantile_ms
from loadgen.results import Verdict

if TYPE_CHECKING:
    from loadgen.measure import Order

WINDOW_NS = 2_000_000_000  # "now" is so long
REDRAWS_PER_S = 4
BAR_COLUMNS = 40
NS_PER_S = 1e9


class LoadView:
    """A table that is drawn again whenever a tally is shown to it, but not too often."""

    def __init__(self, order: Order, console: Console) -> None:
        self._due_ns = order.pacing.due_ns(order.duration_s, order.seed)
        self._duration_s = order.duration_s
        self._seen: deque[Tally] = deque([Tally()])
        self._live = Live(console=console, auto_refresh=False, transient=True)
        self._drawn_ns = -1

    def __enter__(self) -> LoadView:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def look(self, tally: Tally) -> None:
        """Show this, if it is time to."""
        if tally.elapsed_ns - self._drawn_ns < NS_PER_S / REDRAWS_PER_S:
            return
        self._drawn_ns = tally.elapsed_ns
        while len(self._seen) > 1 and tally.elapsed_ns - self._seen[0].elapsed_ns > WINDOW_NS:
            self._seen.popleft()
        self._live.update(self.drawn(tally, self._seen[0]), refresh=True)
        self._seen.append(tally)

    def drawn(self, tally: Tally, before: Tally) -> Table:
        """The whole of it: since the start, and since `before`."""
        at_s, since_s = tally.elapsed_ns / NS_PER_S, max(1e-9, (tally.elapsed_ns - before.elapsed_ns) / NS_PER_S)
        due_from, due_to = np.searchsorted(self._due_ns, [before.elapsed_ns, tally.elapsed_ns])
        wrong, refused = int(tally.verdicts[Verdict.WRONG]), int(tally.verdicts[Verdict.REFUSED])
        table = Table.grid(padding=(0, 2))
        table.add_row("progress 进度", ProgressBar(self._duration_s, min(at_s, self._duration_s), BAR_COLUMNS))
        table.add_row(
            "", f"{at_s:,.0f} s of {self._duration_s:,.0f} s, {max(0.0, self._duration_s - at_s):,.0f} s left 剩余"
        )
        due, sent, answered = (
            f"{count / since_s:,.0f}/s"
            for count in (due_to - due_from, tally.sent - before.sent, tally.answered - before.answered)
        )
        table.add_row("rate 速率", f"due 计划 {due}, sent 发送 {sent}, answered 应答 {answered}")
        table.add_row("latency 时延", f"now {_quantiles(tally, before)}; in all {_quantiles(tally, Tally())}")
        table.add_row(
            "answers 应答",
            f"{tally.answered:,} of {tally.sent:,}; wrong 错误 {wrong:,}, refused 拒绝 {refused:,}, open 未决 "
            f"{tally.sent - tally.answered:,}",
            style="bold red" if wrong else "",
        )
        late_ms = quantile_ms(tally.lateness, 0.99)
        table.add_row(
            "generator 发生器",
            f"late 滞后 p99 {'-' if late_ms is None else f'{late_ms:.3f}'} ms, "
            f"{tally.cpu_s / max(1e-9, at_s):.2f} cores",
        )
        return table


def _quantiles(tally: Tally, before: Tally) -> str:
    buckets = tally.latency - before.latency
    found = {name: quantile_ms(buckets, share) for name, share in (("p50", 0.5), ("p99", 0.99))}
    return ", ".join(f"{name} {'-' if value is None else f'{value:.2f}'}" for name, value in found.items()) + " ms"
