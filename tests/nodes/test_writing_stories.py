"""Writing over the protocol in whole networks in virtual time: challenges, sessions, keys looked up at other nodes."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from pathlib import Path

import pytest
from office import answer, request
from playbook import TEACHING, Country, country

from nodes.authority import AuthorityNode, build
from nodes.config import load_network
from nodes.keyring import administrator_key, administrator_secret, make_keys
from nodes.parts import Parts
from nodes.registry import prepare
from resolver.model.value import Reference, Value
from resolver.rules.proof import Credentials
from resolver.stores.memory import MemoryStore
from resolver.wire.bodies.administration import ValuesRequest
from resolver.wire.bodies.base import HandleRequest
from resolver.wire.bodies.resolution import ResolutionAnswer, ResolutionRequest
from resolver.wire.codes import Code, Opcode
from resolver.wire.message import Message, decode, encode
from resolver.wire.record import pack_record, unpack_record
from resolver.wire.types import hs_admin
from resolver.wire.types.hs_admin import HsAdmin

PREFIX, HOME = b"88.118.8", "enterprise-88.118.8"
ITEM = b"88.118.8/made-here"
URL = Value(1, b"URL", b"https://example.invalid/made")
OWNER = Value(100, b"HS_ADMIN", hs_admin.encode(HsAdmin(0xFFF, b"0.NA/88.118.8", 200)))


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A network file whose keys take no time to make, and the folder of its keys."""
    folder = tmp_path_factory.mktemp("keys")
    file = folder / "teaching.toml"
    text = TEACHING.read_text(encoding="utf-8").replace('"catalogues/', f'"{TEACHING.parent}/catalogues/')
    file.write_text("key_bits = 1024\n" + text, encoding="utf-8")
    make_keys(load_network(file), folder / ".keys")
    return file, folder / ".keys"


@pytest.fixture
def made(keys: tuple[Path, Path]) -> Country:
    return country(load_network(keys[0], keys=keys[1]), keys=keys[1])


def by_key(keys: tuple[Path, Path], prefix: bytes = PREFIX) -> Credentials:
    key = administrator_key(keys[1], prefix)
    assert key is not None
    return Credentials(Reference(b"0.NA/" + prefix, 300), key)


def by_secret(keys: tuple[Path, Path], prefix: bytes = PREFIX) -> Credentials:
    secret = administrator_secret(keys[1], prefix)
    assert secret is not None
    return Credentials(Reference(b"0.NA/" + prefix, 301), secret)


def ask(made: Country, name: str, message: Message, *, tcp: bool = True, connection: Hashable = None) -> Message:
    now = made.world.now
    message = replace(message, header=replace(message.header, expiration=now.wall_s + 43_200))
    packet = message.octets or encode(message)
    reply = made.world.ask(made.ip(name), packet, tcp=tcp, connection=connection)
    assert reply is not None, "silence"
    return decode(reply)


def prove(made: Country, name: str, message: Message, who: Credentials, *, tcp: bool = True) -> Message:
    challenge = ask(made, name, message, tcp=tcp)
    assert challenge.header.code == Code.AUTHENTICATION_NEEDED, challenge
    return ask(made, name, answer(challenge, who), tcp=tcp)


def create(*values: Value) -> Message:
    return request(Opcode.CREATE_HANDLE, ValuesRequest(ITEM, values or (URL, OWNER)))


def read(made: Country, name: str = HOME) -> Message:
    return ask(made, name, request(Opcode.RESOLUTION, ResolutionRequest(ITEM)), tcp=False)


@pytest.mark.parametrize("tcp", [True, False], ids=["tcp", "udp"])
@pytest.mark.parametrize("credentials", [by_key, by_secret])
def test_who_administers_a_prefix_creates_below_it(made: Country, keys: tuple[Path, Path], credentials, tcp) -> None:  # type: ignore[no-untyped-def]
    assert read(made).header.code == Code.HANDLE_NOT_FOUND
    reply = prove(made, HOME, create(), credentials(keys), tcp=tcp)
    assert (reply.header.opcode, reply.header.code) == (Opcode.CREATE_HANDLE, Code.SUCCESS), reply
    assert reply.envelope.session_id == 0
    there = read(made)
    assert isinstance(there.body, ResolutionAnswer)
    assert [value.index for value in there.body.values] == [1, 100]
    reply = prove(made, HOME, request(Opcode.DELETE_HANDLE, HandleRequest(ITEM)), credentials(keys), tcp=tcp)
    assert reply.header.code == Code.SUCCESS
    assert read(made).header.code == Code.HANDLE_NOT_FOUND


def test_homing_lasts_and_so_does_what_was_written_into_a_prefix_record(keys: tuple[Path, Path]) -> None:
    plan = load_network(keys[0], keys=keys[1])
    made = country(plan, keys=keys[1])
    node, other = made.nodes[HOME], b"0.NA/88.118.9"
    assert isinstance(node, AuthorityNode)
    foreign = request(Opcode.RESOLUTION, ResolutionRequest(b"88.118.9/x"))
    assert ask(made, HOME, foreign, tcp=False).header.code == Code.SERVER_NOT_RESP
    home = request(Opcode.HOME_PREFIX, HandleRequest(other))
    assert prove(made, HOME, home, by_key(keys, b"88.118")).header.code == Code.INVALID_ADMIN
    assert prove(made, HOME, home, by_key(keys)).header.code == Code.SUCCESS
    assert ask(made, HOME, foreign, tcp=False).header.code == Code.HANDLE_NOT_FOUND
    own = request(Opcode.UNHOME_PREFIX, HandleRequest(b"0.NA/88.118.8"))
    assert prove(made, HOME, own, by_secret(keys)).header.code == Code.SUCCESS
    parts = Parts(plan.node(HOME), node.store, lambda octets: bytes(octets), {})
    again = build(parts)
    assert again.standing.homed == {other}
    assert again.standing.homed == node.standing.homed


def test_a_prefix_record_keeps_what_was_written_when_the_network_starts_again(
    keys: tuple[Path, Path], tmp_path: Path
) -> None:
    plan = load_network(keys[0], keys=keys[1])
    node, store = plan.node("secondary-88.118"), MemoryStore()
    prepare(node, store, keys[0])
    handle = b"0.NA/88.118.8"
    values = {value.index: value for value in unpack_record(store.get(handle) or b"")}
    written = Value(302, b"HS_PUBKEY", values[300].data, timestamp=1_795_000_000)
    locked = replace(values[100], data=OWNER.data + b"", ttl=5, timestamp=1_795_000_000)
    store.commit([(handle, pack_record([*({**values, 100: locked}).values(), written]))])
    store.commit([(b"0.NA/88.118.9", None)])
    prepare(node, store, keys[0])
    assert store.get(b"0.NA/88.118.9") is None  # deleted over the protocol
    moved = load_network(keys[0], keys=keys[1], second_octet=87).node("secondary-88.118")
    prepare(moved, store, keys[0])
    after = {value.index: value for value in unpack_record(store.get(handle) or b"")}
    assert after[302] == written and after[100] == locked
    assert after[1] == dict(moved.delegations)[handle][0] != values[1]
