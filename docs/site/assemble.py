"""Puts the pages of the documentation site together, for MkDocs to build: `make docs`.

    docs/*.md, ARCHITECTURE.md, …   --> links and fences that the forge understands become those that MkDocs does
    <!-- packet: NAME -->           --> a packet of tests/vectors, explained by the parser that the nodes use
    <!-- picture: NAME -->          --> a drawing of the network, or of a resolution that is made while building
    the command line, the schema    --> commands.md, configuration.md
                                    --> build/docs/pages, and a mkdocs.yml that inherits the repository's

So nothing stands in the repository twice, and every page can be read on the forge, too. Pages X.md and X.zh-CN.md are
one page in two languages.
"""

from __future__ import annotations

import json
import os
import posixpath
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import commands_page
import configuration_page
import packet_tables
import pictures

REPO = Path(__file__).parents[2]
TARGET = REPO / "build" / "docs"
LANGUAGES = ("en", "zh-CN")
FILES = "files"  # what pages link to and is no page goes there, as text unless a browser shows it
SHOWN = ("png", "svg", "html")
SWITCHES = ("", "English", "中文", "中文版")  # what may stand before a link to the page in the other language
LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)")
FENCE = re.compile(r"^(\s*)```(\S+) .*$", re.MULTILINE)
MARK = re.compile(r"^<!-- (packet|picture): ([\w.-]+) -->$", re.MULTILINE)
MERMAID = re.compile(r"^```mermaid\n.*?^```\n", re.MULTILINE | re.DOTALL)  # would need a script from elsewhere

# Pages that stand elsewhere in the repository, and where they are on the site.
ELSEWHERE = {
    "README.md": "readme.md",
    "README.zh-CN.md": "readme.zh-CN.md",
    "ARCHITECTURE.md": "architecture.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "configs/README.md": "configs.md",
    "benchmarks/README.md": "benchmarks.md",
}
GENERATED: dict[str, Callable[[str], str]] = {
    "commands": commands_page.page,
    "configuration": configuration_page.page,
}


class Entry(NamedTuple):
    """A line of the navigation: a page or a folder of pages in both languages, or a heading with lines below it."""

    en: str
    zh: str
    below: str | tuple[Entry, ...]


NAVIGATION = (
    Entry("Start", "开始", (
        Entry("What this is", "这是什么", "index.md"),
        Entry("Five minutes", "五分钟上手", "start.md"),
        Entry("The long tour", "完整导览", "readme.md"),
        Entry("Console", "控制台", "console.md"),
        Entry("Labs", "实验", "labs/"),
    )),
    Entry("Understand", "理解", (
        Entry("How it is built", "系统如何构成", "tour.md"),
        Entry("Packets", "看懂报文", "packets.md"),
        Entry("Operations, codes, types", "操作、响应码与类型", "protocol.md"),
        Entry("Doors: HTTP and DNS", "HTTP 与 DNS 入口", "doors.md"),
        Entry("Stories", "会话故事", "stories.md"),
    )),
    Entry("Operate", "运行", (
        Entry("Operator's guide", "运维指南", "operate.md"),
        Entry("Watch", "监视", "watch.md"),
        Entry("Monitoring figures", "监测指标", "monitoring.md"),
        Entry("When others fail", "容错与限流", "resilience.md"),
        Entry("Faults and scenarios", "故障与情景", "faults.md"),
        Entry("Network files", "网络文件", "configs.md"),
    )),
    Entry("Measure", "测量", (
        Entry("How to measure honestly", "如何诚实测量", "measure.md"),
        Entry("A national day", "一个全国日", "examples/README.md"),
        Entry("Speed", "速度", "speed.md"),
        Entry("Virtual time", "虚拟时间", "simulate.md"),
        Entry("Benchmarks", "基准", "benchmarks.md"),
    )),
    Entry("Reference", "参考", (
        Entry("Commands", "命令", "commands.md"),
        Entry("Configuration", "配置", "configuration.md"),
        Entry("Contract", "约定", "notes/contract.md"),
        Entry("Architecture", "架构", "architecture.md"),
        Entry("Contributing", "参与开发", "contributing.md"),
        Entry("Changes", "变更", "changelog.md"),
    )),
    Entry("Notes", "笔记", (
        Entry("Protocol", "协议", "notes/protocol.md"),
        Entry("Behaviour", "行为", "notes/behaviour.md"),
        Entry("Field", "行业事实", "notes/field.md"),
        Entry("What to prove", "待证质量", "notes/quality.md"),
        Entry("Speed limits", "速度极限", "notes/speed.md"),
    )),
)  # fmt: skip


class Problem(Exception):
    """A page says what cannot be built: which page, and what."""


def sources() -> dict[str, str]:
    """Where each page of the site comes from: its place on the site, its path in the repository."""
    found = {
        path.relative_to(REPO / "docs").as_posix(): path.relative_to(REPO).as_posix()
        for path in sorted((REPO / "docs").rglob("*.md"))
        if "site" not in path.relative_to(REPO / "docs").parts
    }
    return found | {place: path for path, place in ELSEWHERE.items() if (REPO / path).exists()}


def language_of(place: str) -> str:
    """The language of a page, by its name."""
    return "zh-CN" if place.endswith(".zh-CN.md") else "en"


def neutral(place: str) -> str:
    """The name of a page in whatever language."""
    return place.replace(".zh-CN.md", ".md")


def file_place(path: str) -> str:
    """Where a file of the repository is on the site. A dot before the last would be taken for a language."""
    stem, _, ending = posixpath.basename(path).rpartition(".")
    stem = stem.replace(".", "-")
    name = f"{stem}.{ending}" if ending in SHOWN else f"{stem}-{ending}.txt".lstrip("-")
    return posixpath.join(FILES, posixpath.dirname(path), name)


def chinese(place: str) -> str:
    """The name of a page's translation."""
    return place.removesuffix(".md") + ".zh-CN.md"


class Pages:
    """The pages as they will be, and the files that they link to."""

    def __init__(self) -> None:
        self.sources = sources()
        self.places = {path: place for place, path in self.sources.items()}
        self.linked: dict[str, str] = {}  # place on the site -> path in the repository

    def all(self) -> dict[str, str]:
        """Every page by its place, in both languages; what has no translation is a Chinese page as it is."""
        found = {place: self.text(place) for place in self.sources}
        for place in self.sources:
            if (other := chinese(place)) not in self.sources:
                found[other] = self.text(place, among="zh-CN")
        return found

    def text(self, place: str, among: str = "") -> str:
        """A page, ready for MkDocs, among those of a language (its own). Problem if a mark or a link leads nowhere."""
        path = self.sources[place]
        text = (REPO / path).read_text(encoding="utf-8")
        pieces = re.split(r"(^```.*?^```$)", text, flags=re.MULTILINE | re.DOTALL)  # code is left alone
        language = among or language_of(place)
        pieces[::2] = [self._prose(piece, path, place, language) for piece in pieces[::2]]
        return FENCE.sub(r"\1```\2", MERMAID.sub("", "".join(pieces)))

    def _prose(self, text: str, path: str, place: str, language: str) -> str:
        def link(found: re.Match[str]) -> str:
            picture, words, target = found.groups()
            return self._link(picture, words, target, path, place, language)

        # Line by line: changing languages is the site's business.
        lines = [kept for line in text.split("\n") if (kept := self._without_switch(line, path)) is not None]
        text = LINK.sub(link, "\n".join(lines)).replace("<details>", '<details markdown="1">')
        return MARK.sub(lambda found: generated(found[1], found[2], language, path), text)

    def _without_switch(self, line: str, path: str) -> str | None:
        """A line without its link to the page in the other language; None if there is nothing else on it."""
        for found in LINK.finditer(line):
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), found[3]))
            if target != path and neutral(target) == neutral(path) and target in self.places:
                rest = (line[: found.start()] + line[found.end() :].removeprefix(" · ")).strip()
                return None if rest.rstrip("：: ") in SWITCHES else rest
        return line

    def _link(self, picture: str, words: str, target: str, path: str, place: str, language: str) -> str:
        if re.match(r"[a-z]+:|#", target):
            return f"{picture}[{words}]({target})"
        file, _, anchor = target.partition("#")
        aim = posixpath.normpath(posixpath.join(posixpath.dirname(path), file))
        if (REPO / aim).is_dir() and f"{aim}/README.md" in self.places:
            aim = f"{aim}/README.md"
        if aim in self.places:
            there = neutral(self.places[aim])
            if language != language_of(aim) and chinese(there) in self.sources:
                anchor = ""  # of a heading that is another one in the translation
        elif (REPO / aim).is_file():
            there = file_place(aim)
            self.linked[there] = aim
        elif (REPO / aim).is_dir():
            return words  # a folder is nothing to look at without a forge
        else:
            raise Problem(f"{path}: the link to {target} leads nowhere")
        relative = posixpath.relpath(there, posixpath.dirname(place) or ".")
        return f"{picture}[{words}]({relative}{'#' + anchor if anchor else ''})"


def generated(kind: str, name: str, language: str, path: str) -> str:
    """What stands in the place of a mark. Problem if there is no such thing."""
    kinds: dict[str, Callable[[str, str], str]] = {"packet": packet_tables.table, "picture": pictures.picture}
    try:
        return kinds[kind](name, language)
    except KeyError:
        raise Problem(f"{path}: there is no {kind} called {name}") from None


def navigation(places: set[str]) -> tuple[list[object], dict[str, str]]:
    """MkDocs' nav of the pages that are there, and the Chinese for its words."""
    words: dict[str, str] = {}

    def lines(entries: tuple[Entry, ...]) -> Iterator[dict[str, object]]:
        for entry in entries:
            if isinstance(entry.below, tuple):
                below: object = list(lines(entry.below))
            elif entry.below.endswith("/"):
                inside = (each for each in places if each.startswith(entry.below) and neutral(each) == each)
                below = sorted(inside, key=lambda each: (not each.endswith("README.md"), each))
            else:
                below = entry.below if entry.below in places else None
            if below:
                words[entry.en] = entry.zh
                yield {entry.en: below}

    return list(lines(NAVIGATION)), words


def assemble(target: Path) -> None:
    """Write pages and configuration to a folder that is made anew. Problem says which page cannot be."""
    pages = Pages()
    texts = pages.all()
    for name, page in GENERATED.items():
        texts[f"{name}.md"], texts[f"{name}.zh-CN.md"] = (page(language) for language in LANGUAGES)
    shutil.rmtree(target, ignore_errors=True)
    for place, text in texts.items():
        write(target / "pages" / place, text)
    for place, source in pages.linked.items():
        copy(REPO / source, target / "pages" / place)
    write(target / "pages" / "site.css", pictures.style() + (REPO / "docs/site/site.css").read_text(encoding="utf-8"))
    nav, words = navigation(set(texts))
    languages = [
        {"locale": "en", "name": "English", "build": True, "default": True},
        {"locale": "zh-CN", "name": "中文", "build": True, "theme": {"language": "zh"}, "nav_translations": words},
    ]
    configuration = {
        "INHERIT": os.path.relpath(REPO / "mkdocs.yml", target),
        "nav": nav,
        "plugins": {"i18n": {"docs_structure": "suffix", "fallback_to_default": True, "languages": languages}},
    }
    write(target / "mkdocs.yml", json.dumps(configuration, ensure_ascii=False, indent=1))


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


if __name__ == "__main__":
    try:
        assemble(Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET)
    except Problem as problem:
        sys.exit(f"docs: {problem}")
