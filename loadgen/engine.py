"""Sends every request as near to its due moment as the machine allows, and notes what became of it. Open loop.

    wait for the due moment  ->  send  ->  take in what has arrived  ->  next
           |                                     ^
           '-- answers are taken in meanwhile ---'

Latency counts from the due moment, not from the sending: a generator that is held up, or a server that makes it wait,
must not make the figures look better (coordinated omission). What makes the generator itself late is measured in the
same records, and its own losses (datagrams its full receive buffers dropped) are asked of the kernel.

Timers of an event loop are up to a millisecond late; so the loop sleeps only until `spin_ns` before the next due moment
and then polls. Nothing in the loop allocates but numbers, and the garbage collector is off meanwhile.

The clock and the waiting are handed in, so a test runs minutes in a moment; the sockets are real.
"""

from __future__ import annotations

import gc
import secrets
import select
import socket
import struct
import sys
import time
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from struct import Struct
from typing import Protocol

import numpy as np

from loadgen.arrays import Nanoseconds, Ranks, Records
from loadgen.results import RECORD, Verdict
from resolver.errors import OperatorError, PeerError
from resolver.wire.framing import Reassembler
from resolver.wire.peek import ENVELOPE_OCTETS

SOCKETS_PER_TARGET = 4  # receive buffers add up, and a server that spreads by source port sees several sources
RECEIVE_BUFFER_OCTETS = 4 << 20  # asked for; the kernel gives at most net.core.rmem_max
DATAGRAM_OCTETS_MAX = 65_536
REQUEST_ID_MAX = 2**31 - 1  # CNRI's range; larger ids are negative numbers to its servers (protocol.md §2)
LEAD_NS = 20_000_000  # between opening the sockets and the start, so that the first request is not late already
LINGER_NS = 500_000_000  # after the last time-out, to see answers that are late
TICK_NS = 250_000_000  # how often progress is told and silence noticed
SILENCE_NS = 5_000_000_000  # no answer at all for so long: nobody is there
NAP_NS = 50_000_000  # longest sleep, so that Ctrl-C is noticed

SPIN_NS = {
    "precise": 1 << 62,  # never sleeps: a core of its own, microseconds late
    "balanced": 200_000,  # sleeps between requests that are far apart; timers are late by less than this
    "frugal": 0,  # only sleeps: for machines that serve on the same cores; some 0.1 ms late
}

_ENVELOPE = Struct(">8xIII")  # request id, sequence number, message length
_SO_MEMINFO, _MEMINFO, _DROPS = 55, Struct("9I"), 8  # linux/sock_diag.h: SK_MEMINFO_DROPS


@dataclass(frozen=True, slots=True)
class Plan:
    """A run as it is meant to be. `due_ns` ascends; request k asks `requests[ranks[k]]`.

    `judge(rank, packet, octets)` gives (code, verdict) of a whole answer. `timeout_ns` counts from the due moment.
    """

    due_ns: Nanoseconds
    ranks: Ranks
    requests: dict[int, bytearray]
    judge: Callable[[int, bytearray | bytes, int], tuple[int, int]]
    targets: tuple[tuple[str, int], ...]
    timeout_ns: int
    spin_ns: int = SPIN_NS["balanced"]
    sockets_per_target: int = SOCKETS_PER_TARGET


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it was. `records` ends where the sending ended, with the plan or before it (`interrupted`, `silent`).

    `elapsed_ns`: to the end of sending, `wall_ns`: of the start. `cpu_s` of `running_s` this process was computing.
    `strays`: datagrams that answer nothing that was asked; `duplicates`: second answers; `refused`: "port unreachable"
    notices; `own_drops`: answers that this generator's own receive buffers lost.
    """

    records: Records
    wall_ns: int
    elapsed_ns: int
    running_s: float
    cpu_s: float
    strays: int
    duplicates: int
    refused: int
    own_drops: int
    interrupted: bool
    silent: bool


class Stop:
    """Somebody's wish to end the sending early. What is under way is still waited for."""

    __slots__ = ("requested",)

    def __init__(self) -> None:
        self.requested = False


class Arrivals(Protocol):
    """Which sockets have something to read."""

    def now(self) -> Sequence[int]:
        """Their file descriptors, without waiting."""
        ...

    def within(self, ns: int) -> Sequence[int]:
        """The same, waiting up to `ns` for the first."""
        ...

    def close(self) -> None:
        """Watch no longer."""
        ...


class KernelArrivals:
    """epoll for looking (0.4 µs) and select for sleeping: epoll's naps are whole milliseconds."""

    def __init__(self, descriptors: Sequence[int]) -> None:
        self._descriptors = descriptors
        self._epoll = select.epoll() if sys.platform == "linux" else None
        if self._epoll:
            for descriptor in descriptors:
                self._epoll.register(descriptor, select.EPOLLIN)

    def now(self) -> Sequence[int]:
        if self._epoll:
            return [descriptor for descriptor, _ in self._epoll.poll(0)]
        return select.select(self._descriptors, (), (), 0)[0]

    def within(self, ns: int) -> Sequence[int]:
        return select.select(self._descriptors, (), (), ns / 1e9)[0]

    def close(self) -> None:
        if self._epoll:
            self._epoll.close()


def run(
    plan: Plan,
    *,
    stop: Stop | None = None,
    progress: Callable[[int, int, int], None] | None = None,
    clock: Callable[[], int] = time.perf_counter_ns,
    watch: Callable[[Sequence[int]], Arrivals] = KernelArrivals,
    first_id: int | None = None,
) -> Run:
    """Carry out a plan. `progress(elapsed_ns, sent, answered)` is called at most every TICK_NS, and must be quick.

    OperatorError if a target cannot be an address to send to.
    """
    count, links = len(plan.due_ns), len(plan.targets) * plan.sockets_per_target
    stop = stop or Stop()
    if first_id is None:
        first_id = 1 + secrets.randbelow(REQUEST_ID_MAX - count)
    due, ranks = array("q", plan.due_ns.tobytes()), array("I", plan.ranks.astype(np.uint32).tobytes())
    sent, received = array("q", [-1]) * count, array("q", [-1]) * count
    codes, sizes, verdicts = array("I", [0]) * count, array("I", [0]) * count, array("H", [Verdict.NONE]) * count
    requests, judge, timeout_ns, spin_ns = plan.requests, plan.judge, plan.timeout_ns, plan.spin_ns
    buffer = bytearray(DATAGRAM_OCTETS_MAX)
    reassembler = Reassembler(wait_ns=timeout_ns)
    strays = duplicates = refused = answered = 0
    number = 0  # of the next request: all before it were handed to the kernel, or refused by it

    with ExitStack() as cleanup:
        sockets = [cleanup.enter_context(_connected(plan.targets[i % len(plan.targets)])) for i in range(links)]
        sends = [link.send for link in sockets]
        receivers = {link.fileno(): link.recv_into for link in sockets}
        arrivals = watch(list(receivers))
        cleanup.callback(arrivals.close)
        cleanup.enter_context(_no_garbage_collection())

        def take(readable: Sequence[int]) -> None:
            """Read one datagram from each of these sockets."""
            nonlocal strays, duplicates, refused, answered
            for descriptor in readable:
                try:
                    octets = receivers[descriptor](buffer)
                except BlockingIOError:
                    continue
                except ConnectionRefusedError:
                    refused += 1
                    continue
                now = clock() - start
                if octets < ENVELOPE_OCTETS:
                    strays += 1
                    continue
                request_id, _, length = _ENVELOPE.unpack_from(buffer)
                asked = request_id - first_id
                if not 0 <= asked < number or sent[asked] < 0:
                    strays += 1
                    continue
                if received[asked] >= 0:
                    duplicates += 1
                    continue
                packet: bytearray | bytes = buffer
                if octets != ENVELOPE_OCTETS + length:
                    try:
                        whole = reassembler.add((descriptor, asked), bytes(buffer[:octets]), now)
                    except PeerError:
                        whole = bytes(buffer[:octets])
                    if whole is None:
                        continue
                    packet, octets = whole, len(whole)
                codes[asked], verdicts[asked] = judge(ranks[asked], packet, octets)
                received[asked] = now
                sizes[asked] = octets
                answered += 1

        cpu, wall_ns = time.process_time(), time.time_ns() + LEAD_NS
        start = clock() + LEAD_NS
        tick = TICK_NS
        silent = False
        while number < count and not stop.requested:
            now = clock() - start
            gap = due[number] - now
            if gap > 0:
                take(arrivals.within(min(gap - spin_ns, NAP_NS)) if gap > spin_ns else arrivals.now())
            else:
                request = requests[ranks[number]]
                struct.pack_into(">I", request, 8, first_id + number)
                try:
                    sends[number % links](request)
                except ConnectionRefusedError:
                    refused += 1  # an earlier request's; this one was not sent, and is tried again
                except OSError as error:
                    # A full send buffer empties again. What cannot be sent before its own time-out was not sent.
                    if not isinstance(error, BlockingIOError) or -gap > timeout_ns:
                        number += 1
                else:
                    sent[number] = now
                    number += 1
                take(arrivals.now())
            if now >= tick:
                tick = now + TICK_NS
                if progress:
                    progress(now, number, answered)
                if not answered and now > max(SILENCE_NS, timeout_ns):
                    silent = True
                    break
        interrupted = stop.requested
        elapsed_ns = clock() - start
        leaving = number - sent[:number].count(-1)
        end = (due[number - 1] if number else 0) + timeout_ns + LINGER_NS
        while answered < leaving and (now := clock() - start) < end:
            take(arrivals.within(min(end - now, NAP_NS)))
        running_s, cpu_s = (clock() - start) / 1e9, time.process_time() - cpu
        own_drops = sum(map(_drops, sockets))

    columns = {"sent": sent, "received": received, "octets": sizes, "code": codes, "verdict": verdicts}
    return Run(
        records=_records(plan, number, columns),
        wall_ns=wall_ns,
        elapsed_ns=elapsed_ns,
        running_s=running_s,
        cpu_s=cpu_s,
        strays=strays,
        duplicates=duplicates,
        refused=refused,
        own_drops=own_drops,
        interrupted=interrupted,
        silent=silent or (number > 0 and not answered),
    )


def _records(plan: Plan, number: int, columns: dict[str, array[int]]) -> Records:
    """The columns of the loop, and what was known before it, as one record for each of the first `number` requests."""
    records = np.empty(number, dtype=RECORD)
    records["due"], records["rank"] = plan.due_ns[:number], plan.ranks[:number]
    records["target"] = np.arange(number) % len(plan.targets)
    for name, column in columns.items():
        records[name] = np.frombuffer(column, dtype=RECORD[name].newbyteorder("="))[:number]
    return records


def _connected(target: tuple[str, int]) -> socket.socket:
    """A non-blocking UDP socket that talks to one address only: the kernel keeps everybody else's packets away."""
    host, port = target
    link = None
    try:
        link = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
        link.setblocking(False)
        link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_OCTETS)
        link.connect((host, port))
    except OSError as error:
        if link:
            link.close()
        raise OperatorError(
            f"cannot be sent to: {error}", key="--target", value=f"{host}:{port}", remedy="Give ADDRESS:PORT"
        ) from error
    return link


def _drops(link: socket.socket) -> int:
    """Datagrams that found the receive buffer full. 0 where the kernel does not tell."""
    if sys.platform != "linux":
        return 0
    try:
        counters = _MEMINFO.unpack(link.getsockopt(socket.SOL_SOCKET, _SO_MEMINFO, _MEMINFO.size))
    except (OSError, struct.error):
        return 0
    return int(counters[_DROPS])


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """A collection takes milliseconds, and nothing here makes cycles."""
    was_on = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
