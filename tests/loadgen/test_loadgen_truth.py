"""What can be asked for: stored, procedural, or both; and nothing that not everybody may read."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from loadgen.truth import Procedural, Stored, Together, Truth, truth_from
from resolver.errors import OperatorError
from resolver.model.population import Population
from resolver.model.value import Value
from resolver.wire.values import encode_values

NATION = Population(15_000_000_000, b"test", ((b"88.101.1", 8_000_000_000), (b"88.102.1", 7_000_000_000)))
SECRET = Value(301, b"HS_SECKEY", b"secret", permissions=0xC)
CATALOGUE = [(b"88.118.8/item%d" % number, (Value(1, b"URL", b"%d" % number), SECRET)) for number in range(100)]


def test_stored_identifiers_have_each_one_rank_and_are_written_as_the_catalogue_writes_them() -> None:
    truth = Stored(CATALOGUE, seed=9)
    written = list(truth.identifiers(np.arange(truth.size)))
    assert sorted(written) == sorted(identifier for identifier, _ in CATALOGUE)
    assert written != [identifier for identifier, _ in CATALOGUE]
    assert written == list(Stored(CATALOGUE, seed=9).identifiers(np.arange(100)))
    assert written != list(Stored(CATALOGUE, seed=8).identifiers(np.arange(100)))
    assert truth.procedural == 0


def test_secret_values_are_left_out_and_letter_case_does_not_count() -> None:
    truth = Stored([*CATALOGUE, (b"88.118.8/hidden", (SECRET,))], seed=1)
    assert truth.values(b"88.118.8/ITEM7") == truth.values(b"88.118.8/item7") == (Value(1, b"URL", b"7"),)
    assert truth.values(b"88.118.8/hidden") == ()
    assert truth.values(b"88.118.8/item100") is None


def test_a_population_is_asked_by_its_own_ranks_and_nothing_is_listed() -> None:
    truth = Procedural(NATION)
    assert truth.size == truth.procedural == 15_000_000_000
    ranks = np.array([0, 1, 14_999_999_999])
    assert [bytes(each) for each in truth.identifiers(ranks)] == [NATION.identifier(rank) for rank in ranks.tolist()]
    identifier = NATION.identifier(14_999_999_999)
    assert truth.values(identifier) == truth.values(identifier.lower()) == NATION.values(identifier)
    assert truth.values(b"88.101.1/P000000000000000") is None


def test_stored_records_are_the_most_popular_ones_and_win_over_the_population() -> None:
    twice = NATION.identifier(5)
    truth = truth_from([*CATALOGUE, (twice, (Value(1, b"URL", b"stored"),))], NATION, seed=1)
    assert isinstance(truth, Together)
    assert (truth.size, truth.procedural) == (15_000_000_101, 15_000_000_000)
    found = truth.identifiers(np.array([101, 0, 106, 100]))
    assert (found[0], found[2]) == (NATION.identifier(0), NATION.identifier(5))
    assert {found[1], found[3]} <= {identifier for identifier, _ in CATALOGUE} | {twice}
    assert truth.values(twice) == (Value(1, b"URL", b"stored"),)
    assert truth.values(NATION.identifier(6)) == NATION.values(NATION.identifier(6))
    assert truth.values(b"88.118.8/absent") is None


def test_a_truth_says_the_same_in_another_process() -> None:
    for truth in (truth_from(CATALOGUE, None, 1), truth_from([], NATION, 1), truth_from(CATALOGUE, NATION, 1)):
        again = pickle.loads(pickle.dumps(truth))
        ranks = np.arange(0, truth.size, max(1, truth.size // 50))
        assert list(again.identifiers(ranks)) == list(truth.identifiers(ranks))
        assert [again.values(each) for each in again.identifiers(ranks)] == [
            truth.values(each) for each in truth.identifiers(ranks)
        ]


@pytest.mark.parametrize(
    "truth", [truth_from(CATALOGUE, None, 1), truth_from([], NATION, 1), truth_from(CATALOGUE, NATION, 1)]
)
def test_octets_are_those_of_the_values(truth: Truth) -> None:
    ranks = np.concatenate([np.arange(min(truth.size, 200)), np.arange(0, truth.size, max(1, truth.size // 500))])
    for identifier in truth.identifiers(ranks):
        for written in (identifier, identifier.lower()):
            values = truth.values(written)
            assert values is not None
            assert truth.octets(written) == encode_values(values)
    assert truth.octets(b"88.118.8/absent") is None
    assert truth.octets(b"88.101.1/P000000000000000") is None


def test_a_network_without_identifiers_is_refused() -> None:
    with pytest.raises(OperatorError):
        truth_from([], None, 1)
