"""One resolution, drawn: the same story in every form, whatever a handle or a value holds."""

import asyncio
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import pairwise
from pathlib import Path
from threading import Thread
from typing import Any

import browser
import pytest
from command_line import CommandLine

from biaoshi.trace import (
    CacheEvent,
    Hop,
    Names,
    Resolution,
    cache_events_of,
    draw_mermaid,
    draw_text,
    hops_of,
    value_rows,
)
from biaoshi.trace_otel import collector_of, draw_otel, post
from biaoshi.trace_page import draw_page
from biaoshi.trace_perfetto import draw_perfetto
from resolver.errors import OperatorError, PeerError, Unreachable

NODES = [
    {"name": "root-1", "address": "127.86.1.1:2641"},
    {"name": "enterprise-88.118.8", "address": "127.86.4.1:2641"},
    {"name": "recursive-1", "address": "127.86.5.1:2641"},
]
NAMES = Names(NODES)
MISS = CacheEvent(0.1, "answer", "miss", "88.118.8/A")
COLD = Resolution(
    handle="88.118.8/A",
    code=1,
    source="authority",
    elapsed_ms=3.2,
    values=(
        {"index": 1, "type": "URL", "data": {"format": "string", "value": "https://标识.example"}, "ttl": 86400},
        {"index": 2, "type": "BLOB", "data": {"format": "base64", "value": "AAE="}, "ttl": 60},
    ),
    hops=(
        Hop(0.0, "client", "recursive-1", "127.86.5.1:2641", "udp", "88.118.8/A", 1, None, (70, 310), (MISS,), 3.2),
        Hop(
            0.2,
            "recursive-1",
            "root-1",
            "127.86.1.1:2641",
            "udp",
            "0.NA/88",
            303,
            "127.86.4.1:2641",
            (71, 200),
            (),
            1.1,
        ),
        Hop(1.5, "recursive-1", "192.0.2.7:2641", "192.0.2.7:2641", "tcp", "88.118.8/A", None, None, (70, 0)),
    ),
    began_unix_ns=1_700_000_000_000_000_000,
)
FORMS = {
    "text": draw_text,
    "mermaid": draw_mermaid,
    "html": draw_page,
    "perfetto": draw_perfetto,
    "otel": draw_otel,
}
MARKUP = '<img src=x onerror="document.title=1">'
TRICKY = 'end;#%%{<script>alert("x")</script>}:\n\x1b[2J标识'


def test_text_tells_the_hops_in_order_of_time() -> None:
    assert draw_text(COLD, NAMES).splitlines() == [
        "resolution 解析: 88.118.8/A",
        "     0.00 ms  client → recursive-1  88.118.8/A  127.86.5.1:2641 udp",
        "     0.10 ms      · answer cache: miss 未命中  88.118.8/A",
        "     0.20 ms      recursive-1 → root-1  0.NA/88  127.86.1.1:2641 udp",
        "                  recursive-1 ← root-1  PREFIX_REFERRAL ⇒ enterprise-88.118.8 (127.86.4.1:2641)"
        "  [71 → 200 octets]",
        "     1.50 ms      recursive-1 → 192.0.2.7:2641  88.118.8/A  192.0.2.7:2641 tcp",
        "                  recursive-1 ✗ 192.0.2.7:2641  no answer 无应答  [70 octets out]",
        "     3.20 ms  client ← recursive-1  SUCCESS  [70 → 310 octets]",
        "SUCCESS, from 来源: authority 权威, 3.20 ms",
    ]


def test_json_is_the_contracts_document() -> None:
    document = COLD.as_json()
    assert {key: document[key] for key in ("handle", "code", "code_name", "source", "elapsed_ms")} == {
        "handle": "88.118.8/A",
        "code": 1,
        "code_name": "SUCCESS",
        "source": "authority",
        "elapsed_ms": 3.2,
    }
    assert document["trace"][1] == {
        "at_ms": 0.2,
        "from": "recursive-1",
        "to": "root-1",
        "address": "127.86.1.1:2641",
        "transport": "udp",
        "question": "0.NA/88",
        "code": 303,
        "referral": "127.86.4.1:2641",
        "octets": [71, 200],
        "took_ms": 1.1,
        "cache": [],
    }


def test_mermaid_has_a_participant_for_everybody_and_an_arrow_each_way() -> None:
    lines = draw_mermaid(COLD, NAMES).splitlines()
    assert lines[:5] == [
        "sequenceDiagram",
        "    participant p0 as client",
        "    participant p1 as recursive-1",
        "    participant p2 as root-1",
        "    participant p3 as 192.0.2.7:2641",
    ]
    arrows = [re.match(r" {4}(p\d(?:->>|-->>|--x)p\d): ", line) for line in lines]
    assert [arrow[1] for arrow in arrows if arrow] == [
        "p0->>p1",
        "p1->>p2",
        "p2-->>p1",
        "p1->>p3",
        "p3--xp1",
        "p1-->>p0",
    ]


def test_mermaid_survives_what_a_handle_may_hold() -> None:
    drawn = draw_mermaid(replace(COLD, hops=(replace(COLD.hops[0], question=TRICKY),)), NAMES)
    words = next(line for line in drawn.splitlines() if "->>" in line).partition(": ")[2]
    assert not set(re.sub(r"#\d+;", "", words)) & set(";#%{}<>\"'\x1b\n")
    assert "标识" in words


def test_text_and_values_cannot_steer_a_terminal() -> None:
    value = {"index": 1, "type": TRICKY, "data": {"format": "string", "value": TRICKY}, "ttl": 1}
    result = replace(COLD, handle=TRICKY, message=TRICKY, values=(value,))
    shown = draw_text(result, NAMES) + "".join(value_rows(result)[0])
    assert "\x1b" not in shown and "标识" in shown


class Structure(HTMLParser):
    """The tags of a page, and whatever it would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.fetched: list[str | None] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.fetched += [value for name, value in attributes if name in ("src", "href")]


def test_html_is_one_page_that_fetches_nothing_and_runs_nothing() -> None:
    value = {"index": 1, "type": TRICKY, "data": {"format": "string", "value": TRICKY}, "ttl": 1}
    hops = (replace(COLD.hops[0], question=TRICKY), *COLD.hops[1:])
    page = Structure()
    page.feed(draw_page(replace(COLD, handle=TRICKY, values=(value,), hops=hops), NAMES))
    assert "script" not in page.tags and page.fetched == []
    assert page.tags.count("svg") == 3 and page.tags.count("tr") == 4  # picture, two bars whose end is known, value


def full_of(words: str) -> Resolution:
    """A resolution in which everything that comes from outside says this."""
    value = {"index": 1, "type": words, "data": {"format": "string", "value": words}, "ttl": 1}
    hop = replace(COLD.hops[0], question=words, cache=(CacheEvent(0.1, words, words, words),))
    return replace(COLD, handle=words, message=words, values=(value,), hops=(hop, *COLD.hops[1:]))


def test_markup_is_text_in_every_form() -> None:
    drawn = {form: draw(full_of(MARKUP), NAMES) for form, draw in FORMS.items()}
    page = Structure()
    page.feed(drawn["html"])
    assert "img" not in page.tags and "onerror" in drawn["html"]
    assert "<img" not in drawn["mermaid"] and "onerror" in drawn["mermaid"]
    assert MARKUP in drawn["text"]
    asked = [each for each in json.loads(drawn["perfetto"])["traceEvents"] if each.get("cat") == "hop"]
    assert any(each["name"] == MARKUP for each in asked)
    assert any(span["handle.question"] == MARKUP for span, _ in spans_of(drawn["otel"]))


@pytest.mark.long
@pytest.mark.skipif(browser.CHROMIUM is None, reason="Debian's chromium is not installed")
def test_a_browser_shows_the_picture_and_runs_nothing_of_it(tmp_path: Path) -> None:
    asyncio.run(look_at_the_picture(tmp_path))


async def look_at_the_picture(tmp_path: Path) -> None:
    file = tmp_path / "trace.html"
    file.write_text(draw_page(full_of(MARKUP), NAMES), encoding="utf-8")
    async with browser.page(tmp_path / "profile") as tab:
        await tab.go(file.as_uri())
        assert await tab.value("document.images.length") == 0
        assert MARKUP in await tab.value("document.body.innerText")
        assert await tab.value("getComputedStyle(document.querySelector('h2 [lang=zh-CN]')).display") == "none"
        await tab.value("document.querySelector('label[for=chinese]').click()")
        assert await tab.value("getComputedStyle(document.querySelector('h2 [lang=zh-CN]')).display") != "none"
        inside = "(box => box.right <= document.querySelector('svg').getBoundingClientRect().right)"
        words = "[...document.querySelectorAll('svg text')].map(text => text.getBoundingClientRect())"
        assert await tab.value(f"{words}.every({inside})"), "words run out of the picture"


def test_perfetto_has_a_slice_for_each_hop_on_the_track_of_who_was_asked() -> None:
    document = json.loads(draw_perfetto(COLD, NAMES))
    events = document["traceEvents"]
    tracks = {each["tid"]: each["args"]["name"] for each in events if each["name"] == "thread_name"}
    assert list(tracks.values()) == ["client", "recursive-1", "root-1", "192.0.2.7:2641"]
    slices = [(tracks[each["tid"]], each["name"], each["ts"], each["dur"]) for each in events if each["ph"] == "X"]
    assert slices == [
        ("client", "resolve 88.118.8/A", 0, 3_200),
        ("recursive-1", "88.118.8/A", 0, 3_200),
        ("root-1", "0.NA/88", 200, 1_100),
        ("192.0.2.7:2641", "88.118.8/A", 1_500, 1_700),  # nobody knows its end
    ]
    told = next(each["args"] for each in events if each["name"] == "0.NA/88")
    assert (told["code"], told["referral"], told["octets_out"]) == ("PREFIX_REFERRAL", "enterprise-88.118.8", 71)
    assert [each["ts"] for each in events if each["ph"] == "i"] == [100]
    arrows = [(each["id"], each["ph"]) for each in events if each["ph"] in "sf"]
    assert arrows == [(number, end) for number in (1, 2, 3) for end in "sf"]


def test_perfetto_slices_of_one_track_do_not_overlap_and_none_is_before_the_beginning() -> None:
    joined = replace(COLD.hops[1], at_ms=-0.5)  # somebody else had asked already, and we joined
    events = json.loads(draw_perfetto(replace(COLD, hops=(*COLD.hops, joined)), NAMES))["traceEvents"]
    slices = sorted((each["tid"], each["ts"], each["dur"]) for each in events if each["ph"] == "X")
    assert all(at >= 0 for _, at, _ in slices)
    for (one, at, took), (other, later, _) in pairwise(slices):
        assert one != other or at + took <= later


def spans_of(document: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """(attributes, span) of an OTLP document, in order of time; the service's name among the attributes."""
    found = []
    for resource in json.loads(document)["resourceSpans"]:
        for span in resource["scopeSpans"][0]["spans"]:
            named = resource["resource"]["attributes"] + span["attributes"]
            said = {each["key"]: next(iter(each["value"].values())) for each in named}
            found.append((said, span))
    return sorted(found, key=lambda each: (int(each[1]["startTimeUnixNano"]), "parentSpanId" in each[1]))


def test_opentelemetry_has_the_clients_span_the_nodes_and_one_for_each_hop() -> None:
    (client, asked), (node, served), (root, referred), (silent, lost) = spans_of(draw_otel(COLD, NAMES))
    assert {asked["traceId"], served["traceId"], referred["traceId"], lost["traceId"]} == {asked["traceId"]}
    assert "parentSpanId" not in asked and served["parentSpanId"] == asked["spanId"]
    assert referred["parentSpanId"] == lost["parentSpanId"] == served["spanId"]
    kinds = {"server": 2, "client": 3}
    assert [each["kind"] for each in (asked, served, referred, lost)] == [kinds["client"], kinds["server"], 3, 3]
    assert [each["service.name"] for each in (client, node, root)] == ["client", "recursive-1", "recursive-1"]
    assert (root["service.peer.name"], root["handle.response.code_name"]) == ("root-1", "PREFIX_REFERRAL")
    assert (root["network.transport"], root["server.address"], root["server.port"]) == ("udp", "127.86.1.1", "2641")
    times = [int(referred[key]) - COLD.began_unix_ns for key in ("startTimeUnixNano", "endTimeUnixNano")]
    assert times == [200_000, 1_300_000]
    assert silent["error.type"] == "no_answer" and lost["status"]["code"] == 2
    assert [event["name"] for event in served["events"]] == ["answer cache"]
    assert node["handle.source"] == "authority"


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("trace.json", None),
        ("http://127.0.0.1", ("127.0.0.1", 4318, "/v1/traces")),
        ("http://[::1]:9/otlp", ("::1", 9, "/otlp")),
    ],
)
def test_a_trace_goes_to_a_file_or_a_collector(written: str, found: object) -> None:
    assert collector_of(written) == found


@pytest.mark.parametrize("written", ["https://127.0.0.1", "http://", "http://a:b", "http://u@127.0.0.1", "http://[:1"])
def test_an_address_of_no_collector_is_refused(written: str) -> None:
    with pytest.raises(OperatorError, match="not the address of a collector"):
        collector_of(written)


@pytest.mark.parametrize(
    ("trace_format", "written", "problem"),
    [
        ("otel", "http://192.0.2.1:4318", "--trace-out: is not on this machine"),
        ("otel", "https://127.0.0.1", "--trace-out: not the address of a collector"),
        ("html", "http://127.0.0.1:4318", "--trace-out: a collector takes nothing but otel"),
    ],
)
def test_where_a_trace_cannot_go_is_refused_before_anybody_is_asked(
    trace_format: str, written: str, problem: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    call = ("resolve", "88.118.8/A", "--server", "127.0.0.1:9", "--run-dir", str(tmp_path), "--trace-format")
    assert problem in CommandLine(capsys).refused(*call, trace_format, "--trace-out", written)


class Collector(BaseHTTPRequestHandler):
    """Takes what comes to /v1/traces, and refuses all else."""

    taken: list[Any]

    def do_POST(self) -> None:
        self.taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200 if self.path == "/v1/traces" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def test_a_collector_gets_the_document_and_its_refusal_is_told() -> None:
    taken: list[Any] = []
    with HTTPServer(("127.0.0.1", 0), type("Mine", (Collector,), {"taken": taken})) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        host, port = "127.0.0.1", server.server_port
        post(draw_otel(COLD, NAMES), host, port, "/v1/traces")
        with pytest.raises(PeerError, match="HTTP 404"):
            post("{}", host, port, "/elsewhere")
        server.shutdown()
    assert taken[0]["resourceSpans"] and len(taken) == 2
    with pytest.raises(Unreachable):
        post("{}", host, port, "/v1/traces")


def test_binary_data_says_how_it_is_written() -> None:
    assert value_rows(COLD) == [
        ("1", "URL", "https://标识.example", "86400"),
        ("2", "BLOB", "AAE= (base64)", "60"),
    ]


def test_names_come_by_address_then_by_an_address_that_only_one_node_has() -> None:
    assert NAMES.at("127.86.5.1:2641") == "recursive-1"
    assert NAMES.at("127.86.5.1:3641") == "recursive-1"
    assert NAMES.at("192.0.2.1:2641") == "192.0.2.1:2641"
    shared = Names([{"name": "a", "address": "127.0.0.1:1"}, {"name": "b", "address": "127.0.0.1:2"}])
    assert (shared.at("127.0.0.1:2"), shared.at("127.0.0.1:3")) == ("b", "127.0.0.1:3")


def test_a_nodes_report_becomes_hops_and_events_in_milliseconds_from_the_start() -> None:
    hop = {"address": "127.86.1.1:2641", "transport": "udp", "question": "0.NA/88", "code": 1, "referral": None}
    report = {
        "source": "authority",
        "hops": [
            {**hop, "at_mono_ns": 5_000_000, "octets": [1, 2], "took_ns": None},
            {**hop, "at_mono_ns": 3_000_000, "octets": [3, 4], "took_ns": 1_250_000},
        ],
        "cache": [{"at_mono_ns": 2_500_000, "cache": "prefix", "outcome": "hit", "key": "0.NA/88"}],
    }
    hops = hops_of(report, "recursive-1", NAMES, 2_000_000)
    assert [(hop.at_ms, hop.sender, hop.receiver, hop.octets, hop.took_ms) for hop in hops] == [
        (1.0, "recursive-1", "root-1", (3, 4), 1.25),
        (3.0, "recursive-1", "root-1", (1, 2), None),
    ]
    assert cache_events_of(report, 2_000_000) == (CacheEvent(0.5, "prefix", "hit", "0.NA/88"),)
