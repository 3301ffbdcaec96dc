"""A decorator for what is said and never changes, cheap enough for the hot path.

`dataclass(frozen=True)` sets every field through `object.__setattr__`: 1.2 us for eight fields against 0.2 us, and a
decoded message is four such objects. So the type checker, which reads `frozen_default`, is the one that forbids
assignment; at run time these are slotted dataclasses with equality and a hash.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

_Class = TypeVar("_Class")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[_Class]) -> type[_Class]:
    """A slotted dataclass that is frozen to the type checker."""
    return dataclass(slots=True, unsafe_hash=True)(cls)
