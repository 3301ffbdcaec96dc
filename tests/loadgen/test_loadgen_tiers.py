"""Per-tier counts: the difference of two scrapes, tier by tier."""

from __future__ import annotations

import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from loadgen.tiers import Scrape, cache_hit_between, read_page, scrape, tiers_between, took_part_between
from resolver.errors import Unreachable

REQUESTS, CACHE = "biaoshi_requests_total", "biaoshi_cache_requests_total"
RECURSIVE = 'node="recursive-1",tier="recursive"'
PAGE = f"""\
# TYPE biaoshi_requests_total counter
{REQUESTS}{{{{{RECURSIVE},transport="udp",opcode="RESOLUTION",code="SUCCESS"}}}} {{success}}
{REQUESTS}{{{{{RECURSIVE},transport="tcp",opcode="RESOLUTION",code="HANDLE_NOT_FOUND"}}}} 4.0
{REQUESTS}{{{{node="recursive-2",tier="recursive",transport="udp",opcode="RESOLUTION",code="none"}}}} {{none}}
{REQUESTS}{{{{node="root-1",tier="root",transport="udp",opcode="RESOLUTION",code="PREFIX_REFERRAL"}}}} 7.0
# TYPE biaoshi_cache_requests_total counter
{CACHE}{{{{{RECURSIVE},cache="packet",outcome="hit"}}}} {{hits}}
{CACHE}{{{{{RECURSIVE},cache="answer",outcome="hit"}}}} {{hits}}
{CACHE}{{{{{RECURSIVE},cache="answer",outcome="stale"}}}} {{hits}}
{CACHE}{{{{{RECURSIVE},cache="answer",outcome="negative"}}}} {{hits}}
{CACHE}{{{{{RECURSIVE},cache="answer",outcome="miss"}}}} 500.0
{CACHE}{{{{{RECURSIVE},cache="answer",outcome="joined"}}}} {{other}}
{CACHE}{{{{{RECURSIVE},cache="prefix",outcome="hit"}}}} {{other}}
{CACHE}{{{{node="root-1",tier="root",cache="packet",outcome="hit"}}}} {{other}}
# TYPE biaoshi_records gauge
biaoshi_records{{{{node="national-88",tier="national"}}}} 2.0
# TYPE process_open_fds gauge
process_open_fds 31.0
"""


def page(success: float = 0.0, none: float = 0.0, hits: float = 0.0) -> str:
    return PAGE.format(success=success, none=none, hits=hits, other=9 * hits)


def read(text: str) -> Scrape:
    taken = Scrape(Counter(), Counter(), Counter(), {})
    read_page(text, taken)
    return taken


def test_each_tier_is_counted_by_itself_and_silence_is_no_answer() -> None:
    tiers = tiers_between(read(page()), read(page(success=100.0, none=10.0)))
    assert tiers == {
        "recursive": {"received": 110, "answered": 100},
        "root": {"received": 0, "answered": 0},
        "national": {"received": 0, "answered": 0},
    }


def test_nodes_took_part_if_they_received_anything_meanwhile() -> None:
    assert took_part_between(read(page(none=10.0)), read(page(success=100.0, none=10.0))) == {
        "recursive": {"nodes": 1, "of": 2},
        "root": {"nodes": 0, "of": 1},
        "national": {"nodes": 0, "of": 1},
    }


def test_cache_hits_are_what_the_recursive_tier_answered_from_memory() -> None:
    assert cache_hit_between(read(page()), read(page(success=200.0, hits=10.0))) == 40 / 200


def test_without_requests_there_is_no_share_of_hits() -> None:
    assert cache_hit_between(read(page(5.0)), read(page(5.0))) is None


class _Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path != "/metrics":
            self.send_error(404)
            return
        self.server.asked += 1  # type: ignore[attr-defined]
        self.send_response(200)
        self.end_headers()
        self.wfile.write(page(success=3.0).encode())

    def log_message(self, *_: object) -> None:
        """Nothing on stderr."""


def test_a_page_that_several_nodes_share_is_read_once_and_one_that_is_silent_is_named() -> None:
    with HTTPServer(("127.0.0.1", 0), _Page) as server:
        server.asked = 0  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            url = f"http://127.0.0.1:{server.server_port}/metrics"
            assert scrape([url, url]).received["recursive"] == 7
            assert server.asked == 1  # type: ignore[attr-defined]
            with pytest.raises(Unreachable, match="/elsewhere answers 404"):
                scrape([f"http://127.0.0.1:{server.server_port}/elsewhere"])
        finally:
            server.shutdown()
            thread.join()
    with pytest.raises(Unreachable, match="does not answer"):
        scrape([url])
