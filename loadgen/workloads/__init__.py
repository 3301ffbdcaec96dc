"""What is asked, and what the right answer is. The engine sends octets and hands answers back; it knows no handles.

A new workload is a file here with the three functions of engine.Questions and a line in WORKLOADS.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from loadgen.arrays import Numbers
from loadgen.comparison import Comparison
from loadgen.engine import Questions
from loadgen.workloads.lookups import Lookups

WORKLOADS: dict[str, Callable[[Sequence[bytes], Numbers, Comparison, int], Questions]] = {"lookups": Lookups}
