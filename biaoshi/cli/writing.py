"""`biaoshi register`, `update`, `delete`, `list`, `home`, `unhome`, `keygen`: administration over the protocol.

Who asks: `--user` with `--key` or `--secret-file`; without them the administrator of the prefix in the running network.
Neither a secret nor a private key is ever shown, or taken from the command line itself.
"""

from __future__ import annotations

import json as json_reader
import os
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from biaoshi.cli.network import Json, RunDir
from biaoshi.cli.resolve import HANDLE_OCTETS_MAX, address_of, first_recursive, running
from biaoshi.cli.terminal import note, print_json
from biaoshi.trace import printable
from nodes import state
from resolver.errors import BiaoshiError, CallerError, OperatorError, PeerError, Unreachable

if TYPE_CHECKING:
    from biaoshi.client import BlockingClient, Outcome
    from resolver.model.value import Value
    from resolver.rules.proof import Credentials

app = typer.Typer(rich_markup_mode=None)

FILE_OCTETS_MAX = 65_536
SECRET_OCTETS_MAX = 1_024
CHUNK = 500  # records between two words about progress
QUIET_S = 2.0  # before the first of them
FAILURES_SHOWN_MAX = 20
CATALOGUES = (".csv", ".jsonl")
REGISTERED, UPDATED, DELETED = "registered 已注册", "updated 已变更", "deleted 已删除"
SECRET_PERMISSIONS = 0x0C  # of an HS_SECKEY: administrators may read and write it, others neither
VALUES_FILE_OCTETS_MAX = 1 << 20
STRUCTURED = ("HS_SITE", "HS_SITE.6", "HS_SITE.PREFIX", "HS_NA_DELEGATE", "HS_PUBKEY")

Server = Annotated[
    str | None,
    typer.Option(
        metavar="A:P",
        help="Who finds the responsible server, or with --direct that server itself.",
        show_default="first recursive node of the running network",
    ),
]
Direct = Annotated[bool, typer.Option("--direct", help="Say everything to --server itself.")]
User = Annotated[
    str | None,
    typer.Option(
        metavar="INDEX:HANDLE",
        help="Who asks, for example 300:0.NA/88.118.8.",
        show_default="the administrator of the prefix in the running network",
    ),
]
Key = Annotated[Path | None, typer.Option(metavar="FILE", help="The user's private key: PEM, PKCS#8 or privkey.bin.")]
SecretFile = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Holds the user's secret key (HS_SECKEY), without a line end.")
]
PassphraseFile = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Holds the passphrase of an encrypted --key.")
]
Tcp = Annotated[bool, typer.Option("--tcp", help="Over TCP (default: UDP, TCP if that fails).")]
Session = Annotated[bool, typer.Option("--session", help="In a session (Diffie-Hellman), as the reference client.")]
Encrypt = Annotated[bool, typer.Option("--encrypt", help="Encrypted, in a session.")]
ValueOptions = Annotated[
    list[str] | None,
    typer.Option(
        "--value", metavar="TYPE[:INDEX]=DATA", help="URL:1=https://…, HS_ADMIN:100=200:0.NA/88.118.8; repeatable."
    ),
]
ValueFiles = Annotated[
    list[str] | None,
    typer.Option(
        "--value-file",
        metavar="TYPE[:INDEX]=FILE",
        help="A value whose data is in a file, as HS_PUBKEY:300=own.pem.pub; repeatable.",
    ),
]
ValuesFile = Annotated[
    Path | None,
    typer.Option("--values", metavar="FILE", help="A JSON list of values, as `resolve --json` shows them."),
]


class Kind(StrEnum):
    """What `keygen` makes."""

    rsa = "rsa"
    dsa = "dsa"
    ec = "ec"
    ed25519 = "ed25519"
    sm2 = "sm2"
    secret = "secret"


@app.command()
def register(
    target: Annotated[
        str, typer.Argument(metavar="HANDLE|FILE", help="The identifier, or a catalogue (.csv, .jsonl).")
    ],
    values: ValueOptions = None,
    value_files: ValueFiles = None,
    values_file: ValuesFile = None,
    no_admin: Annotated[
        bool,
        typer.Option(
            "--no-admin", help="Do not add an HS_ADMIN for 200:0.NA/PREFIX at 100, which a record without one gets."
        ),
    ] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace what exists.")] = False,
    mint: Annotated[bool, typer.Option("--mint", help="HANDLE is the beginning; the server chooses the rest.")] = False,
    server: Server = None,
    direct: Direct = False,
    user: User = None,
    key: Key = None,
    secret_file: SecretFile = None,
    passphrase_file: PassphraseFile = None,
    tcp: Tcp = False,
    session: Session = False,
    encrypt: Encrypt = False,
    json: Json = False,
    run_dir: RunDir = None,
) -> None:
    """Register an identifier, or those of a catalogue (注册标识).

    The responsible server asks who we are, and our key answers. What it acknowledges is on its disk.

    \b
    biaoshi register 88.118.8/NEW-1 --value URL=https://example.org/1 --value DESC:2=泵
    biaoshi register 88.118.8/ --mint --value URL=https://example.org/2
    biaoshi register new.csv --session
    biaoshi register 88.118.8/NEW-3 --values values.json --user 301:0.NA/88.118.8 --secret-file secret
    biaoshi register 88.118.8/CLERK --value-file HS_PUBKEY:300=own.pem.pub

    \b
    Exit codes: 0 all registered; 1 refused (exists, not allowed); 2 usage; 3 no answer, or no network running;
    4 an answer that cannot be believed.
    """
    records = _records(target, _written(values, value_files, values_file))
    calls = _Calls(run_dir, server, direct, user, key, secret_file, passphrase_file, tcp, session, encrypt)
    owned = ((handle, each if no_admin else _owned(handle, each)) for handle, each in records)
    if mint:
        if _is_file(target):
            raise OperatorError("mints one at a time", key="--mint", value=target, remedy="Say a HANDLE")
        handle, each = next(owned)
        with calls.client(handle) as client:
            name = _one(handle, lambda: client.create(handle, each, overwrite=overwrite, mint=True))
        _report([_done(name)], json, REGISTERED)
        return
    _report(calls.each(owned, lambda client, some: client.create_many(some, overwrite=overwrite)), json, REGISTERED)


@app.command()
def update(
    target: Annotated[
        str, typer.Argument(metavar="HANDLE|FILE", help="The identifier, or a catalogue (.csv, .jsonl).")
    ],
    values: ValueOptions = None,
    value_files: ValueFiles = None,
    values_file: ValuesFile = None,
    add: Annotated[
        list[str] | None, typer.Option("--add", metavar="TYPE[:INDEX]=DATA", help="Add this value; repeatable.")
    ] = None,
    remove: Annotated[
        list[int] | None, typer.Option("--remove", metavar="INDEX", min=1, help="Remove this value; repeatable.")
    ] = None,
    server: Server = None,
    direct: Direct = False,
    user: User = None,
    key: Key = None,
    secret_file: SecretFile = None,
    passphrase_file: PassphraseFile = None,
    tcp: Tcp = False,
    session: Session = False,
    encrypt: Encrypt = False,
    json: Json = False,
    run_dir: RunDir = None,
) -> None:
    """Change values of an identifier: replace, add, remove (变更标识).

    --value, --value-file, --values and a catalogue replace the values that stand at those indexes. It is done in the
    order replace, add, remove; a refusal ends it.

    \b
    biaoshi update 88.118.8/NEW-1 --value URL:1=https://example.org/moved
    biaoshi update 88.118.8/NEW-1 --add EMAIL:3=x@example.org --remove 2
    biaoshi update changed.jsonl

    \b
    Exit codes: 0 changed; 1 refused (no such value, not allowed); 2 usage; 3 no answer, or no network running.
    """
    written = _written(values, value_files, values_file, indexed=True)
    added = _values("--add", add or (), indexed=True)
    if _is_file(target) and (added or remove):
        raise OperatorError("is for one HANDLE", key="--add and --remove", remedy="A catalogue replaces values")
    records = _records(target, written, needed=not (added or remove))
    calls = _Calls(run_dir, server, direct, user, key, secret_file, passphrase_file, tcp, session, encrypt)
    if _is_file(target):
        _report(calls.each(records, lambda client, some: client.modify_many(some)), json, UPDATED)
        return
    handle, replaced = next(records)
    with calls.client(handle) as client:
        if replaced:
            _one(handle, lambda: client.modify(handle, replaced))
        if added:
            _one(handle, lambda: client.add(handle, added))
        if remove:
            _one(handle, lambda: client.remove(handle, remove))
    _report([_done(handle)], json, UPDATED)


@app.command()
def delete(
    targets: Annotated[
        list[str],
        typer.Argument(metavar="HANDLE|FILE…", help="Identifiers, or catalogues whose identifiers are meant."),
    ],
    server: Server = None,
    direct: Direct = False,
    user: User = None,
    key: Key = None,
    secret_file: SecretFile = None,
    passphrase_file: PassphraseFile = None,
    tcp: Tcp = False,
    session: Session = False,
    encrypt: Encrypt = False,
    json: Json = False,
    run_dir: RunDir = None,
) -> None:
    """Delete identifiers with all their values (删除标识).

    \b
    biaoshi delete 88.118.8/NEW-1 88.118.8/NEW-3
    biaoshi delete new.csv

    \b
    Exit codes: 0 all deleted; 1 refused (not there, not allowed); 2 usage; 3 no answer, or no network running.
    """
    chosen = [_records(target, (), needed=False) for target in targets]
    calls = _Calls(run_dir, server, direct, user, key, secret_file, passphrase_file, tcp, session, encrypt)
    records = chain.from_iterable(chosen)
    _report(calls.each(records, lambda client, some: client.delete_many([handle for handle, _ in some])), json, DELETED)


@app.command("list")
def list_(
    prefix: Annotated[str, typer.Argument(metavar="PREFIX", help="For example 88.118.8.")],
    server: Server = None,
    direct: Direct = False,
    user: User = None,
    key: Key = None,
    secret_file: SecretFile = None,
    passphrase_file: PassphraseFile = None,
    session: Session = False,
    encrypt: Encrypt = False,
    json: Json = False,
    run_dir: RunDir = None,
) -> None:
    """List the identifiers under a prefix (列出标识).

    One a line, as the server keeps them: in upper case. Only an administrator of the prefix may.

    \b
    biaoshi list 88.118.8
    biaoshi list 88.118.8 --json

    \b
    Exit codes: 0; 1 refused; 2 usage; 3 no answer, or no network running.
    """
    from resolver.model.identifier import text

    octets = _prefix(prefix)
    calls = _Calls(run_dir, server, direct, user, key, secret_file, passphrase_file, True, session, encrypt)
    with calls.client(octets + b"/") as client:
        handles = [text(handle) for handle in _one(octets, lambda: client.list(octets))]
    if json:
        print_json({"prefix": text(octets), "handles": handles})
    elif handles:
        print("\n".join(map(printable, handles)))


@app.command()
def home(
    prefix: Annotated[
        str | None, typer.Argument(metavar="PREFIX", help="Without it: which prefixes are homed.")
    ] = None,
    node: Annotated[str | None, typer.Option(metavar="NAME", help="The node, as `network status` shows it.")] = None,
    server: Annotated[str | None, typer.Option(metavar="A:P", help="The node, by its address.")] = None,
    user: User = None,
    key: Key = None,
    secret_file: SecretFile = None,
    passphrase_file: PassphraseFile = None,
    tcp: Tcp = False,
    json: Json = False,
    run_dir: RunDir = None,
) -> None:
    """Have a node answer for a prefix, or list for which it does (前缀归属).

    Whoever resolves must still be led there: the level above needs the prefix's HS_SITE.

    \b
    biaoshi home --node enterprise-88.118.8
    biaoshi home 88.118.77 --node enterprise-88.118.8

    \b
    Exit codes: 0; 1 refused; 2 usage; 3 no answer, or no network running.
    """
    from resolver.model.identifier import text

    with _at_node(run_dir, node, server, user, key, secret_file, passphrase_file, tcp) as client:
        if prefix is not None:
            octets = _prefix(prefix)
            _one(octets, lambda: client.home(octets))
            _report([_done(octets)], json, "homed 已归属")
            return
        homed = [text(handle) for handle in _one(b"0.NA/0.NA", client.homed)]
    if json:
        print_json({"prefixes": homed})
    elif homed:
        print("\n".join(map(printable, homed)))


@app.command()
def unhome(
    prefix: Annotated[str, typer.Argument(metavar="PREFIX", help="For example 88.118.77.")],
    node: Annotated[str | None, typer.Option(metavar="NAME", help="The node, as `network status` shows it.")] = None,
    server: Annotated[str | None, typer.Option(metavar="A:P", help="The node, by its address.")] = None,
    user: User = None,
    key: Key = None,
    secret_file: SecretFile = None,
    passphrase_file: PassphraseFile = None,
    tcp: Tcp = False,
    json: Json = False,
    run_dir: RunDir = None,
) -> None:
    """Have a node answer for a prefix no longer (取消归属).

    Its identifiers stay in the store, and are refused until the prefix is homed again.

    \b
    biaoshi unhome 88.118.77 --node enterprise-88.118.8

    \b
    Exit codes: 0; 1 refused; 2 usage; 3 no answer, or no network running.
    """
    octets = _prefix(prefix)
    with _at_node(run_dir, node, server, user, key, secret_file, passphrase_file, tcp) as client:
        _one(octets, lambda: client.unhome(octets))
    _report([_done(octets)], json, "unhomed 已取消归属")


@app.command()
def keygen(
    out: Annotated[Path, typer.Option(metavar="FILE", help="The private key; the public one is FILE.pub.")],
    kind: Annotated[Kind, typer.Option("--type", help="What to make.")] = Kind.rsa,
    bits: Annotated[int, typer.Option(min=1_024, max=4_096, help="Of an RSA or DSA key.")] = 2_048,
    passphrase_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Holds a passphrase to encrypt the private key with.")
    ] = None,
    binary: Annotated[
        bool, typer.Option("--reference", help="The private key in the reference's own form (RSA, DSA).")
    ] = False,
    json: Json = False,
) -> None:
    """Make a key (生成密钥).

    The private key gets FILE, readable by its owner alone; FILE.pub is the data of an HS_PUBKEY value. A secret has no
    public half: its FILE holds what goes into an HS_SECKEY value. A file that is there already stays as it is.

    \b
    biaoshi keygen --out own.pem
    biaoshi keygen --type ed25519 --out own.pem --passphrase-file words
    biaoshi keygen --type secret --out own.secret
    biaoshi keygen --type sm2 --out own.pem      # with the extra: pip install 'biaoshi[gm]'

    \b
    Exit codes: 0; 2 usage, or the file is there already.
    """
    from resolver.rules import keys

    public = None if kind is Kind.secret else out.with_name(out.name + ".pub")
    for file in (out, public):
        if file is not None and file.exists():
            raise OperatorError("is there already", file=str(file), remedy="Say another --out, or remove it")
    if kind is Kind.secret:
        _place(out, secrets.token_hex(16).encode(), 0o600)
    else:
        passphrase = None if passphrase_file is None else _secret_in(passphrase_file)
        try:
            made = keys.generate(kind.value, bits)
            private = keys.private_bin(made) if binary else keys.private_pem(made, passphrase)
        except (CallerError, PeerError, ValueError) as problem:  # ValueError: a size that the kind does not have
            raise OperatorError(str(problem), key="--type", value=kind.value) from None
        if binary and passphrase:
            raise OperatorError("is written without a passphrase", key="--reference", remedy="Leave one of them out")
        _place(out, private, 0o600)
        assert public is not None
        _place(public, keys.record_of(made), 0o644)
    if json:
        print_json({"kind": kind.value, "private": str(out), "public": None if public is None else str(public)})
    else:
        print(f"{kind.value}: {out}" + (f", {public}" if public is not None else ""))


# ---- how it is asked -------------------------------------------------------------------------------------------------


class _Calls:
    """The options all these commands share, and clients made of them."""

    def __init__(
        self,
        run_dir: Path | None,
        server: str | None,
        direct: bool,
        user: str | None,
        key: Path | None,
        secret_file: Path | None,
        passphrase_file: Path | None,
        tcp: bool,
        session: bool = False,
        encrypt: bool = False,
    ) -> None:
        if direct and server is None:
            raise OperatorError("needs a server", key="--direct", remedy="Say --server A:P")
        self._run_dir = state.choose_run_dir(run_dir)
        network = running(run_dir, needed=server is None)
        self._address = first_recursive(network) if server is None else address_of(server)
        self._user = _named_user(user, key, secret_file, passphrase_file)
        self._options: dict[str, Any] = {
            "direct": direct,
            "tcp": tcp,
            "session": session or encrypt,
            "encrypt": encrypt,
        }

    def client(self, handle: bytes) -> BlockingClient:
        """One that asks about this handle, as whoever may write there."""
        from biaoshi.client import BlockingClient

        user = self._user or _administrator(_prefix_above(handle), self._run_dir)
        return BlockingClient(self._address, user=user, **self._options)

    def each(
        self,
        records: Iterable[tuple[bytes, Sequence[Value]]],
        work: Callable[[BlockingClient, list[tuple[bytes, Sequence[Value]]]], Sequence[Outcome]],
    ) -> Iterator[Outcome]:
        """What became of each record, in order; a client for each prefix, as many at once as it may."""
        clients: dict[bytes, BlockingClient] = {}
        began, done = time.monotonic(), 0
        try:
            for prefix, some in _runs(records):
                if prefix not in clients:
                    clients[prefix] = self.client(some[0][0])
                yield from work(clients[prefix], some)
                done += len(some)
                if time.monotonic() - began > QUIET_S:
                    note(f"{done:,} records")
        finally:
            for client in clients.values():
                client.close()


def _runs(
    records: Iterable[tuple[bytes, Sequence[Value]]],
) -> Iterator[tuple[bytes, list[tuple[bytes, Sequence[Value]]]]]:
    """Neighbours with one prefix, at most CHUNK of them."""
    waiting: list[tuple[bytes, Sequence[Value]]] = []
    before = b""
    for record in records:
        prefix = _prefix_above(record[0])
        if waiting and (prefix != before or len(waiting) >= CHUNK):
            yield before, waiting
            waiting = []
        before = prefix
        waiting.append(record)
    if waiting:
        yield before, waiting


def _at_node(
    run_dir: Path | None,
    node: str | None,
    server: str | None,
    user: str | None,
    key: Path | None,
    secret_file: Path | None,
    passphrase_file: Path | None,
    tcp: bool,
) -> BlockingClient:
    """A client of one node, as its server administrator."""
    from biaoshi.client import BlockingClient

    if (node is None) == (server is None):
        raise OperatorError("which node?", key="--node", remedy="Say --node NAME, or --server A:P")
    known = running(run_dir, needed=server is None)["nodes"]
    named = _named_user(user, key, secret_file, passphrase_file)
    address = None if server is None else address_of(server)
    found = next((each for each in known if each["name"] == node or address_of(each["address"]) == address), None)
    if found is None and (address is None or named is None):
        raise OperatorError(
            "this network has no such node", key="--node", value=node or server, remedy="`biaoshi network status`"
        )
    if found is not None and named is None:
        if not found["prefixes"]:
            raise OperatorError("answers for no prefix of its own", key="--node", value=found["name"])
        named = _administrator(found["prefixes"][0].encode(), state.choose_run_dir(run_dir))
    if address is None:
        assert found is not None
        address = address_of(found["address"])
    return BlockingClient(address, user=named, direct=True, tcp=tcp)


def _named_user(
    user: str | None, key: Path | None, secret_file: Path | None, passphrase_file: Path | None
) -> Credentials | None:
    """Whom the options name, with their key; None if they name nobody."""
    from biaoshi.client import credentials
    from resolver.rules import keys

    if key is not None and secret_file is not None:
        raise OperatorError("one of them is enough", key="--key and --secret-file")
    if (user is None) != (key is None and secret_file is None):
        remedy = "Say --user with --key or --secret-file, or none of them"
        raise OperatorError("a user and a key belong together", key="--user", remedy=remedy)
    if user is None:
        return None
    proof: Any
    if secret_file is not None:
        proof = _secret_in(secret_file)
    else:
        assert key is not None
        passphrase = None if passphrase_file is None else _secret_in(passphrase_file)
        proof = keys.private_key(_octets_of(key), passphrase=passphrase, file=str(key))
    try:
        return credentials(user, proof)
    except CallerError as problem:
        raise OperatorError(str(problem), key="--user", remedy="Write 300:0.NA/88.118.8") from None


def _administrator(prefix: bytes, run_dir: Path) -> Credentials:
    """The administrator of a prefix in the running network."""
    from nodes.keyring import administrator_key
    from resolver.model.identifier import prefix_handle, text
    from resolver.model.value import Reference
    from resolver.rules.proof import Credentials

    state.read_state(run_dir)
    key = administrator_key(state.keys_folder(run_dir), prefix)
    if key is None:
        raise OperatorError(
            "this network has no key of an administrator of this prefix",
            key="prefix",
            value=text(prefix),
            remedy="Say --user and --key",
        )
    return Credentials(Reference(prefix_handle(prefix), 300), key)


def _prefix_above(handle: bytes) -> bytes:
    """The prefix whose administrator registers a handle: its own, or of a prefix handle the one above."""
    from resolver.model.identifier import fold, is_prefix_handle, normal_form, prefix_of

    name = normal_form(handle)
    if is_prefix_handle(name):
        return fold(name[len(b"0.NA/") :]).rpartition(b".")[0] or b"0.NA"
    return fold(prefix_of(name))


# ---- what is given ---------------------------------------------------------------------------------------------------


def _is_file(target: str) -> bool:
    """Whether a catalogue is meant; a handle may end in .csv as well."""
    if not target.endswith(CATALOGUES):
        return False
    return "/" not in target or target.startswith(("/", ".")) or Path(target).is_file()


def _records(target: str, values: Sequence[Value], *, needed: bool = True) -> Iterator[tuple[bytes, Sequence[Value]]]:
    """(handle, values) of an argument: a catalogue's, or the one that is written on the command line."""
    if _is_file(target):
        from nodes.catalogue import read_catalogue

        if values:
            raise OperatorError("is for one HANDLE", key="--value", remedy="Say the values in the catalogue")
        return ((record.handle, record.values) for record in read_catalogue(Path(target)))
    handle = os.fsencode(target)
    if b"/" not in handle or not 0 < len(handle) <= HANDLE_OCTETS_MAX:
        remedy = "Write PREFIX/SUFFIX, 0.NA/PREFIX for a prefix's own record; a catalogue ends in .csv or .jsonl"
        raise OperatorError("not an identifier", key="HANDLE", value=target[:80], remedy=remedy)
    if needed and not values:
        remedy = "Say --value TYPE:INDEX=DATA; a catalogue ends in .csv or .jsonl"
        raise OperatorError("an identifier without values", key="HANDLE", value=target, remedy=remedy)
    return iter([(handle, values)])


def _written(
    values: Sequence[str] | None, files: Sequence[str] | None, whole: Path | None, *, indexed: bool = False
) -> tuple[Value, ...]:
    """The values that --value, --value-file and --values name, sorted. `indexed`: each must say its index."""
    found = [() if whole is None else _values_in(whole)]
    found.append(_values("--value-file", files or (), {value.index for value in found[0]}, indexed=indexed, file=True))
    found.append(_values("--value", values or (), {value.index for value in (*found[0], *found[1])}, indexed=indexed))
    return tuple(sorted(chain.from_iterable(found), key=lambda value: value.index))


def _values(
    option: str, written: Sequence[str], taken: Iterable[int] = (), *, indexed: bool = False, file: bool = False
) -> tuple[Value, ...]:
    """`TYPE[:INDEX]=DATA` each, or with `file` `=FILE`; without an index, the lowest that is free."""
    from resolver.model.value import DEFAULT_PERMISSIONS, Value

    parts: list[tuple[str, int | None, str]] = []
    used = set(taken)
    for words in written:
        name, equals, data = words.partition("=")
        kind, colon, index = name.rpartition(":") if ":" in name else (name, "", "")
        if not equals or not kind or (colon and not (index.isdecimal() and 0 < int(index[:11]) < 1 << 32)):
            what = "FILE" if file else "DATA"
            remedy = f"Write TYPE={what} or TYPE:INDEX={what}, as in URL:1=https://example.org/"
            raise OperatorError("not a value", key=option, value=name[:80], remedy=remedy)
        if indexed and not colon:
            raise OperatorError("at which index?", key=option, value=name, remedy=f"Write {kind}:INDEX=…")
        if colon and int(index) in used:
            raise OperatorError(f"a second value at index {index}", key=option, value=name)
        if colon:
            used.add(int(index))
        parts.append((kind, int(index) if colon else None, data))
    values = []
    for kind, place, data in parts:
        if place is None:
            place = next(index for index in range(1, len(used) + 2) if index not in used)
            used.add(place)
        content = _octets_of(Path(data)) if file else _data(option, kind, data)
        secret = kind.upper() == "HS_SECKEY"
        permissions = SECRET_PERMISSIONS if secret else DEFAULT_PERMISSIONS
        values.append(Value(place, os.fsencode(kind), content, permissions=permissions))
    return tuple(values)


def _data(option: str, kind: str, written: str) -> bytes:
    """The data of a value that is written on the command line."""
    from resolver.model.value import Reference
    from resolver.wire.types import hs_admin, hs_vlist

    name = kind.upper()
    if name == "HS_SECKEY":  # other users of this machine see our command line
        raise OperatorError("no secrets here", key=option, value=kind, remedy="Say --value-file HS_SECKEY:INDEX=FILE")
    if name in STRUCTURED:
        remedy = "Say --value-file or --values"
        raise OperatorError("no text says the data of this type", key=option, value=kind, remedy=remedy)
    if name not in ("HS_ADMIN", "HS_VLIST"):
        return os.fsencode(written)
    references = []
    for words in written.split():
        index, colon, handle = words.partition(":")
        if not colon or not handle or not (index.isdecimal() and int(index[:11]) < 1 << 32):
            raise OperatorError("not INDEX:HANDLE", key=option, value=words, remedy="Write 200:0.NA/88.118.8")
        references.append(Reference(os.fsencode(handle), int(index)))
    if name == "HS_VLIST":
        return hs_vlist.encode(tuple(references))
    if len(references) != 1:
        raise OperatorError("one INDEX:HANDLE", key=option, value=written, remedy="Write 200:0.NA/88.118.8")
    return hs_admin.encode(hs_admin.HsAdmin(hs_admin.ALL_PERMISSIONS, references[0].handle, references[0].index))


def _values_in(file: Path) -> tuple[Value, ...]:
    """A JSON list of values, or an object that has one as `values`, as an answer of `resolve --json` does."""
    from resolver.wire.json_form import JsonFormError, value_from_json

    with file.open("rb") as stream:
        octets = stream.read(VALUES_FILE_OCTETS_MAX + 1)
    if len(octets) > VALUES_FILE_OCTETS_MAX:
        raise OperatorError(f"more than {VALUES_FILE_OCTETS_MAX:,} octets", file=str(file), key="--values")
    try:
        form = json_reader.loads(octets)
    except (ValueError, RecursionError) as problem:
        remedy = 'Write [{"index": 1, "type": "URL", "data": "https://…"}]'
        raise OperatorError(f"not JSON: {problem}", file=str(file), key="--values", remedy=remedy) from None
    listed = form.get("values") if isinstance(form, dict) else form
    if not isinstance(listed, list):
        remedy = 'Write [{"index": 1, "type": "URL", "data": "https://…"}]'
        raise OperatorError("no list of values", file=str(file), key="--values", remedy=remedy)
    values: dict[int, Value] = {}
    for number, each in enumerate(listed):
        try:
            value = value_from_json(each)
        except JsonFormError as problem:
            raise OperatorError(str(problem), file=str(file), key=f"values[{number}]") from None
        if value.index in values:
            raise OperatorError(f"a second value at index {value.index}", file=str(file), key=f"values[{number}]")
        values[value.index] = value
    return tuple(values.values())


def _owned(handle: bytes, values: Sequence[Value]) -> Sequence[Value]:
    """The values with an HS_ADMIN for the administrators of the prefix, if they have none."""
    from biaoshi.client import administrator
    from resolver.model.identifier import prefix_handle

    if any(value.type.upper() == b"HS_ADMIN" for value in values):
        return values
    used = {value.index for value in values}
    at = next(index for index in range(100, 100 + len(used) + 1) if index not in used)
    return (*values, administrator(prefix_handle(_prefix_above(handle)), at=at))


def _prefix(written: str) -> bytes:
    return os.fsencode(written).removeprefix(b"0.NA/").rstrip(b"/")


def _octets_of(file: Path) -> bytes:
    with file.open("rb") as stream:
        octets = stream.read(FILE_OCTETS_MAX + 1)
    if len(octets) > FILE_OCTETS_MAX:
        raise OperatorError(f"more than {FILE_OCTETS_MAX:,} octets", file=str(file))
    return octets


def _secret_in(file: Path) -> bytes:
    octets = _octets_of(file).strip(b"\r\n")
    if not 0 < len(octets) <= SECRET_OCTETS_MAX:
        raise OperatorError(f"a secret has 1 to {SECRET_OCTETS_MAX} octets, this one {len(octets)}", file=str(file))
    return octets


def _place(file: Path, octets: bytes, mode: int) -> None:
    """A new file with these rights from its first moment."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as stream:
        stream.write(octets)


# ---- what is shown ---------------------------------------------------------------------------------------------------


def _done(handle: bytes) -> Outcome:
    from biaoshi.client import Outcome

    return Outcome(handle)


def _one(handle: bytes, call: Callable[[], Any]) -> Any:
    """Do it; a refusal is one line and exit code 1."""
    from biaoshi.client import Refused

    try:
        return call()
    except Refused as refused:
        typer.echo(f"biaoshi: {printable(str(refused))}", err=True)
        raise typer.Exit(1) from None


def _report(outcomes: Iterable[Outcome], json: bool, word: str) -> None:
    """Say what became of records. Exit code 1 if some were not done; if none were, 3 for silence everywhere and 4 for
    answers that cannot be believed.
    """
    from resolver.model.identifier import text

    results: list[dict[str, Any]] = []
    failed: list[BiaoshiError] = []
    done, last, complete = 0, "", False
    try:
        for outcome in outcomes:
            name = text(outcome.handle)
            if outcome.error is None:
                done, last = done + 1, name
            else:
                failed.append(outcome.error)
                if len(failed) <= FAILURES_SHOWN_MAX:
                    typer.echo(f"biaoshi: {_words(name, outcome.error)}", err=True)
            if json:
                results.append({"handle": name, **_verdict(outcome.error)})
        complete = True
    except KeyboardInterrupt:
        typer.echo(f"biaoshi: ended early; up to {CHUNK} more records than are counted may be done", err=True)
        raise
    finally:  # what is done stays done, also when a row further down is no record
        if json:
            print_json({"complete": complete, "done": done, "failed": len(failed), "results": results})
        elif done == 1 and complete and not failed:
            print(f"{printable(last)}: {word}")
        elif done or len(failed) > 1:
            print(f"{done:,} {word}" + (f", {len(failed):,} not 未成" if failed else ""))
    if failed:
        kinds = (Unreachable, 3), (PeerError, 4)
        code = next((code for kind, code in kinds if all(isinstance(error, kind) for error in failed)), 1)
        raise typer.Exit(1 if done else code)


def _words(handle: str, error: BiaoshiError) -> str:
    from biaoshi.client import Refused

    return printable(str(error) if isinstance(error, Refused) else f"{handle}: {error}")


def _verdict(error: BiaoshiError | None) -> dict[str, Any]:
    from biaoshi.client import Refused
    from resolver.wire.codes import Code, code_name

    if error is None:
        return {"code": int(Code.SUCCESS), "code_name": code_name(Code.SUCCESS)}
    if isinstance(error, Refused):
        return {"code": error.code, "code_name": error.code_name, "message": error.words}
    return {"code": None, "code_name": type(error).__name__.upper(), "message": str(error)}
