"""Authentication: challenge (code 402), its answer (opcode 200), verification (201), the national SDK's login (2001).

What the answers contain is protocol.md §9; here they are octets.
"""

from __future__ import annotations

from typing import Self

from resolver.model.frozen import frozen
from resolver.wire.bodies.digest import Digest
from resolver.wire.buffer import Reader, Writer


@frozen
class Challenge:
    """From version 2.1: `bytes` nonce, behind the digest prefix of the request."""

    nonce: bytes
    tail: bytes = b""

    @classmethod
    def read(cls, r: Reader) -> Self:
        return cls(r.counted("nonce"), r.rest("left over"))

    def write(self, w: Writer) -> None:
        w.counted(self.nonce)
        w.raw(self.tail)


@frozen
class OldChallenge:
    """Version 2.0: `bytes` nonce, `bytes` MD5 digest of the request; no digest prefix."""

    nonce: bytes
    digest: bytes
    tail: bytes = b""

    @classmethod
    def read(cls, r: Reader) -> Self:
        return cls(r.counted("nonce"), r.counted("digest"), r.rest("left over"))

    def write(self, w: Writer) -> None:
        w.counted(self.nonce)
        w.counted(self.digest)
        w.raw(self.tail)


@frozen
class ChallengeAnswer:
    """`str` auth type (HS_SECKEY or HS_PUBKEY), `str` user handle, `u32` user index, `bytes` answer."""

    auth_type: bytes
    user_handle: bytes
    user_index: int
    answer: bytes
    tail: bytes = b""

    @classmethod
    def read(cls, r: Reader) -> Self:
        return cls(
            r.counted("auth type"),
            r.counted("user handle"),
            r.u32("user index"),
            r.counted("answer"),
            r.rest("left over"),
        )

    def write(self, w: Writer) -> None:
        w.counted(self.auth_type)
        w.counted(self.user_handle)
        w.u32(self.user_index)
        w.counted(self.answer)
        w.raw(self.tail)


@frozen
class VerifyRequest:
    """`str` user handle, `u32` user index, `bytes` nonce, digest of the request (counted, or algorithm and octets),
    `bytes` answer. The holder of a secret key is asked whether the answer is right."""

    user_handle: bytes
    user_index: int
    nonce: bytes
    digest: Digest
    answer: bytes
    tail: bytes = b""

    @classmethod
    def read(cls, r: Reader) -> Self:
        return cls(
            r.counted("user handle"),
            r.u32("user index"),
            r.counted("nonce"),
            Digest.read(r),
            r.counted("answer"),
            r.rest("left over"),
        )

    def write(self, w: Writer) -> None:
        w.counted(self.user_handle)
        w.u32(self.user_index)
        w.counted(self.nonce)
        self.digest.write(w)
        w.counted(self.answer)
        w.raw(self.tail)


@frozen
class VerifyAnswer:
    """`u8`: 1 the answer was right, 0 it was not."""

    valid: int
    tail: bytes = b""

    @classmethod
    def read(cls, r: Reader) -> Self:
        return cls(r.u8("valid"), r.rest("left over"))

    def write(self, w: Writer) -> None:
        w.u8(self.valid)
        w.raw(self.tail)


@frozen
class LoginRequest:
    """`str` user handle, `u32` user index; only the national SDK sends it."""

    user_handle: bytes
    user_index: int
    tail: bytes = b""

    @classmethod
    def read(cls, r: Reader) -> Self:
        return cls(r.counted("user handle"), r.u32("user index"), r.rest("left over"))

    def write(self, w: Writer) -> None:
        w.counted(self.user_handle)
        w.u32(self.user_index)
        w.raw(self.tail)
