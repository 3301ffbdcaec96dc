"""`biaoshi decode` and `biaoshi encode`: a packet explained octet by octet, and the octets of an explanation.

Both go through the codec that the nodes use; nothing here knows the protocol.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from string import hexdigits
from typing import TYPE_CHECKING, Annotated, Any

import typer

from resolver.errors import OperatorError, PeerError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from resolver.wire.explain import Explanation, Row

app = typer.Typer(add_completion=False, rich_markup_mode=None)

INPUT_OCTETS_MAX = 1 << 30  # of a file of messages
ROW_OCTETS = 8  # octets shown in one row of the table
CELL_CHARACTERS = 40  # of a value; the octets beside it are complete
BIT_SETS = ("op flags", "site mask", "permissions", "admin permissions")  # shown in hexadecimal


@app.command("decode")
def decode_command(
    source: Annotated[
        str, typer.Argument(metavar="[HEX|FILE|-]", help="A packet: hex digits, or a file (hex or raw); - is stdin.")
    ] = "-",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document; `encode` gives the octets back.")] = False,
    value_type: Annotated[
        str, typer.Option("--type", help="Not a packet but the data of this type, such as HS_SITE; VALUE: a record.")
    ] = "",
    roundtrip: Annotated[
        Path | None, typer.Option(help="A file of messages, one hex line each: decode, encode, compare.")
    ] = None,
) -> None:
    """Explain a protocol message octet by octet (报文解码).

    The explanation comes from the parser that the nodes use. What cannot be understood is shown as octets.

    \b
    biaoshi decode 02050000 …
    biaoshi decode packet.bin --json | biaoshi encode -
    biaoshi decode --roundtrip packets.hex

    Exit codes: 0; 1 a message of --roundtrip came back different; 2 usage.
    """
    if roundtrip is not None:
        if not _round_trip(roundtrip, as_json):
            raise typer.Exit(1)
        return
    octets = _octets_of(source)
    if value_type:
        rows, document = _explained_data(octets, value_type)
    else:
        from resolver.wire.document import to_document
        from resolver.wire.explain import explain

        explanation = explain(octets)
        rows, document = explanation.rows, to_document(explanation.packet)
    from biaoshi.cli.terminal import print_json, print_table

    if as_json:
        print_json({**document, "octets": octets.hex(), "fields": [row_as_json(row) for row in rows]})
        return
    print_table(*table_of(rows), "" if value_type else headline(explanation))


@app.command("encode")
def encode_command(
    source: Annotated[str, typer.Argument(metavar="JSON|FILE|-", help="A document of `decode --json`; - is stdin.")],
) -> None:
    """Give the octets of a decoded message back, as hex digits (报文编码).

    The inverse of decode: what `decode --json` prints, changed or not.

    \b
    biaoshi decode packet.bin --json | biaoshi encode -

    Exit codes: 0; 2 not such a document.
    """
    import json
    import struct

    from resolver.wire.document import from_document
    from resolver.wire.json_form import JsonFormError, data_from_json, value_from_json
    from resolver.wire.message import encode
    from resolver.wire.values import encode_value

    text = source if source.lstrip().startswith("{") else _text(_read(source), source)
    remedy = "Give a document as `biaoshi decode --json` prints it"
    try:
        document = json.loads(text)
        kind = document.get("kind") if isinstance(document, dict) else None
        if kind == "data":
            octets = data_from_json(document.get("data"))
        elif kind == "value":
            octets = encode_value(value_from_json(document.get("value")))
        else:
            octets = encode(from_document(document))
    except json.JSONDecodeError as error:
        where = f"line {error.lineno} column {error.colno}"
        raise OperatorError(f"not JSON: {error.msg}", key=where, remedy=remedy) from None
    except JsonFormError as error:
        raise OperatorError(str(error).removeprefix(f"{error.key}: "), key=error.key, remedy=remedy) from None
    except (struct.error, OverflowError) as error:
        raise OperatorError(f"a number does not fit its field: {error}", remedy=remedy) from None
    except (RecursionError, ValueError) as error:
        raise OperatorError(f"not JSON of ours: {error}", remedy=remedy) from None
    print(octets.hex())


# ---- input -----------------------------------------------------------------------------------------------------------


def _octets_of(source: str) -> bytes:
    """The packet that an argument means: hex digits, or what is in a file or on stdin, as hex digits or raw."""
    digits = "".join(source.split())
    if digits and not _first_fault(digits):
        return bytes.fromhex(digits)
    if source != "-" and not os.path.exists(source):
        raise OperatorError(
            f"no such file, and not hex: {_first_fault(source) or 'nothing'}",
            value=_shown(source),
            remedy="Give an even number of hexadecimal digits, a file, or - for stdin",
        )
    content = _read(source)
    if any(octet > 0x7E or (octet < 0x20 and octet not in b"\t\n\r") for octet in content):
        return content
    lines = [_hex_line(line, number, source) for number, line in enumerate(content.decode().splitlines(), 1)]
    return b"".join(line for line in lines if line is not None)


def _read(source: str) -> bytes:
    if source == "-":
        content = sys.stdin.buffer.read(INPUT_OCTETS_MAX + 1)
    else:
        with Path(source).open("rb") as file:
            content = file.read(INPUT_OCTETS_MAX + 1)
    if len(content) > INPUT_OCTETS_MAX:
        raise OperatorError(f"more than {INPUT_OCTETS_MAX} octets", file=source, remedy="Give it in parts")
    return content


def _text(content: bytes, source: str) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise OperatorError(
            "not UTF-8", file=source, key=f"octet {error.start}", remedy="Give a document as text"
        ) from None


def _hex_line(line: str, number: int, source: str) -> bytes | None:
    """The octets of one line; None for an empty one or a comment."""
    digits = line.strip()
    if not digits or digits.startswith("#"):
        return None
    fault = _first_fault(line)
    if fault:
        raise OperatorError(
            f"not hex: {fault}",
            file="stdin" if source == "-" else source,
            key=f"line {number}",
            value=_shown(digits),
            remedy="A line is one message in hexadecimal digits, empty, or a comment that begins with #",
        )
    return bytes.fromhex("".join(digits.split()))


def _first_fault(text: str) -> str:
    """Where text stops being pairs of hex digits, in words, or nothing. Positions count from 1; spaces are harmless."""
    for position, character in enumerate(text, 1):
        if not character.isspace() and character not in hexdigits:
            return f"{character!r} at position {position}"
    digits = sum(not character.isspace() for character in text)
    return f"{digits} digits, an odd number" if digits % 2 else ""


def _shown(text: str) -> str:
    return text if len(text) <= CELL_CHARACTERS else text[:CELL_CHARACTERS] + "…"


# ---- round trip ------------------------------------------------------------------------------------------------------


def _round_trip(file: Path, as_json: bool) -> bool:
    """Decode and encode every line; the last line printed counts. Whether all were identical."""
    from resolver.wire.buffer import Reader
    from resolver.wire.message import encode, keep

    identical = 0
    different: list[int] = []
    for number, octets in _lines(file):
        if encode(keep(Reader(octets))) == octets:
            identical += 1
        else:
            different.append(number)
    if as_json:
        from biaoshi.cli.terminal import print_json

        print_json({"identical": identical, "different": len(different), "lines": different})
    else:
        for number in different:
            print(f"line {number}: different")
        print(f"{identical} identical, {len(different)} different")
    return not different


def _lines(file: Path) -> Iterator[tuple[int, bytes]]:
    text = _text(_read(str(file)), str(file))
    for number, line in enumerate(text.splitlines(), 1):
        octets = _hex_line(line, number, str(file))
        if octets is not None:
            yield number, octets


# ---- output ----------------------------------------------------------------------------------------------------------


def _explained_data(octets: bytes, value_type: str) -> tuple[tuple[Row, ...], dict[str, Any]]:
    from resolver.wire.explain import explain_data, explain_value
    from resolver.wire.json_form import data_to_json, value_to_json
    from resolver.wire.values import decode_value

    name = value_type.encode()
    try:
        if value_type.upper() == "VALUE":
            return explain_value(octets), {"kind": "value", "value": value_to_json(decode_value(octets))}
        return explain_data(octets, name), {"kind": "data", "type": value_type, "data": data_to_json(name, octets)}
    except PeerError as error:
        raise OperatorError(
            str(error), key="--type", value=value_type, remedy="Name the type whose data this is, or VALUE"
        ) from None


def headline(explanation: Explanation) -> str:
    """What the packet is, in one line."""
    from resolver.wire.codes import code_name, opcode_name
    from resolver.wire.message import EncryptedMessage, Fragment, Unreadable, code_meant

    packet = explanation.packet
    if isinstance(packet, Unreadable):
        return f"Not a packet: {packet.reason}"
    envelope = packet.envelope
    version = f"version {envelope.major}.{envelope.minor}"
    if isinstance(packet, Fragment):
        return f"Fragment {envelope.sequence} of a message of {envelope.length} octets, {version}"
    if isinstance(packet, EncryptedMessage):
        return f"Encrypted message of session {envelope.session_id}, {version}"
    header = packet.header
    if not header.code:
        return f"Request {opcode_name(header.opcode)}, {version}"
    return f"Response {opcode_name(header.opcode)}: {code_name(code_meant(header.code, envelope.version))}, {version}"


def row_as_json(row: Row) -> dict[str, Any]:
    """A field of a packet, as `decode --json` shows it."""
    return {
        "offset": row.offset,
        "length": len(row.octets),
        "octets": row.octets.hex(),
        "group": " / ".join(row.groups),
        "field": row.name,
        "value": _value(row.value),
        "meaning": row.meaning,
    }


def table_of(rows: tuple[Row, ...]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Headings and cells of an explanation, as print_table takes them."""
    return ("offset", "octets", "field", "value", "meaning"), list(_cells(rows))


def _cells(rows: tuple[Row, ...]) -> Iterator[tuple[str, ...]]:
    """The rows of the table: a heading where a group begins, and at most ROW_OCTETS octets in a line."""
    groups: tuple[str, ...] = ()
    for row in rows:
        if row.groups != groups:
            groups = row.groups
            yield ("", "", f"— {' / '.join(groups)} —" if groups else "—", "", "")
        yield (str(row.offset), row.octets[:ROW_OCTETS].hex(" ", -4), row.name, shown_value(row), row.meaning)
        for start in range(ROW_OCTETS, len(row.octets), ROW_OCTETS):
            yield (str(row.offset + start), row.octets[start : start + ROW_OCTETS].hex(" ", -4), "", "", "")


def shown_value(row: Row) -> str:
    """A field's value as people read it, shortened."""
    if row.name in BIT_SETS and isinstance(row.value, int):
        return hex(row.value)
    return _shown(str(_value(row.value)))


def _value(value: int | bytes) -> Any:
    """Numbers as they are; octets as text where they are text, else as hex digits."""
    if isinstance(value, int):
        return value
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return "0x" + value.hex()
    return text if text.isprintable() else "0x" + value.hex()
