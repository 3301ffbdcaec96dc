"""A Lua dissector for Wireshark, made from the tables with which we read and write ourselves.

Debian's tshark takes port 2641 for something else; what this writes takes it back.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files

from resolver.wire import peek
from resolver.wire.codes import Code, Opcode, OpFlag
from resolver.wire.message import FRAGMENT_OCTETS

PORTS = (2641, 3641)


def dissector(ports: Iterable[int] = PORTS) -> str:
    """The script."""
    text = files("biaoshi").joinpath("dissector.lua").read_text(encoding="utf-8")
    flags = ", ".join(f'{{ 0x{flag:08x}, "{flag.name.lower()}", "{_words(flag.name)}" }}' for flag in OpFlag)
    for name, words in (
        ("PORTS", ", ".join(map(str, ports))),
        ("OPCODES", _table({int(each): each.name for each in Opcode})),
        ("CODES", _table({int(each): each.name for each in Code})),
        ("FLAGS", flags),
        ("ENVELOPE", str(peek.ENVELOPE_OCTETS)),
        ("HEADER", str(peek.HEADER_OCTETS)),
        ("FRAGMENT", str(FRAGMENT_OCTETS)),
    ):
        text = text.replace(f"@{name}@", words)
    return text


def _table(names: dict[int, str]) -> str:
    return ", ".join(f'[{number}] = "{name}"' for number, name in names.items())


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()
