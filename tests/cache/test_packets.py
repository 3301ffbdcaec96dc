"""Remembered packets: which requests share one, and what is written anew in it."""

from __future__ import annotations

import pytest

from resolver.cache.packets import PacketCache
from resolver.model.now import NS_PER_S, Now
from resolver.model.question import Answer, Question
from resolver.model.value import TTL_ABSOLUTE, Reference, Value
from resolver.rules import replies
from resolver.rules.replies import Speaker
from resolver.wire import peek
from resolver.wire.bodies.resolution import ResolutionAnswer
from resolver.wire.framing import Reassembler
from resolver.wire.message import Message, decode, encode

WALL_S = 1_800_000_000
SLOTS = (3, 4)
VALUES = (
    Value(1, b"URL", b"https://example.invalid/", ttl=100, references=(Reference(b"88.1/other", 2),)),
    Value(2, b"DESC", b"", ttl=WALL_S + 5, ttl_type=TTL_ABSOLUTE),
    Value(3, b"DESC", b"text", ttl=60),
)
LARGE = tuple(Value(index, b"DESC", bytes(300), ttl=80) for index in range(1, 6))


def moment(later_s: float = 0.0) -> Now:
    return Now(0, int((WALL_S + later_s) * NS_PER_S))


def exchange(handle: bytes = b"88.1/Item", values: tuple[Value, ...] = VALUES, request_id: int = 7, at: float = 0.0):  # type: ignore[no-untyped-def]
    request = encode(replies.request_message(Question(handle), request_id, moment(at)))
    message = decode(request)
    assert isinstance(message, Message)
    return request, encode(replies.respond(message, Answer(1, values), Speaker(7, False), moment(at)))


def remembering(values: tuple[Value, ...] = VALUES, *, lifetime_s: int = 60, ages: bool = True) -> PacketCache:
    cache = PacketCache(1 << 20)
    request, reply = exchange(values=values)
    cache.remember(request, reply, SLOTS, moment().wall_ns, lifetime_s, peek.relative_ttls(reply) if ages else ())
    return cache


def read(packet: bytes) -> Message:
    message = decode(packet)
    assert isinstance(message, Message)
    return message


def test_a_repetition_gets_its_own_request_id_and_expiration() -> None:
    entry = remembering().get(exchange(request_id=99, at=5)[0], moment(5).wall_ns)
    assert entry is not None
    (datagram,) = entry.datagrams_to(peek.pack_u32(99))
    message = read(bytes(datagram))
    assert message.envelope.request_id == 99
    assert message.header.expiration == WALL_S + 5 + 43_200
    assert entry.stream_to(peek.pack_u32(100))[8:12] == peek.pack_u32(100)


def test_relative_ttls_run_down_where_the_node_is_a_cache() -> None:
    for ages, expected in ((True, [90, WALL_S + 5, 50]), (False, [100, WALL_S + 5, 60])):
        entry = remembering(ages=ages).get(exchange()[0], moment(10).wall_ns)
        assert entry is not None
        body = read(entry.stream_to(bytes(4))).body
        assert isinstance(body, ResolutionAnswer)
        assert [value.ttl for value in body.values] == expected
        assert [value.data for value in body.values] == [value.data for value in VALUES]


def test_ttls_run_down_faster_where_time_does_and_never_to_nothing_before_the_end() -> None:
    request, reply = exchange()
    cache = PacketCache(1 << 20, time_scale=4)
    cache.remember(request, reply, SLOTS, moment(0.9).wall_ns, 15, peek.relative_ttls(reply))
    for later_s, expected in ((11.5, [56, 16]), (15.85, [40, 1])):  # from second to second
        entry = cache.get(exchange()[0], moment(later_s).wall_ns)
        assert entry is not None
        body = read(entry.stream_to(bytes(4))).body
        assert isinstance(body, ResolutionAnswer)
        assert [value.ttl for value in body.values if value.ttl_type != TTL_ABSOLUTE] == expected
    assert cache.get(exchange()[0], moment(15.95).wall_ns) is None


def test_an_expired_packet_is_never_given() -> None:
    cache = remembering()
    assert cache.get(exchange()[0], moment(59.9).wall_ns) is not None
    assert cache.get(exchange()[0], moment(60).wall_ns) is None
    assert len(cache.entries) == 0


def test_a_large_reply_is_cut_for_datagrams_and_whole_for_streams() -> None:
    entry = remembering(LARGE).get(exchange()[0], moment(10).wall_ns)
    assert entry is not None
    parts = [bytes(part) for part in entry.datagrams_to(peek.pack_u32(5))]
    assert [len(part) for part in parts[:-1]] == [512] * (len(parts) - 1)
    assert all(part[8:12] == peek.pack_u32(5) for part in parts)
    reassembler = Reassembler()
    whole = [packet for packet in (reassembler.add(5, part, 0) for part in parts) if packet is not None]
    for packet in (*whole, entry.stream_to(peek.pack_u32(5))):
        body = read(packet).body
        assert isinstance(body, ResolutionAnswer)
        assert [value.ttl for value in body.values] == [70] * 5


REQUEST_OCTETS = 69


@pytest.mark.parametrize("offset", [*range(8), *range(12, 36), *range(40, REQUEST_OCTETS)])
def test_any_octet_but_request_id_and_expiration_makes_it_another_request(offset: int) -> None:
    request = bytearray(exchange()[0])
    assert len(request) == REQUEST_OCTETS
    request[offset] ^= 0x20
    assert remembering().get(bytes(request), moment().wall_ns) is None


def test_places_of_ttls_are_refused_in_what_is_no_answer() -> None:
    _, reply = exchange()
    assert [ttl for _, ttl in peek.relative_ttls(reply)] == [100, 60]
    for octets in range(peek.HEADER_END, len(reply) - 4):
        with pytest.raises(ValueError, match=r"packet|number"):
            peek.relative_ttls(reply[:octets])


def test_a_write_takes_back_what_was_said_about_its_handle_in_any_spelling_and_nothing_else() -> None:
    cache = PacketCache(1 << 20)
    for handle in (b"88.1/Item", b"88.1/ITEM", b"88.1/other"):
        request, reply = exchange(handle)
        cache.remember(request, reply, SLOTS, moment().wall_ns, 60)
    cache.written(b"88.1/ITEM")
    said = [handle for handle in (b"88.1/Item", b"88.1/ITEM", b"88.1/other") if known(cache, handle)]
    assert said == [b"88.1/other"]
    request, reply = exchange(b"88.1/Item")
    cache.remember(request, reply, SLOTS, moment().wall_ns, 60)
    assert known(cache, b"88.1/Item")
    cache.clear()
    assert not known(cache, b"88.1/Item") and not known(cache, b"88.1/other")


def test_what_was_read_before_a_write_is_not_remembered_behind_it() -> None:
    cache = PacketCache(1 << 20)
    request, reply = exchange()
    stamp = cache.generations.stamp(request)
    cache.written(b"88.1/ITEM")
    cache.remember(request, reply, SLOTS, moment().wall_ns, 60, stamp=stamp)
    assert not known(cache, b"88.1/Item")


def known(cache: PacketCache, handle: bytes) -> bool:
    return cache.whole(exchange(handle)[0], moment().wall_ns) is not None
