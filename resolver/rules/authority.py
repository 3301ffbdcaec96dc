"""What an authority answers about what it holds (behaviour.md §1.3 to §1.5).

The order of refusals is part of the protocol: clients learn from which one they get.

    hash -> homed -> record or referral -> selection -> public filter -> admin-read -> the values
     301     301      100      303           200           200             401   402
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from resolver.model.identifier import ancestors, fold, is_prefix_handle, normal_form, prefix_handle, prefix_of
from resolver.model.question import Answer, Question
from resolver.model.site import Site, server_number
from resolver.model.value import Value
from resolver.wire.codes import Code
from resolver.wire.record import unpack_record

HASHED_ELSEWHERE = Answer(Code.SERVER_NOT_RESP, message=b"Request was hashed incorrectly")
NOT_HOMED = Answer(Code.SERVER_NOT_RESP, message=b"That prefix doesn't live here")
NOT_FOUND = Answer(Code.HANDLE_NOT_FOUND)
NOTHING_SELECTED = Answer(Code.VALUES_NOT_FOUND)
UNREADABLE = Answer(Code.INSUFFICIENT_PERMISSIONS)
# Not an end but a demand: the node turns it into a challenge (RFC 3652 §3.5.1).
PROOF_NEEDED = Answer(Code.AUTHENTICATION_NEEDED)

REFERRAL_TYPES = (b"HS_SITE.PREFIX", b"HS_NA_DELEGATE", b"HS_SERV.PREFIX")
SERVER_STATUS = b"0.SITE/STATUS"


@dataclass(frozen=True, slots=True)
class Standing:
    """What a server answers for: its place in its site, and the prefix handles homed here (folded)."""

    site: Site
    server_number: int
    homed: frozenset[bytes]

    def hashed_here(self, handle: bytes) -> bool:
        """Whether the hash rule sends `handle` to this server."""
        servers = len(self.site.servers)
        return servers <= 1 or server_number(handle, servers, self.site.hash_option) == self.server_number

    def homes(self, handle: bytes) -> bool:
        """Whether the prefix of `handle` lives here, or, for a prefix handle, it or one of its ancestors."""
        folded = fold(handle)
        if prefix_handle(prefix_of(folded)) in self.homed:
            return True
        if not is_prefix_handle(folded):
            return False
        return folded in self.homed or any(above in self.homed for above in ancestors(folded))


def decide(question: Question, standing: Standing, get: Callable[[bytes], bytes | None]) -> Answer:
    """Answer a resolution from the records that `get` finds by folded handle (packed; None if absent)."""
    handle = normal_form(question.handle)
    key = fold(handle)
    if key == SERVER_STATUS:
        return NOTHING_SELECTED if question.public_only else PROOF_NEEDED
    if not standing.hashed_here(handle):
        return HASHED_ELSEWHERE
    if not standing.homes(handle):
        return NOT_HOMED
    record = get(key)
    if record is None:
        return NOT_FOUND if question.do_not_refer else refer(key, get)
    return select(question, unpack_record(record))


def refer(key: bytes, get: Callable[[bytes], bytes | None]) -> Answer:
    """A prefix referral from the nearest ancestor that has one, else "not found"."""
    for above in ancestors(key):
        record = get(above)
        if record is None:
            continue
        values = referral_values(record)
        if values:
            return Answer(Code.PREFIX_REFERRAL, values=values)
    return NOT_FOUND


@lru_cache(maxsize=1_024)  # every cold question below a prefix meets the same record; reading it is most of the work
def referral_values(record: bytes) -> tuple[Value, ...]:
    """The public values of a packed record that refer to whoever answers below it."""
    return tuple(value for value in unpack_record(record) if value.public_read and value.type.upper() in REFERRAL_TYPES)


def select(question: Question, values: tuple[Value, ...]) -> Answer:
    """The values of a record that a question selects and may see."""
    selected = tuple(value for value in values if question.selects(value))
    if question.public_only:
        selected = tuple(value for value in selected if value.public_read)
    if not selected:
        return NOTHING_SELECTED
    secret = next((value for value in selected if not value.public_read), None)
    if secret is None:
        return Answer(Code.SUCCESS, values=selected)
    return PROOF_NEEDED if secret.admin_read else UNREADABLE
