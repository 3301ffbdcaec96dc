"""The LMDB store: one environment per node, records as finished octets in a memory-mapped B+ tree.

    <directory>/data.mdb     records, tails, meta (three LMDB databases)
    <directory>/lock.mdb     LMDB's table of readers
    <directory>/writer.lock  locked by whoever may write; holds that process's id

Reading. A read transaction stays open between calls, because opening one costs about as much as a look-up; a commit
marks it stale and the next `get` opens another. LMDB never changes a page that an open transaction can see, so readers
wait for nobody.

Room. Address space is reserved once and generously (MAP_OCTETS_MIN) and the file grows within it as it fills. When even
that is used up a commit says StoreFull, and `grow` reserves more, on the thread that reads: enlarging a map while
another thread reads from it would move the ground under that reader.

Trust. LMDB believes what its file says, and keeps no checksums. So `meta` holds the sum over all entries of all three
databases (lmdb_pages.add_up), carried on in every transaction, and whoever opens the store walks over every page first
and compares. A store that is torn, or in which a single bit of a record is another one, is refused.

Long keys. LMDB keys have at most 511 octets, handles 2,048. A long key is cut into pieces: the first 511 octets are a
*stem* in `records` whose value is an 8-octet number; the rest stands in `tails` under that number, in pieces of 503.
So order is kept, and keys that share a long start share its pieces:

    records   <511 octets>            -> 7              a stem, because it has the full length
    tails     7 <rest, < 503 octets>  -> record
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import mmap
import os
from collections.abc import Generator, Iterator, Sequence
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import Any
from zlib import crc32

import lmdb

from resolver.errors import StoreError
from resolver.stores.base import (
    NO_NOTES,
    SCAN_CHUNK,
    Batch,
    Notes,
    Settle,
    StoreChanged,
    StoreFull,
    Tally,
    Work,
    check_batch,
)
from resolver.stores.lmdb_pages import SOMEBODY_ELSES, SUM_MASK, Damage, Foreign, Survey, Torn, add_up, survey

FORMAT = 1
MAP_OCTETS_MIN = 1 << 34  # 16 GiB of addresses, no memory: some 40 million records
MAP_OCTETS_LEAST = 1 << 26  # where address space is rationed (ulimit -v), less is asked for, down to this
MAP_PER_FILE = 4  # a store that was opened this full can grow to so many times its size
MAP_GROWTH = 2
LOCK_OCTETS = max(8192, mmap.PAGESIZE)  # LMDB's table of 126 readers
SPARE_OCTETS = 1 << 20  # less than this free on the disk: a failed write failed for want of room
PIECE = 511  # LMDB's longest key
LEVEL_OCTETS = 8
TAIL_PIECE = PIECE - LEVEL_OCTETS
RECORDS, TAILS, META = b"records", b"tails", b"meta"
DATABASES = (RECORDS, TAILS, META)

_FORMAT_KEY, _OWNER_KEY, _STEMS_KEY, _SUM_KEY, _NOTE = b"format", b"owner", b"stems", b"sum", b"note/"


class LmdbStore:
    """Records of one node in `directory`, which is made if need be and called like the node: its owner.

    StoreError if the directory cannot be written, another process writes to it, or what is there is torn, damaged,
    foreign, of a newer format or another node's.
    """

    durable = True

    def __init__(self, directory: Path, *, map_octets: int = MAP_OCTETS_MIN) -> None:
        self._directory = directory
        self._file = directory / "data.mdb"
        self._lock = lock_store(directory)
        self._total = 0  # the sum over all entries but itself
        try:
            known = trusted(self._file, owner=directory.name) if self._file.exists() else {}
            self._env = self._open(map_octets)
            try:
                self._prepare(known)
            except BaseException:
                self._env.close()
                raise
        except lmdb.Error as error:
            self._lock = unlock_store(self._lock)
            raise self._failed("opened", error) from error
        except BaseException:
            self._lock = unlock_store(self._lock)
            raise
        self._reader: Any = None  # the open read transaction; None before the first look-up
        self._get: Any = None  # its look-up in records
        self._stale = True
        self._commits = 0

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
            chunk = self._chunk(start)
            for key, record in chunk:
                if not key.startswith(prefix):
                    return
                yield key, record
            if len(chunk) < SCAN_CHUNK:
                return
            start = chunk[-1][0] + b"\0"  # the very next key there can be

    def commit(self, batch: Batch, notes: Notes = NO_NOTES, settle: Settle | None = None) -> Tally:
        return self.commit_all((Work(batch, notes, settle),))[0]

    def commit_all(self, works: Sequence[Work]) -> list[Tally]:
        for work in works:
            check_batch(work.batch, work.notes)
        tallies = []
        try:
            with self._env.begin(write=True) as txn:
                change = _Change(txn, self._meta, self._total)
                for batch, notes, settle, expects in works:
                    for key, allowed in expects.items():
                        place = self._place(change, key)
                        if (None if place is None else txn.get(place[1], db=place[0])) not in allowed:
                            raise StoreChanged(f"{self._file}: another record stands there by now")
                    ordered = sorted(batch, key=itemgetter(0))  # neighbours share pages; a key's entries keep theirs
                    tallies.append(self._write(change, ordered, settle))
                    for name, note in notes.items():
                        change.set(self._meta, _NOTE + name, note)
                if change.total != self._total:
                    txn.put(_SUM_KEY, b"%d" % change.total, db=self._meta)
        except lmdb.MapFullError as error:
            room = self._env.info()["map_size"] >> 20
            raise StoreFull(
                f"{self._file}: cannot be written: it has outgrown the room of {room:,} MiB reserved for it. "
                f"Opened again it gets {MAP_PER_FILE} times its size"
            ) from error
        except lmdb.Error as error:
            raise self._failed("written", error) from error
        self._total = change.total
        self._stale = True
        self._commits += 1  # after that: whoever sees it reads what was written
        return tallies

    def version(self) -> int:
        """Another number than before if something was committed since, which `get` sees."""
        return self._commits

    def note(self, name: bytes) -> bytes | None:
        try:
            with self._env.begin(db=self._meta) as view:
                found: bytes | None = view.get(_NOTE + name)
        except lmdb.Error as error:
            raise self._failed("read", error) from error
        return found

    def grow(self) -> None:
        if self._reader is not None:
            self._reader.abort()
        self._reader, self._get, self._stale = None, None, True
        try:
            self._env.set_mapsize(MAP_GROWTH * self._env.info()["map_size"])
        except lmdb.Error as error:
            raise self._failed("enlarged", error) from error

    def forget_dead(self) -> None:
        """Free what processes that were killed still held of the past; nobody could write there."""
        try:
            self._env.reader_check()
        except lmdb.Error as error:
            raise self._failed("read", error) from error

    def count(self) -> int:
        with self._env.begin() as view:
            entries = view.stat(self._records)["entries"] + view.stat(self._tails)["entries"]
            return int(entries - int(view.get(_STEMS_KEY, db=self._meta)))

    def close(self) -> None:
        if self._lock >= 0:
            if self._reader is not None:
                self._reader.abort()
            self._env.close()
            self._lock = unlock_store(self._lock)

    def _chunk(self, start: bytes) -> list[tuple[bytes, bytes]]:
        """Some records from a key on. A function of its own: a transaction keeps its place among LMDB's readers until
        nothing refers to it any more, so none may be left in a scan that somebody left.
        """
        try:
            with (
                self._env.begin() as view,
                contextlib.closing(walk_records(view, self._records, self._tails, start)) as walk,
            ):
                return list(islice(walk, SCAN_CHUNK))
        except lmdb.Error as error:
            raise self._failed("read", error) from error

    def _renew(self) -> None:
        self._stale = False  # first: a commit that ends meanwhile marks it again
        try:
            if self._reader is not None:
                self._reader.abort()
            self._reader = self._env.begin(db=self._records)
        except lmdb.Error:
            self._stale = True
            raise
        self._get = self._reader.get

    def _write(self, change: _Change, batch: Batch, settle: Settle | None) -> Tally:
        """Records into their places. The loop of imports: a record not yet there costs one call of LMDB."""
        new = changed = unchanged = total = 0
        put = change.txn.put
        records, crc = self._records, crc32
        with change.txn.cursor(records) as cursor:
            last = cursor.key() if cursor.last() else b""
        for key, record in batch:
            if len(key) < PIECE:
                if record is not None and key > last:  # behind all others: LMDB fills its pages instead of halving them
                    put(key, record, db=records, append=True)
                    total += crc(record, crc(key))
                    last = key
                    new += 1
                    continue
                database, place = records, key
            else:
                found = self._place(change, key, make=record is not None)
                if found is None:
                    unchanged += 1
                    continue
                database, place = found
            if record is None:
                gone = change.set(database, place, None)
                changed += gone
                unchanged += not gone
            elif put(place, record, db=database, overwrite=False):
                total += crc(record, crc(place))
                new += 1
            else:
                if settle is not None:
                    record = settle(change.txn.get(place, db=database), record)
                if change.set(database, place, record):
                    changed += 1
                else:
                    unchanged += 1
        change.total = (change.total + total) & SUM_MASK
        return Tally(new, changed, unchanged)

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
                view.set(database, stem, level)
                view.set(self._meta, _STEMS_KEY, b"%d" % stems)
            database = self._tails
            if len(rest) < TAIL_PIECE:
                return database, level + rest
            stem, rest = level + rest[:TAIL_PIECE], rest[TAIL_PIECE:]

    def _open(self, map_octets: int) -> Any:
        try:
            _allocate(self._directory / "lock.mdb")
            if self._file.exists():
                map_octets = max(map_octets, MAP_PER_FILE * self._file.stat().st_size)
            while True:
                try:
                    env = lmdb.open(str(self._directory), map_size=map_octets, max_dbs=len(DATABASES))
                    env.reader_check()  # places that killed processes left
                    return env
                except lmdb.MemoryError:
                    map_octets //= 2
                    if map_octets < MAP_OCTETS_LEAST:
                        raise
        except OSError as error:
            raise self._failed("opened", error) from error

    def _prepare(self, known: dict[bytes, bytes]) -> None:
        """Open the databases; in a new store, make them and say whose it is."""
        with self._env.begin(write=True) as txn:
            self._records, self._tails, self._meta = (self._env.open_db(name, txn=txn) for name in DATABASES)
            if not known:
                change = _Change(txn, self._meta, 0)
                change.set(self._meta, _FORMAT_KEY, b"%d" % FORMAT)
                change.set(self._meta, _OWNER_KEY, self._directory.name.encode())
                change.set(self._meta, _STEMS_KEY, b"0")
                txn.put(_SUM_KEY, b"%d" % change.total, db=self._meta)
                self._total = change.total
            else:
                self._total = int(known[_SUM_KEY])
        if not known:
            for directory in (self._directory, self._directory.parent):
                sync_directory(directory)  # else a power cut could take the new file's name

    def _failed(self, what: str, error: Exception) -> StoreError:
        return failed(self._file, what, error)


class _Change:
    """A write transaction that carries the sum over all entries on."""

    def __init__(self, txn: Any, meta: Any, total: int) -> None:
        self.txn, self.meta, self.total = txn, meta, total

    def get(self, key: bytes, *, db: Any) -> bytes | None:
        found: bytes | None = self.txn.get(key, db=db)
        return found

    def set(self, database: Any, key: bytes, octets: bytes | None) -> bool:
        """Write an entry (None deletes); whether that changed anything."""
        old = self.txn.get(key, db=database)
        if old == octets:
            return False
        if old is not None:
            self.total -= add_up(key, old)
        if octets is None:
            self.txn.delete(key, db=database)
        else:
            self.txn.put(key, octets, db=database)
            self.total += add_up(key, octets)
        self.total &= SUM_MASK
        return True


Walk = Generator[tuple[bytes, bytes], None, None]


def walk_records(view: Any, records: Any, tails: Any, start: bytes = b"") -> Walk:
    """Handles from `start` on and their records, in order, as a transaction sees them. Close it before that ends."""
    return _walk_level(view, records, tails, b"", b"", start)


def _walk_level(view: Any, database: Any, tails: Any, lead: bytes, head: bytes, start: bytes) -> Walk:
    """One level and those below it; `lead` is the level's number, `head` what stands before it."""
    full = PIECE - len(lead)
    with view.cursor(database) as cursor:
        more = cursor.set_range(lead + start[:full])
        while more:
            key = cursor.key()
            if not key.startswith(lead):
                return
            piece = key[len(lead) :]
            if len(piece) == full:
                rest = start[full:] if piece == start[:full] else b""
                yield from _walk_level(view, tails, tails, cursor.value(), head + piece, rest)
            else:
                yield head + piece, cursor.value()
            more = cursor.next()


def trusted(file: Path, *, owner: str) -> dict[bytes, bytes]:
    """The facts a store keeps about itself, after a look at all of its file; nothing yet if it has just been made.

    StoreError for a file that is torn, damaged, foreign, of a newer format, or of another owner.
    """
    try:
        found = survey(file)
    except Damage as damage:
        raise refused(file, damage) from None
    except OSError as error:
        raise failed(file, "read", error) from error
    return checked(file, found, owner=owner)


def refused(file: Path, damage: Damage) -> StoreError:
    """What to say of a file that has been looked at in vain."""
    if isinstance(damage, Foreign):
        return StoreError(f"{file}: {damage}. Use another run directory, or move it away")
    return StoreError(f"{file}: {'' if isinstance(damage, Torn) else 'damaged: '}{damage}. {_start_again(file)}")


def checked(file: Path, found: Survey, *, owner: str | None = None) -> dict[bytes, bytes]:
    """The facts of a file that has been looked at. StoreError as from `trusted`."""
    if not found.databases:
        return {}  # LMDB made the file, and was stopped before we wrote to it
    known = found.facts.get(_FORMAT_KEY, b"")
    if not known.isdigit():
        raise StoreError(f"{file}: {SOMEBODY_ELSES}. Use another run directory, or move it away")
    if int(known) > FORMAT:
        raise StoreError(
            f"{file}: written in format {int(known)} by a newer biaoshi, this one knows {FORMAT}. "
            "Use the newer one, or another run directory"
        )
    total = sum(contents.total for contents in found.databases.values())
    total -= add_up(_SUM_KEY, found.facts.get(_SUM_KEY, b""))
    if b"%d" % (total & SUM_MASK) != found.facts.get(_SUM_KEY) or not found.databases.keys() >= set(DATABASES):
        raise StoreError(
            f"{file}: damaged: its records are not those that were written, their sum is another one. "
            f"{_start_again(file)}"
        )
    written = found.facts.get(_OWNER_KEY, b"").decode("utf-8", "replace")
    if owner is not None and written != owner:
        raise StoreError(
            f"{file}: holds the records of node {written}, not of {owner}. "
            f"Use another run directory, or delete {file.parent}"
        )
    return found.facts


def failed(file: Path, what: str, error: Exception) -> StoreError:
    """What LMDB or the system said, with a remedy."""
    if isinstance(error, (lmdb.InvalidError, lmdb.VersionMismatchError)):
        remedy = "It is no LMDB file of this version. Use another run directory, or move it away"
    elif isinstance(error, (lmdb.CorruptedError, lmdb.PageNotFoundError, lmdb.PanicError)):
        remedy = f"It is damaged. {_start_again(file)}"
    elif _no_room(file, error):  # also where a write was cut short, which LMDB reports as EIO
        remedy = "The disk is full. Make room and repeat; what was acknowledged is unharmed"
    else:
        remedy = "Check that the directory exists and may be written"
    return StoreError(f"{file}: cannot be {what}: {error}. {remedy}")


def _no_room(file: Path, error: Exception) -> bool:
    if os.strerror(errno.ENOSPC) in str(error) or os.strerror(errno.EDQUOT) in str(error):
        return True
    with contextlib.suppress(OSError):
        disk = os.statvfs(file.parent)
        return os.strerror(errno.EIO) in str(error) and disk.f_bavail * disk.f_frsize < SPARE_OCTETS
    return False


def _start_again(file: Path) -> str:
    return f"Put back a copy (biaoshi store restore), or delete {file.parent} and load the records again"


def _allocate(file: Path) -> None:
    """Give LMDB's table of readers its room before it is mapped: to touch a hole of a file on a full disk is SIGBUS."""
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(descriptor, 0, LOCK_OCTETS)
    finally:
        os.close(descriptor)


def sync_directory(directory: Path) -> None:
    """Make the names in a directory outlast a power cut."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def lock_store(directory: Path) -> int:
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
    with contextlib.suppress(OSError):  # a courtesy, for which a full disk may have no room
        os.ftruncate(descriptor, 0)
        os.write(descriptor, b"%d\n" % os.getpid())
    return descriptor


def unlock_store(descriptor: int) -> int:
    """Let go; -1, which is no descriptor."""
    os.close(descriptor)
    return -1
