"""Writing over the protocol in whole networks in virtual time: challenges, sessions, keys looked up at other nodes."""

from __future__ import annotations

import random
from collections.abc import Hashable
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from office import answer, request
from playbook import TEACHING, Country, country, small_nation

from nodes.authority import AuthorityNode, build
from nodes.config import load_network
from nodes.keyring import EVERYBODY, administrator_key, administrator_secret, make_keys
from nodes.limits import Limited
from nodes.parts import Parts
from nodes.registry import prepare
from resolver.model.now import NS_PER_S
from resolver.model.value import Reference, Value
from resolver.rules import session_keys, signing
from resolver.rules.proof import Credentials
from resolver.rules.session_keys import Algorithm
from resolver.rules.signing import Verdict
from resolver.stores.memory import MemoryStore
from resolver.wire.bodies.administration import HandleList, ValuesRequest
from resolver.wire.bodies.authentication import LoginRequest
from resolver.wire.bodies.base import HandleRequest
from resolver.wire.bodies.resolution import ResolutionAnswer, ResolutionRequest
from resolver.wire.bodies.session import DIFFIE_HELLMAN, SessionAnswer, SessionSetup
from resolver.wire.bodies.siteinfo import SiteInfoAnswer
from resolver.wire.buffer import Reader
from resolver.wire.codes import Code, Opcode, OpFlag
from resolver.wire.message import Credential, EncryptedMessage, Message, decode, encode, read_packet
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


def test_the_next_proof_by_secret_costs_one_question(made: Country, keys: tuple[Path, Path]) -> None:
    who, above = by_secret(keys), ("root-1", "national-88", "secondary-88.118")
    assert prove(made, HOME, another(b"first"), who).header.code == Code.SUCCESS
    before = made.requests()
    assert prove(made, HOME, another(b"second"), who).header.code == Code.SUCCESS
    assert [made.requests()[name] - before[name] for name in above] == [0, 0, 1]
    wrong = Credentials(who.user, b"a guess")
    assert prove(made, HOME, another(b"third"), wrong).header.code == Code.AUTHENTICATION_FAILED
    made.world.run(61 * NS_PER_S)
    assert prove(made, HOME, another(b"third"), who).header.code == Code.SUCCESS
    assert made.requests()["root-1"] > before["root-1"]


# -- sessions, lists, logins --------------------------------------------------------------------------------------


def test_a_list_longer_than_a_message_comes_in_several_over_udp_and_tcp(made: Country, keys: tuple[Path, Path]) -> None:
    listed = request(Opcode.LIST_HANDLES, HandleRequest(b"0.NA/88.118.8"))
    for tcp in (True, False):
        challenge = ask(made, HOME, listed, tcp=tcp)
        asked = encode(answer(challenge, by_key(keys)))
        parts = [decode(part) for part in made.world.replies(made.ip(HOME), asked, tcp=tcp)]
        names = [name for part in parts if isinstance(part.body, HandleList) for name in part.body.handles]
        assert len(parts) > 1 and len(names) == len(set(names)) == 249
        assert [bool(part.header.flags & OpFlag.CONTINUED) for part in parts] == [True] * (len(parts) - 1) + [False]


def test_the_sdks_login_is_good_on_its_connection_until_that_is_closed(made: Country, keys: tuple[Path, Path]) -> None:
    who = by_key(keys)
    site = request(Opcode.GET_SITE_INFO, HandleRequest(b"/"), session_id=10_001)
    assert ask(made, HOME, site, connection="one").header.code == Code.SUCCESS
    login = request(
        Opcode.LOGIN, LoginRequest(who.user.handle, 300), OpFlag.REQUEST_DIGEST, session_id=10_001, public_only=False
    )
    challenge = ask(made, HOME, login, connection="one")
    assert challenge.header.code == Code.AUTHENTICATION_NEEDED
    done = ask(made, HOME, answer(challenge, who), connection="one")
    assert (done.header.opcode, done.header.code, done.envelope.session_id) == (Opcode.LOGIN, Code.SUCCESS, 10_001)
    named = replace(create(), envelope=replace(create().envelope, session_id=10_001))
    assert ask(made, HOME, named, connection="other").header.code == Code.SESSION_TIMEOUT
    assert ask(made, HOME, named, connection="one").header.code == Code.SUCCESS
    assert ask(made, HOME, named, connection="one").header.code == Code.HANDLE_ALREADY_EXISTS
    made.world.hang_up(made.ip(HOME), "one")
    assert ask(made, HOME, named, connection="one").header.code == Code.SESSION_TIMEOUT


# -- limits and the audit -----------------------------------------------------------------------------------------


def node_with(keys: tuple[Path, Path], **limits: int) -> tuple[Country, list[dict[str, object]]]:
    """The country with limits at the enterprise node, and what that writes into its audit."""
    made = country(load_network(keys[0], keys=keys[1]), keys=keys[1])
    plan, old, audited = made.plan.node(HOME), made.nodes[HOME], []
    assert isinstance(old, AuthorityNode)
    plan = replace(plan, limits=replace(plan.limits, **limits))
    parts = Parts(plan, old.store, random.Random(1).randbytes, {}, old.key, audit=audited.append)
    made.nodes[HOME] = build(parts)
    made.world.attach(plan.ip, made.nodes[HOME], (plan.port,))
    return made, audited


def another(suffix: bytes, session_id: int = 0) -> Message:
    return request(Opcode.CREATE_HANDLE, ValuesRequest(b"88.118.8/" + suffix, (URL,)), session_id=session_id)


def test_when_the_days_registrations_are_used_up_each_client_is_told_in_words_it_knows(
    keys: tuple[Path, Path],
) -> None:
    made, _ = node_with(keys, registrations_per_day=2)
    who = by_secret(keys)
    login = request(Opcode.LOGIN, LoginRequest(who.user.handle, 301), OpFlag.REQUEST_DIGEST, session_id=10_001)
    ask(made, HOME, answer(ask(made, HOME, login, connection="sdk"), who), connection="sdk")
    codes = [prove(made, HOME, another(b"%d" % n), who).header.code for n in range(3)]
    assert codes == [Code.SUCCESS, Code.SUCCESS, Code.SERVER_TOO_BUSY]
    over = ask(made, HOME, another(b"3", 10_001), connection="sdk")
    assert over.header.code == Code.REGISTER_COUNT_LIMIT
    assert made.nodes[HOME].counters.dropped["registrations"] == 2
    made.world.run(86_400 * NS_PER_S)
    assert prove(made, HOME, another(b"4"), who).header.code == Code.SUCCESS


def test_who_fails_too_often_is_not_heard_for_a_minute(keys: tuple[Path, Path]) -> None:
    made, _ = node_with(keys, failed_authentications_per_minute=3)
    wrong = Credentials(by_secret(keys).user, b"a guess")
    codes = [prove(made, HOME, create(), wrong).header.code for _ in range(5)]
    assert codes == [Code.AUTHENTICATION_FAILED] * 3 + [Code.SERVER_TOO_BUSY] * 2
    assert made.nodes[HOME].counters.dropped["failed authentications"] == 2
    assert read(made).header.code == Code.HANDLE_NOT_FOUND
    made.world.run(60 * NS_PER_S)
    assert prove(made, HOME, create(), by_secret(keys)).header.code == Code.SUCCESS


def test_the_audit_tells_who_wrote_what_and_who_failed_but_no_secret(keys: tuple[Path, Path]) -> None:
    made, audited = node_with(keys)
    prove(made, HOME, create(), Credentials(by_secret(keys).user, b"a guess"))
    prove(made, HOME, create(), by_secret(keys))
    read(made)
    prove(made, HOME, request(Opcode.DELETE_HANDLE, HandleRequest(ITEM)), by_key(keys))
    told = [(line["opcode"], line["user"], line["code"], line["wrote"]) for line in audited]
    assert told == [
        ("CREATE_HANDLE", None, "AUTHENTICATION_FAILED", False),
        ("CREATE_HANDLE", "301:0.NA/88.118.8", "SUCCESS", True),
        ("DELETE_HANDLE", "300:0.NA/88.118.8", "SUCCESS", True),
    ]
    assert {line["handle"] for line in audited} == {"88.118.8/made-here"}
    assert by_secret(keys).key.decode() not in repr(audited)  # type: ignore[union-attr]


def test_a_days_requests_end_for_caches_hits_too(made: Country) -> None:
    node = made.nodes[HOME]
    made.world.attach(made.ip(HOME), Limited(node, node, 3))
    plain = request(Opcode.RESOLUTION, ResolutionRequest(b"88.118.8/JXDY2106023"))
    sdk = request(Opcode.RESOLUTION, ResolutionRequest(b"88.118.8/JXDY2106023", tail=bytes(4)))
    codes = [ask(made, HOME, each, tcp=False).header.code for each in (plain, plain, sdk, plain, sdk)]
    assert codes == [1, 1, 1, Code.SERVER_TOO_BUSY, Code.REQUEST_LIMIT_DAILY]
    assert node.counters.dropped["daily requests"] == 2


# -- what was remembered ------------------------------------------------------------------------------------------


def test_a_registration_ends_what_was_remembered_of_its_absence_and_nothing_else(
    made: Country, keys: tuple[Path, Path]
) -> None:
    node, who = made.nodes[HOME], by_secret(keys)
    other = request(Opcode.RESOLUTION, ResolutionRequest(b"88.118.8/JXDY2106023"))
    for _ in range(2):
        ask(made, HOME, other, tcp=False)
    assert prove(made, HOME, another(b"fresh"), who).header.code == Code.SUCCESS
    assert len(node.packets.entries) == 1
    assert [read(made).header.code for _ in range(2)] == [Code.HANDLE_NOT_FOUND] * 2
    assert len(node.packets.entries) == 2
    assert prove(made, HOME, create(), who).header.code == Code.SUCCESS
    assert [read(made).header.code for _ in range(2)] == [Code.SUCCESS] * 2
    replaced = replace(URL, data=b"https://example.invalid/other")
    assert prove(made, HOME, request(Opcode.MODIFY_VALUE, ValuesRequest(ITEM, (replaced,))), who).header.code == 1
    body = read(made).body
    assert isinstance(body, ResolutionAnswer) and body.values[0].data == replaced.data


@pytest.mark.parametrize("encrypted", [False, True], ids=["in the clear", "encrypted"])
def test_in_a_session_its_user_proves_once_and_every_message_is_sealed(
    made: Country, keys: tuple[Path, Path], encrypted: bool
) -> None:
    who = by_key(keys)
    own = session_keys.dh_keys(lambda octets: bytes(range(9, 9 + octets)))
    setup = SessionSetup(DIFFIE_HELLMAN, 60, who.user, public_key=own.record)
    begun = ask(made, HOME, request(Opcode.SESSION_SETUP, setup, OpFlag.CERTIFY, OpFlag.REQUEST_DIGEST))
    assert isinstance(begun.body, SessionAnswer) and isinstance(begun.credential, Credential)
    key = session_keys.derive(session_keys.shared_secret(own, begun.body.data[4:]), Algorithm.AES)
    counter = count(1)

    def say(message: Message) -> Message:
        flags = message.header.flags | OpFlag.CERTIFY | (OpFlag.ENCRYPT if encrypted else 0)
        header = replace(message.header, flags=flags, expiration=made.world.now.wall_s + 60)
        envelope = replace(message.envelope, session_id=begun.envelope.session_id)
        sealed = signing.sign_in_session(
            replace(message, envelope=envelope, header=header, octets=b""), key.octets, next(counter)
        )
        packet = encode(session_keys.encrypt(sealed, key, lambda octets: bytes(octets)) if encrypted else sealed)
        answered = made.world.ask(made.ip(HOME), packet, tcp=True)
        assert answered is not None
        read = read_packet(Reader(answered))
        assert isinstance(read, EncryptedMessage) is encrypted
        reply = session_keys.decrypt(read, key) if isinstance(read, EncryptedMessage) else decode(answered)
        assert reply.header.code == Code.AUTHENTICATION_NEEDED or (
            signing.verify_in_session(reply, key.octets) is Verdict.GENUINE
        )
        return reply

    challenge = say(create())
    assert challenge.header.code == Code.AUTHENTICATION_NEEDED
    assert challenge.envelope.session_id == begun.envelope.session_id
    assert say(answer(challenge, who)).header.code == Code.SUCCESS
    assert say(request(Opcode.DELETE_HANDLE, HandleRequest(ITEM))).header.code == Code.SUCCESS
    info = say(request(Opcode.GET_SITE_INFO, HandleRequest(b"/")))
    assert isinstance(info.body, SiteInfoAnswer)


# -- a nation -----------------------------------------------------------------------------------------------------


def test_in_a_nation_one_key_writes_under_every_prefix_hosted_ones_too(tmp_path: Path) -> None:
    file, folder = small_nation(tmp_path), tmp_path / ".keys"
    first = load_network(file)
    assert first.administrators == (EVERYBODY,)
    make_keys(first, folder)
    nation = country(load_network(file, keys=folder), keys=folder)
    secondary = next(node for node in nation.plan.nodes if node.tier == "secondary" and len(node.prefixes) > 1)
    hosted = secondary.prefixes[1]
    key = administrator_key(folder, hosted)
    assert key is not None and hosted.count(b".") == 2
    who = Credentials(Reference(b"0.NA/" + hosted, 300), key)
    made = request(Opcode.CREATE_HANDLE, ValuesRequest(hosted + b"/made", (URL,)))
    assert prove(nation, secondary.name, made, who).header.code == Code.SUCCESS
