"""Whether an LMDB file is all there, found out without mapping it.

LMDB trusts its file: touching a page behind the end of a torn one ends the process with SIGBUS. The file may honestly
be shorter than it claims (pages taken and given back by one transaction are never written), so a short file is walked:
every page that can be reached from the newest meta page must lie within it.

    page   u64 number   u16 pad   u16 flags   u16 lower   u16 upper (overflow: u32 pages)   u16 offsets of nodes…
    node   u16 u16 u16  (leaf: size low, size high, flags; branch: page number)   u16 key size   key   data
    meta   u32 magic   u32 version   u64 address   u64 map size   2 x tree (48)   u64 last page   u64 transaction
    tree   u32 page size or 0   u16 flags   u16 depth   4 x u64 counts   u64 root
"""

from __future__ import annotations

import os
import struct
from pathlib import Path

MAGIC, DATA_VERSION = 0xBEEFC0DE, 1
META_OCTETS = 152  # page header 16, then 24, two trees, 16
PAGE_OCTETS_MIN, PAGE_OCTETS_MAX = 256, 65_536
DEPTH_MAX = 64  # pages between root and leaf, and databases within databases; LMDB itself allows 32
_BRANCH, _LEAF, _LEAF2 = 0x01, 0x02, 0x20
_BIG, _SUBTREE = 0x01, 0x02
_NO_PAGE = (1 << 64) - 1
_META = struct.Struct("=16xII16xI36xQI36xQQQ")
_NODE = struct.Struct("=HHHH")


def missing_octets(file: Path) -> int:
    """How much is missing at least at the end of `file`; 0 if nothing is, or if it is no LMDB file of our layout.

    OSError if it cannot be read.
    """
    with file.open("rb") as stream:
        size = os.fstat(stream.fileno()).st_size
        head = stream.read(META_OCTETS)
        if len(head) < META_OCTETS:
            return META_OCTETS - len(head)
        first: tuple[int, ...] = _META.unpack(head)
        magic, version, page_size = first[:3]
        if magic != MAGIC or version != DATA_VERSION or not PAGE_OCTETS_MIN <= page_size <= PAGE_OCTETS_MAX:
            return 0  # for LMDB to refuse
        if size < 2 * page_size:
            return 2 * page_size - size
        second: tuple[int, ...] = _META.unpack(os.pread(stream.fileno(), META_OCTETS, page_size))
        newest = second if second[0] == MAGIC and second[7] > first[7] else first
        free_root, main_root, last_page = newest[3], newest[5], newest[6]
        claimed = (last_page + 1) * page_size
        if size >= claimed:
            return 0
        pages = size // page_size
        reach = _Reach(stream.fileno(), page_size, pages)
        return 0 if reach.complete(free_root) and reach.complete(main_root) else claimed - size


class _Reach:
    """Follows pages from a root as far as the file goes."""

    def __init__(self, descriptor: int, page_size: int, pages: int) -> None:
        self.descriptor, self.page_size, self.pages = descriptor, page_size, pages

    def complete(self, root: int) -> bool:
        """Whether every page below `root` lies within the file and looks like one."""
        waiting = [(root, 0)]
        budget = 4 * self.pages + 4  # a damaged file may point in circles
        while waiting:
            number, depth = waiting.pop()
            if number == _NO_PAGE:
                continue
            budget -= 1
            if number >= self.pages or depth > DEPTH_MAX or budget < 0:
                return False
            below = self._below(os.pread(self.descriptor, self.page_size, number * self.page_size))
            if below is None:
                return False
            waiting += [(each, depth + 1) for each in below]
        return True

    def _below(self, page: bytes) -> list[int] | None:
        """The pages that one page points to; None if it is no branch and no leaf, or points outside."""
        flags, lower = struct.unpack_from("=HH", page, 10)
        if flags & _LEAF2:
            return []
        if not flags & (_BRANCH | _LEAF) or not 16 <= lower <= self.page_size:
            return None
        below = []
        for (offset,) in struct.iter_unpack("=H", page[16 : lower - lower % 2]):
            if offset + _NODE.size > self.page_size:
                return None
            low, high, extra, key_size = _NODE.unpack_from(page, offset)
            if flags & _BRANCH:
                below.append(low | high << 16 | extra << 32)
                continue
            data = offset + _NODE.size + key_size
            if extra & _BIG:
                if data + 8 > self.page_size:
                    return None
                (first,) = struct.unpack_from("=Q", page, data)
                span = -(-(16 + (low | high << 16)) // self.page_size)
                if first + span > self.pages:
                    return None
            elif extra & _SUBTREE:
                if data + 48 > self.page_size:
                    return None
                below.append(struct.unpack_from("=Q", page, data + 40)[0])
        return below
