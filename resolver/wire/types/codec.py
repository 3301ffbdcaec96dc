"""What every typed data can do: read itself to the last octet, and write itself again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from resolver.wire.buffer import Reader, Writer

Content = TypeVar("Content")


@dataclass(frozen=True, slots=True)
class Codec(Generic[Content]):
    """The reading and the writing of one kind of data; `name` is for errors."""

    name: str
    read: Callable[[Reader], Content]
    write: Callable[[Writer, Content], None]

    def decode(self, octets: bytes) -> Content:
        """What these octets are. PeerError if they are not exactly that: no octet may be left (trap 36)."""
        return self.read_all(Reader(octets))

    def read_all(self, r: Reader) -> Content:
        """The same from a reader, all of it."""
        content = self.read(r)
        r.finish(self.name)
        return content

    def encode(self, content: Content) -> bytes:
        """The octets again. `struct.error` for a number that does not fit its field."""
        w = Writer()
        self.write(w, content)
        return w.octets()
