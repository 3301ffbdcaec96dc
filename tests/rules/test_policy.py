"""Who may do what: every right, groups, and what an operation needs (behaviour.md §2)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from office import OWNER, PREFIX, RSA, SECRET, Office, admin, answer, claim, group, request, told

from resolver.model.value import Reference, Value
from resolver.rules import keys, policy
from resolver.rules.effects import Find
from resolver.rules.policy import GROUPS_MAX, MEMBERS_MAX, Difference
from resolver.rules.proof import Credentials
from resolver.wire.bodies import HandleRequest, RemoveValueRequest, ResolutionRequest, ValuesRequest
from resolver.wire.codes import Opcode, OpFlag
from resolver.wire.message import Message
from resolver.wire.types import hs_admin

ITEM = b"88.1/item"
URL = Value(1, b"URL", b"https://example.invalid/1")
HIDDEN = Value(2, b"DESC", b"hidden", permissions=0x0C)
SPARE = admin(0, b"88.1/nobody", 1, at=101)  # an administrator to change and to remove
BITS = {1 << bit for bit in range(12)}
OVERWRITE = OpFlag.OVERWRITE


def values(opcode: int, *them: Value, flags: tuple[OpFlag, ...] = ()) -> Message:
    return request(opcode, ValuesRequest(ITEM, them), *flags)


def removal(*indexes: int) -> Message:
    return request(Opcode.REMOVE_VALUE, RemoveValueRequest(ITEM, indexes))


NEW, NEW_ADMIN = Value(9, b"EMAIL", b"a"), admin(0xFFF, b"88.1/friend", 300, at=9)
# what is asked of a record with URL, HIDDEN and SPARE, and which rights allow it
RECORD_RIGHTS = [
    (request(Opcode.DELETE_HANDLE, HandleRequest(ITEM)), hs_admin.DELETE_HANDLE),
    (values(Opcode.ADD_VALUE, NEW), hs_admin.ADD_VALUE),
    (values(Opcode.ADD_VALUE, NEW_ADMIN), hs_admin.ADD_ADMIN),
    (values(Opcode.ADD_VALUE, NEW, admin(1, at=10)), hs_admin.ADD_VALUE | hs_admin.ADD_ADMIN),
    (values(Opcode.ADD_VALUE, replace(URL, data=b"y"), flags=(OVERWRITE,)), hs_admin.MODIFY_VALUE),
    (values(Opcode.ADD_VALUE, replace(SPARE, data=NEW_ADMIN.data), flags=(OVERWRITE,)), hs_admin.MODIFY_ADMIN),
    (removal(1), hs_admin.REMOVE_VALUE),
    (removal(101), hs_admin.REMOVE_ADMIN),
    (removal(1, 101), hs_admin.REMOVE_VALUE | hs_admin.REMOVE_ADMIN),
    (values(Opcode.MODIFY_VALUE, replace(URL, data=b"y")), hs_admin.MODIFY_VALUE),
    (values(Opcode.MODIFY_VALUE, URL), hs_admin.MODIFY_VALUE),  # even one that stays as it is
    (values(Opcode.MODIFY_VALUE, replace(SPARE, data=NEW_ADMIN.data)), hs_admin.MODIFY_ADMIN),
    (values(Opcode.MODIFY_VALUE, replace(URL, type=b"HS_ADMIN")), hs_admin.MODIFY_VALUE | hs_admin.ADD_ADMIN),
    (values(Opcode.MODIFY_VALUE, replace(URL, type=b"hs_admin")), hs_admin.MODIFY_VALUE | hs_admin.ADD_ADMIN),
    (values(Opcode.MODIFY_VALUE, replace(SPARE, type=b"DESC")), hs_admin.REMOVE_ADMIN | hs_admin.MODIFY_VALUE),
    (request(Opcode.RESOLUTION, ResolutionRequest(ITEM), public_only=False), hs_admin.READ_VALUE),
]


def code_for(asked: Message, rights: int) -> int:
    there = Office({ITEM: (URL, HIDDEN, SPARE, admin(rights))})
    return there.prove(asked, OWNER).header.code


@pytest.mark.parametrize(("asked", "needed"), RECORD_RIGHTS)
def test_each_operation_needs_its_rights_in_the_record_and_no_other(asked: Message, needed: int) -> None:
    assert code_for(asked, needed) == 1
    assert code_for(asked, 0xFFF & ~needed) == 400
    for bit in sorted(BITS):
        assert code_for(asked, 0xFFF & ~bit) == (400 if needed & bit else 1)


@pytest.mark.parametrize(
    ("asked", "needed"),
    [
        (request(Opcode.CREATE_HANDLE, ValuesRequest(b"88.1/new", (URL,))), hs_admin.ADD_HANDLE),
        (request(Opcode.LIST_HANDLES, HandleRequest(PREFIX)), hs_admin.LIST_HANDLES),
    ],
)
def test_each_operation_needs_its_right_in_the_prefix_and_no_other(asked: Message, needed: int) -> None:
    for bit in sorted(BITS):
        there = Office(elsewhere={PREFIX: (admin(bit), Value(300, b"HS_PUBKEY", keys.record_of(RSA)))})
        assert there.prove(asked, OWNER).header.code == (1 if bit == needed else 400)


def test_a_derived_prefix_needs_the_parents_right_for_those() -> None:
    for bit in sorted(BITS):
        record = (admin(bit), Value(300, b"HS_PUBKEY", keys.record_of(RSA)))
        there = Office({PREFIX: record}, homed=(b"0.NA/88",))
        created = there.prove(request(Opcode.CREATE_HANDLE, ValuesRequest(b"0.NA/88.1.7", (URL,))), OWNER)
        assert created.header.code == (1 if bit == hs_admin.ADD_DERIVED_PREFIX else 400)


@pytest.mark.parametrize(
    ("key", "above", "right"),
    [
        (b"88.1/ITEM", b"0.NA/88.1", hs_admin.ADD_HANDLE),
        (b"88.1/A/B", b"0.NA/88.1", hs_admin.ADD_HANDLE),
        (b"0.NA/88", b"0.NA/0.NA", hs_admin.ADD_HANDLE),
        (b"0.NA/88.1", b"0.NA/88", hs_admin.ADD_DERIVED_PREFIX),
        (b"0.NA/88.1.5", b"0.NA/88.1", hs_admin.ADD_DERIVED_PREFIX),
    ],
)
def test_who_decides_about_creating_a_handle(key: bytes, above: bytes, right: int) -> None:
    assert policy.parent_of(key) == (above, right)


def test_one_administrator_must_hold_all_the_rights() -> None:
    asked = values(Opcode.ADD_VALUE, NEW, admin(1, at=10))
    halves = (admin(hs_admin.ADD_VALUE, at=100), admin(hs_admin.ADD_ADMIN, at=101))
    assert told(Office({ITEM: halves}).prove(asked, OWNER)) == (400, b"")


def test_prefix_administrators_have_no_power_over_records_that_do_not_list_them() -> None:
    there = Office({ITEM: (URL, admin(0xFFF, b"88.1/other", 300))})
    for asked in (removal(1), values(Opcode.ADD_VALUE, NEW), request(Opcode.DELETE_HANDLE, HandleRequest(ITEM))):
        assert told(there.prove(asked, OWNER)) == (400, b"")


def test_a_record_without_administrators_is_locked() -> None:
    unreadable = Value(100, b"HS_ADMIN", b"\x0f\xff")
    for record in ((URL,), (URL, unreadable)):
        assert told(Office({ITEM: record}).prove(removal(1), OWNER)) == (400, b"")


# -- creating over a record that exists ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("in_record", "in_prefix", "allowed"),
    [
        (hs_admin.MODIFY_VALUE | hs_admin.REMOVE_VALUE, 0, True),  # the rights of the difference
        (hs_admin.MODIFY_VALUE, 0xFFF, False),
        (hs_admin.ADD_ADMIN, 0, True),
        (hs_admin.DELETE_HANDLE, hs_admin.ADD_HANDLE, True),
        (hs_admin.DELETE_HANDLE, 0xFFF & ~hs_admin.ADD_HANDLE, False),
        (0xFFF & ~(hs_admin.MODIFY_VALUE | hs_admin.ADD_ADMIN | hs_admin.DELETE_HANDLE), 0xFFF, False),
        (0, 0xFFF, False),
    ],
)
def test_the_ways_to_create_over_a_record(in_record: int, in_prefix: int, allowed: bool) -> None:
    key = Value(300, b"HS_PUBKEY", keys.record_of(RSA))
    owner = admin(in_record)
    there = Office({ITEM: (URL, HIDDEN, owner)}, elsewhere={PREFIX: (admin(in_prefix), key)})
    asked = values(Opcode.CREATE_HANDLE, replace(URL, data=b"y"), owner, flags=(OVERWRITE,))
    assert there.prove(asked, OWNER).header.code == (1 if allowed else 400)


def test_the_rights_of_the_difference_include_those_for_administrators() -> None:
    owner = admin(0xFFF & ~(hs_admin.ADD_ADMIN | hs_admin.DELETE_HANDLE))
    there = Office({ITEM: (URL, owner)})
    keeps = values(Opcode.CREATE_HANDLE, owner, flags=(OVERWRITE,))
    more = values(Opcode.CREATE_HANDLE, owner, NEW_ADMIN, flags=(OVERWRITE,))
    assert there.prove(more, OWNER).header.code == 400
    assert there.prove(keeps, OWNER).header.code == 1


def test_a_difference_leaves_timestamps_out() -> None:
    old = (URL, HIDDEN, SPARE)
    new = (replace(URL, timestamp=9), replace(HIDDEN, ttl=1), NEW)
    assert policy.difference(old, new) == Difference((NEW,), (SPARE,), ((HIDDEN, new[1]),))
    assert not policy.difference(old, tuple(replace(value, timestamp=9) for value in old))


# -- who is meant -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("listed", "user", "same"),
    [
        (Reference(b"0.NA/88.1", 300), Reference(b"0.NA/88.1", 300), True),
        (Reference(b"0.na/88.1", 300), Reference(b"0.NA/88.1", 300), True),
        (Reference(b"0.NA/88.1", 0), Reference(b"0.NA/88.1", 300), True),
        (Reference(b"0.NA/88.1", 301), Reference(b"0.NA/88.1", 300), False),
        (Reference(b"0.NA/88.1", 301), Reference(b"0.NA/88.1", 0), False),
        (Reference(b"0.NA/88.1", 0), Reference(b"0.NA/88.1", 0), True),
        (Reference(b"88.a/x", 1), Reference(b"88.A/x", 1), True),
        (Reference(b"88.a/x", 1), Reference(b"88.a/X", 1), False),
        (Reference(b"0.NA/88.1", 300), Reference(b"0.NA/88.2", 300), False),
    ],
)
def test_an_entry_means_a_user(listed: Reference, user: Reference, same: bool) -> None:
    assert policy.is_user(listed, user) is same


# -- groups -------------------------------------------------------------------------------------------------------

FRIEND = Credentials(Reference(b"88.2/friend", 301), SECRET)
FRIENDS_KEY = Value(301, b"HS_SECKEY", SECRET, permissions=0x0C)


def with_groups(*record: Value, **elsewhere: tuple[Value, ...]) -> Office:
    """A record, and what is elsewhere: `g5=(…)` lies under 88.5/g."""
    handles = {b"88.%b/g" % name[1:].encode(): those for name, those in elsewhere.items()}
    return Office({ITEM: (URL, *record)}, elsewhere={**handles, b"88.2/friend": (FRIENDS_KEY,)})


def of(number: int, index: int = 200) -> Reference:
    return Reference(b"88.%d/g" % number, index)


def removes(there: Office) -> int:
    return there.prove(removal(1), FRIEND).header.code


def admins(index: int = 200, number: int = 5) -> Value:
    return admin(0xFFF, b"88.%d/g" % number, index)


def test_members_of_a_group_are_administrators() -> None:
    assert removes(with_groups(admins(), g5=(group(FRIEND.user),))) == 1
    assert removes(with_groups(admins(), g5=(group(Reference(b"88.2/friend", 0)),))) == 1
    assert removes(with_groups(admins(), g5=(group(Reference(b"88.2/friend", 302)),))) == 400


def test_groups_are_followed_through_groups() -> None:
    assert removes(with_groups(admins(), g5=(group(of(6)),), g6=(group(of(7)),), g7=(group(FRIEND.user),))) == 1


def test_circles_of_groups_end() -> None:
    there = with_groups(admins(), g5=(group(of(6), of(5)),), g6=(group(of(5), of(6)),))
    assert removes(there) == 400
    assert [effect.question.handle for effect in there.effects if isinstance(effect, Find)] == [b"88.5/g", b"88.6/g"]


@pytest.mark.parametrize(
    "record",
    [
        (group(FRIEND.user, at=201),),  # another index
        (replace(group(FRIEND.user), type=b"HS_VLIST.OLD"),),
        (replace(group(FRIEND.user), data=b"\0\0\0\1"),),  # cut
        (replace(group(FRIEND.user), permissions=0x0C),),  # not for everybody, and not ours
        (),
    ],
)
def test_only_a_readable_group_of_that_index_counts(record: tuple[Value, ...]) -> None:
    assert removes(with_groups(admins(), g5=record)) == 400


def test_a_group_that_nobody_answers_for_has_no_members_and_others_still_count() -> None:
    there = with_groups(
        admins(), admin(0xFFF, b"88.6/g", 200, at=101), g5=(group(FRIEND.user),), g6=(group(FRIEND.user),)
    )
    there.silent.add(b"88.5/g")
    assert removes(there) == 1


def test_an_entry_of_index_0_names_no_group() -> None:
    there = with_groups(admins(index=0), g5=(group(FRIEND.user),))
    assert removes(there) == 400
    assert not [effect for effect in there.effects if isinstance(effect, Find)]


def test_a_group_of_our_own_counts_even_if_secret_and_is_not_asked_for() -> None:
    there = Office(
        {ITEM: (URL, admin(0xFFF, b"88.1/g", 200)), b"88.1/g": (replace(group(FRIEND.user), permissions=0),)},
        elsewhere={b"88.2/friend": (FRIENDS_KEY,)},
    )
    assert removes(there) == 1
    assert not [effect for effect in there.effects if isinstance(effect, Find)]


def test_who_is_named_directly_is_not_looked_for_in_groups() -> None:
    there = with_groups(admins(), admin(0xFFF, FRIEND.user.handle, 301, at=101), g5=(group(),))
    assert removes(there) == 1
    assert not [effect for effect in there.effects if isinstance(effect, Find)]


def test_groups_are_followed_to_a_bound_in_depth_and_in_breadth() -> None:
    def asked(members: dict[int, tuple[Reference, ...]]) -> int:
        there = with_groups(admins(), **{f"g{number}": (group(*them),) for number, them in members.items()})
        challenge = there.ask(removal(1))
        assert told(there.ask(answer(challenge, FRIEND))) == (400, b"")
        return len([effect for effect in there.effects if isinstance(effect, Find)])

    deep: dict[int, tuple[Reference, ...]] = {number: (of(number + 1),) for number in range(5, 200)}
    wide = {5: tuple(of(number) for number in range(6, 500))}
    assert asked(deep) == asked(wide) == GROUPS_MAX
    # the friend stands behind more members than are read
    assert asked({5: (*(Reference(b"88.2/x", 0) for _ in range(MEMBERS_MAX)), FRIEND.user)}) == 1


def test_a_group_is_looked_up_once_a_request() -> None:
    owner = Value(300, b"HS_PUBKEY", keys.record_of(RSA))
    there = with_groups(admins(), g5=(group(Reference(b"88.9/g", 300)),), g9=(owner,))
    challenge = there.ask(removal(1))
    there.before_commit.append(lambda: there.put(ITEM, URL, HIDDEN, admins()))  # so that it is decided twice
    reply = there.ask(answer(challenge, Credentials(Reference(b"88.9/g", 0), RSA)))
    assert reply.header.code == 1
    handles = [effect.question.handle for effect in there.effects if isinstance(effect, Find)]
    assert handles == [b"88.5/g", b"88.9/g"]  # the group, and the keys of the user


def test_nobody_is_listed_under_an_empty_handle() -> None:
    there = with_groups(admins(), g5=(group(Reference(b"", 0)),))
    challenge = there.ask(removal(1))
    assert told(there.ask(claim(challenge, Reference(b"", 301))))[0] in (403, 406)
