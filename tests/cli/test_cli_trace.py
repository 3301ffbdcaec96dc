"""One resolution, drawn: the same story as text, Mermaid, HTML and JSON, whatever a handle or a value holds."""

import re
from dataclasses import replace
from html.parser import HTMLParser

from biaoshi.trace import (
    CacheEvent,
    Hop,
    Names,
    Resolution,
    cache_events_of,
    draw_html,
    draw_mermaid,
    draw_text,
    hops_of,
    value_rows,
)

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
        Hop(0.0, "client", "recursive-1", "127.86.5.1:2641", "udp", "88.118.8/A", 1, None, (70, 310), (MISS,)),
        Hop(0.2, "recursive-1", "root-1", "127.86.1.1:2641", "udp", "0.NA/88", 303, "127.86.4.1:2641", (71, 200)),
        Hop(1.5, "recursive-1", "192.0.2.7:2641", "192.0.2.7:2641", "tcp", "88.118.8/A", None, None, (70, 0)),
    ),
)
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
    page.feed(draw_html(replace(COLD, handle=TRICKY, values=(value,), hops=hops), NAMES))
    assert "script" not in page.tags and page.fetched == []
    assert page.tags.count("svg") == 1 and page.tags.count("tr") == 2


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
            {**hop, "at_mono_ns": 5_000_000, "octets": [1, 2]},
            {**hop, "at_mono_ns": 3_000_000, "octets": [3, 4]},
        ],
        "cache": [{"at_mono_ns": 2_500_000, "cache": "prefix", "outcome": "hit", "key": "0.NA/88"}],
    }
    hops = hops_of(report, "recursive-1", NAMES, 2_000_000)
    assert [(hop.at_ms, hop.sender, hop.receiver, hop.octets) for hop in hops] == [
        (1.0, "recursive-1", "root-1", (3, 4)),
        (3.0, "recursive-1", "root-1", (1, 2)),
    ]
    assert cache_events_of(report, 2_000_000) == (CacheEvent(0.5, "prefix", "hit", "0.NA/88"),)
