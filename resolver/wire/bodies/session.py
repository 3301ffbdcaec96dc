"""Sessions: setup (opcode 400) and key exchange (402). Terminate (401) is a HandleRequest.

Setup bodies end in two zero octets, because the reference counts four for the two of the mode (protocol.md §11
trap 9). They are the default `tail`: emitted, kept as received, never demanded.
"""

from __future__ import annotations

from typing import Self

from resolver.model.frozen import frozen
from resolver.model.value import Reference
from resolver.wire.buffer import Reader, Writer
from resolver.wire.values import read_reference, write_reference

CLIENT_KEY, SERVER_KEY, KEY_BY_HANDLE, DIFFIE_HELLMAN = 1, 2, 3, 4
NO_IDENTITY_INDEX = 0xFFFFFFFF
PADDING = bytes(2)
NOBODY = Reference(b"", NO_IDENTITY_INDEX)


@frozen
class SessionSetup:
    """`u16` mode, `u32` time-out in seconds, `ref` identity; modes 1 and 4: `bytes` public key, 3: `ref` of a key.

    Without an identity it is NOBODY. An unknown mode's fields stay in `tail`.
    """

    mode: int
    timeout_s: int
    identity: Reference = NOBODY
    public_key: bytes | None = None
    key_reference: Reference | None = None
    tail: bytes = PADDING

    @classmethod
    def read(cls, r: Reader) -> Self:
        mode, timeout_s = r.u16("mode"), r.u32("time-out")
        r.open("identity")
        identity = read_reference(r)
        r.close()
        public_key = key_reference = None
        if mode in (CLIENT_KEY, DIFFIE_HELLMAN):
            public_key = r.counted("public key")
        elif mode == KEY_BY_HANDLE:
            r.open("key")
            key_reference = read_reference(r)
            r.close()
        return cls(mode, timeout_s, identity, public_key, key_reference, r.rest("padding"))

    def write(self, w: Writer) -> None:
        w.u16(self.mode)
        w.u32(self.timeout_s)
        write_reference(w, self.identity)
        if self.public_key is not None:
            w.counted(self.public_key)
        if self.key_reference is not None:
            write_reference(w, self.key_reference)
        w.raw(self.tail)


@frozen
class SessionAnswer:
    """`u16` mode, `bytes` data (an encrypted key, or a public key). The session's id stands in the envelope."""

    mode: int
    data: bytes
    tail: bytes = PADDING

    @classmethod
    def read(cls, r: Reader) -> Self:
        return cls(r.u16("mode"), r.counted("data"), r.rest("padding"))

    def write(self, w: Writer) -> None:
        w.u16(self.mode)
        w.counted(self.data)
        w.raw(self.tail)


@frozen
class KeyExchange:
    """`bytes` encrypted session key; None: no octets at all."""

    key: bytes | None = None
    tail: bytes = b""

    @classmethod
    def read(cls, r: Reader) -> Self:
        if not r.remaining:
            return cls()
        return cls(r.counted("encrypted session key"), r.rest("left over"))

    def write(self, w: Writer) -> None:
        if self.key is not None:
            w.counted(self.key)
        w.raw(self.tail)
