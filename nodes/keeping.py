"""A node's keeper in a running process: hands what administration commits to the process's writing thread.

clerk --Work--> WriterKeeper --> Writer, which puts many into one transaction and one wait for the disk
      <--Kept, after the node has forgotten what it remembered of the store --'
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from nodes.registrar import Writer
from resolver.errors import CallerError, StoreError
from resolver.model.now import Now
from resolver.net.pump import clock
from resolver.rules.effects import Kept
from resolver.stores.base import Store, StoreChanged, Work


class WriterKeeper:
    """Commits for one node. `flush` is called when the node has been told."""

    def __init__(self, writer: Writer, store: Store) -> None:
        self.flush: Callable[[], None] = lambda: None
        self._writer, self._store = writer, store
        self._tasks: set[asyncio.Task[None]] = set()

    def keep(self, work: Work, now: Now, done: Callable[[Kept, Now], None], changed: Callable[[], None]) -> None:
        """Have `work` committed; `done` hears what became of it, later."""
        task = asyncio.get_running_loop().create_task(self._keep(work, done, changed))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _keep(self, work: Work, done: Callable[[Kept, Now], None], changed: Callable[[], None]) -> None:
        if self._writer.closing:
            kept = Kept.READ_ONLY
        else:
            kept = await self._commit(work, changed)
        done(kept, clock())
        self.flush()

    async def _commit(self, work: Work, changed: Callable[[], None]) -> Kept:
        try:
            await self._writer.commit(self._store, lambda: work, changed)
        except StoreChanged:
            return Kept.CHANGED
        except (StoreError, CallerError):
            return Kept.FAILED
        return Kept.DONE
