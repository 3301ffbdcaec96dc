"""Importing: nothing acknowledged is lost or done twice, whatever ends a run, and a second run goes on from there."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from nodes.config import NetworkPlan, load_network
from nodes.importing import Import, Progress, StoreSink, Target, open_target
from nodes.registry import Batch
from resolver.errors import OperatorError, StoreError, Unreachable
from resolver.stores.base import StoreFull, Tally
from resolver.stores.memory import MemoryStore
from resolver.wire.record import unpack_record

TEACHING = Path(__file__).parents[2] / "configs" / "teaching.toml"
NODE = "enterprise-88.118.8"


@pytest.fixture(scope="module")
def network() -> NetworkPlan:
    return load_network(TEACHING)


class Killed(Exception):
    """The end of a process, as far as a test can have it."""


class Mortal(StoreSink):
    """A way into a store that ends after some batches; `told` false: nobody hears that the last one is committed."""

    def __init__(self, store: MemoryStore, batches: int, *, told: bool = True) -> None:
        super().__init__(store)
        self.left, self.told = batches, told

    def send(self, batch: Batch) -> None:
        if self.left == 0 and self.told:
            raise Killed
        self.left -= 1
        super().send(batch)

    def acknowledged(self) -> Tally:
        if self.left < 0:
            raise Killed
        return super().acknowledged()


def rows(first: int, end: int, *, data: str = "d") -> str:
    return "".join(f"88.118.8/{number:03},{data}{number}\n" for number in range(first, end))


def written(folder: Path, text: str, name: str = "items.csv") -> Path:
    file = folder / name
    file.write_text(text)
    return file


def run(
    file: Path, network: NetworkPlan, sink: StoreSink, *, node: str = NODE, share: bool = False, restart: bool = False
) -> tuple[Import, list[Progress]]:
    """One run in batches of ten, as far as it comes."""
    told: list[Progress] = []
    target = Target(network.node(node), network, sink)
    this = Import(file, target, batch_records=10, share=share, restart=restart)
    with contextlib.suppress(Killed):
        this.run(told.append)
    return this, told


def data(store: MemoryStore) -> dict[str, str]:
    return {key.decode(): unpack_record(record)[0].data.decode() for key, record in store.scan()}


ALL = {f"88.118.8/{number:03}": f"d{number}" for number in range(35)}


def test_a_run_tells_every_batch_and_what_became_of_it(tmp_path: Path, network: NetworkPlan) -> None:
    store = MemoryStore()
    file = written(tmp_path, "handle,URL\n" + rows(0, 35))
    _, told = run(file, network, StoreSink(store))
    assert [(each.batch, each.records, each.new, each.line) for each in told] == [
        (1, 10, 10, 11),
        (2, 20, 20, 21),
        (3, 30, 30, 31),
        (4, 35, 35, 36),
    ]
    assert (told[-1].octets, told[-1].octets_all) == (file.stat().st_size,) * 2
    assert data(store) == ALL


def test_a_second_run_finds_everything_unchanged(tmp_path: Path, network: NetworkPlan) -> None:
    store = MemoryStore()
    file = written(tmp_path, "handle,URL\n" + rows(0, 35))
    run(file, network, StoreSink(store))
    before = list(store.scan())
    again, told = run(file, network, StoreSink(store))
    assert again.resumed_line is None
    assert (told[-1].new, told[-1].changed, told[-1].unchanged) == (0, 0, 35)
    assert list(store.scan()) == before


@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize("batches", range(4))
def test_a_run_that_was_killed_goes_on_behind_the_last_batch(
    batches: int, told: bool, tmp_path: Path, network: NetworkPlan
) -> None:
    store = MemoryStore()
    file = written(tmp_path, "handle,URL\n" + rows(0, 35))
    _, heard = run(file, network, Mortal(store, batches, told=told))
    assert store.count() >= (heard[-1].records if heard else 0)
    reached = store.count()
    second, rest = run(file, network, StoreSink(store))
    assert second.resumed_line == (reached + 2 if 0 < reached < 35 else None)
    assert (rest[-1].new, rest[-1].records) == (35 - reached, 35 - reached) if reached < 35 else (0, 35)
    assert data(store) == ALL
    assert run(file, network, StoreSink(store))[0].resumed_line is None


def test_restart_begins_at_the_first_row_all_the_same(tmp_path: Path, network: NetworkPlan) -> None:
    store = MemoryStore()
    file = written(tmp_path, "handle,URL\n" + rows(0, 35))
    run(file, network, Mortal(store, 2))
    again, told = run(file, network, StoreSink(store), restart=True)
    assert again.resumed_line is None
    assert (told[-1].new, told[-1].unchanged) == (15, 20)


def test_a_file_that_was_changed_before_the_place_begins_anew(tmp_path: Path, network: NetworkPlan) -> None:
    store = MemoryStore()
    file = written(tmp_path, "handle,URL\n" + rows(0, 35))
    run(file, network, Mortal(store, 2))
    written(tmp_path, "handle,URL\n" + rows(0, 5) + rows(5, 6, data="other") + rows(6, 35))
    again, told = run(file, network, StoreSink(store))
    assert again.resumed_line is None
    assert (told[-1].new, told[-1].changed, told[-1].unchanged) == (15, 1, 19)
    assert data(store) == {**ALL, "88.118.8/005": "other5"}


def test_a_row_corrected_behind_the_place_does_not_cost_what_was_done(tmp_path: Path, network: NetworkPlan) -> None:
    store = MemoryStore()
    file = written(tmp_path, "handle,URL\n" + rows(0, 27) + "88.1/X,x\n" + rows(27, 35))
    target = Target(network.node(NODE), network, StoreSink(store))
    first, told = Import(file, target, batch_records=10), list[Progress]()
    with pytest.raises(OperatorError) as refused:
        first.run(told.append)
    assert (refused.value.file, refused.value.key, refused.value.value) == (f"{file}:29", "handle", "88.1/X")
    assert (len(told), first.progress.records, store.count()) == (2, 20, 20)
    written(tmp_path, "handle,URL\n" + rows(0, 35))
    second, _ = run(file, network, StoreSink(store))
    assert second.resumed_line == 22
    assert data(store) == ALL


def test_two_files_do_not_mix_up_their_places(tmp_path: Path, network: NetworkPlan) -> None:
    store = MemoryStore()
    one = written(tmp_path, "handle,URL\n" + rows(0, 35), "one.csv")
    two = written(tmp_path, "handle,URL\n" + rows(0, 35, data="two"), "two.csv")
    run(one, network, Mortal(store, 2))
    run(two, network, StoreSink(store))
    again, _ = run(one, network, StoreSink(store))
    assert again.resumed_line == 22
    assert list(data(store).values()) == [f"two{number}" for number in range(20)] + [f"d{n}" for n in range(20, 35)]


def test_of_a_handle_that_comes_twice_the_later_row_stays(tmp_path: Path, network: NetworkPlan) -> None:
    store = MemoryStore()
    file = written(tmp_path, "handle,URL\n88.118.8/a,first\n" + rows(0, 15) + "88.118.8/A,later\n88.118.8/a,last\n")
    _, told = run(file, network, StoreSink(store))
    assert data(store)["88.118.8/A"] == "last"
    assert (told[-1].records, told[-1].new, told[-1].changed) == (18, 16, 2)


def test_an_empty_file_is_no_batch(tmp_path: Path, network: NetworkPlan) -> None:
    store = MemoryStore()
    this, told = run(written(tmp_path, "handle,URL\n"), network, StoreSink(store))
    assert (told, this.progress.records, this.progress.line) == ([], 0, 1)


def test_rows_of_another_server_are_refused_or_left_out_when_asked(tmp_path: Path, network: NetworkPlan) -> None:
    file = written(tmp_path, "handle,URL\n" + rows(0, 40).replace("88.118.8", "88.300.21"))
    stores = [MemoryStore(), MemoryStore()]
    with pytest.raises(OperatorError, match=r"falls on another server.*--share"):
        run(file, network, StoreSink(stores[0]), node="enterprise-88.300.21-1")
    shares = []
    for number, store in enumerate(stores, 1):
        _, told = run(file, network, StoreSink(store), node=f"enterprise-88.300.21-{number}", share=True)
        shares.append((told[-1].records, told[-1].elsewhere))
    assert shares[0] == shares[1][::-1]
    assert sum(shares[0]) == 40 and 0 not in shares[0]
    assert stores[0].count() + stores[1].count() == 40


def test_a_store_that_has_outgrown_its_room_is_given_more(tmp_path: Path, network: NetworkPlan) -> None:
    class Narrow(MemoryStore):
        room = 0

        def commit_all(self, works):  # type: ignore[no-untyped-def]
            if self.room < 2:
                raise StoreFull("no room")
            return super().commit_all(works)

        def grow(self) -> None:
            self.room += 1

    store = Narrow()
    run(written(tmp_path, "handle,URL\n" + rows(0, 35)), network, StoreSink(store))
    assert data(store) == ALL


# ---- which store -----------------------------------------------------------------------------------------------------


def test_where_nothing_runs_the_network_file_is_asked_for_once(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match=r"holds no store.*--network configs/teaching\.toml"):
        open_target(NODE, tmp_path)
    assert list(tmp_path.iterdir()) == []
    target = open_target(NODE, tmp_path, TEACHING)
    assert (target.network.name, target.sink.running, target.sink.durable) == ("teaching", False, True)
    target.sink.close()
    target = open_target(NODE, tmp_path)
    assert target.plan.name == NODE
    target.sink.close()


def test_the_catalogue_of_the_network_file_is_in_before_the_first_import(tmp_path: Path) -> None:
    file = written(tmp_path, "handle,URL\n88.118.8/JXDY2106023,imported\n")
    target = open_target(NODE, tmp_path, TEACHING)
    this = Import(file, target)
    this.run(lambda progress: None)
    assert (this.progress.new, this.progress.changed) == (0, 1)
    target.sink.close()


def test_a_store_that_somebody_writes_to_is_said_to_be_so(tmp_path: Path) -> None:
    target = open_target(NODE, tmp_path, TEACHING)
    with pytest.raises(StoreError, match=r"another writer has this store open.*network down"):
        open_target(NODE, tmp_path)
    target.sink.close()


NO_TARGETS = {
    "a tier without items": ("national-88", "a national node takes no items"),
    "a node that only asks": ("recursive-1", "a recursive node takes no items"),
    "no such node": ("enterprise-88.118.80", "Did you mean enterprise-88.118.8"),
}


@pytest.mark.parametrize("case", NO_TARGETS)
def test_a_node_that_takes_no_items_is_refused(case: str, tmp_path: Path) -> None:
    node, problem = NO_TARGETS[case]
    with pytest.raises(OperatorError, match=problem):
        open_target(node, tmp_path, TEACHING)
    assert list(tmp_path.iterdir()) == []


def test_a_store_in_memory_is_there_only_while_its_node_runs(tmp_path: Path) -> None:
    file = written(tmp_path, 'store = "memory"\n' + TEACHING.read_text().replace("catalogues = [", "#"), "net.toml")
    with pytest.raises(OperatorError, match=r"in memory.*Start the network first"):
        open_target(NODE, tmp_path, file)


def test_a_page_that_does_not_answer_is_unreachable() -> None:
    from nodes.importing import PageSink

    with pytest.raises(Unreachable, match="does not answer any more"):
        PageSink(NODE, "http://127.0.0.1:1/metrics")
