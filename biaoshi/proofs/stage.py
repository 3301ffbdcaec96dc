"""The stage of proofs: a node of its own on loopback, to be killed at will, and work done in a process that may die.

    node     python -m nodes.home …                 started as a supervisor would start it, or below a tracer
    warm     the same `main`, forked from a process that has its code loaded: a tenth of a second instead of one
    safely   a function in such a process, for what might take its process along (SIGBUS, SIGSEGV) or never end

Nothing outlives us: every process holds the read end of a pipe that hangs up when we are gone, even by kill -9.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import selectors
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from biaoshi.proofs.trial import MeansMissing
from nodes import network
from nodes.config import SECRET_INDEX, load_network
from nodes.keyring import administrator_secret, make_keys
from nodes.supervisor import HOME, environment, exit_words, last_words
from resolver.errors import Unreachable
from resolver.model.identifier import prefix_handle
from resolver.model.value import Reference
from resolver.rules.proof import Credentials

PREFIX = b"88.118.8"
NODE = "enterprise-88.118.8"
GROUP, UPPER = "enterprise", "planned"
READY_LIMIT_S = 60.0
STOP_LIMIT_S = 10.0
WORK_LIMIT_S = 60.0  # a piece of work that takes longer has hung
ALARM_S = 600  # when the kernel ends a piece of work whose prover is gone
READY_LINE_OCTETS_MAX = 1 << 16

# The others are planned, because a prefix has to be delegated, and started only where an administrator writes, whose
# keys and rights lie there.
NETWORK = f"""
key_bits = 1024
[[nodes]]
name = "root-1"
tier = "root"
process = "planned"

[[nodes]]
name = "national-88"
tier = "national"
prefixes = ["88"]
process = "planned"

[[nodes]]
name = "secondary-88.118"
tier = "secondary"
prefixes = ["88.118"]
process = "planned"

[[nodes]]
name = "{NODE}"
tier = "enterprise"
prefixes = ["{PREFIX.decode()}"]
process = "{GROUP}"
"""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a piece of work ended: with a result, or by a signal, an exit status, a time limit, in words."""

    result: Any = None
    died: str | None = None


class Stage:
    """A run directory with a network of one node that is started, and means to start it."""

    def __init__(self, folder: Path, catalogue: str | None = None) -> None:
        self.folder = folder
        self.data_dir = folder / "data"
        self.data_dir.mkdir(parents=True)
        self.store_dir = self.data_dir / NODE
        self.file = folder / "network.toml"
        self.log = folder / "node.log"
        words = NETWORK
        if catalogue is not None:
            (folder / "catalogue.csv").write_text(catalogue, encoding="utf-8")
            words += 'catalogues = ["catalogue.csv"]\n'
        self.file.write_text(words, encoding="utf-8")
        self.second_octet = network.free_second_octet(self.file)
        self.address = (f"127.{self.second_octet}.4.1", 2641)
        self.keys: Path | None = None
        self.doctor: Callable[[], None] | None = None  # called in a warm node's process first: what a test breaks there

    def arguments(self, parent: int, ready: int, metrics_port: int = 0, group: str = GROUP) -> list[str]:
        """Of `nodes.home`; `parent` and `ready` are the descriptors of its pipes."""
        return [
            *("--file", str(self.file), "--second-octet", str(self.second_octet), "--process", group),
            *("--data-dir", str(self.data_dir), "--metrics-port", str(metrics_port)),
            *("--parent-fd", str(parent), "--ready-fd", str(ready)),
            *(() if self.keys is None else ("--keys-dir", str(self.keys))),
        ]

    def administrator(self) -> Credentials:
        """Who may write under the prefix, proving it by secret; makes the network's keys."""
        self.keys = self.data_dir / ".keys"
        make_keys(load_network(self.file, second_octet=self.second_octet), self.keys)
        secret = administrator_secret(self.keys, PREFIX)
        assert secret is not None
        return Credentials(Reference(prefix_handle(PREFIX), SECRET_INDEX), secret)

    @contextlib.contextmanager
    def upper(self) -> Iterator[None]:
        """The nodes above, which say who administers the prefix."""
        with self.node(group=UPPER) as node:
            node.await_ready()
            yield

    @contextlib.contextmanager
    def node(
        self, *, home: Sequence[str] = HOME, before: Sequence[str] = (), metrics_port: int = 0, group: str = GROUP
    ) -> Iterator[ColdNode]:
        """A node in a process of its own, `before` it a tracer's command line. Afterwards it is gone."""
        lifeline_read, lifeline = os.pipe()
        ready_read, ready = os.pipe()
        try:
            with open(self.log, "ab") as log:
                process = subprocess.Popen(
                    [*before, *home, *self.arguments(lifeline_read, ready, metrics_port, group)],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    pass_fds=(lifeline_read, ready),
                    env=environment(),
                    process_group=0,  # a terminal's Ctrl-C is for us
                )
        finally:
            os.close(lifeline_read)
            os.close(ready)
        try:
            yield ColdNode(process, ready_read, self.log)
        finally:
            os.close(lifeline)  # the node goes, and with it a tracer that would not listen to us
            os.close(ready_read)
            try:
                process.wait(STOP_LIMIT_S)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    @contextlib.contextmanager
    def warm_node(self) -> Iterator[WarmNode]:
        """A node in a process that had its code loaded before. Afterwards it is gone."""
        lifeline_read, lifeline = multiprocessing.Pipe(duplex=False)
        try:
            with child(_run_home, self, lifeline_read, log=self.log) as begun:
                lifeline_read.close()
                yield WarmNode(begun, self.log)
        finally:
            lifeline_read.close()
            lifeline.close()


@dataclass(slots=True)
class ColdNode:
    """A node started by its command line, as subprocess.Popen has it."""

    process: subprocess.Popen[bytes]
    ready_fd: int
    log: Path

    def await_ready(self) -> dict[str, Any]:
        """Its ready line. Unreachable if there is none in time, or it says why not."""
        return _ready(_read_line(self.ready_fd), self.log)


@dataclass(slots=True)
class WarmNode:
    """A node forked from a process that had its code loaded."""

    child: Child
    log: Path

    def await_ready(self) -> dict[str, Any]:
        """Its ready line. Unreachable if there is none in time, or it says why not."""
        return _ready(self.ready_line(), self.log)

    def ready_line(self) -> dict[str, Any] | None:
        """Its ready line, whatever it says; None if it ended without one."""
        return _read_line(self.child.told.fileno())


@dataclass(slots=True)
class Child:
    """A process that does a piece of work; `told` is where it tells of it."""

    process: ForkServerProcess
    told: Connection

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        self.process.kill()
        self.process.join()

    def stop(self) -> None:
        """SIGTERM, and wait until it is gone; Unreachable if it does not go."""
        self.process.terminate()
        if self.wait(STOP_LIMIT_S) is None:
            raise Unreachable(f"process {self.process.pid} did not stop within {STOP_LIMIT_S:.0f} s")

    def wait(self, timeout_s: float) -> int | None:
        """Its exit status, negative for a signal; None if it still runs after that time."""
        self.process.join(timeout_s)
        return self.process.exitcode


@contextlib.contextmanager
def child(work: Callable[..., None], *arguments: Any, log: Path | None = None) -> Iterator[Child]:
    """A process that calls `work(connection to tell through, *arguments)`. Afterwards it is gone."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["nodes.home"])
    reader, writer = context.Pipe(duplex=False)
    process = context.Process(target=_begin, args=(writer, log, work, arguments), daemon=True)
    try:
        process.start()
    except OSError as error:
        if "AF_UNIX path too long" not in str(error):
            raise
        raise MeansMissing(f"{tempfile.gettempdir()}: too long for a socket's address. Set TMPDIR=/tmp") from None
    writer.close()
    begun = Child(process, reader)
    try:
        yield begun
    finally:
        begun.kill()
        process.close()
        reader.close()


def safely(work: Callable[..., Any], *arguments: Any, limit_s: float = WORK_LIMIT_S) -> Ended:
    """Do a piece of work where it can do no harm. Work, arguments and result are pickled."""
    with child(_report, work, arguments) as begun:
        try:
            if not begun.told.poll(limit_s):
                return Ended(died=f"did not end within {limit_s:.0f} s")
            return Ended(result=begun.told.recv())
        except EOFError:
            return Ended(died=exit_words(begun.wait(STOP_LIMIT_S) or 0))


def free_port() -> int:
    """A TCP port of 127.0.0.1 that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _begin(writer: Connection, log: Path | None, work: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    """In the child: out of the terminal's process group, because Ctrl-C is for the one who tidies up; then the work."""
    os.setpgid(0, 0)
    descriptor = os.open(log or os.devnull, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    os.close(descriptor)
    work(writer, *arguments)


def _run_home(ready: Connection, stage: Stage, lifeline: Connection) -> None:
    """Be a node."""
    from nodes.home import main

    if stage.doctor is not None:
        stage.doctor()
    os._exit(main(stage.arguments(lifeline.fileno(), ready.fileno())))


def _report(tell: Connection, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    """Do the work and send its result. Should nobody wait for it any more, it ends all the same."""
    signal.alarm(ALARM_S)
    tell.send(work(*arguments))


def _read_line(descriptor: int) -> dict[str, Any] | None:
    """One JSON line from a pipe; None if that ends before. Unreachable if it takes too long."""
    line, deadline = bytearray(), time.monotonic() + READY_LIMIT_S
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        while not line.endswith(b"\n") and len(line) < READY_LINE_OCTETS_MAX:
            if not selector.select(max(0.0, deadline - time.monotonic())):
                raise Unreachable(f"the node was neither ready nor gone within {READY_LIMIT_S:.0f} s")
            part = os.read(descriptor, 65_536)
            if not part:
                return None
            line += part
    document: dict[str, Any] = json.loads(line)
    return document


def _ready(report: dict[str, Any] | None, log: Path) -> dict[str, Any]:
    if report is None or not report["ready"]:
        said = last_words(log) if report is None else report["error"]
        raise Unreachable(f"the node did not become ready: {said}")
    return report
