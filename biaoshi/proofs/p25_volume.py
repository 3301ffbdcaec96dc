"""Line 25: the daily volume that a run claims follows from its raw results, and each tier's from the nodes' own counts.

`biaoshi load` runs as a person calls it, with --json and --out. Then everything it said is worked out again without any
code of the load generator: the records are unpacked by the layout that the file itself states and counted in plain
Python; what each tier received and answered is the difference of two scrapes made here, before and after, read line by
line. Every figure that differs counts. Tiers are compared one by one and never added up.
"""

from __future__ import annotations

import json
import math
import re
import struct
import subprocess
from collections import Counter
from fractions import Fraction
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgpack

from biaoshi.proofs.networks import Running, teaching
from biaoshi.proofs.trial import Trial
from nodes.supervisor import PYTHON, environment
from resolver.errors import Unreachable

# (pacing, duration, peak factor, workload)
RUNS_QUICK = (("constant:1500", "5s", "3", "lookups"), ("poisson:1000", "5s", "2.5", "mixed"))
RUNS_FULL = (*RUNS_QUICK, ("poisson:2500", "60s", "1", "lookups"), ("step:200,200,10s,6", "60s", "1", "misses"))
GOAL = 10_000_000
LOAD_LIMIT_S = 300.0
PAGE_OCTETS_MAX = 64 << 20
SECONDS_PER_DAY = 86_400
RIGHT, WRONG = 1, 2
FORMATS = {"<i8": "q", "<u8": "Q", "<i4": "i", "<u4": "I", "<i2": "h", "<u2": "H", "u1": "B", "i1": "b"}
PERCENTILES = {"p50": "0.5", "p90": "0.9", "p95": "0.95", "p99": "0.99", "p999": "0.999", "max": "1"}
_SAMPLE = re.compile(r"^biaoshi_requests_total\{(?P<labels>[^}]*)\} (?P<value>[0-9.e+]+)$", re.MULTILINE)
_LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')

Tiers = dict[str, dict[str, int]]


def prove(trial: Trial) -> None:
    """Run, work it out again, compare."""
    trial.value, compared = 0, 0
    trial.facts = {"figures_compared": 0, "runs": []}
    with teaching(trial.folder) as running:
        for number, words in enumerate(RUNS_FULL if trial.full else RUNS_QUICK):
            trial.tell(f"load {' '.join(words)}")
            file = trial.folder / f"{number}.load"
            before = scraped(running)
            claimed = _loaded(trial, file, *words)
            derived = rederived(file) | {"tiers": between(before, scraped(running))}
            # Whether the generator kept up is its own certificate, and no matter of counting.
            derived["verdict"]["pass"] &= claimed["valid"]
            claimed["error_answers"] = sum(claimed["errors"].values())
            differing = [key for key, value in derived.items() if not equal(claimed[key], value)]
            compared += len(derived)
            trial.value += len(differing)
            for key in differing:
                trial.fail(f"{' '.join(words)}: {key} is said to be {claimed[key]} and comes to {derived[key]}")
            trial.facts["runs"].append(
                {"per_day": claimed["per_day"], "sent": claimed["sent"], "tiers": claimed["tiers"]}
            )
            trial.facts["figures_compared"] = compared


def rederived(file: Path) -> dict[str, Any]:
    """Every figure of `load --json` that follows from its records, from the file alone."""
    header, records = unpacked(file)
    limit, seconds = header["timeout_ns"], header["duration_s"]
    left = [record for record in records if record["sent"] >= 0]
    ages = [record["received"] - record["due"] if record["received"] >= 0 else limit + 1 for record in left]
    answered = sum(age <= limit for age in ages)
    ends = [(record, age) for record, age in zip(left, ages, strict=True) if record["last"]]
    resolved = sum(age <= limit for _, age in ends)
    good = sum(age <= limit and record["verdict"] == RIGHT for record, age in ends)
    latencies = sorted(min(age, limit) for _, age in ends)
    codes = Counter(record["code"] for record, age in zip(left, ages, strict=True) if age <= limit)
    per_day = int(resolved / seconds * SECONDS_PER_DAY / header["peak_factor"])
    latency_ms = {name: nearest(latencies, share) / 1e6 for name, share in PERCENTILES.items()}
    errors = 1 - good / len(ends)
    wrong = sum(record["verdict"] == WRONG for record in left)
    passed = latency_ms["p99"] < 20 and errors < 0.001 and per_day >= header["goal_per_day"] and not wrong
    return {
        "sent": len(left),
        "answered": answered,
        "timed_out": len(left) - answered,
        "late": sum(age > limit and record["received"] >= 0 for record, age in zip(left, ages, strict=True)),
        "wrong": wrong,
        "resolutions": len(ends),
        "per_day": per_day,
        "latency_ms": latency_ms,
        "errors": {"HANDLE_NOT_FOUND": codes[100]},
        "error_answers": sum(count for code, count in codes.items() if code != 1),
        "verdict": {"pass": passed},
    }


def unpacked(file: Path) -> tuple[dict[str, Any], list[dict[str, int]]]:
    """Header and records, by the layout in the header."""
    octets = file.read_bytes()
    unpacker = msgpack.Unpacker()
    unpacker.feed(octets)
    header = unpacker.unpack()
    names = [name for name, _ in header["record"]]
    layout = struct.Struct("<" + "".join(FORMATS[kind] for _, kind in header["record"]))
    records = [dict(zip(names, values, strict=True)) for values in layout.iter_unpack(octets[unpacker.tell() :])]
    return header, records


def nearest(ascending: list[int], share: str) -> int:
    """The nearest rank."""
    return ascending[math.ceil(Fraction(share) * len(ascending)) - 1]


def scraped(running: Running) -> Tiers:
    """What every tier has received and answered until now."""
    tiers: Tiers = {}
    for url in running.known.pages:
        read_into(tiers, _page(url))
    return tiers


def read_into(tiers: Tiers, page: str) -> None:
    """Add a page's requests, line by line; silence (code none) is no answer."""
    for sample in _SAMPLE.finditer(page):
        labels = dict(_LABEL.findall(sample["labels"]))
        counts = tiers.setdefault(labels["tier"], {"received": 0, "answered": 0})
        counts["received"] += int(float(sample["value"]))
        counts["answered"] += int(float(sample["value"])) if labels["code"] != "none" else 0


def between(before: Tiers, after: Tiers) -> Tiers:
    """What was counted in between."""
    nothing = {"received": 0, "answered": 0}
    return {
        tier: {key: count - before.get(tier, nothing)[key] for key, count in counts.items()}
        for tier, counts in after.items()
    }


def equal(claimed: Any, derived: Any) -> bool:
    """Whether all of `derived` is claimed, to the last digit; what is claimed besides is somebody else's to derive.

    A tier that was never asked may be missing from a page that shows only what has happened.
    """
    if isinstance(derived, dict):
        return all(key in claimed and equal(claimed[key], value) for key, value in derived.items())
    return bool(claimed == derived)


def _loaded(trial: Trial, file: Path, pacing: str, duration: str, peak_factor: str, workload: str) -> dict[str, Any]:
    """What `biaoshi load` says."""
    words = ["load", "--run-dir", str(trial.folder / "run"), "--pacing", pacing, "--duration", duration]
    words += ["--peak-factor", peak_factor, "--workload", workload, "--goal", str(GOAL), "--seed", str(trial.seed)]
    done = subprocess.run(
        [*PYTHON, "biaoshi", *words, "--json", "--out", str(file)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=environment(),
        timeout=LOAD_LIMIT_S,
    )
    if not file.exists():
        raise Unreachable(f"biaoshi load ended with {done.returncode}: {done.stderr.strip()[-500:]}")
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def _page(url: str) -> str:
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port or 80, timeout=10)
    try:
        connection.request("GET", parts.path)
        return connection.getresponse().read(PAGE_OCTETS_MAX).decode()
    except OSError as error:
        raise Unreachable(f"{url}: {error}") from error
    finally:
        connection.close()
