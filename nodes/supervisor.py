"""The supervisor of a network: starts its processes, watches them, and never leaves one behind.

    biaoshi network up ── ready pipe ──< supervisor (python -m nodes.network) ── parent pipe ──> python -m nodes.home
                                            │            one a process group  >── ready pipe ──┘      (group 1, 2, …)
                                            └ RUN_DIR/state.json, logs/, data/

Who dies, and what follows from it:
- The supervisor (even by kill -9): the kernel closes its end of every parent pipe and sends the death signal, so the
  children go.
- A child: its nodes are reported as not ready; it is not started again, so that a failure stays visible, until
  somebody asks for it (START_SIGNAL, `biaoshi node start`).
- Whoever waits for readiness (Ctrl-C, a script's time limit): the ready pipe hangs up and the start is undone.
One network a run directory: the supervisor holds a lock (flock) on the directory itself, which leaves no file behind.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import json
import os
import resource
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TextIO

from nodes.logs import logger
from nodes.processes import started
from nodes.state import State, keys_folder, remove_state, write_state
from resolver.errors import BiaoshiError, OperatorError, StoreError, Unreachable
from resolver.model.identifier import text

if TYPE_CHECKING:
    from nodes.config import NetworkPlan

# -P: a folder called `nodes` where the user happens to stand must not be taken for ours.
PYTHON = (sys.executable, "-P", "-m")
HOME = (*PYTHON, "nodes.home")
READY_LIMIT_S = 60.0
STOP_LIMIT_S = 3.0  # from asking to forcing
TICK_S = 1.0
READY_LINE_OCTETS_MAX = 4 << 20  # about 200 octets a node; the largest network has some hundreds
LOG_OCTETS_MAX = 16 << 20  # a log that outgrows this is cut; its writer appends
PR_SET_PDEATHSIG = 1
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
START_SIGNAL = signal.SIGUSR1  # start again what has ended
PARENT_GONE = 0  # told apart from signals, which count from 1
FAILURES: dict[int, type[BiaoshiError]] = {2: OperatorError, 3: Unreachable, 4: StoreError}


@dataclass(slots=True)
class Child:
    """One process group. `report` is its ready line, once it has come; `ended` its exit status, once it has gone."""

    group: str
    process: subprocess.Popen[bytes]
    started: int
    lifeline: int  # our end of the parent pipe: closing it sends the child away
    ready_fd: int
    log: Path
    line: bytearray = field(default_factory=bytearray)
    report: dict[str, Any] | None = None
    ended: int | None = None
    adopted: bool = False  # whether its report stands in the state document


class Supervisor:
    """Owns the processes of one network from start to stop."""

    def __init__(self, plan: NetworkPlan, run_dir: Path, *, home: Sequence[str], log: TextIO) -> None:
        self.plan, self.run_dir, self.home = plan, run_dir, home
        self.log = logger(log, "supervisor")
        self.children: list[Child] = []
        self.state = _initial_state(plan)
        self.selector = selectors.DefaultSelector()
        self.stop_reason: int | None = None
        self._start_again = False

    def run(self, ready: Callable[[State], None], *, starting: int | None = None, parent: int | None = None) -> int:
        """Start, call `ready` when every node is, watch until told to stop, tidy up.

        `starting` and `parent`: pipe ends that hang up when nobody waits for the start any more, and when our parent
        is gone. Returns the signal that ended it, or PARENT_GONE. Raises what made the start fail, after tidying up.
        """
        with _locked(self.run_dir), self._signals():
            try:
                for pipe in (starting, parent):
                    if pipe is not None:
                        self.selector.register(pipe, selectors.EVENT_READ, self._parent_gone)
                self._start()
                self._await_ready()
                if starting is not None:
                    self.selector.unregister(starting)
                if self.stop_reason is None:
                    self.log.info("network ready", nodes=len(self.state["nodes"]))
                    ready(self.state)
                while self.stop_reason is None:
                    self._turn(TICK_S)
                    if self._start_again:
                        self._start_ended()
                    for child in self.children:
                        if not child.adopted and child.report is not None and child.report.get("ready"):
                            self._adopt(child)
                            write_state(self.run_dir, self.state)
            finally:
                self._stop()
                remove_state(self.run_dir)
        assert self.stop_reason is not None
        return self.stop_reason

    # start

    def _start(self) -> None:
        raise_descriptor_limit()
        write_state(self.run_dir, self.state)
        for group in self.plan.processes:
            child = self._spawn(group)
            self.children.append(child)
            self.state["processes"].append(_process_of(child))
            self.log.info("process started", process=group, pid=child.process.pid)
        write_state(self.run_dir, self.state)

    def _start_ended(self) -> None:
        """Start again the processes that have ended. One that fails anew stays ended; its log says why."""
        self._start_again = False
        for place, old in enumerate(self.children):
            if old.ended is not None:
                os.close(old.lifeline)
                os.close(old.ready_fd)
                child = self.children[place] = self._spawn(old.group)
                self.state["processes"][place] = _process_of(child)
                self.log.info("process started again", process=child.group, pid=child.process.pid)
        write_state(self.run_dir, self.state)

    def _spawn(self, group: str) -> Child:
        log = self.run_dir / "logs" / f"{group}.log"
        child_lifeline, lifeline = os.pipe()
        ready_fd, child_ready = os.pipe()
        os.set_blocking(ready_fd, False)
        arguments = [
            *self.home,
            *("--file", str(self.plan.file), "--second-octet", str(self.plan.second_octet), "--process", group),
            *("--data-dir", str(self.run_dir / "data"), "--keys-dir", str(keys_folder(self.run_dir))),
            *("--time-scale", str(self.plan.time_scale), "--parent-fd", str(child_lifeline)),
            *("--ready-fd", str(child_ready), "--metrics-port", "0"),
        ]
        with fresh_log(log) as sink:
            process = subprocess.Popen(
                arguments,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
                pass_fds=(child_lifeline, child_ready),
                env=environment(),
                process_group=0,  # a terminal's Ctrl-C is for us; the children are told by us
                preexec_fn=_death_signal(),
            )
        os.close(child_lifeline)
        os.close(child_ready)
        child = Child(group, process, started(process.pid) or 0, lifeline, ready_fd, log)
        self.selector.register(ready_fd, selectors.EVENT_READ, lambda: self._read_report(child))
        return child

    def _await_ready(self) -> None:
        deadline = time.monotonic() + READY_LIMIT_S
        while self.stop_reason is None and (waiting := [child for child in self.children if not self._is_ready(child)]):
            left = deadline - time.monotonic()
            if left <= 0:
                reasons = "; ".join(f"process {child.group}: {last_words(child.log)}" for child in waiting)
                raise Unreachable(f"not ready within {READY_LIMIT_S:.0f} s: {reasons}")
            self._turn(min(left, TICK_S))
        if self.stop_reason is None:
            self._adopt_reports()

    def _is_ready(self, child: Child) -> bool:
        """Whether the child said so. Raises what it failed with."""
        if child.report is not None and not child.report.get("ready"):
            raise failure(child.report)
        if child.ended is not None:
            what = exit_words(child.ended)
            raise Unreachable(f"process {child.group} {what} before it was ready: {last_words(child.log)}")
        return child.report is not None

    def _adopt_reports(self) -> None:
        """Carry what the children reported into the state document."""
        for child in self.children:
            self._adopt(child)
        for node in self.state["nodes"]:
            if node["pid"] is None:
                raise Unreachable(f"node {node['name']} was not started by its process")
        write_state(self.run_dir, self.state)

    def _adopt(self, child: Child) -> None:
        """Carry what one child reported into the state document."""
        assert child.report is not None
        child.adopted = True
        metrics = child.report["metrics"]
        self.state["processes"][self.children.index(child)]["metrics"] = metrics
        nodes = {node["name"]: node for node in self.state["nodes"]}
        for told in child.report["nodes"]:
            node = nodes[told["name"]]
            node.update({key: told.get(key) for key in ("records", "sample", "http", "https", "dns")})
            node["procedural"] = told.get("procedural", 0)
            node.update(metrics=metrics, pid=child.process.pid, ready=True)
        self.state["ready"] = all(node["ready"] for node in self.state["nodes"])

    # watch

    def _turn(self, timeout_s: float) -> None:
        """Wait for something to happen, and deal with it."""
        for key, _ in self.selector.select(timeout_s):
            key.data()
        for child in self.children:
            if child.ended is None and child.process.poll() is not None:
                self._child_ended(child)
            keep_bounded(child.log)

    def _read_report(self, child: Child) -> None:
        """Read what is in the ready pipe; at the end of the line or of the pipe, understand it and listen no more."""
        part = b"-"
        while part and not child.line.endswith(b"\n") and len(child.line) < READY_LINE_OCTETS_MAX:
            try:
                part = os.read(child.ready_fd, 65536)
            except BlockingIOError:
                return
            child.line += part
        self.selector.unregister(child.ready_fd)
        with contextlib.suppress(ValueError):
            report = json.loads(child.line)
            child.report = report if isinstance(report, dict) else None

    def _child_ended(self, child: Child) -> None:
        child.ended = child.process.returncode
        if child.ready_fd in self.selector.get_map():  # its last words may still be in the pipe
            self._read_report(child)
        self.log.error("process ended", process=child.group, pid=child.process.pid, status=child.ended)
        from nodes.monitor import note_ended
        from nodes.monitoring import Files

        theirs = [node for node in self.state["nodes"] if node["pid"] == child.process.pid]
        names = [node["name"] for node in theirs]
        note_ended(Files(self.run_dir / "data"), names, exit_words(child.ended), time.time_ns())
        for node in theirs:
            node.update(ready=False, pid=None)
        self.state["ready"] = False
        write_state(self.run_dir, self.state)

    # stop

    def _stop(self) -> None:
        self.log.info("stopping", reason=_stop_words(self.stop_reason))
        living = [child for child in self.children if child.process.poll() is None]
        for child in living:
            child.process.terminate()
        deadline = time.monotonic() + STOP_LIMIT_S
        for child in living:
            try:
                child.process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                self.log.error("process did not stop, killed", process=child.group, pid=child.process.pid)
                child.process.kill()
                child.process.wait()
        self.selector.close()
        for child in self.children:
            os.close(child.lifeline)
            os.close(child.ready_fd)
        self.log.info("stopped")

    # signals and parents

    def _parent_gone(self) -> None:
        self.stop_reason = PARENT_GONE

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        """Turn signals into readable octets (signal.set_wakeup_fd), so that one wait covers everything."""
        read, write = os.pipe()
        os.set_blocking(read, False)
        os.set_blocking(write, False)

        def drain() -> None:
            for number in os.read(read, 4096):
                if number in STOP_SIGNALS:
                    self.stop_reason = number
                self._start_again |= number == START_SIGNAL

        self.selector.register(read, selectors.EVENT_READ, drain)
        before = {number: signal.getsignal(number) for number in (*STOP_SIGNALS, START_SIGNAL, signal.SIGCHLD)}
        for number in before:
            signal.signal(number, lambda *_: None)
        wakeup = signal.set_wakeup_fd(write, warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(wakeup)
            for number, handler in before.items():
                signal.signal(number, handler)
            os.close(read)
            os.close(write)


def raise_descriptor_limit() -> None:
    """Lift the soft limit of open files to the hard one: a process may host hundreds of nodes, each with sockets."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


@contextlib.contextmanager
def fresh_log(path: Path) -> Iterator[IO[bytes]]:
    """A new log to append to; the previous one stays as `.1`, so that two runs is all that ever piles up."""
    with contextlib.suppress(FileNotFoundError):
        os.replace(path, path.with_name(path.name + ".1"))
    with open(path, "ab") as sink:
        yield sink


def environment() -> dict[str, str]:
    """What our processes inherit: everything, and the way to this very code if it runs from a source tree."""
    root = Path(__file__).resolve().parent.parent
    if root.name in ("site-packages", "dist-packages"):
        return dict(os.environ)
    ways = [str(root), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(ways)}


def failure(report: dict[str, Any]) -> BiaoshiError:
    """The error that a failed process described in its ready line."""
    return FAILURES.get(report.get("exit", 0), Unreachable)(report.get("error", "no reason given"))


@contextlib.contextmanager
def _locked(run_dir: Path) -> Iterator[None]:
    """Hold the run directory. The kernel lets go of it when we end, however we end."""
    directory = os.open(run_dir, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(directory, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OperatorError(
                "another supervisor is starting or stopping here",
                file=str(run_dir),
                remedy="Wait a moment, or give this one another --run-dir",
            ) from None
        yield
    finally:
        os.close(directory)


def _death_signal() -> Callable[[], object] | None:
    """What a child calls between fork and exec, so that the kernel kills it with its supervisor (Linux, prctl(2))."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _process_of(child: Child) -> dict[str, Any]:
    """What the state document says of a process that has just begun."""
    return {
        "process": child.group,
        "pid": child.process.pid,
        "started": child.started,
        "metrics": None,
        "log": str(child.log),
    }


def _initial_state(plan: NetworkPlan) -> State:
    """The state document before any process has reported."""
    nodes = [
        {
            "name": node.name,
            "tier": node.tier,
            "prefixes": [text(prefix) for prefix in node.prefixes],
            "address": node.address,
            "http": None,
            "https": None,
            "dns": None,
            "metrics": None,
            "pid": None,
            "readers": [],
            "ready": False,
            "records": 0,
            "procedural": 0,
            "sample": None,
        }
        for node in plan.nodes
    ]
    return {
        "network": plan.name,
        "file": str(plan.file),
        "path": str(Path(plan.file).resolve()),
        "second_octet": plan.second_octet,
        "time_scale": plan.time_scale,
        "procedural": 0 if plan.population is None else plan.population.size,
        "ready": False,
        "nodes": nodes,
        "supervisor": {"pid": os.getpid(), "started": started(os.getpid())},
        "processes": [],
    }


def keep_bounded(log: Path) -> None:
    """Empty a log that has outgrown LOG_OCTETS_MAX. Its writer appends, so it goes on at the beginning."""
    with contextlib.suppress(OSError):
        if log.stat().st_size > LOG_OCTETS_MAX:
            os.truncate(log, 0)


def last_words(log: Path) -> str:
    """The last line of a log, for an error message: of a traceback it is the one that says what happened."""
    try:
        lines = log.read_text(errors="replace").split("\n")
    except OSError:
        lines = []
    said = next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")
    return f"{said} (log: {log})"


def exit_words(status: int) -> str:
    return f"was ended by {signal.Signals(-status).name}" if status < 0 else f"ended with status {status}"


def _stop_words(reason: int | None) -> str:
    if reason is None:
        return "start failed"
    return "parent gone" if reason == PARENT_GONE else signal.Signals(reason).name
