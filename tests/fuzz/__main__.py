"""Throw bad packets at everything that reads packets, count what happens, and exit 1 if anything happens that must not.

    make fuzz                       10^6 packets at every kind of node over real sockets, 2·10^5 at each in one process
                                    over links that lie, 10^6 at the codec; about ten minutes
    python -m fuzz --packets 20000  from tests/: the same, shorter
    python -m fuzz --phase world-recursive --first 4711 --packets 1     what a finding says under "again"

The same seed makes the same packets. Loopback only; nothing stays behind.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence

from fuzz import codec, sockets, world
from fuzz.findings import Findings

KINDS = world.KINDS
PHASES = ("codec", *(f"world-{kind}" for kind in KINDS), *(f"sockets-{kind}" for kind in KINDS))
WORLD_SHARE = 5  # the phases in virtual time take one packet in so many: each sets off a dozen events there
TELL_EACH_S = 5.0


def main(arguments: Sequence[str] | None = None) -> int:
    """0: nothing found; 1: findings, or time ran out; 130: stopped."""
    parser = argparse.ArgumentParser(
        prog="python -m fuzz", description="Random and mutated packets at codec and nodes."
    )
    parser.add_argument("--packets", type=int, default=1_000_000, help="per kind of node (default 1000000)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first packet (default 0)")
    parser.add_argument("--phase", action="append", choices=PHASES, metavar="PHASE", help=f"of {', '.join(PHASES)}")
    parser.add_argument("--minutes", type=float, default=40.0, help="give up after so long (default 40)")
    options = parser.parse_args(arguments)
    phases = options.phase or list(PHASES)
    findings = Findings()
    clock = Clock(time.monotonic() + options.minutes * 60)
    try:
        for phase in (phase for phase in phases if not phase.startswith("sockets")):
            share = WORLD_SHARE if phase.startswith("world") and not options.phase else 1
            last = options.first + max(1, options.packets // share)
            say = clock.start(phase, last - options.first)
            if phase == "codec":
                counts = codec.run(options.seed, options.first, last, findings, say)
            else:
                kind = phase.removeprefix("world-")
                counts = world.run(kind, options.seed, options.first, last, findings, say)
            clock.done(counts, findings)
        if kinds := [phase.removeprefix("sockets-") for phase in phases if phase.startswith("sockets")]:
            _at_sockets(kinds, options, findings, clock)
    except KeyboardInterrupt:
        return 130
    except OutOfTime:
        print(f"stopped after {options.minutes:g} minutes, before everything was thrown; --minutes gives more")
        print(findings.words())
        return 1
    if findings.times:
        print(findings.words())
    print(f"{clock.packets:,} packets, seed {options.seed}: {findings.total} findings")
    return 1 if findings.times else 0


def _at_sockets(kinds: Sequence[str], options: argparse.Namespace, findings: Findings, clock: Clock) -> None:
    with sockets.network() as net:
        net.remember()
        for kind in kinds:
            say = clock.start(f"sockets-{kind}", options.packets)
            last = options.first + options.packets
            clock.done(sockets.run(net, kind, options.seed, options.first, last, findings, say), findings)
            print("\n".join(f"  {words}" for words in net.memory), flush=True)
            net.memory.clear()
        time.sleep(sockets.SETTLE_S)
        net.check(findings)


class OutOfTime(Exception):
    """The time that the whole run may take is over."""


class Clock:
    """Says how far a phase is, and ends the run when its time is over."""

    def __init__(self, deadline: float) -> None:
        self.deadline = deadline
        self.packets = 0
        self._phase, self._total, self._started, self._told = "", 0, 0.0, 0.0

    def start(self, phase: str, total: int) -> Callable[[int], None]:
        """A phase of `total` packets begins; the function to tell how many are through."""
        self._phase, self._total = phase, total
        self._started = self._told = time.monotonic()
        return self._say

    def _say(self, through: int) -> None:
        now = time.monotonic()
        if now > self.deadline:
            raise OutOfTime
        if now - self._told > TELL_EACH_S:
            self._told = now
            print(f"  {self._phase}: {through:,} of {self._total:,}", file=sys.stderr, flush=True)

    def done(self, counts: Counter[str], findings: Findings) -> None:
        """The phase is over: one line about it."""
        took = time.monotonic() - self._started
        self.packets += self._total
        told = ", ".join(f"{name} {times:,}" for name, times in counts.most_common(12))
        found = findings.total
        print(f"{self._phase}: {self._total:,} packets in {took:.0f} s ({told}); findings so far: {found}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
