"""The report as one HTML page: all of it inside, nothing of it harmful, both languages."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from made_results import MS, perfect, scattered

import loadgen
from loadgen.page import VOLUMES, json_inside, page_of, write_page
from loadgen.report import figures_of
from loadgen.results import Result
from resolver.errors import OperatorError

ASSETS = Path(loadgen.__file__).parent / "assets"
HOSTILE = "</title></script><script>alert(1)</script><img src=x onerror=alert(1)>&'\""


class Read(HTMLParser):
    """What a browser finds in the page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inside: dict[str, list[str]] = {"script": [], "style": []}
        self.words: list[tuple[str | None, str]] = []  # language (None: both), text
        self._open: list[tuple[str, str | None]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "input", "rect"):
            self._open.append((tag, dict(attrs).get("lang") if tag == "span" else None))
        if tag in self.inside:
            self.inside[tag].append("")

    def handle_endtag(self, tag: str) -> None:
        while tag != "rect" and self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1][0] in self.inside:
            self.inside[self._open[-1][0]][-1] += data
        else:
            self.words.append((next((lang for _, lang in reversed(self._open) if lang), None), data))

    def text(self, language: str) -> str:
        """What one reader sees, blanks evened out."""
        return " ".join(" ".join(words for lang, words in self.words if lang in (language, None)).split())


def test_the_page_holds_the_figures_of_the_report() -> None:
    result = scattered()
    figures, text = figures_of(result), Read(page_of(result)).text("en")
    for number in (figures.sent, figures.answered, figures.timed_out, figures.late, figures.wrong, figures.per_day):
        assert f"{number:,}" in text
    for objective, _, _ in figures.objectives:
        assert objective.text in text
    assert f"{figures.latency_ms['p99']:.1f}" in text


def test_the_page_loads_nothing_and_runs_only_the_scripts_its_policy_names() -> None:
    read = Read(page_of(scattered()))
    policy = next(
        attributes["content"]
        for tag, attributes in read.tags
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy is not None
    assert policy.startswith("default-src 'none';")
    scripts = [inside for inside in read.inside["script"] if not inside.startswith("{")]
    assert len(scripts) == 2
    for inside in (*scripts, *read.inside["style"]):
        assert base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode() in policy
    for _, attributes in read.tags:
        assert not {"src", "href", "style", "srcset", "onload", "onerror", "action"} & set(attributes)
    assert not re.search(r"url\(|@import", "".join(read.inside["style"]))


def test_names_and_notes_stay_text() -> None:
    result = perfect(network=HOSTILE, notes=[HOSTILE], mode=HOSTILE, targets=[HOSTILE, "b"], machine={HOSTILE: HOSTILE})
    result.records["verdict"][0] = 2
    read = Read(page_of(result))
    assert [tag for tag, _ in read.tags].count("script") == 3
    assert "img" not in {tag for tag, _ in read.tags}
    assert read.text("en").count("alert(1)") >= 8


def test_json_cannot_leave_its_script() -> None:
    inside = json_inside({"text": "</script><!--&\u2028\u2029标识"})
    assert not set("<>&\u2028\u2029") & set(inside)
    assert json.loads(inside) == {"text": "</script><!--&\u2028\u2029标识"}


def test_every_text_stands_in_both_languages() -> None:
    read = Read(page_of(scattered()))
    languages = [attributes["lang"] for tag, attributes in read.tags if tag == "span" and "lang" in attributes]
    assert languages.count("en") > 60
    # The Chinese reader is told the daily volume in myriads too.
    assert languages.count("zh-CN") == languages.count("en") + 1
    english = read.text("en").replace("加载报告", "").replace("中文", "")  # the title, and the switch
    assert not re.search("[\u4e00-\u9fff]", english)
    assert "时延自计划发送时刻起算" in read.text("zh-CN")


def series_of(result: Result) -> dict[str, Any]:
    """What the charts draw."""
    series: dict[str, Any] = json.loads(
        next(inside for inside in Read(page_of(result)).inside["script"] if inside.startswith("{"))
    )
    return series


def test_the_chart_data_are_the_figures() -> None:
    result = perfect()
    series = series_of(result)
    assert len(series["odds"]) == len(series["latency"]) == len(series["service"]) == len(series["lateness"])
    assert set(series["latency"]) == {1.0}
    assert set(series["service"]) == {0.99}
    assert set(series["lateness"]) == {0.01}
    assert set(series["offered"]) == set(series["good"]) == {100.0}
    assert set(series["failed"]) == {0.0}
    assert set(series["planned"]) == {100.0}
    assert series["limits"] == [{"odds": pytest.approx(100), "ms": 20.0, "text": "p99<20ms"}]


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (perfect(), "PASS"),
        (perfect(goal_per_day=10**9), "FAIL"),
        (perfect(own_drops=3), "INVALID: not a measurement"),
        (scattered(), "FAIL: wrong answers"),
        (perfect(interrupted=True), "ENDED EARLY"),
    ],
)
def test_the_verdict_stands_first(result: Result, words: str) -> None:
    text = Read(page_of(result)).text("en")
    assert re.search(r"· udp (.{0,40})", text)[1].startswith(words)  # type: ignore[index]


def test_a_compressed_day_is_shown_as_the_day_it_stands_for() -> None:
    result = perfect(pacing="day:mean=100,scale=8640", time_scale=8640.0)
    late = (result.records["due"] >= 4000 * MS) & (result.records["due"] < 5000 * MS)
    result.records["received"][late] += 50 * MS
    text, series = Read(page_of(result)).text("en"), series_of(result)
    assert re.search(r"Planned in 24 h ?: 8,640,000 resolutions; achieved: 8,640,000", text)
    assert "The SLO was kept in 9 / 10 pieces of 144 min , 1,296 / 1,440 minutes." in text
    assert "The shape of the day is ours" in text
    assert series["scale"] == 8640
    assert sum(series["planned"]) == pytest.approx(1000, rel=0.01)
    assert max(series["planned"]) > 200 > 50 > min(series["planned"])


def test_a_pacing_without_a_curve_is_shown_without_one() -> None:
    assert series_of(perfect(pacing="constant:50 + constant:50"))["planned"] == []


def test_pass_marks_say_where_they_come_from() -> None:
    text = Read(page_of(perfect(goal_per_day=10_000_000))).text("en")
    assert "the 2021–2023 action plan: tens of millions a day" in text
    assert "ours: no public source gives one" in text
    assert "set for this run" in Read(page_of(perfect(goal_per_day=5))).text("en")


def test_tiers_are_shown_each_by_itself() -> None:
    text = Read(page_of(perfect())).text("en")
    assert "never added up" in text
    assert "recursive 1,000 1,000 8,640,000 2 / 2" in text
    assert "1,003" not in text  # their sum


def test_whether_caches_forgot_as_fast_as_the_day_went_by_is_said() -> None:
    day = {"pacing": "day:mean=100,scale=8640", "time_scale": 8640.0}
    assert "caches forgot as in the whole day" in page_of(perfect(**day, ttl_scale=8640.0))
    assert "caches forgot more seldom or more often" in page_of(perfect(**day))


def test_published_volumes_are_shown_for_scale_with_their_source() -> None:
    text = Read(page_of(perfect())).text("en")
    for volume in VOLUMES:
        assert f"{volume.english} [{volume.source}] {volume.per_day:,}" in text


def test_the_certificate_names_what_failed() -> None:
    result = perfect()
    result.records["sent"] += 6 * MS
    result.records["received"] += 6 * MS
    text = Read(page_of(result)).text("en")
    assert "lateness of sending, p99 6,010 µs ≤ 5,000 µs ✗ missed" in text


def test_a_run_without_a_request_is_still_a_page() -> None:
    result = perfect()
    page = page_of(Result({**result.header, "interrupted": True, "cache_hit": None, "tiers": {}}, result.records[:0]))
    assert "Not known for this run" in page


def test_a_page_that_cannot_be_written_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(OperatorError) as refused:
        write_page(tmp_path / "none" / "page.html", perfect())
    assert "page.html" in refused.value.file


def test_what_is_vendored_is_what_its_note_says() -> None:
    sums = re.findall(r"^ +([0-9a-f]{64})  (\S+)$", (ASSETS / "README.md").read_text(), re.MULTILINE)
    assert {name for _, name in sums} == {"uPlot.iife.min.js", "uPlot.min.css"}
    for digest, name in sums:
        assert hashlib.sha256((ASSETS / name).read_bytes()).hexdigest() == digest
    assert "v1.6.32" in (ASSETS / "uPlot.iife.min.js").read_text()[:100]
    assert "MIT" in (ASSETS / "uPlot.LICENSE").read_text()
