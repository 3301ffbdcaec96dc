"""Sessions of the HTTP door: a client proves once who it is, and names the session afterwards (behaviour.md §4.4).

    POST /api/sessions                                    -> sessionId, nonce
    Authorization: Handle sessionId, id, type, cnonce, alg, signature    proof: signature or MAC over nonce ‖ cnonce
    Authorization: Handle sessionId                       the same client again
    Authorization: Handle clientCert="true"               the key of the TLS client certificate is the proof

To its node a session is a connection on which somebody has logged in, as the national SDK's clients do: the node checks
the proof, counts failures, writes the audit, and knows the user of every later request. Only over TLS: whoever reads a
session's id on the way could use it.
"""

from __future__ import annotations

import base64
import re
import secrets
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_to_bytes

from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from resolver.errors import CallerError, PeerError
from resolver.model.value import Reference
from resolver.net.http.door import Asked, Place, source_of
from resolver.rules import keys, proof, rest
from resolver.rules.petition import SDK_LOGIN_FLAGS, ClientSession, made, petition, say
from resolver.rules.rest import Unacceptable
from resolver.wire.bodies.authentication import ChallengeAnswer, LoginRequest
from resolver.wire.bodies.resolution import ResolutionAnswer
from resolver.wire.codes import Code, Opcode, OpFlag
from resolver.wire.message import encode

SESSIONS_MAX = 1_000  # of a process, and as many invitations; the longest unused ends
IDLE_S = 1_800.0
NONCE_OCTETS, ID_OCTETS = 16, 16
NUMBER_FIRST, NUMBERS = 20_001, 1_000_000  # of sessions on the wire: the SDK's begin at 10,001, ours are far above
HEADER_MAX = 8_000
_PARAMETER = re.compile(r'(\w+)\s*=\s*"([^"]*)"')
_OWN_KEY = "clientCert"


@dataclass(slots=True, eq=False)
class HttpSession:
    """One client: who it is once that is proven."""

    place: Place
    asked: Asked
    number: int
    id: str = field(default_factory=lambda: secrets.token_hex(ID_OCTETS))
    nonce: bytes = field(default_factory=lambda: secrets.token_bytes(NONCE_OCTETS))
    user: Reference | None = None
    used_s: float = field(default_factory=time.monotonic)

    def document(self, more: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """What the client is told of it."""
        form: dict[str, Any] = {"sessionId": self.id, "nonce": base64.b64encode(self.nonce).decode()}
        if self.user is not None:
            form |= {"authenticated": True, "id": f"{self.user.index}:{self.user.handle.decode('utf-8', 'replace')}"}
        return form | dict(more or {})

    def invitation(self) -> str:
        """The same as a WWW-Authenticate header."""
        return f'Handle sessionId="{self.id}", nonce="{base64.b64encode(self.nonce).decode()}"'


class HttpSessions:
    """The sessions of a process. Everybody is invited into one; whoever proves nothing takes room from others who have
    not, and never from those who have.
    """

    def __init__(self) -> None:
        self._invited: OrderedDict[str, HttpSession] = OrderedDict()  # longest unused first
        self._entered: OrderedDict[str, HttpSession] = OrderedDict()
        self._made = 0

    def made(self, place: Place, request: web.BaseRequest) -> HttpSession:
        """A new one, for a single request: nobody will find it again."""
        self._made += 1
        asked = Asked(place.pump, source_of(request), "http")
        return HttpSession(place, asked, NUMBER_FIRST + self._made % NUMBERS)

    def begin(self, place: Place, request: web.BaseRequest) -> HttpSession:
        """A new one, whose client may prove who it is."""
        session = self.made(place, request)
        self._keep(session, self._invited)
        return session

    def enter(self, session: HttpSession) -> bool:
        """Its client has proven who it is. False if the session has ended meanwhile."""
        if self._invited.pop(session.id, None) is not None:
            self._keep(session, self._entered)
        return session.id in self._entered

    def find(self, place: Place, session_id: str) -> HttpSession | None:
        """A session of this node that has not been idle too long."""
        among = self._entered if session_id in self._entered else self._invited
        session = among.get(session_id)
        if session is None or session.place is not place:
            return None
        if time.monotonic() - session.used_s >= IDLE_S:
            self.end(session)
            return None
        session.used_s = time.monotonic()
        among.move_to_end(session_id)
        return session

    def holds(self, session: HttpSession) -> bool:
        """Whether it outlives the request."""
        return session.id in self._invited or session.id in self._entered

    def end(self, session: HttpSession) -> None:
        """Its client is nobody any more."""
        self._invited.pop(session.id, None)
        self._entered.pop(session.id, None)
        session.asked.hang_up()

    def _keep(self, session: HttpSession, among: OrderedDict[str, HttpSession]) -> None:
        now_s = time.monotonic()
        while among:
            oldest = next(iter(among.values()))
            if len(among) < SESSIONS_MAX and now_s - oldest.used_s < IDLE_S:
                break
            self.end(oldest)
        among[session.id] = session


def parameters_of(header: str) -> dict[str, str] | None:
    """The parameters of an Authorization header of kind Handle; None if it is another, or cannot be read."""
    kind, _, told = header[:HEADER_MAX].partition(" ")
    return dict(_PARAMETER.findall(told)) if kind.lower() == "handle" else None


async def proven(session: HttpSession, told: Mapping[str, str], request: web.BaseRequest) -> str:
    """Have a session's client prove who it is, as its header says; empty, or what is wrong with it."""
    if told.get(_OWN_KEY, "").lower() == "true":
        return await _proven_by_certificate(session, request)
    if "sessionId" not in told:
        return "sessionId is wanted"
    try:
        user = rest.reference(unquote_to_bytes(told.get("id", "")))
        kind = told.get("type", "").upper().encode()
        cnonce, signature = _octets(told, "cnonce"), _octets(told, "signature")
        answer = _answer(kind, told, signature)
    except Unacceptable as error:
        return str(error)
    login = await _challenged(session, user)
    if login is None or session.place.expect is None:
        return "this node has nobody log in"
    session.place.expect(session.asked, session.number, login, session.nonce, cnonce)
    terms = session.asked.terms()
    terms.session = ClientSession(session.number)
    shown = made(Opcode.CHALLENGE_ANSWER, ChallengeAnswer(kind, user.handle, user.index, answer), terms)
    (message, *_) = [say(shown, terms).read(each) for each in await session.asked.say(encode(shown))]
    if message.header.code != Code.SUCCESS:
        return "the proof is not right"
    session.user = user
    return ""


async def _challenged(session: HttpSession, user: Reference) -> bytes | None:
    """Ask the node to log somebody in; the request's octets, for which it now waits for proof."""
    terms = session.asked.terms()
    terms.session = ClientSession(session.number)
    login = made(Opcode.LOGIN, LoginRequest(user.handle, user.index), terms, SDK_LOGIN_FLAGS)
    packet = encode(login)
    (message, *_) = [say(login, terms).read(each) for each in await session.asked.say(packet)]
    return packet if message.header.code == Code.AUTHENTICATION_NEEDED else None


async def _proven_by_certificate(session: HttpSession, request: web.BaseRequest) -> str:
    """The TLS handshake has shown that the client has the certificate's key; is it that of the user it names?"""
    tls = None if request.transport is None else request.transport.get_extra_info("ssl_object")
    octets = None if tls is None else tls.getpeercert(binary_form=True)
    if octets is None or session.place.admit is None:
        return "no client certificate was shown"
    shown = x509.load_der_x509_certificate(octets)
    names = [str(each.value) for each in shown.subject if each.oid == x509.NameOID.COMMON_NAME]
    try:
        user = rest.reference(names[0].encode() if names else b"")
    except Unacceptable:
        return "the certificate's common name is no index:identifier"
    query = [("index", str(user.index)), ("cert", "true")]
    call = rest.resolution(user.handle, query, known=False)
    try:
        (message, *_) = await session.asked.drive(
            petition(call.opcode, call.body, session.asked.terms(), None, call.flags & ~OpFlag.CERTIFY)
        )
    except PeerError as error:
        return f"the user's key cannot be had: {error}"
    values = message.body.values if isinstance(message.body, ResolutionAnswer) else ()
    form = Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    own = shown.public_key().public_bytes(*form)
    for value in values:
        if value.index == user.index and value.type.upper() == proof.PUBLIC_KEY:
            try:
                if keys.public_key(value.data).public_bytes(*form) == own:  # type: ignore[union-attr]
                    session.place.admit(session.asked, session.number, user)
                    session.user = user
                    return ""
            except (PeerError, AttributeError):
                continue
    return "the certificate's key is not the user's"


def signed(session: HttpSession, told: Mapping[str, str]) -> dict[str, str]:
    """What proves to a client that asks who the server is: nonce ‖ cnonce, signed with the site's key."""
    if "cnonce" not in told or session.place.sign is None:
        return {}
    try:
        name, signature = session.place.sign(session.nonce + _octets(told, "cnonce"))
    except (Unacceptable, CallerError):
        return {}
    return {"serverAlg": name.decode(), "serverSignature": base64.b64encode(signature).decode()}


def _octets(told: Mapping[str, str], name: str) -> bytes:
    try:
        return base64.b64decode(told.get(name, ""), validate=True)
    except ValueError:
        raise Unacceptable(f"{name}: base64 is wanted") from None


def _answer(kind: bytes, told: Mapping[str, str], signature: bytes) -> bytes:
    """The proof as the protocol writes it (rules/proof.py)."""
    algorithm = told.get("alg", "")
    if kind == proof.SECRET_KEY:
        return rest.secret_answer(algorithm, signature, list(told.items()))
    if kind == proof.PUBLIC_KEY:
        name = algorithm.encode()
        return len(name).to_bytes(4, "big") + name + len(signature).to_bytes(4, "big") + signature
    raise Unacceptable("type: HS_PUBKEY or HS_SECKEY is wanted")
