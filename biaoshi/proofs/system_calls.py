"""What strace wrote: system calls in the order in which they were entered and left.

    4711 fdatasync(11</data/data.mdb>) = 0                          entered and left, nothing traced in between
    4711 fdatasync(11</data/data.mdb> <unfinished ...>              entered
    4712 sendto(6<TCP:[127.0.0.1:80->127.0.0.1:99]>, "HTTP…         another thread, meanwhile
    4711 <... fdatasync resumed>) = 0                               left

strace stops a thread when it enters a call and when it leaves it, so the order of lines is one that really was: what is
left on an earlier line than another is entered on, happened before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

TRACED = (
    "openat", "close", "write", "writev", "pwrite64", "pwritev", "pwritev2", "fdatasync", "fsync", "msync", "sync",
    "syncfs", "sendto", "sendmsg", "sendmmsg",
)  # fmt: skip
STRING_OCTETS_MAX = 1 << 20  # LMDB hands over up to 256 KiB at once
_LINE = re.compile(rb"(\d+) +(?:(\w+)\((.*)|<\.\.\. (\w+) resumed>(.*))", re.DOTALL)
_UNFINISHED = b" <unfinished ...>"


@dataclass(frozen=True, slots=True)
class Call:
    """A system call: its name, its arguments as strace shows them, and what it returned (empty while it is going on).

    `entered`, `left`: lines of the trace, from 1 on; `left` is 0 while it is going on.
    """

    thread: int
    name: str
    arguments: bytes
    result: bytes
    entered: int
    left: int

    @property
    def succeeded(self) -> bool:
        """Whether it is over and returned something else than an error."""
        return bool(self.result) and not self.result.startswith((b"-1", b"?"))


def command(output: str) -> list[str]:
    """The beginning of a command line whose rest is traced into a file, threads included."""
    return [
        "strace", "-f", "-yy", "-s", str(STRING_OCTETS_MAX), "-e", "trace=" + ",".join(TRACED), "-e", "signal=none",
        "-o", output,
    ]  # fmt: skip


def events(lines: Iterable[bytes]) -> Iterator[Call]:
    """Calls as they are entered (without a result) and as they are left (with one); those alone on a line only once."""
    begun: dict[int, Call] = {}
    for number, line in enumerate(lines, 1):
        found = _LINE.match(line.rstrip(b"\n"))
        if found is None:  # an exit, or a note of strace's own
            continue
        thread = int(found[1])
        if found[2] is not None:
            name, rest = found[2].decode("ascii"), found[3]
            if rest.endswith(_UNFINISHED):
                begun[thread] = Call(thread, name, rest.removesuffix(_UNFINISHED), b"", number, 0)
                yield begun[thread]
                continue
            entered = number
        else:
            call = begun.pop(thread, None)
            if call is None or call.name != found[4].decode("ascii"):
                continue
            name, rest, entered = call.name, call.arguments + found[5], call.entered
        arguments, _, result = rest.rpartition(b" = ")
        yield Call(thread, name, arguments.rstrip().removesuffix(b")"), result, entered, number)
