"""The protocol's numbers and their names. Unknown numbers are legal: they stay plain integers (protocol.md §10).

Flags are IntEnum, not IntFlag: combined they are plain integers, and `IntFlag` arithmetic costs a microsecond a time.
"""

from __future__ import annotations

from enum import IntEnum


class Opcode(IntEnum):
    """What a request asks for (RFC 3652 §2.2.2.1; names of practice)."""

    RESOLUTION = 1
    GET_SITE_INFO = 2
    CREATE_HANDLE = 100
    DELETE_HANDLE = 101
    ADD_VALUE = 102
    REMOVE_VALUE = 103
    MODIFY_VALUE = 104
    LIST_HANDLES = 105
    LIST_DERIVED_PREFIXES = 106
    CHALLENGE_ANSWER = 200
    VERIFY = 201
    HOME_PREFIX = 300
    UNHOME_PREFIX = 301
    LIST_HOMED_PREFIXES = 302
    SESSION_SETUP = 400
    SESSION_TERMINATE = 401
    SESSION_EXCHANGE_KEY = 402
    GET_NEXT_TXN_ID = 1000
    RETRIEVE_TXN_LOG = 1001
    DUMP_HANDLES = 1002
    BACKUP_SERVER = 1003
    LOGIN = 2001  # the national SDK's


class Code(IntEnum):
    """What became of a request. 0 marks a request (RFC 3652 §2.2.2.2; names of practice)."""

    REQUEST = 0
    SUCCESS = 1
    ERROR = 2
    SERVER_TOO_BUSY = 3
    PROTOCOL_ERROR = 4
    OPERATION_NOT_SUPPORTED = 5
    RECURSION_COUNT_TOO_HIGH = 6
    SERVER_BACKUP = 7
    HANDLE_NOT_FOUND = 100
    HANDLE_ALREADY_EXISTS = 101
    INVALID_HANDLE = 102
    VALUES_NOT_FOUND = 200
    VALUE_ALREADY_EXISTS = 201
    INVALID_VALUE = 202
    OUT_OF_DATE_SITE_INFO = 300
    SERVER_NOT_RESP = 301
    SERVICE_REFERRAL = 302
    PREFIX_REFERRAL = 303
    INVALID_ADMIN = 400
    INSUFFICIENT_PERMISSIONS = 401
    AUTHENTICATION_NEEDED = 402
    AUTHENTICATION_FAILED = 403
    INVALID_CREDENTIAL = 404
    AUTHEN_TIMEOUT = 405
    AUTHEN_ERROR = 406
    SESSION_TIMEOUT = 500
    SESSION_FAILED = 501
    INVALID_SESSION_KEY = 502
    NEED_RSAKEY_FOR_SESSIONEXCHANGE = 503
    INVALID_SESSIONSETUP_REQUEST = 504
    SESSION_MESSAGE_REJECTED = 505
    CLIENT_CHANNEL_ERROR = 601
    CLIENT_TIME_OUT = 602
    REQUEST_LIMIT_DAILY = 603
    REGISTER_COUNT_LIMIT = 604
    PREFIX_LIMIT = 605
    TRYING = 900
    FORWARDED = 901
    QUEUED = 902


class OpFlag(IntEnum):
    """Bits of the header's op flags (RFC 3652 §2.2.2.3; protocol.md §3). Unknown bits are kept."""

    AUTHORITATIVE = 0x80000000  # AT: primary only, no cache; in a response: from a primary
    CERTIFY = 0x40000000  # CT: sign the response
    ENCRYPT = 0x20000000  # ENC
    RECURSIVE = 0x10000000  # REC: resolve on my behalf
    CACHE_CERTIFY = 0x08000000  # CA: a cache may sign instead
    CONTINUED = 0x04000000  # CN: more messages of this response follow
    KEEP_ALIVE = 0x02000000  # KC
    PUBLIC_ONLY = 0x01000000  # PO: only publicly readable values
    REQUEST_DIGEST = 0x00800000  # RD
    OVERWRITE = 0x00400000  # OWE
    MINT_SUFFIX = 0x00200000  # MNS
    DO_NOT_REFER = 0x00100000  # DNR
    RECURSIVE_AUTH = 0x00000004  # the national SDK's: an identity string follows


class EnvelopeFlag(IntEnum):
    """High bits of the envelope's third octet (protocol.md §2)."""

    COMPRESSED = 0x80
    ENCRYPTED = 0x40
    TRUNCATED = 0x20


def code_name(code: int) -> str:
    """The name of a response code, or its number as text if it has none."""
    try:
        return Code(code).name
    except ValueError:
        return str(code)


def opcode_name(opcode: int) -> str:
    """The name of an opcode, or its number as text if it has none."""
    try:
        return Opcode(opcode).name
    except ValueError:
        return str(opcode)
