"""The audit: one JSON line for each attempt to change something, and for each that failed to prove who they are.

    RUN_DIR/data/.audit/PROCESS.log, for the nodes of a process; at FILE_OCTETS_MAX it becomes PROCESS.log.1
    {"time", "node", "transport", "source", "opcode", "handle", "user", "code", "wrote"}

`opcode` is that of the challenged request, `user` who has proven to ask (null: nobody has), `wrote` whether something
was changed. Of a request that cannot be read `handle` is null, and if it was encrypted `opcode`, too. Keys, proofs,
nonces and values are never in it. A line is written after what it tells was made durable; a
write that cannot be logged is not undone, and the process log says so once.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import structlog

FILE_OCTETS_MAX = 64 << 20

log = structlog.get_logger()


class AuditLog:
    """The audit of the nodes of one process; its file is opened with the first line."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._descriptor = -1
        self._octets = 0
        self._failing = False
        self._render = structlog.processors.JSONRenderer()
        self._stamp = structlog.processors.TimeStamper(fmt="iso", key="time")

    def __call__(self, entry: dict[str, Any]) -> None:
        """Write a line."""
        line = str(self._render(None, "", self._stamp(None, "", entry))).encode() + b"\n"
        try:
            if self._descriptor < 0 or self._octets + len(line) > FILE_OCTETS_MAX:
                self._open()
            os.write(self._descriptor, line)
        except OSError as error:
            if not self._failing:
                log.error("the audit cannot be written", file=str(self._file), error=error.strerror)
            self._failing = True
            return
        self._octets += len(line)
        self._failing = False

    def close(self) -> None:
        """Let go of the file."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _open(self) -> None:
        self.close()
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._file.exists() and self._file.stat().st_size + FILE_OCTETS_MAX // 16 > FILE_OCTETS_MAX:
            os.replace(self._file, self._file.with_name(self._file.name + ".1"))
        self._descriptor = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._octets = os.fstat(self._descriptor).st_size
