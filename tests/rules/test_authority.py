"""What an authority answers, in the order of behaviour.md §1.3 and §1.4."""

from __future__ import annotations

import pytest

from resolver.model.identifier import fold
from resolver.model.question import Answer, Question
from resolver.model.site import Server, Site
from resolver.model.value import Value
from resolver.rules.authority import Standing, decide
from resolver.wire.codes import Code
from resolver.wire.record import pack_record

URL = Value(1, b"URL", b"https://example.invalid/a")
MIRROR = Value(2, b"URL.MIRROR", b"https://example.invalid/b")
MAIL = Value(3, b"EMAIL", b"a@example.invalid")
ADMIN_ONLY = Value(4, b"DESC", b"for administrators", permissions=0x0C)
NOBODY = Value(5, b"HS_SECKEY", b"for nobody", permissions=0x04)
REFERRAL = Value(6, b"HS_SITE.PREFIX", b"a site")
SECRET_REFERRAL = Value(7, b"HS_SITE.PREFIX", b"another site", permissions=0x0C)

RECORDS = {
    b"88.1/open": (URL, MIRROR, MAIL),
    b"88.1/mixed": (URL, ADMIN_ONLY),
    b"88.1/hidden": (ADMIN_ONLY,),
    b"88.1/locked": (NOBODY, ADMIN_ONLY),
    b"88.1/empty": (),
    b"0.NA/88.1": (URL, REFERRAL, SECRET_REFERRAL),
    b"0.NA/88.2": (URL,),
}
STORED = {fold(handle): pack_record(values) for handle, values in RECORDS.items()}
ALONE = Standing(Site((Server(1, bytes(16), ()),)), 0, frozenset({b"0.NA/88.1", b"0.NA/88"}))


def decided(question: Question, standing: Standing = ALONE) -> Answer:
    return decide(question, standing, STORED.get)


@pytest.mark.parametrize(
    ("question", "code", "indexes"),
    [
        (Question(b"88.1/open"), Code.SUCCESS, [1, 2, 3]),
        (Question(b"88.1/OPEN"), Code.SUCCESS, [1, 2, 3]),
        (Question(b"88.1/open", types=(b"url",)), Code.SUCCESS, [1]),
        (Question(b"88.1/open", types=(b"URL.",)), Code.SUCCESS, [1, 2]),
        (Question(b"88.1/open", indexes=(3,), types=(b"URL",)), Code.SUCCESS, [1, 3]),
        (Question(b"88.1/open", indexes=(9,)), Code.VALUES_NOT_FOUND, []),
        (Question(b"88.1/empty"), Code.VALUES_NOT_FOUND, []),
        (Question(b"88.1/nothing"), Code.HANDLE_NOT_FOUND, []),
        (Question(b"88.1/mixed"), Code.SUCCESS, [1]),
        (Question(b"88.1/hidden"), Code.VALUES_NOT_FOUND, []),
        (Question(b"88.1/mixed", public_only=False), Code.AUTHENTICATION_NEEDED, []),
        (Question(b"88.1/mixed", indexes=(1,), public_only=False), Code.SUCCESS, [1]),
        (Question(b"88.1/locked", public_only=False), Code.INSUFFICIENT_PERMISSIONS, []),
        (Question(b"88.1/hidden", indexes=(9,), public_only=False), Code.VALUES_NOT_FOUND, []),
        (Question(b"99.1/open"), Code.SERVER_NOT_RESP, []),
        (Question(b"88.3/open"), Code.SERVER_NOT_RESP, []),
        (Question(b"0.NA/99"), Code.SERVER_NOT_RESP, []),
        (Question(b"0.NA/88.1"), Code.SUCCESS, [1, 6]),
        (Question(b"88.1"), Code.SUCCESS, [1, 6]),
        (Question(b"0.na/88.1.5"), Code.PREFIX_REFERRAL, [6]),
        (Question(b"88.1.5.7"), Code.PREFIX_REFERRAL, [6]),
        (Question(b"0.NA/88.1.5", do_not_refer=True), Code.HANDLE_NOT_FOUND, []),
        (Question(b"0.NA/88.2.5"), Code.HANDLE_NOT_FOUND, []),
        (Question(b"88.1.5/item"), Code.SERVER_NOT_RESP, []),
        (Question(b"0.SITE/status"), Code.VALUES_NOT_FOUND, []),
    ],
)
def test_codes_and_values_by_question(question: Question, code: Code, indexes: list[int]) -> None:
    answer = decided(question)
    assert answer.code == code
    assert [value.index for value in answer.values] == indexes


def test_a_handle_that_hashes_to_another_server_is_refused_before_anything_else() -> None:
    pair = Site((Server(1, bytes(16), ()), Server(2, bytes(16), ())))
    here, elsewhere = (Standing(pair, number, ALONE.homed) for number in (1, 0))  # 86.1000/HELLO hashes to 1 of 2
    assert decided(Question(b"86.1000/hello"), elsewhere).message == b"Request was hashed incorrectly"
    assert decided(Question(b"86.1000/hello"), here).message == b"That prefix doesn't live here"


def test_a_slashless_handle_hashes_as_its_prefix_handle() -> None:
    pair = Site((Server(1, bytes(16), ()), Server(2, bytes(16), ())))
    # 86.1000 itself hashes to server 0 of 2, but 0.NA/86.1000 to server 1 (protocol.md §8).
    assert decided(Question(b"86.1000"), Standing(pair, 0, ALONE.homed)).message == b"Request was hashed incorrectly"
    assert decided(Question(b"86.1000"), Standing(pair, 1, ALONE.homed)).message == b"That prefix doesn't live here"
