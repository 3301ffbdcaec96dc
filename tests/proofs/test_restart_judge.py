"""Line 5 of quality.md can fail: its judge, shown readiness endpoints that do not say the truth."""

import pytest

from biaoshi.proofs.p05_restart import Look, judge
from biaoshi.proofs.stage import NODE

NOBODY, NO, YES = Look(0.1, 0), Look(0.2, 503, f"{NODE}: its records are being loaded\n"), Look(0.9, 200, "ready\n")


def test_no_and_why_until_it_is_yes_passes() -> None:
    assert judge([NOBODY, NO, NO, YES, YES]) == []
    assert judge([NO, NOBODY, NO, YES]) == []  # too busy to answer once


@pytest.mark.parametrize(
    ("looks", "words"),
    [
        ([NOBODY, YES], "never said no"),
        ([YES, NO], "never said no"),
        ([NO, YES, NO], "said yes, and then something else"),
        ([NO, YES, NOBODY], "said yes, and then something else"),
        ([NOBODY, NO, NO], "never said yes"),
        ([NO, Look(0.3, 404), YES], "it said 404"),
        ([NO, Look(0.3, 500, "Traceback"), YES], "it said 500"),
        ([Look(0.2, 503), YES], "it said no, and not why"),
    ],
)
def test_what_is_not_so_is_caught(looks: list[Look], words: str) -> None:
    assert words in judge(looks)[0]
