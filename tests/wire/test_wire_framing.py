"""Fragments in any order, streams in any portions, and the bounds of both."""

from __future__ import annotations

from itertools import permutations

import pytest
import recorded

from resolver.errors import PeerError
from resolver.wire.bodies import ResolutionRequest
from resolver.wire.framing import FRAGMENT_WAIT_NS, Reassembler, TcpFramer, split
from resolver.wire.message import Envelope, Header, Message, encode

SMALL = encode(Message(Envelope(request_id=1), Header(1), ResolutionRequest(b"88.118.8/A")))


def long_packet(octets: int, request_id: int = 7) -> bytes:
    """A packet whose message has about so many octets, each part of it different."""
    handle = b"".join(number.to_bytes(4, "big") for number in range(octets // 4))
    return encode(Message(Envelope(request_id=request_id), Header(1), ResolutionRequest(handle)))


def joined(packet: bytes) -> bytes:
    """The packet as it comes out of fragments: with their flag TC."""
    return packet[:2] + bytes((packet[2] | 0x20,)) + packet[3:]


LONG = long_packet(1_900)
PARTS = split(LONG)


def test_a_message_of_492_octets_is_one_packet_and_one_more_makes_it_two() -> None:
    handle = b"8" * (492 - 24 - 4 - 12)
    packet = encode(Message(Envelope(), Header(1), ResolutionRequest(handle)))
    assert len(packet) == 512
    assert split(packet) == [packet]
    assert [len(part) for part in split(encode(Message(Envelope(), Header(1), ResolutionRequest(handle + b"8"))))] == [
        512,
        21,
    ]


def test_every_fragment_repeats_the_envelope_but_for_its_number_and_says_tc() -> None:
    for number, part in enumerate(PARTS):
        assert part[:2] + part[3:12] + part[16:20] == LONG[:2] + LONG[3:12] + LONG[16:20]
        assert part[2] == LONG[2] | 0x20
        assert int.from_bytes(part[12:16], "big") == number
        assert len(part) == 512 or number == len(PARTS) - 1


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_fragments_join_in_any_order(order: tuple[int, ...]) -> None:
    reassembler = Reassembler()
    results = [reassembler.add("key", PARTS[number], 0) for number in order]
    assert results == [None, None, None, joined(LONG)]
    assert (len(reassembler), reassembler.octets) == (0, 0)


def test_the_whole_has_the_flags_of_its_first_fragment() -> None:
    reassembler = Reassembler()
    parts = [part[:2] + bytes((part[2] & 0x1F,)) + part[3:] for part in PARTS]
    results = [reassembler.add("key", part, 0) for part in parts]
    assert results[-1] == LONG


def test_duplicates_are_harmless() -> None:
    reassembler = Reassembler()
    results = [reassembler.add("key", part, 0) for part in PARTS[:-1] * 3 + PARTS[-1:]]
    assert results[-1] == joined(LONG)
    assert results[:-1] == [None] * (len(results) - 1)


def test_messages_of_different_keys_do_not_mix() -> None:
    reassembler = Reassembler()
    other = long_packet(2_000)
    results = []
    for ours, theirs in zip(PARTS, split(other)[: len(PARTS)], strict=True):
        results.append(reassembler.add("ours", ours, 0))
        reassembler.add("theirs", theirs, 0)
    assert results[-1] == joined(LONG)


def test_a_fragment_that_cannot_belong_is_passed_over() -> None:
    reassembler = Reassembler()
    assert reassembler.add("key", PARTS[0], 0) is None
    beyond = PARTS[0][:12] + b"\0\0\0\x09" + PARTS[0][16:]
    far_beyond = PARTS[0][:12] + b"\xff\xff\xff\xff" + PARTS[0][16:]
    another_length = PARTS[1][:16] + b"\0\0\x20\0" + PARTS[1][20:]
    for foreign in (beyond, far_beyond, another_length, PARTS[1][:-1], PARTS[1] + b"\0", PARTS[1][:20]):
        assert reassembler.add("key", foreign, 0) is None
    assert reassembler.octets == 492
    assert [reassembler.add("key", part, 0) for part in PARTS[1:]][-1] == joined(LONG)


def test_a_packet_that_is_whole_is_handed_back_at_once_whatever_its_flags() -> None:
    reassembler = Reassembler()
    assert reassembler.add("key", SMALL, 0) == SMALL
    assert reassembler.add("key", joined(SMALL), 0) == joined(SMALL)
    assert reassembler.add("key", LONG, 0) == LONG


def test_a_short_message_that_was_cut_is_handed_back_to_be_refused() -> None:
    assert Reassembler().add("key", SMALL[:-1], 0) == SMALL[:-1]


def test_what_is_no_packet_or_too_long_is_refused() -> None:
    with pytest.raises(PeerError) as refused:
        Reassembler().add("key", SMALL[:19], 0)
    assert refused.value.code == 4
    with pytest.raises(PeerError) as refused:
        Reassembler().add("key", PARTS[0][:16] + b"\0\4\0\1" + PARTS[0][20:], 0)
    assert refused.value.code == 2


def test_the_rest_may_come_for_five_seconds() -> None:
    reassembler = Reassembler()
    for part in PARTS[:-1]:
        reassembler.add("key", part, 0)
    assert reassembler.expire(FRAGMENT_WAIT_NS - 1) == 0
    assert reassembler.add("key", PARTS[-1], FRAGMENT_WAIT_NS - 1) == joined(LONG)
    for part in PARTS[:-1]:
        reassembler.add("key", part, 0)
    assert reassembler.add("key", PARTS[-1], FRAGMENT_WAIT_NS) is None
    assert reassembler.expire(2 * FRAGMENT_WAIT_NS) == 1
    assert (len(reassembler), reassembler.octets) == (0, 0)


def test_the_oldest_unfinished_message_makes_room_for_the_newest() -> None:
    reassembler = Reassembler(messages_max=3)
    for key in range(5):
        reassembler.add(key, PARTS[0], key)
        assert len(reassembler) <= 3
    assert [reassembler.add(1, part, 9) for part in PARTS[1:]][-1] is None  # forgotten: its first part is missing
    assert [reassembler.add(4, part, 9) for part in PARTS[1:]][-1] == joined(LONG)


def test_the_octets_held_are_bounded_and_counted_as_they_come_not_as_they_are_claimed() -> None:
    reassembler = Reassembler(octets_max=10_000)
    claimed = (262_144).to_bytes(4, "big")
    for key in range(1_000):
        reassembler.add(key, PARTS[0][:16] + claimed + PARTS[0][20:], 0)
        assert reassembler.octets <= 10_000
    assert reassembler.octets == len(reassembler) * 492


def test_recorded_fragments_of_a_real_server_join() -> None:
    parts = [packet for name, packet in recorded.frames() if name.startswith("resolve_big_udp") and len(packet) > 100]
    reassembler = Reassembler()
    whole = [packet for part in parts if (packet := reassembler.add("key", part, 0))]
    assert [len(packet) for packet in whole] == [20 + 0x1255]
    assert split(whole[0]) == parts


def test_a_stream_gives_its_packets_octet_by_octet() -> None:
    framer = TcpFramer()
    found = []
    for octet in SMALL + LONG + SMALL:
        found += framer.feed(bytes((octet,)))
    assert found == [SMALL, LONG, SMALL]
    assert framer.waiting == 0
    framer.close()


def test_a_stream_gives_all_packets_that_came_at_once() -> None:
    framer = TcpFramer()
    assert framer.feed(SMALL + SMALL + LONG[:30]) == [SMALL, SMALL]
    assert framer.waiting == 30
    assert framer.feed(LONG[30:]) == [LONG]


def test_a_message_of_no_octets_is_a_packet_for_decode_to_refuse() -> None:
    assert TcpFramer().feed(SMALL[:16] + bytes(4)) == [SMALL[:16] + bytes(4)]


def test_a_stream_that_announces_too_much_is_refused_behind_the_packets_before_it() -> None:
    framer = TcpFramer()
    assert framer.feed(SMALL + SMALL[:16] + b"\0\4\0\1") == [SMALL]
    with pytest.raises(PeerError) as refused:
        framer.feed(b"")
    assert refused.value.code == 2


def test_a_stream_holds_no_more_than_one_packet_needs() -> None:
    framer = TcpFramer()
    framer.feed(SMALL[:16] + (262_144).to_bytes(4, "big"))
    for _ in range(4):
        framer.feed(bytes(65_535))
    assert framer.waiting == 20 + 4 * 65_535
    assert [len(packet) for packet in framer.feed(bytes(4))] == [20 + 262_144]


@pytest.mark.parametrize(
    ("octets", "words"),
    [
        (SMALL[:5], "Expecting 20 bytes, only received 5"),
        (SMALL[:-1], f"Expecting {len(SMALL) - 20} bytes, only received {len(SMALL) - 21}"),
    ],
)
def test_a_stream_that_ends_within_a_packet_says_what_is_missing(octets: bytes, words: str) -> None:
    framer = TcpFramer()
    assert framer.feed(octets) == []
    with pytest.raises(PeerError) as refused:
        framer.close()
    assert (refused.value.code, refused.value.text) == (4, words)
