"""Whether an LMDB file is whole, found out without LMDB, which trusts its file.

Touching a page behind the end of a torn file ends the process with SIGBUS, following a damaged pointer with SIGSEGV,
and a flipped bit in a record is simply served. So before LMDB maps a file, every page that its newest meta page leads
to is looked at here: it lies within the file and is what its place wants, its entries lie within it and in order, the
counts add up, and nothing in use is listed as free.

    page   u64 number   u16 pad   u16 flags   u16 lower   u16 upper (overflow: u32 pages)   u16 offsets of nodes…
    node   u16 u16 u16  (leaf: size low, size high, flags; branch: page number)   u16 key size   key   data
    meta   u32 magic   u32 version   u64 address   u64 map size   2 x tree (48)   u64 last page   u64 transaction
    tree   u32 pad   u16 flags   u16 depth   4 x u64 branch pages, leaf pages, overflow pages, entries   u64 root

The trees are the list of free pages (u64 transaction -> u64 count, u64 page…) and the main one, which holds the trees
of the named databases. The contents of a database are summed up (`add_up`), so that a writer who keeps the sum can tell
whether they are still those that were written.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from zlib import crc32

MAGIC, DATA_VERSION = 0xBEEFC0DE, 1
META_OCTETS = 152  # page header 16, then 24, two trees, 16
PAGE_OCTETS_MIN, PAGE_OCTETS_MAX = 256, 65_536
DEPTH_MAX = 32  # pages between root and leaf, LMDB's own limit
DATABASES_MAX = 64  # named databases; ours are three
FACTS_MAX = 10_000  # entries of the one database whose contents are handed back
SUM_MASK = (1 << 64) - 1
SOMEBODY_ELSES = "an LMDB file, but not a store of biaoshi"
_PAGE = struct.Struct("=QHHHH")
_BRANCH, _LEAF, _OVERFLOW, _META = 0x01, 0x02, 0x04, 0x08
_PLAIN, _BIG, _SUBTREE = 0x00, 0x01, 0x02
_INTEGER_KEYS = 0x08
_NO_PAGE = (1 << 64) - 1
_TREE = struct.Struct("=IHHQQQQQ")
_HEAD = struct.Struct("=16xIIQQ")
_LAST = struct.Struct("=QQ")
_NODE = struct.Struct("=HHHH")
_U64 = struct.Struct("=Q")
_USED, _FREE = 1, 2

Visit = Callable[[bytes, bytes, bytes], None]


class Damage(Exception):
    """What is wrong with the file, and at which page."""


class Torn(Damage):
    """The end of the file is missing: `octets` or more."""

    def __init__(self, octets: int) -> None:
        super().__init__(f"torn, {octets} octets or more are missing at its end")
        self.octets = octets


class Unsettled(Damage):
    """The meta pages do not fit each other: damage, or a busy writer's work that was read halfway."""


class Foreign(Damage):
    """No LMDB file of this layout."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a database holds: how many entries, and their sum."""

    entries: int
    total: int


@dataclass(slots=True)
class Survey:
    """What a whole file holds. `facts`: the entries of the database called `meta`."""

    transaction: int
    pages: int
    databases: dict[bytes, Contents] = field(default_factory=dict)
    facts: dict[bytes, bytes] = field(default_factory=dict)


def add_up(key: bytes, octets: bytes) -> int:
    """An entry's part of a database's sum, which is taken modulo 2^64 and does not depend on order."""
    return crc32(octets, crc32(key))


def survey(file: Path, *, transaction: int | None = None, visit: Visit | None = None) -> Survey:
    """Look at every page in use. `transaction`: of that one instead of the newest, for whoever holds it open.

    `visit` is called with database, key and data of every entry, in order. Damage if anything is wrong; OSError if the
    file cannot be read.
    """
    with file.open("rb") as stream:
        walk = _Walk(stream.fileno(), transaction)
        found = Survey(walk.transaction, walk.last_page + 1)
        trees: dict[bytes, bytes] = {}
        walk.tree("the list of databases", walk.main, _bounded(trees, DATABASES_MAX), kind=_SUBTREE)
        for name, tree in sorted(trees.items()):
            called = name.decode("ascii", "backslashreplace")
            take: Callable[[bytes, bytes], None] | None = None
            if name == b"meta":
                take = _bounded(found.facts, FACTS_MAX)
            elif visit is not None:
                take = _bound(visit, name)
            found.databases[name] = walk.tree(called, _TREE.unpack(tree), take)
        walk.free_pages()
    return found


def _bounded(found: dict[bytes, bytes], entries_max: int) -> Callable[[bytes, bytes], None]:
    def take(key: bytes, octets: bytes) -> None:
        if len(found) == entries_max:
            raise Foreign(SOMEBODY_ELSES)
        found[key] = octets

    return take


def _bound(visit: Visit, name: bytes) -> Callable[[bytes, bytes], None]:
    return lambda key, octets: visit(name, key, octets)


class _Walk:
    """Follows the pages of one transaction."""

    def __init__(self, descriptor: int, transaction: int | None) -> None:
        self.descriptor = descriptor
        self.size = os.fstat(descriptor).st_size
        head = os.pread(descriptor, META_OCTETS, 0)
        if len(head) < META_OCTETS:
            raise Torn(META_OCTETS - len(head))
        self.page_size = 0
        metas = [self._meta(head, 0)]
        if self.size < 2 * self.page_size:
            raise Torn(2 * self.page_size - self.size)
        metas.append(self._meta(os.pread(descriptor, META_OCTETS, self.page_size), 1))
        metas.sort(reverse=True)
        if metas[0][0] - metas[1][0] > 1:
            raise Unsettled(f"its meta pages are of transactions {metas[1][0]} and {metas[0][0]}, which do not follow")
        chosen = [meta for meta in metas if transaction in (None, meta[0])]
        if not chosen:
            raise Unsettled(f"transaction {transaction} is not there any more")
        self.transaction, self.last_page, self.free, self.main = chosen[0]
        self.pages = self.size // self.page_size
        self.marks = bytearray(min(self.last_page + 1, self.pages))  # bounded by the file, whatever it claims
        self.marks[:2] = b"\x01\x01"

    def _meta(self, octets: bytes, number: int) -> tuple[int, int, tuple[int, ...], tuple[int, ...]]:
        """(transaction, last page, free tree, main tree)."""
        page, _, flags, _, _ = _PAGE.unpack_from(octets)
        magic, version, _, _ = _HEAD.unpack_from(octets)
        free, main = _TREE.unpack_from(octets, 40), _TREE.unpack_from(octets, 88)
        page_size = free[0]
        if magic != MAGIC or version != DATA_VERSION or not flags & _META:
            raise Foreign("cannot be opened: no LMDB file of this version")
        if not PAGE_OCTETS_MIN <= page_size <= PAGE_OCTETS_MAX or self.page_size not in (0, page_size):
            raise Foreign(f"cannot be opened: an LMDB file with pages of {page_size} octets")
        self.page_size = page_size
        last_page, transaction = _LAST.unpack_from(octets, 136)
        if page != number or free[1] != _INTEGER_KEYS or main[1] or (transaction and transaction & 1 != number):
            raise Unsettled(f"meta page {number} does not describe itself")
        return transaction, last_page, free, main

    def tree(
        self,
        called: str,
        tree: tuple[int, ...],
        take: Callable[[bytes, bytes], None] | None = None,
        *,
        kind: int = _PLAIN,
        numbers: bool = False,
    ) -> Contents:
        """Walk one tree from left to right, and hand every entry to `take`. `numbers`: its keys are u64."""
        _, flags, depth, *counts, root = tree
        if flags != (_INTEGER_KEYS if numbers else 0):
            raise Damage(f"{called} has flags 0x{flags:x}")
        if depth > DEPTH_MAX or (root == _NO_PAGE) != (depth == 0):
            raise Damage(f"{called} has a depth of {depth}")
        walked = _Tree(self, called, take, kind, numbers)
        # A page, its depth, and the key from which on entries may stand there. Ends: no page is used twice.
        waiting: list[tuple[int, int, bytes]] = [(root, 1, b"")] if depth else []
        while waiting:
            number, level, least = waiting.pop()
            if level < depth:
                below = walked.branch(number, least)
                waiting.extend((page, level + 1, key) for page, key in reversed(below))
            else:
                walked.leaf(number, least)
                if waiting and waiting[-1][2] <= walked.last:
                    raise Damage(f"page {number} of {called}: the page behind it begins too early")
        seen = [walked.branches, walked.leaves, walked.overflows, walked.entries]
        if seen != list(counts):
            raise Damage(f"{called} counts {list(counts)} branch, leaf and overflow pages and entries, has {seen}")
        return Contents(walked.entries, walked.total & SUM_MASK)

    def free_pages(self) -> None:
        """The list of free pages: nothing in use may stand there, and nothing twice."""

        def take(key: bytes, octets: bytes) -> None:
            count = _U64.unpack_from(octets)[0] if len(octets) >= 8 else -1
            if len(octets) != 8 * (count + 1):
                raise Damage(f"the list of free pages of transaction {_U64.unpack(key)[0]} is not whole")
            for (number,) in struct.iter_unpack("=Q", octets[8:]):
                if not 2 <= number <= self.last_page:
                    raise Damage(f"page {number} is listed as free and does not exist")
                if number < len(self.marks):
                    self._mark(number, _FREE, "the list of free pages")

        self.tree("the list of free pages", self.free, take, numbers=True)

    def page(self, called: str, number: int, kind: int) -> tuple[bytes, tuple[int, ...], int]:
        """(page, offsets of its entries, octets that are none)."""
        page = self._read(called, number)
        own, _, flags, lower, upper = _PAGE.unpack_from(page)
        if own != number or flags & ~_KEPT != kind:
            raise Damage(f"page {number} of {called} is none of its pages")
        if not 16 <= lower <= upper <= self.page_size or lower & 1:
            raise Damage(f"page {number} of {called} does not describe itself")
        count = (lower - 16) >> 1
        if count < (1 if kind == _LEAF else 2):
            raise Damage(f"page {number} of {called} has {count} entries")
        offsets = struct.unpack_from(f"={count}H", page, 16)
        if min(offsets) < upper or max(offsets) + _NODE.size > self.page_size:
            raise Damage(f"page {number} of {called}: an entry lies outside")
        return page, offsets, upper

    def overflow(self, called: str, number: int, octets: int) -> tuple[bytes, int]:
        """Data that has pages of its own, and how many: as many as it once needed."""
        own, _, flags, low, high = _PAGE.unpack_from(self._read(called, number))
        spread = low | high << 16
        if own != number or flags & ~_KEPT != _OVERFLOW or spread * self.page_size < 16 + octets:
            raise Damage(f"page {number} of {called} is no overflow page of {octets} octets")
        if spread > 1:
            self._reach(called, number + 1, spread - 1)
        return os.pread(self.descriptor, octets, number * self.page_size + 16), spread

    def _read(self, called: str, number: int) -> bytes:
        self._reach(called, number, 1)
        return os.pread(self.descriptor, self.page_size, number * self.page_size)

    def _reach(self, called: str, number: int, spread: int) -> None:
        """Pages that are in use: they must be there, and used once."""
        if number < 2 or number + spread > self.last_page + 1:
            raise Damage(f"{called} leads to page {number}, which does not exist")
        if number + spread > self.pages:
            raise Torn((self.last_page + 1) * self.page_size - self.size)
        for each in range(number, number + spread):
            self._mark(each, _USED, called)

    def _mark(self, number: int, use: int, called: str) -> None:
        if self.marks[number]:
            raise Damage(f"page {number} of {called} has another use already")
        self.marks[number] = use


class _Tree:
    """One tree on the way from left to right: what was counted, and the last key."""

    def __init__(
        self, walk: _Walk, called: str, take: Callable[[bytes, bytes], None] | None, kind: int, numbers: bool
    ) -> None:
        self.walk, self.called, self.take, self.kind, self.numbers = walk, called, take, kind, numbers
        self.branches = self.leaves = self.overflows = self.entries = self.total = 0
        self.last = b""  # no key is empty

    def branch(self, number: int, least: bytes) -> list[tuple[int, bytes]]:
        """The pages below a branch page, each with the key from which on entries stand there."""
        page, offsets, filled = self.walk.page(self.called, number, _BRANCH)
        below = []
        for position, offset in enumerate(offsets):
            low, high, more, key_size = _NODE.unpack_from(page, offset)
            end = offset + 8 + key_size
            if end > len(page):
                raise Damage(f"page {number} of {self.called}: entry {position} does not fit")
            key = page[offset + 8 : end]  # the first one of a page is not looked at by LMDB
            below.append((low | high << 16 | more << 32, self._ordered(number, key) if position else least))
            filled += (end - offset + 1) & ~1
        if filled != len(page):
            raise Damage(f"page {number} of {self.called}: entries overlap")
        self.branches += 1
        return below

    def leaf(self, number: int, least: bytes) -> None:
        """Sum up a leaf page. The loop of a start: a record costs about a microsecond."""
        page, offsets, filled = self.walk.page(self.called, number, _LEAF)
        size, kind, take, numbers, total, last = len(page), self.kind, self.take, self.numbers, 0, self.last
        crc, unpack = crc32, _NODE.unpack_from
        first = True
        for offset in offsets:
            low, high, what, key_size = unpack(page, offset)
            start = offset + 8
            begin = start + key_size
            if what == kind:
                end = begin + (low | high << 16)
                if end > size:
                    raise Damage(f"page {number} of {self.called}: an entry does not fit")
                total += crc(page[start:end])
                far = None
            else:
                end = begin + 8
                far = self._far(number, page, begin, what, low | high << 16)
                total += add_up(page[start:begin], far)
            key = page[start:begin] if not numbers else self._ordered(number, page[start:begin])
            if key <= last or (first and key < least):
                raise Damage(f"page {number} of {self.called}: an entry is out of order")
            first, last = False, key
            filled += (end - offset + 1) & ~1
            if take is not None:
                take(page[start:begin], page[begin:end] if far is None else far)
        if filled != size:
            raise Damage(f"page {number} of {self.called}: entries overlap")
        self.last = last
        self.total += total
        self.leaves += 1
        self.entries += len(offsets)

    def _far(self, number: int, page: bytes, begin: int, what: int, octets: int) -> bytes:
        """The data of an entry that has pages of its own."""
        if self.kind == _SUBTREE and what in (_PLAIN, _BIG):
            raise Foreign(SOMEBODY_ELSES)
        if what != self.kind | _BIG or begin + 8 > len(page):
            raise Damage(f"page {number} of {self.called}: an entry is of kind {what}, or does not fit")
        data, spread = self.walk.overflow(self.called, _U64.unpack_from(page, begin)[0], octets)
        self.overflows += spread
        return data

    def _ordered(self, number: int, key: bytes) -> bytes:
        """A key in the form in which octets are compared."""
        if not self.numbers:
            return key
        if len(key) != 8:
            raise Damage(f"page {number} of {self.called}: a key of {len(key)} octets")
        return int(_U64.unpack(key)[0]).to_bytes(8, "big")


_KEPT = 0x8000  # a mark that LMDB may leave on a page and ignores
