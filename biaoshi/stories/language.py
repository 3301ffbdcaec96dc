"""What may stand in a .story file: stories, each a title, where its rules stand, and commands, with every packet that
follows from them written below.

    # anything, for people
    == Title
    cite RFC 3651 §3
    > ask recursive-1 88.118.8/JXDY2106023 tcp
       0.000 client        -> recursive-1   RESOLUTION …
       1.000 recursive-1   -> root-1        …

A line that begins with `>` is a command; the lines below it are what was seen, rewritten, never written by hand.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from resolver.errors import OperatorError

SUFFIX = ".story"
FILE_OCTETS_MAX, COMMANDS_MAX = 4 << 20, 100


@dataclass(frozen=True, slots=True)
class Command:
    """A line of a story: a verb, words, and options (`type=URL`, or a bare word like `tcp`)."""

    text: str
    line: int
    verb: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Script:
    """A story as it is written. `seen`: below each command, what is said to follow from it."""

    file: Path
    line: int
    title: str
    cites: tuple[str, ...]
    commands: tuple[Command, ...]
    seen: tuple[tuple[str, ...], ...]

    def refused(self, problem: str, command: Command, remedy: str = "See `biaoshi story --help`") -> OperatorError:
        """An error that names the place."""
        return OperatorError(
            problem, file=f"{self.file}:{command.line}", key=command.verb, value=command.text, remedy=remedy
        )


def shipped() -> list[Path]:
    """The files of our stories, in order."""
    folder = Path(str(files("biaoshi.stories")))
    return sorted(folder.glob(f"*{SUFFIX}"))


def read_scripts(file: Path) -> list[Script]:
    """The stories of a file. OperatorError names file, line and remedy."""
    try:
        octets = file.read_bytes()
        text = octets.decode()
    except (OSError, UnicodeDecodeError) as error:
        raise OperatorError(f"cannot be read: {error}", file=str(file), remedy="Name a .story file") from None
    if len(octets) > FILE_OCTETS_MAX:
        raise OperatorError(f"larger than {FILE_OCTETS_MAX:,} octets", file=str(file), remedy="Split it")
    scripts: list[Script] = []
    lines = text.splitlines()
    starts = [at for at, line in enumerate(lines) if line.startswith("== ")]
    for at, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        scripts.append(_script(file, at, lines[at:end]))
    return scripts


def _script(file: Path, start: int, lines: Sequence[str]) -> Script:
    cites: list[str] = []
    commands: list[Command] = []
    seen: list[list[str]] = []
    for offset, line in enumerate(lines[1:], start + 2):
        if line.startswith("> "):
            try:
                verb, *words = shlex.split(line[2:])
            except ValueError as error:
                raise OperatorError(str(error), file=f"{file}:{offset}", remedy="Close the quotes") from None
            commands.append(Command(line[2:], offset, verb, tuple(words)))
            seen.append([])
        elif line.startswith("cite ") and not commands:
            cites.append(line.removeprefix("cite "))
        elif line.strip() and not line.startswith("#"):
            if not commands:
                raise OperatorError(
                    "stands before any command", file=f"{file}:{offset}", value=line, remedy="Begin with >"
                )
            seen[-1].append(line.rstrip())
    if not commands or len(commands) > COMMANDS_MAX:
        raise OperatorError(
            f"a story has from 1 to {COMMANDS_MAX} commands", file=f"{file}:{start + 1}", remedy="Begin lines with >"
        )
    return Script(file, start + 1, lines[0][3:], tuple(cites), tuple(commands), tuple(map(tuple, seen)))


def rewritten(file: Path, told: Sequence[tuple[Script, Sequence[Sequence[str]]]]) -> str:
    """The file with what was seen below every command. All else stays as it is."""
    lines = file.read_text(encoding="utf-8").splitlines()
    keep = [not line.startswith(" ") for line in lines]
    below = {
        command.line: seen for script, all_seen in told for command, seen in zip(script.commands, all_seen, strict=True)
    }
    out: list[str] = []
    for number, line in enumerate(lines, 1):
        if keep[number - 1]:
            out.append(line)
            out.extend(below.get(number, ()))
    return "\n".join(out) + "\n"
