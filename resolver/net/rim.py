"""Which rim answers: the compiled one (_rim.c), where it was built, or Python alone. BIAOSHI_RIM=c|python chooses.

Both do the same, octet by octet and count by count. The compiled one answers a remembered request from a table of its
own before Python sees it; what is not in that table goes the way of all requests:

    datagrams -> Exchange.exchange -> table has it: patched, sent
                                   -> not: Machine.receive_datagram -> Exchange.send
    a stream  -> Table.stream      -> the replies to as many requests as it knows; the rest as ever

An event loop that sleeps in the compiled rim (`Loop`) does the first within its wait: repeats never wake Python.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import math
import os
import select
import selectors
import socket
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from resolver.cache.packets import Table
from resolver.errors import OperatorError
from resolver.model.now import Now
from resolver.net.batch import Address, Door, Take, address_in, can_batch
from resolver.net.machine import Front

try:
    from resolver.net import _rim
except ImportError:  # no compiler when this was installed; `biaoshi doctor` says so
    _rim = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from _typeshed import FileDescriptorLike

VARIABLE = "BIAOSHI_RIM"
MOST = 1_024  # datagrams answered before other sockets get their turn
WAIT_MS_MAX = 3_600_000


@functools.cache
def chosen() -> str:
    """`c` or `python`. OperatorError if the compiled one is demanded and missing, or the word is none of these."""
    word = os.environ.get(VARIABLE, "")
    if word not in ("", "c", "python"):
        raise OperatorError("no such rim", key=VARIABLE, value=word, remedy="Say c or python")
    built = _rim is not None and can_batch()
    if word == "c" and not built:
        raise OperatorError(
            "the compiled rim was not built",
            key=VARIABLE,
            value=word,
            remedy="Install a C compiler and install biaoshi again, on Linux",
        )
    return "c" if built and word != "python" else "python"


def table(octets_max: int) -> Table | None:
    """A table to stand before a node; None without the compiled rim."""
    return _rim.Table(octets_max, os.urandom(16)) if chosen() == "c" else None


# (taken, answered, dropped, whether there may be more, [(slot, packet)] that the table does not know,
# [(counter, times)], [(whose, octets beyond twice the request)], nanoseconds, when that was in nanoseconds since 1970):
# see told() in _rim.c
Work = tuple[int, int, int, bool, list[tuple[int, bytes]], list[tuple[int, int]], list[tuple[bytes, int]], int, int]


class Done(NamedTuple):
    """What came of some datagrams: how many were taken, answered, and would not leave; whether there may be more."""

    taken: int
    answered: int
    dropped: int
    more: bool


class Compiled:
    """Buffers of one address family, and what a table does with them; see Exchanger in batch.py."""

    def __init__(self, family: int) -> None:
        self._family = family
        self.buffers = _rim.Exchange(family)

    def exchange(self, door: Door, front: Front, take: Take, now: Now) -> Done:
        """Up to MOST datagrams: what the table knows at once, everything else by `take`."""
        work = self.buffers.exchange(door.sock.fileno(), front.table, now.wall_ns, front.weight, MOST)
        self.count(work, front, now.mono_ns)
        return self.settle(work, door, take, now)

    def count(self, work: Work, front: Front, now_ns: int) -> None:
        """Count what a table has answered."""
        _, _, _, _, _, tally, samples, _, _ = work
        recalled = front.recalled
        for slot, times in tally:
            recalled[slot] += times
        for whose, surplus in samples:
            front.charge(whose, front.weight, front.weight * surplus, now_ns)

    def settle(self, work: Work, door: Door, take: Take, now: Now) -> Done:
        """Answer what a table could not."""
        taken, answered, dropped, more, misses, _, _, _, _ = work
        if misses:
            replies: list[tuple[int, bytes]] = []
            for at, packet in misses:
                door.at = at
                reply = take(packet, door, now)
                if reply:
                    answered += 1
                    replies.extend([(at, bytes(part)) for part in reply])
            if replies:
                dropped += self.buffers.send(door.sock.fileno(), replies)
        return Done(taken, answered, dropped, more)

    def source(self, at: int) -> Address:
        """See Exchanger."""
        return address_in(self.buffers.name(at), self._family)

    def address(self, at: int) -> bytes:
        """See Exchanger."""
        name = self.buffers.name(at)
        return name[4:8] if self._family == socket.AF_INET else name[8:16]


@functools.cache
def compiled(family: int) -> Compiled | None:
    """The process's compiled exchanger for an address family, if there is one."""
    return Compiled(family) if chosen() == "c" else None


class Sleeper(selectors.BaseSelector):
    """epoll as asyncio wants it; while it waits, doors with a table are served, and Python sleeps on."""

    def __init__(self) -> None:
        family = compiled(socket.AF_INET)
        assert family is not None
        self._epoll = select.epoll()
        self._waiter = _rim.Waiter(family.buffers)
        self._keys: dict[int, selectors.SelectorKey] = {}
        self._by_object: dict[object, selectors.SelectorKey] = {}

    def attach(self, fd: int, front: Front, served: Callable[[Work], None]) -> None:
        """Have a table answer first what comes to a registered descriptor; `served` hears what it did, and does what
        was left.
        """
        self._waiter.attach(fd, served, front.table, front.weight)

    def detach(self, fd: int) -> None:
        """Have Python look after it alone."""
        self._waiter.detach(fd)

    def register(self, fileobj: FileDescriptorLike, events: int, data: object = None) -> selectors.SelectorKey:
        """See selectors.BaseSelector."""
        fd = fileobj if isinstance(fileobj, int) else fileobj.fileno()
        if fd in self._keys:
            raise KeyError(f"descriptor {fd} is registered")
        self._epoll.register(fd, _mask(events))
        return self._keep(selectors.SelectorKey(fileobj, fd, events, data))

    def unregister(self, fileobj: FileDescriptorLike) -> selectors.SelectorKey:
        """See selectors.BaseSelector."""
        key = self._by_object.pop(fileobj)
        del self._keys[key.fd]
        self._waiter.detach(key.fd)
        with contextlib.suppress(OSError):  # it was closed before
            self._epoll.unregister(key.fd)
        return key

    def modify(self, fileobj: FileDescriptorLike, events: int, data: object = None) -> selectors.SelectorKey:
        """See selectors.BaseSelector."""
        key = self._by_object[fileobj]
        if events != key.events:
            self._epoll.modify(key.fd, _mask(events))
        return self._keep(selectors.SelectorKey(fileobj, key.fd, events, data))

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """See selectors.BaseSelector."""
        wait_ms = -1 if timeout is None else 0 if timeout <= 0 else min(math.ceil(timeout * 1e3), WAIT_MS_MAX)
        events, works = self._waiter.wait(self._epoll.fileno(), wait_ms, max(1, len(self._keys)))
        for served, work in works:
            try:
                served(work)
            except Exception as error:  # as asyncio does with what its callbacks raise
                context = {"message": "a door could not be served", "exception": error}
                asyncio.get_running_loop().call_exception_handler(context)
        ready = []
        for fd, event in events:
            key = self._keys.get(fd)
            if key is not None:
                seen = (selectors.EVENT_WRITE if event & ~select.EPOLLIN else 0) | (
                    selectors.EVENT_READ if event & ~select.EPOLLOUT else 0
                )
                ready.append((key, seen & key.events))
        return ready

    def close(self) -> None:
        """See selectors.BaseSelector."""
        self._epoll.close()
        self._keys.clear()
        self._by_object.clear()

    def get_map(self) -> Mapping[FileDescriptorLike, selectors.SelectorKey]:
        """See selectors.BaseSelector."""
        return self._by_object  # type: ignore[return-value]

    def _keep(self, key: selectors.SelectorKey) -> selectors.SelectorKey:
        self._keys[key.fd] = self._by_object[key.fileobj] = key
        return key


def _mask(events: int) -> int:
    return (select.EPOLLIN if events & selectors.EVENT_READ else 0) | (
        select.EPOLLOUT if events & selectors.EVENT_WRITE else 0
    )


class Loop(asyncio.SelectorEventLoop):
    """An event loop that sleeps in the compiled rim."""

    def __init__(self) -> None:
        self.sleeper = Sleeper()
        super().__init__(self.sleeper)


def new_event_loop() -> asyncio.AbstractEventLoop:
    """For asyncio.Runner: one that sleeps in the rim, if that is compiled."""
    return Loop() if chosen() == "c" else asyncio.new_event_loop()


def sleeper() -> Sleeper | None:
    """Of the running loop, if it sleeps in the rim."""
    loop = asyncio.get_running_loop()
    return loop.sleeper if isinstance(loop, Loop) else None
