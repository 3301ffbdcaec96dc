"""A running teaching network under bad packets: UDP and TCP, real sockets, real processes.

Behind every batch of datagrams goes a question that a node always answers (get site info). So nothing is lost to a full
receive buffer, a node that fell silent is known at once and within BATCH packets of the cause, and memory is looked at
while the packets come: the second half may not need more than the first. Afterwards each node must still give the
answer that it gave before, with no more descriptors open, and no log may hold a stack trace.
"""

from __future__ import annotations

import contextlib
import errno
import http.client
import os
import random
import shutil
import socket
import struct
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playbook import REPO

from fuzz.findings import Findings
from fuzz.packets import Damage, questions, recorded
from nodes.network import free_second_octet, running
from nodes.processes import started
from resolver.errors import PeerError
from resolver.model.question import Question
from resolver.net.pump import clock
from resolver.rules import replies
from resolver.wire.bodies.base import HandleRequest
from resolver.wire.codes import Opcode
from resolver.wire.framing import Reassembler, TcpFramer
from resolver.wire.message import Envelope, Header, Message, decode, encode

BATCH = 48  # datagrams that surely fit into a default receive buffer, even if each takes 1,400 octets
REPLY_WAIT_S = 2.0
PROBES_MAX = 5
TCP_EACH = 40  # one batch in so many goes over a TCP connection
STREAM_WAIT_S = 10.0  # after our end is closed, theirs must follow; a recursive node may still be asking others
SETTLE_S = 6.0  # what is under way ends, fragments are forgotten
WEIGHED_TIMES = 40  # per kind of node
WEIGHED_FROM = 100_000  # packets; fewer do not fill the caches in the first half
TRACE_SHOWN = 2_000
GROWTH_MAX = 0.02
GROWTH_OCTETS_MAX = 4 << 20
DESCRIPTORS_MORE_MAX = 4
# Small caches fill in the first half, so that growth in the second half means something.
CACHE = "[cache]\npacket_octets = 1_000_000\nanswer_octets = 1_000_000\n\n"


@dataclass
class Network:
    """What is known about the running network: nodes by tier, what they said and held before."""

    state: dict[str, Any]
    run_dir: Path
    answers: dict[str, object] = field(default_factory=dict)
    descriptors: dict[int, int] = field(default_factory=dict)
    memory: list[str] = field(default_factory=list)

    @property
    def pids(self) -> list[int]:
        return sorted({node["pid"] for node in self.state["nodes"]})

    def nodes(self, kind: str) -> list[dict[str, Any]]:
        return [node for node in self.state["nodes"] if node["tier"] == kind]

    def sample_of(self, node: dict[str, Any]) -> bytes:
        """A handle that the node answers; recursive nodes any."""
        sample: str = next(one["sample"] for one in (node, *self.nodes("enterprise")) if one["sample"])
        return sample.encode()

    def remember(self) -> None:
        """What must be the same afterwards."""
        for node in self.state["nodes"]:
            for transport in ("udp", "tcp"):
                self.answers[f"{node['name']} over {transport}"] = _resolved(node, self.sample_of(node), transport)
        self.descriptors = {pid: _descriptors(pid) for pid in self.pids}

    def check(self, findings: Findings) -> None:
        """Compare with what was remembered."""
        for node in self.state["nodes"]:
            for transport in ("udp", "tcp"):
                name = f"{node['name']} over {transport}"
                with findings.watching("sockets", None):
                    after = _resolved(node, self.sample_of(node), transport)
                    if after != self.answers[name]:
                        raise AssertionError(f"{name}: {self.answers[name]} before, {after} afterwards")
        for pid, before in self.descriptors.items():
            # Each node opens one socket when it first asks another, for a key say, and keeps it.
            asking = sum(node["pid"] == pid for node in self.state["nodes"])
            if (after := _descriptors(pid)) > before + asking + DESCRIPTORS_MORE_MAX:
                findings.add("sockets", None, [], f"process {pid} had {before} descriptors, has {after}")
        with findings.watching("sockets", None):
            for page in {node["metrics"] for node in self.state["nodes"]}:
                if not _ready(page):
                    raise AssertionError(f"{page}: not ready")
        for log in sorted((self.run_dir / "logs").iterdir()):
            text = log.read_text(encoding="utf-8", errors="replace")
            if (at := text.find("Traceback")) >= 0:
                findings.add("sockets", None, [], f"a stack trace in {log.name}", text[at : at + TRACE_SHOWN])


@contextlib.contextmanager
def network() -> Iterator[Network]:
    """The teaching network with small caches, for as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="biaoshi-fuzz-") as name:
        configs = Path(name) / "configs"
        shutil.copytree(REPO / "configs", configs)
        file = configs / "teaching.toml"
        file.write_text(CACHE + file.read_text(encoding="utf-8"), encoding="utf-8")
        run_dir = Path(name) / "run"
        with running(file, run_dir, second_octet=free_second_octet(file)) as state:
            yield Network(state, run_dir)


def run(
    net: Network, kind: str, seed: int, first: int, last: int, findings: Findings, say: Callable[[int], None]
) -> Counter[str]:
    """Packets `first` up to `last` of the stream "sockets-KIND" at the nodes of a kind; what came back."""
    phase = f"sockets-{kind}"
    nodes = net.nodes(kind)
    handles = sorted({net.sample_of(node) for node in net.state["nodes"]})
    damage = Damage(seed, phase, recorded() + questions(handles))
    counts: Counter[str] = Counter()
    scales = Scales(net.pids)
    weigh_each = max(1, (last - first) // WEIGHED_TIMES)
    weigh_at = first
    with contextlib.ExitStack() as stack:
        links = [stack.enter_context(Link(node)) for node in nodes]
        for number in range(first, last, BATCH):
            turn = number // BATCH  # so that a batch meets the same node in the same way when it is thrown again
            packets = [damage.packet(one) for one in range(number, min(number + BATCH, last))]
            link = links[turn % len(links)]
            try:
                if turn % TCP_EACH == TCP_EACH - 1:
                    counts += stream(link.address, packets, random.Random(f"{seed} {phase} {number}"))
                else:
                    counts += link.throw(packets)
            except (OSError, AssertionError) as error:
                findings.add(phase, number + len(packets) - 1, packets, f"{link.name}: {error}")
                if gone := [pid for pid in net.pids if started(pid) is None]:
                    findings.add(phase, None, [], f"process {gone[0]} has ended")
                    break
            if number >= weigh_at:
                scales.weigh()
                weigh_at += weigh_each
                say(number - first)
    for pid, (early, late) in scales.halves().items():
        net.memory.append(f"{phase}: process {pid} held {early >> 10:,} KiB, then {late >> 10:,} KiB")
        if last - first >= WEIGHED_FROM and late - early > max(GROWTH_OCTETS_MAX, GROWTH_MAX * early):
            findings.add(phase, None, [], f"process {pid} grew from {early >> 10:,} to {late >> 10:,} KiB")
    return counts


class Scales:
    """The memory of processes over time."""

    def __init__(self, pids: Sequence[int]) -> None:
        self.seen: dict[int, list[int]] = {pid: [] for pid in pids}

    def weigh(self) -> None:
        """Note what each process holds now."""
        for pid, seen in self.seen.items():
            seen.append(_rss(pid))

    def halves(self) -> dict[int, tuple[int, int]]:
        """Per process the most it held in the first half of the time and in the second, in octets."""
        halves = {}
        for pid, seen in self.seen.items():
            half = len(seen) // 2
            halves[pid] = max(seen[:half], default=0), max(seen[half:], default=0)
        return halves


class Link:
    """A UDP socket connected to one node."""

    def __init__(self, node: dict[str, Any]) -> None:
        self.name = str(node["name"])
        self.address = _address(node)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.socket.connect(self.address)
        self.probes = 0

    def __enter__(self) -> Link:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def throw(self, packets: Sequence[bytes]) -> Counter[str]:
        """Send all, then ask something and wait for that answer. AssertionError if it does not come."""
        counts: Counter[str] = Counter({"datagrams": len(packets)})
        for packet in packets:
            self.socket.send(packet)
        for _ in range(PROBES_MAX):
            self.probes += 1
            request_id = 0x70000000 + self.probes
            self.socket.send(_probe(request_id))
            deadline = time.monotonic() + REPLY_WAIT_S
            while (left := deadline - time.monotonic()) > 0:
                self.socket.settimeout(left)
                try:
                    reply = self.socket.recv(65_536)
                except TimeoutError:
                    break
                counts["replies"] += 1
                if len(reply) > 512:
                    raise AssertionError(f"a datagram of {len(reply)} octets came back")
                if reply[8:12] == request_id.to_bytes(4, "big") and reply[20:28] == b"\0\0\0\2\0\0\0\1":
                    return counts
            counts["probes repeated"] += 1
        raise AssertionError(f"silent after {PROBES_MAX} probes")


def stream(address: tuple[str, int], packets: Sequence[bytes], chance: random.Random) -> Counter[str]:
    """Send packets over one TCP connection, in pieces of any size; half of the connections are broken off by us.

    The others are closed on our side, and the node must close too. AssertionError if it does not.
    """
    counts: Counter[str] = Counter({"streams": 1, "stream packets": len(packets)})
    octets = b"".join(_framed(packet) if chance.random() < 0.9 else packet for packet in packets)
    with socket.create_connection(address, timeout=STREAM_WAIT_S) as link:
        framer = TcpFramer()
        try:
            while octets:
                size = chance.choice((1, 7, 20, 100, 1_460, 65_536))
                link.sendall(octets[:size])
                octets = octets[size:]
            if chance.random() < 0.5:
                link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # close = reset
                counts["streams broken off"] += 1
                return counts
            link.shutdown(socket.SHUT_WR)
            while received := link.recv(65_536):
                counts["stream replies"] += len(framer.feed(received))
        except TimeoutError:
            raise AssertionError(f"a stream stayed open for {STREAM_WAIT_S:.0f} s after our end was closed") from None
        except PeerError as error:
            raise AssertionError(f"a stream brought what cannot be framed: {error}") from None
        except OSError as error:
            if error.errno not in (errno.ECONNRESET, errno.EPIPE, errno.ENOTCONN):
                raise
            counts["streams closed on us"] += 1  # as it may be, behind a length that no message has
    return counts


def _framed(packet: bytes) -> bytes:
    """The packet with a length that leads to the next one, however bad the rest of it is."""
    packet = packet.ljust(20, b"\0")
    return packet[:16] + (len(packet) - 20).to_bytes(4, "big") + packet[20:]


def _probe(request_id: int) -> bytes:
    return encode(Message(Envelope(request_id=request_id), Header(Opcode.GET_SITE_INFO), HandleRequest(b"/")))


def _address(node: dict[str, Any]) -> tuple[str, int]:
    ip, _, port = node["address"].rpartition(":")
    return ip, int(port)


def _resolved(node: dict[str, Any], handle: bytes, transport: str) -> object:
    """What the node says about a handle, without what changes by itself (times, ids)."""
    request = encode(replies.request_message(Question(handle), random.getrandbits(31), clock()))
    kind = socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM
    fragments, framer = Reassembler(), TcpFramer()
    with socket.socket(socket.AF_INET, kind) as link:
        link.settimeout(STREAM_WAIT_S)
        link.connect(_address(node))
        link.sendall(request)
        while received := link.recv(65_536):
            whole = [fragments.add(b"", received, 0)] if transport == "udp" else framer.feed(received)
            for packet in whole:
                if packet is not None and packet[8:12] == request[8:12]:
                    message = decode(packet)
                    values = getattr(message.body, "values", ())
                    return message.header.code, [(value.index, value.type, value.data) for value in values]
    raise AssertionError("closed without an answer")


def _ready(page: str) -> bool:
    """Whether the process with this metrics page says that its nodes may be asked."""
    where = urlsplit(page)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=REPLY_WAIT_S)
    with contextlib.closing(connection):
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200


def _rss(pid: int) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) << 10
    return 0


def _descriptors(pid: int) -> int:
    with contextlib.suppress(OSError):
        return len(os.listdir(f"/proc/{pid}/fd"))
    return 0
