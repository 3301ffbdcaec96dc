"""Settings as somebody wrote them, in a file or on the command line, read key by key and refused by name.

Every key is asked for once; `end` refuses what nobody asked for. A refusal says file, key path, value and remedy.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable, Mapping

from resolver.errors import OperatorError

UNIT_S = {"ms": 0.001, "s": 1.0, "": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}
_SECONDS = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)\s*(ms|s|m|h|d|)")
_GROUPED = re.compile(r"[+-]?\d[\d_,]*(?:\.\d*)?(?:[eE][+-]?\d{1,3})?|[+-]?\.\d+")
SHOWN_MAX = 80  # characters of a value in a refusal


class Table:
    """Keys and values that stand under `path` in `file` (empty: on the command line)."""

    def __init__(self, values: Mapping[str, object], *, file: str = "", path: str = "") -> None:
        self._values = values
        self._file = file
        self._path = path
        self._asked: list[str] = []

    @property
    def written(self) -> Mapping[str, object]:
        """All of it, as it was written."""
        return self._values

    def number(self, key: str, default: float | None, low: float, high: float, *, above: bool = False) -> float:
        """A number from `low` (or above it) to `high`; `3,500` and `3_500` are numbers. Required if default is None."""
        if not self._given(key, default):
            assert default is not None
            return default
        value = self._values[key]
        number = math.nan
        if isinstance(value, int | float) and not isinstance(value, bool):
            number = float(value)
        elif isinstance(value, str) and _GROUPED.fullmatch(value.strip()):
            number = float(value.replace(",", "").replace("_", ""))
        if not low <= number <= high or (above and number == low):
            raise self.refusal(key, "not such a number", f"Write a number {_range(low, high, above)}")
        return number

    def whole(self, key: str, default: int | None, low: int, high: int) -> int:
        """A whole number."""
        number = self.number(key, default, low, high)
        if number != int(number):
            raise self.refusal(key, "not a whole number", f"Write one from {low:,} to {high:,}")
        return int(number)

    def seconds(self, key: str, default: float | None, high: float, *, low: float = 0.0) -> float:
        """A time above `low`: `500ms`, `30s`, `2m`, `1h`, `1d`, or plain seconds."""
        if not self._given(key, default):
            assert default is not None
            return default
        value = self._values[key]
        found = None if isinstance(value, bool) else _SECONDS.fullmatch(str(value).strip())
        seconds = float(found[1]) * UNIT_S[found[2]] if found else math.nan
        if not low < seconds <= high:
            raise self.refusal(
                key, f"not a time above {low:g} and up to {high:,.0f} s", "Write 500ms, 30s, 2m, 1h or 1d"
            )
        return seconds

    def choice(self, key: str, default: str | None, known: Iterable[str]) -> str:
        """One of the known words."""
        words = list(known)
        if not self._given(key, default):
            assert default is not None
            return default
        value = self._values[key]
        if value not in words:
            raise self.refusal(key, "is not known here", nearest(str(value), words))
        return str(value)

    def text(self, key: str, default: str | None) -> str:
        """Any text."""
        if not self._given(key, default):
            assert default is not None
            return default
        value = self._values[key]
        if not isinstance(value, str):
            raise self.refusal(key, "not a text", 'Write it in quotes: "…"')
        return value

    def table(self, key: str) -> Table:
        """A table below, empty if it was not written."""
        value = self._values.get(key, {})
        self._asked.append(key)
        if not isinstance(value, Mapping):
            raise self.refusal(key, "not a table", f"Write [{self._key(key)}] and its keys below")
        return Table(value, file=self._file, path=self._key(key))

    def end(self, *also: str) -> None:
        """Refuse keys that nobody asked for. `also`: known ones that are asked for only where they stand."""
        for key in self._values:
            if key not in self._asked:
                raise self.refusal(key, "unknown key", nearest(key, (*self._asked, *also)))

    def refusal(self, key: str, problem: str, remedy: str) -> OperatorError:
        """What is raised about a key."""
        value = self._values.get(key)
        shown = value if value is None or len(repr(value)) <= SHOWN_MAX else repr(value)[: SHOWN_MAX - 3] + "..."
        return OperatorError(problem, file=self._file, key=self._key(key), value=shown, remedy=remedy)

    def _given(self, key: str, default: object) -> bool:
        """Whether the key was written. A refusal if it was not, and must be."""
        self._asked.append(key)
        if key in self._values:
            return True
        if default is None:
            raise self.refusal(key, "required but missing", f"Write {key}")
        return False

    def _key(self, key: str) -> str:
        separator = "." if self._path and not self._path.startswith("--") else " "
        return separator.join(part for part in (self._path, key) if part)


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that was probably meant, or all of them."""
    words = list(dict.fromkeys(known))
    near = difflib.get_close_matches(word, words, n=1)
    return f"Did you mean {near[0]}?" if near else f"Known are {', '.join(words)}"


def _range(low: float, high: float, above: bool) -> str:
    return f"{'above' if above else 'from'} {low:,g} and up to {high:,.12g}"
