"""Both ways to exchange datagrams must do the same: answer in place, leave gaps, send long replies, count failures."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from resolver.model.now import Now
from resolver.model.route import Endpoint, Origin, Packets, Route
from resolver.net.batch import BATCH, Batched, Exchanger, OneByOne, can_batch, exchanger
from resolver.net.sockets import buffer_state

NOW = Now(0, 0)
IPV4 = (socket.AF_INET, "127.0.0.1")
IPV6 = (socket.AF_INET6, "::1")


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


FAMILIES = [IPV4, IPV6] if has_ipv6() else [IPV4]
WAYS = [OneByOne, Batched] if can_batch() else [OneByOne]


class TestDoor:
    __test__ = False

    def __init__(self, sock: socket.socket, way: Exchanger) -> None:
        self.sock, self.at, self.way = sock, 0, way

    def route(self) -> Route:
        return Route("udp", self.way.source(self.at))


@pytest.fixture(params=FAMILIES, ids=lambda family: family[1])
def pair(request: pytest.FixtureRequest) -> Iterator[tuple[socket.socket, socket.socket]]:
    """(served socket, client socket connected to it)."""
    family, ip = request.param
    with socket.socket(family, socket.SOCK_DGRAM) as served, socket.socket(family, socket.SOCK_DGRAM) as client:
        served.bind((ip, 0))
        served.setblocking(False)
        client.bind((ip, 0))
        client.connect(served.getsockname())
        client.settimeout(5)
        yield served, client


def door(served: socket.socket, way: type) -> TestDoor:
    return TestDoor(served, way(served.family) if way is Batched else way())


@pytest.mark.parametrize("way", WAYS)
def test_every_datagram_is_answered_with_its_own_reply_even_if_one_buffer_is_reused(pair, way: type) -> None:  # type: ignore[no-untyped-def]
    served, client = pair
    here = door(served, way)
    reused = bytearray(20)

    def take(packet: bytes, origin: Origin, now: Now) -> Packets:
        reused[:] = packet.rjust(20)
        return [reused]

    sent = [b"request %d" % number for number in range(BATCH)]
    for packet in sent:
        client.send(packet)
    assert here.way.exchange(here, take, NOW) == (BATCH, BATCH, 0)
    assert [client.recv(2_048) for _ in sent] == [packet.rjust(20) for packet in sent]


@pytest.mark.parametrize("way", WAYS)
def test_silence_long_replies_and_fragments_may_stand_between(pair, way: type) -> None:  # type: ignore[no-untyped-def]
    served, client = pair
    here = door(served, way)
    replies = {
        b"0": [b"a"],
        b"1": (),
        b"2": [b"b" * 512],
        b"3": [b"c" * 900],
        b"4": [b"d", b"e"],
        b"5": (),
        b"6": [b"f"],
    }
    for packet in replies:
        client.send(packet)
    _, answered, dropped = here.way.exchange(here, lambda packet, origin, now: replies[packet], NOW)
    assert (answered, dropped) == (5, 0)
    expected = sorted(part for parts in replies.values() for part in parts)
    assert sorted(client.recv(2_048) for _ in expected) == expected


@pytest.mark.parametrize("way", WAYS)
def test_the_route_names_the_client(pair, way: type) -> None:  # type: ignore[no-untyped-def]
    served, client = pair
    here = door(served, way)
    routes = []
    client.send(b"who am I")
    here.way.exchange(here, lambda packet, origin, now: routes.append(origin.route()) or (), NOW)  # type: ignore[func-returns-value]
    assert routes[0].source[:2] == client.getsockname()[:2]


@pytest.mark.parametrize("way", WAYS)
def test_nothing_waiting_is_nothing_answered_and_long_datagrams_are_cut(pair, way: type) -> None:  # type: ignore[no-untyped-def]
    served, client = pair
    here = door(served, way)
    lengths: list[int] = []

    def take(packet: bytes, origin: Origin, now: Now) -> Packets:
        lengths.append(len(packet))
        return ()

    assert here.way.exchange(here, take, NOW) == (0, 0, 0)
    for octets in (0, 1, 2_048, 2_049, 9_000):
        client.send(bytes(octets))
    assert here.way.exchange(here, take, NOW) == (5, 0, 0)
    assert lengths == [0, 1, 2_048, 2_048, 2_048]


@pytest.mark.parametrize("way", WAYS)
def test_what_the_kernel_will_not_send_is_counted(pair, way: type) -> None:  # type: ignore[no-untyped-def]
    served, client = pair
    here = door(served, way)
    client.send(b"x")
    assert here.way.exchange(here, lambda packet, origin, now: [bytes(70_000)], NOW) == (1, 1, 1)


def test_doors_of_one_family_share_their_buffers() -> None:
    assert exchanger(socket.AF_INET) is exchanger(socket.AF_INET)


@pytest.mark.parametrize("way", WAYS)
def test_what_is_thrown_away_is_so_much_and_the_oldest(pair, way: type) -> None:  # type: ignore[no-untyped-def]
    served, client = pair
    here = door(served, way)
    for number in range(100):
        client.send(bytes([number]))
    assert buffer_state(served)[0] >= 100
    assert here.way.discard(served, 70) == 70
    left: list[int] = []
    here.way.exchange(here, lambda packet, origin, now: left.append(packet[0]) or (), NOW)  # type: ignore[func-returns-value]
    assert left == list(range(70, 100))
    assert here.way.discard(served, 70) == 0 and buffer_state(served)[0] == 0


@pytest.mark.parametrize("way", WAYS)
def test_what_has_arrived_is_taken_by_the_batch_with_who_sent_it(pair, way: type) -> None:  # type: ignore[no-untyped-def]
    served, client = pair
    here = door(served, way)
    ip, port = client.getsockname()[:2]
    for number in range(BATCH + 6):
        client.send(bytes([number]))
    first, second = here.way.arrived(served), here.way.arrived(served)
    assert [packet[0] for packet, _ in first + second] == list(range(BATCH + 6)) and len(first) == BATCH
    assert {source for _, source in first + second} == {Endpoint(ip, port, "udp")}
    assert here.way.arrived(served) == []
