"""Pass marks as text."""

from __future__ import annotations

import pytest

from loadgen.slo import ERRORS, parse_slo
from resolver.errors import OperatorError

MS = 1_000_000


@pytest.mark.parametrize(
    ("text", "quantile", "limit", "inclusive"),
    [
        ("p99<20ms", 0.99, 20 * MS, False),
        ("p50<=1ms", 0.5, MS, True),
        ("p999<1s", 0.999, 1000 * MS, False),
        ("p99<1s", 0.99, 1000 * MS, False),
        ("p99.9<1s", 0.999, 1000 * MS, False),
        ("p9999<1s", 0.9999, 1000 * MS, False),
        ("p100<1s", 1.0, 1000 * MS, False),
        ("max<2.5s", 1.0, 2500 * MS, False),
        ("p95 < 500us", 0.95, MS / 2, False),
        ("errors<0.1%", ERRORS, 0.001, False),
        ("errors<=0%", ERRORS, 0.0, True),
        ("errors<0.01", ERRORS, 0.01, False),
    ],
)
def test_an_objective_is_read(text: str, quantile: float, limit: float, inclusive: bool) -> None:
    (objective,) = parse_slo(text)
    assert (objective.quantile, objective.limit, objective.inclusive) == (quantile, pytest.approx(limit), inclusive)
    assert objective.text == text


def test_objectives_are_separated_by_commas_and_keep_their_order() -> None:
    assert [objective.text for objective in parse_slo("p99<20ms, errors<0.1%")] == ["p99<20ms", "errors<0.1%"]


@pytest.mark.parametrize(
    "text",
    [
        "", "p99", "p99<", "p99<20", "p99<20%", "p99>20ms", "p0<1ms", "p101<1ms", "p975<1ms", "p99<-1ms", "p99<1e3ms",
        "errors<1ms", "errors", "mean<1ms", "p99<20ms,", "p99<20ms;errors<1%", "p99<20msx", ",".join(["p99<20ms"] * 17),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_a_remedy(text: str) -> None:
    with pytest.raises(OperatorError) as refused:
        parse_slo(text)
    assert refused.value.key == "--slo"
    assert refused.value.remedy


@pytest.mark.parametrize(
    ("text", "measured", "met"),
    [
        ("p99<20ms", 19.999 * MS, True),
        ("p99<20ms", 20 * MS, False),
        ("p99<=20ms", 20 * MS, True),
        ("errors<0.1%", 0.001, False),
        ("errors<0.1%", 0.0009, True),
        ("errors<=0%", 0.0, True),
    ],
)
def test_a_limit_is_kept_below_it_or_up_to_it(text: str, measured: float, met: bool) -> None:
    assert parse_slo(text)[0].met(measured) is met
