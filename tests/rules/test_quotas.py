"""A quota that is used up, in words that each client knows: 604 and 605 for the national SDK, 3 for all others."""

from __future__ import annotations

import pytest
from office import OWNER, PREFIX, Office, admin, request

from resolver.model.value import Value
from resolver.rules.effects import Kept
from resolver.wire.bodies import LoginRequest, ValuesRequest
from resolver.wire.codes import Code, Opcode, OpFlag
from resolver.wire.message import Message

URL = Value(1, b"URL", b"https://example.invalid/1")
SDK_SESSION = 10_001


def creation(handle: bytes, session_id: int) -> Message:
    return request(Opcode.CREATE_HANDLE, ValuesRequest(handle, (URL, admin(0xFFF))), session_id=session_id)


@pytest.mark.parametrize(
    ("handle", "code"), [(b"88.1/new", Code.REGISTER_COUNT_LIMIT), (b"0.NA/88.1.7", Code.PREFIX_LIMIT)]
)
def test_who_logged_in_is_told_which_quota_it_is_and_others_that_the_server_is_busy(handle: bytes, code: Code) -> None:
    there = Office()
    login = request(
        Opcode.LOGIN, LoginRequest(PREFIX, 300), OpFlag.REQUEST_DIGEST, session_id=SDK_SESSION, public_only=False
    )
    assert there.prove(login, OWNER, "stream").header.code == Code.SUCCESS
    there.refusals = [Kept.OVER_QUOTA, Kept.OVER_QUOTA]
    assert there.ask(creation(handle, SDK_SESSION), "stream").header.code == code
    assert there.prove(creation(handle, 0), OWNER).header.code == Code.SERVER_TOO_BUSY
    assert there.values(handle) is None
