"""Time as a value: whoever decides is told what time it is, so the same code runs in real and in virtual time."""

from __future__ import annotations

from typing import NamedTuple

NS_PER_S = 1_000_000_000
NS_PER_MS = 1_000_000


class Now(NamedTuple):
    """One moment on two clocks, in nanoseconds.

    `mono_ns` never jumps: time-outs and rates use it. `wall_ns` counts from 1970: TTLs, timestamps and expirations
    use it. A compressed day scales only wall time.
    """

    mono_ns: int
    wall_ns: int

    @property
    def wall_s(self) -> int:
        """Whole seconds since 1970, as the protocol writes them."""
        return self.wall_ns // NS_PER_S
