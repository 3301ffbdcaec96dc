"""The certificates of a network's administrators: a chain of trust from every prefix up to the root (HS_CERT).

    0.NA/88.118.8, index 400    300:0.NA/88.118.8 has this key and speaks for its prefix; says 300:0.NA/88.118
    ...
    0.NA/0.NA, index 400        300:0.NA/0.NA has this key and may everything; says itself: the network's root of trust

Made once, after the administrators' keys, and kept beside them: RUN_DIR/data/.keys/administrators/<PREFIX>.cert.
Whoever is certified signs records (`biaoshi sign`), and `biaoshi verify` finds the way up. Of very many prefixes
only the root has one; their administrators share a key, and sign as the root.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path

from nodes.keyring import ADMINISTRATORS, PUBLIC_MODE, place
from resolver.errors import OperatorError
from resolver.model.identifier import ancestors, fold, prefix_handle, text
from resolver.model.value import Reference
from resolver.rules import trust
from resolver.rules.keys import SigningKey
from resolver.rules.trust import DERIVED_PREFIXES, EVERYTHING, THIS_HANDLE, Right

ROOT_PREFIX = b"0.NA"
KEY_INDEX, CERTIFICATE_INDEX = 300, 400
LIFE_S = 10 * 365 * 86_400
PREFIXES_MAX = 500  # that get one each; a signature takes a thousandth of a second, for every one of them
FILE_OCTETS_MAX = 65_536


def certificate(folder: Path, prefix: bytes) -> bytes:
    """The HS_CERT of a prefix's administrator; empty if there is none. OperatorError if it cannot be read."""
    file = _file(folder, prefix)
    try:
        with file.open("rb") as stream:
            return stream.read(FILE_OCTETS_MAX)
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise OperatorError(
            f"cannot be read: {error.strerror}", file=str(file), remedy="Check its permissions"
        ) from None


def make_certificates(
    prefixes: Iterable[bytes], folder: Path, key_of: Callable[[bytes], SigningKey | None], now_s: int | None = None
) -> int:
    """Make the certificates that are missing; return how many. `key_of`: an administrator's key by prefix.

    A parent without a key certifies nobody. OperatorError if they cannot be written.
    """
    wanted = sorted({fold(prefix) for prefix in prefixes} - {ROOT_PREFIX})
    known = frozenset(wanted)
    if len(wanted) > PREFIXES_MAX:
        wanted = []
    made = 0
    moment_s = int(time.time()) if now_s is None else now_s
    for prefix in (ROOT_PREFIX, *wanted):
        file = _file(folder, prefix)
        if file.exists():
            continue
        parent = _parent(prefix, known)
        own, issuers = key_of(prefix), key_of(parent)
        if own is None or issuers is None:
            continue
        data = trust.certify(
            _user(prefix),
            own.public_key(),
            _rights(prefix),
            _user(parent),
            issuers,
            now_s=moment_s,
            life_s=LIFE_S,
        )
        _write(file, data)
        made += 1
    return made


def _user(prefix: bytes) -> Reference:
    return Reference(prefix_handle(prefix), KEY_INDEX)


def _parent(prefix: bytes, known: frozenset[bytes]) -> bytes:
    """The prefix that delegates it: the longest above it in the network, else the root, which delegates itself."""
    lead = len(prefix_handle(b""))
    above = (handle[lead:] for handle in ancestors(prefix_handle(prefix)))
    return ROOT_PREFIX if prefix == ROOT_PREFIX else next((each for each in above if each in known), ROOT_PREFIX)


def _rights(prefix: bytes) -> tuple[Right, ...]:
    if prefix == ROOT_PREFIX:
        return (Right(b"", EVERYTHING),)
    handle = prefix_handle(prefix)
    return (Right(handle, THIS_HANDLE), Right(handle, DERIVED_PREFIXES))


def _file(folder: Path, prefix: bytes) -> Path:
    return folder / ADMINISTRATORS / f"{text(fold(prefix))}.cert"


def _write(file: Path, octets: bytes) -> None:
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        place(file, octets, PUBLIC_MODE)
    except OSError as error:
        raise OperatorError(
            f"certificates cannot be written: {error.strerror}",
            file=str(file),
            remedy="Choose another place: --run-dir or BIAOSHI_RUN_DIR",
        ) from None
