"""Packed records handled as octets: cut into values, joined, checked and merged, without decoding them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolver.errors import PeerError
from resolver.model.value import TTL_ABSOLUTE, Reference, Value
from resolver.wire.record import ascending, join_record, pack_record, settle, split_record, unpack_record
from resolver.wire.values import encode_value

u32 = st.integers(0, 0xFFFF_FFFF)
octets = st.binary(max_size=12)
values = st.lists(
    st.builds(
        Value,
        index=u32,
        type=octets,
        data=octets,
        ttl=u32,
        ttl_type=st.integers(0, 255),
        timestamp=u32,
        permissions=st.integers(0, 255),
        references=st.lists(st.builds(Reference, octets, u32), max_size=3).map(tuple),
    ),
    max_size=5,
)
RECORD = pack_record(
    (
        Value(1, b"URL", b"https://a.example", timestamp=9, references=(Reference(b"8.1/B", 2),)),
        Value(7, b"NOTE", b"secret", permissions=0b1100),
        Value(9, b"DATE", b"until", ttl=1_800_000_000, ttl_type=TTL_ABSOLUTE),
    )
)


@given(values)
def test_a_record_is_cut_where_decoding_cuts_it(whole: list[Value]) -> None:
    record = pack_record(whole)
    assert split_record(record) == [(value.index, encode_value(value)) for value in whole]
    assert join_record(record[0], [part for _, part in split_record(record)]) == record


def test_a_record_cut_short_or_lengthened_is_refused() -> None:
    for end in range(len(RECORD)):
        with pytest.raises((PeerError, IndexError)):
            split_record(RECORD[:end])
    with pytest.raises(PeerError, match="ends at"):
        split_record(RECORD + b"\0")


@pytest.mark.parametrize("flags", [0, 1, 2, 7])
def test_flags_that_are_not_those_of_the_values_are_refused(flags: int) -> None:
    assert RECORD[0] == 3
    with pytest.raises(PeerError, match=f"flags are {flags}, its values say 3"):
        split_record(bytes((flags,)) + RECORD[1:])


def test_a_record_that_claims_more_than_it_can_hold_is_refused_at_once() -> None:
    with pytest.raises(PeerError, match="claims 4294967295 values"):
        split_record(b"\0\xff\xff\xff\xff" + RECORD[5:])
    references = len(RECORD) - 4
    with pytest.raises(PeerError, match="claims 4294967295 references"):
        split_record(RECORD[:references] + b"\xff\xff\xff\xff")


def test_indexes_ascend_from_one() -> None:
    assert ascending([(1, b""), (2, b""), (4_294_967_295, b"")])
    assert ascending([])
    for indexes in ((0,), (2, 1), (1, 1)):
        assert not ascending([(index, b"") for index in indexes])


OLD = (Value(1, b"URL", b"u", timestamp=100), Value(2, b"NAME", b"n", timestamp=200))
MERGED = {
    "the same again keeps its timestamps": (
        (Value(1, b"URL", b"u", timestamp=900), Value(2, b"NAME", b"n", timestamp=900)),
        OLD,
    ),
    "only what has changed gets the new one": (
        (Value(1, b"URL", b"other", timestamp=900), Value(2, b"NAME", b"n", timestamp=900)),
        (Value(1, b"URL", b"other", timestamp=900), OLD[1]),
    ),
    "a value is added": (
        (
            Value(1, b"URL", b"u", timestamp=900),
            Value(2, b"NAME", b"n", timestamp=900),
            Value(3, b"N", b"n", timestamp=900),
        ),
        (*OLD, Value(3, b"N", b"n", timestamp=900)),
    ),
    "a value is taken away": ((Value(2, b"NAME", b"n", timestamp=900),), (OLD[1],)),
    "a timestamp that was given is taken": (
        (Value(1, b"URL", b"u", timestamp=555), Value(2, b"NAME", b"n", timestamp=200)),
        (Value(1, b"URL", b"u", timestamp=555), OLD[1]),
    ),
    "a timestamp that was given and is the same changes nothing": (OLD, OLD),
    "another TTL, type or permission is a change": (
        (Value(1, b"URL", b"u", ttl=1, timestamp=900), Value(2, b"name", b"n", timestamp=900)),
        (Value(1, b"URL", b"u", ttl=1, timestamp=900), Value(2, b"name", b"n", timestamp=900)),
    ),
    "another index is another value": (
        (Value(3, b"URL", b"u", timestamp=900), Value(4, b"NAME", b"n", timestamp=900)),
        (Value(3, b"URL", b"u", timestamp=900), Value(4, b"NAME", b"n", timestamp=900)),
    ),
}


@pytest.mark.parametrize("case", MERGED)
def test_a_record_that_comes_is_merged_with_the_one_that_stands(case: str) -> None:
    new, kept = MERGED[case]
    assert unpack_record(settle(900)(pack_record(OLD), pack_record(new))) == kept


def test_what_is_made_secret_becomes_secret() -> None:
    hidden = pack_record((Value(1, b"URL", b"u", timestamp=900, permissions=0b1100), OLD[1]))
    merged = settle(900)(pack_record(OLD), hidden)
    assert merged[0] == 1
    assert split_record(merged)


@given(values, values)
def test_merging_says_what_the_new_record_says_timestamps_aside(old: list[Value], new: list[Value]) -> None:
    def plain(record: bytes) -> list[bytes]:
        return [part[:4] + part[8:] for _, part in split_record(record)]

    one, other = pack_record(old), pack_record(new)
    merged = settle(7)(one, other)
    assert (merged[0], plain(merged)) == (other[0], plain(other))
    assert settle(7)(merged, other) == merged
