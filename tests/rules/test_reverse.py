"""Reverse look-up: what is like a pattern, and that only what everybody may read is looked at."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from resolver.model.value import Value
from resolver.rules.reverse import PATTERN_MAX, TEXT_MAX, holds, like
from resolver.wire.record import pack_record

LETTERS = "ab.\n"


def plainly(text: str, pattern: str) -> bool:
    """The same by definition: `*` is nothing, or a character and `*`."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return plainly(text, pattern[1:]) or (bool(text) and plainly(text[1:], pattern))
    return bool(text) and pattern[0] in ("?", text[0]) and plainly(text[1:], pattern[1:])


@given(st.text(LETTERS, max_size=9), st.text(LETTERS + "*?", max_size=7))
@example("aa", "a*a*a")
@example("a", "a*a")
@example("abab", "*ab")
@example("", "**")
def test_a_text_is_like_a_pattern_as_the_definition_says(text: str, pattern: str) -> None:
    assert like(text, pattern) == plainly(text, pattern)


@pytest.mark.parametrize(
    "pattern", ["*a" * (PATTERN_MAX // 2) + "b", "*" + "?" * (PATTERN_MAX - 2) + "b", "*" + "a" * 500 + "b"]
)
def test_the_worst_pattern_ends(pattern: str) -> None:
    assert not like("a" * TEXT_MAX, pattern)
    assert like("a" * (TEXT_MAX - 1) + "b", pattern)


def test_all_conditions_hold_among_public_values() -> None:
    record = pack_record(
        (
            Value(1, b"URL", "https://例.example/泵".encode()),
            Value(2, b"email", b"a@b.example"),
            Value(3, b"URL", b"https://secret.example", permissions=0b1100),
            Value(4, b"RAW", b"\xff\xfe"),
        )
    )
    assert holds(record, {b"URL": "*例.example/?", b"EMAIL": "a@*"})
    assert not holds(record, {b"URL": "*例.example/?", b"EMAIL": "b@*"})
    assert not holds(record, {b"URL": "*secret*"})
    assert not holds(record, {b"NOTE": "*"})
    assert holds(record, {b"RAW": "??"})
