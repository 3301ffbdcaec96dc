"""Exporting: what comes out goes in again, to the same octets; what CSV cannot say is refused before it is written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nodes.catalogue import Catalogue
from nodes.exporting import Source, csv_lines, json_lines
from resolver.errors import OperatorError, StoreError
from resolver.model.value import Reference, Value
from resolver.stores.memory import MemoryStore
from resolver.wire.json_form import name_to_json, value_to_json
from resolver.wire.record import pack_record
from resolver.wire.types import TYPES, hs_admin, hs_vlist
from resolver.wire.types.hs_admin import HsAdmin

u32 = st.integers(0, 0xFFFF_FFFF)
words = st.text(st.characters(codec="utf-8"), max_size=12)
admins = st.builds(
    lambda permissions, handle, index: hs_admin.encode(HsAdmin(permissions, handle, index)),
    st.sampled_from([0x0FFF, 1]),
    st.sampled_from([b"0.NA/88.1", b"88.1/a b"]),
    u32,
)
groups = st.lists(st.builds(Reference, st.sampled_from([b"8.1/A", "8.1/标".encode()]), u32), max_size=3).map(
    lambda references: hs_vlist.encode(tuple(references))
)
datas = st.one_of(words.map(str.encode), st.binary(max_size=6), admins, groups)
types = st.sampled_from([*TYPES, b"hs_admin", b"NAME", "标识".encode(), b"\xff", b'Q"\x07', b"A:B"])
values = st.lists(
    st.builds(
        Value,
        index=st.integers(1, 6),
        type=types,
        data=datas,
        ttl=st.sampled_from([86_400, 0, 4_294_967_295]),
        ttl_type=st.sampled_from([0, 1, 9]),
        timestamp=st.sampled_from([1, 1_767_225_600, 4_294_967_295]),
        permissions=st.sampled_from([0b1110, 0b1100, 0xFF]),
        references=st.sampled_from([(), (Reference(b"8.1/B", 1),)]),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda value: value.index,
).map(lambda found: sorted(found, key=lambda value: value.index))
keys = words.map(lambda suffix: b"88.1/" + suffix.upper().encode()) | st.binary(max_size=4).map(
    lambda end: b"88.1/" + end
)
records = st.dictionaries(keys, values.map(pack_record), min_size=1, max_size=6)


def source_of(stored: dict[bytes, bytes]) -> Source:
    store = MemoryStore()
    store.commit(list(stored.items()))
    return Source(store.scan, store.close)


def read_again(folder: Path, name: str, lines: list[str]) -> dict[bytes, bytes]:
    file = folder / name
    file.write_bytes("".join(lines).encode())
    with Catalogue(file, stamp=7) as catalogue:
        return {handle: record for _, handle, record in catalogue}


@settings(deadline=None, max_examples=80)
@given(records)
def test_json_lines_are_what_import_reads_and_what_the_long_way_writes(
    tmp_path_factory: pytest.TempPathFactory, stored: dict[bytes, bytes]
) -> None:
    lines = list(json_lines(source_of(stored).records()))
    assert read_again(tmp_path_factory.mktemp("export"), "a.jsonl", lines) == stored


@settings(deadline=None, max_examples=80)
@given(st.lists(values, min_size=1, max_size=8))
def test_a_line_is_the_document_written_by_the_standard_library(whole: list[list[Value]]) -> None:
    stored = {b"88.1/%d" % number: pack_record(each) for number, each in enumerate(whole)}
    lines = list(json_lines(source_of(stored).records()))
    expected = [
        {"handle": name_to_json(b"88.1/%d" % number), "values": [value_to_json(value) for value in each]}
        for number, each in enumerate(whole)
    ]
    assert lines == [json.dumps(document, ensure_ascii=False) + "\n" for document in expected]


plain = st.lists(
    st.builds(
        Value,
        index=st.integers(1, 4),
        type=st.just(b""),
        data=words.filter(bool).map(str.encode)
        | st.sampled_from([b" a ", b"#", b'"', b"a\r\nb", b"a\rb", b"\n", b","]),
        timestamp=st.just(7),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda value: value.index,
)


@settings(deadline=None, max_examples=80)
@given(st.dictionaries(words.map(lambda suffix: b"88.1/" + suffix.encode()), plain, min_size=1, max_size=5))
def test_csv_is_what_import_reads(tmp_path_factory: pytest.TempPathFactory, whole: dict[bytes, list[Value]]) -> None:
    names = {1: b"URL", 2: "标识".encode(), 3: b"A:B", 4: b"10320/loc"}
    stored = {
        key: pack_record(
            [
                Value(value.index, names[value.index], value.data, timestamp=7)
                for value in sorted(each, key=lambda value: value.index)
            ]
        )
        for key, each in whole.items()
    }
    lines = list(csv_lines(source_of(stored)))
    assert read_again(tmp_path_factory.mktemp("export"), "a.csv", lines) == stored


def test_administrators_and_groups_fit_into_cells(tmp_path: Path) -> None:
    admin = hs_admin.encode(HsAdmin(0x0FFF, b"0.NA/88.1", 300))
    group = hs_vlist.encode((Reference(b"8.1/A", 300), Reference(b"8.1/B", 1)))
    stored = {
        b"88.1/A": pack_record(
            (Value(100, b"HS_ADMIN", admin, timestamp=7), Value(200, b"HS_VLIST", group, timestamp=7))
        )
    }
    lines = list(csv_lines(source_of(stored)))
    assert lines == ["handle,HS_ADMIN:100,HS_VLIST:200\n", "88.1/A,300:0.NA/88.1,300:8.1/A 1:8.1/B\n"]
    assert read_again(tmp_path, "a.csv", lines) == stored


CSV_CANNOT = {
    "a TTL": (Value(1, b"URL", b"u", ttl=5), "TTL, permissions or references"),
    "a secret": (Value(1, b"URL", b"u", permissions=0b1100), "TTL, permissions or references"),
    "references": (Value(1, b"URL", b"u", references=(Reference(b"8.1/A", 1),)), "TTL, permissions or references"),
    "nothing": (Value(1, b"URL", b""), "is empty"),
    "octets": (Value(1, b"URL", b"\xff"), "does not fit into a cell"),
    "a type that is no text": (Value(1, b"\xff", b"u"), "does not fit into a cell"),
    "a type with a blank": (Value(1, b"A B", b"u"), "does not fit into a cell"),
    "some rights": (
        Value(1, b"HS_ADMIN", hs_admin.encode(HsAdmin(1, b"0.NA/88.1", 300))),
        "does not fit into a cell",
    ),
    "a site": (Value(1, b"HS_SITE", b"site"), "does not fit into a cell"),
}


@pytest.mark.parametrize("case", CSV_CANNOT)
def test_what_csv_cannot_say_is_refused_before_anything_is_written(case: str) -> None:
    value, problem = CSV_CANNOT[case]
    source = source_of({b"88.1/A": pack_record((Value(1, b"URL", b"u"),)), b"88.1/B": pack_record((value,))})
    lines = csv_lines(source)
    with pytest.raises(OperatorError, match=problem) as refused:
        next(lines)
    assert (refused.value.value, refused.value.remedy) == ("88.1/B", "Use --format jsonl")


def test_two_types_under_one_index_are_no_column() -> None:
    source = source_of(
        {b"88.1/A": pack_record((Value(1, b"URL", b"u"),)), b"88.1/B": pack_record((Value(1, b"N", b"u"),))}
    )
    with pytest.raises(OperatorError, match="index 1 is N in one record, URL in another"):
        next(csv_lines(source))


def test_prefix_records_are_left_out() -> None:
    record = pack_record((Value(1, b"URL", b"u", timestamp=7),))
    source = source_of({b"0.NA/88.1": record, b"88.1/A": record})
    assert [json.loads(line)["handle"] for line in json_lines(source.records())] == ["88.1/A"]
    assert list(csv_lines(source)) == ["handle,URL:1\n", "88.1/A,u\n"]


def test_a_damaged_record_is_named() -> None:
    with pytest.raises(StoreError, match=r"88\.1/A: damaged"):
        list(json_lines(source_of({b"88.1/A": b"\0\0\0\0\1damaged"}).records()))
