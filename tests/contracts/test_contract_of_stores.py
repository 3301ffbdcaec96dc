"""One suite over every store: what a node may rely on, whichever store it was given."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resolver.errors import CallerError
from resolver.model.population import Population
from resolver.stores import STORES
from resolver.stores.base import KEY_OCTETS_MAX, Store, Tally, Work
from resolver.stores.memory import MemoryStore
from resolver.stores.procedural import ProceduralStore

Open = Callable[[], Store]

_POPULATION = Population(1_000_000, b"contract", ((b"88.118.8", 999_999), (b"88.1", 1)))
KINDS: dict[str, Callable[[Path], Store]] = {
    **STORES,  # and those that stand before another
    "procedural": lambda directory: ProceduralStore(MemoryStore(directory), _POPULATION, (b"88.118.8", b"88.1")),
}


@pytest.fixture(params=sorted(KINDS))
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Open, Store]]:
    """A store, and how to open it again."""

    def again() -> Store:
        store = KINDS[request.param](tmp_path / "enterprise-88.118.8")
        stores.append(store)
        return store

    stores: list[Store] = []
    yield again, again()
    for store in stores:
        store.close()


@pytest.fixture
def store(opened: tuple[Open, Store]) -> Store:
    return opened[1]


def keys_of(store: Store, start: bytes = b"", prefix: bytes = b"") -> list[bytes]:
    return [key for key, _ in store.scan(start, prefix)]


LONG = [b"88.1/" + b"L" * length for length in (505, 506, 507, 1008, 1009, 1010, 1511, 1512, 2014, 2015, 2043)]
SHARING = [
    b"88.1/" + b"S" * 506 + tail for tail in (b"", b"\0", b"A", b"A" * 503, b"A" * 503 + b"\0", b"B" * 1537, b"C")
]


def test_an_empty_store_has_nothing(store: Store) -> None:
    assert store.get(b"88.118.8/A") is None
    assert list(store.scan()) == []
    assert store.count() == 0


def test_what_was_committed_is_read_back(store: Store) -> None:
    store.commit([(b"88.118.8/A", b"one"), (b"88.118.8/B", b"")])
    assert store.get(b"88.118.8/A") == b"one"
    assert store.get(b"88.118.8/B") == b""
    assert store.get(b"88.118.8/C") is None


def test_a_second_commit_overwrites_adds_and_deletes(store: Store) -> None:
    store.commit([(b"A", b"1"), (b"B", b"2"), (b"C", b"3")])
    assert store.get(b"A") == b"1"
    store.commit([(b"A", b"11"), (b"B", None), (b"D", b"4"), (b"never there", None)])
    assert list(store.scan()) == [(b"A", b"11"), (b"C", b"3"), (b"D", b"4")]
    assert store.get(b"B") is None


def test_count_follows_overwriting_and_deleting(store: Store) -> None:
    store.commit([(b"A", b"1"), (b"B", b"2"), *((key, b"long") for key in LONG)])
    assert store.count() == 2 + len(LONG)
    store.commit([(b"A", b"again"), (LONG[0], b"again"), (LONG[-1], b"again")])
    assert store.count() == 2 + len(LONG)
    store.commit([(b"A", None), (LONG[-1], None), (b"absent", None), (b"X" * 2000, None)])
    assert store.count() == len(LONG)


def test_within_a_batch_the_later_entry_wins(store: Store) -> None:
    store.commit([(b"A", b"1"), (b"A", b"2"), (b"B", b"1"), (b"B", None), (b"C", None), (b"C", b"3")])
    assert list(store.scan()) == [(b"A", b"2"), (b"C", b"3")]


def test_a_batch_with_a_bad_key_leaves_nothing_behind(store: Store) -> None:
    store.commit([(b"A", b"1")])
    for bad in (b"", b"x" * (KEY_OCTETS_MAX + 1)):
        with pytest.raises(CallerError):
            store.commit([(b"A", None), (b"B", b"2"), (bad, b"3")])
    assert list(store.scan()) == [(b"A", b"1")]


def test_a_commit_tells_what_it_did(store: Store) -> None:
    assert store.commit([(b"A", b"1"), (b"B", b"2"), (LONG[3], b"3")]) == Tally(3, 0, 0)
    assert store.commit([(b"A", b"1"), (b"B", b"22"), (b"C", b"3"), (LONG[3], b"3")]) == Tally(1, 1, 2)
    assert store.commit([(b"A", None), (b"never there", None), (LONG[4], None)]) == Tally(0, 1, 2)
    assert store.commit([]) == Tally(0, 0, 0)


def test_where_a_record_stands_the_caller_says_which_one_stays(store: Store) -> None:
    store.commit([(b"A", b"old"), (b"B", b"old"), (b"L" * 600, b"old")])
    asked = []

    def settle(old: bytes, record: bytes) -> bytes:
        asked.append((old, record))
        return old if record == b"same" else old + b"+" + record

    batch = [(b"A", b"same"), (b"B", b"other"), (b"C", b"new"), (b"C", b"newer"), (b"L" * 600, b"same")]
    assert store.commit(batch, settle=settle) == Tally(1, 2, 2)
    assert sorted(asked) == [(b"new", b"newer"), (b"old", b"other"), (b"old", b"same"), (b"old", b"same")]
    assert [record for _, record in store.scan()] == [b"old", b"old+other", b"new+newer", b"old"]


def test_nothing_is_written_if_the_caller_cannot_say(store: Store) -> None:
    store.commit([(b"A", b"1"), (b"B", b"2")])

    def settle(old: bytes, record: bytes) -> bytes:
        raise ValueError

    with pytest.raises(ValueError):
        store.commit([(b"0", b"new"), (b"A", None), (b"B", b"22")], {b"name": b"note"}, settle)
    assert list(store.scan()) == [(b"A", b"1"), (b"B", b"2")]
    assert store.note(b"name") is None


def test_several_batches_are_committed_as_one_and_each_is_told_what_it_did(store: Store) -> None:
    works = [
        Work([(b"B", b"1"), (b"A", b"1")], {b"how far": b"1"}),
        Work([(b"A", b"2"), (b"C", b"2")], {b"how far": b"2"}, lambda old, record: old),
        Work([(b"C", None), (b"B", b"1")]),
    ]
    assert store.commit_all(works) == [Tally(2, 0, 0), Tally(1, 0, 1), Tally(0, 1, 1)]
    assert list(store.scan()) == [(b"A", b"1"), (b"B", b"1")]
    assert store.note(b"how far") == b"2"
    with pytest.raises(CallerError):
        store.commit_all([Work([(b"D", b"1")]), Work([(b"", b"1")])])
    assert keys_of(store) == [b"A", b"B"]


def test_notes_are_written_with_the_records_they_speak_of_and_are_no_records(opened: tuple[Open, Store]) -> None:
    again, store = opened
    assert store.note(b"how far") is None
    store.commit([(b"A", b"1")], {b"how far": b"1", b"other": b""})
    assert (store.note(b"how far"), store.note(b"other"), store.count()) == (b"1", b"", 1)
    store.commit([(b"B", b"2")], {b"how far": b"2", b"other": None})
    assert (store.note(b"how far"), store.note(b"other"), store.count()) == (b"2", None, 2)
    for notes in ({b"": b"1"}, {b"n" * 257: b"1"}, {b"n": b"1" * 65_537}):
        with pytest.raises(CallerError):
            store.commit([(b"C", b"3")], notes)
    assert store.count() == 2
    store.close()
    reopened = again()
    assert reopened.note(b"how far") == (b"2" if reopened.durable else None)


def test_a_store_may_be_given_more_room_at_any_time(store: Store) -> None:
    store.commit([(b"A", b"1")])
    assert store.get(b"A") == b"1"
    store.grow()
    assert store.get(b"A") == b"1"
    store.commit([(b"B", b"2")])
    assert keys_of(store) == [b"A", b"B"]


def test_any_key_may_be_asked_for(store: Store) -> None:
    for key in (b"", b"\0", b"x" * 510, b"x" * 511, b"x" * 512, b"x" * 2048, b"x" * 100_000):
        assert store.get(key) is None


def test_long_keys_that_share_their_start_are_told_apart(store: Store) -> None:
    keys = LONG + SHARING
    assert max(map(len, keys)) == KEY_OCTETS_MAX
    store.commit([(key, b"%d" % number) for number, key in enumerate(keys)])
    assert [store.get(key) for key in keys] == [b"%d" % number for number in range(len(keys))]
    assert store.get(SHARING[0] + b"Z") is None
    store.commit([(SHARING[2], None)])
    assert store.get(SHARING[2]) is None
    assert store.get(SHARING[3]) == b"%d" % (len(LONG) + 3)


def test_a_scan_goes_in_the_order_of_octets_long_keys_included(store: Store) -> None:
    keys = [*LONG, *SHARING, b"\0", b"\xff" * 600, b"A", b"AB", b"B", "88.1/标识".encode(), b"\xff"]
    store.commit([(key, key[:3]) for key in reversed(keys)])
    assert keys_of(store) == sorted(keys)


def test_a_scan_begins_anywhere_and_keeps_to_a_prefix(store: Store) -> None:
    keys = sorted([*LONG, *SHARING, b"87.9/Z", b"88.1/A", b"88.1/B", b"88.11/A", b"88.2/A"])
    store.commit([(key, b"r") for key in keys])
    for start in [*keys, SHARING[3] + b"\0", SHARING[5][:-1], b"88.1/S" * 90, b"", b"\xff", b"\xff" * 2048]:
        assert keys_of(store, start) == [key for key in keys if key >= start], start[:20]
    for prefix in (b"88.1/", b"88.1", b"88.1/B", b"9", SHARING[2], SHARING[5][:1500]):
        assert keys_of(store, prefix=prefix) == [key for key in keys if key.startswith(prefix)], prefix[:20]
    assert keys_of(store, b"88.1/B", b"88.1/") == [key for key in keys if key.startswith(b"88.1/") and key >= b"88.1/B"]


def test_a_scan_of_many_records_misses_and_repeats_none_while_others_come_and_go(store: Store) -> None:
    stay = [b"88.1/%05d" % number for number in range(0, 3000, 2)]
    store.commit([(key, b"stays") for key in stay])
    seen = []
    for number, (key, record) in enumerate(store.scan()):
        seen.append(key)
        if record == b"stays":
            store.commit([(key + b"-new", b"new"), (b"88.1/%05d" % (3 * number + 1), b"new")])
    assert seen == sorted(set(seen))
    assert [key for key in seen if key in set(stay)] == stay


def test_a_scan_may_be_left_halfway(store: Store) -> None:
    store.commit([(b"%04d" % number, b"r") for number in range(1000)])
    scan = store.scan()
    assert next(scan)[0] == b"0000"
    del scan
    store.commit([(b"0000", None)])
    assert store.count() == 999


def test_records_may_be_as_large_as_a_message(store: Store) -> None:
    large = bytes(range(256)) * 1024
    store.commit([(b"L", large), (b"M" * 2048, large)])
    assert store.get(b"L") == large
    assert store.get(b"M" * 2048) == large


def test_after_reopening_durable_stores_know_everything_and_others_nothing(opened: tuple[Open, Store]) -> None:
    again, store = opened
    records = [(key, b"%d" % len(key)) for key in sorted([*LONG, *SHARING, b"A", b"B"])]
    store.commit(records)
    store.commit([(b"A", None)])
    store.close()
    reopened = again()
    if not reopened.durable:
        assert reopened.count() == 0
        return
    assert list(reopened.scan()) == records[1:] if records[0][0] == b"A" else records
    assert reopened.count() == len(records) - 1
    reopened.commit([(SHARING[1], b"overwritten"), (LONG[3] + b"x", b"new")])
    assert reopened.get(SHARING[1]) == b"overwritten"
    assert reopened.count() == len(records)


def test_close_may_be_called_twice(store: Store) -> None:
    store.get(b"A")
    store.close()
    store.close()


keys = st.one_of(
    st.binary(min_size=1, max_size=4),
    st.builds(
        lambda length, tail: (b"K" * length + tail)[:KEY_OCTETS_MAX],
        st.sampled_from([509, 510, 511, 512, 1013, 1014, 1015, 1517, 2040]),
        st.binary(max_size=2),
    ),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.tuples(keys, st.none() | st.binary(max_size=3)), max_size=12), max_size=6), keys, keys)
@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_store_does_what_a_dictionary_does(
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
    batches: list[list[tuple[bytes, bytes | None]]],
    start: bytes,
    prefix: bytes,
) -> None:
    store = KINDS[name](tmp_path_factory.mktemp("store"))
    twin: dict[bytes, bytes] = {}
    try:
        for batch in batches:
            store.commit(batch)
            for key, record in batch:
                if record is None:
                    twin.pop(key, None)
                else:
                    twin[key] = record
            assert store.count() == len(twin)
            assert all(store.get(key) == twin.get(key) for key, _ in batch)
        assert list(store.scan()) == sorted(twin.items())
        assert keys_of(store, start) == sorted(key for key in twin if key >= start)
        assert keys_of(store, prefix=prefix) == sorted(key for key in twin if key.startswith(prefix))
    finally:
        store.close()
