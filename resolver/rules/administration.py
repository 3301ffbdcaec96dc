"""Administration: create, delete, add, remove, modify, list, home — and the way in for every request that needs proof.

    request -> administer -> session, MAC, challenge answered? -> the operation's rule -> Ruling: messages to send

How a node calls it. It keeps one Desk. What it decodes and what is in SERVED goes to `administer` (a resolution only if
it names a session, or if `authority.decide` wants proof); the coroutine's effects (Find, Verify, Commit, Home) are
carried out, each outcome is sent back in, and its Ruling holds the messages of the response:

    rule = administer(message, desk, connection)
    effect = rule.send(None); ...; ruling = stop.value
    for response in ruling.responses: send(desk.packet_of(response, ruling.session))

An encrypted packet is opened first (`session_setup.opened`). When a stream closes, `desk.hung_up(connection)`. The node
bounds how long a rule may take and how many are under way; a rule that is closed has changed nothing that it was not
told was DONE.

The order of refusals is the reference's (behaviour.md §1.3): what comes before the challenge, anybody can find out.

    create  here, text, indexes, exists 101 ─┐
    delete  here (un-homed forgiven) ────────┤                ┌─ absent 100
    add     here, not empty, indexes ────────┼─ challenge 402 ┼─ absent 100, index there 201       ├─ rights 400, 403
    remove  here ────────────────────────────┤                ├─ absent 100, index missing 200
    modify  here, 100, 200, read-only 401 ───┘                └─ (after rights: index twice 202)

A rule decides on the record it read and writes with a Commit that holds only if that record still stands. If another
request was quicker, it is decided again from the beginning.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from uuid import UUID

from resolver.model.identifier import (
    PREFIX_HANDLE_LEAD,
    ROOT_SERVICE,
    fold,
    is_prefix_handle,
    normal_form,
)
from resolver.model.question import Answer, Question
from resolver.model.value import ADMIN_WRITE, PUBLIC_WRITE, Reference, Value
from resolver.rules import authentication, authority, policy, replies, session_setup
from resolver.rules.authentication import permit
from resolver.rules.authority import HASHED_ELSEWHERE, NOT_FOUND, NOT_HOMED, NOTHING_SELECTED, PROOF_NEEDED
from resolver.rules.desk import Case, Claim, Desk, Done, Names, Said
from resolver.rules.effects import Commit, Home, Kept
from resolver.rules.policy import Difference, Requirement, admins_of, holders, one_of
from resolver.rules.sessions import UNKNOWN_SESSION, Session
from resolver.wire.bodies.administration import CreateAnswer, HandleList, RemoveValueRequest, ValuesRequest
from resolver.wire.bodies.authentication import ChallengeAnswer, LoginRequest, VerifyAnswer, VerifyRequest
from resolver.wire.bodies.base import HandleRequest
from resolver.wire.bodies.resolution import HANDLE_OCTETS_MAX, VALUES_MAX, ResolutionRequest
from resolver.wire.codes import Code, Opcode, OpFlag
from resolver.wire.message import Message, as_order, decode
from resolver.wire.record import pack_record, unpack_record
from resolver.wire.types.hs_admin import DELETE_HANDLE, LIST_HANDLES, READ_VALUE, HsAdmin

INDEX_MAX = 0x7FFFFFFF  # the reference counts with signed integers: higher ones are negative to it
RECORD_OCTETS_MAX = (256 - 4) << 10  # a message of 256 KiB less room for header, digest, handle and credential
NAMES_A_MESSAGE = 50
DECISIONS_MAX = 8  # of one request, when others keep changing the record under it
MINTS_MAX = 64  # suffixes tried; one in as many as the site has servers falls on this one
MINT_OCTETS = 16
REFERRED_SINCE = (2, 10)  # administrative requests of older clients are not referred

BAD_TEXT = Answer(Code.INVALID_HANDLE, message=b"Invalid UTF8 encoding")
TOO_LONG = Answer(Code.INVALID_HANDLE, message=b"Handle is too long")
NO_PREFIX = Answer(Code.INVALID_HANDLE, message=b"Handle is not a prefix handle")
EXISTS = Answer(Code.HANDLE_ALREADY_EXISTS)
NOT_POSITIVE = Answer(Code.INVALID_VALUE, message=b"Value indexes must be positive")
EMPTY_LIST = Answer(Code.INVALID_VALUE, message=b"Value list was empty")
INDEX_TWICE = Answer(Code.INVALID_VALUE)
TOO_LARGE = Answer(Code.INVALID_VALUE, message=b"The record would be too large for a message")
READ_ONLY_VALUE = Answer(Code.INSUFFICIENT_PERMISSIONS, message=b"Value is read-only")
MAINTENANCE = Answer(
    Code.SERVER_BACKUP, message=b"Server can only resolve handles due to maintenance. Please try again later."
)
STORE_FAILED = Answer(Code.ERROR, message=b"Internal Error")
NO_LISTS = Answer(Code.OPERATION_NOT_SUPPORTED, message=b"This server does not list handles")
NO_SUCH_OPERATION = Answer(Code.OPERATION_NOT_SUPPORTED)
NOT_A_PRIMARY = Answer(Code.SERVER_NOT_RESP, message=b"Not a primary server")
SENT_AGAIN = authentication.NO_CHALLENGE
QUOTA_USED = b"No more is registered here today"
CHANGED = Answer(Code.SERVER_TOO_BUSY, message=b"The record was changed meanwhile, again and again")


@dataclass(frozen=True, slots=True, eq=False)
class Ruling:
    """What came of a request. `responses`: the messages, in order, to be taken at once or one after the other as they
    can be sent (a list of handles has no end worth naming); their records are read as they are taken.

    For signing: `session`. For the audit: the operation that was decided (that of the challenged request, not opcode
    200), the code, who was proven to ask, the handle in question, whether anything was written. `refuted`: it was asked
    about a proof (opcode 201), and that is wrong.
    """

    responses: Iterator[Message]
    session: Session | None
    opcode: int
    code: int
    user: Reference | None
    handle: bytes
    wrote: bool
    refuted: bool = False


async def administer(request: Message, desk: Desk, connection: Hashable = None) -> Ruling:
    """Decide a request. `connection`: the stream it came on, anything hashable that stays the same as long as that is
    open; None over UDP. Always ends; raises PeerError only for a stored record that is damaged.
    """
    case = Case(desk, request, connection=connection)
    refusal = _open(case)
    return _rule(case, await _decide(case) if refusal is None else refusal)


def _open(case: Case) -> Answer | None:
    """Find out in whose name a request is: the session or challenge it names. The refusal, if that is the end."""
    desk, request, now = case.desk, case.request, case.desk.now()
    opcode, session_id = request.header.opcode, request.envelope.session_id
    if opcode == Opcode.LOGIN:
        return None  # its id is the client's own, and means nothing yet
    if opcode == Opcode.CHALLENGE_ANSWER:
        return _open_answer(case)
    if not session_id:
        return None
    if case.connection is not None:
        case.user = desk.sessions.logged_in(case.connection, session_id)
        if case.user is not None:
            return None
    case.session = desk.sessions.get(session_id, now)
    if case.session is None:
        pending = desk.challenges.find(session_id, now)
        return UNKNOWN_SESSION if pending is None or pending.in_session else None
    if opcode in NO_MAC_NEEDED:
        return None
    objection = case.session.objection(request)
    if objection is None:
        desk.sessions.use(case.session, now)
        case.user = case.session.user
    return objection


def _open_answer(case: Case) -> Answer | None:
    """The answer to a challenge: the case is the challenged request's from here on."""
    desk, answer, now = case.desk, case.request, case.desk.now()
    assert isinstance(answer.body, ChallengeAnswer)
    session_id = answer.envelope.session_id
    pending = desk.challenges.find(session_id, now, case.connection)
    if pending is None:
        return UNKNOWN_SESSION
    if pending.late(now):
        return authentication.NO_CHALLENGE
    challenged = decode(pending.packet)
    if pending.in_session:
        case.session = desk.sessions.get(session_id, now)
        if case.session is None:
            return UNKNOWN_SESSION
    # Its opcode, its session, but the answer's request id (behaviour.md §1.2).
    envelope = replace(challenged.envelope, request_id=answer.envelope.request_id, flags=answer.envelope.flags)
    case.request = replace(challenged, envelope=envelope)
    case.pending, case.minted = pending, pending.minted
    case.claim = Claim(answer.body, pending.demand)
    return None


async def _decide(case: Case) -> Said:
    opcode = case.request.header.opcode
    if opcode in WRITES and not case.desk.speaker.primary:
        return NOT_A_PRIMARY
    rule = SERVED.get(opcode)
    if rule is None:
        return NO_SUCH_OPERATION
    for _ in range(DECISIONS_MAX):
        said = await rule(case)
        if said is not CHANGED:
            break
    if case.pending is not None and not isinstance(said, Answer):
        case.pending.done = True
    return said


def _rule(case: Case, said: Said) -> Ruling:
    request, desk = case.request, case.desk
    code = said.code if isinstance(said, Answer) else Code.SUCCESS
    responses: Iterator[Message]
    if isinstance(said, Names):
        responses = _lists(request, said.handles, desk)
    elif isinstance(said, Done):
        responses = iter((_success(request, said, desk),))
    elif code == Code.AUTHENTICATION_NEEDED:
        responses = iter((authentication.demand_proof(case),))
    else:
        responses = iter((replies.respond(request, said, desk.speaker, desk.now()),))
    refuted = isinstance(said, Done) and isinstance(said.body, VerifyAnswer) and said.body.valid != 1
    handle = case.minted or handle_of(request)
    return Ruling(responses, case.session, request.header.opcode, code, case.user, handle, case.wrote, refuted)


def _success(request: Message, said: Done, desk: Desk) -> Message:
    message = replies.fill(request, Code.SUCCESS, said.body, desk.speaker, desk.now())
    envelope, header = message.envelope, message.header
    if said.flags:
        header = replace(header, flags=header.flags | said.flags)
    if said.session_id is not None:
        envelope = replace(envelope, session_id=said.session_id)
    return replace(message, envelope=envelope, header=header)


def _lists(request: Message, handles: Iterator[bytes], desk: Desk) -> Iterator[Message]:
    """A list in messages of NAMES_A_MESSAGE handles, all but the last with the flag CONTINUED; at least one."""
    names = tuple(islice(handles, NAMES_A_MESSAGE))
    while True:
        following = tuple(islice(handles, NAMES_A_MESSAGE))
        flags = int(OpFlag.CONTINUED) if following else 0
        yield _success(request, Done(HandleList(names), flags), desk)
        if not following:
            return
        names = following


def handle_of(request: Message) -> bytes:
    """The handle a request is about, as it was written; none for what names none."""
    body = request.body
    if isinstance(body, ValuesRequest | RemoveValueRequest | HandleRequest | ResolutionRequest):
        return body.handle
    return body.user_handle if isinstance(body, LoginRequest | VerifyRequest) else b""


# -- records ------------------------------------------------------------------------------------------------------


async def create(case: Case) -> Said:
    """Opcode 100, also over a record that exists (OVERWRITE), also with a suffix of our making (MINT_SUFFIX)."""
    body, desk = case.request.body, case.desk
    assert isinstance(body, ValuesRequest)
    handle = _minted(case, body.handle) if case.flag(OpFlag.MINT_SUFFIX) else body.handle
    refusal = here(case, handle) or _unfit(handle) or _misnumbered(body.values, Code.VALUE_ALREADY_EXISTS)
    if refusal is not None:
        return refusal
    key = _key(handle)
    before = desk.get(key)
    if before is not None and not case.flag(OpFlag.OVERWRITE):
        return EXISTS
    if case.nameless:
        return PROOF_NEEDED
    old = unpack_record(before) if before is not None else ()
    refusal = await permit(case, await _to_create(case, key, old if before is not None else None, body.values))
    if refusal is not None:
        return refusal
    flags = OpFlag.OVERWRITE if before is not None else 0
    if case.flag(OpFlag.MINT_SUFFIX):
        flags |= OpFlag.MINT_SUFFIX
    return await _write(case, key, before, old, body.values, Done(CreateAnswer(handle), flags))


async def _to_create(case: Case, key: bytes, old: tuple[Value, ...] | None, values: tuple[Value, ...]) -> Requirement:
    change = policy.difference(old or (), values)
    if old is not None and not change:
        return policy.ANYBODY
    above, right = policy.parent_of(key)
    creators = holders(await _prefix_admins(case, above), right)
    return one_of(creators) if old is None else policy.to_replace(admins_of(old), change, creators)


async def delete(case: Case) -> Said:
    """Opcode 101. That the prefix is not homed here (any more) is forgiven: what lies here may be cleared away."""
    body, desk = case.request.body, case.desk
    assert isinstance(body, HandleRequest)
    refusal = here(case, body.handle)
    if refusal is not None and refusal is not NOT_HOMED:
        return refusal
    if case.nameless:
        return PROOF_NEEDED
    key = _key(body.handle)
    before = desk.get(key)
    if before is None:
        return NOT_FOUND
    refusal = await permit(case, one_of(holders(admins_of(unpack_record(before)), DELETE_HANDLE)))
    return refusal or await _commit(case, key, before, None, Done())


async def add(case: Case) -> Said:
    """Opcode 102. With OVERWRITE, values that exist become these."""
    body, desk = case.request.body, case.desk
    assert isinstance(body, ValuesRequest)
    refusal = here(case, body.handle)
    if refusal is None:
        refusal = _misnumbered(body.values, Code.VALUE_ALREADY_EXISTS) if body.values else EMPTY_LIST
    if refusal is not None:
        return refusal
    if case.nameless:
        return PROOF_NEEDED
    key = _key(body.handle)
    before = desk.get(key)
    if before is None:
        return NOT_FOUND
    old = unpack_record(before)
    there = {value.index for value in old}
    conflict = next((value.index for value in body.values if value.index in there), None)
    if conflict is not None and not case.flag(OpFlag.OVERWRITE):
        return _conflict(conflict, Code.VALUE_ALREADY_EXISTS)
    new = {value.index: value for value in (*old, *body.values)}
    values = tuple(new[index] for index in sorted(new))
    refusal = await permit(case, policy.to_change(admins_of(old), policy.difference(old, values)))
    if refusal is not None:
        return refusal
    flags = OpFlag.OVERWRITE if conflict is not None else 0
    return await _write(case, key, before, old, values, Done(flags=flags))


async def remove(case: Case) -> Said:
    """Opcode 103. That administrators may not write a value does not keep them from removing it."""
    body, desk = case.request.body, case.desk
    assert isinstance(body, RemoveValueRequest)
    refusal = here(case, body.handle)
    if refusal is not None:
        return refusal
    if case.nameless:
        return PROOF_NEEDED
    key = _key(body.handle)
    before = desk.get(key)
    if before is None:
        return NOT_FOUND
    old = unpack_record(before)
    going = frozenset(body.indexes)
    if not going <= {value.index for value in old}:
        return NOTHING_SELECTED
    values = tuple(value for value in old if value.index not in going)
    refusal = await permit(case, policy.to_change(admins_of(old), policy.difference(old, values)))
    return refusal or await _write(case, key, before, old, values, Done())


async def modify(case: Case) -> Said:
    """Opcode 104. Values that the public may write need neither right nor name, unless administrators come or go."""
    body, desk = case.request.body, case.desk
    assert isinstance(body, ValuesRequest)
    refusal = here(case, body.handle)
    if refusal is not None:
        return refusal
    key = _key(body.handle)
    before = desk.get(key)
    if before is None:
        return NOT_FOUND
    old = unpack_record(before)
    by_index = {value.index: value for value in old}
    if any(value.index not in by_index for value in body.values):
        return NOTHING_SELECTED
    if not all(by_index[value.index].permissions & ADMIN_WRITE for value in body.values):
        return READ_ONLY_VALUE
    guarded = tuple(
        (by_index[value.index], value) for value in body.values if not _public(by_index[value.index], value)
    )
    if guarded:
        if case.nameless:
            return PROOF_NEEDED
        # Even one that stays as it is: who may not modify it shall not learn that they guessed it.
        refusal = await permit(case, policy.to_change(admins_of(old), Difference(changed=guarded)))
        if refusal is not None:
            return refusal
    new = {value.index: value for value in body.values}
    if len(new) < len(body.values):
        return INDEX_TWICE
    values = tuple(new.get(value.index, value) for value in old)
    return await _write(case, key, before, old, values, Done())


async def read(case: Case) -> Said:
    """Opcode 1, where a node cannot answer it at once: in a session, or with proof of a right to what is secret.

    Whoever has that right sees all that was selected, also what administrators may not read (behaviour.md §1.3).
    """
    body, desk = case.request.body, case.desk
    assert isinstance(body, ResolutionRequest)
    question = replies.question_of(case.request, body)
    answer = authority.decide(question, desk.standing, desk.get)
    if answer.code != Code.AUTHENTICATION_NEEDED or case.nameless:
        return answer
    key = _key(body.handle)
    if key == authority.SERVER_STATUS:
        # This server has no status to show: as at the reference when that is switched off.
        return await permit(case, one_of(desk.server_admins)) or NOT_FOUND
    record = desk.get(key)
    assert record is not None  # or no proof would be needed
    values = unpack_record(record)
    refusal = await permit(case, one_of(holders(admins_of(values), READ_VALUE)))
    return refusal or Answer(Code.SUCCESS, values=tuple(value for value in values if question.selects(value)))


# -- prefixes -----------------------------------------------------------------------------------------------------


async def list_handles(case: Case) -> Said:
    """Opcode 105: the handles under a prefix, as they are stored; for `0.NA/0.NA/p` the prefixes derived from p."""
    body, desk = case.request.body, case.desk
    assert isinstance(body, HandleRequest)
    if not desk.lists_handles:
        return NO_LISTS
    key = _key(body.handle)
    derived = key.startswith(ROOT_SERVICE + b"/")
    if derived:
        key = PREFIX_HANDLE_LEAD + key[len(ROOT_SERVICE) + 1 :]
    if not (desk.standing.homes(key) if derived else key in desk.standing.homed):
        return NOT_HOMED
    if case.nameless:
        return PROOF_NEEDED
    refusal = await permit(case, one_of(holders(await _prefix_admins(case, key), LIST_HANDLES)))
    if refusal is not None:
        return refusal
    lead = key + b"." if derived else key[len(PREFIX_HANDLE_LEAD) :] + b"/"
    return Names(name for name, _ in desk.scan(prefix=lead))


async def list_homed(case: Case) -> Said:
    """Opcode 302: the prefixes that are homed here."""
    refusal = PROOF_NEEDED if case.nameless else await permit(case, _to_home(case.desk))
    return refusal or Names(iter(sorted(case.desk.standing.homed)))


async def home(case: Case) -> Said:
    """Opcodes 300 and 301: from now on, or no longer, answer for a prefix. Doing it twice is no error."""
    body, desk = case.request.body, case.desk
    assert isinstance(body, HandleRequest)
    key = _key(body.handle)
    if not is_prefix_handle(key):
        return NO_PREFIX
    if len(key) > HANDLE_OCTETS_MAX:
        return TOO_LONG
    if case.nameless:
        return PROOF_NEEDED
    refusal = await permit(case, _to_home(desk))
    if refusal is not None:
        return refusal
    homed = case.request.header.opcode == Opcode.HOME_PREFIX
    if homed == (key in desk.standing.homed):
        return Done()
    return SENT_AGAIN if _done_before(case) else _kept(case, await Home(key, homed), Done())


def _to_home(desk: Desk) -> Requirement:
    return one_of((*desk.server_admins, *desk.home_only_admins))


# -- what they share ----------------------------------------------------------------------------------------------


def here(case: Case, handle: bytes) -> Answer | None:
    """Why a handle is not for this server; None if it is (behaviour.md §1.3 "HERE", §1.4).

    A prefix handle that is not here, though one of its ancestors refers further down, is referred.
    """
    name, standing = normal_form(handle), case.desk.standing
    if not standing.hashed_here(name):
        return HASHED_ELSEWHERE
    if not standing.homes(name):
        return NOT_HOMED
    key = fold(name)
    if case.flag(OpFlag.DO_NOT_REFER) or as_order(*case.request.envelope.suggested) < REFERRED_SINCE:
        return None
    if not is_prefix_handle(key) or case.desk.get(key) is not None:
        return None
    referral = authority.refer(key, case.desk.get)
    return referral if referral.code == Code.PREFIX_REFERRAL else None


def _key(handle: bytes) -> bytes:
    return fold(normal_form(handle))


def _minted(case: Case, lead: bytes) -> bytes:
    """The handle with a suffix that nobody has, and that this server of its site keeps.

    A case comes here again when its challenge is answered: it was promised this handle then, and gets no other, or an
    answer sent twice would make two.
    """
    if case.minted is not None:
        return case.minted
    desk, handle = case.desk, lead
    for _ in range(MINTS_MAX):
        handle = lead + str(UUID(bytes=desk.entropy(MINT_OCTETS), version=4)).encode()
        name = normal_form(handle)
        if desk.standing.hashed_here(name) and desk.get(fold(name)) is None:
            break
    case.minted = handle
    return handle


def _unfit(handle: bytes) -> Answer | None:
    try:
        handle.decode()
    except UnicodeDecodeError:
        return BAD_TEXT
    return TOO_LONG if len(handle) > HANDLE_OCTETS_MAX else None


def _misnumbered(values: Sequence[Value], twice: int) -> Answer | None:
    """What is wrong with the indexes of values that come: none below 1, none twice."""
    if any(not 1 <= value.index <= INDEX_MAX for value in values):
        return NOT_POSITIVE
    index, times = next(iter(Counter(value.index for value in values).most_common(1)), (0, 0))
    return _conflict(index, twice) if times > 1 else None


def _conflict(index: int, code: int) -> Answer:
    return Answer(code, message=f"Index conflict for {index}".encode())


def _public(before: Value, after: Value) -> bool:
    """Whether anybody may make this of it."""
    return bool(before.permissions & PUBLIC_WRITE) and not policy.is_admin(before) and not policy.is_admin(after)


async def _prefix_admins(case: Case, prefix_handle: bytes) -> tuple[HsAdmin, ...]:
    """The administrators of a prefix, whose record most often lives at the level above; none if it cannot be had."""
    found = await case.desk.look_up(Question(prefix_handle, types=(policy.ADMIN_TYPE,), certify=True))
    return admins_of(found.values)


def _stamped(case: Case, values: Sequence[Value], old: Sequence[Value]) -> tuple[Value, ...]:
    """The values with this moment as their timestamp; those that were there already keep theirs."""
    now_s, before = case.desk.now().wall_s, {value.index: value for value in old}
    return tuple(
        before[value.index]
        if value.index in before and policy.same(before[value.index], value)
        else replace(value, timestamp=now_s)
        for value in values
    )


async def _write(
    case: Case, key: bytes, before: bytes | None, old: Sequence[Value], values: Sequence[Value], done: Done
) -> Answer | Done:
    """Put these values in the place of the old ones, and say so when they are on the medium.

    Where nothing changes nothing is written, not even another order: nobody needed a right to come here.
    """
    if len(values) > VALUES_MAX:
        return TOO_LARGE
    if before is not None and not policy.difference(old, values):
        return done
    after = pack_record(_stamped(case, values, old))
    return TOO_LARGE if len(after) > RECORD_OCTETS_MAX else await _commit(case, key, before, after, done)


async def _commit(case: Case, key: bytes, before: bytes | None, after: bytes | None, done: Done) -> Answer | Done:
    return SENT_AGAIN if _done_before(case) else _kept(case, await Commit(key, before, after), done)


def _done_before(case: Case) -> bool:
    """Whether this very answer to a challenge was carried out already. If there still is something to change, others
    came after it, and who sends it once more must not undo what they did.
    """
    return case.pending is not None and case.pending.done


def _kept(case: Case, kept: Kept, done: Done) -> Answer | Done:
    if kept is Kept.DONE:
        case.wrote = True
        return done
    if kept is Kept.OVER_QUOTA:
        return _over_quota(case)
    return {Kept.CHANGED: CHANGED, Kept.READ_ONLY: MAINTENANCE, Kept.FAILED: STORE_FAILED}[kept]


def _over_quota(case: Case) -> Answer:
    """The national SDK knows codes of its own for it; others are broken by them (behaviour.md §7 trap 12)."""
    if case.session is not None or not case.request.envelope.session_id:  # the SDK alone logs in without a session
        return Answer(Code.SERVER_TOO_BUSY, message=QUOTA_USED)
    prefix = is_prefix_handle(_key(handle_of(case.request)))
    return Answer(Code.PREFIX_LIMIT if prefix else Code.REGISTER_COUNT_LIMIT, message=QUOTA_USED)


async def _at_once(said: Said) -> Said:
    return said


# opcode -> its rule: what `administer` is asked about
SERVED: dict[int, Callable[[Case], Awaitable[Said]]] = {
    Opcode.RESOLUTION: read,
    Opcode.CREATE_HANDLE: create,
    Opcode.DELETE_HANDLE: delete,
    Opcode.ADD_VALUE: add,
    Opcode.REMOVE_VALUE: remove,
    Opcode.MODIFY_VALUE: modify,
    Opcode.LIST_HANDLES: list_handles,
    Opcode.CHALLENGE_ANSWER: lambda case: _at_once(UNKNOWN_SESSION),  # no challenge: it was refused before
    Opcode.VERIFY: lambda case: _at_once(authentication.verify(case)),
    Opcode.HOME_PREFIX: home,
    Opcode.UNHOME_PREFIX: home,
    Opcode.LIST_HOMED_PREFIXES: list_homed,
    Opcode.SESSION_SETUP: session_setup.set_up,
    Opcode.SESSION_TERMINATE: lambda case: _at_once(session_setup.terminate(case)),
    Opcode.SESSION_EXCHANGE_KEY: lambda case: _at_once(session_setup.exchange_key(case)),
    Opcode.LOGIN: authentication.log_in,
}
WRITES = frozenset(
    {
        Opcode.CREATE_HANDLE,
        Opcode.DELETE_HANDLE,
        Opcode.ADD_VALUE,
        Opcode.REMOVE_VALUE,
        Opcode.MODIFY_VALUE,
        Opcode.HOME_PREFIX,
        Opcode.UNHOME_PREFIX,
    }
)
# In a session: a key exchange comes before there is a key; a set-up begins another session.
NO_MAC_NEEDED = frozenset({Opcode.SESSION_SETUP, Opcode.SESSION_EXCHANGE_KEY})
