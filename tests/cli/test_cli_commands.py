"""The command line as a whole: what is offered, how quickly, and which exit code an error becomes."""

import subprocess
import sys
from pathlib import Path

import pytest
import typer

from biaoshi import cli
from resolver.errors import OperatorError, PeerError, StoreError, Unreachable


def call(*arguments: str) -> int:
    """The exit code of `biaoshi ARGUMENTS`."""
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    return int(ended.value.code or 0)


def test_help_names_every_command_and_loads_nothing_heavy() -> None:
    script = (
        "import sys; from biaoshi import cli\n"
        "try: cli.main(['--help'])\n"
        "except SystemExit: print({'aiohttp', 'numpy', 'pydantic', 'asyncio', 'rich', 'lmdb'} & set(sys.modules))"
    )
    printed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert printed.splitlines()[-1] == "set()"
    assert all(f"\n  {name} " in printed for name in cli.COMMANDS)


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(name, "--help") == 0
    words = capsys.readouterr().out
    assert words.startswith(f"Usage: biaoshi {name} ") and "biaoshi " in words.split("\n", 2)[2]


def test_every_command_of_network_says_its_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    for verb in ("up", "status", "down", "targets"):
        assert call("network", verb, "--help") == 0
        assert "Exit codes:" in capsys.readouterr().out


def test_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("--version") == 0
    assert capsys.readouterr().out.startswith("biaoshi 0.")


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("bogus",),
        ("network",),
        ("network", "bogus"),
        ("network", "up"),
        ("resolve",),
        ("resolve", "--bogus", "a/b"),
    ],
)
def test_wrong_usage_is_exit_code_2_and_leaves_stdout_alone(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(*arguments) == 2
    assert "Usage: biaoshi" in "".join(capsys.readouterr())


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (OperatorError("unknown key", file="a.toml", key="nodes[0]", value=3, remedy="Drop it"), 2, "a.toml: nodes[0]"),
        (FileNotFoundError(2, "No such file or directory", "a.csv"), 2, "a.csv: No such file or directory"),
        (Unreachable("no network is running"), 3, "no network is running"),
        (StoreError("data.mdb is damaged"), 4, "data.mdb is damaged"),
        (PeerError("the response is a fragment"), 4, "the response is a fragment"),
        (KeyboardInterrupt(), 130, ""),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else None,
)
def test_errors_become_one_line_and_an_exit_code(
    error: BaseException, code: int, words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    app = typer.Typer()

    @app.command()
    def resolve() -> None:
        raise error

    monkeypatch.setattr(cli, "find", lambda _: typer.main.get_command(app))
    assert call("resolve") == code
    printed = capsys.readouterr()
    assert printed.out == "" and words in printed.err and printed.err.count("\n") == bool(words)


@pytest.mark.parametrize(
    "command", [("network", "status"), ("network", "down"), ("network", "targets"), ("resolve", "a/b")]
)
def test_without_a_network_it_is_exit_code_3_and_the_way_to_start_one(
    command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BIAOSHI_RUN_DIR", str(tmp_path))
    assert call(*command) == 3
    printed = capsys.readouterr()
    assert printed.out == "" and "biaoshi network up" in printed.err


@pytest.mark.parametrize("server", ["", ":2641", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:x", "a/b", "[::1"])
def test_a_server_that_is_no_address_is_refused_with_the_way_to_write_one(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BIAOSHI_RUN_DIR", str(tmp_path))
    assert call("resolve", "88.118.8/x", "--server", server) == 2
    assert "--server: not an address" in capsys.readouterr().err


@pytest.mark.parametrize("handle", ["", "a/" + "x" * 2047])
def test_a_handle_that_no_message_can_carry_is_refused(handle: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("resolve", handle, "--server", "127.0.0.1") == 2
    assert "1 to 2048 octets" in capsys.readouterr().err
