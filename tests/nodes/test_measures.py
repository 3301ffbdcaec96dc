"""What a node measures of its requests: every one once, in its day and second, and nothing else."""

from __future__ import annotations

from nodes.counters import Counters
from nodes.measures import DAY_S, SECONDS_MAX, Figures, Measure
from resolver.model.now import NS_PER_MS, NS_PER_S

DAY = 20_000
START_S = DAY * DAY_S
START_NS = START_S * NS_PER_S


def counted(counters: Counters, opcode: str, code: str, times: int = 1) -> None:
    for _ in range(times):
        counters.request("udp", opcode, code)


def test_each_request_of_a_batch_has_its_share_and_only_look_ups_are_resolutions() -> None:
    counters = Counters()
    counted(counters, "RESOLUTION", "SUCCESS", 2)
    counted(counters, "RESOLUTION", "HANDLE_NOT_FOUND")
    counted(counters, "GET_SITE_INFO", "SUCCESS")
    counters.at_once(4, 8 * NS_PER_MS, START_NS)
    resolved = counters.resolutions.figures()
    assert (resolved.count, resolved.sum_ns) == (3, 6 * NS_PER_MS)
    assert resolved.max_ns == resolved.min_ns == 2 * NS_PER_MS
    assert sum(counters.duration.counts) == 4


def test_what_is_recalled_is_measured_like_what_is_decided() -> None:
    counters = Counters()
    counters.recalled[counters.slot("tcp", "RESOLUTION", "SUCCESS")] += 1_000
    counters.at_once(1_000, NS_PER_MS, START_NS)
    assert counters.resolutions.figures().count == 1_000


def test_what_is_answered_later_is_measured_once_though_others_are_answered_around_it() -> None:
    counters = Counters()
    counted(counters, "RESOLUTION", "SUCCESS", 3)
    counters.request("udp", "RESOLUTION", "SUCCESS")
    counters.later(counters.resolutions, 50 * NS_PER_MS, START_NS)
    counted(counters, "RESOLUTION", "SUCCESS")
    counters.at_once(4, 4 * NS_PER_MS, START_NS)
    resolved = counters.resolutions.figures()
    assert (resolved.count, resolved.max_ns, resolved.min_ns) == (5, 50 * NS_PER_MS, NS_PER_MS)
    assert resolved.sum_ns == 54 * NS_PER_MS


def test_a_registration_is_one_that_was_made() -> None:
    counters = Counters()
    for code in ("AUTHENTICATION_NEEDED", "HANDLE_ALREADY_EXISTS", "SUCCESS"):
        counted(counters, "CREATE_HANDLE", code)
        counters.later(counters.measure_of("CREATE_HANDLE", code), 3 * NS_PER_MS, START_NS)
    counted(counters, "MODIFY_VALUE", "SUCCESS")
    counters.at_once(1, NS_PER_MS, START_NS)
    assert counters.registrations.figures().count == 1
    assert counters.resolutions.figures().count == 0


def test_requests_that_nobody_answered_are_measured_too() -> None:
    counters = Counters()
    counted(counters, "RESOLUTION", "SUCCESS", 2)
    counters.at_once(0, 2 * NS_PER_MS, START_NS)
    assert (counters.resolutions.figures().count, counters.resolutions.figures().max_ns) == (2, NS_PER_MS)
    assert sum(counters.duration.counts) == 0


def test_the_longest_the_shortest_and_the_busiest_second_have_their_times() -> None:
    measure = Measure()
    for second, times, each_ns in ((0, 5, 10), (1, 9, 30), (1, 9, 40), (2, 17, 5), (100, 3, 20)):
        measure.observe(each_ns, times, START_NS + second * NS_PER_S + 7)
    told = measure.figures()
    assert (told.max_ns, told.max_at_ns) == (40, START_NS + NS_PER_S + 7)
    assert (told.min_ns, told.min_at_ns) == (5, START_NS + 2 * NS_PER_S + 7)
    assert (told.busiest, told.busiest_s) == (18, START_S + 1)
    assert told.count == 43


def test_counts_of_one_second_may_come_apart() -> None:
    measure = Measure()
    for second, times in ((0, 6), (1, 10), (0, 6), (2, 1)):
        measure.observe(1, times, START_NS + second * NS_PER_S)
    assert (measure.figures().busiest, measure.figures().busiest_s) == (12, START_S)


def test_a_day_ends_with_the_first_request_of_the_next_or_when_somebody_looks() -> None:
    measure = Measure()
    measure.observe(1, 4, START_NS + (DAY_S - 1) * NS_PER_S)
    measure.observe(1, 2, START_NS + DAY_S * NS_PER_S)
    assert [(day, figures.count, figures.busiest) for day, figures in measure.finished] == [(DAY, 4, 4)]
    assert measure.figures().count == 2
    measure.roll(START_NS + 3 * DAY_S * NS_PER_S)
    assert [day for day, _ in measure.finished] == [DAY, DAY + 1]
    assert (measure.day, measure.figures().count) == (DAY + 3, 0)


def test_what_was_measured_before_a_restart_is_added_to_its_own_day_alone() -> None:
    before = Figures(10, 100.0, 90.0, START_NS, 1.0, START_NS + 1, 7, START_S)
    measure = Measure()
    measure.observe(50, 2, START_NS + 60 * NS_PER_S)
    measure.resume(DAY - 1, before)
    assert measure.figures().count == 2
    measure.resume(DAY, before)
    told = measure.figures()
    assert (told.count, told.sum_ns, told.max_ns, told.min_ns) == (12, 200.0, 90.0, 1.0)
    assert (told.busiest, told.busiest_s) == (7, START_S)
    measure.resume(DAY, Figures())
    assert measure.figures() == told


def test_a_clock_that_jumps_about_costs_no_room() -> None:
    measure = Measure()
    for step in range(10_000):
        measure.observe(1, 1, START_NS + (step * 7_919 % DAY_S) * NS_PER_S)
    assert len(measure._seconds) <= SECONDS_MAX + 1
    assert measure.figures().count == 10_000
