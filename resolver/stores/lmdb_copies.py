"""Checking a store, copying it away while its node runs, and putting a copy back.

    BACKUP/data.mdb        the store as it was at one moment
    BACKUP/manifest.json   {"form", "owner", "records", "octets", "sha256", "transaction", "made_at"}

A copy appears under its name only when it is complete, looked through and on the disk; so does what is put back.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from resolver.errors import OperatorError, PeerError, StoreError
from resolver.model.identifier import text
from resolver.stores.lmdb import PIECE, RECORDS, TAILS, lock_store, sync_directory, unlock_store
from resolver.stores.lmdb_view import LmdbView
from resolver.wire.record import split_record

FORM = 1
FAULTS_MAX = 20  # told one by one
MANIFEST_OCTETS_MAX = 1 << 16
DATA, MANIFEST = "data.mdb", "manifest.json"

Manifest = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Findings:
    """What a look at every page and record of a store found. `faults`: what is damaged; none if it is whole."""

    owner: str
    records: int
    pages: int
    transaction: int
    faults: tuple[str, ...]


def check(directory: Path) -> Findings:
    """Look at every page and decode every record of the store in `directory`, whether its node runs or not.

    OperatorError if there is no store.
    """
    if not (directory / DATA).is_file():
        raise OperatorError("there is no store", file=str(directory), remedy="Name a node, its directory, or a backup")
    faults: list[str] = []
    records = 0

    def visit(database: bytes, key: bytes, octets: bytes) -> None:
        nonlocal records
        if len(key) == PIECE or database not in (RECORDS, TAILS):
            return  # a stem
        records += 1
        try:
            if not split_record(octets):
                raise PeerError("a record without values")
        except (PeerError, IndexError) as error:
            if len(faults) < FAULTS_MAX:
                faults.append(f"{database.decode()}: {text(key)}: {error or 'an empty record'}")

    try:
        view = LmdbView(directory, visit=visit)
    except StoreError as error:
        return Findings("", records, 0, 0, (*faults, str(error)))
    view.close()
    owner = view.facts.get(b"owner", b"").decode("utf-8", "replace")
    return Findings(owner, records, view.survey.pages, view.survey.transaction, tuple(faults))


def back_up(directory: Path, target: Path, *, made_at: str) -> Manifest:
    """Copy the store in `directory`, as it is now, to the new directory `target`, and look through the copy.

    `made_at` is written into the manifest. OperatorError if `target` is there already; StoreError if the store is
    damaged or the copy cannot be written: then nothing is left of it.
    """
    if target.exists():
        raise OperatorError("is there already", file=str(target), remedy="Choose a new name for each backup")
    view = LmdbView(directory)
    part = target.with_name(target.name + ".part")
    try:
        try:
            shutil.rmtree(part, ignore_errors=True)  # of a backup that was killed
            part.mkdir(parents=True)
            view.copy_to(part)
            found = check(part)
            if found.faults:
                raise StoreError(f"{part}: the copy is damaged: {found.faults[0]}")
            manifest = {
                "form": FORM,
                "owner": found.owner,
                "records": found.records,
                "octets": (part / DATA).stat().st_size,
                "sha256": _sha256(part / DATA),
                "transaction": found.transaction,
                "made_at": made_at,
            }
            (part / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
            for file in (DATA, MANIFEST):
                _sync_file(part / file)
            sync_directory(part)
            os.rename(part, target)
            sync_directory(target.parent)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
    except OSError as error:
        raise StoreError(
            f"{target}: cannot be written: {error.strerror}. Make room, or choose another place"
        ) from error
    finally:
        view.close()
    return manifest


def restore(source: Path, directory: Path, *, force: bool = False) -> Manifest:
    """Put the backup in `source` in place of the store in `directory`, which must not be open.

    OperatorError if that is another node's, or holds a store and `force` is not said; StoreError if the backup is not
    what its manifest says, or the store is in use: then nothing has changed.
    """
    manifest = read_manifest(source)
    if manifest["owner"] != directory.name:
        raise OperatorError(
            f"a backup of {manifest['owner']}", file=str(source), remedy=f"{directory} belongs to another node"
        )
    lock = lock_store(directory)
    part = directory / (DATA + ".part")
    try:
        if (directory / DATA).exists() and not force:
            raise OperatorError(
                "holds a store already", file=str(directory), remedy="Say --force to put the backup in its place"
            )
        shutil.copyfile(source / DATA, part)
        if _sha256(part) != manifest["sha256"]:
            raise StoreError(f"{part}: was not copied as it is. Check the disk")
        _sync_file(part)
        (directory / "lock.mdb").unlink(missing_ok=True)  # who still looks at the old file keeps its own table
        os.replace(part, directory / DATA)
        sync_directory(directory)
    except OSError as error:
        raise StoreError(f"{part}: cannot be written: {error.strerror}. Make room and repeat") from error
    finally:
        part.unlink(missing_ok=True)
        unlock_store(lock)
    return manifest


def read_manifest(source: Path) -> Manifest:
    """The manifest of a backup, after comparing the copy with it and looking through it.

    OperatorError if there is no backup; StoreError if it is damaged.
    """
    file = source / MANIFEST
    try:
        octets = file.read_bytes()[: MANIFEST_OCTETS_MAX + 1]
    except OSError as error:
        raise OperatorError(
            f"no backup: {error.strerror}", file=str(file), remedy="Name a directory that `biaoshi store backup` made"
        ) from None
    try:
        manifest: Manifest = json.loads(octets)
        claimed = {name: kind(manifest[name]) for name, kind in (("form", int), ("owner", str), ("octets", int))}
        digest = str(manifest["sha256"])
    except (ValueError, KeyError, TypeError):
        raise StoreError(f"{file}: damaged, it does not describe a backup. Use another backup") from None
    if claimed["form"] != FORM:
        raise StoreError(f"{file}: of form {claimed['form']}, this biaoshi knows {FORM}. Use a newer one")
    data = source / DATA
    try:
        same = data.stat().st_size == claimed["octets"] and _sha256(data) == digest
    except OSError as error:
        raise StoreError(f"{data}: cannot be read: {error.strerror}. Use another backup") from None
    if not same:
        raise StoreError(f"{data}: damaged, it is not what its manifest says. Use another backup")
    faults = check(source).faults
    if faults:
        raise StoreError(faults[0])
    return manifest


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _sync_file(file: Path) -> None:
    descriptor = os.open(file, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
