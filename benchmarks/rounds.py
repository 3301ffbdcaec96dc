"""Measuring fairly: yardstick and server in turn, each pair one round, and rounds that were disturbed done again.

    round 1   echo  server   ratio 1 = server's answers/s ÷ echo's, minutes or machines apart do not matter
    round 2   echo  server   ratio 2 …                      the figure of a row is the median over its rounds

The server has core 0, the generator core 1. CPU per answer is user + system time of all threads of the server process,
from the kernel. A side that waited for its core (run-queue delay of its threads, or time stolen by the hypervisor) for
more than DISTURBED_SHARE of a measurement spoils the round: it is repeated, at most REPEATS_MAX times a row. What is
still spoilt then counts only if nothing else is left, and says so.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import statistics
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.native import BenchmarkError, Programs
from benchmarks.traffic import Traffic
from resolver.wire import peek

SERVER_CORE, GENERATOR_CORE = 0, 1  # positions in the list of cores this process may use
OUTSTANDING = 64
SEGMENTS, EACH = 16, 64  # over TCP
DISTURBED_SHARE = 0.03
REPEATS_MAX = 4
WARM_PASSES_MAX = 5
SAMPLE_TIMEOUT_S = 3.0
SUCCESS = 1
TICKS_PER_S = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Target:
    """A running server. `metrics`: the page where it counts, if it is a node. `dns`: its DNS door.
    `echoes_handle`: its answers begin with the handle asked for, which is then checked.
    """

    ip: str
    port: int
    pid: int
    metrics: str = ""
    echoes_handle: bool = True
    dns: str = ""
    stream: bool = False  # loaded over TCP: SEGMENTS of EACH requests under way on one connection


@dataclass(frozen=True, slots=True)
class Sample:
    """One measurement. CPU in microseconds per answer, of the server; `disturbed`: somebody else had a core of ours."""

    answers_per_s: float
    cpu_us: float
    answers: int
    bad: int
    timeouts: int
    disturbed: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """A row's rounds in one: medians, and lowest and highest ratio as the spread; of undisturbed rounds, if any.

    `repeated` rounds were done again, `disturbed` ones remained.
    """

    answers_per_s: float
    echo_per_s: float
    ratio: float
    ratio_low: float
    ratio_high: float
    cpu_us: float
    echo_cpu_us: float
    rounds: int
    repeated: int
    disturbed: int
    bad: int
    timeouts: int

    @property
    def sound(self) -> bool:
        """Whether something may be concluded: most rounds had both cores to themselves."""
        return self.disturbed <= self.rounds // 2


class Bench:
    """The two cores, the C programs and the traffic of one run."""

    def __init__(self, programs: Programs, traffic: Traffic, cores: Sequence[int]) -> None:
        self.programs, self.traffic = programs, traffic
        self.server_core, self.generator_core = cores[SERVER_CORE], cores[GENERATOR_CORE]

    @contextlib.contextmanager
    def echo(self, ip: str, port: int, reply_octets: int) -> Iterator[Target]:
        """The yardstick, running on the server's core."""
        with self.server([str(self.programs.echo), ip, str(port), str(reply_octets)]) as pid:
            yield Target(ip, port, pid, echoes_handle=False)

    @contextlib.contextmanager
    def stream_echo(self, ip: str, port: int, reply_octets: int) -> Iterator[Target]:
        """The yardstick over TCP."""
        with self.server([str(self.programs.stream), "echo", ip, str(port), str(reply_octets)]) as pid:
            yield Target(ip, port, pid, echoes_handle=False, stream=True)

    @contextlib.contextmanager
    def server(self, command: Sequence[str]) -> Iterator[int]:
        """A process on the server's core that says "ready" on stdout; it ends with the block, or when we do."""
        with on_core(self.server_core):
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            if process.stdout.readline() != "ready\n":
                raise BenchmarkError(f"{Path(command[0]).name} did not start (exit status {process.wait()})")
            yield process.pid
        finally:
            process.terminate()
            process.communicate()

    def warm(self, target: Target) -> None:
        """Ask everything once, so that caches hold it; again if answers were lost."""
        for _ in range(WARM_PASSES_MAX):
            report = self.generate(target, self.traffic.each, 0.0)
            if report["answers"] == report["sent"]:
                return
        raise BenchmarkError(f"{target.ip}:{target.port} does not answer everything: {report}")

    def sample(self, target: Target, seconds: float) -> Sample:
        """Load one server for some seconds."""
        waited, stolen, cpu = waited_s(target.pid), stolen_s(self.server_core, self.generator_core), cpu_s(target.pid)
        report = self.generate(target, self.traffic.popular, seconds)
        cpu = cpu_s(target.pid) - cpu
        lost = max(
            waited_s(target.pid) - waited, report["waited_s"], stolen_s(self.server_core, self.generator_core) - stolen
        )
        answers = int(report["answers"])
        if not answers:
            raise BenchmarkError(f"{target.ip}:{target.port} answered nothing: {report}")
        return Sample(
            report["answers_per_s"],
            cpu / answers * 1e6,
            answers,
            int(report["bad"]),
            int(report["timeouts"]),
            disturbed=lost > DISTURBED_SHARE * seconds,
        )

    def compare(self, echo: Target, server: Target, rounds: int, seconds: float, step: Callable[[], None]) -> Compared:
        """Echo and server in turn, `rounds` times; `step` is called after each round that counts."""
        pairs: list[tuple[Sample, Sample]] = []
        repeated = 0
        while len(pairs) < rounds:
            pair = self.sample(echo, seconds), self.sample(server, seconds)
            if (pair[0].disturbed or pair[1].disturbed) and repeated < REPEATS_MAX:
                repeated += 1
                continue
            pairs.append(pair)
            step()
        undisturbed = [pair for pair in pairs if not (pair[0].disturbed or pair[1].disturbed)]
        disturbed = len(pairs) - len(undisturbed)
        pairs = undisturbed or pairs
        ratios = [ours.answers_per_s / yardstick.answers_per_s for yardstick, ours in pairs]
        return Compared(
            answers_per_s=statistics.median(ours.answers_per_s for _, ours in pairs),
            echo_per_s=statistics.median(yardstick.answers_per_s for yardstick, _ in pairs),
            ratio=statistics.median(ratios),
            ratio_low=min(ratios),
            ratio_high=max(ratios),
            cpu_us=statistics.median(ours.cpu_us for _, ours in pairs),
            echo_cpu_us=statistics.median(yardstick.cpu_us for yardstick, _ in pairs),
            rounds=rounds,
            repeated=repeated,
            disturbed=disturbed,
            bad=sum(ours.bad for _, ours in pairs),
            timeouts=sum(ours.timeouts for _, ours in pairs),
        )

    def generate(
        self, target: Target, sequence: Path, seconds: float, outstanding: int = OUTSTANDING
    ) -> dict[str, float]:
        """What the C generator says of some seconds of load, 0: once through the sequence."""
        command = [self.programs.generator, target.ip, target.port, self.traffic.requests, sequence, seconds]
        command += [outstanding, SUCCESS, "handle" if target.echoes_handle else "-"]
        if target.stream and seconds:
            command = [self.programs.stream, "load", target.ip, target.port, self.traffic.requests, sequence, seconds]
            command += [SEGMENTS, EACH]
        with on_core(self.generator_core):
            process = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        with process:
            out, words = process.communicate()
        if process.returncode:
            raise BenchmarkError(words.decode().strip() or f"the generator ended with {process.returncode}")
        report: dict[str, float] = json.loads(out)
        return report


@contextlib.contextmanager
def on_core(core: int) -> Iterator[None]:
    """Whatever is started within the block runs on this core: children inherit where their parent may run."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def move(pid: int, core: int) -> None:
    """Put every thread of a running process on one core; threads it starts later follow."""
    for thread in (PROC / str(pid) / "task").iterdir():
        os.sched_setaffinity(int(thread.name), {core})


def cpu_s(pid: int) -> float:
    """User and system time of a process, all threads, in seconds (in ticks of 10 ms as a rule)."""
    fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_S


def waited_s(pid: int) -> float:
    """Seconds in which threads of a process could have run but had to wait for the core; 0 where it is not told."""
    nanoseconds = 0
    for thread in (PROC / str(pid) / "task").iterdir():
        with contextlib.suppress(OSError):
            nanoseconds += int((thread / "schedstat").read_text().split()[1])
    return nanoseconds / 1e9


def stolen_s(*cores: int) -> float:
    """Seconds the hypervisor gave these cores to somebody else."""
    stolen = 0
    for line in (PROC / "stat").read_text().splitlines():
        name, *ticks = line.split()
        if name in {f"cpu{core}" for core in cores} and len(ticks) > 7:
            stolen += int(ticks[7])
    return stolen / TICKS_PER_S


def ask(ip: str, port: int, packet: bytes) -> bytes:
    """One question over UDP, one packet back. BenchmarkError if none comes, or one without success."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.settimeout(SAMPLE_TIMEOUT_S)
        asking.connect((ip, port))
        asking.send(packet)
        try:
            answer = asking.recv(2048)
        except OSError as error:
            raise BenchmarkError(f"{ip}:{port} does not answer: {error}") from error
    code = int.from_bytes(answer[24:28], "big")
    if len(answer) < peek.HEADER_END or code != SUCCESS:
        raise BenchmarkError(f"{ip}:{port} answers with code {code}")
    return answer
