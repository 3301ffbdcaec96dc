"""Tells a story: a network in virtual time, to which is done what the lines say; every packet is written down.

ask NODE HANDLE [type=URL,EMAIL] [index=1,2] [auth] [cert] [secret] [norefer] [depth=N] [serial=N] [v=2.3-2.1]
                [session=N] [id=TEXT] [expires=SECONDS|never] [norecurse] [tcp] [port=3641]
                [patience=SECONDS] [as WHO [in=CONNECTION]]
op NODE OPCODE [HANDLE] [flags=HEX] [code=N] [v=2.3] [tcp]     any operation, its body a handle or nothing
raw NODE HEX [tcp]                                     octets as they are
create|add|modify NODE HANDLE VALUE… as WHO [udp] [overwrite] [mint] [in=CONNECTION]
remove NODE HANDLE INDEX… as WHO, delete NODE HANDLE as WHO, list NODE PREFIX as WHO
home|unhome NODE PREFIX as WHO
login NODE as WHO in=CONNECTION, hangup NODE CONNECTION
setup NODE as WHO in=CONNECTION [encrypted]            a session with a key, by Diffie-Hellman
put NODE HANDLE VALUE…, drop NODE HANDLE               a record placed in, or taken from, a node's store
kill|stop|start NODE, wait SECONDS
fault KIND [from=…] [to=…] [share=…] [ms=…] …, clear
set NODE stale=SECONDS | prefetch=SHARE | failures=SECONDS | in_flight=N

VALUE   INDEX:TYPE:DATA, then any of ;ttl=60 ;perm=1110 ;at=MOMENT (a TTL that is a moment)
        DATA is text, hex:… octets, admin:RIGHTS:INDEX:HANDLE, list:INDEX:HANDLE,…, site:IP[,IP…] (or @NODE),
        ref:HANDLE (HS_SERV)
WHO     PREFIX:key, PREFIX:secret, PREFIX:wrong (a secret that is none), PREFIX:307 (the key under
        another index), nobody (who answers no challenge)
"""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from biaoshi import teaching
from biaoshi.stories import diagram
from biaoshi.stories.language import Command, Script
from biaoshi.teaching import Stage
from nodes.authority import AuthorityNode
from nodes.country import Country, country
from nodes.faults import read_fault
from nodes.keyring import administrator_key, administrator_secret
from nodes.recursive import RecursiveNode
from resolver.errors import BiaoshiError
from resolver.model.identifier import fold, normal_form
from resolver.model.now import NS_PER_S
from resolver.model.question import Question
from resolver.model.site import PRIMARY, Interface, Protocol, Server, Site, address_octets
from resolver.model.value import TTL_ABSOLUTE, Reference, Value
from resolver.net.virtual import CLIENT, Address
from resolver.rules import proof, replies, session_keys, signing
from resolver.rules.proof import Credentials
from resolver.rules.session_keys import Algorithm, SessionKey
from resolver.wire import peek
from resolver.wire.bodies.administration import RemoveValueRequest, ValuesRequest
from resolver.wire.bodies.authentication import LoginRequest
from resolver.wire.bodies.base import Body, EmptyBody, HandleRequest
from resolver.wire.bodies.session import DIFFIE_HELLMAN, SessionAnswer, SessionSetup
from resolver.wire.buffer import Reader
from resolver.wire.codes import Code, Opcode, OpFlag
from resolver.wire.message import EncryptedMessage, Envelope, Header, Message, encode, read_packet
from resolver.wire.record import pack_record
from resolver.wire.types import hs_admin, hs_site, hs_vlist

NETWORK = "key_bits = 1024\n"
WRITTEN_AT = 1_790_000_000  # what a client says of its values; a node says now
PATIENCE_S = 60.0
WAIT_S_MAX = 100 * 86_400
WRITES = {"create": Opcode.CREATE_HANDLE, "add": Opcode.ADD_VALUE, "modify": Opcode.MODIFY_VALUE}
PLAIN = {
    "delete": Opcode.DELETE_HANDLE,
    "list": Opcode.LIST_HANDLES,
    "home": Opcode.HOME_PREFIX,
    "unhome": Opcode.UNHOME_PREFIX,
}


@cache
def stage() -> Stage:
    """The network of every story, made once a process; its keys are always the same ones, for signatures show."""
    octets = files("biaoshi.stories").joinpath("example.pem").read_bytes()
    return teaching.stage("stories", NETWORK, lambda name: octets, lambda name: b"0123456789abcdef0123456789abcdef")


@dataclass(slots=True)
class Shared:
    """A session with a key of its own: its messages bear a MAC, and are encrypted if that is wanted."""

    session_id: int
    key: SessionKey
    encrypted: bool
    said: int = 0

    def sealed(self, message: Message) -> bytes:
        """The packet of a message in it."""
        self.said += 1
        flags = message.header.flags | OpFlag.CERTIFY | (OpFlag.ENCRYPT if self.encrypted else 0)
        envelope = replace(message.envelope, session_id=self.session_id)
        named = replace(message, envelope=envelope, header=replace(message.header, flags=flags))
        signed = signing.sign_in_session(named, self.key.octets, self.said)
        return encode(session_keys.encrypt(signed, self.key, bytes) if self.encrypted else signed)


class Teller:
    """A story being told."""

    def __init__(self, script: Script) -> None:
        self.script = script
        made = stage()
        self.made: Country = country(made.plan, keys=made.keys, records=made.records)
        self.world = self.made.world
        self.world.watch = self._saw
        self.names = {node.ip: node.name for node in made.plan.nodes}
        self.chance = random.Random(1)
        self.lines: list[str] = []
        self.faults: list[Any] = []
        self._request_id = 0
        self._sessions: dict[str, int] = {}
        self._shared: dict[str, Shared] = {}

    def tell(self) -> list[list[str]]:
        """What is seen below each command. OperatorError for a command that cannot be."""
        seen = []
        for command in self.script.commands:
            self.lines = []
            verb: Callable[..., None] | None = getattr(self, f"_do_{command.verb}", None)
            try:
                if command.verb in WRITES:
                    self._write(WRITES[command.verb], command)
                elif command.verb in PLAIN:
                    self._plain(PLAIN[command.verb], command)
                elif verb is None:
                    raise self.script.refused("no such command", command)
                else:
                    verb(command)
            except BiaoshiError as error:
                if str(self.script.file) in str(error):
                    raise
                raise self.script.refused(str(error), command) from None
            except (IndexError, KeyError, ValueError, TypeError, struct.error) as error:
                raise self.script.refused(f"cannot be understood: {error}", command) from error
            seen.append(self.lines)
        return seen

    def _saw(self, transport: str, source: Address, target: Address, packet: bytes) -> None:
        gone = (
            self._name(target[0]) == target[0]
            or target[0] in self.world.down
            or (target[0] in self.world.deaf and target[1] == 2641)
        )
        here, there = self._name(source[0]), self._name(target[0])
        ways = here, there if target[1] != 3641 else f"{there}:3641"
        self.lines.append(diagram.line(self.world.mono_ns, *ways, transport, packet, self.world.now, gone))

    def _name(self, ip: str) -> str:
        return "client" if ip == CLIENT[0] else self.names.get(ip, ip)

    # -- asking -------------------------------------------------------------------------------------------------

    def _do_ask(self, command: Command) -> None:
        all_words, who, more, connected = self._order(command)
        node, handle, *words = all_words
        bare, options = _options(
            [*words, *more], "type", "index", "depth", "serial", "v", "session", "id", "port", "patience", "expires"
        )
        question = Question(
            handle.encode(),
            indexes=tuple(map(int, _listed(options.get("index")))),
            types=tuple(each.encode() for each in _listed(options.get("type"))),
            public_only="secret" not in bare,
            authoritative="auth" in bare,
            certify="cert" in bare,
            do_not_refer="norefer" in bare,
            recursion_count=int(options.get("depth", 0)),
            identity=_identity(options.get("id")),
        )
        message = replies.request_message(question, self._number(), self.world.now)
        envelope = replace(
            _of_version(message.envelope, options.get("v", "2.11")), session_id=int(options.get("session", 0))
        )
        header = message.header
        if "serial" in options:
            header = replace(header, serial=int(options["serial"]))
        if "expires" in options:
            life = options["expires"]
            header = replace(header, expiration=0 if life == "never" else self.world.now.wall_s + int(life))
        if "norecurse" in bare:
            header = replace(header, flags=header.flags & ~OpFlag.RECURSIVE)
        connection = connected.get("in")
        if connection in self._sessions:
            envelope = replace(envelope, session_id=self._sessions[connection])
        self._speak(
            node,
            replace(message, envelope=envelope, header=header),
            who,
            tcp="tcp" in bare or connection is not None,
            port=int(options.get("port", 2641)),
            connection=connection,
            patience_s=float(options.get("patience", PATIENCE_S)),
        )

    def _do_op(self, command: Command) -> None:
        node, opcode, *words = command.words
        bare, options = _options(words, "flags", "code", "v")
        handles = [word for word in bare if word != "tcp"]
        body: Body = HandleRequest(handles[0].encode()) if handles else EmptyBody()
        message = self._message(int(opcode), body)
        header = replace(
            message.header,
            code=int(options.get("code", 0)),
            flags=int(options.get("flags", f"{message.header.flags:x}"), 16),
        )
        envelope = _of_version(message.envelope, options.get("v"))
        self._exchange(node, replace(message, envelope=envelope, header=header), tcp="tcp" in bare)

    def _do_raw(self, command: Command) -> None:
        node, octets, *bare = command.words
        self._say(node, bytes.fromhex(octets), tcp="tcp" in bare)

    def _exchange(
        self,
        node: str,
        message: Message,
        *,
        tcp: bool = False,
        port: int = 2641,
        connection: str | None = None,
        patience_s: float = PATIENCE_S,
    ) -> Message | None:
        shared = self._shared.get(connection or "")
        packet = encode(message) if shared is None else shared.sealed(message)
        octets = self._say(node, packet, tcp=tcp, port=port, connection=connection, patience_s=patience_s)
        if octets is None:
            return None
        reply = read_packet(Reader(octets))
        if isinstance(reply, EncryptedMessage) and shared is not None:
            reply = session_keys.decrypt(reply, shared.key)
            self.lines.append(f"             {'':44}      in it: {diagram.words_of(reply, self.world.now)}")
        return reply if isinstance(reply, Message) else None

    def _say(
        self,
        node: str,
        packet: bytes,
        *,
        tcp: bool = False,
        port: int = 2641,
        connection: str | None = None,
        patience_s: float = PATIENCE_S,
    ) -> bytes | None:
        return self.world.ask(
            self.made.ip(node), packet, port=port, tcp=tcp, connection=connection, limit_ns=int(patience_s * NS_PER_S)
        )

    def _number(self) -> int:
        self._request_id += 1
        return self._request_id

    def _message(
        self, opcode: int, body: Body, session_id: int = 0, flags: int = int(replies.DEFAULT_FLAGS)
    ) -> Message:
        header = Header(opcode, flags=flags, serial=1, expiration=self.world.now.wall_s + peek.RESPONSE_LIFE_S)
        return Message(Envelope(2, 11, 0, 2, 11, session_id=session_id, request_id=self._number()), header, body)

    # -- administering ------------------------------------------------------------------------------------------

    def _write(self, opcode: Opcode, command: Command) -> None:
        words, who, bare, options = self._order(command)
        node, handle, *values = words
        body = ValuesRequest(handle.encode(), tuple(map(self._value, values)))
        self._administer(node, opcode, body, who, bare, options)

    def _plain(self, opcode: Opcode, command: Command) -> None:
        words, who, bare, options = self._order(command)
        self._administer(words[0], opcode, HandleRequest(words[1].encode()), who, bare, options)

    def _do_remove(self, command: Command) -> None:
        words, who, bare, options = self._order(command)
        body = RemoveValueRequest(words[1].encode(), tuple(map(int, words[2:])))
        self._administer(words[0], Opcode.REMOVE_VALUE, body, who, bare, options)

    def _do_login(self, command: Command) -> None:
        words, who, bare, options = self._order(command)
        assert who is not None
        self._sessions[options["in"]] = 10_001
        body = LoginRequest(who.user.handle, who.user.index)
        self._administer(words[0], Opcode.LOGIN, body, who, bare, options)

    def _do_hangup(self, command: Command) -> None:
        self.world.hang_up(self.made.ip(command.words[0]), command.words[1])
        self._sessions.pop(command.words[1], None)

    def _do_setup(self, command: Command) -> None:
        words, who, bare, options = self._order(command)
        assert who is not None
        own = session_keys.dh_keys(lambda octets: bytes(range(9, 9 + octets)))
        body = SessionSetup(DIFFIE_HELLMAN, 60, who.user, public_key=own.record)
        flags = int(replies.DEFAULT_FLAGS | OpFlag.CERTIFY | OpFlag.REQUEST_DIGEST)
        begun = self._exchange(words[0], self._message(Opcode.SESSION_SETUP, body, flags=flags), tcp=True)
        if begun is not None and isinstance(begun.body, SessionAnswer):
            shared = session_keys.shared_secret(own, begun.body.data[4:])
            key = session_keys.derive(shared, Algorithm.AES)
            self._shared[options["in"]] = Shared(begun.envelope.session_id, key, "encrypted" in bare)

    def _order(self, command: Command) -> tuple[list[str], Credentials | None, set[str], dict[str, str]]:
        """Words before `as`, who, and the options behind."""
        words = list(command.words)
        who = None
        more: list[str] = []
        if "as" in words:
            at = words.index("as")
            named, more, words = words[at + 1], words[at + 2 :], words[:at]
            who = None if named == "nobody" else self._credentials(named)
        bare, options = _options(more, "in")
        return words, who, bare, options

    def _administer(
        self,
        node: str,
        opcode: Opcode,
        body: Body,
        who: Credentials | None,
        bare: set[str],
        options: dict[str, str],
    ) -> None:
        connection = options.get("in")
        session_id = self._sessions.get(connection or "", 0)
        flags = int(replies.DEFAULT_FLAGS)
        for word, flag in (("overwrite", OpFlag.OVERWRITE), ("mint", OpFlag.MINT_SUFFIX), ("cert", OpFlag.CERTIFY)):
            if word in bare:
                flags |= flag
        tcp = "udp" not in bare
        message = self._message(opcode, body, session_id, flags)
        self._speak(node, message, who, tcp=tcp, connection=connection)

    def _speak(self, node: str, message: Message, who: Credentials | None, **how: Any) -> None:
        """Say it, and prove who says so if that is demanded."""
        reply = self._exchange(node, message, **how)
        if reply is None or reply.header.code != Code.AUTHENTICATION_NEEDED or who is None:
            return
        answer = proof.answer(proof.demand_of(reply), who, bytes(range(16)))
        response = self._message(Opcode.CHALLENGE_ANSWER, answer, reply.envelope.session_id)
        self._exchange(node, response, **how)

    def _credentials(self, word: str) -> Credentials:
        prefix, _, kind = word.rpartition(":")
        handle = b"0.NA/" + prefix.encode()
        folder = stage().keys
        if kind == "secret":
            secret = administrator_secret(folder, prefix.encode())
            assert secret is not None
            return Credentials(Reference(handle, 301), secret)
        if kind == "wrong":
            return Credentials(Reference(handle, 301), b"wrong")
        key = administrator_key(folder, prefix.encode())
        assert key is not None
        return Credentials(Reference(handle, int(kind) if kind.isdigit() else 300), key)

    def _value(self, word: str) -> Value:
        """`1:URL:https://…;ttl=60`."""
        head, *settings = word.split(";")
        index, kind, data = head.split(":", 2)
        more: dict[str, Any] = {"timestamp": WRITTEN_AT}
        for setting in settings:
            name, _, told = setting.partition("=")
            if name == "ttl":
                more["ttl"] = int(told)
            elif name == "perm":
                more["permissions"] = int(told, 2)
            elif name == "at":
                more |= {"ttl": self.world.now.wall_s + int(told), "ttl_type": TTL_ABSOLUTE}
            else:
                raise ValueError(f"no setting {name}")
        return Value(int(index), kind.encode(), _data(data, self.made.ip), **more)

    # -- what is done to the network ----------------------------------------------------------------------------

    def _do_put(self, command: Command) -> None:
        name, handle, *values = command.words
        key = fold(normal_form(handle.encode()))
        self.made.stores[name].commit([(key, pack_record(tuple(map(self._value, values))))])
        self._forget(name)

    def _do_drop(self, command: Command) -> None:
        name, handle = command.words
        self.made.stores[name].commit([(fold(normal_form(handle.encode())), None)])
        self._forget(name)

    def _forget(self, name: str) -> None:
        """Who writes into a node's store from outside tells it so."""
        node = self.made.nodes[name]
        if isinstance(node, AuthorityNode):
            node.packets.clear()

    def _do_kill(self, command: Command) -> None:
        self.made.kill(command.words[0])

    def _do_stop(self, command: Command) -> None:
        self.made.stop(command.words[0])

    def _do_start(self, command: Command) -> None:
        self.made.start(command.words[0])

    def _do_wait(self, command: Command) -> None:
        seconds = float(command.words[0])
        if not 0 <= seconds <= WAIT_S_MAX:
            raise ValueError(f"from 0 to {WAIT_S_MAX} s")
        self.world.run(int(seconds * NS_PER_S))

    def _do_fault(self, command: Command) -> None:
        kind, *words = command.words
        bare, options = _options(words, "from", "to", "share", "ms", "jitter_ms", "octets_per_s", "seed")
        written: dict[str, Any] = {"kind": kind, **options, **({"one_way": True} if "one_way" in bare else {})}
        self.faults.append(read_fault(written, self.made.plan))
        self.made.go_wrong(tuple(self.faults))

    def _do_clear(self, command: Command) -> None:
        self.faults.clear()
        self.made.go_wrong(())

    def _do_set(self, command: Command) -> None:
        name, *words = command.words
        node = self.made.nodes[name]
        if not isinstance(node, RecursiveNode):
            raise TypeError("only a recursive node has these settings")
        answers = node.answers
        for word in words:
            what, _, told = word.partition("=")
            if what == "stale":
                answers.stale_s = int(told)
            elif what == "prefetch":
                answers.prefetch_share = float(told)
            elif what == "failures":
                answers.failure_ttl_s = int(told)
            elif what == "in_flight":
                node.seeker.in_flight_max = int(told)
            else:
                raise ValueError(f"no setting {what}")


def first_difference(script: Script, seen: Sequence[Sequence[str]]) -> str:
    """The first line of a story that is not as it is written; empty if there is none."""
    for command, expected, found in zip(script.commands, script.seen, seen, strict=True):
        if list(expected) != list(found):
            for at in range(max(len(expected), len(found))):
                here = expected[at] if at < len(expected) else "(nothing)"
                there = found[at] if at < len(found) else "(nothing)"
                if here != there:
                    return f"  > {command.text}\n  written {here}\n  seen    {there}"
    return ""


def _options(words: list[str], *known: str) -> tuple[set[str], dict[str, str]]:
    """Bare words, and those with a value. ValueError for an option that is not known."""
    bare, options = set(), {}
    for word in words:
        name, equals, value = word.partition("=")
        if equals:
            if name not in known:
                raise ValueError(f"no option {name}")
            options[name] = value
        else:
            bare.add(word)
    return bare, options


def _of_version(envelope: Envelope, text: str | None) -> Envelope:
    """`2.3`: of that version; `2.3-2.1`: and suggesting another."""
    if text is None:
        return envelope
    version, _, suggested = text.partition("-")
    major, minor = map(int, version.split("."))
    envelope = replace(envelope, major=major, minor=minor)
    if suggested:
        major, minor = map(int, suggested.split("."))
        envelope = replace(envelope, suggested_major=major, suggested_minor=minor)
    return envelope


def _listed(text: str | None) -> list[str]:
    return text.split(",") if text else []


def _identity(text: str | None) -> bytes:
    return b"" if text is None else len(text.encode()).to_bytes(4, "big") + text.encode()


def _data(text: str, ip_of: Callable[[str], str]) -> bytes:
    kind, _, rest = text.partition(":")
    if kind == "hex":
        return bytes.fromhex(rest)
    if kind == "admin":
        rights, index, handle = rest.split(":", 2)
        return hs_admin.encode(hs_admin.HsAdmin(int(rights, 2), handle.encode(), int(index)))
    if kind == "list":
        members = [each.split(":", 1) for each in rest.split(",")]
        return hs_vlist.encode(tuple(Reference(handle.encode(), int(index)) for index, handle in members))
    if kind == "site":
        interfaces = (Interface(3, Protocol.UDP, 2641), Interface(3, Protocol.TCP, 2641))
        ips = [ip_of(word[1:]) if word.startswith("@") else word for word in rest.split(",")]
        servers = tuple(Server(number, address_octets(ip), interfaces) for number, ip in enumerate(ips, 1))
        return hs_site.encode(Site(servers, mask=PRIMARY))
    if kind == "ref":
        return rest.encode()
    return text.encode()
