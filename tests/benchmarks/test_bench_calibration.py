"""Calibration: what it fits to is what comes out, and what is too far off is said."""

from __future__ import annotations

import pytest

from benchmarks.calibration import Seen, _wrong, fitted, off, simulated
from biaoshi.simulation import read_times
from biaoshi.teaching import TEACHING
from nodes.config import load_network
from nodes.files import find_file


def test_figures_of_another_machine_are_found_again() -> None:
    plan, times = load_network(find_file(TEACHING)), read_times(None)
    other = times.model_copy(
        update={
            "wake_us": times.wake_us * 2,
            "recursive_begin_us": times.recursive_begin_us * 3,
            "recursive_upstream_us": times.recursive_upstream_us * 3,
            "authority_answer_us": times.authority_answer_us * 3,
        }
    )
    wanted = simulated(plan, other, 300, 2.0, (1,))
    found = fitted(plan, times, wanted, 300, 2.0, 1)
    again = simulated(plan, found, 300, 2.0, (1,))
    assert again.p50 == pytest.approx(wanted.p50, rel=0.02)
    assert again.p90 == pytest.approx(wanted.p90, rel=0.02)
    assert found.wake_us == pytest.approx(other.wake_us, rel=0.05)


def test_what_is_too_far_off_is_said() -> None:
    seen = Seen(1.0, 2.0, {"root": 3, "enterprise": 1_000})
    assert _wrong(off(seen, Seen(1.04, 1.92, {"root": 1, "enterprise": 1_009})), seen) == []
    assert _wrong(off(seen, Seen(1.06, 2.0, {"root": 3, "enterprise": 1_000})), seen) == ["median"]
    assert _wrong(off(seen, Seen(1.0, 2.2, {"root": 3, "enterprise": 980})), seen) == ["p90", "requests, enterprise"]
