"""The state file of a running network: RUN_DIR/state.json, the meeting point of supervisor and command line.

It is the document of `biaoshi network status --json`: what the contract promises, and besides `path` (the
configuration, absolute), `second_octet`, `time_scale`, `supervisor` {pid, started} and `processes` [{process, pid,
started, metrics, log}]. The supervisor alone writes it, whole and by rename, so a reader never sees half of one. It may
outlive a supervisor that was killed; whoever reads it asks the kernel first, and clears it away if that one is gone.

    RUN_DIR/state.json       there while a network is starting, running or stopping
    RUN_DIR/faults.json      the faults that strike now (control.py); goes with the state
    RUN_DIR/data/            the nodes' stores, and their keys (keyring.py); stay
    RUN_DIR/logs/            one file a process, and supervisor.log; the previous run's end in .1
"""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from nodes.processes import Identity, alive, wait_gone
from resolver.errors import Unreachable

RUN_DIR_VARIABLE = "BIAOSHI_RUN_DIR"
RUN_DIR_DEFAULT = ".biaoshi"
READY_TIMEOUT_S = 2.0  # a process that cannot say within this that it is ready, is not
ASKED_AT_ONCE = 16
REGISTRY_OCTETS_MAX = 4 << 20  # some 100 octets a node
ORPHANS_GONE_S = 2.0  # the contract's limit for processes whose supervisor was killed

State = dict[str, Any]


def choose_run_dir(option: Path | None) -> Path:
    """The run directory: the option, else $BIAOSHI_RUN_DIR, else `.biaoshi` here."""
    return option or Path(os.environ.get(RUN_DIR_VARIABLE) or RUN_DIR_DEFAULT)


def state_file(run_dir: Path) -> Path:
    """Where the state of a run directory stands."""
    return run_dir / "state.json"


def keys_folder(run_dir: Path) -> Path:
    """Where a run directory's keys lie: with the data, since they outlive a run; no node's name begins with a dot."""
    return run_dir / "data" / ".keys"


def faults_file(run_dir: Path) -> Path:
    """Where the faults of a running network stand."""
    return run_dir / "faults.json"


def write_state(run_dir: Path, state: State) -> None:
    """Replace the state file in one step."""
    fresh = state_file(run_dir).with_suffix(".json.new")
    fresh.write_text(json.dumps(state, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    os.replace(fresh, state_file(run_dir))


def remove_state(run_dir: Path) -> None:
    """Remove the state file, if it is there."""
    state_file(run_dir).unlink(missing_ok=True)
    faults_file(run_dir).unlink(missing_ok=True)
    state_file(run_dir).with_suffix(".json.new").unlink(missing_ok=True)


def supervisor_of(state: State) -> Identity:
    """The supervisor a state file names."""
    return state["supervisor"]["pid"], state["supervisor"]["started"]


def processes_of(state: State) -> list[Identity]:
    """The node processes a state file names."""
    return [(process["pid"], process["started"]) for process in state["processes"]]


def read_state(run_dir: Path) -> State:
    """The state of the network that runs in `run_dir`, as its supervisor last wrote it.

    Unreachable if none runs; then a stale state file has been removed and its orphaned processes are gone.
    """
    try:
        text = state_file(run_dir).read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        raise Unreachable(_nothing_runs(run_dir)) from None
    try:
        state: State = json.loads(text)
        supervisor, processes = supervisor_of(state), processes_of(state)
    except (ValueError, KeyError, TypeError):
        remove_state(run_dir)
        raise Unreachable(_nothing_runs(run_dir, "a damaged state file was removed; ")) from None
    if not alive(supervisor):
        wait_gone(processes, ORPHANS_GONE_S)
        remove_state(run_dir)
        killed = f"its supervisor {supervisor[0]} ended without tidying up, which is done now; "
        raise Unreachable(_nothing_runs(run_dir, killed))
    return state


def _nothing_runs(run_dir: Path, also: str = "") -> str:
    return f"no network is running in {run_dir} ({also}start one: `biaoshi network up configs/teaching.toml`)"


def status(run_dir: Path) -> State:
    """The state with `ready`, `records`, `readers` and a missing `sample` as the processes say them at this moment.

    Unreachable if none runs.
    """
    state = read_state(run_dir)
    pages = sorted({process["metrics"] for process in state["processes"] if process["metrics"]})
    with ThreadPoolExecutor(ASKED_AT_ONCE) as pool:
        told = dict(zip(pages, pool.map(_ask, pages), strict=True))
    for node in state["nodes"]:
        ready, nodes = told.get(node["metrics"], (False, {}))
        node["ready"] = bool(node["ready"]) and ready
        now = nodes.get(node["name"], {})
        node["ready"] = node["ready"] and now.get("ready", True)
        node["records"] = now.get("records", node["records"])
        node["readers"] = now.get("readers", [])
        node["sample"] = node["sample"] or now.get("sample")
    state["ready"] = all(node["ready"] for node in state["nodes"])
    return state


def _ask(metrics_url: str) -> tuple[bool, State]:
    """Whether /readyz beside a metrics page answers 200, and what /registry tells of every node.

    Asked directly: proxies have no business on loopback.
    """
    from http.client import HTTPConnection, HTTPException

    page = urlsplit(metrics_url)
    connection = HTTPConnection(page.hostname or "", page.port, timeout=READY_TIMEOUT_S)
    ready, nodes = False, {}
    try:
        for path in ("/readyz", "/registry"):
            connection.request("GET", path)
            response = connection.getresponse()
            octets = response.read(REGISTRY_OCTETS_MAX)
            if path == "/readyz":
                ready = response.status == 200
            elif response.status == 200:
                nodes = json.loads(octets)
    except (OSError, HTTPException, ValueError):
        pass
    finally:
        connection.close()
    return ready, nodes


def targets(state: State) -> list[State]:
    """Prometheus `file_sd` groups: one for each process' metrics page."""
    return [
        {
            "targets": [urlsplit(process["metrics"]).netloc],
            "labels": {"network": state["network"], "process": process["process"]},
        }
        for process in state["processes"]
        if process["metrics"]
    ]
