"""What can be asked for, and what the right answer is: known before the first question, by rank and by identifier.

    rank 0 … size-1, 0 the most popular  -->  identifier  -->  its public values

    Stored       a list of records, in a seeded order: popularity has nothing to do with the order of a catalogue, and
                 popular identifiers spread over all enterprises
    Procedural   a population that is computed when asked for; nothing is listed, so 15 billion cost what ten do
    Together     stored records are the most popular ones, the population comes behind them. Where both know an
                 identifier, what is stored counts, as at a node

Values that not everybody may read are left out here, once, and nobody behind this has to think of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias, cast

import numpy as np

from loadgen.arrays import Numbers
from loadgen.chance import Purpose, generator
from resolver.errors import OperatorError
from resolver.model.identifier import fold
from resolver.model.population import Item, Population
from resolver.model.value import Value
from resolver.wire.values import encode_values

Values: TypeAlias = tuple[Value, ...]
Catalogue: TypeAlias = Sequence[tuple[bytes, Values]]  # every identifier as written, with all its values


class Truth(Protocol):
    """The interface. It is handed to other processes, so an implementation can be pickled."""

    @property
    def size(self) -> int:
        """How many identifiers there are."""
        ...

    @property
    def procedural(self) -> int:
        """How many of them are computed, not stored."""
        ...

    def identifiers(self, ranks: Numbers) -> Sequence[bytes]:
        """The identifier of each rank, as a client writes it."""
        ...

    def values(self, identifier: bytes) -> Values | None:
        """What everybody may read of an identifier in any letter case, maybe nothing; None if there is none such."""
        ...

    def octets(self, identifier: bytes) -> bytes | None:
        """The same as a message carries it, `list<value>`."""
        ...


def public(values: Values) -> Values:
    """The values that everybody may read."""
    return tuple(value for value in values if value.public_read)


class Stored:
    """The records of catalogues."""

    procedural = 0

    def __init__(self, catalogue: Catalogue, seed: int) -> None:
        order = generator(seed, Purpose.ORDER).permutation(len(catalogue)).tolist()
        self._identifiers = [catalogue[number][0] for number in order]
        self._values = {fold(identifier): public(values) for identifier, values in catalogue}

    @property
    def size(self) -> int:
        return len(self._identifiers)

    def identifiers(self, ranks: Numbers) -> Sequence[bytes]:
        return [self._identifiers[rank] for rank in ranks.tolist()]

    def values(self, identifier: bytes) -> Values | None:
        return self._values.get(fold(identifier))

    def octets(self, identifier: bytes) -> bytes | None:
        values = self.values(identifier)
        return None if values is None else encode_values(values)


# In a record of the population stand, in this order, three parts that differ from identifier to identifier. Octets
# that occur nowhere else in it show where: no UTF-8 has them, and no number has three of them in a row.
GAPS = (b"\xff" * 17, b"\xfe" * 4, b"\xfd" * 11)


@dataclass(frozen=True, slots=True)
class Procedural:
    """A population; its own ranks are those of popularity.

    Octets are made from a record of the same prefix that was encoded once, with gaps: a sixth of the time, and the
    generator needs it for nearly every answer. (A node has the same trick; it is not asked how it does it.)
    """

    population: Population
    _records: dict[bytes, tuple[bytes, ...]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def size(self) -> int:
        return self.population.size

    @property
    def procedural(self) -> int:
        return self.population.size

    def identifiers(self, ranks: Numbers) -> Sequence[bytes]:
        return cast(Sequence[bytes], self.population.identifiers(ranks))  # an array: its elements are bytes

    def values(self, identifier: bytes) -> Values | None:
        return self.population.values(identifier) or None  # every one of them has some

    def octets(self, identifier: bytes) -> bytes | None:
        item = self.population.item(identifier)
        if item is None:
            return None
        pieces = self._records.get(item.prefix)
        if pieces is None:
            pieces = self._records[item.prefix] = self._pieces(item.prefix)
        return b"%b%b%b%b%b%b%b" % (pieces[0], item.suffix, pieces[1], item.model, pieces[2], item.batch, pieces[3])

    def _pieces(self, prefix: bytes) -> tuple[bytes, ...]:
        suffix, model, batch = GAPS
        rest = encode_values(self.population.values_of(Item(prefix, suffix, batch, model)))
        pieces = []
        for gap in GAPS:
            piece, rest = rest.split(gap)
            pieces.append(piece)
        return (*pieces, rest)


@dataclass(frozen=True, slots=True)
class Together:
    """Stored records, and a population behind them."""

    stored: Stored
    computed: Procedural

    @property
    def size(self) -> int:
        return self.stored.size + self.computed.size

    @property
    def procedural(self) -> int:
        return self.computed.size

    def identifiers(self, ranks: Numbers) -> Sequence[bytes]:
        first = ranks < self.stored.size
        found = np.empty(len(ranks), object)
        found[first] = self.stored.identifiers(ranks[first])
        found[~first] = self.computed.identifiers(ranks[~first] - self.stored.size)
        return found.tolist()

    def values(self, identifier: bytes) -> Values | None:
        values = self.stored.values(identifier)
        return self.computed.values(identifier) if values is None else values

    def octets(self, identifier: bytes) -> bytes | None:
        octets = self.stored.octets(identifier)
        return self.computed.octets(identifier) if octets is None else octets


def identifiers_of(truth: Truth, ranks: Numbers) -> Sequence[bytes]:
    """The identifier of each rank; of -1 - n the n-th that does not exist: an enterprise's prefix, and an odd suffix.

    Should somebody have registered just that, `values` knows it, and so does whoever judges the answer.
    """
    absent = np.flatnonzero(ranks < 0)
    if not len(absent):
        return truth.identifiers(ranks)
    numbers = -1 - ranks[absent]
    neighbours = truth.identifiers(numbers % truth.size)
    made = [
        b"%b/ABSENT-%d" % (neighbour.partition(b"/")[0], number)
        for neighbour, number in zip(neighbours, numbers.tolist(), strict=True)
    ]
    found = np.empty(len(ranks), object)
    found[ranks >= 0] = truth.identifiers(ranks[ranks >= 0])
    found[absent] = made
    return cast(Sequence[bytes], found.tolist())


def truth_from(catalogue: Catalogue, population: Population | None, seed: int) -> Truth:
    """The truth of a network. OperatorError if there is nothing to ask for."""
    if population is None:
        if not catalogue:
            raise OperatorError("no identifier to ask for: the network's catalogues are empty", key="catalogues")
        return Stored(catalogue, seed)
    computed = Procedural(population)
    return Together(Stored(catalogue, seed), computed) if catalogue else computed
