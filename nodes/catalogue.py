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
STAMPS_MAX = 4096  # timestamps kept; a file that has more of them is read slower, no worse
MOULDS_MAX = 64  # made without being used, before a file counts as not uniform
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
_NOT_PLAIN = bytes((*range(0x20), ord("\\")))  # octets that a line of plain texts does not hold


class _JsonLines:
    """A record a line, blank lines between them."""

    def __init__(self, lines: _Lines) -> None:
        self.lines = lines

    def open(self) -> None:
        """There is nothing in front of the records."""

    def rows(self, stamp: int) -> Iterator[Row]:
        lines, moulds = self.lines, _Moulds(stamp)
        for line in lines:
            if not line.strip():
                continue
            cast = moulds.cast(line)
            if cast is not None:
                handle, record = cast
            else:
                document = self.document(line)
                handle, flags, values = self.values(document, stamp)
                record = _record(lines, lines.number, handle, flags, values)
                moulds.make(line, document)
            yield Row(lines.number, _checked(lines, lines.number, handle), record)

    def document(self, line: str) -> dict[str, Any]:
        """The object on a line."""
        lines = self.lines
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
        if not isinstance(document.get("values"), list):
            raise lines.refuse("values is a list", "values", None, _FORM)
        return document

    def values(self, document: dict[str, Any], stamp: int) -> tuple[bytes, int, list[tuple[int, bytes]]]:
        """(handle, flags, index and octets of every value)."""
        flags, values = 0, []
        at = ""
        try:
            handle = name_from_json(document.get("handle"), "handle")
            for number, each in enumerate(document["values"][:COLUMNS_MAX]):
                at = f"values[{number}]."
                value = value_from_json(each)
                if value.index == 0:
                    raise JsonFormError("index", "indexes count from 1")
                if not value.type:
                    raise JsonFormError("type", "a type is wanted")
                if not value.timestamp:
                    value = replace(value, timestamp=stamp)
                flags |= value_flags(value.ttl_type, value.permissions)
                values.append((value.index, encode_value(value)))
        except JsonFormError as error:
            problem = str(error).removeprefix(f"{error.key}: ")
            raise self.lines.refuse(problem, (at + error.key).rstrip("."), None, _FORM) from None
        return handle, flags, values


@dataclass(frozen=True, slots=True)
class _Mould:
    """What lines of one form have in common: all but handle, data and timestamps.

    A line without escapes, cut at its quotation marks, is punctuation and texts in turn. If it differs from another
    line in nothing but the `holes`, then they are the same JSON but for these texts. `values`: what stands before and
    behind a value's timestamp, and the places of its data and timestamp (0: it has none), in the order of indexes.
    """

    common: list[str]
    handle: int
    values: list[tuple[bytes, bytes, int, int]]
    lead: bytes


class _Moulds:
    """Forms of lines that were seen, by the number of their parts: files are written by programs, hence uniform."""

    def __init__(self, stamp: int) -> None:
        self.stamp = _U32.pack(stamp)
        self.stamps: dict[str, bytes] = {}
        self.moulds: dict[int, _Mould] = {}
        self.made = self.used = 0

    def cast(self, line: str) -> tuple[bytes, bytes] | None:
        """(handle, record) of a line of a form that is known; None if it is not."""
        parts = line.split('"')
        mould = self.moulds.get(len(parts))
        if mould is None or not _is_plain(line):
            return None
        written, parts[mould.handle] = parts[mould.handle], ""
        pieces = [mould.lead]
        for before, behind, place, stamp_place in mould.values:
            data, parts[place] = parts[place].encode(), ""
            stamp: bytes | None = self.stamp
            if stamp_place:
                stamp, parts[stamp_place] = self.stamps.get(parts[stamp_place]), ""
                if stamp is None:
                    return None
            pieces += (before, stamp, behind, _U32.pack(len(data)), data, _NOTHING)  # type: ignore[arg-type]
        if parts != mould.common:
            return None
        record = b"".join(pieces)
        if len(record) > RECORD_OCTETS_MAX:
            return None
        self.used += 1
        return written.encode(), record

    def make(self, line: str, document: dict[str, Any]) -> None:
        """Learn the form of a line that was read the long way."""
        if self.made > MOULDS_MAX + self.used or not _is_plain(line):
            return  # not a uniform file
        parts = line.split('"')
        places = {path: 2 * number + 1 for number, (path, _) in enumerate(_texts(document))}
        if [words for _, words in _texts(document)] != parts[1::2] or ("handle",) not in places:
            return  # a key came twice, or the handle is no text
        values = []
        flags = 0
        for number, form in enumerate(document["values"]):
            path: tuple[str | int, ...] = ("values", number, "data")
            path = path if path in places else (*path, "value")
            text_or_none = form.get("timestamp")
            if not _is_common(form) or path not in places:
                return
            value = value_from_json(form)
            flags |= value_flags(value.ttl_type, value.permissions)
            behind = _REST.pack(value.ttl_type, value.ttl, value.permissions, len(value.type)) + value.type
            if text_or_none is not None:
                if len(self.stamps) >= STAMPS_MAX:
                    self.stamps.clear()
                self.stamps[text_or_none] = _U32.pack(value.timestamp) if value.timestamp else self.stamp
            values.append(
                (_U32.pack(value.index), behind, places[path], places.get(("values", number, "timestamp"), 0))
            )
        values.sort()
        for place in (places["handle",], *(place for value in values for place in value[2:] if place)):
            parts[place] = ""
        self.made += 1
        self.moulds[len(parts)] = _Mould(parts, places["handle",], values, bytes((flags,)) + _U32.pack(len(values)))


def _is_plain(line: str) -> bool:
    """Whether no text on a line can hold an escape or what JSON wants escaped."""
    octets = line.rstrip("\r\n").encode()
    return len(octets.translate(None, _NOT_PLAIN)) == len(octets)


def _is_common(form: dict[str, Any]) -> bool:
    """Whether a value is text, perhaps with TTL and timestamp, as most are."""
    data = form["data"]
    return (
        form.keys() <= {"index", "type", "data", "ttl", "timestamp"}
        and (isinstance(data, str) or data.get("format") == "string")
        and isinstance(form.get("timestamp", ""), str)
    )


def _texts(form: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every text of a document in the order in which it was written: keys, without a path, and values with theirs."""
    if isinstance(form, dict):
        for key, each in form.items():
            yield (), key
            yield from _texts(each, (*path, key))
    elif isinstance(form, list):
        for number, each in enumerate(form):
            yield from _texts(each, (*path, number))
    elif isinstance(form, str):
        yield path, form


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
            handle = _checked(lines, line, row[0].encode())
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


def _checked(lines: _Lines, line: int, handle: bytes) -> bytes:
    """The handle, if it is one."""
    if b"/" not in handle or handle.startswith(b"/"):
        raise lines.refuse("a handle is prefix/suffix", "handle", text(handle[:80]), "Write 88.118.8/A1", line=line)
    if len(handle) > HANDLE_OCTETS_MAX:
        raise lines.refuse(
            f"a handle of more than {HANDLE_OCTETS_MAX} octets", "handle", text(handle[:80]), "Shorten it", line=line
        )
    return handle


def _record(lines: _Lines, line: int, handle: bytes, flags: int, values: list[tuple[int, bytes]]) -> bytes:
    """The record, if it is what every format's must be."""
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
