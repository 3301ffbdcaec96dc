"""Catalogues: files of records for people and programs to write, read as a stream.

    JSON Lines   {"handle": "88.118.8/A1", "values": [{"index": 1, "type": "URL", "data": …}, …]}     any value at all
    CSV          handle,URL:1,DESC,NAME:2000          one column a value, an empty cell none
                 88.118.8/A1,https://…,…,…

A CSV column without `:index` has its position as index. A cell is the value's text; of HS_ADMIN and HS_VLIST it is
`index:handle` (a list separated by blanks for HS_VLIST; all rights for HS_ADMIN). CSV values are publicly readable and
live a day; whatever differs is written as JSON Lines. Lines above a CSV's header that begin with # are for people.

A row becomes a packed record (wire/record.py) at once: the fixed octets of a column, or of a value whose index, type
and TTL have been seen before, are made once, and a million rows cost seconds. What is out of the ordinary takes the
long way through a Value, to the same octets.

Every error names the file with its line, and the column or key path.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from struct import Struct
from typing import IO, Any, NamedTuple

from resolver.errors import OperatorError
from resolver.model.identifier import text
from resolver.model.value import DEFAULT_PERMISSIONS, DEFAULT_TTL_S, TTL_RELATIVE, Reference, Value
from resolver.wire.json_form import JsonFormError, name_from_json, value_from_json
from resolver.wire.record import ascending, join_record, unpack_record, value_flags
from resolver.wire.types import hs_admin, hs_vlist
from resolver.wire.values import encode_value

LINE_OCTETS_MAX = 1 << 20  # the largest record has 256 KiB, base64 and escapes make it longer
ROW_LINES_MAX = 4096  # a CSV cell may hold line ends; so many lines make one row at most
COLUMNS_MAX = 2049  # a handle and the 2,048 values that clients accept (protocol.md §1)
HANDLE_OCTETS_MAX = 2048  # protocol.md §1
RECORD_OCTETS_MAX = (256 - 4) << 10  # a message of 256 KiB less room for header, digest, handle and credential
CATALOGUED_AT = 1_767_225_600  # 2026-01-01T00:00:00Z
ALL_RIGHTS = 0x0FFF
HASHED_AT_ONCE = 1 << 20
KNOWN_MAX = 4096  # value heads and timestamps kept; a file that has more of them is read slower, no worse
_STRUCTURED = (b"HS_SITE", b"HS_SITE.6", b"HS_SITE.PREFIX", b"HS_NA_DELEGATE", b"HS_PUBKEY")
_U32 = Struct(">I")
_REST = Struct(">BIBI")  # TTL type, TTL, permissions, length of the type
_NOTHING = bytes(4)  # no references


@dataclass(frozen=True, slots=True)
class CatalogueRecord:
    """One record and the line of its file on which it begins."""

    line: int
    handle: bytes
    values: tuple[Value, ...]


class Row(NamedTuple):
    """One record, packed, and the line of its file on which it begins."""

    line: int
    handle: bytes
    record: bytes


@dataclass(frozen=True, slots=True)
class Position:
    """How far a file has been read: octets and lines from its beginning, and the digest of these octets (BLAKE2b)."""

    octets: int
    lines: int
    digest: str


def read_catalogue(file: Path) -> Iterator[CatalogueRecord]:
    """The records of a .csv or .jsonl file, one at a time, values sorted by index. OperatorError on anything odd."""
    for line, handle, record in read_rows(file):
        yield CatalogueRecord(line, handle, unpack_record(record))


def read_rows(file: Path) -> Iterator[Row]:
    """The same, packed. CSV values carry the timestamp CATALOGUED_AT, so that answers are reproducible."""
    with Catalogue(file, stamp=CATALOGUED_AT if file.suffix.lower() == ".csv" else 0) as catalogue:
        yield from catalogue


class Catalogue:
    """An open file of records, to be read once from its beginning or from where an earlier reader stopped.

    `stamp` is the timestamp (seconds since 1970) of values for which the file gives none.
    """

    def __init__(self, file: Path, *, stamp: int) -> None:
        self.file = file
        self.stamp = stamp
        form = FORMATS.get(file.suffix.lower())
        if form is None:
            raise OperatorError(
                "neither CSV nor JSON Lines", file=str(file), remedy="Name the file something.csv or something.jsonl"
            )
        try:
            self._stream = file.open("rb")
            self.octets = self._stream.seek(0, 2)
            self._stream.seek(0)
        except OSError as error:
            raise _unreadable(file, error) from None
        self._lines = _Lines(file, self._stream)
        self._format = form(self._lines)

    def __enter__(self) -> Catalogue:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def __iter__(self) -> Iterator[Row]:
        """The rows that are left. OperatorError on anything odd."""
        try:
            yield from self._format.rows(self.stamp)
        except OSError as error:
            raise _unreadable(self.file, error) from None

    def position(self) -> Position:
        """How far it has been read: up to the end of the last row handed out."""
        lines = self._lines
        return Position(lines.octets, lines.number, lines.digest.hexdigest())

    def resume(self, position: Position) -> bool:
        """Go on from a position, before any row is read; False, and nothing done, if the file began otherwise then."""
        try:
            if position.octets > self.octets:
                return False
            self._format.open()
            digest = _digest()
            self._stream.seek(0)
            left = position.octets
            while left and (octets := self._stream.read(min(left, HASHED_AT_ONCE))):
                digest.update(octets)
                left -= len(octets)
            same = not left and digest.hexdigest() == position.digest
            if same and position.octets > self._lines.octets:
                self._lines.octets, self._lines.number, self._lines.digest = position.octets, position.lines, digest
            self._stream.seek(self._lines.octets)
        except OSError as error:
            raise _unreadable(self.file, error) from None
        return same


def _digest() -> hashlib.blake2b:
    return hashlib.blake2b(digest_size=16)


def _unreadable(file: Path, error: OSError) -> OperatorError:
    return OperatorError(f"cannot be read: {error.strerror}", file=str(file), remedy="Check path and permissions")


class _Lines:
    """The lines of a file as text, none longer than LINE_OCTETS_MAX; counts lines and octets, and digests them."""

    def __init__(self, file: Path, stream: IO[bytes]) -> None:
        self.file = file
        self.stream = stream
        self.number = 0
        self.octets = 0
        self.digest = _digest()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        octets = self.stream.readline(LINE_OCTETS_MAX + 1)
        if not octets:
            raise StopIteration
        self.number += 1
        self.octets += len(octets)
        self.digest.update(octets)
        if len(octets) > LINE_OCTETS_MAX:
            raise self.refuse(f"a line of more than {LINE_OCTETS_MAX} octets", "", None, "One record a line")
        if self.number == 1:
            octets = octets.removeprefix(b"\xef\xbb\xbf")  # spreadsheets begin a file so
        try:
            return octets.decode()
        except UnicodeDecodeError as error:
            raise self.refuse(
                f"not UTF-8: octet 0x{octets[error.start]:02x}",
                f"column {error.start + 1}",
                None,
                "Save the file as UTF-8",
            ) from None

    def refuse(self, problem: str, key: str, value: object, remedy: str, *, line: int = 0) -> OperatorError:
        return OperatorError(problem, file=f"{self.file}:{line or self.number}", key=key, value=value, remedy=remedy)


# ---- JSON Lines ------------------------------------------------------------------------------------------------------

_FORM = 'A line is {"handle": "88.118.8/A1", "values": […]}'


class _JsonLines:
    """A record a line, blank lines between them."""

    def __init__(self, lines: _Lines) -> None:
        self.lines = lines

    def open(self) -> None:
        """There is nothing in front of the records."""

    def rows(self, stamp: int) -> Iterator[Row]:
        lines, values = self.lines, _JsonValues(stamp)
        for line in lines:
            if not line.strip():
                continue
            try:
                document: Any = json.loads(line)
            except json.JSONDecodeError as error:
                raise lines.refuse(f"not JSON: {error.msg}", f"column {error.pos + 1}", None, _FORM) from None
            except (RecursionError, ValueError) as error:  # nested without end; a number of a million digits
                raise lines.refuse(f"not JSON of ours: {error}", "", None, _FORM) from None
            if not isinstance(document, dict):
                raise lines.refuse("not an object", "", None, _FORM)
            for key in document:
                if key not in ("handle", "values"):
                    raise lines.refuse("unknown key", key, None, _FORM)
            written = document.get("values")
            if not isinstance(written, list):
                raise lines.refuse("values is a list", "values", None, _FORM)
            flags, packed = 0, []
            at = ""
            try:
                handle = name_from_json(document.get("handle"), "handle")
                for number, each in enumerate(written[:COLUMNS_MAX]):
                    at = f"values[{number}]."
                    more, index, octets = values.pack(each)
                    flags |= more
                    packed.append((index, octets))
            except JsonFormError as error:
                problem = str(error).removeprefix(f"{error.key}: ")
                raise lines.refuse(problem, (at + error.key).rstrip("."), None, _FORM) from None
            yield Row(lines.number, handle, _record(lines, lines.number, handle, flags, packed))


class _JsonValues:
    """JSON values into octets, remembering what many of them have in common."""

    def __init__(self, stamp: int) -> None:
        self.stamp = stamp
        self.heads: dict[tuple[int, str, int | str], tuple[int, bytes, bytes]] = {}
        self.stamps: dict[str | None, bytes] = {None: _U32.pack(stamp)}

    def pack(self, form: Any) -> tuple[int, int, bytes]:
        """(flags, index, octets) of a value. JsonFormError if it is none."""
        plain = _plain(form)
        if plain is not None:
            index, kind, ttl, timestamp, words = plain
            head, stamp = self.heads.get((index, kind, ttl)), self.stamps.get(timestamp)
            if head is not None and stamp is not None:
                flags, number, rest = head
                try:
                    data = words.encode()
                except UnicodeEncodeError:  # half a surrogate pair: the long way knows what to say
                    pass
                else:
                    return flags, index, b"%b%b%b%b%b%b" % (number, stamp, rest, _U32.pack(len(data)), data, _NOTHING)
        value = value_from_json(form)
        if value.index == 0:
            raise JsonFormError("index", "indexes count from 1")
        if not value.type:
            raise JsonFormError("type", "a type is wanted")
        if not value.timestamp:
            value = replace(value, timestamp=self.stamp)
        if plain is not None:
            self._remember(value, *plain)
        return value_flags(value.ttl_type, value.permissions), value.index, encode_value(value)

    def _remember(self, value: Value, index: int, kind: str, ttl: int | str, timestamp: str | None, _: str) -> None:
        if len(self.heads) >= KNOWN_MAX:
            self.heads.clear()
        if len(self.stamps) >= KNOWN_MAX:
            self.stamps = {None: self.stamps[None]}
        rest = _REST.pack(value.ttl_type, value.ttl, value.permissions, len(value.type)) + value.type
        flags = value_flags(value.ttl_type, value.permissions)
        self.heads[index, kind, ttl] = flags, _U32.pack(index), rest
        if timestamp is not None:
            self.stamps[timestamp] = _U32.pack(value.timestamp)


def _plain(form: Any) -> tuple[int, str, int | str, str | None, str] | None:
    """(index, type, TTL, timestamp, data) of the commonest kind of value: text, default permissions, no references."""
    if type(form) is not dict:
        return None
    data, index, kind = form.get("data"), form.get("index"), form.get("type")
    if type(data) is dict and len(data) == 2 and data.get("format") == "string":
        data = data.get("value")
    ttl, timestamp = form.get("ttl", DEFAULT_TTL_S), form.get("timestamp", "")
    # Types are asked for exactly: to the dictionary of heads, true and 1.0 would be 1.
    if (
        type(data) is str
        and type(index) is int
        and type(kind) is str
        and type(ttl) in (int, str)
        and type(timestamp) is str
        and len(form) == 3 + ("ttl" in form) + ("timestamp" in form)
    ):
        return index, kind, ttl, timestamp or None, data
    return None


# ---- CSV -------------------------------------------------------------------------------------------------------------


class _Csv:
    """A header and a record a row."""

    def __init__(self, lines: _Lines) -> None:
        self.lines = lines
        self.columns: list[tuple[int, bytes]] | None = None

    def open(self) -> None:
        """Read the header."""
        if self.columns is None:
            lines = self.lines
            header = next((line for line in lines if line.strip() and not line.startswith("#")), None)
            if header is None:
                raise lines.refuse("no header", "", None, "The first row is handle,<type>[:index],…", line=1)
            self.columns = _columns(lines, header)

    def rows(self, stamp: int) -> Iterator[Row]:
        self.open()
        assert self.columns is not None
        lines, width = self.lines, len(self.columns) + 1
        cells = _cells(self.columns, stamp)
        begun = lines.number + 1
        for row in _csv_rows(lines):
            line, begun = begun, lines.number + 1
            if not any(row):
                continue
            if len(row) > width:
                raise lines.refuse(
                    f"{len(row)} cells under {width} columns",
                    f"column {width + 1}",
                    row[width],
                    'Put a cell with a comma into "…"',
                    line=line,
                )
            row += [""] * (width - len(row))
            packed = []
            for number, index, head, special in cells:
                written = row[number]
                if written:
                    data = written.encode() if special is None else special(lines, line, written)
                    packed.append((index, b"%b%b%b%b" % (head, _U32.pack(len(data)), data, _NOTHING)))
            handle = row[0].encode()
            yield Row(line, handle, _record(lines, line, handle, 0, packed))


_Special = Callable[[_Lines, int, str], bytes]


def _cells(columns: list[tuple[int, bytes]], stamp: int) -> list[tuple[int, int, bytes, _Special | None]]:
    """For every column, in the order of indexes: its position, its index, the octets in front of a cell's data, and
    how a cell that is no text becomes data.
    """
    cells = []
    for number, (index, kind) in enumerate(columns, 1):
        head = _U32.pack(index) + _U32.pack(stamp)
        head += _REST.pack(TTL_RELATIVE, DEFAULT_TTL_S, DEFAULT_PERMISSIONS, len(kind)) + kind
        special = _SPECIAL.get(kind.upper())
        key = f"column {number + 1} ({kind.decode()}:{index})"
        cells.append((number, index, head, None if special is None else special(key)))
    return sorted(cells, key=lambda cell: cell[1])


def _csv_rows(lines: _Lines) -> Iterator[list[str]]:
    taken = 0

    def bounded() -> Iterator[str]:
        nonlocal taken
        for line in lines:
            taken += 1
            if taken > ROW_LINES_MAX:
                raise lines.refuse(
                    f"one row over more than {ROW_LINES_MAX} lines", "", None, 'Close the quotation mark "'
                )
            yield line

    csv.field_size_limit(LINE_OCTETS_MAX)  # of the whole process, and never lowered
    reader = csv.reader(bounded(), strict=True)
    while True:
        taken = 0
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise lines.refuse(f"not CSV: {error}", "", None, 'Put a cell with a " or a comma into "…"') from None
        if row is None:
            return
        yield row


def _columns(lines: _Lines, header: str) -> list[tuple[int, bytes]]:
    """(index, type) of every column behind the handle."""
    form = "The header is handle,<type>[:index],…"
    try:
        names = next(csv.reader([header], strict=True))
    except csv.Error as error:
        raise lines.refuse(f"not CSV: {error}", "header", None, form) from None
    if names[0].strip().lower() != "handle":
        raise lines.refuse("the first column is not handle", "column 1", names[0], form)
    if len(names) > COLUMNS_MAX:
        raise lines.refuse(f"more than {COLUMNS_MAX} columns", "header", len(names), "Use JSON Lines")
    columns: list[tuple[int, bytes]] = []
    for number, written in enumerate(names[1:], 1):
        name, colon, digits = written.strip().rpartition(":")
        if not colon:
            name, digits = digits, str(number)
        if not name or not (digits.isascii() and digits.isdigit() and 0 < int(digits[:11]) < 1 << 32):
            raise lines.refuse("neither a type nor type:index", f"column {number + 1}", written, form)
        index = int(digits)
        if index in (taken for taken, _ in columns):
            raise lines.refuse(f"index {index} has a column already", f"column {number + 1}", written, form)
        value_type = name.encode()
        if value_type.upper() in _STRUCTURED:
            raise lines.refuse(f"{name} does not fit into a cell", f"column {number + 1}", written, "Use JSON Lines")
        columns.append((index, value_type))
    return columns


def _administrator(key: str) -> _Special:
    def data(lines: _Lines, line: int, written: str) -> bytes:
        references = _references(lines, line, key, written)
        if len(references) != 1:
            raise lines.refuse("one administrator a value", key, written, _POINTER, line=line)
        return hs_admin.encode(hs_admin.HsAdmin(ALL_RIGHTS, references[0].handle, references[0].index))

    return data


def _group(key: str) -> _Special:
    return lambda lines, line, written: hs_vlist.encode(tuple(_references(lines, line, key, written)))


def _references(lines: _Lines, line: int, key: str, cell: str) -> list[Reference]:
    references = []
    for written in cell.split():
        index, colon, handle = written.partition(":")
        if not (colon and handle and index.isascii() and index.isdigit() and int(index[:11]) < 1 << 32):
            raise lines.refuse("not index:handle", key, written, _POINTER, line=line)
        references.append(Reference(handle.encode(), int(index)))
    return references


_POINTER = "Write 300:0.NA/88.118.8"
_SPECIAL: dict[bytes, Callable[[str], _Special]] = {b"HS_ADMIN": _administrator, b"HS_VLIST": _group}


# ---- every format ----------------------------------------------------------------------------------------------------


def _record(lines: _Lines, line: int, handle: bytes, flags: int, values: list[tuple[int, bytes]]) -> bytes:
    """The record, if it is what every format's must be."""
    if b"/" not in handle or handle.startswith(b"/"):
        raise lines.refuse("a handle is prefix/suffix", "handle", text(handle[:80]), "Write 88.118.8/A1", line=line)
    if len(handle) > HANDLE_OCTETS_MAX:
        raise lines.refuse(
            f"a handle of more than {HANDLE_OCTETS_MAX} octets", "handle", text(handle[:80]), "Shorten it", line=line
        )
    if not values:
        raise lines.refuse(
            "a record without a value", "handle", text(handle[:80]), "Give it one, or leave it out", line=line
        )
    if len(values) >= COLUMNS_MAX:
        raise lines.refuse(f"more than {COLUMNS_MAX - 1} values", "values", len(values), "Split the record", line=line)
    if not ascending(values):
        values.sort()
        if not ascending(values):
            twice = next(one for (one, _), (other, _) in pairwise(values) if one == other)
            raise lines.refuse("two values of one index", "values", twice, "Give each its own", line=line)
    record = join_record(flags, [octets for _, octets in values])
    if len(record) > RECORD_OCTETS_MAX:
        raise lines.refuse(
            f"a record of more than {RECORD_OCTETS_MAX} octets does not fit into a message",
            "values",
            len(record),
            "Put a URL in place of the data",
            line=line,
        )
    return record


FORMATS: dict[str, type[_JsonLines] | type[_Csv]] = {".jsonl": _JsonLines, ".csv": _Csv}
