"""Random numbers by counting: the draw for request n depends on the seed, the purpose and n alone.

    word(n) = splitmix64's finish of (key + n * gamma)        key from seed, purpose and attempt

So a longer run begins like a shorter one, one purpose disturbs no other, and a generator that sends only every
sixteenth request of a schedule draws only those and gets the same. (Steele, Lea, Flood: Fast splittable pseudorandom
number generators, 2014.)
"""

from __future__ import annotations

import hashlib
from enum import IntEnum
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from loadgen.arrays import Floats, Numbers

Words: TypeAlias = npt.NDArray[np.uint64]

_GAMMA = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_30, _27, _31, _11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
_UNIT = 2.0**-53


class Purpose(IntEnum):
    """What is drawn. Numbers are kept for ever: a seed is to mean the same next year."""

    ARRIVAL = 1
    ORDER = 2
    RANK = 3
    TARGET = 4
    COMPONENT = 5
    HOT = 6
    AGE = 7
    SHOT = 8
    KIND = 9
    WARM_UP = 10
    HOT_RANK = 11
    SHOT_RANK = 12
    REGISTERING = 13


def words(seed: int, purpose: int, numbers: Numbers, attempt: int = 0) -> Words:
    """64 random bits for each number."""
    octets = hashlib.blake2b(b"%d %d %d" % (seed, purpose, attempt), digest_size=8, person=b"biaoshi chance").digest()
    mixed = numbers.astype(np.uint64)
    mixed *= _GAMMA
    mixed += np.uint64(int.from_bytes(octets, "big"))
    mixed ^= mixed >> _30
    mixed *= _FIRST
    mixed ^= mixed >> _27
    mixed *= _SECOND
    mixed ^= mixed >> _31
    return mixed


def uniform(seed: int, purpose: int, numbers: Numbers, attempt: int = 0) -> Floats:
    """A number in [0, 1) for each number, a multiple of 2**-53."""
    return (words(seed, purpose, numbers, attempt) >> _11).astype(np.float64) * _UNIT


def generator(seed: int, purpose: int) -> np.random.Generator:
    """A stream for what cannot be drawn by counting. Equal arguments give equal numbers."""
    return np.random.default_rng([seed, purpose])
