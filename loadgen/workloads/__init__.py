"""What is asked, and what the right answer is. The engine sends octets and hands answers back; it knows no handles.

A new workload is a file here with the three functions of `Workload` and a line in WORKLOADS.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias

from loadgen.arrays import Ranks
from loadgen.workloads.lookups import Lookups
from resolver.model.value import Value

Truth: TypeAlias = Sequence[tuple[bytes, tuple[Value, ...]]]  # every identifier as written, with all its values


class Workload(Protocol):
    """The questions of a run and the check of their answers."""

    def draw(self, count: int) -> Ranks:
        """Which identifier (by popularity rank) each of `count` requests asks for."""
        ...

    def requests(self, ranks: Ranks, wall_s: int) -> dict[int, bytearray]:
        """The request octets of every rank that occurs; the engine writes the request id into octets 8 to 11.

        `wall_s`: seconds since 1970 at which the run begins; answers that expired before it are wrong.
        """
        ...

    def judge(self, rank: int, packet: bytearray | bytes, octets: int) -> tuple[int, int]:
        """(response code, results.Verdict) of the answer in the first `octets` octets of `packet`.

        The packet is whole; code 0 if it holds none that can be read.
        """
        ...


WORKLOADS: dict[str, Callable[[Truth, float, int], Workload]] = {"lookups": Lookups}
