"""One case at one target: what is said is built, what comes back is compared with what was wanted."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from biaoshi.conformance.cases import Case, Step
from biaoshi.conformance.talk import Heard, Talk
from resolver.errors import BiaoshiError, PeerError, Unreachable
from resolver.model.identifier import fold, prefix_of, text
from resolver.model.site import Site
from resolver.model.value import Reference, Value
from resolver.rules import keys, proof, replies, session_keys, signing
from resolver.rules.keys import SigningKey
from resolver.rules.proof import Credentials
from resolver.rules.session_keys import Algorithm, SessionKey
from resolver.rules.signing import Verdict
from resolver.wire.bodies import Challenge, HandleList, HandleRequest, OldChallenge, SessionAnswer, SessionSetup
from resolver.wire.bodies.administration import CreateAnswer, ValuesRequest
from resolver.wire.bodies.session import DIFFIE_HELLMAN
from resolver.wire.bodies.siteinfo import SiteInfoAnswer
from resolver.wire.buffer import Reader
from resolver.wire.codes import Code, EnvelopeFlag, Opcode, OpFlag, code_name, opcode_name
from resolver.wire.document import from_document, to_document
from resolver.wire.json_form import value_to_json
from resolver.wire.message import (
    ABSENT,
    ENVELOPE_OCTETS,
    EncryptedMessage,
    Envelope,
    Header,
    Message,
    as_order,
    code_meant,
    decode,
    encode,
    read_packet,
)
from resolver.wire.types import hs_admin
from resolver.wire.types.hs_admin import ALL_PERMISSIONS, HsAdmin

PATIENCE_S, SILENCE_S = 4.0, 0.4
LIFE_S, LIFE_SLACK_S = 43_200, 300
REQUEST_ID_MAX = 0x7FFFFFFF
FOREIGN = "99.999.404/none"  # of a prefix that no node under test is expected to home
STRANGER = Reference(b"0.NA/99.999.404", 300)
PASS, FAIL, SKIP = "pass", "fail", "skip"
_STAND_IN = b"conformance"  # a secret that is nobody's


@dataclass(frozen=True, slots=True)
class Target:
    """What is known of the node under test. `sample`: a handle it answers; `user`: who may write there."""

    talk: Talk
    site: Site
    sample: str | None = None
    user: Credentials | None = None
    prefix: str | None = None

    @property
    def traits(self) -> frozenset[str]:
        """Which needs of a case it meets."""
        met = {
            "sample": self.sample is not None,
            "items": self.sample is not None and not self.sample.startswith("0."),
            "prefixes": self.sample is not None and self.sample.startswith("0.NA/"),
            "user": self.user is not None and self.prefix is not None,
            "primary": self.site.primary,
            "key": any(server.public_key for server in self.site.servers),
        }
        return frozenset(name for name, there in met.items() if there)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A verdict: `pass`, `fail` or `skip`, over one transport. `words`: what was otherwise, or what is missing."""

    case: Case
    transport: str
    verdict: str
    words: tuple[str, ...] = ()


class _OtherwiseError(Exception):
    """Something came otherwise, so that the conversation cannot go on."""


@dataclass(slots=True)
class _Session:
    """Our side of a session."""

    id: int
    key: SessionKey
    counter: int = 0


@dataclass(slots=True)
class _Talk:
    """A conversation while it goes on."""

    target: Target
    case: Case
    transport: str
    words: dict[str, Any]
    complaints: list[str] = field(default_factory=list)
    session: _Session | None = None


def site_of(talk: Talk) -> Site:
    """The HS_SITE that a target tells of itself. Unreachable if it does not answer; PeerError if that is none."""
    request = _request(Opcode.GET_SITE_INFO, HandleRequest(b"/"), version=(2, 3))
    trouble: Exception = Unreachable("the target does not answer")
    for transport in ("tcp", "udp"):
        try:
            heard = talk.exchange(transport, encode(request), patience_s=PATIENCE_S)
        except Unreachable as problem:
            trouble = problem
            continue
        if heard.packets:
            body = decode(heard.packets[0]).body
            if not isinstance(body, SiteInfoAnswer):
                raise PeerError("the target does not tell its site")
            return body.site
    raise trouble


def run(cases: Iterable[Case], target: Target, tell: Callable[[Outcome], None]) -> list[Outcome]:
    """Hold every case, over every transport; `tell` hears each outcome at once."""
    outcomes: list[Outcome] = []
    for case in cases:
        for transport in case.over:
            outcomes.append(hold(case, target, transport))
            tell(outcomes[-1])
    return outcomes


def hold(case: Case, target: Target, transport: str) -> Outcome:
    """One case over one transport."""
    missing = case.needs - target.traits
    if missing:
        return Outcome(case, transport, SKIP, tuple(_ABSENT[need] for need in sorted(missing)))
    going = _Talk(target, case, transport, _words(target))
    try:
        if case.given:
            _create(going)
        for number, step in enumerate(case.steps, 1):
            before = len(going.complaints)
            try:
                _take(step, going)
            finally:
                lead = f"step {number}: " if len(case.steps) > 1 else ""
                going.complaints[before:] = [lead + words for words in going.complaints[before:]]
    except _OtherwiseError as otherwise:
        going.complaints.append(str(otherwise))
    except BiaoshiError as problem:
        going.complaints.append(str(problem))
    finally:
        if case.writes:
            _delete(going)
    return Outcome(case, transport, FAIL if going.complaints else PASS, tuple(going.complaints))


_ABSENT = {
    "sample": "no handle is known that it answers: --handle",
    "items": "what it answers is no item",
    "prefixes": "what it answers is no prefix handle",
    "user": "writes: only with --user and --key",
    "primary": "not a primary site",
    "key": "its site has no key",
}


# ---- saying ----------------------------------------------------------------------------------------------------------


def _words(target: Target) -> dict[str, Any]:
    """What ${…} stands for."""
    prefix = target.prefix or (target.sample or FOREIGN).split("/")[0]
    words: dict[str, Any] = {
        "sample": target.sample,
        "sample_other_case": (target.sample or "").swapcase(),
        "sample_slashless": (target.sample or "").removeprefix("0.NA/"),
        "prefix": prefix,
        "prefix_handle": f"0.NA/{prefix}",
        "missing": _name(f"{prefix}/CONFORM-MISSING-", target),
        "item": _name(f"{prefix}/CONFORM-", target),
        "foreign": FOREIGN,
    }
    if target.user is not None:
        user = target.user.user
        words["user_handle"], words["user_index"] = text(user.handle), user.index
        words["admin"] = {"hex": hs_admin.encode(HsAdmin(ALL_PERMISSIONS, user.handle, user.index)).hex()}
    return words


def _name(lead: str, target: Target) -> str:
    """A name that nobody has, and that falls to the same server of the site as the sample."""
    site = target.site
    while True:
        name = lead + secrets.token_hex(6).upper()
        if target.sample is None or not site.servers:
            return name
        if site.server_for(name.encode()) == site.server_for(target.sample.encode()):
            return name


def _filled(form: Any, words: Mapping[str, Any]) -> Any:
    """The form with its ${…} replaced."""
    if isinstance(form, str):
        if form.startswith("${") and form.endswith("}") and form.count("$") == 1:
            if form[2:-1] not in words:
                raise _OtherwiseError(f"{form[2:-1]} did not come")
            return words[form[2:-1]]
        for name, word in words.items():
            form = form.replace("${" + name + "}", str(word))
        return form
    if isinstance(form, Mapping):
        return {key: _filled(each, words) for key, each in form.items()}
    if isinstance(form, list):
        return [_filled(each, words) for each in form]
    return form


def _request(
    opcode: int,
    body: Any,
    *,
    flags: int = replies.DEFAULT_FLAGS,
    version: tuple[int, int] = (2, 11),
    suggests: tuple[int, int] = (2, 11),
    session_id: int = 0,
    **header: int,
) -> Message:
    envelope = Envelope(
        major=version[0],
        minor=version[1],
        suggested_major=suggests[0],
        suggested_minor=suggests[1],
        session_id=session_id,
        request_id=1 + secrets.randbelow(REQUEST_ID_MAX),
    )
    expiration = (int(time.time()) + LIFE_S) & 0xFFFFFFFF
    return Message(envelope, Header(opcode, flags=flags, **{"expiration": expiration, **header}), body)


def _built(send: Mapping[str, Any], going: _Talk) -> bytes:
    """The packet that a step sends."""
    form = _filled(dict(send), going.words)
    if "packet" in form:
        return bytes.fromhex(form["packet"])
    document: dict[str, Any] = {
        "kind": "message",
        "envelope": {},
        "header": {"opcode": 1},
        "body": form.get("body", {"layout": "HandleRequest", "handle": "/"}),
    }
    body = from_document(document)
    assert isinstance(body, Message)
    own = min((going.target.site.major, going.target.site.minor), replies.HIGHEST, key=lambda pair: as_order(*pair))
    renamed = {"serial": "serial", "request_code": "code", "expiration": "expiration"}
    header = {name: form[key] for key, name in renamed.items() if key in form}
    message = _request(
        form["opcode"] if isinstance(form["opcode"], int) else Opcode[form["opcode"]],
        body.body,
        flags=_flags(form.get("flags", ()), replies.DEFAULT_FLAGS),
        version=_version(form["version"]) if "version" in form else own,
        suggests=_version(form["suggests"]) if "suggests" in form else replies.HIGHEST,
        session_id=form.get("session", 0),
        **header,
    )
    if form.get("no_credential"):
        message = replace(message, credential=ABSENT)
    if going.session is not None and form.get("session") is None:
        message = replace(message, envelope=replace(message.envelope, session_id=going.session.id))
    return _odd(encode(message), form)


def _odd(packet: bytes, form: Mapping[str, Any]) -> bytes:
    """The packet with what a well-built one does not have."""
    if "tail" in form or "cut" in form:
        tail = bytes.fromhex(form.get("tail", ""))
        start, end = 44, 44 + int.from_bytes(packet[40:44], "big")
        body = packet[start : end - form.get("cut", 0)] + tail
        packet = packet[:40] + len(body).to_bytes(4, "big") + body + packet[end:]
        packet = packet[:16] + (len(packet) - ENVELOPE_OCTETS).to_bytes(4, "big") + packet[20:]
    if "length" in form:
        packet = packet[:16] + form["length"].to_bytes(4, "big") + packet[20:]
    if form.get("encrypted"):
        packet = packet[:2] + bytes((packet[2] | EnvelopeFlag.ENCRYPTED,)) + packet[3:]
    return packet


def _flags(changes: Iterable[str], flags: int) -> int:
    for change in changes:
        bit = OpFlag[change[1:]]
        flags = flags | bit if change[0] == "+" else flags & ~bit
    return int(flags)


def _version(words: str) -> tuple[int, int]:
    major, _, minor = words.partition(".")
    return int(major), int(minor)


# ---- one step --------------------------------------------------------------------------------------------------------


def _take(step: Step, going: _Talk) -> None:
    if step.session == "begin":
        _begin_session(going)
        return
    packet = _built(step.send, going)
    if step.session in ("use", "altered", "repeated", "end"):
        packet = _in_session(packet, step.session, going)
    challenged = False
    try:
        asked: Message | None = decode(packet)
    except PeerError:
        asked = None
    heard = going.target.talk.exchange(
        going.transport, packet, patience_s=SILENCE_S if step.expect.get("silence") else PATIENCE_S
    )
    if step.expect.get("silence"):
        if heard.packets:
            going.complaints.append(f"it answers {_told(_read(heard, going))}, silence was wanted")
        return
    said = _read(heard, going)
    answered = asked
    if step.prove and said.header.code == Code.AUTHENTICATION_NEEDED:
        assert asked is not None
        challenged = True
        _check_challenge(asked, said, going)
        answered = _answer(said, step.prove, going)
        heard = going.target.talk.exchange(going.transport, encode(answered), patience_s=PATIENCE_S)
        if step.prove == "again":
            answered = replace(answered, envelope=replace(answered.envelope, request_id=77))
            heard = going.target.talk.exchange(going.transport, encode(answered), patience_s=PATIENCE_S)
        said = _read(heard, going)
    _compare(_filled(dict(step.expect), going.words), asked, answered, said, heard, challenged, going)


def _read(heard: Heard, going: _Talk) -> Message:
    """The last message that came, decrypted if it has to be. Lists are put together."""
    if not heard.packets:
        raise _OtherwiseError("no answer")
    messages = []
    for packet in heard.packets:
        try:
            read = read_packet(Reader(packet))
            if isinstance(read, EncryptedMessage) and going.session is not None:
                read = session_keys.decrypt(read, going.session.key)
        except PeerError as problem:
            raise _OtherwiseError(f"the answer cannot be read: {problem.text}") from None
        if not isinstance(read, Message):
            raise _OtherwiseError("the answer is no whole message that can be read")
        messages.append(read)
    names = [name for message in messages if isinstance(message.body, HandleList) for name in message.body.handles]
    last = messages[-1]
    return replace(last, body=HandleList(tuple(names)), octets=b"") if len(messages) > 1 and names else last


def _check_challenge(asked: Message, said: Message, going: _Talk) -> None:
    """What every challenge must be (behaviour.md §1.2, §7 traps 8 and 13; protocol.md §9)."""
    complain = going.complaints.append
    if said.header.opcode != asked.header.opcode:
        complain(f"the challenge has opcode {opcode_name(said.header.opcode)}, not the request's")
    if said.envelope.request_id != asked.envelope.request_id:
        complain("the challenge has another request id than the request")
    if not 0 < said.envelope.session_id <= REQUEST_ID_MAX:
        complain(f"the challenge's session id is {said.envelope.session_id}, no positive signed number")
    if not isinstance(said.body, Challenge | OldChallenge):
        raise _OtherwiseError("the challenge has no nonce")
    if len(said.body.nonce) < 16:
        complain(f"the challenge's nonce has {len(said.body.nonce)} octets, 16 were wanted")
    wanted = replies.request_digest(asked, said.envelope.version)
    if isinstance(said.body, Challenge) and said.digest != wanted:
        complain("the challenge's digest is not that of the request")


def _answer(challenge: Message, how: str, going: _Talk) -> Message:
    """The answer to a challenge: the user's, or a wrong one."""
    user = going.target.user
    assert user is not None
    if how == "wrong key":
        user = Credentials(user.user, _another(user.key))
    elif how == "stranger":
        user = Credentials(STRANGER, _STAND_IN)
    envelope = replace(challenge.envelope, flags=0, request_id=1 + secrets.randbelow(REQUEST_ID_MAX))
    if how == "foreign id":
        envelope = replace(envelope, session_id=envelope.session_id % REQUEST_ID_MAX + 1)
    demand = proof.demand_of(challenge)
    if how == "other nonce":
        demand = replace(demand, nonce=secrets.token_bytes(len(demand.nonce)))
    body = proof.answer(demand, user, secrets.token_bytes(16))
    expiration = (int(time.time()) + LIFE_S) & 0xFFFFFFFF
    message = Message(
        envelope, Header(Opcode.CHALLENGE_ANSWER, flags=replies.DEFAULT_FLAGS, expiration=expiration), body
    )
    return decode(encode(message))


def _another(key: bytes | SigningKey) -> bytes | SigningKey:
    return _STAND_IN if isinstance(key, bytes) else keys.generate("rsa")


# ---- sessions --------------------------------------------------------------------------------------------------------


def _begin_session(going: _Talk) -> None:
    """Set one up by Diffie-Hellman, certified if the target can sign (protocol.md §9, mode 4)."""
    user = going.target.user
    own = session_keys.dh_keys(secrets.token_bytes)
    body = SessionSetup(DIFFIE_HELLMAN, 300, user.user if user else Reference(b"", 0xFFFFFFFF), own.record)
    flags = replies.DEFAULT_FLAGS | OpFlag.CERTIFY | OpFlag.REQUEST_DIGEST
    asked = decode(encode(_request(Opcode.SESSION_SETUP, body, flags=flags)))
    said = _read(going.target.talk.exchange(going.transport, encode(asked), patience_s=PATIENCE_S), going)
    if said.header.code != Code.SUCCESS or not isinstance(said.body, SessionAnswer):
        raise _OtherwiseError(f"session set-up comes to {_told(said)}")
    algorithm, record = int.from_bytes(said.body.data[:4], "big"), said.body.data[4:]
    key = session_keys.derive(session_keys.shared_secret(own, record), Algorithm(algorithm))
    going.session = _Session(said.envelope.session_id, key)


def _in_session(packet: bytes, how: str, going: _Talk) -> bytes:
    if going.session is None:
        raise _OtherwiseError("there is no session")
    session = going.session
    session.counter += how != "repeated"
    signed = signing.sign_in_session(decode(packet), session.key.octets, session.counter)
    octets = encode(signed)
    return octets[:-1] + bytes((octets[-1] ^ 1,)) if how == "altered" else octets


# ---- comparing -------------------------------------------------------------------------------------------------------


def _compare(
    expect: Mapping[str, Any],
    asked: Message | None,
    answered: Message | None,
    said: Message,
    heard: Heard,
    challenged: bool,
    going: _Talk,
) -> None:
    complain = going.complaints.append
    code = code_name(code_meant(said.header.code, said.envelope.version))
    if expect.get("understood"):
        assert asked is not None
        if code in ("ERROR", "PROTOCOL_ERROR", "REQUEST"):
            complain(f"it answers {_told(said)}")
        if (said.envelope.major, said.envelope.minor) != replies.response_version(asked.envelope):
            complain(f"the answer has version {said.envelope.major}.{said.envelope.minor}")
    if "code" in expect and code not in _several(expect["code"]):
        complain(f"the answer is {_told(said)}, wanted is {' or '.join(_several(expect['code']))}")
        return
    _compare_numbers(expect, asked, answered, said, going)
    if "flags" in expect:
        for change in expect["flags"]:
            there = bool(said.header.flags & OpFlag[change[1:]])
            if there != (change[0] == "+"):
                complain(f"the flag {change[1:]} is {'set' if there else 'not set'}")
    if "version" in expect and (said.envelope.major, said.envelope.minor) != _version(expect["version"]):
        complain(f"the answer has version {said.envelope.major}.{said.envelope.minor}, wanted is {expect['version']}")
    if "challenged" in expect and challenged is not expect["challenged"]:
        complain("a challenge came first" if challenged else "no challenge came first")
    if "fragmented" in expect and going.transport == "udp" and heard.fragmented is not expect["fragmented"]:
        complain("it came in one packet" if expect["fragmented"] else "it came in fragments")
    if expect.get("digest"):
        assert asked is not None
        wanted = replies.request_digest(asked, said.envelope.version)
        if said.digest != wanted:
            complain(f"the digest in front is {_digest(said)}, not the request's by algorithm {wanted.algorithm}")
    if expect.get("signed"):
        _compare_signature(said, going)
    if expect.get("expires"):
        away = (said.header.expiration - int(time.time()) - LIFE_S) & 0xFFFFFFFF
        if LIFE_SLACK_S < away < 0x100000000 - LIFE_SLACK_S:
            complain(f"the answer expires at {said.header.expiration}, not in {LIFE_S} s")
    for name in expect.get("handles", ()):
        listed = said.body.handles if isinstance(said.body, HandleList) else ()
        if fold(name.encode()) not in map(fold, listed):
            complain(f"{name} is not among the {len(listed)} that it lists")
    if isinstance(said.body, CreateAnswer) and said.body.handle is not None:
        going.words["minted"] = text(said.body.handle)
    if "body" in expect:
        going.complaints += _different(expect["body"], _body(said), "body")


def _compare_numbers(
    expect: Mapping[str, Any], asked: Message | None, answered: Message | None, said: Message, going: _Talk
) -> None:
    """Opcode, request id and session id: those of the request, unless the case says otherwise."""
    complain = going.complaints.append
    opcode = expect.get("opcode", opcode_name(asked.header.opcode) if asked else None)
    if opcode is not None and opcode_name(said.header.opcode) != str(opcode):
        complain(f"the answer has opcode {opcode_name(said.header.opcode)}, wanted is {opcode}")
    request_id = expect.get("request_id", answered.envelope.request_id if answered else None)
    if request_id is not None and said.envelope.request_id != request_id:
        complain(f"the answer has request id {said.envelope.request_id}, wanted is {request_id}")
    session = expect.get("session")
    if session is not None and said.envelope.session_id != session:
        complain(f"the answer has session id {said.envelope.session_id}, wanted is {session}")


def _compare_signature(said: Message, going: _Talk) -> None:
    """By the session's key in a session, else by one of the keys in the target's HS_SITE."""
    if going.session is not None:
        verdict = signing.verify_in_session(said, going.session.key.octets)
    else:
        records = [server.public_key for server in going.target.site.servers if server.public_key]
        verdicts = [signing.verify(said, keys.public_key(record)) for record in records]
        verdict = Verdict.GENUINE if Verdict.GENUINE in verdicts else verdicts[0]
    if verdict is not Verdict.GENUINE:
        going.complaints.append(f"not signed as wanted: {verdict.value}")


def _body(said: Message) -> Any:
    """The body as cases speak of it: the document's form, values also as JSON people know."""
    form = to_document(said)["body"]
    values = getattr(said.body, "values", None)
    if values is not None:
        form["types"] = [value_to_json(value)["type"] for value in values]
        form["indexes"] = [value.index for value in values]
    return form


def _different(wanted: Any, found: Any, where: str) -> list[str]:
    """Where `found` lacks what is wanted; keys that nobody asked for do not count."""
    if isinstance(wanted, Mapping):
        if not isinstance(found, Mapping):
            return [f"{where} is {found!r}"]
        return [
            words
            for key, each in wanted.items()
            for words in (_different(each, found[key], f"{where}.{key}") if key in found else [f"{where} has no {key}"])
        ]
    if isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        return [
            words
            for n, pair in enumerate(zip(wanted, found, strict=True))
            for words in _different(*pair, f"{where}[{n}]")
        ]
    return [] if wanted == found else [f"{where} is {found!r}, wanted is {wanted!r}"]


def _several(words: str | Sequence[str]) -> Sequence[str]:
    return (words,) if isinstance(words, str) else words


def _told(said: Message) -> str:
    words = text(getattr(said.body, "message", b""))[:120]
    return f"{said.header.code} {code_name(said.header.code)}{f' ({words!r})' if words else ''}"


def _digest(said: Message) -> str:
    return "missing" if said.digest is None else f"of algorithm {said.digest.algorithm}"


# ---- records of ours -------------------------------------------------------------------------------------------------


def _create(going: _Talk) -> None:
    """${item}: URL 1, DESC 2 that only administrators read, and the user as its administrator."""
    admin = bytes.fromhex(going.words["admin"]["hex"])
    values = (
        Value(1, b"URL", b"https://example.invalid/conform"),
        Value(2, b"DESC", b"for administrators", permissions=0x0C),
        Value(100, b"HS_ADMIN", admin),
    )
    said = _asked_as_user(Opcode.CREATE_HANDLE, ValuesRequest(going.words["item"].encode(), values), going)
    if said.header.code != Code.SUCCESS:
        raise _OtherwiseError(f"a record to begin with cannot be created: {_told(said)}")


def _delete(going: _Talk) -> None:
    """Whatever the case left behind."""
    for name in ("item", "minted"):
        if name in going.words:
            with suppress(BiaoshiError, _OtherwiseError):  # the next case has a name of its own
                _asked_as_user(Opcode.DELETE_HANDLE, HandleRequest(going.words[name].encode()), going)


def _asked_as_user(opcode: Opcode, body: Any, going: _Talk) -> Message:
    """A request of the user's, outside any session, its challenge answered."""
    talk = going.target.talk
    plain = replace(going, session=None, complaints=[])
    asked = _request(opcode, body)
    said = _read(talk.exchange("tcp", encode(asked), patience_s=PATIENCE_S), plain)
    if said.header.code == Code.AUTHENTICATION_NEEDED:
        answer = _answer(said, "user", plain)
        said = _read(talk.exchange("tcp", encode(answer), patience_s=PATIENCE_S), plain)
    return said


def prefix_in(user: Reference) -> str:
    """The prefix that a user most likely writes under: that of `0.NA/PREFIX`, or its own."""
    handle = user.handle
    return text(handle[5:] if handle[:5].upper() == b"0.NA/" else prefix_of(handle))
