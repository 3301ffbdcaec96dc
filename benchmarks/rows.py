"""Rows of a catalogue, as many as wanted, to import and to compare an export with.

python -m benchmarks.rows 10000000 items.csv          write them (some 120 octets each, JSON Lines 310)
python -m benchmarks.rows 10000000 --compare out.jsonl is an export exactly these records, timestamps aside?
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

PREFIX = "88.118.8"
COLUMNS = ((1, "URL"), (1000, "TEMPLATE"), (2000, "PRODUCT"), (2001, "BATCH"))
SHOWN_MAX = 5


def row(number: int) -> tuple[str, tuple[str, ...]]:
    """(handle, data of the columns) of one record."""
    handle = f"{PREFIX}/{number:010d}"
    product, batch = f"电能表 KQ-{number % 97}", f"B{number // 500}"
    return handle, (f"https://id.example/{handle}", f"{PREFIX}/TEMPLATE", product, batch)


def lines(count: int, form: str) -> Iterator[str]:
    """A catalogue of so many records, "csv" or "jsonl"."""
    if form == "csv":
        yield "handle," + ",".join(f"{kind}:{index}" for index, kind in COLUMNS) + "\n"
    for number in range(count):
        handle, data = row(number)
        if form == "csv":
            yield f"{handle},{','.join(data)}\n"
        else:
            values = [
                {"index": index, "type": kind, "data": {"format": "string", "value": words}, "ttl": 86400}
                for (index, kind), words in zip(COLUMNS, data, strict=True)
            ]
            yield json.dumps({"handle": handle, "values": values}, ensure_ascii=False) + "\n"


def differences(count: int, export: Iterator[str]) -> Iterator[str]:
    """In what an export in JSON Lines differs from these records, in words. Holds two lines at a time."""
    expected = ((handle, list(data)) for handle, data in map(row, range(count)))
    for number, (wanted, line) in enumerate(zip_longest(expected, export)):
        found = None
        if line is not None:
            document = json.loads(line)
            found = document["handle"], [value["data"]["value"] for value in document["values"]]
            kinds = tuple((value["index"], value["type"]) for value in document["values"])
            if kinds != COLUMNS:
                yield f"line {number + 1}: {kinds}"
        if found != wanted:
            yield f"line {number + 1}: {found} in place of {wanted}"


def main() -> int:
    """0: written, or the same; 1: it differs."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rows", description=__doc__.splitlines()[0])
    parser.add_argument("count", type=int)
    parser.add_argument("file", type=Path, nargs="?", help="something.csv or something.jsonl")
    parser.add_argument("--compare", type=Path, metavar="EXPORT", help="JSON Lines")
    options = parser.parse_args()
    if options.file is not None:
        with options.file.open("w", encoding="utf-8") as stream:
            stream.writelines(lines(options.count, options.file.suffix.lstrip(".")))
    if options.compare is not None:
        shown = 0
        with options.compare.open(encoding="utf-8") as stream:
            for words in differences(options.count, stream):
                print(words)
                shown += 1
                if shown == SHOWN_MAX:
                    break
        print("different" if shown else f"the same {options.count:,} records")
        return 1 if shown else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
