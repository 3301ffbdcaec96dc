"""Who asks: challenges and their answers, proofs checked, the national SDK's login (behaviour.md §1.3, §2, §5.3).

    demand_proof              code 402: the request is kept, and what is to be proven
    permit                    not listed -> 400, the proof not even looked at
                              listed: an unknown kind of proof 404, a wrong one 403, one nobody can check 406
    prove   HS_SECKEY         at our own record, else by the server that holds it (opcode 201)
            HS_PUBKEY         by the public key, looked up here or elsewhere; user index 0: every key of the handle
    verify                    opcode 201, asked of us
    log_in                    opcode 2001: from then on the connection is the identity

Nothing is said about a proof to those who could do nothing with it.
"""

from __future__ import annotations

from dataclasses import replace

from resolver.errors import PeerError
from resolver.model.identifier import fold, normal_form
from resolver.model.question import Answer, Question
from resolver.model.value import Reference, Value
from resolver.rules import authority, policy, proof, replies
from resolver.rules.authority import HASHED_ELSEWHERE, NOT_HOMED, PROOF_NEEDED
from resolver.rules.challenges import Pending
from resolver.rules.desk import Case, Claim, Desk, Done, Said
from resolver.rules.effects import Verify
from resolver.rules.keys import public_key
from resolver.rules.policy import ANYBODY, Requirement
from resolver.rules.proof import PUBLIC_KEY, SECRET_KEY
from resolver.wire.bodies.authentication import LoginRequest, VerifyAnswer, VerifyRequest
from resolver.wire.codes import Code, Opcode, OpFlag
from resolver.wire.message import Message, encode
from resolver.wire.record import unpack_record

KEYS_MAX = 8  # of one handle that are tried; checking one may take milliseconds, and anybody may ask for it
NOT_LISTED = Answer(Code.INVALID_ADMIN)
WRONG_PROOF = Answer(Code.AUTHENTICATION_FAILED)
UNKNOWN_PROOF = Answer(Code.INVALID_CREDENTIAL, message=b"Unknown authentication type")
UNVERIFIABLE = Answer(Code.AUTHEN_ERROR, message=b"The key cannot be had")
UNUSABLE_KEY = Answer(Code.AUTHEN_ERROR, message=b"The public key cannot be used")
NO_CHALLENGE = Answer(Code.AUTHEN_TIMEOUT)
NO_ID = Answer(Code.PROTOCOL_ERROR, message=b"A login needs a stream and a session id")
ABSENT_KEY = frozenset({Code.HANDLE_NOT_FOUND, Code.VALUES_NOT_FOUND})


def demand_proof(case: Case) -> Message:
    """The challenge to a request, which is kept until its answer comes (RFC 3652 §3.5.1)."""
    desk, request, now = case.desk, case.request, case.desk.now()
    nonce = desk.entropy(replies.NONCE_OCTETS)
    challenge = replies.respond(request, PROOF_NEEDED, desk.speaker, now, challenge=nonce)
    connection = None
    if request.header.opcode == Opcode.LOGIN:
        challenge_id, connection = request.envelope.session_id, case.connection
    else:
        challenge_id = desk.fresh_id() if case.session is None else case.session.id
    challenge = replace(challenge, envelope=replace(challenge.envelope, session_id=challenge_id))
    packet = request.octets or encode(request)
    pending = Pending(
        packet, proof.demand_of(challenge), now.mono_ns, in_session=case.session is not None, minted=case.minted
    )
    desk.challenges.add(challenge_id, pending, now, connection)
    return challenge


async def permit(case: Case, requirement: Requirement) -> Answer | None:
    """Whether who asks may, and is who they say; None if so, else the refusal. A case without name must not come here.

    Proven once is enough for a case, and, if the set-up named this user, for its session.
    """
    desk = case.desk
    if desk.server_admins_everywhere:
        requirement = (*requirement, (desk.server_admins,))
    if case.user is None:
        claim = case.claim
        assert claim is not None
        # By which of its keys the handle signs, if index 0 is to try them all, turns out only when one fits.
        any_key = claim.body.auth_type == PUBLIC_KEY and claim.body.user_index == 0

        def claimed(listed: Reference) -> bool:
            return policy.is_handle(listed, claim.body.user_handle) if any_key else policy.is_user(listed, claim.user)

        if not await policy.permits(requirement, claimed, case.members):
            return NOT_LISTED
        proven = await prove(claim, desk)
        if isinstance(proven, Answer):
            return proven
        case.user = proven
        if case.session is not None and is_same(claim.user, case.session.identity):
            desk.sessions.prove(case.session, proven)
    user = case.user
    if not await policy.permits(requirement, lambda listed: policy.is_user(listed, user), case.members):
        return NOT_LISTED
    return None


def is_same(one: Reference, other: Reference) -> bool:
    """Whether two references name the same user."""
    return one.index == other.index and policy.is_handle(one, other.handle)


async def prove(claim: Claim, desk: Desk) -> Reference | Answer:
    """Who has proven to be who they claim, with the index of the key that fits; else the refusal."""
    if claim.body.auth_type == SECRET_KEY:
        return await _prove_secret(claim, desk)
    if claim.body.auth_type == PUBLIC_KEY:
        return await _prove_key(claim, desk)
    return UNKNOWN_PROOF


async def _prove_secret(claim: Claim, desk: Desk) -> Reference | Answer:
    """With index 0 any secret key of the handle will do, and the index stays 0 (behaviour.md §2)."""
    asked = proof.verify_request(claim.body, claim.demand)
    own = desk.own_values(claim.body.user_handle)
    if own is not None:
        return claim.user if is_right(asked, own) else WRONG_PROOF
    answer = await Verify(asked)
    if answer.code == Code.SUCCESS:
        return claim.user
    return WRONG_PROOF if answer.code == Code.AUTHENTICATION_FAILED else UNVERIFIABLE


def is_right(asked: VerifyRequest, values: tuple[Value, ...]) -> bool:
    """Whether a proof was made with one of these secret keys; the first KEYS_MAX that its index selects are tried."""
    secrets = [value for value in values if value.type.upper() == SECRET_KEY and asked.user_index in (0, value.index)]
    return proof.verify(asked, secrets[:KEYS_MAX])


async def _prove_key(claim: Claim, desk: Desk) -> Reference | Answer:
    body = claim.body
    if body.user_index:
        question = Question(body.user_handle, indexes=(body.user_index,), certify=True)
    else:
        question = Question(body.user_handle, types=(PUBLIC_KEY,), certify=True)
    found = await desk.look_up(question)
    if found.code != Code.SUCCESS:
        return WRONG_PROOF if found.code in ABSENT_KEY else UNVERIFIABLE
    keys = [
        value
        for value in sorted(found.values, key=lambda value: value.index)
        if value.type.upper() == PUBLIC_KEY and body.user_index in (0, value.index)
    ]
    refusal = WRONG_PROOF
    for value in keys[:KEYS_MAX]:
        try:
            right = proof.proves_key(body.answer, public_key(value.data), claim.demand, body.user_handle)
        except PeerError:
            refusal = UNUSABLE_KEY
            continue
        if right:
            return Reference(body.user_handle, value.index)
    return refusal


def verify(case: Case) -> Said:
    """Opcode 201: whether a proof was made with a secret key of ours. What is not there proves nothing."""
    body, desk = case.request.body, case.desk
    assert isinstance(body, VerifyRequest)
    name = normal_form(body.user_handle)
    if not desk.standing.hashed_here(name):
        return HASHED_ELSEWHERE
    if not desk.standing.homes(name):
        return NOT_HOMED
    record = desk.get(fold(name))
    if record is None:
        above = authority.NOT_FOUND if case.flag(OpFlag.DO_NOT_REFER) else authority.refer(fold(name), desk.get)
        return above if above.code == Code.PREFIX_REFERRAL else Done(VerifyAnswer(0))
    return Done(VerifyAnswer(int(is_right(body, unpack_record(record)))))


async def log_in(case: Case) -> Said:
    """Opcode 2001: proof once, and the connection is this user's as long as it lasts, under the id the client chose."""
    body, session_id = case.request.body, case.request.envelope.session_id
    assert isinstance(body, LoginRequest)
    if case.connection is None or not session_id:
        return NO_ID
    if case.claim is None:
        return PROOF_NEEDED
    if not is_same(case.claim.user, Reference(body.user_handle, body.user_index)):
        return NOT_LISTED
    refusal = await permit(case, ANYBODY)
    if refusal is not None:
        return refusal
    assert case.user is not None
    case.desk.sessions.log_in(case.connection, session_id, case.user)
    return Done()
