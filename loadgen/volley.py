"""What the compiled half of the generator (_volley.c) is given: requests as octets, and what their usual answers show.

    Questions.written() -> Written -> Volley.put, once for each entry -> Volley.go, again and again (engine.py)

It is optional, as the compiled rim is (resolver/net/rim.py), and BIAOSHI_RIM chooses both. The loop of engine.py does
the same alone; the compiled half takes from it what is usual, and hands back what is not: a request that has no entry,
an answer that its picture does not show, a fragment, an error of a socket. So verdicts are the same with either.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np

from loadgen.arrays import AnyArray
from resolver.net import rim

try:
    from loadgen import _volley
except ImportError:  # no compiler when this was installed
    _volley = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from loadgen._volley import Volley

ENTRIES_MAX = 1 << 20  # of some 600 octets each, pictures included; beyond it Python writes requests itself
REQUEST_OCTETS_MAX = 1_000  # as _volley.c: several in one system call have to fit an Ethernet frame each
PYTHONS = -1  # in Written.which: the questions themselves have to be asked


@dataclass(frozen=True, slots=True)
class Picture:
    """What proves an answer right: equal octets wherever `mask` is set, and numbers of four octets within limits.

    `octets`: the answer; `limits`: (offset, lowest, highest).
    """

    octets: bytes
    mask: bytes
    limits: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Written:
    """Questions as octets. `which`: of each slot (first requests, then second ones) the entry, or PYTHONS.

    A request without picture is sent and its answer judged by the questions, as is any answer that a picture does not
    show. An answer that may lead on must have none.
    """

    requests: Sequence[bytes]
    pictures: Sequence[Picture | None]
    which: AnyArray


@runtime_checkable
class Writes(Protocol):
    """Questions that can be written down beforehand."""

    def written(self) -> Written:
        """All that is known of them before the run."""
        ...


def available() -> bool:
    """Whether the compiled half is there, and wanted. OperatorError as rim.chosen."""
    return _volley is not None and rim.chosen() == "c"


def volley(
    written: Written,
    columns: Sequence[array[int]],
    choice: array[int],
    links: Sequence[int],
    per_target: int,
    epoll: int,
    first_id: int,
) -> Volley:
    """A loop that has everything put. `columns`: due, sent, received, octets, codes, verdicts; `links`: descriptors,
    `per_target` for each target.
    """
    slots = len(choice)
    which = np.full(slots, PYTHONS, np.int32)
    which[: len(written.which)] = written.which
    places = np.full(len(written.requests) + 1, PYTHONS, np.int32)  # the last one: of PYTHONS
    made = _volley.Volley(*columns, which, choice, array("i", links), per_target, epoll, first_id)
    for at, (request, picture) in enumerate(zip(written.requests, written.pictures, strict=True)):
        if at == ENTRIES_MAX:
            break
        if len(request) > REQUEST_OCTETS_MAX:
            continue
        if picture is None:
            places[at] = made.put(request, b"", b"", ())
        else:
            places[at] = made.put(request, picture.octets, picture.mask, picture.limits)
    which[:] = places[which]
    return made
