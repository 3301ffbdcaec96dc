"""A store with a population behind it: what was written is stored, what was not may still be computed.

    get(key)    1 the base store's record              so whoever writes an identifier of the population has it
                2 the population's, under our prefixes
                3 None

Everything else is the base store's alone: a scan shows, a count counts, and `settle` is asked about, what was written.
To delete a stored record uncovers the population's. But who says what they expect there (administration over the
protocol) means the identifier, wherever its record came from: then an empty record stays behind, and it is gone.

A computed record is three gaps in finished octets, which come from `pack_record` itself, once per prefix:

    flags, list<value> … https://id.example/88.118.8/ [suffix] … 产品 KQ- [model] … B [batch]
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from resolver.model.identifier import prefix_of
from resolver.model.population import Item, Population
from resolver.stores.base import NO_NOTES, Batch, Notes, Settle, Store, Tally, Work
from resolver.wire.record import pack_record

# No UTF-8 has these octets, prefixes are UTF-8, and no number in a record has three of them in a row.
SUFFIX_GAP, MODEL_GAP, BATCH_GAP = b"\xff" * 17, b"\xfe" * 4, b"\xfd" * 11

Template = tuple[bytes, bytes, bytes, bytes]


class Records:
    """The packed records of a population, as `pack_record(population.values(identifier))` gives them, but faster.

    Keeps one template of some 300 octets for every prefix asked for, so at most one per share.
    """

    def __init__(self, population: Population) -> None:
        self._item = population.item
        self._values_of = population.values_of
        self._templates: dict[bytes, Template] = {}

    def record(self, identifier: bytes) -> bytes | None:
        """The packed record of an identifier in any letter case, None if it is not of the population."""
        item = self._item(identifier)
        if item is None:
            return None
        prefix, suffix, batch, model = item
        template = self._templates.get(prefix)
        if template is None:
            template = self._templates[prefix] = self._template(prefix)
        start, to_model, to_batch, end = template
        return b"%b%b%b%b%b%b%b" % (start, suffix, to_model, model, to_batch, batch, end)

    def prepare(self, prefix: bytes) -> None:
        """Make the template of a folded prefix now, not when the first question about it waits for that."""
        self._templates[prefix] = self._template(prefix)

    def _template(self, prefix: bytes) -> Template:
        octets = pack_record(self._values_of(Item(prefix, SUFFIX_GAP, BATCH_GAP, MODEL_GAP)))
        start, octets = octets.split(SUFFIX_GAP)
        to_model, octets = octets.split(MODEL_GAP)
        to_batch, end = octets.split(BATCH_GAP)
        return start, to_model, to_batch, end


class ProceduralStore:
    """`base`, and behind it the identifiers of `population` under `prefixes` (in any letter case).

    Prefixes without a share are allowed and add nothing. Closing it closes the base.
    """

    def __init__(self, base: Store, population: Population, prefixes: Collection[bytes]) -> None:
        self.durable = base.durable
        self.procedural_count = population.slice_of(prefixes)
        """How many identifiers are computed here, stored ones of the same name included."""
        self._base = base
        self._stored = base.get
        self._prefixes = frozenset(prefix.upper() for prefix in prefixes if population.slice_of((prefix,)))
        records = Records(population)
        for prefix in self._prefixes:
            records.prepare(prefix)
        self._record = records.record

    def get(self, key: bytes) -> bytes | None:
        record = self._stored(key)
        if record or prefix_of(key) not in self._prefixes:
            return record
        computed = self._record(key)
        if record is None:
            return computed
        return None if computed is not None else record

    def scan(self, start: bytes = b"", prefix: bytes = b"") -> Iterator[tuple[bytes, bytes]]:
        found = self._base.scan(start, prefix)
        return ((key, record) for key, record in found if record or self._computed(key) is None)

    def commit(self, batch: Batch, notes: Notes = NO_NOTES, settle: Settle | None = None) -> Tally:
        return self.commit_all((Work(batch, notes, settle),))[0]

    def commit_all(self, works: Sequence[Work]) -> list[Tally]:
        return self._base.commit_all([self._stored_only(work) for work in works])

    def _stored_only(self, work: Work) -> Work:
        """The same in the base store's terms: no record there is the computed one, an empty one is none."""
        settle = work.settle
        if settle is not None:
            given = settle
            settle = lambda old, new: given(old, new) if old else new  # noqa: E731
        expects, batch = dict(work.expects), list(work.batch)
        for key, allowed in work.expects.items():
            computed = self._computed(key)
            if computed is not None:
                stored = [b"" if record is None else record for record in allowed]
                expects[key] = [*stored, None] if computed in allowed else stored
                batch = [(each, b"" if each == key and record is None else record) for each, record in batch]
        return Work(batch, work.notes, settle, expects)

    def _computed(self, key: bytes) -> bytes | None:
        return self._record(key) if prefix_of(key) in self._prefixes else None

    def note(self, name: bytes) -> bytes | None:
        return self._base.note(name)

    def grow(self) -> None:
        self._base.grow()

    def count(self) -> int:
        return self._base.count()

    def close(self) -> None:
        self._base.close()
