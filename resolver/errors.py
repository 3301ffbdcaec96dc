"""Floor 0: what can be raised, sorted by who is to blame. Not found, referral and busy are answers, not errors.

BiaoshiError
  PeerError       the other side of a socket sent what it should not have; says which reply it deserves
  CallerError     our own caller broke a promise (a bug, or wrong arguments to the library)
  OperatorError   a configuration, a command line or a file says what cannot be: file, key path, value, remedy
  StoreError      the disk or a store file: full, torn, foreign, held by another writer
  Unreachable     nobody answered in time, or the connection was refused
"""

from __future__ import annotations


class BiaoshiError(Exception):
    """Everything this project raises on purpose."""


class PeerError(BiaoshiError):
    """A peer sent a message that cannot be understood.

    `code` is the response code the peer deserves (protocol.md §10) and `text` the words to send with it.
    `offset` is where in the packet reading stopped, if known (octets from its start).
    """

    def __init__(self, text: str, *, code: int = 2, offset: int | None = None) -> None:
        super().__init__(text)
        self.text = text
        self.code = code
        self.offset = offset


class CallerError(BiaoshiError):
    """A function was called with what it does not promise to accept."""


class OperatorError(BiaoshiError):
    """Configuration or usage that cannot be carried out. Names file, key path, value and remedy."""

    def __init__(self, problem: str, *, file: str = "", key: str = "", value: object = None, remedy: str = "") -> None:
        self.problem, self.file, self.key, self.value, self.remedy = problem, file, key, value, remedy
        where = ": ".join(part for part in (file, key) if part)
        shown = "" if value is None else f" (value: {value!r})"
        super().__init__(f"{where + ': ' if where else ''}{problem}{shown}{'. ' + remedy if remedy else ''}")


class StoreError(BiaoshiError):
    """A store cannot be opened, read or written; the message says which file and what to do."""


class Unreachable(BiaoshiError):
    """No answer: refused, timed out, or no network running."""
