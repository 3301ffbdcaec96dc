"""Line 13: ten thousand questions for one cold name are one question to others, and its failure hurts nobody else.

Real sockets. The process of the authorities is frozen (SIGSTOP), ten thousand requests for one name that nobody has
asked for reach the recursive node, and the process thaws: all are answered, others have been asked once. Again, with
authorities that stay frozen until the node gives up: all are told so, and others have been asked as for one client.

Virtual time. One of two mirrors never answers for one name, and answers for all others. Ten thousand wait for that name
in vain; afterwards that mirror is thought as quick as before. A control shows that one which is silent about everything
is noticed.

The number is requests to others beyond those that one client would have caused, and healthy servers marked as bad.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from biaoshi.proofs.networks import Running, teaching
from biaoshi.proofs.trial import Trial
from biaoshi.teaching import TEACHING
from loadgen.tiers import fetch_page
from nodes.config import load_network
from nodes.country import Country, country
from nodes.files import find_file
from nodes.recursive import RecursiveNode
from resolver.errors import Unreachable
from resolver.model.now import NS_PER_MS, NS_PER_S, Now
from resolver.model.question import Question
from resolver.model.value import Value
from resolver.net.virtual import Address, Delivery, always_delivered
from resolver.rules import replies
from resolver.wire import peek
from resolver.wire.codes import Code
from resolver.wire.message import encode
from resolver.wire.record import pack_record
from resolver.wire.types import hs_site

QUESTIONS = 10_000
ROUNDS_QUICK, ROUNDS_FULL = 1, 10
SOCKETS = 10
BUFFER_OCTETS = 8 << 20
AUTHORITIES = "authorities"
HOME = "enterprise-88.118.8"
ANSWERED_LIMIT_S = 15.0
SLOW_NS = 100 * NS_PER_MS  # where an answer takes two
AT_ONCE, PAUSE_S = 100, 0.01  # 10,000 a second: none is to be thrown away at the door, for all have to wait
_ASKED = re.compile(
    r'^biaoshi_upstream_re(?:quests|sent)_total\{[^}]*node="recursive-1"[^}]*\} ([0-9.e+]+)$', re.MULTILINE
)


def prove(trial: Trial) -> None:
    """Ask for one name ten thousand times, see who is asked."""
    trial.value = 0
    trial.facts = {"questions": 0, "answered": 0, "to_others": 0}
    with teaching(trial.folder) as running:
        for number in range(ROUNDS_FULL if trial.full else ROUNDS_QUICK):
            for fails in (False, True):
                name = b"88.118.8/cold-%d-%d-%d" % (trial.seed, number, fails)
                by_one, _ = _asked_together(running, name + b"-one", 1, fails=fails)
                asked, codes = _asked_together(running, name, QUESTIONS, fails=fails)
                trial.facts["questions"] += QUESTIONS
                trial.facts["answered"] += len(codes)
                trial.facts["to_others"] += asked
                trial.value += abs(asked - by_one)
                for words in judge(codes, QUESTIONS, Code.ERROR if fails else Code.HANDLE_NOT_FOUND):
                    trial.fail(words)
                trial.tell(f"{QUESTIONS:,} questions for one name, {asked} to others")
    marked = marked_bad(QUESTIONS, silent_about=b"lost")
    control = marked_bad(10, silent_about=b"")
    trial.facts |= {"healthy_servers_marked": marked, "control_marked": control}
    trial.value += marked
    if not control:
        trial.fail("a server that is silent about everything was not noticed, so nothing would be")


def judge(codes: Sequence[int], questions: int, expected: int) -> list[str]:
    """What is wrong with the answers to questions that were all the same."""
    wrong = []
    if len(codes) < questions:
        wrong.append(f"{questions - len(codes):,} of {questions:,} questions had no answer")
    odd = sorted({code for code in codes if code != expected})
    if odd:
        wrong.append(f"answers with codes {odd} where {expected} was to be expected")
    return wrong


def _asked_together(running: Running, name: bytes, questions: int, *, fails: bool) -> tuple[int, list[int]]:
    """How many requests others got for it, and the codes of the answers."""
    target = running.known.targets[0]
    sockets = [_socket(target) for _ in range(SOCKETS)]
    try:
        _exchange(sockets[:1], [_request(b"88.118.8/warm-" + name[9:], 1)], 5.0)  # whose prefix is its prefix
        before = _asked(running)
        packets = [_request(name, number + 1) for number in range(questions)]
        with _frozen(running.pid(AUTHORITIES)) as thaw:
            for number in range(QUESTIONS // AT_ONCE):  # as long for one question as for all
                for packet in packets[number * AT_ONCE : (number + 1) * AT_ONCE]:
                    sockets[number % SOCKETS].send(packet)
                time.sleep(PAUSE_S)
            if not fails:
                thaw()
            codes = _heard(sockets, questions, ANSWERED_LIMIT_S)
        return _asked(running) - before, codes
    finally:
        for each in sockets:
            each.close()


@contextmanager
def _frozen(pid: int) -> Iterator[Callable[[], None]]:
    os.kill(pid, signal.SIGSTOP)

    def thaw() -> None:
        os.kill(pid, signal.SIGCONT)

    try:
        yield thaw
    finally:
        thaw()


def _socket(target: tuple[str, int]) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_OCTETS)
    made.connect(target)
    made.setblocking(False)
    return made


def _request(handle: bytes, number: int) -> bytes:
    now = Now(time.monotonic_ns(), time.time_ns())
    return encode(replies.request_message(Question(handle), number, now))


def _exchange(sockets: Sequence[socket.socket], packets: Sequence[bytes], limit_s: float) -> list[int]:
    for packet in packets:
        sockets[0].send(packet)
    return _heard(sockets, len(packets), limit_s)


def _heard(sockets: Sequence[socket.socket], expected: int, limit_s: float) -> list[int]:
    """The codes of the answers that come within a time, one for each question."""
    codes: dict[int, int] = {}
    deadline = time.monotonic() + limit_s
    while len(codes) < expected and time.monotonic() < deadline:
        for each in sockets:
            try:
                while True:
                    packet = each.recv(2_048)
                    codes[peek.request_id(packet)] = int.from_bytes(packet[24:28], "big")
            except OSError:
                continue
        time.sleep(0.001)
    return list(codes.values())


def _asked(running: Running) -> int:
    time.sleep(0.05)
    pages = map(fetch_page, running.known.pages)
    return sum(int(float(times)) for page in pages for times in _ASKED.findall(page))


# -- in virtual time --------------------------------------------------------------------------------------------------


def marked_bad(questions: int, *, silent_about: bytes) -> int:
    """How many of two servers are thought slow after so many waited in vain for a name (b"": for any) of the first."""
    made = country(load_network(find_file(TEACHING)))
    node = made.nodes["recursive-1"]
    assert isinstance(node, RecursiveNode)
    ips = _with_a_mirror(made)

    def link(source: Address, target: Address, packet: bytes) -> Sequence[Delivery]:
        if target[0] == ips[0] and silent_about in packet:
            return ()
        return always_delivered(source, target, packet)

    for number in range(8):  # so that both are known
        _ask(made, b"88.118.8/known-%d" % number, number + 1)
        made.world.run(10 * NS_PER_MS)
    made.world.link = link
    for number in range(questions):
        _ask(made, b"88.118.8/lost", 1_000 + number)
    for number in range(40):  # others, meanwhile
        made.world.run(250 * NS_PER_MS)
        _ask(made, b"88.118.8/other-%d" % number, 500 + number)
    made.world.run(20 * NS_PER_S)
    if node.seeker.errands:
        raise Unreachable(f"{node.seeker.errands} resolutions never ended")
    return sum(node.seeker.times.of(ip) >= SLOW_NS for ip in ips)


def _with_a_mirror(made: Country) -> tuple[str, str]:
    """Let the enterprise have two servers that each have everything; their addresses."""
    home, mirror = made.plan.node(HOME), made.plan.node("enterprise-88.300.35")
    other = made.nodes[HOME]
    second = replace(home.site.servers[0], address=mirror.site.servers[0].address)
    values = tuple(
        Value(index, b"HS_SITE", hs_site.encode(replace(home.site, servers=(server,))))
        for index, server in enumerate((home.site.servers[0], second), 1)
    )
    store = made.nodes["secondary-88.118"].store  # type: ignore[attr-defined]
    store.commit([(b"0.NA/88.118.8", pack_record(values))])
    made.world.attach(mirror.ip, other)
    return home.ip, mirror.ip


def _ask(made: Country, handle: bytes, number: int) -> None:
    made.world.send(made.ip("recursive-1"), encode(replies.request_message(Question(handle), number, made.world.now)))
