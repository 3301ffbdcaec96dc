"""`biaoshi register`, `update`, `delete`, `list`, `home`, `unhome`, `keygen`: administration over the protocol.

Who asks: `--user` with `--key` or `--secret-file`; without them the administrator of the prefix in the running network.
Neither a secret nor a private key is ever shown, or taken from the command line itself.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from biaoshi.cli.network import Json, RunDir
from biaoshi.cli.resolve import address_of, first_recursive, running
from biaoshi.cli.terminal import note, print_json
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
    typer.Option("--value", metavar="TYPE[:INDEX]=DATA", help="A value of text, as URL:1=https://…; repeatable."),
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
    owner: Annotated[
        str | None,
        typer.Option(
            metavar="INDEX:HANDLE|none",
            help="Who may change the record later, as HS_ADMIN at 100.",
            show_default="200:0.NA/PREFIX, unless the record has an HS_ADMIN",
        ),
    ] = None,
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
    biaoshi register 88.118.8/NEW-3 --value URL=https://x.example --user 301:0.NA/88.118.8 --secret-file secret

    \b
    Exit codes: 0 all registered; 1 refused (exists, not allowed); 2 usage; 3 no answer, or no network running.
    """
    records = _records(target, values, needed=True)
    calls = _Calls(run_dir, server, direct, user, key, secret_file, passphrase_file, tcp, session, encrypt)
    owned = ((handle, _owned(handle, each, owner)) for handle, each in records)
    if mint:
        if _is_file(target):
            raise OperatorError("mints one at a time", key="--mint", value=target, remedy="Say a HANDLE")
        handle, each = next(owned)
        with calls.client(handle) as client:
            name = _one(handle, lambda: client.create(handle, each, overwrite=overwrite, mint=True))
        _report([_done(name)], json, "registered 已注册")
        return
    _report(
        calls.each(owned, lambda client, some: client.create_many(some, overwrite=overwrite)), json, "registered 已注册"
    )


@app.command()
def update(
    target: Annotated[
        str, typer.Argument(metavar="HANDLE|FILE", help="The identifier, or a catalogue (.csv, .jsonl).")
    ],
    values: ValueOptions = None,
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

    --value and a catalogue replace the values that stand at those indexes.

    \b
    biaoshi update 88.118.8/NEW-1 --value URL:1=https://example.org/moved
    biaoshi update 88.118.8/NEW-1 --add EMAIL:3=x@example.org --remove 2
    biaoshi update changed.jsonl

    \b
    Exit codes: 0 changed; 1 refused (no such value, not allowed); 2 usage; 3 no answer, or no network running.
    """
    calls = _Calls(run_dir, server, direct, user, key, secret_file, passphrase_file, tcp, session, encrypt)
    if _is_file(target):
        if add or remove:
            raise OperatorError("is for one HANDLE", key="--add and --remove", remedy="A catalogue replaces values")
        records = _records(target, values, needed=True)
        _report(calls.each(records, lambda client, some: client.modify_many(some)), json, "updated 已变更")
        return
    handle = os.fsencode(target)
    if not (values or add or remove):
        raise OperatorError("nothing to change", key="HANDLE", value=target, remedy="Say --value, --add or --remove")
    with calls.client(handle) as client:
        if values:
            _one(handle, lambda: client.modify(handle, _values(values)))
        if add:
            _one(handle, lambda: client.add(handle, _values(add)))
        if remove:
            _one(handle, lambda: client.remove(handle, remove))
    _report([_done(handle)], json, "updated 已变更")


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
    calls = _Calls(run_dir, server, direct, user, key, secret_file, passphrase_file, tcp, session, encrypt)
    records = (record for target in targets for record in _records(target, None, needed=False))
    _report(
        calls.each(records, lambda client, some: client.delete_many([handle for handle, _ in some])),
        json,
        "deleted 已删除",
    )


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
        print("\n".join(handles))


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
        print("\n".join(homed))


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
    kind: Annotated[Kind, typer.Argument(help="What to make.")] = Kind.rsa,
    out: Annotated[Path, typer.Option(metavar="FILE", help="The private key; the public one is FILE.pub.")] = Path(
        "key.pem"
    ),
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
    biaoshi keygen rsa --out own.pem
    biaoshi keygen ed25519 --out own.pem --passphrase-file words
    biaoshi keygen secret --out own.secret
    biaoshi keygen sm2 --out own.pem       # with the extra: pip install 'biaoshi[gm]'

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
        except (CallerError, PeerError) as problem:
            raise OperatorError(str(problem), key="KIND", value=kind.value) from None
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


def _records(target: str, values: Sequence[str] | None, *, needed: bool) -> Iterator[tuple[bytes, Sequence[Value]]]:
    """(handle, values) of an argument: a catalogue's, or the one that is written on the command line."""
    if _is_file(target):
        from nodes.catalogue import read_catalogue

        if values:
            raise OperatorError("is for one HANDLE", key="--value", remedy="Say the values in the catalogue")
        return ((record.handle, record.values) for record in read_catalogue(Path(target)))
    if needed and not values:
        remedy = "Say --value URL=https://…; a catalogue ends in .csv or .jsonl"
        raise OperatorError("an identifier without values", key="HANDLE", value=target, remedy=remedy)
    return iter([(os.fsencode(target), _values(values or ()))])


def _values(written: Sequence[str]) -> tuple[Value, ...]:
    """`TYPE[:INDEX]=DATA` each; without an index, the lowest that is free."""
    from resolver.model.value import Value

    taken: dict[int, Value] = {}
    without: list[tuple[bytes, bytes]] = []
    for words in written:
        name, equals, data = words.partition("=")
        kind, colon, index = name.rpartition(":") if ":" in name else (name, "", "")
        if not equals or not kind or (colon and not (index.isdecimal() and 0 < int(index) < 1 << 32)):
            remedy = "Write TYPE=DATA or TYPE:INDEX=DATA, for example URL:1=https://example.org/"
            raise OperatorError("not a value", key="--value", value=words, remedy=remedy)
        if not colon:
            without.append((os.fsencode(kind), os.fsencode(data)))
        elif int(index) in taken:
            raise OperatorError(f"a second value at index {index}", key="--value", value=words)
        else:
            taken[int(index)] = Value(int(index), os.fsencode(kind), os.fsencode(data))
    for octets, content in without:
        free = next(index for index in range(1, len(taken) + 2) if index not in taken)
        taken[free] = Value(free, octets, content)
    return tuple(taken[index] for index in sorted(taken))


def _owned(handle: bytes, values: Sequence[Value], owner: str | None) -> Sequence[Value]:
    """The values with an HS_ADMIN, if they have none and somebody shall own them."""
    from biaoshi.client import administrator
    from resolver.model.identifier import prefix_handle

    if owner == "none" or any(value.type.upper() == b"HS_ADMIN" for value in values):
        return values
    index, colon, name = ("200", ":", None) if owner is None else owner.partition(":")
    if not colon or not index.isdecimal():
        remedy = "Write 200:0.NA/88.118.8, or none"
        raise OperatorError("is not an index and a handle", key="--owner", value=owner, remedy=remedy)
    who = prefix_handle(_prefix_above(handle)) if name is None else os.fsencode(name)
    used = {value.index for value in values}
    at = next(index for index in range(100, 100 + len(used) + 1) if index not in used)
    return (*values, administrator(who, int(index), at=at))


def _prefix(written: str) -> bytes:
    return os.fsencode(written).removeprefix(b"0.NA/").rstrip(b"/")


def _octets_of(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(FILE_OCTETS_MAX + 1)


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
        typer.echo(f"biaoshi: {refused}", err=True)
        raise typer.Exit(1) from None


def _report(outcomes: Iterable[Outcome], json: bool, word: str) -> None:
    """Say what became of records; exit code 1 if some were refused, 3 if nobody answered about any."""
    from resolver.model.identifier import text

    results: list[dict[str, Any]] = []
    failed: list[BiaoshiError] = []
    done = 0
    for outcome in outcomes:
        name = text(outcome.handle)
        if outcome.error is None:
            done += 1
            if not json and done == 1:
                first = name
        else:
            failed.append(outcome.error)
            if len(failed) <= FAILURES_SHOWN_MAX:
                typer.echo(f"biaoshi: {_words(name, outcome.error)}", err=True)
        if json:
            results.append({"handle": name, **_verdict(outcome.error)})
    if json:
        print_json({"done": done, "failed": len(failed), "results": results})
    elif done == 1:
        print(f"{first}: {word}")
    else:
        print(f"{done:,} {word}" + (f", {len(failed):,} refused 被拒" if failed else ""))
    if failed:
        raise typer.Exit(3 if not done and all(isinstance(error, Unreachable) for error in failed) else 1)


def _words(handle: str, error: BiaoshiError) -> str:
    from biaoshi.client import Refused

    return str(error) if isinstance(error, Refused) else f"{handle}: {error}"


def _verdict(error: BiaoshiError | None) -> dict[str, Any]:
    from biaoshi.client import Refused
    from resolver.wire.codes import Code, code_name

    if error is None:
        return {"code": int(Code.SUCCESS), "code_name": code_name(Code.SUCCESS)}
    if isinstance(error, Refused):
        return {"code": error.code, "code_name": error.code_name, "message": error.words}
    return {"code": None, "code_name": type(error).__name__.upper(), "message": str(error)}
