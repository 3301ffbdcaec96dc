"""Scenarios: a network, a load, what goes wrong at which moment, and what is expected all the same.

    configs/scenarios/NAME.toml ──> Scenario ──> run for real: nodes/network.py, loadgen, nodes/control.py, one clock
                                             └─> simulated: biaoshi/simulation.py, virtual time
                                                     └──> records ──> every expectation: a figure and its bounds

Both ways end in the same records, which the same functions judge; so a scenario has one verdict, however it is run.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from biaoshi.cli.load import known_of_plan, order_for
from biaoshi.simulation import NS_PER_S, read_times, recursive_nodes, simulate
from loadgen import report
from loadgen.arrays import Records
from loadgen.engine import Stop
from loadgen.measure import Order, measure
from loadgen.profile import Profile, profile_from
from loadgen.results import Result, Verdict
from loadgen.settings import Table
from nodes import control, network
from nodes.config import NetworkPlan, load_network
from nodes.country import Country
from nodes.faults import read_fault
from nodes.files import explained, is_file, read_toml, shipped
from resolver.errors import BiaoshiError, OperatorError
from resolver.net.faults import FaultRule

FOLDER = shipped("scenarios")
FILE_OCTETS_MAX, EVENTS_MAX = 1 << 20, 1_000
DURATION_S_MAX = 3_600.0
LEAD_NS = 300_000_000  # between knowing when a load begins and its begin, so that the first event can be on time
BUCKET_S, BACK = 0.5, 0.99  # a network is back when this share of half a second's requests is answered rightly


class EventConfig(BaseModel):
    """One thing that is done to the network: exactly one of stop, kill, start, fault, clear."""

    model_config = ConfigDict(extra="forbid")

    at_s: float = Field(ge=0, le=DURATION_S_MAX, description="Seconds after the begin of the load.")
    stop: str | None = Field(default=None, description="A node that is stopped in good order.")
    kill: str | None = Field(default=None, description="A node that is killed.")
    start: str | None = Field(default=None, description="A node that is started again.")
    fault: dict[str, Any] | None = Field(default=None, description="A fault, as `biaoshi fault add` takes it.")
    clear: bool = Field(default=False, description="All faults are cleared.")


class ExpectConfig(BaseModel):
    """One figure of the run, and its bounds."""

    model_config = ConfigDict(extra="forbid")

    of: str = Field(description="Which figure.")
    from_s: float = Field(default=0.0, ge=0, le=DURATION_S_MAX, description="Of requests due from here on.")
    to_s: float | None = Field(default=None, ge=0, le=DURATION_S_MAX, description="Of requests due before; none: all.")
    min: float | None = Field(default=None, description="It is at least this.")
    max: float | None = Field(default=None, description="It is at most this.")


class ScenarioConfig(BaseModel):
    """A file of configs/scenarios."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field(description="What it is called, in English.")
    title_zh: str = Field(default="", description="And in Chinese.")
    story: str = Field(default="", description="What it shows, for people.")
    story_zh: str = Field(default="", description="And in Chinese.")
    network: str = Field(description="A network file.")
    time_scale: float = Field(default=1.0, ge=1, le=10_000, description="Seconds of TTLs that go by in one.")
    load: dict[str, Any] = Field(description="The keys of a load profile (configs/loads).")
    events: list[EventConfig] = Field(
        default_factory=list, max_length=EVENTS_MAX, description="What is done to the network, and when."
    )
    expect: list[ExpectConfig] = Field(min_length=1, description="What must hold all the same, at least one figure.")


@dataclass(frozen=True, slots=True)
class Event:
    """What is done, and when. `name`: of a node; `fault`: as it was written, and the rule that it is."""

    at_s: float
    what: Literal["stop", "kill", "start", "fault", "clear"]
    name: str = ""
    written: Mapping[str, Any] = field(default_factory=dict)
    rule: FaultRule | None = None

    @property
    def words(self) -> str:
        """In a few words."""
        if self.what != "fault":
            return f"{self.what} {self.name}".strip()
        settings = {key: value for key, value in self.written.items() if key not in ("kind", "from", "to")}
        ways = f"{self.written.get('from', 'anybody')} <-> {self.written.get('to', 'anybody')}"
        return f"fault {self.written['kind']} {ways}" + "".join(f", {key} {value}" for key, value in settings.items())


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario that has been read and checked against its network."""

    name: str
    config: ScenarioConfig
    plan: NetworkPlan
    profile: Profile
    events: tuple[Event, ...]

    @property
    def duration_s(self) -> float:
        """Of the load."""
        assert self.profile.duration_s is not None
        return self.profile.duration_s


@dataclass(frozen=True, slots=True)
class Window:
    """The requests of a run that were due in a span of time. `age_ns`: until the answer, late ones and none: -1."""

    result: Result
    records: Records
    from_s: float
    to_s: float

    @property
    def age_ns(self) -> Any:
        """Nanoseconds from when each was due to its answer; -1 for those that had none in time."""
        records, limit = self.records, self.result.header["timeout_ns"]
        age = records["received"] - records["due"]
        return np.where((records["received"] >= 0) & (age <= limit), age, -1)

    @property
    def right(self) -> Any:
        """Whether each was answered in time, and rightly."""
        return (self.age_ns >= 0) & (self.records["verdict"] == Verdict.RIGHT)

    def percentile_ms(self, point: float) -> float | None:
        """Of the latency of those that were answered."""
        ages = self.age_ns
        ages = ages[ages >= 0]
        return float(np.quantile(ages, point, method="inverted_cdf")) / 1e6 if len(ages) else None


def _back_s(window: Window) -> float | None:
    """Seconds until half a second began from whose requests on nearly all are answered rightly; None: never."""
    due_s, right = window.records["due"] / NS_PER_S, window.right
    back: float | None = None
    for start in np.arange(window.from_s, window.to_s, BUCKET_S):
        inside = (due_s >= start) & (due_s < start + BUCKET_S)
        if not inside.any():
            continue
        if right[inside].mean() < BACK:
            back = None
        elif back is None:
            back = float(start - window.from_s)
    return back


def _upstream(window: Window) -> float | None:
    tiers = window.result.header.get("tiers") or {}
    asked = sum(counts["received"] for tier, counts in tiers.items() if tier != "recursive")
    return asked / len(window.records) if tiers and len(window.records) else None


MEASURES: dict[str, tuple[str, Callable[[Window], float | None]]] = {
    "right": ("share of requests answered rightly in time", lambda of: _mean(of.right)),
    "answered": ("share of requests answered in time", lambda of: _mean(of.age_ns >= 0)),
    "wrong": (
        "answers that contradict the truth",
        lambda of: float((of.records["verdict"] == Verdict.WRONG).sum()),
    ),
    "goodput_per_s": ("right answers a second", lambda of: float(of.right.sum()) / max(of.to_s - of.from_s, 1e-9)),
    "p50_ms": ("median latency of what was answered", lambda of: of.percentile_ms(0.5)),
    "p99_ms": ("99th percentile of that", lambda of: of.percentile_ms(0.99)),
    "back_s": (f"seconds until {BACK:.0%} of requests are answered rightly, and stay so", _back_s),
    "upstream_per_request": ("requests to authorities for each of a client, over the whole run", _upstream),
}


def _mean(values: Any) -> float | None:
    return float(values.mean()) if len(values) else None


@dataclass(frozen=True, slots=True)
class Finding:
    """An expectation, and what was found; `value` None: there was nothing to measure, which is a failure."""

    expect: ExpectConfig
    to_s: float
    value: float | None

    @property
    def holds(self) -> bool:
        """Whether the figure is within its bounds."""
        low, high, value = self.expect.min, self.expect.max, self.value
        return value is not None and (low is None or value >= low) and (high is None or value <= high)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a scenario. `story`: what was done, and at which second it was done."""

    scenario: Scenario
    simulated: bool
    seed: int
    result: Result
    story: tuple[tuple[float, Event], ...]
    findings: tuple[Finding, ...]

    @property
    def holds(self) -> bool:
        """Whether every expectation does."""
        return all(finding.holds for finding in self.findings)


def names() -> list[str]:
    """The shipped scenarios."""
    return sorted(path.stem for path in FOLDER.glob("*.toml") if "[[expect]]" in path.read_text(encoding="utf-8"))


def read_scenario(named: str) -> Scenario:
    """A shipped scenario by its name, or any by its file. OperatorError names file, key, value and remedy."""
    ours = FOLDER / f"{named}.toml"
    file = ours if "/" not in named and not named.endswith(".toml") and ours.is_file() else Path(named)
    if not is_file(file):
        remedy = f"Shipped are {', '.join(names())}; or name a file"
        raise OperatorError("no such scenario", key="NAME", value=named, remedy=remedy)
    written = read_toml(file, FILE_OCTETS_MAX, "Take a scenario")
    try:
        config = ScenarioConfig.model_validate(written)
    except ValidationError as error:
        raise explained(error, ScenarioConfig, file=str(file)) from None
    return _checked(file, config)


def _checked(file: Path, config: ScenarioConfig) -> Scenario:
    beside = file.parent / config.network
    plan = load_network(beside if beside.is_file() else Path(config.network), time_scale=config.time_scale)
    table = Table(config.load, path="load", file=str(file))
    profile = profile_from(table, file)
    if profile.duration_s is None or profile.pacing is None:
        missing = "duration" if profile.duration_s is None else "pacing"
        raise OperatorError(
            "a scenario says this", file=str(file), key=f"load.{missing}", remedy="See the shipped ones"
        )
    events = tuple(_event(at, each, plan, file) for at, each in enumerate(config.events))
    for at, expect in enumerate(config.expect):
        where = f"expect[{at}]"
        if expect.of not in MEASURES:
            remedy = f"There are {', '.join(MEASURES)}"
            raise OperatorError("no such figure", file=str(file), key=f"{where}.of", value=expect.of, remedy=remedy)
        if expect.min is None and expect.max is None:
            raise OperatorError("expects nothing", file=str(file), key=where, remedy="Give it a min, a max, or both")
        if expect.to_s is not None and expect.to_s <= expect.from_s:
            raise OperatorError(
                "ends before it begins", file=str(file), key=f"{where}.to_s", value=expect.to_s, remedy="After from_s"
            )
    return Scenario(file.stem, config, plan, profile, tuple(sorted(events, key=lambda event: event.at_s)))


def _event(at: int, config: EventConfig, plan: NetworkPlan, file: Path) -> Event:
    where = f"events[{at}]"
    said = [what for what in ("stop", "kill", "start", "fault", "clear") if getattr(config, what)]
    if len(said) != 1:
        raise OperatorError(
            f"says {len(said)} things", file=str(file), key=where, remedy="One of stop, kill, start, fault, clear"
        )
    if config.fault is not None:
        rule = read_fault(config.fault, plan, file=str(file), key=f"{where}.fault")
        return Event(config.at_s, "fault", written=config.fault, rule=rule)
    if config.clear:
        return Event(config.at_s, "clear")
    what: Any = said[0]
    name = getattr(config, what)
    if all(node.name != name for node in plan.nodes):
        raise OperatorError(
            "no node has this name",
            file=str(file),
            key=f"{where}.{what}",
            value=name,
            remedy=f"`biaoshi network expand {plan.file}` names them",
        )
    return Event(config.at_s, what, name)


# -- running them -------------------------------------------------------------------------------------------------


def run_simulated(
    scenario: Scenario, seed: int, *, told: Callable[[float, str], None] = lambda at_s, words: None
) -> Outcome:
    """Run a scenario in virtual time."""
    story: list[tuple[float, Event]] = []
    faults: list[FaultRule] = []

    def happening(event: Event) -> Callable[[Country], None]:
        def happen(made: Country) -> None:
            at_s = made.world.mono_ns / NS_PER_S
            story.append((at_s, event))
            told(at_s, event.words)
            if event.what in ("fault", "clear"):
                if event.rule is None:
                    faults.clear()
                else:
                    faults.append(event.rule)
                made.go_wrong(tuple(faults))
            else:
                getattr(made, event.what)(event.name)

        return happen

    order = _order(scenario, scenario.plan, seed, ())
    done = simulate(
        scenario.plan, order, read_times(None), events=[(event.at_s, happening(event)) for event in scenario.events]
    )
    return _outcome(scenario, True, seed, done.result, story)


def run_real(
    scenario: Scenario,
    seed: int,
    *,
    run_dir: Path | None = None,
    told: Callable[[float, str], None] = lambda at_s, words: None,
    stop: Stop | None = None,
) -> Outcome:
    """Run a scenario on a network of its own, with real sockets, for as long as its load lasts."""
    with _folder(run_dir) as folder:
        octet = network.free_second_octet(scenario.plan.file)
        with network.running(
            scenario.plan.file, folder, second_octet=octet, time_scale=scenario.config.time_scale
        ) as document:
            plan = load_network(scenario.plan.file, second_octet=octet, time_scale=scenario.config.time_scale)
            pages = tuple(process["metrics"] for process in document["processes"])
            order = _order(scenario, plan, seed, pages)
            return _with_events(scenario, order, folder, seed, told, stop or Stop())


def _with_events(
    scenario: Scenario,
    order: Order,
    folder: Path,
    seed: int,
    told: Callable[[float, str], None],
    stop: Stop,
) -> Outcome:
    story: list[tuple[float, Event]] = []
    failed: list[BiaoshiError] = []
    began = threading.Event()
    begin_ns = 0

    def begin() -> int:
        nonlocal begin_ns
        begin_ns = time.monotonic_ns() + LEAD_NS
        began.set()
        return begin_ns

    def happen() -> None:
        began.wait()
        for event in scenario.events:
            while (left_s := event.at_s - (time.monotonic_ns() - begin_ns) / NS_PER_S) > 0:
                if stop.requested:
                    return
                time.sleep(min(left_s, 0.1))
            at_s = (time.monotonic_ns() - begin_ns) / NS_PER_S
            try:
                _do(folder, event)
            except BiaoshiError as error:
                failed.append(error)
                stop.requested = True
                return
            story.append((at_s, event))
            told(at_s, event.words)

    hand = threading.Thread(target=happen, name="events", daemon=True)
    hand.start()
    try:
        result = measure(order, stop=stop, begin=begin)
    finally:
        if not began.is_set() or stop.requested:
            stop.requested = True
            began.set()
        hand.join()
    if failed:
        raise failed[0]
    return _outcome(scenario, False, seed, result, story)


def _do(folder: Path, event: Event) -> None:
    if event.what == "fault":
        control.add_fault(folder, dict(event.written))
    elif event.what == "clear":
        control.clear_faults(folder)
    else:
        control.node_do(folder, event.name, event.what)


@contextmanager
def _folder(run_dir: Path | None) -> Iterator[Path]:
    if run_dir is not None:
        yield run_dir
        return
    with TemporaryDirectory(prefix="biaoshi-scenario-") as folder:
        yield Path(folder)


def _order(scenario: Scenario, plan: NetworkPlan, seed: int, pages: tuple[str, ...]) -> Order:
    known = known_of_plan(plan, recursive_nodes(plan), seed, pages)
    return replace(order_for(known, scenario.profile), seed=seed)


def _outcome(
    scenario: Scenario, simulated: bool, seed: int, result: Result, story: Sequence[tuple[float, Event]]
) -> Outcome:
    findings = tuple(_finding(expect, scenario, result) for expect in scenario.config.expect)
    return Outcome(scenario, simulated, seed, result, tuple(story), findings)


def _finding(expect: ExpectConfig, scenario: Scenario, result: Result) -> Finding:
    to_s = min(scenario.duration_s, scenario.duration_s if expect.to_s is None else expect.to_s)
    due = result.records["due"]
    inside = result.records[(due >= expect.from_s * NS_PER_S) & (due < to_s * NS_PER_S)]
    return Finding(expect, to_s, MEASURES[expect.of][1](Window(result, inside, expect.from_s, to_s)))


def document_of(outcome: Outcome) -> dict[str, Any]:
    """The outcome as JSON."""
    whole = report.document_of(report.figures_of(outcome.result))
    scenario = outcome.scenario
    return {
        "scenario": scenario.name,
        "title": scenario.config.title,
        "network": scenario.plan.name,
        "simulated": outcome.simulated,
        "seed": outcome.seed,
        "duration_s": scenario.duration_s,
        "story": [{"at_s": round(at_s, 3), "due_s": event.at_s, "did": event.words} for at_s, event in outcome.story],
        "expectations": [
            {
                "of": finding.expect.of,
                "from_s": finding.expect.from_s,
                "to_s": finding.to_s,
                "min": finding.expect.min,
                "max": finding.expect.max,
                "value": finding.value,
                "pass": finding.holds,
            }
            for finding in outcome.findings
        ],
        **{key: whole[key] for key in ("sent", "answered", "timed_out", "wrong", "errors", "latency_ms", "tiers")},
        "pass": outcome.holds,
    }
