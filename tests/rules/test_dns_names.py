"""Identifiers as domain names and back, whatever octets they have."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolver.rules.dns_names import LABEL_OCTETS_MAX, NAME_OCTETS_MAX, NoName, handle_of, labels_of


@pytest.mark.parametrize(
    ("handle", "name"),
    [
        ("88.118.8/JXDY2106023", "JXDY2106023._id.8.118.88"),
        ("88.118.8/TEMPLATE.METER", "TEMPLATE.METER._id.8.118.88"),
        ("88/x", "x._id.88"),
        ("0.NA/88.118.8", "8.118.88"),
        ("0.na/88", "88"),
        ("88.118.8/电/1", "=e7=94=b5=2f1._id.8.118.88"),
        ("88.118.8/a=b c", "a=3db=20c._id.8.118.88"),
        ("88.118.8/.a..b", "=2ea=2e=2eb._id.8.118.88"),
        ("88.118.8/_id", "_id._id.8.118.88"),
        ("88.118.8/" + "x" * 63, "x" * 63 + "._id.8.118.88"),
        ("88.118.8/" + "x" * 64, "x" * 62 + "=.xx._id.8.118.88"),
        ("88.118.8/" + "x" * 61 + "é", "x" * 61 + "=.=c3=a9._id.8.118.88"),
    ],
)
def test_an_identifier_has_this_name(handle: str, name: str) -> None:
    labels = tuple(label.encode() for label in name.split("."))
    assert labels_of(handle.encode()) == labels
    assert handle_of(labels) == handle.replace("0.na", "0.NA").encode()


@given(
    st.lists(st.text("0123456789abcXYZ-", min_size=1, max_size=8), min_size=1, max_size=4),
    st.binary(min_size=1, max_size=60),
)
def test_every_identifier_that_has_a_name_comes_back_from_it(prefix: list[str], suffix: bytes) -> None:
    handle = ".".join(prefix).encode() + b"/" + suffix
    if handle[:5].upper() == b"0.NA/":
        return
    try:
        labels = labels_of(handle)
    except NoName:
        return
    assert all(0 < len(label) <= LABEL_OCTETS_MAX for label in labels)
    assert sum(len(label) + 1 for label in labels) < NAME_OCTETS_MAX
    assert handle_of(labels) == handle


@given(st.lists(st.binary(min_size=1, max_size=63), min_size=1, max_size=6))
def test_whatever_name_is_asked_for_stands_for_one_identifier_or_for_none(labels: list[bytes]) -> None:
    try:
        handle = handle_of(tuple(labels))
    except NoName:
        return
    assert handle is None or b"/" in handle


@pytest.mark.parametrize("handle", [b"88.118.8/", b"88.118.8", b"88..8/x", b"88/" + b"x" * 300, b"88/" + bytes(90)])
def test_some_identifiers_have_no_name(handle: bytes) -> None:
    with pytest.raises(NoName):
        labels_of(handle)


@pytest.mark.parametrize("name", ["a._id", "x=._id.88", "=zz._id.88", "a=4._id.88", "=._id.88"])
def test_some_names_stand_for_nothing(name: str) -> None:
    with pytest.raises(NoName):
        handle_of(tuple(label.encode() for label in name.split(".")))


def test_the_separators_own_name_lies_between() -> None:
    assert handle_of((b"_id", b"8", b"118", b"88")) is None
