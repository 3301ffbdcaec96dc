"""The books of a proof: what was sent, what was acknowledged, and whether what is found afterwards can be so.

acknowledged             has to be found, and nothing else under its handle
sent, not acknowledged   may be found or not, but the whole batch or nothing of it
anything else            is foreign
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Records = Mapping[bytes, bytes]


@dataclass(slots=True)
class Wrong:
    """How many records are not as they have to be, and examples of them."""

    lost: int = 0
    altered: int = 0
    duplicated: int = 0
    foreign: int = 0
    halved: int = 0  # batches of which a part was found
    examples: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Everything that is wrong."""
        return self.lost + self.altered + self.duplicated + self.foreign + self.halved

    def note(self, words: str) -> None:
        """An example; the first few are kept."""
        if len(self.examples) < 3:
            self.examples.append(words)


class Ledger:
    """What a store has to hold. Batches under way at one time have no handle in common."""

    def __init__(self, found: Records | None = None) -> None:
        self.known: dict[bytes, bytes] = dict(found or {})
        self.acknowledged = 0  # records, counted each time
        self.found = 0  # batches that were there although nobody had been told
        self.under_way: list[Records] = []  # batches sent of which nobody knows yet

    def send(self, batch: Records) -> None:
        """From here on the batch may be found."""
        self.under_way.append(batch)

    def acknowledge(self, batch: Records) -> None:
        """From here on it has to be found."""
        self.under_way.remove(batch)
        self.known.update(batch)
        self.acknowledged += len(batch)

    def check(self, found: Iterable[tuple[bytes, bytes]]) -> Wrong:
        """Compare with all that is found. What was under way is settled by that: found once, it has to stay."""
        wrong = Wrong()
        records: dict[bytes, bytes] = {}
        for key, record in found:
            if key in records:
                wrong.duplicated += 1
                wrong.note(f"{key!r} twice")
            records[key] = record
        for batch in self.under_way:
            here = sum(records.get(key) == record for key, record in batch.items())
            before = sum(records.get(key) == self.known.get(key) for key in batch)
            if here == len(batch):
                self.found += 1
                self.known.update(batch)
            elif before != len(batch):
                wrong.halved += 1
                wrong.note(f"{here} of the {len(batch)} records of a batch, {next(iter(batch))!r} and others")
                self.known.update((key, records[key]) for key in batch if key in records)
        self.under_way.clear()
        for key, record in self.known.items():
            if key not in records:
                wrong.lost += 1
                wrong.note(f"{key!r} is missing")
            elif records[key] != record:
                wrong.altered += 1
                wrong.note(f"{key!r} is not as it was acknowledged")
        for key in records:
            if key not in self.known:
                wrong.foreign += 1
                wrong.note(f"{key!r} was never sent")
        self.known = records
        return wrong
