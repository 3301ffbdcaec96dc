"""What the browser gets: whole, from here alone, in both languages."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

from biaoshi.console.loads import ARRIVALS, OFFERED
from biaoshi.console.server import assets
from nodes.faults import SETTINGS
from resolver.net.faults import FAULTS
from resolver.wire.explain import explain

ASSETS = Path(__file__).parents[2] / "biaoshi/console/assets"
AXE = Path(__file__).parent / "axe"
VECTORS = Path(__file__).parents[1] / "vectors"
OURS = [*ASSETS.glob("*.js"), *ASSETS.glob("lib/*.js"), *ASSETS.glob("views/*.js")]


def book(language: str) -> dict[str, str]:
    text = (ASSETS / f"words/{language}.js").read_text(encoding="utf-8")
    words: dict[str, str] = json.loads(text.removeprefix("export default ").rstrip().removesuffix(";"))
    return words


def test_both_languages_have_the_same_words_with_the_same_gaps() -> None:
    english, chinese = book("en"), book("zh")
    assert english.keys() == chinese.keys()
    for key, words in english.items():
        assert words and chinese[key]
        assert set(re.findall(r"\{\w+\}", words)) == set(re.findall(r"\{\w+\}", chinese[key])), key


def test_every_word_that_a_view_uses_is_there_and_none_is_left_over() -> None:
    source = "".join(file.read_text(encoding="utf-8") for file in OURS)
    used = set(re.findall(r'"([a-z_]+(?:\.[a-z_0-9-]+)?)"', source))
    computed = tuple(set(re.findall(r't(?:_or)?\("([a-z_]+\.)" \+', source)))
    words = book("en")
    asked = set(re.findall(r'\bt\("([^"]+)"[,)]', source))
    assert asked <= words.keys()
    assert [key for key in words if key not in used and not key.startswith(computed)] == []


def test_whatever_the_server_names_has_words() -> None:
    words = book("zh")
    for kind in FAULTS:
        assert f"kind.{kind}" in words and f"fault.{kind}" in words
    assert {f"setting.{name}" for name in SETTINGS} <= words.keys()
    assert {f"workload.{name}" for name in OFFERED} | {f"arrivals.{name}" for name in ARRIVALS} <= words.keys()


def test_every_field_of_every_packet_that_we_have_is_named_in_chinese() -> None:
    recorded = "".join(file.read_text(encoding="utf-8", errors="replace") for file in VECTORS.rglob("*.json"))
    packets = {bytes.fromhex(each) for each in re.findall(r"(?<![0-9a-f])(?:[0-9a-f]{2}){30,}(?![0-9a-f])", recorded)}
    names = {row.name for packet in packets for row in explain(packet).rows}
    assert len(names) > 80
    chinese = book("fields.zh")
    assert [name for name in names if not {name, re.sub(" (length|count)$", "", name)} & chinese.keys()] == []


@pytest.mark.parametrize("folder", [ASSETS / "vendor", AXE])
def test_what_is_vendored_is_what_its_readme_says(folder: Path) -> None:
    sums = re.findall(r"^ +([0-9a-f]{64})  (\S+)$", (folder / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert {name for _, name in sums} == {file.name for file in folder.iterdir() if "js" in file.suffix}
    for digest, name in sums:
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    assert list(folder.glob("*.LICENSE"))


def test_nothing_comes_from_elsewhere_and_nothing_is_written_as_markup() -> None:
    for file in (*OURS, ASSETS / "index.html", ASSETS / "console.css"):
        text = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?:|innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b", text), file
    page = (ASSETS / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"<style|<script>|\son\w+=|\sstyle=", page)


def test_every_import_of_the_page_is_served() -> None:
    served = assets()
    for file in (*OURS, ASSETS / "index.html"):
        for path in re.findall(r'"/assets/([^"]+)"', file.read_text(encoding="utf-8")):
            assert path in served, (file, path)
