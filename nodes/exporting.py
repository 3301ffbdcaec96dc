"""A node's store -> catalogue, in the forms that import reads: JSON Lines, or CSV where that can say it all.

Prefix records (0.NA/…) are left out: they belong to the network file. Handles come as they are stored, in upper case.
An LMDB store is read directly, one moment of it, whether its node runs or not; a store in memory is asked for through
the admin page of the node's process.

    {"handle": "88.118.8/A1", "values": [{"index": 1, "type": "URL", "data": {"format": "string", "value": "…"}, …}]}

A line is `json.dumps` of that document; for values that are text it is put together from finished pieces.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from json.encoder import encode_basestring
from pathlib import Path

from nodes.catalogue import ALL_RIGHTS, COLUMNS_MAX
from nodes.importing import PageSink
from nodes.state import read_state
from resolver.errors import OperatorError, PeerError, StoreError, Unreachable
from resolver.model.identifier import PREFIX_HANDLE_LEAD, text
from resolver.model.value import DEFAULT_PERMISSIONS, DEFAULT_TTL_S, TTL_RELATIVE, Value
from resolver.stores.lmdb_view import LmdbView
from resolver.wire.json_form import name_to_json, value_to_json
from resolver.wire.record import split_record, unpack_record
from resolver.wire.types import hs_admin, hs_vlist
from resolver.wire.values import decode_value

HEADS_MAX = 4096  # beginnings of values kept; a store that has more of them is written slower, no worse
FORMATS = ("jsonl", "csv")
_HEAD_OCTETS = 18  # of a value, in front of its type
_DATA_CONTROLS = [chr(code) for code in (*range(9), 11, 12, *range(14, 32))]  # data with these is not shown as text

Records = Iterator[tuple[bytes, bytes]]


class Source:
    """The item records of a node. `records` may be read several times, and shows the same moment each time, except for
    a store in memory, whose records are those of that time.
    """

    def __init__(self, read: Callable[[], Records], close: Callable[[], None]) -> None:
        self._read = read
        self.close = close

    def records(self) -> Records:
        """Handles and packed records, in order."""
        return (pair for pair in self._read() if not pair[0].startswith(PREFIX_HANDLE_LEAD))


def open_source(node: str, run_dir: Path) -> Source:
    """The store of a node. OperatorError if there is none, StoreError if it is damaged."""
    directory = run_dir / "data" / node
    try:
        state = read_state(run_dir)
    except Unreachable:
        state = None
    if state is not None:
        entry = next((each for each in state["nodes"] if each["name"] == node), None)
        if entry is None:
            raise OperatorError("no node of this name runs", key="--node", value=node, remedy="See: network status")
        if entry["metrics"] is not None and entry["pid"] is not None:
            page = PageSink(node, entry["metrics"])
            if not page.durable:
                return Source(page.records, page.close)
            page.close()
    if not (directory / "data.mdb").is_file():
        raise OperatorError(
            f"{directory} holds no store",
            key="--node",
            value=node,
            remedy="Name a node that has run in this --run-dir; a store in memory is there only while its node runs",
        )
    view = LmdbView(directory)
    # An empty record says that an identifier of the population is gone (stores/procedural.py).
    return Source(lambda: (pair for pair in view.scan() if pair[1]), view.close)


# ---- JSON Lines ------------------------------------------------------------------------------------------------------


def json_lines(records: Records) -> Iterator[str]:
    """A line for each record. StoreError for one that cannot be read."""
    pieces = _Pieces()
    for key, record in records:
        try:
            values = ", ".join([pieces.value(octets) for _, octets in split_record(record)])
        except PeerError as error:
            raise StoreError(f"{text(key)}: damaged: {error}. Put back a backup") from None
        handle = json.dumps(name_to_json(key), ensure_ascii=False)
        yield f'{{"handle": {handle}, "values": [{values}]}}\n'


class _Pieces:
    """Values as JSON, remembering how those of one index, type, TTL and timestamp begin and end."""

    def __init__(self) -> None:
        self.heads: dict[bytes, tuple[str, str] | None] = {}

    def value(self, octets: bytes) -> str:
        start = _HEAD_OCTETS + int.from_bytes(octets[14:18], "big")
        head = octets[:start]
        if head not in self.heads:
            if len(self.heads) >= HEADS_MAX:
                self.heads.clear()
            self.heads[head] = self._around(octets)
        around = self.heads[head]
        end = start + 4 + int.from_bytes(octets[start : start + 4], "big")
        if around is not None and octets[end:] == b"\0\0\0\0":
            try:
                words = octets[start + 4 : end].decode()
            except UnicodeDecodeError:
                pass
            else:
                if words.isprintable() or not any(control in words for control in _DATA_CONTROLS):
                    return around[0] + encode_basestring(words) + around[1]
        return json.dumps(value_to_json(decode_value(octets)), ensure_ascii=False)

    def _around(self, octets: bytes) -> tuple[str, str] | None:
        """What stands before and behind the data of a value; None for those that have a form of their own."""
        value = decode_value(octets)
        if value.type.upper() in _STRUCTURED or value.permissions != DEFAULT_PERMISSIONS:
            return None
        form = value_to_json(Value(value.index, value.type, b"?", value.ttl, value.ttl_type, value.timestamp))
        before, _, behind = json.dumps(form, ensure_ascii=False).rpartition('"?"')
        return before, behind


# ---- CSV -------------------------------------------------------------------------------------------------------------


def csv_lines(source: Source) -> Iterator[str]:
    """A header and a line for each record; timestamps are left out. OperatorError for what a cell cannot say, before
    anything is written.
    """
    columns: dict[tuple[int, bytes], int] = {}
    for key, record in source.records():
        for value in unpack_record(record):
            _cell(key, value)
            columns.setdefault((value.index, value.type), len(columns))
            if len(columns) >= COLUMNS_MAX:
                raise OperatorError(
                    f"more than {COLUMNS_MAX - 1} columns", value=text(key), remedy="Use --format jsonl"
                )
    ordered = sorted(columns)
    taken: dict[int, bytes] = {}
    for index, kind in ordered:
        if index in taken:
            raise OperatorError(
                f"index {index} is {text(taken[index])} in one record, {text(kind)} in another; a column has one type",
                remedy="Use --format jsonl",
            )
        taken[index] = kind
    yield _csv_row(["handle", *(f"{text(kind)}:{index}" for index, kind in ordered)])
    places = {index: place for place, (index, _) in enumerate(ordered, 1)}
    for key, record in source.records():
        row = [key.decode()] + [""] * len(ordered)
        for value in unpack_record(record):
            row[places[value.index]] = _cell(key, value)
        yield _csv_row(row)


def _csv_row(row: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(row)  # so that a cell with either of the two is quoted
    return line.getvalue()[:-2] + "\n"


def _cell(key: bytes, value: Value) -> str:
    """A value as a cell that becomes the same value again, but for its timestamp."""
    plain = (TTL_RELATIVE, DEFAULT_TTL_S, DEFAULT_PERMISSIONS, ())
    kind = value.type.upper()
    problem = ""
    cell = ""
    if (value.ttl_type, value.ttl, value.permissions, value.references) != plain:
        problem = "has a TTL, permissions or references of its own"
    elif not value.data:
        problem = "is empty, which in a cell means none"
    else:
        try:
            key.decode()
            _word(value.type)
            cell = _STRUCTURED[kind](value.data) if kind in _STRUCTURED else value.data.decode()
        except (UnicodeDecodeError, PeerError, ValueError):
            problem = "does not fit into a cell"
    if problem:
        raise OperatorError(
            f"value {value.index} ({text(value.type)}) {problem}", value=text(key), remedy="Use --format jsonl"
        )
    return cell


def _admin_cell(data: bytes) -> str:
    admin = hs_admin.decode(data)
    if hs_admin.encode(hs_admin.HsAdmin(ALL_RIGHTS, admin.handle, admin.index)) != data:
        raise ValueError("not all rights")
    return f"{admin.index}:{_word(admin.handle)}"


def _group_cell(data: bytes) -> str:
    references = hs_vlist.decode(data)
    if not references or hs_vlist.encode(references) != data:
        raise ValueError("no list")
    return " ".join(f"{each.index}:{_word(each.handle)}" for each in references)


def _word(octets: bytes) -> str:
    word = octets.decode()
    if not word or word.split() != [word]:
        raise ValueError("a blank")
    return word


def _refuse(data: bytes) -> str:
    raise ValueError("structured")


_STRUCTURED: dict[bytes, Callable[[bytes], str]] = {
    b"HS_ADMIN": _admin_cell,
    b"HS_VLIST": _group_cell,
    b"HS_SITE": _refuse,
    b"HS_SITE.6": _refuse,
    b"HS_SITE.PREFIX": _refuse,
    b"HS_NA_DELEGATE": _refuse,
    b"HS_PUBKEY": _refuse,
}
