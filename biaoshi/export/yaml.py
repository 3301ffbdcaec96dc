"""Plain data as YAML in block style, as people write it. Only what our documents are made of; never read here.

Strings that could be anything else stand in quotes as JSON writes them, which YAML reads alike (YAML 1.2 §1.3).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

Plain = str | int | float | bool | None
Data = Plain | Sequence["Data"] | Mapping[str, "Data"]

_PLAIN = re.compile(r"[A-Za-z/][A-Za-z0-9_./-]*")
_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "y", "n", "null"})  # of YAML 1.1, too


def documents(several: Sequence[Data], about: str) -> str:
    """Documents one after the other, behind lines of comment."""
    comment = "".join(f"# {line}".rstrip() + "\n" for line in about.splitlines())
    return comment + "---\n".join("\n".join(_block(each, "")) + "\n" for each in several)


def _block(data: Data, indent: str) -> Iterator[str]:
    if isinstance(data, Mapping):
        for key, value in data.items():
            yield from _entry(f"{indent}{_scalar(key)}:", value, indent + "  ")
    elif isinstance(data, Sequence) and not isinstance(data, str):
        for value in data:
            if isinstance(value, Mapping) and value:
                first, *rest = _block(value, indent + "  ")
                yield f"{indent}- {first.lstrip()}"
                yield from rest
            else:
                yield from _entry(f"{indent}-", value, indent + "  ")


def _entry(lead: str, value: Data, indent: str) -> Iterator[str]:
    if isinstance(value, Mapping | list | tuple) and value:
        yield lead
        yield from _block(value, indent)
    else:
        yield f"{lead} {_scalar(value)}"


def _scalar(value: Data) -> str:
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return value
    return json.dumps(value, ensure_ascii=False)
