"""What is kept of a node: its days, over restarts, midnights and sudden ends, its events, and the monthly report."""

from __future__ import annotations

from pathlib import Path

import pytest

from nodes.counters import Counters
from nodes.measures import DAY_S, Figures
from nodes.monitor import FOUND_OUT, QUIET_NS, SAVED_EVERY_S, Monitor, note_ended
from nodes.monitoring import (
    DAY_ITEMS,
    EVENT_ITEMS,
    Day,
    Event,
    Files,
    fault,
    month_bounds,
    ns_of,
    read_day,
    recovered,
    time_text,
)
from nodes.monthly import MONTH_ITEMS, downtime_ns, report
from resolver.errors import StoreError
from resolver.model.now import NS_PER_MS, NS_PER_S
from resolver.net.faults import CLIENT, FaultRule

NOON_NS = ns_of("2026-11-25T12:00:00Z")
TODAY = NOON_NS // NS_PER_S // DAY_S
NAME = "secondary-88.118"


def after(seconds: float) -> int:
    return NOON_NS + round(seconds * NS_PER_S)


class Story:
    """A node that is monitored: what happens to it, and what is kept of that."""

    def __init__(self, folder: Path) -> None:
        self.files = Files(folder)
        self.begin(0)

    def begin(self, seconds: float) -> None:
        """A process with the node starts."""
        self.counters = Counters()
        self.monitor = Monitor(self.files)
        self.monitor.watch(NAME, "secondary", self.counters, after(seconds))
        self.monitor.opened(NAME, after(seconds))

    def resolve(self, times: int, seconds: float, each_ms: float = 1) -> None:
        for _ in range(times):
            self.counters.request("udp", "RESOLUTION", "SUCCESS")
        self.counters.at_once(times, round(times * each_ms * NS_PER_MS), after(seconds))

    def register(self, seconds: float, took_ms: float) -> None:
        self.counters.request("tcp", "CREATE_HANDLE", "SUCCESS")
        self.counters.later(self.counters.registrations, round(took_ms * NS_PER_MS), after(seconds))

    def day(self, number: int = TODAY) -> Day:
        kept = self.files.day(NAME, number)
        assert kept is not None
        return kept

    def events(self) -> list[tuple[str, str, bool]]:
        return [(event.kind, event.sort, event.down) for event in self.files.events(NAME)]


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return Story(tmp_path)


# -- days ---------------------------------------------------------------------------------------------------------


def test_a_day_says_all_that_the_guide_wants_and_reads_as_it_was_written(story: Story) -> None:
    story.resolve(10, 1, 2)
    story.resolve(20, 2, 1)
    story.register(3, 30)
    story.monitor.told(after(60))
    kept = story.day()
    told = kept.document()
    assert set(DAY_ITEMS) <= set(told)
    assert (told["resolutions"], told["registrations"], told["up_s"]) == (30, 1, 60)
    assert told["resolution_latency_avg_ms"] == pytest.approx(40 / 30)
    assert (told["resolution_latency_max_ms"], told["resolution_latency_max_time"]) == (2, "2026-11-25T12:00:01.000Z")
    assert (told["resolution_latency_min_ms"], told["resolution_latency_min_time"]) == (1, "2026-11-25T12:00:02.000Z")
    assert told["resolutions_per_second_max"] == 20
    assert told["resolutions_per_second_max_time"] == "2026-11-25T12:00:02.000Z"
    assert told["registration_latency_avg_ms"] == told["registration_latency_min_ms"] == 30
    assert read_day(told) == kept


def test_of_a_day_without_requests_every_item_is_there_and_says_nothing(story: Story) -> None:
    story.monitor.told(after(1))
    told = story.day().document()
    assert set(DAY_ITEMS) <= set(told)
    assert {told[key] for key in DAY_ITEMS} == {None, 0}


def test_a_process_that_starts_again_goes_on_with_the_day(story: Story) -> None:
    story.resolve(10, 1, 2)
    story.monitor.close(after(5))
    story.begin(100)
    story.resolve(5, 101, 4)
    story.monitor.close(after(110))
    kept = story.day()
    assert (kept.resolutions.count, kept.resolutions.busiest) == (15, 10)
    assert (kept.resolutions.max_ns, kept.resolutions.min_ns) == (4 * NS_PER_MS, 2 * NS_PER_MS)
    assert kept.resolutions.sum_ns == pytest.approx(40 * NS_PER_MS)
    assert (kept.up_ns, kept.closed) == (15 * NS_PER_S, True)
    assert story.events() == []  # a network stopped as a whole is no fault


def test_each_nodes_figures_are_written_within_a_minute(story: Story) -> None:
    story.resolve(3, 1)
    for second in range(SAVED_EVERY_S + 1):
        story.monitor.tick(after(second))
    assert story.day().resolutions.count == 3
    assert not story.day().closed


def test_a_day_ends_at_midnight_though_nobody_asks_and_the_next_begins_with_nothing(story: Story) -> None:
    story.resolve(3, 1)
    midnight_s = DAY_S / 2
    story.monitor.tick(after(midnight_s - 1))
    story.monitor.tick(after(midnight_s + 2))
    kept = story.day()
    assert (kept.resolutions.count, kept.closed, kept.up_ns) == (3, True, round(midnight_s) * NS_PER_S)
    story.monitor.told(after(midnight_s + 10))
    assert (story.day(TODAY + 1).resolutions.count, story.day(TODAY + 1).up_ns) == (0, 10 * NS_PER_S)


def test_requests_around_midnight_belong_to_their_days(story: Story) -> None:
    midnight_s = DAY_S / 2
    story.resolve(3, midnight_s - 0.5)
    story.resolve(4, midnight_s + 0.5)
    story.monitor.tick(after(midnight_s + 1))
    story.monitor.told(after(midnight_s + 2))
    assert [story.day(number).resolutions.count for number in (TODAY, TODAY + 1)] == [3, 4]


def test_what_cannot_be_written_or_read_stops_nobody_and_is_said_once(
    story: Story, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    story.monitor.told(after(1))
    file = next((tmp_path / ".monitoring" / NAME).glob("2026-11-25.jsonl"))
    file.write_text("{")
    with pytest.raises(StoreError, match="line 1 cannot be read"):
        story.day()
    story.begin(10)
    assert capsys.readouterr().out.count("cannot be kept") == 1
    story.resolve(1, 11)
    story.monitor.told(after(12))
    assert story.day().resolutions.count == 1


# -- events -------------------------------------------------------------------------------------------------------


def test_a_node_that_is_stopped_and_started_has_a_fault_and_its_recovery(story: Story) -> None:
    story.monitor.closed(NAME, after(10), killed=False)
    story.monitor.opened(NAME, after(40))
    story.monitor.told(after(60))
    first, second = story.files.events(NAME)
    assert (first.kind, first.sort, first.down, first.at_ns) == ("fault", "other", True, after(10))
    assert (second.kind, second.related_id, second.at_ns) == ("recovered", first.id, after(40))
    assert set(EVENT_ITEMS) <= set(first.document(NAME))
    assert story.day().up_ns == 30 * NS_PER_S


def test_a_process_that_died_is_a_fault_of_its_nodes_until_they_are_there_again(story: Story) -> None:
    note_ended(story.files, [NAME], "was ended by SIGKILL", after(20))
    story.begin(50)
    first, second = story.files.events(NAME)
    assert (first.sort, first.down, second.related_id, second.at_ns) == ("system", True, first.id, after(50))
    assert "SIGKILL" in first.cause


def test_a_network_that_ended_without_a_word_was_down_since_it_last_wrote(story: Story) -> None:
    story.monitor.told(after(30))
    story.begin(100)
    first, second = story.files.events(NAME)
    assert (first.cause, first.at_ns, second.at_ns) == (FOUND_OUT, after(30), after(100))


def test_overload_and_attacks_are_seen_when_they_begin_and_when_they_are_over(story: Story) -> None:
    story.counters.dropped["overload"] += 64
    story.counters.dropped["source requests"] += 1
    story.counters.dropped["runt"] += 1
    story.monitor.tick(after(1))
    assert story.events() == [("fault", "system", False), ("fault", "attack", False)]
    story.counters.dropped["overload"] += 64
    story.monitor.tick(after(9))
    story.monitor.tick(after(1) + QUIET_NS)
    assert story.events()[2:] == [("recovered", "attack", False)]
    story.monitor.tick(after(9) + QUIET_NS)
    story.monitor.tick(after(60))
    assert story.events()[3:] == [("recovered", "system", False)]
    story.counters.dropped["overload"] += 1
    story.monitor.tick(after(61))
    assert len(story.events()) == 5


def test_a_fault_on_links_is_one_of_the_nodes_it_names_and_down_if_they_are_cut_off(story: Story) -> None:
    here, there = frozenset({NAME}), frozenset({"root-1"})
    cut = FaultRule("partition", here, None)
    story.monitor.links([FaultRule("drop", there, frozenset({CLIENT}), settings={"share": 0.5})], after(1))
    assert story.events() == []
    story.monitor.links([cut, FaultRule("delay", frozenset({CLIENT}), None, settings={"ms": 5.0})], after(10))
    assert story.events() == [("fault", "network", True), ("fault", "network", False)]
    story.monitor.links([cut], after(20))
    story.monitor.links([], after(30))
    assert story.events()[2:] == [("recovered", "network", False), ("recovered", "network", True)]
    story.monitor.told(after(60))
    assert story.day().up_ns == 40 * NS_PER_S


# -- months -------------------------------------------------------------------------------------------------------

BEGINS_NS, ENDS_NS = month_bounds("2026-11")


def down(begins_ns: int, ends_ns: int | None) -> list[Event]:
    first = fault(begins_ns, "x", "system", down=True)
    return [first] if ends_ns is None else [first, recovered(first, ends_ns, "x")]


def test_downtime_counts_once_and_within_the_month_alone() -> None:
    assert downtime_ns(down(after(0), after(10)), BEGINS_NS, ENDS_NS) == 10 * NS_PER_S
    both = [*down(after(0), after(10)), *down(after(5), after(12)), *down(after(6), after(7))]
    assert downtime_ns(both, BEGINS_NS, ENDS_NS) == 12 * NS_PER_S
    assert downtime_ns(down(BEGINS_NS - 100, BEGINS_NS + 7), BEGINS_NS, ENDS_NS) == 7
    assert downtime_ns(down(ENDS_NS - 9, None), BEGINS_NS, ENDS_NS) == 9
    assert downtime_ns(down(BEGINS_NS - 100, BEGINS_NS - 50), BEGINS_NS, ENDS_NS) == 0
    assert downtime_ns([fault(after(0), "x", "attack", down=False)], BEGINS_NS, ENDS_NS) == 0


def test_a_month_adds_its_days_up_and_says_the_share_of_time_in_which_the_node_was_there() -> None:
    days = [
        Day(NAME, "secondary", TODAY, Figures(10, 20.0 * NS_PER_MS), Figures(), up_ns=900 * NS_PER_S),
        Day(NAME, "secondary", TODAY + 1, Figures(30, 20.0 * NS_PER_MS), Figures(2, 9.0 * NS_PER_MS), up_ns=0),
    ]
    events = [*down(after(0), after(100)), fault(after(5), "x", "attack", down=False)]
    approvals = {"88.118.7": after(0), "88.118.8": after(50)}
    homings = [(after(30), "88.118.7"), (after(40), "88.118.8"), (after(40), "88.118.9")]
    made = report(
        NAME, "2026-11", days, events, approvals, homings, begins_ns=BEGINS_NS, ends_ns=ENDS_NS
    )  # fmt: skip
    assert set(MONTH_ITEMS) <= set(made)
    assert made["sla_percent"] == pytest.approx(90)
    assert (made["uptime_s"], made["downtime_s"]) == (900, 100)
    assert (made["resolution_rtt_ms"], made["registration_rtt_ms"]) == (1.0, 4.5)
    assert made["approval_to_resolvable_s"] == 15  # 30 s, and homed before it was approved
    assert made["emergencies"] == 2
    assert made["emergencies_by_class"] == {"network": 0, "system": 1, "attack": 1, "other": 0}


def test_a_month_of_nothing_has_no_share() -> None:
    made = report(NAME, "2026-11", [], [], {}, [], begins_ns=BEGINS_NS, ends_ns=ENDS_NS)
    assert (made["sla_percent"], made["resolution_rtt_ms"], made["approval_to_resolvable_s"]) == (None, None, None)


@pytest.mark.parametrize("month", ["2026-13", "2026-00", "2026", "26-11", "2026-1", "x"])
def test_what_is_no_month_is_refused(month: str) -> None:
    with pytest.raises(ValueError):
        month_bounds(month)


def test_times_are_written_to_the_millisecond_and_read_again() -> None:
    assert time_text(NOON_NS + 7 * NS_PER_MS + 999) == "2026-11-25T12:00:00.007Z"
    assert ns_of("2026-11-25T12:00:00.007Z") == NOON_NS + 7 * NS_PER_MS
    assert month_bounds("2026-12") == (ns_of("2026-12-01T00:00:00Z"), ns_of("2027-01-01T00:00:00Z"))
