"""Every proof, with few repetitions: it passes on what we ship, and fails on a node that a test has broken."""

import asyncio
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from biaoshi.proofs import PROOFS, p02_kills, p03_torn_store, p04_fsync_first, p05_restart
from biaoshi.proofs.stage import Stage
from biaoshi.proofs.trial import Trial
from nodes import home, registrar, registry
from nodes.registrar import Writer
from resolver.stores.base import NO_NOTES, Store, Tally, Work

pytestmark = [pytest.mark.network, pytest.mark.long]


def trial(n: int, folder: Path) -> Trial:
    return Trial(next(line for line in PROOFS if line.n == n), full=False, seed=5, folder=folder)


def test_kills_lose_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(p02_kills, "KILLS_QUICK", 6)
    monkeypatch.setattr(p02_kills, "ROUNDS_A_STORE", 4)
    run = trial(2, tmp_path)
    run.run()
    assert (run.passed, run.value, run.failures) == (True, 0, [])
    assert run.facts["kills"] == 6 and run.facts["stores"] == 2 and run.facts["records_acknowledged"] > 100


def acknowledge_early() -> None:
    """Say yes before the disk has it."""
    commit = Writer.commit

    async def early(self: Writer, store: Store, work: Callable[[], Work], changed: Callable[[], None]) -> Tally:
        asyncio.get_running_loop().create_task(commit(self, store, work, changed))
        return Tally(1, 0, 0)

    Writer.commit = early  # type: ignore[method-assign]


def load_every_catalogue_again() -> None:
    """Take the network file's catalogue for news at every start."""
    prepare = registry.prepare

    def forgetful(plan: home.NodePlan, store: Store, file: Path) -> None:
        for number, catalogue in enumerate(plan.catalogues):
            store.commit((), {registry._CATALOGUE_NOTE + b"%d/" % number + catalogue.file.name.encode(): None})
        prepare(plan, store, file)

    home.prepare = forgetful


def keep_half_of_what_is_changed() -> None:
    """Store the first half of a batch, say yes to all of it."""
    unpack = registry.unpack_batch

    def halved(octets: bytes) -> registry.Batch:
        batch = unpack(octets)
        return registry.Batch(batch.stamp, batch.records[: len(batch.records) // 2], NO_NOTES)

    registrar.unpack_batch = halved


@pytest.mark.parametrize(
    ("doctor", "what"),
    [
        (acknowledge_early, ("lost", "altered")),
        (load_every_catalogue_again, ("altered",)),
        (keep_half_of_what_is_changed, ("lost", "altered")),
    ],
)
def test_kills_show_a_node_that_loses_something(
    doctor: Callable[[], None], what: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(p02_kills, "WAYS", ("posts",))
    monkeypatch.setattr(p02_kills, "START_SHARE", 0)
    monkeypatch.setattr(p02_kills, "OFFLINE_SHARE", 0)
    run = trial(2, tmp_path)
    run.value, run.facts = 0, p02_kills.no_facts()
    stage = Stage(tmp_path / "stage", p02_kills.catalogue())
    stage.doctor = doctor
    session = p02_kills.Session(run, stage, random.Random(1))
    for _ in range(8):
        session.round()
        if run.value:
            break
    assert run.passed is False and run.value and sum(run.facts[each] for each in what)


def test_torn_stores_are_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(p03_torn_store, "DAMAGES_QUICK", 20)
    run = trial(3, tmp_path)
    run.run()
    assert (run.passed, run.value, run.failures) == (True, 0, [])
    assert run.facts["nodes_asked"] == 20
    assert run.facts["outcomes"]["cut"]["refused"] == 5 and run.facts["outcomes"]["power cut"]["prefix"] == 3


def test_acknowledgements_wait_for_the_disk_and_a_node_that_does_not_is_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(p04_fsync_first, "BATCHES_QUICK", 20)
    monkeypatch.setattr(p04_fsync_first, "REGISTRATIONS_QUICK", 20)
    monkeypatch.setattr(p04_fsync_first, "BATCHES_CONTROL", 5)
    monkeypatch.setattr(p04_fsync_first, "IMPORT_BATCHES_QUICK", 3)
    run = trial(4, tmp_path)
    try:
        run.run()
    except p04_fsync_first.MeansMissing as missing:
        pytest.skip(str(missing))
    assert (run.passed, run.value, run.failures) == (True, 0, [])
    assert run.facts["node"]["acknowledgements"] >= 20 and run.facts["importer"]["acknowledgements"] == 3
    assert run.facts["protocol"]["acknowledgements"] >= 20
    assert run.facts["control_without_fsync"]["caught"] >= 5


def test_a_restarted_node_says_no_until_it_is_ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(p05_restart, "IDENTIFIERS_QUICK", 30_000)  # enough to be asked while it opens
    monkeypatch.setattr(p05_restart, "RESTARTS_QUICK", 2)
    run = trial(5, tmp_path)
    run.run()
    assert run.failures == [] and run.value  # how long it took is no matter of a test
    assert [restart["said_no"] > 0 for restart in run.facts["restarts"]] == [True, True]
