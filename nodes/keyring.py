"""The keys of a network's servers and administrators, made before its first start and kept in its run directory.

    RUN_DIR/data/.keys/NAME.pem   a node's private key (PKCS#8), then its public key; for its owner's eyes only
    RUN_DIR/data/.keys/NAME-IP.crt   the certificate for TLS at an address, made when it is first wanted
    RUN_DIR/data/.keys/administrators/
        88.118.8.pem, .secret     those of the administrator of a prefix: a key as above, and a secret, 32 hex digits
        @network.pem, .secret     those of all of them, where the network file says `administrators = "network"`

`up` makes what is missing; every process reads the public keys of all servers (they stand in HS_SITE, wherever a site
is told) and the private ones of its own nodes. A file appears whole or not at all and is never replaced, so processes
that start together agree. Without a keys directory, as for `config check`, sites have no keys and nothing is signed.

Administrators' keys are RSA, as the servers' are: that is what every program of this field can sign with.
"""

from __future__ import annotations

import os
import secrets
import ssl
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from resolver.errors import OperatorError, PeerError
from resolver.model.identifier import fold, text
from resolver.net import tls
from resolver.rules import keys
from resolver.rules.keys import SigningKey

if TYPE_CHECKING:
    from nodes.config import NetworkPlan

FILE_OCTETS_MAX = 1 << 16
ADMINISTRATORS = "administrators"  # the folder of their keys
EVERYBODY = "@network"  # no prefix: a prefix could be called network
SECRET_OCTETS = 16
PUBLIC_MODE = 0o666  # everybody may read a certificate
_PUBLIC = b"-----BEGIN PUBLIC KEY-----"
_REMEDY = "Remove it, and the next `network up` makes another key"


def key_file(folder: Path, name: str) -> Path:
    """Where the key of the node `name` lies."""
    return folder / f"{name}.pem"


def certificate_file(folder: Path, name: str, ip: str) -> Path:
    """Where the TLS certificate of the node `name` lies, which is made with its key if it is not there."""
    file = folder / f"{name}-{ip}.crt"
    if not file.exists():
        key = signing_key(folder, name)
        if not isinstance(key, RSAPrivateKey):
            raise OperatorError("no RSA key, so no certificate", file=str(key_file(folder, name)), remedy=_REMEDY)
        place(file, tls.certificate(key, name, ip), PUBLIC_MODE)
    return file


def tls_of(folder: Path | None, name: str, ip: str, key_bits: int) -> tls.Contexts | None:
    """Where a node's TLS context comes from, made when it is first wanted; None if the node has no key."""
    if folder is None or not key_bits:
        return None

    @cache
    def made() -> ssl.SSLContext:
        return tls.context(certificate_file(folder, name, ip), key_file(folder, name))

    return made


def administrator_key(folder: Path, prefix: bytes) -> SigningKey | None:
    """The private key of a prefix's administrator, 300:0.NA/<prefix>; None if there is none."""
    own = folder / ADMINISTRATORS
    return signing_key(own, text(fold(prefix))) or signing_key(own, EVERYBODY)


def administrator_secret(folder: Path, prefix: bytes) -> bytes | None:
    """The secret key of a prefix's administrator, 301:0.NA/<prefix>; None if there is none."""
    own = folder / ADMINISTRATORS
    return _read(own / f"{text(fold(prefix))}.secret") or _read(own / f"{EVERYBODY}.secret") or None


def administrator_record(folder: Path, name: str) -> bytes:
    """The HS_PUBKEY record of the administrator called so in the folder; empty if there is none."""
    return public_record(folder / ADMINISTRATORS, name)


def make_keys(plan: NetworkPlan, folder: Path) -> int:
    """Make the keys that a network's servers and administrators lack; return how many. OperatorError if they cannot be
    written.

    RSA takes a twentieth of a second for 2,048 bits and a hundredth for 1,024; the processors share the work.
    """
    lacking = [
        (key_file(folder, node.name), node.key_bits)
        for node in plan.nodes
        if node.key_bits and not key_file(folder, node.name).exists()
    ]
    own = folder / ADMINISTRATORS
    lacking += [
        (key_file(own, name), plan.administrator_bits)
        for name in plan.administrators
        if not key_file(own, name).exists()
    ]
    try:
        for each in (folder, own) if plan.administrators else (folder,):
            each.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in plan.administrators:
            secret = own / f"{name}.secret"
            if not secret.exists():
                place(secret, secrets.token_hex(SECRET_OCTETS).encode())
        with ThreadPoolExecutor(os.cpu_count()) as pool:  # the library lets go of the interpreter while it calculates
            for _ in pool.map(lambda wanted: _make(*wanted), lacking):
                pass
    except OSError as error:
        raise OperatorError(
            f"keys cannot be written: {error.strerror}",
            file=str(folder),
            remedy="Choose another place: --run-dir or BIAOSHI_RUN_DIR",
        ) from None
    return len(lacking)


def public_record(folder: Path, name: str) -> bytes:
    """The HS_PUBKEY record of a node's key; empty if it has none. OperatorError if its file is damaged."""
    octets = _read(key_file(folder, name))
    if not octets:
        return b""
    try:
        return keys.record_of(keys.public_key(octets[octets.index(_PUBLIC) :]))
    except (ValueError, PeerError):
        raise _damaged(key_file(folder, name)) from None


def signing_key(folder: Path, name: str) -> SigningKey | None:
    """A node's private key; None if it has none. OperatorError if its file is damaged."""
    octets = _read(key_file(folder, name))
    if not octets:
        return None
    try:
        return keys.private_key(octets, ours=True)
    except OperatorError:
        raise _damaged(key_file(folder, name)) from None


def _make(file: Path, bits: int) -> None:
    key = keys.generate("rsa", bits)
    assert isinstance(key, RSAPrivateKey)
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    place(file, keys.private_pem(key) + public)


def place(file: Path, octets: bytes, mode: int = 0o600) -> None:
    """Written beside it and then linked: the file is there whole or not at all; who comes second changes nothing.

    OSError if it cannot be written. `mode`: who may read it, before the umask.
    """
    fresh = file.with_name(f"{file.name}.{os.getpid()}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(octets)
        stream.flush()
        os.fsync(stream.fileno())
    try:
        os.link(fresh, file)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


def _read(file: Path) -> bytes:
    """A file's octets; none if there is no such file. OperatorError if it cannot be read, or is empty."""
    try:
        with file.open("rb") as stream:
            octets = stream.read(FILE_OCTETS_MAX)
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise OperatorError(
            f"cannot be read: {error.strerror}", file=str(file), remedy="Check its permissions"
        ) from None
    if not octets:
        raise _damaged(file)
    return octets


def _damaged(file: Path) -> OperatorError:
    return OperatorError("not a key file as we make them", file=str(file), remedy=_REMEDY)
