"""The texts of the labs: docs/labs, installed as the package data of `biaoshi.labs.pages`.

Hint and solution are folded away on a page (<details>); a terminal shows them when asked.
"""

from __future__ import annotations

import importlib.resources
import re
from pathlib import Path

LANGUAGES = {"en": ".md", "zh": ".zh-CN.md"}
PACKAGED = "biaoshi.labs.pages"
FOLDED = re.compile(r"^<details><summary>(.*?)</summary>\n(.*?)^</details>\n?", re.DOTALL | re.MULTILINE)
SUMMARIES = {"hint": ("Hint", "提示"), "solution": ("Solution", "参考答案")}
COMMANDS = re.compile(r"^```sh solution\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def folder() -> Path:
    """Where the texts lie."""
    try:
        return Path(str(importlib.resources.files(PACKAGED)))
    except ModuleNotFoundError:  # not installed: the source tree
        return Path(__file__).parents[2] / "docs" / "labs"


def text_of(name: str, language: str) -> str:
    """A lab's whole text, as it is written."""
    return (folder() / f"{name}{LANGUAGES[language]}").read_text(encoding="utf-8")


def page(text: str) -> str:
    """What a student sees at first: without what is folded away, and without links to other pages."""
    shown = re.sub(r"^(中文：|English: ).*\n", "", FOLDED.sub("", text), flags=re.MULTILINE)
    return re.sub(r"\n{3,}", "\n\n", shown).strip()


def folded(text: str, what: str) -> str:
    """The `hint` or `solution` of a text; empty if it has none."""
    plain = re.sub(r"^```.*\n", "", text, flags=re.MULTILINE)
    parts = (words.strip() for summary, words in FOLDED.findall(plain) if summary in SUMMARIES[what])
    return next(parts, "")


def solution(text: str) -> str:
    """The commands that solve it."""
    return "".join(COMMANDS.findall(text))
