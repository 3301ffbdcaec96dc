"""Who may do what: administrators, groups of them, and the rights each operation needs (behaviour.md §2).

    a record's HS_ADMIN values     rights, and who has them: index:handle of a key or of a group (HS_VLIST)
    an operation needs             a Requirement: any of several ways, each a list of "one of these must be the user"

One single HS_ADMIN value must hold all the rights that a way needs: rights of several are not united.

    needed for                                       in the HS_ADMIN values of
    create 88.1/item      ADD_HANDLE                 0.NA/88.1, the prefix
    create 0.NA/88.1      ADD_DERIVED_PREFIX         0.NA/88, the parent
    list                  LIST_HANDLES               the prefix
    delete                DELETE_HANDLE              the record
    add, remove, modify   see `Difference.rights`    the record
    read what is secret   READ_VALUE                 the record
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from resolver.errors import PeerError
from resolver.model.identifier import ancestors, fold, prefix_handle, prefix_of
from resolver.model.value import Reference, Value
from resolver.wire.types import hs_admin, hs_vlist
from resolver.wire.types.hs_admin import (
    ADD_ADMIN,
    ADD_DERIVED_PREFIX,
    ADD_HANDLE,
    ADD_VALUE,
    DELETE_HANDLE,
    MODIFY_ADMIN,
    MODIFY_VALUE,
    REMOVE_ADMIN,
    REMOVE_VALUE,
    HsAdmin,
)

ADMIN_TYPE, GROUP_TYPE = b"HS_ADMIN", b"HS_VLIST"
ADMINS_MAX = 256  # HS_ADMIN values of one record that count; the first ones
GROUPS_MAX = 64  # references followed for one decision, whatever they turn out to be
MEMBERS_MAX = 4_096  # of all groups together, for one decision

Way = tuple[tuple[Reference, ...], ...]
Requirement = tuple[Way, ...]
ANYBODY: Requirement = ((),)  # whoever proves who they are
Match = Callable[[Reference], bool]
Members = Callable[[Reference], Awaitable[tuple[Reference, ...]]]


def one_of(listed: Iterable[Reference]) -> Requirement:
    """The requirement to be one of these."""
    return ((tuple(listed),),)


def admins_of(values: Iterable[Value]) -> tuple[HsAdmin, ...]:
    """The administrators a record names; unreadable HS_ADMIN values name nobody."""
    found: list[HsAdmin] = []
    for value in values:
        if len(found) < ADMINS_MAX and is_admin(value):
            try:
                found.append(hs_admin.decode(value.data))
            except PeerError:
                continue
    return tuple(found)


def holders(admins: Iterable[HsAdmin], rights: int) -> tuple[Reference, ...]:
    """Who holds all of these rights by one HS_ADMIN value."""
    return tuple(Reference(admin.handle, admin.index) for admin in admins if admin.permissions & rights == rights)


def is_admin(value: Value) -> bool:
    """Whether a value names an administrator."""
    return value.type.upper() == ADMIN_TYPE


def is_user(listed: Reference, user: Reference) -> bool:
    """Whether a list's entry means this user: its index 0 stands for every key of the handle.

    A user of index 0 is one who proved to know some secret key; only an entry of index 0 means them.
    """
    return listed.index in (0, user.index) and is_handle(listed, user.handle)


def is_handle(listed: Reference, handle: bytes) -> bool:
    """Whether a list's entry means some key of this handle. Letters of a suffix must be the same: the handle may live
    at a server that tells them apart.
    """
    return fold(listed.handle, case_sensitive=True) == fold(handle, case_sensitive=True)


def members_of(values: Iterable[Value], index: int) -> tuple[Reference, ...]:
    """The members of the group with this index, none if there is no such group."""
    for value in values:
        if value.index == index and value.type.upper() == GROUP_TYPE:
            try:
                return hs_vlist.decode(value.data)
            except PeerError:
                return ()
    return ()


async def permits(requirement: Requirement, match: Match, members: Members) -> bool:
    """Whether a user whom `match` recognises in a list satisfies one of the ways. `members` looks a group up."""
    for way in requirement:
        for listed in way:
            if not await is_listed(listed, match, members):
                break
        else:
            return True
    return False


async def is_listed(listed: Sequence[Reference], match: Match, members: Members) -> bool:
    """Whether `match` holds for an entry, or for a member of the groups the entries name, breadth first.

    Circles are harmless. Entries of index 0 name no group. Ends after GROUPS_MAX groups or MEMBERS_MAX members.
    """
    if any(match(each) for each in listed):
        return True
    waiting = deque(listed)
    seen: set[tuple[bytes, int]] = set()
    seen_members = 0
    while waiting and len(seen) < GROUPS_MAX:
        group = waiting.popleft()
        name = (fold(group.handle, case_sensitive=True), group.index)
        if group.index == 0 or name in seen:
            continue
        seen.add(name)
        found = (await members(group))[: MEMBERS_MAX - seen_members]
        seen_members += len(found)
        if any(match(each) for each in found):
            return True
        waiting.extend(found)
    return False


def parent_of(key: bytes) -> tuple[bytes, int]:
    """Whose administrators decide about creating the handle with this folded key, and the right they need."""
    above = next(ancestors(key), None)
    if above is not None:
        return above, ADD_DERIVED_PREFIX
    return prefix_handle(prefix_of(key)), ADD_HANDLE


@dataclass(frozen=True, slots=True)
class Difference:
    """What becomes of a record's values; those that stay the same, timestamp aside, are no part of it."""

    added: tuple[Value, ...] = ()
    removed: tuple[Value, ...] = ()
    changed: tuple[tuple[Value, Value], ...] = ()  # before, after

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)

    @property
    def rights(self) -> int:
        """What the difference needs: HS_ADMIN values have rights of their own."""
        rights = 0
        for value in self.added:
            rights |= ADD_ADMIN if is_admin(value) else ADD_VALUE
        for value in self.removed:
            rights |= REMOVE_ADMIN if is_admin(value) else REMOVE_VALUE
        for before, after in self.changed:
            rights |= CHANGE_RIGHTS[is_admin(before), is_admin(after)]
        return rights


# (was an HS_ADMIN, is one): what changing a value needs
CHANGE_RIGHTS = {
    (False, False): MODIFY_VALUE,
    (True, True): MODIFY_ADMIN,
    (True, False): REMOVE_ADMIN | MODIFY_VALUE,
    (False, True): MODIFY_VALUE | ADD_ADMIN,
}


def same(one: Value, other: Value) -> bool:
    """Whether two values are equal but for their timestamps."""
    return one == other or replace(one, timestamp=other.timestamp) == other


def difference(before: Iterable[Value], after: Iterable[Value]) -> Difference:
    """From one record to another, index by index."""
    old, new = ({value.index: value for value in values} for values in (before, after))
    return Difference(
        tuple(value for index, value in new.items() if index not in old),
        tuple(value for index, value in old.items() if index not in new),
        tuple((old[index], value) for index, value in new.items() if index in old and not same(old[index], value)),
    )


def to_change(admins: Sequence[HsAdmin], change: Difference) -> Requirement:
    """To add to, remove from or modify a record. Who changes nothing needs no right."""
    return one_of(holders(admins, change.rights)) if change else ANYBODY


def to_replace(admins: Sequence[HsAdmin], change: Difference, creators: tuple[Reference, ...]) -> Requirement:
    """To create over a record that exists and is another: the rights of the difference, or to name administrators
    (whoever may do that may do everything), or to delete the record and to create it.
    """
    return (
        (holders(admins, change.rights),),
        (holders(admins, ADD_ADMIN),),
        (holders(admins, DELETE_HANDLE), creators),
    )
