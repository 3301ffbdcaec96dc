"""What happened: one fixed-size record for every request, and the file that keeps them.

    FILE = MessagePack map (the header)  then  header["records"] × 56 octets, little endian, no padding; in the order of
           the schedule, a resolution's first request before its second

    0 i64 due         ns after the start of the run, as the pacing wanted the resolution that it belongs to
    8 i64 ready       ns from which it could leave: due, or when the answer came that told whom to ask
   16 i64 sent        ns when it was handed to the kernel; -1: it never left (the kernel refused)
   24 i64 received    ns when the answer was complete; -1: none was seen
   32 i64 rank        popularity rank of the identifier, 0 the most popular; -1 - n: the n-th that does not exist
   40 u32 number      of the resolution in the schedule of the whole run, however many generators share it
   44 u32 octets      size of the answer, envelope and message
   48 u16 code        response code; 0: no answer, or none that could be read; 65535: any number above
   50 u16 target      position in header["targets"]
   52 u8  tier        who was asked: 0 unknown, 1 root, 2 national, 3 secondary, 4 enterprise, 5 recursive
   53 u8  transport   0 UDP, 1 TCP, 2 HTTP (a message of the protocol in a POST)
   54 u8  verdict     NONE 0, RIGHT 1, WRONG 2 (contradicts the truth), REFUSED 3 (an error that says nothing about it)
   55 u8  last        1: with it the resolution ended; 0: it was asked on, in a record of the same number

Every figure of a report follows from the file alone, by ten lines of msgpack and numpy (`nearest` is the nearest rank:
an observed value, never a blend of two):

    unpacker = msgpack.Unpacker(open(path, "rb")); header = unpacker.unpack(); limit = header["timeout_ns"]
    record = np.fromfile(path, dtype=[tuple(field) for field in header["record"]], offset=unpacker.tell())
    offered, record = record["last"].sum() / header["duration_s"], record[record["sent"] >= 0]
    age = np.where(record["received"] < 0, limit + 1, record["received"] - record["due"]); last = record["last"] == 1
    in_time = age <= limit; sent, answered, wrong = len(record), in_time.sum(), (record["verdict"] == 2).sum()
    late, good = (~in_time & (record["received"] >= 0)).sum(), (in_time & last & (record["verdict"] == 1)).sum()
    nearest = lambda values, *points: np.quantile(values, points, method="inverted_cdf")
    latency_ms = nearest(np.minimum(age, limit)[last] / 1e6, 0.5, 0.9, 0.95, 0.99, 0.999, 1)
    lateness_us = nearest((record["sent"] - record["ready"]) / 1e3, 0.5, 0.99)
    per_day = int((in_time & last).sum() / header["duration_s"] * 86_400 / header["peak_factor"])

Requests are counted (sent, answered, late, wrong, codes), resolutions are judged (latency, errors, volume): most are
one request, some are two, and then `due` of both is the moment at which the client wanted to know. Timed out are
`sent - answered`, errors in the sense of an SLO `last.sum() - good`, error codes those in `record["code"][in_time]`
that are not 1; service time is `received - sent` of each request that was answered in time, else the limit. What no
record can hold (CPU time, the nodes' own counts) stands in the header.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any, TypeVar

import msgpack
import numpy as np

from loadgen.arrays import Records
from resolver.errors import OperatorError, StoreError

FORMAT = "biaoshi-load"
VERSION = 2
FIELDS = [
    ["due", "<i8"],
    ["ready", "<i8"],
    ["sent", "<i8"],
    ["received", "<i8"],
    ["rank", "<i8"],
    ["number", "<u4"],
    ["octets", "<u4"],
    ["code", "<u2"],
    ["target", "<u2"],
    ["tier", "u1"],
    ["transport", "u1"],
    ["verdict", "u1"],
    ["last", "u1"],
]
RECORD = np.dtype([(name, kind) for name, kind in FIELDS])
HEADER_OCTETS_MAX = 1 << 20  # a header names targets and tiers; nothing in it grows with the run
REMEDY = "Measure again with --out, or give the file that `biaoshi load --out` wrote"


CODE_MAX = 65_535  # what a larger one is recorded as
TIERS = ("unknown", "root", "national", "secondary", "enterprise", "recursive")
TRANSPORTS = ("udp", "tcp", "http")


class Verdict(IntEnum):
    """What comparing an answer with the truth came to."""

    NONE = 0
    RIGHT = 1
    WRONG = 2
    REFUSED = 3


Header = dict[str, Any]
Target = TypeVar("Target", tuple[str, int], str)


@dataclass(frozen=True, slots=True)
class Result:
    """A run: what was meant and measured around it (header), and what became of every request (records)."""

    header: Header
    records: Records


def joined(parts: Sequence[tuple[Records, Sequence[Target]]]) -> tuple[Records, list[Target]]:
    """The records of several generators in the order of the schedule, and the targets they asked.

    A generator meets targets that answers lead to in an order of its own; here every target has one position.
    """
    places: dict[Target, int] = {}
    pieces = []
    for records, targets in parts:
        position = np.array([places.setdefault(target, len(places)) for target in targets], RECORD["target"])
        moved = records.copy()
        moved["target"] = position[records["target"]] if len(records) else records["target"]
        pieces.append(moved)
    whole = np.concatenate(pieces)
    # A resolution's first request before its second.
    return whole[np.lexsort((whole["last"], whole["number"]))], list(places)


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

    OperatorError if it cannot be opened or is of another format or version; StoreError if it is cut short (its header
    too) or too long.
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
        if FORMAT.encode() in start and octets < HEADER_OCTETS_MAX:
            raise StoreError(
                f"{path}: damaged: it ends after {octets:,} octets, within its header. {REMEDY}"
            ) from error
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
