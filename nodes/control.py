"""What may be done to a running network on purpose: nodes stopped, killed and started again, faults on links.

node_do    one node, in its process, or with it: killed for good if it is there alone (kill -9), else its addresses
           close at once and all that it knew is forgotten; what its store acknowledged is there when it starts
add_fault  every process takes the whole list, and the list stands in RUN_DIR/faults.json for who starts later
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from nodes.faults import FAULTS_MAX, read_fault
from nodes.processes import signal_to, started, wait_gone
from nodes.state import State, faults_file, read_state, status, supervisor_of
from nodes.supervisor import READY_LIMIT_S, START_SIGNAL
from resolver.errors import OperatorError, Unreachable

ANSWER_LIMIT_S = 10.0  # a node that is stopped has two seconds for what is under way
GONE_LIMIT_S = 5.0
POLL_S = 0.05

Written = dict[str, Any]


def node_do(run_dir: Path, name: str, what: str) -> State:
    """Have a node `stop`, `kill` or `start`; its entry in the state document afterwards, with `process_killed`.

    OperatorError for a name that nobody has, and for what cannot be done (again). Unreachable if no network runs.
    """
    state = read_state(run_dir)
    node = node_named(state, name)
    group = [each for each in state["nodes"] if each["metrics"] == node["metrics"]]
    killed = False
    if what == "start" and node["pid"] is None:
        _start_processes(run_dir, state, name)
    elif node["pid"] is None:
        raise OperatorError("its process has ended", key="node", value=name, remedy=f"biaoshi node start {name}")
    elif what == "kill" and len(group) == 1:
        _kill_process(run_dir, state, node)
        killed = True
    else:
        _post(node["metrics"], "/node", {"name": name, "do": what})
    return node_named(status(run_dir), name) | {"process_killed": killed}


def node_named(state: State, name: str) -> State:
    """The entry of a node. OperatorError with the nearest name if there is none."""
    for node in state["nodes"]:
        if node["name"] == name:
            found: State = node
            return found
    near = get_close_matches(name, [node["name"] for node in state["nodes"]], 1)
    raise OperatorError(
        "no node of the running network has this name",
        file=state["file"],
        key="node",
        value=name,
        remedy=f"Did you mean {near[0]}?" if near else "`biaoshi network status` names them",
    )


def _kill_process(run_dir: Path, state: State, node: State) -> None:
    process = next(each for each in state["processes"] if each["pid"] == node["pid"])
    identity = process["pid"], process["started"]
    readers = node_named(status(run_dir), node["name"])["readers"]  # the kernel ends them with it
    theirs = [(pid, start) for pid in readers if (start := started(pid)) is not None]
    signal_to(identity, signal.SIGKILL)
    wait_gone([identity, *theirs], GONE_LIMIT_S)
    _until(lambda: node_named(read_state(run_dir), node["name"])["pid"] is None, GONE_LIMIT_S, "was not seen to end")


def _start_processes(run_dir: Path, state: State, name: str) -> None:
    """Have the supervisor start what has ended, wait for the node, and tell its process what goes wrong at present."""
    signal_to(supervisor_of(state), START_SIGNAL)
    log = run_dir / "logs"
    _until(lambda: node_named(status(run_dir), name)["ready"], READY_LIMIT_S, f"did not become ready (see {log})")
    with _faults(run_dir) as written:
        if written:
            _tell(read_state(run_dir), written)


def _until(so: Callable[[], bool], limit_s: float, otherwise: str) -> None:
    deadline = time.monotonic() + limit_s
    while not so():
        if time.monotonic() > deadline:
            raise Unreachable(f"the node {otherwise}")
        time.sleep(POLL_S)


def faults(run_dir: Path) -> list[Written]:
    """The faults that strike now, each with its `id`. Unreachable if no network runs."""
    read_state(run_dir)
    with _faults(run_dir) as written:
        return written


def add_fault(run_dir: Path, fault: Written) -> Written:
    """Have one more fault strike; it, with its `id`. OperatorError if it cannot be; then all goes on as before."""
    state = read_state(run_dir)
    _check(state, fault)
    with _faults(run_dir) as written:
        if len(written) >= FAULTS_MAX:
            raise OperatorError(f"there are {FAULTS_MAX} faults already", key="fault", remedy="biaoshi fault clear")
        added = {"id": 1 + max((each["id"] for each in written), default=0), **fault}
        _tell(state, [*written, added])
        written.append(added)
        return added


def clear_faults(run_dir: Path, ids: list[int] | None = None) -> int:
    """Have faults strike no longer: those of the ids, or all; how many. OperatorError for an id that none has."""
    state = read_state(run_dir)
    with _faults(run_dir) as written:
        known = {each["id"] for each in written}
        for number in ids or ():
            if number not in known:
                raise OperatorError("no fault has this id", key="ID", value=number, remedy="See `biaoshi fault list`")
        kept = [] if ids is None else [each for each in written if each["id"] not in ids]
        _tell(state, kept)
        cleared = len(written) - len(kept)
        written[:] = kept
        return cleared


def _check(state: State, fault: Written) -> None:
    from nodes.config import load_network

    read_fault(fault, load_network(Path(state["path"]), second_octet=state["second_octet"]))


@contextmanager
def _faults(run_dir: Path) -> Iterator[list[Written]]:
    """The list of faults, held against others who would change it, and written back if it is another afterwards."""
    path = faults_file(run_dir)
    with open(run_dir / "logs" / "faults.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            written: list[Written] = json.loads(path.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            written = []
        before = list(written)
        yield written
        if written != before:
            fresh = path.with_suffix(".json.new")
            fresh.write_text(json.dumps(written, ensure_ascii=False) + "\n", encoding="utf-8")
            os.replace(fresh, path)


def _tell(state: State, written: list[Written]) -> None:
    """Have every process that lives take the list."""
    rules = [{key: value for key, value in each.items() if key != "id"} for each in written]
    for process in state["processes"]:
        if process["metrics"] and any(node["pid"] == process["pid"] for node in state["nodes"]):
            _post(process["metrics"], "/faults", rules)


def _post(metrics_url: str, path: str, body: object) -> None:
    """Ask a process, at the admin page beside its metrics. OperatorError is what it refuses."""
    page = urlsplit(metrics_url)
    connection = HTTPConnection(page.hostname or "", page.port, timeout=ANSWER_LIMIT_S)
    try:
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        response = connection.getresponse()
        octets = response.read()
        said = json.loads(octets) if response.status in (200, 409) else {"error": octets.decode("utf-8", "replace")}
    except (OSError, HTTPException, ValueError) as error:
        raise Unreachable(f"the process at {page.netloc} did not answer: {error}") from None
    finally:
        connection.close()
    if response.status != 200:
        raise OperatorError(said["error"])
