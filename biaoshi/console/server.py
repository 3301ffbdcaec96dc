"""The console's HTTP server: pages and their assets, the API, the events.

Everything that a browser gets lies in memory under the path it is asked by, so no path leads to a file.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from ipaddress import ip_address
from pathlib import Path

from aiohttp import web

from biaoshi.console.api import Api, errors
from biaoshi.console.events import Hub, poll
from biaoshi.console.guard import Guard, add_headers
from biaoshi.console.picture import Watch
from resolver.errors import OperatorError

BODY_OCTETS_MAX = 64 << 10
END_S = 2.0
TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
}
BORROWED = ("uPlot.iife.min.js", "uPlot.min.css")  # of the report page: loadgen/assets has their licence


@dataclass(frozen=True, slots=True)
class Asset:
    """A file for the browser."""

    octets: bytes
    type: str
    tag: str


def assets() -> dict[str, Asset]:
    """All of them, by path below /assets/."""
    found: dict[str, Asset] = {}

    def take(folder: Traversable, lead: str) -> None:
        for each in folder.iterdir():
            if each.is_dir():
                take(each, f"{lead}{each.name}/")
            elif (suffix := Path(each.name).suffix) in TYPES:
                found[lead + each.name] = _asset(each, TYPES[suffix])

    take(files("biaoshi.console") / "assets", "")
    for name in BORROWED:
        found[f"vendor/{name}"] = _asset(files("loadgen") / "assets" / name, TYPES[Path(name).suffix])
    return found


def _asset(file: Traversable, kind: str) -> Asset:
    octets = file.read_bytes()
    return Asset(octets, kind, f'"{hashlib.sha256(octets).hexdigest()[:24]}"')


class Console:
    """A console of the network that runs in `run_dir`, or will."""

    def __init__(self, run_dir: Path, *, names: tuple[str, ...] = (), token: str | None = None) -> None:
        self.run_dir = run_dir
        self.guard = Guard(names, token)
        self.hub = Hub()
        self.api = Api(run_dir, self.hub)
        self._assets = assets()

    def application(self) -> web.Application:
        """All paths."""
        app = web.Application(middlewares=[self.guard.middleware, errors], client_max_size=BODY_OCTETS_MAX)
        app.on_response_prepare.append(add_headers)
        app.router.add_get("/", self.asset)
        app.router.add_get("/assets/{path:.+}", self.asset)
        self.api.add_routes(app)
        return app

    async def asset(self, request: web.Request) -> web.Response:
        """A file for the browser."""
        found = self._assets.get(request.match_info.get("path", "index.html"))
        if found is None:
            raise web.HTTPNotFound
        headers = {"ETag": found.tag, "Cache-Control": "no-cache"}
        if request.headers.get("If-None-Match") == found.tag:
            return web.Response(status=304, headers=headers)
        return web.Response(body=found.octets, content_type=found.type, charset="utf-8", headers=headers)

    @asynccontextmanager
    async def serving(self, host: str, port: int) -> AsyncIterator[str]:
        """Serve for as long as the block; the address for whoever may change things. OperatorError if it is taken."""
        runner = web.AppRunner(
            self.application(), access_log=None, handler_cancellation=True, shutdown_timeout=END_S, keepalive_timeout=30
        )
        await runner.setup()
        polling = asyncio.create_task(poll(self.hub, lambda: asyncio.to_thread(watch.look)))
        watch = Watch(self.run_dir)
        try:
            try:
                await web.TCPSite(runner, host, port).start()
            except OSError as error:
                raise OperatorError(
                    f"cannot be used: {error.strerror or error}",
                    key="--listen",
                    value=f"{host}:{port}",
                    remedy="Take another, or port 0 for any that is free: --listen 127.0.0.1:0",
                ) from error
            taken = runner.addresses[0][1]
            shown = f"[{host}]" if ":" in host else host
            if ip_address(host).is_unspecified:
                shown = "[::1]" if ":" in host else "127.0.0.1"
            yield f"http://{shown}:{taken}/#token={self.guard.token}"
        finally:
            polling.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await polling
            self.hub.close()
            await asyncio.to_thread(self.api.loads.close)
            await runner.cleanup()
