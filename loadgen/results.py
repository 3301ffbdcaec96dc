"""What happened: one fixed-size record for every request, and the file that keeps them.

    FILE = MessagePack map (the header)  then  header["records"] × 40 octets, little endian, no padding

    0 i64 due         ns after the start of the run, as the pacing wanted it
    8 i64 sent        ns when it was handed to the kernel; -1: it never left (the kernel refused)
   16 i64 received    ns when the answer was complete; -1: none was seen
   24 u32 rank        popularity rank of the identifier, 0 the most popular
   28 u32 octets      size of the answer, envelope and message
   32 u32 code        response code; 0: no answer, or none that could be read
   36 u16 target      position in header["targets"]
   38 u16 verdict     NONE 0, RIGHT 1, WRONG 2 (contradicts the truth), REFUSED 3 (an error that says nothing about it)

Every figure of a report follows from the file alone, by ten lines of msgpack and numpy (`nearest` is the nearest rank:
an observed value, never a blend of two):

    unpacker = msgpack.Unpacker(open(path, "rb")); header = unpacker.unpack()
    record = np.fromfile(path, dtype=[tuple(field) for field in header["record"]], offset=unpacker.tell())
    offered, record, limit = len(record) / header["duration_s"], record[record["sent"] >= 0], header["timeout_ns"]
    age = np.where(record["received"] < 0, limit + 1, record["received"] - record["due"]); in_time = age <= limit
    sent, answered, late = len(record), in_time.sum(), (~in_time & (record["received"] >= 0)).sum()
    wrong, good = (record["verdict"] == 2).sum(), (in_time & (record["verdict"] == 1)).sum()
    nearest = lambda values, *points: np.quantile(values, points, method="inverted_cdf")
    latency_ms = nearest(np.minimum(age, limit) / 1e6, 0.5, 0.9, 0.95, 0.99, 0.999, 1)
    lateness_us = nearest((record["sent"] - record["due"]) / 1e3, 0.5, 0.99)
    per_day = int(answered / header["duration_s"] * 86_400 / header["peak_factor"])

Timed out are `sent - answered`, errors in the sense of an SLO `sent - good`, error codes those in
`record["code"][in_time]` that are not 1; service time is `received - sent` where in time, else the limit. What no
record can hold (CPU time, the nodes' own counts) stands in the header.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any

import msgpack
import numpy as np

from loadgen.arrays import Records
from resolver.errors import OperatorError, StoreError

FORMAT = "biaoshi-load"
VERSION = 1
FIELDS = [
    ["due", "<i8"],
    ["sent", "<i8"],
    ["received", "<i8"],
    ["rank", "<u4"],
    ["octets", "<u4"],
    ["code", "<u4"],
    ["target", "<u2"],
    ["verdict", "<u2"],
]
RECORD = np.dtype([(name, kind) for name, kind in FIELDS])
HEADER_OCTETS_MAX = 1 << 20  # a header names targets and tiers; nothing in it grows with the run
REMEDY = "Measure again with --out, or give the file that `biaoshi load --out` wrote"


class Verdict(IntEnum):
    """What comparing an answer with the truth came to."""

    NONE = 0
    RIGHT = 1
    WRONG = 2
    REFUSED = 3


Header = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Result:
    """A run: what was meant and measured around it (header), and what became of every request (records)."""

    header: Header
    records: Records


def write_result(path: Path, result: Result) -> None:
    """Write the file in one step: a reader never sees half of one. OperatorError if it cannot be written."""
    header = {
        "format": FORMAT,
        "version": VERSION,
        "record": FIELDS,
        "records": len(result.records),
        **result.header,
    }
    fresh = path.with_name(path.name + ".new")
    try:
        with fresh.open("wb") as file:
            file.write(msgpack.packb(header))
            result.records.astype(RECORD, copy=False).tofile(file)
        os.replace(fresh, path)
    except OSError as error:
        raise OperatorError(f"cannot be written: {error.strerror}", file=str(path), key="--out") from error


def read_result(path: Path) -> Result:
    """Read a result file.

    OperatorError if it cannot be opened or is of another format or version; StoreError if it is cut short or too long.
    """
    try:
        with path.open("rb") as file:
            start = file.read(HEADER_OCTETS_MAX)
            octets = os.fstat(file.fileno()).st_size
    except OSError as error:
        raise OperatorError(f"cannot be read: {error.strerror}", file=str(path), remedy=REMEDY) from error
    unpacker = msgpack.Unpacker(max_buffer_size=HEADER_OCTETS_MAX, raw=False)
    unpacker.feed(start)
    try:
        header = unpacker.unpack()
    except (msgpack.OutOfData, ValueError) as error:
        raise OperatorError("is not a load result", file=str(path), remedy=REMEDY) from error
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise OperatorError("is not a load result", file=str(path), remedy=REMEDY)
    if header.get("version") != VERSION or header.get("record") != FIELDS:
        raise OperatorError(
            f"is a load result of another version (this program reads {VERSION})",
            file=str(path),
            key="version",
            value=header.get("version"),
            remedy="Read it with the program that wrote it",
        )
    records = header.get("records")
    expected = unpacker.tell() + records * RECORD.itemsize if isinstance(records, int) else -1
    if octets != expected:
        raise StoreError(f"{path}: damaged: {octets:,} octets where its header announces {expected:,}. {REMEDY}")
    return Result(header, np.fromfile(path, dtype=RECORD, offset=unpacker.tell()))
