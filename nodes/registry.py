"""What goes into a node's store: from the network file at a start, and from outside in batches.

    import ──rows──> Gate ──Batch──> offline   the store itself, whose lock keeps others out
                                     running   POST /registry, to the node's own process (registrar.py)

At a start the network file's own records go in (`prepare`): a prefix record or a catalogue once, remembered by its
digest. So what was imported or written later stays, until the file says something else. Then a catalogue comes whole
once more; of a prefix record (addresses change) those values that nobody has written since.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import msgpack

from nodes.catalogue import RECORD_OCTETS_MAX, read_rows
from nodes.config import CONFIGURED_AT, ITEM_TIERS, NodePlan
from resolver.errors import PeerError
from resolver.model.identifier import PREFIX_HANDLE_LEAD, fold, normal_form, prefix_of, text
from resolver.model.value import Value
from resolver.rules.authority import Standing
from resolver.stores.base import Notes, Store, Work
from resolver.wire.record import (
    SOME_RESTRICTED,
    ascending,
    pack_record,
    record_flags,
    settle,
    split_record,
    unpack_record,
)

CHARACTERS_MIN, CHARACTERS_MAX = 2, 255  # what registration accepts (field.md)
BATCH_RECORDS_MAX = 20_000
BATCH_OCTETS_MAX = 8 << 20  # of handles and records
BODY_OCTETS_MAX = 16 << 20  # a batch in its form, with room for its last record
BATCH_NOTES_MAX = 4
LOAD_BATCH = 5_000
SAMPLES_TRIED = 1_000
FORM = 1
CONTENT_TYPE = "application/x-biaoshi-batch"  # no web page can send it to us unasked
IMPORT_NOTE, NETWORK_NOTE, _CATALOGUE_NOTE, _DELEGATION_NOTE = b"import/", b"network", b"catalogue/", b"delegation/"
LOADER = b"1"  # another number makes every catalogue be loaded again
_CONTROLS = re.compile("[\x00-\x1f\x7f]")


class Gate:
    """Which handles a node's store takes from outside."""

    def __init__(self, plan: NodePlan) -> None:
        self.node = plan.name
        self.prefixes = frozenset(fold(prefix) for prefix in plan.prefixes) if plan.tier in ITEM_TIERS else frozenset()
        self._standing = Standing(plan.site, plan.server_number, frozenset())

    def objection(self, handle: bytes) -> tuple[str, str] | None:
        """Why a handle is not taken, and what to do about it; None if it is."""
        try:
            characters = handle.decode()
        except UnicodeDecodeError:
            return "not UTF-8", "Only handles that are text can be registered"
        if not CHARACTERS_MIN <= len(characters) <= CHARACTERS_MAX:
            return f"{len(characters)} characters, registered are {CHARACTERS_MIN} to {CHARACTERS_MAX}", "Shorten it"
        if _CONTROLS.search(characters):
            return "holds a control character", "Take it out"
        if fold(prefix_of(handle)) not in self.prefixes:
            homes = ", ".join(sorted(map(text, self.prefixes))) or "no prefix that items are registered under"
            return f"does not live at {self.node}", f"There lives {homes}"
        return None

    def falls_here(self, handle: bytes) -> bool:
        """Whether it is this server of the site that holds the handle."""
        return self._standing.hashed_here(handle)


@dataclass(frozen=True, slots=True)
class Batch:
    """Records on their way into a store: folded handles, packed records. `stamp` is the timestamp (seconds since 1970)
    that values got which brought none.
    """

    stamp: int
    records: Sequence[tuple[bytes, bytes]]
    notes: Notes

    @property
    def work(self) -> Work:
        """What the store is given."""
        return Work(self.records, self.notes, settle(self.stamp))

    def packed(self) -> bytes:
        """MessagePack: [1, stamp, {name: note}, [handle, record, handle, record, …]]."""
        flat = [octets for pair in self.records for octets in pair]
        packed: bytes = msgpack.packb([FORM, self.stamp, dict(self.notes), flat])
        return packed


def unpack_batch(octets: bytes) -> Batch:
    """A batch from its form. PeerError if it is none."""
    try:
        form, stamp, notes, flat = msgpack.unpackb(
            octets,
            raw=False,
            strict_map_key=False,
            max_array_len=2 * BATCH_RECORDS_MAX,
            max_map_len=BATCH_NOTES_MAX,
            max_bin_len=BATCH_OCTETS_MAX,
        )
        if form != FORM or type(stamp) is not int or not 0 <= stamp < 1 << 32:
            raise ValueError(f"form {form!r}, stamp {stamp!r}")
        if not all(type(each) is bytes for each in flat) or len(flat) % 2:
            raise ValueError("handles and records are octets in pairs")
        if not all(type(name) is bytes and type(note) in (bytes, type(None)) for name, note in notes.items()):
            raise ValueError("notes are octets under octets")
    except (ValueError, TypeError, AttributeError, msgpack.UnpackException) as error:
        raise PeerError(f"not a batch of records: {error}") from None
    return Batch(stamp, list(zip(flat[::2], flat[1::2], strict=True)), notes)


def check_batch(batch: Batch, gate: Gate) -> None:
    """Refuse what a row of a catalogue could not have become. PeerError names the handle."""
    for name in batch.notes:
        if not name.startswith(IMPORT_NOTE):
            raise PeerError(f"the note {text(name)} is not for others to write")
    for key, record in batch.records:
        objection = gate.objection(key)
        if objection is None and (key != fold(key) or not gate.falls_here(key)):
            objection = f"not as a store of {gate.node} holds it", ""
        if objection is None and len(record) > RECORD_OCTETS_MAX:
            objection = f"a record of more than {RECORD_OCTETS_MAX} octets", ""
        if objection is None:
            values = split_record(record)
            if not values or not ascending(values):
                objection = "a record without values, or with two of one index", ""
        if objection is not None:
            raise PeerError(f"{text(key[:80])}: {objection[0]}")


# ---- at a start ------------------------------------------------------------------------------------------------------


def prepare(plan: NodePlan, store: Store, network_file: Path) -> None:
    """Put the records of the network file into a node's store, those that are not known there yet."""
    delegations: list[tuple[bytes, bytes]] = []
    notes: dict[bytes, bytes] = {NETWORK_NOTE: os.fsencode(network_file.resolve())}
    for handle, values in plan.delegations:
        key, record = fold(normal_form(handle)), pack_record(values)
        note, digest = _delegation_mark(key, record)
        if store.note(note) != digest:
            delegations.append((key, _reconfigured(store.get(key), values)))
            notes[note] = digest
    store.commit(delegations, notes)
    standing = Standing(plan.site, plan.server_number, frozenset())
    for number, catalogue in enumerate(plan.catalogues):
        note, digest = _catalogue_mark(plan, number)
        if store.note(note) == digest:
            continue
        rows = ((fold(row.handle), row.record) for row in read_rows(catalogue.file) if standing.hashed_here(row.handle))
        while batch := list(islice(rows, LOAD_BATCH)):
            store.commit(batch)
        store.commit((), {note: digest})


def marks(plan: NodePlan) -> Notes:
    """What stands in a store's notes when `prepare` is done with it."""
    packed = ((fold(normal_form(handle)), pack_record(values)) for handle, values in plan.delegations)
    noted = dict(_delegation_mark(key, record) for key, record in packed)
    return noted | dict(_catalogue_mark(plan, number) for number in range(len(plan.catalogues)))


def _delegation_mark(key: bytes, record: bytes) -> tuple[bytes, bytes]:
    note = _DELEGATION_NOTE + hashlib.blake2b(key, digest_size=16).digest()
    return note, hashlib.blake2b(record, digest_size=16).digest()


def _catalogue_mark(plan: NodePlan, number: int) -> tuple[bytes, bytes]:
    file = plan.catalogues[number].file
    share = f"{plan.server_number} of {len(plan.site.servers)}, hashed by {plan.site.hash_option}"
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "blake2b").digest()
    note = _CATALOGUE_NOTE + b"%d/" % number + os.fsencode(file.name)[:200]
    return note, digest + share.encode() + LOADER


def _reconfigured(standing: bytes | None, configured: Sequence[Value]) -> bytes:
    """What becomes of a prefix record when the network file says something new about it: what was written since, and
    bears another time than what was configured, stays.
    """
    try:
        written = () if standing is None else unpack_record(standing)
    except PeerError:  # damaged; whoever looks through the store says so
        written = ()
    kept = {value.index: value for value in written if value.timestamp != CONFIGURED_AT}
    values = {value.index: value for value in configured} | kept
    return pack_record([values[index] for index in sorted(values)])


def sample_in(plan: NodePlan, store: Store) -> bytes | None:
    """A handle in the store that its node answers to anybody; None if there is none among the first of each prefix."""
    for prefix in plan.prefixes:
        for key, record in islice(store.scan(prefix=fold(prefix) + b"/"), SAMPLES_TRIED):
            if not record_flags(record) & SOME_RESTRICTED and not key.startswith(PREFIX_HANDLE_LEAD):
                return key
    return None
