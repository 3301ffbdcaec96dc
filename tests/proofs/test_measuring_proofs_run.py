"""The proofs about measuring, with few requests: they pass on what we ship, and fail on what a test has broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from biaoshi.proofs import PROOFS, p01_conservation, p25_volume, p26_wrong_answers
from biaoshi.proofs.trial import Trial
from loadgen.comparison import Comparison
from loadgen.results import Verdict

pytestmark = [pytest.mark.network, pytest.mark.long]


def trial(n: int, folder: Path) -> Trial:
    return Trial(next(line for line in PROOFS if line.n == n), full=False, seed=5, folder=folder)


@pytest.fixture
def few_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(p26_wrong_answers, "SHARE", 0.05)
    monkeypatch.setattr(p26_wrong_answers, "RATE_PER_S", 500.0)
    monkeypatch.setattr(p26_wrong_answers, "DURATION_QUICK_S", 1.0)


@pytest.mark.usefixtures("few_answers")
def test_every_wrong_answer_is_found(tmp_path: Path) -> None:
    run = trial(26, tmp_path)
    run.run()
    assert (run.passed, run.value, run.failures) == (True, 0, [])
    assert [each["transport"] for each in run.facts["runs"]] == ["udp", "tcp"]


@pytest.mark.usefixtures("few_answers")
def test_a_generator_that_believes_everything_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Comparison, "judge", lambda self, identifier, packet, octets: (1, Verdict.RIGHT))
    run = trial(26, tmp_path)
    run.run()
    assert run.passed is False
    assert run.value == sum(each["injected"] for each in run.facts["runs"]) > 0


def test_the_books_balance_while_nothing_is_frozen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(p01_conservation, "REQUESTS_QUICK", 500)
    monkeypatch.setattr(p01_conservation, "CALM_QUICK_S", 0.5)
    run = trial(1, tmp_path)
    run.run()
    assert run.value == 0
    assert run.facts["questions_to_others"] > 0
    # So few requests overflow no buffer, and the proof says that it has shown only half.
    assert run.failures == ["the kernel dropped nothing, so half of the books were never opened"]


def test_a_claimed_volume_follows_from_raw_results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(p25_volume, "RUNS_QUICK", (("poisson:400", "1s", "2.5", "mixed"),))
    run = trial(25, tmp_path)
    run.run()
    assert (run.passed, run.value, run.failures) == (True, 0, [])
    assert run.facts["figures_compared"] > 10
