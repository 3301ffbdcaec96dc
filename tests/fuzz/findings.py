"""What must not happen, when it does: once per cause, with the packets that did it and how to make it happen again."""

from __future__ import annotations

import contextlib
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

CAUSES_MAX = 50  # enough to understand; one fault often shows thousands of times
FRAMES_SHOWN = 4
PACKETS_SHOWN_MAX = 4  # longer batches are easier made again than read
CALLERS_TOLD = 2


class Findings:
    """Everything found so far: cause -> how often, and its first occurrence in words."""

    def __init__(self) -> None:
        self.times: Counter[str] = Counter()
        self.first: dict[str, str] = {}

    @property
    def total(self) -> int:
        """How many, repetitions included."""
        return sum(self.times.values())

    def add(self, phase: str, number: int | None, packets: Sequence[bytes], cause: str, details: str = "") -> None:
        """Note one: phase, number of the last packet (None: no packet in particular), packets, what went wrong."""
        self.times[cause] += 1
        if self.times[cause] > 1 or len(self.first) >= CAUSES_MAX:
            return
        where = "afterwards" if number is None else f"packet {number:,}"
        lines = [f"{phase}, {where}: {cause}", *(f"    {line}" for line in details.splitlines())]
        if number is not None:
            lines.append(f"  again: --phase {phase} --first {number + 1 - len(packets)} --packets {len(packets)}")
        if len(packets) <= PACKETS_SHOWN_MAX:
            lines += [f"  {packet.hex() or 'an empty packet'}" for packet in packets]
        self.first[cause] = "\n".join(lines)

    @contextlib.contextmanager
    def watching(self, phase: str, number: int | None, *packets: bytes) -> Iterator[None]:
        """Whatever is raised within is a finding, and the fuzzing goes on."""
        try:
            yield
        except Exception as error:  # anything at all, that is the point
            frames = traceback.extract_tb(error.__traceback__)[-FRAMES_SHOWN:]
            where = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}: {frame.line}" for frame in frames]
            # Who called is part of the cause: the same complaint may be expected in one place and not in another.
            cause = f"{type(error).__name__} in {' < '.join(reversed(where[-CALLERS_TOLD:]))}"
            self.add(phase, number, packets, cause, "\n".join([*where, str(error)]))

    def words(self) -> str:
        """All of them for people."""
        return "\n\n".join(f"{words}\n  {self.times[cause]} times" for cause, words in self.first.items())
