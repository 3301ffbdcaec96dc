"""Every command with its options and exit codes, as the command line itself has them."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from html import escape
from typing import Any

from biaoshi.cli import COMMANDS, app, find

HEADS = {
    "en": (
        "# Commands",
        "Made from the command line itself while this site was built: `biaoshi COMMAND --help` says the same.",
        ("option", "what it does"),
    ),
    "zh-CN": (
        "# 命令",
        "本页在构建站点时由命令行程序生成，与 `biaoshi 命令 --help` 的输出一致；帮助文字为英文，括注中文名称。",
        ("选项", "作用"),
    ),
}


def page(language: str) -> str:
    """The page in a language; what the program says itself is as it says it."""
    title, words, heads = HEADS[language]
    parts = [title, words, *_prose(app.registered_callback.callback.__doc__ or "")]  # type: ignore[union-attr]
    for name in COMMANDS:
        parts += _sections(f"biaoshi {name}", find(name), heads, 2)
    return "\n\n".join(parts) + "\n"


def every_command() -> Iterator[tuple[str, Any]]:
    """(words, command) of everything that can be called."""
    for name in COMMANDS:
        command = find(name)
        below = getattr(command, "commands", {})
        yield from ((f"biaoshi {name} {verb}", each) for verb, each in below.items())
        if not below:
            yield f"biaoshi {name}", command


def _sections(words: str, command: Any, heads: tuple[str, ...], level: int) -> list[str]:
    parts = [f"{'#' * level} {words}", *_prose(command.help or "")]
    below = getattr(command, "commands", {})
    if below:
        return parts + [part for verb, each in below.items() for part in _sections(f"{words} {verb}", each, heads, 3)]
    context = command.context_class(command, info_name=words)
    usage = command.get_usage(context).removeprefix("Usage: ")
    rows = []
    for parameter in command.params:
        record = parameter.get_help_record(context)
        if record is not None:
            rows.append(f"<tr><td><code>{escape(record[0])}</code></td><td>{escape(record[1])}</td></tr>")
    table = (
        f'<div class="keys"><table><thead><tr><th>{heads[0]}</th><th>{heads[1]}</th></tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )
    return [*parts, f"```text\n{' '.join(usage.split())}\n```", *([table] if rows else [])]


def _prose(help_text: str) -> list[str]:
    """Paragraphs; blocks of commands and lists as they are."""
    parts = []
    for block in re.split(r"\n\s*\n", inspect.cleandoc(help_text)):
        kept, _, rest = block.partition("\b\n")
        lines = [line.rstrip() for line in (rest if rest else kept).splitlines()]
        if rest and (lines[0].startswith("biaoshi ") or any(line.startswith("  ") for line in lines)):
            parts.append("```text\n" + "\n".join(lines) + "\n```")
        else:
            parts.append("\n".join(escape(line.strip(), quote=False) for line in lines))
    return parts


def examples(command: Any) -> list[str]:
    """The commands that the help of a command shows."""
    return [line.strip() for line in (command.help or "").splitlines() if line.strip().startswith("biaoshi ")]
