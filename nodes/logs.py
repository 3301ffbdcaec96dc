"""What processes say of themselves: JSON lines on stderr (RUN_DIR/logs), with the same fields everywhere.

    {"timestamp", "level", "event", "process", …}     `process`: whom it is about; `node` where it is one of them

`event` is a few words that do not change, so that lines can be counted by it; what changes stands in fields of its own.
What libraries say (asyncio, aiohttp) comes in the same form, with the field `logger`. No identifier, no client's
address and no secret is in any: those have the query log and the audit, or nothing.
"""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from structlog.typing import EventDict, Processor, WrappedLogger


def to_stderr(process: str) -> None:
    """Have all of this process log to stderr."""
    import structlog  # whoever only asks for something else does without

    structlog.configure(processors=_lines(process), logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    handler = logging.StreamHandler(sys.stderr)
    *before, render = _lines(process)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *before],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                render,
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


def logger(sink: TextIO, process: str) -> Any:
    """A logger to a file, for who has no stderr of its own."""
    import structlog

    return structlog.wrap_logger(structlog.WriteLogger(sink), processors=_lines(process))


def _lines(process: str) -> list[Processor]:
    import structlog

    def about(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
        event.setdefault("process", process)
        return event

    return [
        about,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
