"""Catalogues: files of records for people and programs to write, read as a stream.

    JSON Lines   {"handle": "88.118.8/A1", "values": [{"index": 1, "type": "URL", "data": …}, …]}     any value at all
    CSV          handle,URL:1,DESC,NAME:2000          one column a value, an empty cell none
                 88.118.8/A1,https://…,…,…

A CSV column without `:index` has its position as index. A cell is the value's text; of HS_ADMIN and HS_VLIST it is
`index:handle` (a list separated by blanks for HS_VLIST; all rights for HS_ADMIN). CSV values are publicly readable,
live a day and carry the timestamp CATALOGUED_AT; whatever differs is written as JSON Lines. Lines above a CSV's header
that begin with # are for people.

Every error names the file with its line, and the column or key path.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import IO, Any

from resolver.errors import OperatorError
from resolver.model.identifier import text
from resolver.model.value import Reference, Value
from resolver.wire.json_form import JsonFormError, name_from_json, value_from_json
from resolver.wire.types import hs_admin, hs_vlist

LINE_OCTETS_MAX = 1 << 20  # the largest record has 256 KiB, base64 and escapes make it longer
ROW_LINES_MAX = 4096  # a CSV cell may hold line ends; so many lines make one row at most
COLUMNS_MAX = 2049  # a handle and the 2,048 values that clients accept (protocol.md §1)
HANDLE_OCTETS_MAX = 2048  # protocol.md §1
RECORD_OCTETS_MAX = (256 - 4) << 10  # a message of 256 KiB less room for header, digest, handle and credential
CATALOGUED_AT = 1_767_225_600  # 2026-01-01T00:00:00Z
ALL_RIGHTS = 0x0FFF
_VALUE_OCTETS_MIN = 30  # a value record with nothing in it (protocol.md §6)
_STRUCTURED = (b"HS_SITE", b"HS_SITE.6", b"HS_SITE.PREFIX", b"HS_NA_DELEGATE", b"HS_PUBKEY")


@dataclass(frozen=True, slots=True)
class CatalogueRecord:
    """One record and the line of its file on which it begins."""

    line: int
    handle: bytes
    values: tuple[Value, ...]


def read_catalogue(file: Path) -> Iterator[CatalogueRecord]:
    """The records of a .csv or .jsonl file, one at a time, values sorted by index. OperatorError on anything odd."""
    readers = {".csv": _read_csv, ".jsonl": _read_json_lines}
    reader = readers.get(file.suffix.lower())
    if reader is None:
        raise OperatorError(
            "neither CSV nor JSON Lines", file=str(file), remedy="Name the file something.csv or something.jsonl"
        )
    try:
        with file.open("rb") as stream:
            yield from reader(file, _Lines(file, stream))
    except OSError as error:
        raise OperatorError(
            f"cannot be read: {error.strerror}", file=str(file), remedy="Check path and permissions"
        ) from None


class _Lines:
    """The lines of a file as text, counted, none longer than LINE_OCTETS_MAX."""

    def __init__(self, file: Path, stream: IO[bytes]) -> None:
        self.file = file
        self.stream = stream
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        octets = self.stream.readline(LINE_OCTETS_MAX + 1)
        if not octets:
            raise StopIteration
        self.number += 1
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


def _read_json_lines(file: Path, lines: _Lines) -> Iterator[CatalogueRecord]:
    form = 'A line is {"handle": "88.118.8/A1", "values": […]}'
    for line in lines:
        if not line.strip():
            continue
        try:
            document: Any = json.loads(line)
        except json.JSONDecodeError as error:
            raise lines.refuse(f"not JSON: {error.msg}", f"column {error.pos + 1}", None, form) from None
        except (RecursionError, ValueError) as error:  # nested without end; a number of a million digits
            raise lines.refuse(f"not JSON of ours: {error}", "", None, form) from None
        if not isinstance(document, dict):
            raise lines.refuse("not an object", "", None, form)
        for key in document:
            if key not in ("handle", "values"):
                raise lines.refuse("unknown key", key, None, form)
        written = document.get("values")
        if not isinstance(written, list):
            raise lines.refuse("values is a list", "values", None, form)
        values: list[Value] = []
        at = ""
        try:
            handle = name_from_json(document.get("handle"), "handle")
            for number, each in enumerate(written[:COLUMNS_MAX]):
                at = f"values[{number}]."
                values.append(value_from_json(each))
        except JsonFormError as error:
            problem = str(error).removeprefix(f"{error.key}: ")
            raise lines.refuse(problem, (at + error.key).rstrip("."), None, form) from None
        yield _record(lines, lines.number, handle, values)


def _read_csv(file: Path, lines: _Lines) -> Iterator[CatalogueRecord]:
    header = next((line for line in lines if line.strip() and not line.startswith("#")), None)
    if header is None:
        raise lines.refuse("no header", "", None, "The first row is handle,<type>[:index],…", line=1)
    columns = _columns(lines, header)
    begun = lines.number + 1
    for row in _rows(lines):
        line, begun = begun, lines.number + 1
        if not any(row):
            continue
        if len(row) > len(columns) + 1:
            raise lines.refuse(
                f"{len(row)} cells under {len(columns) + 1} columns",
                f"column {len(columns) + 2}",
                row[len(columns) + 1],
                'Put a cell with a comma into "…"',
                line=line,
            )
        values = []
        for number, cell in enumerate(row[1:]):
            if cell:
                index, value_type = columns[number]
                data = _cell(lines, line, f"column {number + 2} ({value_type.decode()}:{index})", value_type, cell)
                values.append(Value(index, value_type, data, timestamp=CATALOGUED_AT))
        yield _record(lines, line, row[0].encode(), values)


def _rows(lines: _Lines) -> Iterator[list[str]]:
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


def _cell(lines: _Lines, line: int, key: str, value_type: bytes, cell: str) -> bytes:
    kind = value_type.upper()
    if kind not in (b"HS_ADMIN", b"HS_VLIST"):
        return cell.encode()
    references = []
    for written in cell.split():
        index, colon, handle = written.partition(":")
        if not (colon and handle and index.isascii() and index.isdigit() and int(index[:11]) < 1 << 32):
            raise lines.refuse("not index:handle", key, written, "Write 300:0.NA/88.118.8", line=line)
        references.append(Reference(handle.encode(), int(index)))
    if kind == b"HS_VLIST":
        return hs_vlist.encode(tuple(references))
    if len(references) != 1:
        raise lines.refuse("one administrator a value", key, cell, "Write 300:0.NA/88.118.8", line=line)
    return hs_admin.encode(hs_admin.HsAdmin(ALL_RIGHTS, references[0].handle, references[0].index))


def _record(lines: _Lines, line: int, handle: bytes, values: list[Value]) -> CatalogueRecord:
    """What every format's record must be."""
    shown = text(handle[:80])
    if b"/" not in handle or handle.startswith(b"/"):
        raise lines.refuse("a handle is prefix/suffix", "handle", shown, "Write 88.118.8/A1", line=line)
    if len(handle) > HANDLE_OCTETS_MAX:
        raise lines.refuse(
            f"a handle of more than {HANDLE_OCTETS_MAX} octets", "handle", shown, "Shorten it", line=line
        )
    if not values:
        raise lines.refuse("a record without a value", "handle", shown, "Give it one, or leave it out", line=line)
    if len(values) >= COLUMNS_MAX:
        raise lines.refuse(f"more than {COLUMNS_MAX - 1} values", "values", len(values), "Split the record", line=line)
    values.sort(key=lambda value: value.index)
    for one, other in pairwise(values):
        if one.index == other.index:
            raise lines.refuse("two values of one index", "values", one.index, "Give each its own", line=line)
    size = sum(
        _VALUE_OCTETS_MIN
        + len(value.type)
        + len(value.data)
        + sum(8 + len(reference.handle) for reference in value.references)
        for value in values
    )
    if size > RECORD_OCTETS_MAX:
        raise lines.refuse(
            f"a record of more than {RECORD_OCTETS_MAX} octets does not fit into a message",
            "values",
            size,
            "Put a URL in place of the data",
            line=line,
        )
    return CatalogueRecord(line, handle, tuple(values))
