"""Files that people write: where they lie, what TOML they hold, and what is wrong with them, in words.

Every refusal is an OperatorError that names file, key path, value and remedy. The remedy for a value is what its field
is for, as its model describes it; for an unknown key it is the nearest known one.
"""

from __future__ import annotations

import difflib
import importlib.resources
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from resolver.errors import OperatorError

PACKAGED = "biaoshi.configs"  # the shipped files after installation; data, not code
SYNTAX = "See https://toml.io for the syntax"


def find_file(file: Path) -> Path:
    """`file` itself, or for a missing relative `configs/…` the shipped one. OperatorError if neither is there."""
    if is_file(file):
        return file
    if not file.is_absolute() and file.parts[:1] == ("configs",) and ".." not in file.parts:
        ours = shipped(*file.parts[1:])
        if is_file(ours):
            return ours
    raise OperatorError("no such file", file=str(file), remedy="Name a network file, for example configs/teaching.toml")


def named_in(folder: Path, written: str) -> Path | None:
    """A file that a file in `folder` names: relative to it, or one of ours, so that a shipped file can be copied."""
    return next((place for place in (folder / written, shipped(written)) if is_file(place)), None)


def shipped(*parts: str) -> Path:
    """Where a file of ours lies, if there is one."""
    try:
        return Path(str(importlib.resources.files(PACKAGED))).joinpath(*parts)
    except ModuleNotFoundError:  # not installed: the source tree beside this package
        return Path(__file__).parent.parent.joinpath("configs", *parts)


def is_file(file: Path) -> bool:
    """Whether it is there to be read."""
    try:
        return file.is_file()
    except OSError:  # a name too long for the file system
        return False


def read_toml(file: Path, octets_max: int, too_large: str) -> dict[str, Any]:
    """The tables of a file. OperatorError if it cannot be read, or is more than it may be; `too_large`: the remedy."""
    try:
        with file.open("rb") as stream:
            octets = stream.read(octets_max + 1)
    except OSError as error:
        raise OperatorError(
            f"cannot be read: {error.strerror}", file=str(file), remedy="Check its name and permissions"
        ) from None
    if len(octets) > octets_max:
        raise OperatorError(f"larger than {octets_max} octets", file=str(file), remedy=too_large)
    try:
        return tomllib.loads(octets.decode())
    except UnicodeDecodeError as error:
        line = octets.count(b"\n", 0, error.start) + 1
        column = error.start - octets.rfind(b"\n", 0, error.start)
        raise OperatorError(
            f"not UTF-8: octet 0x{octets[error.start]:02x}",
            file=str(file),
            key=f"line {line}, column {column}",
            remedy="Save the file as UTF-8",
        ) from None
    except tomllib.TOMLDecodeError as error:
        problem, _, where = str(error).partition(" (at ")
        raise OperatorError(f"not TOML: {problem}", file=str(file), key=where.rstrip(")"), remedy=SYNTAX) from None
    except (RecursionError, ValueError):
        raise OperatorError(
            "nested without end, or a number of thousands of digits", file=str(file), remedy=SYNTAX
        ) from None


def explained(
    error: ValidationError, model: type[BaseModel], *, file: str, below: Sequence[str | int] = ()
) -> OperatorError:
    """The first thing that `model` found, in our words. `below`: the path of the table that was looked at."""
    first = error.errors(include_url=False)[0]
    where = list(first["loc"])
    about, fields = None, _fields(model)
    for part in where:
        if part in fields:
            about = fields[part]
            fields = next(map(_fields, _models(about.annotation)), fields)
    value, key = first["input"], key_path([*below, *where])
    if first["type"] == "extra_forbidden":
        remedy = nearest(str(where[-1]), [str(name) for name in fields])
        return OperatorError("unknown key", file=file, key=key, value=short(value), remedy=remedy)
    remedy = (about.description or "") if about else f"Its keys are {', '.join(map(str, fields))}"
    if first["type"] == "missing":
        return OperatorError("required but missing", file=file, key=key, remedy=remedy)
    problem = first["msg"][:1].lower() + first["msg"][1:]
    if first["type"] == "string_pattern_mismatch":
        problem = "not of the right form"
    return OperatorError(problem, file=file, key=key, value=short(value), remedy=remedy)


def _fields(model: type[BaseModel]) -> dict[str | int, FieldInfo]:
    """A table's fields by the keys that people write."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models of the tables that a field holds: of `list[NodeConfig] | None` it is NodeConfig."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)


def key_path(parts: Sequence[int | str]) -> str:
    """nodes[3].prefixes[0]"""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts).lstrip(".")


def short(value: object) -> object:
    """A value fit for one line of an error message."""
    return value if len(repr(value)) <= 80 else repr(value)[:77] + "..."


def nearest(word: str, known: list[str]) -> str:
    """A remedy for a word that is none of these."""
    near = difflib.get_close_matches(word, known, n=1)
    return f"Did you mean {near[0]}?" if near else f"Known are {', '.join(known)}"
