"""How results reach people: one JSON document, a table, a word on the side.

On a terminal a table is drawn by rich; in a pipe it is plain aligned columns that are never wrapped or cut.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

WORDS_SHOWN_MAX = 3


def print_json(document: Any) -> None:
    """Exactly one JSON document on stdout."""
    print(json.dumps(document, ensure_ascii=False, indent=2))


def note(words: str) -> None:
    """Progress and advice: on stderr, and only if a person watches."""
    if sys.stderr.isatty():
        print(words, file=sys.stderr)


def print_table(headings: Sequence[str], rows: Sequence[Sequence[str]], title: str = "") -> None:
    """A table on stdout."""
    if sys.stdout.isatty():
        from rich import box
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        table = Table(*headings, box=box.SIMPLE_HEAD, title=title or None, title_justify="left")
        for row in rows:
            table.add_row(*(Text(cell, overflow="fold") for cell in row))
        Console().print(table)
    else:
        if title:
            print(title)
        print(aligned([headings, *rows]))


def print_markdown(words: str) -> None:
    """A text on stdout: on a terminal wrapped to its width, in a pipe as it is written."""
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.markdown import Markdown

        Console().print(Markdown(words))
    else:
        print(words)


def first_few(words: Sequence[str]) -> str:
    """Some words for a table's cell: a secondary node may host hundreds of enterprises."""
    hidden = len(words) - WORDS_SHOWN_MAX
    return " ".join(words[:WORDS_SHOWN_MAX]) + (f" and {hidden} more" if hidden > 0 else "")


def procedural_words(count: int) -> str:
    """How a population is spoken of, everywhere."""
    return f"{count:,} procedural identifiers 程序生成 (computed, not stored)"


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Columns padded to the width that a terminal gives them, where a Chinese character takes two cells."""
    from rich.cells import cell_len

    widths = [max(cell_len(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True))
        for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)
