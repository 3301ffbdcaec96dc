"""Profiles: the shipped ones can be read and run, and what cannot be is refused by file, key path, value and remedy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from loadgen.measure import Order, plan_for
from loadgen.pacing import constant
from loadgen.popularity import Hot, Popularity
from loadgen.profile import Profile, read_profile
from loadgen.truth import truth_from
from loadgen.workloads.replay import Log
from resolver.errors import OperatorError
from resolver.model.population import Population
from resolver.model.site import Site
from resolver.model.value import Value
from resolver.wire.types import hs_site

SHIPPED = sorted((Path(__file__).parents[2] / "configs" / "loads").glob("*.toml"))
TRUTH = truth_from([], Population(15_000_000_000, b"test", ((b"88.1.1", 15_000_000_000),)), 1)
WHOLE = """
description = "all of it"
workload = "mixed"
transport = "tcp"
connections = 7
duration = "5m"
timeout = "500ms"
warm_up = "10s"
mode = "precise"
seed = 3
slo = "p99<5ms"
goal_per_day = 300_000_000
peak_factor = 2.6
[pacing]
shape = "ramp"
from = 0
to = 1_000
over = "1m"
[popularity]
misses = 0.02
[popularity.hot]
share = 0.1
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "mine.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_there_are_shipped_profiles() -> None:
    assert {file.stem for file in SHIPPED} >= {"day", "steady", "week", "steps", "sdk", "misses"}


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.name)
def test_a_shipped_profile_says_what_can_be_scheduled(file: Path) -> None:
    profile = read_profile(file)
    assert profile.pacing is not None
    assert profile.duration_s is not None
    due_ns = profile.pacing.due_ns(profile.duration_s, 1)
    assert (np.diff(due_ns) >= 0).all()
    moments_s = due_ns[:1000] / 1e9
    (profile.popularity or Popularity()).draw(TRUTH.size, np.arange(len(moments_s)), moments_s, 1)


def test_the_day_is_that_of_ten_million_resolutions() -> None:
    profile = read_profile(next(file for file in SHIPPED if file.name == "day.toml"))
    assert profile.pacing is not None
    assert profile.duration_s is not None
    assert profile.pacing.scale * profile.duration_s == 86_400
    requests = len(profile.pacing.due_ns(profile.duration_s, 1))
    assert requests * profile.pacing.scale == pytest.approx(10_000_000, rel=0.03)


def test_everything_that_can_be_said_is_read(tmp_path: Path) -> None:
    profile = read_profile(written(tmp_path, WHOLE))
    assert profile.pacing is not None
    assert profile.pacing.name == "ramp:from=0,to=1000,over=1m"
    assert profile == Profile(
        "mixed", "tcp", 7, 300.0, 0.5, 10.0, "precise", 3, "p99<5ms", 300_000_000, 2.6, profile.pacing,
        Popularity(misses=0.02, hot=Hot(0.1)),
    )  # fmt: skip
    assert read_profile(written(tmp_path, "")) == Profile()


def test_a_log_is_named_beside_the_profile(tmp_path: Path) -> None:
    (tmp_path / "queries.csv").write_text("at,handle\n0,88.1/a\n1,88.1/b\n")
    profile = read_profile(written(tmp_path, '[replay]\nfile = "queries.csv"\nspeed = 2\n'))
    assert isinstance(profile.pacing, Log)
    assert profile.pacing.duration_s == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("speed = 5", "speed"),
        ('workload = "unknown"', "workload"),
        ('transport = "pigeon"', "transport"),
        ("connections = 0", "connections"),
        ("duration = -5", "duration"),
        ('timeout = "2h"', "timeout"),
        ('mode = "lazy"', "mode"),
        ("seed = 1.5", "seed"),
        ('slo = "p99<fast"', "slo"),
        ("goal_per_day = true", "goal_per_day"),
        ("peak_factor = 0.5", "peak_factor"),
        ("pacing = 5", "pacing"),
        ("[pacing]", "pacing.shape"),
        ('[pacing]\nshape = "saw"', "pacing.shape"),
        ('[pacing]\nshape = "constant"', "pacing.rate"),
        ('[pacing]\nshape = "constant"\nrate = 5\nrte = 6', "pacing.rte"),
        ('[pacing]\nshape = "step"\nfrom = 5\nby = -1\nevery = "1s"', "pacing.by"),
        ("[popularity]\nzipf = 99", "popularity.zipf"),
        ("[popularity.hot]\nidentifiers = 5", "popularity.hot.share"),
        ('[pacing]\nshape = "constant"\nrate = 5\n[replay]\nfile = "x"', "pacing"),
        ("[replay]", "replay.file"),
    ],
)
def test_what_cannot_be_is_refused_by_file_key_value_and_remedy(tmp_path: Path, text: str, key: str) -> None:
    file = written(tmp_path, text)
    with pytest.raises(OperatorError) as refused:
        read_profile(file)
    assert (refused.value.file, refused.value.key) == (str(file), key)
    assert refused.value.remedy


def test_an_unknown_key_is_refused_with_the_one_that_was_meant(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="Did you mean duration"):
        read_profile(written(tmp_path, 'workload = "mixed"\nduratoin = "5s"'))


@pytest.mark.parametrize("text", ["seed = ", "[[[", "\x00"])
def test_what_is_no_toml_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(OperatorError, match=r"mine\.toml.*not TOML"):
        read_profile(written(tmp_path, text))


def order(**more: object) -> Order:
    return Order("test", (("127.0.0.1", 1),), TRUTH, (), constant(1000), 1.0, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(("workload", "misses"), [("lookups", 0), ("misses", 1000), ("mixed", 30)])
def test_a_workload_brings_its_misses(workload: str, misses: int) -> None:

    sites = {b"88.1.1": (Value(1, b"HS_SITE", hs_site.encode(Site(()))),)}
    ranks = plan_for(order(workload=workload, sites=sites)).ranks
    assert abs((ranks < 0).sum() - misses) <= 5 * misses**0.5 if misses < 1000 else (ranks < 0).all()


def test_a_warm_up_asks_other_questions_of_the_same_popularity() -> None:
    made = order(warm_up_s=0.5, popularity=Popularity(hot=Hot(1.0, identifiers=3, moves_s=100.0)))
    run, before = plan_for(made), plan_for(made, before=True)
    assert (len(run.ranks), len(before.ranks)) == (1000, 250)
    assert not np.array_equal(run.ranks[:250], before.ranks)
    assert len(set(run.ranks.tolist())) == 3


def test_more_sockets_than_a_process_may_have_are_refused() -> None:
    with pytest.raises(OperatorError) as refused:
        plan_for(order(connections=901))
    assert refused.value.key == "--connections"
