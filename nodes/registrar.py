"""The writing part of a process's admin page: batches of records for the nodes at home.

    POST /registry ──> Registrar ──> Writer ──one transaction──> store
                                        └──> the node forgets its packets ──> 200

While a node runs, its process is the only writer of its store, and this is the way to it, on loopback only. The Writer
is one thread for all nodes of the process. Batches that wait for the same store go into one transaction and one wait
for the disk; the answer leaves after that; readers wait for none of it.
"""

from __future__ import annotations

import asyncio
import queue
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from ipaddress import ip_address
from itertools import islice
from typing import Protocol

import msgpack
from aiohttp import web

from nodes.config import NodePlan
from nodes.registry import CONTENT_TYPE, Gate, check_batch, sample_in, unpack_batch
from resolver.errors import CallerError, PeerError, StoreError
from resolver.model.identifier import text
from resolver.stores.base import Store, StoreFull, Tally, Work

BATCHES_WAITING_MAX = 16  # with their bodies in memory, a process
GROWTHS_MAX = 8  # each doubles the room
TURN_S = 0.0005  # after which the writer's thread lets the loop's go on, which answers questions meanwhile
CHUNK_RECORDS, CHUNK_OCTETS = 1_000, 4 << 20  # of what is given out in one answer


@dataclass(slots=True)
class _Job:
    """A batch that waits, and who waits for it."""

    store: Store
    work: Callable[[], Work]
    changed: Callable[[], None]
    done: Future[Tally]


class Writer:
    """One thread that commits, for all stores of a process. Made and closed on the thread of the event loop."""

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self.closing = False

    async def commit(self, store: Store, work: Callable[[], Work], changed: Callable[[], None]) -> Tally:
        """Commit what `work`, called on the writer's thread, returns. Raises what it or the store raises.

        `changed` is called on the loop's thread before this returns, if the store is another then; also if nobody waits
        for this any more.
        """
        if self._thread is None:
            self._loop = asyncio.get_running_loop()
            sys.setswitchinterval(TURN_S)
            self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
            self._thread.start()
        job = _Job(store, work, changed, Future())
        job.done.set_running_or_notify_cancel()  # from here on it ends by a result, whoever still waits for it
        self._jobs.put(job)
        return await asyncio.wrap_future(job.done)

    async def close(self) -> None:
        """Finish what waits, and end the thread. May be called twice."""
        self.closing = True
        if self._thread is not None:
            self._jobs.put(None)
            await asyncio.to_thread(self._thread.join)
            self._thread = None

    def _run(self) -> None:
        ending = False
        while not ending:
            waiting: list[_Job | None] = [self._jobs.get()]
            while len(waiting) < BATCHES_WAITING_MAX and not self._jobs.empty():
                waiting.append(self._jobs.get())
            ending = None in waiting
            ready = [(job, work) for job in waiting if job is not None and (work := _prepared(job)) is not None]
            for store in {id(job.store): job.store for job, _ in ready}.values():
                self._commit(store, [pair for pair in ready if pair[0].store is store])

    def _commit(self, store: Store, group: Sequence[tuple[_Job, Work]]) -> None:
        """Commit a group as one; if that fails, each alone, so that nobody fails for another's sake."""
        try:
            tallies = self._commit_all(store, [work for _, work in group])
        except Exception as error:
            if len(group) == 1:
                group[0][0].done.set_exception(error)
                return
            for each in group:
                self._commit(store, [each])
            return
        assert self._loop is not None
        for (job, _), tally in zip(group, tallies, strict=True):
            self._loop.call_soon_threadsafe(_finish, job, tally)

    def _commit_all(self, store: Store, works: Sequence[Work]) -> list[Tally]:
        for _ in range(GROWTHS_MAX):
            try:
                return store.commit_all(works)
            except StoreFull:
                self._grow(store)
        return store.commit_all(works)

    def _grow(self, store: Store) -> None:
        """Have the reading thread do it."""
        grown: Future[None] = Future()

        def grow() -> None:
            try:
                store.grow()
            except Exception as error:
                grown.set_exception(error)
            else:
                grown.set_result(None)

        assert self._loop is not None
        self._loop.call_soon_threadsafe(grow)
        grown.result()


def _finish(job: _Job, tally: Tally) -> None:
    if tally.new or tally.changed:
        job.changed()
    job.done.set_result(tally)


def _prepared(job: _Job) -> Work | None:
    try:
        return job.work()
    except Exception as error:
        job.done.set_exception(error)
        return None


class Kept(Protocol):
    """What the registrar needs to know of a node at home."""

    plan: NodePlan
    store: Store

    @property
    def open(self) -> bool:
        """Whether it may be asked."""
        ...

    @property
    def readers(self) -> list[int]:
        """Processes that answer for it beside its home."""
        ...

    def forget(self) -> None:
        """The store has changed: drop what was remembered of it."""
        ...


class Registrar:
    """The part of the admin page that writes: /registry, for the nodes of one process."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[Kept, Gate]] = {}
        self.writer = Writer()
        self._room = asyncio.Semaphore(BATCHES_WAITING_MAX)

    def add(self, kept: Kept) -> None:
        """Write for this node too."""
        self._kept[kept.plan.name] = kept, Gate(kept.plan)

    def add_routes(self, app: web.Application) -> None:
        """Serve /registry and /registry/records."""
        app.router.add_get("/registry", self.tell)
        app.router.add_post("/registry", self.take)
        app.router.add_get("/registry/records", self.give)

    async def close(self) -> None:
        """Take nothing more, finish what was taken."""
        await self.writer.close()

    def standing(self) -> dict[str, dict[str, int]]:
        """Of each node, by name: how many records, whether it may be asked."""
        return {name: {"records": kept.store.count(), "ready": kept.open} for name, (kept, _) in self._kept.items()}

    async def tell(self, request: web.Request) -> web.Response:
        """GET /registry?node=NAME[&note=HEX]: how many records, whether they last, what is noted under a name.

        Without a node: {NAME: {"records", "sample", "ready"}} of all.
        """
        if "node" not in request.query:
            return web.json_response({name: _shown(kept) for name, (kept, _) in self._kept.items()})
        kept, _ = self._named(request)
        note = kept.store.note(_octets(request, "note")) if "note" in request.query else None
        told = {"node": kept.plan.name, "records": kept.store.count(), "durable": kept.store.durable}
        return web.json_response(told | {"note": None if note is None else note.hex()})

    async def take(self, request: web.Request) -> web.Response:
        """POST /registry?node=NAME: commit the batch in the body. The answer means that it is on the medium."""
        kept, gate = self._named(request)
        if kept.plan.follows:
            raise web.HTTPBadRequest(text=f"a mirror takes no records, its primary {kept.plan.follows} does\n")
        if request.content_type != CONTENT_TYPE or not _loopback(request.host):
            raise web.HTTPUnsupportedMediaType(text=f"a batch of records is {CONTENT_TYPE}, to 127.0.0.1\n")
        async with self._room:
            if self.writer.closing:
                raise web.HTTPServiceUnavailable(text="the process is stopping\n")
            octets = await request.read()

            def work() -> Work:
                batch = unpack_batch(octets)
                check_batch(batch, gate)
                return batch.work

            try:
                tally = await self.writer.commit(kept.store, work, kept.forget)
            except (PeerError, CallerError) as error:
                raise web.HTTPBadRequest(text=f"{error}\n") from None
            except StoreError as error:
                raise web.HTTPInsufficientStorage(text=f"{error}\n") from None
        return web.json_response(tally._asdict())

    async def give(self, request: web.Request) -> web.Response:
        """GET /registry/records?node=NAME&after=HEX: MessagePack [handle, record, …] behind a handle; [] at the end."""
        kept, _ = self._named(request)
        after = _octets(request, "after")
        flat: list[bytes] = []
        octets = 0
        for key, record in islice(kept.store.scan(after + b"\0" if after else b""), CHUNK_RECORDS):
            flat += (key, record)
            octets += len(key) + len(record)
            if octets >= CHUNK_OCTETS:
                break
        return web.Response(body=msgpack.packb(flat), content_type="application/msgpack")

    def _named(self, request: web.Request) -> tuple[Kept, Gate]:
        found = self._kept.get(request.query.get("node", ""))
        if found is None:
            raise web.HTTPNotFound(text="no such node in this process\n")
        return found


def _shown(kept: Kept) -> dict[str, int | str | list[int] | None]:
    sample = sample_in(kept.plan, kept.store)
    return {
        "records": kept.store.count(),
        "sample": None if sample is None else text(sample),
        "ready": kept.open,
        "readers": kept.readers,
    }


def _octets(request: web.Request, name: str) -> bytes:
    try:
        return bytes.fromhex(request.query.get(name, ""))
    except ValueError:
        raise web.HTTPBadRequest(text=f"{name} is hexadecimal\n") from None


def _loopback(host: str) -> bool:
    """Whether a request was meant for this machine: a name that somebody made point here was not."""
    try:
        return ip_address(host.rpartition(":")[0].strip("[]")).is_loopback
    except ValueError:
        return False
