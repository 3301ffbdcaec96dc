"""A bounded file of JSON lines, for its owner's eyes: the audit, the query log. At its bound it becomes FILE.1.

What cannot be written stops nobody; the process log says so once.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import structlog

log = structlog.get_logger()


class JsonLines:
    """Lines with their `time`; the file is opened with the first."""

    def __init__(self, file: Path, octets_max: int, name: str) -> None:
        """`name`: what it is, for the process log."""
        self.octets_max = octets_max
        self._file, self._name = file, name
        self._descriptor = -1
        self._octets = 0
        self._failing = False
        self._render = structlog.processors.JSONRenderer(ensure_ascii=False)
        self._stamp = structlog.processors.TimeStamper(fmt="iso", key="time")

    def __call__(self, entry: dict[str, Any]) -> None:
        """Write a line."""
        line = str(self._render(None, "", self._stamp(None, "", entry))).encode() + b"\n"
        try:
            if self._descriptor < 0 or self._octets + len(line) > self.octets_max:
                self._open()
            os.write(self._descriptor, line)
        except OSError as error:
            if not self._failing:
                log.error(f"{self._name} cannot be written", file=str(self._file), error=error.strerror)
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
        if self._file.exists() and self._file.stat().st_size + self.octets_max // 16 > self.octets_max:
            os.replace(self._file, self._file.with_name(self._file.name + ".1"))
        self._descriptor = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._octets = os.fstat(self._descriptor).st_size
