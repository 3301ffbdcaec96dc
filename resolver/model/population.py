"""A population of billions of identifiers that is computed, not stored. All of it is procedural and says so.

    rank  --shuffle-->  position  --shares-->  prefix, number  --serial-->  identifier  --key-->  values
    0 is the most       0 … size-1             0 … share-1                  88.118.8/P2307000001234503
    popular

Every arrow goes both ways but the last. The shuffle (permutation.py) spreads the popular ranks over all shares in
proportion to their size; a share is one prefix's part of the positions. The suffix is a serial as a maker might issue:

    P 2307 0000012345 03     P, month of making (2021-01 … 2025-12), running number, two check digits
                             (ISO/IEC 7064 MOD 97-10, which is GB/T 17710: all 16 digits as one number leave 1)

The invented goods come in batches of 1,000 running numbers. What is said of an item depends on its identifier and on
the key alone, so it stays when shares are added or change; the rank of an identifier may change then.

Nothing here is kept per identifier. Whole numbers only: every machine gets the same population.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from resolver.errors import CallerError
from resolver.model.identifier import text
from resolver.model.permutation import Numbers, Permutation
from resolver.model.value import Value

Identifiers: TypeAlias = npt.NDArray[np.bytes_]

PREFIX_OCTETS_MAX = 200  # with slash and suffix below the 255 characters that registration takes (field.md)
SUFFIX_OCTETS = 17
RUNNING_DIGITS = 10
RUNNING_MAX = 10**RUNNING_DIGITS
YEARS = (21, 22, 23, 24, 25)
MONTHS: Final = tuple(100 * year + month for year in YEARS for month in range(1, 13))  # 2101 … 2512
SHARE_MAX = len(MONTHS) * RUNNING_MAX  # identifiers of one prefix

SAID_AT = 1_767_225_600  # 2026-01-01T00:00:00Z: timestamp of every value, so answers are reproducible
ORIGIN = "procedural 程序生成".encode()
URL_BASE = b"https://id.example/"

_NUMBER_OF_MONTH = {month: number for number, month in enumerate(MONTHS)}
_MONTHS: Final = np.array(MONTHS, np.int64)
_MONTH_NUMBERS: Final = np.full(10_000, -1, np.int64)
_MONTH_NUMBERS[_MONTHS] = np.arange(len(MONTHS))
_POWERS: Final = np.array([10**power for power in range(SUFFIX_OCTETS - 2, -1, -1)], np.int64)
_CHECK_MODULUS = 97
_BATCH = slice(1, 12)  # of a suffix: month and running number without its last three digits
_WORD = (1 << 64) - 1
_CHUNK = 1 << 15  # identifiers at a time in arrays: bounds the scratch space; fastest of 2**10 … 2**16


class Item(NamedTuple):
    """What the values of an identifier are made from. `model`: four digits, the same within a batch."""

    prefix: bytes
    suffix: bytes
    batch: bytes
    model: bytes


@dataclass(frozen=True, slots=True)
class Population:
    """`size` identifiers, shared out as `shares` says: (prefix, how many), in this order. Equal fields, equal world.

    Prefixes are folded; a share may be 0. CallerError if the shares do not add up to `size`, if a prefix is empty,
    has a slash, is longer than PREFIX_OCTETS_MAX, is not UTF-8 or comes twice, or if a share exceeds SHARE_MAX.
    """

    size: int
    key: bytes
    shares: tuple[tuple[bytes, int], ...]
    _shuffle: Permutation = field(init=False, repr=False, compare=False)
    _shares: dict[bytes, _Share] = field(init=False, repr=False, compare=False)
    _in_order: tuple[_Share, ...] = field(init=False, repr=False, compare=False)
    _starts: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _arrays: _Arrays = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        secret = hashlib.blake2b(self.key, digest_size=32, person=b"biaoshi values 1").digest()
        starts = accumulate((count for _, count in self.shares), initial=0)
        shares: dict[bytes, _Share] = {}
        for (prefix, count), start in zip(self.shares, starts, strict=False):
            _check_share(prefix, count)
            folded = prefix.upper()
            if folded in shares:
                raise CallerError(f"two shares of a population have the prefix {text(folded)}")
            salt = int.from_bytes(hashlib.blake2b(folded, digest_size=8, key=secret).digest(), "big")
            shares[folded] = _Share(folded, folded + b"/", start, count, salt)
        if sum(count for _, count in self.shares) != self.size:
            raise CallerError(f"the shares of a population of {self.size} do not add up to it")
        in_order = tuple(shares.values())  # one of 0 starts where the next does: looking from the right passes it over
        object.__setattr__(self, "_shuffle", Permutation(self.size, self.key))
        object.__setattr__(self, "_shares", shares)
        object.__setattr__(self, "_in_order", in_order)
        object.__setattr__(self, "_starts", tuple(share.start for share in in_order))
        object.__setattr__(self, "_arrays", _Arrays(in_order))

    def identifier(self, rank: int) -> bytes:
        """The identifier of a rank, folded. CallerError if the rank is not 0 … size-1."""
        if not 0 <= rank < self.size:
            raise CallerError(f"a rank is 0 to {self.size - 1}, not {rank}")
        position = self._shuffle.forward(rank)
        share = self._in_order[bisect_right(self._starts, position) - 1]
        return share.identifier(position - share.start)

    def member(self, prefix: bytes, number: int) -> bytes | None:
        """The identifier of a number, from 0, among those of a prefix; None if the prefix does not have so many."""
        share = self._shares.get(prefix.upper())
        return share.identifier(number) if share is not None and 0 <= number < share.size else None

    def rank(self, identifier: bytes) -> int | None:
        """The rank of an identifier in any letter case, None if it is not of this population. Ask for any octets."""
        found = self._located(identifier)
        if found is None:
            return None
        share, _, number = found
        return self._shuffle.backward(share.start + number)

    def item(self, identifier: bytes) -> Item | None:
        """What the values are made from, None if the identifier is not of this population."""
        found = self._located(identifier)
        if found is None:
            return None
        share, suffix, _ = found
        batch = suffix[_BATCH]
        return Item(share.prefix, suffix, batch, _model(share.salt, int(batch)))

    def values(self, identifier: bytes) -> tuple[Value, ...]:
        """What there is to say of an identifier, all of it public; nothing if it is not of this population."""
        item = self.item(identifier)
        return () if item is None else self.values_of(item)

    def values_of(self, item: Item) -> tuple[Value, ...]:
        """The values of an item, in the order of their indexes (field.md: template 1000, attributes from 2000)."""
        return (
            Value(1, b"URL", URL_BASE + item.prefix + b"/" + item.suffix, timestamp=SAID_AT),
            Value(2, b"ORIGIN", ORIGIN, timestamp=SAID_AT),
            Value(1000, b"TEMPLATE", b"ITEM-1", timestamp=SAID_AT),
            Value(2000, b"PRODUCT", _series(self._shares[item.prefix].salt) + item.model, timestamp=SAID_AT),
            Value(2001, b"BATCH", b"B" + item.batch, timestamp=SAID_AT),
        )

    def slice_of(self, prefixes: Collection[bytes]) -> int:
        """How many identifiers these prefixes, in any letter case, have together. Unknown prefixes have none."""
        folded = {prefix.upper() for prefix in prefixes}
        return sum(self._shares[prefix].size for prefix in folded & self._shares.keys())

    def identifiers(self, ranks: npt.NDArray[np.integer]) -> Identifiers:
        """`identifier` of each rank, as one array of octet strings. CallerError if a rank is not 0 … size-1."""
        if ranks.ndim != 1 or ranks.dtype.kind not in "iu":
            raise CallerError("ranks come as one row of whole numbers")
        if len(ranks) and not 0 <= int(ranks.min()) <= int(ranks.max()) < self.size:
            raise CallerError(f"ranks are 0 to {self.size - 1}, not {ranks.min()} to {ranks.max()}")
        found = np.empty(len(ranks), f"S{self._arrays.octets}")
        for at in range(0, len(ranks), _CHUNK):
            positions = self._shuffle.forward_all(ranks[at : at + _CHUNK].astype(np.int64))
            found[at : at + _CHUNK] = self._arrays.identifiers(positions)
        return found

    def ranks(self, identifiers: Identifiers) -> Numbers:
        """`rank` of each identifier, -1 where `rank` is None.

        Such an array cannot hold an octet string that ends in NUL: numpy has cut it off before this sees it.
        """
        if identifiers.ndim != 1 or identifiers.dtype.kind != "S":
            raise CallerError("identifiers come as one row of octet strings")
        found = np.full(len(identifiers), -1, np.int64)
        for at in range(0, len(identifiers), _CHUNK):
            positions = self._arrays.positions(identifiers[at : at + _CHUNK])
            members = np.flatnonzero(positions >= 0)
            found[at + members] = self._shuffle.backward_all(positions[members])
        return found

    def _located(self, identifier: bytes) -> tuple[_Share, bytes, int] | None:
        """Share, folded suffix and number within the share."""
        if len(identifier) > self._arrays.octets:
            return None
        prefix, _, suffix = identifier.upper().partition(b"/")
        share = self._shares.get(prefix)
        if share is None or len(suffix) != SUFFIX_OCTETS or suffix[:1] != b"P" or not suffix[1:].isdigit():
            return None
        digits = int(suffix[1:])
        if digits % _CHECK_MODULUS != 1 or not 2 <= digits % 100 <= 98:
            return None
        month, running = divmod(digits // 100, RUNNING_MAX)
        month_number = _NUMBER_OF_MONTH.get(month)
        if month_number is None:
            return None
        number = running * len(MONTHS) + month_number
        return (share, suffix, number) if number < share.size else None


class _Share(NamedTuple):
    """One prefix's part of the positions: `size` from `start`. `lead` is what its identifiers begin with."""

    prefix: bytes
    lead: bytes
    start: int
    size: int
    salt: int

    def identifier(self, number: int) -> bytes:
        """The identifier of a number, 0 … size-1, of this share."""
        running, month = divmod(number, len(MONTHS))
        digits = (MONTHS[month] * RUNNING_MAX + running) * 100
        return b"%bP%d" % (self.lead, digits + 98 - digits % _CHECK_MODULUS)


class _Arrays:
    """The shares and serials for many identifiers at once; says the same as `Population.identifier` and `rank`."""

    def __init__(self, in_order: tuple[_Share, ...]) -> None:
        self.leads: Identifiers = np.array([share.lead for share in in_order], np.bytes_)
        self.starts: Numbers = np.array([share.start for share in in_order], np.int64)
        self.sizes: Numbers = np.array([share.size for share in in_order], np.int64)
        self.order: Numbers = np.argsort(self.leads)
        self.sorted_leads: Identifiers = self.leads[self.order]
        self.octets = self.leads.dtype.itemsize + SUFFIX_OCTETS  # of the longest identifier

    def identifiers(self, positions: Numbers) -> Identifiers:
        """The identifiers at these positions."""
        shares = np.searchsorted(self.starts, positions, side="right") - 1
        running, months = np.divmod(positions - self.starts[shares], len(MONTHS))
        digits = (_MONTHS[months] * RUNNING_MAX + running) * 100
        digits += 98 - digits % _CHECK_MODULUS
        suffixes = np.empty((len(positions), SUFFIX_OCTETS), np.uint8)
        suffixes[:, 0] = ord("P")
        for column in range(SUFFIX_OCTETS - 1, 0, -1):
            rest = digits // 10
            suffixes[:, column] = digits - rest * 10 + ord("0")
            digits = rest
        return np.strings.add(self.leads[shares], suffixes.view(f"S{SUFFIX_OCTETS}")[:, 0])

    def positions(self, identifiers: Identifiers) -> Numbers:
        """The positions of these identifiers, -1 for those that have none."""
        found = np.full(len(identifiers), -1, np.int64)
        fitting = np.flatnonzero(np.strings.str_len(identifiers) <= self.octets)  # before anything wide is copied
        if not len(fitting):
            return found
        folded = identifiers[fitting].astype(f"S{self.octets}")
        letters = folded.view(np.uint8)
        letters -= (letters - np.uint8(ord("a")) < 26).view(np.uint8) << 5
        prefixes, slashes, suffixes = np.strings.partition(folded, b"/")
        leads = np.strings.add(prefixes, slashes)
        places = np.minimum(np.searchsorted(self.sorted_leads, leads), len(self.leads) - 1)
        shares = self.order[places]
        octets = suffixes.astype(f"S{SUFFIX_OCTETS}").view(np.uint8).reshape(-1, SUFFIX_OCTETS)
        numerals = octets[:, 1:] - np.uint8(ord("0"))
        digits = numerals.astype(np.int64) @ _POWERS
        months = _MONTH_NUMBERS[digits // (100 * RUNNING_MAX) % len(_MONTH_NUMBERS)]
        numbers = digits // 100 % RUNNING_MAX * len(MONTHS) + months
        check = digits % 100
        members = np.flatnonzero(
            (self.sorted_leads[places] == leads)
            # Of `88.118\0/…` numpy drops the NUL when it cuts the prefix off, but not its octet of length.
            & (np.strings.str_len(folded) == np.strings.str_len(leads) + SUFFIX_OCTETS)
            & (octets[:, 0] == ord("P"))
            & (numerals <= 9).all(axis=1)
            & (digits % _CHECK_MODULUS == 1)
            & (check >= 2)
            & (check <= 98)
            & (months >= 0)
            & (numbers < self.sizes[shares])
        )
        found[fitting[members]] = self.starts[shares[members]] + numbers[members]
        return found


def _check_share(prefix: bytes, count: int) -> None:
    try:
        prefix.decode()
    except UnicodeDecodeError:
        raise CallerError(f"a prefix of a population is UTF-8, unlike {text(prefix)}") from None
    if not 0 < len(prefix) <= PREFIX_OCTETS_MAX or b"/" in prefix:
        raise CallerError(f"a prefix has 1 to {PREFIX_OCTETS_MAX} octets and no slash, unlike {text(prefix[:300])!r}")
    if not 0 <= count <= SHARE_MAX:
        raise CallerError(f"a share is 0 to {SHARE_MAX} identifiers, that of {text(prefix)} is {count}")


def _series(salt: int) -> bytes:
    """The enterprise's line of goods: two letters."""
    return "产品 ".encode() + bytes((65 + salt % 26, 65 + salt // 26 % 26)) + b"-"


def _model(salt: int, batch: int) -> bytes:
    """Four digits for a batch: multiply, fold, multiply, fold."""
    word = (salt + batch * 0x9E3779B97F4A7C15) & _WORD
    word = (word ^ word >> 32) * 0xD6E8FEB86659FD93 & _WORD
    return b"%04d" % ((word ^ word >> 32) % 10_000)
