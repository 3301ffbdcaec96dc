"""A load profile: one TOML file that says what a `biaoshi load` is to be, for `--load FILE`; options say it better.

    workload, transport, connections, duration, timeout, mode, seed, warm_up     as the options of the same name
    slo, goal_per_day, peak_factor                                              what the verdict compares
    [pacing]       shape, and the keys of that shape (pacing.py)
    [popularity]   zipf, active, misses, one_hit; [popularity.hot]; [popularity.shots] (popularity.py)
    [replay]       file (beside this one), speed

Whatever is not said has the default that the option has.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from loadgen.engine import LINKS_MAX, SPIN_NS
from loadgen.links import LINKS
from loadgen.pacing import TIME_S_MAX, Timing, read_pacing
from loadgen.popularity import Popularity, read_popularity
from loadgen.settings import Table
from loadgen.slo import SLO_DEFAULT, parse_slo
from loadgen.workloads import WORKLOADS
from loadgen.workloads.replay import read_log
from resolver.errors import OperatorError

FILE_OCTETS_MAX = 1 << 20
DURATION_S_MAX = 7 * 86_400.0
TIMEOUT_S_MAX = 60.0
SPEED_MAX = 100_000.0
KEYS = (
    "description", "workload", "transport", "connections", "duration", "timeout", "warm_up", "mode", "seed",
    "slo", "goal_per_day", "peak_factor", "pacing", "popularity", "replay",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Profile:
    """What a file says; None: nothing."""

    workload: str | None = None
    transport: str | None = None
    connections: int | None = None
    duration_s: float | None = None
    timeout_s: float | None = None
    warm_up_s: float | None = None
    mode: str | None = None
    seed: int | None = None
    slo: str | None = None
    goal_per_day: int | None = None
    peak_factor: float | None = None
    pacing: Timing | None = None
    popularity: Popularity | None = None


def read_profile(file: Path) -> Profile:
    """Read and check a profile. OperatorError names file, key path, value and remedy."""
    try:
        with file.open("rb") as stream:
            octets = stream.read(FILE_OCTETS_MAX + 1)
    except OSError as error:
        raise OperatorError(f"cannot be read: {error.strerror}", file=str(file), remedy="Name a profile") from None
    if len(octets) > FILE_OCTETS_MAX:
        raise OperatorError(f"larger than {FILE_OCTETS_MAX} octets", file=str(file), remedy="A profile has a page")
    try:
        table = Table(tomllib.loads(octets.decode()), file=str(file))
    except (ValueError, RecursionError) as error:
        raise OperatorError(f"not TOML: {error}", file=str(file), remedy="See https://toml.io for the syntax") from None
    profile = profile_from(table, file)
    table.end(*KEYS)
    return profile


def profile_from(table: Table, file: Path) -> Profile:
    """What a table of those keys says; files it names lie beside `file`. OperatorError as above."""
    said = table.written

    def seconds(key: str, most: float, low: float = 0.0) -> float | None:
        return table.seconds(key, None, most, low=low) if key in said else None

    def choice(key: str, known: object) -> str | None:
        return table.choice(key, None, known) if key in said else None  # type: ignore[arg-type]

    table.text("description", "")
    slo = table.text("slo", None) if "slo" in said else None
    if slo is not None:
        try:
            parse_slo(slo)
        except OperatorError as error:
            raise table.refusal("slo", error.problem, f"Write for example {SLO_DEFAULT}") from None
    return Profile(
        workload=choice("workload", WORKLOADS),
        transport=choice("transport", LINKS),
        connections=table.whole("connections", None, 1, LINKS_MAX) if "connections" in said else None,
        duration_s=seconds("duration", DURATION_S_MAX),
        timeout_s=seconds("timeout", TIMEOUT_S_MAX),
        warm_up_s=seconds("warm_up", TIME_S_MAX),
        mode=choice("mode", SPIN_NS),
        seed=table.whole("seed", None, 0, 2**53) if "seed" in said else None,
        slo=slo,
        goal_per_day=table.whole("goal_per_day", None, 0, 10**15) if "goal_per_day" in said else None,
        peak_factor=table.number("peak_factor", None, 1, 1_000) if "peak_factor" in said else None,
        pacing=_timing(table, file),
        popularity=read_popularity(table.table("popularity")) if "popularity" in said else None,
    )


def _timing(table: Table, file: Path) -> Timing | None:
    """Of a [pacing], or of the log of a [replay]."""
    if "replay" in table.written:
        if "pacing" in table.written:
            raise table.refusal("pacing", "a log has its own timing", "Leave [pacing] or [replay] out")
        below = table.table("replay")
        log, speed = below.text("file", None), below.number("speed", 1.0, 0, SPEED_MAX, above=True)
        below.end()
        return read_log(file.parent / log, speed)
    return read_pacing(table.table("pacing")) if "pacing" in table.written else None
