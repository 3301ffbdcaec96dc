"""Sessions: set up in every mode and version, MACs, counters, proof within them, encryption, and their end."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from office import OWNER, PREFIX, RSA, SECRET_OWNER, Office, admin, answer, claim, entropy, request, told

from resolver.errors import PeerError
from resolver.model.now import Now
from resolver.model.value import Reference, Value
from resolver.rules import keys, replies, session_keys, signing
from resolver.rules.desk import ID_LEAST, ID_MOST
from resolver.rules.proof import Credentials
from resolver.rules.session_keys import OAKLEY_2, Algorithm, DhKeys, SessionKey
from resolver.rules.session_setup import opened
from resolver.rules.sessions import LIFE_S, Session, Sessions
from resolver.rules.signing import Verdict
from resolver.wire.bodies import (
    EmptyBody,
    HandleRequest,
    KeyExchange,
    ResolutionAnswer,
    ResolutionRequest,
    SessionAnswer,
    SessionSetup,
    ValuesRequest,
)
from resolver.wire.bodies.session import CLIENT_KEY, DIFFIE_HELLMAN, KEY_BY_HANDLE, NOBODY, SERVER_KEY
from resolver.wire.buffer import Reader
from resolver.wire.codes import Opcode, OpFlag
from resolver.wire.message import EncryptedMessage, Envelope, Message, decode, encode, read_packet
from resolver.wire.types import hs_pubkey

ITEM = b"88.1/item"
URL = Value(1, b"URL", b"https://example.invalid/1")
HIDDEN = Value(2, b"DESC", b"hidden", permissions=0x0C)
SERVER_RSA = keys.generate("rsa", 1_024)  # short, for speed
DEAD = (500, b"Invalid session id or session time out. Please try again.")
VERSIONS = [(2, 1), (2, 2), (2, 3), (2, 4), (2, 5), (2, 6), (2, 7), (2, 10), (2, 11)]


def office(**more: object) -> Office:
    return Office({ITEM: (URL, HIDDEN, admin(0xFFF), admin(0xFFF, index=301, at=101))}, **more)  # type: ignore[arg-type]


@dataclass
class Client:
    """A client in a session: what it sends is signed with its own counter."""

    office: Office
    session_id: int
    key: SessionKey
    version: tuple[int, int] = (2, 11)
    counter: int = 0

    def message(self, opcode: int, body: object, *flags: OpFlag, counter: int | None = None, **more: object) -> Message:
        self.counter += 1
        made = request(opcode, body, *flags, version=self.version, session_id=self.session_id, **more)  # type: ignore[arg-type]
        signed = signing.sign_in_session(made, self.key.octets, self.counter if counter is None else counter)
        return decode(encode(signed))

    def modify(self, data: bytes, *flags: OpFlag, counter: int | None = None) -> Message:
        return self.message(
            Opcode.MODIFY_VALUE, ValuesRequest(ITEM, (replace(URL, data=data),)), *flags, counter=counter
        )

    def prove(self, who: Credentials = OWNER) -> Message:
        """Ask for something that needs proof, and give it."""
        return self.office.prove(self.modify(b"proven"), who)


def set_up(there: Office, body: SessionSetup, version: tuple[int, int] = (2, 11)) -> Message:
    return there.ask(request(Opcode.SESSION_SETUP, body, OpFlag.CERTIFY, OpFlag.REQUEST_DIGEST, version=version))


def dh_client(
    there: Office, identity: Reference = OWNER.user, *, version: tuple[int, int] = (2, 11), timeout_s: int = 0
) -> Client:
    own = session_keys.dh_keys(entropy())
    reply = set_up(there, SessionSetup(DIFFIE_HELLMAN, timeout_s, identity, own.record), version)
    assert reply.header.code == 1 and isinstance(reply.body, SessionAnswer)
    record, algorithm = reply.body.data, Algorithm.DES
    if version >= (2, 4):
        algorithm, record = Algorithm(int.from_bytes(record[:4], "big")), record[4:]
    key = session_keys.derive(session_keys.shared_secret(own, record), algorithm)
    return Client(there, reply.envelope.session_id, key, version)


def client_of(there: Office, mode: int, version: tuple[int, int]) -> Client:
    """A client in a session set up in any mode."""
    if mode == DIFFIE_HELLMAN:
        return dh_client(there, version=version)
    bodies = {
        CLIENT_KEY: SessionSetup(CLIENT_KEY, 0, OWNER.user, keys.record_of(RSA)),
        SERVER_KEY: SessionSetup(SERVER_KEY, 0, OWNER.user),
        KEY_BY_HANDLE: SessionSetup(KEY_BY_HANDLE, 0, OWNER.user, key_reference=OWNER.user),
    }
    reply = set_up(there, bodies[mode], version)
    assert isinstance(reply.body, SessionAnswer) and reply.body.mode == mode
    session_id = reply.envelope.session_id
    if mode != SERVER_KEY:
        return Client(there, session_id, session_keys.unwrap(reply.body.data, RSA, version), version)
    key = session_keys.new_key(entropy(), Algorithm.AES if version >= (2, 2) else Algorithm.DES)
    wrapped = session_keys.wrap(key, keys.public_key(reply.body.data), version)
    sent = there.ask(request(Opcode.SESSION_EXCHANGE_KEY, KeyExchange(wrapped), version=version, session_id=session_id))
    assert (sent.header.code, sent.body) == (1, EmptyBody())
    return Client(there, session_id, key, version)


# -- set-up -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("mode", [CLIENT_KEY, SERVER_KEY, KEY_BY_HANDLE, DIFFIE_HELLMAN])
def test_a_session_is_set_up_proven_and_used_in_every_mode_and_version(mode: int, version: tuple[int, int]) -> None:
    there = office(key=SERVER_RSA)
    client = client_of(there, mode, version)
    assert ID_LEAST <= client.session_id <= ID_MOST
    challenge = there.ask(client.modify(b"y"))
    assert (challenge.header.code, challenge.envelope.session_id) == (402, client.session_id)
    reply = there.ask(answer(challenge, OWNER))
    assert (reply.header.code, reply.envelope.session_id) == (1, client.session_id)
    again = there.ask(client.modify(b"z"))
    assert (again.header.code, again.envelope.session_id) == (1, client.session_id)


def test_a_set_up_is_signed_with_the_servers_key_and_carries_the_digest() -> None:
    there = office(key=SERVER_RSA)
    own = session_keys.dh_keys(entropy())
    reply = set_up(there, SessionSetup(DIFFIE_HELLMAN, 86_400, OWNER.user, own.record))
    assert reply.header.flags == 0xD9800000
    assert reply.digest is not None and reply.digest.algorithm == 3
    assert signing.verify(reply, SERVER_RSA.public_key()) is Verdict.GENUINE  # type: ignore[arg-type]
    assert isinstance(reply.body, SessionAnswer) and reply.body.tail == bytes(2)
    key = hs_pubkey.decode(reply.body.data[4:])
    assert isinstance(key, hs_pubkey.PublicKey)
    assert (key.number("p"), key.number("g")) == (OAKLEY_2, 2)


def small_group() -> bytes:
    return DhKeys(p=(1 << 521) - 1, g=3, y=5, x=1).record


@pytest.mark.parametrize(
    "body",
    [
        SessionSetup(0, 0),
        SessionSetup(5, 0),
        SessionSetup(DIFFIE_HELLMAN, 0, public_key=b""),
        SessionSetup(DIFFIE_HELLMAN, 0, public_key=b"no key"),
        SessionSetup(DIFFIE_HELLMAN, 0, public_key=small_group()),
        SessionSetup(DIFFIE_HELLMAN, 0, public_key=DhKeys(OAKLEY_2, 2, 1, 1).record),
        SessionSetup(CLIENT_KEY, 0, public_key=b"no key"),
        SessionSetup(CLIENT_KEY, 0, public_key=keys.record_of(keys.generate("ed25519"))),
        SessionSetup(KEY_BY_HANDLE, 0, key_reference=Reference(PREFIX, 301)),
        SessionSetup(KEY_BY_HANDLE, 0, key_reference=Reference(b"88.1/nobody", 300)),
        SessionSetup(KEY_BY_HANDLE, 0, key_reference=Reference(b"99.1/silent", 300)),
        SessionSetup(SERVER_KEY, 0),
    ],
)
def test_a_set_up_that_fails_is_501_and_leaves_no_session(body: SessionSetup) -> None:
    there = office()
    there.silent.add(b"99.1/silent")
    code, words = told(set_up(there, body))
    assert code == 501 and words
    assert len(there.desk.sessions) == 0


def test_a_key_exchange_is_for_sessions_that_wait_for_one() -> None:
    there = office(key=SERVER_RSA)
    waiting = set_up(there, SessionSetup(SERVER_KEY, 0)).envelope.session_id

    def exchange(session_id: int, key: bytes | None) -> tuple[int, bytes]:
        return told(there.ask(request(Opcode.SESSION_EXCHANGE_KEY, KeyExchange(key), session_id=session_id)))

    assert exchange(4_711, b"x") == DEAD
    assert exchange(0, b"x") == DEAD
    assert exchange(waiting, b"x" * 128)[0] == 501
    assert exchange(waiting, None)[0] == 501
    early = request(Opcode.MODIFY_VALUE, ValuesRequest(ITEM, (URL,)), OpFlag.CERTIFY, session_id=waiting)
    ruling = there.decide(signing.sign_in_session(early, b"x", 1))
    (response,) = ruling.responses
    assert response.header.code == 502
    signed = decode(there.desk.packet_of(response, ruling.session))
    assert signing.verify(signed, SERVER_RSA.public_key()) is Verdict.GENUINE  # type: ignore[arg-type]
    session = dh_client(there).session_id
    assert (
        exchange(session, session_keys.wrap(SessionKey(Algorithm.AES, b"k" * 32), SERVER_RSA.public_key(), (2, 11)))[0]
        == 501
    )  # type: ignore[arg-type]


# -- MACs and counters --------------------------------------------------------------------------------------------


def test_without_mac_404_with_another_502_repeated_505() -> None:
    there = office()
    client = dh_client(there)
    client.prove()
    before = there.values(ITEM)
    bare = request(Opcode.MODIFY_VALUE, ValuesRequest(ITEM, (replace(URL, data=b"y"),)), session_id=client.session_id)
    assert told(there.ask(bare)) == (404, b"Session request missing MAC code.")
    forged = Client(there, client.session_id, SessionKey(Algorithm.AES, b"k" * 32), counter=100)
    assert told(there.ask(forged.modify(b"y"))) == (502, b"Session authentication failed.")
    good = client.modify(b"y")
    altered = decode(good.octets.replace(b"\0\0\0\x01y", b"\0\0\0\x01x"))
    assert told(there.ask(altered)) == (502, b"Session authentication failed.")
    assert there.values(ITEM) == before
    assert there.ask(good).header.code == 1
    assert told(there.ask(good)) == (505, b"Duplicate session counter")


def test_a_signature_is_no_mac() -> None:
    there = office()
    client = dh_client(there)
    signed = signing.sign(client.modify(b"y"), RSA)
    assert told(there.ask(signed)) == (502, b"Session authentication failed.")


@pytest.mark.parametrize(
    ("counter", "code"), [(1_001, 1), (1_000, 505), (999, 1), (801, 1), (800, 505), (1, 505), (0, 1), (5_000_000, 1)]
)
def test_counters_may_lag_two_hundred_behind(counter: int, code: int) -> None:
    there = office()
    client = dh_client(there)
    client.prove()
    assert there.ask(client.modify(b"y", counter=1_000)).header.code == 1
    assert there.ask(client.modify(b"z", counter=counter)).header.code == code


def test_a_forger_moves_no_window() -> None:
    there = office()
    client = dh_client(there)
    client.prove()
    forged = Client(there, client.session_id, SessionKey(Algorithm.AES, b"k" * 32), counter=1_000_000)
    there.ask(forged.modify(b"y"))
    assert there.ask(client.modify(b"y")).header.code == 1


def test_counters_are_not_looked_at_below_2_5() -> None:
    there = office()
    client = dh_client(there, version=(2, 4))
    client.prove()
    asked = client.modify(b"y")
    assert [there.ask(asked).header.code for _ in range(2)] == [1, 1]


# -- proof within a session ---------------------------------------------------------------------------------------


def test_the_proof_is_given_once() -> None:
    there = office()
    client = dh_client(there)
    assert client.prove().header.code == 1
    assert [there.ask(client.modify(data)).header.code for data in (b"a", b"b", b"c")] == [1, 1, 1]
    assert there.ruling is not None and there.ruling.user == OWNER.user and there.ruling.session is not None


def test_rights_are_looked_at_every_time() -> None:
    there = office()
    client = dh_client(there)
    client.prove()
    there.put(ITEM, URL, HIDDEN, admin(0xFFF, b"88.1/other", 300))
    assert told(there.ask(client.modify(b"y"))) == (400, b"")


def test_another_than_the_set_up_named_proves_for_one_request_only() -> None:
    there = office()
    for identity in (Reference(PREFIX, 300), Reference(b"0.NA/88.2", 301), NOBODY):
        client = dh_client(there, identity)
        assert client.prove(SECRET_OWNER).header.code == 1
        assert there.ask(client.modify(b"again")).header.code == 402


def test_a_proof_that_fails_proves_nothing() -> None:
    there = office()
    client = dh_client(there, SECRET_OWNER.user)
    assert told(there.ask(claim(there.ask(client.modify(b"y")), SECRET_OWNER.user))) == (403, b"")
    assert there.ask(client.modify(b"y")).header.code == 402


def test_the_answer_to_a_challenge_needs_no_mac_and_dies_with_the_session() -> None:
    there = office()
    client = dh_client(there, timeout_s=30)
    proving = answer(there.ask(client.modify(b"y")), OWNER)
    assert proving.credential is None
    there.pass_s(31)
    assert told(there.ask(proving)) == DEAD
    assert there.written == []


def read(client: Client, *indexes: int, public_only: bool = False) -> Message:
    return client.message(Opcode.RESOLUTION, ResolutionRequest(ITEM, indexes), public_only=public_only)


def test_reading_in_a_session() -> None:
    there = office()
    client = dh_client(there)
    assert there.ask(read(client, 1)).header.code == 1
    assert there.ask(read(client, public_only=True)).header.code == 1
    assert there.ask(read(client)).header.code == 402
    bare = request(Opcode.RESOLUTION, ResolutionRequest(ITEM), session_id=client.session_id)
    assert told(there.ask(bare)) == (404, b"Session request missing MAC code.")
    client.prove()
    ruling = there.decide(read(client))
    (response,) = ruling.responses
    assert isinstance(response.body, ResolutionAnswer) and HIDDEN in response.body.values
    assert ruling.session is not None and ruling.session.id == client.session_id


# -- the end ------------------------------------------------------------------------------------------------------


def test_a_session_lasts_as_long_as_it_is_used() -> None:
    there = office()
    client = dh_client(there, timeout_s=100)
    client.prove()
    for _ in range(5):
        there.pass_s(99)
        assert there.ask(client.modify(b"y")).header.code == 1
    there.pass_s(101)
    assert told(there.ask(client.modify(b"y"))) == DEAD
    assert len(there.desk.sessions) == 0


def test_what_is_not_genuine_keeps_no_session_alive() -> None:
    there = office()
    client = dh_client(there, timeout_s=100)
    forged = Client(there, client.session_id, SessionKey(Algorithm.AES, b"k" * 32))
    for _ in range(2):
        there.pass_s(60)
        code, _ = told(there.ask(forged.modify(b"y")))
    assert code == 500


@pytest.mark.parametrize(("asked_s", "lasts_s"), [(0, LIFE_S), (LIFE_S + 1, LIFE_S), (0xFFFFFFFF, LIFE_S), (7, 7)])
def test_a_client_may_choose_a_shorter_life_but_no_longer_one(asked_s: int, lasts_s: int) -> None:
    for idle_s, code in ((lasts_s, 402), (lasts_s + 1, 500)):
        there = office()
        client = dh_client(there, timeout_s=asked_s)
        there.pass_s(idle_s)
        assert there.ask(client.modify(b"y")).header.code == code


def test_a_terminated_session_is_over() -> None:
    there = office()
    client = dh_client(there)
    forged = Client(there, client.session_id, SessionKey(Algorithm.AES, b"k" * 32))
    end = HandleRequest(b"/")
    assert told(there.ask(forged.message(Opcode.SESSION_TERMINATE, end)))[0] == 502
    assert told(there.ask(request(Opcode.SESSION_TERMINATE, end))) == (500, b"Can not get session info.")
    reply = there.ask(client.message(Opcode.SESSION_TERMINATE, end))
    assert (reply.header.code, reply.body) == (1, EmptyBody())
    assert told(there.ask(client.modify(b"y"))) == DEAD


def test_sessions_nobody_proved_push_out_only_each_other() -> None:
    table = Sessions(proven_max=2, unproven_max=3)
    for number in (1, 2):
        session = Session(number, None, 0)
        table.add(session)
        table.prove(session, OWNER.user)
    for number in range(10, 20):
        table.add(Session(number, None, 0))
    now = Now(0, 0)
    assert [number for number in range(20) if table.get(number, now)] == [1, 2, 17, 18, 19]
    third = table.get(19, now)
    assert third is not None
    first = table.get(1, now)
    assert first is not None
    table.use(first, now)  # so it is 2 that goes
    table.prove(third, OWNER.user)
    assert [number for number in range(20) if table.get(number, now)] == [1, 17, 18, 19]
    table.end(third)
    assert 19 not in table and len(table) == 3


def test_logins_are_bounded() -> None:
    table = Sessions(logins_max=2)
    for connection in ("one", "two", "three"):
        table.log_in(connection, 10_001, OWNER.user)
    assert [table.logged_in(connection, 10_001) is not None for connection in ("one", "two", "three")] == [
        False,
        True,
        True,
    ]


def test_no_key_shows_in_words() -> None:
    there = office(key=SERVER_RSA)
    client = dh_client(there)
    session = there.desk.sessions.get(client.session_id, there.desk.now())
    assert session is not None
    assert client.key.octets.hex() not in repr(session) and repr(client.key.octets) not in repr(session)
    assert "RSAPrivate" not in repr(there.desk)


# -- what leaves --------------------------------------------------------------------------------------------------


def test_certified_answers_in_a_session_have_its_mac_and_our_counter() -> None:
    there = office(key=SERVER_RSA)
    client = dh_client(there)
    client.prove()
    for counter in (1, 2):
        ruling = there.decide(client.modify(b"%d" % counter, OpFlag.CERTIFY))
        (response,) = ruling.responses
        sealed = decode(there.desk.packet_of(response, ruling.session))
        assert signing.verify_in_session(sealed, client.key.octets) is Verdict.GENUINE
        assert sealed.credential.signer_index == counter  # type: ignore[union-attr]
    plain = there.decide(client.modify(b"plain"))
    (response,) = plain.responses
    assert decode(there.desk.packet_of(response, plain.session)).credential is None


def test_certified_answers_outside_sessions_are_signed_if_there_is_a_key() -> None:
    asked = request(Opcode.MODIFY_VALUE, ValuesRequest(b"88.1/none", (URL,)), OpFlag.CERTIFY)
    signed = office(key=SERVER_RSA).ask(asked)
    assert signing.verify(signed, SERVER_RSA.public_key()) is Verdict.GENUINE  # type: ignore[arg-type]
    assert office().ask(asked).credential is None


@pytest.mark.parametrize(
    ("version", "indexes", "flags", "encrypted"),
    [
        ((2, 11), (), (), True),
        ((2, 8), (), (), True),
        ((2, 7), (), (), False),
        ((2, 11), (1,), (), False),
        ((2, 11), (1,), (OpFlag.ENCRYPT,), True),
        ((2, 3), (1,), (OpFlag.ENCRYPT,), True),
    ],
)
def test_secrets_leave_encrypted_and_everything_if_that_was_asked_for(
    version: tuple[int, int], indexes: tuple[int, ...], flags: tuple[OpFlag, ...], encrypted: bool
) -> None:
    there = office()
    client = dh_client(there, version=version)
    client.prove()
    asked = client.message(Opcode.RESOLUTION, ResolutionRequest(ITEM, indexes), *flags, public_only=False)
    ruling = there.decide(asked)
    (response,) = ruling.responses
    packet = read_packet(Reader(there.desk.packet_of(response, ruling.session)))
    assert isinstance(packet, EncryptedMessage) is encrypted
    clear = session_keys.decrypt(packet, client.key) if isinstance(packet, EncryptedMessage) else packet
    assert isinstance(clear, Message) and clear.body == response.body


def test_an_encrypted_request_is_opened_by_its_session() -> None:
    there = office()
    client = dh_client(there)
    client.prove()
    packet = session_keys.encrypt(client.modify(b"secretly"), client.key, entropy())
    clear = opened(packet, there.desk)
    assert there.ask(clear).header.code == 1
    values = there.values(ITEM)
    assert values is not None and values[0].data == b"secretly"


@pytest.mark.parametrize(("session_id", "code"), [(0, 501), (0x80000000, 501), (4_711, 500)])
def test_what_nobody_can_open_is_refused(session_id: int, code: int) -> None:
    there = office()
    with pytest.raises(PeerError) as refusal:
        opened(EncryptedMessage(Envelope(session_id=session_id), bytes(64)), there.desk)
    assert refusal.value.code == code


def test_what_another_key_encrypted_is_501_and_so_is_what_comes_before_the_key() -> None:
    there = office(key=SERVER_RSA)
    client = dh_client(there)
    waiting = set_up(there, SessionSetup(SERVER_KEY, 0)).envelope.session_id
    for session_id in (client.session_id, waiting):
        packet = EncryptedMessage(Envelope(session_id=session_id), bytes(63))
        with pytest.raises(PeerError) as refusal:
            opened(packet, there.desk)
        assert refusal.value.code == 501


def test_a_challenge_to_an_encrypted_request_is_of_the_clear_one() -> None:
    there = office()
    client = dh_client(there)
    packet = session_keys.encrypt(client.modify(b"secretly"), client.key, entropy())
    clear = opened(packet, there.desk)
    challenge = there.ask(clear)
    assert challenge.digest == replies.request_digest(clear, (2, 11))
    assert there.ask(answer(challenge, OWNER)).header.code == 1
