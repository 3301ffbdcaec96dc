"""What ran out, decided from what was seen."""

from __future__ import annotations

import os
import socket
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from loadgen.evidence import (
    LIMITS,
    Counts,
    Evidence,
    Times,
    Watch,
    buffer_drops,
    counts,
    evidence_of,
    limit_of,
    main_limit,
    times_of,
)

QUIET = Evidence(
    valid=True,
    sent=10_000,
    failed=500,
    missing=0,
    busiest="recursive",
    own_cores=0.2,
    kernel_cores=0.1,
    waiting_cores=0.0,
    buffer_drops=0,
    upstream=100,
    upstream_failed=0,
    dropped=0,
)


@pytest.mark.parametrize(
    ("seen", "limit", "words"),
    [
        ({"valid": False, "own_cores": 0.9}, "generator", "fell behind"),
        ({"own_cores": 0.8}, "server cpu", "recursive used 90% of a core"),
        ({"own_cores": 0.5, "waiting_cores": 0.3}, "server cpu", "waited 30% of the time"),
        ({"own_cores": 0.2, "kernel_cores": 0.75}, "kernel", "75% of a core inside the kernel"),
        ({"own_cores": 0.8, "upstream_failed": 400, "buffer_drops": 9}, "server cpu", "90%"),
        ({"upstream_failed": 250, "missing": 250}, "upstream", "250 of 100 questions"),
        ({"upstream_failed": 249, "buffer_drops": 7, "missing": 500}, "kernel", "7 requests found"),
        ({"missing": 500}, "loss", "500 of 10,000 requests were never answered, and nobody counted them"),
        ({"missing": 500, "dropped": 20}, "loss", "20 of them dropped by nodes"),
        ({}, "kernel", "wanted only 30% of a core"),
        ({"busiest": None, "own_cores": 0.0}, "server cpu", "does not tell"),
    ],
)
def test_what_ran_out(seen: dict[str, object], limit: str, words: str) -> None:
    found, why = limit_of(replace(QUIET, **seen))  # type: ignore[arg-type]
    assert found == limit
    assert found in LIMITS
    assert words in why


def test_of_several_trials_what_most_say_counts_in_the_words_of_the_nearest() -> None:
    busy = [replace(QUIET, own_cores=cores) for cores in (0.88, 0.95)]
    assert main_limit([replace(QUIET, valid=False), *busy]) == ("server cpu", "recursive used 98% of a core")
    assert main_limit([replace(QUIET, valid=False), busy[0]])[0] == "generator"


def test_the_busiest_process_is_whoever_wanted_most_between_first_and_last_look() -> None:
    clock = {7: Times(10.0, 1.0, 0.0), 8: Times(50.0, 0.0, 0.0)}
    watch = Watch({7: "recursive", 8: "authorities", 9: "gone"}, look=clock.get)
    watch.look(1.0)
    assert watch.busiest() is None
    clock |= {7: Times(11.0, 1.5, 0.25), 8: Times(50.5, 0.0, 0.0)}
    watch.look(3.0)
    assert watch.busiest() == ("recursive", Times(0.5, 0.25, 0.125))


def test_evidence_is_what_changed_during_the_trial() -> None:
    before = Counts(5, Counter(answered=10, timeout=1), Counter(busy=2))
    after = Counts(8, Counter(answered=30, timeout=4, refused=2), Counter(busy=2, runt=1))
    seen = evidence_of(valid=True, sent=9, failed=4, missing=3, watch=Watch({}), before=before, after=after)
    assert (seen.buffer_drops, seen.upstream, seen.upstream_failed, seen.dropped) == (3, 25, 5, 1)
    assert seen.busiest is None


def test_metrics_pages_are_summed_each_once() -> None:
    page = (
        'biaoshi_upstream_requests_total{node="a",tier="recursive",to_tier="root",outcome="timeout"} 2\n'
        'biaoshi_upstream_requests_total{node="b",tier="recursive",to_tier="root",outcome="timeout"} 3\n'
        'biaoshi_dropped_total{node="a",tier="recursive",reason="busy"} 4\n'
    )
    found = counts(["http://one", "http://two", "http://one"], [], lambda url: page)
    assert found.upstream == {"timeout": 10}
    assert found.dropped == {"busy": 8}


def test_drops_are_those_of_the_addresses_asked_about(tmp_path: Path) -> None:
    (tmp_path / "net").mkdir()
    heading = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode …"
    row = "{}: {} 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 227307 2 0000000000000000 {}"
    rows = [row.format(1, "0105567F:0A51", 3), row.format(2, "0105567F:0E39", 4), row.format(3, "0205567F:0A51", 50)]
    (tmp_path / "net" / "udp").write_text("\n".join([heading, *rows, "cut short"]))
    (tmp_path / "net" / "udp6").write_text(
        "\n".join([heading, row.format(1, "00000000000000000000000001000000:0A51", 600)])
    )
    assert buffer_drops([("127.86.5.1", 2641), ("127.86.5.1", 3641)], tmp_path) == 7
    assert buffer_drops([("::1", 2641)], tmp_path) == 600
    assert buffer_drops([("127.86.5.1", 2641)], tmp_path / "none") == 0


@pytest.mark.skipif(not Path("/proc/net/udp").exists(), reason="/proc is Linux's")
def test_the_kernel_counts_what_finds_a_buffer_full() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as full, socket.socket(type=socket.SOCK_DGRAM) as sender:
        full.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        full.bind(("127.0.0.1", 0))
        for _ in range(100):
            sender.sendto(bytes(1000), full.getsockname())
        assert 50 < buffer_drops([full.getsockname()]) <= 100


@pytest.mark.skipif(not Path("/proc/self/schedstat").exists(), reason="/proc is Linux's")
def test_this_process_has_used_some_time_and_no_process_has_used_none() -> None:
    mine = times_of(os.getpid())
    assert mine is not None
    assert mine.own_s + mine.kernel_s > 0
    assert times_of(2**22 + 1) is None
