"""A network of processes: what starts together ends together, whoever dies. Real processes, with a small fake for the
nodes' program; all of it on loopback addresses that nobody else has."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from nodes import network, supervisor
from nodes.config import load_network
from nodes.ports import bind_error, doors
from nodes.processes import alive, started, wait_gone
from nodes.state import keys_folder, processes_of, state_file, status, supervisor_of, targets, write_state
from nodes.supervisor import environment
from resolver.errors import OperatorError, StoreError, Unreachable

pytestmark = pytest.mark.network

FAKE = (sys.executable, str(Path(__file__).with_name("fake_home.py")))
GONE_S = 2.0  # the contract's limit after kill -9
TWO_NODES = """
[[nodes]]
name = "root-1"
tier = "root"

[[nodes]]
name = "recursive-1"
tier = "recursive"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "two.toml"
    path.write_text(TWO_NODES)
    return path


@pytest.fixture
def run_dir(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "run"
    yield folder
    try:
        network.down(folder)
    except Unreachable:
        return


def start(file: Path, run_dir: Path) -> network.State:
    return network.up(file, run_dir, second_octet=network.free_second_octet(file), time_scale=432, home=FAKE)


def addresses_are_free(file: Path, octet: int) -> bool:
    return all(bind_error(door) is None for door in doors(load_network(file, second_octet=octet)))


def files_left(run_dir: Path) -> list[str]:
    return sorted(entry.name for entry in run_dir.iterdir()) if run_dir.exists() else []


def test_up_returns_when_every_node_is_ready_and_says_where_it_is(file: Path, run_dir: Path) -> None:
    state = start(file, run_dir)
    octet = state["second_octet"]
    assert (state["network"], state["file"], state["ready"]) == ("two", str(file), True)
    assert state["time_scale"] == 432  # what a load is told of it
    assert [(node["name"], node["tier"], node["address"], node["ready"]) for node in state["nodes"]] == [
        ("root-1", "root", f"127.{octet}.1.1:2641", True),
        ("recursive-1", "recursive", f"127.{octet}.5.1:2641", True),
    ]
    assert state["nodes"][0]["records"] == 7 and state["nodes"][0]["sample"] == "root-1/1"
    assert {node["pid"] for node in state["nodes"]} == {pid for pid, _ in processes_of(state)}
    assert status(run_dir)["ready"]
    limits = [Path(f"/proc/{pid}/limits").read_text() for pid, _ in processes_of(state)]
    files = [
        next(line.split()[3:5] for line in text.splitlines() if line.startswith("Max open files")) for text in limits
    ]
    assert all(soft == hard for soft, hard in files)
    assert [group["labels"] for group in targets(state)] == [
        {"network": "two", "process": "authorities"},
        {"network": "two", "process": "recursive"},
    ]


def test_down_leaves_no_process_no_port_and_no_file_but_data_and_logs(file: Path, run_dir: Path) -> None:
    state = start(file, run_dir)
    network.down(run_dir)
    assert not any(map(alive, [supervisor_of(state), *processes_of(state)]))
    assert addresses_are_free(file, state["second_octet"])
    assert files_left(run_dir) == ["data", "logs"]
    with pytest.raises(Unreachable, match=r"no network is running.*biaoshi network up"):
        network.down(run_dir)


def test_keys_are_made_at_the_first_start_and_kept(file: Path, run_dir: Path) -> None:
    kept = []
    for _ in range(2):
        start(file, run_dir)
        folder = keys_folder(run_dir)
        files = (path for path in folder.rglob("*") if path.is_file())
        kept.append({str(path.relative_to(folder)): path.read_bytes() for path in files})
        network.down(run_dir)
    assert [name for name in sorted(kept[0]) if "/" not in name] == ["recursive-1.pem", "root-1.pem"]
    assert "administrators/0.NA.pem" in kept[0] and "administrators/0.NA.secret" in kept[0]
    assert kept[0] == kept[1]


def test_a_second_network_in_the_same_run_directory_is_refused(file: Path, run_dir: Path) -> None:
    state = start(file, run_dir)
    with pytest.raises(OperatorError, match=r"runs here already.*network down"):
        start(file, run_dir)
    assert alive(supervisor_of(state))


def test_an_address_in_use_is_named_with_node_and_owner_before_anything_starts(file: Path, run_dir: Path) -> None:
    octet = network.free_second_octet(file)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind((f"127.{octet}.5.1", 3641))
        with pytest.raises(OperatorError) as refused:
            network.up(file, run_dir, second_octet=octet, home=FAKE)
    assert f"127.{octet}.5.1:3641/udp of node recursive-1: in use by process {os.getpid()}" in str(refused.value)
    assert files_left(run_dir) == []


def test_a_listener_on_every_address_is_in_the_way_too(file: Path, run_dir: Path) -> None:
    octet = network.free_second_octet(file)
    with socket.create_server(("0.0.0.0", 0)) as taken:
        port = taken.getsockname()[1]
        file.write_text(file.read_text() + f'addresses = ["127.{octet}.5.1:{port}"]\n')
        with pytest.raises(OperatorError, match=f":{port}/tcp of node recursive-1: in use by process {os.getpid()}"):
            network.up(file, run_dir, second_octet=octet, home=FAKE)


def test_a_killed_supervisor_takes_its_processes_along_even_those_that_ignore_everything(
    file: Path, run_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIXTURE_PROCESS", "recursive")
    monkeypatch.setenv("FIXTURE_MODE", "deaf")
    state = start(file, run_dir)
    os.kill(supervisor_of(state)[0], signal.SIGKILL)
    assert wait_gone(processes_of(state), GONE_S)
    assert state_file(run_dir).exists()
    with pytest.raises(Unreachable, match="ended without tidying up"):
        status(run_dir)
    assert files_left(run_dir) == ["data", "logs"]


def test_up_copes_with_what_a_killed_supervisor_left(file: Path, run_dir: Path) -> None:
    first = start(file, run_dir)
    os.kill(supervisor_of(first)[0], signal.SIGKILL)
    wait_gone([supervisor_of(first)], GONE_S)
    second = network.up(file, run_dir, second_octet=first["second_octet"], home=FAKE)
    assert second["ready"] and supervisor_of(second) != supervisor_of(first)


def test_a_state_file_of_another_process_with_the_same_number_is_stale(run_dir: Path) -> None:
    run_dir.mkdir()
    earlier = {"pid": os.getpid(), "started": (started(os.getpid()) or 0) - 1}
    write_state(run_dir, {"supervisor": earlier, "processes": []})
    with pytest.raises(Unreachable):
        network.read_state(run_dir)
    assert files_left(run_dir) == []


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"supervisor": 3}'])
def test_a_damaged_state_file_is_no_network(run_dir: Path, damage: str) -> None:
    run_dir.mkdir()
    state_file(run_dir).write_text(damage)
    with pytest.raises(Unreachable, match="no network is running"):
        network.read_state(run_dir)
    assert files_left(run_dir) == []


def test_a_process_that_dies_makes_its_nodes_not_ready_and_the_others_stay(file: Path, run_dir: Path) -> None:
    state = start(file, run_dir)
    victim = next(process for process in state["processes"] if process["process"] == "recursive")
    os.kill(victim["pid"], signal.SIGKILL)
    wait_gone([(victim["pid"], victim["started"])], GONE_S)
    now = status(run_dir)
    assert not now["ready"]
    assert {node["name"]: node["ready"] for node in now["nodes"]} == {"root-1": True, "recursive-1": False}
    network.down(run_dir)
    events = [json.loads(line) for line in (run_dir / "logs" / "supervisor.log").read_text().splitlines()]
    assert [event["process"] for event in events if event["event"] == "process ended"] == ["recursive"]


@pytest.mark.parametrize(
    ("mode", "error", "words"),
    [("refuse", StoreError, "store damaged on purpose"), ("crash", Unreachable, "status 1.*crashed on purpose")],
)
def test_a_failed_start_says_why_and_leaves_nothing(
    file: Path, run_dir: Path, monkeypatch: pytest.MonkeyPatch, mode: str, error: type[Exception], words: str
) -> None:
    monkeypatch.setenv("FIXTURE_PROCESS", "recursive")
    monkeypatch.setenv("FIXTURE_MODE", mode)
    octet = network.free_second_octet(file)
    with pytest.raises(error, match=words):
        network.up(file, run_dir, second_octet=octet, home=FAKE)
    assert addresses_are_free(file, octet)
    assert files_left(run_dir) == ["data", "logs"]


def test_a_process_that_does_not_become_ready_in_time_is_named(
    file: Path, run_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIXTURE_PROCESS", "recursive")
    monkeypatch.setenv("FIXTURE_MODE", "mute")
    monkeypatch.setattr(supervisor, "READY_LIMIT_S", 1.0)
    octet = network.free_second_octet(file)
    with pytest.raises(Unreachable, match=r"not ready within 1 s: process recursive: .*fixture started"):
        network.stay(file, run_dir, lambda _: None, second_octet=octet, home=FAKE)
    assert addresses_are_free(file, octet)
    assert files_left(run_dir) == ["data", "logs"]


def test_a_second_supervisor_in_a_run_directory_is_refused_even_while_the_first_starts(
    file: Path, run_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = start(file, run_dir)
    state_file(run_dir).unlink()
    with pytest.raises(OperatorError, match="another supervisor"):
        start(file, run_dir)
    assert alive(supervisor_of(first))
    write_state(run_dir, first)


def test_a_log_that_outgrows_its_bound_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "LOG_OCTETS_MAX", 10)
    log = tmp_path / "group.log"
    with supervisor.fresh_log(log) as sink:
        for written, left in ((b"0123456789", 10), (b"!", 0), (b"more", 4)):
            sink.write(written)
            sink.flush()
            supervisor.keep_bounded(log)
            assert log.stat().st_size == left


def test_a_process_that_ignores_the_request_to_stop_is_forced(
    file: Path, run_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIXTURE_PROCESS", "recursive")
    monkeypatch.setenv("FIXTURE_MODE", "deaf")
    state = start(file, run_dir)
    network.down(run_dir)
    assert not any(map(alive, [supervisor_of(state), *processes_of(state)]))


def test_a_broken_file_is_refused_before_anything_starts(file: Path, run_dir: Path) -> None:
    file.write_text(TWO_NODES + "surprise = 1\n")
    with pytest.raises(OperatorError, match="surprise"):
        network.up(file, run_dir, home=FAKE)
    assert files_left(run_dir) == []


def test_a_run_directory_that_cannot_be_made_is_refused(file: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "not a folder"
    blocked.write_text("")
    with pytest.raises(OperatorError, match="run-dir"):
        network.up(file, blocked / "run", second_octet=network.free_second_octet(file), home=FAKE)


def test_the_block_of_running_ends_the_network_even_by_an_exception(file: Path, run_dir: Path) -> None:
    with (
        pytest.raises(ZeroDivisionError),
        network.running(file, run_dir, second_octet=network.free_second_octet(file), home=FAKE) as state,
    ):
        assert status(run_dir)["ready"]
        raise ZeroDivisionError
    assert not any(map(alive, [supervisor_of(state), *processes_of(state)]))
    assert files_left(run_dir) == ["data", "logs"]


def test_logs_of_the_last_run_are_kept_and_older_ones_are_not(tmp_path: Path) -> None:
    log = tmp_path / "group.log"
    for run in (b"first", b"second", b"third"):
        with supervisor.fresh_log(log) as sink:
            sink.write(run)
    assert {entry.name: entry.read_bytes() for entry in tmp_path.iterdir()} == {
        "group.log": b"third",
        "group.log.1": b"second",
    }


def in_a_process_of_its_own(call: str, file: Path, run_dir: Path) -> subprocess.Popen[str]:
    """`call` with `network`, `arguments` (file and run directory) and `options` at hand."""
    options = {"second_octet": network.free_second_octet(file), "home": FAKE}
    script = f"from pathlib import Path; from nodes import network; options = {options!r}\n"
    script += f"arguments = Path({str(file)!r}), Path({str(run_dir)!r})\n{call}"
    return subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=environment())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_network_in_the_foreground_ends_by_a_signal_and_tidies_up(
    file: Path, run_dir: Path, number: signal.Signals
) -> None:
    call = "print(network.stay(*arguments, lambda state: print('up', flush=True), **options))"
    with in_a_process_of_its_own(call, file, run_dir) as foreground:
        assert foreground.stdout is not None and foreground.stdout.readline() == "up\n"
        state = network.read_state(run_dir)
        assert supervisor_of(state)[0] == foreground.pid
        foreground.send_signal(number)
        assert foreground.stdout.readline() == f"{number}\n"
    assert not any(map(alive, processes_of(state)))
    assert files_left(run_dir) == ["data", "logs"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_start_that_nobody_waits_for_any_more_is_undone(
    file: Path, run_dir: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    monkeypatch.setenv("FIXTURE_PROCESS", "recursive")
    monkeypatch.setenv("FIXTURE_MODE", "mute")
    with in_a_process_of_its_own("network.up(*arguments, **options)", file, run_dir) as waiting:
        state = state_with_processes(run_dir)
        assert not state["ready"]
        waiting.send_signal(number)
    assert wait_gone([supervisor_of(state), *processes_of(state)], GONE_S)
    assert files_left(run_dir) == ["data", "logs"]


def state_with_processes(run_dir: Path) -> network.State:
    """The state as soon as the supervisor has started its processes."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            state = network.read_state(run_dir)
        except Unreachable:
            continue
        if state["processes"]:
            return state
    raise AssertionError("no process was started")
