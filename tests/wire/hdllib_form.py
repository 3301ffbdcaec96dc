"""Our model in the words of the vectors: what the reference library's decoder says about the same packet."""

from __future__ import annotations

from typing import Any

from resolver.model.value import Value
from resolver.wire import bodies
from resolver.wire.codes import Code, Opcode, OpFlag
from resolver.wire.json_form import site_to_json, value_to_json
from resolver.wire.message import NO_CREDENTIAL, Credential, Message, code_meant, encode
from resolver.wire.values import encode_value

REQUEST_CLASSES = {
    Opcode.RESOLUTION: "ResolutionRequest",
    Opcode.CREATE_HANDLE: "CreateHandleRequest",
    Opcode.DELETE_HANDLE: "DeleteHandleRequest",
    Opcode.ADD_VALUE: "AddValueRequest",
    Opcode.REMOVE_VALUE: "RemoveValueRequest",
    Opcode.MODIFY_VALUE: "ModifyValueRequest",
    Opcode.LIST_HANDLES: "ListHandlesRequest",
    Opcode.LIST_HOMED_PREFIXES: "ListNAsRequest",
    Opcode.CHALLENGE_ANSWER: "ChallengeAnswerRequest",
    Opcode.VERIFY: "VerifyAuthRequest",
    Opcode.SESSION_SETUP: "SessionSetupRequest",
    Opcode.SESSION_EXCHANGE_KEY: "SessionExchangeKeyRequest",
}
ANSWER_CLASSES = {
    Opcode.RESOLUTION: "ResolutionResponse",
    Opcode.GET_SITE_INFO: "GetSiteInfoResponse",
    Opcode.CREATE_HANDLE: "CreateHandleResponse",
    Opcode.LIST_HANDLES: "ListHandlesResponse",
    Opcode.LIST_HOMED_PREFIXES: "ListNAsResponse",
    Opcode.VERIFY: "VerifyAuthResponse",
    Opcode.SESSION_SETUP: "SessionSetupResponse",
}
ADMINISTRATIVE = (100, 101, 102, 103, 104, 300, 301)
FLAGS = {
    "certify": OpFlag.CERTIFY,
    "cacheCertify": OpFlag.CACHE_CERTIFY,
    "authoritative": OpFlag.AUTHORITATIVE,
    "encrypt": OpFlag.ENCRYPT,
    "ignoreRestrictedValues": OpFlag.PUBLIC_ONLY,
    "returnRequestDigest": OpFlag.REQUEST_DIGEST,
    "recursive": OpFlag.RECURSIVE,
    "continuous": OpFlag.CONTINUED,
    "keepAlive": OpFlag.KEEP_ALIVE,
    "overwriteWhenExists": OpFlag.OVERWRITE,
    "mintNewSuffix": OpFlag.MINT_SUFFIX,
    "doNotRefer": OpFlag.DO_NOT_REFER,
}


def whole_form(message: Message) -> dict[str, Any]:
    """The vectors' `decoded`, all of it but what only some vectors have."""
    envelope, header = message.envelope, message.header
    packet = encode(message)
    return {
        "envelope": {
            "majorVersion": envelope.major,
            "minorVersion": envelope.minor,
            "flagsAndSuggestedVersion": packet[2:4].hex(),
            "sessionId": envelope.session_id,
            "requestId": envelope.request_id,
            "sequenceNumber": envelope.sequence,
            "messageLength": envelope.length,
        },
        "header": {
            "opCode": header.opcode,
            "responseCode": header.code,
            "opFlags": f"0x{header.flags:08x}",
            "siteInfoSerialNumber": serial_form(header.serial),
            "recursionCount": header.recursion_count,
            "expirationTime": header.expiration,
            "bodyLength": header.body_length,
        },
        "bodyHex": packet[44 : 44 + header.body_length].hex(),
        "credentialHex": packet[44 + header.body_length :].hex(),
        "decodedByHdllib": message_form(message),
    }


def message_form(message: Message) -> dict[str, Any]:
    """What the reference library's message object holds."""
    envelope, header = message.envelope, message.header
    suggested = envelope.suggested
    digest = message.digest
    form = {
        "class": class_name(message),
        "streaming": False,
        "requestId": envelope.request_id,
        "sessionId": envelope.session_id,
        "majorProtocolVersion": envelope.major,
        "minorProtocolVersion": envelope.minor,
        "suggestMajorProtocolVersion": suggested[0],
        "suggestMinorProtocolVersion": suggested[1],
        "opCode": header.opcode,
        "responseCode": code_meant(header.code, envelope.version),
        "siteInfoSerial": serial_form(header.serial),
        "expiration": header.expiration,
        "recursionCount": header.recursion_count,
        "signature": octets_form(credential_octets(message)),
        "requestDigest": None if digest is None else octets_form(digest.octets),
        "rdHashType": 2 if digest is None else digest.algorithm,
        "sessionCounter": 0,
    }
    form |= {name: bool(header.flags & flag) for name, flag in FLAGS.items()}
    if header.code == Code.REQUEST:
        form |= {"handle": octets_form(b"/"), "isAdminRequest": header.opcode in ADMINISTRATIVE}
    return form | body_form(message.body)


def serial_form(serial: int) -> int:
    """Java reads the unknown serial as a negative number."""
    return -1 if serial == 0xFFFF else serial


def class_name(message: Message) -> str:
    """The reference's class for this message."""
    body, header = message.body, message.header
    if header.code == Code.REQUEST:
        return REQUEST_CLASSES.get(Opcode(header.opcode), "GenericRequest")
    if isinstance(body, bodies.Referral):
        return "ServiceReferralResponse"
    if isinstance(body, bodies.ErrorBody):
        return "ErrorResponse"
    if isinstance(body, bodies.Challenge | bodies.OldChallenge):
        return "ChallengeResponse"
    return ANSWER_CLASSES.get(Opcode(header.opcode), "GenericResponse")


def credential_octets(message: Message) -> bytes:
    """The credential without the length in front of it."""
    if not isinstance(message.credential, Credential):
        return b""
    packet = encode(message)
    return packet[44 + message.header.body_length + len(NO_CREDENTIAL) :]


def octets_form(octets: bytes) -> dict[str, Any]:
    """Octets as the vectors show them."""
    form: dict[str, Any] = {"len": len(octets), "hex": octets.hex()}
    try:
        text = octets.decode()
    except UnicodeDecodeError:
        return form
    return form | {"utf8": text} if octets and text.isprintable() else form


def value_form(value: Value) -> dict[str, Any]:
    """A value as the vectors show it."""
    return {
        "index": value.index,
        "timestamp": value.timestamp,
        "ttlType": value.ttl_type,
        "ttl": value.ttl,
        "permissionByte": value.permissions,
        "type": value.type.decode(),
        "data": octets_form(value.data),
        "references": [{"handle": each.handle.decode(), "index": each.index} for each in value.references],
        "restJson": value_to_json(value),
    }


def body_form(body: bodies.Body) -> dict[str, Any]:
    """The fields that only this kind of message has."""
    match body:
        case bodies.ResolutionRequest():
            return {
                "handle": octets_form(body.handle),
                "requestedIndexes": list(body.indexes),
                "requestedTypes": [octets_form(each) for each in body.types],
            }
        case bodies.ResolutionAnswer():
            return {"handle": octets_form(body.handle), **values_form(body.values)}
        case bodies.Referral():
            values = values_form(body.values) if body.values else {"values": None}
            return {"handle": octets_form(body.handle), **values}
        case bodies.ErrorBody():
            return {"message": octets_form(body.message)}
        case bodies.SiteInfoAnswer():
            return {"siteInfo": site_to_json(body.site)}
        case bodies.ValuesRequest():
            return {"handle": octets_form(body.handle), "values": [value_form(each) for each in body.values]}
        case bodies.RemoveValueRequest():
            return {"handle": octets_form(body.handle), "indexes": list(body.indexes)}
        case bodies.CreateAnswer():
            return {"handle": None if body.handle is None else octets_form(body.handle)}
        case bodies.HandleList():
            return {"handles": [octets_form(each) for each in body.handles]}
        case bodies.HandleRequest():
            return {"handle": octets_form(body.handle)}
        case bodies.Challenge():
            return {"nonce": octets_form(body.nonce)}
        case bodies.OldChallenge():
            return {"nonce": octets_form(body.nonce), "requestDigest": octets_form(body.digest)}
        case bodies.ChallengeAnswer():
            return {
                "authType": octets_form(body.auth_type),
                "userIdHandle": octets_form(body.user_handle),
                "userIdIndex": body.user_index,
                "signedResponse": octets_form(body.answer),
            }
        case bodies.VerifyRequest():
            return {
                "handle": octets_form(body.user_handle),
                "handleIndex": body.user_index,
                "nonce": octets_form(body.nonce),
                "origRequestDigest": octets_form(body.digest.octets),
                "signedResponse": octets_form(body.answer),
            }
        case bodies.VerifyAnswer():
            return {"isValid": body.valid == 1}
        case bodies.SessionSetup():
            key = body.key_reference
            return {
                "keyExchangeMode": body.mode,
                "timeout": body.timeout_s,
                "identityHandle": octets_form(body.identity.handle),
                "identityIndex": body.identity.index,
                "publicKey": None if body.public_key is None else octets_form(body.public_key),
                "exchangeKeyHandle": None if key is None else octets_form(key.handle),
                "exchangeKeyIndex": -1 if key is None else key.index,
                "encryptAllSessionMsg": False,
                "authAllSessionMsg": False,
            }
        case bodies.SessionAnswer():
            return {"keyExchangeMode": body.mode, "data": octets_form(body.data)}
        case _:
            return {}


def values_form(values: tuple[Value, ...]) -> dict[str, Any]:
    """Values of an answer: as records, and decoded."""
    return {
        "values": [octets_form(encode_value(each)) for each in values],
        "decodedValues": [value_form(each) for each in values],
    }
