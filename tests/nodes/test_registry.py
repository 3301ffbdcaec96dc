"""What a node's store takes: from the network file at a start, from outside in batches, all told with its reason."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import msgpack
import pytest

from nodes.catalogue import CATALOGUED_AT, RECORD_OCTETS_MAX
from nodes.config import NodePlan, load_network
from nodes.registrar import Writer
from nodes.registry import IMPORT_NOTE, NETWORK_NOTE, Batch, Gate, check_batch, prepare, sample_in, unpack_batch
from resolver.errors import PeerError, StoreError
from resolver.model.site import HashOption, server_number
from resolver.model.value import Value
from resolver.stores import STORES
from resolver.stores.base import Store, StoreFull, Tally, Work
from resolver.stores.memory import MemoryStore
from resolver.wire.record import pack_record, unpack_record

TEACHING = Path(__file__).parents[2] / "configs" / "teaching.toml"
PLAIN = pack_record((Value(1, b"URL", b"https://a.example", timestamp=9),))


@pytest.fixture(scope="module")
def plans() -> dict[str, NodePlan]:
    return {node.name: node for node in load_network(TEACHING).nodes}


# ---- the gate --------------------------------------------------------------------------------------------------------

TAKEN = [b"88.118.8/A", b"88.118.8/a b", "88.118.8/标识".encode(), b"88.118.8/" + b"A" * 246, "88.118.8/é".encode()]
NOT_TAKEN = {
    "another prefix": (b"88.118.9/A", "does not live at enterprise-88.118.8", "There lives 88.118.8"),
    "a prefix that only begins so": (b"88.118.80/A", "does not live", ""),
    "a prefix handle": (b"0.NA/88.118.8", "does not live", ""),
    "the prefix alone": (b"88.118.8", "does not live", ""),
    "too long": (b"88.118.8/" + b"A" * 247, "256 characters, registered are 2 to 255", "Shorten"),
    "too long in characters": ("88.118.8/" + "标" * 247).encode()
    and (("88.118.8/" + "标" * 247).encode(), "256 char", ""),
    "a line end": (b"88.118.8/A\nB", "control character", "Take it out"),
    "a NUL": (b"88.118.8/\0", "control character", ""),
    "no text": (b"88.118.8/\xff", "not UTF-8", "Only handles that are text"),
}


@pytest.mark.parametrize("handle", TAKEN)
def test_a_handle_of_the_nodes_prefix_is_taken(handle: bytes, plans: dict[str, NodePlan]) -> None:
    gate = Gate(plans["enterprise-88.118.8"])
    assert gate.objection(handle) is None
    assert gate.falls_here(handle)


@pytest.mark.parametrize("case", NOT_TAKEN)
def test_any_other_is_refused_with_reason_and_remedy(case: str, plans: dict[str, NodePlan]) -> None:
    handle, problem, remedy = NOT_TAKEN[case]
    objection = Gate(plans["enterprise-88.118.8"]).objection(handle)
    assert objection is not None
    assert problem in objection[0]
    assert remedy in objection[1]


def test_letter_case_of_a_prefix_does_not_matter(plans: dict[str, NodePlan]) -> None:
    plan = replace(plans["enterprise-88.118.8"], prefixes=(b"88.abc",))
    assert Gate(plan).objection(b"88.ABC/x") is None
    assert Gate(plan).objection(b"88.abc/x") is None


def test_a_hosted_enterprises_handles_are_taken_by_its_secondary(plans: dict[str, NodePlan]) -> None:
    assert Gate(plans["secondary-88.118"]).objection(b"88.118.9/A") is None


@pytest.mark.parametrize("node", ["root-1", "national-88", "recursive-1"])
def test_nodes_that_hold_no_items_take_none(node: str, plans: dict[str, NodePlan]) -> None:
    for handle in (b"88/A", b"0.NA/88", b"88.118.8/A"):
        assert Gate(plans[node]).objection(handle) is not None


def test_of_two_servers_each_takes_what_the_hash_gives_it(plans: dict[str, NodePlan]) -> None:
    handles = [b"88.300.21/%d" % number for number in range(50)]
    for number in range(2):
        gate = Gate(plans[f"enterprise-88.300.21-{number + 1}"])
        assert [gate.falls_here(handle) for handle in handles] == [
            server_number(handle, 2, HashOption.ALL) == number for handle in handles
        ]


# ---- batches ---------------------------------------------------------------------------------------------------------

BATCH = Batch(7, [(b"88.118.8/A", PLAIN), (b"88.118.8/B", PLAIN)], {IMPORT_NOTE + b"1": b"so far", IMPORT_NOTE: None})


def test_a_batch_arrives_as_it_was_sent(plans: dict[str, NodePlan]) -> None:
    arrived = unpack_batch(BATCH.packed())
    assert arrived == BATCH
    check_batch(arrived, Gate(plans["enterprise-88.118.8"]))


NO_BATCHES = {
    "nothing": b"",
    "no MessagePack": b"\xc1",
    "cut short": BATCH.packed()[:-1],
    "something behind": BATCH.packed() + b"\0",
    "no list": msgpack.packb({"a": 1}),
    "another form": msgpack.packb([2, 7, {}, []]),
    "a stamp that is none": msgpack.packb([1, -1, {}, []]),
    "a handle without a record": msgpack.packb([1, 7, {}, [b"88.118.8/A"]]),
    "text for octets": msgpack.packb([1, 7, {}, ["88.118.8/A", PLAIN]]),
    "a note that is none": msgpack.packb([1, 7, {b"import/": 1}, []]),
    "too many records": msgpack.packb([1, 7, {}, [b""] * 40_002]),
    "too many notes": msgpack.packb([1, 7, {b"import/%d" % number: b"" for number in range(5)}, []]),
    "nested without end": b"\x91" * 100_000,
}


@pytest.mark.parametrize("case", NO_BATCHES)
def test_what_is_no_batch_is_refused(case: str) -> None:
    with pytest.raises(PeerError, match="not a batch of records"):
        unpack_batch(NO_BATCHES[case])


REFUSED = {
    "a foreign prefix": ((b"88.1/A", PLAIN), "does not live"),
    "a handle that is not folded": ((b"88.118.8/a", PLAIN), "not as a store"),
    "a record cut short": ((b"88.118.8/A", PLAIN[:-1]), "breaks off"),
    "a record that hides that it is secret": (
        (b"88.118.8/A", b"\0" + pack_record((Value(1, b"N", b"", permissions=0),))[1:]),
        "flags",
    ),
    "a record without values": ((b"88.118.8/A", pack_record(())), "without values"),
    "an index twice": ((b"88.118.8/A", pack_record((Value(1, b"A", b""), Value(1, b"B", b"")))), "two of one index"),
    "index 0": ((b"88.118.8/A", pack_record((Value(0, b"A", b""),))), "without values, or"),
    "a record too large": ((b"88.118.8/A", pack_record((Value(1, b"A", b"x" * RECORD_OCTETS_MAX),))), "more than"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_node_takes_from_outside_only_what_a_catalogues_row_becomes(case: str, plans: dict[str, NodePlan]) -> None:
    record, problem = REFUSED[case]
    with pytest.raises(PeerError, match=problem):
        check_batch(Batch(7, [record], {}), Gate(plans["enterprise-88.118.8"]))


def test_a_batch_may_not_touch_the_stores_own_notes(plans: dict[str, NodePlan]) -> None:
    with pytest.raises(PeerError, match="note network is not for others"):
        check_batch(Batch(7, [], {NETWORK_NOTE: b"elsewhere"}), Gate(plans["enterprise-88.118.8"]))


# ---- at a start ------------------------------------------------------------------------------------------------------

NETWORK = """
[[nodes]]
name = "root"
tier = "root"
[[nodes]]
name = "national"
tier = "national"
prefixes = ["88"]
[[nodes]]
name = "secondary"
tier = "secondary"
prefixes = ["88.118"]
[[nodes]]
name = "enterprise"
tier = "enterprise"
prefixes = ["88.118.8"]
catalogues = ["items.csv"]
"""


class Place:
    """A network file with one catalogue, and the enterprise's store."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "net.toml").write_text(NETWORK)
        self.catalogue("handle,URL\n88.118.8/A,a\n88.118.8/B,b\n")
        self.store: Store = STORES["lmdb"](folder / "enterprise")

    def catalogue(self, text: str) -> None:
        (self.folder / "items.csv").write_text(text)

    def start(self) -> None:
        """What a process does when it starts."""
        self.store.close()
        self.store = STORES["lmdb"](self.folder / "enterprise")
        file = self.folder / "net.toml"
        prepare(load_network(file).node("enterprise"), self.store, file)

    def write(self, handle: bytes, data: bytes) -> None:
        self.store.commit([(handle, pack_record((Value(1, b"URL", data, timestamp=5),)))])

    def data(self) -> dict[bytes, bytes]:
        return {key: unpack_record(record)[0].data for key, record in self.store.scan()}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_a_start_loads_the_catalogue_and_remembers_the_network(place: Place) -> None:
    place.start()
    assert place.data() == {b"88.118.8/A": b"a", b"88.118.8/B": b"b"}
    record = place.store.get(b"88.118.8/A")
    assert record is not None and unpack_record(record)[0].timestamp == CATALOGUED_AT
    assert place.store.note(NETWORK_NOTE) == str(place.folder / "net.toml").encode()


def test_what_was_written_later_outlives_another_start(place: Place) -> None:
    place.start()
    place.write(b"88.118.8/A", b"imported")
    place.write(b"88.118.8/C", b"imported")
    place.start()
    assert place.data() == {b"88.118.8/A": b"imported", b"88.118.8/B": b"b", b"88.118.8/C": b"imported"}


def test_an_edited_catalogue_is_loaded_again_and_leaves_other_records_alone(place: Place) -> None:
    place.start()
    place.write(b"88.118.8/A", b"imported")
    place.write(b"88.118.8/C", b"imported")
    place.catalogue("handle,URL\n88.118.8/A,edited\n")
    place.start()
    assert place.data() == {b"88.118.8/A": b"edited", b"88.118.8/B": b"b", b"88.118.8/C": b"imported"}
    place.catalogue("handle,URL\n88.118.8/A,a\n88.118.8/B,b\n")
    place.start()
    assert place.data()[b"88.118.8/A"] == b"a"


def test_prefix_records_follow_the_network_file_at_every_start(tmp_path: Path) -> None:
    (tmp_path / "items.csv").write_text("handle,URL\n88.118.8/A,a\n")
    file = tmp_path / "net.toml"
    store = MemoryStore()
    records = []
    for octet in (90, 91):
        file.write_text(f"second_octet = {octet}\n{NETWORK}")
        prepare(load_network(file).node("secondary"), store, file)
        records.append(store.get(b"0.NA/88.118.8"))
    assert records[0] != records[1] and None not in records


def test_a_sample_is_the_first_record_that_anybody_may_read(place: Place) -> None:
    plan = load_network(place.folder / "net.toml").node("enterprise")
    assert sample_in(plan, place.store) is None
    secret = pack_record((Value(1, b"URL", b"a", permissions=0b1100),))
    place.store.commit([(b"88.118.8/A", secret), (b"88.118.9/A", PLAIN)])
    assert sample_in(plan, place.store) is None
    place.write(b"88.118.8/B", b"b")
    assert sample_in(plan, place.store) == b"88.118.8/B"


# ---- the writer ------------------------------------------------------------------------------------------------------


class Slow(MemoryStore):
    """A store whose disk is slow: the first commit waits until it is let go. Remembers which batches went together."""

    def __init__(self) -> None:
        super().__init__()
        self.go = threading.Event()
        self.begun = threading.Event()
        self.groups: list[int] = []
        self.grown = 0
        self.failing: Callable[[Sequence[Work]], Exception | None] = lambda works: None

    def commit_all(self, works: Sequence[Work]) -> list[Tally]:
        self.begun.set()
        self.go.wait(10)
        failure = self.failing(works)
        if failure is not None:
            raise failure
        self.groups.append(len(works))
        return super().commit_all(works)

    def grow(self) -> None:
        self.grown += 1


def batch(number: int) -> Callable[[], Work]:
    return lambda: Work([(b"88.118.8/%d" % number, PLAIN)])


async def written(store: Slow, works: Sequence[Callable[[], Work]], changed: Callable[[], None]) -> list[object]:
    """Hand over the first, wait until its commit has begun, hand over the rest, let go."""
    writer = Writer()
    waiting = [asyncio.ensure_future(writer.commit(store, works[0], changed))]
    await asyncio.to_thread(store.begun.wait, 10)
    waiting += [asyncio.ensure_future(writer.commit(store, work, changed)) for work in works[1:]]
    await asyncio.sleep(0)
    store.go.set()
    told = await asyncio.gather(*waiting, return_exceptions=True)
    await writer.close()
    await writer.close()
    return list(told)


def test_batches_that_wait_share_one_transaction_and_each_is_told_its_own() -> None:
    store, forgotten = Slow(), []
    told = asyncio.run(written(store, [batch(0), batch(1), batch(1), batch(2)], lambda: forgotten.append(1)))
    assert store.groups == [1, 3]
    assert told == [Tally(1, 0, 0), Tally(1, 0, 0), Tally(0, 0, 1), Tally(1, 0, 0)]
    assert len(forgotten) == 3  # the third changed nothing


def test_a_batch_that_cannot_be_is_no_hindrance_to_others() -> None:
    store = Slow()

    def bad() -> Work:
        raise PeerError("not a batch of records")

    told = asyncio.run(written(store, [batch(0), bad, batch(2)], lambda: None))
    assert [type(each) for each in told] == [Tally, PeerError, Tally]
    assert store.count() == 2


def test_if_a_group_does_not_fit_each_is_tried_alone() -> None:
    store = Slow()
    store.failing = lambda works: StoreError("full") if any(work.batch[0][0].endswith(b"1") for work in works) else None
    told = asyncio.run(written(store, [batch(0), batch(1), batch(2)], lambda: None))
    assert [type(each) for each in told] == [Tally, StoreError, Tally]
    assert [key for key, _ in store.scan()] == [b"88.118.8/0", b"88.118.8/2"]


def test_a_store_without_room_is_given_more_by_the_thread_that_reads() -> None:
    store = Slow()
    store.failing = lambda works: StoreFull("no room") if store.grown < 3 else None
    told = asyncio.run(written(store, [batch(0), batch(1)], lambda: None))
    assert told == [Tally(1, 0, 0), Tally(1, 0, 0)]
    assert store.grown == 3


def test_who_no_longer_waits_has_changed_the_store_all_the_same() -> None:
    store, forgotten = Slow(), []

    async def impatient() -> None:
        writer = Writer()
        waiting = asyncio.ensure_future(writer.commit(store, batch(0), lambda: forgotten.append(1)))
        await asyncio.to_thread(store.begun.wait, 10)
        waiting.cancel()
        store.go.set()
        await writer.close()

    asyncio.run(impatient())
    assert (store.count(), forgotten) == (1, [1])


def test_a_store_on_disk_grows_while_its_node_reads(tmp_path: Path) -> None:
    from resolver.stores.lmdb import LmdbStore

    store = LmdbStore(tmp_path / "enterprise", map_octets=1 << 20)
    large = pack_record((Value(1, b"A", b"x" * 100_000),))

    async def fill() -> None:
        writer = Writer()
        for number in range(60):
            await writer.commit(store, lambda number=number: Work([(b"88.118.8/%d" % number, large)]), lambda: None)  # type: ignore[misc]
            assert store.get(b"88.118.8/%d" % number) == large
        await writer.close()

    asyncio.run(fill())
    assert store.count() == 60
    store.close()
