"""A headless Chromium, driven over its own DevTools protocol: what a person would do in a browser."""

from __future__ import annotations

import asyncio
import base64
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PATIENCE_S = 60.0
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-port=0")


class Page:
    """A tab."""

    def __init__(self, link: aiohttp.ClientWebSocketResponse) -> None:
        self._link = link
        self._number = 0
        self.complaints: list[str] = []  # errors of scripts, breaches of the security policy, what could not be loaded

    async def call(self, method: str, **parameters: Any) -> Any:
        self._number += 1
        number = self._number
        await self._link.send_json({"id": number, "method": method, "params": parameters})
        async with asyncio.timeout(PATIENCE_S):
            async for message in self._link:
                said = message.json()
                self._hear(said)
                if said.get("id") == number:
                    assert "error" not in said, said
                    return said["result"]
        raise AssertionError("the browser is gone")

    async def watch(self) -> None:
        """From now on keep what the browser complains about."""
        await self.call("Runtime.enable")
        await self.call("Log.enable")

    def _hear(self, said: Any) -> None:
        told = said.get("params", {})
        if said.get("method") == "Runtime.exceptionThrown":
            details = told["exceptionDetails"]
            self.complaints.append(str(details.get("exception", {}).get("description", details["text"])))
        elif said.get("method") == "Log.entryAdded" and told["entry"]["level"] in ("error", "warning"):
            self.complaints.append(f"{told['entry']['text']} ({told['entry'].get('url', '')})")

    async def look_like(self, *, width: int = 0, height: int = 0, dark: bool | None = None) -> None:
        """A window of another size (0: as it is), a system that prefers dark or light."""
        if width:
            await self.call(
                "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False
            )
        if dark is not None:
            features = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
            await self.call("Emulation.setEmulatedMedia", features=features)

    async def value(self, expression: str) -> Any:
        """What an expression is worth in the page; None while the page is being changed."""
        said = await self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        return said["result"].get("value")

    async def until(self, expression: str) -> Any:
        """The first true value of an expression."""
        async with asyncio.timeout(PATIENCE_S):
            while not (found := await self.value(expression)):
                await asyncio.sleep(0.05)
            return found

    async def go(self, address: str) -> None:
        await self.call("Page.navigate", url=address)
        await self.until("document.readyState === 'complete' && location.href !== 'about:blank'")

    async def screenshot(self, file: Path) -> None:
        said = await self.call("Page.captureScreenshot", format="png")
        file.write_bytes(base64.b64decode(said["data"]))


@asynccontextmanager
async def page(profile: Path, *, width: int = 1_100, height: int = 1_000) -> AsyncIterator[Page]:
    """A browser with one tab, gone afterwards."""
    assert CHROMIUM is not None
    command = [CHROMIUM, *FLAGS, f"--user-data-dir={profile}", f"--window-size={width},{height}", "about:blank"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        told = profile / "DevToolsActivePort"
        async with asyncio.timeout(PATIENCE_S):
            while not (told.exists() and told.read_text().count("\n")):
                assert process.poll() is None, "the browser did not start"
                await asyncio.sleep(0.05)
        port = told.read_text().split("\n")[0]
        async with aiohttp.ClientSession() as session:
            async with session.get(f"http://127.0.0.1:{port}/json/list") as response:
                tabs = await response.json()
            address = next(tab["webSocketDebuggerUrl"] for tab in tabs if tab["type"] == "page")
            async with session.ws_connect(address, max_msg_size=1 << 26) as link:
                yield Page(link)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
