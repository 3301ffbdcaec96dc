"""Which rim answers: the compiled one (_rim.c), where it was built, or Python alone. BIAOSHI_RIM=c|python chooses.

Both do the same, octet by octet and count by count. The compiled one answers a remembered request from a table of its
own before Python sees it; what is not in that table goes the way of all requests:

    datagrams -> Exchange.exchange -> table has it: patched, sent
                                   -> not: Machine.receive_datagram -> Exchange.send
    a stream  -> Table.stream      -> the replies to as many requests as it knows; the rest as ever
"""

from __future__ import annotations

import functools
import os
import socket

from resolver.cache.packets import Table
from resolver.errors import OperatorError
from resolver.model.now import Now
from resolver.net.batch import Address, Door, Take, can_batch
from resolver.net.machine import Front

try:
    from resolver.net import _rim
except ImportError:  # no compiler when this was installed; `biaoshi doctor` says so
    _rim = None  # type: ignore[assignment]

VARIABLE = "BIAOSHI_RIM"
MOST = 1_024  # datagrams answered before other sockets get their turn


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


class Compiled:
    """An Exchanger (see batch.py) that lets a table answer first."""

    def __init__(self, family: int) -> None:
        self._family = family
        self._rim = _rim.Exchange(family)

    def exchange(self, door: Door, front: Front, take: Take, now: Now) -> tuple[int, int, int]:
        """Up to MOST datagrams: what the table knows at once, everything else by `take`. See Exchanger.exchange."""
        fd = door.sock.fileno()
        taken, answered, dropped, misses, tally, samples = self._rim.exchange(
            fd, front.table, now.wall_ns, front.weight, MOST
        )
        recalled = front.recalled
        for slot, times in tally:
            recalled[slot] += times
        for whose, surplus in samples:
            front.charge(whose, front.weight, front.weight * surplus, now.mono_ns)
        if misses:
            replies: list[tuple[int, bytes]] = []
            for at, packet in misses:
                door.at = at
                reply = take(packet, door, now)
                if reply:
                    answered += 1
                    replies.extend([(at, bytes(part)) for part in reply])
            dropped += self._rim.send(fd, replies)
        return taken, answered, dropped

    def source(self, at: int) -> Address:
        """See Exchanger."""
        name = self._rim.name(at)
        port = int.from_bytes(name[2:4], "big")
        if self._family == socket.AF_INET:
            return socket.inet_ntop(socket.AF_INET, name[4:8]), port
        return socket.inet_ntop(socket.AF_INET6, name[8:24]), port

    def address(self, at: int) -> bytes:
        """See Exchanger."""
        name = self._rim.name(at)
        return name[4:8] if self._family == socket.AF_INET else name[8:16]


@functools.cache
def compiled(family: int) -> Compiled | None:
    """The process's compiled exchanger for an address family, if there is one."""
    return Compiled(family) if chosen() == "c" else None
