"""The client library: resolve, register and administer identifiers at any Handle server, asynchronously or blocking.

    async with Client("127.86.5.1:2641", user=credentials) as client:        # a recursive node: it finds the way
        await client.create("88.118.8/NEW", [text(1, "URL", "https://example.org/")])
        answer = await client.resolve("88.118.8/NEW", certify=True)

    with BlockingClient("127.86.5.1:2641", user=credentials) as client:      # the same calls, without async
        client.delete("88.118.8/NEW")

Writes go to the primary server that answers for the handle, found by resolving its prefix at the server named; with
`direct=True` everything goes to that server itself. Handles may be text or octets.
"""

from __future__ import annotations

import asyncio
import builtins
import contextlib
import secrets
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from resolver.errors import BiaoshiError, CallerError, PeerError, Unreachable
from resolver.model.identifier import fold, is_prefix_handle, normal_form, prefix_handle, prefix_of
from resolver.model.identifier import text as handle_text
from resolver.model.question import Answer, Question
from resolver.model.site import ADMIN, QUERY, Protocol, Server, Site
from resolver.model.value import DEFAULT_PERMISSIONS, DEFAULT_TTL_S, Reference, Value
from resolver.net.line import Line
from resolver.net.pump import clock
from resolver.rules import keys, petition, replies
from resolver.rules.effects import Find
from resolver.rules.petition import ClientSession, Say, Terms
from resolver.rules.proof import Credentials
from resolver.rules.resolution import REFERRALS, SERVICES_MAX, SITE_TYPES, RootService, resolve, site_of
from resolver.rules.selection import ResponseTimes
from resolver.wire.bodies.administration import CreateAnswer, HandleList, RemoveValueRequest, ValuesRequest
from resolver.wire.bodies.base import Body, HandleRequest
from resolver.wire.bodies.resolution import ResolutionRequest
from resolver.wire.bodies.session import DIFFIE_HELLMAN
from resolver.wire.bodies.siteinfo import SiteInfoAnswer
from resolver.wire.codes import Code, Opcode, OpFlag, code_name
from resolver.wire.message import Message, as_order
from resolver.wire.types import hs_admin

BATCH_MAX = 2_000  # records in one call of create_many and its like
SERVERS_MAX = 64  # that stay known; the oldest that is not in use makes room for another
LINES_A_SERVER = 8
AT_ONCE = 8  # records of a batch under way at the same time
HANDLE_PORT = 2641
ELSEWHERE = REFERRALS | {Code.SERVER_NOT_RESP}  # not from this server, which is no recursive node then

Handle = str | bytes
Result = TypeVar("Result")


class Refused(BiaoshiError):
    """A server's answer is no: its code, the code's name, its words, and the handle in question."""

    def __init__(self, code: int, handle: bytes, words: str) -> None:
        self.code = code
        self.code_name = code_name(code)
        self.handle = handle
        self.words = words
        super().__init__(f"{handle_text(handle)}: {self.code_name}{': ' + words if words else ''}")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one record of a batch. `error`: None if it is done."""

    handle: bytes
    error: BiaoshiError | None = None

    @property
    def done(self) -> bool:
        """Whether it is done."""
        return self.error is None


def text(index: int, type: str, data: str, *, ttl: int = DEFAULT_TTL_S) -> Value:
    """A value of text that everybody may read."""
    return Value(index, type.encode(), data.encode(), ttl=ttl)


def administrator(handle: Handle, index: int = 200, *, at: int = 100, rights: int = hs_admin.ALL_PERMISSIONS) -> Value:
    """An HS_ADMIN value: who may do what with the record it stands in. By default the group 200 of a prefix, all."""
    return Value(at, b"HS_ADMIN", hs_admin.encode(hs_admin.HsAdmin(rights, _octets(handle), index)))


@dataclass(slots=True, eq=False)
class _Server:
    """A server we talk to: how, over what, and which site it belongs to (None: not asked yet).

    `lock` is held while something is learnt or agreed on that all calls share.
    """

    address: tuple[str, int]
    new_line: Callable[[], Line]
    terms: Terms
    site: Site | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    proving: asyncio.Lock = field(default_factory=asyncio.Lock)
    proven: ClientSession | None = None  # where the server knows who we are
    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(LINES_A_SERVER))
    idle: builtins.list[Line] = field(default_factory=builtins.list)
    calls: int = 0

    async def drive(self, rule: Coroutine[Say, Any, Result]) -> Result:
        """Drive a rule over a line that is free, or will be."""
        self.calls += 1
        try:
            async with self.turns:
                line = self.idle.pop() if self.idle else self.new_line()
                try:
                    return await line.drive(rule)
                finally:
                    self.idle.append(line)
        finally:
            self.calls -= 1

    def close(self) -> None:
        """Hang up."""
        for line in self.idle:
            line.close()
        self.idle.clear()


class Client:
    """A client of the Handle protocol. Calls may run side by side, LINES_A_SERVER at one server."""

    def __init__(
        self,
        server: str | tuple[str, int],
        *,
        user: Credentials | None = None,
        direct: bool = False,
        tcp: bool = False,
        session: bool = False,
        session_mode: int = DIFFIE_HELLMAN,
        session_key: keys.SigningKey | None = None,
        encrypt: bool = False,
        version: tuple[int, int] = replies.HIGHEST,
        patience_s: float = 30.0,
    ) -> None:
        """`server`: `IP:port` of a recursive node or of any other server that can resolve prefixes; with `direct`, the
        one to which everything is said. `user`: who proves to be whom when asked. `session`: set one up with each
        server that is written to, by `session_mode` (`session_key`: our private key, for modes 1 and 3); `encrypt`:
        and encrypt in it. `version`: the highest protocol version to speak.
        """
        if encrypt and not session:
            raise CallerError("only what is said in a session can be encrypted: session=True")
        self.address = address_of(server)
        self.user = user
        self._direct, self._tcp, self._patience_s = direct, tcp, patience_s
        self._session, self._session_mode, self._session_key = session, session_mode, session_key
        self._encrypt, self._version = encrypt, version
        self._servers: dict[tuple[str, int], _Server] = {}
        self._times = ResponseTimes()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """End sessions and hang up everywhere."""
        for server in self._servers.values():
            if server.terms.session is not None and server.terms.session.key is not None:
                with contextlib.suppress(BiaoshiError):  # then it ends by itself
                    await server.drive(petition.end_session(server.terms))
            server.close()
        self._servers.clear()

    # -- reading ------------------------------------------------------------------------------------------------

    async def resolve(
        self,
        handle: Handle,
        *,
        types: Iterable[str] = (),
        indexes: Iterable[int] = (),
        certify: bool = False,
        secret: bool = False,
        authoritative: bool = False,
    ) -> tuple[Value, ...]:
        """The values of a handle that the lists select (both empty: all).

        `certify`: believed only if signed by the key in the server's site. `secret`: with those not everybody may read
        (asked of the server itself, as `user`); `authoritative`: of a primary itself. Refused if there is no such
        handle (code 100) or no such value (200).
        """
        name = _octets(handle)
        question = Question(
            name,
            tuple(indexes),
            tuple(kind.encode() for kind in types),
            public_only=not secret,
            authoritative=authoritative,
            certify=certify,
        )
        if secret or authoritative:
            answer = await self._resolved(await self._responsible(name), question)
        else:
            answer = await self._found(question)
        return tuple(_accepted(answer, name).values)

    async def exists(self, handle: Handle) -> bool:
        """Whether there is such a handle."""
        try:
            await self.resolve(handle)
        except Refused as refused:
            if refused.code == Code.HANDLE_NOT_FOUND:
                return False
            if refused.code != Code.VALUES_NOT_FOUND:
                raise
        return True

    async def site(self) -> Site:
        """What the server that was named says about its site."""
        server = await self._first()
        return await self._site_of(server)

    # -- writing ------------------------------------------------------------------------------------------------

    async def create(
        self, handle: Handle, values: Iterable[Value], *, overwrite: bool = False, mint: bool = False
    ) -> bytes:
        """Create a handle; its name. `mint`: `handle` is the beginning, the server chooses the rest. Refused with code
        101 if it exists and `overwrite` is not set.
        """
        name = _octets(handle)
        flags = (OpFlag.OVERWRITE if overwrite else 0) | (OpFlag.MINT_SUFFIX if mint else 0)
        answer = await self._write(Opcode.CREATE_HANDLE, ValuesRequest(name, _stamped(values)), name, flags)
        created = answer.body
        return created.handle if isinstance(created, CreateAnswer) and created.handle is not None else name

    async def delete(self, handle: Handle) -> None:
        """Delete a handle with all its values."""
        name = _octets(handle)
        await self._write(Opcode.DELETE_HANDLE, HandleRequest(name), name)

    async def add(self, handle: Handle, values: Iterable[Value], *, overwrite: bool = False) -> None:
        """Add values to a handle; with `overwrite` those whose indexes are taken are replaced."""
        name, flags = _octets(handle), OpFlag.OVERWRITE if overwrite else 0
        await self._write(Opcode.ADD_VALUE, ValuesRequest(name, _stamped(values)), name, flags)

    async def modify(self, handle: Handle, values: Iterable[Value]) -> None:
        """Put values in the place of those with the same indexes."""
        name = _octets(handle)
        await self._write(Opcode.MODIFY_VALUE, ValuesRequest(name, _stamped(values)), name)

    async def remove(self, handle: Handle, indexes: Iterable[int]) -> None:
        """Remove values by their indexes."""
        name = _octets(handle)
        await self._write(Opcode.REMOVE_VALUE, RemoveValueRequest(name, tuple(indexes)), name)

    async def list(self, prefix: Handle) -> builtins.list[bytes]:
        """The handles under a prefix (`88.118.8`), of all servers of its site."""
        name = prefix_handle(_octets(prefix).removeprefix(b"0.NA/"))
        found: builtins.list[bytes] = []
        for server in await self._all_servers(name.removeprefix(b"0.NA/") + b"/"):
            messages = await self._asked(server, Opcode.LIST_HANDLES, HandleRequest(name))
            _accept(messages[0], name)
            found += [each for message in messages for each in _names(message)]
        return found

    async def home(self, prefix: Handle) -> None:
        """Have the server that was named answer for a prefix from now on."""
        await self._of_the_server(Opcode.HOME_PREFIX, prefix)

    async def unhome(self, prefix: Handle) -> None:
        """Have the server that was named answer for a prefix no longer."""
        await self._of_the_server(Opcode.UNHOME_PREFIX, prefix)

    async def homed(self) -> builtins.list[bytes]:
        """The prefix handles for which the server that was named answers."""
        name = b"/"
        server = await self._first()
        messages = await self._asked(server, Opcode.LIST_HOMED_PREFIXES, HandleRequest(name))
        _accept(messages[0], name)
        return [each for message in messages for each in _names(message)]

    # -- batches ------------------------------------------------------------------------------------------------

    async def create_many(
        self, records: Iterable[tuple[Handle, Sequence[Value]]], *, overwrite: bool = False
    ) -> Sequence[Outcome]:
        """Create up to BATCH_MAX handles; what became of each, in order. One that fails does not stop the others."""
        return await self._many(
            [(handle, partial(self.create, handle, values, overwrite=overwrite)) for handle, values in records]
        )

    async def modify_many(self, records: Iterable[tuple[Handle, Sequence[Value]]]) -> Sequence[Outcome]:
        """Modify values of up to BATCH_MAX handles."""
        return await self._many([(handle, partial(self.modify, handle, values)) for handle, values in records])

    async def delete_many(self, handles: Iterable[Handle]) -> Sequence[Outcome]:
        """Delete up to BATCH_MAX handles."""
        return await self._many([(handle, partial(self.delete, handle)) for handle in handles])

    async def _many(self, works: Sequence[tuple[Handle, Callable[[], Awaitable[Any]]]]) -> Sequence[Outcome]:
        if len(works) > BATCH_MAX:
            raise CallerError(f"a batch of {len(works):,} records: at most {BATCH_MAX:,} at a time")
        turns = asyncio.Semaphore(AT_ONCE)

        async def one(handle: Handle, work: Callable[[], Awaitable[Any]]) -> Outcome:
            async with turns:
                try:
                    await work()
                except BiaoshiError as error:
                    return Outcome(_octets(handle), error)
                return Outcome(_octets(handle))

        return await asyncio.gather(*(one(handle, work) for handle, work in works))

    # -- whom to ask, and how -----------------------------------------------------------------------------------

    async def _first(self) -> _Server:
        return self._server(self.address)

    def _server(self, address: tuple[str, int], site: Site | None = None, server: Server | None = None) -> _Server:
        known = self._servers.get(address)
        if known is None:
            spare = [each for each, server in self._servers.items() if not server.calls and not server.lock.locked()]
            if len(self._servers) >= SERVERS_MAX and spare:
                self._servers.pop(spare[0]).close()
            version = min(petition.STRANGER, self._version, key=lambda pair: as_order(*pair))
            terms = Terms(clock, secrets.token_bytes, version=version, suggested=self._version)
            known = self._servers[address] = _Server(
                address, partial(Line, address, tcp=self._tcp, patience_s=self._patience_s), terms
            )
        if site is not None and known.site is None:
            self._learn(known, site, server)
        return known

    def _learn(self, known: _Server, site: Site, server: Server | None) -> None:
        known.site = site
        own = (site.major, site.minor)
        version = min(own, self._version, key=lambda pair: as_order(*pair))
        record = server.public_key if server is not None else b""
        known.terms = replace(
            known.terms, version=version, serial=site.serial, server_key=keys.public_key(record) if record else None
        )

    async def _site_of(self, server: _Server) -> Site:
        """The site of a server, asked for once: it tells the version to speak and the key that signs."""
        async with server.lock:
            if server.site is None:
                body = HandleRequest(b"/")
                (message,) = await server.drive(petition.petition(Opcode.GET_SITE_INFO, body, server.terms))
                _accept(message, b"/")
                if not isinstance(message.body, SiteInfoAnswer):
                    raise PeerError("no site in the answer")
                site = message.body.site
                ip, port = server.address
                here = [each for each in site.servers if each.ip == ip]
                own = [each for each in here if any(door.port == port for door in each.interfaces)]
                self._learn(server, site, next(iter((*own, *here, *site.servers)), None))
            assert server.site is not None
            return server.site

    async def _responsible(self, name: bytes) -> _Server:
        """The primary server that answers for a handle."""
        if self._direct:
            server = await self._first()
            await self._site_of(server)
            return server
        site = await self._primary_site(name)
        return self._at(site, site.server_for(name))

    async def _all_servers(self, name: bytes) -> builtins.list[_Server]:
        if self._direct:
            return [await self._responsible(name)]
        site = await self._primary_site(name)
        return [self._at(site, server) for server in site.servers]

    def _at(self, site: Site, server: Server) -> _Server:
        ports = (server.port(protocol, kind) for kind in (ADMIN, QUERY) for protocol in (Protocol.TCP, Protocol.UDP))
        port = next((port for port in ports if port is not None), None)
        if port is None:
            raise PeerError("the responsible server has no door for us")
        return self._server((server.ip, port), site, server)

    async def _primary_site(self, name: bytes) -> Site:
        """The primary site that holds a handle."""
        handle = normal_form(name)
        prefix = fold(prefix_of(handle))
        if is_prefix_handle(handle):
            # What stands under 0.NA/88.118.8 is held by whoever answers for 88.118; of a top prefix, by the root.
            prefix = fold(handle[len(b"0.NA/") :]).rpartition(b".")[0] or b"0.NA"
        answer = await self._found(Question(prefix_handle(prefix), types=SITE_TYPES))
        values = _accepted(answer, prefix_handle(prefix)).values
        sites = [site_of(value.data) for value in values if value.type.upper() in SITE_TYPES[:2]]
        primary = next((site for site in sites if site.primary and site.servers), None)
        if primary is None:
            raise Refused(Code.SERVER_NOT_RESP, name, "its prefix names no primary site")
        return primary

    async def _of_the_server(self, opcode: Opcode, prefix: Handle) -> None:
        name = prefix_handle(_octets(prefix).removeprefix(b"0.NA/"))
        messages = await self._asked(await self._first(), opcode, HandleRequest(name))
        _accept(messages[0], name)

    async def _write(self, opcode: Opcode, body: Body, name: bytes, flags: int = 0) -> Message:
        server = await self._responsible(name)
        messages = await self._asked(server, opcode, body, replies.DEFAULT_FLAGS | flags)
        return _accept(messages[0], name)

    async def _found(self, question: Question) -> Answer:
        """What the server that was named says; if that refers us elsewhere, we walk from it as from a root."""
        first = await self._first()
        answer = await self._resolved(first, question)
        if self._direct or answer.code not in ELSEWHERE:
            return answer
        return await self._walked(question, (RootService((await self._site_of(first),)),), frozenset())

    async def _walked(self, question: Question, roots: Sequence[RootService], asked: frozenset[bytes]) -> Answer:
        """`asked`: the handles whose resolution this one is for, so that a circle of them ends."""
        rule = resolve(question, roots, self._times)
        outcome: Answer | None = None
        while True:
            try:
                effect = rule.send(outcome)
            except StopIteration as stop:
                answer: Answer = stop.value
                return answer
            if isinstance(effect, Find):
                name = fold(effect.question.handle)
                deeper = asked | {name}
                outcome = Answer(Code.ERROR)
                if name not in asked and len(asked) < SERVICES_MAX:
                    outcome = await self._walked(effect.question, roots, deeper)
                continue
            try:
                outcome = await self._resolved(self._at(effect.site, effect.server), effect.question)
            except (Unreachable, PeerError):
                outcome = None

    async def _resolved(self, server: _Server, question: Question) -> Answer:
        """One server's answer to a question."""
        body = ResolutionRequest(question.handle, question.indexes, question.types)
        flags = replies.question_flags(question)
        private = not question.public_only
        messages = await self._asked(server, Opcode.RESOLUTION, body, flags, certify=question.certify, private=private)
        return replies.answer_of(messages[0])

    async def _asked(
        self,
        server: _Server,
        opcode: Opcode,
        body: Body,
        flags: int = replies.DEFAULT_FLAGS,
        *,
        certify: bool = False,
        private: bool = True,
    ) -> Sequence[Message]:
        """`private`: of the kind that needs rights, and a session if there are to be some."""
        if certify or private:
            await self._site_of(server)
        if certify and server.terms.server_key is None:
            raise PeerError("this server has no key in its site: it cannot certify")
        again = False
        while True:
            session = await self._session_with(server) if private else None
            encrypt = self._encrypt and session is not None
            terms = replace(server.terms, session=session, certify=certify, encrypt=encrypt)
            asking = petition.petition(opcode, body, terms, self.user, flags)
            if session is None or session is server.proven:
                messages = await server.drive(asking)
            else:
                # Its challenges all bear the session's id, so that one at a time can be answered: the first proves us.
                async with server.proving:
                    messages = await server.drive(asking)
                if messages[0].header.code == Code.SUCCESS:
                    server.proven = session
            refused = session is not None and messages[0].header.code >= petition.SESSION_CODES_FROM
            if not refused or again:
                return messages
            again = True  # the session is no good any more: once more with another
            if server.terms.session is session:
                server.terms.session = None

    async def _session_with(self, server: _Server) -> ClientSession | None:
        """The session with a server, begun if there is to be one."""
        async with server.lock:
            if self._session and server.terms.session is None:
                mode, key = self._session_mode, self._session_key
                await server.drive(petition.begin_session(server.terms, self.user, mode=mode, key=key))
            return server.terms.session


class BlockingClient:
    """Client, for code without async: every method of that, and it waits for the answer."""

    def __init__(self, server: str | tuple[str, int], **options: Any) -> None:
        """As Client."""
        self._runner = asyncio.Runner()  # at Ctrl-C it cancels what is under way, and tidies up
        self._open = True
        self._client = Client(server, **options)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End sessions and hang up."""
        if self._open:
            self._open = False
            self._wait(self._client.close())
            self._runner.close()

    def _wait(self, work: Coroutine[Any, Any, Result]) -> Result:
        return self._runner.run(work)

    def resolve(self, handle: Handle, **options: Any) -> tuple[Value, ...]:
        """As Client.resolve."""
        return self._wait(self._client.resolve(handle, **options))

    def exists(self, handle: Handle) -> bool:
        """As Client.exists."""
        return self._wait(self._client.exists(handle))

    def site(self) -> Site:
        """As Client.site."""
        return self._wait(self._client.site())

    def create(self, handle: Handle, values: Iterable[Value], **options: Any) -> bytes:
        """As Client.create."""
        return self._wait(self._client.create(handle, values, **options))

    def delete(self, handle: Handle) -> None:
        """As Client.delete."""
        self._wait(self._client.delete(handle))

    def add(self, handle: Handle, values: Iterable[Value], **options: Any) -> None:
        """As Client.add."""
        self._wait(self._client.add(handle, values, **options))

    def modify(self, handle: Handle, values: Iterable[Value]) -> None:
        """As Client.modify."""
        self._wait(self._client.modify(handle, values))

    def remove(self, handle: Handle, indexes: Iterable[int]) -> None:
        """As Client.remove."""
        self._wait(self._client.remove(handle, indexes))

    def list(self, prefix: Handle) -> Sequence[bytes]:
        """As Client.list."""
        return self._wait(self._client.list(prefix))

    def home(self, prefix: Handle) -> None:
        """As Client.home."""
        self._wait(self._client.home(prefix))

    def unhome(self, prefix: Handle) -> None:
        """As Client.unhome."""
        self._wait(self._client.unhome(prefix))

    def homed(self) -> Sequence[bytes]:
        """As Client.homed."""
        return self._wait(self._client.homed())

    def create_many(self, records: Iterable[tuple[Handle, Sequence[Value]]], **options: Any) -> Sequence[Outcome]:
        """As Client.create_many."""
        return self._wait(self._client.create_many(records, **options))

    def modify_many(self, records: Iterable[tuple[Handle, Sequence[Value]]]) -> Sequence[Outcome]:
        """As Client.modify_many."""
        return self._wait(self._client.modify_many(records))

    def delete_many(self, handles: Iterable[Handle]) -> Sequence[Outcome]:
        """As Client.delete_many."""
        return self._wait(self._client.delete_many(handles))


def credentials(user: str, key: keys.SigningKey | bytes) -> Credentials:
    """Who `INDEX:HANDLE` is, with the private key, or the octets of the secret key, that proves it. CallerError for a
    user that is not of that form.
    """
    index, colon, handle = user.partition(":")
    if not colon or not index.isdecimal() or not handle:
        raise CallerError(f"{user!r} is not INDEX:HANDLE, as in 300:0.NA/88.118.8")
    return Credentials(Reference(handle.encode(), int(index)), key)


def key_in(file: str | Path, passphrase: bytes | None = None) -> keys.SigningKey:
    """The private key in a file: PEM, PKCS#8 DER, or the reference's own form. OperatorError if there is none."""
    return keys.private_key(Path(file).read_bytes(), passphrase=passphrase, file=str(file))


def address_of(server: str | tuple[str, int]) -> tuple[str, int]:
    """(address, port) of `IP:port`, `[IPv6]:port` or an address alone. CallerError if it is none."""
    if isinstance(server, tuple):
        return server
    host, colon, port = server.rpartition(":")
    if not colon or (":" in host and not host.startswith("[")):
        host, port = server, str(HANDLE_PORT)
    if not port.isdecimal() or not 0 < int(port) < 65_536:
        raise CallerError(f"{server!r} is not IP:port")
    return host.strip("[]"), int(port)


def _octets(handle: Handle) -> bytes:
    return handle.encode() if isinstance(handle, str) else handle


def _stamped(values: Iterable[Value]) -> tuple[Value, ...]:
    """Values without a timestamp get this moment's."""
    wall_s = clock().wall_s
    return tuple(replace(value, timestamp=value.timestamp or wall_s) for value in values)


def _names(message: Message) -> tuple[bytes, ...]:
    return message.body.handles if isinstance(message.body, HandleList) else ()


def _accepted(answer: Answer, name: bytes) -> Answer:
    """The answer, if it is a success; Refused if not."""
    if answer.code == Code.SUCCESS:
        return answer
    raise Refused(answer.code, name, handle_text(answer.message))


def _accept(message: Message, name: bytes) -> Message:
    """The message, if it is a success; Refused if not."""
    if message.header.code == Code.SUCCESS:
        return message
    words = getattr(message.body, "message", b"")
    raise Refused(message.header.code, name, handle_text(words) if isinstance(words, bytes) else "")


__all__ = [
    "BATCH_MAX",
    "DEFAULT_PERMISSIONS",
    "BlockingClient",
    "Client",
    "Outcome",
    "Refused",
    "address_of",
    "administrator",
    "credentials",
    "key_in",
    "text",
]
