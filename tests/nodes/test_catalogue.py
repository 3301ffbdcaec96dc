"""Catalogues: what a file says becomes records; what it cannot say is refused with line and column or key."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nodes.catalogue import CATALOGUED_AT, LINE_OCTETS_MAX, Catalogue, CatalogueRecord, read_catalogue
from resolver.errors import OperatorError
from resolver.model.value import TTL_ABSOLUTE, Reference, Value
from resolver.wire.json_form import name_to_json, value_from_json, value_to_json
from resolver.wire.record import pack_record
from resolver.wire.types import hs_admin, hs_vlist
from resolver.wire.types.hs_admin import HsAdmin


def csv_of(directory: Path, text: str | bytes) -> list[CatalogueRecord]:
    file = directory / "a.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(read_catalogue(file))


def json_lines_of(directory: Path, *lines: Any) -> list[CatalogueRecord]:
    file = directory / "a.jsonl"
    file.write_text(
        "".join((line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)) + "\n" for line in lines)
    )
    return list(read_catalogue(file))


def value(index: int, value_type: str, data: str | bytes) -> Value:
    octets = data if isinstance(data, bytes) else data.encode()
    return Value(index, value_type.encode(), octets, timestamp=CATALOGUED_AT)


# ---- CSV -------------------------------------------------------------------------------------------------------------


def test_a_column_is_a_value_and_an_empty_cell_is_none(tmp_path: Path) -> None:
    records = csv_of(tmp_path, "handle,URL:1,DESC:3,NAME:2000\n8.1/A,https://a.example,,电能表\n8.1/B,,b,\n")
    assert records == [
        CatalogueRecord(2, b"8.1/A", (value(1, "URL", "https://a.example"), value(2000, "NAME", "电能表"))),
        CatalogueRecord(3, b"8.1/B", (value(3, "DESC", "b"),)),
    ]


def test_without_an_index_the_position_counts(tmp_path: Path) -> None:
    (record,) = csv_of(tmp_path, "Handle, URL ,EMAIL,10320/loc:7\n8.1/A,u,e,l\n")
    assert [(each.index, each.type) for each in record.values] == [(1, b"URL"), (2, b"EMAIL"), (7, b"10320/loc")]


def test_values_come_in_the_order_of_their_index(tmp_path: Path) -> None:
    (record,) = csv_of(tmp_path, "handle,NAME:2000,URL:1\n8.1/A,n,u\n")
    assert [each.index for each in record.values] == [1, 2000]


def test_administrators_and_groups_are_written_as_index_and_handle(tmp_path: Path) -> None:
    (record,) = csv_of(tmp_path, "handle,HS_ADMIN:100,HS_VLIST:200\n8.1/A,300:0.NA/8.1,300:8.1/X 301:8.1/Y:Z\n")
    assert hs_admin.decode(record.values[0].data) == HsAdmin(0x0FFF, b"0.NA/8.1", 300)
    assert hs_vlist.decode(record.values[1].data) == (Reference(b"8.1/X", 300), Reference(b"8.1/Y:Z", 301))


def test_comments_above_the_header_blank_lines_and_the_mark_of_spreadsheets_are_skipped(tmp_path: Path) -> None:
    text = '# invented, "every" word\n\n#\nhandle,URL\n\n8.1/A,#not a comment\n\n'
    (record,) = csv_of(tmp_path, b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert record == CatalogueRecord(6, b"8.1/A", (value(1, "URL", "#not a comment"),))


def test_quoted_cells_hold_commas_quotes_and_line_ends(tmp_path: Path) -> None:
    records = csv_of(tmp_path, 'handle,DESC\n"8.1/A,B","say ""hi""\nand go"\n8.1/C,c\n')
    assert [(each.line, each.handle, each.values[0].data) for each in records] == [
        (2, b"8.1/A,B", b'say "hi"\nand go'),
        (4, b"8.1/C", b"c"),
    ]


def test_a_short_row_means_empty_cells(tmp_path: Path) -> None:
    (record,) = csv_of(tmp_path, "handle,URL,DESC\n8.1/A,u\n")
    assert len(record.values) == 1


CSV_REFUSED = {
    "nothing": ("", 1, "", "no header"),
    "only comments": ("# a\n", 1, "", "no header"),
    "no handle column": ("URL,handle\n", 1, "column 1", "not handle"),
    "an index of 0": ("handle,URL:0\n", 1, "column 2", "type:index"),
    "an index beyond 32 bits": ("handle,URL:4294967296\n", 1, "column 2", "type:index"),
    "an index of very many digits": (f"handle,URL:{'9' * 5000}\n", 1, "column 2", "type:index"),
    "an index that is a word": ("handle,URL:one\n", 1, "column 2", "type:index"),
    "a column without a type": ("handle,URL,\n", 1, "column 3", "type"),
    "one index twice": ("handle,URL:2,DESC\n", 1, "column 3", "index 2 has a column already"),
    "a type that is no text": ("handle,HS_SITE\n", 1, "column 2", "does not fit into a cell"),
    "an open quote in the header": ('handle,"URL\n', 1, "header", "not CSV"),
    "an open quote": ('handle,URL\n8.1/A,"u\n8.1/B,u\n', 3, "", "not CSV"),
    "an open quote and many lines": ('handle,URL\n8.1/A,"u\n' + "x\n" * 5000, 4098, "", "one row over more than"),
    "words behind a quote": ('handle,URL\n8.1/A,"u"v\n', 2, "", "not CSV"),
    "more cells than columns": ("handle,URL\n\n8.1/A,u,v\n", 3, "column 3", "3 cells under 2 columns"),
    "a handle without slash": ("handle,URL\n8.1,u\n", 2, "handle", "prefix/suffix"),
    "a handle without prefix": ("handle,URL\n/A,u\n", 2, "handle", "prefix/suffix"),
    "an empty handle": ("handle,URL\n,u\n", 2, "handle", "prefix/suffix"),
    "a handle too long": (f"handle,URL\n8.1/{'A' * 2045},u\n", 2, "handle", "more than 2048 octets"),
    "no value at all": ("handle,URL\n8.1/A,\n", 2, "handle", "without a value"),
    "an administrator without index": ("handle,HS_ADMIN\n8.1/A,0.NA/8.1\n", 2, "column 2 (HS_ADMIN:1)", "index:handle"),
    "two administrators in a cell": ("handle,HS_ADMIN\n8.1/A,1:a 2:b\n", 2, "column 2 (HS_ADMIN:1)", "one admin"),
    "a record larger than a message": (
        "handle,A,B\n8.1/A," + "a" * 130_000 + "," + "b" * 130_000 + "\n",
        2,
        "values",
        "does not fit into a message",
    ),
    "a line without end": ("handle,URL\n8.1/A," + "u" * (LINE_OCTETS_MAX + 1), 2, "", "a line of more than"),
    "Latin-1": ("handle,URL\n8.1/Caf\xe9,u\n".encode("latin-1"), 2, "column 8", "not UTF-8: octet 0xe9"),
    "too many columns": ("handle" + ",A" * 2049 + "\n", 1, "header", "more than 2049 columns"),
}


@pytest.mark.parametrize("name", CSV_REFUSED)
def test_csv_that_cannot_be_is_refused_with_its_place(name: str, tmp_path: Path) -> None:
    text, line, key, problem = CSV_REFUSED[name]
    with pytest.raises(OperatorError) as refused:
        csv_of(tmp_path, text)
    assert (refused.value.file, refused.value.key) == (f"{tmp_path / 'a.csv'}:{line}", key)
    assert problem in refused.value.problem
    assert refused.value.remedy


def test_records_before_a_fault_have_been_handed_out(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("handle,URL\n8.1/A,u\n8.1\n")
    stream = read_catalogue(file)
    assert next(stream).handle == b"8.1/A"
    with pytest.raises(OperatorError):
        next(stream)


# ---- JSON Lines ------------------------------------------------------------------------------------------------------


def test_json_lines_say_everything_a_value_can_be(tmp_path: Path) -> None:
    values = (
        Value(1, b"URL", b"https://a.example", timestamp=1, permissions=0b1100),
        Value(2, b"DESC", "标识".encode(), ttl=1_800_000_000, ttl_type=TTL_ABSOLUTE),
        Value(3, b"BLOB", b"\x00\xff", references=(Reference(b"8.1/B", 0), Reference(b"8.1/C", 7))),
        Value(100, b"HS_ADMIN", hs_admin.encode(HsAdmin(0x0FFF, b"0.NA/8.1", 300))),
    )
    for handle in (b"8.1/A", "8.1/标识".encode(), b"8.1/\xff\x00"):
        document = {"handle": name_to_json(handle), "values": [value_to_json(each) for each in values]}
        assert json_lines_of(tmp_path, "", document) == [CatalogueRecord(2, handle, values)]


def test_what_is_left_out_has_the_usual_defaults(tmp_path: Path) -> None:
    (record,) = json_lines_of(tmp_path, {"handle": "8.1/A", "values": [{"index": 1, "type": "URL", "data": "u"}]})
    assert record.values == (Value(1, b"URL", b"u"),)


URL = {"index": 1, "type": "URL", "data": "u"}
JSON_REFUSED = {
    "no JSON": ('{"handle": "8.1/A", }', "column 21", "not JSON"),
    "no object": ("[]", "", "not an object"),
    "an unknown key": ({"handle": "8.1/A", "values": [URL], "note": 1}, "note", "unknown key"),
    "no handle": ({"values": [URL]}, "handle", "text"),
    "a handle that is a number": ({"handle": 8, "values": [URL]}, "handle", "text"),
    "half a character": ('{"handle": "8.1/\\ud800", "values": []}', "handle", ""),
    "no values": ({"handle": "8.1/A"}, "values", "list"),
    "an empty list": ({"handle": "8.1/A", "values": []}, "handle", "without a value"),
    "a value that is none": ({"handle": "8.1/A", "values": [URL, 7]}, "values[1]", ""),
    "a value without data": ({"handle": "8.1/A", "values": [{"index": 1, "type": "URL"}]}, "values[0].data", ""),
    "an index that is a word": ({"handle": "8.1/A", "values": [URL | {"index": "x"}]}, "values[0].index", ""),
    "a broken time": ({"handle": "8.1/A", "values": [URL | {"timestamp": "noon"}]}, "values[0].timestamp", ""),
    "one index twice": ({"handle": "8.1/A", "values": [URL, URL]}, "values", "two values of one index"),
    "too many values": (
        {"handle": "8.1/A", "values": [URL | {"index": number} for number in range(1, 2051)]},
        "values",
        "more than 2048 values",
    ),
    "nested without end": ("[" * 100_000, "", "not JSON of ours"),
    "a number without end": ('{"handle": ' + "9" * 5000 + "}", "", "not JSON of ours"),
}


@pytest.mark.parametrize("name", JSON_REFUSED)
def test_json_lines_that_cannot_be_are_refused_with_their_place(name: str, tmp_path: Path) -> None:
    line, key, problem = JSON_REFUSED[name]
    with pytest.raises(OperatorError) as refused:
        json_lines_of(tmp_path, {"handle": "8.1/FIRST", "values": [URL]}, line)
    assert (refused.value.file, refused.value.key) == (f"{tmp_path / 'a.jsonl'}:2", key)
    assert problem in refused.value.problem
    assert refused.value.remedy


# ---- files -----------------------------------------------------------------------------------------------------------


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK")
    with pytest.raises(OperatorError, match=r"a\.xlsx: neither CSV nor JSON Lines"):
        list(read_catalogue(tmp_path / "a.xlsx"))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match=r"a\.csv: cannot be read: No such file"):
        list(read_catalogue(tmp_path / "a.csv"))


# ---- the quick way ---------------------------------------------------------------------------------------------------

text_of_anything = st.text(st.characters(codec="utf-8"), max_size=8)
uniform_values = st.lists(
    st.fixed_dictionaries(
        {
            "index": st.integers(1, 5),
            "type": st.sampled_from(["URL", "NAME", "HS_ADMIN", "标识"]),
            "data": text_of_anything | text_of_anything.map(lambda words: {"format": "string", "value": words}),
        },
        optional={
            "ttl": st.sampled_from([0, 60, 86_400, "2030-01-01T00:00:00Z"]),
            "timestamp": st.sampled_from(["2026-01-01T00:00:00Z", "2026-01-02", "1970-01-01T00:00:00Z", 5]),
            "permissions": st.just("1100"),
        },
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda value: value["index"],
)


@settings(deadline=None, max_examples=150)
@given(st.lists(uniform_values, min_size=1, max_size=3), st.data())
def test_lines_of_one_form_become_what_the_long_way_makes_of_them(
    tmp_path_factory: pytest.TempPathFactory, forms: list[list[dict[str, Any]]], data: st.DataObject
) -> None:
    documents = []
    for number in range(12):  # each form several times, with other texts in it
        values = [dict(value) for value in data.draw(st.sampled_from(forms))]
        for value in values:
            words = data.draw(text_of_anything)
            value["data"] = words if isinstance(value["data"], str) else {"format": "string", "value": words}
        documents.append({"handle": f"8.1/{data.draw(text_of_anything)}{number}", "values": values})
    file = tmp_path_factory.mktemp("moulds") / "a.jsonl"
    escaped = data.draw(st.booleans())
    file.write_text("".join(json.dumps(each, ensure_ascii=escaped) + "\n" for each in documents), encoding="utf-8")
    with Catalogue(file, stamp=77) as catalogue:
        rows = list(catalogue)
    for row, document in zip(rows, documents, strict=True):
        expected = [value_from_json(value) for value in document["values"]]
        expected = [replace(value, timestamp=value.timestamp or 77) for value in expected]
        assert row.handle == document["handle"].encode()
        assert row.record == pack_record(sorted(expected, key=lambda value: value.index))


ALMOST = {
    "another number": '{"handle": "8.1/B", "values": [{"index": 2, "type": "URL", "data": "u"}]}',
    "a number that is none": '{"handle": "8.1/B", "values": [{"index": 1.0, "type": "URL", "data": "u"}]}',
    "another type": '{"handle": "8.1/B", "values": [{"index": 1, "type": "DESC", "data": "u"}]}',
    "another key": '{"handle": "8.1/B", "values": [{"index": 1, "typ": "URL", "data": "u"}]}',
    "keys in another order": '{"handle": "8.1/B", "values": [{"index": 1, "data": "URL", "type": "u"}]}',
    "an escape": '{"handle": "8.1/B", "values": [{"index": 1, "type": "URL", "data": "\\u0041"}]}',
    "a raw tab": '{"handle": "8.1/B", "values": [{"index": 1, "type": "URL", "data": "a\tb"}]}',
    "no slash": '{"handle": "8.1B", "values": [{"index": 1, "type": "URL", "data": "u"}]}',
    "something behind": '{"handle": "8.1/B", "values": [{"index": 1, "type": "URL", "data": "u"}]} x',
    "too long": '{"handle": "8.1/B", "values": [{"index": 1, "type": "URL", "data": "%s"}]}' % ("u" * 260_000),
}


@pytest.mark.parametrize("name", ALMOST)
def test_a_line_that_is_almost_like_the_others_is_read_as_if_it_stood_alone(name: str, tmp_path: Path) -> None:
    common = '{"handle": "8.1/A", "values": [{"index": 1, "type": "URL", "data": "u"}]}'

    def told(*lines: str) -> object:
        try:
            return json_lines_of(tmp_path, *lines)[-1].values
        except OperatorError as error:
            return error.problem, error.key

    assert told(common, common, ALMOST[name]) == told(ALMOST[name])


def test_timestamps_of_their_own_are_no_reason_to_be_slow_or_wrong(tmp_path: Path) -> None:
    moments = [f"2026-01-01T00:{number // 60:02}:{number % 60:02}Z" for number in range(300)]
    line = '{{"handle": "8.1/A{}", "values": [{{"index": 1, "type": "URL", "data": "u", "timestamp": "{}"}}]}}'
    records = json_lines_of(tmp_path, *(line.format(number, moment) for number, moment in enumerate(moments * 2)))
    assert [record.values[0].timestamp for record in records] == [CATALOGUED_AT + number for number in range(300)] * 2


JSON_INDEXES = {
    "index 0": ({"index": 0, "type": "URL", "data": "u"}, "values[1].index"),
    "no type": ({"index": 2, "type": "", "data": "u"}, "values[1].type"),
}


@pytest.mark.parametrize("name", JSON_INDEXES)
def test_values_that_no_server_would_take_are_refused(name: str, tmp_path: Path) -> None:
    form, key = JSON_INDEXES[name]
    with pytest.raises(OperatorError) as refused:
        json_lines_of(tmp_path, {"handle": "8.1/A", "values": [{"index": 1, "type": "URL", "data": "u"}, form]})
    assert refused.value.key == key


# ---- positions -------------------------------------------------------------------------------------------------------

FILES = {
    "a.csv": b'\xef\xbb\xbf# a comment\nhandle,URL,DESC\n8.1/A,u,a\n\n8.1/B,u,"b\nb"\r\n8.1/C,u,c\n8.1/D,u,d',
    "a.jsonl": b"".join(
        b'{"handle": "8.1/%c", "values": [{"index": 1, "type": "URL", "data": "u"}]}\n\n' % letter for letter in b"ABCD"
    ),
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("taken", range(5))
def test_reading_goes_on_where_another_reader_stopped(name: str, taken: int, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_bytes(FILES[name])
    with Catalogue(file, stamp=1) as catalogue:
        rows = list(catalogue)
    with Catalogue(file, stamp=1) as first:
        assert list(islice(first, taken)) == rows[:taken]
        position = first.position()
    assert position.octets <= len(FILES[name])
    with Catalogue(file, stamp=1) as second:
        assert second.resume(position)
        assert list(second) == rows[taken:]
        end = second.position()
    with Catalogue(file, stamp=1) as third:
        assert third.resume(end)
        assert list(third) == []
        assert third.position() == end


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_was_changed_where_it_was_read_is_not_resumed(name: str, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_bytes(FILES[name])
    with Catalogue(file, stamp=1) as catalogue:
        rows = list(islice(catalogue, 3))
        position = catalogue.position()
    for changed in (FILES[name].replace(b"8.1/B", b"8.1/X"), FILES[name][: position.octets - 1]):
        file.write_bytes(changed)
        with Catalogue(file, stamp=1) as catalogue:
            assert not catalogue.resume(position)
            assert next(iter(catalogue)) == rows[0]
    file.write_bytes(FILES[name].replace(b"8.1/D", b"8.1/Y"))
    with Catalogue(file, stamp=1) as catalogue:
        assert catalogue.resume(position)
        assert [row.handle for row in catalogue] == [b"8.1/Y"]
