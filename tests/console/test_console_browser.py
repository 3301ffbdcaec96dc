"""What a person does in the console, in a real browser, in both languages; and what axe-core says of each view."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import browser
import pytest

from biaoshi.client import administrator, text
from biaoshi.console.server import Console
from biaoshi.testing import Network, running

pytestmark = [
    pytest.mark.network,
    pytest.mark.skipif(browser.CHROMIUM is None, reason="no chromium on this machine (Debian's package chromium)"),
]
AXE = Path(__file__).parent / "axe/axe.min.js"
VIEWS = ("resolve", "steps", "load", "faults", "nodes", "node/enterprise-88.118.8")
EVIL = "<img src=x onerror=document.title='evil'><script>document.title='evil'</script>"
LANGUAGES = {"en": "en", "zh": "zh-CN"}
WAY = ["root-1", "national-88", "secondary-88.118", "enterprise-88.118.8"]


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    with running() as made:
        yield made


class Visit:
    """Somebody in front of the console."""

    def __init__(self, tab: browser.Page) -> None:
        self.tab = tab

    async def click(self, where: str) -> None:
        await self.tab.until(f"!!document.querySelector('{where}') && !document.querySelector('{where}').disabled")
        await self.tab.value(f"document.querySelector('{where}').click()")

    async def set(self, where: str, words: str) -> None:
        """Type into a field, or choose."""
        await self.tab.until(f"!!document.querySelector('{where}')")
        told = json.dumps(words)
        await self.tab.value(
            f"(() => {{ const field = document.querySelector('{where}'); field.value = {told};"
            "for (const kind of ['input', 'change']) field.dispatchEvent(new Event(kind, {bubbles: true})); })()"
        )

    async def go(self, view: str) -> None:
        await self.tab.value(f"location.hash = '#/{view}'")

    async def speak(self, language: str) -> None:
        if await self.tab.value("document.documentElement.lang") != LANGUAGES[language]:
            await self.click("#language")
        await self.tab.until(f"document.documentElement.lang === '{LANGUAGES[language]}'")

    async def resolve(self, handle: str) -> int:
        """The code that the page shows."""
        await self.go("resolve")
        await self.set("#handle", handle)
        await self.click("#resolve")
        await self.tab.until("!!document.querySelector('#found, .problem')")
        return int(await self.tab.value("Number(document.querySelector('#found')?.dataset.code ?? -1)"))

    async def words(self, where: str = "#panel") -> str:
        return str(await self.tab.value(f"document.querySelector('{where}').innerText"))


@asynccontextmanager
async def visiting(network: Network, folder: Path) -> AsyncIterator[Visit]:
    console = Console(network.run_dir)
    async with console.serving("127.0.0.1", 0) as address, browser.page(folder / "profile", width=1_440) as tab:
        await tab.watch()
        await tab.go(address)
        await tab.until("!!document.querySelector('#graph canvas')")
        assert "token" not in await tab.value("location.href")
        yield Visit(tab)
        assert await tab.value("document.title") != "evil"
        # That nobody answers a page's question is said by a status, about which the browser complains.
        assert [words for words in tab.complaints if "502 (Bad Gateway)" not in words] == []


async def story(visit: Visit, language: str, unseen: str) -> None:
    """Resolve, see the hops, step, break it, see that it fails, mend it, load it."""
    tab = visit.tab
    await visit.speak(language)
    yes, no, hit = {"en": ("SUCCESS", "no answer", "miss"), "zh": ("SUCCESS", "无应答", "未命中")}[language]

    assert await visit.resolve(f"88.118.8/{unseen}-1") == 100
    lit = "document.querySelector('#graph').cytoscape.edges('.hop').length"
    await tab.until(f"document.querySelectorAll('#hops > li').length === {lit}")
    assert await visit.resolve("88.118.8/JXDY2106023") == 1
    await visit.click("#hops details summary")
    await tab.until("document.querySelectorAll('#hops .fields tbody tr').length > 10")
    assert "major version" in await visit.words("#hops")

    await visit.go("steps")
    await visit.click("#forget")
    await visit.set("#step-handle", "88.118.8/JXDY2106023")
    await visit.click("#begin")
    for name in WAY:
        await tab.until(f"document.querySelector('#waiting')?.dataset.to === '{name}'")
        await tab.until("document.querySelector('#graph').cytoscape.edges('.waiting').length === 1")
        await visit.click("#go-on")
    await tab.until("document.querySelector('#walk-end')?.dataset.code === '1'")
    assert yes in await visit.words("#walk-end") and hit in await visit.words("#steps")

    await visit.go("faults")
    await visit.set("#fault-kind", "partition")
    await visit.set("#fault-to", "enterprise-88.118.8")
    await visit.click("#add-fault")
    await tab.until("document.querySelectorAll('#faults > li').length === 1")
    assert await visit.resolve(f"88.118.8/{unseen}-2") not in (1, 100)
    await tab.until("document.querySelector('#graph').cytoscape.edges('.silent').length >= 1")
    assert no in await visit.words("#hops")
    await visit.go("faults")
    await visit.click("#clear-faults")
    await tab.until("!!document.querySelector('#no-faults')")
    assert await visit.resolve(f"88.118.8/{unseen}-3") == 100

    await visit.go("load")
    await visit.set("#load-rate", "300")
    await visit.set("#load-duration", "2")
    await visit.click("#start-load")
    await tab.until("document.querySelector('#load-state').dataset.state === 'running'")
    await tab.until("document.querySelectorAll('.chart canvas').length === 2")
    await tab.until("!!document.querySelector('#verdict')")
    assert await tab.value("document.querySelector('#verdict').dataset.exit") in (
        "0",
        "1",
        "5",
    )  # a busy machine may miss
    assert "600" in await visit.words("#verdict")

    await visit.go("node/secondary-88.300")
    await visit.click("#node-stop")
    await visit.click("#node-start")
    await visit.click("#node-stop")
    await tab.until("document.querySelector('#graph').cytoscape.nodes('.stopped').length === 1")
    await visit.click("#node-start")
    await tab.until("document.querySelector('#graph').cytoscape.nodes('.stopped').length === 0")


@pytest.mark.parametrize("language", ["en", pytest.param("zh", marks=pytest.mark.long)])
def test_a_person_asks_breaks_mends_and_loads_the_network(network: Network, tmp_path: Path, language: str) -> None:
    async def told() -> None:
        async with visiting(network, tmp_path) as visit:
            await story(visit, language, f"UNSEEN-{language}")

    try:
        asyncio.run(told())
    finally:
        network.repair()


def test_a_value_that_is_markup_is_text_everywhere(network: Network, tmp_path: Path) -> None:
    with network.client("88.118.8") as client:
        client.create("88.118.8/EVIL", [text(1, "DESC", EVIL), administrator("0.NA/88.118.8")], overwrite=True)

    async def told() -> None:
        async with visiting(network, tmp_path) as visit:
            assert await visit.resolve("88.118.8/EVIL") == 1
            assert EVIL in await visit.words()
            await visit.click("#hops details:last-of-type summary")
            await visit.tab.until("document.querySelectorAll('#hops .fields tbody tr').length > 10")
            assert await visit.resolve(f"88.118.8/{EVIL}") == 100
            assert EVIL in await visit.words("#hops")
            await visit.go("node/enterprise-88.118.8")
            await visit.click("#records summary")
            assert await visit.tab.value("document.querySelectorAll('#panel img, #panel script').length") == 0

    asyncio.run(told())


@pytest.mark.long
def test_axe_finds_nothing_serious_in_any_view_and_nothing_is_wider_than_the_window(
    network: Network, tmp_path: Path
) -> None:
    async def told() -> None:
        async with visiting(network, tmp_path) as visit:
            tab = visit.tab
            await tab.call("Runtime.evaluate", expression=AXE.read_text(encoding="utf-8"))
            for dark, width in ((False, 1_440), (True, 1_440), (False, 390)):
                await tab.look_like(width=width, height=900, dark=dark)
                for view in VIEWS:
                    await visit.go(view)
                    await tab.until("!!document.querySelector('#panel h2')")
                    if view == "resolve":
                        await visit.resolve("88.118.8/JXDY2106023")
                        await visit.click("#hops details summary")
                    if view == "steps":
                        await visit.click("#begin")
                        await tab.until("!!document.querySelector('#waiting, #walk-end')")
                    assert await found_by_axe(tab) == [], (view, dark, width)
                    assert await tab.value("document.documentElement.scrollWidth <= innerWidth"), (view, width)
            await tab.value("document.querySelector('#panel').append(document.createElement('img'))")
            assert (await found_by_axe(tab))[0].startswith("image-alt")  # it does look

    asyncio.run(told())


async def found_by_axe(tab: browser.Page) -> list[str]:
    said = await tab.call(
        "Runtime.evaluate",
        expression="axe.run().then(found => JSON.stringify(found.violations.filter(each => ['serious', 'critical']"
        ".includes(each.impact)).map(each => each.id + ': ' + each.nodes.map(node => node.html).join(' | '))))",
        awaitPromise=True,
        returnByValue=True,
    )
    found: list[str] = json.loads(said["result"]["value"])
    return found


def test_without_the_token_the_page_only_looks(network: Network, tmp_path: Path) -> None:
    async def told() -> None:
        console = Console(network.run_dir)
        async with console.serving("127.0.0.1", 0) as address, browser.page(tmp_path / "profile") as tab:
            await tab.go(address.partition("#")[0])
            await tab.until("!!document.querySelector('#look-only') && !!document.querySelector('#resolve')")
            assert await tab.value("document.querySelector('#resolve').disabled")

    asyncio.run(told())
