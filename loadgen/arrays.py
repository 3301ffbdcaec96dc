"""The array types of the load generator, named once."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Nanoseconds: TypeAlias = npt.NDArray[np.int64]  # relative to the start of a run
Floats: TypeAlias = npt.NDArray[np.float64]
Ranks: TypeAlias = npt.NDArray[np.uint32]  # 0 is the most popular
Records: TypeAlias = npt.NDArray[np.void]  # of results.RECORD
Bools: TypeAlias = npt.NDArray[np.bool_]
AnyArray: TypeAlias = npt.NDArray[Any]

# Every random stream of a run hangs from its one seed, each on a branch of its own, so that a longer run or another
# pacing changes no other stream.
ARRIVALS, POPULARITY_ORDER, POPULARITY_DRAWS = 1, 2, 3


def generator(seed: int, branch: int) -> np.random.Generator:
    """The random stream of one purpose. Equal arguments give equal numbers."""
    return np.random.default_rng([seed, branch])
