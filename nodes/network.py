"""A network as one thing: up, running, stay, status, reload, down. The supervisor does it (nodes/supervisor.py).

`python -m nodes.network FILE --run-dir DIR …` is that supervisor in a session of its own, as `up` starts it.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from nodes.ports import all_free, check_free
from nodes.processes import signal_to, wait_gone
from nodes.state import (
    ORPHANS_GONE_S,
    State,
    choose_run_dir,
    keys_folder,
    processes_of,
    read_state,
    remove_state,
    status,
    supervisor_of,
    targets,
)
from nodes.supervisor import (
    FAILURES,
    HOME,
    PYTHON,
    STOP_LIMIT_S,
    Supervisor,
    environment,
    exit_words,
    failure,
    fresh_log,
    last_words,
)
from resolver.errors import BiaoshiError, OperatorError, Unreachable
from resolver.model.identifier import PREFIX_HANDLE_LEAD

if TYPE_CHECKING:
    from nodes.config import NetworkPlan

__all__ = [
    "choose_run_dir",
    "down",
    "free_second_octet",
    "read_state",
    "reload",
    "running",
    "status",
    "stay",
    "targets",
    "up",
]

SUPERVISOR_MARGIN_S = 5.0  # beyond STOP_LIMIT_S, for the supervisor itself on a busy machine
READY_LINE_OCTETS_MAX = 1 << 16
RELOAD_LIMIT_S = 30.0  # a nation's file is read in a second, by every process
OCTET_FIRST, OCTET_LAST = 87, 250  # second octets tried for a network that may live anywhere

_detached: list[subprocess.Popen[bytes]] = []  # supervisors this process started, kept until they can be reaped


def up(
    file: Path,
    run_dir: Path,
    *,
    second_octet: int | None = None,
    time_scale: float | None = None,
    home: Sequence[str] = HOME,
    parent: int | None = None,
) -> State:
    """Start a network behind a supervisor of its own session; return its state when every node is ready.

    `home` is the program a process group runs. `parent`: a pipe's read end that ends the network when it hangs up.
    OperatorError: the file, an address in use, or a network that runs here already. Unreachable, StoreError: a process
    that could not start. After any error, and after Ctrl-C, nothing of it runs.
    """
    plan = _prepare(file, run_dir, second_octet, time_scale)
    log = _make_folders(run_dir)
    make_all_keys(plan, keys_folder(run_dir))
    ready_read, ready_write = os.pipe()
    arguments = [*PYTHON, "nodes.network", str(file), "--run-dir", str(run_dir), "--ready-fd", str(ready_write)]
    arguments += ["--home", json.dumps(list(home))]
    if second_octet is not None:
        arguments += ["--second-octet", str(second_octet)]
    if time_scale is not None:
        arguments += ["--time-scale", str(time_scale)]
    if parent is not None:
        arguments += ["--parent-fd", str(parent)]
    with fresh_log(log) as sink, open(ready_read, "rb") as ready:
        supervisor = subprocess.Popen(
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=sink,
            pass_fds=(ready_write, *(() if parent is None else (parent,))),
            start_new_session=True,
            env=environment(),
        )
        os.close(ready_write)
        try:
            line = ready.readline(READY_LINE_OCTETS_MAX)
        except BaseException:
            supervisor.terminate()
            supervisor.wait()
            raise
    if line and (report := json.loads(line))["ready"]:
        _detached.append(supervisor)
        return read_state(run_dir)
    what = exit_words(supervisor.wait())
    if line:
        raise failure(report)
    with contextlib.suppress(Unreachable):
        read_state(run_dir)  # clears away what a killed supervisor left
    raise Unreachable(f"the supervisor {what} before the network was ready: {last_words(log)}")


def stay(
    file: Path,
    run_dir: Path,
    ready: Callable[[State], None],
    *,
    second_octet: int | None = None,
    time_scale: float | None = None,
    home: Sequence[str] = HOME,
) -> int:
    """Run a network in this very process until a signal ends it, and return that signal. Raises as `up` does."""
    plan = _prepare(file, run_dir, second_octet, time_scale)
    path = _make_folders(run_dir)
    make_all_keys(plan, keys_folder(run_dir))
    with fresh_log(path) as log, open(log.fileno(), "a", encoding="utf-8", closefd=False) as sink:
        return Supervisor(plan, run_dir, home=home, log=sink).run(ready)


def reload(run_dir: Path) -> list[str]:
    """Have every process take the bounds of the network file as they are now; the names of the nodes that differ.

    OperatorError if the file is refused: then the network goes on as before. Unreachable if none runs.
    """
    from http.client import HTTPConnection, HTTPException

    names: list[str] = []
    for process in read_state(run_dir)["processes"]:
        page = urlsplit(process["metrics"] or "")
        connection = HTTPConnection(page.hostname or "", page.port, timeout=RELOAD_LIMIT_S)
        try:
            connection.request("POST", "/reload")
            response = connection.getresponse()
            said = json.loads(response.read())
        except (OSError, HTTPException, ValueError) as error:
            raise Unreachable(f"the process {process['process']} did not answer: {error}") from None
        finally:
            connection.close()
        if response.status != 200:
            raise OperatorError(said["error"])
        names += said["changed"]
    return names


def down(run_dir: Path) -> State:
    """Stop the network that runs in `run_dir`; return its last state. Unreachable if none runs.

    Afterwards no process and no port of it is left, and of its files only data and logs.
    """
    state = read_state(run_dir)
    supervisor, processes = supervisor_of(state), processes_of(state)
    signal_to(supervisor, signal.SIGTERM)
    if not wait_gone([supervisor], STOP_LIMIT_S + SUPERVISOR_MARGIN_S):
        signal_to(supervisor, signal.SIGKILL)
    if not wait_gone([supervisor, *processes], ORPHANS_GONE_S):
        for process in processes:
            signal_to(process, signal.SIGKILL)
        wait_gone(processes, ORPHANS_GONE_S)
    remove_state(run_dir)
    _detached[:] = [process for process in _detached if process.poll() is None]
    return state


@contextlib.contextmanager
def running(
    file: Path,
    run_dir: Path,
    *,
    second_octet: int | None = None,
    time_scale: float | None = None,
    home: Sequence[str] = HOME,
) -> Iterator[State]:
    """A network that lives as long as the `with` block, or as this process."""
    read, write = os.pipe()
    try:
        state = up(file, run_dir, second_octet=second_octet, time_scale=time_scale, home=home, parent=read)
        try:
            yield state
        finally:
            with contextlib.suppress(Unreachable):
                down(run_dir)
    finally:
        os.close(read)
        os.close(write)


def free_second_octet(file: Path) -> int:
    """A second octet at which every address of the file is free now. OperatorError if there is none.

    The search begins at a place that depends on our process id, so that networks started together seldom meet.
    """
    from nodes.config import load_network

    count = OCTET_LAST - OCTET_FIRST + 1
    for step in range(count):
        octet = OCTET_FIRST + (os.getpid() * 7 + step) % count
        if all_free(load_network(file, second_octet=octet)):
            return octet
    raise OperatorError(
        f"no second octet from {OCTET_FIRST} to {OCTET_LAST} has all its addresses free",
        file=str(file),
        remedy="Stop other networks: `biaoshi network down` in their run directories",
    )


def _prepare(file: Path, run_dir: Path, second_octet: int | None, time_scale: float | None) -> NetworkPlan:
    """Everything that can be refused before anything starts."""
    try:
        state = read_state(run_dir)
    except Unreachable:
        from nodes.config import load_network

        plan = load_network(file, second_octet=second_octet, time_scale=time_scale)
        check_free(plan)
        return plan
    raise OperatorError(
        f"the network {state['network']} runs here already",
        file=str(run_dir),
        remedy="Stop it with `biaoshi network down`, or give this one another --run-dir",
    )


def _make_folders(run_dir: Path) -> Path:
    """Make the run directory; return the path of the supervisor's log."""
    try:
        for folder in ("data", "logs"):
            (run_dir / folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        remedy = "Choose another place: --run-dir or BIAOSHI_RUN_DIR"
        raise OperatorError(f"cannot be made: {error.strerror}", file=str(run_dir), remedy=remedy) from None
    return run_dir / "logs" / "supervisor.log"


def make_all_keys(plan: NetworkPlan, folder: Path) -> None:
    """The keys and certificates that are still to be made: at a network's first start, and for nodes new in it."""
    from nodes.certificates import make_certificates
    from nodes.keyring import administrator_key, make_keys

    make_keys(plan, folder)
    if plan.administrators:
        lead = len(PREFIX_HANDLE_LEAD)
        prefixes = {handle[lead:] for node in plan.nodes for handle, _ in node.delegations}
        make_certificates(prefixes, folder, cache(lambda prefix: administrator_key(folder, prefix)))


def main(arguments: Sequence[str] | None = None) -> int:
    """The detached supervisor. Its stderr is the log; its ready pipe gets one JSON line."""
    parser = argparse.ArgumentParser(prog="python -m nodes.network", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--run-dir", type=Path, required=True)
    parser.add_argument("--second-octet", type=int)
    parser.add_argument("--time-scale", type=float)
    parser.add_argument("--ready-fd", type=int, required=True)
    parser.add_argument("--parent-fd", type=int)
    parser.add_argument("--home", type=json.loads, default=HOME, help="program of a process group, as a JSON list")
    options = parser.parse_args(arguments)

    def tell(report: dict[str, Any]) -> None:
        with contextlib.suppress(BrokenPipeError):
            os.write(options.ready_fd, json.dumps(report).encode() + b"\n")

    def ready(state: State) -> None:
        tell({"ready": True, "pid": os.getpid()})
        os.close(options.ready_fd)

    from nodes.config import load_network

    try:
        plan = load_network(options.file, second_octet=options.second_octet, time_scale=options.time_scale)
        supervisor = Supervisor(plan, options.run_dir, home=options.home, log=sys.stderr)
        supervisor.run(ready, starting=options.ready_fd, parent=options.parent_fd)
    except BiaoshiError as error:
        code = next((code for code, kind in FAILURES.items() if isinstance(error, kind)), 3)
        tell({"ready": False, "error": str(error), "exit": code})
        return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
