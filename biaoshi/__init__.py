"""biaoshi (标识): a simulator of the industrial-internet identifier-resolution system.

Its client library, loaded when it is first named:

    from biaoshi import BlockingClient, Client, Outcome, Refused, administrator, credentials, key_in, text
"""

from typing import TYPE_CHECKING, Any

from resolver import __version__

if TYPE_CHECKING:
    from biaoshi.client import BlockingClient, Client, Outcome, Refused, administrator, credentials, key_in, text

__all__ = [
    "BlockingClient",
    "Client",
    "Outcome",
    "Refused",
    "__version__",
    "administrator",
    "credentials",
    "key_in",
    "text",
]


def __getattr__(name: str) -> Any:
    """The client library's names: it brings cryptography along, which the command line's help does without."""
    if name in __all__:
        from biaoshi import client

        return getattr(client, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
