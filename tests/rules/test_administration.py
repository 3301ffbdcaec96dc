"""Every operation's order of refusals (behaviour.md §1.3), and what is written when nothing is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from office import (
    OWNER,
    PREFIX,
    PREFIX_RECORD,
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

from resolver.model.site import server_number
from resolver.model.value import Reference, Value
from resolver.rules import administration
from resolver.rules.administration import MINTS_MAX, RECORD_OCTETS_MAX
from resolver.rules.effects import Commit, Find, Home, Kept
from resolver.wire.bodies import (
    CreateAnswer,
    EmptyBody,
    HandleList,
    HandleRequest,
    Referral,
    RemoveValueRequest,
    ResolutionAnswer,
    ResolutionRequest,
    ValuesRequest,
)
from resolver.wire.codes import Code, Opcode, OpFlag
from resolver.wire.message import Message

ITEM = b"88.1/item"
OLD_S = 1_700_000_000
URL = Value(1, b"URL", b"https://example.invalid/1", timestamp=OLD_S)
HIDDEN = Value(2, b"DESC", b"hidden", permissions=0x0C, timestamp=OLD_S)
FIXED = Value(3, b"DESC", b"fixed", permissions=0x0A, timestamp=OLD_S)  # administrators may not write it
OPEN = Value(4, b"DESC", b"open", permissions=0x0F, timestamp=OLD_S)  # everybody may
ADMIN = replace(admin(0xFFF), timestamp=OLD_S)
RECORD = (URL, HIDDEN, FIXED, OPEN, ADMIN)
MAIL = Value(5, b"EMAIL", b"a@example.invalid", timestamp=1)
LOCKED = b"Value is read-only"
CHALLENGED = (Code.AUTHENTICATION_NEEDED, b"")
DELEGATE = Value(1, b"HS_SITE.PREFIX", b"a site")


def office(**more: object) -> Office:
    return Office({ITEM: RECORD, b"88.1/plain": (URL, ADMIN)}, **more)  # type: ignore[arg-type]


def create(handle: bytes, *values: Value, flags: tuple[OpFlag, ...] = (), **more: object) -> Message:
    return request(Opcode.CREATE_HANDLE, ValuesRequest(handle, values), *flags, **more)  # type: ignore[arg-type]


def add(handle: bytes, *values: Value, flags: tuple[OpFlag, ...] = ()) -> Message:
    return request(Opcode.ADD_VALUE, ValuesRequest(handle, values), *flags)


def modify(handle: bytes, *values: Value) -> Message:
    return request(Opcode.MODIFY_VALUE, ValuesRequest(handle, values))


def remove(handle: bytes, *indexes: int) -> Message:
    return request(Opcode.REMOVE_VALUE, RemoveValueRequest(handle, indexes))


def delete(handle: bytes) -> Message:
    return request(Opcode.DELETE_HANDLE, HandleRequest(handle))


def list_of(handle: bytes) -> Message:
    return request(Opcode.LIST_HANDLES, HandleRequest(handle))


def home(handle: bytes) -> Message:
    return request(Opcode.HOME_PREFIX, HandleRequest(handle))


def unhome(handle: bytes) -> Message:
    return request(Opcode.UNHOME_PREFIX, HandleRequest(handle))


NEGATIVE = replace(URL, index=0x80000000)
TABLE = [
    # what is refused to anybody, before a challenge …
    (create(b"99.1/x", URL), (301, b"That prefix doesn't live here")),
    (create(b"88.1/\xff", URL), (102, b"Invalid UTF8 encoding")),
    (create(b"99.1/\xff", URL), (301, b"That prefix doesn't live here")),
    (create(b"88.1/" + b"x" * 2_044, URL), (102, b"Handle is too long")),
    (create(b"88.1/x", replace(URL, index=0)), (202, b"Value indexes must be positive")),
    (create(b"88.1/x", NEGATIVE), (202, b"Value indexes must be positive")),
    (create(b"88.1/\xff", NEGATIVE), (102, b"Invalid UTF8 encoding")),
    (create(b"88.1/x", MAIL, URL, MAIL), (201, b"Index conflict for 5")),
    (create(ITEM, MAIL, MAIL), (201, b"Index conflict for 5")),
    (create(ITEM, URL), (101, b"")),
    (create(b"88.1/ITEM", URL), (101, b"")),
    (add(b"99.1/x", MAIL), (301, b"That prefix doesn't live here")),
    (add(ITEM), (202, b"Value list was empty")),
    (add(ITEM, replace(MAIL, index=0)), (202, b"Value indexes must be positive")),
    (add(ITEM, MAIL, MAIL), (201, b"Index conflict for 5")),
    (remove(b"99.1/x", 1), (301, b"That prefix doesn't live here")),
    (modify(b"99.1/x", URL), (301, b"That prefix doesn't live here")),
    (modify(b"88.1/none", URL), (100, b"")),
    (modify(ITEM, MAIL), (200, b"")),
    (modify(ITEM, URL, MAIL), (200, b"")),
    (modify(ITEM, FIXED), (401, LOCKED)),
    (modify(ITEM, FIXED, MAIL), (200, b"")),
    (list_of(b"0.NA/99.1"), (301, b"That prefix doesn't live here")),
    (list_of(ITEM), (301, b"That prefix doesn't live here")),
    (list_of(b"0.NA/88.1.5"), (301, b"That prefix doesn't live here")),
    (home(ITEM), (102, b"Handle is not a prefix handle")),
    (unhome(ITEM), (102, b"Handle is not a prefix handle")),
    (home(b"0.NA/" + b"8" * 2_044), (102, b"Handle is too long")),
    # … and what is challenged although it cannot succeed
    (create(b"88.1/x", URL), CHALLENGED),
    (create(ITEM, URL, flags=(OpFlag.OVERWRITE,)), CHALLENGED),
    (delete(ITEM), CHALLENGED),
    (delete(b"88.1/none"), CHALLENGED),
    (delete(b"99.1/x"), CHALLENGED),
    (add(ITEM, MAIL), CHALLENGED),
    (add(ITEM, URL), CHALLENGED),
    (add(b"88.1/none", MAIL), CHALLENGED),
    (remove(ITEM, 1), CHALLENGED),
    (remove(ITEM, 9), CHALLENGED),
    (remove(b"88.1/none", 1), CHALLENGED),
    (modify(ITEM, URL), CHALLENGED),
    (modify(ITEM, URL, URL), CHALLENGED),
    (modify(ITEM, replace(OPEN, type=b"HS_ADMIN", data=ADMIN.data)), CHALLENGED),
    (list_of(PREFIX), CHALLENGED),
    (list_of(b"88.1"), CHALLENGED),
    (list_of(b"0.NA/0.NA/88.1"), CHALLENGED),
    (home(b"0.NA/88.7"), CHALLENGED),
    (unhome(b"88.7"), CHALLENGED),
    (request(Opcode.LIST_HOMED_PREFIXES, HandleRequest(b"/")), CHALLENGED),
]


@pytest.mark.parametrize(("asked", "expected"), TABLE)
def test_what_is_said_to_somebody_without_a_name(asked: Message, expected: tuple[int, bytes]) -> None:
    there = office()
    assert told(there.ask(asked)) == expected
    assert there.effects == []


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (delete(b"88.1/none"), (100, b"")),
        (delete(b"99.1/x"), (100, b"")),
        (add(b"88.1/none", MAIL), (100, b"")),
        (add(ITEM, URL), (201, b"Index conflict for 1")),
        (remove(b"88.1/none", 1), (100, b"")),
        (remove(ITEM, 1, 9), (200, b"")),
    ],
)
def test_what_follows_the_challenge_but_comes_before_rights_and_proof(
    asked: Message, expected: tuple[int, bytes]
) -> None:
    there = office()
    challenge = there.ask(asked)
    assert told(there.ask(claim(challenge, Reference(b"88.1/nobody", 301)))) == expected


@pytest.mark.parametrize(
    "asked",
    [
        create(b"88.1/x", URL),
        create(ITEM, MAIL, flags=(OpFlag.OVERWRITE,)),
        delete(ITEM),
        add(ITEM, MAIL),
        remove(ITEM, 1),
        modify(ITEM, replace(URL, data=b"y")),
        list_of(PREFIX),
        home(b"0.NA/88.7"),
        unhome(b"0.NA/88.1"),
        request(Opcode.LIST_HOMED_PREFIXES, HandleRequest(b"/")),
        request(Opcode.RESOLUTION, ResolutionRequest(ITEM), public_only=False),
    ],
)
def test_who_is_not_listed_hears_400_and_who_is_listed_and_lies_403(asked: Message) -> None:
    there = office(server_admins=(OWNER.user,))
    challenge = there.ask(asked)
    before = there.values(ITEM)
    assert told(there.ask(claim(challenge, Reference(b"88.1/nobody", 301)))) == (400, b"")
    lie = claim(challenge, OWNER.user, b"HS_PUBKEY", b"\0\0\0\x07SHA-256\0\0\0\x04\0\0\0\0")
    assert told(there.ask(lie)) == (403, b"")
    assert there.values(ITEM) == before and there.written == [] and PREFIX in there.desk.standing.homed


def test_several_servers_refuse_what_hashes_to_another() -> None:
    number = server_number(ITEM, 2, 2)
    there, elsewhere = (office(site=site_of(2), server_number=each) for each in (number, 1 - number))
    for asked in (create(ITEM, URL), add(ITEM, MAIL), remove(ITEM, 1), modify(ITEM, URL), delete(ITEM)):
        assert told(elsewhere.ask(asked)) == (301, b"Request was hashed incorrectly")
        assert told(there.ask(asked)) != (301, b"Request was hashed incorrectly")


# -- create -------------------------------------------------------------------------------------------------------


def test_created_values_get_this_moment_as_timestamp_and_keep_their_order() -> None:
    there = office()
    reply = there.prove(create(b"88.1/new", MAIL, URL, ADMIN), OWNER)
    assert (reply.header.code, reply.body) == (1, CreateAnswer(b"88.1/new"))
    assert not reply.header.flags & (OpFlag.OVERWRITE | OpFlag.MINT_SUFFIX)
    stamped = [replace(value, timestamp=WALL_S) for value in (MAIL, URL, ADMIN)]
    assert there.values(b"88.1/NEW") == tuple(stamped)
    assert there.ruling is not None
    assert (there.ruling.wrote, there.ruling.user, there.ruling.opcode) == (True, OWNER.user, Opcode.CREATE_HANDLE)


def test_the_administrators_of_a_prefix_are_asked_for_only_when_somebody_claims_to_be_one() -> None:
    there = office()
    challenge = there.ask(create(b"88.1/new", URL))
    assert there.effects == []
    there.ask(answer(challenge, OWNER))
    finds = [effect.question.handle for effect in there.effects if isinstance(effect, Find)]
    assert finds[0] == PREFIX  # then the group, and the key
    assert there.written == [b"88.1/NEW"]


def test_a_prefix_that_cannot_be_looked_up_has_no_administrators() -> None:
    there = office()
    challenge = there.ask(create(b"88.1/new", URL))
    there.silent.add(PREFIX)
    assert told(there.ask(answer(challenge, OWNER))) == (400, b"")


def test_a_prefix_record_that_is_here_decides_itself() -> None:
    there = Office({PREFIX: PREFIX_RECORD}, elsewhere={})
    assert there.prove(create(b"88.1/new", URL), SECRET_OWNER).header.code == 1
    assert [type(effect) for effect in there.effects] == [Commit]


def test_overwriting_keeps_the_timestamps_of_values_that_stay() -> None:
    there = office()
    changed = replace(URL, data=b"another")
    reply = there.prove(create(ITEM, changed, HIDDEN, ADMIN, MAIL, flags=(OpFlag.OVERWRITE,)), OWNER)
    assert (reply.header.code, reply.body) == (1, CreateAnswer(ITEM))
    assert reply.header.flags & OpFlag.OVERWRITE
    stamped = (replace(changed, timestamp=WALL_S), HIDDEN, ADMIN, replace(MAIL, timestamp=WALL_S))
    assert there.values(ITEM) == stamped


def test_overwriting_what_does_not_exist_overwrites_nothing() -> None:
    there = office()
    reply = there.prove(create(b"88.1/new", URL, flags=(OpFlag.OVERWRITE,)), OWNER)
    assert reply.header.code == 1
    assert not reply.header.flags & OpFlag.OVERWRITE


def test_overwriting_with_the_same_needs_no_right_and_writes_nothing() -> None:
    there = Office({ITEM: RECORD, b"88.1/me": (Value(301, b"HS_SECKEY", b"mine", permissions=0x0C),)})
    stranger = type(OWNER)(Reference(b"88.1/me", 301), b"mine")
    again = [replace(value, timestamp=5) for value in reversed(RECORD)]
    assert there.prove(create(ITEM, *again, flags=(OpFlag.OVERWRITE,)), stranger).header.code == 1
    assert there.written == []
    assert there.values(ITEM) == RECORD


def test_a_minted_handle_is_the_given_beginning_and_a_suffix_of_ours() -> None:
    there = office()
    challenge = there.ask(create(b"88.1/", URL, ADMIN, flags=(OpFlag.MINT_SUFFIX,)))
    assert not challenge.header.flags & OpFlag.MINT_SUFFIX
    reply = there.ask(answer(challenge, OWNER))
    assert isinstance(reply.body, CreateAnswer)
    assert reply.body.handle is not None
    assert len(reply.body.handle) == len(b"88.1/") + 36 and reply.body.handle[19:20] == b"4"
    assert reply.header.flags & OpFlag.MINT_SUFFIX
    assert there.written == [reply.body.handle.upper()]


def test_a_minted_handle_is_made_once_however_often_the_answer_comes() -> None:
    there = office()
    proof = answer(there.ask(create(b"88.1/", URL, flags=(OpFlag.MINT_SUFFIX,))), OWNER)
    assert [there.ask(proof).header.code for _ in range(3)] == [1, 101, 101]
    assert len(there.written) == 1


def test_a_minted_handle_hashes_to_the_server_that_made_it() -> None:
    for number in (0, 1, 2):
        there = office(site=site_of(3), server_number=number)
        assert told(there.ask(create(b"88.1/", URL, flags=(OpFlag.MINT_SUFFIX,)))) == CHALLENGED


def test_minting_ends_even_if_chance_always_says_the_same() -> None:
    draws: list[int] = []

    def stuck(octets: int) -> bytes:
        draws.append(octets)
        return bytes(octets)

    there = office(entropy=stuck)
    there.put(b"88.1/00000000-0000-4000-8000-000000000000", URL)
    assert told(there.ask(create(b"88.1/", URL, flags=(OpFlag.MINT_SUFFIX,)))) == (101, b"")
    assert len(draws) == MINTS_MAX


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ([Value(index + 1, b"T", b"") for index in range(2_048)], 1),
        ([Value(index + 1, b"T", b"") for index in range(2_049)], 202),
        ([Value(1, b"T", b"x" * (RECORD_OCTETS_MAX - 40))], 1),
        ([Value(1, b"T", b"x" * RECORD_OCTETS_MAX)], 202),
    ],
    ids=["many values", "too many values", "much data", "too much data"],
)
def test_a_record_must_fit_into_a_message(values: list[Value], code: int) -> None:
    there = office()
    assert there.prove(create(b"88.1/large", *values), OWNER).header.code == code
    assert (there.values(b"88.1/large") is not None) == (code == 1)


def test_adding_cannot_make_a_record_larger_than_a_message() -> None:
    there = office()
    there.put(b"88.1/full", ADMIN, *(Value(index, b"T", b"") for index in range(1_000, 3_047)))
    assert there.prove(add(b"88.1/full", MAIL), OWNER).header.code == 202


# -- delete, add, remove, modify ----------------------------------------------------------------------------------


def test_a_deleted_record_is_gone() -> None:
    there = office()
    reply = there.prove(delete(b"88.1/Item"), OWNER)
    assert (reply.header.code, reply.body) == (1, EmptyBody())
    assert there.values(ITEM) is None


def test_what_lies_under_a_prefix_that_is_not_homed_any_more_can_be_deleted() -> None:
    there = Office({ITEM: RECORD}, homed=())
    assert there.prove(delete(ITEM), OWNER).header.code == 1


def test_added_values_are_put_in_the_order_of_indexes() -> None:
    there = office()
    third = Value(3, b"DESC", b"between", timestamp=9)
    there.put(ITEM, ADMIN, URL)
    reply = there.prove(add(ITEM, MAIL, third), OWNER)
    assert (reply.header.code, reply.body) == (1, EmptyBody())
    assert not reply.header.flags & OpFlag.OVERWRITE
    values = there.values(ITEM)
    assert values == (URL, replace(third, timestamp=WALL_S), replace(MAIL, timestamp=WALL_S), ADMIN)


def test_adding_over_a_value_overwrites_it_and_says_so() -> None:
    there = office()
    changed = replace(URL, data=b"another")
    reply = there.prove(add(ITEM, changed, HIDDEN, MAIL, flags=(OpFlag.OVERWRITE,)), OWNER)
    assert reply.header.code == 1 and reply.header.flags & OpFlag.OVERWRITE
    values = there.values(ITEM)
    assert values is not None
    assert values[0] == replace(changed, timestamp=WALL_S)
    assert values[1] == HIDDEN


def test_adding_what_is_there_already_needs_no_right_and_writes_nothing() -> None:
    there = Office({ITEM: RECORD, b"88.1/me": (Value(301, b"HS_SECKEY", b"mine", permissions=0x0C),)})
    stranger = type(OWNER)(Reference(b"88.1/me", 301), b"mine")
    asked = add(ITEM, replace(URL, timestamp=77), flags=(OpFlag.OVERWRITE,))
    assert there.prove(asked, stranger).header.code == 1
    challenge = there.ask(asked)
    assert told(there.ask(claim(challenge, stranger.user))) == (403, b"")
    assert there.written == []


def test_removing_takes_values_away_and_leaves_an_empty_record_if_none_is_left() -> None:
    there = office()
    assert there.prove(remove(ITEM, 2, 2, 4), OWNER).header.code == 1
    assert there.values(ITEM) == (URL, FIXED, ADMIN)
    assert there.prove(remove(ITEM, 1, 3, 100), OWNER).header.code == 1
    assert there.values(ITEM) == ()


def test_modifying_changes_values_in_their_place() -> None:
    there = office()
    there.put(ITEM, ADMIN, URL, OPEN)
    changed = replace(URL, type=b"EMAIL", data=b"a@example.invalid", ttl=60)
    assert there.prove(modify(ITEM, changed, replace(OPEN, timestamp=3)), OWNER).header.code == 1
    assert there.values(ITEM) == (ADMIN, replace(changed, timestamp=WALL_S), OPEN)


def test_an_index_twice_is_refused_after_rights_and_proof() -> None:
    there = office()
    assert told(there.prove(modify(ITEM, URL, replace(URL, data=b"y")), OWNER)) == (202, b"")
    assert there.written == []


def test_what_the_public_may_write_needs_no_name() -> None:
    there = office()
    changed = replace(OPEN, data=b"by anybody")
    assert there.ask(modify(ITEM, changed)).header.code == 1
    assert there.values(ITEM) == (URL, HIDDEN, FIXED, replace(changed, timestamp=WALL_S), ADMIN)
    assert there.ruling is not None and there.ruling.user is None and there.ruling.wrote
    assert told(there.ask(modify(ITEM, changed, URL))) == CHALLENGED


def test_an_administrator_that_the_public_may_write_is_not_written_by_the_public() -> None:
    there = office()
    there.put(ITEM, URL, replace(ADMIN, permissions=0x0F))
    assert told(there.ask(modify(ITEM, replace(ADMIN, permissions=0x0F, type=b"DESC")))) == CHALLENGED


@pytest.mark.parametrize("asked", [add(ITEM, MAIL), remove(ITEM, 1), modify(ITEM, replace(URL, data=b"y"))])
def test_a_record_changed_in_between_is_decided_again(asked: Message) -> None:
    there = office()
    other = Value(50, b"DESC", b"by somebody else", timestamp=OLD_S)
    there.before_commit.append(lambda: there.put(ITEM, URL, HIDDEN, FIXED, OPEN, other, ADMIN))
    assert there.prove(asked, OWNER).header.code == 1
    values = there.values(ITEM)
    assert values is not None and other in values
    assert len(there.written) == 2


def test_a_record_that_takes_ones_rights_away_in_between_refuses() -> None:
    there = office()
    there.before_commit.append(lambda: there.put(ITEM, URL))
    assert told(there.prove(modify(ITEM, replace(URL, data=b"y")), OWNER)) == (400, b"")
    assert there.values(ITEM) == (URL,)


def test_a_record_that_is_changed_without_end_makes_a_busy_server() -> None:
    there = office()
    there.refusals = [Kept.CHANGED] * 100
    assert there.prove(add(ITEM, MAIL), OWNER).header.code == Code.SERVER_TOO_BUSY
    assert len(there.written) == administration.DECISIONS_MAX


@pytest.mark.parametrize(
    ("kept", "expected"),
    [
        (Kept.READ_ONLY, (7, b"Server can only resolve handles due to maintenance. Please try again later.")),
        (Kept.FAILED, (2, b"Internal Error")),
    ],
)
@pytest.mark.parametrize("asked", [create(b"88.1/new", URL), delete(ITEM), add(ITEM, MAIL), home(b"0.NA/88.7")])
def test_a_store_that_takes_nothing(asked: Message, kept: Kept, expected: tuple[int, bytes]) -> None:
    there = office(server_admins=(OWNER.user,))
    there.refusals = [kept]
    assert told(there.prove(asked, OWNER)) == expected
    assert there.ruling is not None and not there.ruling.wrote


@pytest.mark.parametrize(("version", "code"), [((2, 3), 303), ((2, 5), 7)])
def test_below_2_5_a_server_in_maintenance_says_303(version: tuple[int, int], code: int) -> None:
    there = office()
    there.refusals = [Kept.READ_ONLY]
    assert there.prove(create(b"88.1/new", URL, version=version), OWNER).header.code == code


@pytest.mark.parametrize(("version", "code"), [((2, 3), 201), ((2, 5), 202)])
def test_below_2_5_an_invalid_value_is_201(version: tuple[int, int], code: int) -> None:
    assert office().ask(create(b"88.1/new", NEGATIVE, version=version)).header.code == code


def test_an_answer_sent_again_finds_its_work_done_and_undoes_nobody_elses() -> None:
    there = office()
    mine, other = replace(URL, data=b"mine"), replace(URL, data=b"somebody else's")
    proof = answer(there.ask(modify(ITEM, mine)), OWNER)
    assert [there.ask(proof).header.code for _ in range(2)] == [1, 1]
    assert len(there.written) == 1
    there.prove(modify(ITEM, other), OWNER)
    assert told(there.ask(proof)) == (405, b"")
    values = there.values(ITEM)
    assert values is not None and values[0].data == other.data


# -- reading what is secret ---------------------------------------------------------------------------------------


def read(*indexes: int, public_only: bool = False, session_id: int = 0) -> Message:
    body = ResolutionRequest(b"88.1/Item", indexes)
    return request(Opcode.RESOLUTION, body, public_only=public_only, session_id=session_id)


def test_who_may_read_secrets_sees_all_that_was_selected() -> None:
    there = office()
    locked = Value(7, b"DESC", b"not for administrators", permissions=0x04)
    there.put(ITEM, URL, HIDDEN, locked, ADMIN)
    reply = there.prove(read(), OWNER)
    assert reply.body == ResolutionAnswer(b"88.1/Item", (URL, HIDDEN, locked, ADMIN))
    assert there.prove(read(1, 2), OWNER).body == ResolutionAnswer(b"88.1/Item", (URL, HIDDEN))


@pytest.mark.parametrize(
    ("asked", "code"),
    [(read(1), 1), (read(9), 200), (read(2, public_only=True), 200), (read(7), 401), (read(2), 402), (read(2, 7), 402)],
)
def test_reading_needs_a_name_only_for_what_administrators_may_read(asked: Message, code: int) -> None:
    there = office()
    there.put(ITEM, URL, HIDDEN, Value(7, b"DESC", b"not for administrators", permissions=0x04), ADMIN)
    assert there.ask(asked).header.code == code


def test_the_servers_status_is_switched_off() -> None:
    there = office(server_admins=(OWNER.user,))
    asked = request(Opcode.RESOLUTION, ResolutionRequest(b"0.SITE/status"), public_only=False)
    assert told(there.prove(asked, OWNER)) == (100, b"")
    assert told(there.ask(claim(there.ask(asked), Reference(b"88.1/nobody", 1)))) == (400, b"")


# -- referrals ----------------------------------------------------------------------------------------------------


def national(**more: object) -> Office:
    record = (DELEGATE, admin(0xFFF, b"0.NA/88", 300))
    return Office({b"0.NA/88.1": record}, homed=(b"0.NA/88",), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "asked",
    [
        create(b"0.NA/88.1.5", URL),
        add(b"0.NA/88.1.5", URL),
        remove(b"0.NA/88.1.5", 1),
        modify(b"0.NA/88.1.5", URL),
        delete(b"0.NA/88.1.5"),
        create(b"88.1.5", URL),
    ],
)
def test_a_prefix_further_down_is_referred_to_whoever_keeps_it(asked: Message) -> None:
    reply = national().ask(asked)
    assert (reply.header.code, reply.body) == (303, Referral(b"", (DELEGATE,)))


def test_old_clients_and_those_who_decline_are_not_referred() -> None:
    there = national()
    assert there.ask(create(b"0.NA/88.1.5", URL, version=(2, 9))).header.code == 402
    assert there.ask(create(b"0.NA/88.1.5", URL, version=(2, 10))).header.code == 303
    assert there.ask(create(b"0.NA/88.1.5", URL, flags=(OpFlag.DO_NOT_REFER,))).header.code == 402
    assert there.ask(modify(b"0.NA/88.1", URL)).header.code == 402  # it is here itself


# -- lists --------------------------------------------------------------------------------------------------------


def names(responses: list[Message]) -> list[tuple[bytes, ...]]:
    return [reply.body.handles for reply in responses if isinstance(reply.body, HandleList)]


def listed(there: Office, asked: Message, who: object = OWNER) -> list[Message]:
    return there.ask_all(answer(there.ask(asked), who))  # type: ignore[arg-type]


def test_a_list_names_handles_as_they_are_stored() -> None:
    (reply,) = listed(office(), list_of(b"0.na/88.1"))
    assert (reply.header.code, reply.body) == (1, HandleList((b"88.1/ITEM", b"88.1/PLAIN")))
    assert not reply.header.flags & OpFlag.CONTINUED


@pytest.mark.parametrize(("handles", "parts"), [(0, [0]), (1, [1]), (50, [50]), (51, [50, 1]), (120, [50, 50, 20])])
def test_lists_come_fifty_names_a_message(handles: int, parts: list[int]) -> None:
    there = Office({b"88.1/%05d" % number: (URL,) for number in range(handles)} | {b"88.11/x": (URL,)})
    replies = listed(there, list_of(PREFIX))
    assert [len(each) for each in names(replies)] == parts
    assert [bool(reply.header.flags & OpFlag.CONTINUED) for reply in replies] == [True] * (len(parts) - 1) + [False]
    assert len({reply.envelope.request_id for reply in replies}) == 1


def test_a_list_is_read_from_the_store_as_it_is_sent() -> None:
    there = Office({b"88.1/%05d" % number: (URL,) for number in range(500)})
    ruling = there.decide(answer(there.ask(list_of(PREFIX)), OWNER))
    first = next(ruling.responses)
    assert isinstance(first.body, HandleList) and len(first.body.handles) == 50
    assert ruling.code == 1


def test_derived_prefixes_are_listed_under_the_root_services_name() -> None:
    there = Office(
        {b"0.NA/88.1": PREFIX_RECORD, b"0.NA/88.1.5": (URL,), b"0.NA/88.1.6.2": (URL,), b"0.NA/88.10": (URL,)},
        homed=(b"0.NA/88",),
    )
    assert names(listed(there, list_of(b"0.NA/0.NA/88.1"))) == [(b"0.NA/88.1.5", b"0.NA/88.1.6.2")]


def test_lists_can_be_switched_off() -> None:
    assert office(lists_handles=False).ask(list_of(PREFIX)).header.code == 5


def test_homed_prefixes_are_listed_for_who_may_home() -> None:
    asked = request(Opcode.LIST_HOMED_PREFIXES, HandleRequest(b"/"))
    for who in ({"server_admins": (OWNER.user,)}, {"home_only_admins": (OWNER.user,)}):
        there = office(homed=(b"0.NA/88.2", PREFIX), **who)
        assert names(listed(there, asked)) == [(PREFIX, b"0.NA/88.2")]
    assert listed(office(), asked)[0].header.code == 400


# -- homes --------------------------------------------------------------------------------------------------------


def test_homing_and_unhoming_change_who_lives_here_and_may_be_repeated() -> None:
    there = office(home_only_admins=(OWNER.user,))
    for asked, homed, effects in (
        (home(b"88.7"), True, 1),
        (home(b"0.na/88.7"), True, 1),
        (unhome(b"0.NA/88.7"), False, 2),
    ):
        assert there.prove(asked, OWNER).header.code == 1
        assert (b"0.NA/88.7" in there.desk.standing.homed) is homed
        assert len([effect for effect in there.effects if isinstance(effect, Home)]) == effects
    assert there.prove(unhome(b"0.NA/88.7"), OWNER).header.code == 1


def test_prefix_administrators_do_not_home() -> None:
    there = office()
    assert told(there.prove(home(PREFIX), OWNER)) == (400, b"")


# -- mirrors, other operations ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (create(b"88.1/new", URL), 301),
        (delete(ITEM), 301),
        (add(ITEM, MAIL), 301),
        (remove(ITEM, 1), 301),
        (modify(ITEM, OPEN), 301),
        (home(b"0.NA/88.7"), 301),
        (unhome(PREFIX), 301),
        (list_of(PREFIX), 402),
        (request(Opcode.LIST_HOMED_PREFIXES, HandleRequest(b"/")), 402),
        (read(2), 402),
    ],
)
def test_a_mirror_takes_no_writes(asked: Message, code: int) -> None:
    reply = office(site=site_of(1, mask=0)).ask(asked)
    assert reply.header.code == code
    assert not reply.header.flags & OpFlag.AUTHORITATIVE
    if code == 301:
        assert told(reply) == (301, b"Not a primary server")


def test_an_operation_nobody_serves_is_not_supported() -> None:
    assert office().ask(request(Opcode.BACKUP_SERVER, HandleRequest(b"/"))).header.code == 5


def test_server_administrators_may_do_anything_only_if_told_so() -> None:
    everywhere = office(server_admins=(SECRET_OWNER.user,), server_admins_everywhere=True)
    assert everywhere.prove(delete(ITEM), SECRET_OWNER).header.code == 1
    assert told(office(server_admins=(SECRET_OWNER.user,)).prove(delete(ITEM), SECRET_OWNER)) == (400, b"")
