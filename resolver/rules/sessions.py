"""Sessions: who has one, whether a request in one is genuine, and what its answers carry (protocol.md §9).

    set-up (400)   a new id, a key, who will authenticate; nobody has yet         session_setup.py
    first request  MAC right -> challenged within the session -> proof -> `user`
    later ones     MAC right, counter new: that suffices
    end            termination (401), or `timeout_ns` without a request

The national SDK's logins (2001) lie here too: a session id that the client chose, good on its own connection only, and
without a key: there the connection is the identity (behaviour.md §5.3).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import TypeVar

from resolver.model.now import NS_PER_S, Now
from resolver.model.question import Answer
from resolver.model.value import Reference
from resolver.rules import signing
from resolver.rules.session_keys import ReplayWindow, SessionKey
from resolver.rules.signing import Verdict
from resolver.wire.bodies.resolution import ResolutionAnswer
from resolver.wire.bodies.session import NOBODY
from resolver.wire.codes import Code, OpFlag
from resolver.wire.message import Credential, Message

Key = TypeVar("Key")
Thing = TypeVar("Thing")
PROVEN_MAX = 10_000
UNPROVEN_MAX = 4_000  # anybody may set one up, so these have a place of their own and push out only each other
LOGINS_MAX = 10_000
LIFE_S = 86_400  # without a request; also the longest that a client may ask for
COUNTERS_SINCE = (2, 5)
ENCRYPTS_SECRETS_SINCE = (2, 8)

UNKNOWN_SESSION = Answer(Code.SESSION_TIMEOUT, message=b"Invalid session id or session time out. Please try again.")
MAC_MISSING = Answer(Code.INVALID_CREDENTIAL, message=b"Session request missing MAC code.")
MAC_WRONG = Answer(Code.INVALID_SESSION_KEY, message=b"Session authentication failed.")
REPLAYED = Answer(Code.SESSION_MESSAGE_REJECTED, message=b"Duplicate session counter")


@dataclass(slots=True, eq=False)
class Session:
    """One session. `identity`: who its set-up says will authenticate; `user`: who has. `key`: None until a client of
    mode 2 has sent it. `sent`: how many messages we have signed in it.
    """

    id: int
    key: SessionKey | None
    used_mono_ns: int
    identity: Reference = NOBODY
    timeout_ns: int = LIFE_S * NS_PER_S
    user: Reference | None = None
    sent: int = 0
    window: ReplayWindow = field(default_factory=ReplayWindow)

    def objection(self, request: Message) -> Answer | None:
        """Why a request in this session is not acted upon; None if it is genuine. Then its counter is used up."""
        if self.key is None:
            return MAC_WRONG
        verdict = signing.verify_in_session(request, self.key.octets)
        if verdict is Verdict.UNSIGNED:
            return MAC_MISSING
        if verdict is not Verdict.GENUINE:
            return MAC_WRONG
        assert isinstance(request.credential, Credential)  # or it would not be genuine
        counts = request.envelope.version >= COUNTERS_SINCE
        return REPLAYED if counts and not self.window.accept(request.credential.signer_index) else None

    def seal(self, response: Message) -> Message:
        """A response with our MAC, as a request with the flag CERTIFY is answered in a session that has its key."""
        assert self.key is not None
        self.sent += 1
        return signing.sign_in_session(response, self.key.octets, self.sent)


class Sessions:
    """The sessions and logins of one node. Where there is no room, those unused for longest end."""

    def __init__(
        self, *, proven_max: int = PROVEN_MAX, unproven_max: int = UNPROVEN_MAX, logins_max: int = LOGINS_MAX
    ) -> None:
        self._proven: OrderedDict[int, Session] = OrderedDict()  # longest unused first, all three
        self._unproven: OrderedDict[int, Session] = OrderedDict()
        self._logins: OrderedDict[Hashable, tuple[int, Reference]] = OrderedDict()  # by connection: one each
        self._proven_max, self._unproven_max, self._logins_max = proven_max, unproven_max, logins_max

    def __len__(self) -> int:
        return len(self._proven) + len(self._unproven)

    def __contains__(self, session_id: int) -> bool:
        return session_id in self._proven or session_id in self._unproven

    def add(self, session: Session) -> None:
        """Begin a session."""
        _keep(self._unproven, session.id, session, self._unproven_max)

    def get(self, session_id: int, now: Now) -> Session | None:
        """The session with this id; None if there is none, or none any more."""
        table = self._proven if session_id in self._proven else self._unproven
        session = table.get(session_id)
        if session is None:
            return None
        if now.mono_ns - session.used_mono_ns > session.timeout_ns:
            del table[session_id]
            return None
        return session

    def use(self, session: Session, now: Now) -> None:
        """A genuine request came in a session: it lives on."""
        session.used_mono_ns = now.mono_ns
        table = self._proven if session.id in self._proven else self._unproven
        table.move_to_end(session.id)

    def prove(self, session: Session, user: Reference) -> None:
        """Its user has shown who they are."""
        session.user = user
        if self._unproven.pop(session.id, None) is not None:
            _keep(self._proven, session.id, session, self._proven_max)

    def end(self, session: Session) -> None:
        """The session is over."""
        self._proven.pop(session.id, None)
        self._unproven.pop(session.id, None)

    def log_in(self, connection: Hashable, session_id: int, user: Reference) -> None:
        """On this connection, this id stands for this user from now on; one there was before does no longer."""
        _keep(self._logins, connection, (session_id, user), self._logins_max)

    def logged_in(self, connection: Hashable, session_id: int) -> Reference | None:
        """Whom an id stands for on a connection."""
        login = self._logins.get(connection)
        if login is None or login[0] != session_id:
            return None
        self._logins.move_to_end(connection)
        return login[1]

    def hung_up(self, connection: Hashable) -> None:
        """A connection is gone, and its login with it."""
        self._logins.pop(connection, None)


def must_encrypt(response: Message) -> bool:
    """Whether a response in a session with a key is to be encrypted: when that was asked for, and from 2.8 on when it
    says what not everybody may read (behaviour.md §1.2).
    """
    if response.header.flags & OpFlag.ENCRYPT:
        return True
    body = response.body
    return (
        response.envelope.version >= ENCRYPTS_SECRETS_SINCE
        and isinstance(body, ResolutionAnswer)
        and any(not value.public_read for value in body.values)
    )


def _keep(table: OrderedDict[Key, Thing], key: Key, thing: Thing, most: int) -> None:
    table[key] = thing
    table.move_to_end(key)
    while len(table) > most:
        table.popitem(last=False)
