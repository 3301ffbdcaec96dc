"""The documentation site: every page can be put together, what is generated is whole, MkDocs finds nothing amiss."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import assemble
import commands_page
import configuration_page
import packet_tables
import pytest

from biaoshi.scenarios import ScenarioConfig
from biaoshi.simulation import TimesConfig
from nodes.faults import FaultConfig
from nodes.schema import json_schema
from resolver.model.now import Now
from resolver.model.question import Question
from resolver.rules import replies
from resolver.wire.message import encode

COMMANDS = dict(commands_page.every_command())
MARKUP = "<img src=x onerror=alert(1)>"


@pytest.mark.parametrize("place", assemble.sources())
def test_every_page_becomes_one_that_mkdocs_reads(place: str) -> None:
    text = assemble.Pages().text(place)
    assert not re.search(r"^ *```\S+ |^```mermaid|^<!-- (packet|picture)", text, re.MULTILINE)


@pytest.mark.parametrize("place", assemble.sources())
def test_no_page_of_the_site_links_to_itself_for_another_language(place: str) -> None:
    here = assemble.neutral(place).rpartition("/")[2]
    assert f"]({here})" not in assemble.Pages().text(place), "a link to its translation stands on a line of its own"


def test_links_lead_to_pages_and_files_of_the_site() -> None:
    made = assemble.Pages()
    text = made.text("watch.md")
    assert "](watch.zh-CN.md)" not in text, "the site itself changes languages"
    assert (
        made._link("", "x", "../ARCHITECTURE.md#map", "docs/speed.md", "speed.md", "en") == "[x](architecture.md#map)"
    )
    assert made._link("", "x", "speed.zh-CN.md", "docs/faults.zh-CN.md", "faults.zh-CN.md", "en") == "[x](speed.md)"
    link = made._link("", "x", "../../configs/loads/day.toml", "docs/notes/speed.md", "notes/speed.md", "en")
    assert link == "[x](../files/configs/loads/day-toml.txt)"
    assert made.linked == {"files/configs/loads/day-toml.txt": "configs/loads/day.toml"}
    aim = ("", "x", "docs/faults.md#scenarios", "CHANGELOG.md", "changelog.md")
    assert made._link(*aim, "en") == "[x](faults.md#scenarios)"
    assert made._link(*aim, "zh-CN") == "[x](faults.md)", "the translation has other headings"
    with pytest.raises(assemble.Problem, match=r"docs/a\.md: the link to nowhere\.md leads nowhere"):
        made._link("", "x", "nowhere.md", "docs/a.md", "a.md", "en")


@pytest.mark.parametrize("mark", ["packet", "picture"])
def test_a_mark_that_names_nothing_is_refused(mark: str) -> None:
    with pytest.raises(assemble.Problem, match=f"docs/a.md: there is no {mark} called other"):
        assemble.generated(mark, "other", "en", "docs/a.md")


def test_every_page_stands_in_the_navigation_once() -> None:
    places = {place for place in assemble.sources() if assemble.language_of(place) == "en"}
    places |= {f"{name}.md" for name in assemble.GENERATED}
    nav, words = assemble.navigation(places)
    found = re.findall(r"'([\w/.-]+\.md)'", str(nav))
    assert sorted(found) == sorted(places), "NAVIGATION in docs/site/assemble.py has a line for every page"
    assert all(words.values())


def test_every_configuration_key_says_what_it_means() -> None:
    schemas = [json_schema(), *(each.model_json_schema() for each in (ScenarioConfig, FaultConfig, TimesConfig))]
    keys = [key for schema in schemas for key in configuration_page.keys(schema)]
    assert {"cache.packet_octets", "nodes[].name", "nation.processes.secondary", "events[].at_s"} <= {
        key.path for key in keys
    }
    assert [key.path for key in keys if not key.meaning] == []


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_and_option_says_what_it_does_and_how_it_ends(words: str) -> None:
    command = COMMANDS[words]
    assert re.search(r"[Ee]xit codes?", command.help or ""), "no exit codes"
    assert [each.name for each in command.params if not each.help and not getattr(each, "hidden", False)] == []


@pytest.mark.parametrize("words", COMMANDS)
def test_the_examples_of_a_command_are_calls_of_it(words: str) -> None:
    for example in commands_page.examples(COMMANDS[words]):
        parse(example)


def parse(example: str) -> None:
    """Take a command line apart as the program would; files that it names need not be there."""
    line = re.split(r"  +|\s+[|>#]\s*", example.partition(" # ")[0])[0].replace("…", "")
    given = shlex.split(line)
    words = next((" ".join(given[:count]) for count in (3, 2) if " ".join(given[:count]) in COMMANDS), None)
    assert words, f"no such command: {example}"
    command: Any = COMMANDS[words]
    context = command.make_context(words, given[len(words.split()) :], resilient_parsing=True)
    assert not context.args, f"what is {context.args} in {example}?"


def test_an_example_with_an_option_that_is_not_there_is_found() -> None:
    with pytest.raises(Exception, match="--nonsense"):
        parse("biaoshi resolve 88.118.8/A --nonsense")


def test_whatever_a_packet_says_is_text() -> None:
    now = Now(0, 1_700_000_000 * 10**9)
    packet = encode(replies.request_message(Question(f"88.1/{MARKUP}".encode()), 1, now))
    table = packet_tables.explained(packet, MARKUP, "en")
    assert "<img" not in table and table.count("&lt;img src=x onerror=alert(1)&gt;") >= 2


class Fetched(HTMLParser):
    """What a page would load by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        said = dict(attributes)
        if tag in ("script", "img", "iframe", "source") and said.get("src"):
            self.addresses.append(said["src"] or "")
        if tag == "link" and said.get("rel") not in ("canonical", "alternate", "prev", "next"):
            self.addresses.append(said.get("href") or "")


@pytest.mark.long
@pytest.mark.skipif(find_spec("material") is None, reason="mkdocs-material is not installed: make setup brings it")
def test_the_site_is_built_strictly_and_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    assemble.assemble(tmp_path)
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--config-file", str(tmp_path / "mkdocs.yml")],
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    site = tmp_path / "site"
    names = {path.relative_to(site).as_posix() for path in site.rglob("*.html")}
    for page in ("index.html", "tour.html", "packets.html", "commands.html", "configuration.html"):
        assert {page, f"zh-CN/{page}"} <= names
    for name in names:
        seen = Fetched()
        seen.feed((site / name).read_text(encoding="utf-8"))
        assert [address for address in seen.addresses if re.match(r"(https?:)?//", address)] == [], name
    assert "五级节点" in (site / "zh-CN/tour.html").read_text(encoding="utf-8")
    assert (site / "packets.html").read_text(encoding="utf-8").count('class="packet"') >= 10
