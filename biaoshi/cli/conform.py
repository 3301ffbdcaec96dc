"""`biaoshi conform`: does a Handle node answer as the protocol and its practice want it?"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from biaoshi.cli.load import numeric, refuse_foreign_hosts
from biaoshi.cli.network import Json, RunDir
from biaoshi.cli.resolve import address_of, running
from biaoshi.cli.terminal import print_json
from biaoshi.resolution import join
from resolver.errors import OperatorError

if TYPE_CHECKING:
    from biaoshi.conformance.cases import Case
    from biaoshi.conformance.run import Outcome
    from resolver.rules.proof import Credentials

app = typer.Typer(rich_markup_mode=None)

MARKS = {"pass": "PASS 通过", "fail": "FAIL 不符", "skip": "skip 跳过"}
FILE_OCTETS_MAX = 65_536


@app.command()
def conform(
    target: Annotated[str, typer.Argument(metavar="HOST:PORT", help="A node, ours or any other that speaks Handle.")],
    handle: Annotated[
        str | None,
        typer.Option(metavar="HANDLE", help="One that it answers.", show_default="the sample of a node of ours"),
    ] = None,
    user: Annotated[
        str | None,
        typer.Option(metavar="INDEX:HANDLE", help="Who may create records there; without, nothing is written."),
    ] = None,
    key: Annotated[Path | None, typer.Option(metavar="FILE", help="The user's private key (HS_PUBKEY).")] = None,
    secret_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Or a file with the user's secret (HS_SECKEY).")
    ] = None,
    prefix: Annotated[
        str | None, typer.Option(help="Where records are created.", show_default="the prefix of --user")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option("--case", metavar="NAME", help="Only this case; repeatable.")
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="Say which cases there are, hold none.")] = False,
    i_operate: Annotated[
        list[str] | None,
        typer.Option(metavar="HOST", help="You answer for this machine, which is not on loopback; repeatable."),
    ] = None,
    json: Json = False,
    run_dir: RunDir = None,
) -> None:
    """Hold conversations with a Handle node, and judge each (一致性测试).

    One line a case and transport: its verdict, and where it is written that it must go so. Cases that write run only
    with --user and a key, under names of their own, and delete what they made.

    \b
    biaoshi conform 127.86.4.1:2641
    biaoshi conform 127.86.4.1:2641 --user 300:0.NA/88.118.8 --key .biaoshi/data/.keys/administrators/88.118.8.pem
    biaoshi conform 192.0.2.7:2641 --i-operate 192.0.2.7 --handle 20.1/x --json

    \b
    Exit codes: 0 all as wanted, whatever was skipped; 1 something otherwise; 2 usage; 3 the target does not answer.
    """
    from biaoshi.conformance import run as runner
    from biaoshi.conformance.talk import Sockets

    cases = _chosen(only)
    if list_:
        _show_list(cases, json=json)
        return
    host, port = address_of(target)
    address = numeric(host, "HOST:PORT")
    refuse_foreign_hosts([address], frozenset(i_operate or ()))
    who = _credentials(user, key, secret_file)
    talk = Sockets(address, port)
    sample = handle or _sample(join((host, port)), run_dir)
    goal = (prefix or "").removeprefix("0.NA/") or (runner.prefix_in(who.user) if who else None)
    judged = runner.Target(talk, runner.site_of(talk), sample, who, goal)
    outcomes = runner.run(cases, judged, (lambda outcome: None) if json else _show)
    counts = {verdict: sum(outcome.verdict == verdict for outcome in outcomes) for verdict in MARKS}
    if json:
        print_json({"target": join((host, port)), **counts, "cases": [_as_json(outcome) for outcome in outcomes]})
    else:
        print(f"{counts['pass']} as wanted 符合, {counts['fail']} otherwise 不符, {counts['skip']} skipped 跳过")
    if counts["fail"]:
        raise typer.Exit(1)


def _show(outcome: Outcome) -> None:
    case = outcome.case
    print(f"{MARKS[outcome.verdict]}  {outcome.transport}  {case.name}: {case.title}  [{'; '.join(case.cites)}]")
    for words in outcome.words:
        print(f"      {words}")


def _as_json(outcome: Outcome) -> dict[str, Any]:
    case = outcome.case
    return {
        "case": case.name,
        "transport": outcome.transport,
        "verdict": outcome.verdict,
        "title": case.title,
        "cites": list(case.cites),
        "writes": case.writes,
        "words": list(outcome.words),
    }


def _show_list(cases: Sequence[Case], *, json: bool) -> None:
    if json:
        print_json([{"case": case.name, "title": case.title, "cites": list(case.cites)} for case in cases])
        return
    for case in cases:
        print(f"{case.name}: {case.title}  [{'; '.join(case.cites)}]")


def _chosen(names: Sequence[str] | None) -> tuple[Case, ...]:
    from biaoshi.conformance.cases import all_cases

    cases = all_cases()
    known = {case.name for case in cases}
    for name in names or ():
        if name not in known:
            raise OperatorError("no such case", key="--case", value=name, remedy="`biaoshi conform --list` names them")
    return tuple(case for case in cases if not names or case.name in names)


def _credentials(user: str | None, key: Path | None, secret_file: Path | None) -> Credentials | None:
    from resolver.rules import keys
    from resolver.rules.proof import Credentials
    from resolver.rules.trust import reference_of

    if user is None and key is None and secret_file is None:
        return None
    if user is None or (key is None) == (secret_file is None):
        raise OperatorError(
            "a user and one key belong together", key="--user", remedy="Say --user with --key or with --secret-file"
        )
    party = reference_of(os.fsencode(user))
    if not party.handle or (party.index == 0 and not user.startswith("0:")):
        remedy = "Write INDEX:HANDLE, for example 300:0.NA/88.118.8"
        raise OperatorError("is not an index and a handle", key="--user", value=user, remedy=remedy)
    if secret_file is not None:
        return Credentials(party, _octets_of(secret_file).rstrip(b"\r\n"))
    assert key is not None
    return Credentials(party, keys.private_key(_octets_of(key), file=str(key)))


def _octets_of(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(FILE_OCTETS_MAX + 1)


def _sample(address: str, run_dir: Path | None) -> str | None:
    """What the running network says that its node at this address answers."""
    for node in running(run_dir, needed=False)["nodes"]:
        if node["address"] == address:
            sample: str | None = node["sample"]
            return sample
    return None
