"""`biaoshi register` and its like, and examples/, on one running network."""

import asyncio
import json
import os
import re
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from command_line import CommandLine

from biaoshi import Client, Outcome, Refused
from biaoshi.cli import writing
from nodes import network
from nodes.keyring import ADMINISTRATORS
from nodes.state import keys_folder, status
from resolver.errors import BiaoshiError, PeerError, Unreachable
from resolver.wire.codes import Code

REPO = Path(__file__).parents[2]
NODES = """
key_bits = 1024
nodes = [
    {name = "root-1", tier = "root"},
    {name = "national-88", tier = "national", prefixes = ["88"]},
    {name = "secondary-88.118", tier = "secondary", prefixes = ["88.118"]},
    {name = "enterprise-88.118.8", tier = "enterprise", prefixes = ["88.118.8"], catalogues = ["CATALOGUE"]},
    {name = "recursive-1", tier = "recursive"},
]
"""
TAKEN = "88.118.8/JXDY2106023"
NEW = "88.118.8/NEW"


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("network")
    file = folder / "network.toml"
    file.write_text(NODES.replace("CATALOGUE", str(REPO / "configs" / "catalogues" / "88.118.8.csv")))
    with network.running(file, folder / "run", second_octet=network.free_second_octet(file)):
        yield folder / "run"


@pytest.fixture
def alone(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> CommandLine:
    """Where no network runs."""
    monkeypatch.setenv("BIAOSHI_RUN_DIR", str(tmp_path / "none"))
    return CommandLine(capsys)


@pytest.fixture
def biaoshi(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, run_dir: Path) -> CommandLine:
    monkeypatch.setenv("BIAOSHI_RUN_DIR", str(run_dir))
    return CommandLine(capsys)


def values_of(biaoshi: CommandLine, handle: str) -> dict[str, Any]:
    read = json.loads(biaoshi("resolve", handle, "--authoritative", "--json"))
    return {f"{value['type']}:{value['index']}": value["data"]["value"] for value in read["values"]}


@pytest.mark.network
def test_an_identifier_is_registered_changed_listed_and_deleted(biaoshi: CommandLine) -> None:
    assert NEW in biaoshi("register", NEW, "--value", "URL=https://a.example", "--value", "DESC:7=泵")
    made = values_of(biaoshi, NEW)
    assert made.pop("HS_ADMIN:100") == {"handle": "0.NA/88.118.8", "index": 200, "permissions": "111111111111"}
    assert made == {"URL:1": "https://a.example", "DESC:7": "泵"}
    assert "HANDLE_ALREADY_EXISTS" in biaoshi.refused("register", NEW, "--value", "URL=x:", code=1)
    biaoshi("update", NEW, "--value", "URL:1=https://b.example", "--add", "EMAIL:3=a@b.example", "--remove", "7")
    changed = values_of(biaoshi, NEW)
    assert (changed["URL:1"], changed["EMAIL:3"], "DESC:7" in changed) == ("https://b.example", "a@b.example", False)
    assert NEW in biaoshi("list", "88.118.8").splitlines()
    assert "VALUES_NOT_FOUND" in biaoshi.refused("update", NEW, "--value", "URL:9=x:", code=1)
    biaoshi("delete", NEW)
    assert "HANDLE_NOT_FOUND" in biaoshi.refused("delete", NEW, code=1)
    assert NEW not in json.loads(biaoshi("list", "88.118.8", "--json"))["handles"]


@pytest.mark.network
def test_a_catalogue_is_registered_record_by_record(biaoshi: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "new.csv"
    names = [f"88.118.8/ROW-{number}" for number in range(30)]
    file.write_text("handle,URL\n" + "".join(f"{name},https://x.example\n" for name in [*names[:9], TAKEN, *names[9:]]))
    report = biaoshi.json("register", str(file), "--session", code=1)
    assert (report["done"], report["failed"]) == (30, 1)
    assert [result["handle"] for result in report["results"]] == [*names[:9], TAKEN, *names[9:]]
    assert report["results"][9]["code_name"] == "HANDLE_ALREADY_EXISTS"
    file.write_text("handle,URL\n" + "".join(f"{name},x:\n" for name in names))
    assert "30" in biaoshi("delete", str(file))


@pytest.mark.network
def test_values_of_every_kind_are_registered(biaoshi: CommandLine, tmp_path: Path) -> None:
    clerk, key, secret = "88.118.8/CLERK", tmp_path / "own.pem", tmp_path / "own.secret"
    biaoshi("keygen", "--type", "ed25519", "--out", str(key))
    biaoshi("keygen", "--type", "secret", "--out", str(secret))
    biaoshi(
        "register", clerk, "--value", f"HS_ADMIN:101=200:{clerk}", "--value", f"HS_VLIST:200=300:{clerk} 301:{clerk}",
        "--value-file", f"HS_PUBKEY:300={key}.pub", "--value-file", f"HS_SECKEY:301={secret}",
    )  # fmt: skip
    public = values_of(biaoshi, clerk)
    assert sorted(public) == ["HS_ADMIN:101", "HS_PUBKEY:300", "HS_VLIST:200"]  # whoever asks gets no secret
    biaoshi("update", clerk, "--add", "URL:1=x:", "--user", f"300:{clerk}", "--key", str(key))

    again, listed = "88.118.8/AGAIN", tmp_path / "values.json"
    listed.write_text(biaoshi("resolve", clerk, "--authoritative", "--json"))
    biaoshi("register", again, "--values", str(listed), "--value", "DESC=泵", "--no-admin")
    assert values_of(biaoshi, again) == {**public, "URL:1": "x:", "DESC:2": "泵"}
    biaoshi("delete", again, clerk, "--user", f"301:{clerk}", "--secret-file", str(secret))

    biaoshi("register", again, "--value", "URL=x:", "--no-admin")
    assert list(values_of(biaoshi, again)) == ["URL:1"]
    assert "INVALID_ADMIN" in biaoshi.refused("delete", again, code=1)  # nobody may, it has no HS_ADMIN


@pytest.mark.network
def test_what_stands_above_a_bad_row_is_told(biaoshi: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    file.write_text("handle,URL\n88.118.8/ABOVE,x:\n0.NA/88.118.99,x:\nno identifier,x:\n")
    report = biaoshi.json("register", str(file), code=2)
    assert (report["complete"], report["done"]) == (False, 1)
    assert "bad.csv:4" in biaoshi.err
    assert values_of(biaoshi, "88.118.8/ABOVE")["URL:1"] == "x:"


@pytest.mark.network
def test_a_prefix_is_registered_by_the_one_above(biaoshi: CommandLine) -> None:
    biaoshi("register", "0.NA/88.118.55", "--value", "DESC=workshop")
    made = json.loads(biaoshi("resolve", "0.NA/88.118.55", "--authoritative", "--json"))["values"]
    assert [value["data"]["value"] for value in made if value["type"] == "HS_ADMIN"] == [
        {"handle": "0.NA/88.118", "index": 200, "permissions": "111111111111"}
    ]
    biaoshi("delete", "0.NA/88.118.55")


@pytest.mark.network
def test_a_prefix_comes_home_and_leaves(biaoshi: CommandLine) -> None:
    node = ("--node", "enterprise-88.118.8")
    biaoshi("home", "88.118.77", *node)
    assert biaoshi("home", *node).split() == ["0.NA/88.118.77", "0.NA/88.118.8"]
    biaoshi("unhome", "88.118.77", *node)
    assert json.loads(biaoshi("home", *node, "--json")) == {"prefixes": ["0.NA/88.118.8"]}
    assert "INVALID_ADMIN" in biaoshi.refused(
        "home", "88.118.77", "--node", "secondary-88.118", "--user", "300:0.NA/88.118.8",
        "--key", str(keys_folder(Path(os.environ["BIAOSHI_RUN_DIR"])) / ADMINISTRATORS / "88.118.8.pem"), code=1,
    )  # fmt: skip


@pytest.mark.network
def test_secrets_prove_and_are_not_shown(biaoshi: CommandLine, run_dir: Path, tmp_path: Path) -> None:
    secret = keys_folder(run_dir) / ADMINISTRATORS / "88.118.8.secret"
    who = ("--user", "301:0.NA/88.118.8", "--secret-file")
    said = biaoshi("register", "88.118.8/BY-SECRET", "--value", "URL=x:", *who, str(secret), "--encrypt")
    assert secret.read_text() not in said
    wrong = tmp_path / "wrong"
    wrong.write_text("not the secret\n")
    refused = biaoshi.refused("delete", "88.118.8/BY-SECRET", *who, str(wrong), code=1)
    assert "AUTHENTICATION_FAILED" in refused and "not the secret" not in refused
    biaoshi("delete", "88.118.8/BY-SECRET", *who, str(secret))


@pytest.mark.network
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("blocking", "101 HANDLE_ALREADY_EXISTS\n1 URL https://example.org/moved\nFalse\n"),
        ("asynchronous", "".join(
            f"88.118.8/EXAMPLE-ASYNC-{number} https://example.org/1 https://example.org/2\n" for number in range(3)
        )),
        ("session", "everybody reads [1, 100]\nan administrator reads [1, 2, 100]\n"),
        ("batch", f"20 registered\n{TAKEN}: HANDLE_ALREADY_EXISTS\n20 listed\n"),
    ],
)  # fmt: skip
def test_the_examples_do_what_they_say(run_dir: Path, name: str, said: str) -> None:
    nodes = {node["name"]: node["address"] for node in status(run_dir)["nodes"]}
    key = keys_folder(run_dir) / ADMINISTRATORS / "88.118.8.pem"
    done = subprocess.run(
        [sys.executable, str(REPO / "examples" / f"{name}.py"), nodes["recursive-1"], "300:0.NA/88.118.8", str(key)],
        env={**os.environ, "PYTHONPATH": str(REPO)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert sorted(done.stdout.splitlines()) == sorted(said.splitlines()), done.stderr


@pytest.mark.network
@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_the_librarys_lines_in_the_readme_work(
    run_dir: Path, readme: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (lines,) = re.findall(
        r"^```python\n(.*?)^```$", (REPO / readme).read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    nodes = {node["name"]: node["address"] for node in status(run_dir)["nodes"]}
    monkeypatch.chdir(run_dir)
    exec(lines.replace("127.86.5.1:2641", nodes["recursive-1"]).replace(".biaoshi/", "").replace("PUMP-2", readme), {})
    assert capsys.readouterr().out == "100 HANDLE_NOT_FOUND\n"


def test_keys_are_made_once_and_for_their_owner(alone: CommandLine, tmp_path: Path) -> None:
    from resolver.rules import keys

    for kind in ("rsa", "ec", "ed25519"):
        file = tmp_path / kind
        alone("keygen", "--type", kind, "--out", str(file), "--bits", "1024")
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        made = keys.private_key(file.read_bytes())
        assert keys.record_of(made) == (tmp_path / f"{kind}.pub").read_bytes()
        assert "is there already" in alone.refused("keygen", "--type", kind, "--out", str(file), code=2)
    secret = tmp_path / "secret"
    said = alone("keygen", "--type", "secret", "--out", str(secret))
    assert len(secret.read_bytes()) == 32 and secret.read_text() not in said
    words = tmp_path / "words"
    words.write_text("open sesame\n")
    alone("keygen", "--out", str(tmp_path / "locked"), "--bits", "1024", "--passphrase-file", str(words))
    assert b"ENCRYPTED" in (tmp_path / "locked").read_bytes()
    keys.private_key((tmp_path / "locked").read_bytes(), passphrase=b"open sesame")


AT = ("--server", "127.0.0.1:1")
SOMEBODY = ("--user", "301:x/y", "--secret-file", "SECRET")
A_VALUE = ("--value", "URL=x:")


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (["register", NEW, *A_VALUE], 3, "no network"),
        (["register", NEW, *A_VALUE, *AT, "--user", "300:0.NA/x"], 2, "belong together"),
        (["list", "88.118.8", "--direct"], 2, "--server"),
        (["home", "88.118.77"], 2, "which node"),
        (["register", NEW, *A_VALUE, *AT, "--user", "nobody", "--secret-file", "SECRET"], 2, "INDEX:HANDLE"),
        (["register", NEW, *AT, *SOMEBODY], 2, "without values"),
        (["register", NEW, "--value", "URL", *AT, *SOMEBODY], 2, "not a value"),
        (["register", NEW, "--value", "URL:0=x", *AT, *SOMEBODY], 2, "not a value"),
        (["register", NEW, "--value", "URL:1=x", "--value", "DESC:1=y", *AT, *SOMEBODY], 2, "second value"),
        (["register", NEW, "--value", "HS_SECKEY:1=hushhush", *AT, *SOMEBODY], 2, "no secrets here"),
        (["register", NEW, "--value", "HS_PUBKEY:1=x", *AT, *SOMEBODY], 2, "--value-file"),
        (["register", NEW, "--value", "HS_ADMIN:100=me", *AT, *SOMEBODY], 2, "INDEX:HANDLE"),
        (["register", NEW, "--values", "SECRET", *AT, *SOMEBODY], 2, "not JSON"),
        (["register", NEW, "--value-file", "D:1=missing", *AT, *SOMEBODY], 2, "missing"),
        (["register", "no-identifier", *A_VALUE, *AT, *SOMEBODY], 2, "not an identifier"),
        (["update", NEW, *A_VALUE, *AT, *SOMEBODY], 2, "at which index"),
        (["update", NEW, *AT, *SOMEBODY], 2, "without values"),
        (["update", "rows.csv", "--remove", "1", *AT, *SOMEBODY], 2, "one HANDLE"),
        (["keygen", "--type", "dsa", "--bits", "1100", "--out", "SECRET.new"], 2, "--type"),
        (["register", "missing.csv", *AT, *SOMEBODY], 2, "missing"),
        (["delete", NEW, "--tcp", *AT, *SOMEBODY], 3, "127.0.0.1:1"),
    ],
)
def test_what_cannot_be_done_is_said(
    alone: CommandLine, tmp_path: Path, arguments: list[str], code: int, word: str
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("words")
    said = alone.refused(
        *[each.replace("SECRET", str(secret)) if each[:6] == "SECRET" else each for each in arguments], code=code
    )
    assert word in said and "hushhush" not in said


def test_ctrl_c_ends_a_catalogue_tidily(alone: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cancelled = []

    async def create(*_: object, **__: object) -> bytes:
        signal.raise_signal(signal.SIGINT)
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancelled.append(True)
            raise
        return b""

    monkeypatch.setattr(Client, "create", create)
    rows, secret = tmp_path / "rows.csv", tmp_path / "secret"
    rows.write_text("handle,URL\n88.118.8/A,x:\n")
    secret.write_text("words")
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # who starts tests in the background ignores it
    try:
        said = alone.refused("register", str(rows), *AT, "--user", "301:x/y", "--secret-file", str(secret), code=130)
    finally:
        signal.signal(signal.SIGINT, before)
    assert "ended early" in said and cancelled


NO, SILENCE, LIES = Refused(Code.INVALID_ADMIN, b"a/1", ""), Unreachable("nobody"), PeerError("garbage")


@pytest.mark.parametrize(
    ("errors", "code", "said"),
    [
        ([None], 0, "a/0: registered"),
        ([None, None], 0, "2 registered"),
        ([None, SILENCE], 1, "1 registered"),
        ([NO], 1, ""),
        ([NO, SILENCE], 1, "0 registered"),
        ([SILENCE, SILENCE], 3, "0 registered"),
        ([LIES], 4, ""),
        ([LIES, SILENCE], 1, "0 registered"),
    ],
)
def test_what_became_of_records_is_one_exit_code(
    errors: list[BiaoshiError | None], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    outcomes = [Outcome(b"a/%d" % number, error) for number, error in enumerate(errors)]
    try:
        writing._report(outcomes, False, writing.REGISTERED)
        ended = 0
    except typer.Exit as end:
        ended = end.exit_code
    printed = capsys.readouterr()
    assert (ended, printed.out.startswith(said), bool(printed.out)) == (code, True, bool(said))
    assert len(printed.err.splitlines()) == sum(error is not None for error in errors)


def test_a_servers_words_cannot_steer_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    nasty = b"a/\x1b[2J"
    with pytest.raises(typer.Exit):
        writing._report([Outcome(nasty), Outcome(nasty, Refused(Code.ERROR, nasty, "\x1b]0;x\x07"))], False, "made")
    printed = capsys.readouterr()
    assert "\x1b" not in printed.out + printed.err and "\\x1b[2J" in printed.err
