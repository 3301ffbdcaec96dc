"""What is asked, and what the right answer is. The engine sends octets and hands answers back; it knows no handles.

    lookups               all values of an identifier, asked of the recursive node
    prefix-then-direct    the national SDK's way: the prefix at the recursive node, the identifier at the enterprise
    misses                identifiers that do not exist
    mixed                 a fifth of the clients by the SDK's way, and 3 % that ask for what does not exist
    mixed-with-registration   the same, and of each hundred clients one registers an identifier
    replay                a log of queries with its timing

2 to 4 % failures are normal at the largest Handle proxy (field.md, "Volume"); the SDK's fifth is ours. A new way to
ask is a file here with the three functions of engine.Questions, and its share in `Workload`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Workload:
    """How the clients ask. `misses`: None leaves it to the popularity. `log`: timing and names are read from a log."""

    direct: float = 0.0
    misses: float | None = None
    registering: float = 0.0
    log: bool = False


WORKLOADS: dict[str, Workload] = {
    "lookups": Workload(),
    "prefix-then-direct": Workload(direct=1.0),
    "misses": Workload(misses=1.0),
    "mixed": Workload(direct=0.2, misses=0.03),
    "mixed-with-registration": Workload(direct=0.2, misses=0.03, registering=0.01),
    "replay": Workload(log=True),
}
