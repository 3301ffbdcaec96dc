"""The proofs about survival, whole, at quick depth: each passes on what we ship (judges: test_survival_judges.py)."""

from __future__ import annotations

from pathlib import Path

import pytest

from biaoshi.proofs import PROOFS
from biaoshi.proofs.trial import Trial

pytestmark = [pytest.mark.network, pytest.mark.long]

SURVIVE = (6, 7, *range(11, 21))


@pytest.mark.parametrize("n", SURVIVE)
def test_a_line_is_proven(n: int, tmp_path: Path) -> None:
    run = Trial(next(line for line in PROOFS if line.n == n), full=False, seed=1, folder=tmp_path)
    run.run()
    assert (run.passed, run.failures, run.complete) == (True, [], True), run.value
