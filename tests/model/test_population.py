"""A computed population: rank, identifier and values belong together, for every rank, in arrays as singly, for ever."""

from __future__ import annotations

import pickle
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from resolver.errors import CallerError
from resolver.model.identifier import fold
from resolver.model.population import (
    MONTHS,
    PREFIX_OCTETS_MAX,
    RUNNING_MAX,
    SHARE_MAX,
    SUFFIX_OCTETS,
    Population,
)
from resolver.model.value import Value

SIZE = 15_000_000_000
NATION = Population(
    SIZE,
    b"golden",
    ((b"88.118.8", 9_000_000_000), (b"88.118.9", 0), (b"86.300.21", 5_999_999_999), (b"88.100.1", 1)),
)

# Changing one of these lines changes what every network with a population answers.
GOLDEN = [
    (0, b"88.118.8/P2508013475044373", "产品 WN-8602", b"B25080134750"),
    (1, b"88.118.8/P2106007029021429", "产品 WN-7380", b"B21060070290"),
    (2, b"88.118.8/P2102013772097394", "产品 WN-7678", b"B21020137720"),
    (1_000_000, b"86.300.21/P2203005230649674", "产品 ZG-8073", b"B22030052306"),
    (SIZE // 2, b"86.300.21/P2206003472259326", "产品 ZG-4986", b"B22060034722"),
    (SIZE - 1, b"86.300.21/P2307002453529139", "产品 ZG-1687", b"B23070024535"),
]


def small(*counts: int, key: bytes = b"k") -> Population:
    """A population of a few shares, under prefixes of different lengths."""
    shares = tuple((b"88.%d" % 7**number, count) for number, count in enumerate(counts))
    return Population(sum(counts), key, shares)


@pytest.mark.parametrize(("rank", "identifier", "product", "batch"), GOLDEN)
def test_the_population_is_the_same_for_ever(rank: int, identifier: bytes, product: str, batch: bytes) -> None:
    assert NATION.identifier(rank) == identifier
    assert NATION.rank(identifier) == rank
    said_at = 1_767_225_600
    assert NATION.values(identifier) == (
        Value(1, b"URL", b"https://id.example/" + identifier, timestamp=said_at),
        Value(2, b"ORIGIN", "procedural 程序生成".encode(), timestamp=said_at),
        Value(1000, b"TEMPLATE", b"ITEM-1", timestamp=said_at),
        Value(2000, b"PRODUCT", product.encode(), timestamp=said_at),
        Value(2001, b"BATCH", batch, timestamp=said_at),
    )


@pytest.mark.parametrize(
    "counts", [(1,), (0, 1), (1, 0), (0, 0, 2, 0, 3, 0), (100, 1, 900), (61,), (1,) * 40, (500, 7)]
)
def test_every_rank_has_an_identifier_of_its_own_and_every_share_is_used_up(counts: tuple[int, ...]) -> None:
    population = small(*counts)
    identifiers = [population.identifier(rank) for rank in range(population.size)]
    assert len(set(identifiers)) == population.size
    assert [population.rank(identifier) for identifier in identifiers] == list(range(population.size))
    for prefix, count in population.shares:
        assert sum(identifier.startswith(prefix + b"/") for identifier in identifiers) == count
        assert population.slice_of([prefix]) == count


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=1, max_size=12).filter(any), st.binary(max_size=8))
def test_arrays_say_the_same_as_single_calls(counts: list[int], key: bytes) -> None:
    population = small(*counts, key=key)
    ranks = np.arange(population.size)
    identifiers = population.identifiers(ranks)
    assert identifiers.tolist() == [population.identifier(rank) for rank in range(population.size)]
    assert population.ranks(identifiers).tolist() == ranks.tolist()


def test_in_a_nation_ranks_and_identifiers_find_each_other() -> None:
    ranks = np.concatenate([np.arange(70_000), np.random.default_rng(1).integers(0, SIZE, 70_000), [SIZE - 1]])
    identifiers = NATION.identifiers(ranks)
    assert np.array_equal(NATION.ranks(identifiers), ranks)
    assert identifiers[::997].tolist() == [NATION.identifier(rank) for rank in ranks[::997].tolist()]
    assert [NATION.rank(identifier) for identifier in identifiers[::997].tolist()] == ranks[::997].tolist()


@settings(deadline=None)
@given(st.integers(0, SIZE - 1))
@example(0)
@example(SIZE - 1)
def test_an_identifier_is_folded_and_its_check_digits_leave_one(rank: int) -> None:
    identifier = NATION.identifier(rank)
    prefix, _, suffix = identifier.partition(b"/")
    assert fold(identifier) == identifier
    assert prefix in (b"88.118.8", b"86.300.21", b"88.100.1")
    assert len(suffix) == SUFFIX_OCTETS and suffix[:1] == b"P"
    assert int(suffix[1:]) % 97 == 1  # ISO/IEC 7064 MOD 97-10
    assert int(suffix[1:5]) in MONTHS
    assert NATION.rank(identifier) == rank


def test_a_share_ends_where_it_ends() -> None:
    per_month = 9_000_000_000 // len(MONTHS)
    ends = [
        (b"88.118.8", 2512, per_month - 1, True),
        (b"88.118.8", 2101, per_month, False),
        (b"86.300.21", 2511, 99_999_999, True),
        (b"86.300.21", 2512, 99_999_999, False),
        (b"88.100.1", 2101, 0, True),  # the only one
        (b"88.100.1", 2102, 0, False),
        (b"88.118.9", 2101, 0, False),  # of none
    ]
    for prefix, month, running, member in ends:
        identifier = _signed(prefix, month, running)
        assert (NATION.rank(identifier) is not None) is member, identifier
        assert (NATION.ranks(np.array([identifier]))[0] >= 0) == member, identifier


@pytest.mark.parametrize("month", [0, 1, 2012, 2100, 2113, 2513, 2600, 2601, 9999])
def test_a_month_that_is_none_of_the_population_is_not_known(month: int) -> None:
    identifier = b"88.118.8/P%016d" % int(_signed(b"", month, 5)[2:])
    assert int(identifier[-16:]) % 97 == 1
    assert NATION.rank(identifier) is None
    assert NATION.ranks(np.array([identifier])).tolist() == [-1]


def _signed(prefix: bytes, month: int, running: int) -> bytes:
    """An identifier with right check digits, member or not."""
    digits = (month * RUNNING_MAX + running) * 100
    return b"%b/P%d" % (prefix, digits + 98 - digits % 97)


def test_letter_case_does_not_matter() -> None:
    lower = Population(3, b"k", ((b"88.abc-Def", 3),))
    for rank in range(3):
        identifier = lower.identifier(rank)
        assert identifier == fold(identifier) and identifier.startswith(b"88.ABC-DEF/P")
        for written in (identifier.lower(), identifier, identifier.replace(b"P", b"p")):
            assert lower.rank(written) == rank
            assert lower.values(written) == lower.values(identifier)
        assert lower.ranks(np.array([identifier.lower()])).tolist() == [rank]
    assert lower.slice_of([b"88.Abc-dEF", b"88.ABC-DEF"]) == 3


def test_one_octet_changed_is_another_identifier_or_none() -> None:
    """The check digits find every single wrong digit, and every swap of neighbours."""
    identifier = NATION.identifier(7)
    prefix, _, suffix = identifier.partition(b"/")
    changed = [
        prefix + b"/" + suffix[:at] + bytes((octet,)) + suffix[at + 1 :]
        for at in range(len(suffix))
        for octet in range(256)
    ]
    changed += [
        prefix + b"/" + suffix[: at - 1] + suffix[at : at + 1] + suffix[at - 1 : at] + suffix[at + 1 :]
        for at in range(2, len(suffix))
    ]
    changed = [other for other in changed if fold(other) != identifier]
    assert {NATION.rank(other) for other in changed} == {None}
    assert set(NATION.ranks(np.array(changed)).tolist()) == {-1}


STRANGERS = [
    b"",
    b"/",
    b"88.118.8",
    b"88.118.8/",
    b"/P2508013475044373",
    b"P2508013475044373",
    b"0.NA/88.118.8",
    b"88.118.80/P2508013475044373",
    b"88.118/P2508013475044373",
    b"88.118.8//P2508013475044373",
    b"88.118.8/P2508013475044373/",
    b"88.118.8/P250801347504437",
    b"88.118.8/P25080134750443730",
    b"88.118.8/Q2508013475044373",
    b"88.118.8/P2508013475044374",
    b"88.118.8/P+508013475044373",
    b"88.118.8/P2508_13475044373",
    b"88.118.8/P 508013475044373",
    "88.118.8/P２5080134750443".encode(),  # a full-width digit
    b"88.118.8/P2508013475044373\n",
    b"88.118.8\0/P2508013475044373",
    b"\0" + b"88.118.8/P2508013475044373",
    b"88.118.8/\0P2508013475044373",
    b"88.118.8/P2508013475044373" + b"0" * 100_000,
    b"9" * 2048,
    b"88.118.8/" + b"9" * 2039,
    b"/" * 2048,
    b"\xff" * 25,
    b"88.118.8/P" + b"9" * 16,
    b"88.118.8/P" + b"0" * 16,
]


@pytest.mark.parametrize("stranger", STRANGERS, ids=lambda stranger: repr(stranger[:30]))
def test_a_stranger_has_no_rank_and_no_values(stranger: bytes) -> None:
    assert NATION.rank(stranger) is None
    assert NATION.item(stranger) is None
    assert NATION.values(stranger) == ()


def test_an_array_of_strangers_and_members_is_sorted_out() -> None:
    members = [identifier for _, identifier, _, _ in GOLDEN]
    mixed = [identifier for stranger in STRANGERS for identifier in (stranger, members[0].lower())] + members
    for asked in (mixed, [each for each in mixed if len(each) < 30], [each for each in mixed if len(each) > 30]):
        expected = [-1 if NATION.rank(identifier) is None else NATION.rank(identifier) for identifier in asked]
        assert NATION.ranks(np.array(asked)).tolist() == expected


check_digit_twins = st.builds(
    lambda digits, check: b"88.118.8/P%014d%02d" % (digits, check), st.integers(0, 10**14 - 1), st.integers(0, 99)
)
octets_near_members = st.builds(
    lambda prefix, slash, suffix: prefix + slash + suffix,
    st.sampled_from([b"88.118.8", b"88.118.9", b"86.300.21", b"88.100.1", b"", b"88"]),
    st.sampled_from([b"/", b"", b"//", b"/P", b"/p"]),
    st.binary(max_size=20) | st.text("0123456789", max_size=19).map(str.encode),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.binary(max_size=40) | octets_near_members | check_digit_twins, max_size=12))
@example([b"88.100.1/P2101000000000002", b"88.100.1/P2101000000000020"])
def test_whatever_is_asked_arrays_and_single_calls_agree(asked: list[bytes]) -> None:
    asked = [octets.rstrip(b"\0") for octets in asked]  # numpy's arrays of octet strings drop them
    singly = [-1 if (rank := NATION.rank(octets)) is None else rank for octets in asked]
    assert NATION.ranks(np.array(asked, np.bytes_)).tolist() == singly
    for octets, rank in zip(asked, singly, strict=True):
        assert rank == -1 or NATION.identifier(rank) == fold(octets)


def test_check_digits_have_one_spelling() -> None:
    """01 and 98, 00 and 97, 02 and 99 leave the same remainder; only one of each pair is issued."""
    for rank in range(600):
        identifier = NATION.identifier(rank)
        twins = [identifier[:-2] + b"%02d" % check for check in range(100)]
        assert [twin for twin in twins if NATION.rank(twin) is not None] == [identifier]
        assert np.flatnonzero(NATION.ranks(np.array(twins)) >= 0).tolist() == [int(identifier[-2:])]


def test_values_differ_between_items_batches_and_keys() -> None:
    first, next_batch = _signed(b"88.118.8", 2101, 0), _signed(b"88.118.8", 2101, 1000)
    same_batch = _signed(b"88.118.8", 2101, 999)

    def by_type(population: Population, identifier: bytes) -> dict[bytes, bytes]:
        return {value.type: value.data for value in population.values(identifier)}

    one, two, three = (by_type(NATION, identifier) for identifier in (first, same_batch, next_batch))
    assert one[b"URL"] != two[b"URL"] and one[b"BATCH"] == two[b"BATCH"] and one[b"PRODUCT"] == two[b"PRODUCT"]
    assert one[b"BATCH"] != three[b"BATCH"] and one[b"PRODUCT"] != three[b"PRODUCT"]
    other = Population(NATION.size, b"another key", NATION.shares)
    assert by_type(other, first)[b"PRODUCT"] != one[b"PRODUCT"]


def test_values_stay_when_shares_are_added_or_grow() -> None:
    grown = Population(20_000_000_000, b"golden", ((b"88.1", 4_000_000_000), *NATION.shares, (b"86.2", 1_000_000_000)))
    for _, identifier, _, _ in GOLDEN:
        assert grown.values(identifier) == NATION.values(identifier)


def test_all_values_may_be_read_by_everybody_and_one_says_where_they_come_from() -> None:
    values = NATION.values(NATION.identifier(3))
    assert all(value.public_read for value in values)
    assert [value.index for value in values] == sorted({value.index for value in values})
    assert [value.data.decode() for value in values if value.type == b"ORIGIN"] == ["procedural 程序生成"]


def test_models_use_their_whole_range() -> None:
    models = [int(item.model) for item in map(NATION.item, NATION.identifiers(np.arange(20_000)).tolist()) if item]
    found = np.bincount(np.array(models) // 500, minlength=20)
    assert len(models) == 20_000 and found.min() > 850 and found.max() < 1150  # 1000 ± 31 expected


def test_popular_ranks_spread_over_the_shares_by_their_size() -> None:
    population = Population(1_000_000_000, b"k", tuple((b"88.%d" % n, 10_000_000 * n) for n in (10, 20, 30, 40)))
    identifiers = population.identifiers(np.arange(10_000)).tolist()
    found = [sum(identifier.startswith(prefix + b"/") for identifier in identifiers) for prefix, _ in population.shares]
    assert all(abs(count - expected) < 200 for count, expected in zip(found, (1000, 2000, 3000, 4000), strict=True))
    # No run of ranks stays in one enterprise: neighbours share a prefix as often as chance has it, 0.3 of the time.
    same = sum(a.partition(b"/")[0] == b.partition(b"/")[0] for a, b in pairwise(identifiers))
    assert 2_700 < same < 3_300


def test_the_members_of_a_prefix_are_counted_from_0() -> None:
    few = Population(5, b"k", ((b"88.1", 3), (b"88.A", 2)))
    members = [few.member(prefix, number) for prefix in (b"88.1", b"88.a", b"88.2") for number in range(-1, 4)]
    found = [member for member in members if member is not None]
    assert [member is None for member in members] == [*([1, 0, 0, 0, 1]), *([1, 0, 0, 1, 1]), *([1] * 5)]
    assert sorted(found) == sorted(few.identifier(rank) for rank in range(5))


def test_slices_add_up_and_unknown_prefixes_have_none() -> None:
    assert NATION.slice_of([prefix for prefix, _ in NATION.shares]) == SIZE
    assert NATION.slice_of([b"88.118.8", b"88.118.8", b"88.118"]) == 9_000_000_000
    assert NATION.slice_of([]) == 0


@pytest.mark.parametrize(
    ("size", "shares"),
    [
        (0, ()),
        (0, ((b"88.1", 0),)),
        (2, ((b"88.1", 1),)),
        (1, ((b"88.1", 2),)),
        (1, ((b"88.1", 2), (b"88.2", -1))),
        (2, ((b"88.a", 1), (b"88.A", 1))),
        (1, ((b"", 1),)),
        (1, ((b"88/1", 1),)),
        (1, ((b"88.\xff", 1),)),
        (1, ((b"8" * (PREFIX_OCTETS_MAX + 1), 1),)),
        (SHARE_MAX + 1, ((b"88.1", SHARE_MAX + 1),)),
    ],
)
def test_a_population_that_cannot_be_is_refused(size: int, shares: tuple[tuple[bytes, int], ...]) -> None:
    with pytest.raises(CallerError):
        Population(size, b"k", shares)


def test_the_largest_share_and_the_longest_prefix_are_in_order() -> None:
    population = Population(SHARE_MAX, b"k", ((b"8" * PREFIX_OCTETS_MAX, SHARE_MAX),))
    ranks = np.array([0, 1, SHARE_MAX // 3, SHARE_MAX - 1])
    identifiers = population.identifiers(ranks)
    assert identifiers.dtype.itemsize == PREFIX_OCTETS_MAX + 1 + SUFFIX_OCTETS
    assert population.ranks(identifiers).tolist() == ranks.tolist()
    assert population.rank(_signed(b"8" * PREFIX_OCTETS_MAX, 2512, RUNNING_MAX - 1)) is not None


@pytest.mark.parametrize("rank", [-1, SIZE, 1 << 70])
def test_a_rank_that_does_not_exist_is_refused(rank: int) -> None:
    with pytest.raises(CallerError):
        NATION.identifier(rank)


@pytest.mark.parametrize(
    "ranks",
    [
        np.array([0, -1]),
        np.array([SIZE]),
        np.array([1 << 63], np.uint64),
        np.array([0.0]),
        np.array([[0]]),
        np.array(0),
    ],
)
def test_ranks_that_do_not_exist_are_refused(ranks: np.ndarray) -> None:
    with pytest.raises(CallerError):
        NATION.identifiers(ranks)


@pytest.mark.parametrize("identifiers", [np.array(["88.118.8/A"]), np.array([[b"88.118.8/A"]]), np.array([1])])
def test_arrays_that_hold_no_identifiers_are_refused(identifiers: np.ndarray) -> None:
    with pytest.raises(CallerError):
        NATION.ranks(identifiers)


def test_ranks_may_come_in_any_whole_type_any_order_repeated_or_not_at_all() -> None:
    expected = [NATION.identifier(rank) for rank in (5, 5, 0)]
    for kind in (np.uint8, np.uint32, np.uint64, np.int16, np.int64):
        assert NATION.identifiers(np.array([5, 5, 0], kind)).tolist() == expected
    assert NATION.identifiers(np.arange(100)[::-1]).tolist() == [NATION.identifier(rank) for rank in range(99, -1, -1)]
    assert len(NATION.identifiers(np.array([], np.int64))) == 0
    assert len(NATION.ranks(np.array([], np.bytes_))) == 0
    backwards = NATION.identifiers(np.arange(100))[::-1]
    assert NATION.ranks(backwards).tolist() == list(range(99, -1, -1))


def test_a_population_is_a_value_and_travels_between_processes() -> None:
    again = Population(NATION.size, NATION.key, NATION.shares)
    assert again == NATION and hash(again) == hash(NATION)
    travelled = pickle.loads(pickle.dumps(NATION))
    assert travelled == NATION
    assert travelled.identifier(5) == NATION.identifier(5)
    assert Population(NATION.size, b"other", NATION.shares) != NATION
