"""A console as a process of its own, beside whoever starts a network: it takes no time from what that one measures.

It lives no longer than the process that started it, however that ends: it holds the read end of a pipe and goes when
the other end is closed.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nodes.supervisor import PYTHON, environment

END_S = 5.0


class Beside:
    """The console's process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def line(self) -> str:
        """What it says of its address, once it serves; or why it does not. Waits for it."""
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip() or "console 控制台: it did not start 未能启动"


@contextmanager
def console_beside(run_dir: Path) -> Iterator[Beside]:
    """A console of the network that runs in `run_dir`, or will, for as long as the block."""
    read, write = os.pipe()
    command = [*PYTHON, "biaoshi", "console", "--listen", "127.0.0.1:0", "--run-dir", str(run_dir)]
    try:
        process = subprocess.Popen(
            [*command, "--parent-fd", str(read)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            pass_fds=(read,),
            start_new_session=True,  # Ctrl-C is told to us, and we tell it
            env={**environment(), "PYTHONUTF8": "1"},
        )
    except BaseException:
        os.close(write)
        raise
    finally:
        os.close(read)
    try:
        yield Beside(process)
    finally:
        os.close(write)
        try:
            process.wait(END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()
