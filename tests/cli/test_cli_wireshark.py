"""`biaoshi dissector`, `biaoshi capture`: tshark reads what we write and whatever anybody sends, and never stumbles."""

from __future__ import annotations

import json
import shutil
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Iterable
from pathlib import Path

import pytest
from fuzz.packets import Damage, recorded

from biaoshi import capture as capture_module
from biaoshi import cli
from biaoshi.capture import FILE_HEADER, PACKET_HEADER, capture, may_capture
from biaoshi.dissector import dissector
from resolver.errors import OperatorError
from resolver.wire.codes import Code, Opcode, OpFlag
from resolver.wire.framing import split

SERVER, CLIENT = socket.inet_aton("127.86.4.1"), socket.inet_aton("127.0.0.1")
needs_tshark = pytest.mark.skipif(shutil.which("tshark") is None, reason="Debian's package tshark is not here")
needs_right = pytest.mark.skipif(not may_capture(), reason="this user may not see other programs' packets")


def frame(packet: bytes, port: int = 2641) -> bytes:
    """A datagram in Ethernet, as the loopback interface has it."""
    udp = struct.pack(">HHHH", 40_000, port, 8 + len(packet), 0) + packet
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 1, 0, 64, 17, 0, CLIENT, SERVER)
    return bytes(12) + b"\x08\x00" + ip + udp


def write_pcap(file: Path, packets: Iterable[bytes], port: int = 2641) -> None:
    with file.open("wb") as out:
        out.write(FILE_HEADER)
        for number, packet in enumerate(packets):
            octets = frame(packet, port)
            out.write(PACKET_HEADER.pack(number, 0, len(octets), len(octets)) + octets)


def tshark(script: Path, file: Path, *words: str) -> list[str]:
    command = ["tshark", "-X", f"lua_script:{script}", "-r", str(file), *words]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert "Lua" not in done.stderr, done.stderr
    return done.stdout.split("\n")[:-1]  # handles may have odd line ends in them


@pytest.fixture
def script(tmp_path: Path) -> Path:
    file = tmp_path / "handle.lua"
    file.write_text(dissector(), encoding="utf-8")
    return file


def test_every_number_of_our_tables_is_in_it() -> None:
    text = dissector((7, 8))
    assert "@" not in text.split("local envelope")[0].split("do not edit")[1]
    assert "local PORTS = { 7, 8 }" in text
    for kind in (Opcode, Code):
        for each in kind:
            assert f'[{int(each)}] = "{each.name}"' in text
    for flag in OpFlag:
        assert f"0x{int(flag):08x}" in text


def test_it_is_written_to_a_file_or_to_stdout(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def ran(*words: str) -> int:
        with pytest.raises(SystemExit) as ended:
            cli.main(["dissector", *words])
        return int(ended.value.code or 0)

    assert ran("--out", str(tmp_path / "x.lua"), "--port", "4711") == 0
    assert (tmp_path / "x.lua").read_text(encoding="utf-8") == dissector((4711,))
    capsys.readouterr()
    assert ran() == 0
    assert capsys.readouterr().out == dissector()
    assert ran("--port", "0") == 2
    assert ran("--out", str(tmp_path)) == 2


@needs_tshark
def test_every_recorded_packet_is_decoded(script: Path, tmp_path: Path) -> None:
    packets = [part for packet in recorded() for part in split(packet)]
    write_pcap(tmp_path / "x.pcap", packets)
    lines = tshark(script, tmp_path / "x.pcap", "-T", "fields", "-e", "_ws.col.Protocol", "-e", "_ws.col.Info")
    assert len(lines) == len(packets)
    for packet, line in zip(packets, lines, strict=True):
        if len(packet) >= 20:
            assert line.startswith("Handle\t"), (packet.hex(), line)
    assert tshark(script, tmp_path / "x.pcap", "-Y", "_ws.malformed or _ws.lua.error") == []
    named = [line for line in lines if "RESOLUTION" in line or "SUCCESS" in line]
    assert len(named) > 20


@needs_tshark
def test_damaged_packets_are_never_more_than_odd(script: Path, tmp_path: Path) -> None:
    damage = Damage(3, "wireshark", recorded())
    packets = [packet for number in range(4_000) if len(packet := damage.packet(number)) < 60_000]
    write_pcap(tmp_path / "x.pcap", packets)
    assert tshark(script, tmp_path / "x.pcap", "-Y", "_ws.malformed or _ws.lua.error") == []
    assert len(tshark(script, tmp_path / "x.pcap")) == len(packets)


@needs_tshark
def test_values_and_flags_have_fields_of_their_own(script: Path, tmp_path: Path) -> None:
    packets = [packet for packet in recorded() if packet[20:28] == bytes.fromhex("0000000100000001")][:5]
    write_pcap(tmp_path / "x.pcap", packets)
    words = (
        "-T",
        "json",
        "-e",
        "hdl.handle",
        "-e",
        "hdl.value.type",
        "-e",
        "hdl.value.ttl",
        "-e",
        "hdl.flags.recursive",
    )
    found = json.loads("\n".join(tshark(script, tmp_path / "x.pcap", *words)))
    layers = [each["_source"]["layers"] for each in found]
    assert all(each["hdl.flags.recursive"][0] in ("1", "0", "True", "False") for each in layers)
    valued = [each for each in layers if "hdl.value.type" in each]
    assert len(valued) >= 3
    assert all(each["hdl.handle"] and len(each["hdl.value.ttl"]) == len(each["hdl.value.type"]) for each in valued)


@needs_right
@pytest.mark.clock  # alone: beside tests that load the loopback interface frames might be lost
def test_what_is_said_is_captured_once_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "x.pcap"
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client,
    ):
        server.bind(("127.86.77.1", 0))
        client.bind(("127.0.0.1", 0))
        port = server.getsockname()[1]

        def talk() -> None:
            time.sleep(0.3)
            for number in range(20):
                client.sendto(b"question %d" % number, ("127.86.77.1", port))
                client.sendto(b"elsewhere", ("127.0.0.9", port))
                server.sendto(b"answer", client.getsockname())

        thread = threading.Thread(target=talk)
        thread.start()
        done = capture(file, {"127.86.77.1"}, {port}, seconds=10, packets_max=40)
        thread.join()
    octets = file.read_bytes()
    assert (done.packets, done.lost) == (40, 0)
    assert octets.count(b"question") == octets.count(b"answer") == 20
    assert b"elsewhere" not in octets
    assert len(octets) == len(FILE_HEADER) + 40 * PACKET_HEADER.size + done.octets


def test_who_may_not_is_told_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*words: object) -> socket.socket:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(capture_module.socket, "socket", refuse)
    with pytest.raises(OperatorError, match="cap_net_raw"):
        capture(tmp_path / "x", {"127.0.0.1"}, set(), seconds=1, packets_max=1)
    assert not (tmp_path / "x").exists()
