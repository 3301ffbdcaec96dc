"""The compiled rim beside its twin in Python: the same replies and counts, octet by octet, and never past a bound."""

from __future__ import annotations

import os
import random
import socket
import time

import pytest
from fuzz.packets import recorded

from resolver.cache.packets import PacketCache
from resolver.errors import OperatorError
from resolver.model.now import NS_PER_S, Now
from resolver.model.question import Answer, Question
from resolver.model.route import Origin, Packets
from resolver.model.value import Value
from resolver.net import rim
from resolver.net.machine import Front
from resolver.rules import replies
from resolver.rules.replies import Speaker
from resolver.wire import peek
from resolver.wire.codes import Code
from resolver.wire.message import Message, decode, encode

_rim = pytest.importorskip("resolver.net._rim", reason="no compiled rim here")

WALL_S = 1_800_000_000
NOW = Now(5 * NS_PER_S, WALL_S * NS_PER_S)
SLOTS = 3, 4
ROOM = 1 << 20
MUTATED = int(os.environ.get("RIM_MUTATED", "60000"))  # `make rim-check` takes ten million


def request_for(handle: bytes, number: int = 1, wall_s: int = WALL_S) -> bytes:
    return encode(replies.request_message(Question(handle), number, Now(0, wall_s * NS_PER_S)))


def reply_to(request: bytes, *values: Value) -> bytes:
    message = decode(request)
    assert isinstance(message, Message)
    return encode(replies.respond(message, Answer(Code.SUCCESS, values), Speaker(1, True), NOW))


def table(octets_max: int = ROOM) -> rim.Table:
    return _rim.Table(octets_max, bytes(range(16)))


class Pair:
    """The same replies in both."""

    def __init__(self, time_scale: float = 1.0) -> None:
        self.python = PacketCache(ROOM, time_scale=time_scale)
        self.c = table()
        self.c.scale(time_scale)

    def remember(self, request: bytes, reply: bytes, lifetime_s: int, ages: bool = True) -> None:
        ttls = peek.relative_ttls(reply) if ages else ()
        self.python.remember(request, reply, SLOTS, NOW.wall_ns, lifetime_s, ttls)
        assert self.c.put(request, reply, *SLOTS, WALL_S, NOW.wall_ns + lifetime_s * NS_PER_S, ttls)

    def agree(self, request: bytes, wall_ns: int) -> bool:
        """Both say the same; whether that is something."""
        entry = self.python.get(request, wall_ns)
        theirs = None if entry is None else (entry.stream_to(request[peek.REQUEST_ID]), *SLOTS)
        assert self.c.answer(request, wall_ns) == theirs, request.hex()
        return theirs is not None


HANDLES = [b"88.118.8/" + str(number).encode() * (1 + number % 7) for number in range(60)]


def filled(time_scale: float = 1.0) -> Pair:
    pair = Pair(time_scale)
    chance = random.Random(1)
    for number, handle in enumerate(HANDLES):
        request = request_for(handle, number)
        ttls = [chance.choice((0, 1, 60, 86_400)) for _ in range(number % 5)]
        values = [Value(at, b"URL", b"x" * chance.randrange(200), ttl=ttl) for at, ttl in enumerate(ttls, 1)]
        pair.remember(request, reply_to(request, *values), 60 + number, ages=bool(number % 3))
    return pair


@pytest.mark.parametrize("time_scale", [1.0, 0.01, 7.3])
def test_every_reply_is_the_same_at_every_age(time_scale: float) -> None:
    pair = filled(time_scale)
    known = 0
    for later_ns in (0, 1, NS_PER_S - 1, NS_PER_S, 17 * NS_PER_S + 5, 59 * NS_PER_S, 60 * NS_PER_S, 90 * NS_PER_S):
        for number, handle in enumerate(HANDLES):
            request = request_for(handle, 7_000 + number, WALL_S + number)
            known += pair.agree(request, NOW.wall_ns + later_ns)
    assert known > 6 * len(HANDLES)
    assert not pair.agree(request_for(HANDLES[0]), NOW.wall_ns + 1_000 * NS_PER_S)


def test_altered_requests_are_answered_alike_or_not_at_all() -> None:
    pair = filled()
    chance = random.Random(2)
    requests = [request_for(handle, number) for number, handle in enumerate(HANDLES)]
    vectors = recorded()
    assert len(vectors) > 100
    answered = 0
    for number in range(MUTATED):
        packet = bytearray(chance.choice(requests if number % 4 else vectors))
        for _ in range(chance.randrange(3)):
            kind = chance.randrange(4)
            at = chance.randrange(len(packet)) if packet else 0
            if kind == 0 and packet:
                packet[at] ^= 1 << chance.randrange(8)
            elif kind == 1:
                del packet[at:]
            elif kind == 2:
                packet += chance.randbytes(chance.randrange(1, 9))
            elif packet:
                packet[at : at + 4] = b"\xff\xff\xff\xff"
        answered += pair.agree(bytes(packet), NOW.wall_ns)
    assert MUTATED // 4 < answered < MUTATED


def test_whatever_request_id_and_expiration_say_it_is_the_same_question_and_nothing_else_is() -> None:
    pair = filled()
    request = request_for(HANDLES[5])
    for at in range(len(request)):
        changed = bytearray(request)
        changed[at] ^= 0x5A
        known = pair.agree(bytes(changed), NOW.wall_ns)
        assert known == (8 <= at < 12 or 36 <= at < 40)


def test_what_is_put_again_takes_the_place_even_if_it_is_too_large() -> None:
    made = table()
    request = request_for(b"88/x")
    old, new = reply_to(request, Value(1, b"URL", b"old")), reply_to(request, Value(1, b"URL", b"new"))
    never = NOW.wall_ns + NS_PER_S
    assert made.put(request, old, 0, 0, WALL_S, never, ())
    assert made.put(request, new, 0, 0, WALL_S, never, ())
    assert len(made) == 1
    answer = made.answer(request, NOW.wall_ns)
    assert answer is not None and b"new" in answer[0]
    assert not made.put(request, new + bytes(5_000), 0, 0, WALL_S, never, ())
    assert len(made) == 0
    assert made.answer(request, NOW.wall_ns) is None


@pytest.mark.parametrize("places", [((43, 1),), ((2**32 - 1, 1),), ((10**4, 1),), tuple((44, 1) for _ in range(256))])
def test_places_outside_a_reply_are_refused(places: tuple[tuple[int, int], ...]) -> None:
    request = request_for(b"88/x")
    assert not table().put(request, reply_to(request), 0, 0, WALL_S, NOW.wall_ns + NS_PER_S, places)


def test_nothing_short_of_a_header_and_nothing_longer_than_a_datagram_is_kept() -> None:
    made, request = table(), request_for(b"88/x")
    reply, never = reply_to(request), NOW.wall_ns + NS_PER_S
    for packet in (b"", request[:43], request + bytes(2_048)):
        assert not made.put(packet, reply, 0, 0, WALL_S, never, ())
        assert made.answer(packet, NOW.wall_ns) is None
    assert not made.put(request, reply[:43], 0, 0, WALL_S, never, ())
    with pytest.raises(TypeError):
        made.put(request, reply, 0, 0, WALL_S, never, ((1,),))  # type: ignore[arg-type]


def test_octets_are_bounded_and_the_least_used_leave() -> None:
    made = table(40_000)
    hot = request_for(b"88/hot")
    never = NOW.wall_ns + NS_PER_S
    made.put(hot, reply_to(hot, Value(1, b"URL", b"hot")), 0, 0, WALL_S, never, ())
    for number in range(2_000):
        request = request_for(b"88/%d" % number)
        made.put(request, reply_to(request, Value(1, b"URL", b"x" * 100)), 0, 0, WALL_S, never, ())
        assert made.answer(hot, NOW.wall_ns) is not None
        assert made.octets <= 40_000
    assert made.evicted > 1_800  # type: ignore[attr-defined]
    made.resize(2_000)
    assert made.octets <= 2_000
    made.clear()
    assert (len(made), made.octets) == (0, 0)
    assert made.answer(hot, NOW.wall_ns) is None


def test_a_packet_of_the_usual_size_takes_no_more_than_400_octets() -> None:
    made = table()
    for number in range(1_000):
        request = request_for(b"88.118.8/%07d" % number)
        reply = reply_to(request, Value(1, b"URL", b"x" * 80))
        reply += bytes(250 - len(reply))
        made.put(request[:80], reply, 0, 0, WALL_S, NOW.wall_ns + NS_PER_S, ())
    assert made.octets / len(made) <= 400


def test_a_stream_is_answered_as_far_as_it_is_known() -> None:
    pair = filled()
    known = [request_for(handle, number) for number, handle in enumerate(HANDLES[:20])]
    stranger = request_for(b"88.118.8/stranger")
    said, used, tally = pair.c.stream(b"".join([*known, stranger, *known]), NOW.wall_ns, 1_000)
    assert used == sum(map(len, known))
    assert tally == [(SLOTS[1], len(known))]
    expected = b""
    for request in known:
        entry = pair.python.get(request, NOW.wall_ns)
        assert entry is not None
        expected += entry.stream_to(request[peek.REQUEST_ID])
    assert said == expected
    assert pair.c.stream(known[0] + known[1][:-1], NOW.wall_ns, 1_000)[1] == len(known[0])
    assert pair.c.stream(b"".join(known), NOW.wall_ns, 3)[1] == sum(map(len, known[:3]))
    assert pair.c.stream(bytes(16) + b"\xff\xff\xff\xff" + bytes(100), NOW.wall_ns, 9)[:2] == (b"", 0)


class DoorBetween:
    """A door of a pair of sockets, as pump.UdpDoor."""

    transport = "udp"

    def __init__(self, sock: socket.socket, exchange: rim.Compiled) -> None:
        self.sock, self.at, self._exchange = sock, 0, exchange
        self.seen: list[tuple[bytes, tuple[str, int], bytes]] = []

    def route(self):  # type: ignore[no-untyped-def]
        raise AssertionError

    def address(self) -> bytes | str:
        return self._exchange.address(self.at)

    def take(self, packet: bytes, origin: Origin, now: Now) -> Packets:
        self.seen.append((packet, self._exchange.source(self.at), self._exchange.address(self.at)))
        return [b"told", b"twice"] if packet.endswith(b"twice") else [b"told"] if packet.startswith(b"ask") else []


@pytest.mark.parametrize(("family", "ip"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")])
def test_datagrams_are_answered_counted_charged_and_what_is_not_known_is_asked_for(
    family: int, ip: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    try:
        server, client = socket.socket(family, socket.SOCK_DGRAM), socket.socket(family, socket.SOCK_DGRAM)
        server.bind((ip, 0))
    except OSError:
        pytest.skip("no such address family here")
    with server, client:
        client.bind((ip, 0))
        client.settimeout(5)
        server.setblocking(False)
        exchange = rim.Compiled(family)
        made, charged = table(), []
        recalled = [0] * 8
        requests = [request_for(b"88/%d" % number, number) for number in range(100)]
        for request in requests[:90]:
            made.put(request, reply_to(request), *SLOTS, WALL_S, NOW.wall_ns + NS_PER_S, ())
        front = Front(made, recalled, 16, lambda *bill: charged.append(bill))
        for packet in [*requests[:90], b"ask once", b"ask twice", b"say nothing"]:
            client.sendto(packet, server.getsockname())
        door = DoorBetween(server, exchange)
        taken = answered = dropped = 0
        while taken < 93:
            counts = exchange.exchange(door, front, door.take, NOW)
            taken, answered, dropped = taken + counts[0], answered + counts[1], dropped + counts[2]
        heard = [client.recv(2_048) for _ in range(93)]
        assert (taken, answered, dropped) == (93, 92, 0)
        assert recalled[SLOTS[0]] == 90
        assert [packet for packet, _, _ in door.seen] == [b"ask once", b"ask twice", b"say nothing"]
        whose = socket.inet_pton(family, ip)[: 4 if family == socket.AF_INET else 8]
        assert {(source, address) for _, source, address in door.seen} == {(client.getsockname()[:2], whose)}
        assert sorted(heard[90:]) == [b"told", b"told", b"twice"]
        for request, reply in zip(requests, heard[:90], strict=False):
            assert (reply, *SLOTS) == made.answer(request, NOW.wall_ns)
        assert len(charged) >= 4
        assert {bill[:2] for bill in charged} == {(whose, 16)}


def test_the_buffers_outlive_many_rounds_and_a_closed_socket_is_no_crash() -> None:
    exchange, made = rim.Compiled(socket.AF_INET), table()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        sock.setblocking(False)
        door = DoorBetween(sock, exchange)
        for _ in range(1_000):
            assert exchange.exchange(door, Front(made, []), door.take, NOW) == (0, 0, 0, False)
    assert _rim.Exchange(socket.AF_INET).exchange(10**6, made, NOW.wall_ns, 0, 1)[0] == 0
    for slot in (-1, 64, 10**6):
        with pytest.raises(ValueError, match="slot"):
            _rim.Exchange(socket.AF_INET).send(0, [(slot, b"x")])
        with pytest.raises(ValueError, match="slot"):
            _rim.Exchange(socket.AF_INET).name(slot)


def test_which_rim_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    choose = rim.chosen.__wrapped__
    monkeypatch.delenv(rim.VARIABLE, raising=False)
    assert choose() == "c"
    monkeypatch.setenv(rim.VARIABLE, "python")
    assert choose() == "python"
    monkeypatch.setenv(rim.VARIABLE, "rust")
    with pytest.raises(OperatorError, match="BIAOSHI_RIM"):
        choose()
    monkeypatch.setattr(rim, "_rim", None)
    monkeypatch.setenv(rim.VARIABLE, "c")
    with pytest.raises(OperatorError, match="C compiler"):
        choose()
    monkeypatch.setenv(rim.VARIABLE, "")
    assert choose() == "python"


def _numbered(number: int) -> bytes:
    return b"\x02\x0b" + bytes(14) + b"%064d" % number


def test_a_look_up_costs_the_same_however_many_there_are() -> None:
    """Not a timing: chains stay short, or this takes minutes."""
    made = table(1 << 28)
    never = NOW.wall_ns + NS_PER_S
    reply = reply_to(request_for(b"88/x"))
    began = time.monotonic()
    for number in range(200_000):
        made.put(_numbered(number), reply, 0, 0, WALL_S, never, ())
    assert len(made) == 200_000
    assert all(made.answer(_numbered(number), NOW.wall_ns) for number in range(0, 200_000, 7))
    assert time.monotonic() - began < 60


def test_what_was_written_is_said_by_neither_and_all_else_by_both() -> None:
    pair = Pair()
    generations = pair.python.generations
    pair.c.watch(generations.buffer)
    chance = random.Random(3)
    for round_ in range(400):
        handle = chance.choice(HANDLES)
        request = request_for(handle, round_)
        if round_ % 4 == 0:
            generations.written(handle.lower())
        elif round_ % 50 == 3:
            pair.python.clear()
        else:
            reply = reply_to(request, Value(1, b"URL", handle))
            stamp = generations.stamp(request)
            if round_ % 7 == 0:
                generations.written(handle)
            pair.python.remember(request, reply, SLOTS, NOW.wall_ns, 60, stamp=stamp)
            pair.c.put(request, reply, *SLOTS, WALL_S, NOW.wall_ns + 60 * NS_PER_S, (), *stamp)
            assert pair.agree(request, NOW.wall_ns) == (round_ % 7 != 0)
        for other in HANDLES:
            pair.agree(request_for(other), NOW.wall_ns)
    assert 0 < len(pair.c) < len(HANDLES)
    with pytest.raises(ValueError, match="65536"):
        pair.c.watch(bytearray(100))


def test_what_datagrams_are_answered_with_is_counted_where_it_shall_be() -> None:
    made, request = table(), request_for(b"88/x")
    made.put(request, reply_to(request), 1, 2, WALL_S, NOW.wall_ns + NS_PER_S, ())
    far = request_for(b"88/far")
    made.put(far, reply_to(far), 9, 9, WALL_S, NOW.wall_ns + NS_PER_S, ())
    numbers = memoryview(bytearray(8 * 4)).cast("Q")
    made.count_in(numbers)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door, socket.socket(socket.AF_INET, 2) as client:
        door.bind(("127.0.0.1", 0))
        client.connect(door.getsockname())
        for packet in (request, request, far, request):
            client.send(packet)
        exchange = _rim.Exchange(socket.AF_INET)
        work = exchange.exchange(door.fileno(), made, NOW.wall_ns, 0, 1_024)
    assert list(numbers) == [0, 3, 0, 0]
    assert work[1] == 4 and work[5] == [(9, 1)]
    with pytest.raises(BufferError):
        made.count_in(bytes(32))
