"""The LMDB store: one environment per node, records as finished octets in a memory-mapped B+ tree.

    <directory>/data.mdb     records, tails, meta (three LMDB databases)
    <directory>/lock.mdb     LMDB's table of readers
    <directory>/writer.lock  locked by whoever may write; holds that process's id

Reading. A read transaction stays open between calls, because opening one costs about as much as a look-up; a commit
marks it stale and the next `get` opens another. LMDB never changes a page that an open transaction can see, so readers
wait for nobody.

Room. Address space is reserved once and generously (MAP_OCTETS_MIN) and the file grows within it as it fills. Enlarging
a map while another thread reads from it would move the ground under that reader.

Long keys. LMDB keys have at most 511 octets, handles 2,048. A long key is cut into pieces: the first 511 octets are a
*stem* in `records` whose value is an 8-octet number; the rest stands in `tails` under that number, in pieces of 503.
So order is kept, and keys that share a long start share its pieces:

    records   <511 octets>            -> 7              a stem, because it has the full length
    tails     7 <rest, < 503 octets>  -> record
"""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import lmdb

from resolver.errors import StoreError
from resolver.stores.base import SCAN_CHUNK, Batch, check_keys
from resolver.stores.lmdb_pages import missing_octets

FORMAT = 1
MAP_OCTETS_MIN = 1 << 34  # 16 GiB of addresses, no memory: some 40 million records
MAP_OCTETS_LEAST = 1 << 26  # where address space is rationed (ulimit -v), less is asked for, down to this
MAP_PER_FILE = 4  # a store that was opened this full can grow to so many times its size
PIECE = 511  # LMDB's longest key
LEVEL_OCTETS = 8
TAIL_PIECE = PIECE - LEVEL_OCTETS

_FORMAT_KEY, _OWNER_KEY, _STEMS_KEY = b"format", b"owner", b"stems"


class LmdbStore:
    """Records of one node in `directory`, which is made if need be and called like the node: its owner.

    StoreError if the directory cannot be written, another process writes to it, or what is there is torn, foreign, of
    a newer format or another node's.
    """

    durable = True

    def __init__(self, directory: Path, *, map_octets: int = MAP_OCTETS_MIN) -> None:
        self._directory = directory
        self._file = directory / "data.mdb"
        self._lock = _lock(directory)
        try:
            self._env = self._open(map_octets)
            self._check_meta(directory.name)
        except BaseException:
            self._lock = _unlock(self._lock)
            raise
        self._reader: Any = None  # the open read transaction; None before the first look-up
        self._get: Any = None  # its look-up in records
        self._stale = True

    def get(self, key: bytes) -> bytes | None:
        try:
            if self._stale:
                self._renew()
            if 0 < len(key) < PIECE:
                return self._get(key)  # type: ignore[no-any-return]
            place = self._place(self._reader, key) if key else None
            return None if place is None else self._reader.get(place[1], db=place[0])
        except lmdb.Error as error:
            raise self._failed("read", error) from error

    def scan(self, start: bytes = b"", prefix: bytes = b"") -> Iterator[tuple[bytes, bytes]]:
        start = max(start, prefix)
        while True:
            try:
                with self._env.begin() as view:
                    chunk = list(islice(self._walk(view, self._records, b"", b"", start), SCAN_CHUNK))
            except lmdb.Error as error:
                raise self._failed("read", error) from error
            for key, record in chunk:
                if not key.startswith(prefix):
                    return
                yield key, record
            if len(chunk) < SCAN_CHUNK:
                return
            start = chunk[-1][0] + b"\0"  # the very next key there can be

    def commit(self, batch: Batch) -> None:
        check_keys(batch)
        try:
            with self._env.begin(write=True) as change:
                for key, record in batch:
                    place = self._place(change, key, make=record is not None)
                    if record is not None and place is not None:
                        change.put(place[1], record, db=place[0])
                    elif place is not None:
                        change.delete(place[1], db=place[0])
        except lmdb.Error as error:
            raise self._failed("written", error) from error
        self._stale = True

    def count(self) -> int:
        with self._env.begin() as view:
            entries = view.stat(self._records)["entries"] + view.stat(self._tails)["entries"]
            return int(entries - int(view.get(_STEMS_KEY, db=self._meta)))

    def close(self) -> None:
        if self._lock >= 0:
            if self._reader is not None:
                self._reader.abort()
            self._env.close()
            self._lock = _unlock(self._lock)

    def _renew(self) -> None:
        self._stale = False  # first: a commit that ends meanwhile marks it again
        if self._reader is not None:
            self._reader.abort()
        self._reader = self._env.begin(db=self._records)
        self._get = self._reader.get

    def _place(self, view: Any, key: bytes, *, make: bool = False) -> tuple[Any, bytes] | None:
        """(database, LMDB key) of a record; None if a stem on the way is missing and not to be made."""
        if len(key) < PIECE:
            return self._records, key
        database, stem, rest = self._records, key[:PIECE], key[PIECE:]
        while True:  # shorter by TAIL_PIECE each time
            level = view.get(stem, db=database)
            if level is None:
                if not make:
                    return None
                stems = int(view.get(_STEMS_KEY, db=self._meta)) + 1
                level = stems.to_bytes(LEVEL_OCTETS, "big")
                view.put(stem, level, db=database)
                view.put(_STEMS_KEY, b"%d" % stems, db=self._meta)
            database = self._tails
            if len(rest) < TAIL_PIECE:
                return database, level + rest
            stem, rest = level + rest[:TAIL_PIECE], rest[TAIL_PIECE:]

    def _walk(self, view: Any, database: Any, level: bytes, head: bytes, start: bytes) -> Iterator[tuple[bytes, bytes]]:
        """The records of one level and those below it from `start` on; `head` is what stands before the level."""
        cursor = view.cursor(database)
        full = PIECE - len(level)
        more = cursor.set_range(level + start[:full])
        while more:
            key = cursor.key()
            if not key.startswith(level):
                return
            piece = key[len(level) :]
            if len(piece) == full:
                rest = start[full:] if piece == start[:full] else b""
                yield from self._walk(view, self._tails, cursor.value(), head + piece, rest)
            else:
                yield head + piece, cursor.value()
            more = cursor.next()

    def _open(self, map_octets: int) -> Any:
        try:
            if self._file.exists():
                missing = missing_octets(self._file)
                if missing:
                    raise StoreError(
                        f"{self._file}: torn, {missing} octets or more are missing at its end. "
                        f"Put back a copy, or delete {self._directory} and load the records again"
                    )
                map_octets = max(map_octets, MAP_PER_FILE * self._file.stat().st_size)
            while True:
                try:
                    return lmdb.open(str(self._directory), map_size=map_octets, max_dbs=3)
                except lmdb.MemoryError:
                    map_octets //= 2
                    if map_octets < MAP_OCTETS_LEAST:
                        raise
        except (lmdb.Error, OSError) as error:
            raise self._failed("opened", error) from error

    def _check_meta(self, owner: str) -> None:
        try:
            known = self._known()
            if known is not None and int(known) > FORMAT:
                raise StoreError(
                    f"{self._file}: written in format {int(known)} by a newer biaoshi, this one knows {FORMAT}. "
                    "Use the newer one, or another run directory"
                )
            self._records = self._env.open_db(b"records")
            self._tails = self._env.open_db(b"tails")
            self._meta = self._env.open_db(b"meta")
            with self._env.begin(write=True, db=self._meta) as change:
                if known is None:
                    change.put(_FORMAT_KEY, b"%d" % FORMAT)
                    change.put(_OWNER_KEY, owner.encode())
                    change.put(_STEMS_KEY, b"0")
                written = bytes(change.get(_OWNER_KEY, b"")).decode("utf-8", "replace")
        except lmdb.Error as error:
            self._env.close()
            raise self._failed("opened", error) from error
        except BaseException:
            self._env.close()
            raise
        if written != owner:
            self._env.close()
            raise StoreError(
                f"{self._file}: holds the records of node {written}, not of {owner}. "
                f"Use another run directory, or delete {self._directory}"
            )

    def _known(self) -> bytes | None:
        """The format written in the file; None if it is new. StoreError if the file is somebody else's."""
        with self._env.begin() as view:
            if view.stat()["entries"] == 0:
                return None
        try:
            meta = self._env.open_db(b"meta", create=False)
            with self._env.begin(db=meta) as view:
                known = view.get(_FORMAT_KEY)
        except (lmdb.NotFoundError, lmdb.IncompatibleError):
            known = None
        if known is None or not bytes(known).isdigit():
            raise StoreError(
                f"{self._file}: an LMDB file, but not a store of biaoshi. Use another run directory, or move it away"
            )
        return bytes(known)

    def _failed(self, what: str, error: Exception) -> StoreError:
        if isinstance(error, lmdb.MapFullError):
            remedy = f"It has outgrown the room reserved when it was opened; opened again it gets {MAP_PER_FILE} times"
        elif isinstance(error, (lmdb.InvalidError, lmdb.VersionMismatchError)):
            remedy = "It is no LMDB file of this version. Use another run directory, or move it away"
        elif isinstance(error, (lmdb.CorruptedError, lmdb.PageNotFoundError, lmdb.PanicError)):
            remedy = f"It is damaged. Put back a copy, or delete {self._directory} and load the records again"
        elif "No space left" in str(error):
            remedy = "The disk is full. Make room and repeat; what was there before is unharmed"
        else:
            remedy = "Check that the directory exists and may be written"
        return StoreError(f"{self._file}: cannot be {what}: {error}. {remedy}")


def _lock(directory: Path) -> int:
    """A descriptor whose lock says that we write here; it dies with us. StoreError if another has it."""
    file = directory / "writer.lock"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise StoreError(
            f"{directory}: cannot be written: {error.strerror}. Choose a run directory that may be written"
        ) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        holder = os.read(descriptor, 32).decode("ascii", "replace").strip()
        os.close(descriptor)
        if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
            raise StoreError(f"{file}: cannot be locked: {error.strerror}. Use a local file system") from error
        raise StoreError(
            f"{file}: another writer has this store open{f', process {holder}' if holder else ''}. "
            "Stop it first (biaoshi network down), or use another run directory"
        ) from None
    os.ftruncate(descriptor, 0)
    os.write(descriptor, b"%d\n" % os.getpid())
    return descriptor


def _unlock(descriptor: int) -> int:
    """Let go; -1, which is no descriptor."""
    os.close(descriptor)
    return -1
