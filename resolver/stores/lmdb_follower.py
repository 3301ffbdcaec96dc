"""A store that another process writes, read as it goes on: what a mirror on its primary's machine answers from.

LMDB's read transactions work across processes and wait for nobody. The one that is open here shows one moment;
`version` moves on to the newest, so whoever asks for it a few times a second is never further behind than that, and
pages the writer has given up are not held for longer either.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import lmdb

from resolver.errors import StoreError
from resolver.stores.base import Tally, Work
from resolver.stores.lmdb import DATABASES, MAP_OCTETS_LEAST, MAP_OCTETS_MIN, MAP_PER_FILE, LmdbStore
from resolver.stores.lmdb_view import LmdbView


class LmdbFollower(LmdbStore):
    """The store in `directory`, made and written by another process. StoreError if it is not there yet, or damaged."""

    def __init__(self, directory: Path, *, map_octets: int = MAP_OCTETS_MIN, looked_through: bool = False) -> None:
        """`looked_through`: by the process that writes it, which started this one."""
        self._directory = directory
        self._file = directory / "data.mdb"
        if not (directory / "lock.mdb").exists():
            raise StoreError(f"{self._file}: no process has made this store yet")
        if not looked_through:
            view = LmdbView(directory)  # looks through all of it, before LMDB believes what it says
            view.close()
            if not view.facts:
                raise StoreError(f"{self._file}: the process that makes this store has not begun")
        try:
            self._env = self._open(max(map_octets, MAP_PER_FILE * self._file.stat().st_size))
            try:
                self._records, self._tails, self._meta = (self._env.open_db(each, create=False) for each in DATABASES)
                self._reader = self._env.begin(db=self._records)
            except BaseException:
                self._env.close()
                raise
        except (lmdb.Error, OSError) as error:
            raise self._failed("opened", error) from error
        self._get, self._stale = self._reader.get, False

    def version(self) -> int:
        """Go on to what the writer has committed last; another number than before if that is something else."""
        try:
            if self._env.info()["last_txnid"] != self._reader.id():
                self._reader.abort()
                try:
                    self._reader = self._env.begin(db=self._records)
                except lmdb.MapResizedError:  # the writer reserved more room
                    self._env.set_mapsize(0)
                    self._reader = self._env.begin(db=self._records)
                self._get = self._reader.get
            return int(self._reader.id())
        except lmdb.Error as error:
            raise self._failed("read", error) from error

    def commit_all(self, works: Sequence[Work]) -> list[Tally]:
        self._refuse()

    def grow(self) -> None:
        self._refuse()

    def close(self) -> None:
        self._reader.abort()
        self._env.close()

    def _refuse(self) -> NoReturn:
        raise StoreError(f"{self._file}: another process writes here. Write at the primary")

    def _open(self, map_octets: int) -> lmdb.Environment:
        while True:
            try:
                return lmdb.open(
                    str(self._directory), map_size=map_octets, max_dbs=len(DATABASES), readonly=True, create=False
                )
            except lmdb.MemoryError:
                map_octets //= 2
                if map_octets < MAP_OCTETS_LEAST:
                    raise
