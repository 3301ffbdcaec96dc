"""Which prefixes a node has been told to home, or no longer to (opcodes 300 and 301), kept as notes in its store.

The network file says what is homed at first; here stands what became of that. Changes lie on pages, by the checksum of
their prefix handle, so that one of them rewrites little: {folded prefix handle: homed} in MessagePack.
"""

from __future__ import annotations

from zlib import crc32

import msgpack

from resolver.errors import StoreError
from resolver.stores.base import NOTE_OCTETS_MAX, Store, Work

PAGES = 64  # of NOTE_OCTETS_MAX octets: some 200,000 prefixes
_NOTE = b"homed/"


class Homes:
    """The changes to what is homed at one node. `homed`: the folded prefix handles after all of them.

    StoreError if a page cannot be read.
    """

    def __init__(self, store: Store, configured: frozenset[bytes]) -> None:
        self._configured = configured
        self._pages = [_read(store, page) for page in range(PAGES)]

    @property
    def homed(self) -> frozenset[bytes]:
        """What is homed now, changes under way included."""
        changes = {handle: homed for page in self._pages for handle, homed in page.items()}
        kept = (handle for handle in self._configured if changes.get(handle, True))
        return frozenset((*kept, *(handle for handle, homed in changes.items() if homed)))

    def change(self, prefix_handle: bytes, homed: bool) -> Work | None:
        """What makes a change last; None if there is no room for it. Until `undo` it counts as made, so that the next
        one, written after it, keeps it.
        """
        page = self._pages[crc32(prefix_handle) % PAGES]
        before = dict(page)
        page[prefix_handle] = homed
        if homed == (prefix_handle in self._configured):
            del page[prefix_handle]
        octets = msgpack.packb(page)
        if len(octets) > NOTE_OCTETS_MAX:
            page.clear()
            page.update(before)
            return None
        return Work((), {_name(crc32(prefix_handle) % PAGES): octets})

    def undo(self, prefix_handle: bytes, homed: bool) -> None:
        """A change could not be written: it is as it was."""
        self.change(prefix_handle, not homed)


def _read(store: Store, page: int) -> dict[bytes, bool]:
    octets = store.note(_name(page))
    if octets is None:
        return {}
    try:
        changes = msgpack.unpackb(octets, raw=True)
        return {bytes(handle): bool(homed) for handle, homed in changes.items()}
    except (ValueError, TypeError, AttributeError, msgpack.UnpackException) as error:
        raise StoreError(f"the note of homed prefixes cannot be read: {error}") from None


def _name(page: int) -> bytes:
    return _NOTE + b"%d" % page
