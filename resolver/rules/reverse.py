"""Reverse look-up: which records hold a value like that (pyhandle's search; behaviour.md §4.6).

`*` stands for any text and `?` for one character; conditions on several types must all hold. Only what everybody may
read is looked at: a search must not tell what a look-up would not.
"""

from __future__ import annotations

from collections.abc import Mapping

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
    """Whether a text is like a pattern. Where they differ, only the last `*` before takes one more character: what the
    earlier ones took can stay.
    """
    at = wanted = 0
    star, taken = -1, 0
    while at < len(text):
        if wanted < len(pattern) and pattern[wanted] == "*":
            star, taken = wanted, at
            wanted += 1
        elif wanted < len(pattern) and pattern[wanted] in ("?", text[at]):
            at += 1
            wanted += 1
        elif star >= 0:
            taken += 1
            at, wanted = taken, star + 1
        else:
            return False
    return not pattern[wanted:].strip("*")
