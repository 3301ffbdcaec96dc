"""A population behind a store: computed unless stored, under the node's prefixes only, octet by octet as promised."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from resolver.model.population import Population
from resolver.model.value import Value
from resolver.stores.base import Store, StoreChanged, Tally, Work
from resolver.stores.lmdb import LmdbStore
from resolver.stores.memory import MemoryStore
from resolver.stores.procedural import ProceduralStore, Records
from resolver.wire.record import pack_record, record_flags, unpack_record

SIZE = 15_000_000_000
NATION = Population(
    SIZE,
    b"golden",
    ((b"88.118.8", 9_000_000_000), (b"88.118.9", 0), (b"86.300.21", 5_999_999_999), ("88.工业.a".encode(), 1)),
)
HERE = b"88.118.8/P2508013475044373"
ELSEWHERE = b"86.300.21/P2203005230649674"
LONELY = "88.工业.A/P2101000000000002".encode()
STORED = pack_record((Value(1, b"URL", b"https://stored.example/"),))


@pytest.fixture
def store() -> ProceduralStore:
    return ProceduralStore(MemoryStore(), NATION, (b"88.118.8", b"88.118", b"88.118.9"))


def test_an_identifier_of_the_population_has_its_record_without_being_stored(store: ProceduralStore) -> None:
    record = store.get(HERE)
    assert record is not None
    assert unpack_record(record) == NATION.values(HERE)
    assert record_flags(record) == 0
    assert store.count() == 0
    assert list(store.scan()) == []


def test_what_is_stored_wins_until_it_is_deleted(store: ProceduralStore) -> None:
    computed = store.get(HERE)
    store.commit([(HERE, STORED), (b"88.118.8/ABOUT", STORED)])
    assert store.get(HERE) == store.get(b"88.118.8/ABOUT") == STORED
    assert [key for key, _ in store.scan()] == [b"88.118.8/ABOUT", HERE]
    assert store.count() == 2
    store.commit([(HERE, None)])
    assert store.get(HERE) == computed


def test_who_says_what_they_expect_deletes_an_identifier_of_the_population_for_good(store: ProceduralStore) -> None:
    key, other = b"88.118.8/stored", b"88.118.8/elsewhere"
    computed = HERE
    record = store.get(computed)
    assert record is not None
    with pytest.raises(StoreChanged):
        store.commit_all((Work(((computed, b"new"),), expects={computed: (None,)}),))
    store.commit_all((Work(((computed, b"new"),), expects={computed: (record,)}),))
    with pytest.raises(StoreChanged):  # what was computed there is covered by now
        store.commit_all((Work(((computed, None),), expects={computed: (record,)}),))
    assert store.get(computed) == b"new"
    store.commit_all((Work(((computed, None),), expects={computed: (b"new",)}),))
    assert store.get(computed) is None and list(store.scan()) == []
    store.commit_all((Work(((computed, b"again"), (key, b"k")), expects={computed: (None,), key: (None,)}),))
    assert dict(store.scan()) == {computed: b"again", key: b"k"} and store.get(other) is None
    store.commit_all((Work(((computed, None),), expects={computed: (b"again",)}),))
    store.commit(((computed, b"imported"),), settle=lambda old, new: old)
    assert store.get(computed) == b"imported"


def test_writing_says_what_it_did_to_what_was_stored(store: ProceduralStore) -> None:
    asked: list[bytes] = []

    def settle(standing: bytes, coming: bytes) -> bytes:
        asked.append(standing)
        return standing

    assert store.commit([(HERE, STORED)], {b"import": b"1"}, settle) == Tally(1, 0, 0)
    assert asked == []  # the computed record does not stand in the store
    assert store.commit([(HERE, b"\0other")], settle=settle) == Tally(0, 0, 1)
    assert asked == [STORED]
    assert store.note(b"import") == b"1"


def test_only_prefixes_of_this_node_are_computed(store: ProceduralStore) -> None:
    assert NATION.rank(ELSEWHERE) is not None
    assert store.get(ELSEWHERE) is None
    assert store.procedural_count == 9_000_000_000


@pytest.mark.parametrize("written", ["88.工业.a", "88.工业.A"])
def test_prefixes_may_be_written_in_any_letter_case(written: str) -> None:
    store = ProceduralStore(MemoryStore(), NATION, (written.encode(),))
    assert store.procedural_count == 1
    assert store.get(LONELY) == pack_record(NATION.values(LONELY)) != pack_record(())


@pytest.mark.parametrize(
    "stranger",
    [
        b"",
        b"88.118.8",
        b"0.NA/88.118.8",
        b"88.118.8/",
        b"88.118.8/JXDY2106023",
        b"88.118.8/P2508013475044374",  # wrong check digits
        b"88.118.8/P2512999999999966",  # right ones, a number beyond the share
        b"88.118.9/P2101000000000002",  # the first number of an empty share
        b"88.118/P2101000000000002",  # a prefix of the node that has no share
        HERE + b"0" * 2000,
        b"88.118.8/" + b"9" * 100_000,
    ],
)
def test_what_is_neither_stored_nor_of_the_population_is_not_there(store: ProceduralStore, stranger: bytes) -> None:
    assert store.get(stranger) is None


def test_a_computed_record_is_what_the_codec_makes_of_the_values() -> None:
    records = Records(NATION)
    asked = np.concatenate([np.arange(2000), np.random.default_rng(2).integers(0, SIZE, 2000)])
    for identifier in NATION.identifiers(asked).tolist():
        assert records.record(identifier) == pack_record(NATION.values(identifier))
        assert records.record(identifier.lower()) == records.record(identifier)
    assert records.record(LONELY) == pack_record(NATION.values(LONELY)) != pack_record(())
    assert records.record(b"88.118.8/P2508013475044374") is None


def test_computed_records_are_the_same_for_ever() -> None:
    """A thousand ranks of the nation. Another digest is another nation: caches, results and truths of old are void."""
    nation = Population(SIZE, b"golden", ((b"88.118.8", 9_000_000_000), (b"86.300.21", 6_000_000_000)))
    records = Records(nation)
    digest = hashlib.sha256()
    for rank in range(0, SIZE, SIZE // 1000):
        record = records.record(nation.identifier(rank))
        assert record is not None and 200 <= len(record) - 1 <= 266
        digest.update(record)
    assert digest.hexdigest() == "0c5ada55527620a87144eb4638d67e0d343d1d8b4391e084d3e9a2a942dde5a4"


def test_templates_are_as_many_as_prefixes_however_much_is_asked() -> None:
    records = Records(NATION)
    for identifier in NATION.identifiers(np.arange(3000)).tolist():
        records.record(identifier)
        records.record(identifier[:-1])
    assert len(records._templates) == 2


@pytest.mark.parametrize("kind", ["memory", "lmdb"])
def test_a_restarted_node_says_the_same(kind: str, tmp_path: Path) -> None:
    def opened() -> Store:
        base: Store = LmdbStore(tmp_path / "node") if kind == "lmdb" else MemoryStore()
        population = Population(NATION.size, NATION.key, NATION.shares)
        return ProceduralStore(base, population, (b"88.118.8",))

    identifiers = NATION.identifiers(np.arange(200)).tolist()
    store = opened()
    before = [store.get(identifier) for identifier in identifiers]
    store.commit([(b"88.118.8/ABOUT", STORED)])
    assert store.durable is (kind == "lmdb")
    store.close()
    store = opened()
    assert [store.get(identifier) for identifier in identifiers] == before
    assert any(record is not None for record in before)
    assert store.get(b"88.118.8/ABOUT") == (STORED if store.durable else None)
    store.close()
