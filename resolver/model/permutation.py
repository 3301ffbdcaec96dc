"""A keyed shuffle of 0 … size-1 that is computed, not stored: where one number goes costs the same for 15 billion.

    x = (x + a) * m  mod 2**bits     m odd, so it can be divided away again
    x ^= x >> shift                  shift >= bits / 2, so doing it twice undoes it

Four such rounds, each with its own a and m from the key, shuffle 0 … 2**bits-1. If the outcome is not below `size` it
is put in again ("cycle walking"); the cycle must come back below `size`, for it began there. As 2**bits < 2 * size,
that takes less than two turns on average. (A Feistel network needs an even number of bits, hence up to four turns.)
Whole numbers only, so every machine agrees. It mixes; it hides nothing from somebody who wants to find the key.

    numbers are   int in forward, backward           NDArray[int64] in forward_all, backward_all (the same results)
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from resolver.errors import CallerError

Numbers: TypeAlias = npt.NDArray[np.int64]
_Words: TypeAlias = npt.NDArray[np.uint64]

SIZE_MAX = 1 << 62  # so that a number of the domain is an int64 with room to spare
ROUNDS = 4  # by chi-squared of successive differences: three show in small domains, four next to not at all
PERSON = b"biaoshi shuffle1"  # 16 octets; another recipe would be another word


@dataclass(frozen=True, slots=True)
class Permutation:
    """A bijection of 0 … size-1 onto itself. CallerError if `size` is not 1 to SIZE_MAX."""

    size: int
    key: bytes
    _mask: int = field(init=False, repr=False, compare=False)
    _shift: int = field(init=False, repr=False, compare=False)
    _rounds: tuple[tuple[int, int], ...] = field(init=False, repr=False, compare=False)
    _undoing: tuple[tuple[int, int], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not 1 <= self.size <= SIZE_MAX:
            raise CallerError(f"a shuffle has 1 to {SIZE_MAX} places, not {self.size}")
        bits = max(1, (self.size - 1).bit_length())
        mask = (1 << bits) - 1
        octets = hashlib.blake2b(self.key, digest_size=16 * ROUNDS, person=PERSON).digest()
        words = [int.from_bytes(octets[at : at + 8], "big") for at in range(0, len(octets), 8)]
        rounds = tuple((a & mask, (m | 1) & mask) for a, m in zip(words[::2], words[1::2], strict=True))
        object.__setattr__(self, "_mask", mask)
        object.__setattr__(self, "_shift", (bits + 1) // 2)
        object.__setattr__(self, "_rounds", rounds)
        object.__setattr__(self, "_undoing", tuple((a, pow(m, -1, mask + 1)) for a, m in reversed(rounds)))

    def forward(self, number: int) -> int:
        """Where `number`, 0 … size-1, goes."""
        mask, shift, rounds = self._mask, self._shift, self._rounds
        while True:  # see above: at most the length of a cycle, on average less than two turns
            for a, m in rounds:
                number = (number + a) * m & mask
                number ^= number >> shift
            if number < self.size:
                return number

    def backward(self, number: int) -> int:
        """What comes to `number`, 0 … size-1."""
        mask, shift, undoing = self._mask, self._shift, self._undoing
        while True:
            for a, m in undoing:
                number ^= number >> shift
                number = (number * m - a) & mask
            if number < self.size:
                return number

    def forward_all(self, numbers: Numbers) -> Numbers:
        """`forward` of each."""
        return self._walked(numbers, self._turn)

    def backward_all(self, numbers: Numbers) -> Numbers:
        """`backward` of each."""
        return self._walked(numbers, self._turn_back)

    def _turn(self, words: _Words) -> None:
        mask, shift = np.uint64(self._mask), np.uint64(self._shift)
        for a, m in self._rounds:  # modulo 2**64 first, which 2**bits divides
            words += np.uint64(a)
            words *= np.uint64(m)
            words &= mask
            words ^= words >> shift

    def _turn_back(self, words: _Words) -> None:
        mask, shift = np.uint64(self._mask), np.uint64(self._shift)
        for a, m in self._undoing:
            words ^= words >> shift
            words *= np.uint64(m)
            words -= np.uint64(a)
            words &= mask

    def _walked(self, numbers: Numbers, turn: Callable[[_Words], None]) -> Numbers:
        words = numbers.astype(np.uint64)
        turn(words)
        outside = np.flatnonzero(words >= np.uint64(self.size))
        while len(outside):
            again = words[outside]
            turn(again)
            words[outside] = again
            outside = outside[again >= np.uint64(self.size)]
        return words.astype(np.int64)
