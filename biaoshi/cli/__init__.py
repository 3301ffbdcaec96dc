"""The command line: a visible list of commands, each loaded when it is called, and one place for exit codes.

    biaoshi NOUN VERB    biaoshi network up FILE       a module with several commands
    biaoshi VERB         biaoshi resolve HANDLE        a module with one, or the one of that name

`biaoshi --help` imports none of them: what it says about a command stands in COMMANDS.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup

from resolver.errors import BiaoshiError, OperatorError, PeerError, StoreError, Unreachable


class Entry(NamedTuple):
    """A command: the module that holds its `app` (a Typer), and its line in the help."""

    module: str
    help: str


COMMANDS = {
    "demo": Entry("biaoshi.cli.demo", "The whole story in a minute: network, resolution, load, verdict (一分钟演示)."),
    "network": Entry("biaoshi.cli.network", "Start, inspect and stop a network of nodes (启停标识网络)."),
    "node": Entry("biaoshi.cli.node", "Stop, kill and start single nodes (单个节点启停)."),
    "fault": Entry("biaoshi.cli.fault", "Put faults on links and take them away (故障注入)."),
    "console": Entry("biaoshi.cli.console", "See, ask, load and break the running network in a browser (网页控制台)."),
    "config": Entry("biaoshi.cli.config", "Check a network file, or print its JSON Schema (检查配置)."),
    "resolve": Entry("biaoshi.cli.resolve", "Resolve an identifier, and see every hop of it (解析标识)."),
    "verify": Entry("biaoshi.cli.trust", "Verify who vouches for an identifier, up to the root (可信验证)."),
    "sign": Entry("biaoshi.cli.trust", "Sign the values of an identifier, or certify a key (签名与颁发证书)."),
    "conform": Entry("biaoshi.cli.conform", "Judge whether a Handle node answers as the protocol wants (一致性测试)."),
    "register": Entry(
        "biaoshi.cli.writing", "Register identifiers over the protocol, as their administrator (注册标识)."
    ),
    "update": Entry("biaoshi.cli.writing", "Replace, add and remove values of identifiers (变更标识)."),
    "delete": Entry("biaoshi.cli.writing", "Delete identifiers (删除标识)."),
    "list": Entry("biaoshi.cli.writing", "List the identifiers under a prefix (列出标识)."),
    "home": Entry("biaoshi.cli.writing", "Have a node answer for a prefix (前缀归属)."),
    "unhome": Entry("biaoshi.cli.writing", "Have a node answer for a prefix no longer (取消归属)."),
    "keygen": Entry("biaoshi.cli.writing", "Make a key pair or a secret (生成密钥)."),
    "import": Entry("biaoshi.cli.registry", "Register the records of a catalogue at a node (导入标识)."),
    "export": Entry("biaoshi.cli.registry", "Write the records of a node as a catalogue (导出标识)."),
    "store": Entry("biaoshi.cli.store", "Check, copy and put back the store of a node (存储检查与备份)."),
    "decode": Entry("biaoshi.cli.decode", "Explain a protocol message octet by octet (报文解码)."),
    "dissector": Entry("biaoshi.cli.dissector", "Write a dissector for Wireshark (Wireshark 解析脚本)."),
    "capture": Entry("biaoshi.cli.capture", "Write what a running network says as a pcap file (抓包)."),
    "tap": Entry("biaoshi.cli.tap", "Stand between a client and a server, and say what each packet is (报文旁观)."),
    "encode": Entry("biaoshi.cli.decode", "Give the bytes of a decoded message back (报文编码)."),
    "load": Entry("biaoshi.cli.load", "Put load on a network and judge what it bears (加载与结论)."),
    "report": Entry("biaoshi.cli.report", "Read results of a load again, as text or a page (读取结果)."),
    "compare": Entry("biaoshi.cli.compare", "Say what changed between two results, beyond chance (对比结果)."),
    "capacity": Entry("biaoshi.cli.capacity", "Find the highest rate that keeps a promise (容量测定)."),
    "simulate": Entry("biaoshi.cli.simulate", "Put a load on a network in virtual time, from a seed (虚拟时间仿真)."),
    "scenario": Entry("biaoshi.cli.scenario", "Faults at their moments, and what is expected all the same (情景)."),
    "swarm": Entry("biaoshi.cli.swarm", "Many seeds of trouble in virtual time, watched from outside (群测)."),
    "story": Entry("biaoshi.cli.story", "Scripted conversations, each a sequence diagram (会话故事)."),
    "lab": Entry("biaoshi.cli.lab", "Ten exercises, marked by looking at the running network (实验)."),
    "monitor": Entry("biaoshi.cli.monitor", "Show what is monitored of each node, by day and month (节点监测)."),
    "doctor": Entry("biaoshi.cli.doctor", "Say what of this machine helps or hinders, and what to raise (体检)."),
    "prove": Entry("biaoshi.cli.prove", "Measure again what is claimed, line by line (质量证明)."),
}

EXIT_CODES: tuple[tuple[type[Exception], int], ...] = (
    (OperatorError, 2),
    (Unreachable, 3),
    (StoreError, 4),
    (PeerError, 4),
)
INTERRUPTED = 130


class Commands(TyperGroup):
    """The commands of the list above, imported only when called."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """For help and completion: a name and its line, nothing behind it."""
        return TyperCommand(cmd_name, help=COMMANDS[cmd_name].help) if cmd_name in COMMANDS else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """For a call: the command itself."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, command and find(args[0]), rest

    def invoke(self, ctx: Any) -> Any:
        """Run the command; what it raises on purpose becomes one line on stderr and an exit code."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise typer.Exit(INTERRUPTED) from None
        except BiaoshiError as error:
            code = next((code for kind, code in EXIT_CODES if isinstance(error, kind)), None)
            if code is None:
                raise
            typer.echo(f"biaoshi: {error}", err=True)
            raise typer.Exit(code) from None
        except OSError as error:
            if error.filename is None:
                raise
            typer.echo(f"biaoshi: {error.filename}: {error.strerror}", err=True)
            raise typer.Exit(2) from None


def find(name: str) -> Any:
    """The command `name` of its module's `app`: the one so called, else the whole of it."""
    shell = typer.Typer(rich_markup_mode=None, add_completion=False)
    shell.add_typer(import_module(COMMANDS[name].module).app, name=name)
    command: Any = typer.main.get_group(shell).commands[name]
    return command.commands.get(name, command)


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from biaoshi import __version__

        typer.echo(f"biaoshi {__version__}")
        raise typer.Exit


@app.callback()
def biaoshi(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Simulator of the industrial-internet identifier-resolution system. 工业互联网标识解析体系仿真

    Root, national, secondary, enterprise and recursive nodes as real services that speak the Handle protocol.

    \b
    First steps:
      biaoshi demo
      biaoshi network up configs/teaching.toml
      biaoshi resolve 88.118.8/JXDY2106023 --trace
      biaoshi load --rate 3500 --duration 20s
      biaoshi network down

    \b
    Exit codes:
      0    as asked
      1    it ran, the answer is no (not found, verdict missed, files differ)
      2    usage or configuration
      3    could not reach (refused, timed out, no network running)
      4    wrong data seen
      5    the measurement is invalid
      130  Ctrl-C, after tidying up
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """The entry point `biaoshi`. Ends by SystemExit with a code of the table above."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal that cannot show 标识 gets escapes, not an error
            stream.reconfigure(errors="backslashreplace")
    app(args=arguments, prog_name="biaoshi")
