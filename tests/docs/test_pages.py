"""What the pages show works as printed: a shell runs their commands, in order, and stops at the first failure."""

from __future__ import annotations

import re
from pathlib import Path

import pages
import pytest

TRANSLATED = [page for page in pages.english() if pages.chinese(page)]
WITH_COMMANDS = [page for page in pages.english() if pages.commands(page)]


def text(page: str) -> str:
    return (pages.REPO / page).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", pages.english())
def test_every_block_of_commands_is_run_or_says_why_not(page: str) -> None:
    for how, commands in pages.blocks(page):
        assert re.fullmatch(r"run|solution|not run: \S.*", how), (
            f"{page}: say ```sh run or ```sh not run: REASON above {commands.splitlines()[0]!r}"
        )


@pytest.mark.parametrize("page", TRANSLATED)
def test_both_languages_show_the_same_commands(page: str) -> None:
    english, chinese = (
        [(how, re.sub(r" *# .*", "", said)) for how, said in pages.blocks(each)]
        for each in (page, pages.chinese(page) or "")
    )
    assert chinese == english


def test_both_readmes_show_the_same_output() -> None:
    shown = [
        re.findall(r"^```text\n(.*?)^```$", text(readme), re.DOTALL | re.MULTILINE)
        for readme in ("README.md", "README.zh-CN.md")
    ]
    assert shown[0] == shown[1]


@pytest.mark.parametrize("page", [*pages.english(), *filter(None, map(pages.chinese, TRANSLATED)), "CHANGELOG.md"])
def test_every_link_to_a_file_leads_somewhere(page: str) -> None:
    prose = re.sub(r"^```.*?^```$|`[^`\n]*`", "", text(page), flags=re.DOTALL | re.MULTILINE)
    targets = re.findall(r"\]\((?![a-z]+:|#)([^)#\s]+)", prose)
    folder = (pages.REPO / page).parent
    assert [target for target in targets if not (folder / target).exists()] == []


@pytest.mark.network
@pytest.mark.long
@pytest.mark.parametrize("page", WITH_COMMANDS)
def test_the_commands_of_a_page_work_as_printed(page: str, tmp_path: Path) -> None:
    done = pages.run(page, tmp_path)
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr}"
