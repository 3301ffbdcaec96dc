"""Reverse look-up: which records hold a value like that (pyhandle's search; behaviour.md §4.6).

`*` stands for any text and `?` for one character; conditions on several types must all hold. Only what everybody may
read is looked at: a search must not tell what a look-up would not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple

from resolver.model.value import PUBLIC_READ
from resolver.wire.record import unpack_record

CONDITIONS_MAX = 8
PATTERN_MAX = 512  # characters
TEXT_MAX = 4_096  # characters of a value that are looked at: a match takes pattern times text steps at the worst


def holds(record: bytes, conditions: Mapping[bytes, str]) -> bool:
    """Whether a packed record meets all conditions: {type in capitals: pattern}."""
    values = [value for value in unpack_record(record) if value.permissions & PUBLIC_READ]
    return all(
        any(
            value.type.upper() == kind and like(value.data.decode("utf-8", "replace")[:TEXT_MAX], pattern)
            for value in values
        )
        for kind, pattern in conditions.items()
    )


def like(text: str, pattern: str) -> bool:
    """Whether a text is like a pattern: it begins and ends as the pattern does, and meanwhile the pieces between two
    `*` follow one another. The first place for each leaves the most room for the rest, so nothing is tried twice.
    """
    pieces = _pieces(pattern)
    if len(pieces) == 1:
        return pieces[0].length == len(text) and pieces[0].match(text, 0) is not None
    first, *between, last = pieces
    at, end = first.length, len(text) - last.length
    if at > end or first.match(text, 0) is None or last.match(text, end) is None:
        return False
    for piece in between:
        found = piece.search(text, at, end)
        if found is None:
            return False
        at = found.end()
    return True


class _Piece(NamedTuple):
    """What stands between two `*`: as many characters wherever it fits."""

    length: int
    match: Callable[[str, int], re.Match[str] | None]
    search: Callable[[str, int, int], re.Match[str] | None]


@lru_cache(CONDITIONS_MAX)
def _pieces(pattern: str) -> tuple[_Piece, ...]:
    pieces = []
    for text in pattern.split("*"):
        fits = re.compile("".join("." if each == "?" else re.escape(each) for each in text), re.DOTALL)
        pieces.append(_Piece(len(text), fits.match, fits.search))
    return tuple(pieces)
