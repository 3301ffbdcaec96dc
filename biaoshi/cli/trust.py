"""`biaoshi verify`, `biaoshi sign`: who vouches for the values of an identifier, and vouching for them."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from biaoshi.cli.network import Json, RunDir
from biaoshi.cli.resolve import address_of, first_recursive, running
from biaoshi.cli.terminal import print_json, print_table
from biaoshi.trace import printable
from nodes import state
from resolver.errors import CallerError, OperatorError, PeerError

if TYPE_CHECKING:
    from resolver.model.value import Reference, Value
    from resolver.rules.keys import SigningKey, VerifyingKey
    from resolver.rules.trust import Anchor, Report, Right

app = typer.Typer(rich_markup_mode=None)

DAY_S = 86_400
SIGNATURE_INDEX = 400
REASON_WORDS = {
    "TRUSTED": "TRUSTED 可信",
    "NO_SIGNATURE": "no signature 无签名",
    "MALFORMED": "malformed 无法解读",
    "OTHER_HANDLE": "signed for another handle 签名属于另一标识",
    "ALTERED": "altered 内容被篡改",
    "FORGED": "not signed by its issuer's key 签名不符",
    "EXPIRED": "expired 已过期",
    "NOT_YET_VALID": "not yet valid 尚未生效",
    "WRONG_ISSUER": "wrong issuer 签发者不符",
    "BROKEN_CHAIN": "broken chain 证书链中断",
    "PERMISSIONS_EXCEEDED": "permissions exceeded 超出权限",
    "UNKNOWN_ROOT": "unknown root 根不可信",
}
CHAIN_HEADINGS = ("SUBJECT 主体", "ISSUER 签发者", "EXPIRES 到期", "VERDICT 结论")
FILE_OCTETS_MAX = 65_536

Server = Annotated[
    str | None,
    typer.Option(metavar="A:P", help="Whom to ask.", show_default="first recursive node of the running network"),
]
Tcp = Annotated[bool, typer.Option("--tcp", help="Ask over TCP (default: UDP, TCP if that fails).")]


@app.command()
def verify(
    handle: Annotated[
        str,
        typer.Argument(metavar="HANDLE", help="The identifier; INDEX:HANDLE for the certificate that stands there."),
    ],
    server: Server = None,
    root: Annotated[str, typer.Option(metavar="HANDLE", help="The root of trust.")] = "0.NA/0.NA",
    root_key: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="A key the root may have: PEM, HS_PUBKEY or a private key file; repeatable.",
            show_default="that of the running network",
        ),
    ] = None,
    tcp: Tcp = False,
    json: Json = False,
    run_dir: RunDir = None,
) -> None:
    """Verify who vouches for an identifier (可信验证).

    Resolves it, and follows its HS_SIGNATURE from certificate to certificate up to the root's key. Every link must be
    signed by the next one's key, valid today, and have rights that reach to the identifier.

    \b
    biaoshi verify 88.118.8/JXDY2106023
    biaoshi verify 400:0.NA/88.118 --json
    biaoshi verify 88.118.8/JXDY2106023 --root 88.111.1/0.0 --root-key root.pem --server 127.86.5.1

    \b
    Exit codes: 0 trusted; 1 not trusted, and why, or not found; 2 usage; 3 no answer, or no network running.
    """
    from resolver.rules.trust import Anchor

    network = running(run_dir, needed=server is None or root_key is None)
    address = first_recursive(network) if server is None else address_of(server)
    keys = _keys_in(root_key) if root_key else _roots_keys(network, state.choose_run_dir(run_dir))
    anchor = Anchor(os.fsencode(root), keys)
    from biaoshi import verification  # behind the checks: it brings asyncio along

    try:
        report = verification.verify(address, os.fsencode(handle), anchor, tcp=tcp)
    except verification.NotThereError as answer:
        typer.echo(f"biaoshi: {printable(handle)}: {printable(str(answer))}", err=True)
        raise typer.Exit(1) from None
    if json:
        print_json(verification.as_json(handle, report, anchor))
    else:
        _show(handle, report, anchor)
    if not report.trusted:
        raise typer.Exit(1)


@app.command()
def sign(
    handle: Annotated[
        str, typer.Argument(metavar="HANDLE", help="What to sign; with --certificate INDEX:HANDLE, whom to certify.")
    ],
    key: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The signer's private key.",
            show_default="that of the prefix's administrator in the running network",
        ),
    ] = None,
    user: Annotated[
        str | None,
        typer.Option(
            metavar="INDEX:HANDLE",
            help="Who signs, for example 300:0.NA/88.118.8.",
            show_default="the prefix's administrator",
        ),
    ] = None,
    certificate: Annotated[
        bool, typer.Option("--certificate", help="Certify the key of HANDLE instead of signing its values.")
    ] = False,
    public_key: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The key to certify.", show_default="the HS_PUBKEY at INDEX:HANDLE"),
    ] = None,
    permissions: Annotated[
        list[str] | None,
        typer.Option(
            "--permission",
            metavar="RIGHT[@HANDLE]",
            help="everything, thisHandle, derivedPrefixes or handlesUnderThisPrefix; repeatable.",
            show_default="thisHandle and derivedPrefixes of the certified prefix",
        ),
    ] = None,
    indexes: Annotated[
        list[int] | None,
        typer.Option("--index", min=1, max=0xFFFFFFFF, help="Sign only this value; repeatable.", show_default="all"),
    ] = None,
    expires: Annotated[str, typer.Option(metavar="DAYS|DATE", help="365d, or 2027-12-31T23:59:59Z.")] = "365d",
    chain: Annotated[
        list[str] | None,
        typer.Option(
            metavar="INDEX:HANDLE",
            help="Where the certificates stand, the signer's first; repeatable.",
            show_default="found at the issuers' handles",
        ),
    ] = None,
    at: Annotated[int, typer.Option(min=1, max=0xFFFFFFFF, help="The index of the value that is made.")] = (
        SIGNATURE_INDEX
    ),
    whole: Annotated[
        bool, typer.Option("--whole", help="Print the record with its public values, as `biaoshi import` takes it.")
    ] = False,
    passphrase_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Holds the passphrase of an encrypted --key.")
    ] = None,
    server: Server = None,
    tcp: Tcp = False,
    json: Json = False,
    run_dir: RunDir = None,
) -> None:
    """Sign the values of an identifier, or certify a key (签名与颁发证书).

    Prints the HS_SIGNATURE or HS_CERT as a record, one JSON line of a catalogue; nothing is registered by this.

    \b
    biaoshi sign 88.118.8/JXDY2106023 --whole > signed.jsonl
    biaoshi sign 88.118.8/JXDY2106023 --index 1 --key own.pem --user 300:88.118.8/REGISTRAR --expires 2027-12-31
    biaoshi sign 300:88.118.8/REGISTRAR --certificate --public-key own.pem --permission thisHandle@0.NA/88.118.8

    \b
    Exit codes: 0; 1 there is nothing to sign; 2 usage, a key that cannot be read; 3 no answer, or no network running.
    """
    from resolver.model.value import Reference, Value
    from resolver.rules import keys, trust

    if (key is None) != (user is None):
        raise OperatorError("a user and a key belong together", key="--user", remedy="Say --user and --key, or neither")
    if key is None or user is None:
        signer, private = _administrator(trust.reference_of(os.fsencode(handle)).handle, state.choose_run_dir(run_dir))
    else:
        passphrase = None if passphrase_file is None else _octets_of(passphrase_file).strip(b"\r\n")
        signer = _party("--user", user)
        private = keys.private_key(_octets_of(key), passphrase=passphrase, file=str(key))
    links = [_party("--chain", link) for link in chain or ()]
    now_s = int(time.time())
    life_s = _expiry(expires, now_s) - now_s
    subject, kept = trust.reference_of(os.fsencode(handle)), list[Value]()
    try:
        if certificate:
            subject = _party("HANDLE", handle)
            rights = _rights(permissions or (), subject.handle)
            public = _key_in(public_key) if public_key else _published(subject, server, run_dir, tcp=tcp)
            data = trust.certify(subject, public, rights, signer, private, now_s=now_s, life_s=life_s, chain=links)
            kind = trust.CERTIFICATE
        else:
            subject = Reference(os.fsencode(handle), 0)
            public_values = _record(subject.handle, server, run_dir, tcp=tcp)
            chosen = [value for value in public_values if not indexes or value.index in indexes]
            kept = [value for value in public_values if value.index != at]
            missing = set(indexes or ()) - {value.index for value in chosen}
            if missing:
                typer.echo(f"biaoshi: {handle}: no public value at {', '.join(map(str, sorted(missing)))}", err=True)
                raise typer.Exit(1)
            data = trust.sign_values(subject.handle, chosen, signer, private, now_s=now_s, life_s=life_s, chain=links)
            kind = trust.SIGNATURE
    except CallerError as problem:  # nothing to sign, or a kind of key that cannot
        typer.echo(f"biaoshi: {handle}: {problem}", err=True)
        raise typer.Exit(1) from None
    _show_values(subject, [*(kept if whole else ()), Value(at, kind, data)], json=json)


# ---- what is shown ---------------------------------------------------------------------------------------------------


def _show(handle: str, report: Report, anchor: Anchor) -> None:
    from biaoshi.verification import when
    from resolver.model.identifier import text

    detail = f" ({printable(report.detail)})" if report.detail else ""
    print(f"{printable(handle)}: {REASON_WORDS[report.reason.name]}{detail}")
    if report.signed or report.unsigned:
        signed = ", ".join(map(str, report.signed)) or "none"
        unsigned = ", ".join(map(str, report.unsigned)) or "none"
        print(f"values as signed 与签名一致: {signed}; unsigned 未签名: {unsigned}")
    if report.links:
        rows = [
            (
                printable(text(link.claims.subject)),
                printable(text(link.claims.issuer)),
                when(link.claims.expires_s) or "never 永不",
                REASON_WORDS[link.reason.name],
            )
            for link in report.links
        ]
        print_table(CHAIN_HEADINGS, rows, f"chain up to {text(anchor.handle)} 证书链")


def _show_values(subject: Reference, values: Sequence[Value], *, json: bool) -> None:
    from resolver.wire.json_form import name_to_json, value_to_json

    form: dict[str, Any] = {
        "handle": name_to_json(subject.handle),
        "values": [value_to_json(value) for value in values],
    }
    if json:
        print_json(form)
    else:
        from json import dumps

        print(dumps(form, ensure_ascii=False))


# ---- what is given ---------------------------------------------------------------------------------------------------


def _party(option: str, written: str) -> Reference:
    from resolver.rules.trust import reference_of

    party = reference_of(os.fsencode(written))
    if not party.index or not party.handle:
        remedy = "Write INDEX:HANDLE, for example 300:0.NA/88.118.8"
        raise OperatorError("is not an index and a handle", key=option, value=written, remedy=remedy)
    return party


def _rights(written: Sequence[str], handle: bytes) -> list[Right]:
    from resolver.model.identifier import is_prefix_handle
    from resolver.rules.trust import DERIVED_PREFIXES, EVERYTHING, RIGHTS, THIS_HANDLE, Right

    if not written:
        if not is_prefix_handle(handle):
            raise OperatorError(
                "a handle that is no prefix gets no rights by itself",
                key="--permission",
                remedy="Say which, for example thisHandle@88.118.8/JXDY2106023",
            )
        return [Right(handle, THIS_HANDLE), Right(handle, DERIVED_PREFIXES)]
    rights = []
    for words in written:
        name, _, over = words.partition("@")
        if name not in RIGHTS:
            raise OperatorError(
                "no such right", key="--permission", value=words, remedy=f"There are {', '.join(RIGHTS)}"
            )
        rights.append(Right(os.fsencode(over) if over else b"" if name == EVERYTHING else handle, name))
    return rights


def _expiry(written: str, now_s: int) -> int:
    """`365d`, or a date or moment, UTC unless it says otherwise; seconds since 1970."""
    days = written.removesuffix("d")
    if days != written and days.isdigit() and len(days) <= 6:
        return now_s + int(days) * DAY_S
    try:
        moment = datetime.fromisoformat(written)
        return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        raise OperatorError(
            "neither days nor a date", key="--expires", value=written, remedy="Write 365d or 2027-12-31"
        ) from None


def _octets_of(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(FILE_OCTETS_MAX + 1)


def _keys_in(files: Sequence[Path]) -> tuple[VerifyingKey, ...]:
    return tuple(_key_in(file) for file in files)


def _key_in(file: Path) -> VerifyingKey:
    """The public key in a file of any kind. OperatorError if there is none."""
    from resolver.rules import keys

    octets = _octets_of(file)
    try:
        return keys.public_key(octets)
    except PeerError as problem:
        try:
            return keys.private_key(octets, file=str(file)).public_key()
        except OperatorError:
            raise OperatorError(
                f"not a key ({problem.text})", file=str(file), remedy="PEM, HS_PUBKEY and private key files are read"
            ) from None


def _roots_keys(network: state.State, run_dir: Path) -> tuple[VerifyingKey, ...]:
    """The key of the root's administrator, whose certificate ends every chain of the network."""
    from nodes.certificates import ROOT_PREFIX
    from nodes.keyring import administrator_key

    key = administrator_key(state.keys_folder(run_dir), ROOT_PREFIX)
    if key is None:
        raise OperatorError("this network's root has no key", file=network["file"], remedy="Say --root-key FILE")
    return (key.public_key(),)


def _administrator(handle: bytes, run_dir: Path) -> tuple[Reference, SigningKey]:
    """The administrator of a handle's prefix in the running network, if certified; else, and of a prefix handle, the
    root's.
    """
    from nodes.certificates import ROOT_PREFIX, certificate
    from nodes.keyring import administrator_key
    from resolver.model.identifier import is_prefix_handle, prefix_handle, prefix_of
    from resolver.model.value import Reference

    state.read_state(run_dir)
    folder = state.keys_folder(run_dir)
    prefix = prefix_of(handle)
    if is_prefix_handle(handle) or not certificate(folder, prefix):
        prefix = ROOT_PREFIX
    key = administrator_key(folder, prefix)
    if key is None:
        raise OperatorError(
            "this network has no key of an administrator of its prefix",
            key="HANDLE",
            value=os.fsdecode(handle),
            remedy="Say --user and --key",
        )
    return Reference(prefix_handle(prefix), 300), key


def _record(handle: bytes, server: str | None, run_dir: Path | None, *, tcp: bool) -> Sequence[Value]:
    import asyncio

    from biaoshi import verification

    address = first_recursive(running(run_dir, needed=True)) if server is None else address_of(server)
    try:
        return asyncio.run(verification.record(address, handle, tcp=tcp))
    except verification.NotThereError as answer:
        typer.echo(f"biaoshi: {printable(os.fsdecode(handle))}: {printable(str(answer))}", err=True)
        raise typer.Exit(1) from None


def _published(party: Reference, server: str | None, run_dir: Path | None, *, tcp: bool) -> VerifyingKey:
    from resolver.rules import keys

    for value in _record(party.handle, server, run_dir, tcp=tcp):
        if value.index == party.index:
            try:
                return keys.public_key(value.data)
            except PeerError:
                break
    typer.echo(f"biaoshi: no HS_PUBKEY at {party.index}:{os.fsdecode(party.handle)}; say --public-key FILE", err=True)
    raise typer.Exit(1)
