"""Replication: next transaction id, transaction log, dump (opcodes 1000 to 1002). The streams behind them are not here.

P, the position of a mirror, is: `u64` last transaction id, `u64` last query in ms, `u8` hash option,
`u32` number of servers, `u32` my number (protocol.md §4.2).
"""

from __future__ import annotations

from typing import Self

from resolver.model.frozen import frozen
from resolver.wire.buffer import Layout, Reader, Writer

_POSITION = Layout("position", ("Q", "last transaction id"), ("Q", "last query ms"))
_SHARE = Layout("share", ("B", "hash option"), ("I", "servers"), ("I", "my number"))
BY_NUMBER, BY_STATE = 0, 1


@frozen
class TransactionsRequest:
    """Below version 2.9: P."""

    last_transaction: int
    last_query_ms: int
    hash_option: int
    servers: int
    server_number: int
    tail: bytes = b""

    @classmethod
    def read(cls, r: Reader) -> Self:
        last_transaction, last_query_ms = r.fixed(_POSITION)
        hash_option, servers, number = r.fixed(_SHARE)
        return cls(last_transaction, last_query_ms, hash_option, servers, number, r.rest("left over"))

    def write(self, w: Writer) -> None:
        w.fixed(_POSITION, self.last_transaction, self.last_query_ms)
        w.fixed(_SHARE, self.hash_option, self.servers, self.server_number)
        w.raw(self.tail)


@frozen
class SelectedTransactionsRequest:
    """From version 2.9: `u8` 0 and P; or `u8` 1, `str` JSON state and the last three fields of P.

    `state` is None in the first form; then `last_transaction` and `last_query_ms` count.
    """

    hash_option: int
    servers: int
    server_number: int
    last_transaction: int = 0
    last_query_ms: int = 0
    state: bytes | None = None
    tail: bytes = b""

    @classmethod
    def read(cls, r: Reader) -> Self:
        selector = r.u8("selector")
        if selector > BY_STATE:
            raise r.excess("selector", selector, BY_STATE)
        state, last_transaction, last_query_ms = None, 0, 0
        if selector == BY_STATE:
            state = r.counted("state")
        else:
            last_transaction, last_query_ms = r.fixed(_POSITION)
        hash_option, servers, number = r.fixed(_SHARE)
        return cls(hash_option, servers, number, last_transaction, last_query_ms, state, r.rest("left over"))

    def write(self, w: Writer) -> None:
        if self.state is None:
            w.u8(BY_NUMBER)
            w.fixed(_POSITION, self.last_transaction, self.last_query_ms)
        else:
            w.u8(BY_STATE)
            w.counted(self.state)
        w.fixed(_SHARE, self.hash_option, self.servers, self.server_number)
        w.raw(self.tail)


@frozen
class DumpRequest:
    """`u8` hash option, `u32` servers, `u32` my number [, `bytes` starting point, `u32` its record type]."""

    hash_option: int
    servers: int
    server_number: int
    start: tuple[bytes, int] | None = None
    tail: bytes = b""

    @classmethod
    def read(cls, r: Reader) -> Self:
        hash_option, servers, number = r.fixed(_SHARE)
        start = (r.counted("starting point"), r.u32("record type")) if r.remaining else None
        return cls(hash_option, servers, number, start, r.rest("left over"))

    def write(self, w: Writer) -> None:
        w.fixed(_SHARE, self.hash_option, self.servers, self.server_number)
        if self.start is not None:
            w.counted(self.start[0])
            w.u32(self.start[1])
        w.raw(self.tail)


@frozen
class NextTransactionAnswer:
    """`u64` transaction id."""

    transaction: int
    tail: bytes = b""

    @classmethod
    def read(cls, r: Reader) -> Self:
        return cls(r.u64("transaction id"), r.rest("left over"))

    def write(self, w: Writer) -> None:
        w.u64(self.transaction)
        w.raw(self.tail)


@frozen
class TransactionsAnswer:
    """`u8`, bit 0 = the connection stays open; a stream follows the message."""

    flags: int
    tail: bytes = b""

    @classmethod
    def read(cls, r: Reader) -> Self:
        return cls(r.u8("flags"), r.rest("left over"))

    def write(self, w: Writer) -> None:
        w.u8(self.flags)
        w.raw(self.tail)
