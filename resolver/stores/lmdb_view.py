"""A store as another process may see it: read only, one moment of it, whether its node runs or not.

LMDB's read transactions work across processes: what one moment holds stays, while the writer goes on, until the view is
closed (the file cannot reuse those pages meanwhile and grows instead). The moment is held first and looked through
then, so that damage is found before LMDB meets it, and a busy writer is no hindrance.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lmdb

from resolver.errors import StoreError
from resolver.stores.lmdb import (
    DATABASES,
    MAP_OCTETS_LEAST,
    MAP_PER_FILE,
    RECORDS,
    TAILS,
    checked,
    failed,
    refused,
    walk_records,
)
from resolver.stores.lmdb_pages import Damage, Survey, Unsettled, Visit, survey

MOMENTS_TRIED = 20  # the meta pages of a busy store may be written while they are read


class LmdbView:
    """One moment of the store in `directory`. Bounded memory whatever it holds; not for the process that writes.

    StoreError if there is none, or if it is torn, damaged, foreign or of a newer format.
    """

    def __init__(self, directory: Path, *, visit: Visit | None = None) -> None:
        """`visit` is called with database, key and data of every entry while the store is looked through."""
        self.file = directory / "data.mdb"
        if not self.file.is_file():
            raise StoreError(f"{self.file}: there is no store. Name a node, its directory, or that of a backup")
        try:
            # A copy that nobody ever wrote to has no table of readers, and must not get one: it may be read-only.
            locked = (directory / "lock.mdb").exists()
            room = max(MAP_OCTETS_LEAST, MAP_PER_FILE * self.file.stat().st_size)
            self._env = lmdb.open(
                str(directory), map_size=room, max_dbs=len(DATABASES), readonly=True, create=False, lock=locked
            )
        except (lmdb.Error, OSError) as error:
            raise failed(self.file, "opened", error) from error
        try:
            self._txn, self.survey = self._hold(visit)
            self.facts = checked(self.file, self.survey)
            if self.facts:
                self._records = self._env.open_db(RECORDS, txn=self._txn, create=False)
                self._tails = self._env.open_db(TAILS, txn=self._txn, create=False)
        except lmdb.Error as error:
            self._env.close()
            raise failed(self.file, "read", error) from error
        except BaseException:
            self._env.close()
            raise

    def scan(self) -> Iterator[tuple[bytes, bytes]]:
        """Every handle and its record, in order."""
        if self.facts:
            yield from walk_records(self._txn, self._records, self._tails)

    def copy_to(self, directory: Path) -> None:
        """Write the store as it is now into an empty directory. StoreError if that fails, for want of room mostly."""
        try:
            self._env.copy(str(directory))
        except lmdb.Error as error:
            raise failed(directory / self.file.name, "written", error) from error

    def close(self) -> None:
        """Let go of the moment. May be called twice."""
        self._env.close()

    def _hold(self, visit: Visit | None) -> tuple[Any, Survey]:
        for tried in range(1, MOMENTS_TRIED + 1):
            txn = self._env.begin()
            try:
                return txn, survey(self.file, transaction=txn.id(), visit=visit)
            except Damage as damage:
                txn.abort()
                if tried == MOMENTS_TRIED or not isinstance(damage, Unsettled):
                    raise refused(self.file, damage) from None
            except OSError as error:
                raise failed(self.file, "read", error) from error
        raise AssertionError
