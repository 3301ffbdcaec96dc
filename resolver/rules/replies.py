"""How a response is filled from the request it answers (behaviour.md §1.2), and back from a response to an answer.

version     min(what the request suggests, 2.11); a request of ancient version 5 gets what it suggests
copied      request id, session id, opcode; flags CT, CA, ENC, PO, DNR; recursion count; RD (with the digest)
set afresh  AT = this site is primary; REC always; expiration = now + 12 h; serial = our own
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from resolver.errors import PeerError
from resolver.model.now import Now
from resolver.model.question import Answer, Question
from resolver.model.site import SERIAL_UNKNOWN, Site
from resolver.wire import peek
from resolver.wire.bodies.authentication import Challenge, OldChallenge, VerifyAnswer, VerifyRequest
from resolver.wire.bodies.base import Body
from resolver.wire.bodies.digest import SHA1, SHA256, Digest
from resolver.wire.bodies.error import ErrorBody
from resolver.wire.bodies.referral import Referral
from resolver.wire.bodies.resolution import ResolutionAnswer, ResolutionRequest
from resolver.wire.bodies.siteinfo import SiteInfoAnswer
from resolver.wire.codes import Code, EnvelopeFlag, Opcode, OpFlag
from resolver.wire.message import Envelope, Header, Message, as_order, code_on_wire

HIGHEST = (2, 11)
COPIED = OpFlag.CERTIFY | OpFlag.CACHE_CERTIFY | OpFlag.ENCRYPT | OpFlag.PUBLIC_ONLY | OpFlag.DO_NOT_REFER
DEFAULT_FLAGS = OpFlag.RECURSIVE | OpFlag.CACHE_CERTIFY | OpFlag.PUBLIC_ONLY  # of a request: 0x19000000
UNDECODED_REQUEST_ID = 0xFFFFFFFF
NONCE_OCTETS = 16


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who answers: its site's serial, and whether that site is a primary (a cache is not)."""

    serial: int
    primary: bool


def question_of(request: Message, body: ResolutionRequest) -> Question:
    """The question a resolution request asks."""
    flags = request.header.flags
    return Question(
        body.handle,
        body.indexes,
        body.types,
        public_only=bool(flags & OpFlag.PUBLIC_ONLY),
        authoritative=bool(flags & OpFlag.AUTHORITATIVE),
        certify=bool(flags & OpFlag.CERTIFY),
        do_not_refer=bool(flags & OpFlag.DO_NOT_REFER),
        recursion_count=request.header.recursion_count,
        identity=body.tail if flags & OpFlag.RECURSIVE_AUTH else b"",
    )


def question_flags(question: Question) -> int:
    """The op flags of the request that asks `question`."""
    flags = OpFlag.RECURSIVE | OpFlag.CACHE_CERTIFY
    for wanted, flag in (
        (question.public_only, OpFlag.PUBLIC_ONLY),
        (question.authoritative, OpFlag.AUTHORITATIVE),
        (question.certify, OpFlag.CERTIFY | OpFlag.REQUEST_DIGEST),  # only both together prove something
        (question.do_not_refer, OpFlag.DO_NOT_REFER),
        (question.identity, OpFlag.RECURSIVE_AUTH),
    ):
        if wanted:
            flags |= flag
    return flags


def request_message(question: Question, request_id: int, now: Now, site: Site | None = None) -> Message:
    """The request that asks `question`. Without a site it says version 2.3, serial unknown (protocol.md §2)."""
    version = (2, 3) if site is None else min((site.major, site.minor), HIGHEST, key=lambda pair: as_order(*pair))
    return Message(
        Envelope(
            major=version[0],
            minor=version[1],
            suggested_major=HIGHEST[0],
            suggested_minor=HIGHEST[1],
            request_id=request_id,
        ),
        Header(
            opcode=Opcode.RESOLUTION,
            flags=question_flags(question),
            serial=SERIAL_UNKNOWN if site is None else site.serial,
            recursion_count=question.recursion_count,
            expiration=(now.wall_s + peek.RESPONSE_LIFE_S) & 0xFFFFFFFF,
        ),
        ResolutionRequest(question.handle, question.indexes, question.types, question.identity),
    )


def verify_message(proof: VerifyRequest, request_id: int, now: Now, site: Site) -> Message:
    """The request (opcode 201) that has a server check a proof made with a secret key it holds (protocol.md §9)."""
    message = request_message(Question(proof.user_handle, certify=True), request_id, now, site)
    header = replace(message.header, opcode=Opcode.VERIFY, flags=message.header.flags | OpFlag.REQUEST_DIGEST)
    return replace(message, header=header, body=proof)


def answer_of(response: Message) -> Answer:
    """What a response to a resolution says, or one to a verification (as `effects.Verify` has it).

    PeerError if its body is not what its code promises.
    """
    code, body = response.header.code, response.body
    if code == Code.SUCCESS and isinstance(body, VerifyAnswer):
        return Answer(Code.SUCCESS if body.valid == 1 else Code.AUTHENTICATION_FAILED)
    if code == Code.SUCCESS:
        if not isinstance(body, ResolutionAnswer):
            raise PeerError("a success without handle and values")
        return Answer(code, body.values)
    if isinstance(body, Referral):
        return Answer(code, body.values, referral_handle=body.handle)
    return Answer(code, message=body.message if isinstance(body, ErrorBody) else b"")


def response_version(request: Envelope) -> tuple[int, int]:
    """The version our response speaks: what the request suggests, but at most 2.11."""
    suggested: tuple[int, int] = request.suggested
    return min(suggested, HIGHEST, key=lambda pair: as_order(*pair))


def respond(request: Message, answer: Answer, speaker: Speaker, now: Now, *, challenge: bytes = b"") -> Message:
    """The response to a decoded request. `challenge`: the nonce, for code 402 (RFC 3652 §3.5.1)."""
    body: Body
    if answer.code == Code.SUCCESS:
        assert isinstance(request.body, ResolutionRequest)
        body = ResolutionAnswer(request.body.handle, tuple(answer.values))
    elif answer.code in (Code.SERVICE_REFERRAL, Code.PREFIX_REFERRAL):
        body = Referral(answer.referral_handle, tuple(answer.values))
    elif answer.code == Code.AUTHENTICATION_NEEDED and challenge:
        version = response_version(request.envelope)
        if as_order(*version) < as_order(2, 1):
            digest = request_digest(request, version)
            return fill(request, answer.code, OldChallenge(challenge, digest.octets), speaker, now, digest=False)
        return fill(request, answer.code, Challenge(challenge), speaker, now, digest=True)
    else:
        body = ErrorBody(answer.message)
    return fill(request, answer.code, body, speaker, now)


def respond_site_info(request: Message, site: Site, speaker: Speaker, now: Now) -> Message:
    """The response to "get site info": our HS_SITE, whatever handle was named (behaviour.md §1.3)."""
    return fill(request, Code.SUCCESS, SiteInfoAnswer(site), speaker, now)


def fill(request: Message, code: int, body: Body, speaker: Speaker, now: Now, *, digest: bool | None = None) -> Message:
    """Put `body` into a response to `request`. `digest`: whether it carries the request's; None: if that asked (RD)."""
    asked = request.header
    major, minor = response_version(request.envelope)
    flags = (asked.flags & COPIED) | OpFlag.RECURSIVE
    if speaker.primary:
        flags |= OpFlag.AUTHORITATIVE
    carried = None
    if digest or (digest is None and asked.flags & OpFlag.REQUEST_DIGEST):
        carried = request_digest(request, (major, minor))
        if carried.algorithm:  # below 2.1 it is emitted but not announced (protocol.md §4.1)
            flags |= OpFlag.REQUEST_DIGEST
    return Message(
        Envelope(
            major=major,
            minor=minor,
            # A reply to a fragmented request keeps TC even if it fits one packet (protocol.md §11 trap 4).
            flags=request.envelope.flags & EnvelopeFlag.TRUNCATED,
            suggested_major=HIGHEST[0],
            suggested_minor=HIGHEST[1],
            session_id=request.envelope.session_id,
            request_id=request.envelope.request_id,
        ),
        Header(
            opcode=asked.opcode,
            code=code_on_wire(code, as_order(major, minor)),
            flags=flags,
            serial=speaker.serial,
            recursion_count=asked.recursion_count,
            expiration=(now.wall_s + peek.RESPONSE_LIFE_S) & 0xFFFFFFFF,
        ),
        body,
        digest=carried,
    )


def request_digest(request: Message, version: tuple[int, int]) -> Digest:
    """The digest over header and body as sent; its algorithm follows the response's version (protocol.md §4.1)."""
    signed = request.signed_octets
    if as_order(*version) >= as_order(2, 7):
        return Digest(SHA256, hashlib.sha256(signed).digest())
    if as_order(*version) >= as_order(2, 1):
        return Digest(SHA1, hashlib.sha1(signed, usedforsecurity=False).digest())
    return Digest(0, hashlib.md5(signed, usedforsecurity=False).digest())


def refuse_undecoded(error: PeerError, now: Now) -> Message:
    """The answer to what cannot be understood: nothing of it can be copied (behaviour.md §1.1, last line)."""
    return Message(
        Envelope(major=2, minor=3, suggested_major=2, suggested_minor=11, request_id=UNDECODED_REQUEST_ID),
        Header(
            opcode=0,
            code=error.code,
            flags=DEFAULT_FLAGS,
            serial=SERIAL_UNKNOWN,
            expiration=(now.wall_s + peek.RESPONSE_LIFE_S) & 0xFFFFFFFF,
        ),
        ErrorBody(error.text.encode()),
    )
