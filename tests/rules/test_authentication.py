"""Who asks: challenges and their answers, proofs, verification for others, the national SDK's login."""

from __future__ import annotations

from dataclasses import replace

import pytest
from office import (
    OWNER,
    PREFIX,
    PREFIX_RECORD,
    RSA,
    SECRET,
    SECRET_OWNER,
    WALL_S,
    Office,
    admin,
    answer,
    claim,
    request,
    site_of,
    told,
)

from resolver.model.now import NS_PER_S, Now
from resolver.model.site import server_number
from resolver.model.value import Reference, Value
from resolver.rules import keys, proof, replies
from resolver.rules.authentication import KEYS_MAX
from resolver.rules.challenges import OVERHEAD_OCTETS, Challenges, Pending
from resolver.rules.desk import ID_LEAST, ID_MOST
from resolver.rules.effects import Find, Verify
from resolver.rules.proof import Credentials
from resolver.wire.bodies import (
    Challenge,
    EmptyBody,
    HandleRequest,
    LoginRequest,
    OldChallenge,
    RemoveValueRequest,
    ResolutionRequest,
    ValuesRequest,
    VerifyAnswer,
    VerifyRequest,
)
from resolver.wire.bodies.digest import Digest
from resolver.wire.codes import Code, EnvelopeFlag, Opcode, OpFlag
from resolver.wire.message import ABSENT, Message, decode, encode

ITEM = b"88.1/item"
URL = Value(1, b"URL", b"https://example.invalid/1")
ADMIN = admin(0xFFF)
GROUP = admin(0xFFF, index=200, at=101)
DEAD = (500, b"Invalid session id or session time out. Please try again.")
VERSIONS = [(2, 0), (2, 1), (2, 3), (2, 5), (2, 7), (2, 10), (2, 11)]
ED25519, EC = keys.generate("ed25519"), keys.generate("ec")


def office(**more: object) -> Office:
    return Office({ITEM: (URL, ADMIN, GROUP)}, **more)  # type: ignore[arg-type]


def removal(**more: object) -> Message:
    return request(Opcode.REMOVE_VALUE, RemoveValueRequest(ITEM, (1,)), **more)  # type: ignore[arg-type]


def modification(data: bytes, **more: object) -> Message:
    body = ValuesRequest(ITEM, (replace(URL, data=data),))
    return request(Opcode.MODIFY_VALUE, body, **more)  # type: ignore[arg-type]


# -- challenge and answer -----------------------------------------------------------------------------------------


def test_a_challenge_carries_an_id_a_nonce_and_the_digest_of_the_request() -> None:
    asked = decode(encode(removal()))
    challenge = office().ask(asked)
    assert ID_LEAST <= challenge.envelope.session_id <= ID_MOST
    assert challenge.header.flags == 0x99800000
    assert isinstance(challenge.body, Challenge) and len(challenge.body.nonce) == 16
    assert challenge.digest == replies.request_digest(asked, (2, 11))
    assert challenge.envelope.request_id == asked.envelope.request_id


def test_the_final_answer_has_the_requests_opcode_and_the_answers_request_id_and_no_session() -> None:
    there = office()
    asked = removal()
    proving = answer(there.ask(asked), OWNER)
    reply = there.ask(proving)
    assert reply.header.opcode == Opcode.REMOVE_VALUE and reply.header.code == 1
    assert reply.envelope.request_id == proving.envelope.request_id != asked.envelope.request_id
    assert reply.envelope.session_id == 0


def test_every_challenge_has_another_id_and_another_nonce() -> None:
    there = office()
    challenges = [there.ask(removal()) for _ in range(50)]
    assert len({challenge.envelope.session_id for challenge in challenges}) == 50
    assert len({challenge.body for challenge in challenges}) == 50


def test_ids_do_not_collide_even_if_chance_always_says_the_same() -> None:
    there = office(entropy=bytes)
    ids = {there.ask(removal()).envelope.session_id for _ in range(20)}
    assert len(ids) == 20


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("who", [OWNER, SECRET_OWNER])
def test_proofs_are_right_in_every_version(version: tuple[int, int], who: Credentials) -> None:
    there = office()
    challenge = there.ask(removal(version=version))
    assert challenge.envelope.version == version
    assert isinstance(challenge.body, OldChallenge if version < (2, 1) else Challenge)
    for wrong in (Credentials(SECRET_OWNER.user, b"wrong"), Credentials(OWNER.user, EC)):
        assert told(there.ask(answer(challenge, wrong))) == (403, b"")
    assert there.ask(answer(challenge, who)).header.code == 1


def test_the_answer_may_come_from_another_connection() -> None:
    there = office()
    challenge = there.ask(removal(), "one stream")
    assert there.ask(answer(challenge, OWNER), "another stream").header.code == 1


def test_an_answer_that_went_wrong_may_be_followed_by_a_better_one() -> None:
    there = office()
    challenge = there.ask(removal())
    assert told(there.ask(answer(challenge, Credentials(SECRET_OWNER.user, b"wrong")))) == (403, b"")
    assert there.ask(answer(challenge, SECRET_OWNER)).header.code == 1


def test_an_unknown_challenge_is_500_and_a_late_answer_405() -> None:
    there = office()
    challenge = there.ask(removal())
    foreign = replace(challenge, envelope=replace(challenge.envelope, session_id=4_711))
    assert told(there.ask(answer(foreign, OWNER))) == DEAD
    proving = answer(challenge, OWNER)
    there.pass_s(60.1)
    assert told(there.ask(proving)) == (405, b"")
    there.pass_s(30)
    assert told(there.ask(proving)) == DEAD
    assert len(there.desk.challenges) == 0


def test_an_answer_within_a_minute_is_in_time() -> None:
    there = office()
    proving = answer(there.ask(removal()), OWNER)
    there.pass_s(60)
    assert there.ask(proving).header.code == 1


def test_an_answer_to_another_challenge_proves_nothing() -> None:
    there = office()
    first, second = there.ask(removal()), there.ask(modification(b"y"))
    swapped = replace(answer(first, OWNER), envelope=answer(second, OWNER).envelope, octets=b"")
    assert told(there.ask(swapped)) == (403, b"")
    assert there.values(ITEM) == (URL, ADMIN, GROUP)


def test_a_request_with_a_challenges_id_is_no_answer_and_is_challenged_itself() -> None:
    there = office()
    challenge = there.ask(removal())
    reply = there.ask(removal(session_id=challenge.envelope.session_id))
    assert reply.header.code == 402
    assert reply.envelope.session_id != challenge.envelope.session_id


@pytest.mark.parametrize("opcode", [Opcode.RESOLUTION, Opcode.REMOVE_VALUE, Opcode.CHALLENGE_ANSWER])
@pytest.mark.parametrize("session_id", [1, 10_001, 0x7FFFFFFF, 0x80000001])
def test_an_unknown_session_is_500_whatever_is_asked(opcode: int, session_id: int) -> None:
    body = {
        Opcode.RESOLUTION: ResolutionRequest(ITEM),
        Opcode.REMOVE_VALUE: RemoveValueRequest(ITEM, (1,)),
        Opcode.CHALLENGE_ANSWER: proof.ChallengeAnswer(b"HS_SECKEY", PREFIX, 301, b""),
    }[opcode]
    reply = office().ask(request(opcode, body, session_id=session_id))
    assert told(reply) == DEAD
    assert reply.envelope.session_id == session_id


def test_an_answer_without_any_id_is_500() -> None:
    assert told(office().ask(request(200, proof.ChallengeAnswer(b"HS_SECKEY", PREFIX, 301, b"")))) == DEAD


def test_the_digest_is_of_the_request_as_it_was_sent() -> None:
    """There may be octets left over behind a body, as the national SDK leaves them."""
    asked = request(Opcode.DELETE_HANDLE, HandleRequest(ITEM, tail=b"\0\0\0\0"))
    there = office()
    assert there.prove(asked, OWNER).header.code == 1


def test_a_fragmented_answer_and_a_fragmented_request_answer_each_in_its_own_way() -> None:
    there = office()
    asked = removal()
    asked = replace(asked, envelope=replace(asked.envelope, flags=EnvelopeFlag.TRUNCATED))
    challenge = there.ask(asked)
    assert challenge.envelope.flags == EnvelopeFlag.TRUNCATED
    plain = replace(challenge, envelope=replace(challenge.envelope, flags=0))
    assert there.ask(answer(plain, OWNER)).envelope.flags == 0


# -- pending challenges -------------------------------------------------------------------------------------------

DEMAND = proof.Demand(bytes(16), Digest(3, bytes(32)))
NOW = Now(0, 0)


def pending(octets: int = 10, since_mono_ns: int = 0) -> Pending:
    return Pending(bytes(octets), DEMAND, since_mono_ns)


def test_pending_challenges_are_bounded_in_number_and_in_octets() -> None:
    few = Challenges(waiting_max=3)
    for number in range(1, 6):
        few.add(number, pending(), NOW)
    assert [number for number in range(1, 6) if few.find(number, NOW)] == [3, 4, 5]
    small = Challenges(octets_max=3 * (1_000 + OVERHEAD_OCTETS))
    for number in range(1, 6):
        small.add(number, pending(1_000), NOW)
    assert [number for number in range(1, 6) if small.find(number, NOW)] == [3, 4, 5]
    small.add(6, pending(100_000), NOW)
    assert len(small) == 0 and small.octets == 0


def test_pending_challenges_are_forgotten_in_time_and_their_octets_with_them() -> None:
    table = Challenges()
    for number in range(1, 11):
        table.add(number, pending(since_mono_ns=number * NS_PER_S), NOW)
    table.tidy(Now(95 * NS_PER_S, 0))
    assert len(table) == 6
    assert table.octets == 6 * (10 + OVERHEAD_OCTETS)


def test_the_newest_challenge_of_an_id_counts() -> None:
    table = Challenges()
    first, second = pending(10), pending(20)
    table.add(1, first, NOW)
    table.add(1, second, NOW)
    assert table.find(1, NOW) is second
    assert table.octets == 20 + OVERHEAD_OCTETS


def test_a_challenge_of_one_connection_is_found_on_no_other_and_goes_with_it() -> None:
    table = Challenges()
    table.add(10_001, pending(), NOW, "one")
    table.add(10_001, pending(), NOW, "two")
    assert table.find(10_001, NOW, "one") and table.find(10_001, NOW, "two")
    assert table.find(10_001, NOW, "three") is None and table.find(10_001, NOW) is None
    table.add(10_002, pending(), NOW, "one")  # a connection has one at a time
    assert table.find(10_001, NOW, "one") is None
    table.hung_up("one")
    assert table.find(10_002, NOW, "one") is None and len(table) == 1


# -- proofs -------------------------------------------------------------------------------------------------------


def verdict(there: Office, who: Reference, auth_type: bytes, octets: bytes) -> tuple[int, bytes]:
    return told(there.ask(claim(there.ask(removal()), who, auth_type, octets)))


def test_the_kind_of_proof_is_looked_at_only_for_who_is_listed() -> None:
    there = office()
    assert verdict(there, Reference(b"88.1/nobody", 1), b"HS_RIDDLE", b"") == (400, b"")
    assert verdict(there, OWNER.user, b"HS_RIDDLE", b"") == (404, b"Unknown authentication type")
    assert verdict(there, OWNER.user, b"hs_pubkey", b"")[0] == 404
    assert there.effects == [] or all(isinstance(effect, Find) for effect in there.effects)


def test_a_secret_key_elsewhere_is_asked_about_where_it_lives() -> None:
    there = office()
    assert there.prove(removal(), SECRET_OWNER).header.code == 1
    (verify,) = [effect for effect in there.effects if isinstance(effect, Verify)]
    assert (verify.proof.user_handle, verify.proof.user_index) == (PREFIX, 301)
    assert verify.proof.digest.algorithm == 3


def test_a_secret_key_of_our_own_is_checked_here() -> None:
    there = Office({ITEM: (URL, ADMIN, GROUP), PREFIX: PREFIX_RECORD}, elsewhere={})
    challenge = there.ask(removal())
    assert told(there.ask(answer(challenge, Credentials(SECRET_OWNER.user, b"wrong")))) == (403, b"")
    assert there.ask(answer(challenge, SECRET_OWNER)).header.code == 1
    assert not [effect for effect in there.effects if isinstance(effect, Verify | Find)]


def test_a_user_of_ours_who_does_not_exist_proves_nothing() -> None:
    there = Office({ITEM: (URL, admin(0xFFF, b"88.1/me", 301))})
    assert told(there.prove(removal(), Credentials(Reference(b"88.1/me", 301), SECRET))) == (403, b"")
    assert told(there.prove(removal(), Credentials(Reference(b"88.1/ME", 301), SECRET))) == (400, b"")


def test_nobody_to_ask_about_a_key_is_406() -> None:
    there = office()
    challenges = there.ask(removal()), there.ask(removal())
    there.put(ITEM, URL, ADMIN, admin(0xFFF, index=301, at=102))
    there.silent.add(PREFIX)
    assert told(there.ask(answer(challenges[0], SECRET_OWNER))) == (406, b"The key cannot be had")
    assert told(there.ask(answer(challenges[1], OWNER))) == (406, b"The key cannot be had")


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ((), (403, b"")),
        ((Value(300, b"DESC", keys.record_of(RSA)),), (403, b"")),
        ((Value(301, b"HS_PUBKEY", keys.record_of(RSA)),), (403, b"")),
        ((Value(300, b"HS_PUBKEY", keys.record_of(EC)),), (403, b"")),
        ((Value(300, b"HS_PUBKEY", b"no key"),), (406, b"The public key cannot be used")),
        ((Value(300, b"HS_PUBKEY", keys.record_of(RSA), permissions=0x0C),), (403, b"")),
        ((Value(300, b"HS_PUBKEY", keys.record_of(RSA)),), (1, b"")),
    ],
)
def test_only_the_public_key_of_that_index_counts(record: tuple[Value, ...], expected: tuple[int, bytes]) -> None:
    there = office(elsewhere={PREFIX: record})
    assert told(there.prove(removal(), OWNER)) == expected


@pytest.mark.parametrize("key", [RSA, EC, ED25519])
def test_with_index_0_the_key_that_fits_is_the_identity(key: keys.SigningKey) -> None:
    values = {302: RSA, 303: EC, 304: ED25519}
    record = tuple(Value(index, b"HS_PUBKEY", keys.record_of(each)) for index, each in values.items())
    (right,) = [index for index, each in values.items() if each is key]
    for listed, code in ((right, 1), (0, 1), (right + 7, 400)):
        there = Office({ITEM: (URL, admin(0xFFF, index=listed))}, elsewhere={PREFIX: record})
        assert there.prove(removal(), Credentials(Reference(PREFIX, 0), key)).header.code == code
        assert there.ruling is not None
        assert there.ruling.user == Reference(PREFIX, right)


def test_with_index_0_too_who_is_not_listed_at_all_hears_400_before_the_proof() -> None:
    there = office()
    assert verdict(there, Reference(b"88.1/nobody", 0), b"HS_PUBKEY", b"") == (400, b"")
    assert verdict(there, Reference(PREFIX, 0), b"HS_PUBKEY", b"") == (403, b"")


def test_no_more_than_a_few_keys_are_tried() -> None:
    others = tuple(Value(index, b"HS_PUBKEY", keys.record_of(EC)) for index in range(1, KEYS_MAX))
    mine = Value(KEYS_MAX, b"HS_PUBKEY", keys.record_of(RSA))
    one_more = Value(0x7FFF, b"HS_PUBKEY", keys.record_of(EC))
    any_key = Credentials(Reference(PREFIX, 0), RSA)
    record = {ITEM: (URL, admin(0xFFF, index=0))}
    assert Office(record, elsewhere={PREFIX: (*others, mine)}).prove(removal(), any_key).header.code == 1
    late = (*others, replace(one_more, index=KEYS_MAX), replace(mine, index=KEYS_MAX + 1))
    assert Office(record, elsewhere={PREFIX: late}).prove(removal(), any_key).header.code == 403


def test_a_secret_of_index_0_is_any_secret_and_meant_only_by_an_entry_of_index_0() -> None:
    whoever = Credentials(Reference(PREFIX, 0), SECRET)
    for listed, code in ((0, 1), (301, 400)):
        there = Office({ITEM: (URL, admin(0xFFF, index=listed))})
        assert there.prove(removal(), whoever).header.code == code


# -- verification for others (201) --------------------------------------------------------------------------------


def verification(handle: bytes, index: int, secret: bytes, *flags: OpFlag) -> Message:
    demand = proof.Demand(b"n" * 16, Digest(3, b"d" * 32))
    made = proof.secret_answer(secret, demand, bytes(16))
    return request(Opcode.VERIFY, VerifyRequest(handle, index, demand.nonce, demand.digest, made), *flags)


ME = b"88.1/me"
KEYRING = (
    Value(301, b"HS_SECKEY", b"mine", permissions=0),
    Value(302, b"HS_SECKEY", b"also mine", permissions=0x0C),
    Value(303, b"DESC", b"not a key"),
)


@pytest.mark.parametrize(
    ("handle", "index", "secret", "valid"),
    [
        (ME, 301, b"mine", 1),
        (b"88.1/Me", 301, b"mine", 1),
        (ME, 302, b"also mine", 1),
        (ME, 0, b"mine", 1),
        (ME, 0, b"also mine", 1),
        (ME, 301, b"also mine", 0),
        (ME, 301, b"other", 0),
        (ME, 303, b"not a key", 0),
        (ME, 999, b"mine", 0),
        (b"88.1/nobody", 301, b"mine", 0),
        (PREFIX, 301, b"mine", 0),
    ],
)
def test_we_say_whether_a_proof_was_made_with_a_secret_of_ours(
    handle: bytes, index: int, secret: bytes, valid: int
) -> None:
    there = Office({ME: KEYRING})
    reply = there.ask(verification(handle, index, secret))
    assert (reply.header.code, reply.body) == (1, VerifyAnswer(valid))
    assert there.effects == []


def test_of_others_secrets_we_say_nothing() -> None:
    assert told(Office().ask(verification(b"99.1/me", 301, b"x"))) == (301, b"That prefix doesn't live here")
    number = server_number(ME, 2, 2)
    there = Office({ME: KEYRING}, site=site_of(2), server_number=1 - number)
    assert told(there.ask(verification(ME, 301, b"mine"))) == (301, b"Request was hashed incorrectly")
    below = Office({b"0.NA/88.1": (Value(1, b"HS_SITE.PREFIX", b"a site"),)}, homed=(b"0.NA/88",))
    assert below.ask(verification(b"0.NA/88.1.5", 301, b"mine")).header.code == 303
    declined = below.ask(verification(b"0.NA/88.1.5", 301, b"mine", OpFlag.DO_NOT_REFER))
    assert (declined.header.code, declined.body) == (1, VerifyAnswer(0))


def test_no_more_than_a_few_secrets_are_tried() -> None:
    many = tuple(Value(index, b"HS_SECKEY", b"%d" % index) for index in range(1, 100))
    there = Office({ME: many})
    assert there.ask(verification(ME, 0, b"%d" % KEYS_MAX)).body == VerifyAnswer(1)
    assert there.ask(verification(ME, 0, b"%d" % (KEYS_MAX + 1))).body == VerifyAnswer(0)
    assert there.ask(verification(ME, 99, b"99")).body == VerifyAnswer(1)


def test_a_verification_we_send_is_asked_certified_and_with_digest() -> None:
    body = verification(ME, 301, b"mine").body
    assert isinstance(body, VerifyRequest)
    message = replies.verify_message(body, 7, Now(0, WALL_S * NS_PER_S), site_of(1))
    assert message.header.opcode == Opcode.VERIFY
    assert message.header.flags & OpFlag.CERTIFY and message.header.flags & OpFlag.REQUEST_DIGEST
    assert decode(encode(message)).body == body
    there = Office({ME: KEYRING})
    assert replies.answer_of(there.ask(message)).code == Code.SUCCESS
    wrong = replace(body, user_index=302)
    assert replies.answer_of(there.ask(replace(message, body=wrong))).code == Code.AUTHENTICATION_FAILED


# -- the national SDK's login -------------------------------------------------------------------------------------


def login(who: Reference = OWNER.user, session_id: int = 10_001) -> Message:
    asked = request(
        Opcode.LOGIN,
        LoginRequest(who.handle, who.index),
        OpFlag.REQUEST_DIGEST,
        session_id=session_id,
        public_only=False,
    )
    return decode(encode(replace(asked, credential=ABSENT)))


def logged_in(there: Office, connection: str, who: Credentials = OWNER, session_id: int = 10_001) -> Message:
    return there.prove(login(who.user, session_id), who, connection)


def test_a_login_makes_the_connection_the_identity() -> None:
    there = office()
    asked = login()
    challenge = there.ask(asked, "stream")
    assert (challenge.header.opcode, challenge.header.code) == (2001, 402)
    assert challenge.envelope.session_id == 10_001
    assert challenge.digest == replies.request_digest(asked, (2, 11))
    reply = there.ask(answer(challenge, OWNER), "stream")
    assert (reply.header.opcode, reply.header.code, reply.body) == (2001, 1, EmptyBody())
    assert reply.envelope.session_id == 10_001
    changed = there.ask(modification(b"y", session_id=10_001), "stream")
    assert (changed.header.code, changed.envelope.session_id) == (1, 10_001)
    assert there.ruling is not None and there.ruling.user == OWNER.user


def test_a_login_is_good_on_its_connection_under_its_id_and_no_longer() -> None:
    there = office()
    logged_in(there, "stream")
    asked = modification(b"y", session_id=10_001)
    assert told(there.ask(asked, "another")) == DEAD
    assert told(there.ask(asked)) == DEAD
    assert told(there.ask(modification(b"y", session_id=10_002), "stream")) == DEAD
    assert there.ask(modification(b"y"), "stream").header.code == 402
    there.desk.hung_up("stream")
    assert told(there.ask(asked, "stream")) == DEAD


def test_ids_that_clients_chose_may_collide() -> None:
    friend = Credentials(Reference(b"88.2/friend", 300), EC)
    record = {b"88.2/friend": (Value(300, b"HS_PUBKEY", keys.record_of(EC)),), PREFIX: PREFIX_RECORD}
    there = office(elsewhere=record)
    assert logged_in(there, "one").header.code == logged_in(there, "two", friend).header.code == 1
    asked = modification(b"y", session_id=10_001)
    assert told(there.ask(asked, "two")) == (400, b"")
    assert there.ask(asked, "one").header.code == 1


def test_a_login_needs_a_proof_a_stream_and_an_id() -> None:
    there = office()
    wrong = Credentials(SECRET_OWNER.user, b"wrong")
    assert told(logged_in(there, "stream", wrong)) == (403, b"")
    challenge = there.ask(login(), "stream")
    assert told(there.ask(answer(challenge, SECRET_OWNER), "stream")) == (400, b"")  # somebody else than was said
    assert there.ask(login()).header.code == 4
    assert there.ask(login(session_id=0), "stream").header.code == 4
    assert told(there.ask(modification(b"y", session_id=10_001), "stream")) == DEAD


def test_the_answer_to_a_logins_challenge_counts_on_its_connection_only() -> None:
    there = office()
    proving = answer(there.ask(login(), "stream"), OWNER)
    assert told(there.ask(proving, "another")) == DEAD
    assert told(there.ask(proving)) == DEAD
    assert there.ask(proving, "stream").header.code == 1


def test_a_second_login_replaces_the_first() -> None:
    there = office()
    logged_in(there, "stream")
    logged_in(there, "stream", SECRET_OWNER, 10_002)
    assert told(there.ask(modification(b"y", session_id=10_001), "stream")) == DEAD
    there.ask(modification(b"y", session_id=10_002), "stream")
    assert there.ruling is not None and there.ruling.user == SECRET_OWNER.user


def test_a_login_reads_secrets_if_it_asks_for_them() -> None:
    there = office()
    there.put(ITEM, replace(URL, permissions=0x0C), ADMIN)
    logged_in(there, "stream")
    for public_only, code in ((True, 1), (False, 1)):
        asked = request(Opcode.RESOLUTION, ResolutionRequest(ITEM), session_id=10_001, public_only=public_only)
        reply = there.ask(asked, "stream")
        assert reply.header.code == code
        assert len(reply.body.values) == (1 if public_only else 2)  # type: ignore[attr-defined]
