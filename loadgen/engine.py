"""Sends every request as near to its due moment as the machine allows, and notes what became of it. Open loop.

    wait for the due moment  ->  send  ->  take in what has arrived  ->  next
           |                                     ^
           '-- answers are taken in meanwhile ---'

Latency counts from the due moment, not from the sending: a generator that is held up, or a server that makes it wait,
must not make the figures look better (coordinated omission). What makes the generator itself late is measured in the
same records, and its own losses (datagrams its full receive buffers dropped) are asked of the kernel.

Timers of an event loop are up to a millisecond late; so the loop sleeps only until `spin_ns` before the next due moment
and then polls. Nothing in the loop allocates but numbers, and the garbage collector is off meanwhile.

An answer may tell whom to ask next (`Questions.follow`): that second request leaves at once, and its slot lies behind
those of all first requests: request k of n is slot k, what it leads to is slot n + k.

Over UDP a compiled half (volley.py) does what is usual without Python: requests that could be written beforehand leave,
answers that are as expected are noted. The loop here does what is left, or all of it.

The clock and the waiting are handed in, so a test runs minutes in a moment; the sockets are real.
"""

from __future__ import annotations

import errno
import gc
import secrets
import select
import sys
import time
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from struct import Struct
from typing import Protocol, TypeAlias

import numpy as np

from loadgen.arrays import AnyArray, Nanoseconds, Numbers, Records
from loadgen.links import LINKS, Link, Packet, Receive, UdpLink
from loadgen.results import CODE_MAX, RECORD, TIERS, TRANSPORTS, Verdict
from loadgen.volley import Writes, available, volley
from resolver.errors import OperatorError
from resolver.wire.peek import ENVELOPE_OCTETS

LINKS_PER_TARGET = 4  # receive buffers add up, and a server that spreads by source port sees several sources
LINKS_MAX = 900  # below the usual limit of 1,024 descriptors
REQUEST_ID_MAX = 2**31 - 1  # CNRI's range; larger ids are negative numbers to its servers (protocol.md §2)
LEAD_NS = 20_000_000  # between opening the sockets and the start, so that the first request is not late already
LINGER_NS = 500_000_000  # after the last time-out, to see answers that are late
TICK_NS = 250_000_000  # how often progress is told and silence noticed
SILENCE_NS = 5_000_000_000  # no answer at all for so long: nobody is there
NAP_NS = 50_000_000  # longest sleep, so that Ctrl-C is noticed
FLUSH_NAP_NS = 500_000  # longest sleep while a connection does not take what is to leave

SPIN_NS = {
    "precise": 1 << 62,  # never sleeps: a core of its own, microseconds late
    "balanced": 200_000,  # sleeps between requests that are far apart; timers are late by less than this
    "frugal": 0,  # only sleeps: for machines that serve on the same cores; some 0.1 ms late
}

_REQUEST_ID = Struct(">I")
_REQUEST_ID_AT = 8

Address: TypeAlias = tuple[str, int]


class Questions(Protocol):
    """What to send in each slot, and what to think of the answer."""

    def request(self, slot: int) -> bytearray:
        """The request octets, good until the next call; the engine writes the request id into octets 8 to 11."""
        ...

    def judge(self, slot: int, packet: bytearray | bytes, octets: int) -> tuple[int, int]:
        """(response code, results.Verdict) of the answer in the first `octets` octets of `packet`.

        The packet is whole; code 0 if it holds none that can be read.
        """
        ...

    def follow(self, slot: int, packet: bytearray | bytes, octets: int, verdict: int) -> Address | None:
        """Whom this answer sends the client to, None if the resolution ends with it."""
        ...


@dataclass(frozen=True, slots=True)
class Plan:
    """A run as it is meant to be. `due_ns` ascends; request k goes to `targets[choice[k]]`.

    `numbers` and `ranks` are for the records. `leads_on`: whether `questions.follow` is to be asked. `timeout_ns`
    counts from the due moment, for a second request too. `tiers`: of addresses, names as in results.TIERS.
    """

    due_ns: Nanoseconds
    numbers: Numbers
    ranks: Numbers
    choice: AnyArray
    questions: Questions
    targets: tuple[Address, ...]
    timeout_ns: int
    spin_ns: int = SPIN_NS["balanced"]
    transport: str = "udp"
    links_per_target: int = LINKS_PER_TARGET
    leads_on: bool = False
    tiers: Mapping[Address, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it was. `records` ends where the sending ended, with the plan or before it (`interrupted`, `silent`).

    `targets`: the plan's, then those that answers led to. `elapsed_ns`: to the end of sending, `wall_ns`: of the start.
    `cpu_s` of `running_s` this process was computing. `strays`: packets that answer nothing that was asked;
    `duplicates`: second answers; `refused`: "port unreachable" notices; `own_drops`: answers that this generator's own
    receive buffers lost. `compiled`: whether the compiled half took part.
    """

    records: Records
    targets: tuple[Address, ...]
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
    compiled: bool = False


class Stop:
    """Somebody's wish to end the sending early. What is under way is still waited for."""

    __slots__ = ("requested",)

    def __init__(self) -> None:
        self.requested = False


class Observer(Protocol):
    """Somebody who watches a run."""

    def tick(self, elapsed_ns: int, sent: int, fresh: array[int], columns: dict[str, AnyArray], count: int) -> None:
        """What has been answered since the last tick: slots, and the columns of the run by slot (due: by request).

        Nothing of `fresh` may be kept: the engine empties it.

        `count`: of first requests, behind whose slots those of second ones lie.
        """
        ...


class Arrivals(Protocol):
    """Which sockets have something to read."""

    def add(self, descriptor: int) -> None:
        """Watch one more."""
        ...

    def remove(self, descriptor: int) -> None:
        """Watch one less."""
        ...

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
    """epoll for looking (0.4 µs), and for sleeping a select on that epoll: epoll's own naps are whole milliseconds."""

    def __init__(self) -> None:
        self._descriptors: list[int] = []
        self._epoll = select.epoll() if sys.platform == "linux" else None
        self.epoll = self._epoll.fileno() if self._epoll else -1

    def add(self, descriptor: int) -> None:
        self._descriptors.append(descriptor)
        if self._epoll:
            self._epoll.register(descriptor, select.EPOLLIN)

    def remove(self, descriptor: int) -> None:
        self._descriptors.remove(descriptor)
        if self._epoll:
            self._epoll.unregister(descriptor)

    def now(self) -> Sequence[int]:
        if self._epoll:
            return [descriptor for descriptor, _ in self._epoll.poll(0)]
        return select.select(self._descriptors, (), (), 0)[0]

    def within(self, ns: int) -> Sequence[int]:
        if self._epoll:
            if select.select((self._epoll,), (), (), ns / 1e9)[0]:
                return self.now()
            return ()
        return select.select(self._descriptors, (), (), ns / 1e9)[0]

    def close(self) -> None:
        if self._epoll:
            self._epoll.close()


class Sockets:
    """The links' watch: what each socket's descriptor is read by, and which links have something left to send."""

    def __init__(self, arrivals: Arrivals) -> None:
        self.receivers: dict[int, Receive] = {}
        self.waiting: set[Link] = set()
        self._arrivals = arrivals

    def add(self, descriptor: int, receive: Receive) -> None:
        """Watch a socket."""
        self.receivers[descriptor] = receive
        self._arrivals.add(descriptor)

    def remove(self, descriptor: int) -> None:
        """Watch it no longer."""
        del self.receivers[descriptor]
        self._arrivals.remove(descriptor)


def run(
    plan: Plan,
    *,
    stop: Stop | None = None,
    progress: Callable[[int, int, int], None] | None = None,
    observer: Observer | None = None,
    begin: Callable[[], int] | None = None,
    clock: Callable[[], int] = time.perf_counter_ns,
    watch: Callable[[], Arrivals] = KernelArrivals,
    first_id: int | None = None,
    compiled: bool = True,
) -> Run:
    """Carry out a plan.

    `progress(elapsed_ns, sent, answered)` and the observer are called at most every TICK_NS, and must be quick. `begin`
    is called when all is prepared and gives the moment of `clock` at which to begin; without it that is at once.
    `compiled`: whether the compiled half may take part, where it is there.
    OperatorError if a target cannot be an address to send to.
    """
    count = len(plan.due_ns)
    slots = 2 * count if plan.leads_on else count
    stop = stop or Stop()
    if first_id is None:
        first_id = 1 + secrets.randbelow(REQUEST_ID_MAX - slots)
    due, ready = array("q", plan.due_ns.tobytes()), array("q", [-1]) * (slots - count)
    sent, received = array("q", [-1]) * slots, array("q", [-1]) * slots
    codes, sizes, verdicts = array("H", [0]) * slots, array("I", [0]) * slots, array("B", [Verdict.NONE]) * slots
    asked_whom = array("H", plan.choice.astype(np.uint16).tobytes()) + array("H", [0]) * (slots - count)
    request_for, judge, timeout_ns, spin_ns = (
        plan.questions.request,
        plan.questions.judge,
        plan.timeout_ns,
        plan.spin_ns,
    )
    follow = plan.questions.follow if plan.leads_on else None
    targets = list(plan.targets)
    strays = duplicates = refused = answered = leaving = 0
    number = 0  # of the next request: all before it were handed to the kernel, or refused by it
    fresh = array("I")  # slots answered since the observer looked
    note = fresh.append if observer else None
    columns = {"sent": sent, "received": received, "octets": sizes, "code": codes, "verdict": verdicts}
    views: dict[str, AnyArray] = {name: np.frombuffer(column, column.typecode) for name, column in columns.items()}
    views |= {"due": plan.due_ns, "ready": np.frombuffer(ready, np.int64)}

    with ExitStack() as cleanup:
        arrivals = watch()
        cleanup.callback(arrivals.close)
        sockets = Sockets(arrivals)
        receivers, waiting = sockets.receivers, sockets.waiting
        links: list[Link] = []
        datagrams: dict[int, UdpLink] = {}

        def connect(target: Address) -> Link:
            link = LINKS[plan.transport](target, timeout_ns, sockets)
            cleanup.callback(link.close)
            links.append(link)
            if isinstance(link, UdpLink):
                datagrams[link.descriptor] = link
            return link

        first_links = [[connect(target).send for _ in range(plan.links_per_target)] for target in targets]
        swift = None
        usual = plan.questions
        if compiled and datagrams and isinstance(usual, Writes) and type(arrivals) is KernelArrivals and available():
            shared = (due, sent, received, sizes, codes, verdicts)
            swift = volley(
                usual.written(), shared, asked_whom, list(datagrams), plan.links_per_target, arrivals.epoll, first_id
            )
        direct: dict[Address, tuple[int, Link]] = {}
        cleanup.enter_context(_no_garbage_collection())

        def ask_on(asked: int, address: Address, now: int) -> None:
            """Send the second request of a resolution, or note that it could not leave."""
            nonlocal refused, leaving
            ready[asked] = now
            known = direct.get(address)
            if known is None:
                if len(links) >= LINKS_MAX:
                    return
                try:
                    direct[address] = known = (len(targets), connect(address))
                except OperatorError:
                    return
                targets.append(address)
            asked_whom[count + asked], link = known
            request = request_for(count + asked)
            _REQUEST_ID.pack_into(request, _REQUEST_ID_AT, first_id + count + asked)
            try:
                link.send(request)
            except ConnectionRefusedError:
                refused += 1
            except OSError:
                return
            sent[count + asked] = clock() - start
            leaving += 1

        def hear(packets: Sequence[Packet], at_ns: int | None = None) -> None:
            """Judge what has come, at `at_ns` if that is not now."""
            nonlocal strays, duplicates, answered
            for packet, octets in packets:
                now = clock() - start if at_ns is None else at_ns
                if octets < ENVELOPE_OCTETS:
                    strays += 1
                    continue
                asked = _REQUEST_ID.unpack_from(packet, _REQUEST_ID_AT)[0] - first_id
                if not 0 <= asked < slots or sent[asked] < 0:
                    strays += 1
                    continue
                if received[asked] >= 0:
                    duplicates += 1
                    continue
                code, verdicts[asked] = judge(asked, packet, octets)
                codes[asked] = code if code < CODE_MAX else CODE_MAX
                received[asked] = now
                sizes[asked] = octets
                answered += 1
                if note:
                    note(asked)
                if follow and asked < count and now - due[asked] <= timeout_ns:
                    address = follow(asked, packet, octets, verdicts[asked])
                    if address is not None:
                        ask_on(asked, address, now)

        def take(readable: Sequence[int]) -> None:
            """Read from each of these sockets once."""
            nonlocal refused
            for descriptor in readable:
                receive = receivers.get(descriptor)
                if receive is None:
                    continue  # closed since
                try:
                    packets = receive(clock() - start)
                except BlockingIOError:
                    continue
                except ConnectionError:
                    refused += 1
                    continue
                hear(packets)

        def go(end: int, until_ns: int) -> None:
            """Have the compiled half send up to request `end` and hear until then; see to what it hands back."""
            nonlocal number, leaving, answered, refused
            assert swift is not None
            spin = spin_ns if end > number else 0  # whoever only listens has no moment to be punctual for
            reached, failure, slots_answered, descriptor, at_ns, odd = swift.go(number, end, start, until_ns, spin)
            leaving += reached - number
            number = reached
            answered += len(slots_answered) // fresh.itemsize
            if observer:
                fresh.frombytes(slots_answered)
            if failure == errno.ECONNREFUSED:
                refused += 1
            for octets in odd:
                hear(datagrams[descriptor].whole(octets, len(octets), at_ns), at_ns)

        patience = clock() + timeout_ns
        while clock() < patience and not all(link.ready() for link in links):
            for descriptor in arrivals.within(LEAD_NS):
                with suppress(OSError):
                    receivers[descriptor](0)
        start = begin() if begin else clock() + LEAD_NS
        cpu, wall_ns = time.process_time(), time.time_ns() + start - clock()
        tick = TICK_NS
        silent = False
        while number < count and not stop.requested:
            if swift:
                go(count, min(tick, clock() - start + NAP_NS))
            now = clock() - start
            gap = due[number] - now if number < count else 1
            if waiting:
                for link in tuple(waiting):
                    link.flush()
            if gap <= 0:
                request = request_for(number)
                _REQUEST_ID.pack_into(request, _REQUEST_ID_AT, first_id + number)
                sends = first_links[asked_whom[number]]
                try:
                    sends[number % len(sends)](request)
                except ConnectionRefusedError:
                    refused += 1
                    if plan.transport != "udp" or -gap > timeout_ns:
                        number += 1
                    # Over UDP it was an earlier request's; this one was not sent, and is tried again.
                except OSError as error:
                    # A full send buffer empties again. What cannot be sent before its own time-out was not sent.
                    if not isinstance(error, BlockingIOError) or -gap > timeout_ns:
                        number += 1
                else:
                    sent[number] = now
                    number += 1
                    leaving += 1
                take(arrivals.now())
            elif not swift:
                nap = FLUSH_NAP_NS if waiting else NAP_NS
                take(arrivals.within(min(gap - spin_ns, nap)) if gap > spin_ns else arrivals.now())
            if now >= tick:
                tick = now + TICK_NS
                if progress:
                    progress(now, number, answered)
                if observer:
                    observer.tick(now, leaving, fresh, views, count)
                    del fresh[:]
                if not answered and now > max(SILENCE_NS, timeout_ns):
                    silent = True
                    break
        interrupted = stop.requested
        elapsed_ns = clock() - start
        end = (due[number - 1] if number else 0) + timeout_ns + LINGER_NS
        while answered < leaving and (now := clock() - start) < end:
            if swift:
                go(number, min(end, now + NAP_NS))
                continue
            for link in tuple(waiting):
                link.flush()
            take(arrivals.within(min(end - now, FLUSH_NAP_NS if waiting else NAP_NS)))
        if observer:
            observer.tick(clock() - start, leaving, fresh, views, count)
        running_s, cpu_s = (clock() - start) / 1e9, time.process_time() - cpu
        own_drops = sum(link.drops() for link in links)

    columns["target"] = asked_whom
    return Run(
        records=_records(plan, targets, number, ready, columns),
        targets=tuple(targets),
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
        compiled=swift is not None,
    )


def _records(
    plan: Plan, targets: Sequence[Address], number: int, ready: array[int], columns: dict[str, array[int]]
) -> Records:
    """The columns of the loop, and what was known before it, as one record for each request.

    In the order of the schedule, a resolution's first request before its second: as `results.joined` puts several.
    """
    count = len(plan.due_ns)
    ready_ns = np.frombuffer(ready, np.int64)
    led_on = np.flatnonzero(ready_ns >= 0)
    slots = np.concatenate([np.arange(number), count + led_on])
    first = slots % count if count else slots
    records = np.empty(len(slots), dtype=RECORD)
    records["due"], records["rank"] = plan.due_ns[first], plan.ranks[first]
    records["number"] = plan.numbers[first]
    records["ready"] = np.concatenate([plan.due_ns[:number], ready_ns[led_on]])
    for name, column in columns.items():
        records[name] = np.frombuffer(column, dtype=RECORD[name].newbyteorder("="))[slots]
    tier_of = np.array([TIERS.index(plan.tiers.get(target, TIERS[0])) for target in targets], np.uint8)
    records["tier"] = tier_of[records["target"]]
    records["transport"] = TRANSPORTS.index(plan.transport)
    records["last"] = 1
    records["last"][led_on] = 0
    return records[np.lexsort((records["last"], records["number"]))] if len(led_on) else records


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
