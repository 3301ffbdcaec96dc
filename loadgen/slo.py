"""A service-level objective as text: `p99<20ms,errors<0.1%`.

    SLO       objective {"," objective}
    objective what ("<" | "<=") limit
    what      p50 p90 p95 p99 p999 p99.9 … (a percentile of latency), max, errors
    limit     a time with us, ms or s for latencies; a share with % or a plain fraction for errors

Errors are everything but a right answer in time: time-outs, wrong answers, and codes that say nothing about the
identifier. Pass marks are ours: no source gives one (field.md, "Volume").
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from resolver.errors import OperatorError

SLO_DEFAULT = "p99<20ms,errors<0.1%"
OBJECTIVES_MAX = 16
ERRORS = -1.0  # `quantile` of the objective about errors
REMEDY = f"Write for example {SLO_DEFAULT}"

_OBJECTIVE = re.compile(
    r"(?P<what>errors|max|p(?P<digits>\d{1,5}(?:\.\d{1,4})?))"
    r"(?P<sign><=?)(?P<number>\d{1,9}(?:\.\d{1,9})?)(?P<unit>us|ms|s|%|)"
)
_NS = {"us": 1_000, "ms": 1_000_000, "s": 1_000_000_000}


@dataclass(frozen=True, slots=True)
class Objective:
    """One limit. `limit` is nanoseconds for a latency, a share (0 to 1) for errors."""

    text: str
    quantile: float  # 0.99 for p99, 1.0 for max, ERRORS for errors
    limit: float
    inclusive: bool

    @property
    def about_errors(self) -> bool:
        """Whether it limits errors and not a latency."""
        return self.quantile == ERRORS

    def met(self, measured: float) -> bool:
        """Whether a measured latency (ns) or share keeps the limit."""
        return measured <= self.limit if self.inclusive else measured < self.limit


def parse_slo(text: str) -> tuple[Objective, ...]:
    """The objectives in their order. OperatorError says which part cannot be read."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) > OBJECTIVES_MAX:
        raise OperatorError(f"more than {OBJECTIVES_MAX} objectives", key="--slo", value=text, remedy=REMEDY)
    return tuple(_objective(part) for part in parts)


def _objective(part: str) -> Objective:
    found = _OBJECTIVE.fullmatch(part.replace(" ", ""))
    if not found:
        raise OperatorError("not an objective", key="--slo", value=part, remedy=REMEDY)
    number, unit, inclusive = float(found["number"]), found["unit"], found["sign"] == "<="
    if found["what"] == "errors":
        if unit not in ("%", ""):
            raise OperatorError("errors are a share, not a time", key="--slo", value=part, remedy=REMEDY)
        return Objective(part, ERRORS, number / 100 if unit else number, inclusive)
    if unit not in _NS:
        raise OperatorError("a latency needs a unit: us, ms or s", key="--slo", value=part, remedy=REMEDY)
    return Objective(part, _quantile(found["digits"], part), number * _NS[unit], inclusive)


def _quantile(digits: str | None, part: str) -> float:
    """1.0 for max; 0.99 for `99` and 0.999 for `99.9` and, as everybody writes it, for `999`."""
    if digits is None:
        return 1.0
    if digits.startswith("99") and "." not in digits:
        digits = f"{digits[:2]}.{digits[2:]}"
    quantile = round(float(digits) / 100, 8)
    if not 0 < quantile <= 1:
        raise OperatorError("a percentile lies above 0 and at most at 100", key="--slo", value=part, remedy=REMEDY)
    return quantile
