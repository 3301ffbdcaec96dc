"""Line 9: odd but legal requests are all answered, over UDP, TCP and HTTP, by nodes of every kind (that has the door).

Silence is a failure, and so is a closed connection, an answer that cannot be read, one to another request, or one that
says that the request could not be read. Over TCP every request comes once alone, and once in pieces behind another.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPException
from typing import Any

from biaoshi.proofs.networks import Running, teaching
from biaoshi.proofs.odd_requests import odd_requests
from biaoshi.proofs.trial import Trial
from resolver.errors import PeerError
from resolver.wire import peek
from resolver.wire.codes import Code
from resolver.wire.framing import Reassembler, TcpFramer, split
from resolver.wire.message import MESSAGE_OCTETS_MAX, decode

ANSWER_LIMIT_S = 5.0
ITEM = b"88.118.8/JXDY2106023"
DATAGRAM_OCTETS_MAX = 65_535
ROUNDS_QUICK, ROUNDS_FULL = 1, 20
MESSAGE_TYPE = "application/x-hdl-message"

Ask = Callable[[tuple[str, int], bytes], bytes | None]


def prove(trial: Trial) -> None:
    """Ask everybody everything; what is not answered counts."""
    trial.value = 0
    requests = odd_requests(ITEM)
    trial.facts = {"requests": len(requests), "asked": 0, "nodes": []}
    with teaching(trial.folder) as running:
        for _ in range(ROUNDS_FULL if trial.full else ROUNDS_QUICK):
            for node in _one_of_each_tier(running):
                if node["name"] not in trial.facts["nodes"]:
                    trial.facts["nodes"].append(node["name"])
                ways: dict[str, tuple[Ask, str]] = {
                    "UDP": (over_udp, node["address"]),
                    "TCP": (over_tcp, node["address"]),
                    "TCP in pieces": (over_tcp_in_pieces, node["address"]),
                }
                if node["http"]:
                    ways["HTTP"] = over_http, node["http"]
                _ask_all(trial, node["name"], ways, requests)


def _one_of_each_tier(running: Running) -> Iterator[dict[str, Any]]:
    seen: set[str] = set()
    for node in running.state["nodes"]:
        if node["tier"] not in seen:
            seen.add(node["tier"])
            yield dict(node)


def _ask_all(trial: Trial, name: str, ways: dict[str, tuple[Ask, str]], requests: dict[str, bytes]) -> None:
    for what, packet in requests.items():
        for way, (ask, address) in ways.items():
            trial.facts["asked"] += 1
            ip, _, port = address.rpartition(":")
            problem = judge(packet, ask((ip, int(port)), packet))
            if problem:
                assert trial.value is not None
                trial.value += 1
                trial.fail(f"{name}, {way}, {what}: {problem}")
        trial.progress(f"{trial.facts['asked']} requests, {trial.value:g} without an answer")


def judge(packet: bytes, answer: bytes | None) -> str | None:
    """What is wrong with an answer to a packet; None if it is one."""
    if answer is None:
        return "silence"
    try:
        message = decode(answer)
    except PeerError as error:
        return f"an answer that cannot be read: {error}"
    if message.header.code == Code.REQUEST:
        return "a request instead of an answer"
    if message.envelope.request_id != peek.request_id(packet):
        return f"refused as unreadable, code {message.header.code}"
    return None


def over_udp(address: tuple[str, int], packet: bytes) -> bytes | None:
    """The whole answer to a request, in fragments or not; None if there is none in time."""
    fragments = Reassembler()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.connect(address)
        for part in split(packet):
            sock.send(part)
        deadline = time.monotonic() + ANSWER_LIMIT_S
        while (left := deadline - time.monotonic()) > 0:
            sock.settimeout(left)
            try:
                part = sock.recv(DATAGRAM_OCTETS_MAX)
            except OSError:
                return None
            if len(part) >= int.from_bytes(part[16:20], "big") + peek.ENVELOPE_OCTETS:
                return part
            whole = fragments.add(0, part, time.monotonic_ns())
            if whole is not None:
                return whole
    return None


def over_tcp(address: tuple[str, int], packet: bytes) -> bytes | None:
    """The answer to a request on a connection of its own; None if it is closed, or nothing comes in time."""
    return _on_a_stream(address, (packet,), 1)


def over_tcp_in_pieces(address: tuple[str, int], packet: bytes) -> bytes | None:
    """The same, behind another request and cut into pieces."""
    pieces = (packet + packet[:9], *(packet[at : at + 1] for at in range(9, min(len(packet), 60))), packet[60:])
    return _on_a_stream(address, pieces, 2)


def over_http(address: tuple[str, int], packet: bytes) -> bytes | None:
    """The answer to a request in a POST (behaviour.md §4.1); None if there is none in time."""
    connection = HTTPConnection(*address, timeout=ANSWER_LIMIT_S)
    try:
        connection.request("POST", "/", packet, {"Accept": MESSAGE_TYPE, "Content-Type": MESSAGE_TYPE})
        response = connection.getresponse()
        return response.read() if response.headers.get_content_type() == MESSAGE_TYPE else None
    except (OSError, HTTPException):
        return None
    finally:
        connection.close()


def _on_a_stream(address: tuple[str, int], pieces: tuple[bytes, ...], answers: int) -> bytes | None:
    framer = TcpFramer()
    got: list[bytes] = []
    try:
        with socket.create_connection(address, ANSWER_LIMIT_S) as sock:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for piece in pieces:
                sock.sendall(piece)
            while len(got) < answers:
                octets = sock.recv(MESSAGE_OCTETS_MAX)
                if not octets:
                    return None
                got += framer.feed(octets)
    except (OSError, PeerError):
        return None
    return got[answers - 1]
