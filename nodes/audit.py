"""The audit: one JSON line for each attempt to change something, and for each that failed to prove who they are.

    RUN_DIR/data/.audit/PROCESS.log, for the nodes of a process; at FILE_OCTETS_MAX it becomes PROCESS.log.1
    {"time", "node", "transport", "source", "opcode", "handle", "user", "code", "wrote"}

`opcode` is that of the challenged request, `user` who has proven to ask (null: nobody has), `wrote` whether something
was changed. Of a request that cannot be read `handle` is null, and if it was encrypted `opcode`, too. Keys, proofs,
nonces and values are never in it. A line is written after what it tells was made durable; a
write that cannot be logged is not undone, and the process log says so once.
"""

from __future__ import annotations

from pathlib import Path

from nodes.jsonlines import JsonLines

FILE_OCTETS_MAX = 64 << 20


class AuditLog(JsonLines):
    """The audit of the nodes of one process."""

    def __init__(self, file: Path, octets_max: int = FILE_OCTETS_MAX) -> None:
        super().__init__(file, octets_max, "the audit")
