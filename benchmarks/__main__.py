"""`python -m benchmarks`: run the tables, print them, append a JSON line per row to benchmarks/history.jsonl."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks import (
    answers,
    codec,
    doors,
    misses,
    nameserver,
    population,
    punctuality,
    readers,
    registrations,
    registry,
)
from benchmarks.machine import circumstances, cores
from benchmarks.native import Programs, build
from benchmarks.rounds import Bench
from benchmarks.traffic import write_traffic
from resolver.errors import BiaoshiError

HISTORY = Path(__file__).resolve().parent / "history.jsonl"
WIDTH = 130  # of tables written into a file or a pipe
TABLES = (
    "answers", "streams", "misses", "nameserver", "doors", "codec", "punctuality", "population", "registry",
    "registrations", "readers",
)  # fmt: skip
ALONE = ("codec", "population", "registry", "registrations")  # need no second core, no compiler and no server
TITLES = {
    "answers": "Answers over UDP, one server core against the C echo",
    "streams": "Answers over TCP, pipelined, one server core against the C echo",
    "codec": "Codec, one call",
    "punctuality": "Load generator against the C echo",
    "population": "A population of 15 billion, an identifier",
    "registry": "Registry: records in and out, look-ups among few and many",
    "misses": "What nobody has remembered, all server processes on one core",
    "nameserver": "A name server of others beside ours, one core each",
    "registrations": "Registrations over the protocol, on the disk",
    "readers": "One reader and two, CPU of all server processes",
    "doors": "Doors of a recursive node beside the protocol's own",
}


@dataclass(frozen=True, slots=True)
class Depth:
    """How long to measure: rounds and seconds of table 1, seconds a row of the others; population as codec.

    The registry is measured in records: so many in and out, and look-ups among `many`.
    """

    rounds: int
    seconds: float
    codec_s: float
    punctuality_s: float
    records: int
    many: int
    door_rounds: int


FULL = Depth(rounds=7, seconds=1.5, codec_s=1.0, punctuality_s=2.0, records=200_000, many=1_000_000, door_rounds=3)
QUICK = Depth(rounds=3, seconds=0.5, codec_s=0.25, punctuality_s=1.0, records=40_000, many=300_000, door_rounds=1)
LARGE_MANY = 10_000_000


@dataclass(frozen=True, slots=True)
class Column:
    """A figure of a table: its key in the row, its heading, and how to write it."""

    key: str
    heading: str
    format: Callable[[Any], str]


def _plain(template: str) -> Callable[[Any], str]:
    return lambda value: template.format(value)


def _verdict(value: Any) -> str:
    return "met" if value else "missed"  # empty where there is no goal, or the machine was too busy to judge


def _spread(heading: str, template: str) -> tuple[Column, ...]:
    """A ratio, and the lowest and highest of its rounds."""
    written = _plain(template)
    return (
        Column("ratio", heading, written),
        Column("ratio_low", "lowest", written),
        Column("ratio_high", "highest", written),
    )


def _beside(yardstick: str) -> tuple[Column, ...]:
    return (
        Column("answers_per_s", "answers/s", _plain("{:,.0f}")),
        *_spread("ratio", "{:.3f}"),
        Column("cpu_us", "CPU µs", _plain("{:.1f}")),
        Column("cpu_ratio", yardstick, _plain("{:.1f}")),
        Column("bad", "bad", _plain("{}")),
    )


ANSWERS = (
    Column("answers_per_s", "answers/s", _plain("{:,.0f}")),
    *_spread("ratio", "{:.3f}"),
    Column("cpu_us", "CPU µs", _plain("{:.2f}")),
    Column("cpu_ratio", "× echo", _plain("{:.2f}")),
    Column("bad", "bad", _plain("{}")),
    Column("timeouts", "lost", _plain("{}")),
    Column("repeated", "repeated", _plain("{}")),
    Column("hits", "hits", _plain("{:.0%}")),
    Column("disturbed", "disturbed", _plain("{}")),
    Column("goal", "goal", _plain("≥ {}")),
    Column("pass", "", _verdict),
)
COLUMNS = {
    "answers": ANSWERS,
    "streams": ANSWERS,
    "codec": (Column("us", "µs", _plain("{:.2f}")),),
    "punctuality": (
        Column("rate_error", "rate error", _plain("{:+.2%}")),
        Column("late_us_p50", "late µs p50", _plain("{:.1f}")),
        Column("late_us_p99", "p99", _plain("{:.1f}")),
        Column("answered", "answered", _plain("{:.1%}")),
        Column("wrong", "wrong", _plain("{}")),
        Column("own_drops", "own drops", _plain("{}")),
        Column("cpu_share", "CPU", _plain("{:.0%}")),
        Column("without_core", "without core", _plain("{:.2%}")),
        Column("goal", "goal p99", _plain("≤ {:.0f}")),
        Column("pass", "", _verdict),
    ),
    "registry": (
        Column("records", "records", _plain("{:,}")),
        Column("per_cpu_s", "records/s of CPU", _plain("{:,.0f}")),
        Column("per_s", "records/s", _plain("{:,.0f}")),
        Column("us", "µs", _plain("{:.2f}")),
        Column("ratio", "× few", _plain("{:.2f}")),
        Column("goal", "goal", _plain("{}")),
        Column("pass", "", _verdict),
    ),
    "doors": _beside("× Handle"),
    "nameserver": _beside("× NSD"),
    "misses": (
        Column("answers_per_s", "answers/s", _plain("{:,.0f}")),
        Column("cpu_us", "CPU µs", _plain("{:.1f}")),
        Column("requests", "requests", _plain("{:.2f}")),
        Column("hop_us", "hop µs", _plain("{:.1f}")),
        *_spread("× miss", "{:.2f}"),
        Column("bad", "bad", _plain("{:.0f}")),
        Column("timeouts", "lost", _plain("{:.0f}")),
        Column("goal", "goal", _plain("≤ {}")),
        Column("pass", "", _verdict),
    ),
    "readers": (
        Column("answers_per_s", "answers/s", _plain("{:,.0f}")),
        Column("cpu_us", "CPU µs", _plain("{:.2f}")),
        *_spread("scale", "{:.2f}"),
        Column("least", "least", _plain("{:.0%}")),
        Column("bad", "bad", _plain("{:.0f}")),
        Column("timeouts", "lost", _plain("{:.0f}")),
        Column("goal", "goal", _plain("≥ {}")),
        Column("pass", "", _verdict),
    ),
    "registrations": (
        Column("per_s", "a second", _plain("{:,.0f}")),
        Column("us", "µs", _plain("{:,.0f}")),
    ),
    "population": (
        Column("us", "µs", _plain("{:.2f}")),
        Column("goal", "goal", _plain("≤ {:.0f}")),
        Column("pass", "", _verdict),
    ),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """0: measured; 1: a figure could not be had; 130: stopped. A goal missed is shown, not punished."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Benchmark tables; method in README.md.")
    parser.add_argument("tables", nargs="*", metavar="TABLE", help=f"of {', '.join(TABLES)}; default: all")
    parser.add_argument("--quick", action="store_true", help="a look in three minutes; its rows are marked so")
    parser.add_argument(
        "--large", action="store_true", help="registry: look-ups among ten million (minutes, and 4 GB of disk)"
    )
    parser.add_argument("--no-history", action="store_true", help="print only, append nothing to history.jsonl")
    options = parser.parse_args(arguments)
    if unknown := [name for name in options.tables if name not in TABLES]:
        parser.error(f"no table {unknown[0]}; there are {', '.join(TABLES)}")

    screen, notes = Console(), Console(stderr=True)
    if not screen.is_terminal:
        screen = Console(width=WIDTH)
    depth = QUICK if options.quick else FULL
    if options.large:
        depth = replace(depth, many=LARGE_MANY)
    programs = build()
    shared = circumstances("" if isinstance(programs, str) else programs.compiler) | {"quick": options.quick}
    started, failed = time.monotonic(), False
    rows: list[dict[str, Any]] = []
    try:
        with tempfile.TemporaryDirectory(prefix="biaoshi-bench-") as name, notes.status("") as status:

            def say(words: str) -> None:
                status.update(words)
                if not notes.is_terminal:
                    notes.print(f"bench: {words}", highlight=False)

            bench = _bench(programs, Path(name))
            for table in options.tables or TABLES:
                if isinstance(bench, str) and table not in ALONE:
                    notes.print(f"{table}: skipped, {bench}", highlight=False)
                    continue
                say(table)
                found: list[dict[str, Any]] = []
                try:
                    found.extend(_rows(table, bench, Path(name), depth, say))
                except BiaoshiError as error:
                    failed = True
                    notes.print(f"{table}: {error}", style="red", highlight=False)
                if found:
                    screen.print(_drawn(table, found))
                    rows += [{**shared, "table": table, **row} for row in found]
    except KeyboardInterrupt:
        return 130
    finally:
        if rows and not options.no_history:
            with HISTORY.open("a", encoding="utf-8") as history:
                history.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    machine = shared["machine"]
    screen.print(
        f"{machine['cpu']}, {machine['cores']} cores, {machine['kernel']}, Python {shared['versions']['python']}; "
        f"{time.monotonic() - started:.0f} s. What the figures mean: benchmarks/README.md",
        highlight=False,
    )
    return 1 if failed else 0


def _bench(programs: Programs | str, folder: Path) -> Bench | str:
    """Everything table 1 and 3 need, or why this machine does not have it."""
    if isinstance(programs, str):
        return programs
    if len(cores()) < 2:
        return "server and generator need a core each, and this machine gives us one"
    return Bench(programs, write_traffic(folder), cores())


def _rows(
    table: str, bench: Bench | str, folder: Path, depth: Depth, say: Callable[[str], None]
) -> Iterator[dict[str, Any]]:
    if table == "codec":
        return codec.table(depth.codec_s)
    if table == "population":
        return population.table(depth.codec_s)
    if table == "registry":
        return registry.table(folder, depth.records, depth.many, say)
    if table == "registrations":
        return registrations.table(folder, depth.door_rounds, depth.seconds, say)
    assert isinstance(bench, Bench)
    if table == "misses":
        return misses.table(bench, folder, depth.door_rounds, depth.seconds, say)
    if table == "readers":
        return readers.table(bench, folder, depth.rounds, depth.seconds, say)
    if table == "nameserver":
        return nameserver.table(bench, folder, depth.door_rounds, depth.seconds, say)
    if table == "answers":
        return answers.table(bench, folder, depth.rounds, depth.seconds, say)
    if table == "streams":
        return answers.streams(bench, folder, depth.rounds, depth.seconds, say)
    if table == "doors":
        return doors.table(bench, folder, depth.door_rounds, depth.seconds, say)
    return punctuality.table(bench, depth.punctuality_s, say)


def _drawn(table: str, rows: Sequence[dict[str, Any]]) -> Table:
    drawn = Table(title=TITLES[table], title_justify="left")
    drawn.add_column("")
    for column in COLUMNS[table]:
        drawn.add_column(column.heading, justify="right")
    for row in rows:
        cells = [row.get(column.key) for column in COLUMNS[table]]
        drawn.add_row(
            row["row"],
            *("" if cell is None else column.format(cell) for cell, column in zip(cells, COLUMNS[table], strict=True)),
        )
    return drawn


if __name__ == "__main__":
    sys.exit(main())
