"""Line 4: no acknowledgement leaves before the fsync that covers it, shown by the system calls of a whole import.

A node is run below strace and loaded with batches over several connections, so that the commits of some and the answers
to others overlap; then by an administrator who registers over the protocol; then an importer that writes to the store
itself. Every record appears once in what is written:

    pwrite64, writev, …     data.mdb: the pages with the record
    fdatasync               data.mdb: begins after that, ends
    pwrite64                data.mdb opened with O_DSYNC: the page that makes the commit count; begins after that, ends
    sendto, write           the acknowledgement: may begin only now

A third run has the disk's part switched off (LMDB's MDB_NOSYNC). It must be caught, else the proof proves nothing.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from biaoshi.proofs import system_calls
from biaoshi.proofs.ledger import Ledger, Records
from biaoshi.proofs.posting import Posting
from biaoshi.proofs.registering import Registering
from biaoshi.proofs.stage import NODE, PREFIX, Stage
from biaoshi.proofs.system_calls import Call
from biaoshi.proofs.trial import MeansMissing, Trial
from nodes.supervisor import HOME, PYTHON, environment, last_words
from resolver.errors import Unreachable
from resolver.model.value import Value
from resolver.wire.record import pack_record

BATCHES_QUICK, BATCHES_FULL = 300, 3_000
BATCHES_CONTROL = 40
REGISTRATIONS_QUICK, REGISTRATIONS_FULL = 200, 2_000
IMPORT_BATCHES_QUICK, IMPORT_BATCHES_FULL = 50, 500
IMPORT_BATCH_RECORDS = 100  # fewer than usual: more acknowledgements for the same octets
POSTED_AT_ONCE = 100  # between looks at the clock
BATCH_RECORDS = 10
CONNECTIONS = 4
POST_LIMIT_S = 60.0  # for POSTED_AT_ONCE
EXIT_LIMIT_S = 20.0
PATH_OCTETS_MAX = 8192  # within so many octets of a call's arguments stands what it is about
IMPORT_LIMIT_S = 600.0
STAMP = 1_767_225_600
STORE_FILE = b"/data.mdb>"
KEY = re.compile(re.escape(PREFIX) + rb"/[FG]\d-\d{7}")
WRITES = frozenset(("write", "writev", "pwrite64", "pwritev", "pwritev2"))
SYNCS = frozenset(("fdatasync", "fsync"))
SENDS = frozenset(("sendto", "sendmsg", "write", "writev"))
_DESCRIPTOR = re.compile(rb"(\d+)<")
_ANSWER = re.compile(rb'\d+<TCP:\[[^>]*->127\.0\.0\.1:(\d+)\]>, [^"]{0,64}"HTTP/1\.1 200 ')
_RESPONSE = re.compile(rb'\d+<TCP:\[127\.[\d.]+:2641->[\d.]+:(\d+)\]>, "')
_REPORT = re.compile(rb'1<[^>]*>, "\{\\"records\\": (\d+),')

# What a process runs in place of its module.
WITHOUT_SYNC = (
    "import lmdb, sys\n"
    "opened = lmdb.open\n"
    "lmdb.open = lambda *way, **options: opened(*way, **{**options, 'sync': False})\n"
    "from nodes.home import main\n"
    "sys.exit(main())"
)
SMALL_BATCHES = (
    "from nodes.importing import Import\n"
    f"Import.__init__.__kwdefaults__['batch_records'] = {IMPORT_BATCH_RECORDS}\n"
    "from biaoshi.cli import main\nmain()"
)


@dataclass(slots=True)
class Seen:
    """What a trace showed."""

    acknowledgements: int = 0
    early: int = 0
    syncs: int = 0
    examples: list[str] = field(default_factory=list)


def prove(trial: Trial) -> None:
    """Trace a node, an importer, and a node that does not wait for the disk."""
    if not sys.platform.startswith("linux") or shutil.which("strace") is None:
        raise MeansMissing(
            "strace is not here. Install it (Debian: apt-get install strace), on Linux; then repeat this"
        )
    trial.value = 0
    trial.facts = {}
    batches = BATCHES_FULL if trial.full else BATCHES_QUICK
    node = trace_node(trial, Stage(trial.folder / "node"), batches, HOME)
    _note(trial, "node", node)
    registrations = REGISTRATIONS_FULL if trial.full else REGISTRATIONS_QUICK
    _note(trial, "protocol", trace_registrations(trial, Stage(trial.folder / "protocol"), registrations))
    importer = trace_importer(trial, trial.folder, IMPORT_BATCHES_FULL if trial.full else IMPORT_BATCHES_QUICK)
    _note(trial, "importer", importer)
    control = trace_node(trial, Stage(trial.folder / "control"), BATCHES_CONTROL, (*PYTHON[:-1], "-c", WITHOUT_SYNC))
    trial.facts["control_without_fsync"] = {"acknowledgements": control.acknowledgements, "caught": control.early}
    if not control.acknowledgements or control.early != control.acknowledgements:
        trial.fail(f"without fsync, {control.early} of {control.acknowledgements} acknowledgements were found early")


def _check_means() -> None:
    if not sys.platform.startswith("linux") or shutil.which("strace") is None:
        raise MeansMissing("there is no strace. Install it (Debian: apt-get install strace), on Linux, and repeat this")
    tried = subprocess.run([*system_calls.command(os.devnull), "true"], capture_output=True, text=True)
    if tried.returncode:
        said = (tried.stderr.strip().splitlines() or ["nothing"])[-1]
        raise MeansMissing(f"strace may not trace here: {said}. In a container, allow it: --cap-add=SYS_PTRACE")


def _note(trial: Trial, what: str, seen: Seen) -> None:
    assert trial.value is not None
    trial.value += seen.early
    trial.facts[what] = {"acknowledgements": seen.acknowledgements, "early": seen.early, "syncs": seen.syncs}
    for words in seen.examples:
        trial.fail(f"{what}: {words}")
    if not seen.acknowledgements:
        trial.fail(f"{what}: no acknowledgement was seen")


Promise = Callable[[Call], Collection[bytes] | None]
Sent = Mapping[int, Sequence[Records]]  # by port: what each answer acknowledges


# ---- the judge -------------------------------------------------------------------------------------------------------


class Judge:
    """Follows a trace, and knows of every record how far it is on its way to the disk."""

    def __init__(self) -> None:
        self.seen = Seen()
        self._sealing: set[int] = set()  # descriptors opened with O_DSYNC
        self._written: set[bytes] = set()  # in the file, as others see it
        self._synced: set[bytes] = set()  # on the disk, in a commit that does not count yet
        self._durable: set[bytes] = set()
        self._covering: dict[int, frozenset[bytes]] = {}  # what a call that is going on will have moved on

    def follow(self, lines: Iterable[bytes], promised: Promise) -> Seen:
        """Go through a whole trace. `promised` says which records a call acknowledges, if it is an acknowledgement."""
        for call in system_calls.events(lines):
            if call.entered == call.left or not call.left:
                if call.name in SENDS and (keys := promised(call)) is not None:
                    self._acknowledged(keys, call.entered)
                self._entered(call)
            if call.left:
                self._left(call)
        return self.seen

    def _entered(self, call: Call) -> None:
        """A call begins: it covers what is there now, and not what comes meanwhile."""
        if not _about_store(call):
            return
        if call.name in SYNCS:
            self._covering[call.thread] = frozenset(self._written)
        elif call.name in WRITES and _descriptor(call) in self._sealing:
            self._covering[call.thread] = frozenset(self._synced)

    def _left(self, call: Call) -> None:
        if call.name == "openat" and call.succeeded and b"O_DSYNC" in call.arguments:
            self._sealing.add(int(call.result.partition(b"<")[0]))
        elif call.name == "close" and call.succeeded:
            self._sealing.discard(_descriptor(call))
        elif _about_store(call):
            covered = self._covering.pop(call.thread, frozenset())
            if not call.succeeded:
                return
            if call.name in SYNCS:
                self.seen.syncs += 1
                self._synced |= covered
                self._written -= covered
            elif call.name in WRITES and _descriptor(call) in self._sealing:
                self._durable |= covered
                self._synced -= covered
            elif call.name in WRITES:
                self._written |= set(KEY.findall(call.arguments)) - self._durable - self._synced

    def _acknowledged(self, keys: Iterable[bytes], line: int) -> None:
        self.seen.acknowledgements += 1
        missing = [key for key in keys if key not in self._durable]
        if missing:
            self.seen.early += 1
            if len(self.seen.examples) < 3:
                key = missing[0]
                state = "written" if key in self._written else "synced" if key in self._synced else "not even written"
                self.seen.examples.append(
                    f"line {line} of the trace acknowledges {key.decode()}, which was {state} and nothing more by then"
                )


def _about_store(call: Call) -> bool:
    return STORE_FILE in call.arguments[:PATH_OCTETS_MAX]


def _descriptor(call: Call) -> int:
    found = _DESCRIPTOR.match(call.arguments)
    return int(found[1]) if found else -1


def answers_to(sent: Sent) -> Promise:
    """Acknowledgements by HTTP: on the connection from a port the answers come in the order of its batches."""
    return _in_order(_ANSWER, sent)


def responses_to(sent: Sent) -> Promise:
    """Acknowledgements over the protocol: each response leaves by one call; `sent` says what they acknowledge, if
    anything, in their order.
    """
    return _in_order(_RESPONSE, sent)


def _in_order(answer: re.Pattern[bytes], sent: Sent) -> Promise:
    """`answer`: how such a call's arguments begin, with the port as the first group."""
    waiting = {port: deque(records) for port, records in sent.items()}

    def promised(call: Call) -> Collection[bytes] | None:
        found = answer.match(call.arguments[:PATH_OCTETS_MAX])
        records = waiting.get(int(found[1])) if found else None
        return (records.popleft() or None) if records else None

    return promised


def reports_of(keys: Sequence[bytes]) -> Promise:
    """Acknowledgements by an importer on its stdout: so many records of the file, from its beginning on."""
    told = 0

    def promised(call: Call) -> Collection[bytes] | None:
        nonlocal told
        found = _REPORT.match(call.arguments)
        if not found or int(found[1]) <= told:
            return None
        begin, told = told, int(found[1])
        return keys[begin:told]

    return promised


# ---- what is traced --------------------------------------------------------------------------------------------------


def trace_node(trial: Trial, stage: Stage, batches: int, home: Sequence[str]) -> Seen:
    """Post so many batches to a node below strace, and judge its trace."""

    def post(ledger: Ledger, report: Mapping[str, Any]) -> Posting:
        return Posting(report["metrics"], ledger, records_of(BATCH_RECORDS), connections=CONNECTIONS, stamp=STAMP)

    return _traced(trial, stage, post, batches, "batch", "batches", answers_to, home)


def trace_registrations(trial: Trial, stage: Stage, registrations: int) -> Seen:
    """Register so many identifiers at a node below strace, as the administrator of its prefix, and judge its trace."""
    who = stage.administrator()  # before any node starts: it makes the keys that they read

    def register(ledger: Ledger, report: Mapping[str, Any]) -> Registering:
        return Registering(stage.address, ledger, records_of(1), who, connections=CONNECTIONS)

    with stage.upper():
        return _traced(trial, stage, register, registrations, "registration", "registrations", responses_to)


def records_of(count: int) -> Callable[[int], Records]:
    """What gives a connection, by number, so many records that nobody has had before."""
    numbers = iter(range(10**7))
    packed = pack_record((Value(1, b"URL", b"https://id.example/proof", timestamp=STAMP),))
    return lambda connection: {PREFIX + b"/F%d-%07d" % (connection, next(numbers)): packed for _ in range(count)}


def _traced(
    trial: Trial,
    stage: Stage,
    connect: Callable[[Ledger, Mapping[str, Any]], Posting | Registering],
    wanted: int,
    one: str,
    several: str,
    promise: Callable[[Sent], Promise],
    home: Sequence[str] = HOME,
) -> Seen:
    """Write over the connections that `connect` makes until so many are acknowledged, as `promise` reads the trace."""
    trace = stage.folder / "trace"
    with stage.node(home=home, before=system_calls.command(str(trace))) as node:
        report = node.await_ready()
        with connect(Ledger(), report) as lines:
            while lines.batches < wanted and not lines.refused:
                before = lines.batches
                lines.run(POST_LIMIT_S, batches_max=min(wanted, before + POSTED_AT_ONCE))
                trial.progress(f"{lines.batches} of {wanted} {several} acknowledged by a node below strace")
                if lines.batches == before:
                    trial.fail(f"no answer within {POST_LIMIT_S:.0f} s")
                    break
            lines.drain()
        os.kill(report["pid"], signal.SIGTERM)
        node.process.wait(EXIT_LIMIT_S)
    if lines.refused:
        trial.fail(f"a {one} was refused: {lines.refused[0]}")
    with trace.open("rb") as calls:
        seen = Judge().follow(calls, promise(lines.sent))
    trace.unlink()
    if seen.acknowledgements != lines.batches:
        trial.fail(f"{lines.batches} acknowledgements came, the trace shows {seen.acknowledgements}")
    return seen


def trace_importer(trial: Trial, folder: Path, batches: int) -> Seen:
    """Import so many batches into the store of a node that does not run, below strace, and judge that trace."""
    stage = Stage(folder / "importer")
    file, trace, log = stage.folder / "items.csv", stage.folder / "trace", stage.folder / "importer.log"
    keys = [PREFIX + b"/G0-%07d" % number for number in range(batches * IMPORT_BATCH_RECORDS)]
    with file.open("wb") as out:
        out.write(b"handle,URL:1\n")
        out.writelines(key + b",https://id.example/proof\n" for key in keys)
    words = ["import", str(file), "--node", NODE, "--network", str(stage.file), "--run-dir", str(stage.folder)]
    trial.tell(f"importing {len(keys):,} records below strace")
    with log.open("wb") as sink:
        process = subprocess.Popen(
            [*system_calls.command(str(trace)), *PYTHON[:-1], "-c", SMALL_BATCHES, *words, "--report-batches"],
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=sink,
            env=environment(),
            process_group=0,
        )
        try:
            code = process.wait(IMPORT_LIMIT_S)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise
    if code:
        raise Unreachable(f"the importer ended with status {code}: {last_words(log)}")
    with trace.open("rb") as lines:
        seen = Judge().follow(lines, reports_of(keys))
    trace.unlink()
    if seen.acknowledgements != batches:
        trial.fail(f"{batches} batches were imported, the trace shows {seen.acknowledgements} acknowledgements")
    return seen
