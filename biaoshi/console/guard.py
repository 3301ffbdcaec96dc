"""Who may say what to the console.

Host       an address, `localhost`, or a name that the operator gave: a page of somebody else's whose name was bent
           to our address (DNS rebinding) says its own name there, and gets nothing
token      what is no GET needs the header X-Biaoshi-Token; the token is drawn at each start and told to whoever
           started the console, behind the # of the address, which browsers send nowhere
headers    only our own scripts and styles run (Content-Security-Policy); nobody frames the page
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Awaitable, Callable
from ipaddress import ip_address

from aiohttp import web

TOKEN_HEADER = "X-Biaoshi-Token"
TOKEN_OCTETS = 24
READING = frozenset({"GET", "HEAD"})
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Guard:
    """Keeps a token, and the names by which the console may be called."""

    def __init__(self, names: tuple[str, ...] = (), token: str | None = None) -> None:
        self.token = token or secrets.token_urlsafe(TOKEN_OCTETS)
        self.names = frozenset({"localhost", *(name.lower().rstrip(".") for name in names)})

    def knows(self, host: str) -> bool:
        """Whether a Host header names us: `127.0.0.1:8641`, `[::1]:8641`, `localhost`."""
        name, colon, port = host.rpartition(":")
        if not colon or host.endswith("]"):
            name, port = host, ""
        if port and not port.isdecimal():
            return False
        name = name.lower().rstrip(".")
        if name in self.names:
            return True
        try:
            ip_address(name.removeprefix("[").removesuffix("]"))
        except ValueError:
            return False
        return True

    def admits(self, token: str) -> bool:
        """Whether this is the token; how long that takes says nothing about it."""
        return hmac.compare_digest(token.encode("utf-8", "replace"), self.token.encode())

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuse whoever may not."""
        if not self.knows(request.headers.get("Host", "")):
            return refusal(421, "this is not the name of this console (--name gives it one)")
        if request.method not in READING:
            if not self.admits(request.headers.get(TOKEN_HEADER, "")):
                return refusal(403, "to change something, open the address that `biaoshi console` printed")
            if request.content_type != "application/json":
                return refusal(415, "say it as application/json")
        return await handler(request)


def refusal(status: int, words: str) -> web.Response:
    """An error as JSON."""
    return web.json_response({"error": words}, status=status)


async def add_headers(request: web.BaseRequest, response: web.StreamResponse) -> None:
    """Put the headers on every response, streams and errors too."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
