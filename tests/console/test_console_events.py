"""What happens, told to everybody who looks; one reader for all of them, none when nobody looks."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from biaoshi.console.events import PAGES_MAX, QUEUE_MAX, Hub, TooMany, poll


def run(story: Callable[[Hub], Awaitable[None]]) -> None:
    async def told() -> None:
        await story(Hub())

    asyncio.run(told())


def test_everybody_hears_the_same_octets_and_a_late_comer_what_was_kept() -> None:
    async def story(hub: Hub) -> None:
        with hub.looking() as first, hub.looking() as second:
            hub.publish("load", {"at": "标识"}, keep=True)
            heard = first.get_nowait()
            assert heard == 'event: load\ndata: {"at": "标识"}\n\n'.encode()
            assert second.get_nowait() is heard
        with hub.looking() as late:
            assert late.get_nowait() == heard
            hub.forget("load")
        with hub.looking() as later:
            assert later.empty()

    run(story)


def test_a_page_that_does_not_read_loses_the_oldest_and_grows_nothing() -> None:
    async def story(hub: Hub) -> None:
        with hub.looking() as queue:
            for number in range(QUEUE_MAX * 3):
                hub.publish("picture", number)
            assert queue.qsize() == QUEUE_MAX
            assert b"data: 64" in (queue.get_nowait() or b"")

    run(story)


def test_no_more_pages_than_are_served_and_none_is_left_behind() -> None:
    async def story(hub: Hub) -> None:
        kept = [hub.looking() for _ in range(PAGES_MAX)]
        for each in kept:
            each.__enter__()
        with pytest.raises(TooMany), hub.looking():
            pass
        for each in kept:
            each.__exit__(None, None, None)
        assert hub.pages == 0

    run(story)


def test_a_hundred_pages_cost_one_reading_and_nobody_costs_none() -> None:
    async def story(hub: Hub) -> None:
        readings = 0
        read = asyncio.Event()

        async def reading() -> Any:
            nonlocal readings
            readings += 1
            read.set()
            return {"number": readings}

        polling = asyncio.create_task(poll(hub, reading, interval_s=0.0))
        for _ in range(20):
            await asyncio.sleep(0)
        assert readings == 0
        kept = [hub.looking() for _ in range(100)]
        queues = [each.__enter__() for each in kept]
        await read.wait()
        heard = [await queue.get() for queue in queues]
        assert len(set(heard)) == 1 and b'{"number": 1}' in (heard[0] or b"")
        for each in kept:
            each.__exit__(None, None, None)
        for _ in range(20):  # whatever was under way ends
            await asyncio.sleep(0)
        before = readings
        for _ in range(50):
            await asyncio.sleep(0)
        assert readings == before
        polling.cancel()

    run(story)


def test_closing_ends_every_stream_a_full_one_too() -> None:
    async def story(hub: Hub) -> None:
        with hub.looking() as empty, hub.looking() as full:
            for number in range(QUEUE_MAX):
                hub.publish("picture", number)
                empty.get_nowait()
            hub.close()
            assert empty.get_nowait() is None
            said = [full.get_nowait() for _ in range(full.qsize())]
            assert said[-1] is None

    run(story)
