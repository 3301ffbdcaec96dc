"""The bodies of messages, a file per family, and the table that says which opcode carries which.

A response's code decides first: only success has the answer of its opcode; the others are challenge, referral, error.
"""

from __future__ import annotations

from resolver.wire.bodies.administration import CreateAnswer, HandleList, RemoveValueRequest, ValuesRequest
from resolver.wire.bodies.authentication import (
    Challenge,
    ChallengeAnswer,
    LoginRequest,
    OldChallenge,
    VerifyAnswer,
    VerifyRequest,
)
from resolver.wire.bodies.base import Body, EmptyBody, HandleRequest, OpaqueBody
from resolver.wire.bodies.digest import Digest
from resolver.wire.bodies.error import ErrorBody
from resolver.wire.bodies.referral import Referral
from resolver.wire.bodies.replication import (
    DumpRequest,
    NextTransactionAnswer,
    SelectedTransactionsRequest,
    TransactionsAnswer,
    TransactionsRequest,
)
from resolver.wire.bodies.resolution import ResolutionAnswer, ResolutionRequest
from resolver.wire.bodies.session import KeyExchange, SessionAnswer, SessionSetup
from resolver.wire.bodies.siteinfo import SiteInfoAnswer
from resolver.wire.codes import Code, Opcode

__all__ = [
    "BODIES",
    "Body",
    "Challenge",
    "ChallengeAnswer",
    "CreateAnswer",
    "Digest",
    "DumpRequest",
    "EmptyBody",
    "ErrorBody",
    "HandleList",
    "HandleRequest",
    "KeyExchange",
    "LoginRequest",
    "NextTransactionAnswer",
    "OldChallenge",
    "OpaqueBody",
    "Referral",
    "RemoveValueRequest",
    "ResolutionAnswer",
    "ResolutionRequest",
    "SelectedTransactionsRequest",
    "SessionAnswer",
    "SessionSetup",
    "SiteInfoAnswer",
    "TransactionsAnswer",
    "TransactionsRequest",
    "ValuesRequest",
    "VerifyAnswer",
    "VerifyRequest",
    "body_class",
]

# opcode                            request                      successful answer
BODIES: dict[int, tuple[type[Body], type[Body]]] = {
    Opcode.RESOLUTION:             (ResolutionRequest,           ResolutionAnswer),
    Opcode.GET_SITE_INFO:          (HandleRequest,               SiteInfoAnswer),
    Opcode.CREATE_HANDLE:          (ValuesRequest,               CreateAnswer),
    Opcode.DELETE_HANDLE:          (HandleRequest,               EmptyBody),
    Opcode.ADD_VALUE:              (ValuesRequest,               EmptyBody),
    Opcode.REMOVE_VALUE:           (RemoveValueRequest,          EmptyBody),
    Opcode.MODIFY_VALUE:           (ValuesRequest,               EmptyBody),
    Opcode.LIST_HANDLES:           (HandleRequest,               HandleList),
    Opcode.LIST_DERIVED_PREFIXES:  (HandleRequest,               HandleList),
    Opcode.CHALLENGE_ANSWER:       (ChallengeAnswer,             EmptyBody),
    Opcode.VERIFY:                 (VerifyRequest,               VerifyAnswer),
    Opcode.HOME_PREFIX:            (HandleRequest,               EmptyBody),
    Opcode.UNHOME_PREFIX:          (HandleRequest,               EmptyBody),
    Opcode.LIST_HOMED_PREFIXES:    (HandleRequest,               HandleList),
    Opcode.SESSION_SETUP:          (SessionSetup,                SessionAnswer),
    Opcode.SESSION_TERMINATE:      (HandleRequest,               EmptyBody),
    Opcode.SESSION_EXCHANGE_KEY:   (KeyExchange,                 EmptyBody),
    Opcode.GET_NEXT_TXN_ID:        (HandleRequest,               NextTransactionAnswer),
    Opcode.RETRIEVE_TXN_LOG:       (SelectedTransactionsRequest, TransactionsAnswer),
    Opcode.DUMP_HANDLES:           (DumpRequest,                 EmptyBody),
    Opcode.BACKUP_SERVER:          (HandleRequest,               EmptyBody),
    Opcode.LOGIN:                  (LoginRequest,                EmptyBody),
}  # fmt: skip
_UNKNOWN = (OpaqueBody, OpaqueBody)


def body_class(opcode: int, code: int, version: tuple[int, int]) -> type[Body]:
    """The body of a message. `version`: of its own octets, in comparable form (message.as_order).

    OpaqueBody for requests and successes of an opcode nobody here knows. Versions matter in three places
    (protocol.md §2): the transaction log below 2.9, challenges below 2.1, and 303, which below 2.5 is an error.
    """
    if code == Code.REQUEST:
        if opcode == Opcode.RETRIEVE_TXN_LOG and version < (2, 9):
            return TransactionsRequest
        return BODIES.get(opcode, _UNKNOWN)[0]
    if code == Code.SUCCESS:
        return BODIES.get(opcode, _UNKNOWN)[1]
    if code == Code.AUTHENTICATION_NEEDED:
        return Challenge if version >= (2, 1) else OldChallenge
    if code == Code.SERVICE_REFERRAL or (code == Code.PREFIX_REFERRAL and version >= (2, 5)):
        return Referral
    return ErrorBody
